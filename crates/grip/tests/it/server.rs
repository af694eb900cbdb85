//! The pages as a process of its own, and a plain client.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Stdio},
};

use crate::grip::Place;

/// A server over a place; killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// What it says on standard error.
    said: PathBuf,
}

impl Server {
    pub(crate) fn start(place: &Place, more: &[&str]) -> Self {
        Self::start_with(place, more, |command| command)
    }

    /// The same with settings of the environment.
    pub(crate) fn start_with(
        place: &Place,
        more: &[&str],
        set: impl FnOnce(&mut std::process::Command) -> &mut std::process::Command,
    ) -> Self {
        let said = place.folder.path().join("said");
        let file = fs_err::OpenOptions::new().create(true).append(true).open(&said).expect("a file");
        let mut command = place.command(&["serve"]);
        if !more.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(more).stdout(Stdio::piped()).stderr(file.into_file());
        let mut child = set(&mut command).spawn().expect("the binary runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next());
        let address = address.unwrap_or_else(|| panic!("{}", fs_err::read_to_string(&said).expect("said"))).to_owned();
        Self { child, address, said }
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a child");
    }

    /// Asks it to stop, and answers how it ended.
    pub(crate) fn stop(&mut self) -> Option<i32> {
        let asked = std::process::Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill runs").success());
        self.child.wait().expect("a child").code()
    }

    /// Everything it said on standard error so far.
    pub(crate) fn said(&self) -> String {
        fs_err::read_to_string(&self.said).expect("said")
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        ask(&self.address, "GET", path, "").expect("an answer")
    }

    /// The same through the eyes of a role.
    #[track_caller]
    pub(crate) fn look(&self, path: &str, role: Option<grip_access::Role>) -> Answer {
        let cookie = role.map(|role| format!("cookie: grip-rol={role}\r\n")).unwrap_or_default();
        send(&self.address, "GET", path, &cookie, "").expect("an answer")
    }

    pub(crate) fn post(&self, path: &str, fields: &str) -> std::io::Result<Answer> {
        ask(&self.address, "POST", path, fields)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Where it sends to, without the query.
    pub(crate) fn location(&self) -> Option<&str> {
        let line = self.head.lines().find_map(|line| line.strip_prefix("location: "))?;
        line.split(['?', '#']).next()
    }
}

pub(crate) fn ask(address: &str, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
    send(address, method, path, "", body)
}

/// With headers, each ended by its line end.
fn send(address: &str, method: &str, path: &str, headers: &str, body: &str) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )?;
    let mut raw = Vec::new();
    stream.read_to_end(&mut raw)?;
    let raw = String::from_utf8_lossy(&raw).into_owned();
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = raw.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(cut)?;
    Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
}
