//! The ledger as a table: per allocation, product and month what was allocated, declared, refused and is open.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, BooleanBuilder, Int64Builder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema},
};
use grip_ledger::{Toewijzing, current, is_deleted, known_value};
use grip_prognose::{Facts, Nummer};
use grip_types::{AgbCode, Date, Maand, Pseudoniem, Wet};

use crate::answer::ProviderLine;

/// Fewer clients than this are not counted in public: a group so small can be known by name.
const CLIENTS_MIN: usize = 10;

/// An end further away than this is a slip of the pen, or as good as none.
const LEDGER_MONTHS_MAX: i32 = 120;

/// One allocation, product and month.
#[derive(Debug, Clone, Default)]
pub(crate) struct Posten {
    /// In eurocents; none when the allocation has no value that can be known.
    pub(crate) allocated: Option<i64>,
    pub(crate) declared: i64,
    pub(crate) refused: i64,
    pub(crate) open: i64,
}

/// Where the postings belong. Category and code are those declared, and on the allocated side those allocated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Plaats {
    pub(crate) nummer: Nummer,
    pub(crate) aanbieder: AgbCode,
    pub(crate) client: Pseudoniem,
    pub(crate) categorie: Box<str>,
    pub(crate) code: Box<str>,
    pub(crate) maand: Maand,
}

/// The whole ledger as known on a day. An allocation runs to its own end; one without an end to `last`.
///
/// Open is what was allocated and not declared, never below zero, and nothing after delivery has ended for good. Over an
/// allocation and month, declared is what all products together have: it stands where the allocation stands.
pub(crate) fn ledger(facts: &Facts, peildatum: Date, last: Maand) -> BTreeMap<Plaats, Posten> {
    let mut found: BTreeMap<Plaats, Posten> = BTreeMap::new();
    let mut declared_on: HashMap<(Nummer, Maand), i64> = HashMap::new();
    for fact in facts.prestaties.iter().filter(|fact| fact.received <= peildatum) {
        let place = Plaats {
            nummer: fact.nummer,
            aanbieder: fact.aanbieder,
            client: fact.client,
            categorie: fact.categorie.clone(),
            code: fact.code.clone(),
            maand: fact.maand,
        };
        let posten = found.entry(place).or_default();
        if fact.refused.is_some_and(|refused| refused <= peildatum) {
            posten.refused += fact.cents;
        } else {
            posten.declared += fact.cents;
            *declared_on.entry((fact.nummer, fact.maand)).or_default() += fact.cents;
        }
    }
    for (nummer, versions) in &facts.toewijzingen {
        let Some(version) = current(versions, peildatum) else { continue };
        if is_deleted(version) {
            continue;
        }
        let ended = facts.ended(*nummer, peildatum).map(Maand::of);
        let last = version.einddatum.map_or(last, |einddatum| Maand::of(einddatum).min(last.plus(LEDGER_MONTHS_MAX)));
        let months = known_value(version, &facts.tarieven, last);
        let without_value = months.is_none();
        for (maand, cents) in months.unwrap_or_else(|| months_of(version, last)) {
            let posten = found.entry(place_of(*nummer, version, maand)).or_default();
            posten.allocated = (!without_value).then_some(cents);
            let declared = declared_on.get(&(*nummer, maand)).copied().unwrap_or_default();
            let runs = ended.is_none_or(|ended| maand <= ended);
            posten.open = if runs && !without_value { (cents - declared).max(0) } else { 0 };
        }
    }
    found
}

fn months_of(version: &Toewijzing, last: Maand) -> Vec<(Maand, i64)> {
    let first = Maand::of(version.ingangsdatum);
    let end = version.einddatum.map_or(last, Maand::of).min(last);
    (first.index()..=end.index()).map(|index| (Maand::from_index(index), 0)).collect()
}

fn place_of(nummer: Nummer, version: &Toewijzing, maand: Maand) -> Plaats {
    Plaats {
        nummer,
        aanbieder: version.aanbieder,
        client: version.client,
        categorie: version.categorie.clone().unwrap_or_default(),
        code: version.code.clone().unwrap_or_default(),
        maand,
    }
}

/// The ledger as the table `verplichting_maand`.
pub(crate) fn batch(facts: &Facts, peildatum: Date, last: Maand) -> RecordBatch {
    let mut texts: [StringBuilder; 7] = Default::default();
    let mut numbers: [Int64Builder; 5] = Default::default();
    let mut truths: [BooleanBuilder; 2] = Default::default();
    let gemeente = facts.gemeente.to_string();
    for (place, posten) in ledger(facts, peildatum, last) {
        let (wet, nummer) = place.nummer;
        let optional = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        texts[0].append_value(wet.as_str());
        texts[1].append_value(&gemeente);
        texts[2].append_value(place.aanbieder.to_string());
        texts[3].append_value(place.client.to_string());
        texts[4].append_option(optional(&place.categorie));
        texts[5].append_option(optional(&place.code));
        texts[6].append_value(place.maand.to_string());
        numbers[0].append_option(nummer);
        numbers[1].append_option(posten.allocated);
        numbers[2].append_value(posten.declared);
        numbers[3].append_value(posten.refused);
        numbers[4].append_value(posten.open);
        truths[0].append_value(facts.started(place.nummer, peildatum));
        truths[1].append_value(facts.ended(place.nummer, peildatum).is_some());
    }
    let names = ["wet", "gemeente", "aanbieder", "client", "product_categorie", "product_code", "maand"];
    let amounts = ["toewijzing_nummer", "toegewezen_cents", "gedeclareerd_cents", "afgekeurd_cents", "open_cents"];
    let fields: Vec<Field> = names
        .map(|name| Field::new(name, DataType::Utf8, name.starts_with("product")))
        .into_iter()
        .chain(amounts.map(|name| Field::new(name, DataType::Int64, name.starts_with("toe"))))
        .chain(["gestart", "beeindigd"].map(|name| Field::new(name, DataType::Boolean, false)))
        .collect();
    let columns: Vec<ArrayRef> = texts
        .iter_mut()
        .map(|builder| Arc::new(builder.finish()) as ArrayRef)
        .chain(numbers.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef))
        .chain(truths.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef))
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns and fields are listed together")
}

/// What each provider does in one segment in one year, the largest first.
pub(crate) fn providers(facts: &Facts, jaar: i16, peildatum: Date, wet: Wet, categorie: &str) -> Vec<ProviderLine> {
    let (first, last) = (Maand::new(jaar, 1), Maand::new(jaar, 12));
    let now = Maand::of(peildatum);
    let mut lines: BTreeMap<AgbCode, (ProviderLine, HashSet<Pseudoniem>)> = BTreeMap::new();
    for (place, posten) in ledger(facts, peildatum, last) {
        if place.nummer.0 != wet || *place.categorie != *categorie || place.maand < first || place.maand > last {
            continue;
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
        line.allocated += posten.allocated.unwrap_or_default();
        line.declared += posten.declared;
        line.refused += posten.refused;
        line.open += if place.maand <= now { posten.open } else { 0 };
    }
    let mut lines: Vec<ProviderLine> = lines
        .into_values()
        .map(|(line, clients)| ProviderLine {
            clienten: (clients.len() >= CLIENTS_MIN).then_some(clients.len()),
            ..line
        })
        .collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(line.declared.max(line.allocated)), line.aanbieder.clone()));
    lines
}
