//! The codec against its own messages, against hostile files, and against the publisher's schemas where they are at hand.

#![expect(clippy::print_stdout, reason = "tests say what they could not check")]

mod hostile;
mod messages;
mod samples;
mod standard;
