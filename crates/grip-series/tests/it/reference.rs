//! Against another implementation: see `tests/reference/PROVENANCE.md`.

use std::path::Path;

use grip_series::{Errors, Form, Model, Season, Series, ThetaForm, Trend, fit};

fn rows(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    let text = fs_err::read_to_string(path).expect("the reference is in the repository");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("it is CSV").iter().map(str::to_owned).collect()).collect()
}

fn air_passengers() -> Vec<Option<f64>> {
    rows("air_passengers.csv").iter().map(|row| Some(row[1].parse().expect("a number"))).collect()
}

fn model(name: &str) -> Option<Model> {
    let form = |errors, trend, season| Some(Model::EtsOf(Form { errors, trend, season }));
    match name {
        "ETS(A,N,N)" => form(Errors::Additive, Trend::None, Season::None),
        "ETS(A,A,N)" => form(Errors::Additive, Trend::Additive, Season::None),
        "ETS(A,Ad,N)" => form(Errors::Additive, Trend::Damped, Season::None),
        "ETS(A,A,A)" => form(Errors::Additive, Trend::Additive, Season::Additive),
        "ETS(M,A,M)" => form(Errors::Multiplicative, Trend::Additive, Season::Multiplicative),
        "ETS(M,Ad,M)" => form(Errors::Multiplicative, Trend::Damped, Season::Multiplicative),
        "ETS(M,N,M)" => form(Errors::Multiplicative, Trend::None, Season::Multiplicative),
        "STM" => Some(Model::ThetaOf(ThetaForm::Standard)),
        "OTM" => Some(Model::ThetaOf(ThetaForm::Optimised)),
        "DSTM" => Some(Model::ThetaOf(ThetaForm::Dynamic)),
        "DOTM" => Some(Model::ThetaOf(ThetaForm::DynamicOptimised)),
        automatic if automatic.starts_with("AutoETS") => Some(Model::Ets),
        _ => None,
    }
}

/// A fit is as good as theirs to a quarter of a unit of likelihood, which is less than any difference that decides between
/// forms; where the likelihood is the same to half a unit, so are the forecasts, to 2 %: the optimum is flat, and α and the
/// starting values of the two programs differ along it.
#[test]
fn air_passengers_as_statsforecast_fits_them() {
    let values = air_passengers();
    let n = 144.0_f64;
    assert_eq!(values.len(), 144);
    let constant = n / 2.0 * (n.ln() - std::f64::consts::TAU.ln() - 1.0);
    let mut compared = 0;
    for row in rows("statsforecast.csv") {
        let name = row[1].as_str();
        let fitted = fit(Series { values: &values, season: 12 }, model(name).unwrap());
        let mut is_same_optimum = true;
        if let Ok(theirs) = row[2].parse::<f64>() {
            let gained = fitted.log_likelihood().unwrap() - constant - theirs;
            assert!(gained > -0.25, "{name}: our likelihood is lower by {:.3}", -gained);
            is_same_optimum = gained < 0.5;
        }
        let theirs: Vec<f64> = row[3..].iter().map(|value| value.parse().unwrap()).collect();
        let apart =
            fitted.mean(24).iter().zip(&theirs).map(|(ours, theirs)| (ours / theirs - 1.0).abs()).fold(0.0, f64::max);
        if is_same_optimum {
            assert!(apart < 0.02, "{name}: forecasts differ by {:.2} %", 100.0 * apart);
            compared += 1;
        }
    }
    assert!(compared >= 6, "only {compared} models could be compared");
}

/// With θ = 2 and one line, Theta is exponential smoothing with half the slope of the line as drift: Hyndman, R. J. and
/// Billah, B. (2003), Unmasking the Theta method, International Journal of Forecasting 19(2), 287-290. So its
/// forecasts rise by half the slope of the line of least squares, once its start is forgotten.
#[test]
fn standard_theta_drifts_by_half_the_slope_of_the_line() {
    let values: Vec<Option<f64>> =
        (0..60).map(|t: i32| Some(200.0 + 3.0 * f64::from(t) + f64::from((t * 37) % 23 - 11))).collect();
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let (mean_t, mean_y) = (29.5, known.iter().sum::<f64>() / 60.0);
    let time = |at: usize| f64::from(u32::try_from(at).unwrap()) - mean_t;
    let spread: f64 = (0..60).map(|at| time(at).powi(2)).sum();
    let slope = known.iter().enumerate().map(|(at, y)| time(at) * (y - mean_y)).sum::<f64>() / spread;
    let mean = fit(Series { values: &values, season: 1 }, Model::ThetaOf(ThetaForm::Standard)).mean(10);
    for pair in mean.windows(2) {
        // The start still weighs (1-α)^60: below 0.05 to that power at any α the fit allows, times the intercept.
        assert!(
            (pair[1] - pair[0] - slope / 2.0).abs() < 0.01 * slope,
            "{} and not {}",
            pair[1] - pair[0],
            slope / 2.0
        );
    }
}
