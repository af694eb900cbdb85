//! Objects of every kind in a real register.

mod kinds;
mod samples;
mod sheets;
