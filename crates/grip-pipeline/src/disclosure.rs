//! Which figures of persons are withheld: the small ones, and what would give those back.
//!
//! Whether a figure is shown does not depend on how it was asked. Figures are decided in stages, the coarse before the fine: a year before its
//! quarters and these before their months, and law and category before one dimension more. What an earlier stage decided holds for
//! all later ones: what is shown stays shown, and of what is hidden it is not said what it consists of. So a question needs its own table and
//! the coarser ones, and gets the same figures as any other question.
//!
//! Zeros are shown, so that everybody knows of a small part that it is one at least. Where many such parts would bound each other, the total is
//! not divided at all: it is closed, its zeros are hidden too, and under each part nothing is said either.

mod figures;
mod flows;
mod households;
mod parts;
mod providers;
mod shown;
mod stocks;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use grip_indicator::{Answer, COARSE, Call, Dimension, Fraction, Grain, Indicator, NOT_KNOWN, Period, places};
use grip_insight::disclosure::{Cell, Interval, Linked, Rule, Showing, Zeros};
use grip_types::{Date, GemeenteCode, Maand};

pub(crate) use figures::Figures;
pub(crate) use parts::{is_few as is_few_persons, parts_shown};
pub use shown::{Audited, Changes, Narrowed, ShownTables};

use crate::{Columns, Grip, PipelineError, indicators::Workplace};
use figures::{Figure, Source, goes_with_more};
use stocks::Turnover;

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
/// A total with how it is divided: by a dimension, or, without one, into shorter periods.
type Block = (Spot, Option<Dimension>);
/// Places in series.
type Set = BTreeSet<(usize, Spot)>;

/// What is hidden in some periods.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hidden {
    /// Where something stands.
    spots: BTreeSet<Spot>,
    /// Totals of which is not said what they consist of, nor that a part is nothing.
    closed: BTreeSet<Block>,
    /// The longer period, and what is hidden in it.
    longer: Option<(Period, Arc<Hidden>)>,
    /// The one period at which stands what stands in the longer one, where that is no sum.
    stand: Option<Period>,
}

impl Hidden {
    /// Whether a place is hidden, also where nothing stands.
    pub(crate) fn contains(&self, spot: &Spot) -> bool {
        self.spots.contains(spot) || self.is_closed(spot)
    }

    /// Whether there may be places of which it is not said that nothing stands there.
    fn is_closing(&self) -> bool {
        !self.closed.is_empty() || self.longer.as_ref().is_some_and(|(_, longer)| longer.is_closing())
    }

    /// Whether it is not even said that nothing stands at a place: it is a part of a total of which is not said what it consists of.
    fn is_closed(&self, spot: &Spot) -> bool {
        if let Some((longer, hidden)) = self.longer.as_ref().filter(|_| self.stand.is_none_or(|it| it == spot.period)) {
            let whole = spot.at(*longer);
            if self.closed.contains(&(whole.clone(), None)) || hidden.contains(&whole) {
                return true;
            }
        }
        spot.by.iter().any(|(dimension, _)| {
            let block = (spot.without(*dimension), Some(*dimension));
            self.closed.contains(&block) || self.is_closed(&block.0)
        })
    }
}

/// Municipality, peildatum, figure and the dimension beside law and category.
type Table = (GemeenteCode, Date, usize, Option<Dimension>);

/// What was read and decided, for one state of the lake.
#[derive(Default)]
pub(crate) struct KeptDisclosure {
    places: HashMap<(Table, Grain, i16), Arc<Places>>,
    hidden: HashMap<(Table, Period), Arc<Hidden>>,
    turnover: HashMap<(Table, i16), Arc<Turnover>>,
}

impl Grip {
    /// Withholds answers of an indicator that are small, or would give back one that is. Where it is not said that nothing stands somewhere, an
    /// answer that is withheld is added.
    pub(crate) fn withhold(
        &self,
        indicator: &Indicator,
        call: &Call,
        answers: &mut Vec<Answer>,
    ) -> Result<(), PipelineError> {
        let desk = Deciding::new(self, call.gemeente, call.peildatum)?;
        let only: BTreeMap<Dimension, Arc<str>> =
            call.only.iter().map(|(dimension, value)| (*dimension, Arc::from(value.as_str()))).collect();
        let asked: BTreeSet<Dimension> = call.by.iter().copied().chain(only.keys().copied()).collect();
        let mut there: BTreeSet<(Period, BTreeMap<Dimension, Arc<str>>)> = BTreeSet::new();
        let split_of = |answer: &Answer| -> BTreeMap<Dimension, Arc<str>> {
            let value = |by: &Dimension| answer.by.get(by.column()).cloned().flatten();
            call.by.iter().map(|by| (*by, Arc::from(value(by).as_deref().unwrap_or(NOT_KNOWN)))).collect()
        };
        for answer in answers.iter() {
            there.extend(answer.periode.parse::<Period>().ok().map(|period| (period, split_of(answer))));
        }
        let mut withheld: BTreeSet<(Period, BTreeMap<Dimension, Arc<str>>)> = BTreeSet::new();
        for figure in self.figures.of(indicator) {
            let own = &self.figures[figure];
            let more = asked.iter().copied().find(|dimension| own.more().any(|more| more == *dimension));
            desk.read(figure, more, &call.periods)?;
            for period in &call.periods {
                let hidden = desk.hidden(figure, more, *period)?;
                let mut splits: BTreeSet<BTreeMap<Dimension, Arc<str>>> =
                    there.iter().filter(|(own, _)| own == period).map(|(_, split)| split.clone()).collect();
                if !call.by.is_empty() && hidden.is_closing() && call.by.iter().all(|by| own.has(*by)) {
                    splits.extend(desk.splits(figure, more, *period, (&call.by, &only))?);
                }
                for split in splits {
                    let all = only.iter().chain(&split).filter(|(by, _)| own.has(**by));
                    let by: BTreeMap<Dimension, Arc<str>> = all.map(|(by, value)| (*by, value.clone())).collect();
                    let spots = desk.asked(figure, Spot { period: *period, by: by.into_iter().collect() })?;
                    if spots.iter().any(|spot| hidden.contains(spot)) {
                        withheld.insert((*period, split));
                    }
                }
            }
        }
        for answer in answers.iter_mut() {
            let period = answer.periode.parse::<Period>().ok();
            if period.is_some_and(|period| withheld.remove(&(period, split_of(answer)))) {
                answer.withhold();
            }
        }
        if withheld.is_empty() {
            return Ok(());
        }
        answers.extend(withheld.iter().map(|(period, split)| {
            let value = |by: &Dimension| split.get(by).filter(|value| ***value != *NOT_KNOWN).map(ToString::to_string);
            Answer::withheld(indicator, call, *period, &call.by.iter().map(value).collect::<Vec<_>>())
        }));
        let place = |answer: &Answer| {
            let by = call.by.iter().map(|by| answer.by.get(by.column()).cloned().flatten());
            (answer.periode.parse::<Period>().ok(), by.collect::<Vec<_>>())
        };
        answers.sort_by_key(place);
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
#[derive(Debug, Clone)]
struct Stage {
    parent: Option<Period>,
    members: Vec<Period>,
    /// The one of them at which stands what stands in the longer one, where it is no sum.
    stand: Option<Period>,
    places: Places,
    /// Of each total its parts in this stage.
    parts: BTreeMap<Spot, Vec<(Option<Dimension>, Spot)>>,
    /// What an earlier stage decided: whether it is hidden.
    decided: BTreeMap<Spot, bool>,
    /// What earlier stages hide of the longer period.
    before: Option<Arc<Hidden>>,
    closed: BTreeSet<Block>,
    /// What is hidden because a total is closed, or something coarser is hidden.
    under: BTreeSet<Spot>,
    /// Where what stands before or after is hidden, so that nobody knows what comes less what goes.
    without_stock: BTreeSet<Spot>,
    /// Of what comes and goes, the least that each can be for who knows the stocks of everything it is divided into.
    least: BTreeMap<Spot, i64>,
    /// Of parts of one total of which stocks are hidden, the least that they can be together.
    least_together: Vec<(BTreeSet<Spot>, i64)>,
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

    /// The places of a period: law and category as they go together in its year, and each of these with every value of the dimension beside them.
    fn everywhere(
        &self,
        figure: usize,
        more: Option<Dimension>,
        period: Period,
    ) -> Result<BTreeSet<Spot>, PipelineError> {
        let mut found: BTreeSet<Spot> = self.of_year(figure, None, period)?;
        if more.is_some() {
            let fine = self.of_year(figure, more, period)?;
            let values: BTreeSet<&(Dimension, Arc<str>)> =
                fine.iter().flat_map(|spot| &spot.by).filter(|(own, _)| Some(*own) == more).collect();
            let with = |spot: &Spot, value: &(Dimension, Arc<str>)| {
                let by: BTreeSet<(Dimension, Arc<str>)> = spot.by.iter().chain([value]).cloned().collect();
                Spot { period, by: by.into_iter().collect() }
            };
            let both: Vec<Spot> =
                found.iter().flat_map(|spot| values.iter().map(move |value| with(spot, value))).collect();
            found.extend(both);
        }
        Ok(found)
    }

    /// The places of a table where something stands in the year of a period or in a period of the same length in it, all in this period.
    fn of_year(&self, figure: usize, more: Option<Dimension>, period: Period) -> Result<BTreeSet<Spot>, PipelineError> {
        let longest = self.figure(figure).grains.last().and_then(|grain| period_of(period.first_month(), *grain));
        let mut found = BTreeSet::new();
        for own in longest.into_iter().chain([period]) {
            found.extend(self.places(figure, more, own)?.keys().map(|spot| spot.at(period)));
        }
        Ok(found)
    }

    /// The places of which a question is: those of each law, where a category is asked without one.
    fn asked(&self, figure: usize, spot: Spot) -> Result<Vec<Spot>, PipelineError> {
        let own = self.figure(figure);
        let categorie = spot.by.iter().find(|(dimension, _)| *dimension == Dimension::Productcategorie);
        let Some(categorie) = categorie.filter(|_| own.has(Dimension::Wet) && !spot.has(Dimension::Wet)) else {
            return Ok(vec![spot]);
        };
        let coarse = self.places(figure, None, spot.period)?;
        let of_law = coarse.keys().filter(|known| known.by.contains(categorie));
        let laws: BTreeSet<&(Dimension, Arc<str>)> =
            of_law.flat_map(|known| &known.by).filter(|(dimension, _)| *dimension == Dimension::Wet).collect();
        let with = |law: &(Dimension, Arc<str>)| {
            let by: BTreeSet<(Dimension, Arc<str>)> = spot.by.iter().chain([law]).cloned().collect();
            Spot { period: spot.period, by: by.into_iter().collect() }
        };
        Ok(laws.into_iter().map(with).collect())
    }

    /// What a figure is split into in the year of a period, whether or not something stands there in it: law and category as they go
    /// together, each with every value of the dimension beside them.
    fn splits(
        &self,
        figure: usize,
        more: Option<Dimension>,
        period: Period,
        (by, only): (&[Dimension], &BTreeMap<Dimension, Arc<str>>),
    ) -> Result<BTreeSet<BTreeMap<Dimension, Arc<str>>>, PipelineError> {
        // A category is of a law.
        let asked = |dimension: Dimension| {
            let is_law = dimension == Dimension::Wet;
            let is_it = |own: &Dimension| *own == dimension || is_law && *own == Dimension::Productcategorie;
            by.iter().chain(only.keys()).any(is_it)
        };
        let of =
            |places: &BTreeSet<Spot>, wanted: &dyn Fn(Dimension) -> bool| -> BTreeSet<BTreeMap<Dimension, Arc<str>>> {
                let wanted: Vec<Dimension> = self.figure(figure).dimensions().filter(|own| wanted(*own)).collect();
                let is_it = |spot: &&Spot| {
                    spot.by.iter().map(|(own, _)| *own).eq(wanted.iter().copied())
                        && spot.by.iter().all(|(own, value)| only.get(own).is_none_or(|only| only == value))
                };
                let split = |spot: &Spot| spot.by.iter().filter(|(own, _)| by.contains(own)).cloned().collect();
                places.iter().filter(is_it).map(split).collect()
            };
        let coarse = of(&self.of_year(figure, None, period)?, &|own| COARSE.contains(&own) && asked(own));
        let Some(more) = more else { return Ok(coarse) };
        let fine = of(&self.of_year(figure, Some(more), period)?, &|own| own == more);
        let both = |one: &BTreeMap<_, _>, other: &BTreeMap<_, _>| {
            one.iter().chain(other).map(|(by, value)| (*by, Arc::clone(value))).collect()
        };
        Ok(coarse.iter().flat_map(|one| fine.iter().map(move |other| both(one, other))).collect())
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
        if let [one, other] = &mut stages[..] {
            self.know_stocks(together[0], more, [one, other])?;
        }
        let mut hidden: Vec<BTreeSet<Spot>>;
        loop {
            hidden = Vec::new();
            for (own, stage) in together.iter().zip(&mut stages) {
                hidden.push(self.few(*own, more, stage)?);
            }
            if !close_alike(&mut stages) {
                break;
            }
        }
        hide_alike(&stages, &mut hidden);
        if self.figure(figure).is_amount() {
            self.amounts(&together, more, &mut stages, &mut hidden);
        }
        let made: Vec<Arc<Hidden>> =
            stages.into_iter().zip(hidden).map(|(stage, spots)| Arc::new(stage.hidden(spots))).collect();
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
            }
        }
        stage.stand = stage.find_stand();
        // Where a total is closed nobody knows which of its parts are nothing.
        for period in parent.iter().chain(members).copied() {
            for figure in std::iter::once(figure).chain(self.figure(figure).twin) {
                for spot in self.everywhere(figure, more, period)? {
                    if is_asked(&spot, more, members) {
                        stage.places.entry(spot).or_insert(Found::NOTHING);
                    }
                }
            }
        }
        stage.before = parent.map(|parent| self.hidden(figure, more, parent)).transpose()?;
        let coarse = match (more, members.first()) {
            (Some(_), Some(first)) => Some(self.hidden(figure, None, *first)?),
            _ => None,
        };
        for spot in stage.places.keys() {
            if Some(spot.period) == parent {
                let is_hidden = stage.before.as_ref().is_some_and(|before| before.contains(spot));
                stage.decided.insert(spot.clone(), is_hidden);
            } else if let Some(coarse) = &coarse
                && more.is_some_and(|more| !spot.has(more))
            {
                stage.decided.insert(spot.clone(), coarse.contains(spot));
            }
        }
        stage.find_parts();
        stage.closed.extend(coarse.iter().flat_map(|coarse| coarse.closed.iter().cloned()));
        let minimum = self.figure(figure).minimum;
        let is_hidden = |spot: &Spot, found: &Found| {
            stage.decided.get(spot).copied().unwrap_or_else(|| is_few(found.count, minimum))
        };
        let hidden: Vec<Spot> =
            stage.places.iter().filter(|(spot, found)| is_hidden(spot, found)).map(|(spot, _)| spot.clone()).collect();
        for whole in &hidden {
            stage.close_under(whole);
        }
        // Periods, laws and values of a dimension bound each other in another way for each dimension: where something is hidden of a shorter
        // period, none of it is divided by one.
        if let (Some(parent), Some(more)) = (parent, more) {
            let goes = |spot: &Spot| spot.by.iter().all(|(own, _)| goes_with_more(*own, spot.period.grain()));
            let is_own = |spot: &&Spot| spot.period != parent && !spot.has(more) && goes(spot);
            let with_hidden: BTreeSet<Period> = hidden.iter().filter(is_own).map(|spot| spot.period).collect();
            for period in with_hidden {
                stage.close_block((Spot { period, by: Vec::new() }, Some(more)));
            }
        }
        // Beside a stock that is hidden what comes and goes would say it.
        for stock in self.figure(figure).stocks.into_iter().flatten() {
            for period in parent.iter().chain(members) {
                let hidden = self.hidden(stock, more, *period)?;
                let own = stage.places.keys().filter(|spot| spot.period == *period && hidden.contains(spot));
                let own: Vec<Spot> = own.cloned().collect();
                stage.without_stock.extend(own.iter().cloned());
                let own: Vec<Spot> = own.into_iter().filter(|spot| !stage.decided.contains_key(spot)).collect();
                for spot in &own {
                    stage.close_under(spot);
                }
                stage.under.extend(own);
            }
        }
        Ok(stage)
    }

    /// What the numbers of persons hide.
    fn few(&self, figure: usize, more: Option<Dimension>, stage: &mut Stage) -> Result<BTreeSet<Spot>, PipelineError> {
        let minimum = self.figure(figure).minimum;
        let rests = self.rests(figure, more, stage)?;
        let has_few = stage.places.values().any(|found| is_few(found.count, minimum));
        if stage.under.is_empty() && rests.is_empty() && !has_few {
            return Ok(BTreeSet::new());
        }
        loop {
            let mut linked: Linked<(usize, Spot)> = Linked::default();
            for (spot, found) in &stage.places {
                let cell = stage.cell(Cell::count(found.count), spot, &stage.under);
                linked.add((0, spot.clone()), shown_if(*found == Found::NOTHING, cell));
            }
            stage.link(&mut linked, 0);
            add_rests(&mut linked, &rests);
            let rule = Rule::MinimumCount { minimum, zeros: Zeros::AsGiven };
            let Some((hidden, beyond)) = decide(&linked, rule) else { return Ok(stage.own().collect()) };
            if !stage.close(more, &beyond.into_iter().map(|(_, spot)| spot).collect()) {
                let own = hidden.into_iter().filter(|(series, spot)| *series == 0 && Some(spot.period) != stage.parent);
                return Ok(own.map(|(_, spot)| spot).collect());
            }
        }
    }

    /// Who is not in a part is as few as who is: what is left of the figures of which one is a part, where it is little, each a series from 2 on.
    fn rests(
        &self,
        figure: usize,
        more: Option<Dimension>,
        stage: &Stage,
    ) -> Result<Vec<(usize, Spot, i64)>, PipelineError> {
        let mut found = Vec::new();
        for (at, whole) in self.figure(figure).wholes.iter().enumerate() {
            let more = more.filter(|more| self.figure(*whole).has(*more));
            for period in &stage.members {
                let coarse = self.places(*whole, None, *period)?;
                let fine = more.map(|more| self.places(*whole, Some(more), *period)).transpose()?;
                for (spot, own) in stage.places.iter().filter(|(spot, _)| spot.period == *period) {
                    let of = spot.kept(|dimension| self.figure(*whole).has(dimension));
                    let all = coarse.get(&of).or_else(|| fine.as_ref()?.get(&of));
                    // A small whole is hidden.
                    let minimum = self.figure(figure).minimum;
                    let all = all.filter(|all| !is_few(all.count, minimum));
                    if let Some(rest) = all.map(|all| all.count - own.count).filter(|rest| is_few(*rest, minimum)) {
                        found.push((at + 2, spot.clone(), rest));
                    }
                }
            }
        }
        Ok(found)
    }

    /// What amounts hide besides, with what gives these back.
    fn amounts(
        &self,
        together: &[usize],
        more: Option<Dimension>,
        stages: &mut [Stage],
        hidden: &mut [BTreeSet<Spot>],
    ) {
        let is_hidden = |stage: &Stage| stage.decided.values().any(|is_hidden| *is_hidden);
        if hidden.iter().all(BTreeSet::is_empty) && !stages.iter().any(is_hidden) {
            return;
        }
        let minimum = together.iter().map(|own| self.figure(*own).minimum).max().unwrap_or_default();
        let minimum = u64::try_from(minimum).unwrap_or_default();
        let rule = Rule::MinimumContributors { minimum, margin_percent: MARGIN_PERCENT };
        loop {
            let mut linked: Linked<(usize, Spot)> = Linked::default();
            for (at, (stage, hidden)) in stages.iter().zip(hidden.iter()).enumerate() {
                for (spot, found) in &stage.places {
                    // Of what comes and goes nothing may have to be hidden as well.
                    let is_nothing = stages.len() == 1 && *found == Found::NOTHING;
                    let mut cell = stage.cell(found.amount(), spot, hidden);
                    if let Some(least) = stage.least.get(spot) {
                        cell.known = cell.known.meet(known(Some(*least)));
                    }
                    linked.add((at, spot.clone()), shown_if(is_nothing, cell));
                }
                stage.link(&mut linked, at);
                for (spots, least) in &stage.least_together {
                    let names: Vec<(usize, Spot)> = spots.iter().map(|spot| (at, spot.clone())).collect();
                    linked.at_least(&names, *least);
                }
            }
            if let [one, _] = &*stages {
                // Where what stands before and after is shown, what comes less what goes is known.
                linked.protect_within_reach();
                for spot in one.places.keys().filter(|spot| !one.without_stock.contains(spot)) {
                    linked.tie([(&(0, spot.clone()), 1), (&(1, spot.clone()), -1)]);
                }
            }
            let Some((found, beyond)) = decide(&linked, rule) else {
                // What can't be reckoned with is not shown.
                stages.iter().zip(hidden).for_each(|(stage, hidden)| hidden.extend(stage.own()));
                return;
            };
            let mut is_closing = false;
            for (at, (stage, hidden)) in stages.iter_mut().zip(&mut *hidden).enumerate() {
                let of = |found: &Set| -> BTreeSet<Spot> {
                    found.iter().filter(|(series, _)| *series == at).map(|(_, spot)| spot.clone()).collect()
                };
                is_closing |= stage.close(more, &of(&beyond));
                hidden.extend(of(&found).into_iter().filter(|spot| Some(spot.period) != stage.parent));
            }
            is_closing |= close_alike(stages);
            for (stage, hidden) in stages.iter().zip(&mut *hidden) {
                hidden.extend(stage.under.iter().cloned());
            }
            if !is_closing {
                return;
            }
        }
    }
}

/// Closes in each stage what is closed in another: who knows the stocks knows what goes from what comes, so that nothing of the one would say
/// that of the other. Whether there was any to close.
fn close_alike(stages: &mut [Stage]) -> bool {
    let all: BTreeSet<Block> = stages.iter().flat_map(|stage| stage.closed.iter().cloned()).collect();
    let mut is_closing = false;
    for stage in stages {
        for block in &all {
            is_closing |= stage.close_block(block.clone());
        }
    }
    is_closing
}

/// Hides of what comes and of what goes what is hidden of the other: between two stocks that are shown the one says the other.
fn hide_alike(stages: &[Stage], hidden: &mut [BTreeSet<Spot>]) {
    let all: BTreeSet<Spot> = hidden.iter().flatten().cloned().collect();
    for (stage, hidden) in stages.iter().zip(hidden) {
        let is_said = |spot: &&Spot| !stage.without_stock.contains(*spot) && !stage.decided.contains_key(*spot);
        hidden.extend(all.iter().filter(is_said).cloned());
    }
}

/// Adds what is left of the figures of which one is a part: never shown, and known with the part.
fn add_rests(linked: &mut Linked<(usize, Spot)>, rests: &[(usize, Spot, i64)]) {
    for (series, spot, rest) in rests {
        let cell = Cell { known: known(Some(1)), ..Cell::count(*rest).with(Showing::Never) };
        linked.add((*series, spot.clone()), cell);
        linked.tie([(&(0, spot.clone()), 1), (&(*series, spot.clone()), 1)]);
    }
}

/// What is hidden, and what can't be protected whatever is; nothing where the figures contradict each other.
fn decide(linked: &Linked<(usize, Spot)>, rule: Rule) -> Option<(Set, Set)> {
    let found = linked.protected(&[rule]).ok()?;
    Some((found.hidden, found.beyond_help))
}

/// A cell that is not hidden where that need not be.
fn shown_if(is_needless: bool, cell: Cell) -> Cell {
    if is_needless && cell.showing == Showing::Free { cell.with(Showing::Public) } else { cell }
}

/// Everything from a number on.
fn known(low: Option<i64>) -> Interval {
    Interval { low, high: None }
}

impl Found {
    const NOTHING: Self = Self { total: 0, count: 0 };

    /// What stands there as an amount.
    fn amount(&self) -> Cell {
        Cell::amount(self.total, u64::try_from(self.count).unwrap_or_default(), &[])
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
        let (places, parts, decided, before, closed, under, without_stock) = Default::default();
        let (least, least_together) = Default::default();
        Self {
            parent,
            members: members.to_vec(),
            stand: None,
            places,
            parts,
            decided,
            before,
            closed,
            under,
            without_stock,
            least,
            least_together,
        }
    }

    /// What it decided.
    fn hidden(self, mut spots: BTreeSet<Spot>) -> Hidden {
        spots.extend(self.under);
        let before =
            self.decided.into_iter().filter(|(spot, is_hidden)| *is_hidden && Some(spot.period) != self.parent);
        spots.extend(before.map(|(spot, _)| spot));
        Hidden { spots, closed: self.closed, longer: self.parent.zip(self.before), stand: self.stand }
    }

    /// The last or the first period, where the same stands there as in the longer one.
    fn find_stand(&self) -> Option<Period> {
        let parent = self.parent?;
        let at = |period: Period| {
            let own = self.places.iter().filter(move |(spot, _)| spot.period == period);
            own.map(move |(spot, found)| (spot.at(parent), *found)).collect::<Places>()
        };
        let whole = at(parent);
        [self.members.last(), self.members.first()].into_iter().flatten().copied().find(|period| at(*period) == whole)
    }

    /// The totals of which what stands at a place of this stage is a part.
    fn blocks(&self, spot: &Spot) -> Vec<Block> {
        let longer =
            self.parent.filter(|parent| *parent != spot.period && self.stand.is_none_or(|stand| stand == spot.period));
        let by = spot.by.iter().map(|(dimension, _)| (spot.without(*dimension), Some(*dimension)));
        longer.map(|parent| (spot.at(parent), None)).into_iter().chain(by).collect()
    }

    fn find_parts(&mut self) {
        let mut parts: BTreeMap<Spot, Vec<(Option<Dimension>, Spot)>> = BTreeMap::new();
        for spot in self.places.keys().filter(|spot| !self.decided.contains_key(*spot)) {
            for (whole, by) in self.blocks(spot) {
                parts.entry(whole).or_default().push((by, spot.clone()));
            }
        }
        self.parts = parts;
    }

    /// Closes a total in every way it is divided in this stage.
    fn close_under(&mut self, whole: &Spot) -> bool {
        let by: BTreeSet<Option<Dimension>> = self.parts.get(whole).into_iter().flatten().map(|(by, _)| *by).collect();
        let mut is_closing = false;
        for by in by {
            is_closing |= self.close_block((whole.clone(), by));
        }
        is_closing
    }

    /// Closes a total, so that nothing is said of its parts in this stage, and all that are under these. Whether it was not.
    fn close_block(&mut self, block: Block) -> bool {
        if !self.closed.insert(block.clone()) {
            return false;
        }
        let (whole, by) = block;
        let parts = self.parts.get(&whole).into_iter().flatten().filter(|(own, _)| *own == by);
        for part in parts.map(|(_, part)| part.clone()).collect::<Vec<_>>() {
            self.close_under(&part);
            self.under.insert(part);
        }
        true
    }

    /// Closes the totals around figures that can't be protected in them; where these are closed, those around them, up to everything of a
    /// period. Whether there was any to close.
    fn close(&mut self, more: Option<Dimension>, beyond: &BTreeSet<Spot>) -> bool {
        let mut is_closing = false;
        for spot in beyond {
            let mut around: BTreeSet<Spot> = BTreeSet::from([spot.clone()]);
            while !around.is_empty() {
                let own = around.iter().filter(|spot| !self.decided.contains_key(*spot));
                let blocks: BTreeSet<Block> = own.flat_map(|spot| self.blocks(spot)).collect();
                let mut is_closed = false;
                for block in &blocks {
                    is_closed |= self.close_block(block.clone());
                }
                if is_closed {
                    is_closing = true;
                    break;
                }
                around = blocks.into_iter().map(|(whole, _)| whole).collect();
            }
            if around.is_empty() {
                // What was decided before can be helped only by everything that is left.
                let all = spot.kept(|_| false);
                let top = self.members.iter().map(|period| (all.at(*period), more)).filter(|(_, more)| more.is_some());
                for block in top.collect::<Vec<_>>() {
                    is_closing |= self.close_block(block);
                }
            }
        }
        is_closing
    }

    /// Whether everybody knows that something stands at a place, because it would be shown if nothing did.
    fn is_open(&self, spot: &Spot) -> bool {
        if Some(spot.period) == self.parent {
            return self.before.as_ref().is_none_or(|before| !before.is_closed(spot));
        }
        self.blocks(spot).iter().all(|block| !self.closed.contains(block))
    }

    fn cell(&self, cell: Cell, spot: &Spot, hidden: &BTreeSet<Spot>) -> Cell {
        let low = i64::from(cell.value > 0 && self.is_open(spot));
        let cell = if cell.known == Interval::NOT_NEGATIVE { Cell { known: known(Some(low)), ..cell } } else { cell };
        match self.decided.get(spot) {
            Some(true) => cell.with(Showing::Never),
            Some(false) => cell.with(Showing::Public),
            None if hidden.contains(spot) => cell.with(Showing::Never),
            None => cell,
        }
    }

    /// The places of the periods that it decides.
    fn own(&self) -> impl Iterator<Item = Spot> {
        self.places.keys().filter(|spot| Some(spot.period) != self.parent).cloned()
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
