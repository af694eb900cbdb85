//! The real pages over a real lake: a small town whose messages were written by `grip-synth` and read by `grip-pipeline`.

mod api;
mod beleid;
mod browser;
#[expect(dead_code, reason = "tests of the program use the rest")]
mod chromium;
mod disclosure;
mod gegevens;
mod geld;
mod http;
mod indicatoren;
mod inzage;
mod maatregelen;
mod openapi;
mod pages;
mod policy_officer;
#[path = "../../../grip-register/tests/it/postgres.rs"]
mod postgres;
mod programma;
mod register;
mod rights;
mod sign_in;
mod signalen;
mod town;
mod vergelijking;
mod zorg;
