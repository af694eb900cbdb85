//! What is known from before, and therefore what may come in.

use std::collections::{HashMap, HashSet};

use arrow::array::{Array, RecordBatch, StringArray};
use grip_lake::Lake;
use grip_types::GemeenteCode;

use super::{CONTAINER, Outcome, digest};
use crate::PipelineError;

#[derive(Default)]
pub(super) struct Known {
    /// Messages of this municipality are taken, others refused.
    pub(super) only: Option<String>,
    /// Files and containers that were taken, by their digest.
    pub(super) files: HashSet<u128>,
    /// How many messages were taken, by kind, sender and identification.
    messages: HashMap<u128, u32>,
    /// How many of them an answer has refused as a whole: they count as never sent, and their identification may be used
    /// again (OP286).
    unsent: HashMap<u128, u32>,
    /// Files that were refused. They are judged anew, because the reason may be gone, but not told of twice.
    pub(super) refused: HashSet<u128>,
}

impl Known {
    pub(super) fn load(lake: &Lake, only: Option<GemeenteCode>) -> Result<Self, PipelineError> {
        let mut known = Self { only: only.map(|gemeente| gemeente.to_string()), ..Self::default() };
        let snapshot = lake.snapshot(None)?;
        let sql = "SELECT bericht_id, berichtsoort, afzender, identificatie, status FROM bericht";
        snapshot.each(sql, |batch| {
            let [ids, soorten, afzenders, identificaties, statuses] = std::array::from_fn(|index| text(batch, index));
            for row in 0..batch.num_rows() {
                let Ok(digest) = u128::from_str_radix(ids.value(row), 16) else { continue };
                let is_container = soorten.is_valid(row) && soorten.value(row) == CONTAINER;
                let is_in = statuses.value(row) == Outcome::Whole.status();
                if statuses.value(row) == Outcome::Refused.status() || is_container && !is_in {
                    known.refused.insert(digest);
                    continue;
                }
                known.files.insert(digest);
                if identificaties.is_valid(row) {
                    let key = message_key(soorten.value(row), afzenders.value(row), identificaties.value(row));
                    *known.messages.entry(key).or_default() += 1;
                }
            }
        })?;
        let refused =
            "SELECT beantwoord_soort, beantwoord_afzender, beantwoord_identificatie FROM retour WHERE afgekeurd
                       UNION ALL
                       SELECT CASE WHEN wet = 'jw' THEN 'JW323' ELSE 'WMO323' END, aanbieder, declaratie_identificatie
                       FROM declaratie_antwoord WHERE geheel_afgekeurd";
        snapshot.each(refused, |batch| {
            let [soorten, afzenders, identificaties] = std::array::from_fn(|index| text(batch, index));
            for row in 0..batch.num_rows() {
                let key = message_key(soorten.value(row), afzenders.value(row), identificaties.value(row));
                known.note_refusal(key);
            }
        })?;
        Ok(known)
    }

    /// Takes a message in under its identification, if that is new or all that used it were refused as a whole (TR056).
    pub(super) fn admit(&mut self, message: u128) -> bool {
        let taken = self.messages.entry(message).or_default();
        let is_free = *taken <= self.unsent.get(&message).copied().unwrap_or_default();
        *taken += u32::from(is_free);
        is_free
    }

    /// An answer says that a message counts as never sent.
    pub(super) fn note_refusal(&mut self, message: u128) {
        *self.unsent.entry(message).or_default() += 1;
    }
}

fn text(batch: &RecordBatch, index: usize) -> &StringArray {
    batch.column(index).as_any().downcast_ref().expect("text columns")
}

/// TR056: the identification of a message is unique per kind of message and sender.
pub(super) fn message_key(soort: &str, afzender: &str, identificatie: &str) -> u128 {
    digest(format!("{soort}\n{afzender}\n{identificatie}").as_bytes())
}
