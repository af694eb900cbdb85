//! What a search for change-points gives, whatever the search.

use crate::cost::Rows;
use crate::series::count;
use crate::student::{NORMAL_95, student_of};

/// A series cut into parts that each follow one course.
#[derive(Debug, Clone, PartialEq)]
pub struct Segmentation {
    /// In order of time.
    pub changes: Vec<Change>,
    /// One more than there are changes; none where nothing is known.
    pub segments: Vec<Segment>,
}

/// A place where the course changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The first place of the new course, counted from the first value of the series.
    pub at: usize,
    /// Probability that there is a change between its neighbours, against none: see the function that gives it.
    pub confidence: f64,
    /// How much changed there, one per dimension.
    pub shifts: Vec<Shift>,
}

/// How far the course after a change is from the one before, both at the place of the change, in the unit of the series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// What the course before would have given.
    pub before: f64,
    /// What the course after gives.
    pub after: f64,
    /// `after - before`.
    pub size: f64,
    /// Lower end of the 95 % interval of `size`. Independent errors are assumed, and the place is taken as known.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A part of a series on one course.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// First place.
    pub start: usize,
    /// One after the last place.
    pub end: usize,
    /// The course, one per dimension.
    pub courses: Vec<Course>,
}

/// A straight line through a segment, level where only levels were looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Course {
    /// Value at the first place of the segment.
    pub first: f64,
    /// Change per step.
    pub slope: f64,
    /// Root mean square of what the line leaves, with the freedom it took taken into account.
    pub spread: f64,
    /// Known values.
    pub known: usize,
}

/// A line with what is needed for its uncertainty: value and variance at any place, per unit of error variance.
struct Line {
    mean: f64,
    slope: f64,
    centre: f64,
    known: usize,
    spread_of_places: f64,
    rest: f64,
    freedom: f64,
}

impl Line {
    fn at(&self, place: f64) -> f64 {
        self.mean + self.slope * (place - self.centre)
    }

    fn variance_at(&self, place: f64) -> f64 {
        let tilt =
            if self.spread_of_places > 0.0 { (place - self.centre).powi(2) / self.spread_of_places } else { 0.0 };
        1.0 / count(self.known.max(1)) + tilt
    }
}

impl Segmentation {
    /// `bounds` are rows, from 0 to the number of rows; `confidence` goes with each inner one.
    pub(crate) fn new(rows: &Rows, bounds: &[usize], sloped: bool, confidence: &[f64]) -> Self {
        let dimensions = rows.dimensions.len();
        let lines: Vec<Vec<Line>> = bounds
            .windows(2)
            .map(|pair| (0..dimensions).map(|dimension| line(rows, dimension, pair[0], pair[1], sloped)).collect())
            .collect();
        let place = |row: usize| rows.places.get(row).copied();
        let segments = bounds
            .windows(2)
            .zip(&lines)
            .map(|(pair, lines)| {
                let start = if pair[0] == 0 { 0 } else { place(pair[0]).unwrap_or(rows.length) };
                let end = place(pair[1]).unwrap_or(rows.length);
                let courses = lines.iter().enumerate().map(|(d, line)| course(rows, d, line, start)).collect();
                Segment { start, end, courses }
            })
            .collect();
        let changes = (1..bounds.len().saturating_sub(1))
            .map(|index| {
                let row = bounds[index];
                let pairs = lines[index - 1].iter().zip(&lines[index]).enumerate();
                Change {
                    at: rows.places[row],
                    confidence: confidence[index - 1],
                    shifts: pairs.map(|(d, (before, after))| shift(rows, d, before, after, row)).collect(),
                }
            })
            .collect();
        Self { changes, segments }
    }
}

fn line(rows: &Rows, dimension: usize, from: usize, to: usize, sloped: bool) -> Line {
    let sums = rows.dimensions[dimension].between(from, to);
    let number = sums.number.max(1.0);
    let slope = if sloped && sums.places_squared() > 0.0 { sums.product() / sums.places_squared() } else { 0.0 };
    let rest = (sums.squared() - slope * slope * sums.places_squared()).max(0.0);
    let taken = if sloped { 2.0 } else { 1.0 };
    Line {
        mean: sums.value / number,
        slope,
        centre: sums.place / number,
        known: rows.dimensions[dimension].known[to] - rows.dimensions[dimension].known[from],
        spread_of_places: if sloped { sums.places_squared() } else { 0.0 },
        rest,
        freedom: (sums.number - taken).max(0.0),
    }
}

fn course(rows: &Rows, dimension: usize, line: &Line, start: usize) -> Course {
    let dimension = &rows.dimensions[dimension];
    Course {
        first: dimension.offset + dimension.scale * line.at(rows.centred(start)),
        slope: dimension.scale * line.slope,
        spread: dimension.scale * (line.rest / line.freedom.max(1.0)).sqrt(),
        known: line.known,
    }
}

fn shift(rows: &Rows, dimension: usize, before: &Line, after: &Line, row: usize) -> Shift {
    let Some(place) = rows.places.get(row).map(|place| rows.centred(*place)) else {
        return Shift { before: 0.0, after: 0.0, size: 0.0, low: 0.0, high: 0.0 };
    };
    let dimension = &rows.dimensions[dimension];
    let freedom = (before.freedom + after.freedom).max(1.0);
    let variance = (before.rest + after.rest) / freedom;
    let error = (variance * (before.variance_at(place) + after.variance_at(place))).sqrt();
    let reach = student_of(NORMAL_95, freedom) * error;
    let size = after.at(place) - before.at(place);
    let (offset, scale) = (dimension.offset, dimension.scale);
    Shift {
        before: offset + scale * before.at(place),
        after: offset + scale * after.at(place),
        size: scale * size,
        low: scale * (size - reach),
        high: scale * (size + reach),
    }
}
