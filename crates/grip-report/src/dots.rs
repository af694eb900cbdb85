//! One's own figures beside those of a group: a row for each figure, with the group from its lowest to its highest.

use serde::{Deserialize, Serialize};

use crate::{
    axis::Axis,
    chart::Width,
    drawing::{
        Anchor, Dashed, Drawing, Ink, SMALL, Shape, TEXT, Tone, fitting, horizontal, rect, row_hit, text_at,
        text_width, vertical, wrapped,
    },
    number::Language,
    scale::{Scale, decimals},
};

/// Rows of figures, each with one's own value and those of a group to compare it with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dots {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// Whose the dot is, as in `Voorbeeldstad`.
    pub own_name: String,
    /// What the tick is, as in `mediaan`.
    pub median_name: String,
    /// What the line is, as in `laagste – hoogste van 12 gemeenten`.
    pub group_name: String,
    /// The rows, from the top.
    pub rows: Vec<DotsRow>,
    /// Whether all rows have one axis; then they are all in what the first is in. Otherwise each row fills its own.
    pub shared: bool,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DotsRow {
    /// Its name.
    pub name: String,
    /// What its values are in.
    pub scale: Scale,
    /// One's own value, when there is one.
    pub own: Option<i64>,
    /// Those of the group, when there is one.
    pub group: Option<Spread>,
    /// Where it leads, when there is a page about it.
    pub href: Option<String>,
}

/// Values of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// The lowest.
    pub low: i64,
    /// The middle one.
    pub median: i64,
    /// The highest.
    pub high: i64,
}

const LINE: f64 = 18.0;
const GAP: f64 = 16.0;
const PAD: f64 = 8.0;
/// Height of what is drawn of a row.
const MARKS: f64 = 26.0;
const NAME: f64 = 250.0;
const NAME_ON_PAPER: f64 = 225.0;
const NARROWEST_ON_PAPER: f64 = 120.0;
/// Room for a symbol before its name.
const SYMBOL: f64 = 26.0;
const WIDEST_HEAD: f64 = 190.0;

/// What a name stands for.
#[derive(Clone, Copy)]
enum Symbol {
    Own,
    Median,
    Group,
}

impl Symbol {
    fn name(self, chart: &Dots) -> &str {
        match self {
            Self::Own => &chart.own_name,
            Self::Median => &chart.median_name,
            Self::Group => &chart.group_name,
        }
    }

    fn value(self, values: &Values) -> &str {
        match self {
            Self::Own => &values.own,
            Self::Median => &values.median,
            Self::Group => &values.group,
        }
    }

    fn width(self) -> f64 {
        match self {
            Self::Own => 11.0,
            Self::Median => 3.0,
            Self::Group => SYMBOL - 6.0,
        }
    }

    fn shapes(self, x: f64, y: f64) -> Vec<Shape> {
        let middle = x + self.width() / 2.0;
        match self {
            Self::Own => own(middle, y),
            Self::Median => vec![median(middle, y, 7.0)],
            Self::Group => vec![horizontal(x, x + self.width(), y, Dashed::No, Ink::Spread)],
        }
    }
}

fn own(x: f64, y: f64) -> Vec<Shape> {
    vec![Shape::Dot { x, y, radius: 7.5, ink: Ink::Ground }, Shape::Dot { x, y, radius: 5.5, ink: Ink::Estimate }]
}

fn median(x: f64, y: f64, half: f64) -> Shape {
    rect(x - 1.5, y - half, 3.0, 2.0 * half, Ink::Tick)
}

/// The three values of a row as text.
struct Values {
    own: String,
    median: String,
    group: String,
}

impl Values {
    fn of(chart: &Dots, row: &DotsRow) -> Self {
        // Values that are compared have as many decimals as each other.
        let decimals = if chart.shared { decimals(chart.rows.iter().flat_map(values)) } else { decimals(values(row)) };
        let text = |value| row.scale.value(value, decimals, chart.language);
        let none = || "–".to_owned();
        Self {
            own: row.own.map_or_else(none, text),
            median: row.group.map_or_else(none, |group| text(group.median)),
            group: row.group.map_or_else(none, |group| format!("{} – {}", text(group.low), text(group.high))),
        }
    }
}

pub(crate) fn draw(chart: &Dots, width: Width) -> Drawing {
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let (bottom, plot) = match width {
        Width::Wide => draw_wide(&mut drawing, chart, NAME),
        Width::Paper => draw_on_paper(&mut drawing, chart),
        Width::Narrow => draw_narrow(&mut drawing, chart),
    };
    drawing.height = bottom + 4.0;
    if let Some(axis) = shared_axis(chart) {
        draw_axis(&mut drawing, chart, &axis, plot, bottom);
    }
    drawing
}

/// Names on the left, values on the right in columns under what they are.
fn draw_wide(drawing: &mut Drawing, chart: &Dots, name: f64) -> (f64, Plot) {
    let values: Vec<Values> = chart.rows.iter().map(|row| Values::of(chart, row)).collect();
    // From the right.
    let columns = [Symbol::Group, Symbol::Median, Symbol::Own];
    let heads = columns.map(|symbol| wrapped(symbol.name(chart), SMALL, WIDEST_HEAD));
    let deepest = heads.iter().map(Vec::len).max().unwrap_or(0);
    let top = (0..deepest).map(|_| LINE).sum::<f64>() + MARKS + PAD;
    let rows = rows(chart, top, name, MARKS + PAD);
    let mut right = drawing.width;
    for (symbol, head) in columns.into_iter().zip(heads) {
        let head_width = head.iter().map(|line| text_width(line, SMALL)).fold(0.0, f64::max);
        let widest =
            values.iter().map(|row| text_width(symbol.value(row), TEXT)).fold(head_width.max(SYMBOL), f64::max);
        drawing.shapes.extend(symbol.shapes(right - symbol.width(), MARKS / 2.0));
        let mut y = MARKS + LINE * 0.75;
        for line in head {
            drawing.texts.push(text_at(right, y, SMALL, Anchor::End, Tone::Quiet, line));
            y += LINE;
        }
        let tone = if matches!(symbol, Symbol::Own) { Tone::Plain } else { Tone::Quiet };
        for (row, values) in rows.iter().zip(&values) {
            let y = row.middle + TEXT * 0.35;
            drawing.texts.push(text_at(right, y, TEXT, Anchor::End, tone, symbol.value(values).to_owned()));
        }
        right -= widest + GAP;
    }
    let plot = Plot { left: name + GAP, right: right.max(name + GAP + 40.0) };
    for (row, place) in chart.rows.iter().zip(&rows) {
        let mut y = place.middle + TEXT * 0.35 - (place.lines_after_first() * LINE) / 2.0;
        for line in &place.lines {
            drawing.texts.push(text_at(name, y, TEXT, Anchor::End, Tone::Plain, line.clone()));
            y += LINE;
        }
        draw_row(drawing, chart, row, place, plot);
    }
    (rows.last().map_or(top, Place::bottom), plot)
}

/// As on a desk, unless the names and values leave no room for what is drawn.
fn draw_on_paper(drawing: &mut Drawing, chart: &Dots) -> (f64, Plot) {
    let empty = drawing.clone();
    let (bottom, plot) = draw_wide(drawing, chart, NAME_ON_PAPER);
    if plot.right - plot.left >= NARROWEST_ON_PAPER {
        return (bottom, plot);
    }
    *drawing = empty;
    draw_narrow(drawing, chart)
}

/// Names above their row and values below it.
fn draw_narrow(drawing: &mut Drawing, chart: &Dots) -> (f64, Plot) {
    let mut y = LINE;
    let mut x = 0.0;
    for symbol in [Symbol::Own, Symbol::Median, Symbol::Group] {
        let text = fitting(symbol.name(chart), SMALL, drawing.width - SYMBOL);
        let entry = SYMBOL + text_width(&text, SMALL);
        if x > 0.0 && x + entry > drawing.width {
            (x, y) = (0.0, y + LINE);
        }
        drawing.shapes.extend(symbol.shapes(x + (SYMBOL - 6.0 - symbol.width()) / 2.0, y - SMALL * 0.35));
        drawing.texts.push(text_at(x + SYMBOL, y, SMALL, Anchor::Start, Tone::Plain, text));
        x += entry + 14.0;
    }
    // Half a label of the axis is beside the plot on either side.
    let half = shared_axis(chart).map_or(0.0, |axis| widest_tick(&axis.ticks(chart.language)) / 2.0);
    let plot = Plot { left: half, right: drawing.width - half };
    let mut top = y + GAP;
    for row in &chart.rows {
        let names = wrapped(&row.name, TEXT, drawing.width);
        let values = Values::of(chart, row);
        let below = match row.group {
            Some(_) => format!("{} · {} {} · {}", values.own, chart.median_name, values.median, values.group),
            None => values.own,
        };
        let mut y = top;
        for line in &names {
            y += LINE;
            drawing.texts.push(text_at(0.0, y - 4.0, TEXT, Anchor::Start, Tone::Plain, line.clone()));
        }
        let middle = y + MARKS / 2.0;
        y += MARKS;
        for line in wrapped(&below, SMALL, drawing.width) {
            y += LINE;
            drawing.texts.push(text_at(0.0, y - 5.0, SMALL, Anchor::Start, Tone::Quiet, line));
        }
        let place = Place { top, middle, height: y + PAD - top, lines: names };
        draw_row(drawing, chart, row, &place, plot);
        top = place.bottom();
    }
    (top, plot)
}

/// Where the values are drawn.
#[derive(Clone, Copy)]
struct Plot {
    left: f64,
    right: f64,
}

impl Plot {
    fn x(self, share: f64) -> f64 {
        self.left + PAD + share * (self.right - self.left - 2.0 * PAD)
    }
}

/// Where a row is.
struct Place {
    top: f64,
    middle: f64,
    height: f64,
    /// Its name.
    lines: Vec<String>,
}

impl Place {
    fn bottom(&self) -> f64 {
        self.top + self.height
    }

    fn lines_after_first(&self) -> f64 {
        self.lines.iter().skip(1).map(|_| 1.0).sum()
    }
}

fn rows(chart: &Dots, mut top: f64, room: f64, least: f64) -> Vec<Place> {
    let mut places = Vec::new();
    for row in &chart.rows {
        let lines = wrapped(&row.name, TEXT, room);
        let height = (lines.iter().map(|_| LINE).sum::<f64>() + PAD).max(least);
        places.push(Place { top, middle: top + height / 2.0, height, lines });
        top += height;
    }
    places
}

/// The values that a row has.
fn values(row: &DotsRow) -> impl Iterator<Item = i64> {
    row.own.into_iter().chain(row.group.into_iter().flat_map(|group| [group.low, group.median, group.high]))
}

fn shared_axis(chart: &Dots) -> Option<Axis> {
    let first = chart.rows.first().filter(|_| chart.shared)?;
    let low = chart.rows.iter().flat_map(values).min()?;
    let high = chart.rows.iter().flat_map(values).max()?;
    Some(Axis::holding((low, high), &first.scale, chart.language))
}

/// Where on its own axis a value of a row is, from 0 to 1; in the middle when all its values are the same.
#[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 15 digits")]
fn share(row: &DotsRow, value: i64) -> f64 {
    match (values(row).min(), values(row).max()) {
        (Some(low), Some(high)) if low < high => (value as f64 - low as f64) / (high as f64 - low as f64),
        _ => 0.5,
    }
}

fn draw_row(drawing: &mut Drawing, chart: &Dots, row: &DotsRow, place: &Place, plot: Plot) {
    let axis = shared_axis(chart);
    let x = |value| plot.x(axis.as_ref().map_or_else(|| share(row, value), |axis| axis.share(value)));
    let y = place.middle;
    let mut shapes = Vec::new();
    if let Some(group) = row.group {
        // A group of one value is still seen.
        let (low, high) = (x(group.low), x(group.high).max(x(group.low) + 2.0));
        shapes.push(horizontal(low, high, y, Dashed::No, Ink::Spread));
        shapes.push(median(x(group.median), y, 12.0));
    }
    shapes.extend(row.own.into_iter().flat_map(|value| own(x(value), y)));
    let bottom = place.bottom();
    drawing.shapes.push(horizontal(0.0, drawing.width, bottom, Dashed::No, Ink::Grid));
    let values = Values::of(chart, row);
    let title = format!(
        "{}: {} {}; {} {}; {} {}",
        row.name, chart.own_name, values.own, chart.median_name, values.median, chart.group_name, values.group
    );
    let hit = Box::new(row_hit(drawing.width, place.top, place.height));
    drawing.shapes.push(Shape::Group { title, href: row.href.clone(), hit, shapes });
}

/// The steps of the shared axis below the rows, as many as there is room for, and a line up from each.
fn draw_axis(drawing: &mut Drawing, chart: &Dots, axis: &Axis, plot: Plot, bottom: f64) {
    let ticks = axis.ticks(chart.language);
    let widest = widest_tick(&ticks) + 8.0;
    let x = |value| plot.x(axis.share(value));
    let apart = x(axis.bottom + axis.step) - x(axis.bottom);
    let every = [(1, 1.0), (2, 2.0), (5, 5.0), (10, 10.0)].into_iter().find(|(_, times)| apart * times >= widest);
    let top = chart.rows.first().map_or(bottom, |_| first_top(drawing));
    let y = bottom + LINE - 2.0;
    let mut lines = Vec::new();
    for (value, text) in ticks.into_iter().step_by(every.map_or(usize::MAX, |(every, _)| every)) {
        lines.push(vertical(x(value), top, bottom + 4.0, Dashed::No, Ink::Grid));
        drawing.texts.push(text_at(x(value), y, SMALL, Anchor::Middle, Tone::Quiet, text));
    }
    // Behind the rows, which have a ground of their own around the dots.
    drawing.shapes.splice(0..0, lines);
    let unit = fitting(&axis.unit_name, SMALL, plot.right);
    drawing.texts.push(text_at(plot.right, y + LINE, SMALL, Anchor::End, Tone::Quiet, unit));
    drawing.height = y + LINE + 6.0;
}

fn widest_tick(ticks: &[(i64, String)]) -> f64 {
    ticks.iter().map(|(_, text)| text_width(text, SMALL)).fold(0.0, f64::max)
}

/// Top of the first row.
fn first_top(drawing: &Drawing) -> f64 {
    let tops = drawing.shapes.iter().filter_map(|shape| match shape {
        Shape::Group { hit, .. } => Some(hit.bounds().1),
        _ => None,
    });
    tops.fold(f64::INFINITY, f64::min).min(drawing.height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{drawing::assert_texts_apart, stops};

    fn row(name: &str, own: Option<i64>, group: Option<(i64, i64, i64)>) -> DotsRow {
        let group = group.map(|(low, median, high)| Spread { low, median, high });
        DotsRow { name: name.to_owned(), scale: Scale::Percent { name: String::new() }, own, group, href: None }
    }

    fn dots(shared: bool, rows: Vec<DotsRow>) -> Dots {
        Dots {
            id: "dots".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language: Language::Nl,
            own_name: "Voorbeeldstad".to_owned(),
            median_name: "mediaan".to_owned(),
            group_name: "laagste – hoogste van 12 gemeenten met evenveel inwoners".to_owned(),
            rows,
            shared,
        }
    }

    /// The left and right end of the line, the middle of the tick and of the dot, per row.
    fn marks(drawing: &Drawing) -> Vec<(f64, f64, f64, f64)> {
        let rows = drawing.shapes.iter().filter_map(|shape| match shape {
            Shape::Group { shapes, .. } => match &shapes[..] {
                [Shape::Line { x1, x2, .. }, Shape::Rect { x, width, .. }, _, Shape::Dot { x: dot, .. }] => {
                    Some((*x1, *x2, x + width / 2.0, *dot))
                }
                _ => None,
            },
            _ => None,
        });
        rows.collect()
    }

    #[test]
    fn texts_do_not_overlap() {
        let long =
            "aandeel van de cliënten met een maatwerkvoorziening die na een jaar nog dezelfde voorziening hebben";
        for shared in [true, false] {
            for highest in [0, 7, 1_000, 123_456_789_012] {
                for scale in [Scale::Euros, Scale::Percent { name: "van alle cliënten".to_owned() }] {
                    let mut chart = dots(
                        shared,
                        vec![
                            row(long, Some(highest), Some((0, highest / 3, highest))),
                            row("x", None, Some((highest / 2, highest, highest))),
                            row("zonder groep", Some(-highest), None),
                            row("", None, None),
                        ],
                    );
                    for row in &mut chart.rows {
                        row.scale = scale.clone();
                    }
                    for rows in [0, 1, 4] {
                        let mut chart = chart.clone();
                        chart.rows.truncate(rows);
                        for width in [Width::Wide, Width::Paper, Width::Narrow] {
                            assert_texts_apart(&draw(&chart, width));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn on_a_shared_axis_the_same_value_is_at_the_same_place() {
        let rows = vec![row("a", Some(200), Some((0, 100, 400))), row("b", Some(100), Some((50, 200, 200)))];
        for width in [Width::Wide, Width::Paper, Width::Narrow] {
            let drawing = draw(&dots(true, rows.clone()), width);
            let [a, b] = marks(&drawing)[..] else { panic!("two rows") };
            assert!((a.3 - b.1).abs() < 0.01 && (a.2 - b.3).abs() < 0.01, "{a:?} {b:?}");
            assert!((a.3 - f64::midpoint(a.0, a.1)).abs() < 0.01, "200 is in the middle of 0 and 400: {a:?}");
            assert!(drawing.texts.iter().any(|text| text.text == "40"), "{:?}", drawing.texts);
        }
    }

    #[test]
    fn on_its_own_axis_each_row_fills_the_room() {
        let rows = vec![row("a", Some(200), Some((0, 100, 400))), row("b", Some(60), Some((10, 20, 30)))];
        let drawing = draw(&dots(false, rows), Width::Wide);
        let [a, b] = marks(&drawing)[..] else { panic!("two rows") };
        assert!((a.0 - b.0).abs() < 0.01 && (a.1 - b.3).abs() < 0.01, "{a:?} {b:?}");
        assert!(((b.1 - b.0) / (b.3 - b.0) - 0.4).abs() < 0.001, "{b:?}"); // 10 to 30 of 10 to 60
    }

    #[test]
    fn a_row_says_its_values_and_what_is_missing() {
        let rows = vec![row("a", Some(205), Some((0, 100, 400))), row("b", None, None)];
        let drawing = draw(&dots(false, rows), Width::Wide);
        let texts: Vec<String> = drawing.texts.iter().map(|text| text.text.replace('\u{a0}', " ")).collect();
        for text in ["20,5 %", "10,0 %", "0,0 % – 40,0 %"] {
            assert!(texts.iter().any(|seen| seen == text), "{text} in {texts:?}");
        }
        let titles: Vec<String> = stops::of(&drawing).iter().map(|stop| stop.title.replace('\u{a0}', " ")).collect();
        assert!(titles[0].starts_with("a: Voorbeeldstad 20,5 %; mediaan 10,0 %; laagste"), "{titles:?}");
        assert!(titles[1].contains("Voorbeeldstad –; mediaan –"), "{titles:?}");
    }
}
