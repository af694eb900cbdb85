//! A downloaded table on disk. It is made beside its place, in `<folder>.part`, and put there when it is whole: who reads the
//! folder never meets half a table or pages of two editions.

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{Bron, OdataError};

/// Beside the pages: what they are of, and a line for each that is whole.
const JOURNAL: &str = "download.jsonl";

/// The journal before it has its name; alone in a folder, a download that was killed at its very beginning.
const NEW_JOURNAL: &str = "download.tmp";

/// First line of the journal. Another one means another download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) tabel: String,
    pub(crate) bron: String,
    pub(crate) base: String,
    pub(crate) selection: String,
    pub(crate) modified: String,
}

impl Header {
    pub(crate) fn bron(&self) -> Option<Bron> {
        Bron::parse(&self.bron)
    }
}

/// One page that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page {
    /// Name of the collection: `TypedDataSet`.
    pub(crate) of: String,
    pub(crate) file: String,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) next: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Header(Header),
    Page(Page),
    End { complete: bool },
}

/// What the journal of a folder says.
#[derive(Debug, Default)]
struct Journal {
    header: Option<Header>,
    pages: Vec<Page>,
    is_complete: bool,
}

impl Journal {
    fn read(folder: &Path) -> Self {
        let mut journal = Self::default();
        let text = fs_err::read_to_string(folder.join(JOURNAL)).unwrap_or_default();
        for line in text.lines() {
            // A line that was being written when the process was killed is the last one.
            match serde_json::from_str(line) {
                Ok(Line::Header(header)) => journal.header = Some(header),
                Ok(Line::Page(page)) if is_plain(&page.file) => journal.pages.push(page),
                Ok(Line::End { complete }) => journal.is_complete = complete,
                Ok(Line::Page(_)) | Err(_) => break,
            }
        }
        journal
    }
}

/// A name of a file in the folder itself, and of ours.
fn is_plain(name: &str) -> bool {
    name.strip_suffix(".json").is_some_and(is_name)
}

/// Letters, digits, `_` and `-`: safe in an address and as the name of a file.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

/// What is downloaded in that folder, when it was downloaded by Grip.
pub(crate) fn read_header(folder: &Path) -> Option<Header> {
    Journal::read(folder).header
}

/// A download in the making.
#[derive(Debug)]
pub(crate) struct Edition {
    folder: PathBuf,
    part: PathBuf,
    pages: BTreeMap<String, Vec<Page>>,
}

impl Edition {
    /// Makes sure that the folder may be used.
    pub(crate) fn check(folder: &Path) -> Result<(), OdataError> {
        let (part, _) = beside(folder)?;
        if !folder.exists() && Journal::read(&part).is_complete {
            // Killed between taking the old edition away and putting the new one there.
            fs_err::rename(&part, folder)?;
        }
        for place in [folder, &part] {
            let is_ours = !place.exists() || Journal::read(place).header.is_some() || is_fresh(place)?;
            if !is_ours {
                return Err(OdataError::FolderInUse(place.to_owned()));
            }
        }
        Ok(())
    }

    /// The pages of that very edition, when they are all there.
    pub(crate) fn finished(folder: &Path, header: &Header) -> Option<Vec<Page>> {
        let journal = Journal::read(folder);
        let is_same = journal.is_complete && journal.header.as_ref() == Some(header);
        (is_same && journal.pages.iter().all(|page| is_there(folder, page))).then_some(journal.pages)
    }

    /// Goes on with what was begun of that edition, or begins.
    pub(crate) fn open(folder: &Path, header: &Header) -> Result<Self, OdataError> {
        let (part, _) = beside(folder)?;
        let journal = Journal::read(&part);
        let mut edition = Self { folder: folder.to_owned(), part, pages: BTreeMap::new() };
        let is_same = journal.header.as_ref() == Some(header);
        if !is_same {
            remove(&edition.part)?;
            fs_err::create_dir_all(&edition.part)?;
        }
        // Written anew: a last line that was cut off would spoil the next one.
        let mut lines = vec![Line::Header(header.clone())];
        if is_same {
            for page in journal.pages.into_iter().take_while(|page| is_there(&edition.part, page)) {
                edition.pages.entry(page.of.clone()).or_default().push(page.clone());
                lines.push(Line::Page(page));
            }
        }
        let mut text = String::new();
        for line in &lines {
            text.push_str(&json(line)?);
        }
        let new = edition.part.join(NEW_JOURNAL);
        fs_err::write(&new, text)?;
        fs_err::rename(&new, edition.part.join(JOURNAL))?;
        Ok(edition)
    }

    /// Whole pages of a collection, in order.
    pub(crate) fn pages(&self, of: &str) -> &[Page] {
        self.pages.get(of).map(Vec::as_slice).unwrap_or_default()
    }

    /// Bytes of all whole pages.
    pub(crate) fn bytes(&self) -> u64 {
        self.pages.values().flatten().map(|page| page.bytes).sum()
    }

    /// Where a page is written while it comes in.
    pub(crate) fn temporary(&self, file: &str) -> PathBuf {
        self.part.join(format!("{file}.tmp"))
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.part.join(file)
    }

    /// A page is whole: gives it its name and remembers it.
    pub(crate) fn add(&mut self, page: Page) -> Result<(), OdataError> {
        fs_err::rename(self.temporary(&page.file), self.path(&page.file))?;
        self.append(&Line::Page(page.clone()))?;
        self.pages.entry(page.of.clone()).or_default().push(page);
        Ok(())
    }

    /// Everything is there: puts it in its place.
    pub(crate) fn finish(self) -> Result<(), OdataError> {
        self.append(&Line::End { complete: true })?;
        let (_, old) = beside(&self.folder)?;
        remove(&old)?;
        if self.folder.exists() {
            if is_empty(&self.folder)? {
                fs_err::remove_dir(&self.folder)?;
            } else {
                fs_err::rename(&self.folder, &old)?;
            }
        }
        fs_err::rename(&self.part, &self.folder)?;
        remove(&old)
    }

    fn append(&self, line: &Line) -> Result<(), OdataError> {
        let mut journal = fs_err::OpenOptions::new().append(true).open(self.part.join(JOURNAL))?;
        journal.write_all(json(line)?.as_bytes())?;
        Ok(())
    }
}

fn json(line: &Line) -> Result<String, OdataError> {
    let text = serde_json::to_string(line).map_err(std::io::Error::other)?;
    Ok(text + "\n")
}

fn is_there(folder: &Path, page: &Page) -> bool {
    fs_err::metadata(folder.join(&page.file)).is_ok_and(|found| found.len() == page.bytes)
}

/// Whether there is nothing in it but what a download begins with.
fn is_fresh(folder: &Path) -> Result<bool, OdataError> {
    for entry in fs_err::read_dir(folder)? {
        if entry?.file_name() != NEW_JOURNAL {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_empty(folder: &Path) -> Result<bool, OdataError> {
    Ok(fs_err::read_dir(folder)?.next().is_none())
}

/// Where a download is made, and where the one before it goes while they change places.
fn beside(folder: &Path) -> Result<(PathBuf, PathBuf), OdataError> {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .ok_or_else(|| OdataError::Address { text: folder.display().to_string(), expected: "the name of a folder" })?;
    Ok((folder.with_file_name(format!("{name}.part")), folder.with_file_name(format!("{name}.old"))))
}

/// Takes away a download and nothing else: files that are not of it stay, and then so does the folder.
fn remove(folder: &Path) -> Result<(), OdataError> {
    if !folder.exists() {
        return Ok(());
    }
    let names = Journal::read(folder).pages.into_iter().map(|page| page.file);
    let mut files: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "tmp") {
            files.push(path);
        }
    }
    files.push(folder.join(JOURNAL));
    for file in files {
        match fs_err::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(fs_err::remove_dir(folder)?)
}
