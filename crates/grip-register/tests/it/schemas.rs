//! A register of every schema there has been is opened as one of today.
//!
//! `schemas/NNNN.sql` holds rows as the Grip of that schema wrote them, `schemas/NNNN.jsonl` its backup of them. Both are
//! added when a schema is released, and never changed.

use std::path::{Path, PathBuf};

use grip_register::{Register, SCHEMA};
use sha2::{Digest, Sha256};
use sqlx::{AnyPool, migrate::Migrator};

use crate::{Note, audit::key, databases::on_both};

/// Each step that was released, with the SHA-256 of its text. A register remembers which text it was made with.
const RELEASED: &[(i64, &str, &str)] = &[
    (1, "0001_first.sql", "aaee7f68e4dfa417d98188135caa69b46858f26ef49bc050e30496fd74c822eb"),
    (2, "0002_no_links.sql", "d126c27bf3370ccffb5832e7f01717edd7d5fc803364ddab96a3c99c8ff93fe3"),
    (3, "0003_accounts.sql", "c8b97d25500930e794d44230cef65ff660992c88e594b44fc44a6c46df1726d6"),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The address of a register as sqlx understands it, where `?` in a path begins something else.
pub(crate) fn sqlx_url(url: &str) -> String {
    match url.strip_prefix("sqlite:") {
        Some(path) => format!("sqlite:{}?mode=rwc", path.replace(' ', "%20").replace('?', "%3F")),
        None => url.to_owned(),
    }
}

#[test]
fn released_steps_do_not_change() {
    for (_, name, sha256) in RELEASED {
        let text = fs_err::read(folder("migrations").join(name)).unwrap();
        assert_eq!(
            hex::encode(Sha256::digest(&text)),
            *sha256,
            "{name}: add a step, and leave this one as it was released"
        );
    }
    assert_eq!(fs_err::read_dir(folder("migrations")).unwrap().count(), RELEASED.len());
    assert_eq!(RELEASED.last().unwrap().0, SCHEMA);
}

#[test]
fn registers_of_every_earlier_schema_become_one_of_today() {
    for (schema, _, _) in RELEASED {
        on_both(async |url| {
            let rows = fs_err::read_to_string(folder("tests/it/schemas").join(format!("{schema:04}.sql"))).unwrap();
            sqlx::any::install_default_drivers();
            let pool = AnyPool::connect(&sqlx_url(url)).await.unwrap();
            let steps = Migrator::new(folder("migrations")).await.unwrap();
            steps.run_to(*schema, &pool).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&pool).await.unwrap();
            pool.close().await;

            let old = Register::open(url).await.unwrap();
            let from_backup = tempfile::tempdir().unwrap();
            let new = Register::open(&format!("sqlite:{}/register.db", from_backup.path().display())).await.unwrap();
            new.restore(&folder("tests/it/schemas").join(format!("{schema:04}.jsonl"))).await.unwrap();
            let mut texts = Vec::new();
            for (name, register) in [("old", &old), ("new", &new)] {
                let view = register.now().await.unwrap();
                let notes: Vec<String> =
                    view.list::<Note>().await.unwrap().into_iter().map(|version| version.content.text).collect();
                assert_eq!(notes, ["Wachttijd jeugd", "Instroom"], "{name} register of schema {schema}");
                let records = register.verify_audit(&key(), &[]).await.unwrap().unwrap().records;
                assert_eq!(records, if *schema < 3 { 0 } else { 2 }, "{name} register of schema {schema}");
                let file = from_backup.path().join(name);
                assert_eq!(register.backup(&file).await.unwrap(), 4);
                texts.push(fs_err::read_to_string(file).unwrap());
            }
            assert_eq!(texts[0], texts[1], "schema {schema}");
        });
    }
}
