//! What a programme costs, where the money comes from, and what its risks may cost.

use grip_policy::{Cost, Dossier, Funding, FundingSum, Number, Plan, Risk, RiskSum, SumOf};
use grip_report::{Cell, Column, Language, Table, TableRow, real};
use grip_types::Bedrag;

use super::{object_cell, planning::Planned};
use crate::{
    address::Scope,
    problem::Problem,
    register::object_link,
    words::{either, say},
};

fn euros(amount: Bedrag) -> Cell {
    Cell::Euros(amount.cents)
}

fn columns(language: Language, names: &[(&'static str, &'static str)]) -> Vec<Column> {
    let named = names.iter().enumerate().map(|(at, (nl, en))| {
        let name = either(language, nl, en);
        if at == 0 { Column::text(name) } else { Column::number(name) }
    });
    named.collect()
}

/// An amount that follows from estimates; nothing when nobody said what anything costs.
fn estimated(cost: &Cost, cents: i64) -> Cell {
    if cost.is_said() { Cell::Euros(cents) } else { Cell::Nothing }
}

/// Cost by chapter: every item at the top, the contingency, and all of it.
pub(super) fn chapters(planned: &Planned<'_>, cost: &Cost) -> Table {
    let language = planned.scope.language;
    let mut rows: Vec<TableRow> = planned
        .plan
        .tops()
        .map(|top| {
            let amounts = cost.items[top];
            let left = amounts.estimate.zip(amounts.spent).map(|(plan, spent)| plan.cents.saturating_sub(spent.cents));
            let cells =
                vec![Cell::of(amounts.estimate, euros), Cell::of(amounts.spent, euros), Cell::of(left, Cell::Euros)];
            planned.row(top, cells)
        })
        .collect();
    if let (Some(contingency), Some(Number(percent))) = (cost.contingency, planned.plan.programme.contingency) {
        let share = real(percent, if percent.fract() == 0.0 { 0 } else { 2 }, language);
        let name = format!("{}, {share} %", either(language, "Onvoorzien", "Contingency"));
        rows.push(TableRow::new(name, vec![estimated(cost, contingency.cents), Cell::Nothing, Cell::Nothing]));
    }
    let to_spend = cost.total.cents.saturating_sub(cost.spent.cents);
    let total = vec![estimated(cost, cost.total.cents), euros(cost.spent), estimated(cost, to_spend)];
    Table {
        id: "kosten".to_owned(),
        title: say(language, "Kosten per hoofdstuk", "Cost by chapter"),
        note: say(
            language,
            "Waar een onderdeel en wat eronder hangt allebei een bedrag hebben, tellen de bedragen eronder. Wat \
             gestopt is, kost wat eraan is uitgegeven. Een streepje: daar is geen bedrag genoemd, wat iets anders is \
             dan nul.",
            "Where an item and what is below it both have an amount, those below count. What is stopped costs what was \
             spent on it. A dash: no amount was named, which is not zero.",
        ),
        empty: say(language, "Geen onderdeel heeft een bedrag.", "No item has an amount."),
        columns: columns(
            language,
            &[
                ("Hoofdstuk", "Chapter"),
                ("Raming", "Estimate"),
                ("Uitgegeven", "Spent"),
                ("Nog te besteden", "Still to spend"),
            ],
        ),
        total: (!rows.is_empty()).then(|| TableRow::new(either(language, "Totaal", "Total"), total)),
        rows,
    }
}

/// Cost by year, and what in it asks for attention.
pub(super) fn years(cost: &Cost, language: Language) -> Table {
    let years = cost.years.iter().map(|(year, amount)| TableRow::new(year.to_string(), vec![euros(*amount)]));
    let undated = (cost.undated != Bedrag::ZERO)
        .then(|| TableRow::new(either(language, "Zonder dagen", "Without days"), vec![euros(cost.undated)]));
    Table {
        id: "jaren".to_owned(),
        title: say(language, "Kosten per jaar", "Cost by year"),
        note: say(
            language,
            "Zonder onvoorzien; elk bedrag gelijk verdeeld over de dagen van zijn onderdeel.",
            "Without contingency; each amount spread evenly over the days of its item.",
        ),
        empty: say(language, "Geen onderdeel heeft een bedrag.", "No item has an amount."),
        columns: columns(language, &[("Jaar", "Year"), ("Raming", "Estimate")]),
        rows: years.chain(undated).collect(),
        total: Some(TableRow::new(either(language, "Totaal", "Total"), vec![estimated(cost, cost.estimate.cents)])),
    }
}

/// What asks for attention in the amounts; nothing when nothing does.
pub(super) fn attention(planned: &Planned<'_>, cost: &Cost) -> Option<Table> {
    let language = planned.scope.language;
    let over = cost.over.iter().map(|place| {
        let what = either(language, "er is meer uitgegeven dan geraamd", "more was spent than estimated");
        let amounts = cost.items[*place];
        planned.row(*place, vec![Cell::text(what), Cell::of(amounts.estimate, euros), Cell::of(amounts.spent, euros)])
    });
    let apart = cost.apart.iter().map(|(place, own, below)| {
        let what = either(language, "eigen bedrag is niet de som eronder", "own amount is not the sum below it");
        planned.row(*place, vec![Cell::text(what), euros(*own), euros(*below)])
    });
    let unknown = cost.unknown.iter().map(|place| {
        let what = either(language, "er is geen bedrag genoemd", "no amount was named");
        planned.row(*place, vec![Cell::text(what), Cell::Nothing, Cell::Nothing])
    });
    let rows: Vec<TableRow> = over.chain(apart).chain(unknown).collect();
    (!rows.is_empty()).then(|| Table {
        id: "bedragen".to_owned(),
        title: say(language, "Bedragen die aandacht vragen", "Amounts that ask for attention"),
        note: String::new(),
        empty: String::new(),
        columns: vec![
            Column::text(either(language, "Onderdeel", "Item")),
            Column::text(either(language, "Wat", "What")),
            Column::number(either(language, "Raming of eigen bedrag", "Estimate or own amount")),
            Column::number(either(language, "Uitgegeven of som", "Spent or sum")),
        ],
        rows,
        total: None,
    })
}

/// Claims, grants and requests, each amount and what follows from them.
pub(super) fn funding(dossier: &Dossier, plan: &Plan, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let all = dossier.list::<Funding>()?;
    let own: Vec<_> = all.iter().filter(|amount| amount.content.programme.0 == plan.id).collect();
    let sum = FundingSum::of(plan.id, own.iter().map(|amount| &amount.content));
    let amounts = own.iter().map(|amount| {
        let Funding { name, sort, amount: euro, date, decision, .. } = &amount.content;
        let decision = decision.map_or(Cell::Nothing, |decision| object_cell(dossier, decision.0, scope));
        let sort = super::called(sort.choice(), language);
        let row = TableRow::new(name.0.clone(), vec![Cell::text(sort), super::day_cell(*date), euros(*euro), decision]);
        TableRow { is_dutch: language == Language::En, ..row.linked(object_link(scope, "funding", amount.id)) }
    });
    let stated = |what: SumOf| match sum.checks.iter().find(|check| check.what == what).map(|check| check.holds()) {
        None | Some(None) => Cell::Nothing,
        Some(Some(true)) => Cell::text(either(language, "klopt met de bron", "as the source states")),
        Some(Some(false)) => Cell::text(either(language, "niet wat de bron noemt", "not what the source states")),
    };
    let follows = [
        ("Geclaimd min toegekend", "Claimed less granted", sum.remaining, stated(SumOf::Remaining)),
        ("Minder gevraagd dan geclaimd", "Requested less than claimed", sum.less, stated(SumOf::Less)),
        ("Toegekend, alles bij elkaar", "Granted in all", sum.granted, Cell::Nothing),
    ];
    let follows = follows.into_iter().filter_map(|(nl, en, amount, note)| {
        let what = Cell::text(either(language, "berekend", "computed"));
        Some(TableRow::new(either(language, nl, en), vec![what, Cell::Nothing, euros(amount?), note]))
    });
    Ok(Table {
        id: "budget".to_owned(),
        title: say(language, "Geclaimd, toegekend en gevraagd", "Claimed, granted and requested"),
        note: say(
            language,
            "Wat er van de claim overbleef is zonder wat na de aanvraag is toegekend, of door het besluit erover.",
            "What was granted after the request, or by the decision on it, does not count in what remained of the \
             claim.",
        ),
        empty: say(language, "Er is nog geen budgetaanvraag vastgelegd.", "No request for budget is recorded yet."),
        columns: vec![
            Column::text(either(language, "Waarvoor", "What for")),
            Column::text(either(language, "Soort", "Sort")),
            Column::kept(either(language, "Datum", "Date")),
            Column::number(either(language, "Bedrag", "Amount")),
            Column::text(either(language, "Besluit", "Decision")),
        ],
        rows: amounts.chain(follows).collect(),
        total: None,
    })
}

/// Risks with what they may cost; those without an amount say so.
pub(super) fn risks(dossier: &Dossier, plan: &Plan, scope: &Scope) -> Result<Table, Problem> {
    let language = scope.language;
    let all = dossier.list::<Risk>()?;
    let own: Vec<_> = all.iter().filter(|risk| risk.content.programme.0 == plan.id).collect();
    let sum = RiskSum::of(own.iter().map(|risk| &risk.content));
    let rows = own.iter().zip(&sum.each).map(|(risk, each)| {
        let Risk { name, amount, chance, owner, item, .. } = &risk.content;
        let amount = match amount {
            Some(amount) => euros(*amount),
            None => Cell::text(either(language, "nog niet te bepalen", "can't be quantified yet")),
        };
        let item = item.map_or(Cell::Nothing, |item| object_cell(dossier, item.0, scope));
        let chance = Cell::of(*chance, |Number(percent)| Cell::Real(percent, 1));
        let cells = vec![item, amount, chance, Cell::of(*each, euros), Cell::text(owner.0.clone())];
        let row = TableRow::new(name.0.clone(), cells).linked(object_link(scope, "risk", risk.id));
        TableRow { is_dutch: language == Language::En, ..row }
    });
    let unnamed = sum.without_amount.len() + sum.without_chance.len();
    let note = match (unnamed, language) {
        (0, Language::Nl) => "Verwacht is bedrag maal kans.".to_owned(),
        (0, Language::En) => "Expected is amount times chance.".to_owned(),
        (_, Language::Nl) => format!(
            "Verwacht is bedrag maal kans. {unnamed} van de {} risico's tellen daarin niet mee, omdat bedrag of kans \
             ontbreekt: de som is dus te laag.",
            own.len()
        ),
        (_, Language::En) => format!(
            "Expected is amount times chance. {unnamed} of the {} risks do not count in it, as an amount or chance is \
             missing: the sum is too low.",
            own.len()
        ),
    };
    // Where no risk has an amount, a sum of nothing would be a claim.
    let known = |is_known: bool, amount| if is_known { euros(amount) } else { Cell::Nothing };
    let (full, expected) = (sum.without_amount.len() < own.len(), sum.each.iter().any(Option::is_some));
    let total = vec![Cell::Nothing, known(full, sum.full), Cell::Nothing, known(expected, sum.expected), Cell::Nothing];
    Ok(Table {
        id: "risicos".to_owned(),
        title: say(language, "Risico's", "Risks"),
        note,
        empty: say(language, "Er is nog geen risico vastgelegd.", "No risk is recorded yet."),
        columns: vec![
            Column::text(either(language, "Risico", "Risk")),
            Column::text(either(language, "Onderdeel", "Item")),
            Column::number(either(language, "Bedrag", "Amount")),
            Column::number(either(language, "Kans (%)", "Chance (%)")),
            Column::number(either(language, "Verwacht", "Expected")),
            Column::text(either(language, "Eigenaar", "Owner")),
        ],
        rows: rows.collect(),
        total: Some(TableRow::new(either(language, "Samen, voor zover bekend", "Together, as far as known"), total)),
    })
}
