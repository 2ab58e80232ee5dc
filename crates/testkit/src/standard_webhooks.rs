//! The Standard Webhooks convention's own library (`tests/providers/webhooks.mjs`), as merchants use it.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The library.
pub struct StandardWebhooks;

impl StandardWebhooks {
    /// The signature that the library would send.
    #[must_use]
    pub fn sign(secret: &str, body: &str, id: &str, seconds: i64) -> String {
        let output = run(&["sign", secret, id, &seconds.to_string()], body);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a signature")
    }

    /// The type of a message that the library takes.
    ///
    /// # Errors
    /// The name of its error when it does not.
    pub fn verify(secret: &str, body: &str, id: &str, seconds: i64, signature: &str) -> Result<String, String> {
        let output = run(&["verify", secret, id, &seconds.to_string(), signature], body);
        let words = |bytes| String::from_utf8(bytes).expect("a text");
        if output.status.success() { Ok(words(output.stdout)) } else { Err(words(output.stderr)) }
    }
}

fn run(arguments: &[&str], body: &str) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/providers");
    let there = folder.join("node_modules/standardwebhooks").is_dir();
    assert!(there, "its package is missing: scripts/npm-ci.sh tests/providers");
    let mut command = Command::new("node");
    command.arg("webhooks.mjs").args(arguments).current_dir(folder);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = piped.spawn().expect("node runs");
    process.stdin.take().expect("its input").write_all(body.as_bytes()).expect("it takes its input");
    process.wait_with_output().expect("it ends")
}
