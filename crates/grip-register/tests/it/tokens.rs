use grip_access::Secret;
use grip_register::{ApiToken, Fault, Problem, RegisterError, TOKEN_AGE_MAX};
use jiff::SignedDuration;

use crate::{account, accounts::register_with, databases::on_both, second};

/// A token of an account, from the beginning for an hour.
pub(crate) fn token(name: &str) -> ApiToken {
    ApiToken {
        hash: Secret::generate().unwrap().hash(),
        account: account(name),
        name: "koppeling dashboard".to_owned(),
        scope: "{\"read\":[\"indicatoren\"]}".to_owned(),
        made: second(0),
        expires: second(3600),
        seen: None,
        revoked: None,
    }
}

#[test]
fn a_token_is_worth_something_until_it_ends_or_is_revoked() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let made = token("anna");
        register.make_token(&made).await.unwrap();
        assert_eq!(register.tokens_of(&account("anna")).await.unwrap(), std::slice::from_ref(&made));
        let (found, grants) = register.find_token(&made.hash, second(10)).await.unwrap().unwrap();
        assert_eq!((found, grants.as_str()), (ApiToken { seen: Some(second(10)), ..made.clone() }, "[]"));
        let (found, _) = register.find_token(&made.hash, second(69)).await.unwrap().unwrap();
        assert_eq!(found.seen, Some(second(10)), "kept once a minute");
        let (found, _) = register.find_token(&made.hash, second(70)).await.unwrap().unwrap();
        assert_eq!(found.seen, Some(second(70)));
        assert_eq!(register.tokens_of(&account("anna")).await.unwrap()[0].seen, Some(second(70)));
        assert!(register.find_token(&made.hash, second(3599)).await.unwrap().is_some());
        assert_eq!(register.find_token(&made.hash, second(3600)).await.unwrap(), None);

        register.close_account(&account("anna")).await.unwrap();
        assert_eq!(register.find_token(&made.hash, second(80)).await.unwrap(), None);
        register.open_account(&account("anna")).await.unwrap();
        assert!(register.find_token(&made.hash, second(80)).await.unwrap().is_some());

        assert!(register.revoke_token(&made.hash, second(90)).await.unwrap());
        assert!(!register.revoke_token(&made.hash, second(91)).await.unwrap());
        assert_eq!(register.find_token(&made.hash, second(91)).await.unwrap(), None);
        assert_eq!(register.tokens_of(&account("anna")).await.unwrap()[0].revoked, Some(second(90)));
        assert_eq!(register.tokens_of(&account("bert")).await.unwrap(), []);
    });
}

#[test]
fn a_token_ends_within_a_year_and_says_what_it_is_for() {
    on_both(async |url| {
        let register = register_with(url, &["anna"]).await;
        let lasts = |lasts: SignedDuration| ApiToken { expires: second(0) + lasts, ..token("anna") };
        register.make_token(&lasts(TOKEN_AGE_MAX)).await.unwrap();
        let form = Fault { field: "expires", problem: Problem::Form("a moment within a year") };
        for wrong in [SignedDuration::ZERO, SignedDuration::from_secs(-1), TOKEN_AGE_MAX + SignedDuration::from_secs(1)]
        {
            let refused = register.make_token(&lasts(wrong)).await.unwrap_err();
            assert!(matches!(&refused, RegisterError::Invalid(faults) if faults[..] == [form]), "{refused}");
        }
        let unnamed = ApiToken { name: " ".to_owned(), ..token("anna") };
        assert!(matches!(register.make_token(&unnamed).await.unwrap_err(), RegisterError::Invalid(_)));
        assert!(matches!(register.make_token(&token("chris")).await.unwrap_err(), RegisterError::NoAccount(_)));
    });
}
