use std::collections::BTreeMap;

/// So many findings are kept one by one; of the rest only how many there are.
const KEPT: usize = 100;

/// So many characters of what was found are quoted.
const QUOTED: usize = 60;

/// What can be wrong in received open data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A page ends too early, or is not what OData sends.
    PageBroken,
    /// A page is not there, or the last one says that more follow.
    PageMissing,
    /// A period of an unknown form.
    PeriodForm,
    /// A column or measure that the table's own description does not have.
    UnknownMeasure,
    /// A value that is no number.
    NoNumber,
    /// Two rows with the same key.
    DuplicateKey,
    /// A key that the list of codes does not have.
    UnknownKey,
    /// A status of a value that is not known.
    UnknownStatus,
    /// A row without one of its dimensions.
    DimensionMissing,
    /// Two measures that can't be told apart by name.
    SameName,
    /// Iv3: neither lasten nor baten.
    UnknownCategorie,
    /// Iv3: a taakveld that is not in the list of its year.
    UnknownTaakveld,
    /// Iv3: not a municipality.
    NoGemeente,
    /// Iv3: a total of other lines.
    Subtotal,
    /// Something in the list of rows that is not a row.
    NoRow,
}

impl Rule {
    /// Every rule, in the order of their codes.
    pub const ALL: &'static [Self] = &[
        Self::PageBroken,
        Self::PageMissing,
        Self::PeriodForm,
        Self::UnknownMeasure,
        Self::NoNumber,
        Self::DuplicateKey,
        Self::UnknownKey,
        Self::UnknownStatus,
        Self::DimensionMissing,
        Self::SameName,
        Self::UnknownCategorie,
        Self::UnknownTaakveld,
        Self::NoGemeente,
        Self::Subtotal,
        Self::NoRow,
    ];

    /// Stable code. Never reused, not even after a rule is retired.
    pub fn code(self) -> &'static str {
        match self {
            Self::PageBroken => "O001",
            Self::PageMissing => "O002",
            Self::PeriodForm => "O003",
            Self::UnknownMeasure => "O004",
            Self::NoNumber => "O005",
            Self::DuplicateKey => "O006",
            Self::UnknownKey => "O007",
            Self::UnknownStatus => "O008",
            Self::DimensionMissing => "O009",
            Self::SameName => "O010",
            Self::UnknownCategorie => "O011",
            Self::UnknownTaakveld => "O012",
            Self::NoGemeente => "O013",
            Self::Subtotal => "O014",
            Self::NoRow => "O015",
        }
    }

    /// What is wrong, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::PageBroken => "Een pagina is niet volledig te lezen; de rijen ervoor zijn wel gelezen",
            Self::PageMissing => "Er ontbreekt een pagina; de tabel is niet compleet",
            Self::PeriodForm => "De periode heeft een onbekende vorm; de rij is bewaard zoals zij kwam",
            Self::UnknownMeasure => "De kolom of meting staat niet in de beschrijving van de tabel en is overgeslagen",
            Self::NoNumber => "De waarde is geen getal en is overgeslagen",
            Self::DuplicateKey => "De rij komt twee keer voor; alleen de eerste telt",
            Self::UnknownKey => "De sleutel staat niet in de codelijst van de tabel; de rij is bewaard zonder titel",
            Self::UnknownStatus => "De status van de waarde is onbekend",
            Self::DimensionMissing => "De rij mist een dimensie",
            Self::SameName => "Twee metingen heten hetzelfde en kregen een volgnummer",
            Self::UnknownCategorie => "De categorie is geen last en geen baat; de regel is overgeslagen",
            Self::UnknownTaakveld => "Het taakveld staat niet in de lijst van dat jaar; de regel is bewaard",
            Self::NoGemeente => "De regel is niet van een gemeente en is overgeslagen",
            Self::Subtotal => "De regel telt andere regels op en is overgeslagen",
            Self::NoRow => "In de lijst van rijen staat iets wat geen rij is; het is overgeslagen",
        }
    }

    /// What to do about it, in Dutch.
    pub fn advice(self) -> &'static str {
        match self {
            Self::PageBroken | Self::PageMissing => "Haal de tabel opnieuw op.",
            Self::PeriodForm | Self::UnknownStatus | Self::UnknownCategorie => {
                "Kijk in de toelichting van de uitgever wat dit betekent, en meld het de makers van Grip."
            }
            Self::UnknownMeasure | Self::UnknownKey | Self::UnknownTaakveld => {
                "Haal de beschrijving van de tabel opnieuw op; de uitgever kan haar hebben gewijzigd."
            }
            Self::NoNumber | Self::DuplicateKey | Self::DimensionMissing | Self::NoRow => {
                "Haal de tabel opnieuw op; blijft het zo, vraag het dan de uitgever."
            }
            Self::SameName | Self::NoGemeente | Self::Subtotal => "U hoeft niets te doen.",
        }
    }
}

/// Something wrong in received data: kept, shown, never fatal to the rest. Glossary: Bevinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub rule: Rule,
    /// Page, from 1; 0 when it is about the table.
    pub page: u32,
    /// Row in the page, from 1; 0 when it is about the page.
    pub row: u64,
    /// What was found: a name or a value, shortened.
    pub text: String,
}

/// The first hundred findings, and how many there are of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    list: Vec<Finding>,
    counts: BTreeMap<Rule, u64>,
}

impl Findings {
    pub(crate) fn add(&mut self, rule: Rule, page: u32, row: u64, text: &str) {
        *self.counts.entry(rule).or_default() += 1;
        if self.list.len() < KEPT {
            let text = text.chars().take(QUOTED).map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.list.push(Finding { rule, page, row, text });
        }
    }

    /// Those that were kept one by one.
    pub fn list(&self) -> &[Finding] {
        &self.list
    }

    /// How many there are of each kind, kept or not.
    pub fn counts(&self) -> impl Iterator<Item = (Rule, u64)> {
        self.counts.iter().map(|(rule, count)| (*rule, *count))
    }

    /// How many there are of this kind.
    pub fn count(&self, rule: Rule) -> u64 {
        self.counts.get(&rule).copied().unwrap_or_default()
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Rule;

    #[test]
    fn every_rule_is_in_the_list_with_its_own_code() {
        let codes: Vec<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert!(codes.is_sorted());
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
        assert_eq!(codes.last(), Some(&"O015"));
    }
}
