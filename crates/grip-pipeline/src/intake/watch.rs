//! A drop folder: what is put into it is taken in and moved aside.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use grip_lake::Lake;
use grip_types::{Date, GemeenteCode, hex};

use super::{
    Fate, ReceivedOn, digest_of,
    offered::{self, Stamp},
    take_all,
};
use crate::{PipelineError, pseudonym::Key};

/// Folder inside the drop folder where files go that were taken in.
const TAKEN_FOLDER: &str = "ingelezen";
/// A file that keeps its size and time this long is whole. Who copies over a slow line writes more often than that.
const SETTLED_AFTER: Duration = Duration::from_secs(2);
/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Endings under which programs write what is not whole yet.
const UNFINISHED: [&str; 5] = ["tmp", "part", "partial", "filepart", "crdownload"];

/// What happens in a drop folder.
#[derive(Debug)]
pub enum WatchEvent<'e> {
    /// What became of a file or of a document inside it.
    Fate(&'e Fate<'e>),
    /// A file was moved aside, to this path below the drop folder.
    Moved {
        /// Path below the drop folder.
        file: &'e str,
        /// Path below the drop folder.
        to: &'e str,
    },
    /// Something stands in the way, and is tried again: a full disk, a folder that is away.
    Hindered(&'e PipelineError),
}

/// Watches a drop folder until `go_on` says no.
///
/// A file is taken when it has not changed for two seconds, and moved to the folder `ingelezen` when all of it is in. What
/// is not, stays where it is, is told of once, and is looked at again when it changes. A process that dies between taking
/// and moving has taken: the next finds the file known, and moves it.
///
/// # Errors
/// [`PipelineError::OtherKey`], and when the folder is none. What may pass is told as [`WatchEvent::Hindered`].
pub fn watch(
    lake: &Lake,
    key: &Key,
    folder: &Path,
    today: impl Fn() -> Date,
    only: Option<GemeenteCode>,
    mut tell: impl FnMut(WatchEvent<'_>),
    mut go_on: impl FnMut() -> bool,
) -> Result<(), PipelineError> {
    if !fs_err::metadata(folder)?.is_dir() {
        return Err(std::io::Error::new(std::io::ErrorKind::NotADirectory, folder.display().to_string()).into());
    }
    let mut waiting: BTreeMap<PathBuf, (Stamp, SystemTime)> = BTreeMap::new();
    let mut left: BTreeMap<PathBuf, Stamp> = BTreeMap::new();
    while go_on() {
        let now = SystemTime::now();
        let mut found = BTreeMap::new();
        if let Err(error) = look(folder, folder, &mut found) {
            tell(WatchEvent::Hindered(&error.into()));
        }
        waiting.retain(|path, (seen, _)| found.get(path) == Some(seen));
        left.retain(|path, seen| found.get(path) == Some(seen));
        let mut settled = Vec::new();
        for (path, seen) in found.into_iter().filter(|(path, _)| !left.contains_key(path)) {
            let (_, since) = waiting.entry(path.clone()).or_insert((seen, now));
            if now.duration_since(*since).is_ok_and(|still| still >= SETTLED_AFTER) {
                settled.push((path, seen));
            }
        }
        if !settled.is_empty() {
            match take(lake, key, folder, &settled, today(), only, &mut tell) {
                Ok(stay) => {
                    for (path, seen) in settled {
                        waiting.remove(&path);
                        if stay.contains(&path) {
                            left.insert(path, seen);
                        }
                    }
                }
                Err(error @ PipelineError::OtherKey { .. }) => return Err(error),
                Err(error) => tell(WatchEvent::Hindered(&error)),
            }
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

fn look(top: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Stamp>) -> std::io::Result<()> {
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        let is_unfinished = path.extension().is_some_and(|ending| UNFINISHED.iter().any(|known| ending == *known));
        if kind.is_dir() {
            if !(is_hidden || folder == top && entry.file_name() == TAKEN_FOLDER) {
                look(top, &path, found)?;
            }
        } else if kind.is_file() && !is_hidden && !is_unfinished {
            // It may have gone since the folder was read.
            if let Ok(metadata) = entry.metadata() {
                found.insert(path, Stamp::of(&metadata));
            }
        }
    }
    Ok(())
}

/// Takes files in and moves those of which everything is in. Gives those that stay.
fn take(
    lake: &Lake,
    key: &Key,
    folder: &Path,
    settled: &[(PathBuf, Stamp)],
    today: Date,
    only: Option<GemeenteCode>,
    tell: &mut impl FnMut(WatchEvent<'_>),
) -> Result<BTreeSet<PathBuf>, PipelineError> {
    let received = ReceivedOn::Day(today);
    let files: Vec<_> =
        settled.iter().map(|(path, seen)| offered::offer(folder, path.clone(), *seen, Some(today), key)).collect();
    let paths: BTreeMap<String, &Path> =
        files.iter().zip(settled).map(|(file, (path, _))| (file.name.clone(), path.as_path())).collect();
    // What is in, by the digest of what was read: only a file that still is what was read may be moved.
    let mut whole: BTreeMap<String, String> = BTreeMap::new();
    let count = files.len();
    take_all(
        lake,
        key,
        files.into_iter(),
        count,
        received,
        only,
        |_| {},
        |fate| {
            tell(WatchEvent::Fate(fate));
            if fate.is_in && paths.contains_key(fate.file) {
                whole.insert(fate.file.to_owned(), fate.digest.clone());
            }
        },
    )?;
    let mut stay: BTreeSet<PathBuf> = settled.iter().map(|(path, _)| path.clone()).collect();
    for (name, digest) in whole {
        let Some(path) = paths.get(&name) else { continue };
        match set_aside(folder, path, &digest, today) {
            Ok(Some(to)) => {
                stay.remove(*path);
                tell(WatchEvent::Moved { file: &name, to: &key.without_citizen_numbers(&to) });
            }
            // It has changed since it was read: another file, to be looked at anew.
            Ok(None) => drop(stay.remove(*path)),
            Err(error) => {
                stay.remove(*path);
                tell(WatchEvent::Hindered(&error.into()));
            }
        }
    }
    Ok(stay)
}

fn set_aside(folder: &Path, path: &Path, digest: &str, today: Date) -> std::io::Result<Option<String>> {
    let found = hex(digest_of(fs_err::File::open(path)?)?);
    if found != digest {
        return Ok(None);
    }
    let below = path.strip_prefix(folder).unwrap_or(path);
    let mut to = Path::new(TAKEN_FOLDER).join(today.to_string()).join(below);
    if folder.join(&to).exists() {
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{digest}"));
        to.set_file_name(name);
    }
    let target = folder.join(&to);
    if let Some(parent) = target.parent() {
        fs_err::create_dir_all(parent)?;
    }
    fs_err::rename(path, &target)?;
    Ok(Some(to.to_string_lossy().into_owned()))
}
