use grip_register::{Account, Action, DOCUMENT_BYTES_MAX, ObjectId, Register, RegisterError, Version};

use crate::{Folder, Note, by, databases::on_both, note, schemas::sqlx_url, second};

/// Makes an object and gives it each of the texts in turn, an edit each.
async fn written(register: &Register, texts: &[&str]) -> ObjectId {
    let (first, rest) = texts.split_first().unwrap();
    let mut edit = register.edit(by("piet", 0, "begin")).await.unwrap();
    let id = edit.create(&note(first)).await.unwrap();
    edit.commit().await.unwrap();
    for (expected, text) in (1..).zip(rest) {
        let mut edit = register.edit(by("anna", 0, "")).await.unwrap();
        assert_eq!(edit.change(id, expected, &note(text)).await.unwrap(), expected + 1);
        edit.commit().await.unwrap();
    }
    id
}

async fn current(register: &Register, id: ObjectId) -> Version<Note> {
    register.now().await.unwrap().get(id).await.unwrap().expect("the object is there")
}

#[test]
fn every_version_is_kept_with_who_when_and_why() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("piet", 10, "eerste opzet")).await.unwrap();
        let id = edit.create(&note("Wachttijd")).await.unwrap();
        edit.commit().await.unwrap();
        let mut edit = register.edit(by("anna", 20, "scherper")).await.unwrap();
        edit.change(id, 1, &note("Wachttijd jeugd")).await.unwrap();
        edit.commit().await.unwrap();
        let mut edit = register.edit(by("piet", 30, "")).await.unwrap();
        edit.withdraw(id, 2).await.unwrap();
        edit.commit().await.unwrap();

        let view = register.now().await.unwrap();
        let history: Vec<Version<Note>> = view.history(id).await.unwrap();
        let told: Vec<_> = history
            .iter()
            .map(|version| {
                (version.number, version.edit, version.action, version.withdrawn, version.content.text.as_str())
            })
            .collect();
        assert_eq!(
            told,
            [
                (1, 1, Action::Create, false, "Wachttijd"),
                (2, 2, Action::Change, false, "Wachttijd jeugd"),
                (3, 3, Action::Withdraw, true, "Wachttijd jeugd"),
            ]
        );
        assert_eq!(history[0].by, by("piet", 10, "eerste opzet"));
        assert_eq!(history[1].by, by("anna", 20, "scherper"));
        assert_eq!(view.list::<Note>().await.unwrap(), []);
        assert!(view.get::<Note>(id).await.unwrap().unwrap().withdrawn);
    });
}

#[test]
fn whoever_looked_at_an_older_version_gets_the_current_one() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let id = written(&register, &["een", "twee"]).await;
        let mut edit = register.edit(by("piet", 1, "")).await.unwrap();
        for outcome in [
            edit.change(id, 1, &note("drie")).await,
            edit.withdraw(id, 1).await,
            edit.undo(id, 1).await,
            edit.change(id, 3, &note("drie")).await,
        ] {
            let Err(RegisterError::Conflict { current }) = outcome else { panic!("{outcome:?}") };
            let current: Version<Note> = current.read().unwrap();
            assert_eq!((current.number, current.content, current.by), (2, note("twee"), by("anna", 0, "")));
        }
        edit.commit().await.unwrap();
        assert_eq!(current(&register, id).await.number, 2);
        assert_eq!(register.now().await.unwrap().edit(), 2, "an edit in which nothing was done leaves no trace");
    });
}

#[test]
fn undo_makes_it_as_it_was_and_undo_of_that_as_it_had_become() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let id = written(&register, &["een", "twee", "drie"]).await;
        let mut edit = register.edit(by("piet", 1, "")).await.unwrap();
        assert_eq!(edit.undo(id, 3).await.unwrap(), 4);
        assert_eq!(edit.get::<Note>(id).await.unwrap().unwrap().content, note("twee"));
        assert_eq!(edit.undo(id, 4).await.unwrap(), 5);
        edit.commit().await.unwrap();
        let version = current(&register, id).await;
        assert_eq!((version.number, version.action, version.content), (5, Action::Undo, note("drie")));

        let mut edit = register.edit(by("piet", 2, "")).await.unwrap();
        edit.withdraw(id, 5).await.unwrap();
        assert!(matches!(edit.change(id, 6, &note("vier")).await, Err(RegisterError::Withdrawn(gone)) if gone == id));
        assert!(matches!(edit.withdraw(id, 6).await, Err(RegisterError::Withdrawn(gone)) if gone == id));
        edit.undo(id, 6).await.unwrap();
        edit.commit().await.unwrap();
        let view = register.now().await.unwrap();
        let found = view.find::<Note>("first", "d").await.unwrap();
        assert_eq!(found.len(), 1, "what was brought back is found again");
        assert!(!found[0].withdrawn);
    });
}

#[test]
fn undo_of_the_first_version_withdraws() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let id = written(&register, &["een"]).await;
        let mut edit = register.edit(by("piet", 1, "")).await.unwrap();
        edit.undo(id, 1).await.unwrap();
        assert!(edit.get::<Note>(id).await.unwrap().unwrap().withdrawn);
        edit.undo(id, 2).await.unwrap();
        edit.commit().await.unwrap();
        let version = current(&register, id).await;
        assert_eq!((version.withdrawn, version.content), (false, note("een")));
    });
}

#[test]
fn an_edit_is_written_as_a_whole_or_not_at_all() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
        let folder = edit.create(&Folder { name: "jeugd".to_owned() }).await.unwrap();
        let one = edit.create(&note("een")).await.unwrap();
        let two = edit.create(&note("twee")).await.unwrap();
        assert!(folder < one && one < two, "identifications sort by when objects were made");
        assert!(register.now().await.unwrap().get_any(one).await.unwrap().is_none(), "not before the commit");
        drop(edit);

        let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
        assert!(edit.get::<Note>(one).await.unwrap().is_none(), "what was dropped is gone");
        let one = edit.create(&note("een")).await.unwrap();
        edit.commit().await.unwrap();
        let view = register.now().await.unwrap();
        assert_eq!((view.edit(), view.list::<Note>().await.unwrap().len()), (1, 1));
        assert!(view.get::<Folder>(one).await.unwrap().is_none(), "it is of another kind");
        assert_eq!(view.get_any(one).await.unwrap().unwrap().kind, "note");
    });
}

#[test]
fn what_can_not_be_kept_is_refused_and_named() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
        let refused = edit.create(&note("")).await.unwrap_err();
        assert_eq!(refused.to_string(), "GR010 `text` is empty");
        let refused = edit.create(&note("bel 999900006")).await.unwrap_err();
        assert_eq!(refused.to_string(), "GR010 `text` holds what may be a citizen service number");
        let large = Folder { name: "x".repeat(DOCUMENT_BYTES_MAX) };
        assert!(matches!(edit.create(&large).await, Err(RegisterError::Invalid(_))));
        let id = edit.create(&note("een")).await.unwrap();
        let elsewhere = "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap();
        assert!(matches!(edit.undo(elsewhere, 1).await, Err(RegisterError::NotFound(_))));
        let other = edit.change(id, 1, &Folder { name: String::new() }).await;
        assert!(matches!(other, Err(RegisterError::NotFound(_))), "a kind never changes");
        edit.commit().await.unwrap();
        assert_eq!(register.now().await.unwrap().list::<Note>().await.unwrap().len(), 1, "what was right is written");

        let refused = register.edit(by("piet", 0, &"x".repeat(501))).await.unwrap_err();
        assert_eq!(refused.to_string(), "GR010 `reason` is longer than 500");
        assert!("piet de vries".parse::<Account>().is_err());
    });
}

#[test]
fn a_clock_that_is_a_little_behind_gets_the_last_time_and_one_far_behind_is_refused() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("piet", 100, "")).await.unwrap();
        edit.create(&note("een")).await.unwrap();
        edit.commit().await.unwrap();
        let mut edit = register.edit(by("anna", 40, "")).await.unwrap();
        let id = edit.create(&note("twee")).await.unwrap();
        edit.commit().await.unwrap();
        assert_eq!(current(&register, id).await.by.at, second(100));
        let refused = register.edit(by("anna", 39, "")).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("GR011 the clock says {}, but the last edit was written at {}", second(39), second(100))
        );
        assert!(refused.hint().is_some());
        let mut edit = register.edit(by("anna", 101, "")).await.unwrap();
        edit.create(&note("drie")).await.unwrap();
        edit.commit().await.unwrap();
        assert_eq!(register.now().await.unwrap().edit(), 3, "who was refused left no gap");
    });
}

/// PostgreSQL forgets a transaction in which something failed, SQLite keeps the half of it: neither may be committed.
#[test]
fn an_edit_in_which_the_database_failed_is_not_written() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let pool = sqlx::AnyPool::connect(&sqlx_url(url)).await.unwrap();
        sqlx::query("ALTER TABLE term RENAME TO terms").execute(&pool).await.unwrap();
        let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
        edit.create(&Folder { name: "zonder termen".to_owned() }).await.unwrap();
        assert!(matches!(edit.create(&note("een")).await, Err(RegisterError::Database(_))));
        assert!(matches!(edit.commit().await, Err(RegisterError::Half)));
        assert_eq!(register.now().await.unwrap().edit(), 0);

        sqlx::query("ALTER TABLE terms RENAME TO term").execute(&pool).await.unwrap();
        pool.close().await;
        written(&register, &["een", "twee"]).await;
        let view = register.now().await.unwrap();
        assert_eq!((view.edit(), view.list::<Folder>().await.unwrap().len()), (2, 0));
    });
}
