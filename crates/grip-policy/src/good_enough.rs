//! Which care is good enough: what was found of it by year, and which providers answered the four questions.

use std::collections::{BTreeMap, BTreeSet};

use grip_register::{ObjectId, Version};

use crate::{CareQuality, Number, ProviderAnswers, Quality, Year, quality::is_few};

/// What was found of care, by year.
#[derive(Debug, Clone, PartialEq)]
pub struct QualityRow {
    /// Code of the provider; nothing for all.
    pub provider: Option<String>,
    /// `wmo` or `jw`; nothing for both.
    pub wet: Option<String>,
    /// Product category; nothing for all.
    pub categorie: Option<String>,
    /// Of which sort.
    pub sort: Quality,
    /// What was asked or measured.
    pub name: String,
    /// The outcome by year.
    pub years: BTreeMap<i16, Outcome>,
}

/// The outcome in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The object that says so.
    pub id: ObjectId,
    /// In percent; nothing when too few are behind it.
    pub percentage: Option<f64>,
    /// Of how many; nothing when that is not said or too few.
    pub respondents: Option<f64>,
}

/// What was found, one row for each provider, law, category, sort and question. Of a year that was written twice the last holds. What
/// too few persons are behind is withheld: it is refused now, and was kept before.
pub fn qualities(found: &[Version<CareQuality>]) -> Vec<QualityRow> {
    let mut rows: BTreeMap<_, BTreeMap<i16, Outcome>> = BTreeMap::new();
    for version in found {
        let it = &version.content;
        let key = (it.wet.0.clone(), it.categorie.0.clone(), it.provider.0.clone(), it.sort, it.name.0.clone());
        let Year(year) = it.year;
        let is_few = it.respondents.is_some_and(is_few);
        let respondents = it.respondents.map(|Number(number)| number);
        let outcome = Outcome {
            id: version.id,
            percentage: (!is_few).then_some(it.percentage.0),
            respondents: respondents.filter(|_| !is_few),
        };
        rows.entry(key).or_default().insert(year, outcome);
    }
    let some = |text: String| (!text.is_empty()).then_some(text);
    rows.into_iter()
        .map(|((wet, categorie, provider, sort, name), years)| QualityRow {
            provider: some(provider),
            wet: some(wet),
            categorie: some(categorie),
            sort,
            name,
            years,
        })
        .collect()
}

/// Which of the four questions a provider answered, in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The object, when anything was written.
    pub id: Option<ObjectId>,
    /// What the provider is called there.
    pub name: Option<String>,
    /// Its code; empty when it was not written.
    pub agb: String,
    /// Whether it answered on skill, on monitoring, on conversations to improve, and on lessons.
    pub questions: [bool; 4],
}

impl Answered {
    /// How many of the four.
    pub fn number(&self) -> usize {
        self.questions.iter().filter(|is_answered| **is_answered).count()
    }
}

/// Who answered what in a year: those who wrote anything by name, and after them the `providers` that wrote nothing, by code.
pub fn answered(answers: &[Version<ProviderAnswers>], providers: &BTreeSet<String>, year: i16) -> Vec<Answered> {
    let mut found: Vec<Answered> = answers
        .iter()
        .filter(|version| version.content.year == Year(year))
        .map(|version| {
            let it = &version.content;
            let texts = [&it.skill, &it.monitoring, &it.feedback, &it.lessons];
            Answered {
                id: Some(version.id),
                name: Some(it.name.0.clone()),
                agb: it.agb.0.clone(),
                questions: texts.map(|text| !text.0.trim().is_empty()),
            }
        })
        .collect();
    found.sort_by(|one, other| one.name.cmp(&other.name));
    let heard: BTreeSet<String> = found.iter().map(|answered| answered.agb.clone()).collect();
    let silent = providers.difference(&heard);
    found.extend(silent.map(|agb| Answered { id: None, name: None, agb: agb.clone(), questions: [false; 4] }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{id, object};

    #[test]
    fn outcomes_stand_beside_each_other_by_year_and_few_persons_are_withheld() {
        let found = |number, name, year, percentage, respondents| {
            let fields = [
                ("name", name),
                ("sort", "uitval"),
                ("year", year),
                ("provider", "01234567"),
                ("wet", "jw"),
                ("percentage", percentage),
                ("respondents", respondents),
            ];
            object::<CareQuality>(number, &fields)
        };
        let rows = qualities(&[
            found(1, "Eerder gestopt", "2023", "12,5", "80"),
            found(2, "Eerder gestopt", "2024", "50", "4"),
            found(3, "Eerder gestopt", "2023", "13", ""),
            found(4, "Zonder overleg gestopt", "2023", "3", "10"),
        ]);
        assert_eq!(rows.len(), 2);
        let expected = [
            (2023, Outcome { id: id(3), percentage: Some(13.0), respondents: None }),
            (2024, Outcome { id: id(2), percentage: None, respondents: None }),
        ];
        assert_eq!(rows[0].years, expected.into());
        assert_eq!(rows[0].categorie, None);
        assert_eq!(rows[1].years[&2023].respondents, Some(10.0));
    }

    #[test]
    fn who_did_not_answer_is_named() {
        let answers = |number, name, agb, year, lessons| {
            let fields = [("name", name), ("agb", agb), ("year", year), ("skill", "Opleiding."), ("lessons", lessons)];
            object::<ProviderAnswers>(number, &fields)
        };
        let written = [
            answers(1, "Zorg B", "01234567", "2025", " "),
            answers(2, "Zorg A", "", "2025", "Eerder bellen."),
            answers(3, "Zorg C", "07654321", "2024", ""),
        ];
        let providers = BTreeSet::from(["01234567".to_owned(), "07654321".to_owned()]);
        let found = answered(&written, &providers, 2025);
        let short: Vec<(Option<&str>, &str, usize)> =
            found.iter().map(|one| (one.name.as_deref(), one.agb.as_str(), one.number())).collect();
        assert_eq!(short, [(Some("Zorg A"), "", 2), (Some("Zorg B"), "01234567", 1), (None, "07654321", 0)]);
        assert_eq!(found[0].questions, [true, false, false, true]);
    }
}
