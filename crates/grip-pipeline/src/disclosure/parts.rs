//! Numbers of persons that stand in no indicator: small tables of a total and its parts.

use grip_types::PERSONS_MIN;

/// Whether so few persons are behind a number that it is not shown.
pub(crate) fn is_few(count: i64) -> bool {
    (1..i64::from(PERSONS_MIN)).contains(&count)
}

/// Which parts of a total are shown, each with the numbers that are told of it, the first being how many there are; nothing where the total can't
/// be shown either.
///
/// # Formula
///
/// A part with a small number is hidden with all its numbers. What is left of each number of the total is of `k` hidden parts, none of which is
/// nothing: one of them is `left − k + 1` at most and, where there are two, one at least. So that nobody learns more of it than that it is below the
/// minimum `m`, either nothing is left, or `k ≥ 2` and `left ≥ m + k − 2`; until then the smallest part that is shown is hidden too.
pub(crate) fn parts_shown<const N: usize>(parts: &[[i64; N]]) -> Option<Vec<bool>> {
    let mut shown: Vec<bool> = parts.iter().map(|numbers| !numbers.iter().any(|number| is_few(*number))).collect();
    loop {
        let hidden: Vec<&[i64; N]> = parts.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(it, _)| it).collect();
        let count = i64::try_from(hidden.len()).unwrap_or(i64::MAX);
        let is_enough = |at: usize| {
            let left: i64 = hidden.iter().map(|numbers| numbers[at]).sum();
            left == 0 || count >= 2 && left >= i64::from(PERSONS_MIN) + count - 2
        };
        if (0..N).all(is_enough) {
            return Some(shown);
        }
        let smallest = (0..parts.len()).filter(|at| shown[*at]).min_by_key(|at| parts[*at].first().copied())?;
        shown[smallest] = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_enough_for_all_that_is_hidden() {
        assert_eq!(parts_shown(&[[40], [25]]), Some(vec![true, true]));
        assert_eq!(parts_shown(&[[40], [25], [5]]), Some(vec![true, false, false]));
        // Five and six of eleven: each from one to ten.
        assert_eq!(parts_shown(&[[40], [5], [6]]), Some(vec![true, false, false]));
        // Five and four are nine: neither could be nine.
        assert_eq!(parts_shown(&[[40], [25], [5], [4]]), Some(vec![true, false, false, false]));
        assert_eq!(parts_shown(&[[5], [4]]), None);
        assert_eq!(parts_shown(&[[5]]), None);
        assert_eq!(parts_shown(&[[0], [12]]), Some(vec![true, true]));
    }

    #[test]
    fn a_part_is_hidden_with_all_its_numbers() {
        // Of the second all came back but three.
        assert_eq!(parts_shown(&[[60, 20, 40], [30, 27, 3], [50, 25, 25]]), Some(vec![true, false, false]));
    }

    /// Whoever tries all tables finds no small part to be less than nine at most.
    #[test]
    fn nobody_finds_a_small_part_out() {
        let mut seed = 1_u64;
        for _ in 0..2_000 {
            let mut next = |most: u64| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                i64::try_from((seed >> 33) % most).expect("small")
            };
            let parts: Vec<[i64; 1]> = (0..2 + next(5)).map(|_| [next(30)]).collect();
            let Some(shown) = parts_shown(&parts) else { continue };
            let hidden: Vec<i64> = parts
                .iter()
                .zip(&shown)
                .filter(|(part, shown)| !**shown && part[0] > 0)
                .map(|(part, _)| part[0])
                .collect();
            let left: i64 = hidden.iter().sum();
            for part in hidden.iter().filter(|part| is_few(**part)) {
                let others = i64::try_from(hidden.len()).expect("few") - 1;
                assert!(others > 0 && left - others >= 9, "{part} of {parts:?}");
            }
        }
    }
}
