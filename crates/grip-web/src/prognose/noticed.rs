//! What the forecast saw and reckons with.

use grip_pipeline::{
    NoticeKind,
    answer::{Line, Noticed},
};
use grip_report::{Language, euros_short};

use crate::{prognose::view::month_in_full, words::words};

/// More than this nobody reads; the JSON has all.
const SHOWN_MAX: usize = 12;

/// A sentence for each, what is worth most first.
pub(crate) fn noticed(lines: &[&Line], language: Language) -> Vec<String> {
    let mut all: Vec<(&Line, &Noticed)> =
        lines.iter().flat_map(|line| line.noticed.iter().map(|notice| (*line, notice))).collect();
    all.sort_by_key(|(_, notice)| std::cmp::Reverse(notice.amount.abs()));
    all.iter().take(SHOWN_MAX).map(|(line, notice)| sentence(line, notice, language)).collect()
}

fn sentence(line: &Line, notice: &Noticed, language: Language) -> String {
    let w = words(language);
    let what = match notice.kind {
        NoticeKind::ProviderSlower => w.noticed_slower,
        NoticeKind::MissingMonth => w.noticed_missing,
        NoticeKind::Backlog => w.noticed_backlog,
        NoticeKind::TariffStep => w.noticed_tariff,
        NoticeKind::Ended => w.noticed_ended,
        NoticeKind::CeilingReached => w.noticed_ceiling,
        NoticeKind::Pooled => w.noticed_pooled,
        NoticeKind::FirstYear => w.noticed_first_year,
        NoticeKind::SimplerMethod => w.noticed_simpler_method,
    };
    let who = notice.naam.as_ref().or(notice.aanbieder.as_ref()).map(|name| format!(" – {name}")).unwrap_or_default();
    let since = month_in_full(&notice.maand, language);
    let amount = match notice.amount {
        0 => String::new(),
        cents => format!(" ({})", euros_short(cents, language)),
    };
    format!("{}{who}: {what}, {} {since}{amount}.", line.naam, w.since)
}
