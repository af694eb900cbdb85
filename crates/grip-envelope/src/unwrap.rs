use std::{
    borrow::Cow,
    convert::Infallible,
    io::{BufReader, Cursor, Read, Seek, SeekFrom},
};

use crate::{
    Envelope, Limits, Trouble, TroubleKind,
    archive::{self, is_office_file, is_zip},
    stuf::{self, Root},
    trouble::Troubles,
};

/// One document, out of everything that was around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'a> {
    /// Path inside the file, parts joined by `/`, as `archief.zip/2024/a.xml`. Not a path to write to, and not unique:
    /// an archive may hold a name twice.
    pub name: String,
    /// What it holds; borrowed when the file itself is the document.
    pub bytes: Cow<'a, [u8]>,
    /// The innermost envelope around it.
    pub envelope: Option<Envelope>,
}

/// Gives the documents inside a file to `take`, one by one, in the order in which they are in it.
///
/// `name` is the name of the file, with which the names of its documents begin. What is no container is given as it
/// is, without copying. Returns what stood in the way of other documents.
///
/// # Errors
/// Only those of `take`, at once.
pub fn unwrap<E>(
    limits: &Limits,
    name: &str,
    bytes: &[u8],
    mut take: impl FnMut(Document<'_>) -> Result<(), E>,
) -> Result<Vec<Trouble>, E> {
    let mut run = Run::new(limits, to_u64(bytes.len()), &mut take);
    run.part(name.to_owned(), Cow::Borrowed(bytes), None, 0)?;
    Ok(run.troubles.finish(name))
}

/// As [`unwrap`], from a source that is read as far as needed: an archive may be larger than the memory.
///
/// A source that can't be read is a [`Trouble`].
///
/// # Errors
/// Only those of `take`, at once.
pub fn unwrap_source<R: Read + Seek, E>(
    limits: &Limits,
    name: &str,
    mut source: R,
    mut take: impl FnMut(Document<'_>) -> Result<(), E>,
) -> Result<Vec<Trouble>, E> {
    let head = start_of(&mut source);
    let (length, head) = match head {
        Ok(found) => found,
        Err(error) => return Ok(vec![unreadable(name, &error)]),
    };
    let mut run = Run::new(limits, length, &mut take);
    let mut source = BufReader::new(source);
    if is_zip(&head) && !is_office_file(&mut source) {
        run.archive(name, &mut source, None, 0)?;
    } else {
        match whole(&mut source, limits.document_bytes_max) {
            Ok(bytes) => run.part(name.to_owned(), Cow::Owned(bytes), None, 0)?,
            Err(error) => run.troubles.push(TroubleKind::NietLeesbaar, name, error.kind().to_string()),
        }
    }
    Ok(run.troubles.finish(name))
}

/// All documents of a file at once, for what is known to be small.
pub fn collect(limits: &Limits, name: &str, bytes: &[u8]) -> (Vec<Document<'static>>, Vec<Trouble>) {
    let mut documents = Vec::new();
    let troubles = unwrap(limits, name, bytes, |document| {
        let Document { name, bytes, envelope } = document;
        documents.push(Document { name, bytes: Cow::Owned(bytes.into_owned()), envelope });
        Ok::<(), Infallible>(())
    });
    match troubles {
        Ok(troubles) => (documents, troubles),
        Err(never) => match never {},
    }
}

/// Opens whatever these bytes are, within limits that keep it short; how many documents and troubles there were.
/// Never panics: an entry for fuzzing.
pub fn fuzz(bytes: &[u8]) -> (usize, usize) {
    let limits = Limits {
        document_bytes_max: 1 << 20,
        held_bytes_max: 4 << 20,
        entries_max: 10_000,
        total_bytes_free: 16 << 20,
        total_bytes_max: 16 << 20,
        ..Limits::STANDARD
    };
    let mut documents = 0;
    let troubles = unwrap(&limits, "fuzz", bytes, |_| {
        documents += 1;
        Ok::<(), Infallible>(())
    });
    (documents, troubles.map_or(0, |troubles| troubles.len()))
}

fn start_of<R: Read + Seek>(source: &mut R) -> std::io::Result<(u64, Vec<u8>)> {
    let length = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut head = Vec::with_capacity(archive::HEAD_BYTES);
    source.by_ref().take(to_u64(archive::HEAD_BYTES)).read_to_end(&mut head)?;
    source.rewind()?;
    Ok((length, head))
}

/// Everything, or one byte more than may be.
fn whole<R: Read + Seek>(source: &mut R, bytes_max: u64) -> std::io::Result<Vec<u8>> {
    source.rewind()?;
    let mut bytes = Vec::new();
    source.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable(name: &str, error: &std::io::Error) -> Trouble {
    Trouble { kind: TroubleKind::NietLeesbaar, name: name.to_owned(), text: error.kind().to_string() }
}

pub(crate) fn to_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// One file being opened: what was met, and how much more may be.
pub(crate) struct Run<'t, E> {
    pub(crate) limits: &'t Limits,
    pub(crate) troubles: Troubles,
    /// Entries that may still be met.
    pub(crate) entries_left: u64,
    /// Bytes that may still be unpacked.
    pub(crate) bytes_left: u64,
    /// Bytes of the containers that are open inside the outermost one.
    pub(crate) held_bytes: u64,
    /// A limit on everything together was met: what follows is not looked at.
    pub(crate) stopped: bool,
    take: &'t mut dyn FnMut(Document<'_>) -> Result<(), E>,
}

impl<'t, E> Run<'t, E> {
    fn new(limits: &'t Limits, length: u64, take: &'t mut dyn FnMut(Document<'_>) -> Result<(), E>) -> Self {
        Self {
            limits,
            troubles: Troubles::default(),
            entries_left: limits.entries_max,
            bytes_left: limits.total_bytes(length),
            held_bytes: 0,
            stopped: false,
            take,
        }
    }

    /// Opens a part if it is a container, or gives it away if it is a document. `depth` containers are around it.
    pub(crate) fn part(
        &mut self,
        name: String,
        bytes: Cow<'_, [u8]>,
        envelope: Option<&Envelope>,
        depth: u32,
    ) -> Result<(), E> {
        if is_zip(&bytes) && !is_office_file(&mut Cursor::new(&bytes)) {
            if self.may_open(&name, bytes.len(), depth) {
                let held = if depth == 0 { 0 } else { to_u64(bytes.len()) };
                self.held_bytes += held;
                let given = self.archive(&name, &mut Cursor::new(&bytes), envelope, depth);
                self.held_bytes -= held;
                given?;
            }
            return Ok(());
        }
        if to_u64(bytes.len()) > self.limits.document_bytes_max {
            let text = format!("groter dan {} MiB", self.limits.document_bytes_max >> 20);
            self.troubles.push(TroubleKind::TeGroot, &name, text);
            return Ok(());
        }
        match stuf::root(&bytes) {
            Root::Other => (self.take)(Document { name, bytes, envelope: envelope.cloned() }),
            Root::Envelope => {
                if !self.may_open(&name, bytes.len(), depth) {
                    return Ok(());
                }
                // The Base64 without its blanks is held besides the text it stands in.
                let held = to_u64(bytes.len()) * 2;
                self.held_bytes += held;
                let given = self.envelope(&name, &bytes, depth);
                self.held_bytes -= held;
                given
            }
        }
    }

    fn may_open(&mut self, name: &str, length: usize, depth: u32) -> bool {
        if depth >= self.limits.depth_max {
            let text = format!("meer dan {} verpakkingen om elkaar", self.limits.depth_max);
            self.troubles.push(TroubleKind::TeDiep, name, text);
            return false;
        }
        if depth > 0 && self.held_bytes.saturating_add(to_u64(length)) > self.limits.held_bytes_max {
            self.troubles.push(TroubleKind::ArchiefTeGroot, name, self.held_text());
            return false;
        }
        true
    }

    pub(crate) fn held_text(&self) -> String {
        format!("de archieven die tegelijk open zijn, zijn samen groter dan {} MiB", self.limits.held_bytes_max >> 20)
    }

    /// Counts an entry of an archive; whether it may be looked at.
    pub(crate) fn may_enter(&mut self, name: &str) -> bool {
        if self.entries_left == 0 && !self.stopped {
            let text = format!("meer dan {} onderdelen", self.limits.entries_max);
            self.troubles.push(TroubleKind::TeVeelOnderdelen, name, text);
            self.stopped = true;
        }
        self.entries_left = self.entries_left.saturating_sub(1);
        !self.stopped
    }

    /// Counts bytes that were read or unpacked; whether there may be more.
    pub(crate) fn spend(&mut self, name: &str, bytes: u64) -> bool {
        if bytes > self.bytes_left && !self.stopped {
            self.troubles.push(TroubleKind::TotaalTeGroot, name, "de grens is bij dit onderdeel bereikt");
            self.stopped = true;
        }
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        !self.stopped
    }

    fn envelope(&mut self, name: &str, bytes: &[u8], depth: u32) -> Result<(), E> {
        let opened = stuf::open(bytes);
        for (kind, text) in opened.troubles {
            self.troubles.push(kind, name, text);
        }
        let mut labels: Vec<String> = Vec::new();
        for payload in opened.payloads {
            if self.stopped {
                return Ok(());
            }
            let label = stuf::label(payload.file_name.as_deref(), &opened.envelope, labels.len());
            let mut path = format!("{name}/{}", label.text);
            labels.push(label.text);
            if label.was_unsafe {
                self.troubles.push(TroubleKind::OnveiligeNaam, &path, "de bestandsnaam in de envelop is veranderd");
            }
            let Some(content) = payload.decode() else {
                self.troubles.push(TroubleKind::GeenBase64, &path, "het element bevat iets anders dan Base64");
                continue;
            };
            if !self.spend(&path, to_u64(content.len())) {
                return Ok(());
            }
            let has_extension = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
            if !has_extension && !is_zip(&content) {
                path.push_str(".xml");
            }
            self.part(path, Cow::Owned(content), Some(&opened.envelope), depth + 1)?;
        }
        Ok(())
    }
}
