//! What Stripe knows of one account: its sessions, the keys of requests, and how it is in the mood to answer.

mod books;
mod money_back;
mod session;

use super::form::{self, Fault};
use super::{StripePeer, shapes};
use crate::web_peer::Asked;
use serde_json::{Value, json};
pub use session::Session;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// A new page.
    Open,
    /// How a page stands.
    Look,
    /// To close a page.
    Expire,
    /// To take money that was promised.
    Capture,
    /// To let it go.
    Cancel,
    /// To give money back.
    Refund,
    /// What was given back.
    LookAtRefunds,
    /// All disputes.
    ListDisputes,
    /// How a dispute stands.
    LookAtDispute,
    /// All card payments, a page at a time.
    List,
    /// What is not there.
    Unknown,
}

/// How a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    /// Well.
    #[default]
    Obliging,
    /// The connection ends before anything is done.
    HangsUpBefore,
    /// It is done, and the connection ends without an answer.
    HangsUpAfter,
    /// Nothing is done, and nothing said.
    SilentBefore,
    /// It is done, and nothing said.
    SilentAfter,
    /// It takes this long; meanwhile the request's key is in use.
    Late(Duration),
    /// It fails inside, before it is done or after, with this status; the failure is kept under the request's key.
    Breaks { after: bool, status: u16 },
    /// It is turned away at the door with this status, and nothing is kept.
    Down(u16),
    /// There is too much to do (429), with this code.
    Busy(&'static str),
    /// A bank's no (402).
    CardError,
}

/// How the calls of one kind go.
#[derive(Default)]
pub struct Moods {
    pub next: VecDeque<Mood>,
    pub always: Mood,
}

/// One account.
#[derive(Default)]
pub struct Account {
    pub sessions: Vec<Session>,
    pub refunds: Vec<Value>,
    pub disputes: Vec<Value>,
    /// Card payments that came about without a page of this shop's.
    pub strays: Vec<Value>,
    pub moods: HashMap<Call, Moods>,
    pub asked: Vec<Asked>,
    keys: HashMap<String, Kept>,
}

/// What is kept of a request with a key.
struct Kept {
    said: String,
    /// `None` while it is being done.
    answer: Option<(u16, String)>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub replayed: bool,
    pub request: String,
}

/// What becomes of a request.
pub enum Begun {
    Answered(Answer),
    Acting,
}

impl Call {
    pub fn of(asked: &Asked) -> Self {
        let path = asked.line.split('?').next().unwrap_or_default();
        match path.strip_prefix("POST /v1/checkout/sessions") {
            Some("") => return Self::Open,
            Some(rest) if rest.ends_with("/expire") => return Self::Expire,
            _ => {}
        }
        if path.starts_with("POST /v1/payment_intents/") {
            match path.rsplit('/').next() {
                Some("capture") => return Self::Capture,
                Some("cancel") => return Self::Cancel,
                _ => {}
            }
        }
        match path {
            "POST /v1/refunds" => Self::Refund,
            path if path.starts_with("GET /v1/refunds") => Self::LookAtRefunds,
            path if path.starts_with("GET /v1/disputes/") => Self::LookAtDispute,
            "GET /v1/disputes" => Self::ListDisputes,
            "GET /v1/payment_intents" => Self::List,
            path if path.starts_with("GET /v1/checkout/sessions/") => Self::Look,
            _ => Self::Unknown,
        }
    }
}

impl Account {
    /// A session that must be there.
    pub fn session(&mut self, id: &str) -> &mut Session {
        self.find(id).unwrap_or_else(|| panic!("there is no session {id}"))
    }

    /// Notes what is asked, and tells how it will go.
    pub fn heard(&mut self, asked: &Asked, call: Call) -> Mood {
        self.asked.push(asked.clone());
        let moods = self.moods.entry(call).or_default();
        moods.next.pop_front().unwrap_or(moods.always)
    }

    /// What is said before anything is done: to strangers, in the wrong version, to a key that was used, to what can't be done.
    pub fn begin(&mut self, asked: &Asked, call: Call, mood: Mood) -> Begun {
        let refused = self.door(asked, call, mood).or_else(|| self.kept(asked)).or_else(|| self.unfit(asked, call));
        if let Some(answer) = refused {
            return Begun::Answered(answer);
        }
        if let Some(key) = asked.header("idempotency-key") {
            self.keys.insert(key.to_owned(), Kept { said: said(asked), answer: None });
        }
        Begun::Acting
    }

    /// Does what is asked, and keeps the answer under the request's key.
    pub fn act(&mut self, asked: &Asked, call: Call, mood: Mood) -> Answer {
        let failure = |status: u16| (status, error("api_error", None, None).to_string());
        let (status, body) = match mood {
            Mood::Breaks { after: false, status } => failure(status),
            Mood::Breaks { after: true, status } => {
                self.done(asked, call);
                failure(status)
            }
            _ => self.done(asked, call),
        };
        if let Some(kept) = asked.header("idempotency-key").and_then(|key| self.keys.get_mut(key)) {
            kept.answer = Some((status, body.clone()));
        }
        self.answer(status, body, false)
    }

    fn done(&mut self, asked: &Asked, call: Call) -> (u16, String) {
        let unknown = || (404, error("invalid_request_error", Some("resource_missing"), Some("session")).to_string());
        match call {
            Call::Open => {
                let session = Session::open(&form::fields(&asked.body));
                let object = session.object.to_string();
                self.sessions.push(session);
                (200, object)
            }
            Call::Look | Call::Expire => {
                let path = asked.line.split('?').next().unwrap_or_default();
                let id = path.split('/').nth(4).unwrap_or_default().to_owned();
                let whole = asked.field("expand[]").as_deref() == Some("payment_intent");
                let Some(session) = self.find(&id) else { return unknown() };
                if call == Call::Expire && !session.expire() {
                    return (400, error("invalid_request_error", None, None).to_string());
                }
                let with_charge = asked.field("expand[]").as_deref() == Some("payment_intent.latest_charge");
                let shown = if with_charge { session.shown_with_charge() } else { session.shown(whole) };
                (200, shown.to_string())
            }
            Call::Capture | Call::Cancel => {
                let intent = asked.line.split('/').nth(3).unwrap_or_default().to_owned();
                let Some(session) = self.sessions.iter_mut().find(|session| session.has_intent(&intent)) else {
                    return unknown();
                };
                if session.ends_promise(call == Call::Capture) {
                    (200, session.shown(true)["payment_intent"].to_string())
                } else {
                    let code = Some("payment_intent_unexpected_state");
                    (400, error("invalid_request_error", code, None).to_string())
                }
            }
            Call::Refund => (200, self.gives_back(&form::fields(&asked.body)).to_string()),
            Call::LookAtRefunds => self.refunds_asked_for(asked).map_or_else(unknown, |found| (200, found.to_string())),
            Call::ListDisputes => (200, self.disputes_asked_for(asked).to_string()),
            Call::LookAtDispute => self.dispute_asked_for(asked).map_or_else(unknown, |found| (200, found.to_string())),
            Call::List => self.list_asked_for(asked).map_or_else(unknown, |found| (200, found.to_string())),
            Call::Unknown => unknown(),
        }
    }

    fn door(&self, asked: &Asked, call: Call, mood: Mood) -> Option<Answer> {
        let refused = |status, kind, code| Some(self.answer(status, error(kind, code, None).to_string(), false));
        if asked.header("authorization") != Some(&format!("Bearer {}", StripePeer::KEY)) {
            return refused(401, "invalid_request_error", None);
        }
        if asked.header("stripe-version") != Some(StripePeer::VERSION) {
            return refused(400, "invalid_request_error", Some("invalid_version"));
        }
        if matches!(call, Call::Open | Call::Refund) && asked.header("idempotency-key").is_none() {
            return refused(400, "invalid_request_error", Some("this_stand_in_wants_a_key"));
        }
        match mood {
            Mood::Down(status) => refused(status, "api_error", None),
            Mood::Busy(code) => refused(429, "invalid_request_error", Some(code)),
            Mood::CardError => refused(402, "card_error", Some("card_declined")),
            _ => None,
        }
    }

    fn kept(&self, asked: &Asked) -> Option<Answer> {
        let kept = self.keys.get(asked.header("idempotency-key")?)?;
        let conflict = |status, code| {
            let body = error("idempotency_error", code, None).to_string();
            Some(self.answer(status, body, false))
        };
        match &kept.answer {
            None => conflict(409, Some("idempotency_key_in_use")),
            Some(_) if kept.said != said(asked) => conflict(400, None),
            Some((status, body)) => Some(self.answer(*status, body.clone(), true)),
        }
    }

    /// What is wrong with a request is said without keeping it.
    fn unfit(&self, asked: &Asked, call: Call) -> Option<Answer> {
        let is_form = asked.header("content-type") == Some("application/x-www-form-urlencoded");
        let fault = match call {
            Call::Open | Call::Refund if !is_form => Some(Fault { code: "not_a_form", param: String::new() }),
            Call::Open => form::fault(&asked.body),
            Call::Refund => self.unfit_to_give_back(&form::fields(&asked.body)),
            Call::Look
            | Call::Expire
            | Call::Capture
            | Call::Cancel
            | Call::LookAtRefunds
            | Call::LookAtDispute
            | Call::ListDisputes
            | Call::List
            | Call::Unknown => None,
        };
        let Fault { code, param } = fault?;
        let body = error("invalid_request_error", Some(code), Some(&param)).to_string();
        Some(self.answer(400, body, false))
    }

    fn answer(&self, status: u16, body: String, replayed: bool) -> Answer {
        Answer { status, body, replayed, request: format!("req_{}", self.asked.len()) }
    }

    fn find(&mut self, id: &str) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|session| session.object["id"] == id)
    }
}

fn said(asked: &Asked) -> String {
    format!("{}\n{}", asked.line, asked.body)
}

/// Stripe's words repeat what they were sent, as those of the real one do.
fn error(kind: &str, code: Option<&str>, param: Option<&str>) -> Value {
    let message = format!("Invalid request by {} for guest@example.com", StripePeer::KEY);
    json!({"error": {"type": kind, "code": code, "param": param, "message": message, "doc_url": "https://stripe.com/docs"}})
}

/// The charge of a card payment.
fn charge(intent: &Value) -> Value {
    let copied = ["amount", "currency", "metadata"].map(|name| (name.to_owned(), intent[name].clone()));
    let mut values: serde_json::Map<String, Value> = copied.into_iter().collect();
    values.insert("id".to_owned(), json!(format!("ch_{}", intent["id"].as_str().unwrap_or_default())));
    values.insert("payment_intent".to_owned(), intent["id"].clone());
    shapes::shaped("charge", &Value::Object(values))
}
