//! Idempotency keys by the rules of the contract, case by case, on both databases. Each case is counted; a suite that
//! lost cases fails.

mod crash;
mod crowd;
mod operations;
mod refusals;
mod rules;

use crate::harness::{Actor, Answer, on_both_databases, unique};
use serde_json::Value;

const LEAST_CASES: usize = 60;

/// The cases that held.
#[derive(Default)]
pub struct Cases(Vec<String>);

impl Cases {
    /// One more holds.
    pub fn holds(&mut self, case: impl Into<String>) {
        self.0.push(case.into());
    }
}

/// A request with a key.
#[derive(Clone)]
pub struct Keyed {
    pub method: &'static str,
    pub path: String,
    pub key: String,
    pub body: Vec<u8>,
}

impl Keyed {
    /// With a key that nobody has used.
    pub fn fresh(method: &'static str, path: &str, body: &Value) -> Self {
        Self { method, path: path.to_owned(), key: unique("key"), body: body.to_string().into_bytes() }
    }

    pub async fn by(&self, actor: &Actor) -> Answer {
        self.with(actor, &[]).await
    }

    /// With further headers.
    pub async fn with(&self, actor: &Actor, more: &[(&str, &str)]) -> Answer {
        let mut headers = vec![("content-type", "application/json"), ("idempotency-key", self.key.as_str())];
        headers.extend_from_slice(more);
        actor.ask(self.method, &format!("/api/v1{}", self.path), &headers, Some(self.body.clone())).await
    }
}

/// Is no repetition.
#[track_caller]
fn is_first(answer: Answer) -> Answer {
    assert_eq!(answer.header("idempotent-replayed"), None, "{}: {}", answer.asked, answer.text());
    answer
}

/// Is the first answer again, byte for byte, and says so.
#[track_caller]
fn repeats(again: &Answer, first: &Answer) {
    assert_eq!(again.header("idempotent-replayed"), Some("true"), "{}: {}", again.asked, again.text());
    assert_eq!((again.status, &again.body), (first.status, &first.body), "{}", again.asked);
    for name in ["content-type", "location", "retry-after", "content-disposition", "cache-control"] {
        assert_eq!(again.header(name), first.header(name), "{name} of {}", again.asked);
    }
    let cookies = |answer: &Answer| answer.headers.get_all("set-cookie").iter().cloned().collect::<Vec<_>>();
    assert_eq!(cookies(again), cookies(first), "{}", again.asked);
    assert_ne!(again.header("x-request-id"), first.header("x-request-id"), "each request has its own id");
}

on_both_databases! {
    async fn every_rule_holds(shop: Shop) {
        let mut cases = Cases::default();
        rules::hold(&shop, &mut cases).await;
        refusals::hold(&shop, &mut cases).await;
        operations::hold(&shop, &mut cases).await;
        crowd::hold(&shop, &mut cases).await;
        let count = cases.0.len();
        eprintln!("{count} cases of idempotency keys hold:\n  {}", cases.0.join("\n  "));
        assert!(count >= LEAST_CASES, "{count} cases; there were {LEAST_CASES} at least");
    }
}
