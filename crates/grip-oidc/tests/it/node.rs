//! The real provider: `tests/provider/server.mjs` in Node.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

/// A provider that runs until it is dropped.
pub(crate) struct Node {
    child: Child,
    /// Kept open: a provider that can't say anything any more ends.
    _said: BufReader<ChildStdout>,
    pub(crate) issuer: String,
}

impl Node {
    /// Starts one for a client with this public key; nothing when it is not installed, which is then said.
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests says where the provider is installed")]
    #[expect(clippy::print_stderr, reason = "who runs the tests must know that these did not")]
    pub(crate) fn start(jwk: &serde_json::Value, arguments: &[&str]) -> Option<Self> {
        let Some(folder) = std::env::var_os("GRIP_TEST_OIDC") else {
            eprintln!(
                "GRIP_TEST_OIDC does not say where crates/grip-oidc/tests/provider was installed with `npm ci`: \
                 NOTHING WAS TRIED AT A REAL PROVIDER"
            );
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../grip-oidc/tests/provider/server.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .arg("--modules")
            .arg(folder)
            .args(["--jwk", &jwk.to_string()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node can be run");
        let mut said = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut lines = said.by_ref().lines().map_while(Result::ok);
        let issuer = lines.find_map(|line| Some(line.strip_prefix("listening on ")?.to_owned()));
        let issuer = issuer.expect("the provider says where it listens");
        Some(Self { child, _said: said, issuer })
    }

    pub(crate) fn port(&self) -> &str {
        self.issuer.rsplit(':').next().expect("a port")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It ends when nobody can tell it anything any more.
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

/// A new private key of RSA in PEM: what signs elsewhere in the tests can't make one. Nothing when there is no Node, which is
/// then said.
#[expect(clippy::print_stderr, reason = "who runs the tests must know that these did not")]
pub(crate) fn new_rsa_key() -> Option<String> {
    let script = "const { privateKey } = require('node:crypto').generateKeyPairSync('rsa', { modulusLength: 2048 }); \
        process.stdout.write(privateKey.export({ type: 'pkcs8', format: 'pem' }))";
    let Ok(output) = Command::new("node").args(["-e", script]).output() else {
        eprintln!("no node on the PATH: NOTHING WAS TRIED WITH A KEY OF RSA");
        return None;
    };
    Some(String::from_utf8(output.stdout).expect("PEM"))
}
