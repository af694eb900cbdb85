#![doc = include_str!("../README.md")]

pub mod answer;
pub mod budget;
pub mod care;
mod check;
pub mod comparison;
mod controle;
mod course;
mod desk;
mod disclosure;
pub mod effect;
mod error;
mod facts;
mod foresight;
mod growth;
mod import;
mod indicators;
mod intake;
mod ledger;
mod occurrence;
mod open_data;
mod person;
mod processing;
mod pseudonym;
mod purge;
pub mod quality;
mod reconcile;
mod rewrite;
mod rotate;
mod rows;
pub mod rule_texts;
mod table;
mod year_end;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use arrow::array::RecordBatch;
pub use check::{CheckFinding, CheckLine, CheckedDeclaratie, check_declaratie};
pub use course::{
    Across, BeforeAfter, CoursePoint, IndicatorCourse, LinkLag, LinkTest, Outlook, Turn, before_after, dimensions_of,
    link_test,
};
pub use desk::Desk;
pub use disclosure::{Audited, Changes, Narrowed, ShownTables};
pub use error::PipelineError;
pub use foresight::{Foreseen, Foresight};
pub use grip_import::{
    Mapping, Publicatie, Sheet as FileSheet, Soort as ImportKind, mapping_template, sheets, template,
};
use grip_indicator::Query;
pub use grip_indicator::{
    Answer, Call, CallError, Catalogue, Dimension, Direction, Grain, Indicator, Number, Period, Status, Unit,
};
pub use grip_insight::growth::{Method as GrowthMethod, Part as GrowthCause};
pub use grip_lake::{Columns as TableColumns, Format, Lake, LakeError, Table as LakeTable, TableState, write_rows};
use grip_lake::{Parameter, Snapshot};
pub use grip_logboek::{Activity, Entry as ProcessingEntry, Trace};
pub use grip_odata::{
    Bron, Download, Downloaded, Limits, Progress as DownloadProgress, Selection, download, iv3::table_of_year,
};
pub use grip_prognose::Amendment;
use grip_types::{AgbCode, Bsn, Date, GemeenteCode, Maand, Pseudoniem, Wet};
pub use growth::{GROWTH_DIMENSIONS, GrowthAnswer, GrowthLine, GrowthPart, GrowthQuestion, Indexation};
pub use import::{ImportFault, ImportReport, import, import_mapped, import_publicatie};
use indicators::Workplace;
pub use indicators::{Departure, IndicatorLine};
pub use intake::{
    Fate, IntakeReport, Progress, ReceivedOn, RefusedFile, ingest,
    watch::{WatchEvent, watch},
};
pub use occurrence::Search;
pub use open_data::{OpenDataReport, import_open_data};
pub use person::{Person, PersonTable};
pub use pseudonym::{Key, existing_secret, secret};
pub use purge::{Purge, PurgeKind, PurgeReport, PurgedTable, Terms, Wanted, purge};
pub use reconcile::{Reconciliation, ReconciliationLine, ReconciliationYear};
pub use rotate::{RotateReport, rotate};
pub use table::TABLES;

use answer::{FindingCount, IntakeSummary, ProviderLine, RefusedMessage, SourceLine, YearEnd};
use budget::BudgetTable;
use comparison::{Comparison, ComparisonCall, DataReport};
use facts::Columns;
pub use grip_forecast::NoticeKind;
pub use grip_prognose::{
    Assumptions, Backtest, Cause, Change, Deviation, FALSE_ALARMS_PER_SERIES, Method, Part, SIGNAL_MONTHS, Score,
    SeriesMonth, SeriesName, SignalLine, Signals, YearAhead, YearsAhead, is_same_signal,
};
use grip_prognose::{Facts, Prognose};
use quality::{FileFindings, Quality, RuleFindings};
use rule_texts::rule_text;

/// The lake with Grip's tables.
///
/// # Errors
/// When the system gives no threads.
pub fn open_lake(data: &Path) -> Result<Lake, PipelineError> {
    Ok(Lake::open(data, TABLES)?)
}

/// The views with their queries. Each may read those above it.
pub const VIEWS: [(&str, &str); 5] = [
    ("declaratie_stand", include_str!("views/declaratie_stand.sql")),
    ("prestatie_stand", include_str!("views/prestatie_stand.sql")),
    ("grootboek_actueel", include_str!("views/grootboek_actueel.sql")),
    ("open_data_actueel", include_str!("views/open_data_actueel.sql")),
    ("iv3_actueel", include_str!("views/iv3_actueel.sql")),
];

fn add_views(snapshot: &Snapshot) -> Result<(), PipelineError> {
    for (name, sql) in VIEWS {
        snapshot.add_view(name, sql)?;
    }
    Ok(())
}

/// Refuses to mix pseudonyms of two keys in one folder. To be asked under the lock of an intake, so that of two first ones
/// only one writes.
fn check_key(data: &Path, key: &Key) -> Result<(), PipelineError> {
    if !is_key_of(data, key)? {
        fs_err::create_dir_all(data)?;
        fs_err::write(data.join(FINGERPRINT), fingerprint(key))?;
    }
    Ok(())
}

/// What the file with the fingerprint of a key holds.
fn fingerprint(key: &Key) -> String {
    format!("{}\n", key.fingerprint())
}

const FINGERPRINT: &str = "pseudonym-key-fingerprint";

/// Whether the data has a key at all; one that is not this one is an error.
fn is_key_of(data: &Path, key: &Key) -> Result<bool, PipelineError> {
    match fs_err::read_to_string(data.join(FINGERPRINT)) {
        Ok(text) if text.trim() == key.fingerprint() => Ok(true),
        Ok(_) => Err(PipelineError::OtherKey { data: data.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The answers of one lake, kept as long as the lake does not change. Cheap to clone; calls block.
#[derive(Clone)]
pub struct Grip {
    lake: Arc<Lake>,
    catalogue: Arc<Catalogue>,
    figures: Arc<disclosure::Figures>,
    kept: Arc<Mutex<Kept>>,
    /// What joins the record of processing with the audit log of whoever asks.
    trace: Option<Trace>,
}

/// That of a day and of the day it is compared with.
const PROGNOSES_KEPT: usize = 2;
/// Opened tables: now, and as known on some days.
const TABLES_KEPT: usize = 6;
/// Days of which what is made of the tables is kept, which of a large municipality takes some hundred megabytes.
const WORKPLACES_KEPT: usize = 2;
/// Months in which departures of an indicator are looked for.
const DEPARTURE_MONTHS: i32 = 60;
/// Answers of indicators.
const ANSWERS_KEPT: usize = 5_000;

/// What was read and computed, for one state of the lake.
#[derive(Default)]
struct Kept {
    versions: BTreeMap<&'static str, u64>,
    /// Opened last first.
    tables: VecDeque<(Option<Date>, Arc<Snapshot>)>,
    /// With what is made of them for one municipality, opened last first.
    workplaces: VecDeque<((GemeenteCode, Date), Arc<Workplace>)>,
    gemeenten: Option<Arc<[GemeenteCode]>>,
    last_received: Option<Option<Date>>,
    intake_summary: Option<Arc<IntakeSummary>>,
    indicators: HashMap<(String, Call), Arc<[Answer]>>,
    departures: HashMap<(String, Call), Arc<[Departure]>>,
    /// Whether what is asked first was made.
    is_prepared: bool,
    /// By the text of the question.
    growths: HashMap<String, Arc<GrowthAnswer>>,
    budgets: HashMap<(GemeenteCode, i16, Date), Arc<BudgetTable>>,
    facts: HashMap<GemeenteCode, Arc<Facts>>,
    first_received: HashMap<GemeenteCode, Option<Date>>,
    /// The latest that were made: of them much is made, and each is large.
    prognoses: VecDeque<Arc<Prognose>>,
    year_ends: HashMap<(GemeenteCode, i16, Date), Arc<YearEnd>>,
    years_ahead: HashMap<(GemeenteCode, Date), Arc<YearsAhead>>,
    changes: HashMap<(GemeenteCode, i16, Date, Date), Arc<Change>>,
    signals: HashMap<(GemeenteCode, Date), Arc<Signals>>,
    qualities: HashMap<(GemeenteCode, Date), Arc<Quality>>,
    care: care::KeptCare,
    disclosure: disclosure::KeptDisclosure,
    effects: HashMap<effect::EffectQuestion, Arc<effect::Effect>>,
    boards: HashMap<effect::BoardQuestion, Arc<effect::Board>>,
    completions: HashMap<(GemeenteCode, Date), Arc<effect::Completion>>,
    /// What can be compared, made last first.
    fields: VecDeque<((GemeenteCode, Date), Arc<comparison::Field>)>,
    comparisons: HashMap<(GemeenteCode, Date, ComparisonCall), Option<Arc<Comparison>>>,
    public_figures: HashMap<(GemeenteCode, Date, String), Arc<course::YearsOfAll>>,
    data_reports: HashMap<(GemeenteCode, Date), Arc<DataReport>>,
    known_by_figures: Option<Arc<[GemeenteCode]>>,
}

impl Grip {
    /// The answers of the lake in a folder.
    ///
    /// # Errors
    /// [`PipelineError::Catalogue`] when a file with indicators can't be used, or when the system gives no threads.
    pub fn open(data: &Path) -> Result<Self, PipelineError> {
        let catalogue = Arc::new(indicators::catalogue(data)?);
        let figures = Arc::new(disclosure::Figures::new(&catalogue));
        Ok(Self { lake: Arc::new(open_lake(data)?), catalogue, figures, kept: Arc::default(), trace: None })
    }

    /// The same answers; what of them is about persons is recorded under this trace, which joins it with an audit log.
    #[must_use]
    pub fn under(&self, trace: Trace) -> Self {
        Self { trace: Some(trace), ..self.clone() }
    }

    /// Records that lines of these persons are shown; of nobody when there are none.
    fn record(&self, name: &str, clients: &BTreeSet<Pseudoniem>) -> Result<(), PipelineError> {
        if clients.is_empty() {
            return Ok(());
        }
        processing::write(&self.lake, &processing::begin(Activity::ShowLines, name, self.trace)?, clients)
    }

    /// The indicators there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What an indicator says.
    ///
    /// # Errors
    /// [`PipelineError::Call`] when it is not kept like that, or as [`Grip::year_end`] for those that are forecast.
    pub fn indicator(&self, id: &str, call: &Call) -> Result<Arc<[Answer]>, PipelineError> {
        let key = (id.to_owned(), call.clone());
        if let Some(found) = self.current().indicators.get(&key) {
            return Ok(found.clone());
        }
        let indicator = self.catalogue.get(id)?;
        if let Some(source) = &indicator.computed {
            return Ok(self.computed(source, indicator, call)?.into());
        }
        let query = grip_indicator::query(&self.catalogue, indicator, call)?;
        let (workplace, batches) = self.run(call.gemeente, call.peildatum, &query)?;
        let mut found = indicators::answers_of(indicator, call, &batches);
        self.withhold(indicator, call, &mut found)?;
        let found: Arc<[Answer]> = found.into();
        self.keep_of(workplace.snapshot(), |kept| {
            if kept.indicators.len() >= ANSWERS_KEPT {
                kept.indicators.clear();
            }
            kept.indicators.insert(key, found.clone());
        });
        Ok(found)
    }

    /// Where an indicator departs from its own course, over the last five years per month. None where it is not kept per month.
    ///
    /// # Errors
    /// As [`Grip::indicator`].
    pub fn departures(
        &self,
        id: &str,
        gemeente: GemeenteCode,
        peildatum: Date,
        only: &[(Dimension, String)],
    ) -> Result<Arc<[Departure]>, PipelineError> {
        let indicator = self.catalogue.get(id)?;
        if !indicator.periods.contains(&Grain::Maand) || indicator.computed.is_some() {
            return Ok(Arc::from(Vec::new()));
        }
        let last = Maand::of(peildatum);
        let periods = (0..DEPARTURE_MONTHS).rev().filter_map(|back| last.plus(-back).to_string().parse().ok());
        let call = Call { gemeente, periods: periods.collect(), peildatum, by: Vec::new(), only: only.to_vec() };
        let key = (id.to_owned(), call);
        if let Some(found) = self.current().departures.get(&key) {
            return Ok(found.clone());
        }
        let answers = self.indicator(id, &key.1)?;
        let begin = self.under_way_from(gemeente)?;
        let found: Arc<[Departure]> = indicators::departures(indicator, &answers, begin).into();
        let workplace = self.workplace(gemeente, peildatum)?;
        self.keep_of(workplace.snapshot(), |kept| kept.departures.insert(key, found.clone()));
        Ok(found)
    }

    /// Makes what is asked first of every municipality, as known now, so that nobody waits for it. What can't be made is told to
    /// whoever asks for it.
    ///
    /// # Errors
    /// When the tables can't be read.
    pub fn prepare(&self) -> Result<(), PipelineError> {
        let snapshot = self.snapshot(None)?;
        if let Some(peildatum) = self.last_received()? {
            for gemeente in self.gemeenten()? {
                self.prepare_for(gemeente, peildatum);
                // Who sees no lines asks of the end of a month.
                let month = Maand::of(peildatum);
                let last = if month.last_day() == peildatum { month } else { month.plus(-1) };
                for day in BTreeSet::from([peildatum, last.last_day()]) {
                    self.prepare_persons(gemeente, day);
                }
            }
        }
        self.keep_of(&snapshot, |kept| kept.is_prepared = true);
        Ok(())
    }

    fn prepare_for(&self, gemeente: GemeenteCode, peildatum: Date) {
        let jaar = peildatum.year();
        let growth = GrowthQuestion {
            gemeente,
            peildatum,
            van: jaar - 1,
            tot: jaar,
            wet: None,
            categorie: None,
            by: Dimension::Wet,
            indexation: None,
            method: GrowthMethod::OneByOne,
        };
        let made = [
            self.year_end(gemeente, jaar, peildatum).map(drop),
            self.change(gemeente, jaar, Maand::of(peildatum).plus(-1).last_day(), peildatum).map(drop),
            self.years_ahead(gemeente, peildatum, &Assumptions::default()).map(drop),
            self.budget(gemeente, jaar, peildatum).map(drop),
            self.growth(&growth).map(drop),
            self.signals(gemeente, peildatum).map(drop),
            self.quality(gemeente, peildatum).map(drop),
            self.social_results(gemeente, peildatum).map(drop),
            self.declared_in_full(gemeente, peildatum).map(drop),
        ];
        drop(made);
    }

    /// What is asked first about persons, with what is decided for it of what is shown.
    fn prepare_persons(&self, gemeente: GemeenteCode, peildatum: Date) {
        let jaar = peildatum.year();
        let years: Vec<Period> = format!("{jaar:04}").parse().into_iter().collect();
        let made = [
            self.care_flows(gemeente, peildatum, Dimension::Wet, &years).map(drop),
            self.care_flows(gemeente, peildatum, Dimension::Productcategorie, &years).map(drop),
            self.care_moves(gemeente, peildatum, jaar, None).map(drop),
            self.care_returns(gemeente, peildatum, jaar).map(drop),
            self.care_stacking(gemeente, peildatum, jaar).map(drop),
        ];
        drop(made);
        for indicator in self.catalogue.indicators().iter().filter(|indicator| indicator.minimum_count > 0) {
            drop(self.departures(&indicator.id, gemeente, peildatum, &[]));
        }
    }

    /// Whether what is asked first was made, and nothing was taken in since.
    pub fn is_prepared(&self) -> bool {
        self.current().is_prepared
    }

    /// The lines that stand above the line of a figure: how many there are, and some of them, the largest first.
    ///
    /// # Errors
    /// As [`Grip::indicator`].
    pub fn indicator_lines(
        &self,
        id: &str,
        call: &Call,
        offset: usize,
        limit: usize,
    ) -> Result<(usize, Vec<IndicatorLine>), PipelineError> {
        let indicator = self.catalogue.get(id)?;
        let query = grip_indicator::lines(&self.catalogue, indicator, call, offset, limit)?;
        let (workplace, batches) = self.run(call.gemeente, call.peildatum, &query)?;
        let found = indicators::lines_of(&indicator.dimensions, &batches);
        let counted = found.1.iter().map(|line| line.counted.as_str());
        let clients = person::clients_of_counted(workplace.snapshot(), call.gemeente, counted)?;
        self.record("regels achter een indicator", &clients)?;
        Ok(found)
    }

    /// Runs a query of the catalogue and keeps no answer: for who measures it.
    ///
    /// # Errors
    /// As [`Grip::sql`].
    pub fn run_query(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        query: &Query,
    ) -> Result<Vec<RecordBatch>, PipelineError> {
        Ok(self.run(gemeente, peildatum, query)?.1)
    }

    /// Runs a query over what is made of the tables as known on a day.
    fn run(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        query: &Query,
    ) -> Result<(Arc<Workplace>, Vec<RecordBatch>), PipelineError> {
        let workplace = self.workplace(gemeente, peildatum)?;
        let batches = workplace.run(query, || self.verplichtingen(gemeente, peildatum))?;
        Ok((workplace, batches))
    }

    /// An indicator that no SQL makes.
    fn computed(&self, source: &str, indicator: &Indicator, call: &Call) -> Result<Vec<Answer>, PipelineError> {
        let unknown = || CallError::Computed { id: indicator.id.clone(), source_name: source.to_owned() };
        let source = indicators::Computed::parse(source).ok_or_else(unknown)?;
        grip_indicator::check(indicator, call)?;
        let mut rows = Vec::new();
        for period in &call.periods {
            let year_ends = source.years(period.year()).map(|jaar| self.year_end(call.gemeente, jaar, call.peildatum));
            match year_ends.collect::<Result<Vec<_>, _>>() {
                Ok(year_ends) => rows.extend(source.rows(&year_ends, period, call)),
                // Of a year that can't be forecast from this day there is no figure.
                Err(PipelineError::YearOutOfReach { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(grip_indicator::answers(indicator, call, &rows))
    }

    /// Why what was declared grew between two years.
    ///
    /// # Errors
    /// [`PipelineError::NoGrowth`] when the later year has no month that is all but fully declared, or as [`Grip::year_end`].
    pub fn growth(&self, question: &GrowthQuestion) -> Result<Arc<GrowthAnswer>, PipelineError> {
        let facts = self.facts(question.gemeente)?;
        let key = format!("{question:?}");
        if let Some(found) = self.kept().growths.get(&key) {
            return Ok(found.clone());
        }
        let run = |query: &Query| Ok(self.run(question.gemeente, question.peildatum, query)?.1);
        let answer = Arc::new(growth::growth(question, &self.catalogue, &facts, run)?);
        self.keep(&facts, |kept| {
            if kept.growths.len() >= ANSWERS_KEPT {
                kept.growths.clear();
            }
            kept.growths.insert(key, answer.clone());
        });
        Ok(answer)
    }

    /// Budget and actual of a year, per law and category and per taakveld.
    ///
    /// # Errors
    /// As [`Grip::indicator`].
    pub fn budget(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
    ) -> Result<Arc<BudgetTable>, PipelineError> {
        let facts = self.facts(gemeente)?;
        let key = (gemeente, jaar, peildatum);
        if let Some(found) = self.kept().budgets.get(&key) {
            return Ok(found.clone());
        }
        let answer = Arc::new(budget::budget(self, gemeente, jaar, peildatum)?);
        self.keep(&facts, |kept| kept.budgets.insert(key, answer.clone()));
        Ok(answer)
    }

    /// What a value of a dimension is called, in Dutch.
    ///
    /// # Errors
    /// As [`Grip::year_end`].
    pub fn name_of(
        &self,
        gemeente: GemeenteCode,
        dimension: Dimension,
        value: Option<&str>,
    ) -> Result<String, PipelineError> {
        Ok(growth::named(dimension, value, self.facts(gemeente)?.as_ref()))
    }

    /// Runs a query over the tables and views, of one municipality or of all, as known on a day; `verplichting_maand` is
    /// computed when it is asked for.
    ///
    /// # Errors
    /// The engine's own, or [`PipelineError::Lake`].
    pub fn sql(
        &self,
        sql: &str,
        only: Option<GemeenteCode>,
        peildatum: Option<Date>,
        today: Date,
    ) -> Result<Vec<RecordBatch>, PipelineError> {
        let snapshot = self.lake.snapshot(peildatum)?;
        if let Some(gemeente) = only {
            for table in TABLES.iter().filter(|table| (table.schema)().field_with_name("gemeente").is_ok()) {
                let name = table.name;
                snapshot.replace_by_view(name, &format!("SELECT * FROM {name} WHERE gemeente = '{gemeente}'"))?;
            }
        }
        add_views(&snapshot)?;
        if sql.contains(indicators::LEDGER) {
            let day = peildatum.unwrap_or(today);
            let gemeenten = only.map_or_else(|| self.gemeenten(), |gemeente| Ok(vec![gemeente]))?;
            let batches = gemeenten
                .into_iter()
                .map(|gemeente| self.verplichtingen(gemeente, day))
                .collect::<Result<Vec<_>, _>>()?;
            if let Some(first) = batches.first() {
                let all =
                    arrow::compute::concat_batches(&first.schema(), &batches).map_err(grip_lake::LakeError::from)?;
                snapshot.add(indicators::LEDGER, vec![all])?;
            }
        }
        Ok(snapshot.query(sql)?)
    }

    /// The ledger summed over everything but the columns in `by`, which are columns of `verplichting_maand`.
    ///
    /// # Errors
    /// As [`Grip::sql`].
    pub fn ledger(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        by: &[LedgerColumn],
    ) -> Result<Vec<RecordBatch>, PipelineError> {
        let workplace = self.workplace(gemeente, peildatum)?;
        workplace.need(indicators::LEDGER, || Ok(vec![self.verplichtingen(gemeente, peildatum)?]))?;
        let columns: Vec<&str> = by.iter().map(|column| column.as_str()).collect();
        let (select, group) = if columns.is_empty() {
            (String::new(), String::new())
        } else {
            let list = columns.join(", ");
            (format!("{list}, "), format!(" GROUP BY {list} ORDER BY {list}"))
        };
        let sql = format!("SELECT {select}{} FROM verplichting_maand{group}", ledger::sums());
        Ok(workplace.snapshot().query(&sql)?)
    }

    /// Folder of the lake.
    pub fn data(&self) -> &Path {
        self.lake.root()
    }

    /// Municipalities with messages or imported files of their own, in the order of their codes; when there are none, those of
    /// which there is open data.
    ///
    /// # Errors
    /// When the tables can't be read.
    pub fn gemeenten(&self) -> Result<Vec<GemeenteCode>, PipelineError> {
        if let Some(found) = &self.current().gemeenten {
            return Ok(found.to_vec());
        }
        let snapshot = self.snapshot(None)?;
        let batches =
            snapshot.query("SELECT DISTINCT gemeente FROM bericht WHERE gemeente IS NOT NULL ORDER BY gemeente")?;
        let codes = batches.iter().flat_map(|batch| {
            let columns = Columns(batch);
            (0..batch.num_rows()).filter_map(move |row| columns.text(0, row)?.parse().ok())
        });
        let mut codes: Vec<GemeenteCode> = codes.collect();
        if codes.is_empty() {
            codes = self.known_by_figures()?.to_vec();
        }
        self.keep_of(&snapshot, |kept| kept.gemeenten = Some(codes.as_slice().into()));
        Ok(codes)
    }

    /// Whether anything at all is known of a municipality, be it open data only.
    ///
    /// # Errors
    /// When the tables can't be read.
    pub fn knows(&self, gemeente: GemeenteCode) -> Result<bool, PipelineError> {
        Ok(self.gemeenten()?.contains(&gemeente) || self.known_by_figures()?.contains(&gemeente))
    }

    /// Whether there is care of a municipality to forecast: an allocation or an invoice.
    ///
    /// # Errors
    /// As [`Grip::year_end`].
    pub fn has_care(&self, gemeente: GemeenteCode) -> Result<bool, PipelineError> {
        Ok(!self.facts(gemeente)?.is_empty())
    }

    /// Municipalities of which there is open data, in the order of their codes.
    fn known_by_figures(&self) -> Result<Arc<[GemeenteCode]>, PipelineError> {
        if let Some(found) = &self.current().known_by_figures {
            return Ok(found.clone());
        }
        let snapshot = self.snapshot(None)?;
        let batches = snapshot.query(
            "SELECT DISTINCT regio FROM open_data WHERE regio LIKE 'GM%' UNION SELECT DISTINCT gemeente FROM iv3",
        )?;
        let codes = batches.iter().flat_map(|batch| {
            let columns = Columns(batch);
            (0..batch.num_rows()).filter_map(move |row| columns.text(0, row)?.parse().ok())
        });
        let codes: BTreeSet<GemeenteCode> = codes.collect();
        let codes: Arc<[GemeenteCode]> = codes.into_iter().collect();
        self.keep_of(&snapshot, |kept| kept.known_by_figures = Some(codes.clone()));
        Ok(codes)
    }

    /// The municipality that is named, or the only one there is.
    ///
    /// # Errors
    /// [`PipelineError::Empty`], [`PipelineError::NoGemeente`] and [`PipelineError::WhichGemeente`].
    pub fn gemeente(&self, named: Option<GemeenteCode>) -> Result<GemeenteCode, PipelineError> {
        let known = self.gemeenten()?;
        match (named, known.as_slice()) {
            (_, []) => Err(PipelineError::Empty(self.lake.root().to_owned())),
            (Some(named), _) if self.knows(named)? => Ok(named),
            (Some(named), _) => Err(PipelineError::NoGemeente(named.to_string())),
            (None, [only]) => Ok(*only),
            (None, several) => {
                let codes: Vec<String> = several.iter().map(ToString::to_string).collect();
                Err(PipelineError::WhichGemeente(codes.join(", ")))
            }
        }
    }

    /// The last day on which anything was received.
    ///
    /// # Errors
    /// When the tables can't be read.
    pub fn last_received(&self) -> Result<Option<Date>, PipelineError> {
        if let Some(found) = self.current().last_received {
            return Ok(found);
        }
        let snapshot = self.snapshot(None)?;
        // An export is known from its first line on; its last line may be later than any message.
        let batches = snapshot.query(
            "SELECT MAX(dag) FROM (SELECT MAX(_received_at) AS dag FROM bericht WHERE status <> 'geweigerd'
             UNION ALL SELECT MAX(_received_at) AS dag FROM prestatie)",
        )?;
        let found =
            batches.first().and_then(|batch| if batch.num_rows() == 0 { None } else { Columns(batch).day(0, 0) });
        self.keep_of(&snapshot, |kept| kept.last_received = Some(found));
        Ok(found)
    }

    /// The year-end table as known on a day.
    ///
    /// # Errors
    /// [`PipelineError::YearOutOfReach`], [`PipelineError::NoGemeente`], or when the tables can't be read.
    pub fn year_end(&self, gemeente: GemeenteCode, jaar: i16, peildatum: Date) -> Result<Arc<YearEnd>, PipelineError> {
        let facts = self.facts(gemeente)?;
        let key = (gemeente, jaar, peildatum);
        if let Some(found) = self.kept().year_ends.get(&key) {
            return Ok(found.clone());
        }
        let made = self.prognose(&facts, jaar, peildatum)?;
        let answer = Arc::new(year_end::year_end(&facts, &made));
        self.keep(&facts, |kept| kept.year_ends.insert(key, answer.clone()));
        Ok(answer)
    }

    /// The forecast of the year of a day and the four that follow.
    ///
    /// # Errors
    /// As [`Grip::year_end`].
    pub fn years_ahead(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        assumed: &Assumptions,
    ) -> Result<Arc<YearsAhead>, PipelineError> {
        let facts = self.facts(gemeente)?;
        // What is assumed otherwise is asked once.
        let is_kept = *assumed == Assumptions::default();
        if let Some(found) = self.kept().years_ahead.get(&(gemeente, peildatum)).filter(|_| is_kept) {
            return Ok(found.clone());
        }
        let first = self.prognose(&facts, peildatum.year(), peildatum)?;
        let made = grip_prognose::years_ahead(&facts, &first, assumed);
        let made = made.map_err(|error| year_end::no_prognose(error, peildatum.year(), peildatum))?;
        let answer = Arc::new(made);
        if is_kept {
            self.keep(&facts, |kept| kept.years_ahead.insert((gemeente, peildatum), answer.clone()));
        }
        Ok(answer)
    }

    /// Why the forecast of a year changed between two days.
    ///
    /// # Errors
    /// As [`Grip::year_end`], of either day.
    pub fn change(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        from: Date,
        to: Date,
    ) -> Result<Arc<Change>, PipelineError> {
        let facts = self.facts(gemeente)?;
        let key = (gemeente, jaar, from, to);
        if let Some(found) = self.kept().changes.get(&key) {
            return Ok(found.clone());
        }
        let (before, after) = (self.prognose(&facts, jaar, from)?, self.prognose(&facts, jaar, to)?);
        let answer = Arc::new(grip_prognose::change(&facts, &before, &after));
        self.keep(&facts, |kept| kept.changes.insert(key, answer.clone()));
        Ok(answer)
    }

    /// What stands out as known at the last month-end before a day, with the month-end at which it could first be seen.
    ///
    /// # Errors
    /// [`PipelineError::NoGemeente`], or when the tables can't be read.
    pub fn signals(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<Signals>, PipelineError> {
        let facts = self.facts(gemeente)?;
        let key = (gemeente, peildatum);
        if let Some(found) = self.kept().signals.get(&key) {
            return Ok(found.clone());
        }
        let mut made = grip_prognose::signals(&facts, peildatum);
        for line in &mut made.signals {
            for deviation in std::iter::once(&mut line.deviation).chain(&mut line.also) {
                let name = &mut deviation.name;
                let categorie = name.productcategorie.as_deref().map(year_end::segment_naam);
                name.naam = name.naam.take().or(categorie);
            }
        }
        let answer = Arc::new(made);
        self.keep(&facts, |kept| kept.signals.insert(key, answer.clone()));
        Ok(answer)
    }

    /// The forecast as it would have been made at every month-end of a period, beside simple methods and what it became.
    /// `progress` is told how many month-ends are done, of how many.
    ///
    /// # Errors
    /// [`PipelineError::PeriodOutOfReach`] when nothing was known in the period, [`PipelineError::NoGemeente`], or when the
    /// tables can't be read.
    pub fn backtest(
        &self,
        gemeente: GemeenteCode,
        from: Maand,
        to: Maand,
        progress: impl Fn(usize, usize) + Sync,
    ) -> Result<Backtest, PipelineError> {
        let found = grip_prognose::backtest(self.facts(gemeente)?.as_ref(), from, to, progress);
        found.filter(|found| !found.rows.is_empty()).ok_or(PipelineError::PeriodOutOfReach { from, to })
    }

    /// What was declared in a year beside what was booked, and what the difference consists of.
    ///
    /// # Errors
    /// [`PipelineError::NoGrootboek`], or as [`Grip::sql`].
    pub fn reconcile(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
    ) -> Result<Reconciliation, PipelineError> {
        let (known, now) = (self.snapshot(Some(peildatum))?, self.snapshot(None)?);
        reconcile::reconcile(&known, &now, gemeente, jaar, peildatum)
    }

    /// What each provider does in a segment in a year, the largest first.
    ///
    /// # Errors
    /// As [`Grip::year_end`].
    pub fn providers(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
        wet: Wet,
        categorie: &str,
    ) -> Result<Vec<ProviderLine>, PipelineError> {
        let mut lines = ledger::providers(self.facts(gemeente)?.as_ref(), jaar, peildatum, wet, categorie);
        self.withhold_providers((gemeente, peildatum), jaar, (wet, categorie), &mut lines)?;
        Ok(lines)
    }

    /// The lines a provider declared in a segment in a year, as known on a day: how many there are, and a part of them in the
    /// order of delivery.
    ///
    /// # Errors
    /// As [`Grip::sql`].
    #[expect(clippy::too_many_arguments, reason = "each names one part of where the lines are")]
    pub fn source_lines(
        &self,
        gemeente: GemeenteCode,
        jaar: i16,
        peildatum: Date,
        wet: Wet,
        categorie: &str,
        aanbieder: AgbCode,
        offset: usize,
        limit: usize,
    ) -> Result<(usize, Vec<SourceLine>), PipelineError> {
        let snapshot = self.snapshot(Some(peildatum))?;
        let (gemeente, aanbieder) = (gemeente.to_string(), aanbieder.to_string());
        let values = [
            Parameter::Text(&gemeente),
            Parameter::Text(wet.as_str()),
            Parameter::Text(categorie),
            Parameter::Text(&aanbieder),
            Parameter::Day(Maand::new(jaar, 1).first_day()),
            Parameter::Day(Maand::new(jaar, 12).last_day()),
        ];
        let of = "FROM prestatie_stand WHERE gemeente = $1 AND wet = $2 AND product_categorie = $3 AND aanbieder = $4 AND begindatum BETWEEN $5 AND $6";
        let counted = snapshot.query_with(&format!("SELECT COUNT(*) {of}"), &values)?;
        let count = counted.first().and_then(|batch| Columns(batch).number(0, 0)).unwrap_or_default();
        let batches = snapshot.query_with(
            &format!(
                "SELECT begindatum, einddatum, client, toewijzing_nummer, product_code, geleverd_volume, eenheid, tarief_cents, bedrag_cents,
                        retour_codes, referentie_nummer, declaratie_nummer, _received_at, _source_file
                 {of} ORDER BY begindatum, toewijzing_nummer, _received_at, referentie_nummer LIMIT {limit} OFFSET {offset}"
            ),
            &values,
        )?;
        let mut lines = Vec::new();
        for batch in &batches {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let text = |column| columns.text(column, row).unwrap_or_default().to_owned();
                let day = |column| columns.day(column, row).map(|day| day.to_string()).unwrap_or_default();
                let number = |column| columns.number(column, row).unwrap_or_default();
                lines.push(SourceLine {
                    maand: columns.day(0, row).map(|day| Maand::of(day).to_string()).unwrap_or_default(),
                    begindatum: day(0),
                    einddatum: day(1),
                    client: text(2),
                    toewijzing_nummer: number(3),
                    productcode: text(4),
                    volume: number(5),
                    eenheid: text(6),
                    tarief: columns.number(7, row),
                    bedrag: number(8),
                    retourcodes: text(9),
                    referentie_nummer: text(10),
                    declaratie_nummer: text(11),
                    ontvangen: day(12),
                    bestand: text(13),
                });
            }
        }
        let clients = lines.iter().filter_map(|line| processing::pseudonym(&line.client)).collect();
        self.record("regels van declaraties", &clients)?;
        Ok((usize::try_from(count).unwrap_or_default(), lines))
    }

    /// What was offered at the door, taken and refused, and why.
    ///
    /// # Errors
    /// As [`Grip::sql`].
    pub fn intake_summary(&self) -> Result<Arc<IntakeSummary>, PipelineError> {
        if let Some(found) = &self.current().intake_summary {
            return Ok(found.clone());
        }
        let snapshot = self.snapshot(None)?;
        let mut summary = IntakeSummary::default();
        for batch in &snapshot.query(
            "SELECT status, COALESCE(berichtsoort, 'onbekend'), COUNT(*) FROM bericht GROUP BY 1, 2 ORDER BY 1, 2",
        )? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let status = columns.text(0, row).unwrap_or_default().to_owned();
                let soort = columns.text(1, row).unwrap_or_default().to_owned();
                summary.files.push((status, soort, columns.number(2, row).unwrap_or_default()));
            }
        }
        for batch in &snapshot.query(
            "SELECT code, ernst, COUNT(*), COUNT(DISTINCT bericht_id) FROM bevinding GROUP BY 1, 2 ORDER BY 1, 2",
        )? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let code = columns.text(0, row).unwrap_or_default();
                let rule = rule_text(code);
                summary.findings.push(FindingCount {
                    code: code.to_owned(),
                    ernst: columns.text(1, row).unwrap_or_default().to_owned(),
                    titel: rule.map_or(quality::UNKNOWN_RULE, |rule| rule.titel).to_owned(),
                    uitleg: rule.map_or("", |rule| rule.uitleg).to_owned(),
                    advies: rule.map_or("", |rule| rule.advies).to_owned(),
                    count: columns.number(2, row).unwrap_or_default(),
                    files: columns.number(3, row).unwrap_or_default(),
                });
            }
        }
        let latest = "SELECT bericht._source_file, bericht._received_at, bevinding.code, bevinding.regel, bevinding.kolom, bevinding.element, bevinding.omschrijving
             FROM bericht JOIN bevinding ON bevinding.bericht_id = bericht.bericht_id
             WHERE bericht.status <> 'ingelezen' AND bevinding.ernst <> 'waarschuwing'
               AND bericht.bericht_id NOT IN (SELECT bericht_id FROM bericht WHERE status = 'ingelezen')
             ORDER BY bericht._received_at DESC, bericht._source_file, bevinding.regel LIMIT 200";
        for batch in &snapshot.query(latest)? {
            let columns = Columns(batch);
            for row in 0..batch.num_rows() {
                let text = |column| columns.text(column, row).unwrap_or_default().to_owned();
                summary.refused.push(RefusedMessage {
                    bestand: text(0),
                    ontvangen: columns.day(1, row).map(|day| day.to_string()).unwrap_or_default(),
                    code: text(2),
                    regel: columns.number(3, row).unwrap_or_default(),
                    kolom: columns.number(4, row).unwrap_or_default(),
                    element: text(5),
                    omschrijving: text(6),
                });
            }
        }
        let summary = Arc::new(summary);
        self.keep_of(&snapshot, |kept| kept.intake_summary = Some(summary.clone()));
        Ok(summary)
    }

    /// The quality of what came in, as known on a day.
    ///
    /// # Errors
    /// [`PipelineError::NoGemeente`], or when the tables can't be read.
    pub fn quality(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<Quality>, PipelineError> {
        let facts = self.facts(gemeente)?;
        let key = (gemeente, peildatum);
        if let Some(found) = self.kept().qualities.get(&key) {
            return Ok(found.clone());
        }
        let snapshot = self.snapshot(Some(peildatum))?;
        let purged = quality::purged(self.snapshot(None)?.as_ref())?;
        let answer = Arc::new(quality::quality(&snapshot, &facts, gemeente, peildatum, purged)?);
        self.keep(&facts, |kept| kept.qualities.insert(key, answer.clone()));
        Ok(answer)
    }

    /// What a rule found as known on a day, or nothing when there is no such rule.
    ///
    /// # Errors
    /// As [`Grip::quality`].
    pub fn rule_findings(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        code: &str,
    ) -> Result<Option<RuleFindings>, PipelineError> {
        let facts = self.facts(gemeente)?;
        let snapshot = self.snapshot(Some(peildatum))?;
        quality::rule_findings(&snapshot, &facts, gemeente, code)
    }

    /// A file by its key with what was found in it as known on a day, or nothing when there is no such file.
    ///
    /// # Errors
    /// As [`Grip::sql`].
    pub fn file_findings(
        &self,
        gemeente: GemeenteCode,
        peildatum: Date,
        bericht_id: &str,
    ) -> Result<Option<FileFindings>, PipelineError> {
        let snapshot = self.snapshot(Some(peildatum))?;
        let found = quality::file_findings(&snapshot, gemeente, bericht_id)?;
        if found.is_some() {
            let clients = person::clients_with_findings(&snapshot, gemeente, bericht_id)?;
            self.record("bevindingen in een bestand", &clients)?;
        }
        Ok(found)
    }

    /// Everything that is kept of one citizen in a municipality, for who asks what is known of him or her (article 15 of the AVG).
    /// The number is keyed and forgotten.
    ///
    /// # Errors
    /// [`PipelineError::OtherKey`], [`PipelineError::Logboek`], and when the tables can't be read.
    pub fn person(&self, gemeente: GemeenteCode, key: &Key, bsn: Bsn) -> Result<Person, PipelineError> {
        if !is_key_of(self.lake.root(), key)? {
            return Err(PipelineError::Empty(self.lake.root().to_owned()));
        }
        person::person(&self.lake, gemeente, key.client(bsn.expose()), self.trace)
    }

    fn verplichtingen(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<RecordBatch, PipelineError> {
        Ok(ledger::batch(self.facts(gemeente)?.as_ref(), peildatum, Maand::new(peildatum.year(), 12)))
    }

    /// The tables and views as known on a day.
    fn snapshot(&self, peildatum: Option<Date>) -> Result<Arc<Snapshot>, PipelineError> {
        if let Some((_, found)) = self.current().tables.iter().find(|(day, _)| *day == peildatum) {
            return Ok(found.clone());
        }
        let snapshot = Arc::new(self.open_tables(peildatum)?);
        self.keep_of(&snapshot, |kept| {
            kept.tables.truncate(TABLES_KEPT - 1);
            kept.tables.push_front((peildatum, snapshot.clone()));
        });
        Ok(snapshot)
    }

    fn open_tables(&self, peildatum: Option<Date>) -> Result<Snapshot, PipelineError> {
        let snapshot = self.lake.snapshot(peildatum)?;
        add_views(&snapshot)?;
        Ok(snapshot)
    }

    /// The same, where what is made of them for one municipality is kept.
    fn workplace(&self, gemeente: GemeenteCode, peildatum: Date) -> Result<Arc<Workplace>, PipelineError> {
        let key = (gemeente, peildatum);
        if let Some((_, found)) = self.current().workplaces.iter().find(|(of, _)| *of == key) {
            return Ok(found.clone());
        }
        let workplace = Arc::new(Workplace::new(self.open_tables(Some(peildatum))?, gemeente));
        let shared = self.keep_of(workplace.snapshot(), |kept| {
            // Two who came at once work at the same place.
            if let Some((_, first)) = kept.workplaces.iter().find(|(of, _)| *of == key) {
                return first.clone();
            }
            kept.workplaces.truncate(WORKPLACES_KEPT - 1);
            kept.workplaces.push_front((key, workplace.clone()));
            workplace.clone()
        });
        Ok(shared.unwrap_or(workplace))
    }

    fn facts(&self, gemeente: GemeenteCode) -> Result<Arc<Facts>, PipelineError> {
        if let Some(found) = self.current().facts.get(&gemeente) {
            return Ok(found.clone());
        }
        let snapshot = self.snapshot(None)?;
        let facts = Arc::new(facts::load(&snapshot, gemeente)?);
        if facts.is_empty() && !self.knows(gemeente)? {
            return Err(PipelineError::NoGemeente(gemeente.to_string()));
        }
        self.keep_of(&snapshot, |kept| kept.facts.insert(gemeente, facts.clone()));
        Ok(facts)
    }

    /// The forecast of a year on a day, with all it was made of.
    fn prognose(&self, facts: &Arc<Facts>, jaar: i16, peildatum: Date) -> Result<Arc<Prognose>, PipelineError> {
        let is_it =
            |made: &&Arc<Prognose>| (made.gemeente, made.jaar, made.peildatum) == (facts.gemeente, jaar, peildatum);
        if let Some(found) = self.kept().prognoses.iter().find(is_it) {
            return Ok(found.clone());
        }
        let made = grip_prognose::prognose(facts, jaar, peildatum);
        let made = Arc::new(made.map_err(|error| year_end::no_prognose(error, jaar, peildatum))?);
        self.keep(facts, |kept| {
            kept.prognoses.truncate(PROGNOSES_KEPT - 1);
            kept.prognoses.push_front(made.clone());
        });
        Ok(made)
    }

    /// Keeps what was made of these facts, unless something was taken in meanwhile.
    fn keep<T>(&self, facts: &Arc<Facts>, keep: impl FnOnce(&mut Kept) -> T) {
        let mut kept = self.kept();
        if kept.facts.get(&facts.gemeente).is_some_and(|now| Arc::ptr_eq(now, facts)) {
            keep(&mut kept);
        }
    }

    /// Keeps what was read from a snapshot, unless something was taken in after it.
    fn keep_of<T>(&self, snapshot: &Snapshot, keep: impl FnOnce(&mut Kept) -> T) -> Option<T> {
        let mut kept = self.current();
        if kept.versions.is_empty() {
            kept.versions.clone_from(snapshot.versions());
        }
        (kept.versions == *snapshot.versions()).then(|| keep(&mut kept))
    }

    /// What is kept, emptied first when something was taken in.
    fn current(&self) -> MutexGuard<'_, Kept> {
        let mut kept = self.kept();
        if !kept.versions.is_empty() && !self.lake.is_at(&kept.versions) {
            *kept = Kept::default();
        }
        kept
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A column the ledger can be summed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerColumn {
    /// Law.
    Wet,
    /// Category.
    Categorie,
    /// Code.
    Product,
    /// Provider.
    Aanbieder,
    /// Month of delivery.
    Maand,
    /// Months since the first of the allocation.
    Leeftijd,
}

impl LedgerColumn {
    fn as_str(self) -> &'static str {
        match self {
            Self::Wet => "wet",
            Self::Categorie => "product_categorie",
            Self::Product => "product_code",
            Self::Aanbieder => "aanbieder",
            Self::Maand => "maand",
            Self::Leeftijd => "leeftijd_maanden",
        }
    }
}
