//! Which steps, ramps and pulses a monthly series has, over a level, a slope, a season and errors that hang together.
//!
//! Chen and Liu (1993), Journal of the American Statistical Association 88(421), 284-297, choose level shifts and outliers one by one
//! and then estimate all together; here with slopes too, errors of first order, and critical values from simulation.

use crate::season;
use crate::series::{Prepared, Series, count};
use crate::signal::Thresholds;
use crate::student::{NORMAL_95, normal_of, student_of};

/// What a deviation looks like from its first month on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 1 in one month.
    Pulse,
    /// 1 from a month on.
    Step,
    /// 1, 2, 3 from a month on.
    Ramp,
}

/// A deviation with its size, in the unit of the series.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) since: usize,
    /// What was expected instead: see [`crate::Signal::before`].
    pub(crate) before: f64,
    pub(crate) size: f64,
    /// Half of the 95 % interval.
    pub(crate) reach: f64,
    pub(crate) confidence: f64,
}

/// Known values without a season before anything is signalled.
const KNOWN_MIN: usize = 12;
/// Degrees of freedom below which a size can't be judged.
const FREEDOM_MIN: usize = 5;
/// Known months at either side of a step; with one month less it is a pulse.
const STEP_BEFORE_MIN: usize = 3;
const STEP_AFTER_MIN: usize = 2;
/// Known months at either side of the place where a slope changes: half a year.
const RAMP_MIN: usize = 6;
/// Deviations in one series; more is another series.
const FOUND_MAX: usize = 8;
/// The first look, to learn how errors hang together, takes these for real.
const FIRST_LOOK: Thresholds = Thresholds { outlier: 3.5, change: 3.5 };
const FIRST_LOOK_MAX: usize = 3;
/// Errors that hang together more than this are a level that wanders: every step is lost in it.
const CORRELATION_MAX: f64 = 0.8;
/// A column that keeps less than this part of its squares beside the others says nothing of its own.
const OWN_PART_MIN: f64 = 1e-6;
/// A series that leaves less than this part of its squares follows its course exactly, but for rounding.
const REST_MIN: f64 = 1e-18;

/// All deviations of the series that pass, in order of time.
pub(crate) fn search(series: Series<'_>, thresholds: &Thresholds) -> Vec<Found> {
    let prepared = Prepared::of(series);
    let enough = if prepared.season > 1 { prepared.has_seasons() } else { prepared.known >= KNOWN_MIN };
    if !enough || prepared.is_constant() {
        return Vec::new();
    }
    let first = series.values.len() - prepared.trailing - prepared.y.len();
    let mut rows = Rows::of(&prepared, if prepared.has_seasons() { prepared.season } else { 1 });
    let mut loose = rows.choose(&FIRST_LOOK, FIRST_LOOK_MAX);
    // A jump hides a season, and so it is looked for without what was found.
    if rows.season > 1 && !season::is_seasonal(&rows.without(&loose, &prepared)) {
        rows.season = 1;
        loose = rows.choose(&FIRST_LOOK, FIRST_LOOK_MAX);
    }
    rows.correlate(rows.correlation(&loose));
    let chosen = rows.choose(thresholds, FOUND_MAX);
    let mut found = rows.describe(&chosen);
    for found in &mut found {
        found.since += first;
        found.before *= prepared.scale;
        found.size *= prepared.scale;
        found.reach *= prepared.scale;
    }
    found.sort_by_key(|found| found.since);
    found
}

/// A deviation and the row in which it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    kind: Kind,
    row: usize,
}

/// Known months, and how each is freed of what it shares with the one before.
struct Rows {
    times: Vec<usize>,
    values: Vec<f64>,
    season: usize,
    /// A row as it is used: `weights[i] · (value[i] - shared[i] · value[i - 1])`.
    weights: Vec<f64>,
    shared: Vec<f64>,
}

/// Columns made perpendicular one after the other, and how each was put together from those.
#[derive(Default)]
struct Basis {
    directions: Vec<Vec<f64>>,
    /// `parts[k]` are the parts of column `k` along the directions up to its own.
    parts: Vec<Vec<f64>>,
}

/// Estimates of all columns of a basis.
struct Estimates {
    sizes: Vec<f64>,
    errors: Vec<f64>,
    freedom: f64,
}

impl Rows {
    fn of(prepared: &Prepared, season: usize) -> Self {
        let times: Vec<usize> = (0..prepared.y.len()).filter(|at| prepared.y[*at].is_finite()).collect();
        let values = times.iter().map(|at| prepared.y[*at]).collect();
        let mut rows = Self { times, values, season, weights: Vec::new(), shared: Vec::new() };
        rows.correlate(0.0);
        rows
    }

    /// Errors of neighbouring months have this correlation, of months further apart a power of it.
    fn correlate(&mut self, correlation: f64) {
        let gaps = self.times.windows(2).map(|pair| i32::try_from(pair[1] - pair[0]).unwrap_or(i32::MAX));
        self.shared = std::iter::once(0.0).chain(gaps.map(|gap| correlation.powi(gap))).collect();
        let variance = 1.0 - correlation * correlation;
        self.weights = self.shared.iter().map(|shared| (variance / (1.0 - shared * shared)).sqrt()).collect();
        if let Some(first) = self.weights.first_mut() {
            *first = variance.sqrt();
        }
    }

    fn whiten(&self, column: &[f64]) -> Vec<f64> {
        let before = std::iter::once(0.0).chain(column.iter().copied());
        let rows = column.iter().zip(before).zip(self.weights.iter().zip(&self.shared));
        rows.map(|((value, before), (weight, shared))| weight * (value - shared * before)).collect()
    }

    /// What a whitened vector is to raw columns: `whiten(x) · v = x · transposed(v)`.
    fn transposed(&self, vector: &[f64]) -> Vec<f64> {
        (0..vector.len())
            .map(|row| {
                let next = vector.get(row + 1).map_or(0.0, |next| self.weights[row + 1] * self.shared[row + 1] * next);
                self.weights[row] * vector[row] - next
            })
            .collect()
    }

    /// Level, slope from the middle, and seasonal columns that add up to nothing.
    fn base(&self) -> Vec<Vec<f64>> {
        let last = self.times.last().copied().unwrap_or(0);
        let middle = count(last) / 2.0;
        let mut columns =
            vec![vec![1.0; self.times.len()], self.times.iter().map(|time| count(*time) - middle).collect()];
        for step in 1..self.season {
            let of = |time: &usize| match time % self.season {
                0 => -1.0,
                at if at == step => 1.0,
                _ => 0.0,
            };
            columns.push(self.times.iter().map(of).collect());
        }
        columns
    }

    fn column(&self, shape: Shape) -> Vec<f64> {
        let since = self.times[shape.row];
        self.times.iter().map(|time| value(shape.kind, since, *time)).collect()
    }

    fn shapes(&self) -> Vec<Shape> {
        let number = self.times.len();
        let of = |kind: Kind, from: usize, after: usize| {
            (from..(number + 1).saturating_sub(after)).map(move |row| Shape { kind, row })
        };
        let steps = of(Kind::Step, STEP_BEFORE_MIN, STEP_AFTER_MIN);
        of(Kind::Pulse, 0, 1).chain(steps).chain(of(Kind::Ramp, RAMP_MIN, RAMP_MIN)).collect()
    }

    fn basis(&self, shapes: &[Shape]) -> Basis {
        let mut basis = Basis::default();
        let columns = self.base().into_iter().chain(shapes.iter().map(|shape| self.column(*shape)));
        columns.for_each(|column| basis.push(self.whiten(&column)));
        basis
    }

    /// Shapes chosen one by one, the surest first; those that don't pass any more beside later ones are given up, and each is placed again
    /// beside the others.
    fn choose(&self, thresholds: &Thresholds, most: usize) -> Vec<Shape> {
        let shapes = self.shapes();
        let mut chosen: Vec<Shape> = Vec::new();
        while chosen.len() < most {
            let Some(next) = self.surest(&shapes, &chosen, thresholds) else { break };
            chosen.push(next);
        }
        self.prune(&mut chosen, thresholds);
        if chosen.len() > 1 {
            for index in 0..chosen.len() {
                let mut others = chosen.clone();
                others.remove(index);
                if let Some(better) = self.surest(&shapes, &others, thresholds) {
                    chosen[index] = better;
                }
            }
            self.prune(&mut chosen, thresholds);
        }
        chosen
    }

    fn prune(&self, chosen: &mut Vec<Shape>, thresholds: &Thresholds) {
        while let Some(estimates) = self.estimate(chosen) {
            let base = estimates.sizes.len() - chosen.len();
            let margin = |index: usize| estimates.normal(base + index).abs() - thresholds.of(chosen[index].kind);
            let weakest = (0..chosen.len()).min_by(|one, other| margin(*one).total_cmp(&margin(*other)));
            match weakest {
                Some(index) if margin(index) < 0.0 => chosen.remove(index),
                Some(_) | None => return,
            };
        }
    }

    /// The shape with the largest size in standard errors beside those chosen, where one passes.
    fn surest(&self, shapes: &[Shape], chosen: &[Shape], thresholds: &Thresholds) -> Option<Shape> {
        let basis = self.basis(chosen);
        let rest = basis.rest(self.whiten(&self.values));
        let freedom = self.freedom(basis.directions.len() + 1)?;
        let squares = dot(&rest, &rest);
        if squares <= REST_MIN * dot(&self.values, &self.values) {
            return None;
        }
        let explained = Products::of(self, &rest);
        let along: Vec<Products> = basis.directions.iter().map(|direction| Products::of(self, direction)).collect();
        let mut best: Option<(f64, Shape)> = None;
        for shape in shapes {
            let all = dot_self(&self.whiten(&self.column(*shape)));
            let own = all - along.iter().map(|products| products.with(*shape).powi(2)).sum::<f64>();
            if own <= OWN_PART_MIN * all {
                continue;
            }
            let earned = explained.with(*shape).powi(2) / own;
            let t = (earned * freedom / (squares - earned).max(REST_MIN * squares)).sqrt();
            let size = normal_of(t, freedom);
            if size >= thresholds.of(shape.kind) && best.is_none_or(|(most, _)| size > most) {
                best = Some((size, *shape));
            }
        }
        best.map(|(_, shape)| shape)
    }

    /// The series less the shapes, as large as they are estimated.
    fn without(&self, chosen: &[Shape], prepared: &Prepared) -> Prepared {
        let mut left = prepared.clone();
        let Some(estimates) = self.estimate(chosen) else { return left };
        let sizes = &estimates.sizes[estimates.sizes.len() - chosen.len()..];
        for (shape, size) in chosen.iter().zip(sizes) {
            let since = self.times[shape.row];
            for time in 0..left.y.len() {
                let part = size * value(shape.kind, since, time);
                left.y[time] -= part;
                left.filled[time] -= part;
            }
        }
        left
    }

    fn freedom(&self, columns: usize) -> Option<f64> {
        self.times.len().checked_sub(columns).filter(|freedom| *freedom >= FREEDOM_MIN).map(count)
    }

    fn estimate(&self, chosen: &[Shape]) -> Option<Estimates> {
        let basis = self.basis(chosen);
        let freedom = self.freedom(basis.directions.len())?;
        let values = self.whiten(&self.values);
        let rest = basis.rest(values.clone());
        let variance = dot_self(&rest) / freedom;
        let (sizes, factors) = basis.solve(&values);
        Some(Estimates { sizes, errors: factors.iter().map(|factor| (factor * variance).sqrt()).collect(), freedom })
    }

    /// Of errors of neighbouring months, beside the shapes: what estimating the columns took from it is put back, in first order.
    ///
    /// Formula: r + (1 + 3r + p·(1 + r)/2) / n, with r the correlation of what is left and p the columns beyond the level: Kendall (1954),
    /// Biometrika 41, 403-404 for the level; each further column takes about half as much again as the level itself.
    fn correlation(&self, chosen: &[Shape]) -> f64 {
        let basis = self.basis(chosen);
        let rest = basis.rest(self.whiten(&self.values));
        let neighbours = (1..rest.len()).filter(|row| self.times[*row] == self.times[*row - 1] + 1);
        let together: f64 = neighbours.map(|row| rest[row] * rest[row - 1]).sum();
        let squares = dot_self(&rest);
        if squares <= 0.0 {
            return 0.0;
        }
        let raw = together / squares;
        let further = count(basis.directions.len() - 1);
        let put_back = (1.0 + 3.0 * raw + further * (1.0 + raw) / 2.0) / count(rest.len());
        (raw + put_back).clamp(0.0, CORRELATION_MAX)
    }

    fn describe(&self, chosen: &[Shape]) -> Vec<Found> {
        let Some(estimates) = self.estimate(chosen) else { return Vec::new() };
        let base = self.base();
        let describe = |(index, shape): (usize, &Shape)| {
            let normal = estimates.normal(base.len() + index);
            let odds = normal * normal / 2.0 - count(self.times.len()).ln();
            Found {
                kind: shape.kind,
                since: self.times[shape.row],
                before: self.expected(&estimates, &base, chosen, index),
                size: estimates.sizes[base.len() + index],
                reach: student_of(NORMAL_95, estimates.freedom) * estimates.errors[base.len() + index],
                confidence: 1.0 / (1.0 + (-odds).exp()),
            }
        };
        chosen.iter().enumerate().map(describe).collect()
    }

    /// What the shape at `index` is compared with: slope, level without season and pulses, or value.
    fn expected(&self, estimates: &Estimates, base: &[Vec<f64>], chosen: &[Shape], index: usize) -> f64 {
        let row = chosen[index].row;
        let others = |counts: fn(Kind) -> bool| -> f64 {
            let others = chosen.iter().enumerate().filter(|(other, shape)| *other != index && counts(shape.kind));
            let parts = others.map(|(other, shape)| {
                estimates.sizes[base.len() + other] * value(shape.kind, self.times[shape.row], self.times[row])
            });
            parts.sum()
        };
        let along = |columns: &[Vec<f64>]| -> f64 {
            columns.iter().zip(&estimates.sizes).map(|(column, size)| column[row] * size).sum()
        };
        match chosen[index].kind {
            Kind::Ramp => {
                let earlier = |shape: &&(usize, &Shape)| shape.1.kind == Kind::Ramp && shape.1.row < row;
                let shapes: Vec<(usize, &Shape)> = chosen.iter().enumerate().collect();
                let ramps: f64 =
                    shapes.iter().filter(earlier).map(|(other, _)| estimates.sizes[base.len() + other]).sum();
                estimates.sizes[1] + ramps
            }
            Kind::Step => along(&base[..2]) + others(|kind| kind != Kind::Pulse),
            Kind::Pulse => along(base) + others(|_| true),
        }
    }
}

impl Thresholds {
    fn of(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Pulse => self.outlier,
            Kind::Step | Kind::Ramp => self.change,
        }
    }
}

impl Estimates {
    /// Size in standard errors, as a standard normal value.
    fn normal(&self, column: usize) -> f64 {
        let error = self.errors[column];
        if error > 0.0 { normal_of(self.sizes[column] / error, self.freedom) } else { f64::MAX.sqrt() }
    }
}

fn value(kind: Kind, since: usize, time: usize) -> f64 {
    match kind {
        Kind::Pulse => f64::from(u8::from(time == since)),
        Kind::Step => f64::from(u8::from(time >= since)),
        Kind::Ramp => (time + 1).checked_sub(since).map_or(0.0, count),
    }
}

/// Products of one vector with every shape, each in a step.
struct Products {
    at: Vec<f64>,
    from: Vec<f64>,
    /// With the shape that rises by 1 from the time 0 on.
    times: Vec<f64>,
    places: Vec<f64>,
}

impl Products {
    fn of(rows: &Rows, vector: &[f64]) -> Self {
        let at = rows.transposed(vector);
        let places: Vec<f64> = rows.times.iter().map(|time| count(*time)).collect();
        let mut from = at.clone();
        let mut times: Vec<f64> = at.iter().zip(&places).map(|(at, place)| at * place).collect();
        add_up_from_the_end(&mut from);
        add_up_from_the_end(&mut times);
        Self { at, from, times, places }
    }

    fn with(&self, shape: Shape) -> f64 {
        let row = shape.row;
        match shape.kind {
            Kind::Pulse => self.at[row],
            Kind::Step => self.from[row],
            Kind::Ramp => self.times[row] - (self.places[row] - 1.0) * self.from[row],
        }
    }
}

fn add_up_from_the_end(values: &mut [f64]) {
    for index in (0..values.len().saturating_sub(1)).rev() {
        values[index] += values[index + 1];
    }
}

impl Basis {
    /// A column that says nothing of its own gets a direction of zeros, and the size 0.
    fn push(&mut self, column: Vec<f64>) {
        let all = dot_self(&column);
        let (mut own, mut parts) = (column, vec![0.0; self.directions.len()]);
        // Twice is enough: Parlett (1980), The Symmetric Eigenvalue Problem, section 6.9.
        for _ in 0..2 {
            for (direction, part) in self.directions.iter().zip(&mut parts) {
                let along = dot(direction, &own);
                own.iter_mut().zip(direction).for_each(|(own, direction)| *own -= along * direction);
                *part += along;
            }
        }
        let length = dot_self(&own).sqrt();
        let is_own = length * length > OWN_PART_MIN * all;
        let factor = if is_own { 1.0 / length } else { 0.0 };
        own.iter_mut().for_each(|own| *own *= factor);
        parts.push(if is_own { length } else { 0.0 });
        self.directions.push(own);
        self.parts.push(parts);
    }

    fn rest(&self, mut values: Vec<f64>) -> Vec<f64> {
        for direction in &self.directions {
            let along = dot(direction, &values);
            values.iter_mut().zip(direction).for_each(|(value, direction)| *value -= along * direction);
        }
        values
    }

    /// Sizes of the columns by least squares, and what the variance of the errors is multiplied by for that of each size.
    fn solve(&self, values: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let number = self.directions.len();
        let along = self.directions.iter().map(|direction| dot(direction, values)).collect();
        let sizes = self.back(along);
        let mut factors = vec![0.0; number];
        for unit in 0..number {
            let mut one = vec![0.0; number];
            one[unit] = 1.0;
            factors.iter_mut().zip(self.back(one)).for_each(|(factor, part)| *factor += part * part);
        }
        (sizes, factors)
    }

    fn back(&self, mut right: Vec<f64>) -> Vec<f64> {
        for column in (0..right.len()).rev() {
            let own = self.parts[column][column];
            right[column] = if own > 0.0 { right[column] / own } else { 0.0 };
            for row in 0..column {
                right[row] -= self.parts[column][row] * right[column];
            }
        }
        right
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn dot_self(values: &[f64]) -> f64 {
    dot(values, values)
}
