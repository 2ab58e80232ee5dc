//! A real OpenID provider for a test alone (`tests/providers/openid.mjs`), and a person who signs in there with a browser
//! of their own.

use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use url::Url;

/// A provider of a test alone; it ends with the test.
pub struct OpenIdPeer {
    issuer: String,
    process: Child,
}

impl OpenIdPeer {
    /// The shop's id there.
    pub const CLIENT_ID: &'static str = "shop";
    /// The shop's secret there.
    pub const CLIENT_SECRET: &'static str = "the-shops-secret-at-the-provider";
    /// Where it sends the browser back to, on any port of this machine.
    pub const CALLBACK: &'static str = "/api/v1/auth/oauth/acme/callback";

    /// Starts one.
    #[must_use]
    pub fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/providers");
        assert!(folder.join("node_modules").is_dir(), "its packages are missing: scripts/npm-ci.sh tests/providers");
        let mut command = Command::new("node");
        command.arg("openid.mjs").args([Self::CLIENT_ID, Self::CLIENT_SECRET, Self::CALLBACK]).current_dir(folder);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node runs");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
        assert!(line.starts_with("http://"), "it did not start");
        Self { issuer: line.trim().to_owned(), process }
    }

    /// Who it is.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Makes it behave as this JSON says from now on.
    pub async fn mood(&self, mood: impl Into<String>) {
        let sent = browser().post(format!("{}/mood", self.issuer)).body(mood.into()).send().await;
        assert!(sent.expect("it listens").status().is_success());
    }

    /// A person comes with this address of the shop's, signs in, consents, and is sent back to what is answered.
    pub async fn sign_in(&self, authorize_url: &str, login: &str) -> String {
        self.visit(authorize_url, Some(login)).await
    }

    /// A person comes and goes back at once.
    pub async fn decline(&self, authorize_url: &str) -> String {
        self.visit(authorize_url, None).await
    }

    async fn visit(&self, authorize_url: &str, login: Option<&str>) -> String {
        let browser = browser();
        let mut answer = browser.get(authorize_url).send().await.expect("a page");
        for _ in 0..12 {
            let here = answer.url().clone();
            if let Some(location) = answer.headers().get(LOCATION) {
                let next = here.join(location.to_str().expect("a text")).expect("an address");
                if !next.as_str().starts_with(&self.issuer) {
                    return next.into();
                }
                answer = browser.get(next).send().await.expect("the next page");
                continue;
            }
            let status = answer.status();
            let page = answer.text().await.expect("a page");
            assert!(status.is_success(), "the provider answered {status}: {page}");
            answer = match login {
                Some(login) => {
                    let prompt = between(&page, "name=\"prompt\" value=\"", "\"");
                    let form = [("prompt", prompt), ("login", login), ("password", "any")];
                    browser.post(there(&here, between(&page, "action=\"", "\""))).form(&form).send().await
                }
                None => browser.get(there(&here, abort(&page))).send().await,
            }
            .expect("the next page");
        }
        panic!("the provider sends its visitors in circles");
    }
}

impl Drop for OpenIdPeer {
    fn drop(&mut self) {
        self.process.kill().ok(); // it may have ended by itself
        self.process.wait().ok();
    }
}

fn browser() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().cookie_store(true).redirect(Policy::none());
    builder.timeout(Duration::from_secs(30)).build().expect("a client")
}

fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let found = page.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map(|(found, _)| found);
    found.unwrap_or_else(|| panic!("{before} is missing in {page}"))
}

fn abort(page: &str) -> &str {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(link, _)| link);
    links.into_iter().find(|link| link.ends_with("/abort")).unwrap_or_else(|| panic!("no way back in {page}"))
}

fn there(here: &Url, address: &str) -> Url {
    here.join(address).expect("an address")
}
