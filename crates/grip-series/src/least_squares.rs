//! The smallest sum of squares within a box, by Levenberg and Marquardt.
//!
//! Levenberg, K. (1944), Quarterly of Applied Mathematics 2, 164-168; Marquardt, D. W. (1963), SIAM Journal 11(2), 431-441.
//! Derivatives are differences; a parameter that wants out of the box is held at its edge.

/// What is minimised, over parameters that each lie between two bounds.
pub(crate) trait Problem {
    /// Fills the residuals; false where there are none, as when a model breaks down.
    fn residuals(&mut self, parameters: &[f64], out: &mut [f64]) -> bool;
    /// Whether a step may end here.
    fn is_admissible(&self, parameters: &[f64]) -> bool;
}

/// Parameters and what they leave.
pub(crate) struct Minimum {
    pub(crate) parameters: Vec<f64>,
    pub(crate) sum_of_squares: f64,
}

const DIFFERENCE: f64 = 1e-6;
const STEPS_MAX: usize = 40;
const DAMPINGS_MAX: usize = 8;
/// A step that gains less than this part ends the search.
const GAIN_MIN: f64 = 1e-7;

/// From `start`, or `None` when there is nothing at the start already.
pub(crate) fn minimise(
    problem: &mut impl Problem,
    start: &[f64],
    bounds: &[(f64, f64)],
    residuals: usize,
) -> Option<Minimum> {
    let mut here = clamped(start, bounds);
    let mut errors = vec![0.0; residuals];
    let mut trial_errors = vec![0.0; residuals];
    if !problem.residuals(&here, &mut errors) || !problem.is_admissible(&here) {
        return None;
    }
    let mut cost = dot(&errors, &errors);
    let mut damping = 1e-2;
    let mut slopes = vec![vec![0.0; residuals]; here.len()];
    for _ in 0..STEPS_MAX {
        differentiate(problem, &here, bounds, &errors, &mut slopes);
        let gradient: Vec<f64> = slopes.iter().map(|slope| dot(slope, &errors)).collect();
        let free: Vec<usize> = (0..here.len())
            .filter(|index| {
                let (low, high) = bounds[*index];
                !(here[*index] <= low && gradient[*index] > 0.0 || here[*index] >= high && gradient[*index] < 0.0)
            })
            .collect();
        let before = cost;
        for _ in 0..DAMPINGS_MAX {
            let trial = step(&here, &slopes, &gradient, &free, damping, bounds);
            let is_possible = problem.residuals(&trial, &mut trial_errors) && problem.is_admissible(&trial);
            let trial_cost = if is_possible { dot(&trial_errors, &trial_errors) } else { f64::INFINITY };
            if trial_cost < cost {
                here = trial;
                std::mem::swap(&mut errors, &mut trial_errors);
                cost = trial_cost;
                damping = (damping * 0.2).max(1e-9);
                break;
            }
            damping *= 5.0;
        }
        if before - cost <= GAIN_MIN * before {
            break;
        }
    }
    cost.is_finite().then_some(Minimum { parameters: here, sum_of_squares: cost })
}

fn clamped(values: &[f64], bounds: &[(f64, f64)]) -> Vec<f64> {
    values.iter().zip(bounds).map(|(value, (low, high))| value.clamp(*low, *high)).collect()
}

fn differentiate(
    problem: &mut impl Problem,
    here: &[f64],
    bounds: &[(f64, f64)],
    errors: &[f64],
    slopes: &mut [Vec<f64>],
) {
    let mut near = here.to_vec();
    for (index, slope) in slopes.iter_mut().enumerate() {
        let size = DIFFERENCE * (1.0 + here[index].abs());
        let up = if here[index] + size > bounds[index].1 { -size } else { size };
        for difference in [up, -up] {
            near[index] = here[index] + difference;
            if problem.residuals(&near, slope) {
                slope.iter_mut().zip(errors).for_each(|(moved, error)| *moved = (*moved - error) / difference);
                break;
            }
            slope.fill(0.0);
        }
        near[index] = here[index];
    }
}

/// One damped step over the free parameters, cut off at the box.
fn step(
    here: &[f64],
    slopes: &[Vec<f64>],
    gradient: &[f64],
    free: &[usize],
    damping: f64,
    bounds: &[(f64, f64)],
) -> Vec<f64> {
    let size = free.len();
    let mut matrix = vec![0.0; size * size];
    for row in 0..size {
        for column in 0..=row {
            let value = dot(&slopes[free[row]], &slopes[free[column]]);
            matrix[row * size + column] = value;
            matrix[column * size + row] = value;
        }
        matrix[row * size + row] = matrix[row * size + row] * (1.0 + damping) + 1e-12;
    }
    let right: Vec<f64> = free.iter().map(|index| -gradient[*index]).collect();
    let mut moved = here.to_vec();
    if let Some(change) = solve(&mut matrix, right) {
        for (index, change) in free.iter().zip(change) {
            moved[*index] += change;
        }
    }
    clamped(&moved, bounds)
}

/// A symmetric positive system, by Cholesky; `None` when it is not positive.
fn solve(matrix: &mut [f64], mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for row in 0..size {
        for column in 0..=row {
            let inner = dot(&matrix[row * size..row * size + column], &matrix[column * size..column * size + column]);
            let rest = matrix[row * size + column] - inner;
            if row == column {
                if !(rest > 0.0 && rest.is_finite()) {
                    return None;
                }
                matrix[row * size + row] = rest.sqrt();
            } else {
                matrix[row * size + column] = rest / matrix[column * size + column];
            }
        }
    }
    for row in 0..size {
        let known = dot(&matrix[row * size..row * size + row], &right[..row]);
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|below| matrix[below * size + row] * right[below]).sum();
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    Some(right)
}

/// Sum of products, in four sums at once because additions wait for one another.
fn dot(left: &[f64], right: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (left_four, right_four) = (left.chunks_exact(4), right.chunks_exact(4));
    let rest: f64 = left_four.remainder().iter().zip(right_four.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in left_four.zip(right_four) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rosenbrock, H. H. (1960), Computer Journal 3(3), 175-184: 100 (b - a²)² + (1 - a)², lowest at (1, 1).
    struct Rosenbrock;

    impl Problem for Rosenbrock {
        fn residuals(&mut self, parameters: &[f64], out: &mut [f64]) -> bool {
            out.copy_from_slice(&[10.0 * (parameters[1] - parameters[0] * parameters[0]), 1.0 - parameters[0]]);
            true
        }
        fn is_admissible(&self, _: &[f64]) -> bool {
            true
        }
    }

    #[test]
    fn finds_the_bottom_of_a_curved_valley() {
        let found = minimise(&mut Rosenbrock, &[-1.2, 1.0], &[(-5.0, 5.0); 2], 2).unwrap();
        assert!((found.parameters[0] - 1.0).abs() < 1e-4 && (found.parameters[1] - 1.0).abs() < 1e-4);
    }

    #[test]
    fn stays_in_the_box() {
        // With a ≤ 0.5 the best is a = 0.5, b = 0.25, which leaves 0.25.
        let found = minimise(&mut Rosenbrock, &[-1.2, 1.0], &[(-5.0, 0.5), (-5.0, 5.0)], 2).unwrap();
        assert!((found.parameters[0] - 0.5).abs() < 1e-6 && (found.sum_of_squares - 0.25).abs() < 1e-4);
    }
}
