//! What there is to say about every rule, whichever crate it lives in: one list, by code.

use std::{collections::BTreeMap, sync::LazyLock};

use grip_envelope::TroubleKind;
use grip_messages::{Rule, door};
use grip_rules::{across, inside};
use grip_types::Wet;
use serde::Serialize;

/// The texts of one rule, in Dutch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleText {
    /// Stable code.
    pub code: &'static str,
    /// `waarschuwing`, `fout` or `weigering`.
    pub ernst: &'static str,
    /// Name of the rule.
    pub titel: &'static str,
    /// What is checked and why.
    pub uitleg: &'static str,
    /// What to do about it.
    pub advies: &'static str,
    /// Code of list WJ001 that a receiver answers with, when the standard has one.
    pub retourcode: Option<&'static str>,
    /// Laws it holds for: `wmo`, `jw`.
    pub wetten: Vec<&'static str>,
    /// Numbers of the messages it is checked in; empty for every file.
    pub berichten: &'static [u16],
}

/// Who made a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleSource {
    /// iWmo and iJw.
    Standaard,
    /// Grip's own.
    Grip,
}

/// Rules whose codes begin alike: begin, what they are about in Dutch, whose they are.
pub const FAMILIES: [(&str, &str, RuleSource); 10] = [
    ("CD", "condities: wanneer een element gevuld of leeg moet zijn", RuleSource::Standaard),
    ("CS", "constraints: welke waarde een element mag hebben", RuleSource::Standaard),
    ("TR", "technische regels: samenhang in een bericht en tussen berichten", RuleSource::Standaard),
    ("OP", "uitgangspunten: afspraken over termijnen en volgorde", RuleSource::Standaard),
    ("IV", "invulinstructies", RuleSource::Standaard),
    ("B", "de deur: het bestand en het schema", RuleSource::Grip),
    ("E", "verpakking: archieven en enveloppen", RuleSource::Grip),
    ("I", "ingelezen bestanden: begrotingen, contracten, boekhouding, publicaties", RuleSource::Grip),
    ("K", "kwaliteit: wat tussen berichten opvalt", RuleSource::Grip),
    ("O", "open data", RuleSource::Grip),
];

impl RuleText {
    /// Begin of the code that says what kind of rule it is, as in [`FAMILIES`].
    pub fn family(&self) -> &'static str {
        self.code.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default()
    }

    /// Who made it.
    pub fn source(&self) -> RuleSource {
        let family = FAMILIES.iter().find(|(begin, ..)| *begin == self.family());
        family.map_or(RuleSource::Grip, |(.., source)| *source)
    }
}

const BEIDE: &[Wet] = &[Wet::Wmo, Wet::Jw];

fn of_message(rule: &'static Rule) -> RuleText {
    RuleText {
        code: rule.code,
        ernst: rule.ernst.as_str(),
        titel: rule.title,
        uitleg: rule.explanation,
        advies: rule.advice,
        retourcode: rule.retour_code,
        wetten: names(rule.wetten),
        berichten: rule.berichten,
    }
}

fn names(wetten: &[Wet]) -> Vec<&'static str> {
    wetten.iter().map(|wet| wet.as_str()).collect()
}

fn of_container(kind: TroubleKind) -> RuleText {
    RuleText {
        code: kind.code(),
        ernst: match kind.ernst() {
            grip_envelope::Ernst::Waarschuwing => "waarschuwing",
            grip_envelope::Ernst::Weigering => "weigering",
        },
        titel: kind.title(),
        uitleg: kind.explanation(),
        advies: kind.advice(),
        retourcode: None,
        wetten: names(BEIDE),
        berichten: &[],
    }
}

/// A row that is not taken is a fault; what is taken and looks wrong is a warning.
fn of_import(rule: grip_import::Rule) -> RuleText {
    use grip_import::Rule;
    let is_lost = matches!(
        rule,
        Rule::Value
            | Rule::Missing
            | Rule::Code
            | Rule::Bsn
            | Rule::Ambiguous
            | Rule::Together
            | Rule::Shifted
            | Rule::Unclosed
            | Rule::XafLine
    );
    RuleText {
        code: rule.code(),
        ernst: if is_lost { "fout" } else { "waarschuwing" },
        titel: rule.title(),
        uitleg: rule.explanation(),
        advies: rule.advice(),
        retourcode: None,
        wetten: names(BEIDE),
        berichten: &[],
    }
}

/// What the import itself finds.
fn double() -> RuleText {
    RuleText {
        code: crate::import::DOUBLE_CODE,
        ernst: "waarschuwing",
        titel: "Regels waren er al",
        uitleg: "Een export bevat declaratieregels of toewijzingen die ook als bericht of in een eerdere export zijn ingelezen. Ze zijn overgeslagen, zodat niets dubbel telt.",
        advies: "Niets, als dat de bedoeling is. Staat in de export een andere status dan in de berichten, ga dan na welke klopt.",
        retourcode: None,
        wetten: names(BEIDE),
        berichten: &[],
    }
}

fn of_open_data(rule: grip_odata::Rule) -> RuleText {
    use grip_odata::Rule;
    let is_lost = matches!(
        rule,
        Rule::PageBroken | Rule::PageMissing | Rule::UnknownMeasure | Rule::NoNumber | Rule::DuplicateKey | Rule::NoRow
    );
    RuleText {
        code: rule.code(),
        ernst: if is_lost { "fout" } else { "waarschuwing" },
        titel: rule.title(),
        uitleg: "Open data worden bij het ophalen vergeleken met hun eigen beschrijving. Wat niet klopt wordt gemeld; de rest is gewoon te gebruiken.",
        advies: rule.advice(),
        retourcode: None,
        wetten: names(BEIDE),
        berichten: &[],
    }
}

/// Every rule of Grip, in the order of their codes.
///
/// A rule that both the message and the messages together can break has one entry, with the texts of the wider check.
pub static ALL: LazyLock<Vec<RuleText>> = LazyLock::new(|| {
    let messages = door::ALL.iter().chain(inside::ALL).chain(across::ALL.iter()).copied().map(of_message);
    let others = TroubleKind::ALL
        .iter()
        .copied()
        .map(of_container)
        .chain(grip_import::Rule::ALL.iter().copied().map(of_import))
        .chain([double()])
        .chain(grip_odata::Rule::ALL.iter().copied().map(of_open_data));
    let by_code: BTreeMap<&str, RuleText> = messages.chain(others).map(|text| (text.code, text)).collect();
    by_code.into_values().collect()
});

/// The texts of a rule by its code.
pub fn rule_text(code: &str) -> Option<&'static RuleText> {
    let rules: &'static Vec<RuleText> = &ALL;
    rules.binary_search_by(|rule| rule.code.cmp(code)).ok().and_then(|at| rules.get(at))
}

/// What a RetourCode of list WJ001 says, in Dutch: the title of the rule that is answered with it.
pub fn retour_text(code: &str) -> Option<&'static str> {
    let fixed = match code {
        "0001" => Some("Afgekeurd om technische redenen"),
        "0200" => Some("Geen opmerkingen"),
        "0233" => Some("Niet beoordeeld"),
        "0611" => Some("Tarief wijkt af van het contract"),
        "8001" => Some("Geheel toegekend"),
        _ => None,
    };
    let rules: &'static Vec<RuleText> = &ALL;
    // 9338 is the code of TR338; rules beside it may be answered with the same.
    let own = code.strip_prefix('9').and_then(|number| rule_text(&format!("TR{number}")));
    let own = own.filter(|rule| rule.retourcode == Some(code));
    fixed.or_else(|| own.or_else(|| rules.iter().find(|rule| rule.retourcode == Some(code))).map(|rule| rule.titel))
}

#[cfg(test)]
mod tests {
    use super::{ALL, FAMILIES, RuleSource, retour_text, rule_text};

    #[test]
    fn every_rule_is_found_and_says_what_to_do() {
        for rule in ALL.iter() {
            assert_eq!(rule_text(rule.code), Some(rule));
            assert!(
                !rule.titel.is_empty() && !rule.uitleg.is_empty() && rule.advies.ends_with(['.', '`', ')']),
                "{rule:?}"
            );
            assert!(FAMILIES.iter().any(|(begin, ..)| *begin == rule.family()), "{}", rule.code);
            assert!(["waarschuwing", "fout", "weigering"].contains(&rule.ernst));
        }
        for code in ["B004", "E001", "I001", "I042", "K011", "O001", "TR321"] {
            assert!(rule_text(code).is_some(), "{code}");
        }
        assert_eq!(rule_text("TR999"), None);
        assert_eq!(rule_text("TR321").map(|rule| rule.source()), Some(RuleSource::Standaard));
    }

    /// A code has one meaning. Only a rule that is looked at in the message and again between messages is there twice.
    #[test]
    fn a_code_has_one_meaning() {
        let all = super::door::ALL.len()
            + super::inside::ALL.len()
            + super::across::ALL.len()
            + super::TroubleKind::ALL.len()
            + grip_import::Rule::ALL.len()
            + 1
            + grip_odata::Rule::ALL.len();
        let in_both = super::inside::ALL.iter().filter(|rule| super::across::ALL.contains(rule));
        let in_both: Vec<_> = in_both.inspect(|rule| assert!(rule.code.starts_with("TR"), "{}", rule.code)).collect();
        assert_eq!(ALL.len() + in_both.len(), all);
    }

    #[test]
    fn codes_of_answers_have_a_text() {
        assert_eq!(retour_text("9321"), rule_text("TR321").map(|rule| rule.titel));
        assert!(retour_text("0001").is_some());
        assert_eq!(retour_text("zzzz"), None);
    }
}
