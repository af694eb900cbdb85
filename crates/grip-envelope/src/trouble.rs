use std::{collections::HashMap, fmt};

/// How grave a trouble is. Glossary: Ernst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ernst {
    /// Worth knowing; nothing was lost by it.
    Waarschuwing,
    /// Something in the file was not taken.
    Weigering,
}

/// Something that stood in the way of a document: kept, shown, and never fatal to the other documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it is.
    pub kind: TroubleKind,
    /// Where: the path inside the file, as in [`Document::name`](crate::Document::name).
    pub name: String,
    /// What was found there, in Dutch, without personal data.
    pub text: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in {}", self.kind.code(), self.text, self.name)
    }
}

macro_rules! kinds {
    ($($name:ident $code:literal $ernst:ident: $title:literal, wat: $wat:literal, doen: $doen:literal;)*) => {
        /// What can be wrong with a container, whatever is inside.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum TroubleKind {
            $(#[doc = $title] $name,)*
        }
        impl TroubleKind {
            /// Every kind, in the order of their codes.
            pub const ALL: &'static [TroubleKind] = &[$(TroubleKind::$name,)*];
            /// Stable code. Never reused, not even after a kind is retired.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code,)* } }
            /// How grave it is.
            pub fn ernst(self) -> Ernst { match self { $(Self::$name => Ernst::$ernst,)* } }
            /// Name of the kind, in Dutch.
            pub fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }
            /// What was looked at and why, in Dutch.
            pub fn explanation(self) -> &'static str { match self { $(Self::$name => $wat,)* } }
            /// What the receiver can do, in Dutch.
            pub fn advice(self) -> &'static str { match self { $(Self::$name => $doen,)* } }
        }
    };
}

kinds! {
    NietLeesbaar "E001" Weigering: "Bestand niet te lezen",
        wat: "Het besturingssysteem gaf het bestand niet, of niet helemaal.",
        doen: "Controleer of het bestand nog bestaat en of Grip het mag lezen.";
    TeGroot "E002" Weigering: "Onderdeel te groot",
        wat: "Een bericht is ten hoogste 25 MB (OP179). Grip leest onderdelen tot 64 MiB.",
        doen: "Laat de afzender het bericht splitsen.";
    ArchiefTeGroot "E003" Weigering: "Archief in een archief te groot",
        wat: "Een archief dat in een ander archief zit, wordt in het geheugen uitgepakt. Samen mogen de archieven die tegelijk open zijn 512 MiB groot zijn.",
        doen: "Pak het buitenste archief uit en bied de archieven daarin los aan.";
    TeDiep "E004" Weigering: "Te diep ingepakt",
        wat: "Een bericht zit in de praktijk in ten hoogste vier verpakkingen (archief, archief, envelop, archief). Grip opent er acht.",
        doen: "Ga na waar het bestand vandaan komt; pak het anders zelf uit.";
    TeVeelOnderdelen "E005" Weigering: "Te veel onderdelen",
        wat: "Een bestand mag, met alle archieven erin, een miljoen onderdelen hebben. De onderdelen tot die grens zijn gelezen.",
        doen: "Verdeel de berichten over meer archieven.";
    TotaalTeGroot "E006" Weigering: "Uitgepakt te groot",
        wat: "Alles bij elkaar mag uitgepakt ten hoogste 200 keer zo groot zijn als het bestand zelf, en ten hoogste 64 GiB. Wat tot die grens is uitgepakt, is gelezen.",
        doen: "Ga na waar het bestand vandaan komt; een archief dat zo ver uitdijt is meestal een aanval.";
    Zipbom "E007" Weigering: "Onderdeel dijt te ver uit",
        wat: "Een onderdeel groter dan 1 MiB mag uitgepakt ten hoogste 200 keer zo groot zijn als ingepakt. Berichten blijven daar ver onder.",
        doen: "Ga na waar het bestand vandaan komt; een archief dat zo ver uitdijt is meestal een aanval.";
    ArchiefBeschadigd "E010" Weigering: "Archief beschadigd of afgebroken",
        wat: "De inhoudsopgave van het archief ontbreekt of klopt niet. De onderdelen die nog te vinden waren, zijn gelezen; er kunnen er ontbreken.",
        doen: "Lever het archief opnieuw aan; een afgebroken bestand ontstaat vaak bij kopiëren of versturen.";
    OnderdeelBeschadigd "E011" Weigering: "Onderdeel beschadigd",
        wat: "De bytes van het onderdeel zijn niet uit te pakken, of het controlegetal klopt niet. De andere onderdelen zijn gelezen.",
        doen: "Maak het archief opnieuw, of bied dit onderdeel los aan.";
    Versleuteld "E012" Weigering: "Onderdeel versleuteld",
        wat: "Het onderdeel is met een wachtwoord versleuteld. Grip vraagt niet om wachtwoorden.",
        doen: "Pak het archief zelf uit en bied de bestanden onversleuteld aan.";
    Koppeling "E013" Weigering: "Onderdeel is een koppeling",
        wat: "Het onderdeel verwijst naar een ander bestand (symbolische koppeling). Grip volgt zulke verwijzingen niet.",
        doen: "Neem in het archief het bestand zelf op.";
    CompressieOnbekend "E014" Weigering: "Compressie wordt niet gelezen",
        wat: "Grip leest onderdelen die zonder compressie of met Deflate zijn ingepakt.",
        doen: "Maak het archief opnieuw als gewoon ZIP-bestand.";
    OnveiligeNaam "E015" Waarschuwing: "Onveilige naam",
        wat: "De naam van het onderdeel wijst buiten het archief, of bevat tekens die er niet in horen. De naam is onschadelijk gemaakt en het onderdeel is gelezen.",
        doen: "Meld het degene die het archief maakte, en ga na waar het vandaan komt.";
    LeegArchief "E016" Waarschuwing: "Archief zonder bestanden",
        wat: "In het archief zit geen enkel bestand.",
        doen: "Controleer of het juiste archief is aangeleverd.";
    EnvelopBeschadigd "E020" Weigering: "Envelop niet welgevormd of afgebroken",
        wat: "De XML van de envelop is niet welgevormd, of houdt op voor het laatste element is gesloten. Berichten die er volledig in stonden, zijn gelezen.",
        doen: "Lever het volledige bestand opnieuw aan.";
    EnvelopZonderBericht "E021" Weigering: "Envelop zonder bericht",
        wat: "De envelop is gelezen, maar er zit geen bericht in: geen xmlBestand (StUF) en geen Data (VECOZO), of een leeg.",
        doen: "Controleer of het juiste bestand is aangeleverd.";
    GeenBase64 "E022" Weigering: "Bericht in de envelop is geen Base64",
        wat: "Het bericht in een envelop is met Base64 geschreven. Wat er staat is dat niet.",
        doen: "Vraag de afzender om het bericht opnieuw.";
    DocumentType "E023" Weigering: "Documenttype of entiteit in de envelop",
        wat: "Een envelop heeft geen DOCTYPE en geen eigen entiteiten. Die kunnen bestanden van de ontvanger of het netwerk laten lezen.",
        doen: "Ga na waar het bestand vandaan komt.";
    Foutbericht "E024" Weigering: "Foutbericht van het knooppunt",
        wat: "Het bestand is geen bericht, maar de melding dat een bericht niet kon worden afgeleverd of verwerkt.",
        doen: "Zoek met de foutcode op wat er misging, en verstuur het bericht zo nodig opnieuw.";
    Ontvangstbevestiging "E025" Waarschuwing: "Ontvangstbevestiging",
        wat: "Het bestand bevestigt dat een bericht is ontvangen. Er zit geen bericht in.",
        doen: "U hoeft niets te doen.";
}

/// Troubles of one kind that are kept, so that an archive with a million of them doesn't fill the memory.
const PER_KIND_MAX: usize = 1000;

/// The troubles of one run.
#[derive(Debug, Default)]
pub(crate) struct Troubles {
    kept: Vec<Trouble>,
    counts: HashMap<TroubleKind, usize>,
}

impl Troubles {
    pub(crate) fn push(&mut self, kind: TroubleKind, name: &str, text: impl Into<String>) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= PER_KIND_MAX {
            self.kept.push(Trouble { kind, name: name.to_owned(), text: text.into() });
        }
    }

    /// The troubles in the order in which they were met; of what was met too often, how often more.
    pub(crate) fn finish(mut self, name: &str) -> Vec<Trouble> {
        for kind in TroubleKind::ALL {
            let more = self.counts.get(kind).copied().unwrap_or_default().saturating_sub(PER_KIND_MAX);
            if more > 0 {
                let text = format!("nog {more} keer");
                self.kept.push(Trouble { kind: *kind, name: name.to_owned(), text });
            }
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{PER_KIND_MAX, TroubleKind, Troubles};

    #[test]
    fn codes_are_unique_and_ordered() {
        let codes: Vec<&str> = TroubleKind::ALL.iter().map(|kind| kind.code()).collect();
        assert!(codes.is_sorted());
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
    }

    #[test]
    fn troubles_are_bounded_and_still_counted() {
        let mut troubles = Troubles::default();
        for _ in 0..PER_KIND_MAX + 7 {
            troubles.push(TroubleKind::Versleuteld, "a.zip/b", "versleuteld");
        }
        troubles.push(TroubleKind::Zipbom, "a.zip/c", "bom");
        let kept = troubles.finish("a.zip");
        assert_eq!(kept.len(), PER_KIND_MAX + 2);
        assert_eq!(kept.last().map(|trouble| trouble.text.as_str()), Some("nog 7 keer"));
    }
}
