use std::fmt;

use grip_types::Wet;

/// How grave a finding is. Glossary: Ernst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ernst {
    /// Worth knowing; everything was taken.
    Waarschuwing,
    /// Against the schema or a rule of the standard. What can't be used because of it was not taken, everything else was.
    Fout,
    /// The file was not taken.
    Weigering,
}

impl Ernst {
    /// As stored in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waarschuwing => "waarschuwing",
            Self::Fout => "fout",
            Self::Weigering => "weigering",
        }
    }
}

/// Where in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1; 0 when the finding is about the file as a whole.
    pub line: u32,
    /// Column in characters, from 1; 0 when the finding is about the file as a whole.
    pub column: u32,
}

impl Place {
    /// The place of a value in the file it was read from, by its offset; a byte order mark does not count.
    pub fn of(file: &[u8], offset: usize) -> Self {
        let text = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
        let before = &text[..offset.min(text.len())];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
        Self { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

/// Something wrong in received data: kept, shown, and never fatal to anything else. Glossary: Bevinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub rule: &'static Rule,
    /// Line and column.
    pub place: Place,
    /// Path of the element, as `Bericht/Client/Bsn`; empty for the file as a whole.
    pub element: String,
    /// What was found there, in Dutch, without personal data.
    pub text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { line, column } = self.place;
        write!(f, "{} {}", self.rule.code, self.text)?;
        if line > 0 {
            write!(f, " (regel {line}, kolom {column})")?;
        }
        if !self.element.is_empty() {
            write!(f, " in {}", self.element)?;
        }
        Ok(())
    }
}

/// Something that is checked, of the standard or of the door; what it finds is a Bevinding.
///
/// Every rule is a constant; rules are equal when their codes are. The pages of the handbook are made from these texts.
#[derive(Debug)]
pub struct Rule {
    /// Stable code: that of the standard, or one of ours. Never reused, not even after a rule is retired.
    pub code: &'static str,
    /// How grave it is.
    pub ernst: Ernst,
    /// Name, in Dutch.
    pub title: &'static str,
    /// What is checked and why, in Dutch.
    pub explanation: &'static str,
    /// What the receiver can do, in Dutch.
    pub advice: &'static str,
    /// Code (list WJ001) that a receiver answers with; `None` when the standard has no answer for it.
    pub retour_code: Option<&'static str>,
    /// Laws it holds for.
    pub wetten: &'static [Wet],
    /// Messages it is checked in; empty for every file.
    pub berichten: &'static [u16],
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}
impl Eq for Rule {}

macro_rules! rules {
    ($($name:ident $code:literal $ernst:ident: $title:literal, wat: $wat:literal, doen: $doen:literal;)*) => {
        /// What is checked of every file, whatever it holds: the page `docs/handboek/bevindingen.md` is made from this list.
        pub mod door {
            use super::{Ernst, Rule, Wet};
            $(
                #[doc = $title]
                pub const $name: &Rule = &Rule {
                    code: $code,
                    ernst: Ernst::$ernst,
                    title: $title,
                    explanation: $wat,
                    advice: $doen,
                    retour_code: None,
                    wetten: &[Wet::Wmo, Wet::Jw],
                    berichten: &[],
                };
            )*
            /// Every rule, in the order of their codes.
            pub const ALL: &[&Rule] = &[$($name,)*];
        }
    };
}

rules! {
    GEEN_BERICHT "B001" Weigering: "Geen bericht",
        wat: "Het bestand bevat geen XML, of XML zonder rootelement.",
        doen: "Controleer of het juiste bestand is aangeleverd; een PDF of spreadsheet met de naam .xml is geen bericht.";
    CODERING "B002" Weigering: "Verkeerde tekencodering",
        wat: "Een bericht is UTF-8 (OP192). Andere bytes zouden namen en codes verminken.",
        doen: "Vraag de afzender het bericht in UTF-8 aan te leveren.";
    BYTE_ORDER_MARK "B003" Waarschuwing: "Byte order mark",
        wat: "UTF-8 hoort zonder byte order mark te worden verstuurd (OP192). Het bericht is gelezen.",
        doen: "Meld het de afzender; andere ontvangers kunnen het bericht weigeren.";
    NIET_WELGEVORMD "B004" Weigering: "XML niet welgevormd of afgebroken",
        wat: "De XML is niet welgevormd, of houdt op voor het laatste element is gesloten.",
        doen: "Lever het volledige bestand opnieuw aan; een afgebroken bestand ontstaat vaak bij kopiëren of versturen.";
    DOCUMENT_TYPE "B005" Weigering: "Documenttype niet toegestaan",
        wat: "Een bericht heeft geen DOCTYPE. Een DOCTYPE kan bestanden van de ontvanger of het netwerk laten lezen.",
        doen: "Ga na waar het bestand vandaan komt.";
    ENTITEIT "B006" Weigering: "Entiteit niet toegestaan",
        wat: "Alleen de vijf entiteiten van XML zelf en tekenverwijzingen zijn toegestaan.",
        doen: "Ga na waar het bestand vandaan komt.";
    TE_DIEP "B007" Weigering: "Te diep genest",
        wat: "De elementen zijn dieper genest dan een bericht van de standaard kan zijn.",
        doen: "Ga na waar het bestand vandaan komt.";
    TE_GROOT "B008" Weigering: "Bestand te groot",
        wat: "Een bericht is ten hoogste 25 MB (OP179). Grip leest tot 64 MiB.",
        doen: "Laat de afzender het bericht splitsen.";
    GROTER_DAN_STANDAARD "B009" Waarschuwing: "Groter dan 25 MB",
        wat: "Een bericht is ten hoogste 25 MB (OP179). Het bericht is gelezen.",
        doen: "Meld het de afzender; het knooppunt kan het bericht weigeren.";
    ONBEKENDE_NAMESPACE "B010" Weigering: "Namespace is niet van iWmo of iJw",
        wat: "De namespace van het rootelement bepaalt wet, release en berichtsoort.",
        doen: "Controleer of het bestand een iWmo- of iJw-bericht is.";
    NIET_ONDERSTEUND "B011" Weigering: "Bericht of release wordt nog niet gelezen",
        wat: "De berichtsoort is van de standaard, maar deze versie van Grip leest haar nog niet.",
        doen: "Bewaar het bestand en bied het na een volgende versie opnieuw aan.";
    HEADER_STRIJDIG "B012" Weigering: "Header in strijd met namespace",
        wat: "BerichtCode, BerichtVersie en BerichtSubversie moeten passen bij de namespace.",
        doen: "Vraag de afzender om een bericht dat met zichzelf klopt.";
    HEADER_ONVOLLEDIG "B013" Weigering: "Header onvolledig",
        wat: "Zonder afzender, ontvanger, identificatie en dagtekening is niet te zeggen van wie een bericht is. Ook niet of het er al was.",
        doen: "Vraag de afzender om een bericht met een volledige header.";
    ELEMENT_ONTBREEKT "B020" Fout: "Verplicht element ontbreekt",
        wat: "Het schema van de berichtsoort verplicht dit element op deze plaats.",
        doen: "Vraag de afzender om een gecorrigeerd bericht.";
    ELEMENT_ONVERWACHT "B021" Fout: "Element hoort hier niet",
        wat: "Het schema kent dit element niet op deze plaats. Het element is overgeslagen.",
        doen: "Vraag de afzender om een gecorrigeerd bericht.";
    WAARDE_ONGELDIG "B022" Fout: "Waarde ongeldig",
        wat: "De waarde heeft niet de vorm of het bereik dat het schema voorschrijft.",
        doen: "Vraag de afzender om een gecorrigeerd bericht.";
    CODE_ONBEKEND "B023" Waarschuwing: "Code niet in de codelijst",
        wat: "De waarde staat niet in de codelijst van deze wet en release. De code is bewaard zoals ontvangen.",
        doen: "Controleer of er een nieuwere codelijst is; meld het anders de afzender.";
    ATTRIBUUT_ONVERWACHT "B024" Waarschuwing: "Attribuut hoort hier niet",
        wat: "Berichten van de standaard hebben geen attributen. Het attribuut is overgeslagen.",
        doen: "Meld het de afzender.";
    MEER_BEVINDINGEN "B025" Waarschuwing: "Meer bevindingen",
        wat: "Van een bestand worden ten hoogste 200 bevindingen bewaard.",
        doen: "Los de eerste bevindingen op en bied het bestand opnieuw aan.";
    DUBBEL_BERICHT "B030" Weigering: "Identificatie al gebruikt",
        wat: "De identificatie van een bericht is uniek per berichtsoort en afzender (TR056). Een ander bericht met deze identificatie is al ingelezen.",
        doen: "Ga bij de afzender na welk van beide berichten geldt.";
    GEEN_ONTVANGSTDATUM "B031" Weigering: "Geen ontvangstdatum in mapnaam",
        wat: "Met --received-on from-folder bepaalt een mapnaam als 2025-06-30 wanneer het bericht is ontvangen.",
        doen: "Zet het bestand in een map met de ontvangstdatum, of geef een datum op.";
    REGEL_NIET_OVERGENOMEN "B032" Fout: "Regel niet overgenomen",
        wat: "Een waarde die voor de administratie onmisbaar is, ontbreekt of is ongeldig. De andere regels van het bericht zijn overgenomen.",
        doen: "Vraag de afzender om een gecorrigeerd bericht; tot die tijd telt deze regel niet mee.";
    NIET_LEESBAAR "B033" Weigering: "Bestand niet te lezen",
        wat: "Het besturingssysteem gaf het bestand niet.",
        doen: "Controleer of het bestand nog bestaat en of Grip het mag lezen.";
    ANDERE_GEMEENTE "B034" Weigering: "Bericht van een andere gemeente",
        wat: "Met --gemeente worden alleen berichten van die gemeente ingelezen.",
        doen: "Ga na hoe een bericht van een andere gemeente hier terechtkwam; is er meer dan een gemeente, laat --gemeente dan weg.";
    VERANDERT_NOG "B035" Weigering: "Bestand verandert nog",
        wat: "Het bestand werd beschreven terwijl het werd gelezen, ook bij een tweede en derde poging. Wat er half in staat wordt niet overgenomen.",
        doen: "Wacht tot het andere programma klaar is en bied het bestand opnieuw aan.";
    TOTAAL_WIJKT_AF "B040" Fout: "Totaal is niet de som van de regels",
        wat: "DeclaratieFactuurTotaalBedrag van een 303 is de som van de debetregels min die van de creditregels. Een verschil kan betekenen dat regels ontbreken. Voor een 323 is dit regel TR358.",
        doen: "Vraag de afzender om een gecorrigeerd bericht; de regels die er staan tellen mee.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::door;

    #[test]
    fn codes_are_unique_and_ordered() {
        let codes: Vec<&str> = door::ALL.iter().map(|rule| rule.code).collect();
        assert!(codes.is_sorted());
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
    }
}
