//! The forecast on facts that can be followed by hand.

mod backtest;
mod change;
mod clients;
mod signals;
mod synthetic;
mod town;
mod years;
