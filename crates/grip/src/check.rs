//! The quality of the data in the terminal: the same as the page `/gegevens`.

use std::fmt::Write;

use grip_pipeline::quality::{Quality, QualityCounts};

use crate::screen::euros;

/// Rows of a list that are shown; the page and the JSON have all.
const ROWS_MAX: usize = 20;

pub(crate) fn quality(quality: &Quality) -> String {
    let mut text = format!("Gegevens van gemeente {}, zoals bekend op {}\n", quality.gemeente, quality.peildatum);
    let counts = |counts: &QualityCounts| {
        [
            number(counts.berichten),
            number(counts.regels),
            number(counts.faults),
            number(counts.warnings),
            rate(counts.faults_per_1000(), 1.0),
            rate(counts.refused_share(), 100.0),
            rate(counts.refused_money_share(), 100.0),
        ]
    };
    let header = ["berichten", "regels", "fouten", "waarsch.", "fout/1000", "afgek. %", "afgek. % geld"];
    let senders =
        quality.senders.iter().map(|sender| (named(&sender.afzender, sender.naam.as_deref()), counts(&sender.total)));
    table(&mut text, "Per afzender", "afzender", header, senders);
    let findings = quality.findings.iter().map(|finding| {
        (
            format!("{} {}", finding.code, finding.titel),
            [finding.ernst.clone(), number(finding.count), number(finding.files)],
        )
    });
    table(&mut text, "Bevindingen", "regel", ["ernst", "keer", "bestanden"], findings);
    let refusals = quality.refusals.iter().map(|refusal| {
        let name = format!("{} {}", refusal.retourcode, refusal.omschrijving.unwrap_or_default());
        (name, [number(refusal.regels), euros(refusal.refused)])
    });
    table(&mut text, "Waarom declaratieregels zijn afgekeurd", "retourcode", ["regels", "euro"], refusals);
    let missing = quality.missing_months.iter().map(|month| {
        let name = named(&month.aanbieder, month.naam.as_deref());
        (
            name,
            [
                month.wet.to_owned(),
                month.since.clone(),
                number(month.months),
                euros(month.usual),
                month.overdue_since.clone(),
            ],
        )
    });
    let header = ["wet", "sinds", "maanden", "euro per maand", "te laat sinds"];
    table(&mut text, "Maanden zonder declaratie", "aanbieder", header, missing);
    let deliveries = quality.deliveries.iter().filter(|row| row.starts_missing + row.stops_missing > 0).map(|row| {
        let cells = [row.running, row.starts_missing, row.ended, row.stops_missing].map(number);
        (named(&row.aanbieder, row.naam.as_deref()), cells)
    });
    let header = ["lopend", "zonder start", "beëindigd", "zonder stop"];
    table(&mut text, "Starts en stops die ontbreken", "aanbieder", header, deliveries);
    let unanswered = quality.unanswered.iter().map(|row| {
        let cells = [number(row.declaraties), number(row.verzoeken), row.oldest.clone()];
        (named(&row.aanbieder, row.naam.as_deref()), cells)
    });
    table(&mut text, "Niet op tijd beantwoord", "aanbieder", ["declaraties", "verzoeken", "oudste"], unanswered);
    let coverage = quality.coverage;
    let known =
        [("geboortemaand", coverage.geboortemaand), ("wijk", coverage.wijk), ("huishouden", coverage.huishouden)];
    let known = known.map(|(name, count)| {
        (
            name.to_owned(),
            [number(count), rate((coverage.clienten > 0).then(|| share(count, coverage.clienten)), 100.0)],
        )
    });
    let title = format!("Bekend van de {} cliënten met gedeclareerde zorg", coverage.clienten);
    table(&mut text, &title, "kenmerk", ["cliënten", "%"], known.into_iter());
    let sources = quality.sources.iter().map(|source| {
        (
            source.soort.clone(),
            [number(source.files), number(source.regels), source.last.clone(), number(source.age_days)],
        )
    });
    table(&mut text, "Hoe oud elke bron is", "bron", ["bestanden", "regels", "laatste", "dagen oud"], sources);
    if !quality.purged.is_empty() {
        let purged = quality.purged.iter().map(|purged| {
            (purged.tabel.clone(), [purged.soort.clone(), purged.tot.clone(), number(purged.regels), purged.op.clone()])
        });
        let title = "Vernietigd omdat de bewaartermijn om was: cijfers van voor de eerste dag zijn niet volledig";
        table(&mut text, title, "tabel", ["soort", "eerste dag", "regels", "vernietigd op"], purged);
    }
    text
}

fn named(code: &str, name: Option<&str>) -> String {
    name.map_or_else(|| code.to_owned(), |name| format!("{code} {name}"))
}

fn number(number: i64) -> String {
    number.to_string()
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 15 digits")]
fn share(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

fn rate(rate: Option<f64>, times: f64) -> String {
    rate.map_or_else(|| "–".to_owned(), |rate| format!("{:.1}", rate * times).replace('.', ","))
}

/// A title, a header and the rows: the first column to the left, the others to the right.
fn table<const N: usize>(
    text: &mut String,
    title: &str,
    first: &str,
    header: [&str; N],
    rows: impl Iterator<Item = (String, [String; N])>,
) {
    let rows: Vec<(String, [String; N])> = rows.collect();
    let _ = write!(text, "\n{title}\n");
    if rows.is_empty() {
        text.push_str("  geen\n");
        return;
    }
    let name = |name: &str| name.chars().take(52).collect::<String>();
    let shown = [(first.to_owned(), header.map(ToOwned::to_owned))];
    let shown: Vec<_> = shown.iter().chain(rows.iter().take(ROWS_MAX)).collect();
    let first_width = shown.iter().map(|(first, _)| name(first).chars().count()).max().unwrap_or_default();
    let widths: [usize; N] = std::array::from_fn(|column| {
        shown.iter().map(|(_, row)| row[column].chars().count()).max().unwrap_or_default()
    });
    for (first, cells) in shown {
        let _ = write!(text, "  {:<first_width$}", name(first));
        for (cell, width) in cells.iter().zip(widths) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    if rows.len() > ROWS_MAX {
        let _ = writeln!(text, "  en nog {}; zie --json of de pagina /gegevens", rows.len() - ROWS_MAX);
    }
}
