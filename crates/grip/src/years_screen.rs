//! The forecast of several years in the terminal.

use std::fmt::Write;

use grip_pipeline::YearsAhead;

use crate::screen::euros;

/// The years of the total; of segments the JSON and the CSV tell.
pub(crate) fn table(answer: &YearsAhead) -> String {
    let mut text = format!(
        "Meerjarenprognose van gemeente {}, zoals bekend op {} (euro)\n\n{:<6}{:>16}{:>16}{:>16}{:>12}\n",
        answer.gemeente, answer.peildatum, "Jaar", "Prognose", "p10", "p90", "Prijspeil"
    );
    for row in answer.years.iter().filter(|row| row.wet.is_none()) {
        let [p50, p10, p90] = [row.p50, row.p10, row.p90].map(euros);
        let price = format!("{:.1} %", 100.0 * row.price).replace('.', ",");
        let _ = writeln!(text, "{:<6}{p50:>16}{p10:>16}{p90:>16}{price:>12}", row.jaar);
    }
    text
}

pub(crate) fn csv(answer: &YearsAhead) -> String {
    let mut text = "jaar,wet,productcategorie,p10,p50,p90,price\n".to_owned();
    for row in &answer.years {
        let (wet, categorie) = (row.wet.unwrap_or_default(), row.productcategorie.as_deref().unwrap_or_default());
        let _ = writeln!(text, "{},{wet},{categorie},{},{},{},{:.6}", row.jaar, row.p10, row.p50, row.p90, row.price);
    }
    text
}
