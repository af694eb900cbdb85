//! Reports as PDF: the same each time, harmless, accessible, and in the look of any template.

mod access;
mod paper;
mod program;
mod sample;
mod templates;
