use crate::ForecastError;

/// Months back for which [`SegmentHistory::committed`] is given.
pub const PAST: usize = 12;

/// Months ahead for which [`SegmentHistory::committed`] is given; the furthest a forecast reaches.
pub const FUTURE: usize = 12;

/// The longest delay in months that has a place of its own in the development pattern. What comes later counts as if it
/// came with this delay.
pub const MAX_DELAY: usize = 24;

/// A limit on one amount, in eurocents: ten thousand billion euro. It keeps every sum and product far from overflow.
const LARGEST_AMOUNT: f64 = 1e15;

/// What is known of one provider within a segment, on the grid of the segment. Eurocents.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProviderHistory {
    /// What tells it apart: its code.
    pub name: String,
    /// As [`SegmentHistory::declared`], of this provider only.
    pub declared: Vec<Vec<f64>>,
    /// `committed[c][k]`: value allocated to this provider for month `c - k`, as known at cut `c`; `k` in `0..=PAST`.
    pub committed: Vec<Vec<f64>>,
}

impl ProviderHistory {
    fn truncate(&self, months: usize) -> Self {
        Self {
            name: self.name.clone(),
            declared: self.declared[..months]
                .iter()
                .enumerate()
                .map(|(month, row)| row.iter().take(months - month).copied().collect())
                .collect(),
            committed: self.committed[..months].to_vec(),
        }
    }
}

/// What is known of one segment, on a grid of months `0..n`.
///
/// Month `n - 1` is "now", the month of the valuation date. There is one *cut* per month, on the same day of each month;
/// cut `c` lies in month `c`, and cut `n - 1` is the valuation date. All amounts are eurocents. Nothing in it may depend
/// on what became known after the valuation date.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SegmentHistory {
    /// `declared[m][d]`: net amount for delivery month `m` that became known between cut `m + d - 1` and cut `m + d`
    /// (`d = 0`: up to the cut in month `m` itself). Row `m` has exactly `n - m` entries; long delays are not folded
    /// together, the forecast does that ([`MAX_DELAY`]). Credits are negative. `n` is the number of rows.
    pub declared: Vec<Vec<f64>>,
    /// `committed[c][k]`: value allocated for month `c + k - PAST`, as known at cut `c`; `k` in `0..=PAST + FUTURE`, so
    /// `k = PAST` is the month of the cut itself. Exactly `n` rows. Months before 0 may be filled or left 0.
    pub committed: Vec<Vec<f64>>,
    /// `known_declared[c][h - 1][d]`: the part of `declared[c + h][d]` on toewijzingen that at cut `c` already had an
    /// allocated value in month `c + h`. Exactly `n` rows; row `c` has a list for each `h` in `1..=FUTURE` with
    /// `c + h < n`; list `h` has `n - c - h` entries, as `declared[c + h]` has.
    pub known_declared: Vec<Vec<Vec<f64>>>,
    /// `lapsing[c][h - 1]`: what clients have at cut `c` beyond what is allocated to them for month `c + h`: the value of what will
    /// have ended by then unless it is renewed. Exactly `n` rows of [`FUTURE`] amounts.
    pub lapsing: Vec<Vec<f64>>,
    /// `renewed[c][h - 1][d]`: the part of `declared[c + h][d]` of clients who had something at cut `c`, on toewijzingen that
    /// had no value yet in that month. Shaped as `known_declared`.
    pub renewed: Vec<Vec<Vec<f64>>>,
    /// `arrivals[c]`: clients who have something at cut `c` and had nothing at the cut before. Exactly `n` counts.
    pub arrivals: Vec<f64>,
    /// `arrival_value[c]`: what those clients have in a month, at the prices of cut `c`. Exactly `n` amounts.
    pub arrival_value: Vec<f64>,
    /// `arrived[c][k][d]`: the part of `declared[c + k][d]` of the clients who arrived at cut `c`. Exactly `n` rows; row `c` has a
    /// list for each `k` in `0..FUTURE` with `c + k < n`; list `k` has `n - c - k` entries.
    pub arrived: Vec<Vec<Vec<f64>>>,
    /// Segments of one group, such as those under one law, share what makes more or fewer clients arrive.
    pub group: usize,
    /// `price[m]`: what a unit costs in month `m` beside any other month, above 0; `n + FUTURE` entries, or none where
    /// prices are not known. An index: only ratios count. Of a month to come it is what is agreed by now.
    pub price: Vec<f64>,
    /// Providers with enough money to have a pattern of their own; the others are only in the sums above.
    pub providers: Vec<ProviderHistory>,
    /// What is not in [`committed`](Self::committed) of the months after the newest cut, because too little is left of
    /// allocations with a ceiling.
    pub beyond_ceiling: f64,
}

impl SegmentHistory {
    /// Number of months in the grid.
    #[must_use]
    pub fn months(&self) -> usize {
        self.declared.len()
    }

    /// This history as it was known at an earlier cut: months up to and including `cut`, and in them only what had become
    /// known by then. A cut that has not come yet leaves everything as it is.
    ///
    /// # Panics
    /// When a list is shorter than the documentation of the fields says.
    #[must_use]
    pub fn truncate(&self, cut: usize) -> Self {
        let months = self.months().min(cut + 1);
        let known = |month: usize, row: &[f64]| row.iter().take(months - month).copied().collect();
        Self {
            declared: self.declared[..months].iter().enumerate().map(|(month, row)| known(month, row)).collect(),
            committed: self.committed[..months].to_vec(),
            known_declared: ahead_of(&self.known_declared, months, 1),
            lapsing: self.lapsing[..months].to_vec(),
            renewed: ahead_of(&self.renewed, months, 1),
            arrivals: self.arrivals[..months].to_vec(),
            arrival_value: self.arrival_value[..months].to_vec(),
            arrived: ahead_of(&self.arrived, months, 0),
            group: self.group,
            price: self.price.iter().take(months + FUTURE).copied().collect(),
            providers: self.providers.iter().map(|provider| provider.truncate(months)).collect(),
            // Known of the newest cut only.
            beyond_ceiling: if months == self.months() { self.beyond_ceiling } else { 0.0 },
        }
    }

    /// The history of a segment of which nothing is known: every list of the right length, every amount zero.
    #[must_use]
    pub fn empty(months: usize) -> Self {
        let ahead = |first: usize, last: usize| -> Vec<Vec<Vec<f64>>> {
            let lists = |cut: usize| (first..=last).filter(move |ahead| cut + ahead < months);
            (0..months).map(|cut| lists(cut).map(|ahead| vec![0.0; months - cut - ahead]).collect()).collect()
        };
        Self {
            declared: (0..months).map(|month| vec![0.0; months - month]).collect(),
            committed: vec![vec![0.0; PAST + FUTURE + 1]; months],
            known_declared: ahead(1, FUTURE),
            lapsing: vec![vec![0.0; FUTURE]; months],
            renewed: ahead(1, FUTURE),
            arrivals: vec![0.0; months],
            arrival_value: vec![0.0; months],
            arrived: ahead(0, FUTURE - 1),
            ..Self::default()
        }
    }

    /// Lengths and amounts are as the documentation of the fields says, or the reason why not.
    pub(crate) fn check(&self, segment: usize) -> Result<(), ForecastError> {
        let months = self.months();
        if months == 0 {
            return Err(ForecastError::NoMonths { segment });
        }
        let length = |list, month, given, needed| {
            if given == needed {
                Ok(())
            } else {
                Err(ForecastError::WrongLength { segment, list, month, given, needed })
            }
        };
        let amounts = |list, month, row: &[f64]| {
            // Written so that NaN is refused too.
            if row.iter().all(|amount| amount.abs() <= LARGEST_AMOUNT) {
                Ok(())
            } else {
                Err(ForecastError::ImplausibleAmount { segment, list, month })
            }
        };
        if !self.price.is_empty() {
            length("price", 0, self.price.len(), months + FUTURE)?;
            if !self.price.iter().all(|price| (1e-6..=1e6).contains(price)) {
                return Err(ForecastError::ImplausibleAmount { segment, list: "price", month: 0 });
            }
        }
        for provider in &self.providers {
            length("providers", 0, provider.declared.len(), months)?;
            length("providers", 0, provider.committed.len(), months)?;
            for (month, (declared, committed)) in provider.declared.iter().zip(&provider.committed).enumerate() {
                length("providers", month, declared.len(), months - month)?;
                length("providers", month, committed.len(), PAST + 1)?;
                amounts("providers", month, declared)?;
                amounts("providers", month, committed)?;
            }
        }
        amounts("beyond_ceiling", 0, &[self.beyond_ceiling])?;
        length("committed", 0, self.committed.len(), months)?;
        length("known_declared", 0, self.known_declared.len(), months)?;
        length("lapsing", 0, self.lapsing.len(), months)?;
        length("renewed", 0, self.renewed.len(), months)?;
        length("arrivals", 0, self.arrivals.len(), months)?;
        length("arrived", 0, self.arrived.len(), months)?;
        amounts("arrivals", 0, &self.arrivals)?;
        length("arrival_value", 0, self.arrival_value.len(), months)?;
        amounts("arrival_value", 0, &self.arrival_value)?;
        for month in 0..months {
            length("lapsing", month, self.lapsing[month].len(), FUTURE)?;
            amounts("lapsing", month, &self.lapsing[month])?;
            length("renewed", month, self.renewed[month].len(), FUTURE.min(months - 1 - month))?;
            for (index, row) in self.renewed[month].iter().enumerate() {
                length("renewed", month, row.len(), months - month - index - 1)?;
                amounts("renewed", month, row)?;
            }
            length("arrived", month, self.arrived[month].len(), FUTURE.min(months - month))?;
            for (index, row) in self.arrived[month].iter().enumerate() {
                length("arrived", month, row.len(), months - month - index)?;
                amounts("arrived", month, row)?;
            }
            length("declared", month, self.declared[month].len(), months - month)?;
            length("committed", month, self.committed[month].len(), PAST + FUTURE + 1)?;
            length("known_declared", month, self.known_declared[month].len(), FUTURE.min(months - 1 - month))?;
            amounts("declared", month, &self.declared[month])?;
            amounts("committed", month, &self.committed[month])?;
            for (index, row) in self.known_declared[month].iter().enumerate() {
                length("known_declared", month, row.len(), months - month - index - 1)?;
                amounts("known_declared", month, row)?;
            }
        }
        Ok(())
    }
}

/// Lists of `[from][ahead - first]` as they were when so many months were known.
fn ahead_of(lists: &[Vec<Vec<f64>>], months: usize, first: usize) -> Vec<Vec<Vec<f64>>> {
    let known = |month: usize, row: &Vec<f64>| row.iter().take(months - month).copied().collect();
    let of = |(from, rows): (usize, &Vec<Vec<f64>>)| {
        let ahead = (months - from).saturating_sub(first);
        rows.iter().take(ahead).enumerate().map(|(index, row)| known(from + index + first, row)).collect()
    };
    lists[..months].iter().enumerate().map(of).collect()
}

/// A checked history with its amounts summed over the delay, so that "as known at cut c" is one look-up.
pub(crate) struct KnownAmounts<'a> {
    history: &'a SegmentHistory,
    declared: Vec<Vec<f64>>,
    known_declared: Vec<Vec<Vec<f64>>>,
    renewed: Vec<Vec<Vec<f64>>>,
    arrived: Vec<Vec<Vec<f64>>>,
    providers: Vec<Vec<Vec<f64>>>,
}

impl<'a> KnownAmounts<'a> {
    pub(crate) fn new(history: &'a SegmentHistory) -> Self {
        Self {
            history,
            declared: history.declared.iter().map(|row| cumulative(row)).collect(),
            known_declared: cumulative_lists(&history.known_declared),
            renewed: cumulative_lists(&history.renewed),
            arrived: cumulative_lists(&history.arrived),
            providers: history
                .providers
                .iter()
                .map(|provider| provider.declared.iter().map(|row| cumulative(row)).collect())
                .collect(),
        }
    }

    pub(crate) fn beyond_ceiling(&self) -> f64 {
        self.history.beyond_ceiling
    }

    pub(crate) fn provider_name(&self, provider: usize) -> &str {
        &self.history.providers[provider].name
    }

    /// How many providers have a history of their own.
    pub(crate) fn providers(&self) -> usize {
        self.providers.len()
    }

    /// What a provider had declared for a month as known at a cut.
    pub(crate) fn provider_declared(&self, provider: usize, month: usize, cut: usize) -> f64 {
        self.providers[provider][month][cut - month]
    }

    /// Allocated to a provider for the month this many months before the cut, as known at that cut.
    pub(crate) fn provider_committed(&self, provider: usize, cut: usize, back: usize) -> f64 {
        self.history.providers[provider].committed[cut][back]
    }

    /// What a unit costs in a month beside another.
    pub(crate) fn price(&self, month: usize) -> f64 {
        self.history.price.get(month).copied().unwrap_or(1.0)
    }

    /// Declared for a month as known at each delay, up to a cut.
    pub(crate) fn declared_row(&self, month: usize, cut: usize) -> &[f64] {
        &self.declared[month][..=cut - month]
    }

    /// Declared for a month, as known at a cut.
    pub(crate) fn declared(&self, month: usize, cut: usize) -> f64 {
        self.declared[month][cut - month]
    }

    /// Of what is declared for month `from + ahead` as known at `cut`, the part on what was allocated at cut `from`.
    pub(crate) fn known_declared(&self, from: usize, ahead: usize, cut: usize) -> f64 {
        self.known_declared[from][ahead - 1][cut - from - ahead]
    }

    /// What clients have at a cut beyond what is allocated to them for the month this many months after it.
    pub(crate) fn lapsing(&self, cut: usize, ahead: usize) -> f64 {
        self.history.lapsing[cut][ahead - 1]
    }

    /// Of what is declared for month `from + ahead` as known at `cut`, the part of clients of cut `from` on what was not allocated
    /// yet.
    pub(crate) fn renewed(&self, from: usize, ahead: usize, cut: usize) -> f64 {
        self.renewed[from][ahead - 1][cut - from - ahead]
    }

    /// Clients who arrived at a cut.
    pub(crate) fn arrivals(&self, cut: usize) -> f64 {
        self.history.arrivals[cut]
    }

    /// What clients who arrived at a cut have in a month.
    pub(crate) fn arrival_value(&self, cut: usize) -> f64 {
        self.history.arrival_value[cut]
    }

    pub(crate) fn group(&self) -> usize {
        self.history.group
    }

    /// Of what is declared for month `from + after` as known at `cut`, the part of clients who arrived at cut `from`.
    pub(crate) fn arrived(&self, from: usize, after: usize, cut: usize) -> f64 {
        self.arrived[from][after][cut - from - after]
    }

    /// Allocated for the month this many months before the cut, as known at that cut.
    pub(crate) fn committed_back(&self, cut: usize, back: usize) -> f64 {
        self.history.committed[cut][PAST - back]
    }

    /// Allocated for the month this many months after the cut, as known at that cut.
    pub(crate) fn committed_ahead(&self, cut: usize, ahead: usize) -> f64 {
        self.history.committed[cut][PAST + ahead]
    }
}

fn cumulative_lists(lists: &[Vec<Vec<f64>>]) -> Vec<Vec<Vec<f64>>> {
    lists.iter().map(|rows| rows.iter().map(|row| cumulative(row)).collect()).collect()
}

fn cumulative(row: &[f64]) -> Vec<f64> {
    row.iter()
        .scan(0.0, |sum, amount| {
            *sum += amount;
            Some(*sum)
        })
        .collect()
}
