//! What a cell means, given the type of its field.

use std::fmt;

use grip_types::{AgbCode, Bedrag, Bsn, Date, GemeenteCode, Maand, Periode, Wet, parse_date};

use crate::{
    Decimal, Field, Rekeningen, Soort, Taakveld, Type,
    decimal::{Notation, NumberFault, parse_number},
    fault::Rule,
    file::{Cell, CellKind},
};

/// A value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, or a code as its list stores it.
    Text(String),
    /// A whole number; of a year the year, of a book period its number.
    Whole(i64),
    /// A day.
    Day(Date),
    /// A calendar month.
    Month(Maand),
    /// A period of days.
    Period(Periode),
    /// A number or percentage.
    Decimal(Decimal),
    /// Money.
    Amount(Bedrag),
    /// `wmo` or `jw`.
    Wet(Wet),
    /// A provider.
    Agb(AgbCode),
    /// A citizen.
    Bsn(Bsn),
    /// A municipality.
    Gemeente(GemeenteCode),
    /// A task field.
    Taakveld(Taakveld),
    /// Accounts.
    Rekeningen(Rekeningen),
    /// Yes or no.
    YesNo(bool),
}

/// A row that can be used: every required field has a value of its type.
#[derive(Clone, PartialEq)]
pub struct Record {
    /// Line in the file, from 1; of a spreadsheet the row.
    pub line: u64,
    pub(crate) soort: Soort,
    pub(crate) values: Vec<Option<Value>>,
}

macro_rules! accessors {
    ($($(#[doc = $doc:literal])* $name:ident $variant:ident -> $type:ty = $read:expr;)*) => {
        $(
            $(#[doc = $doc])*
            ///
            /// # Panics
            /// When the kind of the record has no field of that name and type.
            #[track_caller]
            pub fn $name(&self, field: &str) -> Option<$type> {
                match self.value(field) {
                    Some(Value::$variant(value)) => { let read: fn(&_) -> _ = $read; Some(read(value)) },
                    Some(_) => panic!("field `{field}` of {} is of another type", self.soort),
                    None => None,
                }
            }
        )*
    };
}

impl Record {
    /// The kind of source.
    pub fn soort(&self) -> Soort {
        self.soort
    }

    /// The value of a field, or `None` when its cell is empty.
    ///
    /// # Panics
    /// When the kind of the record has no such field.
    #[track_caller]
    pub fn value(&self, field: &str) -> Option<&Value> {
        let Some(position) = self.soort.position(field) else { panic!("{} has no field `{field}`", self.soort) };
        self.values[position].as_ref()
    }

    /// A text, or a code as its list stores it.
    ///
    /// # Panics
    /// When the kind of the record has no field of that name and type.
    #[track_caller]
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.value(field) {
            Some(Value::Text(text)) => Some(text),
            Some(Value::Taakveld(taakveld)) => Some(taakveld.as_str()),
            Some(_) => panic!("field `{field}` of {} is no text", self.soort),
            None => None,
        }
    }

    accessors! {
        /// A whole number, a year, or the number of a book period.
        whole Whole -> i64 = |value| *value;
        /// A day.
        day Day -> Date = |value| *value;
        /// A calendar month.
        month Month -> Maand = |value| *value;
        /// A period of days.
        period Period -> Periode = |value| *value;
        /// A number or percentage.
        decimal Decimal -> Decimal = |value| *value;
        /// Money.
        amount Amount -> Bedrag = |value| *value;
        /// The law.
        wet Wet -> Wet = |value| *value;
        /// A provider.
        agb Agb -> AgbCode = |value| *value;
        /// A citizen.
        bsn Bsn -> Bsn = |value| *value;
        /// A municipality.
        gemeente Gemeente -> GemeenteCode = |value| *value;
        /// A task field.
        taakveld Taakveld -> Taakveld = |value: &Taakveld| value.clone();
        /// Accounts.
        rekeningen Rekeningen -> Rekeningen = |value: &Rekeningen| value.clone();
        /// Yes or no.
        yes_no YesNo -> bool = |value| *value;
    }
}

/// Shows which fields have a value and never which value: a record may be about a citizen.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.soort.fields().iter().zip(&self.values).filter(|(_, value)| value.is_some());
        let names: Vec<&str> = named.map(|(field, _)| field.name).collect();
        f.debug_struct("Record").field("line", &self.line).field("soort", &self.soort).field("has", &names).finish()
    }
}

/// How the supplier writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) notation: Notation,
    pub(crate) day_order: DayOrder,
}

/// Order of day, month and year where a date is not written as `2025-06-30`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum DayOrder {
    #[default]
    DayFirst,
    MonthFirst,
    /// Days since the end of 1899, as a spreadsheet counts them.
    Serial,
}

/// How an amount is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Euros that a 1 in the column stands for.
    pub(crate) euros: i64,
    pub(crate) rounds: bool,
}

impl Default for Unit {
    fn default() -> Self {
        Self { euros: 1, rounds: false }
    }
}

/// A thousand billion euros: more is no amount of a municipality, and sums of ninety of them still fit.
pub(crate) const CENTS_MAX: i64 = 100_000_000_000_000_000;

/// Why a cell can't be used: the rule, and a remark about this cell that quotes nothing.
pub(crate) struct Refusal {
    pub(crate) rule: Rule,
    pub(crate) remark: Option<&'static str>,
}

const WRONG: Refusal = Refusal { rule: Rule::Value, remark: None };

fn refuse(rule: Rule, remark: &'static str) -> Refusal {
    Refusal { rule, remark: Some(remark) }
}

/// What a cell that is not empty means.
pub(crate) fn read_cell(cell: Cell<'_>, field: &Field, style: Style, unit: Unit) -> Result<Value, Refusal> {
    let text = cell.text;
    if cell.kind == CellKind::Error {
        return Err(refuse(Rule::Value, "de cel bevat een foutmelding van het rekenblad"));
    }
    let number = || read_number(cell, style.notation);
    match field.kind {
        Type::Text(most) if text.chars().count() <= most => Ok(Value::Text(text.to_owned())),
        Type::Text(_) => Err(refuse(Rule::Value, "de tekst is te lang")),
        Type::Year => {
            read_whole(cell, style.notation).filter(|year| (1990..2100).contains(year)).map(Value::Whole).ok_or(WRONG)
        }
        Type::Day => read_day(cell, style.day_order).map(Value::Day),
        Type::Month => read_period(cell).and_then(month_of).map(Value::Month).ok_or(WRONG),
        Type::Period => read_period(cell).map(Value::Period).ok_or(WRONG),
        Type::BookPeriod => read_book_period(text).map(Value::Whole).ok_or(WRONG),
        Type::Whole => read_whole(cell, style.notation).filter(|number| *number >= 0).map(Value::Whole).ok_or(WRONG),
        Type::Decimal => number().map(Value::Decimal),
        Type::Percent => {
            let cell = Cell { text: text.trim_end_matches('%').trim_end(), kind: cell.kind };
            let number = read_number(cell, style.notation)?;
            let fits = (Decimal::new(0, 0)..=Decimal::new(100, 0)).contains(&number);
            if fits { Ok(Value::Decimal(number)) } else { Err(WRONG) }
        }
        Type::Amount => read_amount(cell, style.notation, unit).map(Value::Amount),
        Type::Code(codes) => {
            let wanted = fold(text);
            let found = codes
                .iter()
                .find(|(code, others)| fold(code) == wanted || others.iter().any(|other| fold(other) == wanted));
            found.map(|(code, _)| Value::Text((*code).to_owned())).ok_or(Refusal { rule: Rule::Code, remark: None })
        }
        Type::Digits(width, least) => digits(text, width, least).map(Value::Text).ok_or(WRONG),
        Type::Wet => text.parse().map(Value::Wet).map_err(|_| Refusal { rule: Rule::Code, remark: None }),
        Type::Agb => digits(text, 8, 5).and_then(|code| code.parse().ok()).map(Value::Agb).ok_or(WRONG),
        Type::Bsn => {
            let bare: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
            let read = digits(&bare, 9, 8).and_then(|bare| bare.parse().ok());
            read.map(Value::Bsn).ok_or(Refusal { rule: Rule::Bsn, remark: None })
        }
        Type::Gemeente => {
            let bare = text.strip_prefix("GM").or_else(|| text.strip_prefix("gm")).unwrap_or(text).trim();
            digits(bare, 4, 2).and_then(|code| code.parse().ok()).map(Value::Gemeente).ok_or(WRONG)
        }
        Type::Taakveld => {
            // A spreadsheet that stores numbers makes 6.6 of 6.60, and 0.1 of 0.10.
            if cell.kind == CellKind::Number && matches!(text, "6.6" | "0.1") {
                return Err(refuse(
                    Rule::Ambiguous,
                    "als getal is niet te zien of er nog een nul achter stond: bewaar de kolom als tekst",
                ));
            }
            text.parse().map(Value::Taakveld).map_err(|_| WRONG)
        }
        Type::Rekeningen => text.parse().map(Value::Rekeningen).map_err(|_| WRONG),
        Type::YesNo => match fold(text).as_str() {
            "ja" | "j" | "true" | "waar" | "1" | "yes" | "y" => Ok(Value::YesNo(true)),
            "nee" | "n" | "false" | "onwaar" | "0" | "no" => Ok(Value::YesNo(false)),
            _ => Err(Refusal { rule: Rule::Code, remark: None }),
        },
    }
}

/// Letters and digits in lower case: what is left of a name when case, blanks and punctuation do not count.
pub(crate) fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn digits(text: &str, width: usize, least: usize) -> Option<String> {
    let valid = (least..=width).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| format!("{text:0>width$}"))
}

fn notation_of(cell: Cell<'_>, notation: Notation) -> Notation {
    if cell.kind == CellKind::Number { Notation::Point } else { notation }
}

fn read_number(cell: Cell<'_>, notation: Notation) -> Result<Decimal, Refusal> {
    parse_number(cell.text, notation_of(cell, notation)).map_err(|fault| match fault {
        NumberFault::NoNumber => WRONG,
        NumberFault::Ambiguous { .. } => Refusal { rule: Rule::Ambiguous, remark: None },
    })
}

fn read_whole(cell: Cell<'_>, notation: Notation) -> Option<i64> {
    match parse_number(cell.text, notation_of(cell, notation)) {
        Ok(number) => number.whole(),
        // Of a whole number a separator can only be one of thousands.
        Err(NumberFault::Ambiguous { grouped, .. }) => grouped.whole(),
        Err(NumberFault::NoNumber) => None,
    }
}

/// Money in whole eurocents.
///
/// # Formula
/// cents = number × euros per unit × 100, which must be whole, or is rounded half away from zero when the mapping says so.
fn read_amount(cell: Cell<'_>, notation: Notation, unit: Unit) -> Result<Bedrag, Refusal> {
    let number = match parse_number(cell.text, notation_of(cell, notation)) {
        Ok(number) => number,
        // Cents have two digits: a point before three is one of thousands, as Dutch spreadsheets write it. In a column of
        // millions it is not.
        Err(NumberFault::Ambiguous { grouped, separator: '.' }) if unit.euros == 1 => grouped,
        Err(NumberFault::Ambiguous { .. }) => return Err(Refusal { rule: Rule::Ambiguous, remark: None }),
        Err(NumberFault::NoNumber) => return Err(WRONG),
    };
    let nano_cents = number.nano() * i128::from(unit.euros) * 100;
    let nano = 1_000_000_000_i128;
    let rest = nano_cents % nano;
    if rest != 0 && !unit.rounds {
        return Err(refuse(
            Rule::Value,
            "het bedrag heeft een deel van een cent; `afronden = true` in de koppeling rondt af",
        ));
    }
    let away = if rest.abs() * 2 >= nano { rest.signum() } else { 0 };
    let cents = i64::try_from(nano_cents / nano + away).ok().filter(|cents| cents.abs() <= CENTS_MAX);
    cents.map(Bedrag::from_cents).ok_or(WRONG)
}

fn read_day(cell: Cell<'_>, order: DayOrder) -> Result<Date, Refusal> {
    let text = cell.text;
    let day = match order {
        DayOrder::Serial if cell.kind != CellKind::Day => {
            let days = text.parse::<i32>().ok().filter(|days| (1..=200_000).contains(days)).ok_or(WRONG)?;
            // Day 60 is a 29 February 1900 that never was; dates before it do not occur.
            jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).map_err(|_| WRONG)?
        }
        _ => parse_date(strip_midnight(text)).or_else(|| day_of_people(strip_midnight(text), order)).ok_or(WRONG)?,
    };
    if (1900..2200).contains(&day.year()) || day.year() == 9999 { Ok(day) } else { Err(WRONG) }
}

/// Exports of databases write a time behind every date; only midnight says nothing.
fn strip_midnight(text: &str) -> &str {
    let (day, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], text[at + 1..].trim()),
        None => return text,
    };
    let is_midnight = time.starts_with("0:00") || time.starts_with("00:00");
    let says_nothing = time.bytes().all(|byte| matches!(byte, b'0' | b':' | b'.' | b'Z'));
    if is_midnight && says_nothing { day } else { text }
}

fn day_of_people(text: &str, order: DayOrder) -> Option<Date> {
    if let Some(compact) = (text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text) {
        return parse_date(&format!("{}-{}-{}", &compact[..4], &compact[4..6], &compact[6..]));
    }
    let mut parts = text.split(['-', '/', '.']);
    let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
    let short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !is_year || !short(first) || (!short(second) && second.len() < 3) {
        return None;
    }
    let (day, month) = if order == DayOrder::MonthFirst { (second, first) } else { (first, second) };
    let month: i8 = if short(month) { month.parse().ok()? } else { month_by_name(month)? };
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

/// A month by its Dutch name or the first three letters of it; `mrt` is the usual short form of maart.
fn month_by_name(text: &str) -> Option<i8> {
    let text = fold(text);
    let is_it = |name: &str| {
        text == name || text.chars().count() == 3 && name.starts_with(&text) || text == "mrt" && name == "maart"
    };
    let position = MONTHS.iter().position(|name| is_it(name))?;
    i8::try_from(position + 1).ok()
}

/// A period as CBS, systems and people write it; both ends belong to it.
pub(crate) fn read_period(cell: Cell<'_>) -> Option<Periode> {
    let text = cell.text.trim();
    if cell.kind == CellKind::Day {
        return parse_date(text).map(|day| Periode { begin: day, eind: day });
    }
    if let Some(day) = parse_date(text) {
        return Some(Periode { begin: day, eind: day });
    }
    if let Some((from, to)) = text.split_once('/')
        && let (Some(from), Some(to)) = (year(from), year(to))
    {
        let valid = from <= to;
        return valid.then(|| Periode { begin: Maand::new(from, 1).first_day(), eind: Maand::new(to, 12).last_day() });
    }
    let words: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let joined: String = words.split_whitespace().collect();
    if let Some(year) = year(&joined) {
        return Some(months(year, 1, 12));
    }
    // Without anything between them a year and one digit are no month.
    let is_loose = words.split_whitespace().count() > 1;
    let months_of_year = |year: i16, rest: &str| {
        let (first, count) = part_of_year(rest).filter(|_| is_loose || rest.len() > 1)?;
        Some(months(year, first, count))
    };
    // The year stands first (`2025-06`, `2025K2`, `2025MM06`) or last (`06-2025`, `juni 2025`, `2e kwartaal 2025`).
    if let Some((head, rest)) = joined.split_at_checked(4)
        && let Some(year) = year(head)
    {
        return months_of_year(year, rest);
    }
    let (rest, tail) = joined.split_at_checked(joined.len().checked_sub(4)?)?;
    months_of_year(year(tail)?, rest)
}

fn year(text: &str) -> Option<i16> {
    let text = text.trim();
    let valid = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| text.parse().ok()).flatten().filter(|year| (1900..2200).contains(year))
}

fn months(year: i16, first: i32, count: i32) -> Periode {
    Periode { begin: Maand::new(year, first).first_day(), eind: Maand::new(year, first + count - 1).last_day() }
}

/// First month and number of months: `06`, `m6`, `mm06`, `juni`, `h1`, `hj01`, `1ehalfjaar`, `k2`, `q2`, `kw02`, `2ekwartaal`,
/// `jj00`.
fn part_of_year(text: &str) -> Option<(i32, i32)> {
    if text == "jj00" {
        return Some((1, 12));
    }
    if let Some(month) = month_by_name(text) {
        return Some((i32::from(month), 1));
    }
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_ordinal = text.starts_with(|c: char| c.is_ascii_digit());
    let number: i32 = if (1..=2).contains(&digits.len()) { digits.parse().ok()? } else { return None };
    let length = match letters.as_str() {
        "" | "m" | "mm" | "p" | "maand" => 1,
        "k" | "q" | "kw" | "kwartaal" => 3,
        "h" | "hj" | "halfjaar" => 6,
        "ekwartaal" if is_ordinal => 3,
        "ehalfjaar" if is_ordinal => 6,
        _ => return None,
    };
    (1..=12 / length).contains(&number).then(|| ((number - 1) * length + 1, length))
}

fn month_of(periode: Periode) -> Option<Maand> {
    let month = Maand::of(periode.begin);
    // A full date stands for its month: systems write the first day of the month.
    let is_month = periode == month.periode() || periode.begin == periode.eind && periode.begin == month.first_day();
    is_month.then_some(month)
}

fn read_book_period(text: &str) -> Option<i64> {
    let bare = text.trim().trim_start_matches(['P', 'p']).trim();
    if !bare.is_empty() && bare.len() <= 3 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return bare.parse().ok();
    }
    let joined: String = bare.chars().filter(char::is_ascii_alphanumeric).collect();
    let (head, rest) = joined.split_at_checked(4)?;
    let rest = rest.trim_start_matches(['P', 'p']);
    let valid = year(head).is_some() && (2..=3).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| rest.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{
        Bedrag, Cell, CellKind, DayOrder, Field, Notation, Style, Type, Unit, Value, read_book_period, read_cell,
        read_period,
    };

    fn read(kind: Type, text: &str) -> Option<Value> {
        let field = Field { name: "x", kind, is_required: true, is_personal: false, explanation: "" };
        read_cell(Cell { text, kind: CellKind::Text }, &field, Style::default(), Unit::default()).ok()
    }

    #[track_caller]
    fn check_day(text: &str, expected: Option<(i16, i8, i8)>) {
        let expected = expected.map(|(year, month, day)| Value::Day(date(year, month, day)));
        assert_eq!(read(Type::Day, text), expected, "{text}");
    }

    #[test]
    fn days_as_people_and_systems_write_them() {
        for text in [
            "2024-11-07",
            "7-11-2024",
            "07/11/2024",
            "7.11.2024",
            "20241107",
            "7-nov-2024",
            "2024-11-07T00:00:00",
            "7-11-2024 0:00",
        ] {
            check_day(text, Some((2024, 11, 7)));
        }
        check_day("9999-12-31", Some((9999, 12, 31)));
        for wrong in [
            "31-2-2024",
            "7-11-24",
            "2024-11-07 13:15",
            "11-2024",
            "7-xyz-2024",
            "1-2-3-2024",
            "0001-01-01",
            "é-1-2024",
        ] {
            check_day(wrong, None);
        }
    }

    #[test]
    fn the_order_of_a_day_can_be_said() {
        let field = Field { name: "x", kind: Type::Day, is_required: true, is_personal: false, explanation: "" };
        let read = |text, day_order| {
            let style = Style { notation: Notation::Unknown, day_order };
            read_cell(Cell { text, kind: CellKind::Text }, &field, style, Unit::default()).ok()
        };
        assert_eq!(read("11/7/2024", DayOrder::MonthFirst), Some(Value::Day(date(2024, 11, 7))));
        // 45603 is 7 November 2024 in every spreadsheet.
        assert_eq!(read("45603", DayOrder::Serial), Some(Value::Day(date(2024, 11, 7))));
        assert_eq!(read("45603", DayOrder::DayFirst), None);
    }

    #[track_caller]
    fn check_period(text: &str, expected: Option<(&str, &str)>) {
        let found = read_period(Cell { text, kind: CellKind::Text });
        let found = found.map(|periode| (periode.begin.to_string(), periode.eind.to_string()));
        assert_eq!(found, expected.map(|(from, to)| (from.to_owned(), to.to_owned())), "{text}");
    }

    #[test]
    fn periods_as_cbs_and_people_write_them() {
        check_period("2025", Some(("2025-01-01", "2025-12-31")));
        check_period("2023JJ00", Some(("2023-01-01", "2023-12-31")));
        for text in ["2023KW02", "2023-K2", "2023Q2", "2e kwartaal 2023", "Q2 2023"] {
            check_period(text, Some(("2023-04-01", "2023-06-30")));
        }
        for text in ["2023HJ01", "2023-H1", "1e halfjaar 2023"] {
            check_period(text, Some(("2023-01-01", "2023-06-30")));
        }
        for text in ["2024-02", "202402", "2-2024", "02-2024", "februari 2024", "feb 2024", "2024MM02"] {
            check_period(text, Some(("2024-02-01", "2024-02-29")));
        }
        check_period("2020-08-01", Some(("2020-08-01", "2020-08-01")));
        check_period("2015/2020", Some(("2015-01-01", "2020-12-31")));
        for wrong in
            ["", "2020/2015", "2023KW05", "2023HJ03", "2024-13", "jaar", "20244", "éé2024", "2024é", "e2kwartaal2023"]
        {
            check_period(wrong, None);
        }
    }

    #[test]
    fn book_periods() {
        for (text, expected) in
            [("3", Some(3)), ("P03", Some(3)), ("2025-03", Some(3)), ("202513", Some(13)), ("2025P00", Some(0))]
        {
            assert_eq!(read_book_period(text), expected, "{text}");
        }
        assert!(["", "maart", "1234", "2025-3", "éééé12"].iter().all(|text| read_book_period(text).is_none()));
    }

    #[test]
    fn amounts_in_thousands_and_millions_are_exact() {
        let field = Field { name: "x", kind: Type::Amount, is_required: true, is_personal: false, explanation: "" };
        let read = |text, euros, rounds| {
            let style = Style { notation: Notation::Comma, day_order: DayOrder::DayFirst };
            read_cell(Cell { text, kind: CellKind::Text }, &field, style, Unit { euros, rounds }).ok()
        };
        let cents = |cents| Some(Value::Amount(Bedrag::from_cents(cents)));
        assert_eq!(read("122,0", 1_000_000, false), cents(12_200_000_000));
        assert_eq!(read("-1.234", 1000, false), cents(-123_400_000));
        assert_eq!(read("0,125", 1, false), None);
        assert_eq!(read("0,125", 1, true), cents(13));
        assert_eq!(read("-0,125", 1, true), cents(-13));
        assert_eq!(read("99.999.999.999.999.999", 1_000_000, false), None);
    }

    #[test]
    fn codes_keep_their_zeros_and_citizens_pass_the_elfproef() {
        assert_eq!(read(Type::Digits(2, 1), "2"), Some(Value::Text("02".to_owned())));
        assert_eq!(read(Type::Digits(2, 1), "2A"), None);
        assert!(matches!(read(Type::Agb, "1234567"), Some(Value::Agb(code)) if code.to_string() == "01234567"));
        assert!(matches!(read(Type::Gemeente, "935"), Some(Value::Gemeente(code)) if code.to_string() == "0935"));
        assert!(matches!(read(Type::Bsn, "999900006"), Some(Value::Bsn(_))));
        assert!(matches!(read(Type::Bsn, "9999.00.006"), Some(Value::Bsn(_))));
        // Padded to nine digits this would pass the elfproef.
        assert!(read(Type::Bsn, "12").is_none() && read(Type::Bsn, "999900007").is_none());
        assert_eq!(read(Type::YesNo, "Ja"), Some(Value::YesNo(true)));
        assert_eq!(read(Type::Percent, "83 %"), Some(Value::Decimal(crate::Decimal::new(83, 0))));
        assert_eq!(read(Type::Percent, "101"), None);
    }
}
