//! From one amount to another, a step for every cause, under each other so that names have room.

use serde::{Deserialize, Serialize};

use crate::{
    chart::Width,
    drawing::{Anchor, Dashed, Drawing, Ink, Shape, TEXT, Text, Tone, fitting, row_hit, text_width},
    number::{Language, euros_change, euros_short},
};

/// Two amounts and the steps between them, in eurocents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// Name of the amount it begins with.
    pub from: String,
    /// The amount it begins with.
    pub start: i64,
    /// The steps, in order.
    pub steps: Vec<WaterfallStep>,
    /// Name of the amount it ends with, which is the first and all steps together.
    pub to: String,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaterfallStep {
    /// Its name.
    pub name: String,
    /// What it changes, in eurocents.
    pub amount: i64,
    /// Where it leads, when there is a page about it.
    pub href: Option<String>,
}

impl Waterfall {
    /// The amount before the first step and after each.
    fn levels(&self) -> Vec<i64> {
        let after = self.steps.iter().scan(self.start, |level, step| {
            *level = level.saturating_add(step.amount);
            Some(*level)
        });
        [self.start].into_iter().chain(after).collect()
    }
}

const ROW: f64 = 26.0;
const NAME_LINE: f64 = 18.0;
const GAP: f64 = 8.0;

pub(crate) fn draw(chart: &Waterfall, width: Width) -> Drawing {
    let levels = chart.levels();
    let last = levels.last().copied().unwrap_or(chart.start);
    let amounts: Vec<String> = [euros_short(chart.start, chart.language)]
        .into_iter()
        .chain(chart.steps.iter().map(|step| euros_change(step.amount, chart.language)))
        .chain([euros_short(last, chart.language)])
        .collect();
    let names: Vec<&str> = [chart.from.as_str()]
        .into_iter()
        .chain(chart.steps.iter().map(|step| step.name.as_str()))
        .chain([chart.to.as_str()])
        .collect();
    let widest = |texts: &[&str], size| texts.iter().map(|text| text_width(text, size)).fold(0.0, f64::max);
    let amount_width = widest(&amounts.iter().map(String::as_str).collect::<Vec<_>>(), TEXT);
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    // On a telephone a name stands above its step, and on paper when it would take half of it.
    let names_width = widest(&names, TEXT) + GAP;
    let (left, above) = match width {
        Width::Wide => (names_width, 0.0),
        Width::Paper if names_width < drawing.width / 2.0 => (names_width, 0.0),
        Width::Paper | Width::Narrow => (4.0, NAME_LINE),
    };
    let right = drawing.width - amount_width - GAP;
    let (low, high) = (levels.iter().min().copied().unwrap_or(0), levels.iter().max().copied().unwrap_or(0));
    #[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 15 digits")]
    let x = |amount: i64| left + (amount - low) as f64 / (high - low).max(1) as f64 * (right - left).max(1.0);
    let mut y = 4.0;
    for (at, (name, amount)) in names.iter().zip(&amounts).enumerate() {
        let middle = y + above + ROW / 2.0;
        let baseline = middle + TEXT * 0.35;
        let (text_x, text_y, anchor) =
            if above > 0.0 { (0.0, y + NAME_LINE - 4.0, Anchor::Start) } else { (left - GAP, baseline, Anchor::End) };
        drawing.texts.push(text(text_x, text_y, anchor, Tone::Plain, fitting(name, TEXT, drawing.width)));
        drawing.texts.push(text(drawing.width, baseline, Anchor::End, Tone::Quiet, amount.clone()));
        let shapes = match at.checked_sub(1).and_then(|step| levels.get(step).zip(levels.get(step + 1))) {
            Some((before, after)) => step(x(*before), x(*after), middle),
            None if at == 0 => vec![dot(x(chart.start), middle)],
            None => vec![dot(x(last), middle)],
        };
        let href = at.checked_sub(1).and_then(|step| chart.steps.get(step)).and_then(|step| step.href.clone());
        let hit = Box::new(row_hit(drawing.width, y, above + ROW));
        drawing.shapes.push(Shape::Group { title: format!("{name}: {amount}"), href, hit, shapes });
        if let Some(level) = levels.get(at) {
            // From each level down to the row that begins there.
            let (x, y1, y2) = (x(*level), middle, middle + above + ROW);
            drawing.shapes.push(Shape::Line { x1: x, y1, x2: x, y2, dashed: Dashed::Yes, ink: Ink::Grid });
        }
        y += above + ROW;
    }
    drawing.height = y + 4.0;
    drawing
}

/// Costs that go up are filled, those that go down lighter.
fn step(before: f64, after: f64, middle: f64) -> Vec<Shape> {
    let ink = if after >= before { Ink::Solid } else { Ink::Tint };
    let (x, width) = (before.min(after), (after - before).abs().max(1.5));
    vec![Shape::Rect { x, y: middle - 7.0, width, height: 14.0, ink }]
}

fn dot(x: f64, y: f64) -> Shape {
    Shape::Dot { x, y, radius: 5.5, ink: Ink::Estimate }
}

fn text(x: f64, y: f64, anchor: Anchor, tone: Tone, text: String) -> Text {
    Text { x, y, size: TEXT, anchor, tone, text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::assert_texts_apart;

    fn chart(language: Language, steps: &[(&str, i64)]) -> Waterfall {
        Waterfall {
            id: "waterfall".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language,
            from: "prognose op 31 mei 2025".to_owned(),
            start: 3_600_000_000,
            steps: steps
                .iter()
                .map(|(name, amount)| WaterfallStep { name: (*name).to_owned(), amount: *amount, href: None })
                .collect(),
            to: "prognose op 30 juni 2025".to_owned(),
        }
    }

    #[test]
    fn texts_do_not_overlap() {
        let long = "nieuwe toewijzingen, boven wat er aan instroom verwacht was tot het einde van het jaar";
        for language in [Language::Nl, Language::En] {
            for steps in [&[][..], &[("x", 0)], &[(long, 41_200_000), ("stops", -900_000_000), ("m", 1)]] {
                for width in [Width::Wide, Width::Paper, Width::Narrow] {
                    assert_texts_apart(&draw(&chart(language, steps), width));
                }
            }
        }
    }

    #[test]
    fn each_step_begins_where_the_one_before_ended() {
        let drawing = draw(&chart(Language::Nl, &[("a", 100_000_000), ("b", -40_000_000)]), Width::Wide);
        let bars: Vec<(f64, f64)> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Group { shapes, .. } => match shapes[0] {
                    Shape::Rect { x, width, .. } => Some((x, x + width)),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        let [up, down] = bars[..] else { panic!("{bars:?}") };
        assert!((up.1 - down.1).abs() < 0.01, "{bars:?}");
        assert!(((up.1 - up.0) / (down.1 - down.0) - 2.5).abs() < 0.01, "{bars:?}");
    }
}
