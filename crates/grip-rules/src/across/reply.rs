//! From judgements to a 325: the answer of a Gemeente to a declaratie.

use std::collections::BTreeSet;

use grip_messages::{
    Berichtsoort, Ernst, Finding, Value,
    bericht::{
        AfgekeurdePrestatie, AntwoordClient, AntwoordHeader, BerichtIdentificatie, DeclaratieAntwoord,
        DeclaratieAntwoordBericht, DeclaratieBericht, Prestatie, RetourCodes, TotaalBedragMetDC, XsdVersie,
    },
};
use grip_types::{Date, Wet};

use super::Judgement;

/// What the sender of an answer says about itself.
#[derive(Debug, Clone)]
pub struct Afzending<'s> {
    /// Law of the declaratie.
    pub wet: Wet,
    /// Identification of the answer, at most 12 characters, unique among the answers of this Gemeente.
    pub identificatie: &'s str,
    /// Date of the answer.
    pub dagtekening: Date,
    /// Version of the basis schema and of the schema of the 325.
    pub xsd_versie: (&'s str, &'s str),
    /// Version of the published checks that the rules inside a message follow; required in a refusal by them.
    pub xslt_versie: &'s str,
}

/// A fault in the message itself.
const TECHNISCH: &str = "0001";
/// Judged, nothing to say.
const AKKOORD: &str = "0200";
/// Not judged, because what it stands in is refused.
const NIET_BEOORDEELD: &str = "0233";
/// Everything is approved.
const VOLLEDIG: &str = "8001";

/// The answer to a declaratie, or `None` when it does not fit the schema: then there is no answer but a transport fault.
///
/// `findings` are those about the message itself, `judgements` those about this message among others. Only faults with a
/// retourcode refuse anything; warnings are for the receiver.
///
/// # Source
/// iWmo and iJw 3.2, IV087 and TR342.
pub fn answer<'a>(
    declaratie: &DeclaratieBericht<'a>,
    findings: &[Finding],
    judgements: &[Judgement],
    afzending: &Afzending<'_>,
) -> Option<DeclaratieAntwoordBericht<'a>> {
    let is_fault = |finding: &&Finding| finding.rule.ernst >= Ernst::Fout;
    if findings.iter().filter(is_fault).any(|finding| is_of_schema(finding.rule.code)) {
        return None;
    }
    let faults: Vec<(&Judgement, &'static str)> = judgements
        .iter()
        .filter(|judgement| judgement.rule.ernst >= Ernst::Fout)
        .filter_map(|judgement| Some((judgement, judgement.rule.retour_code?)))
        .collect();
    let codes_at = |level: Level| -> Vec<&'static str> {
        let at = faults.iter().filter(|(judgement, _)| level_of(judgement.element) == level);
        let codes: BTreeSet<&'static str> = at.map(|(_, code)| *code).collect();
        codes.into_iter().collect()
    };
    let header = |codes: &[&'static str]| header(declaratie, codes, afzending);
    if findings.iter().filter(is_fault).any(|finding| finding.rule.retour_code.is_some()) {
        let header = AntwoordHeader { xslt_versie: Some(Value::of(afzending.xslt_versie)), ..header(&[TECHNISCH]) };
        return Some(DeclaratieAntwoordBericht { header, declaratie_antwoord: None });
    }
    let of_header = codes_at(Level::Header);
    if !of_header.is_empty() {
        return Some(DeclaratieAntwoordBericht { header: header(&of_header), declaratie_antwoord: None });
    }
    let of_declaratie = codes_at(Level::Declaratie);
    let (clienten, toegekend, codes) = if of_declaratie.is_empty() {
        let (clienten, toegekend) = judge_clients(declaratie, &faults);
        let codes = if clienten.is_empty() { vec![VOLLEDIG] } else { vec![AKKOORD] };
        ((!clienten.is_empty()).then_some(clienten), toegekend, codes)
    } else {
        (None, 0, of_declaratie)
    };
    let body = &declaratie.declaratie;
    Some(DeclaratieAntwoordBericht {
        header: header(&[AKKOORD]),
        declaratie_antwoord: Some(DeclaratieAntwoord {
            declaratie_nummer: Value::new(body.declaratie_nummer.text().to_owned()),
            totaal_ingediend_bedrag: body.totaal_ingediend_bedrag.clone(),
            totaal_toegekend_bedrag: total(toegekend),
            clienten,
            retour_codes: retour_codes(&codes),
        }),
    })
}

/// Findings of the door that the schema would make too.
fn is_of_schema(code: &str) -> bool {
    matches!(code, "B020" | "B021" | "B022" | "B024") || code < "B020" && code.starts_with('B')
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Header,
    Declaratie,
    Client,
    Regel,
}

fn level_of(element: &str) -> Level {
    if element.starts_with("Bericht/Declaratie/Clienten/Client/Prestaties/") {
        Level::Regel
    } else if element.starts_with("Bericht/Declaratie/Clienten/") {
        Level::Client
    } else if element.starts_with("Bericht/Declaratie") {
        Level::Declaratie
    } else {
        Level::Header
    }
}

/// The clients with refused lines, and the sum of what is approved.
fn judge_clients<'a>(
    declaratie: &DeclaratieBericht<'a>,
    faults: &[(&Judgement, &'static str)],
) -> (Vec<AntwoordClient<'a>>, i64) {
    let mut by_line: Vec<(u32, Level, &'static str)> =
        faults.iter().map(|(judgement, code)| (judgement.regel, level_of(judgement.element), *code)).collect();
    by_line.sort_by_key(|(regel, _, code)| (*regel, *code));
    by_line.dedup();
    let codes_of = |lines: std::ops::Range<u32>, level: Level| -> Vec<&'static str> {
        let first = by_line.partition_point(|(regel, ..)| *regel < lines.start);
        let of_lines = by_line[first..].iter().take_while(|(regel, ..)| *regel < lines.end);
        of_lines.filter(|(_, found, _)| *found == level).map(|(.., code)| *code).collect()
    };
    let (mut clienten, mut toegekend, mut regel) = (Vec::new(), 0, 1_u32);
    for client in &declaratie.declaratie.clienten {
        let count = u32::try_from(client.prestaties.len()).expect("a message has fewer than four billion lines");
        let mut of_client = codes_of(regel..regel + count, Level::Client);
        of_client.sort_unstable();
        of_client.dedup();
        let mut refused = Vec::new();
        for (line, regel) in client.prestaties.iter().zip(regel..) {
            let codes = codes_of(regel..regel + 1, Level::Regel);
            if !of_client.is_empty() {
                refused.push(refuse(line, &[NIET_BEOORDEELD]));
            } else if codes.is_empty() {
                toegekend += signed(line);
            } else {
                refused.push(refuse(line, &codes));
            }
        }
        regel += count;
        if !refused.is_empty() {
            let codes = if of_client.is_empty() { vec![AKKOORD] } else { of_client };
            clienten.push(AntwoordClient {
                bsn: client.bsn.clone(),
                prestaties: refused,
                retour_codes: retour_codes(&codes),
            });
        }
    }
    (clienten, toegekend)
}

fn signed(line: &Prestatie<'_>) -> i64 {
    let cents = line.ingediend_bedrag.bedrag.get().map_or(0, |amount| amount.cents);
    if line.ingediend_bedrag.debet_credit.text() == "C" { -cents } else { cents }
}

fn refuse<'a>(line: &Prestatie<'a>, codes: &[&'static str]) -> AfgekeurdePrestatie<'a> {
    let Prestatie {
        product_referentie,
        toewijzing_nummer,
        product_categorie,
        product_code,
        product_periode,
        geleverd_volume,
        eenheid,
        product_tarief,
        ingediend_bedrag,
    } = line.clone();
    AfgekeurdePrestatie {
        product_referentie,
        toewijzing_nummer,
        product_categorie,
        product_code,
        product_periode,
        geleverd_volume,
        eenheid,
        product_tarief,
        ingediend_bedrag,
        retour_codes: retour_codes(codes),
    }
}

fn total<'a>(cents: i64) -> TotaalBedragMetDC<'a> {
    let debet_credit = if cents < 0 { "C" } else { "D" };
    TotaalBedragMetDC { totaal_bedrag: Value::of(cents.unsigned_abs()), debet_credit: Value::of(debet_credit) }
}

fn retour_codes<'a>(codes: &[&'static str]) -> RetourCodes<'a> {
    RetourCodes { retour_code: codes.iter().map(|code| Value::new(*code)).collect() }
}

fn header<'a>(
    declaratie: &DeclaratieBericht<'a>,
    codes: &[&'static str],
    afzending: &Afzending<'_>,
) -> AntwoordHeader<'a> {
    let of_declaratie = &declaratie.header;
    let soort = Berichtsoort::v3_2(afzending.wet, 325);
    let (basis, bericht) = afzending.xsd_versie;
    AntwoordHeader {
        bericht_code: Value::new(soort.bericht_code().expect("a 325 has a code")),
        bericht_versie: Value::of(soort.release.versie),
        bericht_subversie: Value::of(soort.release.subversie),
        afzender: of_declaratie.ontvanger.clone(),
        ontvanger: of_declaratie.afzender.clone(),
        bericht_identificatie: BerichtIdentificatie {
            identificatie: Value::of(afzending.identificatie),
            dagtekening: Value::of(afzending.dagtekening),
        },
        xsd_versie: XsdVersie { basisschema_xsd_versie: Value::of(basis), bericht_xsd_versie: Value::of(bericht) },
        declaratie_identificatie: of_declaratie.bericht_identificatie.clone(),
        xslt_versie: None,
        xsd_versie_declaratie: of_declaratie.xsd_versie.clone(),
        retour_codes: retour_codes(codes),
    }
}
