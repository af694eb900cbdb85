use grip_envelope::{Limits, collect, fuzz, seal, unwrap};
use proptest::{collection::vec, prelude::*};

use crate::{di01, opened, vecozo, zip};

/// What is around what.
#[derive(Debug, Clone)]
enum Nest {
    Message(String),
    Archive(Vec<Nest>),
    Stuf(Box<Nest>),
    Vecozo(Box<Nest>),
}

impl Nest {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Message(text) => format!("<a:Bericht>{text}</a:Bericht>").into_bytes(),
            Self::Archive(parts) => {
                let parts: Vec<_> =
                    parts.iter().enumerate().map(|(at, part)| (format!("{at}"), part.bytes())).collect();
                zip(&parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
            }
            Self::Stuf(part) => seal(&di01(), &part.bytes()),
            Self::Vecozo(part) => seal(&vecozo(), &part.bytes()),
        }
    }

    fn messages(&self) -> Vec<Vec<u8>> {
        match self {
            Self::Message(_) => vec![self.bytes()],
            Self::Archive(parts) => parts.iter().flat_map(Self::messages).collect(),
            Self::Stuf(part) | Self::Vecozo(part) => part.messages(),
        }
    }
}

fn nests() -> impl Strategy<Value = Nest> {
    let message = "[ -;=?-~\\n]{0,200}".prop_map(Nest::Message);
    message.prop_recursive(Limits::DEPTH_MAX, 40, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..5).prop_map(Nest::Archive),
            inner.clone().prop_map(|part| Nest::Stuf(Box::new(part))),
            inner.prop_map(|part| Nest::Vecozo(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_around_them_messages_come_out_as_they_went_in(nest in nests()) {
        let (documents, troubles) = opened(&Limits::STANDARD, &nest.bytes());
        prop_assert_eq!(troubles, []);
        prop_assert_eq!(documents.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>(), nest.messages());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..400), head in 0_usize..6) {
        let heads: [&[u8]; 6] = [b"", b"PK\x03\x04", b"PK\x05\x06", b"<Envelope>", b"<Di01><xmlBestand>", b"<!DOCTYPE "];
        fuzz(&[heads[head], &bytes].concat());
    }

    #[test]
    fn changed_bytes_never_panic_and_stay_within_limits(
        nest in nests(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = nest.bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        fuzz(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        fuzz(&bytes);
        let limits = Limits { document_bytes_max: 100, total_bytes_free: 3000, total_bytes_max: 3000, entries_max: 20, ..Limits::STANDARD };
        let mut given = 0;
        let troubles = unwrap(&limits, "in", &bytes, |document| {
            assert!(document.bytes.len() <= 100);
            given += document.bytes.len();
            Ok::<(), ()>(())
        });
        prop_assert!(troubles.is_ok());
        prop_assert!(given <= 3000);
    }

    #[test]
    fn nothing_is_lost_without_a_word(nest in nests(), cut in any::<prop::sample::Index>()) {
        // An envelope ends with a line end that nobody misses.
        let bytes = nest.bytes();
        let bytes = bytes.trim_ascii_end();
        let (documents, troubles) = collect(&Limits::STANDARD, "in", &bytes[..cut.index(bytes.len())]);
        // Cut off it is either reported, or so short that it is not known for what it is.
        prop_assert!(!troubles.is_empty() || documents.len() == 1);
    }
}
