use grip_pipeline::PipelineError;

/// Why a command failed. Codes start with `G`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    #[error("G001 {0}")]
    Synth(#[from] grip_synth::SynthError),
    #[error("G002 {0}")]
    Output(#[from] std::io::Error),
    #[error("G003 the address {address} can't be used: {source}")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error("G004 there is no place for the key: neither --key, GRIP_KEY, XDG_CONFIG_HOME nor HOME is set")]
    NoKeyPlace,
    #[error("G005 nothing to import: name a file, or print an empty one with --template")]
    NoFile,
    #[error("G006 the answer can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("G007 the folder `{0}` is not empty and holds no sample of Grip")]
    NotEmpty(std::path::PathBuf),
    #[error(transparent)]
    Upkeep(#[from] grip_upkeep::UpkeepError),
    #[error(transparent)]
    Register(#[from] grip_register::RegisterError),
    #[error("G008 `{0}` can't be estimated from: {1}")]
    Triangle(std::path::PathBuf, String),
    #[error("G009 `{0}` has no sheet that is called after a kind of object")]
    NoSheet(std::path::PathBuf),
    #[error("G030 that is no citizen service number: {0}")]
    NoBsn(#[from] grip_types::BsnError),
    #[error("G010 the spreadsheet can't be made: {0}")]
    Workbook(String),
    #[error("G011 {0} is not the loopback, and nobody has an account: everybody on the network would see everything")]
    NoSignIn(std::net::SocketAddr),
    #[error(transparent)]
    Access(#[from] grip_access::AccessError),
    #[error(transparent)]
    Oidc(#[from] grip_oidc::OidcError),
    #[error("G014 the report can't be made: {0}")]
    Report(String),
    #[error("G015 `{0}` does not end in pdf, xlsx, csv or html")]
    ReportForm(std::path::PathBuf),
    #[error(transparent)]
    HouseStyle(#[from] grip_web::HouseStyleError),
    #[error(transparent)]
    Pdf(#[from] grip_report::PdfError),
    #[error("G012 `{0}` is not a head of the log, as 1234:9f86…")]
    NoHead(String),
    #[error("G013 the log of deeds was changed: {0}")]
    AuditBroken(grip_access::chain::Break),
}

impl From<grip_pipeline::LakeError> for CliError {
    fn from(error: grip_pipeline::LakeError) -> Self {
        Self::Pipeline(error.into())
    }
}

impl CliError {
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Pipeline(error) => error.hint(),
            Self::Register(error) => error.hint(),
            Self::Upkeep(error) => error.hint(),
            Self::Access(error) => Some(error.hint()),
            Self::Oidc(error) => error.hint(),
            Self::HouseStyle(error) => Some(error.hint()),
            Self::NoSignIn(_) => Some("make an account first: grip account add NAME --role administrator"),
            Self::NoHead(_) => Some("give what `grip audit head` printed"),
            Self::AuditBroken(_) => Some("keep the register as it is, and find out who could write in it since"),
            Self::Listen { .. } => Some("another program may use it: choose another with --listen 127.0.0.1:8081"),
            Self::NoKeyPlace => Some("name a file with --key FILE; it is made when it is not there"),
            Self::Output(_) => Some("check that the file or folder exists, may be used, and that the disk is not full"),
            Self::NotEmpty(_) => Some("name an empty folder or one that does not exist yet with --out DIR"),
            Self::Triangle(..) => {
                Some("a triangle is CSV with the columns origin,development,value and perhaps exposure")
            }
            Self::NoBsn(_) => Some("give nine digits and nothing else; with --bsn-stdin on one line"),
            Self::NoSheet(_) => Some(
                "call a sheet or CSV file after a kind, as doelen.csv; `grip register export --out leeg.xlsx` makes them all",
            ),
            _ => None,
        }
    }
}
