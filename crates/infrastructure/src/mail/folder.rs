//! The development mailbox: a folder with one JSON file a mail, newest last by name.

use application::notifications::ports::{KeptMail, Mail, MailError, Mailbox, Mailer};
use application::system::Clock;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::EmailAddress;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::fs;

/// How many mails the page shows.
const SHOWN: usize = 200;

/// Keeps mails instead of sending them.
pub struct FolderMailbox {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

#[derive(Serialize, Deserialize)]
struct File {
    sent_at: DateTime<Utc>,
    reference: String,
    to: String,
    subject: String,
    text: String,
    html: String,
}

impl FolderMailbox {
    /// A mailbox in this folder, which is made when the first mail comes.
    #[must_use]
    pub const fn new(folder: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { folder, clock }
    }
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> MailError {
    MailError::Unavailable(error.into())
}

#[async_trait]
impl Mailer for FolderMailbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let sent_at = self.clock.now();
        let file = File {
            sent_at,
            reference: mail.reference.clone(),
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
        };
        let name: String = mail.reference.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let path = self.folder.join(format!("{:020}-{name}.json", sent_at.timestamp_micros()));
        let text = serde_json::to_vec_pretty(&file).map_err(unavailable)?;
        fs::create_dir_all(&self.folder).await.map_err(unavailable)?;
        // Written aside and renamed, so that the page never reads half a mail.
        let aside = path.with_extension("part");
        fs::write(&aside, text).await.map_err(unavailable)?;
        fs::rename(&aside, &path).await.map_err(unavailable)
    }
}

#[async_trait]
impl Mailbox for FolderMailbox {
    async fn latest(&self) -> Result<Vec<KeptMail>, MailError> {
        let mut names = Vec::new();
        let Ok(mut entries) = fs::read_dir(&self.folder).await else {
            return Ok(Vec::new());
        };
        while let Some(entry) = entries.next_entry().await.map_err(unavailable)? {
            if entry.path().extension().is_some_and(|extension| extension == "json") {
                names.push(entry.path());
            }
        }
        names.sort_unstable_by(|one, other| other.cmp(one));
        names.truncate(SHOWN);
        let mut mails = Vec::with_capacity(names.len());
        for name in names {
            let file: File =
                serde_json::from_slice(&fs::read(name).await.map_err(unavailable)?).map_err(unavailable)?;
            let to = EmailAddress::parse(&file.to).map_err(unavailable)?;
            let File { sent_at, reference, subject, text, html, .. } = file;
            mails.push(KeptMail { sent_at, mail: Mail { reference, to, subject, text, html } });
        }
        Ok(mails)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemClock;

    #[tokio::test]
    async fn the_mailbox_shows_what_was_sent_newest_first() {
        let folder = tempfile::tempdir().unwrap();
        let mailbox = FolderMailbox::new(folder.path().join("mail"), Arc::new(SystemClock));
        assert_eq!(mailbox.latest().await.unwrap(), []);
        for reference in ["first", "../second"] {
            let mail = Mail {
                reference: reference.to_owned(),
                to: EmailAddress::parse("ada@example.com").unwrap(),
                subject: "S".to_owned(),
                text: "T".to_owned(),
                html: "H".to_owned(),
            };
            mailbox.send(&mail).await.unwrap();
        }
        let references: Vec<String> =
            mailbox.latest().await.unwrap().into_iter().map(|kept| kept.mail.reference).collect();
        assert_eq!(references, ["../second", "first"]);
    }
}
