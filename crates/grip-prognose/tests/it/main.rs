//! The forecast on facts that can be followed by hand.

mod change;
mod town;
mod years;
