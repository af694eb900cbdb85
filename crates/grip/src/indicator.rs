//! `grip indicator`: one figure of the catalogue, the lines behind it, or all figures there are.

use grip_pipeline::{Answer, Call, Catalogue, Dimension, Grip, IndicatorLine, Number, Period, PipelineError, Unit};

use crate::{
    Ending,
    args::{Indicator, Place},
    commands::{existing, known, show},
    error::CliError,
};

/// Lines that are shown; the API gives the others, page by page.
const LINES: usize = 1_000;

pub(crate) fn indicator(place: &Place, asked: &Indicator) -> Result<Ending, CliError> {
    let shape = asked.format.format;
    let Some(id) = &asked.id else {
        let grip = Grip::open(&place.data)?;
        let listed = listed(grip.catalogue());
        return show(shape, &listed, |rows| table(rows), |rows| csv(rows));
    };
    // An id that is not there is told before data that is not there.
    existing(place)?.catalogue().get(id).map_err(PipelineError::from)?;
    let (grip, gemeente, peildatum) = known(place)?;
    let year = || format!("{:04}", peildatum.year()).parse::<Period>().into_iter().collect();
    let call = Call {
        gemeente,
        periods: if asked.periode.is_empty() { year() } else { asked.periode.clone() },
        peildatum,
        by: asked.by.clone(),
        only: asked.only.clone(),
    };
    if asked.lines {
        let (_, lines) = grip.indicator_lines(id, &call, 0, LINES)?;
        let dimensions = &grip.catalogue().get(id).map_err(PipelineError::from)?.dimensions;
        let rows = |lines: &Vec<IndicatorLine>| line_rows(dimensions, lines);
        return show(shape, &lines, |lines| table(&rows(lines)), |lines| csv(&rows(lines)));
    }
    let answers = grip.indicator(id, &call)?.to_vec();
    show(shape, &answers, |answers| table(&rows(&call, answers)), |answers| csv(&rows(&call, answers)))
}

/// The head, and a row for each indicator.
fn listed(catalogue: &Catalogue) -> Vec<Vec<String>> {
    let head = ["id", "thema", "unit", "naam"].map(str::to_owned).to_vec();
    let row = |indicator: &grip_pipeline::Indicator| {
        vec![indicator.id.clone(), indicator.thema.clone(), unit(indicator.unit), indicator.naam.clone()]
    };
    std::iter::once(head).chain(catalogue.indicators().iter().map(row)).collect()
}

/// As in JSON.
fn unit(unit: Unit) -> String {
    serde_json::to_value(unit).ok().and_then(|unit| unit.as_str().map(str::to_owned)).unwrap_or_default()
}

fn rows(call: &Call, answers: &[Answer]) -> Vec<Vec<String>> {
    let mut head = vec!["periode".to_owned()];
    head.extend(call.by.iter().map(|dimension| dimension.column().to_owned()));
    head.extend(["value", "unit", "count", "status"].map(str::to_owned));
    let row = |answer: &Answer| {
        let mut row = vec![answer.periode.clone()];
        row.extend(call.by.iter().map(|dimension| {
            let value = answer.by.get(dimension.column());
            value.and_then(Clone::clone).unwrap_or_default()
        }));
        row.push(match answer.value {
            None if answer.is_withheld => "withheld".to_owned(),
            None => String::new(),
            Some(Number::Whole(whole)) => whole.to_string(),
            Some(Number::Real(real)) => format!("{real:.2}"),
        });
        let status = serde_json::to_value(answer.status).ok().and_then(|status| status.as_str().map(str::to_owned));
        row.push(unit(answer.unit));
        row.push(answer.count.map(|count| count.to_string()).unwrap_or_default());
        row.push(status.unwrap_or_default());
        row
    };
    std::iter::once(head).chain(answers.iter().map(row)).collect()
}

fn line_rows(dimensions: &[Dimension], lines: &[IndicatorLine]) -> Vec<Vec<String>> {
    let mut head = vec!["periode".to_owned(), "counted".to_owned()];
    head.extend(dimensions.iter().map(|dimension| dimension.column().to_owned()));
    head.push("value".to_owned());
    let row = |line: &IndicatorLine| {
        let mut row = vec![line.periode.clone(), line.counted.clone()];
        row.extend(line.by.iter().map(|value| value.clone().unwrap_or_default()));
        row.push(line.value.map(|value| value.to_string()).unwrap_or_default());
        row
    };
    std::iter::once(head).chain(lines.iter().map(row)).collect()
}

pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

pub(crate) fn csv(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("rows are of one length, and memory does not refuse");
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}
