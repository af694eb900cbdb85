//! Kills the intake at moments nobody chose, and looks whether anything is lost or double.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Failure, cargo, run as run_command};

/// Kills when nothing else is said.
pub(crate) const KILLS: usize = 200;
/// Kills of one intake before it may come to its end and is compared.
const KILLS_EACH: usize = 4;

/// Tables whose rows are compared.
const TABLES: [&str; 13] = [
    "bericht",
    "bevinding",
    "controle",
    "toewijzing",
    "start",
    "stop",
    "prestatie",
    "declaratie_antwoord",
    "prestatie_afkeuring",
    "verzoek",
    "antwoord",
    "retour",
    "clientkenmerk",
];

/// Takes a sample in again and again, killed four times each, and compares the tables with those of an undisturbed run.
pub(crate) fn run(kills: usize) -> Result<(), Failure> {
    run_command(cargo().arg("build"))?;
    let programs = std::env::current_exe()?.parent().ok_or("the program has no folder")?.to_owned();
    let (grip, folder) = (programs.join("grip"), programs.join("kills"));
    if folder.exists() {
        fs_err::remove_dir_all(&folder)?;
    }
    let sample = folder.join("sample");
    run_command(Command::new(&grip).args(["generate", "--inhabitants", "4000", "--seed", "1", "--out"]).arg(&sample))?;
    let messages = sample.join("berichten");
    let intake = |data: &Path| {
        let mut command = Command::new(&grip);
        command.arg("--data").arg(data).arg("--key").arg(folder.join("pseudonym.key"));
        command.arg("ingest").arg(&messages).args(["--received-on", "from-folder"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let whole = folder.join("whole");
    let started = Instant::now();
    run_command(&mut intake(&whole))?;
    let took = started.elapsed();
    let expected = dump(&grip, &whole)?;
    // Only kills of an intake that still ran count.
    let (mut done, mut hit, mut state) = (0, 0, 0x9E37_79B9_7F4A_7C15_u64);
    while hit < kills {
        let data = folder.join("killed");
        if data.exists() {
            fs_err::remove_dir_all(&data)?;
        }
        for _ in 0..KILLS_EACH {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let until = Instant::now() + took.mul_f64(share(state));
            let mut child = intake(&data).spawn()?;
            while Instant::now() < until && child.try_wait()?.is_none() {
                std::thread::sleep(Duration::from_micros(200));
            }
            // It may have ended by itself: then there was nothing to kill.
            hit += usize::from(child.try_wait()?.is_none());
            child.kill()?;
            child.wait()?;
            done += 1;
        }
        run_command(&mut intake(&data))?;
        if dump(&grip, &data)? != expected {
            return Err(format!("the tables differ after {hit} kills; they are in {}", data.display()).into());
        }
        eprintln!("{hit} of {kills}");
    }
    println!("{hit} intakes killed while they ran, of {done} started ({took:.1?} undisturbed): all tables equal");
    Ok(())
}

/// A share of the whole from 0 to 1, out of the upper bits of a number.
#[expect(clippy::cast_precision_loss, reason = "24 bits are held exactly")]
fn share(state: u64) -> f64 {
    (state >> 40) as f64 / (1_u64 << 24) as f64
}

/// Every row of every table, in an order of its own.
fn dump(grip: &Path, data: &Path) -> Result<Vec<String>, Failure> {
    let mut rows = Vec::new();
    for table in TABLES {
        let sql = format!("SELECT * FROM {table}");
        let output = Command::new(grip).arg("--data").arg(data).args(["sql", &sql, "--format", "csv"]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let mut lines: Vec<String> =
            String::from_utf8_lossy(&output.stdout).lines().map(|line| format!("{table} {line}")).collect();
        lines.sort_unstable();
        rows.append(&mut lines);
    }
    Ok(rows)
}
