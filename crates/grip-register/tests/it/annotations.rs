use std::collections::BTreeMap;

use grip_register::{
    About, Annotation, By, Entry, Figure, ObjectId, Register, RegisterError, Thread, reply, threads_of, threads_on,
    threads_on_any_peildatum, threads_waiting, threads_waiting_for,
};
use grip_types::{Date, Periode};

use crate::{account, by, databases::on_both, second};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The costs of youth care in a year, in one district.
fn figure(wijk: &str, peildatum: &str) -> Figure {
    Figure {
        gemeente: "0935".parse().unwrap(),
        peildatum: day(peildatum),
        about: About::Indicator {
            indicator: "kosten_jeugd".to_owned(),
            periode: Periode { begin: day("2024-01-01"), eind: day("2024-12-31") },
            filters: BTreeMap::from([("wijk".to_owned(), wijk.to_owned())]),
        },
    }
}

async fn begin(register: &Register, by: By, figure: Figure, entry: Entry, text: &str) -> ObjectId {
    let mut edit = register.edit(by).await.unwrap();
    let annotation = Annotation { figure, thread: None, entry, text: text.to_owned() };
    let id = edit.create(&annotation).await.unwrap();
    edit.commit().await.unwrap();
    id
}

async fn answer(register: &Register, by: By, to: ObjectId, entry: Entry, text: &str) -> ObjectId {
    let mut edit = register.edit(by).await.unwrap();
    let id = reply(&mut edit, to, entry, text.to_owned()).await.unwrap();
    edit.commit().await.unwrap();
    id
}

fn assignment(to: &str, due: Option<&str>) -> Entry {
    Entry::Assignment { to: account(to), due: due.map(day) }
}

fn texts(threads: &[Thread]) -> Vec<Vec<&str>> {
    let texts = |thread: &Thread| thread.entries.len();
    assert!(threads.iter().all(|thread| texts(thread) > 0));
    threads.iter().map(|thread| thread.entries.iter().map(|version| version.content.text.as_str()).collect()).collect()
}

#[test]
fn threads_stay_with_their_figure_and_its_peildatum() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let june = figure("Noord", "2025-06-30");
        let why = begin(&register, by("raad", 0, ""), june.clone(), Entry::Question, "Waarom *stijgt* dit?").await;
        begin(&register, by("raad", 1, ""), june.clone(), Entry::Remark, "Zie ook Zuid.").await;
        begin(&register, by("raad", 2, ""), figure("Noord", "2025-07-31"), Entry::Remark, "Daalt weer.").await;
        begin(&register, by("raad", 3, ""), figure("Zuid", "2025-06-30"), Entry::Remark, "Ander getal.").await;
        let reply = answer(&register, by("anna", 4, ""), why, Entry::Answer, "Meer instroom.").await;
        // An answer to an answer stays in the thread.
        answer(&register, by("raad", 5, ""), reply, Entry::Closed, "").await;

        let view = register.now().await.unwrap();
        let threads = threads_on(&view, &june).await.unwrap();
        assert_eq!(texts(&threads), [vec!["Waarom *stijgt* dit?", "Meer instroom.", ""], vec!["Zie ook Zuid."]]);
        assert_eq!(threads[0].id, why);
        let threads = threads_on_any_peildatum(&view, &june).await.unwrap();
        assert_eq!(threads.len(), 3);
        assert_eq!(texts(&threads_on(&register.as_of(second(3)).await.unwrap(), &june).await.unwrap())[0].len(), 1);
        let signal = Figure { about: About::Signal { signal: "S1".to_owned() }, ..june };
        assert_eq!(threads_on(&view, &signal).await.unwrap(), []);
    });
}

#[test]
fn questions_wait_for_whom_they_were_assigned_to_until_they_are_answered() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let june = figure("Noord", "2025-06-30");
        let anna = account("anna");
        let why = begin(&register, by("raad", 0, ""), june.clone(), Entry::Question, "Waarom?").await;
        let later = begin(&register, by("raad", 1, ""), june.clone(), assignment("anna", None), "Zoek uit.").await;
        let urgent =
            begin(&register, by("raad", 2, ""), june.clone(), assignment("anna", Some("2025-08-01")), "Nu.").await;
        let waiting = async |name: &str, seconds: i64| {
            let view = register.as_of(second(seconds)).await.unwrap();
            let threads = threads_waiting_for(&view, &account(name)).await.unwrap();
            threads.iter().map(|thread| thread.id).collect::<Vec<_>>()
        };
        assert_eq!(waiting("anna", 2).await, [urgent, later], "what is due first is in front");

        answer(&register, by("raad", 3, ""), why, assignment("anna", Some("2025-07-15")), "Anna, weet jij dit?").await;
        assert_eq!(waiting("anna", 3).await, [why, urgent, later]);
        answer(&register, by("anna", 4, ""), urgent, Entry::Remark, "Ben bezig.").await;
        answer(&register, by("anna", 5, ""), later, Entry::Explanation, "De tarieven zijn verhoogd.").await;
        answer(&register, by("anna", 6, ""), why, assignment("bert", None), "Bert weet dit.").await;
        assert_eq!(waiting("anna", 6).await, [urgent]);
        assert_eq!(waiting("bert", 6).await, [why]);
        answer(&register, by("bert", 7, ""), why, Entry::Answer, "Meer instroom.").await;
        assert_eq!(waiting("bert", 7).await, []);
        // A question after an answer is open again, but of nobody.
        answer(&register, by("raad", 8, ""), why, Entry::Question, "En in Zuid?").await;
        assert_eq!(waiting("bert", 8).await, []);
        let threads = threads_on(&register.now().await.unwrap(), &june).await.unwrap();
        let open = threads[0].waiting().unwrap();
        assert_eq!((open.asked.content.text.as_str(), open.assignee, open.due), ("En in Zuid?", None, None));
        let open = threads[2].waiting().unwrap();
        assert_eq!((open.assignee, open.due), (Some(&anna), Some(day("2025-08-01"))));
        assert_eq!(waiting("anna", 2).await, [urgent, later], "what waited then, waited then");
        let then = register.as_of(second(2)).await.unwrap();
        let all = threads_waiting(&then, june.gemeente).await.unwrap();
        assert_eq!(all.iter().map(|thread| thread.id).collect::<Vec<_>>(), [why, later, urgent]);
        assert_eq!(all[0].figure(), Some(&june));
        assert_eq!(threads_of(&then, "0363".parse().unwrap()).await.unwrap(), []);
    });
}

#[test]
fn a_withdrawn_annotation_leaves_its_thread() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let june = figure("Noord", "2025-06-30");
        let first = begin(&register, by("raad", 0, ""), june.clone(), assignment("anna", None), "Waarom?").await;
        answer(&register, by("raad", 1, ""), first, Entry::Remark, "Graag snel.").await;
        let mut edit = register.edit(by("raad", 2, "verkeerde getal")).await.unwrap();
        edit.withdraw(first, 1).await.unwrap();
        edit.commit().await.unwrap();
        let view = register.now().await.unwrap();
        let threads = threads_on(&view, &june).await.unwrap();
        assert_eq!((threads[0].id, texts(&threads)), (first, vec![vec!["Graag snel."]]));
        assert_eq!(threads_waiting_for(&view, &account("anna")).await.unwrap(), []);
    });
}

#[test]
fn annotations_that_say_nothing_are_refused() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("raad", 0, "")).await.unwrap();
        let mut annotation = Annotation {
            figure: figure("Noord", "2025-06-30"),
            thread: None,
            entry: Entry::Answer,
            text: " ".to_owned(),
        };
        let refused = edit.create(&annotation).await.unwrap_err().to_string();
        assert_eq!(
            refused,
            "GR010 `text` is empty; `entry` should be a remark, question, assignment or explanation: it begins a thread"
        );
        annotation.entry = Entry::Remark;
        annotation.text = "é".repeat(10_001);
        assert_eq!(edit.create(&annotation).await.unwrap_err().to_string(), "GR010 `text` is longer than 10000");
        annotation.text.pop();
        let id = edit.create(&annotation).await.unwrap();
        let elsewhere = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        let refused = reply(&mut edit, elsewhere, Entry::Remark, "?".to_owned()).await;
        assert!(matches!(refused, Err(RegisterError::NotFound(_))));
        reply(&mut edit, id, Entry::Closed, String::new()).await.unwrap();
    });
}

/// The form in the store: what was written must stay readable.
#[test]
fn documents_keep_their_form() {
    let annotation = Annotation {
        figure: figure("Noord", "2025-06-30"),
        thread: Some("01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()),
        entry: assignment("anna", Some("2025-08-01")),
        text: "Zoek uit.".to_owned(),
    };
    let stored = serde_json::json!({
        "figure": {
            "gemeente": "0935",
            "peildatum": "2025-06-30",
            "about": { "indicator": {
                "indicator": "kosten_jeugd", "periode": "2024-01-01/2024-12-31", "filters": { "wijk": "Noord" },
            } },
        },
        "thread": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "entry": { "assignment": { "to": "anna", "due": "2025-08-01" } },
        "text": "Zoek uit.",
    });
    assert_eq!(serde_json::to_value(&annotation).unwrap(), stored);
    assert_eq!(serde_json::from_value::<Annotation>(stored.clone()).unwrap(), annotation);
    let mut other = stored;
    other["entry"] = "question".into();
    other["thread"] = serde_json::Value::Null;
    let read: Annotation = serde_json::from_value(other).unwrap();
    assert_eq!((read.entry, read.thread), (Entry::Question, None));
}
