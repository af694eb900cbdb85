use std::path::PathBuf;

/// Why something could not be kept or brought back. Codes start with `GU`.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// A file could not be used; the source names it.
    #[error("GU001 {0}")]
    Io(#[from] std::io::Error),
    /// The tables could not be read.
    #[error(transparent)]
    Pipeline(#[from] grip_pipeline::PipelineError),
    /// The register could not do it.
    #[error(transparent)]
    Register(#[from] grip_register::RegisterError),
    /// The file is no backup of Grip, or not all of one.
    #[error("GU002 the backup can't be used: {0}")]
    Damaged(String),
    /// The backup was made by a later Grip.
    #[error("GU003 the backup has format {found}; this Grip knows formats up to {known}")]
    Later {
        /// Its format.
        found: u32,
        /// The last one this build knows.
        known: u32,
    },
    /// The folder that is to be brought back to holds something.
    #[error("GU004 the folder `{0}` is not empty")]
    NotEmpty(PathBuf),
    /// The key would be written where the data is.
    #[error("GU005 the key would come to lie in `{0}`, where the data is")]
    KeyBeside(PathBuf),
    /// Rows were purged, or got another key, while they were copied.
    #[error("GU006 rows were removed from the tables while they were copied")]
    Removed,
}

impl From<grip_pipeline::LakeError> for UpkeepError {
    fn from(error: grip_pipeline::LakeError) -> Self {
        Self::Pipeline(error.into())
    }
}

impl UpkeepError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Io(_) => "check that the file or folder exists, may be used, and that the disk is not full",
            Self::Pipeline(error) => return error.hint(),
            Self::Register(error) => return error.hint(),
            Self::Damaged(_) => "use another backup; nothing was brought back",
            Self::Later { .. } => "use the Grip that made it, or a later one",
            Self::NotEmpty(_) => "name an empty folder or one that does not exist yet with --data DIR",
            Self::Removed => "begin again when the purge or the change of keys is done",
            Self::KeyBeside(_) => {
                "name a file in another folder, best on another disk: who has the data must not have the key with it"
            }
        })
    }
}
