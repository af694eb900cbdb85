use crate::projection::{MEMORY, SMALLEST_SAMPLE};
use crate::student;

/// Fewer cuts than this are no record.
pub(crate) const SMALLEST_RECORD: usize = 3;

/// Part of the forecast that is added to the remainder when errors are expressed in it: an error relative to a remainder
/// of about nothing means nothing, and what is settled can still move by about this much.
const SETTLED_NOISE: f64 = 0.001;

/// After this many months a cut counts half in the width of the interval. A method that has seen one year errs more than
/// one that has seen four, and the present forecast is made by the latter.
const HALF_LIFE_MONTHS: f64 = 12.0;

/// Probability below the upper end of an interval.
const UPPER: f64 = 0.9;

/// What the methods would have said at one earlier cut about the window that lay there as the real one lies now, and
/// what came of it. Eurocents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BackTest {
    /// Month of the cut.
    pub cut: usize,
    /// Declared in the window, as known at the cut.
    pub declared: f64,
    /// The forecast for the whole window (its p50).
    pub forecast: f64,
    /// Run-rate: declared of settled months, and the mean of the last twelve settled months for every other.
    pub naive_run_rate: f64,
    /// Paid chain ladder for months past, and the mean of its latest twelve learnable months for months to come.
    pub chain_ladder_run_rate: f64,
    /// The ultimate of the window as known now.
    pub actual: f64,
}

impl BackTest {
    /// The error, and the size of what had to be forecast so many months ahead.
    fn sized_error(&self, ahead: usize) -> SizedError {
        let scale = scale(self.forecast - self.declared, self.forecast) * chance_in_rates(self.cut, ahead);
        SizedError { cut: self.cut, error: self.actual - self.forecast, scale }
    }
}

/// How well a method did over a record. Relative numbers: 0.02 is two percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Mean of `|forecast - actual| / |actual|` over the cuts (mean absolute percentage error).
    pub mape: f64,
    /// `Σ (forecast - actual) / Σ |actual|`: above zero when forecasts were too high.
    pub bias: f64,
}

/// The back-test of one segment or of the total: one entry per earlier cut, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// The cuts. Neighbouring windows overlap, so these are far fewer independent trials than there are entries.
    pub cuts: Vec<BackTest>,
    /// The forecast of this crate. None without a cut with an outcome other than zero; so are the two below.
    pub forecast: Option<Score>,
    /// The naive run-rate.
    pub naive_run_rate: Option<Score>,
    /// Paid chain ladder and run-rate.
    pub chain_ladder_run_rate: Option<Score>,
    /// Part of the cuts at which the 80 % interval, with its width learned from the other cuts only, held the outcome.
    /// None with fewer than four cuts. Because neighbouring windows overlap this flatters a little.
    pub coverage: Option<f64>,
    /// Months from a cut to the end of its window.
    ahead: usize,
}

impl Record {
    pub(crate) fn new(cuts: Vec<BackTest>, overlap_months: usize, ahead: usize) -> Self {
        Self {
            ahead,
            forecast: score(&cuts, |cut| cut.forecast),
            naive_run_rate: score(&cuts, |cut| cut.naive_run_rate),
            chain_ladder_run_rate: score(&cuts, |cut| cut.chain_ladder_run_rate),
            coverage: coverage(&cuts, overlap_months, ahead),
            cuts,
        }
    }

    /// The error at each cut, oldest first.
    pub(crate) fn sized_errors(&self) -> impl Iterator<Item = SizedError> {
        self.cuts.iter().map(|cut| cut.sized_error(self.ahead))
    }

    /// Standard deviation of the error of the whole window, relative to the scale of what had to be forecast.
    pub(crate) fn relative_error(&self) -> Option<f64> {
        relative_error(self.sized_errors())
    }
}

/// The size in which an error is expressed: the remainder, and a thousandth of the whole.
pub(crate) fn scale(remainder: f64, forecast: f64) -> f64 {
    remainder.abs() + SETTLED_NOISE * forecast.abs()
}

/// By how much an error is larger by chance where rates rest on few months.
///
/// # Formula
/// `√(1 + 12 / n)`, with `n` the months from which the rate of the last month of a window was learned, between 3 and 24: the
/// variance of a year by chance, and that of a mean over `n / 12` years.
pub(crate) fn chance_in_rates(cut: usize, ahead: usize) -> f64 {
    let months = cut.saturating_sub(ahead).clamp(SMALLEST_SAMPLE, MEMORY) as f64;
    (1.0 + 12.0 / months).sqrt()
}

/// An error and what it is measured in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SizedError {
    pub(crate) cut: usize,
    pub(crate) error: f64,
    pub(crate) scale: f64,
}

/// What a cut that is so many months older than the newest counts: half with every year.
pub(crate) fn weight(older: usize) -> f64 {
    (-std::f64::consts::LN_2 / HALF_LIFE_MONTHS).exp().powf(older as f64)
}

/// Relative error over a record: `σ² = Σ w e² / Σ w s²` with `e` the error, `s` its scale, and `w` halving with every
/// year. It is the mean square of the relative errors, weighted with the squared scale, so that a cut at which there was
/// hardly anything to forecast hardly counts. None with fewer than three pairs, or when there never was anything to
/// forecast.
pub(crate) fn relative_error(errors: impl Iterator<Item = SizedError>) -> Option<f64> {
    let (mut count, mut squared_errors, mut squared_scales) = (0, 0.0, 0.0);
    let mut newest = 0;
    for SizedError { cut, error, scale } in errors {
        // Cuts come in order; what came before this one is so many months older.
        let older = if count == 0 { 1.0 } else { weight(cut - newest) };
        newest = cut;
        count += 1;
        squared_errors = squared_errors * older + error * error;
        squared_scales = squared_scales * older + scale * scale;
    }
    let result = (squared_errors / squared_scales).sqrt();
    (count >= SMALLEST_RECORD && squared_scales > 0.0 && result.is_finite()).then_some(result)
}

/// Degrees of freedom of a variance estimated from weighted errors over overlapping windows.
///
/// # Formula
/// For errors one month apart, each over `m` months, the correlation of two errors `k` months apart is taken as
/// `r(k) = max(0, 1 - k/m)`. The variance of the weighted mean square of correlated normal variables is
/// `2σ⁴ · Σ_ij w_i w_j r²(i-j) / (Σ w)²`, that of `ν` independent equal ones `2σ⁴/ν`; hence
/// `ν = (Σ w)² / Σ_ij w_i w_j r²(i-j)`, and at least 1.
/// # Source
/// Bartlett, M. S. (1946), On the theoretical specification and sampling properties of autocorrelated time-series,
/// Journal of the Royal Statistical Society (supplement) 8(1), 27–41.
pub(crate) fn degrees_of_freedom(cuts: usize, overlap_months: usize) -> f64 {
    let overlap = overlap_months.max(1);
    let weights: Vec<f64> = (0..cuts).map(weight).collect();
    let sum: f64 = weights.iter().sum();
    let mut correlated = 0.0;
    for (lag, correlation) in (0..overlap.min(cuts)).map(|lag| (lag, 1.0 - lag as f64 / overlap as f64)) {
        let pairs: f64 = weights.iter().zip(&weights[lag..]).map(|(one, other)| one * other).sum();
        correlated += if lag == 0 { pairs } else { 2.0 * pairs * correlation * correlation };
    }
    if correlated > 0.0 { (sum * sum / correlated).max(1.0) } else { 1.0 }
}

/// How many standard errors lie between the middle and the end of an 80 % interval.
pub(crate) fn half_width(degrees_of_freedom: f64) -> f64 {
    student::quantile(UPPER, degrees_of_freedom)
}

fn score(cuts: &[BackTest], value: impl Fn(&BackTest) -> f64) -> Option<Score> {
    let known: Vec<&BackTest> = cuts.iter().filter(|cut| cut.actual != 0.0).collect();
    if known.is_empty() {
        return None;
    }
    let relative = known.iter().map(|cut| ((value(cut) - cut.actual) / cut.actual).abs());
    let sum: f64 = known.iter().map(|cut| value(cut) - cut.actual).sum();
    let size: f64 = known.iter().map(|cut| cut.actual.abs()).sum();
    Some(Score { mape: crate::projection::mean(relative), bias: sum / size })
}

fn coverage(cuts: &[BackTest], overlap_months: usize, ahead: usize) -> Option<f64> {
    if cuts.len() <= SMALLEST_RECORD {
        return None;
    }
    let width = half_width(degrees_of_freedom(cuts.len() - 1, overlap_months));
    let mut held = 0.0;
    for tested in cuts {
        let others = cuts.iter().filter(|cut| cut.cut != tested.cut);
        let sigma = relative_error(others.map(|other| other.sized_error(ahead)))?;
        let tested = tested.sized_error(ahead);
        if tested.error.abs() <= width * sigma * tested.scale {
            held += 1.0;
        }
    }
    Some(held / cuts.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_and_age_cost_freedom() {
        // Two errors that do not overlap, one a month older: (1 + w)² / (1 + w²) with w = 2^(-1/12).
        let weight = 0.5_f64.powf(1.0 / 12.0);
        let expected = (1.0 + weight).powi(2) / (1.0 + weight * weight);
        assert!((degrees_of_freedom(2, 1) - expected).abs() < 1e-12);
        // Months shared by half have r² = 1/4, twice.
        let overlapping = (1.0 + weight).powi(2) / (1.0 + weight * weight + 0.5 * weight);
        assert!((degrees_of_freedom(2, 2) - overlapping).abs() < 1e-12);
        assert!(degrees_of_freedom(20, 8) < degrees_of_freedom(20, 4));
        assert!(degrees_of_freedom(20, 4) < 20.0);
        assert!(degrees_of_freedom(0, 4) >= 1.0);
    }

    #[test]
    fn two_cuts_are_no_record() {
        let check = |error, scale, count, expected| {
            let errors = (0..count).map(|cut| SizedError { cut, error, scale });
            assert_eq!(relative_error(errors), expected);
        };
        check(1.0, 1.0, 2, None);
        check(0.0, 0.0, 5, None);
        check(1.0, 2.0, 3, Some(0.5));
    }
}
