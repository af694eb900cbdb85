use grip_register::{Edit, ObjectId, Register, RegisterError, View};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{Note, by, databases::on_both, note, second};

/// What somebody does; objects are counted in the order in which they were made, modulo how many there are.
#[derive(Debug, Clone)]
enum Step {
    Create(char),
    Change(usize, char),
    Withdraw(usize),
    Undo(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let letter = proptest::char::range('a', 'd');
    prop_oneof![
        letter.clone().prop_map(Step::Create),
        (0..9_usize, letter).prop_map(|(at, letter)| Step::Change(at, letter)),
        (0..9_usize).prop_map(Step::Withdraw),
        (0..9_usize).prop_map(Step::Undo),
    ]
}

const STORY_SECONDS_MAX: i64 = 100;

/// Edits, each so many seconds after the one before.
fn story() -> impl Strategy<Value = Vec<(i64, Vec<Step>)>> {
    prop::collection::vec((0..4_i64, prop::collection::vec(step(), 1..4)), 1..12)
}

/// What ought to be there, in the simplest form one can think of.
#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    /// Each object with all its versions: text, and whether it is withdrawn.
    objects: Vec<(ObjectId, Vec<(char, bool)>)>,
}

impl Model {
    fn present(&self) -> Vec<(ObjectId, String)> {
        let last = self.objects.iter().map(|(id, versions)| (*id, versions[versions.len() - 1]));
        last.filter(|(_, (_, withdrawn))| !withdrawn).map(|(id, (letter, _))| (id, letter.to_string())).collect()
    }

    async fn do_step(&mut self, edit: &mut Edit, step: &Step) {
        let count = self.objects.len();
        if let Step::Create(letter) = step {
            let id = edit.create(&note(&letter.to_string())).await.unwrap();
            self.objects.push((id, vec![(*letter, false)]));
            return;
        }
        if count == 0 {
            return;
        }
        match *step {
            Step::Create(_) => unreachable!("done above"),
            Step::Change(at, letter) => self.push(at, (letter, false), edit).await,
            Step::Withdraw(at) => {
                let letter = self.objects[at % count].1.last().unwrap().0;
                self.push(at, (letter, true), edit).await;
            }
            Step::Undo(at) => {
                let (id, versions) = &mut self.objects[at % count];
                let expected = i64::try_from(versions.len()).unwrap();
                edit.undo(*id, expected).await.unwrap();
                let before = versions.len().checked_sub(2).map_or((versions[0].0, true), |place| versions[place]);
                versions.push(before);
            }
        }
    }

    /// A change or a withdrawal, which a withdrawn object refuses.
    async fn push(&mut self, at: usize, version: (char, bool), edit: &mut Edit) {
        let place = at % self.objects.len();
        let (id, versions) = &mut self.objects[place];
        let expected = i64::try_from(versions.len()).unwrap();
        let outcome = if version.1 {
            edit.withdraw(*id, expected).await
        } else {
            edit.change(*id, expected, &note(&version.0.to_string())).await
        };
        if versions.last().unwrap().1 {
            assert!(matches!(outcome, Err(RegisterError::Withdrawn(_))), "{outcome:?}");
        } else {
            assert_eq!(outcome.unwrap(), expected + 1);
            versions.push(version);
        }
    }
}

/// What a view shows of the objects of one story.
async fn shown(view: &View<'_>, ids: &[ObjectId]) -> Vec<(ObjectId, String)> {
    let all = view.list::<Note>().await.unwrap();
    let mut found_by_letter = 0;
    for letter in ["a", "b", "c", "d"] {
        let found = view.find::<Note>("first", letter).await.unwrap();
        assert!(found.iter().all(|version| version.content.text == letter));
        found_by_letter += found.len();
    }
    assert_eq!(found_by_letter, all.len(), "each is found by what it now holds, and by nothing else");
    let present = all.into_iter().filter(|version| ids.contains(&version.id));
    present.map(|version| (version.id, version.content.text)).collect()
}

/// Tells a story from a second on, then asks for every moment of it.
async fn check(register: &Register, beginning: i64, story: &[(i64, Vec<Step>)]) {
    let mut model = Model::default();
    let mut told = vec![(beginning, model.clone())];
    let mut now = beginning + 1;
    for (gap, steps) in story {
        now += gap;
        let mut edit = register.edit(by("piet", now, "")).await.unwrap();
        for step in steps {
            model.do_step(&mut edit, step).await;
        }
        edit.commit().await.unwrap();
        told.push((now, model.clone()));
    }
    let ids: Vec<ObjectId> = model.objects.iter().map(|(id, _)| *id).collect();
    for moment in beginning..=now + 1 {
        let view = register.as_of(second(moment)).await.unwrap();
        let (_, expected) = told.iter().rev().find(|(at, _)| *at <= moment).expect("the story has a beginning");
        let present = expected.present();
        assert_eq!(shown(&view, &ids).await, present, "as of {moment}");
        for (id, versions) in &expected.objects {
            let history = view.history::<Note>(*id).await.unwrap();
            let history: Vec<_> =
                history.into_iter().map(|version| (version.content.text, version.withdrawn)).collect();
            let versions: Vec<_> = versions.iter().map(|(letter, gone)| (letter.to_string(), *gone)).collect();
            assert_eq!(history, versions, "as of {moment}");
        }
    }
}

#[test]
fn a_view_shows_what_was_written_by_then_and_nothing_else() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        // Stories follow each other in one register, as they do in life.
        let beginning = std::cell::Cell::new(0);
        let runner = TestRunner::new(ProptestConfig {
            cases: 40,
            max_shrink_iters: 100,
            failure_persistence: None,
            ..Default::default()
        });
        tell_all(runner, &register, &beginning);
    });
}

fn tell_all(mut runner: TestRunner, register: &Register, beginning: &std::cell::Cell<i64>) {
    let handle = tokio::runtime::Handle::current();
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&story(), |story| {
            let start = beginning.replace(beginning.get() + STORY_SECONDS_MAX);
            handle.block_on(check(register, start, &story));
            Ok(())
        })
    });
    outcome.unwrap();
}
