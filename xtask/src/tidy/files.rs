//! The files of the repository as they are on disk.

use std::path::Path;

use crate::{Failure, root};

/// Folders that hold nothing that was written by hand, and the data of a demonstration.
const SKIPPED: [&str; 5] = [".git", "target", "grip-data", "grip-sample", "node_modules"];

/// A text file.
#[derive(Debug)]
pub(super) struct TextFile {
    /// Path below the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl TextFile {
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

/// Every text file, in the order of its path.
pub(super) fn text_files() -> Result<Vec<TextFile>, Failure> {
    let root = root();
    let (mut found, mut pending) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = pending.pop() {
        for entry in fs_err::read_dir(&folder)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            if entry.file_type()?.is_dir() {
                if !SKIPPED.iter().any(|skipped| name == *skipped) {
                    pending.push(path);
                }
            } else if let Ok(text) = String::from_utf8(fs_err::read(&path)?) {
                let below = path.strip_prefix(&root)?;
                let path = below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
                found.push(TextFile { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
