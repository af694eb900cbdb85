//! The forecast on facts that can be followed by hand.

mod backtest;
mod change;
mod town;
mod years;
