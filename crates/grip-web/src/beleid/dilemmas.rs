//! The four dilemmas: where parties stand, how that moved, and what follows.

use axum::{http::Uri, response::Response};
use grip_policy::{Dilemma, Dossier, Goal, Place, Position, Stance, stances};
use grip_register::Version;
use grip_report::{Cell, Column, Language, Table, TableRow};

use super::{chosen, frame, here, links_to, list, onward, to};
use crate::{
    App,
    address::Scope,
    document::{Block, Document, Links, WithTables},
    problem::Problem,
    register,
    sentences::long_date,
    words::say,
};

/// `/beleid/dilemmas`
pub(super) async fn show(app: App, uri: Uri) -> Result<Response, Problem> {
    let opened = match register::open(&app, &uri).await? {
        Ok(opened) => opened,
        Err(nothing) => return Ok(nothing),
    };
    let scope = opened.scope.clone();
    let language = scope.language;
    let dossier = register::dossier(&app, &scope).await?;
    let title = say(language, "Vier dilemma's, en wie waar staat", "Four dilemmas, and who stands where");
    let day = long_date(scope.peildatum, language);
    let lede = match language {
        Language::Nl => format!(
            "Keuzen die niet vanzelf gaan. Per partij het laatste standpunt op {day}, hoe dat bewoog, en welke doelen eruit volgen."
        ),
        Language::En => format!(
            "Choices that do not make themselves. By party the last position on {day}, how it moved, and which goals follow."
        ),
    };
    let frame = frame(&opened, &app, &uri, &title, here("dilemma's")).without_care();
    let mut document = Document::new(frame, &uri, title.clone(), lede);
    document.blocks = blocks(&dossier, &scope)?;
    document.blocks.push(onward(&scope));
    document.respond(&opened.asked)
}

/// A table for every dilemma, and the goals that follow.
pub(super) fn blocks(dossier: &Dossier, scope: &Scope) -> Result<Vec<Block>, Problem> {
    let language = scope.language;
    let positions = list::<Position>(dossier)?;
    let mut blocks = Vec::new();
    for dilemma in Dilemma::ALL {
        let found = stances(*dilemma, &positions, scope.peildatum);
        blocks.push(Block::Table(stance_table(*dilemma, &found, &positions, scope)));
        let mut goals: Vec<_> = found
            .iter()
            .filter_map(Stance::now)
            .filter_map(|(.., id)| positions.iter().find(|position| position.id == id))
            .flat_map(|position| position.content.goals.0.iter().copied())
            .collect();
        goals.sort_unstable();
        goals.dedup();
        let mut links = links_to::<Goal>(dossier, &goals, scope);
        let filled = [("dilemma", dilemma.choice().value.to_owned())];
        links.push((say(language, "Nieuw standpunt", "New position"), register::new_link::<Position>(scope, &filled)));
        let title = if links.len() > 1 {
            say(language, "Doelen die hieruit volgen", "Goals that follow")
        } else {
            say(language, "Nog geen doelen die hieruit volgen", "No goals that follow yet")
        };
        blocks.push(Block::Links(Links { title, links }));
    }
    Ok(blocks)
}

fn stance_table(dilemma: Dilemma, found: &[Stance], positions: &[Version<Position>], scope: &Scope) -> Table {
    let language = scope.language;
    let mut rows = Vec::new();
    for stance in found {
        let last = stance.positions.len().saturating_sub(1);
        for (at, (date, place, id)) in stance.positions.iter().enumerate().rev() {
            let Some(position) = positions.iter().find(|position| position.id == *id) else { continue };
            let it = &position.content;
            let is_now = at == last;
            let state = if is_now { moved(stance, language) } else { say(language, "eerder", "earlier") };
            let cells = vec![
                Cell::text(chosen(place.choice(), language)),
                Cell::text(scale(*place)),
                Cell::text(date.to_string()),
                Cell::text(state),
                Cell::Link { text: it.name.0.clone(), href: to::<Position>(scope, *id) },
                Cell::text(&it.reason.0),
            ];
            rows.push(TableRow { is_dutch: true, ..TableRow::new(&stance.party, cells) });
        }
    }
    let [first, second] = dilemma.ends().map(|end| say(language, end.nl, end.en));
    Table {
        id: dilemma.choice().value.to_owned(),
        title: chosen(dilemma.choice(), language),
        note: say(
            language,
            "Per partij het laatste standpunt eerst; het teken staat links bij wie het eerste kiest en rechts bij wie het tweede kiest.",
            "By party the last position first; the mark is at the left for who chooses the first and at the right for the second.",
        ),
        empty: say(language, "Er is nog geen standpunt vastgelegd.", "No position is recorded yet."),
        columns: vec![
            Column::text(say(language, "partij", "party")),
            Column::text(say(language, "plaats", "place")),
            Column::kept(format!("{first} … {second}")),
            Column::kept(say(language, "vanaf", "from")),
            Column::text(say(language, "beweging", "movement")),
            Column::text(say(language, "standpunt", "position")),
            Column::prose(say(language, "waarom", "why")),
        ],
        rows,
        total: None,
    }
}

/// Five places with a mark at one.
fn scale(place: Place) -> String {
    let marks = (-2..=2).map(|score| if place.score() == score { "●" } else { "·" });
    marks.collect::<Vec<_>>().join(" ")
}

fn moved(stance: &Stance, language: Language) -> String {
    match (stance.positions.len(), stance.moved) {
        (1, _) => say(language, "nu; eerste standpunt", "now; first position"),
        (_, 0) => say(language, "nu; niet bewogen", "now; not moved"),
        (_, moved) if moved < 0 => say(language, "nu; naar het eerste bewogen", "now; moved to the first"),
        _ => say(language, "nu; naar het tweede bewogen", "now; moved to the second"),
    }
}
