use crate::{CbsPeriode, Decimal};

/// Where figures come from. Glossary: Bron.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bron {
    /// StatLine of CBS over OData 3.
    CbsV3,
    /// StatLine of CBS over OData 4.
    CbsV4,
    /// Iv3 per municipality: tables of others that CBS publishes, over OData 3.
    Iv3,
}

impl Bron {
    /// `cbs-v3`, `cbs-v4` or `iv3`, as stored in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CbsV3 => "cbs-v3",
            Self::CbsV4 => "cbs-v4",
            Self::Iv3 => "iv3",
        }
    }

    /// The Bron of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::CbsV3, Self::CbsV4, Self::Iv3].into_iter().find(|bron| bron.as_str() == text)
    }

    /// Address under which the tables are published. Of OData 3 it is the feed: the service called API gives at most 10,000
    /// rows of a table.
    pub fn base(self) -> &'static str {
        match self {
            Self::CbsV3 => "https://opendata.cbs.nl/ODataFeed/odata",
            Self::CbsV4 => "https://datasets.cbs.nl/odata/v1/CBS",
            Self::Iv3 => "https://dataderden.cbs.nl/ODataFeed/odata",
        }
    }
}

/// How sure a figure is, or why there is none. Glossary: Status.
///
/// Source: explanation of symbols of StatLine: `.` unknown, insufficiently reliable or secret; `*` provisional; `**` further
/// provisional; nothing at all: can't occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Final.
    Definitief,
    /// Provisional: later editions usually revise it upwards by 1 or 2 percent.
    Voorlopig,
    /// Provisional, revised once already.
    NaderVoorlopig,
    /// There is a figure and the source says nothing of its status.
    NietVermeld,
    /// No figure: unknown, insufficiently reliable or secret.
    Geheim,
    /// No figure: there can't be one.
    NietVanToepassing,
    /// No figure, and the source does not say why. What OData 3 gives (`null`) when StatLine shows a point or nothing.
    Ontbreekt,
}

impl Status {
    /// `definitief`, `voorlopig` and so on, as stored in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Definitief => "definitief",
            Self::Voorlopig => "voorlopig",
            Self::NaderVoorlopig => "nader voorlopig",
            Self::NietVermeld => "niet vermeld",
            Self::Geheim => "geheim of onbekend",
            Self::NietVanToepassing => "niet van toepassing",
            Self::Ontbreekt => "ontbreekt",
        }
    }

    /// Reads the `Status` of a period, in either language and any spacing.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let letters: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        match letters.as_str() {
            "definitief" | "definitive" | "final" => Some(Self::Definitief),
            "voorlopig" | "provisional" => Some(Self::Voorlopig),
            "nadervoorlopig" | "revisedprovisional" => Some(Self::NaderVoorlopig),
            _ => None,
        }
    }

    /// Reads the stars behind the title of a period: `2024*`.
    pub(crate) fn of_title(title: &str) -> Option<Self> {
        match title.trim_end() {
            title if title.ends_with("**") => Some(Self::NaderVoorlopig),
            title if title.ends_with('*') => Some(Self::Voorlopig),
            _ => None,
        }
    }
}

/// What is measured. Glossary: Meting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meting {
    /// Name that stays the same between editions of a table: of OData 3 the key without its number (`WmoClienten` of
    /// `WmoClienten_93`), after the title of its group when the table has more of that name; of OData 4 the identifier.
    pub naam: String,
    /// The key in this edition: `WmoClienten_93`.
    pub kolom: String,
    /// Title as published.
    pub titel: String,
    /// Unit as published: `aantal`, `%`, `per 1 000 inwoners`, `1 000 euro`. Values are in this unit.
    pub eenheid: String,
    /// Digits behind the point, as published.
    pub decimals: u8,
    /// Text such as the name of a municipality: not a figure, never given as one.
    pub(crate) is_text: bool,
}

/// One value of a dimension that is neither time nor place. Glossary: Dimensie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DimensieWaarde<'a> {
    /// Name of the dimension: `TypeMaatwerkarrangement`.
    pub dimensie: &'a str,
    /// Key, without the blanks around it: `T001024`.
    pub key: &'a str,
    /// Title as published, when the list of codes has it.
    pub titel: Option<&'a str>,
}

/// One figure. Glossary: Waarneming.
///
/// `waarde` is `None` exactly when the status is [`Geheim`](Status::Geheim), [`NietVanToepassing`](Status::NietVanToepassing)
/// or [`Ontbreekt`](Status::Ontbreekt): no figure is not the figure zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waarneming<'a> {
    /// Where it comes from.
    pub bron: Bron,
    /// Table: `85098NED`.
    pub tabel: &'a str,
    /// When; of a table without periods the one in its information, when that is one year.
    pub periode: Option<&'a CbsPeriode>,
    /// Where: key without the blanks around it, `GM0935`.
    pub regio: Option<&'a str>,
    /// Title of the place, when the list of codes has it.
    pub regio_titel: Option<&'a str>,
    /// What is measured, with its unit.
    pub meting: &'a Meting,
    /// The other dimensions, in the order of the table.
    pub dimensies: &'a [DimensieWaarde<'a>],
    /// The figure, in the unit of the measure.
    pub waarde: Option<Decimal>,
    /// How sure it is, or why there is none.
    pub status: Status,
}
