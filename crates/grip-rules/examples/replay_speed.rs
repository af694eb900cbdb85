//! How fast a dossier is judged, and how much memory that takes: `cargo run --example replay_speed -p grip-rules -- 1500000`.
#![expect(clippy::print_stdout, reason = "an example that measures")]

use std::{collections::HashMap, time::Instant};

use grip_ledger::{Eenheid, Frequentie, Omvang};
use grip_rules::across::{
    Afkeuring, Bericht, Context, ContractTarief, Day, Declaratie, DeclaratieAntwoord, Dossier, Key, Prestatie,
    Toewijzing, date_of, day_of, judge,
};
use grip_types::{Maand, Wet};

fn main() {
    let wanted: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_500_000);
    let (mut dossier, context) = generate(wanted);
    println!("{} lines, {} allocations, {} MB", dossier.prestaties.len(), dossier.toewijzingen.len(), memory("VmRSS"));
    for (what, all) in [("judged", true), ("replayed, last message new", false)] {
        let last = dossier.prestaties.last().map_or(0, |line| line.bericht);
        let clock = Instant::now();
        let judgements = judge(&mut dossier, &context, |bericht| all || bericht == last);
        let seconds = clock.elapsed().as_secs_f64();
        let lines = f64::from(u32::try_from(dossier.prestaties.len()).unwrap_or(u32::MAX));
        println!("{what} in {seconds:.2} s: {:.0} lines/s, {} judgements", lines / seconds, judgements.len());
        let mut counts: HashMap<&str, usize> = HashMap::new();
        judgements.iter().for_each(|judgement| *counts.entry(judgement.rule.code).or_default() += 1);
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_unstable();
        println!("  {counts:?}");
    }
    println!("at most {} MB", memory("VmHWM"));
}

/// One provider with as many clients as it takes: an allocation a year each, a line a month, one in forty too much, one in
/// fifty credited later, an answer to every message.
fn generate(wanted: usize) -> (Dossier, Context) {
    let mut dossier = Dossier::new(Wet::Wmo, "0935");
    let (categorie, code) = (dossier.word("02"), dossier.word("02A01"));
    let (months, first) = (36, Maand::new(2022, 1));
    let clients = u32::try_from(wanted / 36).expect("fewer than four billion");
    let mut messages = 0_u64;
    let mut send = |dossier: &mut Dossier, nummer: u16, received: Day| {
        messages += 1;
        let identificatie = Key::of(&messages);
        dossier.add(Bericht { nummer, identificatie, dagtekening: received, received, digest: messages })
    };
    dossier.prestaties.reserve_exact(wanted + wanted / 20);
    let per_hour = Omvang { volume: 40, eenheid: Eenheid::Uur, frequentie: Frequentie::PerWeek };
    for client in 0..clients {
        for year in 0..3_u32 {
            let begin = first.plus(i32::try_from(year).expect("few") * 12);
            let received = day_of(begin.first_day()) - 10;
            let bericht = send(&mut dossier, 301, received);
            dossier.toewijzingen.push(Toewijzing {
                bericht,
                regel: 1,
                client: Key::of(&client),
                nummer: client * 3 + year,
                referentie: None,
                categorie: Some(categorie),
                code: Some(code),
                stempel: (received, 0),
                ingangsdatum: day_of(begin.first_day()),
                einddatum: Some(day_of(begin.plus(11).last_day())),
                reden_wijziging: None,
                omvang: Some(per_hour),
                budget: None,
            });
        }
    }
    let mut credits: Vec<Prestatie> = Vec::new();
    for index in 0..months {
        let maand = first.plus(index);
        let month = u32::try_from(index).expect("few");
        let received = day_of(maand.last_day()) + 5;
        let bericht = send(&mut dossier, 323, received);
        let begindatum = day_of(maand.first_day());
        dossier.declaraties.push(Declaratie { bericht, nummer: Key::of(&month), begindatum });
        let mut regel = 0;
        for mut credit in std::mem::take(&mut credits) {
            regel += 1;
            credit.vorige = Some(credit.referentie);
            credit.referentie = Key::of(&(bericht, regel));
            (credit.bericht, credit.regel, credit.is_credit, credit.bedrag) = (bericht, regel, true, -credit.bedrag);
            dossier.prestaties.push(credit);
        }
        let mut refused = Vec::new();
        for client in 0..clients {
            regel += 1;
            let volume = if client % 40 == month { 60 * 400 } else { 60 * 20 + client % 60 };
            let line = Prestatie {
                bericht,
                regel,
                client: Key::of(&client),
                referentie: Key::of(&(bericht, regel)),
                vorige: None,
                toewijzing: client * 3 + month / 12,
                categorie,
                code,
                begindatum,
                einddatum: day_of(date_of(begindatum).last_of_month()),
                volume,
                tarief: Some(105),
                bedrag: i32::try_from((2 * u64::from(volume) * 6_320 + 60) / 120).expect("small"),
                eenheid: Eenheid::Minuut,
                is_credit: false,
            };
            if volume > 20_000 {
                refused.push(line.clone());
            } else if client % 50 == month {
                credits.push(line.clone());
            }
            dossier.prestaties.push(line);
        }
        // Messages are numbered from 0, identifications from 1.
        let declaratie = Key::of(&(u64::from(bericht) + 1));
        let answer = send(&mut dossier, 325, received + 7);
        dossier.declaratie_antwoorden.push(DeclaratieAntwoord {
            bericht: answer,
            declaratie,
            nummer: Some(Key::of(&month)),
            ingediend: None,
            toegekend: None,
            geheel_afgekeurd: false,
        });
        for (regel, Prestatie { client, referentie, toewijzing, bedrag, .. }) in (2..).zip(refused) {
            dossier.afkeuringen.push(Afkeuring { bericht: answer, regel, client, referentie, toewijzing, bedrag });
        }
    }
    let contract = vec![ContractTarief {
        categorie: "02".into(),
        code: None,
        eenheid: Eenheid::Uur,
        begin: day_of(first.first_day()),
        eind: None,
        cents: Some(6_320),
    }];
    (dossier, Context { contract, ..Context::default() })
}

fn memory(what: &str) -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
