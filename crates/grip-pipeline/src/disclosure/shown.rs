//! Everything a reader can see of one figure, for whoever tries to find out what is hidden.

use std::collections::BTreeMap;

use grip_indicator::{Dimension, Grain, Period};
pub use grip_insight::disclosure::Audited;
use grip_insight::disclosure::{Cell, Error, Linked, Rule, Zeros};
use grip_types::{Date, GemeenteCode, Maand};

use super::{Deciding, Found, MARGIN_PERCENT, Spot, Stage, is_asked, is_few, period_of, within};
use crate::{Grip, PipelineError};

/// One figure of a year in all the tables that somebody can see, with what is hidden in them.
#[derive(Debug, Clone)]
pub struct ShownTables {
    /// The indicators it stands in.
    pub indicators: Vec<String>,
    minimum: i64,
    is_amount: bool,
    /// The longer period, those in it, what stands where, and whether it is hidden.
    groups: Vec<Group>,
}

#[derive(Debug, Clone)]
struct Group {
    parent: Option<Period>,
    members: Vec<Period>,
    places: BTreeMap<Spot, (Found, bool)>,
}

impl Grip {
    /// Everything that can be asked about persons in a year by whoever may split by these dimensions, a figure at a time. `progress` is told how
    /// many figures are done, of how many.
    ///
    /// # Errors
    /// As [`Grip::indicator`].
    pub fn shown_tables(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
        may_split: impl Fn(Dimension) -> bool,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Vec<ShownTables>, PipelineError> {
        let desk = Deciding::new(self, gemeente, peildatum)?;
        let all = self.figures.iter().count();
        let mut found = Vec::new();
        for (at, figure) in self.figures.iter() {
            progress(at, all);
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
                    let (parent, members) = desk.group(at, first);
                    let mut group = Group { parent, members, places: BTreeMap::new() };
                    let more = figure.more().filter(|more| may_split(*more)).map(Some);
                    for more in std::iter::once(None).chain(more) {
                        group.take(&desk, at, more)?;
                    }
                    groups.push(group);
                }
            }
            let indicators = figure.indicators.iter().cloned().collect();
            found.push(ShownTables { indicators, minimum: figure.minimum, is_amount: figure.is_amount(), groups });
        }
        progress(all, all);
        Ok(found)
    }
}

impl Group {
    fn take(&mut self, desk: &Deciding<'_>, figure: usize, more: Option<Dimension>) -> Result<(), PipelineError> {
        for period in self.parent.iter().chain(&self.members) {
            let hidden = desk.hidden(figure, more, *period)?;
            let places = desk.places(figure, more, *period)?;
            let is_own = |spot: &Spot| spot.period == *period && is_asked(spot, more, &self.members);
            let own: Vec<_> = places.iter().filter(|(spot, _)| is_own(spot)).collect();
            self.places.extend(own.into_iter().map(|(spot, found)| (spot.clone(), (*found, hidden.contains(spot)))));
        }
        Ok(())
    }

    fn linked(&self, cell: impl Fn(&Found) -> Cell) -> Linked<(usize, Spot)> {
        let mut stage = Stage::new(self.parent, &self.members);
        stage.places = self.places.iter().map(|(spot, (found, _))| (spot.clone(), *found)).collect();
        stage.stand = stage.find_stand();
        let mut linked = Linked::default();
        stage.places.iter().for_each(|(spot, found)| linked.add((0, spot.clone()), cell(found)));
        stage.link(&mut linked, 0);
        linked
    }

    fn audit(&self, linked: &Linked<(usize, Spot)>, rule: Rule) -> Result<Audited, Error> {
        linked.audited(&[rule], |(_, spot)| self.places.get(spot).is_some_and(|(_, is_hidden)| *is_hidden))
    }
}

impl ShownTables {
    /// What somebody from outside finds out: of the numbers of persons, and of the amounts where these are shown too.
    ///
    /// # Errors
    /// [`PipelineError::Disclosure`], where the tables contradict themselves.
    pub fn audit(&self) -> Result<(Audited, Option<Audited>), PipelineError> {
        let (mut counts, mut amounts) = (Audited::default(), self.is_amount.then(Audited::default));
        for group in &self.groups {
            let rule = Rule::MinimumCount { minimum: self.minimum, zeros: Zeros::Shown };
            counts.add(&group.audit(&group.linked(|found| Cell::count(found.count)), rule)?);
            if let Some(amounts) = &mut amounts {
                let minimum = u64::try_from(self.minimum).unwrap_or_default();
                let rule = Rule::MinimumContributors { minimum, margin_percent: MARGIN_PERCENT };
                let contributors = |found: &Found| u64::try_from(found.count).unwrap_or_default();
                let cell = |found: &Found| Cell::amount(found.total, contributors(found), &[]);
                amounts.add(&group.audit(&group.linked(cell), rule)?);
            }
        }
        Ok((counts, amounts))
    }

    /// How many figures are hidden that are not small themselves.
    pub fn secondary(&self) -> usize {
        let is_secondary = |(found, is_hidden): &(Found, bool)| *is_hidden && !is_few(found.count, self.minimum);
        self.groups.iter().flat_map(|group| group.places.values()).filter(|it| is_secondary(it)).count()
    }

    /// The same tables with one figure shown that is hidden and not small itself, counted from 0 in the order of periods and dimensions.
    #[must_use]
    pub fn showing(mut self, nth: usize) -> Self {
        let minimum = self.minimum;
        let places = self.groups.iter_mut().flat_map(|group| group.places.values_mut());
        let mut secondary = places.filter(|(found, is_hidden)| *is_hidden && !is_few(found.count, minimum));
        if let Some((_, is_hidden)) = secondary.nth(nth) {
            *is_hidden = false;
        }
        self
    }
}
