//! A process killed at any moment and started again ends in the same tables as one that was not.

use std::{path::Path, process::Stdio};

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
