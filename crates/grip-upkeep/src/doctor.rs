//! Whether an installation is well: each thing that was looked at, how it is, and what to do.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use grip_pipeline::{Grip, Key, PipelineError, TableColumns, existing_secret, open_lake};
use grip_register::{Register, SCHEMA};
use jiff::{Timestamp, Zoned, civil::Date};
use rustix::fs::{StatVfs, statfs, statvfs};
use serde::Serialize;

use crate::wait_for;

/// Room on the disk below which there is not enough for an intake and the copy of a backup, in bytes.
const ROOM_MIN: u64 = 1 << 30;
/// And the part of the disk, of a hundred.
const ROOM_PERCENT_MIN: u64 = 10;
/// Providers declare every month (iWmo and iJw: a declaratie is of a calendar month), so that without messages for longer something is
/// amiss.
const DAYS_WITHOUT_INTAKE_MAX: i64 = 35;

/// What is to be looked at.
pub struct Installation<'i> {
    /// Folder of the data.
    pub data: &'i Path,
    /// Address of the register.
    pub register: &'i str,
    /// Files with the key of the pseudonyms and with that of second factors and the log of deeds; None when there is no place for them.
    pub keys: Option<(PathBuf, PathBuf)>,
    /// Where the pages are served.
    pub listen: SocketAddr,
    /// Whether people sign in at a provider.
    pub has_provider: bool,
    /// Version of Grip.
    pub grip: &'i str,
    /// What time it is, and where.
    pub now: Zoned,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Attention,
    /// It does not work, or is not safe.
    Fault,
}

/// One thing that was looked at. Names folders, files, tables and versions, and nothing that is in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about, the same in every version.
    pub check: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do; empty when nothing is.
    pub advice: &'static str,
}

type Found = (State, String, &'static str);

fn well(found: impl Into<String>) -> Found {
    (State::Ok, found.into(), "")
}

fn attention(found: impl Into<String>, advice: &'static str) -> Found {
    (State::Attention, found.into(), advice)
}

fn fault(found: impl Into<String>, advice: &'static str) -> Found {
    (State::Fault, found.into(), advice)
}

/// Looks at everything, and changes nothing but a file that it makes and removes again to see whether it may.
pub fn examine(place: &Installation<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut add = |check, (state, found, advice): Found| findings.push(Finding { check, state, found, advice });
    add("version", well(format!("Grip {}", place.grip)));
    add("data_folder", data_folder(place.data));
    add("room", room(place.data));
    add("file_system", file_system(place.data));
    let (tables, last_intake) = tables(place.data);
    add("tables", tables);
    add("intake", intake(last_intake, place.now.date()));
    add("pseudonym_key", pseudonym_key(place));
    let (register, last_edit, accounts) = register(place.register);
    add("register", register);
    add("access_key", access_key(place, accounts));
    add("clock", clock(&place.now, last_edit, newest_commit(place.data)));
    add("time_zone", time_zone(&place.now));
    add("address", address(place, accounts));
    findings
}

fn data_folder(data: &Path) -> Found {
    let shown = data.display();
    if !data.is_dir() {
        let advice = "name it with --data or GRIP_DATA; `grip ingest` makes it when it takes messages in";
        return fault(format!("`{shown}` is no folder"), advice);
    }
    let tried =
        tempfile::Builder::new().prefix(".grip-doctor-").tempfile_in(data).and_then(tempfile::NamedTempFile::close);
    match (fs_err::read_dir(data), tried) {
        (Ok(_), Ok(())) => well(format!("`{shown}` can be read and written")),
        (Ok(_), Err(error)) => {
            fault(format!("`{shown}` can't be written: {error}"), "give this account the right to write in it")
        }
        (Err(error), _) => fault(format!("{error}"), "give this account the right to read it"),
    }
}

fn room(data: &Path) -> Found {
    let Ok(StatVfs { f_frsize, f_blocks, f_bavail, .. }) = statvfs(data) else {
        return attention("how much room there is can't be told", "look at the disk of the data folder yourself");
    };
    let (free, all) = (f_frsize * f_bavail, (f_frsize * f_blocks).max(1));
    let found = format!("{} GB free of {} GB", free >> 30, all >> 30);
    let advice = "make room, or move the data folder to a larger disk";
    match () {
        () if free < ROOM_MIN => fault(found, advice),
        () if free * 100 / all < ROOM_PERCENT_MIN => attention(found, advice),
        () => well(found),
    }
}

/// Numbers by which Linux knows file systems (statfs(2)), with their names and whether locks on them hold for all who see them.
const FILE_SYSTEMS: [(u64, &str, bool); 14] = [
    (0xEF53, "ext4", true),
    (0x5846_5342, "xfs", true),
    (0x9123_683E, "btrfs", true),
    (0x2FC1_2FC1, "zfs", true),
    (0xF2F5_2010, "f2fs", true),
    (0x0102_1994, "tmpfs", true),
    (0x794C_7630, "overlay", true),
    (0x6969, "nfs", false),
    (0xFF53_4D42, "cifs", false),
    (0xFE53_4D42, "smb", false),
    (0x517B, "smb", false),
    (0x6573_5546, "fuse", false),
    (0x0102_1997, "9p", false),
    (0x4D44, "vfat", false),
];

fn file_system(data: &Path) -> Found {
    let Ok(found) = statfs(data) else {
        return attention("the file system can't be told", "keep the data on a local disk");
    };
    // The type of the number differs by platform, and some are negative there.
    let number = u64::from_ne_bytes(found.f_type.to_ne_bytes()) & 0xFFFF_FFFF;
    match FILE_SYSTEMS.iter().find(|(known, _, _)| *known == number) {
        Some((_, name @ ("tmpfs" | "overlay"), _)) => attention(
            format!("the data is on {name}, which ends with the machine or the container"),
            "keep the data on a disk or a volume of its own",
        ),
        Some((_, name, true)) => well(*name),
        Some((_, name, false)) => attention(
            format!("the data is on {name}, where locks need not hold between machines"),
            "let one machine only use this folder, or keep the data on a local disk",
        ),
        None => attention(format!("file system {number:#x} is not known"), "keep the data on a local disk with locks"),
    }
}

/// How the tables are, and the day of the last receipt.
fn tables(data: &Path) -> (Found, Option<Date>) {
    let looked = open_lake(data).and_then(|lake| {
        let unknown = lake.unknown_table()?;
        Ok((lake.exists(), unknown, lake.examine()?))
    });
    let (exists, unknown, states) = match looked {
        Ok(looked) => looked,
        Err(error) => return (fault(error.to_string(), "bring back a backup into another folder and compare"), None),
    };
    if !exists {
        return (attention("nothing was taken in yet", "take messages in: grip ingest DIR"), None);
    }
    let named = |is: &dyn Fn(&grip_pipeline::TableState) -> bool| -> Vec<&str> {
        states.iter().filter(|state| is(state)).map(|state| state.name).collect()
    };
    let broken = named(&|state| state.version.is_err() || state.damaged > 0);
    if !broken.is_empty() {
        let found = format!("can't be read, or miss files: {}", broken.join(", "));
        return (fault(found, "throw nothing away; bring back a backup into another folder and compare"), None);
    }
    let later = named(&|state| state.columns == TableColumns::Later);
    if !later.is_empty() || unknown.is_some() {
        let names: Vec<&str> = later.into_iter().chain(unknown.as_deref()).collect();
        return (
            fault(format!("of a later Grip: {}", names.join(", ")), "use the Grip that wrote them, or a later one"),
            None,
        );
    }
    let other = named(&|state| state.columns == TableColumns::Other);
    if !other.is_empty() {
        let found = format!("with other columns than this version writes: {}", other.join(", "));
        return (fault(found, "take the files in again, into another data folder"), None);
    }
    let last = Grip::open(data).and_then(|grip| grip.last_received());
    let last = match last {
        Ok(last) => last,
        Err(error) => {
            return (fault(error.to_string(), "throw nothing away; bring back a backup elsewhere and compare"), None);
        }
    };
    let files: usize = states.iter().map(|state| state.files).sum();
    let earlier = named(&|state| state.columns == TableColumns::Earlier);
    let found = format!("{} tables, {files} files", states.len());
    let found = match earlier.is_empty() {
        true => well(found),
        false => well(format!("{found}; the next intake adds columns to {}", earlier.join(", "))),
    };
    (found, last)
}

fn intake(last: Option<Date>, today: Date) -> Found {
    let Some(last) = last else {
        return attention("no message was received yet", "take messages in: grip ingest DIR");
    };
    let days = i64::from(last.until(today).map_or(0, |span| span.get_days()));
    match days {
        ..0 => attention(
            format!("the last message is of {last}, after today"),
            "see whether the clock or --received-on was wrong",
        ),
        0..=DAYS_WITHOUT_INTAKE_MAX => well(format!("last message received on {last}, {days} days ago")),
        _ => attention(
            format!("last message received on {last}, {days} days ago"),
            "see whether messages still come in, and whether `grip watch` runs",
        ),
    }
}

/// How a file with a key is, apart from what is in it.
fn key_file(path: &Path) -> Option<Found> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs_err::metadata(path).ok()?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let found = format!("`{}` can be read or written by others (mode {mode:04o})", path.display());
            return Some(fault(found, "let only its owner read it: chmod 0600"));
        }
    }
    None
}

const NO_KEY_PLACE: &str = "name a file with --key FILE or GRIP_KEY";

fn pseudonym_key(place: &Installation<'_>) -> Found {
    let Some((path, _)) = &place.keys else { return attention("there is no place for it", NO_KEY_PLACE) };
    let shown = path.display();
    match Key::load(path, place.data).and_then(|key| key.is_of(place.data)) {
        Ok(is_used) => key_file(path).unwrap_or_else(|| match is_used {
            true => well(format!("`{shown}` is the key of this data")),
            false => well(format!("`{shown}`; nothing was taken in under it yet")),
        }),
        Err(PipelineError::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            well(format!("`{shown}` can't be read by this account, as is right for one that only serves pages"))
        }
        Err(PipelineError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => attention(
            format!("there is no `{shown}`"),
            "right for an account that only serves pages; for the intake name the key of this data with --key or GRIP_KEY",
        ),
        Err(PipelineError::KeyInside { .. }) => fault(
            format!("`{shown}` lies in the data folder"),
            "move it: who has the data must not have the key with it",
        ),
        Err(PipelineError::OtherKey { .. }) => {
            fault(format!("`{shown}` is not the key of this data"), "put back the key that the data was taken in under")
        }
        Err(error) => fault(error.to_string(), "put back the right key, of 64 hexadecimal digits"),
    }
}

fn access_key(place: &Installation<'_>, accounts: Option<usize>) -> Found {
    let Some((_, path)) = &place.keys else { return attention("there is no place for it", NO_KEY_PLACE) };
    let shown = path.display();
    match existing_secret(path, place.data) {
        Ok(_) => key_file(path).unwrap_or_else(|| well(format!("`{shown}`"))),
        Err(_) if accounts == Some(0) && !path.exists() => well("not needed: nobody has an account"),
        Err(PipelineError::KeyInside { .. }) => fault(
            format!("`{shown}` lies in the data folder"),
            "move it: who has the data must not have the key with it",
        ),
        Err(PipelineError::Io(_)) => attention(
            format!("`{shown}` can't be read by this account"),
            "whoever serves the pages needs it: without it second factors do not work and the log of deeds can't be verified",
        ),
        Err(error) => fault(error.to_string(), "put back the right key, of 64 hexadecimal digits"),
    }
}

/// How the register is, when it was last written, and how many accounts there are.
fn register(address: &str) -> (Found, Option<Timestamp>, Option<usize>) {
    let looked = match wait_for(grip_register::examine(address)) {
        Ok(looked) => looked,
        Err(error) => {
            let advice = "see whether its database runs, and whether this account may use it; bring back a backup when it is damaged";
            return (fault(error.to_string(), advice), None, None);
        }
    };
    let Some(looked) = looked else { return (well("nothing was written yet"), None, Some(0)) };
    if !looked.damage.is_empty() {
        let found = format!("the database is damaged: {}", looked.damage.join("; "));
        return (fault(found, "stop Grip, keep the file, and bring back a backup"), looked.last_edit, None);
    }
    let found = format!("{}, schema {}, {} edits", looked.database, looked.schema, looked.edits);
    let found = match looked.schema.cmp(&SCHEMA) {
        std::cmp::Ordering::Greater => {
            fault(format!("{found}: of a later Grip"), "use the Grip that wrote it, or a later one")
        }
        std::cmp::Ordering::Less => attention(
            format!("{found}: of an earlier Grip"),
            "make a backup: the next start brings it up to date, and an earlier Grip can't open it then",
        ),
        std::cmp::Ordering::Equal => {
            let accounts = wait_for(async {
                let opened = Register::open(address).await?;
                let accounts = opened.accounts().await;
                opened.close().await;
                accounts
            });
            return match accounts {
                Ok(accounts) => (well(found), looked.last_edit, Some(accounts.len())),
                Err(error) => (fault(error.to_string(), "see whether this account may use it"), looked.last_edit, None),
            };
        }
    };
    (found, looked.last_edit, None)
}

/// When a table was last written.
fn newest_commit(data: &Path) -> Option<Timestamp> {
    let tables = fs_err::read_dir(data.join("tables")).ok()?;
    let logs = tables.filter_map(|entry| fs_err::read_dir(entry.ok()?.path().join("_delta_log")).ok()).flatten();
    let written = logs.filter_map(|entry| entry.ok()?.metadata().ok()?.modified().ok()?.try_into().ok());
    written.max()
}

/// How far a clock may be before what was written, in seconds: machines that share a disk differ a little.
const CLOCK_SECONDS_MAX: i64 = 60;

fn clock(now: &Zoned, last_edit: Option<Timestamp>, last_commit: Option<Timestamp>) -> Found {
    let behind = |last: Option<Timestamp>| {
        last.is_some_and(|last| last.as_second() - now.timestamp().as_second() > CLOCK_SECONDS_MAX)
    };
    let advice = "set the clock right, and let it be set over the network";
    match (behind(last_edit), behind(last_commit)) {
        (true, _) => fault(format!("it says {now}, before the last edit in the register"), advice),
        (_, true) => fault(format!("it says {now}, before the last intake"), advice),
        _ => well(now.to_string()),
    }
}

fn time_zone(now: &Zoned) -> Found {
    match now.time_zone().iana_name() {
        Some(name) if name != "Etc/Unknown" => well(name),
        _ => attention(
            "the zone of this machine is not known: days of receipt are those of UTC",
            "install tzdata and set the zone: timedatectl set-timezone Europe/Amsterdam",
        ),
    }
}

fn address(place: &Installation<'_>, accounts: Option<usize>) -> Found {
    let listen = place.listen;
    match (listen.ip().is_loopback(), place.has_provider || accounts.is_some_and(|accounts| accounts > 0)) {
        (true, true) => well(format!("{listen}, for this machine and who stands before it")),
        (true, false) => well(format!("{listen}, for this machine only; who can reach it sees everything")),
        (false, true) => attention(
            format!("{listen} can be reached from the network, and Grip itself speaks no TLS"),
            "let it listen on 127.0.0.1 and put a proxy with a certificate before it",
        ),
        (false, false) => fault(
            format!("{listen} can be reached from the network, and nobody has to sign in"),
            "let it listen on 127.0.0.1, or make accounts first",
        ),
    }
}
