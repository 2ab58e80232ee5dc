//! A mail server in memory.

use application::notifications::ports::{Mail, MailError, Mailer};
use async_trait::async_trait;
use domain::gift_cards::GiftCardCode;
use domain::kernel::EmailAddress;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The mails that it has taken.
#[derive(Default)]
pub struct Post(Mutex<Vec<Mail>>);

impl Post {
    pub fn takes(&self, mail: &Mail) {
        self.0.lock().unwrap().push(mail.clone());
    }

    /// What each mail to somebody is about: a copy is about the same.
    pub fn mails_to(&self, whom: &EmailAddress) -> Vec<String> {
        self.0.lock().unwrap().iter().filter(|mail| mail.to == *whom).map(|mail| mail.reference.clone()).collect()
    }

    /// The codes of gift cards that somebody was sent.
    pub fn codes_for(&self, whom: &EmailAddress) -> BTreeSet<String> {
        let mails = self.0.lock().unwrap();
        let words = mails.iter().filter(|mail| mail.to == *whom).flat_map(|mail| mail.text.split_whitespace());
        words.filter(|word| word.len() == 29 && GiftCardCode::parse(word).is_some()).map(str::to_owned).collect()
    }
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.takes(mail);
        Ok(())
    }
}
