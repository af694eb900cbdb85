use std::path::{Path, PathBuf};

use grip_access::{Password, RecoveryCode, Secret, SecretHash, lockout::Counter};
use grip_register::{Identity, Register, RegisterError, SCHEMA, Source};
use tempfile::TempDir;

use crate::{
    Folder, Note, account,
    audit::{event, key},
    by,
    databases::on_both,
    note, second,
    tokens::token,
};

/// Some of everything, and more edits than are held in memory at once.
async fn fill(register: &Register) {
    let mut edit = register.edit(by("piet", 0, "begin; “één”")).await.unwrap();
    edit.create(&Folder { name: "jeugd".to_owned() }).await.unwrap();
    let one = edit.create(&note("een")).await.unwrap();
    edit.commit().await.unwrap();
    for number in 1..230 {
        let mut edit = register.edit(by("anna", number, "")).await.unwrap();
        edit.change(one, number, &note(&format!("tekst {number}"))).await.unwrap();
        if number % 50 == 0 {
            let other = edit.create(&note("twee")).await.unwrap();
            edit.withdraw(other, 1).await.unwrap();
        }
        edit.commit().await.unwrap();
    }
}

async fn empty_register(folder: &TempDir) -> Register {
    Register::open(&format!("sqlite:{}", folder.path().join("leeg.db").display())).await.unwrap()
}

/// Everything about who signs in, and who is signed in now.
async fn fill_accounts(register: &Register) -> SecretHash {
    let (anna, session) = (account("anna"), Secret::generate().unwrap().hash());
    for name in ["anna", "bert", "chris"] {
        register.make_account(&account(name), "[\"raad\"]", second(0)).await.unwrap();
    }
    let password = Password::from_typed("kikkerdril onder de brug").hash().unwrap();
    register.set_password(&anna, Some(&password)).await.unwrap();
    let codes = [RecoveryCode::generate().unwrap().hash("anna"), RecoveryCode::generate().unwrap().hash("anna")];
    register.set_totp(&anna, Some("00ff"), &codes).await.unwrap();
    register.take_totp_step(&anna, 7).await.unwrap();
    let identity = Identity { issuer: "https://idp.example".to_owned(), subject: "s1".to_owned() };
    register.set_identity(&account("bert"), Some(&identity)).await.unwrap();
    register.close_account(&account("chris")).await.unwrap();
    let used = token("anna");
    register.make_token(&used).await.unwrap();
    register.find_token(&used.hash, second(5)).await.unwrap();
    let revoked = token("bert");
    register.make_token(&revoked).await.unwrap();
    register.revoke_token(&revoked.hash, second(6)).await.unwrap();
    for number in 1..=230 {
        register.write_event(&key(), event(number)).await.unwrap();
    }
    register.begin_session(&session, &anna, &Source::Local, None, second(0)).await.unwrap();
    register.know_device(&session, &anna, second(0)).await.unwrap();
    register.begin_attempt(Counter::Account("anna"), second(0)).await.unwrap();
    session
}

/// Who is signed in stays behind; who may sign in, with what, and what they did does not.
#[test]
fn a_backup_restores_accounts_tokens_and_the_audit_log() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let session = fill_accounts(&register).await;
        let head = register.audit_head().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let text = backup_text(&register, folder.path().join("heen.jsonl")).await;
        assert!(!text.contains(&session.to_string()), "a session, a device or an attempt is in the backup");
        let other = empty_register(&folder).await;
        other.restore(&folder.path().join("heen.jsonl")).await.unwrap();
        assert_eq!(backup_text(&other, folder.path().join("terug.jsonl")).await, text);
        assert_eq!(other.accounts().await.unwrap(), register.accounts().await.unwrap());
        assert_eq!(other.recovery_codes_left(&account("anna")).await.unwrap(), 2);
        assert_eq!(
            other.tokens_of(&account("bert")).await.unwrap(),
            register.tokens_of(&account("bert")).await.unwrap()
        );
        assert_eq!(other.find_session(&session, second(1)).await.unwrap(), None);
        assert_eq!(other.verify_audit(&key(), &[head]).await.unwrap(), Ok(head));
        // The chain goes on where it was.
        let next = other.write_event(&key(), event(231)).await.unwrap();
        assert_eq!(other.verify_audit(&key(), &[head]).await.unwrap(), Ok(next));
        let refused = other.restore(&folder.path().join("heen.jsonl")).await.unwrap_err();
        assert!(matches!(refused, RegisterError::NotEmpty { edits: 0, accounts: 3, records: 231 }), "{refused}");
    });
}

/// Lines made by hand, under a checksum that is right.
#[tokio::test]
async fn accounts_and_records_made_by_hand_are_refused() {
    use sha2::{Digest, Sha256};
    let folder = tempfile::tempdir().unwrap();
    let register = empty_register(&folder).await;
    register.make_account(&account("anna"), "[]", second(0)).await.unwrap();
    register.write_event(&key(), event(1)).await.unwrap();
    let text = backup_text(&register, folder.path().join("backup.jsonl")).await;
    let lines: Vec<&str> = text.lines().collect();
    for (from, to, line, problem) in [
        ("2026-01-05T09:00:00.000000000Z", "gisteren", 2, "an account has another form"),
        ("\"password\":null", "\"password\":\"geheim\"", 2, "an account has another form"),
        ("\"closed\":false", "\"open\":true", 2, "an account is missing, or has another form"),
        ("\"record\":1", "\"record\":2", 3, "records should follow each other"),
        ("\"done\"", "\"mislukt\"", 3, "records should follow each other"),
        ("\"deed\":", "\"daad\":", 3, "a record is missing, or has another form"),
        ("\"tokens\":0", "\"tokens\":-1", 1, "this is no backup of a register"),
    ] {
        let changed = format!("{}\n{}\n{}\n", lines[0], lines[1], lines[2]).replacen(from, to, 1);
        let sha256 = hex::encode(Sha256::digest(&changed));
        let refused = restore(&format!("{changed}{{\"sha256\":\"{sha256}\"}}\n")).await.unwrap_err();
        assert_eq!(refused.to_string(), format!("GR014 the backup is damaged at line {line}: {problem}"), "{from}");
    }
}

async fn backup_text(register: &Register, file: PathBuf) -> String {
    register.backup(&file).await.unwrap();
    fs_err::read_to_string(file).unwrap()
}

/// From each database into SQLite, and back into each database.
#[test]
fn a_backup_restores_everything_into_either_database() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("heen.jsonl");
    on_both(async |url| {
        let _ = fs_err::remove_file(&there);
        let register = Register::open(url).await.unwrap();
        fill(&register).await;
        let text = backup_text(&register, there.clone()).await;
        let elsewhere = tempfile::tempdir().unwrap();
        let other = empty_register(&elsewhere).await;
        assert_eq!(other.restore(&there).await.unwrap(), 230);
        assert_eq!(backup_text(&other, elsewhere.path().join("terug.jsonl")).await, text);
        let (left, right) = (register.now().await.unwrap(), other.now().await.unwrap());
        assert_eq!(left.list::<Note>().await.unwrap(), right.list::<Note>().await.unwrap());
        // Who goes on writes on.
        let id = right.list::<Note>().await.unwrap()[0].id;
        let mut edit = other.edit(by("anna", 240, "")).await.unwrap();
        assert_eq!(edit.undo(id, 230).await.unwrap(), 231);
        edit.commit().await.unwrap();
        let refused = other.restore(&there).await.unwrap_err();
        assert!(matches!(refused, RegisterError::NotEmpty { edits: 231, accounts: 0, records: 0 }), "{refused}");
        assert_eq!(other.now().await.unwrap().edit(), 231);
    });
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        register.restore(&there).await.unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        assert_eq!(
            backup_text(&register, elsewhere.path().join("terug.jsonl")).await,
            fs_err::read_to_string(&there).unwrap(),
        );
    });
}

/// What was written stays as it was written: a later backup begins with the lines of an earlier one.
#[test]
fn later_edits_change_no_line_of_earlier_ones() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        fill(&register).await;
        let folder = tempfile::tempdir().unwrap();
        let before = backup_text(&register, folder.path().join("voor.jsonl")).await;
        let mut edit = register.edit(by("piet", 240, "opruimen")).await.unwrap();
        for version in edit.find::<Note>("first", "t").await.unwrap() {
            edit.undo(version.id, version.number).await.unwrap();
            edit.withdraw(version.id, version.number + 1).await.unwrap();
        }
        edit.commit().await.unwrap();
        let after = backup_text(&register, folder.path().join("na.jsonl")).await;
        let edits = |text: &str| text.lines().skip(1).map(ToOwned::to_owned).collect::<Vec<_>>();
        let (mut before, after) = (edits(&before), edits(&after));
        before.pop();
        assert_eq!((before.len(), after.len()), (230, 232));
        assert_eq!(before, after[..230]);
    });
}

#[tokio::test]
async fn damage_is_found_before_anything_is_restored() {
    let folder = tempfile::tempdir().unwrap();
    let register = empty_register(&folder).await;
    let file = folder.path().join("backup.jsonl");
    let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
    edit.create(&note("een")).await.unwrap();
    edit.commit().await.unwrap();
    let whole = backup_text(&register, file).await;
    let lines: Vec<&str> = whole.lines().collect();
    let joined = |lines: &[&str]| format!("{}\n", lines.join("\n"));
    for (damaged, line, problem) in [
        (String::new(), 1, "this is no backup of a register"),
        ("{\"a\":1}\n".to_owned(), 1, "this is no backup of a register"),
        (whole.replace("een", "één"), 3, "the checksum is not that of the lines before"),
        (joined(&lines[..2]), 3, "the checksum is missing"),
        (joined(&lines[..1]), 2, "the file ends before its last line"),
        (whole.trim_end().to_owned(), 3, "the line has no end"),
        (format!("{whole}\n"), 4, "there is more after the checksum"),
        (joined(&[lines[0], lines[2], lines[1]]), 3, "the checksum is missing"),
    ] {
        let refused = restore(&damaged).await.unwrap_err();
        assert_eq!(refused.to_string(), format!("GR014 the backup is damaged at line {line}: {problem}"));
    }
    let refused = restore(&whole.replace(&format!("\"schema\":{SCHEMA}"), "\"schema\":9001")).await.unwrap_err();
    assert!(matches!(refused, RegisterError::Newer { found: 9001, known: SCHEMA }), "{refused}");
    assert_eq!(restore(&whole).await.unwrap(), 1);
}

/// Into an empty register, which stays empty when it is refused.
async fn restore(text: &str) -> Result<i64, RegisterError> {
    let folder = tempfile::tempdir().unwrap();
    let register = empty_register(&folder).await;
    let file = folder.path().join("backup.jsonl");
    fs_err::write(&file, text).unwrap();
    let outcome = register.restore(&file).await;
    assert_eq!(register.now().await.unwrap().edit(), outcome.as_ref().copied().unwrap_or(0));
    outcome
}

/// A backup whose checksum is right and whose edits are not: made by hand, and still all of it or nothing.
#[tokio::test]
async fn a_backup_made_by_hand_is_restored_as_a_whole_or_not_at_all() {
    use sha2::{Digest, Sha256};
    let edit = |number: i64| {
        format!(
            "{{\"edit\":{number},\"actor\":\"piet\",\"at\":\"2026-01-05T09:00:00.000000000Z\",\"reason\":\"\",\"versions\":[]}}\n"
        )
    };
    let text = format!("{{\"backup\":\"grip-register\",\"schema\":1,\"edits\":2}}\n{}{}", edit(1), edit(3));
    let text = format!("{text}{{\"sha256\":\"{}\"}}\n", hex::encode(Sha256::digest(&text)));
    let refused = restore(&text).await.unwrap_err();
    assert_eq!(refused.to_string(), "GR014 the backup is damaged at line 3: edits should follow each other");
}

#[tokio::test]
async fn a_backup_is_private_and_takes_no_place() {
    let folder = tempfile::tempdir().unwrap();
    let register = empty_register(&folder).await;
    let file = folder.path().join("backup.jsonl");
    assert_eq!(register.backup(&file).await.unwrap(), 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs_err::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = fs_err::read_to_string(&file).unwrap();
    assert!(matches!(register.backup(&file).await, Err(RegisterError::Io(_))), "never over another file");
    assert_eq!(fs_err::read_to_string(&file).unwrap(), before);
    assert!(register.restore(Path::new("er-is-geen.jsonl")).await.is_err());
}
