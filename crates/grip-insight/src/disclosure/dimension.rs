//! Tables by dimensions with subtotals.

use super::Relation;

/// One way to divide: its codes, subtotals and total included, and which add up to which.
///
/// Two ways to group the same codes, such as neighbourhoods by district and by team, are one dimension with the sums of
/// both: that links them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// How many codes.
    pub codes: usize,
    /// Each subtotal or total with its parts.
    pub sums: Vec<(usize, Vec<usize>)>,
}

impl Dimension {
    /// A total, which is code 0, and its parts.
    pub fn flat(parts: usize) -> Self {
        Self { codes: parts + 1, sums: vec![(0, (1..=parts).collect())] }
    }
}

/// The sums that hold in the table of all combinations of codes, one cell each at its [`position`].
pub fn relations(dimensions: &[Dimension]) -> Vec<Relation> {
    let mut found = Vec::new();
    for (along, dimension) in dimensions.iter().enumerate() {
        let step: usize = dimensions[along + 1..].iter().map(|dimension| dimension.codes).product();
        let blocks: usize = dimensions[..along].iter().map(|dimension| dimension.codes).product();
        for start in (0..blocks).map(|block| block * dimension.codes * step) {
            for (total, parts) in &dimension.sums {
                found.extend(
                    (start..start + step)
                        .map(|base| Relation::total(base + total * step, parts.iter().map(|part| base + part * step))),
                );
            }
        }
    }
    found
}

/// Where the cell of these codes stands: the last dimension runs fastest.
pub fn position(dimensions: &[Dimension], codes: &[usize]) -> usize {
    dimensions.iter().zip(codes).fold(0, |position, (dimension, code)| position * dimension.codes + code)
}
