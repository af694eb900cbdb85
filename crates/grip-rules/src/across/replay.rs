//! Plays what was sent again, in the order in which it became known.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::BuildHasher,
};

use foldhash::fast::FixedState;
use grip_ledger::{Eenheid, Frequentie, Omvang, total};
use grip_messages::Rule;
use grip_types::{Periode, Wet};

use super::{
    antwoord,
    control::{Bounds, ControlRegel},
    day::{Day, date_of},
    declaratie,
    dossier::{Dossier, Key, Prestatie, Start, Stop, Toewijzing, Verzoek, Word},
    header, levering, toewijzing, verzoek,
};

/// A code of the list of CBS, with the days it was in force.
#[derive(Debug, Clone)]
pub struct Gemeentecode {
    /// Four digits.
    pub code: Box<str>,
    /// First day; none when unknown.
    pub begin: Option<Day>,
    /// Last day; none when it still is.
    pub eind: Option<Day>,
}

/// A tariff agreed with the Aanbieder of the dossier. Glossary: Tarief.
#[derive(Debug, Clone)]
pub struct ContractTarief {
    /// Category.
    pub categorie: Box<str>,
    /// Code; none for every code of the category.
    pub code: Option<Box<str>>,
    /// Unit.
    pub eenheid: Eenheid,
    /// First day.
    pub begin: Day,
    /// Last day.
    pub eind: Option<Day>,
    /// Eurocents per unit; none for unit 83.
    pub cents: Option<i64>,
}

/// What a receiver knows besides messages. What is not given is not judged.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The list of CBS (TR378).
    pub gemeenten: Option<Vec<Gemeentecode>>,
    /// Categories and codes of the list of products that is used under this law (TR381).
    pub producten: Option<HashSet<(Box<str>, Box<str>)>>,
    /// Tariffs of the contract with this Aanbieder (TR341, TR346, TR418).
    pub contract: Vec<ContractTarief>,
}

/// What a rule found in a line of a message. Glossary: Bevinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Message, as [`Dossier::add`] numbered it.
    pub bericht: u32,
    /// Line of the message, from 1; 0 for the message as a whole.
    pub regel: u32,
    /// What was checked.
    pub rule: &'static Rule,
    /// Path of the element.
    pub element: &'static str,
    /// What was found, in Dutch, without personal data.
    pub text: String,
}

/// Where judgements go. Texts are only made for messages that are new.
#[derive(Debug)]
pub(super) struct Out {
    bericht: u32,
    is_new: bool,
    faults: usize,
    judgements: Vec<Judgement>,
}

impl Out {
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        regel: u32,
        element: &'static str,
        text: impl FnOnce() -> String,
    ) {
        self.faults += usize::from(rule.ernst >= grip_messages::Ernst::Fout);
        if self.is_new {
            self.judgements.push(Judgement { bericht: self.bericht, regel, rule, element, text: text() });
        }
    }

    /// How many faults were reported so far: a line is faulty when there are more after it than before.
    pub(super) fn faults(&self) -> usize {
        self.faults
    }

    /// What was reported from the given one on.
    pub(super) fn since(&self, from: usize) -> &[Judgement] {
        self.judgements.get(from..).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.judgements.len()
    }
}

/// What is known of a ToewijzingNummer of a client.
#[derive(Debug, Default)]
pub(super) struct Number {
    /// Versions that count as sent, in the order they were sent.
    pub(super) versions: Vec<u32>,
    pub(super) current: Option<u32>,
    /// Declared volume that counts, see [`fine`].
    pub(super) volume: i64,
    /// Declared amount that counts, in eurocents.
    pub(super) cents: i64,
    /// Approved debits that were not credited.
    pub(super) approved: usize,
    /// What [`total`] allows, see [`fine`]; none when there is no end to it.
    pub(super) total: Option<i64>,
}

/// A request that was sent.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) bericht: u32,
    pub(super) client: Key,
    pub(super) received: Day,
    pub(super) dagtekening: Day,
    /// Rows of answers, in the order they were sent.
    pub(super) answers: Vec<u32>,
    /// Messages with an allocation that honours it.
    pub(super) granted: Vec<u32>,
    pub(super) is_wijziging: bool,
}

/// What deliveries are told apart by: client, and allocation or, without one, product (IV096).
pub(super) type LeveringKey = (Key, Option<u32>, Option<(Option<Word>, Option<Word>)>);
type ContractRow = (Eenheid, Day, Day, Option<i64>);
/// Keys are hashes already, and nothing depends on the order in a map.
type Map<K, V> = HashMap<K, V, FixedState>;

/// The state of a line of an invoice.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineState {
    /// Sent, not refused and not credited: stands in the chain of its product and month.
    pub(super) open: bool,
    /// Takes up room in its allocation.
    pub(super) counted: bool,
    pub(super) refused: bool,
    pub(super) approved: bool,
    /// Of a debit its credit, of a credit its debit.
    pub(super) partner: u32,
    pub(super) next: u32,
}

/// No line.
pub(super) const NONE: u32 = u32::MAX;

/// Everything known on a day.
pub(super) struct State<'d> {
    pub(super) dossier: &'d Dossier,
    pub(super) context: &'d Context,
    contract: Map<(Word, Option<Word>), Vec<ContractRow>>,
    dead: Vec<bool>,
    pub(super) today: Day,
    pub(super) identificaties: HashMap<(u16, Key), u32>,
    pub(super) elders: Map<u32, (Day, u64)>,
    /// By client, because a number given twice (TR332) is two allocations.
    slots: Map<(Key, u32), u32>,
    /// The slot of every line.
    slot_of: Vec<u32>,
    pub(super) numbers: Vec<Number>,
    owners: Map<u32, Vec<Key>>,
    pub(super) clients: Map<Key, Vec<u32>>,
    pub(super) starts: HashMap<LeveringKey, Vec<u32>>,
    pub(super) stops: HashMap<LeveringKey, Vec<u32>>,
    pub(super) requests: HashMap<Key, Request>,
    pub(super) requests_of: HashMap<Key, Vec<Key>>,
    /// Invoices that count as sent, in order.
    pub(super) declaraties: Vec<u32>,
    pub(super) declaratie_nummers: HashMap<Key, u32>,
    pub(super) answered: HashMap<u32, u32>,
    references: Map<Key, u32>,
    /// The last line of each chain, by a hash of what its lines have in common.
    chains: Map<u64, u32>,
    /// Declaraties that had a fault as a whole.
    pub(super) skipped: HashSet<u32>,
    pub(super) lines: Vec<LineState>,
    /// Message of which lines are kept for the control list.
    watched: Option<u32>,
    pub(super) watched_lines: Vec<ControlRegel>,
}

impl<'d> State<'d> {
    fn new(dossier: &'d Dossier, context: &'d Context, watched: Option<u32>) -> Self {
        let mut contract: Map<_, Vec<ContractRow>> = Map::default();
        for tarief in &context.contract {
            // A product that no row of the dossier has is never asked for.
            let Some(categorie) = dossier.known_word(&tarief.categorie) else { continue };
            let code = match &tarief.code {
                None => None,
                Some(code) => match dossier.known_word(code) {
                    None => continue,
                    code => code,
                },
            };
            let row = (tarief.eenheid, tarief.begin, tarief.eind.unwrap_or(Day::MAX), tarief.cents);
            contract.entry((categorie, code)).or_default().push(row);
        }
        let mut elders = Map::default();
        for other in &dossier.elders {
            let first = elders.entry(other.nummer).or_insert((other.received, other.digest));
            *first = (*first).min((other.received, other.digest));
        }
        let mut slots: Map<(Key, u32), u32> = Map::default();
        let mut slot = |client: Key, nummer: u32| {
            let next = u32::try_from(slots.len()).expect("fewer numbers than rows");
            *slots.entry((client, nummer)).or_insert(next)
        };
        let slot_of = dossier.prestaties.iter().map(|line| slot(line.client, line.toewijzing)).collect();
        dossier.toewijzingen.iter().for_each(|version| _ = slot(version.client, version.nummer));
        let numbers = slots.iter().map(|_| Number::default()).collect();
        let lines = dossier.prestaties.len();
        let fresh =
            LineState { open: false, counted: false, refused: false, approved: false, partner: NONE, next: NONE };
        Self {
            dossier,
            context,
            contract,
            dead: vec![false; dossier.berichten.len()],
            today: Day::MIN,
            identificaties: HashMap::new(),
            elders,
            slots,
            slot_of,
            numbers,
            owners: Map::default(),
            clients: Map::default(),
            starts: HashMap::new(),
            stops: HashMap::new(),
            requests: HashMap::new(),
            requests_of: HashMap::new(),
            declaraties: Vec::new(),
            declaratie_nummers: HashMap::new(),
            answered: HashMap::new(),
            references: Map::with_capacity_and_hasher(lines, FixedState::default()),
            chains: Map::with_capacity_and_hasher(lines, FixedState::default()),
            skipped: HashSet::new(),
            lines: vec![fresh; lines],
            watched,
            watched_lines: Vec::new(),
        }
    }

    pub(super) fn is_alive(&self, bericht: u32) -> bool {
        !self.dead[bericht as usize]
    }

    pub(super) fn is_wmo(&self) -> bool {
        self.dossier.wet == Wet::Wmo
    }

    pub(super) fn version(&self, index: u32) -> &'d Toewijzing {
        &self.dossier.toewijzingen[index as usize]
    }

    pub(super) fn line(&self, index: u32) -> &'d Prestatie {
        &self.dossier.prestaties[index as usize]
    }

    /// What is known of a number of this client.
    pub(super) fn number(&self, client: Key, nummer: u32) -> Option<&Number> {
        self.slots.get(&(client, nummer)).map(|slot| &self.numbers[*slot as usize])
    }

    /// What is known of the number that a line names.
    pub(super) fn number_of(&self, index: u32) -> &Number {
        &self.numbers[self.slot_of[index as usize] as usize]
    }

    fn number_of_mut(&mut self, index: u32) -> &mut Number {
        &mut self.numbers[self.slot_of[index as usize] as usize]
    }

    /// The version that counts now of a number of this client.
    pub(super) fn current_of(&self, client: Key, nummer: u32) -> Option<&'d Toewijzing> {
        self.number(client, nummer)?.current.map(|index| self.version(index))
    }

    /// Whether the client of a line has any number.
    pub(super) fn knows_client(&self, index: u32) -> bool {
        !self.number_of(index).versions.is_empty() || self.clients.contains_key(&self.line(index).client)
    }

    /// Whether another client has this number.
    pub(super) fn is_of_other(&self, client: Key, nummer: u32) -> bool {
        let owners = self.owners.get(&nummer).into_iter().flatten();
        owners.into_iter().any(|owner| *owner != client && self.current_of(*owner, nummer).is_some())
    }

    /// The versions that count now of the numbers of a client, without deleted ones.
    pub(super) fn allocations_of(&self, client: Key) -> impl Iterator<Item = &'d Toewijzing> {
        let numbers = self.clients.get(&client).map_or(&[][..], |numbers| numbers);
        numbers.iter().filter_map(move |nummer| self.current_of(client, *nummer)).filter(|one| !self.is_deleted(one))
    }

    /// Reason 13, or the older 01, with both dates equal: the allocation counts as never sent (CS335).
    pub(super) fn is_deleted(&self, version: &Toewijzing) -> bool {
        version.einddatum == Some(version.ingangsdatum)
            && version.reden_wijziging.is_some_and(|reden| matches!(self.dossier.text(reden), "13" | "01"))
    }

    /// Whether two products are the same one where no two of the same may overlap (TR302). For Wmo, categories 11 to 14
    /// (wheelchairs and other aids) may be had twice.
    pub(super) fn is_same_product(&self, a: (Option<Word>, Option<Word>), b: (Option<Word>, Option<Word>)) -> bool {
        let is_aid = |categorie: Option<Word>| {
            self.is_wmo() && categorie.is_some_and(|word| matches!(self.dossier.text(word), "11" | "12" | "13" | "14"))
        };
        let (Some(one), Some(other)) = (a.0, b.0) else { return !is_aid(a.0) && !is_aid(b.0) };
        one == other && !is_aid(a.0) && (a.1.is_none() || b.1.is_none() || a.1 == b.1)
    }

    /// Whether a code does not belong to its category in the list that is used (TR381).
    pub(super) fn is_misfit(&self, categorie: Option<Word>, code: Option<Word>) -> bool {
        let (Some(categorie), Some(code), Some(list)) = (categorie, code, &self.context.producten) else {
            return false;
        };
        !list.contains(&(self.dossier.text(categorie).into(), self.dossier.text(code).into()))
    }

    /// Tariffs of the contract that are in force on any of these days: of the code, else of its category.
    pub(super) fn contract(&self, line: &Prestatie) -> Option<impl Iterator<Item = &ContractRow> + Clone> {
        let in_force = |code: Option<Word>| {
            let rows = self.contract.get(&(line.categorie, code))?.iter();
            let rows = rows.filter(|(_, begin, eind, _)| *begin <= line.einddatum && line.begindatum <= *eind);
            rows.clone().next().map(|_| rows)
        };
        in_force(Some(line.code)).or_else(|| in_force(None))
    }

    /// Adds a version of an allocation.
    pub(super) fn add_version(&mut self, index: u32) {
        let version = self.version(index);
        let (client, nummer) = (version.client, version.nummer);
        let Some(slot) = self.slots.get(&(client, nummer)) else { return };
        let number = &mut self.numbers[*slot as usize];
        if number.versions.is_empty() && !self.owners.get(&nummer).is_some_and(|owners| owners.contains(&client)) {
            self.owners.entry(nummer).or_default().push(client);
            self.clients.entry(client).or_default().push(nummer);
        }
        number.versions.push(index);
        self.choose(client, nummer);
    }

    /// Chooses the version that counts: the highest stamp, and of equal stamps the one sent last.
    fn choose(&mut self, client: Key, nummer: u32) {
        let versions = &self.dossier.toewijzingen;
        let Some(slot) = self.slots.get(&(client, nummer)) else { return };
        let number = &mut self.numbers[*slot as usize];
        number.versions.retain(|index| !self.dead[versions[*index as usize].bericht as usize]);
        number.current = number.versions.iter().copied().max_by_key(|index| versions[*index as usize].stempel);
        let Some(version) = number.current.map(|index| &versions[index as usize]) else { return };
        number.total = version.omvang.and_then(|omvang| fine_total(omvang, version));
    }

    /// Makes a message count as never sent (OP286).
    pub(super) fn kill(&mut self, bericht: u32) {
        if std::mem::replace(&mut self.dead[bericht as usize], true) {
            return;
        }
        let (_, versions) = rows(&self.dossier.toewijzingen, bericht, |row| row.bericht);
        for version in versions {
            self.choose(version.client, version.nummer);
        }
        let (first, lines) = rows(&self.dossier.prestaties, bericht, |row| row.bericht);
        for index in (first..).take(lines.len()) {
            self.release(index);
            if self.references.get(&self.line(index).referentie) == Some(&index) {
                self.references.remove(&self.line(index).referentie);
            }
        }
    }

    /// The last starts that were not deleted, with which an allocation or product is delivered.
    pub(super) fn active_starts(&self, key: LeveringKey) -> Vec<&'d Start> {
        let mut active: Vec<&Start> = Vec::new();
        for index in self.starts.get(&key).into_iter().flatten() {
            let row = &self.dossier.starts[*index as usize];
            if !self.is_alive(row.bericht) {
                continue;
            }
            if row.deletes {
                active.retain(|other| !levering::is_same_start(other, row));
            } else {
                active.push(row);
            }
        }
        active
    }

    /// The stops that were not deleted.
    pub(super) fn active_stops(&self, key: LeveringKey) -> Vec<&'d Stop> {
        let mut active: Vec<&Stop> = Vec::new();
        for index in self.stops.get(&key).into_iter().flatten() {
            let row = &self.dossier.stops[*index as usize];
            if !self.is_alive(row.bericht) {
                continue;
            }
            if row.deletes {
                active.retain(|other| !levering::is_same_stop(other, row));
            } else {
                active.push(row);
            }
        }
        active
    }

    /// Whether a request waits for an allocation or a refusal (TR374).
    pub(super) fn is_pending(&self, request: &Request) -> bool {
        let refused = |index: &u32| {
            let answer = &self.dossier.antwoorden[*index as usize];
            answer.afgewezen && self.is_alive(answer.bericht)
        };
        self.is_alive(request.bericht)
            && !request.answers.iter().any(refused)
            && !request.granted.iter().any(|bericht| self.is_alive(*bericht))
    }

    /// The line that already has this reference and counts as sent. When there is none it is this one's from now on.
    pub(super) fn claim(&mut self, index: u32) -> Option<&'d Prestatie> {
        let dossier = self.dossier;
        match self.references.entry(dossier.prestaties[index as usize].referentie) {
            Entry::Vacant(free) => _ = free.insert(index),
            Entry::Occupied(mut taken) => {
                let other = &dossier.prestaties[*taken.get() as usize];
                if !self.dead[other.bericht as usize] {
                    return Some(other);
                }
                taken.insert(index);
            }
        }
        None
    }

    /// The debit that a credit takes back, when it counts as sent.
    pub(super) fn debit_of(&self, credit: &Prestatie) -> Option<u32> {
        let index = credit.vorige.and_then(|key| self.references.get(&key))?;
        let debit = self.line(*index);
        (!debit.is_credit && self.is_alive(debit.bericht)).then_some(*index)
    }

    fn chain_of(&self, line: &Prestatie) -> u64 {
        self.chains.hasher().hash_one(common(line))
    }

    /// Debits of the same client, product and month that were sent, not refused and not credited.
    pub(super) fn chain(&self, line: &Prestatie) -> impl Iterator<Item = (u32, &'d Prestatie)> {
        let first = self.chains.get(&self.chain_of(line)).copied().unwrap_or(NONE);
        let indices = std::iter::successors(Some(first), |index| self.lines.get(*index as usize).map(|line| line.next));
        let common_here = common(line);
        let lines = indices.take_while(|index| *index != NONE).map(|index| (index, self.line(index)));
        lines.filter(move |(_, other)| common(other) == common_here)
    }

    /// Opens a debit: from now on it is there to be credited, and another one for the same is one too many.
    pub(super) fn open(&mut self, index: u32) {
        if self.lines[index as usize].open {
            return;
        }
        let head = self.chains.entry(self.chain_of(self.line(index))).or_insert(NONE);
        let state = &mut self.lines[index as usize];
        state.open = true;
        state.next = std::mem::replace(head, index);
    }

    fn close(&mut self, index: u32) {
        let state = self.lines[index as usize];
        if !state.open {
            return;
        }
        self.lines[index as usize].open = false;
        let chain = self.chain_of(self.line(index));
        let Some(head) = self.chains.get_mut(&chain) else { return };
        if *head == index {
            *head = state.next;
            if state.next == NONE {
                self.chains.remove(&chain);
            }
            return;
        }
        let mut before = *head;
        while before != NONE {
            let next = self.lines[before as usize].next;
            if next == index {
                self.lines[before as usize].next = state.next;
                return;
            }
            before = next;
        }
    }

    /// Lets a debit take up room in its allocation.
    pub(super) fn count(&mut self, index: u32) {
        self.book(index, true);
    }

    fn book(&mut self, index: u32, counts: bool) {
        let line = self.line(index);
        let state = &mut self.lines[index as usize];
        if state.counted == counts {
            return;
        }
        state.counted = counts;
        let number = self.number_of_mut(index);
        let sign = if counts { 1 } else { -1 };
        number.volume += sign * fine(i64::from(line.volume), line.eenheid);
        number.cents += sign * i64::from(line.bedrag);
    }

    /// Lets a credit take back its debit.
    pub(super) fn credit(&mut self, credit: u32, debit: u32) {
        self.close(debit);
        self.book(debit, false);
        if self.lines[debit as usize].approved {
            self.number_of_mut(debit).approved -= 1;
        }
        self.lines[debit as usize].partner = credit;
        self.lines[credit as usize].partner = debit;
    }

    /// Undoes everything a line did: it was refused, or its message counts as not sent.
    pub(super) fn release(&mut self, index: u32) {
        let state = self.lines[index as usize];
        if self.line(index).is_credit {
            if state.partner != NONE {
                let debit = state.partner;
                self.lines[index as usize].partner = NONE;
                self.lines[debit as usize].partner = NONE;
                let of_debit = self.lines[debit as usize];
                if !of_debit.refused && self.is_alive(self.line(debit).bericht) {
                    self.open(debit);
                    self.count(debit);
                    if of_debit.approved {
                        self.number_of_mut(debit).approved += 1;
                    }
                }
            }
            return;
        }
        self.close(index);
        self.book(index, false);
        if state.approved && state.partner == NONE {
            self.lines[index as usize].approved = false;
            self.number_of_mut(index).approved -= 1;
        }
    }

    /// Marks a line as approved: whatever was thought of it, it was granted.
    pub(super) fn approve(&mut self, index: u32) {
        self.lines[index as usize].approved = true;
        if self.line(index).is_credit {
            let debit = self.debit_of(self.line(index)).filter(|debit| {
                let of_debit = self.lines[*debit as usize];
                !of_debit.refused && of_debit.partner == NONE
            });
            if let Some(debit) = debit.filter(|_| self.lines[index as usize].partner == NONE) {
                self.credit(index, debit);
            }
            return;
        }
        if self.lines[index as usize].partner == NONE {
            self.open(index);
            self.count(index);
            self.number_of_mut(index).approved += 1;
        }
    }

    /// Keeps what bounded a line, when somebody wants to see it.
    pub(super) fn watch(&mut self, line: &Prestatie, bounds: Bounds, verschillen: &[Judgement]) {
        if self.watched == Some(line.bericht) {
            self.watched_lines.push(ControlRegel::new(line, bounds, verschillen));
        }
    }
}

/// Hours in minutes, other units as they are: hours may be declared in minutes (TR341).
pub(super) fn fine(volume: i64, eenheid: Eenheid) -> i64 {
    if eenheid == Eenheid::Uur { volume * 60 } else { volume }
}

/// The unit [`fine`] volumes are in.
pub(super) fn fine_unit(eenheid: Eenheid) -> Eenheid {
    if eenheid == Eenheid::Uur { Eenheid::Minuut } else { eenheid }
}

fn fine_total(omvang: Omvang, version: &Toewijzing) -> Option<i64> {
    let eind = match version.einddatum {
        Some(eind) => eind,
        None if omvang.frequentie == Frequentie::Totaal => version.ingangsdatum,
        None => return None,
    };
    if eind < version.ingangsdatum || omvang.frequentie == Frequentie::Onbekend {
        return None;
    }
    let periode = Periode { begin: date_of(version.ingangsdatum), eind: date_of(eind) };
    Some(fine(total(omvang, periode), omvang.eenheid))
}

/// What lines of one chain have in common: client, product and month.
fn common(line: &Prestatie) -> (Key, Word, Word, i32) {
    (line.client, line.categorie, line.code, super::day::month_of(line.begindatum))
}

/// The rows of a message, and the place of the first among all rows.
pub(super) fn rows<T>(all: &[T], bericht: u32, bericht_of: impl Fn(&T) -> u32) -> (u32, &[T]) {
    let first = all.partition_point(|row| bericht_of(row) < bericht);
    let count = all[first..].iter().take_while(|row| bericht_of(row) == bericht).count();
    (u32::try_from(first).expect("fewer than four billion rows"), &all[first..first + count])
}

/// The order of messages: by the day they were received; on a day requests before what answers them, allocations before
/// what is delivered on them, that before what is declared, and answers last; then by their own date, and declaraties by
/// their month.
fn order(dossier: &Dossier) -> Vec<u32> {
    let first_requests: HashMap<Key, Day> =
        dossier.verzoeken.iter().rev().map(|row| (row.referentie, received(dossier, row.bericht))).fold(
            HashMap::new(),
            |mut days, (key, day)| {
                let first = days.entry(key).or_insert(day);
                *first = (*first).min(day);
                days
            },
        );
    let answers_today = |bericht: u32, key: Key| first_requests.get(&key) == Some(&received(dossier, bericht));
    let honours_today = |bericht: u32| {
        let (_, versions) = rows(&dossier.toewijzingen, bericht, |row| row.bericht);
        let (_, answers) = rows(&dossier.antwoorden, bericht, |row| row.bericht);
        versions.iter().filter_map(|row| row.referentie).any(|key| answers_today(bericht, key))
            || answers.iter().any(|row| answers_today(bericht, row.referentie))
    };
    let count = u32::try_from(dossier.berichten.len()).expect("numbered by `Dossier::add`");
    let mut order: Vec<u32> = (0..count).collect();
    order.sort_by_cached_key(|number| {
        let bericht = &dossier.berichten[*number as usize];
        let rank = match bericht.nummer {
            315 | 317 => 1,
            301 | 319 => 2 * u8::from(honours_today(*number)),
            305 => 3,
            307 => 4,
            323 => 5,
            325 => 6,
            _ => 7,
        };
        // Of two declaraties of one day the one about the older month was meant to come first.
        let declaratie = rows(&dossier.declaraties, *number, |row| row.bericht).1.first();
        let month = declaratie.map_or(Day::MIN, |declaratie| declaratie.begindatum);
        let own = (bericht.dagtekening, month, bericht.nummer, bericht.digest, bericht.identificatie);
        (bericht.received, rank, own)
    });
    order
}

fn received(dossier: &Dossier, bericht: u32) -> Day {
    dossier.berichten[bericht as usize].received
}

/// Plays messages up to and including a day. `dossier` must be sorted.
pub(super) fn replay<'d>(
    dossier: &'d Dossier,
    context: &'d Context,
    until: Day,
    watched: Option<u32>,
    new: impl Fn(u32) -> bool,
) -> (State<'d>, Vec<Judgement>) {
    let mut state = State::new(dossier, context, watched);
    let mut out = Out { bericht: 0, is_new: false, faults: 0, judgements: Vec::new() };
    for number in order(dossier) {
        let bericht = &dossier.berichten[number as usize];
        if bericht.received > until {
            break;
        }
        state.today = bericht.received;
        out.bericht = number;
        out.is_new = new(number);
        out.faults = 0;
        header::judge(&state, number, &mut out);
        match bericht.nummer {
            301 => toewijzing::play(&mut state, number, &mut out),
            305 => levering::play_start(&mut state, number, &mut out),
            307 => levering::play_stop(&mut state, number, &mut out),
            315 | 317 => verzoek::play(&mut state, number, &mut out),
            319 => verzoek::play_answer(&mut state, number, &mut out),
            323 => declaratie::play(&mut state, number, &mut out),
            325 => antwoord::play(&mut state, number, &mut out),
            _ => antwoord::play_retour(&mut state, number, &mut out),
        }
        // Where an identification comes back, the first that was not refused keeps it.
        let known = state.identificaties.get(&(bericht.nummer, bericht.identificatie));
        if known.is_none_or(|known| !state.is_alive(*known)) {
            state.identificaties.insert((bericht.nummer, bericht.identificatie), number);
        }
    }
    (state, out.judgements)
}

/// Judges the messages that are new, each by what was known when it was received.
///
/// Puts the rows of the dossier in order. Judgements come in the order of receipt.
pub fn judge(dossier: &mut Dossier, context: &Context, new: impl Fn(u32) -> bool) -> Vec<Judgement> {
    dossier.sort();
    replay(dossier, context, Day::MAX, None, new).1
}

/// What should have been answered or stopped by a day and was not. This changes with the day, so it is a list to look at, and not
/// something that was wrong with a message when it came.
pub fn overdue(dossier: &mut Dossier, context: &Context, peildatum: Day) -> Vec<Judgement> {
    dossier.sort();
    let (mut state, _) = replay(dossier, context, peildatum, None, |_| false);
    state.today = peildatum;
    let mut out = Out { bericht: 0, is_new: true, faults: 0, judgements: Vec::new() };
    for number in order(dossier) {
        let bericht = &dossier.berichten[number as usize];
        if bericht.received > peildatum {
            break;
        }
        out.bericht = number;
        match bericht.nummer {
            305 => levering::judge_overdue(&state, number, &mut out),
            323 => antwoord::judge_overdue(&state, number, &mut out),
            315 | 317 => verzoek::judge_overdue(&state, number, &mut out),
            _ => {}
        }
    }
    out.judgements
}

/// The lines of one declaratie with what bounded them, as known when it was received.
pub(super) fn watched_lines(dossier: &mut Dossier, context: &Context, bericht: u32) -> Vec<ControlRegel> {
    dossier.sort();
    let Some(received) = dossier.berichten.get(bericht as usize).map(|bericht| bericht.received) else {
        return Vec::new();
    };
    let mut lines = replay(dossier, context, received, Some(bericht), |number| number == bericht).0.watched_lines;
    lines.sort_by_key(|line| line.regel);
    lines
}

/// The request rows of a message that name the given key.
pub(super) fn requests_in(dossier: &Dossier, bericht: u32) -> &[Verzoek] {
    rows(&dossier.verzoeken, bericht, |row| row.bericht).1
}
