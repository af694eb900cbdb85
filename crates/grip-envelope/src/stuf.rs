//! Envelopes of StUF-GGk and of VECOZO, both by the local names of their elements: prefixes are free, namespaces differ by
//! version, and either may stand in SOAP 1.1 or 1.2.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::civil::DateTime;
use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};

use crate::{
    Envelope, EnvelopeKind, TroubleKind,
    name::{Name, harmless},
};

/// Deepest nesting of an envelope; that of VECOZO has 7.
const DEPTH_MAX: usize = 64;
/// Longest text of an element that is not the message, in bytes. A UUID has 36.
const TEXT_BYTES_MAX: usize = 2000;
/// What is shown of a text somebody else wrote, in characters.
const SHOWN_CHARS_MAX: usize = 200;

/// Some write no padding, or leave bits in the last character; the bytes are the same.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the root element of a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Envelope,
    /// A message, other XML, or no XML at all.
    Other,
}

/// Looks at the start of a file, up to the name of its root element.
pub(crate) fn root(bytes: &[u8]) -> Root {
    match root_name(bytes) {
        Some(name) if is_envelope_name(name) => Root::Envelope,
        _ => Root::Other,
    }
}

fn root_name(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start().strip_prefix(b"<")?;
        if let Some(instruction) = rest.strip_prefix(b"?") {
            rest = after(instruction, b"?>")?;
        } else if let Some(comment) = rest.strip_prefix(b"!--") {
            rest = after(comment, b"-->")?;
        } else if let Some(doctype) = rest.strip_prefix(b"!") {
            rest = after_doctype(doctype)?;
        } else {
            let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
            let name = &rest[..end];
            return Some(name.iter().rposition(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..]));
        }
    }
}

fn after<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<&'b [u8]> {
    let at = bytes.windows(mark.len()).position(|window| window == mark)?;
    Some(&bytes[at + mark.len()..])
}

/// What follows a DOCTYPE, whose own declarations stand between brackets.
fn after_doctype(bytes: &[u8]) -> Option<&[u8]> {
    let mut quote = None;
    let mut brackets = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == *byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, b'[') => brackets += 1,
            (None, b']') => brackets = brackets.saturating_sub(1),
            (None, b'>') if brackets == 0 => return Some(&bytes[at + 1..]),
            _ => {}
        }
    }
    None
}

/// `Envelope` (SOAP), `IndienenBericht` (VECOZO), `envelopHeenbericht_ggk_Di01` and the like, `Fo01Bericht`, `Bv03Bericht`.
fn is_envelope_name(name: &[u8]) -> bool {
    if name == b"Bericht" {
        return false;
    }
    let name = name.to_ascii_lowercase();
    name.starts_with(b"envelop") || name == b"indienenbericht" || stuf_code(&name).is_some()
}

/// The two letters of the StUF code at the start or the end of a name in lower case.
fn stuf_code(name: &[u8]) -> Option<[u8; 2]> {
    let name = name.strip_suffix(b"bericht").unwrap_or(name);
    let is_code = |code: &[u8]| match code {
        [a, b, b'0', digit] if digit.is_ascii_digit() => {
            let kind = [*a, *b];
            [*b"di", *b"du", *b"fo", *b"bv"].contains(&kind).then_some(kind)
        }
        _ => None,
    };
    is_code(name).or_else(|| {
        let (before, code) = name.split_last_chunk::<4>()?;
        before.last().filter(|byte| !byte.is_ascii_alphabetic())?;
        is_code(code)
    })
}

/// What was found in an envelope.
pub(crate) struct Opened {
    pub(crate) envelope: Envelope,
    pub(crate) payloads: Vec<Payload>,
    pub(crate) troubles: Vec<(TroubleKind, String)>,
}

/// One message in an envelope, as it is written there.
pub(crate) struct Payload {
    /// The attribute `bestandsnaam` of StUF.
    pub(crate) file_name: Option<String>,
    /// Base64 without blanks; nothing when there were elements instead of text.
    base64: Option<Vec<u8>>,
}

impl Payload {
    pub(crate) fn decode(self) -> Option<Vec<u8>> {
        LENIENT.decode(self.base64?).ok()
    }

    fn push(&mut self, text: &str) {
        if let Some(base64) = &mut self.base64 {
            for line in text.split_ascii_whitespace() {
                base64.extend_from_slice(line.as_bytes());
            }
        }
    }
}

/// What the message in an envelope is called: its file name, else which message it is.
pub(crate) fn label(file_name: Option<&str>, envelope: &Envelope, earlier: usize) -> Name {
    let mut label = match file_name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => harmless(name),
        None => harmless(envelope.functie.as_deref().unwrap_or("bericht")),
    };
    if earlier > 0 {
        label.text = format!("{}-{}", earlier + 1, label.text);
    }
    label
}

/// Reads an envelope to its end, or as far as it goes.
pub(crate) fn open(bytes: &[u8]) -> Opened {
    // What is not UTF-8 can only be in what is not looked at: Base64 and numbers are ASCII.
    let text = String::from_utf8_lossy(bytes);
    let mut opening = Opening::default();
    let end = opening.read(&text);
    opening.finish(&end)
}

/// Why an envelope could not be read to its end.
enum Broken {
    DocumentType(&'static str),
    Xml,
}

#[derive(Default)]
struct Opening {
    /// Whether the root element has been met.
    is_begun: bool,
    path: Vec<String>,
    text: String,
    payload: Option<Payload>,
    payloads: Vec<Payload>,
    berichtcode: Option<String>,
    /// By the name of an element, when no berichtcode says it.
    code_in_names: Option<[u8; 2]>,
    is_stuf: bool,
    referentienummer: Option<String>,
    cross_refnummer: Option<String>,
    functie: Option<String>,
    tijdstip_bericht: Option<DateTime>,
    is_fault: bool,
    fault_code: Option<String>,
    fault_plek: Option<String>,
    fault_text: Option<String>,
}

impl Opening {
    fn read(&mut self, text: &str) -> Result<(), Broken> {
        let mut reader = Reader::from_str(text);
        loop {
            match reader.read_event().map_err(|_| Broken::Xml)? {
                Event::Start(start) => self.start(&start)?,
                Event::Empty(start) => {
                    self.start(&start)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.text(&text),
                Event::CData(text) => self.text(&text),
                Event::GeneralRef(reference) => self.reference(&reference)?,
                Event::DocType(_) => return Err(Broken::DocumentType("een DOCTYPE")),
                Event::Eof => return Err(Broken::Xml),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
            }
            if self.is_begun && self.path.is_empty() {
                return Ok(());
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Broken> {
        if self.path.len() == DEPTH_MAX {
            return Err(Broken::Xml);
        }
        let local = start.local_name().into_inner().to_ascii_lowercase();
        if let Some(payload) = &mut self.payload {
            payload.base64 = None;
        } else if local == "xmlbestand" || local == "data" && self.is_in("bericht") {
            self.is_stuf |= local == "xmlbestand";
            self.payload = Some(Payload { file_name: file_name(start), base64: Some(Vec::new()) });
        } else if let Some(code) = stuf_code(local.as_bytes()) {
            self.code_in_names.get_or_insert(code);
        } else if local == "fault" {
            self.is_fault = true;
        }
        self.is_stuf |= local == "stuurgegevens";
        self.is_begun = true;
        self.path.push(local);
        self.text.clear();
        Ok(())
    }

    /// Whether this is directly inside an element of this name.
    fn is_in(&self, parent: &str) -> bool {
        self.path.last().is_some_and(|name| name == parent)
    }

    fn text(&mut self, text: &str) {
        if let Some(payload) = &mut self.payload {
            payload.push(text);
        } else if self.text.len() + text.len() <= TEXT_BYTES_MAX {
            self.text.push_str(text);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Broken> {
        let char = match reference.resolve_char_ref() {
            Ok(Some(char)) => char,
            Ok(None) => match &**reference {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "apos" => '\'',
                "quot" => '"',
                _ => return Err(Broken::DocumentType("een eigen entiteit")),
            },
            Err(_) => return Err(Broken::Xml),
        };
        self.text(char.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn end(&mut self) {
        let Some(local) = self.path.pop() else {
            return;
        };
        let is_payload = local == "xmlbestand" || local == "data" && self.is_in("bericht");
        if is_payload && !self.path.iter().any(|name| name == "xmlbestand") {
            // An empty one is none.
            self.payloads.extend(self.payload.take().filter(|payload| payload.base64.as_ref() != Some(&Vec::new())));
        }
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if text.is_empty() || self.payload.is_some() {
            return;
        }
        let is_in_fault = self.path.iter().any(|name| matches!(name.as_str(), "body" | "fault" | "detail"));
        let keep = |slot: &mut Option<String>| {
            slot.get_or_insert_with(|| text.to_owned());
        };
        match local.as_str() {
            "berichtcode" => keep(&mut self.berichtcode),
            "referentienummer" | "referentieid" => keep(&mut self.referentienummer),
            "crossrefnummer" => keep(&mut self.cross_refnummer),
            "functie" | "berichtsubtype" => keep(&mut self.functie),
            "tijdstipbericht" => self.tijdstip_bericht = self.tijdstip_bericht.or_else(|| moment(text)),
            // SOAP 1.1 and 1.2 before those of StUF, which are the more exact ones and so replace them.
            "code" if is_in_fault => self.fault_code = Some(text.to_owned()),
            "omschrijving" if is_in_fault => self.fault_text = Some(text.to_owned()),
            "plek" if is_in_fault => self.fault_plek = Some(text.to_owned()),
            "faultcode" | "value" if is_in_fault => keep(&mut self.fault_code),
            "faultstring" | "text" if is_in_fault => keep(&mut self.fault_text),
            _ => {}
        }
    }

    fn finish(self, end: &Result<(), Broken>) -> Opened {
        let code = match &self.berichtcode {
            Some(code) => code.get(..2).and_then(|code| <[u8; 2]>::try_from(code.to_ascii_lowercase().as_bytes()).ok()),
            None => self.code_in_names,
        };
        let kind = match code {
            _ if !self.is_stuf => EnvelopeKind::Vecozo,
            Some([b'd', b'u']) => EnvelopeKind::StufDu01,
            _ => EnvelopeKind::StufDi01,
        };
        let (mut payloads, mut troubles) = (self.payloads, Vec::new());
        let is_fault = self.is_fault || code == Some(*b"fo");
        match end {
            Err(Broken::DocumentType(what)) => {
                payloads.clear();
                troubles.push((TroubleKind::DocumentType, format!("{what} in de envelop; er is niets uit gelezen")));
            }
            Err(Broken::Xml) => {
                let text = "niet welgevormd of afgebroken";
                troubles.push((TroubleKind::EnvelopBeschadigd, text.to_owned()));
            }
            Ok(()) if is_fault => {
                let text = fault(self.fault_code.as_deref(), self.fault_plek.as_deref(), self.fault_text.as_deref());
                troubles.push((TroubleKind::Foutbericht, text));
            }
            Ok(()) if !payloads.is_empty() => {}
            Ok(()) if code == Some(*b"bv") => {
                troubles.push((TroubleKind::Ontvangstbevestiging, "een bericht is ontvangen".to_owned()));
            }
            Ok(()) => troubles.push((TroubleKind::EnvelopZonderBericht, "geen bericht in de envelop".to_owned())),
        }
        let envelope = Envelope {
            kind,
            referentienummer: self.referentienummer.and_then(identifier),
            cross_refnummer: self.cross_refnummer.and_then(identifier),
            functie: self.functie.and_then(identifier),
            tijdstip_bericht: self.tijdstip_bericht,
        };
        Opened { envelope, payloads, troubles }
    }
}

fn file_name(start: &BytesStart<'_>) -> Option<String> {
    let mut attributes = start.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let named = attributes.find(|attribute| attribute.key.local_name().into_inner() == "bestandsnaam");
    named.map(|attribute| attribute.value.into_owned())
}

/// A number or name without blanks, of at most 64 characters; anything else is none.
fn identifier(text: String) -> Option<String> {
    let is_one = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_one.then_some(text)
}

/// StUF writes moments as `20230403123000`, and may add thousandths, which are left out.
fn moment(text: &str) -> Option<DateTime> {
    let digits = text.get(..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    DateTime::new(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?, 0).ok()
}

/// A fault in words. The `details` of StUF are left out: they can quote the message, and with it a person.
fn fault(code: Option<&str>, plek: Option<&str>, text: Option<&str>) -> String {
    let mut said = format!("foutcode `{}`", shown(code.unwrap_or("onbekend")));
    if let Some(plek) = plek {
        said.push_str(&format!(", plek `{}`", shown(plek)));
    }
    if let Some(text) = text {
        said.push_str(&format!(": {}", shown(text)));
    }
    said
}

/// A text of somebody else, in one line, without numbers that could be of a person.
fn shown(text: &str) -> String {
    let has_number = |word: &str| word.bytes().filter(u8::is_ascii_digit).count() >= 8;
    let words: Vec<&str> = text.split_whitespace().map(|word| if has_number(word) { "…" } else { word }).collect();
    words.join(" ").chars().filter(|char| !char.is_control()).take(SHOWN_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::{Root, moment, root, shown};

    #[track_caller]
    fn check(text: &str, expected: Root) {
        assert_eq!(root(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn a_file_is_known_by_the_name_of_its_root() {
        check("<Bericht/>", Root::Other);
        check("<wmo301:Bericht xmlns:wmo301='x'>", Root::Other);
        check("<?xml version='1.0'?>\r\n<!-- <Envelope> --><a:Bericht>", Root::Other);
        check("<SOAP-ENV:Envelope>", Root::Envelope);
        check("\u{feff}<?xml version='1.0'?> <soap:Envelope\n>", Root::Envelope);
        check("<!DOCTYPE x [<!ENTITY a '>]>'>]><s:Envelope>", Root::Envelope);
        check("<ggk:envelopHeenbericht_ggk_Di01>", Root::Envelope);
        check("<ggk_Du01>", Root::Envelope);
        check("<StUF:Fo01Bericht/>", Root::Envelope);
        check("<Bv03Bericht>", Root::Envelope);
        check("<IndienenBericht>", Root::Envelope);
        for other in ["", "<", "<?xml", "<!--", "<!DOCTYPE [", "Envelope", "<Envelope", "a,b\n", "<Studio01>", "<html>"]
        {
            check(other, Root::Other);
        }
    }

    #[test]
    fn moments_are_read_to_the_second() {
        assert_eq!(moment("20230403123001"), Some(datetime(2023, 4, 3, 12, 30, 1, 0)));
        assert_eq!(moment("20230403123001500"), Some(datetime(2023, 4, 3, 12, 30, 1, 0)));
        for wrong in ["", "20230403", "20231303123001", "2023-04-03T12:3", "éééééééééé"] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_of_persons_are_not_shown() {
        assert_eq!(shown("waarde '999900018' in\n <Bsn> fout"), "waarde … in <Bsn> fout");
        assert_eq!(shown("StUF058 proces"), "StUF058 proces");
    }
}
