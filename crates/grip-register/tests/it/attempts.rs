use std::sync::Arc;

use grip_access::{
    Secret,
    lockout::{Attempt, Counter, FREE_FAILURES},
};
use grip_register::Register;
use tokio::sync::Barrier;

use crate::{account, accounts::register_with, databases::on_both, second};

async fn is_allowed(register: &Register, counter: Counter<'_>, seconds: i64) -> bool {
    matches!(register.begin_attempt(counter, second(seconds)).await.unwrap(), Attempt::Allowed(_))
}

/// Who guesses on many devices shuts out devices that are not known, and not who sits at their own.
#[test]
fn nobody_can_shut_another_out() {
    on_both(async |url| {
        let register = register_with(url, &["anna", "bert"]).await;
        let (own, elsewhere) = (Secret::generate().unwrap().hash(), Secret::generate().unwrap().hash());
        register.know_device(&own, &account("anna"), second(0)).await.unwrap();
        for _ in 0..FREE_FAILURES {
            let counter = register.counter_for("anna", Some(&elsewhere), second(0)).await.unwrap();
            assert!(is_allowed(&register, counter, 0).await);
        }
        let guessing = register.counter_for("anna", None, second(1)).await.unwrap();
        let refused = register.begin_attempt(guessing, second(1)).await.unwrap();
        assert_eq!(refused, Attempt::Refused { until: second(60) });
        let known = register.counter_for("anna", Some(&own), second(1)).await.unwrap();
        assert!(is_allowed(&register, known, 1).await, "on a device that is known");
        let bert = register.counter_for("bert", None, second(1)).await.unwrap();
        assert!(is_allowed(&register, bert, 1).await, "another account");
        // What fails on a device that is known shuts that device alone.
        for _ in 1..FREE_FAILURES {
            assert!(is_allowed(&register, known, 1).await);
        }
        assert!(!is_allowed(&register, known, 1).await);
        register.attempt_succeeded(guessing).await.unwrap();
        assert!(is_allowed(&register, guessing, 1).await && !is_allowed(&register, known, 1).await);
    });
}

/// A name of nobody waits as that of somebody does, and trying names fills nothing.
#[test]
fn waiting_does_not_tell_which_names_there_are() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        for name in ["anna", "chris"] {
            let mut outcomes = Vec::new();
            for seconds in [0, 0, 0, 0, 0, 1, 60, 61, 180] {
                let counter = register.counter_for(name, None, second(seconds)).await.unwrap();
                outcomes.push(is_allowed(&register, counter, seconds).await);
            }
            assert_eq!(outcomes, [true, true, true, true, true, false, true, false, true], "{name}");
        }
        register.close_account(&account("anna")).await.unwrap();
        assert_eq!(register.counter_for("anna", None, second(1)).await.unwrap(), Counter::Nobody("anna"));
    });
}

/// Twenty at once, through two registers that know nothing of each other: as many are let as one after the other.
#[test]
fn attempts_at_once_all_count() {
    on_both(async |url| {
        let registers = [register_with(url, &["anna"]).await, Register::open(url).await.unwrap()];
        let together = Arc::new(Barrier::new(20));
        let tasks = (0..20).map(|number| {
            let (register, together) = (registers[number % 2].clone(), Arc::clone(&together));
            tokio::spawn(async move {
                together.wait().await;
                is_allowed(&register, Counter::Account("anna"), 0).await
            })
        });
        let mut allowed = 0;
        for task in tasks.collect::<Vec<_>>() {
            allowed += i64::from(task.await.unwrap());
        }
        assert_eq!(allowed, FREE_FAILURES);
    });
}
