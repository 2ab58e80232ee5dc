//! Mail through any SMTP server (RFC 5321), Amazon SES included.

use super::{message_id, repeatable};
use application::notifications::letter::single_line;
use application::notifications::ports::{Mail, MailError, Mailer};
use async_trait::async_trait;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A server that has not taken a mail in this time counts as away. The transport's own limit holds for connecting only.
const PATIENCE: Duration = Duration::from_secs(30);

/// Hands mails to one SMTP server over a few kept connections.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
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
        Self::with_patience(url, from, PATIENCE)
    }

    fn with_patience(url: &str, from: &str, patience: Duration) -> Result<Self, InvalidSmtpUrl> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| InvalidSmtpUrl::Url)?;
        let from = from.parse().map_err(|_| InvalidSmtpUrl::From)?;
        Ok(Self { transport: builder.timeout(Some(patience)).build(), from, patience })
    }

    fn message(&self, mail: &Mail) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let to: Address = mail.to.as_str().parse()?;
        let body = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
        let message = Message::builder().from(self.from.clone()).to(to.into());
        let message = message.subject(single_line(&mail.subject)).header(AutoSubmitted);
        Ok(message.message_id(Some(message_id(mail, &self.from))).multipart(body)?)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.message(mail).map_err(|error| MailError::Refused(error.to_string()))?;
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(told(&error, mail)),
            Err(elapsed) => Err(MailError::Lost(elapsed.into())),
        }
    }
}

/// A refusal is the mail's fault, and final; a wrong password (53x) is the shop's, and mails wait until that is mended.
fn told(error: &Error, mail: &Mail) -> MailError {
    let said = repeatable(&error.to_string(), mail);
    let status = error.status().map(|code| code.to_string()).unwrap_or_default();
    if status.starts_with("53") {
        tracing::error!(said, "the mail server refuses the user or password of SMTP_URL: no mail is sent");
        return MailError::Unavailable(format!("it refuses the user or password of SMTP_URL: {said}").into());
    }
    if error.is_timeout() {
        return MailError::Lost(said.into());
    }
    if error.is_permanent() { MailError::Refused(said) } else { MailError::Unavailable(said.into()) }
}

/// Tells programs that answer by themselves that nobody wrote this (RFC 3834).
#[derive(Debug, Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
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
        assert!(text.contains("Auto-Submitted: auto-generated"));
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
    #[tokio::test]
    async fn a_server_that_never_says_anything_is_given_up_and_tried_again() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let _held = listener.accept().await; // and not a word
            std::future::pending::<()>().await;
        });
        let patience = Duration::from_millis(200);
        let mailer = SmtpMailer::with_patience(&url, "shop@example.com", patience).unwrap();
        let sent = tokio::time::timeout(Duration::from_secs(10), mailer.send(&mail())).await;
        assert!(matches!(sent.unwrap(), Err(MailError::Lost(_))), "it may have it");
    }

    #[tokio::test]
    async fn a_wrong_password_loses_no_mail_and_a_wrong_address_is_final() {
        for (answer, waits) in [("535 5.7.8 no", true), ("421 busy", true), ("550 5.1.1 <ada@example.com>?", false)] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("smtp://{}", listener.local_addr().unwrap());
            tokio::spawn(async move { answers_everything(&listener, answer).await });
            let mailer = SmtpMailer::new(&url, "shop@example.com").unwrap();
            let error = mailer.send(&mail()).await.unwrap_err();
            assert_eq!(matches!(error, MailError::Unavailable(_)), waits, "{error:?}");
            assert!(!format!("{error:?}").contains("ada@"), "{error:?}");
        }
    }

    /// A server that is friendly until it hears who the mail is from.
    async fn answers_everything(listener: &tokio::net::TcpListener, answer: &str) {
        use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 hello\r\n").await.unwrap();
        let mut line = String::new();
        while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
            let answer = if line.starts_with("MAIL") { answer } else { "250 ok" };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
            line.clear();
        }
    }
}
