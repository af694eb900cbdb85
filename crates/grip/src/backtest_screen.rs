//! The record of the forecast in the terminal.

use std::fmt::Write;

use grip_pipeline::{Backtest, Method, Score};

/// Per month of the year how far off each method was, for the total and for the segments.
pub(crate) fn table(answer: &Backtest) -> String {
    let mut text = format!(
        "Prognoses van gemeente {}, zoals zij gemaakt zouden zijn, tegen wat het jaar werd (bekend op {})\n\
         Afwijking als deel van wat het werd; in 80% hoort vier op de vijf uitkomsten te liggen.\n",
        answer.gemeente, answer.known_until
    );
    for (level, title) in [("total", "Totaal"), ("segments", "Per segment en jaar")] {
        if answer.scores.is_empty() {
            continue;
        }
        let _ = writeln!(
            text,
            "\n{title}\n{:>5} {:>5}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
            "maand", "n", "Grip", "in 80%", "x 12/m", "+begr.", "keten", "vorig jr"
        );
        for maand in 1..=12 {
            let scores: Vec<&Score> =
                answer.scores.iter().filter(|score| score.level == level && score.maand == maand).collect();
            let Some(own) = scores.iter().find(|score| score.method == Method::Grip) else { continue };
            let error = |method| {
                let of = scores.iter().find(|score| score.method == method);
                percentage(of.and_then(|score| score.relative_error))
            };
            let _ = writeln!(
                text,
                "{maand:>5} {:>5}{}{}{}{}{}{}",
                own.rows,
                error(Method::Grip),
                percentage(own.coverage),
                error(Method::PaidRunRate),
                error(Method::PaidAndBudget),
                error(Method::ChainLadder),
                error(Method::LastYear),
            );
        }
    }
    if answer.scores.is_empty() {
        text += "\nGeen jaar van deze periode is al drie maanden voorbij: er is nog niets om tegen te leggen.\n";
    }
    text
}

fn percentage(share: Option<f64>) -> String {
    share.map_or_else(
        || format!("{:>9}", "-"),
        |share| format!("{:>9}", format!("{:.1}%", share * 100.0).replace('.', ",")),
    )
}

/// Every forecast that was made, in eurocents.
pub(crate) fn csv(answer: &Backtest) -> String {
    let mut text = "peildatum,jaar,wet,productcategorie,declared,p10,p50,p90,paid_run_rate,paid_and_budget,chain_ladder,last_year,actual,settled\n".to_owned();
    for row in &answer.rows {
        let optional = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{},{},{},{},{}",
            row.peildatum,
            row.jaar,
            row.wet.unwrap_or_default(),
            row.productcategorie.as_deref().unwrap_or_default(),
            row.declared,
            row.p10,
            row.p50,
            row.p90,
            row.paid_run_rate,
            optional(row.paid_and_budget),
            row.chain_ladder,
            optional(row.last_year),
            row.actual,
            row.settled,
        );
    }
    text
}
