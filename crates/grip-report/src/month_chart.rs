//! Months beside each other: known parts solid, expected parts lighter, the interval of each month, the budget.

use serde::{Deserialize, Serialize};

use crate::{
    axis::Axis,
    chart::Width,
    drawing::{
        Anchor, Dashed, Drawing, Ink, SMALL, Shape, TEXT, Tone, horizontal, rect, text_at, text_width, vertical,
    },
    number::{Language, euros_short},
    scale::Scale,
};

/// Amounts per month, in parts that are stacked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthChart {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// The parts, from the bottom of the stack up.
    pub layers: Vec<Layer>,
    /// The months, in order.
    pub bars: Vec<MonthBar>,
    /// A line across all months, such as a twelfth of the budget.
    pub reference: Option<Reference>,
    /// A day to mark.
    pub marker: Option<Marker>,
    /// How the month's interval is introduced, as in `80 % kans tussen`.
    pub interval_name: String,
}

/// One part of the stack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Its amount over all months, in eurocents, shown beside the name; none where a sum says nothing.
    pub total: Option<i64>,
    /// How it is filled.
    pub look: Look,
}

/// How a part is filled: the less certain, the lighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Filled: known.
    Solid,
    /// Hatched: it happened, but it is not known yet.
    Hatched,
    /// A lighter colour: agreed, but it did not happen yet.
    Tint,
    /// A dashed outline: expected only.
    Outline,
}

impl Look {
    fn ink(self) -> Ink {
        match self {
            Self::Solid => Ink::Solid,
            Self::Hatched => Ink::Hatched,
            Self::Tint => Ink::Tint,
            Self::Outline => Ink::Outline,
        }
    }
}

/// One month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthBar {
    /// In full, as in `juli 2025`.
    pub name: String,
    /// Below the bar, as in `jul`.
    pub label: String,
    /// Below the bar when there is no room for the label, as in `j`.
    pub initial: String,
    /// Eurocents per layer, in the order of the layers. Parts below zero are stacked downwards.
    pub values: Vec<i64>,
    /// Bounds of the month's interval in eurocents. An interval too low to see is not drawn.
    pub interval: Option<(i64, i64)>,
    /// Where it leads, when there is a page about the month.
    pub href: Option<String>,
}

/// A horizontal line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Its name, one line of text each.
    pub name: Vec<String>,
    /// In what the chart's values are in; eurocents in a [`MonthChart`].
    pub value: i64,
}

/// A vertical line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    /// Its name, as in `peildatum 15 juli`.
    pub name: String,
    /// Where: 0 is the begin of the first month, 1.5 the middle of the second.
    #[serde(with = "crate::sent::text")]
    pub position: f64,
}

const SWATCH: f64 = 13.0;
const LINE: f64 = 20.0;
const GAP: f64 = 6.0;
/// An interval that is lower than this would look like a line across the bar; the table has its figures.
const SMALLEST_INTERVAL: f64 = 3.0;

/// Where the bars are.
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Plot {
    pub(crate) fn y(&self, axis: &Axis, value: i64) -> f64 {
        self.bottom - axis.share(value) * (self.bottom - self.top)
    }
}

pub(crate) fn draw(chart: &MonthChart, width: Width) -> Drawing {
    let axis = axis(chart);
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let keys_bottom = draw_keys(&mut drawing, chart, width);

    let ticks = axis.ticks(chart.language);
    let tick_width = ticks.iter().map(|(_, text)| text_width(text, SMALL)).fold(0.0, f64::max);
    let side_label = chart.reference.as_ref().filter(|_| width != Width::Narrow);
    let side_width = side_label.map_or(0.0, |reference| {
        reference_lines(reference, chart.language).iter().map(|line| text_width(line, SMALL)).fold(0.0, f64::max) + 8.0
    });
    let plot = Plot {
        left: tick_width + GAP,
        right: drawing.width - side_width,
        top: keys_bottom + LINE + 8.0,
        bottom: keys_bottom + LINE + 8.0 + if width == Width::Wide { 260.0 } else { 180.0 },
    };
    drawing.height = plot.bottom + LINE + 4.0;

    for (value, text) in ticks {
        let y = plot.y(&axis, value);
        let ink = if value == 0 { Ink::Axis } else { Ink::Grid };
        drawing.shapes.push(horizontal(plot.left, plot.right, y, Dashed::No, ink));
        drawing.texts.push(text_at(plot.left - GAP, y + SMALL * 0.35, SMALL, Anchor::End, Tone::Quiet, text));
    }
    let unit_y = keys_bottom + LINE * 0.7;
    drawing.texts.push(text_at(0.0, unit_y, SMALL, Anchor::Start, Tone::Quiet, axis.unit_name.clone()));
    draw_bars(&mut drawing, chart, &axis, &plot);
    draw_marker(&mut drawing, chart, &plot, unit_y, text_width(&axis.unit_name, SMALL) + 2.0 * GAP);
    if let Some(reference) = &chart.reference {
        let y = plot.y(&axis, reference.value);
        for ink in [Ink::Halo, Ink::Budget] {
            drawing.shapes.push(horizontal(plot.left, plot.right, y, Dashed::Yes, ink));
        }
    }
    if let Some(reference) = side_label {
        draw_side_label(
            &mut drawing,
            &reference_lines(reference, chart.language),
            plot.y(&axis, reference.value),
            &plot,
        );
    }
    drawing
}

/// The name of each part, with its swatch and its amount, in as many rows as needed.
fn draw_keys(drawing: &mut Drawing, chart: &MonthChart, width: Width) -> f64 {
    let mut keys: Vec<(Option<Ink>, String)> = chart
        .layers
        .iter()
        .map(|layer| {
            let total = layer.total.map(|total| format!(" {}", euros_short(total, chart.language)));
            (Some(layer.look.ink()), format!("{}{}", layer.name, total.unwrap_or_default()))
        })
        .collect();
    if let (Some(reference), Width::Narrow) = (&chart.reference, width) {
        keys.push((None, reference_lines(reference, chart.language).join(" ")));
    }
    let (mut x, mut y) = (0.0, LINE);
    for (ink, text) in keys {
        let entry = SWATCH + GAP + text_width(&text, TEXT);
        if x > 0.0 && x + entry > drawing.width {
            (x, y) = (0.0, y + LINE);
        }
        let tone = match ink {
            Some(ink) => {
                drawing.shapes.push(rect(x + 0.5, y - SWATCH + 2.5, SWATCH - 1.0, SWATCH - 1.0, ink));
                Tone::Plain
            }
            None => {
                drawing.shapes.push(horizontal(x, x + SWATCH, y - 4.5, Dashed::Yes, Ink::Budget));
                Tone::Budget
            }
        };
        drawing.texts.push(text_at(x + SWATCH + GAP, y, TEXT, Anchor::Start, tone, text));
        x += entry + 14.0;
    }
    y + GAP
}

fn draw_bars(drawing: &mut Drawing, chart: &MonthChart, axis: &Axis, plot: &Plot) {
    let slot = (plot.right - plot.left) / chart.bars.len().max(1) as f64;
    let bar_width = slot * 0.64;
    let labels_fit = chart.bars.iter().all(|bar| text_width(&bar.label, SMALL) + 2.0 < slot);
    for (number, bar) in chart.bars.iter().enumerate() {
        let center = plot.left + slot * (number as f64 + 0.5);
        let hit = rect(center - slot / 2.0, plot.top, slot, drawing.height - plot.top, Ink::Hover);
        let mut shapes = Vec::new();
        let (mut up, mut down) = (0, 0);
        for (layer, value) in chart.layers.iter().zip(&bar.values) {
            let from = if *value < 0 { &mut down } else { &mut up };
            let (low, high) = (*from + (*value).min(0), *from + (*value).max(0));
            *from += value;
            let (y, bottom) = (plot.y(axis, high), plot.y(axis, low));
            if bottom - y >= 0.05 {
                // The stroke of an outline lies half outside its rectangle: half a unit inwards keeps parts apart.
                let inset = if layer.look == Look::Solid || layer.look == Look::Tint { 0.0 } else { 0.5 };
                let height = (bottom - y - 2.0 * inset).max(0.1);
                let x = center - bar_width / 2.0 + inset;
                shapes.push(rect(x, y + inset, bar_width - 2.0 * inset, height, layer.look.ink()));
            }
        }
        let ends = bar.interval.map(|(low, high)| (plot.y(axis, high), plot.y(axis, low)));
        if let Some((top, bottom)) = ends.filter(|(top, bottom)| bottom - top >= SMALLEST_INTERVAL) {
            let cap = (bar_width * 0.18).min(7.0);
            for ink in [Ink::Halo, Ink::Interval] {
                shapes.push(vertical(center, top, bottom, Dashed::No, ink));
                shapes.push(horizontal(center - cap, center + cap, top, Dashed::No, ink));
                shapes.push(horizontal(center - cap, center + cap, bottom, Dashed::No, ink));
            }
        }
        let title = bar_title(chart, bar);
        drawing.shapes.push(Shape::Group { title, href: bar.href.clone(), hit: Box::new(hit), shapes });
        let label = if labels_fit { &bar.label } else { &bar.initial };
        drawing.texts.push(text_at(
            center,
            plot.bottom + LINE - 4.0,
            SMALL,
            Anchor::Middle,
            Tone::Plain,
            label.clone(),
        ));
    }
}

fn bar_title(chart: &MonthChart, bar: &MonthBar) -> String {
    let parts: Vec<String> = chart
        .layers
        .iter()
        .zip(&bar.values)
        .filter(|(_, value)| **value != 0)
        .map(|(layer, value)| format!("{} {}", layer.name, euros_short(*value, chart.language)))
        .collect();
    let interval = bar.interval.filter(|(low, high)| low < high).map_or(String::new(), |(low, high)| {
        let amount = |cents| euros_short(cents, chart.language);
        format!("; {} {} – {}", chart.interval_name, amount(low), amount(high))
    });
    format!("{}: {}{interval}", bar.name, parts.join(", "))
}

/// The line of the marker, its name above it but to the right of the name of the unit.
fn draw_marker(drawing: &mut Drawing, chart: &MonthChart, plot: &Plot, y: f64, unit_right: f64) {
    let Some(marker) = &chart.marker else { return };
    let slot = (plot.right - plot.left) / chart.bars.len().max(1) as f64;
    let x = plot.left + slot * marker.position.clamp(0.0, chart.bars.len() as f64);
    drawing.shapes.push(vertical(x, y + 4.0, plot.bottom, Dashed::No, Ink::Divider));
    let half = text_width(&marker.name, SMALL) / 2.0;
    let center = x.max(unit_right + half).min(drawing.width - half);
    drawing.texts.push(text_at(center, y, SMALL, Anchor::Middle, Tone::Quiet, marker.name.clone()));
}

fn reference_lines(reference: &Reference, language: Language) -> Vec<String> {
    reference.name.iter().cloned().chain([euros_short(reference.value, language)]).collect()
}

/// Lines of text to the right of the plot, centred on `y` as far as the plot allows.
pub(crate) fn draw_side_label(drawing: &mut Drawing, lines: &[String], y: f64, plot: &Plot) {
    let line_height = SMALL * 1.3;
    let height = line_height * lines.len() as f64;
    let top = (y - height / 2.0).clamp(plot.top, (plot.bottom - height).max(plot.top));
    for (number, line) in lines.iter().enumerate() {
        let baseline = top + line_height * number as f64 + SMALL;
        drawing.texts.push(text_at(plot.right + 8.0, baseline, SMALL, Anchor::Start, Tone::Budget, line.clone()));
    }
}

/// Bounds that hold every stack, interval and the reference.
fn axis(chart: &MonthChart) -> Axis {
    let (mut low, mut high) = (0, 0);
    for bar in &chart.bars {
        let (below, above): (Vec<i64>, Vec<i64>) = bar.values.iter().partition(|value| **value < 0);
        let (from, to) = bar.interval.unwrap_or((0, 0));
        low = low.min(below.iter().sum()).min(from);
        high = high.max(above.iter().sum()).max(to);
    }
    if let Some(reference) = &chart.reference {
        low = low.min(reference.value);
        high = high.max(reference.value);
    }
    Axis::holding((low, high), &Scale::Euros, chart.language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::assert_texts_apart;

    fn chart(language: Language, scale: i64, position: f64) -> MonthChart {
        let dutch = language == Language::Nl;
        let layer = |name: &str, total: i64, look| Layer { name: name.to_owned(), total: Some(total * scale), look };
        MonthChart {
            id: "months".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language,
            layers: vec![
                layer(if dutch { "gedeclareerd" } else { "declared" }, 1_800, Look::Solid),
                layer(if dutch { "nog te declareren" } else { "still to be declared" }, 240, Look::Hatched),
                layer(if dutch { "open verplichtingen" } else { "open commitments" }, 1_500, Look::Tint),
                layer(if dutch { "nieuwe instroom" } else { "new inflow" }, 600, Look::Outline),
            ],
            bars: (1..=12)
                .map(|month| MonthBar {
                    name: crate::month_name(month, language).to_owned(),
                    label: crate::month_name_short(month, language).to_owned(),
                    initial: crate::month_name_short(month, language)[..1].to_owned(),
                    values: if month < 7 { vec![310, 30, 0, 0] } else { vec![0, 0, 250, 100] }
                        .into_iter()
                        .map(|value: i64| value * scale)
                        .collect(),
                    interval: Some((310 * scale, 390 * scale)),
                    href: None,
                })
                .collect(),
            reference: Some(Reference {
                name: if dutch {
                    vec!["begroting".to_owned(), "per maand".to_owned()]
                } else {
                    vec!["budget".to_owned()]
                },
                value: 330 * scale,
            }),
            marker: Some(Marker { name: "peildatum 30 september".to_owned(), position }),
            interval_name: "80 % kans tussen".to_owned(),
        }
    }

    #[test]
    fn no_texts_overlap_whatever_the_amounts_and_the_day() {
        for language in [Language::Nl, Language::En] {
            for scale in [1, 7, 1_000, 33_333, 1_000_000, 123_456_789] {
                for position in [0.0, 0.4, 6.0, 11.9, 12.0] {
                    for width in [Width::Wide, Width::Paper, Width::Narrow] {
                        assert_texts_apart(&draw(&chart(language, scale, position), width));
                    }
                }
            }
        }
    }

    #[test]
    fn the_axis_holds_everything_and_has_round_steps() {
        for scale in [1, 7, 1_000, 33_333, 1_000_000, 123_456_789] {
            let chart = chart(Language::Nl, scale, 6.0);
            let axis = axis(&chart);
            assert!(axis.bottom <= 0 && axis.top >= 390 * scale, "{scale}");
            assert!((3..=10).contains(&((axis.top - axis.bottom) / axis.step)), "{scale}");
            assert_eq!((axis.top % axis.step, axis.bottom % axis.step), (0, 0), "{scale}");
        }
    }

    #[test]
    fn credits_go_below_zero() {
        let mut chart = chart(Language::Nl, 1_000_000, 6.0);
        chart.bars[0].values = vec![-50_000_000, 20_000_000, 0, 0];
        let axis = axis(&chart);
        assert!(axis.bottom <= -50_000_000);
        let drawing = draw(&chart, Width::Wide);
        assert_texts_apart(&drawing);
        assert!(drawing.texts.iter().any(|text| text.text.starts_with('\u{2212}')));
    }

    #[test]
    fn an_empty_year_is_drawn() {
        let mut chart = chart(Language::Nl, 1, 0.0);
        for bar in &mut chart.bars {
            bar.values = vec![0; 4];
            bar.interval = None;
        }
        chart.reference = None;
        assert_texts_apart(&draw(&chart, Width::Narrow));
    }

    #[test]
    fn heights_add_up_to_the_amounts() {
        let chart = chart(Language::Nl, 1_000_000, 6.0);
        let drawing = draw(&chart, Width::Wide);
        let heights: Vec<f64> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Group { shapes, .. } => Some(shapes),
                _ => None,
            })
            .map(|shapes| {
                let height = |shape: &Shape| match shape {
                    Shape::Rect { height, ink: Ink::Solid | Ink::Tint, .. } => *height,
                    Shape::Rect { height, ink: Ink::Hatched | Ink::Outline, .. } => height + 1.0,
                    _ => 0.0,
                };
                shapes.iter().map(height).sum()
            })
            .collect();
        assert_eq!(heights.len(), 12);
        let (june, july) = (heights[5], heights[6]);
        assert!((june / july - 340.0 / 350.0).abs() < 1e-9, "{june} {july}"); // rounding of f64 only
    }
}
