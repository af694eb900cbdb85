//! Where pseudonyms stand: in a column of their own, inside other texts, and in files of any kind.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io::Read,
    path::{Path, PathBuf},
};

use grip_lake::each_text;
use grip_types::Pseudoniem;

use crate::PipelineError;

/// Hexadecimal digits of a pseudonym.
const DIGITS: usize = 32;

/// What comes in the place of pseudonyms.
pub(crate) type Replacements = HashMap<u128, String>;

/// Reads digits one by one and knows the number that the last 32 make.
#[derive(Default)]
struct Window {
    bits: u128,
    digits: usize,
}

impl Window {
    /// The pseudonym that ends with this byte, if there are digits enough.
    fn push(&mut self, byte: u8) -> Option<u128> {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => {
                *self = Self::default();
                return None;
            }
        };
        self.bits = self.bits << 4 | u128::from(digit);
        self.digits += 1;
        (self.digits >= DIGITS).then_some(self.bits)
    }
}

/// The text with every pseudonym replaced that is to be; nothing when there is none.
pub(crate) fn replaced(text: &str, replacements: &Replacements) -> Option<String> {
    if text.len() < DIGITS {
        return None;
    }
    let (mut window, mut out, mut copied) = (Window::default(), String::new(), 0);
    for (at, byte) in text.bytes().enumerate() {
        let Some(replacement) = window.push(byte).and_then(|bits| replacements.get(&bits)) else { continue };
        let end = at + 1;
        out.push_str(text.get(copied..end - DIGITS).unwrap_or_default());
        out.push_str(replacement);
        copied = end;
        window = Window::default();
    }
    (copied > 0).then(|| {
        out.push_str(text.get(copied..).unwrap_or_default());
        out
    })
}

/// What a search through a folder found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Search {
    /// Files that were read to the end.
    pub files: usize,
    /// Their bytes on disk.
    pub bytes: u64,
    /// Different pseudonyms that were looked for.
    pub sought: usize,
    /// Files in which one of them still stands, and how often.
    pub found_in: BTreeMap<String, u64>,
    /// Files and folders that whoever searched may not read, so that nothing is known of them.
    pub unread: Vec<String>,
}

impl Search {
    /// Whether everything was read and nothing was found.
    pub fn is_clean(&self) -> bool {
        self.found_in.is_empty() && self.unread.is_empty()
    }
}

/// Looks for pseudonyms in every file of a folder: in its bytes and, of Parquet, in the texts before they were compressed.
pub(crate) fn search(root: &Path, sought: &HashSet<Pseudoniem>) -> Result<Search, PipelineError> {
    let sought: HashSet<u128> = sought.iter().map(|one| one.bits()).collect();
    let mut search = Search { sought: sought.len(), ..Search::default() };
    let mut pending = vec![root.to_owned()];
    while let Some(path) = pending.pop() {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        match search_one(&path, &sought, &mut search, &mut pending) {
            Ok(0) => {}
            Ok(count) => {
                search.found_in.insert(name, count);
            }
            Err(PipelineError::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                search.unread.push(name);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(search)
}

/// Searches a file, or notes what is in a folder.
fn search_one(
    path: &Path,
    sought: &HashSet<u128>,
    search: &mut Search,
    pending: &mut Vec<PathBuf>,
) -> Result<u64, PipelineError> {
    if path.is_dir() {
        for entry in fs_err::read_dir(path)? {
            pending.push(entry?.path());
        }
        return Ok(0);
    }
    let mut count = count_in_bytes(path, sought, &mut search.bytes)?;
    if path.extension().is_some_and(|ending| ending == "parquet") {
        each_text(path, |text| count += count_in(text.as_bytes(), &mut Window::default(), sought))?;
    }
    search.files += 1;
    Ok(count)
}

fn count_in(bytes: &[u8], window: &mut Window, sought: &HashSet<u128>) -> u64 {
    let ends = bytes.iter().filter(|byte| window.push(**byte).is_some_and(|bits| sought.contains(&bits)));
    ends.count() as u64
}

fn count_in_bytes(path: &Path, sought: &HashSet<u128>, bytes: &mut u64) -> Result<u64, PipelineError> {
    let (mut file, mut buffer) = (fs_err::File::open(path)?, vec![0; 1 << 18]);
    let (mut window, mut count) = (Window::default(), 0);
    loop {
        let read = file.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { return Ok(count) };
        *bytes += read as u64;
        count += count_in(part, &mut window, sought);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use grip_types::{Pseudoniem, hex};
    use proptest::prelude::*;

    use super::{replaced, search};

    #[test]
    fn pseudonyms_are_found_inside_texts() {
        let (one, two) = (hex(0xfeed), hex(u128::MAX - 3));
        let replacements = HashMap::from([(0xfeed, "A".to_owned()), (u128::MAX - 3, "B".to_owned())]);
        let text = format!("é{one}-{two}{one}/{}", hex(7));
        assert_eq!(replaced(&text, &replacements), Some(format!("éA-BA/{}", hex(7))));
        assert_eq!(replaced(&format!("a{one}b"), &replacements), Some("aAb".to_owned()));
        assert_eq!(replaced(&one[1..], &replacements), None);
    }

    #[test]
    fn a_file_is_searched_across_its_parts() {
        let folder = tempfile::tempdir().expect("a folder");
        let somebody = Pseudoniem::from_bits(0x9f00_0000_0000_0000_0000_0000_0000_00c1);
        let text = format!("{}x{somebody}", "0".repeat((1 << 18) - 5));
        fs_err::write(folder.path().join("groot.txt"), &text).expect("written");
        fs_err::write(folder.path().join("leeg.txt"), "").expect("written");
        let sought = HashSet::from([somebody]);
        let found = search(folder.path(), &sought).expect("searched");
        assert_eq!((found.files, found.bytes), (2, text.len() as u64));
        assert_eq!(found.found_in.get("groot.txt"), Some(&1));
        assert_eq!(found.found_in.len(), 1);
    }

    proptest! {
        #[test]
        fn replacing_leaves_the_rest(before in "[a-f0-9é -]{0,40}", after in "[ -Z]{0,40}", bits in any::<u128>()) {
            let text = format!("{before}{}{after}", hex(bits));
            let replacements = HashMap::from([(bits, "|".to_owned())]);
            let found = replaced(&text, &replacements).expect("it is in there");
            prop_assert!(!found.contains(&hex(bits)));
            prop_assert_eq!(found.replace('|', &hex(bits)), text);
        }
    }
}
