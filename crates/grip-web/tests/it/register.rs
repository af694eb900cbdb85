//! What people write, over real HTTP: made, faulty, changed, in conflict, undone, withdrawn, found, and as it stood.

use std::net::SocketAddr;

use grip_pipeline::Grip;

use crate::{
    http::{Answer, get, post, request, upload},
    pages::{check_page, links},
    town::{empty_writing_server, folder, server, start, writing_server},
};

const OURS: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

/// Sends a form with who writes.
fn send(server: SocketAddr, path: &str, fields: &[(&str, &str)]) -> Answer {
    let own = fields.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let fields: Vec<(&str, String)> = own.chain([("naam", "beleidsadviseur jeugd".to_owned())]).collect();
    post(server, path, &fields, OURS)
}

/// Makes an object and answers the path of its page.
#[track_caller]
fn make(kind: &str, fields: &[(&str, &str)]) -> String {
    let answer = send(writing_server(), &format!("/register/{kind}/nieuw"), fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").split('?').next().expect("a path").to_owned()
}

fn id(page: &str) -> &str {
    page.rsplit('/').next().expect("an identification")
}

#[test]
fn every_kind_has_a_list_and_a_form_in_both_languages() {
    let all = get(writing_server(), "/register");
    check_page(&all, 200, "nl");
    let lists = links(&all.body, "/register/");
    assert!(lists.len() >= 40, "{}", lists.len());
    for kind in grip_policy::kinds() {
        for (language, taal, one) in [("nl", "", kind.one.nl), ("en", "&taal=en", kind.one.en)] {
            check_page(&get(writing_server(), &format!("/register/{}?jaar=2025{taal}", kind.name)), 200, language);
            let form = get(writing_server(), &format!("/register/{}/nieuw?jaar=2025{taal}", kind.name));
            check_page(&form, 200, language);
            assert!(form.body.contains(one), "{one}");
            for field in kind.fields {
                let is_there = form.body.contains(&format!("id=\"invullen-{}\"", field.name));
                assert!(is_there, "{} of {}", field.name, kind.name);
            }
            assert!(form.body.contains("<script src=\"/register.js?v="));
        }
    }
    check_page(&get(writing_server(), "/register/niets"), 404, "nl");
    check_page(&get(writing_server(), "/register/goal/01ARZ3NDEKTSV4RRFFQ69G5FAV"), 404, "nl");
}

#[test]
fn a_goal_is_made_changed_undone_and_withdrawn() {
    let server = writing_server();
    let parent = make("goal", &[("name", "Visie op opgroeien"), ("level", "visie")]);
    let fields =
        [("name", "Jeugd groeit thuis op"), ("level", "strategisch"), ("parent", id(&parent)), ("reden", "raad")];
    let goal = make("goal", &fields);
    let page = get(server, &format!("{goal}?bewaard=1&naam=adviseur"));
    check_page(&page, 200, "nl");
    for text in ["Bewaard.", "Maak ongedaan", "strategisch doel", "Visie op opgroeien", "beleidsadviseur-jeugd", "raad"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    assert!(!links(&page.body, &parent).is_empty(), "the name of another object leads to it");
    let above = get(server, &parent);
    assert!(above.body.contains("Doelen (hoort bij)") && above.body.contains("Jeugd groeit thuis op"));
    let target = links(&above.body, "/register/target/nieuw").into_iter().next().expect("a new target");
    let form = get(server, &target);
    check_page(&form, 200, "nl");
    assert!(form.body.contains(&format!("<option value=\"{}\" selected>", id(&parent))), "the form is filled in");

    // Changed: in the history field by field.
    let edit = format!("{goal}/wijzig");
    let form = get(server, &edit);
    check_page(&form, 200, "nl");
    assert!(form.body.contains("name=\"versie\" value=\"1\"") && form.body.contains("value=\"Jeugd groeit thuis op\""));
    let answer = send(server, &edit, &[("versie", "1"), ("name", "Jeugd groeit gezond op"), ("level", "tactisch")]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = get(server, &goal);
    for text in
        ["Jeugd groeit gezond op", "Jeugd groeit thuis op", "tactisch doel", "gewijzigd", "Dit draait de wijziging"]
    {
        assert!(page.body.contains(text), "{text}");
    }
    let before = get(server, &format!("{goal}?versie=1"));
    check_page(&before, 200, "nl");
    assert!(
        before.body.contains("<h1 class=\"nl-heading nl-heading--level-1\">Jeugd groeit thuis op</h1>")
            && before.body.contains("Er is een latere.")
    );

    // Undone, and undone again.
    assert_eq!(send(server, &format!("{goal}/ongedaan"), &[("versie", "2")]).status, 303);
    assert!(
        get(server, &goal).body.contains("<h1 class=\"nl-heading nl-heading--level-1\">Jeugd groeit thuis op</h1>")
    );
    check_page(&send(server, &format!("{goal}/ongedaan"), &[("versie", "2")]), 409, "nl");
    assert_eq!(send(server, &format!("{goal}/ongedaan"), &[("versie", "3")]).status, 303);
    assert!(
        get(server, &goal).body.contains("<h1 class=\"nl-heading nl-heading--level-1\">Jeugd groeit gezond op</h1>")
    );

    // Withdrawn: still there, no longer counted; and back.
    let ask = get(server, &format!("{goal}/intrekken"));
    check_page(&ask, 200, "nl");
    assert_eq!(send(server, &format!("{goal}/intrekken"), &[("versie", "4"), ("reden", "dubbel")]).status, 303);
    let page = get(server, &goal);
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Dit is ingetrokken op") && page.body.contains("dubbel"));
    check_page(&get(server, &format!("{goal}/wijzig")), 404, "nl");
    assert!(!get(server, "/register/goal").body.contains("Jeugd groeit gezond op"));
    assert_eq!(send(server, &format!("{goal}/ongedaan"), &[("versie", "5")]).status, 303);
    assert!(get(server, "/register/goal").body.contains("Jeugd groeit gezond op"));
}

#[test]
fn what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays() {
    let server = writing_server();
    let fields =
        [("name", ""), ("sort", "pilot"), ("begin", "13-2025"), ("cost_once", "veel"), ("stream", "Vroeg & dichtbij")];
    let answer = send(server, "/register/measure/nieuw", &fields);
    check_page(&answer, 422, "nl");
    for text in [
        "<h1 class=\"nl-heading nl-heading--level-1\">Fout: ",
        "<title>Fout: ",
        "href=\"#invullen-name\"",
        "href=\"#invullen-begin\"",
        "id=\"invullen-cost_once-fout\"",
        "Vul dit in.",
        "Vul een maand in",
        "Vul een bedrag in",
        "value=\"13-2025\"",
        "value=\"veel\"",
        "value=\"Vroeg &#38; dichtbij\"",
        "<option value=\"pilot\" selected>",
        "data-again",
    ] {
        assert!(answer.body.contains(text), "{text} in {}", answer.body);
    }
    // Rules between fields, numbers of citizens, who writes, and what is not there.
    let goal = make("goal", &[("name", "Doel zonder boven"), ("level", "strategisch")]);
    let own = [("versie", "1"), ("name", "Doel zonder boven"), ("level", "strategisch"), ("parent", id(&goal))];
    let answer = send(server, &format!("{goal}/wijzig"), &own);
    check_page(&answer, 422, "nl");
    assert!(answer.body.contains("onder of achter zichzelf"));
    let answer = send(server, "/register/goal/nieuw", &[("name", "Cliënt 999900006"), ("parent", id(&goal))]);
    check_page(&answer, 422, "nl");
    assert!(answer.body.contains("burgerservicenummer"));
    let answer = send(server, "/register/target/nieuw", &[("name", "x"), ("goal", "01ARZ3NDEKTSV4RRFFQ69G5FAV")]);
    check_page(&answer, 422, "nl");
    assert!(answer.body.contains("is er niet meer"));
    let nobody = [("name", "Naamloos".to_owned()), ("naam", String::new())];
    check_page(&post(server, "/register/goal/nieuw", &nobody, OURS), 422, "nl");
    assert!(!get(server, "/register/goal").body.contains("Naamloos"));
    // Days as the Dutch write them.
    let moment = make("moment", &[("name", "Kadernota"), ("sort", "kadernota"), ("date", "1-6-2026")]);
    assert!(get(server, &moment).body.contains("1 juni 2026"));
}

#[test]
fn several_are_chosen_with_checkboxes() {
    let one = make("goal", &[("name", "Eerste van twee")]);
    let two = make("goal", &[("name", "Tweede van twee")]);
    let measure = make("measure", &[("name", "Dient twee doelen"), ("goals", id(&one)), ("goals", id(&two))]);
    let page = get(writing_server(), &measure);
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Eerste van twee") && page.body.contains("Tweede van twee"));
    let form = get(writing_server(), &format!("{measure}/wijzig")).body;
    assert_eq!(form.matches(" checked>").count(), 2);
    let list = get(writing_server(), &format!("/register/measure?doel={}", id(&one)));
    check_page(&list, 200, "nl");
    assert!(list.body.contains("Dient twee doelen"));
    let other = make("goal", &[("name", "Een derde doel")]);
    let list = get(writing_server(), &format!("/register/measure?doel={}", id(&other)));
    assert!(!list.body.contains("Dient twee doelen") && list.body.contains("Niets past bij deze keuze."));
}

#[test]
fn who_comes_second_sees_what_the_first_wrote() {
    let server = writing_server();
    let goal = make("goal", &[("name", "Van twee schrijvers")]);
    let edit = format!("{goal}/wijzig");
    assert_eq!(send(server, &edit, &[("versie", "1"), ("name", "Van de eerste schrijver")]).status, 303);
    let answer = send(server, &edit, &[("versie", "1"), ("name", "Van de tweede schrijver")]);
    check_page(&answer, 409, "nl");
    for text in ["Een ander was u voor", "Van de eerste schrijver", "value=\"Van de tweede schrijver\"", "value=\"2\""]
    {
        assert!(answer.body.contains(text), "{text}");
    }
    assert!(
        get(server, &goal).body.contains("<h1 class=\"nl-heading nl-heading--level-1\">Van de eerste schrijver</h1>")
    );
    assert_eq!(send(server, &edit, &[("versie", "2"), ("name", "Van beide schrijvers")]).status, 303);
    // Who still writes in what was withdrawn.
    assert_eq!(send(server, &format!("{goal}/intrekken"), &[("versie", "3")]).status, 303);
    let answer = send(server, &edit, &[("versie", "3"), ("name", "Te laat")]);
    check_page(&answer, 409, "nl");
    assert!(answer.body.contains("Maak eerst de intrekking ongedaan"));
}

#[test]
fn what_is_typed_can_not_run() {
    let why = "# Kop\n\n<script>alert(1)</script>\n\n[a](JaVaScript:alert(1)) ![p](https://elders.example/p.png) **vet**\n\n\
               [bron](https://voorbeeld.example/nota)";
    let goal = make("goal", &[("name", "<b title=alert(1)>\"'"), ("why", why), ("owner", "<img src=x>")]);
    for path in [goal.clone(), format!("{goal}/wijzig"), "/register/goal".to_owned(), "/zoeken?q=title".to_owned()] {
        let page = get(writing_server(), &path);
        check_page(&page, 200, "nl");
        for forbidden in ["<b title", "<script>", "<img", "href=\"Java"] {
            assert!(!page.body.contains(forbidden), "{forbidden} on {path}");
        }
    }
    let page = get(writing_server(), &goal);
    assert!(
        page.body.contains("<strong>vet</strong>")
            && page.body.contains("<h3 class=\"nl-heading nl-heading--level-3\">Kop</h3>")
    );
    assert!(
        page.body.contains(
            "<a class=\"nl-link\" href=\"https://voorbeeld.example/nota\" rel=\"noopener noreferrer\">bron</a>"
        )
    );
    // What is prefilled by an address is escaped too.
    let form = get(writing_server(), "/register/goal/nieuw?name=%22%3E%3Cscript%3E&why=%3C/textarea%3E%3Cscript%3E");
    check_page(&form, 200, "nl");
    assert!(!form.body.contains("<script>"));
}

#[test]
fn pages_elsewhere_can_not_write() {
    let goal = make("goal", &[("name", "Van ons alleen")]);
    let fields = [("name", "Indringer".to_owned()), ("versie", "1".to_owned()), ("naam", "indringer".to_owned())];
    let evil: [&[(&str, &str)]; 3] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://evil.example")],
    ];
    for headers in evil {
        let paths = ["wijzig", "ongedaan", "intrekken"].map(|what| format!("{goal}/{what}"));
        for path in paths.iter().map(String::as_str).chain(["/register/goal/nieuw"]) {
            let answer = post(writing_server(), path, &fields, headers);
            check_page(&answer, 403, "nl");
        }
    }
    assert!(
        get(writing_server(), &goal).body.contains("<h1 class=\"nl-heading nl-heading--level-1\">Van ons alleen</h1>")
    );
    // Another municipality does not see it, and can't write it.
    check_page(&get(writing_server(), &format!("{goal}?gemeente=0935")), 404, "nl");
    let answer = post(writing_server(), &format!("{goal}/wijzig?gemeente=0935"), &fields, OURS);
    check_page(&answer, 404, "nl");
    // Nor is it of another kind.
    check_page(&get(writing_server(), &goal.replace("/goal/", "/theme/")), 404, "nl");
    // Without a register nothing is shown or written.
    check_page(&get(server(), "/register/goal"), 404, "nl");
    check_page(&post(server(), "/register/goal/nieuw", &fields, OURS), 404, "nl");
    check_page(&request(writing_server(), "POST", "/zoeken", &[("host", "localhost")]), 405, "nl");
}

#[test]
fn the_register_is_shown_as_it_stood() {
    let goal = make("goal", &[("name", "Van vandaag")]);
    let list = get(writing_server(), "/register/goal?stand=2020-01-01");
    check_page(&list, 200, "nl");
    assert!(list.body.contains("Zoals het register stond aan het eind van 1 januari 2020."));
    assert!(!list.body.contains("Van vandaag"));
    check_page(&get(writing_server(), &format!("{goal}?stand=2020-01-01")), 404, "nl");
    let page = get(writing_server(), &format!("{goal}?stand=2099-12-31"));
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Van vandaag") && page.body.contains("Toon zoals het nu is"));
    assert!(!page.body.contains("Wijzig dit"), "the past is not written in");
    assert!(links(&page.body, "/register/goal?").iter().all(|link| link.contains("stand=2099-12-31")));
    check_page(&get(writing_server(), "/register/goal?stand=gisteren"), 400, "nl");
}

#[test]
fn everything_is_searched() {
    let goal =
        make("goal", &[("name", "Minder wachtlijsten"), ("why", "Omdat ouders te lang wachten op een kwartiermaker.")]);
    make("measure", &[("name", "Praktijkondersteuner"), ("goals", id(&goal)), ("knob", "preventie")]);
    let page = get(writing_server(), "/zoeken?q=KWARTIERMAKER");
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Minder wachtlijsten") && page.body.contains("Waarom: "), "{}", page.body);
    assert!(page.body.contains("value=\"KWARTIERMAKER\""));
    assert!(get(writing_server(), "/zoeken?q=praktijkondersteuner").body.contains("/register/measure/"));
    assert!(get(writing_server(), "/zoeken?q=signalen").body.contains("Pagina"));
    assert!(get(writing_server(), "/zoeken?q=gedeclareerd").body.contains("/indicatoren/gedeclareerd"));
    assert!(get(writing_server(), "/zoeken?q=bestaatnietxyz").body.contains("Niets gevonden."));
    check_page(&get(writing_server(), "/zoeken"), 200, "nl");
    check_page(&get(writing_server(), "/zoeken?q=%3Cscript%3E&taal=en"), 200, "en");
    // What was asked about it leads there.
    let page = get(writing_server(), &goal);
    let figuur = page.body.split("name=\"figuur\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let figuur = figuur.expect("a question can be asked").replace("&#34;", "\"");
    let fields = [("soort", "vraag"), ("tekst", "Wie telt de dagen?"), ("figuur", &figuur), ("terug", &goal)];
    assert_eq!(send(writing_server(), "/vragen", &fields).status, 303);
    assert!(get(writing_server(), &goal).body.contains("Wie telt de dagen?"));
    let found = get(writing_server(), "/zoeken?q=telt+dagen");
    let link = links(&found.body, &goal).into_iter().next().expect("the question leads to the goal");
    check_page(&get(writing_server(), &link), 200, "nl");
    assert!(get(writing_server(), "/vragen").body.contains("Minder wachtlijsten"));
    // Without care and without a register there are still the pages.
    check_page(&get(server(), "/zoeken?q=signalen"), 200, "nl");
}

#[test]
fn a_municipality_without_care_writes_too() {
    let server = empty_writing_server();
    let choose = get(server, "/register");
    check_page(&choose, 200, "nl");
    assert!(choose.body.contains("Voor welke gemeente?") && choose.body.contains("name=\"gemeente\""));
    for page in ["/register", "/register/goal", "/register/goal/nieuw", "/vragen", "/zoeken?q=doel"] {
        let glue = if page.contains('?') { '&' } else { '?' };
        check_page(&get(server, &format!("{page}{glue}gemeente=0935")), 200, "nl");
    }
    let answer = send(server, "/register/goal/nieuw?gemeente=0935", &[("name", "Eerste doel")]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(answer.header("location").contains("gemeente=0935"));
    // Now it is the municipality that is meant when none is named.
    assert!(get(server, "/register/goal").body.contains("Eerste doel"));
    assert!(!get(server, "/register/goal?gemeente=0936").body.contains("Eerste doel"));
    check_page(&get(start(Grip::open(&folder("nothing")).expect("a lake")), "/register"), 200, "nl");
}

#[test]
fn lists_are_files_and_the_script_is_kept() {
    make("reserve", &[("name", "Algemene reserve"), ("date", "31-12-2025"), ("amount", "1.250.000")]);
    let csv = get(writing_server(), "/register/reserve?formaat=csv");
    assert_eq!((csv.status, csv.body.contains("Algemene reserve")), (200, true));
    assert_eq!(get(writing_server(), "/register/reserve?formaat=xlsx").status, 200);
    let form = get(writing_server(), "/register/reserve/nieuw").body;
    let script = form.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script");
    let script = get(writing_server(), script);
    assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
    assert!(script.header("cache-control").contains("immutable"));
    assert!(!script.body.contains("fetch(") && !script.body.contains("XMLHttpRequest"), "nothing leaves the machine");
    assert!(!get(writing_server(), "/register").body.contains("<script"), "no form, no script");
}

#[test]
fn a_spreadsheet_is_looked_at_and_then_read_as_a_whole() {
    let server = writing_server();
    let path = "/register/theme/inlezen";
    check_page(&get(server, path), 200, "nl");
    let table = "Naam;Eigenaar;Kleur\nOpgroeien;\"beleid; jeugd\";rood\nThuis wonen;;\n";
    let look = upload(server, path, table, OURS);
    check_page(&look, 200, "nl");
    for text in ["Opgroeien", "wordt gemaakt", "Kleur", "Bewaar alles"] {
        assert!(look.body.contains(text), "{text}");
    }
    assert!(!get(server, "/register/theme").body.contains("Opgroeien"), "looking keeps nothing");
    let rows = |answer: &Answer| {
        let value = answer.body.split("name=\"rijen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        value.expect("the rows go along").replace("&#34;", "\"").replace("&#38;", "&")
    };
    let rows = rows(&look);
    let keep = format!("{path}/bewaren");
    let nobody = [("rijen", rows.clone()), ("naam", String::new())];
    check_page(&post(server, &keep, &nobody, OURS), 422, "nl");
    let answer = send(server, &keep, &[("rijen", rows.as_str())]);
    assert_eq!(answer.status, 303, "{}", answer.body);
    let list = get(server, answer.header("location").split('#').next().expect("an address"));
    check_page(&list, 200, "nl");
    for text in ["Opgroeien", "Thuis wonen", "beleid; jeugd", "Ingelezen: 2 gemaakt, 0 gewijzigd, 0 bleven"] {
        assert!(list.body.contains(text), "{text}");
    }
    // Again: nothing to do. What was exported is what there is.
    let again = upload(server, path, table, OURS);
    assert!(again.body.contains("blijft zoals het is") && !again.body.contains("Bewaar alles"));
    let sheet = get(server, "/register/theme/blad?formaat=csv");
    assert_eq!(sheet.status, 200);
    let same = upload(server, path, &sheet.body, OURS);
    assert!(same.body.contains("blijft zoals het is") && !same.body.contains("wordt gemaakt"), "{}", same.body);
    // One fault, and nothing of it is kept.
    let wrong = upload(server, "/register/moment/inlezen", "Wat,Datum\nGoed,1-6-2026\nFout,ooit\n", OURS);
    check_page(&wrong, 200, "nl");
    assert!(wrong.body.contains("Datum: Vul een datum in") && wrong.body.contains("Er is niets bewaard"));
    assert!(!wrong.body.contains("Bewaar alles"));
    // What is no sheet, nothing, and what another site sends.
    check_page(&upload(server, path, "", OURS), 422, "nl");
    check_page(&upload(server, path, table, &[("sec-fetch-site", "cross-site")]), 403, "nl");
    check_page(&get(server, "/register/theme/inlezen?taal=en"), 200, "en");
}
