use std::io::{self, Cursor, Read, Seek, SeekFrom};

use grip_envelope::{Limits, TroubleKind, collect, seal, unwrap_source};

use crate::{
    archives::{Entry, entry, written},
    check, di01, opened, zip,
};

fn kinds(limits: &Limits, bytes: &[u8]) -> (usize, Vec<TroubleKind>) {
    let (documents, troubles) = opened(limits, bytes);
    (documents.len(), troubles.iter().map(|trouble| trouble.kind).collect())
}

#[test]
fn an_entry_of_zeros_is_refused_and_the_others_are_not() {
    let zeros = vec![0; 80 << 20];
    let bytes = written(&[entry("a", b"<Bericht/>"), entry("nullen", &zeros), entry("z", b"<Bericht/>")], 3);
    assert!(bytes.len() < 100_000);
    check(&bytes, &["in/a=<Bericht/>", "in/z=<Bericht/>"], &[TroubleKind::Zipbom]);
    let stored = written(&[Entry { method: 0, ..entry("nullen", &zeros) }, entry("z", b"<Bericht/>")], 2);
    check(&stored, &["in/z=<Bericht/>"], &[TroubleKind::TeGroot]);
}

#[test]
fn a_length_that_lies_reserves_nothing() {
    let lie = Entry { packed: Some(u32::MAX - 1), method: 0, ..entry("a", b"<Bericht/>") };
    check(&written(&[lie, entry("b", b"x")], 2), &["in/b=x"], &[TroubleKind::OnderdeelBeschadigd]);
}

#[test]
fn archives_in_archives_stop_at_the_limit() {
    let mut bytes = b"<Bericht/>".to_vec();
    for _ in 0..Limits::DEPTH_MAX {
        bytes = zip(&[("a", &bytes)]);
    }
    assert_eq!(kinds(&Limits::STANDARD, &bytes), (1, vec![]));
    let deeper = zip(&[("b", &bytes), ("c", b"<Bericht/>")]);
    assert_eq!(kinds(&Limits::STANDARD, &deeper), (1, vec![TroubleKind::TeDiep]));
    let mut sealed = b"<Bericht/>".to_vec();
    for _ in 0..=Limits::DEPTH_MAX {
        sealed = seal(&di01(), &sealed);
    }
    assert_eq!(kinds(&Limits::STANDARD, &sealed), (0, vec![TroubleKind::TeDiep]));
}

#[test]
fn a_tree_of_archives_stops_at_the_total() {
    // Sixteen times sixteen times sixteen times 1 MiB of zeros, in a few kilobytes.
    let mut bytes = vec![0; 1 << 20];
    for _ in 0..3 {
        let names: Vec<String> = (0..16).map(|number| number.to_string()).collect();
        bytes = zip(&names.iter().map(|name| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>());
    }
    let limits = Limits { total_bytes_free: 8 << 20, ..Limits::STANDARD };
    let (documents, troubles) = kinds(&limits, &bytes);
    assert!(documents <= 8, "{documents}");
    assert_eq!(troubles, [TroubleKind::TotaalTeGroot]);
}

#[test]
fn entries_that_share_their_bytes_stop_at_the_total() {
    // Each entry of the directory points at the same megabyte.
    let one = written(&[Entry { method: 0, ..entry("a", &vec![b'x'; 1 << 20]) }], 1);
    let directory = one.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let end = one.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    let mut bytes = one[..directory].to_vec();
    for _ in 0..1000 {
        bytes.extend(&one[directory..end]);
    }
    let length = u32::try_from(bytes.len() - directory).unwrap();
    bytes.extend(&one[end..end + 8]);
    bytes.extend([1000_u16; 2].map(u16::to_le_bytes).as_flattened());
    bytes.extend(length.to_le_bytes());
    bytes.extend(&one[end + 16..]);
    let limits = Limits { total_bytes_free: 8 << 20, ratio_max: 4, ..Limits::STANDARD };
    let (documents, troubles) = kinds(&limits, &bytes);
    assert!((1..=8).contains(&documents), "{documents}");
    assert_eq!(troubles, [TroubleKind::TotaalTeGroot]);
}

#[test]
fn more_entries_than_allowed_stop() {
    let entries: Vec<Entry> = (0..20).map(|number| entry(&number.to_string(), b"x")).collect();
    let limits = Limits { entries_max: 12, ..Limits::STANDARD };
    assert_eq!(kinds(&limits, &written(&entries, 20)), (12, vec![TroubleKind::TeVeelOnderdelen]));
    let (documents, troubles) = kinds(&limits, &written(&entries, 20)[..700]);
    assert_eq!((documents, troubles.last()), (12, Some(&TroubleKind::TeVeelOnderdelen)));
}

#[test]
fn an_end_that_claims_millions_of_entries_is_harmless() {
    let mut bytes = written(&[entry("a", b"<Bericht/>")], 1);
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    // ZIP64: ten million entries in a directory of 46 bytes each.
    let mut lie = b"PK\x06\x06".to_vec();
    lie.extend(44_u64.to_le_bytes());
    lie.extend([45_u16, 45].map(u16::to_le_bytes).as_flattened());
    lie.extend([0_u32; 2].map(u32::to_le_bytes).as_flattened());
    lie.extend([10_000_000_u64, 10_000_000, 460_000_000, 0].map(u64::to_le_bytes).as_flattened());
    lie.extend(b"PK\x06\x07\0\0\0\0");
    lie.extend(u64::try_from(end).unwrap().to_le_bytes());
    lie.extend(1_u32.to_le_bytes());
    bytes.splice(end..end, lie);
    let length = bytes.len();
    bytes[length - 14..length - 2].fill(0xff);
    let (documents, troubles) = kinds(&Limits::STANDARD, &bytes);
    assert_eq!((documents, troubles), (1, vec![TroubleKind::ArchiefBeschadigd]));
}

#[test]
fn archives_in_archives_are_held_within_the_limit() {
    // Not to be packed, so that the ratio has no part in it.
    let noise: Vec<u8> = (0_u32..400_000).map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3]).collect();
    let inner = written(&[Entry { method: 0, ..entry("a", &noise) }], 1);
    let bytes = written(&[entry("binnen.zip", &inner), entry("b", b"<Bericht/>")], 2);
    let limits = Limits { document_bytes_max: 500_000, held_bytes_max: 300_000, ..Limits::STANDARD };
    assert_eq!(kinds(&limits, &bytes), (1, vec![TroubleKind::ArchiefTeGroot]));
    let limits = Limits { document_bytes_max: 100_000, held_bytes_max: 300_000, ..Limits::STANDARD };
    assert_eq!(kinds(&limits, &bytes), (1, vec![TroubleKind::ArchiefTeGroot]));
    // Larger than a document may be, but an archive.
    let limits = Limits { document_bytes_max: 400_000, held_bytes_max: 500_000, ..Limits::STANDARD };
    assert_eq!(kinds(&limits, &bytes), (2, vec![]));
}

#[test]
fn deep_xml_is_no_envelope() {
    let deep = format!("<Envelope>{}", "<a>".repeat(100_000));
    assert_eq!(kinds(&Limits::STANDARD, deep.as_bytes()), (0, vec![TroubleKind::EnvelopBeschadigd]));
}

#[test]
fn signatures_all_over_take_no_time() {
    let bytes = b"PK\x03\x04".repeat(50_000);
    let (documents, troubles) = collect(&Limits::STANDARD, "in", &bytes);
    assert_eq!(documents, []);
    assert!(!troubles.is_empty());
}

/// A disk that fails after some bytes.
struct Failing(Cursor<Vec<u8>>, u64);

impl Read for Failing {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let good = self.1.saturating_sub(self.0.position());
        if good == 0 { Err(io::Error::other("worn out")) } else { self.0.by_ref().take(good).read(to) }
    }
}

impl Seek for Failing {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_source_that_fails_is_reported() {
    let archive = zip(&[("a", b"<Bericht/>")]);
    for (bytes, good) in [(b"<Bericht/>".to_vec(), 0), (b"<Bericht/>".to_vec(), 4), (archive.clone(), 0), (archive, 4)]
    {
        let found = unwrap_source(&Limits::STANDARD, "in", Failing(Cursor::new(bytes), good), |_| Err("given"));
        assert!(found.is_ok_and(|troubles| !troubles.is_empty()));
    }
}
