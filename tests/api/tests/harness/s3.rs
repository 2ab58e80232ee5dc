//! An S3 server: moto, as PyPI has it (`tests/providers/requirements.txt`). It is another's work, so that it does not share our
//! mistakes; it does not look at signatures.

use super::patience::until;
use super::server::free_port;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The server, with one bucket.
pub struct S3 {
    process: Child,
    pub origin: String,
}

/// The bucket.
pub const BUCKET: &str = "shop-pictures";

impl S3 {
    pub async fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../providers");
        let python = folder.join(".venv/bin/python");
        assert!(python.is_file(), "its packages are missing: scripts/venv.sh tests/providers");
        let port = free_port();
        let mut command = Command::new(python);
        command.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let s3 = Self { process: quiet.spawn().expect("python runs"), origin: format!("http://127.0.0.1:{port}") };
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        until("there is a bucket", async || {
            let made = client.put(format!("{}/{BUCKET}", s3.origin)).send().await.ok()?;
            made.status().is_success().then_some(())
        })
        .await;
        s3
    }

    /// The settings of a shop whose pictures are here.
    pub fn settings(&self) -> [(&'static str, &str); 5] {
        [
            ("S3_BUCKET", BUCKET),
            ("AWS_ENDPOINT_URL", &self.origin),
            ("AWS_REGION", "eu-west-3"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
        ]
    }

    /// An object, as the server itself has it: for whoever signs, since it is not public. How, the server does not look at.
    pub async fn object(&self, path: &str) -> reqwest::Response {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let signed =
            "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-3/s3/aws4_request, SignedHeaders=host, Signature=0";
        let asked = client.get(format!("{}/{BUCKET}/{path}", self.origin)).header("authorization", signed);
        asked.send().await.expect("the S3 server answers")
    }

    /// Ends it.
    pub fn stop(&mut self) {
        self.process.kill().ok(); // it may have ended by itself
        self.process.wait().expect("it ends");
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.stop();
    }
}
