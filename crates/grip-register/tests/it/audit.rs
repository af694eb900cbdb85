use std::sync::Arc;

use grip_access::{
    Key,
    chain::{Break, Event, Head, Outcome, verify_to},
};
use grip_register::{Register, RegisterError};
use sqlx::AnyPool;
use tokio::sync::Barrier;

use crate::{databases::on_both, schemas::sqlx_url, second};

pub(crate) fn key() -> Key {
    Key::from_bytes([1; 32])
}

pub(crate) fn event(number: i64) -> Event {
    Event {
        at: second(number),
        account: (number % 2 == 0).then(|| "anna".to_owned()),
        deed: "sign_in".to_owned(),
        subject: format!("account {number}"),
        outcome: Outcome::Done,
        request: format!("req{number}"),
    }
}

async fn written(url: &str, records: i64) -> (Register, Head) {
    let register = Register::open(url).await.unwrap();
    let mut head = Head::EMPTY;
    for number in 1..=records {
        head = register.write_event(&key(), event(number)).await.unwrap();
    }
    (register, head)
}

#[test]
fn events_become_a_chain_that_can_be_read_in_pages() {
    on_both(async |url| {
        let (register, head) = written(url, 7).await;
        assert_eq!(head, register.audit_head().await.unwrap());
        assert_eq!(register.verify_audit(&key(), &[head]).await.unwrap(), Ok(head));
        let page = register.audit_records(3..=5).await.unwrap();
        let events: Vec<Event> = page.into_iter().map(|record| record.event).collect();
        assert_eq!(events, [event(3), event(4), event(5)]);
        let all = register.audit_records(1..=i64::MAX).await.unwrap();
        assert_eq!(verify_to(&key(), &all, head), Ok(head), "by the pure rules too");
        let other = Key::from_bytes([2; 32]);
        assert_eq!(register.verify_audit(&other, &[]).await.unwrap(), Err(Break::Mark(1)));
    });
}

#[test]
fn an_empty_log_is_whole() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        assert_eq!(register.audit_head().await.unwrap(), Head::EMPTY);
        assert_eq!(register.verify_audit(&key(), &[]).await.unwrap(), Ok(Head::EMPTY));
    });
}

/// Eight at once, through two registers that know nothing of each other, as two computers do: one chain.
#[test]
fn records_of_many_writers_follow_each_other() {
    on_both(async |url| {
        let registers = [Register::open(url).await.unwrap(), Register::open(url).await.unwrap()];
        let together = Arc::new(Barrier::new(8));
        let tasks = (0..8).map(|writer| {
            let (register, together) = (registers[writer % 2].clone(), Arc::clone(&together));
            tokio::spawn(async move {
                together.wait().await;
                for round in 0..5 {
                    register.write_event(&key(), event(i64::try_from(writer * 10 + round).unwrap())).await.unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let head = registers[0].verify_audit(&key(), &[]).await.unwrap().unwrap();
        assert_eq!(head.records, 40);
    });
}

/// Who can write in the database can change it, and that is seen.
#[test]
fn each_kind_of_tampering_is_found() {
    for (statement, expected) in [
        ("UPDATE audit SET subject = 'account 4' WHERE sequence = 3", Break::Mark(3)),
        ("UPDATE audit SET outcome = 'refused' WHERE sequence = 7", Break::Mark(7)),
        ("UPDATE audit SET account = NULL WHERE sequence = 2", Break::Mark(2)),
        ("UPDATE audit SET at = 'gisteren' WHERE sequence = 5", Break::Mark(5)),
        ("UPDATE audit SET mark = (SELECT mark FROM audit WHERE sequence = 1) WHERE sequence = 4", Break::Mark(4)),
        ("DELETE FROM audit WHERE sequence = 3", Break::Sequence { expected: 3, found: 4 }),
        ("DELETE FROM audit WHERE sequence < 4", Break::Sequence { expected: 1, found: 4 }),
        (
            "UPDATE audit SET sequence = sequence + 5000 WHERE sequence > 3",
            Break::Sequence { expected: 4, found: 5004 },
        ),
        (
            "INSERT INTO audit SELECT 8, at, account, deed, subject, outcome, request, mark FROM audit WHERE sequence = 7",
            Break::Mark(8),
        ),
        ("DELETE FROM audit WHERE sequence > 5", Break::Short { expected: 7, found: 5 }),
    ] {
        on_both(async |url| {
            let (register, head) = written(url, 7).await;
            let connection = AnyPool::connect(&sqlx_url(url)).await.unwrap();
            sqlx::query(statement).execute(&connection).await.unwrap();
            connection.close().await;
            assert_eq!(register.verify_audit(&key(), &[]).await.unwrap(), Err(expected), "{statement}");
            assert_eq!(register.verify_audit(&key(), &[head]).await.unwrap(), Err(expected), "{statement}");
        });
    }
}

/// Who cuts off the end and sets the head back to it leaves a whole chain: only a head that was kept elsewhere tells.
#[test]
fn the_end_that_was_cut_off_is_missed_by_who_kept_the_head() {
    on_both(async |url| {
        let (register, head) = written(url, 7).await;
        let connection = AnyPool::connect(&sqlx_url(url)).await.unwrap();
        for statement in [
            "DELETE FROM audit WHERE sequence > 5",
            "UPDATE audit_head SET records = 5, mark = (SELECT mark FROM audit WHERE sequence = 5)",
        ] {
            sqlx::query(statement).execute(&connection).await.unwrap();
        }
        connection.close().await;
        assert!(register.verify_audit(&key(), &[]).await.unwrap().is_ok());
        let missed = Break::Short { expected: 7, found: 5 };
        assert_eq!(register.verify_audit(&key(), &[head]).await.unwrap(), Err(missed));
        // Going on from there does not hide it.
        for number in 6..=8 {
            register.write_event(&key(), event(number + 10)).await.unwrap();
        }
        assert_eq!(register.verify_audit(&key(), &[head]).await.unwrap(), Err(Break::Head(7)));
    });
}

#[test]
fn an_event_that_can_not_be_kept_is_not_half_kept() {
    on_both(async |url| {
        let (register, head) = written(url, 1).await;
        for wrong in [
            Event { subject: "client 999900006".to_owned(), ..event(2) },
            Event { deed: String::new(), ..event(2) },
            Event { request: "a\0b".to_owned(), ..event(2) },
            Event { subject: "x".repeat(201), ..event(2) },
        ] {
            let refused = register.write_event(&key(), wrong).await.unwrap_err();
            assert!(matches!(refused, RegisterError::Invalid(_)), "{refused}");
        }
        assert_eq!(register.audit_head().await.unwrap(), head);
        // Digits in a row in what is made by chance are no number of anybody.
        let by_chance = Event { request: "a999900006f".to_owned(), ..event(2) };
        assert_eq!(register.write_event(&key(), by_chance).await.unwrap().records, 2);
    });
}
