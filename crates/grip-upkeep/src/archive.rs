//! The file of a backup: members one after the other, and last the list of them.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, EntryType, Header};

use crate::{Progress, UpkeepError};

/// The form of a backup that this build writes, and the last one it reads.
pub const FORMAT: u32 = 1;
/// Members by name.
const HEAD: &str = "grip-backup.json";
const MANIFEST: &str = "manifest.json";
pub(crate) const REGISTER: &str = "register.jsonl";
/// Folder of what belongs in the data folder.
pub(crate) const DATA: &str = "data";
/// Bytes of the list at the end, at most: a million files.
const MANIFEST_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Bytes that are copied at once.
const PART: usize = 128 * 1024;

/// The first member.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    format: u32,
    grip: String,
    made_at: String,
}

/// What is in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the Grip that made it.
    pub grip: String,
    /// When, as RFC 3339.
    pub made_at: String,
    /// Version of each table.
    pub tables: BTreeMap<String, u64>,
    /// Edits in the register.
    pub edits: i64,
    /// Every other member but the first, in the order in which they are there.
    pub members: Vec<Member>,
}

impl Manifest {
    /// Bytes of all members together.
    pub fn bytes(&self) -> u64 {
        self.members.iter().map(|member| member.bytes).sum()
    }
}

/// A file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its path, with `/`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// Writes a backup.
pub(crate) struct Writer<'p, W: Write> {
    tar: Builder<W>,
    seconds: u64,
    pub(crate) manifest: Manifest,
    pub(crate) progress: Progress,
    tell: &'p mut dyn FnMut(Progress),
}

impl<'p, W: Write> Writer<'p, W> {
    pub(crate) fn begin(
        out: W,
        grip: &str,
        made_at: jiff::Timestamp,
        tell: &'p mut dyn FnMut(Progress),
    ) -> Result<Self, UpkeepError> {
        let manifest = Manifest {
            grip: grip.to_owned(),
            made_at: made_at.to_string(),
            tables: BTreeMap::new(),
            edits: 0,
            members: Vec::new(),
        };
        let head = Head { format: FORMAT, grip: manifest.grip.clone(), made_at: manifest.made_at.clone() };
        let seconds = u64::try_from(made_at.as_second()).unwrap_or_default();
        let progress = Progress { done: 0, total: 0 };
        let mut writer = Self { tar: Builder::new(out), seconds, manifest, progress, tell };
        writer.put(HEAD, &to_json(&head)?)?;
        Ok(writer)
    }

    /// Adds a file as it is now.
    pub(crate) fn add(&mut self, name: &str, from: &Path) -> Result<(), UpkeepError> {
        let file = fs_err::File::open(from)?;
        let bytes = file.metadata()?.len();
        let mut copied = Copied {
            from: file.take(bytes),
            hash: Sha256::new(),
            done: 0,
            progress: self.progress,
            tell: &mut *self.tell,
        };
        self.tar.append_data(&mut header(bytes, self.seconds), name, &mut copied)?;
        let (done, hash) = (copied.done, copied.hash);
        self.progress.done += done;
        if done != bytes {
            return Err(UpkeepError::Damaged(format!("`{name}` became shorter while it was copied")));
        }
        self.manifest.members.push(Member { path: name.to_owned(), bytes, sha256: hex::encode(hash.finalize()) });
        Ok(())
    }

    /// Adds the list, and gives back what was written to.
    pub(crate) fn finish(mut self) -> Result<(Manifest, W), UpkeepError> {
        let list = to_json(&self.manifest)?;
        self.put(MANIFEST, &list)?;
        Ok((self.manifest, self.tar.into_inner()?))
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), UpkeepError> {
        Ok(self.tar.append_data(&mut header(bytes.len() as u64, self.seconds), name, bytes)?)
    }
}

fn header(bytes: u64, seconds: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(EntryType::Regular);
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(seconds);
    header
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, UpkeepError> {
    serde_json::to_vec_pretty(value).map_err(|error| UpkeepError::Damaged(error.to_string()))
}

/// What goes through here is counted and hashed.
struct Copied<'t, R> {
    from: R,
    hash: Sha256,
    done: u64,
    progress: Progress,
    tell: &'t mut dyn FnMut(Progress),
}

impl<R: Read> Read for Copied<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.hash.update(buffer.get(..read).unwrap_or_default());
        self.done += read as u64;
        (self.tell)(Progress { done: self.progress.done + self.done, ..self.progress });
        Ok(read)
    }
}

/// Reads a whole backup, gives each member to `place` as a path and answers where it goes, if anywhere; and answers what it holds, when
/// all of it is there and as it was written.
pub(crate) fn read(
    from: impl Read,
    tell: &mut dyn FnMut(Progress),
    mut place: impl FnMut(&Path) -> Result<Option<fs_err::File>, UpkeepError>,
) -> Result<Manifest, UpkeepError> {
    let damaged = |problem: &str| UpkeepError::Damaged(problem.to_owned());
    let unreadable = |error: std::io::Error| UpkeepError::Damaged(format!("it can't be read to its end: {error}"));
    let mut archive = Archive::new(from);
    let mut entries = archive.entries().map_err(unreadable)?;
    let first = entries.next().ok_or_else(|| damaged("it is empty"))?;
    let mut first = first.map_err(|_| damaged("it is no backup of Grip"))?;
    if name_of(&first)? != Path::new(HEAD) {
        return Err(damaged("it is no backup of Grip"));
    }
    let head: Head = parse(&mut first)?;
    if head.format > FORMAT {
        return Err(UpkeepError::Later { found: head.format, known: FORMAT });
    }
    let (mut found, mut list, mut buffer) = (Vec::new(), None::<Manifest>, vec![0; PART]);
    let mut progress = Progress { done: 0, total: 0 };
    for entry in entries {
        let mut entry = entry.map_err(unreadable)?;
        if list.is_some() {
            return Err(damaged("there is more after the list of what is in it"));
        }
        let name = name_of(&entry)?;
        if name == Path::new(MANIFEST) {
            list = Some(parse(&mut entry)?);
            continue;
        }
        let mut to = place(&name)?;
        let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
        loop {
            let read = entry.read(&mut buffer).map_err(unreadable)?;
            let part = buffer.get(..read).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            hash.update(part);
            bytes += part.len() as u64;
            if let Some(to) = &mut to {
                to.write_all(part)?;
            }
            progress.done += part.len() as u64;
            tell(progress);
        }
        if let Some(to) = to {
            to.sync_all()?;
        }
        let path = name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        found.push(Member { path, bytes, sha256: hex::encode(hash.finalize()) });
    }
    let list = list.ok_or_else(|| damaged("its end is missing"))?;
    if list.members.len() != found.len() {
        return Err(damaged("files are missing or were added"));
    }
    if let Some((member, _)) = list.members.iter().zip(&found).find(|(listed, there)| listed != there) {
        return Err(UpkeepError::Damaged(format!("`{}` is not as it was written", member.path)));
    }
    Ok(list)
}

fn parse<T: serde::de::DeserializeOwned>(entry: &mut impl Read) -> Result<T, UpkeepError> {
    let mut text = Vec::new();
    entry.take(MANIFEST_BYTES_MAX).read_to_end(&mut text)?;
    serde_json::from_slice(&text).map_err(|error| UpkeepError::Damaged(error.to_string()))
}

/// The path of a member, when it is a plain file that stays where it is put.
fn name_of<R: Read>(entry: &tar::Entry<'_, R>) -> Result<PathBuf, UpkeepError> {
    let name = entry.path().map_err(|error| UpkeepError::Damaged(error.to_string()))?.into_owned();
    let stays = name.components().all(|part| matches!(part, Component::Normal(_)));
    let is_known = [HEAD, MANIFEST, REGISTER].iter().any(|known| name == Path::new(known)) || name.starts_with(DATA);
    if entry.header().entry_type() != EntryType::Regular || !stays || !is_known {
        return Err(UpkeepError::Damaged("it holds what does not belong in it".to_owned()));
    }
    Ok(name)
}
