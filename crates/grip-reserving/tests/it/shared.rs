//! Files beside the project that are not in it: results of another implementation for many triangles, and triangles of
//! companies with their outcomes. Tests that need them pass without, and say so.

use std::path::PathBuf;

use grip_reserving::{Grain, Triangle};
use serde_json::Value;

/// A file or folder in `../shared/reserving`, or nothing, said aloud.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reserving").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("not checked: no ../shared/reserving/{name} beside the project");
    None
}

/// Every reference file, by name.
pub(crate) fn references() -> Vec<Reference> {
    let Some(folder) = shared("reference") else { return Vec::new() };
    let mut paths: Vec<PathBuf> = fs_err::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: &PathBuf| -> Value { serde_json::from_str(&fs_err::read_to_string(path).unwrap()).unwrap() };
    // One of the files holds printed tables and no triangle.
    paths.iter().map(read).filter(|file| file.get("cumulative").is_some()).map(Reference::new).collect()
}

/// One triangle with what another implementation says of it.
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) file: Value,
    pub(crate) triangle: Triangle,
    pub(crate) exposure: Vec<f64>,
    /// Origins whose value at the valuation is unknown: the reference gives some of them an estimate from zero, we from
    /// their last known value, or none.
    pub(crate) without_latest: Vec<usize>,
}

impl Reference {
    fn new(file: Value) -> Self {
        let months = |grain: &str| match file[grain].as_str().unwrap() {
            "Y" => 12,
            "S" => 6,
            "Q" => 3,
            "M" => 1,
            other => panic!("a grain of `{other}` is not known"),
        };
        let grain = Grain { origin: months("origin_grain"), development: months("development_grain") };
        let rows = file["cumulative"].as_array().unwrap();
        let ages = rows[0].as_array().unwrap().len();
        let cells: Vec<Option<f64>> = rows.iter().flat_map(|row| row.as_array().unwrap()).map(Value::as_f64).collect();
        let triangle = Triangle::from_cells(&cells, ages, grain).unwrap();
        let latest = numbers(&file["latest_diagonal"]);
        let without_latest = (0..latest.len()).filter(|origin| latest[*origin].is_none()).collect();
        let exposure = numbers(&file["exposure"]).into_iter().map(Option::unwrap).collect();
        Self { name: file["name"].as_str().unwrap().to_owned(), triangle, exposure, without_latest, file }
    }
}

pub(crate) fn numbers(list: &Value) -> Vec<Option<f64>> {
    list.as_array().unwrap().iter().map(Value::as_f64).collect()
}
