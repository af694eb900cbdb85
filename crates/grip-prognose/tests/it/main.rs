//! The forecast on facts that can be followed by hand.

mod backtest;
mod change;
mod clients;
mod town;
mod years;
