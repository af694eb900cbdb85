use crate::arrivals;
use crate::history::{FUTURE, KnownAmounts, MAX_DELAY, PAST};
use crate::provider::{Late, late};
use crate::season::{FLAT, Season, season, season_of_ratios};
use crate::straub::{Observations, credible, own_rate};
use grip_reserving::{Averaging, Development, Triangle};

/// A month counts for learning rates when this part of it should be known.
const LEARNABLE: f64 = 0.5;

/// A month counts as an outcome when this part of it should be known.
pub(crate) const SETTLED: f64 = 0.9;

/// Development patterns and rates are learned from the latest two years: long enough for two of every calendar month,
/// short enough to follow a change in how fast or how fully is declared.
pub(crate) const MEMORY: usize = 24;

/// The level of a segment is the mean of this many months: one of every calendar month.
const LEVEL_MONTHS: usize = 12;

/// From this age on a month is told by what is declared of it.
const TRUSTED_MONTHS: f64 = 6.0;

/// After this many months what was allocated for a month hardly changes any more.
const SETTLED_ALLOCATION: usize = 3;

/// So many times what is usual, and ten more for the chance in small numbers, is no inflow: clients who were there before are told at
/// once, at the beginning, or from an export that was imported later.
const FLOOD: f64 = 3.0;
const FLOOD_LEAST: f64 = 10.0;

/// What a client that arrives has, and which part of all clients arrives in a segment, are means of three years.
const ARRIVAL_MONTHS: usize = 36;

/// Fewer months than this do not make a rate.
pub(crate) const SMALLEST_SAMPLE: usize = 3;

/// Inflow of more than this many times the level of the last year is growth that is not extrapolated.
const LARGEST_INFLOW: f64 = 1.5;

/// A month of which a larger part is owed by providers that are late tells nothing of rates.
const LARGEST_MISSING: f64 = 0.02;

/// From this many origins on, a segment's own development needs no help from that of the whole portfolio.
const FULL_CREDIBILITY: f64 = 12.0;

/// What is expected of one month, beside what is declared.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct MonthProjection {
    pub(crate) declared: f64,
    pub(crate) ibnr: f64,
    pub(crate) open_commitments: f64,
    pub(crate) inflow: f64,
}

impl MonthProjection {
    pub(crate) fn remainder(&self) -> f64 {
        self.ibnr + self.open_commitments + self.inflow
    }

    pub(crate) fn ultimate(&self) -> f64 {
        self.declared + self.remainder()
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.declared += other.declared;
        self.ibnr += other.ibnr;
        self.open_commitments += other.open_commitments;
        self.inflow += other.inflow;
    }
}

/// How one segment develops, as known at one cut.
pub(crate) struct Experience<'a> {
    amounts: &'a KnownAmounts<'a>,
    cut: usize,
    development: Development,
    /// Chain-ladder ultimate per month where it is learnable.
    learned: Vec<Option<f64>>,
    triangle: Triangle,
    /// What providers owe that have come to declare later.
    late: Vec<Late>,
}

impl<'a> Experience<'a> {
    /// Learns from a segment as known at a cut; the portfolio's pattern helps where the segment is young.
    pub(crate) fn new(amounts: &'a KnownAmounts<'a>, cut: usize, portfolio: Option<&Development>) -> Self {
        let rows: Vec<Vec<f64>> = (0..=cut).map(|month| folded(amounts.declared_row(month, cut))).collect();
        let triangle = Triangle::from_cumulative(&rows).expect("a checked history is a triangle at each cut");
        let own = Development::estimate(&triangle, Averaging::LatestOrigins(MEMORY));
        let development = match portfolio {
            Some(portfolio) => own
                .blend(portfolio, &credibility(&triangle))
                .expect("the portfolio has the same months, and a weight lies between 0 and 1"),
            None => own,
        };
        let learned = (0..=cut)
            .map(|month| {
                let developed = developed(&development, cut - month);
                (developed >= LEARNABLE).then(|| amounts.declared(month, cut) / developed)
            })
            .collect();
        let late = late(amounts, cut);
        Self { amounts, cut, development, learned, triangle, late }
    }

    /// What ceilings take away of the months to come.
    pub(crate) fn beyond_ceiling(&self) -> f64 {
        self.amounts.beyond_ceiling()
    }

    /// What providers owe that have come to declare later.
    pub(crate) fn late(&self) -> &[Late] {
        &self.late
    }

    /// Chain-ladder ultimate of a month from which rates can be learned: enough of it is declared, and nobody is late with it.
    fn outcome(&self, month: usize) -> Option<f64> {
        let missing: f64 =
            self.late.iter().filter(|late| late.month == month).map(|late| late.usual - late.declared).sum();
        self.learned[month].filter(|ultimate| missing <= LARGEST_MISSING * ultimate)
    }

    pub(crate) fn cut(&self) -> usize {
        self.cut
    }

    pub(crate) fn development(&self) -> &Development {
        &self.development
    }

    pub(crate) fn triangle(&self) -> &Triangle {
        &self.triangle
    }

    /// Whether a month that is this old counts as an outcome.
    pub(crate) fn is_settled(&self, age: usize) -> bool {
        developed(&self.development, age) >= SETTLED
    }

    /// Seasonal factors of the segment: of what is declared of what is allocated, or of what is declared at constant prices
    /// where nothing is allocated. The level and the price of a segment are not in a ratio of the two.
    pub(crate) fn season(&self) -> Season {
        let settled = (0..=self.cut).take_while(|month| self.is_settled(self.cut - month));
        let ultimates: Vec<f64> = settled.map_while(|month| self.learned[month]).collect();
        let begin = ultimates.iter().position(|amount| *amount > 0.0).unwrap_or(ultimates.len());
        let realised = |month: usize| {
            let back = (self.cut - month).min(SETTLED_ALLOCATION);
            let committed = self.amounts.committed_back(month + back, back);
            (committed > 0.0).then(|| ultimates[month] / committed)
        };
        let ratios: Option<Vec<f64>> = (begin..ultimates.len()).map(realised).collect();
        let constant = || -> Vec<f64> {
            (begin..ultimates.len()).map(|month| ultimates[month] / self.amounts.price(month)).collect()
        };
        rotated(ratios.map_or_else(|| season(&constant()), |ratios| season_of_ratios(&ratios)), begin)
    }

    /// Chain-ladder ultimates of the latest learnable months, newest first.
    pub(crate) fn latest_ultimates(&self) -> impl Iterator<Item = f64> + '_ {
        self.learned.iter().rev().flatten().take(LEVEL_MONTHS).copied()
    }

    /// Naive: what is declared of settled months, and for every other month the mean of the last twelve settled ones.
    pub(crate) fn run_rate(&self, first: i64, last: i64) -> f64 {
        let settled: Vec<usize> = (0..=self.cut).filter(|month| self.is_settled(self.cut - month)).collect();
        let newest = settled.iter().rev().take(LEVEL_MONTHS).map(|month| self.amounts.declared(*month, self.cut));
        let rate = mean(newest);
        self.sum_over(first, last, |month| match month {
            Some(month) if self.is_settled(self.cut - month) => self.amounts.declared(month, self.cut),
            _ => rate,
        })
    }

    /// Paid chain ladder for the past, and for every month to come the mean of its latest twelve learnable months.
    pub(crate) fn chain_ladder_run_rate(&self, first: i64, last: i64) -> f64 {
        let rate = mean(self.latest_ultimates());
        self.sum_over(first, last, |month| match month {
            Some(month) => {
                let developed = developed(&self.development, self.cut - month);
                let declared = self.amounts.declared(month, self.cut);
                if developed > 0.0 { declared / developed } else { declared }
            }
            None => rate,
        })
    }

    /// Sum over the months of a window from 0 on; a month after the cut is `None`.
    fn sum_over(&self, first: i64, last: i64, amount: impl Fn(Option<usize>) -> f64) -> f64 {
        (first.max(0)..=last).map(|month| amount(usize::try_from(month).ok().filter(|month| *month <= self.cut))).sum()
    }
}

/// The rates of one segment at one cut, ready to project any month.
pub(crate) struct Projection<'a> {
    experience: &'a Experience<'a>,
    season: Season,
    /// Ultimate over allocated, by months since delivery.
    realisation: Vec<Option<f64>>,
    rates: Rates,
    /// The first cut at which who arrives is new.
    first_arrivals: usize,
    /// Value that arrives in each month ahead, at constant prices.
    arriving: Vec<f64>,
    /// Ultimate of what comes beside all this over the level, by months ahead.
    inflow_rate: Vec<Option<f64>>,
    level: f64,
}

impl<'a> Projection<'a> {
    pub(crate) fn new(experience: &'a Experience<'a>, season: Season) -> Self {
        let mut projection = Self {
            experience,
            season,
            realisation: Vec::new(),
            rates: Rates::default(),
            first_arrivals: 1,
            arriving: vec![0.0; FUTURE],
            inflow_rate: Vec::new(),
            // A first level, of the learnable months only; it is the prior where nothing is allocated.
            level: 0.0,
        };
        projection.level = projection.first_level();
        projection
    }

    /// The level of each month as it was known at it, and with it the present one.
    fn learn_levels(&mut self) -> Vec<f64> {
        let experience = self.experience;
        let ultimates: Vec<f64> = (0..=experience.cut)
            .map(|month| {
                let known = experience.amounts.declared(month, experience.cut);
                (known + self.ibnr(month)) / self.scale(month)
            })
            .collect();
        let levels = trailing_means(&ultimates);
        self.level = levels[experience.cut].max(0.0);
        levels
    }

    /// Whether seasonal factors are in it.
    pub(crate) fn is_seasonal(&self) -> bool {
        self.season != FLAT
    }

    pub(crate) fn experience(&self) -> &'a Experience<'a> {
        self.experience
    }

    /// What is expected of a month of the grid. Months before 0 do not exist and are 0.
    pub(crate) fn month(&self, month: i64) -> MonthProjection {
        let Ok(month) = usize::try_from(month) else { return MonthProjection::default() };
        let cut = self.experience.cut;
        if month <= cut {
            return MonthProjection {
                declared: self.experience.amounts.declared(month, cut),
                ibnr: self.ibnr(month),
                ..MonthProjection::default()
            };
        }
        let ahead = month - cut;
        let scale = self.scale(month);
        let committed = self.experience.amounts.committed_ahead(cut, ahead).max(0.0);
        let open_commitments = committed * self.rates.known[ahead - 1] * self.season[month % 12];
        let amounts = self.experience.amounts;
        let lapsing = amounts.lapsing(cut, ahead) * amounts.price(month) / amounts.price(cut);
        let renewed = lapsing * self.rates.renewal[ahead - 1] * self.season[month % 12];
        let arriving = self.arriving[..ahead].iter().zip(self.rates.curve[..ahead].iter().rev());
        let arriving = arriving.map(|(value, curve)| value * curve).sum::<f64>() * scale;
        let inflow = match self.inflow_rate[ahead - 1] {
            Some(rate) => (renewed + arriving + rate * self.level * scale).max(0.0),
            // Nothing is known of inflow: the segment stays at its level.
            None => (self.level * scale - open_commitments).max(0.0),
        };
        MonthProjection { open_commitments, inflow, ..MonthProjection::default() }
    }

    /// What makes a month dearer than another: season and price.
    fn scale(&self, month: usize) -> f64 {
        self.season[month % 12] * self.experience.amounts.price(month)
    }

    /// Still to be declared for a month up to the cut.
    fn ibnr(&self, month: usize) -> f64 {
        let Experience { amounts, cut, development, .. } = self.experience;
        let age = cut - month;
        let developed = developed(development, age);
        let declared = amounts.declared(month, *cut);
        let season = self.season[month % 12];
        let committed = if age <= PAST { amounts.committed_back(*cut, age) } else { 0.0 };
        let (prior, trust) = match self.realisation.get(age).copied().flatten() {
            // Nothing allocated any more is an expectation too: of nothing.
            Some(realisation) => (committed.max(0.0) * realisation * season, trust(age)),
            None => (self.experience.learned[month].unwrap_or(self.level * self.scale(month)), 0.0),
        };
        // Who is late is told by what is allocated only.
        let rate = if committed > 0.0 { prior / committed } else { 0.0 };
        let (mut owed, mut late_prior, mut late_declared) = (0.0, 0.0, 0.0);
        for late in self.experience.late.iter().filter(|late| late.month == month) {
            let expected = (late.committed * rate).max(late.declared);
            owed += expected - late.declared;
            late_prior += expected;
            late_declared += late.declared;
        }
        let (prior, rest) = ((prior - late_prior).max(0.0), declared - late_declared);
        // Credits can undo what is declared, but not more than that.
        let mixed = (1.0 - developed) * prior * (1.0 - trust) + (prior - rest) * trust;
        owed + mixed.max(-rest.max(0.0))
    }

    /// Mean monthly ultimate of the latest learnable months, without season.
    fn first_level(&self) -> f64 {
        let learned = self.experience.learned.iter().enumerate().rev();
        let latest = learned.filter_map(|(month, ultimate)| ultimate.map(|value| value / self.scale(month)));
        mean(latest.take(LEVEL_MONTHS)).max(0.0)
    }

    /// What was allocated for the month `back` months before each cut, and what it became.
    fn realisation_observations(&self, back: usize) -> Observations {
        let amounts = self.experience.amounts;
        let of = |(month, ultimate): (usize, f64)| {
            (ultimate / self.season[month % 12], amounts.committed_back(month + back, back))
        };
        let is_known = |(month, _): &(usize, f64)| month + back <= self.experience.cut;
        let months = (0..=self.experience.cut).rev().filter_map(|month| Some((month, self.experience.outcome(month)?)));
        months.filter(is_known).take(MEMORY).map(of).filter(|(_, committed)| *committed > 0.0).collect()
    }

    /// Whether anything is allocated for the month this many months back.
    fn has_committed(&self, back: usize) -> bool {
        let Experience { amounts, cut, .. } = self.experience;
        back <= *cut && amounts.committed_back(*cut, back) > 0.0
    }

    /// The level, and what came beside what is known, renewed, or of who arrived.
    fn rest_observations(&self, ahead: usize, levels: &[f64]) -> Observations {
        let Experience { amounts, cut, development, .. } = self.experience;
        let of = |(month, ultimate): (usize, f64)| {
            let from = month - ahead;
            let arrived: f64 = (0..ahead).map(|after| amounts.arrived(month - after, after, *cut)).sum();
            let known = amounts.known_declared(from, ahead, *cut) + amounts.renewed(from, ahead, *cut) + arrived;
            ((ultimate - known / developed(development, cut - month)) / self.scale(month), levels[from])
        };
        self.outcomes(ahead).map(of).filter(|(_, level)| *level > 0.0).collect()
    }

    /// The latest months that tell of rates so many months ahead, newest first, with what they became.
    fn outcomes(&self, ahead: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let months = (ahead..=self.experience.cut).rev();
        months.filter_map(|month| Some((month, self.experience.outcome(month)?))).take(MEMORY)
    }

    /// What was allocated and what came of it, so many months ahead.
    fn known_observations(&self, ahead: usize) -> Observations {
        let Experience { amounts, cut, development, .. } = self.experience;
        let of = |(month, _): (usize, f64)| {
            let known = amounts.known_declared(month - ahead, ahead, *cut) / developed(development, cut - month);
            (known / self.season[month % 12], amounts.committed_ahead(month - ahead, ahead))
        };
        self.outcomes(ahead).map(of).filter(|(_, committed)| *committed > 0.0).collect()
    }

    /// What would have ended if it had not been renewed, and what came of it.
    fn renewal_observations(&self, ahead: usize) -> Observations {
        let Experience { amounts, cut, development, .. } = self.experience;
        let of = |(month, _): (usize, f64)| {
            let from = month - ahead;
            let renewed = amounts.renewed(from, ahead, *cut) / developed(development, cut - month);
            let lapsing = amounts.lapsing(from, ahead) * amounts.price(month) / amounts.price(from);
            (renewed / self.season[month % 12], lapsing)
        };
        self.outcomes(ahead).map(of).filter(|(_, lapsing)| *lapsing > 0.0).collect()
    }

    /// What arrived, and what came of it so many months after.
    fn curve_observations(&self, after: usize) -> Observations {
        let Experience { amounts, cut, development, .. } = self.experience;
        let of = |(month, _): (usize, f64)| {
            let from = month - after;
            let arrived = amounts.arrived(from, after, *cut) / developed(development, cut - month);
            (arrived / self.scale(month), amounts.arrival_value(from) / amounts.price(from))
        };
        let is_new = |(month, _): &(usize, f64)| *month >= after + self.first_arrivals;
        self.outcomes(after).filter(is_new).map(of).filter(|(_, value)| *value > 0.0).collect()
    }

    /// Clients that arrived at each cut.
    fn arrivals(&self) -> Vec<f64> {
        (0..=self.experience.cut).map(|cut| self.experience.amounts.arrivals(cut)).collect()
    }

    /// What a client that arrives has in a month, at constant prices.
    fn arrival_size(&self) -> f64 {
        let Experience { amounts, cut, .. } = self.experience;
        let cuts = (self.first_arrivals..=*cut).rev().take(ARRIVAL_MONTHS);
        let (value, count) = cuts.fold((0.0, 0.0), |(value, count), cut| {
            (value + amounts.arrival_value(cut) / amounts.price(cut), count + amounts.arrivals(cut))
        });
        if count > 0.0 { value / count } else { 0.0 }
    }
}

/// The rates of months ahead of one segment.
#[derive(Debug, Default, Clone)]
struct Rates {
    /// Ultimate of what was known over allocated, by months ahead (index 0: one month).
    known: Vec<f64>,
    /// Ultimate of what clients of that time had beside it, over what lapses.
    renewal: Vec<f64>,
    /// Ultimate over what arrived, by months since arrival.
    curve: Vec<f64>,
}

/// Learns what tells of the months to come: of all segments of a group together, as they are known at one cut.
pub(crate) fn learn_together(projections: &mut [Projection]) {
    let mut groups: Vec<usize> = projections.iter().map(|projection| projection.experience.amounts.group()).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let mut members: Vec<&mut Projection> =
            projections.iter_mut().filter(|projection| projection.experience.amounts.group() == group).collect();
        let first = first_arrivals(&arrivals_together(&members));
        for member in &mut members {
            member.first_arrivals = first;
        }
        learn_rates(&mut members);
        learn_arrivals(&mut members, first);
    }
}

fn learn_rates(members: &mut [&mut Projection]) {
    for back in 0..=PAST {
        let observed: Vec<Observations> = members.iter().map(|member| member.realisation_observations(back)).collect();
        for ((member, rate), observed) in members.iter_mut().zip(credible(&observed)).zip(&observed) {
            // Where nothing is ever allocated, an allocation of nothing tells nothing.
            let is_told = !observed.is_empty() || member.has_committed(back);
            member.realisation.push(rate.filter(|_| is_told));
        }
    }
    let levels: Vec<Vec<f64>> = members.iter_mut().map(|member| member.learn_levels()).collect();
    for ahead in 1..=FUTURE {
        let learn = |of: &dyn Fn(&Projection) -> Observations| {
            credible(&members.iter().map(|member| of(member)).collect::<Vec<_>>())
        };
        let known = learn(&|member| member.known_observations(ahead));
        let renewal = learn(&|member| member.renewal_observations(ahead));
        let curve = learn(&|member| member.curve_observations(ahead - 1));
        let rest = learn_rest(members, ahead, &levels);
        for (index, member) in members.iter_mut().enumerate() {
            member.inflow_rate.push(rest[index].map(|rate| rate.min(LARGEST_INFLOW)));
            let nearest = |rates: &[f64], first| rates.last().copied().unwrap_or(first);
            let first = member.realisation[0].unwrap_or(1.0);
            let rates = &mut member.rates;
            rates.known.push(known[index].unwrap_or(nearest(&rates.known, first)).max(0.0));
            rates.renewal.push(renewal[index].unwrap_or(nearest(&rates.renewal, 0.0)).max(0.0));
            rates.curve.push(curve[index].unwrap_or(nearest(&rates.curve, 0.0)).max(0.0));
        }
    }
}

/// What comes beside all that is known. Where nothing is ever allocated that is everything, and no other segment tells of it.
fn learn_rest(members: &[&mut Projection], ahead: usize, levels: &[Vec<f64>]) -> Vec<Option<f64>> {
    let mut observed: Vec<Observations> =
        members.iter().zip(levels).map(|(member, levels)| member.rest_observations(ahead, levels)).collect();
    let is_allocated: Vec<bool> = members.iter().map(|member| member.realisation.iter().any(Option::is_some)).collect();
    let own: Vec<Option<f64>> = observed.iter().map(own_rate).collect();
    for (observed, is_allocated) in observed.iter_mut().zip(&is_allocated) {
        if !is_allocated {
            observed.clear();
        }
    }
    let together = credible(&observed);
    own.into_iter()
        .zip(together)
        .zip(is_allocated)
        .map(|((own, together), is_allocated)| if is_allocated { together } else { own })
        .collect()
}

/// How many clients arrive: season and level are of the group, and each segment has its share.
fn learn_arrivals(members: &mut [&mut Projection], first: usize) {
    let together = &arrivals_together(members)[first..];
    let months = first + together.len();
    let season = arrivals::season(together, first);
    let exposures: Vec<f64> = (first..months).map(|month| season[month % 12]).collect();
    let level = arrivals::level(together, &exposures);
    let recent = months.saturating_sub(ARRIVAL_MONTHS).max(first);
    let whole: f64 = together[recent - first..].iter().sum();
    for member in members {
        let share = if whole > 0.0 { member.arrivals()[recent..].iter().sum::<f64>() / whole } else { 0.0 };
        let size = member.arrival_size();
        for (index, value) in member.arriving.iter_mut().enumerate() {
            *value = level * share * season[(months + index) % 12] * size;
        }
    }
}

/// Clients that arrived at each cut in all these segments.
fn arrivals_together(members: &[&mut Projection]) -> Vec<f64> {
    let mut sum = members.first().map(|member| member.arrivals()).unwrap_or_default();
    for member in &members[1..] {
        for (sum, count) in sum.iter_mut().zip(member.arrivals()) {
            *sum += count;
        }
    }
    sum
}

/// The first cut at which who arrives is new: not at the first of all, and after the last flood.
fn first_arrivals(counts: &[f64]) -> usize {
    let mut some: Vec<f64> = counts.iter().copied().filter(|count| *count > 0.0).collect();
    some.sort_by(f64::total_cmp);
    let usual = some.get(some.len() / 2).copied().unwrap_or(0.0);
    let flood = counts.iter().rposition(|count| *count > FLOOD * usual + FLOOD_LEAST);
    flood.map_or(1, |last| last + 1).clamp(1, counts.len())
}

/// How far what is expected of a month from its allocations counts, rather than what is declared of it with what should still
/// come: a provider that has come to declare later looks like one that delivers less. From all at age 0 to nothing.
fn trust(age: usize) -> f64 {
    (1.0 - age as f64 / TRUSTED_MONTHS).max(0.0)
}

/// Part of a month that should be known at this age. Held between 0 and 1.25: a pattern that says that more than a fifth
/// of what is declared will be credited is taken for chance.
fn developed(development: &Development, age: usize) -> f64 {
    development.developed(age).clamp(0.0, 1.25)
}

/// Factors of a series that begins in a later month, by month of the grid.
fn rotated(mut season: Season, begin: usize) -> Season {
    season.rotate_right(begin % 12);
    season
}

/// A cumulative row with everything later than [`MAX_DELAY`] in the last place.
fn folded(row: &[f64]) -> Vec<f64> {
    let mut folded = row[..row.len().min(MAX_DELAY + 1)].to_vec();
    if let (Some(last), Some(latest)) = (folded.last_mut(), row.last()) {
        *last = *latest;
    }
    folded
}

/// Limited-fluctuation credibility of each factor: the number of origins with an amount, up to twelve.
fn credibility(triangle: &Triangle) -> Vec<f64> {
    (1..triangle.ages())
        .map(|age| {
            let observed = triangle.observed(age);
            let filled = (observed.saturating_sub(MEMORY)..observed).filter(|origin| triangle.row(*origin)[age] != 0.0);
            (filled.count() as f64 / FULL_CREDIBILITY).min(1.0)
        })
        .collect()
}

/// Per month the mean of the twelve months up to and including it, fewer at the start: from the first month with an
/// amount, so that a segment that has just begun is not watered down with the months before it began.
fn trailing_means(amounts: &[f64]) -> Vec<f64> {
    let begin = amounts.iter().position(|amount| *amount != 0.0).unwrap_or(amounts.len());
    (0..amounts.len())
        .map(|month| {
            mean(amounts.iter().take(month + 1).skip(begin.max((month + 1).saturating_sub(LEVEL_MONTHS))).copied())
        })
        .collect()
}

pub(crate) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}
