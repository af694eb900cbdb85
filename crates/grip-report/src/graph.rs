//! Boxes in layers with arrows between them: a line of reasoning from means to effect.

use serde::{Deserialize, Serialize};

use crate::{
    chart::Width,
    drawing::{Anchor, Dashed, Drawing, Ink, SMALL, Shape, TEXT, Tone, fitting, rect, text_at, wrapped},
    number::Language,
};

/// Boxes in layers. Some six layers of some eight boxes can be read: who draws it chooses what belongs in one picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Language of what a stop says.
    pub language: Language,
    /// The layers, from the left; on a telephone from the top.
    pub layers: Vec<GraphLayer>,
    /// Arrows. One that names a box that is not there, or a box twice, is not drawn.
    pub arrows: Vec<Arrow>,
}

/// A layer: its name and its boxes, from the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphLayer {
    /// What stands above it.
    pub name: String,
    /// Its boxes.
    pub boxes: Vec<GraphBox>,
}

/// A box with a text, which wraps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphBox {
    /// What stands in it.
    pub name: String,
    /// A second text below it, in quiet letters; may be empty.
    pub note: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// An arrow between two boxes, which are counted through all layers from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrow {
    /// From which box.
    pub from: usize,
    /// To which box.
    pub to: usize,
    /// How it is drawn.
    pub look: ArrowLook,
    /// A sign beside its end, as `+` or `−`.
    pub sign: String,
    /// What it says, for who hears it.
    pub says: String,
}

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrowLook {
    /// Founded.
    Full,
    /// Not founded.
    Dashed,
    /// Found not to hold.
    Dotted,
}

const LINE: f64 = 16.0;
/// Room around a text in its box.
const PAD: f64 = 8.0;
/// Between one box and the next below it.
const APART: f64 = 18.0;
/// Between one layer and the next on a desk.
const BETWEEN: f64 = 62.0;
/// Height that an arrow takes where it passes a layer between two boxes.
const LANE: f64 = 10.0;
/// Room left of the boxes on a telephone, for arrows.
const MARGIN: f64 = 58.0;
const HEAD: f64 = 7.0;
/// Lines of a text before it is cut.
const NAME_LINES: usize = 6;

/// A box with its place.
struct Placed {
    layer: usize,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    lines: Vec<String>,
    note: Vec<String>,
}

impl Placed {
    fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// What is drawn beside each other: boxes with their places, and arrows with the places where each passes the layers in between.
struct Beside<'a> {
    placed: Vec<Placed>,
    arrows: &'a [&'a Arrow],
    /// Of every arrow: the left side of each layer it passes and how high it passes there, from the left.
    lanes: Vec<Vec<(f64, f64)>>,
}

pub(crate) fn draw(chart: &Graph, width: Width) -> Drawing {
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let boxes: usize = chart.layers.iter().map(|layer| layer.boxes.len()).sum();
    let arrows: Vec<&Arrow> =
        chart.arrows.iter().filter(|arrow| arrow.from != arrow.to && arrow.from.max(arrow.to) < boxes).collect();
    let placed = match width {
        Width::Wide | Width::Paper => {
            let beside = beside(&mut drawing, chart, &arrows);
            (0..arrows.len()).for_each(|number| beside.arrow(&mut drawing, number));
            beside.placed
        }
        Width::Narrow => {
            let placed = below(&mut drawing, chart);
            for (number, arrow) in arrows.iter().enumerate() {
                arrow_below(&mut drawing, &placed, arrow, number);
            }
            placed
        }
    };
    let boxes = chart.layers.iter().flat_map(|layer| layer.boxes.iter().map(move |own| (layer, own)));
    for (at, ((layer, own), place)) in boxes.zip(&placed).enumerate() {
        draw_box(&mut drawing, place, own, says(chart, layer, own, at, &arrows));
    }
    drawing
}

/// Layers beside each other, each in the middle of the height, with room for the arrows that pass them.
fn beside<'a>(drawing: &mut Drawing, chart: &Graph, arrows: &'a [&'a Arrow]) -> Beside<'a> {
    let layers = float(chart.layers.len().max(1));
    let room = ((drawing.width - BETWEEN * (layers - 1.0)) / layers).max(60.0);
    let left = |number: usize| float(number) * (room + BETWEEN);
    let mut heads = 0;
    for (number, layer) in chart.layers.iter().enumerate() {
        let lines = cut(&layer.name, TEXT, room, 3);
        heads = heads.max(lines.len());
        for (line, text) in lines.into_iter().enumerate() {
            let y = LINE * (float(line) + 1.0);
            drawing.texts.push(text_at(left(number), y, TEXT, Anchor::Start, Tone::Quiet, text));
        }
    }
    let top = LINE * float(heads) + APART;
    let layers = chart.layers.iter().enumerate();
    let mut columns: Vec<Vec<Placed>> =
        layers.map(|(number, layer)| column(layer, number, left(number), room)).collect();
    let passing = passing(&columns, arrows);
    let opened: Vec<(Vec<f64>, f64)> =
        columns.iter_mut().zip(&passing).map(|(column, passing)| open(column, passing)).collect();
    let tallest = opened.iter().map(|(_, height)| *height).fold(0.0, f64::max);
    let (mut placed, mut lanes) = (Vec::new(), vec![Vec::new(); arrows.len()]);
    for (number, mut column) in columns.into_iter().enumerate() {
        let (heights, height) = &opened[number];
        let down = top + (tallest - height) / 2.0;
        column.iter_mut().for_each(|place| place.y += down);
        placed.extend(column);
        for (pass, y) in passing[number].iter().zip(heights) {
            lanes[pass.arrow].push((left(number), y + down));
        }
    }
    drawing.height = top + tallest + 4.0;
    Beside { placed, arrows, lanes }
}

/// An arrow that passes a layer.
struct Pass {
    arrow: usize,
    /// The box of the layer above which it passes; their number where it passes below the last.
    above: usize,
    /// How high a straight line would pass, from the middle.
    height: f64,
}

/// The arrows that pass each layer, from the top.
fn passing(columns: &[Vec<Placed>], arrows: &[&Arrow]) -> Vec<Vec<Pass>> {
    let middle = |column: &[Placed]| column.last().map_or(0.0, |last| last.y + last.height) / 2.0;
    let heights = |column: &'_ [Placed]| -> Vec<f64> {
        let middle = middle(column);
        column.iter().map(|place| place.middle() - middle).collect()
    };
    let ends: Vec<(usize, f64)> = columns
        .iter()
        .enumerate()
        .flat_map(|(layer, column)| heights(column).into_iter().map(move |height| (layer, height)))
        .collect();
    let mut passing: Vec<Vec<Pass>> = columns.iter().map(|_| Vec::new()).collect();
    for (number, arrow) in arrows.iter().enumerate() {
        let (one, two) = (ends[arrow.from], ends[arrow.to]);
        let (left, right) = if one.0 < two.0 { (one, two) } else { (two, one) };
        for layer in left.0 + 1..right.0 {
            let height = left.1 + (right.1 - left.1) * float(layer - left.0) / float(right.0 - left.0);
            let above = heights(&columns[layer]).iter().filter(|own| **own < height).count();
            passing[layer].push(Pass { arrow: number, above, height });
        }
    }
    for passes in &mut passing {
        passes.sort_by(|one, two| one.above.cmp(&two.above).then(one.height.total_cmp(&two.height)));
    }
    passing
}

/// Makes room in a column for what passes it: how high each passes, and how high the column then is.
fn open(column: &mut [Placed], passing: &[Pass]) -> (Vec<f64>, f64) {
    let number = |above: usize| passing.iter().filter(|pass| pass.above == above).count();
    let mut lanes = Vec::new();
    let mut y = if number(0) > 0 { APART / 2.0 } else { 0.0 };
    for at in 0..=column.len() {
        for _ in 0..number(at) {
            lanes.push(y - (APART - LANE) / 2.0);
            y += LANE;
        }
        if let Some(place) = column.get_mut(at) {
            place.y = y;
            y += place.height + APART;
        }
    }
    let below = if number(column.len()) > 0 { APART / 2.0 } else { APART };
    (lanes, (y - below).max(0.0))
}

/// Layers below each other.
fn below(drawing: &mut Drawing, chart: &Graph) -> Vec<Placed> {
    let room = drawing.width - MARGIN - 2.0;
    let mut placed = Vec::new();
    let mut y = 0.0;
    for (number, layer) in chart.layers.iter().enumerate() {
        for text in cut(&layer.name, TEXT, room, 3) {
            y += LINE;
            drawing.texts.push(text_at(MARGIN, y, TEXT, Anchor::Start, Tone::Quiet, text));
        }
        y += PAD;
        let mut column = column(layer, number, MARGIN, room);
        column.iter_mut().for_each(|place| place.y += y);
        y = column.last().map_or(y, |last| last.y + last.height + APART);
        placed.extend(column);
    }
    drawing.height = y + 4.0;
    placed
}

/// The boxes of a layer below each other, from zero.
fn column(layer: &GraphLayer, number: usize, x: f64, width: f64) -> Vec<Placed> {
    let mut y = 0.0;
    let mut placed = Vec::new();
    for own in &layer.boxes {
        let lines = cut(&own.name, SMALL, width - 2.0 * PAD, NAME_LINES);
        let note = cut(&own.note, SMALL, width - 2.0 * PAD, 2);
        let height = 2.0 * PAD + LINE * float((lines.len() + note.len()).max(1));
        placed.push(Placed { layer: number, x, y, width, height, lines, note });
        y += height + APART;
    }
    placed
}

fn draw_box(drawing: &mut Drawing, place: &Placed, own: &GraphBox, title: String) {
    let shape = |ink| rect(place.x, place.y, place.width, place.height, ink);
    drawing.shapes.push(Shape::Group {
        title,
        href: own.href.clone(),
        hit: Box::new(shape(Ink::Hover)),
        shapes: vec![shape(Ink::Box)],
    });
    let mut y = place.y + PAD - LINE * 0.25;
    let texts = place.lines.iter().map(|line| (line, Tone::Plain));
    for (line, tone) in texts.chain(place.note.iter().map(|line| (line, Tone::Quiet))) {
        y += LINE;
        drawing.texts.push(text_at(place.x + PAD, y, SMALL, Anchor::Start, tone, line.clone()));
    }
}

impl Beside<'_> {
    /// From the side of one box to that of the other, around the boxes in between.
    fn arrow(&self, drawing: &mut Drawing, number: usize) {
        let arrow = self.arrows[number];
        let (from, to) = (&self.placed[arrow.from], &self.placed[arrow.to]);
        let leaves = self.spread(number, arrow.from);
        let arrives = self.spread(number, arrow.to);
        let lanes = self.lanes[number].iter().map(|(x, y)| [(*x, *y), (*x + from.width, *y)]);
        let (start, way, end, before): (f64, Vec<(f64, f64)>, f64, f64) = match from.layer.cmp(&to.layer) {
            std::cmp::Ordering::Less => (from.x + from.width, lanes.flatten().collect(), to.x, -1.0),
            std::cmp::Ordering::Greater => {
                (from.x, lanes.rev().flat_map(|[left, right]| [right, left]).collect(), to.x + to.width, 1.0)
            }
            // Around the right of the layer, or the left of the last.
            std::cmp::Ordering::Equal => {
                let is_last = from.x + from.width + BETWEEN > drawing.width;
                let (side, out) = if is_last { (from.x, -1.0) } else { (from.x + from.width, 1.0) };
                let bend = side + out * (BETWEEN * 0.45);
                (side, vec![(bend, leaves), (bend, arrives)], side, out)
            }
        };
        let ends = [(start, leaves), (end + before * HEAD, arrives)];
        let points = ends[..1].iter().chain(&way).chain(&ends[1..]).copied().collect();
        lines(drawing, points, arrow.look);
        head(drawing, (end, arrives), before, arrow);
    }

    /// Where on the side of a box an arrow begins or ends: those that share a side are spread over it, in the order of where they go.
    fn spread(&self, number: usize, at: usize) -> f64 {
        let placed = &self.placed;
        let other = |one: usize| {
            let arrow = self.arrows[one];
            if arrow.from == at { arrow.to } else { arrow.from }
        };
        // One side has the arrows to and from later layers, the other those of earlier ones.
        let is_later = |one: usize| placed[other(one)].layer >= placed[at].layer;
        let height = |one: usize| {
            let lanes = &self.lanes[one];
            let nearest = if is_later(one) { lanes.first() } else { lanes.last() };
            nearest.map_or(placed[other(one)].middle(), |(_, y)| *y)
        };
        let is_own = |one: &usize| self.arrows[*one].from == at || self.arrows[*one].to == at;
        let mut own: Vec<usize> =
            (0..self.arrows.len()).filter(|one| is_own(one) && is_later(*one) == is_later(number)).collect();
        own.sort_by(|one, two| height(*one).total_cmp(&height(*two)));
        let place = own.iter().position(|one| *one == number).unwrap_or_default();
        placed[at].y + placed[at].height * (float(place) + 1.0) / (float(own.len()) + 1.0)
    }
}

/// Around the left of the boxes; arrows take turns, so that they lie beside each other.
fn arrow_below(drawing: &mut Drawing, placed: &[Placed], arrow: &Arrow, number: usize) {
    let (from, to) = (&placed[arrow.from], &placed[arrow.to]);
    const TURNS: usize = 6;
    let x = 4.0 + float(number % TURNS) * 6.5;
    // Begins and ends take turns too, within the height of a line of text.
    let shift = (float(number % TURNS) - 2.5) * 3.0;
    let (leaves, arrives) = (from.middle() + shift, to.middle() + shift);
    lines(drawing, vec![(from.x, leaves), (x, leaves), (x, arrives), (to.x - HEAD, arrives)], arrow.look);
    head(drawing, (to.x, arrives), -1.0, arrow);
}

fn lines(drawing: &mut Drawing, points: Vec<(f64, f64)>, look: ArrowLook) {
    let dashes = match look {
        ArrowLook::Full => "",
        ArrowLook::Dashed => "7 4",
        ArrowLook::Dotted => "2 4",
    };
    drawing.shapes.push(Shape::Polyline { points, dashes, ink: Ink::Link });
}

/// The point of an arrow that comes from the side `before` (below zero: from the left), with its sign beside it.
fn head(drawing: &mut Drawing, (x, y): (f64, f64), before: f64, arrow: &Arrow) {
    let back = x + before * HEAD;
    let points = [(x, y), (back, y - HEAD * 0.6), (back, y + HEAD * 0.6)];
    drawing.shapes.push(Shape::Triangle { points, ink: Ink::Tick });
    // A crossed line says that it does not hold, also without its dots.
    if arrow.look == ArrowLook::Dotted {
        let (left, right) = (back + before * 12.0 - 4.0, back + before * 12.0 + 4.0);
        drawing.shapes.push(Shape::Line {
            x1: left,
            y1: y - 4.0,
            x2: right,
            y2: y + 4.0,
            dashed: Dashed::No,
            ink: Ink::Mark,
        });
    }
    if arrow.sign == "−" {
        // Less: a bar across the point, as in drawings of causes.
        let bar = back + before * 3.0;
        drawing.shapes.push(Shape::Line {
            x1: bar,
            y1: y - 6.0,
            x2: bar,
            y2: y + 6.0,
            dashed: Dashed::No,
            ink: Ink::Mark,
        });
    }
}

/// What a box says: its layer, its texts, and where arrows lead from it.
fn says(chart: &Graph, layer: &GraphLayer, own: &GraphBox, at: usize, arrows: &[&Arrow]) -> String {
    let mut said = format!("{}: {}", layer.name, own.name);
    if !own.note.is_empty() {
        said.push_str(". ");
        said.push_str(&own.note);
    }
    let leaving: Vec<&str> = arrows.iter().filter(|arrow| arrow.from == at).map(|arrow| arrow.says.as_str()).collect();
    if !leaving.is_empty() {
        said.push_str(if chart.language == Language::Nl { ". Leidt tot: " } else { ". Leads to: " });
        said.push_str(&leaving.join("; "));
    }
    said
}

/// A text in lines that fit, at most so many.
fn cut(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines = wrapped(text, size, room);
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(fitting(&rest, size, room));
    }
    lines
}

#[expect(clippy::cast_precision_loss, reason = "a place on paper")]
fn float(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{drawing::assert_texts_apart, stops};

    fn graph(layers: &[&[&str]], arrows: &[(usize, usize)]) -> Graph {
        let own = |name: &&str| GraphBox { name: (*name).to_owned(), note: "noot".to_owned(), href: None };
        Graph {
            id: "graph".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language: Language::Nl,
            layers: layers
                .iter()
                .map(|names| GraphLayer {
                    name: "outcome (directe effecten)".to_owned(),
                    boxes: names.iter().map(own).collect(),
                })
                .collect(),
            arrows: arrows
                .iter()
                .map(|(from, to)| Arrow {
                    from: *from,
                    to: *to,
                    look: ArrowLook::Dashed,
                    sign: "−".to_owned(),
                    says: format!("naar {to}"),
                })
                .collect(),
        }
    }

    #[test]
    fn texts_do_not_overlap_and_boxes_stay_inside() {
        let long = "Als de huisarts eerder meekijkt en een jeugdprofessional in de praktijk werkt, is minder zware hulp nodig en wordt eerder afgeschaald";
        let word = "Arbeidsongeschiktheidsverzekeringsmaatschappij";
        let tall = [long, word, "", "a", long, word, "b", "c"];
        for layers in 0..=6 {
            let layers: Vec<&[&str]> = (0..layers).map(|at| &tall[..(at * 3) % 9]).collect();
            let arrows: Vec<(usize, usize)> = (0..20).map(|at| (at, (at * 7) % 20)).collect();
            for width in [Width::Wide, Width::Paper, Width::Narrow] {
                let drawing = draw(&graph(&layers, &arrows), width);
                assert_texts_apart(&drawing);
                for stop in stops::of(&drawing) {
                    let (left, top, right, bottom) = stop.hit.bounds();
                    assert!(left >= 0.0 && top >= 0.0, "{left} {top}");
                    assert!(right <= drawing.width + 0.01 && bottom <= drawing.height, "{right} {bottom}");
                }
            }
        }
    }

    #[test]
    fn a_box_says_where_it_leads() {
        let drawing = draw(&graph(&[&["geld"], &["hulp", "gezin"]], &[(0, 1), (0, 2), (2, 9), (1, 1)]), Width::Wide);
        let titles: Vec<&str> = stops::of(&drawing).iter().map(|stop| stop.title).collect();
        let layer = "outcome (directe effecten)";
        let expected = [
            format!("{layer}: geld. noot. Leidt tot: naar 1; naar 2"),
            format!("{layer}: hulp. noot"),
            format!("{layer}: gezin. noot"),
        ];
        assert_eq!(titles, expected);
        let heads = drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Triangle { .. })).count();
        assert_eq!(heads, 2, "an arrow to nowhere, or to itself, is not drawn");
    }

    #[test]
    fn arrows_go_from_side_to_side() {
        let drawing = draw(&graph(&[&["a"], &["b"]], &[(0, 1)]), Width::Wide);
        let line = drawing.shapes.iter().find_map(|shape| match shape {
            Shape::Polyline { points, .. } => Some(points.clone()),
            _ => None,
        });
        let boxes: Vec<(f64, f64, f64, f64)> = stops::of(&drawing).iter().map(|stop| stop.hit.bounds()).collect();
        let line = line.expect("an arrow");
        assert!((line[0].0 - boxes[0].2).abs() < 0.01, "from the right of the first");
        assert!((line[1].0 + HEAD - boxes[1].0).abs() < 0.01, "to the left of the second");
    }

    /// The arrows of a drawing, as points.
    fn ways(drawing: &Drawing) -> Vec<Vec<(f64, f64)>> {
        let way = |shape: &Shape| match shape {
            Shape::Polyline { points, .. } => Some(points.clone()),
            _ => None,
        };
        drawing.shapes.iter().filter_map(way).collect()
    }

    /// Whether a piece of an arrow comes inside a box.
    fn is_in(piece: &[(f64, f64)], (left, top, right, bottom): (f64, f64, f64, f64)) -> bool {
        (0..=200).any(|step| {
            let share = f64::from(step) / 200.0;
            let x = piece[0].0 + (piece[1].0 - piece[0].0) * share;
            let y = piece[0].1 + (piece[1].1 - piece[0].1) * share;
            x > left + 0.1 && x < right - 0.1 && y > top + 0.1 && y < bottom - 0.1
        })
    }

    #[test]
    fn an_arrow_over_layers_goes_around_the_boxes_in_between_and_stays_apart() {
        let layers: [&[&str]; 4] = [&["a", "b"], &["c"], &["d", "e", "f"], &["g"]];
        let long = [(0, 6), (1, 6), (0, 4), (1, 5), (6, 0), (2, 6)];
        for width in [Width::Wide, Width::Paper, Width::Narrow] {
            let drawing = draw(&graph(&layers, &long), width);
            let boxes: Vec<(f64, f64, f64, f64)> = stops::of(&drawing).iter().map(|stop| stop.hit.bounds()).collect();
            let ways = ways(&drawing);
            for piece in ways.iter().flat_map(|way| way.windows(2)) {
                assert!(!boxes.iter().any(|own| is_in(piece, *own)), "{width:?}: {piece:?} is behind a box");
                assert!(piece.iter().all(|(_, y)| *y >= 0.0 && *y <= drawing.height), "{piece:?}");
            }
            // No two pass the same layer at the same height.
            if matches!(width, Width::Wide) {
                let level = |piece: &[(f64, f64)]| (piece[0].1 - piece[1].1).abs() < 1e-9;
                let flat: Vec<(i64, i64)> = ways
                    .iter()
                    .flat_map(|way| way.windows(2))
                    .filter(|piece| level(piece) && (piece[0].0 - piece[1].0).abs() > 60.0)
                    .map(|piece| (whole(piece[0].0.min(piece[1].0)), whole(piece[0].1)))
                    .collect();
                let apart: std::collections::BTreeSet<&(i64, i64)> = flat.iter().collect();
                assert_eq!((flat.len(), apart.len()), (9, 9), "{flat:?}");
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a place on paper")]
    fn whole(number: f64) -> i64 {
        number.round() as i64
    }

    #[test]
    fn less_has_a_bar_on_a_desk_and_on_a_telephone() {
        let bars = |width| {
            let drawing = draw(&graph(&[&["a"], &["b"]], &[(0, 1)]), width);
            drawing.shapes.iter().filter(|shape| matches!(shape, Shape::Line { ink: Ink::Mark, .. })).count()
        };
        assert_eq!((bars(Width::Wide), bars(Width::Narrow)), (1, 1));
    }
}
