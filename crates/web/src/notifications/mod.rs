//! The development mailbox at `/dev/mail`: what would have been sent. It exists only where there is no mail server.

use crate::pages;
use crate::problem::{Problem, registry};
use actix_web::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, ContentType, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};
use application::notifications::ports::{KeptMail, MailError, Mailbox};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

type Answer = Result<HttpResponse, Problem>;

/// Mails bring their own inline style, and may do nothing else.
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox",
);

impl From<MailError> for Problem {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Unavailable(_) | MailError::Lost(_) => Self::unavailable(error, 5),
            MailError::Refused(_) => Self::internal(error),
        }
    }
}

/// The mailbox as JSON.
#[derive(Debug, Serialize)]
struct Letters {
    data: Vec<Letter>,
}

#[derive(Debug, Serialize)]
struct Letter {
    reference: String,
    to: String,
    subject: String,
    text: String,
    html: String,
    sent_at: DateTime<Utc>,
}

impl From<KeptMail> for Letter {
    fn from(kept: KeptMail) -> Self {
        let KeptMail { sent_at, mail } = kept;
        let to = mail.to.to_string();
        Self { reference: mail.reference, to, subject: mail.subject, text: mail.text, html: mail.html, sent_at }
    }
}

/// The mails, newest first, as a page or as JSON.
#[get("/dev/mail")]
async fn list(request: HttpRequest, mailbox: web::Data<dyn Mailbox>) -> Answer {
    let mails = mailbox.latest().await?;
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accept.contains("application/json") {
        return Ok(HttpResponse::Ok().json(Letters { data: mails.into_iter().map(Into::into).collect() }));
    }
    let letters: String = mails.iter().enumerate().map(letter).collect();
    let body = if letters.is_empty() { "<p>No mail has been sent yet.</p>".to_owned() } else { letters };
    Ok(pages::page("Mailbox", &format!("<h1>Mailbox</h1>{body}")))
}

fn letter((place, kept): (usize, &KeptMail)) -> String {
    let (subject, to) = (pages::escape(&kept.mail.subject), pages::escape(kept.mail.to.as_str()));
    let (text, at) = (pages::escape(&kept.mail.text), kept.sent_at.to_rfc3339_opts(SecondsFormat::Secs, true));
    format!(
        "<h2>{subject}</h2><p class=\"quiet\">to {to}, {at} · <a href=\"/dev/mail/{place}\">as HTML</a></p><pre>{text}</pre>"
    )
}

/// The HTML of a mail, counted from the newest.
#[get("/dev/mail/{n}")]
async fn show(place: web::Path<usize>, mailbox: web::Data<dyn Mailbox>) -> Answer {
    let kept = mailbox.latest().await?.into_iter().nth(*place);
    let kept = kept.ok_or_else(|| Problem::new(&registry::NOT_FOUND))?;
    let mut page = HttpResponse::Ok();
    page.content_type(ContentType::html()).insert_header((CONTENT_SECURITY_POLICY, MAIL_POLICY));
    Ok(page.body(kept.mail.html))
}

/// The mailbox's routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(list).service(show);
}
