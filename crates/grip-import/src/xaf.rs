//! XML Auditfile Financieel: what every Dutch financial package can export for the tax office.
//!
//! # Source
//! XML Auditfile Financieel 3.2 of the Belastingdienst (2014, revised 2017), its predecessor 3.1 and the smaller 4.0 (2025).

use std::{
    collections::{HashMap, HashSet},
    io::{self, BufRead, BufReader, Read},
};

use encoding_rs::{Encoding, UTF_8};
use grip_types::{Bedrag, Bsn, Date, parse_date};
use quick_xml::events::{BytesStart, Event};

use crate::{
    ImportError, Record, Report, Soort, Value,
    decimal::{Notation, parse_number},
    fault::{FAULTS_MAX, Faults, Rule},
    file::{
        Peeked,
        text::{Transcoded, wide_encoding},
    },
    value::CENTS_MAX,
};

/// Deepest nesting of the standard is 9.
const DEPTH_MAX: usize = 32;
/// Bytes that one tag, text or comment may have.
const EVENT_BYTES_MAX: usize = 256 * 1024;
/// Characters kept of a text.
const TEXT_BYTES_MAX: usize = 1000;
/// Longest number of an account, journal or transaction; the standard has 35.
const CODE_MAX: usize = 50;
const DESCRIPTION_MAX: usize = 200;
/// Accounts that are kept with their descriptions.
const ACCOUNTS_MAX: usize = 500_000;

const NAMESPACES: [&str; 3] = [
    "http://www.auditfiles.nl/XAF/3.1",
    "http://www.auditfiles.nl/XAF/3.2",
    "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0",
];

macro_rules! elements {
    ($($name:ident $($text:literal)|+,)*) => {
        /// The elements that are read. Whatever else there is, such as names and addresses of customers, is passed over.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Element { $($name,)* Other }

        impl Element {
            fn of(local_name: &str) -> Self {
                match local_name { $($($text)|+ => Self::$name,)* _ => Self::Other }
            }
        }
    };
}

elements! {
    Auditfile "auditfile",
    Header "header",
    StartDate "startDate",
    EndDate "endDate",
    CurCode "curCode",
    Company "company",
    GeneralLedger "generalLedger",
    LedgerAccount "ledgerAccount",
    AccId "accID",
    AccDesc "accDesc",
    AccTp "accTp",
    OpeningBalance "openingBalance",
    ObLine "obLine",
    Transactions "transactions",
    LinesCount "linesCount",
    TotalDebit "totalDebit",
    TotalCredit "totalCredit",
    Journal "journal",
    JrnId "jrnID",
    Transaction "transaction",
    Nr "nr",
    PeriodNumber "periodNumber",
    TrDt "trDt",
    TrLine "trLine",
    Amnt "amnt",
    AmntTp "amntTp",
    CustSupId "custSupID",
    // Release 4.0 calls it cost.
    CostId "costID" | "cost",
}

pub(crate) struct Xaf<'r> {
    reader: quick_xml::Reader<Counted<'r>>,
    buffer: Vec<u8>,
    path: Vec<Element>,
    text: String,
    is_begun: bool,
    first_day: Option<Date>,
    last_day: Option<Date>,
    account: Account,
    accounts: HashMap<String, Account>,
    unknown: HashSet<String>,
    journal: String,
    transaction: Transaction,
    entry: Entry,
    opening: Totals,
    bookings: Totals,
}

#[derive(Debug, Default, Clone)]
struct Account {
    number: String,
    description: String,
    kind: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Transaction {
    line: u64,
    number: String,
    period: Option<i64>,
    day: Option<Date>,
    /// Debit minus credit, in cents.
    balance: i128,
    has_unreadable: bool,
}

/// A line of a transaction or of the opening balance.
#[derive(Debug, Default)]
struct Entry {
    line: u64,
    account: String,
    cents: Option<i64>,
    is_credit: Option<bool>,
    relation: String,
    cost: String,
}

/// What the file says of a list of lines, and what its lines say.
#[derive(Debug, Default)]
struct Totals {
    said_lines: Option<u64>,
    said_debit: Option<i64>,
    said_credit: Option<i64>,
    lines: u64,
    debit: i128,
    credit: i128,
    has_unreadable: bool,
}

/// What an event asks to be done, once it no longer borrows the buffer.
enum Step {
    Open,
    OpenAndClose,
    Close,
    End,
    Nothing,
}

impl<'r> Xaf<'r> {
    pub(crate) fn new(peeked: Peeked<'r>) -> Result<Self, ImportError> {
        let encoding = encoding_of(&peeked.head)?;
        let source: Box<dyn Read + 'r> = if encoding == UTF_8 {
            Box::new(peeked.into_read())
        } else {
            Box::new(Transcoded::new(peeked.into_read(), encoding))
        };
        let counted = Counted { source: BufReader::with_capacity(64 * 1024, source), lines: 0, left: 0 };
        Ok(Self {
            reader: quick_xml::Reader::from_reader(counted),
            buffer: Vec::new(),
            path: Vec::new(),
            text: String::new(),
            is_begun: false,
            first_day: None,
            last_day: None,
            account: Account::default(),
            accounts: HashMap::new(),
            unknown: HashSet::new(),
            journal: String::new(),
            transaction: Transaction::default(),
            entry: Entry::default(),
            opening: Totals::default(),
            bookings: Totals::default(),
        })
    }

    /// The next line of a transaction that can be used.
    pub(crate) fn next(&mut self, report: &mut Report) -> Result<Option<Record>, ImportError> {
        loop {
            match self.step(&mut report.faults)? {
                Step::Nothing => {}
                Step::Open => self.open()?,
                Step::OpenAndClose => {
                    self.open()?;
                    if let Some(record) = self.close(report)? {
                        return Ok(Some(record));
                    }
                }
                Step::Close => {
                    if let Some(record) = self.close(report)? {
                        return Ok(Some(record));
                    }
                }
                Step::End => return Ok(None),
            }
        }
    }

    fn line(&self) -> u64 {
        self.reader.get_ref().lines + 1
    }

    fn refuse(&self, reason: &'static str) -> ImportError {
        ImportError::Xml { line: self.line(), reason }
    }

    fn step(&mut self, faults: &mut Faults) -> Result<Step, ImportError> {
        self.buffer.clear();
        self.reader.get_mut().left = EVENT_BYTES_MAX;
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(_) if self.reader.get_ref().left == 0 => return Err(self.refuse("an element or text is too long")),
            Err(quick_xml::Error::Io(error)) => {
                return Err(ImportError::Io(io::Error::new(error.kind(), error.to_string())));
            }
            // The library's own words may quote the file.
            Err(_) => return Err(self.refuse("the XML is not well-formed, or the file is cut off")),
        };
        let step = match event {
            Event::Start(_) | Event::Empty(_) if self.path.len() >= DEPTH_MAX => {
                return Err(self.refuse("the elements are nested too deeply"));
            }
            Event::Start(start) => {
                if self.path.is_empty() {
                    check_release(&start, faults);
                }
                self.path.push(Element::of(start.local_name().into_inner()));
                Step::Open
            }
            Event::Empty(start) => {
                self.path.push(Element::of(start.local_name().into_inner()));
                Step::OpenAndClose
            }
            Event::End(_) => Step::Close,
            Event::Text(text) => {
                append(&mut self.text, &text);
                Step::Nothing
            }
            Event::CData(text) => {
                append(&mut self.text, &text);
                Step::Nothing
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().ok().flatten();
                match (character, quick_xml::escape::resolve_predefined_entity(&reference)) {
                    (Some(character), _) => append(&mut self.text, character.encode_utf8(&mut [0; 4])),
                    (None, Some(text)) => append(&mut self.text, text),
                    (None, None) => return Err(self.refuse("an entity that XML itself does not have is not allowed")),
                }
                Step::Nothing
            }
            Event::DocType(_) => return Err(self.refuse("a DOCTYPE is not allowed")),
            Event::Eof if !self.path.is_empty() => return Err(self.refuse("the file is cut off")),
            Event::Eof if !self.is_begun => return Err(self.refuse("this is no audit file")),
            Event::Eof => Step::End,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Step::Nothing,
        };
        Ok(step)
    }
}

impl Xaf<'_> {
    /// An element has begun.
    fn open(&mut self) -> Result<(), ImportError> {
        self.text.clear();
        let line = self.line();
        match *self.path {
            [Element::Auditfile] if !self.is_begun => self.is_begun = true,
            [_] => return Err(self.refuse("this is no audit file")),
            [.., Element::GeneralLedger, Element::LedgerAccount] => self.account = Account::default(),
            [.., Element::Transactions, Element::Journal] => self.journal.clear(),
            [.., Element::Journal, Element::Transaction] => {
                self.transaction = Transaction { line, ..Transaction::default() }
            }
            [.., Element::Transaction, Element::TrLine] | [.., Element::OpeningBalance, Element::ObLine] => {
                self.entry = Entry { line, ..Entry::default() };
            }
            _ => {}
        }
        Ok(())
    }

    /// An element has ended; a line of a transaction may give a record.
    fn close(&mut self, report: &mut Report) -> Result<Option<Record>, ImportError> {
        let text = self.text.trim();
        let short = || text.chars().take(CODE_MAX + 1).collect::<String>();
        match *self.path {
            [.., Element::Header, Element::StartDate] => self.first_day = parse_date(text),
            [.., Element::Header, Element::EndDate] => self.last_day = parse_date(text),
            [.., Element::Header, Element::CurCode] if !text.eq_ignore_ascii_case("EUR") => {
                return Err(ImportError::NotEuro);
            }
            [.., Element::LedgerAccount, Element::AccId] => self.account.number = short(),
            [.., Element::LedgerAccount, Element::AccDesc] => {
                self.account.description = text.chars().take(DESCRIPTION_MAX).collect();
            }
            [.., Element::LedgerAccount, Element::AccTp] => {
                self.account.kind = match text {
                    "B" => Some("balans"),
                    "P" => Some("resultaat"),
                    "M" => Some("gemengd"),
                    _ => None,
                };
            }
            [.., Element::GeneralLedger, Element::LedgerAccount] => self.keep_account()?,
            [.., Element::OpeningBalance, said] => self.opening.hear(said, text),
            [.., Element::Transactions, said @ (Element::LinesCount | Element::TotalDebit | Element::TotalCredit)] => {
                self.bookings.hear(said, text);
            }
            [.., Element::Journal, Element::JrnId] => self.journal = short(),
            [.., Element::Transaction, Element::Nr] => self.transaction.number = short(),
            [.., Element::Transaction, Element::PeriodNumber] => {
                self.transaction.period = text.parse().ok().filter(|period| (0..1000).contains(period));
            }
            [.., Element::Transaction, Element::TrDt] => {
                self.transaction.day = parse_date(text);
                self.check_day(report);
            }
            [.., Element::TrLine | Element::ObLine, Element::AccId] => self.entry.account = short(),
            [.., Element::TrLine | Element::ObLine, Element::Amnt] => self.entry.cents = cents(text),
            [.., Element::TrLine | Element::ObLine, Element::AmntTp] => {
                self.entry.is_credit = match text {
                    "D" => Some(false),
                    "C" => Some(true),
                    _ => None,
                };
            }
            [.., Element::TrLine, Element::CustSupId] => self.entry.relation = short(),
            [.., Element::TrLine, Element::CostId] => self.entry.cost = short(),
            _ => {}
        }
        let record = match *self.path {
            [.., Element::OpeningBalance, Element::ObLine] => {
                self.opening.count(&self.entry);
                None
            }
            [.., Element::Transaction, Element::TrLine] => self.post(report),
            [.., Element::Journal, Element::Transaction] => {
                self.check_balance(report);
                None
            }
            [.., Element::Company, Element::OpeningBalance] => {
                self.opening.check("openingBalance", self.line(), &mut report.faults);
                None
            }
            [.., Element::Company, Element::Transactions] => {
                self.bookings.check("transactions", self.line(), &mut report.faults);
                None
            }
            _ => None,
        };
        self.path.pop();
        self.text.clear();
        Ok(record)
    }

    fn keep_account(&mut self) -> Result<(), ImportError> {
        if self.accounts.len() >= ACCOUNTS_MAX {
            return Err(ImportError::TooLarge { what: "accounts in an audit file", most: ACCOUNTS_MAX as u64 });
        }
        let account = std::mem::take(&mut self.account);
        if is_code(&account.number) {
            self.accounts.insert(account.number.clone(), account);
        }
        Ok(())
    }

    fn check_day(&self, report: &mut Report) {
        let (Some(first), Some(last), Some(day)) = (self.first_day, self.last_day, self.transaction.day) else {
            return;
        };
        if !(first..=last).contains(&day) {
            let text = format!("{day} ligt niet in het boekjaar van {first} tot en met {last}");
            report.faults.report(Rule::XafDate, self.line(), "trDt", text);
        }
    }

    /// A line of a transaction as a record, or a fault.
    fn post(&mut self, report: &mut Report) -> Option<Record> {
        report.rows += 1;
        self.bookings.count(&self.entry);
        let Entry { line, .. } = self.entry;
        let missing = match (self.entry.cents, self.entry.is_credit, self.transaction.day) {
            _ if !is_code(&self.entry.account) => Some(("accID", "het nummer van de rekening ontbreekt of is te lang")),
            (None, ..) => Some(("amnt", "het bedrag ontbreekt of is geen bedrag met ten hoogste twee decimalen")),
            (_, None, _) => Some(("amntTp", "D of C ontbreekt")),
            (.., None) => Some(("trDt", "de datum van de boeking ontbreekt of is geen datum")),
            _ => None,
        };
        let (Some(cents), Some(is_credit), Some(day), None) =
            (self.entry.cents, self.entry.is_credit, self.transaction.day, missing)
        else {
            self.transaction.has_unreadable |= self.entry.signed().is_none();
            self.transaction.balance += i128::from(self.entry.signed().unwrap_or_default());
            let (element, text) = missing.unwrap_or_default();
            report.faults.report(Rule::XafLine, line, element, text);
            return None;
        };
        let signed = if is_credit { -cents } else { cents };
        self.transaction.balance += i128::from(signed);
        let account = self.accounts.get(&self.entry.account);
        if account.is_none() && self.unknown.len() < FAULTS_MAX && self.unknown.insert(self.entry.account.clone()) {
            let text = match self.accounts.len() {
                0 => "de auditfile bevat geen rekeningschema".to_owned(),
                _ => format!("rekening{} staat niet in het rekeningschema", shown(&self.entry.account)),
            };
            report.faults.report(Rule::XafAccount, line, "accID", text);
        }
        let mut record = Record { line, soort: Soort::Grootboek, values: vec![None; Soort::Grootboek.fields().len()] };
        let mut set = |field: &str, value: Option<Value>| {
            let position = Soort::Grootboek.position(field).expect("the field is declared");
            record.values[position] = value;
        };
        let text = |text: &str| is_code(text).then(|| Value::Text(text.to_owned()));
        set("boekdatum", Some(Value::Day(day)));
        set("periode", self.transaction.period.map(Value::Whole));
        set("rekening", text(&self.entry.account));
        if let Some(account) = account {
            let description = &account.description;
            set("rekeningomschrijving", (!description.is_empty()).then(|| Value::Text(description.clone())));
            set("rekeningtype", account.kind.map(|kind| Value::Text(kind.to_owned())));
        }
        set("kostenplaats", text(&self.entry.cost).filter(|_| !could_be_bsn(&self.entry.cost)));
        set("bedrag", Some(Value::Amount(Bedrag::from_cents(signed))));
        set("dagboek", text(&self.journal));
        set("boekstuk", text(&self.transaction.number));
        // Some packages number citizens by their citizen service number.
        set("relatie", text(&self.entry.relation).filter(|_| !could_be_bsn(&self.entry.relation)));
        report.taken += 1;
        Some(record)
    }

    fn check_balance(&self, report: &mut Report) {
        let Transaction { line, balance, has_unreadable, .. } = self.transaction;
        if balance != 0 && !has_unreadable {
            let number = shown(&self.transaction.number);
            let text = format!("boeking{number}: debet min credit is {}", money(balance));
            report.faults.report(Rule::XafBalance, line, "transaction", text);
        }
    }
}

impl Entry {
    /// Debit positive, credit negative.
    fn signed(&self) -> Option<i64> {
        let cents = self.cents?;
        Some(if self.is_credit? { -cents } else { cents })
    }
}

impl Totals {
    fn hear(&mut self, said: Element, text: &str) {
        match said {
            Element::LinesCount => self.said_lines = text.parse().ok(),
            Element::TotalDebit => self.said_debit = cents(text),
            Element::TotalCredit => self.said_credit = cents(text),
            _ => {}
        }
    }

    fn count(&mut self, entry: &Entry) {
        self.lines += 1;
        match (entry.cents, entry.is_credit) {
            (Some(cents), Some(false)) => self.debit += i128::from(cents),
            (Some(cents), Some(true)) => self.credit += i128::from(cents),
            _ => self.has_unreadable = true,
        }
    }

    fn check(&self, parent: &str, line: u64, faults: &mut Faults) {
        if let Some(said) = self.said_lines.filter(|said| *said != self.lines) {
            let text = format!("de auditfile noemt {said} regels, het zijn er {}", self.lines);
            faults.report(Rule::XafTotal, line, &format!("{parent}/linesCount"), text);
        }
        for (element, said, sum) in
            [("totalDebit", self.said_debit, self.debit), ("totalCredit", self.said_credit, self.credit)]
        {
            // A line that can't be read has its own finding, and explains the difference.
            if let Some(said) = said.filter(|said| i128::from(*said) != sum && !self.has_unreadable) {
                let text = format!("de auditfile noemt {}, de regels tellen op tot {}", money(said.into()), money(sum));
                faults.report(Rule::XafTotal, line, &format!("{parent}/{element}"), text);
            }
        }
    }
}

/// A namespace that is not of a known release is told, not refused.
fn check_release(root: &BytesStart<'_>, faults: &mut Faults) {
    let mut declared = root.attributes().filter_map(Result::ok).filter(|attribute| {
        let name = attribute.key.into_inner();
        name == "xmlns" || name.starts_with("xmlns:")
    });
    if !declared.any(|attribute| NAMESPACES.contains(&attribute.value.trim())) {
        faults.report(Rule::XafRelease, 1, "auditfile", "de namespace is niet die van versie 3.1, 3.2 of 4.0");
    }
}

fn encoding_of(head: &[u8]) -> Result<&'static Encoding, ImportError> {
    if let Some(encoding) = wide_encoding(head) {
        return Ok(encoding);
    }
    let start = String::from_utf8_lossy(&head[..head.len().min(200)]).into_owned();
    let declaration = start.split("?>").next().filter(|text| text.contains("<?xml")).unwrap_or_default();
    let Some((_, rest)) = declaration.split_once("encoding") else { return Ok(UTF_8) };
    let name = rest.trim_start_matches(['=', ' ', '"', '\'']);
    let name: &str = name.split(['"', '\'']).next().unwrap_or_default();
    let found = Encoding::for_label(name.as_bytes());
    // Without its byte order mark UTF-16 would not have been read this far.
    found
        .map(|encoding| if wide_encoding(&[0xFF, 0xFE]) == Some(encoding) { UTF_8 } else { encoding })
        .ok_or(ImportError::Unreadable { what: "XML", reason: "the encoding it names is unknown".to_owned() })
}

fn append(text: &mut String, part: &str) {
    if text.len() < TEXT_BYTES_MAX {
        let most = part.floor_char_boundary(TEXT_BYTES_MAX);
        text.push_str(&part[..most]);
    }
}

/// An `xsd:decimal` of at most two decimals, as whole cents.
fn cents(text: &str) -> Option<i64> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+')) {
        return None;
    }
    let number = parse_number(text, Notation::Point).ok()?;
    let nano_cents = number.nano() * 100;
    let is_whole = nano_cents % 1_000_000_000 == 0;
    is_whole.then(|| i64::try_from(nano_cents / 1_000_000_000).ok()).flatten().filter(|cents| cents.abs() <= CENTS_MAX)
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= CODE_MAX
}

fn could_be_bsn(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (8..=9).contains(&digits.len()) && format!("{digits:0>9}").parse::<Bsn>().is_ok()
}

/// A code with a blank before it, or nothing when it could be the name or number of a person.
fn shown(code: &str) -> String {
    let is_plain = is_code(code) && code.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/'));
    if is_plain && !could_be_bsn(code) { format!(" {code}") } else { String::new() }
}

fn money(cents: i128) -> String {
    i64::try_from(cents)
        .map_or_else(|_| "een bedrag dat te groot is".to_owned(), |cents| Bedrag::from_cents(cents).to_string())
}

/// Counts lines, and stops when one event takes too much.
struct Counted<'r> {
    source: BufReader<Box<dyn Read + 'r>>,
    /// Ends of lines that were passed.
    lines: u64,
    /// Bytes the event being read may still take.
    left: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::other("an event is too long"));
        }
        let ready = self.source.fill_buf()?;
        Ok(&ready[..ready.len().min(self.left)])
    }

    fn consume(&mut self, count: usize) {
        let passed = self.source.buffer().get(..count).unwrap_or_default();
        self.lines += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.left = self.left.saturating_sub(count);
        self.source.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{EVENT_BYTES_MAX, Xaf, cents, could_be_bsn, shown};
    use crate::{Report, file::Peeked};

    #[test]
    fn amounts_of_the_standard() {
        for (text, expected) in [
            ("12.50", Some(1250)),
            ("-3", Some(-300)),
            ("0.1", Some(10)),
            ("1.005", None),
            ("1,50", None),
            ("", None),
            ("1 000", None),
        ] {
            assert_eq!(cents(text), expected, "{text}");
        }
        assert!(could_be_bsn("999900006") && could_be_bsn("D999900006") && !could_be_bsn("12345"));
        assert_eq!([shown("2025-001"), shown("999900006"), shown("Jansen")], [" 2025-001", "", ""]);
    }

    /// A file that is made while it is read.
    struct Endless {
        head: &'static [u8],
        piece: &'static [u8],
        tail: &'static [u8],
        pieces: usize,
        at: usize,
    }

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let source = if !self.head.is_empty() {
                &mut self.head
            } else if self.pieces > 0 {
                let count = buffer.len().min(self.piece.len() - self.at);
                buffer[..count].copy_from_slice(&self.piece[self.at..self.at + count]);
                self.at += count;
                if self.at == self.piece.len() {
                    (self.at, self.pieces) = (0, self.pieces - 1);
                }
                return Ok(count);
            } else {
                &mut self.tail
            };
            source.read(buffer)
        }
    }

    const HEAD: &[u8] = b"<auditfile xmlns=\"http://www.auditfiles.nl/XAF/3.2\"><header><startDate>2025-01-01</startDate>\
        <endDate>2025-12-31</endDate><curCode>EUR</curCode></header><company><generalLedger><ledgerAccount><accID>4300</accID>\
        <accDesc>Jeugdhulp</accDesc><accTp>P</accTp></ledgerAccount></generalLedger><transactions>\
        <linesCount>1000000</linesCount><totalDebit>6250000.00</totalDebit><totalCredit>6250000.00</totalCredit><journal>\
        <jrnID>INK</jrnID>\n";
    const PIECE: &[u8] = b"<transaction><nr>1</nr><periodNumber>6</periodNumber><trDt>2025-06-30</trDt><trLine><nr>1</nr>\
        <accID>4300</accID><effDate>2025-06-30</effDate><desc>iets</desc><amnt>12.50</amnt><amntTp>D</amntTp></trLine>\n\
        <trLine><nr>2</nr><accID>4300</accID><amnt>12.50</amnt><amntTp>C</amntTp></trLine></transaction>\n";
    const TAIL: &[u8] = b"</journal></transactions></company></auditfile>";

    #[test]
    fn a_million_lines_take_no_more_memory_than_one() {
        let file = Endless { head: HEAD, piece: PIECE, tail: TAIL, pieces: 500_000, at: 0 };
        let mut xaf = Xaf::new(Peeked::new(file).unwrap()).unwrap();
        let (mut report, mut last_line, mut cents_sum) = (Report::default(), 0, 0);
        while let Some(record) = xaf.next(&mut report).unwrap() {
            last_line = record.line;
            cents_sum += record.amount("bedrag").unwrap().cents;
        }
        assert_eq!((report.rows, report.taken, report.faults.count), (1_000_000, 1_000_000, 0));
        assert_eq!((last_line, cents_sum), (1_000_001, 0));
        // Whatever grows with the file would have grown by now.
        assert!(xaf.buffer.capacity() <= 4096, "{}", xaf.buffer.capacity());
        assert!(xaf.text.capacity() <= 4096 && xaf.accounts.len() == 1 && xaf.unknown.is_empty());
    }

    #[test]
    fn a_text_without_end_is_given_up_before_it_fills_the_memory() {
        let file = Endless { head: b"<auditfile><company>", piece: b"Jansen ", tail: b"", pieces: usize::MAX, at: 0 };
        let mut xaf = Xaf::new(Peeked::new(file).unwrap()).unwrap();
        let error = xaf.next(&mut Report::default()).unwrap_err().to_string();
        assert!(error.contains("too long") && !error.contains("Jansen"), "{error}");
        assert!(xaf.buffer.capacity() <= 4 * EVENT_BYTES_MAX);
    }
}
