//! A programme and the decisions about it, over a register of their own.

use std::{net::SocketAddr, sync::OnceLock};

use grip_policy::{Texts, create, kind_named};
use grip_register::{By, Edit, ObjectId, Register};
use jiff::Timestamp;

use crate::{
    http::get,
    pages::{check_page, links},
    town::{folder, server, server_over, town, writing_server},
};

struct Programme {
    server: SocketAddr,
    id: ObjectId,
    /// Items 6, 6.1, 6.2 and 7.1.
    items: Vec<ObjectId>,
    /// A programme with a budget, of which nobody said what it costs.
    unsaid: ObjectId,
    /// What is to be done in it.
    unsaid_item: ObjectId,
}

/// Made once per run.
fn programme() -> &'static Programme {
    static PROGRAMME: OnceLock<Programme> = OnceLock::new();
    PROGRAMME.get_or_init(|| {
        let path = folder("register-programma").join("register.db");
        // The town is made by a runtime of its own, which can't be inside another.
        town();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (id, items, (unsaid, unsaid_item)) = runtime.block_on(async {
            let register = Register::open(&format!("sqlite:{}", path.display())).await.expect("a register");
            let by = By { actor: "rol".parse().expect("an account"), at: Timestamp::UNIX_EPOCH, reason: String::new() };
            let mut edit = register.edit(by).await.expect("an edit");
            let (id, items) = write(&mut edit).await;
            let unsaid = write_unsaid(&mut edit).await;
            edit.commit().await.expect("it is written");
            (id, items, unsaid)
        });
        Programme { server: server_over(path), id, items, unsaid, unsaid_item }
    })
}

async fn make(edit: &mut Edit, kind: &str, fields: &[(&str, &str)]) -> ObjectId {
    let mut texts = Texts::from([("gemeente".to_owned(), town().gemeente().to_string())]);
    texts.extend(fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    create(edit, kind_named(kind).expect("a kind"), &texts).await.unwrap_or_else(|error| panic!("{kind}: {error}"))
}

async fn write_unsaid(edit: &mut Edit) -> (ObjectId, ObjectId) {
    let fields = [("name", "Nog te ramen"), ("contingency", "10"), ("budget", "980.000")];
    let id = make(edit, "programme", &fields).await;
    let own = id.to_string();
    let item = make(edit, "plan_item", &[("programme", &own), ("name", "Iets")]).await;
    make(edit, "risk", &[("programme", &own), ("name", "Uitloop")]).await;
    (id, item)
}

async fn write(edit: &mut Edit) -> (ObjectId, Vec<ObjectId>) {
    let fields = [("name", "Duurzaam <domein>"), ("contingency", "10"), ("budget", "980.000"), ("end", "2022-12-31")];
    let id = make(edit, "programme", &fields).await;
    let own = id.to_string();
    let mine = ("programme", own.as_str());
    let fields = [mine, ("name", "Processen"), ("number", "6"), ("level", "hoofdstuk")];
    let days = [("begin", "2021-07-01"), ("end", "2021-12-31")];
    let chapter = make(edit, "plan_item", &[fields.as_slice(), &days].concat()).await;
    let above = chapter.to_string();
    let fields = [mine, ("name", "Procesanalyse"), ("number", "6.1"), ("parent", &above), ("begin", "2021-07-01")];
    let more =
        [("end", "2021-12-31"), ("status", "gereed"), ("cost", "100.000"), ("spent", "90.000"), ("track", "keten")];
    let first = make(edit, "plan_item", &[fields.as_slice(), &more].concat()).await;
    let after = first.to_string();
    let fields = [mine, ("name", "Nieuwe werkwijze"), ("number", "6.2"), ("parent", &above), ("begin", "2021-12-01")];
    let more =
        [("end", "2022-06-30"), ("after", &after), ("cost", "50.000"), ("owner", "projectleider"), ("hours", "600")];
    let second = make(edit, "plan_item", &[fields.as_slice(), &more].concat()).await;
    let after = second.to_string();
    let fields = [mine, ("name", "Zaaksysteem"), ("number", "7.1"), ("begin", "2022-07-01"), ("end", "2022-12-31")];
    let third = make(edit, "plan_item", &[fields.as_slice(), &[("after", &after)]].concat()).await;
    make(edit, "risk", &[mine, ("name", "Frictiekosten")]).await;
    make(edit, "risk", &[mine, ("name", "Uitloop"), ("amount", "20.000"), ("chance", "25")]).await;
    make(edit, "programme_role", &[mine, ("name", "Trekker"), ("function", "Projectleider"), ("capacity", "80")]).await;
    for (sort, amount) in
        [("geclaimd", "1.300.000"), ("toegekend", "550.000"), ("gevraagd", "430.000"), ("minder", "320.000")]
    {
        make(edit, "funding", &[mine, ("name", "Plan"), ("sort", sort), ("amount", amount)]).await;
    }
    let about = ("programmes", own.as_str());
    let fields =
        [("name", "Kom met een plan"), ("sort", "opdracht"), ("date", "2021-03-16"), ("due", "2021-06-20"), about];
    let asked = make(edit, "decision", &fields).await.to_string();
    let fields = [("name", "Voorstel budget"), ("sort", "voorstel"), ("body", "college"), ("date", "2021-06-22")];
    let proposal =
        make(edit, "decision", &[fields.as_slice(), &[("answers", &asked), about]].concat()).await.to_string();
    let fields = [("name", "Budget plan"), ("date", "2021-07-21"), ("outcome", "aangenomen"), ("amount", "430.000")];
    let one = make(edit, "goal", &[("name", "Eén toegang")]).await;
    let other = make(edit, "goal", &[("name", "Minder wachten")]).await;
    let goals = format!("{one} {other}");
    let more = [
        ("cover", "algemene reserve"),
        ("budget_change", "2021-12"),
        ("answers", &proposal),
        ("asked_of", "gemeenteraad"),
        ("goals", &goals),
        about,
    ];
    make(edit, "decision", &[fields.as_slice(), &more].concat()).await;
    let fields =
        [("name", "Hoe lang wachten mensen?"), ("sort", "vraag"), ("date", "2021-07-07"), ("due", "2021-08-01")];
    make(edit, "decision", &fields).await;
    (id, vec![chapter, first, second, third])
}

fn board(query: &str) -> String {
    format!("/programma/{}{query}", programme().id)
}

#[test]
fn the_list_leads_to_the_board() {
    let made = programme();
    let list = get(made.server, "/programma");
    check_page(&list, 200, "nl");
    // 6.2 waits for 6.1 and takes 212 days from 1 January 2022; 7.1 takes 184 days from 1 August.
    for text in ["Duurzaam &#60;domein&#62;", "2023-01-31", "2022-12-31", "165.000"] {
        assert!(list.body.contains(text), "{text} in {}", list.body);
    }
    let to = links(&list.body, &format!("/programma/{}", made.id));
    check_page(&get(made.server, &to[0]), 200, "nl");
    assert!(!links(&list.body, "/register/plan_item/inlezen").is_empty());
    assert!(!list.body.contains("Berekend uit iWmo"), "there are no figures of care");
    check_page(&get(made.server, "/programma?taal=en"), 200, "en");
    let empty = get(writing_server(), "/programma");
    check_page(&empty, 200, "nl");
    assert!(empty.body.contains("Er is nog geen programma"));
    check_page(&get(server(), "/programma"), 404, "nl");
}

#[test]
fn the_board_shows_planning_money_risks_and_people() {
    let made = programme();
    let page = get(made.server, &board(""));
    check_page(&page, 200, "nl");
    for text in [
        "pas klaar op 31 januari 2023, na het afgesproken einde",
        "begint 31 dagen te vroeg",
        "6.2 Nieuwe werkwijze",
        "had klaar moeten zijn",
        "Onvoorzien, 10 %",
        "klopt met de bron",
        "nog niet te bepalen",
        "1 van de 2 risico",
        "te veel",
        "speling 0 dagen",
        "; 2 onderdelen zijn te laat en niet opgeschoven",
        "Einde volgens planning",
        "zegt zelf 2021-07-01 – 2021-12-31, wat eronder hangt 2021-07-01 – 2022-06-30",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    check_page(&get(made.server, &board("?taal=en")), 200, "en");
    for unknown in ["/programma/iets".to_owned(), format!("/programma/{}", made.items[0])] {
        check_page(&get(made.server, &unknown), 404, "nl");
    }
}

#[test]
fn what_nobody_said_is_not_nothing() {
    let made = programme();
    let file = get(made.server, "/programma?tabel=programmas&formaat=csv").body;
    let row = file.lines().find(|line| line.starts_with("Nog te ramen")).expect("a row");
    assert_eq!(row, "Nog te ramen,,,0,,980000.00,,0.00,", "neither cost nor what is left");
    let board = format!("/programma/{}", made.unsaid);
    let page = get(made.server, &board);
    check_page(&page, 200, "nl");
    assert!(page.body.replace('\u{a0}', " ").contains("er is nog niets geraamd; het budget is € 980.000"));
    let tried = get(made.server, &format!("{board}?zonder={}", made.unsaid_item));
    assert!(tried.body.contains("in plaats van –"), "nobody said what it costs now");
    let last = |table: &str| {
        let file = get(made.server, &format!("{board}?tabel={table}&formaat=csv")).body;
        file.lines().last().expect("a line").to_owned()
    };
    assert_eq!(last("kosten"), "Totaal,,0.00,");
    assert_eq!(last("jaren"), "Totaal,");
    assert_eq!(last("risicos"), "\"Samen, voor zover bekend\",,,,,");
}

#[test]
fn filters_keep_what_is_above() {
    let made = programme();
    let page = get(made.server, &board("?spoor=keten&tabel=onderdelen&formaat=csv"));
    let lines: Vec<&str> = page.body.lines().skip(1).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("6 Processen") && lines[1].contains("6.1 Procesanalyse"), "{lines:?}");
    let page = get(made.server, &board("?status=gepland"));
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Nieuwe werkwijze"));
}

#[test]
fn what_if_shows_the_effect_and_keeps_nothing() {
    let made = programme();
    let page = get(made.server, &board(""));
    let tried = links(&page.body, &board("?"));
    let without = tried.iter().find(|link| link.contains(&format!("zonder={}", made.items[2]))).expect("a link");
    let page = get(made.server, without);
    check_page(&page, 200, "nl");
    for text in ["6.2 Nieuwe werkwijze vervalt", "2022-12-31, 31 dagen eerder dan 2023-01-31", "Steunt op wat vervalt"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!links(&page.body, &format!("/register/plan_item/{}/wijzig", made.items[2])).is_empty(), "to record it");
    let later = get(made.server, &board(&format!("?uitstel={}:2022-03-01", made.items[2])));
    check_page(&later, 200, "nl");
    // 212 days from 1 March end on 28 September, 184 days from then on 31 March.
    assert!(later.body.contains("2023-03-31, 59 dagen later dan 2023-01-31"), "{}", later.body);
    assert!(!get(made.server, &board("")).body.contains("2023-03-31"), "nothing is kept");
    for wrong in ["?uitstel=iets", "?zonder=iets", "?uitstel=01ARZ3NDEKTSV4RRFFQ69G0001:2022-01-01"] {
        check_page(&get(made.server, &board(wrong)), 400, "nl");
    }
}

#[test]
fn items_are_a_file_with_a_column_for_every_field() {
    let made = programme();
    let file = get(made.server, "/register/plan_item/blad?formaat=csv");
    let head = file.body.lines().next().expect("a head");
    assert_eq!(file.status, 200);
    let fields = kind_named("plan_item").expect("a kind").fields;
    assert_eq!(head.split([',', ';']).count(), fields.len() + 1, "{head}");
    assert!(get(made.server, &format!("/programma/{}", made.id)).body.contains("/register/plan_item/inlezen"));
}

#[test]
fn who_asked_what_and_was_it_answered() {
    let made = programme();
    let page = get(made.server, "/besluiten");
    check_page(&page, 200, "nl");
    let open = page.body.find("id=\"open\"").expect("what is open");
    let all = page.body.find("id=\"besluiten\"").expect("all");
    assert!(open < all && page.body[open..all].contains("Hoe lang wachten mensen?"));
    for text in ["dagen te laat", "beantwoord, 2 dagen te laat", "algemene reserve", "2021-12", "Wat uit wat volgde"] {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!links(&page.body, &format!("/programma/{}", made.id)).is_empty());
    let count = |query: &str| {
        get(made.server, &format!("/besluiten?tabel=besluiten&formaat=csv{query}")).body.lines().count() - 1
    };
    assert_eq!(count(""), 4);
    assert_eq!(count(&format!("&programma={}", made.id)), 3);
    assert_eq!((count("&soort=vraag"), count("&orgaan=college"), count("&in=2020")), (1, 1, 0));
    assert_eq!((count("&antwoord=te-laat"), count("&antwoord=beantwoord"), count("&antwoord=besloten")), (1, 1, 2));
    check_page(&get(made.server, "/besluiten?taal=en"), 200, "en");
    assert!(!links(&page.body, "/register/decision/inlezen").is_empty());
    assert!(!page.body.contains("Berekend uit iWmo"), "there are no figures of care");
    assert!(page.body.contains("Eén toegang (en nog 1)"), "{}", page.body);
    let file = get(made.server, "/besluiten?tabel=besluiten&formaat=csv").body;
    for text in ["Gevraagd door,Gevraagd aan", "Eén toegang; Minder wachten", "gemeenteraad"] {
        assert!(file.contains(text), "{text} in {file}");
    }
    // What asks nothing is answered too: the proposal by the decision.
    let proposal = file.lines().find(|line| line.starts_with("Voorstel budget")).expect("a row");
    assert!(proposal.contains(",Budget plan,Kom met een plan,"), "{proposal}");
    let money = |day: &str| {
        let path = format!("/besluiten?tabel=dekking&formaat=csv&peildatum={day}");
        get(made.server, &path).body.lines().count()
    };
    assert_eq!((money("2021-07-21"), money("2021-07-20")), (3, 1), "what is decided later is not decided yet");
    let changes = get(made.server, "/besluiten?tabel=begrotingswijzigingen&formaat=csv").body;
    let change = changes.lines().nth(1).expect("an amendment");
    assert!(change.starts_with("2021-12,2021,Budget plan,430000"), "{change}");
    assert!(change.ends_with("niet in de begroting ingelezen"), "the town has no amendments: {change}");
    let empty = get(writing_server(), "/besluiten");
    check_page(&empty, 200, "nl");
    assert!(empty.body.contains("Er is nog niets vastgelegd") && empty.body.contains("Er staat niets open."));
}
