//! What a retour says of the message it answers.

use grip_messages::{
    Inhoud,
    bericht::{Beoordeeld, RetourCodes},
};
use grip_types::Date;

/// A retour. Its header is that of the message it answers, so sender and receiver are those of that message.
pub(crate) struct Retour<'m> {
    /// Number of the message it answers.
    pub(crate) beantwoord: u16,
    /// Whether the message it answers came from the municipality.
    pub(crate) is_of_gemeente: bool,
    pub(crate) afzender: &'m str,
    pub(crate) ontvanger: &'m str,
    pub(crate) identificatie: &'m str,
    pub(crate) identificatie_retour: &'m str,
    pub(crate) dagtekening: Date,
    /// Codes of header and classes, each once.
    pub(crate) codes: Vec<&'m str>,
    /// Whether anything was judged: a message without fault comes back as a header without codes (IV028).
    pub(crate) afgekeurd: bool,
}

/// The retour that a message is, or `None` when it is none or lacks what says which message it answers.
pub(crate) fn retour<'m>(inhoud: &'m Inhoud<'_>) -> Option<Retour<'m>> {
    let mut codes = Vec::new();
    macro_rules! retour {
        ($bericht:expr, $beantwoord:literal, $is_of_gemeente:literal, $body:ident) => {{
            let header = &$bericht.header;
            codes.splice(0..0, header.retour_codes.iter().flat_map(codes_of));
            let afgekeurd = header.retour_codes.is_some() || $bericht.$body.is_some();
            codes.sort_unstable();
            codes.dedup();
            Some(Retour {
                beantwoord: $beantwoord,
                is_of_gemeente: $is_of_gemeente,
                afzender: header.afzender.get()?,
                ontvanger: header.ontvanger.get()?,
                identificatie: header.bericht_identificatie.identificatie.get()?,
                identificatie_retour: header.identificatie_retour.get()?,
                dagtekening: header.dagtekening_retour.get()?,
                codes,
                afgekeurd,
            })
        }};
    }
    match inhoud {
        Inhoud::ToewijzingRetour(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.toegewezen_producten));
            }
            retour!(bericht, 301, true, client)
        }
        Inhoud::StartRetour(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.start_producten));
            }
            retour!(bericht, 305, false, client)
        }
        Inhoud::StopRetour(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.stop_producten));
            }
            retour!(bericht, 307, false, client)
        }
        Inhoud::VerzoekOmToewijzingRetour(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.aangevraagde_producten));
            }
            retour!(bericht, 315, false, client)
        }
        Inhoud::VerzoekOmWijzigingRetour(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                let verzoek = &client.berichtklasse.verzoek;
                codes.extend(codes_of(&verzoek.retour_codes));
                let producten = &verzoek.berichtklasse;
                codes.extend(producten.ongewijzigde_producten.iter().flat_map(|found| codes_of_all(found)));
                codes.extend(producten.te_wijzigen_producten.iter().flat_map(|found| codes_of_all(found)));
                codes.extend(producten.nieuwe_producten.iter().flat_map(|found| codes_of_all(found)));
            }
            retour!(bericht, 317, false, client)
        }
        Inhoud::AntwoordRetour(bericht) => {
            codes.extend(bericht.antwoord.iter().flat_map(|antwoord| codes_of(&antwoord.retour_codes)));
            retour!(bericht, 319, true, antwoord)
        }
        Inhoud::ToewijzingRetourV2_3(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of(&client.berichtklasse.beschikking.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.beschikking.berichtklasse.toegewezen_producten));
            }
            retour!(bericht, 301, true, client)
        }
        Inhoud::StartRetourV2_3(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.start_producten));
            }
            retour!(bericht, 305, false, client)
        }
        Inhoud::StopRetourV2_3(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.stop_producten));
            }
            retour!(bericht, 307, false, client)
        }
        Inhoud::VerzoekOmToewijzingRetourV2_3(bericht) => {
            if let Some(client) = &bericht.client {
                codes.extend(codes_of(&client.retour_codes));
                codes.extend(codes_of_all(&client.berichtklasse.aangevraagde_producten));
            }
            retour!(bericht, 315, false, client)
        }
        _ => None,
    }
}

fn codes_of<'m>(codes: &'m RetourCodes<'_>) -> impl Iterator<Item = &'m str> {
    codes.retour_code.iter().map(|code| code.text())
}

fn codes_of_all<'m, C>(classes: &'m [Beoordeeld<'_, C>]) -> impl Iterator<Item = &'m str> {
    classes.iter().flat_map(|class| codes_of(&class.retour_codes))
}
