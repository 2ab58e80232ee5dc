//! Stripe's own library (`tests/providers/stripe.mjs`), which signs as Stripe signs and judges what others have signed.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The library.
pub struct StripeSdk;

impl StripeSdk {
    /// The header that Stripe would send with a body, at a time in seconds.
    #[must_use]
    pub fn sign(secret: &str, body: &str, seconds: i64) -> String {
        let output = run(&["sign", secret, &seconds.to_string()], body);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("a header")
    }

    /// The id of an event that the library takes.
    ///
    /// # Errors
    /// The type of its error when it does not.
    pub fn verify(secret: &str, body: &str, header: &str) -> Result<String, String> {
        let output = run(&["verify", secret, header], body);
        let words = |bytes| String::from_utf8(bytes).expect("a text");
        if output.status.success() { Ok(words(output.stdout)) } else { Err(words(output.stderr)) }
    }
}

fn run(arguments: &[&str], body: &str) -> Output {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/providers");
    assert!(folder.join("node_modules/stripe").is_dir(), "its package is missing: scripts/npm-ci.sh tests/providers");
    let mut command = Command::new("node");
    command.arg("stripe.mjs").args(arguments).current_dir(folder);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = piped.spawn().expect("node runs");
    process.stdin.take().expect("its input").write_all(body.as_bytes()).expect("it takes its input");
    process.wait_with_output().expect("it ends")
}
