//! Every test of the store runs on SQLite and on PostgreSQL.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{Connection, Executor};

/// Runs a test on an empty SQLite file, and then in an empty database of PostgreSQL.
#[expect(clippy::needless_pass_by_value, reason = "so that a closure can be written where it is called")]
pub(crate) fn on_both(test: impl AsyncFn(&str)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a register?.db");
    runtime.block_on(test(&format!("sqlite:{}", file.display())));
    let postgres = Postgres::shared();
    let url = runtime.block_on(postgres.make_database());
    runtime.block_on(test(&url));
}

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
        let mut shared = SHARED.lock().unwrap();
        shared.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Self::start());
            *shared = Arc::downgrade(&started);
            started
        })
    }

    fn start() -> Self {
        let programs = output("ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1");
        let programs = if programs.is_empty() { output("dirname \"$(command -v initdb)\"") } else { programs };
        assert!(programs.starts_with('/'), "these tests need PostgreSQL: apt-get install postgresql");
        // PostgreSQL refuses to be run by root.
        let mut command = if output("id -u") == "0" {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            Command::new("sh")
        };
        command.args(["-c", include_str!("postgres.sh"), "postgres.sh", &programs]).current_dir("/");
        let mut server = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut folder = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut folder).unwrap();
        assert!(!folder.is_empty(), "PostgreSQL in {programs} does not start");
        Self { server, folder: folder.trim().to_owned() }
    }

    pub(crate) async fn make_database(&self) -> String {
        sqlx::any::install_default_drivers();
        let name = format!("register_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut connection = sqlx::AnyConnection::connect(&self.url("postgres")).await.unwrap();
        connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        connection.close().await.unwrap();
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

fn output(script: &str) -> String {
    let output = Command::new("sh").args(["-c", script]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
