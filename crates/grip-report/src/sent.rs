//! A report on its way to another program, as JSON.

use serde::{Deserialize, Serialize};

use crate::report::Report;

/// The form of [`report_json`]. It goes up whenever a report of before could be read wrongly or not at all.
const FORM: u32 = 1;

#[derive(Serialize)]
struct Sent<'r> {
    form: u32,
    report: &'r Report,
}

#[derive(Deserialize)]
struct Form {
    form: u32,
}

#[derive(Deserialize)]
struct Received {
    report: Report,
}

/// Why JSON is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportJsonError {
    /// The program that wrote it has another version.
    #[error(
        "it has form {found} and this program reads form {FORM}\nhint: build `grip` and `grip-typeset` from the same source"
    )]
    Form {
        /// The form it has.
        found: u32,
    },
    /// It is cut off, or something else.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

/// The report as JSON for a program of the same version: an object with the number of its form and the report. Days and real numbers
/// are text (`2025-06-30`, `0.1`), so that the report that is read is the one that was written.
///
/// # Errors
/// None that is known: everything in a report can be written as JSON.
pub fn report_json(report: &Report) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Sent { form: FORM, report })
}

/// The report that [`report_json`] wrote.
///
/// # Errors
/// When it is of another form, or no report.
pub fn report_of_json(json: &[u8]) -> Result<Report, ReportJsonError> {
    // The form first: a report of another form need not be one that can be read.
    let Form { form } = serde_json::from_slice(json)?;
    if form != FORM {
        return Err(ReportJsonError::Form { found: form });
    }
    let Received { report } = serde_json::from_slice(json)?;
    Ok(report)
}

/// A value as text: days, and real numbers, which come back to the last bit and may be none (`NaN`).
pub(crate) mod text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(crate) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(Error::custom)
    }
}
