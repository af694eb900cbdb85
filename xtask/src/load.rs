//! Fifty people at once, each with a role, who look and write for ten minutes.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::Failure;

/// How long it lasts, when nobody says.
pub(crate) const SECONDS: u64 = 600;
const USERS: usize = 50;
/// Of a hundred answers this many take less than the aim, in milliseconds.
const AIM_PERCENT: usize = 95;
const AIM_MILLISECONDS: f64 = 300.0;
/// Times that were taken for less than this long are told and not judged; what was answered wrongly always is.
const JUDGED_SECONDS: u64 = 60;
/// What somebody reads before they go on, in milliseconds: from the least to so much more. People take longer.
const READS_MIN: u64 = 200;
const READS_MORE: u64 = 1600;
/// One in so many deeds is to write something, for a role that may.
const WRITES_EVERY: u64 = 10;

/// A role, the pages it looks at, and the kinds of objects it writes.
struct Role {
    name: &'static str,
    pages: &'static [&'static str],
    writes: &'static [(&'static str, &'static str)],
}

const ROLES: [Role; 7] = [
    Role {
        name: "council",
        pages: &["/", "/prognose", "/geld", "/zorg", "/beleid", "/besluiten", "/indicatoren/clienten-met-zorg"],
        writes: &[],
    },
    Role {
        name: "executive",
        pages: &["/", "/prognose", "/prognose?taal=en", "/geld/groei?wet=jw", "/programma", "/beleid", "/besluiten"],
        writes: &[],
    },
    Role {
        name: "policy",
        pages: &[
            "/",
            "/prognose",
            "/zorg/verloop",
            "/zorg/duur",
            "/zorg/overgangen",
            "/zorg/stapeling",
            "/beleid",
            "/maatregelen",
            "/programma",
            "/register/goal",
            "/zoeken?q=jeugd",
            "/indicatoren",
        ],
        writes: &[("goal", "name=Doel+van+de+proef&naam=beleid"), ("theme", "name=Thema+van+de+proef&naam=beleid")],
    },
    Role {
        name: "access",
        pages: &["/", "/zorg", "/zorg/verloop", "/zorg/duur", "/zorg/stapeling", "/signalen"],
        writes: &[],
    },
    Role {
        name: "procurement",
        pages: &["/", "/prognose", "/geld/groei?wet=wmo&door=aanbieder", "/signalen", "/berichten", "/gegevens"],
        writes: &[],
    },
    Role {
        name: "finance",
        pages: &[
            "/",
            "/prognose",
            "/geld",
            "/geld/groei?wet=jw",
            "/geld/weerstand",
            "/indicatoren/gedeclareerd?wet=jw",
            "/besluiten",
            "/api/v1/prognose",
            "/api/v1/begroting",
        ],
        writes: &[],
    },
    Role {
        name: "data-steward",
        pages: &["/", "/gegevens", "/berichten", "/signalen", "/indicatoren", "/api/v1/gegevens"],
        writes: &[],
    },
];

/// What one request came to.
struct Answer {
    page: &'static str,
    milliseconds: f64,
    status: u16,
}

/// Stops the server when the measurement ends, however it ends.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves a lake, waits until it is ready, and lets everybody in.
pub(crate) fn run(data: &Path, seconds: u64) -> Result<(), Failure> {
    let program = std::env::current_exe()?.with_file_name("grip");
    let mut child = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--log", "json", "--metrics", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().ok_or("the server says nothing")?;
    let server = Server(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).ok_or("no address")?.to_owned();
    let start = Instant::now();
    while ask(&address, "GET", "/gereed", "", "")?.0 != 200 {
        std::thread::sleep(Duration::from_millis(200));
    }
    println!("ready after {:.1} s", start.elapsed().as_secs_f64());
    let before = memory(server.0.id())?;
    let until = Instant::now() + Duration::from_secs(seconds);
    let workers: Vec<_> = (0..USERS)
        .map(|user| {
            let address = address.clone();
            std::thread::spawn(move || work(&address, user, until).map_err(|failure| failure.to_string()))
        })
        .collect();
    let mut answers = Vec::new();
    for worker in workers {
        answers.extend(worker.join().map_err(|_| "a user panicked")??);
    }
    let after = memory(server.0.id())?;
    println!("{USERS} users, {seconds} s; memory of the server {before} MB before, {after} MB after");
    tell(&answers, seconds)
}

/// One person: looks, reads, looks again, and now and then writes.
fn work(address: &str, user: usize, until: Instant) -> Result<Vec<Answer>, Failure> {
    let role = &ROLES[user % ROLES.len()];
    let cookie = format!("cookie: grip-rol={}\r\n", role.name);
    let (mut answers, mut number) = (Vec::new(), user as u64 + 1);
    // Any spread will do, as long as it is the same each time.
    let mut draw = |among: u64| {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % among.max(1)
    };
    while Instant::now() < until {
        let form = role.writes.get(usize::try_from(draw(role.writes.len() as u64))?);
        let (page, (status, seconds)) = match form {
            Some((kind, fields)) if draw(WRITES_EVERY) == 0 => {
                let path = format!("/register/{kind}/nieuw");
                ("a form", ask(address, "POST", &path, &cookie, fields)?)
            }
            _ => {
                let page = role.pages[usize::try_from(draw(role.pages.len() as u64))?];
                (page, ask(address, "GET", page, &cookie, "")?)
            }
        };
        answers.push(Answer { page, milliseconds: seconds * 1000.0, status });
        std::thread::sleep(Duration::from_millis(READS_MIN + draw(READS_MORE)));
    }
    Ok(answers)
}

fn tell(answers: &[Answer], seconds: u64) -> Result<(), Failure> {
    let mut pages: Vec<&str> = answers.iter().map(|answer| answer.page).collect();
    pages.sort_unstable();
    pages.dedup();
    println!("| page | answers | p50 ms | p95 ms | p99 ms | max ms |\n|---|---:|---:|---:|---:|---:|");
    for page in pages.into_iter().chain(["all"]) {
        let chosen = answers.iter().filter(|answer| page == "all" || answer.page == page);
        let mut times: Vec<f64> = chosen.map(|answer| answer.milliseconds).collect();
        times.sort_by(f64::total_cmp);
        let [p50, p95, p99, max] = [50, AIM_PERCENT, 99, 100].map(|percent| percentile(&times, percent));
        println!("| {page} | {} | {p50:.0} | {p95:.0} | {p99:.0} | {max:.0} |", times.len());
    }
    let mut times: Vec<f64> = answers.iter().map(|answer| answer.milliseconds).collect();
    times.sort_by(f64::total_cmp);
    let p95 = percentile(&times, AIM_PERCENT);
    let wrong: Vec<String> = answers
        .iter()
        .filter(|answer| !matches!(answer.status, 200 | 303))
        .map(|answer| format!("{} {}", answer.page, answer.status))
        .collect();
    println!("{:.1} answers a second, {} errors", times.len() as f64 / seconds as f64, wrong.len());
    if wrong.is_empty() && (p95 <= AIM_MILLISECONDS || seconds < JUDGED_SECONDS) {
        println!("ok   p95 {p95:.0} ms (aim {AIM_MILLISECONDS:.0})");
        return Ok(());
    }
    let mut kinds = wrong;
    kinds.sort_unstable();
    kinds.dedup();
    Err(format!("MISS p95 {p95:.0} ms (aim {AIM_MILLISECONDS:.0}); errors: {}", kinds.join(", ")).into())
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
}

/// Megabytes of memory that a process has.
fn memory(process: u32) -> Result<u64, Failure> {
    let status = fs_err::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

/// The status of an answer, and the seconds until all of it was there.
fn ask(address: &str, method: &str, path: &str, headers: &str, body: &str) -> Result<(u16, f64), Failure> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    let form = match method {
        "POST" => format!(
            "sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
            body.len()
        ),
        _ => String::new(),
    };
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}{form}\r\n{body}")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let status =
        answer.strip_prefix(b"HTTP/1.1 ").and_then(|rest| std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok());
    Ok((status.ok_or_else(|| format!("{path} is not answered"))?, start.elapsed().as_secs_f64()))
}
