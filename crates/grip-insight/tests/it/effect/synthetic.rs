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
        println!("not checked against the published case: no ../shared/interventions/basque.csv beside the project");
        return None;
    }
    let text = fs_err::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut regions: BTreeMap<String, Region> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let year: f64 = cells[2].parse().unwrap();
        let year = (1955..=1997).find(|known| (f64::from(*known) - year).abs() < 0.5).unwrap();
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
    let mut school: Vec<f64> = SCHOOL.iter().map(|column| mean(column, &sixties[4..]).unwrap()).collect();
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
    (treated.into_iter().next().unwrap(), donors)
}

#[test]
fn the_basque_country_is_catalonia_and_madrid() {
    let Some(regions) = basque() else { return };
    let (treated, donors) = split(regions.iter().map(|(name, region)| unit(name, region)).collect());
    assert_eq!(donors.len(), 16);
    let study = Study { treated: &treated, donors: &donors, fit: 5..15, start: 15 };
    let found = synthetic(&study, &PredictorWeights::Nested).unwrap();
    println!("{:?} {:?} {}", &found.weights[..4], found.predictor_weights, found.rmspe_before);
    println!("{} {} {}", found.mean, found.total, found.optimality_gap);
}
