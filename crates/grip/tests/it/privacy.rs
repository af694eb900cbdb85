//! No number, name or address of any citizen of the sample is anywhere in the data folder, compressed or not.

use std::{collections::BTreeSet, path::Path};

use grip_messages::{Inhoud, read};

use crate::grip::{Place, sample_files};

/// What must not be found: numbers, names, streets, telephone numbers and birth dates.
fn personal_texts() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in sample_files() {
        let bytes = fs_err::read(file).expect("a message");
        let Some(bericht) = read(&bytes).bericht else { panic!("the sample is valid") };
        if let Inhoud::Toewijzing(bericht) = &bericht.inhoud {
            let client = &bericht.client;
            found.insert(client.bsn.text().to_owned());
            found.insert(client.geboortedatum.datum.text().to_owned());
            found.insert(client.naam.geslachtsnaam.achternaam.text().to_owned());
            found.extend(client.naam.voornamen.iter().map(|name| name.text().to_owned()));
            for contact in &client.contactgegevens {
                let address = contact.adres.as_ref();
                found.extend(
                    address.and_then(|address| address.straatnaam.as_ref()).map(|street| street.text().to_owned()),
                );
                found.extend(
                    address.and_then(|address| address.postcode.as_ref()).map(|postcode| postcode.text().to_owned()),
                );
                found.extend(contact.telefoon.iter().map(|phone| phone.telefoon01.telefoonnummer.text().to_owned()));
            }
        }
    }
    // Short names are parts of ordinary words and of random hexadecimal digits.
    found.retain(|text| text.len() >= 6);
    found
}

pub(crate) fn all_files(folder: &Path, found: &mut Vec<Vec<u8>>) {
    for entry in fs_err::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { all_files(&path, found) } else { found.push(fs_err::read(path).expect("a file")) }
    }
}

#[test]
fn nothing_personal_is_at_rest() {
    let place = Place::new();
    place.ingest_sample().import_sample();
    let texts = personal_texts();
    assert!(texts.len() > 200, "{}", texts.len());
    let mut haystacks = Vec::new();
    all_files(&place.data(), &mut haystacks);
    // Columns are compressed in the files: look at what they hold as well.
    haystacks.push(place.dump().into_bytes());
    for table in ["begroting", "contract"] {
        haystacks.push(place.succeed(&["sql", &format!("SELECT * FROM {table}"), "--format", "csv"]).into_bytes());
    }
    let dates: BTreeSet<&String> = texts.iter().filter(|text| text.len() == 10 && text.as_bytes()[4] == b'-').collect();
    for haystack in haystacks {
        let haystack = String::from_utf8_lossy(&haystack);
        // Days of birth are also ordinary days: they are looked for where a client's own facts are kept.
        for text in texts.iter().filter(|text| !dates.contains(text)) {
            assert!(!haystack.contains(text.as_str()), "{text} is in the data folder");
        }
    }
    let kept = place.succeed(&["sql", "SELECT * FROM clientkenmerk", "--format", "csv"]);
    let births: Vec<_> = dates.iter().filter(|date| !date.starts_with("20")).collect();
    assert!(births.len() > 50);
    assert!(births.iter().all(|date| !kept.contains(date.as_str())));
}

#[test]
fn data_of_another_key_is_not_mixed() {
    let place = Place::new();
    place.ingest_sample();
    let other = place.folder.path().join("other-key");
    let file = sample_files()[0].clone();
    let output = place
        .command(&["ingest", file.to_str().expect("a plain name"), "--received-on", "2025-01-01"])
        .env("GRIP_KEY", other)
        .output()
        .expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("GP004"));
}
