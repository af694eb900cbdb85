//! What is known of the answers: published examples, other implementations, cases counted by hand, and what always
//! holds.

mod comparison;
mod concentration;
mod disclosure;
mod effect;
mod flow;
mod growth;
mod realised;
mod survival;
