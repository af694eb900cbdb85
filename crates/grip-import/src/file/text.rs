//! Bytes to UTF-8: spreadsheets in offices still write Windows-1252, and UTF-16 when asked for "Unicode".

use std::{
    borrow::Cow,
    io::{self, BufReader, Read},
};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What the bytes of a CSV file are. Decided by the first byte that is not ASCII: text with accents in Windows-1252 is hardly
/// ever right in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// ASCII up to now.
    Unknown,
    /// UTF-8; what is not is read as Windows-1252 all the same.
    Utf8,
    Windows1252,
}

impl Bytes {
    /// As far as the beginning of a file tells; a letter may be cut at its end.
    pub(crate) fn of(head: &[u8]) -> Self {
        match std::str::from_utf8(head) {
            _ if head.is_ascii() => Self::Unknown,
            Err(error) if error.error_len().is_some() => Self::Windows1252,
            _ => Self::Utf8,
        }
    }

    pub(crate) fn decode<'b>(&mut self, bytes: &'b [u8]) -> Cow<'b, str> {
        if bytes.is_ascii() || *self != Self::Windows1252 {
            if let Ok(text) = std::str::from_utf8(bytes) {
                if *self == Self::Unknown && !bytes.is_ascii() {
                    *self = Self::Utf8;
                }
                return Cow::Borrowed(text);
            }
            if *self == Self::Unknown {
                *self = Self::Windows1252;
            }
        }
        WINDOWS_1252.decode_without_bom_handling(bytes).0
    }
}

/// The encoding that a byte order mark tells of, other than UTF-8.
pub(crate) fn wide_encoding(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    }
}

const CHUNK_BYTES: usize = 16 * 1024;

/// Turns another encoding into UTF-8 as it is read; what means nothing in it becomes U+FFFD.
pub(crate) struct Transcoded<R> {
    source: BufReader<R>,
    decoder: Decoder,
    input: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    is_done: bool,
}

impl<R: Read> Transcoded<R> {
    pub(crate) fn new(source: R, encoding: &'static Encoding) -> Self {
        Self {
            source: BufReader::with_capacity(CHUNK_BYTES, source),
            decoder: encoding.new_decoder_with_bom_removal(),
            input: vec![0; CHUNK_BYTES],
            // Three bytes for every byte is the most any of these encodings grows by.
            ready: Vec::with_capacity(CHUNK_BYTES * 3 + 16),
            at: 0,
            is_done: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let read = self.source.read(&mut self.input)?;
        self.is_done = read == 0;
        self.at = 0;
        self.ready.resize(CHUNK_BYTES * 3 + 16, 0);
        let (result, _, written, _) = self.decoder.decode_to_utf8(&self.input[..read], &mut self.ready, self.is_done);
        debug_assert_eq!(result, CoderResult::InputEmpty, "the output has room for every input");
        self.ready.truncate(written);
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready.len() {
            if self.is_done {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.at);
        buffer[..count].copy_from_slice(&self.ready[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use encoding_rs::{UTF_16LE, WINDOWS_1252};

    use super::{Bytes, Transcoded};

    #[test]
    fn texts_of_offices() {
        let mut bytes = Bytes::of(b"naam");
        assert_eq!((bytes.decode("Café €".as_bytes()).as_ref(), bytes), ("Café €", Bytes::Utf8));
        assert_eq!((bytes.decode(b"Caf\xE9 \x80").as_ref(), bytes), ("Café €", Bytes::Utf8));
        let mut bytes = Bytes::Unknown;
        assert_eq!((bytes.decode(b"Caf\xE9").as_ref(), bytes), ("Café", Bytes::Windows1252));
        // These bytes would be a letter in UTF-8 too.
        assert_eq!(bytes.decode(b"\xE9\x80\x80"), "é€€");
        assert_eq!(
            [Bytes::of(b"Caf\xE9 "), Bytes::of(b"Caf\xC3"), Bytes::of("é".as_bytes())],
            [Bytes::Windows1252, Bytes::Utf8, Bytes::Utf8]
        );
    }

    #[test]
    fn other_encodings_are_read_in_pieces() {
        let text = "één €\n".repeat(10_000);
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let mut read = String::new();
        Transcoded::new(wide.as_slice(), UTF_16LE).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
        let (narrow, ..) = WINDOWS_1252.encode(&text);
        let mut read = String::new();
        Transcoded::new(narrow.as_ref(), WINDOWS_1252).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
    }
}
