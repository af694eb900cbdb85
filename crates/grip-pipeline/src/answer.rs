//! What the pipeline answers: plain rows, in whole eurocents, in the order people read them. The JSON of the commands and
//! of the API is these structs; their field names are a promise, documented in `docs/handboek/velden.md`.

use grip_forecast::NoticeKind;
use serde::Serialize;

/// The expected result of one year, as known on a day.
#[derive(Debug, Clone, Serialize)]
pub struct YearEnd {
    /// Code of the municipality, four digits.
    pub gemeente: String,
    /// The year that is forecast.
    pub jaar: i16,
    /// The day as of which everything is known, `YYYY-MM-DD`.
    pub peildatum: String,
    /// Always `eurocent`: the unit of every amount.
    pub unit: &'static str,
    /// All segments together.
    pub total: Line,
    /// Per law and Productcategorie, in that order.
    pub segments: Vec<Line>,
    /// How late invoices come: per month after delivery, from zero to twelve. Empty where no month is old enough.
    pub run_off: Vec<RunOff>,
    /// How the method did on past days.
    pub record: Record,
}

fn kind<S: serde::Serializer>(kind: &NoticeKind, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(kind.as_str())
}

/// How much of a month was declared so many months after it, as a share of what was declared after twelve.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct RunOff {
    /// Months after the month of delivery.
    pub age: usize,
    /// Over the latest two years of months of delivery that are more than twelve months old.
    pub share: f64,
    /// The lowest of any of them.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

/// One line of the year-end table.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// `wmo`, `jw`, or nothing for the total.
    pub wet: Option<&'static str>,
    /// Productcategorie, or nothing for the total.
    pub productcategorie: Option<String>,
    /// What to call the line, in Dutch.
    pub naam: String,
    /// Declared over the year so far: debits less credits and refusals.
    pub declared: i64,
    /// Delivered in months that have begun, not yet declared.
    pub ibnr: i64,
    /// Still to be delivered on what is allocated now.
    pub open_commitments: i64,
    /// Still to be delivered on what will be allocated or prolonged.
    pub inflow: i64,
    /// The year-end forecast with its 80 % interval.
    pub forecast: Interval,
    /// What running on at the rate of the last twelve declared months would give.
    pub naive_run_rate: i64,
    /// The budget that was in force on the peildatum.
    pub budget: Option<i64>,
    /// Budget less forecast: negative is an overspend.
    pub difference: Option<i64>,
    /// Chance that the year ends above the budget, 0 to 1.
    pub chance_of_overspend: Option<f64>,
    /// Per month of the year.
    pub months: Vec<Month>,
    /// What the forecast saw in the segment, and reckons with.
    pub noticed: Vec<Noticed>,
}

/// Something the forecast saw.
#[derive(Debug, Clone, Serialize)]
pub struct Noticed {
    /// What, by its name in JSON.
    #[serde(serialize_with = "kind")]
    pub kind: NoticeKind,
    /// AGB code of the provider, where it is about one.
    pub aanbieder: Option<String>,
    /// Its name, from the contract.
    pub naam: Option<String>,
    /// The first month it is about, `YYYY-MM`.
    pub maand: String,
    /// How much it is about, in eurocents; zero where it is not about an amount.
    pub amount: i64,
}

/// An estimate and the bounds of its 80 % interval.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Interval {
    /// One in ten outcomes is expected below this.
    pub p10: i64,
    /// The estimate.
    pub p50: i64,
    /// One in ten outcomes is expected above this.
    pub p90: i64,
}

/// One month of delivery.
#[derive(Debug, Clone, Serialize)]
pub struct Month {
    /// `YYYY-MM`.
    pub maand: String,
    /// Declared.
    pub declared: i64,
    /// Delivered, not yet declared.
    pub ibnr: i64,
    /// To be delivered on what is allocated now.
    pub open_commitments: i64,
    /// To be delivered on what will be allocated.
    pub inflow: i64,
    /// Low bound of the month's own 80 % interval.
    pub p10: i64,
    /// High bound of the month's own 80 % interval.
    pub p90: i64,
}

/// The record of the method against the naive ones, over past days with as many months to go.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    /// How many past days could be tried.
    pub cuts: usize,
    /// Mean absolute error of the window's total, as a share of what it became.
    pub mape: Option<f64>,
    /// Mean signed error: above zero is too high.
    pub bias: Option<f64>,
    /// Share of outcomes inside the 80 % interval.
    pub coverage: Option<f64>,
    /// Mean absolute error of the run-rate.
    pub mape_naive_run_rate: Option<f64>,
    /// Mean absolute error of the paid chain ladder.
    pub mape_chain_ladder: Option<f64>,
}

/// What one provider does in a segment in a year.
#[derive(Debug, Clone, Serialize)]
pub struct ProviderLine {
    /// AGB code.
    pub aanbieder: String,
    /// Name from the contract, when there is one.
    pub naam: Option<String>,
    /// Clients with an allocation or a line in the year. Below the minimum count it is not given.
    pub clienten: Option<usize>,
    /// Allocated over the year.
    pub allocated: i64,
    /// Declared: debits less credits and refusals.
    pub declared: i64,
    /// Refused and not declared again.
    pub refused: i64,
    /// Allocated less declared, over the months that have begun.
    pub open: i64,
}

/// One line of a Declaratie, as received.
#[derive(Debug, Clone, Serialize)]
pub struct SourceLine {
    /// Month of delivery, `YYYY-MM`.
    pub maand: String,
    /// First day of the period delivered.
    pub begindatum: String,
    /// Last day of the period delivered.
    pub einddatum: String,
    /// Pseudonym of the client.
    pub client: String,
    /// ToewijzingNummer.
    pub toewijzing_nummer: i64,
    /// Productcode.
    pub productcode: String,
    /// Volume, in whole units of `eenheid`.
    pub volume: i64,
    /// Code of the unit.
    pub eenheid: String,
    /// Tariff, when the unit has one.
    pub tarief: Option<i64>,
    /// Amount; credits are negative.
    pub bedrag: i64,
    /// Codes of the refusal, empty when approved or not yet answered.
    pub retourcodes: String,
    /// The provider's own number of the line.
    pub referentie_nummer: String,
    /// DeclaratieNummer.
    pub declaratie_nummer: String,
    /// Day it was received, `YYYY-MM-DD`.
    pub ontvangen: String,
    /// File it came from.
    pub bestand: String,
}

/// What came through the door.
#[derive(Debug, Clone, Default, Serialize)]
pub struct IntakeSummary {
    /// Status, kind of file, number of files.
    pub files: Vec<(String, String, i64)>,
    /// Findings by rule.
    pub findings: Vec<FindingCount>,
    /// Files and lines that were not taken, the latest first, two hundred at most.
    pub refused: Vec<RefusedMessage>,
}

/// How often a rule found something.
#[derive(Debug, Clone, Serialize)]
pub struct FindingCount {
    /// Code of the rule.
    pub code: String,
    /// How grave.
    pub ernst: String,
    /// Name of the rule.
    pub titel: String,
    /// What is checked and why.
    pub uitleg: String,
    /// What to do.
    pub advies: String,
    /// Findings.
    pub count: i64,
    /// Files with such findings.
    pub files: i64,
}

/// Why something was not taken.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedMessage {
    /// File.
    pub bestand: String,
    /// Day it was received.
    pub ontvangen: String,
    /// Rule.
    pub code: String,
    /// Line, 0 for the file as a whole.
    pub regel: i64,
    /// Column.
    pub kolom: i64,
    /// Path of the element.
    pub element: String,
    /// What was found.
    pub omschrijving: String,
}
