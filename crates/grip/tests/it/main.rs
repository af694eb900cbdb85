//! The binary as its users have it: a small sample municipality, files that are wrong, processes that are killed.

mod backup;
mod check;
mod check_declaratie;
mod containers;
mod door;
mod engines;
mod forecast;
mod grip;
mod hand;
mod import;
mod killed;
mod lost;
mod open_data;
mod person;
#[path = "../../../grip-register/tests/it/postgres.rs"]
mod postgres;
mod privacy;
mod purge;
mod reconcile;
mod register;
mod reserve;
mod rotate;
mod server;
mod sources;
mod standard;
mod watched;
