//! The binary as its users have it: a small sample municipality, files that are wrong, processes that are killed.

mod backup;
mod check;
mod check_declaratie;
#[expect(dead_code, reason = "forms are filled in by tests of the pages")]
#[path = "../../../grip-web/tests/it/chromium.rs"]
mod chromium;
mod containers;
mod door;
mod engines;
mod everybody;
mod forecast;
mod grip;
mod hand;
mod import;
mod killed;
mod lost;
#[expect(dead_code, reason = "some of it is for tests of the protocol")]
#[path = "../../../grip-oidc/tests/it/node.rs"]
mod node;
mod open_data;
mod person;
#[path = "../../../grip-register/tests/it/postgres.rs"]
mod postgres;
mod privacy;
mod provider;
mod purge;
mod reconcile;
mod register;
mod reserve;
mod rotate;
mod server;
mod sources;
mod standard;
mod watched;
