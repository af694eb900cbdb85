//! Rules, tested on messages as they come.

mod inside;
mod messages;
