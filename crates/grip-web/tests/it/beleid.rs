//! Policy on pages: the tree of goals, theory, cycle, calendar, dilemmas, conversations, and which care is good enough.

use std::{net::SocketAddr, sync::OnceLock};

use grip_pipeline::Grain;
use grip_policy::{Talk, Texts, Topic, create, kind_named, needs};
use grip_register::{By, ObjectId, Register};
use jiff::Timestamp;

use crate::{
    http::get,
    pages::{check_page, links},
    town::{empty_writing_server, folder, server, start_with, town},
};

struct Policy {
    server: SocketAddr,
    written: Written,
}

struct Written {
    theme: ObjectId,
    goal: ObjectId,
    measure: ObjectId,
    decision: ObjectId,
}

/// A register with policy over the town, written before the server opens it.
fn policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let path = folder("beleid").join("register.db");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let written = runtime.block_on(written(&format!("sqlite:{}", path.display())));
        Policy { server: start_with(town().grip().clone(), Some(path)), written }
    })
}

async fn written(address: &str) -> Written {
    let register = Register::open(address).await.expect("a register");
    let at = Timestamp::UNIX_EPOCH;
    let by = By { actor: "beleidsadviseur".parse().expect("an account"), at, reason: "eerste opzet".to_owned() };
    let mut edit = register.edit(by).await.expect("an edit");
    let mut make = async |kind: &str, fields: &[(&str, &str)]| {
        let given = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let texts: Texts = given.chain([("gemeente".to_owned(), "9998".to_owned())]).collect();
        create(&mut edit, kind_named(kind).expect("a kind"), &texts).await.expect("it is made")
    };
    let theme = make("theme", &[("name", "Jeugd")]).await;
    let of_theme = theme.to_string();
    let vision = make("goal", &[("name", "Iedereen doet mee"), ("level", "visie"), ("owner", "wethouder")]).await;
    let above = vision.to_string();
    let fields = [
        ("name", "Minder jeugdigen met hulp"),
        ("level", "strategisch"),
        ("parent", above.as_str()),
        ("themes", of_theme.as_str()),
        ("owner", "beleidsadviseur"),
    ];
    let goal = make("goal", &fields).await;
    make("goal", &[("name", "Een los doel"), ("level", "operationeel")]).await;
    let of_goal = goal.to_string();
    // More than there ever were: reached whatever the number is, as less is better.
    let fields = [
        ("name", "Jeugdigen met hulp"),
        ("goal", of_goal.as_str()),
        ("indicator", "clienten-met-zorg"),
        ("filters", "wet=jw"),
        ("start_year", "2022"),
        ("start_value", "100000"),
        ("targets", "2024: 99999; 2026: 99998"),
        ("better", "minder"),
        ("owner", "controller"),
    ];
    make("target", &fields).await;
    let fields = [("name", "Zelfredzaamheid"), ("goal", of_goal.as_str()), ("missing", "databeheer, in 2026")];
    make("target", &fields).await;
    let fields = [
        ("name", "Huisarts kijkt mee"),
        ("goals", of_goal.as_str()),
        ("indicator", "gedeclareerd"),
        ("filters", "wet=jw"),
        ("status", "loopt"),
        ("begin", "2024-01"),
    ];
    let measure = make("measure", &fields).await;
    let of_measure = measure.to_string();
    let fields = [
        ("name", "Besluit over de huisarts"),
        ("date", "2025-02-01"),
        ("measures", of_measure.as_str()),
        ("goals", &of_goal),
        ("outcome", "aangenomen"),
    ];
    let decision = make("decision", &fields).await;
    let fields =
        [("name", "Hoe gaat het met de wachttijd?"), ("sort", "vraag"), ("date", "2025-01-10"), ("due", "2025-03-01")];
    make("decision", &fields).await;
    theory(&mut make, &of_theme).await;
    rest(&mut make, &of_theme, &of_goal).await;
    let fields = [("name", "Oude gedachte"), ("theme", of_theme.as_str()), ("layer", "input")];
    let thought = make("theory_part", &fields).await;
    edit.commit().await.expect("it is written");
    let by = By { actor: "beleidsadviseur".parse().expect("an account"), at, reason: "klopte niet".to_owned() };
    let mut edit = register.edit(by).await.expect("an edit");
    edit.withdraw(thought, 1).await.expect("it is withdrawn");
    edit.commit().await.expect("it is written");
    Written { theme, goal, measure, decision }
}

async fn theory(make: &mut impl AsyncFnMut(&str, &[(&str, &str)]) -> ObjectId, theme: &str) {
    let mut part = async |name: &str, layer: &str, indicator: &str| {
        let fields = [("name", name), ("theme", theme), ("layer", layer), ("indicator", indicator), ("filters", "")];
        make("theory_part", &fields).await.to_string()
    };
    let money = part("Geld voor de wijk", "input", "").await;
    let help = part("Meer hulp", "output", "clienten-met-zorg").await;
    let cost = part("Hogere kosten", "outcome", "gedeclareerd").await;
    let fields = [("name", "Geld geeft hulp"), ("from", money.as_str()), ("to", &help), ("evidence", "aanname")];
    make("theory_link", &fields).await;
    let fields = [
        ("name", "Hulp kost geld"),
        ("from", help.as_str()),
        ("to", &cost),
        ("evidence", "eigen-onderzoek"),
        ("since", "2023-01"),
    ];
    make("theory_link", &fields).await;
    let fields = [("name", "Geld spaart"), ("from", money.as_str()), ("to", &cost), ("sign", "minder")];
    make("theory_link", &fields).await;
}

async fn rest(make: &mut impl AsyncFnMut(&str, &[(&str, &str)]) -> ObjectId, theme: &str, goal: &str) {
    let step = [("name", "Evaluatie 2024"), ("theme", theme), ("step", "evaluatie"), ("done", "2025-01-31")];
    make("cycle_step", &step).await;
    let step = [("name", "Uitvoering 2025"), ("theme", theme), ("step", "uitvoering"), ("due", "2025-05-01")];
    make("cycle_step", &step).await;
    make("moment", &[("name", "Kadernota 2026"), ("sort", "kadernota"), ("date", "2025-06-15")]).await;
    for (name, date, place) in [("Eerst afwachten", "2022-01-01", "tweede"), ("Nu investeren", "2024-01-01", "eerste")]
    {
        let fields = [
            ("name", name),
            ("dilemma", "onzeker-of-zeker"),
            ("party", "college"),
            ("date", date),
            ("place", place),
            ("goals", goal),
        ];
        make("position", &fields).await;
    }
    let fields =
        [("name", "Jaargesprek"), ("talk", "raad-college"), ("date", "2025-03-03"), ("agreed", "Eerder inzetten")];
    make("conversation", &fields).await;
    let quality = [("sort", "uitval"), ("year", "2024"), ("percentage", "12,5")];
    let many = [("name", "Eerder gestopt"), ("respondents", "80")];
    let fields: Vec<(&str, &str)> = many.into_iter().chain(quality).collect();
    make("care_quality", &fields).await;
    make("intervention", &[("name", "Gezin centraal"), ("recognition", "goede-aanwijzingen")]).await;
    let proposal = [("name", "Voorstel"), ("sort", "voorstel"), ("date", "2025-02-02"), ("outcome", "open")];
    make("decision", &proposal).await;
    for (date, amount, minimum) in [("2023-12-31", "6.200.000", ""), ("2024-12-31", "5.450.000", "3.500.000")] {
        let fields = [("name", "Algemene reserve"), ("date", date), ("amount", amount), ("minimum", minimum)];
        make("reserve", &fields).await;
    }
    let fields = [("name", "Zorg A"), ("year", "2025"), ("skill", "Opleiding"), ("lessons", "Eerder bellen")];
    make("provider_answers", &fields).await;
}

#[test]
fn the_tree_shows_every_goal_with_how_its_targets_stand() {
    let page = get(policy().server, "/beleid");
    check_page(&page, 200, "nl");
    let only = grip_pipeline::dimensions_of(&[("wet".to_owned(), "jw".to_owned())].into()).expect("a dimension");
    let day = town().year_end().peildatum.parse().expect("a day");
    let course = town().grip().indicator_course(town().gemeente(), day, "clienten-met-zorg", &only, Grain::Jaar);
    let years = course.expect("a course").years();
    let (year, (value, _)) = years.last_key_value().expect("a whole year");
    assert_eq!(*year, 2024, "2025 is not over");
    let shown = grip_report::real(*value, 0, grip_report::Language::Nl);
    assert!(!page.body.contains(&format!("2024: {shown},")), "clients are not in tenths");
    for text in [
        &format!("2024: {shown}"),
        "nog niet te zeggen of geen informatie",
        "zie onder de boom",
        "Iedereen doet mee",
        "class=\"nl-data-badge\">gehaald",
        "class=\"nl-data-badge\">geen informatie",
        "Wie maakt die: databeheer, in 2026",
        "(1 gehaald, 1 geen informatie)",
        "doel dat nergens bij hoort",
        "informatie is er nog niet",
    ] {
        assert!(page.body.contains(text), "{text} in {}", page.body);
    }
    let list = page.body.split("<ul class=\"tree\">").count() - 1;
    assert_eq!(list, 2, "the vision and the lost goal, and what is below the vision");
    for (begins, end) in [(["<ul>", "<ul "], "</ul>"), (["<li>", "<li "], "</li>")] {
        let opened: usize = begins.iter().map(|begin| page.body.matches(begin).count()).sum();
        assert_eq!(opened, page.body.matches(end).count(), "{end}");
    }
    check_page(&get(policy().server, "/beleid?taal=en"), 200, "en");
}

#[test]
fn the_table_has_a_row_for_every_target_and_is_a_file() {
    let page = get(policy().server, "/beleid/tabel");
    check_page(&page, 200, "nl");
    assert!(!page.body.contains("zie onder de boom"), "it is not on this page");
    let rows = |query: &str| {
        let csv = get(policy().server, &format!("/beleid/tabel?tabel=doelen&formaat=csv{query}"));
        assert_eq!(csv.status, 200);
        csv.body.lines().count() - 1
    };
    assert_eq!(rows(""), 4, "two targets, and two goals without");
    assert_eq!(rows("&status=gehaald"), 1);
    assert_eq!(rows("&niveau=visie"), 1);
}

#[test]
fn the_theory_is_drawn_and_held_against_the_figures_without_a_word_of_proof() {
    let page = get(policy().server, "/beleid/theorie");
    check_page(&page, 200, "nl");
    for text in [
        "id=\"theorie-wide-title\"",
        "Geld voor de wijk",
        "niet getoetst",
        "Samengaan is geen oorzaak",
        "eerste opzet",
        "Oude gedachte",
        "ingetrokken",
        "klopte niet",
        "Dit spreekt elkaar tegen",
        "Onderdelen zonder indicator",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let verdicts = ["past bij de veronderstelling", "past niet bij de veronderstelling", "niet te zeggen"];
    assert!(verdicts.iter().any(|verdict| page.body.contains(verdict)));
    assert!(!page.body.contains("bewezen"));
    let (_, turned) = page.body.split_once("id=\"voor-en-na\"").expect("before and after");
    assert!(turned.contains("januari 2023") && turned.contains("Hulp kost geld"), "{turned}");
    assert!(page.body.contains("hebben beide onderdelen een openbaar cijfer"), "nobody named a public figure");
    let theme = policy().written.theme;
    check_page(&get(policy().server, &format!("/beleid/theorie?thema={theme}&taal=en")), 200, "en");
    check_page(&get(policy().server, "/beleid/theorie?thema=geen"), 404, "nl");
}

#[test]
fn the_cycle_and_the_calendar_say_what_is_overdue() {
    let page = get(policy().server, "/beleid/cyclus?peildatum=2025-06-30");
    check_page(&page, 200, "nl");
    for text in ["te laat", "Evaluatie 2024", "Evaluaties die klaar zijn zonder vastgelegde les"] {
        assert!(page.body.contains(text), "{text}");
    }
    let page = get(policy().server, "/beleid/kalender?peildatum=2025-06-30");
    check_page(&page, 200, "nl");
    let rows = |day: &str| {
        let path = format!("/beleid/kalender?tabel=kalender&formaat=csv&peildatum={day}");
        let file = get(policy().server, &path).body;
        let row = |line: &str| line.split(',').take(3).collect::<Vec<_>>().join(",");
        file.lines().skip(1).map(row).collect::<Vec<_>>()
    };
    let overdue = [
        "Hoe gaat het met de wachttijd?,2025-03-01,te laat",
        "Uitvoering 2025,2025-05-01,te laat",
        "Kadernota 2026,2025-06-15,te laat",
    ];
    assert_eq!(rows("2025-06-30"), overdue, "the longest first");
    let coming = overdue.map(|row| row.replace("te laat", "gepland"));
    assert_eq!(rows("2025-01-15"), coming);
    assert!(!page.body.contains("Berekend uit iWmo"), "there are no figures of care");
    check_page(&get(policy().server, "/beleid/kalender?taal=en"), 200, "en");
    check_page(&get(policy().server, "/beleid/cyclus?taal=en"), 200, "en");
}

#[test]
fn positions_are_shown_with_how_they_moved() {
    let page = get(policy().server, "/beleid/dilemmas?peildatum=2025-06-30");
    check_page(&page, 200, "nl");
    for text in [
        "nu; naar het eerste bewogen",
        "Eerst afwachten",
        "Doelen die hieruit volgen",
        "Minder jeugdigen met hulp",
        "onzekere toekomst met minder problemen … zekere toekomst met dezelfde",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let earlier = get(policy().server, "/beleid/dilemmas?peildatum=2023-06-30").body;
    assert!(!earlier.contains("Nu investeren") && earlier.contains("nu; eerste standpunt"));
    check_page(&get(policy().server, "/beleid/dilemmas?taal=en"), 200, "en");
}

#[test]
fn every_conversation_has_what_it_needs_and_no_more() {
    check_page(&get(policy().server, "/beleid/gesprekken"), 200, "nl");
    for talk in Talk::ALL {
        let path = format!("/beleid/gesprekken/{}", talk.choice().value);
        check_page(&get(policy().server, &path), 200, "nl");
        check_page(&get(policy().server, &format!("{path}?taal=en")), 200, "en");
    }
    let council = get(policy().server, "/beleid/gesprekken/raad-college").body;
    for text in ["Minder jeugdigen met hulp", "Hoe gaat het met de wachttijd?", "Eerder inzetten", "Nu investeren"] {
        assert!(council.contains(text), "{text}");
    }
    assert!(!council.contains("Huisarts kijkt mee") && !council.contains("Zorg A"), "how is for others");
    let field = get(policy().server, "/beleid/gesprekken/veld").body;
    assert!(field.contains("Zorg A") && !field.contains("Eerder inzetten"));
    // What is decided is listed, what is still open is not.
    let decided =
        get(policy().server, "/beleid/gesprekken/raad-college?tabel=besloten&formaat=csv&peildatum=2025-06-30");
    assert!(
        decided.body.contains("Besluit over de huisarts") && !decided.body.contains("Voorstel"),
        "{}",
        decided.body
    );
    let mut reserves = 0;
    for talk in Talk::ALL.iter().filter(|talk| needs(**talk).contains(&Topic::Reserve)) {
        let path = format!("/beleid/gesprekken/{}?tabel=reserve&formaat=csv", talk.choice().value);
        let file = get(policy().server, &path).body;
        let states: Vec<&str> = file.lines().skip(1).collect();
        let expected = ["Algemene reserve,2024-12-31,5450000.00,3500000.00", "Algemene reserve,2023-12-31,6200000.00,"];
        assert_eq!(states, expected);
        let earlier = get(policy().server, &format!("{path}&peildatum=2024-06-30")).body;
        assert_eq!(earlier.lines().skip(1).collect::<Vec<_>>(), expected[1..], "what came later is not there yet");
        reserves += 1;
    }
    assert!(reserves > 0, "a conversation is about the reserve");
    check_page(&get(policy().server, "/beleid/gesprekken/geen"), 404, "nl");
}

#[test]
fn care_stands_beside_its_cost() {
    let page = get(policy().server, "/beleid/goed-genoeg?jaar=2025");
    check_page(&page, 200, "nl");
    let body = page.body.replace('\u{a0}', " ");
    for text in ["kosten per cliënt", "Gezin centraal", "Zorg A", "12,5 %", "beantwoordden alle vier"] {
        assert!(body.contains(text), "{text} in {body}");
    }
    let all = get(policy().server, "/beleid/goed-genoeg?jaar=2025&tabel=vier-vragen&formaat=csv").body;
    assert!(all.lines().count() > 3, "providers that did not answer are named too: {all}");
    let talk = get(policy().server, "/beleid/gesprekken/veld?jaar=2025&tabel=vier-vragen&formaat=csv").body;
    assert_eq!(all, talk, "one answer on two pages");
    assert!(body.contains("Registraties: 1 "), "entries are counted, not interventions");
    check_page(&get(policy().server, "/beleid/goed-genoeg?taal=en"), 200, "en");
}

#[test]
fn the_forecast_leads_to_goal_measure_and_decision() {
    let written = &policy().written;
    let tied = [
        format!("/register/goal/{}", written.goal),
        format!("/maatregelen/{}", written.measure),
        format!("/register/decision/{}", written.decision),
    ];
    let forecast = get(policy().server, "/prognose");
    check_page(&forecast, 200, "nl");
    assert!(forecast.body.contains("Doelen en maatregelen hierbij"));
    for path in &tied {
        let found = links(&forecast.body, path);
        check_page(&get(policy().server, found.first().expect(path)), 200, "nl");
    }
    let segments = links(&forecast.body, "/prognose/");
    let of = |wet: &str| {
        let path = segments.iter().find(|path| path.starts_with(&format!("/prognose/{wet}/"))).expect("a segment");
        get(policy().server, path).body
    };
    let (jw, wmo) = (of("jw"), of("wmo"));
    for path in &tied {
        assert!(!links(&jw, path).is_empty() && links(&wmo, path).is_empty(), "{path}");
    }
    let indicator = get(policy().server, "/indicatoren/clienten-met-zorg").body;
    assert!(indicator.contains("Doelen met deze indicator") && !links(&indicator, &tied[0]).is_empty());
    let without = get(server(), "/prognose").body;
    assert!(!without.contains("Doelen en maatregelen hierbij"), "without a register there is nothing to say");
}

#[test]
fn where_nothing_is_written_every_page_says_how_to_begin() {
    for path in ["", "/tabel", "/theorie", "/cyclus", "/kalender", "/dilemmas", "/gesprekken", "/goed-genoeg"] {
        let page = get(empty_writing_server(), &format!("/beleid{path}?gemeente=9998"));
        check_page(&page, 200, "nl");
        let begins = !links(&page.body, "/register/").is_empty() || path == "/tabel" || path == "/gesprekken";
        assert!(begins, "{path} leads to a form");
    }
}
