use std::path::PathBuf;

/// Why the pipeline could not do something. Codes start with `GP`; the hint says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// A file or folder could not be used; the source names it.
    #[error("GP001 {0}")]
    Io(#[from] std::io::Error),
    /// The lake could not do it.
    #[error(transparent)]
    Lake(#[from] grip_lake::LakeError),
    /// The key would be stored beside what it protects.
    #[error("GP002 the key `{path}` lies inside the data folder")]
    KeyInside {
        /// Where it would be.
        path: PathBuf,
    },
    /// The file is not a key.
    #[error("GP003 `{path}` is not a key of 64 hexadecimal digits")]
    KeyUnusable {
        /// The file.
        path: PathBuf,
    },
    /// The data was taken in under another key.
    #[error("GP004 the data in `{data}` was taken in under another key")]
    OtherKey {
        /// The data folder.
        data: PathBuf,
    },
    /// The system gives no random numbers.
    #[error("GP005 the system gives no random numbers to make a key from")]
    NoRandomness,
    /// There is nothing to take in.
    #[error("GP006 there are no files in `{0}`")]
    NoFiles(PathBuf),
    /// Nothing is known of this municipality.
    #[error("GP009 there is no data of municipality `{0}`")]
    NoGemeente(String),
    /// No data at all.
    #[error("GP010 there is no data in `{0}`")]
    Empty(PathBuf),
    /// More than one municipality and none was named.
    #[error("GP011 the data is of several municipalities: {0}")]
    WhichGemeente(String),
    /// The forecast can't be made.
    #[error("GP012 the forecast can't be made: {0}")]
    Forecast(#[from] grip_forecast::ForecastError),
    /// A year that can't be forecast from this day.
    #[error("GP013 year {jaar} can't be forecast as known on {peildatum}")]
    YearOutOfReach {
        /// The year.
        jaar: i16,
        /// The day.
        peildatum: grip_types::Date,
    },
    /// A period of which there is nothing to look back at.
    #[error("GP017 no forecast can be made at a month-end from {from} to {to}")]
    PeriodOutOfReach {
        /// First month.
        from: grip_types::Maand,
        /// Last month.
        to: grip_types::Maand,
    },
    /// A file that was to be looked at as a declaratie and is none.
    #[error("GP016 `{0}` is no declaratie: no message 323 of release 3 with a whole header")]
    NoDeclaratie(std::path::PathBuf),
    /// A file other than a message can't be read.
    #[error(transparent)]
    Import(#[from] grip_import::ImportError),
    /// Open data can't be read or fetched.
    #[error(transparent)]
    OpenData(#[from] grip_odata::OdataError),
    /// The number of the table with Iv3 of a year is not known.
    #[error("GP014 the table with Iv3 of {0} is not known")]
    NoIv3(i16),
    /// Nothing to compare with.
    #[error("GP015 there are no bookings of {0} in the general ledger")]
    NoGrootboek(i16),
    /// Files with indicators can't be used.
    #[error("GP018 the indicators can't be used: {}", faults(.0))]
    Catalogue(Vec<grip_indicator::CatalogueError>),
    /// Two years that can't be compared.
    #[error("GP019 growth from {van} to {tot} can't be told as known on {peildatum}")]
    NoGrowth {
        /// The earlier year.
        van: i16,
        /// The later year.
        tot: i16,
        /// The day.
        peildatum: grip_types::Date,
    },
    /// The lines contradict each other.
    #[error("GP020 growth can't be split: {0}")]
    Growth(grip_insight::growth::Error),
    /// A new key that does not follow the present one.
    #[error("GP030 the key `{path}` is there already and does not follow the present one")]
    KeyNoSuccessor {
        /// The file.
        path: PathBuf,
    },
    /// The record of processing can't be written, so that nothing of persons may be processed.
    #[error("GP031 the record of processing can't be kept: {0}")]
    Logboek(std::io::Error),
    /// The file with terms can't be used.
    #[error("GP032 the terms in `{path}` can't be used: {why}")]
    Terms {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Who asks has no right to the answer.
    #[error("GP021 this takes a right to {} at the level of {}", part.as_str(), detail.as_str())]
    NotAllowed {
        /// To what.
        part: grip_access::Part,
        /// How close.
        detail: grip_access::Detail,
    },
    /// Figures that can't be what they are said to be.
    #[error("GP023 what is shown of persons can't be looked at: {0}")]
    Disclosure(#[from] grip_insight::disclosure::Error),
    /// A question to an indicator that it has no answer to.
    #[error(transparent)]
    Call(#[from] grip_indicator::CallError),
}

fn faults(faults: &[grip_indicator::CatalogueError]) -> String {
    let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

impl PipelineError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::KeyInside { .. } => {
                "give another place with --key FILE or GRIP_KEY; who has the data must not have the key with it"
            }
            Self::KeyUnusable { .. } => {
                "name the right file with --key FILE or GRIP_KEY; a new key is made where no file is"
            }
            Self::OtherKey { .. } => {
                "name the key of this data with --key FILE or GRIP_KEY, or use another folder with --data DIR"
            }
            Self::KeyNoSuccessor { .. } => {
                "name a file that does not exist yet; it is made of the present key and a new part"
            }
            Self::Logboek(_) => {
                "check that the folder `logboek` of the data may be written and that the disk is not full: what can't be recorded is not shown"
            }
            Self::Terms { .. } => {
                "each line is a kind and whole years, such as declaratie = 7; `grip purge --help` names the kinds"
            }
            Self::NoFiles(_) => "name a folder with messages, or one message",
            Self::Import(grip_import::ImportError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
                "check the path"
            }
            Self::Import(grip_import::ImportError::NoHeader | grip_import::ImportError::Unreadable { .. }) => {
                "grip import KIND --template prints an empty file with the right columns, --mapping-template a mapping for others"
            }
            Self::OpenData(error) => return error.hint(),
            Self::Catalogue(faults) => return faults.first().map(grip_indicator::CatalogueError::hint),
            Self::Call(error) => error.hint(),
            Self::NotAllowed { .. } => "ask who manages the accounts for a role that may",
            Self::NoGrowth { .. } => {
                "the later year needs a month that ended more than four months before the peildatum: name earlier years"
            }
            Self::NoIv3(_) => {
                "name the table itself, as on dataderden.cbs.nl: grip open-data download 45067NED --bron iv3"
            }
            Self::NoGrootboek(_) => "import the bookings first: grip import grootboek FILE, CSV or XAF",
            Self::NoGemeente(_) | Self::WhichGemeente(_) => "name the municipality with --gemeente 0935",
            Self::NoDeclaratie(_) => "grip ingest says what is wrong with a file that is no message",
            Self::Empty(_) => "take messages in first: grip ingest DIR",
            Self::YearOutOfReach { .. } => {
                "a forecast looks twelve months ahead and back to the first month of the data: name another --jaar or --peildatum"
            }
            Self::PeriodOutOfReach { .. } => "name months the data is about, with --from 2024-01 and --to 2024-12",
            Self::Io(error) if error.kind() == std::io::ErrorKind::NotFound => "check the path",
            Self::Lake(grip_lake::LakeError::Io(_)) | Self::Io(_) => {
                "check that the folder exists and may be written, and that the disk is not full"
            }
            _ => return None,
        })
    }
}
