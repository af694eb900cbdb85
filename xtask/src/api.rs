//! The API asked everything its description allows, and much that it does not, by schemathesis.

use std::{ffi::OsString, path::Path, process::Command};

use crate::{Failure, pages::serve, run as run_command};

/// What must hold of every answer. A parameter that means nothing to Grip is ignored, so that a wrong question may be answered.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,unsupported_method,allow_header_conformance";
/// Questions to each address besides those that follow from its description.
const EXAMPLES: &str = "25";

#[expect(clippy::disallowed_methods, reason = "a task is a binary, and reads the environment as one")]
fn program() -> OsString {
    std::env::var_os("GRIP_TEST_SCHEMATHESIS").unwrap_or_else(|| "schemathesis".into())
}

/// Serves a lake and lets it be asked.
pub(crate) fn run(data: &Path) -> Result<(), Failure> {
    let (_server, address) = serve(data)?;
    run_command(
        Command::new(program())
            .args(["run", &format!("http://{address}/api/v1/openapi.json"), "--checks", CHECKS])
            .args(["--phases", "coverage,fuzzing", "--max-examples", EXAMPLES, "--workers", "2"])
            .args([
                "--suppress-health-check",
                "all",
                "--rate-limit",
                "auto",
                "--warnings",
                "off",
                "--request-timeout",
                "120",
            ]),
    )
}
