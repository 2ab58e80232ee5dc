//! The program or browser that signs in: its address, what it says it is, and whether it has signed in before.

use super::client_address;
use crate::problem::Problem;
use actix_web::dev::Payload;
use actix_web::http::header::USER_AGENT;
use actix_web::{FromRequest, HttpRequest};
use application::identity::Client;
use std::future::{Ready, ready};

/// The name of the device cookie.
pub const DEVICE_COOKIE: &str = "carat_device";
/// The most that is kept of what a client says it is.
const LONGEST: usize = 80;

/// The client of a request.
#[derive(Debug, Clone)]
pub struct CallingClient(pub Client);

impl FromRequest for CallingClient {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(of_request(request))))
    }
}

/// The client of a request.
#[must_use]
pub fn of_request(request: &HttpRequest) -> Client {
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let device_token = request.cookie(DEVICE_COOKIE).map(|cookie| cookie.value().to_owned());
    Client { address: client_address::of_request(request), device: describe(agent), device_token }
}

/// "Firefox on Linux" for a browser that we know, else the beginning of what it says.
fn describe(agent: &str) -> String {
    let first =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // The order counts: most browsers also say that they are others.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("HeadlessChrome/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => {
            let words: String = agent.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
            if words.trim().is_empty() { "Unknown".to_owned() } else { words }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_in_two_words() {
        let chrome = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(describe(chrome), "Chrome on macOS");
        assert_eq!(
            describe("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            "Firefox on Linux"
        );
    }

    #[test]
    fn a_program_is_told_by_its_own_words_cut_short() {
        assert_eq!(describe("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(describe(&"x".repeat(500)).len(), 80);
        assert_eq!(describe(""), "Unknown");
    }
}
