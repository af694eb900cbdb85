//! How long it takes to protect a table of a thousand cells with three linked hierarchies, and what it costs.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::time::Instant;

use grip_insight::disclosure::{
    Attacker, Cell, Dimension, Error, Exposure, Precision, Rule, Tables, Zeros, audit, position, relations, suppress,
};

/// Twenty products with subtotals, in twenty-four places that are grouped in three ways.
fn dimensions() -> [Dimension; 2] {
    let mut places = Dimension { codes: 40, sums: vec![] };
    for (groups, first, step) in [(6, 24, 1), (5, 30, 2), (4, 35, 3)] {
        let parts = |group: usize| (0..24).filter(|place| place * step % 23 % groups == group).collect();
        places.sums.extend((0..groups).map(|group| (first + group, parts(group))));
        places.sums.push((39, (first..first + groups).collect()));
    }
    let groups = (0..4).map(|group| (20 + group, (group * 5..group * 5 + 5).collect()));
    [places, Dimension { codes: 25, sums: groups.chain([(24, (20..24).collect())]).collect() }]
}

/// Numbers that look like chance: `most` is the largest.
fn values(most: u64) -> Vec<i64> {
    let dimensions = dimensions();
    let mut state = 1_u64;
    let mut values = vec![0; 1_000];
    for place in 0..24 {
        for product in 0..20 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let count = i64::try_from((state >> 33) % most * ((state >> 41) % most) / most).unwrap_or_default();
            values[position(&dimensions, &[place, product])] = count;
        }
    }
    for (along, dimension) in dimensions.iter().enumerate() {
        for (total, parts) in &dimension.sums {
            for other in 0..dimensions[1 - along].codes {
                let at = |code| position(&dimensions, &if along == 0 { [code, other] } else { [other, code] });
                values[at(*total)] = parts.iter().map(|part| values[at(*part)]).sum();
            }
        }
    }
    values
}

fn main() -> Result<(), Error> {
    for (most, zeros) in [(400, Zeros::Shown), (400, Zeros::Protected), (60, Zeros::Shown)] {
        let cells = values(most).into_iter().map(Cell::count).collect();
        let tables = Tables::new(cells, relations(&dimensions()))?;
        let tables = tables.protected_by(&[Rule::MinimumCount { minimum: 10, zeros }]);
        let begin = Instant::now();
        let found = suppress(&tables, Attacker::Outsider, Precision::Exact);
        println!("up to {most}, zeros {zeros:?}: {:.1?}", begin.elapsed());
        println!("  sensitive {:?}\n  secondary {:?}\n  of {:?}", found.sensitive, found.secondary, found.all);
        let begin = Instant::now();
        let bounds = audit(&tables, &found.publication, Attacker::Outsider);
        let narrowed = bounds
            .iter()
            .filter(|bounds| tables.cells()[bounds.cell].protection.is_some() && bounds.exposure != Exposure::Safe);
        let narrowed: Vec<usize> = narrowed.map(|bounds| bounds.cell).collect();
        let helped = narrowed.iter().filter(|cell| !found.beyond_help.contains(cell)).count();
        println!(
            "  audit {:.1?}: beyond help {}, other sensitive cells narrowed {helped}",
            begin.elapsed(),
            found.beyond_help.len()
        );
    }
    Ok(())
}
