//! What is offered at the door: files in folders, and what comes out of files.

use std::{
    ffi::OsString,
    fs::Metadata,
    io::Read,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use grip_messages::{Finding, Place, Rule, door};
use grip_types::{Date, parse_date};

use super::ReceivedOn;
use crate::{PipelineError, pseudonym::Key};

/// What is read at all of one message.
pub(super) const READ_BYTES_MAX: u64 = 64 << 20;

/// Enough to be worth a thread, few enough to hold.
const FILES_AT_A_TIME: usize = 4096;
/// How often a file is read that changes meanwhile.
const READINGS_MAX: usize = 3;
/// A file that was written shorter ago may still be written to.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// How long a fresh file has to stay as it is. Clocks of file systems tick every 4 ms or so, and a writer may have to wait for
/// its turn.
pub(super) const FRESH_WAIT: Duration = Duration::from_millis(100);

/// One file, or one document out of a file.
pub(super) struct Offered {
    pub(super) content: Content,
    /// Path below the offered folder, with `/`; inside a container the path goes on.
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) received: Option<Date>,
}

pub(super) enum Content {
    /// With what it was when it was listed.
    OnDisk(PathBuf, Stamp),
    /// A link or a device: not followed, because what it points at may lie anywhere.
    NoFile,
    Unpacked(Vec<u8>),
}

/// A folder whose files have not been listed yet: so that what is in memory does not grow with the number of files.
pub(super) struct Folder {
    path: PathBuf,
    received: Option<Date>,
    pub(super) files: usize,
}

/// The folders with files in and below the one that is offered, in the order of the day received and their path.
pub(super) fn folders(offered: &Path, received: ReceivedOn) -> Result<Vec<Folder>, PipelineError> {
    let metadata = fs_err::metadata(offered)?;
    if metadata.is_file() {
        let received = day_received(offered.parent().unwrap_or(offered), received);
        return Ok(vec![Folder { path: offered.to_owned(), received, files: 1 }]);
    }
    let mut found = Vec::new();
    let mut pending = vec![offered.to_owned()];
    while let Some(path) = pending.pop() {
        let mut folder = Folder { received: day_received(&path, received), path, files: 0 };
        match fs_err::read_dir(&folder.path) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    match entry.file_type() {
                        Ok(kind) if kind.is_dir() => pending.push(entry.path()),
                        Ok(_) => folder.files += 1,
                        Err(_) => {}
                    }
                }
            }
            Err(error) if folder.path == offered => return Err(error.into()),
            // A folder that can't be looked into is offered as a file that can't be read.
            Err(_) => folder.files = 1,
        }
        if folder.files > 0 {
            found.push(folder);
        }
    }
    found.sort_by(|a, b| (a.received, &a.path).cmp(&(b.received, &b.path)));
    Ok(found)
}

fn day_received(folder: &Path, received: ReceivedOn) -> Option<Date> {
    match received {
        ReceivedOn::Day(day) => Some(day),
        // The offered folder itself, or one above it, may be the dated one.
        ReceivedOn::FromFolder => {
            let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            absolute.iter().rev().find_map(|part| parse_date(part.to_str()?))
        }
    }
}

/// The day a document inside a container was received: of the nearest dated folder above it, inside or outside.
pub(super) fn day_inside(path: &str, received: ReceivedOn, container: Option<Date>) -> Option<Date> {
    match received {
        ReceivedOn::Day(day) => Some(day),
        ReceivedOn::FromFolder => path.rsplit('/').skip(1).find_map(parse_date).or(container),
    }
}

/// The files of all folders in their order. Folders of some thousand files together are listed at a time, on all processors.
pub(super) fn files<'f>(
    offered: &'f Path,
    mut folders: &'f [Folder],
    key: &'f Key,
) -> impl Iterator<Item = Offered> + 'f {
    std::iter::from_fn(move || {
        let mut files = 0;
        let is_enough = |folder: &Folder| {
            files += folder.files;
            files >= FILES_AT_A_TIME
        };
        let count = folders.iter().position(is_enough).map_or(folders.len(), |last| last + 1);
        let (some, rest) = folders.split_at(count);
        folders = rest;
        (!some.is_empty()).then(|| list(offered, some, key))
    })
    .flatten()
}

fn list(offered: &Path, folders: &[Folder], key: &Key) -> Vec<Offered> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let share = |some: &[Folder]| some.iter().flat_map(|folder| files_in(offered, folder, key)).collect::<Vec<_>>();
        let workers: Vec<_> =
            folders.chunks(folders.len().div_ceil(processors)).map(|some| scope.spawn(move || share(some))).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("listing a folder does not panic")).collect()
    })
}

/// The files of a folder by name. What is no file is offered too, so that it is refused by name.
fn files_in(offered: &Path, folder: &Folder, key: &Key) -> Vec<Offered> {
    let Ok(entries) = fs_err::read_dir(&folder.path) else {
        // One file is offered by itself; a folder that can't be looked into as a file that can't be read.
        let stamp = fs_err::metadata(&folder.path).map_or(Stamp::default(), |metadata| Stamp::of(&metadata));
        return vec![offer(offered, folder.path.clone(), stamp, folder.received, key)];
    };
    let mut files = Vec::with_capacity(folder.files);
    for entry in entries.flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if !kind.is_dir() {
            let listed = kind.is_file().then(|| entry.metadata().ok()).flatten();
            files.push((entry.file_name(), kind.is_file(), listed.as_ref().map(Stamp::of).unwrap_or_default()));
        }
    }
    files.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
    let above = name_below(offered, &folder.path);
    let offer = |(name, is_file, stamp): (OsString, bool, Stamp)| Offered {
        name: key.without_citizen_numbers(&format!("{above}{}", name.to_string_lossy())),
        content: if is_file { Content::OnDisk(folder.path.join(name), stamp) } else { Content::NoFile },
        bytes: stamp.bytes,
        received: folder.received,
    };
    files.into_iter().map(offer).collect()
}

/// A path below the offered folder with `/` after each part; nothing for that folder itself.
fn name_below(offered: &Path, path: &Path) -> String {
    let below = path.strip_prefix(offered).unwrap_or(path);
    below.iter().flat_map(|part| [part.to_string_lossy(), "/".into()]).collect()
}

/// A file below the offered folder.
pub(super) fn offer(offered: &Path, path: PathBuf, stamp: Stamp, received: Option<Date>, key: &Key) -> Offered {
    let below = match name_below(offered, &path) {
        itself if itself.is_empty() => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        below => below,
    };
    let name = key.without_citizen_numbers(below.trim_end_matches('/'));
    Offered { content: Content::OnDisk(path, stamp), name, bytes: stamp.bytes, received }
}

/// Size and time of a file: another stamp is another content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }

    /// Written just now: it may not be whole, however well it reads.
    fn is_recent(&self) -> bool {
        self.modified.is_none_or(|modified| modified.elapsed().is_ok_and(|since| since < FRESH_FOR))
    }

    /// Whether the file is still as it was when it was read.
    pub(super) fn holds(&self, file: &Offered) -> bool {
        match &file.content {
            Content::OnDisk(path, _) => fs_err::metadata(path).is_ok_and(|metadata| Self::of(&metadata) == *self),
            _ => true,
        }
    }
}

/// The bytes of what is offered, in `buffer` when they come from disk; and the stamp of a file that was written just before.
pub(super) fn read<'b>(file: &'b Offered, buffer: &'b mut Vec<u8>) -> Result<(&'b [u8], Option<Stamp>), Finding> {
    let (path, listed) = match &file.content {
        Content::Unpacked(bytes) => return Ok((bytes, None)),
        Content::NoFile => {
            return Err(whole(door::NIET_LEESBAAR, "het is een verwijzing of apparaat en geen bestand".to_owned()));
        }
        Content::OnDisk(path, listed) => (path, listed),
    };
    if file.bytes > READ_BYTES_MAX {
        return Err(whole(door::TE_GROOT, format!("het bestand is {} bytes", file.bytes)));
    }
    let mut before = *listed;
    for _ in 0..READINGS_MAX {
        let mut opened = fs_err::File::open(path).map_err(|error| unreadable(&error))?;
        read_to_end(&mut opened, before.bytes, buffer)?;
        let after = Stamp::of(&opened.metadata().map_err(|error| unreadable(&error))?);
        // Who writes while it is read leaves a mixture behind.
        if after == before && after.bytes == buffer.len() as u64 {
            return Ok((buffer, after.is_recent().then_some(after)));
        }
        before = after;
    }
    Err(changes())
}

/// A file that is written to while it is read.
pub(super) fn changes() -> Finding {
    whole(door::VERANDERT_NOG, "een ander programma schrijft nog in het bestand".to_owned())
}

fn read_to_end(opened: &mut impl Read, counted: u64, buffer: &mut Vec<u8>) -> Result<(), Finding> {
    // One call for what was counted and one for the end; a file that has grown since takes more.
    buffer.resize(usize::try_from(counted.min(READ_BYTES_MAX)).unwrap_or_default().saturating_add(1), 0);
    let mut filled = 0;
    loop {
        let read = match opened.read(&mut buffer[filled..]) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            other => other.map_err(|error| unreadable(&error))?,
        };
        filled += read;
        if read == 0 {
            buffer.truncate(filled);
            return Ok(());
        }
        if filled as u64 > READ_BYTES_MAX {
            return Err(whole(door::TE_GROOT, format!("het bestand is meer dan {READ_BYTES_MAX} bytes")));
        }
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
    }
}

pub(super) fn unreadable(error: &std::io::Error) -> Finding {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "het bestand is er niet meer".to_owned(),
        std::io::ErrorKind::PermissionDenied => "Grip mag het bestand niet lezen".to_owned(),
        kind => format!("het bestand is niet te lezen ({kind})"),
    };
    whole(door::NIET_LEESBAAR, why)
}

/// A finding about a file as a whole.
pub(super) fn whole(rule: &'static Rule, text: String) -> Finding {
    Finding { rule, place: Place::default(), element: String::new(), text }
}
