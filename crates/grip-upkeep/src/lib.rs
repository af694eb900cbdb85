#![doc = include_str!("../README.md")]

mod archive;
mod backup;
mod doctor;
mod error;
mod new_file;
mod restore;

pub use archive::{FORMAT, Manifest, Member};
pub use backup::{Source, backup, check};
pub use doctor::{Finding, Installation, State, examine};
pub use error::UpkeepError;
pub use new_file::NewFile;
pub use restore::restore;

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that were copied.
    pub done: u64,
    /// Bytes there are; zero while that is not known.
    pub total: u64,
}

/// Runs what the register does, on a thread of its own.
fn wait_for<T>(task: impl Future<Output = Result<T, grip_register::RegisterError>>) -> Result<T, UpkeepError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(task)?)
}
