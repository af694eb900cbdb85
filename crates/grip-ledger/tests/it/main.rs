//! The ledger as a whole: an example that can be counted by hand, what is learnt, and what holds for any history.

mod example;
mod patterns;
mod properties;

use grip_ledger::{Eenheid, Frequentie, Nummer, Omvang, Prestatie, Tarief, Tarieven, Toewijzing};
use grip_types::{Date, Maand, Pseudoniem, Wet};
use jiff::civil::date;

/// An allocation of 10 hours a month, of which each test says what is different.
fn toewijzing(nummer: i64, begin: Date, eind: Date) -> Toewijzing {
    Toewijzing {
        wet: Wet::Jw,
        nummer,
        aanbieder: "00000001".parse().expect("an AGB code"),
        client: Pseudoniem::from_bits(1),
        categorie: Some("45".into()),
        code: Some("45A01".into()),
        stempel: (begin, "09:00:00".into()),
        ingangsdatum: begin,
        einddatum: Some(eind),
        reden_wijziging: None,
        omvang: Some(omvang(10, "04", "4")),
        budget: None,
        received: begin,
    }
}

fn omvang(volume: i64, eenheid: &str, frequentie: &str) -> Omvang {
    Omvang { volume, eenheid: Eenheid::from_code(eenheid), frequentie: Frequentie::from_code(frequentie) }
}

/// A line of an invoice that was answered ten days after it came.
fn line(nummer: i64, code: &str, maand: Maand, cents: i64, received: Date) -> Prestatie {
    let nummer: Nummer = (Wet::Jw, Some(nummer));
    Prestatie {
        nummer,
        aanbieder: "00000001".parse().expect("an AGB code"),
        client: Pseudoniem::from_bits(1),
        categorie: "45".into(),
        code: code.into(),
        maand,
        cents,
        received,
        refused: None,
        answered: Some(later(received, 10)),
    }
}

fn later(day: Date, days: i64) -> Date {
    day.saturating_add(jiff::Span::new().days(days))
}

/// Sixty euros an hour, and the same for a day and night.
fn tarieven() -> Tarieven {
    Tarieven::new(["04", "14"].map(|eenheid| Tarief {
        wet: Wet::Jw,
        aanbieder: "00000001".parse().expect("an AGB code"),
        categorie: "45".into(),
        code: None,
        eenheid: Eenheid::from_code(eenheid),
        begin: date(2020, 1, 1),
        cents: 6_000,
    }))
}
