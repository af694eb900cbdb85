//! How long a ledger of a million months of allocations takes: `cargo run -p grip-ledger --example ledger_speed`.

use std::{io::Write, time::Instant};

use grip_ledger::{
    Basis, Eenheid, Facts, Frequentie, LeveringFact, LeveringSoort, Omvang, Patterns, Prestatie, Tarief, Tarieven,
    Toewijzing, ledger,
};
use grip_types::{AgbCode, Bedrag, Date, Maand, Pseudoniem, Wet};
use jiff::{Span, civil::date};

const TOEWIJZINGEN: i64 = 84_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let aanbieder: AgbCode = "00000001".parse()?;
    let versions: Vec<Toewijzing> = (0..TOEWIJZINGEN).map(|nummer| version(nummer, aanbieder)).collect();
    let lines: Vec<Prestatie> = versions.iter().flat_map(lines).collect();
    let starts: Vec<_> = versions.iter().map(|version| ((version.wet, Some(version.nummer)), start(version))).collect();
    let tarieven = Tarieven::new([tarief(aanbieder)]);
    let peildatum = date(2026, 11, 22);
    let mut out = std::io::stdout().lock();
    let mut clock = Instant::now();
    let mut lap = |what: &str, count: usize| {
        let written = writeln!(out, "{what}: {count} in {:.2} s", clock.elapsed().as_secs_f64());
        clock = Instant::now();
        written
    };
    let facts = Facts::new(&versions, starts.iter().map(|(nummer, fact)| (*nummer, fact)), &lines);
    lap("lines put together", lines.len())?;
    let patterns = Patterns::learn(&facts, peildatum);
    lap("allocations learnt from", versions.len())?;
    let rows = ledger(&facts, Basis { tarieven: &tarieven, patterns: &patterns }, peildatum, Maand::new(2026, 12));
    let (count, open) = rows.fold((0, 0), |(count, open), entry| (count + 1, open + entry.postings.open));
    lap("rows", count)?;
    writeln!(out, "open: {}", Bedrag::from_cents(open))?;
    Ok(())
}

fn version(nummer: i64, aanbieder: AgbCode) -> Toewijzing {
    let begin = date(2023, 1, 1).saturating_add(Span::new().days(nummer % 1_000));
    let frequentie = [Frequentie::PerWeek, Frequentie::PerMaand, Frequentie::Totaal, Frequentie::PerDag];
    let frequentie = frequentie[usize::try_from(nummer % 4).unwrap_or_default()];
    Toewijzing {
        wet: Wet::Wmo,
        nummer,
        aanbieder,
        client: Pseudoniem::from_bits(1),
        categorie: Some("02".into()),
        code: Some("02A01".into()),
        stempel: (begin, "09:00:00".into()),
        ingangsdatum: begin,
        einddatum: Some(begin.saturating_add(Span::new().days(340))),
        reden_wijziging: None,
        omvang: Some(Omvang { volume: 120, eenheid: Eenheid::Uur, frequentie }),
        budget: None,
        received: begin,
    }
}

fn lines(version: &Toewijzing) -> impl Iterator<Item = Prestatie> {
    let first = Maand::of(version.ingangsdatum);
    (0..11).map(move |month| {
        let received = first.plus(month + 1).day_clamped(12);
        Prestatie {
            nummer: (version.wet, Some(version.nummer)),
            aanbieder: version.aanbieder,
            client: version.client,
            categorie: "02".into(),
            code: "02A01".into(),
            maand: first.plus(month),
            cents: 48_000,
            received,
            refused: None,
            answered: Some(received),
        }
    })
}

fn start(version: &Toewijzing) -> LeveringFact {
    let begindatum: Date = version.ingangsdatum;
    LeveringFact { received: begindatum, kind: LeveringSoort::Start, begindatum, day: begindatum, deletes: false }
}

fn tarief(aanbieder: AgbCode) -> Tarief {
    Tarief {
        wet: Wet::Wmo,
        aanbieder,
        categorie: "02".into(),
        code: Some("02A01".into()),
        eenheid: Eenheid::Uur,
        begin: date(2023, 1, 1),
        cents: 6_000,
    }
}
