//! What signals are called, in both languages.

use grip_pipeline::{Deviation, SIGNAL_MONTHS, SeriesName, Signals};
use grip_report::{Cell, Language, decimal, euros_short, real};

use crate::{
    prognose::month_in_full,
    words::{say, words},
};

/// What a series is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Eurocents.
    Euros,
    /// Persons or allocations.
    Count,
    /// 100 at the first tariffs.
    Index,
}

impl Unit {
    pub(super) fn of(measure: &str) -> Self {
        match measure {
            "tarief" => Self::Index,
            "declaratie" | "volume-per-client" | "waarde-toewijzingen" => Self::Euros,
            _ => Self::Count,
        }
    }

    /// As charts want it: eurocents, or tenths.
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates; values of municipalities are far smaller")]
    pub(super) fn scaled(self, value: f64) -> i64 {
        let scale = if self == Self::Euros { 1.0 } else { 10.0 };
        (value * scale).round() as i64
    }

    pub(super) fn cell(self, value: f64) -> Cell {
        match self {
            Self::Euros => Cell::Euros(self.scaled(value)),
            Self::Count | Self::Index => Cell::Real(value, 1),
        }
    }

    fn shown(self, value: f64, language: Language) -> String {
        match self {
            Self::Euros => euros_short(self.scaled(value), language),
            Self::Count | Self::Index => real(value, 1, language),
        }
    }
}

pub(super) fn measure(measure: &str, language: Language) -> String {
    match measure {
        "tarief" => say(language, "Tarieven (index)", "Tariffs (index)"),
        "nieuwe-clienten" => say(language, "Nieuwe cliënten", "New clients"),
        "clienten" => say(language, "Cliënten met gedeclareerde zorg", "Clients with declared care"),
        "volume-per-client" => {
            say(language, "Zorg per cliënt (tegen vaste tarieven)", "Care per client (at constant tariffs)")
        }
        "nieuwe-toewijzingen" => say(language, "Nieuwe toewijzingen", "New allocations"),
        "waarde-toewijzingen" => say(language, "Waarde van nieuwe toewijzingen", "Value of new allocations"),
        "lopende-toewijzingen" => say(language, "Lopende toewijzingen", "Running allocations"),
        _ => say(language, "Gedeclareerd bedrag", "Declared amount"),
    }
}

/// The indicator that says the same.
pub(super) fn indicator(measure: &str) -> Option<&'static str> {
    match measure {
        "clienten" => Some("clienten-met-zorg"),
        "lopende-toewijzingen" => Some("toewijzingen-lopend"),
        "declaratie" => Some("gedeclareerd"),
        _ => None,
    }
}

/// What a series is called: `Gedeclareerd bedrag, Jeugdwet, Jeugdhulp ambulant (45)`.
pub(super) fn series(name: &SeriesName, language: Language) -> String {
    let w = words(language);
    let law = match name.wet {
        Some("jw") => w.jw.to_owned(),
        Some(_) => w.wmo.to_owned(),
        None => say(language, "Wmo en jeugdhulp", "social support and youth care"),
    };
    let code = name.productcategorie.as_deref().or(name.aanbieder.as_deref());
    let narrow = match (code, &name.naam) {
        (Some(code), Some(naam)) => format!(", {naam} ({code})"),
        (Some(code), None) => format!(", {code}"),
        (None, _) => String::new(),
    };
    format!("{}, {law}{narrow}", measure(name.measure, language))
}

pub(super) fn kind(kind: &str, language: Language) -> String {
    match kind {
        "level" => say(language, "ander niveau", "another level"),
        "trend" => say(language, "andere richting", "another direction"),
        _ => say(language, "uitschieter", "outlier"),
    }
}

/// Its kind, and which way.
pub(super) fn kind_and_way(it: &Deviation, language: Language) -> String {
    let up = it.after > it.before;
    match (it.kind, up) {
        ("level", true) => say(language, "hoger niveau", "higher level"),
        ("level", false) => say(language, "lager niveau", "lower level"),
        ("trend", true) => say(language, "stijgt sneller of daalt minder", "rises faster or falls less"),
        ("trend", false) => say(language, "daalt sneller of stijgt minder", "falls faster or rises less"),
        (_, true) => say(language, "uitschieter omhoog", "outlier upwards"),
        (_, false) => say(language, "uitschieter omlaag", "outlier downwards"),
    }
}

/// From what to what.
pub(super) fn compared(it: &Deviation, language: Language) -> String {
    let unit = Unit::of(it.name.measure);
    let [before, after] = [it.before, it.after].map(|value| unit.shown(value, language));
    match (it.kind, language) {
        ("trend", Language::Nl) => format!("per maand {before} erbij, nu {after}"),
        ("trend", Language::En) => format!("{before} more a month, now {after}"),
        (_, Language::Nl) => format!("van {before} naar {after}"),
        (_, Language::En) => format!("from {before} to {after}"),
    }
}

pub(super) fn title(it: &Deviation, language: Language) -> String {
    let (series, since) = (series(&it.name, language), month_in_full(&it.since, language));
    let what = kind_and_way(it, language);
    match (it.kind, language) {
        ("outlier", Language::Nl) => format!("{series}: {what} in {since}"),
        ("outlier", Language::En) => format!("{series}: {what} in {since}"),
        (_, Language::Nl) => format!("{series}: {what} sinds {since}"),
        (_, Language::En) => format!("{series}: {what} since {since}"),
    }
}

/// The change in a sentence.
pub(super) fn change(it: &Deviation, language: Language) -> String {
    let unit = Unit::of(it.name.measure);
    let since = month_in_full(&it.since, language);
    let [before, after, low, high] = [it.before, it.after, it.low, it.high].map(|value| unit.shown(value, language));
    let size = unit.shown(it.after - it.before, language);
    let monthly = if unit == Unit::Euros { say(language, " per maand", " a month") } else { String::new() };
    match (it.kind, language) {
        ("trend", Language::Nl) => format!(
            "Vanaf {since} komt er per maand {after} bij, waar dat eerst {before} was: een verschil van {size} per maand \
             (95 %-interval {low} tot {high})."
        ),
        ("trend", Language::En) => format!(
            "From {since} on {after} is added a month, where it was {before} before: a difference of {size} a month (95% \
             interval {low} to {high})."
        ),
        ("outlier", Language::Nl) => format!(
            "In {since} was de waarde {after}, waar {before} te verwachten was: een verschil van {size} (95 %-interval {low} \
             tot {high})."
        ),
        ("outlier", Language::En) => format!(
            "In {since} the value was {after}, where {before} was to be expected: a difference of {size} (95% interval {low} \
             to {high})."
        ),
        (_, Language::Nl) => format!(
            "Sinds {since} ligt het op {after}, waar {before} te verwachten was: een verschil van {size}{monthly} (95 \
             %-interval {low} tot {high})."
        ),
        (_, Language::En) => format!(
            "Since {since} it is at {after}, where {before} was to be expected: a difference of {size}{monthly} (95% \
             interval {low} to {high})."
        ),
    }
}

/// What it is compared with, and when it could be seen.
pub(super) fn sentences(it: &Deviation, found: &Signals, language: Language) -> String {
    let seen = month_in_full(&it.seen_at, language);
    let alarms = false_alarms(found, language);
    match language {
        Language::Nl => format!(
            "Vergeleken is met het verloop van deze reeks zelf zonder deze verandering: niveau, richting, seizoen en andere \
             afwijkingen. Met wat toen ontvangen was, was dit voor het eerst te zien eind {seen}. Maanden die nog niet \
             (bijna) helemaal gedeclareerd zijn, tellen niet mee. {alarms}"
        ),
        Language::En => format!(
            "It is compared with the course of this series itself without this change: level, direction, season and other \
             deviations. With what had been received by then, it could first be seen at the end of {seen}. Months that are \
             not (nearly) fully declared yet do not count. {alarms}"
        ),
    }
}

/// How many alarms are false, at most.
pub(super) fn false_alarms(found: &Signals, language: Language) -> String {
    let whole = |number: usize| decimal(i64::try_from(number).unwrap_or(i64::MAX), 1, 0, language);
    let (series, years) = (whole(found.series), SIGNAL_MONTHS / 12);
    let alarms = real(found.false_alarms_per_year, 0, language);
    match language {
        Language::Nl => format!(
            "Er wordt naar {series} reeksen gekeken, {years} jaar terug. De drempels zijn zo gekozen dat een reeks waarin niets \
             verandert hoogstens één vals alarm in tien jaar geeft: samen hoogstens {alarms} per jaar. Sommige reeksen gaan uit zichzelf langzaam op en neer, zoals het aantal cliënten van één aanbieder. Daar kan het het dubbele zijn. Wat \
             minder dan 0,2 % van het jaarbedrag scheelt, staat er niet bij."
        ),
        Language::En => format!(
            "{series} series are looked at, {years} years back. The thresholds are such that a series in which nothing changes \
             gives at most one false alarm in ten years: at most {alarms} a year together. In series that wander of themselves, \
             such as the clients of one provider, it can be twice as many. What makes less than 0.2% of the amount of a year \
             is left out."
        ),
    }
}
