//! Mail through SendGrid's Web API (POST /v3/mail/send), for machines that may not speak SMTP.

use super::{message_id, repeatable};
use application::notifications::letter::single_line;
use application::notifications::ports::{Mail, MailError, Mailer};
use async_trait::async_trait;
use lettre::message::Mailbox;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// A service that has not answered in this time counts as away.
const PATIENCE: Duration = Duration::from_secs(20);
/// As much of an error's explanation is read.
const MOST_EXPLANATION: usize = 16 * 1024;

/// Hands mails to SendGrid.
pub struct SendGridMailer {
    http: reqwest::Client,
    endpoint: String,
    key: String,
    from: Mailbox,
}

/// A setting can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSendGridSettings {
    /// Not a key.
    #[error("SENDGRID_API_KEY: has characters that no key has")]
    Key,
    /// Not a sender.
    #[error("MAIL_FROM: not a sender such as Carat <shop@example.com>")]
    From,
    /// The HTTP client can't be made.
    #[error("the HTTP client can't be made")]
    Client(#[from] reqwest::Error),
}

impl SendGridMailer {
    /// A mailer for the API at `base` (`https://api.sendgrid.com`, without a slash at the end), that sends as `from`.
    /// Connects when the first mail is sent.
    ///
    /// # Errors
    /// When a setting can't be used.
    pub fn new(base: &str, key: &str, from: &str) -> Result<Self, InvalidSendGridSettings> {
        Self::with_patience(base, key, from, PATIENCE)
    }

    fn with_patience(base: &str, key: &str, from: &str, patience: Duration) -> Result<Self, InvalidSendGridSettings> {
        let from = from.parse().map_err(|_| InvalidSendGridSettings::From)?;
        let mut bearer = HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| InvalidSendGridSettings::Key)?;
        bearer.set_sensitive(true);
        let http = reqwest::Client::builder()
            .timeout(patience)
            .connect_timeout(patience.min(Duration::from_secs(5)))
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, bearer)]))
            .build()?;
        Ok(Self { http, endpoint: format!("{base}/v3/mail/send"), key: key.to_owned(), from })
    }

    fn body(&self, mail: &Mail) -> Value {
        json!({
            "personalizations": [{
                "to": [{"email": mail.to.as_str()}],
                "custom_args": {"reference": mail.reference},
            }],
            "from": Sender { email: self.from.email.to_string(), name: self.from.name.as_deref() },
            "subject": single_line(&mail.subject),
            // In this order: of the forms of a mail, the best comes last.
            "content": [
                {"type": "text/plain", "value": mail.text},
                {"type": "text/html", "value": mail.html},
            ],
            "headers": {
                "Message-ID": message_id(mail, &self.from),
                "Auto-Submitted": "auto-generated",
            },
            // Links carry secrets: they are not led past a counter, and nothing is added to a mail.
            "tracking_settings": {
                "click_tracking": {"enable": false, "enable_text": false},
                "open_tracking": {"enable": false},
                "subscription_tracking": {"enable": false},
                "ganalytics": {"enable": false},
            },
        })
    }

    /// What SendGrid says of a mail that it does not take. A wrong key, sender or address of the API is the shop's mistake
    /// and not the mail's: the mail waits until that is mended.
    async fn refusal(&self, response: Response, mail: &Mail) -> MailError {
        let status = response.status();
        let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(single_line);
        let said = self.explanation(response, mail).await;
        match status {
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => {
                MailError::Refused(format!("SendGrid answered {}{said}", status.as_u16()))
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                tracing::error!(
                    status = status.as_u16(),
                    said,
                    "SendGrid refuses SENDGRID_API_KEY or MAIL_FROM: no mail is sent"
                );
                MailError::Unavailable(
                    format!("SendGrid refuses SENDGRID_API_KEY or MAIL_FROM: {}{said}", status.as_u16()).into(),
                )
            }
            _ => {
                let wait = wait.map(|wait| format!(", to be asked again after {wait}")).unwrap_or_default();
                MailError::Unavailable(format!("SendGrid answered {}{wait}{said}", status.as_u16()).into())
            }
        }
    }

    /// SendGrid's own words.
    async fn explanation(&self, mut response: Response, mail: &Mail) -> String {
        let mut bytes = Vec::new();
        while let Ok(Some(chunk)) = response.chunk().await {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MOST_EXPLANATION {
                return String::new();
            }
        }
        let Ok(Explanation { errors }) = serde_json::from_slice(&bytes) else { return String::new() };
        let Some(fault) = errors.into_iter().next() else { return String::new() };
        // Up to the link to their documentation, which could as well be one of ours.
        let message = fault.message.split("http").next().unwrap_or_default();
        if message.contains(&self.key) {
            return String::new();
        }
        repeatable(&format!(": {message} ({})", fault.field.as_deref().unwrap_or("-")), mail)
    }
}

#[derive(Serialize)]
struct Sender<'a> {
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

#[derive(Deserialize)]
struct Explanation {
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    message: String,
    field: Option<String>,
}

#[async_trait]
impl Mailer for SendGridMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let sent = self.http.post(&self.endpoint).json(&self.body(mail)).send().await;
        let response = sent.map_err(|error| {
            let (unreached, error) = (error.is_connect(), error.without_url().into());
            if unreached { MailError::Unavailable(error) } else { MailError::Lost(error) }
        })?;
        // Nothing else means that it is taken: 200, too, would be said by whatever else stands at a wrong address.
        if response.status() == StatusCode::ACCEPTED { Ok(()) } else { Err(self.refusal(response, mail).await) }
    }
}

#[cfg(test)]
mod tests;
