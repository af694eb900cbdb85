#![doc = include_str!("../README.md")]

mod account;
mod annotation;
mod attempt;
mod audit;
mod backup;
mod content;
mod edit;
mod error;
mod examine;
mod id;
mod register;
mod schema;
mod session;
mod signal;
mod token;
mod view;

pub use account::{Identity, User};
pub use annotation::{
    About, Annotation, Entry, Figure, Thread, Waiting, reply, threads_of, threads_on, threads_on_any_peildatum,
    threads_waiting, threads_waiting_for,
};
pub use content::{
    ACCOUNT_CHARS_MAX, Account, Action, By, Content, DOCUMENT_BYTES_MAX, LINE_CHARS_MAX, REASON_CHARS_MAX, TERMS_MAX,
    TEXT_CHARS_MAX, Version, check_line, check_text,
};
pub use edit::Edit;
pub use error::{Fault, Problem, RegisterError};
pub use examine::{Examined, examine};
pub use id::ObjectId;
pub use register::Register;
pub use schema::SCHEMA;
pub use session::{Session, Source};
pub use signal::{SignalFollowUp, follow_ups, follow_ups_of, follow_ups_owned_by, take_up};
pub use token::{ApiToken, TOKEN_AGE_MAX};
pub use view::View;
