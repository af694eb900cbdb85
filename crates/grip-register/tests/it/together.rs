use std::sync::Arc;

use grip_register::{Register, RegisterError, Version};
use tokio::sync::Barrier;

use crate::{Note, by, databases::on_both, note};

const WRITERS: usize = 8;

/// Each writer has read version 1 and gives the object another text, all at once, through two registers that know nothing of
/// each other, as two programs do.
#[test]
fn of_writers_who_saw_the_same_version_exactly_one_wins() {
    on_both(async |url| {
        let registers = [Register::open(url).await.unwrap(), Register::open(url).await.unwrap()];
        for _ in 0..10 {
            let mut edit = registers[0].edit(by("piet", 0, "")).await.unwrap();
            let id = edit.create(&note("begin")).await.unwrap();
            edit.commit().await.unwrap();
            let together = Arc::new(Barrier::new(WRITERS));
            let tasks = (0..WRITERS).map(|writer| {
                let (register, together) = (registers[writer % 2].clone(), Arc::clone(&together));
                tokio::spawn(async move {
                    together.wait().await;
                    let mut edit = register.edit(by(&format!("writer{writer}"), 0, "")).await?;
                    let number = edit.change(id, 1, &note(&format!("tekst {writer}"))).await?;
                    edit.commit().await?;
                    Ok::<_, RegisterError>((writer, number))
                })
            });
            let (mut winners, mut losers) = (Vec::new(), Vec::new());
            for task in tasks.collect::<Vec<_>>() {
                match task.await.unwrap() {
                    Ok(winner) => winners.push(winner),
                    Err(RegisterError::Conflict { current }) => losers.push(current.read::<Note>().unwrap()),
                    Err(other) => panic!("{other}"),
                }
            }
            let [(winner, 2)] = winners[..] else { panic!("{winners:?}") };
            assert_eq!(losers.len(), WRITERS - 1);
            for current in losers {
                assert_eq!((current.number, current.content), (2, note(&format!("tekst {winner}"))));
                assert_eq!(current.by.actor.as_str(), format!("writer{winner}"));
            }
        }
    });
}

#[test]
fn many_writers_each_get_a_place_in_one_row() {
    on_both(async |url| {
        // Opened at once too: one of them makes the tables.
        let registers: Vec<_> = (0..4)
            .map(|_| {
                tokio::spawn({
                    let url = url.to_owned();
                    async move { Register::open(&url).await }
                })
            })
            .collect();
        let mut tasks = Vec::new();
        for (writer, register) in registers.into_iter().enumerate() {
            let register = register.await.unwrap().unwrap();
            tasks.push(tokio::spawn(async move {
                for round in 0..10 {
                    let mut edit = register.edit(by(&format!("writer{writer}"), round, "")).await.unwrap();
                    edit.create(&note("een")).await.unwrap();
                    edit.commit().await.unwrap();
                    let view = register.now().await.unwrap();
                    let seen = view.list::<Note>().await.unwrap();
                    assert_eq!(
                        i64::try_from(seen.len()).unwrap(),
                        view.edit(),
                        "no edit shows before the one before it"
                    );
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        let register = Register::open(url).await.unwrap();
        let notes: Vec<Version<Note>> = register.now().await.unwrap().list().await.unwrap();
        let edits: Vec<i64> = notes.iter().map(|version| version.edit).collect();
        assert_eq!(edits, (1..=40).collect::<Vec<_>>(), "identifications sort as edits do, and none is missing");
        assert!(notes.is_sorted_by_key(|version| version.by.at));
    });
}

/// A page that reads twice gets twice the same.
#[test]
fn a_view_does_not_change_while_others_write() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
        let id = edit.create(&note("een")).await.unwrap();
        edit.commit().await.unwrap();
        let view = register.now().await.unwrap();
        let before = view.list::<Note>().await.unwrap();
        // The same second: only the order of edits tells them apart.
        let mut edit = register.edit(by("anna", 0, "")).await.unwrap();
        edit.change(id, 1, &note("twee")).await.unwrap();
        edit.create(&note("drie")).await.unwrap();
        edit.commit().await.unwrap();
        assert_eq!(view.list::<Note>().await.unwrap(), before);
        assert_eq!(register.now().await.unwrap().list::<Note>().await.unwrap().len(), 2);
    });
}

/// Another program that holds an edit, as one that hangs would.
#[test]
fn who_waits_too_long_for_another_is_told_so() {
    on_both(async |url| {
        let (one, other) = (Register::open(url).await.unwrap(), Register::open(url).await.unwrap());
        let mut held = one.edit(by("piet", 0, "")).await.unwrap();
        held.create(&note("een")).await.unwrap();
        let refused = other.edit(by("anna", 0, "")).await.unwrap_err();
        assert!(matches!(refused, RegisterError::Busy), "{refused}");
        assert_eq!(other.now().await.unwrap().edit(), 0, "who reads does not wait");
        held.commit().await.unwrap();
        let mut edit = other.edit(by("anna", 0, "")).await.unwrap();
        edit.create(&note("twee")).await.unwrap();
        edit.commit().await.unwrap();
        assert_eq!(one.now().await.unwrap().edit(), 2);
    });
}

/// The first to come makes the tables; the others wait for that, and find them.
#[tokio::test(flavor = "multi_thread")]
async fn many_programs_open_a_new_file_at_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("register.db").display());
        let together = Arc::new(Barrier::new(WRITERS));
        let open = |_| {
            let (url, together) = (url.clone(), Arc::clone(&together));
            tokio::spawn(async move {
                together.wait().await;
                Register::open(&url).await.map(|_| ())
            })
        };
        for task in (0..WRITERS).map(open).collect::<Vec<_>>() {
            task.await.unwrap().unwrap();
        }
    }
}
