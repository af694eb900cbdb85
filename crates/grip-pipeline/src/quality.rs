//! The quality of what came in: per sender what came when and what was wrong with it, what was refused and why, what is
//! missing, and how old each source is. Everything as known on a peildatum, for one municipality.
//!
//! What is counted here is asked of the tables with plain SQL; what takes a judgement (a missing month, a missing start) is a
//! pure function of [`Facts`].

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use arrow::array::RecordBatch;
use grip_lake::{Parameter, Snapshot};
use grip_ledger::{current, is_deleted};
use grip_prognose::Facts;
use grip_types::{AgbCode, Date, GemeenteCode, Maand, Pseudoniem, Wet};
use jiff::ToSpan;
use serde::Serialize;

use crate::{
    PipelineError,
    facts::Columns,
    rule_texts::{RuleText, retour_text, rule_text},
};

/// Months that must all have been declared before a month without a declaration is called missing: half a year. A provider
/// who skips one month in six at random has so many in a row one time in three, one who skips one in three one time in
/// eleven; those who always declare always have them.
const MONTHS_BEFORE: i32 = 6;
/// A month is not missed earlier than this many days after its end, however fast the provider usually is. Most of a month
/// is declared within one month of its end; two leave room for one that was late once.
const TERM_DAYS_MIN: i64 = 60;
/// Declared months over which a provider's own slowest delay is taken.
const DELAY_MONTHS: usize = 12;
/// Days after the end of an allocation in which its stop may still come: five working days (OP288), also when holidays
/// fall in them.
const STOP_DAYS: i64 = 14;
/// Days after receipt in which a declaratie may still be answered: ten working days (OP090x4), also when holidays fall in
/// them.
const ANSWER_DAYS: i64 = 21;
/// Days after receipt in which a request may still be answered: five working days (OP274), also when holidays fall in them.
const REQUEST_DAYS: i64 = 14;
/// Days in which a request may still be answered once it was said to be examined: eight weeks (OP346).
const RESEARCH_DAYS: i64 = 56;
/// Findings that are listed one by one on the page of their rule.
const LATEST_MAX: usize = 50;

/// The quality of the data of one municipality.
#[derive(Debug, Clone, Serialize)]
pub struct Quality {
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// The day as of which everything is known, `YYYY-MM-DD`.
    pub peildatum: String,
    /// Always `eurocent`: the unit of every amount.
    pub unit: &'static str,
    /// Per kind of message and of imported file: when the last came.
    pub sources: Vec<Source>,
    /// Per sender, the one with most lines first. The municipality itself is one of them.
    pub senders: Vec<Sender>,
    /// All senders together, per month of receipt.
    pub months: Vec<QualityMonth>,
    /// Why lines were refused, the most money first.
    pub refusals: Vec<Refusal>,
    /// Months over which a provider who always declared did not, the latest first.
    pub missing_months: Vec<MissingMonth>,
    /// Starts and stops that are missing, per provider, the most first.
    pub deliveries: Vec<Deliveries>,
    /// Declaraties and requests without an answer in time, per provider, the most first.
    pub unanswered: Vec<Unanswered>,
    /// What is known of the clients.
    pub coverage: Coverage,
    /// Findings by rule, the most first.
    pub findings: Vec<FindingTotal>,
    /// What was removed because its term was over, of all municipalities together: figures before that day lack it.
    pub purged: Vec<PurgedRows>,
}

/// Rows of persons that were removed from a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurgedRows {
    /// declaratie, zorg or kenmerk.
    pub soort: String,
    /// Table they were in.
    pub tabel: String,
    /// First day that was kept, `YYYY-MM-DD`.
    pub tot: String,
    /// How many were removed.
    pub regels: i64,
    /// Day it happened, `YYYY-MM-DD`.
    pub op: String,
}

impl Quality {
    /// The same without what is said of single providers.
    pub(crate) fn without_providers(&self) -> Self {
        let nobody = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (senders, missing_months, deliveries, unanswered) = nobody;
        Self { senders, missing_months, deliveries, unanswered, ..self.clone() }
    }
}

/// When something came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// As `WMO323`, or what an imported file holds.
    pub soort: String,
    /// Files that were taken.
    pub files: i64,
    /// Lines taken.
    pub regels: i64,
    /// Day the first came.
    pub first: String,
    /// Day the last came.
    pub last: String,
    /// Days from the last to the peildatum.
    pub age_days: i64,
}

/// What one sender sent.
#[derive(Debug, Clone, Serialize)]
pub struct Sender {
    /// Its code: an AGB code, or the code of the municipality.
    pub afzender: String,
    /// Name from the contract, when there is one.
    pub naam: Option<String>,
    /// Per kind of message.
    pub kinds: Vec<SenderKind>,
    /// All months together.
    pub total: QualityCounts,
    /// Per month of receipt.
    pub months: Vec<QualityMonth>,
    /// Why lines were refused, the most money first.
    pub refusals: Vec<Refusal>,
    /// Findings by rule, the most first.
    pub findings: Vec<FindingTotal>,
}

/// What one sender sent of one kind of message.
#[derive(Debug, Clone, Serialize)]
pub struct SenderKind {
    /// As `WMO323`.
    pub soort: String,
    /// Messages.
    pub berichten: i64,
    /// Lines.
    pub regels: i64,
    /// Day the first was received.
    pub first: String,
    /// Day the last was received.
    pub last: String,
    /// Findings of severity fout or weigering.
    pub faults: i64,
    /// Findings of severity waarschuwing.
    pub warnings: i64,
}

/// One month of receipt.
#[derive(Debug, Clone, Serialize)]
pub struct QualityMonth {
    /// `YYYY-MM`.
    pub maand: String,
    /// What came in that month.
    #[serde(flatten)]
    pub counts: QualityCounts,
}

/// How much came in and what was wrong with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct QualityCounts {
    /// Messages.
    pub berichten: i64,
    /// Lines of all messages.
    pub regels: i64,
    /// Findings of severity fout or weigering.
    pub faults: i64,
    /// Findings of severity waarschuwing.
    pub warnings: i64,
    /// Lines of declaraties.
    pub declared_lines: i64,
    /// Of which refused by now.
    pub refused_lines: i64,
    /// Debits of declaraties, in eurocents.
    pub declared: i64,
    /// Of which refused by now, in eurocents.
    pub refused: i64,
}

impl QualityCounts {
    /// Adds what came in besides.
    pub fn add(&mut self, other: &Self) {
        self.berichten += other.berichten;
        self.regels += other.regels;
        self.faults += other.faults;
        self.warnings += other.warnings;
        self.declared_lines += other.declared_lines;
        self.refused_lines += other.refused_lines;
        self.declared += other.declared;
        self.refused += other.refused;
    }

    /// Faults per 1000 lines; nothing without lines.
    pub fn faults_per_1000(&self) -> Option<f64> {
        share(self.faults, self.regels).map(|share| share * 1000.0)
    }

    /// Share of the declared lines that was refused; nothing without lines.
    pub fn refused_share(&self) -> Option<f64> {
        share(self.refused_lines, self.declared_lines)
    }

    /// Share of the declared money that was refused; nothing without money.
    pub fn refused_money_share(&self) -> Option<f64> {
        share(self.refused, self.declared)
    }
}

fn share(part: i64, whole: i64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more than 15 digits")]
    let share = |part: i64, whole: i64| part as f64 / whole as f64;
    (whole > 0).then(|| share(part, whole))
}

/// A reason lines were refused for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Code of list WJ001.
    pub retourcode: String,
    /// What it says, when it is a code of a rule that Grip knows.
    pub omschrijving: Option<&'static str>,
    /// Lines refused for it. A line with two codes counts for both.
    pub regels: i64,
    /// Their debits, in eurocents.
    pub refused: i64,
}

/// Months over which a provider did not declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingMonth {
    /// AGB code.
    pub aanbieder: String,
    /// Name from the contract, when there is one.
    pub naam: Option<String>,
    /// `wmo` or `jw`.
    pub wet: &'static str,
    /// First month of delivery over which nothing was declared, `YYYY-MM`.
    pub since: String,
    /// How many months in a row.
    pub months: i64,
    /// What this provider usually declares per month, in eurocents: the mean of the six months before.
    pub usual: i64,
    /// Days after the end of a month within which this provider declares.
    pub term_days: i64,
    /// Day on which the first of these months was overdue, `YYYY-MM-DD`.
    pub overdue_since: String,
}

/// Starts and stops of one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deliveries {
    /// AGB code.
    pub aanbieder: String,
    /// Name from the contract, when there is one.
    pub naam: Option<String>,
    /// Allocations that run on the peildatum and have declared lines.
    pub running: i64,
    /// Of which no start (305) was received.
    pub starts_missing: i64,
    /// Allocations that ended, with a start.
    pub ended: i64,
    /// Of which no stop (307) was received in time.
    pub stops_missing: i64,
}

/// What was not answered by the municipality in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unanswered {
    /// AGB code.
    pub aanbieder: String,
    /// Name from the contract, when there is one.
    pub naam: Option<String>,
    /// Declaraties (323, 303) without an answer.
    pub declaraties: i64,
    /// Requests (315, 317) without an allocation or answer.
    pub verzoeken: i64,
    /// Day the oldest of these was received, `YYYY-MM-DD`.
    pub oldest: String,
}

/// What is known of the clients for whom care was declared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Clients with declared care.
    pub clienten: i64,
    /// Of which the month of birth is known.
    pub geboortemaand: i64,
    /// Of which the district is known.
    pub wijk: i64,
    /// Of which the household is known.
    pub huishouden: i64,
}

/// How often a rule found something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingTotal {
    /// Code of the rule.
    pub code: String,
    /// How grave.
    pub ernst: String,
    /// Name of the rule.
    pub titel: &'static str,
    /// Findings.
    pub count: i64,
    /// Files with such findings.
    pub files: i64,
}

/// One rule with what it found.
#[derive(Debug, Clone, Serialize)]
pub struct RuleFindings {
    /// The texts of the rule.
    pub rule: RuleText,
    /// What its RetourCode says.
    pub retour_text: Option<&'static str>,
    /// Findings.
    pub count: i64,
    /// Files with such findings.
    pub files: i64,
    /// Sender, its name, findings; the most first.
    pub senders: Vec<(String, Option<String>, i64)>,
    /// Month of receipt as `YYYY-MM`, findings; every month from the first to the last.
    pub months: Vec<(String, i64)>,
    /// The latest, fifty at most.
    pub latest: Vec<FoundAt>,
}

/// One finding and where it is.
#[derive(Debug, Clone, Serialize)]
pub struct FoundAt {
    /// Rule.
    pub code: String,
    /// Severity.
    pub ernst: String,
    /// Day the file was received, `YYYY-MM-DD`.
    pub ontvangen: String,
    /// Key of the file.
    pub bericht_id: String,
    /// Its path as it was offered.
    pub bestand: String,
    /// Line in the file, 0 for the file as a whole.
    pub regel: i64,
    /// Column in the line.
    pub kolom: i64,
    /// Position in the message, as column `regel` of its tables.
    pub rij: Option<i64>,
    /// Path of the element.
    pub element: String,
    /// What was found.
    pub omschrijving: String,
}

/// One file and everything that was found in it.
#[derive(Debug, Clone, Serialize)]
pub struct FileFindings {
    /// Key of the file.
    pub bericht_id: String,
    /// Its path as it was offered.
    pub bestand: String,
    /// ingelezen, gedeeltelijk or geweigerd.
    pub status: String,
    /// As `WMO323`.
    pub soort: Option<String>,
    /// As `3.2`.
    pub release: Option<String>,
    /// Who sent it.
    pub afzender: Option<String>,
    /// Day it was received, `YYYY-MM-DD`.
    pub ontvangen: String,
    /// Lines taken from it.
    pub regels: i64,
    /// What was found, in the order of the file.
    pub findings: Vec<FoundAt>,
}

/// Month of a date column, counted from year 0.
fn month_of(column: &str) -> String {
    format!("CAST(date_part('year', {column}) * 12 + date_part('month', {column}) - 1 AS BIGINT)")
}

/// Files of the municipality, each once, and those that say of nobody whose they are.
const FILES: &str =
    "(SELECT bericht_id, COALESCE(MAX(afzender), MAX(aanbieder)) AS afzender, MAX(berichtsoort) AS soort
    FROM bericht WHERE gemeente = $1 OR gemeente IS NULL GROUP BY bericht_id)";

/// Reads and counts everything.
pub(crate) fn quality(
    snapshot: &Snapshot,
    facts: &Facts,
    gemeente: GemeenteCode,
    peildatum: Date,
    purged: Vec<PurgedRows>,
) -> Result<Quality, PipelineError> {
    let code = gemeente.to_string();
    let query = |sql: &str| Ok::<_, PipelineError>(snapshot.query_with(sql, &[Parameter::Text(&code)])?);
    let mut counted = Counted::default();
    counted.read_messages(&query(&format!(
        "SELECT COALESCE(afzender, aanbieder), COALESCE(berichtsoort, 'onbekend'), {month}, COUNT(*), SUM(regels),
                MIN(_received_at), MAX(_received_at)
         FROM bericht WHERE gemeente = $1 AND status <> 'geweigerd' GROUP BY 1, 2, 3",
        month = month_of("_received_at"),
    ))?);
    counted.read_findings(&query(&format!(
        "SELECT afzender, soort, {month}, code, ernst, COUNT(*), COUNT(DISTINCT bevinding.bericht_id)
         FROM bevinding JOIN {FILES} file ON file.bericht_id = bevinding.bericht_id GROUP BY 1, 2, 3, 4, 5",
        month = month_of("bevinding._received_at"),
    ))?);
    counted.count_lines(facts, peildatum);
    let mut sources: Vec<Source> = counted
        .sources
        .iter()
        .map(|(soort, spell)| Source {
            soort: soort.clone(),
            files: spell.berichten,
            regels: spell.regels,
            first: spell.first.to_string(),
            last: spell.last.to_string(),
            age_days: days_between(spell.last, peildatum),
        })
        .collect();
    sources.sort_by(|a, b| (a.age_days, &a.soort).cmp(&(b.age_days, &b.soort)));
    let name = |code: &str| code.parse::<AgbCode>().ok().and_then(|code| facts.namen.get(&code).cloned());
    let mut senders: Vec<Sender> = Vec::new();
    let (mut all_months, mut all_refusals) = (BTreeMap::new(), BTreeMap::new());
    for (afzender, sender) in counted.senders {
        let mut total = QualityCounts::default();
        for (maand, counts) in &sender.months {
            total.add(counts);
            all_months.entry(*maand).or_insert_with(QualityCounts::default).add(counts);
        }
        for (code, (regels, cents)) in &sender.refusals {
            let of_all: &mut (i64, i64) = all_refusals.entry(code.clone()).or_default();
            *of_all = (of_all.0 + regels, of_all.1 + cents);
        }
        senders.push(Sender {
            naam: name(&afzender),
            afzender,
            kinds: sender.kinds.into_iter().map(|(soort, kind)| kind.named(soort)).collect(),
            total,
            months: month_list(&sender.months),
            refusals: refusal_list(&sender.refusals),
            findings: finding_list(sender.findings),
        });
    }
    senders.sort_by(|a, b| (b.total.regels, &a.afzender).cmp(&(a.total.regels, &b.afzender)));
    Ok(Quality {
        gemeente: code.clone(),
        peildatum: peildatum.to_string(),
        unit: "eurocent",
        sources,
        senders,
        months: month_list(&all_months),
        refusals: refusal_list(&all_refusals),
        missing_months: missing_months(
            facts,
            &query(&format!(
                "SELECT wet, aanbieder, {month}, MIN(_received_at) FROM prestatie WHERE gemeente = $1 GROUP BY 1, 2, 3",
                month = month_of("declaratie_begindatum"),
            ))?,
            peildatum,
        ),
        deliveries: deliveries(facts, peildatum),
        unanswered: unanswered(snapshot, facts, &code, peildatum)?,
        coverage: coverage(
            facts,
            peildatum,
            &query(
                "SELECT client, MAX(geboortemaand), MAX(wijk), MAX(huishouden) FROM clientkenmerk WHERE gemeente = $1 GROUP BY client",
            )?,
        ),
        findings: finding_list(counted.findings),
        purged,
    })
}

/// What a rule is called whose code this version of Grip does not know.
pub(crate) const UNKNOWN_RULE: &str = "Regel van een andere versie van Grip";

/// What was counted so far.
#[derive(Default)]
struct Counted {
    sources: BTreeMap<String, Spell>,
    senders: BTreeMap<String, SenderCounts>,
    findings: FindingCounts,
}

#[derive(Default)]
struct SenderCounts {
    kinds: BTreeMap<String, Spell>,
    months: BTreeMap<Maand, QualityCounts>,
    refusals: BTreeMap<String, (i64, i64)>,
    findings: FindingCounts,
}

/// Findings and files per rule and severity.
type FindingCounts = BTreeMap<(String, String), (i64, i64)>;

fn finding_list(counts: FindingCounts) -> Vec<FindingTotal> {
    let of = |((code, ernst), (count, files)): ((String, String), (i64, i64))| FindingTotal {
        titel: rule_text(&code).map_or(UNKNOWN_RULE, |rule| rule.titel),
        code,
        ernst,
        count,
        files,
    };
    let mut list: Vec<FindingTotal> = counts.into_iter().map(of).collect();
    list.sort_by(|a, b| (b.count, &a.code).cmp(&(a.count, &b.code)));
    list
}

/// Messages of one kind from a first day to a last.
#[derive(Clone, Copy)]
struct Spell {
    berichten: i64,
    regels: i64,
    first: Date,
    last: Date,
    faults: i64,
    warnings: i64,
}

impl Default for Spell {
    fn default() -> Self {
        Self { berichten: 0, regels: 0, first: Date::MAX, last: Date::MIN, faults: 0, warnings: 0 }
    }
}

impl Spell {
    fn add(&mut self, berichten: i64, regels: i64, first: Date, last: Date) {
        self.berichten += berichten;
        self.regels += regels;
        self.first = self.first.min(first);
        self.last = self.last.max(last);
    }

    /// A kind of which only refused files came has no first day and no last.
    fn named(self, soort: String) -> SenderKind {
        let day = |day: Date| if self.berichten == 0 { String::new() } else { day.to_string() };
        SenderKind {
            soort,
            berichten: self.berichten,
            regels: self.regels,
            first: day(self.first),
            last: day(self.last),
            faults: self.faults,
            warnings: self.warnings,
        }
    }
}

impl Counted {
    fn read_messages(&mut self, batches: &[RecordBatch]) {
        each(batches, |columns, row| {
            let (soort, maand) = (columns.text(1, row)?, month(columns, 2, row)?);
            let (berichten, regels) = (columns.number(3, row)?, columns.number(4, row)?);
            let (first, last) = (columns.day(5, row)?, columns.day(6, row)?);
            self.sources.entry(soort.to_owned()).or_default().add(berichten, regels, first, last);
            // Imported files have no sender.
            let sender = self.senders.entry(columns.text(0, row)?.to_owned()).or_default();
            sender.kinds.entry(soort.to_owned()).or_default().add(berichten, regels, first, last);
            let counts = sender.months.entry(maand).or_default();
            counts.berichten += berichten;
            counts.regels += regels;
            Some(())
        });
    }

    fn read_findings(&mut self, batches: &[RecordBatch]) {
        each(batches, |columns, row| {
            let (code, ernst) = (columns.text(3, row)?, columns.text(4, row)?);
            let (count, files) = (columns.number(5, row)?, columns.number(6, row)?);
            let total = self.findings.entry((code.to_owned(), ernst.to_owned())).or_default();
            *total = (total.0 + count, total.1 + files);
            let sender = self.senders.entry(columns.text(0, row)?.to_owned()).or_default();
            let total = sender.findings.entry((code.to_owned(), ernst.to_owned())).or_default();
            *total = (total.0 + count, total.1 + files);
            let counts = sender.months.entry(month(columns, 2, row)?).or_default();
            let kind = sender.kinds.entry(columns.text(1, row).unwrap_or("onbekend").to_owned()).or_default();
            if ernst == "waarschuwing" {
                counts.warnings += count;
                kind.warnings += count;
            } else {
                counts.faults += count;
                kind.faults += count;
            }
            Some(())
        });
    }

    fn count_lines(&mut self, facts: &Facts, peildatum: Date) {
        let mut months: HashMap<(AgbCode, Maand), QualityCounts> = HashMap::new();
        let mut refusals: HashMap<(AgbCode, &str), (i64, i64)> = HashMap::new();
        for fact in facts.prestaties.iter().filter(|fact| fact.line.received <= peildatum) {
            let counts = months.entry((fact.line.aanbieder, Maand::of(fact.line.received))).or_default();
            let debit = fact.line.cents.max(0);
            counts.declared_lines += 1;
            counts.declared += debit;
            if fact.line.refused.is_some_and(|refused| refused <= peildatum) {
                counts.refused_lines += 1;
                counts.refused += debit;
                for code in reasons(fact.codes.as_deref().unwrap_or_default()) {
                    let total = refusals.entry((fact.line.aanbieder, code)).or_default();
                    *total = (total.0 + 1, total.1 + debit);
                }
            }
        }
        for ((aanbieder, maand), counts) in months {
            let sender = self.senders.entry(aanbieder.to_string()).or_default();
            sender.months.entry(maand).or_default().add(&counts);
        }
        for ((aanbieder, code), total) in refusals {
            let sender = self.senders.entry(aanbieder.to_string()).or_default();
            sender.refusals.insert(code.to_owned(), total);
        }
    }
}

/// Codes that give no reason: no remark, not judged, granted in whole.
const NO_REASON: [&str; 3] = ["0200", "0233", "8001"];

/// The codes that say why, each once. An answer has a code for each of its classes, also for those that are in order.
fn reasons(codes: &str) -> BTreeSet<&str> {
    let all: BTreeSet<&str> = codes.split_whitespace().collect();
    let reasons: BTreeSet<&str> = all.iter().copied().filter(|code| !NO_REASON.contains(code)).collect();
    if reasons.is_empty() { all } else { reasons }
}

/// Every row of a query; a row that lacks what it needs is left out.
fn each(batches: &[RecordBatch], mut take: impl FnMut(&Columns<'_>, usize) -> Option<()>) {
    for batch in batches {
        let columns = Columns(batch);
        for row in 0..batch.num_rows() {
            take(&columns, row);
        }
    }
}

fn month(columns: &Columns<'_>, column: usize, row: usize) -> Option<Maand> {
    columns.number(column, row).and_then(|index| i32::try_from(index).ok()).map(Maand::from_index)
}

/// Every month from the first to the last, also those in which nothing came.
fn month_list(counts: &BTreeMap<Maand, QualityCounts>) -> Vec<QualityMonth> {
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else { return Vec::new() };
    let months = (first.index()..=last.index()).map(Maand::from_index);
    months
        .map(|maand| QualityMonth { maand: maand.to_string(), counts: counts.get(&maand).copied().unwrap_or_default() })
        .collect()
}

fn refusal_list(refusals: &BTreeMap<String, (i64, i64)>) -> Vec<Refusal> {
    let of = |(code, (regels, refused)): (&String, &(i64, i64))| Refusal {
        retourcode: code.clone(),
        omschrijving: retour_text(code),
        regels: *regels,
        refused: *refused,
    };
    let mut list: Vec<Refusal> = refusals.iter().map(of).collect();
    list.sort_by(|a, b| (b.refused, b.regels, &a.retourcode).cmp(&(a.refused, a.regels, &b.retourcode)));
    list
}

fn coverage(facts: &Facts, peildatum: Date, batches: &[RecordBatch]) -> Coverage {
    let known = facts.prestaties.iter().filter(|fact| fact.line.received <= peildatum);
    let clients: HashSet<Pseudoniem> = known.map(|fact| fact.line.client).collect();
    let mut found = Coverage { clienten: i64::try_from(clients.len()).unwrap_or(i64::MAX), ..Coverage::default() };
    each(batches, |columns, row| {
        let client = u128::from_str_radix(columns.text(0, row)?, 16).ok().map(Pseudoniem::from_bits)?;
        if clients.contains(&client) {
            let has = |column| i64::from(columns.text(column, row).is_some());
            found.geboortemaand += has(1);
            found.wijk += has(2);
            found.huishouden += has(3);
        }
        Some(())
    });
    found
}

fn unanswered(
    snapshot: &Snapshot,
    facts: &Facts,
    gemeente: &str,
    peildatum: Date,
) -> Result<Vec<Unanswered>, PipelineError> {
    let before = |days: i64| peildatum.saturating_sub(days.days());
    let mut found: BTreeMap<String, (i64, i64, Date)> = BTreeMap::new();
    let declaraties = snapshot.query_with(
        "SELECT bericht.aanbieder, COUNT(*), MIN(bericht._received_at)
         FROM bericht LEFT ANTI JOIN declaratie_antwoord
             ON declaratie_antwoord.wet = bericht.wet AND declaratie_antwoord.gemeente = bericht.gemeente
             AND declaratie_antwoord.aanbieder = bericht.aanbieder
             AND declaratie_antwoord.declaratie_identificatie = bericht.identificatie
         WHERE bericht.gemeente = $1 AND bericht.status <> 'geweigerd' AND bericht._received_at < $2
             AND (bericht.berichtsoort LIKE '%323' OR bericht.berichtsoort LIKE '%303')
         GROUP BY 1",
        &[Parameter::Text(gemeente), Parameter::Day(before(ANSWER_DAYS))],
    )?;
    each(&declaraties, |columns, row| {
        let holder = found.entry(columns.text(0, row)?.to_owned()).or_insert((0, 0, Date::MAX));
        holder.0 += columns.number(1, row)?;
        holder.2 = holder.2.min(columns.day(2, row)?);
        Some(())
    });
    let verzoeken = snapshot.query_with(
        "WITH gevraagd AS (
             SELECT verzoek.wet, verzoek.aanbieder, referentie_aanbieder, MIN(verzoek._received_at) AS ontvangen
             FROM verzoek JOIN bericht ON bericht.bericht_id = verzoek.bericht_id
             LEFT ANTI JOIN (SELECT * FROM retour WHERE afgekeurd) retour
                 ON retour.wet = bericht.wet AND retour.gemeente = bericht.gemeente
                 AND retour.beantwoord_afzender = bericht.afzender
                 AND retour.beantwoord_soort = bericht.berichtsoort
                 AND retour.beantwoord_identificatie = bericht.identificatie
             WHERE verzoek.gemeente = $1 GROUP BY 1, 2, 3),
         toegekend AS (
             SELECT DISTINCT wet, aanbieder, referentie_aanbieder FROM toewijzing
             WHERE gemeente = $1 AND referentie_aanbieder IS NOT NULL),
         beantwoord AS (
             SELECT wet, aanbieder, referentie_aanbieder, MIN(verzoek_antwoord) AS verzoek_antwoord
             FROM antwoord WHERE gemeente = $1 GROUP BY 1, 2, 3)
         SELECT gevraagd.aanbieder, COUNT(*), MIN(ontvangen)
         FROM gevraagd
         LEFT ANTI JOIN toegekend ON toegekend.wet = gevraagd.wet AND toegekend.aanbieder = gevraagd.aanbieder
             AND toegekend.referentie_aanbieder = gevraagd.referentie_aanbieder
         LEFT JOIN beantwoord ON beantwoord.wet = gevraagd.wet AND beantwoord.aanbieder = gevraagd.aanbieder
             AND beantwoord.referentie_aanbieder = gevraagd.referentie_aanbieder
         WHERE (beantwoord.verzoek_antwoord IS NULL AND ontvangen < $2)
             OR (beantwoord.verzoek_antwoord = '2' AND ontvangen < $3)
         GROUP BY 1",
        &[Parameter::Text(gemeente), Parameter::Day(before(REQUEST_DAYS)), Parameter::Day(before(RESEARCH_DAYS))],
    )?;
    each(&verzoeken, |columns, row| {
        let holder = found.entry(columns.text(0, row)?.to_owned()).or_insert((0, 0, Date::MAX));
        holder.1 += columns.number(1, row)?;
        holder.2 = holder.2.min(columns.day(2, row)?);
        Some(())
    });
    let name = |code: &str| code.parse::<AgbCode>().ok().and_then(|code| facts.namen.get(&code).cloned());
    let mut list: Vec<Unanswered> = found
        .into_iter()
        .map(|(aanbieder, (declaraties, verzoeken, oldest))| Unanswered {
            naam: name(&aanbieder),
            aanbieder,
            declaraties,
            verzoeken,
            oldest: oldest.to_string(),
        })
        .collect();
    list.sort_by(|a, b| (b.declaraties + b.verzoeken, &a.aanbieder).cmp(&(a.declaraties + a.verzoeken, &b.aanbieder)));
    Ok(list)
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from(grip_lake::days(to)) - i64::from(grip_lake::days(from))
}

/// Declaraties of one provider under one law.
#[derive(Debug, Clone, Default)]
struct Declared {
    /// Per month that a declaratie is about: the day the first was received.
    periods: BTreeMap<Maand, Date>,
    /// Per month of delivery: eurocents, credits taken off, also what was refused.
    cents: BTreeMap<Maand, i64>,
}

/// Months without a declaratie of a provider that had one over each of the six months before, still had an allocation that
/// ran all month, and took longer than it ever did over its last twelve declared months, and at least sixty days. Months
/// that follow without a declaratie are counted with the first.
///
/// A declaratie that was refused counts: it was made. A month is not missing when at least half of what is usual was declared
/// over it in declaraties of other months: late lines go with the current month (OP284).
fn missing_months(facts: &Facts, periods: &[RecordBatch], peildatum: Date) -> Vec<MissingMonth> {
    let mut declared: BTreeMap<(Wet, AgbCode), Declared> = BTreeMap::new();
    each(periods, |columns, row| {
        let key = (columns.text(0, row)?.parse().ok()?, columns.text(1, row)?.parse().ok()?);
        let (maand, received) = (month(columns, 2, row)?, columns.day(3, row)?);
        declared.entry(key).or_default().periods.insert(maand, received);
        Some(())
    });
    for fact in facts.prestaties.iter().filter(|fact| fact.line.received <= peildatum) {
        let months = &mut declared.entry((fact.line.nummer.0, fact.line.aanbieder)).or_default().cents;
        *months.entry(fact.line.maand).or_default() += fact.line.cents;
    }
    let running = running_months(facts, peildatum);
    let mut missing = Vec::new();
    for ((wet, aanbieder), declared) in &declared {
        let Some(running) = running.get(&(*wet, *aanbieder)) else { continue };
        missing.extend(gaps(declared, running, peildatum).into_iter().map(|gap| MissingMonth {
            aanbieder: aanbieder.to_string(),
            naam: facts.namen.get(aanbieder).cloned(),
            wet: wet.as_str(),
            since: gap.since.to_string(),
            months: gap.months,
            usual: gap.usual,
            term_days: gap.term_days,
            overdue_since: gap.since.last_day().saturating_add(gap.term_days.days()).to_string(),
        }));
    }
    missing.sort_by(|a, b| (&b.since, b.usual, &a.aanbieder).cmp(&(&a.since, a.usual, &b.aanbieder)));
    missing
}

/// Months in which an allocation of the provider ran from the first day to the last.
fn running_months(facts: &Facts, peildatum: Date) -> HashMap<(Wet, AgbCode), HashSet<Maand>> {
    let mut running: HashMap<(Wet, AgbCode), HashSet<Maand>> = HashMap::new();
    for (nummer, versions) in &facts.toewijzingen {
        let Some(version) = current(versions, peildatum).filter(|version| !is_deleted(version)) else { continue };
        let last = version.einddatum.unwrap_or(peildatum).min(peildatum);
        let last = facts.levering(*nummer, peildatum).ended.map_or(last, |ended| ended.min(last));
        let months = running.entry((version.wet, version.aanbieder)).or_default();
        for index in Maand::of(version.ingangsdatum).index()..=Maand::of(last).index() {
            let maand = Maand::from_index(index);
            if version.ingangsdatum <= maand.first_day() && maand.last_day() <= last {
                months.insert(maand);
            }
        }
    }
    running
}

/// A run of months without a declaration.
#[derive(Debug, PartialEq, Eq)]
struct Gap {
    since: Maand,
    months: i64,
    usual: i64,
    term_days: i64,
}

fn gaps(declared: &Declared, running: &HashSet<Maand>, peildatum: Date) -> Vec<Gap> {
    let Some(first) = declared.periods.keys().next() else { return Vec::new() };
    let cents = |maand: Maand| declared.cents.get(&maand).copied().unwrap_or_default();
    let mut gaps = Vec::new();
    let mut maand = first.plus(MONTHS_BEFORE);
    while maand < Maand::of(peildatum) {
        let before = || (1..=MONTHS_BEFORE).map(|back| maand.plus(-back));
        let always = before().all(|maand| declared.periods.contains_key(&maand));
        let usual = before().map(cents).sum::<i64>() / i64::from(MONTHS_BEFORE);
        let term_days = term_days(&declared.periods, maand);
        let is_missing = |maand: &Maand| {
            !declared.periods.contains_key(maand)
                && running.contains(maand)
                && cents(*maand).saturating_mul(2) < usual
                && days_between(maand.last_day(), peildatum) > term_days
        };
        if always && is_missing(&maand) {
            let months = (0..).map(|after| maand.plus(after)).take_while(is_missing).count();
            let months = i32::try_from(months).unwrap_or(i32::MAX);
            gaps.push(Gap { since: maand, months: i64::from(months), usual, term_days });
            maand = maand.plus(months);
        } else {
            maand = maand.plus(1);
        }
    }
    gaps
}

/// Days after the end of a month within which its declaratie is to be expected: the longest that any of the last twelve
/// before it took, and never less than sixty.
fn term_days(periods: &BTreeMap<Maand, Date>, maand: Maand) -> i64 {
    let last = periods.range(..maand).rev().take(DELAY_MONTHS);
    let slowest = last.map(|(maand, received)| days_between(maand.last_day(), *received)).max();
    slowest.unwrap_or_default().max(TERM_DAYS_MIN)
}

/// Starts and stops that are missing: an allocation runs and lines are declared on it, and no start was received; or it
/// ended longer than the term of OP288 ago, and its delivery, which had begun, was not reported as ended.
pub(crate) fn deliveries(facts: &Facts, peildatum: Date) -> Vec<Deliveries> {
    let known = facts.prestaties.iter().filter(|fact| fact.line.received <= peildatum);
    let standing = known.filter(|fact| fact.line.refused.is_none_or(|refused| refused > peildatum));
    let declared: HashSet<_> = standing.map(|fact| fact.line.nummer).collect();
    let mut found: BTreeMap<AgbCode, Deliveries> = BTreeMap::new();
    for (nummer, versions) in &facts.toewijzingen {
        let Some(version) = current(versions, peildatum).filter(|version| !is_deleted(version)) else { continue };
        let holder = found.entry(version.aanbieder).or_insert_with(|| Deliveries {
            aanbieder: version.aanbieder.to_string(),
            naam: facts.namen.get(&version.aanbieder).cloned(),
            running: 0,
            starts_missing: 0,
            ended: 0,
            stops_missing: 0,
        });
        let levering = facts.levering(*nummer, peildatum);
        let started = levering.started.is_some();
        let term = |eind: Date| eind.max(version.received).saturating_add(STOP_DAYS.days());
        match version.einddatum.filter(|eind| *eind < peildatum) {
            None if version.ingangsdatum <= peildatum && declared.contains(nummer) => {
                holder.running += 1;
                holder.starts_missing += i64::from(!started);
            }
            Some(eind) if started => {
                holder.ended += 1;
                let is_missing = levering.ended.is_none() && term(eind) < peildatum;
                holder.stops_missing += i64::from(is_missing);
            }
            _ => {}
        }
    }
    let mut list: Vec<Deliveries> = found.into_values().filter(|row| row.running + row.ended > 0).collect();
    let missing = |row: &Deliveries| row.starts_missing + row.stops_missing;
    list.sort_by(|a, b| (missing(b), &a.aanbieder).cmp(&(missing(a), &b.aanbieder)));
    list
}

/// What a rule found; nothing when Grip has no such rule.
pub(crate) fn rule_findings(
    snapshot: &Snapshot,
    facts: &Facts,
    gemeente: GemeenteCode,
    code: &str,
) -> Result<Option<RuleFindings>, PipelineError> {
    let Some(rule) = rule_text(code) else { return Ok(None) };
    let gemeente = gemeente.to_string();
    let values = [Parameter::Text(&gemeente), Parameter::Text(code)];
    let counted = snapshot.query_with(
        &format!(
            "SELECT afzender, {month}, COUNT(*), COUNT(DISTINCT bevinding.bericht_id)
             FROM bevinding JOIN {FILES} file ON file.bericht_id = bevinding.bericht_id
             WHERE code = $2 GROUP BY 1, 2",
            month = month_of("bevinding._received_at"),
        ),
        &values,
    )?;
    let (mut senders, mut months): (BTreeMap<String, i64>, BTreeMap<Maand, i64>) = Default::default();
    let (mut count, mut files) = (0, 0);
    each(&counted, |columns, row| {
        let found = columns.number(2, row)?;
        count += found;
        files += columns.number(3, row)?;
        *months.entry(month(columns, 1, row)?).or_default() += found;
        *senders.entry(columns.text(0, row)?.to_owned()).or_default() += found;
        Some(())
    });
    let latest = found_at(&snapshot.query_with(
        &format!(
            "SELECT bevinding.code, bevinding.ernst, bevinding._received_at, bevinding.bericht_id, bestand, bevinding.regel,
                    bevinding.kolom, bevinding.rij, bevinding.element, bevinding.omschrijving
             FROM bevinding
             JOIN (SELECT bericht_id, MAX(_source_file) AS bestand FROM bericht
                   WHERE gemeente = $1 OR gemeente IS NULL GROUP BY bericht_id) file
                 ON file.bericht_id = bevinding.bericht_id
             WHERE code = $2
             ORDER BY bevinding._received_at DESC, bestand, bevinding.regel, bevinding.rij LIMIT {LATEST_MAX}"
        ),
        &values,
    )?);
    let name = |code: &str| code.parse::<AgbCode>().ok().and_then(|code| facts.namen.get(&code).cloned());
    let mut senders: Vec<_> = senders.into_iter().map(|(code, count)| (code.clone(), name(&code), count)).collect();
    senders.sort_by(|a, b| (b.2, &a.0).cmp(&(a.2, &b.0)));
    let range = months.keys().next().zip(months.keys().next_back());
    let range = range.map_or(0..0, |(first, last)| first.index()..last.index() + 1);
    let of_month = |maand: Maand| (maand.to_string(), months.get(&maand).copied().unwrap_or_default());
    Ok(Some(RuleFindings {
        rule: rule.clone(),
        retour_text: rule.retourcode.and_then(retour_text),
        count,
        files,
        senders,
        months: range.map(Maand::from_index).map(of_month).collect(),
        latest,
    }))
}

/// A file by its key, with what was found in it; nothing when there is no such file of the municipality.
pub(crate) fn file_findings(
    snapshot: &Snapshot,
    gemeente: GemeenteCode,
    bericht_id: &str,
) -> Result<Option<FileFindings>, PipelineError> {
    let gemeente = gemeente.to_string();
    let values = [Parameter::Text(&gemeente), Parameter::Text(bericht_id)];
    let files = snapshot.query_with(
        "SELECT bericht_id, _source_file, status, berichtsoort, release, COALESCE(afzender, aanbieder), _received_at, regels
         FROM bericht WHERE bericht_id = $2 AND (gemeente = $1 OR gemeente IS NULL)
         ORDER BY _intake DESC LIMIT 1",
        &values,
    )?;
    let mut found = None;
    each(&files, |columns, row| {
        let text = |column| columns.text(column, row).map(ToOwned::to_owned);
        found = Some(FileFindings {
            bericht_id: text(0)?,
            bestand: text(1)?,
            status: text(2)?,
            soort: text(3),
            release: text(4),
            afzender: text(5),
            ontvangen: columns.day(6, row)?.to_string(),
            regels: columns.number(7, row)?,
            findings: Vec::new(),
        });
        Some(())
    });
    let Some(mut file) = found else { return Ok(None) };
    file.findings = found_at(&snapshot.query_with(
        "SELECT DISTINCT code, ernst, _received_at, bericht_id, '' AS bestand, regel, kolom, rij, element, omschrijving
         FROM bevinding WHERE bericht_id = $1 ORDER BY regel, kolom, rij, code LIMIT 1000",
        &[Parameter::Text(bericht_id)],
    )?);
    Ok(Some(file))
}

/// What was removed until now. It is gone as known on any day, so this is asked of the tables as they are now.
pub(crate) fn purged(now: &Snapshot) -> Result<Vec<PurgedRows>, PipelineError> {
    let batches = now.query(
        "SELECT soort, tabel, MAX(tot), SUM(regels), MAX(_received_at) FROM vernietiging GROUP BY 1, 2 ORDER BY 1, 2",
    )?;
    let mut found = Vec::new();
    each(&batches, |columns, row| {
        found.push(PurgedRows {
            soort: columns.text(0, row)?.to_owned(),
            tabel: columns.text(1, row)?.to_owned(),
            tot: columns.day(2, row)?.to_string(),
            regels: columns.number(3, row)?,
            op: columns.day(4, row)?.to_string(),
        });
        Some(())
    });
    Ok(found)
}

fn found_at(batches: &[RecordBatch]) -> Vec<FoundAt> {
    let mut found = Vec::new();
    each(batches, |columns, row| {
        let text = |column| columns.text(column, row).unwrap_or_default().to_owned();
        found.push(FoundAt {
            code: text(0),
            ernst: text(1),
            ontvangen: columns.day(2, row)?.to_string(),
            bericht_id: text(3),
            bestand: text(4),
            regel: columns.number(5, row)?,
            kolom: columns.number(6, row)?,
            rij: columns.number(7, row),
            element: text(8),
            omschrijving: text(9),
        });
        Some(())
    });
    found
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use grip_types::Maand;
    use jiff::{ToSpan, civil::date};

    use super::{Declared, Gap, MONTHS_BEFORE, gaps, term_days};

    /// Every month of 2024, declared so many days after its end.
    fn year(delay: i64) -> Declared {
        let months = || (1..=12).map(|month| Maand::new(2024, month));
        Declared {
            periods: months().map(|maand| (maand, maand.last_day().saturating_add(delay.days()))).collect(),
            cents: months().map(|maand| (maand, 1_000)).collect(),
        }
    }

    fn all_months() -> HashSet<Maand> {
        (1..=24).map(|month| Maand::new(2024, month)).collect()
    }

    /// A year without September, over which so much came with other months.
    fn without_september(cents: i64) -> Declared {
        let mut declared = year(20);
        declared.periods.remove(&Maand::new(2024, 9));
        declared.cents.insert(Maand::new(2024, 9), cents);
        declared
    }

    #[test]
    fn a_month_that_is_not_there_when_its_term_has_passed_is_missing() {
        let found = |peildatum| gaps(&without_september(100), &all_months(), peildatum);
        assert_eq!(found(date(2024, 11, 29)), [], "60 days after the end of September");
        let expected = Gap { since: Maand::new(2024, 9), months: 1, usual: 1_000, term_days: 60 };
        assert_eq!(found(date(2024, 11, 30)), [expected]);
    }

    #[test]
    fn a_month_that_came_with_another_is_not_missing() {
        assert_eq!(gaps(&without_september(500), &all_months(), date(2025, 1, 31)), []);
        assert_eq!(gaps(&without_september(499), &all_months(), date(2025, 1, 31)).len(), 1);
    }

    #[test]
    fn months_that_follow_are_counted_with_the_first() {
        let found = gaps(&year(20), &all_months(), date(2025, 6, 1));
        assert_eq!(found, [Gap { since: Maand::new(2025, 1), months: 3, usual: 1_000, term_days: 60 }]);
    }

    #[test]
    fn a_slow_provider_gets_the_time_it_always_took() {
        let found = |peildatum| gaps(&year(100), &all_months(), peildatum).len();
        assert_eq!(found(date(2025, 5, 11)), 0, "100 days after the end of January");
        assert_eq!(found(date(2025, 5, 12)), 1);
        assert_eq!(term_days(&year(100).periods, Maand::new(2025, 1)), 100);
    }

    #[test]
    fn without_half_a_year_before_nothing_is_usual() {
        let mut declared = year(20);
        declared.periods.remove(&Maand::new(2024, MONTHS_BEFORE));
        declared.cents.remove(&Maand::new(2024, MONTHS_BEFORE));
        assert_eq!(gaps(&declared, &all_months(), date(2025, 1, 31)), []);
    }

    #[test]
    fn codes_that_give_no_reason_are_left_out_when_another_does() {
        assert_eq!(super::reasons("0200 8214 0200").into_iter().collect::<Vec<_>>(), ["8214"]);
        assert_eq!(super::reasons("0233").into_iter().collect::<Vec<_>>(), ["0233"]);
        assert!(super::reasons("").is_empty());
    }

    #[test]
    fn without_an_allocation_nothing_is_expected() {
        let until_december: HashSet<Maand> = (1..=12).map(|month| Maand::new(2024, month)).collect();
        assert_eq!(gaps(&year(20), &until_december, date(2025, 12, 31)), []);
    }
}
