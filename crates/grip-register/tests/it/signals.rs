use grip_register::{
    Account, Register, RegisterError, SignalFollowUp, follow_ups, follow_ups_of, follow_ups_owned_by, take_up,
};

use crate::{by, databases::on_both};

fn follow_up(owner: &str) -> SignalFollowUp {
    SignalFollowUp {
        gemeente: "0935".parse().unwrap(),
        signal: "kosten_jeugd sinds 2024-03".to_owned(),
        owner: owner.parse().unwrap(),
        explanation: String::new(),
        follow_up: String::new(),
        ended: None,
    }
}

#[test]
fn a_signal_is_followed_up_by_one_until_that_ends() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("anna", 0, "")).await.unwrap();
        let id = take_up(&mut edit, &follow_up("anna")).await.unwrap();
        edit.commit().await.unwrap();

        let mut edit = register.edit(by("bert", 1, "")).await.unwrap();
        let refused = take_up(&mut edit, &follow_up("bert")).await;
        assert!(matches!(refused, Err(RegisterError::Exists { id: there }) if there == id), "{refused:?}");
        let elsewhere = SignalFollowUp { gemeente: "0363".parse().unwrap(), ..follow_up("bert") };
        take_up(&mut edit, &elsewhere).await.unwrap();
        edit.commit().await.unwrap();

        let mut edit = register.edit(by("anna", 2, "")).await.unwrap();
        let ended = SignalFollowUp {
            explanation: "Nieuwe tarieven.".to_owned(),
            ended: Some("verklaard".to_owned()),
            ..follow_up("anna")
        };
        edit.change(id, 1, &ended).await.unwrap();
        let again = take_up(&mut edit, &follow_up("bert")).await.unwrap();
        edit.commit().await.unwrap();

        let view = register.now().await.unwrap();
        let (gemeente, bert): (_, Account) = ("0935".parse().unwrap(), "bert".parse().unwrap());
        let all = follow_ups_of(&view, gemeente, "kosten_jeugd sinds 2024-03").await.unwrap();
        assert_eq!(all.iter().map(|version| version.id).collect::<Vec<_>>(), [id, again]);
        assert_eq!(all[0].content, ended);
        assert_eq!(follow_ups(&view, gemeente).await.unwrap(), all);
        assert_eq!(follow_ups(&view, "0363".parse().unwrap()).await.unwrap().len(), 1);
        let of = async |name: &str| follow_ups_owned_by(&view, &name.parse().unwrap()).await.unwrap().len();
        assert_eq!((of("anna").await, of("bert").await), (0, 2));
        assert_eq!(follow_ups_owned_by(&view, &bert).await.unwrap()[1].id, again);
    });
}

#[test]
fn a_follow_up_keeps_its_limits() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("anna", 0, "")).await.unwrap();
        let wrong = SignalFollowUp { signal: "x".repeat(191), ended: Some(String::new()), ..follow_up("anna") };
        let refused = take_up(&mut edit, &wrong).await.unwrap_err().to_string();
        assert_eq!(refused, "GR010 `signal` is longer than 190; `ended` is empty");
        let longest = SignalFollowUp { signal: "é".repeat(190), ..follow_up("anna") };
        take_up(&mut edit, &longest).await.unwrap();
        edit.commit().await.unwrap();
    });
}
