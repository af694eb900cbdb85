//! Signals in the terminal.

use std::fmt::Write;

use grip_pipeline::{Deviation, Signals};

use crate::screen::euros;

/// What stands out, a line each; the same change in other series is in the JSON and the CSV.
pub(crate) fn table(answer: &Signals) -> String {
    let mut text = format!(
        "Signalen van gemeente {}, zoals bekend op {} ({} reeksen; hoogstens {:.0} valse alarmen per jaar te verwachten)\n\n\
         {:<10}{:<10}{:>7}{:>16}{:>16}  Signaal\n",
        answer.gemeente,
        answer.peildatum,
        answer.series,
        answer.false_alarms_per_year,
        "Sinds",
        "Te zien",
        "Zeker",
        "Per jaar",
        "Tot nu toe"
    );
    for line in &answer.signals {
        let deviation = &line.deviation;
        let per_year = deviation.per_year.map_or_else(|| "–".to_owned(), euros);
        let sure = format!("{:.0} %", 100.0 * deviation.confidence);
        let (since, seen_at, to_date) = (&deviation.since, &deviation.seen_at, euros(deviation.to_date));
        let _ = writeln!(text, "{since:<10}{seen_at:<10}{sure:>7}{per_year:>16}{to_date:>16}  {}", deviation.id);
    }
    text
}

pub(crate) fn csv(answer: &Signals) -> String {
    let mut text =
        "id,home,measure,wet,productcategorie,aanbieder,kind,since,seen_at,confidence,before,after,low,high,\
                    per_year,to_date\n"
            .to_owned();
    for line in &answer.signals {
        let home = &line.deviation.id;
        let mut write = |deviation: &Deviation| {
            let name = &deviation.name;
            let (wet, categorie) = (name.wet.unwrap_or_default(), name.productcategorie.as_deref().unwrap_or_default());
            let aanbieder = name.aanbieder.as_deref().unwrap_or_default();
            let per_year = deviation.per_year.map(|cents| cents.to_string()).unwrap_or_default();
            let _ = writeln!(
                text,
                "{},{home},{},{wet},{categorie},{aanbieder},{},{},{},{:.4},{:.2},{:.2},{:.2},{:.2},{per_year},{}",
                deviation.id,
                name.measure,
                deviation.kind,
                deviation.since,
                deviation.seen_at,
                deviation.confidence,
                deviation.before,
                deviation.after,
                deviation.low,
                deviation.high,
                deviation.to_date
            );
        };
        std::iter::once(&line.deviation).chain(&line.also).for_each(&mut write);
    }
    text
}
