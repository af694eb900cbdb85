//! Everything a reader can see of one figure, for whoever tries to find out what is hidden.

use std::collections::{BTreeMap, BTreeSet};

use grip_indicator::{Dimension, Grain, Period};
pub use grip_insight::disclosure::Audited;
use grip_insight::disclosure::{Cell, Interval, Linked, Rule, Showing, Zeros};
use grip_types::{Date, GemeenteCode, Maand};

use super::{Deciding, Found, MARGIN_PERCENT, Spot, Stage, add_rests, is_few, known, period_of, within};
use crate::{Grip, PipelineError};

/// One figure of a year in all the tables that somebody can see, with what is hidden in them.
#[derive(Debug, Clone)]
pub struct ShownTables {
    /// The indicators it stands in.
    pub indicators: Vec<String>,
    minimum: i64,
    /// Whether its amounts are shown, and are not those of another figure with which they are known together.
    has_amounts: bool,
    groups: Vec<Group>,
}

/// What can be put together of a longer period and those in it.
#[derive(Debug, Clone, Default)]
struct Group {
    /// Of the figure, and of the one with which it is known together.
    series: Vec<Series>,
    /// What is left of what it is a part of.
    rests: Vec<(usize, Spot, i64)>,
}

#[derive(Debug, Clone, Default)]
struct Series {
    /// By law and category, and by these with each dimension more.
    stages: Vec<Stage>,
    places: BTreeMap<Spot, Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    found: Found,
    is_hidden: bool,
    /// Whether everybody knows that something stands there.
    is_open: bool,
}

/// What changed between two days in figures that are shown on both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// Figures that are shown on both.
    pub compared: usize,
    /// Those that are not the same.
    pub changed: usize,
    /// Those that differ by fewer persons than may be shown.
    pub few: usize,
}

/// A figure of which more can be found out than may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// The period and what it is narrowed to.
    pub place: String,
    /// What it is.
    pub value: i64,
    /// What can be found out.
    pub between: Interval,
}

impl Grip {
    /// Everything that can be asked about persons in a year by whoever may split by these dimensions, a figure at a time: of these indicators, or
    /// of all where none is named. `progress` is told how many figures are done, of how many.
    ///
    /// # Errors
    /// As [`Grip::indicator`].
    pub fn shown_tables(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
        may_split: impl Fn(Dimension) -> bool,
        indicators: &[&str],
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Vec<ShownTables>, PipelineError> {
        let desk = Deciding::new(self, gemeente, peildatum)?;
        let all = self.figures.iter().count();
        let mut found = Vec::new();
        for (at, figure) in self.figures.iter() {
            progress(at, all);
            if !indicators.is_empty() && !figure.indicators.iter().any(|id| indicators.contains(&id.as_str())) {
                continue;
            }
            let mut groups = Vec::new();
            for grain in figure.grains.iter().rev() {
                let Some(year) = period_of(Maand::new(jaar, 1), Grain::Jaar) else { continue };
                let firsts: Vec<Period> = match figure.grains.iter().copied().find(|longer| longer > grain) {
                    Some(longer) => within(year, longer)
                        .into_iter()
                        .filter_map(|whole| within(whole, *grain).first().copied())
                        .collect(),
                    None => within(year, *grain),
                };
                for first in firsts {
                    let more = figure.more().filter(|more| may_split(*more)).map(Some);
                    let mores: Vec<Option<Dimension>> = std::iter::once(None).chain(more).collect();
                    let mut group = Group::default();
                    for own in std::iter::once(at).chain(figure.twin) {
                        group.series.push(Series::of(&desk, own, &mores, first)?);
                    }
                    let mut rests = BTreeSet::new();
                    for (stage, more) in group.series.first().into_iter().flat_map(|own| &own.stages).zip(&mores) {
                        rests.extend(desk.rests(at, *more, stage)?);
                    }
                    group.rests = rests.into_iter().collect();
                    groups.push(group);
                }
            }
            let indicators = figure.indicators.iter().cloned().collect();
            let has_amounts = figure.is_amount() && figure.twin.is_none_or(|twin| at < twin);
            found.push(ShownTables { indicators, minimum: figure.minimum, has_amounts, groups });
        }
        progress(all, all);
        Ok(found)
    }
}

impl Series {
    fn of(
        desk: &Deciding<'_>,
        figure: usize,
        mores: &[Option<Dimension>],
        first: Period,
    ) -> Result<Self, PipelineError> {
        let (parent, members) = desk.group(figure, first);
        let mut own = Self::default();
        for more in mores {
            let stage = desk.stage(figure, *more, parent, &members)?;
            let hidden = desk.hidden(figure, *more, first)?;
            for (spot, found) in &stage.places {
                let of = stage.before.as_ref().filter(|_| Some(spot.period) == parent).unwrap_or(&hidden);
                let (is_hidden, is_open) = (of.contains(spot), !of.is_closed(spot));
                own.places.entry(spot.clone()).or_insert(Place { found: *found, is_hidden, is_open });
            }
            own.stages.push(stage);
        }
        Ok(own)
    }

    fn add_to(&self, linked: &mut Linked<(usize, Spot)>, series: usize, cell: impl Fn(&Found) -> Cell) {
        for (spot, place) in &self.places {
            let cell = cell(&place.found);
            let low = i64::from(cell.value > 0 && place.is_open);
            let known = if cell.known == Interval::NOT_NEGATIVE { known(Some(low)) } else { cell.known };
            let showing = if cell.value == 0 && !place.is_hidden { Showing::Public } else { Showing::Free };
            linked.add((series, spot.clone()), Cell { known, showing, ..cell });
        }
        self.stages.iter().for_each(|stage| stage.link(linked, series));
    }
}

impl Group {
    fn audit(
        &self,
        linked: &Linked<(usize, Spot)>,
        rule: Rule,
        found: &mut (Audited, Vec<Narrowed>),
    ) -> Result<(), PipelineError> {
        let is_hidden = |(series, spot): &(usize, Spot)| {
            self.series.get(*series).and_then(|series| series.places.get(spot)).is_none_or(|place| place.is_hidden)
        };
        let (sums, narrowed) = linked.audited(&[rule], is_hidden)?;
        found.0.add(&sums);
        found.1.extend(narrowed.into_iter().map(|(name, between)| {
            let by = name.1.by.iter().map(|(dimension, value)| format!(" {}={value}", dimension.column()));
            let value = linked.get(&name).map_or(0, |cell| cell.value);
            let rest = if self.series.get(name.0).is_none() { "the rest in " } else { "" };
            Narrowed { place: format!("{rest}{}{}", name.1.period, by.collect::<String>()), value, between }
        }));
        Ok(())
    }
}

impl ShownTables {
    /// What somebody from outside finds out: of the numbers of persons, and of the amounts where these are shown too.
    ///
    /// # Errors
    /// [`PipelineError::Disclosure`], where the tables contradict themselves.
    pub fn audit(&self) -> Result<[Option<(Audited, Vec<Narrowed>)>; 2], PipelineError> {
        let nothing = || (Audited::default(), Vec::new());
        let (mut counts, mut amounts) = (nothing(), self.has_amounts.then(nothing));
        for group in &self.groups {
            let mut linked = Linked::default();
            group.series.first().into_iter().for_each(|own| own.add_to(&mut linked, 0, |it| Cell::count(it.count)));
            add_rests(&mut linked, &group.rests);
            let rule = Rule::MinimumCount { minimum: self.minimum, zeros: Zeros::AsGiven };
            group.audit(&linked, rule, &mut counts)?;
            if let Some(amounts) = &mut amounts {
                let mut linked = Linked::default();
                group.series.iter().enumerate().for_each(|(at, own)| own.add_to(&mut linked, at, Found::amount));
                if let [one, _] = &group.series[..] {
                    linked.protect_within_reach();
                    let without_stock =
                        |spot: &&Spot| one.stages.iter().any(|stage| stage.without_stock.contains(spot));
                    for spot in one.places.keys().filter(|spot| !without_stock(spot)) {
                        linked.tie([(&(0, spot.clone()), 1), (&(1, spot.clone()), -1)]);
                    }
                }
                let minimum = u64::try_from(self.minimum).unwrap_or_default();
                let rule = Rule::MinimumContributors { minimum, margin_percent: MARGIN_PERCENT };
                group.audit(&linked, rule, amounts)?;
            }
        }
        Ok([Some(counts), amounts])
    }

    /// What of the numbers of persons changed to another state of the same tables, as known on another day.
    pub fn changes(&self, later: &Self) -> Changes {
        let shown = |tables: &Self| -> BTreeMap<Spot, i64> {
            let series = tables.groups.iter().filter_map(|group| group.series.first());
            let places = series.flat_map(|series| &series.places).filter(|(_, place)| !place.is_hidden);
            places.map(|(spot, place)| (spot.clone(), place.found.count)).collect()
        };
        let (before, after) = (shown(self), shown(later));
        let both = before.iter().filter_map(|(spot, count)| Some(after.get(spot)? - count));
        both.fold(Changes::default(), |sum, change| Changes {
            compared: sum.compared + 1,
            changed: sum.changed + usize::from(change != 0),
            few: sum.few + usize::from(is_few(change.abs(), self.minimum)),
        })
    }

    /// How many figures are hidden that are not small themselves.
    pub fn secondary(&self) -> usize {
        self.groups
            .iter()
            .filter_map(|group| group.series.first())
            .flat_map(|series| series.places.values())
            .filter(|it| self.is_secondary(it))
            .count()
    }

    fn is_secondary(&self, place: &Place) -> bool {
        place.is_hidden && place.found.count > 0 && !is_few(place.found.count, self.minimum)
    }

    /// The same tables with one figure shown that is hidden and not small itself, counted from 0 in the order of periods and dimensions.
    #[must_use]
    pub fn showing(&self, nth: usize) -> Self {
        let mut tampered = self.clone();
        let places = tampered.groups.iter_mut().filter_map(|group| group.series.first_mut());
        let mut secondary =
            places.flat_map(|series| series.places.values_mut()).filter(|place| self.is_secondary(place));
        if let Some(place) = secondary.nth(nth) {
            place.is_hidden = false;
        }
        tampered
    }
}
