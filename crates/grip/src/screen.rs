//! What people see in the terminal.

use std::{fmt::Write, path::Path, time::Duration};

use grip_pipeline::{
    CheckedDeclaratie, DownloadProgress, Downloaded, ImportReport, IntakeReport, OpenDataReport, Reconciliation,
    ReconciliationLine, WatchEvent,
    answer::{Line, YearEnd},
};
use grip_types::Bedrag;
use indicatif::{ProgressBar, ProgressStyle};

/// Wrong cells that are named one by one; the table `bevinding` has all.
const FAULTS_SHOWN_MAX: usize = 50;

pub(crate) fn bar(what: &'static str, length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg} {eta}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style.progress_chars("=> ")).with_prefix(what)
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{},{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

pub(crate) fn intake(report: &IntakeReport, took: Duration) -> String {
    let mut text = format!(
        "{} files ({}) in {:.1} s: {} taken, {} taken in part, {} known already, {} refused; {} lines",
        report.files,
        megabytes(report.bytes),
        took.as_secs_f64(),
        report.taken,
        report.partial,
        report.known,
        report.refused,
        report.lines,
    );
    for (soort, count) in &report.messages {
        let _ = write!(text, "\n  {soort:8} {count:>8}");
    }
    if !report.findings.is_empty() {
        let findings: Vec<String> = report.findings.iter().map(|(code, count)| format!("{code} {count}")).collect();
        let _ = write!(text, "\nfindings: {}", findings.join(", "));
    }
    for refused in &report.refused_files {
        let _ = write!(text, "\nrefused {}: {}", refused.file, refused.findings.join("; "));
    }
    let unnamed = report.refused - report.refused_files.len();
    if unnamed > 0 {
        let _ =
            write!(text, "\nand {unnamed} more; see: grip sql \"SELECT * FROM bericht WHERE status = 'geweigerd'\"");
    }
    text
}

pub(crate) fn watch(event: &WatchEvent<'_>) -> String {
    match event {
        WatchEvent::Fate(fate) => {
            let mut text = format!("{:12} {}", fate.outcome, fate.file);
            for finding in fate.findings {
                let _ = write!(text, "\n             {finding}");
            }
            text
        }
        WatchEvent::Moved { file, to } => format!("{:12} {file} -> {to}", "verplaatst"),
        WatchEvent::Hindered(error) => {
            let hint = error.hint().map(|hint| format!("\n{:12} {hint}", "hint")).unwrap_or_default();
            format!("{:12} {error}; tried again{hint}", "gehinderd")
        }
    }
}

pub(crate) fn watch_json(event: &WatchEvent<'_>) -> String {
    let value = match event {
        WatchEvent::Fate(fate) => {
            let findings: Vec<String> = fate.findings.iter().map(ToString::to_string).collect();
            serde_json::json!({ "event": fate.outcome, "file": fate.file, "bericht_id": fate.digest, "findings": findings })
        }
        WatchEvent::Moved { file, to } => serde_json::json!({ "event": "verplaatst", "file": file, "to": to }),
        WatchEvent::Hindered(error) => serde_json::json!({ "event": "gehinderd", "error": error.to_string() }),
    };
    value.to_string()
}

pub(crate) fn checked(checked: &CheckedDeclaratie) -> String {
    let mut text = format!(
        "{} {} van aanbieder {} aan gemeente {}\n{} regels, ingediend {}",
        checked.berichtsoort,
        checked.identificatie,
        checked.aanbieder,
        checked.gemeente,
        checked.regels,
        Bedrag::from_cents(checked.ingediend_cents),
    );
    match checked.toegekend_cents {
        Some(cents) => {
            let _ = write!(text, ", toe te kennen {}", Bedrag::from_cents(cents));
        }
        None => text.push_str(", niet te beantwoorden: het bericht past niet in het schema"),
    }
    if checked.zonder_dossier {
        text.push_str("\nVan deze aanbieder is geen toewijzing bekend: alleen het bericht zelf is beoordeeld.");
    }
    if let Some(since) = &checked.toewijzingen_sinds {
        let _ =
            write!(text, "\nToewijzingen van deze aanbieder zijn bekend sinds {since}; wat ouder is, lijkt onbekend.");
    }
    if checked.bevindingen.is_empty() {
        text.push_str("\n\nGeen bevindingen.");
    } else {
        text.push_str("\n\nBevindingen");
    }
    for finding in &checked.bevindingen {
        let at = match finding.rij {
            Some(rij) => format!("regel {rij}"),
            None if finding.regel > 0 => format!("bestand:{}", finding.regel),
            None => "bericht".to_owned(),
        };
        let code = finding.retour_code.unwrap_or("-");
        let _ = write!(text, "\n  {:6} {code:5} {at:12} {}", finding.code, finding.omschrijving);
    }
    if !checked.controlelijst.is_empty() {
        text.push_str("\n\nControlelijst\n  regel  toewijzing  periode                    volume      max   eerder   totaal   tarief contract      bedrag  verschilt");
    }
    let optional = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    for line in &checked.controlelijst {
        let _ = write!(
            text,
            "\n  {:>5} {:>11}  {} - {} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8} {:>11}  {}",
            line.rij,
            line.toewijzing_nummer,
            line.begindatum,
            line.einddatum,
            line.volume,
            optional(line.volume_max),
            line.volume_eerder,
            optional(line.volume_totaal_max),
            optional(line.tarief_cents.map(i64::from)),
            optional(line.contract_tarief_cents),
            Bedrag::from_cents(i64::from(line.bedrag_cents)).to_string(),
            line.verschillen.join(" "),
        );
    }
    text
}

pub(crate) fn import(file: &Path, report: &ImportReport) -> String {
    if report.known {
        return format!("{} was imported before; nothing changed", file.display());
    }
    let mut text = format!("{}: {} of {} rows taken", file.display(), report.taken, report.rows);
    if report.filtered > 0 {
        let _ = write!(text, ", {} left out by the filters", report.filtered);
    }
    if report.double > 0 {
        let _ = write!(text, ", {} were in already", report.double);
    }
    for fault in report.faults.iter().take(FAULTS_SHOWN_MAX) {
        let _ = match (fault.line, fault.column.as_str()) {
            (0, _) => write!(text, "\n{} {}", fault.code, fault.text),
            (line, "") => write!(text, "\n{} line {line}: {}", fault.code, fault.text),
            (line, column) => write!(text, "\n{} line {line}, column {column}: {}", fault.code, fault.text),
        };
    }
    let shown = report.faults.len().min(FAULTS_SHOWN_MAX) as u64;
    if report.fault_count > shown {
        let _ = write!(text, "\nand {} more", report.fault_count - shown);
    }
    text
}

pub(crate) fn spinner(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    ProgressBar::new_spinner().with_style(style).with_prefix(what)
}

pub(crate) fn download_progress(progress: &DownloadProgress<'_>) -> String {
    let mut text = format!("{}: {} rows, {}", progress.list, progress.rows, megabytes(progress.bytes));
    if let Some(waiting) = progress.waiting {
        let _ = write!(text, ", trying again in {} s", waiting.as_secs());
    }
    text
}

pub(crate) fn download(folder: &Path, done: &Downloaded) -> String {
    let folder = folder.display();
    if done.was_current {
        return format!("{folder}: {} rows, of this edition already", done.rows);
    }
    format!("{folder}: {} rows on {} pages, {} over the network", done.rows, done.pages, megabytes(done.bytes))
}

pub(crate) fn open_data(folder: &Path, report: &OpenDataReport) -> String {
    let folder = folder.display();
    if report.known {
        return format!("{folder} was imported before; nothing changed");
    }
    let mut text =
        format!("{folder}: {} {}, {} figures of {} rows", report.tabel, report.titel, report.figures, report.rows);
    if !report.is_complete {
        text.push_str("\nnot every page is there and whole");
    }
    for (code, count) in &report.findings {
        let _ = write!(text, "\n{code} {count}");
    }
    text
}

pub(crate) fn reconciliation(answer: &Reconciliation) -> String {
    let mut text = format!(
        "Aansluiting {} van gemeente {}, zoals bekend op {} (euro)\n\n",
        answer.jaar, answer.gemeente, answer.peildatum
    );
    let header = [
        "Maand",
        "Taakveld",
        "Gedeclareerd",
        "Geboekt",
        "Verschil",
        "Afgekeurd",
        "Onbeantwoord",
        "Te laat",
        "Nog te boeken",
        "Overig",
    ];
    let cells = |name: &str, line: &ReconciliationLine| {
        let amounts = [
            line.declared,
            line.booked,
            line.difference,
            line.refused,
            line.unanswered,
            line.late,
            line.not_yet_booked,
            line.other,
        ];
        let mut row = vec![name.to_owned(), line.taakveld.clone()];
        row.extend(amounts.map(euros));
        row
    };
    let mut rows = vec![header.map(ToOwned::to_owned).to_vec()];
    rows.extend(answer.lines.iter().map(|line| cells(&line.maand, line)));
    rows.extend(answer.taakvelden.iter().map(|year| cells("Jaar", &year.sums)));
    rows.push(cells("Totaal", &answer.total));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    for row in &rows {
        let _ = write!(text, "{:<first$}  {:<second$}", row[0], row[1], first = widths[0], second = widths[1]);
        for (cell, width) in row.iter().zip(&widths).skip(2) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    for year in answer.taakvelden.iter().filter(|year| year.iv3.is_some() || year.begroting.is_some()) {
        let shown = |cents: Option<i64>| cents.map_or_else(|| "-".to_owned(), euros);
        let _ = write!(text, "\n{}: geboekt {}", year.sums.taakveld, euros(year.sums.booked));
        let _ = write!(text, ", Iv3 {} ({})", shown(year.iv3), year.verslagsoort.as_deref().unwrap_or("-"));
        let _ = write!(text, ", begroot {}", shown(year.begroting));
    }
    if answer.without_taakveld != 0 {
        let _ = write!(text, "\nNiet in de tabel: {} gedeclareerd zonder taakveld", euros(answer.without_taakveld));
    }
    if answer.without_mapping != 0 {
        let _ = write!(
            text,
            "\nNiet in de tabel: {} geboekt op rekeningen zonder koppeling",
            euros(answer.without_mapping)
        );
    }
    text
}

/// The table as CSV: amounts in eurocents, the same fields as the JSON.
pub(crate) fn reconciliation_csv(answer: &Reconciliation) -> String {
    let mut text =
        "maand,taakveld,declared,refused,unanswered,approved,booked,difference,late,not_yet_booked,other\n".to_owned();
    for line in &answer.lines {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{}",
            line.maand,
            line.taakveld,
            line.declared,
            line.refused,
            line.unanswered,
            line.approved,
            line.booked,
            line.difference,
            line.late,
            line.not_yet_booked,
            line.other,
        );
    }
    text
}

/// Whole euros, as the table has no room for cents.
pub(crate) fn euros(cents: i64) -> String {
    let rounded = (cents.abs() + 50) / 100 * cents.signum();
    let text = Bedrag::from_cents(rounded * 100).to_string();
    text.strip_suffix(",00").unwrap_or(&text).to_owned()
}

pub(crate) fn year_end(answer: &YearEnd) -> String {
    let mut text = format!(
        "Prognose {} van gemeente {}, zoals bekend op {} (euro)\n\n",
        answer.jaar, answer.gemeente, answer.peildatum
    );
    let header = [
        "Segment",
        "Gedeclareerd",
        "Nog te decl.",
        "Open verpl.",
        "Instroom",
        "Prognose",
        "p10",
        "p90",
        "Begroting",
        "Verschil",
        "Kans",
    ];
    let mut rows = vec![header.map(ToOwned::to_owned)];
    rows.extend(answer.segments.iter().map(cells));
    rows.push(cells(&answer.total));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 11] = std::array::from_fn(width);
    for (index, row) in rows.iter().enumerate() {
        let is_ruled = index == 1 || index + 1 == rows.len();
        if is_ruled {
            let _ = writeln!(text, "{}", "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1)));
        }
        let _ = write!(text, "{:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            let _ = write!(text, "  {cell:>width$}");
        }
        text.push('\n');
    }
    text.push_str(&record(answer));
    text
}

fn cells(line: &Line) -> [String; 11] {
    let name = match (line.wet, &line.productcategorie) {
        (Some(wet), Some(categorie)) => format!("{wet} {categorie} {}", line.naam),
        _ => line.naam.clone(),
    };
    let difference =
        line.difference.map(|cents| format!("{} {}", euros(cents.abs()), if cents < 0 { "N" } else { "V" }));
    [
        name.chars().take(44).collect(),
        euros(line.declared),
        euros(line.ibnr),
        euros(line.open_commitments),
        euros(line.inflow),
        euros(line.forecast.p50),
        euros(line.forecast.p10),
        euros(line.forecast.p90),
        line.budget.map(euros).unwrap_or_default(),
        difference.unwrap_or_default(),
        line.chance_of_overspend.map(|chance| format!("{:.0} %", chance * 100.0)).unwrap_or_default(),
    ]
}

fn record(answer: &YearEnd) -> String {
    let record = &answer.record;
    let percent = |share: f64| format!("{:.1} %", share * 100.0).replace('.', ",");
    match (record.mape, record.mape_naive_run_rate) {
        (Some(mape), Some(naive)) => format!(
            "\nOp {} eerdere peildata met evenveel maanden te gaan week de prognose gemiddeld {} af; doortrekken van het afgelopen jaar {}.\n",
            record.cuts,
            percent(mape),
            percent(naive)
        ),
        _ => "\nEr is nog te weinig geschiedenis om de prognose aan eerdere uitkomsten te toetsen.\n".to_owned(),
    }
}

/// The table as CSV: amounts in eurocents, the same fields as the JSON.
pub(crate) fn year_end_csv(answer: &YearEnd) -> String {
    let mut text =
        "wet,productcategorie,naam,declared,ibnr,open_commitments,inflow,forecast_p10,forecast_p50,forecast_p90,naive_run_rate,budget,difference,chance_of_overspend\n"
            .to_owned();
    for line in answer.segments.iter().chain([&answer.total]) {
        let optional = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "{},{},\"{}\",{},{},{},{},{},{},{},{},{},{},{}",
            line.wet.unwrap_or_default(),
            line.productcategorie.as_deref().unwrap_or_default(),
            line.naam.replace('"', "\"\""),
            line.declared,
            line.ibnr,
            line.open_commitments,
            line.inflow,
            line.forecast.p10,
            line.forecast.p50,
            line.forecast.p90,
            line.naive_run_rate,
            optional(line.budget),
            optional(line.difference),
            line.chance_of_overspend.map(|chance| format!("{chance:.4}")).unwrap_or_default(),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{euros, megabytes};

    #[test]
    fn whole_euros_round_half_away_from_zero() {
        assert_eq!(euros(123_450), "1.235");
        assert_eq!(euros(-123_450), "-1.235");
        assert_eq!(euros(49), "0");
        assert_eq!(megabytes(220_612_345), "220,6 MB");
    }
}
