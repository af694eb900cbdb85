//! Clients, the households they live in and the districts those are in; and which care a client comes to need.

use grip_types::{Bsn, Date, GemeenteCode, Maand, Wet};
use jiff::ToSpan;

use crate::{
    Settings, SynthError,
    contracts::{Market, PRODUCTS, product_of},
    random::{Purpose, Stream, real, rounded},
    scenario,
};

/// A part of the municipality. Glossary: Wijk.
#[derive(Debug, Clone)]
pub struct District {
    /// Code, such as WK999801.
    pub code: String,
    /// Name.
    pub naam: &'static str,
    /// Share of the clients that live there.
    pub weight: f64,
}

/// People who live at one address.
#[derive(Debug, Clone)]
pub struct Household {
    /// Position among the districts.
    pub district: usize,
    /// Street.
    pub straatnaam: String,
    /// Number of the house.
    pub huisnummer: i64,
    /// Postcode, of a range that is not in use.
    pub postcode: String,
    /// Family name.
    pub achternaam: String,
    /// Prefix of the family name.
    pub voorvoegsel: Option<&'static str>,
    /// How many clients live there.
    pub clients: usize,
}

/// Somebody who receives care. Glossary: Client.
#[derive(Debug, Clone)]
pub struct Client {
    /// Test number that is never issued.
    pub bsn: Bsn,
    /// Birth date.
    pub geboortedatum: Date,
    /// Code in list COD046.
    pub geslacht: &'static str,
    /// First name.
    pub voornaam: &'static str,
    /// Position among the households.
    pub household: usize,
}

/// Why an episode ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// As was planned.
    Planned,
    /// The client dies.
    Death,
    /// The client moves to another municipality.
    Move,
    /// The client goes on under another law.
    OtherDomain,
    /// The client stops.
    Client,
    /// The provider stops.
    Aanbieder,
    /// Both agree to stop.
    Agreed,
}

/// A stretch of time in which a client needs a product.
#[derive(Debug, Clone)]
pub struct Episode {
    /// Position in [`PRODUCTS`].
    pub product: usize,
    /// First day.
    pub begin: Date,
    /// Last day.
    pub end: Date,
    /// Why it ends.
    pub reason: EndReason,
    /// Whether it had begun before the simulation.
    pub is_running: bool,
}

/// What happens to one client.
#[derive(Debug, Clone)]
pub(crate) struct Career {
    /// Number of the client's own streams of chance.
    pub(crate) stream: u64,
    pub(crate) geboortedatum: Date,
    pub(crate) episodes: Vec<Episode>,
}

/// Months before the first one in which clients already come in, so that at the start there are as many as later.
const WARM_UP_MONTHS: i32 = 180;
/// Share of the clients of a product who come for it first; the others have it beside or after another product.
const PRIMARY: f64 = 0.74;

/// Whom the municipality is going to see, in order of arrival.
pub(crate) fn arrivals(settings: &Settings) -> Vec<Career> {
    let mut careers = Vec::new();
    let first = Maand::of(settings.from).index();
    let months: Vec<Maand> = (first - WARM_UP_MONTHS..=Maand::of(settings.to).index()).map(Maand::from_index).collect();
    for (position, maand) in months.iter().enumerate() {
        for (product, specification) in PRODUCTS.iter().enumerate() {
            let index = u64::try_from(position * 1000 + product).unwrap_or_default();
            let mut stream = Stream::new(settings.seed, Purpose::Arrivals, index);
            let monthly = specification.clients_per_10k * PRIMARY * f64::from(settings.inhabitants)
                / 10_000.0
                / specification.duration_months;
            let years = f64::from(maand.index() - first) / 12.0;
            // Growth reaches back five years at most, or there would have been almost nobody long ago.
            let growth = (1.0 + specification.growth).powf(years.max(-5.0));
            let mean = monthly * growth * inflow_season(specification.wet, maand.month());
            // Who comes beside the others comes after them, so that the others stay who they are.
            let count = stream.poisson(mean)
                + match scenario::inflow_added(settings, specification.wet, *maand) {
                    0.0 => 0,
                    added => stream.poisson(mean * added),
                };
            for number in 0..count {
                let client = index * 100_000 + u64::try_from(number).unwrap_or_default();
                careers.extend(draw_career(settings, client, product, *maand));
            }
        }
    }
    careers
}

/// Inflow of a month beside the mean month: schools refer in autumn and before summer, in summer nobody does.
fn inflow_season(wet: Wet, month: i8) -> f64 {
    let position = usize::try_from(month - 1).unwrap_or_default();
    match wet {
        Wet::Wmo => [1.10, 1.00, 1.05, 1.00, 1.00, 1.00, 0.85, 0.85, 1.05, 1.10, 1.10, 0.90][position],
        Wet::Jw => [1.10, 1.05, 1.15, 1.00, 1.05, 1.10, 0.60, 0.55, 1.20, 1.20, 1.15, 0.85][position],
    }
}

fn draw_career(settings: &Settings, number: u64, product: usize, maand: Maand) -> Option<Career> {
    let mut stream = Stream::new(settings.seed, Purpose::Career, number);
    let specification = &PRODUCTS[product];
    let begin = if stream.chance(0.3) { maand.first_day() } else { maand.day_clamped(day(&mut stream)) };
    let (mean, deviation) = specification.age;
    let range = if specification.wet == Wet::Jw { (1.0, 17.4) } else { (18.5, 98.0) };
    let age = stream.normal(mean, deviation).clamp(range.0, range.1);
    let geboortedatum = begin.saturating_sub(rounded(age * 365.25).days());

    let mut episodes = Vec::new();
    let longer = scenario::duration_factor(settings, begin);
    let main = draw_episode(&mut stream, product, begin, geboortedatum, longer);
    for (code, chance) in specification.companions {
        if stream.chance(*chance) {
            let later = main.begin.saturating_add(stream.between(0, 200).days());
            episodes.push(draw_episode(&mut stream, product_of(code), later, geboortedatum, longer));
        }
    }
    // Some come back after a while.
    if matches!(main.reason, EndReason::Planned | EndReason::Client | EndReason::Agreed) && stream.chance(0.16) {
        let later = main.end.saturating_add(stream.between(60, 400).days());
        episodes.push(draw_episode(&mut stream, product, later, geboortedatum, longer));
    }
    let until = match main.reason {
        EndReason::Death | EndReason::Move => main.end,
        _ => Date::MAX,
    };
    episodes.insert(0, main);
    episodes.retain_mut(|episode| clip(settings, episode, until));
    episodes.sort_by_key(|episode| (episode.begin, episode.product));
    (!episodes.is_empty()).then_some(Career { stream: number, geboortedatum, episodes })
}

fn day(stream: &mut Stream) -> i8 {
    i8::try_from(stream.between(1, 28)).unwrap_or(1)
}

/// Draws how long a product is needed from a day on: `longer` times what is usual.
fn draw_episode(stream: &mut Stream, product: usize, begin: Date, geboortedatum: Date, longer: f64) -> Episode {
    let specification = &PRODUCTS[product];
    // Everybody stays a month at least; the rest of the time has no memory.
    let days = 30.0 + stream.exponential(specification.duration_months * 30.4 - 30.0);
    let mut end = begin.saturating_add(rounded(days * longer).days());
    let mut reason = draw_reason(stream, specification.wet, specification.age.0 > 65.0);
    if specification.wet == Wet::Jw {
        let adult = geboortedatum.saturating_add(18.years());
        if end >= adult {
            end = adult.saturating_sub(1.day());
            reason = if stream.chance(0.3) { EndReason::OtherDomain } else { EndReason::Planned };
        }
    }
    Episode { product, begin, end, reason, is_running: false }
}

fn draw_reason(stream: &mut Stream, wet: Wet, is_old: bool) -> EndReason {
    use EndReason::{Aanbieder, Agreed, Client, Death, Move, OtherDomain, Planned};
    let (reasons, weights): (&[EndReason], &[f64]) = match (wet, is_old) {
        (Wet::Wmo, true) => (&[Death, OtherDomain, Move, Planned, Client], &[0.40, 0.27, 0.08, 0.15, 0.10]),
        (Wet::Wmo, false) => (
            &[Planned, Client, Agreed, Move, OtherDomain, Death, Aanbieder],
            &[0.48, 0.16, 0.12, 0.09, 0.08, 0.03, 0.04],
        ),
        (Wet::Jw, _) => (&[Planned, Client, Agreed, Move, Aanbieder], &[0.66, 0.12, 0.11, 0.07, 0.04]),
    };
    reasons[stream.weighted(weights)]
}

/// Keeps what the simulation can see of an episode. What runs at the start is allotted anew from the first day, as
/// municipalities did when release 3.0 came in on 1 January 2021.
fn clip(settings: &Settings, episode: &mut Episode, until: Date) -> bool {
    episode.end = episode.end.min(until);
    if episode.begin < settings.from {
        episode.begin = settings.from;
        episode.is_running = true;
    }
    let seen = episode.begin.saturating_add(7.days()) <= episode.end && episode.begin <= settings.to;
    seen && (PRODUCTS[episode.product].wet == Wet::Wmo || episode.end >= settings.from)
}

const DISTRICTS: [(&str, f64); 8] = [
    ("Centrum", 0.17),
    ("Oosterveld", 0.16),
    ("Westerhof", 0.15),
    ("Noorderpark", 0.14),
    ("Zuidrand", 0.12),
    ("Molenbuurt", 0.11),
    ("Havenkwartier", 0.09),
    ("Buitengebied", 0.06),
];
const NAME_BEGIN: [&str; 16] = [
    "Ber", "Dal", "Eik", "Hoog", "Kers", "Lind", "Mol", "Nieuw", "Ooster", "Pol", "Riet", "Schans", "Terp", "Vel",
    "Wester", "Zand",
];
const NAME_END: [&str; 14] =
    ["beek", "broek", "dam", "dijk", "horst", "huizen", "kamp", "man", "mans", "stra", "veld", "voort", "werf", "wijk"];
const NAME_PREFIX: [&str; 4] = ["van", "de", "van der", "ten"];
const FIRST_NAMES: [[&str; 14]; 2] = [
    [
        "Aart", "Bas", "Cas", "Daan", "Evert", "Floris", "Gijs", "Joost", "Koen", "Luuk", "Maarten", "Otto", "Pim",
        "Teun",
    ],
    [
        "Anouk", "Bregje", "Cato", "Doortje", "Elske", "Fenna", "Guusje", "Hilde", "Ineke", "Jantje", "Klaartje",
        "Lotte", "Mies", "Noor",
    ],
];
const STREET_END: [&str; 6] = ["straat", "laan", "weg", "plein", "hof", "pad"];

pub(crate) fn districts(gemeente: GemeenteCode) -> Vec<District> {
    let district = |(number, (naam, weight)): (usize, &(&'static str, f64))| District {
        code: format!("WK{gemeente}{:02}", number + 1),
        naam,
        weight: *weight,
    };
    DISTRICTS.iter().enumerate().map(district).collect()
}

/// Gives every career a person and every person a home.
///
/// # Errors
/// [`SynthError::TooManyInhabitants`] when there are not enough test numbers.
pub(crate) fn settle(
    settings: &Settings,
    careers: &[Career],
    districts: &[District],
) -> Result<(Vec<Client>, Vec<Household>), SynthError> {
    let numbers = test_numbers(careers.len());
    if numbers.len() < careers.len() {
        let share = real(i64::try_from(numbers.len()).unwrap_or_default())
            / real(i64::try_from(careers.len()).unwrap_or(i64::MAX));
        let fits = f64::from(settings.inhabitants) * share * 0.95;
        let inhabitants_max = u32::try_from(rounded(fits)).unwrap_or_default();
        return Err(SynthError::TooManyInhabitants { clients: careers.len(), inhabitants_max });
    }
    let weights: Vec<f64> = districts.iter().map(|district| district.weight).collect();
    let mut households: Vec<Household> = Vec::new();
    let mut clients = Vec::with_capacity(careers.len());
    for (career, bsn) in careers.iter().zip(numbers) {
        let mut stream = Stream::new(settings.seed, Purpose::Person, career.stream);
        let sex = usize::from(stream.chance(0.53));
        let joins = if households.is_empty() || !stream.chance(0.15) {
            None
        } else {
            let candidate = stream.between(0, i64::try_from(households.len()).unwrap_or(i64::MAX) - 1);
            usize::try_from(candidate).ok().filter(|index| households[*index].clients < 4)
        };
        let household = joins.unwrap_or_else(|| {
            households.push(draw_household(&mut stream, &weights));
            households.len() - 1
        });
        households[household].clients += 1;
        clients.push(Client {
            bsn,
            geboortedatum: career.geboortedatum,
            geslacht: ["1", "2"][sex],
            voornaam: stream.pick::<&str>(&FIRST_NAMES[sex]),
            household,
        });
    }
    Ok((clients, households))
}

fn draw_household(stream: &mut Stream, weights: &[f64]) -> Household {
    let district = stream.weighted(weights);
    let letters = b"ABCDEFGHJKLMNPRTUVWXZ";
    let letter = |position: usize| char::from(letters[position % letters.len()]);
    let street = usize::try_from(stream.between(0, 20)).unwrap_or_default();
    Household {
        district,
        straatnaam: format!(
            "{}{}",
            NAME_BEGIN[(street * 5 + district) % NAME_BEGIN.len()],
            STREET_END[street % STREET_END.len()]
        ),
        huisnummer: stream.between(1, 180),
        postcode: format!("9999{}{}", letter(district), letter(street)),
        achternaam: format!("{}{}", stream.pick(&NAME_BEGIN), stream.pick(&NAME_END)),
        voorvoegsel: stream.chance(0.3).then(|| *stream.pick(&NAME_PREFIX)),
        clients: 0,
    }
}

/// The first `count` test numbers, or all when there are fewer: those in 9999xxxxx that pass the elfproef, 9 091 of them,
/// and after those the rest of 999xxxxxx, which is not issued either.
fn test_numbers(count: usize) -> Vec<Bsn> {
    let numbers = (999_900_000..1_000_000_000_u32).chain(999_000_000..999_900_000);
    numbers.filter_map(|number| number.to_string().parse().ok()).take(count).collect()
}

/// Chooses a provider of a product, the bigger the likelier; `not` is never chosen.
pub(crate) fn choose_aanbieder(stream: &mut Stream, market: &Market, product: usize, not: &[usize]) -> Option<usize> {
    let providers: Vec<(usize, f64)> =
        market.providers(product).into_iter().filter(|(index, _)| !not.contains(index)).collect();
    if providers.is_empty() {
        return None;
    }
    let weights: Vec<f64> = providers.iter().map(|(_, weight)| *weight).collect();
    Some(providers[stream.weighted(&weights)].0)
}

#[cfg(test)]
mod tests {
    use super::test_numbers;

    #[test]
    fn test_numbers_are_never_issued_and_unique() {
        let numbers = test_numbers(usize::MAX);
        let in_first_range = numbers.iter().filter(|bsn| bsn.expose().starts_with("9999")).count();
        assert_eq!((in_first_range, numbers.len()), (9091, 90909));
        assert!(numbers.iter().all(|bsn| bsn.expose().starts_with("999")));
        let mut texts: Vec<&str> = numbers.iter().map(|bsn| bsn.expose()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), numbers.len());
    }
}
