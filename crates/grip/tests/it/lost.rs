//! A server that is killed while people write loses nothing of what it said was written.

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::Value;

use crate::{
    grip::Place,
    postgres::Postgres,
    server::{Server, ask},
};

const WRITERS: usize = 6;
/// The server is killed when this many more were answered.
const ANSWERED: [usize; 4] = [1, 9, 25, 60];

/// Writes as many at once as there are writers until the server is gone, and answers what it said was written: paths of pages with
/// the names on them.
fn write_until_killed(
    server: &mut Server,
    goal: &str,
    round: usize,
    kill_after: usize,
    kill: impl FnOnce(&mut Server),
) -> Vec<(String, String)> {
    let (written, answered) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let address = server.address.clone();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (address, written, answered) = (&address, &written, &answered);
            scope.spawn(move || {
                for number in 0.. {
                    let name = format!("Maatregel-{round}-{writer}-{number}");
                    let fields = format!("name={name}&goals={goal}&naam=proef");
                    let answer = ask(address, "POST", "/register/measure/nieuw", &fields);
                    let Ok(answer) = answer else { break };
                    // A database that is gone is an answer too, and says that nothing was kept.
                    if answer.status == 303 {
                        let page = answer.location().expect("a page").to_owned();
                        written.lock().expect("no panic").push((page, name));
                        answered.fetch_add(1, Ordering::Release);
                    }
                }
            });
        }
        while answered.load(Ordering::Acquire) < kill_after {
            std::thread::yield_now();
        }
        kill(server);
    });
    written.into_inner().expect("no panic")
}

/// Makes the goal that all measures are for, and answers its identification.
fn make_goal(server: &Server) -> String {
    let answer = server.post("/register/goal/nieuw", "name=Doel&naam=proef").expect("an answer");
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().and_then(|page| page.rsplit('/').next()).expect("an identification").to_owned()
}

/// Every edit is whole: it has its one object, with all that was written of it; what was said to be written is among them.
fn check_edits(text: &str, goal: &str, written: &[(String, String)]) {
    let mut names = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("{\"edit\":")).skip(1) {
        let edit: Value = serde_json::from_str(line).expect("JSON");
        let versions = edit["versions"].as_array().expect("versions");
        assert_eq!(versions.len(), 1, "{line}");
        let document = &versions[0]["document"];
        assert_eq!(document["goals"], goal, "{line}");
        let name = document["name"].as_str().expect("a name").to_owned();
        assert!(names.insert(name), "twice: {line}");
    }
    for (page, name) in written {
        assert!(names.contains(name), "{name} of {page} is lost");
    }
    // Of what was under way when the server was killed each writer can have had one.
    assert!(names.len() <= written.len() + WRITERS * ANSWERED.len(), "{} and {}", names.len(), written.len());
}

#[test]
fn killed_while_people_write() {
    let place = Place::new();
    place.ingest_sample();
    let goal = make_goal(&Server::start(&place, &[]));
    let mut written = Vec::new();
    for (round, kill_after) in ANSWERED.into_iter().enumerate() {
        let mut server = Server::start(&place, &[]);
        written.extend(write_until_killed(&mut server, &goal, round, kill_after, Server::kill));
    }
    let server = Server::start(&place, &[]);
    for (page, name) in &written {
        let answer = server.get(page);
        assert!(answer.status == 200 && answer.body.contains(name.as_str()), "{name}: {}", answer.status);
    }
    drop(server);
    let file = place.folder.path().join("register.backup");
    place.succeed(&["register", "backup", file.to_str().expect("plain")]);
    check_edits(&fs_err::read_to_string(file).expect("a backup"), &goal, &written);
    let findings = place.run(&["doctor", "--json"]).stdout;
    let findings: Value = serde_json::from_slice(&findings).expect("JSON");
    let register = findings.as_array().and_then(|all| all.iter().find(|finding| finding["check"] == "register"));
    assert_eq!(register.expect("a finding")["state"], "ok");
}

/// The same in PostgreSQL: in turn the server of pages is killed, and the database with it. One test, for the database is shared.
#[test]
fn killed_while_people_write_in_postgresql() {
    let postgres = Postgres::shared();
    crate::backup::register_moves_to_postgresql(&postgres);
    let place = Place::new();
    place.ingest_sample();
    let address = postgres.make_database();
    let start = || Server::start_with(&place, &[], |command| command.env("GRIP_REGISTER", &address));
    let goal = make_goal(&start());
    let mut written = Vec::new();
    for (round, kill_after) in ANSWERED.into_iter().enumerate() {
        let mut server = start();
        written.extend(write_until_killed(&mut server, &goal, round, kill_after, |server| {
            if round % 2 == 1 {
                kill_postgres(&address);
            }
            server.kill();
        }));
        if round % 2 == 1 {
            start_postgres_again(&address);
        }
    }
    let file = place.folder.path().join("register.backup");
    let mut backup = place.command(&["register", "backup", file.to_str().expect("plain")]);
    let output = backup.env("GRIP_REGISTER", &address).output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check_edits(&fs_err::read_to_string(file).expect("a backup"), &goal, &written);
}

/// The folder of the database at an address.
fn folder_of(address: &str) -> &str {
    address.rsplit("host=").next().expect("an address with a folder")
}

fn kill_postgres(address: &str) {
    let file = format!("{}/data/postmaster.pid", folder_of(address));
    let text = fs_err::read_to_string(file).expect("it runs");
    let process = text.lines().next().expect("a number");
    assert!(Command::new("kill").args(["-KILL", process]).status().expect("kill runs").success());
}

/// Its children hold on to its memory until they notice: until then it does not start.
const START: &str = r#"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
bin=${bin:-$(dirname "$(command -v initdb)")}
for _ in $(seq 200); do
    "$bin/pg_ctl" -D "$1/data" -l "$1/log" -w -t 120 -o "-k '$1' -c listen_addresses='' -c fsync=off" start >/dev/null 2>&1 && exit 0
done
exit 1
"#;

fn start_postgres_again(address: &str) {
    let user = Command::new("id").arg("-u").output().expect("id runs").stdout;
    let mut command = if user.trim_ascii() == b"0" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    command.args(["-c", START, "start", folder_of(address)]).current_dir("/");
    assert!(command.stdin(Stdio::null()).status().expect("it runs").success(), "PostgreSQL does not start again");
}
