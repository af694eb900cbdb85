//! Bringing back a backup: written aside, held against its list, opened, and only then put in its place.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use grip_pipeline::{TableColumns, open_lake};
use grip_register::Register;

use crate::{
    Manifest, Progress, UpkeepError,
    archive::{self, DATA, REGISTER},
    wait_for,
};

/// Folder, inside the one that is brought back to, of what is under way.
const ASIDE: &str = ".terugzetten";
/// The file of the register where no database is named.
const REGISTER_FILE: &str = "register/register.db";

/// Brings a backup back into a folder that is empty or does not exist, and its register into the file in there, or into the empty database
/// at `register`. Answers what was in it. What fails leaves nothing behind; what was cut off is begun anew by the next.
///
/// # Errors
/// [`UpkeepError::NotEmpty`], [`UpkeepError::Damaged`], [`UpkeepError::Later`], when the database is not empty, and when the disk refuses.
pub fn restore(
    from: impl Read,
    data: &Path,
    register: Option<&str>,
    mut tell: impl FnMut(Progress),
) -> Result<Manifest, UpkeepError> {
    let data = std::path::absolute(data)?;
    let was_there = data.exists();
    fs_err::create_dir_all(&data)?;
    let aside = data.join(ASIDE);
    for entry in fs_err::read_dir(&data)? {
        if entry?.path() != aside {
            return Err(UpkeepError::NotEmpty(data));
        }
    }
    remove(&aside)?;
    fs_err::create_dir(&aside)?;
    let done = fill(from, &aside, register, &mut tell).and_then(|manifest| {
        // The tables last: without them there is no data, and so not half of it.
        let mut names = names_in(&aside.join(DATA))?;
        names.sort_by_key(|name| name == Path::new("tables"));
        for name in names {
            fs_err::rename(aside.join(DATA).join(&name), data.join(&name))?;
        }
        Ok(manifest)
    });
    remove(&aside)?;
    if done.is_err() && !was_there {
        fs_err::remove_dir(&data)?;
    }
    if cfg!(unix) && done.is_ok() {
        fs_err::File::open(&data)?.sync_all()?;
    }
    done
}

fn fill(
    from: impl Read,
    aside: &Path,
    register: Option<&str>,
    tell: &mut dyn FnMut(Progress),
) -> Result<Manifest, UpkeepError> {
    fs_err::create_dir(aside.join(DATA))?;
    let manifest = archive::read(from, tell, |name| {
        let path = aside.join(name);
        if let Some(folder) = path.parent() {
            fs_err::create_dir_all(folder)?;
        }
        Ok(Some(fs_err::OpenOptions::new().write(true).create_new(true).open(path)?))
    })?;
    let data = aside.join(DATA);
    check_tables(&data, &manifest)?;
    let own = format!("sqlite:{}", data.join(REGISTER_FILE).display());
    let edits = wait_for(async {
        let opened = Register::open(register.unwrap_or(&own)).await?;
        let edits = opened.restore(&aside.join(REGISTER)).await;
        opened.close().await;
        edits
    })?;
    if edits != manifest.edits {
        return Err(UpkeepError::Damaged("the register is not the one that was kept".to_owned()));
    }
    Ok(manifest)
}

/// Opens every table: its version is the one that was kept and every file of it is there.
fn check_tables(data: &Path, manifest: &Manifest) -> Result<(), UpkeepError> {
    let lake = open_lake(data)?;
    // Says what to do when a later Grip made them.
    lake.snapshot(None)?;
    remove(&data.join("intake"))?;
    for state in lake.examine()? {
        let kept = manifest.tables.get(state.name).copied().unwrap_or_default();
        let is_whole = state.version == Ok(kept) && state.damaged == 0 && state.columns != TableColumns::Other;
        if !is_whole {
            return Err(UpkeepError::Damaged(format!("table `{}` is not whole", state.name)));
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), UpkeepError> {
    match fs_err::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn names_in(folder: &Path) -> Result<Vec<PathBuf>, UpkeepError> {
    let entries = fs_err::read_dir(folder)?;
    entries.map(|entry| Ok(PathBuf::from(entry?.file_name()))).collect()
}
