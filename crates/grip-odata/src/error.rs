use std::path::PathBuf;

/// Why open data could not be read or fetched. Codes start with `GO`; the hint says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OdataError {
    /// A file or folder could not be used; the source names it.
    #[error("GO001 {0}")]
    Io(#[from] std::io::Error),
    /// A folder without what describes the table or without its rows.
    #[error("GO002 `{folder}` holds no saved table: `{file}` is missing")]
    NotSaved {
        /// The folder.
        folder: PathBuf,
        /// What is missing in it.
        file: &'static str,
    },
    /// The description of a table can't be read.
    #[error("GO003 `{file}` can't be read: {reason}")]
    Description {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody answers.
    #[error("GO004 no answer from `{host}`: {reason}")]
    NoNetwork {
        /// Who was asked.
        host: String,
        /// What went wrong.
        reason: String,
    },
    /// The server refuses or fails, also after trying again.
    #[error("GO005 `{url}` answers {status}{message}")]
    Refused {
        /// What was asked for.
        url: String,
        /// Status of HTTP.
        status: u16,
        /// What the server says about it, after a colon; often nothing.
        message: String,
    },
    /// A link or redirect that leads away from the server that was asked.
    #[error("GO006 `{from}` refers to another server: `{to}`")]
    ForeignLink {
        /// Who was asked.
        from: String,
        /// Where the link leads.
        to: String,
    },
    /// More than was agreed to take.
    #[error("GO007 `{what}` is larger than {limit} {unit}")]
    TooLarge {
        /// The page or table.
        what: String,
        /// How much is taken at most.
        limit: u64,
        /// Of what.
        unit: &'static str,
    },
    /// An answer that is not what OData sends.
    #[error("GO008 `{url}` does not answer as OData should: {reason}")]
    NotOdata {
        /// What was asked for.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Whoever asked wants no more.
    #[error("GO009 stopped; what was fetched stays")]
    Stopped,
    /// Not an address of a service, or not a name of a table.
    #[error("GO010 `{text}` is not {expected}")]
    Address {
        /// What was given.
        text: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The folder holds something else.
    #[error("GO011 `{0}` holds files that were not downloaded by Grip")]
    FolderInUse(PathBuf),
    /// A selection that the table does not know.
    #[error("GO012 `{key}` is not a key of `{dimensie}` in table `{tabel}`")]
    NoSuchKey {
        /// The table.
        tabel: String,
        /// The dimension.
        dimensie: String,
        /// The key.
        key: String,
    },
    /// The table was published anew, twice, while it was read.
    #[error("GO013 table `{0}` changes while it is being fetched")]
    Changing(String),
    /// Amounts in a unit that is not known.
    #[error("GO014 table `{tabel}` has amounts in `{eenheid}`")]
    Unit {
        /// The table.
        tabel: String,
        /// Its unit.
        eenheid: String,
    },
    /// The system gives no threads or no TLS.
    #[error("GO015 the network can't be used: {0}")]
    Client(String),
}

impl OdataError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotSaved { .. } => {
                "name the folder of one table, with its description and its pages as they were downloaded"
            }
            Self::Description { .. } => {
                "download the table again; a file must hold the answer of the server as it came"
            }
            Self::NoNetwork { .. } => {
                "download the table where there is a network, copy its folder here and read that; a proxy is taken from \
                 HTTPS_PROXY"
            }
            Self::Refused { status: 404, .. } => "check the number of the table, and whether it is still published",
            Self::Refused { .. } | Self::NotOdata { .. } => "try again later, or read a saved folder",
            Self::ForeignLink { .. } => "check the address of the service; Grip does not follow links to other servers",
            Self::TooLarge { .. } => "select fewer municipalities or periods, or raise the limit",
            Self::Stopped => "run it again to go on where it stopped",
            Self::Address { .. } => {
                "a service is like `https://opendata.cbs.nl/ODataFeed/odata`, a table like `85098NED`"
            }
            Self::FolderInUse(_) => "name an empty folder, or one that does not exist yet",
            Self::NoSuchKey { .. } => {
                "keys are like `GM0935`, `NL01` and `2023JJ00`; `BU0935*` selects all that begin so"
            }
            Self::Changing(_) => "try again later",
            Self::Unit { .. } => "report it: amounts of Iv3 are known in euros and in thousands of euros",
            Self::Io(_) | Self::Client(_) => return None,
        })
    }
}
