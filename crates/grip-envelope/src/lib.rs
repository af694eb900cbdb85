#![doc = include_str!("../README.md")]

mod archive;
mod limits;
mod name;
mod seal;
mod stuf;
mod trouble;
mod unwrap;

pub use archive::pack;
pub use limits::Limits;
pub use seal::seal;
pub use trouble::{Ernst, Trouble, TroubleKind};
pub use unwrap::{Document, collect, fuzz, unwrap, unwrap_source};

/// What the envelope around a document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Which envelope it is.
    pub kind: EnvelopeKind,
    /// The sender's name for the envelope: StUF `referentienummer`, VECOZO `ReferentieId`; both a UUID.
    pub referentienummer: Option<String>,
    /// StUF `crossRefnummer`: the envelope that this one answers.
    pub cross_refnummer: Option<String>,
    /// Which message is inside: StUF `functie`, VECOZO `Berichtsubtype`. As `WMO301`.
    pub functie: Option<String>,
    /// StUF `tijdstipBericht`: when the envelope was made, to the second, by the clock of the sender.
    pub tijdstip_bericht: Option<jiff::civil::DateTime>,
}

/// Kinds of envelope that hold a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EnvelopeKind {
    /// StUF-GGk Di01: there.
    StufDi01,
    /// StUF-GGk Du01: and back.
    StufDu01,
    /// SOAP of the VSP of VECOZO.
    Vecozo,
}
