//! A simulated town as the municipality knows it. Also used by the example `towns`.

use std::collections::HashMap;

use grip_ledger::{Eenheid, Frequentie, LeveringFact, LeveringSoort, Omvang, Prestatie, Tarief, Toewijzing};
use grip_prognose::{BegrotingFact, Facts, PrestatieFact, Versie};
use grip_synth::{Municipality, contracts, contracts::PRODUCTS, declaraties::Outcome, toewijzingen::Variant};
use grip_types::{Bedrag, Pseudoniem};
use jiff::civil::date;

/// What the municipality knows of it, each with the day it came to know.
pub(crate) fn facts(municipality: &Municipality) -> Facts {
    let agb = |index: usize| municipality.market.aanbieders[index].agb;
    let nummer = |index: usize| {
        let toewijzing = &municipality.toewijzingen[index];
        (toewijzing.wet, Some(i64::from(toewijzing.nummer)))
    };
    let client = |index: usize| Pseudoniem::from_bits(municipality.toewijzingen[index].client as u128);
    let mut leveringen: HashMap<_, Vec<LeveringFact>> = HashMap::new();
    for melding in &municipality.meldingen {
        for regel in &melding.regels {
            let (kind, day) = match regel.stop {
                Some(("20", _)) => continue,
                Some((_, day)) => (LeveringSoort::Stop, day),
                None => (LeveringSoort::Start, regel.begindatum),
            };
            let (begindatum, deletes) = (regel.begindatum, regel.status == "3");
            let fact = LeveringFact { received: melding.received, kind, begindatum, day, deletes };
            leveringen.entry(nummer(melding.toewijzing)).or_default().push(fact);
        }
    }
    let mut prestaties = Vec::new();
    for declaratie in &municipality.declaraties {
        for line in &declaratie.lines {
            let delivery = &municipality.deliveries[line.delivery];
            let product = &PRODUCTS[delivery.product];
            let codes = line.refused.map(Into::into);
            let line = Prestatie {
                nummer: (declaratie.wet, Some(i64::from(line.toewijzing_nummer))),
                aanbieder: agb(declaratie.aanbieder),
                client: client(delivery.toewijzing),
                categorie: product.categorie.into(),
                code: product.code.into(),
                maand: delivery.maand,
                cents: line.signed_cents(),
                received: declaratie.sent,
                refused: (line.refused.is_some() || declaratie.outcome != Outcome::Judged)
                    .then_some(declaratie.answered),
                answered: Some(declaratie.answered),
            };
            let contract = municipality.market.contracts.get(&(declaratie.aanbieder, delivery.product));
            let cents = contract.and_then(|contract| *contract.tarief_cents.get(&delivery.maand.year())?);
            let tarief = cents.map(|cents| (Eenheid::from_code(product.eenheid), cents));
            prestaties.push(PrestatieFact { line, codes, tarief });
        }
    }
    prestaties.sort_by_key(|fact| fact.line.received);
    Facts {
        gemeente: municipality.settings.gemeente,
        toewijzingen: (0..municipality.toewijzingen.len())
            .map(|index| (nummer(index), versions(&municipality.toewijzingen[index], agb)))
            .collect(),
        leveringen,
        prestaties,
        contract: municipality.market.contracts.values().flat_map(|contract| tarieven(contract, agb)).collect(),
        seen: Vec::new(),
        begroting: municipality
            .budgets
            .iter()
            .map(|budget| BegrotingFact {
                jaar: i64::from(budget.year),
                wet: budget.wet,
                categorie: Some(budget.categorie.into()),
                taakveld: None,
                versie: if budget.versie == "primitief" { Versie::Primitief } else { Versie::Actueel },
                wijziging: None,
                cents: budget.cents,
                vastgesteld: budget.vastgesteld,
                imported: "".into(),
            })
            .collect(),
        namen: HashMap::new(),
    }
}

fn tarieven(
    contract: &contracts::Contract,
    agb: impl Fn(usize) -> grip_types::AgbCode,
) -> impl Iterator<Item = Tarief> {
    let (product, aanbieder) = (&PRODUCTS[contract.product], agb(contract.aanbieder));
    contract.tarief_cents.iter().filter_map(move |(year, cents)| {
        Some(Tarief {
            wet: product.wet,
            aanbieder,
            categorie: product.categorie.into(),
            code: Some(product.code.into()),
            eenheid: Eenheid::from_code(product.eenheid),
            begin: date(*year, 1, 1),
            cents: (*cents)?,
        })
    })
}

fn versions(
    toewijzing: &grip_synth::toewijzingen::Toewijzing,
    agb: impl Fn(usize) -> grip_types::AgbCode,
) -> Vec<Toewijzing> {
    let product = &PRODUCTS[toewijzing.product];
    let version = |version: &grip_synth::toewijzingen::Version| Toewijzing {
        wet: toewijzing.wet,
        nummer: i64::from(toewijzing.nummer),
        aanbieder: agb(toewijzing.aanbieder),
        client: Pseudoniem::from_bits(toewijzing.client as u128),
        categorie: (toewijzing.variant != Variant::Generiek).then(|| product.categorie.into()),
        code: (toewijzing.variant == Variant::Specifiek).then(|| product.code.into()),
        stempel: (version.stamp.date(), version.stamp.time().to_string().into()),
        ingangsdatum: toewijzing.ingangsdatum,
        einddatum: version.einddatum,
        reden_wijziging: version.reden.map(Into::into),
        omvang: (toewijzing.variant == Variant::Specifiek).then(|| Omvang {
            volume: version.size,
            eenheid: Eenheid::from_code(product.eenheid),
            frequentie: Frequentie::from_code(product.frequentie.code()),
        }),
        budget: toewijzing.variant.has_budget().then(|| Bedrag::from_cents(version.size)),
        received: version.sent,
    };
    toewijzing.versions.iter().map(version).collect()
}
