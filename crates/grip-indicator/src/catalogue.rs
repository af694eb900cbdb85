use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Aggregate, CallError, CatalogueError, Dimension, Direction, Empty, Grain, Law, Place, StatusRule, Unit,
    format::{BouwsteenEntry, File, FractionEntry, IndicatorEntry},
    query::COARSE,
    sql,
};

/// A file of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// Its name, for messages.
    pub name: &'s str,
    /// What stands in it.
    pub text: &'s str,
}

/// A query under a name, which indicators and later bouwstenen read as a table. Glossary: Bouwsteen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bouwsteen {
    /// The name it is read by.
    pub id: String,
    /// What it holds, in Dutch.
    pub uitleg: String,
    /// Its query.
    pub sql: String,
    pub(crate) tables: BTreeSet<String>,
    /// Whether it is the same for every question about a municipality as known on a day: it tells municipalities apart and
    /// reads no periods, nor does what it reads.
    pub(crate) stands_alone: bool,
}

/// A query and how its rows become a number: the part above or below the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fraction {
    /// How the rows become a number.
    pub aggregate: Aggregate,
    /// The query.
    pub sql: String,
    pub(crate) columns: Vec<String>,
    pub(crate) tables: BTreeSet<String>,
}

impl Fraction {
    /// Whether it has a column for a dimension.
    pub fn has(&self, dimension: Dimension) -> bool {
        self.columns.iter().any(|column| column == dimension.column())
    }
}

/// A figure that is defined once. Glossary: Indicator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its name in addresses and calls.
    pub id: String,
    /// The theme it belongs to.
    pub thema: String,
    /// Dutch name.
    pub naam: String,
    /// English name.
    pub name: String,
    /// What it means, in Dutch.
    pub definitie: String,
    /// What it means, in English.
    pub definition: String,
    /// In what it is expressed.
    pub unit: Unit,
    /// Whether more is better.
    pub direction: Direction,
    /// The lengths of period it is kept for.
    pub periods: Vec<Grain>,
    /// By what it may be split.
    pub dimensions: Vec<Dimension>,
    /// Where its figures come from.
    pub source: String,
    /// The article it rests on.
    pub law: Option<Law>,
    /// A figure with fewer behind it, and more than none, is withheld.
    pub minimum_count: i64,
    /// What is counted behind it.
    pub counts: String,
    /// What no rows mean.
    pub empty: Empty,
    /// When it is provisional and when definitive.
    pub status: StatusRule,
    /// The calculation it comes from, when that is not SQL.
    pub computed: Option<String>,
    /// Above the line; empty when it is computed.
    pub numerator: Option<Fraction>,
    /// Below the line.
    pub denominator: Option<Fraction>,
}

impl Indicator {
    /// Whether it may be split or narrowed by these together in periods of a length: what no persons are behind always; a figure of persons
    /// over a year by law, category and one dimension more, over less than a year by law and one other.
    pub fn may_cross(&self, dimensions: &[Dimension], grain: Grain) -> bool {
        let coarse = if grain == Grain::Jaar { COARSE.as_slice() } else { &COARSE[..1] };
        self.minimum_count == 0 || dimensions.iter().filter(|dimension| !coarse.contains(dimension)).count() <= 1
    }
}

/// A theme. Glossary: Thema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thema {
    /// Its name in addresses.
    pub id: String,
    /// Dutch name.
    pub naam: String,
    /// English name.
    pub name: String,
}

/// Every indicator there is.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    themas: Vec<Thema>,
    bouwstenen: Vec<Bouwsteen>,
    indicators: Vec<Indicator>,
}

/// The columns every query of an indicator has, beside its dimensions.
pub const KNOWN_COLUMNS: [&str; 4] = ["gemeente", "periode", "counted", "value"];

/// The table with the periods that were asked for.
pub(crate) const PERIODE: &str = "periode";

impl Catalogue {
    /// Reads and checks a catalogue. Bouwstenen may stand in any of the files: every indicator knows all of them, and each
    /// knows those above it and in earlier files. `tables` are the tables and views a query may read.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(files: &[Source<'_>], tables: &[&str]) -> Result<Self, Vec<CatalogueError>> {
        let mut reading = Reading { tables, ..Reading::default() };
        let mut parsed: Vec<(Source<'_>, File)> =
            files.iter().filter_map(|source| Some((*source, reading.parse(*source)?))).collect();
        for (source, file) in &mut parsed {
            reading.bouwstenen(*source, std::mem::take(&mut file.bouwsteen));
        }
        for (source, file) in parsed {
            reading.indicators(source, file);
        }
        if reading.faults.is_empty() { Ok(reading.catalogue) } else { Err(reading.faults) }
    }

    /// The themes, in the order of the files.
    pub fn themas(&self) -> &[Thema] {
        &self.themas
    }

    /// The indicators, in the order of the files.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    /// The named queries, in the order of the files.
    pub fn bouwstenen(&self) -> &[Bouwsteen] {
        &self.bouwstenen
    }

    /// The indicator of that id.
    ///
    /// # Errors
    /// [`CallError::Unknown`].
    pub fn get(&self, id: &str) -> Result<&Indicator, CallError> {
        self.indicators.iter().find(|indicator| indicator.id == id).ok_or(CallError::Unknown)
    }
}

/// A catalogue that is being read.
#[derive(Default)]
struct Reading<'r> {
    tables: &'r [&'r str],
    catalogue: Catalogue,
    /// Where each id stands; indicators and bouwstenen have ids of their own.
    seen: BTreeMap<(&'static str, String), String>,
    faults: Vec<CatalogueError>,
}

impl Reading<'_> {
    /// What stands in a file, if it can be read.
    fn parse(&mut self, source: Source<'_>) -> Option<File> {
        let report = |error: toml::de::Error| {
            let place = place_in(source, error.span().map_or(0, |span| span.start));
            self.faults.push(CatalogueError::Form { place, message: error.message().to_owned() });
        };
        toml::from_str(source.text).map_err(report).ok()
    }

    fn bouwstenen(&mut self, source: Source<'_>, entries: Vec<BouwsteenEntry>) {
        for entry in entries {
            let (place, sql) = (entry.id.span().start, entry.sql.span().start);
            self.bouwsteen(entry, place_in(source, place), &place_in(source, sql));
        }
    }

    fn indicators(&mut self, source: Source<'_>, file: File) {
        if file.indicator.is_empty() {
            return;
        }
        let (Some(id), Some(naam), Some(name)) = (file.thema, file.naam, file.name) else {
            let message = "a file with indicators says `thema`, `naam` and `name` at its top".to_owned();
            self.faults.push(CatalogueError::Form { place: place_in(source, 0), message });
            return;
        };
        if !self.catalogue.themas.iter().any(|thema| thema.id == id) {
            self.catalogue.themas.push(Thema { id: id.clone(), naam, name });
        }
        for entry in file.indicator {
            self.indicator(entry, &id, &|at| place_in(source, at));
        }
    }

    fn bouwsteen(&mut self, entry: BouwsteenEntry, place: Place, sql_place: &Place) {
        let id = entry.id.into_inner();
        if self.tables.contains(&id.as_str()) || id == PERIODE {
            self.faults.push(CatalogueError::Twice { place, id, first: "a table of that name".to_owned() });
            return;
        }
        let is_id = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'_';
        self.id("bouwsteen", &id, place, is_id);
        if let Some(statement) = self.sql(entry.sql.get_ref(), &id, sql_place) {
            let sql = entry.sql.into_inner();
            let tables = statement.tables;
            let read = self.catalogue.bouwstenen.iter().filter(|other| tables.contains(&other.id));
            let stands_alone = statement.columns.iter().any(|column| column == "gemeente")
                && !tables.contains(PERIODE)
                && read.into_iter().all(|other| other.stands_alone);
            self.catalogue.bouwstenen.push(Bouwsteen { id, uitleg: entry.uitleg, sql, tables, stands_alone });
        }
    }

    fn indicator(&mut self, entry: IndicatorEntry, thema: &str, place_at: &dyn Fn(usize) -> Place) {
        let place = place_at(entry.id.span().start);
        let id = entry.id.get_ref().clone();
        let is_id = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
        self.id("indicator", &id, place.clone(), is_id);
        for reason in contradictions(&entry) {
            self.faults.push(CatalogueError::Keys { place: place.clone(), id: id.clone(), reason });
        }
        let needed: Vec<&str> =
            KNOWN_COLUMNS.into_iter().chain(entry.dimensions.iter().map(|dimension| dimension.column())).collect();
        let numerator = entry.numerator.and_then(|part| self.fraction(part, &id, place_at, &needed));
        let denominator = entry.denominator.and_then(|part| self.fraction(part, &id, place_at, &KNOWN_COLUMNS));
        self.catalogue.indicators.push(Indicator {
            id,
            thema: thema.to_owned(),
            naam: entry.naam,
            name: entry.name,
            definitie: entry.definitie,
            definition: entry.definition,
            unit: entry.unit,
            direction: entry.direction,
            periods: entry.periods,
            dimensions: entry.dimensions,
            source: entry.source,
            law: entry.law,
            minimum_count: entry.minimum_count,
            counts: entry.counts,
            empty: entry.empty,
            status: entry.status,
            computed: entry.computed,
            numerator,
            denominator,
        });
    }

    fn fraction(
        &mut self,
        entry: FractionEntry,
        id: &str,
        place_at: &dyn Fn(usize) -> Place,
        needed: &[&str],
    ) -> Option<Fraction> {
        let place = place_at(entry.sql.span().start);
        let statement = self.sql(entry.sql.get_ref(), id, &place)?;
        for column in needed.iter().filter(|needed| !statement.columns.iter().any(|column| column == **needed)) {
            let (place, id, column) = (place.clone(), id.to_owned(), (*column).to_owned());
            self.faults.push(CatalogueError::Column { place, id, column });
        }
        let (columns, tables) = (statement.columns, statement.tables);
        Some(Fraction { aggregate: entry.aggregate, sql: entry.sql.into_inner(), columns, tables })
    }

    fn sql(&mut self, text: &str, id: &str, place: &Place) -> Option<sql::Statement> {
        let fault = |reason: String| CatalogueError::Sql { place: place.clone(), id: id.to_owned(), reason };
        let statement = sql::read(text).map_err(|reason| self.faults.push(fault(reason))).ok()?;
        let bouwstenen = &self.catalogue.bouwstenen;
        let is_there = |table: &str| {
            table == PERIODE || self.tables.contains(&table) || bouwstenen.iter().any(|bouwsteen| bouwsteen.id == table)
        };
        let missing = statement.tables.iter().filter(|table| !is_there(table));
        let fault =
            |table: &String| CatalogueError::Table { place: place.clone(), id: id.to_owned(), table: table.clone() };
        self.faults.extend(missing.map(fault));
        Some(statement)
    }

    fn id(&mut self, kind: &'static str, id: &str, place: Place, is_letter: impl Fn(u8) -> bool) {
        let is_id = id.bytes().all(is_letter) && id.starts_with(|letter: char| letter.is_ascii_lowercase());
        if !is_id {
            self.faults.push(CatalogueError::Id { place: place.clone(), id: id.to_owned() });
        }
        let key = (kind, id.to_owned());
        if let Some(first) = self.seen.get(&key) {
            self.faults.push(CatalogueError::Twice { place, id: id.to_owned(), first: first.clone() });
            return;
        }
        self.seen.insert(key, place.to_string());
    }
}

/// What contradicts itself in an indicator.
fn contradictions(entry: &IndicatorEntry) -> Vec<String> {
    let has_denominator = entry.denominator.is_some();
    let mut found = Vec::new();
    let mut fault = |is_wrong: bool, reason: &str| {
        if is_wrong {
            found.push(reason.to_owned());
        }
    };
    fault(entry.computed.is_none() && entry.numerator.is_none(), "has neither `numerator` nor `computed`");
    fault(
        entry.computed.is_some() && (entry.numerator.is_some() || has_denominator),
        "is `computed` and has SQL as well: keep one",
    );
    fault(
        entry.computed.is_none() && entry.unit.needs_denominator() && !has_denominator,
        "is a share or a rate and has no `denominator`",
    );
    let uses = |aggregate: Aggregate, part: &Option<FractionEntry>| {
        part.as_ref().is_some_and(|part| part.aggregate == aggregate)
    };
    let is_middle = |part: &Option<FractionEntry>| uses(Aggregate::Mean, part) || uses(Aggregate::Median, part);
    fault(
        has_denominator && (is_middle(&entry.numerator) || is_middle(&entry.denominator)),
        "divides a mean or a median: give sums to divide",
    );
    fault(entry.minimum_count < 0, "has a `minimum_count` below zero");
    fault(entry.periods.is_empty(), "has no `periods`");
    fault(has_twice(&entry.periods), "names a period twice");
    fault(has_twice(&entry.dimensions), "names a dimension twice");
    fault(
        entry.status.provisional_after_months > entry.status.definitive_after_months,
        "is definitive before it is provisional",
    );
    let is_day = |law: &Law| grip_types::parse_date(&law.date).is_some();
    fault(entry.law.as_ref().is_some_and(|law| !is_day(law)), "has a `law` whose `date` is no day");
    let texts = [&entry.naam, &entry.name, &entry.definitie, &entry.definition, &entry.source, &entry.counts];
    fault(texts.iter().any(|text| text.trim().is_empty()), "has an empty text");
    found
}

fn has_twice<T: Ord>(list: &[T]) -> bool {
    list.iter().collect::<BTreeSet<_>>().len() < list.len()
}

/// The line a byte of a file stands in.
fn place_in(source: Source<'_>, at: usize) -> Place {
    let line = source.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    Place { file: source.name.to_owned(), line }
}
