//! Which figures of persons are withheld: the small ones, and what would give those back.
//!
//! Whether a figure is shown does not depend on how it was asked. Figures are decided in stages, the coarse before the fine: a year before its
//! quarters and these before their months, and law and category before one dimension more. What an earlier stage decided holds for
//! all later ones: what is shown stays shown, and under what is hidden everything is hidden. So a question needs its own table and the coarser
//! ones, and gets the same figures as any other question.

mod figures;
mod flows;
mod households;
mod shown;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use grip_indicator::{Answer, Call, Dimension, Fraction, Grain, Indicator, NOT_KNOWN, Period, places};
use grip_insight::disclosure::{Cell, Linked, Rule, Showing, Zeros};
use grip_types::{Date, GemeenteCode, Maand};

pub(crate) use figures::Figures;
pub use shown::{Audited, ShownTables};

use crate::{Columns, Grip, PipelineError, indicators::Workplace};
use figures::{Figure, Source, goes_with_more};

/// How near to an amount behind which few persons are nobody may come, in percent of it.
const MARGIN_PERCENT: u8 = 10;
/// Decisions and tables that are kept.
const KEPT_MAX: usize = 4_000;

/// A place in the tables of a figure: a period, and the values of the dimensions it is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Spot {
    period: Period,
    /// In the order of dimensions.
    by: Vec<(Dimension, Arc<str>)>,
}

impl Spot {
    fn at(&self, period: Period) -> Self {
        Self { period, by: self.by.clone() }
    }

    fn without(&self, dimension: Dimension) -> Self {
        self.kept(|own| own != dimension)
    }

    fn kept(&self, keep: impl Fn(Dimension) -> bool) -> Self {
        Self { period: self.period, by: self.by.iter().filter(|(own, _)| keep(*own)).cloned().collect() }
    }

    fn has(&self, dimension: Dimension) -> bool {
        self.by.iter().any(|(own, _)| *own == dimension)
    }
}

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    total: i64,
    /// Persons, or whatever the indicator counts.
    count: i64,
}

type Places = BTreeMap<Spot, Found>;
type Hidden = BTreeSet<Spot>;
/// Municipality, peildatum, figure and the dimension beside law and category.
type Table = (GemeenteCode, Date, usize, Option<Dimension>);

/// What was read and decided, for one state of the lake.
#[derive(Default)]
pub(crate) struct KeptDisclosure {
    places: HashMap<(Table, Grain, i16), Arc<Places>>,
    hidden: HashMap<(Table, Period), Arc<Hidden>>,
}

impl Grip {
    /// Withholds answers of an indicator that are small, or would give back one that is.
    pub(crate) fn withhold(
        &self,
        indicator: &Indicator,
        call: &Call,
        answers: &mut [Answer],
    ) -> Result<(), PipelineError> {
        let desk = Deciding::new(self, call.gemeente, call.peildatum)?;
        let only = call.only.iter().map(|(dimension, value)| (*dimension, Arc::from(value.as_str())));
        let only: Vec<(Dimension, Arc<str>)> = only.collect();
        for figure in self.figures.of(indicator) {
            let own = &self.figures[figure];
            let asked = call.by.iter().copied().chain(only.iter().map(|(dimension, _)| *dimension));
            let more = asked.filter(|dimension| own.more().any(|more| more == *dimension)).min();
            desk.read(figure, more, &call.periods)?;
            let mut decided: BTreeMap<Period, Arc<Hidden>> = BTreeMap::new();
            for period in &call.periods {
                decided.insert(*period, desk.hidden(figure, more, *period)?);
            }
            for answer in answers.iter_mut().filter(|answer| !answer.is_withheld) {
                let Ok(period) = answer.periode.parse::<Period>() else { continue };
                let split = call.by.iter().map(|dimension| {
                    let value = answer.by.get(dimension.column()).cloned().flatten();
                    (*dimension, Arc::from(value.as_deref().unwrap_or(NOT_KNOWN)))
                });
                let by: BTreeMap<Dimension, Arc<str>> = only.iter().cloned().chain(split).collect();
                let spot = Spot { period, by: by.into_iter().collect() }.kept(|dimension| own.has(dimension));
                if decided.get(&period).is_some_and(|hidden| hidden.contains(&spot)) {
                    answer.withhold();
                }
            }
        }
        Ok(())
    }
}

/// The period of a length in which a month lies.
fn period_of(maand: Maand, grain: Grain) -> Option<Period> {
    let text = match grain {
        Grain::Maand => maand.to_string(),
        Grain::Kwartaal => format!("{:04}-K{}", maand.year(), (maand.month() + 2) / 3),
        Grain::Jaar => format!("{:04}", maand.year()),
    };
    text.parse().ok()
}

/// The periods of a length in another.
fn within(whole: Period, grain: Grain) -> Vec<Period> {
    let step = usize::try_from(grain.months()).unwrap_or(1);
    let months = (whole.first_month().index()..=whole.last_month().index()).step_by(step);
    months.filter_map(|index| period_of(Maand::from_index(index), grain)).collect()
}

/// Decides what is shown of one municipality, as known on a day.
struct Deciding<'g> {
    grip: &'g Grip,
    workplace: Arc<Workplace>,
    gemeente: GemeenteCode,
    peildatum: Date,
}

/// What one stage decides of a figure: in a longer period, or in none, and in those of which it consists.
struct Stage {
    parent: Option<Period>,
    members: Vec<Period>,
    /// The one of them at which stands what stands in the longer one, where it is no sum.
    stand: Option<Period>,
    places: Places,
    /// What an earlier stage decided: whether it is hidden.
    decided: BTreeMap<Spot, bool>,
    /// What is hidden because something else is.
    under: Hidden,
}

impl<'g> Deciding<'g> {
    fn new(grip: &'g Grip, gemeente: GemeenteCode, peildatum: Date) -> Result<Self, PipelineError> {
        Ok(Self { grip, workplace: grip.workplace(gemeente, peildatum)?, gemeente, peildatum })
    }

    fn figure(&self, figure: usize) -> &Figure {
        &self.grip.figures[figure]
    }

    fn table(&self, figure: usize, more: Option<Dimension>) -> Table {
        (self.gemeente, self.peildatum, figure, more)
    }

    /// Reads at once what the decisions about periods need.
    fn read(&self, figure: usize, more: Option<Dimension>, periods: &[Period]) -> Result<(), PipelineError> {
        let own = self.figure(figure);
        let mut needed: BTreeMap<Grain, BTreeSet<i16>> = BTreeMap::new();
        for period in periods {
            for grain in own.grains.iter().filter(|grain| **grain >= period.grain()) {
                needed.entry(*grain).or_default().insert(period.year());
            }
        }
        let wholes = own.wholes.iter().copied().chain(own.twin).chain(own.stocks.into_iter().flatten());
        for part in std::iter::once(figure).chain(wholes) {
            let of_part = more.filter(|more| self.figure(part).has(*more));
            for (grain, years) in &needed {
                for more in std::iter::once(None).chain(of_part.map(Some)) {
                    self.read_years(part, more, *grain, years)?;
                }
            }
        }
        Ok(())
    }

    fn read_years(
        &self,
        figure: usize,
        more: Option<Dimension>,
        grain: Grain,
        years: &BTreeSet<i16>,
    ) -> Result<BTreeMap<i16, Arc<Places>>, PipelineError> {
        let table = self.table(figure, more);
        let mut known: BTreeMap<i16, Arc<Places>> = {
            let kept = self.grip.kept();
            let of = |year: &i16| Some((*year, kept.disclosure.places.get(&(table, grain, *year))?.clone()));
            years.iter().filter_map(of).collect()
        };
        let missing: Vec<i16> = years.iter().copied().filter(|year| !known.contains_key(year)).collect();
        if missing.is_empty() {
            return Ok(known);
        }
        let year = |year: i16| period_of(Maand::new(year, 1), Grain::Jaar);
        let periods: Vec<Period> =
            missing.iter().copied().filter_map(year).flat_map(|year| within(year, grain)).collect();
        let own = self.figure(figure);
        let sets: Vec<Vec<Dimension>> =
            own.coarse_sets(more, grain).into_iter().map(|set| set.into_iter().chain(more).collect()).collect();
        let mut found: BTreeMap<i16, Places> = missing.iter().map(|year| (*year, Places::new())).collect();
        let places = match &own.source {
            Source::Part(part) => self.query(part, &periods, &sets)?,
            Source::Flow(by, part) => {
                let of = (self.gemeente, self.peildatum);
                self.grip.flow_places(of, (*by, *part), &periods, &sets)?
            }
        };
        for (spot, at) in places {
            found.entry(spot.period.year()).or_default().insert(spot, at);
        }
        known.extend(found.into_iter().map(|(year, places)| (year, Arc::new(places))));
        self.grip.keep_of(self.workplace.snapshot(), |kept| {
            if kept.disclosure.places.len() >= KEPT_MAX {
                kept.disclosure.places.clear();
            }
            let found = known.iter().map(|(year, places)| ((table, grain, *year), places.clone()));
            kept.disclosure.places.extend(found);
        });
        Ok(known)
    }

    fn query(&self, part: &Fraction, periods: &[Period], sets: &[Vec<Dimension>]) -> Result<Places, PipelineError> {
        let query = places(&self.grip.catalogue, part, self.gemeente, periods, self.peildatum, sets);
        let dimensions: BTreeSet<Dimension> = sets.iter().flatten().copied().collect();
        let batches = self.workplace.run(&query, || self.grip.verplichtingen(self.gemeente, self.peildatum))?;
        let mut found = Places::new();
        for batch in &batches {
            let columns = Columns(batch);
            let [total, count] = [1, 2].map(|after| dimensions.len() + after);
            for row in 0..batch.num_rows() {
                let Some(period) = columns.text(0, row).and_then(|text| text.parse::<Period>().ok()) else { continue };
                let by = dimensions
                    .iter()
                    .enumerate()
                    .filter_map(|(at, dimension)| Some((*dimension, Arc::from(columns.text(at + 1, row)?))));
                let number = |column| columns.number(column, row).unwrap_or_default();
                let at = Found { total: number(total), count: number(count) };
                found.insert(Spot { period, by: by.collect() }, at);
            }
        }
        Ok(found)
    }

    fn places(&self, figure: usize, more: Option<Dimension>, period: Period) -> Result<Arc<Places>, PipelineError> {
        let found = self.read_years(figure, more, period.grain(), &BTreeSet::from([period.year()]))?;
        Ok(found.get(&period.year()).cloned().unwrap_or_default())
    }

    /// The longer period in which one is decided, and all that are decided with it.
    fn group(&self, figure: usize, period: Period) -> (Option<Period>, Vec<Period>) {
        let longer = self.figure(figure).grains.iter().copied().find(|grain| *grain > period.grain());
        let parent = longer.and_then(|grain| period_of(period.first_month(), grain));
        let members = parent.map_or_else(|| vec![period], |parent| within(parent, period.grain()));
        (parent, members)
    }

    /// What is hidden of a figure in a period and those that are decided with it: by law and category, and by these with one dimension more.
    fn hidden(&self, figure: usize, more: Option<Dimension>, period: Period) -> Result<Arc<Hidden>, PipelineError> {
        let more = more.filter(|more| self.figure(figure).has(*more));
        let (parent, members) = self.group(figure, period);
        let key = |figure| (self.table(figure, more), members.first().copied().unwrap_or(period));
        if let Some(found) = self.grip.kept().disclosure.hidden.get(&key(figure)) {
            return Ok(found.clone());
        }
        let mut together: Vec<usize> = std::iter::once(figure).chain(self.figure(figure).twin).collect();
        together.sort_unstable();
        let mut stages = Vec::new();
        for own in &together {
            stages.push(self.stage(*own, more, parent, &members)?);
        }
        let mut hidden: Vec<Hidden> = Vec::new();
        for (own, stage) in together.iter().zip(&stages) {
            hidden.push(self.few(*own, more, stage)?);
        }
        if self.figure(figure).is_amount() {
            self.amounts(&together, &stages, &mut hidden);
        }
        let made: Vec<Arc<Hidden>> = hidden.into_iter().map(Arc::new).collect();
        self.grip.keep_of(self.workplace.snapshot(), |kept| {
            if kept.disclosure.hidden.len() >= KEPT_MAX {
                kept.disclosure.hidden.clear();
            }
            kept.disclosure.hidden.extend(together.iter().zip(&made).map(|(own, made)| (key(*own), made.clone())));
        });
        let at = together.iter().position(|own| *own == figure).unwrap_or_default();
        Ok(made.get(at).cloned().unwrap_or_default())
    }

    /// What there is to decide, and what was decided of it.
    fn stage(
        &self,
        figure: usize,
        more: Option<Dimension>,
        parent: Option<Period>,
        members: &[Period],
    ) -> Result<Stage, PipelineError> {
        let mut stage = Stage::new(parent, members);
        for period in parent.iter().chain(members).copied() {
            for more in std::iter::once(None).chain(more.map(Some)) {
                let of_year = self.places(figure, more, period)?;
                let is_own = |spot: &Spot| spot.period == period && is_asked(spot, more, members);
                let own = of_year.iter().filter(|(spot, _)| is_own(spot));
                stage.places.extend(own.map(|(spot, found)| (spot.clone(), *found)));
                // Where nothing came, what went is known from the stocks: so nothing may have to be hidden too.
                if let Some(twin) = self.figure(figure).twin {
                    let of_year = self.places(twin, more, period)?;
                    for spot in of_year.keys().filter(|spot| is_own(spot)) {
                        stage.places.entry(spot.clone()).or_insert(Found { total: 0, count: 0 });
                    }
                }
            }
        }
        stage.stand = stage.find_stand();
        let before = parent.map(|parent| self.hidden(figure, more, parent)).transpose()?;
        let coarse = match (more, members.first()) {
            (Some(_), Some(first)) => Some(self.hidden(figure, None, *first)?),
            _ => None,
        };
        for spot in stage.places.keys() {
            if Some(spot.period) == parent {
                let is_hidden = before.as_ref().is_some_and(|before| before.contains(spot));
                stage.decided.insert(spot.clone(), is_hidden);
            } else if let Some(coarse) = &coarse
                && more.is_some_and(|more| !spot.has(more))
            {
                stage.decided.insert(spot.clone(), coarse.contains(spot));
            }
        }
        stage.under = stage.under_hidden(more);
        // Beside a stock that is hidden what comes and goes would say it.
        for stock in self.figure(figure).stocks.into_iter().flatten() {
            for period in members {
                let hidden = self.hidden(stock, more, *period)?;
                let own = stage.places.keys().filter(|spot| spot.period == *period && hidden.contains(spot));
                let own: Vec<Spot> = own.filter(|spot| !stage.decided.contains_key(spot)).cloned().collect();
                stage.under.extend(own);
            }
        }
        Ok(stage)
    }

    /// What the numbers of persons hide.
    fn few(&self, figure: usize, more: Option<Dimension>, stage: &Stage) -> Result<Hidden, PipelineError> {
        let own = self.figure(figure);
        let mut linked: Linked<(usize, Spot)> = Linked::default();
        for (spot, found) in &stage.places {
            linked.add((0, spot.clone()), stage.cell(Cell::count(found.count), spot, &stage.under));
        }
        stage.link(&mut linked, 0);
        let mut is_needed =
            !stage.under.is_empty() || stage.places.values().any(|found| is_few(found.count, own.minimum));
        // Who is not in a part is as few as who is.
        for (at, whole) in own.wholes.iter().enumerate() {
            let of_all =
                self.stage(*whole, more.filter(|more| self.figure(*whole).has(*more)), None, &stage.members)?;
            for spot in stage.places.keys().filter(|spot| Some(spot.period) != stage.parent) {
                let of = spot.kept(|dimension| self.figure(*whole).has(dimension));
                let rest = of_all.places.get(&of).map(|all| all.count - stage.places[spot].count);
                if let Some(rest) = rest.filter(|rest| is_few(*rest, own.minimum)) {
                    is_needed = true;
                    linked.add((at + 1, spot.clone()), Cell::count(rest).with(Showing::Never));
                    linked.tie([(&(0, spot.clone()), 1), (&(at + 1, spot.clone()), 1)]);
                }
            }
        }
        let rule = Rule::MinimumCount { minimum: own.minimum, zeros: Zeros::Shown };
        Ok(if is_needed { stage.decide(&linked, 0, rule) } else { Hidden::new() })
    }

    /// What amounts hide besides, with what gives these back.
    fn amounts(&self, together: &[usize], stages: &[Stage], hidden: &mut [Hidden]) {
        let is_hidden = |stage: &Stage| stage.decided.values().any(|is_hidden| *is_hidden);
        if hidden.iter().all(BTreeSet::is_empty) && !stages.iter().any(is_hidden) {
            return;
        }
        let minimum = together.iter().map(|own| self.figure(*own).minimum).max().unwrap_or_default();
        let mut linked: Linked<(usize, Spot)> = Linked::default();
        for (at, (stage, hidden)) in stages.iter().zip(hidden.iter()).enumerate() {
            for (spot, found) in &stage.places {
                let contributors = u64::try_from(found.count).unwrap_or_default();
                let cell = Cell::amount(found.total, contributors, &[]);
                linked.add((at, spot.clone()), stage.cell(cell, spot, hidden));
            }
            stage.link(&mut linked, at);
        }
        if let [one, _] = stages {
            // What stands before and after is shown elsewhere, and so is what comes less what goes.
            for spot in one.places.keys() {
                linked.tie([(&(0, spot.clone()), 1), (&(1, spot.clone()), -1)]);
            }
        }
        let minimum = u64::try_from(minimum).unwrap_or_default();
        let rule = Rule::MinimumContributors { minimum, margin_percent: MARGIN_PERCENT };
        for (at, (stage, hidden)) in stages.iter().zip(hidden).enumerate() {
            hidden.extend(stage.decide(&linked, at, rule));
        }
    }
}

/// Whether a place of a longer period is one in shorter ones too.
fn is_asked(spot: &Spot, more: Option<Dimension>, members: &[Period]) -> bool {
    let grain = members.first().map_or(Grain::Jaar, |member| member.grain());
    let is_fine = more.is_some_and(|more| spot.has(more));
    !is_fine || spot.by.iter().all(|(own, _)| Some(*own) == more || goes_with_more(*own, grain))
}

fn is_few(count: i64, minimum: i64) -> bool {
    (1..minimum).contains(&count)
}

impl Stage {
    fn new(parent: Option<Period>, members: &[Period]) -> Self {
        let (places, decided, under) = Default::default();
        Self { parent, members: members.to_vec(), stand: None, places, decided, under }
    }

    fn find_stand(&self) -> Option<Period> {
        let parent = self.parent?;
        let wholes: Vec<(&Spot, &Found)> = self.places.iter().filter(|(spot, _)| spot.period == parent).collect();
        let is_stand = |period: &&Period| {
            !wholes.is_empty() && wholes.iter().all(|(spot, found)| self.places.get(&spot.at(**period)) == Some(found))
        };
        [self.members.last(), self.members.first()].into_iter().flatten().find(is_stand).copied()
    }

    /// What is hidden because something coarser is.
    fn under_hidden(&self, more: Option<Dimension>) -> Hidden {
        let is_hidden = |spot: &Spot| self.decided.get(spot).copied().unwrap_or_default();
        let is_under = |spot: &&Spot| {
            let is_of_whole = self.stand.is_none_or(|stand| stand == spot.period);
            is_of_whole && self.parent.is_some_and(|parent| is_hidden(&spot.at(parent)))
                || more.is_some_and(|more| spot.has(more) && is_hidden(&spot.without(more)))
        };
        self.places.keys().filter(|spot| !self.decided.contains_key(spot)).filter(is_under).cloned().collect()
    }

    fn cell(&self, cell: Cell, spot: &Spot, hidden: &Hidden) -> Cell {
        match self.decided.get(spot) {
            Some(true) => cell.with(Showing::Never),
            Some(false) => cell.with(Showing::Public),
            None if hidden.contains(spot) => cell.with(Showing::Never),
            None => cell,
        }
    }

    /// What is hidden of one series, of this stage and what was decided before it in the same periods.
    fn decide(&self, linked: &Linked<(usize, Spot)>, series: usize, rule: Rule) -> Hidden {
        let own = |spot: &Spot| Some(spot.period) != self.parent;
        match linked.hidden(&[rule]) {
            Ok(hidden) => {
                let of_series = hidden.into_iter().filter(|(of, spot)| *of == series && own(spot));
                of_series.map(|(_, spot)| spot).collect()
            }
            // What can't be reckoned with is not shown.
            Err(_) => self.places.keys().filter(|spot| own(spot)).cloned().collect(),
        }
    }

    /// What adds up in one series: values of a dimension to all together, and periods to the longer one, unless that is a stand.
    fn link(&self, linked: &mut Linked<(usize, Spot)>, series: usize) {
        let mut parts: BTreeMap<(Spot, Dimension), Vec<(usize, Spot)>> = BTreeMap::new();
        for spot in self.places.keys() {
            for (dimension, _) in &spot.by {
                parts.entry((spot.without(*dimension), *dimension)).or_default().push((series, spot.clone()));
            }
        }
        for ((whole, _), parts) in &parts {
            linked.total(&(series, whole.clone()), parts);
        }
        for spot in self.places.keys().filter(|spot| Some(spot.period) == self.parent) {
            let whole = (series, spot.clone());
            match self.stand {
                Some(period) => linked.equal(&whole, &(series, spot.at(period))),
                None => {
                    let parts: Vec<(usize, Spot)> =
                        self.members.iter().map(|period| (series, spot.at(*period))).collect();
                    linked.total(&whole, &parts);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_lie_in_longer_ones() {
        let names = |text: &str, grain| -> Vec<String> {
            within(text.parse().expect("a period"), grain).iter().map(ToString::to_string).collect()
        };
        assert_eq!(names("2025", Grain::Kwartaal), ["2025-K1", "2025-K2", "2025-K3", "2025-K4"]);
        assert_eq!(names("2025-K4", Grain::Maand), ["2025-10", "2025-11", "2025-12"]);
        assert_eq!(names("2025", Grain::Jaar), ["2025"]);
    }
}
