//! What people write, from and to spreadsheets and backups.

use std::path::{Path, PathBuf};

use crate::grip::{Place, path};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../voorbeelden").join(name).join("register")
}

fn said(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let output = place.run(arguments);
    let told = [output.stdout, output.stderr].map(|told| String::from_utf8(told).expect("UTF-8"));
    (output.status.code(), told.concat())
}

fn import(place: &Place, from: &Path) -> (Option<i32>, String) {
    said(
        place,
        &[
            "register",
            "import",
            &path(from),
            "--gemeente",
            "0935",
            "--by",
            "beleidsadviseur sociaal",
            "--why",
            "jaarplan",
        ],
    )
}

#[test]
fn a_folder_is_made_once_and_comes_back_from_a_spreadsheet_and_a_backup() {
    let place = Place::new();
    let (code, told) = import(&place, &sample("maastricht"));
    assert_eq!(code, Some(0), "{told}");
    let last = told.lines().last().expect("a line").to_owned();
    assert!(last.ends_with(" made, 0 changed, 0 the same, 0 refused"), "{told}");
    assert!(told.contains("doelen: 21 made"), "{told}");
    let made: usize = last.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");

    let again = format!("0 made, 0 changed, {made} the same, 0 refused\n");
    let (code, told) = import(&place, &sample("maastricht"));
    assert!(code == Some(0) && told.ends_with(&again), "{told}");

    let book = place.folder.path().join("register.xlsx");
    let (code, told) = said(&place, &["register", "export", "--gemeente", "0935", "--out", &path(&book)]);
    assert!(code == Some(0) && told.contains(&format!("wrote {made} objects")), "{told}");
    let (code, told) = import(&place, &book);
    assert!(code == Some(0) && told.ends_with(&again), "{told}");

    let backup = place.folder.path().join("register.backup");
    let (code, told) = said(&place, &["register", "backup", &path(&backup)]);
    assert_eq!((code, told.starts_with("wrote 1 edits")), (Some(0), true), "{told}");
    let (code, told) = said(&place, &["register", "restore", &path(&backup)]);
    assert!(code == Some(1) && told.contains("GR015"), "{told}");
    let other = Place::new();
    assert_eq!(said(&other, &["register", "restore", &path(&backup)]).0, Some(0));
    let (code, told) = import(&other, &sample("maastricht"));
    assert!(code == Some(0) && told.ends_with(&again), "{told}");
}

#[test]
fn wrong_rows_and_columns_are_named_and_the_rest_is_made() {
    let place = Place::new();
    let folder = place.folder.path().join("bladen");
    fs_err::create_dir_all(&folder).expect("a folder");
    fs_err::write(folder.join("doelen.csv"), "Doel;Niveau;Kleur\nGoed;tactisch;rood\nHoog;hoogst;\n;visie;\n")
        .expect("a file");
    fs_err::write(folder.join("iets.csv"), "a;b\n1;2\n").expect("a file");
    let (code, told) = import(&place, &folder);
    assert_eq!(code, Some(3), "{told}");
    for expected in [
        "doelen: 1 made, 2 refused",
        "column `Kleur` was not read",
        "line 3: column `Niveau`",
        "line 4: column `Doel` is empty",
        "1 made, 0 changed, 0 the same, 2 refused",
        "`iets` was not read",
    ] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    assert!(!told.contains("hoogst") && !told.contains("rood"), "what stands in a cell is not repeated");

    fs_err::remove_file(folder.join("doelen.csv")).expect("removed");
    let (code, told) = import(&place, &folder);
    assert!(code == Some(1) && told.contains("G009") && told.contains("hint: "), "{told}");
    let (code, told) = import(&place, Path::new("er-is-niets.xlsx"));
    assert!(code == Some(1) && told.contains("hint: "), "{told}");
}

#[test]
fn the_register_lives_where_the_environment_says() {
    let place = Place::new();
    let database = place.folder.path().join("elders.db");
    let mut command = place.command(&["register", "import", &path(&sample("voorbeeldstad")), "--gemeente", "9998"]);
    let output = command.env("GRIP_REGISTER", format!("sqlite:{}", database.display())).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(database.exists() && !place.data().join("register").exists());
}
