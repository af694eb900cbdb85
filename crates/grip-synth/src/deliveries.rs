//! What is truly delivered, month by month, and the 305 and 307 messages about its beginning and end.

use grip_types::{Date, Maand, Periode, Wet};
use jiff::ToSpan;

use crate::{
    Settings,
    clients::EndReason,
    contracts::{ETMAAL, EUROS, Frequentie, Market, PRODUCTS, Season},
    random::{Purpose, Stream, real, rounded},
    scenario::product_in,
    toewijzingen::{Toewijzing, Variant, need_days},
};

/// What was delivered of a product in a month: the truth, whatever is declared of it and when.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Position among the toewijzingen.
    pub toewijzing: usize,
    /// Position in [`PRODUCTS`].
    pub product: usize,
    /// Month of delivery.
    pub maand: Maand,
    /// The days that a line about it must state.
    pub product_periode: Periode,
    /// Units of the product, eurocents for Eenheid 83.
    pub volume: i64,
    /// Worth in eurocents by the contract.
    pub cents: i64,
    /// How much more could be declared by mistake before a limit of the standard is met.
    pub(crate) spare: i64,
}

/// What is delivered in the months of the simulation, by Toewijzing and month.
pub(crate) fn deliver(settings: &Settings, market: &Market, toewijzingen: &[Toewijzing]) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    for (index, toewijzing) in toewijzingen.iter().enumerate() {
        let begin = deliveries.len();
        deliver_one(settings, market, index, toewijzing, &mut deliveries);
        fill_spare(toewijzing, &mut deliveries[begin..]);
    }
    deliveries
}

fn deliver_one(
    settings: &Settings,
    market: &Market,
    index: usize,
    toewijzing: &Toewijzing,
    deliveries: &mut Vec<Delivery>,
) {
    let mut stream = Stream::new(settings.seed, Purpose::Delivery, toewijzing.stream);
    let product = &PRODUCTS[toewijzing.product];
    let horizon = Periode { begin: settings.from, eind: settings.to };
    let Some(care) = toewijzing.care.and_then(|care| care.intersect(horizon)) else { return };
    let is_fixed = product.realisation.0 >= 0.97;
    let personal = market.contract(toewijzing.aanbieder, toewijzing.product).realisation
        * if is_fixed { 1.0 } else { stream.normal(1.0, 0.07) };
    let mut used = 0;
    for maand in care.months() {
        let Some(product_periode) = toewijzing.product_periode(maand) else { continue };
        let Some(days) = active_days(care, toewijzing.pause, maand) else { continue };
        let noise = if is_fixed { 1.0 } else { stream.normal(1.0, 0.09) };
        let realised = (personal * noise * season(product.season, maand.month())).clamp(0.0, 1.0);
        let needed = match (product.eenheid, product.frequentie) {
            (EUROS, Frequentie::Maand) => real(toewijzing.need) * real(days) / real(maand.periode().days()),
            _ => real(toewijzing.need) * real(days) / need_days(product.frequentie) * realised,
        };
        let mut volume = rounded(needed * toewijzing.pace);
        if product.eenheid == ETMAAL {
            volume = volume.min(days);
        }
        let first = product_in(settings, toewijzing.product, maand);
        let tarief = market.tarief_cents(toewijzing.aanbieder, first, maand.year()).unwrap_or(1);
        // A running ceiling is in units, or in cents for a Budget.
        let unit_size = if toewijzing.variant.has_budget() { tarief } else { 1 };
        let room =
            toewijzing.running_ceiling(product_periode).map_or(i64::MAX, |ceiling| (ceiling - used).max(0) / unit_size);
        volume = volume.min(room).min(toewijzing.month_ceiling(product_periode).unwrap_or(i64::MAX));
        let mut parts = vec![(first, volume)];
        let second = toewijzing.second_product.map(|second| product_in(settings, second, maand));
        if let Some(second) = second.filter(|second| *second != first) {
            let moved = volume * 2 / 5;
            let second_tarief = market.tarief_cents(toewijzing.aanbieder, second, maand.year()).unwrap_or(1);
            parts = vec![(first, volume - moved), (second, moved * tarief / second_tarief)];
        }
        for (product, volume) in parts {
            if volume <= 0 {
                continue;
            }
            let tarief = market.tarief_cents(toewijzing.aanbieder, product, maand.year()).unwrap_or(1);
            let cents = volume * tarief;
            used += if toewijzing.variant.has_budget() { cents } else { volume };
            deliveries.push(Delivery { toewijzing: index, product, maand, product_periode, volume, cents, spare: 0 });
        }
    }
}

/// Days with care in a month; `None` when there are none.
fn active_days(care: Periode, pause: Option<Periode>, maand: Maand) -> Option<i64> {
    let days = care.intersect(maand.periode())?;
    let paused = pause.and_then(|pause| pause.intersect(days)).map_or(0, Periode::days);
    Some(days.days() - paused).filter(|days| *days > 0)
}

fn season(season: Season, month: i8) -> f64 {
    match (season, month) {
        (Season::Steady, _) => 1.0,
        (Season::Mild, 7) => 0.94,
        (Season::Mild, 8) => 0.88,
        (Season::Mild, 12) => 0.93,
        (Season::School, 7) => 0.82,
        (Season::School, 8) => 0.60,
        (Season::School, 12) => 0.86,
        (Season::Mild, _) => 1.02,
        (Season::School, _) => 1.05,
    }
}

/// For volumes per week or month: what fits in the month and, now and in all later months, in the running total.
fn fill_spare(toewijzing: &Toewijzing, deliveries: &mut [Delivery]) {
    let frequentie = PRODUCTS[toewijzing.product].frequentie;
    if toewijzing.variant != Variant::Specifiek || frequentie == Frequentie::Totaal {
        return;
    }
    let mut used: i64 = deliveries.iter().map(|delivery| delivery.volume).sum();
    let mut running = i64::MAX;
    for delivery in deliveries.iter_mut().rev() {
        let month = toewijzing.month_ceiling(delivery.product_periode).unwrap_or(0) - delivery.volume;
        running = running.min(toewijzing.running_ceiling(delivery.product_periode).unwrap_or(0) - used);
        used -= delivery.volume;
        delivery.spare = month.min(running).max(0);
    }
}

/// A 305 or 307 about one Toewijzing.
#[derive(Debug, Clone)]
pub struct Melding {
    /// Day on which the municipality receives it.
    pub received: Date,
    /// Position among the toewijzingen.
    pub toewijzing: usize,
    /// What it says.
    pub regels: Vec<Regel>,
}

/// One StartProduct or StopProduct.
#[derive(Debug, Clone)]
pub struct Regel {
    /// Begindatum.
    pub begindatum: Date,
    /// RedenBeeindiging and Einddatum of a stop; `None` for a start.
    pub stop: Option<(&'static str, Date)>,
    /// StatusAanlevering.
    pub status: &'static str,
}

/// The 305 and 307 messages of all toewijzingen, in order of receipt.
pub(crate) fn meldingen(settings: &Settings, toewijzingen: &[Toewijzing]) -> Vec<Melding> {
    let mut meldingen = Vec::new();
    for (index, toewijzing) in toewijzingen.iter().enumerate() {
        // Another half of the numbers than those of the deliveries.
        let mut stream = Stream::new(settings.seed, Purpose::Delivery, (1 << 55) | toewijzing.stream);
        if let Some(care) = toewijzing.care.filter(|_| !stream.chance(0.03)) {
            report(&mut stream, index, toewijzing, care, &mut meldingen);
        }
    }
    meldingen.sort_by_key(|melding| (melding.received, melding.toewijzing, melding.regels[0].stop.is_some()));
    meldingen
}

fn report(stream: &mut Stream, index: usize, toewijzing: &Toewijzing, care: Periode, meldingen: &mut Vec<Melding>) {
    let mut last = toewijzing.versions[0].sent;
    let mut say = |stream: &mut Stream, day: Date, regels: Vec<Regel>| {
        // One message a day about a Toewijzing, so that their order is never in doubt.
        last = next_working_day(day.max(last.saturating_add(1.day())).saturating_add(delay(stream).days()));
        meldingen.push(Melding { received: last, toewijzing: index, regels });
    };
    let start = |begindatum, status| Regel { begindatum, stop: None, status };
    if stream.chance(0.012) {
        let mistaken = care.begin.saturating_add(stream.between(1, 9).days());
        say(stream, mistaken, vec![start(mistaken, "1")]);
        say(stream, mistaken, vec![start(mistaken, "3"), start(care.begin, "1")]);
    } else {
        say(stream, care.begin, vec![start(care.begin, "1")]);
    }
    let mut begindatum = care.begin;
    if let Some(pause) = toewijzing.pause {
        let stopped = pause.begin.saturating_sub(1.day());
        say(stream, stopped, vec![Regel { begindatum, stop: Some(("20", stopped)), status: "1" }]);
        begindatum = pause.eind.saturating_add(1.day());
        say(stream, begindatum, vec![start(begindatum, "1")]);
    }
    if !stream.chance(0.03) {
        let reden = reden_beeindiging(toewijzing, care);
        say(stream, care.eind, vec![Regel { begindatum, stop: Some((reden, care.eind)), status: "1" }]);
    }
}

/// Working days are five in a week; most messages come within them, some much later.
fn delay(stream: &mut Stream) -> i64 {
    match stream.weighted(&[0.80, 0.15, 0.05]) {
        0 => stream.between(0, 6),
        1 => stream.between(7, 20),
        _ => stream.between(21, 70),
    }
}

/// The reason of a stop that belongs to what the municipality changed, or else to why care ended; the lists differ per law.
fn reden_beeindiging(toewijzing: &Toewijzing, care: Periode) -> &'static str {
    let is_wmo = toewijzing.wet == Wet::Wmo;
    let last = toewijzing.last();
    let ended_by_municipality = last.einddatum == Some(care.eind);
    match last.reden.filter(|_| ended_by_municipality) {
        Some("02") => return "02",
        Some("03" | "05" | "10") => return "36",
        Some("06") => return "39",
        Some("07") => return if is_wmo { "31" } else { "35" },
        Some("09") => return "38",
        Some("12") => return "37",
        _ => {}
    }
    let reason = if ended_by_municipality { EndReason::Planned } else { toewijzing.reason };
    match (reason, is_wmo) {
        (EndReason::Planned, true) => "19",
        (EndReason::Planned, false) => "31",
        (EndReason::Death, _) => "02",
        (EndReason::Move, true) => "31",
        (EndReason::Move, false) => "35",
        (EndReason::OtherDomain, _) => "39",
        (EndReason::Client, true) => "21",
        (EndReason::Client, false) => "32",
        (EndReason::Aanbieder, true) => "22",
        (EndReason::Aanbieder, false) => "33",
        (EndReason::Agreed, true) => "23",
        (EndReason::Agreed, false) => "34",
    }
}

/// The day itself, or Monday when it is in a weekend.
pub(crate) fn next_working_day(day: Date) -> Date {
    let offset = i64::from(day.weekday().to_monday_zero_offset());
    if offset < 5 { day } else { day.saturating_add((7 - offset).days()) }
}

/// This many working days later.
pub(crate) fn working_days_after(day: Date, days: i64) -> Date {
    (0..days).fold(next_working_day(day), |day, _| next_working_day(day.saturating_add(1.day())))
}
