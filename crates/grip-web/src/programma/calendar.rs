//! Days as places in a planning chart.

use grip_report::{Language, PlanningMark, PlanningMonth, month_name_short};
use grip_types::{Date, Maand};

/// The months of a planning chart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    first: Maand,
    last: Maand,
}

impl Calendar {
    /// The months that hold all these days.
    pub(crate) fn holding(days: impl Iterator<Item = Date> + Clone) -> Option<Self> {
        let (first, last) = (days.clone().min()?, days.max()?);
        Some(Self { first: Maand::of(first), last: Maand::of(last) })
    }

    /// The place of a day: days after the first of all.
    pub(crate) fn place(self, day: Date) -> i64 {
        day.duration_since(self.first.first_day()).as_hours() / 24
    }

    pub(crate) fn months(self, language: Language) -> Vec<PlanningMonth> {
        let months = (self.first.index()..=self.last.index()).map(Maand::from_index);
        let quarter = if language == Language::Nl { 'k' } else { 'Q' };
        months
            .map(|month| PlanningMonth {
                label: month_name_short(month.month(), language).to_owned(),
                quarter: if month.month() % 3 == 1 {
                    format!("{quarter}{}", month.month() / 3 + 1)
                } else {
                    String::new()
                },
                year: if month.month() == 1 || month == self.first { month.year().to_string() } else { String::new() },
                days: month.periode().days(),
            })
            .collect()
    }

    /// A day with a text, when it is in these months.
    pub(crate) fn mark(self, day: Date, name: String) -> Option<PlanningMark> {
        (self.first..=self.last).contains(&Maand::of(day)).then(|| PlanningMark { day: self.place(day), name })
    }
}
