//! The point of a polytope that is nearest to the origin.
//!
//! Wolfe, P. (1976), Finding the nearest point in a polytope, Mathematical Programming 11, 128-149: ends after finitely many
//! steps, and with a proof that the point is the nearest.

use crate::effect::regression::{cholesky, dot, solve};

/// Beside the square of the farthest corner, what counts as nothing.
const NOTHING: f64 = 1e-13;
/// A corner with less weight than this has none.
const WEIGHT_MIN: f64 = 1e-11;
const STEPS_MAX: usize = 1000;

/// The nearest point as a mean of corners.
pub(crate) struct Nearest {
    /// Per corner its weight: not negative, together one.
    pub(crate) weights: Vec<f64>,
    /// By how much the squared distance may be too large at most, beside the square of the farthest corner.
    pub(crate) gap: f64,
}

/// From at least one corner.
pub(crate) fn nearest(corners: &[Vec<f64>]) -> Nearest {
    let squares: Vec<f64> = corners.iter().map(|corner| dot(corner, corner)).collect();
    let farthest = squares.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let first = lowest(&squares);
    let mut chosen = vec![first];
    let mut weights = vec![1.0];
    let mut gap = 0.0;
    for _ in 0..STEPS_MAX {
        let point = mean_of(corners, &chosen, &weights);
        let along: Vec<f64> = corners.iter().map(|corner| dot(corner, &point)).collect();
        let next = lowest(&along);
        // Frank and Wolfe's bound: twice this is what the square can still fall.
        gap = 2.0 * (dot(&point, &point) - along[next]).max(0.0) / farthest;
        if gap <= NOTHING || chosen.contains(&next) {
            break;
        }
        chosen.push(next);
        weights.push(0.0);
        let kept = (chosen.clone(), weights.clone());
        if !settle(corners, &mut chosen, &mut weights) {
            (chosen, weights) = kept;
            break;
        }
    }
    let mut all = vec![0.0; corners.len()];
    let sum: f64 = weights.iter().sum();
    chosen.iter().zip(&weights).for_each(|(corner, weight)| all[*corner] += weight / sum);
    Nearest { weights: all, gap }
}

/// Goes to the nearest point of the plane through the chosen corners, and leaves corners behind as long as that lies outside.
///
/// False when the corners lie in a smaller plane than their number promises.
fn settle(corners: &[Vec<f64>], chosen: &mut Vec<usize>, weights: &mut Vec<f64>) -> bool {
    loop {
        let Some(aim) = in_plane(corners, chosen) else { return false };
        if aim.iter().all(|weight| *weight > WEIGHT_MIN) {
            *weights = aim;
            return true;
        }
        let share = (0..aim.len())
            .filter(|at| aim[*at] <= WEIGHT_MIN && weights[*at] > aim[*at])
            .map(|at| weights[at] / (weights[at] - aim[at]))
            .fold(1.0, f64::min);
        weights.iter_mut().zip(&aim).for_each(|(weight, aim)| *weight += share * (aim - *weight));
        let leave = lowest(weights);
        let keep: Vec<bool> = (0..weights.len()).map(|at| at != leave && weights[at] > WEIGHT_MIN).collect();
        let mut flags = keep.iter();
        chosen.retain(|_| flags.next().copied().unwrap_or(false));
        let mut flags = keep.iter();
        weights.retain(|_| flags.next().copied().unwrap_or(false));
    }
}

/// Weights, of either sign and together one, of the point of the plane nearest to the origin.
fn in_plane(corners: &[Vec<f64>], chosen: &[usize]) -> Option<Vec<f64>> {
    let scale = chosen.iter().map(|at| dot(&corners[*at], &corners[*at])).fold(f64::MIN_POSITIVE, f64::max);
    let products = chosen
        .iter()
        .enumerate()
        .map(|(row, at)| {
            let mut line: Vec<f64> =
                chosen[..=row].iter().map(|by| 1.0 + dot(&corners[*at], &corners[*by]) / scale).collect();
            line.resize(chosen.len(), 0.0);
            line
        })
        .collect();
    let solution = solve(&cholesky(products)?, vec![1.0; chosen.len()]);
    let sum: f64 = solution.iter().sum();
    Some(solution.iter().map(|weight| weight / sum).collect())
}

fn mean_of(corners: &[Vec<f64>], chosen: &[usize], weights: &[f64]) -> Vec<f64> {
    let mut point = vec![0.0; corners[chosen[0]].len()];
    for (at, weight) in chosen.iter().zip(weights) {
        point.iter_mut().zip(&corners[*at]).for_each(|(sum, value)| *sum += weight * value);
    }
    point
}

fn lowest(values: &[f64]) -> usize {
    (1..values.len()).fold(0, |best, at| if values[at] < values[best] { at } else { best })
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn corners_edges_and_insides() {
        let close = |found: &[f64], expected: &[f64]| {
            found.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-9, "{found:?} {expected:?}"));
        };
        // On the edge between the first two, nearer to the first: (1, 0.4) is the foot of the origin's plumb line.
        let edge = [vec![1.0, 0.0], vec![1.0, 2.0], vec![5.0, 0.0]];
        close(&nearest(&edge).weights, &[1.0, 0.0, 0.0]);
        let edge = [vec![1.0, -0.5], vec![1.0, 2.0], vec![5.0, 0.0]];
        close(&nearest(&edge).weights, &[0.8, 0.2, 0.0]);
        let inside = [vec![-1.0, -1.0], vec![1.0, -1.0], vec![0.0, 1.0]];
        close(&nearest(&inside).weights, &[0.25, 0.25, 0.5]);
        assert!(nearest(&edge).gap < 1e-12);
        close(&nearest(&[vec![3.0]]).weights, &[1.0]);
    }
}
