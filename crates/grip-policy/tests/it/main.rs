//! Objects of every kind in a real register, and what follows from them.

mod kinds;
mod saving;
