//! Release 2.3: the messages and classes that differ from those of release 3, under the same names.

mod declaratie_factuur;
mod delen;
mod retour;
mod start;
mod stop;
mod toewijzing;
mod verzoek_om_toewijzing;

pub use declaratie_factuur::{
    DeclaratieFactuurBericht, DeclaratieFactuurClient, DeclaratieFactuurHeader, DeclaratieFactuurPrestatie,
    DeclaratieFactuurRetourBericht, DeclaratieFactuurRetourClient, DeclaratieFactuurRetourHeader,
    DeclaratieFactuurRetourPrestatie,
};
pub use delen::*;
pub use retour::{
    BeperkingRetour, BeschikkingRetour, RetourHeaderVanAanbieder, RetourHeaderVanGemeente, StartClientRetour,
    StartRetourBericht, StopClientRetour, StopRetourBericht, ToewijzingClientRetour, ToewijzingRetourBericht,
    VerzoekOmToewijzingClientRetour, VerzoekOmToewijzingRetourBericht,
};
pub use start::{StartBericht, StartClient, StartProduct};
pub use stop::{StopBericht, StopClient, StopProduct};
pub use toewijzing::{Beperking, BeperkingScore, Beschikking, ToegewezenProduct, ToewijzingBericht, ToewijzingClient};
pub use verzoek_om_toewijzing::{AangevraagdProduct, VerzoekOmToewijzingBericht, VerzoekOmToewijzingClient};
