//! Objects of every kind in a real register, and what follows from them.

mod follow_up;
mod kinds;
mod samples;
mod sheets;
mod saving;
mod plan;
mod plan_properties;
