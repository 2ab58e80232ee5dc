//! How providers are asked: over TLS, with a limit on time and size, and without following anyone elsewhere. A provider's
//! documents name addresses that the shop then asks; a redirect would let them point into the shop's own network.

use application::identity::social::ports::ProviderError;
use oauth2::http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use oauth2::http::{self, Method, StatusCode};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::time::Duration;
use url::Url;

/// A provider that does not answer in this time counts as away: somebody is waiting before an empty page.
const PATIENCE: Duration = Duration::from_secs(8);
/// More than any document of a provider has (Microsoft's keys are 20 KiB).
const LARGEST_ANSWER: usize = 512 * 1024;

/// Asks providers.
#[derive(Debug, Clone)]
pub struct ProviderHttp(reqwest::Client);

/// Why there is no answer that can be read.
#[derive(Debug, thiserror::Error)]
pub enum HttpFault {
    /// No connection, no TLS, or no answer in time.
    #[error("no answer: {0}")]
    NoAnswer(#[source] reqwest::Error),
    /// The provider is in trouble, or has too much to do.
    #[error("the provider answered {0}")]
    Trouble(StatusCode),
    /// It never ends.
    #[error("the answer is larger than {LARGEST_ANSWER} bytes")]
    TooLarge,
    /// It can't be represented.
    #[error(transparent)]
    Malformed(#[from] http::Error),
}

impl From<reqwest::Error> for HttpFault {
    fn from(error: reqwest::Error) -> Self {
        Self::NoAnswer(error.without_url()) // it may carry a token
    }
}

impl From<HttpFault> for ProviderError {
    fn from(fault: HttpFault) -> Self {
        Self::Unavailable(Box::new(fault))
    }
}

impl ProviderHttp {
    /// A client for providers; only over TLS, unless a provider on this machine is allowed to do without.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn new(https_only: bool) -> Result<Self, reqwest::Error> {
        Self::with_patience(https_only, PATIENCE)
    }

    fn with_patience(https_only: bool, patience: Duration) -> Result<Self, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .timeout(patience)
            .connect_timeout(patience / 2)
            .https_only(https_only)
            .redirect(reqwest::redirect::Policy::none());
        Ok(Self(builder.build()?))
    }

    /// Fetches a JSON document with these headers. What is not 200 is told apart: trouble is `Unavailable`, the rest
    /// `Refused`.
    pub(super) async fn get_json<T: DeserializeOwned>(
        &self,
        url: &Url,
        headers: HeaderMap,
    ) -> Result<T, ProviderError> {
        let response = self.get(url, headers).await?;
        if response.status() != StatusCode::OK {
            return Err(ProviderError::Refused(format!("{} answered {}", host(url), response.status())));
        }
        read_json(url, &response)
    }

    /// Fetches whatever is there.
    pub(super) async fn get(&self, url: &Url, headers: HeaderMap) -> Result<HttpResponse, ProviderError> {
        let mut request = http::Request::builder().method(Method::GET).uri(url.as_str());
        if let Some(all) = request.headers_mut() {
            all.insert(ACCEPT, HeaderValue::from_static("application/json"));
            all.extend(headers);
        }
        let request = request.body(Vec::new()).map_err(HttpFault::from)?;
        Ok(self.send(request).await?)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpFault> {
        let mut request = reqwest::Request::try_from(request)?;
        request.headers_mut().entry(USER_AGENT).or_insert(HeaderValue::from_static("Carat")); // GitHub insists on one
        let mut response = self.0.execute(request).await?;
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(HttpFault::Trouble(status));
        }
        let mut answer = http::Response::builder().status(status);
        if let Some(headers) = answer.headers_mut() {
            headers.clone_from(response.headers());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(HttpFault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(answer.body(body)?)
    }
}

impl<'c> AsyncHttpClient<'c> for ProviderHttp {
    type Error = HttpFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Reads an answer's JSON.
pub(super) fn read_json<T: DeserializeOwned>(url: &Url, response: &HttpResponse) -> Result<T, ProviderError> {
    serde_json::from_slice(response.body())
        .map_err(|error| ProviderError::Refused(format!("{} answered no such JSON: {error}", host(url))))
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}
