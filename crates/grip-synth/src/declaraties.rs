//! What providers declare of what they delivered, when they do so, and what the municipality answers.

use std::collections::{BTreeMap, BTreeSet};

use grip_types::{Date, Maand, Periode, Wet};
use jiff::ToSpan;

use crate::{
    Settings,
    contracts::{Delay, Frequentie, Market, PRODUCTS},
    deliveries::{Delivery, next_working_day, working_days_after},
    random::{Purpose, Stream, real, rounded},
    scenario::{self, Habit},
    toewijzingen::{Toewijzing, Variant},
};

/// One line of a Declaratie. Glossary: Prestatie.
#[derive(Debug, Clone)]
pub struct Prestatie {
    /// Position among the deliveries: what it is about.
    pub delivery: usize,
    /// ReferentieNummer: its number among the lines of the provider under the law.
    pub referentie: u32,
    /// VorigReferentieNummer of a credit; `None` for a debit.
    pub vorige: Option<u32>,
    /// ToewijzingNummer as written, which may be a mistake.
    pub toewijzing_nummer: u32,
    /// GeleverdVolume.
    pub volume: i64,
    /// ProductTarief in eurocents; `None` for Eenheid 83.
    pub tarief_cents: Option<i64>,
    /// Retourcode when the line is refused.
    pub refused: Option<&'static str>,
}

impl Prestatie {
    /// Amount without its sign.
    pub fn cents(&self) -> i64 {
        self.volume * self.tarief_cents.unwrap_or(1)
    }

    /// Amount, negative for a credit.
    pub fn signed_cents(&self) -> i64 {
        if self.vorige.is_some() { -self.cents() } else { self.cents() }
    }
}

/// What the municipality does with a Declaratie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It judges every line.
    Judged,
    /// Refused at its header (0001): the total does not add up, which is an error within the message.
    RefusedAtHeader,
    /// Refused as a whole (8214): it is about an older month than the one before it.
    RefusedAtDeclaratie,
}

/// A provider's invoice with its answer. Glossary: Declaratie.
#[derive(Debug, Clone)]
pub struct Declaratie {
    /// Law.
    pub wet: Wet,
    /// Position among the providers.
    pub aanbieder: usize,
    /// Its number among those of the provider under the law.
    pub nummer: u32,
    /// DeclaratiePeriode.
    pub maand: Maand,
    /// Day on which the municipality receives it, which is its Dagtekening too.
    pub sent: Date,
    /// Day on which the municipality answers.
    pub answered: Date,
    /// What the municipality does with it.
    pub outcome: Outcome,
    /// Its lines, by client, credits before debits.
    pub lines: Vec<Prestatie>,
}

impl Declaratie {
    /// What it asks for in eurocents.
    pub fn cents(&self) -> i64 {
        self.lines.iter().map(Prestatie::signed_cents).sum()
    }

    /// The lines that were approved.
    pub fn approved(&self) -> impl Iterator<Item = &Prestatie> {
        self.lines.iter().filter(|line| line.refused.is_none() && self.outcome == Outcome::Judged)
    }

    /// What is granted in eurocents.
    pub fn granted_cents(&self) -> i64 {
        self.approved().map(Prestatie::signed_cents).sum()
    }
}

/// How long after the last month of delivery declaraties are simulated, to know what is finally granted.
const MONTHS_AFTER: i32 = 24;
/// The longest a line waits before it is declared for the first time.
const DELAY_MONTHS_MAX: i64 = 12;
/// A second Declaratie over a month fits when the next one is at least this far off.
const ROOM_DAYS: i64 = 24;

/// Declares every delivery, by law and provider and then in order of sending.
pub(crate) fn declare(
    settings: &Settings,
    market: &Market,
    toewijzingen: &[Toewijzing],
    deliveries: &[Delivery],
) -> Vec<Declaratie> {
    let mut by_aanbieder: BTreeMap<(Wet, usize), Vec<usize>> = BTreeMap::new();
    for (index, delivery) in deliveries.iter().enumerate() {
        let toewijzing = &toewijzingen[delivery.toewijzing];
        by_aanbieder.entry((toewijzing.wet, toewijzing.aanbieder)).or_default().push(index);
    }
    let mut habits = scenario::habits(settings, toewijzingen, deliveries);
    let mut declaraties = Vec::new();
    for ((wet, aanbieder), own) in by_aanbieder {
        let number = u64::try_from(aanbieder).unwrap_or_default() * 2 + u64::from(wet == Wet::Jw);
        let mut stream = Stream::new(settings.seed, Purpose::Declaratie, number);
        let forgets_tarief = (2022..=settings.to.year()).filter(|_| stream.chance(0.12)).collect();
        let delay = market.aanbieders[aanbieder].delay[&wet].clone();
        let mut office = Office {
            wet,
            aanbieder,
            delay,
            habit: habits.remove(&(wet, aanbieder)).unwrap_or_default(),
            market,
            toewijzingen,
            deliveries,
            stream,
            queue: BTreeMap::new(),
            lines: 0,
            mistaken: BTreeSet::new(),
            forgets_tarief,
            declaraties: Vec::new(),
        };
        // What the scenario draws, it draws beside all that is drawn without it.
        let mut beside = Stream::new(settings.seed, Purpose::Scenario, (1 << 53) | number);
        office.enqueue_deliveries(&own, &mut beside);
        office.run(settings);
        declaraties.append(&mut office.declaraties);
    }
    declaraties
}

/// Puts off what would be sent in the time of silence to the first day on which is planned to send after it. What would have
/// waited for something in that time goes when it was planned.
fn keep_silent(days: &mut [Date], planned: &[Date], silent: Periode) {
    let Some(first_after) = planned.iter().position(|day| *day > silent.eind) else { return };
    for position in 0..=first_after {
        if planned[position] < silent.begin && days[position] >= silent.begin {
            days[position] = planned[position];
        } else if planned[position] >= silent.begin {
            days[position] = planned[first_after];
        }
    }
}

/// What is waiting to be declared.
#[derive(Debug, Clone)]
enum Draft {
    /// A delivery that was not declared before.
    Fresh(usize),
    /// A line that was refused, or whose message was; stated as it truly is.
    Again(usize),
    /// An approved line that was wrong: to be credited and replaced.
    Correction(Prestatie),
}

impl Draft {
    fn delivery(&self) -> usize {
        match self {
            Self::Fresh(delivery) | Self::Again(delivery) => *delivery,
            Self::Correction(line) => line.delivery,
        }
    }
}

/// The administration of one provider under one law.
struct Office<'m> {
    wet: Wet,
    aanbieder: usize,
    delay: Delay,
    habit: Habit,
    market: &'m Market,
    toewijzingen: &'m [Toewijzing],
    deliveries: &'m [Delivery],
    stream: Stream,
    /// Drafts by the month whose Declaratie they are meant for, each with the last day on which it can't be sent yet.
    queue: BTreeMap<Maand, Vec<(Date, Draft)>>,
    lines: u32,
    /// Toewijzingen of which too much was declared once: not again, so that no total is ever exceeded.
    mistaken: BTreeSet<usize>,
    /// Years in which the new tariff is not known in January.
    forgets_tarief: BTreeSet<i16>,
    declaraties: Vec<Declaratie>,
}

impl Office<'_> {
    fn enqueue_deliveries(&mut self, own: &[usize], beside: &mut Stream) {
        let mut by_month: BTreeMap<Maand, Vec<usize>> = BTreeMap::new();
        for index in own {
            by_month.entry(self.deliveries[*index].maand).or_default().push(*index);
        }
        for (maand, deliveries) in by_month {
            // Now and then a whole month is a bad one.
            let bad = if self.stream.chance(0.04) { 0.55 } else { 1.0 };
            let prompt = self.delay.prompt_in(maand.year()) * bad;
            for delivery in deliveries {
                if self.stream.chance(0.003) {
                    continue; // Never declared at all.
                }
                let months = if self.stream.chance(prompt) {
                    0
                } else {
                    1 + self.stream.geometric(self.delay.catch_up).min(DELAY_MONTHS_MAX - 1)
                };
                let months = self.habit.months_late(beside, maand).unwrap_or(months);
                let known = self.toewijzingen[self.deliveries[delivery].toewijzing].versions[0].sent;
                let later = i32::try_from(months).unwrap_or_default();
                self.queue.entry(maand.plus(later)).or_default().push((known, Draft::Fresh(delivery)));
            }
        }
    }

    fn run(&mut self, settings: &Settings) {
        let months: Vec<Maand> = (Maand::of(settings.from).index()..=Maand::of(settings.to).index() + MONTHS_AFTER)
            .map(Maand::from_index)
            .collect();
        let sent = self.sending_days(&months);
        for (position, maand) in months.iter().enumerate() {
            let day = sent[position];
            let room = sent
                .get(position + 1)
                .map_or(ROOM_DAYS, |next| i64::from(day.until(*next).map_or(0, |span| span.get_days())));
            let room = if self.falls_silent(day) { 0 } else { room };
            let drafts = self.due(*maand, day);
            if drafts.is_empty() {
                continue;
            }
            let refusal = if room < ROOM_DAYS { Outcome::Judged } else { self.draw_outcome(*maand) };
            if refusal != Outcome::Judged {
                self.refuse_whole(*maand, day, drafts, refusal);
                continue;
            }
            let is_split = room >= ROOM_DAYS && drafts.len() >= 12 && self.stream.chance(0.03);
            let (first, rest): (Vec<_>, Vec<_>) = drafts
                .into_iter()
                .enumerate()
                .partition(|(number, (_, draft))| !(is_split && number % 8 == 7 && matches!(draft, Draft::Fresh(_))));
            let strip = |drafts: Vec<(usize, (Date, Draft))>| {
                drafts.into_iter().map(|(_, (_, draft))| draft).collect::<Vec<_>>()
            };
            self.send(*maand, day, &strip(first));
            if !rest.is_empty() {
                self.send(*maand, next_working_day(day.saturating_add(9.days())), &strip(rest));
            }
        }
    }

    /// The day on which the Declaratie over each month is sent: in the next month, or with that of the next month when skipped.
    fn sending_days(&mut self, months: &[Maand]) -> Vec<Date> {
        let mut days: Vec<Date> = Vec::new();
        for maand in months {
            let day = maand.plus(1).day_clamped(self.delay.day).saturating_add(self.stream.between(-1, 2).days());
            days.push(next_working_day(day));
        }
        let planned = days.clone();
        for position in (0..days.len().saturating_sub(1)).rev() {
            let waited =
                i64::from(months[position].last_day().until(days[position + 1]).map_or(0, |span| span.get_days()));
            if self.stream.chance(self.delay.skip) && waited < 110 {
                days[position] = days[position + 1];
            }
        }
        if let Some(silent) = self.habit.silent {
            keep_silent(&mut days, &planned, silent);
        }
        days
    }

    /// Whether nothing can follow soon on what is sent on a day, because the provider sends nothing then.
    fn falls_silent(&self, day: Date) -> bool {
        let soon = Periode { begin: day, eind: day.saturating_add(ROOM_DAYS.days()) };
        self.habit.silent.is_some_and(|silent| soon.intersect(silent).is_some())
    }

    /// Takes what is due for the Declaratie over a month, and puts off what can't be sent yet.
    ///
    /// When care was delivered in the month and nothing of it is due, one line is: a Declaratie follows the one over the month
    /// before it, as long as there was care (rule TR318).
    fn due(&mut self, maand: Maand, day: Date) -> Vec<(Date, Draft)> {
        let queued = self.queue.remove(&maand).unwrap_or_default();
        let (mut due, put_off): (Vec<_>, Vec<_>) = queued.into_iter().partition(|(after, _)| *after < day);
        self.queue.entry(maand.plus(1)).or_default().extend(put_off);
        if due.is_empty() {
            let deliveries = self.deliveries;
            for waiting in self.queue.values_mut() {
                let of_month = |(after, draft): &(Date, Draft)| {
                    *after < day && matches!(draft, Draft::Fresh(delivery) if deliveries[*delivery].maand == maand)
                };
                if let Some(position) = waiting.iter().position(of_month) {
                    due.push(waiting.remove(position));
                    break;
                }
            }
        }
        due.sort_by_key(|(_, draft)| {
            let delivery = draft.delivery();
            (self.toewijzingen[self.deliveries[delivery].toewijzing].client, delivery)
        });
        due
    }

    fn draw_outcome(&mut self, maand: Maand) -> Outcome {
        let has_older = self.declaraties.iter().any(|other| other.maand < maand.plus(-1));
        match self.stream.weighted(&[0.991, 0.006, 0.003]) {
            1 => Outcome::RefusedAtHeader,
            2 if has_older => Outcome::RefusedAtDeclaratie,
            _ => Outcome::Judged,
        }
    }

    /// Sends a message that is refused as a whole, and the same lines again after the answer.
    fn refuse_whole(&mut self, maand: Maand, day: Date, drafts: Vec<(Date, Draft)>, outcome: Outcome) {
        let drafts: Vec<Draft> = drafts.into_iter().map(|(_, draft)| draft).collect();
        // A wrong month is older than the last one that was declared over.
        let written = if outcome == Outcome::RefusedAtDeclaratie { maand.plus(-2) } else { maand };
        let lines = drafts.iter().flat_map(|draft| self.true_lines(draft)).collect();
        let answered = working_days_after(day, self.stream.between(5, 8));
        self.push(written, day, answered, outcome, lines);
        let again = working_days_after(answered, 2);
        self.send(maand, again, &drafts);
    }

    fn send(&mut self, maand: Maand, day: Date, drafts: &[Draft]) {
        let mut lines = Vec::new();
        let mut wrong = BTreeSet::new();
        for draft in drafts {
            let mut made = self.true_lines(draft);
            if let (Draft::Fresh(_), [line]) = (draft, made.as_mut_slice())
                && self.mistake(line)
            {
                wrong.insert(line.referentie);
            }
            lines.append(&mut made);
        }
        let answered = working_days_after(day, self.stream.between(5, 10));
        for line in &lines {
            let later = maand.plus(1 + i32::try_from(self.stream.geometric(0.6).min(4)).unwrap_or_default());
            if line.refused.is_some() {
                if self.stream.chance(0.95) {
                    self.queue.entry(later).or_default().push((answered, Draft::Again(line.delivery)));
                }
            } else if wrong.contains(&line.referentie) && self.stream.chance(0.92) {
                self.queue.entry(later).or_default().push((answered, Draft::Correction(line.clone())));
            }
        }
        self.push(maand, day, answered, Outcome::Judged, lines);
    }

    fn push(&mut self, maand: Maand, sent: Date, answered: Date, outcome: Outcome, mut lines: Vec<Prestatie>) {
        let client = |line: &Prestatie| self.toewijzingen[self.deliveries[line.delivery].toewijzing].client;
        lines.sort_by_key(|line| (client(line), line.vorige.is_none(), line.referentie));
        let nummer = u32::try_from(self.declaraties.len() + 1).unwrap_or(u32::MAX);
        self.declaraties.push(Declaratie {
            wet: self.wet,
            aanbieder: self.aanbieder,
            nummer,
            maand,
            sent,
            answered,
            outcome,
            lines,
        });
    }

    /// The lines of a draft without any mistake: one, or a credit and its replacement.
    fn true_lines(&mut self, draft: &Draft) -> Vec<Prestatie> {
        let delivery = &self.deliveries[draft.delivery()];
        let mut lines = Vec::new();
        if let Draft::Correction(line) = draft {
            lines.push(Prestatie { referentie: self.next_referentie(), vorige: Some(line.referentie), ..line.clone() });
        }
        lines.push(Prestatie {
            delivery: draft.delivery(),
            referentie: self.next_referentie(),
            vorige: None,
            toewijzing_nummer: self.toewijzingen[delivery.toewijzing].nummer,
            volume: delivery.volume,
            tarief_cents: self.market.tarief_cents(self.aanbieder, delivery.product, delivery.maand.year()),
            refused: None,
        });
        lines
    }

    fn next_referentie(&mut self) -> u32 {
        self.lines += 1;
        self.lines
    }

    /// Makes now and then a mistake in a line: one that the municipality sees and refuses, or one that it does not see.
    ///
    /// Returns whether the line passes with a wrong volume.
    fn mistake(&mut self, line: &mut Prestatie) -> bool {
        let delivery = &self.deliveries[line.delivery];
        let toewijzing = &self.toewijzingen[delivery.toewijzing];
        let has_new_tarief = delivery.maand.month() == 1 && self.forgets_tarief.contains(&delivery.maand.year());
        let old_tarief = if has_new_tarief { 0.4 } else { 0.001 };
        match self.stream.weighted(&[old_tarief, 0.004, 0.004, 0.015, 0.976 - old_tarief]) {
            0 => {
                let old = self.market.tarief_cents(self.aanbieder, delivery.product, delivery.maand.year() - 1);
                if line.tarief_cents != old {
                    line.tarief_cents = old;
                    line.refused = Some("0611");
                }
                false
            }
            1 => {
                // More than the limit by itself, so that it is refused whatever else is declared.
                let Some((code, limit)) = refusal_limit(delivery, toewijzing, line.tarief_cents.unwrap_or(1)) else {
                    return false;
                };
                line.volume = limit + 1 + self.stream.between(0, 3);
                line.refused = Some(code);
                false
            }
            2 => {
                line.toewijzing_nummer += 5_000_000;
                line.refused = Some("9338");
                false
            }
            3 => self.mistake_volume(line, delivery),
            _ => false,
        }
    }

    fn mistake_volume(&mut self, line: &mut Prestatie, delivery: &Delivery) -> bool {
        let up = (rounded(real(delivery.volume) * self.stream.range(0.1, 0.5))).min(delivery.spare);
        if up > 0 && self.stream.chance(0.65) && self.mistaken.insert(delivery.toewijzing) {
            line.volume += up;
        } else {
            line.volume = rounded(real(delivery.volume) * self.stream.range(0.4, 0.95)).max(1);
        }
        line.volume != delivery.volume
    }
}

/// The retourcode for too much, with the volume above which it is: over the month, or over the whole.
fn refusal_limit(delivery: &Delivery, toewijzing: &Toewijzing, tarief_cents: i64) -> Option<(&'static str, i64)> {
    let most = toewijzing.versions.iter().map(|version| version.size).max()?;
    let limit = match (toewijzing.variant, PRODUCTS[toewijzing.product].frequentie) {
        (Variant::Specifiek, Frequentie::Totaal) => ("9322", most),
        (Variant::Specifiek, _) => ("9321", toewijzing.month_ceiling(delivery.product_periode)?),
        (Variant::AspecifiekMetBudget | Variant::Generiek, _) => ("9369", most / tarief_cents),
        (Variant::Aspecifiek, _) => return None,
    };
    // An amount has eight digits at most.
    Some(limit).filter(|(_, volume)| (volume + 10) * tarief_cents < 99_999_999)
}
