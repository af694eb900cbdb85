//! How a target stands, in words.

use grip_pipeline::Unit;
use grip_policy::{Because, Favours, Gap, Standing, StatusCounts, StepState, TargetStatus};
use grip_report::{Cell, Language, real};
use grip_types::Bedrag;

use super::Measured;
use crate::{sentences::chance_in_words, words::say};

pub(super) fn status(status: TargetStatus, language: Language) -> String {
    match status {
        TargetStatus::Reached => say(language, "gehaald", "reached"),
        TargetStatus::OnTrack => say(language, "op koers", "on track"),
        TargetStatus::Behind => say(language, "achter", "behind"),
        TargetStatus::NotYetToBeTold => say(language, "nog niet te zeggen", "not yet to be told"),
        TargetStatus::NoInformation => say(language, "geen informatie", "no information"),
    }
}

pub(super) fn because(because: Because, language: Language) -> String {
    match because {
        Because::Line => say(language, "volgens de lijn naar de streefwaarde", "by the line to the target"),
        Because::Forecast => {
            say(language, "volgens de verwachting; er is geen beginwaarde", "by the outlook; there is no start value")
        }
        Because::NoIndicator => {
            say(language, "deze informatie is er nog niet", "this information is not available yet")
        }
        Because::NoValue => say(
            language,
            "de indicator heeft nog geen waarde van een heel jaar",
            "the indicator has no value of a whole year yet",
        ),
        Because::NoTarget => say(language, "er is geen streefwaarde", "no value is wanted"),
        Because::NoDirection => {
            say(language, "er staat niet of hoger of lager beter is", "whether higher or lower is better is not said")
        }
        Because::TooEarly => {
            say(language, "er is nog geen heel jaar na het begin", "there is no whole year after the start")
        }
        Because::NoLine => say(
            language,
            "er is geen beginwaarde en nog te weinig om te verwachten",
            "there is no start value, and too little for an outlook",
        ),
    }
}

/// A value as people write it, in the unit of its indicator.
pub(super) fn value(value: f64, unit: Option<Unit>) -> Cell {
    match unit {
        Some(unit) if unit.is_money() => Cell::Euros(Bedrag::from_f64(value * 100.0).cents),
        Some(Unit::Percent) => Cell::Share(value / 100.0),
        Some(Unit::Clients | Unit::Households | Unit::Providers | Unit::Count) if value.fract() == 0.0 => {
            Cell::Real(value, 0)
        }
        _ => Cell::Real(value, 1),
    }
}

/// How far one value is from another: of percentages in percentage points.
pub(super) fn distance(distance: f64, unit: Option<Unit>) -> Cell {
    match unit {
        Some(Unit::Percent) => Cell::Real(distance, 1),
        _ => value(distance, unit),
    }
}

pub(super) fn counts(counts: StatusCounts, language: Language) -> String {
    let all = [
        (counts.reached, TargetStatus::Reached),
        (counts.on_track, TargetStatus::OnTrack),
        (counts.behind, TargetStatus::Behind),
        (counts.not_yet, TargetStatus::NotYetToBeTold),
        (counts.unknown, TargetStatus::NoInformation),
    ];
    let parts: Vec<String> = all
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, of)| format!("{number} {}", status(of, language)))
        .collect();
    parts.join(", ")
}

/// The value, what is wanted, the distance and the outlook, in a sentence or two.
pub(super) fn standing(measured: &Measured, language: Language) -> String {
    let it = &measured.standing;
    let unit = measured.course.as_ref().map(|course| course.unit);
    let shown = |number: f64| value(number, unit).shown(language);
    let mut sentences = Vec::new();
    if let Some((year, last)) = it.last {
        let provisional =
            if it.is_provisional { say(language, " (voorlopig)", " (provisional)") } else { String::new() };
        sentences.push(format!("{year}: {}{provisional}.", shown(last)));
    }
    if let Some((year, wanted)) = it.next {
        let better = match it.favours {
            Some(Favours::More) => say(language, "minstens ", "at least "),
            Some(Favours::Less) => say(language, "hoogstens ", "at most "),
            None => String::new(),
        };
        sentences.push(match language {
            Language::Nl => format!("Streefwaarde {year}: {better}{}.", shown(wanted)),
            Language::En => format!("Target {year}: {better}{}.", shown(wanted)),
        });
    }
    sentences.extend(from_line(it, unit, language));
    if it.because != Because::Line {
        let mut why = because(it.because, language);
        if let Some(first) = why.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        sentences.push(format!("{why}."));
    }
    if let (Some(outlook), Some((year, _))) = (measured.outlook, it.next) {
        let (value, low, high) = (shown(outlook.value), shown(outlook.low), shown(outlook.high));
        let chance = chance_in_words(outlook.chance, language);
        sentences.push(match language {
            Language::Nl => format!(
                "Als het zo doorgaat wordt het {value} in {year}, met 80 % zekerheid tussen {low} en {high}; halen is {chance}."
            ),
            Language::En => format!(
                "Going on like this it will be {value} in {year}, with 80 % certainty between {low} and {high}; reaching it is {chance}."
            ),
        });
    }
    sentences.join(" ")
}

fn from_line(it: &Standing, unit: Option<Unit>, language: Language) -> Option<String> {
    let (off, line) = (it.distance?, it.line?);
    let (by, line) = (distance(off.abs(), unit).shown(language), value(line, unit).shown(language));
    let by = match (unit, language) {
        (Some(Unit::Percent), Language::Nl) => format!("{by} procentpunt"),
        (Some(Unit::Percent), Language::En) => format!("{by} percentage points"),
        _ => by,
    };
    Some(match (language, off < 0.0) {
        (Language::Nl, true) => format!("Dat is {by} slechter dan de lijn ({line})."),
        (Language::Nl, false) => format!("Dat is {by} beter dan de lijn ({line})."),
        (Language::En, true) => format!("That is {by} worse than the line ({line})."),
        (Language::En, false) => format!("That is {by} better than the line ({line})."),
    })
}

/// A gap: of several, and what to do about it.
pub(super) fn gap(gap: Gap, language: Language) -> String {
    match gap {
        Gap::GoalWithoutTarget => {
            say(language, "doel zonder streefwaarde of indicator", "goal without target or indicator")
        }
        Gap::NobodyMakesIt => {
            say(language, "informatie ontbreekt, niemand maakt die", "information missing, nobody makes it")
        }
        Gap::NotAvailableYet => say(language, "informatie is er nog niet", "information not available yet"),
        Gap::IndicatorWithoutTargets => say(language, "indicator zonder streefwaarde", "indicator without target"),
        Gap::TargetWithoutOwner => say(language, "streefwaarde zonder eigenaar", "target without owner"),
        Gap::TargetWithoutGoal => say(language, "streefwaarde van een ingetrokken doel", "target of a withdrawn goal"),
        Gap::GoalWithoutOwner => say(language, "doel zonder eigenaar", "goal without owner"),
        Gap::GoalWithoutMeasure => say(language, "doel zonder maatregel", "goal without measure"),
        Gap::MeasureWithoutGoal => say(language, "maatregel zonder doel", "measure without goal"),
        Gap::GoalWithoutParent => say(language, "doel dat nergens bij hoort", "goal that belongs to nothing"),
        Gap::GoalInCircle => say(language, "doel dat onder zichzelf staat", "goal that stands below itself"),
        Gap::GoalAboveItsLevel => {
            say(language, "doel onder een doel van een lager niveau", "goal below one of a lower level")
        }
    }
}

pub(super) fn step_state(state: StepState, language: Language) -> String {
    match state {
        StepState::Overdue => say(language, "te laat", "overdue"),
        StepState::Busy => say(language, "loopt", "under way"),
        StepState::Planned => say(language, "gepland", "planned"),
        StepState::Done => say(language, "gedaan", "done"),
        StepState::Missing => say(language, "niets vastgelegd", "nothing recorded"),
    }
}

/// A number with two decimals at most.
pub(super) fn number(number: f64, language: Language) -> String {
    real(number, 2, language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_distances_are_in_the_unit_of_the_indicator() {
        let shown = |cell: Cell| cell.shown(Language::Nl).replace('\u{a0}', " ").replace('\u{2212}', "-");
        assert_eq!(shown(value(1154.0, Some(Unit::Clients))), "1.154");
        assert_eq!(shown(value(1154.5, Some(Unit::Count))), "1.154,5");
        assert_eq!(shown(value(12.25, Some(Unit::Percent))), "12,3 %");
        assert_eq!(shown(value(7.0, Some(Unit::Days))), "7,0");
        assert_eq!(shown(distance(-0.4, Some(Unit::Percent))), "-0,4");
        assert_eq!(shown(distance(-12.0, Some(Unit::Providers))), "-12");
    }
}
