use grip_access::{Key, Password, RecoveryCode, Secret, TotpSecret, verify};
use grip_register::{Account, Identity, Register, RegisterError, Source};

use crate::{account, databases::on_both, second};

/// A register with these accounts, which may do nothing.
pub(crate) async fn register_with(url: &str, names: &[&str]) -> Register {
    let register = Register::open(url).await.unwrap();
    for name in names {
        register.make_account(&account(name), "[]", second(0)).await.unwrap();
    }
    register
}

fn identity(subject: &str) -> Identity {
    Identity { issuer: "https://idp.voorbeeldstad.example".to_owned(), subject: subject.to_owned() }
}

#[test]
fn an_account_is_made_once_and_says_what_it_may_do() {
    on_both(async |url| {
        let register = register_with(url, &["bert", "anna"]).await;
        let names: Vec<Account> = register.accounts().await.unwrap().into_iter().map(|user| user.account).collect();
        assert_eq!(names, [account("anna"), account("bert")]);
        for name in ["anna", "Anna", "BERT"] {
            let refused = register.make_account(&account(name), "[]", second(1)).await.unwrap_err();
            assert!(matches!(refused, RegisterError::AccountTaken), "{name}: {refused}");
        }
        let anna = register.account(&account("anna")).await.unwrap().unwrap();
        assert_eq!((anna.made, anna.rights_changed, anna.grants.as_str()), (second(0), second(0), "[]"));
        assert_eq!((anna.password, anna.totp, anna.identity, anna.closed), (None, None, None, false));
        register.set_grants(&account("anna"), "[\"raad\"]", second(9)).await.unwrap();
        let anna = register.account(&account("anna")).await.unwrap().unwrap();
        assert_eq!((anna.made, anna.rights_changed, anna.grants.as_str()), (second(0), second(9), "[\"raad\"]"));
        assert_eq!(register.account(&account("chris")).await.unwrap(), None);
        let long = "x".repeat(1 << 20);
        let refused = register.set_grants(&account("anna"), &long, second(9)).await.unwrap_err();
        assert!(matches!(refused, RegisterError::Invalid(_)), "{refused}");
    });
}

#[test]
fn who_is_not_there_can_not_be_changed() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let nobody = account("chris");
        for refused in [
            register.set_grants(&nobody, "[]", second(1)).await,
            register.set_password(&nobody, None).await,
            register.set_totp(&nobody, None, &[]).await,
            register.set_identity(&nobody, None).await,
            register.close_account(&nobody).await,
            register.open_account(&nobody).await,
        ] {
            let refused = refused.unwrap_err();
            assert!(matches!(&refused, RegisterError::NoAccount(name) if *name == nobody), "{refused}");
        }
    });
}

#[test]
fn a_password_is_kept_as_its_hash_and_a_new_one_ends_sessions() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let (anna, password) = (account("anna"), Password::from_typed("kikkerdril onder de brug"));
        let hash = password.hash().unwrap();
        register.set_password(&anna, Some(&hash)).await.unwrap();
        let session = Secret::generate().unwrap().hash();
        register.begin_session(&session, &anna, &Source::Local, None, second(0)).await.unwrap();
        let kept = register.account(&anna).await.unwrap().unwrap().password;
        assert_eq!(verify(&password, kept.as_ref()), Ok(true));
        // More work for the same password leaves who is signed in alone, and does not bring an old password back.
        let again = password.hash().unwrap();
        assert!(register.rehash_password(&anna, &hash, &again).await.unwrap());
        assert!(register.find_session(&session, second(1)).await.unwrap().is_some());
        assert!(!register.rehash_password(&anna, &hash, &hash).await.unwrap(), "it was changed meanwhile");
        assert_eq!(register.account(&anna).await.unwrap().unwrap().password, Some(again));
        register.set_password(&anna, None).await.unwrap();
        assert_eq!(register.account(&anna).await.unwrap().unwrap().password, None);
        assert_eq!(register.find_session(&session, second(2)).await.unwrap(), None);
    });
}

#[test]
fn a_code_is_taken_once_also_by_two_at_once() {
    on_both(async |url| {
        let registers = [register_with(url, &["anna"]).await, Register::open(url).await.unwrap()];
        let (anna, key, secret) = (account("anna"), Key::from_bytes([3; 32]), TotpSecret::generate().unwrap());
        let codes: Vec<RecoveryCode> = (0..10).map(|_| RecoveryCode::generate().unwrap()).collect();
        let hashes: Vec<_> = codes.iter().map(|code| code.hash("anna")).collect();
        let sealed = key.seal("anna", secret.expose()).unwrap();
        registers[0].set_totp(&anna, Some(&sealed), &hashes).await.unwrap();
        let user = registers[1].account(&anna).await.unwrap().unwrap();
        assert_eq!(key.open("anna", &user.totp.unwrap()).unwrap(), secret.expose());

        for step in [100, 101] {
            let taken =
                tokio::join!(registers[0].take_totp_step(&anna, step), registers[1].take_totp_step(&anna, step));
            assert_eq!(usize::from(taken.0.unwrap()) + usize::from(taken.1.unwrap()), 1);
        }
        assert!(!registers[0].take_totp_step(&anna, 100).await.unwrap(), "an earlier one");
        assert_eq!(registers[0].account(&anna).await.unwrap().unwrap().totp_step, 101);

        let taken = tokio::join!(
            registers[0].take_recovery_code(&anna, &hashes[0]),
            registers[1].take_recovery_code(&anna, &hashes[0])
        );
        assert_eq!(usize::from(taken.0.unwrap()) + usize::from(taken.1.unwrap()), 1);
        assert_eq!(registers[0].recovery_codes_left(&anna).await.unwrap(), 9);
        // Another app takes the old codes away.
        registers[0].set_totp(&anna, None, &[]).await.unwrap();
        assert!(!registers[0].take_recovery_code(&anna, &hashes[1]).await.unwrap());
        let user = registers[0].account(&anna).await.unwrap().unwrap();
        assert_eq!((user.totp, user.totp_step), (None, 0));
    });
}

#[test]
fn a_person_at_a_provider_is_one_account() {
    on_both(async |url| {
        let register = register_with(url, &["anna", "bert", "chris"]).await;
        register.set_identity(&account("anna"), Some(&identity("s1"))).await.unwrap();
        let refused = register.set_identity(&account("bert"), Some(&identity("s1"))).await.unwrap_err();
        assert!(matches!(refused, RegisterError::AccountTaken), "{refused}");
        let found = register.account_of(&identity("s1")).await.unwrap().unwrap();
        assert_eq!((found.account, found.identity), (account("anna"), Some(identity("s1"))));
        let other = Identity { issuer: "https://elders.example".to_owned(), ..identity("s1") };
        assert_eq!(register.account_of(&other).await.unwrap(), None, "who it is there says nothing here");
        register.set_identity(&account("anna"), None).await.unwrap();
        register.set_identity(&account("bert"), Some(&identity("s1"))).await.unwrap();
        assert!(register.set_identity(&account("bert"), Some(&identity(""))).await.is_err());
        let session = Secret::generate().unwrap().hash();
        register.begin_session(&session, &account("bert"), &Source::Local, None, second(0)).await.unwrap();
        register.set_identity(&account("bert"), None).await.unwrap();
        assert_eq!(register.find_session(&session, second(1)).await.unwrap(), None, "sessions of who it was end");
    });
}
