//! Tests of the crate as its users see it.

mod bars;
mod edges;
mod protocol;
mod reference;
mod worked_examples;
