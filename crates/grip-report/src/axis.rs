//! The axis of values: round steps, and how they are written.

use crate::{
    number::{Language, decimal},
    scale::Scale,
};

/// Bounds and step in what the values are in, and the unit that the labels are in.
pub(crate) struct Axis {
    pub(crate) bottom: i64,
    pub(crate) top: i64,
    pub(crate) step: i64,
    unit: u64,
    pub(crate) unit_name: String,
    decimals: u32,
}

impl Axis {
    /// An axis that holds both, at steps of 1, 2 or 5 times a power of ten.
    pub(crate) fn holding((low, high): (i64, i64), scale: &Scale, language: Language) -> Self {
        let least = if *scale == Scale::Euros { 100 } else { 1 };
        let wanted = (high.saturating_sub(low).saturating_add(3) / 4).max(least);
        let mut power = 1_i64;
        let step = loop {
            if let Some(step) = [1, 2, 5].into_iter().map(|digit| power.saturating_mul(digit)).find(|s| *s >= wanted) {
                break step;
            }
            power = power.saturating_mul(10);
        };
        let bottom = low.div_euclid(step).saturating_mul(step);
        let top = high.saturating_add(step - 1).div_euclid(step).saturating_mul(step);
        let top = if top == bottom { bottom.saturating_add(step) } else { top };
        let (unit, unit_name) = scale.unit(top.max(bottom.saturating_neg()), language);
        let magnitude = step.unsigned_abs();
        let decimals = (0..2).find(|d| magnitude.saturating_mul(10_u64.pow(*d)).is_multiple_of(unit)).unwrap_or(2);
        Self { bottom, top, step, unit, unit_name, decimals }
    }

    /// Every step with its label.
    pub(crate) fn ticks(&self, language: Language) -> Vec<(i64, String)> {
        (0..=self.top.saturating_sub(self.bottom) / self.step)
            .map(|count| self.bottom + count * self.step)
            .map(|value| (value, decimal(value, self.unit, self.decimals, language)))
            .collect()
    }

    /// Where a value is: 0 at the bottom, 1 at the top.
    #[expect(clippy::cast_precision_loss, reason = "a place on paper needs no more than 15 digits")]
    pub(crate) fn share(&self, value: i64) -> f64 {
        (value as f64 - self.bottom as f64) / (self.top as f64 - self.bottom as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_its_values_with_few_round_steps() {
        const EXA: i64 = 1_000_000_000_000_000_000;
        let percent = Scale::Percent { name: String::new() };
        let bounds = [(0, 0), (0, 1), (850, 940), (-7, 3), (0, 123_456_789_012), (-4 * EXA, 4 * EXA), (-1, 6 * EXA)];
        for (low, high) in bounds {
            for scale in [&Scale::Euros, &percent] {
                let axis = Axis::holding((low, high), scale, Language::Nl);
                assert!(axis.bottom <= low && axis.top >= high && axis.bottom < axis.top, "{low} {high}");
                assert!((2..=7).contains(&axis.ticks(Language::Nl).len()), "{low} {high}");
                assert!(axis.share(low) >= 0.0 && axis.share(high) <= 1.0, "{low} {high}");
            }
        }
    }

    #[test]
    fn labels_are_in_the_unit_of_the_axis() {
        let labels = |bounds, scale: &Scale| {
            let axis = Axis::holding(bounds, scale, Language::Nl);
            let labels: Vec<String> = axis.ticks(Language::Nl).into_iter().map(|(_, label)| label).collect();
            (axis.unit_name, labels.join(" "))
        };
        let check = |bounds, scale: &Scale, unit: &str, expected: &str| {
            assert_eq!(labels(bounds, scale), (unit.to_owned(), expected.to_owned()));
        };
        let name = || "cliënten".to_owned();
        check((0, 250_000_000), &Scale::Euros, "€ mln", "0 1 2 3");
        check((0, 70_000), &Scale::Euros, "€", "0 200 400 600 800");
        check((0, 7), &Scale::Number { name: name() }, "cliënten", "0,0 0,2 0,4 0,6 0,8");
        check((850, 940), &Scale::Percent { name: name() }, "% cliënten", "85 90 95");
    }
}
