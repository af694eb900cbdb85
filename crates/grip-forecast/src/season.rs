/// Ratios needed before a season is estimated at all: two for at least half of the calendar months, so thirty settled
/// months. With fewer, a season cannot be told from chance.
const SMALLEST_SAMPLE: usize = 18;

/// Ratios without a trend in them that are needed: three of them a second of their calendar month, so that chance is seen.
const SMALLEST_RATIOS: usize = 15;

/// Bounds of a factor; a month with less than a third or more than three times its share is not a season.
const BOUNDS: (f64, f64) = (1.0 / 3.0, 3.0);

/// Twelve factors around 1, for the months 0, 1, … 11 of the grid and each twelve months later.
pub(crate) type Season = [f64; 12];

/// No season.
pub(crate) const FLAT: Season = [1.0; 12];

/// Seasonal factors from monthly amounts, shrunk towards 1 as far as they look like chance.
///
/// # Formula
/// Ratio of each month to the centred twelve-month mean around it (half weights at both ends); `s[k]` is the mean ratio
/// of calendar month `k`. Shrunk by Bühlmann's `z = max(0, 1 - within / between)` with `within` the variance of such a
/// mean by chance, `between` the variance of the twelve means: `1 + z · (s[k] - 1)`, with mean 1.
/// # Source
/// Ratio to moving average: Persons (1919). Shrinkage: Bühlmann and Gisler (2005), chapter 4; the same idea for seasons
/// in Miller and Williams (2003), International Journal of Forecasting 19(4), 669–684.
pub(crate) fn season(amounts: &[f64]) -> Season {
    let mut ratios: Vec<(usize, f64)> = Vec::new();
    for month in 6..amounts.len().saturating_sub(6) {
        let around = &amounts[month - 6..=month + 6];
        let mean = (around.iter().sum::<f64>() - 0.5 * (around[0] + around[12])) / 12.0;
        if mean <= 0.0 {
            return FLAT;
        }
        ratios.push((month % 12, amounts[month] / mean));
    }
    if ratios.len() < SMALLEST_SAMPLE {
        return FLAT;
    }
    shrunk(&ratios)
}

/// Seasonal factors from monthly ratios in which there is no level, such as what is declared of what is allocated.
///
/// # Formula
/// The mean of each calendar month over the mean of all months, shrunk as in [`season`]. A calendar month without a ratio
/// has factor 1.
pub(crate) fn season_of_ratios(ratios: &[f64]) -> Season {
    let mean = crate::projection::mean(ratios.iter().copied());
    if ratios.len() < SMALLEST_RATIOS || mean <= 0.0 {
        return FLAT;
    }
    let ratios: Vec<(usize, f64)> =
        ratios.iter().enumerate().map(|(month, ratio)| (month % 12, ratio / mean)).collect();
    shrunk(&ratios)
}

/// Means of the calendar months, shrunk towards 1 as far as they look like chance.
fn shrunk(ratios: &[(usize, f64)]) -> Season {
    let mut means = [0.0; 12];
    let mut counts = [0.0; 12];
    for (month, ratio) in ratios {
        means[*month] += ratio;
        counts[*month] += 1.0;
    }
    for (mean, count) in means.iter_mut().zip(counts) {
        *mean /= count;
    }
    let overall = means.iter().sum::<f64>() / 12.0;
    let sample = ratios.len() as f64;
    let chance = ratios.iter().map(|(month, ratio)| (ratio - means[*month]).powi(2)).sum::<f64>() / (sample - 12.0);
    let within = chance / (sample / 12.0);
    let between = means.iter().map(|mean| (mean - overall).powi(2)).sum::<f64>() / 11.0;
    if between <= 0.0 || overall <= 0.0 {
        return FLAT;
    }
    let credibility = (1.0 - within / between).max(0.0);
    means.map(|mean| (1.0 + credibility * (mean / overall - 1.0)).clamp(BOUNDS.0, BOUNDS.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_on_a_trend_is_found() {
        let truth = [1.1, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.8, 1.1, 1.1, 1.1, 1.0];
        let amounts: Vec<f64> = (0..60_u32).map(|m| (1000.0 + 5.0 * f64::from(m)) * truth[m as usize % 12]).collect();
        for (found, truth) in season(&amounts).iter().zip(truth) {
            // The moving mean of a seasonal series with a trend is right to about a percent.
            assert!((found - truth).abs() < 0.01, "{found} is not {truth}");
        }
    }

    #[test]
    fn little_or_nothing_to_learn_from_is_flat() {
        for amounts in [&[1.0; 60][..], &[0.0; 60], &[1.0; 20]] {
            assert!(season(amounts).iter().all(|factor| factor.to_bits() == 1.0_f64.to_bits()));
        }
    }
}
