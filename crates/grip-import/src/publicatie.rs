//! Does what is published follow from what is published beside it?

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    io::Read,
};

use serde::Deserialize;

use crate::{
    Decimal, ImportError, Mapping,
    decimal::{Notation, parse_number},
    fault::{FAULTS_MAX, Rule},
    file::{CellKind, Next, Peeked, Row},
    mapping::{Header, Layout, Names},
    reader::{Rows, is_same},
};

/// Rows of a published table that are kept at once.
const ROWS_MAX: u64 = 1_000_000;
/// Bytes of their cells.
const BYTES_MAX: u64 = 128 * 1024 * 1024;

/// The description of a published table: which columns it has and which arithmetic must hold between them.
///
/// # Formula
/// A published number x stands for one between x − u/2 and x + u/2, where u is one unit of its last digit. A total may therefore
/// differ from the sum of n parts by at most (n + 1) × u/2 when all have the same u, and in general by half the sum of the units
/// of all numbers involved. What differs more does not follow.
///
/// # Example
/// 122,0 − 130,6 may be published as −8,6 ± 0,15: three numbers of one decimal.
#[derive(Debug, Clone)]
pub struct Publicatie {
    description: Description,
    rounding: BTreeMap<String, Rounding>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    naam: String,
    #[serde(default)]
    sleutel: Vec<String>,
    #[serde(default)]
    bestand: Layout,
    #[serde(default)]
    afronding: BTreeMap<String, String>,
    #[serde(default)]
    regel: Vec<Regel>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Regel {
    naam: String,
    #[serde(default)]
    uitleg: String,
    /// Columns that make a group; without them every row is one, with an empty list the whole table is.
    per: Option<Vec<String>>,
    #[serde(default)]
    waar: BTreeMap<String, Names>,
    #[serde(default)]
    niet: BTreeMap<String, Names>,
    #[serde(default)]
    links: Vec<Term>,
    verband: Option<String>,
    #[serde(default)]
    rechts: Vec<Term>,
    eender: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Term {
    kolom: Option<String>,
    vast: Option<String>,
    min: bool,
    waar: BTreeMap<String, Names>,
    niet: BTreeMap<String, Names>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Rounding {
    /// One unit of the last digit of every number in the column.
    Unit(Decimal),
    /// Each number says by its own digits how it was rounded.
    Digits,
}

/// A published number that does not follow, or that can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub rule: Rule,
    /// Name of the rule of the description; empty when it is about the table itself.
    pub regel: String,
    /// Line of the published number.
    pub line: u64,
    /// Its column.
    pub column: String,
    /// The values that tell its group or row apart.
    pub group: Vec<String>,
    /// The published number.
    pub published: Option<Decimal>,
    /// What follows from the numbers beside it, or the other number about the same.
    pub follows: Option<Decimal>,
    /// What rounding can explain.
    pub tolerance: Option<Decimal>,
}

/// One sentence in Dutch.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.rule.code(), self.rule.title())?;
        if !self.regel.is_empty() {
            write!(f, " ({})", self.regel)?;
        }
        if !self.group.is_empty() {
            write!(f, ", {}", self.group.join(" "))?;
        }
        if let (Some(published), Some(follows), Some(tolerance)) = (self.published, self.follows, self.tolerance) {
            let relation = if self.rule == Rule::Different { "elders staat" } else { "uit de andere getallen volgt" };
            write!(f, ": gepubliceerd is {published}, {relation} {follows}; afronding verklaart {tolerance}")?;
        }
        write!(f, " (regel {}, kolom {})", self.line, self.column)
    }
}

/// How often a rule could be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// Name of the rule.
    pub regel: String,
    /// Why it must hold, as the description says.
    pub uitleg: String,
    /// Groups or rows in which every number was there.
    pub checked: u64,
    /// Groups or rows in which a number was missing or could not be read.
    pub unchecked: u64,
}

/// What came of checking a published table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicatieReport {
    /// Name of the table.
    pub naam: String,
    /// Rows in it.
    pub rows: u64,
    /// Per rule, in the order of the description.
    pub rules: Vec<RuleCount>,
    /// What does not follow, the first thousand.
    pub findings: Vec<Finding>,
    /// How many there were.
    pub count: u64,
}

impl PublicatieReport {
    fn push(&mut self, finding: Finding) {
        self.count += 1;
        if self.findings.len() < FAULTS_MAX {
            self.findings.push(finding);
        }
    }
}

impl Publicatie {
    /// Reads a description; those in the folder `publicaties` of this crate are examples.
    ///
    /// # Errors
    /// [`ImportError::Publicatie`] says what can't be used.
    pub fn parse(text: &str) -> Result<Self, ImportError> {
        let description: Description = toml::from_str(text).map_err(|error| refuse(error.to_string().trim()))?;
        description.bestand.style()?;
        description.bestand.delimiter()?;
        let mut rounding = BTreeMap::new();
        for (column, unit) in &description.afronding {
            let unit = match unit.as_str() {
                "cijfers" => Rounding::Digits,
                unit => {
                    let unit = parse_number(unit, Notation::Point).ok().filter(|unit| *unit >= Decimal::new(0, 0));
                    Rounding::Unit(unit.ok_or_else(|| {
                        refuse(format!("the rounding of `{column}` is a number as `0.1`, or `cijfers`"))
                    })?)
                }
            };
            rounding.insert(column.clone(), unit);
        }
        let publicatie = Self { description, rounding };
        for regel in &publicatie.description.regel {
            publicatie.check_rule(regel)?;
        }
        Ok(publicatie)
    }

    /// Name of the table.
    pub fn naam(&self) -> &str {
        &self.description.naam
    }

    fn check_rule(&self, regel: &Regel) -> Result<(), ImportError> {
        let complain = |what: &str| Err(refuse(format!("rule `{}` {what}", regel.naam)));
        match (&regel.eender, regel.verband.as_deref()) {
            (Some(_), None) if regel.links.is_empty() && regel.rechts.is_empty() && regel.per.is_some() => {}
            (Some(_), _) => return complain("with `eender` needs `per`, and no `links`, `verband` or `rechts`"),
            (None, Some("=" | "<=")) if !regel.links.is_empty() && !regel.rechts.is_empty() => {}
            (None, _) => return complain("needs `links`, `rechts`, and `=` or `<=` as `verband`"),
        }
        let terms = || regel.links.iter().chain(&regel.rechts);
        if terms().any(|term| term.kolom.is_some() == term.vast.is_some()) {
            return complain("has a term without exactly one of `kolom` and `vast`");
        }
        if terms().filter_map(|term| term.vast.as_deref()).any(|text| parse_number(text, Notation::Point).is_err()) {
            return complain("has a constant that is no number");
        }
        if regel.eender.is_none() && regel.links.iter().all(|term| term.kolom.is_none()) {
            return complain("has no column at its left");
        }
        let columns = terms().filter_map(|term| term.kolom.as_ref()).chain(&regel.eender);
        for column in columns {
            if !self.rounding.keys().any(|known| is_same(known, column)) {
                return complain(&format!("needs to know how `{column}` was rounded: name it under `[afronding]`"));
            }
        }
        Ok(())
    }

    /// Checks a table, CSV or XLSX.
    ///
    /// # Errors
    /// When it can't be read, or has not the columns of the description.
    pub fn check(&self, source: impl Read) -> Result<PublicatieReport, ImportError> {
        let table = Table::read(source, &self.description.bestand)?;
        let mut report = PublicatieReport {
            naam: self.description.naam.clone(),
            rows: table.rows.len() as u64,
            ..PublicatieReport::default()
        };
        let key = table.columns("sleutel", &self.description.sleutel)?;
        table.check_key(&key, &mut report);
        let mut unreadable = HashSet::new();
        for regel in &self.description.regel {
            let bound = self.bind(regel, &table)?;
            let count = bound.check(&table, &key, &mut unreadable, &mut report);
            report.rules.push(count);
        }
        Ok(report)
    }

    fn bind<'p>(&'p self, regel: &'p Regel, table: &Table) -> Result<BoundRule<'p>, ImportError> {
        let term = |term: &Term| -> Result<BoundTerm, ImportError> {
            let amount = match (&term.kolom, &term.vast) {
                (Some(column), _) => Amount::Column(self.column(&regel.naam, column, table)?),
                (_, text) => {
                    let number = parse_number(text.as_deref().unwrap_or_default(), Notation::Point);
                    Amount::Constant(number.map_err(|_| refuse("a constant is no number"))?)
                }
            };
            let conditions = conditions(&regel.naam, &term.waar, &term.niet, table)?;
            Ok(BoundTerm { amount, is_subtracted: term.min, conditions })
        };
        Ok(BoundRule {
            regel,
            per: regel.per.as_ref().map(|per| table.columns(&regel.naam, per)).transpose()?,
            conditions: conditions(&regel.naam, &regel.waar, &regel.niet, table)?,
            left: regel.links.iter().map(term).collect::<Result<_, _>>()?,
            right: regel.rechts.iter().map(term).collect::<Result<_, _>>()?,
            same: regel.eender.as_ref().map(|column| self.column(&regel.naam, column, table)).transpose()?,
        })
    }

    fn column(&self, regel: &str, column: &str, table: &Table) -> Result<(usize, Rounding), ImportError> {
        let position = table.header.find(regel, &[column.to_owned()])?;
        let rounding = self.rounding.iter().find(|(known, _)| is_same(known, column)).map(|(_, rounding)| *rounding);
        Ok((position, rounding.unwrap_or(Rounding::Digits)))
    }
}

fn refuse(reason: impl Into<String>) -> ImportError {
    ImportError::Publicatie { reason: reason.into() }
}

/// Column, values, and whether the cell must or may not be one of them.
type Condition = (usize, Vec<String>, bool);

fn conditions(
    regel: &str,
    is: &BTreeMap<String, Names>,
    is_not: &BTreeMap<String, Names>,
    table: &Table,
) -> Result<Vec<Condition>, ImportError> {
    let all = is.iter().map(|entry| (entry, true)).chain(is_not.iter().map(|entry| (entry, false)));
    all.map(|((column, values), wanted)| {
        let position = table.header.find(regel, std::slice::from_ref(column))?;
        Ok((position, values.list().to_vec(), wanted))
    })
    .collect()
}

/// A table in memory.
struct Table {
    header: Header,
    notation: Notation,
    no_value: Vec<String>,
    rows: Vec<(u64, Vec<(CellKind, String)>)>,
}

impl Table {
    fn read(source: impl Read, layout: &Layout) -> Result<Self, ImportError> {
        let mapping = Mapping { layout: layout.clone(), ..Mapping::default() };
        let (mut rows, header) = Rows::new(Peeked::new(source)?, &mapping)?;
        let (mut row, mut kept, mut bytes) = (Row::default(), Vec::new(), 0);
        loop {
            match rows.next(&mut row)? {
                Next::End => break,
                Next::Unclosed(line) => {
                    let reason = format!("the row at line {line} does not end");
                    return Err(ImportError::Unreadable { what: "a table", reason });
                }
                Next::Row => {}
            }
            let cells: Vec<_> = row.cells().map(|cell| (cell.kind, cell.text.to_owned())).collect();
            bytes += cells.iter().map(|(_, text)| text.len() as u64 + 40).sum::<u64>();
            kept.push((row.line, cells));
            if kept.len() as u64 > ROWS_MAX {
                return Err(ImportError::TooLarge { what: "rows of a published table", most: ROWS_MAX });
            }
            if bytes > BYTES_MAX {
                return Err(ImportError::TooLarge { what: "bytes of a published table", most: BYTES_MAX });
            }
        }
        let no_value = layout.geen_waarde.iter().map(|text| text.trim().to_owned()).collect();
        Ok(Self { header, notation: layout.style()?.notation, no_value, rows: kept })
    }

    fn columns(&self, purpose: &str, names: &[String]) -> Result<Vec<usize>, ImportError> {
        names.iter().map(|name| self.header.find(purpose, std::slice::from_ref(name))).collect()
    }

    fn text(&self, row: usize, column: usize) -> &str {
        self.rows[row].1.get(column).map_or("", |(_, text)| text.as_str())
    }

    /// A number, `None` when there is none; `Err` when something else stands there.
    fn number(&self, row: usize, column: usize) -> Result<Option<Decimal>, ()> {
        let text = self.text(row, column).trim_end_matches('%').trim_end();
        if text.is_empty() || self.no_value.iter().any(|none| none == text) {
            return Ok(None);
        }
        let is_number = self.rows[row].1.get(column).is_some_and(|(kind, _)| *kind == CellKind::Number);
        let notation = if is_number { Notation::Point } else { self.notation };
        parse_number(text, notation).map(Some).map_err(|_| ())
    }

    fn satisfies(&self, row: usize, conditions: &[Condition]) -> bool {
        conditions.iter().all(|(column, values, wanted)| {
            let text = self.text(row, *column);
            values.iter().any(|value| value.trim().eq_ignore_ascii_case(text)) == *wanted
        })
    }

    fn key(&self, row: usize, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|column| self.text(row, *column).to_owned()).collect()
    }

    fn check_key(&self, columns: &[usize], report: &mut PublicatieReport) {
        let mut seen = HashSet::new();
        for row in (0..self.rows.len()).filter(|_| !columns.is_empty()) {
            let key = self.key(row, columns);
            if !seen.insert(key.clone()) {
                report.push(Finding {
                    rule: Rule::Double,
                    regel: String::new(),
                    line: self.rows[row].0,
                    column: columns.iter().map(|column| self.header.name(*column)).collect::<Vec<_>>().join(", "),
                    group: key,
                    published: None,
                    follows: None,
                    tolerance: None,
                });
            }
        }
    }
}

/// A rule with positions in place of names.
struct BoundRule<'p> {
    regel: &'p Regel,
    per: Option<Vec<usize>>,
    conditions: Vec<Condition>,
    left: Vec<BoundTerm>,
    right: Vec<BoundTerm>,
    same: Option<(usize, Rounding)>,
}

struct BoundTerm {
    amount: Amount,
    is_subtracted: bool,
    conditions: Vec<Condition>,
}

enum Amount {
    Column((usize, Rounding)),
    Constant(Decimal),
}

/// A sum, and the sum of the units of the last digits of what was added up, both in 10^−9.
#[derive(Default)]
struct Sum {
    nano: i128,
    units: i128,
    /// Line and column of the first published number.
    place: Option<(u64, usize)>,
}

/// A number is missing, so that nothing can be said.
struct Incomplete;

impl BoundRule<'_> {
    fn check(
        &self,
        table: &Table,
        key: &[usize],
        unreadable: &mut HashSet<(usize, usize)>,
        report: &mut PublicatieReport,
    ) -> RuleCount {
        let Regel { naam, uitleg, .. } = self.regel;
        let mut count = RuleCount { regel: naam.clone(), uitleg: uitleg.clone(), checked: 0, unchecked: 0 };
        for rows in self.groups(table) {
            let columns = self.per.as_deref().unwrap_or(key);
            let name = rows.first().map(|row| table.key(*row, columns)).unwrap_or_default();
            let compared = match self.same {
                Some(column) => self.compare_same(table, &rows, column, unreadable, report),
                None => self.compare_sums(table, &rows, unreadable, report),
            };
            match compared {
                Ok(findings) => {
                    count.checked += 1;
                    for finding in findings {
                        report.push(Finding { group: name.clone(), ..finding });
                    }
                }
                Err(Incomplete) => count.unchecked += 1,
            }
        }
        count
    }

    /// The rows of each group, in the order of the table.
    fn groups(&self, table: &Table) -> Vec<Vec<usize>> {
        let rows = (0..table.rows.len()).filter(|row| table.satisfies(*row, &self.conditions));
        let Some(per) = &self.per else { return rows.map(|row| vec![row]).collect() };
        let (mut positions, mut groups): (HashMap<Vec<String>, usize>, Vec<Vec<usize>>) = Default::default();
        for row in rows {
            let position = *positions.entry(table.key(row, per)).or_insert(groups.len());
            if position == groups.len() {
                groups.push(Vec::new());
            }
            groups[position].push(row);
        }
        groups
    }

    fn compare_sums(
        &self,
        table: &Table,
        rows: &[usize],
        unreadable: &mut HashSet<(usize, usize)>,
        report: &mut PublicatieReport,
    ) -> Result<Vec<Finding>, Incomplete> {
        let left = self.sum(&self.left, table, rows, unreadable, report)?;
        let right = self.sum(&self.right, table, rows, unreadable, report)?;
        let difference = left.nano - right.nano;
        let units = left.units + right.units;
        // Twice the difference against whole units, so that no half is lost.
        let exceeds = match self.regel.verband.as_deref() {
            Some("<=") => difference * 2 > units,
            _ => difference.abs() * 2 > units,
        };
        let (line, column) = left.place.unwrap_or_default();
        let finding = Finding {
            rule: Rule::Arithmetic,
            regel: self.regel.naam.clone(),
            line,
            column: table.header.name(column),
            group: Vec::new(),
            published: Decimal::from_nano(left.nano),
            follows: Decimal::from_nano(right.nano),
            tolerance: Decimal::from_nano(units / 2),
        };
        Ok(if exceeds { vec![finding] } else { Vec::new() })
    }

    fn sum(
        &self,
        terms: &[BoundTerm],
        table: &Table,
        rows: &[usize],
        unreadable: &mut HashSet<(usize, usize)>,
        report: &mut PublicatieReport,
    ) -> Result<Sum, Incomplete> {
        let mut sum = Sum::default();
        for term in terms {
            let sign = if term.is_subtracted { -1 } else { 1 };
            let (column, rounding) = match term.amount {
                Amount::Constant(number) => {
                    sum.nano += sign * number.nano();
                    continue;
                }
                Amount::Column(column) => column,
            };
            let mut is_there = false;
            for row in rows.iter().filter(|row| table.satisfies(**row, &term.conditions)) {
                let number = self.number(table, *row, column, unreadable, report)?.ok_or(Incomplete)?;
                sum.nano += sign * number.nano();
                sum.units += unit(number, rounding);
                sum.place.get_or_insert((table.rows[*row].0, column));
                is_there = true;
            }
            if !is_there {
                return Err(Incomplete);
            }
        }
        Ok(sum)
    }

    /// The other numbers of the group that differ from its first one.
    fn compare_same(
        &self,
        table: &Table,
        rows: &[usize],
        (column, rounding): (usize, Rounding),
        unreadable: &mut HashSet<(usize, usize)>,
        report: &mut PublicatieReport,
    ) -> Result<Vec<Finding>, Incomplete> {
        let mut first: Option<Decimal> = None;
        let mut findings = Vec::new();
        let mut count = 0;
        for row in rows {
            let Some(number) = self.number(table, *row, column, unreadable, report)? else { continue };
            count += 1;
            let first = *first.get_or_insert(number);
            let units = unit(first, rounding) + unit(number, rounding);
            if (first.nano() - number.nano()).abs() * 2 > units {
                findings.push(Finding {
                    rule: Rule::Different,
                    regel: self.regel.naam.clone(),
                    line: table.rows[*row].0,
                    column: table.header.name(column),
                    group: Vec::new(),
                    published: Some(number),
                    follows: Some(first),
                    tolerance: Decimal::from_nano(units / 2),
                });
            }
        }
        // One number can't differ from another.
        if count < 2 { Err(Incomplete) } else { Ok(findings) }
    }

    fn number(
        &self,
        table: &Table,
        row: usize,
        column: usize,
        unreadable: &mut HashSet<(usize, usize)>,
        report: &mut PublicatieReport,
    ) -> Result<Option<Decimal>, Incomplete> {
        table.number(row, column).map_err(|()| {
            if unreadable.insert((row, column)) {
                report.push(Finding {
                    rule: Rule::Figure,
                    regel: String::new(),
                    line: table.rows[row].0,
                    column: table.header.name(column),
                    group: Vec::new(),
                    published: None,
                    follows: None,
                    tolerance: None,
                });
            }
            Incomplete
        })
    }
}

/// One unit of the last digit, in 10^−9.
fn unit(number: Decimal, rounding: Rounding) -> i128 {
    match rounding {
        Rounding::Unit(unit) => unit.nano(),
        Rounding::Digits => number.last_digit().nano(),
    }
}

#[cfg(test)]
mod tests {
    use super::Publicatie;

    #[track_caller]
    fn check(rules: &str, table: &str, expected: &[&str]) {
        let text = format!(
            "naam = \"t\"\n[bestand]\ndecimaal = \".\"\n[afronding]\na = \"0.1\"\nb = \"0.1\"\nc = \"0.1\"\nd = \"1\"\n{rules}"
        );
        let report = Publicatie::parse(&text).unwrap().check(table.as_bytes()).unwrap();
        let found: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        assert_eq!(found.len() as u64, report.count);
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found}");
        }
    }

    const BALANCE: &str = "[[regel]]\nnaam = \"eind\"\nlinks = [{ kolom = \"d\" }]\nverband = \"=\"\n\
        rechts = [{ kolom = \"a\" }, { kolom = \"b\" }, { kolom = \"c\", min = true }]\n";

    #[test]
    fn begin_plus_in_minus_out_is_end_within_rounding() {
        // Tolerance: (0.1 + 0.1 + 0.1 + 1) / 2 = 0.65.
        check(BALANCE, "a,b,c,d\n10.0,5.0,3.0,12\n10.0,5.0,2.4,12\n", &[]);
        check(
            BALANCE,
            "a,b,c,d\n10.0,5.0,2.3,12\n",
            &["gepubliceerd is 12, uit de andere getallen volgt 12,7; afronding verklaart 0,65 (regel 2, kolom d)"],
        );
        // A missing number is not zero.
        check(BALANCE, "a,b,c,d\n10.0,,3.0,12\n", &[]);
        check(BALANCE, "a,b,c,d\n10.0,x,3.0,12\n", &["I043"]);
    }

    #[test]
    fn shares_and_bounds() {
        let shares = "[[regel]]\nnaam = \"delen\"\nper = []\nlinks = [{ kolom = \"a\" }]\nverband = \"=\"\nrechts = [{ vast = \"100\" }]\n";
        check(shares, "a\n33.3\n33.3\n33.3\n", &[]);
        check(shares, "a\n33.3\n33.3\n33.1\n", &["volgt 100; afronding verklaart 0,15"]);
        let bound =
            "[[regel]]\nnaam = \"deel\"\nlinks = [{ kolom = \"a\" }]\nverband = \"<=\"\nrechts = [{ kolom = \"b\" }]\n";
        check(bound, "a,b\n1.0,2.0\n2.1,2.0\n2.2,2.0\n", &["(regel 4, kolom a)"]);
    }

    #[test]
    fn totals_by_group_and_two_numbers_about_the_same() {
        let total = "[[regel]]\nnaam = \"totaal\"\nper = [\"g\"]\nlinks = [{ kolom = \"d\", waar = { r = \"totaal\" } }]\nverband = \"=\"\n\
            rechts = [{ kolom = \"d\", niet = { r = \"totaal\" } }]\n";
        check(total, "g,r,d\nx,1,5\nx,2,6\nx,totaal,11\ny,1,5\ny,Totaal,8\nz,1,5\n", &[", y: gepubliceerd is 8,"]);
        let same = "[[regel]]\nnaam = \"een\"\nper = [\"g\"]\neender = \"d\"\n";
        check(
            same,
            "g,d\nx,1\nx,2\ny,1\ny,3\nz,1\nz,\n",
            &[", y: gepubliceerd is 3, elders staat 1; afronding verklaart 1"],
        );
    }

    #[test]
    fn descriptions_that_mean_nothing_are_refused() {
        let refused = |text: &str, expected: &str| {
            let error = Publicatie::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        refused("naam = 1", "GI014");
        refused("naam = \"t\"\nkolom = \"x\"", "kolom");
        refused("naam = \"t\"\n[afronding]\na = \"x\"", "rounding of `a`");
        refused(
            "naam = \"t\"\n[[regel]]\nnaam = \"r\"\nlinks = [{ kolom = \"a\" }]\nverband = \"=\"\nrechts = [{ vast = \"1\" }]",
            "rounded",
        );
        refused("naam = \"t\"\n[[regel]]\nnaam = \"r\"\nlinks = [{ kolom = \"a\" }]", "`verband`");
        refused("naam = \"t\"\n[[regel]]\nnaam = \"r\"\neender = \"a\"", "needs `per`");
        refused(
            "naam = \"t\"\n[[regel]]\nnaam = \"r\"\nlinks = [{}]\nverband = \"=\"\nrechts = [{ vast = \"1\" }]",
            "exactly one",
        );
    }
}
