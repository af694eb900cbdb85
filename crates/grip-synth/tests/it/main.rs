//! A small town, simulated and written, read back as any receiver would.

mod declaraties;
mod files;
mod scenarios;
mod standard;
mod toewijzingen;
mod town;
