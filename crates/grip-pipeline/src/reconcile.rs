//! What was declared by message beside what was booked in the general ledger, per month and Taakveld, and what the difference
//! consists of as far as the data can tell. The method and its limits are in `docs/handboek/aansluiting.md`.

use std::collections::{BTreeMap, VecDeque};

use grip_import::Rekeningen;
use grip_lake::{Parameter, Snapshot};
use grip_odata::taakveld::Generatie;
use grip_prognose::in_force;
use grip_types::{Date, GemeenteCode, Maand, Wet};
use serde::Serialize;

use crate::{
    PipelineError,
    facts::{Columns, begroting},
};

/// Months after the month of delivery that its booking period stays open: an invoice comes in the month after delivery.
const OPEN_MONTHS: i32 = 1;

/// How many months later a booking may still be for a month of delivery.
const MATCH_MONTHS: i32 = 12;

/// A year of one municipality. Amounts are eurocents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
    /// Municipality.
    pub gemeente: String,
    /// Year.
    pub jaar: i16,
    /// Everything is as known at the end of this day.
    pub peildatum: String,
    /// Always `eurocent`.
    pub unit: &'static str,
    /// Per month and Taakveld.
    pub lines: Vec<ReconciliationLine>,
    /// All lines together.
    pub total: ReconciliationLine,
    /// Per Taakveld over the year, beside what else is known of it.
    pub taakvelden: Vec<ReconciliationYear>,
    /// Declared in categories that belong to no Taakveld that is known; not in any line.
    pub without_taakveld: i64,
    /// Booked on accounts of which no Taakveld is known; not in any line.
    pub without_mapping: i64,
}

/// One month and Taakveld, or a sum of them.
///
/// # Formula
/// `difference` = `declared` − `booked` = `refused` + `unanswered` + `late` + `not_yet_booked` + `other`, to the cent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReconciliationLine {
    /// Month of delivery, which is compared with the period of booking; empty in a sum.
    pub maand: String,
    /// Task field; empty in a sum over all.
    pub taakveld: String,
    /// Declared: debit less credit.
    pub declared: i64,
    /// Of which refused.
    pub refused: i64,
    /// Of which not yet answered.
    pub unanswered: i64,
    /// Of which approved: the rest.
    pub approved: i64,
    /// Booked in the general ledger.
    pub booked: i64,
    /// `declared` − `booked`.
    pub difference: i64,
    /// Approved, declared after the booking period had ended; below zero where it was booked afterwards.
    pub late: i64,
    /// Approved, declared in time and booked in a later period; below zero in that period.
    pub not_yet_booked: i64,
    /// What the data does not explain.
    pub other: i64,
}

/// One Taakveld over the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReconciliationYear {
    /// Task field, and the sums of its months; in JSON its fields stand beside the others.
    #[serde(flatten)]
    pub sums: ReconciliationLine,
    /// Spending in Iv3, when that was imported.
    pub iv3: Option<i64>,
    /// Which account of the year that is.
    pub verslagsoort: Option<String>,
    /// Budget per Taakveld that was in force, when there is one.
    pub begroting: Option<i64>,
}

/// What is known of one month and Taakveld.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cell {
    declared: i64,
    refused: i64,
    unanswered: i64,
    /// Approved lines that were received after the booking period.
    late: i64,
    booked: i64,
}

/// What the difference consists of besides refused and unanswered lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Parts {
    late: i64,
    not_yet_booked: i64,
    other: i64,
}

impl Cell {
    /// What was approved and not booked; below zero when more was booked.
    fn gap(&self) -> i64 {
        self.declared.saturating_sub(self.booked).saturating_sub(self.refused).saturating_sub(self.unanswered)
    }
}

/// Follows a shortage in one month to the surplus in a later one, the oldest first.
///
/// # Formula
/// A month in which less was booked than approved is short by its gap. Of that, `late` is what came after the booking period,
/// the rest came in time. A later month in which more was booked than approved, takes the surplus to be for the oldest shortage
/// of the twelve months before: first what came in time, then what was late, which can't have been booked before it came. What
/// was found so is `not_yet_booked` or `late` in the one month and the same below zero in the other, so that over both they are
/// nothing. What was in time and is found nowhere, and surplus that belongs to no month, is `other`.
fn explain(cells: &BTreeMap<Maand, Cell>) -> BTreeMap<Maand, Parts> {
    let mut parts: BTreeMap<Maand, Parts> = cells.keys().map(|maand| (*maand, Parts::default())).collect();
    let mut short: VecDeque<(Maand, i64, i64)> = VecDeque::new();
    for (maand, cell) in cells {
        let gap = cell.gap();
        if gap >= 0 {
            let late = cell.late.clamp(0, gap);
            if let Some(own) = parts.get_mut(maand) {
                *own = Parts { late, not_yet_booked: 0, other: gap - late };
            }
            short.push_back((*maand, gap - late, late));
            continue;
        }
        let mut surplus = gap.saturating_neg();
        let mut own = Parts::default();
        while short.front().is_some_and(|(first, ..)| maand.index() - first.index() > MATCH_MONTHS) {
            short.pop_front();
        }
        for (earlier, in_time, late) in &mut short {
            let found = surplus.min(*in_time);
            *in_time -= found;
            surplus -= found;
            own.not_yet_booked -= found;
            if let Some(of_earlier) = parts.get_mut(earlier) {
                of_earlier.not_yet_booked += found;
                of_earlier.other -= found;
            }
            if maand.index() - earlier.index() > OPEN_MONTHS {
                let found = surplus.min(*late);
                *late -= found;
                surplus -= found;
                own.late -= found;
            }
        }
        own.other = -surplus;
        parts.insert(*maand, own);
    }
    parts
}

fn line(cell: &Cell, parts: &Parts) -> ReconciliationLine {
    ReconciliationLine {
        maand: String::new(),
        taakveld: String::new(),
        declared: cell.declared,
        refused: cell.refused,
        unanswered: cell.unanswered,
        approved: cell.declared.saturating_sub(cell.refused).saturating_sub(cell.unanswered),
        booked: cell.booked,
        difference: cell.declared.saturating_sub(cell.booked),
        late: parts.late,
        not_yet_booked: parts.not_yet_booked,
        other: parts.other,
    }
}

impl ReconciliationLine {
    fn add(&mut self, other: &Self) {
        for (sum, part) in [
            (&mut self.declared, other.declared),
            (&mut self.refused, other.refused),
            (&mut self.unanswered, other.unanswered),
            (&mut self.approved, other.approved),
            (&mut self.booked, other.booked),
            (&mut self.difference, other.difference),
            (&mut self.late, other.late),
            (&mut self.not_yet_booked, other.not_yet_booked),
            (&mut self.other, other.other),
        ] {
            *sum = sum.saturating_add(part);
        }
    }
}

/// On which Taakveld what is declared in a category is expected, when the municipality does not say otherwise.
///
/// Wmo by the names of the taakvelden; Jeugdwet from 2025 on as municipalities divide the categories of iJw, where whether it was
/// bought locally, regionally or nationally follows from the contract: here regionally, and category 55 nationally.
///
/// # Source
/// Lists WMO020 and JZ020; CBS, Iv3-informatievoorschrift, toelichting taakvelden.
fn default_taakveld(wet: Wet, categorie: &str, generatie: Generatie) -> Option<&'static str> {
    // In 2017 to 2022, in 2023 and 2024, and from 2025 on.
    let [to_2022, to_2024, from_2025] = match (wet, categorie) {
        (Wet::Wmo, "01") => ["6.71", "6.71a", "6.711"],
        (Wet::Wmo, "02" | "03" | "06") => ["6.71", "6.71b", "6.712"],
        (Wet::Wmo, "07" | "09") => ["6.71", "6.71c", "6.713"],
        (Wet::Wmo, "04" | "05" | "08" | "10") => ["6.71", "6.71d", "6.714"],
        (Wet::Wmo, "11" | "12" | "13" | "14") => ["6.6", "6.6", "6.60"],
        (Wet::Wmo, "15" | "18") => ["6.81", "6.81a", "6.811"],
        (Wet::Wmo, "16" | "17") => ["6.81", "6.81b", "6.812"],
        (Wet::Jw, "32" | "45") => ["6.72", "6.72a", "6.752"],
        (Wet::Jw, "33" | "41") => ["6.72", "6.72c", "6.752"],
        (Wet::Jw, "31" | "34" | "40" | "42" | "50" | "53") => ["6.72", "6.72d", "6.752"],
        (Wet::Jw, "51" | "52" | "54") => ["6.72", "6.74a", "6.752"],
        (Wet::Jw, "46") => ["6.82", "6.74b", "6.752"],
        (Wet::Jw, "35") => ["6.72", "6.73a", "6.762"],
        (Wet::Jw, "36") => ["6.72", "6.73b", "6.762"],
        (Wet::Jw, "38" | "43" | "44") => ["6.72", "6.73c", "6.762"],
        (Wet::Jw, "37") => ["6.82", "6.74c", "6.762"],
        (Wet::Jw, "55") => ["6.72", "6.74b", "6.763"],
        (Wet::Jw, "47") => ["6.82", "6.82b", "6.822"],
        (Wet::Jw, "48") => ["6.82", "6.82a", "6.821"],
        (Wet::Jw, "49") => ["6.2", "6.2", "6.22"],
        _ => return None,
    };
    match generatie {
        Generatie::Functies => None,
        Generatie::Tot2022 => Some(to_2022),
        Generatie::Van2023 => Some(to_2024),
        Generatie::Vanaf2025 => Some(from_2025),
    }
}

/// One row of the municipality's own mapping.
struct Account {
    rekeningen: Rekeningen,
    taakveld: String,
    wet: Option<Wet>,
    categorie: Option<String>,
    is_last: bool,
}

/// The municipality's own mapping of accounts; of two rows about the same accounts the later import holds.
struct Mapping(BTreeMap<String, Vec<Account>>);

impl Mapping {
    fn load(snapshot: &Snapshot, gemeente: &str) -> Result<Self, PipelineError> {
        let sql = "SELECT rekening, taakveld, wet, product_categorie, CAST(is_last AS BIGINT), _imported_at
                   FROM grootboekrekening WHERE gemeente = $1 ORDER BY _imported_at, rekening";
        let mut found: BTreeMap<String, (String, Vec<Account>)> = BTreeMap::new();
        for batch in &snapshot.query_with(sql, &[Parameter::Text(gemeente)])? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let text = |column| columns.text(column, row);
                let (Some(rekening), Some(taakveld), Some(imported)) = (text(0), text(1), text(5)) else { continue };
                let Ok(rekeningen) = rekening.parse() else { continue };
                let account = Account {
                    rekeningen,
                    taakveld: taakveld.to_owned(),
                    wet: text(2).and_then(|wet| wet.parse().ok()),
                    categorie: text(3).map(ToOwned::to_owned),
                    is_last: columns.number(4, row) == Some(1),
                };
                let (latest, accounts) = found.entry(rekening.to_owned()).or_default();
                if latest != imported {
                    imported.clone_into(latest);
                    accounts.clear();
                }
                accounts.push(account);
            }
        }
        Ok(Self(found.into_iter().map(|(rekening, (_, accounts))| (rekening, accounts)).collect()))
    }

    fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.0.values().flatten()
    }

    /// Of an account: the narrowest that has it, in a list of that year when there is one.
    fn of_account(&self, rekening: &str, generatie: Generatie) -> Option<&Account> {
        let holders = self.accounts().filter(|account| account.rekeningen.contains(rekening));
        holders.max_by_key(|account| (generatie.has(&account.taakveld), account.rekeningen.precedence()))
    }

    /// Of what is declared: as the mapping says, or else the default.
    fn of_product(&self, wet: Wet, categorie: &str, jaar: i16) -> Option<&str> {
        let generatie = Generatie::of_year(jaar);
        let own = self.accounts().find(|account| {
            let is_about_it = account.wet == Some(wet) && account.categorie.as_deref() == Some(categorie);
            account.is_last && is_about_it && generatie.has(&account.taakveld)
        });
        own.map(|account| account.taakveld.as_str()).or_else(|| default_taakveld(wet, categorie, generatie))
    }
}

/// Whether a Taakveld is of the social domain, which is all that messages are about.
fn is_social(taakveld: &str) -> bool {
    taakveld.starts_with("6.")
}

/// The lines of `prestatie_stand` summed per product, month, state and whether they were late.
const DECLARED: &str = "
    SELECT prestatie_stand.wet, product_categorie,
           CAST(date_part('year', begindatum) * 12 + date_part('month', begindatum) - 1 AS BIGINT) AS maand,
           CAST(date_part('year', prestatie_stand._received_at) * 12 + date_part('month', prestatie_stand._received_at) - 1
                AS BIGINT) AS ontvangen,
           CASE WHEN afgekeurd_op IS NOT NULL THEN 'refused'
                WHEN beantwoord.bericht_id IS NOT NULL OR uit_export.declaratie_nummer IS NOT NULL THEN 'approved'
                ELSE 'unanswered' END AS stand,
           SUM(bedrag_cents)
    FROM prestatie_stand
    LEFT JOIN (SELECT DISTINCT bericht_id FROM declaratie_stand) AS beantwoord
        ON beantwoord.bericht_id = prestatie_stand.bericht_id
    LEFT JOIN (
        SELECT DISTINCT wet, gemeente, aanbieder, declaratie_nummer FROM declaratie_antwoord
        WHERE declaratie_identificatie = bericht_id AND declaratie_nummer IS NOT NULL
    ) AS uit_export
        ON uit_export.wet = prestatie_stand.wet AND uit_export.gemeente = prestatie_stand.gemeente
        AND uit_export.aanbieder = prestatie_stand.aanbieder
        AND uit_export.declaratie_nummer = prestatie_stand.declaratie_nummer
    WHERE prestatie_stand.gemeente = $1
    GROUP BY 1, 2, 3, 4, 5";

type Cells = BTreeMap<String, BTreeMap<Maand, Cell>>;

/// Compares a year. `known` is as of the peildatum, `all` is everything: which account is for what is no fact of a day, and
/// neither is a published account.
pub(crate) fn reconcile(
    known: &Snapshot,
    all: &Snapshot,
    gemeente: GemeenteCode,
    jaar: i16,
    peildatum: Date,
) -> Result<Reconciliation, PipelineError> {
    let code = gemeente.to_string();
    let mapping = Mapping::load(all, &code)?;
    let mut cells = Cells::new();
    let without_taakveld = add_declared(known, &code, jaar, &mapping, &mut cells)?;
    let (without_mapping, has_bookings) = add_booked(known, &code, jaar, &mapping, &mut cells)?;
    if !has_bookings {
        return Err(PipelineError::NoGrootboek(jaar));
    }
    let mut answer = Reconciliation {
        gemeente: code.clone(),
        jaar,
        peildatum: peildatum.to_string(),
        unit: "eurocent",
        lines: Vec::new(),
        total: ReconciliationLine::default(),
        taakvelden: Vec::new(),
        without_taakveld,
        without_mapping,
    };
    let iv3 = iv3(all, &code, jaar)?;
    let budget = budget(known, &code, jaar, peildatum)?;
    for (taakveld, months) in &cells {
        let parts = explain(months);
        let mut sums = ReconciliationLine { taakveld: taakveld.clone(), ..ReconciliationLine::default() };
        let mut is_empty = true;
        for (maand, cell) in months.iter().filter(|(maand, _)| maand.year() == jaar) {
            let line = line(cell, &parts.get(maand).copied().unwrap_or_default());
            sums.add(&line);
            answer.total.add(&line);
            answer.lines.push(ReconciliationLine { maand: maand.to_string(), taakveld: taakveld.clone(), ..line });
            is_empty = false;
        }
        if !is_empty {
            let published = iv3.get(taakveld);
            answer.taakvelden.push(ReconciliationYear {
                sums,
                iv3: published.map(|(_, cents)| *cents),
                verslagsoort: published.map(|(soort, _)| soort.clone()),
                begroting: budget.get(taakveld.as_str()).copied(),
            });
        }
    }
    answer.lines.sort_by(|a, b| (&a.maand, &a.taakveld).cmp(&(&b.maand, &b.taakveld)));
    Ok(answer)
}

/// Adds what was declared; gives what could not be placed in the year.
fn add_declared(
    snapshot: &Snapshot,
    gemeente: &str,
    jaar: i16,
    mapping: &Mapping,
    cells: &mut Cells,
) -> Result<i64, PipelineError> {
    let mut unplaced = 0_i64;
    for batch in &snapshot.query_with(DECLARED, &[Parameter::Text(gemeente)])? {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let read = || {
                let wet: Wet = columns.text(0, row)?.parse().ok()?;
                let maand = |column| i32::try_from(columns.number(column, row)?).ok().map(Maand::from_index);
                Some((wet, columns.text(1, row)?, maand(2)?, maand(3)?, columns.text(4, row)?, columns.number(5, row)?))
            };
            let Some((wet, categorie, maand, received, stand, cents)) = read() else { continue };
            let Some(taakveld) = mapping.of_product(wet, categorie, maand.year()) else {
                unplaced = unplaced.saturating_add(if maand.year() == jaar { cents } else { 0 });
                continue;
            };
            let cell = cells.entry(taakveld.to_owned()).or_default().entry(maand).or_default();
            cell.declared = cell.declared.saturating_add(cents);
            let is_late = received.index() - maand.index() > OPEN_MONTHS;
            let of = match stand {
                "refused" => &mut cell.refused,
                "unanswered" => &mut cell.unanswered,
                _ if is_late => &mut cell.late,
                _ => continue,
            };
            *of = of.saturating_add(cents);
        }
    }
    Ok(unplaced)
}

/// Adds what was booked as spending; gives what is on accounts that are not in the mapping, and whether the year has bookings.
fn add_booked(
    snapshot: &Snapshot,
    gemeente: &str,
    jaar: i16,
    mapping: &Mapping,
    cells: &mut Cells,
) -> Result<(i64, bool), PipelineError> {
    let sql = "SELECT jaar, periode, rekening, taakveld, categorie, rekeningtype, SUM(bedrag_cents)
               FROM grootboek_actueel WHERE gemeente = $1 GROUP BY 1, 2, 3, 4, 5, 6";
    let (mut unplaced, mut has_bookings) = (0_i64, false);
    for batch in &snapshot.query_with(sql, &[Parameter::Text(gemeente)])? {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let year = columns.number(0, row).and_then(|year| i16::try_from(year).ok());
            let (Some(year), Some(periode), Some(cents)) = (year, columns.number(1, row), columns.number(6, row))
            else {
                continue;
            };
            has_bookings |= year == jaar;
            let account = mapping.of_account(columns.text(2, row).unwrap_or_default(), Generatie::of_year(year));
            // A debt to a provider is the other side of its cost.
            if columns.text(5, row) == Some("balans") {
                continue;
            }
            // What is booked as income is none of what was declared.
            if account.is_some_and(|account| !account.is_last)
                || columns.text(4, row).is_some_and(|categorie| categorie.starts_with('B'))
            {
                continue;
            }
            let taakveld = columns.text(3, row).or(account.map(|account| account.taakveld.as_str()));
            let Some(taakveld) = taakveld else {
                unplaced = unplaced.saturating_add(if year == jaar { cents } else { 0 });
                continue;
            };
            if is_social(taakveld) {
                // Opening and closing periods belong to the first and the last month.
                let month = i32::try_from(periode.clamp(1, 12)).unwrap_or(12);
                let months = cells.entry(taakveld.to_owned()).or_default();
                let cell = months.entry(Maand::new(year, month)).or_default();
                cell.booked = cell.booked.saturating_add(cents);
            }
        }
    }
    Ok((unplaced, has_bookings))
}

/// Spending per Taakveld by the latest account of the year that was published.
fn iv3(snapshot: &Snapshot, gemeente: &str, jaar: i16) -> Result<BTreeMap<String, (String, i64)>, PipelineError> {
    let sql = "SELECT taakveld, verslagsoort, SUM(bedrag_cents) FROM iv3_actueel
               WHERE gemeente = $1 AND jaar = $2 AND is_last GROUP BY 1, 2";
    let mut found: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for batch in &snapshot.query_with(sql, &[Parameter::Text(gemeente), Parameter::Number(i64::from(jaar))])? {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            let text = |column| columns.text(column, row).unwrap_or_default().to_owned();
            let (taakveld, soort) = (text(0), text(1));
            let rank = |soort: &str| (soort == "jaarrekening", soort != "begroting", soort.to_owned());
            let holder = found.get(&taakveld);
            if holder.is_none_or(|(known, _)| rank(known) < rank(&soort)) {
                found.insert(taakveld, (soort, columns.number(2, row).unwrap_or_default()));
            }
        }
    }
    Ok(found)
}

/// The budget per Taakveld in force on the day; a Taakveld may have one per law.
fn budget(
    snapshot: &Snapshot,
    gemeente: &str,
    jaar: i16,
    peildatum: Date,
) -> Result<BTreeMap<String, i64>, PipelineError> {
    let rows = begroting(&snapshot.query_with(crate::facts::BEGROTING, &[Parameter::Text(gemeente)])?);
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for ((_, _, taakveld), cents) in in_force(&rows, jaar, peildatum) {
        if let Some(taakveld) = taakveld {
            let sum = found.entry(taakveld.into_string()).or_default();
            *sum = sum.saturating_add(cents);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use grip_types::Wet;
    use proptest::prelude::*;

    use super::{BTreeMap, Cell, Generatie, MATCH_MONTHS, Maand, Parts, default_taakveld, explain, line};

    fn maand(month: i32) -> Maand {
        Maand::new(2024, month)
    }

    #[track_caller]
    fn check(cells: &[(i32, [i64; 5])], expected: &[[i64; 3]]) {
        let cells = cells.iter().map(|(month, [declared, refused, unanswered, late, booked])| {
            let cell =
                Cell { declared: *declared, refused: *refused, unanswered: *unanswered, late: *late, booked: *booked };
            (maand(*month), cell)
        });
        let found = explain(&cells.collect());
        let found: Vec<[i64; 3]> = found.values().map(|part| [part.late, part.not_yet_booked, part.other]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_booked_later_is_followed() {
        // Everything booked in its own month.
        check(&[(1, [100, 0, 0, 0, 100])], &[[0, 0, 0]]);
        // January is booked in February.
        check(&[(1, [100, 0, 0, 0, 0]), (2, [50, 0, 0, 0, 150])], &[[0, 100, 0], [0, -100, 0]]);
        // 30 of January came late and is booked in March; February is not late yet.
        check(
            &[(1, [100, 0, 0, 30, 70]), (2, [0, 0, 0, 0, 5]), (3, [0, 0, 0, 0, 30])],
            &[[30, 0, 0], [0, 0, -5], [-30, 0, 0]],
        );
        // Never booked: in time is not explained, late is.
        check(&[(1, [100, 10, 20, 30, 0])], &[[30, 0, 40]]);
        // More booked than approved before anything was short.
        check(&[(1, [0, 0, 0, 0, 100]), (2, [100, 0, 0, 0, 0])], &[[0, 0, -100], [0, 0, 100]]);
        // A shortage of more than a year ago is not what is booked now.
        check(&[(1, [100, 0, 0, 0, 0]), (1 + MATCH_MONTHS + 1, [0, 0, 0, 0, 100])], &[[0, 0, 100], [0, 0, -100]]);
    }

    proptest! {
        #[test]
        fn parts_are_the_difference_to_the_cent(
            cells in prop::collection::btree_map(
                0..40_i32,
                (-5_000..5_000_i64, -500..500_i64, -500..500_i64, -2_000..5_000_i64, -5_000..9_000_i64),
                0..40,
            ),
        ) {
            let cells: BTreeMap<Maand, Cell> = cells
                .into_iter()
                .map(|(month, (declared, refused, unanswered, late, booked))| {
                    (maand(month), Cell { declared, refused, unanswered, late, booked })
                })
                .collect();
            let parts = explain(&cells);
            let mut sums = Parts::default();
            for (month, cell) in &cells {
                let line = line(cell, &parts[month]);
                prop_assert_eq!(
                    line.difference,
                    line.refused + line.unanswered + line.late + line.not_yet_booked + line.other
                );
                prop_assert_eq!(line.approved + line.refused + line.unanswered, line.declared);
                // No part is more than there is to explain, and none has the other sign.
                let gap = cell.gap();
                for part in [line.late, line.not_yet_booked, line.other] {
                    prop_assert!((gap.min(0)..=gap.max(0)).contains(&part), "{} of {}", part, gap);
                }
                sums.late += line.late;
                sums.not_yet_booked += line.not_yet_booked;
            }
            // What was found in a later period counts once in each; late may be found nowhere.
            prop_assert_eq!(sums.not_yet_booked, 0);
            prop_assert!(sums.late >= 0);
        }
    }

    #[test]
    fn every_category_has_a_taakveld_in_the_list_of_its_year() {
        for (wet, categorieen) in [(Wet::Wmo, 1..=18), (Wet::Jw, 31..=55)] {
            for categorie in categorieen.filter(|categorie| *categorie != 39) {
                for jaar in [2019, 2022, 2023, 2024, 2025] {
                    let generatie = Generatie::of_year(jaar);
                    let found = default_taakveld(wet, &format!("{categorie:02}"), generatie);
                    assert!(found.is_some_and(|taakveld| generatie.has(taakveld)), "{wet} {categorie} {jaar}");
                }
            }
        }
        assert_eq!(default_taakveld(Wet::Jw, "01", Generatie::Vanaf2025), None);
    }
}
