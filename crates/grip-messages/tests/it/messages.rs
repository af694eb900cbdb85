//! Messages we wrote: what is read is what was written, and faults are found where they are.

use grip_messages::{Berichtsoort, Inhoud, Release, bericht::*, datatype::ProductCategorie, door, read, sample, write};
use grip_types::{Bedrag, Wet};
use proptest::prelude::*;

use grip_messages::Value;

fn header(soort: Berichtsoort, afzender: &str, ontvanger: &str) -> HeaderVanAanbieder<'static> {
    HeaderVanAanbieder {
        bericht_code: Value::new(soort.bericht_code().expect("a message we write")),
        bericht_versie: Value::of(3),
        bericht_subversie: Value::of(2),
        afzender: Value::new(afzender.to_owned()),
        ontvanger: Value::new(ontvanger.to_owned()),
        bericht_identificatie: BerichtIdentificatie {
            identificatie: Value::new("D-1"),
            dagtekening: Value::new("2025-02-03"),
        },
        xsd_versie: XsdVersie { basisschema_xsd_versie: Value::new("1.0.0"), bericht_xsd_versie: Value::new("1.0.0") },
    }
}

fn prestatie(referentie: &str, categorie: &str, cents: i64, sign: &'static str) -> Prestatie<'static> {
    Prestatie {
        product_referentie: ProductReferentie {
            referentie_nummer: Value::new(referentie.to_owned()),
            vorig_referentie_nummer: (sign == "C").then(|| Value::new("EERDER")),
        },
        toewijzing_nummer: Value::of(10_001),
        product_categorie: Value::new(categorie.to_owned()),
        product_code: Value::new("02A01"),
        product_periode: GeslotenPeriode { begindatum: Value::new("2025-01-01"), einddatum: Value::new("2025-01-31") },
        geleverd_volume: Value::of(cents),
        eenheid: Value::new("83"),
        product_tarief: None,
        ingediend_bedrag: BedragMetDC { bedrag: Value::of(cents), debet_credit: Value::new(sign) },
    }
}

pub(crate) fn declaratie(wet: Wet, prestaties: Vec<Prestatie<'static>>) -> Bericht<'static> {
    let soort = Berichtsoort::v3_2(wet, 323);
    let declaratie = Declaratie {
        declaratie_nummer: Value::new("D2025001"),
        declaratie_periode: GeslotenPeriode {
            begindatum: Value::new("2025-01-01"),
            einddatum: Value::new("2025-01-31"),
        },
        declaratie_dagtekening: Value::new("2025-02-03"),
        totaal_ingediend_bedrag: TotaalBedragMetDC { totaal_bedrag: Value::of(0), debet_credit: Value::new("D") },
        clienten: vec![DeclaratieClient { bsn: Value::new("999900006"), prestaties }],
    };
    Bericht {
        soort,
        inhoud: Inhoud::Declaratie(DeclaratieBericht { header: header(soort, "12345678", "9998"), declaratie }),
    }
}

pub(crate) fn declaratie_with_lines(wet: Wet) -> Bericht<'static> {
    let categorie = if wet == Wet::Jw { "45" } else { "02" };
    declaratie(wet, vec![prestatie("R1", categorie, 12_500, "D"), prestatie("R2", categorie, 500, "C")])
}

fn example() -> String {
    let bericht = declaratie_with_lines(Wet::Wmo);
    String::from_utf8(write(&bericht)).expect("messages are UTF-8")
}

/// Reads the example with one text replaced and gives the findings as `code line:column element`.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let text = example();
    assert!(text.contains(from), "{from} is in the example");
    let changed = text.replacen(from, to, 1);
    let found: Vec<String> = read(changed.as_bytes())
        .findings
        .iter()
        .map(|f| format!("{} {}:{} {}", f.rule.code, f.place.line, f.place.column, f.element))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_message_without_faults_has_no_findings() {
    check("R1", "R9", &[]);
}

#[test]
fn faults_are_found_where_they_are() {
    const CLIENT: &str = "Bericht/Declaratie/Clienten/Client";
    let line = format!("{CLIENT}/Prestaties/Prestatie");
    let at = |rule: &str, place: &str, element: &str| format!("{rule} {place} {line}/{element}");
    check("<wmo323:Eenheid>83<", "<wmo323:Eenheid>99<", &[&at("B023", "45:23", "Eenheid")]);
    check("<wmo323:Eenheid>83<", "<wmo323:Eenheid><", &[&at("B022", "45:23", "Eenheid")]);
    check("<wmo323:Eenheid>83</wmo323:Eenheid>", "", &[&format!("B020 46:31 {line}")]);
    check(
        "<wmo323:Eenheid>83</wmo323:Eenheid>",
        "<wmo323:Eenheid>83</wmo323:Eenheid><wmo323:Eenheid>83</wmo323:Eenheid>",
        &[&at("B021", "45:58", "Eenheid")],
    );
    check("<wmo323:Eenheid>83", "<wmo323:Eenheid soort=\"x\">83", &[&format!("B024 45:33 {line}")]);
    check(
        "2025-01-31</iwmo:Einddatum>",
        "2025-02-31</iwmo:Einddatum>",
        &["B022 22:20 Bericht/Declaratie/DeclaratiePeriode/Einddatum"],
    );
    check("<wmo323:Bsn>999900006", "<wmo323:Bsn>99990006", &[&format!("B022 31:17 {CLIENT}/Bsn")]);
}

#[test]
fn unknown_codes_are_kept() {
    let text = example().replace("<wmo323:Eenheid>83<", "<wmo323:Eenheid>99<");
    let reading = read(text.as_bytes());
    let Some(Bericht { inhoud: Inhoud::Declaratie(bericht), .. }) = &reading.bericht else { panic!("a message") };
    assert_eq!(bericht.declaratie.clienten[0].prestaties[0].eenheid.get(), Some("99"));
    assert_eq!(write(reading.bericht.as_ref().expect("a message")), text.as_bytes());
}

#[test]
fn a_fault_never_shows_a_personal_value() {
    let text = example().replace("999900006", "99990007");
    let reading = read(text.as_bytes());
    let shown = format!("{:?}", reading);
    assert_eq!(reading.findings.len(), 1);
    assert!(!shown.contains("99990007"), "{shown}");
}

/// Whoever puts a value in the wrong place may put a name or a number there: a finding says what was expected, not what it was.
#[test]
fn a_misplaced_value_is_not_quoted() {
    for (from, to, secret) in [
        ("<wmo323:Eenheid>83<", "<wmo323:Eenheid>999900006<", "999900006"),
        ("<wmo323:Eenheid>83<", "<wmo323:Eenheid>9999.00.006<", "9999.00.006"),
        ("<wmo323:ProductCode>02A01<", "<wmo323:ProductCode>Zandstra<", "Zandstra"),
        ("<wmo323:Eenheid>83<", "<wmo323:Eenheid>83</wmo323:Eenheid><wmo323:b999900006/><wmo323:x>1<", "999900006"),
        ("<iwmo:Bedrag>12500<", "<iwmo:Bedrag>Jansen<", "Jansen"),
    ] {
        let text = example();
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1).replace("x>1</wmo323:Eenheid>", "x>1</wmo323:x>").replacen(
            ">999900006</wmo323:Bsn",
            "></wmo323:Bsn",
            1,
        );
        let findings = read(changed.as_bytes()).findings;
        assert!(findings.len() > 1, "{to}: {findings:?}");
        assert!(!format!("{findings:?}").contains(secret), "{to}: {findings:?}");
    }
    let quoted = read(example().replacen("2025-01-31<", "2025-13-31<", 1).as_bytes()).findings;
    assert!(quoted[0].text.contains("`2025-13-31`"), "{quoted:?}");
}

#[test]
fn prefixes_are_free_and_may_be_declared_anywhere() {
    let plain = example();
    let default_namespace = plain.replace("xmlns:wmo323=", "xmlns=").replace("wmo323:", "");
    let renamed = plain
        .replace("wmo323:", "a:")
        .replace("xmlns:wmo323=", "xmlns:a=")
        .replace("iwmo:", "b:")
        .replace("xmlns:iwmo=", "xmlns:b=");
    let basis = r#" xmlns:iwmo="http://www.istandaarden.nl/iwmo/3_2/basisschema/schema""#;
    let local = plain.replacen(basis, "", 1);
    let local = [
        "Begindatum",
        "Einddatum",
        "Identificatie",
        "Dagtekening",
        "BasisschemaXsdVersie",
        "BerichtXsdVersie",
        "TotaalBedrag",
        "DebetCredit",
        "Bedrag",
        "ReferentieNummer",
        "VorigReferentieNummer",
    ]
    .iter()
    .fold(local, |text, name| text.replace(&format!("<iwmo:{name}>"), &format!("<iwmo:{name}{basis}>")));
    let expected = read(plain.as_bytes()).bericht;
    for text in [default_namespace, renamed, local] {
        let reading = read(text.as_bytes());
        assert_eq!(reading.findings, vec![], "{text}");
        assert_eq!(reading.bericht, expected);
    }
}

/// Also in an element without content: what comes after it does not know the prefix.
#[test]
fn prefixes_are_forgotten_where_their_element_ends() {
    let basis = r#" xmlns:b="http://www.istandaarden.nl/iwmo/3_2/basisschema/schema""#;
    for content in [format!("{basis}/>"), format!("{basis}></iwmo:ReferentieNummer>")] {
        let text = example().replace("<iwmo:ReferentieNummer>R1</iwmo:ReferentieNummer>", &{
            format!("<iwmo:ReferentieNummer{content}<b:VorigReferentieNummer>R0</b:VorigReferentieNummer>")
        });
        let codes: Vec<_> = read(text.as_bytes()).findings.iter().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["B022", "B021"], "{text}");
    }
}

#[test]
fn comments_character_data_and_references_are_text() {
    let text = example().replace(">R1<", "><!-- x -->R<![CDATA[<]]>&amp;&#x31;<");
    let reading = read(text.as_bytes());
    let Some(Bericht { inhoud: Inhoud::Declaratie(bericht), .. }) = &reading.bericht else {
        panic!("{:?}", reading.findings)
    };
    let referentie = &bericht.declaratie.clienten[0].prestaties[0].product_referentie.referentie_nummer;
    assert_eq!(referentie.get(), Some("R<&1"));
    assert_eq!(read(&write(reading.bericht.as_ref().expect("a message"))).bericht, reading.bericht);
}

#[test]
fn amounts_are_cents() {
    let bericht = declaratie(Wet::Jw, vec![prestatie("R1", "45", 12_550, "D")]);
    let Inhoud::Declaratie(bericht) = bericht.inhoud else { panic!("a 323") };
    let bedrag = &bericht.declaratie.clienten[0].prestaties[0].ingediend_bedrag.bedrag;
    assert_eq!(bedrag.get(), Some(Bedrag::from_cents(12_550)));
}

#[test]
fn other_messages_and_releases_are_named_when_refused() {
    let text = example();
    let refused = |text: String| {
        let reading = read(text.as_bytes());
        assert!(reading.bericht.is_none());
        (reading.findings[0].rule, reading.findings[0].text.clone())
    };
    assert_eq!(
        refused(text.replace("wmo323/schema", "wmo324/schema")),
        (door::NIET_ONDERSTEUND, "WMO324 release 3.2".to_owned())
    );
    assert_eq!(refused(text.replace("3_2", "2_3")), (door::NIET_ONDERSTEUND, "WMO323 release 2.3".to_owned()));
    for release in ["2_1", "2_2", "2_4", "3_3", "4_0"] {
        assert_eq!(refused(text.replace("3_2", release)).0, door::NIET_ONDERSTEUND, "{release}");
    }
    assert_eq!(refused(text.replace("3_2", "3_1")).0, door::HEADER_STRIJDIG);
    assert_eq!(refused(text.replace(">484<", ">414<")).0, door::HEADER_STRIJDIG);
    assert_eq!(refused(text.replace("www.istandaarden.nl", "example.org")).0, door::ONBEKENDE_NAMESPACE);
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        lines in prop::collection::vec(("[A-Za-z0-9<>&\"' \u{e9}-]{0,19}[A-Z]", 0_i64..99_999_999, prop::bool::ANY), 1..8),
        jeugd in prop::bool::ANY,
    ) {
        let (wet, categorie) = if jeugd { (Wet::Jw, "45") } else { (Wet::Wmo, "02") };
        let prestaties = lines.iter().map(|(referentie, cents, credit)| prestatie(referentie, categorie, *cents, if *credit { "C" } else { "D" })).collect();
        let bericht = declaratie(wet, prestaties);
        let bytes = write(&bericht);
        let reading = read(&bytes);
        prop_assert_eq!(&reading.findings, &vec![]);
        prop_assert_eq!(reading.bericht.as_ref(), Some(&bericht));
    }

    #[test]
    fn damaged_messages_never_panic(at in 0_usize..6000, byte in any::<u8>(), cut in 0_usize..6000) {
        let mut bytes = example().into_bytes();
        // Without the end of its last line a message is whole.
        let whole = bytes.trim_ascii_end().len();
        let at = at % whole;
        bytes[at] = byte;
        let _ = read(&bytes);
        bytes.truncate(cut % whole);
        prop_assert!(read(&bytes).bericht.is_none());
    }
}

#[test]
fn datatypes_of_the_public_interface_can_be_named() {
    let value: Value<'_, ProductCategorie> = Value::new("02");
    assert_eq!(value.get(), Some("02"));
}

/// GezagsdragerBekend and Woonplaatsbeginsel are of the Jeugdwet only.
#[test]
fn an_element_of_the_other_law_does_not_belong() {
    for (wet, expected) in [(Wet::Jw, vec![]), (Wet::Wmo, vec![("B021", "Bericht/Antwoord/Woonplaatsbeginsel")])] {
        let soort = Berichtsoort::v3_2(wet, 319);
        let HeaderVanAanbieder {
            bericht_code,
            bericht_versie,
            bericht_subversie,
            bericht_identificatie,
            xsd_versie,
            ..
        } = header(soort, "", "");
        let header = HeaderVanGemeente {
            bericht_code,
            bericht_versie,
            bericht_subversie,
            afzender: Value::new("9998"),
            ontvanger: Value::new("12345678"),
            bericht_identificatie,
            xsd_versie,
        };
        let antwoord = Antwoord {
            referentie_aanbieder: Value::new("V-1"),
            verzoek_antwoord: Value::new("1"),
            reden_afwijzing_verzoek: Some(Value::new("8")),
            woonplaatsbeginsel: Some(Woonplaatsbeginsel { gemeente: Value::new("9997") }),
        };
        let bericht = Bericht { soort, inhoud: Inhoud::Antwoord(AntwoordBericht { header, antwoord }) };
        let file = write(&bericht);
        let reading = read(&file);
        let found: Vec<_> = reading.findings.iter().map(|f| (f.rule.code, f.element.as_str())).collect();
        assert_eq!(found, expected);
        let Some(Bericht { inhoud: Inhoud::Antwoord(read), .. }) = &reading.bericht else { panic!("a 319") };
        assert_eq!(read.antwoord.woonplaatsbeginsel.is_some(), wet == Wet::Jw);
    }
}

/// The code of a 303 tells a declaratie from a factuur; that of another message belongs to neither.
#[test]
fn an_invoice_of_2_3_is_a_declaratie_or_a_factuur() {
    let soort = Berichtsoort { release: Release { versie: 2, subversie: 3 }, ..Berichtsoort::v3_2(Wet::Wmo, 303) };
    let mut bericht = sample::bericht(soort, 1).expect("a message of 2.3");
    for (code, is_read) in [("416", true), ("448", true), ("417", false), ("484", false)] {
        let Inhoud::DeclaratieFactuurV2_3(inhoud) = &mut bericht.inhoud else { panic!("a 303") };
        inhoud.header.bericht_code = Value::new(code);
        let file = write(&bericht);
        let reading = read(&file);
        assert_eq!(reading.bericht.is_some(), is_read, "{code}");
        assert_eq!(reading.findings.first().map(|f| f.rule), (!is_read).then_some(door::HEADER_STRIJDIG));
    }
}
