//! Products, providers, and what a provider is paid for a product.

use std::collections::BTreeMap;

use grip_types::{AgbCode, GemeenteCode, Wet};

use crate::{
    Settings, SynthError,
    random::{Purpose, Stream, real, rounded},
    scenario,
};

/// Eenheid 83: the volume is an amount in eurocents and there is no tariff.
pub const EUROS: &str = "83";
/// Eenheid 14: a day and night.
pub const ETMAAL: &str = "14";

/// Per what the volume of a Toewijzing is meant. Glossary: Frequentie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequentie {
    /// 2, per week.
    Week,
    /// 4, per month.
    Maand,
    /// 6, in total.
    Totaal,
}

impl Frequentie {
    /// Code in list WMO757.
    pub fn code(self) -> &'static str {
        match self {
            Self::Week => "2",
            Self::Maand => "4",
            Self::Totaal => "6",
        }
    }
}

/// How much of the care falls away in summer and in December.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// Goes on all year.
    Steady,
    /// Carers have holidays.
    Mild,
    /// Follows the school year.
    School,
}

/// A product, with the figures that the fictional municipality draws its clients from.
#[derive(Debug, Clone)]
pub struct Product {
    /// Law.
    pub wet: Wet,
    /// ProductCategorie.
    pub categorie: &'static str,
    /// ProductCode, which begins with the category.
    pub code: &'static str,
    /// Eenheid.
    pub eenheid: &'static str,
    /// Frequentie of a Toewijzing for it.
    pub frequentie: Frequentie,
    /// What a client needs, least and most, in units a week, or a month for the other frequencies.
    pub need: (i64, i64),
    /// Eurocents per unit at the price level of 2020; 0 for Eenheid 83.
    pub tarief_cents: i64,
    /// Clients at a time per 10 000 inhabitants.
    pub clients_per_10k: f64,
    /// How long a client needs it, mean in months.
    pub duration_months: f64,
    /// Length of one Toewijzing, least and most, in months.
    pub term_months: (i64, i64),
    /// Growth of the inflow in a year.
    pub growth: f64,
    /// Share of what is allocated that is delivered, least and most.
    pub realisation: (f64, f64),
    /// What the calendar does to it.
    pub season: Season,
    /// Age at the beginning: mean and spread, in years.
    pub age: (f64, f64),
    /// Products that some of its clients have as well, with the chance.
    pub companions: &'static [(&'static str, f64)],
}

macro_rules! products {
    ($($wet:ident $categorie:literal $code:literal $eenheid:literal $frequentie:ident need $need:tt tarief $tarief:literal clients $clients:literal months $months:literal term $term:tt growth $growth:literal realisation $realisation:tt $season:ident age $age:tt with [$($with:tt)*];)*) => {
        &[$(Product {
            wet: Wet::$wet, categorie: $categorie, code: $code, eenheid: $eenheid, frequentie: Frequentie::$frequentie, need: $need,
            tarief_cents: $tarief, clients_per_10k: $clients, duration_months: $months, term_months: $term, growth: $growth,
            realisation: $realisation, season: Season::$season, age: $age, companions: &[$($with)*],
        }),*]
    };
}

/// Everything that is contracted. Amounts and volumes are round figures of the right order, not those of any municipality.
pub const PRODUCTS: &[Product] = products! {
    Wmo "01" "01A01" "04" Week need (2, 5) tarief 3350 clients 150.0 months 50.0 term (24, 60) growth 0.02 realisation (0.82, 0.97) Mild age (77.0, 10.0) with [("02A01", 0.07), ("07A01", 0.06)];
    Wmo "01" "01A02" "01" Week need (120, 240) tarief 57 clients 55.0 months 45.0 term (24, 60) growth 0.02 realisation (0.82, 0.97) Mild age (78.0, 9.0) with [("07A01", 0.06)];
    Wmo "02" "02A01" "04" Week need (2, 6) tarief 6600 clients 80.0 months 26.0 term (12, 24) growth 0.03 realisation (0.70, 0.92) Mild age (46.0, 16.0) with [("01A01", 0.12), ("07A01", 0.15)];
    Wmo "02" "02A02" "04" Week need (2, 6) tarief 8800 clients 30.0 months 22.0 term (6, 24) growth 0.03 realisation (0.70, 0.90) Mild age (41.0, 14.0) with [("07A01", 0.12), ("10A01", 0.05)];
    Wmo "02" "02A03" "04" Maand need (6, 18) tarief 6600 clients 15.0 months 20.0 term (6, 24) growth 0.01 realisation (0.72, 0.92) Mild age (44.0, 15.0) with [("01A01", 0.10)];
    Wmo "07" "07A01" "16" Week need (3, 9) tarief 4300 clients 42.0 months 28.0 term (12, 36) growth 0.03 realisation (0.72, 0.92) School age (70.0, 16.0) with [("01A01", 0.25), ("02A01", 0.10)];
    Wmo "10" "10A01" "83" Maand need (40000, 160000) tarief 0 clients 9.0 months 24.0 term (12, 24) growth 0.04 realisation (0.98, 1.00) Steady age (52.0, 16.0) with [("01A01", 0.20)];
    Wmo "10" "10A02" "83" Totaal need (50000, 150000) tarief 0 clients 4.0 months 10.0 term (4, 12) growth 0.04 realisation (0.85, 1.00) Steady age (50.0, 16.0) with [];
    Wmo "15" "15A01" "14" Week need (7, 7) tarief 14800 clients 11.0 months 30.0 term (12, 24) growth 0.01 realisation (0.92, 0.99) Steady age (39.0, 12.0) with [("07A01", 0.25)];
    Jw "41" "41A01" "16" Week need (4, 9) tarief 9800 clients 9.0 months 14.0 term (6, 12) growth 0.03 realisation (0.75, 0.93) School age (6.0, 3.5) with [("45A01", 0.30)];
    Jw "43" "43A01" "14" Totaal need (30, 30) tarief 33500 clients 6.0 months 12.0 term (4, 12) growth 0.05 realisation (0.90, 0.98) Steady age (14.5, 2.0) with [("48A01", 0.35), ("54A02", 0.20)];
    Jw "44" "44A01" "14" Week need (7, 7) tarief 18600 clients 11.0 months 36.0 term (12, 24) growth 0.03 realisation (0.94, 1.00) Steady age (10.0, 4.0) with [("48A01", 0.45), ("54A01", 0.15)];
    Jw "44" "44A02" "14" Week need (7, 7) tarief 5600 clients 12.0 months 40.0 term (12, 24) growth 0.01 realisation (0.97, 1.00) Steady age (7.0, 4.5) with [("48A01", 0.40), ("45A01", 0.15)];
    Jw "45" "45A01" "04" Totaal need (5, 17) tarief 9900 clients 30.0 months 13.0 term (6, 12) growth 0.06 realisation (0.70, 0.95) School age (11.0, 4.0) with [("54A01", 0.15)];
    Jw "45" "45A02" "01" Week need (90, 270) tarief 165 clients 14.0 months 12.0 term (6, 12) growth 0.05 realisation (0.70, 0.92) School age (11.5, 4.0) with [("54A01", 0.15)];
    Jw "45" "45A03" "04" Maand need (8, 30) tarief 10000 clients 10.0 months 14.0 term (6, 12) growth 0.05 realisation (0.72, 0.93) School age (12.0, 4.0) with [("41A01", 0.10)];
    Jw "48" "48A01" "83" Maand need (115000, 140000) tarief 0 clients 15.0 months 24.0 term (12, 12) growth 0.00 realisation (1.00, 1.00) Steady age (9.0, 4.5) with [("45A01", 0.30), ("44A01", 0.10)];
    Jw "50" "50A01" "83" Totaal need (200000, 700000) tarief 0 clients 7.0 months 12.0 term (6, 12) growth 0.08 realisation (0.80, 1.00) Steady age (12.0, 3.5) with [("45A01", 0.15)];
    Jw "50" "50A02" "04" Totaal need (8, 40) tarief 10500 clients 3.0 months 12.0 term (6, 12) growth 0.08 realisation (0.75, 0.98) Mild age (12.0, 3.5) with [];
    Jw "54" "54A01" "01" Totaal need (120, 380) tarief 205 clients 42.0 months 12.0 term (6, 12) growth 0.04 realisation (0.65, 0.95) School age (11.5, 3.5) with [("45A01", 0.08)];
    Jw "54" "54A02" "01" Totaal need (300, 1200) tarief 240 clients 14.0 months 13.0 term (6, 12) growth 0.06 realisation (0.65, 0.95) School age (13.5, 3.0) with [("45A01", 0.15)];
};

/// Position in [`PRODUCTS`] of a code.
pub(crate) fn product_of(code: &str) -> usize {
    PRODUCTS.iter().position(|product| product.code == code).expect("companions are products")
}

/// How late a provider declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    /// Share of the lines that goes into the Declaratie over the month of delivery itself.
    pub prompt: f64,
    /// Chance that a line that waits goes into the next Declaratie.
    pub catch_up: f64,
    /// Chance that the Declaratie over a month is only sent together with the next one.
    pub skip: f64,
    /// Day of the month on which it sends.
    pub day: i8,
    /// From a year on, the share that is prompt becomes another.
    pub change: Option<(i16, f64)>,
}

impl Delay {
    /// Share of the lines of a year that is declared at once.
    pub fn prompt_in(&self, year: i16) -> f64 {
        self.change.filter(|(from, _)| year >= *from).map_or(self.prompt, |(_, prompt)| prompt)
    }
}

/// An organisation that delivers. Glossary: Aanbieder.
#[derive(Debug, Clone)]
pub struct Aanbieder {
    /// Its code, which no organisation has.
    pub agb: AgbCode,
    /// Its name, made up.
    pub naam: String,
    /// Laws it delivers under.
    pub wetten: Vec<Wet>,
    /// How big it is beside the others.
    pub weight: f64,
    /// How late it declares, per law.
    pub delay: BTreeMap<Wet, Delay>,
}

/// What a provider is paid for a product. Glossary: Contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Position among the providers.
    pub aanbieder: usize,
    /// Position in [`PRODUCTS`].
    pub product: usize,
    /// Eurocents per unit, per year from 2021 on; `None` for Eenheid 83.
    pub tarief_cents: BTreeMap<i16, Option<i64>>,
    /// Share of what is allocated that this provider delivers of this product.
    pub realisation: f64,
}

/// The market: who delivers what, at which price.
#[derive(Debug, Clone)]
pub struct Market {
    /// Providers, the biggest first within a law.
    pub aanbieders: Vec<Aanbieder>,
    /// Contracts by provider and product.
    pub contracts: BTreeMap<(usize, usize), Contract>,
}

impl Market {
    /// The contract of a provider for a product.
    pub(crate) fn contract(&self, aanbieder: usize, product: usize) -> &Contract {
        self.contracts.get(&(aanbieder, product)).expect("nothing is allocated to a provider without a contract")
    }

    /// Eurocents per unit in a year; `None` for Eenheid 83.
    pub(crate) fn tarief_cents(&self, aanbieder: usize, product: usize, year: i16) -> Option<i64> {
        let tarieven = &self.contract(aanbieder, product).tarief_cents;
        tarieven.range(..=year).next_back().or_else(|| tarieven.first_key_value()).and_then(|(_, tarief)| *tarief)
    }

    /// The providers of a product with their weights.
    pub(crate) fn providers(&self, product: usize) -> Vec<(usize, f64)> {
        let offers = |(index, aanbieder): (usize, &Aanbieder)| {
            self.contracts.contains_key(&(index, product)).then_some((index, aanbieder.weight))
        };
        self.aanbieders.iter().enumerate().filter_map(offers).collect()
    }
}

/// Indexation of tariffs in January of a year.
pub fn indexation(year: i16) -> f64 {
    match year {
        2021 => 0.015,
        2022 => 0.03,
        2023 => 0.055,
        2024 => 0.05,
        2025 => 0.04,
        _ => 0.025,
    }
}

const FIRST_WORDS: [&str; 16] = [
    "Berken", "Hoge", "Kade", "Linde", "Meander", "Noorder", "Ooster", "Polder", "Rivier", "Steen", "Terp", "Veld",
    "Wester", "Wilgen", "Zand", "Zuider",
];
const SECOND_WORDS: [&str; 12] =
    ["brug", "dam", "akker", "huis", "kring", "lijn", "oever", "haven", "burcht", "poort", "spoor", "wiel"];
const KINDS_WMO: [&str; 5] = ["Thuis", "Zorg", "Begeleiding", "Wonen en Zorg", "Ondersteuning"];
const KINDS_JW: [&str; 6] =
    ["Jeugd", "Jeugdhulp", "Gezinshuizen", "Kinderpsychologie", "Jeugd en Gezin", "Pedagogisch Centrum"];

/// Draws providers and contracts. There are about 25 providers for Wmo and 45 for youth in a town of 40 000.
///
/// # Errors
/// [`SynthError::Code`] when a provider's code can't be made, which does not happen.
pub(crate) fn draw(settings: &Settings) -> Result<Market, SynthError> {
    let years = settings.from.year()..=settings.to.year();
    let mut stream = Stream::new(settings.seed, Purpose::Contracts, 0);
    let scale = (f64::from(settings.inhabitants) / 40_000.0).sqrt();
    let count = |at_40k: f64| rounded(at_40k * scale).clamp(6, 120);
    let (wmo, jw) = (count(25.0), count(45.0));
    let shared = wmo / 6;
    let mut market = Market { aanbieders: Vec::new(), contracts: BTreeMap::new() };
    for number in 0..wmo + jw - shared {
        // The first of the youth providers are the last but a few of those for Wmo: organisations under both laws.
        let wetten = match number {
            n if n < wmo - shared => vec![Wet::Wmo],
            n if n < wmo => vec![Wet::Wmo, Wet::Jw],
            _ => vec![Wet::Jw],
        };
        let rank = if number < wmo { number } else { number - wmo + shared / 2 };
        let agb = agb(settings.gemeente, number)?;
        let aanbieder = draw_aanbieder(&mut stream, agb, number, rank, wetten, years.clone());
        market.aanbieders.push(aanbieder);
    }
    for product in 0..PRODUCTS.len() {
        draw_contracts(&mut stream, &mut market, product, *years.end());
    }
    give_everybody_a_contract(&mut stream, &mut market, *years.end());
    scenario::change_market(settings, &mut market);
    Ok(market)
}

/// A code that no organisation has, and no provider of a fictional municipality with another number in the same hundred:
/// their messages can be in one archive.
fn agb(gemeente: GemeenteCode, number: i64) -> Result<AgbCode, SynthError> {
    let town = gemeente.to_string()[2..].bytes().fold(0, |town, digit| town * 10 + i64::from(digit - b'0'));
    (99_000_000 + (198 - town) % 100 * 10_000 + 1001 + number).to_string().parse().map_err(SynthError::Code)
}

fn draw_aanbieder(
    stream: &mut Stream,
    agb: AgbCode,
    number: i64,
    rank: i64,
    wetten: Vec<Wet>,
    years: std::ops::RangeInclusive<i16>,
) -> Aanbieder {
    let first = FIRST_WORDS[usize::try_from(number).unwrap_or_default() % FIRST_WORDS.len()];
    let second = stream.pick(&SECOND_WORDS);
    let kind = if wetten.contains(&Wet::Jw) { stream.pick(&KINDS_JW) } else { stream.pick(&KINDS_WMO) };
    let delay = wetten.iter().map(|wet| (*wet, draw_delay(stream, *wet, years.clone()))).collect();
    Aanbieder {
        agb,
        naam: format!("{first}{second} {kind}"),
        wetten,
        weight: real(rank + 1).powf(-1.0) * stream.range(0.8, 1.25),
        delay,
    }
}

fn draw_delay(stream: &mut Stream, wet: Wet, years: std::ops::RangeInclusive<i16>) -> Delay {
    let shares = if wet == Wet::Wmo { [0.62, 0.30, 0.08] } else { [0.45, 0.37, 0.18] };
    let (prompt, catch_up) = match stream.weighted(&shares) {
        0 => (stream.range(0.92, 0.98), 0.60),
        1 => (stream.range(0.78, 0.92), 0.45),
        _ => (stream.range(0.35, 0.62), 0.28),
    };
    let skip = if stream.chance(0.10) { stream.range(0.12, 0.30) } else { 0.0 };
    let change = stream.chance(0.12).then(|| {
        let year = stream.between(i64::from(*years.start()) + 1, i64::from(*years.end()));
        (i16::try_from(year).unwrap_or(*years.end()), stream.range(0.45, 0.97))
    });
    Delay { prompt, catch_up, skip, day: i8::try_from(stream.between(4, 18)).unwrap_or(10), change }
}

fn draw_contracts(stream: &mut Stream, market: &mut Market, product: usize, last_year: i16) {
    let wet = PRODUCTS[product].wet;
    let mut under_law: Vec<usize> =
        (0..market.aanbieders.len()).filter(|index| market.aanbieders[*index].wetten.contains(&wet)).collect();
    under_law.sort_by(|a, b| market.aanbieders[*b].weight.total_cmp(&market.aanbieders[*a].weight));
    let mut offered = 0;
    for (rank, aanbieder) in under_law.iter().copied().enumerate() {
        let left = under_law.len() - rank;
        // The big ones offer most products, the small ones one or two; two providers at least for each.
        if offered + left <= 2 || stream.chance(if rank < 4 { 0.75 } else { 0.28 }) {
            offered += 1;
            market.contracts.insert((aanbieder, product), draw_contract(stream, aanbieder, product, last_year));
        }
    }
}

fn give_everybody_a_contract(stream: &mut Stream, market: &mut Market, last_year: i16) {
    for (index, aanbieder) in market.aanbieders.iter().enumerate() {
        for wet in &aanbieder.wetten {
            let of_law: Vec<usize> = (0..PRODUCTS.len()).filter(|product| PRODUCTS[*product].wet == *wet).collect();
            if !of_law.iter().any(|product| market.contracts.contains_key(&(index, *product))) {
                let product = *stream.pick(&of_law);
                market.contracts.insert((index, product), draw_contract(stream, index, product, last_year));
            }
        }
    }
}

pub(crate) fn draw_contract(stream: &mut Stream, aanbieder: usize, product: usize, last_year: i16) -> Contract {
    let specification = &PRODUCTS[product];
    let mut tarief = real(specification.tarief_cents) * stream.range(0.96, 1.05);
    let mut tarief_cents = BTreeMap::new();
    for year in 2021..=last_year {
        tarief *= 1.0 + indexation(year) + stream.range(-0.003, 0.003);
        tarief_cents.insert(year, (specification.eenheid != EUROS).then(|| rounded(tarief)));
    }
    let (low, high) = specification.realisation;
    Contract { aanbieder, product, tarief_cents, realisation: stream.range(low, high) }
}
