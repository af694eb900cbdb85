use grip_access::{
    Secret, SecretHash,
    lockout::{Counter, DEVICES_MAX},
    session::SESSIONS_MAX,
};
use grip_register::{Identity, Register, RegisterError, Source};

use crate::{account, accounts::register_with, databases::on_both, second};

fn secret() -> SecretHash {
    Secret::generate().unwrap().hash()
}

async fn begin(register: &Register, name: &str, seconds: i64) -> SecretHash {
    let hash = secret();
    register.begin_session(&hash, &account(name), &Source::Local, None, second(seconds)).await.unwrap();
    hash
}

async fn is_alive(register: &Register, session: &SecretHash, seconds: i64) -> bool {
    register.find_session(session, second(seconds)).await.unwrap().is_some()
}

#[test]
fn a_session_lives_by_use_and_ends_for_good() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let device = secret();
        let hash = secret();
        register.begin_session(&hash, &account("anna"), &Source::Local, Some(&device), second(0)).await.unwrap();
        let found = register.find_session(&hash, second(59)).await.unwrap().unwrap();
        assert_eq!((found.account.as_str(), found.grants.as_str()), ("anna", "[]"));
        assert_eq!((found.source, found.device, found.times.seen), (Source::Local, Some(device), second(0)));
        assert_eq!(register.find_session(&hash, second(60)).await.unwrap().unwrap().times.seen, second(60));
        assert_eq!(register.find_session(&hash, second(90)).await.unwrap().unwrap().times.seen, second(60));
        assert!(is_alive(&register, &hash, 1800).await, "half an hour after the last use, not the first");
        assert!(!is_alive(&register, &hash, 3600).await);
        assert!(!is_alive(&register, &secret(), 0).await);
        assert!(register.end_session(&hash).await.unwrap() && !register.end_session(&hash).await.unwrap());
        assert!(!is_alive(&register, &hash, 1800).await);
    });
}

#[test]
fn however_much_it_is_used_a_session_ends_after_half_a_day() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let hash = begin(&register, "anna", 0).await;
        for quarter in 1..48 {
            assert!(is_alive(&register, &hash, quarter * 900).await, "{quarter}");
        }
        assert!(!is_alive(&register, &hash, 48 * 900).await);
    });
}

#[test]
fn other_rights_ask_for_another_secret_and_the_old_one_is_worth_nothing() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let old = begin(&register, "anna", 1).await;
        assert!(!register.find_session(&old, second(2)).await.unwrap().unwrap().is_rotation_due);
        register.set_grants(&account("anna"), "[\"raad\"]", second(3)).await.unwrap();
        let found = register.find_session(&old, second(4)).await.unwrap().unwrap();
        assert!(found.is_rotation_due && found.grants == "[\"raad\"]");
        let new = [secret(), secret()];
        let rotated = tokio::join!(
            register.rotate_session(&old, &new[0], second(5)),
            register.rotate_session(&old, &new[1], second(5))
        );
        let rotated = (rotated.0.unwrap(), rotated.1.unwrap());
        assert!(rotated.0 != rotated.1, "of two who do it at once one does");
        let new = if rotated.0 { new[0] } else { new[1] };
        assert!(!is_alive(&register, &old, 6).await);
        let found = register.find_session(&new, second(6)).await.unwrap().unwrap();
        assert!(!found.is_rotation_due);
        assert_eq!(found.times.begun, second(1), "it does not live longer for it");
    });
}

#[test]
fn who_begins_one_too_many_ends_the_one_that_was_used_longest_ago() {
    on_both(async |url| {
        let register = register_with(url, &["anna", "bert"]).await;
        let other = begin(&register, "bert", 0).await;
        let first = begin(&register, "anna", 0).await;
        let second_one = begin(&register, "anna", 1).await;
        assert!(is_alive(&register, &first, 100).await, "it is used after the others were begun");
        for number in 2..i64::try_from(SESSIONS_MAX).unwrap() {
            begin(&register, "anna", number).await;
        }
        assert!(is_alive(&register, &second_one, 20).await);
        let last = begin(&register, "anna", 100).await;
        assert!(!is_alive(&register, &second_one, 101).await);
        for session in [first, last, other] {
            assert!(is_alive(&register, &session, 101).await);
        }
    });
}

#[test]
fn a_closed_account_has_no_sessions_and_begins_none() {
    on_both(async |url| {
        let register = register_with(url, &["anna", "bert"]).await;
        let (hash, other, device) = (begin(&register, "anna", 0).await, begin(&register, "bert", 0).await, secret());
        register.know_device(&device, &account("anna"), second(0)).await.unwrap();
        register.close_account(&account("anna")).await.unwrap();
        assert!(!is_alive(&register, &hash, 1).await && is_alive(&register, &other, 1).await);
        let refused = register.begin_session(&secret(), &account("anna"), &Source::Local, None, second(1)).await;
        assert!(matches!(refused.unwrap_err(), RegisterError::NoAccount(_)));
        assert!(register.know_device(&device, &account("anna"), second(1)).await.is_err());
        register.open_account(&account("anna")).await.unwrap();
        assert!(!is_alive(&register, &hash, 2).await, "what ended does not come back");
        let counter = register.counter_for("anna", Some(&device), second(2)).await.unwrap();
        assert_eq!(counter, Counter::Account("anna"), "nor does the device");
        assert!(register.account(&account("anna")).await.unwrap().is_some_and(|user| !user.closed));
    });
}

#[test]
fn a_provider_ends_what_was_begun_there() {
    on_both(async |url| {
        let register = register_with(url, &["anna", "bert"]).await;
        let issuer = "https://idp.voorbeeldstad.example";
        let identity = Identity { issuer: issuer.to_owned(), subject: "s1".to_owned() };
        register.set_identity(&account("anna"), Some(&identity)).await.unwrap();
        let oidc = |sid: &str| Source::Oidc { issuer: issuer.to_owned(), sid: Some(sid.to_owned()) };
        let sessions = [secret(), secret(), secret()];
        for (session, sid) in sessions.iter().zip(["a", "b", "c"]) {
            register.begin_session(session, &account("anna"), &oidc(sid), None, second(0)).await.unwrap();
        }
        let (local, other) = (begin(&register, "anna", 0).await, secret());
        register.begin_session(&other, &account("bert"), &oidc("d"), None, second(0)).await.unwrap();
        assert_eq!(register.find_session(&other, second(1)).await.unwrap().unwrap().source, oidc("d"));
        assert_eq!(register.end_sessions_of_sid("https://elders.example", "a").await.unwrap(), 0);
        assert_eq!(register.end_sessions_of_sid(issuer, "a").await.unwrap(), 1);
        assert!(!is_alive(&register, &sessions[0], 1).await && is_alive(&register, &sessions[1], 1).await);
        assert_eq!(register.end_sessions_of_identity(&identity).await.unwrap(), 2);
        for (session, lives) in [(sessions[2], false), (local, true), (other, true)] {
            assert_eq!(is_alive(&register, &session, 1).await, lives);
        }
        assert_eq!(register.end_sessions_of(&account("anna")).await.unwrap(), 1);
        register.end_all_sessions().await.unwrap();
        assert!(!is_alive(&register, &other, 1).await);
    });
}

#[test]
fn a_device_is_known_to_one_account_for_half_a_year() {
    on_both(async |url| {
        let register = register_with(url, &["anna", "bert"]).await;
        let device = secret();
        register.know_device(&device, &account("anna"), second(0)).await.unwrap();
        let day = 24 * 3600;
        let known = Counter::Device(device);
        for (name, seconds, expected) in [
            ("anna", 1, known),
            ("anna", 180 * day - 1, known),
            ("anna", 180 * day, Counter::Account("anna")),
            ("bert", 1, Counter::Account("bert")),
            ("chris", 1, Counter::Nobody("chris")),
        ] {
            assert_eq!(register.counter_for(name, Some(&device), second(seconds)).await.unwrap(), expected);
        }
        register.know_device(&device, &account("anna"), second(9)).await.unwrap();
        assert_eq!(register.counter_for("anna", Some(&device), second(180 * day)).await.unwrap(), known);
        // The one that was used longest ago makes place.
        for number in 1..=i64::try_from(DEVICES_MAX).unwrap() {
            register.know_device(&secret(), &account("anna"), second(9 + number)).await.unwrap();
        }
        assert_eq!(register.counter_for("anna", Some(&device), second(30)).await.unwrap(), Counter::Account("anna"));
    });
}

#[test]
fn what_no_longer_counts_is_removed() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        begin(&register, "anna", 0).await;
        let young = begin(&register, "anna", 100).await;
        register.know_device(&secret(), &account("anna"), second(0)).await.unwrap();
        register.begin_attempt(Counter::Account("anna"), second(0)).await.unwrap();
        assert_eq!(register.purge(second(1799)).await.unwrap(), 0);
        assert_eq!(register.purge(second(1800)).await.unwrap(), 1);
        assert!(is_alive(&register, &young, 1800).await);
        assert_eq!(register.purge(second(30 * 24 * 3600)).await.unwrap(), 2, "the other session and the attempt");
        assert_eq!(register.purge(second(180 * 24 * 3600)).await.unwrap(), 1, "the device");
    });
}
