//! What the catalogue promises, from outside.

mod answers;
mod calls;
mod faults;
mod shipped;
