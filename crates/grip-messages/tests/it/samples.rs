//! Every message of every law and release with random content: what is written is read, and damage is survived.

use grip_messages::{Bericht, Berichtsoort, Ernst, Finding, Place, Release, read, sample, write};
use grip_types::Wet;
use proptest::{prelude::*, sample::select};

/// Every message that can be written.
pub(crate) fn soorten() -> Vec<Berichtsoort> {
    let numbers = || 301..=325;
    let of_release = |release| {
        [Wet::Wmo, Wet::Jw]
            .into_iter()
            .flat_map(move |wet| numbers().map(move |nummer| Berichtsoort { wet, release, nummer }))
    };
    Release::ALL.into_iter().flat_map(of_release).filter(|soort| sample::bericht(*soort, 0).is_some()).collect()
}

fn any_message() -> impl Strategy<Value = Bericht<'static>> {
    (select(soorten()), any::<u64>())
        .prop_map(|(soort, seed)| sample::bericht(soort, seed).expect("a message we write"))
}

/// Something done to a file.
#[derive(Debug, Clone)]
enum Damage {
    Byte(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Repeat(usize, usize),
    Insert(usize, &'static str),
    /// At the first end of a tag from there on, which is where values and elements begin.
    InsertContent(usize, &'static str),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let at = || 0_usize..100_000;
    let markup = [
        "<",
        ">",
        "/",
        "&",
        "&amp;",
        "&#1;",
        "&#x10FFFF;",
        "&x;",
        "\"",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x",
        "?>",
        "<!DOCTYPE x>",
        "<x/>",
        "<x>",
        "</x>",
        " xmlns=\"\"",
        " xmlns:iwmo=\"x\"",
        "\u{feff}",
        "\0",
        "\u{fffe}",
        "\r",
        "é",
    ];
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        at().prop_map(Damage::Cut),
        (at(), 1_usize..200).prop_map(|(at, length)| Damage::Remove(at, length)),
        (at(), 1_usize..200).prop_map(|(at, length)| Damage::Repeat(at, length)),
        (at(), select(markup.to_vec())).prop_map(|(at, text)| Damage::Insert(at, text)),
        (at(), select(markup.to_vec())).prop_map(|(at, text)| Damage::InsertContent(at, text)),
    ]
}

fn apply(damage: &Damage, file: &mut Vec<u8>) {
    let place = |at: usize| at % file.len().max(1);
    let end = |at: usize, length: usize| (place(at) + length).min(file.len());
    match *damage {
        Damage::Byte(at, byte) => {
            let at = place(at);
            file.splice(at..(at + 1).min(file.len()), [byte]);
        }
        Damage::Cut(at) => file.truncate(place(at)),
        Damage::Remove(at, length) => {
            file.drain(place(at).min(file.len())..end(at, length));
        }
        Damage::Repeat(at, length) => {
            let (start, end) = (place(at).min(file.len()), end(at, length));
            let part = file[start..end].to_vec();
            file.splice(end..end, part);
        }
        Damage::Insert(at, text) => {
            let at = place(at).min(file.len());
            file.splice(at..at, text.bytes());
        }
        Damage::InsertContent(at, text) => {
            let from = place(at).min(file.len());
            let at = file[from..].iter().position(|byte| *byte == b'>').map_or(file.len(), |after| from + after + 1);
            file.splice(at..at, text.bytes());
        }
    }
}

/// `<name>` becomes `<name >` and `</name>` becomes `</name >`, for the tags that have a bit set, over and over. What is
/// inside a tag or an attribute is none, and the root with its namespaces is left alone.
fn with_blanks_in_tags(file: &str, tags: u64) -> String {
    let root_end = file.find("\">\r\n").unwrap_or(file.len());
    let mut changed = file[..root_end].to_owned();
    for (index, part) in file[root_end..].split_inclusive('>').enumerate() {
        let tag = part.strip_suffix('>').and_then(|part| part.rsplit_once('<'));
        let is_plain = tag.is_some_and(|(before, tag)| {
            let name = tag.strip_prefix('/').unwrap_or(tag);
            !before.contains(['<', '"', '\''])
                && !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':')
        });
        if is_plain && tags >> (index % 64) & 1 == 1 {
            changed.push_str(&part[..part.len() - 1]);
            changed.push_str(" >");
        } else {
            changed.push_str(part);
        }
    }
    changed
}

#[test]
fn every_message_of_the_standard_can_be_written() {
    let numbers = |release| {
        let of_law =
            |wet| soorten().into_iter().filter(move |s| s.release == release && s.wet == wet).map(|s| s.nummer);
        let (wmo, jw): (Vec<u16>, Vec<u16>) = (of_law(Wet::Wmo).collect(), of_law(Wet::Jw).collect());
        assert_eq!(wmo, jw);
        wmo
    };
    let [v2_3, v3_0, v3_1, v3_2] = Release::ALL.map(numbers);
    assert_eq!(v2_3, [301, 302, 303, 304, 305, 306, 307, 308, 315, 316]);
    assert_eq!(v3_2, [301, 302, 305, 306, 307, 308, 315, 316, 317, 318, 319, 320, 323, 325]);
    assert_eq!((&v3_0, &v3_1), (&v3_2, &v3_2));
}

#[test]
fn samples_differ_by_seed_only() {
    let soort = Berichtsoort::v3_2(Wet::Wmo, 301);
    assert_eq!(sample::bericht(soort, 1), sample::bericht(soort, 1));
    assert_ne!(sample::bericht(soort, 1), sample::bericht(soort, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_written_is_read(bericht in any_message()) {
        let file = write(&bericht);
        let reading = read(&file);
        prop_assert_eq!(&reading.findings, &vec![]);
        prop_assert_eq!(reading.soort, Some(bericht.soort));
        prop_assert_eq!(reading.bericht, Some(bericht));
    }

    /// Whatever is done to a file, it is read or refused; and what was read of it can be written and read again.
    #[test]
    fn damage_is_survived(bericht in any_message(), damages in prop::collection::vec(any_damage(), 1..6)) {
        let mut file = write(&bericht);
        for damage in &damages {
            apply(damage, &mut file);
        }
        let reading = read(&file);
        let refused = reading.findings.iter().any(|finding| finding.rule.ernst == Ernst::Weigering);
        prop_assert_eq!(reading.bericht.is_none(), refused);
        if let Some(bericht) = &reading.bericht {
            let written = write(bericht);
            let again = read(&written).bericht;
            prop_assert_eq!(again.as_ref(), Some(bericht));
        }
    }

    /// Most tags are read at once and the others by the library; which it is makes no difference. A blank in a tag leaves it
    /// to the library: in every tag, or here and there.
    #[test]
    fn both_ways_of_reading_are_one(
        bericht in any_message(),
        damages in prop::collection::vec(any_damage(), 0..6),
        tags in prop_oneof![Just(u64::MAX), any::<u64>()],
    ) {
        let mut file = write(&bericht);
        for damage in &damages {
            apply(damage, &mut file);
        }
        // In a CDATA section the tag would be part of a value.
        let file = String::from_utf8_lossy(&file).replace("<![CDATA[", "");
        let by_library = with_blanks_in_tags(&file, tags);
        let (reading, other) = (read(file.as_bytes()), read(by_library.as_bytes()));
        // The blank moves what comes after it on its line.
        let without_column = |findings: &[Finding]| -> Vec<Finding> {
            findings.iter().map(|finding| Finding { place: Place { column: 0, ..finding.place }, ..finding.clone() }).collect()
        };
        prop_assert_eq!(without_column(&reading.findings), without_column(&other.findings));
        prop_assert_eq!(reading.bericht, other.bericht);
    }

    #[test]
    fn arbitrary_bytes_are_refused(file in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&file).bericht.is_none());
    }

    #[test]
    fn arbitrary_markup_is_refused(parts in prop::collection::vec(any_damage(), 1..40)) {
        let mut file = b"<".to_vec();
        for part in &parts {
            apply(part, &mut file);
        }
        prop_assert!(read(&file).bericht.is_none());
    }
}
