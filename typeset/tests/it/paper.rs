//! The file itself.

use std::{cell::RefCell, io::Read};

use flate2::read::ZlibDecoder;
use grip_report::{Block, Language, Remark, Report};
use grip_typeset::{Phase, Template, pdf};
use jiff::civil::date;

use crate::sample::{EVIL, report};

pub(crate) fn standard(report: &Report) -> Vec<u8> {
    pdf(report, &Template::standard(), |_| {}).expect("a file")
}

/// The file with its compressed parts opened, as text; what is no text is left out.
fn opened(file: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(file).into_owned();
    let starts = file.windows(8).enumerate().filter(|(_, part)| part == b"\nstream\n" || *part == b"\nstream\r");
    for (at, _) in starts {
        let mut part = Vec::new();
        if ZlibDecoder::new(&file[at + 8..]).read_to_end(&mut part).is_ok() {
            text.push_str(&String::from_utf8_lossy(&part));
        }
    }
    text
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for language in [Language::Nl, Language::En] {
        let report = report(language);
        assert_eq!(standard(&report), standard(&report));
    }
    let later = Report { peildatum: date(2025, 7, 31), ..report(Language::Nl) };
    assert_ne!(standard(&later), standard(&report(Language::Nl)));
}

#[test]
fn the_file_says_what_it_is() {
    let file = opened(&standard(&report(Language::Nl)));
    for mark in [
        "/StructTreeRoot",
        "/Marked true",
        "/Lang",
        "(nl)",
        "/DisplayDocTitle true",
        "/Outlines",
        "pdfuaid:part",
        "Monitor sociaal domein",
        "Voorbeeldstad",
        "D:20250630000000Z",
        "OpenSans",
    ] {
        assert!(file.contains(mark), "{mark} is not in the file");
    }
    for absent in ["/JavaScript", "/Launch", "/EmbeddedFile"] {
        assert!(!file.contains(absent), "{absent}");
    }
}

#[test]
fn what_people_write_does_nothing() {
    let mut report = report(Language::Nl);
    report.title = EVIL.to_owned();
    report.subtitle = EVIL.to_owned();
    report.gemeente = EVIL.to_owned();
    report.origin = vec![(EVIL.to_owned(), EVIL.to_owned())];
    let section = &mut report.sections[0];
    section.title = EVIL.to_owned();
    section.blocks.push(Block::Paragraph(EVIL.to_owned()));
    section.blocks.push(Block::Notice(EVIL.to_owned()));
    for block in &mut section.blocks {
        if let Block::Chart(_, table) = block {
            table.title = EVIL.to_owned();
            table.columns[0].name = EVIL.to_owned();
            table.rows[0].head = EVIL.to_owned();
        }
    }
    assert!(standard(&report).starts_with(b"%PDF-"));
}

/// No font has every sign, and PDF/UA-1 refuses a sign that is in none.
#[test]
fn signs_that_no_font_has_are_no_reason_to_refuse() {
    let mut report = report(Language::Nl);
    let strange = "emoji 😀👨\u{200d}👩\u{200d}👧, 漢字, العربية, \u{e000}, \u{0}, \u{7}, \u{feff}, a\u{301}, \u{2028}, \u{10ffff}, ﬁ, soft\u{ad}hyphen";
    report.title = strange.to_owned();
    let remark = Remark {
        title: strange.to_owned(),
        markdown: format!("**{strange}** *{strange}* {strange}"),
        by: strange.to_owned(),
        on: date(2025, 7, 1),
    };
    report.sections[0].blocks.push(Block::Remark(remark));
    for block in &mut report.sections[0].blocks {
        if let Block::Chart(chart, _) = block
            && let grip_report::Chart::Fan(fan) = chart.as_mut()
        {
            fan.title = strange.to_owned();
            fan.description = String::new();
        }
    }
    assert!(standard(&report).starts_with(b"%PDF-"));
}

#[test]
fn an_empty_report_is_a_cover_and_contents() {
    let empty = Report { sections: Vec::new(), origin: Vec::new(), subtitle: String::new(), ..report(Language::En) };
    assert!(standard(&empty).starts_with(b"%PDF-"));
}

#[test]
fn who_waits_is_told_what_is_done() {
    let told = RefCell::new(Vec::new());
    let file = pdf(&report(Language::Nl), &Template::standard(), |phase| told.borrow_mut().push(phase));
    assert!(file.is_ok());
    assert_eq!(told.into_inner(), [Phase::Drawing, Phase::Layout, Phase::Writing]);
}
