//! How long pages take for twenty who ask at once, from cold and from warm.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

use crate::Failure;

const USERS: usize = 20;
/// How often each of them asks every page when all is warm.
const ROUNDS: usize = 10;
/// Seconds, of which 95 of 100 answers take less.
const COLD_MAX: f64 = 1.0;
const WARM_MAX: f64 = 0.150;

const PAGES: [&str; 19] = [
    "/prognose",
    "/geld",
    "/geld/groei?wet=jw",
    "/geld/groei?wet=wmo&door=aanbieder",
    "/zorg",
    "/zorg/verloop",
    "/zorg/duur",
    "/zorg/overgangen",
    "/zorg/stapeling",
    "/signalen",
    "/indicatoren",
    "/indicatoren/gedeclareerd?wet=jw",
    "/indicatoren/clienten-met-zorg",
    "/gegevens",
    "/beleid",
    "/maatregelen",
    "/programma",
    "/besluiten",
    "/geld/weerstand",
];

/// Stops the server when the measurement ends, however it ends.
pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Seconds without an answer being made anew after which the server is said to be ready.
const READY_BELOW: f64 = 0.5;

/// Serves the pages of a lake on a free port; gives its address.
pub(crate) fn serve(data: &Path) -> Result<(Server, String), Failure> {
    let program = std::env::current_exe()?.with_file_name("grip");
    let mut child = Command::new(program)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().ok_or("the server says nothing")?;
    let server = Server(child);
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.split("http://").nth(1).and_then(|rest| rest.split('/').next()).ok_or("no address")?.to_owned();
    Ok((server, address))
}

/// Serves the pages of a lake and asks them: at once, when it is ready, and by many.
pub(crate) fn run(data: &Path) -> Result<(), Failure> {
    let (_server, address) = serve(data)?;
    // What is asked first is made when the server starts: who comes at once waits for it.
    let start = Instant::now();
    while ask(&address, PAGES[0])? + ask(&address, "/signalen")? > READY_BELOW {}
    println!("ready after {:.1} s", start.elapsed().as_secs_f64());
    println!("| page | first time, ms |\n|---|---|");
    let mut cold = Vec::new();
    for page in PAGES {
        let seconds = ask(&address, page)?;
        println!("| {page} | {:.0} |", seconds * 1000.0);
        cold.push(seconds);
    }
    let workers: Vec<_> = (0..USERS)
        .map(|user| {
            let address = address.clone();
            std::thread::spawn(move || {
                let mut seconds = Vec::new();
                for at in 0..ROUNDS * PAGES.len() {
                    // Each begins elsewhere, so that not all ask for the same.
                    seconds
                        .push(ask(&address, PAGES[(at + user) % PAGES.len()]).map_err(|failure| failure.to_string())?);
                }
                Ok::<_, String>(seconds)
            })
        })
        .collect();
    let mut warm = Vec::new();
    for worker in workers {
        warm.extend(worker.join().map_err(|_| "a user panicked")??);
    }
    for (what, mut seconds, aim) in [("cold", cold, COLD_MAX), ("warm", warm, WARM_MAX)] {
        seconds.sort_by(f64::total_cmp);
        let p95 = seconds[(seconds.len() * 95).div_ceil(100) - 1];
        let told = if p95 <= aim { "ok  " } else { "MISS" };
        println!("{told} {what}: p95 of {} answers {:.0} ms (aim {:.0})", seconds.len(), p95 * 1000.0, aim * 1000.0);
    }
    Ok(())
}

/// Seconds until the whole page is there.
fn ask(address: &str, page: &str) -> Result<f64, Failure> {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {page} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        return Err(format!("{page} is not answered").into());
    }
    Ok(start.elapsed().as_secs_f64())
}
