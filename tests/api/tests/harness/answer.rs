//! An answer of the shop, with the assertions that tests make about it.

use reqwest::header::HeaderMap;
use serde_json::Value;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for messages.
    pub asked: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads a whole answer.
    pub async fn read(asked: String, response: reqwest::Response) -> Result<Self, reqwest::Error> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Self { asked, status, headers, body })
    }

    /// Has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self
    }

    /// Has this status, and this is its JSON.
    #[track_caller]
    pub fn json(self, status: u16) -> Value {
        let answer = self.is(status);
        assert!(answer.content_type().starts_with("application/json"), "{}: {}", answer.asked, answer.content_type());
        answer.value()
    }

    /// Is a problem document of this status and code, as RFC 9457 and the contract want it.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> Value {
        let document = self.any_problem();
        let told = (document["status"].as_u64(), document["code"].as_str());
        assert_eq!(told, (Some(u64::from(status)), Some(code)), "{}: {}", self.asked, self.text());
        document
    }

    /// Is a well-formed problem document of whatever kind.
    #[track_caller]
    pub fn any_problem(&self) -> Value {
        let message = format!("{}: {} {}", self.asked, self.status, self.text());
        assert_eq!(self.content_type(), "application/problem+json", "{message}");
        let document = self.value();
        let text = |name: &str| document[name].as_str().unwrap_or_default();
        assert_eq!(document["status"].as_u64(), Some(u64::from(self.status)), "{message}");
        assert_eq!(text("type"), format!("/problems/{}", text("code")), "{message}");
        assert!(!text("title").is_empty() && !text("detail").is_empty(), "{message}");
        assert_eq!(Some(text("request_id")), self.header("x-request-id"), "{message}");
        let errors = document["errors"].as_array().map_or(0, Vec::len);
        assert!(text("code") != "validation-failed" || errors > 0, "{message}");
        document
    }

    /// Is a 422 with exactly these faults, each a pointer and a code, in any order.
    #[track_caller]
    pub fn faults(self, expected: &[(&str, &str)]) -> Value {
        let asked = self.asked.clone();
        let document = self.problem(422, "validation-failed");
        let text = |fault: &Value, name: &str| fault[name].as_str().unwrap_or_default().to_owned();
        let faults = document["errors"].as_array().unwrap();
        let mut told: Vec<_> = faults.iter().map(|fault| (text(fault, "pointer"), text(fault, "code"))).collect();
        let mut expected: Vec<_> =
            expected.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect();
        told.sort();
        expected.sort();
        assert_eq!(told, expected, "{asked}");
        assert!(faults.iter().all(|fault| !text(fault, "message").is_empty()), "{asked}: a fault has no message");
        document
    }

    /// A header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.asked, self.text()))
    }

    /// The value that the answer sets a cookie to, with the cookie's attributes behind it.
    pub fn set_cookie(&self, name: &str) -> Option<(String, String)> {
        let all = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let ours = all.filter_map(|cookie| cookie.strip_prefix(&format!("{name}="))).next()?;
        let (value, attributes) = ours.split_once(';').unwrap_or((ours, ""));
        Some((value.to_owned(), attributes.to_owned()))
    }

    fn content_type(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }
}
