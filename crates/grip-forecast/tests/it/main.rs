//! One binary for every integration test of the crate.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod accuracy;
mod clients;
mod invariants;
mod noticed;
mod portfolio;
mod worked_example;
