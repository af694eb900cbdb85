use crate::student;

/// Fewer cuts than this are no record.
pub(crate) const SMALLEST_RECORD: usize = 3;

/// Part of the forecast that is added to the remainder when errors are expressed in it: an error relative to a remainder
/// of about nothing means nothing, and what is settled can still move by about this much.
const SETTLED_NOISE: f64 = 0.001;

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
    /// What the error is measured in: the size of what had to be forecast.
    fn scale(&self) -> f64 {
        scale(self.forecast - self.declared, self.forecast)
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
}

impl Record {
    pub(crate) fn new(cuts: Vec<BackTest>, overlap_months: usize) -> Self {
        Self {
            forecast: score(&cuts, |cut| cut.forecast),
            naive_run_rate: score(&cuts, |cut| cut.naive_run_rate),
            chain_ladder_run_rate: score(&cuts, |cut| cut.chain_ladder_run_rate),
            coverage: coverage(&cuts, overlap_months),
            cuts,
        }
    }

    /// Standard deviation of the error of the whole window, relative to the scale of what had to be forecast.
    pub(crate) fn relative_error(&self) -> Option<f64> {
        relative_error(self.cuts.iter().map(|cut| (cut.actual - cut.forecast, cut.scale())))
    }

    /// Mean square error in money.
    pub(crate) fn mean_square(&self) -> f64 {
        crate::projection::mean(self.cuts.iter().map(|cut| (cut.actual - cut.forecast).powi(2)))
    }
}

/// The size in which an error is expressed: the remainder, and a thousandth of the whole.
pub(crate) fn scale(remainder: f64, forecast: f64) -> f64 {
    remainder.abs() + SETTLED_NOISE * forecast.abs()
}

/// Root of the sum of squared errors over that of squared scales: the root mean square of the relative errors, weighted
/// with the squared scale, so that a cut at which there was hardly anything to forecast hardly counts. None with fewer than
/// three pairs, or when there never was anything to forecast.
pub(crate) fn relative_error(errors: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (mut count, mut squared_errors, mut squared_scales) = (0, 0.0, 0.0);
    for (error, scale) in errors {
        count += 1;
        squared_errors += error * error;
        squared_scales += scale * scale;
    }
    let result = (squared_errors / squared_scales).sqrt();
    (count >= SMALLEST_RECORD && squared_scales > 0.0 && result.is_finite()).then_some(result)
}

/// Degrees of freedom of a variance estimated from errors over overlapping windows.
///
/// # Formula
/// For `K` errors one month apart, each over `w` months, the correlation of two errors `k` months apart is taken as
/// `r = 1 - k/w`. The variance of the mean square of correlated normal variables is `2σ⁴/K² · Σ_ij r²(i-j)`, that of `ν`
/// independent ones `2σ⁴/ν`; hence `ν = K / (1 + 2 Σ_{k<w} (1 - k/K) (1 - k/w)²)`, and at least 1.
/// # Source
/// Bartlett, M. S. (1946), On the theoretical specification and sampling properties of autocorrelated time-series,
/// Journal of the Royal Statistical Society (supplement) 8(1), 27–41.
pub(crate) fn degrees_of_freedom(cuts: usize, overlap_months: usize) -> f64 {
    let (cuts, overlap) = (cuts as f64, overlap_months.max(1) as f64);
    let mut inflation = 1.0;
    for lag in 1..overlap_months {
        let lag = lag as f64;
        inflation += 2.0 * (1.0 - lag / cuts).max(0.0) * (1.0 - lag / overlap).powi(2);
    }
    (cuts / inflation).max(1.0)
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

fn coverage(cuts: &[BackTest], overlap_months: usize) -> Option<f64> {
    if cuts.len() <= SMALLEST_RECORD {
        return None;
    }
    let width = half_width(degrees_of_freedom(cuts.len() - 1, overlap_months));
    let mut held = 0.0;
    for tested in cuts {
        let others = cuts.iter().filter(|cut| cut.cut != tested.cut);
        let sigma = relative_error(others.map(|cut| (cut.actual - cut.forecast, cut.scale())))?;
        if (tested.actual - tested.forecast).abs() <= width * sigma * tested.scale() {
            held += 1.0;
        }
    }
    Some(held / cuts.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_costs_freedom() {
        assert!((degrees_of_freedom(20, 1) - 20.0).abs() < 1e-12);
        // 1 + 2 · (19/20 · 1/4) = 1.475
        assert!((degrees_of_freedom(20, 2) - 20.0 / 1.475).abs() < 1e-12);
        assert!(degrees_of_freedom(20, 8) < 5.0);
        assert!((degrees_of_freedom(3, 12) - 1.0).abs() < 0.3);
    }

    #[test]
    fn two_cuts_are_no_record() {
        assert_eq!(relative_error([(1.0, 1.0); 2].into_iter()), None);
        assert_eq!(relative_error([(0.0, 0.0); 5].into_iter()), None);
        assert_eq!(relative_error([(1.0, 10.0); 3].into_iter()), Some(0.1));
    }
}
