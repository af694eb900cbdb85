use std::{fmt, str::FromStr};

/// What a field holds, and so how a cell is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any text of at most this many characters.
    Text(usize),
    /// A calendar year, 1990 to 2099.
    Year,
    /// A day.
    Day,
    /// A calendar month: `2025-06`, `202506`, `06-2025`, `juni 2025`, `2025MM06`.
    Month,
    /// A year, half year, quarter, month or day, or years from and to: `2025`, `2025-H1`, `2025-K2`, `2016/2017`.
    Period,
    /// Number of a period within a book year: `3`, `P03`, `2025-03`. Opening and closing periods are 0 and 13 or more.
    BookPeriod,
    /// A whole number.
    Whole,
    /// An exact decimal number.
    Decimal,
    /// A share in percent, 0 to 100.
    Percent,
    /// An amount of money in whole eurocents. The mapping may say that the column is in thousands or millions.
    Amount,
    /// One of a list, as stored, with other ways to write it.
    Code(&'static [(&'static str, &'static [&'static str])]),
    /// So many digits, of which a spreadsheet may have eaten those zeros in front that bring it to at least the second number.
    Digits(usize, usize),
    /// `wmo` or `jw`.
    Wet,
    /// AGB code of eight digits.
    Agb,
    /// Citizen service number that passes the elfproef.
    Bsn,
    /// Code of a municipality, four digits.
    Gemeente,
    /// Task field of Iv3.
    Taakveld,
    /// Account, range or prefix.
    Rekeningen,
    /// Yes or no.
    YesNo,
}

impl Type {
    /// What is expected in a cell, in Dutch.
    pub fn expected(self) -> String {
        match self {
            Self::Text(most) => format!("een tekst van ten hoogste {most} tekens"),
            Self::Year => "een jaar, zoals 2025".to_owned(),
            Self::Day => "een datum, zoals 2025-06-30 of 30-6-2025".to_owned(),
            Self::Month => "een maand, zoals 2025-06".to_owned(),
            Self::Period => "een jaar, halfjaar, kwartaal, maand of dag, zoals 2025, 2025-H1 of 2025-K2".to_owned(),
            Self::BookPeriod => "een boekperiode, zoals 3 of 2025-03".to_owned(),
            Self::Whole => "een geheel getal".to_owned(),
            Self::Decimal => "een getal".to_owned(),
            Self::Percent => "een percentage van 0 tot en met 100".to_owned(),
            Self::Amount => "een bedrag in hele centen".to_owned(),
            Self::Code(codes) => {
                let names: Vec<&str> = codes.iter().map(|(code, _)| *code).collect();
                match names.split_last() {
                    Some((last, rest)) if !rest.is_empty() => format!("{} of {last}", rest.join(", ")),
                    _ => names.concat(),
                }
            }
            Self::Digits(width, _) => format!("een code van {width} cijfers"),
            Self::Wet => "wmo of jw".to_owned(),
            Self::Agb => "een AGB-code van acht cijfers".to_owned(),
            Self::Bsn => "een burgerservicenummer".to_owned(),
            Self::Gemeente => "een gemeentecode van vier cijfers".to_owned(),
            Self::Taakveld => "een taakveld, zoals 6.72, 6.72a of 6.762".to_owned(),
            Self::Rekeningen => "een rekening, reeks of begin, zoals 4301, 4300-4399 of 43*".to_owned(),
            Self::YesNo => "ja of nee".to_owned(),
        }
    }
}

/// A field of a kind of source.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name, which is also the name of its column when no mapping says otherwise.
    pub name: &'static str,
    /// What it holds.
    pub kind: Type,
    /// Whether a row without it is refused.
    pub is_required: bool,
    /// Whether it says something about a person, so that it is never quoted.
    pub is_personal: bool,
    /// What it means, in Dutch.
    pub explanation: &'static str,
}

/// What must hold between the fields of a row.
#[derive(Debug, Clone, Copy)]
pub enum Together {
    /// The second day does not lie before the first.
    NotBefore(&'static str, &'static str),
    /// The first number is not more than the second.
    AtMost(&'static str, &'static str),
    /// At least one of them has a value.
    OneOf(&'static [&'static str]),
    /// At most one of them has a value.
    AtMostOne(&'static [&'static str]),
    /// When the first field has this code, the other needs a value.
    Needs(&'static str, &'static str, &'static str),
    /// Unless the first field has this code, the other needs a value.
    NeedsUnless(&'static str, &'static str, &'static str),
}

const fn required(name: &'static str, kind: Type, explanation: &'static str) -> Field {
    Field { name, kind, is_required: true, is_personal: false, explanation }
}

const fn optional(name: &'static str, kind: Type, explanation: &'static str) -> Field {
    Field { name, kind, is_required: false, is_personal: false, explanation }
}

const fn personal(field: Field) -> Field {
    Field { is_personal: true, ..field }
}

macro_rules! soorten {
    ($($(#[doc = $doc:literal])* $name:ident $text:literal $citizens:literal $title:literal
        [$($field:expr,)*] [$($rule:expr,)*])*) => {
        /// Kinds of sources other than messages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Soort { $($(#[doc = $doc])* $name,)* }

        impl Soort {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As it is named in a mapping file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What such a file holds, in Dutch.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// Whether its rows are about citizens, so that no cell of it is ever quoted.
            pub fn is_about_citizens(self) -> bool {
                match self { $(Self::$name => $citizens,)* }
            }

            /// Its fields, in the order of the template.
            pub fn fields(self) -> &'static [Field] {
                match self { $(Self::$name => { const FIELDS: &[Field] = &[$($field,)*]; FIELDS })* }
            }

            /// What must hold between the fields of a row.
            pub fn together(self) -> &'static [Together] {
                match self { $(Self::$name => { const RULES: &[Together] = &[$($rule,)*]; RULES })* }
            }
        }
    };
}

const NAME: Type = Type::Text(200);
const REMARK: Type = Type::Text(1000);
const NUMBER: Type = Type::Text(50);
const CATEGORIE: Type = Type::Digits(2, 1);
const EENHEID: &str = "code van de eenheid: 01 minuut, 04 uur, 14 etmaal, 16 dagdeel, 82 stuks (output), 83 euro's, 84 stuks (inspanning)";
const VERSIE: Type = Type::Code(&[
    ("primitief", &["primitieve begroting", "primair", "oorspronkelijk"]),
    ("actueel", &["actuele begroting", "na wijziging", "bijgesteld"]),
    ("wijziging", &["begrotingswijziging"]),
]);
const STATUS: Type = Type::Code(&[
    ("ingediend", &["ontvangen", "in behandeling"]),
    ("goedgekeurd", &["toegekend", "betaald"]),
    ("afgekeurd", &["afgewezen"]),
]);
const LAST_OF_BAAT: Type =
    Type::Code(&[("last", &["lasten", "l", "kosten"]), ("baat", &["baten", "b", "opbrengsten"])]);
const FREQUENTIE: Type =
    Type::Code(&[("1", &["per dag"]), ("2", &["per week"]), ("4", &["per maand"]), ("6", &["totaal"])]);
const REKENINGTYPE: Type =
    Type::Code(&[("balans", &["b"]), ("resultaat", &["p", "winst en verlies", "exploitatie"]), ("gemengd", &["m"])]);

soorten! {
    /// Budgets. Glossary: Begroting.
    Begroting "begroting" false "Begroting per jaar, wet en productcategorie of taakveld"
    [
        required("jaar", Type::Year, "jaar van de begroting, bijvoorbeeld 2025"),
        required("wet", Type::Wet, "wmo of jw"),
        optional("productcategorie", CATEGORIE, "twee cijfers, bijvoorbeeld 45; leeg voor de wet als geheel"),
        optional("taakveld", Type::Taakveld, "in plaats van de productcategorie, bijvoorbeeld 6.72"),
        required("versie", VERSIE, "primitief, actueel of wijziging; het bedrag van een wijziging is het verschil"),
        optional("wijzigingsnummer", NUMBER, "nummer van de begrotingswijziging; verplicht bij een wijziging"),
        optional("document", NAME, "raadsbesluit of ander stuk waarin het staat"),
        required("bedrag", Type::Amount, "in euro's, bijvoorbeeld 1.250.000,00"),
        required("vastgesteld", Type::Day, "datum waarop het is vastgesteld, bijvoorbeeld 2024-11-07"),
    ]
    [
        Together::AtMostOne(&["productcategorie", "taakveld"]),
        Together::Needs("versie", "wijziging", "wijzigingsnummer"),
    ]

    /// Tariffs and ceilings agreed with providers. Glossary: Contract.
    Contract "contract" false "Afspraken met aanbieders over tarieven"
    [
        required("aanbieder", Type::Agb, "AGB-code van acht cijfers"),
        optional("naam", NAME, "naam van de aanbieder"),
        optional("contractnummer", NUMBER, "nummer van het contract"),
        optional("segment", NAME, "perceel of segment van de inkoop"),
        required("wet", Type::Wet, "wmo of jw"),
        required("productcategorie", CATEGORIE, "twee cijfers, bijvoorbeeld 02"),
        optional("productcode", Type::Text(5), "vijf tekens, bijvoorbeeld 02A01; leeg voor alle codes van de categorie"),
        required("eenheid", CATEGORIE, EENHEID),
        optional("tarief", Type::Amount, "in euro's per eenheid, bijvoorbeeld 63,50; alleen leeg bij eenheid 83 (euro's)"),
        optional("plafond", Type::Amount, "het meeste dat in een jaar onder dit contract wordt betaald, in euro's"),
        required("begindatum", Type::Day, "eerste dag van dit tarief"),
        optional("einddatum", Type::Day, "laatste dag van dit tarief"),
        optional("optie_tot", Type::Day, "laatste dag als elke optie tot verlenging wordt benut"),
    ]
    [
        Together::NotBefore("begindatum", "einddatum"),
        Together::NotBefore("einddatum", "optie_tot"),
        Together::NeedsUnless("eenheid", "83", "tarief"),
    ]

    /// District and household of clients. Glossary: Clientkenmerk.
    Client "client" true "Wijk en huishouden van clienten"
    [
        personal(required("bsn", Type::Bsn, "burgerservicenummer; wordt bij de deur vervangen door een pseudoniem en nergens bewaard")),
        personal(optional("geboortedatum", Type::Day, "wordt bewaard als jaar en maand")),
        personal(optional("wijk", NAME, "code of naam van de wijk")),
        personal(optional("huishouden", NUMBER, "nummer van het huishouden; wordt vervangen door een pseudoniem")),
    ]
    []

    /// Grants. Glossary: Subsidie.
    Subsidie "subsidie" true "Verleende en vastgestelde subsidies"
    [
        personal(optional("naam", NAME, "naam van de ontvanger; bij een natuurlijk persoon leeg laten")),
        optional("kvk", Type::Digits(8, 6), "KvK-nummer van de ontvanger, acht cijfers"),
        optional("agb", Type::Agb, "AGB-code van de ontvanger, als die er een heeft"),
        required("jaar", Type::Year, "jaar waarover de subsidie is verleend"),
        optional("regeling", NAME, "subsidieregeling of verordening"),
        optional("doel", REMARK, "waarvoor de subsidie is verleend"),
        optional("taakveld", Type::Taakveld, "taakveld waarop zij drukt, bijvoorbeeld 6.1"),
        required("verleend", Type::Amount, "verleend bedrag in euro's"),
        optional("vastgesteld", Type::Amount, "vastgesteld bedrag in euro's; leeg zolang niet vastgesteld"),
        required("verleningsdatum", Type::Day, "datum van de verleningsbeschikking"),
        optional("begindatum", Type::Day, "eerste dag van de activiteiten"),
        optional("einddatum", Type::Day, "laatste dag van de activiteiten"),
        optional("beschikkingskenmerk", NUMBER, "kenmerk van de beschikking"),
    ]
    [
        Together::OneOf(&["naam", "kvk", "agb"]),
        Together::NotBefore("begindatum", "einddatum"),
    ]

    /// Allocations, exported from a case system. Glossary: Toewijzing.
    Toewijzing "toewijzing" true "Toewijzingen uit het zaaksysteem"
    [
        personal(required("bsn", Type::Bsn, "burgerservicenummer; wordt bij de deur vervangen door een pseudoniem")),
        required("wet", Type::Wet, "wmo of jw"),
        required("aanbieder", Type::Agb, "AGB-code van acht cijfers"),
        required("toewijzingnummer", Type::Whole, "nummer, uniek binnen wet en gemeente"),
        optional("referentie_aanbieder", NUMBER, "referentie van het verzoek om toewijzing"),
        optional("productcategorie", CATEGORIE, "twee cijfers; leeg bij een generieke toewijzing"),
        optional("productcode", Type::Text(5), "vijf tekens"),
        optional("toewijzingsdatum", Type::Day, "datum waarop deze versie is toegewezen; zonder deze telt de ingangsdatum"),
        required("ingangsdatum", Type::Day, "eerste dag"),
        optional("einddatum", Type::Day, "laatste dag"),
        optional("reden_wijziging", CATEGORIE, "code van de reden waarom deze versie verschilt van de vorige"),
        optional("omvang_volume", Type::Whole, "aantal hele eenheden"),
        optional("omvang_eenheid", CATEGORIE, EENHEID),
        optional("omvang_frequentie", FREQUENTIE, "1 per dag, 2 per week, 4 per maand, 6 totaal"),
        optional("budget", Type::Amount, "wat de toewijzing over de hele looptijd mag kosten, in euro's"),
        optional("verwijzer", CATEGORIE, "code van de soort verwijzer, bijvoorbeeld 01 gemeente"),
        optional("team", NAME, "team dat heeft toegewezen"),
        personal(optional("wijk", NAME, "code of naam van de wijk van de client")),
    ]
    [
        Together::NotBefore("ingangsdatum", "einddatum"),
        Together::OneOf(&["productcategorie", "budget", "omvang_volume"]),
    ]

    /// Lines of invoices, exported from a case system. Glossary: Prestatie.
    Declaratie "declaratie" true "Declaratieregels uit het zaaksysteem"
    [
        personal(required("bsn", Type::Bsn, "burgerservicenummer; wordt bij de deur vervangen door een pseudoniem")),
        required("wet", Type::Wet, "wmo of jw"),
        required("aanbieder", Type::Agb, "AGB-code van acht cijfers"),
        required("declaratienummer", NUMBER, "nummer van de declaratie"),
        required("declaratieperiode", Type::Month, "maand van de declaratie, bijvoorbeeld 2025-06"),
        required("referentienummer", NUMBER, "nummer dat de aanbieder aan de regel gaf"),
        optional("vorig_referentienummer", NUMBER, "nummer van de regel die een credit terugneemt"),
        required("toewijzingnummer", Type::Whole, "toewijzing waarop is geleverd"),
        required("productcategorie", CATEGORIE, "twee cijfers"),
        required("productcode", Type::Text(5), "vijf tekens"),
        required("begindatum", Type::Day, "eerste dag van levering"),
        required("einddatum", Type::Day, "laatste dag van levering"),
        required("volume", Type::Whole, "aantal hele eenheden"),
        required("eenheid", CATEGORIE, EENHEID),
        optional("tarief", Type::Amount, "in euro's per eenheid"),
        required("bedrag", Type::Amount, "in euro's; een credit is negatief"),
        required("status", STATUS, "ingediend, goedgekeurd of afgekeurd"),
        required("ontvangen", Type::Day, "datum waarop de declaratie is ontvangen"),
    ]
    [
        Together::NotBefore("begindatum", "einddatum"),
    ]

    /// Bookings in the general ledger. Glossary: Grootboek.
    Grootboek "grootboek" true "Boekingen in het grootboek"
    [
        required("boekdatum", Type::Day, "datum van de boeking"),
        optional("periode", Type::BookPeriod, "boekperiode, bijvoorbeeld 3"),
        required("rekening", NUMBER, "nummer van de grootboekrekening"),
        optional("rekeningomschrijving", NAME, "omschrijving van de grootboekrekening"),
        optional("rekeningtype", REKENINGTYPE, "balans, resultaat of gemengd"),
        optional("kostenplaats", NUMBER, "kostenplaats"),
        optional("taakveld", Type::Taakveld, "taakveld, bijvoorbeeld 6.72"),
        optional("categorie", NUMBER, "economische categorie van Iv3, bijvoorbeeld L3.8"),
        required("bedrag", Type::Amount, "in euro's: debet positief, credit negatief"),
        optional("dagboek", NUMBER, "dagboek"),
        optional("boekstuk", NUMBER, "nummer van het boekstuk"),
        personal(optional("relatie", NUMBER, "code van de crediteur of debiteur, geen naam")),
    ]
    []

    /// Which accounts belong to which task field. Glossary: Grootboekrekening.
    Grootboekrekening "grootboekrekening" false "Koppeling van grootboekrekeningen aan taakvelden"
    [
        required("rekening", Type::Rekeningen, "rekening 4301, reeks 4300-4399 of begin 43*; de nauwste gaat voor"),
        required("taakveld", Type::Taakveld, "taakveld, bijvoorbeeld 6.72"),
        optional("wet", Type::Wet, "wmo of jw"),
        optional("productcategorie", CATEGORIE, "twee cijfers"),
        required("soort", LAST_OF_BAAT, "last of baat"),
        optional("omschrijving", NAME, "wat op deze rekening wordt geboekt"),
    ]
    []

    /// Answers in a survey of what clients experience. Glossary: Ervaring.
    Ervaring "ervaring" false "Clientervaringsonderzoek"
    [
        required("jaar", Type::Year, "jaar waarover is gevraagd"),
        required("wet", Type::Wet, "wmo of jw"),
        required("vraag", REMARK, "vraag of stelling"),
        optional("antwoord", NAME, "antwoordcategorie, bijvoorbeeld (helemaal) mee eens"),
        required("percentage", Type::Percent, "deel van de respondenten dat zo antwoordde, of het eens was"),
        required("respondenten", Type::Whole, "aantal dat de vraag beantwoordde"),
        optional("aanbieder", Type::Agb, "AGB-code van acht cijfers; leeg voor de gemeente als geheel"),
        optional("wijk", NAME, "wijk; leeg voor de gemeente als geheel"),
        optional("taakveld", Type::Taakveld, "taakveld, bijvoorbeeld 6.72"),
    ]
    []

    /// Outcomes by the criteria that municipalities and providers agreed on. Glossary: Uitkomst.
    Uitkomst "uitkomst" false "Uitkomsten: uitval, tevredenheid en doelrealisatie"
    [
        required("aanbieder", Type::Agb, "AGB-code van acht cijfers"),
        required("wet", Type::Wet, "wmo of jw"),
        optional("productcategorie", CATEGORIE, "twee cijfers; leeg voor alle"),
        required("periode", Type::Period, "jaar, halfjaar of kwartaal, bijvoorbeeld 2025-H1"),
        required("afgesloten", Type::Whole, "aantal afgesloten trajecten"),
        optional("uitval_aantal", Type::Whole, "waarvan voortijdig afgesloten"),
        optional("uitval_percentage", Type::Percent, "waarvan voortijdig afgesloten, in procenten"),
        optional("tevredenheid", Type::Decimal, "gemiddelde score"),
        optional("tevredenheid_aantal", Type::Whole, "aantal dat een score gaf"),
        optional("doelrealisatie", Type::Decimal, "gemiddelde score"),
        optional("doelrealisatie_aantal", Type::Whole, "aantal dat een score gaf"),
    ]
    [
        Together::OneOf(&["uitval_aantal", "uitval_percentage", "tevredenheid", "doelrealisatie"]),
        Together::AtMost("uitval_aantal", "afgesloten"),
        Together::AtMost("tevredenheid_aantal", "afgesloten"),
        Together::AtMost("doelrealisatie_aantal", "afgesloten"),
    ]

    /// A published table in long form. Glossary: Kerncijfer.
    Kerncijfer "kerncijfer" false "Kerncijfers uit een gepubliceerde tabel"
    [
        required("indicator", NAME, "wat is gemeten"),
        required("periode", Type::Period, "jaar, halfjaar, kwartaal, maand of dag"),
        required("gebied", NAME, "gemeentecode, of naam van een regio of groep"),
        required("waarde", Type::Decimal, "het getal; leeg is geen 0"),
        required("eenheid", NAME, "eenheid van het getal"),
        optional("bron", NAME, "waar het is gepubliceerd"),
    ]
    []
}

impl Soort {
    /// Position of a field, or `None` when this kind has no such field.
    pub fn position(self, field: &str) -> Option<usize> {
        self.fields().iter().position(|known| known.name == field)
    }
}

impl fmt::Display for Soort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that names no kind of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of source")]
pub struct SoortError;

impl FromStr for Soort {
    type Err = SoortError;
    fn from_str(text: &str) -> Result<Self, SoortError> {
        let text = text.trim();
        Self::ALL.iter().copied().find(|soort| soort.name().eq_ignore_ascii_case(text)).ok_or(SoortError)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Soort, Together, Type};

    #[test]
    fn kinds_are_declared_well() {
        for soort in Soort::ALL {
            assert_eq!(soort.name().parse(), Ok(*soort));
            let names: HashSet<&str> = soort.fields().iter().map(|field| field.name).collect();
            assert_eq!(names.len(), soort.fields().len(), "{soort}: a name is used twice");
            assert!(
                soort.fields().iter().all(|field| field.explanation.len() > 5 && !field.kind.expected().is_empty())
            );
            assert!(soort.is_about_citizens() || soort.fields().iter().all(|field| !field.is_personal), "{soort}");
            let is =
                |name: &str, kind: Type| soort.fields().iter().any(|field| field.name == name && field.kind == kind);
            for rule in soort.together() {
                // What is compared is of a type that can be.
                assert!(match *rule {
                    Together::NotBefore(from, to) => is(from, Type::Day) && is(to, Type::Day),
                    Together::AtMost(part, whole) => is(part, Type::Whole) && is(whole, Type::Whole),
                    _ => true,
                });
                let of: Vec<&str> = match *rule {
                    Together::NotBefore(from, to) | Together::AtMost(from, to) => vec![from, to],
                    Together::OneOf(fields) | Together::AtMostOne(fields) => fields.to_vec(),
                    Together::Needs(field, _, needed) | Together::NeedsUnless(field, _, needed) => vec![field, needed],
                };
                assert!(of.iter().all(|name| names.contains(name)), "{soort}: {rule:?}");
            }
        }
    }
}
