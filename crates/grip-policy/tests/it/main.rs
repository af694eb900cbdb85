//! Objects of every kind in a real register, and what follows from them.

mod follow_up;
mod kinds;
mod lookup;
mod plan;
mod plan_properties;
mod samples;
mod saving;
mod sheets;
