//! The real pages over a real lake: a small town whose messages were written by `grip-synth` and read by `grip-pipeline`.

mod api;
mod browser;
mod gegevens;
mod http;
mod pages;
mod town;
mod vergelijking;
