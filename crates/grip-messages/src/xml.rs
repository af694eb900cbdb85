//! Reading and writing XML: the only module that knows it.

use std::{borrow::Cow, io::BufRead as _};

use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

use crate::{
    Berichtsoort,
    class::{Ns, shorten},
    finding::{Finding, Place, Rule, door},
};

/// Deepest nesting of a message of the standard is 9; what is deeper than this is not one.
const DEPTH_MAX: usize = 32;
/// Prefixes in force at once: two would do, and each costs a look at every element.
const PREFIXES_MAX: usize = 64;
/// Findings kept of one file.
const FINDINGS_MAX: usize = 200;
const ILL_FORMED: &str = "begin en einde van de elementen passen niet bij elkaar";

/// The file can't be read on. What was wrong has been added to the findings.
#[derive(Debug)]
pub(crate) struct Refused;

/// An element that has just been opened. Its name is looked up in the file when needed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Child {
    pub(crate) ns: Ns,
    pub(crate) is_empty: bool,
    /// Where the content starts, which is where a finding points at.
    pub(crate) content_at: usize,
    local_start: usize,
    local_end: usize,
}

/// The full name of an element, prefix included, in the file.
#[derive(Debug, Clone, Copy)]
struct Name {
    start: usize,
    end: usize,
}

struct Prefix {
    /// As it stands in a tag: with its colon, or nothing.
    tag: String,
    ns: Ns,
    depth: usize,
}

/// A prefix and its namespace.
type Declaration<'s> = (&'s str, Cow<'s, str>);

/// Plain tags, `<name>` and `</name>`, and the texts between them are nearly all there is, and are read here: that costs a
/// fraction of the library's events. Everything else the library reads. Which elements are open is kept here, for both.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    /// How far the file has been read. The library follows when it is needed.
    at: usize,
    reader: Reader<&'a [u8]>,
    soort: Berichtsoort,
    prefixes: Vec<Prefix>,
    /// Where in `prefixes` is what the message's own elements begin with, and those of the basis schema.
    usual_prefixes: [Option<usize>; 2],
    path: Vec<Child>,
    /// Elements of which the end has not been read.
    open: Vec<Name>,
    findings: Vec<(usize, Finding)>,
    omitted: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().trim_text(false);
        // The library has not seen every start and end: `event` checks them against `open`.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        Self {
            text,
            at: 0,
            reader,
            soort: Berichtsoort::v3_2(grip_types::Wet::Wmo, 0),
            prefixes: Vec::with_capacity(4),
            usual_prefixes: [None; 2],
            path: Vec::with_capacity(DEPTH_MAX),
            open: Vec::with_capacity(DEPTH_MAX),
            findings: Vec::new(),
            omitted: 0,
        }
    }

    pub(crate) fn soort(&self) -> Berichtsoort {
        self.soort
    }

    pub(crate) fn local_name(&self, child: Child) -> &'a str {
        &self.text[child.local_start..child.local_end]
    }

    /// Reads up to and including the opening of the root element and decides by its namespace which message this is.
    pub(crate) fn root(&mut self) -> Result<Child, Refused> {
        loop {
            let at = self.at;
            match self.event()? {
                Event::Start(start) => return self.open_root(&start, false),
                Event::Empty(start) => return self.open_root(&start, true),
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().and_then(Result::ok);
                    if let Some(encoding) = encoding.filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
                        return Err(self.refuse(
                            at,
                            door::CODERING,
                            format!("de XML-declaratie noemt codering `{}`", shorten(&encoding)),
                        ));
                    }
                }
                Event::Text(text) if is_blank(&text) => {}
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof => return Err(self.refuse(at, door::GEEN_BERICHT, "het bestand heeft geen rootelement")),
                _ => return Err(self.refuse(at, door::GEEN_BERICHT, "het bestand begint niet als XML")),
            }
        }
    }

    fn open_root(&mut self, start: &BytesStart<'a>, is_empty: bool) -> Result<Child, Refused> {
        let at = self.at;
        let prefix = start.name().prefix().map_or("", |prefix| prefix.into_inner());
        let declared = self.declarations(start, at)?;
        let Some((_, namespace)) = declared.iter().find(|(name, _)| *name == prefix) else {
            return Err(self.refuse(at, door::ONBEKENDE_NAMESPACE, "het rootelement heeft geen namespace"));
        };
        let Some(soort) = Berichtsoort::from_namespace(namespace) else {
            return Err(self.refuse(at, door::ONBEKENDE_NAMESPACE, format!("namespace `{}`", shorten(namespace))));
        };
        self.soort = soort;
        if self.text.len() > u32::MAX as usize {
            return Err(self.refuse(at, door::TE_GROOT, "het bestand is groter dan 4 GiB"));
        }
        self.declare(&declared, 0);
        Ok(self.child(start, is_empty))
    }

    /// The namespace declarations of an element; other attributes are reported.
    fn declarations<'s>(&mut self, start: &'s BytesStart<'a>, at: usize) -> Result<Vec<Declaration<'s>>, Refused> {
        let mut declared = Vec::new();
        for attribute in start.attributes() {
            let Ok(attribute) = attribute else {
                return Err(self.refuse(at, door::NIET_WELGEVORMD, "een attribuut is niet welgevormd"));
            };
            let key = attribute.key.into_inner();
            let name = if key == "xmlns" { Some("") } else { key.strip_prefix("xmlns:") };
            match name {
                Some(name) => declared.push((name, attribute.value)),
                None if key.starts_with("xsi:") => {}
                None => self.report_at(at, door::ATTRIBUUT_ONVERWACHT, format!("attribuut `{}`", shorten(key))),
            }
        }
        Ok(declared)
    }

    fn declare(&mut self, declared: &[Declaration<'_>], depth: usize) {
        for (name, namespace) in declared {
            let ns = self.soort.ns_of(namespace);
            // What is not of the standard needs no place, unless it hides what is.
            let tag = if name.is_empty() { String::new() } else { format!("{name}:") };
            if ns == Ns::Other && !self.prefixes.iter().any(|known| known.tag == tag) {
                continue;
            }
            if self.prefixes.len() >= PREFIXES_MAX {
                let text = format!("meer dan {PREFIXES_MAX} prefixen; `xmlns:{}` telt niet mee", shorten(name));
                self.report_at(self.at, door::ATTRIBUUT_ONVERWACHT, text);
                continue;
            }
            self.prefixes.push(Prefix { tag, ns, depth });
        }
        self.find_usual_prefixes();
    }

    fn child(&self, start: &BytesStart<'_>, is_empty: bool) -> Child {
        let name = self.name(start, is_empty);
        let colon = self.text[name.start..name.end].find(':').map(|colon| name.start + colon);
        self.named(name, colon, is_empty)
    }

    /// The name of an element of which the start tag has just been read: `<name attributes>` or `<name attributes/>`.
    fn name(&self, tag: &BytesStart<'_>, is_empty: bool) -> Name {
        let start = self.at - 1 - usize::from(is_empty) - tag.len();
        Name { start, end: start + tag.name().into_inner().len() }
    }

    fn named(&self, name: Name, colon: Option<usize>, is_empty: bool) -> Child {
        let local_start = colon.map_or(name.start, |colon| colon + 1);
        // A name that begins with its colon has no prefix.
        let tag = if local_start == name.start + 1 { "" } else { &self.text[name.start..local_start] };
        Child { ns: self.ns_of(tag), is_empty, content_at: self.at, local_start, local_end: name.end }
    }

    fn ns_of(&self, tag: &str) -> Ns {
        self.prefixes.iter().rev().find(|known| known.tag == tag).map_or(Ns::Other, |known| known.ns)
    }

    /// Only of plain names, in which the library would read nothing else, and not hidden by a later declaration.
    fn find_usual_prefixes(&mut self) {
        let is_plain = |tag: &str| {
            tag.strip_suffix(':').unwrap_or(tag).bytes().all(|byte| is_plain_name_byte(byte) && byte != b':')
        };
        self.usual_prefixes = [Ns::Message, Ns::Basis].map(|ns| {
            let last = self.prefixes.iter().rposition(|known| known.ns == ns)?;
            let tag = &self.prefixes[last].tag;
            let is_hidden = self.prefixes[last + 1..].iter().any(|later| later.tag == *tag);
            (!is_hidden && is_plain(tag)).then_some(last)
        });
    }

    /// Reads a start tag that has nothing but a name.
    fn plain_start(&mut self, tag_at: usize) -> Option<Child> {
        let bytes = self.text.as_bytes();
        let start = tag_at + 1;
        let (mut end, mut colon) = (start, None);
        while is_plain_name_byte(*bytes.get(end)?) {
            if bytes[end] == b':' && colon.is_none() {
                colon = Some(end);
            }
            end += 1;
        }
        if bytes[tag_at] != b'<' || end == start || bytes[end] != b'>' {
            return None;
        }
        self.at = end + 1;
        let name = Name { start, end };
        self.open.push(name);
        Some(self.named(name, colon, false))
    }

    /// The next child, if it is the expected one and has nothing but a name in its start tag: that needs no search, neither
    /// for the end of its name nor for its place in the class.
    pub(crate) fn expected_child(&mut self, ns: Ns, local_name: &str) -> Option<Child> {
        let usual = match ns {
            Ns::Message => self.usual_prefixes[0]?,
            Ns::Basis => self.usual_prefixes[1]?,
            Ns::Other => return None,
        };
        let prefix = &self.prefixes[usual].tag;
        let start = self.past_blanks() + 1;
        let tag = self.text.as_bytes()[start - 1..].strip_prefix(b"<")?;
        let rest = tag.strip_prefix(prefix.as_bytes())?.strip_prefix(local_name.as_bytes())?;
        rest.strip_prefix(b">")?;
        let local_start = start + prefix.len();
        let end = local_start + local_name.len();
        self.at = end + 1;
        self.open.push(Name { start, end });
        Some(Child { ns, is_empty: false, content_at: self.at, local_start, local_end: end })
    }

    /// Reads the end tag of the innermost element, if it has nothing but the name.
    fn plain_end(&mut self, tag_at: usize) -> Option<()> {
        let name = *self.open.last()?;
        let bytes = self.text.as_bytes();
        bytes[tag_at..].strip_prefix(b"</")?.strip_prefix(&bytes[name.start..name.end])?.strip_prefix(b">")?;
        self.at = tag_at + name.end - name.start + "</>".len();
        self.open.pop();
        Some(())
    }

    /// Reads the rest of an element that has nothing but text. Gives the text.
    fn plain_text(&mut self) -> Option<&'a str> {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let len = rest.iter().take_while(|byte| !matches!(byte, b'<' | b'&' | b'\r')).count();
        self.plain_end(start + len)?;
        Some(&self.text[start..start + len])
    }

    fn past_blanks(&self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        self.at + rest.iter().take_while(|byte| is_blank_byte(**byte)).count()
    }

    /// The next child of the current element, or `None` when that element ends.
    pub(crate) fn next_child(&mut self) -> Result<Option<Child>, Refused> {
        // Between elements there are only blanks, which are half of all events; in a value every blank counts.
        self.reader.config_mut().trim_text_start = true;
        let tag_at = self.past_blanks();
        if self.plain_end(tag_at).is_some() {
            return Ok(None);
        }
        if let Some(child) = self.plain_start(tag_at) {
            return Ok(Some(child));
        }
        loop {
            let at = self.at;
            let (start, is_empty) = match self.event()? {
                Event::Start(start) => (start, false),
                Event::Empty(start) => (start, true),
                Event::End(_) => return Ok(None),
                Event::Text(text) if is_blank(&text) => continue,
                Event::Comment(_) | Event::PI(_) => continue,
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    self.report_at(at, door::ELEMENT_ONVERWACHT, "tekst tussen de elementen".to_owned());
                    continue;
                }
                Event::Eof | Event::DocType(_) | Event::Decl(_) => return Err(self.refuse_end(at)),
            };
            if start.name().into_inner().len() < start.len() {
                let declared = self.declarations(&start, self.at)?;
                self.declare(&declared, self.path.len() + 1);
            }
            return Ok(Some(self.child(&start, is_empty)));
        }
    }

    /// The text of an element that has just been opened, up to and including its end.
    pub(crate) fn text(&mut self, child: Child) -> Result<Cow<'a, str>, Refused> {
        let mut text = Cow::Borrowed("");
        if child.is_empty {
            self.forget_prefixes();
            return Ok(text);
        }
        if let Some(plain) = self.plain_text() {
            self.forget_prefixes();
            return Ok(Cow::Borrowed(plain));
        }
        self.reader.config_mut().trim_text_start = false;
        loop {
            let at = self.at;
            match self.event()? {
                Event::Text(part) => append(&mut text, normalize_newlines(part.into_inner())),
                Event::CData(part) => append(&mut text, normalize_newlines(part.into_inner())),
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(character)) => is_xml(character).then(|| Cow::Owned(character.to_string())),
                        Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference).map(Cow::Borrowed),
                        Err(_) => None,
                    };
                    match resolved {
                        Some(resolved) => append(&mut text, resolved),
                        None => {
                            return Err(self.refuse(
                                at,
                                door::ENTITEIT,
                                format!("entiteit `&{};`", shorten(&reference)),
                            ));
                        }
                    }
                }
                Event::End(_) => {
                    self.forget_prefixes();
                    return Ok(text);
                }
                Event::Start(start) => {
                    let inner = self.child(&start, false);
                    self.report_inside(child, door::ELEMENT_ONVERWACHT, "element in een waarde".to_owned());
                    self.skip(inner)?;
                }
                Event::Empty(_) => {
                    self.report_inside(child, door::ELEMENT_ONVERWACHT, "element in een waarde".to_owned())
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Eof | Event::DocType(_) | Event::Decl(_) => return Err(self.refuse_end(at)),
            }
        }
    }

    /// Goes into a class.
    pub(crate) fn enter(&mut self, child: Child) -> Result<(), Refused> {
        if self.path.len() >= DEPTH_MAX {
            return Err(self.refuse(child.content_at, door::TE_DIEP, format!("meer dan {DEPTH_MAX} elementen diep")));
        }
        self.path.push(child);
        Ok(())
    }

    /// Leaves the class whose end has been read.
    pub(crate) fn leave(&mut self) {
        self.path.pop();
        self.forget_prefixes();
    }

    fn forget_prefixes(&mut self) {
        while self.prefixes.last().is_some_and(|prefix| prefix.depth > self.path.len()) {
            self.prefixes.pop();
            self.find_usual_prefixes();
        }
    }

    /// Reads to the end of an element without looking at what is in it.
    pub(crate) fn skip(&mut self, child: Child) -> Result<(), Refused> {
        let mut depth = usize::from(!child.is_empty);
        while depth > 0 {
            let at = self.at;
            match self.event()? {
                Event::Start(_) if self.path.len() + depth >= DEPTH_MAX => {
                    return Err(self.refuse(at, door::TE_DIEP, format!("meer dan {DEPTH_MAX} elementen diep")));
                }
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                Event::Eof | Event::DocType(_) => return Err(self.refuse_end(at)),
                _ => {}
            }
        }
        self.forget_prefixes();
        Ok(())
    }

    /// Reads to the end of the file, where nothing but blanks and comments may be.
    pub(crate) fn end(&mut self) -> Result<(), Refused> {
        loop {
            let at = self.at;
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Text(text) if is_blank(&text) => {}
                Event::Comment(_) | Event::PI(_) => {}
                _ => return Err(self.refuse(at, door::NIET_WELGEVORMD, "inhoud na het einde van het rootelement")),
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, Refused> {
        let from = self.at;
        let unread = from - position(self.reader.buffer_position());
        self.reader.stream().consume(unread);
        let event = self.reader.read_event();
        self.at = position(self.reader.buffer_position());
        match event {
            Ok(Event::Start(start)) => {
                self.open.push(self.name(&start, false));
                Ok(Event::Start(start))
            }
            Ok(Event::End(end)) => {
                let open = self.open.pop().map(|open| &self.text[open.start..open.end]);
                if open == Some(end.name().into_inner()) {
                    return Ok(Event::End(end));
                }
                let tag_at = from + self.text[from..].bytes().take_while(|byte| is_blank_byte(*byte)).count();
                Err(self.refuse(tag_at, door::NIET_WELGEVORMD, ILL_FORMED))
            }
            Ok(Event::DocType(_)) => Err(self.refuse(self.at, door::DOCUMENT_TYPE, "het bestand heeft een DOCTYPE")),
            Ok(event) => Ok(event),
            Err(error) => {
                let at = position(self.reader.error_position()).min(self.text.len());
                // The library's own words may quote the file, and so a name: say only what kind of fault it is.
                let what = match error {
                    quick_xml::Error::Syntax(_) => "het bestand houdt midden in een element op",
                    quick_xml::Error::IllFormed(_) => ILL_FORMED,
                    _ => "de XML is niet welgevormd",
                };
                Err(self.refuse(at, door::NIET_WELGEVORMD, what))
            }
        }
    }

    fn refuse_end(&mut self, at: usize) -> Refused {
        self.refuse(at, door::NIET_WELGEVORMD, "het bestand houdt op voor alle elementen zijn gesloten")
    }

    pub(crate) fn refuse(&mut self, at: usize, rule: &'static Rule, text: impl Into<String>) -> Refused {
        // A refusal is always kept: it says why there is no message.
        self.findings.push((at, self.finding(rule, text.into(), &[])));
        Refused
    }

    pub(crate) fn report_missing(&mut self, name: &'static str) {
        self.report_at(self.at, door::ELEMENT_ONTBREEKT, format!("element `{name}` ontbreekt"));
    }

    pub(crate) fn report_unexpected(&mut self, child: Child) {
        let name = shorten(self.local_name(child));
        self.report_inside(child, door::ELEMENT_ONVERWACHT, format!("element `{name}` hoort hier niet"));
    }

    /// Reports at the content of an element.
    pub(crate) fn report_inside(&mut self, child: Child, rule: &'static Rule, text: String) {
        let finding = self.finding(rule, text, &[child]);
        self.keep(child.content_at, finding);
    }

    pub(crate) fn report_at(&mut self, at: usize, rule: &'static Rule, text: String) {
        let finding = self.finding(rule, text, &[]);
        self.keep(at, finding);
    }

    fn keep(&mut self, at: usize, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX { self.findings.push((at, finding)) } else { self.omitted += 1 }
    }

    fn finding(&self, rule: &'static Rule, text: String, inside: &[Child]) -> Finding {
        let names: Vec<String> = self.path.iter().chain(inside).map(|child| shorten(self.local_name(*child))).collect();
        Finding { rule, place: Place::default(), element: names.join("/"), text }
    }

    /// The findings in the order of the file, each with its line and column.
    pub(crate) fn into_findings(mut self) -> Vec<Finding> {
        if self.omitted > 0 {
            let text = format!("nog {} bevindingen in dit bestand", self.omitted);
            let finding = self.finding(door::MEER_BEVINDINGEN, text, &[]);
            self.findings.push((self.text.len(), finding));
        }
        self.findings.sort_by_key(|(at, _)| *at);
        let (mut line, mut line_start, mut seen) = (1, 0, 0);
        let place = |(at, finding): (usize, Finding)| {
            for (offset, _) in self.text[seen..at].match_indices('\n') {
                line += 1;
                line_start = seen + offset + 1;
            }
            seen = at;
            let column = self.text[line_start..at].chars().count() + 1;
            Finding { place: Place { line, column: u32::try_from(column).unwrap_or(u32::MAX) }, ..finding }
        };
        self.findings.into_iter().map(place).collect()
    }
}

fn position(of_library: u64) -> usize {
    usize::try_from(of_library).expect("a file in memory is no longer than that")
}

/// Whether a text has nothing but what XML calls white space.
fn is_blank(text: &str) -> bool {
    text.bytes().all(is_blank_byte)
}

fn is_blank_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Whether a byte may be in the name of a plain element: what names of the standard are made of.
fn is_plain_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
}

/// Whether a character may stand in XML 1.0 (section 2.2), which holds for references to it too.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// Line ends as XML 1.0 section 2.11 wants them: CR LF and CR become LF.
fn normalize_newlines(text: Cow<'_, str>) -> Cow<'_, str> {
    let has_carriage_return = text.bytes().any(|byte| byte == b'\r');
    if has_carriage_return { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}

fn append<'a>(text: &mut Cow<'a, str>, part: Cow<'a, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

/// Writes a message: UTF-8 without byte order mark, lines ending in CR LF (OP192).
pub(crate) struct Writer {
    text: String,
    message_prefix: String,
    basis_prefix: &'static str,
    depth: usize,
}

impl Writer {
    /// A document with the given root element still open.
    pub(crate) fn new(soort: Berichtsoort, root: &'static str) -> Self {
        let (message_prefix, basis_prefix) = soort.prefixes();
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<{message_prefix}:{root} xmlns:{basis_prefix}=\"{}\" xmlns:{message_prefix}=\"{}\">\r\n",
            soort.basis_namespace(),
            soort.namespace(),
        );
        Self { text, message_prefix, basis_prefix, depth: 1 }
    }

    pub(crate) fn open(&mut self, name: &str, ns: Ns) {
        self.indent();
        self.tag("<", name, ns);
        self.text.push_str(">\r\n");
        self.depth += 1;
    }

    pub(crate) fn close(&mut self, name: &str, ns: Ns) {
        self.depth -= 1;
        self.indent();
        self.tag("</", name, ns);
        self.text.push_str(">\r\n");
    }

    pub(crate) fn value(&mut self, name: &str, ns: Ns, text: &str) {
        self.indent();
        self.tag("<", name, ns);
        self.text.push('>');
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '\r' => self.text.push_str("&#13;"),
                other => self.text.push(other),
            }
        }
        self.tag("</", name, ns);
        self.text.push_str(">\r\n");
    }

    pub(crate) fn finish(mut self, root: &'static str) -> Vec<u8> {
        self.close(root, Ns::Message);
        self.text.into_bytes()
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text.push('\t');
        }
    }

    fn tag(&mut self, opening: &str, name: &str, ns: Ns) {
        self.text.push_str(opening);
        self.text.push_str(if ns == Ns::Basis { self.basis_prefix } else { &self.message_prefix });
        self.text.push(':');
        self.text.push_str(name);
    }
}
