use std::collections::BTreeMap;
use std::path::Path;

use grip_insight::effect::Error;
use grip_insight::effect::synthetic::{PredictorWeights, Refusal, Study, Unit, placebos, synthetic};

use super::noise::Noise;

/// The columns of the table of Abadie and Gardeazabal, and the years whose mean is a predictor.
const SCHOOL: [&str; 5] = ["school.illit", "school.prim", "school.med", "school.high", "school.post.high"];
const SECTORS: [&str; 6] = [
    "sec.agriculture",
    "sec.energy",
    "sec.industry",
    "sec.construction",
    "sec.services.venta",
    "sec.services.nonventa",
];

type Region = BTreeMap<(String, u16), f64>;

/// Per region its values by column and year, without the whole of Spain. `None` when the data is not beside the project.
fn basque() -> Option<BTreeMap<String, Region>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interventions/basque.csv");
    if !path.exists() {
        return None;
    }
    let text = fs_err::read_to_string(path).expect("the file is as published");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("the file is as published").split(',').collect();
    let mut regions: BTreeMap<String, Region> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let year: f64 = cells[2].parse().expect("the file is as published");
        let year =
            (1955..=1997).find(|known| (f64::from(*known) - year).abs() < 0.5).expect("the file is as published");
        for (name, cell) in names.iter().zip(&cells).skip(3) {
            if let Ok(value) = cell.parse() {
                let region = regions.entry(cells[1].to_owned()).or_default();
                region.insert(((*name).to_owned(), year), value);
            }
        }
    }
    regions.retain(|name, _| !name.starts_with("Spain"));
    Some(regions)
}

/// The predictors of the paper (Abadie and Gardeazabal 2003, table 3): the levels of schooling, the two highest taken
/// together, as shares of the people.
fn unit(name: &str, region: &Region) -> Unit<String> {
    let mean = |column: &str, years: &[u16]| {
        let values: Option<Vec<f64>> =
            years.iter().map(|year| region.get(&(column.to_owned(), *year)).copied()).collect();
        values.map(|values| values.iter().sum::<f64>() / years.iter().map(|_| 1.0).sum::<f64>())
    };
    let sixties: Vec<u16> = (1960..=1969).collect();
    let mut school: Vec<f64> =
        SCHOOL.iter().map(|column| mean(column, &sixties[4..]).expect("the file is as published")).collect();
    school[3] += school[4];
    let people: f64 = school[..4].iter().sum();
    let mut predictors: Vec<Option<f64>> = school[..4].iter().map(|level| Some(100.0 * level / people)).collect();
    predictors.push(mean("invest", &sixties[4..]));
    predictors.push(mean("gdpcap", &sixties));
    predictors.extend(SECTORS.iter().map(|column| mean(column, &[1961, 1963, 1965, 1967, 1969])));
    predictors.push(mean("popdens", &[1969]));
    let outcomes = (1955..=1997).map(|year| mean("gdpcap", &[year])).collect();
    Unit { key: name.to_owned(), outcomes, predictors }
}

fn split(units: Vec<Unit<String>>) -> (Unit<String>, Vec<Unit<String>>) {
    let (treated, donors): (Vec<_>, Vec<_>) = units.into_iter().partition(|unit| unit.key.starts_with("Basque"));
    (treated.into_iter().next().expect("the file is as published"), donors)
}

#[test]
fn the_basque_country_is_catalonia_and_madrid() {
    let Some(regions) = basque() else {
        println!("not checked against the published case: no ../shared/interventions/basque.csv beside the project");
        return;
    };
    let (treated, donors) = split(regions.iter().map(|(name, region)| unit(name, region)).collect());
    assert_eq!(donors.len(), 16);
    let study = Study { treated: &treated, donors: &donors, fit: 5..15, start: 15 };
    let found = synthetic(&study, &PredictorWeights::Nested).unwrap();
    // Abadie and Gardeazabal (2003), p. 118: 0.8508 and 0.1492.
    assert_eq!((found.weights[0].0.as_str(), found.weights[1].0.as_str()), ("Cataluna", "Madrid (Comunidad De)"));
    assert!((found.weights[0].1 - 0.8508).abs() < 0.001 && (found.weights[1].1 - 0.1492).abs() < 0.001);
    assert!(found.optimality_gap < 1e-9 && !found.is_ambiguous);
    // pysyncon 1.7.0, Nelder-Mead from equal weights, 2026-11-23: mean squared gap over the fit 0.0088645.
    assert!((found.rmspe_before.powi(2) - 0.008_864_5).abs() < 1e-5);
    // A tenth less in the eighties and nineties (p. 113).
    let part = |at: usize| found.gaps[at].unwrap() / found.path[at].unwrap();
    let mean = (25..43).map(part).sum::<f64>() / 18.0;
    assert!((-0.12..-0.08).contains(&mean), "{mean}");
    let around = placebos(&study, &PredictorWeights::Nested).unwrap();
    assert_eq!(around.donors.len(), 16);
    println!(
        "mean gap {} total {} chance {} of those alike {}",
        found.mean,
        found.total,
        around.chance(),
        around.chance_among(2.0)
    );
}

/// Donors that go up and down each in their own way, and one that is half the third and half the fifth, less an effect.
fn invented(seed: u64, donors: usize, effect: f64) -> (Unit<usize>, Vec<Unit<usize>>) {
    let mut noise = Noise(seed);
    let mut units: Vec<Unit<usize>> = (0..donors)
        .map(|key| {
            let values: Vec<f64> = noise.autoregressive(0.8, 36).iter().map(|value| 50.0 + 5.0 * value).collect();
            let predictors = vec![Some(values[4]), Some(values[11]), Some(values[20]), Some(noise.normal())];
            Unit { key, outcomes: values.into_iter().map(Some).collect(), predictors }
        })
        .collect();
    let half = |a: &Option<f64>, b: &Option<f64>| Some(f64::midpoint((*a)?, (*b)?));
    let mix = |of: &dyn Fn(&Unit<usize>) -> Vec<Option<f64>>| -> Vec<Option<f64>> {
        of(&units[2]).iter().zip(&of(&units[4])).map(|(a, b)| half(a, b)).collect()
    };
    let mut outcomes = mix(&|unit| unit.outcomes.clone());
    outcomes.iter_mut().skip(24).for_each(|value| *value = value.map(|value| value - effect + noise.normal()));
    outcomes.iter_mut().take(24).for_each(|value| *value = value.map(|value| value + 0.2 * noise.normal()));
    let treated = Unit { key: donors, outcomes, predictors: mix(&|unit| unit.predictors.clone()) };
    units.truncate(donors);
    (treated, units)
}

#[test]
fn a_known_mean_and_effect_are_found() {
    let (treated, donors) = invented(9, 20, 12.0);
    let study = Study { treated: &treated, donors: &donors, fit: 0..24, start: 24 };
    for weights in [
        PredictorWeights::OutcomesOnly,
        PredictorWeights::Nested,
        PredictorWeights::Regression,
        PredictorWeights::Given(vec![1.0, 1.0, 1.0, 0.5]),
    ] {
        let found = synthetic(&study, &weights).unwrap();
        let sum: f64 = found.weights.iter().map(|(_, weight)| weight).sum();
        assert!((sum - 1.0).abs() < 1e-12 && found.weights.iter().all(|(_, weight)| *weight >= 0.0));
        if weights == PredictorWeights::OutcomesOnly {
            let of = |key: usize| found.weights.iter().find(|(donor, _)| *donor == key).unwrap().1;
            assert!((of(2) - 0.5).abs() < 0.05 && (of(4) - 0.5).abs() < 0.05, "{:?}", found.weights);
            assert!((found.mean + 12.0).abs() < 1.0, "{}", found.mean);
            assert!((found.total - 12.0 * found.mean).abs() < 1e-9);
            let around = placebos(&study, &weights).unwrap();
            assert!((around.chance() - 1.0 / 21.0).abs() < 1e-12);
        }
    }
}

/// The order of donors, the unit of the outcome and of the predictors, and a donor that nobody chose.
#[test]
fn order_and_units_do_not_matter() {
    for seed in 0..10 {
        let (treated, donors) = invented(seed, 12, 3.0);
        let study = Study { treated: &treated, donors: &donors, fit: 0..24, start: 24 };
        for weights in [PredictorWeights::OutcomesOnly, PredictorWeights::Nested, PredictorWeights::Regression] {
            let found = synthetic(&study, &weights).unwrap();
            let mut turned = donors.clone();
            turned.rotate_left(5);
            turned.reverse();
            let other = synthetic(&Study { donors: &turned, ..study.clone() }, &weights).unwrap();
            let sorted = |weights: &[(usize, f64)]| -> BTreeMap<usize, u64> {
                weights.iter().map(|(key, weight)| (*key, weight.to_bits())).collect()
            };
            assert_eq!(sorted(&found.weights), sorted(&other.weights));
            let scaled = |unit: &Unit<usize>| {
                let by = |values: &[Option<f64>], times: f64| {
                    values.iter().map(|value| value.map(|value| value * times)).collect()
                };
                Unit { key: unit.key, outcomes: by(&unit.outcomes, 128.0), predictors: by(&unit.predictors, 0.25) }
            };
            let (large, many) = (scaled(&treated), donors.iter().map(scaled).collect::<Vec<_>>());
            let large = Study { treated: &large, donors: &many, ..study.clone() };
            let other = synthetic(&large, &weights).unwrap();
            assert!((other.total / 128.0 - found.total).abs() < 1e-6 * found.total.abs().max(1.0));
        }
    }
}

/// Outcomes that are three times the first predictor and once the second, which do not go together: nine to one. The third and
/// the fourth add up to a hundred, the fifth is the same for all.
#[test]
fn a_regression_weighs_predictors_by_what_they_say() {
    let signs = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]];
    let units: Vec<Unit<usize>> = (0..12)
        .map(|key| {
            let [first, second]: [f64; 2] = signs[key % 4];
            let share = [20.0, 30.0, 70.0][key / 4];
            let predictors = vec![first, second, share, 100.0 - share, 7.0];
            let outcomes = (0..6).map(|_| Some(50.0 + 3.0 * first + second)).collect();
            Unit { key, outcomes, predictors: predictors.into_iter().map(Some).collect() }
        })
        .collect();
    let (treated, donors) = units.split_first().unwrap();
    let study = Study { treated, donors, fit: 0..4, start: 4 };
    let found = synthetic(&study, &PredictorWeights::Regression).unwrap();
    for (found, expected) in found.predictor_weights.iter().zip([0.9, 0.1, 0.0, 0.0, 0.0]) {
        assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    }
    let few = Study { donors: &donors[..5], ..study };
    assert_eq!(synthetic(&few, &PredictorWeights::Regression).unwrap_err(), Error::TooFewUnits { needed: 6, given: 5 });
}

/// Half the third and half the fifth donor, in four predictors out of twelve; in the other eight the treated unit is far from
/// all. The search leaves those aside, and follows as well as with the four alone, more often than not: it is known to stop early
/// for three of these twelve, and did for five with first corners 5 % away and a single descent.
#[test]
fn predictors_that_lead_astray_are_left_aside() {
    let ratios: Vec<f64> = (0..12)
        .map(|seed| {
            let (mut treated, mut donors) = invented(seed, 20, 0.0);
            let mut noise = Noise(500 + seed);
            donors.iter_mut().for_each(|donor| donor.predictors.extend((0..8).map(|_| Some(noise.normal()))));
            treated.predictors.extend((0..8).map(|_| Some(2.0 + noise.normal())));
            let study = Study { treated: &treated, donors: &donors, fit: 0..24, start: 24 };
            let of = |weights: &PredictorWeights| synthetic(&study, weights).unwrap().rmspe_before;
            let told = of(&PredictorWeights::Given([[1.0; 4].as_slice(), &[0.0; 8]].concat()));
            of(&PredictorWeights::Nested) / told
        })
        .collect();
    assert!(ratios.iter().filter(|ratio| **ratio > 1.0).count() <= 3, "{ratios:?}");
}

/// Without an effect the treated unit is one of many: small chances come as often as they say.
#[test]
fn without_effect_chances_are_even() {
    let runs: u32 = 200;
    let small: u32 = (0..runs)
        .map(|seed| {
            let mut noise = Noise(u64::from(seed));
            let mut units: Vec<Unit<usize>> = (0..10)
                .map(|key| Unit {
                    key,
                    outcomes: noise.autoregressive(0.5, 30).into_iter().map(Some).collect(),
                    predictors: vec![],
                })
                .collect();
            let treated = units.remove(0);
            let study = Study { treated: &treated, donors: &units, fit: 0..20, start: 20 };
            u32::from(placebos(&study, &PredictorWeights::OutcomesOnly).unwrap().chance() <= 0.2)
        })
        .sum();
    // A fifth of 200 is 40, with a standard error of 5.7.
    assert!((20..=60).contains(&small), "{small}");
}

#[test]
fn donors_with_gaps_are_named_and_nonsense_is_refused() {
    let (mut treated, mut donors) = invented(1, 6, 0.0);
    donors[1].outcomes[30] = None;
    donors[3].predictors[2] = Some(f64::NAN);
    donors[5].outcomes.pop();
    let study = Study { treated: &treated, donors: &donors, fit: 4..24, start: 24 };
    let found = synthetic(&study, &PredictorWeights::Nested).unwrap();
    assert_eq!(found.refused, [(1, Refusal::Outcome(30)), (3, Refusal::Predictor(2)), (5, Refusal::Length)]);
    assert_eq!(found.weights.len(), 3);
    let of = |fit: std::ops::Range<usize>, weights| synthetic(&Study { fit, ..study.clone() }, &weights).unwrap_err();
    assert_eq!(of(4..4, PredictorWeights::OutcomesOnly), Error::Setting);
    assert_eq!(of(4..25, PredictorWeights::OutcomesOnly), Error::Setting);
    assert_eq!(of(4..24, PredictorWeights::Given(vec![1.0])), Error::Setting);
    assert_eq!(of(4..24, PredictorWeights::Given(vec![0.0; 4])), Error::Setting);
    let none = Study { donors: &donors[5..], ..study };
    assert_eq!(
        synthetic(&none, &PredictorWeights::OutcomesOnly).unwrap_err(),
        Error::TooFewUnits { needed: 1, given: 0 }
    );
    treated.outcomes[7] = None;
    let study = Study { treated: &treated, donors: &donors, fit: 4..24, start: 24 };
    assert_eq!(synthetic(&study, &PredictorWeights::OutcomesOnly).unwrap_err(), Error::Missing { at: 7 });
}
