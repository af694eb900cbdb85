use std::io::{Cursor, Write};

use flate2::{Compression, Crc, write::DeflateEncoder};
use grip_envelope::{Limits, TroubleKind, collect};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{check, opened, zip};

/// One entry, written by hand so that it can be wrong.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: Vec<u8>,
    pub(crate) content: Vec<u8>,
    pub(crate) flags: u16,
    pub(crate) method: u16,
    /// Of the file as Unix has it, which tells a link from a file.
    pub(crate) mode: u32,
    pub(crate) crc_off: u32,
    /// What the headers say the packed length is, instead of what it is.
    pub(crate) packed: Option<u32>,
}

pub(crate) fn entry(name: &str, content: &[u8]) -> Entry {
    Entry { name: name.into(), content: content.into(), flags: 0, method: 8, mode: 0o100_644, crc_off: 0, packed: None }
}

fn u32_of(length: usize) -> u32 {
    u32::try_from(length).expect("a test is small")
}

/// A ZIP of these entries; `count` is what its end says.
pub(crate) fn written(entries: &[Entry], count: u16) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for Entry { name, content, flags, method, mode, crc_off, packed } in entries {
        let mut crc = Crc::new();
        crc.update(content);
        let data = if *method == 8 {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(content).expect("a vector takes everything");
            encoder.finish().expect("a vector takes everything")
        } else {
            content.clone()
        };
        let start = u32_of(bytes.len());
        let sum = crc.sum().wrapping_add(*crc_off);
        let sizes = [sum, packed.unwrap_or(u32_of(data.len())), u32_of(content.len())];
        let streamed = flags & 8 != 0;
        let fields = |to: &mut Vec<u8>, sizes: [u32; 3]| {
            to.extend([20_u16, *flags, *method, 0, 0].map(u16::to_le_bytes).as_flattened());
            to.extend(sizes.map(u32::to_le_bytes).as_flattened());
            to.extend(u16::try_from(name.len()).expect("a name is short").to_le_bytes());
            to.extend(0_u16.to_le_bytes());
        };
        bytes.extend(b"PK\x03\x04");
        fields(&mut bytes, if streamed { [0; 3] } else { sizes });
        bytes.extend(name);
        bytes.extend(&data);
        if streamed {
            bytes.extend(b"PK\x07\x08");
            bytes.extend(sizes.map(u32::to_le_bytes).as_flattened());
        }
        directory.extend(b"PK\x01\x02\x14\x03");
        fields(&mut directory, sizes);
        directory.extend([0_u16; 3].map(u16::to_le_bytes).as_flattened());
        directory.extend([mode << 16, start].map(u32::to_le_bytes).as_flattened());
        directory.extend(name);
    }
    let (start, length) = (u32_of(bytes.len()), u32_of(directory.len()));
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count; 2].map(u16::to_le_bytes).as_flattened());
    bytes.extend([length, start].map(u32::to_le_bytes).as_flattened());
    bytes.extend([0, 0]);
    bytes
}

fn three() -> [Entry; 3] {
    [
        entry("1", b"<Bericht>een</Bericht>"),
        entry("2", b"<Bericht>twee</Bericht>"),
        entry("3", b"<Bericht>drie</Bericht>"),
    ]
}

const ONE: &str = "in/1=<Bericht>een</Bericht>";
const TWO: &str = "in/2=<Bericht>twee</Bericht>";
const THREE: &str = "in/3=<Bericht>drie</Bericht>";

#[test]
fn entries_come_in_order_folders_do_not_and_names_may_occur_twice() {
    let [one, two, _] = three();
    let folder = Entry { method: 0, ..entry("map/", b"") };
    let bytes = written(&[folder, two, one.clone(), one], 4);
    check(&bytes, &[TWO, ONE, ONE], &[]);
}

#[test]
fn an_archive_without_files_is_reported() {
    check(&written(&[], 0), &[], &[TroubleKind::LeegArchief]);
    check(&written(&[Entry { method: 0, ..entry("map/", b"") }], 1), &[], &[TroubleKind::LeegArchief]);
}

#[test]
fn office_files_are_one_document() {
    let sheet = zip(&[("xl/workbook.xml", b"<workbook/>"), ("[Content_Types].xml", b"<Types/>")]);
    let text = written(
        &[
            Entry { method: 0, ..entry("mimetype", b"application/vnd.oasis.opendocument.text") },
            entry("content.xml", b"<a/>"),
        ],
        2,
    );
    for bytes in [sheet, text] {
        let (documents, troubles) = opened(&Limits::STANDARD, &bytes);
        assert_eq!((documents, troubles), (vec![("in".to_owned(), bytes.clone())], vec![]));
        let inside = zip(&[("a.xlsx", &bytes), ("b.xml", b"<Bericht/>")]);
        let (documents, troubles) = opened(&Limits::STANDARD, &inside);
        assert_eq!(troubles, []);
        assert_eq!(documents, [("in/a.xlsx".to_owned(), bytes), ("in/b.xml".to_owned(), b"<Bericht/>".to_vec())]);
    }
}

#[test]
fn what_systems_add_is_left_out() {
    let bytes = zip(&[("__MACOSX/._1", b"\0\x05\x16\x07"), ("1", b"<Bericht>een</Bericht>"), ("map/.DS_Store", b"x")]);
    check(&bytes, &[ONE], &[]);
}

#[test]
fn entries_with_their_length_behind_them_are_read() {
    let streamed = three().map(|entry| Entry { flags: 8, ..entry });
    let bytes = written(&streamed, 3);
    check(&bytes, &[ONE, TWO, THREE], &[]);
    // Also without the directory, in which the length stands too.
    let cut = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    check(&bytes[..cut], &[ONE, TWO, THREE], &[TroubleKind::ArchiefBeschadigd]);
    let mut broken = bytes[..cut].to_vec();
    let sum = broken.windows(4).position(|window| window == b"PK\x07\x08").unwrap() + 4;
    broken[sum] ^= 1;
    check(&broken, &[TWO, THREE], &[TroubleKind::ArchiefBeschadigd, TroubleKind::OnderdeelBeschadigd]);
}

#[test]
fn large_archives_are_read() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true);
    for number in 0..70_000 {
        zip.start_file(format!("{number}"), options).unwrap();
        zip.write_all(b"<Bericht/>").unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let (documents, troubles) = collect(&Limits::STANDARD, "in", &bytes);
    assert_eq!((documents.len(), troubles.len()), (70_000, 0));
}

#[test]
fn one_bad_entry_loses_no_other() {
    let [one, two, three] = three();
    #[track_caller]
    fn check_second(one: &Entry, second: Entry, three: &Entry, kind: TroubleKind) {
        check(&written(&[one.clone(), second, three.clone()], 3), &[ONE, THREE], &[kind]);
    }
    check_second(&one, Entry { crc_off: 1, ..two.clone() }, &three, TroubleKind::OnderdeelBeschadigd);
    check_second(&one, Entry { flags: 1, ..two.clone() }, &three, TroubleKind::Versleuteld);
    check_second(&one, Entry { method: 9, ..two.clone() }, &three, TroubleKind::CompressieOnbekend);
    check_second(&one, Entry { method: 14, ..two.clone() }, &three, TroubleKind::CompressieOnbekend);
    check_second(&one, Entry { mode: 0o120_777, ..two.clone() }, &three, TroubleKind::Koppeling);
    check_second(&one, Entry { packed: Some(3), ..two }, &three, TroubleKind::OnderdeelBeschadigd);
}

#[test]
fn names_that_point_outside_are_made_harmless_and_reported() {
    for name in ["../../1", "/1", "Z:\\1", "..\\1", "\\\\1", "./../1"] {
        check(&written(&[entry(name, b"<Bericht>een</Bericht>")], 1), &[ONE], &[TroubleKind::OnveiligeNaam]);
    }
    check(&written(&[entry("1\0b", b"x")], 1), &["in/1_b=x"], &[TroubleKind::OnveiligeNaam]);
    let latin = Entry { name: b"caf\x82".to_vec(), ..entry("", b"x") };
    check(&written(&[latin], 1), &["in/café=x"], &[]);
}

#[test]
fn a_wrong_count_loses_nothing() {
    for count in [0, 1, 2] {
        check(&written(&three(), count), &[ONE, TWO, THREE], &[TroubleKind::ArchiefBeschadigd]);
    }
    for count in [4, 60_000] {
        check(&written(&three(), count), &[ONE, TWO, THREE], &[TroubleKind::ArchiefBeschadigd]);
    }
}

#[test]
fn every_truncation_gives_the_entries_before_it() {
    for flags in [0, 8] {
        let entries = three().map(|entry| Entry { flags, ..entry });
        let bytes = written(&entries, 3);
        let starts: Vec<_> = (0..bytes.len())
            .filter(|at| bytes[*at..].starts_with(b"PK\x03\x04") || bytes[*at..].starts_with(b"PK\x01\x02"))
            .collect();
        for cut in 4..bytes.len() {
            let (documents, troubles) = opened(&Limits::STANDARD, &bytes[..cut]);
            let whole = starts[1..4].iter().filter(|end| **end <= cut).count();
            // The last one may be whole but for what follows it.
            assert!(documents.len() == whole || documents.len() == whole + 1 && flags == 8, "{cut}: {documents:?}");
            for (at, (name, bytes)) in documents.iter().enumerate() {
                assert_eq!(*name, format!("in/{}", at + 1));
                assert_eq!(*bytes, entries[at].content);
            }
            assert_eq!(troubles[0].kind, TroubleKind::ArchiefBeschadigd, "{cut}");
        }
    }
}

#[test]
fn a_broken_directory_gives_each_entry_once() {
    let inner = zip(&[("x", b"<Bericht>een</Bericht>")]);
    let bytes = written(&[Entry { method: 0, ..entry("in", &inner) }, entry("2", b"<Bericht>twee</Bericht>")], 2);
    let expected = ["in/in/x=<Bericht>een</Bericht>", TWO];
    check(&bytes, &expected, &[]);
    let second = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let mut broken = bytes;
    broken[second] = b'?';
    check(&broken, &expected, &[TroubleKind::ArchiefBeschadigd]);
}

#[test]
fn the_directory_of_an_archive_inside_is_not_taken_for_that_of_one_cut_off() {
    let inner = zip(&[("x", b"<Bericht>een</Bericht>")]);
    let [one, _, three] = three();
    let bytes = written(&[one, Entry { method: 0, ..entry("in", &inner) }, three], 3);
    // The end of the archive inside is now the end of everything.
    let end = bytes.windows(4).position(|window| window == b"PK\x05\x06").unwrap() + 22;
    check(&bytes[..end], &[ONE, "in/in/x=<Bericht>een</Bericht>"], &[TroubleKind::ArchiefBeschadigd]);
}
