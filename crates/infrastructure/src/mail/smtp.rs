//! Mail through any SMTP server (RFC 5321), Amazon SES included.

use application::notifications::ports::{Mail, MailError, Mailer};
use async_trait::async_trait;
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A server that does not answer in this time counts as away.
const PATIENCE: Duration = Duration::from_secs(20);

/// Hands mails to one SMTP server over a few kept connections.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// A setting can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSmtpUrl {
    /// Not an SMTP address.
    #[error("not an address such as smtp://user:password@host:587?tls=required")]
    Url,
    /// Not a sender.
    #[error("not a sender such as Carat <shop@example.com>")]
    From,
}

impl SmtpMailer {
    /// A mailer for the server at `url` (`smtps://` for TLS from the start, `smtp://host?tls=required` for STARTTLS), that
    /// sends as `from`. Connects when the first mail is sent.
    ///
    /// # Errors
    /// When one of the two can't be used.
    pub fn new(url: &str, from: &str) -> Result<Self, InvalidSmtpUrl> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| InvalidSmtpUrl::Url)?;
        let from = from.parse().map_err(|_| InvalidSmtpUrl::From)?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    fn message(&self, mail: &Mail) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let to: Address = mail.to.as_str().parse()?;
        let id = format!("<{}@{}>", mail.reference, self.from.email.domain());
        let body = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
        let message = Message::builder().from(self.from.clone()).to(to.into()).subject(&mail.subject);
        Ok(message.message_id(Some(id)).multipart(body)?)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.message(mail).map_err(|error| MailError::Refused(error.to_string()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused(error.to_string())),
            Err(error) => Err(MailError::Unavailable(error.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kernel::EmailAddress;

    fn mail() -> Mail {
        Mail {
            reference: "order-1".to_owned(),
            to: EmailAddress::parse("ada@example.com").unwrap(),
            subject: "Größe\r\nBcc: evil@example.com".to_owned(),
            text: "Hello".to_owned(),
            html: "<p>Hello</p>".to_owned(),
        }
    }

    #[tokio::test]
    async fn a_mail_has_both_forms_and_a_name_that_stays() {
        let mailer = SmtpMailer::new("smtp://localhost:2525", "Carat <shop@example.com>").unwrap();
        let text = String::from_utf8(mailer.message(&mail()).unwrap().formatted()).unwrap();
        assert!(text.contains("Message-ID: <order-1@example.com>"));
        assert!(text.contains("text/plain") && text.contains("text/html"));
    }

    #[tokio::test]
    async fn a_subject_cannot_add_a_header() {
        let mailer = SmtpMailer::new("smtp://localhost:2525", "shop@example.com").unwrap();
        let text = String::from_utf8(mailer.message(&mail()).unwrap().formatted()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc:")));
    }

    #[tokio::test]
    async fn a_server_that_is_away_is_to_be_tried_again() {
        let mailer = SmtpMailer::new("smtp://127.0.0.1:1", "shop@example.com").unwrap();
        assert!(matches!(mailer.send(&mail()).await, Err(MailError::Unavailable(_))));
    }
}
