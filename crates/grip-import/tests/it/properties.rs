use grip_import::{Mapping, Reader, Soort, fuzz};
use proptest::prelude::*;

use crate::read;

/// A row of the general ledger as it should come back.
#[derive(Debug, Clone, PartialEq)]
struct Booking {
    day: jiff::civil::Date,
    account: String,
    description: Option<String>,
    cents: i64,
    taakveld: Option<String>,
}

fn booking() -> impl Strategy<Value = Booking> {
    let day = (2000_i16..2099, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| jiff::civil::date(year, month, day));
    // Quotation marks, delimiters, ends of lines and letters of both encodings.
    let text = proptest::string::string_regex("[a-zA-Zéëü€][a-zéëü€\"';,|\t ]{0,12}(\n[a-z])?[a-z]").unwrap();
    let taakveld = prop::sample::select(vec!["6.1", "6.10", "6.72", "6.72a", "6.762", "0.10"]);
    (day, "[A-Z0-9]{1,10}", prop::option::of(text), -9_999_999_999_i64..9_999_999_999, prop::option::of(taakveld))
        .prop_map(|(day, account, description, cents, taakveld)| Booking {
            day,
            account,
            description,
            cents,
            taakveld: taakveld.map(ToOwned::to_owned),
        })
}

/// How a supplier happens to write.
#[derive(Debug, Clone)]
struct Dialect {
    delimiter: char,
    decimal: char,
    groups: bool,
    quotes_all: bool,
    crlf: bool,
    mark: bool,
    windows: bool,
    order: Vec<usize>,
    titles: usize,
    day_form: u8,
    sign: u8,
}

fn dialect() -> impl Strategy<Value = Dialect> {
    let order = Just((0..5).collect::<Vec<usize>>()).prop_shuffle();
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (prop::sample::select(vec![';', ',', '\t', '|']), any::<bool>(), flags, order, 0_usize..3, 0_u8..3, 0_u8..3)
        .prop_map(|(delimiter, comma, (groups, quotes_all, crlf, mark, windows), order, titles, day_form, sign)| {
            Dialect {
                delimiter,
                decimal: if comma { ',' } else { '.' },
                groups,
                quotes_all,
                crlf,
                mark: mark && !windows,
                windows,
                order,
                titles,
                day_form,
                sign,
            }
        })
}

const FIELDS: [&str; 5] = ["boekdatum", "rekening", "rekeningomschrijving", "bedrag", "taakveld"];
const NAMES: [&str; 5] = ["Datum boeking", "Rek.nr", "Omschrijving", "Bedrag (EUR)", "Taak-veld"];

impl Dialect {
    fn amount(&self, cents: i64) -> String {
        let (euros, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
        let mut digits = euros.to_string();
        if self.groups {
            let group = if self.decimal == ',' { '.' } else { ',' };
            let mut at = digits.len();
            while at > 3 {
                at -= 3;
                digits.insert(at, group);
            }
        }
        let text = format!("{digits}{}{rest:02}", self.decimal);
        match (cents < 0, self.sign) {
            (false, _) => text,
            (true, 0) => format!("-{text}"),
            (true, 1) => format!("{text}-"),
            (true, _) => format!("({text})"),
        }
    }

    fn cell(&self, text: &str) -> String {
        let must = text.contains(['"', '\n', self.delimiter]);
        if must || self.quotes_all { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    }

    fn write(&self, bookings: &[Booking]) -> Vec<u8> {
        let end = if self.crlf { "\r\n" } else { "\n" };
        let line = |cells: &[String]| {
            let cells: Vec<String> = self.order.iter().map(|position| self.cell(&cells[*position])).collect();
            cells.join(&self.delimiter.to_string()) + end
        };
        let mut text = if self.mark { "\u{feff}".to_owned() } else { String::new() };
        for _ in 0..self.titles {
            text += "Titel";
            text += end;
        }
        text += &line(&NAMES.map(ToOwned::to_owned));
        for booking in bookings {
            let day = booking.day;
            let day = match self.day_form {
                0 => day.to_string(),
                1 => format!("{}-{}-{}", day.day(), day.month(), day.year()),
                _ => day.to_string().replace('-', ""),
            };
            text += &line(&[
                day,
                booking.account.clone(),
                booking.description.clone().unwrap_or_default(),
                self.amount(booking.cents),
                booking.taakveld.clone().unwrap_or_default(),
            ]);
        }
        if !self.windows {
            return text.into_bytes();
        }
        let byte = |c: char| if c == '€' { 0x80 } else { u8::try_from(u32::from(c)).unwrap() };
        text.chars().map(byte).collect()
    }

    fn mapping(&self) -> String {
        let fields: Vec<String> =
            FIELDS.iter().zip(NAMES).map(|(field, name)| format!("{field} = \"{}\"", name.to_uppercase())).collect();
        let Self { decimal, titles, .. } = self;
        format!("[bestand]\ndecimaal = \"{decimal}\"\nkopregel = {}\n[velden]\n{}\n", titles + 1, fields.join("\n"))
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(bookings in prop::collection::vec(booking(), 0..20), dialect in dialect()) {
        let bytes = dialect.write(&bookings);
        // Some words are letters in both encodings; nobody can tell those apart.
        prop_assume!(!dialect.windows || bytes.is_ascii() || std::str::from_utf8(&bytes).is_err());
        let (records, report) = read(&bytes, Soort::Grootboek, &dialect.mapping()).unwrap();
        prop_assert_eq!(report.faults.count, 0, "{:?}", report.faults.kept);
        let found: Vec<Booking> = records
            .iter()
            .map(|record| Booking {
                day: record.day("boekdatum").unwrap(),
                account: record.text("rekening").unwrap().to_owned(),
                description: record.text("rekeningomschrijving").map(ToOwned::to_owned),
                cents: record.amount("bedrag").unwrap().cents,
                taakveld: record.text("taakveld").map(ToOwned::to_owned),
            })
            .collect();
        prop_assert_eq!(found, bookings);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), kind in 0..11_usize) {
        let _ = Reader::new(bytes.as_slice(), Soort::ALL[kind], &Mapping::default()).map(|reader| reader.count());
        let _ = (fuzz::read_with_mapping(&bytes), fuzz::read_xaf(&bytes), fuzz::check_publicatie(&bytes));
        let zipped = [b"PK\x03\x04".as_slice(), &bytes].concat();
        let _ = Reader::new(zipped.as_slice(), Soort::ALL[kind], &Mapping::default()).map(|reader| reader.count());
    }

    /// Files that are almost right go deeper than arbitrary bytes do.
    #[test]
    fn rows_of_any_text_never_panic(
        kind in 0..11_usize,
        rows in prop::collection::vec(prop::collection::vec("[-0-9a-zA-Z.,;:/() €é%*\"#+’]{0,14}", 0..20), 0..10),
    ) {
        let soort = Soort::ALL[kind];
        let names: Vec<&str> = soort.fields().iter().map(|field| field.name).collect();
        let rows: Vec<String> = rows.iter().map(|cells| cells.join(";")).collect();
        let text = format!("{}\n{}\n", names.join(";"), rows.join("\n"));
        let (records, report) = read(text.as_bytes(), soort, "").unwrap();
        prop_assert_eq!(records.len() as u64, report.taken);
        prop_assert!(report.taken + report.faults.count >= report.rows);
        // A record has what its kind requires.
        for record in &records {
            prop_assert!(soort.fields().iter().all(|field| !field.is_required || record.value(field.name).is_some()));
        }
    }

    #[test]
    fn broken_audit_files_never_panic(at in 0..600_usize, byte in any::<u8>(), cut in 0..600_usize) {
        let good = "<?xml version=\"1.0\"?><auditfile xmlns=\"http://www.auditfiles.nl/XAF/3.2\"><header><curCode>EUR</curCode>\
            </header><company><transactions><linesCount>1</linesCount><journal><jrnID>1</jrnID><transaction><nr>1</nr>\
            <trDt>2025-01-01</trDt><trLine><accID>1</accID><amnt>1.00</amnt><amntTp>D</amntTp></trLine></transaction></journal>\
            </transactions></company></auditfile>";
        let mut bytes = good.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = fuzz::read_xaf(&bytes);
        let _ = fuzz::read_xaf(&good.as_bytes()[..cut % good.len()]);
    }
}
