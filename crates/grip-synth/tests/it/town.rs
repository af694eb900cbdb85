//! The town of these tests, as its files tell it and nothing more.

use std::{collections::BTreeMap, path::Path, sync::OnceLock};

use grip_messages::{Inhoud, Value, bericht::ToegewezenProduct, datatype::Datum};
use grip_synth::{Municipality, Scenario, Settings, simulate, write};
use grip_types::{Date, Wet, parse_date};

pub(crate) fn settings() -> Settings {
    Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants: 2_500,
        from: parse_date("2022-01-01").expect("a date"),
        to: parse_date("2024-12-31").expect("a date"),
        seed: 7,
        scenario: Scenario::Default,
    }
}

pub(crate) fn municipality() -> &'static Municipality {
    static MUNICIPALITY: OnceLock<Municipality> = OnceLock::new();
    MUNICIPALITY.get_or_init(|| simulate(&settings()).expect("a small town"))
}

/// All files of a folder by their path within it.
pub(crate) fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).expect("inside").to_string_lossy().into_owned();
                files.insert(name, fs_err::read(&path).expect("a file"));
            }
        }
    }
    files
}

pub(crate) fn written() -> &'static BTreeMap<String, Vec<u8>> {
    static FILES: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        write(municipality(), dir.path(), |_| {}).expect("written");
        files(dir.path())
    })
}

/// Rows of one of the tables, without its header.
pub(crate) fn table(name: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(written()[name].as_slice());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// A message with the day of its folder.
pub(crate) struct Bericht<'a> {
    pub(crate) day: Date,
    pub(crate) name: &'a str,
    pub(crate) wet: Wet,
    pub(crate) inhoud: Inhoud<'a>,
}

pub(crate) fn berichten() -> Vec<Bericht<'static>> {
    let messages = written().iter().filter(|(name, _)| name.starts_with("berichten/"));
    messages
        .map(|(name, bytes)| {
            let reading = grip_messages::read(bytes);
            assert_eq!(reading.findings, vec![], "{name}");
            let bericht = reading.bericht.expect("a message");
            let day = name.split('/').nth(1).and_then(parse_date).expect("a folder named after a day");
            Bericht { day, name, wet: bericht.soort.wet, inhoud: bericht.inhoud }
        })
        .collect()
}

pub(crate) fn day(value: &Value<'_, Datum>) -> Date {
    value.get().expect("a date")
}

pub(crate) fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

/// A version of a Toewijzing as a 301 gives it.
pub(crate) struct Version {
    pub(crate) received: Date,
    pub(crate) bsn: String,
    pub(crate) aanbieder: String,
    pub(crate) product: ToegewezenProduct<'static>,
}

impl Version {
    pub(crate) fn stamp(&self) -> (Date, &str) {
        (day(&self.product.toewijzingsdatum), self.product.toewijzingstijd.text())
    }

    pub(crate) fn ingangsdatum(&self) -> Date {
        day(&self.product.ingangsdatum)
    }

    pub(crate) fn einddatum(&self) -> Date {
        self.product.einddatum.as_ref().map_or(Date::MAX, day)
    }

    pub(crate) fn reden(&self) -> Option<&str> {
        self.product.reden_wijziging.as_ref().map(Value::text)
    }

    pub(crate) fn omvang(&self) -> Option<(i64, &str, &str)> {
        let omvang = self.product.omvang.as_ref()?;
        Some((number(omvang.volume.text()), omvang.eenheid.text(), omvang.frequentie.text()))
    }

    pub(crate) fn product(&self) -> (Option<&str>, Option<&str>) {
        let product = self.product.product.as_ref();
        (product.map(|p| p.categorie.text()), product.and_then(|p| p.code.as_ref()).map(Value::text))
    }
}

/// Every Toewijzing with its versions in the order in which they were sent.
pub(crate) fn toewijzingen() -> BTreeMap<(Wet, u32), Vec<Version>> {
    let mut toewijzingen: BTreeMap<(Wet, u32), Vec<Version>> = BTreeMap::new();
    for bericht in berichten() {
        let Inhoud::Toewijzing(inhoud) = bericht.inhoud else { continue };
        for product in inhoud.client.toegewezen_producten {
            let nummer = product.toewijzing_nummer.text().parse().expect("a number");
            toewijzingen.entry((bericht.wet, nummer)).or_default().push(Version {
                received: bericht.day,
                bsn: inhoud.client.bsn.text().to_owned(),
                aanbieder: inhoud.header.ontvanger.text().to_owned(),
                product,
            });
        }
    }
    toewijzingen
}
