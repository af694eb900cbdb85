//! What people write, from and to spreadsheets and backups.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use grip_pipeline::{FileSheet, Grip, PipelineError, sheets};
use grip_policy::{
    Dossier, kinds,
    sheet::{self, CellFault, FileRow, Plan, RowAction, Sheet, Written},
};
use grip_register::{By, Register};
use grip_types::GemeenteCode;

use crate::{
    Ending,
    args::{Place, RegisterAction, RegisterExport, RegisterImport},
    commands::register_address,
    error::CliError,
};

/// Refused rows that are told one by one.
const REFUSED_MAX: usize = 100;
/// Who writes from the command line, when nobody is named.
const NOBODY: &str = "opdrachtregel";

/// The sheets of Voorbeeldstad: what `grip demo` puts in the register.
const VOORBEELDSTAD: &[(&str, &str)] = &[
    ("themas", include_str!("../../../voorbeelden/voorbeeldstad/register/themas.csv")),
    ("doelen", include_str!("../../../voorbeelden/voorbeeldstad/register/doelen.csv")),
    ("streefwaarden", include_str!("../../../voorbeelden/voorbeeldstad/register/streefwaarden.csv")),
    (
        "onderdelen van een beleidstheorie",
        include_str!("../../../voorbeelden/voorbeeldstad/register/onderdelen-van-een-beleidstheorie.csv"),
    ),
    ("veronderstellingen", include_str!("../../../voorbeelden/voorbeeldstad/register/veronderstellingen.csv")),
    ("maatregelen", include_str!("../../../voorbeelden/voorbeeldstad/register/maatregelen.csv")),
    ("programma's", include_str!("../../../voorbeelden/voorbeeldstad/register/programmas.csv")),
    (
        "onderdelen van een programma",
        include_str!("../../../voorbeelden/voorbeeldstad/register/onderdelen-van-een-programma.csv"),
    ),
    ("budgetaanvragen", include_str!("../../../voorbeelden/voorbeeldstad/register/budgetaanvragen.csv")),
    ("besluiten", include_str!("../../../voorbeelden/voorbeeldstad/register/besluiten.csv")),
    (
        "standen van de algemene reserve",
        include_str!("../../../voorbeelden/voorbeeldstad/register/standen-van-de-algemene-reserve.csv"),
    ),
];

pub(crate) fn register(place: &Place, action: &RegisterAction) -> Result<Ending, CliError> {
    let grip = Grip::open(&place.data)?;
    let gemeente = || place.gemeente.map_or_else(|| grip.gemeente(None).map_err(CliError::from), Ok);
    match action {
        RegisterAction::Import(asked) => import(&grip, gemeente()?, asked),
        RegisterAction::Export(asked) => export(&grip, gemeente()?, asked),
        RegisterAction::Backup { file } => {
            let edits = with_register(&grip, async |register| Ok(register.backup(file).await?))?;
            eprintln!("wrote {edits} edits to {}", file.display());
            Ok(Ending::Whole)
        }
        RegisterAction::Restore { file } => {
            let edits = with_register(&grip, async |register| Ok(register.restore(file).await?))?;
            eprintln!("restored {edits} edits from {}", file.display());
            Ok(Ending::Whole)
        }
    }
}

pub(crate) fn with_register<T>(
    grip: &Grip,
    task: impl AsyncFn(&Register) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let register = Register::open(&register_address(grip.data())).await?;
        let done = task(&register).await;
        register.close().await;
        done
    })
}

/// Puts what Voorbeeldstad wants and does in the register. A second time nothing changes.
pub(crate) fn fill(grip: &Grip, gemeente: GemeenteCode) -> Result<(), CliError> {
    let mut book = Vec::new();
    for (name, text) in VOORBEELDSTAD {
        book.extend(read(text.as_bytes(), name)?.into_iter().filter_map(|(_, sheet)| sheet));
    }
    let by = by(None, "Voorbeeldstad")?;
    let (_, written) = with_register(grip, async |register| write(register, gemeente, &book, by.clone()).await)?;
    eprintln!("wrote {} goals, measures, decisions and the like in the register", written.created + written.changed);
    Ok(())
}

fn import(grip: &Grip, gemeente: GemeenteCode, asked: &RegisterImport) -> Result<Ending, CliError> {
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for file in files(&asked.path)? {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for (name, sheet) in read(fs_err::File::open(&file)?, &stem)? {
            match sheet {
                Some(sheet) => named.push((name, sheet)),
                None => others.push(name),
            }
        }
    }
    if named.is_empty() {
        return Err(CliError::NoSheet(asked.path.clone()));
    }
    let (names, book): (Vec<String>, Vec<Sheet>) = named.into_iter().unzip();
    let by = by(asked.by.as_deref(), asked.why.as_deref().unwrap_or_default())?;
    let (plan, written) = with_register(grip, async |register| write(register, gemeente, &book, by.clone()).await)?;
    tell(&names, &plan, written);
    for other in &others {
        eprintln!("`{other}` was not read: it is not called after a kind of object");
    }
    let is_whole = others.is_empty() && plan.unknown.is_empty() && written.refused == 0;
    Ok(if is_whole { Ending::Whole } else { Ending::SomeRefused })
}

/// Who writes: a function, without blanks as the register keeps it.
fn by(named: Option<&str>, why: &str) -> Result<By, CliError> {
    let words: Vec<&str> = named.unwrap_or(NOBODY).split_whitespace().collect();
    let actor = words.join("-").parse().map_err(|fault| grip_register::RegisterError::Invalid(vec![fault]))?;
    Ok(By { actor, at: jiff::Timestamp::now(), reason: why.to_owned() })
}

async fn write(
    register: &Register,
    gemeente: GemeenteCode,
    book: &[Sheet],
    by: By,
) -> Result<(Plan, Written), CliError> {
    // While the edit is open nobody else writes: what is read now still holds when it is written.
    let mut edit = register.edit(by).await?;
    let dossier = Dossier::read(&register.now().await?, gemeente).await?;
    let plan = sheet::plan(&dossier, book);
    let written = sheet::write(&mut edit, &plan).await?;
    edit.commit().await?;
    Ok((plan, written))
}

/// The files of a folder that can hold sheets, or the one that is named.
fn files(path: &Path) -> Result<Vec<PathBuf>, CliError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs_err::read_dir(path)? {
        let file = entry?.path();
        let ending = file.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if ["csv", "xlsx"].contains(&ending.as_str()) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The sheets of a file with what they are called; one that is not called after a kind has none.
fn read(source: impl Read, stem: &str) -> Result<Vec<(String, Option<Sheet>)>, CliError> {
    let found = sheets(source).map_err(PipelineError::from)?;
    let to_sheet = |found: FileSheet| {
        let name = found.name.unwrap_or_else(|| stem.to_owned());
        let kind = sheet::kind_called(&name);
        let rows = found.rows.into_iter();
        let rows = rows.map(|row| FileRow { line: row.line, cells: row.cells, numbers: row.numbers });
        (name, kind.map(|kind| Sheet::of_file(kind, rows)))
    };
    Ok(found.into_iter().map(to_sheet).collect())
}

fn tell(names: &[String], plan: &Plan, written: Written) {
    for (at, name) in names.iter().enumerate() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in plan.rows.iter().filter(|row| row.sheet == at) {
            *counts.entry(word(&row.action)).or_default() += 1;
        }
        let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
        println!("{name}: {}", if counts.is_empty() { "no rows".to_owned() } else { counts.join(", ") });
        for (_, column) in plan.unknown.iter().filter(|(sheet, _)| *sheet == at) {
            println!("  column `{column}` was not read: there is no such field, or it is there twice");
        }
        let faults = plan.rows.iter().filter(|row| row.sheet == at).filter_map(|row| match &row.action {
            RowAction::Refuse(faults) => Some((row.line, faults)),
            _ => None,
        });
        for (line, faults) in faults.take(REFUSED_MAX) {
            let faults: Vec<String> = faults.iter().map(in_words).collect();
            println!("  line {line}: {}", faults.join("; "));
        }
    }
    let Written { created, changed, same, refused } = written;
    println!("{created} made, {changed} changed, {same} the same, {refused} refused");
}

fn word(action: &RowAction) -> &'static str {
    match action {
        RowAction::Create => "made",
        RowAction::Change(_) => "changed",
        RowAction::Same(_) => "the same",
        RowAction::Refuse(_) => "refused",
    }
}

fn in_words(cell: &CellFault) -> String {
    let fault = cell.fault.to_string();
    let problem = fault.strip_prefix(&format!("`{}` ", cell.fault.field)).unwrap_or(&fault);
    format!("column `{}` {problem}", cell.column)
}

fn export(grip: &Grip, gemeente: GemeenteCode, asked: &RegisterExport) -> Result<Ending, CliError> {
    let dossier = with_register(grip, async |register| Ok(Dossier::read(&register.now().await?, gemeente).await?))?;
    let bytes = workbook(&dossier).map_err(|error| CliError::Workbook(error.to_string()))?;
    fs_err::write(&asked.out, bytes)?;
    eprintln!("wrote {} objects to {}", dossier.entries().count(), asked.out.display());
    Ok(Ending::Whole)
}

/// A sheet for each kind, also where there is nothing of it: that is what a next import can be filled in on.
fn workbook(dossier: &Dossier) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    for kind in kinds() {
        let sheet = sheet::export(dossier, kind);
        let page = book.add_worksheet().set_name(sheet::sheet_name(kind))?;
        for (column, title) in (0..).zip(&sheet.header) {
            page.write_string_with_format(0, column, title, &bold)?;
        }
        for (line, row) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(&row.cells).filter(|(_, cell)| !cell.is_empty()) {
                page.write_string(line, column, cell)?;
            }
        }
        page.set_freeze_panes(1, 1)?;
    }
    book.save_to_buffer()
}
