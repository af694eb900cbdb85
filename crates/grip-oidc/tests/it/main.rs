//! Signing in and out: at a real provider, and at one that forges.

mod browser;
mod forged;
mod listener;
mod node;
mod party;
mod real;
