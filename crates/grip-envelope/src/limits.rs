/// How much of a file is taken at most. Everything has a limit, so that no file can exhaust memory or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document, or of one envelope.
    pub document_bytes_max: u64,
    /// Bytes of all archives and envelopes that are open inside each other, the outermost not counted.
    pub held_bytes_max: u64,
    /// Containers around a document.
    pub depth_max: u32,
    /// Entries of all archives together.
    pub entries_max: u64,
    /// How many times larger than packed an entry, and everything together, may be.
    pub ratio_max: u64,
    /// Bytes that may be unpacked whatever the ratio, since small things may well be all the same.
    pub total_bytes_free: u64,
    /// Bytes that are unpacked at most, whatever the size of the file.
    pub total_bytes_max: u64,
}

/// Entries up to this size, in bytes, may be unpacked whatever their ratio: an empty form packs well.
pub(crate) const ENTRY_BYTES_FREE: u64 = 1 << 20;

impl Limits {
    /// A message is at most 25 MB (OP179); the reader of messages stops at 64 MiB too.
    pub const DOCUMENT_BYTES_MAX: u64 = 64 << 20;
    /// A month of a large municipality, packed, in an archive of a year; still half of what a small server has.
    pub const HELD_BYTES_MAX: u64 = 512 << 20;
    /// An archive of days in an archive of months, each message in an envelope with an archive: four. Twice that.
    pub const DEPTH_MAX: u32 = 8;
    /// Ten years of the largest municipality are some hundred thousand messages.
    pub const ENTRIES_MAX: u64 = 1_000_000;
    /// XML of messages packs 10 to 60 times; Deflate can reach 1032.
    pub const RATIO_MAX: u64 = 200;
    /// A few seconds of unpacking.
    pub const TOTAL_BYTES_FREE: u64 = 256 << 20;
    /// Ten minutes of unpacking.
    pub const TOTAL_BYTES_MAX: u64 = 64 << 30;

    /// What Grip uses.
    pub const STANDARD: Limits = Limits {
        document_bytes_max: Self::DOCUMENT_BYTES_MAX,
        held_bytes_max: Self::HELD_BYTES_MAX,
        depth_max: Self::DEPTH_MAX,
        entries_max: Self::ENTRIES_MAX,
        ratio_max: Self::RATIO_MAX,
        total_bytes_free: Self::TOTAL_BYTES_FREE,
        total_bytes_max: Self::TOTAL_BYTES_MAX,
    };

    /// What may be unpacked of a file of so many bytes.
    pub(crate) fn total_bytes(&self, file_bytes: u64) -> u64 {
        file_bytes.saturating_mul(self.ratio_max).max(self.total_bytes_free).min(self.total_bytes_max)
    }
}
