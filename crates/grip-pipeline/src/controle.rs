//! The rules over messages together: dossiers out of the tables, judgements into `bevinding`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use arrow::array::RecordBatch;
use grip_lake::{Intake, Lake, Parameter, Snapshot, days};
use grip_ledger::{Eenheid, Frequentie, Omvang};
use grip_rules::across::{
    self, Afkeuring, Antwoord, Asked, Bericht, Context, ContractTarief, Day, Declaratie, DeclaratieAntwoord, Dossier,
    Elders, Judgement, Key, Prestatie, Retour, Start, Stop, Toewijzing, Verzoek,
};
use grip_types::{Date, Wet, hex};

use crate::{
    PipelineError,
    facts::Columns,
    rule_texts::rule_text,
    table::{BevindingRow, BevindingRows, ControleRow, ControleRows},
};

/// Lines of messages that are held at a time, unless one provider sent more: some years of a large one.
const LINES_MAX: i64 = 400_000;

/// Rules that say an allocation, or the start of a delivery, is not known. While an archive begins that says nothing: what came
/// before is somewhere else.
const NEEDS_BEGIN: [&str; 5] = ["TR019", "TR304", "TR338", "TR382", "IV066"];
/// How long an archive begins, in days from the first 301 of a dossier. Most allocations last a year or less, and a 301 names
/// all that are running.
pub(crate) const RUN_IN_DAYS: i32 = 366;

/// A rule that the published check of one message has, with the answer of a rule over messages: it was found when the message
/// came in.
pub(crate) const INSIDE_TOO: &str = "TR319";

/// Whose dossier it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Partijen {
    pub(crate) wet: Wet,
    pub(crate) gemeente: Box<str>,
    pub(crate) aanbieder: Box<str>,
}

/// A dossier with what connects it to the tables.
pub(crate) struct Opened {
    pub(crate) dossier: Dossier,
    pub(crate) context: Context,
    /// Digest of each message, in the order of its numbers, and the day it was received.
    pub(crate) berichten: Vec<(u128, Date)>,
}

/// Judges every message that came in since the last time, and writes down what was found in one commit. A new contract can
/// say more of older messages: those of its municipality are judged again, and what was found before is not written twice.
///
/// Gives how often each rule found something. A process that dies before the commit leaves messages that were not judged; the
/// next intake judges them.
pub(crate) fn judge_new(lake: &Lake, intake: &mut Intake<'_>) -> Result<BTreeMap<&'static str, usize>, PipelineError> {
    let snapshot = lake.snapshot(None)?;
    let last = snapshot
        .query("SELECT COALESCE((SELECT MAX(_intake) FROM controle), 0), COALESCE(MAX(_intake), 0) FROM bericht")?;
    let [since, until] = [0, 1].map(|column| last.first().and_then(|batch| Columns(batch).number(column, 0)));
    let (since, until) = (since.unwrap_or_default(), until.unwrap_or_default());
    let new_contract = format!(
        "SELECT gemeente FROM bericht WHERE berichtsoort = 'contract' AND status <> 'geweigerd' AND _intake > {since}"
    );
    let touched = snapshot.query(&format!(
        "SELECT wet, gemeente, aanbieder, SUM(regels), MAX(_received_at)
         FROM bericht WHERE status <> 'geweigerd' AND wet IS NOT NULL AND identificatie IS NOT NULL
         GROUP BY wet, gemeente, aanbieder
         HAVING MAX(_intake) > {since} OR gemeente IN ({new_contract})
         ORDER BY wet, gemeente, aanbieder"
    ))?;
    let (mut parts, mut lines, mut last) = (Vec::<Vec<Partijen>>::new(), 0, None);
    for batch in &touched {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let Some(partijen) = partijen(&columns, row) else { continue };
            let its_lines = columns.number(3, row).unwrap_or_default();
            if parts.is_empty() || lines + its_lines > LINES_MAX {
                parts.push(Vec::new());
                lines = 0;
            }
            lines += its_lines;
            if let Some(part) = parts.last_mut() {
                part.push(partijen);
            }
            last = last.max(columns.day(4, row));
        }
    }
    let Some(last) = last else { return Ok(BTreeMap::new()) };
    let (new, elders) = std::thread::scope(|scope| {
        let elders = scope.spawn(|| Numbers::load(&snapshot));
        let new = New::load(&snapshot, since, &new_contract)?;
        Ok::<_, PipelineError>((new, elders.join().expect("a query does not panic")?))
    })?;
    let mut judged = BTreeMap::new();
    for part in parts {
        let mut findings = BevindingRows::default();
        let mut opened = open(&snapshot, &part, &elders)?;
        for (at, judgements) in new.judge_all(&snapshot, &part, &mut opened)?.into_iter().enumerate() {
            for judgement in judgements {
                *judged.entry(judgement.rule.code).or_default() += 1;
                push(&mut findings, &judgement, &opened[at].berichten);
            }
        }
        stage(intake, BevindingRows::TABLE, &findings.finish())?;
    }
    let mut rows = ControleRows::default();
    rows.push(ControleRow {
        versie: env!("CARGO_PKG_VERSION"),
        _intake: until,
        berichten: i64::try_from(new.berichten.len()).unwrap_or(i64::MAX),
        bevindingen: i64::try_from(judged.values().sum::<usize>()).unwrap_or(i64::MAX),
        _received_at: last,
    });
    stage(intake, ControleRows::TABLE, &rows.finish())?;
    intake.commit()?;
    Ok(judged)
}

fn stage(intake: &Intake<'_>, table: &str, rows: &RecordBatch) -> Result<(), PipelineError> {
    let mut file = intake.stage(table)?;
    file.write(rows)?;
    Ok(file.finish()?)
}

/// What has to be judged.
struct New {
    /// Messages that are new, and all of a municipality of which there is a new contract.
    berichten: HashSet<u128>,
    /// Those municipalities.
    contracted: HashSet<String>,
}

impl New {
    fn load(snapshot: &Snapshot, since: i64, new_contract: &str) -> Result<Self, PipelineError> {
        let mut new = Self { berichten: HashSet::new(), contracted: HashSet::new() };
        let sql = format!("SELECT bericht_id FROM bericht WHERE _intake > {since} OR gemeente IN ({new_contract})");
        snapshot.each(&sql, |batch| {
            let columns = Columns(batch);
            new.berichten.extend((0..batch.num_rows()).filter_map(|row| columns.text(0, row).map(digest)));
        })?;
        snapshot.each(new_contract, |batch| {
            let columns = Columns(batch);
            new.contracted.extend((0..batch.num_rows()).filter_map(|row| columns.text(0, row)).map(ToOwned::to_owned));
        })?;
        Ok(new)
    }

    /// What is to be said of each of the dossiers, which do not know of each other and are judged on all processors.
    fn judge_all(
        &self,
        snapshot: &Snapshot,
        of: &[Partijen],
        opened: &mut [Opened],
    ) -> Result<Vec<Vec<Judgement>>, PipelineError> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let mut shares: Vec<(usize, Vec<_>)> = (0..processors).map(|_| (0, Vec::new())).collect();
        for (at, (partijen, opened)) in of.iter().zip(opened).enumerate() {
            if let Some((lines, share)) = shares.iter_mut().min_by_key(|(lines, _)| *lines) {
                *lines += opened.dossier.prestaties.len() + opened.berichten.len();
                share.push((at, partijen, opened));
            }
        }
        let judge_share = |share: Vec<(usize, &Partijen, &mut Opened)>| {
            let judge = |(at, partijen, opened)| Ok((at, self.judge(snapshot, partijen, opened)?));
            share.into_iter().map(judge).collect::<Result<Vec<_>, PipelineError>>()
        };
        let mut judged: Vec<_> = of.iter().map(|_| Vec::new()).collect();
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                shares.into_iter().map(|(_, share)| scope.spawn(move || judge_share(share))).collect();
            for worker in workers {
                for (at, judgements) in worker.join().expect("judging a dossier does not panic")? {
                    judged[at] = judgements;
                }
            }
            Ok(judged)
        })
    }

    /// What is to be said of a dossier that was not said before.
    fn judge(
        &self,
        snapshot: &Snapshot,
        partijen: &Partijen,
        opened: &mut Opened,
    ) -> Result<Vec<Judgement>, PipelineError> {
        let Opened { dossier, context, berichten } = opened;
        // What came in later than it was received can change what was said of everything after it.
        let its_new = berichten.iter().filter(|(digest, _)| self.berichten.contains(digest));
        let first_new = its_new.map(|(_, received)| *received).min();
        let is_concerned = |(_, received): &(u128, Date)| first_new.is_some_and(|first| *received >= first);
        let was_judged = self.contracted.contains(&*partijen.gemeente)
            || berichten.iter().any(|bericht| is_concerned(bericht) && !self.berichten.contains(&bericht.0));
        let told = if was_judged { known_findings(snapshot, partijen)? } else { HashSet::new() };
        let runs_since = first_allocation(dossier, berichten).map(|first| days(first) + RUN_IN_DAYS);
        let mut judgements =
            across::judge(dossier, context, |bericht| berichten.get(bericht as usize).is_some_and(is_concerned));
        judgements.retain(|judgement| {
            let code = judgement.rule.code;
            let Some((digest, received)) = berichten.get(judgement.bericht as usize) else { return false };
            let is_run_in = || runs_since.is_some_and(|since| days(*received) >= since);
            code != INSIDE_TOO
                && !told.contains(&(*digest, code, judgement.regel))
                && (!NEEDS_BEGIN.contains(&code) || is_run_in())
        });
        Ok(judgements)
    }
}

fn push(rows: &mut BevindingRows, judgement: &Judgement, berichten: &[(u128, Date)]) {
    let Some((digest, received)) = berichten.get(judgement.bericht as usize) else { return };
    rows.push(BevindingRow {
        bericht_id: &hex(*digest),
        code: judgement.rule.code,
        ernst: judgement.rule.ernst.as_str(),
        regel: 0,
        kolom: 0,
        rij: (judgement.regel > 0).then_some(i64::from(judgement.regel)),
        element: judgement.element,
        omschrijving: &judgement.text,
        _received_at: *received,
    });
}

pub(crate) fn first_allocation(dossier: &Dossier, berichten: &[(u128, Date)]) -> Option<Date> {
    let messages = dossier.toewijzingen.iter().map(|version| version.bericht);
    messages.filter_map(|bericht| berichten.get(bericht as usize)).map(|(_, received)| *received).min()
}

fn partijen(columns: &Columns<'_>, row: usize) -> Option<Partijen> {
    Some(Partijen {
        wet: columns.text(0, row)?.parse().ok()?,
        gemeente: columns.text(1, row)?.into(),
        aanbieder: columns.text(2, row)?.into(),
    })
}

fn digest(text: &str) -> u128 {
    u128::from_str_radix(text, 16).unwrap_or_default()
}

/// The half by which messages of one day are put in an order of their own.
fn first_half(digest: u128) -> u64 {
    u64::try_from(digest >> 64).unwrap_or(u64::MAX)
}

/// What was found before in the messages of a dossier: message, rule and line.
fn known_findings(
    snapshot: &Snapshot,
    partijen: &Partijen,
) -> Result<HashSet<(u128, &'static str, u32)>, PipelineError> {
    let batches = snapshot.query_with(
        "SELECT bevinding.bericht_id, code, rij FROM bevinding
         JOIN (SELECT DISTINCT bericht_id FROM bericht WHERE wet = $1 AND gemeente = $2 AND aanbieder = $3) AS opnieuw
             ON opnieuw.bericht_id = bevinding.bericht_id",
        &[
            Parameter::Text(partijen.wet.as_str()),
            Parameter::Text(&partijen.gemeente),
            Parameter::Text(&partijen.aanbieder),
        ],
    )?;
    let found = batches.iter().flat_map(|batch| {
        let columns = Columns(batch);
        (0..batch.num_rows()).filter_map(move |row| {
            let (id, code) = columns.text(0, row).zip(columns.text(1, row))?;
            Some((digest(id), rule_text(code)?.code, small(columns.number(2, row)).unwrap_or_default()))
        })
    });
    Ok(found.collect())
}

/// Who has which ToewijzingNummer, and since when: numbers are unique within law and municipality (TR332).
#[derive(Default)]
pub(crate) struct Numbers {
    /// Municipalities and providers by number: there are few, and each is named very often.
    words: HashMap<Box<str>, u32>,
    /// In order.
    held: Vec<Held>,
}

/// A number with its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    gemeente: u32,
    wet: Wet,
    nummer: u32,
    aanbieder: u32,
    received: Day,
    digest: u64,
}

impl Numbers {
    pub(crate) fn load(snapshot: &Snapshot) -> Result<Self, PipelineError> {
        let mut found = Self::default();
        let sql = "SELECT wet, gemeente, aanbieder, toewijzing_nummer, MIN(_received_at), MIN(bericht_id)
                   FROM toewijzing WHERE toewijzing_nummer IS NOT NULL
                   GROUP BY wet, gemeente, aanbieder, toewijzing_nummer";
        snapshot.each(sql, |batch| {
            let columns = Columns(batch);
            found.held.extend((0..batch.num_rows()).filter_map(|row| {
                let mut word = |column| {
                    let (text, next) = (columns.text(column, row)?, u32::try_from(found.words.len()).ok()?);
                    let known = found.words.get(text).copied();
                    Some(known.unwrap_or_else(|| *found.words.entry(text.into()).or_insert(next)))
                };
                Some(Held {
                    gemeente: word(1)?,
                    wet: columns.text(0, row)?.parse().ok()?,
                    nummer: small(columns.number(3, row))?,
                    aanbieder: word(2)?,
                    received: columns.day_number(4, row)?,
                    digest: first_half(digest(columns.text(5, row)?)),
                })
            }));
        })?;
        found.held.sort_unstable();
        Ok(found)
    }

    fn elsewhere(&self, partijen: &Partijen, nummer: u32) -> impl Iterator<Item = Elders> {
        let word = |text: &str| self.words.get(text).copied().unwrap_or(u32::MAX);
        let (gemeente, aanbieder) = (word(&partijen.gemeente), word(&partijen.aanbieder));
        let sought = (gemeente, partijen.wet, nummer);
        let start = self.held.partition_point(|held| (held.gemeente, held.wet, held.nummer) < sought);
        let holders =
            self.held[start..].iter().take_while(move |held| (held.gemeente, held.wet, held.nummer) == sought);
        let others = holders.filter(move |held| held.aanbieder != aanbieder);
        others.map(move |held| Elders { nummer, received: held.received, digest: held.digest })
    }
}

fn small(number: Option<i64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

/// Reads the dossiers of these parties, in their order.
pub(crate) fn open(snapshot: &Snapshot, of: &[Partijen], numbers: &Numbers) -> Result<Vec<Opened>, PipelineError> {
    let mut reader = DossierReader {
        of: of.iter().enumerate().map(|(at, partijen)| (partijen.clone(), at)).collect(),
        found: of
            .iter()
            .map(|partijen| Opened {
                dossier: Dossier::new(partijen.wet, &partijen.gemeente),
                context: Context::default(),
                berichten: Vec::new(),
            })
            .collect(),
        places: HashMap::new(),
        used_again: HashSet::new(),
    };
    let codes: BTreeSet<&str> = of.iter().map(|partijen| partijen.aanbieder.as_ref()).collect();
    let codes: Vec<String> = codes.into_iter().map(|code| format!("'{}'", code.replace('\'', "''"))).collect();
    reader.read(snapshot, &format!("aanbieder IN ({})", codes.join(", ")))?;
    let mut found = reader.found;
    for (partijen, opened) in of.iter().zip(&mut found) {
        let dossier = &mut opened.dossier;
        dossier.declaraties.sort_by_key(|declaratie| declaratie.bericht);
        dossier.declaraties.dedup_by_key(|declaratie| declaratie.bericht);
        let mut used: Vec<u32> = dossier.prestaties.iter().map(|line| line.toewijzing).collect();
        used.extend(dossier.toewijzingen.iter().map(|version| version.nummer));
        used.sort_unstable();
        used.dedup();
        let elders: Vec<Elders> = used.into_iter().flat_map(|nummer| numbers.elsewhere(partijen, nummer)).collect();
        dossier.elders = elders;
    }
    Ok(found)
}

/// Dossiers while they are read.
struct DossierReader {
    of: HashMap<Partijen, usize>,
    found: Vec<Opened>,
    /// In which dossier a message is, and its number there.
    places: HashMap<u128, (usize, u32)>,
    /// Identifications that were used again after a refusal, by dossier.
    used_again: HashSet<(usize, Key)>,
}

/// The name of a message in its dossier. Where an identification was used again after a refusal, the date tells which message
/// is meant.
fn name_of(used_again: &HashSet<(usize, Key)>, dossier: usize, identificatie: &str, dagtekening: Option<Day>) -> Key {
    let name = Key::of(identificatie);
    dagtekening
        .filter(|_| used_again.contains(&(dossier, name)))
        .map_or(name, |dagtekening| Key::of(&(identificatie, dagtekening)))
}

impl DossierReader {
    /// Gives each row of a query to the dossier it belongs to, with the number of its message, which its first column names.
    fn each(
        &mut self,
        snapshot: &Snapshot,
        sql: &str,
        mut take: impl FnMut(usize, &mut Opened, u32, &Columns<'_>, usize) -> Option<()>,
    ) -> Result<(), PipelineError> {
        // The lines of a message stand together.
        let mut last: (String, Option<(usize, u32)>) = (String::new(), None);
        Ok(snapshot.each(sql, |batch| {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let Some(id) = columns.text(0, row) else { continue };
                if last.0 != id {
                    last = (id.to_owned(), self.places.get(&digest(id)).copied());
                }
                if let Some((at, bericht)) = last.1 {
                    take(at, &mut self.found[at], bericht, &columns, row);
                }
            }
        })?)
    }

    fn read(&mut self, snapshot: &Snapshot, among: &str) -> Result<(), PipelineError> {
        self.read_berichten(snapshot, among)?;
        let rows = |columns: &str, table: &str| format!("SELECT bericht_id, {columns} FROM {table} WHERE {among}");
        self.read_toewijzingen(snapshot, &rows(
            "regel, client, toewijzing_nummer, referentie_aanbieder, product_categorie, product_code, toewijzingsdatum,
             toewijzingstijd, ingangsdatum, einddatum, reden_wijziging, omvang_volume, omvang_eenheid, omvang_frequentie, budget_cents",
            "toewijzing",
        ))?;
        self.read_starts(
            snapshot,
            &rows(
                "regel, client, toewijzing_nummer, product_categorie, product_code, begindatum, status_aanlevering",
                "start",
            ),
        )?;
        self.read_stops(snapshot, &rows(
            "regel, client, toewijzing_nummer, product_categorie, product_code, begindatum, status_aanlevering, reden_beeindiging, einddatum",
            "stop",
        ))?;
        self.read_verzoeken(snapshot, &rows(
            "regel, client, referentie_aanbieder, onderdeel, toewijzing_nummer, product_categorie, product_code, ingangsdatum,
             einddatum, omvang_volume, omvang_eenheid, omvang_frequentie, budget_cents",
            "verzoek",
        ))?;
        self.read_answers(snapshot, among)?;
        self.read_prestaties(snapshot, &rows(
            "regel, client, referentie_nummer, vorig_referentie_nummer, toewijzing_nummer, product_categorie, product_code,
             begindatum, einddatum, geleverd_volume, tarief_cents, bedrag_cents, eenheid, declaratie_nummer, declaratie_begindatum",
            "prestatie",
        ))?;
        self.read_contracts(snapshot, among)
    }

    fn read_berichten(&mut self, snapshot: &Snapshot, among: &str) -> Result<(), PipelineError> {
        let messages = snapshot.query(&format!(
            "SELECT wet, gemeente, aanbieder, bericht_id, berichtsoort, identificatie, dagtekening, _received_at
             FROM bericht WHERE {among} AND status <> 'geweigerd' AND identificatie IS NOT NULL"
        ))?;
        let mut found = Vec::new();
        let mut used: HashSet<(usize, u16, Key)> = HashSet::new();
        for batch in &messages {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let read = || {
                    let at = *self.of.get(&partijen(&columns, row)?)?;
                    let soort = columns.text(4, row)?;
                    let nummer = soort.get(soort.len().checked_sub(3)?..)?.parse().ok()?;
                    let (identificatie, received) = (columns.text(5, row)?, columns.day(7, row)?);
                    let dagtekening = columns.day_number(6, row)?;
                    Some((at, digest(columns.text(3, row)?), nummer, identificatie, dagtekening, received))
                };
                let Some(message) = read() else { continue };
                let (at, _, nummer, identificatie, ..) = message;
                if !used.insert((at, nummer, Key::of(identificatie))) {
                    self.used_again.insert((at, Key::of(identificatie)));
                }
                found.push(message);
            }
        }
        for (at, id, nummer, identificatie, dagtekening, received) in found {
            let identificatie = name_of(&self.used_again, at, identificatie, Some(dagtekening));
            let bericht =
                Bericht { nummer, identificatie, dagtekening, received: days(received), digest: first_half(id) };
            self.places.insert(id, (at, self.found[at].dossier.add(bericht)));
            self.found[at].berichten.push((id, received));
        }
        Ok(())
    }

    fn read_toewijzingen(&mut self, snapshot: &Snapshot, sql: &str) -> Result<(), PipelineError> {
        self.each(snapshot, sql, |_, opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let version = Toewijzing {
                bericht,
                regel: small(columns.number(1, row))?,
                client: Key::of(columns.text(2, row)?),
                nummer: small(columns.number(3, row))?,
                referentie: columns.text(4, row).map(Key::of),
                categorie: columns.text(5, row).map(|text| dossier.word(text)),
                code: columns.text(6, row).map(|text| dossier.word(text)),
                stempel: (columns.day_number(7, row)?, nanoseconds(columns.text(8, row)?)),
                ingangsdatum: columns.day_number(9, row)?,
                einddatum: columns.day_number(10, row),
                reden_wijziging: columns.text(11, row).map(|text| dossier.word(text)),
                omvang: omvang(columns, row, 12),
                budget: columns.number(15, row),
            };
            dossier.toewijzingen.push(version);
            Some(())
        })
    }

    fn read_starts(&mut self, snapshot: &Snapshot, sql: &str) -> Result<(), PipelineError> {
        self.each(snapshot, sql, |_, opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let start = Start {
                bericht,
                regel: small(columns.number(1, row))?,
                client: Key::of(columns.text(2, row)?),
                toewijzing: small(columns.number(3, row)),
                categorie: columns.text(4, row).map(|text| dossier.word(text)),
                code: columns.text(5, row).map(|text| dossier.word(text)),
                begindatum: columns.day_number(6, row)?,
                deletes: columns.text(7, row) == Some("3"),
            };
            dossier.starts.push(start);
            Some(())
        })
    }

    fn read_stops(&mut self, snapshot: &Snapshot, sql: &str) -> Result<(), PipelineError> {
        self.each(snapshot, sql, |_, opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let stop = Stop {
                bericht,
                regel: small(columns.number(1, row))?,
                client: Key::of(columns.text(2, row)?),
                toewijzing: small(columns.number(3, row)),
                categorie: columns.text(4, row).map(|text| dossier.word(text)),
                code: columns.text(5, row).map(|text| dossier.word(text)),
                begindatum: columns.day_number(6, row)?,
                reden: dossier.word(columns.text(8, row)?),
                einddatum: columns.day_number(9, row)?,
                deletes: columns.text(7, row) == Some("3"),
            };
            dossier.stops.push(stop);
            Some(())
        })
    }

    fn read_verzoeken(&mut self, snapshot: &Snapshot, sql: &str) -> Result<(), PipelineError> {
        self.each(snapshot, sql, |_, opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let asked = match columns.text(4, row)? {
                "ongewijzigd" => Asked::Ongewijzigd,
                "te_wijzigen" => Asked::TeWijzigen,
                "nieuw" => Asked::Nieuw,
                _ => Asked::Aangevraagd,
            };
            let verzoek = Verzoek {
                bericht,
                regel: small(columns.number(1, row))?,
                client: Key::of(columns.text(2, row)?),
                referentie: Key::of(columns.text(3, row)?),
                asked,
                toewijzing: small(columns.number(5, row)),
                categorie: columns.text(6, row).map(|text| dossier.word(text)),
                code: columns.text(7, row).map(|text| dossier.word(text)),
                ingangsdatum: columns.day_number(8, row),
                einddatum: columns.day_number(9, row),
                omvang: omvang(columns, row, 10),
                budget: columns.number(13, row),
            };
            dossier.verzoeken.push(verzoek);
            Some(())
        })
    }

    /// What answers messages: 319, the retours, and 325 with its refused lines.
    fn read_answers(&mut self, snapshot: &Snapshot, among: &str) -> Result<(), PipelineError> {
        let rows = |columns: &str, table: &str| format!("SELECT bericht_id, {columns} FROM {table} WHERE {among}");
        let answers = rows("referentie_aanbieder, verzoek_antwoord, reden_afwijzing, woonplaats_gemeente", "antwoord");
        self.each(snapshot, &answers, |_, opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let antwoord = Antwoord {
                bericht,
                referentie: Key::of(columns.text(1, row)?),
                afgewezen: columns.text(2, row) == Some("1"),
                reden: columns.text(3, row).map(|text| dossier.word(text)),
                gemeente: columns.text(4, row).map(|text| dossier.word(text)),
            };
            dossier.antwoorden.push(antwoord);
            Some(())
        })?;
        let retours = rows("beantwoord_soort, beantwoord_identificatie, afgekeurd", "retour");
        self.each(snapshot, &retours, |_, opened, bericht, columns, row| {
            let soort = columns.text(1, row)?;
            opened.dossier.retours.push(Retour {
                bericht,
                heen: soort.get(soort.len().checked_sub(3)?..)?.parse().ok()?,
                identificatie: Key::of(columns.text(2, row)?),
                afgekeurd: columns.truth(3, row),
            });
            Some(())
        })?;
        let answers = rows(
            "declaratie_identificatie, declaratie_nummer, ingediend_cents, toegekend_cents, geheel_afgekeurd, declaratie_dagtekening",
            "declaratie_antwoord",
        );
        let used_again = std::mem::take(&mut self.used_again);
        self.each(snapshot, &answers, |at, opened, bericht, columns, row| {
            opened.dossier.declaratie_antwoorden.push(DeclaratieAntwoord {
                bericht,
                declaratie: name_of(&used_again, at, columns.text(1, row)?, columns.day_number(6, row)),
                nummer: columns.text(2, row).map(Key::of),
                ingediend: columns.number(3, row),
                toegekend: columns.number(4, row),
                geheel_afgekeurd: columns.truth(5, row),
            });
            Some(())
        })?;
        let refused = rows("regel, client, referentie_nummer, toewijzing_nummer, bedrag_cents", "prestatie_afkeuring");
        self.each(snapshot, &refused, |_, opened, bericht, columns, row| {
            opened.dossier.afkeuringen.push(Afkeuring {
                bericht,
                regel: small(columns.number(1, row))?,
                client: Key::of(columns.text(2, row)?),
                referentie: Key::of(columns.text(3, row)?),
                toewijzing: small(columns.number(4, row))?,
                bedrag: i32::try_from(columns.number(5, row)?).ok()?,
            });
            Some(())
        })
    }

    fn read_prestaties(&mut self, snapshot: &Snapshot, sql: &str) -> Result<(), PipelineError> {
        self.each(snapshot, sql, |_, opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            if dossier.declaraties.last().is_none_or(|last| last.bericht != bericht) {
                let (nummer, begindatum) = (Key::of(columns.text(14, row)?), columns.day_number(15, row)?);
                dossier.declaraties.push(Declaratie { bericht, nummer, begindatum });
            }
            let bedrag = i32::try_from(columns.number(12, row)?).ok()?;
            let line = Prestatie {
                bericht,
                regel: small(columns.number(1, row))?,
                client: Key::of(columns.text(2, row)?),
                referentie: Key::of(columns.text(3, row)?),
                vorige: columns.text(4, row).map(Key::of),
                toewijzing: small(columns.number(5, row))?,
                categorie: dossier.word(columns.text(6, row)?),
                code: dossier.word(columns.text(7, row)?),
                begindatum: columns.day_number(8, row)?,
                einddatum: columns.day_number(9, row)?,
                volume: small(columns.number(10, row))?,
                tarief: small(columns.number(11, row)),
                bedrag,
                eenheid: Eenheid::from_code(columns.text(13, row)?),
                is_credit: bedrag < 0 || columns.text(4, row).is_some(),
            };
            dossier.prestaties.push(line);
            Some(())
        })
    }

    /// Tariffs of contracts; of two about the same, the later import holds.
    fn read_contracts(&mut self, snapshot: &Snapshot, among: &str) -> Result<(), PipelineError> {
        let sql = format!(
            "SELECT wet, gemeente, aanbieder, product_categorie, product_code, eenheid, begindatum, einddatum, tarief_cents
             FROM contract WHERE {among} ORDER BY _imported_at, begindatum"
        );
        for batch in &snapshot.query(&sql)? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let at = partijen(&columns, row).and_then(|partijen| self.of.get(&partijen).copied());
                let read = || {
                    Some(ContractTarief {
                        categorie: columns.text(3, row)?.into(),
                        code: columns.text(4, row).map(Into::into),
                        eenheid: Eenheid::from_code(columns.text(5, row)?),
                        begin: columns.day_number(6, row)?,
                        eind: columns.day_number(7, row),
                        cents: columns.number(8, row),
                    })
                };
                let Some((at, tarief)) = at.zip(read()) else { continue };
                let contract = &mut self.found[at].context.contract;
                contract.retain(|known| {
                    (&known.categorie, &known.code, known.eenheid, known.begin)
                        != (&tarief.categorie, &tarief.code, tarief.eenheid, tarief.begin)
                });
                contract.push(tarief);
            }
        }
        Ok(())
    }
}

fn omvang(columns: &Columns<'_>, row: usize, first: usize) -> Option<Omvang> {
    Some(Omvang {
        volume: columns.number(first, row)?,
        eenheid: Eenheid::from_code(columns.text(first + 1, row)?),
        frequentie: Frequentie::from_code(columns.text(first + 2, row)?),
    })
}

/// Nanoseconds since midnight.
fn nanoseconds(time: &str) -> i64 {
    let since = time.parse().map(|time| jiff::civil::Time::midnight().duration_until(time));
    since.ok().and_then(|since| i64::try_from(since.as_nanos()).ok()).unwrap_or_default()
}
