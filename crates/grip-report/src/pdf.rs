//! A report as PDF, by the program `grip-typeset`.

use std::{
    ffi::OsStr,
    fmt,
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::{Report, report_json};

/// The name of the program, without what some systems put behind it.
const PROGRAM: &str = "grip-typeset";
/// Sixty pages take seconds, on a machine that is busy with other things a minute.
const LIMITS: Limits = Limits { time: Duration::from_secs(300), file_bytes: 100_000_000, said_bytes: 100_000 };

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The program is nowhere.
    #[error(
        "GT006 the program `{PROGRAM}` is not {}\nhint: build it with `cargo build --manifest-path typeset/Cargo.toml --release` and put \
         it beside `grip`, or name it with GRIP_TYPESET",
        places(.looked)
    )]
    NotFound {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The program is there, and can't be started or spoken to.
    #[error("GT007 the program `{}` can't be run: {error}", program.display())]
    NotRun {
        /// The program.
        program: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The program says why it makes no PDF: the code, the message and its hints.
    #[error("{0}")]
    Refused(String),
    /// The program broke off, or what it wrote is no PDF.
    #[error("GT008 the program `{}` made no PDF: {said}", program.display())]
    Broken {
        /// The program.
        program: PathBuf,
        /// What it said last.
        said: String,
    },
    /// The program took too long, or wrote too much, and was ended.
    #[error(
        "GT009 the report was not typeset within {limit}\nhint: leave parts out of the report, or pictures out of the template"
    )]
    Limit {
        /// The limit.
        limit: Limit,
    },
    /// The report can't be written as data.
    #[error("GT010 the report can't be written as data: {0}")]
    Data(#[from] serde_json::Error),
}

/// A limit to typesetting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Seconds that the program may run.
    Seconds(u64),
    /// Bytes that a file may have.
    Bytes(u64),
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(out, "{seconds} seconds"),
            Self::Bytes(bytes) => write!(out, "{} MB", bytes / 1_000_000),
        }
    }
}

fn places(looked: &[PathBuf]) -> String {
    let places: Vec<String> = looked.iter().map(|place| format!("`{}`", place.display())).collect();
    if places.is_empty() { "found anywhere".to_owned() } else { format!("in {}", places.join(", ")) }
}

/// The program `grip-typeset`: the one that is `named`, else the one in the folder of `executable`, the program that runs, else
/// the first in the folders of `path`, written as the variable `PATH` is. Where one is named, no other is taken.
///
/// # Errors
/// When none of them is a file.
pub fn find_program(
    named: Option<&Path>,
    executable: Option<&Path>,
    path: Option<&OsStr>,
) -> Result<PathBuf, PdfError> {
    let file = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let looked: Vec<PathBuf> = if let Some(named) = named {
        vec![named.to_owned()]
    } else {
        let beside = executable.and_then(Path::parent).map(Path::to_owned);
        // A folder without a root would be another one in every folder from which Grip is started.
        let on_path = path.into_iter().flat_map(std::env::split_paths).filter(|folder| folder.is_absolute());
        beside.into_iter().chain(on_path).map(|folder| folder.join(&file)).collect()
    };
    match looked.iter().find(|place| place.is_file()) {
        Some(found) => Ok(found.clone()),
        None => Err(PdfError::NotFound { looked }),
    }
}

/// Typesets a report as PDF that conforms to PDF/UA-1, by running `program`, a `grip-typeset` of the same version. The same report
/// with the same template gives the same bytes.
///
/// `template` is the folder of a municipality's own look. `progress` is told on this thread what is being done: `drawing`,
/// `layout`, `writing`. It waits until the file is there, seconds for a long report: a server calls it on a thread of its own.
/// The program gets nothing of the environment. It is ended when it takes more than 300 seconds or writes more than 100 MB,
/// and when `progress` panics.
///
/// # Errors
/// When the program can't be run, makes no PDF or passes a limit; [`PdfError::Refused`] says what is wrong with the template.
pub fn pdf_by(
    program: &Path,
    template: Option<&Path>,
    report: &Report,
    progress: impl FnMut(&str),
) -> Result<Vec<u8>, PdfError> {
    let mut command = Command::new(program);
    if let Some(folder) = template {
        command.arg("--template").arg(folder);
    }
    run(command, report_json(report)?, &LIMITS, progress)
}

struct Limits {
    time: Duration,
    file_bytes: u64,
    said_bytes: u64,
}

/// What comes out of the program.
enum Event {
    Said(String),
    File(io::Result<Vec<u8>>),
}

/// A program that does not outlive who waits for it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

fn run(
    mut command: Command,
    json: Vec<u8>,
    limits: &Limits,
    mut progress: impl FnMut(&str),
) -> Result<Vec<u8>, PdfError> {
    let program = PathBuf::from(command.get_program());
    let not_run = |error| PdfError::NotRun { program: program.clone(), error };
    let until = Instant::now() + limits.time;
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running(command.spawn().map_err(not_run)?);
    let events = listen(&mut running.0, json, limits);
    let (mut said, mut file) = (Vec::new(), Vec::new());
    while let Some(event) = next(&events, until, limits)? {
        match event {
            Event::File(read) => file = read.map_err(not_run)?,
            Event::Said(line) => {
                // What follows on an error belongs to it.
                if !line.starts_with(ERROR) && !said.iter().any(|before: &String| before.starts_with(ERROR)) {
                    progress(&line);
                }
                said.push(line);
            }
        }
        if file.len() as u64 > limits.file_bytes {
            return Err(PdfError::Limit { limit: Limit::Bytes(limits.file_bytes) });
        }
    }
    let status = end(&mut running.0, until, limits)?.map_err(not_run)?;
    if status.success() && file.starts_with(b"%PDF-") {
        return Ok(file);
    }
    let said = said.join("\n");
    Err(match said.split_once(ERROR) {
        Some((_, why)) if !status.success() => PdfError::Refused(why.to_owned()),
        _ => PdfError::Broken { program, said: format!("{status}\n{said}").trim_end().to_owned() },
    })
}

/// With what the program begins to say why it makes no PDF.
const ERROR: &str = "error: ";

/// Hands the report over and reads what comes back, each on a thread, so that no pipe is full while another is waited for. The
/// threads end with the program.
fn listen(child: &mut Child, json: Vec<u8>, limits: &Limits) -> Receiver<Event> {
    let (send, events) = mpsc::channel();
    if let Some(mut pipe) = child.stdin.take() {
        // Who refuses a template does not read the report.
        thread::spawn(move || _ = pipe.write_all(&json));
    }
    if let Some(pipe) = child.stdout.take() {
        let (send, mut pipe) = (send.clone(), pipe.take(limits.file_bytes + 1));
        thread::spawn(move || {
            let mut file = Vec::new();
            let read = pipe.read_to_end(&mut file).map(|_| file);
            _ = send.send(Event::File(read));
        });
    }
    if let Some(pipe) = child.stderr.take() {
        let pipe = BufReader::new(pipe.take(limits.said_bytes));
        thread::spawn(move || say(pipe, &send));
    }
    events
}

fn say(mut pipe: impl BufRead, send: &Sender<Event>) {
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        line.clear();
        if send.send(Event::Said(text)).is_err() {
            return;
        }
    }
}

/// The next event; nothing when there will be no more.
fn next(events: &Receiver<Event>, until: Instant, limits: &Limits) -> Result<Option<Event>, PdfError> {
    match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
        Ok(event) => Ok(Some(event)),
        Err(RecvTimeoutError::Disconnected) => Ok(None),
        Err(RecvTimeoutError::Timeout) => Err(too_long(limits)),
    }
}

/// How the program ends, which it does when it has nothing more to say.
fn end(child: &mut Child, until: Instant, limits: &Limits) -> Result<io::Result<ExitStatus>, PdfError> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(Ok(status)),
            Err(error) => return Ok(Err(error)),
            Ok(None) if Instant::now() >= until => return Err(too_long(limits)),
            Ok(None) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

fn too_long(limits: &Limits) -> PdfError {
    PdfError::Limit { limit: Limit::Seconds(limits.time.as_secs()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programs(names: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        for name in names {
            let place = root.path().join(name);
            std::fs::create_dir(&place).expect("a folder");
            std::fs::File::create_new(place.join(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX)))
                .expect("a file");
        }
        root
    }

    #[test]
    fn the_program_is_named_or_beside_or_on_the_path() {
        let root = programs(&["beside", "first", "second"]);
        let place = |folder: &str| root.path().join(folder).join(format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX));
        let path =
            std::env::join_paths([root.path().join("none"), root.path().join("first"), root.path().join("second")]);
        let path = path.expect("no name has a colon");
        let found = |named: Option<&Path>, beside: &str| {
            find_program(named, Some(&root.path().join(beside).join("grip")), Some(&path)).ok()
        };
        assert_eq!(found(Some(&place("second")), "beside"), Some(place("second")));
        assert_eq!(found(None, "beside"), Some(place("beside")));
        assert_eq!(found(None, "elsewhere"), Some(place("first")));
        // Not another one than was named.
        assert_eq!(found(Some(&root.path().join("absent")), "beside"), None);
    }

    #[test]
    fn who_has_no_program_is_told_how_to_build_it() {
        let error =
            find_program(None, Some(Path::new("here/grip")), Some(OsStr::new("bin:."))).expect_err("it is not there");
        let text = error.to_string();
        assert!(text.starts_with("GT006") && text.contains("here"), "{text}");
        assert!(!text.contains("bin"), "{text}");
        assert!(text.contains("cargo build --manifest-path typeset/Cargo.toml --release"), "{text}");
        let nowhere = find_program(None, None, None).expect_err("it is not there").to_string();
        assert!(nowhere.contains("not found anywhere"), "{nowhere}");
    }

    #[cfg(unix)]
    mod programs_that_misbehave {
        use super::*;

        /// A script in place of the program. It has no environment, so that it is not told where other programs are.
        fn check(script: &str, json: &[u8], limits: &Limits) -> (Result<Vec<u8>, PdfError>, Vec<String>) {
            let mut told = Vec::new();
            let mut command = Command::new("/bin/sh");
            command.arg("-c").arg(script);
            let result = run(command, json.to_vec(), limits, |line| told.push(line.to_owned()));
            (result, told)
        }

        #[track_caller]
        fn check_error(script: &str, starts: &str, says: &str) {
            let error = check(script, b"{}", &LIMITS).0.expect_err("no PDF").to_string();
            assert!(error.starts_with(starts) && error.contains(says), "{error}");
        }

        #[test]
        fn what_it_says_is_progress_until_it_is_an_error() {
            let (result, told) = check("echo drawing >&2; echo layout >&2; printf %%PDF-1.7", b"{}", &LIMITS);
            assert_eq!(
                (result.expect("a PDF"), told),
                (b"%PDF-1.7".to_vec(), vec!["drawing".to_owned(), "layout".to_owned()])
            );
            let (result, told) =
                check("echo drawing >&2; printf 'error: GT004 x\\nhint: y\\n' >&2; exit 1", b"{}", &LIMITS);
            assert_eq!(result.expect_err("an error").to_string(), "GT004 x\nhint: y");
            assert_eq!(told, ["drawing"]);
        }

        #[test]
        fn what_is_no_pdf_is_not_taken_for_one() {
            check_error("echo '{}'", "GT008", "exit status: 0");
            check_error("printf %%PDF-1.7; exit 3", "GT008", "exit status: 3");
            check_error("printf %%PDF-1.7; kill -9 $$", "GT008", "signal: 9");
            check_error("printf 'thread panicked\\n\\377' >&2; exit 101", "GT008", "thread panicked");
            let absent =
                pdf_by(Path::new("/absent/grip-typeset"), None, &report(), |_| {}).expect_err("it is not there");
            assert!(
                absent.to_string().starts_with("GT007 the program `/absent/grip-typeset` can't be run"),
                "{absent}"
            );
        }

        fn report() -> Report {
            Report {
                title: String::new(),
                subtitle: String::new(),
                gemeente: String::new(),
                peildatum: jiff::civil::date(2025, 6, 30),
                language: crate::Language::Nl,
                origin: Vec::new(),
                sections: Vec::new(),
            }
        }

        #[test]
        fn limits_hold_whatever_it_does() {
            let few = Limits { time: LIMITS.time, file_bytes: 100_000, said_bytes: 1_000 };
            let (result, _) = check("printf %%PDF-; while :; do echo xxxxxxxx; done", b"{}", &few);
            assert!(matches!(result, Err(PdfError::Limit { limit: Limit::Bytes(100_000) })), "{result:?}");
            let none = Limits { time: Duration::ZERO, ..few };
            let (result, _) = check("while :; do :; done", b"{}", &none);
            assert!(matches!(result, Err(PdfError::Limit { limit: Limit::Seconds(0) })), "{result:?}");
            // More than a pipe holds, into a program that reads nothing and talks without end.
            let (result, told) =
                check("exec <&-; while echo xxxxxxxx >&2; do :; done; printf %%PDF-1.7", &vec![b' '; 1_000_000], &few);
            assert!(told.len() < 200 && !matches!(result, Err(PdfError::Limit { .. })), "{result:?}");
        }

        #[test]
        fn a_long_report_and_a_long_file_pass_each_other() {
            let json = b"%PDF-".iter().copied().chain(std::iter::repeat_n(b'x', 3_000_000)).collect::<Vec<u8>>();
            let (result, _) = check("while read -r line; do :; done; printf %s \"$line\"", &json, &LIMITS);
            assert_eq!(result.expect("the same back").len(), json.len());
        }
    }
}
