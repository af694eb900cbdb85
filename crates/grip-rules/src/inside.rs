//! Rules over one message: what its receiver can say who has nothing but the message.
//!
//! These are the conditions (CD), the constraints (CS) and the technical rules (TR) of iWmo and iJw 3.2 that the standard
//! checks on the content of a message before anything else, and answers with 0001. What the schema says (RS) the reader of
//! grip-messages has already reported; a rule about a value that the schema refuses stays silent.

use grip_messages::{
    Bericht, Berichtsoort, Datatype, Finding, Inhoud, Place, Release, Rule, Value, bericht::BerichtIdentificatie, door,
};
use grip_types::Date;

/// The release that gave a reason of change its present meaning.
const R3_1: Release = Release { versie: 3, subversie: 1 };
/// Findings kept of one file, as many as the reader keeps.
const FINDINGS_MAX: usize = 200;

/// Declares rules: `CODE [messages] alleen Wet = retourcode: "title", wat: "…", doen: "…";`. Without `alleen` a rule holds for
/// both laws, and without `=` the answer is 0001.
macro_rules! rules {
    ($($code:ident [$($nummer:literal),+] $(alleen $wet:ident)? $(= $retour:literal)?: $title:literal,
        wat: $wat:literal, doen: $doen:literal;)*) => { $(
        #[doc = $title]
        pub(super) const $code: &grip_messages::Rule = &grip_messages::Rule {
            code: stringify!($code),
            ernst: grip_messages::Ernst::Fout,
            title: $title,
            explanation: $wat,
            advice: $doen,
            retour_code: retour_code!($($retour)?),
            wetten: wetten!($($wet)?),
            berichten: &[$($nummer),+],
        };
    )* };
}

macro_rules! retour_code {
    () => {
        Some("0001")
    };
    ($code:literal) => {
        Some($code)
    };
}

macro_rules! wetten {
    () => {
        &[grip_types::Wet::Wmo, grip_types::Wet::Jw]
    };
    ($wet:ident) => {
        &[grip_types::Wet::$wet]
    };
}

mod contact;
mod datum;
mod declaratie;
mod dubbel;
mod levering;
mod persoon;
mod product;
mod toewijzing;
mod verzoek;

/// Every rule, in the order of their codes.
pub const ALL: &[&Rule] = &[
    contact::CD005,
    persoon::CD007,
    contact::CD009,
    contact::CD025,
    contact::CD034,
    product::CD041,
    verzoek::CD043,
    declaratie::CD060,
    verzoek::CD066,
    verzoek::CD067,
    verzoek::CD068,
    product::CD075,
    product::CD076,
    product::CD077,
    product::CD078,
    product::CD079,
    product::CD080,
    verzoek::CD085,
    verzoek::CD086,
    declaratie::CD087,
    product::CD095,
    product::CD096,
    persoon::CS002,
    datum::CS003,
    persoon::CS050,
    levering::CS058,
    contact::CS089,
    declaratie::CS100,
    persoon::CS139,
    persoon::CS318,
    declaratie::CS325,
    toewijzing::CS335,
    toewijzing::CS336,
    declaratie::CS337,
    product::CS338,
    declaratie::CS339,
    declaratie::CS340,
    product::CS343,
    persoon::TR002,
    contact::TR006,
    levering::TR018,
    contact::TR061,
    dubbel::TR101,
    datum::TR134,
    datum::TR137,
    product::TR302,
    declaratie::TR315,
    declaratie::TR316,
    declaratie::TR319,
    declaratie::TR335,
    declaratie::TR342,
    verzoek::TR352,
    verzoek::TR353,
    declaratie::TR358,
    verzoek::TR377,
    verzoek::TR380,
    verzoek::TR383,
    product::TR386,
    verzoek::TR409,
    product::TR410,
    declaratie::TR416,
];

/// What is wrong with a message by the rules of its law and release, in the order of the file.
///
/// `file` is what the message was read from: it turns the place of a value into line and column, and is looked at only when
/// something is found. A message that was made and not read has findings without a place. At most
/// 200 findings are kept; the last one then says how many more there are.
pub fn check(bericht: &Bericht<'_>, file: &[u8]) -> Vec<Finding> {
    let mut found = Found { soort: bericht.soort, dagtekening: None, findings: Vec::new(), omitted: 0 };
    match &bericht.inhoud {
        Inhoud::Toewijzing(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            toewijzing::check(&mut found, bericht);
        }
        Inhoud::Start(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            levering::check_start(&mut found, bericht);
        }
        Inhoud::Stop(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            levering::check_stop(&mut found, bericht);
        }
        Inhoud::VerzoekOmToewijzing(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            verzoek::check_verzoek_om_toewijzing(&mut found, bericht);
        }
        Inhoud::VerzoekOmWijziging(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            verzoek::check_verzoek_om_wijziging(&mut found, bericht);
        }
        Inhoud::Antwoord(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            verzoek::check_antwoord(&mut found, bericht);
        }
        Inhoud::Declaratie(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            declaratie::check(&mut found, bericht);
        }
        Inhoud::DeclaratieAntwoord(bericht) => {
            found.dated(&bericht.header.bericht_identificatie);
            declaratie::check_antwoord(&mut found, bericht);
        }
        // A retour repeats what was checked when it was sent; release 2.3 has rules of its own.
        _ => {}
    }
    found.into_findings(file)
}

/// What was found so far, and what every check needs to know of the message.
struct Found {
    soort: Berichtsoort,
    /// Date the message carries; nothing is compared with it when it can't be read.
    dagtekening: Option<Date>,
    findings: Vec<(Option<usize>, Finding)>,
    omitted: usize,
}

impl Found {
    fn dated(&mut self, identificatie: &BerichtIdentificatie<'_>) {
        self.dagtekening = identificatie.dagtekening.get();
    }

    /// Adds a finding at a value: that which is wrong or, when something is missing, that which asks for it. `path` is the
    /// class and the element in it.
    fn add<T: Datatype>(
        &mut self,
        rule: &'static Rule,
        value: &Value<'_, T>,
        path: [&str; 2],
        text: impl Into<String>,
    ) {
        debug_assert!(rule.berichten.contains(&self.soort.nummer), "{} in {}", rule.code, self.soort);
        if !rule.wetten.contains(&self.soort.wet) {
            return;
        }
        if self.findings.len() < FINDINGS_MAX {
            let finding = Finding { rule, place: Place::default(), element: path.join("/"), text: text.into() };
            self.findings.push((value.offset(), finding));
        } else {
            self.omitted += 1;
        }
    }

    fn into_findings(mut self, file: &[u8]) -> Vec<Finding> {
        if self.findings.is_empty() {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(file);
        let text = text.trim_start_matches('\u{feff}');
        if self.omitted > 0 {
            let more = format!("nog {} bevindingen in dit bestand", self.omitted);
            let finding =
                Finding { rule: door::MEER_BEVINDINGEN, place: Place::default(), element: String::new(), text: more };
            self.findings.push((Some(text.len()), finding));
        }
        self.findings.sort_by_key(|(at, _)| *at);
        // One walk through the text for all places together.
        let (mut seen, mut newlines, mut line_start) = (0, 0, 0);
        let mut place = |at: usize| {
            let at = text.floor_char_boundary(at);
            for (offset, _) in text[seen..at].match_indices('\n') {
                newlines += 1;
                line_start = seen + offset + 1;
            }
            seen = at;
            let column = text[line_start..at].chars().count() + 1;
            Place { line: newlines + 1, column: u32::try_from(column).unwrap_or(u32::MAX) }
        };
        let placed = |(at, finding): (Option<usize>, Finding)| match at {
            Some(at) => Finding { place: place(at), ..finding },
            None => finding,
        };
        self.findings.into_iter().map(placed).collect()
    }
}
