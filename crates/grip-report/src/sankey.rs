//! From where to where people go: two columns of names with ribbons between them.

use serde::{Deserialize, Serialize};

use crate::{
    chart::Width,
    drawing::{Anchor, Drawing, Ink, SMALL, Shape, TEXT, Tone, fitting, rect, text_at, text_width, wrapped},
    number::{Language, count},
};

/// Two columns of nodes and the clients who go from one to the other. At most some twelve nodes a side can be read: who
/// draws it merges the small ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sankey {
    /// Unique in the page.
    pub id: String,
    /// The message, a sentence.
    pub title: String,
    /// What a person who can't see it needs to know.
    pub description: String,
    /// Notation of numbers.
    pub language: Language,
    /// Who flow, as in `cliënten`.
    pub unit: String,
    /// Above the column on the left, as in `in 2024`.
    pub from_name: String,
    /// Above the column on the right, as in `in 2025`.
    pub to_name: String,
    /// Names on the left, from the top.
    pub from: Vec<String>,
    /// Names on the right, from the top.
    pub to: Vec<String>,
    /// Who go from where to where; one that names a node that is not there is not drawn.
    pub ribbons: Vec<Ribbon>,
}

/// Clients who go from a node on the left to one on the right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ribbon {
    /// The number of the node on the left, from 0.
    pub from: usize,
    /// The number of the node on the right, from 0.
    pub to: usize,
    /// How many.
    pub clients: u32,
    /// Where it leads, when there is a page about it.
    pub href: Option<String>,
}

const LINE: f64 = 17.0;
const GAP: f64 = 8.0;
/// Between one node and the next.
const APART: f64 = 12.0;
const NODE: f64 = 12.0;
/// The least that is drawn of a ribbon.
const THINNEST: f64 = 1.0;
/// Lines of a name before it is cut.
const NAME_LINES: usize = 3;

/// Sizes that differ between a desk and a telephone.
struct Sizes {
    /// Room for a name.
    name: f64,
    text: f64,
    /// Height of all clients together.
    clients: f64,
}

/// A node: where its bar is, and its name.
struct Node {
    clients: u64,
    top: f64,
    height: f64,
    /// Top of the room that it and its name have.
    slot: f64,
    slot_height: f64,
    lines: Vec<String>,
}

pub(crate) fn draw(chart: &Sankey, width: Width) -> Drawing {
    let mut drawing = Drawing { width: width.units(), height: 0.0, shapes: Vec::new(), texts: Vec::new() };
    let sizes = match width {
        Width::Wide => Sizes { name: 270.0, text: TEXT, clients: 300.0 },
        Width::Paper => Sizes { name: 200.0, text: TEXT, clients: 280.0 },
        Width::Narrow => Sizes { name: 106.0, text: SMALL, clients: 260.0 },
    };
    let ribbons = drawn(chart);
    let total: u64 = ribbons.iter().map(|ribbon| u64::from(ribbon.clients)).sum();
    let scale = sizes.clients / float(total.max(1));
    let top = draw_heads(&mut drawing, chart, &sizes);
    let from = column(chart, &chart.from, &ribbons, |ribbon| ribbon.from, (&sizes, scale, top));
    let to = column(chart, &chart.to, &ribbons, |ribbon| ribbon.to, (&sizes, scale, top));
    let end = |nodes: &[Node]| nodes.last().map_or(top, |node| node.slot + node.slot_height);
    drawing.height = end(&from).max(end(&to)) + 4.0;
    let (left, right) = (sizes.name + GAP, drawing.width - sizes.name - GAP);
    draw_ribbons(&mut drawing, chart, &ribbons, (&from, &to), (left + NODE, right - NODE, scale));
    for (nodes, x, text_x, anchor) in
        [(&from, left, left - GAP, Anchor::End), (&to, right - NODE, right + GAP, Anchor::Start)]
    {
        for node in nodes.iter() {
            drawing.shapes.push(rect(x, node.top, NODE, node.height.max(THINNEST), Ink::Solid));
            let text_height = LINE * whole(node.lines.len());
            let mut y = node.slot + (node.slot_height - text_height) / 2.0 - LINE * 0.27;
            for line in &node.lines {
                y += LINE;
                drawing.texts.push(text_at(text_x, y, sizes.text, anchor, Tone::Plain, line.clone()));
            }
        }
    }
    drawing
}

/// Ribbons with clients between nodes that are there, by their place on the left and then on the right.
fn drawn(chart: &Sankey) -> Vec<&Ribbon> {
    let is_drawn =
        |ribbon: &&Ribbon| ribbon.clients > 0 && ribbon.from < chart.from.len() && ribbon.to < chart.to.len();
    let mut ribbons: Vec<&Ribbon> = chart.ribbons.iter().filter(is_drawn).collect();
    ribbons.sort_by_key(|ribbon| (ribbon.from, ribbon.to));
    ribbons
}

/// The names above the columns; what follows begins below them.
fn draw_heads(drawing: &mut Drawing, chart: &Sankey, sizes: &Sizes) -> f64 {
    let right = drawing.width - sizes.name;
    let mut lines = 0;
    for (name, x, anchor) in [(&chart.from_name, sizes.name, Anchor::End), (&chart.to_name, right, Anchor::Start)] {
        let mut y = 0.0;
        let wrapped = cut(name, sizes, NAME_LINES);
        lines = lines.max(wrapped.len());
        for line in wrapped {
            y += LINE;
            drawing.texts.push(text_at(x, y, sizes.text, anchor, Tone::Quiet, line));
        }
    }
    if lines == 0 { 4.0 } else { LINE * whole(lines) + APART }
}

/// A name in lines that fit, at most so many.
fn cut(name: &str, sizes: &Sizes, most: usize) -> Vec<String> {
    let mut lines = wrapped(name, sizes.text, sizes.name);
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(fitting(&rest, sizes.text, sizes.name));
    }
    lines
}

fn column(
    chart: &Sankey,
    names: &[String],
    ribbons: &[&Ribbon],
    side: fn(&Ribbon) -> usize,
    (sizes, scale, top): (&Sizes, f64, f64),
) -> Vec<Node> {
    let mut slot = top;
    let mut nodes = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let own = ribbons.iter().filter(|ribbon| side(ribbon) == at);
        let clients: u64 = own.map(|ribbon| u64::from(ribbon.clients)).sum();
        let height = float(clients) * scale;
        let mut lines = cut(name, sizes, NAME_LINES);
        let number = many(clients, chart.language);
        // The number stands behind the name where there is room, else below it.
        match lines.last_mut() {
            Some(line) if sizes.name > 200.0 && text_width(&format!("{line} {number}"), sizes.text) <= sizes.name => {
                *line = format!("{line} {number}");
            }
            _ => lines.push(number),
        }
        let slot_height = height.max(LINE * whole(lines.len()));
        nodes.push(Node { clients, top: slot + (slot_height - height) / 2.0, height, slot, slot_height, lines });
        slot += slot_height + APART;
    }
    nodes
}

fn draw_ribbons(
    drawing: &mut Drawing,
    chart: &Sankey,
    ribbons: &[&Ribbon],
    (from, to): (&[Node], &[Node]),
    (left, right, scale): (f64, f64, f64),
) {
    // How much of each node is taken by ribbons that are drawn already.
    let mut left_used: Vec<f64> = from.iter().map(|node| node.top).collect();
    let mut right_used: Vec<f64> = to.iter().map(|node| node.top).collect();
    for ribbon in ribbons {
        let height = f64::from(ribbon.clients) * scale;
        let (left_top, right_top) = (left_used[ribbon.from], right_used[ribbon.to]);
        left_used[ribbon.from] += height;
        right_used[ribbon.to] += height;
        let shown = height.max(THINNEST);
        let shape = |ink| Shape::Ribbon {
            from: (left, left_top, left_top + shown),
            to: (right, right_top, right_top + shown),
            ink,
        };
        drawing.shapes.push(Shape::Group {
            title: ribbon_title(chart, ribbon, from[ribbon.from].clients),
            href: ribbon.href.clone(),
            hit: Box::new(shape(Ink::Hover)),
            shapes: vec![shape(Ink::Ribbon)],
        });
    }
}

/// As in `van A naar B: 12 van 40 cliënten`.
fn ribbon_title(chart: &Sankey, ribbon: &Ribbon, of: u64) -> String {
    let (from, to) = (&chart.from[ribbon.from], &chart.to[ribbon.to]);
    let (clients, of) = (many(u64::from(ribbon.clients), chart.language), many(of, chart.language));
    match chart.language {
        Language::Nl => format!("van {from} naar {to}: {clients} van {of} {}", chart.unit),
        Language::En => format!("from {from} to {to}: {clients} of {of} {}", chart.unit),
    }
}

fn many(clients: u64, language: Language) -> String {
    count(usize::try_from(clients).unwrap_or(usize::MAX), language)
}

#[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 15 digits")]
fn float(clients: u64) -> f64 {
    clients as f64
}

#[expect(clippy::cast_precision_loss, reason = "a number of lines")]
fn whole(lines: usize) -> f64 {
    lines as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{drawing::assert_texts_apart, stops};

    fn sankey(from: &[&str], to: &[&str], flows: &[(usize, usize, u32)]) -> Sankey {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Sankey {
            id: "sankey".to_owned(),
            title: "Title".to_owned(),
            description: "Description".to_owned(),
            language: Language::Nl,
            unit: "cliënten".to_owned(),
            from_name: "in 2024".to_owned(),
            to_name: "in 2025".to_owned(),
            from: names(from),
            to: names(to),
            ribbons: flows
                .iter()
                .map(|(from, to, clients)| Ribbon { from: *from, to: *to, clients: *clients, href: None })
                .collect(),
        }
    }

    /// Edges of the ribbons, left and right, in order.
    fn edges(drawing: &Drawing) -> Vec<[(f64, f64, f64); 2]> {
        let hits = stops::of(drawing).into_iter().filter_map(|stop| match stop.hit {
            Shape::Ribbon { from, to, .. } => Some([*from, *to]),
            _ => None,
        });
        hits.collect()
    }

    #[test]
    fn texts_do_not_overlap() {
        let long =
            "Jeugdhulp met verblijf in een gesloten accommodatie, met behandeling en onderwijs op hetzelfde terrein";
        let word = "Arbeidsongeschiktheidsverzekeringsmaatschappij";
        let names = [long, word, "Wmo", "", "a", long, "uit zorg", "nieuw", "b", "c", "d", "e"];
        for nodes in [0, 1, 2, 12] {
            for clients in [0, 1, 40, u32::MAX] {
                let flows: Vec<(usize, usize, u32)> = (0..nodes * nodes)
                    .map(|at| (at / nodes, at % nodes, if at % 3 == 0 { clients } else { 1 }))
                    .collect();
                for width in [Width::Wide, Width::Paper, Width::Narrow] {
                    let drawing = draw(&sankey(&names[..nodes], &names[..nodes], &flows), width);
                    assert_texts_apart(&drawing);
                    for stop in stops::of(&drawing) {
                        let (_, top, _, bottom) = stop.hit.bounds();
                        assert!(top >= 0.0 && bottom <= drawing.height, "{} {top} {bottom}", stop.title);
                    }
                }
            }
        }
    }

    #[test]
    fn ribbons_are_as_thick_as_their_clients_and_lie_beside_each_other() {
        let flows = [(1, 0, 10), (0, 1, 20), (0, 0, 30), (1, 1, 40)];
        let drawing = draw(&sankey(&["a", "b"], &["c", "d"], &flows), Width::Wide);
        let edges = edges(&drawing);
        let heights: Vec<f64> = edges.iter().map(|[(_, top, bottom), _]| bottom - top).collect();
        for (height, clients) in heights.iter().zip([30.0, 20.0, 10.0, 40.0]) {
            assert!((height - clients * 3.0).abs() < 0.01, "{heights:?}"); // 100 clients are 300 high
        }
        assert!((edges[0][0].2 - edges[1][0].1).abs() < 0.01, "from a: to c, then to d");
        assert!((edges[0][1].2 - edges[2][1].1).abs() < 0.01, "to c: from a, then from b");
        assert!(edges[2][0].1 > edges[1][0].2, "b is below a");
    }

    #[test]
    fn a_ribbon_says_from_where_to_where_and_how_many() {
        let drawing = draw(&sankey(&["Wmo <hulp>", "b"], &["c"], &[(0, 0, 1_200), (1, 0, 5)]), Width::Narrow);
        let titles: Vec<&str> = stops::of(&drawing).iter().map(|stop| stop.title).collect();
        assert_eq!(titles, ["van Wmo <hulp> naar c: 1.200 van 1.200 cliënten", "van b naar c: 5 van 5 cliënten"]);
        assert!(drawing.texts.iter().any(|text| text.text == "1.205"), "{:?}", drawing.texts);
    }

    #[test]
    fn a_ribbon_to_nowhere_is_not_drawn() {
        let drawing = draw(&sankey(&["a"], &["b"], &[(0, 0, 3), (0, 1, 4), (1, 0, 5), (0, 0, 0)]), Width::Wide);
        assert_eq!(edges(&drawing).len(), 1);
        assert!(drawing.texts.iter().any(|text| text.text == "a 3"), "{:?}", drawing.texts);
    }
}
