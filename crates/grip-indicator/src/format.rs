//! The file format: what a file may say, and the words it says it in.

use serde::{Deserialize, Serialize};
use toml::Spanned;

/// A file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) thema: Option<String>,
    pub(crate) naam: Option<String>,
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) bouwsteen: Vec<BouwsteenEntry>,
    #[serde(default)]
    pub(crate) indicator: Vec<IndicatorEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BouwsteenEntry {
    pub(crate) id: Spanned<String>,
    pub(crate) uitleg: String,
    pub(crate) sql: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndicatorEntry {
    pub(crate) id: Spanned<String>,
    pub(crate) naam: String,
    pub(crate) name: String,
    pub(crate) definitie: String,
    pub(crate) definition: String,
    pub(crate) unit: Unit,
    #[serde(default)]
    pub(crate) direction: Direction,
    #[serde(default = "every_grain")]
    pub(crate) periods: Vec<Grain>,
    #[serde(default)]
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) source: String,
    pub(crate) law: Option<Law>,
    #[serde(default = "minimum_count")]
    pub(crate) minimum_count: i64,
    #[serde(default = "clienten")]
    pub(crate) counts: String,
    #[serde(default)]
    pub(crate) empty: Empty,
    #[serde(default)]
    pub(crate) status: StatusRule,
    pub(crate) computed: Option<String>,
    pub(crate) numerator: Option<FractionEntry>,
    pub(crate) denominator: Option<FractionEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FractionEntry {
    #[serde(default)]
    pub(crate) aggregate: Aggregate,
    pub(crate) sql: Spanned<String>,
}

fn every_grain() -> Vec<Grain> {
    vec![Grain::Maand, Grain::Kwartaal, Grain::Jaar]
}

fn minimum_count() -> i64 {
    i64::from(grip_types::PERSONS_MIN)
}

fn clienten() -> String {
    "cliënten".to_owned()
}

/// In what a value is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Hundredths of a euro.
    Eurocent,
    /// Hundredths of a euro per hour; the denominator is in minutes.
    EurocentPerHour,
    /// Persons with care.
    Clients,
    /// Households.
    Households,
    /// Providers.
    Providers,
    /// A number of anything else.
    Count,
    /// Minutes.
    Minutes,
    /// Days.
    Days,
    /// Months.
    Months,
    /// Hundredths of the denominator.
    Percent,
    /// Per thousand of the denominator.
    #[serde(rename = "per_1000")]
    Per1000,
    /// Per thousand inhabitants.
    #[serde(rename = "per_1000_inhabitants")]
    Per1000Inhabitants,
    /// Per thousand households.
    #[serde(rename = "per_1000_households")]
    Per1000Households,
}

impl Unit {
    /// By what numerator over denominator is multiplied.
    pub fn factor(self) -> i64 {
        match self {
            Self::Percent => 100,
            Self::EurocentPerHour => 60,
            Self::Per1000 | Self::Per1000Inhabitants | Self::Per1000Households => 1000,
            Self::Eurocent
            | Self::Clients
            | Self::Households
            | Self::Providers
            | Self::Count
            | Self::Minutes
            | Self::Days
            | Self::Months => 1,
        }
    }

    /// Whether a value in it is whole eurocents, also as a quotient.
    pub fn is_money(self) -> bool {
        matches!(self, Self::Eurocent | Self::EurocentPerHour)
    }

    /// Whether it means nothing without a denominator.
    pub fn needs_denominator(self) -> bool {
        self.factor() != 1
    }
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    HigherIsBetter,
    /// Less is better.
    LowerIsBetter,
    /// Neither can be said.
    #[default]
    None,
}

/// The lengths of a period. Glossary: Periode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// A month.
    Maand,
    /// Three months.
    Kwartaal,
    /// Twelve months.
    Jaar,
}

impl Grain {
    /// How many months it has.
    pub fn months(self) -> i32 {
        match self {
            Self::Maand => 1,
            Self::Kwartaal => 3,
            Self::Jaar => 12,
        }
    }
}

/// How the rows of a query become one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// Sum of `value`.
    #[default]
    Sum,
    /// Number of different values of `counted`.
    Distinct,
    /// Mean of `value`.
    Mean,
    /// Middle one of `value`.
    Median,
}

/// What no row at all means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// That nothing is known.
    #[default]
    Unknown,
    /// That it did not happen: zero.
    Zero,
}

/// An article of a law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Law and article, as `Wmo 2015, artikel 2.3.5`.
    pub article: String,
    /// A day on which the text was in force, `YYYY-MM-DD`.
    pub date: String,
}

/// How long after a period its figure is provisional, and from when on definitive. In whole months, counted from the last day of
/// the period; a figure of before that is incomplete. Less than zero is before the period ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRule {
    /// Months after which it is provisional.
    pub provisional_after_months: i32,
    /// Months after which it is definitive.
    pub definitive_after_months: i32,
}

impl Default for StatusRule {
    /// A month after four months have passed only stragglers are declared: the rule of `afgewikkeld` in the ledger.
    fn default() -> Self {
        Self { provisional_after_months: 1, definitive_after_months: 4 }
    }
}

/// Declares the dimensions: one line each, with the column it is called.
macro_rules! dimensions {
    ($($name:ident $column:literal $doc:literal;)*) => {
        /// By what a figure may be split.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Dimension { $(#[doc = $doc] #[serde(rename = $column)] $name,)* }
        impl Dimension {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The one of that column.
            pub fn parse(column: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|dimension| dimension.column() == column)
            }
            /// Its column in SQL and its name in addresses.
            pub fn column(self) -> &'static str {
                match self { $(Self::$name => $column,)* }
            }
        }
    };
}

dimensions! {
    Wet "wet" "The law: `wmo` or `jw`.";
    Productcategorie "productcategorie" "Product category.";
    Productcode "productcode" "Product code.";
    Aanbieder "aanbieder" "Provider, by its AGB code.";
    Leeftijdsgroep "leeftijdsgroep" "Group of ages.";
    Geslacht "geslacht" "1 male, 2 female.";
    Wijk "wijk" "District.";
    Verwijzer "verwijzer" "Kind of referrer.";
    Taakveld "taakveld" "Task field.";
    Eenheid "eenheid" "Unit of a product.";
    RedenBeeindiging "reden_beeindiging" "Why delivery ended.";
    RetourCodes "retour_codes" "Why a line was refused.";
    Regeling "regeling" "Scheme of a grant.";
    Berichtsoort "berichtsoort" "Kind of message.";
    Release "release" "Release of the standard.";
    Code "code" "Rule of a finding.";
    Ernst "ernst" "Gravity of a finding.";
    Vraag "vraag" "Question of a survey.";
}
