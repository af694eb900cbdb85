//! When things are done: a bar for each under the months, what waits for what, and which day it is.

use serde::{Deserialize, Serialize};

use crate::{
    chart::Width,
    drawing::{
        Anchor, Dashed, Drawing, Ink, SMALL, Shape, TEXT, Text, Tone, fitting, horizontal, rect, text_at, text_width,
        vertical,
    },
    month_chart::Look,
    number::Language,
};

/// Things to do with the days on which they are done. Days are counted from the first day of the first month, which
/// is 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planning {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// The months, one after the other.
    pub months: Vec<PlanningMonth>,
    /// What is done, from the top.
    pub rows: Vec<PlanningRow>,
    /// What waits for what.
    pub waits: Vec<PlanningWait>,
    /// Days to mark with a line, as in `peildatum`.
    pub marks: Vec<PlanningMark>,
    /// What fillings mean; a filling that no row has may be left out.
    pub keys: Vec<(Look, String)>,
    /// What a bar with a thick line below it means, as in `bepaalt het einde`; empty for nothing.
    pub critical_name: String,
    /// What a thin line below a bar means, as in `zoals gepland`; empty for nothing.
    pub planned_name: String,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningMonth {
    /// As in `jul`.
    pub label: String,
    /// At the first month of a quarter, as in `k3`; empty elsewhere.
    pub quarter: String,
    /// At the first month of a year and at the first of all, as in `2025`; empty elsewhere.
    pub year: String,
    /// How many days it has.
    pub days: i64,
}

/// Something that is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningRow {
    /// What.
    pub name: String,
    /// How far it is, in a word.
    pub state: String,
    /// How many rows it is below.
    pub depth: usize,
    /// When; nothing when nobody said.
    pub bar: Option<PlanningBar>,
    /// What the keyboard and a screen reader are told: all that there is to say.
    pub told: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// When something is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningBar {
    /// The first day.
    pub from: i64,
    /// The last day; the same for something of one day, which is drawn as a diamond.
    pub to: i64,
    /// How it is filled; nothing for what holds other rows together.
    pub look: Option<Look>,
    /// First and last day as planned, where these are others.
    pub planned: Option<(i64, i64)>,
    /// Whether the end of all follows from it.
    pub is_critical: bool,
}

/// That one row waits for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningWait {
    /// The number of the row that is first, from 0.
    pub first: usize,
    /// The number of the row that waits.
    pub then: usize,
    /// Whether they collide as planned: the line is dashed.
    pub is_broken: bool,
}

/// A line at a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanningMark {
    /// The day.
    pub day: i64,
    /// Its text.
    pub name: String,
}

const LINE: f64 = 18.0;
const GAP: f64 = 10.0;
const BAR: f64 = 12.0;
const SAMPLE: f64 = 26.0;
/// How much further to the right a name is for each row that it is below.
const INDENT: f64 = 14.0;
const DEEPEST: usize = 6;

/// Where things are in a drawing.
struct Places {
    left: f64,
    right: f64,
    /// Top of the first row.
    top: f64,
    row: f64,
    /// From the top of a row to the middle of its bar.
    middle: f64,
    days: i64,
    /// Room of a name and of a state; a name on a telephone stands above its bar.
    name: f64,
    state: f64,
}

impl Places {
    #[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 15 digits")]
    fn x(&self, day: i64) -> f64 {
        let day = day.clamp(0, self.days);
        self.left + (self.right - self.left) * day as f64 / self.days.max(1) as f64
    }

    fn top_of(&self, row: usize) -> f64 {
        self.top + self.row * whole(row)
    }

    fn middle_of(&self, row: usize) -> f64 {
        self.top_of(row) + self.middle
    }
}

pub(crate) fn draw(chart: &Planning, width: Width) -> Drawing {
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let state = chart.rows.iter().map(|row| text_width(&row.state, SMALL)).fold(0.0, f64::max).min(120.0);
    let (left, row, middle, name, narrowest) = match width {
        Width::Wide => (300.0 + GAP + state + GAP, 26.0, 13.0, 300.0, 1.0),
        Width::Paper => (220.0 + GAP + state + GAP, 26.0, 13.0, 220.0, 1.0),
        Width::Narrow => (1.0, 40.0, 29.0, drawing.width - state - GAP, 1.0),
    };
    let days = chart.months.iter().map(|month| month.days.max(1)).sum();
    let mut places = Places { left, right: drawing.width - narrowest, top: 0.0, row, middle, days, name, state };
    let keys = draw_keys(&mut drawing, chart);
    let marks = place_marks(chart, &places, keys, drawing.width);
    let heads = marks.iter().map(|mark| mark.y).fold(keys, f64::max) + 4.0;
    places.top = draw_months(&mut drawing, chart, &places, heads);
    let bottom = places.top_of(chart.rows.len());
    draw_marks(&mut drawing, &marks, bottom);
    draw_waits(&mut drawing, chart, &places);
    for at in 0..chart.rows.len() {
        draw_row(&mut drawing, chart, &places, width, at);
    }
    drawing.height = bottom + 4.0;
    drawing
}

/// What fillings and lines mean, in rows above all; answers where they end.
fn draw_keys(drawing: &mut Drawing, chart: &Planning) -> f64 {
    let has = |look: Look| chart.rows.iter().any(|row| row.bar.as_ref().is_some_and(|bar| bar.look == Some(look)));
    let any = |is: fn(&PlanningBar) -> bool| chart.rows.iter().any(|row| row.bar.as_ref().is_some_and(is));
    let mut keys: Vec<(Option<Look>, Option<Ink>, &str)> = chart
        .keys
        .iter()
        .filter(|(look, _)| has(*look))
        .map(|(look, name)| (Some(*look), None, name.as_str()))
        .collect();
    if any(|bar| bar.is_critical) && !chart.critical_name.is_empty() {
        keys.push((None, Some(Ink::Budget), &chart.critical_name));
    }
    if any(|bar| bar.planned.is_some()) && !chart.planned_name.is_empty() {
        keys.push((None, Some(Ink::Interval), &chart.planned_name));
    }
    let (mut x, mut y) = (0.0, if keys.is_empty() { 0.0 } else { LINE });
    for (look, line, name) in keys {
        let text = fitting(name, SMALL, drawing.width - SAMPLE - 8.0);
        let entry = SAMPLE + text_width(&text, SMALL);
        if x > 0.0 && x + entry > drawing.width {
            (x, y) = (0.0, y + LINE);
        }
        let middle = y - SMALL * 0.35;
        if let Some(look) = look {
            drawing.shapes.push(rect(x + 1.0, middle - BAR / 2.0, SAMPLE - 8.0, BAR, ink(look)));
        }
        if let Some(line) = line {
            drawing.shapes.push(horizontal(x + 1.0, x + SAMPLE - 7.0, middle, Dashed::No, line));
        }
        drawing.texts.push(text_at(x + SAMPLE, y, SMALL, Anchor::Start, Tone::Plain, text));
        x += entry + 16.0;
    }
    y
}

fn ink(look: Look) -> Ink {
    match look {
        Look::Solid => Ink::Solid,
        Look::Hatched => Ink::Hatched,
        Look::Tint => Ink::Tint,
        Look::Outline => Ink::Outline,
    }
}

/// A mark with the place of its text.
struct PlacedMark {
    x: f64,
    left: f64,
    y: f64,
    text: String,
}

/// Texts of marks in as few rows as keep them apart, below the keys.
fn place_marks(chart: &Planning, places: &Places, keys: f64, width: f64) -> Vec<PlacedMark> {
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut placed = Vec::new();
    for mark in chart.marks.iter().filter(|mark| (0..places.days).contains(&mark.day)) {
        let text = fitting(&mark.name, SMALL, width - 4.0);
        let (x, length) = (places.x(mark.day), text_width(&text, SMALL));
        let left = (x - length / 2.0).min(width - length - 0.5).max(0.0);
        let free = |row: &Vec<(f64, f64)>| row.iter().all(|(from, to)| left + length + 8.0 < *from || *to + 8.0 < left);
        let row = rows.iter().position(free).unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(Vec::new());
        }
        rows[row].push((left, left + length));
        placed.push(PlacedMark { x, left, y: keys + LINE * whole(row + 1), text });
    }
    placed
}

/// Lines behind all else, so that no text is crossed: each text has its ground.
fn draw_marks(drawing: &mut Drawing, marks: &[PlacedMark], bottom: f64) {
    let lines = marks.iter().map(|mark| vertical(mark.x, mark.y + 3.0, bottom, Dashed::Yes, Ink::Budget));
    drawing.shapes.splice(0..0, lines.collect::<Vec<_>>());
    for mark in marks {
        put(drawing, text_at(mark.left, mark.y, SMALL, Anchor::Start, Tone::Budget, mark.text.clone()));
    }
}

/// A text that begins at its place, with the ground behind it.
fn put(drawing: &mut Drawing, text: Text) {
    let length = text_width(&text.text, text.size);
    drawing.shapes.push(rect(text.x - 1.0, text.y - text.size, length + 2.0, text.size * 1.3, Ink::Ground));
    drawing.texts.push(text);
}

/// The names of the months, or of the quarters where there is no room, over those of the years; lines down from each
/// year,
/// lighter ones from each month or quarter. Answers where the rows begin.
fn draw_months(drawing: &mut Drawing, chart: &Planning, places: &Places, top: f64) -> f64 {
    let begins: Vec<i64> = chart
        .months
        .iter()
        .scan(0, |day, month| {
            let begin = *day;
            *day += month.days.max(1);
            Some(begin)
        })
        .collect();
    let names: [fn(&PlanningMonth) -> &str; 2] = [|month| &month.label, |month| &month.quarter];
    let rooms = |of: fn(&PlanningMonth) -> &str| {
        let mut ends: Vec<(usize, f64)> = chart
            .months
            .iter()
            .enumerate()
            .filter(|(_, month)| !of(month).is_empty())
            .map(|(at, _)| (at, 0.0))
            .collect();
        for at in 0..ends.len() {
            ends[at].1 = ends.get(at + 1).map_or(places.right, |next| places.x(begins[next.0]));
        }
        ends
    };
    let fits = |of: &fn(&PlanningMonth) -> &str| {
        rooms(*of)
            .iter()
            .all(|(at, end)| places.x(begins[*at]) + text_width(of(&chart.months[*at]), SMALL) + 5.0 <= *end)
    };
    let bottom = places.row * whole(chart.rows.len());
    let chosen = names.into_iter().find(fits);
    let first = top + LINE;
    let rows_top = if chosen.is_some() { first + LINE + 8.0 } else { first + 8.0 };
    let mut used = 0.0;
    for (at, _) in rooms(|month| &month.year) {
        let (x, year) = (places.x(begins[at]), &chart.months[at].year);
        drawing.shapes.push(vertical(x, first - SMALL, rows_top + bottom, Dashed::No, Ink::Axis));
        // The year in which it begins may end before there is room for its name.
        if x >= used && x + 3.0 + text_width(year, SMALL) <= drawing.width {
            put(drawing, text_at(x + 3.0, first, SMALL, Anchor::Start, Tone::Plain, year.clone()));
            used = x + 3.0 + text_width(year, SMALL) + 4.0;
        }
    }
    if let Some(of) = chosen {
        for (at, _) in rooms(of) {
            let x = places.x(begins[at]);
            drawing.shapes.push(vertical(x, first + 5.0, rows_top + bottom, Dashed::No, Ink::Grid));
            let name = of(&chart.months[at]).to_owned();
            put(drawing, text_at(x + 3.0, first + LINE, SMALL, Anchor::Start, Tone::Quiet, name));
        }
    }
    rows_top
}

/// Thin lines from the end of what is first to the begin of what waits.
fn draw_waits(drawing: &mut Drawing, chart: &Planning, places: &Places) {
    for wait in &chart.waits {
        let bar = |row: usize| chart.rows.get(row).and_then(|row| row.bar.as_ref());
        let (Some(first), Some(then)) = (bar(wait.first), bar(wait.then)) else { continue };
        let (x1, y1) = (places.x(first.to + 1), places.middle_of(wait.first));
        let (x2, y2) = (places.x(then.from), places.middle_of(wait.then));
        let down = if y2 > y1 { 1.0 } else { -1.0 };
        let turn = (x1 + 4.0).min(places.right);
        let near = y2 - down * (BAR / 2.0 + 5.0);
        let to = (x2 + 3.0).min(places.right);
        let points = vec![(x1, y1), (turn, y1), (turn, near), (to, near), (to, y2 - down * (BAR / 2.0 + 1.0))];
        let dashes = if wait.is_broken { "3 3" } else { "" };
        drawing.shapes.push(Shape::Polyline { points, dashes, ink: Ink::Wait });
        let tip = y2 - down * BAR / 2.0;
        let points = [(to, tip), (to - 3.0, tip - down * 5.0), (to + 3.0, tip - down * 5.0)];
        drawing.shapes.push(Shape::Triangle { points, ink: Ink::Tick });
    }
}

fn draw_row(drawing: &mut Drawing, chart: &Planning, places: &Places, width: Width, at: usize) {
    let row = &chart.rows[at];
    let indent = INDENT * whole(row.depth.min(DEEPEST));
    let (name_y, state_x) = match width {
        Width::Wide | Width::Paper => (places.middle_of(at) + TEXT * 0.35, places.name + GAP),
        Width::Narrow => (places.top_of(at) + TEXT + 3.0, places.name + GAP),
    };
    let name = fitting(&row.name, TEXT, places.name - indent);
    put(drawing, text_at(indent, name_y, TEXT, Anchor::Start, Tone::Plain, name));
    let state = fitting(&row.state, SMALL, places.state);
    if !state.is_empty() {
        put(drawing, text_at(state_x, name_y, SMALL, Anchor::Start, Tone::Quiet, state));
    }
    let bottom = places.top_of(at + 1);
    drawing.shapes.push(horizontal(0.0, drawing.width, bottom, Dashed::No, Ink::Grid));
    let shapes = row.bar.as_ref().map(|bar| bar_shapes(bar, places, places.middle_of(at))).unwrap_or_default();
    let hit = Box::new(rect(0.0, places.top_of(at), drawing.width, places.row, Ink::Hover));
    drawing.shapes.push(Shape::Group { title: row.told.clone(), href: row.href.clone(), hit, shapes });
}

fn bar_shapes(bar: &PlanningBar, places: &Places, y: f64) -> Vec<Shape> {
    let (left, right) = (places.x(bar.from), places.x(bar.to + 1));
    let mut shapes = Vec::new();
    match bar.look {
        None => {
            // What holds others together: a line with a hook at each end.
            shapes.push(rect(left, y - 4.0, (right - left).max(2.0), 3.0, Ink::Tick));
            shapes.push(rect(left, y - 4.0, 2.0, 8.0, Ink::Tick));
            shapes.push(rect((right - 2.0).max(left), y - 4.0, 2.0, 8.0, Ink::Tick));
        }
        Some(look) if bar.from == bar.to => {
            let (x, half) = (f64::midpoint(left, right), BAR / 2.0 + 1.0);
            let points = vec![(x - half, y), (x, y - half), (x + half, y), (x, y + half)];
            shapes.push(Shape::Polygon { points: points.clone(), ink: Ink::Ground });
            shapes.push(Shape::Polygon { points, ink: ink(look) });
        }
        Some(look) => {
            let width = (right - left).max(2.0);
            shapes.push(rect(left, y - BAR / 2.0, width, BAR, Ink::Ground));
            shapes.push(rect(left, y - BAR / 2.0, width, BAR, ink(look)));
        }
    }
    let below = y + BAR / 2.0 + 2.0;
    if let Some((from, to)) = bar.planned {
        shapes.push(horizontal(places.x(from), places.x(to + 1), below + 4.0, Dashed::No, Ink::Interval));
    }
    if bar.is_critical {
        for line in [below, below + 1.5] {
            shapes.push(horizontal(left, right.max(left + 2.0), line, Dashed::No, Ink::Budget));
        }
    }
    shapes
}

#[expect(clippy::cast_precision_loss, reason = "a number of rows")]
fn whole(rows: usize) -> f64 {
    rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{drawing::assert_texts_apart, stops};

    fn months(count: usize) -> Vec<PlanningMonth> {
        let month = |at: usize| PlanningMonth {
            label: crate::month_name_short(i8::try_from(at % 12 + 1).expect("a month"), Language::Nl).to_owned(),
            quarter: if at.is_multiple_of(3) { format!("k{}", at % 12 / 3 + 1) } else { String::new() },
            year: if at.is_multiple_of(12) || at == 2 { (2021 + at / 12).to_string() } else { String::new() },
            days: 30,
        };
        (2..count + 2).map(month).collect()
    }

    fn row(name: &str, depth: usize, bar: Option<(i64, i64, Option<Look>)>) -> PlanningRow {
        let bar = bar.map(|(from, to, look)| PlanningBar { from, to, look, planned: None, is_critical: false });
        PlanningRow {
            name: name.to_owned(),
            state: "gepland".to_owned(),
            depth,
            bar,
            told: name.to_owned(),
            href: None,
        }
    }

    fn planning(count: usize, rows: Vec<PlanningRow>) -> Planning {
        let key = |look, name: &str| (look, name.to_owned());
        Planning {
            id: "planning".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language: Language::Nl,
            months: months(count),
            rows,
            waits: Vec::new(),
            marks: Vec::new(),
            keys: vec![key(Look::Solid, "gereed"), key(Look::Hatched, "bezig"), key(Look::Outline, "gepland")],
            critical_name: "bepaalt het einde".to_owned(),
            planned_name: "zoals gepland".to_owned(),
        }
    }

    #[test]
    fn texts_do_not_overlap() {
        let long = "Procesanalyse van de verwervingsketen van het sociaal domein met een gemeentebreed zaaksysteem";
        for count in [0, 1, 2, 3, 11, 24, 36, 120, 360] {
            for rows in [0, 1, 9] {
                let rows = (0..rows).map(|at| {
                    let name = if at % 2 == 0 { long } else { "x" };
                    let mut row = row(name, at, Some((at.try_into().expect("few"), 500, Some(Look::Outline))));
                    row.bar.as_mut().expect("a bar").is_critical = true;
                    row
                });
                let mut chart = planning(count, rows.collect());
                let mark = |day, name: &str| PlanningMark { day, name: name.to_owned() };
                chart.marks = vec![mark(0, "peildatum 1 maart 2021"), mark(20, long), mark(9_999, "nooit")];
                for width in [Width::Wide, Width::Paper, Width::Narrow] {
                    assert_texts_apart(&draw(&chart, width));
                }
            }
        }
    }

    /// Left and right of the rectangles with an ink, in order.
    fn bars(drawing: &Drawing, wanted: Ink) -> Vec<(f64, f64)> {
        let groups = drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Group { shapes, .. } => Some(shapes),
            _ => None,
        });
        let rects = groups.flatten().filter_map(|shape| match shape {
            Shape::Rect { x, width, ink, .. } if *ink == wanted => Some((*x, x + width)),
            _ => None,
        });
        rects.collect()
    }

    #[test]
    fn a_bar_is_as_long_as_its_days() {
        let rows = vec![row("a", 0, Some((0, 29, Some(Look::Solid)))), row("b", 0, Some((30, 119, Some(Look::Solid))))];
        for width in [Width::Wide, Width::Paper, Width::Narrow] {
            let found = bars(&draw(&planning(4, rows.clone()), width), Ink::Solid);
            let [(left, middle), (from, right)] = found[..] else { panic!("{found:?}") };
            assert!((middle - from).abs() < 0.01 && (right - left - 4.0 * (middle - left)).abs() < 0.01, "{found:?}");
            assert!((right - (width.units() - 1.0)).abs() < 0.01, "{found:?}");
        }
    }

    #[test]
    fn what_is_of_one_day_is_a_diamond_and_what_has_no_day_has_no_bar() {
        let rows = vec![row("mijlpaal", 0, Some((45, 45, Some(Look::Solid)))), row("ooit", 0, None)];
        let drawing = draw(&planning(4, rows), Width::Wide);
        let groups: Vec<&Vec<Shape>> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Group { shapes, .. } => Some(shapes),
                _ => None,
            })
            .collect();
        assert!(matches!(groups[0][..], [Shape::Polygon { .. }, Shape::Polygon { ink: Ink::Solid, .. }]));
        assert!(groups[1].is_empty());
        let titles: Vec<&str> = stops::of(&drawing).iter().map(|stop| stop.title).collect();
        assert_eq!(titles, ["mijlpaal", "ooit"]);
    }

    #[test]
    fn what_waits_is_tied_to_what_is_first_and_a_collision_is_dashed() {
        let rows = vec![
            row("a", 0, Some((0, 29, Some(Look::Solid)))),
            row("b", 0, Some((40, 59, Some(Look::Solid)))),
            row("c", 0, None),
        ];
        let mut chart = planning(4, rows);
        let wait = |first, then, is_broken| PlanningWait { first, then, is_broken };
        chart.waits = vec![wait(0, 1, false), wait(1, 0, true), wait(0, 2, false), wait(0, 9, false)];
        let drawing = draw(&chart, Width::Wide);
        let lines: Vec<(&Vec<(f64, f64)>, &str)> = drawing
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Polyline { points, dashes, ink: Ink::Wait } => Some((points, *dashes)),
                _ => None,
            })
            .collect();
        let found = bars(&drawing, Ink::Solid);
        assert_eq!(lines.iter().map(|(_, dashes)| *dashes).collect::<Vec<_>>(), ["", "3 3"]);
        assert!((lines[0].0[0].0 - found[0].1).abs() < 0.01, "from the end of a");
        let end = lines[0].0.last().expect("points").0;
        assert!(end >= found[1].0 && end <= found[1].0 + 4.0, "to the begin of b");
    }

    #[test]
    fn months_become_quarters_and_then_years_where_there_is_no_room() {
        let texts = |count| -> Vec<String> {
            let drawing = draw(&planning(count, Vec::new()), Width::Narrow);
            drawing.texts.into_iter().map(|text| text.text).collect()
        };
        assert!(texts(4).contains(&"apr".to_owned()));
        let some = texts(16);
        assert!(!some.contains(&"apr".to_owned()) && some.contains(&"k2".to_owned()), "{some:?}");
        let many = texts(60);
        assert!(!many.contains(&"k2".to_owned()) && many.contains(&"2023".to_owned()), "{many:?}");
    }
}
