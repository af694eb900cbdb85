//! Reports as PDF: the same each time, harmless, accessible, and in the look of any template.

mod access;
mod paper;
mod sample;
mod templates;
