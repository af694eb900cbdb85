//! Cases with known answers, and random tables against an attacker who tries every table.

use grip_insight::disclosure::{
    Attacker, Bounds, Cell, Dimension, Exposure, Interval, Precision, Publication, Relation, Tables, audit, position,
};

mod known;
mod ratio;
mod rules;
mod search;
mod trial;

/// The cells of a table of all combinations, from those without a subtotal.
fn cells(dimensions: &[Dimension], parts: &[i64]) -> Vec<i64> {
    let size = dimensions.iter().map(|dimension| dimension.codes).product();
    let mut values: Vec<Option<i64>> = vec![None; size];
    let mut parts = parts.iter();
    for (at, value) in values.iter_mut().enumerate() {
        if codes(dimensions, at).iter().zip(dimensions).all(|(code, of)| of.sums.iter().all(|(total, _)| total != code))
        {
            *value = parts.next().copied();
        }
    }
    assert!(parts.next().is_none(), "too many parts");
    for (along, dimension) in dimensions.iter().enumerate() {
        for (total, parts) in &dimension.sums {
            for at in 0..size {
                let mut codes = codes(dimensions, at);
                if codes[along] == *total {
                    let of = |code: &usize| {
                        codes[along] = *code;
                        values[position(dimensions, &codes)]
                    };
                    if let Some(sum) = parts.iter().map(of).sum::<Option<i64>>() {
                        values[at] = Some(sum);
                    }
                }
            }
        }
    }
    values.into_iter().map(|value| value.expect("sums are given from the lowest up")).collect()
}

fn codes(dimensions: &[Dimension], mut at: usize) -> Vec<usize> {
    let mut codes: Vec<usize> = dimensions
        .iter()
        .rev()
        .map(|dimension| {
            let code = at % dimension.codes;
            at /= dimension.codes;
            code
        })
        .collect();
    codes.reverse();
    codes
}

fn counts(values: &[i64]) -> Vec<Cell> {
    values.iter().map(|value| Cell::count(*value)).collect()
}

fn tables(cells: Vec<Cell>, relations: Vec<Relation>) -> Tables {
    Tables::new(cells, relations).expect("the tables add up")
}

/// Makes a cell sensitive to anything nearer than one.
fn protect(cell: &mut Cell) {
    cell.protection = Some(Interval::between((cell.value - 1).max(0), cell.value + 1));
}

fn hiding(tables: &Tables, hidden: &[usize]) -> Publication {
    let is_shown = (0..tables.cells().len()).map(|cell| !hidden.contains(&cell)).collect();
    Publication { is_shown, precision: Precision::Exact }
}

fn hidden(publication: &Publication) -> Vec<usize> {
    publication.is_shown.iter().enumerate().filter(|(_, is_shown)| !**is_shown).map(|(cell, _)| cell).collect()
}

fn bounds_of(tables: &Tables, publication: &Publication, cell: usize) -> Interval {
    let found = audit(tables, publication, Attacker::Outsider);
    found.iter().find(|bounds| bounds.cell == cell).expect("it is hidden").interval
}

fn exposed(tables: &Tables, publication: &Publication, attacker: Attacker) -> Vec<Bounds> {
    let mut found = audit(tables, publication, attacker);
    found.retain(|bounds| bounds.exposure != Exposure::Safe);
    found
}
