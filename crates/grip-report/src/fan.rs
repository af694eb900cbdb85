//! One estimate with its interval against its budget, on a line.

use serde::{Deserialize, Serialize};

use crate::{
    chart::Width,
    drawing::{Anchor, Dashed, Drawing, Ink, Shape, TEXT, Text, Tone, text_width},
    number::{Language, euros_short},
};

/// An estimate with the bounds of its interval, and the budget it is compared with, in eurocents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fan {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// Low bound of the interval.
    pub low: i64,
    /// The estimate.
    pub estimate: i64,
    /// High bound of the interval.
    pub high: i64,
    /// The budget, when there is one.
    pub budget: Option<i64>,
    /// Bounds of the line; what lies outside is drawn as an arrow at the end.
    pub axis: FanAxis,
    /// Names beside the marks; without them the drawing is as small as a row of a table.
    pub labels: Option<FanLabels>,
}

/// Bounds of the line that an estimate is drawn on, in eurocents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FanAxis {
    /// Left end.
    pub from: i64,
    /// Right end.
    pub to: i64,
}

/// Names of the marks of a [`Fan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FanLabels {
    /// Name of the estimate.
    pub estimate: String,
    /// Name of the budget.
    pub budget: String,
}

impl FanAxis {
    /// An axis that holds all these amounts.
    pub fn around(amounts: &[i64]) -> Self {
        let from = amounts.iter().copied().min().unwrap_or(0);
        let to = amounts.iter().copied().max().unwrap_or(0);
        Self { from, to: to.max(from.saturating_add(1)) }
    }

    /// Where an amount is: 0 at the left end, 1 at the right end.
    fn share(self, amount: i64) -> f64 {
        (amount as f64 - self.from as f64) / (self.to as f64 - self.from as f64)
    }
}

/// Axes for the rows of one table, such that every budget (or where there is none, every estimate) is at the same place
/// and the same distance is the same share of it. No axis reaches beyond half and one and a half times that.
///
/// Each row is low bound, estimate, high bound, budget.
pub fn shared_axes(rows: &[(i64, i64, i64, Option<i64>)]) -> Vec<FanAxis> {
    let center = |(_, estimate, _, budget): &(i64, i64, i64, Option<i64>)| budget.unwrap_or(*estimate);
    let permille = |amount: i64, of: i64| i128::from(amount) * 1_000 / i128::from(of);
    let (mut from, mut to) = (950, 1_050);
    for row in rows.iter().filter(|row| center(row) > 0) {
        from = from.min(permille(row.0, center(row)) - 10);
        to = to.max(permille(row.2, center(row)) + 10);
    }
    let (from, to) = (from.max(500), to.min(1_500));
    rows.iter()
        .map(|row| match center(row) {
            of @ 1.. => {
                let at = |permille: i128| i64::try_from(i128::from(of) * permille / 1_000).unwrap_or(i64::MAX);
                FanAxis { from: at(from), to: at(to).max(at(from).saturating_add(1)) }
            }
            _ => FanAxis::around(&[row.0, row.1, row.2, 0]),
        })
        .collect()
}

/// Width and height of the drawing in a row of a table.
const ROW: (f64, f64) = (150.0, 22.0);

pub(crate) fn draw(fan: &Fan, width: Width) -> Drawing {
    let amount = |cents| euros_short(cents, fan.language);
    let Some(labels) = &fan.labels else {
        let mut drawing = Drawing { width: ROW.0, height: ROW.1, shapes: Vec::new(), texts: Vec::new() };
        draw_marks(&mut drawing, fan, Place { left: 6.0, right: ROW.0 - 6.0, middle: ROW.1 / 2.0, half: 5.0 });
        return drawing;
    };
    let mut drawing = Drawing { width: width.units(), height: 88.0, shapes: Vec::new(), texts: Vec::new() };
    let (low, high) = (amount(fan.low), amount(fan.high));
    let place = Place {
        left: text_width(&low, TEXT) + 6.0,
        right: drawing.width - text_width(&high, TEXT) - 6.0,
        middle: 34.0,
        half: 8.0,
    };
    draw_marks(&mut drawing, fan, place);
    // Below the line the bounds stand to either side of the interval and the estimate on a line of its own, so that they
    // do not meet however narrow the interval is.
    let texts = &mut drawing.texts;
    let text = |x, y, anchor, tone, text| Text { x, y, size: TEXT, anchor, tone, text };
    texts.push(text(place.x(fan, fan.low) - 4.0, 62.0, Anchor::End, Tone::Quiet, low));
    texts.push(text(place.x(fan, fan.high) + 4.0, 62.0, Anchor::Start, Tone::Quiet, high));
    let centered = |x: f64, y, tone, label: String| {
        let half = text_width(&label, TEXT) / 2.0;
        text(x.clamp(half, (width.units() - half).max(half)), y, Anchor::Middle, tone, label)
    };
    let estimate = format!("{} {}", labels.estimate, amount(fan.estimate));
    texts.push(centered(place.x(fan, fan.estimate), 81.0, Tone::Plain, estimate));
    if let Some(budget) = fan.budget {
        let label = format!("{} {}", labels.budget, amount(budget));
        texts.push(centered(place.x(fan, budget), 14.0, Tone::Budget, label));
    }
    drawing
}

/// Where the line is.
#[derive(Clone, Copy)]
struct Place {
    left: f64,
    right: f64,
    middle: f64,
    half: f64,
}

impl Place {
    fn x(self, fan: &Fan, amount: i64) -> f64 {
        self.left + fan.axis.share(amount).clamp(0.0, 1.0) * (self.right - self.left)
    }
}

fn draw_marks(drawing: &mut Drawing, fan: &Fan, place: Place) {
    let Place { left, right, middle, half } = place;
    let line = |x1, y1, x2, y2, ink| Shape::Line { x1, y1, x2, y2, dashed: Dashed::No, ink };
    let (low, high) = (place.x(fan, fan.low), place.x(fan, fan.high));
    let shapes = &mut drawing.shapes;
    shapes.push(line(left, middle, right, middle, Ink::Grid));
    let width = (high - low).max(1.0);
    shapes.push(Shape::Rect { x: low, y: middle - half, width, height: 2.0 * half, ink: Ink::Band });
    for bound in [fan.low, fan.high] {
        if let Some(tip) = beyond(fan.axis, bound) {
            let end = if tip < 0.0 { left } else { right };
            let points = [(end + tip * 6.0, middle), (end, middle - 4.0), (end, middle + 4.0)];
            shapes.push(Shape::Triangle { points, ink: Ink::Estimate });
        }
    }
    if beyond(fan.axis, fan.estimate).is_none() {
        shapes.push(Shape::Dot { x: place.x(fan, fan.estimate), y: middle, radius: half * 0.7, ink: Ink::Estimate });
    }
    if let Some(budget) = fan.budget {
        let x = place.x(fan, budget);
        shapes.push(line(x, middle - half - 5.0, x, middle + half + 5.0, Ink::Budget));
    }
}

/// To which side an amount lies outside the axis.
fn beyond(axis: FanAxis, amount: i64) -> Option<f64> {
    match amount {
        _ if amount < axis.from => Some(-1.0),
        _ if amount > axis.to => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::assert_texts_apart;

    fn fan(low: i64, estimate: i64, high: i64, budget: Option<i64>) -> Fan {
        let amounts: Vec<i64> = [Some(low), Some(high), budget].into_iter().flatten().collect();
        Fan {
            id: "fan".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language: Language::Nl,
            low,
            estimate,
            high,
            budget,
            axis: FanAxis::around(&amounts),
            labels: Some(FanLabels { estimate: "prognose".to_owned(), budget: "begroting".to_owned() }),
        }
    }

    #[test]
    fn no_texts_overlap_however_narrow_the_interval() {
        let million = 100_000_000;
        for spread in [0, 1, million / 100, million, 30 * million] {
            for budget in [None, Some(1), Some(39 * million), Some(41 * million), Some(80 * million)] {
                for width in [Width::Wide, Width::Paper, Width::Narrow] {
                    let middle = 41 * million;
                    assert_texts_apart(&draw(&fan(middle - spread, middle, middle + spread, budget), width));
                }
            }
        }
    }

    #[test]
    fn budgets_of_a_table_are_under_each_other() {
        let rows = [(90, 100, 120, Some(100)), (1_900, 2_000, 2_050, Some(1_000)), (45, 50, 55, None)];
        let axes = shared_axes(&rows);
        let shares: Vec<f64> = rows.iter().zip(&axes).map(|(row, axis)| axis.share(row.3.unwrap_or(row.1))).collect();
        for share in &shares {
            // Ends of the axis are whole cents, on amounts of 50 cents and more.
            assert!((share - shares[1]).abs() < 0.02, "{shares:?}");
        }
        assert_eq!((axes[1].from, axes[1].to), (890, 1_500)); // twice the budget is not shown to scale
    }

    #[test]
    fn what_does_not_fit_is_an_arrow() {
        let mut row = fan(1_900, 2_000, 2_050, Some(1_000));
        row.axis = FanAxis { from: 890, to: 1_500 };
        row.labels = None;
        let drawing = draw(&row, Width::Wide);
        assert!(drawing.shapes.iter().any(|shape| matches!(shape, Shape::Triangle { .. })));
        assert!(!drawing.shapes.iter().any(|shape| matches!(shape, Shape::Dot { .. })));
    }
}
