//! What the notifications need from outside.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::EmailAddress;

/// A mail to one person, as text and as HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// What it is about, the same at each try: it becomes the `Message-ID`, by which mail programs know a copy.
    pub reference: String,
    /// To whom.
    pub to: EmailAddress,
    /// The subject.
    pub subject: String,
    /// The words, for programs without HTML.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// Hands mails to a mail server.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one. When this returns well, the server has it.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// Why a mail is not sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server is away or busy, and has not got it.
    #[error("the mail server did not take the mail")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It may have got it, but its answer was lost.
    #[error("the mail server may have taken the mail, and did not say so")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server will never take it.
    #[error("the mail server refused: {0}")]
    Refused(String),
}

/// The development mailbox: where mails stay when there is no mail server.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// The last mails, newest first, two hundred at the most.
    async fn latest(&self) -> Result<Vec<KeptMail>, MailError>;
}

/// A mail in the development mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// When it would have been sent.
    pub sent_at: DateTime<Utc>,
    /// The mail.
    pub mail: Mail,
}
