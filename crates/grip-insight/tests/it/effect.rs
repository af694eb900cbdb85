mod association;
mod coverage;
mod difference;
mod interrupted;
pub(crate) mod noise;
mod overlap;
mod reach;
mod synthetic;

/// Whether two figures agree to a part of the second, or of one.
fn assert_close(found: f64, expected: f64, part: f64) {
    assert!((found - expected).abs() <= part * expected.abs().max(1.0), "{found} instead of {expected}");
}

pub(crate) fn count(number: usize) -> f64 {
    u32::try_from(number).map(f64::from).expect("numbers of tests are small")
}

fn known(values: impl IntoIterator<Item = f64>) -> Vec<Option<f64>> {
    values.into_iter().map(Some).collect()
}
