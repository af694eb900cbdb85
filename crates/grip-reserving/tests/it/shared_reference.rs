//! Every deterministic number of the reference files: chainladder 0.10.1 (Python), run 2026-11. What is compared, and the
//! few places where we deviate on purpose, is in `tests/reference/PROVENANCE.md`.

use std::f64::consts::E;

use grip_reserving::{
    Average, Averaging, Clark, Curve, Estimate, Growth, Links, RateModel, Selection, SigmaRule, StandardError,
    benktander, bornhuetter_ferguson, cape_cod, chain_ladder, clark_cape_cod, clark_ldf, expected_loss, fit_tail,
    links, mack_with,
};
use serde_json::Value;

use crate::shared::{Reference, numbers, references};

/// Two implementations of the same formula, hundreds of operations long.
const RELATIVE: f64 = 1e-9;
/// Beside the largest number of a list: what is left when large numbers cancel.
const OF_LARGEST: f64 = 1e-12;
/// The reference stops its search for Clark's curve early (L-BFGS-B with differences of 1e-8).
const OPTIMISER: f64 = 5e-3;
/// Of the amounts: the reference found the same top.
const SAME_LIKELIHOOD: f64 = 1e-8;

/// What does not agree, over all files: a list says more than the first.
#[derive(Default)]
struct Check {
    place: String,
    without_latest: Vec<usize>,
    compared: usize,
    complaints: Vec<String>,
}

impl Check {
    fn at(&mut self, reference: &Reference, block: &str, name: &str) {
        self.place = format!("{} {block} {name}", reference.name);
        self.without_latest.clone_from(&reference.without_latest);
    }

    fn number(&mut self, what: &str, actual: f64, expected: &Value) {
        self.list(what, &[actual], &Value::Array(vec![expected.clone()]));
    }

    /// `null` is the reference's zero: an IBNR of nothing, a σ or standard error that is none.
    fn list(&mut self, what: &str, actual: &[f64], expected: &Value) {
        self.list_beside(what, actual, expected, 0.0);
    }

    /// With a size beside which differences are rounding: all ratios being equal, σ is nothing but that.
    fn list_beside(&mut self, what: &str, actual: &[f64], expected: &Value, beside: f64) {
        let expected: Vec<f64> = numbers(expected).into_iter().map(Option::unwrap_or_default).collect();
        let largest = expected.iter().fold(beside, |largest: f64, value| largest.max(value.abs()));
        if actual.len() != expected.len() {
            self.complaints.push(format!("{} {what}: {} numbers and not {}", self.place, actual.len(), expected.len()));
        }
        for (index, (actual, expected)) in actual.iter().zip(&expected).enumerate() {
            self.compared += 1;
            if !is_near(*actual, *expected, largest) {
                self.complaints.push(format!("{} {what}[{index}]: {actual} is not {expected}", self.place));
            }
        }
    }

    /// Ultimates and IBNR, of origins whose value at the valuation is known.
    fn estimate(&mut self, actual: &Estimate, expected: &Value) {
        let known: Vec<usize> = (0..actual.origins.len()).filter(|i| !self.without_latest.contains(i)).collect();
        let pick = |list: &Value| Value::Array(known.iter().map(|origin| list[*origin].clone()).collect());
        let ultimates: Vec<f64> = known.iter().map(|origin| actual.origins[*origin].ultimate).collect();
        let ibnr: Vec<f64> = known.iter().map(|origin| actual.origins[*origin].ibnr).collect();
        self.list("ultimate", &ultimates, &pick(&expected["ultimate"]));
        // The reference takes the difference of ultimate and latest, whose digits are those of the ultimate.
        let scale = ultimates.iter().fold(1.0, |largest: f64, value| largest.max(value.abs()));
        for (origin, (ibnr, expected)) in ibnr.iter().zip(numbers(&pick(&expected["ibnr"]))).enumerate() {
            self.compared += 1;
            let expected = expected.unwrap_or_default();
            if !is_near(*ibnr, expected, scale) {
                self.complaints.push(format!("{} ibnr[{origin}]: {ibnr} is not {expected}", self.place));
            }
        }
        if self.without_latest.is_empty() {
            self.number("total ultimate", ultimates.iter().sum(), &expected["total_ultimate"]);
        }
    }
}

/// Not for NaN, which is near nothing.
fn is_near(actual: f64, expected: f64, beside: f64) -> bool {
    (actual - expected).abs() <= RELATIVE * expected.abs() + OF_LARGEST * beside
}

fn has_result(block: &Value) -> bool {
    block.is_object() && block.get("error").is_none()
}

fn selection(params: &Value) -> Selection<'static> {
    let average = match params["average"].as_str().unwrap_or("volume") {
        "volume" => Average::Volume,
        "simple" => Average::Simple,
        "regression" => Average::Regression,
        "geometric" => Average::Geometric,
        other => panic!("an average of `{other}` is not known"),
    };
    let count = |name: &str| params[name].as_u64().map(|count| usize::try_from(count).unwrap());
    let origins = count("n_periods").map_or(Averaging::AllOrigins, Averaging::LatestOrigins);
    let sigma = match params["sigma_interpolation"].as_str().unwrap_or("log-linear") {
        "mack" => SigmaRule::Mack,
        _ => SigmaRule::LogLinear,
    };
    Selection::new(average, origins).with_sigma(sigma).without_extremes(
        count("drop_high").unwrap_or(0),
        count("drop_low").unwrap_or(0),
        count("preserve").unwrap_or(1),
    )
}

#[test]
fn development_and_mack() {
    let mut check = Check::default();
    let references = references();
    for reference in &references {
        for (name, block) in reference.file["development"].as_object().unwrap() {
            check.at(reference, "development", name);
            if has_result(block) {
                check_development(&mut check, reference, block);
            }
        }
    }
    finish(&check, !references.is_empty());
}

fn check_development(check: &mut Check, reference: &Reference, block: &Value) {
    let selection = selection(&block["params"]);
    let links = links(&reference.triangle, selection);
    check.list("ldf", links.development.factors(), &block["ldf"]);
    let cdf: Vec<f64> = (0..reference.triangle.ages() - 1).map(|age| links.development.to_ultimate(age)).collect();
    check.list("cdf", &cdf, &block["cdf"]);
    let largest =
        (0..reference.triangle.origins()).fold(0.0, |largest: f64, i| largest.max(reference.triangle.latest(i)));
    check.list_beside("sigma", &links.sigma, &block["sigma"], largest.sqrt());
    let is_odd = |age: usize| links.counts[age] == 1 && reference.triangle.observed(age + 1) > 1;
    if (0..links.counts.len()).any(is_odd) {
        println!("{}: errors not compared, the one ratio left is not of the oldest origin", check.place);
        check.estimate(&chain_ladder(&reference.triangle, &links.development).unwrap(), &block["chain_ladder"]);
        return;
    }
    check.list_beside("ldf_std_err", &links.standard_errors, &block["ldf_std_err"], 1.0);
    check.estimate(&chain_ladder(&reference.triangle, &links.development).unwrap(), &block["chain_ladder"]);
    let is_lost = |origin: &usize| reference.triangle.known_ages(*origin) > 0;
    if !has_result(&block["mack"]) || reference.without_latest.iter().any(is_lost) {
        return;
    }
    let without_extremes = selection.drop_high + selection.drop_low > 0;
    let without_error = numbers(&block["ldf_std_err"]).iter().any(|error| error.unwrap_or_default() == 0.0);
    if without_extremes || without_error {
        check_mack_with_defects(check, reference, &links, block, without_extremes);
    } else {
        check_mack(check, reference, links, &block["mack"]);
    }
}

/// Two defects of the reference. When high and low ratios are left out, the first step of every origin has no process
/// error: its weight there is that of a ratio that is not known yet. And where a factor has no standard error, the
/// parameter error an origin has gathered up to there is lost, though not in the total. We do neither; that there is no
/// other difference is shown by doing the same here, from our factors.
fn check_mack_with_defects(
    check: &mut Check,
    reference: &Reference,
    links: &Links,
    block: &Value,
    first_step_is_lost: bool,
) {
    let (triangle, factors) = (&reference.triangle, links.development.factors());
    let errors = numbers(&block["ldf_std_err"]);
    let (mut process, mut parameter) = (Vec::new(), Vec::new());
    for origin in 0..triangle.origins() {
        let (mut p, mut q, mut value) = (0.0, 0.0, triangle.latest(origin));
        for age in triangle.age(origin)..factors.len() {
            let spread = match links.average {
                Average::Simple => value * value,
                Average::Regression => 1.0,
                Average::Volume | Average::Geometric => value,
            };
            let is_first_and_lost = first_step_is_lost && age == triangle.age(origin);
            let own = if is_first_and_lost || value <= 0.0 { 0.0 } else { links.sigma[age].powi(2) * spread };
            p = factors[age].powi(2) * p + own;
            q = match errors[age] {
                Some(_) => factors[age].powi(2) * q + (value * links.standard_errors[age]).powi(2),
                None => 0.0,
            };
            value *= factors[age];
        }
        process.push(p);
        parameter.push(q);
    }
    let roots = |variances: &[f64]| variances.iter().map(|variance| variance.sqrt()).collect::<Vec<f64>>();
    let total = mack_with(triangle, links.clone()).total;
    let mack = &block["mack"];
    check.list("process", &roots(&process), &mack["process_risk_by_origin"]);
    check.list("parameter", &roots(&parameter), &mack["parameter_risk_by_origin"]);
    let both: Vec<f64> = process.iter().zip(&parameter).map(|(p, q)| p + q).collect();
    check.list("standard error", &roots(&both), &mack["mack_std_err_by_origin"]);
    check.number("total parameter", total.parameter, &mack["total_parameter_risk"]);
    if !first_step_is_lost {
        check.number("total process", total.process, &mack["total_process_risk"]);
        check.number("total standard error", total.total, &mack["total_mack_std_err"]);
    }
}

fn check_mack(check: &mut Check, reference: &Reference, links: Links, block: &Value) {
    let result = mack_with(&reference.triangle, links);
    let by_origin = |part: fn(&StandardError) -> f64| result.origins.iter().map(part).collect::<Vec<f64>>();
    check.list("parameter", &by_origin(|error| error.parameter), &block["parameter_risk_by_origin"]);
    check.number("total parameter", result.total.parameter, &block["total_parameter_risk"]);
    check.list("process", &by_origin(|error| error.process), &block["process_risk_by_origin"]);
    check.number("total process", result.total.process, &block["total_process_risk"]);
    check.list("standard error", &by_origin(|error| error.total), &block["mack_std_err_by_origin"]);
    check.number("total standard error", result.total.total, &block["total_mack_std_err"]);
}

#[test]
fn methods_with_a_prior_or_an_exposure() {
    let mut check = Check::default();
    let references = references();
    for reference in &references {
        for (name, block) in reference.file["methods"].as_object().unwrap() {
            check.at(reference, "methods", name);
            if has_result(block) {
                check_method(&mut check, reference, name, block);
            }
        }
    }
    finish(&check, !references.is_empty());
}

fn check_method(check: &mut Check, reference: &Reference, name: &str, block: &Value) {
    let (triangle, exposure) = (&reference.triangle, &reference.exposure);
    let development = links(triangle, Selection::mack()).development;
    let number = |name: &str| block["params"][name].as_f64();
    if let (Some(trend), Some(decay)) = (number("trend"), number("decay")) {
        if !reference.without_latest.is_empty() {
            println!("{}: not compared, the exposure of an origin without a known value counts there", check.place);
            return;
        }
        let model = RateModel { decay, trend: (1.0 + trend).powf(1.0 / 12.0) - 1.0 };
        let result = cape_cod(triangle, &development, exposure, model).unwrap();
        check.list("apriori", &result.trended_rates, &block["apriori"]);
        check.list("detrended apriori", &result.rates, &block["detrended_apriori"]);
        check.estimate(&result.estimate, block);
        return;
    }
    let apriori = number("apriori").unwrap();
    let prior: Vec<f64> = exposure.iter().map(|exposed| apriori * exposed).collect();
    let iterations = block["params"]["n_iters"].as_u64().map(|iterations| usize::try_from(iterations).unwrap());
    let estimate = match (iterations, name) {
        (Some(iterations), _) => benktander(triangle, &development, &prior, iterations).unwrap(),
        (None, "expected_loss") => expected_loss(triangle, &prior).unwrap(),
        (None, "bornhuetter_ferguson") => bornhuetter_ferguson(triangle, &development, &prior).unwrap(),
        (None, other) => panic!("the method `{other}` is not known"),
    };
    check.estimate(&estimate, block);
}

#[test]
fn tails() {
    let mut check = Check::default();
    let references = references();
    for reference in &references {
        for (name, block) in reference.file["tail"].as_object().unwrap() {
            check.at(reference, "tail", name);
            if has_result(block) {
                check_tail(&mut check, reference, block);
            }
        }
    }
    finish(&check, !references.is_empty());
}

fn check_tail(check: &mut Check, reference: &Reference, block: &Value) {
    let params = &block["params"];
    let curve = match params["curve"].as_str().unwrap() {
        "exponential" => Curve::Exponential,
        "inverse_power" => Curve::InversePower,
        "weibull" => Curve::Weibull,
        other => panic!("a curve of `{other}` is not known"),
    };
    let periods = u32::try_from(params["extrap_periods"].as_u64().unwrap()).unwrap();
    let own = links(&reference.triangle, Selection::mack().with_sigma(SigmaRule::LogLinear));
    let threshold = params["reg_threshold"][0].as_f64().unwrap();
    let Ok(tail) = fit_tail(&own.development, curve, periods, threshold) else {
        println!("{}: there is no tail, where the reference has one of 1", check.place);
        check.number("no tail", 1.0, &block["tail_factor"]);
        return;
    };
    check.number("slope", tail.slope, &block["slope"]);
    check.number("intercept", tail.intercept, &block["intercept"]);
    check.number("factor", tail.factor, &block["tail_factor"]);
    // The reference lists the tail as the factors of a year and the rest.
    let after = own.development.factors().len();
    for (k, expected) in numbers(&block["ldf"]).into_iter().enumerate().skip(after).rev().skip(1) {
        check.number("curve", tail.at(u32::try_from(k + 1).unwrap()), &Value::from(expected));
    }
    let with = own.with_tail(tail.factor).unwrap();
    check.estimate(&chain_ladder(&reference.triangle, &with.development).unwrap(), &block["chain_ladder"]);
    if has_result(&block["mack"]) && all_above_one(&own) && reference.without_latest.is_empty() {
        check_mack(check, reference, with, &block["mack"]);
    }
}

/// Where a factor is 1 or less, the reference finds the age of the tail from a line on which that factor counts as 2; and
/// where a σ is nothing, from one on which it counts as 1. We leave such points out, and the errors then differ.
fn all_above_one(links: &Links) -> bool {
    links.development.factors().iter().all(|factor| *factor > 1.0) && links.sigma.iter().all(|sigma| *sigma > 0.0)
}

#[test]
fn clarks_curves() {
    let mut check = Check::default();
    let references = references();
    for reference in references.iter().filter(|reference| reference.file.get("clark").is_some()) {
        for (name, block) in reference.file["clark"].as_object().unwrap() {
            check.at(reference, "clark", name);
            if has_result(block) {
                check_clark(&mut check, reference, block);
            }
        }
    }
    finish(&check, !references.is_empty());
}

fn check_clark(check: &mut Check, reference: &Reference, block: &Value) {
    let growth = match block["params"]["growth"].as_str().unwrap() {
        "loglogistic" => Growth::LogLogistic,
        "weibull" => Growth::Weibull,
        other => panic!("a growth of `{other}` is not known"),
    };
    let ldf = block["params"]["method"] == "ldf";
    let unknown =
        (0..reference.triangle.origins()).any(|origin| reference.triangle.row(origin).iter().any(|x| x.is_nan()));
    if unknown {
        // The reference takes an unknown value for nothing, and the next one for an increment.
        println!("{}: not compared, there are unknown values", check.place);
        return;
    }
    let ours = if ldf {
        clark_ldf(&reference.triangle, growth)
    } else {
        clark_cape_cod(&reference.triangle, growth, &reference.exposure)
    };
    let Ok(ours) = ours else {
        check.complaints.push(format!("{}: {ours:?}", check.place));
        return;
    };
    let theirs = likelihood_of_reference(reference, growth, block, ldf);
    if !theirs.is_finite() {
        println!("{}: the reference's curve expects nothing where something is known", check.place);
        return;
    }
    check.compared += 1;
    let worth: f64 = numbers(&reference.file["latest_diagonal"]).into_iter().flatten().sum();
    println!("{}: ours is likelier by {:e} of the amounts", check.place, (ours.log_likelihood - theirs) / worth);
    // The likelihood is a sum as large as the amounts times their logarithm, and rounds accordingly.
    let is_as_likely = ours.log_likelihood >= theirs - 1e-12 * theirs.abs();
    if !is_as_likely {
        check
            .complaints
            .push(format!("{}: the reference is likelier, {theirs} > {}", check.place, ours.log_likelihood));
    }
    // Where the reference stopped somewhere else, its curve is not that of greatest likelihood, and ours need not be near.
    if (ours.log_likelihood - theirs).abs() <= SAME_LIKELIHOOD * worth {
        near_reference(check, &ours, block, ldf);
    }
}

/// `Σ X ln μ - μ` at the reference's parameters, worked out from the formula and not with our code.
fn likelihood_of_reference(reference: &Reference, growth: Growth, block: &Value, ldf: bool) -> f64 {
    let (omega, theta) = (block["omega"].as_f64().unwrap(), block["theta"].as_f64().unwrap());
    let grown = |years: f64| {
        let age = 12.0 * years - 6.0;
        match growth {
            _ if age <= 0.0 => 0.0,
            Growth::LogLogistic => age.powf(omega) / (age.powf(omega) + theta.powf(omega)),
            Growth::Weibull => 1.0 - E.powf(-(age / theta).powf(omega)),
        }
    };
    let triangle = &reference.triangle;
    let mut sum = 0.0;
    for origin in 0..triangle.origins() {
        let row = triangle.row(origin);
        let years = |age: usize| f64::from(u32::try_from(age).unwrap());
        let ultimate = if ldf {
            triangle.latest(origin) / grown(years(row.len()))
        } else {
            block["elr"].as_f64().unwrap() * reference.exposure[origin]
        };
        for age in 0..row.len() {
            let mean = ultimate * (grown(years(age + 1)) - grown(years(age)));
            sum += triangle.increment(origin, age).unwrap() * mean.ln() - mean;
        }
    }
    sum
}

fn near_reference(check: &mut Check, ours: &Clark, block: &Value, ldf: bool) {
    let mut pairs = vec![("omega", ours.curve.omega, &block["omega"]), ("theta", ours.curve.theta, &block["theta"])];
    if ldf {
        pairs.push(("scale", ours.scale, &block["scale"]));
    }
    if let Some(rate) = ours.rate {
        pairs.push(("rate", rate, &block["elr"]));
    }
    for (what, actual, expected) in pairs {
        check.compared += 1;
        let expected = expected.as_f64().unwrap();
        let is_close = (actual / expected - 1.0).abs() <= OPTIMISER;
        if !is_close {
            check.complaints.push(format!("{} {what}: {actual} is not near {expected}", check.place));
        }
    }
}

#[track_caller]
fn finish(check: &Check, are_there: bool) {
    println!("{} numbers compared", check.compared);
    assert!(!are_there || check.compared > 0, "the files should hold numbers to compare");
    let count = check.complaints.len();
    assert!(count == 0, "{count} of {}:\n{}", check.compared, check.complaints.join("\n"));
}
