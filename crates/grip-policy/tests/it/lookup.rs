use grip_policy::{Dossier, Goal, Object, Texts, changed, create, gemeenten};
use grip_register::ObjectId;

use crate::kinds::{by, gemeente, register};

fn goal(name: &str, parent: Option<ObjectId>) -> Texts {
    let own = [
        ("gemeente", gemeente().to_string()),
        ("name", name.to_owned()),
        ("level", "strategisch".to_owned()),
        ("why", "De wachtlijst is lang.".to_owned()),
    ];
    let parent = parent.map(|id| ("parent", id.to_string()));
    own.into_iter().chain(parent).map(|(name, text)| (name.to_owned(), text)).collect()
}

#[tokio::test]
async fn no_goal_comes_below_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let mut edit = register.edit(by(0)).await.expect("an edit");
    let top = create(&mut edit, Goal::kind(), &goal("boven", None)).await.expect("a goal");
    let middle = create(&mut edit, Goal::kind(), &goal("midden", Some(top))).await.expect("a goal");
    let low = create(&mut edit, Goal::kind(), &goal("onder", Some(middle))).await.expect("a goal");
    edit.commit().await.expect("written");
    let dossier = Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier");
    let fields = |id, parent| -> Vec<&str> {
        dossier.faults(Goal::kind(), id, &goal("boven", parent)).iter().map(|fault| fault.field).collect()
    };
    for below in [top, middle, low] {
        assert_eq!(fields(Some(top), Some(below)), ["parent"], "{below}");
    }
    assert!(fields(Some(low), Some(top)).is_empty());
    assert!(fields(None, Some(low)).is_empty());
    let unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().expect("an identification");
    assert_eq!(fields(None, Some(unknown)), ["parent"]);
    let found = gemeenten(&register.now().await.expect("a view")).await.expect("municipalities");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [gemeente()]);
}

#[tokio::test]
async fn words_are_found_and_identifications_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let register = register(&folder).await;
    let mut edit = register.edit(by(0)).await.expect("an edit");
    let top = create(&mut edit, Goal::kind(), &goal("Éénmaal thuis", None)).await.expect("a goal");
    create(&mut edit, Goal::kind(), &goal("onder", Some(top))).await.expect("a goal");
    edit.commit().await.expect("written");
    let dossier = Dossier::read(&register.now().await.expect("a view"), gemeente()).await.expect("a dossier");
    let names = |text: &str| -> Vec<&str> { dossier.search(text).into_iter().map(|entry| entry.name()).collect() };
    assert_eq!(names("THUIS éénmaal"), ["Éénmaal thuis"]);
    assert_eq!(names("wachtlijst").len(), 2);
    assert_eq!(names("wachtlijst onder"), ["onder"]);
    assert!(names(&top.to_string()).is_empty() && names("9998").is_empty() && names("").is_empty());
    let entry = dossier.get(top).expect("the goal");
    let snippet = entry.found("WACHTLIJST").expect("it is there");
    assert_eq!((snippet.field.name, snippet.text.as_str()), ("why", "De wachtlijst is lang."));
    assert!(entry.found("thuis").is_none(), "the name is shown anyway");
}

#[test]
fn what_changed_is_told_by_field() {
    let before: Texts = goal("a", None);
    let mut after = goal("b", None);
    after.remove("why");
    let names: Vec<&str> = changed(Goal::kind(), &before, &after).iter().map(|field| field.name).collect();
    assert_eq!(names, ["name", "why"]);
    assert!(changed(Goal::kind(), &before, &before).is_empty());
}
