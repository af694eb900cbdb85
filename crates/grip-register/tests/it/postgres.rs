//! A PostgreSQL of its own for tests, also those of `grip-web`.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

/// A PostgreSQL that listens to a socket in a folder of its own. It is stopped and removed when the last test that uses it is
/// done.
pub(crate) struct Postgres {
    server: Child,
    folder: String,
}

static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Postgres {
    pub(crate) fn shared() -> Arc<Self> {
        let mut shared = SHARED.lock().expect("a PostgreSQL for this test");
        shared.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start());
            *shared = Arc::downgrade(&started);
            started
        })
    }

    fn start() -> Self {
        let programs = programs();
        // PostgreSQL refuses to be run by root.
        let mut command = if output("id -u") == "0" {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", include_str!("postgres.sh"), "postgres.sh", &programs]).current_dir("/");
        let mut server =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a PostgreSQL for this test");
        let mut folder = String::new();
        BufReader::new(server.stdout.as_mut().expect("a PostgreSQL for this test"))
            .read_line(&mut folder)
            .expect("a PostgreSQL for this test");
        assert!(!folder.is_empty(), "PostgreSQL in {programs} does not start");
        Self { server, folder: folder.trim().to_owned() }
    }

    /// Makes an empty database, and answers its address.
    pub(crate) fn make_database(&self) -> String {
        let name = format!("register_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let createdb = format!("{}/createdb", programs());
        let made =
            Command::new(createdb).args(["-h", &self.folder, "-U", "grip", &name]).status().expect("createdb runs");
        assert!(made.success(), "the database {name} is not made");
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?user=grip&host={}", self.folder)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

/// Where the programs of PostgreSQL are.
fn programs() -> String {
    let programs = output("ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1");
    let programs = if programs.is_empty() { output("dirname \"$(command -v initdb)\"") } else { programs };
    assert!(programs.starts_with('/'), "these tests need PostgreSQL: apt-get install postgresql");
    programs
}

fn output(script: &str) -> String {
    let output = Command::new("sh").args(["-c", script]).output().expect("a PostgreSQL for this test");
    String::from_utf8(output.stdout).expect("a PostgreSQL for this test").trim().to_owned()
}
