//! The whole life of a signal and of a question, over a register of its own.

use crate::{
    http::{Answer, get, post, request},
    pages::{check_page, links},
    town::{server, writing_server},
};

const OURS: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

/// The value of a hidden field in the first form that has it, after a mark.
fn hidden(body: &str, after: &str, name: &str) -> String {
    let from = body.find(after).expect("the mark is on the page");
    let field = format!("name=\"{name}\" value=\"");
    let value = body[from..].split(&field).nth(1).and_then(|rest| rest.split('"').next()).expect("the field is there");
    value.replace("&#34;", "\"").replace("&quot;", "\"").replace("&#38;", "&").replace("&amp;", "&")
}

fn first_signal() -> String {
    let overview = get(writing_server(), "/signalen");
    check_page(&overview, 200, "nl");
    links(&overview.body, "/signalen/").into_iter().next().expect("a signal")
}

/// Where an answer sends the browser, without the anchor.
#[track_caller]
fn sent_on(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").split('#').next().expect("an address").to_owned()
}

#[test]
fn signals_are_listed_and_each_has_a_page() {
    let overview = get(server(), "/signalen");
    check_page(&overview, 200, "nl");
    for text in ["Te zien eind", "valse alarm", "Per jaar", "Eigenaar"] {
        assert!(overview.body.contains(text) || overview.body.contains("vals alarm"), "{text}");
    }
    let signals = links(&overview.body, "/signalen/");
    assert!(!signals.is_empty());
    for signal in &signals {
        let page = get(server(), signal);
        check_page(&page, 200, "nl");
        for text in ["<figure", "veranderde in", "/geld/groei?", "Vergeleken is met"] {
            assert!(page.body.contains(text), "{text} of {signal}");
        }
        assert!(!page.body.contains("class=\"entry\""), "nothing can be written without a register");
    }
    check_page(&get(server(), "/signalen?taal=en"), 200, "en");
    check_page(&get(server(), &format!("{}&taal=en", signals[0])), 200, "en");
    check_page(&get(server(), "/signalen/geen.signaal.level.2025-01"), 404, "nl");
    let csv = get(server(), "/signalen?tabel=signalen&formaat=csv");
    assert_eq!((csv.status, csv.body.lines().count()), (200, 1 + signals.len()));
    let none = get(server(), "/signalen?status=afgerond");
    check_page(&none, 200, "nl");
    assert!(links(&none.body, "/signalen/").is_empty());
}

#[test]
fn programs_get_the_same() {
    let answer = get(server(), "/api/v1/signalen");
    let json: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!((answer.status, json["unit"].as_str()), (200, Some("eurocent")));
    let signals = json["signals"].as_array().expect("a list");
    assert_eq!(signals.len(), links(&get(server(), "/signalen").body, "/signalen/").len());
    assert!(signals.iter().all(|signal| signal["seen_at"].as_str() >= signal["since"].as_str()));
}

#[test]
fn a_signal_is_taken_up_explained_followed_up_and_ended() {
    let signal = first_signal();
    let page = get(writing_server(), &signal);
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Pak dit signaal op"));
    let mut fields =
        vec![("object", String::new()), ("versie", String::new()), ("naam", "controller sociaal domein".to_owned())];
    fields.push(("eigenaar", "contractmanager jeugd".to_owned()));
    let back = sent_on(&post(writing_server(), &signal, &fields, OURS));
    assert!(back.contains("naam=controller-sociaal-domein"), "{back}");
    let mut page = get(writing_server(), &back);
    check_page(&page, 200, "nl");
    assert!(page.body.contains("contractmanager-jeugd") && page.body.contains("opgepakt"));
    let stale = hidden(&page.body, "id=\"opvolgen\"", "versie");
    let object = hidden(&page.body, "id=\"opvolgen\"", "object");
    fields[0].1 = object.clone();
    for (name, text, status) in [
        ("duiding", "De tarieven zijn geïndexeerd.\n\nZie het contract <2025>.", "geduid"),
        ("opvolging", "Bespreken in het contractgesprek.", "opvolging loopt"),
        ("einde", "Verwerkt in de begroting.", "afgerond"),
    ] {
        fields[1].1 = hidden(&page.body, "id=\"opvolgen\"", "versie");
        fields.push((name, text.to_owned()));
        page = get(writing_server(), &sent_on(&post(writing_server(), &signal, &fields, OURS)));
        check_page(&page, 200, "nl");
        assert!(page.body.contains(status), "{status}");
        assert!(!page.body.contains("<2025>"), "what was typed is escaped");
    }
    let list = get(writing_server(), "/signalen?status=afgerond");
    assert!(list.body.contains("contractmanager-jeugd"));
    // What was opened long before can't be kept over it.
    fields[1].1 = stale;
    let answer = post(writing_server(), &signal, &fields, OURS);
    check_page(&answer, 409, "nl");
    assert!(answer.body.contains("Een ander was u voor") && answer.body.contains("Bespreken in het contractgesprek."));
    // It can be taken up again.
    assert!(page.body.contains("Pak dit signaal op"));
}

#[test]
fn what_is_wrong_is_said_beside_the_field() {
    let signal = first_signal();
    let answer = post(writing_server(), &signal, &[("eigenaar", String::new()), ("naam", "rol".to_owned())], OURS);
    check_page(&answer, 422, "nl");
    assert!(answer.body.contains("aria-invalid=\"true\"") && answer.body.contains("Vul dit in."));
    let text = "De cliënt 999900006 belde.".to_owned();
    let fields = [("eigenaar", "rol".to_owned()), ("naam", "rol".to_owned()), ("duiding", text)];
    let answer = post(writing_server(), &signal, &fields, OURS);
    check_page(&answer, 422, "nl");
    assert!(answer.body.contains("burgerservicenummer"));
}

#[test]
fn forms_of_other_sites_are_refused() {
    let fields = [("eigenaar", "indringer".to_owned()), ("naam", "indringer".to_owned())];
    let signal = first_signal();
    let evil: [&[(&str, &str)]; 4] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "http://evil.example")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:1")],
    ];
    for headers in evil {
        for path in [signal.as_str(), "/vragen"] {
            let answer = post(writing_server(), path, &fields, headers);
            check_page(&answer, 403, "nl");
            assert!(answer.body.contains("GW020"), "{headers:?}");
        }
    }
    assert!(!get(writing_server(), &signal).body.contains("indringer"));
    // Where there is no register nothing can be written at all.
    check_page(&post(server(), &signal, &fields, OURS), 404, "nl");
    let answer = request(writing_server(), "POST", "/prognose", &[("host", "localhost")]);
    check_page(&answer, 405, "nl");
}

#[test]
fn a_question_is_asked_assigned_answered_and_closed() {
    let page = get(writing_server(), "/prognose");
    check_page(&page, 200, "nl");
    let figuur = hidden(&page.body, "id=\"gesprek\"", "figuur");
    let terug = hidden(&page.body, "id=\"gesprek\"", "terug");
    assert_eq!(terug, "/prognose");
    let ask = |soort: &str, gesprek: &str, tekst: &str, aan: &str| {
        let fields = [
            ("soort", soort),
            ("gesprek", gesprek),
            ("tekst", tekst),
            ("aan", aan),
            ("voor", if aan.is_empty() { "" } else { "2030-01-31" }),
            ("naam", "wethouder"),
            ("figuur", figuur.as_str()),
            ("terug", terug.as_str()),
        ];
        post(writing_server(), "/vragen", &fields.map(|(name, value)| (name, value.to_owned())), OURS)
    };
    let back = sent_on(&ask("vraag", "", "Waarom is dit meer dan vorige maand?", "controller"));
    assert!(back.starts_with("/prognose?naam=wethouder"), "{back}");
    let page = get(writing_server(), &back);
    check_page(&page, 200, "nl");
    assert!(page.body.contains("Wacht op antwoord van controller"));
    let open = get(writing_server(), "/vragen");
    check_page(&open, 200, "nl");
    assert!(open.body.contains("Waarom is dit meer") && open.body.contains("2030-01-31"));
    let gesprek = page.body.split("id=\"gesprek-").nth(1).and_then(|rest| rest.split('"').next()).expect("a thread");
    sent_on(&ask("antwoord", gesprek, "Er kwam een naheffing.", ""));
    sent_on(&ask("sluiten", gesprek, "", ""));
    let page = get(writing_server(), "/prognose");
    assert!(page.body.contains("Er kwam een naheffing.") && !page.body.contains("Wacht op antwoord van controller"));
    assert!(!get(writing_server(), "/vragen").body.contains("Waarom is dit meer"));
    // The thread is of this figure and no other, and says as known on which day.
    assert!(page.body.contains("bij peildatum"));
    assert!(!get(writing_server(), "/prognose?jaar=2024").body.contains("naheffing"));
    // Nothing may be empty, and nobody is sent elsewhere.
    check_page(&ask("vraag", "", "", ""), 422, "nl");
    let fields =
        [("soort", "vraag"), ("tekst", "x"), ("naam", "rol"), ("figuur", figuur.as_str()), ("terug", "//evil.example")];
    let answer = post(writing_server(), "/vragen", &fields.map(|(name, value)| (name, value.to_owned())), OURS);
    assert!(sent_on(&answer).starts_with("/vragen?"));
}

/// Every page of figures has its own: what was asked about one choice of filters is not at another.
#[test]
fn questions_stay_with_the_page_and_its_filters() {
    for (page, other) in [
        ("/geld?jaar=2024", "/geld?jaar=2025"),
        ("/geld/groei?van=2023&tot=2024&wet=jw", "/geld/groei?van=2023&tot=2024&wet=wmo"),
        ("/indicatoren/gedeclareerd?jaar=2024", "/indicatoren/toegewezen?jaar=2024"),
    ] {
        let text = format!("Wat zien we op {page}");
        let answer = get(writing_server(), page);
        check_page(&answer, 200, "nl");
        let hidden = |name| hidden(&answer.body, "id=\"gesprek\"", name);
        let fields = [
            ("soort", "vraag".to_owned()),
            ("tekst", text.clone()),
            ("naam", "raadslid".to_owned()),
            ("figuur", hidden("figuur")),
            ("terug", hidden("terug")),
        ];
        let forms = answer.body.split("id=\"gesprek\"").nth(1).expect("a place to write");
        let action = forms.split("method=\"post\" action=\"").nth(1).and_then(|rest| rest.split('"').next());
        let action = action.expect("a form").replace("&#38;", "&").replace("&amp;", "&");
        let back = sent_on(&post(writing_server(), &action, &fields, OURS));
        let shown = text.replace('&', "&#38;");
        let asked = get(writing_server(), &back);
        check_page(&asked, 200, "nl");
        assert!(asked.body.contains(&shown), "{back}");
        assert!(!get(writing_server(), other).body.contains(&shown), "{other}");
        // From the list of what is open the way leads back.
        let open = get(writing_server(), "/vragen").body;
        let row = open.split("<tr").find(|row| row.contains(&shown)).expect("it is open");
        let link = links(row, "/").into_iter().next().expect("a link");
        assert!(get(writing_server(), &link).body.contains(&shown), "{link}");
    }
}
