//! How Stripe is spoken with: forms in, JSON out, the API's version pinned, and an answer of bounded time and size. What goes
//! wrong is told apart by what it means: refused, not done, or perhaps done. Stripe's own words are left out of it, since they
//! repeat what they were sent, keys and addresses included; its codes say the same.

use super::InvalidStripeSettings;
use super::form::Field;
use application::payments::ports::GatewayError;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// The version of the API that this adapter was written for (<https://docs.stripe.com/changelog>).
const VERSION: &str = "2026-10-28.endive";
/// More than any session has, with a hundred lines.
const LARGEST_ANSWER: usize = 512 * 1024;
/// More than a hundred card payments have, with their charges.
const LARGEST_LIST: usize = 8 * 1024 * 1024;

/// Asks Stripe's API.
pub struct StripeHttp {
    http: reqwest::Client,
    base: String,
}

/// Why there is no answer, or not the one that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StripeFault {
    /// It was never reached.
    #[error("it can't be reached")]
    NotReached(#[source] reqwest::Error),
    /// It was asked, and its answer did not come, or broke off.
    #[error("its answer did not come")]
    NoAnswer(#[source] reqwest::Error),
    /// Its answer says nothing.
    #[error("its answer can't be read")]
    Unreadable,
    /// It says no.
    #[error("it answered {status}{said}{request}")]
    Answered {
        status: StatusCode,
        said: Said,
        /// Whether this is what it said before to the same key.
        replayed: bool,
        /// Its name for the request, by which its support finds it.
        request: RequestName,
    },
}

/// What an error is, in Stripe's codes.
#[derive(Debug, Default, Deserialize)]
pub struct Said {
    #[serde(default, rename = "type")]
    kind: String,
    code: Option<String>,
    decline_code: Option<String>,
    param: Option<String>,
}

/// Stripe's name for a request, if it gave one.
#[derive(Debug)]
pub struct RequestName(Option<String>);

#[derive(Deserialize)]
struct Explanation {
    error: Said,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let codes =
            [Some(self.kind.as_str()), self.code.as_deref(), self.decline_code.as_deref(), self.param.as_deref()];
        codes.into_iter().flatten().filter(|code| is_plain(code)).try_for_each(|code| write!(f, " {code}"))
    }
}

impl std::fmt::Display for RequestName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().filter(|name| is_plain(name)).try_for_each(|name| write!(f, ", request {name}"))
    }
}

/// Codes and names of fields; nothing that could be a secret, an address or a second log line.
fn is_plain(code: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '[' | ']');
    (1..=100).contains(&code.len()) && code.chars().all(fits)
}

impl StripeFault {
    /// Whether the same key would be answered the same for a day: a failure within Stripe that it kept, or a request that an
    /// older version of this program made in other words.
    pub fn spends_its_key(&self) -> bool {
        match self {
            Self::Answered { status, replayed: true, .. } if status.is_server_error() => true,
            Self::Answered { status: StatusCode::BAD_REQUEST, said, .. } => said.kind == "idempotency_error",
            Self::Answered { .. } | Self::NotReached(_) | Self::NoAnswer(_) | Self::Unreadable => false,
        }
    }

    /// Whether asking again changes nothing. A wrong key is the shop's mistake and no verdict on a payment; a conflict is with
    /// a twin of the same request.
    pub fn is_refusal(&self) -> bool {
        let Self::Answered { status, .. } = self else { return false };
        let passing = [
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::CONFLICT,
            StatusCode::TOO_MANY_REQUESTS,
        ];
        status.is_client_error() && !passing.contains(status)
    }

    /// Whether it may have done what it was asked.
    fn is_doubtful(&self) -> bool {
        match self {
            Self::NotReached(_) => false,
            Self::NoAnswer(_) | Self::Unreadable => true,
            Self::Answered { status, .. } => !status.is_client_error(),
        }
    }
}

impl From<StripeFault> for GatewayError {
    fn from(fault: StripeFault) -> Self {
        if fault.is_refusal() {
            Self::Refused(format!("Stripe: {fault}"))
        } else if fault.is_doubtful() {
            Self::Lost(Box::new(fault))
        } else {
            Self::Unavailable(Box::new(fault))
        }
    }
}

impl StripeHttp {
    /// A client for the API at `base`.
    pub fn new(base: &str, key: &str, patience: Duration) -> Result<Self, InvalidStripeSettings> {
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| InvalidStripeSettings::Key)?;
        bearer.set_sensitive(true);
        let headers = [
            (AUTHORIZATION, bearer),
            (USER_AGENT, HeaderValue::from_static("Carat")),
            (HeaderName::from_static("stripe-version"), HeaderValue::from_static(VERSION)),
        ];
        let http = reqwest::Client::builder()
            .timeout(patience)
            .connect_timeout(patience.min(Duration::from_secs(5)))
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(HeaderMap::from_iter(headers))
            .build()?;
        Ok(Self { http, base: base.to_owned() })
    }

    /// Fetches an object.
    pub async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, StripeFault> {
        self.ask(self.query(path, query), LARGEST_ANSWER).await
    }

    /// Fetches a page of many.
    pub async fn list<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, StripeFault> {
        self.ask(self.query(path, query), LARGEST_LIST).await
    }

    /// Posts a form. With a key, a second request is answered as the first was.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[Field],
        key: Option<&str>,
    ) -> Result<T, StripeFault> {
        let request = self.http.post(format!("{}{path}", self.base)).form(form);
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        self.ask(request, LARGEST_ANSWER).await
    }

    fn query(&self, path: &str, query: &[(&str, &str)]) -> RequestBuilder {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.http.get(format!("{}{path}?{query}", self.base))
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder, largest: usize) -> Result<T, StripeFault> {
        let sent = request.send().await.map_err(reqwest::Error::without_url);
        let mut response = sent.map_err(|error| {
            if error.is_connect() { StripeFault::NotReached(error) } else { StripeFault::NoAnswer(error) }
        })?;
        let body = read(&mut response, largest).await?;
        if response.status() == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|_| StripeFault::Unreadable);
        }
        let said = serde_json::from_slice(&body).map_or_else(|_| Said::default(), |Explanation { error }| error);
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        let replayed = header("idempotent-replayed") == Some("true");
        let request = RequestName(header("request-id").map(str::to_owned));
        let fault = StripeFault::Answered { status: response.status(), said, replayed, request };
        if [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&response.status()) {
            tracing::error!(%fault, "Stripe refuses STRIPE_SECRET_KEY, or what it asks for");
        }
        Err(fault)
    }
}

async fn read(response: &mut Response, largest: usize) -> Result<Vec<u8>, StripeFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| StripeFault::NoAnswer(error.without_url()))? {
        if body.len() + chunk.len() > largest {
            return Err(StripeFault::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
