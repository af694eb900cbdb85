//! A town in which every month is the same.

use std::collections::HashMap;

use grip_ledger::{Eenheid, Frequentie, Omvang, Prestatie, Tarief, Toewijzing};
use grip_prognose::{Facts, PrestatieFact};
use grip_types::{Date, Maand, Pseudoniem, Wet};
use jiff::civil::date;

const CATEGORIE: &str = "02";

pub(crate) fn toewijzing(nummer: i64, received: Date) -> Toewijzing {
    Toewijzing {
        wet: Wet::Wmo,
        nummer,
        aanbieder: "99001001".parse().expect("a code"),
        client: Pseudoniem::from_bits(1_000 + u128::try_from(nummer).expect("above zero")),
        categorie: Some(CATEGORIE.into()),
        code: Some("02A01".into()),
        stempel: (received, "12:00:00".into()),
        ingangsdatum: Maand::of(received).first_day(),
        einddatum: Some(date(2026, 12, 31)),
        reden_wijziging: None,
        omvang: Some(Omvang { volume: 10, eenheid: Eenheid::from_code("04"), frequentie: Frequentie::from_code("4") }),
        budget: None,
        received,
    }
}

/// Twenty allocations of ten hours of € 50 a month since the begin of 2023, of which nine hours are declared in the month
/// after: € 450 each.
pub(crate) fn town() -> Facts {
    let versions: Vec<Toewijzing> = (1..=20).map(|nummer| toewijzing(nummer, date(2023, 1, 2))).collect();
    let mut prestaties = Vec::new();
    for index in Maand::new(2023, 1).index()..=Maand::new(2025, 5).index() {
        let maand = Maand::from_index(index);
        let received = maand.plus(1).day_clamped(15);
        prestaties.extend(versions.iter().map(|version| prestatie(version, maand, received, 45_000)));
    }
    let contract = vec![Tarief {
        wet: Wet::Wmo,
        aanbieder: versions[0].aanbieder,
        categorie: CATEGORIE.into(),
        code: Some("02A01".into()),
        eenheid: Eenheid::from_code("04"),
        begin: date(2023, 1, 1),
        cents: 5_000,
    }];
    Facts {
        gemeente: "9998".parse().expect("a code"),
        toewijzingen: versions.into_iter().map(|version| ((Wet::Wmo, Some(version.nummer)), vec![version])).collect(),
        leveringen: HashMap::new(),
        prestaties,
        contract,
        seen: Vec::new(),
        begroting: Vec::new(),
        namen: HashMap::new(),
    }
}

pub(crate) fn prestatie(version: &Toewijzing, maand: Maand, received: Date, cents: i64) -> PrestatieFact {
    PrestatieFact {
        line: Prestatie {
            nummer: (Wet::Wmo, Some(version.nummer)),
            aanbieder: version.aanbieder,
            client: version.client,
            categorie: CATEGORIE.into(),
            code: "02A01".into(),
            maand,
            cents,
            received,
            refused: None,
            answered: None,
        },
        codes: None,
        tarief: None,
    }
}
