//! Pseudonyms at the door: what identifies a person is keyed before it reaches a table. ADR-0007.

use std::{
    borrow::Cow,
    fmt,
    io::Write,
    path::{Path, PathBuf},
};

use grip_types::{Bsn, Pseudoniem};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::PipelineError;

const KEY_BYTES: usize = 32;

/// The key of an installation. Who has it can find out which pseudonym belongs to a number; without it nobody can.
///
/// A key that was rotated is a chain: the first link keys the number, and every later one keys the pseudonym of the one before
/// it, so that what is kept can be carried over without the numbers.
#[derive(Clone)]
pub struct Key {
    first: Hmac<Sha256>,
    later: Vec<Hmac<Sha256>>,
    /// The links as they stand in the file.
    text: String,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// Reads the key in `path`, or makes one there that only its owner can read.
    ///
    /// # Errors
    /// [`PipelineError::KeyInside`] when it would lie in the data folder, [`PipelineError::KeyUnusable`] when the file is
    /// not a key, and [`PipelineError::Io`].
    pub fn load_or_make(path: &Path, data: &Path) -> Result<Self, PipelineError> {
        let absolute = outside(path, data)?;
        let text = read_or_make(&absolute, "")?;
        Self::parse(&text).ok_or(PipelineError::KeyUnusable { path: absolute })
    }

    /// Reads the key in `path`, and makes none.
    ///
    /// # Errors
    /// As [`Key::load_or_make`], and [`PipelineError::Io`] when there is no such file.
    pub fn load(path: &Path, data: &Path) -> Result<Self, PipelineError> {
        let absolute = outside(path, data)?;
        let text = fs_err::read_to_string(&absolute)?;
        Self::parse(&text).ok_or(PipelineError::KeyUnusable { path: absolute })
    }

    /// Whether the data in a folder was taken in under a key at all.
    ///
    /// # Errors
    /// [`PipelineError::OtherKey`] when that was not this one, and [`PipelineError::Io`].
    pub fn is_of(&self, data: &Path) -> Result<bool, PipelineError> {
        crate::is_key_of(data, self)
    }

    /// Reads the key in `path` that follows this one, or makes it there: this one with a new link.
    ///
    /// # Errors
    /// As [`Key::load_or_make`], and [`PipelineError::KeyNoSuccessor`] when there is another key in the file.
    pub fn successor(&self, path: &Path, data: &Path) -> Result<Self, PipelineError> {
        let absolute = outside(path, data)?;
        let text = read_or_make(&absolute, &self.text)?;
        let next = Self::parse(&text).ok_or_else(|| PipelineError::KeyUnusable { path: absolute.clone() })?;
        if next.later.len() != self.later.len() + 1 || !next.text.starts_with(&self.text) {
            return Err(PipelineError::KeyNoSuccessor { path: absolute });
        }
        Ok(next)
    }

    fn parse(text: &str) -> Option<Self> {
        let links = text.split_whitespace().map(decode).collect::<Option<Vec<_>>>()?;
        let mut macs = links.iter().map(|bytes| Hmac::new_from_slice(bytes).expect("HMAC takes keys of any length"));
        let first = macs.next()?;
        let later = macs.collect();
        Some(Self { first, later, text: text.split_whitespace().map(|link| format!("{link}\n")).collect() })
    }

    /// The pseudonym of a citizen service number as it stands in a message.
    pub fn client(&self, bsn: &str) -> Pseudoniem {
        self.keyed("client", bsn)
    }

    /// The pseudonym of a household number.
    pub fn huishouden(&self, number: &str) -> Pseudoniem {
        self.keyed("huishouden", number)
    }

    /// A text that says which key this is without giving it away.
    pub fn fingerprint(&self) -> String {
        self.keyed("fingerprint", "").to_string()
    }

    /// What the last link makes of a pseudonym of the links before it.
    pub(crate) fn carried_over(&self, before: Pseudoniem) -> Pseudoniem {
        self.later.last().map_or(before, |link| step(link, before))
    }

    fn keyed(&self, kind: &str, text: &str) -> Pseudoniem {
        self.later.iter().fold(keyed(&self.first, kind, text), |before, link| step(link, before))
    }

    /// A provider's reference, in which the client's own number must not stay.
    pub(crate) fn without_bsn<'t>(&self, reference: &'t str, bsn: &str) -> Cow<'t, str> {
        if bsn.len() >= 8 && reference.contains(bsn) {
            Cow::Owned(reference.replace(bsn, &self.client(bsn).to_string()))
        } else {
            Cow::Borrowed(reference)
        }
    }

    /// A path below the offered folder, in which numbers that could be of a citizen are replaced.
    pub(crate) fn without_citizen_numbers(&self, path: &str) -> String {
        let bytes = path.as_bytes();
        let (mut clean, mut copied, mut at) = (String::with_capacity(path.len()), 0, 0);
        while at < bytes.len() {
            let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 9 && path[at..at + 9].parse::<Bsn>().is_ok() {
                clean.push_str(&path[copied..at]);
                clean.push_str(&self.client(&path[at..at + 9]).to_string());
                copied = at + 9;
            }
            at += digits.max(1);
        }
        clean.push_str(&path[copied..]);
        clean
    }
}

fn keyed(mac: &Hmac<Sha256>, kind: &str, text: &str) -> Pseudoniem {
    let mut mac = mac.clone();
    mac.update(kind.as_bytes());
    mac.update(&[0]);
    mac.update(text.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let (first, _) = bytes.split_first_chunk::<16>().expect("SHA-256 gives 32 bytes");
    Pseudoniem::from_bits(u128::from_be_bytes(*first))
}

/// One link further: of a client and of a household alike, for the kind is in the pseudonym already.
fn step(link: &Hmac<Sha256>, before: Pseudoniem) -> Pseudoniem {
    keyed(link, "pseudoniem", &before.to_string())
}

/// The 256 bits in a file outside the data folder; made there, for its owner alone, when it is not there yet.
///
/// # Errors
/// As [`Key::load_or_make`].
pub fn secret(path: &Path, data: &Path) -> Result<[u8; KEY_BYTES], PipelineError> {
    let absolute = outside(path, data)?;
    bits(&read_or_make(&absolute, "")?, absolute)
}

/// The same of a file that is there; none is made.
///
/// # Errors
/// As [`Key::load`].
pub fn existing_secret(path: &Path, data: &Path) -> Result<[u8; KEY_BYTES], PipelineError> {
    let absolute = outside(path, data)?;
    bits(&fs_err::read_to_string(&absolute)?, absolute)
}

fn bits(text: &str, path: PathBuf) -> Result<[u8; KEY_BYTES], PipelineError> {
    decode(text.trim()).and_then(|bytes| bytes.try_into().ok()).ok_or(PipelineError::KeyUnusable { path })
}

/// The text of a key file, made of these links and a new one when it is not there yet.
fn read_or_make(path: &Path, links: &str) -> Result<String, PipelineError> {
    match fs_err::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path, links),
        other => Ok(other?),
    }
}

/// Makes a key file of these links and a new one.
fn make(path: &Path, links: &str) -> Result<String, PipelineError> {
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder)?;
    }
    let mut bytes = [0_u8; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| PipelineError::NoRandomness)?;
    let link: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!("{links}{link}\n");
    // Written whole under a name of its own, then linked: of several processes that make one, the first holds, and none reads
    // half a key.
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{:016x}", getrandom::u64().map_err(|_| PipelineError::NoRandomness)?));
    let draft = PathBuf::from(name);
    let mut options = fs_err::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use fs_err::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let linked = fs_err::hard_link(&draft, path);
    fs_err::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(fs_err::read_to_string(path)?),
        other => Ok(other.map(|()| text)?),
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let valid = text.len() == KEY_BYTES * 2 && text.is_ascii();
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).ok();
    valid.then(|| (0..KEY_BYTES).map(|index| byte(index * 2)).collect()).flatten()
}

/// The path of a key, which must not lie in the data folder.
fn outside(path: &Path, data: &Path) -> Result<PathBuf, PipelineError> {
    let (path, data) = (std::path::absolute(path)?, std::path::absolute(data)?);
    if path.starts_with(&data) { Err(PipelineError::KeyInside { path }) } else { Ok(path) }
}

#[cfg(test)]
mod tests {
    use super::Key;
    use crate::PipelineError;

    fn key() -> (tempfile::TempDir, Key) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = Key::load_or_make(&folder.path().join("key"), &folder.path().join("data")).expect("a key");
        (folder, key)
    }

    #[test]
    fn a_key_is_made_once_and_only_for_its_owner() {
        let (folder, key) = key();
        let again = Key::load_or_make(&folder.path().join("key"), &folder.path().join("data")).expect("the same key");
        assert_eq!(key.client("999900006"), again.client("999900006"));
        assert_ne!(key.client("999900006"), key.client("999900018"));
        assert_ne!(key.client("999900006"), key.huishouden("999900006"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs_err::metadata(folder.path().join("key")).expect("a file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn several_processes_make_one_key() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, data) = (folder.path().join("key"), folder.path().join("data"));
        let first = Key::load_or_make(&path, &data).expect("a key");
        // Another process that found no key a moment ago, and comes second.
        let text = super::make(&path, "").expect("the key of the first");
        assert_eq!(super::decode(text.trim()).map(|bytes| bytes.len()), Some(super::KEY_BYTES));
        let again = Key::load_or_make(&path, &data).expect("a key");
        assert_eq!(first.fingerprint(), again.fingerprint());
        assert_eq!(fs_err::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_key_must_lie_outside_the_data() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let inside = Key::load_or_make(&folder.path().join("data/key"), &folder.path().join("data"));
        assert!(matches!(inside, Err(PipelineError::KeyInside { .. })));
    }

    #[test]
    fn something_else_is_no_key() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs_err::write(folder.path().join("key"), "geheim").expect("written");
        let other = Key::load_or_make(&folder.path().join("key"), &folder.path().join("data"));
        assert!(matches!(other, Err(PipelineError::KeyUnusable { .. })));
    }

    /// What was kept and is carried over is what the door makes from then on, however often the key is rotated.
    #[test]
    fn a_rotated_key_joins_what_was_kept() {
        let (folder, key) = key();
        let (data, next) = (folder.path().join("data"), folder.path().join("next"));
        let second = key.successor(&next, &data).expect("a key");
        let third = second.successor(&folder.path().join("third"), &data).expect("a key");
        let kept = key.client("999900006");
        assert_ne!(second.client("999900006"), kept);
        assert_eq!(second.client("999900006"), second.carried_over(kept));
        assert_eq!(third.client("999900006"), third.carried_over(second.carried_over(kept)));
        assert_eq!(third.huishouden("7"), third.carried_over(second.huishouden("7")));
        assert_eq!(second.fingerprint(), key.successor(&next, &data).expect("the same key").fingerprint());
        assert_eq!(second.fingerprint(), Key::load_or_make(&next, &data).expect("the same key").fingerprint());
        let stranger = third.successor(&next, &data);
        assert!(matches!(stranger, Err(PipelineError::KeyNoSuccessor { .. })));
    }

    #[test]
    fn numbers_of_citizens_leave_references_and_paths() {
        let (_folder, key) = key();
        let pseudonym = key.client("999900006").to_string();
        assert_eq!(key.without_bsn("X-999900006-1", "999900006"), format!("X-{pseudonym}-1"));
        assert_eq!(key.without_bsn("X-1", "999900006"), "X-1");
        assert_eq!(key.without_citizen_numbers("2025-01-01/é999900006.xml"), format!("2025-01-01/é{pseudonym}.xml"));
        assert_eq!(key.without_citizen_numbers("9999000060/12345678_é.xml"), "9999000060/12345678_é.xml");
    }
}
