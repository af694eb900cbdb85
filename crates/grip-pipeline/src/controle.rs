//! The rules over messages together: dossiers out of the tables, judgements into `bevinding`.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::array::RecordBatch;
use grip_lake::{Intake, Lake, Parameter, Snapshot, days};
use grip_ledger::{Eenheid, Frequentie, Omvang};
use grip_rules::across::{
    self, Afkeuring, Antwoord, Asked, Bericht, Context, ContractTarief, Declaratie, DeclaratieAntwoord, Dossier,
    Elders, Judgement, Key, Prestatie, Retour, Start, Stop, Toewijzing, Verzoek,
};
use grip_types::{Date, Wet};

use crate::{
    PipelineError,
    facts::Columns,
    table::{BevindingRow, BevindingRows, ControleRow, ControleRows},
};

/// Lines of messages that are held at a time: what the largest providers of a large municipality sent in ten years.
const LINES_MAX: i64 = 1_000_000;

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
    let since = number(&snapshot.query("SELECT COALESCE(MAX(_intake), 0) FROM controle")?);
    let of_messages = "status <> 'geweigerd' AND wet IS NOT NULL AND identificatie IS NOT NULL";
    let until = number(&snapshot.query("SELECT COALESCE(MAX(_intake), 0) FROM bericht")?);
    let new_contract = format!(
        "SELECT gemeente FROM bericht WHERE berichtsoort = 'contract' AND status <> 'geweigerd' AND _intake > {since}"
    );
    let touched = snapshot.query(&format!(
        "SELECT wet, gemeente, aanbieder, SUM(regels), MAX(_received_at), COUNT(*)
         FROM bericht WHERE {of_messages} GROUP BY wet, gemeente, aanbieder
         HAVING MAX(_intake) > {since} OR gemeente IN ({new_contract})
         ORDER BY wet, gemeente, aanbieder"
    ))?;
    let (mut batches, mut lines, mut last, mut count) = (Vec::<Vec<Partijen>>::new(), 0, None, 0);
    for batch in &touched {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let Some(partijen) = partijen(&columns, row) else { continue };
            let its_lines = columns.number(3, row).unwrap_or_default();
            if batches.is_empty() || lines + its_lines > LINES_MAX {
                batches.push(Vec::new());
                lines = 0;
            }
            lines += its_lines;
            if let Some(batch) = batches.last_mut() {
                batch.push(partijen);
            }
            last = last.max(columns.day(4, row));
            count += columns.number(5, row).unwrap_or_default();
        }
    }
    let Some(last) = last else { return Ok(BTreeMap::new()) };
    let new = new_messages(&snapshot, since, &new_contract)?;
    let contracted = texts(&snapshot.query(&new_contract)?);
    let elders = Numbers::load(&snapshot)?;
    let mut judged = BTreeMap::new();
    let mut findings = BevindingRows::default();
    for batch in batches {
        for (partijen, mut opened) in open(&snapshot, &batch, &elders)? {
            let Opened { dossier, context, berichten } = &mut opened;
            // What came in later than it was received can change what was said of everything after it.
            let first_new =
                berichten.iter().filter(|(digest, _)| new.contains(digest)).map(|(_, received)| *received).min();
            let is_concerned = |(digest, received): &(u128, Date)| {
                new.contains(digest) || first_new.is_some_and(|first| *received >= first)
            };
            let has_told = contracted.contains(&*partijen.gemeente)
                || berichten.iter().any(|bericht| !new.contains(&bericht.0) && is_concerned(bericht));
            let known = if has_told { known_findings(&snapshot, &partijen)? } else { HashSet::new() };
            let is_new = |bericht: u32| berichten.get(bericht as usize).is_some_and(is_concerned);
            let mut judgements = across::judge(dossier, context, is_new);
            let runs_since = first_allocation(dossier, berichten).map(|first| days(first) + RUN_IN_DAYS);
            judgements.retain(|judgement| {
                let (digest, received) = berichten.get(judgement.bericht as usize).copied().unwrap_or_default();
                let is_told = known.contains(&(digest, judgement.rule.code.to_owned(), judgement.regel));
                let is_run_in = runs_since.is_some_and(|since| days(received) >= since);
                judgement.rule.code != INSIDE_TOO
                    && !is_told
                    && (is_run_in || !NEEDS_BEGIN.contains(&judgement.rule.code))
            });
            for judgement in &judgements {
                *judged.entry(judgement.rule.code).or_default() += 1;
                push(&mut findings, judgement, berichten);
            }
        }
        if findings.count > 0 {
            let mut file = intake.stage(BevindingRows::TABLE)?;
            file.write(&findings.finish())?;
            file.finish()?;
        }
    }
    let mut rows = ControleRows::default();
    rows.push(ControleRow {
        versie: env!("CARGO_PKG_VERSION"),
        _intake: until,
        berichten: count,
        bevindingen: i64::try_from(judged.values().sum::<usize>()).unwrap_or(i64::MAX),
        _received_at: last,
    });
    let mut file = intake.stage(ControleRows::TABLE)?;
    file.write(&rows.finish())?;
    file.finish()?;
    intake.commit()?;
    Ok(judged)
}

fn push(rows: &mut BevindingRows, judgement: &Judgement, berichten: &[(u128, Date)]) {
    let Some((digest, received)) = berichten.get(judgement.bericht as usize) else { return };
    rows.push(BevindingRow {
        bericht_id: &format!("{digest:032x}"),
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

fn number(batches: &[RecordBatch]) -> i64 {
    batches
        .first()
        .filter(|batch| batch.num_rows() > 0)
        .and_then(|batch| Columns(batch).number(0, 0))
        .unwrap_or_default()
}

/// The texts of the first column.
fn texts(batches: &[RecordBatch]) -> HashSet<String> {
    let texts = batches.iter().flat_map(|batch| {
        let columns = Columns(batch);
        (0..batch.num_rows()).filter_map(move |row| columns.text(0, row).map(ToOwned::to_owned))
    });
    texts.collect()
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

/// Messages to judge: those that are new, and all of a municipality of which there is a new contract.
fn new_messages(snapshot: &Snapshot<'_>, since: i64, new_contract: &str) -> Result<HashSet<u128>, PipelineError> {
    let batches = snapshot
        .query(&format!("SELECT bericht_id FROM bericht WHERE _intake > {since} OR gemeente IN ({new_contract})"))?;
    let ids = batches.iter().flat_map(|batch| {
        let columns = Columns(batch);
        (0..batch.num_rows()).filter_map(move |row| columns.text(0, row).map(digest))
    });
    Ok(ids.collect())
}

/// What was found before in the messages of a dossier: message, rule and line.
fn known_findings(snapshot: &Snapshot<'_>, partijen: &Partijen) -> Result<HashSet<(u128, String, u32)>, PipelineError> {
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
            Some((digest(id), code.to_owned(), small(columns.number(2, row)).unwrap_or_default()))
        })
    });
    Ok(found.collect())
}

/// Who has which ToewijzingNummer, and since when: numbers are unique within law and municipality (TR332).
#[derive(Default)]
pub(crate) struct Numbers(HashMap<(Wet, Box<str>, u32), Vec<(Box<str>, Date, u128)>>);

impl Numbers {
    pub(crate) fn load(snapshot: &Snapshot<'_>) -> Result<Self, PipelineError> {
        let mut found = Self::default();
        let sql = "SELECT wet, gemeente, aanbieder, toewijzing_nummer, MIN(_received_at), MIN(bericht_id)
                   FROM toewijzing WHERE toewijzing_nummer IS NOT NULL
                   GROUP BY wet, gemeente, aanbieder, toewijzing_nummer";
        for batch in &snapshot.query(sql)? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let Some((partijen, nummer)) = partijen(&columns, row).zip(small(columns.number(3, row))) else {
                    continue;
                };
                let Some((received, id)) = columns.day(4, row).zip(columns.text(5, row)) else { continue };
                let holders = found.0.entry((partijen.wet, partijen.gemeente, nummer)).or_default();
                holders.push((partijen.aanbieder, received, digest(id)));
            }
        }
        Ok(found)
    }

    fn elsewhere(&self, partijen: &Partijen, nummer: u32) -> impl Iterator<Item = Elders> {
        let holders = self.0.get(&(partijen.wet, partijen.gemeente.clone(), nummer));
        let others = holders.into_iter().flatten().filter(|(aanbieder, ..)| *aanbieder != partijen.aanbieder);
        others.map(move |(_, received, digest)| Elders {
            nummer,
            received: days(*received),
            digest: first_half(*digest),
        })
    }
}

fn small(number: Option<i64>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

/// Reads the dossiers of these parties.
pub(crate) fn open(
    snapshot: &Snapshot<'_>,
    of: &[Partijen],
    numbers: &Numbers,
) -> Result<BTreeMap<Partijen, Opened>, PipelineError> {
    let mut reader = DossierReader::default();
    for partijen in of {
        let dossier = Dossier::new(partijen.wet, &partijen.gemeente);
        let opened = Opened { dossier, context: Context::default(), berichten: Vec::new() };
        reader.found.insert(partijen.clone(), opened);
    }
    let codes: HashSet<&str> = of.iter().map(|partijen| partijen.aanbieder.as_ref()).collect();
    let mut codes: Vec<String> = codes.into_iter().map(|code| format!("'{}'", code.replace('\'', "''"))).collect();
    codes.sort_unstable();
    let among = format!("aanbieder IN ({})", codes.join(", "));
    reader.read(snapshot, &among)?;
    let mut found = reader.found;
    for (partijen, opened) in &mut found {
        let dossier = &opened.dossier;
        let mut used: Vec<u32> = dossier.prestaties.iter().map(|line| line.toewijzing).collect();
        used.extend(dossier.toewijzingen.iter().map(|version| version.nummer));
        used.sort_unstable();
        used.dedup();
        let elders: Vec<Elders> = used.into_iter().flat_map(|nummer| numbers.elsewhere(partijen, nummer)).collect();
        opened.dossier.elders = elders;
    }
    Ok(found)
}

/// Dossiers while they are read, and which message has which number in which of them.
#[derive(Default)]
struct DossierReader {
    found: BTreeMap<Partijen, Opened>,
    numbers: HashMap<u128, u32>,
    used_again: HashSet<(Partijen, String)>,
}

impl DossierReader {
    /// The name of a message in its dossier: its identification, and its date where that was used again.
    fn name_of(&self, partijen: &Partijen, identificatie: &str, dagtekening: Option<Date>) -> Option<Key> {
        let is_used_again =
            !self.used_again.is_empty() && self.used_again.contains(&(partijen.clone(), identificatie.to_owned()));
        let dagtekening = dagtekening.filter(|_| is_used_again);
        Some(dagtekening.map_or_else(|| Key::of(identificatie), |day| Key::of(&(identificatie, days(day)))))
    }

    /// Gives each row of a query to the dossier it belongs to, with the number of its message. The first four columns are
    /// law, municipality, provider and message.
    fn each(
        &mut self,
        batches: &[RecordBatch],
        mut take: impl FnMut(&mut Opened, u32, &Columns<'_>, usize) -> Option<()>,
    ) {
        for batch in batches {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let Some(opened) = partijen(&columns, row).and_then(|partijen| self.found.get_mut(&partijen)) else {
                    continue;
                };
                let Some(bericht) = columns.text(3, row).and_then(|id| self.numbers.get(&digest(id))) else { continue };
                take(opened, *bericht, &columns, row);
            }
        }
    }

    fn read(&mut self, snapshot: &Snapshot<'_>, among: &str) -> Result<(), PipelineError> {
        let rows = |columns: &str, table: &str| {
            snapshot
                .query(&format!("SELECT wet, gemeente, aanbieder, bericht_id, {columns} FROM {table} WHERE {among}"))
        };
        let messages = snapshot.query(&format!(
            "SELECT wet, gemeente, aanbieder, bericht_id, berichtsoort, identificatie, dagtekening, _received_at
             FROM bericht WHERE {among} AND status <> 'geweigerd' AND identificatie IS NOT NULL"
        ))?;
        // An identification that was used again after a refusal: the date tells which message an answer is about.
        let mut used: HashMap<(Partijen, String, String), usize> = HashMap::new();
        for batch in &messages {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let name = columns.text(4, row).zip(columns.text(5, row));
                if let Some((partijen, (soort, id))) = partijen(&columns, row).zip(name) {
                    *used.entry((partijen, soort.to_owned(), id.to_owned())).or_default() += 1;
                }
            }
        }
        used.retain(|_, times| *times > 1);
        self.used_again = used.into_keys().map(|(partijen, _, id)| (partijen, id)).collect();
        for batch in &messages {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let name_of = |partijen: &Partijen| self.name_of(partijen, columns.text(5, row)?, columns.day(6, row));
                let name = partijen(&columns, row).as_ref().and_then(name_of);
                let read = || {
                    let soort = columns.text(4, row)?;
                    let nummer = soort.get(soort.len().checked_sub(3)?..)?.parse().ok()?;
                    let (id, received) = (digest(columns.text(3, row)?), columns.day(7, row)?);
                    let bericht = Bericht {
                        nummer,
                        identificatie: name?,
                        dagtekening: days(columns.day(6, row)?),
                        received: days(received),
                        digest: first_half(id),
                    };
                    Some((id, received, bericht))
                };
                let opened = partijen(&columns, row).and_then(|partijen| self.found.get_mut(&partijen));
                let Some((opened, (id, received, bericht))) = opened.zip(read()) else { continue };
                self.numbers.insert(id, opened.dossier.add(bericht));
                opened.berichten.push((id, received));
            }
        }
        self.read_toewijzingen(&rows(
            "regel, client, toewijzing_nummer, referentie_aanbieder, product_categorie, product_code, toewijzingsdatum,
             toewijzingstijd, ingangsdatum, einddatum, reden_wijziging, omvang_volume, omvang_eenheid, omvang_frequentie, budget_cents",
            "toewijzing",
        )?);
        self.read_starts(&rows(
            "regel, client, toewijzing_nummer, product_categorie, product_code, begindatum, status_aanlevering",
            "start",
        )?);
        self.read_stops(&rows(
            "regel, client, toewijzing_nummer, product_categorie, product_code, begindatum, status_aanlevering, reden_beeindiging, einddatum",
            "stop",
        )?);
        self.read_verzoeken(&rows(
            "regel, client, referentie_aanbieder, onderdeel, toewijzing_nummer, product_categorie, product_code, ingangsdatum,
             einddatum, omvang_volume, omvang_eenheid, omvang_frequentie, budget_cents",
            "verzoek",
        )?);
        self.read_answers(snapshot, among)?;
        self.read_prestaties(&rows(
            "regel, client, referentie_nummer, vorig_referentie_nummer, toewijzing_nummer, product_categorie, product_code,
             begindatum, einddatum, geleverd_volume, tarief_cents, bedrag_cents, eenheid, declaratie_nummer, declaratie_begindatum",
            "prestatie",
        )?);
        self.read_contracts(snapshot, among)
    }

    fn read_toewijzingen(&mut self, batches: &[RecordBatch]) {
        self.each(batches, |opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let version = Toewijzing {
                bericht,
                regel: small(columns.number(4, row))?,
                client: Key::of(columns.text(5, row)?),
                nummer: small(columns.number(6, row))?,
                referentie: columns.text(7, row).map(Key::of),
                categorie: columns.text(8, row).map(|text| dossier.word(text)),
                code: columns.text(9, row).map(|text| dossier.word(text)),
                stempel: (days(columns.day(10, row)?), nanoseconds(columns.text(11, row)?)),
                ingangsdatum: days(columns.day(12, row)?),
                einddatum: columns.day(13, row).map(days),
                reden_wijziging: columns.text(14, row).map(|text| dossier.word(text)),
                omvang: omvang(columns, row, 15),
                budget: columns.number(18, row),
            };
            dossier.toewijzingen.push(version);
            Some(())
        });
    }

    fn read_starts(&mut self, batches: &[RecordBatch]) {
        self.each(batches, |opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let start = Start {
                bericht,
                regel: small(columns.number(4, row))?,
                client: Key::of(columns.text(5, row)?),
                toewijzing: small(columns.number(6, row)),
                categorie: columns.text(7, row).map(|text| dossier.word(text)),
                code: columns.text(8, row).map(|text| dossier.word(text)),
                begindatum: days(columns.day(9, row)?),
                deletes: columns.text(10, row) == Some("3"),
            };
            dossier.starts.push(start);
            Some(())
        });
    }

    fn read_stops(&mut self, batches: &[RecordBatch]) {
        self.each(batches, |opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let stop = Stop {
                bericht,
                regel: small(columns.number(4, row))?,
                client: Key::of(columns.text(5, row)?),
                toewijzing: small(columns.number(6, row)),
                categorie: columns.text(7, row).map(|text| dossier.word(text)),
                code: columns.text(8, row).map(|text| dossier.word(text)),
                begindatum: days(columns.day(9, row)?),
                reden: dossier.word(columns.text(11, row)?),
                einddatum: days(columns.day(12, row)?),
                deletes: columns.text(10, row) == Some("3"),
            };
            dossier.stops.push(stop);
            Some(())
        });
    }

    fn read_verzoeken(&mut self, batches: &[RecordBatch]) {
        self.each(batches, |opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let asked = match columns.text(7, row)? {
                "ongewijzigd" => Asked::Ongewijzigd,
                "te_wijzigen" => Asked::TeWijzigen,
                "nieuw" => Asked::Nieuw,
                _ => Asked::Aangevraagd,
            };
            let verzoek = Verzoek {
                bericht,
                regel: small(columns.number(4, row))?,
                client: Key::of(columns.text(5, row)?),
                referentie: Key::of(columns.text(6, row)?),
                asked,
                toewijzing: small(columns.number(8, row)),
                categorie: columns.text(9, row).map(|text| dossier.word(text)),
                code: columns.text(10, row).map(|text| dossier.word(text)),
                ingangsdatum: columns.day(11, row).map(days),
                einddatum: columns.day(12, row).map(days),
                omvang: omvang(columns, row, 13),
                budget: columns.number(16, row),
            };
            dossier.verzoeken.push(verzoek);
            Some(())
        });
    }

    /// What answers messages: 319, the retours, and 325 with its refused lines.
    fn read_answers(&mut self, snapshot: &Snapshot<'_>, among: &str) -> Result<(), PipelineError> {
        let rows = |columns: &str, table: &str| {
            snapshot
                .query(&format!("SELECT wet, gemeente, aanbieder, bericht_id, {columns} FROM {table} WHERE {among}"))
        };
        let answers = rows("referentie_aanbieder, verzoek_antwoord, reden_afwijzing, woonplaats_gemeente", "antwoord")?;
        self.each(&answers, |opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            let antwoord = Antwoord {
                bericht,
                referentie: Key::of(columns.text(4, row)?),
                afgewezen: columns.text(5, row) == Some("1"),
                reden: columns.text(6, row).map(|text| dossier.word(text)),
                gemeente: columns.text(7, row).map(|text| dossier.word(text)),
            };
            dossier.antwoorden.push(antwoord);
            Some(())
        });
        let retours = rows("beantwoord_soort, beantwoord_identificatie, CAST(afgekeurd AS BIGINT)", "retour")?;
        self.each(&retours, |opened, bericht, columns, row| {
            let soort = columns.text(4, row)?;
            opened.dossier.retours.push(Retour {
                bericht,
                heen: soort.get(soort.len().checked_sub(3)?..)?.parse().ok()?,
                identificatie: Key::of(columns.text(5, row)?),
                afgekeurd: columns.number(6, row)? == 1,
            });
            Some(())
        });
        let answers = rows(
            "declaratie_identificatie, declaratie_nummer, ingediend_cents, toegekend_cents, CAST(geheel_afgekeurd AS BIGINT), declaratie_dagtekening",
            "declaratie_antwoord",
        )?;
        let used_again = std::mem::take(&mut self.used_again);
        self.each(&answers, |opened, bericht, columns, row| {
            let identificatie = columns.text(4, row)?;
            let of = partijen(columns, row)?;
            let day = columns.day(9, row).filter(|_| used_again.contains(&(of, identificatie.to_owned())));
            opened.dossier.declaratie_antwoorden.push(DeclaratieAntwoord {
                bericht,
                declaratie: day.map_or_else(|| Key::of(identificatie), |day| Key::of(&(identificatie, days(day)))),
                nummer: columns.text(5, row).map(Key::of),
                ingediend: columns.number(6, row),
                toegekend: columns.number(7, row),
                geheel_afgekeurd: columns.number(8, row)? == 1,
            });
            Some(())
        });
        let refused = rows("regel, client, referentie_nummer, toewijzing_nummer, bedrag_cents", "prestatie_afkeuring")?;
        self.each(&refused, |opened, bericht, columns, row| {
            opened.dossier.afkeuringen.push(Afkeuring {
                bericht,
                regel: small(columns.number(4, row))?,
                client: Key::of(columns.text(5, row)?),
                referentie: Key::of(columns.text(6, row)?),
                toewijzing: small(columns.number(7, row))?,
                bedrag: i32::try_from(columns.number(8, row)?).ok()?,
            });
            Some(())
        });
        Ok(())
    }

    fn read_prestaties(&mut self, batches: &[RecordBatch]) {
        let mut seen: HashSet<u128> = HashSet::new();
        self.each(batches, |opened, bericht, columns, row| {
            let dossier = &mut opened.dossier;
            if seen.insert(digest(columns.text(3, row)?)) {
                let (nummer, begindatum) = (Key::of(columns.text(17, row)?), days(columns.day(18, row)?));
                dossier.declaraties.push(Declaratie { bericht, nummer, begindatum });
            }
            let bedrag = i32::try_from(columns.number(15, row)?).ok()?;
            let line = Prestatie {
                bericht,
                regel: small(columns.number(4, row))?,
                client: Key::of(columns.text(5, row)?),
                referentie: Key::of(columns.text(6, row)?),
                vorige: columns.text(7, row).map(Key::of),
                toewijzing: small(columns.number(8, row))?,
                categorie: dossier.word(columns.text(9, row)?),
                code: dossier.word(columns.text(10, row)?),
                begindatum: days(columns.day(11, row)?),
                einddatum: days(columns.day(12, row)?),
                volume: small(columns.number(13, row))?,
                tarief: small(columns.number(14, row)),
                bedrag,
                eenheid: Eenheid::from_code(columns.text(16, row)?),
                is_credit: bedrag < 0 || columns.text(7, row).is_some(),
            };
            dossier.prestaties.push(line);
            Some(())
        });
    }

    /// Tariffs of contracts; of two about the same, the later import holds.
    fn read_contracts(&mut self, snapshot: &Snapshot<'_>, among: &str) -> Result<(), PipelineError> {
        let sql = format!(
            "SELECT wet, gemeente, aanbieder, product_categorie, product_code, eenheid, begindatum, einddatum, tarief_cents
             FROM contract WHERE {among} ORDER BY _imported_at, begindatum"
        );
        for batch in &snapshot.query(&sql)? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let opened = partijen(&columns, row).and_then(|partijen| self.found.get_mut(&partijen));
                let read = || {
                    Some(ContractTarief {
                        categorie: columns.text(3, row)?.into(),
                        code: columns.text(4, row).map(Into::into),
                        eenheid: Eenheid::from_code(columns.text(5, row)?),
                        begin: days(columns.day(6, row)?),
                        eind: columns.day(7, row).map(days),
                        cents: columns.number(8, row),
                    })
                };
                let Some((opened, tarief)) = opened.zip(read()) else { continue };
                let contract = &mut opened.context.contract;
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
    let midnight = jiff::civil::Time::midnight();
    let since = time.parse::<jiff::civil::Time>().ok().and_then(|time| midnight.until(time).ok());
    since.and_then(|span| span.total(jiff::Unit::Nanosecond).ok()).map_or(0, whole)
}

/// A count of nanoseconds of a day, which a float holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "at most 86,400,000,000,000")]
fn whole(nanoseconds: f64) -> i64 {
    nanoseconds as i64
}
