//! Why the forecast of a year is not what it was.

use std::collections::{BTreeMap, HashMap};

use grip_ledger::{Levering, Tarieven, Toewijzing, current, known_value};
use grip_types::{Bedrag, Date, Maand};
use serde::Serialize;

use crate::{Facts, Prognose, Segment};

/// What made a forecast change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A month that was delivered on the earlier day: declared and refused since, and what is now expected still, against what
    /// was expected still.
    LateDeclarations,
    /// A month that came in between: what is declared and expected for it, against what was expected.
    PassedMonths,
    /// Allocations that are new, against the inflow that was expected.
    NewAllocations,
    /// Other versions of allocations that were known.
    ChangedAllocations,
    /// Deliveries that ended, or began again.
    Stops,
    /// Another share of what is allocated is expected to be declared.
    Realisation,
}

/// One cause in one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Law.
    pub wet: &'static str,
    /// ProductCategorie.
    pub productcategorie: String,
    /// What it was.
    pub cause: Cause,
    /// `YYYY-MM` of delivery, of causes that have one.
    pub maand: Option<String>,
    /// Eurocents; above zero the forecast went up.
    pub amount: i64,
}

/// Why the forecast of a year changed between two days: the parts add up to the change, to the cent.
///
/// # Formula
/// Of a month that had begun by a day, the change of what it is expected to become. Of a month to come, with `V` the value of
/// what is allocated for it, `O` what is expected of that and `r = O / V`: `r₂ · (V₂ of new allocations) + change of inflow`,
/// `r₂ · (V₂ − V₁ of versions)`, `r₂ · (V₂ − V₁ of stops)`, and `(r₂ − r₁) · V₁`. Rounding goes to the last.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Year that is forecast.
    pub jaar: i16,
    /// The earlier day, `YYYY-MM-DD`.
    pub from: String,
    /// The later day.
    pub to: String,
    /// The forecast on the earlier day, in eurocents.
    pub before: i64,
    /// The forecast on the later day.
    pub after: i64,
    /// What made the difference, in the order of segments, causes and months. Nothing that is zero.
    pub parts: Vec<Part>,
}

impl Change {
    /// The amount of each cause and month, of one segment or of all.
    #[must_use]
    pub fn causes(&self, of: Option<(&str, &str)>) -> BTreeMap<(Cause, Option<&str>), i64> {
        let mut found = BTreeMap::new();
        let is_of = |part: &&Part| of.is_none_or(|of| of == (part.wet, part.productcategorie.as_str()));
        for part in self.parts.iter().filter(is_of) {
            *found.entry((part.cause, part.maand.as_deref())).or_default() += part.amount;
        }
        found
    }
}

/// What was expected of one month of one segment, in eurocents.
#[derive(Debug, Clone, Copy, Default)]
struct Expected {
    delivered: i64,
    open: i64,
    inflow: i64,
}

impl Expected {
    fn total(self) -> i64 {
        self.delivered + self.open + self.inflow
    }
}

/// The value of what is allocated for a month to come, in eurocents.
#[derive(Debug, Clone, Copy, Default)]
struct Value {
    before: i64,
    new: i64,
    changed: i64,
    stopped: i64,
}

type Months<T> = BTreeMap<Segment, BTreeMap<Maand, T>>;

/// Compares the forecasts of a year on two days, the earlier with the later.
pub fn change(facts: &Facts, one: &Prognose, other: &Prognose) -> Change {
    let (before, after) = if one.peildatum <= other.peildatum { (one, other) } else { (other, one) };
    let (jaar, from, to) = (after.jaar, before.peildatum, after.peildatum);
    let (before, after) = (expected(before), expected(after));
    let values = values(facts, jaar, from, to);
    let mut found: BTreeMap<(Segment, Cause, Option<Maand>), i64> = BTreeMap::new();
    let segments: Vec<&Segment> = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    for segment in segments {
        for maand in (1..=12).map(|month| Maand::new(jaar, month)) {
            let at = |months: &Months<Expected>| {
                months.get(segment).and_then(|months| months.get(&maand)).copied().unwrap_or_default()
            };
            let value = values.get(segment).and_then(|months| months.get(&maand)).copied().unwrap_or_default();
            let causes = if maand > Maand::of(to) {
                to_come(at(&before), at(&after), value, maand)
            } else {
                let cause = if maand <= Maand::of(from) { Cause::LateDeclarations } else { Cause::PassedMonths };
                vec![(cause, Some(maand), at(&after).total() - at(&before).total())]
            };
            for (cause, maand, amount) in causes {
                *found.entry((segment.clone(), cause, maand)).or_default() += amount;
            }
        }
    }
    let total = |months: &Months<Expected>| months.values().flatten().map(|(_, month)| month.total()).sum();
    let parts = found.into_iter().filter(|(_, amount)| *amount != 0);
    Change {
        jaar,
        from: from.to_string(),
        to: to.to_string(),
        before: total(&before),
        after: total(&after),
        parts: parts
            .map(|(((wet, categorie), cause, maand), amount)| Part {
                wet: wet.as_str(),
                productcategorie: categorie.to_string(),
                cause,
                maand: maand.map(|maand| maand.to_string()),
                amount,
            })
            .collect(),
    }
}

fn to_come(before: Expected, after: Expected, value: Value, maand: Maand) -> Vec<(Cause, Option<Maand>, i64)> {
    let later = value.before + value.new + value.changed + value.stopped;
    let share = |open: i64, value: i64| {
        (value > 0).then(|| Bedrag::from_cents(open).to_f64() / Bedrag::from_cents(value).to_f64())
    };
    let share = share(after.open, later).or_else(|| share(before.open, value.before)).unwrap_or_default();
    let of = |cents: i64| Bedrag::from_f64(Bedrag::from_cents(cents).to_f64() * share).cents;
    let (new, changed, stopped) = (of(value.new), of(value.changed), of(value.stopped));
    vec![
        (Cause::LateDeclarations, Some(maand), after.delivered - before.delivered),
        (Cause::NewAllocations, None, new + after.inflow - before.inflow),
        (Cause::ChangedAllocations, None, changed),
        (Cause::Stops, None, stopped),
        (Cause::Realisation, None, after.open - before.open - new - changed - stopped),
    ]
}

/// The months of a forecast in whole cents, rounded as they are shown.
fn expected(made: &Prognose) -> Months<Expected> {
    let cents = |amount| Bedrag::from_f64(amount).cents;
    let of = |outlook: &grip_forecast::Outlook| {
        let month = |month: &grip_forecast::MonthOutlook| {
            let delivered = cents(month.declared) + cents(month.ibnr);
            (
                made.grid.maand(month.month),
                Expected { delivered, open: cents(month.open_commitments), inflow: cents(month.inflow) },
            )
        };
        outlook.months.iter().map(month).collect()
    };
    made.segments.iter().cloned().zip(made.forecast.segments.iter().map(of)).collect()
}

/// What was allocated for the months after the later day, on both days.
fn values(facts: &Facts, jaar: i16, from: Date, to: Date) -> Months<Value> {
    let horizon = Maand::new(jaar, 12);
    let tarieven = [facts.tarieven(from), facts.tarieven(to)];
    let mut found: Months<Value> = BTreeMap::new();
    let mut add = |segment: &Segment, maand: Maand, put: &dyn Fn(&mut Value)| {
        if maand > Maand::of(to) && maand.year() == jaar {
            put(found.entry(segment.clone()).or_default().entry(maand).or_default());
        }
    };
    for (nummer, versions) in &facts.toewijzingen {
        let [before, after] = [(from, &tarieven[0]), (to, &tarieven[1])].map(|(day, tarieven)| {
            let version = current(versions, day)?;
            let segment: Segment = (version.wet, version.categorie.clone().unwrap_or_default());
            Some((segment, months(version, tarieven, horizon), facts.levering(*nummer, day)))
        });
        let runs = |levering: &Levering, maand: Maand| levering.ended.is_none_or(|ended| maand <= Maand::of(ended));
        let stopped_before = before.as_ref().map(|(.., levering)| *levering);
        if let Some((segment, months, levering)) = &before {
            for (maand, cents) in months.iter().filter(|(maand, _)| runs(levering, **maand)) {
                add(segment, *maand, &|value| {
                    value.before += cents;
                    value.changed -= cents;
                });
            }
        }
        let Some((segment, months, levering)) = &after else { continue };
        for (maand, cents) in months {
            let is_running = runs(levering, *maand);
            match &stopped_before {
                None if is_running => add(segment, *maand, &|value| value.new += cents),
                None => {}
                Some(earlier) => {
                    let was_running = runs(earlier, *maand);
                    add(segment, *maand, &|value| {
                        value.changed += if was_running { *cents } else { 0 };
                        value.stopped += i64::from(is_running) * cents - i64::from(was_running) * cents;
                    });
                }
            }
        }
    }
    found
}

fn months(version: &Toewijzing, tarieven: &Tarieven, horizon: Maand) -> HashMap<Maand, i64> {
    known_value(version, tarieven, horizon).unwrap_or_default().into_iter().filter(|(_, cents)| *cents > 0).collect()
}
