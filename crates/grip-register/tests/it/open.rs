use grip_register::{Register, RegisterError};

use crate::{Note, by, databases::on_both, note};

async fn refusal(url: &str) -> RegisterError {
    Register::open(url).await.expect_err("it can't be opened")
}

#[tokio::test]
async fn addresses_that_are_none_do_not_come_back_in_the_message() {
    for url in ["", "register.db", "mysql://account:geheim@host/db", "sqlite:", "sqlite::memory:"] {
        let error = refusal(url).await;
        assert!(matches!(error, RegisterError::Address), "{error}");
        assert!(!error.to_string().contains("geheim") && error.hint().is_some());
    }
    let error = refusal("postgres://account:geheim@localhost:1/register").await;
    assert!(matches!(error, RegisterError::Database(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains("geheim"), "{error:?}");
}

/// Also what SQLite puts beside it: what was written last is there for a while.
#[cfg(unix)]
#[tokio::test]
async fn a_new_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nieuw/register.db");
    let register = Register::open(&format!("sqlite:{}", file.display())).await.unwrap();
    let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
    edit.create(&note("een")).await.unwrap();
    edit.commit().await.unwrap();
    let mut names = Vec::new();
    for entry in fs_err::read_dir(folder.path().join("nieuw")).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["register.db", "register.db-shm", "register.db-wal"]);
}

#[tokio::test]
async fn a_file_that_is_no_register_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("brief.txt");
    fs_err::write(&file, "Geachte raad, ".repeat(100)).unwrap();
    let error = refusal(&format!("sqlite:{}", file.display())).await;
    assert!(matches!(error, RegisterError::Database(_)), "{error}");
    assert_eq!(fs_err::read_to_string(&file).unwrap(), "Geachte raad, ".repeat(100));
}

#[test]
fn what_a_later_grip_wrote_is_not_touched() {
    on_both(async |url| {
        Register::open(url).await.unwrap().close().await;
        let connection = sqlx::AnyPool::connect(&crate::schemas::sqlx_url(url)).await.unwrap();
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     SELECT 9001, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
        sqlx::query(later).execute(&connection).await.unwrap();
        connection.close().await;
        let error = refusal(url).await;
        assert!(matches!(error, RegisterError::Newer { found: 9001, .. }), "{error}");
    });
}

#[test]
fn what_was_written_is_there_when_it_is_opened_again() {
    on_both(async |url| {
        let register = Register::open(url).await.unwrap();
        let mut edit = register.edit(by("piet", 0, "")).await.unwrap();
        let id = edit.create(&note("één “tekst” 🙂")).await.unwrap();
        edit.commit().await.unwrap();
        register.close().await;
        let register = Register::open(url).await.unwrap();
        let version = register.now().await.unwrap().get::<Note>(id).await.unwrap().unwrap();
        assert_eq!(version.content, note("één “tekst” 🙂"));
    });
}
