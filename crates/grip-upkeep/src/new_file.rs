//! A file that is there when it is whole, and not before.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// A file under way that only its owner can read. It gets its name when it is whole; what is dropped before that is gone.
pub struct NewFile {
    file: tempfile::NamedTempFile,
    path: PathBuf,
}

impl NewFile {
    /// Begins a file, in a folder that is made when it is not there.
    ///
    /// # Errors
    /// When there is a file of that name, or the folder can't be written.
    pub fn create(path: &Path) -> std::io::Result<Self> {
        if path.exists() {
            let problem = format!("`{}` is there already", path.display());
            return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, problem));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs_err::create_dir_all(folder)?;
        let file = tempfile::Builder::new().prefix(".grip-").tempfile_in(folder)?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When the disk refuses, or a file of that name came meanwhile.
    pub fn keep(self) -> std::io::Result<()> {
        self.file.as_file().sync_all()?;
        self.file.persist_noclobber(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}
