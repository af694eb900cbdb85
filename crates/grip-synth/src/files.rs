//! Writes a municipality to files: messages by the day the municipality received or sent them, and its own tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use grip_types::Date;
use jiff::civil::date;

use crate::{Municipality, SynthError, berichten, contracts::PRODUCTS};

/// How far writing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Messages written.
    pub done: usize,
    /// Messages to write.
    pub total: usize,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Number of messages by kind, such as `WMO301`.
    pub berichten: BTreeMap<String, usize>,
    /// Bytes of all messages.
    pub bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Toewijzing(usize),
    Melding(usize),
    Declaratie(usize),
    Antwoord(usize),
}

/// Writes all messages up to the last day, and the tables, into a folder. Files that are there are overwritten.
///
/// `berichten/YYYY-MM-DD/<soort>_<afzender>_<identificatie>.xml`, `begroting.csv`, `contract.csv`, `client.csv`, and
/// `waarheid.csv` with what nobody but a simulation knows.
///
/// # Errors
/// [`SynthError::Write`] and [`SynthError::Table`].
pub fn write(
    municipality: &Municipality,
    dir: &Path,
    mut progress: impl FnMut(Progress),
) -> Result<Summary, SynthError> {
    let events = events(municipality);
    let mut summary = Summary { berichten: BTreeMap::new(), bytes: 0 };
    let mut folders = BTreeSet::new();
    for (done, (day, event)) in events.iter().enumerate() {
        let sent = match event {
            Event::Toewijzing(index) => berichten::toewijzing(municipality, *index),
            Event::Melding(index) => berichten::melding(municipality, *index),
            Event::Declaratie(index) => berichten::declaratie(municipality, *index),
            Event::Antwoord(index) => berichten::antwoord(municipality, *index),
        };
        let folder = dir.join("berichten").join(day.to_string());
        if folders.insert(*day) {
            fs_err::create_dir_all(&folder)?;
        }
        let soort = sent.bericht.soort.to_string();
        let file = grip_messages::write(&sent.bericht);
        fs_err::write(folder.join(format!("{soort}_{}_{}.xml", sent.afzender, sent.identificatie)), &file)?;
        summary.bytes += u64::try_from(file.len()).unwrap_or_default();
        *summary.berichten.entry(soort).or_default() += 1;
        progress(Progress { done: done + 1, total: events.len() });
    }
    fs_err::create_dir_all(dir)?;
    write_tables(municipality, dir)?;
    Ok(summary)
}

fn events(municipality: &Municipality) -> Vec<(Date, Event)> {
    let toewijzingen =
        municipality.toewijzing_berichten.iter().enumerate().map(|(index, sent)| (sent.sent, Event::Toewijzing(index)));
    let meldingen =
        municipality.meldingen.iter().enumerate().map(|(index, melding)| (melding.received, Event::Melding(index)));
    let declaraties = municipality.declaraties.iter().enumerate().flat_map(|(index, declaratie)| {
        [(declaratie.sent, Event::Declaratie(index)), (declaratie.answered, Event::Antwoord(index))]
    });
    let mut events: Vec<(Date, Event)> = toewijzingen.chain(meldingen).chain(declaraties).collect();
    events.retain(|(day, _)| *day <= municipality.settings.to);
    events.sort_unstable();
    events
}

fn write_tables(municipality: &Municipality, dir: &Path) -> Result<(), SynthError> {
    write_table(&dir.join("begroting.csv"), "jaar;wet;productcategorie;versie;bedrag;vastgesteld", |rows| {
        for budget in &municipality.budgets {
            rows.push(vec![
                budget.year.to_string(),
                budget.wet.to_string(),
                budget.categorie.to_owned(),
                budget.versie.to_owned(),
                euros(budget.cents),
                budget.vastgesteld.to_string(),
            ]);
        }
    })?;
    write_table(
        &dir.join("contract.csv"),
        "aanbieder;naam;wet;productcategorie;productcode;eenheid;tarief;begindatum;einddatum",
        |rows| push_contracts(municipality, rows),
    )?;
    write_table(&dir.join("client.csv"), "bsn;geboortedatum;wijk;huishouden", |rows| {
        for client in &municipality.clients {
            let household = &municipality.households[client.household];
            rows.push(vec![
                client.bsn.expose().to_owned(),
                client.geboortedatum.to_string(),
                municipality.districts[household.district].code.clone(),
                format!("H{:06}", client.household + 1),
            ]);
        }
    })?;
    let header = "wet;productcategorie;maand;geleverd_cents;toegekend_cents_uiteindelijk";
    write_table(&dir.join("waarheid.csv"), header, |rows| {
        for (((wet, categorie), maand), (delivered, granted)) in &municipality.truth {
            rows.push(vec![
                wet.to_string(),
                (*categorie).to_owned(),
                maand.to_string(),
                delivered.to_string(),
                granted.to_string(),
            ]);
        }
    })
}

fn push_contracts(municipality: &Municipality, rows: &mut Vec<Vec<String>>) {
    let (from, to) = (municipality.settings.from.year(), municipality.settings.to.year());
    for contract in municipality.market.contracts.values() {
        let aanbieder = &municipality.market.aanbieders[contract.aanbieder];
        let product = &PRODUCTS[contract.product];
        for (year, tarief_cents) in contract.tarief_cents.range(from..=to) {
            rows.push(vec![
                aanbieder.agb.to_string(),
                aanbieder.naam.clone(),
                product.wet.to_string(),
                product.categorie.to_owned(),
                product.code.to_owned(),
                product.eenheid.to_owned(),
                tarief_cents.map(euros).unwrap_or_default(),
                date(*year, 1, 1).to_string(),
                date(*year, 12, 31).to_string(),
            ]);
        }
    }
}

fn write_table(path: &Path, header: &str, fill: impl FnOnce(&mut Vec<Vec<String>>)) -> Result<(), SynthError> {
    let mut rows = Vec::new();
    fill(&mut rows);
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(fs_err::File::create(path)?);
    writer.write_record(header.split(';'))?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()?;
    Ok(())
}

/// Eurocents in euros as a Dutch spreadsheet reads them: `1234,50`.
fn euros(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{},{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}
