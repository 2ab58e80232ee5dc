//! The development mailbox: what the shop would have sent.

use super::shop::Shop;
use serde_json::Value;

/// A mail.
#[derive(Debug, Clone)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Shop {
    /// All mails, newest first.
    pub async fn mails(&self) -> Vec<Letter> {
        let accept = [("accept", "application/json")];
        let page = self.guest().ask("GET", "/dev/mail", &accept, None).await.json(200);
        page["data"].as_array().expect("the mails").iter().map(letter).collect()
    }

    /// The mails to an address, newest first.
    pub async fn mails_to(&self, email: &str) -> Vec<Letter> {
        let mut mails = self.mails().await;
        mails.retain(|mail| mail.to == email);
        mails
    }

    /// How many mails to an address name this in their subject, once everything is sent that was to be sent before now.
    pub async fn mails_about(&self, email: &str, subject: &str) -> usize {
        self.outbox_is_drained().await;
        self.mails_to(email).await.iter().filter(|mail| mail.subject.contains(subject)).count()
    }

    /// Jobs are taken in the order in which they fall due: when two newcomers, one after the other, have their codes,
    /// whatever was due before is done.
    pub async fn outbox_is_drained(&self) {
        for _ in 0..2 {
            let newcomer = self.newcomer(serde_json::json!({})).await;
            self.code_of(&newcomer.email).await;
        }
    }
}

fn letter(value: &Value) -> Letter {
    let text = |name: &str| value[name].as_str().unwrap_or_else(|| panic!("a mail without {name}")).to_owned();
    Letter { to: text("to"), subject: text("subject"), text: text("text"), html: text("html") }
}
