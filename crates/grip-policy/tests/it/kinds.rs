use grip_policy::{Dossier, Goal, Input, Object, Texts, Value, change, create, faults, history, kinds, withdrawn};
use grip_register::{About, Annotation, By, Entry as Note, Figure, Problem, Register, RegisterError};
use grip_types::GemeenteCode;
use jiff::Timestamp;

pub(crate) fn gemeente() -> GemeenteCode {
    "9998".parse().expect("a code")
}

pub(crate) fn by(second: i64) -> By {
    let at = Timestamp::from_second(1_760_000_000 + second).expect("a moment");
    By { actor: "beleidsadviseur".parse().expect("an account"), at, reason: String::new() }
}

pub(crate) async fn register(folder: &tempfile::TempDir) -> Register {
    let path = folder.path().join("register.db");
    Register::open(&format!("sqlite:{}", path.display())).await.expect("a register")
}

/// The fewest fields that a kind asks for, each object it needs made before.
async fn fewest(edit: &mut grip_register::Edit, kind: &grip_policy::Kind) -> Texts {
    let mut texts = Texts::from([("gemeente".to_owned(), gemeente().to_string())]);
    for field in kind.fields.iter().filter(|field| field.is_required) {
        let text = match field.input {
            Input::Line | Input::Text | Input::Indicator => "Iets".to_owned(),
            Input::Day => "2025-01-31".to_owned(),
            Input::Month => "2025-01".to_owned(),
            Input::Year | Input::Number => "2025".to_owned(),
            Input::Amount => "12,50".to_owned(),
            Input::One(name) => {
                let other = grip_policy::kind_named(name).expect("a kind");
                let texts = Box::pin(fewest(edit, other)).await;
                create(edit, other, &texts).await.expect("what it names").to_string()
            }
            Input::YesNo | Input::Choice(_) | Input::Filters | Input::YearValues | Input::Many(_) => String::new(),
        };
        texts.insert(field.name.to_owned(), text);
    }
    if kind.name == "care_quality" {
        texts.insert("percentage".to_owned(), "81,5".to_owned());
    }
    texts
}

#[tokio::test]
async fn every_kind_is_kept_as_it_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let mut edit = register.edit(by(0)).await.expect("an edit");
    let mut made = Vec::new();
    for kind in kinds() {
        let texts = fewest(&mut edit, kind).await;
        if kind.name == "theory_link" {
            // Two parts were made for it.
            assert_ne!(texts["from"], texts["to"]);
        }
        let id = create(&mut edit, kind, &texts).await.unwrap_or_else(|error| panic!("{}: {error}", kind.name));
        made.push((kind, id, texts));
    }
    edit.commit().await.expect("it is written");
    let view = register.now().await.expect("a view");
    let dossier = Dossier::read(&view, gemeente()).await.expect("a dossier");
    for (kind, id, texts) in made {
        let entry = dossier.get(id).unwrap_or_else(|| panic!("{}", kind.name));
        assert_eq!(entry.kind.name, kind.name);
        for field in kind.fields.iter().filter(|field| field.is_required) {
            assert_eq!(entry.text(field.name), texts[field.name], "{} {}", kind.name, field.name);
        }
        assert!(dossier.dangling(kind, &entry.version.content).is_empty(), "{}", kind.name);
    }
    let other: GemeenteCode = "0935".parse().expect("a code");
    assert_eq!(Dossier::read(&view, other).await.expect("a dossier").entries().count(), 0);
}

#[test]
fn every_required_field_is_asked_for_in_two_languages() {
    for kind in kinds() {
        assert_eq!(kind.fields[0].name, "name", "{}", kind.name);
        let empty = Texts::from([("gemeente".to_owned(), gemeente().to_string())]);
        let missing: Vec<&str> = faults(kind, &empty).iter().map(|fault| fault.field).collect();
        let required: Vec<&str> =
            kind.fields.iter().filter(|field| field.is_required).map(|field| field.name).collect();
        assert_eq!(missing, required, "{}", kind.name);
        for field in kind.fields {
            assert!(!field.label.nl.is_empty() && !field.label.en.is_empty(), "{} {}", kind.name, field.name);
            assert_eq!(field.hint.nl.is_empty(), field.hint.en.is_empty(), "{} {}", kind.name, field.name);
            if let Input::One(other) | Input::Many(other) = field.input {
                assert!(grip_policy::kind_named(other).is_some(), "{} {}", kind.name, field.name);
            }
        }
    }
}

/// In a sheet such a row is a remark, and an object that was called so would be lost there.
#[test]
fn no_name_is_a_remark() {
    let named = |name: &str| {
        let texts =
            Texts::from([("gemeente".to_owned(), gemeente().to_string()), ("name".to_owned(), name.to_owned())]);
        faults(grip_policy::kind_named("theme").expect("a kind"), &texts).len()
    };
    assert_eq!((named("# Jeugd"), named("Jeugd # 2")), (1, 0));
}

#[tokio::test]
async fn what_is_named_is_found_back_and_what_is_gone_is_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let mut edit = register.edit(by(0)).await.expect("an edit");
    let goal = |name: &str, parent: &str| {
        Texts::from(
            [("gemeente", "9998"), ("name", name), ("level", "tactisch"), ("parent", parent)]
                .map(|(name, text)| (name.to_owned(), text.to_owned())),
        )
    };
    let top = create(&mut edit, Goal::kind(), &goal("Jeugd groeit veilig op", "")).await.expect("a goal");
    let below = create(&mut edit, Goal::kind(), &goal("Minder zware hulp", &top.to_string())).await.expect("a goal");
    edit.commit().await.expect("it is written");

    let dossier = Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier");
    let naming: Vec<_> = dossier.naming(top).map(|(entry, field)| (entry.version.id, field)).collect();
    assert_eq!(naming, [(below, "parent")]);
    assert_eq!(dossier.search("HULP zware").iter().map(|entry| entry.version.id).collect::<Vec<_>>(), [below]);
    assert!(dossier.search(" ").is_empty() && dossier.search("niets").is_empty());
    let goals = dossier.list::<Goal>().expect("goals");
    assert_eq!(goals[1].content.parent.text(), top.to_string());

    let mut edit = register.edit(by(1)).await.expect("an edit");
    edit.withdraw(top, 1).await.expect("it is withdrawn");
    edit.commit().await.expect("it is written");
    let dossier = Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier");
    let gone: Vec<_> = dossier
        .dangling(Goal::kind(), &goal("Minder zware hulp", &top.to_string()))
        .iter()
        .map(|fault| fault.field)
        .collect();
    assert_eq!(gone, ["parent"]);
    let view = register.now().await.expect("a view");
    let names = |found: Vec<grip_register::Version<Texts>>| {
        found.into_iter().map(|version| version.content["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(withdrawn(&view, gemeente()).await.expect("what is gone")), ["Jeugd groeit veilig op"]);
    let other = "0935".parse().expect("a code");
    assert!(withdrawn(&view, other).await.expect("nothing").is_empty());
}

#[tokio::test]
async fn a_change_leaves_what_was_there_in_the_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let kind = Goal::kind();
    let mut texts =
        Texts::from([("gemeente", "9998"), ("name", "Eerst")].map(|(name, text)| (name.to_owned(), text.to_owned())));
    let mut edit = register.edit(by(0)).await.expect("an edit");
    let id = create(&mut edit, kind, &texts).await.expect("a goal");
    edit.commit().await.expect("it is written");

    texts.insert("name".to_owned(), "Later".to_owned());
    let mut edit = register.edit(by(1)).await.expect("an edit");
    assert_eq!(change(&mut edit, id, 1, kind, &texts).await.expect("a change"), 2);
    assert!(matches!(change(&mut edit, id, 1, kind, &texts).await, Err(RegisterError::Conflict { .. })));
    edit.commit().await.expect("it is written");
    let versions = history(&register.now().await.expect("a view"), id).await.expect("its history");
    assert_eq!(versions.iter().map(|version| version.content["name"].as_str()).collect::<Vec<_>>(), ["Eerst", "Later"]);

    texts.insert("parent".to_owned(), "geen".to_owned());
    texts.insert("level".to_owned(), "hoog".to_owned());
    let wrong = faults(kind, &texts);
    assert_eq!(wrong.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["level", "parent"]);
    assert!(wrong.iter().all(|fault| matches!(fault.problem, Problem::Said { .. })));
}

#[tokio::test]
async fn what_is_no_object_of_a_municipality_has_no_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let mut edit = register.edit(by(0)).await.expect("an edit");
    let figure = Figure {
        gemeente: gemeente(),
        peildatum: "2025-06-30".parse().expect("a day"),
        about: About::Signal { signal: "iets".to_owned() },
    };
    let note = Annotation { figure, thread: None, entry: Note::Remark, text: "Zo zit het.".to_owned() };
    let id = edit.create(&note).await.expect("an annotation");
    edit.commit().await.expect("it is written");
    assert!(history(&register.now().await.expect("a view"), id).await.expect("none").is_empty());
}

/// What is wrong with an object of a kind that has these fields, by field.
fn wrong_in(kind: &str, fields: &[(&str, &str)]) -> Vec<&'static str> {
    let given = [("gemeente", "9998"), ("name", "Iets")].iter().chain(fields);
    let texts: Texts = given.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    faults(grip_policy::kind_named(kind).expect("a kind"), &texts).iter().map(|fault| fault.field).collect()
}

#[test]
fn a_percentage_is_not_a_fraction() {
    let programme = ("programme", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
    type Fields<'f> = &'f [(&'f str, &'f str)];
    let cases: [(&str, &str, Fields<'_>); 6] = [
        ("measure", "share_municipality", &[]),
        ("measure", "share_insurer", &[]),
        ("measure", "share_state", &[]),
        ("programme", "contingency", &[]),
        ("risk", "chance", &[programme]),
        ("care_quality", "percentage", &[("year", "2024")]),
    ];
    for (kind, field, others) in cases {
        for (text, is_right) in
            [("0,5", false), ("0,999", false), ("-1", false), ("0", true), ("1", true), ("50 %", true)]
        {
            let wrong = wrong_in(kind, &[others, &[(field, text)]].concat());
            assert_eq!(wrong.is_empty(), is_right, "{kind} {field} {text}: {wrong:?}");
            assert!(is_right || wrong == [field], "{kind} {field} {text}: {wrong:?}");
        }
    }
}

#[test]
fn an_outcome_is_of_ten_persons_or_more_and_of_a_provider_with_a_code() {
    let wrong = |field, text| wrong_in("care_quality", &[("year", "2024"), ("percentage", "50"), (field, text)]);
    assert_eq!(wrong("respondents", "9"), ["respondents"]);
    assert_eq!(wrong("respondents", "9,9"), ["respondents"]);
    assert!(wrong("respondents", "10").is_empty() && wrong("respondents", "").is_empty());
    assert_eq!(wrong("provider", "1234567"), ["provider"]);
    assert!(wrong("provider", "01234567").is_empty());
    assert_eq!(wrong_in("provider_answers", &[("year", "2024"), ("agb", "1234567")]), ["agb"]);
}

#[test]
fn an_amount_with_digits_too_many_is_refused_at_its_field() {
    assert_eq!(wrong_in("reserve", &[("date", "2025-12-31"), ("amount", "9.000.000.000.000")]), ["amount"]);
    assert_eq!(wrong_in("measure", &[("saving_per_month", "9.000.000.000.000")]), ["saving_per_month"]);
}
