//! The ledger as a table: per allocation, product and month what was promised, what came of it and what is still open.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, BooleanBuilder, Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema},
};
use grip_ledger::{Basis, Entry, Patterns, Postings, is_settled, ledger};
use grip_prognose::Facts;
use grip_types::{AgbCode, Date, Maand, PERSONS_MIN, Pseudoniem, Wet};

use crate::answer::ProviderLine;

/// The whole ledger as known on a day, one row at a time. An allocation without an end runs to `last`.
fn each(facts: &Facts, peildatum: Date, last: Maand, take: impl FnMut(Entry<'_>)) {
    let (known, tarieven) = (facts.by_toewijzing(), facts.tarieven(peildatum));
    let patterns = Patterns::learn(&known, peildatum);
    ledger(&known, Basis { tarieven: &tarieven, patterns: &patterns }, peildatum, last).for_each(take);
}

/// The amounts of a row, by the names of their columns.
const AMOUNTS: [(&str, fn(&Postings) -> i64); 11] = [
    ("gedeclareerd_cents", |postings| postings.declared),
    ("wacht_op_antwoord_cents", |postings| postings.waiting),
    ("afgekeurd_cents", |postings| postings.refused),
    ("gecrediteerd_cents", |postings| postings.credited),
    ("verzilverd_cents", |postings| postings.declared_on),
    ("binnen_cents", |postings| postings.within),
    ("boven_cents", |postings| postings.above),
    ("open_cents", |postings| postings.open),
    ("open_na_stop_cents", |postings| postings.open_after_stop),
    ("vervallen_cents", |postings| postings.lapsed),
    ("ingetrokken_cents", |postings| postings.withdrawn),
];

/// The ledger as the table `verplichting_maand`.
pub(crate) fn batch(facts: &Facts, peildatum: Date, last: Maand) -> RecordBatch {
    let mut texts: [StringBuilder; 7] = Default::default();
    let (mut nummers, mut allocated, mut ages) =
        (Int64Builder::default(), Int64Builder::default(), Int64Builder::default());
    let mut amounts: [Int64Builder; AMOUNTS.len()] = Default::default();
    let mut truths: [BooleanBuilder; 3] = Default::default();
    let gemeente = facts.gemeente.to_string();
    each(facts, peildatum, last, |Entry { place, postings, levering, age_months }| {
        let (wet, nummer) = place.nummer;
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        texts[0].append_value(wet.as_str());
        texts[1].append_value(&gemeente);
        texts[2].append_value(place.aanbieder.to_string());
        texts[3].append_value(place.client.to_string());
        texts[4].append_option(optional(place.categorie));
        texts[5].append_option(optional(place.code));
        texts[6].append_value(place.maand.to_string());
        nummers.append_option(nummer);
        allocated.append_option(postings.allocated);
        ages.append_option(age_months.map(i64::from));
        for (column, (_, amount)) in amounts.iter_mut().zip(AMOUNTS) {
            column.append_value(amount(&postings));
        }
        truths[0].append_value(levering.started.is_some());
        truths[1].append_value(levering.ended.is_some());
        truths[2].append_value(is_settled(place.maand, peildatum));
    });
    let names = ["wet", "gemeente", "aanbieder", "client", "product_categorie", "product_code", "maand"];
    let number = |name, nullable| Field::new(name, DataType::Int64, nullable);
    let fields: Vec<Field> = names
        .map(|name| Field::new(name, DataType::Utf8, true))
        .into_iter()
        .chain(["toewijzing_nummer", "toegewezen_cents", "leeftijd_maanden"].map(|name| number(name, true)))
        .chain(AMOUNTS.map(|(name, _)| number(name, false)))
        .chain(["gestart", "beeindigd", "afgewikkeld"].map(|name| Field::new(name, DataType::Boolean, false)))
        .collect();
    let columns: Vec<ArrayRef> = texts
        .iter_mut()
        .map(|builder| Arc::new(builder.finish()) as ArrayRef)
        .chain([&mut nummers, &mut allocated, &mut ages].map(|builder| Arc::new(builder.finish()) as ArrayRef))
        .chain(amounts.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef))
        .chain(truths.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef))
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns and fields are listed together")
}

/// What the ledger is summed to by [`crate::Grip::ledger`]: every amount, the share of what was promised that is declared over
/// settled months, and how many allocations it is of.
pub(crate) fn sums() -> String {
    let amounts: String = AMOUNTS.map(|(name, _)| format!("SUM({name}) AS {name}, ")).concat();
    format!(
        "SUM(toegewezen_cents) AS toegewezen_cents, {amounts}
         CAST(SUM(CASE WHEN afgewikkeld AND toegewezen_cents IS NOT NULL THEN verzilverd_cents END) AS DOUBLE)
             / NULLIF(SUM(CASE WHEN afgewikkeld THEN toegewezen_cents END), 0) AS verzilvering,
         COUNT(DISTINCT toewijzing_nummer) AS toewijzingen"
    )
}

/// What each provider does in one segment in one year, the largest first.
pub(crate) fn providers(facts: &Facts, jaar: i16, peildatum: Date, wet: Wet, categorie: &str) -> Vec<ProviderLine> {
    let (first, last) = (Maand::new(jaar, 1), Maand::new(jaar, 12));
    let now = Maand::of(peildatum);
    let mut lines: BTreeMap<AgbCode, (ProviderLine, HashSet<Pseudoniem>)> = BTreeMap::new();
    each(facts, peildatum, last, |Entry { place, postings, .. }| {
        if place.nummer.0 != wet || place.categorie != categorie || place.maand < first || place.maand > last {
            return;
        }
        let (line, clients) = lines.entry(place.aanbieder).or_insert_with(|| {
            let naam = facts.namen.get(&place.aanbieder).cloned();
            let line = ProviderLine {
                aanbieder: place.aanbieder.to_string(),
                naam,
                clienten: None,
                allocated: 0,
                declared: 0,
                refused: 0,
                open: 0,
            };
            (line, HashSet::new())
        });
        clients.insert(place.client);
        line.allocated += postings.allocated.unwrap_or_default();
        line.declared += postings.declared;
        line.refused += postings.refused;
        line.open += if place.maand <= now { postings.open } else { 0 };
    });
    let mut lines: Vec<ProviderLine> = lines
        .into_values()
        .map(|(line, clients)| ProviderLine {
            clienten: (clients.len() >= usize::from(PERSONS_MIN)).then_some(clients.len()),
            ..line
        })
        .collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.declared.max(line.allocated)), line.aanbieder.clone()));
    lines
}
