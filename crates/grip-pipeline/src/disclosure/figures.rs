//! The figures that indicators are made of: what stands above or below a line, once.

use std::{collections::BTreeSet, ops::Index};

use grip_indicator::{Aggregate, COARSE, Catalogue, Dimension, Fraction, Grain, Indicator, Unit};
use grip_types::PERSONS_MIN;

use crate::care::FLOW_DIMENSIONS;

/// Indicators of what stands before, what comes, what goes and what stands after: who knows three of them knows the fourth.
const FLOWS: [[&str; 4]; 2] = [
    ["beginstand", "instroom", "uitstroom", "eindstand"],
    ["beginstand-product", "instroom-product", "uitstroom-product", "eindstand-product"],
];

/// Indicators that are shown beside what they are a part of.
const PARTS: [[&str; 2]; 1] = [[HOUSEHOLDS_BOTH, HOUSEHOLDS]];
/// Clients with declared care.
pub(super) const CLIENTS: &str = "clienten-met-zorg";
/// Households with care.
pub(super) const HOUSEHOLDS: &str = "huishoudens-met-zorg";
/// Those with care under both laws.
pub(super) const HOUSEHOLDS_BOTH: &str = "huishoudens-beide-wetten";

/// What a figure is made of.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// What stands above or below the line of an indicator.
    Part(Fraction),
    /// One of begin, in, out and end of trajectories by a dimension.
    Flow(Dimension, usize),
}

/// One figure that persons stand behind, with everything that it is shown in.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(super) source: Source,
    /// With fewer behind it than this it is not shown.
    pub(super) minimum: i64,
    /// The indicators it stands in.
    pub(super) indicators: BTreeSet<String>,
    dimensions: BTreeSet<Dimension>,
    /// Short ones first.
    pub(super) grains: BTreeSet<Grain>,
    /// Figures of which it is shown as a part: the rest is shown with it.
    pub(super) wholes: BTreeSet<usize>,
    /// What comes, of what goes, and the other way about: known with it and the stocks.
    pub(super) twin: Option<usize>,
    /// Of what comes or goes what stands before and after.
    pub(super) stocks: Option<[usize; 2]>,
}

/// Whether law or category is split with one dimension more, over periods of a length.
pub(super) fn goes_with_more(dimension: Dimension, grain: Grain) -> bool {
    grain == Grain::Jaar || dimension == Dimension::Wet
}

impl Figure {
    fn new(source: Source) -> Self {
        Self {
            source,
            minimum: i64::from(PERSONS_MIN),
            indicators: BTreeSet::new(),
            dimensions: BTreeSet::new(),
            grains: BTreeSet::new(),
            wholes: BTreeSet::new(),
            twin: None,
            stocks: None,
        }
    }

    fn of_flow(by: Dimension, part: usize) -> Self {
        let name = format!("{} ({})", FLOWS[0][part], by.column());
        Self {
            indicators: BTreeSet::from([name]),
            dimensions: BTreeSet::from([Dimension::Wet, by]),
            grains: BTreeSet::from([Grain::Maand, Grain::Kwartaal, Grain::Jaar]),
            ..Self::new(Source::Flow(by, part))
        }
    }

    pub(super) fn has(&self, dimension: Dimension) -> bool {
        self.dimensions.contains(&dimension)
    }

    /// All its dimensions, in their order.
    pub(super) fn dimensions(&self) -> impl Iterator<Item = Dimension> {
        self.dimensions.iter().copied()
    }

    /// The dimensions beside law and category.
    pub(super) fn more(&self) -> impl Iterator<Item = Dimension> {
        self.dimensions.iter().copied().filter(|dimension| !COARSE.contains(dimension))
    }

    /// Everything together, by law, and by law and category, as far as it has them and they go with one dimension more. A category is of a law: it
    /// is decided with it.
    pub(super) fn coarse_sets(&self, more: Option<Dimension>, grain: Grain) -> Vec<Vec<Dimension>> {
        let goes =
            |dimension: &Dimension| self.has(*dimension) && (more.is_none() || goes_with_more(*dimension, grain));
        let coarse: Vec<Dimension> = COARSE.into_iter().filter(goes).collect();
        (0..=coarse.len()).map(|many| coarse[..many].to_vec()).collect()
    }

    /// Whether more is shown than how many there are.
    pub(super) fn is_amount(&self) -> bool {
        match &self.source {
            Source::Part(part) => matches!(part.aggregate, Aggregate::Sum | Aggregate::Mean),
            Source::Flow(..) => true,
        }
    }
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures(Vec<Figure>);

impl Index<usize> for Figures {
    type Output = Figure;
    fn index(&self, at: usize) -> &Figure {
        &self.0[at]
    }
}

impl Figures {
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let mut figures = Self::default();
        for indicator in catalogue.indicators().iter().filter(|indicator| indicator.minimum_count > 0) {
            let own: Vec<usize> = parts(indicator).map(|part| figures.add(part, indicator)).collect();
            let is_distinct = |part: &Fraction| part.aggregate == Aggregate::Distinct;
            if let [part, whole] = own[..]
                && indicator.unit == Unit::Percent
                && parts(indicator).all(is_distinct)
            {
                figures.0[part].wholes.insert(whole);
            }
        }
        for ids in PARTS {
            if let [Some(part), Some(whole)] = ids.map(|id| figures.above(catalogue, id)) {
                figures.0[part].wholes.insert(whole);
            }
        }
        for ids in FLOWS {
            let found = ids.map(|id| figures.above(catalogue, id));
            if let [Some(begin), Some(inflow), Some(outflow), Some(end)] = found {
                figures.tie([begin, inflow, outflow, end]);
            }
        }
        for by in FLOW_DIMENSIONS {
            if figures.flow(catalogue, by).is_none() {
                let own = [0, 1, 2, 3].map(|part| figures.push(Figure::of_flow(by, part)));
                figures.tie(own);
            }
        }
        figures
    }

    /// What stands above the line of an indicator.
    pub(super) fn above(&self, catalogue: &Catalogue, id: &str) -> Option<usize> {
        self.of(catalogue.get(id).ok()?).next()
    }

    fn tie(&mut self, [begin, inflow, outflow, end]: [usize; 4]) {
        for (one, other) in [(inflow, outflow), (outflow, inflow)] {
            self.0[one].twin = Some(other);
            self.0[one].stocks = Some([begin, end]);
        }
    }

    fn push(&mut self, figure: Figure) -> usize {
        self.0.push(figure);
        self.0.len() - 1
    }

    /// Begin, in, out and end of trajectories by a dimension: those of indicators, where these are the same.
    pub(crate) fn flow(&self, catalogue: &Catalogue, by: Dimension) -> Option<[usize; 4]> {
        let ids = match by {
            Dimension::Wet | Dimension::Wijk => Some(FLOWS[0]),
            Dimension::Productcategorie => Some(FLOWS[1]),
            _ => None,
        };
        let of_indicator = |id: &str| self.above(catalogue, id).filter(|at| self.0[*at].has(by));
        let own = |part: usize| {
            self.0.iter().position(|figure| matches!(figure.source, Source::Flow(own, at) if own == by && at == part))
        };
        let found = match ids {
            Some(ids) => ids.map(of_indicator),
            None => [0, 1, 2, 3].map(own),
        };
        let [Some(begin), Some(inflow), Some(outflow), Some(end)] = found else { return None };
        Some([begin, inflow, outflow, end])
    }

    fn add(&mut self, part: &Fraction, indicator: &Indicator) -> usize {
        let at = self.position(part, indicator.minimum_count).unwrap_or_else(|| {
            let source = Source::Part(part.clone());
            self.push(Figure { minimum: indicator.minimum_count, ..Figure::new(source) })
        });
        let figure = &mut self.0[at];
        figure.indicators.insert(indicator.id.clone());
        figure.dimensions.extend(indicator.dimensions.iter().filter(|dimension| part.has(**dimension)));
        figure.grains.extend(&indicator.periods);
        at
    }

    fn position(&self, part: &Fraction, minimum: i64) -> Option<usize> {
        let is_it = |figure: &Figure| {
            let is_same = |own: &Fraction| (own.aggregate, own.sql.as_str()) == (part.aggregate, part.sql.as_str());
            figure.minimum == minimum && matches!(&figure.source, Source::Part(own) if is_same(own))
        };
        self.0.iter().position(is_it)
    }

    /// Those that are shown in an indicator: above the line and below it. None where no persons are behind it.
    pub(crate) fn of<'f>(&'f self, indicator: &'f Indicator) -> impl Iterator<Item = usize> + 'f {
        parts(indicator).filter_map(|part| self.position(part, indicator.minimum_count))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Figure)> {
        self.0.iter().enumerate()
    }
}

fn parts(indicator: &Indicator) -> impl Iterator<Item = &Fraction> {
    indicator.numerator.iter().chain(&indicator.denominator)
}
