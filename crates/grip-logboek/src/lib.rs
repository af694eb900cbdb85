#![doc = include_str!("../README.md")]

mod span;

use std::{
    collections::BTreeSet,
    fmt,
    io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use grip_types::{Date, Pseudoniem, hex};
use jiff::Timestamp;
use span::SpanId;

pub use span::Entry;

/// A file that has grown to this is left for a next one.
const FILE_BYTES: u64 = 64 << 20;
const ENDING: &str = "jsonl";
/// What stands in place of a person whose data was destroyed.
pub const DESTROYED: &str = "vernietigd";

/// The processing activities of Grip that are recorded, as the register of processing names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Messages become rows.
    TakeInMessages,
    /// Other files become rows.
    TakeInFiles,
    /// Lines of persons are shown.
    ShowLines,
    /// A citizen is told what is kept.
    GiveAccess,
    /// Rows are removed because their term is over.
    Destroy,
    /// Pseudonyms are made anew.
    RotateKey,
}

impl Activity {
    /// The name in the register of processing, which is a URI: field `dpl.core.processing_activity_id`.
    pub fn id(self) -> &'static str {
        match self {
            Self::TakeInMessages => "grip:berichten-inlezen",
            Self::TakeInFiles => "grip:bestanden-inlezen",
            Self::ShowLines => "grip:regels-inzien",
            Self::GiveAccess => "grip:inzage-geven",
            Self::Destroy => "grip:gegevens-vernietigen",
            Self::RotateKey => "grip:sleutel-wisselen",
        }
    }
}

/// What joins everything that happens in one processing, here and in the audit log: `trace-id` of W3C Trace Context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trace([u8; 16]);

impl Trace {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> io::Result<Self> {
        Ok(Self(random()?))
    }

    /// One that was given from elsewhere.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(u128::from_be_bytes(self.0)))
    }
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| io::Error::other("the system gives no random numbers"))?;
    Ok(bytes)
}

/// One processing.
#[derive(Debug, Clone)]
pub struct Processing<'p> {
    /// What it belongs to.
    pub trace: Trace,
    /// As the register of processing names it.
    pub activity: Activity,
    /// What was done, in a few words without data of anybody.
    pub name: &'p str,
    /// When it began. It ends when it is written down.
    pub start: Timestamp,
}

impl Processing<'_> {
    /// One that begins now.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn begin(activity: Activity, name: &str, trace: Option<Trace>) -> io::Result<Processing<'_>> {
        // The record says when something was done. No result is made of it.
        let start = Timestamp::now();
        Ok(Processing { trace: trace.map_or_else(Trace::new, Ok)?, activity, name, start })
    }
}

/// The folder with the record.
#[derive(Debug, Clone)]
pub struct Logboek {
    folder: PathBuf,
}

impl Logboek {
    /// The record in a folder, which is made when something is written.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Takes the lock, waiting for whoever writes now.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn hold(&self) -> io::Result<Held<'_>> {
        fs_err::create_dir_all(&self.folder)?;
        let path = self.folder.join("lock");
        let file = fs_err::OpenOptions::new().create(true).truncate(false).write(true).open(path)?.into_file();
        file.lock()?;
        Ok(Held { folder: &self.folder, _lock: file })
    }

    /// Gives every line, the oldest first. A line that was cut off by a crash is passed over.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn each(&self, mut take: impl FnMut(Entry)) -> io::Result<()> {
        for file in files(&self.folder)? {
            for line in BufReader::new(fs_err::File::open(file)?).split(b'\n') {
                if let Some(entry) = Entry::parse(&line?) {
                    take(entry);
                }
            }
        }
        Ok(())
    }
}

/// The record while nobody else writes in it.
#[derive(Debug)]
pub struct Held<'l> {
    folder: &'l Path,
    _lock: std::fs::File,
}

impl Held<'_> {
    /// Writes a processing down: one line when it is about one person or nobody, otherwise one and another below it for each
    /// person. Returns when it is on the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, processing: &Processing<'_>, subjects: &BTreeSet<Pseudoniem>) -> io::Result<()> {
        let end = Timestamp::now();
        let mut out = BufWriter::new(self.open(end)?);
        let parent = SpanId::new()?;
        let only = subjects.first().filter(|_| subjects.len() == 1);
        span::write(&mut out, processing, end, (parent, None), only.copied())?;
        if only.is_none() {
            for subject in subjects {
                span::write(&mut out, processing, end, (SpanId::new()?, Some(parent)), Some(*subject))?;
            }
        }
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_data()
    }

    /// The files, the oldest first.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn files(&self) -> io::Result<Vec<PathBuf>> {
        files(self.folder)
    }

    /// Removes the files of days before this one, and says how many.
    ///
    /// # Errors
    /// When a file can't be removed.
    pub fn remove_before(&self, day: Date) -> io::Result<usize> {
        let before = day.to_string();
        let old: Vec<PathBuf> = self.files()?.into_iter().filter(|file| name_of(file) < before.as_str()).collect();
        for file in &old {
            fs_err::remove_file(file)?;
        }
        Ok(old.len())
    }

    /// The file of the day, to add to.
    fn open(&self, now: Timestamp) -> io::Result<fs_err::File> {
        let day = now.strftime("%Y-%m-%d").to_string();
        let last = self.files()?.into_iter().rfind(|file| name_of(file).starts_with(&day));
        let number = last.as_deref().and_then(|file| name_of(file).get(11..)?.parse::<u32>().ok()).unwrap_or(0);
        let is_full = match &last {
            Some(file) => fs_err::metadata(file)?.len() >= FILE_BYTES,
            None => true,
        };
        let path = self.folder.join(format!("{day}-{:03}.{ENDING}", number + u32::from(is_full)));
        let mut file = fs_err::OpenOptions::new().create(true).append(true).read(true).open(path)?;
        // What a crash cut off stays a line by itself.
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            let mut end = [0];
            io::Read::read_exact(&mut file, &mut end)?;
            if end != *b"\n" {
                file.write_all(b"\n")?;
            }
        }
        Ok(file)
    }
}

fn name_of(file: &Path) -> &str {
    file.file_stem().and_then(|name| name.to_str()).unwrap_or_default()
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    match fs_err::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                found.push(entry?.path());
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == ENDING));
    // The number has three digits and grows: a longer name is a later file.
    found.sort_by(|a, b| {
        let key = |path: &Path| (name_of(path).get(..10).map(ToOwned::to_owned), name_of(path).len());
        key(a).cmp(&key(b)).then_with(|| a.cmp(b))
    });
    Ok(found)
}
