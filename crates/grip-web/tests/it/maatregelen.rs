//! Measures on pages: what they should save, what they saved, whose purse, and what the reserve can bear.

use std::{net::SocketAddr, sync::OnceLock};

use grip_pipeline::{
    Grip, Key, ReceivedOn,
    effect::{Effect, EffectQuestion},
    ingest, open_lake,
};
use grip_policy::{Texts, create, kind_named};
use grip_register::{By, ObjectId, Register};
use grip_synth::{Municipality, Scenario, Settings, simulate, write};
use grip_types::{Maand, parse_date};
use jiff::Timestamp;

use crate::{
    http::get,
    pages::{check_page, links},
    town::{folder, start_with, town},
};

struct Board {
    server: SocketAddr,
    measure: ObjectId,
    late: ObjectId,
    goal: ObjectId,
}

/// A register with measures over the town, written before the server opens it.
fn board() -> &'static Board {
    static BOARD: OnceLock<Board> = OnceLock::new();
    BOARD.get_or_init(|| {
        let path = folder("maatregelen").join("register.db");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let [goal, measure, late] = runtime.block_on(written(&format!("sqlite:{}", path.display())));
        Board { server: start_with(town().grip().clone(), Some(path)), measure, late, goal }
    })
}

async fn written(address: &str) -> [ObjectId; 3] {
    let register = Register::open(address).await.expect("a register");
    let by =
        By { actor: "beleidsadviseur".parse().expect("an account"), at: Timestamp::UNIX_EPOCH, reason: String::new() };
    let mut edit = register.edit(by).await.expect("an edit");
    let mut make = async |kind: &str, fields: &[(&str, &str)]| {
        let given = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let texts: Texts = given.chain([("gemeente".to_owned(), "9998".to_owned())]).collect();
        create(&mut edit, kind_named(kind).expect("a kind"), &texts).await.expect("it is made")
    };
    let goal = make("goal", &[("name", "Minder zware jeugdhulp"), ("level", "strategisch")]).await;
    let goals = goal.to_string();
    let running = [
        ("name", "Minder verlengen"),
        ("goals", goals.as_str()),
        ("knob", "toegang"),
        ("status", "loopt"),
        ("owner", "manager toegang"),
        ("begin", "2024-01"),
        ("full_from", "2024-04"),
        ("saving_per_month", "4.000"),
        ("cost_once", "10.000"),
        ("reasoning", "Een op de tien verlengingen kan korter."),
        ("indicator", "gedeclareerd"),
        ("filters", "wet=jw"),
        ("comparison", "wet=wmo"),
    ];
    let measure = make("measure", &running).await;
    let twice: Vec<(&str, &str)> =
        running.iter().map(|(name, text)| (*name, if *name == "name" { "Strenger toetsen" } else { text })).collect();
    make("measure", &twice).await;
    let late = [
        ("name", "Later begonnen"),
        ("status", "loopt"),
        ("begin", "2025-03"),
        ("indicator", "gedeclareerd"),
        ("filters", "wet=wmo; categorie=01"),
        ("saving_per_month", "1.000"),
        ("stream", "inkoop"),
    ];
    let late = make("measure", &late).await;
    make("measure", &[("name", "Nog een idee")]).await;
    let pilot = [
        ("name", "Ondersteuner bij de huisarts"),
        ("sort", "pilot"),
        ("status", "loopt"),
        ("saving_per_month", "75.000"),
        ("evaluated_saving", "436.074"),
        ("evaluated_year", "2019"),
        ("share_municipality", "60"),
        ("share_insurer", "25"),
        ("under_study", "Wie de rest krijgt."),
    ];
    make("measure", &pilot).await;
    make(
        "reserve",
        &[
            ("name", "Algemene reserve"),
            ("date", "2023-12-31"),
            ("amount", "2.000.000"),
            ("minimum", "1.500.000"),
            ("source", "Jaarrekening 2023"),
        ],
    )
    .await;
    let named = measure.to_string();
    make("decision", &[("name", "Ja tegen minder verlengen"), ("date", "2023-11-14"), ("measures", named.as_str())])
        .await;
    edit.commit().await.expect("it is written");
    [goal, measure, late]
}

#[test]
fn the_board_tells_expected_realised_and_to_come() {
    let page = get(board().server, "/maatregelen");
    check_page(&page, 200, "nl");
    for text in [
        "Minder verlengen",
        "Nog een idee",
        "Gerealiseerd",
        "Nog te komen dit jaar",
        "<figure",
        "Wat meer dan één maatregel zich toerekent",
        "hoogstens dubbel",
        "Minder zware jeugdhulp",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(
        page.body.contains("definitieve maanden mét") || page.body.contains("begint na de laatste"),
        "the late one says why"
    );
    let english = get(board().server, "/maatregelen?taal=en");
    check_page(&english, 200, "en");
    // 2 × (1 000 + 2 000 + 3 000 + 11 × 4 000) up to February 2025, and nothing of the one that begins later.
    let csv = get(board().server, "/maatregelen?tabel=maatregelen-loopt&formaat=csv");
    assert!(csv.body.contains("50000"), "{}", csv.body);
}

#[test]
fn the_board_is_narrowed_by_its_address() {
    let Board { server, goal, .. } = board();
    let count = |query: &str| {
        let page = get(*server, &format!("/maatregelen?{query}"));
        check_page(&page, 200, "nl");
        let mut found = links(&page.body, "/maatregelen/");
        found.retain(|link| !link.contains("/pilots"));
        found.sort();
        found.dedup();
        found.len()
    };
    assert_eq!(count(""), 5);
    assert_eq!(count(&format!("doel={goal}")), 2);
    assert_eq!(count("status=loopt"), 4);
    assert_eq!(count("status=idee"), 1);
    assert_eq!(count("knop=toegang"), 2);
    assert_eq!(count("soort=pilot"), 1);
    assert_eq!(count("spoor=inkoop"), 1);
    assert_eq!(count("eigenaar=niemand"), 0);
    check_page(&get(*server, "/maatregelen?status=onzin"), 400, "nl");
}

#[test]
fn one_measure_says_how_much_and_how_sure() {
    let Board { server, measure, .. } = board();
    let address = format!("/maatregelen/{measure}");
    let page = get(*server, &address);
    check_page(&page, 200, "nl");
    for text in [
        "80 % zekerheid",
        "Toeschrijven is onzeker",
        "onderbroken reeks",
        "synthetische controle",
        "<figure",
        "Een op de tien verlengingen",
        "Ja tegen minder verlengen",
        "Minder zware jeugdhulp",
        "in de prognose",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(page.body.contains(&format!("/register/measure/{measure}")), "its own page in the register");
    assert!(page.body.contains("/indicatoren/gedeclareerd?") && page.body.contains("wet=jw"));
    check_page(&get(*server, &format!("{address}?taal=en")), 200, "en");
    // As known early, when no month with it was definitive.
    let early = get(*server, &format!("{address}?peildatum=2024-03-31"));
    check_page(&early, 200, "nl");
    assert!(early.body.contains("Nog niet te zeggen wat deze maatregel bespaarde"));
    let late = get(*server, &format!("/maatregelen/{}", board().late));
    check_page(&late, 200, "nl");
    assert!(late.body.contains("Nog niet te zeggen"));
    for missing in [format!("/maatregelen/{}", board().goal), "/maatregelen/onzin".to_owned()] {
        check_page(&get(*server, &missing), 404, "nl");
    }
}

#[test]
fn figures_of_pilots_stand_side_by_side() {
    let page = get(board().server, "/maatregelen/pilots");
    check_page(&page, 200, "nl");
    let body = page.body.replace("&nbsp;", " ").replace('\u{a0}', " ");
    for text in ["900.000", "436.074", "463.926", "261.644,40", "109.018,50", "65.411,10", "Wie de rest krijgt."] {
        assert!(body.contains(text), "{text}");
    }
    assert!(!page.body.contains("Minder verlengen"), "no pilot");
    check_page(&get(board().server, "/maatregelen/pilots?taal=en"), 200, "en");
}

#[test]
fn deficits_are_held_against_the_reserve() {
    let page = get(board().server, "/geld/weerstand");
    check_page(&page, 200, "nl");
    for text in ["Algemene reserve", "artikel 12", "Kans op minder dan het minimum", "<figure", "Jaarrekening 2023"] {
        assert!(page.body.contains(text), "{text}");
    }
    check_page(&get(board().server, "/geld/weerstand?taal=en"), 200, "en");
    // Before there was a state of the reserve there is nothing to hold against it.
    let early = get(board().server, "/geld/weerstand?peildatum=2023-06-30");
    check_page(&early, 200, "nl");
    assert!(early.body.contains("geen stand van de algemene reserve") && !early.body.contains("<figure"));
}

#[test]
fn a_board_without_measures_says_what_to_do() {
    let server = start_with(town().grip().clone(), Some(folder("zonder-maatregelen").join("register.db")));
    for path in ["/maatregelen", "/maatregelen/pilots"] {
        let page = get(server, path);
        check_page(&page, 200, "nl");
        assert!(page.body.contains("Hier staan nog geen"), "{path}");
    }
    assert!(get(server, "/maatregelen").body.contains("/register/measure/nieuw"));
}

fn ask(
    grip: &Grip,
    touched: &[(&str, &str)],
    taken: Vec<Vec<(String, String)>>,
    begin: Maand,
    peildatum: &str,
) -> std::sync::Arc<Effect> {
    let parts =
        |parts: &[(&str, &str)]| parts.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let question = EffectQuestion {
        gemeente: town().gemeente(),
        peildatum: parse_date(peildatum).expect("a day"),
        indicator: "gedeclareerd".to_owned(),
        touched: parts(touched),
        comparison: Vec::new(),
        begin,
        end: None,
        taken,
    };
    grip.effect(&question).expect("an answer")
}

/// Where nothing was done the intervals of 80 % hold zero about as often as they say.
#[test]
fn what_was_not_done_saved_nothing() {
    let (mut held, mut all) = (0, 0);
    for touched in [[("wet", "jw")], [("wet", "wmo")]] {
        for back in 4..14 {
            let effect = ask(town().grip(), &touched, Vec::new(), Maand::new(2025, 2).plus(-back), "2025-06-30");
            for found in effect.methods.iter().filter_map(|method| method.found.as_ref()) {
                all += 1;
                held += usize::from(found.total.p10 <= 0 && 0 <= found.total.p90);
            }
        }
    }
    println!("no effect: {held} of {all} intervals hold zero");
    assert!(all >= 40 && 10 * held >= 6 * all, "{held} of {all}");
}

/// A town to its end in December 2025, with a scenario that begins in January 2025.
fn scenario(scenario: Scenario) -> Settings {
    Settings {
        gemeente: "9998".parse().expect("a code"),
        inhabitants: 12_000,
        from: parse_date("2021-01-01").expect("a day"),
        to: parse_date("2025-12-31").expect("a day"),
        seed: 23,
        scenario,
    }
}

/// What was granted in the end under a law, of care in the first eight months of 2025.
fn granted(town: &Municipality, wet: &str) -> i64 {
    let months = Maand::new(2025, 1)..=Maand::new(2025, 8);
    let cells = town.truth.iter().filter(|((segment, maand), _)| segment.0.as_str() == wet && months.contains(maand));
    cells.map(|(_, (_, granted))| granted).sum()
}

/// Every tariff rose by 12 %: what that cost is known, as the same town without it is. Nothing is untouched by it.
#[test]
fn what_was_done_is_found() {
    let (with, without) = (scenario(Scenario::TariffJump), scenario(Scenario::Default));
    let (with, without) = (simulate(&with).expect("a town"), simulate(&without).expect("a town"));
    let root = folder("tariefsprong");
    let (files, data) = (root.join("files"), root.join("data"));
    write(&with, &files, |_| {}).expect("written");
    let key = Key::load_or_make(&root.join("key"), &data).expect("a key");
    let lake = open_lake(&data).expect("a lake");
    ingest(&lake, &key, &files.join("berichten"), ReceivedOn::FromFolder, None, |_| {}).expect("taken in");
    let grip = Grip::open(&data).expect("the lake");
    for wet in ["jw", "wmo"] {
        let effect = ask(&grip, &[("wet", wet)], vec![Vec::new()], Maand::new(2025, 1), "2025-12-31");
        let truth = granted(&without, wet) - granted(&with, wet);
        let found = effect.headline().expect("it can be told");
        println!("{wet}: {:?} says {:?}, truth {truth}", effect.first, found.total);
        assert_eq!(effect.known_to.as_deref(), Some("2025-08"));
        assert!(found.total.p10 <= truth && truth <= found.total.p90, "{:?} and {truth}", found.total);
        assert!(found.total.p50 < 0, "it cost more");
    }
}
