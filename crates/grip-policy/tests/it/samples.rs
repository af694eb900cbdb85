//! The sheets in `voorbeelden`: everything in them is taken, and leads somewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use grip_policy::{
    Decision, Dossier, Funding, FundingSum, Input, decided_money,
    sheet::{FileRow, RowAction, Sheet, kind_called, plan, write},
};
use grip_types::{Bedrag, Date};

use crate::kinds::{by, gemeente, register};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(sample: &str) -> Vec<(String, Sheet)> {
    let folder = root().join("voorbeelden").join(sample).join("register");
    let mut found = Vec::new();
    for entry in fs_err::read_dir(folder).expect("the sample") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let kind = kind_called(&name).unwrap_or_else(|| panic!("{name} is called after no kind"));
        for sheet in grip_import::sheets(fs_err::File::open(&path).expect("a file")).expect("a table") {
            let rows = sheet.rows.into_iter();
            let rows = rows.map(|row| FileRow { line: row.line, cells: row.cells, numbers: row.numbers });
            found.push((name.clone(), Sheet::of_file(kind, rows)));
        }
    }
    found
}

/// Writes a sample in a new register, and answers how many there are of each kind.
async fn take_in(sample: &str) -> (Dossier, BTreeMap<&'static str, usize>) {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let (names, sheets): (Vec<_>, Vec<_>) = read(sample).into_iter().unzip();
    let empty = Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier");
    let made = plan(&empty, &sheets);
    for row in &made.rows {
        assert_eq!(row.action, RowAction::Create, "{} line {} {}", names[row.sheet], row.line, row.name());
    }
    assert_eq!(made.unknown, [], "{names:?}");
    let mut edit = register.edit(by(0)).await.expect("an edit");
    write(&mut edit, &made).await.expect("it is written");
    edit.commit().await.expect("it is committed");
    let dossier = Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier");
    assert!(plan(&dossier, &sheets).rows.iter().all(|row| matches!(row.action, RowAction::Same(_))), "{sample} again");
    let mut counts = BTreeMap::new();
    dossier.entries().for_each(|entry| *counts.entry(entry.kind.name).or_default() += 1);
    (dossier, counts)
}

fn indicators() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs_err::read_dir(root().join("indicatoren")).expect("the catalogue") {
        let text = fs_err::read_to_string(entry.expect("a file").path()).expect("a file");
        let ids = text.lines().filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        found.extend(ids.map(str::to_owned));
    }
    found
}

/// Every indicator is in the catalogue, and everything says where it comes from.
fn check(dossier: &Dossier) {
    let known = indicators();
    for entry in dossier.entries() {
        for field in entry.kind.fields.iter().filter(|field| field.input == Input::Indicator) {
            let indicator = entry.text(field.name);
            assert!(indicator.is_empty() || known.contains(indicator), "{}: {indicator}", entry.name());
        }
        assert!(!entry.text("source").is_empty(), "{} {} has no source", entry.kind.name, entry.name());
    }
}

fn euros(euros: i64) -> Bedrag {
    Bedrag::from_cents(euros * 100)
}

/// A part with an indicator is called after what rises when the indicator rises: else its links are tested the wrong way round.
fn the_theory_can_be_held_against_figures(dossier: &Dossier) {
    for part in dossier.of_kind("theory_part").filter(|part| !part.text("indicator").is_empty()) {
        let name = part.name().to_lowercase();
        let is_turned = ["minder", "lager", "daalt", "daling"].iter().any(|word| name.contains(word));
        assert!(!is_turned, "{name}");
    }
}

#[tokio::test]
async fn maastricht_is_whole() {
    let (dossier, counts) = take_in("maastricht").await;
    check(&dossier);
    assert_eq!(dossier.of_kind("measure").filter(|entry| entry.text("sort") == "initiatief").count(), 16);
    let pilots: Vec<_> =
        dossier.of_kind("measure").filter(|entry| !entry.text("evaluated_saving").is_empty()).collect();
    let savings: Vec<_> = pilots.iter().map(|entry| entry.text("evaluated_saving")).collect();
    assert_eq!(savings, ["436.074,00", "359.164,00"]);
    let programme = dossier.of_kind("programme").next().expect("a programme").version.id;
    let funding = dossier.list::<Funding>().expect("amounts");
    let sums = FundingSum::of(programme, funding.iter().map(|amount| &amount.content));
    assert_eq!(sums.checks.iter().map(|check| check.holds()).collect::<Vec<_>>(), [Some(true); 2]);
    let decided = decided_money(&dossier.list::<Decision>().expect("decisions"), Date::MAX).decided;
    assert_eq!((decided, sums.granted), (euros(980_000), Some(euros(980_000))), "decisions and grants agree");
    the_theory_can_be_held_against_figures(&dossier);
    let chapters = dossier.of_kind("plan_item").filter(|entry| entry.text("level") == "hoofdstuk");
    assert_eq!(chapters.map(|entry| entry.text("number")).collect::<Vec<_>>(), ["3", "4", "5", "6", "7", "8", "9"]);
    for kind in ["theme", "theory_part", "theory_link", "cycle_step", "moment", "risk", "programme_role", "decision"] {
        assert!(counts.get(kind).is_some_and(|count| *count > 3), "{kind} in {counts:?}");
    }
    let dilemmas: BTreeSet<_> = dossier.of_kind("position").map(|entry| entry.text("dilemma")).collect();
    assert_eq!(dilemmas.len(), 3, "the sources give no position on the fourth");
    // Nothing in the sources says how large the reserve is, or what providers answered.
    assert!(!counts.contains_key("reserve") && !counts.contains_key("provider_answers"));
}

#[tokio::test]
async fn voorbeeldstad_is_whole() {
    let (dossier, counts) = take_in("voorbeeldstad").await;
    check(&dossier);
    assert!(counts["measure"] >= 4 && counts["goal"] >= 4 && counts["decision"] >= 4, "{counts:?}");
}
