//! What the municipality orders for each client, with every later version of it, and the 301 messages that say so.

use std::collections::BTreeMap;

use grip_types::{Date, Maand, Periode, Wet};
use jiff::{ToSpan, civil::DateTime};

use crate::{
    Settings,
    clients::{Career, EndReason, Episode, choose_aanbieder},
    contracts::{ETMAAL, EUROS, Frequentie, Market, PRODUCTS, Season},
    deliveries::next_working_day,
    random::{Purpose, Stream, real, rounded},
    reallotment::reallot,
};

/// How a Toewijzing is filled: the variants of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// Product with its code, and an Omvang.
    Specifiek,
    /// Only the category.
    Aspecifiek,
    /// The category and a Budget.
    AspecifiekMetBudget,
    /// Only a Budget.
    Generiek,
}

impl Variant {
    /// Whether it has a Budget.
    pub fn has_budget(self) -> bool {
        matches!(self, Self::AspecifiekMetBudget | Self::Generiek)
    }
}

/// One version of a Toewijzing.
#[derive(Debug, Clone)]
pub struct Version {
    /// Toewijzingsdatum and Toewijzingstijd.
    pub stamp: DateTime,
    /// Day on which the 301 with it is sent.
    pub sent: Date,
    /// Last day; `None` when it has no end.
    pub einddatum: Option<Date>,
    /// RedenWijziging; `None` for the first version.
    pub reden: Option<&'static str>,
    /// Volume, or the Budget in eurocents; 0 when there is neither.
    pub size: i64,
}

/// What is ordered from a provider for a client. Glossary: Toewijzing.
#[derive(Debug, Clone)]
pub struct Toewijzing {
    /// Law.
    pub wet: Wet,
    /// ToewijzingNummer, unique within the law.
    pub nummer: u32,
    /// Position among the clients.
    pub client: usize,
    /// Position among the providers.
    pub aanbieder: usize,
    /// How it is filled.
    pub variant: Variant,
    /// Position in [`PRODUCTS`] of what is (mostly) delivered.
    pub product: usize,
    /// A second product that is delivered under it, when it leaves the product open.
    pub second_product: Option<usize>,
    /// First day.
    pub ingangsdatum: Date,
    /// Its versions, oldest first.
    pub versions: Vec<Version>,
    /// Whether the provider asked for it, so that the first 301 with it carries the provider's reference.
    pub is_requested: bool,
    /// Days on which it is sent again without a change.
    pub resent: Vec<Date>,
    /// From when to when there is truly care; `None` when it never comes to that.
    pub care: Option<Periode>,
    /// Time within it without care.
    pub pause: Option<Periode>,
    /// What the client needs, in units a week, or a month for the other frequencies.
    pub need: i64,
    /// Why the care ends.
    pub reason: EndReason,
    /// What the need is multiplied by in what is delivered: 1 unless a scenario says that a Budget is spent faster or slower.
    pub pace: f64,
    pub(crate) stream: u64,
}

impl Toewijzing {
    /// The version that holds in the end.
    pub fn last(&self) -> &Version {
        self.versions.last().expect("there is a first version")
    }

    /// Whether it was deleted, so that it counts as never sent.
    pub fn is_deleted(&self) -> bool {
        self.last().reden == Some(DELETED)
    }

    /// The days of a month within it, as a ProductPeriode must have them.
    pub fn product_periode(&self, maand: Maand) -> Option<Periode> {
        let einddatum = self.last().einddatum.unwrap_or(Date::MAX);
        maand.periode().intersect(Periode { begin: self.ingangsdatum, eind: einddatum })
    }

    /// Volume or Budget as the provider knew it at the end of a day.
    pub(crate) fn size_on(&self, day: Date) -> i64 {
        let known = self.versions.iter().rev().find(|version| version.sent <= day);
        known.unwrap_or(&self.versions[0]).size
    }

    /// The most that may be declared over a month (rule TR321), where there is such a limit.
    ///
    /// # Formula
    /// Per week: Volume × ISO weeks touched, or 6 × Volume for Wmo category 01. Per month: Volume.
    pub(crate) fn month_ceiling(&self, periode: Periode) -> Option<i64> {
        let product = &PRODUCTS[self.product];
        let volume = self.size_on(periode.eind);
        match (self.variant, product.frequentie) {
            (Variant::Specifiek, Frequentie::Week) if product.categorie == "01" => Some(volume * 6),
            (Variant::Specifiek, Frequentie::Week) => Some(volume * periode.iso_weeks()),
            (Variant::Specifiek, Frequentie::Maand) => Some(volume),
            _ => None,
        }
    }

    /// The most that may be declared from the beginning through a month (rules TR322 and TR369): whatever the end may
    /// become later, this much fits. In units, or in eurocents for a Budget.
    pub(crate) fn running_ceiling(&self, periode: Periode) -> Option<i64> {
        let product = &PRODUCTS[self.product];
        let volume = self.size_on(periode.eind);
        let until_now = Periode { begin: self.ingangsdatum, eind: periode.eind };
        match (self.variant, product.frequentie) {
            (Variant::Aspecifiek, _) => None,
            (Variant::AspecifiekMetBudget | Variant::Generiek, _) | (Variant::Specifiek, Frequentie::Totaal) => {
                Some(volume)
            }
            (Variant::Specifiek, Frequentie::Week) => Some(volume * until_now.iso_weeks()),
            (Variant::Specifiek, Frequentie::Maand) => {
                Some(volume * i64::try_from(until_now.months().count()).unwrap_or(i64::MAX))
            }
        }
    }
}

const DELETED: &str = "13";
/// Mean length of a month in days.
pub(crate) const MONTH_DAYS: f64 = 30.4;

/// Orders care for every career, numbered per law by the moment of the decision.
pub(crate) fn allot(settings: &Settings, market: &Market, careers: &[Career]) -> Vec<Toewijzing> {
    let mut toewijzingen = Vec::new();
    for (client, career) in careers.iter().enumerate() {
        let mut stream = Stream::new(settings.seed, Purpose::Toewijzing, career.stream);
        let mut own: Vec<Toewijzing> = Vec::new();
        for episode in &career.episodes {
            allot_episode(&mut stream, settings, market, (client, career), episode, &mut own);
        }
        toewijzingen.extend(own.into_iter().flat_map(|toewijzing| reallot(settings, market, toewijzing)));
    }
    toewijzingen.sort_by_key(|toewijzing| (toewijzing.wet, toewijzing.versions[0].stamp, toewijzing.client));
    let mut next: BTreeMap<Wet, u32> = BTreeMap::new();
    for toewijzing in &mut toewijzingen {
        // Seven digits, so that no number is ever taken for a citizen's.
        let nummer =
            next.entry(toewijzing.wet).or_insert(if toewijzing.wet == Wet::Wmo { 1_200_001 } else { 2_400_001 });
        toewijzing.nummer = *nummer;
        *nummer += 1;
    }
    toewijzingen
}

/// How an episode goes on after one Toewijzing.
struct Next {
    begin: Date,
    need: i64,
    switches: bool,
    /// Day of the decision when the same 301 ends the old and begins the new one.
    decided: Option<Date>,
}

fn allot_episode(
    stream: &mut Stream,
    settings: &Settings,
    market: &Market,
    (client, career): (usize, &Career),
    episode: &Episode,
    own: &mut Vec<Toewijzing>,
) {
    let product = &PRODUCTS[episode.product];
    let need = stream.between(product.need.0, product.need.1);
    let need = if product.eenheid == "01" && product.frequentie == Frequentie::Week { need / 15 * 15 } else { need };
    let mut next = Next { begin: episode.begin, need, switches: false, decided: None };
    let mut aanbieder = None;
    while next.begin <= episode.end && next.begin <= settings.to {
        let number = u64::try_from(own.len()).unwrap_or_default();
        let left: Vec<usize> = aanbieder.filter(|_| next.switches).into_iter().collect();
        let stays = aanbieder.filter(|index| !next.switches && fits(own, *index, episode.product, next.begin));
        let Some(chosen) = stays.or_else(|| free_aanbieder(stream, market, episode.product, next.begin, &left, own))
        else {
            return;
        };
        let is_first = next.begin == episode.begin && next.decided.is_none();
        let alone = !own.iter().any(|other| other.aanbieder == chosen && other.wet == product.wet);
        let variant = draw_variant(stream, product.categorie, alone);
        let mut toewijzing = Toewijzing {
            wet: product.wet,
            nummer: 0,
            client,
            aanbieder: chosen,
            variant,
            product: episode.product,
            second_product: draw_second(stream, market, chosen, episode.product, variant),
            ingangsdatum: next.begin,
            versions: Vec::new(),
            is_requested: false,
            resent: Vec::new(),
            care: None,
            pause: None,
            need: next.need,
            reason: episode.reason,
            pace: 1.0,
            stream: career.stream * 64 + number.min(63),
        };
        next = live(stream, market, career.geboortedatum, episode, &mut toewijzing, next.decided, is_first);
        aanbieder = Some(chosen);
        own.push(toewijzing);
        if own.len() >= 60 {
            return;
        }
    }
}

/// Whether a product can be allotted without overlapping another of its category with the same provider (rule TR302).
fn fits(own: &[Toewijzing], aanbieder: usize, product: usize, begin: Date) -> bool {
    let product = &PRODUCTS[product];
    !own.iter().any(|other| {
        let same = other.variant == Variant::Generiek || PRODUCTS[other.product].categorie == product.categorie;
        let until = other.last().einddatum.unwrap_or(Date::MAX);
        same && other.aanbieder == aanbieder && other.wet == product.wet && !other.is_deleted() && until >= begin
    })
}

fn free_aanbieder(
    stream: &mut Stream,
    market: &Market,
    product: usize,
    begin: Date,
    left: &[usize],
    own: &[Toewijzing],
) -> Option<usize> {
    let taken: Vec<usize> = market
        .providers(product)
        .iter()
        .map(|(index, _)| *index)
        .filter(|index| !fits(own, *index, product, begin))
        .collect();
    let not: Vec<usize> = left.iter().chain(&taken).copied().collect();
    choose_aanbieder(stream, market, product, &not)
}

fn draw_variant(stream: &mut Stream, categorie: &str, alone: bool) -> Variant {
    let weights = if categorie == "50" { [0.45, 0.10, 0.35, 0.10] } else { [0.89, 0.05, 0.045, 0.015] };
    match stream.weighted(&weights) {
        1 => Variant::Aspecifiek,
        2 => Variant::AspecifiekMetBudget,
        // A generic one overlaps with everything, so it is only for who has nothing else with the provider.
        3 if alone => Variant::Generiek,
        _ => Variant::Specifiek,
    }
}

fn draw_second(
    stream: &mut Stream,
    market: &Market,
    aanbieder: usize,
    product: usize,
    variant: Variant,
) -> Option<usize> {
    let first = &PRODUCTS[product];
    let candidates: Vec<usize> = (0..PRODUCTS.len())
        .filter(|index| {
            let other = &PRODUCTS[*index];
            let open = other.wet == first.wet && (variant == Variant::Generiek || other.categorie == first.categorie);
            open && *index != product
                && other.eenheid != EUROS
                && other.eenheid != ETMAAL
                && market.contracts.contains_key(&(aanbieder, *index))
        })
        .collect();
    let wanted = variant != Variant::Specifiek && stream.chance(0.5) && !candidates.is_empty();
    wanted.then(|| *stream.pick(&candidates))
}

/// Fills the versions and the care of a Toewijzing, and says how the episode goes on.
fn live(
    stream: &mut Stream,
    market: &Market,
    geboortedatum: Date,
    episode: &Episode,
    toewijzing: &mut Toewijzing,
    decided: Option<Date>,
    is_first: bool,
) -> Next {
    let product = &PRODUCTS[toewijzing.product];
    let begin = toewijzing.ingangsdatum;
    let adult = geboortedatum.saturating_add(18.years()).saturating_sub(1.day());
    let latest = if product.wet == Wet::Jw { adult } else { Date::MAX };
    let planned = end_of_term(stream, product.term_months, begin).min(latest).max(begin);
    let may_be_open = toewijzing.variant == Variant::Aspecifiek
        || (toewijzing.variant == Variant::Specifiek && product.frequentie == Frequentie::Maand);
    let mut einddatum = (!(may_be_open && stream.chance(0.3))).then_some(planned);
    let size = size(market, toewijzing, planned);
    let decision = decided.unwrap_or_else(|| first_decision(stream, begin, is_first, episode.is_running));
    let sent = if decided.is_some() {
        decision
    } else {
        next_working_day(decision.saturating_add(stream.between(0, 2).days()))
    };
    toewijzing.versions.push(Version { stamp: at_work(stream, decision), sent, einddatum, reden: None, size });
    toewijzing.is_requested = product.wet == Wet::Jw && is_first && !episode.is_running && stream.chance(0.35);

    if is_first && !episode.is_running && stream.chance(0.012) {
        let day = next_working_day(sent.saturating_add(stream.between(3, 20).days()));
        change(stream, toewijzing, day, Some(begin), DELETED, size);
        return Next { begin, need: toewijzing.need, switches: false, decided: Some(day) };
    }
    let mut next = Next { begin: Date::MAX, need: toewijzing.need, switches: false, decided: None };
    if let Some(changed) = change_of_need(stream, episode, toewijzing, planned) {
        next = changed;
    } else {
        raise_total(stream, toewijzing, planned);
        while einddatum.is_some_and(|day| day < episode.end) {
            let day = einddatum.unwrap_or(Date::MAX);
            einddatum = prolong(stream, market, toewijzing, day, latest);
            if einddatum == Some(day) {
                next.begin = day.saturating_add(1.day());
                break;
            }
        }
        if einddatum.is_none_or(|day| day > episode.end) {
            shorten(stream, episode, toewijzing);
        }
    }
    fill_care(stream, episode, toewijzing, is_first);
    resend(stream, toewijzing);
    next
}

fn end_of_term(stream: &mut Stream, (low, high): (i64, i64), begin: Date) -> Date {
    let months = stream.between(low, high);
    let exact = begin.saturating_add(months.months()).saturating_sub(1.day());
    if stream.chance(0.5) { exact } else { exact.last_of_month() }
}

/// When the municipality decides: mostly just before the first day, sometimes after it, now and then long after.
fn first_decision(stream: &mut Stream, begin: Date, is_first: bool, is_running: bool) -> Date {
    let days = match (is_running, is_first) {
        (true, true) => -stream.between(8, 35),
        (_, false) => stream.between(-40, 8),
        _ => match stream.weighted(&[0.70, 0.22, 0.08]) {
            0 => -stream.between(1, 14),
            1 => stream.between(1, 14),
            _ => stream.between(15, 80),
        },
    };
    working_day_before(begin.saturating_add(days.days()))
}

/// The day itself, or Friday when it is in a weekend.
fn working_day_before(day: Date) -> Date {
    let offset = i64::from(day.weekday().to_monday_zero_offset());
    day.saturating_sub((offset - 4).max(0).days())
}

/// A moment of a day at which people are at work.
pub(crate) fn at_work(stream: &mut Stream, day: Date) -> DateTime {
    let second = stream.between(8 * 3600, 18 * 3600 - 1);
    day.at(0, 0, 0, 0).saturating_add(second.seconds())
}

/// Volume or Budget for a term: the need itself for a week or a month, the need of all months for a total.
pub(crate) fn size(market: &Market, toewijzing: &Toewijzing, planned: Date) -> i64 {
    let product = &PRODUCTS[toewijzing.product];
    let days = real(Periode { begin: toewijzing.ingangsdatum, eind: planned }.days());
    match (toewijzing.variant, product.frequentie) {
        (Variant::Aspecifiek, _) => 0,
        (Variant::Specifiek, Frequentie::Week | Frequentie::Maand) => toewijzing.need,
        (Variant::Specifiek, Frequentie::Totaal) if product.eenheid == ETMAAL => rounded(days),
        (Variant::Specifiek, Frequentie::Totaal) => rounded(real(toewijzing.need) * days / MONTH_DAYS).max(1),
        (Variant::AspecifiekMetBudget | Variant::Generiek, _) => {
            let tarief = market.tarief_cents(toewijzing.aanbieder, toewijzing.product, toewijzing.ingangsdatum.year());
            let cents = real(toewijzing.need) / need_days(product.frequentie) * days * real(tarief.unwrap_or(1));
            ((rounded(cents) / 10_000 + 1) * 10_000).min(99_990_000)
        }
    }
}

/// Days over which a need is counted.
pub(crate) fn need_days(frequentie: Frequentie) -> f64 {
    if frequentie == Frequentie::Week { 7.0 } else { MONTH_DAYS }
}

fn change(
    stream: &mut Stream,
    toewijzing: &mut Toewijzing,
    day: Date,
    einddatum: Option<Date>,
    reden: &'static str,
    size: i64,
) {
    let stamp = at_work(stream, day);
    toewijzing.versions.push(Version { stamp, sent: day, einddatum, reden: Some(reden), size });
}

/// A working day in this range after everything that was sent before.
fn free_day(stream: &mut Stream, toewijzing: &Toewijzing, low: Date, high: Date) -> Option<Date> {
    let low = next_working_day(low.max(toewijzing.last().sent.saturating_add(1.day())));
    if low > high {
        return None;
    }
    let day = low.saturating_add(stream.between(0, Periode { begin: low, eind: high }.days() - 1).days());
    // Friday at the latest is not before `low`, which is a working day.
    Some(working_day_before(day))
}

/// Another volume, or another provider: except for totals that takes an earlier end and a new number.
fn change_of_need(stream: &mut Stream, episode: &Episode, toewijzing: &mut Toewijzing, planned: Date) -> Option<Next> {
    let product = &PRODUCTS[toewijzing.product];
    let until = planned.min(episode.end);
    let days = Periode { begin: toewijzing.ingangsdatum, eind: until }.days();
    let may_change = toewijzing.variant == Variant::Specifiek && product.frequentie != Frequentie::Totaal && days > 120;
    if !may_change || !stream.chance((0.10 * real(days) / 365.0).min(0.3)) {
        return None;
    }
    let from = toewijzing.ingangsdatum.saturating_add(stream.between(60, days - 30).days());
    let from = Maand::of(from).first_day();
    let last_day = from.saturating_sub(1.day());
    let day = free_day(stream, toewijzing, from.saturating_sub(20.days()), last_day)?;
    let switches = product.eenheid == ETMAAL || stream.chance(0.2);
    let factor = if stream.chance(0.6) { stream.range(1.2, 1.7) } else { stream.range(0.5, 0.85) };
    let mut need = rounded(real(toewijzing.need) * factor).max(1);
    if product.eenheid == "01" {
        need = (need / 15).max(1) * 15;
    }
    if switches {
        need = toewijzing.need;
    } else if need == toewijzing.need {
        need += 1;
    }
    let reden = match (switches, need < toewijzing.need) {
        (true, _) => "09",
        (false, true) => "05",
        (false, false) => "12",
    };
    let size = toewijzing.last().size;
    change(stream, toewijzing, day, Some(last_day), reden, size);
    Some(Next { begin: from, need, switches, decided: Some(day) })
}

/// More volume or budget under the same number, which a total allows.
fn raise_total(stream: &mut Stream, toewijzing: &mut Toewijzing, planned: Date) {
    let is_total = toewijzing.variant.has_budget()
        || (toewijzing.variant == Variant::Specifiek && PRODUCTS[toewijzing.product].frequentie == Frequentie::Totaal);
    let days = Periode { begin: toewijzing.ingangsdatum, eind: planned }.days();
    if !is_total || PRODUCTS[toewijzing.product].eenheid == ETMAAL || days < 60 || !stream.chance(0.12) {
        return;
    }
    let low = toewijzing.ingangsdatum.saturating_add((days / 3).days());
    let high = toewijzing.ingangsdatum.saturating_add((days * 3 / 4).days());
    if let Some(day) = free_day(stream, toewijzing, low, high) {
        let size = (rounded(real(toewijzing.last().size) * stream.range(1.15, 1.6)) + 1).min(99_990_000);
        change(stream, toewijzing, day, toewijzing.last().einddatum, "12", size);
    }
}

/// A later end under the same number, or the same end when a new number is needed.
fn prolong(
    stream: &mut Stream,
    market: &Market,
    toewijzing: &mut Toewijzing,
    einddatum: Date,
    latest: Date,
) -> Option<Date> {
    let product = &PRODUCTS[toewijzing.product];
    let is_total = toewijzing.variant.has_budget()
        || (toewijzing.variant == Variant::Specifiek && product.frequentie == Frequentie::Totaal);
    let later = end_of_term(stream, product.term_months, einddatum.saturating_add(1.day())).min(latest);
    let wanted = stream.chance(if is_total { 0.25 } else { 0.75 });
    let low = einddatum.saturating_sub(45.days());
    let day = if wanted && later > einddatum {
        free_day(stream, toewijzing, low, einddatum.saturating_sub(1.day()))
    } else {
        None
    };
    let Some(day) = day else { return Some(einddatum) };
    let mut size_now = toewijzing.last().size;
    if is_total {
        let whole = Periode { begin: toewijzing.ingangsdatum, eind: einddatum }.days();
        let added = size(market, toewijzing, later)
            - size(market, toewijzing, toewijzing.ingangsdatum.saturating_add((whole - 1).days()));
        size_now = (size_now + added.max(1)).min(99_990_000);
    }
    change(stream, toewijzing, day, Some(later), "04", size_now);
    Some(later)
}

/// An earlier end, when care ends before the Toewijzing does and the municipality comes to know in time.
///
/// It is always sent in the month of the new end at the latest: no line over that month can have been declared yet.
fn shorten(stream: &mut Stream, episode: &Episode, toewijzing: &mut Toewijzing) {
    let (reden, known) = match episode.reason {
        EndReason::Death => ("02", 0.95),
        EndReason::Move => ("07", 0.90),
        EndReason::OtherDomain => ("06", 0.90),
        EndReason::Aanbieder => ("12", 0.70),
        EndReason::Planned | EndReason::Client | EndReason::Agreed => ("05", 0.40),
    };
    if toewijzing.last().einddatum.is_some() && !stream.chance(known) {
        return;
    }
    let end = episode.end.max(toewijzing.ingangsdatum.saturating_add(1.day()));
    if toewijzing.last().einddatum.is_some_and(|einddatum| einddatum <= end) {
        return;
    }
    let high = end.saturating_add(12.days()).min(end.last_of_month());
    if let Some(day) = free_day(stream, toewijzing, end.saturating_sub(12.days()), high) {
        let size = toewijzing.last().size;
        change(stream, toewijzing, day, Some(end), reden, size);
    }
}

/// When care is truly given within a Toewijzing.
fn fill_care(stream: &mut Stream, episode: &Episode, toewijzing: &mut Toewijzing, is_first: bool) {
    let is_new = is_first && !episode.is_running;
    let wait = if is_new { stream.between(-8, 25).max(0) } else { 0 };
    let begin = toewijzing.ingangsdatum.saturating_add(wait.days());
    let eind = episode.end.min(toewijzing.last().einddatum.unwrap_or(Date::MAX));
    let never_begins = is_new && stream.chance(0.03);
    if never_begins || begin > eind {
        return;
    }
    let care = Periode { begin, eind };
    toewijzing.care = Some(care);
    let is_residential = PRODUCTS[toewijzing.product].season == Season::Steady;
    if care.days() > 150 && !is_residential && stream.chance(0.06) {
        let pause = begin.saturating_add(stream.between(40, care.days() - 90).days());
        toewijzing.pause = Some(Periode { begin: pause, eind: pause.saturating_add(stream.between(20, 70).days()) });
    }
}

fn resend(stream: &mut Stream, toewijzing: &mut Toewijzing) {
    let until = toewijzing.last().einddatum.unwrap_or(Date::MAX).min(toewijzing.last().sent.saturating_add(300.days()));
    if stream.chance(0.05) {
        let low = toewijzing.last().sent.saturating_add(5.days());
        toewijzing.resent.extend(free_day(stream, toewijzing, low, until));
    }
}

/// A 301: everything of one client with one provider that is valid or has changed.
#[derive(Debug, Clone)]
pub struct ToewijzingBericht {
    /// Law.
    pub wet: Wet,
    /// Day on which the municipality sends it.
    pub sent: Date,
    /// Position among the clients.
    pub client: usize,
    /// Position among the providers.
    pub aanbieder: usize,
    /// What it holds: position among the toewijzingen, position of the version, and whether that is sent for the first time.
    pub products: Vec<(usize, usize, bool)>,
}

/// The 301 messages of all toewijzingen, in order of sending.
pub(crate) fn messages(toewijzingen: &[Toewijzing]) -> Vec<ToewijzingBericht> {
    let mut groups: BTreeMap<(Wet, usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, toewijzing) in toewijzingen.iter().enumerate() {
        groups.entry((toewijzing.wet, toewijzing.client, toewijzing.aanbieder)).or_default().push(index);
    }
    let mut messages = Vec::new();
    for ((wet, client, aanbieder), members) in groups {
        let mut days: Vec<Date> = members
            .iter()
            .flat_map(|index| {
                let toewijzing = &toewijzingen[*index];
                toewijzing.versions.iter().map(|version| version.sent).chain(toewijzing.resent.iter().copied())
            })
            .collect();
        days.sort_unstable();
        days.dedup();
        for sent in days {
            let products = members.iter().filter_map(|index| {
                product_on(&toewijzingen[*index], sent).map(|(version, is_new)| (*index, version, is_new))
            });
            messages.push(ToewijzingBericht { wet, sent, client, aanbieder, products: products.collect() });
        }
    }
    messages.sort_by_key(|message| (message.sent, message.wet, message.client, message.aanbieder));
    messages
}

/// The version that a 301 of this day has, if it has the Toewijzing at all, and whether it is sent for the first time.
fn product_on(toewijzing: &Toewijzing, day: Date) -> Option<(usize, bool)> {
    let version = toewijzing.versions.iter().rposition(|version| version.sent <= day)?;
    let current = &toewijzing.versions[version];
    let is_new = current.sent == day;
    let is_valid = current.einddatum.is_none_or(|einddatum| einddatum >= day) && current.reden != Some(DELETED);
    (is_new || is_valid).then_some((version, is_new))
}
