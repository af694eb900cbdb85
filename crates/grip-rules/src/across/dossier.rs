//! What was sent between one Gemeente and one Aanbieder under one law, in rows small enough to keep years of it at hand.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    num::{NonZeroU32, NonZeroU64},
};

use grip_ledger::{Eenheid, Omvang};
use grip_types::Wet;

use super::day::Day;

/// Something that is only ever compared: a client, a reference, an identification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(NonZeroU64);

impl Key {
    /// The key of a text or of a pseudonym. Among two million different ones the chance that any two share a key is one in
    /// ten million.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Self(NonZeroU64::new(hasher.finish()).unwrap_or(NonZeroU64::MIN))
    }
}

/// A short text of which a dossier has few different ones: a category, a code, a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(NonZeroU32);

/// Facts of the header that every message has. Glossary: Bericht.
#[derive(Debug, Clone, Copy)]
pub struct Bericht {
    /// Number of the message, such as 323.
    pub nummer: u16,
    /// Identification by the sender.
    pub identificatie: Key,
    /// Date of the message.
    pub dagtekening: Day,
    /// Day it was received, or sent.
    pub received: Day,
    /// First bits of the digest of the file: orders messages of one day the same in every reading.
    pub digest: u64,
}

/// One version of a Toewijzing, from a 301. Glossary: Toewijzing.
#[derive(Debug, Clone)]
pub struct Toewijzing {
    /// Message it stands in.
    pub bericht: u32,
    /// Position in the message, from 1.
    pub regel: u32,
    /// Client.
    pub client: Key,
    /// ToewijzingNummer.
    pub nummer: u32,
    /// Request it honours.
    pub referentie: Option<Key>,
    /// Category; none in a generic one.
    pub categorie: Option<Word>,
    /// Code; none when only the category is allocated.
    pub code: Option<Word>,
    /// Toewijzingsdatum, and Toewijzingstijd in nanoseconds since midnight.
    pub stempel: (Day, i64),
    /// First day.
    pub ingangsdatum: Day,
    /// Last day.
    pub einddatum: Option<Day>,
    /// RedenWijziging.
    pub reden_wijziging: Option<Word>,
    /// Volume.
    pub omvang: Option<Omvang>,
    /// Budget in eurocents.
    pub budget: Option<i64>,
}

/// A StartProduct of a 305. Glossary: Start.
#[derive(Debug, Clone)]
pub struct Start {
    /// Message it stands in.
    pub bericht: u32,
    /// Position in the message, from 1.
    pub regel: u32,
    /// Client.
    pub client: Key,
    /// ToewijzingNummer; none where a task is paid for.
    pub toewijzing: Option<u32>,
    /// Category.
    pub categorie: Option<Word>,
    /// Code.
    pub code: Option<Word>,
    /// First day of delivery.
    pub begindatum: Day,
    /// Whether it deletes an earlier one (StatusAanlevering 3).
    pub deletes: bool,
}

/// A StopProduct of a 307. Glossary: Stop.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Message it stands in.
    pub bericht: u32,
    /// Position in the message, from 1.
    pub regel: u32,
    /// Client.
    pub client: Key,
    /// ToewijzingNummer; none where a task is paid for.
    pub toewijzing: Option<u32>,
    /// Category.
    pub categorie: Option<Word>,
    /// Code.
    pub code: Option<Word>,
    /// First day of delivery.
    pub begindatum: Day,
    /// RedenBeeindiging.
    pub reden: Word,
    /// Last day of delivery.
    pub einddatum: Day,
    /// Whether it deletes an earlier one (StatusAanlevering 3).
    pub deletes: bool,
}

/// What a line of a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// AangevraagdProduct of a 315.
    Aangevraagd,
    /// OngewijzigdProduct of a 317.
    Ongewijzigd,
    /// TeWijzigenProduct of a 317.
    TeWijzigen,
    /// NieuwProduct of a 317.
    Nieuw,
}

/// A product of a 315 or 317. Glossary: Verzoek.
#[derive(Debug, Clone)]
pub struct Verzoek {
    /// Message it stands in.
    pub bericht: u32,
    /// Position in the message, from 1.
    pub regel: u32,
    /// Client.
    pub client: Key,
    /// ReferentieAanbieder: of the product in a 315, of the whole request in a 317.
    pub referentie: Key,
    /// What is asked.
    pub asked: Asked,
    /// ToewijzingNummer, of what is there already.
    pub toewijzing: Option<u32>,
    /// Category.
    pub categorie: Option<Word>,
    /// Code.
    pub code: Option<Word>,
    /// ToewijzingIngangsdatum or GewensteIngangsdatum; none for what stays as it is.
    pub ingangsdatum: Option<Day>,
    /// Last day.
    pub einddatum: Option<Day>,
    /// Volume.
    pub omvang: Option<Omvang>,
    /// Budget in eurocents.
    pub budget: Option<i64>,
}

/// Answer to a request, from a 319. Glossary: Antwoord.
#[derive(Debug, Clone)]
pub struct Antwoord {
    /// Message it stands in.
    pub bericht: u32,
    /// ReferentieAanbieder of the request.
    pub referentie: Key,
    /// Whether the request is refused (VerzoekAntwoord 1); it is being looked into otherwise (2).
    pub afgewezen: bool,
    /// RedenAfwijzingVerzoek.
    pub reden: Option<Word>,
    /// Gemeente that is said to be responsible.
    pub gemeente: Option<Word>,
}

/// What a 323 says besides its lines. Glossary: Declaratie.
#[derive(Debug, Clone)]
pub struct Declaratie {
    /// Message.
    pub bericht: u32,
    /// DeclaratieNummer.
    pub nummer: Key,
    /// First day of the DeclaratiePeriode.
    pub begindatum: Day,
}

/// A line of a 323. Glossary: Prestatie.
#[derive(Debug, Clone)]
pub struct Prestatie {
    /// Message it stands in.
    pub bericht: u32,
    /// Position in the message, from 1.
    pub regel: u32,
    /// Client.
    pub client: Key,
    /// ReferentieNummer.
    pub referentie: Key,
    /// VorigReferentieNummer, of a credit.
    pub vorige: Option<Key>,
    /// ToewijzingNummer.
    pub toewijzing: u32,
    /// Category.
    pub categorie: Word,
    /// Code.
    pub code: Word,
    /// First day of the ProductPeriode.
    pub begindatum: Day,
    /// Last day of the ProductPeriode.
    pub einddatum: Day,
    /// GeleverdVolume.
    pub volume: u32,
    /// ProductTarief in eurocents.
    pub tarief: Option<u32>,
    /// IngediendBedrag in eurocents; below zero for a credit.
    pub bedrag: i32,
    /// Unit.
    pub eenheid: Eenheid,
    /// Whether it is a credit.
    pub is_credit: bool,
}

/// What a 325 says besides refused lines. Glossary: Declaratie-antwoord.
#[derive(Debug, Clone)]
pub struct DeclaratieAntwoord {
    /// Message.
    pub bericht: u32,
    /// DeclaratieIdentificatie: that of the 323.
    pub declaratie: Key,
    /// DeclaratieNummer; none when refused at the header.
    pub nummer: Option<Key>,
    /// TotaalIngediendBedrag in eurocents.
    pub ingediend: Option<i64>,
    /// TotaalToegekendBedrag in eurocents.
    pub toegekend: Option<i64>,
    /// Whether the 323 counts as never sent.
    pub geheel_afgekeurd: bool,
}

/// A refused line, from a 325. Glossary: Afkeuring.
#[derive(Debug, Clone)]
pub struct Afkeuring {
    /// Message it stands in.
    pub bericht: u32,
    /// Position in the message, from 1.
    pub regel: u32,
    /// Client.
    pub client: Key,
    /// ReferentieNummer of the line.
    pub referentie: Key,
    /// ToewijzingNummer.
    pub toewijzing: u32,
    /// IngediendBedrag in eurocents; below zero for a credit.
    pub bedrag: i32,
}

/// Answer to any message but a 323 or 325: 302, 306, 308, 316, 318 or 320. Glossary: Retour.
#[derive(Debug, Clone)]
pub struct Retour {
    /// Message.
    pub bericht: u32,
    /// Number of the message it answers.
    pub heen: u16,
    /// Identification of the message it answers.
    pub identificatie: Key,
    /// Whether that message is refused, and so counts as not sent (OP286).
    pub afgekeurd: bool,
}

/// A ToewijzingNummer that this Gemeente gave, under this law, to another Aanbieder.
#[derive(Debug, Clone)]
pub struct Elders {
    /// ToewijzingNummer.
    pub nummer: u32,
    /// Day it was first sent.
    pub received: Day,
    /// Digest of the message it was first sent in.
    pub digest: u64,
}

/// Everything sent between one Gemeente and one Aanbieder under one law. Rows may be added in any order. Glossary: Dossier.
#[derive(Debug)]
pub struct Dossier {
    /// Law.
    pub wet: Wet,
    /// Code of the Gemeente.
    pub gemeente: Box<str>,
    pub(super) berichten: Vec<Bericht>,
    /// Versions of allocations.
    pub toewijzingen: Vec<Toewijzing>,
    /// Starts.
    pub starts: Vec<Start>,
    /// Stops.
    pub stops: Vec<Stop>,
    /// Products of requests.
    pub verzoeken: Vec<Verzoek>,
    /// Answers to requests.
    pub antwoorden: Vec<Antwoord>,
    /// Invoices.
    pub declaraties: Vec<Declaratie>,
    /// Lines of invoices.
    pub prestaties: Vec<Prestatie>,
    /// Answers to invoices.
    pub declaratie_antwoorden: Vec<DeclaratieAntwoord>,
    /// Refused lines.
    pub afkeuringen: Vec<Afkeuring>,
    /// Answers to other messages.
    pub retours: Vec<Retour>,
    /// Numbers that other providers have.
    pub elders: Vec<Elders>,
    words: Vec<Box<str>>,
    numbers_of_words: HashMap<Box<str>, Word>,
}

impl Dossier {
    /// An empty dossier.
    pub fn new(wet: Wet, gemeente: &str) -> Self {
        Self {
            wet,
            gemeente: gemeente.into(),
            berichten: Vec::new(),
            toewijzingen: Vec::new(),
            starts: Vec::new(),
            stops: Vec::new(),
            verzoeken: Vec::new(),
            antwoorden: Vec::new(),
            declaraties: Vec::new(),
            prestaties: Vec::new(),
            declaratie_antwoorden: Vec::new(),
            afkeuringen: Vec::new(),
            retours: Vec::new(),
            elders: Vec::new(),
            words: Vec::new(),
            numbers_of_words: HashMap::new(),
        }
    }

    /// Adds a message; its rows name it by the number this gives.
    ///
    /// # Panics
    /// After four billion messages.
    pub fn add(&mut self, bericht: Bericht) -> u32 {
        let number = u32::try_from(self.berichten.len()).expect("fewer than four billion messages");
        self.berichten.push(bericht);
        number
    }

    /// The word for a text.
    ///
    /// # Panics
    /// After four billion different texts.
    pub fn word(&mut self, text: &str) -> Word {
        if let Some(word) = self.numbers_of_words.get(text) {
            return *word;
        }
        self.words.push(text.into());
        let number = u32::try_from(self.words.len()).ok().and_then(NonZeroU32::new);
        let word = Word(number.expect("fewer than four billion texts"));
        self.numbers_of_words.insert(text.into(), word);
        word
    }

    /// The word for a text that some row already has.
    pub(super) fn known_word(&self, text: &str) -> Option<Word> {
        self.numbers_of_words.get(text).copied()
    }

    /// The text of a word.
    pub(super) fn text(&self, word: Word) -> &str {
        usize::try_from(word.0.get() - 1).ok().and_then(|index| self.words.get(index)).map_or("", |text| text)
    }

    /// Puts rows in the order of message and line.
    pub(super) fn sort(&mut self) {
        self.toewijzingen.sort_by_key(|row| (row.bericht, row.regel));
        self.starts.sort_by_key(|row| (row.bericht, row.regel));
        self.stops.sort_by_key(|row| (row.bericht, row.regel));
        self.verzoeken.sort_by_key(|row| (row.bericht, row.regel));
        self.antwoorden.sort_by_key(|row| row.bericht);
        self.declaraties.sort_by_key(|row| row.bericht);
        // Sorting takes memory, and rows of a table come in order.
        if !self.prestaties.is_sorted_by_key(|row| (row.bericht, row.regel)) {
            self.prestaties.sort_by_key(|row| (row.bericht, row.regel));
        }
        self.declaratie_antwoorden.sort_by_key(|row| row.bericht);
        self.afkeuringen.sort_by_key(|row| (row.bericht, row.regel));
        self.retours.sort_by_key(|row| row.bericht);
    }
}
