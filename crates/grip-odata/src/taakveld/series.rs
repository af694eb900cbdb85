//! Series of Iv3 over several lists of codes: what may be added up in each so that the years can stand beside each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conversion, Generatie, LINKS, Level, SOCIAL_2023, SOCIAL_2025, convert};

/// Where one list of codes ends and the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The list before.
    pub from: Generatie,
    /// The list after.
    pub to: Generatie,
    /// How well they agree; `None` when one side has nothing, so that the series begins or ends there.
    pub level: Option<Level>,
    /// Why, for people.
    pub why: Vec<&'static str>,
}

impl Break {
    /// Whether amounts on both sides are about the same under the same name, so that there is nothing to see.
    pub fn is_seamless(&self) -> bool {
        self.level == Some(Level::Same)
    }
}

/// Codes of one or more lists that make one series. Glossary: Taakveld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Name of the common level, for people; empty for a single code without one.
    pub naam: &'static str,
    /// Codes to add up in each list, in the order of the list. A list that is missing has nothing comparable.
    pub codes: BTreeMap<Generatie, Vec<&'static str>>,
    /// What happens between each two lists that follow each other, in their order.
    pub breaks: Vec<Break>,
}

impl Series {
    /// Codes to add up in that list.
    pub fn codes_of(&self, generatie: Generatie) -> &[&'static str] {
        self.codes.get(&generatie).map_or(&[], Vec::as_slice)
    }
}

/// The finest series in which the social domain can be followed over these lists: every code is in exactly one, and where codes
/// have no common level but the whole domain they stay apart and their series has a gap. Functies have no series.
///
/// # Formula
/// Codes are joined wherever [`convert`] names them together between two lists that follow each other; what is joined, directly
/// or through others, is one series.
pub fn series(generaties: &BTreeSet<Generatie>) -> Vec<Series> {
    let lists: Vec<Generatie> = generaties.iter().copied().filter(|list| *list != Generatie::Functies).collect();
    let nodes: Vec<(Generatie, &'static str)> =
        lists.iter().flat_map(|list| list.social_domain().iter().map(|code| (*list, *code))).collect();
    let mut group: Vec<usize> = (0..nodes.len()).collect();
    for pair in lists.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let conversions = from.social_domain().iter().filter_map(|code| convert(code, from, to));
        for found in conversions.filter(|found| !is_whole(found)) {
            let is_in = |(list, code): &(Generatie, &'static str)| {
                *list == from && found.from.contains(code) || *list == to && found.to.contains(code)
            };
            let joined: Vec<usize> =
                (0..nodes.len()).filter(|node| is_in(&nodes[*node])).map(|node| group[node]).collect();
            let Some(lowest) = joined.iter().min().copied() else { continue };
            for own in &mut group {
                if joined.contains(own) {
                    *own = lowest;
                }
            }
        }
    }
    let numbers: BTreeSet<usize> = group.iter().copied().collect();
    let members = |number: usize| (0..nodes.len()).filter(move |node| group[*node] == number);
    numbers.into_iter().map(|number| one(members.clone()(number).map(|node| nodes[node]), &lists)).collect()
}

/// The same for the social domain as a whole, which is comparable between all lists.
pub fn social_domain(generaties: &BTreeSet<Generatie>) -> Series {
    let lists: Vec<Generatie> = generaties.iter().copied().filter(|list| *list != Generatie::Functies).collect();
    let codes = lists.iter().map(|list| (*list, list.social_domain().to_vec())).collect();
    let breaks =
        lists.windows(2).map(|pair| Break { from: pair[0], to: pair[1], level: Some(Level::Same), why: Vec::new() });
    Series { naam: "Sociaal domein", codes, breaks: breaks.collect() }
}

fn is_whole(found: &Conversion) -> bool {
    let whole = |codes: &[&str]| codes == SOCIAL_2023 || codes == SOCIAL_2025;
    whole(found.from) || whole(found.to)
}

fn one(nodes: impl Iterator<Item = (Generatie, &'static str)>, lists: &[Generatie]) -> Series {
    let mut codes: BTreeMap<Generatie, Vec<&'static str>> = BTreeMap::new();
    for (list, code) in nodes {
        codes.entry(list).or_default().push(code);
    }
    let breaks: Vec<Break> = lists.windows(2).filter_map(|pair| between(pair[0], pair[1], &codes)).collect();
    Series { naam: name(&codes), codes, breaks }
}

fn between(from: Generatie, to: Generatie, codes: &BTreeMap<Generatie, Vec<&'static str>>) -> Option<Break> {
    let (before, after) = match (codes.get(&from), codes.get(&to)) {
        (None, None) => return None,
        (Some(before), Some(after)) => (before, after),
        (Some(only), None) | (None, Some(only)) => {
            let list = if codes.contains_key(&from) { (from, to) } else { (to, from) };
            let why = only.iter().filter_map(|code| convert(code, list.0, list.1)).map(|found| found.why);
            return Some(Break { from, to, level: None, why: why.collect::<BTreeSet<_>>().into_iter().collect() });
        }
    };
    let found: Vec<Conversion> = before.iter().filter_map(|code| convert(code, from, to)).collect();
    let why = found.iter().map(|found| found.why).collect::<BTreeSet<_>>().into_iter().collect();
    let level = match (before.len(), after.len()) {
        (1, 1) => found.first().map(|found| found.level),
        (1, _) => Some(Level::Split),
        (_, 1) => Some(Level::Merged),
        _ => Some(Level::ManyToMany),
    };
    Some(Break { from, to, level, why })
}

/// The name of the widest conversion between the first and the last list that the series has; of a single list only the name
/// of what has no counterpart.
fn name(codes: &BTreeMap<Generatie, Vec<&'static str>>) -> &'static str {
    let (Some((first, own)), Some((last, _))) = (codes.first_key_value(), codes.last_key_value()) else { return "" };
    if first == last {
        let is_policy = *first == Generatie::Vanaf2025 && own.iter().all(|code| POLICY_CODES.contains(code));
        return if is_policy { "Coördinatie en beleid" } else { "" };
    }
    let found = own.iter().filter_map(|code| convert(code, *first, *last));
    found.max_by_key(|found| found.from.len() + found.to.len()).map_or("", |found| found.groep)
}

/// Co-ordination and policy, which have a field of their own since 2025.
const POLICY_CODES: [&str; 2] = ["6.91", "6.92"];

/// Every row of the conversion table: what of one list is comparable with what of a later one, first the finest.
pub fn conversions() -> impl Iterator<Item = (Generatie, Generatie, Conversion)> {
    LINKS.iter().filter_map(|link| Some((link.of, link.to, link.between(link.of, link.to)?)))
}

impl Generatie {
    /// First day on which the list holds, `YYYY-MM-DD`.
    pub fn in_force(self) -> &'static str {
        match self {
            Self::Functies => "2010-01-01",
            Self::Tot2022 => "2017-01-01",
            Self::Van2023 => "2023-01-01",
            Self::Vanaf2025 => "2025-01-01",
        }
    }

    /// File of CBS in which the codes and names of the list stand; functies have none.
    pub fn source(self) -> Option<&'static str> {
        match self {
            Self::Functies => None,
            Self::Tot2022 => Some("iv3_definities_Gemeente_2022.json"),
            Self::Van2023 => Some("iv3_definities_Gemeente_2023.json"),
            Self::Vanaf2025 => Some("iv3_definities_Gemeente_2025.json"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Generatie, Level, conversions, series, social_domain};

    const ALL: [Generatie; 3] = [Generatie::Tot2022, Generatie::Van2023, Generatie::Vanaf2025];

    #[test]
    fn every_code_is_in_exactly_one_series() {
        for lists in [&ALL[..], &ALL[..1], &ALL[1..], &[ALL[0], ALL[2]]] {
            let found = series(&lists.iter().copied().collect());
            for list in lists {
                let mut codes: Vec<&str> = found.iter().flat_map(|one| one.codes_of(*list)).copied().collect();
                codes.sort_unstable();
                let mut expected = list.social_domain().to_vec();
                expected.sort_unstable();
                assert_eq!(codes, expected, "{list:?} of {lists:?}");
            }
        }
    }

    #[test]
    fn one_list_has_its_own_codes() {
        let found = series(&BTreeSet::from([Generatie::Tot2022]));
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|one| one.breaks.is_empty()));
        assert!(series(&BTreeSet::from([Generatie::Functies])).is_empty());
    }

    /// By hand: what of 2022 is under 6.6, 6.71 and 6.81 meets in the Wmo of 2025, as personal budgets got a field of their own;
    /// youth was divided anew twice; policy has no counterpart before 2025.
    #[test]
    fn over_all_three_lists() {
        let found = series(&ALL.into_iter().collect());
        let names: Vec<(&str, usize)> =
            found.iter().map(|one| (one.naam, one.codes_of(Generatie::Tot2022).len())).collect();
        assert_eq!(
            names,
            [
                ("Samenkracht en burgerparticipatie", 1),
                ("Toegang", 1),
                ("Inkomensregelingen", 1),
                ("Beschut werk", 1),
                ("Arbeidsparticipatie", 1),
                ("Wmo-maatwerk en opvang", 3),
                ("Jeugd", 2),
                ("Coördinatie en beleid", 0),
                ("Coördinatie en beleid", 0),
            ]
        );
        let jeugd = &found[6];
        assert_eq!(jeugd.codes_of(Generatie::Tot2022), ["6.72", "6.82"]);
        assert_eq!(
            jeugd.codes_of(Generatie::Vanaf2025),
            ["6.751", "6.752", "6.753", "6.761", "6.762", "6.763", "6.792", "6.821", "6.822"]
        );
        assert!(jeugd.breaks.iter().all(|found| found.level == Some(Level::ManyToMany) && !found.is_seamless()));
        let toegang: Vec<Option<Level>> = found[1].breaks.iter().map(|found| found.level).collect();
        assert_eq!(toegang, [Some(Level::Renamed), Some(Level::Split)]);
        assert!(found[2].breaks.iter().all(super::Break::is_seamless));
        let beleid = &found[7];
        assert_eq!((beleid.codes_of(Generatie::Vanaf2025), beleid.breaks.len()), (&["6.91"][..], 1));
        assert!(beleid.breaks[0].level.is_none() && !beleid.breaks[0].why.is_empty());
    }

    #[test]
    fn the_whole_is_comparable() {
        let whole = social_domain(&ALL.into_iter().collect());
        assert_eq!(whole.codes_of(Generatie::Tot2022).len(), 10);
        assert_eq!(whole.breaks.len(), 2);
        assert!(conversions().count() > 20 && conversions().all(|(from, to, _)| from.source() < to.source()));
    }
}
