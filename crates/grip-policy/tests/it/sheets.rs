//! Sheets read into a real register and written from it.

use std::collections::BTreeSet;

use grip_policy::{
    Dossier, Field, Input, Kind, Object, kind_named, kinds,
    sheet::{FileRow, ID, RowAction, Sheet, SheetRow, Written, export, kind_called, plan, sheet_name, write},
};
use grip_register::{Problem, Register};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::kinds::{by, gemeente, register};

/// A sheet of lines with cells between bars, the header first.
fn sheet(kind: &'static str, text: &str) -> Sheet {
    let mut lines =
        text.trim().lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    Sheet { kind, header, rows: (2..).zip(lines).map(|(line, cells)| SheetRow { line, cells }).collect() }
}

async fn dossier(register: &Register) -> Dossier {
    Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier")
}

async fn import(register: &Register, second: i64, sheets: &[Sheet]) -> Written {
    let plan = plan(&dossier(register).await, sheets);
    let mut edit = register.edit(by(second)).await.expect("an edit");
    let written = write(&mut edit, &plan).await.expect("it is written");
    edit.commit().await.expect("it is committed");
    written
}

/// What stands in the cells, by the names of columns, without what two registers have differently.
fn all(dossier: &Dossier) -> BTreeSet<(&'static str, Vec<String>)> {
    let rows = kinds().flat_map(|kind| export(dossier, kind).rows.into_iter().map(|row| (kind.name, row.cells)));
    rows.map(|(kind, mut cells)| {
        cells.pop();
        (kind, cells)
    })
    .collect()
}

fn actions(dossier: &Dossier, sheets: &[Sheet]) -> Vec<RowAction> {
    plan(dossier, sheets).rows.into_iter().map(|row| row.action).collect()
}

/// Columns that are refused, with the line.
fn refused(dossier: &Dossier, sheets: &[Sheet]) -> Vec<(u64, String)> {
    let rows = plan(dossier, sheets).rows;
    let faults = rows.into_iter().flat_map(|row| match row.action {
        RowAction::Refuse(faults) => faults.into_iter().map(|fault| (row.line, fault.column)).collect(),
        _ => Vec::new(),
    });
    faults.collect()
}

fn sample() -> [Sheet; 3] {
    [
        sheet(
            "target",
            "
            Wat wordt gemeten     | doel               | INDICATOR | Beperkt tot | Streefwaarde  per jaar
            Jeugdigen met hulp    | Minder zware hulp  | clienten-met-zorg | wet = jw | 2026=11,5
            Jeugdigen met hulp    | Jeugd groeit op    | clienten-met-zorg | | ",
        ),
        sheet(
            "goal",
            "
            Doel | Level | Hoort bij | Thema's | Eigenaar
            Minder zware hulp | tactisch doel | Jeugd groeit op | Jeugd; Toegang | afdelingshoofd
            Jeugd groeit op | Strategic goal | | Jeugd | ",
        ),
        sheet("theme", "Naam\nToegang\nJeugd"),
    ]
}

#[tokio::test]
async fn what_is_named_may_stand_anywhere_and_twice_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let expected = Written { created: 6, ..Written::default() };
    assert_eq!(import(&register, 0, &sample()).await, expected);
    let before = register.now().await.expect("a view").edit();

    let first = dossier(&register).await;
    let goal = first.of_kind("goal").find(|entry| entry.name() == "Minder zware hulp").expect("the goal");
    assert_eq!(
        goal.references().filter_map(|(_, id)| first.name(id)).collect::<Vec<_>>(),
        ["Jeugd groeit op", "Jeugd", "Toegang"]
    );
    let target =
        first.of_kind("target").find(|entry| entry.text("goal") == goal.version.id.to_string()).expect("a target");
    assert_eq!((target.text("filters"), target.text("targets")), ("wet=jw", "2026: 11,5"));

    assert_eq!(import(&register, 1, &sample()).await, Written { same: 6, ..Written::default() });
    assert_eq!(register.now().await.expect("a view").edit(), before, "nothing was written");
}

#[tokio::test]
async fn columns_that_are_not_there_stay_and_empty_cells_empty() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    import(&register, 0, &sample()).await;
    let less = sheet("goal", "name | owner\nMinder zware hulp |\nJeugd groeit op | directeur");
    assert_eq!(import(&register, 1, &[less]).await, Written { changed: 2, ..Written::default() });
    let goals: Vec<_> = dossier(&register).await.of_kind("goal").cloned().collect();
    let minder = goals.iter().find(|goal| goal.name() == "Minder zware hulp").expect("the goal");
    assert_eq!((minder.text("owner"), minder.text("level"), minder.version.number), ("", "tactisch", 2));
    assert_eq!(
        goals.iter().find(|goal| goal.name() == "Jeugd groeit op").expect("the goal").text("owner"),
        "directeur"
    );
}

#[tokio::test]
async fn an_identification_renames_and_the_old_name_still_leads_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    import(&register, 0, &sample()).await;
    let before = dossier(&register).await;
    let id = before.of_kind("theme").find(|entry| entry.name() == "Jeugd").expect("a theme").version.id;
    let themes = sheet("theme", &format!("id | Naam\n{id} | Jeugdhulp\n | Jeugd"));
    let goals =
        sheet("goal", "Doel | Niveau | Thema's\nNieuw | tactisch | Jeugdhulp\nJeugd groeit op | strategisch | jeugd");
    assert_eq!(refused(&before, &[themes.clone(), goals]), [(3, "Thema's".to_owned())], "names are exact");

    let goals = sheet("goal", "Doel | Niveau | Thema's\nNieuw | tactisch | Jeugdhulp; Jeugd");
    assert_eq!(import(&register, 1, &[themes, goals]).await, Written { created: 2, changed: 1, ..Written::default() });
    let after = dossier(&register).await;
    assert_eq!(after.name(id), Some("Jeugdhulp"));
    let new = after.of_kind("goal").find(|entry| entry.name() == "Nieuw").expect("the goal");
    assert_eq!(new.references().count(), 2, "the renamed one and the new one of the old name");
    let themes = sheet("theme", &format!("id | Naam\n{id} | Opgroeien"));
    let goals = sheet("goal", "Doel | Thema's\nNieuw | Jeugdhulp");
    let actions = actions(&after, &[goals, themes]);
    assert!(actions.iter().all(|action| matches!(action, RowAction::Change(_))), "{actions:?}");
}

#[tokio::test]
async fn every_fault_is_named_with_its_column_and_the_rest_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    import(&register, 0, &sample()).await;
    let now = dossier(&register).await;
    let theme = now.of_kind("theme").next().expect("a theme").version.id;
    let goals = sheet(
        "goal",
        &format!(
            "Doel | Niveau | Hoort bij | id | Kleur | Niveau
            Hoog | hoogst | | | rood
             | tactisch | Er is geen
            Visie 2040 | visie | Jeugd groeit op
            Onder Hoog | tactisch | Hoog
            Daaronder | tactisch | Onder Hoog
            Goed | tactisch | Jeugd groeit op
            Dubbel | tactisch
            Dubbel | strategisch
            Thema | visie | | {theme}
            | | | "
        ),
    );
    let sheets = [goals];
    let expected = [
        (2, "Niveau"),
        (3, "Hoort bij"),
        (3, "Doel"),
        (4, "Hoort bij"),
        (5, "Hoort bij"),
        (6, "Hoort bij"),
        (8, "Doel"),
        (9, "Doel"),
        (10, "id"),
    ];
    assert_eq!(refused(&now, &sheets), expected.map(|(line, column)| (line, column.to_owned())));
    assert_eq!(plan(&now, &sheets).unknown, [(0, "Kleur".to_owned()), (0, "Niveau".to_owned())]);
    assert_eq!(import(&register, 1, &sheets).await, Written { created: 1, refused: 8, ..Written::default() });
}

#[tokio::test]
async fn objects_with_one_name_are_told_apart_by_what_they_belong_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let programmes = sheet("programme", "Programma\nA\nB");
    let items = sheet(
        "plan_item",
        "
        Onderdeel | Programma | Niveau | Hoort bij
        Evaluatie | A | hoofdstuk |
        Evaluatie | B | hoofdstuk |
        Gesprek | B | activiteit | Evaluatie",
    );
    let figures =
        sheet("care_quality", "Wat is gevraagd of gemeten | Jaar | Percentage\nGoed | 2018 | 81\nGoed | 2019 | 83");
    let sheets = [items, figures, programmes];
    assert_eq!(import(&register, 0, &sheets).await, Written { created: 7, ..Written::default() });
    let now = dossier(&register).await;
    let talk = now.of_kind("plan_item").find(|entry| entry.name() == "Gesprek").expect("the item");
    let above = now.get(talk.text("parent").parse().expect("an id")).expect("the chapter");
    assert_eq!(above.text("programme"), talk.text("programme"));
    assert_eq!(import(&register, 1, &sheets).await, Written { same: 7, ..Written::default() });
    let again: Vec<Sheet> = kinds().map(|kind| export(&now, kind)).collect();
    assert!(actions(&now, &again).iter().all(|action| matches!(action, RowAction::Same(_))));
}

#[test]
fn every_column_and_sheet_has_names_of_its_own() {
    let plain = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    let names = |field: &Field| BTreeSet::from([plain(field.name), plain(field.label.nl), plain(field.label.en)]);
    for kind in kinds() {
        let mut seen = BTreeSet::from([ID.to_owned()]);
        for name in kind.fields.iter().flat_map(names) {
            assert!(seen.insert(name.clone()), "{}: {name} is two columns", kind.name);
        }
        let called = |name: &str| kind_called(name).map(|found| found.name);
        for name in [kind.name, kind.one.nl, kind.many.nl, kind.one.en, kind.many.en, &sheet_name(kind)] {
            assert_eq!(called(name), Some(kind.name), "{name}");
        }
        assert_eq!(called(&format!("03-{}", kind.many.nl.replace(' ', "-").to_uppercase())), Some(kind.name));
        assert!(sheet_name(kind).chars().count() <= 31, "{}", kind.name);
    }
    assert!(kind_called("Blad1").is_none() && kind_called("").is_none());
}

#[tokio::test]
async fn a_fault_says_what_is_wrong_and_not_what_stood_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let goals = sheet("goal", "Doel | Eigenaar\nCliënt 999900006 | jan");
    let rows = plan(&dossier(&register).await, &[goals]).rows;
    let RowAction::Refuse(faults) = &rows[0].action else { panic!("it is refused") };
    assert_eq!(faults.iter().map(|fault| fault.fault.problem).collect::<Vec<_>>(), [Problem::CitizenNumber]);
    assert!(!format!("{faults:?}").contains("999900006"));
}

/// Themes, goals that name each other, targets of the goals, and parts of theories with links, as sheets.
fn sheets() -> impl Strategy<Value = Vec<Sheet>> {
    // A parent comes after: no goal is below itself. Neither rows nor sheets stay in this order.
    let goals = prop::collection::vec((0_usize..9, prop::collection::vec(0_usize..3, 0..3), any::<bool>()), 1..9);
    let targets = prop::collection::btree_set((0_usize..2, 0_usize..9), 0..6);
    let links = prop::collection::btree_set((0_usize..4, 0_usize..4), 0..5);
    (goals, targets, links).prop_map(|(goals, targets, links)| {
        let themes: Vec<String> = (0..3).map(|at| format!("Thema {at}")).collect();
        let goal = |at: usize| format!("Doel {}; deel", at % goals.len());
        let rows = goals.iter().enumerate().map(|(at, (parent, of, has_parent))| {
            let later = goals.len() - at - 1;
            let parent = if *has_parent && later > 0 { goal(at + 1 + parent % later) } else { String::new() };
            let of: Vec<&str> = of.iter().map(|theme| themes[*theme].as_str()).collect();
            vec![goal(at), "tactisch".to_owned(), parent, of.join(" ; ")]
        });
        let goal_rows = rows.collect();
        let targets: BTreeSet<_> = targets.into_iter().map(|(name, at)| (name, at % goals.len())).collect();
        let targets = targets
            .into_iter()
            .map(|(name, at)| vec![format!("Aantal {name}"), goal(at), "1.250,5".to_owned(), "2024".to_owned()]);
        let parts = (0..4).map(|at| vec![format!("Deel {at}"), themes[at % 3].clone()]);
        let links = links.into_iter().filter(|(from, to)| from != to);
        let links =
            links.map(|(from, to)| vec!["Als dit, dan dat".to_owned(), format!("Deel {from}"), format!("Deel {to}")]);
        vec![
            rows_of("theme", &["Naam"], themes.iter().map(|name| vec![name.clone()]).collect()),
            rows_of("goal", &["Doel", "Niveau", "Hoort bij", "Thema's"], goal_rows),
            rows_of("target", &["Wat wordt gemeten", "Doel", "Beginwaarde", "Beginjaar"], targets.collect()),
            rows_of("theory_part", &["Onderdeel", "Thema"], parts.collect()),
            rows_of("theory_link", &["Veronderstelling", "Van", "Naar"], links.collect()),
        ]
    })
}

fn rows_of(kind: &'static str, header: &[&str], rows: Vec<Vec<String>>) -> Sheet {
    let header = header.iter().map(|title| (*title).to_owned()).collect();
    Sheet { kind, header, rows: (2..).zip(rows).map(|(line, cells)| SheetRow { line, cells }).collect() }
}

/// The same sheets and rows in another order.
fn shuffled() -> impl Strategy<Value = (Vec<Sheet>, Vec<Sheet>)> {
    sheets().prop_flat_map(|sheets| {
        let rows: Vec<_> = sheets.iter().map(|sheet| Just(sheet.rows.clone()).prop_shuffle()).collect();
        let order = Just((0..sheets.len()).collect::<Vec<_>>()).prop_shuffle();
        (Just(sheets), rows, order).prop_map(|(sheets, rows, order)| {
            let other = order.iter().map(|at| Sheet { rows: rows[*at].clone(), ..sheets[*at].clone() }).collect();
            (sheets, other)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_exported_is_what_is_there_and_order_does_not_matter((sheets, other) in shuffled()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let folders: [TempDir; 2] = std::array::from_fn(|_| tempfile::tempdir().expect("a folder"));
            let (one, two) = (register(&folders[0]).await, register(&folders[1]).await);
            let count = sheets.iter().map(|sheet| sheet.rows.len()).sum();
            prop_assert_eq!(import(&one, 0, &sheets).await, Written { created: count, ..Written::default() });
            prop_assert_eq!(import(&two, 0, &other).await, Written { created: count, ..Written::default() });
            prop_assert_eq!(import(&one, 1, &other).await, Written { same: count, ..Written::default() });
            let (one, two) = (dossier(&one).await, dossier(&two).await);
            let ids = |dossier: &Dossier, cells: BTreeSet<(&'static str, Vec<String>)>| names_for_ids(dossier, cells);
            prop_assert_eq!(ids(&one, all(&one)), ids(&two, all(&two)));
            let again: Vec<Sheet> = kinds().map(|kind| export(&one, kind)).collect();
            let changed: Vec<_> = actions(&one, &again).into_iter().filter(|action| !matches!(action, RowAction::Same(_))).collect();
            prop_assert!(changed.is_empty(), "{:?}", changed);
            Ok(())
        })?;
    }
}

/// Cells with the names of objects where an export had to give identifications.
fn names_for_ids(
    dossier: &Dossier,
    rows: BTreeSet<(&'static str, Vec<String>)>,
) -> BTreeSet<(&'static str, Vec<String>)> {
    let called = |kind: &Kind, at: usize, cell: &str| {
        let is_reference = matches!(kind.fields[at].input, Input::One(_) | Input::Many(_));
        let name =
            |part: &str| part.trim().parse().ok().and_then(|id| dossier.name(id)).unwrap_or(part.trim()).to_owned();
        if is_reference { cell.split(';').map(name).collect::<Vec<_>>().join(" + ") } else { cell.to_owned() }
    };
    let to_names = |(kind, cells): (&'static str, Vec<String>)| {
        let of = kind_named(kind).expect("a kind");
        let cells = cells.iter().enumerate().map(|(at, cell)| called(of, at, cell)).collect();
        (kind, cells)
    };
    rows.into_iter().map(to_names).collect()
}

#[test]
fn a_sheet_without_objects_is_a_template() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let empty = dossier(&register(&folder).await).await;
        let sheet = export(&empty, grip_policy::Goal::kind());
        assert_eq!(sheet.header.first().map(String::as_str), Some("Doel"));
        assert_eq!((sheet.header.last().map(String::as_str), sheet.rows.len()), (Some(ID), 0));
    });
}

/// A file as texts and numbers of a spreadsheet: `#` before a cell that is a number.
fn file(kind: &Kind, text: &str) -> Sheet {
    let rows = (1..).zip(text.trim().lines()).map(|(line, row)| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let numbers = cells.iter().enumerate().filter(|(_, cell)| cell.starts_with('#')).map(|(at, _)| at).collect();
        FileRow { line, cells: cells.iter().map(|cell| cell.trim_start_matches('#').to_owned()).collect(), numbers }
    });
    Sheet::of_file(kind_named(kind.name).expect("a kind"), rows)
}

#[test]
fn a_number_of_a_spreadsheet_is_what_its_column_holds() {
    let cells = |sheet: &Sheet| sheet.rows[0].cells.join(" | ");
    let items = file(
        grip_policy::PlanItem::kind(),
        "Onderdeel | Nummer | Geraamde kosten | Uren | Kleur | Begin
        #2025 | #1.1 | #33333.333333 | #1250.125 | #1.5 | 2025-01-31",
    );
    assert_eq!(cells(&items), "2025 | 1.1 | 33.333,33 | 1250,125 | 1.5 | 2025-01-31");
    let amounts = |amount: &str| {
        let text = format!("Waarvoor | Bedrag\nIets | {amount}");
        cells(&file(grip_policy::Funding::kind(), &text)).replace("Iets | ", "")
    };
    for (number, expected) in [
        ("#-0.005", "-0,01"),
        ("#1250", "1.250,00"),
        ("#0.1", "0,10"),
        ("#1.234", "1,23"),
        ("#-1.999", "-2,00"),
        ("#1.0e-40", "1.0e-40"),
        ("#99999999999999999999", "99999999999999999999"),
        ("1.234", "1.234"),
    ] {
        assert_eq!(amounts(number), expected, "{number}");
    }
}

#[tokio::test]
async fn half_of_one_percent_is_not_guessed_to_be_fifty() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let outcomes = file(
        grip_policy::CareQuality::kind(),
        "Wat is gevraagd of gemeten | Jaar | Percentage\nGoed | #2024 | #0.5\nBeter | #2024 | #81.5",
    );
    let now = dossier(&register).await;
    assert_eq!(refused(&now, std::slice::from_ref(&outcomes)), [(2, "Percentage".to_owned())]);
    assert_eq!(import(&register, 0, &[outcomes]).await, Written { created: 1, refused: 1, ..Written::default() });
}

/// A sheet as the pages give it: `grip_report::download::csv`, which this crate can't call.
fn as_download(sheet: &Sheet) -> String {
    let quoted = |cell: &String| {
        let is_formula =
            cell.starts_with(['=', '+', '@', '\t', '\r']) || cell.starts_with('-') && cell.parse::<f64>().is_err();
        let mark = if is_formula { "'" } else { "" };
        format!("\"{mark}{}\"", cell.replace('"', "\"\""))
    };
    let line = |cells: &[String]| cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n";
    line(&sheet.header) + &sheet.rows.iter().map(|row| line(&row.cells)).collect::<String>()
}

#[tokio::test]
async fn what_was_downloaded_reads_back_as_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let mut measures = sheet(
        "measure",
        "Maatregel | Verwachte besparing per maand | Onderbouwing van de besparing | Nummer
        @thuis | -500,00 | * | +1
        -5 | 12,50 | \"ja\", zei zij | '=1 is een formule",
    );
    measures.rows[0].cells[2] = "- eerst dit\n- dan dat".to_owned();
    assert_eq!(import(&register, 0, &[measures]).await, Written { created: 2, ..Written::default() });
    let now = dossier(&register).await;
    let first = now.of_kind("measure").next().expect("a measure");
    assert_eq!((first.text("saving_per_month"), first.text("number")), ("-500,00", "+1"));
    let exported = export(&now, grip_policy::Measure::kind());
    let text = as_download(&exported);
    assert!(text.contains("\"'-500,00\"") && text.contains("\"'- eerst dit"), "{text}");
    let found = grip_import::sheets(text.as_bytes()).expect("a table").remove(0);
    let rows = found.rows.into_iter();
    let rows = rows.map(|row| FileRow { line: row.line, cells: row.cells, numbers: row.numbers });
    let again = Sheet::of_file(grip_policy::Measure::kind(), rows);
    let actions = actions(&now, &[again]);
    assert!(actions.iter().all(|action| matches!(action, RowAction::Same(_))) && actions.len() == 2, "{actions:?}");
}

#[tokio::test]
async fn nothing_comes_below_itself_by_way_of_a_sheet() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let goals = |rows: &str| sheet("goal", &format!("Doel | Niveau | Hoort bij\n{rows}"));
    // Both are new; what hangs below them goes with them, another stays.
    let circle = goals(
        "A | tactisch | B\nB | tactisch | A\nOnder A | tactisch | A\nC | tactisch |\nD | tactisch | C\nE | tactisch | E",
    );
    let now = dossier(&register).await;
    let column = || "Hoort bij".to_owned();
    assert_eq!(refused(&now, std::slice::from_ref(&circle)), [2, 3, 4, 7].map(|line| (line, column())));
    assert_eq!(import(&register, 0, &[circle]).await, Written { created: 2, refused: 4, ..Written::default() });
    // By way of what is there: D stands below C.
    let now = dossier(&register).await;
    assert_eq!(refused(&now, &[goals("C | tactisch | D")]), [(2, column())]);
    // To turn it round is no circle, unless the row that makes room is refused itself.
    assert!(refused(&now, &[goals("C | tactisch | D\nD | tactisch |")]).is_empty());
    let found = refused(&now, &[goals("C | tactisch | D\nD | hoogst |")]);
    assert_eq!(found, [(2, column()), (3, "Niveau".to_owned())]);
}

/// Not a circle: each field leads one way. They can only be made one after the other.
#[tokio::test]
async fn a_chapter_can_wait_for_an_item_that_belongs_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let sheets = [
        sheet("programme", "Programma\nP"),
        sheet(
            "plan_item",
            "Onderdeel | Programma | Hoort bij | Pas na\nHoofdstuk | P | | Deel\nDeel | P | Hoofdstuk |\nWeer | P | | Weer",
        ),
    ];
    assert_eq!(refused(&dossier(&register).await, &sheets), [(4, "Pas na".to_owned())]);
    assert_eq!(import(&register, 0, &sheets).await, Written { created: 3, refused: 1, ..Written::default() });
    assert_eq!(import(&register, 1, &sheets).await, Written { same: 3, refused: 1, ..Written::default() });
}

#[tokio::test]
async fn names_that_a_cell_can_not_hold_are_identifications() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    // 180 names of 190 letters: 34,000 characters and a separator each.
    let name = |at: usize| format!("{at:03} {}", "x".repeat(186));
    let names: Vec<String> = (0..180).map(name).collect();
    let themes = rows_of("theme", &["Naam"], names.iter().map(|name| vec![name.clone()]).collect());
    let goals = rows_of("goal", &["Doel", "Thema's"], vec![vec!["Alles".to_owned(), names.join("; ")]]);
    assert_eq!(import(&register, 0, &[themes, goals]).await.created, 181);
    let now = dossier(&register).await;
    let again = export(&now, grip_policy::Goal::kind());
    let longest = again.rows[0].cells.iter().map(|cell| cell.chars().count()).max();
    assert_eq!(longest, Some(180 * 28 - 2), "identifications");
    assert_eq!(actions(&now, &[again]), [RowAction::Same(now.of_kind("goal").next().expect("a goal").version.id)]);
}
