//! Where the keyboard stops in a drawing, and the text that is shown there. Texts stand in a strip of their own below the
//! drawing, so that they cover nothing (WCAG 2.2, 1.4.13).

use crate::drawing::{Anchor, Drawing, Shape, TEXT, Text, Tone, text_at, text_width, wrapped};

const LINE: f64 = 18.0;
const PAD: f64 = 8.0;
/// A longer text is broken.
const WIDEST: f64 = 960.0;

/// A place that the keyboard reaches.
pub(crate) struct Stop<'a> {
    pub(crate) title: &'a str,
    pub(crate) href: Option<&'a str>,
    pub(crate) hit: &'a Shape,
}

/// The groups of a drawing, in order.
pub(crate) fn of(drawing: &Drawing) -> Vec<Stop<'_>> {
    drawing
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Group { title, href, hit, .. } => Some(Stop { title, href: href.as_deref(), hit }),
            _ => None,
        })
        .collect()
}

/// Height of the strip that the longest text needs.
pub(crate) fn strip(stops: &[Stop<'_>], width: f64) -> f64 {
    let lines = stops.iter().map(|stop| lines(stop.title, width).len()).max();
    lines.map_or(0.0, height)
}

/// The text of a stop with its ground, in the strip: as near to the stop as the drawing's edges allow.
pub(crate) struct Tip {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
    lines: Vec<String>,
}

impl Tip {
    pub(crate) fn texts(&self) -> impl Iterator<Item = Text> {
        let (x, mut y) = (self.x + self.width / 2.0, self.y + PAD / 2.0 - LINE * 0.3);
        self.lines.iter().map(move |line| {
            y += LINE;
            text_at(x, y, TEXT, Anchor::Middle, Tone::Plain, line.clone())
        })
    }
}

pub(crate) fn tip(stop: &Stop<'_>, drawing: &Drawing) -> Tip {
    let lines = lines(stop.title, drawing.width);
    let text = lines.iter().map(|line| text_width(line, TEXT)).fold(0.0, f64::max);
    let width = (text + 2.0 * PAD).min(drawing.width - 1.0);
    let (left, _, right, _) = stop.hit.bounds();
    let x = (f64::midpoint(left, right) - width / 2.0).min(drawing.width - width - 0.5).max(0.5);
    Tip { x, y: drawing.height, width, height: height(lines.len()) - 1.0, lines }
}

fn lines(title: &str, width: f64) -> Vec<String> {
    wrapped(title, TEXT, WIDEST.min(width) - 2.0 * PAD)
}

fn height(lines: usize) -> f64 {
    let text: f64 = (0..lines).map(|_| LINE).sum();
    text + PAD + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::{Ink, assert_texts_apart, rect};

    #[test]
    fn a_tip_stays_in_its_strip_and_is_near_its_stop() {
        let long =
            "juni 2025: gedeclareerd € 2,45 mln, nog te declareren € 1,18 mln; 80 % kans tussen € 3,30 mln en meer. ";
        for width in [1040.0, 340.0] {
            for left in [0.0, 150.0, width - 10.0] {
                for title in ["x", &long.repeat(4), &"y".repeat(300)] {
                    let drawing = Drawing { width, height: 200.0, shapes: Vec::new(), texts: Vec::new() };
                    let hit = rect(left, 10.0, 10.0, 150.0, Ink::Hover);
                    let stop = Stop { title, href: None, hit: &hit };
                    let tip = tip(&stop, &drawing);
                    let room = strip(&[stop], width);
                    assert!(tip.x >= 0.0 && tip.x + tip.width <= width, "{} {}", tip.x, tip.width);
                    assert!(tip.y >= drawing.height && tip.y + tip.height <= drawing.height + room);
                    assert!(tip.x <= left + 5.0 && left + 5.0 <= tip.x + tip.width, "{left}: {}", tip.x);
                    let texts: Vec<Text> = tip.texts().collect();
                    for text in &texts {
                        let half = text_width(&text.text, TEXT) / 2.0;
                        assert!(text.x - half >= tip.x && text.x + half <= tip.x + tip.width);
                        assert!(text.y > tip.y && text.y < tip.y + tip.height);
                    }
                    assert_texts_apart(&Drawing { height: drawing.height + room, texts, ..drawing });
                }
            }
        }
    }

    #[test]
    fn without_stops_there_is_no_strip() {
        assert!(strip(&[], 1040.0) < f64::EPSILON);
    }
}
