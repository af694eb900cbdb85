//! How fast the intake is: against reading the same bytes and doing nothing with them, and against a Python script.

use std::{
    ffi::{OsStr, OsString},
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
};

use quick_xml::{Reader, events::Event};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{Failure, cargo, python, root, run as run_command};

/// Times each is run when nothing else is said. Odd, so that the median is one of them.
pub(crate) const ROUNDS: usize = 5;
/// The core that one-core runs have for themselves.
const CORE: &str = "0";
/// Those who have to be beaten, or may be approached, by how much.
const OF_QUICK_XML_MIN: f64 = 0.5;
const TIMES_PYTHON_MIN: f64 = 8.0;
const PEAK_MB_MAX: f64 = 500.0;
/// An archive of ten years and ten million lines, and what it may cost to find that it is in already.
const ARCHIVE_PEAK_MB_MAX: f64 = 1000.0;
const AGAIN_TIMES_MAX: f64 = 1.5;

/// One run of one contestant.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Run {
    seconds: f64,
    cpu_seconds: f64,
    peak_kb: f64,
}

/// Who runs, with how many cores.
struct Contestant {
    name: &'static str,
    one_core: bool,
    command: Vec<OsString>,
    /// Removed before every run.
    out: PathBuf,
}

/// Makes an archive when there is none, runs everybody in turn, and prints medians.
pub(crate) fn run(rounds: usize) -> Result<(), Failure> {
    run_command(cargo().arg("build"))?;
    let programs = std::env::current_exe()?.parent().ok_or("the program has no folder")?.to_owned();
    let folder = programs.join("bench");
    let archive = folder.join("archive");
    let grip = programs.join("grip");
    if !archive.join("waarheid.csv").exists() {
        run_command(
            Command::new(&grip).args(["generate", "--inhabitants", "40000", "--seed", "1", "--out"]).arg(&archive),
        )?;
    }
    let messages = archive.join("berichten");
    // Once over everything, so that the files are in memory for the first contestant too.
    let (files, bytes) = read_files(&xml_files(&messages)?)?;
    let contestants = contestants(&grip, &messages, &folder.join("out"))?;
    let mut runs: Vec<Vec<Run>> = contestants.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        for (contestant, runs) in contestants.iter().zip(&mut runs) {
            let result = measure(contestant)?;
            eprintln!("round {round}: {:28} {:6.2} s", contestant.name, result.seconds);
            runs.push(result);
        }
    }
    print(files, bytes, &contestants, &runs);
    Ok(())
}

fn contestants(grip: &Path, messages: &Path, out: &Path) -> Result<Vec<Contestant>, Failure> {
    let this = std::env::current_exe()?;
    let text = |text: &str| OsString::from(text);
    let path = |path: &Path| path.as_os_str().to_owned();
    let script = root().join("benches/peers/ingest_lxml.py");
    let xml = |threads: &str| vec![path(&this), text("read-xml"), path(messages), text(threads)];
    let lxml = |workers: &str| vec![python(), path(&script), path(messages), path(out), text(workers)];
    let data = out.join("data");
    let ingest = || {
        let key = out.join("pseudonym.key");
        let mut command = vec![path(grip), text("--data"), path(&data), text("--key"), path(&key)];
        command.extend([text("ingest"), path(messages), text("--received-on"), text("from-folder")]);
        command
    };
    let contestant = |name, one_core, command| Contestant { name, one_core, command, out: out.to_owned() };
    Ok(vec![
        contestant("quick-xml, one core", true, xml("1")),
        contestant("grip ingest, one core", true, ingest()),
        contestant("lxml and pyarrow, one core", true, lxml("1")),
        contestant("quick-xml, two threads", false, xml("2")),
        contestant("grip ingest, all cores", false, ingest()),
        contestant("lxml and pyarrow, two workers", false, lxml("2")),
    ])
}

/// Takes a folder in, and once more: what that costs, and what reading the same files and hashing them costs.
pub(crate) fn archive(folder: &Path) -> Result<(), Failure> {
    run_command(cargo().arg("build"))?;
    let programs = std::env::current_exe()?.parent().ok_or("the program has no folder")?.to_owned();
    let (grip, out) = (programs.join("grip"), programs.join("bench/archive-data"));
    if out.exists() {
        fs_err::remove_dir_all(&out)?;
    }
    let path = |path: &Path| path.as_os_str().to_owned();
    let text = |text: &str| OsString::from(text);
    let mut ingest = vec![path(&grip), text("--data"), path(&out.join("data")), text("--key"), path(&out.join("key"))];
    ingest.extend([text("ingest"), path(folder), text("--received-on"), text("from-folder")]);
    let hash = vec![path(&std::env::current_exe()?), text("hash-files"), path(folder)];
    // Nothing is removed before a run: the second intake must find the first.
    let contestant = |name, command: &[OsString]| Contestant {
        name,
        one_core: false,
        command: command.to_vec(),
        out: out.join("nothing"),
    };
    let mut seconds = Vec::new();
    println!("| what | seconds | CPU s | peak MB |\n|---|---|---|---|");
    for (name, command) in [("taken in", &ingest), ("taken in again", &ingest), ("read and hashed", &hash)] {
        let run = measure(&contestant(name, command))?;
        println!("| {name} | {:.1} | {:.1} | {:.0} |", run.seconds, run.cpu_seconds, run.peak_kb / 1e3);
        seconds.push((run.seconds, run.peak_kb / 1e3));
    }
    let counted = Command::new(&grip)
        .arg("--data")
        .arg(out.join("data"))
        .args(["sql", "SELECT (SELECT COUNT(*) FROM bericht) AS berichten, (SELECT COUNT(*) FROM prestatie) AS prestaties, (SELECT COUNT(*) FROM bevinding) AS bevindingen", "--format", "csv"])
        .output()?;
    println!("\n{}", String::from_utf8_lossy(&counted.stdout));
    if let [taken, again, hashed] = seconds[..] {
        let told = |reached: bool| if reached { "ok  " } else { "MISS" };
        println!(
            "{} peak memory in MB: {:.0} (aim {ARCHIVE_PEAK_MB_MAX})",
            told(taken.1 < ARCHIVE_PEAK_MB_MAX),
            taken.1
        );
        let times = again.0 / hashed.0;
        println!("{} again, in times of hashing: {times:.2} (aim {AGAIN_TIMES_MAX})", told(times <= AGAIN_TIMES_MAX));
    }
    Ok(())
}

/// Reads every file of a folder to its end and hashes it, on all cores.
pub(crate) fn hash_files(folder: &Path) -> Result<(), Failure> {
    let (mut paths, mut pending) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = pending.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { pending.push(entry.path()) } else { paths.push(entry.path()) }
        }
    }
    let share = paths.len().div_ceil(std::thread::available_parallelism()?.get()).max(1);
    let done: Result<usize, String> = std::thread::scope(|scope| {
        let hash = |paths: &[PathBuf]| {
            let mut buffer = vec![0; 1 << 16];
            let mut bytes = 0;
            for path in paths {
                let mut file = fs_err::File::open(path).map_err(|error| error.to_string())?;
                let mut hash = Sha256::new();
                loop {
                    let read = std::io::Read::read(&mut file, &mut buffer).map_err(|error| error.to_string())?;
                    if read == 0 {
                        break;
                    }
                    hash.update(&buffer[..read]);
                    bytes += read;
                }
                black_box(hash.finalize());
            }
            Ok::<_, String>(bytes)
        };
        let workers: Vec<_> = paths.chunks(share).map(|paths| scope.spawn(move || hash(paths))).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| "a thread panicked".to_owned())?).sum()
    });
    println!("{} bytes", done?);
    Ok(())
}

fn measure(contestant: &Contestant) -> Result<Run, Failure> {
    if contestant.out.exists() {
        fs_err::remove_dir_all(&contestant.out)?;
    }
    let mut command = Command::new(python());
    command.arg(root().join("benches/measure.py"));
    if contestant.one_core {
        command.args(["taskset", "-c", CORE]);
    }
    let output = command.args(&contestant.command).output()?;
    if !output.status.success() {
        return Err(format!("{}: {}", contestant.name, String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::cast_precision_loss, reason = "a benchmark prints three digits")]
fn print(files: usize, bytes: usize, contestants: &[Contestant], runs: &[Vec<Run>]) {
    let megabytes = bytes as f64 / 1e6;
    println!("{files} messages, {megabytes:.1} MB; medians of {} runs in turn\n", runs.first().map_or(0, Vec::len));
    println!(
        "| who | seconds | MB/s | messages/s | fastest | slowest | CPU s | peak MB |\n|---|---|---|---|---|---|---|---|"
    );
    let seconds: Vec<f64> = runs.iter().map(|runs| median(runs.iter().map(|run| run.seconds))).collect();
    let peaks: Vec<f64> = runs.iter().map(|runs| median(runs.iter().map(|run| run.peak_kb / 1e3))).collect();
    for (((contestant, runs), seconds), peak) in contestants.iter().zip(runs).zip(&seconds).zip(&peaks) {
        let fastest = runs.iter().map(|run| run.seconds).fold(f64::INFINITY, f64::min);
        let slowest = runs.iter().map(|run| run.seconds).fold(0.0, f64::max);
        println!(
            "| {} | {seconds:.2} | {:.1} | {:.0} | {fastest:.2} | {slowest:.2} | {:.2} | {peak:.0} |",
            contestant.name,
            megabytes / seconds,
            files as f64 / seconds,
            median(runs.iter().map(|run| run.cpu_seconds)),
        );
    }
    println!();
    let aim = |what: &str, value: f64, aim: f64, reached: bool| {
        println!("{} {what}: {value:.2} (aim {aim})", if reached { "ok  " } else { "MISS" });
    };
    for (first, cores) in [(0, "one core"), (3, "all cores")] {
        let (xml, grip, lxml) = (seconds[first], seconds[first + 1], seconds[first + 2]);
        aim(
            &format!("share of quick-xml's speed, {cores}"),
            xml / grip,
            OF_QUICK_XML_MIN,
            xml / grip >= OF_QUICK_XML_MIN,
        );
        println!("     times lxml and pyarrow with as many cores, {cores}: {:.2}", lxml / grip);
        let peak = peaks[first + 1];
        aim(&format!("peak memory in MB, {cores}"), peak, PEAK_MB_MAX, peak < PEAK_MB_MAX);
    }
    // The script as people run it, in one process, against the command as people run it.
    let as_run = seconds[2] / seconds[4];
    aim("times the lxml script, each as it is run", as_run, TIMES_PYTHON_MIN, as_run >= TIMES_PYTHON_MIN);
}

fn xml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (mut found, mut pending) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = pending.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                pending.push(entry.path());
            } else if entry.path().extension() == Some(OsStr::new("xml")) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read_files(paths: &[PathBuf]) -> Result<(usize, usize), Failure> {
    let mut bytes = 0;
    for path in paths {
        bytes += fs_err::read(path)?.len();
    }
    Ok((paths.len(), bytes))
}

/// The lower bound: quick-xml reads every file from disk to its end, and nothing is done with what it finds.
pub(crate) fn read_xml(folder: &Path, threads: &str) -> Result<(), Failure> {
    let paths = xml_files(folder)?;
    let threads: usize = threads.parse()?;
    let share = paths.len().div_ceil(threads.max(1)).max(1);
    let events: Result<usize, String> = std::thread::scope(|scope| {
        let workers: Vec<_> = paths.chunks(share).map(|paths| scope.spawn(move || count_events(paths))).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| "a thread panicked".to_owned())?).sum()
    });
    println!("{} events", events?);
    Ok(())
}

fn count_events(paths: &[PathBuf]) -> Result<usize, String> {
    let (mut events, mut bytes) = (0, Vec::new());
    for path in paths {
        bytes.clear();
        let mut file = fs_err::File::open(path).map_err(|error| error.to_string())?;
        std::io::Read::read_to_end(&mut file, &mut bytes).map_err(|error| error.to_string())?;
        let mut reader = Reader::from_reader(bytes.as_slice());
        loop {
            match reader.read_event().map_err(|error| format!("{}: {error}", path.display()))? {
                Event::Eof => break,
                event => {
                    black_box(&event);
                    events += 1;
                }
            }
        }
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_median_is_the_middle_one() {
        let middle = median([5.0, 1.0, 9.0].into_iter());
        assert_eq!(middle.to_bits(), 5.0_f64.to_bits());
    }
}
