//! Sums of money, kept within what an amount can hold.

use grip_types::Bedrag;

/// As many cents, or the most there can be.
pub(crate) fn amount(cents: i128) -> Bedrag {
    let bound = if cents < 0 { i64::MIN } else { i64::MAX };
    Bedrag::from_cents(i64::try_from(cents).unwrap_or(bound))
}

/// What amounts are together.
pub(crate) fn sum(amounts: impl IntoIterator<Item = Bedrag>) -> Bedrag {
    amount(amounts.into_iter().map(|amount| i128::from(amount.cents)).sum())
}

/// What is left of an amount.
pub(crate) fn minus(from: Bedrag, less: Bedrag) -> Bedrag {
    amount(i128::from(from.cents) - i128::from(less.cents))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_to_hold_is_the_most_there_can_be() {
        let most = Bedrag::from_cents(i64::MAX);
        assert_eq!(sum([most, Bedrag::from_cents(1)]), most);
        assert_eq!(sum([most, Bedrag::from_cents(1), Bedrag::from_cents(-2)]).cents, i64::MAX - 1);
        assert_eq!(minus(Bedrag::from_cents(-2), most).cents, i64::MIN);
    }
}
