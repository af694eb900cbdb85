use std::collections::BTreeSet;

use grip_messages::Inhoud;
use grip_synth::{Settings, SynthError, simulate, write};
use grip_types::{Bsn, parse_date};

use crate::town::{berichten, files, municipality, settings, table, written};

#[test]
fn equal_settings_give_equal_files_and_another_seed_gives_others() {
    let again = tempfile::tempdir().expect("a temporary folder");
    let mut reports = Vec::new();
    let town = simulate(&settings()).expect("a town");
    let summary = write(&town, again.path(), |progress| reports.push(progress)).expect("written");
    assert!(&files(again.path()) == written(), "the second town differs from the first");
    assert_eq!(reports.len(), summary.berichten.values().sum::<usize>());
    assert!(reports.last().is_some_and(|last| last.done == last.total));

    let other = simulate(&Settings { seed: 8, ..settings() }).expect("a town");
    assert_ne!(other.truth, town.truth);
}

#[test]
fn messages_stand_in_the_folder_of_their_day() {
    let to = settings().to;
    for bericht in berichten() {
        let header = match &bericht.inhoud {
            Inhoud::Toewijzing(inhoud) => {
                (&inhoud.header.bericht_identificatie, &inhoud.header.afzender.text().to_owned(), 301)
            }
            Inhoud::Start(inhoud) => {
                (&inhoud.header.bericht_identificatie, &inhoud.header.afzender.text().to_owned(), 305)
            }
            Inhoud::Stop(inhoud) => {
                (&inhoud.header.bericht_identificatie, &inhoud.header.afzender.text().to_owned(), 307)
            }
            Inhoud::Declaratie(inhoud) => {
                (&inhoud.header.bericht_identificatie, &inhoud.header.afzender.text().to_owned(), 323)
            }
            Inhoud::DeclaratieAntwoord(inhoud) => {
                (&inhoud.header.bericht_identificatie, &inhoud.header.afzender.text().to_owned(), 325)
            }
            other => panic!("the town sends no {}", other.nummer()),
        };
        let (identificatie, afzender, nummer) = header;
        assert!(identificatie.dagtekening.get().is_some_and(|day| day <= bericht.day), "{}", bericht.name);
        assert!(bericht.day <= to, "{}", bericht.name);
        let soort = format!("{}{nummer}", bericht.wet.as_str().to_uppercase());
        let expected =
            format!("berichten/{}/{soort}_{afzender}_{}.xml", bericht.day, identificatie.identificatie.text());
        assert_eq!(bericht.name, expected);
    }
}

#[test]
fn messages_are_unique_per_kind_and_sender() {
    let mut seen = BTreeSet::new();
    for bericht in berichten() {
        // The name of the file without its day: kind, sender and Identificatie (rule TR056).
        let file = bericht.name.rsplit('/').next().expect("a name");
        assert!(seen.insert(file), "{file} twice");
    }
    assert!(seen.len() > 1_000, "{}", seen.len());
}

#[test]
fn citizens_have_test_numbers_and_nothing_else_looks_like_one() {
    let clients = table("client.csv");
    let numbers: BTreeSet<String> = clients.iter().map(|row| row[0].clone()).collect();
    assert_eq!(numbers.len(), municipality().clients.len());
    for bsn in &numbers {
        assert!(bsn.starts_with("9999") && bsn.parse::<Bsn>().is_ok());
    }
    for (name, bytes) in written() {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        for run in text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 9) {
            assert!(run.parse::<Bsn>().is_err() || numbers.contains(run), "{name} has a number that is nobody's");
        }
    }
}

#[test]
fn tables_have_their_headers_and_add_up_to_the_truth() {
    for (name, header) in [
        ("begroting.csv", "jaar;wet;productcategorie;versie;bedrag;vastgesteld"),
        ("contract.csv", "aanbieder;naam;wet;productcategorie;productcode;eenheid;tarief;begindatum;einddatum"),
        ("client.csv", "bsn;geboortedatum;wijk;huishouden"),
        ("waarheid.csv", "wet;productcategorie;maand;geleverd_cents;toegekend_cents_uiteindelijk"),
    ] {
        let text = std::str::from_utf8(&written()[name]).expect("UTF-8");
        assert_eq!(text.lines().next(), Some(header), "{name}");
        assert!(text.lines().count() > 10, "{name}");
    }
    let sum =
        |column: usize| table("waarheid.csv").iter().map(|row| row[column].parse::<i64>().expect("cents")).sum::<i64>();
    let delivered: i64 = municipality().deliveries.iter().map(|delivery| delivery.cents).sum();
    let granted: i64 = municipality().declaraties.iter().map(|declaratie| declaratie.granted_cents()).sum();
    assert_eq!((sum(3), sum(4)), (delivered, granted));
    // Nearly all that is delivered is granted in the end; a little is never declared or stays wrong.
    assert!(granted < delivered && granted * 100 > delivered * 97, "{granted} of {delivered}");
}

#[test]
fn what_cannot_be_simulated_is_an_error() {
    let date = |text| parse_date(text).expect("a date");
    let middle = Settings { to: date("2024-12-30"), ..settings() };
    assert!(matches!(simulate(&middle), Err(SynthError::Period { .. })));
    let early = Settings { from: date("2020-01-01"), ..settings() };
    assert!(matches!(simulate(&early), Err(SynthError::Period { .. })));
    let nobody = Settings { inhabitants: 3, ..settings() };
    assert!(matches!(simulate(&nobody), Err(SynthError::TooFewInhabitants { inhabitants: 3 })));
}

#[test]
fn the_error_names_how_many_inhabitants_fit() {
    let month = Settings { to: parse_date("2022-01-31").expect("a date"), ..settings() };
    let Err(SynthError::TooManyInhabitants { inhabitants_max, .. }) =
        simulate(&Settings { inhabitants: 3_000_000, ..month.clone() })
    else {
        panic!("three million inhabitants have more clients than there are test numbers")
    };
    let fits = simulate(&Settings { inhabitants: inhabitants_max, ..month }).expect("what the error says fits");
    assert!(fits.clients.len() > 80_000, "{}", fits.clients.len());
}
