//! The little linear algebra that is needed.

/// A straight line `y = slope · x + intercept`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Line {
    pub(crate) slope: f64,
    pub(crate) intercept: f64,
}

/// The line of least squares, or nothing when all `x` are the same.
pub(crate) fn least_squares(points: impl Iterator<Item = (f64, f64)> + Clone) -> Option<Line> {
    let (count, sum_x, sum_y) =
        points.clone().fold((0.0, 0.0, 0.0), |(count, sum_x, sum_y), (x, y)| (count + 1.0, sum_x + x, sum_y + y));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let (covariance, variance) = points.fold((0.0, 0.0), |(covariance, variance), (x, y)| {
        (covariance + (x - mean_x) * (y - mean_y), variance + (x - mean_x) * (x - mean_x))
    });
    if variance.is_nan() || variance <= 0.0 {
        return None;
    }
    let slope = covariance / variance;
    Some(Line { slope, intercept: mean_y - slope * mean_x })
}

/// The inverse of a symmetric, positive definite matrix of `size` rows, by Cholesky. A direction without information (a
/// pivot of nearly zero beside the diagonal) is left out: its rows and columns are zero.
pub(crate) fn inverse_of_symmetric(matrix: &[f64], size: usize) -> Vec<f64> {
    let largest = (0..size).map(|i| matrix[i * size + i]).fold(0.0, f64::max);
    let mut lower = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| lower[i * size + k] * lower[j * size + k]).sum();
            let rest = matrix[i * size + j] - dot;
            lower[i * size + j] = match (i == j, lower[j * size + j]) {
                (true, _) if rest > 1e-12 * largest => rest.sqrt(),
                (false, pivot) if pivot > 0.0 => rest / pivot,
                _ => 0.0,
            };
        }
    }
    // The inverse of the lower triangle, column by column, and then its square.
    let mut inverse_lower = vec![0.0; size * size];
    for column in 0..size {
        for row in column..size {
            let pivot = lower[row * size + row];
            if pivot > 0.0 {
                let unit = if row == column { 1.0 } else { 0.0 };
                let dot: f64 = (column..row).map(|k| lower[row * size + k] * inverse_lower[k * size + column]).sum();
                inverse_lower[row * size + column] = (unit - dot) / pivot;
            }
        }
    }
    let mut inverse = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..=i {
            let dot: f64 = (i..size).map(|k| inverse_lower[k * size + i] * inverse_lower[k * size + j]).sum();
            inverse[i * size + j] = dot;
            inverse[j * size + i] = dot;
        }
    }
    inverse
}

/// Finds where a function of a few variables is least, by the simplex method of Nelder and Mead (1965), The Computer
/// Journal 7(4), 308–313, begun again around what was found until that no longer helps.
pub(crate) fn minimise(function: impl Fn(&[f64]) -> f64, start: &[f64]) -> (Vec<f64>, f64) {
    const RESTARTS_MAX: usize = 20;
    let mut best = (start.to_vec(), function(start));
    for restart in 0..RESTARTS_MAX {
        let step = if restart == 0 { 0.5 } else { 0.05 };
        let found = simplex(&function, &best.0, step);
        let gain = best.1 - found.1;
        if found.1 < best.1 {
            best = found;
        }
        if restart > 0 && (gain.is_nan() || gain <= 1e-13 * best.1.abs()) {
            break;
        }
    }
    best
}

fn simplex(function: &impl Fn(&[f64]) -> f64, start: &[f64], step: f64) -> (Vec<f64>, f64) {
    const EVALUATIONS_MAX: usize = 2_000;
    let value = |point: Vec<f64>| {
        let height = function(&point);
        (point, if height.is_nan() { f64::INFINITY } else { height })
    };
    let mut corners = vec![value(start.to_vec())];
    for axis in 0..start.len() {
        let mut point = start.to_vec();
        point[axis] += step;
        corners.push(value(point));
    }
    let last = start.len();
    for _ in 0..EVALUATIONS_MAX {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let width = (0..last).map(|axis| (corners[last].0[axis] - corners[0].0[axis]).abs()).fold(0.0, f64::max);
        if width < 1e-11 {
            break;
        }
        let count = f64::from(u32::try_from(last).expect("a handful of variables"));
        let centre: Vec<f64> =
            (0..last).map(|axis| corners[..last].iter().map(|corner| corner.0[axis]).sum::<f64>() / count).collect();
        let along = |far: f64, worst: &[f64]| {
            value(centre.iter().zip(worst).map(|(centre, worst)| centre + far * (worst - centre)).collect())
        };
        let reflected = along(-1.0, &corners[last].0);
        let replacement = if reflected.1 < corners[0].1 {
            let expanded = along(-2.0, &corners[last].0);
            Some(if expanded.1 < reflected.1 { expanded } else { reflected })
        } else if reflected.1 < corners[last - 1].1 {
            Some(reflected)
        } else {
            let far = if reflected.1 < corners[last].1 { -0.5 } else { 0.5 };
            Some(along(far, &corners[last].0)).filter(|contracted| contracted.1 < corners[last].1)
        };
        match replacement {
            Some(corner) => corners[last] = corner,
            None => shrink(&mut corners, &value),
        }
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners.swap_remove(0)
}

/// Draws every corner half way to the best.
fn shrink(corners: &mut [(Vec<f64>, f64)], value: &impl Fn(Vec<f64>) -> (Vec<f64>, f64)) {
    let best = corners[0].0.clone();
    for corner in &mut corners[1..] {
        *corner = value(corner.0.iter().zip(&best).map(|(far, near)| (far + near) / 2.0).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_through_points() {
        let line = least_squares([(1.0, 3.0), (2.0, 5.0), (4.0, 9.0)].into_iter()).expect("two different x");
        assert!((line.slope - 2.0).abs() < 1e-12 && (line.intercept - 1.0).abs() < 1e-12);
        assert_eq!(least_squares([(1.0, 3.0), (1.0, 5.0)].into_iter()), None);
    }

    #[test]
    fn an_inverse_times_the_matrix_is_one() {
        let matrix = [4.0, 2.0, 0.6, 2.0, 3.0, 0.4, 0.6, 0.4, 2.0];
        let inverse = inverse_of_symmetric(&matrix, 3);
        for i in 0..3 {
            for j in 0..3 {
                let cell: f64 = (0..3).map(|k| matrix[i * 3 + k] * inverse[k * 3 + j]).sum();
                assert!((cell - if i == j { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn a_bent_valley_has_its_bottom() {
        // Rosenbrock (1960).
        let (found, height) = minimise(|p| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2), &[-1.2, 1.0]);
        assert!((found[0] - 1.0).abs() < 1e-6 && (found[1] - 1.0).abs() < 1e-6 && height < 1e-12);
    }
}
