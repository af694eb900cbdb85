//! ZIP: the only module that knows it.

use std::{
    borrow::Cow,
    io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write},
};

use flate2::{Crc, bufread::DeflateDecoder};
use zip::{
    CompressionMethod, ZipReadOptions, ZipWriter,
    read::{Config, OwnedZipFileEntry, ZipFileEntry, read_zipfile_from_stream},
    unstable::read::ZipIterable,
    write::SimpleFileOptions,
};

use crate::{
    Envelope, TroubleKind,
    limits::ENTRY_BYTES_FREE,
    name::{harmless, is_of_the_system},
    unwrap::{Run, to_u64},
};

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// Bytes that tell whether something is a ZIP.
pub(crate) const HEAD_BYTES: usize = 4;

/// An office file has some tens of entries, a book some hundreds; only archives of this size are looked through for its
/// marks, so that large ones are not gone through twice.
const OFFICE_ENTRIES_MAX: usize = 10_000;

const LOCAL_HEADER_BYTES: u64 = 30;
const CENTRAL_HEADER_BYTES: u64 = 46;

pub(crate) fn is_zip(bytes: &[u8]) -> bool {
    bytes.first_chunk().is_some_and(|head: &[u8; HEAD_BYTES]| [LOCAL, END].contains(head))
}

/// Whether a ZIP is a spreadsheet, a text or the like: one document, of which the ZIP is only the form.
///
/// Office Open XML has a `[Content_Types].xml` at its root; OpenDocument and EPUB begin with an entry `mimetype`.
pub(crate) fn is_office_file<R: Read + Seek>(source: &mut R) -> bool {
    // Of a truncated file there is only the first name to go by.
    let mut first = Vec::new();
    let has_header = source.rewind().is_ok()
        && source.by_ref().take(LOCAL_HEADER_BYTES + 64).read_to_end(&mut first).is_ok()
        && first.starts_with(&LOCAL);
    if let (true, Some(name)) = (has_header, first.get(30..)) {
        let length = first.get(26..28).map_or(0, |length| usize::from(u16::from_le_bytes([length[0], length[1]])));
        if name.get(..length).is_some_and(|name| name == b"mimetype" || name == b"[Content_Types].xml") {
            return true;
        }
    }
    let Ok(mut zip) = ZipIterable::try_new(source, Config::default()) else {
        return false;
    };
    if zip.len() > OFFICE_ENTRIES_MAX {
        return false;
    }
    let Ok(entries) = zip.files() else {
        return false;
    };
    entries.map_while(Result::ok).any(|entry| entry.name_raw() == b"[Content_Types].xml")
}

/// Writes a ZIP with these entries, in this order. Names may not occur twice.
///
/// # Errors
/// When a name occurs twice or is longer than 65,535 bytes.
pub fn pack<'a>(entries: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in entries {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Why the bytes of an entry are not there.
enum Refused {
    Damaged,
    Because(TroubleKind, String),
    /// A limit on everything together; it has been reported.
    Stopped,
}

/// Bytes of the archive that need not be looked at again: from the start of an entry up to where the next may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Done {
    start: u64,
    end: u64,
}

/// An archive on its way through a run.
struct Archive<'a, R> {
    name: &'a str,
    source: &'a mut R,
    envelope: Option<&'a Envelope>,
    /// Containers around its entries.
    depth: u32,
    /// Whether it has any entry at all.
    has_entries: bool,
    done: Vec<Done>,
}

impl<E> Run<'_, E> {
    /// Gives away what is in an archive: what its directory lists and, if that is not whole, what else can be found.
    pub(crate) fn archive<R: Read + Seek>(
        &mut self,
        name: &str,
        source: &mut R,
        envelope: Option<&Envelope>,
        depth: u32,
    ) -> Result<(), E> {
        let depth = depth + 1;
        let mut archive = Archive { name, source, envelope, depth, has_entries: false, done: Vec::new() };
        let is_whole = self.listed(&mut archive)?;
        if self.stopped {
            return Ok(());
        }
        if !is_whole {
            let text = "de inhoudsopgave ontbreekt of klopt niet; wat te vinden was, is gelezen";
            self.troubles.push(TroubleKind::ArchiefBeschadigd, name, text);
            self.unlisted(&mut archive)?;
        } else if !archive.has_entries {
            self.troubles.push(TroubleKind::LeegArchief, name, "geen bestanden");
        }
        Ok(())
    }

    /// Goes through the directory. Whether it was whole.
    fn listed<R: Read + Seek>(&mut self, archive: &mut Archive<'_, R>) -> Result<bool, E> {
        let begins_with_entry = signature_at(archive.source, 0) == Some(LOCAL);
        let Ok(mut zip) = ZipIterable::try_new(&mut *archive.source, Config::default()) else {
            return Ok(false);
        };
        // A directory that does not list the first entry is that of an archive at the end of this one, which is cut off.
        let lists_first =
            zip.files().is_ok_and(|entries| entries.map_while(Result::ok).any(|entry| entry.header_start() == 0));
        if begins_with_entry && !lists_first {
            return Ok(false);
        }
        let Ok(entries) = zip.files() else {
            return Ok(false);
        };
        let mut last = None;
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry else {
                return Ok(false);
            };
            last = Some(entry.central_header_start());
            if !self.may_enter(archive.name) {
                return Ok(true);
            }
            // Owned by us, borrowed by the reader: it would read an entry it owns up to its end, however long.
            let entry = OwnedZipFileEntry::from(entry);
            let start = entry.header_start();
            let Some(path) = self.path_of(archive.name, &entry.as_ref(), &mut archive.has_entries) else {
                archive.done.push(Done { start, end: start.saturating_add(1) });
                continue;
            };
            let (content, read) = match refusal(&entry.as_ref()) {
                Some(refused) => (Err(refused), 0),
                None => self.listed_content(&path, &entry, entries.reader_mut()),
            };
            // What could not be unpacked is worth looking into, should the directory not be whole.
            let bytes = if matches!(content, Err(Refused::Damaged)) { 1 } else { read.max(1) };
            archive.done.push(Done { start, end: start.saturating_add(bytes) });
            self.given(path, content, archive.envelope, archive.depth)?;
            if self.stopped {
                return Ok(true);
            }
        }
        Ok(!goes_on(archive.source, last))
    }

    /// The path of an entry that is to be looked at; nothing for folders and what systems keep for themselves.
    fn path_of(&mut self, archive: &str, entry: &ZipFileEntry<'_>, has_entries: &mut bool) -> Option<String> {
        if entry.is_dir() {
            return None;
        }
        *has_entries = true;
        let raw = entry.name().unwrap_or_else(|_| String::from_utf8_lossy(entry.name_raw()));
        let name = harmless(&raw);
        let path = format!("{archive}/{}", name.text);
        if name.was_unsafe {
            self.troubles.push(TroubleKind::OnveiligeNaam, &path, "de naam is onschadelijk gemaakt");
        }
        (!is_of_the_system(&name.text)).then_some(path)
    }

    /// The content, and how many bytes of the archive were read for it.
    fn listed_content<R: Read + Seek>(
        &mut self,
        path: &str,
        entry: &OwnedZipFileEntry,
        source: &mut R,
    ) -> (Result<Vec<u8>, Refused>, u64) {
        let content = match entry.as_ref().with_reader(source, ZipReadOptions::new()) {
            Ok(mut file) => self.read(path, &mut file, entry.compressed_size(), entry.size()),
            Err(_) => return (Err(Refused::Damaged), 0),
        };
        // What unpacks to nothing still takes time to read.
        let read = source.stream_position().unwrap_or(0).saturating_sub(entry.header_start());
        (if self.spend(path, read) { content } else { Err(Refused::Stopped) }, read)
    }

    /// Reads an entry as far as it may be long.
    fn read(&mut self, path: &str, from: &mut impl Read, packed: u64, size: u64) -> Result<Vec<u8>, Refused> {
        let spread_max = packed.saturating_mul(self.limits.ratio_max).max(ENTRY_BYTES_FREE);
        let rest_max = spread_max.min(self.bytes_left);
        let document_max = self.limits.document_bytes_max.min(rest_max);
        let capacity = size.min(document_max).min(ENTRY_BYTES_FREE);
        let mut content = Vec::with_capacity(usize::try_from(capacity).unwrap_or(0));
        let mut bytes_max = document_max;
        let mut read = from.take(bytes_max.saturating_add(1)).read_to_end(&mut content);
        if read.is_ok() && to_u64(content.len()) > bytes_max && is_zip(&content) {
            // An archive is held while its entries are read, and may be larger than they.
            bytes_max = rest_max.min(self.limits.held_bytes_max.saturating_sub(self.held_bytes)).max(bytes_max);
            let more = bytes_max.saturating_add(1).saturating_sub(to_u64(content.len()));
            read = from.take(more).read_to_end(&mut content);
        }
        let length = to_u64(content.len());
        if !self.spend(path, length) {
            return Err(Refused::Stopped);
        }
        if length > bytes_max {
            return Err(if length > spread_max {
                let text = format!("meer dan {} keer zo groot als ingepakt", self.limits.ratio_max);
                Refused::Because(TroubleKind::Zipbom, text)
            } else if is_zip(&content) {
                Refused::Because(TroubleKind::ArchiefTeGroot, self.held_text())
            } else {
                let text = format!("groter dan {} MiB", self.limits.document_bytes_max >> 20);
                Refused::Because(TroubleKind::TeGroot, text)
            });
        }
        read.map(|_| content).map_err(|_| Refused::Damaged)
    }

    fn given(
        &mut self,
        path: String,
        content: Result<Vec<u8>, Refused>,
        envelope: Option<&Envelope>,
        depth: u32,
    ) -> Result<(), E> {
        match content {
            Ok(content) => self.part(path, Cow::Owned(content), envelope, depth)?,
            Err(Refused::Damaged) => {
                let text = "niet uit te pakken, afgebroken, of het controlegetal klopt niet";
                self.troubles.push(TroubleKind::OnderdeelBeschadigd, &path, text);
            }
            Err(Refused::Because(kind, text)) => self.troubles.push(kind, &path, text),
            Err(Refused::Stopped) => {}
        }
        Ok(())
    }

    /// Goes through the bytes of an archive without a whole directory, and takes each entry that begins somewhere.
    fn unlisted<R: Read + Seek>(&mut self, archive: &mut Archive<'_, R>) -> Result<(), E> {
        let mut done = std::mem::take(&mut archive.done);
        done.sort_unstable();
        let mut done = done.into_iter().peekable();
        let mut at = 0;
        while let Some(start) = next_local(archive.source, at) {
            while done.next_if(|range| range.end <= start).is_some() {}
            if let Some(range) = done.peek().filter(|range| range.start <= start) {
                at = range.end;
                continue;
            }
            if !self.may_enter(archive.name) {
                return Ok(());
            }
            at = self.local(archive, start)?.max(start + 1);
            if self.stopped {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes the entry whose local header is here. Where the next may begin.
    fn local<R: Read + Seek>(&mut self, archive: &mut Archive<'_, R>, start: u64) -> Result<u64, E> {
        let Some(header) = LocalHeader::read(archive.source, start) else {
            let text = "een onderdeel is in zijn naam al afgebroken";
            self.troubles.push(TroubleKind::OnderdeelBeschadigd, archive.name, text);
            return Ok(start + 1);
        };
        if header.is_folder {
            return Ok(header.content_start);
        }
        let name = harmless(&header.name);
        if is_of_the_system(&name.text) {
            return Ok(header.content_start);
        }
        let path = format!("{}/{}", archive.name, name.text);
        if name.was_unsafe {
            self.troubles.push(TroubleKind::OnveiligeNaam, &path, "de naam is onschadelijk gemaakt");
        }
        let (content, end) = if header.is_encrypted {
            (Err(encrypted()), header.content_start)
        } else if header.has_descriptor {
            self.streamed(&path, archive.source, &header)
        } else {
            self.sized(&path, archive.source, &header, start)
        };
        self.given(path, content, archive.envelope, archive.depth)?;
        Ok(end)
    }

    /// An entry whose length stands before it.
    fn sized<R: Read + Seek>(
        &mut self,
        path: &str,
        source: &mut R,
        header: &LocalHeader,
        start: u64,
    ) -> (Result<Vec<u8>, Refused>, u64) {
        let damaged = (Err(Refused::Damaged), header.content_start);
        if source.seek(SeekFrom::Start(start)).is_err() {
            return damaged;
        }
        let (content, packed) = {
            let Ok(Some(mut file)) = read_zipfile_from_stream(source) else {
                return damaged;
            };
            if let Some(refused) = refusal(&file.entry()) {
                return (Err(refused), header.content_start);
            }
            let (packed, size) = (file.compressed_size(), file.size());
            (self.read(path, &mut file, packed, size), packed)
        };
        let read = source.stream_position().unwrap_or(0).saturating_sub(start);
        if !self.spend(path, read) {
            return (Err(Refused::Stopped), header.content_start);
        }
        let is_damaged = matches!(content, Err(Refused::Damaged));
        (content, header.content_start.saturating_add(if is_damaged { 0 } else { packed }))
    }

    /// An entry whose length stands after it: Deflate says itself where it ends.
    fn streamed<R: Read + Seek>(
        &mut self,
        path: &str,
        source: &mut R,
        header: &LocalHeader,
    ) -> (Result<Vec<u8>, Refused>, u64) {
        let start = header.content_start;
        if header.method != CompressionMethod::DEFLATE {
            let text = "de lengte van het onderdeel is niet te bepalen";
            return (Err(Refused::Because(TroubleKind::OnderdeelBeschadigd, text.to_owned())), start);
        }
        if source.seek(SeekFrom::Start(start)).is_err() {
            return (Err(Refused::Damaged), start);
        }
        let (mut content, packed) = {
            let mut decoder = DeflateDecoder::new(BufReader::with_capacity(4096, &mut *source));
            // How long it is packed is known when it has been read; until then it may be as long as everything else.
            let content = self.read(path, &mut decoder, u64::MAX, 0);
            (content, decoder.total_in())
        };
        let read = source.stream_position().unwrap_or(0).saturating_sub(start);
        if !self.spend(path, read) {
            return (Err(Refused::Stopped), start);
        }
        let end = start.saturating_add(packed);
        if content.as_ref().is_ok_and(|content| !agrees(source, end, content)) {
            content = Err(Refused::Damaged);
        }
        let is_damaged = matches!(content, Err(Refused::Damaged));
        (content, if is_damaged { start } else { end })
    }
}

fn encrypted() -> Refused {
    Refused::Because(TroubleKind::Versleuteld, "met een wachtwoord versleuteld".to_owned())
}

fn refusal(entry: &ZipFileEntry<'_>) -> Option<Refused> {
    if entry.encrypted() {
        return Some(encrypted());
    }
    if entry.is_symlink() {
        return Some(Refused::Because(TroubleKind::Koppeling, "verwijst naar een ander bestand".to_owned()));
    }
    let method = entry.compression();
    if ![CompressionMethod::STORE, CompressionMethod::DEFLATE].contains(&method) {
        return Some(Refused::Because(TroubleKind::CompressieOnbekend, format!("compressie {method}")));
    }
    None
}

/// Whether the directory goes on after its last entry: a count of 16 bits can be too small for the entries there are.
fn goes_on<R: Read + Seek>(source: &mut R, last: Option<u64>) -> bool {
    let Some(last) = last else {
        return false;
    };
    let mut header = [0; 46];
    if source.seek(SeekFrom::Start(last)).is_err() || source.read_exact(&mut header).is_err() {
        return false;
    }
    let lengths: u64 = [28, 30, 32].iter().map(|at| u64::from(u16_at(&header, *at))).sum();
    signature_at(source, last.saturating_add(CENTRAL_HEADER_BYTES + lengths)) == Some(CENTRAL)
}

fn signature_at<R: Read + Seek>(source: &mut R, at: u64) -> Option<[u8; 4]> {
    let mut signature = [0; 4];
    source.seek(SeekFrom::Start(at)).ok()?;
    source.read_exact(&mut signature).ok()?;
    Some(signature)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// What stands before the bytes of an entry.
struct LocalHeader {
    name: String,
    is_folder: bool,
    is_encrypted: bool,
    has_descriptor: bool,
    method: CompressionMethod,
    content_start: u64,
}

impl LocalHeader {
    fn read<R: Read + Seek>(source: &mut R, start: u64) -> Option<Self> {
        let mut fixed = [0; 30];
        source.seek(SeekFrom::Start(start)).ok()?;
        source.read_exact(&mut fixed).ok()?;
        let flags = u16_at(&fixed, 6);
        let (name_bytes, extra_bytes) = (u16_at(&fixed, 26), u16_at(&fixed, 28));
        let mut name = vec![0; usize::from(name_bytes)];
        source.read_exact(&mut name).ok()?;
        Some(Self {
            is_folder: name.ends_with(b"/"),
            name: String::from_utf8_lossy(&name).into_owned(),
            is_encrypted: flags & 1 != 0,
            has_descriptor: flags & 8 != 0,
            method: match u16_at(&fixed, 8) {
                0 => CompressionMethod::STORE,
                8 => CompressionMethod::DEFLATE,
                _ => CompressionMethod::AES,
            },
            content_start: start + LOCAL_HEADER_BYTES + u64::from(name_bytes) + u64::from(extra_bytes),
        })
    }
}

/// Whether what follows an entry has its check sum; true when the archive ends there.
fn agrees<R: Read + Seek>(source: &mut R, end: u64, content: &[u8]) -> bool {
    let mut after = Vec::with_capacity(8);
    if source.seek(SeekFrom::Start(end)).is_err() || source.take(8).read_to_end(&mut after).is_err() {
        return true;
    }
    let mut crc = Crc::new();
    crc.update(content);
    let sum = crc.sum().to_le_bytes();
    match after.strip_prefix(&DESCRIPTOR) {
        Some(after) => after.len() < 4 || after == sum,
        None => after.len() < 4 || after.starts_with(&sum),
    }
}

/// Where the next local header begins, from here on.
fn next_local<R: Read + Seek>(source: &mut R, mut at: u64) -> Option<u64> {
    // Nearly always it is right here.
    if signature_at(source, at)? == LOCAL {
        return Some(at);
    }
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        source.seek(SeekFrom::Start(at)).ok()?;
        source.take(1 << 16).read_to_end(&mut bytes).ok()?;
        if let Some(found) = bytes.windows(4).position(|window| window == LOCAL) {
            return Some(at + to_u64(found));
        }
        // The last three bytes may be the start of one.
        let step = to_u64(bytes.len()).checked_sub(3).filter(|step| *step > 0)?;
        at += step;
    }
}
