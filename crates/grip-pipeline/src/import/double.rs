//! What an export of a case system holds is often there as a message too: it must not count double.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use grip_import::Soort;
use grip_lake::{Lake, Parameter};
use grip_types::{AgbCode, Date, Wet};

use super::{DOUBLE_CODE, ImportFault, rows::Source, sink::Rows};
use crate::{
    PipelineError,
    facts::Columns,
    table::{AfkeuringRow, AntwoordRow},
};

/// What is in already, and what was passed by because of it.
#[derive(Default)]
pub(super) struct Double {
    /// Lines and versions that came as messages.
    messages: HashSet<u128>,
    /// Those that came in an earlier export or stand above in this one.
    exports: HashMap<u128, Earlier>,
    files: Vec<String>,
    by_message: u64,
    by_export: u64,
    /// Lines that a message says were not refused and this export says were, and the other way round.
    other_status: u64,
    invoices: HashMap<(Wet, AgbCode, Box<str>), Invoice>,
    first: Option<Date>,
}

/// Where an exported line stands, and whether it was refused.
#[derive(Clone, Copy)]
struct Earlier {
    file: u32,
    regel: u32,
    is_refused: bool,
}

/// What this export says of an invoice.
#[derive(Default)]
struct Invoice {
    asked: i64,
    granted: i64,
    is_open: bool,
    received: Option<Date>,
}

/// A line of an invoice as an export has it.
pub(super) struct Line<'l> {
    pub(super) wet: Wet,
    pub(super) agb: AgbCode,
    pub(super) aanbieder: &'l str,
    pub(super) client: &'l str,
    pub(super) declaratie_nummer: &'l str,
    pub(super) referentie_nummer: &'l str,
    pub(super) toewijzing_nummer: Option<i64>,
    pub(super) regel: i64,
    pub(super) cents: i64,
    pub(super) status: &'l str,
    pub(super) received: Date,
}

/// 128 bits of a key: of ten million lines no two meet by chance.
fn bits(key: &impl Hash) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, key).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}

/// A line of a file; no file has four billion.
fn small(regel: i64) -> u32 {
    u32::try_from(regel).unwrap_or(u32::MAX)
}

impl Double {
    pub(super) fn load(lake: &Lake, soort: Soort, gemeente: &str) -> Result<Self, PipelineError> {
        let mut double = Self::default();
        // This very file is the first.
        double.files.push(String::new());
        let snapshot = lake.snapshot(None)?;
        let values = [Parameter::Text(gemeente)];
        match soort {
            Soort::Toewijzing => {
                let sql =
                    "SELECT toewijzing.wet, toewijzing_nummer, toewijzingsdatum, berichtsoort = 'toewijzing-export'
                           FROM toewijzing JOIN bericht ON bericht.bericht_id = toewijzing.bericht_id
                           WHERE toewijzing.gemeente = $1 AND toewijzing_nummer IS NOT NULL";
                for batch in &snapshot.query_with(sql, &values)? {
                    let columns = Columns(batch);
                    for row in 0..batch.num_rows() {
                        let (Some(wet), Some(nummer)) = (columns.text(0, row), columns.number(1, row)) else {
                            continue;
                        };
                        let key = bits(&(wet, nummer, columns.day(2, row)));
                        if columns.truth(3, row) {
                            double.exports.insert(key, Earlier { file: 0, regel: 0, is_refused: false });
                        } else {
                            double.messages.insert(key);
                            // An export without the day of a version knows less than any message.
                            double.messages.insert(bits(&(wet, nummer, None::<Date>)));
                        }
                    }
                }
            }
            Soort::Declaratie => {
                crate::add_views(&snapshot)?;
                let sql = "SELECT prestatie_stand.wet, prestatie_stand.aanbieder, referentie_nummer, declaratie_nummer, regel,
                                  berichtsoort = 'declaratie-export', afgekeurd_op, prestatie_stand.bericht_id
                           FROM prestatie_stand JOIN bericht ON bericht.bericht_id = prestatie_stand.bericht_id
                           WHERE prestatie_stand.gemeente = $1";
                let mut numbers: HashMap<String, u32> = HashMap::new();
                for batch in &snapshot.query_with(sql, &values)? {
                    let columns = Columns(batch);
                    for row in 0..batch.num_rows() {
                        let text = |column| columns.text(column, row).unwrap_or_default();
                        let (wet, aanbieder, referentie) = (text(0), text(1), text(2));
                        if !columns.truth(5, row) {
                            double.messages.insert(bits(&(wet, aanbieder, referentie)));
                            continue;
                        }
                        let id = text(7);
                        let file = match numbers.get(id) {
                            Some(file) => *file,
                            None => {
                                let file = u32::try_from(double.files.len()).unwrap_or(u32::MAX);
                                double.files.push(id.to_owned());
                                numbers.insert(id.to_owned(), file);
                                file
                            }
                        };
                        let earlier = Earlier {
                            file,
                            regel: small(columns.number(4, row).unwrap_or_default()),
                            is_refused: columns.day(6, row).is_some(),
                        };
                        double.exports.insert(bits(&(wet, aanbieder, referentie, text(3))), earlier);
                    }
                }
            }
            _ => {}
        }
        Ok(double)
    }

    /// Whether a version of an allocation is new.
    pub(super) fn admit_version(&mut self, wet: &str, nummer: i64, day: Option<Date>, stamp: Date) -> bool {
        self.note(stamp);
        if self.messages.contains(&bits(&(wet, nummer, day))) {
            self.by_message += 1;
            return false;
        }
        let earlier = Earlier { file: 0, regel: 0, is_refused: false };
        let is_new = self.exports.insert(bits(&(wet, nummer, Some(stamp))), earlier).is_none();
        self.by_export += u64::from(!is_new);
        is_new
    }

    /// Whether a line of an invoice is new. When it is refused, now or since an earlier export, that is written down.
    pub(super) fn admit_line(&mut self, line: &Line<'_>, source: &Source<'_>, rows: &mut Rows) -> bool {
        self.note(line.received);
        let wet = line.wet.as_str();
        if self.messages.contains(&bits(&(wet, line.aanbieder, line.referentie_nummer))) {
            self.by_message += 1;
            return false;
        }
        let is_refused = line.status == "afgekeurd";
        let key = bits(&(wet, line.aanbieder, line.referentie_nummer, line.declaratie_nummer));
        let earlier = self.exports.get(&key).copied();
        let place = earlier.map_or((0, small(line.regel)), |earlier| (earlier.file, earlier.regel));
        let was_refused = earlier.is_some_and(|earlier| earlier.is_refused);
        if is_refused && !was_refused {
            let file = match place.0 {
                0 => source.bericht_id,
                file => usize::try_from(file).ok().and_then(|file| self.files.get(file)).map_or("", String::as_str),
            };
            rows.afkeuring.push(AfkeuringRow {
                bericht_id: file,
                regel: i64::from(place.1),
                wet,
                gemeente: source.gemeente,
                aanbieder: line.aanbieder,
                client: line.client,
                declaratie_identificatie: file,
                declaratie_nummer: line.declaratie_nummer,
                referentie_nummer: line.referentie_nummer,
                toewijzing_nummer: line.toewijzing_nummer,
                bedrag_cents: line.cents,
                retour_codes: "",
                // A later export knows it later.
                _received_at: if earlier.is_some() { source.received } else { line.received },
            });
        }
        self.other_status += u64::from(was_refused && !is_refused);
        let stays = Earlier { file: place.0, regel: place.1, is_refused: is_refused || was_refused };
        self.exports.insert(key, stays);
        self.by_export += u64::from(earlier.is_some());
        let invoice = self.invoices.entry((line.wet, line.agb, line.declaratie_nummer.into())).or_default();
        invoice.asked = invoice.asked.saturating_add(line.cents);
        invoice.granted = invoice.granted.saturating_add(if is_refused { 0 } else { line.cents });
        invoice.is_open |= line.status == "ingediend";
        invoice.received = invoice.received.max(Some(line.received));
        earlier.is_none()
    }

    /// An answer for every invoice of which no line waits for one.
    pub(super) fn push_answers(&self, source: &Source<'_>, rows: &mut Rows) {
        for ((wet, agb, nummer), invoice) in self.invoices.iter().filter(|(_, invoice)| !invoice.is_open) {
            rows.antwoord.push(AntwoordRow {
                declaratie_dagtekening: None,
                bericht_id: source.bericht_id,
                wet: wet.as_str(),
                gemeente: source.gemeente,
                aanbieder: &agb.to_string(),
                declaratie_identificatie: source.bericht_id,
                declaratie_nummer: Some(nummer),
                ingediend_cents: Some(invoice.asked),
                toegekend_cents: Some(invoice.granted),
                retour_codes: "",
                geheel_afgekeurd: false,
                _received_at: invoice.received.unwrap_or(source.received),
            });
        }
    }

    /// First day anything of the file was known.
    pub(super) fn first_day(&self) -> Option<Date> {
        self.first
    }

    fn note(&mut self, day: Date) {
        self.first = Some(self.first.map_or(day, |first| first.min(day)));
    }

    /// Rows that were passed by.
    pub(super) fn skipped(&self) -> u64 {
        self.by_message + self.by_export
    }

    pub(super) fn findings(&self) -> impl Iterator<Item = ImportFault> {
        let counted = [
            (self.by_message, "rijen zijn ook als bericht ingelezen en zijn overgeslagen"),
            (self.by_export, "rijen staan dubbel of zijn met een eerdere export ingelezen en zijn overgeslagen"),
            (self.other_status, "regels zijn hier niet afgekeurd en waren dat eerder wel; ze blijven afgekeurd"),
        ];
        counted.into_iter().filter(|(count, _)| *count > 0).map(|(count, text)| ImportFault {
            code: DOUBLE_CODE,
            line: 0,
            column: String::new(),
            text: format!("{count} {text}"),
        })
    }
}
