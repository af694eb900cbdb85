//! Files as they come in: whole, nested, broken and hostile.

mod archives;
mod envelopes;
mod hostile;
mod roundtrip;

use std::io::Cursor;

use grip_envelope::{Envelope, EnvelopeKind, Limits, Trouble, TroubleKind, collect, pack, unwrap_source};

/// Name and text of each document, and the codes of the troubles. Both ways in must say the same.
#[track_caller]
pub(crate) fn opened(limits: &Limits, bytes: &[u8]) -> (Vec<(String, Vec<u8>)>, Vec<Trouble>) {
    let (documents, troubles) = collect(limits, "in", bytes);
    let documents: Vec<_> =
        documents.into_iter().map(|document| (document.name, document.bytes.into_owned())).collect();
    let mut streamed = Vec::new();
    let also = unwrap_source(limits, "in", Cursor::new(bytes), |document| {
        streamed.push((document.name, document.bytes.into_owned()));
        Ok::<(), ()>(())
    });
    assert_eq!(streamed, documents);
    assert_eq!(also.as_ref(), Ok(&troubles));
    (documents, troubles)
}

/// What is given, as `name=text`, and the kinds of trouble.
#[track_caller]
pub(crate) fn check(bytes: &[u8], expected: &[&str], kinds: &[TroubleKind]) {
    let (documents, troubles) = opened(&Limits::STANDARD, bytes);
    let documents: Vec<String> =
        documents.iter().map(|(name, bytes)| format!("{name}={}", String::from_utf8_lossy(bytes))).collect();
    assert_eq!(documents, expected);
    assert_eq!(troubles.iter().map(|trouble| trouble.kind).collect::<Vec<_>>(), kinds, "{troubles:?}");
}

pub(crate) fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    pack(entries.iter().copied()).expect("names differ and are short")
}

pub(crate) fn di01() -> Envelope {
    Envelope {
        kind: EnvelopeKind::StufDi01,
        referentienummer: Some("5d1c5b0e-6a4f-4c1e-9e0b-2f3a4b5c6d7e".to_owned()),
        cross_refnummer: None,
        functie: Some("WMO301".to_owned()),
        tijdstip_bericht: Some(jiff::civil::datetime(2025, 6, 30, 23, 59, 58, 0)),
    }
}

pub(crate) fn vecozo() -> Envelope {
    Envelope { kind: EnvelopeKind::Vecozo, functie: Some("JW315".to_owned()), tijdstip_bericht: None, ..di01() }
}
