//! One declaratie looked at before it is taken in: what is wrong with it, what bounds each line, and the answer it deserves.

use std::path::Path;

use grip_lake::Lake;
use grip_ledger::Eenheid;
use grip_messages::{Bericht, Berichtsoort, Ernst, Finding, Inhoud, Rule};
use grip_rules::{
    across::{self, Afzending, ControlRegel, Judgement, date_of},
    inside,
};
use grip_types::{Date, hex};
use serde::Serialize;

use crate::{
    PipelineError,
    controle::{self, Numbers, Partijen},
    pseudonym::Key,
    rows::{Appender, Rows, envelope},
    table::BerichtRow,
};

/// Versions of the schemas an answer is written by, and of the published checks that the rules inside a message agree with.
const XSD_VERSIE: (&str, &str) = ("1.0.0", "1.0.0");
const XSLT_VERSIE: &str = "2.10.5";

/// What is to be said of a declaratie.
#[derive(Debug, Serialize)]
pub struct CheckedDeclaratie {
    /// Kind of the message, as JW323.
    pub berichtsoort: String,
    /// Municipality that is asked to pay.
    pub gemeente: String,
    /// Provider that asks.
    pub aanbieder: String,
    /// Identification by the provider.
    pub identificatie: String,
    /// Lines in it.
    pub regels: usize,
    /// Total of the lines in eurocents.
    pub ingediend_cents: i64,
    /// What would be approved, in eurocents; `None` when there would be no answer.
    pub toegekend_cents: Option<i64>,
    /// Whether all of it would be approved (code 8001).
    pub volledig_toegekend: bool,
    /// Day of the first 301 of this provider. In the year after it an allocation that is not known may be older than the archive.
    pub toewijzingen_sinds: Option<String>,
    /// Whether the rules over messages were left out, because there is nothing of this provider to compare with.
    pub zonder_dossier: bool,
    /// What was found, in the order of the message.
    pub bevindingen: Vec<CheckFinding>,
    /// Each line beside what bounds it; empty when the message is refused before its lines.
    pub controlelijst: Vec<CheckLine>,
    /// The 325 that would be sent: XML by the standard. `None` when the message does not fit the schema: then the network
    /// answers with a fault. It names clients as the message does, and is kept nowhere.
    pub antwoord: Option<String>,
}

/// Something that was found in a declaratie.
#[derive(Debug, Serialize)]
pub struct CheckFinding {
    /// Rule.
    pub code: &'static str,
    /// How grave.
    pub ernst: &'static str,
    /// Name of the rule.
    pub titel: &'static str,
    /// Line in the file; 0 when it is not about one place.
    pub regel: u32,
    /// Line of the declaratie, from 1; `None` when it is not about one.
    pub rij: Option<u32>,
    /// Path of the element.
    pub element: String,
    /// What was found.
    pub omschrijving: String,
    /// What a receiver answers with.
    pub retour_code: Option<&'static str>,
    /// What to do.
    pub advies: &'static str,
}

/// One line of a declaratie beside what bounds it. Volumes are in the unit of the line; of hours they are minutes, because an
/// allocation in hours may be declared in minutes.
#[derive(Debug, Serialize)]
pub struct CheckLine {
    /// Position in the message, from 1.
    pub rij: u32,
    /// ToewijzingNummer.
    pub toewijzing_nummer: u32,
    /// First day of delivery.
    pub begindatum: String,
    /// Last day of delivery.
    pub einddatum: String,
    /// First and last day of the allocation; `None` when it is not known.
    pub toewijzing_begin: Option<String>,
    /// Last day; `None` when it has none.
    pub toewijzing_eind: Option<String>,
    /// Declared volume.
    pub volume: i64,
    /// Most in the month.
    pub volume_max: Option<i64>,
    /// Most over the allocation.
    pub volume_totaal_max: Option<i64>,
    /// Declared on the allocation before.
    pub volume_eerder: i64,
    /// Declared tariff in eurocents.
    pub tarief_cents: Option<u32>,
    /// Tariff of the contract in eurocents.
    pub contract_tarief_cents: Option<i64>,
    /// Amount in eurocents; below zero for a credit.
    pub bedrag_cents: i32,
    /// Codes of what differs.
    pub verschillen: Vec<&'static str>,
}

/// Looks at a declaratie (323) as if it came in on the peildatum, by what is known on that day. Without one that is the day it
/// did come in, or else today. Nothing is written.
///
/// # Errors
/// [`PipelineError::NoDeclaratie`] when the file is no 323, [`PipelineError::OtherKey`], and when the tables can't be read.
pub fn check_declaratie(
    lake: &Lake,
    key: &Key,
    path: &Path,
    peildatum: Option<Date>,
    today: Date,
) -> Result<CheckedDeclaratie, PipelineError> {
    crate::is_key_of(lake.root(), key)?;
    let file = fs_err::read(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (documents, _) = grip_envelope::collect(&grip_envelope::Limits::STANDARD, &name, &file);
    let not_one = || PipelineError::NoDeclaratie(path.to_owned());
    let bytes = documents.first().filter(|_| documents.len() == 1).ok_or_else(not_one)?.bytes.as_ref();
    let reading = grip_messages::read(bytes);
    let Some(bericht @ Bericht { soort, inhoud: Inhoud::Declaratie(declaratie) }) = &reading.bericht else {
        return Err(not_one());
    };
    let envelope = envelope(&bericht.inhoud).ok_or_else(not_one)?;
    let mut findings = reading.findings;
    findings.extend(inside::check(bericht, bytes));

    let bericht_id = hex(crate::intake::digest(bytes));
    let today = match peildatum {
        Some(day) => day,
        None => received(lake, &bericht_id)?.unwrap_or(today),
    };
    let mut rows = Rows::default();
    let mut ours = Vec::new();
    let mut appender = Appender {
        file: bytes,
        bericht_id: &bericht_id,
        received: today,
        key,
        rows: &mut rows,
        findings: &mut ours,
        line: 0,
    };
    appender.append(*soort, &envelope, &bericht.inhoud);
    rows.bericht.push(BerichtRow {
        bericht_id: &bericht_id,
        status: "ingelezen",
        wet: Some(soort.wet.as_str()),
        berichtsoort: Some(&soort.to_string()),
        release: None,
        gemeente: Some(envelope.gemeente),
        aanbieder: Some(envelope.aanbieder),
        afzender: Some(envelope.afzender),
        identificatie: Some(envelope.identificatie),
        dagtekening: Some(envelope.dagtekening),
        regels: 0,
        bevindingen: 0,
        bytes: 0,
        _source_file: "",
        _intake: i64::MAX,
        _received_at: today,
    });
    let snapshot = lake.snapshot(Some(today))?;
    for (table, batch) in rows.finish() {
        if table == "bericht" || table == "prestatie" {
            let offered = format!("aangeboden_{table}");
            snapshot.add(&offered, vec![batch])?;
            snapshot.replace_by_view(
                table,
                &format!("SELECT * FROM {table} WHERE bericht_id <> '{bericht_id}' UNION ALL SELECT * FROM {offered}"),
            )?;
        }
    }
    let partijen =
        Partijen { wet: soort.wet, gemeente: envelope.gemeente.into(), aanbieder: envelope.aanbieder.into() };
    let numbers = Numbers::load(&snapshot)?;
    let mut opened = controle::open(&snapshot, std::slice::from_ref(&partijen), &numbers)?;
    let opened = opened.first_mut().ok_or_else(not_one)?;
    let digest = crate::intake::digest(bytes);
    let at = opened.berichten.iter().position(|(id, _)| *id == digest).and_then(|at| u32::try_from(at).ok());
    let at = at.ok_or_else(not_one)?;
    let without = opened.dossier.toewijzingen.is_empty();
    let judgements =
        if without { Vec::new() } else { across::judge(&mut opened.dossier, &opened.context, |bericht| bericht == at) };
    let control = if without { Vec::new() } else { across::control_list(&mut opened.dossier, &opened.context, at) };
    if !without {
        findings.retain(|finding| finding.rule.code != controle::INSIDE_TOO);
    }
    let identificatie = &bericht_id[..12];
    let afzending = Afzending {
        wet: soort.wet,
        identificatie,
        dagtekening: today,
        xsd_versie: XSD_VERSIE,
        xslt_versie: XSLT_VERSIE,
    };
    let antwoord = across::answer(declaratie, &findings, &judgements, &afzending);
    let toegekend = antwoord.as_ref().map(|antwoord| {
        let body = antwoord.declaratie_antwoord.as_ref();
        body.map_or(0, |body| cents(&body.totaal_toegekend_bedrag).unwrap_or_default())
    });
    let volledig = antwoord
        .as_ref()
        .and_then(|antwoord| antwoord.declaratie_antwoord.as_ref())
        .is_some_and(|body| body.retour_codes.retour_code.iter().any(|code| code.text() == "8001"));
    let antwoord = antwoord.map(|antwoord| {
        let soort = Berichtsoort { nummer: 325, ..*soort };
        let written = grip_messages::write(&Bericht { soort, inhoud: Inhoud::DeclaratieAntwoord(antwoord) });
        String::from_utf8_lossy(&written).into_owned()
    });
    let lines = declaratie.declaratie.clienten.iter().flat_map(|client| &client.prestaties);
    Ok(CheckedDeclaratie {
        berichtsoort: soort.to_string(),
        gemeente: envelope.gemeente.to_owned(),
        aanbieder: envelope.aanbieder.to_owned(),
        identificatie: envelope.identificatie.to_owned(),
        regels: lines.clone().count(),
        ingediend_cents: cents(&declaratie.declaratie.totaal_ingediend_bedrag).unwrap_or_default(),
        toegekend_cents: toegekend,
        volledig_toegekend: volledig,
        toewijzingen_sinds: controle::first_allocation(&opened.dossier, &opened.berichten).map(|day| day.to_string()),
        zonder_dossier: without,
        bevindingen: findings.iter().map(of_finding).chain(judgements.iter().map(of_judgement)).collect(),
        controlelijst: control.iter().map(line).collect(),
        antwoord,
    })
}

/// The day a message came in, if it is in.
fn received(lake: &Lake, bericht_id: &str) -> Result<Option<Date>, PipelineError> {
    let found = lake.snapshot(None)?.query_with(
        "SELECT MIN(_received_at) FROM bericht WHERE bericht_id = $1 AND status <> 'geweigerd'",
        &[grip_lake::Parameter::Text(bericht_id)],
    )?;
    Ok(found.first().filter(|batch| batch.num_rows() > 0).and_then(|batch| crate::facts::Columns(batch).day(0, 0)))
}

fn cents(total: &grip_messages::bericht::TotaalBedragMetDC<'_>) -> Option<i64> {
    let sign = if total.debet_credit.text() == "C" { -1 } else { 1 };
    Some(sign * total.totaal_bedrag.get()?.cents)
}

fn of_finding(finding: &Finding) -> CheckFinding {
    about(finding.rule, finding.place.line, None, finding.element.clone(), finding.text.clone())
}

fn of_judgement(judgement: &Judgement) -> CheckFinding {
    let rij = (judgement.regel > 0).then_some(judgement.regel);
    about(judgement.rule, 0, rij, judgement.element.to_owned(), judgement.text.clone())
}

fn about(rule: &'static Rule, regel: u32, rij: Option<u32>, element: String, omschrijving: String) -> CheckFinding {
    CheckFinding {
        code: rule.code,
        ernst: rule.ernst.as_str(),
        titel: rule.title,
        regel,
        rij,
        element,
        omschrijving,
        retour_code: rule.retour_code.filter(|_| rule.ernst >= Ernst::Fout),
        advies: rule.advice,
    }
}

fn line(line: &ControlRegel) -> CheckLine {
    let day = |day| date_of(day).to_string();
    let mut verschillen: Vec<&str> = line.verschillen.iter().map(|judgement| judgement.rule.code).collect();
    verschillen.dedup();
    CheckLine {
        rij: line.regel,
        toewijzing_nummer: line.toewijzing,
        begindatum: day(line.begindatum),
        einddatum: day(line.einddatum),
        toewijzing_begin: line.bounds.toewijzing.map(|(begin, _)| day(begin)),
        toewijzing_eind: line.bounds.toewijzing.and_then(|(_, eind)| eind).map(day),
        volume: i64::from(line.volume) * if line.eenheid == Eenheid::Uur { 60 } else { 1 },
        volume_max: line.bounds.maximum,
        volume_totaal_max: line.bounds.total,
        volume_eerder: line.bounds.volume,
        tarief_cents: line.tarief,
        contract_tarief_cents: line.bounds.tarief,
        bedrag_cents: line.bedrag,
        verschillen,
    }
}
