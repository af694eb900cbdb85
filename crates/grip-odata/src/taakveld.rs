//! Taakvelden of Iv3, their three lists of codes, and what of one list is comparable with what of another.
//!
//! Source of codes and names: `iv3_definities_Gemeente_2022.json`, `…_2023.json` and `…_2025.json` of
//! `github.com/statistiekcbs/iv3_definities`. CBS publishes no conversion between them that we know of: what became what is
//! read off the names, and where names do not decide it the group is made large enough to be right.

mod series;

pub use series::{Break, Series, conversions, series, social_domain};

/// Which list of codes a year is in. Glossary: Generatie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generatie {
    /// To 2016: functies, not taakvelden. Not comparable.
    Functies,
    /// 2017 to 2022.
    Tot2022,
    /// 2023 and 2024: letters, `6.71a`.
    Van2023,
    /// From 2025: digits, `6.711`.
    Vanaf2025,
}

impl Generatie {
    /// The list of that year.
    pub fn of_year(jaar: i16) -> Self {
        match jaar {
            ..=2016 => Self::Functies,
            2017..=2022 => Self::Tot2022,
            2023..=2024 => Self::Van2023,
            2025.. => Self::Vanaf2025,
        }
    }

    /// `functies`, `tot 2022`, `2023-2024` or `vanaf 2025`, as stored in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Functies => "functies",
            Self::Tot2022 => "tot 2022",
            Self::Van2023 => "2023-2024",
            Self::Vanaf2025 => "vanaf 2025",
        }
    }

    /// Codes of the social domain in this list.
    pub fn social_domain(self) -> &'static [&'static str] {
        match self {
            Self::Functies => &[],
            Self::Tot2022 => SOCIAL_2022,
            Self::Van2023 => SOCIAL_2023,
            Self::Vanaf2025 => SOCIAL_2025,
        }
    }

    /// Whether the list has that code. Of functies the list is not known, so that every code is taken to be in it.
    pub fn has(self, taakveld: &str) -> bool {
        self == Self::Functies || OTHER.contains(&taakveld) || self.social_domain().contains(&taakveld)
    }
}

/// Whether a taakveld is spending at all. Glossary: Taakveld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaakveldSoort {
    /// Any other.
    Gewoon,
    /// 0.10, movements of reserves: left out of spending.
    MutatieReserves,
    /// 0.11, the result of the account itself: left out of spending.
    Resultaat,
}

impl TaakveldSoort {
    /// Of that code.
    pub fn of(taakveld: &str) -> Self {
        match taakveld {
            "0.10" => Self::MutatieReserves,
            "0.11" => Self::Resultaat,
            _ => Self::Gewoon,
        }
    }
}

/// How well two lists agree on something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// One code for one code, with the same name: amounts may be compared.
    Same,
    /// One code for one code under another name: what is booked on it may have moved a little.
    Renamed,
    /// One code became more: only their sum may be compared.
    Split,
    /// More codes became one: only their sum may be compared.
    Merged,
    /// Many became many: only the sums of both may be compared.
    ManyToMany,
}

/// What of one list is comparable with what of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conversion {
    /// How well they agree. Anything but `Same` is a break in a series, and should be shown as one.
    pub level: Level,
    /// Name of the common level, for people.
    pub groep: &'static str,
    /// Codes to add up in the list one comes from.
    pub from: &'static [&'static str],
    /// Codes to add up in the list one goes to.
    pub to: &'static [&'static str],
    /// Why it is this and not less.
    pub why: &'static str,
}

impl Conversion {
    /// Whether this is a coarser level than the code that was asked for, for want of an exact counterpart.
    pub fn is_coarser(&self) -> bool {
        !matches!(self.level, Level::Same | Level::Renamed)
    }
}

/// What a code of list `from` is comparable with in list `to`: its counterpart, or when it has none the smallest common
/// group of codes, of which the sums may be compared. `None` for codes that are not in the list, and for functies.
///
/// ```
/// use grip_odata::taakveld::{Generatie, Level, convert};
///
/// let begeleiding = convert("6.71b", Generatie::Van2023, Generatie::Vanaf2025).expect("in the list");
/// assert!(begeleiding.is_coarser());
/// assert_eq!((begeleiding.groep, begeleiding.level), ("Wmo-maatwerk", Level::ManyToMany));
/// ```
pub fn convert(taakveld: &str, from: Generatie, to: Generatie) -> Option<Conversion> {
    if from == Generatie::Functies || to == Generatie::Functies || !from.has(taakveld) {
        return None;
    }
    if let Some(index) = OTHER.iter().position(|code| *code == taakveld) {
        let code = std::slice::from_ref(&OTHER[index]);
        // Ruimtelijke ordening was renamed Ruimte en leefomgeving in 2023.
        let is_renamed = taakveld == "8.1" && (from == Generatie::Tot2022) != (to == Generatie::Tot2022);
        let (level, why) = if is_renamed { (Level::Renamed, RENAMED) } else { (Level::Same, SAME) };
        return Some(Conversion { level, groep: "", from: code, to: code, why });
    }
    if from == to {
        let index = from.social_domain().iter().position(|code| *code == taakveld)?;
        let code = std::slice::from_ref(&from.social_domain()[index]);
        return Some(Conversion { level: Level::Same, groep: "", from: code, to: code, why: SAME });
    }
    let links = LINKS.iter().filter_map(|link| link.between(from, to));
    links.into_iter().find(|found| found.from.contains(&taakveld))
}

struct Link {
    of: Generatie,
    to: Generatie,
    groep: &'static str,
    old: &'static [&'static str],
    new: &'static [&'static str],
    why: &'static str,
}

impl Link {
    fn between(&self, from: Generatie, to: Generatie) -> Option<Conversion> {
        let (from, to) = match (from, to) {
            (a, b) if (a, b) == (self.of, self.to) => (self.old, self.new),
            (a, b) if (b, a) == (self.of, self.to) => (self.new, self.old),
            _ => return None,
        };
        let level = match (from.len(), to.len()) {
            (1, 1) if self.why == SAME => Level::Same,
            (1, 1) => Level::Renamed,
            (1, _) => Level::Split,
            (_, 1) => Level::Merged,
            _ => Level::ManyToMany,
        };
        Some(Conversion { level, groep: self.groep, from, to, why: self.why })
    }
}

const SAME: &str = "zelfde naam in beide lijsten";
const RENAMED: &str = "andere naam in de nieuwe lijst";
const UNDIVIDED: &str = "code zonder onderverdeling, die sinds 2023 nauwelijks wordt gebruikt";
const PGB: &str = "pgb's hebben vanaf 2025 een eigen taakveld";
const POLICY: &str = "coördinatie en beleid hebben pas vanaf 2025 een eigen taakveld";

/// Outside the social domain the lists are the same.
const OTHER: &[&str] = &[
    "0.1", "0.2", "0.3", "0.4", "0.5", "0.61", "0.62", "0.63", "0.64", "0.7", "0.8", "0.9", "0.10", "0.11", "1.1",
    "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3",
    "5.4", "5.5", "5.6", "5.7", "7.1", "7.2", "7.3", "7.4", "7.5", "8.1", "8.2", "8.3",
];

const SOCIAL_2022: &[&str] = &["6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.71", "6.72", "6.81", "6.82"];

const SOCIAL_2023: &[&str] = &[
    "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.71", "6.71a", "6.71b", "6.71c", "6.71d", "6.72", "6.72a", "6.72b",
    "6.72c", "6.72d", "6.73a", "6.73b", "6.73c", "6.74a", "6.74b", "6.74c", "6.81", "6.81a", "6.81b", "6.82", "6.82a",
    "6.82b",
];

const SOCIAL_2025: &[&str] = &[
    "6.1", "6.21", "6.22", "6.23", "6.3", "6.4", "6.5", "6.60", "6.711", "6.712", "6.713", "6.714", "6.751", "6.752",
    "6.753", "6.761", "6.762", "6.763", "6.791", "6.792", "6.811", "6.812", "6.821", "6.822", "6.91", "6.92",
];

const fn link(
    of: Generatie,
    to: Generatie,
    groep: &'static str,
    old: &'static [&'static str],
    new: &'static [&'static str],
    why: &'static str,
) -> Link {
    Link { of, to, groep, old, new, why }
}

/// The first that has a code counts, so what is exact stands above what is wide.
const LINKS: &[Link] = {
    use Generatie::{Tot2022 as Y22, Van2023 as Y23, Vanaf2025 as Y25};
    &[
        link(Y22, Y23, "Samenkracht en burgerparticipatie", &["6.1"], &["6.1"], SAME),
        link(Y22, Y23, "Toegang", &["6.2"], &["6.2"], "Wijkteams heet vanaf 2023 Toegang en eerstelijnsvoorzieningen"),
        link(Y22, Y23, "Inkomensregelingen", &["6.3"], &["6.3"], SAME),
        link(
            Y22,
            Y23,
            "Beschut werk",
            &["6.4"],
            &["6.4"],
            "Begeleide participatie heet vanaf 2023 WSW en beschut werk",
        ),
        link(Y22, Y23, "Arbeidsparticipatie", &["6.5"], &["6.5"], SAME),
        link(Y22, Y23, "Maatwerkvoorzieningen Wmo", &["6.6"], &["6.6"], SAME),
        link(
            Y22,
            Y23,
            "Maatwerkdienstverlening 18+",
            &["6.71"],
            &["6.71", "6.71a", "6.71b", "6.71c", "6.71d"],
            "onderverdeeld vanaf 2023",
        ),
        link(Y22, Y23, "Geëscaleerde zorg 18+", &["6.81"], &["6.81", "6.81a", "6.81b"], "onderverdeeld vanaf 2023"),
        link(
            Y22,
            Y23,
            "Jeugd",
            &["6.72", "6.82"],
            &[
                "6.72", "6.72a", "6.72b", "6.72c", "6.72d", "6.73a", "6.73b", "6.73c", "6.74a", "6.74b", "6.74c",
                "6.82", "6.82a", "6.82b",
            ],
            "verblijf, ggz en gesloten plaatsing kregen in 2023 eigen taakvelden, en kwamen uit beide oude",
        ),
        link(Y23, Y25, "Samenkracht en burgerparticipatie", &["6.1"], &["6.1"], SAME),
        link(Y23, Y25, "Toegang", &["6.2"], &["6.21", "6.22", "6.23"], "onderverdeeld vanaf 2025"),
        link(Y23, Y25, "Inkomensregelingen", &["6.3"], &["6.3"], SAME),
        link(Y23, Y25, "Beschut werk", &["6.4"], &["6.4"], SAME),
        link(Y23, Y25, "Arbeidsparticipatie", &["6.5"], &["6.5"], SAME),
        link(Y23, Y25, "Maatschappelijke en vrouwenopvang", &["6.81b"], &["6.812"], SAME),
        link(Y23, Y25, "Jeugdbescherming", &["6.82a"], &["6.821"], SAME),
        link(Y23, Y25, "Jeugdreclassering", &["6.82b"], &["6.822"], SAME),
        link(
            Y23,
            Y25,
            "Wmo-maatwerk",
            &["6.6", "6.71", "6.71a", "6.71b", "6.71c", "6.71d", "6.81", "6.81a"],
            &["6.60", "6.711", "6.712", "6.713", "6.714", "6.791", "6.811"],
            PGB,
        ),
        link(
            Y23,
            Y25,
            "Jeugdhulp",
            &["6.72", "6.72a", "6.72b", "6.72c", "6.72d", "6.73a", "6.73b", "6.73c", "6.74a", "6.74b", "6.74c"],
            &["6.751", "6.752", "6.753", "6.761", "6.762", "6.763", "6.792"],
            "vanaf 2025 ingedeeld naar ambulant of verblijf en naar schaal van inkoop; pgb's hebben een eigen taakveld",
        ),
        link(Y23, Y25, "Geëscaleerde zorg 18-", &["6.82"], &["6.821", "6.822"], UNDIVIDED),
        link(Y23, Y25, "Sociaal domein", SOCIAL_2023, SOCIAL_2025, POLICY),
        link(Y22, Y25, "Samenkracht en burgerparticipatie", &["6.1"], &["6.1"], SAME),
        link(Y22, Y25, "Toegang", &["6.2"], &["6.21", "6.22", "6.23"], "onderverdeeld vanaf 2025"),
        link(Y22, Y25, "Inkomensregelingen", &["6.3"], &["6.3"], SAME),
        link(
            Y22,
            Y25,
            "Beschut werk",
            &["6.4"],
            &["6.4"],
            "Begeleide participatie heet vanaf 2023 WSW en beschut werk",
        ),
        link(Y22, Y25, "Arbeidsparticipatie", &["6.5"], &["6.5"], SAME),
        link(
            Y22,
            Y25,
            "Wmo-maatwerk en opvang",
            &["6.6", "6.71", "6.81"],
            &["6.60", "6.711", "6.712", "6.713", "6.714", "6.791", "6.811", "6.812"],
            PGB,
        ),
        link(
            Y22,
            Y25,
            "Jeugd",
            &["6.72", "6.82"],
            &["6.751", "6.752", "6.753", "6.761", "6.762", "6.763", "6.792", "6.821", "6.822"],
            "anders ingedeeld in 2023 en nog eens in 2025",
        ),
        link(Y22, Y25, "Sociaal domein", SOCIAL_2022, SOCIAL_2025, POLICY),
    ]
};

#[cfg(test)]
mod tests {
    use super::{Generatie, LINKS, Level, OTHER, TaakveldSoort, convert};

    const ALL: [Generatie; 3] = [Generatie::Tot2022, Generatie::Van2023, Generatie::Vanaf2025];

    #[test]
    fn every_code_is_comparable_with_something_in_every_other_list() {
        for from in ALL {
            for to in ALL {
                for code in OTHER.iter().chain(from.social_domain()) {
                    let found = convert(code, from, to).unwrap_or_else(|| panic!("{code} from {from:?} to {to:?}"));
                    assert!(found.from.contains(code), "{code}");
                    assert!(found.from.iter().all(|c| from.has(c)) && found.to.iter().all(|c| to.has(c)), "{code}");
                    assert_eq!(found.is_coarser(), found.from.len() + found.to.len() > 2, "{code}");
                }
            }
        }
    }

    #[test]
    fn there_and_back_is_the_same_group() {
        for link in LINKS {
            let (there, back) = (link.between(link.of, link.to), link.between(link.to, link.of));
            let (there, back) = (there.expect("of this pair"), back.expect("of this pair"));
            assert_eq!((there.from, there.to), (back.to, back.from), "{}", link.groep);
        }
    }

    #[track_caller]
    fn check(code: &str, from: Generatie, to: Generatie, level: Level, counterpart: &[&str]) {
        let found = convert(code, from, to).expect("in the list");
        assert_eq!((found.level, found.to), (level, counterpart), "{code}");
    }

    #[test]
    fn known_breaks() {
        let [y22, y23, y25] = ALL;
        check("6.82a", y23, y25, Level::Same, &["6.821"]);
        check("6.822", y25, y23, Level::Same, &["6.82b"]);
        check("6.2", y23, y25, Level::Split, &["6.21", "6.22", "6.23"]);
        check("6.22", y25, y23, Level::Merged, &["6.2"]);
        check("6.2", y22, y23, Level::Renamed, &["6.2"]);
        check("6.71", y22, y23, Level::Split, &["6.71", "6.71a", "6.71b", "6.71c", "6.71d"]);
        check("5.3", y22, y25, Level::Same, &["5.3"]);
        check("8.1", y22, y25, Level::Renamed, &["8.1"]);
        check("8.1", y25, y23, Level::Same, &["8.1"]);
        check("6.91", y25, y23, Level::ManyToMany, y23.social_domain());
        check("6.72b", y23, y25, Level::ManyToMany, &["6.751", "6.752", "6.753", "6.761", "6.762", "6.763", "6.792"]);
        assert_eq!(convert("6.71a", y25, y23), None);
        assert_eq!(convert("6.1", Generatie::Functies, y23), None);
    }

    #[test]
    fn years_and_kinds() {
        for (year, generatie) in
            [(2010, Generatie::Functies), (2017, ALL[0]), (2022, ALL[0]), (2024, ALL[1]), (2026, ALL[2])]
        {
            assert_eq!(Generatie::of_year(year), generatie);
        }
        assert_eq!(TaakveldSoort::of("0.10"), TaakveldSoort::MutatieReserves);
        assert_eq!(TaakveldSoort::of("0.11"), TaakveldSoort::Resultaat);
        assert_eq!(TaakveldSoort::of("0.1"), TaakveldSoort::Gewoon);
    }
}
