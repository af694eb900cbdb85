//! What is drawn: shapes and texts at known places. Kept apart from the SVG text so that tests can ask whether two texts
//! overlap.

use std::fmt::Write;

use crate::{
    chart::Width,
    stops::{self, Stop},
};

/// Font sizes, in units of the drawing.
pub(crate) const TEXT: f64 = 13.0;
pub(crate) const SMALL: f64 = 12.0;

/// How a shape looks. The page's style sheet may bring other colours by the class; the attributes are what a drawing by
/// itself looks like. Colours: the palette of the UK Government Analysis Function, contrast 3.08 or more on white.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Solid,
    Hatched,
    Tint,
    Outline,
    /// The ground, around a line that crosses bars.
    Halo,
    Interval,
    Band,
    Estimate,
    Budget,
    Grid,
    Axis,
    Divider,
    Hover,
    /// The ground, behind a text that a line would cross.
    Ground,
    /// One of four lines of a course, by number; what follows are its marks (where known, where not yet) and its band.
    Line(usize),
    Known(usize),
    Open(usize),
    LineBand(usize),
    Ribbon,
    Spread,
    Tick,
    Mark,
    /// A thin line from what is first to what waits for it.
    Wait,
    /// The frame of a text, on the ground.
    Box,
    /// An arrow from one to another.
    Link,
}

/// Colours of the lines of a course; the page's style sheet has its own by the class.
const LINES: [&str; 4] = ["#12436d", "#1d7d75", "#3d3d3d", "#767d84"];

impl Ink {
    fn class(self) -> &'static str {
        match self {
            Self::Solid => "c-solid",
            Self::Hatched => "c-hatched",
            Self::Tint => "c-tint",
            Self::Outline => "c-outline",
            Self::Halo => "c-halo",
            Self::Interval => "c-interval",
            Self::Band => "c-band",
            Self::Estimate => "c-estimate",
            Self::Budget => "c-budget",
            Self::Grid => "c-grid",
            Self::Axis => "c-axis",
            Self::Divider => "c-divider",
            Self::Hover => "c-hover",
            Self::Ground => "c-ground",
            Self::Line(number) => ["c-line-1", "c-line-2", "c-line-3", "c-line-4"][number % LINES.len()],
            Self::Known(number) => ["c-mark-1", "c-mark-2", "c-mark-3", "c-mark-4"][number % LINES.len()],
            Self::Open(number) => {
                ["c-open c-line-1", "c-open c-line-2", "c-open c-line-3", "c-open c-line-4"][number % LINES.len()]
            }
            Self::LineBand(number) => {
                ["c-band-line c-mark-1", "c-band-line c-mark-2", "c-band-line c-mark-3", "c-band-line c-mark-4"]
                    [number % LINES.len()]
            }
            Self::Ribbon => "c-ribbon",
            Self::Spread => "c-spread",
            Self::Tick => "c-tick",
            Self::Mark => "c-mark",
            Self::Wait => "c-wait",
            Self::Box => "c-box",
            Self::Link => "c-link",
        }
    }

    fn attributes(self, id: &str) -> String {
        match self {
            Self::Solid => r##"fill="#12436d""##.to_owned(),
            // The pattern belongs to the drawing, so this fill can't come from the style sheet.
            Self::Hatched => format!(r##"fill="url(#{id}-hatch)" stroke="#12436d" stroke-width="1""##),
            Self::Tint => r##"fill="#28a197""##.to_owned(),
            Self::Outline => r##"fill="none" stroke="#28a197" stroke-width="1.5" stroke-dasharray="3 2""##.to_owned(),
            Self::Halo => r##"stroke="#ffffff" stroke-width="5""##.to_owned(),
            Self::Interval => r##"stroke="#3d3d3d" stroke-width="1.5""##.to_owned(),
            Self::Band => r##"fill="#12436d" fill-opacity="0.22""##.to_owned(),
            Self::Estimate => r##"fill="#12436d""##.to_owned(),
            Self::Budget => r##"stroke="#801650" stroke-width="2""##.to_owned(),
            Self::Grid => r##"stroke="#3d3d3d" stroke-opacity="0.15""##.to_owned(),
            Self::Axis => r##"stroke="#3d3d3d" stroke-opacity="0.6""##.to_owned(),
            Self::Divider => r##"stroke="#3d3d3d" stroke-opacity="0.6" stroke-dasharray="1 3""##.to_owned(),
            Self::Hover => r#"fill="none" pointer-events="all""#.to_owned(),
            Self::Ground => r##"fill="#ffffff""##.to_owned(),
            Self::Line(number) => format!(
                r#"fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round""#,
                LINES[number % LINES.len()]
            ),
            Self::Known(number) => format!(r#"fill="{}""#, LINES[number % LINES.len()]),
            Self::Open(number) => {
                format!(r##"fill="#ffffff" stroke="{}" stroke-width="1.5""##, LINES[number % LINES.len()])
            }
            Self::LineBand(number) => format!(r#"fill="{}" fill-opacity="0.16""#, LINES[number % LINES.len()]),
            Self::Ribbon => r##"fill="#12436d" fill-opacity="0.28""##.to_owned(),
            Self::Mark => r##"stroke="#3d3d3d" stroke-opacity="0.7""##.to_owned(),
            Self::Tick => r##"fill="#3d3d3d""##.to_owned(),
            Self::Wait => r##"fill="none" stroke="#3d3d3d" stroke-opacity="0.8""##.to_owned(),
            Self::Box => r##"fill="#ffffff" stroke="#12436d" stroke-width="1.5""##.to_owned(),
            Self::Link => r##"fill="none" stroke="#3d3d3d" stroke-width="1.3""##.to_owned(),
            Self::Spread => r##"stroke="#28a197" stroke-width="5""##.to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Rect {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
        ink: Ink,
    },
    Line {
        x1: f64,
        y1: f64,
        x2: f64,
        y2: f64,
        dashed: Dashed,
        ink: Ink,
    },
    Dot {
        x: f64,
        y: f64,
        radius: f64,
        ink: Ink,
    },
    Triangle {
        points: [(f64, f64); 3],
        ink: Ink,
    },
    /// A line through points, with the lengths of its dashes and gaps; empty for none.
    Polyline {
        points: Vec<(f64, f64)>,
        dashes: &'static str,
        ink: Ink,
    },
    Polygon {
        points: Vec<(f64, f64)>,
        ink: Ink,
    },
    /// A band that flows from one upright edge to another; an edge is `x`, its top and its bottom.
    Ribbon {
        from: (f64, f64, f64),
        to: (f64, f64, f64),
        ink: Ink,
    },
    /// Shapes that belong together, with the text that a pointer over them or the keyboard on them shows.
    Group {
        title: String,
        /// Where it leads.
        href: Option<String>,
        /// The place that answers to a pointer.
        hit: Box<Shape>,
        shapes: Vec<Shape>,
    },
}

impl Shape {
    /// Left, top, right and bottom; strokes not counted.
    pub(crate) fn bounds(&self) -> (f64, f64, f64, f64) {
        let around = |points: &[(f64, f64)]| {
            points.iter().fold(
                (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY),
                |(left, top, right, bottom), (x, y)| (left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)),
            )
        };
        match self {
            Self::Rect { x, y, width, height, .. } => (*x, *y, x + width, y + height),
            Self::Line { x1, y1, x2, y2, .. } => around(&[(*x1, *y1), (*x2, *y2)]),
            Self::Dot { x, y, radius, .. } => (x - radius, y - radius, x + radius, y + radius),
            Self::Triangle { points, .. } => around(points),
            Self::Polyline { points, .. } | Self::Polygon { points, .. } => around(points),
            Self::Ribbon { from, to, .. } => around(&[(from.0, from.1), (from.0, from.2), (to.0, to.1), (to.0, to.2)]),
            Self::Group { hit, .. } => hit.bounds(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dashed {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// Colour of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Quiet,
    Budget,
}

/// A line of text, `y` at its baseline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) size: f64,
    pub(crate) anchor: Anchor,
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

/// A drawing of known size.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawing {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) texts: Vec<Text>,
}

pub(crate) fn rect(x: f64, y: f64, width: f64, height: f64, ink: Ink) -> Shape {
    Shape::Rect { x, y, width, height, ink }
}

/// The place of a whole row, a little wider than the drawing so that its frame is beside the texts.
pub(crate) fn row_hit(width: f64, y: f64, height: f64) -> Shape {
    rect(-6.0, y, width + 12.0, height, Ink::Hover)
}

pub(crate) fn horizontal(x1: f64, x2: f64, y: f64, dashed: Dashed, ink: Ink) -> Shape {
    Shape::Line { x1, y1: y, x2, y2: y, dashed, ink }
}

pub(crate) fn vertical(x: f64, y1: f64, y2: f64, dashed: Dashed, ink: Ink) -> Shape {
    Shape::Line { x1: x, y1, x2: x, y2, dashed, ink }
}

pub(crate) fn text_at(x: f64, y: f64, size: f64, anchor: Anchor, tone: Tone, text: String) -> Text {
    Text { x, y, size, anchor, tone, text }
}

/// A text that is too long for its room ends in an ellipsis; the table has it whole.
pub(crate) fn fitting(text: &str, size: f64, room: f64) -> String {
    if text_width(text, size) <= room {
        return text.to_owned();
    }
    let mut short = text.to_owned();
    while text_width(&short, size) + text_width("…", size) > room && short.pop().is_some() {}
    format!("{}…", short.trim_end())
}

/// A text in lines that fit their room, broken at blanks; a word that is too long by itself ends in an ellipsis.
pub(crate) fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if text_width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fitting(word, size, room)),
        }
    }
    lines
}

/// Width of a line of text, on the wide side of common system fonts (the widths are near those of DejaVu Sans, which is
/// wider than Segoe UI, San Francisco, Roboto and Liberation Sans).
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' | ' ' | '\u{a0}' => 0.34,
            'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '/' => 0.43,
            'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.0,
            '0'..='9' | 'a'..='z' => 0.64,
            '<' | '>' | '=' | '+' | '−' | '×' => 0.84,
            '国'.. => 1.0,
            _ => 0.78,
        })
        .sum();
    ems * size * 1.05
}

/// The drawing as SVG that may stand inside a page or alone. `id` must be unique in the page.
///
/// On a desk its groups are stops for the keyboard: they lie over the drawing without a colour, so that what one shows is
/// never behind another, and what is drawn below them is hidden from a screen reader, which hears each stop's text.
pub(crate) fn render(
    drawing: &Drawing,
    width: Width,
    (id, class): (&str, &str),
    title: &str,
    description: &str,
) -> String {
    let mut svg = String::with_capacity(8_192);
    let out = &mut svg;
    let stops = if width == Width::Wide { stops::of(drawing) } else { Vec::new() };
    push(
        out,
        format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="{class}" role="{role}" aria-labelledby="{id}-title" aria-describedby="{id}-desc" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="{font}">"#,
            font = font_family(width),
            role = if stops.is_empty() { "img" } else { "group" },
            w = drawing.width,
            h = drawing.height + stops::strip(&stops, drawing.width),
        ),
    );
    push(out, format_args!(r#"<title id="{id}-title">{}</title>"#, escape(title)));
    push(out, format_args!(r#"<desc id="{id}-desc">{}</desc>"#, escape(description)));
    if uses_hatch(&drawing.shapes) {
        push(
            out,
            format_args!(
                r##"<defs><pattern id="{id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="c-hatch-ground" width="5" height="5" fill="#ffffff"/><line class="c-hatch-line" x1="0" y1="0" x2="0" y2="5" stroke="#12436d" stroke-width="4"/></pattern></defs>"##
            ),
        );
    }
    if stops.is_empty() {
        render_picture(out, drawing, id, if width == Width::Paper { Groups::Plain } else { Groups::Titled });
    } else {
        out.push_str(r#"<g aria-hidden="true">"#);
        render_picture(out, drawing, id, Groups::Plain);
        out.push_str("</g>");
        for stop in &stops {
            render_stop(out, stop, drawing, id);
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The fonts of a drawing by itself. Paper has its own font in it, a screen has that of its system.
fn font_family(width: Width) -> &'static str {
    if width == Width::Paper { "Open Sans, system-ui, sans-serif" } else { "system-ui, sans-serif" }
}

/// How groups are rendered.
#[derive(Clone, Copy)]
enum Groups {
    /// With their title, for a pointer.
    Titled,
    /// As shapes only, because a stop has the title or nothing is there to ask for it.
    Plain,
}

fn render_picture(out: &mut String, drawing: &Drawing, id: &str, groups: Groups) {
    for shape in &drawing.shapes {
        render_shape(out, shape, id, groups);
    }
    for text in &drawing.texts {
        render_text(out, text);
    }
}

/// A place that the keyboard reaches, and its text, which the style sheet shows when it does.
fn render_stop(out: &mut String, stop: &Stop<'_>, drawing: &Drawing, id: &str) {
    let label = escape(stop.title);
    match stop.href {
        Some(href) => push(out, format_args!(r#"<a class="stop" href="{}" aria-label="{label}">"#, escape(href))),
        None => push(out, format_args!(r#"<g class="stop" tabindex="0" role="img" aria-label="{label}">"#)),
    }
    render_shape(out, stop.hit, id, Groups::Plain);
    let tip = stops::tip(stop, drawing);
    push(
        out,
        format_args!(
            r##"<g class="tip" display="none" aria-hidden="true"><rect class="tip-ground" x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" rx="3" fill="#ffffff" stroke="#3d3d3d"/>"##,
            tip.x, tip.y, tip.width, tip.height
        ),
    );
    for text in tip.texts() {
        render_text(out, &text);
    }
    out.push_str(if stop.href.is_some() { "</g></a>" } else { "</g></g>" });
}

fn uses_hatch(shapes: &[Shape]) -> bool {
    shapes.iter().any(|shape| match shape {
        Shape::Rect { ink, .. } => *ink == Ink::Hatched,
        Shape::Group { shapes, .. } => uses_hatch(shapes),
        _ => false,
    })
}

fn render_shape(out: &mut String, shape: &Shape, id: &str, groups: Groups) {
    match shape {
        Shape::Rect { x, y, width, height, ink } => push(
            out,
            format_args!(
                r#"<rect class="{}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" {}/>"#,
                ink.class(),
                ink.attributes(id)
            ),
        ),
        Shape::Line { x1, y1, x2, y2, dashed, ink } => push(
            out,
            format_args!(
                r#"<line class="{}" x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" {}{}/>"#,
                ink.class(),
                ink.attributes(id),
                if *dashed == Dashed::Yes { r#" stroke-dasharray="6 4""# } else { "" }
            ),
        ),
        Shape::Dot { x, y, radius, ink } => push(
            out,
            format_args!(
                r#"<circle class="{}" cx="{x:.1}" cy="{y:.1}" r="{radius:.1}" {}/>"#,
                ink.class(),
                ink.attributes(id)
            ),
        ),
        Shape::Triangle { points: [(x1, y1), (x2, y2), (x3, y3)], ink } => push(
            out,
            format_args!(
                r#"<path class="{}" d="M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}L{x3:.1} {y3:.1}Z" {}/>"#,
                ink.class(),
                ink.attributes(id)
            ),
        ),
        Shape::Polyline { points, dashes, ink } => push(
            out,
            format_args!(
                r#"<path class="{}" d="{}" {}{}/>"#,
                ink.class(),
                path(points),
                ink.attributes(id),
                if dashes.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{dashes}""#) }
            ),
        ),
        Shape::Polygon { points, ink } => {
            push(out, format_args!(r#"<path class="{}" d="{}Z" {}/>"#, ink.class(), path(points), ink.attributes(id)));
        }
        Shape::Ribbon { from, to, ink } => {
            push(
                out,
                format_args!(r#"<path class="{}" d="{}" {}/>"#, ink.class(), flow(*from, *to), ink.attributes(id)),
            );
        }
        Shape::Group { title, hit, shapes, .. } => {
            out.push_str("<g>");
            if matches!(groups, Groups::Titled) {
                push(out, format_args!("<title>{}</title>", escape(title)));
                render_shape(out, hit, id, groups);
            }
            for shape in shapes {
                render_shape(out, shape, id, groups);
            }
            out.push_str("</g>");
        }
    }
}

/// The outline of a ribbon: level where it leaves and where it arrives.
fn flow((x1, top1, bottom1): (f64, f64, f64), (x2, top2, bottom2): (f64, f64, f64)) -> String {
    let middle = f64::midpoint(x1, x2);
    format!(
        "M{x1:.1} {top1:.1}C{middle:.1} {top1:.1} {middle:.1} {top2:.1} {x2:.1} {top2:.1}\
         L{x2:.1} {bottom2:.1}C{middle:.1} {bottom2:.1} {middle:.1} {bottom1:.1} {x1:.1} {bottom1:.1}Z"
    )
}

fn path(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    format!("M{}", points.join("L"))
}

fn render_text(out: &mut String, text: &Text) {
    let anchor = match text.anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let (class, fill) = match text.tone {
        Tone::Plain => ("c-text", "#1d1d1d"),
        Tone::Quiet => ("c-text-quiet", "#595959"),
        Tone::Budget => ("c-text-budget", "#801650"),
    };
    push(
        out,
        format_args!(
            r#"<text class="{class}" x="{:.1}" y="{:.1}" font-size="{}" text-anchor="{anchor}" fill="{fill}">{}</text>"#,
            text.x,
            text.y,
            text.size,
            escape(&text.text)
        ),
    );
}

fn push(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    out.write_fmt(arguments).expect("writing to a string does not fail");
}

/// Text as it may stand in an element or in an attribute between double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Control characters are not allowed in XML at all.
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// An id from any text: letters, digits and hyphens, starting with a letter.
pub(crate) fn identifier(text: &str) -> String {
    let safe: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    if safe.starts_with(|c: char| c.is_ascii_lowercase()) { safe } else { format!("c-{safe}") }
}

/// Panics when two texts overlap or one leaves the drawing.
#[cfg(test)]
#[track_caller]
pub(crate) fn assert_texts_apart(drawing: &Drawing) {
    /// Height of a line as a share of the font size, and the part of it above the baseline.
    const LINE: f64 = 1.2;
    const ASCENT: f64 = 0.95;
    let bounds = |text: &Text| {
        let width = text_width(&text.text, text.size);
        let left = match text.anchor {
            Anchor::Start => text.x,
            Anchor::Middle => text.x - width / 2.0,
            Anchor::End => text.x - width,
        };
        let top = text.y - text.size * ASCENT;
        (left, top, left + width, top + text.size * LINE)
    };
    for (at, text) in drawing.texts.iter().enumerate() {
        let (left, top, right, bottom) = bounds(text);
        let inside = left >= 0.0 && top >= 0.0 && right <= drawing.width && bottom <= drawing.height;
        assert!(inside, "`{}` leaves the drawing: {:?}", text.text, bounds(text));
        for other in &drawing.texts[at + 1..] {
            let (other_left, other_top, other_right, other_bottom) = bounds(other);
            let apart = right <= other_left || other_right <= left || bottom <= other_top || other_bottom <= top;
            assert!(apart, "`{}` overlaps `{}`", text.text, other.text);
        }
    }
}
