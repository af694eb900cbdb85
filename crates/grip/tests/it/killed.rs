//! A process killed at any moment and started again ends in the same tables as one that was not.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::grip::{Place, path, sample};

fn files_in(folder: &Path) -> usize {
    fs_err::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn killed_at_any_moment() {
    let whole = Place::new();
    whole.ingest_sample();
    let expected = whole.dump();
    let staged = |data: &Path| files_in(&data.join("intake/staging"));
    let committed =
        |data: &Path, table: &str| data.join(format!("tables/{table}/_delta_log/00000000000000000001.json")).exists();
    type Moment<'m> = (&'m str, &'m dyn Fn(&Path) -> bool);
    let moments: [Moment<'_>; 11] = [
        ("at once", &|_| true),
        ("locked", &|data| data.join("intake/intake.lock").exists()),
        ("first table made", &|data| data.join("tables/bericht/_delta_log").exists()),
        ("last table made", &|data| data.join("tables/contract/_delta_log/00000000000000000000.json").exists()),
        ("staging begun", &|data| staged(data) >= 1),
        ("staging half done", &|data| staged(data) >= 5),
        ("staging nearly done", &|data| staged(data) >= 9),
        ("journal written", &|data| data.join("intake/journal.json").exists()),
        ("first table committed", &|data| committed(data, "bericht")),
        ("some tables committed", &|data| committed(data, "stop")),
        ("last table committed", &|data| committed(data, "clientkenmerk")),
    ];
    for (name, moment) in moments {
        let place = Place::new();
        let mut command =
            place.command(&["ingest", &path(&sample().join("berichten")), "--received-on", "from-folder"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
        while !moment(&place.data()) && child.try_wait().expect("a child").is_none() {
            std::hint::spin_loop();
        }
        // It may have ended by itself in the meantime: that is one of the moments too.
        let _ = child.kill();
        child.wait().expect("a child");
        place.ingest_sample();
        assert_eq!(place.dump(), expected, "{name}");
        assert_eq!(staged(&place.data()), 0, "{name}");
    }
}

/// Twenty moments that nobody chose, in plain files and in an archive; `cargo xtask bench kills` does two hundred.
#[test]
fn killed_at_moments_nobody_chose() {
    let archive = tempfile::tempdir().expect("a folder");
    fs_err::write(archive.path().join("alles.zip"), crate::containers::sample_archive()).expect("written");
    for offered in [sample().join("berichten"), archive.path().to_owned()] {
        let arguments = ["ingest", &path(&offered), "--received-on", "from-folder"];
        let whole = Place::new();
        let started = Instant::now();
        whole.succeed(&arguments);
        let (took, expected) = (started.elapsed(), whole.dump());
        for moment in 1..=10 {
            let place = Place::new();
            let mut command = place.command(&arguments);
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
            let until = Instant::now() + took * moment / 11;
            while Instant::now() < until && child.try_wait().expect("a child").is_none() {
                std::hint::spin_loop();
            }
            let _ = child.kill();
            child.wait().expect("a child");
            place.succeed(&arguments);
            assert_eq!(place.dump(), expected, "{} at {moment}/11 of {took:?}", offered.display());
        }
    }
}

/// A disk that is full in the middle of an intake: an error that says so, nothing half, and after making room all of it.
#[test]
fn a_full_disk_loses_nothing() {
    let whole = Place::new();
    whole.ingest_sample();
    let place = Place::new();
    fs_err::create_dir_all(place.data()).expect("a folder");
    let grip = format!(
        "{} ingest {} --received-on from-folder",
        env!("CARGO_BIN_EXE_grip"),
        path(&sample().join("berichten"))
    );
    let data = path(&place.data());
    // A disk of our own, in a namespace of our own; it is gone when the shell ends, so its tables are copied out.
    let script = format!(
        "mount -t tmpfs -o size=400k grip {data} || exit 99
         {grip} 2> {data}.said; echo $? > {data}.code
         mount -o remount,size=200m {data} && {grip} && cp -r {data} {data}.kept"
    );
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]);
    command.env("GRIP_DATA", place.data()).env("GRIP_KEY", sample().with_file_name("key"));
    let Ok(output) = command.stdout(Stdio::null()).output() else {
        eprintln!("there is no `unshare` here: a full disk was not tried");
        return;
    };
    if output.status.code() == Some(99) || String::from_utf8_lossy(&output.stderr).contains("unshare failed") {
        eprintln!("mounting is not allowed here: a full disk was not tried");
        return;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| fs_err::read_to_string(format!("{data}.{name}")).expect("written");
    assert_eq!(read("code").trim(), "1", "{}", read("said"));
    assert!(read("said").contains("error: "), "{}", read("said"));
    fs_err::remove_dir(place.data()).expect("an empty folder");
    fs_err::rename(format!("{data}.kept"), place.data()).expect("renamed");
    assert_eq!(place.dump(), whole.dump());
}

/// Somebody writes into a file again and again while it is taken in: what is in is one of the two texts, and never a mixture.
#[test]
fn a_file_that_changes_is_never_taken_half() {
    let files: Vec<_> = crate::grip::sample_files().into_iter().filter(|file| path(file).contains("323")).collect();
    let texts = [&files[0], &files[1]].map(|file| fs_err::read(file).expect("a message"));
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("bericht.xml");
    fs_err::write(&target, &texts[0]).expect("written");
    let place = Place::new();
    let until = Instant::now() + Duration::from_secs(3);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            use std::io::{Seek, Write};
            let mut file = fs_err::OpenOptions::new().write(true).open(&target).expect("a file");
            for text in texts.iter().cycle().take_while(|_| Instant::now() < until) {
                file.rewind().expect("rewound");
                for part in text.chunks(512) {
                    file.write_all(part).expect("written");
                }
                file.set_len(text.len() as u64).expect("cut");
            }
        });
        while Instant::now() < until {
            place.run(&["ingest", &path(&target), "--received-on", "2025-01-02"]);
        }
    });
    fs_err::write(&target, &texts[1]).expect("written");
    place.run(&["ingest", &path(&target), "--received-on", "2025-01-02"]);
    let taken = place.rows("SELECT DISTINCT bericht_id FROM bericht WHERE status <> 'geweigerd'");
    let allowed = texts.map(|text| {
        let output = Place::new();
        let file = folder.path().join("heel.xml");
        fs_err::write(&file, text).expect("written");
        output.succeed(&["ingest", &path(&file), "--received-on", "2025-01-02"]);
        output.rows("SELECT bericht_id FROM bericht")[0]["bericht_id"].clone()
    });
    assert!(!taken.is_empty());
    assert!(taken.iter().all(|row| allowed.contains(&row["bericht_id"])), "{taken:?} beside {allowed:?}");
}

#[test]
fn two_at_once_take_everything_once() {
    let alone = Place::new();
    alone.ingest_sample();
    let place = Place::new();
    let arguments = ["ingest", &path(&sample().join("berichten")), "--received-on", "from-folder"];
    let spawn = || {
        let mut command = place.command(&arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the binary runs")
    };
    for child in [spawn(), spawn(), spawn()] {
        let output = child.wait_with_output().expect("a child");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(place.dump(), alone.dump());
}
