use std::{io::Read, path::Path};

use grip_types::Bedrag;

use crate::{
    Fault, Faults, Field, ImportError, Mapping, Record, Soort, Together, Value,
    fault::Rule,
    file::{Cell, CellKind, Next, Peeked, Row, delimited::Delimited, workbook::Workbook},
    mapping::{Header, Origin},
    value::{Refusal, Style, Unit, fold, read_cell},
    xaf::Xaf,
};

/// What came of reading a file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Rows of data in the file, without those a filter left out.
    pub rows: u64,
    /// Rows that gave a record.
    pub taken: u64,
    /// Rows that the filters of the mapping left out.
    pub filtered: u64,
    /// What was wrong.
    pub faults: Faults,
}

/// Reads a file of one kind, record by record, in memory that does not grow with a CSV or XAF file.
///
/// An iterator over the rows that can be used. What is wrong with the others is in the [`report`](Reader::report).
pub struct Reader<'r> {
    source: Source<'r>,
    report: Report,
    is_done: bool,
}

enum Source<'r> {
    Rows(Box<Table<'r>>),
    Xaf(Box<Xaf<'r>>),
}

impl<'r> Reader<'r> {
    /// Opens a file: CSV, XLSX or, for the general ledger, XAF; which of them it is follows from its contents.
    ///
    /// # Errors
    /// When the file can't be read, the mapping can't be used, or they do not fit each other.
    pub fn open(path: &Path, soort: Soort, mapping: &Mapping) -> Result<Reader<'static>, ImportError> {
        Reader::new(fs_err::File::open(path)?, soort, mapping)
    }

    /// Reads from anything.
    ///
    /// # Errors
    /// As [`open`](Reader::open).
    pub fn new(source: impl Read + 'r, soort: Soort, mapping: &Mapping) -> Result<Self, ImportError> {
        mapping.check(soort)?;
        let peeked = Peeked::new(source)?;
        let source = if soort == Soort::Grootboek && peeked.is_xml() {
            Source::Xaf(Box::new(Xaf::new(peeked)?))
        } else {
            Source::Rows(Box::new(Table::new(peeked, soort, mapping)?))
        };
        Ok(Self { source, report: Report::default(), is_done: false })
    }

    /// What came of it up to now.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What came of it.
    pub fn into_report(self) -> Report {
        self.report
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Record, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let next = match &mut self.source {
            Source::Rows(table) => table.next(&mut self.report),
            Source::Xaf(xaf) => xaf.next(&mut self.report),
        };
        self.is_done = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}

/// The rows of a CSV file or a sheet, before it is known what they mean.
pub(crate) struct Rows<'r> {
    source: RowSource<'r>,
    stop: Vec<String>,
    skip: Vec<String>,
}

enum RowSource<'r> {
    Delimited(Box<Delimited<'r>>),
    Workbook(Workbook),
}

impl<'r> Rows<'r> {
    /// Opens the rows and reads up to and including the line with names.
    pub(crate) fn new(peeked: Peeked<'r>, mapping: &Mapping) -> Result<(Self, Header), ImportError> {
        let layout = &mapping.layout;
        let source = if peeked.is_workbook() {
            RowSource::Workbook(Workbook::new(peeked.into_read(), layout.blad.as_deref())?)
        } else {
            let header_line = layout.kopregel.filter(|line| *line > 0);
            RowSource::Delimited(Box::new(Delimited::new(peeked, layout.delimiter()?, header_line)?))
        };
        let lower = |texts: &[String]| texts.iter().map(|text| text.trim().to_lowercase()).collect();
        let mut rows = Self { source, stop: lower(&layout.stop), skip: lower(&layout.overslaan) };
        if layout.kopregel == Some(0) {
            return Ok((rows, Header { names: None }));
        }
        let wanted = layout.kopregel.unwrap_or(1);
        let mut row = Row::default();
        loop {
            match rows.next_of_file(&mut row)? {
                Next::Row if row.line < wanted => {}
                Next::Row if layout.kopregel.is_some_and(|line| row.line > line) => return Err(ImportError::NoHeader),
                Next::Row => break,
                Next::Unclosed(_) => {}
                Next::End => return Err(ImportError::NoHeader),
            }
        }
        let names = row.cells().map(|cell| cell.text.to_owned()).collect();
        Ok((rows, Header { names: Some(names) }))
    }

    fn next_of_file(&mut self, row: &mut Row) -> Result<Next, ImportError> {
        match &mut self.source {
            RowSource::Delimited(delimited) => delimited.next(row),
            RowSource::Workbook(workbook) => Ok(workbook.next(row)),
        }
    }

    /// The next row that is one of data.
    pub(crate) fn next(&mut self, row: &mut Row) -> Result<Next, ImportError> {
        loop {
            let next = self.next_of_file(row)?;
            if !matches!(next, Next::Row) || self.stop.is_empty() && self.skip.is_empty() {
                return Ok(next);
            }
            let first = row.cells().find(|cell| !cell.text.is_empty()).map(|cell| cell.text.to_lowercase());
            let begins = |texts: &[String]| {
                texts.iter().any(|text| first.as_ref().is_some_and(|first| first.starts_with(text.as_str())))
            };
            if begins(&self.stop) {
                return Ok(Next::End);
            }
            if !begins(&self.skip) {
                return Ok(Next::Row);
            }
        }
    }
}

struct Table<'r> {
    rows: Rows<'r>,
    row: Row,
    plan: Plan,
}

impl<'r> Table<'r> {
    fn new(peeked: Peeked<'r>, soort: Soort, mapping: &Mapping) -> Result<Self, ImportError> {
        let can_shift = !peeked.is_workbook();
        let (rows, header) = Rows::new(peeked, mapping)?;
        Ok(Self { rows, row: Row::default(), plan: Plan::new(soort, mapping, header, can_shift)? })
    }

    fn next(&mut self, report: &mut Report) -> Result<Option<Record>, ImportError> {
        loop {
            match self.rows.next(&mut self.row)? {
                Next::End => return Ok(None),
                Next::Unclosed(line) => {
                    report.rows += 1;
                    report.faults.report(Rule::Unclosed, line, "", "het einde van de rij is niet te vinden");
                }
                Next::Row if !self.plan.wants(&self.row) => report.filtered += 1,
                Next::Row => {
                    report.rows += 1;
                    if let Some(record) = self.plan.read(&self.row, &mut report.faults) {
                        report.taken += 1;
                        return Ok(Some(record));
                    }
                }
            }
        }
    }
}

/// What to do with a row: the mapping, with positions in place of names.
struct Plan {
    soort: Soort,
    header: Header,
    style: Style,
    fields: Vec<FieldPlan>,
    filters: Vec<(usize, Vec<String>, bool)>,
    no_value: Vec<String>,
    /// Whether a cell may have slipped to another column; in a spreadsheet what stands beside the table is a remark.
    can_shift: bool,
}

struct FieldPlan {
    field: &'static Field,
    source: FieldSource,
    empty: Option<String>,
    translations: Vec<(String, String)>,
    unit: Unit,
    negates: bool,
}

enum FieldSource {
    Nothing,
    Constant(Value),
    Column(usize),
    DebetCredit(usize, usize),
    /// The column, the one that says debit or credit, and what it says when it is credit.
    Marked(usize, usize, Vec<String>),
}

impl Plan {
    fn new(soort: Soort, mapping: &Mapping, header: Header, can_shift: bool) -> Result<Self, ImportError> {
        let style = mapping.layout.style()?;
        let mut fields = Vec::new();
        for field in soort.fields() {
            fields.push(match &mapping.fields {
                Some(origins) => FieldPlan::new(field, origins.get(field.name), &header, style)?,
                None => FieldPlan::by_own_name(field, &header)?,
            });
        }
        let mut filters = Vec::new();
        for filter in &mapping.filters {
            let position = header.find("filter", filter.kolom.list())?;
            let (texts, is_in) = if filter.is.is_empty() { (&filter.niet, false) } else { (&filter.is, true) };
            filters.push((position, texts.iter().map(|text| text.trim().to_lowercase()).collect(), is_in));
        }
        let no_value = mapping.layout.geen_waarde.iter().map(|text| text.trim().to_owned()).collect();
        Ok(Self { soort, header, style, fields, filters, no_value, can_shift })
    }

    /// Whether the filters let a row pass.
    fn wants(&self, row: &Row) -> bool {
        self.filters.iter().all(|(position, texts, is_in)| {
            let text = row.cell(*position).text.to_lowercase();
            texts.contains(&text) == *is_in
        })
    }

    fn read(&self, row: &Row, faults: &mut Faults) -> Option<Record> {
        let before = faults.count;
        if let Some(names) = &self.header.names
            && self.can_shift
            && (names.len()..row.len()).any(|position| !row.cell(position).text.is_empty())
        {
            let text = format!("{} cellen bij {} kolommen", row.len(), names.len());
            faults.report(Rule::Shifted, row.line, "", text);
            return None;
        }
        let values = self.fields.iter().map(|plan| self.read_field(plan, row, faults)).collect();
        let record = Record { line: row.line, soort: self.soort, values };
        if faults.count == before {
            self.check_together(&record, faults);
        }
        (faults.count == before).then_some(record)
    }

    fn read_field(&self, plan: &FieldPlan, row: &Row, faults: &mut Faults) -> Option<Value> {
        match &plan.source {
            FieldSource::Nothing => None,
            FieldSource::Constant(value) => Some(value.clone()),
            FieldSource::Column(position) => {
                let value = self.read_column(plan, *position, row, faults)?;
                Some(if plan.negates { negated(value) } else { value })
            }
            FieldSource::DebetCredit(debet, credit) => {
                let before = faults.count;
                let amounts = [*debet, *credit].map(|position| match self.cell(row, position).text {
                    "" => None,
                    _ => self.read_column(plan, position, row, faults),
                });
                if faults.count > before {
                    return None;
                }
                let cents = amounts.map(|value| match value {
                    Some(Value::Amount(amount)) => Some(amount.cents),
                    _ => None,
                });
                let column = || format!("{}, {}", self.header.name(*debet), self.header.name(*credit));
                let cents = match cents {
                    [None, None] => {
                        self.report_missing(plan, &column(), row.line, faults);
                        return None;
                    }
                    [Some(debet), Some(credit)] if debet != 0 && credit != 0 => {
                        let text = "debet en credit zijn beide gevuld";
                        faults.report(Rule::Together, row.line, &column(), text);
                        return None;
                    }
                    [debet, credit] => debet.unwrap_or_default().checked_sub(credit.unwrap_or_default()),
                };
                let amount = Value::Amount(Bedrag::from_cents(cents?));
                Some(if plan.negates { negated(amount) } else { amount })
            }
            FieldSource::Marked(position, mark, credits) => {
                let value = self.read_column(plan, *position, row, faults)?;
                let said = self.cell(row, *mark).text.to_lowercase();
                let is_credit = credits.contains(&said);
                if !is_credit && !["d", "db", "debet", "debit", "+"].contains(&said.as_str()) {
                    let text = "verwacht: debet of credit".to_owned();
                    faults.report(Rule::Code, row.line, &self.header.name(*mark), text);
                    return None;
                }
                Some(if is_credit == plan.negates { value } else { negated(value) })
            }
        }
    }

    /// A cell, empty when it holds what the supplier writes for no value.
    fn cell<'c>(&self, row: &'c Row, position: usize) -> Cell<'c> {
        let cell = row.cell(position);
        if self.no_value.iter().any(|text| text == cell.text) { Cell { text: "", kind: CellKind::Text } } else { cell }
    }

    fn read_column(&self, plan: &FieldPlan, position: usize, row: &Row, faults: &mut Faults) -> Option<Value> {
        let mut cell = self.cell(row, position);
        let translated = if plan.translations.is_empty() {
            None
        } else {
            let text = cell.text.to_lowercase();
            plan.translations.iter().find(|(from, _)| *from == text).map(|(_, to)| to.as_str())
        };
        if let Some(text) = translated.or(plan.empty.as_deref().filter(|_| cell.text.is_empty())) {
            cell = Cell { text, kind: CellKind::Text };
        }
        if cell.text.is_empty() {
            if plan.field.is_required {
                self.report_missing(plan, &self.header.name(position), row.line, faults);
            }
            return None;
        }
        match read_cell(cell, plan.field, self.style, plan.unit) {
            Ok(value) => Some(value),
            Err(refusal) => {
                let text = self.describe(plan.field, cell, &refusal);
                faults.push(Fault { rule: refusal.rule, line: row.line, column: self.header.name(position), text });
                None
            }
        }
    }

    fn report_missing(&self, plan: &FieldPlan, column: &str, line: u64, faults: &mut Faults) {
        if plan.field.is_required {
            faults.report(Rule::Missing, line, column, format!("leeg; verwacht: {}", plan.field.kind.expected()));
        }
    }

    /// What is wrong with a cell. Of a kind about citizens only the shape of a cell is shown: another column may have slipped
    /// into it.
    fn describe(&self, field: &Field, cell: Cell<'_>, refusal: &Refusal) -> String {
        let shown = if field.is_personal || cell.kind == CellKind::Error {
            String::new()
        } else if self.soort.is_about_citizens() {
            let shape = |c: char| {
                if c.is_numeric() {
                    '9'
                } else if c.is_alphabetic() {
                    'x'
                } else {
                    c
                }
            };
            format!(" van de vorm `{}`", cell.text.chars().take(20).map(shape).collect::<String>())
        } else {
            format!(" `{}`", cell.text.chars().take(40).collect::<String>())
        };
        let remark = refusal.remark.map(|remark| format!("; {remark}")).unwrap_or_default();
        format!("waarde{shown}; verwacht: {}{remark}", field.kind.expected())
    }

    fn check_together(&self, record: &Record, faults: &mut Faults) {
        let has = |field: &&str| record.value(field).is_some();
        let is = |field: &str, code: &str| matches!(record.value(field), Some(Value::Text(text)) if text == code);
        let mut complain = |column: &str, text: String| faults.report(Rule::Together, record.line, column, text);
        for rule in self.soort.together() {
            match *rule {
                Together::NotBefore(from, to) => {
                    if let (Some(first), Some(last)) = (record.day(from), record.day(to))
                        && last < first
                    {
                        complain(to, format!("{to} ligt voor {from}"));
                    }
                }
                Together::AtMost(part, whole) => {
                    if let (Some(part_of), Some(of)) = (record.whole(part), record.whole(whole))
                        && part_of > of
                    {
                        complain(part, format!("{part} is meer dan {whole}"));
                    }
                }
                Together::OneOf(fields) if !fields.iter().any(has) => {
                    complain("", format!("geen van {} is gevuld", fields.join(", ")));
                }
                Together::AtMostOne(fields) if fields.iter().filter(|field| has(field)).count() > 1 => {
                    complain("", format!("ten hoogste een van {} mag gevuld zijn", fields.join(", ")));
                }
                Together::Needs(field, code, needed) if is(field, code) && !has(&needed) => {
                    complain(needed, format!("leeg, maar nodig als {field} {code} is"));
                }
                Together::NeedsUnless(field, code, needed) if !is(field, code) && !has(&needed) => {
                    complain(needed, format!("leeg; dat mag alleen als {field} {code} is"));
                }
                _ => {}
            }
        }
    }
}

impl FieldPlan {
    fn bare(field: &'static Field, source: FieldSource) -> Self {
        Self { field, source, empty: None, translations: Vec::new(), unit: Unit::default(), negates: false }
    }

    /// The column that is called as the field is; an optional field may have none.
    fn by_own_name(field: &'static Field, header: &Header) -> Result<Self, ImportError> {
        let source = match header.find(field.name, &[field.name.to_owned()]) {
            Ok(position) => FieldSource::Column(position),
            Err(ImportError::NoColumn { .. }) if !field.is_required => FieldSource::Nothing,
            Err(error) => return Err(error),
        };
        Ok(Self::bare(field, source))
    }

    fn new(field: &'static Field, origin: Option<&Origin>, header: &Header, style: Style) -> Result<Self, ImportError> {
        let Some(origin) = origin else { return Ok(Self::bare(field, FieldSource::Nothing)) };
        let unit = origin.unit()?;
        let find = |names: &[String]| header.find(field.name, names);
        let source = match (&origin.vast, &origin.kolom, &origin.debet, &origin.credit, &origin.dc) {
            (Some(text), ..) => {
                let cell = Cell { text: text.trim(), kind: CellKind::Text };
                let value = read_cell(cell, field, style, unit).map_err(|_| ImportError::Mapping {
                    reason: format!(
                        "the constant of `{}` is not what is expected: {}",
                        field.name,
                        field.kind.expected()
                    ),
                })?;
                FieldSource::Constant(if origin.omkeren { negated(value) } else { value })
            }
            (_, Some(names), _, _, Some(mark)) => {
                let credits: Vec<String> = if origin.dc_credit.is_empty() {
                    ["c", "cr", "credit", "-"].map(ToOwned::to_owned).into()
                } else {
                    origin.dc_credit.iter().map(|text| text.trim().to_lowercase()).collect()
                };
                FieldSource::Marked(find(names.list())?, find(mark.list())?, credits)
            }
            (_, Some(names), ..) => FieldSource::Column(find(names.list())?),
            (_, _, Some(debet), Some(credit), _) => FieldSource::DebetCredit(find(debet.list())?, find(credit.list())?),
            _ => FieldSource::Nothing,
        };
        let translations =
            origin.vertaal.iter().map(|(from, to)| (from.trim().to_lowercase(), to.trim().to_owned())).collect();
        let empty = origin.leeg.as_ref().map(|text| text.trim().to_owned());
        Ok(Self { field, source, empty, translations, unit, negates: origin.omkeren })
    }
}

fn negated(value: Value) -> Value {
    match value {
        Value::Amount(amount) => Value::Amount(-amount),
        Value::Decimal(number) => Value::Decimal(number.negated()),
        other => other,
    }
}

/// Whether two texts are the same but for case, blanks and punctuation.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}
