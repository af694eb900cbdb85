#![doc = include_str!("../README.md")]

mod data;
mod error;
mod sheet;
mod template;

use grip_report::{Report, ReportJsonError};
use typst::{
    World, WorldExt, comemo,
    diag::{Severity, SourceDiagnostic},
    foundations::Smart,
    syntax::DiagSpanKind,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

pub use error::{Error, Fault, Place};
pub use template::Template;

use sheet::Sheet;

/// Where a template finds the report.
const DATA: &str = "grip/rapport.json";

/// What is being done, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Charts are drawn and numbers written.
    Drawing,
    /// Pages are laid out; this takes longest.
    Layout,
    /// The file is written and checked against PDF/UA-1.
    Writing,
}

/// Typesets a report as PDF that conforms to PDF/UA-1. The same report with the same template gives the same bytes.
///
/// `progress` is told of each phase when it begins. A report of forty pages takes seconds and a whole core: a server calls this on
/// a thread of its own.
///
/// # Errors
/// When the template has a fault, with its place, or leaves out what PDF/UA-1 wants, such as the text for a picture.
pub fn pdf(report: &Report, template: &Template, progress: impl Fn(Phase)) -> Result<Vec<u8>, Error> {
    progress(Phase::Drawing);
    let sheet = Sheet::new(template, Template::main(), report.peildatum).map_err(|error| fault(&error))?;
    let data = data::json(report, |letter| sheet.can_show(letter)).map_err(ReportJsonError::from)?;
    let sheet = sheet.with(DATA, data);
    progress(Phase::Layout);
    let document = typst::compile::<PagedDocument>(&sheet).output;
    let result = document.map_err(|faults| failed(&sheet, &faults)).and_then(|document| {
        progress(Phase::Writing);
        write(report, &document, &sheet)
    });
    // What is kept to be faster the next time is let go of, or a server would grow with every report.
    comemo::evict(0);
    result
}

fn write(report: &Report, document: &PagedDocument, sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}/{}/{}", report.gemeente, report.title, report.peildatum)),
        creator: Smart::Custom(Some("Grip".to_owned())),
        timestamp: sheet::datetime(report.peildatum).map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| fault(error.message()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|faults| failed(sheet, &faults))
}

fn fault(error: &impl ToString) -> Error {
    Error::Typeset { faults: vec![Fault { place: None, message: error.to_string(), hints: Vec::new() }] }
}

fn failed(sheet: &Sheet, found: &[SourceDiagnostic]) -> Error {
    let errors = found.iter().filter(|one| one.severity == Severity::Error);
    let faults = errors.map(|one| Fault {
        place: place(sheet, one),
        message: one.message.to_string(),
        hints: one.hints.iter().map(|hint| hint.v.to_string()).collect(),
    });
    Error::Typeset { faults: faults.collect() }
}

/// Where a fault is, in the file that is named; nothing where Typst does not know.
fn place(sheet: &Sheet, found: &SourceDiagnostic) -> Option<Place> {
    let (DiagSpanKind::Number { id, .. } | DiagSpanKind::Range { id, .. }) = found.span.get() else { return None };
    let source = sheet.source(id).ok()?;
    let start = sheet.range(found.span)?.start;
    let (line, column) = source.lines().byte_to_line_column(start)?;
    Some(Place { file: id.get().vpath().get_without_slash().to_owned(), line: line + 1, column: column + 1 })
}
