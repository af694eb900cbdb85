//! Reference data from spreadsheets: right rows go in, wrong rows are named by line and column.

use std::path::Path;

use calamine::{Data, Reader};
use grip_lake::{Intake, Lake};
use grip_types::{AgbCode, Bedrag, Bsn, Date, GemeenteCode, Wet, parse_date};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    PipelineError,
    pseudonym::Key,
    table::{
        BegrotingRow, BegrotingRows, BerichtRow, BerichtRows, BevindingRow, BevindingRows, ClientkenmerkRow,
        ClientkenmerkRows, ContractRow, ContractRows,
    },
};

/// Code of the finding about a row of an imported file.
const FAULT_CODE: &str = "I001";

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Budgets.
    Begroting,
    /// Tariffs agreed with providers.
    Contract,
    /// District and household of clients.
    Client,
}

struct Column {
    name: &'static str,
    is_required: bool,
    explanation: &'static str,
}

const fn required(name: &'static str, explanation: &'static str) -> Column {
    Column { name, is_required: true, explanation }
}

const fn optional(name: &'static str, explanation: &'static str) -> Column {
    Column { name, is_required: false, explanation }
}

impl ImportKind {
    fn name(self) -> &'static str {
        match self {
            Self::Begroting => "begroting",
            Self::Contract => "contract",
            Self::Client => "client",
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Begroting => BEGROTING,
            Self::Contract => CONTRACT,
            Self::Client => CLIENT,
        }
    }
}

const BEGROTING: &[Column] = &[
    required("jaar", "jaar van de begroting, bijvoorbeeld 2025"),
    required("wet", "wmo of jw"),
    optional("productcategorie", "twee cijfers, bijvoorbeeld 45; leeg voor de wet als geheel"),
    required("versie", "primitief of actueel"),
    required("bedrag", "in euro's, bijvoorbeeld 1.250.000,00"),
    required("vastgesteld", "datum waarop de begroting is vastgesteld, bijvoorbeeld 2024-11-07"),
];

const CONTRACT: &[Column] = &[
    required("aanbieder", "AGB-code van acht cijfers"),
    optional("naam", "naam van de aanbieder"),
    required("wet", "wmo of jw"),
    required("productcategorie", "twee cijfers, bijvoorbeeld 02"),
    optional("productcode", "vijf tekens, bijvoorbeeld 02A01; leeg voor alle codes van de categorie"),
    required(
        "eenheid",
        "code van de eenheid: 01 minuut, 04 uur, 14 etmaal, 16 dagdeel, 82 stuks (output), 83 euro's, 84 stuks (inspanning)",
    ),
    optional("tarief", "in euro's per eenheid, bijvoorbeeld 63,50; alleen leeg bij eenheid 83 (euro's)"),
    required("begindatum", "eerste dag van dit tarief"),
    optional("einddatum", "laatste dag van dit tarief"),
];

const CLIENT: &[Column] = &[
    required("bsn", "burgerservicenummer; wordt bij de deur vervangen door een pseudoniem en nergens bewaard"),
    optional("geboortedatum", "wordt bewaard als jaar en maand"),
    optional("wijk", "code of naam van de wijk"),
    optional("huishouden", "nummer van het huishouden; wordt vervangen door een pseudoniem"),
];

/// An empty file with the columns explained, to be filled in.
pub fn template(kind: ImportKind) -> String {
    let explained = kind.columns().iter().map(|column| {
        let must = if column.is_required { "verplicht" } else { "mag leeg" };
        format!("# {} ({must}): {}\n", column.name, column.explanation)
    });
    let names: Vec<&str> = kind.columns().iter().map(|column| column.name).collect();
    format!("{}{}\n", explained.collect::<String>(), names.join(";"))
}

/// What came of an import.
#[derive(Debug, Default, Serialize)]
pub struct ImportReport {
    /// Rows in the file.
    pub rows: usize,
    /// Rows taken.
    pub taken: usize,
    /// Whether the very same file was imported before, so that nothing was done.
    pub known: bool,
    /// Wrong cells.
    pub faults: Vec<ImportFault>,
}

/// A cell that can't be used; its row was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportFault {
    /// Line in the file, from 1.
    pub line: usize,
    /// Column.
    pub column: &'static str,
    /// What was expected, in Dutch, without the value where that is about a person.
    pub text: String,
}

/// Imports a file of reference data for a municipality.
///
/// # Errors
/// [`PipelineError::Unreadable`] and [`PipelineError::NoColumn`] when the file is not what it should be;
/// [`PipelineError::OtherKey`]; and when the lake refuses. Wrong rows are no error.
pub fn import(
    lake: &Lake,
    key: &Key,
    kind: ImportKind,
    path: &Path,
    gemeente: GemeenteCode,
    (imported_at, received): (&str, Date),
) -> Result<ImportReport, PipelineError> {
    let bytes = fs_err::read(path)?;
    let digest: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // The same file may hold for another municipality too.
    let bericht_id = format!("{:0>4}{}", gemeente, &digest[4..]);
    let sheet = read_sheet(path, &bytes, kind)?;
    let mut intake = lake.begin()?;
    crate::check_key(lake.root(), key)?;
    let already = lake
        .snapshot(None)?
        .query_with("SELECT COUNT(*) FROM bericht WHERE bericht_id = $1", &[grip_lake::Parameter::Text(&bericht_id)])?;
    if already.first().and_then(|batch| crate::facts::Columns(batch).number(0, 0)) != Some(0) {
        return Ok(ImportReport { rows: sheet.rows.len(), known: true, ..ImportReport::default() });
    }
    let mut target = Target {
        kind,
        key,
        gemeente: gemeente.to_string(),
        bericht_id,
        imported_at,
        sequence: intake.sequence(),
        received,
        rows: TargetRows::default(),
    };
    let mut report = ImportReport { rows: sheet.rows.len(), ..ImportReport::default() };
    for (line, cells) in &sheet.rows {
        let row = SheetRow { line: *line, cells, sheet: &sheet, faults: Vec::new() };
        match target.take(row) {
            Ok(()) => report.taken += 1,
            Err(faults) => report.faults.extend(faults),
        }
    }
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    target.describe(&key.without_citizen_numbers(&file_name), bytes.len(), &report);
    target.stage(&intake)?;
    intake.commit()?;
    Ok(report)
}

struct Sheet {
    header: Vec<String>,
    /// Line in the file and its cells.
    rows: Vec<(usize, Vec<String>)>,
}

fn read_sheet(path: &Path, bytes: &[u8], kind: ImportKind) -> Result<Sheet, PipelineError> {
    let rows = if bytes.starts_with(b"PK\x03\x04") { read_xlsx(path, bytes)? } else { read_csv(path, bytes)? };
    let mut rows = rows.into_iter().filter(|(_, cells)| {
        let is_comment = cells.first().is_some_and(|cell| cell.starts_with('#'));
        !is_comment && cells.iter().any(|cell| !cell.is_empty())
    });
    let header: Vec<String> =
        rows.next().map(|(_, cells)| cells.iter().map(|cell| cell.to_lowercase()).collect()).unwrap_or_default();
    for column in kind.columns().iter().filter(|column| column.is_required) {
        if !header.iter().any(|name| name == column.name) {
            return Err(PipelineError::NoColumn { path: path.to_owned(), column: column.name });
        }
    }
    Ok(Sheet { header, rows: rows.collect() })
}

fn read_csv(path: &Path, bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, PipelineError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Spreadsheets in Dutch offices still write Windows-1252; only names can differ from UTF-8 then.
    let text =
        String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect());
    let header = text.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap_or_default();
    let delimiter =
        [b';', b',', b'\t'].into_iter().max_by_key(|delimiter| header.bytes().filter(|byte| byte == delimiter).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b';'))
        .has_headers(false)
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unreadable =
        |error: csv::Error| PipelineError::Unreadable { path: path.to_owned(), what: "CSV", reason: error.to_string() };
    let mut rows = Vec::new();
    let (mut line, mut seen) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let start = record.position().map_or(seen, |position| usize::try_from(position.byte()).unwrap_or(seen));
        // The reader's position lies before the end of the line above and before comments: the record itself begins later.
        let start = record_start(&text, start);
        line += text[seen..start].matches('\n').count();
        seen = start;
        rows.push((line, record.iter().map(ToOwned::to_owned).collect()));
    }
    Ok(rows)
}

fn record_start(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blanks = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        at += blanks;
        match text[at..].find('\n') {
            Some(end) if text[at..].starts_with('#') => at += end,
            _ => return at,
        }
    }
}

fn read_xlsx(path: &Path, bytes: &[u8]) -> Result<Vec<(usize, Vec<String>)>, PipelineError> {
    let unreadable = |reason: String| PipelineError::Unreadable { path: path.to_owned(), what: "XLSX", reason };
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| unreadable(error.to_string()))?;
    let range = book.worksheet_range_at(0).ok_or_else(|| unreadable("it has no sheet".to_owned()))?;
    let range = range.map_err(|error| unreadable(error.to_string()))?;
    let first = range.start().map_or(0, |(row, _)| row as usize);
    Ok(range
        .rows()
        .enumerate()
        .map(|(index, cells)| (first + index + 1, cells.iter().map(text_of_cell).collect()))
        .collect())
}

fn text_of_cell(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) => text.trim().to_owned(),
        // A number with cents as people would write it; one with more digits stays visible, so that it is refused.
        Data::Float(number) if (number * 100.0 - (number * 100.0).round()).abs() < 1e-6 => {
            let text = format!("{number:.2}").replace('.', ",");
            text.strip_suffix(",00").map_or(text.clone(), ToOwned::to_owned)
        }
        Data::Float(number) => number.to_string().replace('.', ","),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}

struct SheetRow<'s> {
    line: usize,
    cells: &'s [String],
    sheet: &'s Sheet,
    faults: Vec<ImportFault>,
}

impl<'s> SheetRow<'s> {
    fn cell(&self, column: &str) -> &'s str {
        let position = self.sheet.header.iter().position(|name| name == column);
        position.and_then(|position| self.cells.get(position)).map_or("", String::as_str)
    }

    /// What a cell means; one that means nothing becomes a fault.
    fn read<T>(&mut self, column: &'static str, expected: &str, parse: impl FnOnce(&'s str) -> Option<T>) -> Option<T> {
        let cell = self.cell(column);
        let value = parse(cell);
        if value.is_none() {
            let shown = if column == "bsn" || cell.is_empty() {
                String::new()
            } else {
                format!(" `{}`", cell.chars().take(40).collect::<String>())
            };
            let text = if cell.is_empty() {
                format!("leeg; verwacht: {expected}")
            } else {
                format!("waarde{shown}; verwacht: {expected}")
            };
            self.faults.push(ImportFault { line: self.line, column, text });
        }
        value
    }

    fn read_if_any<T>(
        &mut self,
        column: &'static str,
        expected: &str,
        parse: impl FnOnce(&'s str) -> Option<T>,
    ) -> Option<T> {
        if self.cell(column).is_empty() { None } else { self.read(column, expected, parse) }
    }
}

fn date_of_people(text: &str) -> Option<Date> {
    parse_date(text).or_else(|| {
        let mut parts = text.split(['-', '/']);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        parts
            .next()
            .is_none()
            .then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok())
            .flatten()
    })
}

/// Two digits; a spreadsheet may have eaten the first one.
fn two_digits(text: &str) -> Option<String> {
    let valid = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| format!("{text:0>2}"))
}

fn agb_code(text: &str) -> Option<AgbCode> {
    let valid = (5..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| format!("{text:0>8}").parse().ok()).flatten()
}

fn citizen_number(text: &str) -> Option<String> {
    let digits = format!("{text:0>9}");
    digits.parse::<Bsn>().ok().map(|_| digits)
}

#[derive(Default)]
struct TargetRows {
    begroting: BegrotingRows,
    contract: ContractRows,
    client: ClientkenmerkRows,
    bericht: BerichtRows,
    bevinding: BevindingRows,
}

struct Target<'t> {
    kind: ImportKind,
    key: &'t Key,
    gemeente: String,
    bericht_id: String,
    imported_at: &'t str,
    sequence: i64,
    received: Date,
    rows: TargetRows,
}

impl Target<'_> {
    fn take(&mut self, mut row: SheetRow<'_>) -> Result<(), Vec<ImportFault>> {
        let done = match self.kind {
            ImportKind::Begroting => self.take_begroting(&mut row),
            ImportKind::Contract => self.take_contract(&mut row),
            ImportKind::Client => self.take_client(&mut row),
        };
        if done.is_some() && row.faults.is_empty() { Ok(()) } else { Err(row.faults) }
    }

    fn take_begroting(&mut self, row: &mut SheetRow<'_>) -> Option<()> {
        let jaar = row.read("jaar", "een jaar", |text| text.parse().ok().filter(|year| (2000..2100).contains(year)));
        let wet = row.read("wet", "wmo of jw", |text| text.parse::<Wet>().ok());
        let categorie = row.read_if_any("productcategorie", "twee cijfers", two_digits);
        let versie = row.read("versie", "primitief of actueel", |text| {
            let text = text.to_lowercase();
            ["primitief", "actueel"].into_iter().find(|known| *known == text)
        });
        let bedrag = row.read("bedrag", "een bedrag in euro's", Bedrag::parse_euros);
        let vastgesteld = row.read("vastgesteld", "een datum", date_of_people);
        if !row.faults.is_empty() {
            return None;
        }
        let vastgesteld = vastgesteld?;
        self.rows.begroting.push(BegrotingRow {
            gemeente: &self.gemeente,
            jaar: jaar?,
            wet: wet?.as_str(),
            product_categorie: categorie.as_deref(),
            versie: versie?,
            bedrag_cents: bedrag?.cents,
            vastgesteld,
            bericht_id: &self.bericht_id,
            _imported_at: self.imported_at,
            _received_at: vastgesteld,
        });
        Some(())
    }

    fn take_contract(&mut self, row: &mut SheetRow<'_>) -> Option<()> {
        let aanbieder = row.read("aanbieder", "een AGB-code van acht cijfers", agb_code);
        let naam = row.cell("naam");
        let wet = row.read("wet", "wmo of jw", |text| text.parse::<Wet>().ok());
        let categorie = row.read("productcategorie", "twee cijfers", two_digits);
        let code = row
            .read_if_any("productcode", "ten hoogste vijf tekens", |text| (text.chars().count() <= 5).then_some(text));
        let eenheid = row.read("eenheid", "een code van twee cijfers", two_digits);
        let is_amount = eenheid.as_deref() == Some("83") && row.cell("tarief").is_empty();
        let tarief = if is_amount { None } else { row.read("tarief", "een bedrag in euro's", Bedrag::parse_euros) };
        let begindatum = row.read("begindatum", "een datum", date_of_people);
        let einddatum = row.read_if_any("einddatum", "een datum", date_of_people);
        if !row.faults.is_empty() {
            return None;
        }
        let begindatum = begindatum?;
        self.rows.contract.push(ContractRow {
            gemeente: &self.gemeente,
            aanbieder: &aanbieder?.to_string(),
            naam: (!naam.is_empty()).then_some(naam),
            wet: wet?.as_str(),
            product_categorie: &categorie?,
            product_code: code,
            eenheid: &eenheid?,
            tarief_cents: tarief.map(|tarief| tarief.cents),
            begindatum,
            einddatum,
            bericht_id: &self.bericht_id,
            _imported_at: self.imported_at,
            _received_at: begindatum,
        });
        Some(())
    }

    fn take_client(&mut self, row: &mut SheetRow<'_>) -> Option<()> {
        let bsn = row.read("bsn", "een burgerservicenummer", citizen_number);
        let birth = row.read_if_any("geboortedatum", "een datum", date_of_people);
        if !row.faults.is_empty() {
            return None;
        }
        let bsn = bsn?;
        let (wijk, huishouden) = (row.cell("wijk"), row.cell("huishouden"));
        let huishouden = (!huishouden.is_empty()).then(|| self.key.huishouden(huishouden).to_string());
        let month = birth.map(|day| format!("{:04}-{:02}", day.year(), day.month()));
        self.rows.client.push(ClientkenmerkRow {
            client: &self.key.client(&bsn).to_string(),
            gemeente: &self.gemeente,
            geboortemaand: month.as_deref(),
            geslacht: None,
            wijk: (!wijk.is_empty()).then(|| self.key.without_bsn(wijk, &bsn)).as_deref(),
            huishouden: huishouden.as_deref(),
            _received_at: self.received,
        });
        Some(())
    }

    fn describe(&mut self, file: &str, bytes: usize, report: &ImportReport) {
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let status = match (report.faults.is_empty(), report.taken) {
            (true, _) => "ingelezen",
            (false, 0) => "geweigerd",
            (false, _) => "gedeeltelijk",
        };
        self.rows.bericht.push(BerichtRow {
            bericht_id: &self.bericht_id,
            status,
            wet: None,
            berichtsoort: Some(self.kind.name()),
            release: None,
            gemeente: Some(&self.gemeente),
            aanbieder: None,
            afzender: None,
            identificatie: None,
            dagtekening: None,
            regels: count(report.taken),
            bevindingen: count(report.faults.len()),
            bytes: count(bytes),
            _source_file: file,
            _intake: self.sequence,
            _received_at: self.received,
        });
        for fault in &report.faults {
            self.rows.bevinding.push(BevindingRow {
                bericht_id: &self.bericht_id,
                code: FAULT_CODE,
                ernst: "fout",
                regel: count(fault.line),
                kolom: 0,
                rij: None,
                element: fault.column,
                omschrijving: &fault.text,
                _received_at: self.received,
            });
        }
    }

    fn stage(&mut self, intake: &Intake<'_>) -> Result<(), PipelineError> {
        let batches = [
            (BegrotingRows::TABLE, self.rows.begroting.finish()),
            (ContractRows::TABLE, self.rows.contract.finish()),
            (ClientkenmerkRows::TABLE, self.rows.client.finish()),
            (BerichtRows::TABLE, self.rows.bericht.finish()),
            (BevindingRows::TABLE, self.rows.bevinding.finish()),
        ];
        for (table, batch) in batches {
            if batch.num_rows() > 0 {
                let mut file = intake.stage(table)?;
                file.write(&batch)?;
                file.finish()?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{Data, ImportKind, agb_code, citizen_number, date_of_people, template, text_of_cell, two_digits};

    #[test]
    fn cells_as_people_and_spreadsheets_write_them() {
        assert_eq!(date_of_people("7-11-2024"), Some(date(2024, 11, 7)));
        assert_eq!(date_of_people("2024-11-07"), Some(date(2024, 11, 7)));
        assert_eq!(date_of_people("31-2-2024"), None);
        assert_eq!(two_digits("2"), Some("02".to_owned()));
        assert_eq!(two_digits("2A"), None);
        assert_eq!(agb_code("1234567").map(|code| code.to_string()), Some("01234567".to_owned()));
        assert_eq!(citizen_number("999900006").as_deref(), Some("999900006"));
        assert_eq!(citizen_number("999900007"), None);
        assert_eq!(text_of_cell(&Data::Float(63.5)), "63,50");
        assert_eq!(text_of_cell(&Data::Float(2025.0)), "2025");
        assert_eq!(text_of_cell(&Data::Float(0.125)), "0,125");
    }

    #[test]
    fn templates_explain_every_column() {
        for kind in [ImportKind::Begroting, ImportKind::Contract, ImportKind::Client] {
            let text = template(kind);
            assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), kind.columns().len());
            assert_eq!(text.lines().last().map(|line| line.split(';').count()), Some(kind.columns().len()));
        }
    }
}
