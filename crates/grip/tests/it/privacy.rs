//! No number, name or address of any citizen of the sample is anywhere: in the data folder, the register, the record of
//! processing, an export or a backup, compressed or not.

use std::{
    collections::{BTreeSet, HashSet},
    io::Read,
    path::Path,
};

use grip_messages::{Inhoud, read};

use crate::grip::{Place, path, sample_files};

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

/// What must not be found, looked for in every form in which it could be kept.
struct Sought {
    words: BTreeSet<String>,
    numbers: HashSet<Vec<u8>>,
}

impl Sought {
    fn of_sample() -> Self {
        let texts = personal_texts();
        assert!(texts.len() > 200, "{}", texts.len());
        let is_number = |text: &String| text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        let numbers = texts.iter().filter(|text| is_number(text)).map(|text| text.clone().into_bytes()).collect();
        // Days of birth are also ordinary days: they are looked for where a client's own facts are kept.
        let words = texts.into_iter().filter(|text| !is_number(text) && !is_day(text)).collect();
        Self { words, numbers }
    }

    /// Looks at the bytes, and at the letters of UTF-16 without what lies between them.
    #[track_caller]
    fn check(&self, name: &str, bytes: &[u8]) {
        self.check_plain(name, bytes);
        if bytes.contains(&0) {
            let letters: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            self.check_plain(&format!("{name}, as UTF-16"), &letters);
        }
    }

    #[track_caller]
    fn check_plain(&self, name: &str, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        for word in &self.words {
            assert!(!text.contains(word.as_str()), "{word} is in {name}");
        }
        if let Some(number) = self.number_in(bytes) {
            panic!("{number} is in {name}");
        }
    }

    /// A number of nine digits with or without separators, alone or in other text, but not among hexadecimal digits.
    fn number_in(&self, bytes: &[u8]) -> Option<String> {
        let is_hex = |at: Option<&u8>| at.is_some_and(u8::is_ascii_hexdigit);
        for start in 0..bytes.len() {
            if !bytes[start].is_ascii_digit() || start > 0 && is_hex(bytes.get(start - 1)) {
                continue;
            }
            let (mut digits, mut at) = (Vec::new(), start);
            while digits.len() < 9 && at < bytes.len() {
                match bytes[at] {
                    digit if digit.is_ascii_digit() => digits.push(digit),
                    b'.' | b'-' | b' ' if !digits.is_empty() && at - start < 13 => {}
                    _ => break,
                }
                at += 1;
            }
            if digits.len() == 9 && !is_hex(bytes.get(at)) && self.numbers.contains(&digits) {
                return String::from_utf8(digits).ok();
            }
        }
        None
    }

    /// A file as it is and, where it is compressed, what is inside.
    #[track_caller]
    fn check_file(&self, file: &Path) {
        let name = file.display().to_string();
        let bytes = fs_err::read(file).expect("a file");
        self.check(&name, &bytes);
        if file.extension().is_some_and(|ending| ending == "parquet") {
            let mut texts = String::new();
            grip_lake::each_text(file, |text| texts.extend([text, "\n"])).expect("a Parquet file");
            self.check(&name, texts.as_bytes());
        }
        if bytes.starts_with(b"PK") {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("an archive");
            for index in 0..archive.len() {
                let mut inside = Vec::new();
                archive.by_index(index).expect("an entry").read_to_end(&mut inside).expect("read");
                self.check(&format!("{name}, entry {index}"), &inside);
            }
        }
    }

    #[track_caller]
    fn check_folder(&self, folder: &Path) -> usize {
        let mut checked = 0;
        for entry in fs_err::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                checked += self.check_folder(&path);
            } else {
                self.check_file(&path);
                checked += 1;
            }
        }
        checked
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.as_bytes()[4] == b'-'
}

/// The search itself finds what it should, in every form.
#[test]
fn what_is_sought_would_be_found() {
    let sought = Sought { words: BTreeSet::new(), numbers: HashSet::from([b"999900006".to_vec()]) };
    for text in ["999900006", "bsn=999900006;", "9999.00.006", "999 900 006", "9999-00-006", "x 999900006x"] {
        assert!(sought.number_in(text.as_bytes()).is_some(), "{text}");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).filter(|byte| *byte != 0).collect();
        assert!(sought.number_in(&utf16).is_some(), "{text}");
    }
    for text in ["99990000", "9999000060", "a999900006", "999900007"] {
        assert!(sought.number_in(text.as_bytes()).is_none(), "{text}");
    }
}

/// After everything that leaves something behind: intake, imports, the register, lines that were looked at, access, a rotated
/// key, a purge, exports and a backup.
#[test]
fn nothing_personal_is_at_rest() {
    let place = Place::new();
    let out = place.folder.path().join("uit");
    fs_err::create_dir_all(&out).expect("a folder");
    let keep = |name: &str, text: &str| fs_err::write(out.join(name), text).expect("written");
    place.ingest_sample().import_sample();
    let register = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../voorbeelden/voorbeeldstad/register");
    place.succeed(&["register", "import", &path(&register), "--gemeente", "9998"]);
    keep(
        "lijnen.json",
        &place.succeed(&["indicator", "gedeclareerd", "--periode", "2024-03", "--lines", "--format", "json"]),
    );
    for (shape, name) in [("json", "inzage.json"), ("csv", "inzage.csv"), ("table", "inzage.txt")] {
        keep(name, &crate::person::ask(&place, "999900006", shape));
    }
    let key = path(&place.folder.path().join("nieuw.key"));
    keep("wissel.json", &place.succeed(&["key", "rotate", "--new", &key, "--json"]));
    keep("vernietigd.txt", &place.succeed(&["purge", "--yes", "--before", "2023-01-01", "--key", &key]));
    for (arguments, name) in [
        (&["forecast", "--format", "csv"][..], "prognose.csv"),
        (&["forecast", "--format", "json"], "prognose.json"),
        (&["ledger", "--format", "csv"], "verplichtingen.csv"),
        (&["check", "--json"], "gegevens.json"),
        (&["signals", "--format", "json"], "signalen.json"),
    ] {
        keep(name, &place.succeed(arguments));
    }
    place.succeed(&["register", "export", "--gemeente", "9998", "--out", &path(&out.join("register.xlsx"))]);
    place.succeed(&["register", "backup", &path(&out.join("register.backup"))]);

    let sought = Sought::of_sample();
    assert!(place.data().join("logboek").is_dir() && place.data().join("register").is_dir());
    assert!(place.data().join("vernietigd").is_dir());
    assert!(sought.check_folder(&place.data()) > 30);
    assert!(sought.check_folder(&out) > 10);

    let kept = place.succeed(&["sql", "SELECT * FROM clientkenmerk", "--format", "csv"]);
    let texts = personal_texts();
    let births: Vec<_> = texts.iter().filter(|text| is_day(text) && !text.starts_with("20")).collect();
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
