//! Sentences with numbers in them, in both languages.

use std::cmp::Ordering;

use grip_pipeline::{
    YearAhead,
    answer::{Line, Record, YearEnd},
};
use grip_report::{Language, count, euros_beside, euros_short, month_name, percent, percent_one_decimal};
use grip_types::{Date, Wet};

/// `15 juli 2025`, `15 July 2025`.
pub(crate) fn long_date(date: Date, language: Language) -> String {
    format!("{} {} {}", date.day(), month_name(date.month(), language), date.year())
}

/// What a forecast is about, and whether it is more than one thing.
pub(crate) struct Subject {
    name: String,
    plural: bool,
}

/// What people call a line: its name, and for the total the laws it is the total of.
pub(crate) fn subject(answer: &YearEnd, line: &Line, language: Language) -> Subject {
    if line.wet.is_some() {
        return Subject { name: line.naam.clone(), plural: false };
    }
    let has = |wet: Wet| answer.segments.iter().any(|segment| segment.wet == Some(wet.as_str()));
    let (nl, en) = match (has(Wet::Wmo), has(Wet::Jw)) {
        (true, false) => ("De Wmo", "Social support"),
        (false, true) => ("Jeugdhulp", "Youth care"),
        _ => ("Wmo en jeugdhulp", "Social support and youth care"),
    };
    let name = if language == Language::Nl { nl } else { en };
    Subject { name: name.to_owned(), plural: has(Wet::Wmo) == has(Wet::Jw) }
}

/// The message of a forecast: where the year ends and how that is against the budget.
pub(crate) fn headline(subject: &Subject, line: &Line, jaar: i16, language: Language) -> String {
    let Subject { name, plural } = subject;
    let forecast = euros_short(line.forecast.p50, language);
    let comparison = line.difference.map(|difference| {
        let apart = euros_beside(difference.saturating_abs(), line.forecast.p50, language);
        match (difference, language) {
            (0, Language::Nl) => ", gelijk aan de begroting".to_owned(),
            (0, Language::En) => ", equal to the budget".to_owned(),
            (1.., Language::Nl) => format!(", {apart} onder de begroting"),
            (1.., Language::En) => format!(", {apart} under budget"),
            (_, Language::Nl) => format!(", {apart} boven de begroting"),
            (_, Language::En) => format!(", {apart} over budget"),
        }
    });
    let comparison = comparison.unwrap_or_default();
    match language {
        Language::Nl => {
            let verb = if *plural { "komen" } else { "komt" };
            format!("{name} {verb} in {jaar} uit op {forecast}{comparison}")
        }
        Language::En => {
            let verb = if *plural { "are" } else { "is" };
            format!("{name} {verb} expected to end {jaar} at {forecast}{comparison}")
        }
    }
}

/// The interval and the day it was known.
pub(crate) fn lede(line: &Line, peildatum: Date, language: Language) -> String {
    let (low, high) = (euros_short(line.forecast.p10, language), euros_short(line.forecast.p90, language));
    let day = long_date(peildatum, language);
    match language {
        Language::Nl => {
            format!("Zoals bekend op {day}. Met 80 % kans ligt de uitkomst tussen {low} en {high}.")
        }
        Language::En => format!("As known on {day}. The outcome is between {low} and {high} with a chance of 80%."),
    }
}

/// `tussen € 39,9 mln en € 42,6 mln`.
pub(crate) fn between(line: &Line, language: Language) -> String {
    let (low, high) = (euros_short(line.forecast.p10, language), euros_short(line.forecast.p90, language));
    match language {
        Language::Nl => format!("80 % kans op {low} tot {high}"),
        Language::En => format!("80% chance of {low} to {high}"),
    }
}

/// What the simplest method says.
pub(crate) fn against_run_rate(line: &Line, language: Language) -> String {
    let amount = euros_short(line.naive_run_rate, language);
    match language {
        Language::Nl => format!("doortrekken van het tempo geeft {amount}"),
        Language::En => format!("running on at the same rate gives {amount}"),
    }
}

/// The budget in a sentence.
pub(crate) fn against_budget(budget: i64, language: Language) -> String {
    let amount = euros_short(budget, language);
    match language {
        Language::Nl => format!("begroting {amount}"),
        Language::En => format!("budget {amount}"),
    }
}

/// A chance in words, by the scale of the IPCC (guidance note on uncertainties, 2010, table 1).
pub(crate) fn chance_in_words(probability: f64, language: Language) -> &'static str {
    let (nl, en) = match probability {
        p if p > 0.99 => ("vrijwel zeker", "virtually certain"),
        p if p > 0.90 => ("zeer waarschijnlijk", "very likely"),
        p if p > 0.66 => ("waarschijnlijk", "likely"),
        p if p >= 0.33 => ("ongeveer even waarschijnlijk als niet", "about as likely as not"),
        p if p >= 0.10 => ("onwaarschijnlijk", "unlikely"),
        p if p >= 0.01 => ("zeer onwaarschijnlijk", "very unlikely"),
        _ => ("vrijwel uitgesloten", "exceptionally unlikely"),
    };
    if language == Language::Nl { nl } else { en }
}

/// The message of the chart of months.
pub(crate) fn months_title(line: &Line, language: Language) -> String {
    let (forecast, declared) = (euros_short(line.forecast.p50, language), euros_short(line.declared, language));
    match language {
        Language::Nl => format!("Van de verwachte {forecast} is {declared} gedeclareerd"),
        Language::En => format!("Of the expected {forecast}, {declared} has been declared"),
    }
}

/// The chart of months for who can't see it.
pub(crate) fn months_description(line: &Line, jaar: i16, language: Language) -> String {
    let amount = |cents| euros_short(cents, language);
    let parts = (amount(line.declared), amount(line.ibnr), amount(line.open_commitments), amount(line.inflow));
    match language {
        Language::Nl => format!(
            "Gestapelde kolommen per maand van levering in {jaar}: gedeclareerd {}, nog te declareren {}, open \
             verplichtingen {}, nieuwe instroom {}. De cijfers staan in de tabel eronder.",
            parts.0, parts.1, parts.2, parts.3
        ),
        Language::En => format!(
            "Stacked columns by month of delivery in {jaar}: declared {}, still to be declared {}, open commitments {}, \
             new inflow {}. The figures are in the table below.",
            parts.0, parts.1, parts.2, parts.3
        ),
    }
}

/// One forecast against its budget for who can't see the drawing.
pub(crate) fn fan_description(line: &Line, language: Language) -> String {
    let amount = |cents| euros_short(cents, language);
    let budget = line.budget.map(|budget| match language {
        Language::Nl => format!(", begroting {}", amount(budget)),
        Language::En => format!(", budget {}", amount(budget)),
    });
    let (low, estimate, high) = (amount(line.forecast.p10), amount(line.forecast.p50), amount(line.forecast.p90));
    let budget = budget.unwrap_or_default();
    match language {
        Language::Nl => format!("Prognose {estimate}, 80 %-interval {low} tot {high}{budget}."),
        Language::En => format!("Forecast {estimate}, 80% interval {low} to {high}{budget}."),
    }
}

/// How far the forecast moved since a day.
pub(crate) fn change_title(before: i64, after: i64, since: Date, language: Language) -> String {
    let (apart, day) =
        (euros_short(after.abs_diff(before).try_into().unwrap_or(i64::MAX), language), long_date(since, language));
    match (after.cmp(&before), language) {
        (Ordering::Equal, Language::Nl) => format!("Sinds {day} is de prognose niet veranderd"),
        (Ordering::Equal, Language::En) => format!("Since {day} the forecast has not changed"),
        (Ordering::Greater, Language::Nl) => format!("Sinds {day} is de prognose {apart} hoger geworden"),
        (Ordering::Greater, Language::En) => format!("Since {day} the forecast has gone up by {apart}"),
        (Ordering::Less, Language::Nl) => format!("Sinds {day} is de prognose {apart} lager geworden"),
        (Ordering::Less, Language::En) => format!("Since {day} the forecast has gone down by {apart}"),
    }
}

/// Where the years go.
pub(crate) fn years_title(first: &YearAhead, last: &YearAhead, language: Language) -> String {
    let (from, to) = (euros_short(first.p50, language), euros_short(last.p50, language));
    match language {
        Language::Nl => format!("Van {from} in {} naar {to} in {}", first.jaar, last.jaar),
        Language::En => format!("From {from} in {} to {to} in {}", first.jaar, last.jaar),
    }
}

/// The years for who can't see them.
pub(crate) fn years_description(years: &[&YearAhead], language: Language) -> String {
    let amount = |cents| euros_short(cents, language);
    let of = |row: &&YearAhead| format!("{} {} ({} – {})", row.jaar, amount(row.p50), amount(row.p10), amount(row.p90));
    let years: Vec<String> = years.iter().map(of).collect();
    let years = years.join(", ");
    match language {
        Language::Nl => {
            format!("Kolommen per jaar, met hun 80 %-interval: {years}. De cijfers staan in de tabel eronder.")
        }
        Language::En => {
            format!("Columns by year, with their 80% interval: {years}. The figures are in the table below.")
        }
    }
}

/// The message of the run-off: how much is known three months after a month.
pub(crate) fn run_off_title(share: f64, language: Language) -> String {
    let share = percent(share, language);
    match language {
        Language::Nl => format!("Drie maanden na een maand is {share} ervan gedeclareerd"),
        Language::En => format!("Three months after a month {share} of it has been declared"),
    }
}

/// The run-off for who can't see it.
pub(crate) fn run_off_description(shares: &[String], language: Language) -> String {
    let shares = shares.join(", ");
    match language {
        Language::Nl => {
            format!("Kolommen per maand na levering, van nul af: {shares}. De cijfers staan in de tabel eronder.")
        }
        Language::En => {
            format!("Columns by month after care, from zero: {shares}. The figures are in the table below.")
        }
    }
}

/// What the record says, and honestly which method did best.
pub(crate) fn record_verdict(record: &Record, language: Language) -> Option<String> {
    let mape = record.mape?;
    let rivals = [
        (record.mape_naive_run_rate, "doortrekken van het tempo", "running on at the same rate"),
        (record.mape_chain_ladder, "de chain ladder op declaraties", "the paid chain ladder"),
    ];
    let best = rivals
        .into_iter()
        .filter_map(|(error, nl, en)| Some((error?, nl, en)))
        .filter(|(error, ..)| *error < mape)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let (cuts, error) = (count(record.cuts, language), percent_one_decimal(mape, language));
    let first = match language {
        Language::Nl => format!(
            "Op {cuts} eerdere peildatums, met evenveel maanden te gaan, zat deze prognose er gemiddeld {error} naast."
        ),
        Language::En => {
            format!("On {cuts} earlier days, with as many months to go, this forecast was off by {error} on average.")
        }
    };
    let second = match (best, language) {
        (None, Language::Nl) => "Geen van de eenvoudige methoden deed het beter.".to_owned(),
        (None, Language::En) => "None of the simple methods did better.".to_owned(),
        (Some((error, nl, _)), Language::Nl) => format!(
            "Let op: {nl} deed het beter, met gemiddeld {}. Weeg die uitkomst mee.",
            percent_one_decimal(error, language)
        ),
        (Some((error, _, en)), Language::En) => format!(
            "Note: {en} did better, at {} on average. Take that outcome into account.",
            percent_one_decimal(error, language)
        ),
    };
    Some(format!("{first} {second}"))
}

/// A mean signed error, with what the sign means.
pub(crate) fn bias(bias: f64, language: Language) -> String {
    let size = percent_one_decimal(bias.abs(), language);
    match (bias < 0.0, language) {
        (false, Language::Nl) => format!("{size} te hoog"),
        (true, Language::Nl) => format!("{size} te laag"),
        (false, Language::En) => format!("{size} too high"),
        (true, Language::En) => format!("{size} too low"),
    }
}

/// Coverage beside what it should be.
pub(crate) fn coverage(share: f64, language: Language) -> String {
    match language {
        Language::Nl => format!("{} (bedoeld: 80 %)", percent(share, language)),
        Language::En => format!("{} (meant: 80%)", percent(share, language)),
    }
}
