use std::fmt;

use grip_types::Wet;

use crate::class::Ns;

/// A release of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// BerichtVersie.
    pub versie: u8,
    /// BerichtSubversie.
    pub subversie: u8,
}

impl Release {
    /// The releases that can be read and written: every one of which the structure is known.
    pub const ALL: [Self; 4] = [
        Self { versie: 2, subversie: 3 },
        Self { versie: 3, subversie: 0 },
        Self { versie: 3, subversie: 1 },
        Self { versie: 3, subversie: 2 },
    ];
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.versie, self.subversie)
    }
}

/// Which message of which law in which release. Glossary: Berichtsoort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Berichtsoort {
    /// Law.
    pub wet: Wet,
    /// Release.
    pub release: Release,
    /// Number of the message, such as 301.
    pub nummer: u16,
}

impl Berichtsoort {
    /// The message `nummer` of `wet` in release 3.2.
    pub fn v3_2(wet: Wet, nummer: u16) -> Self {
        Self { wet, release: Release { versie: 3, subversie: 2 }, nummer }
    }

    /// Reads a namespace such as `http://www.istandaarden.nl/iwmo/3_2/wmo301/schema`, of any release and message.
    pub fn from_namespace(namespace: &str) -> Option<Self> {
        let path = namespace.strip_prefix("http://www.istandaarden.nl/")?;
        let mut parts = path.split('/');
        let (family, release, message, tail) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (wet, stem) = match family {
            "iwmo" => (Wet::Wmo, "wmo"),
            "ijw" => (Wet::Jw, "jw"),
            _ => return None,
        };
        let (versie, subversie) = release.split_once('_')?;
        let release = Release { versie: versie.parse().ok()?, subversie: subversie.parse().ok()? };
        let nummer = message.strip_prefix(stem)?.parse().ok()?;
        (tail == "schema").then_some(Self { wet, release, nummer })
    }

    /// Namespace of the message's own elements.
    pub fn namespace(&self) -> String {
        let (family, stem) = self.family();
        let Release { versie, subversie } = self.release;
        format!("http://www.istandaarden.nl/{family}/{versie}_{subversie}/{stem}{}/schema", self.nummer)
    }

    /// Namespace of the parts of composite types.
    pub fn basis_namespace(&self) -> String {
        let (family, _) = self.family();
        let Release { versie, subversie } = self.release;
        format!("http://www.istandaarden.nl/{family}/{versie}_{subversie}/basisschema/schema")
    }

    /// Which of the two namespaces this is, if it is one. Release 2.1 appends its number to both.
    pub(crate) fn ns_of(&self, namespace: &str) -> Ns {
        self.ns_and_tail(namespace)
            .filter(|(_, tail)| tail.is_empty() || tail.starts_with('/'))
            .map_or(Ns::Other, |(ns, _)| ns)
    }

    fn ns_and_tail<'t>(&self, namespace: &'t str) -> Option<(Ns, &'t str)> {
        let (family, stem) = self.family();
        let rest = namespace.strip_prefix("http://www.istandaarden.nl/")?.strip_prefix(family)?.strip_prefix('/')?;
        let rest = strip_number(rest, self.release.versie.into())?.strip_prefix('_')?;
        let rest = strip_number(rest, self.release.subversie.into())?.strip_prefix('/')?;
        let (ns, rest) = match rest.strip_prefix("basisschema") {
            Some(rest) => (Ns::Basis, rest),
            None => (Ns::Message, strip_number(rest.strip_prefix(stem)?, self.nummer)?),
        };
        Some((ns, rest.strip_prefix("/schema")?))
    }

    /// Prefixes that are usual for the message's namespace and the basis namespace, such as `wmo301` and `iwmo`.
    pub(crate) fn prefixes(&self) -> (String, &'static str) {
        let (family, stem) = self.family();
        (format!("{stem}{}", self.nummer), family)
    }

    /// The value of BerichtCode, from list COD002-VEKT; `None` when there is no such message, and for 303 and 304, which have
    /// two.
    pub fn bericht_code(&self) -> Option<&'static str> {
        if let [code] = self.bericht_codes() { Some(code) } else { None }
    }

    /// The values BerichtCode can have, from list COD002-VEKT: of 303 and 304 that of a declaratie and that of a factuur, of
    /// other messages one.
    pub fn bericht_codes(&self) -> &'static [&'static str] {
        let (wmo, jw): (&[&str], &[&str]) = match self.nummer {
            301 => (&["414"], &["436"]),
            302 => (&["415"], &["437"]),
            303 => (&["416", "448"], &["432", "450"]),
            304 => (&["417", "449"], &["433", "451"]),
            305 => (&["418"], &["438"]),
            306 => (&["419"], &["439"]),
            307 => (&["420"], &["440"]),
            308 => (&["421"], &["441"]),
            315 => (&["444"], &["446"]),
            316 => (&["445"], &["447"]),
            317 => (&["480"], &["486"]),
            318 => (&["481"], &["487"]),
            319 => (&["482"], &["488"]),
            320 => (&["483"], &["489"]),
            323 => (&["484"], &["490"]),
            325 => (&["485"], &["491"]),
            _ => (&[], &[]),
        };
        match self.wet {
            Wet::Wmo => wmo,
            Wet::Jw => jw,
        }
    }

    fn family(&self) -> (&'static str, &'static str) {
        match self.wet {
            Wet::Wmo => ("iwmo", "wmo"),
            Wet::Jw => ("ijw", "jw"),
        }
    }
}

/// What follows a number, if the text begins with it as it is written: without sign or leading zeros.
fn strip_number(text: &str, number: u16) -> Option<&str> {
    let (digits, rest) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
    let is_as_written = digits == "0" || !digits.starts_with('0');
    (is_as_written && digits.parse() == Ok(number)).then_some(rest)
}

/// The standard's name of the message: `WMO301`, `JW323`.
impl fmt::Display for Berichtsoort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stem = match self.wet {
            Wet::Wmo => "WMO",
            Wet::Jw => "JW",
        };
        write!(f, "{stem}{}", self.nummer)
    }
}

#[cfg(test)]
mod tests {
    use grip_types::Wet;

    use super::{Berichtsoort, Ns};

    #[test]
    fn codes_name_one_message() {
        let all: Vec<&str> = [Wet::Wmo, Wet::Jw]
            .into_iter()
            .flat_map(|wet| (0..400).flat_map(move |nummer| Berichtsoort::v3_2(wet, nummer).bericht_codes()))
            .copied()
            .collect();
        assert_eq!(all.len(), 2 * (16 + 2));
        assert_eq!(all.iter().collect::<std::collections::HashSet<_>>().len(), all.len());
        assert_eq!(Berichtsoort::v3_2(Wet::Jw, 320).bericht_code(), Some("489"));
        assert_eq!(Berichtsoort::v3_2(Wet::Wmo, 303).bericht_code(), None);
    }

    #[test]
    fn a_namespace_is_that_of_the_message_or_the_basis() {
        for soort in [Berichtsoort::v3_2(Wet::Wmo, 301), Berichtsoort::v3_2(Wet::Jw, 323)] {
            for (known, ns) in [(soort.namespace(), Ns::Message), (soort.basis_namespace(), Ns::Basis)] {
                assert_eq!(soort.ns_of(&known), ns);
                assert_eq!(soort.ns_of(&format!("{known}/2_1")), ns);
                assert_eq!(soort.ns_of(&format!("{known}x")), Ns::Other);
                for (from, to) in [("3_2", "3_02"), ("3_2", "+3_2"), ("3_2", "3_22"), ("/schema", ""), ("nl/i", "nl/j")]
                {
                    assert_eq!(soort.ns_of(&known.replacen(from, to, 1)), Ns::Other, "{from} as {to}");
                }
            }
            let other_message = soort.namespace().replacen("/schema", "0/schema", 1);
            assert_eq!(soort.ns_of(&other_message), Ns::Other);
        }
    }

    #[test]
    fn namespaces_name_the_message() {
        for wet in [Wet::Wmo, Wet::Jw] {
            let soort = Berichtsoort::v3_2(wet, 323);
            assert_eq!(Berichtsoort::from_namespace(&soort.namespace()), Some(soort));
        }
        let older =
            Berichtsoort::from_namespace("http://www.istandaarden.nl/iwmo/2_1/wmo301/schema/2_1").expect("release 2.1");
        assert_eq!((older.release.to_string().as_str(), older.nummer), ("2.1", 301));
        for other in [
            "http://www.istandaarden.nl/iwmo/3_2/jw301/schema",
            "http://www.istandaarden.nl/iwlz/3_2/aw33/schema",
            "",
            "http://www.istandaarden.nl/iwmo/3_2/basisschema/schema",
        ] {
            assert_eq!(Berichtsoort::from_namespace(other), None, "{other}");
        }
    }
}
