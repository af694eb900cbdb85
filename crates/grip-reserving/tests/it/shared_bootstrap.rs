//! The bootstrap against another implementation's 10,000 simulations: equal in distribution, never to the bit.

use std::num::NonZeroUsize;

use grip_reserving::{Adjustment, Averaging, BootstrapSettings, Development, Triangle, bootstrap};
use serde_json::Value;

use crate::shared::{Reference, references};

/// How many standard errors of both simulations together two quantiles may lie apart: a few hundred are compared.
const STANDARD_ERRORS: f64 = 5.0;
/// Levels that are compared; beyond them a single simulation with a factor near zero decides.
const LEVELS: [&str; 5] = ["0.1", "0.25", "0.5", "0.75", "0.9"];

#[test]
fn quantiles_of_the_total() {
    let references = references();
    let mut compared = 0;
    let mut complaints = Vec::new();
    for reference in &references {
        for (name, adjustment) in [("hat_adj_true", Adjustment::Hat), ("hat_adj_false", Adjustment::None)] {
            let block = &reference.file["bootstrap_odp"][name];
            if block.get("error").is_some() || !block.is_object() {
                continue;
            }
            if let Some(reason) = why_not(&reference.triangle) {
                println!("{} {name}: not compared, {reason}", reference.name);
                continue;
            }
            compared += 1;
            complaints.extend(check(reference, name, adjustment, block));
        }
    }
    println!("{compared} distributions compared");
    assert!(references.is_empty() || compared > 0, "the files should hold simulations to compare");
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Where the reference does something else: it takes unknown values for nothing, and counts cells among the degrees of
/// freedom of which the model expects nothing.
fn why_not(triangle: &Triangle) -> Option<&'static str> {
    let known = |origin: usize| triangle.row(origin).iter().all(|value| !value.is_nan());
    if !(0..triangle.origins()).all(known) {
        return Some("there are unknown values");
    }
    let development = Development::estimate(triangle, Averaging::AllOrigins);
    let at_rest = development.factors().iter().any(|factor| (factor - 1.0).abs() < 1e-9);
    at_rest.then_some("some ages have come to rest")
}

fn check(reference: &Reference, name: &str, adjustment: Adjustment, block: &Value) -> Vec<String> {
    let simulations = usize::try_from(block["params"]["n_sims"].as_u64().unwrap()).unwrap();
    let threads = NonZeroUsize::new(2).unwrap();
    let settings = BootstrapSettings { simulations, seed: 20_261_122, adjustment, threads };
    let ours = match bootstrap(&reference.triangle, settings) {
        Ok(ours) => ours,
        Err(error) => return vec![format!("{} {name}: {error}", reference.name)],
    };
    let mut complaints = Vec::new();
    let scale = block["scale_phi"].as_f64().unwrap();
    // Beside the amounts: all ratios being equal, the scale is nothing but rounding.
    let largest =
        (0..reference.triangle.origins()).fold(0.0, |largest: f64, i| largest.max(reference.triangle.latest(i)));
    if (ours.scale - scale).abs() > 1e-9 * scale + 1e-15 * largest {
        complaints.push(format!("{} {name} scale: {} is not {scale}", reference.name, ours.scale));
    }
    println!("{} {name}: {} of {simulations} rejected", reference.name, ours.rejected);
    if ours.rejected * 10 > simulations {
        // The reference keeps simulations with negative factors, and its distribution has their tail.
        println!("{} {name}: quantiles not compared", reference.name);
        return complaints;
    }
    let theirs = |level: &str| block["total_quantiles"][level].as_f64().unwrap();
    let levels: Vec<f64> = LEVELS.iter().map(|level| level.parse().unwrap()).collect();
    for ((name_of_level, level), actual) in LEVELS.iter().zip(&levels).zip(ours.quantiles(&levels)) {
        let expected = theirs(name_of_level);
        // Standard error of a quantile: √(p(1-p)/n) over the density, here from the middle 80 % as if it were normal.
        let deviation = (theirs("0.9") - theirs("0.1")) / (2.0 * 1.281_55);
        let normal = [0.1755, 0.3178, 0.3989, 0.3178, 0.1755][LEVELS.iter().position(|l| l == name_of_level).unwrap()];
        let count = f64::from(u32::try_from(simulations).unwrap());
        let error = deviation * (level * (1.0 - level) / count).sqrt() / normal * 2.0_f64.sqrt();
        if (actual - expected).abs() > STANDARD_ERRORS * error {
            let apart = (actual - expected) / error;
            complaints
                .push(format!("{} {name} {level}: {actual} is {apart:.1} errors from {expected}", reference.name));
        }
    }
    complaints
}
