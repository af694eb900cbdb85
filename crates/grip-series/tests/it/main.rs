//! Tests of the crate as its users see it.

mod annotated;
mod bars;
mod changepoints;
mod edges;
mod protocol;
mod reference;
mod signals;
mod simulated;
mod worked_examples;
