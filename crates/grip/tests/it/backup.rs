//! A backup made while others read and write, brought back elsewhere: every figure the same to the cent.

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    grip::{Place, path, sample},
    postgres::Postgres,
    server::Server,
};

/// What the sample municipality wants and does.
pub(crate) const REGISTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../voorbeelden/voorbeeldstad/register");

/// A day of which everything is known before the intake that is under way begins.
const KNOWN_BEFORE: &str = "2024-12-31";

impl Place {
    fn filled(messages: &Path) -> Self {
        let place = Self::new();
        place.succeed(&["ingest", &path(messages), "--received-on", "from-folder"]);
        place.import_sample();
        place.succeed(&["register", "import", REGISTER, "--gemeente", "9998"]);
        place
    }

    fn file(&self, name: &str) -> String {
        path(&self.folder.path().join(name))
    }

    fn restore(&self, file: &str) -> Output {
        self.run(&["restore", file])
    }

    /// The edits of the register, one line each.
    fn edits(&self, name: &str) -> Vec<String> {
        let file = self.file(name);
        self.succeed(&["register", "backup", &file]);
        let text = fs_err::read_to_string(file).expect("a backup");
        text.lines().filter(|line| line.starts_with("{\"edit\":")).map(ToOwned::to_owned).collect()
    }

    fn figures(&self, peildatum: &str) -> Vec<String> {
        let year = &peildatum[..4];
        let forecast = ["forecast", "--jaar", year, "--peildatum", peildatum, "--format", "json"];
        let ledger = ["ledger", "--peildatum", peildatum, "--format", "csv"];
        let mut ledger: Vec<String> = self.succeed(&ledger).lines().map(ToOwned::to_owned).collect();
        ledger.sort_unstable();
        ledger.push(self.succeed(&forecast));
        ledger
    }
}

fn failed(output: &Output, code: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains(code) && said.contains("hint: "), "{code}: {said}");
}

/// The messages of the sample that were received up to a day.
fn received_until(last: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let messages = folder.path().join("berichten");
    for day in fs_err::read_dir(sample().join("berichten")).expect("a folder") {
        let day = day.expect("an entry");
        if day.file_name().to_string_lossy().as_ref() <= last {
            let to = messages.join(day.file_name());
            fs_err::create_dir_all(&to).expect("a folder");
            for file in fs_err::read_dir(day.path()).expect("a folder") {
                let file = file.expect("an entry");
                fs_err::copy(file.path(), to.join(file.file_name())).expect("copied");
            }
        }
    }
    (folder, messages)
}

#[test]
fn what_was_kept_under_load_is_the_same_elsewhere() {
    let (_folder, before) = received_until(KNOWN_BEFORE);
    let place = Place::filled(&before);
    let server = Server::start(&place, &[]);
    let is_done = AtomicBool::new(false);
    let file = place.file("grip.tar");
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let (server, is_done) = (&server, &is_done);
            scope.spawn(move || {
                for number in 0.. {
                    if is_done.load(Ordering::Relaxed) {
                        break;
                    }
                    let fields = format!("name=Doel+{writer}-{number}&naam=proef");
                    let answer = server.post("/register/goal/nieuw", &fields).expect("an answer");
                    assert_eq!(answer.status, 303, "{}", answer.body);
                    assert_eq!(server.get("/prognose").status, 200);
                }
            });
        }
        let all = path(&sample().join("berichten"));
        let mut intake = place.command(&["ingest", &all, "--received-on", "from-folder"]);
        let mut intake = intake.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        place.succeed(&["backup", "--out", &file]);
        assert!(intake.wait().expect("a child").success());
        is_done.store(true, Ordering::Relaxed);
    });
    drop(server);

    let other = Place::new();
    assert!(other.restore(&file).status.success());
    assert_eq!(other.figures(KNOWN_BEFORE), place.figures(KNOWN_BEFORE));
    let (kept, now) = (other.edits("kept"), place.edits("now"));
    assert!(!kept.is_empty() && kept.len() <= now.len());
    assert_eq!(kept, now[..kept.len()]);
    // What came in after the backup is offered anew, and then all is the same.
    for place in [&place, &other] {
        place.ingest_sample();
    }
    assert_eq!(other.dump(), place.dump());
    assert_eq!(other.figures("2025-06-30"), place.figures("2025-06-30"));
}

#[test]
fn a_backup_is_whole_or_refused_and_never_holds_the_key() {
    let place = Place::filled(&sample().join("berichten"));
    let (file, keys) = (place.file("grip.tar"), place.file("elders"));
    // What a municipality puts in its data folder itself.
    fs_err::write(place.data().join("bewaartermijnen.toml"), "declaratie = 10\n").expect("written");
    place.succeed(&["backup", "--out", &file, "--keys-out", &keys]);
    let key = fs_err::read_to_string(sample().with_file_name("key")).expect("a key");
    let kept = Path::new(&keys).join("pseudonym.key");
    assert_eq!(fs_err::read_to_string(&kept).expect("a key").trim(), key.trim());
    let bytes = fs_err::read(&file).expect("a backup");
    assert!(!bytes.windows(key.trim().len()).any(|window| window == key.trim().as_bytes()));
    #[cfg(unix)]
    for file in [Path::new(&file), &kept] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs_err::metadata(file).expect("a file").permissions().mode() & 0o777, 0o600);
    }
    place.succeed(&["backup", "--check", &file]);
    // What is there is not written over, and keys do not come to lie beside the data.
    failed(&place.run(&["backup", "--out", &file]), "G002");
    let again = place.file("weer.tar");
    for beside in [path(place.folder.path()), path(&place.data().join("sleutels"))] {
        failed(&place.run(&["backup", "--out", &again, "--keys-out", &beside]), "GU005");
    }
    assert!(!Path::new(&again).exists());

    let other = Place::new();
    // What an earlier attempt left behind when it was killed.
    fs_err::create_dir_all(other.data().join(".terugzetten/data/tables/half")).expect("a folder");
    assert!(other.restore(&file).status.success());
    assert_eq!(other.dump(), place.dump());
    assert_eq!(other.figures("2025-06-30"), place.figures("2025-06-30"));
    assert_eq!(other.edits("kept"), place.edits("now"));
    let terms = fs_err::read_to_string(other.data().join("bewaartermijnen.toml")).expect("terms");
    assert_eq!(terms, "declaratie = 10\n");
    let left: Vec<_> = fs_err::read_dir(other.data()).expect("a folder").filter_map(Result::ok).collect();
    assert!(left.iter().all(|entry| entry.file_name() != ".terugzetten"), "{left:?}");
    failed(&other.restore(&file), "GU004");
    // What was brought back goes on as what was kept does.
    assert_eq!(other.run(&["doctor"]).status.code(), Some(3));
    other.ingest_sample();
    assert_eq!(other.dump(), place.dump());

    // Cut off anywhere, or changed in a table.
    let damaged = place.file("kapot.tar");
    let rows = bytes.windows(4).rposition(|window| window == b"PAR1").expect("a file of rows");
    let mut wrong: Vec<Vec<u8>> = (0..12).map(|part| bytes[..bytes.len() / 12 * part].to_vec()).collect();
    let mut changed = bytes.clone();
    changed[rows - 100] ^= 1;
    wrong.push(changed);
    let mut more = bytes.clone();
    more.truncate(bytes.len() - 1024);
    more.extend_from_slice(&bytes[..2048]);
    wrong.push(more);
    for wrong in wrong {
        fs_err::write(&damaged, &wrong).expect("written");
        failed(&place.run(&["backup", "--check", &damaged]), "GU002");
        let other = Place::new();
        failed(&other.restore(&damaged), "GU002");
        assert!(!other.data().exists(), "{} bytes", wrong.len());
    }
}

/// Run by the test of PostgreSQL, which there is one of.
pub(crate) fn register_moves_to_postgresql(postgres: &Postgres) {
    let place = Place::filled(&sample().join("berichten"));
    let file = place.file("grip.tar");
    place.succeed(&["backup", "--out", &file]);
    let address = postgres.make_database();
    let other = Place::new();
    let with_database = |arguments: &[&str]| {
        let output = other.command(arguments).env("GRIP_REGISTER", &address).output().expect("the binary runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (is_restored, said) = with_database(&["restore", &file]);
    assert!(is_restored && !other.data().join("register").exists(), "{said}");
    let kept = other.file("kept");
    assert!(with_database(&["register", "backup", &kept]).0);
    let text = fs_err::read_to_string(&kept).expect("a backup");
    let edits: Vec<&str> = text.lines().filter(|line| line.starts_with("{\"edit\":")).collect();
    assert_eq!(edits, place.edits("now"));
    // The database is not empty any more: nothing is brought back, the tables neither.
    fs_err::remove_dir_all(other.data()).expect("removed");
    let (is_restored, said) = with_database(&["restore", &file]);
    assert!(!is_restored && said.contains("GR015") && !other.data().exists(), "{said}");
}
