//! Any bytes as a message: no panic, what was read can be written and read again as the same, and what answers it is right.

#![no_main]

use grip_messages::{Bericht, Berichtsoort, Ernst, Inhoud, read, write};
use grip_rules::{
    across::{Afzending, answer},
    inside::check,
};
use grip_types::parse_date;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let reading = read(bytes);
    let Some(bericht) = reading.bericht else { return };
    let mut findings = reading.findings;
    findings.extend(check(&bericht, bytes));
    let written = write(&bericht);
    assert!(read(&written).bericht.as_ref() == Some(&bericht), "written and read again it is another message");

    let Inhoud::Declaratie(declaratie) = &bericht.inhoud else { return };
    let afzending = Afzending {
        wet: bericht.soort.wet,
        identificatie: "A1",
        dagtekening: parse_date("2024-02-05").expect("a date"),
        xsd_versie: ("1.0.0", "1.0.0"),
        xslt_versie: "1.0.0",
    };
    let Some(answer) = answer(declaratie, &findings, &[], &afzending) else { return };
    let soort = Berichtsoort::v3_2(bericht.soort.wet, 325);
    let written = write(&Bericht { soort, inhoud: Inhoud::DeclaratieAntwoord(answer) });
    let faults = read(&written).findings.into_iter().filter(|finding| finding.rule.ernst >= Ernst::Fout);
    assert_eq!(faults.collect::<Vec<_>>(), [], "an answer keeps to the schema");
});
