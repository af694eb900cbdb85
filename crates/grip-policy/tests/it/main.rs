//! Objects of every kind in a real register.

mod follow_up;
mod kinds;
mod plan;
mod plan_properties;
