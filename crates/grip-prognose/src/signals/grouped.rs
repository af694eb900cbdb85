//! One change is seen in several series: which of them it is told of.

use std::cmp::Reverse;

use grip_series::SignalKind;

use super::{Found, SAME_SIGNAL_MONTHS, SignalLine};

/// Share of the money of the widest series that the narrowest must explain to be the home of a change.
const MOST: f64 = 0.6;

/// Puts together what is one change, the most money first.
///
/// From the widest series with most money on: of those that it meets, that go the same way and began about then, the narrowest
/// with most of that money is its home, and of equally narrow ones the one that is nearest to a cause.
pub(super) fn grouped(mut found: Vec<Found>) -> Vec<SignalLine> {
    found.sort_by_cached_key(|found| (found.part.narrowness(), Reverse(money(found)), found.deviation.id.clone()));
    let mut groups: Vec<Vec<Found>> = Vec::new();
    for next in found {
        match groups.iter_mut().find(|group| is_one_change(&group[0], &next) && is_of_one_family(group, &next)) {
            Some(group) => group.push(next),
            None => groups.push(vec![next]),
        }
    }
    let mut lines: Vec<SignalLine> = groups.into_iter().map(line).collect();
    lines.sort_by_cached_key(|line| (Reverse(line.deviation.to_date.abs()), line.deviation.id.clone()));
    lines
}

/// Eurocents, whichever way: of a lasting change in a year, of one month of itself.
fn money(found: &Found) -> i64 {
    found.deviation.per_year.unwrap_or(found.deviation.to_date).abs()
}

fn is_one_change(first: &Found, other: &Found) -> bool {
    let apart_max = match first.kind {
        SignalKind::Outlier => 0,
        SignalKind::LevelShift => SAME_SIGNAL_MONTHS,
        SignalKind::Trend => 2 * SAME_SIGNAL_MONTHS,
    };
    let apart = (first.since.index() - other.since.index()).abs();
    first.kind == other.kind
        && (first.deviation.to_date > 0) == (other.deviation.to_date > 0)
        && apart <= apart_max
        && first.part.meets(&other.part)
}

/// Money goes with any cause, and two causes are two changes.
fn is_of_one_family(group: &[Found], other: &Found) -> bool {
    let families = group.iter().filter_map(|found| found.measure.family());
    other.measure.family().is_none_or(|family| families.into_iter().all(|of| of == family))
}

fn line(mut group: Vec<Found>) -> SignalLine {
    let most = group.iter().map(money).max().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "amounts below 2^53 eurocents")]
    let explains = |found: &Found| money(found) as f64 >= MOST * most as f64;
    let homes = group.iter().enumerate().filter(|(_, found)| explains(found));
    let home = homes.max_by_key(|(_, found)| (found.part.narrowness(), Reverse(found.measure), money(found)));
    let home = group.remove(home.map_or(0, |(at, _)| at));
    SignalLine {
        deviation: home.deviation,
        also: group.into_iter().map(|found| found.deviation).collect(),
        months: home.months,
    }
}
