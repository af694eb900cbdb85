//! Objects of every kind in a real register, and what follows from them.

mod kinds;
mod samples;
mod sheets;
mod saving;
