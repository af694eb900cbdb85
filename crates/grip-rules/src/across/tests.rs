//! Every rule with a case in which it is kept and one in which it is broken, told as a small story of messages.

use std::collections::{HashMap, HashSet};

use grip_ledger::{Eenheid, Frequentie, Omvang};
use grip_messages::{Ernst, Rule};
use grip_types::{Wet, parse_date};
use proptest::prelude::*;

use super::{
    ALL, Afkeuring, Antwoord, Asked, Bericht, Context, ContractTarief, Day, Declaratie, DeclaratieAntwoord, Dossier,
    Elders, Gemeentecode, Judgement, Key, Prestatie, Retour, Start, Stop, Toewijzing, Verzoek, Word, antwoord::*,
    control_list, day_of, declaratie as d, header::*, judge, levering::*, overdue, toewijzing::*, verzoek as v,
};

const WORDS: [&str; 12] = ["02", "02A01", "02A02", "01", "01A01", "13", "14", "12", "20", "19", "8", "9999"];

fn w(text: &str) -> Word {
    let mut dossier = Dossier::new(Wet::Wmo, "0935");
    let found = WORDS.map(|word| (word, dossier.word(word)));
    found.iter().find(|(word, _)| *word == text).expect("one of the words").1
}

fn day(text: &str) -> Day {
    day_of(parse_date(text).expect("a date"))
}

fn hours(volume: i64, frequentie: Frequentie) -> Omvang {
    Omvang { volume, eenheid: Eenheid::Uur, frequentie }
}

struct Story {
    dossier: Dossier,
    context: Context,
    last_323: u32,
}

/// How a row differs from the usual one.
type Change<T> = fn(&mut T);

impl Story {
    fn new() -> Self {
        let mut dossier = Dossier::new(Wet::Wmo, "0935");
        for word in WORDS {
            dossier.word(word);
        }
        Self { dossier, context: Context::default(), last_323: 0 }
    }

    fn send(&mut self, nummer: u16, received: &str) -> u32 {
        let count = self.dossier.berichten.len();
        let received = day(received);
        let identificatie = Key::of(&(nummer, count));
        self.dossier.add(Bericht { nummer, identificatie, dagtekening: received, received, digest: count as u64 })
    }

    fn last(&mut self) -> &mut Bericht {
        self.dossier.berichten.last_mut().expect("a message")
    }

    /// Allocation 1: ten hours a month of 02A01 over 2024.
    fn t301(&mut self, received: &str, changes: &[Change<Toewijzing>]) -> &mut Self {
        let bericht = self.send(301, received);
        for (index, change) in changes.iter().enumerate() {
            let mut row = Toewijzing {
                bericht,
                regel: u32::try_from(index + 1).expect("few"),
                client: Key::of("client"),
                nummer: 1,
                referentie: None,
                categorie: Some(w("02")),
                code: Some(w("02A01")),
                stempel: (day(received), 0),
                ingangsdatum: day("2024-01-01"),
                einddatum: Some(day("2024-12-31")),
                reden_wijziging: None,
                omvang: Some(hours(10, Frequentie::PerMaand)),
                budget: None,
            };
            change(&mut row);
            self.dossier.toewijzingen.push(row);
        }
        self
    }

    fn usual(&mut self) -> &mut Self {
        self.t301("2024-01-02", &[|_| {}])
    }

    fn t305(&mut self, received: &str, changes: &[Change<Start>]) -> &mut Self {
        let bericht = self.send(305, received);
        for (index, change) in changes.iter().enumerate() {
            let mut row = Start {
                bericht,
                regel: u32::try_from(index + 1).expect("few"),
                client: Key::of("client"),
                toewijzing: Some(1),
                categorie: Some(w("02")),
                code: Some(w("02A01")),
                begindatum: day("2024-01-10"),
                deletes: false,
            };
            change(&mut row);
            self.dossier.starts.push(row);
        }
        self
    }

    fn t307(&mut self, received: &str, changes: &[Change<Stop>]) -> &mut Self {
        let bericht = self.send(307, received);
        for (index, change) in changes.iter().enumerate() {
            let mut row = Stop {
                bericht,
                regel: u32::try_from(index + 1).expect("few"),
                client: Key::of("client"),
                toewijzing: Some(1),
                categorie: Some(w("02")),
                code: Some(w("02A01")),
                begindatum: day("2024-01-10"),
                reden: w("19"),
                einddatum: day("2024-03-01"),
                deletes: false,
            };
            change(&mut row);
            self.dossier.stops.push(row);
        }
        self
    }

    fn request(&mut self, nummer: u16, received: &str, changes: &[Change<Verzoek>]) -> &mut Self {
        let bericht = self.send(nummer, received);
        for (index, change) in changes.iter().enumerate() {
            let asks_new = nummer == 315;
            let mut row = Verzoek {
                bericht,
                regel: u32::try_from(index + 1).expect("few"),
                client: Key::of("client"),
                referentie: Key::of("verzoek"),
                asked: if asks_new { Asked::Aangevraagd } else { Asked::TeWijzigen },
                toewijzing: (!asks_new).then_some(1),
                categorie: asks_new.then(|| w("02")),
                code: asks_new.then(|| w("02A02")),
                ingangsdatum: Some(day("2024-06-01")),
                einddatum: Some(day("2024-12-31")),
                omvang: Some(hours(5, Frequentie::PerMaand)),
                budget: None,
            };
            change(&mut row);
            self.dossier.verzoeken.push(row);
        }
        self
    }

    fn t319(&mut self, received: &str, change: Change<Antwoord>) -> &mut Self {
        let bericht = self.send(319, received);
        let mut row =
            Antwoord { bericht, referentie: Key::of("verzoek"), afgewezen: true, reden: None, gemeente: None };
        change(&mut row);
        self.dossier.antwoorden.push(row);
        self
    }

    /// Ten hours in January 2024 at € 60, and other lines.
    fn t323(&mut self, received: &str, changes: &[Change<Prestatie>]) -> &mut Self {
        let bericht = self.send(323, received);
        self.last_323 = bericht;
        self.dossier.declaraties.push(Declaratie {
            bericht,
            nummer: Key::of(&("declaratie", bericht)),
            begindatum: super::day::first_day(super::day::month_of(day(received)) - 1),
        });
        for (index, change) in changes.iter().enumerate() {
            let regel = u32::try_from(index + 1).expect("few");
            let mut row = Prestatie {
                bericht,
                regel,
                client: Key::of("client"),
                referentie: Key::of(&(bericht, regel)),
                vorige: None,
                toewijzing: 1,
                categorie: w("02"),
                code: w("02A01"),
                begindatum: day("2024-01-01"),
                einddatum: day("2024-01-31"),
                volume: 10,
                tarief: Some(6_000),
                bedrag: 60_000,
                eenheid: Eenheid::Uur,
                is_credit: false,
            };
            change(&mut row);
            self.dossier.prestaties.push(row);
        }
        self
    }

    /// Answers the last declaratie, refusing the given lines.
    fn t325(&mut self, received: &str, refused: &[u32]) -> &mut Self {
        let target = self.last_323;
        let bericht = self.send(325, received);
        let lines: Vec<Prestatie> =
            self.dossier.prestaties.iter().filter(|line| line.bericht == target).cloned().collect();
        let ingediend: i64 = lines.iter().map(|line| i64::from(line.bedrag)).sum();
        let (mut toegekend, mut regel) = (ingediend, 1);
        for line in lines.iter().filter(|line| refused.contains(&line.regel)) {
            toegekend -= i64::from(line.bedrag);
            regel += 1;
            let Prestatie { client, referentie, toewijzing, bedrag, .. } = *line;
            self.dossier.afkeuringen.push(Afkeuring { bericht, regel, client, referentie, toewijzing, bedrag });
        }
        let of_target = self.dossier.declaraties.iter().find(|row| row.bericht == target).expect("a declaratie");
        self.dossier.declaratie_antwoorden.push(DeclaratieAntwoord {
            bericht,
            declaratie: self.dossier.berichten[target as usize].identificatie,
            nummer: Some(of_target.nummer),
            ingediend: Some(ingediend),
            toegekend: Some(toegekend),
            geheel_afgekeurd: false,
        });
        self
    }

    fn retour(&mut self, received: &str, heen: u32, afgekeurd: bool) -> &mut Self {
        let of_heen = self.dossier.berichten[heen as usize];
        let bericht = self.send(of_heen.nummer + 1, received);
        self.dossier.retours.push(Retour {
            bericht,
            heen: of_heen.nummer,
            identificatie: of_heen.identificatie,
            afgekeurd,
        });
        self
    }

    fn judge(&mut self) -> Vec<Judgement> {
        judge(&mut self.dossier, &self.context, |_| true)
    }
}

fn tarief(eenheid: Eenheid, cents: i64) -> ContractTarief {
    let (begin, eind) = (day("2024-01-01"), Some(day("2024-12-31")));
    ContractTarief { categorie: "02".into(), code: Some("02A01".into()), eenheid, begin, eind, cents: Some(cents) }
}

fn credit(row: &mut Prestatie) {
    row.is_credit = true;
    row.bedrag = -row.bedrag;
    row.vorige = Some(Key::of("debet"));
}

fn debit(row: &mut Prestatie) {
    row.referentie = Key::of("debet");
}

fn specifiek(row: &mut Verzoek) {
    row.omvang = Some(hours(5, Frequentie::PerMaand));
}

fn february(row: &mut Prestatie) {
    (row.begindatum, row.einddatum) = (day("2024-02-01"), day("2024-02-29"));
}

fn without_omvang(row: &mut Toewijzing) {
    (row.omvang, row.code, row.budget) = (None, None, Some(100_000));
}

fn deleted(row: &mut Toewijzing) {
    (row.einddatum, row.reden_wijziging) = (Some(row.ingangsdatum), Some(w("13")));
}

/// The story ends here.
fn done(_: &mut Story) {}

/// A rule, a story in which it is kept, and the smallest change that breaks it.
type Case = (&'static Rule, fn(&mut Story), fn(&mut Story));

fn cases() -> Vec<Case> {
    vec![
        (
            DUBBELE_IDENTIFICATIE,
            |s| done(s.usual().t301("2024-02-01", &[|_| {}])),
            |s| {
                s.usual().t301("2024-02-01", &[|_| {}]);
                let first = s.dossier.berichten[0].identificatie;
                s.last().identificatie = first;
            },
        ),
        (DAGTEKENING_IN_TOEKOMST, |s| done(s.usual()), |s| s.usual().last().dagtekening += 1),
        (
            GEMEENTE_ONBEKEND,
            |s| {
                s.usual();
                let eind = Some(day("2024-01-01"));
                s.context.gemeenten = Some(vec![Gemeentecode { code: "0935".into(), begin: None, eind }]);
            },
            |s| {
                s.usual();
                let eind = Some(day("2023-12-31"));
                s.context.gemeenten = Some(vec![Gemeentecode { code: "0935".into(), begin: None, eind }]);
            },
        ),
        (
            ZELFDE_TIJDSTIP,
            |s| done(s.usual().t301("2024-02-01", &[|row| row.stempel = (day("2024-01-02"), 0)])),
            |s| {
                s.usual().t301(
                    "2024-02-01",
                    &[|row| {
                        (row.stempel, row.einddatum) = ((day("2024-01-02"), 0), Some(day("2024-06-30")));
                    }],
                );
            },
        ),
        (
            REDEN_BIJ_EERSTE,
            |s| done(s.usual()),
            |s| {
                s.t301("2024-01-02", &[|row| row.reden_wijziging = Some(w("12"))]);
            },
        ),
        (
            REDEN_ONTBREEKT,
            |s| {
                s.usual().t301(
                    "2024-02-01",
                    &[|row| {
                        (row.einddatum, row.reden_wijziging) = (Some(day("2024-06-30")), Some(w("12")));
                    }],
                );
            },
            |s| done(s.usual().t301("2024-02-01", &[|row| row.einddatum = Some(day("2024-06-30"))])),
        ),
        (
            WIJZIGING_NIET_TOEGESTAAN,
            |s| {
                s.usual().t301(
                    "2024-02-01",
                    &[|row| {
                        (row.ingangsdatum, row.reden_wijziging) = (day("2024-01-03"), Some(w("14")));
                    }],
                );
            },
            |s| {
                s.usual().t301(
                    "2024-02-01",
                    &[|row| {
                        (row.ingangsdatum, row.reden_wijziging) = (day("2024-01-03"), Some(w("12")));
                    }],
                );
            },
        ),
        (
            NIET_ALLE_TOEWIJZINGEN,
            |s| done(s.usual().t301("2025-02-01", &[|row| row.nummer = 2])),
            |s| done(s.usual().t301("2024-02-01", &[|row| row.nummer = 2])),
        ),
        (
            NIEUW_NUMMER_NODIG,
            |s| {
                s.t301("2024-01-02", &[|row| row.omvang = Some(hours(10, Frequentie::Totaal))]);
                s.t301("2024-02-01", &[|row| row.omvang = Some(hours(12, Frequentie::Totaal))]);
            },
            |s| done(s.usual().t301("2024-02-01", &[|row| row.omvang = Some(hours(12, Frequentie::PerMaand))])),
        ),
        (
            STAPELING,
            |s| done(s.usual().t301("2024-02-01", &[|row| (row.nummer, row.code) = (2, Some(w("02A02")))])),
            |s| done(s.usual().t301("2024-02-01", &[|row| (row.nummer, row.code) = (2, None)])),
        ),
        (
            VERLENGING_NIEUW_NUMMER,
            |s| {
                s.usual().t301(
                    "2024-11-01",
                    &[|row| {
                        (row.nummer, row.ingangsdatum, row.einddatum) = (2, day("2025-01-01"), None);
                        row.omvang = Some(hours(8, Frequentie::PerMaand));
                    }],
                );
            },
            |s| {
                s.usual().t301(
                    "2024-11-01",
                    &[|row| {
                        (row.nummer, row.ingangsdatum, row.einddatum) = (2, day("2025-01-01"), None);
                    }],
                );
            },
        ),
        (
            NUMMER_NIET_UNIEK,
            |s| {
                s.usual();
                s.dossier.elders.push(Elders { nummer: 2, received: day("2023-12-01"), digest: 0 });
            },
            |s| done(s.usual().t301("2024-02-01", &[|row| row.client = Key::of("other")])),
        ),
        (
            NUMMER_NIET_UNIEK,
            |s| {
                s.usual();
                s.dossier.elders.push(Elders { nummer: 1, received: day("2024-02-01"), digest: 0 });
            },
            |s| {
                s.usual();
                s.dossier.elders.push(Elders { nummer: 1, received: day("2023-12-01"), digest: 0 });
            },
        ),
        (
            REFERENTIE_ONTERECHT,
            |s| {
                s.request(315, "2024-01-02", &[|_| {}]);
                s.t301("2024-01-03", &[|row| row.referentie = Some(Key::of("verzoek"))]).t301("2024-02-01", &[|_| {}]);
            },
            |s| {
                s.request(315, "2024-01-02", &[|_| {}]);
                s.t301("2024-01-03", &[|row| row.referentie = Some(Key::of("ander"))]);
            },
        ),
        (
            PRODUCT_PAST_NIET,
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t323("2024-02-02", &[|_| {}]);
                s.context.producten = Some(HashSet::from([("02".into(), "02A01".into())]));
            },
            |s| {
                s.usual();
                s.context.producten = Some(HashSet::from([("01".into(), "02A01".into())]));
            },
        ),
        (
            VERWIJDERD_MET_DECLARATIES,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1]).t301("2024-03-01", &[deleted])),
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[]).t301("2024-03-01", &[deleted])),
        ),
        (
            BUITEN_TOEWIJZING,
            |s| done(s.usual().t305("2024-01-11", &[|_| {}])),
            |s| {
                s.usual().t305("2024-01-11", &[|row| row.begindatum = day("2023-12-31")]);
            },
        ),
        (
            START_TE_LAAT,
            |s| done(s.usual().t305("2024-01-17", &[|_| {}])),
            |s| {
                s.usual().t305("2024-01-18", &[|_| {}]);
            },
        ),
        (
            STOP_TE_LAAT,
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-08", &[|_| {}])),
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-09", &[|_| {}])),
        ),
        (
            STOP_ONTBREEKT,
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|_| {}])),
            |s| done(s.usual().t305("2024-01-10", &[|_| {}])),
        ),
        (
            GEEN_TOEWIJZING,
            |s| done(s.usual().t305("2024-01-10", &[|_| {}])),
            |s| {
                s.t301("2024-01-02", &[deleted]).t305("2024-01-10", &[|_| {}]);
            },
        ),
        (
            NIETS_TE_VERWIJDEREN,
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t305("2024-01-12", &[|row| row.deletes = true])),
            |s| done(s.usual().t305("2024-01-12", &[|row| row.deletes = true])),
        ),
        (
            START_AL_GESTOPT,
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t305("2024-01-12", &[|row| row.deletes = true])),
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|_| {}]);
                s.t305("2024-03-02", &[|row| row.deletes = true]);
            },
        ),
        (
            AL_AANGELEVERD,
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t305("2024-01-11", &[|row| row.deletes = true]);
                s.t305("2024-01-12", &[|_| {}]);
            },
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t305("2024-01-12", &[|_| {}])),
        ),
        (
            NOG_NIET_GESTOPT,
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|row| row.reden = w("20")]);
                s.t305("2024-03-10", &[|row| row.begindatum = day("2024-03-09")]);
            },
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]);
                s.t305("2024-03-10", &[|row| row.begindatum = day("2024-03-09")]);
            },
        ),
        (
            GEEN_START,
            |s| done(s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|_| {}])),
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]);
                s.t307("2024-03-01", &[|row| row.begindatum = day("2024-01-11")]);
            },
        ),
        (
            AL_TIJDELIJK_GESTOPT,
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|row| row.reden = w("20")]);
                s.t307("2024-04-01", &[|row| row.einddatum = day("2024-03-31")]);
            },
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|row| row.reden = w("20")]);
                s.t307("2024-04-01", &[|row| (row.reden, row.einddatum) = (w("20"), day("2024-03-31"))]);
            },
        ),
        (
            EINDE_VOOR_TIJDELIJKE,
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|row| row.reden = w("20")]);
                s.t307("2024-04-01", &[|_| {}]);
            },
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|row| row.reden = w("20")]);
                s.t307("2024-04-01", &[|row| row.einddatum = day("2024-02-29")]);
            },
        ),
        (
            AL_GESTOPT,
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|_| {}]);
                s.t307("2024-03-02", &[|row| row.deletes = true, |row| row.einddatum = day("2024-03-02")]);
            },
            |s| {
                s.usual().t305("2024-01-10", &[|_| {}]).t307("2024-03-01", &[|_| {}]);
                s.t307("2024-03-02", &[|row| row.einddatum = day("2024-03-02")]);
            },
        ),
        (
            v::VERZOEK_OPEN,
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |_| {})),
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |row| row.afgewezen = false);
            },
        ),
        (
            v::VOT_TE_LAAT,
            |s| done(s.request(315, "2024-05-13", &[|_| {}]).t319("2024-05-21", |_| {})),
            |s| {
                // Whit Monday, the 20th, does not count.
                s.request(315, "2024-05-13", &[|_| {}]).t319("2024-05-22", |_| {});
            },
        ),
        (
            v::AL_TOEGEWEZEN,
            |s| done(s.usual().request(315, "2024-05-01", &[|_| {}])),
            |s| {
                s.usual().request(315, "2024-05-01", &[|row| row.code = Some(w("02A01"))]);
            },
        ),
        (
            v::VOW_TE_LAAT,
            |s| {
                s.usual().request(317, "2024-05-01", &[specifiek]);
                s.t301("2024-05-02", &[|row| row.referentie = Some(Key::of("verzoek"))]);
            },
            |s| {
                s.usual().request(317, "2024-05-01", &[specifiek]);
                s.t301("2024-06-02", &[|row| row.referentie = Some(Key::of("verzoek"))]);
            },
        ),
        (
            v::WOONPLAATS_TE_LAAT,
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-15", |row| row.reden = Some(w("8")))),
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-16", |row| row.reden = Some(w("8")))),
        ),
        (
            v::REFERENTIE_AL_GEBRUIKT,
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |_| {});
                s.request(315, "2024-06-01", &[|row| row.referentie = Key::of("tweede")]);
            },
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |_| {});
                s.request(315, "2024-06-01", &[|_| {}]);
            },
        ),
        (
            v::NIET_ALLES_GENOEMD,
            |s| done(s.usual().request(317, "2024-05-01", &[|_| {}])),
            |s| {
                s.t301("2024-01-02", &[|_| {}, |row| (row.nummer, row.code) = (2, Some(w("02A02")))]);
                s.request(317, "2024-05-01", &[|_| {}]);
            },
        ),
        (
            v::ONGEWIJZIGD_NIET_ACTUEEL,
            |s| done(s.usual().request(317, "2024-05-01", &[|row| row.asked = Asked::Ongewijzigd])),
            |s| done(s.usual().request(317, "2025-05-01", &[|row| row.asked = Asked::Ongewijzigd])),
        ),
        (
            v::TE_WIJZIGEN_NIET_ACTUEEL,
            |s| done(s.usual().request(317, "2024-05-01", &[|_| {}])),
            |s| {
                s.usual().request(317, "2024-05-01", &[|row| row.toewijzing = Some(2)]);
            },
        ),
        (
            v::VERZOEK_ONBEKEND,
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-01", |_| {})),
            |s| {
                s.t319("2024-05-02", |_| {});
            },
        ),
        (
            v::INGANG_IN_VERLEDEN,
            |s| done(s.usual().request(317, "2024-05-01", &[|row| row.ingangsdatum = Some(day("2024-01-01"))])),
            |s| done(s.usual().request(317, "2024-05-01", &[|row| row.ingangsdatum = Some(day("2024-05-01"))])),
        ),
        (
            v::AL_GEHONOREERD,
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |_| {})),
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]);
                s.t301("2024-05-02", &[|row| row.referentie = Some(Key::of("verzoek"))]).t319("2024-05-03", |_| {});
            },
        ),
        (
            v::AL_IN_ONDERZOEK,
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |row| row.afgewezen = false)),
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |row| row.afgewezen = false);
                s.t319("2024-05-03", |row| row.afgewezen = false);
            },
        ),
        (
            v::OVERLAP_IN_VERZOEK,
            |s| {
                s.usual().request(
                    317,
                    "2024-05-01",
                    &[
                        |_| {},
                        |row| {
                            (row.asked, row.toewijzing) = (Asked::Nieuw, None);
                            (row.categorie, row.code) = (Some(w("02")), Some(w("02A02")));
                        },
                    ],
                );
            },
            |s| {
                s.usual().request(
                    317,
                    "2024-05-01",
                    &[
                        |_| {},
                        |row| {
                            (row.asked, row.toewijzing) = (Asked::Nieuw, None);
                            (row.categorie, row.code) = (Some(w("02")), Some(w("02A01")));
                        },
                    ],
                );
            },
        ),
        (
            v::AL_AFGEWEZEN,
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |row| row.afgewezen = false);
                s.t319("2024-05-03", |_| {});
            },
            |s| done(s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |_| {}).t319("2024-05-03", |_| {})),
        ),
        (
            v::INGANG_BIJ_BUDGET,
            |s| {
                s.t301("2024-01-02", &[without_omvang]).request(
                    317,
                    "2024-05-01",
                    &[|row| {
                        (row.omvang, row.budget, row.ingangsdatum) = (None, Some(200_000), Some(day("2024-01-01")));
                    }],
                );
            },
            |s| {
                s.t301("2024-01-02", &[without_omvang]).request(
                    317,
                    "2024-05-01",
                    &[|row| (row.omvang, row.budget) = (None, Some(200_000))],
                );
            },
        ),
        (
            v::VERZOEK_LOOPT_NOG,
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]);
                s.t301("2024-05-02", &[|row| row.referentie = Some(Key::of("verzoek"))]);
                s.request(315, "2024-06-01", &[|row| row.referentie = Key::of("tweede")]);
            },
            |s| {
                s.request(315, "2024-05-01", &[|_| {}]).t319("2024-05-02", |row| row.afgewezen = false);
                s.request(315, "2024-06-01", &[|row| row.referentie = Key::of("tweede")]);
            },
        ),
        (
            v::OMVANG_ZONDER_PRODUCT,
            |s| {
                s.t301("2024-01-02", &[|row| (row.categorie, row.code, row.omvang) = (None, None, None)]);
                s.request(317, "2024-05-01", &[|row| row.omvang = None]);
            },
            |s| {
                s.t301("2024-01-02", &[|row| (row.categorie, row.code, row.omvang) = (None, None, None)]);
                s.request(317, "2024-05-01", &[|_| {}]);
            },
        ),
        (
            v::OMVANG_ONTBREEKT,
            |s| done(s.usual().request(317, "2024-05-01", &[|_| {}])),
            |s| {
                s.usual().request(317, "2024-05-01", &[|row| row.omvang = None]);
            },
        ),
        (
            v::OMVANG_ZONDER_CODE,
            |s| done(s.t301("2024-01-02", &[without_omvang]).request(317, "2024-05-01", &[|row| row.omvang = None])),
            |s| done(s.t301("2024-01-02", &[without_omvang]).request(317, "2024-05-01", &[|_| {}])),
        ),
        (
            d::ANDERE_AANBIEDER,
            |s| done(s.usual().t323("2024-02-02", &[|row| row.toewijzing = 2])),
            |s| {
                s.usual().t323("2024-02-02", &[|row| row.toewijzing = 2]);
                s.dossier.elders.push(Elders { nummer: 2, received: day("2023-12-01"), digest: 0 });
            },
        ),
        (
            d::DUBBELE_LEVERING,
            |s| {
                s.t301(
                    "2024-01-02",
                    &[
                        |row| row.einddatum = Some(day("2024-01-15")),
                        |row| {
                            (row.nummer, row.ingangsdatum) = (2, day("2024-01-16"));
                        },
                    ],
                );
                s.t323(
                    "2024-02-02",
                    &[
                        |row| row.einddatum = day("2024-01-15"),
                        |row| {
                            (row.toewijzing, row.begindatum) = (2, day("2024-01-16"));
                        },
                    ],
                );
            },
            |s| {
                s.t301("2024-01-02", &[|_| {}, |row| row.nummer = 2]);
                s.t323("2024-02-02", &[|_| {}]).t323("2024-02-03", &[|row| row.toewijzing = 2]);
            },
        ),
        (
            d::CREDIT_WIJKT_AF,
            |s| {
                s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]).t323("2024-03-02", &[credit]);
            },
            |s| {
                s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]).t323(
                    "2024-03-02",
                    &[|row| {
                        credit(row);
                        row.bedrag = -59_999;
                    }],
                );
            },
        ),
        (
            d::CREDIT_TE_VROEG,
            |s| done(s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]).t323("2024-03-02", &[credit])),
            |s| done(s.usual().t323("2024-02-02", &[debit]).t323("2024-03-02", &[credit])),
        ),
        (
            d::NIET_IN_CONTRACT,
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]);
                s.context.contract = vec![tarief(Eenheid::Uur, 6_000)];
            },
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]);
                s.context.contract = vec![tarief(Eenheid::Etmaal, 6_000)];
            },
        ),
        (
            d::LATER_DAN_VIJF_JAAR,
            |s| done(s.usual().t323("2029-01-31", &[|_| {}])),
            |s| {
                s.usual().t323("2029-02-28", &[|row| row.einddatum = day("2024-01-30")]);
                s.usual().t323("2029-03-01", &[|_| {}]);
            },
        ),
        (
            d::CLIENT_ONBEKEND,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}])),
            |s| {
                s.usual().t323("2024-02-02", &[|row| row.client = Key::of("other")]);
            },
        ),
        (
            d::BEGIN_BUITEN_TOEWIJZING,
            |s| {
                s.t301("2024-01-02", &[|row| row.ingangsdatum = day("2024-01-10")]);
                s.t323("2024-02-02", &[|row| row.begindatum = day("2024-01-10")]);
            },
            |s| {
                s.t301("2024-01-02", &[|row| row.ingangsdatum = day("2024-01-10")]).t323("2024-02-02", &[|_| {}]);
            },
        ),
        (
            d::EIND_BUITEN_TOEWIJZING,
            |s| {
                s.t301("2024-01-02", &[|row| row.einddatum = Some(day("2024-01-20"))]);
                s.t323("2024-02-02", &[|row| row.einddatum = day("2024-01-20")]);
            },
            |s| {
                s.t301("2024-01-02", &[|row| row.einddatum = Some(day("2024-01-20"))]).t323("2024-02-02", &[|_| {}]);
            },
        ),
        (
            d::REFERENTIE_AL_GEBRUIKT,
            |s| {
                // The first declaratie counts as not sent, so its numbers are free again.
                s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
                s.dossier.declaratie_antwoorden[0].geheel_afgekeurd = true;
                s.t323("2024-02-06", &[debit]);
            },
            |s| done(s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[1]).t323("2024-02-06", &[debit])),
        ),
        (
            d::OUDERE_PERIODE,
            |s| done(s.usual().t323("2024-04-02", &[|_| {}]).t323("2024-04-09", &[february])),
            |s| {
                s.usual().t323("2024-04-02", &[|_| {}]).t323("2024-04-09", &[february]);
                s.dossier.declaraties[1].begindatum = day("2024-02-01");
            },
        ),
        (
            d::NA_DECLARATIEPERIODE,
            |s| done(s.usual().t323("2024-03-02", &[february])),
            |s| {
                s.usual().t323("2024-02-02", &[february]);
            },
        ),
        (
            d::VOLUME_IN_MAAND,
            |s| {
                s.usual().t323(
                    "2024-02-02",
                    &[|row| {
                        (row.eenheid, row.volume, row.tarief, row.bedrag) = (Eenheid::Minuut, 600, Some(100), 60_000);
                    }],
                );
            },
            |s| done(s.usual().t323("2024-02-02", &[|row| (row.volume, row.bedrag) = (11, 66_000)])),
        ),
        (
            d::VOLUME_IN_TOTAAL,
            |s| {
                s.t301("2024-01-02", &[|row| row.omvang = Some(hours(15, Frequentie::Totaal))]);
                s.t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1]).t323("2024-03-02", &[february]);
            },
            |s| {
                s.t301("2024-01-02", &[|row| row.omvang = Some(hours(15, Frequentie::Totaal))]);
                s.t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[]).t323("2024-03-02", &[february]);
            },
        ),
        (
            d::GEEN_DEBET,
            |s| done(s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]).t323("2024-03-02", &[credit])),
            |s| done(s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[1]).t323("2024-03-02", &[credit])),
        ),
        (
            d::DECLARATIE_NUMMER_AL_GEBRUIKT,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t323("2024-03-02", &[february])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t323("2024-03-02", &[february]);
                s.dossier.declaraties[1].nummer = s.dossier.declaraties[0].nummer;
            },
        ),
        (
            d::TOEWIJZING_ONBEKEND,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}])),
            |s| {
                // Sent later than the declaratie was received.
                s.t301("2024-01-02", &[|row| row.nummer = 2]).t323("2024-02-02", &[|_| {}]);
                s.t301("2024-02-03", &[|_| {}]);
            },
        ),
        (
            d::ANDERE_CATEGORIE,
            |s| {
                s.t301("2024-01-02", &[|row| (row.categorie, row.code, row.omvang) = (None, None, None)]);
                s.t323("2024-02-02", &[|row| row.categorie = w("01")]);
            },
            |s| done(s.usual().t323("2024-02-02", &[|row| row.categorie = w("01")])),
        ),
        (
            d::ANDERE_CODE,
            |s| {
                s.t301("2024-01-02", &[without_omvang]).t323("2024-02-02", &[|row| row.code = w("02A02")]);
            },
            |s| done(s.usual().t323("2024-02-02", &[|row| row.code = w("02A02")])),
        ),
        (
            d::ANDERE_EENHEID,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}])),
            |s| {
                s.usual().t323("2024-02-02", &[|row| row.eenheid = Eenheid::Dagdeel]);
            },
        ),
        (
            d::ANDERE_EENHEID,
            |s| {
                s.t301("2024-01-02", &[without_omvang]).t323("2024-02-02", &[|_| {}]);
                s.context.contract = vec![tarief(Eenheid::Uur, 6_000)];
            },
            |s| {
                s.t301("2024-01-02", &[without_omvang]).t323("2024-02-02", &[|_| {}]);
                s.context.contract = vec![tarief(Eenheid::Etmaal, 6_000)];
            },
        ),
        (
            d::BEDRAG_WIJKT_AF,
            |s| {
                // € 63,20 an hour is € 1,05 a minute when rounded; 61 minutes are € 64,25, not 61 × € 1,05 = € 64,05.
                s.usual().t323(
                    "2024-02-02",
                    &[|row| {
                        (row.eenheid, row.volume, row.tarief, row.bedrag) = (Eenheid::Minuut, 61, Some(105), 6_425);
                    }],
                );
                s.context.contract = vec![tarief(Eenheid::Uur, 6_320)];
            },
            |s| {
                s.usual().t323(
                    "2024-02-02",
                    &[|row| {
                        (row.eenheid, row.volume, row.tarief, row.bedrag) = (Eenheid::Minuut, 61, Some(105), 6_405);
                    }],
                );
                s.context.contract = vec![tarief(Eenheid::Uur, 6_320)];
            },
        ),
        (
            d::BEDRAG_WIJKT_AF,
            |s| {
                s.usual().t323(
                    "2024-02-02",
                    &[|row| {
                        (row.eenheid, row.volume, row.tarief, row.bedrag) = (Eenheid::Minuut, 61, Some(105), 6_425);
                    }],
                );
            },
            |s| done(s.usual().t323("2024-02-02", &[|row| row.bedrag = 60_001])),
        ),
        (
            d::BUDGET_OP,
            |s| {
                s.t301("2024-01-02", &[without_omvang]).t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
                s.t323("2024-03-02", &[credit, february]);
            },
            |s| {
                s.t301("2024-01-02", &[without_omvang]).t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
                s.t323("2024-03-02", &[february]);
            },
        ),
        (
            d::OP_VERWIJDERD,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t301("2024-03-01", &[deleted])),
            |s| done(s.usual().t301("2024-02-01", &[deleted]).t323("2024-02-02", &[|_| {}])),
        ),
        (
            d::BEGIN_NIET_VAN_MAAND,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}])),
            |s| {
                s.usual().t323("2024-02-02", &[|row| row.begindatum = day("2024-01-10")]);
            },
        ),
        (
            d::EIND_NIET_VAN_MAAND,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}])),
            |s| {
                s.usual().t323("2024-02-02", &[|row| row.einddatum = day("2024-01-30")]);
            },
        ),
        (
            d::AL_GEDECLAREERD,
            |s| {
                // Credits come first, also when they stand below the new debit.
                s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
                s.t323("2024-03-02", &[|_| {}, credit]);
            },
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t323("2024-03-02", &[|_| {}])),
        ),
        (
            d::AL_GECREDITEERD,
            |s| {
                s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
                s.t323("2024-03-02", &[credit]).t325("2024-03-05", &[1]).t323("2024-04-02", &[credit]);
            },
            |s| {
                s.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
                s.t323("2024-03-02", &[credit]).t323("2024-04-02", &[credit]);
            },
        ),
        (
            d::TARIEF_WIJKT_AF,
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]);
                s.context.contract = vec![tarief(Eenheid::Uur, 5_000), tarief(Eenheid::Uur, 6_000)];
            },
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]);
                s.context.contract = vec![tarief(Eenheid::Uur, 5_999)];
            },
        ),
        (
            TWEEDE_ANTWOORD,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[])),
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[]).t325("2024-02-06", &[])),
        ),
        (
            INGEDIEND_WIJKT_AF,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[]);
                s.dossier.declaratie_antwoorden[0].ingediend = Some(59_999);
            },
        ),
        (
            TOEGEKEND_VOLGT_NIET,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1]);
                s.dossier.declaratie_antwoorden[0].toegekend = Some(60_000);
            },
        ),
        (
            DECLARATIE_ZONDER_ANTWOORD,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[])),
            |s| done(s.usual().t323("2024-02-02", &[|_| {}])),
        ),
        (
            RETOUR_TE_LAAT,
            |s| done(s.usual().retour("2024-01-05", 0, false)),
            |s| {
                s.usual().retour("2024-01-06", 0, false);
            },
        ),
        (
            ANTWOORD_TE_LAAT,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-16", &[])),
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-17", &[])),
        ),
        (
            DECLARATIE_ONBEKEND,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-02", &[])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[]);
                s.dossier.declaratie_antwoorden[0].declaratie = Key::of("other");
            },
        ),
        (
            REGEL_ONBEKEND,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1]);
                s.dossier.afkeuringen[0].referentie = Key::of("other");
            },
        ),
        (
            WAARDE_WIJKT_AF,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[1]);
                s.dossier.afkeuringen[0].toewijzing = 2;
            },
        ),
        (
            ANDER_NUMMER,
            |s| done(s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[])),
            |s| {
                s.usual().t323("2024-02-02", &[|_| {}]).t325("2024-02-05", &[]);
                s.dossier.declaratie_antwoorden[0].nummer = Some(Key::of("other"));
            },
        ),
    ]
}

/// Everything the rule found in a story, also at the end of 2029 when nothing came any more.
fn found(tell: fn(&mut Story), rule: &Rule) -> Vec<String> {
    let mut story = Story::new();
    tell(&mut story);
    let mut judgements = story.judge();
    judgements.extend(overdue(&mut story.dossier, &story.context, day("2029-12-31")));
    judgements.into_iter().filter(|judgement| judgement.rule == rule).map(|judgement| judgement.text).collect()
}

#[test]
fn every_rule_is_kept_and_broken() {
    let mut without: HashSet<&str> = ALL.iter().map(|rule| rule.code).collect();
    for (rule, good, bad) in cases() {
        without.remove(rule.code);
        assert_eq!(found(good, rule), Vec::<String>::new(), "{} in its good case", rule.code);
        assert!(!found(bad, rule).is_empty(), "{} in its bad case", rule.code);
    }
    assert!(without.is_empty(), "rules without a case: {without:?}");
}

#[test]
fn rules_are_complete() {
    let codes: Vec<&str> = ALL.iter().map(|rule| rule.code).collect();
    assert!(codes.is_sorted());
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
    for rule in ALL.iter() {
        // What an answer can refuse, it must be able to name; on a 325 there is no answer.
        let answered = rule.berichten != [325];
        assert_eq!(rule.ernst == Ernst::Fout && answered, rule.retour_code.is_some() && answered, "{}", rule.code);
        for text in [rule.title, rule.explanation, rule.advice] {
            assert!(!text.is_empty() && !text.contains("  "), "{}", rule.code);
        }
        assert!(!rule.title.ends_with('.') && rule.explanation.ends_with('.') && rule.advice.ends_with('.'));
    }
}

#[track_caller]
fn check_text(tell: fn(&mut Story), rule: &Rule, expected: &str) {
    assert_eq!(found(tell, rule), [expected]);
}

#[test]
fn texts_have_both_numbers() {
    check_text(
        |s| {
            s.usual().t323(
                "2024-02-02",
                &[|row| {
                    (row.eenheid, row.volume, row.tarief, row.bedrag) = (Eenheid::Minuut, 4_200, Some(100), 420_000);
                }],
            );
        },
        d::VOLUME_IN_MAAND,
        "ingediend 4.200 minuten, toegewezen ten hoogste 600 minuten in 2024-01",
    );
    check_text(
        |s| {
            s.usual().t323("2024-02-02", &[|_| {}]);
            s.context.contract = vec![tarief(Eenheid::Uur, 5_999)];
        },
        d::TARIEF_WIJKT_AF,
        "gedeclareerd € 60,00, afgesproken € 59,99",
    );
    check_text(
        |s| done(s.usual().t323("2024-02-02", &[|row| row.eenheid = Eenheid::Dagdeel])),
        d::ANDERE_EENHEID,
        "gedeclareerd in dagdelen, toegewezen in uur",
    );
    check_text(
        |s| done(s.usual().t323("2024-02-02", &[|row| row.eenheid = Eenheid::Euro])),
        d::ANDERE_EENHEID,
        "gedeclareerd in euro's, toegewezen in uur",
    );
    check_text(
        |s| {
            s.t301("2024-01-02", &[without_omvang]).t323("2024-02-02", &[|row| row.eenheid = Eenheid::Euro]);
            s.context.contract = vec![tarief(Eenheid::Uur, 6_000)];
        },
        d::ANDERE_EENHEID,
        "gedeclareerd in euro's, het contract kent voor dit product een andere eenheid",
    );
}

#[test]
fn a_refused_message_counts_as_not_sent() {
    let mut story = Story::new();
    story.usual().retour("2024-01-03", 0, true).t323("2024-02-02", &[|_| {}]);
    let rules: Vec<&str> = story.judge().iter().map(|judgement| judgement.rule.code).collect();
    assert_eq!(rules, ["TR338"]);
}

#[test]
fn a_faulty_line_takes_no_room_until_it_is_approved() {
    let tell = |approve: bool| {
        let mut story = Story::new();
        story.t301("2024-01-02", &[|row| row.omvang = Some(hours(15, Frequentie::Totaal))]);
        // Too much for the whole allocation, so a fault.
        story.t323("2024-02-02", &[|row| (row.volume, row.bedrag) = (16, 96_000)]);
        if approve {
            story.t325("2024-02-05", &[]);
        }
        story.t323("2024-03-02", &[february]);
        let last = story.last_323;
        story.judge().into_iter().filter(|judgement| judgement.bericht == last).map(|one| one.text).collect::<Vec<_>>()
    };
    assert_eq!(tell(false), Vec::<String>::new());
    assert_eq!(tell(true), ["ingediend samen 26 uur, toegewezen in totaal 15 uur"]);
}

/// Whatever was wrong with a credit, once it is approved there is room again.
#[test]
fn an_approved_credit_counts_whatever_was_thought_of_it() {
    let tell = |approve: bool| {
        let mut story = Story::new();
        story.usual().t323("2024-02-02", &[debit]).t325("2024-02-05", &[]);
        // Its reference was used before, so a fault.
        story.t323(
            "2024-03-02",
            &[|row| {
                credit(row);
                row.referentie = Key::of("debet");
            }],
        );
        if approve {
            story.t325("2024-03-05", &[]);
        }
        story.t323("2024-04-02", &[|_| {}]);
        let last = story.last_323;
        story.judge().iter().filter(|one| one.bericht == last).map(|one| one.rule.code).collect::<Vec<_>>()
    };
    assert_eq!(tell(false), ["TR389"]);
    assert_eq!(tell(true), Vec::<&str>::new());
}

#[test]
fn a_declaratie_with_a_fault_as_a_whole_is_not_processed_until_it_is_approved() {
    let tell = |approve: bool| {
        let mut story = Story::new();
        story.usual().t323("2024-02-02", &[|_| {}]);
        story.last().dagtekening += 30;
        if approve {
            story.t325("2024-02-05", &[]);
        }
        story.t323("2024-03-02", &[|_| {}]);
        story.judge().iter().map(|one| one.rule.code).collect::<Vec<_>>()
    };
    assert_eq!(tell(false), ["TR135"]);
    assert_eq!(tell(true), ["TR135", "TR389"]);
}

#[test]
fn the_control_list_shows_what_bounded_a_line() {
    let mut story = Story::new();
    story.usual().t323("2024-02-02", &[|_| {}]).t323(
        "2024-03-02",
        &[february, |row| {
            february(row);
            (row.volume, row.code) = (11, w("02A02"));
        }],
    );
    story.context.contract = vec![tarief(Eenheid::Uur, 6_100)];
    let last = story.last_323;
    let lines = control_list(&mut story.dossier, &story.context, last);
    let shown: Vec<_> = lines
        .iter()
        .map(|line| {
            let mut codes: Vec<&str> = line.verschillen.iter().map(|one| one.rule.code).collect();
            codes.sort_unstable();
            let bounds = line.bounds;
            (line.regel, bounds.maximum, bounds.total, bounds.volume, bounds.tarief, codes)
        })
        .collect();
    assert_eq!(
        shown,
        [
            // The line of January has a wrong tariff: it takes no room.
            (1, Some(600), Some(7_200), 0, Some(6_100), vec!["TR418"]),
            (2, Some(600), Some(7_200), 0, None, vec!["K005", "TR321", "TR340", "TR346"]),
        ]
    );
}

/// A story told by numbers: kind of message, days since the last, and what differs.
fn tell(events: &[(u8, u8, u8)]) -> Story {
    let mut story = Story::new();
    story.context.contract = vec![tarief(Eenheid::Uur, 6_000)];
    let mut today = day("2024-01-02");
    let mut sent: Vec<Prestatie> = Vec::new();
    for (index, (kind, days, what)) in events.iter().enumerate() {
        today += i32::from(*days % 20);
        let text = super::date_of(today).to_string();
        let number = u32::from(*what % 3) + 1;
        match kind % 8 {
            0 | 1 => {
                story.t301(&text, &[|_| {}]);
                let row = story.dossier.toewijzingen.last_mut().expect("just sent");
                row.nummer = number;
                row.client = Key::of(&(what % 2));
                row.omvang = Some(hours(i64::from(what % 5) * 8, Frequentie::PerMaand));
                row.einddatum = (what % 4 > 0).then_some(today + 200);
                row.reden_wijziging = (what % 7 == 0).then(|| w("13"));
            }
            2 => {
                story.t305(&text, &[|_| {}]);
                let row = story.dossier.starts.last_mut().expect("just sent");
                (row.client, row.toewijzing, row.deletes) = (Key::of(&(what % 2)), Some(number), what % 5 == 0);
            }
            3 => {
                story.t307(&text, &[|_| {}]);
                let row = story.dossier.stops.last_mut().expect("just sent");
                (row.client, row.toewijzing, row.deletes) = (Key::of(&(what % 2)), Some(number), what % 5 == 0);
                row.reden = if what % 3 == 0 { w("20") } else { w("19") };
            }
            4 | 5 => {
                story.t323(&text, &[|_| {}, february, |_| {}]);
                let count = story.dossier.prestaties.len();
                for (line, row) in story.dossier.prestaties[count - 3..].iter_mut().enumerate() {
                    (row.client, row.toewijzing) = (Key::of(&(what % 2)), number);
                    row.referentie = Key::of(&(*what % 64, line));
                    row.volume = u32::from(what % 13) + 1;
                    row.bedrag = i32::from(what % 13 + 1) * 6_000;
                }
                if let Some(debit) = sent.get(usize::from(*what)).filter(|_| what % 2 == 0) {
                    let row = &mut story.dossier.prestaties[count - 1];
                    let referentie = Key::of(&("credit", index));
                    let (bericht, regel) = (row.bericht, row.regel);
                    *row = Prestatie {
                        bericht,
                        regel,
                        referentie,
                        vorige: Some(debit.referentie),
                        is_credit: true,
                        bedrag: -debit.bedrag,
                        ..debit.clone()
                    };
                }
                sent.extend(story.dossier.prestaties[count - 3..].iter().filter(|row| !row.is_credit).cloned());
            }
            6 if !story.dossier.declaraties.is_empty() => {
                story.t325(&text, if what % 3 == 0 { &[1, 3] } else { &[] });
                story.dossier.declaratie_antwoorden.last_mut().expect("just sent").geheel_afgekeurd = what % 5 == 0;
            }
            7 if !story.dossier.berichten.is_empty() => {
                let target = u32::from(*what) % u32::try_from(story.dossier.berichten.len()).expect("few");
                if matches!(story.dossier.berichten[target as usize].nummer, 301 | 305 | 307) {
                    story.retour(&text, target, what % 2 == 0);
                }
            }
            _ => {}
        }
    }
    story
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// What was judged when it came is judged the same when the archive is read again later, in any cut by days.
    #[test]
    fn judging_in_pieces_is_judging_in_one_go(events in prop::collection::vec((0_u8..8, 0_u8..20, any::<u8>()), 1..60), cuts in prop::collection::vec(0_usize..60, 0..4)) {
        let whole = tell(&events).judge();
        let mut pieces = Vec::new();
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|cut| *cut < events.len()).collect();
        cuts.push(events.len());
        cuts.sort_unstable();
        let mut known = i32::MIN;
        for cut in cuts {
            let mut story = tell(&events[..cut]);
            let last = story.dossier.berichten.last().map_or(known, |bericht| bericht.received);
            // A day that goes on in the next piece is judged there.
            let next = tell(&events).dossier.berichten.get(story.dossier.berichten.len()).map(|bericht| bericht.received);
            let until = if next == Some(last) { last - 1 } else { last };
            let received: HashMap<u32, Day> = (0..).zip(story.dossier.berichten.iter().map(|bericht| bericht.received)).collect();
            pieces.extend(judge(&mut story.dossier, &story.context, |bericht| received[&bericht] > known && received[&bericht] <= until));
            known = until.max(known);
        }
        prop_assert_eq!(pieces, whole);
    }

    /// Rows may come in any order.
    #[test]
    fn the_order_of_rows_does_not_matter(events in prop::collection::vec((0_u8..8, 0_u8..20, any::<u8>()), 1..60)) {
        let expected = tell(&events).judge();
        let mut turned = tell(&events);
        turned.dossier.toewijzingen.reverse();
        turned.dossier.prestaties.reverse();
        turned.dossier.starts.reverse();
        turned.dossier.afkeuringen.reverse();
        prop_assert_eq!(turned.judge(), expected);
    }

    /// What counts on a number is what its counted lines add up to, whatever was refused, credited and withdrawn.
    #[test]
    fn room_taken_is_the_sum_of_lines(events in prop::collection::vec((0_u8..8, 0_u8..20, any::<u8>()), 1..80)) {
        let mut story = tell(&events);
        story.dossier.sort();
        let (state, _) = super::replay::replay(&story.dossier, &story.context, Day::MAX, None, |_| false);
        let pairs: HashSet<(Key, u32)> = story.dossier.prestaties.iter().map(|line| (line.client, line.toewijzing)).collect();
        for (client, nummer) in &pairs {
            let number = state.number(*client, *nummer).expect("a slot");
            let lines = (0..).zip(&story.dossier.prestaties).zip(&state.lines);
            let of_number: Vec<_> = lines.filter(|((_, line), _)| line.toewijzing == *nummer && line.client == *client).collect();
            let counted = of_number.iter().filter(|(_, line)| line.counted);
            let approved = of_number.iter().filter(|(_, line)| line.approved && line.open).count();
            prop_assert_eq!(number.approved, approved);
            prop_assert_eq!(number.cents, counted.map(|((_, line), _)| i64::from(line.bedrag)).sum::<i64>());
            for ((index, line), of_line) in &of_number {
                prop_assert_eq!(of_line.open, state.chain(line).any(|(found, _)| found == *index));
                prop_assert!(!of_line.counted || of_line.open, "a line that takes room can be credited");
            }
        }
    }
}
