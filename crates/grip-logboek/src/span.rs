//! One line: a span as OTLP writes it in JSON, with the attributes of the standard.

use std::io::{self, Write};

use grip_types::Pseudoniem;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Processing, random};

/// `dpl.core.processing_activity_id`: which processing activity, as the register of processing names it.
const ACTIVITY: &str = "dpl.core.processing_activity_id";
/// `dpl.core.data_subject_id`: whose data it was.
const SUBJECT: &str = "dpl.core.data_subject_id";
/// `dpl.core.data_subject_id_type`: what kind of name that is.
const SUBJECT_TYPE: &str = "dpl.core.data_subject_id_type";
/// A keyed pseudonym, as the tables have it.
const PSEUDONYM: &str = "grip:pseudoniem";
/// SPAN_KIND_INTERNAL.
const INTERNAL: u8 = 1;
/// STATUS_CODE_UNSET: done, without an error. What fails ends in an error, and its line was written before.
const UNSET: u8 = 0;

/// Name of one action within a processing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SpanId([u8; 8]);

impl SpanId {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self(random()?))
    }

    fn text(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans {
    resource: Resource,
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Resource {
    attributes: Vec<Attribute>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ScopeSpans {
    scope: Scope,
    spans: Vec<Span>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Scope {
    name: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Span {
    trace_id: String,
    span_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent_span_id: Option<String>,
    name: String,
    kind: u8,
    start_time_unix_nano: String,
    end_time_unix_nano: String,
    attributes: Vec<Attribute>,
    status: Status,
}

#[derive(Debug, Serialize, Deserialize)]
struct Status {
    code: u8,
}

#[derive(Debug, Serialize, Deserialize)]
struct Attribute {
    key: String,
    value: Value,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Value {
    string_value: String,
}

fn attribute(key: &str, value: impl Into<String>) -> Attribute {
    Attribute { key: key.to_owned(), value: Value { string_value: value.into() } }
}

/// Writes one line.
pub(crate) fn write(
    out: &mut impl Write,
    processing: &Processing<'_>,
    end: Timestamp,
    (id, parent): (SpanId, Option<SpanId>),
    subject: Option<Pseudoniem>,
) -> io::Result<()> {
    let mut attributes = vec![attribute(ACTIVITY, processing.activity.id())];
    if let Some(subject) = subject {
        attributes.push(attribute(SUBJECT, subject.to_string()));
        attributes.push(attribute(SUBJECT_TYPE, PSEUDONYM));
    }
    let span = Span {
        trace_id: processing.trace.to_string(),
        span_id: id.text(),
        parent_span_id: parent.map(SpanId::text),
        name: processing.name.to_owned(),
        kind: INTERNAL,
        start_time_unix_nano: processing.start.as_nanosecond().to_string(),
        end_time_unix_nano: end.as_nanosecond().to_string(),
        attributes,
        status: Status { code: UNSET },
    };
    let resource = Resource {
        attributes: vec![attribute("service.name", "grip"), attribute("service.version", env!("CARGO_PKG_VERSION"))],
    };
    let scope_spans = vec![ScopeSpans { scope: Scope { name: "grip-logboek".to_owned() }, spans: vec![span] }];
    serde_json::to_writer(&mut *out, &Request { resource_spans: vec![ResourceSpans { resource, scope_spans }] })?;
    out.write_all(b"\n")
}

/// A line as it is read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What joins it with the audit log: 32 hexadecimal digits.
    pub trace_id: String,
    /// The action: 16 hexadecimal digits.
    pub span_id: String,
    /// The action it belongs to.
    pub parent_span_id: Option<String>,
    /// What was done.
    pub name: String,
    /// As the register of processing names it.
    pub activity: String,
    /// Whose data it was: a pseudonym, [`crate::DESTROYED`], or nobody's.
    pub subject: Option<String>,
    /// When it began, in UTC.
    pub start: String,
    /// When it ended, in UTC.
    pub end: String,
}

impl Entry {
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let request: Request = serde_json::from_slice(line).ok()?;
        let span =
            request.resource_spans.into_iter().next()?.scope_spans.into_iter().next()?.spans.into_iter().next()?;
        let of = |key: &str| {
            let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
            Some(found.value.string_value.clone())
        };
        let time = |text: &str| Some(Timestamp::from_nanosecond(text.parse().ok()?).ok()?.to_string());
        Some(Self {
            activity: of(ACTIVITY)?,
            subject: of(SUBJECT),
            start: time(&span.start_time_unix_nano)?,
            end: time(&span.end_time_unix_nano)?,
            trace_id: span.trace_id,
            span_id: span.span_id,
            parent_span_id: span.parent_span_id,
            name: span.name,
        })
    }
}
