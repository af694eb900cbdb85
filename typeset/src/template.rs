//! The files that say what a report looks like.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::Error;

/// The file that a template begins with.
const MAIN: &str = "rapport.typ";
/// Below this are the files that Grip brings; a template can't have its own there.
const OURS: &str = "grip/";
const FILES_MAX: usize = 200;
const BYTES_MAX: u64 = 20_000_000;
/// Folders in folders.
const DEPTH_MAX: usize = 5;

/// What a report looks like: the files of a template, in memory. While typesetting no other file can be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// By path below the root, with `/`.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Template {
    /// The look that Grip brings.
    pub fn standard() -> Self {
        Self::with_ours(BTreeMap::from([(MAIN.to_owned(), include_bytes!("../opmaak/rapport.typ").to_vec())]))
    }

    /// Reads the look of a municipality: `rapport.typ`, and beside it the pictures and fonts (`.ttf`, `.otf`) it uses. Links to
    /// places elsewhere are not followed, and names that begin with a dot are passed over.
    ///
    /// # Errors
    /// When the folder can't be read, has no `rapport.typ`, or holds more than 200 files or 20 MB.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        let (mut bytes, mut pending) = (0_u64, vec![(folder.to_owned(), String::new(), 0)]);
        while let Some((path, below, depth)) = pending.pop() {
            for entry in fs_err::read_dir(path)? {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                let kind = entry.file_type()?;
                if name.starts_with('.') {
                    continue;
                }
                let below = format!("{below}{name}");
                if kind.is_dir() && depth < DEPTH_MAX {
                    pending.push((entry.path(), format!("{below}/"), depth + 1));
                } else if kind.is_file() {
                    bytes += entry.metadata()?.len();
                    if bytes > BYTES_MAX {
                        return Err(Error::TooLarge { folder: folder.to_owned(), most: "20 MB" });
                    }
                    files.insert(below, fs_err::read(entry.path())?);
                    if files.len() > FILES_MAX {
                        return Err(Error::TooLarge { folder: folder.to_owned(), most: "200 files" });
                    }
                }
            }
        }
        if !files.contains_key(MAIN) {
            return Err(Error::NoTemplate { folder: PathBuf::from(folder) });
        }
        Ok(Self::with_ours(files))
    }

    fn with_ours(mut files: BTreeMap<String, Vec<u8>>) -> Self {
        files.retain(|path, _| !path.starts_with(OURS));
        files.insert(format!("{OURS}opmaak.typ"), include_bytes!("../opmaak/opmaak.typ").to_vec());
        Self { files }
    }

    /// The path of the file it begins with.
    pub(crate) fn main() -> &'static str {
        MAIN
    }
}
