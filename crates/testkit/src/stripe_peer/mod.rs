//! A stand-in for Stripe, for a test alone: it checks what it is sent, keeps idempotency keys as Stripe documents it, answers in
//! Stripe's published shapes, and can be as bad a partner as a network makes of a good one. Its customers pay, are declined, or
//! leave; its events are delivered by the test, as often and in whatever order it likes.

mod account;
mod events;
mod form;
mod shapes;
mod wire;

pub use account::{Call, Mood};

use crate::web_peer::Asked;
use account::Account;
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Stripe; it ends with the test.
pub struct StripePeer {
    address: String,
    account: Arc<Mutex<Account>>,
    task: JoinHandle<()>,
}

impl StripePeer {
    /// The shop's key there.
    pub const KEY: &'static str = "sk_test_key-of-the-tests";
    /// What its events are signed with.
    pub const WEBHOOK_SECRET: &'static str = "whsec_secret-of-the-tests";
    /// The version of the API that it speaks.
    pub const VERSION: &'static str = "2026-10-28.endive";

    /// Opens an account.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        let account = Arc::new(Mutex::new(Account::default()));
        let heard = account.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(wire::serve(stream, heard.clone()));
            }
        });
        Self { address, account, task }
    }

    /// Where it is, without a slash at the end.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The next call of this kind goes so, and those after it well again.
    pub fn next(&self, call: Call, mood: Mood) {
        self.account().moods.entry(call).or_default().next.push_back(mood);
    }

    /// Every call of this kind goes so from now on.
    pub fn always(&self, call: Call, mood: Mood) {
        self.account().moods.entry(call).or_default().always = mood;
    }

    /// From now on everything goes well.
    pub fn calms_down(&self) {
        self.account().moods.clear();
    }

    /// What it was asked until now.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.account().asked.clone()
    }

    /// Its sessions, the oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<Value> {
        self.account().sessions.iter().map(|session| session.object.clone()).collect()
    }

    /// The customer pays, if the page is open. Answers whether they have paid, now or before.
    pub fn pays(&self, session: &str) -> bool {
        self.account().session(session).pays()
    }

    /// The customer takes this card, until they take another.
    pub fn takes_card(&self, session: &str, card: &str) {
        self.account().session(session).takes_card(card);
    }

    /// The customer tries a card, and the bank says no; the page stays open.
    pub fn is_declined(&self, session: &str) {
        self.account().session(session).is_declined();
    }

    /// The customer pays in a way that takes days.
    pub fn pays_slowly(&self, session: &str) {
        self.account().session(session).pays_slowly();
    }

    /// What was paid slowly has come, or has come to nothing.
    pub fn ends_slowly(&self, session: &str, well: bool) {
        self.account().session(session).ends_slowly(well);
    }

    /// The page closes by itself.
    pub fn expires(&self, session: &str) {
        self.account().session(session).expire();
    }

    /// What it has given back, the oldest first.
    #[must_use]
    pub fn refunds(&self) -> Vec<Value> {
        self.account().refunds.clone()
    }

    /// What becomes of a refund after all; answers the event about it.
    pub fn refund_becomes(&self, refund: &str, status: &str, reason: Option<&str>) -> Value {
        let mut account = self.account();
        let found = account.refunds.iter_mut().find(|one| one["id"] == refund).expect("a refund of that id");
        found["status"] = status.into();
        if let Some(reason) = reason {
            found["failure_reason"] = reason.into();
        }
        events::event(if status == "failed" { "refund.failed" } else { "refund.updated" }, found)
    }

    /// The customer of a page that was paid on disputes it; answers the event about it.
    pub fn is_disputed(&self, session: &str) -> Value {
        let mut account = self.account();
        let name = account.is_disputed(session);
        let found = account.disputes.iter().find(|one| one["id"] == name).expect("it was opened");
        events::event("charge.dispute.created", found)
    }

    /// What becomes of a dispute; answers the event about it.
    pub fn dispute_becomes(&self, dispute: &str, status: &str) -> Value {
        let mut account = self.account();
        let found = account.disputes.iter_mut().find(|one| one["id"] == dispute).expect("a dispute of that id");
        found["status"] = status.into();
        events::event("charge.dispute.closed", found)
    }

    /// It gives back what it took for a dispute.
    pub fn gives_fee_back(&self, dispute: &str) {
        self.account().gives_fee_back(dispute);
    }

    /// Money is taken for a payment, or for what is none of this shop's, without a page that the shop opened; answers Stripe's
    /// name for it.
    pub fn takes(&self, payment: Option<&str>, amount: i64, currency: &str) -> String {
        self.account().takes(payment, amount, currency)
    }

    /// Of a page that was paid on, it has taken so much in truth.
    pub fn has_taken(&self, session: &str, amount: i64) {
        self.account().session(session).has_taken(amount);
    }

    /// Of a page that was paid on, its books know nothing.
    pub fn forgets(&self, session: &str) {
        self.account().session(session).forgets();
    }

    /// A page says that its money is real, although the key is one for play money.
    pub fn is_live(&self, session: &str) {
        self.account().session(session).is_live();
    }

    /// Somebody gives money back at Stripe by hand.
    pub fn gives_back_by_hand(&self, session: &str, amount: i64) {
        let mut account = self.account();
        let intent =
            account.session(session).intent().expect("somebody paid")["id"].as_str().unwrap_or_default().to_owned();
        let fields = vec![("payment_intent".to_owned(), intent), ("amount".to_owned(), amount.to_string())];
        account.gives_back(&fields);
    }

    /// The events about a session, the oldest first.
    #[must_use]
    pub fn events_about(&self, session: &str) -> Vec<Value> {
        self.account().session(session).events.clone()
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().expect("nobody panicked")
    }
}

impl Drop for StripePeer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
