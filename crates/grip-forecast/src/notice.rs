//! What a forecast saw in the data of a segment that makes it differ from running on.

use crate::history::{FUTURE, KnownAmounts, PAST};
use crate::outlook::Method;
use crate::provider::Late;

/// So many months without a declaration in a row are a backlog.
const BACKLOG_MONTHS: usize = 3;

/// Less than this part of a segment's yearly cost is not told.
const SMALLEST_PART: f64 = 0.01;

/// A price that rises or falls by more than this from one month to the next is more than indexation.
const STEP: f64 = 0.1;

/// A standard error above this part of the forecast: others tell more of the segment than it does itself.
const RESTLESS: f64 = 0.25;

/// Months of a year.
const YEAR: usize = 12;

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A provider declares, but far less than it used to by this time.
    ProviderSlower,
    /// A provider declared nothing for a month or two.
    MissingMonth,
    /// A provider declared nothing for three months or more in a row.
    Backlog,
    /// Prices rose or fell by more than a tenth from one month to the next, in the window.
    TariffStep,
    /// What was allocated has ended, or is replaced by something in another segment.
    Ended,
    /// Of allocations with a ceiling less is left than an even spending would need.
    CeilingReached,
    /// Too small or too restless to be told by itself; the errors of other segments weigh in its interval.
    Pooled,
    /// Nothing is known of a year ago.
    FirstYear,
    /// Run-rate or chain ladder did much better before, and is taken.
    SimplerMethod,
}

impl NoticeKind {
    /// Its name in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProviderSlower => "provider_slower",
            Self::MissingMonth => "missing_month",
            Self::Backlog => "backlog",
            Self::TariffStep => "tariff_step",
            Self::Ended => "ended",
            Self::CeilingReached => "ceiling_reached",
            Self::Pooled => "pooled",
            Self::FirstYear => "first_year",
            Self::SimplerMethod => "simpler_method",
        }
    }
}

/// Something that was seen in a segment, in whole eurocents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// What.
    pub kind: NoticeKind,
    /// Name of the provider, where it is about one.
    pub provider: Option<String>,
    /// The first month it is about.
    pub month: i64,
    /// How much it is about: what is owed, what the price adds from that month to the end of the window, what used to be
    /// declared in a year, what a ceiling takes away, the standard error. Zero where it is not about an amount.
    pub cents: i64,
}

/// What the notices of one segment rest on.
pub(crate) struct Seen<'a> {
    pub(crate) amounts: &'a KnownAmounts<'a>,
    /// Providers that are late now.
    pub(crate) late: &'a [Late],
    pub(crate) now: usize,
    /// First month of the window and, of its months, what is expected of each.
    pub(crate) first: i64,
    pub(crate) months: &'a [f64],
    pub(crate) standard_error: f64,
    pub(crate) method: Method,
}

pub(crate) fn notices(seen: &Seen) -> Vec<Notice> {
    let Seen { amounts, now, .. } = *seen;
    let begin = (0..=now).find(|month| amounts.declared(*month, now) != 0.0);
    let year: f64 = (now.saturating_sub(YEAR - 1)..=now).map(|month| amounts.declared(month, now)).sum();
    let mut found = providers(seen.late, amounts, now, year);
    found.extend(tariff_step(seen));
    let ahead: f64 = (0..=FUTURE).map(|ahead| amounts.committed_ahead(now, ahead)).sum();
    let before = now.checked_sub(YEAR).map_or(0.0, |cut| amounts.committed_ahead(cut, 0));
    if ahead <= 0.0 && before > 0.0 && year > 0.0 {
        let last = (0..=PAST.min(now)).find(|back| amounts.committed_back(now, *back) > 0.0).unwrap_or(PAST);
        found.push(notice(NoticeKind::Ended, None, now.saturating_sub(last) + 1, year));
    }
    if amounts.beyond_ceiling() > SMALLEST_PART * year {
        found.push(notice(NoticeKind::CeilingReached, None, now + 1, amounts.beyond_ceiling()));
    }
    let whole: f64 = seen.months.iter().sum();
    if whole > 0.0 && seen.standard_error > RESTLESS * whole {
        found.push(notice(NoticeKind::Pooled, None, now, seen.standard_error));
    }
    if let Some(begin) = begin.filter(|begin| now - begin < YEAR) {
        found.push(notice(NoticeKind::FirstYear, None, begin, 0.0));
    }
    if seen.method != Method::Composed {
        found.push(notice(NoticeKind::SimplerMethod, None, now, 0.0));
    }
    found
}

/// Per provider what it owes, and whether that looks like slowness, a month or two that are missing, or a backlog.
fn providers(late: &[Late], amounts: &KnownAmounts, now: usize, year: f64) -> Vec<Notice> {
    let mut found = Vec::new();
    for provider in 0..amounts.providers() {
        let mut own: Vec<&Late> = late.iter().filter(|late| late.provider == provider).collect();
        own.sort_by_key(|late| late.month);
        let owed: f64 = own.iter().map(|late| late.usual - late.declared).sum();
        let Some(first) = own.first().filter(|_| owed > SMALLEST_PART * year) else { continue };
        // Last month alone can be a matter of days.
        if own.len() == 1 && first.month + 1 == now {
            continue;
        }
        let silent = own.iter().filter(|late| late.is_silent()).count();
        let in_a_row = own.windows(2).all(|pair| pair[1].month == pair[0].month + 1);
        let kind = if silent < own.len() {
            NoticeKind::ProviderSlower
        } else if silent >= BACKLOG_MONTHS && in_a_row {
            NoticeKind::Backlog
        } else {
            NoticeKind::MissingMonth
        };
        found.push(notice(kind, Some(amounts.provider_name(provider)), first.month, owed));
    }
    found
}

fn tariff_step(seen: &Seen) -> Option<Notice> {
    let first = usize::try_from(seen.first).unwrap_or(0).max(1);
    let last = usize::try_from(seen.first + i64::try_from(seen.months.len()).ok()?).unwrap_or(0);
    let month = (first..last).find(|month| {
        let before = seen.amounts.price(month - 1);
        (seen.amounts.price(*month) / before - 1.0).abs() > STEP
    })?;
    let from = usize::try_from(i64::try_from(month).ok()? - seen.first).ok()?;
    let price = seen.amounts.price(month);
    let part = 1.0 - seen.amounts.price(month - 1) / price;
    Some(notice(NoticeKind::TariffStep, None, month, part * seen.months[from..].iter().sum::<f64>()))
}

fn notice(kind: NoticeKind, provider: Option<&str>, month: usize, amount: f64) -> Notice {
    #[expect(clippy::cast_possible_truncation, reason = "a sum of amounts that were checked to be below 10^15")]
    let cents = amount.round() as i64;
    let month = i64::try_from(month).expect("a grid of months fits in 63 bits");
    Notice { kind, provider: provider.map(ToOwned::to_owned), month, cents }
}
