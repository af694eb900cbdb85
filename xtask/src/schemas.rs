//! The schemas of what the API answers, as JSON Schema 2020-12 under the names of OpenAPI: read from the Rust types and their
//! documentation, so that an answer is described where it is declared.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::{Failure, root};

/// The types that are answers or parts of them, by file; a type that is called otherwise in the API has that name after a colon.
pub(crate) const TYPES: &[(&str, &[&str])] = &[
    ("crates/grip-indicator/src/format.rs", &["Unit", "Direction", "Grain", "Law", "Dimension"]),
    ("crates/grip-indicator/src/answer.rs", &["Number", "Status", "Answer"]),
    ("crates/grip-prognose/src/signals.rs", &["Signals", "SeriesName", "Deviation", "SignalLine", "SeriesMonth"]),
    ("crates/grip-pipeline/src/answer.rs", &["YearEnd", "RunOff", "Line", "Noticed", "Interval", "Month", "Record"]),
    (
        "crates/grip-pipeline/src/quality.rs",
        &[
            "Quality",
            "PurgedRows",
            "Source",
            "Sender",
            "SenderKind",
            "QualityMonth",
            "QualityCounts",
            "Refusal",
            "MissingMonth",
            "Deliveries",
            "Unanswered",
            "Coverage",
            "FindingTotal",
        ],
    ),
    ("crates/grip-pipeline/src/budget.rs", &["BudgetTable", "BudgetLine", "BudgetMonth", "TaakveldLine"]),
    ("crates/grip-pipeline/src/growth.rs", &["GrowthAnswer", "GrowthLine", "GrowthPart", "Indexation"]),
    ("crates/grip-web/src/api.rs", &["Listed:Indicator", "PageListed:Paginaverwijzing"]),
    (
        "crates/grip-web/src/api/page.rs",
        &[
            "PageAnswer:Pagina",
            "Told:Inhoud",
            "Choice:Keuze",
            "Choosable:Optie",
            "Headline:Kerncijfer",
            "Leafing:Bladeren",
            "Piece:Onderdeel",
            "Fact:Feit",
            "Column:Kolom",
            "Content:Kolominhoud",
            "Row:Rij",
            "Value:Cel",
            "Reference:Verwijzing",
            "Branch:Tak",
            "Said:Bijdrage",
        ],
    ),
    (
        "crates/grip-web/src/api/register.rs",
        &[
            "KindAnswer:Soort",
            "FieldAnswer:Veld",
            "ObjectAnswer:Object",
            "ObjectList:Objecten",
            "Links:Bladzijden",
            "FieldValue:Veldwaarde",
        ],
    ),
];

/// All schemas, as a JSON text.
pub(crate) fn schemas() -> Result<String, Failure> {
    let mut names = BTreeMap::new();
    for own in TYPES.iter().flat_map(|(_, types)| types.iter()) {
        let (rust, api) = own.split_once(':').unwrap_or((own, own));
        if names.insert(rust, api).is_some() {
            return Err(format!("two answers are called `{rust}`").into());
        }
    }
    let mut schemas = Map::new();
    for (path, types) in TYPES {
        let text = fs_err::read_to_string(root().join(path))?;
        for own in *types {
            let (rust, api) = own.split_once(':').unwrap_or((own, own));
            let schema = Item::find(&text, rust)
                .and_then(|item| item.schema(&names))
                .ok_or_else(|| format!("`{rust}` in {path} can't be read as a schema"))?;
            schemas.insert(api.to_owned(), schema);
        }
    }
    Ok(serde_json::to_string_pretty(&Value::Object(schemas))? + "\n")
}

/// A type as rustfmt writes it: one field, attribute or line of documentation on a line.
struct Item<'t> {
    about: About,
    is_enum: bool,
    body: Vec<&'t str>,
}

/// What stands above a type, a field or a variant.
#[derive(Default)]
struct About {
    docs: Vec<String>,
    serde: Vec<String>,
}

impl About {
    /// Takes a line; whether it was one of these.
    fn take(&mut self, line: &str) -> bool {
        if let Some(doc) = line.strip_prefix("///") {
            self.docs.push(doc.trim().to_owned());
        } else if let Some(serde) = line.strip_prefix("#[serde(") {
            self.serde.extend(serde.trim_end_matches(")]").split(", ").map(str::to_owned));
        } else if !line.starts_with("#[") {
            return false;
        }
        true
    }

    /// What an attribute of serde is set to; empty when it is set to nothing.
    fn serde(&self, name: &str) -> Option<&str> {
        self.serde.iter().find_map(|one| {
            let (known, value) = one.split_once(" = ").unwrap_or((one, ""));
            (known == name).then(|| value.trim_matches('"'))
        })
    }

    /// The first paragraph of the documentation.
    fn text(&self) -> String {
        self.docs.iter().take_while(|line| !line.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

impl<'t> Item<'t> {
    fn find(text: &'t str, name: &str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().collect();
        let declares = |line: &str| {
            let line = line.trim_start();
            let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
            let rest = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum "))?.strip_prefix(name)?;
            rest.starts_with([' ', '<']).then_some(line.starts_with("enum "))
        };
        let (at, is_enum) = lines.iter().enumerate().find_map(|(at, line)| Some((at, declares(line)?)))?;
        let mut about = About::default();
        let above = lines[..at].iter().rposition(|line| line.trim().is_empty()).map_or(0, |blank| blank + 1);
        for line in &lines[above..at] {
            if !about.take(line.trim()) {
                about = About::default();
            }
        }
        // The one type that a macro writes has its variants where the macro is called.
        if lines[at].contains("$(") {
            let begin = lines.iter().position(|line| *line == "dimensions! {")? + 1;
            let end = begin + lines[begin..].iter().position(|line| *line == "}")?;
            return Some(Self { about, is_enum, body: lines[begin..end].to_vec() });
        }
        let indent = lines[at].len() - lines[at].trim_start().len();
        let end = lines[at..].iter().position(|line| line.len() == indent + 1 && line.ends_with('}'))?;
        Some(Self { about, is_enum, body: lines[at + 1..at + end].to_vec() })
    }

    fn schema(&self, names: &BTreeMap<&str, &str>) -> Option<Value> {
        let mut schema = if self.is_enum { self.choice(names)? } else { fields(&self.body, names)? };
        schema["description"] = Value::from(self.about.text());
        Some(schema)
    }

    fn choice(&self, names: &BTreeMap<&str, &str>) -> Option<Value> {
        if let Some(called) = self.body.iter().map(|line| line.split('"').nth(1)).collect::<Option<Vec<_>>>() {
            return Some(json!({"type": "string", "enum": called}));
        }
        let tag = self.about.serde("tag");
        let (mut words, mut kinds) = (Vec::new(), Vec::new());
        let mut about = About::default();
        let mut lines = self.body.iter();
        while let Some(line) = lines.next() {
            let line = line.trim();
            if about.take(line) {
                continue;
            }
            let about = std::mem::take(&mut about);
            let name: String = line.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            let called = about.serde("rename").map_or_else(|| snake(&name), str::to_owned);
            let inner = if line.ends_with('{') {
                let inner: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "},").copied().collect();
                fields(&inner, names)?
            } else if let Some((_, held)) = line.split_once('(') {
                kind(held.trim_end_matches("),"), names)?
            } else {
                json!({"type": "object", "properties": {}, "required": []})
            };
            match tag {
                Some(tag) => kinds.push(tagged(inner, tag, &called, &about.text())),
                None if self.about.serde("untagged").is_some() => kinds.push(inner),
                None => words.push(called),
            }
        }
        Some(if kinds.is_empty() { json!({"type": "string", "enum": words}) } else { json!({"anyOf": kinds}) })
    }
}

fn tagged(mut inner: Value, tag: &str, called: &str, description: &str) -> Value {
    inner["properties"][tag] = json!({"type": "string", "const": called});
    if let Some(required) = inner["required"].as_array_mut() {
        required.insert(0, Value::from(tag));
    }
    inner["description"] = Value::from(description);
    inner
}

/// The schema of an object with these fields.
fn fields(lines: &[&str], names: &BTreeMap<&str, &str>) -> Option<Value> {
    let (mut properties, mut required, mut parts) = (Map::new(), Vec::new(), Vec::new());
    let mut about = About::default();
    for line in lines.iter().map(|line| line.trim()) {
        if about.take(line) {
            continue;
        }
        let about = std::mem::take(&mut about);
        let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
        let (name, written) = line.trim_end_matches(',').split_once(": ")?;
        let mut schema = match about.serde("serialize_with") {
            Some(_) => json!({"type": "string"}),
            None => kind(written, names)?,
        };
        if about.serde("flatten").is_some() {
            parts.push(schema);
            continue;
        }
        let text = about.text();
        // A peildatum is a day wherever it stands; of other texts the documentation says it.
        let is_day = name == "peildatum" || text.ends_with("`YYYY-MM-DD`.");
        let format = if is_day { Some("date") } else { text.ends_with("RFC 3339.").then_some("date-time") };
        if let Some(format) = format.filter(|_| written.contains("String")) {
            schema["format"] = Value::from(format);
        }
        schema["description"] = Value::from(text);
        let name = about.serde("rename").unwrap_or(name);
        required.push(Value::from(name));
        properties.insert(name.to_owned(), schema);
    }
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    if !parts.is_empty() {
        schema["allOf"] = Value::from(parts);
    }
    Some(schema)
}

/// The schema of a type; nothing for one that is no answer.
fn kind(written: &str, names: &BTreeMap<&str, &str>) -> Option<Value> {
    let inside = |outer: &str| written.strip_prefix(outer)?.strip_suffix('>');
    if let Some(inner) = inside("Option<") {
        let mut schema = kind(inner, names)?;
        return Some(match schema["type"].as_str().map(str::to_owned) {
            Some(own) => {
                schema["type"] = json!([own, "null"]);
                schema
            }
            None => json!({"anyOf": [schema, {"type": "null"}]}),
        });
    }
    if let Some(inner) = inside("Vec<") {
        return Some(json!({"type": "array", "items": kind(inner, names)?}));
    }
    if let Some((_, inner)) = inside("BTreeMap<").and_then(|inner| inner.split_once(", ")) {
        return Some(json!({"type": "object", "additionalProperties": kind(inner, names)?}));
    }
    if let Some(borrowed) = written.strip_prefix("&'") {
        let (_, borrowed) = borrowed.split_once(' ')?;
        let inner = borrowed.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
        return match inner {
            Some(inner) => Some(json!({"type": "array", "items": kind(inner, names)?})),
            None => kind(borrowed, names),
        };
    }
    Some(match written {
        "String" | "str" => json!({"type": "string"}),
        "bool" => json!({"type": "boolean"}),
        "f64" => json!({"type": "number"}),
        "i64" => json!({"type": "integer", "format": "int64"}),
        "i16" | "i32" => json!({"type": "integer"}),
        "usize" | "u32" => json!({"type": "integer", "minimum": 0}),
        other => json!({"$ref": format!("#/components/schemas/{}", names.get(other)?)}),
    })
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, expected: &Value) {
        let names = BTreeMap::from([("Part", "Deel"), ("Unit", "Unit")]);
        assert_eq!(Item::find(text, name).expect("it is there").schema(&names).as_ref(), Some(expected));
    }

    #[test]
    fn a_struct_is_an_object() {
        let text = "/// What it is.\n#[derive(Serialize)]\npub struct Whole<'i> {\n    /// The day, `YYYY-MM-DD`.\n    pub day: \
                    Option<String>,\n    /// Parts\n    /// of it.\n    parts: Vec<Part>,\n    #[serde(flatten)]\n    pub rest: \
                    Part,\n    /// Words.\n    #[serde(rename = \"pageSize\")]\n    words: &'i [Unit],\n}\n";
        check(
            text,
            "Whole",
            &json!({
                "type": "object",
                "description": "What it is.",
                "properties": {
                    "day": {"type": ["string", "null"], "format": "date", "description": "The day, `YYYY-MM-DD`."},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Deel"}, "description": "Parts of it."},
                    "pageSize": {"type": "array", "items": {"$ref": "#/components/schemas/Unit"}, "description": "Words."},
                },
                "required": ["day", "parts", "pageSize"],
                "allOf": [{"$ref": "#/components/schemas/Deel"}],
            }),
        );
    }

    #[test]
    fn an_enum_is_words_or_kinds() {
        check(
            "/// Which.\n#[serde(rename_all = \"snake_case\")]\npub enum Which {\n    /// One.\n    FirstOne,\n    #[serde(rename = \
             \"per_1000\")]\n    Per1000,\n}\n",
            "Which",
            &json!({"type": "string", "enum": ["first_one", "per_1000"], "description": "Which."}),
        );
        check(
            "/// A cell.\n#[serde(tag = \"soort\", rename_all = \"snake_case\")]\nenum Cell {\n    /// Nothing.\n    Leeg,\n    /// \
             Money.\n    Bedrag {\n        /// In eurocents.\n        waarde: i64,\n    },\n}\n",
            "Cell",
            &json!({"description": "A cell.", "anyOf": [
                {"type": "object", "description": "Nothing.", "required": ["soort"],
                 "properties": {"soort": {"type": "string", "const": "leeg"}}},
                {"type": "object", "description": "Money.", "required": ["soort", "waarde"],
                 "properties": {"soort": {"type": "string", "const": "bedrag"},
                                "waarde": {"type": "integer", "format": "int64", "description": "In eurocents."}}},
            ]}),
        );
    }
}
