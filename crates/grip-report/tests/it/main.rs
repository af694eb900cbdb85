//! Drawings and reports as text: well formed, described, named, and always the same.

mod charts;
mod report;
