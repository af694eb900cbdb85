//! Series that people marked change-points in, and how well a method agrees with them.
//!
//! Van den Burg and Williams (2020), arXiv:2003.06222, section 4: covering, and F1 with a margin of five places, precision against
//! the marks of all, recall per annotator. The start of a series counts as a change-point everybody saw.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Places by which a change-point may be off.
const MARGIN: usize = 5;

pub(crate) struct Annotated {
    pub(crate) name: String,
    /// One per dimension.
    pub(crate) values: Vec<Vec<Option<f64>>>,
    /// 12 where the places are months, else 1.
    pub(crate) season: usize,
    /// Places marked, per annotator.
    pub(crate) marks: Vec<BTreeSet<usize>>,
}

/// All series of the folder that have annotations, in order of name; `None` where there is no folder.
pub(crate) fn read(folder: &Path) -> Result<Option<Vec<Annotated>>, Box<dyn std::error::Error>> {
    let annotations = folder.join("annotations.json");
    if !annotations.exists() {
        return Ok(None);
    }
    let annotations: Value = serde_json::from_str(&fs_err::read_to_string(annotations)?)?;
    let mut found = Vec::new();
    for (name, marks) in annotations.as_object().into_iter().flatten() {
        let file = folder.join(format!("{name}.json"));
        if !file.exists() {
            continue;
        }
        let text: Value = serde_json::from_str(&fs_err::read_to_string(file)?)?;
        let format = text["time"]["format"].as_str().unwrap_or_default();
        let season = if format.contains("%m") && !format.contains("%d") { 12 } else { 1 };
        let numbers =
            |value: &Value| -> Vec<Option<f64>> { value.as_array().into_iter().flatten().map(Value::as_f64).collect() };
        let values = text["series"].as_array().into_iter().flatten().map(|one| numbers(&one["raw"])).collect();
        let places = |value: &Value| -> BTreeSet<usize> {
            let places = value.as_array().into_iter().flatten().filter_map(Value::as_u64);
            places.filter_map(|place| usize::try_from(place).ok()).collect()
        };
        let marks = marks.as_object().into_iter().flatten().map(|(_, marks)| places(marks)).collect();
        found.push(Annotated { name: name.clone(), values, season, marks });
    }
    Ok(Some(found))
}

/// F1 of change-points found.
pub(crate) fn f1(marks: &[BTreeSet<usize>], found: &BTreeSet<usize>) -> f64 {
    let with_start = |places: &BTreeSet<usize>| -> BTreeSet<usize> { places.iter().copied().chain([0]).collect() };
    let found = with_start(found);
    let marks: Vec<BTreeSet<usize>> = marks.iter().map(with_start).collect();
    let all: BTreeSet<usize> = marks.iter().flatten().copied().collect();
    let precision = number(met(&all, &found)) / number(found.len());
    let recalls: f64 = marks.iter().map(|marks| number(met(marks, &found)) / number(marks.len())).sum();
    let recall = recalls / number(marks.len());
    2.0 * precision * recall / (precision + recall)
}

/// Marks within the margin of something found that met no mark before.
fn met(marks: &BTreeSet<usize>, found: &BTreeSet<usize>) -> usize {
    let mut left = found.clone();
    let mut met = 0;
    for mark in marks {
        let near = left.iter().copied().filter(|place| place.abs_diff(*mark) <= MARGIN);
        if let Some(nearest) = near.min_by_key(|place| (place.abs_diff(*mark), *place)) {
            left.remove(&nearest);
            met += 1;
        }
    }
    met
}

/// How well the segments found cover those of an annotator, over all annotators.
pub(crate) fn cover(marks: &[BTreeSet<usize>], found: &BTreeSet<usize>, length: usize) -> f64 {
    let found = parts(found, length);
    let covered = |marks: &BTreeSet<usize>| -> f64 {
        let part = |part: &std::ops::Range<usize>| {
            let best = found.iter().map(|other| overlap(part, other)).fold(0.0, f64::max);
            number(part.len()) * best
        };
        parts(marks, length).iter().map(part).sum::<f64>() / number(length)
    };
    marks.iter().map(covered).sum::<f64>() / number(marks.len())
}

fn parts(places: &BTreeSet<usize>, length: usize) -> Vec<std::ops::Range<usize>> {
    let inner = places.iter().copied().filter(|place| (1..length).contains(place));
    let bounds: Vec<usize> = std::iter::once(0).chain(inner).chain([length]).collect();
    bounds.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

fn overlap(one: &std::ops::Range<usize>, other: &std::ops::Range<usize>) -> f64 {
    let both = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    number(both) / number(one.len() + other.len() - both)
}

fn number(of: usize) -> f64 {
    u32::try_from(of).map_or(f64::NAN, f64::from)
}
