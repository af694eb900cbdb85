//! The messages, one file each, and the door they come through.

mod antwoord;
mod declaratie;
mod declaratie_antwoord;
mod delen;
mod retour;
mod start;
mod stop;
mod toewijzing;
pub mod v2_3;
mod verzoek_om_toewijzing;
mod verzoek_om_wijziging;

pub use antwoord::{Antwoord, AntwoordBericht, Woonplaatsbeginsel};
pub use declaratie::{Declaratie, DeclaratieBericht, DeclaratieClient, Prestatie};
pub use declaratie_antwoord::{
    AfgekeurdePrestatie, AntwoordClient, AntwoordHeader, DeclaratieAntwoord, DeclaratieAntwoordBericht,
};
pub use delen::*;
pub use retour::{
    AntwoordRetour, AntwoordRetourBericht, Beoordeeld, ContactRetour, RelatieRetour, RetourCodes,
    RetourHeaderVanAanbieder, RetourHeaderVanGemeente, StartClientRetour, StartRetourBericht, StopClientRetour,
    StopRetourBericht, ToewijzingClientRetour, ToewijzingRetourBericht, VerzoekOmToewijzingClientRetour,
    VerzoekOmToewijzingRetourBericht, VerzoekOmWijzigingClientRetour, VerzoekOmWijzigingRetourBericht, VerzoekRetour,
};
pub use start::{StartBericht, StartClient, StartProduct};
pub use stop::{StopBericht, StopClient, StopProduct};
pub use toewijzing::{Contact, Relatie, ToegewezenProduct, ToewijzingBericht, ToewijzingClient};
pub use verzoek_om_toewijzing::{AangevraagdProduct, VerzoekOmToewijzingBericht, VerzoekOmToewijzingClient};
pub use verzoek_om_wijziging::{
    NieuwProduct, OngewijzigdProduct, TeWijzigenProduct, Verzoek, VerzoekOmWijzigingBericht, VerzoekOmWijzigingClient,
};

use crate::{
    Berichtsoort, Release,
    class::Class,
    finding::{Ernst, Finding, Place, door},
    sample::Source,
    xml::{Refused, Scanner, Writer},
};

/// A message. Glossary: Bericht.
#[derive(Debug, Clone, PartialEq)]
pub struct Bericht<'a> {
    /// Law, release and number, as the namespace says.
    pub soort: Berichtsoort,
    /// What it holds.
    pub inhoud: Inhoud<'a>,
}

/// What came of reading a file: a message if it is one, and everything that was wrong with it.
#[derive(Debug)]
pub struct Reading<'a> {
    /// Which message the namespace says it is, also when it could not be read on.
    pub soort: Option<Berichtsoort>,
    /// The message; `None` when one of the findings is a refusal.
    pub bericht: Option<Bericht<'a>>,
    /// In the order of the file.
    pub findings: Vec<Finding>,
}

macro_rules! messages {
    ($(($versie:literal, $subversie:pat) { $($(#[doc = $doc:literal])* $nummer:literal $variant:ident $type:ty;)* })*) => {
        /// The messages that can be read and written, by release and number.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Inhoud<'a> {
            $($($(#[doc = $doc])* $variant($type),)*)*
        }

        fn read_inhoud<'a>(scanner: &mut Scanner<'a>, root: crate::xml::Child) -> Option<Result<Inhoud<'a>, Refused>> {
            let Berichtsoort { release: Release { versie, subversie }, nummer, .. } = scanner.soort();
            match (versie, subversie, nummer) {
                $($(($versie, $subversie, $nummer) => {
                    Some(<$type as Class<'a>>::read(scanner, root).map(Inhoud::$variant))
                })*)*
                _ => None,
            }
        }

        pub(crate) fn sample_inhoud(source: &mut Source) -> Option<Inhoud<'static>> {
            let Berichtsoort { release: Release { versie, subversie }, nummer, .. } = source.soort;
            match (versie, subversie, nummer) {
                $($(($versie, $subversie, $nummer) => Some(Inhoud::$variant(Class::sample(source))),)*)*
                _ => None,
            }
        }

        impl Inhoud<'_> {
            /// Number of the message, such as 301.
            pub fn nummer(&self) -> u16 {
                match self { $($(Self::$variant(_) => $nummer,)*)* }
            }

            fn write_elements(&self, writer: &mut Writer) {
                match self { $($(Self::$variant(bericht) => bericht.write_elements(writer),)*)* }
            }

            fn header_codes(&self) -> [&str; 3] {
                match self { $($(Self::$variant(bericht) => {
                    let header = &bericht.header;
                    [header.bericht_code.text(), header.bericht_versie.text(), header.bericht_subversie.text()]
                })*)* }
            }
        }
    };
}

messages! {
    // Of 3.0 and 3.1 no schema is at hand. What is at hand of 3.0 (301 and 315) has the structure of 3.2.
    (3, 0..=2) {
        /// 301 Toewijzing.
        301 Toewijzing ToewijzingBericht<'a>;
        /// 302 Toewijzing retour.
        302 ToewijzingRetour ToewijzingRetourBericht<'a>;
        /// 305 Start.
        305 Start StartBericht<'a>;
        /// 306 Start retour.
        306 StartRetour StartRetourBericht<'a>;
        /// 307 Stop.
        307 Stop StopBericht<'a>;
        /// 308 Stop retour.
        308 StopRetour StopRetourBericht<'a>;
        /// 315 Verzoek om toewijzing.
        315 VerzoekOmToewijzing VerzoekOmToewijzingBericht<'a>;
        /// 316 Verzoek om toewijzing retour.
        316 VerzoekOmToewijzingRetour VerzoekOmToewijzingRetourBericht<'a>;
        /// 317 Verzoek om wijziging.
        317 VerzoekOmWijziging VerzoekOmWijzigingBericht<'a>;
        /// 318 Verzoek om wijziging retour.
        318 VerzoekOmWijzigingRetour VerzoekOmWijzigingRetourBericht<'a>;
        /// 319 Antwoord.
        319 Antwoord AntwoordBericht<'a>;
        /// 320 Antwoord retour.
        320 AntwoordRetour AntwoordRetourBericht<'a>;
        /// 323 Declaratie.
        323 Declaratie DeclaratieBericht<'a>;
        /// 325 Declaratie-antwoord.
        325 DeclaratieAntwoord DeclaratieAntwoordBericht<'a>;
    }
    (2, 3) {
        /// 301 Toewijzing, release 2.3.
        301 ToewijzingV2_3 v2_3::ToewijzingBericht<'a>;
        /// 302 Toewijzing retour, release 2.3.
        302 ToewijzingRetourV2_3 v2_3::ToewijzingRetourBericht<'a>;
        /// 303 Declaratie of factuur, release 2.3.
        303 DeclaratieFactuurV2_3 v2_3::DeclaratieFactuurBericht<'a>;
        /// 304 Declaratie of factuur retour, release 2.3.
        304 DeclaratieFactuurRetourV2_3 v2_3::DeclaratieFactuurRetourBericht<'a>;
        /// 305 Start, release 2.3.
        305 StartV2_3 v2_3::StartBericht<'a>;
        /// 306 Start retour, release 2.3.
        306 StartRetourV2_3 v2_3::StartRetourBericht<'a>;
        /// 307 Stop, release 2.3.
        307 StopV2_3 v2_3::StopBericht<'a>;
        /// 308 Stop retour, release 2.3.
        308 StopRetourV2_3 v2_3::StopRetourBericht<'a>;
        /// 315 Verzoek om toewijzing, release 2.3.
        315 VerzoekOmToewijzingV2_3 v2_3::VerzoekOmToewijzingBericht<'a>;
        /// 316 Verzoek om toewijzing retour, release 2.3.
        316 VerzoekOmToewijzingRetourV2_3 v2_3::VerzoekOmToewijzingRetourBericht<'a>;
    }
}

const ROOT: &str = "Bericht";

/// Reads a file that should be a message.
///
/// Never fails: what is wrong is in the findings. A message comes with findings when parts of it can't be used, and
/// there is no message when the file is refused as a whole.
pub fn read(file: &[u8]) -> Reading<'_> {
    let (bytes, has_mark) = match file.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (file, false),
    };
    let text = match text_of(bytes) {
        Ok(text) => text,
        Err(finding) => return Reading { soort: None, bericht: None, findings: vec![finding] },
    };
    let mut scanner = Scanner::new(text);
    if has_mark {
        scanner.report_at(0, door::BYTE_ORDER_MARK, "het bestand begint met een byte order mark".to_owned());
    }
    let mut soort = None;
    let bericht = read_bericht(&mut scanner, &mut soort).ok();
    let findings = scanner.into_findings();
    debug_assert_eq!(bericht.is_none(), findings.iter().any(|finding| finding.rule.ernst == Ernst::Weigering));
    Reading { soort, bericht, findings }
}

fn read_bericht<'a>(scanner: &mut Scanner<'a>, soort: &mut Option<Berichtsoort>) -> Result<Bericht<'a>, Refused> {
    let root = scanner.root()?;
    let found = scanner.soort();
    *soort = Some(found);
    let at = root.content_at;
    if scanner.local_name(root) != ROOT || root.ns != crate::class::Ns::Message {
        let name = crate::class::shorten(scanner.local_name(root));
        return Err(scanner.refuse(at, door::GEEN_BERICHT, format!("het rootelement is `{name}` en niet `{ROOT}`")));
    }
    let Some(inhoud) = read_inhoud(scanner, root) else {
        return Err(scanner.refuse(at, door::NIET_ONDERSTEUND, format!("{found} release {}", found.release)));
    };
    let inhoud = inhoud?;
    if !root.is_empty {
        scanner.end()?;
    }
    let (versie, subversie) = (found.release.versie.to_string(), found.release.subversie.to_string());
    let expected: [&[&str]; 3] = [found.bericht_codes(), &[&versie], &[&subversie]];
    for ((name, code), expected) in
        ["BerichtCode", "BerichtVersie", "BerichtSubversie"].into_iter().zip(inhoud.header_codes()).zip(expected)
    {
        if !expected.contains(&code.trim()) {
            let (shown, expected) = (crate::class::shorten(code), expected.join("` of `"));
            let text = format!("{name} is `{shown}`, bij {found} hoort `{expected}`");
            return Err(scanner.refuse(at, door::HEADER_STRIJDIG, text));
        }
    }
    Ok(Bericht { soort: found, inhoud })
}

fn text_of(bytes: &[u8]) -> Result<&str, Finding> {
    let finding = |rule, place, text: &str| Finding { rule, place, element: String::new(), text: text.to_owned() };
    let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).map_or(&[][..], |start| &bytes[start..]);
    let first = Place { line: 1, column: 1 };
    if start.is_empty() {
        return Err(finding(door::GEEN_BERICHT, Place::default(), "het bestand is leeg"));
    }
    if bytes.starts_with(b"\xFF\xFE")
        || bytes.starts_with(b"\xFE\xFF")
        || start.starts_with(b"<\0")
        || start.starts_with(b"\0<")
    {
        return Err(finding(door::CODERING, first, "het bestand is UTF-16"));
    }
    if start[0] != b'<' {
        let what = match start {
            [b'%', b'P', b'D', b'F', ..] => "het bestand is een PDF",
            [b'P', b'K', 3, 4, ..] => "het bestand is een ZIP of spreadsheet",
            _ => "het bestand begint niet als XML",
        };
        return Err(finding(door::GEEN_BERICHT, first, what));
    }
    // XML has no place for control characters, also not as a reference; the library lets them through. Looked at byte by byte
    // only when there is one: the first pass is branchless, and so as fast as memory.
    let is_control = |byte: u8| (byte < b' ') & (byte != b'\t') & (byte != b'\n') & (byte != b'\r');
    if bytes.iter().fold(false, |found, byte| found | is_control(*byte)) {
        let at = bytes.iter().position(|byte| is_control(*byte)).unwrap_or_default();
        let before = String::from_utf8_lossy(&bytes[..at]);
        return Err(finding(
            door::NIET_WELGEVORMD,
            Place::of(before.as_bytes(), before.len()),
            "een stuurteken dat in XML niet mag",
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let place = Place::of(valid.as_bytes(), valid.len());
        finding(door::CODERING, place, "het bestand is geen UTF-8")
    })
}

/// Writes a message as the standard wants it: UTF-8 without byte order mark, CR LF, no empty elements.
///
/// Values are written as they stand; reading what was written gives an equal message.
pub fn write(bericht: &Bericht<'_>) -> Vec<u8> {
    let mut writer = Writer::new(bericht.soort, ROOT);
    bericht.inhoud.write_elements(&mut writer);
    writer.finish(ROOT)
}
