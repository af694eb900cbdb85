//! One to four lines over months or other steps, told apart by dashes and marks, with what is not yet known lighter.

use serde::{Deserialize, Serialize};

use crate::{
    axis::Axis,
    chart::Width,
    drawing::{
        Anchor, Dashed, Drawing, Ink, SMALL, Shape, TEXT, Tone, fitting, horizontal, rect, text_at, text_width,
        vertical,
    },
    month_chart::{Plot, Reference, draw_side_label},
    number::Language,
    rate_chart::draw_years,
    scale::{Scale, decimals},
};

/// How one to four figures go from step to step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Course {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// What all values are in.
    pub scale: Scale,
    /// The steps, in order.
    pub labels: Vec<Step>,
    /// One to four lines; a fifth would look like the first.
    pub lines: Vec<CourseLine>,
    /// A line across all steps, in what the values are in.
    pub reference: Option<Reference>,
    /// Steps to mark.
    pub marks: Vec<Mark>,
    /// How values are joined.
    pub form: Form,
    /// Whether the axis begins at zero. Without zero a change looks larger than it is: for indices and the like only.
    pub from_zero: bool,
    /// How many of the first steps are known; what follows is provisional.
    pub known_to: usize,
    /// How provisional values are called, as in `nog niet compleet`.
    pub provisional_name: String,
}

/// One place on the axis of steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// In full, as in `juli 2025`.
    pub name: String,
    /// Below the axis, as in `jul`.
    pub label: String,
    /// Below the axis when there is no room for the label, as in `j`.
    pub initial: String,
    /// Below the label at the first month of a year, as in `2025`; empty elsewhere.
    pub year: String,
    /// Where it leads, when there is a page about it.
    pub href: Option<String>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseLine {
    /// Its name.
    pub name: String,
    /// A value per step; one that is missing interrupts the line.
    pub values: Vec<Option<i64>>,
    /// An interval around it.
    pub band: Option<CourseBand>,
}

/// An interval around a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CourseBand {
    /// Its name, as in `80 % kans`; bands of one name share a key.
    pub name: String,
    /// Low and high bound per step.
    pub bounds: Vec<Option<(i64, i64)>>,
}

/// A vertical line with a text, as in `hier veranderde het`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The number of the step, from 0.
    pub at: usize,
    /// Its text.
    pub name: String,
}

/// How the values of a line are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// By straight lines.
    Straight,
    /// A value holds until the next step: a survival curve.
    Stairs,
}

const LINE: f64 = 20.0;
const GAP: f64 = 6.0;
const SAMPLE: f64 = 30.0;
const MARK_ROW: f64 = 18.0;
/// Marks of a line nearer to each other than this would hide its dashes.
const MARKS_APART: f64 = 38.0;
/// Dashes of the four lines, and of what is provisional in any of them.
const DASHES: [&str; 4] = ["", "9 4", "14 4 3 4", "14 3 3 3 3 3"];
const PROVISIONAL: &str = "2 4";

pub(crate) fn draw(chart: &Course, width: Width) -> Drawing {
    let axis = axis(chart);
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let keys_bottom = draw_keys(&mut drawing, chart, width);
    let ticks = axis.ticks(chart.language);
    let tick_width = ticks.iter().map(|(_, text)| text_width(text, SMALL)).fold(0.0, f64::max);
    let side = chart.reference.as_ref().filter(|_| width != Width::Narrow);
    let side_lines = side.map(|reference| reference_lines(chart, reference)).unwrap_or_default();
    let side_width = side_lines.iter().map(|line| text_width(line, SMALL) + 8.0).fold(0.0, f64::max);
    // The mark of the last step has room, however narrow a step is.
    let (left, right) = (tick_width + GAP, drawing.width - side_width.max(5.0));
    let places = Places { left, slot: (right - left) / number(chart.labels.len().max(1)) };
    let (marks, rows) = place_marks(chart, &places, drawing.width, &axis.unit_name);
    let top = keys_bottom + number(rows) * MARK_ROW + 10.0;
    let plot = Plot { left, right, top, bottom: top + if width != Width::Narrow { 220.0 } else { 180.0 } };
    for (value, text) in ticks {
        let y = plot.y(&axis, value);
        let ink = if value == 0 { Ink::Axis } else { Ink::Grid };
        drawing.shapes.push(horizontal(left, right, y, Dashed::No, ink));
        drawing.texts.push(text_at(left - GAP, y + SMALL * 0.35, SMALL, Anchor::End, Tone::Quiet, text));
    }
    let unit = fitting(&axis.unit_name, SMALL, drawing.width);
    drawing.texts.push(text_at(0.0, top - 10.0 - MARK_ROW * 0.3, SMALL, Anchor::Start, Tone::Quiet, unit));
    draw_labels(&mut drawing, chart, &places, &plot);
    draw_marks(&mut drawing, &marks, &plot);
    if let Some(reference) = &chart.reference {
        let y = plot.y(&axis, reference.value);
        drawing.shapes.push(horizontal(left, right, y, Dashed::Yes, Ink::Budget));
        draw_side_label(&mut drawing, &side_lines, y, &plot);
    }
    for (at, line) in chart.lines.iter().enumerate() {
        draw_band(&mut drawing, chart, (at, line), &axis, (&plot, &places));
    }
    for (at, line) in chart.lines.iter().enumerate() {
        draw_line(&mut drawing, chart, (at, line), &axis, (&plot, &places));
    }
    draw_stops(&mut drawing, chart, &places, &plot);
    drawing
}

/// Where the steps are.
struct Places {
    left: f64,
    slot: f64,
}

impl Places {
    /// The middle of a step.
    fn x(&self, at: usize) -> f64 {
        self.left + self.slot * (number(at) + 0.5)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of steps")]
fn number(of: usize) -> f64 {
    of as f64
}

/// All values of lines and bands.
fn values(chart: &Course) -> impl Iterator<Item = i64> {
    let values = chart.lines.iter().flat_map(|line| line.values.iter().copied().flatten());
    let bounds = chart.lines.iter().filter_map(|line| line.band.as_ref()).flat_map(|band| band.bounds.iter().flatten());
    values.chain(bounds.flat_map(|(low, high)| [*low, *high]))
}

fn axis(chart: &Course) -> Axis {
    let reference = chart.reference.as_ref().map(|reference| reference.value);
    let all: Vec<i64> = values(chart).chain(reference).chain(chart.from_zero.then_some(0)).collect();
    let low = all.iter().min().copied().unwrap_or(0);
    let high = all.iter().max().copied().unwrap_or(0);
    Axis::holding((low, high), &chart.scale, chart.language)
}

fn reference_lines(chart: &Course, reference: &Reference) -> Vec<String> {
    reference
        .name
        .iter()
        .cloned()
        .chain([chart.scale.value(reference.value, decimals([reference.value].into_iter()), chart.language)])
        .collect()
}

/// What a name in the key stands beside.
#[derive(Clone, Copy)]
enum Sample {
    Line(usize),
    Provisional,
    Band(usize),
    Reference,
}

impl Sample {
    fn shapes(self, x: f64, y: f64) -> Vec<Shape> {
        let across = |dashes, at| Shape::Polyline { points: vec![(x, y), (x + SAMPLE, y)], dashes, ink: Ink::Line(at) };
        let middle = (x + SAMPLE / 2.0, y);
        match self {
            Self::Line(at) => vec![across(DASHES[at % DASHES.len()], at), mark(at, middle, Ink::Known(at))],
            Self::Provisional => vec![across(PROVISIONAL, 0), mark(0, middle, Ink::Open(0))],
            Self::Band(at) => vec![rect(x, y - 6.0, SAMPLE, 12.0, Ink::LineBand(at))],
            Self::Reference => vec![horizontal(x, x + SAMPLE, y, Dashed::Yes, Ink::Budget)],
        }
    }
}

/// The name of each line, band and kind of value, each beside a sample, in as many rows as needed.
fn draw_keys(drawing: &mut Drawing, chart: &Course, width: Width) -> f64 {
    let mut keys: Vec<(Sample, String)> = Vec::new();
    keys.extend(chart.lines.iter().enumerate().map(|(at, line)| (Sample::Line(at), line.name.clone())));
    if chart.known_to < chart.labels.len() && !chart.provisional_name.is_empty() {
        keys.push((Sample::Provisional, chart.provisional_name.clone()));
    }
    for (at, line) in chart.lines.iter().enumerate() {
        let name = line.band.as_ref().map(|band| band.name.clone());
        keys.extend(name.filter(|name| keys.iter().all(|key| key.1 != *name)).map(|name| (Sample::Band(at), name)));
    }
    if let (Some(reference), Width::Narrow) = (&chart.reference, width) {
        keys.push((Sample::Reference, reference_lines(chart, reference).join(" ")));
    }
    let (mut x, mut y) = (0.0, LINE);
    for (sample, text) in keys {
        let text = fitting(&text, TEXT, drawing.width - SAMPLE - GAP);
        let entry = SAMPLE + GAP + text_width(&text, TEXT);
        if x > 0.0 && x + entry > drawing.width {
            (x, y) = (0.0, y + LINE);
        }
        let tone = if matches!(sample, Sample::Reference) { Tone::Budget } else { Tone::Plain };
        drawing.shapes.extend(sample.shapes(x, y - TEXT * 0.35));
        drawing.texts.push(text_at(x + SAMPLE + GAP, y, TEXT, Anchor::Start, tone, text));
        x += entry + 18.0;
    }
    y + GAP + 4.0
}

/// The mark of a line: a circle, a square, a triangle or a diamond.
fn mark(line: usize, (x, y): (f64, f64), ink: Ink) -> Shape {
    match line % DASHES.len() {
        0 => Shape::Dot { x, y, radius: 4.0, ink },
        1 => rect(x - 3.6, y - 3.6, 7.2, 7.2, ink),
        2 => Shape::Triangle { points: [(x, y - 4.8), (x + 4.8, y + 3.8), (x - 4.8, y + 3.8)], ink },
        _ => Shape::Polygon { points: vec![(x, y - 5.4), (x + 5.4, y), (x, y + 5.4), (x - 5.4, y)], ink },
    }
}

/// The corners of a line through points.
fn corners(points: &[(f64, f64)], form: Form) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for (x, y) in points {
        if let (Form::Stairs, Some((_, before))) = (form, corners.last().copied()) {
            corners.push((*x, before));
        }
        corners.push((*x, *y));
    }
    corners
}

fn draw_band(
    drawing: &mut Drawing,
    chart: &Course,
    (at, line): (usize, &CourseLine),
    axis: &Axis,
    (plot, places): (&Plot, &Places),
) {
    let Some(band) = &line.band else { return };
    let bounds: Vec<Option<(i64, i64)>> = band.bounds.iter().copied().take(chart.labels.len()).collect();
    let mut first = 0;
    for run in bounds.split(Option::is_none) {
        let edge = |of: fn(&(i64, i64)) -> i64| -> Vec<(f64, f64)> {
            let points = run.iter().flatten().enumerate();
            points.map(|(number, pair)| (places.x(first + number), plot.y(axis, of(pair)))).collect()
        };
        let mut points = corners(&edge(|pair| pair.1), chart.form);
        points.extend(corners(&edge(|pair| pair.0), chart.form).into_iter().rev());
        if run.len() > 1 {
            drawing.shapes.push(Shape::Polygon { points, ink: Ink::LineBand(at) });
        } else if let [Some((low, high))] = run {
            // One step by itself has no width: a bar as wide as a mark.
            let (top, bottom) = (plot.y(axis, *high), plot.y(axis, *low));
            drawing.shapes.push(rect(places.x(first) - 5.0, top, 10.0, bottom - top, Ink::LineBand(at)));
        }
        first += run.len() + 1;
    }
}

fn draw_line(
    drawing: &mut Drawing,
    chart: &Course,
    (at, line): (usize, &CourseLine),
    axis: &Axis,
    (plot, places): (&Plot, &Places),
) {
    let points: Vec<Option<(f64, f64)>> = line
        .values
        .iter()
        .take(chart.labels.len())
        .enumerate()
        .map(|(step, value)| value.map(|value| (places.x(step), plot.y(axis, value))))
        .collect();
    // The piece from one step to the next is as certain as the step it leads to.
    let mut pieces: Vec<(bool, Vec<(f64, f64)>)> = Vec::new();
    for (step, pair) in points.windows(2).enumerate() {
        let [Some(from), Some(to)] = pair else { continue };
        let is_known = step + 1 < chart.known_to;
        match pieces.last_mut() {
            Some((known, piece)) if *known == is_known && piece.last() == Some(from) => piece.push(*to),
            _ => pieces.push((is_known, vec![*from, *to])),
        }
    }
    for (is_known, piece) in pieces {
        let dashes = if is_known { DASHES[at % DASHES.len()] } else { PROVISIONAL };
        drawing.shapes.push(Shape::Polyline { points: corners(&piece, chart.form), dashes, ink: Ink::Line(at) });
    }
    let apart = if chart.form == Form::Stairs { 2.0 * MARKS_APART } else { MARKS_APART };
    let every = (1..).find(|every| places.slot * number(*every) >= apart || *every > points.len()).unwrap_or(1);
    for (step, point) in points.iter().enumerate() {
        let Some(point) = point else { continue };
        let alone = |other: Option<usize>| other.and_then(|other| points.get(other)).is_none_or(Option::is_none);
        let is_end = alone(step.checked_sub(1)) || alone(Some(step + 1));
        if is_end || (step + at * every / 4).is_multiple_of(every) {
            let ink = if step < chart.known_to { Ink::Known(at) } else { Ink::Open(at) };
            drawing.shapes.push(mark(at, *point, ink));
        }
    }
}

/// What is below the axis: the labels, or the initials where these do not fit, or the years alone, or some of the labels.
fn draw_labels(drawing: &mut Drawing, chart: &Course, places: &Places, plot: &Plot) {
    let widest =
        |of: fn(&Step) -> &str| chart.labels.iter().map(|step| text_width(of(step), SMALL)).fold(0.0, f64::max) + 4.0;
    let has_years = chart.labels.iter().any(|step| !step.year.is_empty());
    let (every, of): (usize, fn(&Step) -> &str) = if widest(|step| &step.label) <= places.slot {
        (1, |step| &step.label)
    } else if widest(|step| &step.initial) <= places.slot {
        (1, |step| &step.initial)
    } else if has_years {
        (0, |step| &step.label)
    } else {
        let room = widest(|step| &step.label);
        let every = [2, 3, 4, 6, 12, 24, 36, 60, 120].into_iter().find(|every| places.slot * number(*every) >= room);
        (every.unwrap_or(0), |step| &step.label)
    };
    let mut y = plot.bottom + LINE - 4.0;
    if every > 0 {
        for (at, step) in chart.labels.iter().enumerate().step_by(every) {
            let label = of(step);
            let half = text_width(label, SMALL) / 2.0;
            let x = places.x(at).min(drawing.width - half).max(half);
            drawing.texts.push(text_at(x, y, SMALL, Anchor::Middle, Tone::Plain, label.to_owned()));
        }
        y += LINE;
    }
    if has_years {
        let starts = chart.labels.iter().enumerate().filter(|(_, step)| !step.year.is_empty());
        let starts: Vec<(f64, String)> = starts
            .map(|(at, step)| (places.x(at) - places.slot / 2.0, step.year.clone()))
            .inspect(|(x, _)| {
                drawing.shapes.push(vertical(*x, plot.bottom, plot.bottom + 5.0, Dashed::No, Ink::Axis));
            })
            .map(|(x, year)| (x + 3.0, year))
            .collect();
        draw_years(drawing, starts, y);
        y += LINE;
    }
    drawing.height = y - LINE + 8.0;
}

/// A mark with the place of its text: its left and the row it is in, from the plot up.
struct PlacedMark {
    x: f64,
    left: f64,
    row: usize,
    text: String,
}

/// Texts of marks in as few rows as keep them apart; the lowest row has the name of the unit as well.
fn place_marks(chart: &Course, places: &Places, width: f64, unit: &str) -> (Vec<PlacedMark>, usize) {
    let mut rows: Vec<Vec<(f64, f64)>> = vec![vec![(0.0, text_width(unit, SMALL).min(width))]];
    let mut placed = Vec::new();
    let within = chart.marks.iter().filter(|mark| mark.at < chart.labels.len());
    for mark in within {
        let text = fitting(&mark.name, SMALL, width - 4.0);
        let (x, length) = (places.x(mark.at), text_width(&text, SMALL));
        let left = (x - length / 2.0).min(width - length).max(0.0);
        let free = |row: &Vec<(f64, f64)>| row.iter().all(|(from, to)| left + length + 8.0 < *from || *to + 8.0 < left);
        let row = rows.iter().position(free).unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(Vec::new());
        }
        rows[row].push((left, left + length));
        placed.push(PlacedMark { x, left, row, text });
    }
    (placed, rows.len())
}

fn draw_marks(drawing: &mut Drawing, marks: &[PlacedMark], plot: &Plot) {
    let baseline = |row: usize| plot.top - 10.0 - MARK_ROW * (number(row) + 0.3);
    for mark in marks {
        drawing.shapes.push(vertical(mark.x, baseline(mark.row) + 3.0, plot.bottom, Dashed::No, Ink::Mark));
    }
    for mark in marks {
        // The line of a mark in a higher row ends behind this text and goes on below it.
        let (y, length) = (baseline(mark.row), text_width(&mark.text, SMALL));
        drawing.shapes.push(rect(mark.left - 1.0, y - SMALL, length + 2.0, SMALL * 1.3, Ink::Ground));
        drawing.texts.push(text_at(mark.left, y, SMALL, Anchor::Start, Tone::Plain, mark.text.clone()));
    }
}

/// A stop for every step, from the plot's top to below its label.
fn draw_stops(drawing: &mut Drawing, chart: &Course, places: &Places, plot: &Plot) {
    let decimals = decimals(values(chart));
    for (at, step) in chart.labels.iter().enumerate() {
        let left = places.x(at) - places.slot / 2.0;
        let hit = Box::new(rect(left, plot.top, places.slot, drawing.height - plot.top, Ink::Hover));
        let title = step_title(chart, at, step, decimals);
        drawing.shapes.push(Shape::Group { title, href: step.href.clone(), hit, shapes: Vec::new() });
    }
}

fn step_title(chart: &Course, at: usize, step: &Step, decimals: u32) -> String {
    let value = |value| chart.scale.value(value, decimals, chart.language);
    let parts = chart.lines.iter().map(|line| {
        let own = line.values.get(at).copied().flatten().map_or("–".to_owned(), value);
        let band = line.band.as_ref().and_then(|band| Some((&band.name, band.bounds.get(at).copied().flatten()?)));
        let band = band.map(|(name, (low, high))| format!(" ({name} {} – {})", value(low), value(high)));
        format!("{} {own}{}", line.name, band.unwrap_or_default())
    });
    let provisional = Some(&chart.provisional_name).filter(|name| at >= chart.known_to && !name.is_empty());
    let marks = chart.marks.iter().filter(|mark| mark.at == at).map(|mark| &mark.name);
    let notes: String = provisional.into_iter().chain(marks).map(|note| format!("; {note}")).collect();
    format!("{}: {}{notes}", step.name, parts.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{drawing::assert_texts_apart, stops};

    fn steps(count: usize, years: bool) -> Vec<Step> {
        let step = |at: usize| {
            let name = crate::month_name_short(i8::try_from(at % 12 + 1).expect("a month"), Language::Nl);
            let year = (years && at.is_multiple_of(12)).then(|| (2021 + at / 12).to_string());
            let label = if years { name.to_owned() } else { at.to_string() };
            let name = format!("{name} {}", 2021 + at / 12);
            Step { name, initial: label[..1].to_owned(), label, year: year.unwrap_or_default(), href: None }
        };
        (0..count).map(step).collect()
    }

    fn course(lines: Vec<Vec<Option<i64>>>) -> Course {
        let steps = steps(lines.first().map_or(0, Vec::len), true);
        let names = ["jeugdhulp zonder verblijf", "jeugdhulp met verblijf", "Wmo", "alle vormen samen"];
        Course {
            id: "course".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language: Language::Nl,
            scale: Scale::Percent { name: "van de declaraties".to_owned() },
            known_to: steps.len(),
            labels: steps,
            lines: names
                .into_iter()
                .zip(lines)
                .map(|(name, values)| CourseLine { name: name.to_owned(), values, band: None })
                .collect(),
            reference: None,
            marks: Vec::new(),
            form: Form::Straight,
            from_zero: true,
            provisional_name: "nog niet compleet".to_owned(),
        }
    }

    fn polylines(drawing: &Drawing, keys: usize) -> Vec<(&'static str, Vec<(f64, f64)>)> {
        let lines = drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Polyline { points, dashes, .. } => Some((*dashes, points.clone())),
            _ => None,
        });
        lines.skip(keys).collect()
    }

    #[test]
    fn texts_do_not_overlap() {
        for months in [0, 1, 2, 12, 13, 24, 36, 60, 120] {
            for highest in [0, 7, 999, 1_000_000_000_000] {
                for years in [true, false] {
                    let values = |line: usize| {
                        (0..months)
                            .map(move |at| (at % 7 != 3).then_some(highest * i64::try_from(line).expect("few") / 3))
                    };
                    let mut chart = course((0..4).map(|line| values(line).collect()).collect());
                    chart.labels = steps(months, years);
                    chart.scale = Scale::Euros;
                    chart.known_to = months / 2;
                    let name = vec!["afspraak met".to_owned(), "de regio".to_owned()];
                    chart.reference = Some(Reference { name, value: highest / 2 });
                    let mark = |at, name: &str| Mark { at, name: name.to_owned() };
                    chart.marks = vec![
                        mark(0, "hier veranderde het"),
                        mark(months / 2, "hier was het voor het eerst te zien in de declaraties van deze aanbieder"),
                        mark(months.saturating_sub(1), "hier werd het besloten"),
                    ];
                    for width in [Width::Wide, Width::Paper, Width::Narrow] {
                        assert_texts_apart(&draw(&chart, width));
                    }
                }
            }
        }
    }

    #[test]
    fn values_are_where_the_axis_says() {
        let chart = course(vec![vec![Some(0), Some(500), Some(1_000)]]);
        let drawing = draw(&chart, Width::Wide);
        let [(dashes, points)] = &polylines(&drawing, 1)[..] else { panic!("one line") };
        assert_eq!((*dashes, points.len()), ("", 3));
        let grid = |label: &str| {
            let text = drawing.texts.iter().find(|text| text.text == label && text.anchor == Anchor::End);
            text.expect("a label of the axis").y - SMALL * 0.35
        };
        assert!((points[0].1 - grid("0")).abs() < 0.01, "{points:?}");
        assert!((points[2].1 - grid("100")).abs() < 0.01, "{points:?}");
        assert!((points[1].1 - f64::midpoint(points[0].1, points[2].1)).abs() < 0.01, "{points:?}");
    }

    #[test]
    fn a_missing_value_interrupts_the_line() {
        let chart = course(vec![vec![Some(1), Some(2), None, Some(4), None, Some(5), Some(6), Some(7)]]);
        let drawing = draw(&chart, Width::Wide);
        let lengths: Vec<usize> = polylines(&drawing, 1).iter().map(|(_, points)| points.len()).collect();
        assert_eq!(lengths, [2, 3]);
        // The value by itself has no line, so it must have its mark; one circle is in the key.
        let dots = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Dot { .. })).count();
        assert_eq!(dots, 7);
    }

    #[test]
    fn stairs_hold_a_value_until_the_next_step() {
        let mut chart = course(vec![vec![Some(1_000), Some(600), Some(600)]]);
        chart.form = Form::Stairs;
        let drawing = draw(&chart, Width::Wide);
        let (_, points) = polylines(&drawing, 1).remove(0);
        assert_eq!(points.len(), 5);
        for pair in points.windows(2) {
            let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
            assert!((x1 - x2).abs() < 0.01 || (y1 - y2).abs() < 0.01, "{points:?}");
        }
        assert!((points[0].1 - points[1].1).abs() < 0.01 && points[1].1 < points[2].1, "{points:?}");
    }

    #[test]
    fn what_is_provisional_is_dashed_and_open() {
        let mut chart = course(vec![vec![Some(1), Some(2), Some(3), Some(4)]]);
        chart.known_to = 2;
        let drawing = draw(&chart, Width::Wide);
        let lines = polylines(&drawing, 2);
        let shown: Vec<(&str, usize)> = lines.iter().map(|(dashes, points)| (*dashes, points.len())).collect();
        assert_eq!(shown, [("", 2), (PROVISIONAL, 3)]);
        let open = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Dot { ink: Ink::Open(0), .. })).count();
        assert_eq!(open, 3); // two values and the key
        assert!(drawing.texts.iter().any(|text| text.text == "nog niet compleet"));
        let titles: Vec<&str> = stops::of(&drawing).iter().map(|stop| stop.title).collect();
        assert_eq!(titles[2], "mrt 2021: jeugdhulp zonder verblijf 0,3\u{a0}%; nog niet compleet");
        assert!(!titles[1].contains("nog niet"), "{titles:?}");
    }

    #[test]
    fn lines_differ_without_colour() {
        let drawing = draw(&course(vec![vec![Some(1); 3]; 4]), Width::Narrow);
        let mut dashes: Vec<&str> = polylines(&drawing, 4).iter().map(|(dashes, _)| *dashes).collect();
        dashes.sort_unstable();
        dashes.dedup();
        assert_eq!(dashes.len(), 4);
        assert!(!dashes.contains(&PROVISIONAL));
        let marks: Vec<Shape> = (0..4).map(|line| mark(line, (0.0, 0.0), Ink::Known(0))).collect();
        let kinds: Vec<_> = marks.iter().map(std::mem::discriminant).collect();
        assert!((0..4).all(|a| (0..a).all(|b| kinds[a] != kinds[b])), "{marks:?}");
    }

    #[test]
    fn a_band_lies_around_its_line_and_ends_where_its_bounds_do() {
        let mut chart = course(vec![vec![Some(50), Some(60), Some(70), Some(80)]]);
        let bounds = vec![Some((40, 60)), Some((50, 70)), None, Some((70, 90))];
        chart.lines[0].band = Some(CourseBand { name: "80 % kans".to_owned(), bounds });
        let drawing = draw(&chart, Width::Wide);
        let (_, line) = polylines(&drawing, 1).remove(0);
        let polygons: Vec<&Vec<(f64, f64)>> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Polygon { points, .. } => Some(points),
                _ => None,
            })
            .collect();
        let [band] = polygons[..] else { panic!("{polygons:?}") };
        assert_eq!(band.len(), 4);
        assert!(band[0].1 < line[0].1 && line[0].1 < band[3].1 && band[1].0 > band[0].0, "{band:?}");
        let title = stops::of(&drawing)[3].title.to_owned();
        assert!(title.ends_with("8\u{a0}% (80 % kans 7\u{a0}% – 9\u{a0}%)"), "{title}");
    }

    #[test]
    fn a_mark_stands_over_its_step() {
        let mut chart = course(vec![vec![Some(10); 24]]);
        chart.marks = vec![Mark { at: 9, name: "nieuwe verordening".to_owned() }];
        let drawing = draw(&chart, Width::Wide);
        let line = drawing.shapes.iter().find_map(|shape| match shape {
            Shape::Line { x1, x2, ink: Ink::Mark, .. } => Some((*x1, *x2)),
            _ => None,
        });
        let (left, _, right, _) = stops::of(&drawing)[9].hit.bounds();
        let middle = f64::midpoint(left, right);
        assert!(line.is_some_and(|(x1, x2)| (x1 - middle).abs() < 0.01 && (x2 - middle).abs() < 0.01), "{line:?}");
        assert!(stops::of(&drawing)[9].title.ends_with("; nieuwe verordening"));
    }
}
