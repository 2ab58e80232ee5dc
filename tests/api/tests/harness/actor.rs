//! Somebody who speaks HTTP with the shop: a guest, or a person with an account and a token.

use super::answer::Answer;
use super::shop::{ADMIN, PASSWORD, Shop};
use super::{unique, until};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, redirect};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The way to one shop.
pub struct Line {
    origin: String,
    client: Mutex<reqwest::Client>,
}

/// Somebody.
#[derive(Clone)]
pub struct Actor {
    line: Arc<Line>,
    pub id: String,
    pub email: String,
    pub token: Option<String>,
}

impl Line {
    pub fn to(port: u16) -> Arc<Self> {
        Arc::new(Self { origin: format!("http://127.0.0.1:{port}"), client: Mutex::new(client()) })
    }

    /// Forgets kept connections, since the server behind them is gone.
    pub fn hang_up(&self) {
        *self.client.lock().unwrap() = client();
    }
}

fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().redirect(redirect::Policy::none());
    builder.timeout(Duration::from_secs(60)).build().expect("a client")
}

impl Actor {
    pub fn guest(line: Arc<Line>) -> Self {
        Self { line, id: String::new(), email: format!("{}@example.com", unique("guest")), token: None }
    }

    /// Asks for anything: `path` from the root, with headers and a body as they are.
    pub async fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, reqwest::Error> {
        let asked = format!("{method} {path}");
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.line.origin) };
        let client = self.line.client.lock().unwrap().clone();
        let mut request = client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request = request.header(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        Answer::read(asked, request.send().await?).await
    }

    /// The same; there must be an answer.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let answer = self.try_ask(method, path, headers, body).await;
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    /// A page, by its path from the root.
    pub async fn page(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None).await
    }

    pub async fn try_page(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.try_ask("GET", path, &[], None).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", &format!("/api/v1{path}"), &[], None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", &format!("/api/v1{path}"), &[], None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json("POST", path, &[], body).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.json("PATCH", path, &[], body).await
    }

    /// Sends JSON to the API, with further headers.
    pub async fn json(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let answer = self.try_json(method, path, headers, body).await;
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error:?}"))
    }

    pub async fn try_json(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Answer, reqwest::Error> {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.try_ask(method, &format!("/api/v1{path}"), &all, Some(body.to_string().into_bytes())).await
    }

    /// The same person, as a browser: with the cookie instead of the token.
    pub fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// Somebody with this token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same person, on another line.
    pub fn at(&self, line: Arc<Line>) -> Self {
        Self { line, ..self.clone() }
    }

    pub async fn logs_in(&self, email: &str, password: &str) -> Answer {
        self.without_token().post("/auth/login", &json!({"email": email, "password": password})).await
    }

    /// Follows a list to its end, and answers all of its rows.
    pub async fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{joint}limit=100{cursor}")).await.json(200);
            rows.extend(page["data"].as_array().expect("data").iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }
}

impl Shop {
    /// A customer who has proven their address and is signed in.
    pub async fn customer(&self) -> Actor {
        self.verified(json!({"name": "Ada"})).await
    }

    /// A seller who has proven their address and is signed in.
    pub async fn seller(&self) -> Actor {
        self.verified(json!({"role": "seller", "shop_name": "Maison Ada"})).await
    }

    /// The admin whom the settings name.
    pub async fn admin(&self) -> Actor {
        self.signed_in(ADMIN).await
    }

    async fn verified(&self, more: Value) -> Actor {
        let newcomer = self.newcomer(more).await;
        let code = self.code_of(&newcomer.email).await;
        let proof = json!({"email": newcomer.email, "code": code});
        newcomer.post("/auth/verify-email", &proof).await.json(200);
        newcomer
    }

    /// Somebody who has registered and is signed in, and has proven nothing.
    pub async fn newcomer(&self, more: Value) -> Actor {
        let email = format!("{}@example.com", unique("user"));
        let mut body = json!({"email": email, "password": PASSWORD});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.guest().post("/auth/register", &body).await.json(201);
        self.signed_in(&email).await
    }

    async fn signed_in(&self, email: &str) -> Actor {
        let login = self.guest().logs_in(email, PASSWORD).await.json(200);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (id, token) = (text(&login["user"]["id"]), Some(text(&login["access_token"])));
        Actor { id, token, email: email.to_owned(), ..self.guest() }
    }

    /// The six digits that were last mailed to an address.
    pub async fn code_of(&self, email: &str) -> String {
        until(&format!("a code is mailed to {email}"), async || {
            let mail = self.mails_to(email).await.into_iter().next()?;
            let words = mail.text.split(|c: char| !c.is_ascii_digit());
            words.filter(|word| word.len() == 6).map(str::to_owned).next()
        })
        .await
    }
}
