use std::fmt;

/// Faults that are kept of one file. All are counted.
pub const FAULTS_MAX: usize = 1000;

macro_rules! rules {
    ($($(#[doc = $doc:literal])* $name:ident $code:literal: $title:literal, wat: $wat:literal, doen: $doen:literal;)*) => {
        /// What is checked in files other than messages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($(#[doc = $doc])* $name,)* }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable code, never used again for something else.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong, in a few Dutch words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What is checked and why, in Dutch.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $wat,)* }
            }

            /// What to do about it, in Dutch.
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $doen,)* }
            }
        }
    };
}

rules! {
    /// A cell that is not what its field needs.
    Value "I001": "Cel in een ingelezen bestand niet bruikbaar",
        wat: "De cel heeft niet de vorm die het veld nodig heeft. De rij is niet overgenomen, de andere wel.",
        doen: "Verbeter de cel, of zeg in de koppeling hoe de leverancier het schrijft, en lees het bestand opnieuw in.";
    /// An empty cell of a required field.
    Missing "I002": "Verplichte waarde ontbreekt",
        wat: "De cel is leeg, en zonder deze waarde zegt de rij niets. De rij is niet overgenomen.",
        doen: "Vul de cel, of geef in de koppeling een vaste waarde met `leeg`.";
    /// A value that is not in its list.
    Code "I003": "Waarde staat niet in de lijst",
        wat: "Het veld kent een vaste lijst van waarden, en deze hoort daar niet bij. De rij is niet overgenomen.",
        doen: "Zet de waarde van de leverancier met `vertaal` in de koppeling om naar een van de lijst.";
    /// A citizen service number that can't be one.
    Bsn "I004": "Burgerservicenummer klopt niet",
        wat: "Het nummer heeft geen negen cijfers of doorstaat de elfproef niet. De waarde wordt nooit getoond.",
        doen: "Zoek de rij op in het bronsysteem aan de hand van het regelnummer.";
    /// A number that can be read in two ways.
    Ambiguous "I005": "Getal op twee manieren te lezen",
        wat: "Een punt of komma voor precies drie cijfers kan duizendtallen scheiden of een breuk beginnen; dat scheelt een \
            factor duizend. Grip raadt niet. De rij is niet overgenomen.",
        doen: "Zet in de koppeling onder `[bestand]` wat het decimaalteken is: `decimaal = \",\"` of `decimaal = \".\"`.";
    /// Fields of a row that contradict each other.
    Together "I006": "Velden van een rij spreken elkaar tegen",
        wat: "Een einddatum ligt voor de begindatum, of debet en credit zijn beide gevuld. Of van velden die elkaar aanvullen of uitsluiten is het verkeerde aantal gevuld. De rij is niet overgenomen.",
        doen: "Verbeter de rij in het bronsysteem.";
    /// More cells than columns.
    Shifted "I007": "Rij heeft meer cellen dan de kop",
        wat: "Waarschijnlijk staat in een tekst een scheidingsteken zonder aanhalingstekens, zodat wat erachter staat in de \
            verkeerde kolom is beland. De rij is niet overgenomen.",
        doen: "Laat het bestand opnieuw maken met aanhalingstekens om teksten.";
    /// A row that does not end.
    Unclosed "I008": "Rij houdt niet op",
        wat: "Na een aanhalingsteken volgt geen einde van de cel. Grip slaat deze regel over en leest verder op de volgende.",
        doen: "Zoek op deze regel een aanhalingsteken dat niet wordt gesloten.";
    /// The elements of an audit file do not say what they should.
    XafLine "I020": "Boekingsregel niet bruikbaar",
        wat: "Van een boekingsregel ontbreekt de rekening, het bedrag, debet of credit, of de datum, of is die niet te lezen. \
            De regel is niet overgenomen.",
        doen: "Laat de auditfile opnieuw maken door het financiele pakket.";
    /// The number of lines or the totals are not those of the lines.
    XafTotal "I021": "Totaal van de auditfile klopt niet",
        wat: "Het aantal regels, het totaal debet of het totaal credit dat de auditfile noemt is niet dat van haar regels. \
            De regels zijn wel overgenomen. Vaak is de auditfile afgebroken of uit delen samengesteld.",
        doen: "Vraag een nieuwe auditfile en vergelijk de totalen met de kolommenbalans.";
    /// Debits and credits of a transaction differ.
    XafBalance "I022": "Boeking is niet in evenwicht",
        wat: "Debet en credit van een boeking zijn niet gelijk. De regels zijn wel overgenomen.",
        doen: "Vraag de financiele administratie naar deze boeking.";
    /// An account that is not among the ledger accounts.
    XafAccount "I023": "Rekening staat niet in het rekeningschema",
        wat: "Een boeking gaat over een rekening die het grootboek van de auditfile niet noemt; van haar is geen omschrijving \
            bekend. De regels zijn wel overgenomen.",
        doen: "Vraag een auditfile met het volledige rekeningschema.";
    /// A booking outside the book year.
    XafDate "I024": "Boeking buiten het boekjaar",
        wat: "De datum van een boeking ligt niet in het boekjaar van de auditfile. De regels zijn wel overgenomen.",
        doen: "Ga na of de boeking bij dit boekjaar hoort.";
    /// Not one of the known releases.
    XafRelease "I025": "Onbekende versie van de auditfile",
        wat: "De namespace is niet die van XML Auditfile Financieel 3.1, 3.2 of 4.0. Het bestand is gelezen als 3.2.",
        doen: "Controleer of de totalen kloppen met de kolommenbalans.";
    /// A published total, balance or share that does not follow from what is published beside it.
    Arithmetic "I040": "Gepubliceerd getal volgt niet uit de getallen ernaast",
        wat: "Het gepubliceerde totaal, saldo of deel verschilt meer van wat uit de andere getallen volgt dan afronding kan \
            verklaren.",
        doen: "Vraag de uitgever welk van beide klopt, en gebruik tot dan geen van beide zonder deze kanttekening.";
    /// The same thing published with two numbers.
    Different "I041": "Twee verschillende getallen over hetzelfde",
        wat: "In dezelfde publicatie staan over hetzelfde twee getallen die meer verschillen dan afronding kan verklaren.",
        doen: "Vraag de uitgever waarin de twee verschillen.";
    /// A row that is there twice.
    Double "I042": "Rij staat dubbel in de publicatie",
        wat: "Twee rijen hebben dezelfde sleutel, zodat niet te zeggen is welke geldt.",
        doen: "Ga na of een kolom aan de sleutel ontbreekt, of vraag de uitgever.";
    /// A number that can't be read.
    Figure "I043": "Getal in een publicatie niet te lezen",
        wat: "In een kolom met getallen staat iets anders. Wat ervan afhangt is niet nagerekend.",
        doen: "Noem in de beschrijving bij `geen_waarde` wat de uitgever schrijft als er geen getal is.";
}

/// Something wrong in a file: kept, shown, and never fatal to the rest. Glossary: Bevinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was checked.
    pub rule: Rule,
    /// Line in the file, from 1; of a spreadsheet the row; 0 for the file as a whole.
    pub line: u64,
    /// The supplier's column as the file writes it, or the element of an audit file; empty for the row as a whole.
    pub column: String,
    /// What was found, in Dutch, without personal data.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.rule.code(), self.text)?;
        if self.line > 0 {
            write!(f, " (regel {})", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, " in {}", self.column)?;
        }
        Ok(())
    }
}

/// The faults of a file: the first thousand, and how many there were.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Faults {
    /// The first of them.
    pub kept: Vec<Fault>,
    /// How many there were.
    pub count: u64,
}

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        self.count += 1;
        if self.kept.len() < FAULTS_MAX {
            self.kept.push(fault);
        }
    }

    pub(crate) fn report(&mut self, rule: Rule, line: u64, column: &str, text: impl Into<String>) {
        self.push(Fault { rule, line, column: column.to_owned(), text: text.into() });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Rule;

    #[test]
    fn rules_have_their_own_code_and_say_what_to_do() {
        let codes: HashSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(!rule.title().is_empty() && rule.explanation().ends_with('.') && rule.advice().ends_with('.'));
        }
    }
}
