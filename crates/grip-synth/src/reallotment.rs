//! Care that goes on under another Toewijzing from a day on, because the municipality allots it otherwise.
//!
//! Every Toewijzing is first allotted as if nothing was going to change, and then worded anew from the day on: same client,
//! provider and days, so that two of them overlap no more than they did.

use grip_types::{Date, Periode};
use jiff::{
    ToSpan,
    civil::{DateTime, date},
};

use crate::{
    Settings,
    clients::EndReason,
    contracts::Market,
    deliveries::next_working_day,
    random::{Purpose, Stream},
    scenario::{self, DECIDED_DAYS_BEFORE, Scenario},
    toewijzingen::{Toewijzing, Variant, Version, at_work, size},
};

/// Contractwijziging.
const CONTRACT_CHANGED: &str = "03";
/// Overgang naar nieuwe bekostigingssystematiek.
const FUNDING_CHANGED: &str = "10";

/// What a Toewijzing becomes in the scenario: mostly itself.
pub(crate) fn reallot(settings: &Settings, market: &Market, toewijzing: Toewijzing) -> Vec<Toewijzing> {
    let is_replaced = toewijzing.variant == Variant::Specifiek && toewijzing.product == scenario::replacement().0;
    let is_capped = toewijzing.variant != Variant::Generiek && scenario::is_capped(toewijzing.product);
    let year = settings.to.year();
    if settings.scenario == Scenario::ReplacedProduct && is_replaced {
        from_day(settings, toewijzing, date(year, 1, 1), CONTRACT_CHANGED, |new| vec![replace(new)])
    } else if settings.scenario == Scenario::Ceiling && is_capped {
        from_day(settings, toewijzing, date(year, 1, 1), FUNDING_CHANGED, |new| cap(settings, market, new, year))
    } else {
        vec![toewijzing]
    }
}

/// Words anew what there is of a Toewijzing from a day on, and ends what there is of it before.
fn from_day(
    settings: &Settings,
    mut toewijzing: Toewijzing,
    begin: Date,
    reden: &'static str,
    mut change: impl FnMut(Toewijzing) -> Vec<Toewijzing>,
) -> Vec<Toewijzing> {
    let eve = begin.saturating_sub(1.day());
    if toewijzing.ingangsdatum == eve && runs_on(&toewijzing, begin) {
        // Of a single day nothing is left to end: begin and end on one day means deleted.
        toewijzing.ingangsdatum = begin;
        toewijzing.care = toewijzing.care.and_then(|care| care.intersect(Periode { begin, eind: Date::MAX }));
    }
    if toewijzing.ingangsdatum >= begin {
        return change(toewijzing);
    }
    if !runs_on(&toewijzing, begin) {
        return vec![toewijzing];
    }
    let decided = decide(settings, &toewijzing, begin);
    let new = rest(&mut toewijzing, begin, decided);
    end(&mut toewijzing, eve, decided, reden);
    std::iter::once(toewijzing).chain(new.into_iter().flat_map(change)).collect()
}

/// Whether it is valid on a day, as far as is known in the end.
fn runs_on(toewijzing: &Toewijzing, day: Date) -> bool {
    !toewijzing.is_deleted() && toewijzing.last().einddatum.is_none_or(|einddatum| einddatum >= day)
}

/// The moment of the decision: some weeks before the day, and after the Toewijzing was sent for the first time.
fn decide(settings: &Settings, toewijzing: &Toewijzing, begin: Date) -> DateTime {
    let mut stream = Stream::new(settings.seed, Purpose::Scenario, toewijzing.stream);
    let earliest = toewijzing.versions[0].sent.saturating_add(1.day());
    let day = next_working_day(begin.saturating_sub(DECIDED_DAYS_BEFORE.days()).max(earliest));
    at_work(&mut stream, day)
}

/// What there is of a Toewijzing from `begin` on, under a number of its own; `None` when that is a single day. Takes the care of
/// that time out of the old one.
fn rest(old: &mut Toewijzing, begin: Date, decided: DateTime) -> Option<Toewijzing> {
    let care = split_care(old, begin);
    let valid = |version: &Version| version.einddatum.is_none_or(|einddatum| einddatum >= begin);
    let known = old.versions.iter().rposition(|version| version.sent <= decided.date()).unwrap_or_default();
    // Either it is valid then as it is known at the decision, or it will be when it is prolonged.
    let first = (known..old.versions.len()).find(|position| valid(&old.versions[*position]))?;
    let mut versions: Vec<Version> = old.versions[first..].to_vec();
    versions[0].reden = None;
    if first == known {
        versions[0].stamp = decided;
        versions[0].sent = decided.date();
    }
    if versions.last().is_some_and(|version| version.einddatum == Some(begin)) {
        return None;
    }
    let sent = versions[0].sent;
    let resent = old.resent.iter().copied().filter(|day| *day > sent).collect();
    old.resent.retain(|day| *day < decided.date());
    let (care, pause) = care;
    Some(Toewijzing {
        ingangsdatum: begin,
        versions,
        is_requested: false,
        resent,
        care,
        pause,
        // Far above the numbers of what a client is allotted at first.
        stream: old.stream + (1 << 50),
        ..old.clone()
    })
}

/// Leaves the care before a day in a Toewijzing, and returns that from the day on. A pause that lasts over the day is between them.
fn split_care(old: &mut Toewijzing, begin: Date) -> (Option<Periode>, Option<Periode>) {
    let eve = begin.saturating_sub(1.day());
    let (mut before, mut after) = (eve, begin);
    let mut later_pause = None;
    if let Some(pause) = old.pause.filter(|pause| pause.eind >= eve) {
        old.pause = None;
        if pause.begin > begin {
            later_pause = Some(pause);
        } else {
            before = pause.begin.saturating_sub(1.day());
            after = pause.eind.saturating_add(1.day());
        }
    }
    let care = old.care;
    old.care = care.and_then(|care| care.intersect(Periode { begin: Date::MIN, eind: before }));
    let later = care.and_then(|care| care.intersect(Periode { begin: after, eind: Date::MAX }));
    (later, later_pause.filter(|_| later.is_some()))
}

/// Ends a Toewijzing on a day by the decision; what would have been decided about it later is only kept where it ends before.
fn end(toewijzing: &mut Toewijzing, eind: Date, decided: DateTime, reden: &'static str) {
    let size = toewijzing.size_on(eind);
    let (mut versions, later): (Vec<Version>, Vec<Version>) =
        std::mem::take(&mut toewijzing.versions).into_iter().partition(|version| version.sent < decided.date());
    let cut = Version { stamp: decided, sent: decided.date(), einddatum: Some(eind), reden: Some(reden), size };
    let ends_later = |version: &Version| version.einddatum.is_none_or(|einddatum| einddatum > eind);
    if versions.last().is_some_and(ends_later) {
        versions.push(cut);
    }
    for mut version in later {
        version.einddatum = Some(version.einddatum.map_or(eind, |einddatum| einddatum.min(eind)));
        if versions.last().is_none_or(|last| last.einddatum != version.einddatum) {
            versions.push(version);
        }
    }
    toewijzing.versions = versions;
    toewijzing.reason = EndReason::Planned;
}

/// A Toewijzing for the product that takes the place of the old one: a volume per month instead of in total.
fn replace(mut toewijzing: Toewijzing) -> Toewijzing {
    toewijzing.product = scenario::replacement().1;
    for version in &mut toewijzing.versions {
        version.size = toewijzing.need;
    }
    drop_what_changes_nothing(&mut toewijzing);
    toewijzing
}

/// A Budget until the end of the year, and one for the next year when it runs on.
fn cap(settings: &Settings, market: &Market, mut toewijzing: Toewijzing, year: i16) -> Vec<Toewijzing> {
    let next = date(year + 1, 1, 1);
    let mut new = None;
    if toewijzing.ingangsdatum < next && runs_on(&toewijzing, next) {
        let decided = decide(settings, &toewijzing, next);
        new = rest(&mut toewijzing, next, decided);
    }
    let mut budgets = vec![with_budget(settings, market, toewijzing, date(year, 12, 31))];
    budgets.extend(new.map(|new| with_budget(settings, market, new, date(year + 1, 12, 31))));
    budgets
}

/// A Toewijzing as a Budget that ends on a day at the latest and is what the need of its days costs.
fn with_budget(settings: &Settings, market: &Market, mut toewijzing: Toewijzing, latest: Date) -> Toewijzing {
    let mut stream = Stream::new(settings.seed, Purpose::Scenario, (1 << 55) | toewijzing.stream);
    toewijzing.variant = Variant::AspecifiekMetBudget;
    toewijzing.pace = scenario::draw_pace(&mut stream);
    let mut versions = std::mem::take(&mut toewijzing.versions);
    let mut before: Option<(Date, i64)> = None;
    for version in &mut versions {
        let eind = version.einddatum.map_or(latest, |einddatum| einddatum.min(latest));
        let kept = before.filter(|(einddatum, _)| eind <= *einddatum).map(|(_, size)| size);
        version.einddatum = Some(eind);
        version.size = kept.unwrap_or_else(|| size(market, &toewijzing, eind));
        before = Some((eind, version.size));
    }
    toewijzing.versions = versions;
    drop_what_changes_nothing(&mut toewijzing);
    let until = Periode { begin: Date::MIN, eind: latest };
    toewijzing.care = toewijzing.care.and_then(|care| care.intersect(until));
    toewijzing.resent.retain(|day| *day <= latest);
    toewijzing
}

fn drop_what_changes_nothing(toewijzing: &mut Toewijzing) {
    let same = |one: &Version, other: &Version| (one.einddatum, one.size) == (other.einddatum, other.size);
    toewijzing.versions.dedup_by(|later, earlier| same(later, earlier));
}
