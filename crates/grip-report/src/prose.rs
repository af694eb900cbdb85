//! What people wrote, in the part of Markdown that is safe to show: paragraphs, lists, emphasis and links.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::Serialize;

/// Lists in lists, and emphasis in emphasis, at most; what lies deeper is shown at this depth.
const DEEPEST: usize = 8;

/// A part of a text, on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Prose {
    /// A paragraph.
    Paragraph {
        /// Its words.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether its items have numbers.
        is_numbered: bool,
        /// Each item, of one or more parts.
        items: Vec<Vec<Prose>>,
    },
}

/// Words in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Span {
    /// Words as they are.
    Text {
        /// The words.
        text: String,
    },
    /// Words with weight.
    Strong {
        /// The words.
        spans: Vec<Span>,
    },
    /// Words with stress.
    Emphasis {
        /// The words.
        spans: Vec<Span>,
    },
    /// Words that lead somewhere: to a page over http or https, or to an address for mail.
    Link {
        /// The address.
        href: String,
        /// The words.
        spans: Vec<Span>,
    },
    /// The end of a line.
    Break,
}

/// Reads Markdown. Headings become paragraphs with weight, code becomes words, pictures their description; HTML is shown as it
/// was typed. Links elsewhere than to http, https and mailto lose their address and keep their words.
pub fn prose(markdown: &str) -> Vec<Prose> {
    let mut reader = Reader { open: vec![Open::new(Kind::Item)], opened: Vec::new() };
    for event in Parser::new_ext(markdown, Options::empty()) {
        reader.take(event);
    }
    while reader.open.len() > 1 {
        reader.close();
    }
    let mut root = reader.open.pop().unwrap_or_else(|| Open::new(Kind::Item));
    root.flush();
    root.parts
}

/// The words of a text without its marks, paragraphs and items on lines of their own.
pub fn plain_prose(prose: &[Prose]) -> String {
    let mut lines = Vec::new();
    push_lines(prose, "", &mut lines);
    lines.join("\n")
}

fn push_lines(prose: &[Prose], indent: &str, lines: &mut Vec<String>) {
    for part in prose {
        match part {
            Prose::Paragraph { spans } => {
                let mut words = String::new();
                push_words(spans, &mut words);
                lines.push(format!("{indent}{words}"));
            }
            Prose::List { is_numbered, items } => {
                for (item, number) in items.iter().zip(1_usize..) {
                    let mark = if *is_numbered { format!("{number}. ") } else { "• ".to_owned() };
                    let first = lines.len();
                    push_lines(item, &format!("{indent}   "), lines);
                    if let Some(line) = lines.get_mut(first) {
                        *line = format!("{indent}{mark}{}", line.trim_start());
                    }
                }
            }
        }
    }
}

fn push_words(spans: &[Span], words: &mut String) {
    for span in spans {
        match span {
            Span::Text { text } => words.push_str(text),
            Span::Strong { spans } | Span::Emphasis { spans } | Span::Link { spans, .. } => push_words(spans, words),
            Span::Break => words.push(' '),
        }
    }
}

/// What is open while reading.
enum Kind {
    Item,
    Paragraph,
    Heading,
    List(bool),
    Strong,
    Emphasis,
    Link(String),
}

struct Open {
    kind: Kind,
    spans: Vec<Span>,
    parts: Vec<Prose>,
    items: Vec<Vec<Prose>>,
}

impl Open {
    fn new(kind: Kind) -> Self {
        Self { kind, spans: Vec::new(), parts: Vec::new(), items: Vec::new() }
    }

    /// Words that stand in an item without a paragraph of their own get one.
    fn flush(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        if !spans.is_empty() {
            self.parts.push(Prose::Paragraph { spans });
        }
    }
}

struct Reader {
    open: Vec<Open>,
    /// Of every tag that is open: whether something was opened for it.
    opened: Vec<bool>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(TagEnd::HtmlBlock) => {
                self.opened.pop();
                self.flush();
            }
            Event::End(_) => {
                if self.opened.pop() == Some(true) {
                    self.close();
                }
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => self.words(&text),
            Event::SoftBreak => self.words(" "),
            Event::HardBreak => self.span(Span::Break),
            Event::Rule => self.flush(),
            // Kinds that were not asked for.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => self.words(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph | Tag::CodeBlock(_) => Some(Kind::Paragraph),
            Tag::Heading { .. } => Some(Kind::Heading),
            Tag::List(first) => Some(Kind::List(first.is_some())),
            Tag::Item => Some(Kind::Item),
            Tag::Strong => Some(Kind::Strong),
            Tag::Emphasis => Some(Kind::Emphasis),
            Tag::Link { dest_url, .. } if is_safe(&dest_url) => Some(Kind::Link(dest_url.into_string())),
            _ => None,
        };
        let is_block = matches!(kind, Some(Kind::Paragraph | Kind::Heading | Kind::List(_)));
        // A list and its items open and close together.
        let in_list = matches!(self.open.last(), Some(Open { kind: Kind::List(_), .. }));
        let fits = matches!(kind, Some(Kind::Item)) && in_list
            || !matches!(kind, Some(Kind::Item)) && self.open.len() < 2 * DEEPEST;
        if is_block {
            self.flush();
        }
        let kind = kind.filter(|_| fits);
        self.opened.push(kind.is_some());
        if let Some(kind) = kind {
            self.open.push(Open::new(kind));
        }
    }

    fn close(&mut self) {
        let Some(mut closed) = self.open.pop() else { return };
        let spans = std::mem::take(&mut closed.spans);
        match closed.kind {
            Kind::Paragraph if spans.is_empty() => {}
            Kind::Paragraph => self.part(Prose::Paragraph { spans }),
            Kind::Heading => self.part(Prose::Paragraph { spans: vec![Span::Strong { spans }] }),
            Kind::List(is_numbered) => self.part(Prose::List { is_numbered, items: closed.items }),
            Kind::Item => {
                closed.spans = spans;
                closed.flush();
                if let Some(list) = self.open.last_mut() {
                    list.items.push(closed.parts);
                }
            }
            Kind::Strong => self.span(Span::Strong { spans }),
            Kind::Emphasis => self.span(Span::Emphasis { spans }),
            Kind::Link(href) => self.span(Span::Link { href, spans }),
        }
    }

    fn part(&mut self, part: Prose) {
        if let Some(open) = self.open.last_mut() {
            open.flush();
            open.parts.push(part);
        }
    }

    fn span(&mut self, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.spans.push(span);
        }
    }

    fn words(&mut self, text: &str) {
        let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        match self.open.last_mut().and_then(|open| open.spans.last_mut()) {
            Some(Span::Text { text: before }) => before.push_str(&text),
            _ => self.span(Span::Text { text }),
        }
    }

    fn flush(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.flush();
        }
    }
}

/// Whether a link may lead there.
fn is_safe(href: &str) -> bool {
    let begins = |scheme: &str| href.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://", "mailto:"].into_iter().any(begins) && !href.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, plain: &str) {
        assert_eq!(plain_prose(&prose(markdown)), plain, "{markdown}");
    }

    #[test]
    fn paragraphs_lists_and_what_stands_in_them() {
        check("een\ntwee\n\ndrie", "een twee\ndrie");
        check("- a\n- b\n  - c\n\nna", "• a\n• b\n   • c\nna");
        check("1. a\n\n   meer\n2. b", "1. a\n   meer\n2. b");
        check("# Kop\n\n**vet** en *schuin* en `code`", "Kop\nvet en schuin en code");
        check("> gezegd\n\n---\n\n![plaatje](x.png)", "gezegd\nplaatje");
        check("<b>x</b>\n\n<script>alert(1)</script>", "<b>x</b>\n<script>alert(1)</script>");
        check("", "");
        check("```\na\nb\n```", "a b ");
    }

    #[test]
    fn only_safe_links_lead_somewhere() {
        let of = |markdown: &str| format!("{:?}", prose(markdown));
        assert!(of("[x](https://example.org)").contains("Link"));
        assert!(of("[x](MAILTO:a@example.org)").contains("Link"));
        for unsafe_link in ["[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](/pad)", "[x](data:text/html,x)"]
        {
            let read = of(unsafe_link);
            assert!(!read.contains("Link") && read.contains("\"x\""), "{read}");
        }
    }

    #[test]
    fn depth_is_bounded_and_loses_no_words() {
        fn depth(prose: &[Prose]) -> usize {
            let of = |part: &Prose| match part {
                Prose::Paragraph { .. } => 1,
                Prose::List { items, .. } => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
            };
            prose.iter().map(of).max().unwrap_or(0)
        }
        let deep = format!("{}diep", "- ".repeat(400));
        assert!(depth(&prose(&deep)) <= DEEPEST + 1, "{}", depth(&prose(&deep)));
        assert!(plain_prose(&prose(&deep)).contains("diep"));
        let stars = format!("{}x{}", "*a **b ".repeat(300), "** c*".repeat(300));
        assert!(plain_prose(&prose(&stars)).contains('x'));
        let quotes = format!("{}x", ">".repeat(5_000));
        assert_eq!(plain_prose(&prose(&quotes)), "x");
    }
}
