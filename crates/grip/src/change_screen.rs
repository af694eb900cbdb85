//! Why a forecast changed, in the terminal.

use std::{cmp::Reverse, fmt::Write};

use grip_pipeline::{Cause, Change};

use crate::screen::euros;

/// Why the forecast changed, per cause over all segments, the largest first.
pub(crate) fn table(answer: &Change) -> String {
    let mut causes: Vec<_> = answer.causes(None).into_iter().filter(|(_, amount)| *amount != 0).collect();
    causes.sort_by_key(|(key, amount)| (Reverse(amount.abs()), *key));
    let Change { jaar, from, to, before, after, .. } = answer;
    let mut text = format!("Waarom de prognose {jaar} veranderde (euro)\n\n");
    let mut line = |name: &str, cents: i64| {
        let _ = writeln!(text, "{name:<44} {:>14}", euros(cents));
    };
    line(&format!("Prognose op {from}"), *before);
    for ((cause, maand), amount) in causes {
        let name = match cause {
            Cause::LateDeclarations => "declaraties over",
            Cause::PassedMonths => "levering in",
            Cause::NewAllocations => "nieuwe toewijzingen, naast wat verwacht was",
            Cause::ChangedAllocations => "gewijzigde toewijzingen",
            Cause::Stops => "beëindigde levering",
            Cause::Realisation => "verzilvering van toewijzingen",
        };
        line(&format!("  {name} {}", maand.unwrap_or_default()), amount);
    }
    line(&format!("Prognose op {to}"), *after);
    text
}

pub(crate) fn csv(answer: &Change) -> String {
    let mut text = "wet,productcategorie,cause,maand,amount\n".to_owned();
    for part in &answer.parts {
        let cause = serde_json::to_value(part.cause).unwrap_or_default();
        let _ = writeln!(
            text,
            "{},{},{},{},{}",
            part.wet,
            part.productcategorie,
            cause.as_str().unwrap_or_default(),
            part.maand.as_deref().unwrap_or_default(),
            part.amount
        );
    }
    text
}
