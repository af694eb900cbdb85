//! How a supplier's file is laid out: a TOML file, so that no supplier needs a change of the program.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    ImportError, Soort, Type,
    decimal::Notation,
    value::{DayOrder, Style, Unit, fold},
};

/// How a supplier's file is laid out and written. The default is a file whose columns are called as the fields are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {
    pub(crate) soort: Option<String>,
    pub(crate) layout: Layout,
    pub(crate) filters: Vec<Filter>,
    /// `None` when every field has a column of its own name.
    pub(crate) fields: Option<BTreeMap<String, Origin>>,
}

/// What holds for the file as a whole.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Layout {
    pub(crate) blad: Option<String>,
    pub(crate) kopregel: Option<u64>,
    pub(crate) scheidingsteken: Option<String>,
    pub(crate) decimaal: Option<String>,
    pub(crate) datum: Option<String>,
    pub(crate) stop: Vec<String>,
    pub(crate) overslaan: Vec<String>,
    pub(crate) geen_waarde: Vec<String>,
}

/// Rows to take: those whose cell is one of the first, or none of the second.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) kolom: Names,
    #[serde(default)]
    pub(crate) is: Vec<String>,
    #[serde(default)]
    pub(crate) niet: Vec<String>,
}

/// One name, or several of which the first that is there counts. `=C` and `=3` name a column by letter and position.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Names {
    One(String),
    Several(Vec<String>),
}

impl Names {
    pub(crate) fn list(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

/// Where the values of a field come from.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Origin {
    pub(crate) kolom: Option<Names>,
    pub(crate) vast: Option<String>,
    pub(crate) leeg: Option<String>,
    pub(crate) vertaal: BTreeMap<String, String>,
    pub(crate) eenheid: Option<String>,
    pub(crate) afronden: bool,
    pub(crate) omkeren: bool,
    pub(crate) debet: Option<Names>,
    pub(crate) credit: Option<Names>,
    pub(crate) dc: Option<Names>,
    pub(crate) dc_credit: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    soort: Option<String>,
    #[serde(default)]
    bestand: Layout,
    #[serde(default)]
    filter: Vec<Filter>,
    velden: Option<BTreeMap<String, toml::Value>>,
}

impl Mapping {
    /// Reads a mapping as [`mapping_template`] explains it.
    ///
    /// # Errors
    /// [`ImportError::Mapping`] says what can't be used.
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        let document: Document = toml::from_str(text).map_err(|error| refuse(error.to_string().trim()))?;
        let mut fields = BTreeMap::new();
        for (name, value) in document.velden.iter().flatten() {
            fields.insert(name.clone(), origin(name, value)?);
        }
        let mapping = Self {
            soort: document.soort,
            layout: document.bestand,
            filters: document.filter,
            fields: document.velden.map(|_| fields),
        };
        mapping.layout.style()?;
        mapping.layout.delimiter()?;
        if mapping.filters.iter().any(|filter| filter.is.is_empty() == filter.niet.is_empty()) {
            return Err(refuse("a filter needs either `is` or `niet`"));
        }
        Ok(mapping)
    }

    /// Whether the mapping is for this kind and names only fields that it has.
    pub(crate) fn check(&self, soort: Soort) -> Result<(), ImportError> {
        if let Some(found) = self.soort.as_ref().filter(|found| found.trim() != soort.name()) {
            return Err(ImportError::OtherSoort { wanted: soort.name(), found: found.clone() });
        }
        let Some(fields) = &self.fields else { return Ok(()) };
        if let Some(field) = fields.keys().find(|field| soort.position(field).is_none()) {
            let names = soort.fields().iter().map(|field| field.name);
            let nearest = nearest(field, names).map(ToOwned::to_owned);
            return Err(ImportError::UnknownField { field: field.clone(), soort: soort.name(), nearest });
        }
        for field in soort.fields() {
            match fields.get(field.name) {
                None if field.is_required => return Err(ImportError::UnmappedField { field: field.name }),
                None => {}
                Some(origin) => origin.check(field.name, field.kind)?,
            }
        }
        Ok(())
    }
}

fn refuse(reason: impl Into<String>) -> ImportError {
    ImportError::Mapping { reason: reason.into() }
}

fn origin(field: &str, value: &toml::Value) -> Result<Origin, ImportError> {
    let origin = match value {
        toml::Value::String(name) => Origin { kolom: Some(Names::One(name.clone())), ..Origin::default() },
        toml::Value::Array(_) => {
            let names: Vec<String> =
                value.clone().try_into().map_err(|_| refuse(format!("`{field}` needs names of columns as texts")))?;
            Origin { kolom: Some(Names::Several(names)), ..Origin::default() }
        }
        toml::Value::Table(_) => {
            value.clone().try_into().map_err(|error| refuse(format!("`{field}`: {}", error.to_string().trim())))?
        }
        _ => return Err(refuse(format!("`{field}` needs the name of a column, or a table"))),
    };
    Ok(origin)
}

impl Origin {
    fn check(&self, field: &str, kind: Type) -> Result<(), ImportError> {
        let complain = |what: &str| Err(refuse(format!("`{field}` {what}")));
        let is_split = self.debet.is_some() || self.credit.is_some();
        let sources = usize::from(self.kolom.is_some()) + usize::from(self.vast.is_some()) + usize::from(is_split);
        if sources != 1 {
            return complain("needs exactly one of `kolom`, `vast`, or `debet` with `credit`");
        }
        if is_split && (self.debet.is_none() || self.credit.is_none()) {
            return complain("needs both `debet` and `credit`");
        }
        if self.dc.is_some() && self.kolom.is_none() {
            return complain("needs `kolom` beside `dc`");
        }
        if !self.dc_credit.is_empty() && self.dc.is_none() {
            return complain("needs `dc` beside `dc_credit`");
        }
        let is_about_money = is_split || self.dc.is_some() || self.eenheid.is_some() || self.afronden;
        if is_about_money && kind != Type::Amount {
            return complain("is no amount, and has no `debet`, `credit`, `dc`, `eenheid` or `afronden`");
        }
        if self.omkeren && !matches!(kind, Type::Amount | Type::Decimal) {
            return complain("is no number, and has no `omkeren`");
        }
        self.unit().map(|_| ())
    }

    /// Euros that a 1 stands for.
    pub(crate) fn unit(&self) -> Result<Unit, ImportError> {
        let euros = match self.eenheid.as_deref().map(fold).as_deref() {
            None | Some("eur" | "euro" | "") => 1,
            Some("eurx1000" | "x1000" | "eur1000" | "duizend" | "keur" | "eurduizend") => 1000,
            Some("eurmln" | "mln" | "eurx1000000" | "miljoen" | "eurmiljoen") => 1_000_000,
            Some(_) => return Err(refuse("`eenheid` is `EUR`, `EUR x 1000` or `EUR mln`")),
        };
        Ok(Unit { euros, rounds: self.afronden })
    }
}

impl Layout {
    pub(crate) fn style(&self) -> Result<Style, ImportError> {
        let notation = match self.decimaal.as_deref() {
            None => Notation::Unknown,
            Some(",") => Notation::Comma,
            Some(".") => Notation::Point,
            Some(_) => return Err(refuse("`decimaal` is `,` or `.`")),
        };
        let day_order = match self.datum.as_deref().map(fold).as_deref() {
            None | Some("dmj") => DayOrder::DayFirst,
            Some("mdj") => DayOrder::MonthFirst,
            Some("excel") => DayOrder::Serial,
            Some(_) => return Err(refuse("`datum` is `d-m-j`, `m-d-j` or `excel`")),
        };
        Ok(Style { notation, day_order })
    }

    pub(crate) fn delimiter(&self) -> Result<Option<u8>, ImportError> {
        match self.scheidingsteken.as_deref().map(str::as_bytes) {
            None => Ok(None),
            Some([delimiter]) if delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\r' | b'\n') => {
                Ok(Some(*delimiter))
            }
            Some(_) => Err(refuse("`scheidingsteken` is one character, as `;`")),
        }
    }
}

/// Of so many names that a column may have, a near one is looked for: it takes long, and the first are the usual ones.
const NEAREST_OF: usize = 10;

/// The columns of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Header {
    /// `None` when the file has no line with names.
    pub(crate) names: Option<Vec<String>>,
}

impl Header {
    /// What a column is called in findings.
    pub(crate) fn name(&self, position: usize) -> String {
        let name = self.names.as_ref().and_then(|names| names.get(position)).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| format!("kolom {}", letters(position)))
    }

    /// The position of the first of these columns that is there.
    pub(crate) fn find(&self, field: &str, wanted: &[String]) -> Result<usize, ImportError> {
        let folded: Vec<String> = self.names.iter().flatten().map(|name| fold(name)).collect();
        for name in wanted {
            if let Some(found) = self.position(name, &folded)? {
                return Ok(found);
            }
        }
        let column = wanted.join("` or `");
        let nearest = wanted.iter().take(NEAREST_OF).find_map(|name| nearest(name, self.shown().map(String::as_str)));
        Err(ImportError::NoColumn {
            field: field.to_owned(),
            column,
            columns: self.describe(),
            nearest: nearest.map(ToOwned::to_owned),
        })
    }

    /// The position of a column by its name, given what all names [`fold`] to, or by its place.
    fn position(&self, name: &str, folded: &[String]) -> Result<Option<usize>, ImportError> {
        if let Some(place) = name.strip_prefix('=') {
            let position = position_of(place).ok_or_else(|| refuse(format!("`{name}` is no letter or position")))?;
            let is_there = self.names.as_ref().is_none_or(|names| position < names.len());
            return Ok(is_there.then_some(position));
        }
        let wanted = fold(name);
        let mut found =
            folded.iter().enumerate().filter(|(_, known)| !wanted.is_empty() && **known == wanted).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(first), Some(second)) => {
                Err(ImportError::DoubleColumn { column: name.to_owned(), first: first + 1, second: second + 1 })
            }
            (first, _) => Ok(first),
        }
    }

    /// A line that holds numbers or days is one of data: its cells may be about persons and are not shown.
    fn looks_like_data(&self) -> bool {
        let names = self.names.as_deref().unwrap_or_default();
        names.iter().any(|name| {
            let digits = name.chars().filter(char::is_ascii_digit).count();
            digits >= 5 || digits > 0 && !name.contains(char::is_alphabetic) && digits != 4
        })
    }

    fn shown(&self) -> impl Iterator<Item = &String> {
        let hides = self.looks_like_data();
        self.names.iter().flatten().filter(move |_| !hides)
    }

    fn describe(&self) -> String {
        match &self.names {
            None => "the mapping says there is no line with names".to_owned(),
            Some(names) if self.looks_like_data() => {
                format!("the line where names should stand has {} cells that look like data", names.len())
            }
            Some(names) => {
                let shown: Vec<String> = names.iter().take(100).map(|name| format!("`{name}`")).collect();
                format!("there are {}", shown.join(", "))
            }
        }
    }
}

/// A, B, …, Z, AA for positions from 0.
fn letters(position: usize) -> String {
    let letter = |digit: usize| char::from(b'A' + u8::try_from(digit % 26).unwrap_or_default());
    let mut rest = position;
    let mut name = String::from(letter(rest));
    while rest >= 26 {
        rest = rest / 26 - 1;
        name.insert(0, letter(rest));
    }
    name
}

fn position_of(place: &str) -> Option<usize> {
    let place = place.trim();
    if let Ok(position) = place.parse::<usize>() {
        return position.checked_sub(1).filter(|position| *position < crate::file::COLUMNS_MAX);
    }
    if place.is_empty() || place.len() > 3 || !place.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let number = |byte: u8| usize::from(byte.to_ascii_uppercase() - b'A') + 1;
    let position = place.bytes().fold(0, |sum, byte| sum * 26 + number(byte)) - 1;
    (position < crate::file::COLUMNS_MAX).then_some(position)
}

/// The name that is nearest, when one is near at all.
fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = fold(wanted);
    let scored = names.filter(|name| !name.is_empty()).map(|name| {
        let known = fold(name);
        let is_part = wanted.len() > 2 && known.contains(&wanted) || known.len() > 2 && wanted.contains(&known);
        let score = strsim::normalized_damerau_levenshtein(&wanted, &known);
        (if is_part { score.max(0.6) } else { score }, name)
    });
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(score, _)| *score >= 0.5).map(|(_, name)| name)
}

/// An empty CSV file with its columns explained, to be filled in.
pub fn template(soort: Soort) -> String {
    let explained = soort.fields().iter().map(|field| {
        let must = if field.is_required { "verplicht" } else { "mag leeg" };
        format!("# {} ({must}): {}\n", field.name, field.explanation)
    });
    let names: Vec<&str> = soort.fields().iter().map(|field| field.name).collect();
    format!("{}{}\n", explained.collect::<String>(), names.join(";"))
}

/// A mapping file with every field explained, to be changed into one for a supplier. As it stands it says what holds without a
/// mapping.
pub fn mapping_template(soort: Soort) -> String {
    let mut text = format!(
        "# Koppeling voor {}: zegt welke kolom van de leverancier welk veld is.\n\
         # Regels met # ervoor zijn uitleg. Hoofdletters, spaties en leestekens in kolomnamen tellen niet mee.\n\
         soort = \"{}\"\n\n\
         [bestand]\n\
         # blad = \"Blad1\"            # werkblad van een spreadsheet; anders het eerste\n\
         # kopregel = 4              # regel met de kolomnamen; 0 als die er niet is; anders de eerste gevulde regel\n\
         # scheidingsteken = \";\"     # anders het teken dat het vaakst in de kopregel staat: ; , tab of |\n\
         # decimaal = \",\"            # of \".\"; nodig als het bestand getallen als 1.234 of 1,234 bevat\n\
         # datum = \"m-d-j\"           # als de maand voorop staat; \"excel\" voor dagnummers; anders d-m-j of j-m-d\n\
         # stop = [\"Totaal\"]         # hier houdt de tabel op: de eerste gevulde cel begint zo\n\
         # overslaan = [\"Subtotaal\"] # zulke rijen tellen niet mee\n\
         # geen_waarde = [\".\", \"nb\"] # cellen die leeg betekenen\n\n\
         # Alleen rijen waarin een kolom een van deze waarden heeft; met niet = [...] juist de andere.\n\
         # [[filter]]\n\
         # kolom = \"Soort\"\n\
         # is = [\"Lasten\"]\n\n\
         # Een veld is de naam van een kolom, een lijst van mogelijke namen, \"=C\" of \"=3\" voor een kolom zonder naam, of\n\
         #   {{ vast = \"jw\" }}                                     in elke rij dezelfde waarde\n\
         #   {{ kolom = \"Wet\", vertaal = {{ \"Jeugdwet\" = \"jw\" }} }}  waarden van de leverancier omzetten\n\
         #   {{ kolom = \"Wet\", leeg = \"wmo\" }}                     wat een lege cel betekent\n",
        soort.title(),
        soort.name()
    );
    if soort.fields().iter().any(|field| field.kind == Type::Amount) {
        text.push_str(
            "# en een bedrag ook\n\
             #   { kolom = \"Bedrag\", eenheid = \"EUR x 1000\" }       of \"EUR mln\"\n\
             #   { kolom = \"Bedrag\", afronden = true }              delen van een cent afronden\n\
             #   { kolom = \"Bedrag\", omkeren = true }               het teken omdraaien\n\
             #   { debet = \"Debet\", credit = \"Credit\" }             debet min credit\n\
             #   { kolom = \"Bedrag\", dc = \"D/C\", dc_credit = [\"C\"] } een kolom zegt of het credit is\n",
        );
    }
    text.push_str("# Velden die hier niet staan, worden niet gelezen.\n[velden]\n");
    for field in soort.fields() {
        let must = if field.is_required { "verplicht" } else { "mag weg" };
        text.push_str(&format!("# {} ({must})\n{} = \"{}\"\n", field.explanation, field.name, field.name));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Header, Mapping, letters, mapping_template, position_of, template};
    use crate::{ImportError, Soort};

    fn header(names: &[&str]) -> Header {
        Header { names: Some(names.iter().map(|name| (*name).to_owned()).collect()) }
    }

    #[test]
    fn templates_explain_every_field_and_can_be_used() {
        for soort in Soort::ALL {
            let text = template(*soort);
            assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), soort.fields().len());
            assert_eq!(text.lines().last().map(|line| line.split(';').count()), Some(soort.fields().len()));
            let mapping = Mapping::parse(&mapping_template(*soort)).unwrap();
            mapping.check(*soort).unwrap();
            assert_eq!(mapping.fields.map(|fields| fields.len()), Some(soort.fields().len()));
        }
    }

    /// What the template shows behind a # is right when the # is taken away.
    #[test]
    fn examples_in_the_template_can_be_used() {
        let text = mapping_template(Soort::Begroting);
        let options: Vec<String> = text
            .lines()
            .skip_while(|line| *line != "[bestand]")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .map(|line| line.trim_start_matches("# ").to_owned())
            .collect();
        assert_eq!(options.len(), 8);
        let origins: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
        assert_eq!(origins.len(), 8);
        for origin in origins {
            let end = origin.rfind('}').unwrap() + 1;
            let text = format!("[bestand]\n{}\n[velden]\nbedrag = {}", options.join("\n"), &origin[..end]);
            Mapping::parse(&text).unwrap();
        }
    }

    #[test]
    fn columns_are_found_however_they_are_written() {
        let header = header(&["Boekjaar", "Bedrag (x 1.000)", "", "D/C"]);
        let find =
            |names: &[&str]| header.find("x", &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).ok();
        assert_eq!(find(&["boek jaar"]), Some(0));
        assert_eq!(find(&["bedrag", "BEDRAG X 1000"]), Some(1));
        assert_eq!(find(&["=C"]), Some(2));
        assert_eq!(find(&["=4"]), Some(3));
        assert_eq!(find(&["=E"]), None);
        assert_eq!(find(&[""]), None);
    }

    #[test]
    fn a_missing_column_is_told_with_those_there_are() {
        let error = header(&["Jaar", "Bedrg"]).find("bedrag", &["Bedrag".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("there are `Jaar`, `Bedrg`") && error.contains("did you mean `Bedrg`?"), "{error}");
        let error =
            header(&["Jansen", "999900006", "1-2-1980"]).find("bsn", &["bsn".to_owned()]).unwrap_err().to_string();
        assert!(!error.contains("Jansen") && !error.contains("999900006"), "{error}");
        let double = header(&["Bedrag", "bedrag "]).find("bedrag", &["Bedrag".to_owned()]);
        assert!(matches!(double, Err(ImportError::DoubleColumn { first: 1, second: 2, .. })));
    }

    /// Every name was compared with every column anew: two thousand of both took minutes.
    #[test]
    fn columns_with_many_names_are_found_or_missed_in_no_time() {
        let texts: Vec<String> = (0..2_000).map(|number| format!("Kolom met een lange naam {number}")).collect();
        let header = Header { names: Some(texts.clone()) };
        let mut wanted: Vec<String> = (0..20_000).map(|number| format!("Andere kolom {number}")).collect();
        assert!(matches!(header.find("x", &wanted), Err(ImportError::NoColumn { .. })));
        wanted.push(texts[1_999].to_uppercase());
        assert_eq!(header.find("x", &wanted).ok(), Some(1_999));
    }

    #[test]
    fn letters_and_positions() {
        for (position, name) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(position), name);
            assert_eq!(position_of(name), Some(position));
        }
        assert!(["", "0", "ZZZ", "A1", "é", "99999"].iter().all(|place| position_of(place).is_none()));
    }

    #[track_caller]
    fn check_refused(text: &str, expected: &str) {
        let error = Mapping::parse(text).and_then(|mapping| mapping.check(Soort::Begroting)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn mappings_that_mean_nothing_are_refused() {
        check_refused("soort = \"contract\"", "for `contract`, not for `begroting`");
        check_refused("[velden]\nbedraag = \"x\"", "did you mean `bedrag`?");
        check_refused("[velden]\njaar = \"x\"", "GI005");
        check_refused("[velden]\njaar = 2025", "name of a column");
        check_refused("[velden]\njaar = { kollom = \"x\" }", "kollom");
        check_refused("[bestand]\nkopreegel = 3", "kopreegel");
        check_refused("[bestand]\ndecimaal = \"x\"", "`decimaal` is");
        check_refused("[bestand]\nscheidingsteken = \"ab\"", "one character");
        check_refused("[[filter]]\nkolom = \"x\"", "`is` or `niet`");
        let all = "[velden]\nwet = \"w\"\nversie = \"v\"\nvastgesteld = \"d\"\n";
        check_refused(&format!("{all}bedrag = \"b\"\njaar = {{ kolom = \"a\", vast = \"2025\" }}"), "exactly one");
        check_refused(&format!("{all}jaar = \"j\"\nbedrag = {{ debet = \"D\" }}"), "both `debet` and `credit`");
        check_refused(&format!("{all}bedrag = \"b\"\njaar = {{ kolom = \"j\", eenheid = \"EUR mln\" }}"), "no amount");
        check_refused(&format!("{all}jaar = \"j\"\nbedrag = {{ kolom = \"b\", eenheid = \"USD\" }}"), "`eenheid` is");
    }
}
