//! What the values of a chart are in.

use serde::{Deserialize, Serialize};

use crate::number::{Language, decimal, euros_short};

/// Decimals that values beside each other need: none when all are whole. Amounts have their own.
pub(crate) fn decimals(mut values: impl Iterator<Item = i64>) -> u32 {
    u32::from(values.any(|value| value % 10 != 0))
}

/// What the values of a chart are in, and so how they are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scale {
    /// Eurocents.
    Euros,
    /// Tenths of what is counted.
    Number {
        /// What is counted, as in `cliënten` or `per 1.000 regels`.
        name: String,
    },
    /// Tenths of a percent.
    Percent {
        /// Of what, as in `van de declaraties`; may be empty.
        name: String,
    },
}

impl Scale {
    /// A value with its unit, as in `€ 1,23 mln`, `12,3` or `12,3 %`.
    pub(crate) fn value(&self, value: i64, decimals: u32, language: Language) -> String {
        match self {
            Self::Euros => euros_short(value, language),
            Self::Number { .. } => decimal(value, 10, decimals, language),
            Self::Percent { .. } => {
                let number = decimal(value, 10, decimals, language);
                match language {
                    Language::Nl => format!("{number}\u{a0}%"),
                    Language::En => format!("{number}%"),
                }
            }
        }
    }

    /// Units of an axis whose farthest value is this far from zero: how many of ours are one of its, and its name.
    pub(crate) fn unit(&self, farthest: i64, language: Language) -> (u64, String) {
        let dutch = language == Language::Nl;
        match self {
            Self::Euros => match farthest {
                100_000_000.. => (100_000_000, if dutch { "€ mln" } else { "€ million" }.to_owned()),
                100_000.. => (100_000, if dutch { "€ dzd" } else { "€ thousand" }.to_owned()),
                _ => (100, "€".to_owned()),
            },
            Self::Number { name } => (10, name.clone()),
            Self::Percent { name } => (10, format!("% {name}").trim_end().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_their_unit_with_equal_decimals() {
        let percent = Scale::Percent { name: String::new() };
        let number = Scale::Number { name: "maanden".to_owned() };
        for (scale, values, nl, en) in [
            (&Scale::Euros, [41_200, 123], ["€ 412", "€ 1"], ["€412", "€1"]),
            (&percent, [120, 35], ["12,0 %", "3,5 %"], ["12.0%", "3.5%"]),
            (&percent, [120, 30], ["12 %", "3 %"], ["12%", "3%"]),
            (&number, [12_340, -5], ["1.234,0", "−0,5"], ["1,234.0", "−0.5"]),
        ] {
            let decimals = decimals(values.into_iter());
            let written = |language| values.map(|value| scale.value(value, decimals, language).replace('\u{a0}', " "));
            assert_eq!((written(Language::Nl), written(Language::En)), (nl.map(str::to_owned), en.map(str::to_owned)));
        }
    }
}
