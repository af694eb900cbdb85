//! One rate per month: how often, or which share.

use serde::{Deserialize, Serialize};

use crate::{
    chart::Width,
    drawing::{Anchor, Dashed, Drawing, Ink, SMALL, Shape, Text, Tone, text_width},
    number::{Language, decimal},
};

/// A rate per month, such as findings per 1000 lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateChart {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// What the rate is, as in `per 1.000 regels` or `%`.
    pub unit: String,
    /// The months, in order.
    pub bars: Vec<RateBar>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateBar {
    /// In full, as in `juli 2025`.
    pub name: String,
    /// Below the bar, as in `jul`.
    pub label: String,
    /// Below the bar when there is no room for the label, as in `j`.
    pub initial: String,
    /// Below the label at the first month of a year, as in `2025`; empty elsewhere.
    pub year: String,
    /// The rate in tenths of its unit; nothing where there is nothing to be a rate of.
    pub tenths: Option<i64>,
}

const LINE: f64 = 20.0;
const GAP: f64 = 6.0;

pub(crate) fn draw(chart: &RateChart, width: Width) -> Drawing {
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let (top_tenths, step) = axis(chart.bars.iter().filter_map(|bar| bar.tenths).max().unwrap_or_default());
    let decimals = u32::from(step % 10 != 0);
    let ticks: Vec<(i64, String)> = (0..=top_tenths / step)
        .map(|number| number * step)
        .map(|tenths| (tenths, decimal(tenths, 10, decimals, chart.language)))
        .collect();
    let left = ticks.iter().map(|(_, text)| text_width(text, SMALL)).fold(0.0, f64::max) + GAP;
    let (right, top) = (drawing.width, LINE + 8.0);
    let bottom = top + if width != Width::Narrow { 140.0 } else { 110.0 };
    drawing.height = bottom + 2.0 * LINE + 4.0;
    #[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 15 digits")]
    let y = |tenths: i64| bottom - tenths as f64 / top_tenths as f64 * (bottom - top);
    drawing.texts.push(text(0.0, LINE * 0.7, Anchor::Start, Tone::Quiet, chart.unit.clone()));
    for (tenths, label) in ticks {
        let ink = if tenths == 0 { Ink::Axis } else { Ink::Grid };
        let y = y(tenths);
        drawing.shapes.push(Shape::Line { x1: left, y1: y, x2: right, y2: y, dashed: Dashed::No, ink });
        drawing.texts.push(text(left - GAP, y + SMALL * 0.35, Anchor::End, Tone::Quiet, label));
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of months")]
    let slot = (right - left) / chart.bars.len().max(1) as f64;
    let labels_fit = chart.bars.iter().all(|bar| text_width(&bar.label, SMALL) + 2.0 < slot);
    let initials_fit = chart.bars.iter().all(|bar| text_width(&bar.initial, SMALL) + 1.0 < slot);
    let mut center = left - slot / 2.0;
    let mut starts = Vec::new();
    for bar in &chart.bars {
        center += slot;
        if !bar.year.is_empty() {
            starts.push((center - slot * 0.32, bar.year.clone()));
        }
        let hit =
            Shape::Rect { x: center - slot / 2.0, y: top, width: slot, height: drawing.height - top, ink: Ink::Hover };
        let mut shapes = Vec::new();
        if let Some(tenths) = bar.tenths.filter(|tenths| *tenths > 0) {
            let y = y(tenths);
            let width = slot * 0.64;
            shapes.push(Shape::Rect { x: center - width / 2.0, y, width, height: bottom - y, ink: Ink::Solid });
        }
        let value = bar.tenths.map_or("–".to_owned(), |tenths| decimal(tenths, 10, 1, chart.language));
        let title = format!("{}: {value} {}", bar.name, chart.unit);
        drawing.shapes.push(Shape::Group { title, href: None, hit: Box::new(hit), shapes });
        let label = match (labels_fit, initials_fit) {
            (true, _) => bar.label.as_str(),
            (false, true) => bar.initial.as_str(),
            (false, false) => "",
        };
        if !label.is_empty() {
            drawing.texts.push(text(center, bottom + LINE - 4.0, Anchor::Middle, Tone::Plain, label.to_owned()));
        }
    }
    draw_years(&mut drawing, starts, bottom + 2.0 * LINE - 4.0);
    drawing
}

/// The years below the labels, each where it begins; one that would touch the next is left out.
pub(crate) fn draw_years(drawing: &mut Drawing, starts: Vec<(f64, String)>, y: f64) {
    let mut free_until = drawing.width;
    for (x, year) in starts.into_iter().rev() {
        if x + text_width(&year, SMALL) <= free_until {
            free_until = x - GAP;
            drawing.texts.push(text(x, y, Anchor::Start, Tone::Quiet, year));
        }
    }
}

fn text(x: f64, y: f64, anchor: Anchor, tone: Tone, text: String) -> Text {
    Text { x, y, size: SMALL, anchor, tone, text }
}

/// The top and the step of the axis, in tenths: at most five steps of 1, 2 or 5 times a power of ten.
fn axis(highest: i64) -> (i64, i64) {
    let highest = highest.max(10);
    let mut power = 1;
    loop {
        if let Some(step) = [1, 2, 5].into_iter().map(|digit| digit * power).find(|step| step * 4 >= highest) {
            return ((highest + step - 1) / step * step, step);
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::assert_texts_apart;

    fn chart(language: Language, months: usize, highest: i64) -> RateChart {
        let bars = (0..months).map(|month| {
            let name = crate::month_name_short(i8::try_from(month % 12 + 1).expect("a month"), language);
            RateBar {
                name: name.to_owned(),
                label: name.to_owned(),
                initial: name[..1].to_owned(),
                year: if month % 12 == 0 { (2023 + month / 12).to_string() } else { String::new() },
                tenths: (month != 3).then(|| highest * i64::try_from(month % 5).expect("small") / 4),
            }
        });
        RateChart {
            id: "rate".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language,
            unit: "per 1.000 regels".to_owned(),
            bars: bars.collect(),
        }
    }

    #[test]
    fn texts_do_not_overlap() {
        for language in [Language::Nl, Language::En] {
            for months in [0, 1, 2, 11, 12, 13, 24, 36] {
                for highest in [0, 3, 10, 999, 10_000, 1_234_567] {
                    for width in [Width::Wide, Width::Paper, Width::Narrow] {
                        assert_texts_apart(&draw(&chart(language, months, highest), width));
                    }
                }
            }
        }
    }

    #[test]
    fn the_axis_holds_the_highest_with_few_steps() {
        for highest in [0, 1, 10, 11, 99, 100, 101, 4_999, 1_234_567] {
            let (top, step) = axis(highest);
            assert!(top >= highest && top % step == 0 && (1..=5).contains(&(top / step)), "{highest}: {top} {step}");
        }
    }

    #[test]
    fn a_month_without_a_rate_has_no_bar_and_says_so() {
        let drawing = draw(&chart(Language::Nl, 5, 40), Width::Wide);
        let groups: Vec<(&str, usize)> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Group { title, shapes, .. } => Some((title.as_str(), shapes.len())),
                _ => None,
            })
            .collect();
        assert_eq!(groups[3].1, 0);
        assert!(groups[3].0.contains('–') && groups[4].0.contains("4,0"), "{groups:?}");
        assert_eq!(groups[4].1, 1);
    }
}
