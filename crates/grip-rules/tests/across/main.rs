//! The answer to a declaratie, made from judgements and written as a message.
#![expect(clippy::print_stdout, reason = "a test says what it could not look at")]

use std::{path::Path, process::Command};

use grip_messages::{
    Bericht, Berichtsoort, Finding, Inhoud, Place, Rule, bericht::DeclaratieBericht, door, read, write,
};
use grip_rules::across::{ALL, Afzending, Judgement, answer};
use grip_types::{Bsn, Wet};
use proptest::prelude::*;

/// A line: amount in eurocents, below zero for a credit.
type Line = i64;

fn declaratie(wet: Wet, clients: &[Vec<Line>]) -> String {
    let soort = Berichtsoort::v3_2(wet, 323);
    let (code, categorie) =
        (soort.bericht_code().expect("a 323 has a code"), if wet == Wet::Wmo { "02" } else { "45" });
    let signed = |cents: i64| (cents.unsigned_abs(), if cents < 0 { "C" } else { "D" });
    let (total, sign) = signed(clients.iter().flatten().sum());
    let bsns = (999_900_000_u32..).map(|number| number.to_string()).filter(|text| text.parse::<Bsn>().is_ok());
    let mut number = 0;
    let mut line = |cents: i64| {
        number += 1;
        let (bedrag, sign) = signed(cents);
        let vorig = if sign == "C" {
            format!("<b:VorigReferentieNummer>D{number}</b:VorigReferentieNummer>")
        } else {
            String::new()
        };
        format!(
            "<m:Prestatie><m:ProductReferentie><b:ReferentieNummer>R{number}</b:ReferentieNummer>{vorig}</m:ProductReferentie>\
             <m:ToewijzingNummer>{number}</m:ToewijzingNummer><m:ProductCategorie>{categorie}</m:ProductCategorie><m:ProductCode>{categorie}A01</m:ProductCode>\
             <m:ProductPeriode><b:Begindatum>2024-01-01</b:Begindatum><b:Einddatum>2024-01-31</b:Einddatum></m:ProductPeriode>\
             <m:GeleverdVolume>{bedrag}</m:GeleverdVolume><m:Eenheid>04</m:Eenheid><m:ProductTarief>1</m:ProductTarief>\
             <m:IngediendBedrag><b:Bedrag>{bedrag}</b:Bedrag><b:DebetCredit>{sign}</b:DebetCredit></m:IngediendBedrag></m:Prestatie>"
        )
    };
    let clients: String = clients
        .iter()
        .zip(bsns)
        .map(|(lines, bsn)| {
            let lines: String = lines.iter().map(|cents| line(*cents)).collect();
            format!("<m:Client><m:Bsn>{bsn}</m:Bsn><m:Prestaties>{lines}</m:Prestaties></m:Client>")
        })
        .collect();
    let (ns, basis) = (soort.namespace(), soort.basis_namespace());
    format!(
        "<m:Bericht xmlns:m=\"{ns}\" xmlns:b=\"{basis}\"><m:Header><m:BerichtCode>{code}</m:BerichtCode><m:BerichtVersie>3</m:BerichtVersie>\
         <m:BerichtSubversie>2</m:BerichtSubversie><m:Afzender>00000001</m:Afzender><m:Ontvanger>0935</m:Ontvanger>\
         <m:BerichtIdentificatie><b:Identificatie>D1</b:Identificatie><b:Dagtekening>2024-02-02</b:Dagtekening></m:BerichtIdentificatie>\
         <m:XsdVersie><b:BasisschemaXsdVersie>1.0.0</b:BasisschemaXsdVersie><b:BerichtXsdVersie>1.0.1</b:BerichtXsdVersie></m:XsdVersie></m:Header>\
         <m:Declaratie><m:DeclaratieNummer>N1</m:DeclaratieNummer><m:DeclaratiePeriode><b:Begindatum>2024-01-01</b:Begindatum>\
         <b:Einddatum>2024-01-31</b:Einddatum></m:DeclaratiePeriode><m:DeclaratieDagtekening>2024-02-02</m:DeclaratieDagtekening>\
         <m:TotaalIngediendBedrag><b:TotaalBedrag>{total}</b:TotaalBedrag><b:DebetCredit>{sign}</b:DebetCredit></m:TotaalIngediendBedrag>\
         <m:Clienten>{clients}</m:Clienten></m:Declaratie></m:Bericht>"
    )
}

fn parse(xml: &str) -> DeclaratieBericht<'_> {
    let reading = read(xml.as_bytes());
    assert_eq!(reading.findings, vec![]);
    match reading.bericht.expect("a message").inhoud {
        Inhoud::Declaratie(bericht) => bericht,
        other => panic!("a 323 and not {}", other.nummer()),
    }
}

fn rule(code: &str) -> &'static Rule {
    ALL.iter().find(|rule| rule.code == code).expect("a rule")
}

fn judgement(code: &str, regel: u32, element: &'static str) -> Judgement {
    Judgement { bericht: 0, regel, rule: rule(code), element, text: String::new() }
}

const HEADER: &str = "Bericht/Header/BerichtIdentificatie/Identificatie";
const DECLARATIE: &str = "Bericht/Declaratie/DeclaratieNummer";
const CLIENT: &str = "Bericht/Declaratie/Clienten/Client/Bsn";
const REGEL: &str = "Bericht/Declaratie/Clienten/Client/Prestaties/Prestatie/GeleverdVolume";

fn afzending(wet: Wet) -> Afzending<'static> {
    Afzending {
        wet,
        identificatie: "A1",
        dagtekening: jiff::civil::date(2024, 2, 5),
        xsd_versie: ("1.0.0", "1.0.0"),
        xslt_versie: "2.10.5",
    }
}

fn finding(rule: &'static Rule) -> Finding {
    Finding { rule, place: Place::default(), element: String::new(), text: String::new() }
}

/// A rule inside a message, as its module has them.
static INSIDE: Rule = Rule {
    code: "CS340",
    ernst: grip_messages::Ernst::Fout,
    title: "",
    explanation: "",
    advice: "",
    retour_code: Some("0001"),
    wetten: &[Wet::Wmo, Wet::Jw],
    berichten: &[323],
};

/// What an answer says, as `header | declaratie, toegekend | client: line codes`.
fn told(clients: &[Vec<Line>], findings: &[Finding], judgements: &[Judgement]) -> Option<String> {
    let mut told = None;
    for wet in [Wet::Wmo, Wet::Jw] {
        let xml = declaratie(wet, clients);
        let bericht = answer(&parse(&xml), findings, judgements, &afzending(wet))?;
        let codes = |codes: &grip_messages::bericht::RetourCodes<'_>| {
            codes.retour_code.iter().map(|code| code.text().to_owned()).collect::<Vec<_>>().join(" ")
        };
        let mut text = codes(&bericht.header.retour_codes);
        if let Some(version) = &bericht.header.xslt_versie {
            text += &format!(" xslt {}", version.text());
        }
        if let Some(body) = &bericht.declaratie_antwoord {
            let total = &body.totaal_toegekend_bedrag;
            text += &format!(
                " | {}, {}{}",
                codes(&body.retour_codes),
                total.totaal_bedrag.text(),
                total.debet_credit.text()
            );
            for client in body.clienten.iter().flatten() {
                let lines: Vec<String> = client
                    .prestaties
                    .iter()
                    .map(|line| {
                        format!("{} {}", line.product_referentie.referentie_nummer.text(), codes(&line.retour_codes))
                    })
                    .collect();
                text += &format!(" | {}: {}", codes(&client.retour_codes), lines.join(", "));
            }
        }
        check_schema(wet, bericht);
        told = Some(text);
    }
    told
}

fn check_schema(wet: Wet, bericht: grip_messages::bericht::DeclaratieAntwoordBericht<'_>) {
    let soort = Berichtsoort::v3_2(wet, 325);
    let written = write(&Bericht { soort, inhoud: Inhoud::DeclaratieAntwoord(bericht) });
    assert_eq!(read(&written).findings, vec![]);
    let standard = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/istandaarden");
    let schema = match wet {
        Wet::Jw => standard.join("xsd-3.2/ijw/JW325.xsd"),
        Wet::Wmo => standard.join("xsd-3.2-derived/iwmo/WMO325.xsd"),
    };
    if !schema.is_file() {
        println!("not validated: no {soort}.xsd in ../shared/istandaarden beside the project");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("written.xml");
    fs_err::write(&file, &written).expect("written");
    let Ok(output) = Command::new("xmllint").arg("--noout").arg("--schema").arg(&schema).arg(&file).output() else {
        println!("not validated: xmllint is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn check(findings: &[Finding], judgements: &[Judgement], expected: &str) {
    let clients = [vec![1_000, -300], vec![50], vec![7, 8]];
    assert_eq!(told(&clients, findings, judgements).as_deref(), Some(expected));
}

/// IV087, situation by situation.
#[test]
fn the_answer_follows_the_table() {
    check(&[], &[], "0200 | 8001, 765D");
    // Warnings refuse nothing, nor do findings of the door that the schema allows.
    check(&[finding(door::TOTAAL_WIJKT_AF)], &[judgement("K002", 1, REGEL)], "0200 | 8001, 765D");
    check(&[finding(&INSIDE)], &[judgement("TR321", 1, REGEL)], "0001 xslt 2.10.5");
    check(&[], &[judgement("TR056", 0, HEADER), judgement("TR333", 0, DECLARATIE)], "9056");
    check(&[], &[judgement("TR333", 0, DECLARATIE), judgement("TR321", 1, REGEL)], "0200 | 9333, 0D");
    check(
        &[],
        &[judgement("TR304", 4, CLIENT), judgement("TR321", 5, REGEL)],
        "0200 | 0200, 750D | 8187: R4 0233, R5 0233",
    );
    check(
        &[],
        &[
            judgement("TR418", 1, REGEL),
            judgement("TR321", 1, REGEL),
            judgement("TR321", 1, REGEL),
            judgement("TR322", 3, REGEL),
        ],
        "0200 | 0200, 285C | 0200: R1 0611 9321 | 0200: R3 9322",
    );
}

#[test]
fn what_the_schema_refuses_has_no_answer() {
    for rule in [door::ELEMENT_ONTBREEKT, door::WAARDE_ONGELDIG, door::NIET_WELGEVORMD] {
        assert_eq!(told(&[vec![1]], &[finding(rule)], &[]), None, "{}", rule.code);
    }
}

#[test]
fn the_answer_names_what_it_answers() {
    let xml = declaratie(Wet::Jw, &[vec![1]]);
    let declaratie = parse(&xml);
    let answer = answer(&declaratie, &[], &[], &afzending(Wet::Jw)).expect("an answer");
    let header = &answer.header;
    assert_eq!((header.afzender.text(), header.ontvanger.text()), ("0935", "00000001"));
    assert_eq!(header.declaratie_identificatie, declaratie.header.bericht_identificatie);
    assert_eq!(header.xsd_versie_declaratie, declaratie.header.xsd_versie);
    assert_eq!((header.bericht_code.text(), header.bericht_identificatie.identificatie.text()), ("491", "A1"));
}

proptest! {
    /// TR342: what is refused, credits negative, is what was asked less what is granted.
    #[test]
    fn refused_is_asked_less_granted(
        clients in prop::collection::vec(prop::collection::vec(-99_999_999_i64..99_999_999, 1..6), 1..8),
        faults in prop::collection::vec((0_usize..80, 0_u32..48, 0_usize..2), 0..20),
    ) {
        let xml = declaratie(Wet::Wmo, &clients);
        let judgements: Vec<Judgement> = faults
            .iter()
            .map(|(rule, regel, level)| Judgement {
                bericht: 0,
                regel: *regel,
                rule: ALL[rule % ALL.len()],
                element: [CLIENT, REGEL][*level],
                text: String::new(),
            })
            .collect();
        let bericht = answer(&parse(&xml), &[], &judgements, &afzending(Wet::Wmo)).expect("an answer");
        let body = bericht.declaratie_antwoord.expect("not refused at its header");
        let signed = |cents: i64, sign: &str| if sign == "C" { -cents } else { cents };
        let total = |amount: &grip_messages::bericht::TotaalBedragMetDC<'_>| {
            signed(amount.totaal_bedrag.get().expect("an amount").cents, amount.debet_credit.text())
        };
        let refused: i64 = body
            .clienten
            .iter()
            .flatten()
            .flat_map(|client| &client.prestaties)
            .map(|line| signed(line.ingediend_bedrag.bedrag.get().expect("an amount").cents, line.ingediend_bedrag.debet_credit.text()))
            .sum();
        prop_assert_eq!(refused, total(&body.totaal_ingediend_bedrag) - total(&body.totaal_toegekend_bedrag));
    }
}
