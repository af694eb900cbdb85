//! Objects as rows of a spreadsheet: read, compared with what there is, and written; and the other way round.
//!
//! A sheet has one kind of object, a column for each field, and perhaps a column `id`. A row with an `id` changes that object. A row
//! without one is the object with the same name that [belongs to the same](tells_apart), if there is one, and else a new one. A column
//! that is not there leaves its field as it was; an empty cell empties it. An object is named by its name, or by its identification.

use std::collections::{BTreeMap, BTreeSet};

use grip_register::{Edit, Fault, ObjectId, Problem, RegisterError};
use grip_types::Bedrag;

use crate::{
    Dossier, Entry, Field, GEMEENTE, Input, Kind, Texts, change, create, faults, kinds,
    lookup::{CIRCLE, leads_to, names_own_kind},
};

/// The column with the permanent identification of an object.
pub const ID: &str = "id";

/// Letters of the name of a sheet, as the makers of spreadsheets limit it.
const SHEET_NAME_MAX: usize = 31;

/// A sheet with objects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The name of the kind; see [`kind_called`].
    pub kind: &'static str,
    /// What stands above the columns: the label of a field in Dutch or English, or its name, or [`ID`].
    pub header: Vec<String>,
    /// What stands below.
    pub rows: Vec<SheetRow>,
}

/// A row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// Where it stands, for whoever looks for it; the header is mostly on line 1.
    pub line: u64,
    /// Its cells, in the order of the columns; those that are missing are empty.
    pub cells: Vec<String>,
}

/// A row of a file: some of its cells are numbers of a spreadsheet, with a decimal point.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileRow {
    /// Where it stands.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
    /// The places of those that are numbers.
    pub numbers: Vec<usize>,
}

impl Sheet {
    /// The rows of a file as a sheet, the header first. What a spreadsheet has as a number becomes what its column holds: an amount to
    /// the nearest cent, as a number may have any digits; a number with a decimal comma; in any other column, such as the number of an
    /// item, what the spreadsheet shows, so that 1.1 stays 1.1.
    pub fn of_file(kind: &'static Kind, rows: impl IntoIterator<Item = FileRow>) -> Self {
        let mut rows = rows.into_iter();
        let mut sheet = Self { kind: kind.name, header: Vec::new(), rows: Vec::new() };
        sheet.header = rows.next().map(|row| row.cells).unwrap_or_default();
        let columns = read_header(kind, 0, &sheet, &mut Vec::new());
        let input = |column: usize| {
            let (name, _) = columns.iter().find(|(_, place)| **place == column)?;
            kind.field(name).map(|field| field.input)
        };
        for FileRow { line, mut cells, numbers } in rows {
            for at in numbers {
                let (Some(input), Some(cell)) = (input(at), cells.get_mut(at)) else { continue };
                match input {
                    Input::Amount => *cell = to_cents(cell).unwrap_or_else(|| cell.clone()),
                    Input::Number | Input::YearValues => *cell = cell.replace('.', ","),
                    _ => {}
                }
            }
            sheet.rows.push(SheetRow { line, cells });
        }
        sheet
    }
}

/// A number with a decimal point as an amount, to the nearest cent, halves away from zero; nothing when it is no number, or more than
/// an amount can be.
fn to_cents(number: &str) -> Option<String> {
    let (sign, digits) = number.strip_prefix('-').map_or((1, number), |digits| (-1, digits));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
        return None;
    }
    let cents: i64 = format!("{whole}{:0<2.2}", decimals).parse().ok()?;
    let up = i64::from(decimals.as_bytes().get(2).is_some_and(|digit| *digit >= b'5'));
    Some(Bedrag::from_cents(sign * cents.checked_add(up)?).to_string())
}

/// What is to be done with the rows of sheets.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Every row that is not empty, in the order of the sheets.
    pub rows: Vec<PlannedRow>,
    /// Columns that are no field of the kind of their sheet, or stand in it twice: the place of the sheet, and the column. They were
    /// not read.
    pub unknown: Vec<(usize, String)>,
}

/// What is to be done with a row.
#[derive(Debug, Clone)]
pub struct PlannedRow {
    /// The place of its sheet, from 0.
    pub sheet: usize,
    /// Where it stands in it.
    pub line: u64,
    /// What it is one of.
    pub kind: &'static Kind,
    /// What is to be done with it.
    pub action: RowAction,
    /// The object it is; one that is to be made has a provisional identification.
    id: ObjectId,
    /// The version that was looked at, when there is one.
    expected: i64,
    texts: Texts,
}

/// What is to be done with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowAction {
    /// It becomes a new object.
    Create,
    /// It changes an object.
    Change(ObjectId),
    /// The object is as the row says.
    Same(ObjectId),
    /// It is left out, because of this.
    Refuse(Vec<CellFault>),
}

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// The column, as the sheet calls it.
    pub column: String,
    /// What is wrong; never what stands there.
    pub fault: Fault,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Objects that were made.
    pub created: usize,
    /// Objects that were changed.
    pub changed: usize,
    /// Objects that were as the sheet says.
    pub same: usize,
    /// Rows that were left out.
    pub refused: usize,
}

/// The name of the sheet of a kind.
pub fn sheet_name(kind: &Kind) -> String {
    kind.many.nl.chars().take(SHEET_NAME_MAX).collect()
}

/// The kind that a sheet or file is called after: by its name in the register, or what one or several are called in Dutch or
/// English. Capitals, blanks, hyphens, and digits before it do not matter.
pub fn kind_called(name: &str) -> Option<&'static Kind> {
    let wanted = plain(name);
    let wanted = wanted.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let is_this = |called: &str| {
        let short: String = called.chars().take(SHEET_NAME_MAX).collect();
        plain(called) == wanted || plain(&short) == wanted
    };
    kinds().find(|kind| [kind.name, kind.many.nl, kind.many.en, kind.one.nl, kind.one.en].into_iter().any(is_this))
}

/// A text without what people write differently.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The objects of a kind as a sheet, one row each, in the order in which they were made.
pub fn export(dossier: &Dossier, kind: &'static Kind) -> Sheet {
    let labels = kind.fields.iter().map(|field| field.label.nl.to_owned());
    let header = labels.chain([ID.to_owned()]).collect();
    let to_row = |(line, entry): (u64, &Entry)| {
        let cells = kind.fields.iter().map(|field| cell(dossier, entry, field));
        SheetRow { line, cells: cells.chain([entry.version.id.to_string()]).collect() }
    };
    Sheet { kind: kind.name, header, rows: (2..).zip(dossier.of_kind(kind.name)).map(to_row).collect() }
}

/// Characters that a cell of a spreadsheet can hold.
const CELL_MAX: usize = 32_767;

/// Objects as one cell, by their names; by their identifications when the names are more than a cell can hold, which those never are.
pub fn joined(names: &[String], ids: &str) -> String {
    let names = names.join("; ");
    // Spreadsheets count halves of the letters that have two.
    if names.encode_utf16().count() <= CELL_MAX { names } else { ids.split_whitespace().collect::<Vec<_>>().join("; ") }
}

/// A field as a cell: objects by their names.
fn cell(dossier: &Dossier, entry: &Entry, field: &Field) -> String {
    let text = entry.text(field.name);
    let (Input::One(kind) | Input::Many(kind)) = field.input else { return text.to_owned() };
    let called = |id: &str| id.parse().ok().map_or_else(|| id.to_owned(), |id| reference(dossier, kind, id));
    joined(&text.split_whitespace().map(called).collect::<Vec<_>>(), text)
}

/// An object by its name, or by its identification when its name would not lead back to it.
fn reference(dossier: &Dossier, kind: &str, id: ObjectId) -> String {
    let name = dossier.get(id).filter(|entry| entry.kind.name == kind).map_or("", Entry::name);
    let is_clear =
        !name.is_empty() && name == name.trim() && !name.contains([';', '\n']) && name.parse::<ObjectId>().is_err();
    let is_only = dossier.of_kind(kind).filter(|entry| entry.name().trim() == name).count() == 1;
    if is_clear && is_only { name.to_owned() } else { id.to_string() }
}

/// The fields that tell objects of a kind with the same name apart: what they belong to, of when they are, and of whom.
pub fn tells_apart(field: &Field) -> bool {
    let is_place = matches!(field.input, Input::One(_) | Input::Year | Input::Day);
    field.is_required && is_place || ["dilemma", "party", "provider", "wet", "categorie"].contains(&field.name)
}

/// Compares the rows of sheets with what there is. Neither the order of the rows nor that of the sheets matters, save for the order in
/// which objects are made.
pub fn plan(dossier: &Dossier, sheets: &[Sheet]) -> Plan {
    let mut unknown = Vec::new();
    let mut rows = read_rows(dossier, sheets, &mut unknown);
    find_by_id(dossier, &mut rows);
    let mut names = Names::new(dossier, &rows);
    let deepest = kinds().map(depth).max().unwrap_or(0);
    for level in 0..=deepest {
        let of_level: Vec<usize> = (0..rows.len()).filter(|at| depth(rows[*at].kind) == level).collect();
        for at in &of_level {
            let kind = rows[*at].kind;
            kind.references().filter(|field| tells_apart(field)).for_each(|field| names.resolve(&mut rows[*at], field));
        }
        find_by_name(dossier, &mut rows, &of_level);
        of_level.iter().for_each(|at| names.add(&rows[*at]));
    }
    for row in &mut rows {
        row.kind.references().filter(|field| !tells_apart(field)).for_each(|field| names.resolve(row, field));
        row.check();
    }
    refuse_what_needs_refused(&mut rows);
    while refuse_circles(dossier, &mut rows) {
        // What is refused stays as it was, and others may have counted on it.
        refuse_what_needs_refused(&mut rows);
    }
    Plan { rows: rows.into_iter().map(|row| row.planned(sheets)).collect(), unknown }
}

impl Plan {
    /// How many rows there are for which something is to be done.
    pub fn count(&self, is_this: impl Fn(&RowAction) -> bool) -> usize {
        self.rows.iter().filter(|row| is_this(&row.action)).count()
    }
}

/// Writes everything in a plan that is not refused, what is named before what names it. What is refused is left out; when something
/// can't be written, drop the edit and nothing is.
///
/// # Errors
/// Those of [`Edit::create`] and [`Edit::change`]; [`RegisterError::Conflict`] when an object was changed after the dossier was read.
pub async fn write(edit: &mut Edit, plan: &Plan) -> Result<Written, RegisterError> {
    let mut made = BTreeMap::new();
    let mut later = Vec::new();
    let mut new: Vec<&PlannedRow> = plan.rows.iter().filter(|row| row.action == RowAction::Create).collect();
    new.sort_by_key(|row| (rank(row.kind), row.kind.name));
    for rows in new.chunk_by(|one, next| one.kind.name == next.kind.name) {
        later.extend(make(edit, rows, &mut made).await?);
    }
    for row in later {
        change(edit, made[&row.id], 1, row.kind, &row.with_ids(&made)).await?;
    }
    for row in &plan.rows {
        if let RowAction::Change(id) = row.action {
            change(edit, id, row.expected, row.kind, &row.with_ids(&made)).await?;
        }
    }
    Ok(Written {
        created: made.len(),
        changed: plan.count(|action| matches!(action, RowAction::Change(_))),
        same: plan.count(|action| matches!(action, RowAction::Same(_))),
        refused: plan.count(|action| matches!(action, RowAction::Refuse(_))),
    })
}

/// Makes new objects of one kind, in their order as far as they do not name each other. Answers those that were made without all that
/// they name: one field leads in no circle, but an item can belong to a chapter that waits for it.
async fn make<'p>(
    edit: &mut Edit,
    rows: &[&'p PlannedRow],
    made: &mut BTreeMap<ObjectId, ObjectId>,
) -> Result<Vec<&'p PlannedRow>, RegisterError> {
    let (mut waiting, mut later) = (rows.to_vec(), Vec::new());
    while !waiting.is_empty() {
        let mut unmade: BTreeSet<ObjectId> = waiting.iter().map(|row| row.id).collect();
        let mut rest = Vec::new();
        for row in &waiting {
            if row.missing(&unmade).is_empty() {
                made.insert(row.id, create(edit, row.kind, &row.with_ids(made)).await?);
                unmade.remove(&row.id);
            } else {
                rest.push(*row);
            }
        }
        if rest.len() == waiting.len() {
            let can_wait = |row: &&PlannedRow| row.missing(&unmade).iter().all(|field| !field.is_required);
            let row = rest.remove(rest.iter().position(can_wait).expect("no kind must name its own"));
            let mut texts = row.with_ids(made);
            row.missing(&unmade).iter().for_each(|field| drop(texts.remove(field.name)));
            made.insert(row.id, create(edit, row.kind, &texts).await?);
            later.push(row);
        }
        waiting = rest;
    }
    Ok(later)
}

/// After how many other kinds a kind comes, since it can name them.
fn rank(kind: &Kind) -> usize {
    let before = |field: &Field| match field.input {
        Input::One(name) | Input::Many(name) if name != kind.name => {
            crate::kind_named(name).map_or(0, |kind| rank(kind) + 1)
        }
        _ => 0,
    };
    kind.fields.iter().map(before).max().unwrap_or(0)
}

impl PlannedRow {
    /// What it is called.
    pub fn name(&self) -> &str {
        self.texts.get(self.kind.fields[0].name).map_or("", String::as_str)
    }

    /// The fields that name something that is not there yet.
    fn missing(&self, provisional: &BTreeSet<ObjectId>) -> Vec<&'static Field> {
        let is_missing = |field: &&Field| ids(&self.texts, field).iter().any(|id| provisional.contains(id));
        self.kind.references().filter(is_missing).collect()
    }

    /// Its texts, with what was made in the place of what stood for it.
    fn with_ids(&self, made: &BTreeMap<ObjectId, ObjectId>) -> Texts {
        let mut texts = self.texts.clone();
        for field in self.kind.references() {
            let ids = ids(&self.texts, field).into_iter().map(|id| made.get(&id).copied().unwrap_or(id));
            texts.insert(field.name.to_owned(), join(ids));
        }
        texts
    }
}

fn ids(texts: &Texts, field: &Field) -> Vec<ObjectId> {
    texts.get(field.name).map_or("", String::as_str).split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

fn join(ids: impl IntoIterator<Item = ObjectId>) -> String {
    ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

/// How many kinds an object needs above it before it can be told which it is.
fn depth(kind: &Kind) -> usize {
    let above = |field: &Field| match field.input {
        Input::One(name) if tells_apart(field) => crate::kind_named(name).map_or(0, |kind| depth(kind) + 1),
        _ => 0,
    };
    kind.fields.iter().map(above).max().unwrap_or(0)
}

/// A row while it is found out what is to be done with it.
#[derive(Debug)]
struct Row<'d> {
    sheet: usize,
    line: u64,
    kind: &'static Kind,
    /// The place of the column of each field.
    columns: BTreeMap<&'static str, usize>,
    /// Its identification, as typed.
    typed_id: String,
    /// What the sheet says: canonical where that could be read.
    texts: Texts,
    /// The object that it is.
    existing: Option<&'d Entry>,
    /// That of the object, or a provisional one.
    id: ObjectId,
    faults: Vec<Fault>,
}

const fn said(field: &'static str, nl: &'static str, en: &'static str) -> Fault {
    Fault { field, problem: Problem::Said { nl, en } }
}

fn read_rows<'d>(dossier: &'d Dossier, sheets: &[Sheet], unknown: &mut Vec<(usize, String)>) -> Vec<Row<'d>> {
    let mut rows = Vec::new();
    let gemeente = (GEMEENTE.to_owned(), dossier.gemeente().to_string());
    for (place, sheet) in sheets.iter().enumerate() {
        let Some(kind) = crate::kind_named(sheet.kind) else { continue };
        let columns = read_header(kind, place, sheet, unknown);
        for row in &sheet.rows {
            let text = |column: usize| row.cells.get(column).map_or("", |cell| bare(cell));
            if columns.values().all(|column| text(*column).is_empty()) {
                continue;
            }
            let canonical = |field: &Field| {
                let typed = text(*columns.get(field.name)?);
                let is_reference = matches!(field.input, Input::One(_) | Input::Many(_));
                let canonical = if is_reference { None } else { (field.canonical)(typed).ok() };
                Some((field.name.to_owned(), canonical.unwrap_or_else(|| typed.to_owned())))
            };
            rows.push(Row {
                sheet: place,
                line: row.line,
                kind,
                typed_id: columns.get(ID).map_or("", |column| text(*column)).to_owned(),
                texts: kind.fields.iter().filter_map(canonical).chain([gemeente.clone()]).collect(),
                columns: columns.clone(),
                existing: None,
                id: provisional(rows.len()),
                faults: Vec::new(),
            });
        }
    }
    rows
}

/// What stands in a cell, without the mark that a download puts before what a spreadsheet would take for a formula: `'-500,00`.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let marked = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    marked.map_or(cell, str::trim)
}

/// Which field each column is.
fn read_header(
    kind: &'static Kind,
    place: usize,
    sheet: &Sheet,
    unknown: &mut Vec<(usize, String)>,
) -> BTreeMap<&'static str, usize> {
    let mut columns = BTreeMap::new();
    for (column, title) in sheet.header.iter().enumerate() {
        let wanted = plain(title);
        let is_called =
            |called: fn(&Field) -> &'static str| kind.fields.iter().find(|field| plain(called(field)) == wanted);
        let field = is_called(|field| field.name).or_else(|| is_called(|field| field.label.nl));
        let field = field.or_else(|| is_called(|field| field.label.en)).map(|field| field.name);
        match field.or((wanted == ID).then_some(ID)) {
            Some(field) if !columns.contains_key(field) => drop(columns.insert(field, column)),
            None if wanted.is_empty() => {}
            _ => unknown.push((place, title.trim().to_owned())),
        }
    }
    columns
}

/// An identification for what is not there yet: later than any that a register gives.
fn provisional(place: usize) -> ObjectId {
    format!("7ZZZZZZZZZZZZZZZ{place:010}").parse().expect("26 digits")
}

fn find_by_id<'d>(dossier: &'d Dossier, rows: &mut [Row<'d>]) {
    let mut times: BTreeMap<ObjectId, usize> = BTreeMap::new();
    for row in rows.iter_mut().filter(|row| !row.typed_id.is_empty()) {
        let found =
            row.typed_id.parse().ok().and_then(|id| dossier.get(id)).filter(|entry| entry.kind.name == row.kind.name);
        match found {
            Some(entry) => {
                *times.entry(entry.version.id).or_default() += 1;
                row.existing = Some(entry);
                row.id = entry.version.id;
            }
            None => row.faults.push(said(
                ID,
                "Dit is er niet, of het is van een andere soort. Laat deze cel leeg om iets nieuws te maken.",
                "This is not there, or of another kind. Leave this cell empty to make something new.",
            )),
        }
    }
    for row in rows.iter_mut().filter(|row| times.get(&row.id).is_some_and(|times| *times > 1)) {
        row.faults.push(TWICE);
    }
}

const TWICE: Fault = said(ID, "Dit staat er meer dan één keer in.", "This is in it more than once.");
const SEVERAL: Fault = said(
    "name",
    "Er zijn er meer met deze naam. Vul de kolom id in.",
    "There are several of this name. Fill in the column id.",
);

/// Finds which objects rows without an identification are: those with the same name, and the same in what tells them apart, as far as
/// the sheet has those columns.
fn find_by_name<'d>(dossier: &'d Dossier, rows: &mut [Row<'d>], of_level: &[usize]) {
    let mut taken: BTreeSet<ObjectId> = rows.iter().filter(|row| row.existing.is_some()).map(|row| row.id).collect();
    let mut known: BTreeMap<(&str, &str), Vec<&'d Entry>> = BTreeMap::new();
    for entry in dossier.entries().filter(|entry| !taken.contains(&entry.version.id)) {
        known.entry((entry.kind.name, entry.name().trim())).or_default().push(entry);
    }
    let mut keys: BTreeMap<(&str, Vec<String>), Vec<usize>> = BTreeMap::new();
    for at in of_level.iter().filter(|at| rows[**at].typed_id.is_empty()) {
        keys.entry((rows[*at].kind.name, rows[*at].key())).or_default().push(*at);
    }
    for places in keys.values() {
        for at in places {
            let row = &mut rows[*at];
            let same_name = known.get(&(row.kind.name, row.name())).into_iter().flatten();
            let found: Vec<&Entry> = same_name.copied().filter(|entry| row.is(entry)).collect();
            match found[..] {
                _ if places.len() > 1 => row.faults.push(Fault { field: "name", ..TWICE }),
                [] => {}
                [entry] if taken.insert(entry.version.id) => (row.existing, row.id) = (Some(entry), entry.version.id),
                _ => row.faults.push(SEVERAL),
            }
        }
    }
}

impl Row<'_> {
    fn name(&self) -> &str {
        self.texts.get(self.kind.fields[0].name).map_or("", String::as_str)
    }

    /// Its name and what tells it apart, by what the sheet has.
    fn key(&self) -> Vec<String> {
        let texts =
            self.kind.fields[1..].iter().filter(|field| tells_apart(field)).map(|field| self.text(field).to_owned());
        [self.name().to_owned()].into_iter().chain(texts).collect()
    }

    fn text(&self, field: &Field) -> &str {
        self.texts.get(field.name).map_or("", String::as_str)
    }

    /// Whether it is this object, of the same name.
    fn is(&self, entry: &Entry) -> bool {
        let mut telling = self.kind.fields.iter().filter(|field| tells_apart(field));
        telling.all(|field| {
            let is_there = self.columns.contains_key(field.name);
            !is_there || self.text(field) == canonical(field, entry.text(field.name))
        })
    }

    /// Fills in what the sheet has no column for, and looks what is wrong with it.
    fn check(&mut self) {
        let before = self.existing.map(canonical_texts).unwrap_or_default();
        for (name, text) in before {
            self.texts.entry(name).or_insert(text);
        }
        self.texts.retain(|_, text| !text.is_empty());
        for fault in faults(self.kind, &self.texts) {
            if !self.faults.iter().any(|found| found.field == fault.field) {
                self.faults.push(fault);
            }
        }
    }

    fn planned(self, sheets: &[Sheet]) -> PlannedRow {
        let column = |field: &str| {
            let title = self.columns.get(field).and_then(|column| sheets[self.sheet].header.get(*column));
            let label = self.kind.field(field).map_or(field, |field| field.label.nl);
            title.map_or_else(|| label.to_owned(), |title| title.trim().to_owned())
        };
        let to_cell = |fault: &Fault| CellFault { column: column(fault.field), fault: *fault };
        let action = match self.existing {
            _ if !self.faults.is_empty() => RowAction::Refuse(self.faults.iter().map(to_cell).collect()),
            None => RowAction::Create,
            Some(entry) if canonical_texts(entry) == self.texts => RowAction::Same(self.id),
            Some(_) => RowAction::Change(self.id),
        };
        let expected = self.existing.map_or(0, |entry| entry.version.number);
        PlannedRow {
            sheet: self.sheet,
            line: self.line,
            kind: self.kind,
            action,
            id: self.id,
            expected,
            texts: self.texts,
        }
    }
}

fn canonical(field: &Field, text: &str) -> String {
    (field.canonical)(text).unwrap_or_else(|_| text.to_owned())
}

fn canonical_texts(entry: &Entry) -> Texts {
    let texts = entry.kind.fields.iter().map(|field| (field.name.to_owned(), canonical(field, entry.text(field.name))));
    let gemeente = (GEMEENTE.to_owned(), entry.text(GEMEENTE).to_owned());
    texts.chain([gemeente]).filter(|(_, text)| !text.is_empty()).collect()
}

/// A row that names one that is refused and not there yet is refused too, and so on.
fn refuse_what_needs_refused(rows: &mut [Row<'_>]) {
    let is_gone = |row: &&Row<'_>| row.existing.is_none() && !row.faults.is_empty();
    loop {
        let gone: BTreeSet<ObjectId> = rows.iter().filter(is_gone).map(|row| row.id).collect();
        let mut is_done = true;
        for row in rows.iter_mut() {
            for field in row.kind.references() {
                let needs = ids(&row.texts, field).iter().any(|id| gone.contains(id));
                if needs && !row.faults.iter().any(|fault| fault.field == field.name) {
                    is_done &= row.existing.is_some() || !row.faults.is_empty();
                    row.faults.push(said(
                        field.name,
                        "De rij die hier wordt genoemd, is zelf niet in orde.",
                        "The row that is named here is not in order itself.",
                    ));
                }
            }
        }
        if is_done {
            return;
        }
    }
}

/// Refuses the rows by which an object would come to stand below or after itself, as the rows that are not refused and the rest of
/// the dossier have it. A circle that was there already is left to whoever changes it. Answers whether there were any.
fn refuse_circles(dossier: &Dossier, rows: &mut [Row<'_>]) -> bool {
    let written: BTreeMap<ObjectId, &Row<'_>> =
        rows.iter().filter(|row| row.faults.is_empty()).map(|row| (row.id, row)).collect();
    let named = |id: ObjectId, field: &Field| match written.get(&id) {
        Some(row) => ids(&row.texts, field),
        None => dossier.get(id).map(|entry| ids(&entry.version.content, field)).unwrap_or_default(),
    };
    let mut found: Vec<(ObjectId, &'static str)> = Vec::new();
    for (id, row) in &written {
        for field in row.kind.references().filter(|field| names_own_kind(row.kind, field)) {
            let own = ids(&row.texts, field);
            let is_new = row.existing.is_none_or(|entry| ids(&entry.version.content, field) != own);
            if is_new && leads_to(own, *id, |next| named(next, field)) {
                found.push((*id, field.name));
            }
        }
    }
    for (id, field) in &found {
        let row = rows.iter_mut().filter(|row| row.id == *id && row.faults.iter().all(|fault| fault.field != *field));
        row.for_each(|row| row.faults.push(Fault { field, problem: CIRCLE }));
    }
    !found.is_empty()
}

/// What everything is called, after the rows are written and before.
#[derive(Debug)]
struct Names {
    after: BTreeMap<(&'static str, String), Vec<Named>>,
    before: BTreeMap<(&'static str, String), Vec<Named>>,
    kinds: BTreeMap<ObjectId, &'static str>,
}

/// An object by its name, with what it belongs to.
#[derive(Debug, Clone)]
struct Named {
    id: ObjectId,
    above: BTreeMap<&'static str, String>,
}

impl Names {
    /// Those of the objects that no row renames; rows are added when it is known what they are.
    fn new(dossier: &Dossier, rows: &[Row<'_>]) -> Self {
        let renamed: BTreeSet<ObjectId> = rows.iter().filter(|row| row.existing.is_some()).map(|row| row.id).collect();
        let mut names = Self { after: BTreeMap::new(), before: BTreeMap::new(), kinds: BTreeMap::new() };
        for entry in dossier.entries() {
            let id = entry.version.id;
            names.kinds.insert(id, entry.kind.name);
            let key = (entry.kind.name, entry.name().trim().to_owned());
            let named = Named { id, above: above(entry.kind, &entry.version.content) };
            if !renamed.contains(&id) {
                names.after.entry(key.clone()).or_default().push(named.clone());
            }
            names.before.entry(key).or_default().push(named);
        }
        names
    }

    fn add(&mut self, row: &Row<'_>) {
        let key = (
            row.kind.name,
            row.texts.get("name").map_or_else(|| row.existing.map_or("", Entry::name), String::as_str).to_owned(),
        );
        let before = row.existing.map(|entry| above(row.kind, &entry.version.content)).unwrap_or_default();
        let above: BTreeMap<_, _> = before.into_iter().chain(above(row.kind, &row.texts)).collect();
        self.kinds.insert(row.id, row.kind.name);
        let named = self.after.entry(key).or_default();
        named.retain(|named| named.id != row.id);
        named.push(Named { id: row.id, above });
    }

    /// Puts identifications in the place of names in a field of a row.
    fn resolve(&self, row: &mut Row<'_>, field: &'static Field) {
        let (Input::One(kind) | Input::Many(kind)) = field.input else { return };
        let Some(typed) = row.texts.get(field.name).filter(|typed| !typed.is_empty()) else { return };
        let own = row.existing.map(|entry| ids(&entry.version.content, field)).unwrap_or_default();
        let above = above(row.kind, &row.texts);
        let find = |name: &str| self.find(kind, name, &own, &above);
        let found = match find(typed) {
            Ok(id) => Ok(vec![id]),
            Err(_) => typed.split([';', '\n']).map(str::trim).filter(|name| !name.is_empty()).map(find).collect(),
        };
        match found {
            Ok(found) => {
                let mut seen = BTreeSet::new();
                let found = found.into_iter().filter(|id| seen.insert(*id));
                row.texts.insert(field.name.to_owned(), join(found));
            }
            Err((nl, en)) => {
                row.faults.push(said(field.name, nl, en));
                row.texts.remove(field.name);
            }
        }
    }

    fn find(
        &self,
        kind: &'static str,
        name: &str,
        own: &[ObjectId],
        above: &BTreeMap<&'static str, String>,
    ) -> Result<ObjectId, (&'static str, &'static str)> {
        if let Some(id) = name.parse().ok().filter(|id| self.kinds.get(id) == Some(&kind) || own.contains(id)) {
            return Ok(id);
        }
        let key = (kind, name.to_owned());
        let named = self.after.get(&key).or_else(|| self.before.get(&key)).map_or(&[][..], Vec::as_slice);
        let is_near = |named: &&Named| {
            let mut both = named.above.iter().filter_map(|(field, id)| Some((id, above.get(field)?)));
            both.all(|(one, other)| one == other)
        };
        let near: Vec<&Named> = named.iter().filter(is_near).collect();
        match (named, &near[..]) {
            ([only], _) => Ok(only.id),
            (_, [only]) => Ok(only.id),
            ([], _) => Err((
                "Hiervan bestaat er geen met deze naam, ook niet in wat nu wordt ingelezen.",
                "There is none of this name, nor in what is read in now.",
            )),
            _ => Err((
                "Er zijn er meer met deze naam. Noem de identificatie.",
                "There are several of this name. Give the identification.",
            )),
        }
    }
}

/// What an object belongs to.
fn above(kind: &Kind, texts: &Texts) -> BTreeMap<&'static str, String> {
    let fields = kind.references().filter(|field| tells_apart(field));
    fields.filter_map(|field| Some((field.name, texts.get(field.name)?.clone()))).collect()
}
