use crate::notice::Notice;
use crate::record::Record;
use crate::student;

/// A window of months, both ends included. Months before 0 do not exist and count as nothing; the end may lie up to
/// [`FUTURE`](crate::FUTURE) months after the newest month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First month.
    pub first: i64,
    /// Last month.
    pub last: i64,
}

/// Who forecasts a segment: whoever did best before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// What is declared, allocated, renewed and new, as this crate composes it.
    Composed,
    /// Paid chain ladder, and its latest mean for the months to come.
    ChainLadderRunRate,
    /// What is declared of settled months, and their mean for every other.
    RunRate,
}

impl Method {
    /// Its name in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Composed => "composed",
            Self::ChainLadderRunRate => "chain_ladder_run_rate",
            Self::RunRate => "run_rate",
        }
    }
}

/// The forecast of one month. Eurocents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MonthOutlook {
    /// Index of the month.
    pub month: i64,
    /// Known now.
    pub declared: f64,
    /// Still to be declared for a month that has come; negative where credits are expected.
    pub ibnr: f64,
    /// From what is allocated now for a month to come.
    pub open_commitments: f64,
    /// From what is not allocated yet for a month to come.
    pub inflow: f64,
    /// Lower end of the 80 % interval of this month.
    pub p10: f64,
    /// Upper end of the 80 % interval of this month.
    pub p90: f64,
}

/// The forecast of one segment, or of the total. Eurocents.
///
/// `declared + ibnr + open_commitments + inflow = p50`, and each part is the sum over [`months`](Self::months).
/// The ends of the intervals do not add up: not over months and not over segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// Known now.
    pub declared: f64,
    /// Still to be declared for months that have come.
    pub ibnr: f64,
    /// From what is allocated now for months to come.
    pub open_commitments: f64,
    /// From what is not allocated yet for months to come.
    pub inflow: f64,
    /// Lower end of the 80 % interval.
    pub p10: f64,
    /// The forecast.
    pub p50: f64,
    /// Upper end of the 80 % interval.
    pub p90: f64,
    /// The months of the window that exist, in order.
    pub months: Vec<MonthOutlook>,
    /// What the naive run-rate says of the same window.
    pub naive_run_rate: f64,
    /// What paid chain ladder and run-rate say of the same window.
    pub chain_ladder_run_rate: f64,
    /// How these methods would have done before.
    pub record: Record,
    /// Scale of the error; the error divided by it is taken as Student t.
    pub standard_error: f64,
    /// Degrees of freedom of that distribution: how much the record really tells.
    pub degrees_of_freedom: f64,
    /// Whether the width rests on the record. If not, there were too few cuts, and it is a wide guess.
    pub width_from_record: bool,
    /// Whether seasonal factors are in the forecast, because they did better before (of the total: in any segment).
    pub seasonal: bool,
    /// The method that was taken, because it did better before; of the total always the composed one, which is the sum.
    pub method: Method,
    /// What was seen that makes it differ from running on; of a segment only.
    pub noticed: Vec<Notice>,
}

impl Outlook {
    /// Probability that the window ends above this amount (a budget), in eurocents.
    ///
    /// # Formula
    /// `1 - T((amount - p50) / standard_error)` with `T` the Student t distribution function with
    /// [`degrees_of_freedom`](Self::degrees_of_freedom). Without any uncertainty it is 0 or 1, and 0 when equal.
    #[must_use]
    pub fn probability_above(&self, amount: f64) -> f64 {
        let distance = amount - self.p50;
        if self.standard_error > 0.0 {
            1.0 - student::probability_below(distance / self.standard_error, self.degrees_of_freedom)
        } else if distance < 0.0 {
            1.0
        } else {
            0.0
        }
    }
}

/// The forecast of all segments and of their sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// One per segment, in the order given.
    pub segments: Vec<Outlook>,
    /// The sum. Its interval comes from its own record, in which the dependence between segments is.
    pub total: Outlook,
}
