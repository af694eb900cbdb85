//! Lake and register as they are at one moment, in one file.

use std::{
    ffi::OsString,
    io::{ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

use grip_pipeline::Lake;
use grip_register::Register;
use jiff::Timestamp;

use crate::{
    Manifest, Progress, UpkeepError,
    archive::{self, DATA, REGISTER, Writer},
    wait_for,
};

/// What is to be kept.
pub struct Source<'s> {
    /// The tables, in their folder.
    pub lake: &'s Lake,
    /// Address of the register.
    pub register: &'s str,
    /// A folder for what is under way, on a disk with room for the register, that others can't look into.
    pub aside: &'s Path,
    /// Version of Grip.
    pub grip: &'s str,
    /// What time it is.
    pub at: Timestamp,
}

/// What in the data folder is kept in its own way, or is of the moment. All else goes along as it is: which key it was, indicators and terms
/// of one's own, reports of what was purged.
const APART: [&str; 3] = ["tables", "intake", "register"];

/// Writes a backup while others read and write, and answers what is in it. Nothing is committed to the tables while the register and the
/// logs of the tables are copied; readers that are not up to date wait as long.
///
/// # Errors
/// When the tables or the register can't be read, or `out` refuses; and [`UpkeepError::Removed`].
pub fn backup<W: Write>(
    source: &Source<'_>,
    out: W,
    mut tell: impl FnMut(Progress),
) -> Result<(Manifest, W), UpkeepError> {
    let root = source.lake.root();
    let mut writer = Writer::begin(out, source.grip, source.at, &mut tell)?;
    let frozen = source.lake.freeze()?;
    let aside = tempfile::Builder::new().prefix(".grip-register-").tempdir_in(source.aside)?;
    let register = aside.path().join(REGISTER);
    let edits = wait_for(async {
        let opened = Register::open(source.register).await?;
        let edits = opened.backup(&register).await;
        opened.close().await;
        edits
    })?;
    writer.manifest.edits = edits;
    writer.manifest.tables = frozen.versions.iter().map(|(name, version)| ((*name).to_owned(), *version)).collect();
    let mut small = Vec::new();
    for name in names_in(root)? {
        if !APART.iter().any(|apart| name == *apart) && !name.to_string_lossy().starts_with('.') {
            files_below(root, Path::new(&name), &mut small)?;
        }
    }
    small.extend(frozen.logs.iter().cloned());
    writer.progress.total =
        fs_err::metadata(&register)?.len() + frozen.rows.iter().map(|(_, bytes)| bytes).sum::<u64>();
    for path in &small {
        writer.progress.total += fs_err::metadata(root.join(path))?.len();
    }
    writer.add(REGISTER, &register)?;
    for path in small {
        writer.add(&name(&path), &root.join(&path))?;
    }
    for (path, _) in frozen.release() {
        writer.add(&name(&path), &root.join(&path)).map_err(|error| match error {
            UpkeepError::Io(error) if error.kind() == ErrorKind::NotFound => UpkeepError::Removed,
            other => other,
        })?;
    }
    writer.finish()
}

/// Reads a whole backup and answers what is in it, when all of it is there and as it was written.
///
/// # Errors
/// [`UpkeepError::Damaged`], [`UpkeepError::Later`], and [`UpkeepError::Io`].
pub fn check(from: impl Read, mut tell: impl FnMut(Progress)) -> Result<Manifest, UpkeepError> {
    archive::read(from, &mut tell, |_| Ok(None))
}

fn name(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    format!("{DATA}/{}", parts.join("/"))
}

/// The plain files in a folder, or the one file of that name, in the order of their names.
fn files_below(root: &Path, path: &Path, found: &mut Vec<PathBuf>) -> Result<(), UpkeepError> {
    let there = root.join(path);
    if there.is_file() {
        found.push(path.to_owned());
    } else if there.is_dir() {
        for name in names_in(&there)? {
            files_below(root, &path.join(name), found)?;
        }
    }
    Ok(())
}

fn names_in(folder: &Path) -> Result<Vec<OsString>, UpkeepError> {
    let names = fs_err::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    let mut names = names.collect::<Result<Vec<_>, UpkeepError>>()?;
    names.sort();
    Ok(names)
}
