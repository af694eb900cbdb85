//! What is known of one municipality: read once per state of the lake.

use std::collections::{BTreeMap, HashMap};

use arrow::array::{Array, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use grip_lake::{Parameter, Snapshot, date_of};
use grip_ledger::{
    Eenheid, Frequentie, LeveringFact, LeveringSoort, Nummer, Omvang, Prestatie, Stempel, Tarief, Toewijzing,
};
use grip_prognose::{BegrotingFact, Facts, PrestatieFact, Versie};
use grip_types::{AgbCode, Bedrag, Date, GemeenteCode, Maand, Pseudoniem, Wet};

use crate::PipelineError;

/// The columns of a batch by position, typed.
pub(crate) struct Columns<'b>(pub(crate) &'b RecordBatch);

impl<'b> Columns<'b> {
    pub(crate) fn text(&self, column: usize, row: usize) -> Option<&'b str> {
        let array = self.0.column(column).as_any().downcast_ref::<StringArray>().expect("a text column");
        array.is_valid(row).then(|| array.value(row))
    }
    pub(crate) fn number(&self, column: usize, row: usize) -> Option<i64> {
        let array = self.0.column(column).as_any().downcast_ref::<Int64Array>().expect("a number column");
        array.is_valid(row).then(|| array.value(row))
    }
    pub(crate) fn day(&self, column: usize, row: usize) -> Option<Date> {
        self.day_number(column, row).map(date_of)
    }
    /// A day as it is kept: days since 1970-01-01.
    pub(crate) fn day_number(&self, column: usize, row: usize) -> Option<i32> {
        let array = self.0.column(column).as_any().downcast_ref::<Date32Array>().expect("a date column");
        array.is_valid(row).then(|| array.value(row))
    }
    pub(crate) fn truth(&self, column: usize, row: usize) -> bool {
        let array = self.0.column(column).as_any().downcast_ref::<BooleanArray>().expect("a column of truths");
        array.is_valid(row) && array.value(row)
    }
    pub(crate) fn wet(&self, column: usize, row: usize) -> Option<Wet> {
        self.text(column, row)?.parse().ok()
    }
    fn aanbieder(&self, column: usize, row: usize) -> Option<AgbCode> {
        self.text(column, row)?.parse().ok()
    }
    pub(crate) fn client(&self, column: usize, row: usize) -> Option<Pseudoniem> {
        u128::from_str_radix(self.text(column, row)?, 16).ok().map(Pseudoniem::from_bits)
    }
}

/// Reads everything that was ever received, so that it can be looked at as of any day.
pub(crate) fn load(snapshot: &Snapshot, gemeente: GemeenteCode) -> Result<Facts, PipelineError> {
    let code = gemeente.to_string();
    let rows = |sql: &str| snapshot.query_with(sql, &[Parameter::Text(&code)]);
    let toewijzingen = toewijzingen(&rows(
        "SELECT wet, toewijzing_nummer, aanbieder, client, product_categorie, product_code, toewijzingsdatum, toewijzingstijd,
                ingangsdatum, einddatum, reden_wijziging, omvang_volume, omvang_eenheid, omvang_frequentie, budget_cents, _received_at
         FROM toewijzing WHERE gemeente = $1 ORDER BY wet, toewijzing_nummer, _received_at, bericht_id, regel",
    )?);
    let leveringen = leveringen(
        &rows(
            "SELECT wet, toewijzing_nummer, begindatum, begindatum AS dag, status_aanlevering, _received_at FROM start WHERE gemeente = $1 AND toewijzing_nummer IS NOT NULL",
        )?,
        &rows(
            "SELECT wet, toewijzing_nummer, begindatum, einddatum AS dag, status_aanlevering, _received_at FROM stop WHERE gemeente = $1 AND toewijzing_nummer IS NOT NULL AND reden_beeindiging <> '20'",
        )?,
    );
    let (prestaties, seen) = prestaties(&rows(
        "SELECT wet, toewijzing_nummer, aanbieder, client, product_categorie, product_code, begindatum, bedrag_cents, _received_at,
                afgekeurd_op, eenheid, tarief_cents, retour_codes, beantwoord_op
         FROM prestatie_stand WHERE gemeente = $1 ORDER BY _received_at, bericht_id, regel",
    )?);
    let (contract, namen) = contracten(&rows(
        "SELECT wet, aanbieder, product_categorie, product_code, eenheid, begindatum, tarief_cents, naam
         FROM contract WHERE gemeente = $1 ORDER BY _imported_at, begindatum",
    )?);
    let begroting = begroting(&rows(BEGROTING)?);
    Ok(Facts { gemeente, toewijzingen, leveringen, prestaties, contract, seen, begroting, namen })
}

fn toewijzingen(batches: &[RecordBatch]) -> BTreeMap<Nummer, Vec<Toewijzing>> {
    let mut found: BTreeMap<Nummer, Vec<Toewijzing>> = BTreeMap::new();
    for batch in batches {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let read = || {
                let omvang = columns.number(11, row).zip(columns.text(12, row).zip(columns.text(13, row)));
                let stempel: Stempel = (columns.day(6, row)?, columns.text(7, row)?.into());
                Some(Toewijzing {
                    wet: columns.wet(0, row)?,
                    nummer: columns.number(1, row)?,
                    aanbieder: columns.aanbieder(2, row)?,
                    client: columns.client(3, row)?,
                    categorie: columns.text(4, row).map(Into::into),
                    code: columns.text(5, row).map(Into::into),
                    stempel,
                    ingangsdatum: columns.day(8, row)?,
                    einddatum: columns.day(9, row),
                    reden_wijziging: columns.text(10, row).map(Into::into),
                    omvang: omvang.map(|(volume, (eenheid, frequentie))| Omvang {
                        volume,
                        eenheid: Eenheid::from_code(eenheid),
                        frequentie: Frequentie::from_code(frequentie),
                    }),
                    budget: columns.number(14, row).map(Bedrag::from_cents),
                    received: columns.day(15, row)?,
                })
            };
            if let Some(version) = read() {
                found.entry((version.wet, Some(version.nummer))).or_default().push(version);
            }
        }
    }
    found
}

/// Starts and stops, also those that take back others (StatusAanlevering 3).
fn leveringen(starts: &[RecordBatch], stops: &[RecordBatch]) -> HashMap<Nummer, Vec<LeveringFact>> {
    let mut found: HashMap<Nummer, Vec<LeveringFact>> = HashMap::new();
    for (batches, kind) in [(starts, LeveringSoort::Start), (stops, LeveringSoort::Stop)] {
        for batch in batches {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let read = || {
                    let fact = LeveringFact {
                        received: columns.day(5, row)?,
                        kind,
                        begindatum: columns.day(2, row)?,
                        day: columns.day(3, row)?,
                        deletes: columns.text(4, row) == Some("3"),
                    };
                    Some(((columns.wet(0, row)?, columns.number(1, row)), fact))
                };
                if let Some((nummer, fact)) = read() {
                    found.entry(nummer).or_default().push(fact);
                }
            }
        }
    }
    found
}

/// The lines, and of each tariff the one that was received first in its year.
fn prestaties(batches: &[RecordBatch]) -> (Vec<PrestatieFact>, Vec<(Date, Tarief)>) {
    let mut found = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    let mut seen: HashMap<_, (Date, Tarief)> = HashMap::new();
    for batch in batches {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let read = || {
                Some(Prestatie {
                    nummer: (columns.wet(0, row)?, columns.number(1, row)),
                    aanbieder: columns.aanbieder(2, row)?,
                    client: columns.client(3, row)?,
                    categorie: columns.text(4, row)?.into(),
                    code: columns.text(5, row)?.into(),
                    maand: Maand::of(columns.day(6, row)?),
                    cents: columns.number(7, row)?,
                    received: columns.day(8, row)?,
                    refused: columns.day(9, row),
                    answered: columns.day(13, row),
                })
            };
            let Some(line) = read() else { continue };
            let tarief = columns.text(10, row).map(Eenheid::from_code).zip(columns.number(11, row));
            if let Some((eenheid, cents)) = tarief {
                let key = (
                    line.nummer.0,
                    line.aanbieder,
                    line.categorie.clone(),
                    line.code.clone(),
                    eenheid,
                    line.maand.year(),
                );
                let tarief = || Tarief {
                    wet: line.nummer.0,
                    aanbieder: line.aanbieder,
                    categorie: line.categorie.clone(),
                    code: Some(line.code.clone()),
                    eenheid,
                    begin: Maand::new(line.maand.year(), 1).first_day(),
                    cents,
                };
                seen.entry(key).or_insert_with(|| (line.received, tarief()));
            }
            let codes = line.refused.and_then(|_| columns.text(12, row)).map(Into::into);
            found.push(PrestatieFact { line, codes, tarief });
        }
    }
    (found, seen.into_values().collect())
}

fn contracten(batches: &[RecordBatch]) -> (Vec<Tarief>, HashMap<AgbCode, String>) {
    let (mut tarieven, mut namen) = (Vec::new(), HashMap::new());
    for batch in batches {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            if let Some((aanbieder, naam)) = columns.aanbieder(1, row).zip(columns.text(7, row)) {
                namen.insert(aanbieder, naam.to_owned());
            }
            let read = || {
                Some(Tarief {
                    wet: columns.wet(0, row)?,
                    aanbieder: columns.aanbieder(1, row)?,
                    categorie: columns.text(2, row)?.into(),
                    code: columns.text(3, row).map(Into::into),
                    eenheid: Eenheid::from_code(columns.text(4, row)?),
                    begin: columns.day(5, row)?,
                    cents: columns.number(6, row)?,
                })
            };
            tarieven.extend(read());
        }
    }
    (tarieven, namen)
}

/// What [`begroting`] reads, of one municipality.
pub(crate) const BEGROTING: &str =
    "SELECT jaar, wet, product_categorie, versie, bedrag_cents, vastgesteld, _imported_at,
    taakveld, wijzigingsnummer FROM begroting WHERE gemeente = $1";

pub(crate) fn begroting(batches: &[RecordBatch]) -> Vec<BegrotingFact> {
    let mut found = Vec::new();
    for batch in batches {
        let columns = Columns(batch);
        found.extend((0..batch.num_rows()).filter_map(|row| {
            Some(BegrotingFact {
                jaar: columns.number(0, row)?,
                wet: columns.wet(1, row)?,
                categorie: columns.text(2, row).map(Into::into),
                taakveld: columns.text(7, row).map(Into::into),
                versie: match columns.text(3, row) {
                    Some("actueel") => Versie::Actueel,
                    Some("wijziging") => Versie::Wijziging,
                    _ => Versie::Primitief,
                },
                wijziging: columns.text(8, row).map(Into::into),
                cents: columns.number(4, row)?,
                vastgesteld: columns.day(5, row)?,
                imported: columns.text(6, row)?.into(),
            })
        }));
    }
    found
}
