//! A bank in memory: pages that whoever is first decides, one refund for each id, and disputes.

use crate::model::{BankSays, Coin, Page, Wire};
use application::payments::ports::{GatewayError, GatewayEvent, InvalidEvent, PaymentGateway};
use application::refunds::ports::{CardRefund, GatewayDispute, GatewayRefund, RefundGateway};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Money, PaymentId, RefundId};
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use domain::refunds::RefundVerdict;
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

pub struct Bank {
    coin: Coin,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    wire: Option<Wire>,
    pages: HashMap<String, (GatewayVerdict, i64)>,
    /// Those on which money is only promised until it is taken.
    held: HashSet<String>,
    refunds: HashMap<RefundId, (RefundVerdict, i64)>,
    disputes: HashMap<String, GatewayDispute>,
    /// What it says to the next refund, and to those that it has not heard of.
    says: Option<BankSays>,
    will_say: HashMap<RefundId, BankSays>,
}

impl Bank {
    pub fn new(coin: Coin) -> Self {
        Self { coin, books: Mutex::default() }
    }

    /// From now on the way to it is so.
    pub fn is(&self, wire: Wire) {
        self.books.lock().unwrap().wire = Some(wire);
    }

    /// Whether it hears anything.
    fn hears(&self) -> Result<(), GatewayError> {
        match self.books.lock().unwrap().wire {
            Some(Wire::Away) => Err(GatewayError::Unavailable("away".into())),
            Some(Wire::Up | Wire::Mute) | None => Ok(()),
        }
    }

    /// What it says to what it has heard.
    fn says<T>(&self, answer: Result<T, GatewayError>) -> Result<T, GatewayError> {
        match self.books.lock().unwrap().wire {
            Some(Wire::Mute) => Err(GatewayError::Lost("silence".into())),
            Some(Wire::Up | Wire::Away) | None => answer,
        }
    }

    /// Somebody pays on a page, or is declined there, if it is open.
    pub fn decides_page(&self, payment: PaymentId, to: Page) {
        // A page that was never opened can't be paid on.
        let name = page(payment);
        if !self.books.lock().unwrap().pages.contains_key(&name) {
            return;
        }
        let held = self.books.lock().unwrap().held.contains(&name);
        let verdict = match to {
            Page::Paid if held => GatewayVerdict::Authorized,
            Page::Paid => GatewayVerdict::Paid,
            _ => GatewayVerdict::Declined,
        };
        self.turn(&name, GatewayVerdict::Open, verdict);
    }

    pub fn will_say(&self, says: BankSays) {
        self.books.lock().unwrap().says = Some(says);
    }

    /// To one that it may not have heard of.
    pub fn will_say_to(&self, refund: RefundId, says: BankSays) {
        self.books.lock().unwrap().will_say.entry(refund).or_insert(says);
    }

    /// A refund that waits ends, or one that went well fails after all.
    pub fn decides_refund(&self, refund: RefundId, fails: bool) {
        let mut books = self.books.lock().unwrap();
        let Some((verdict, _)) = books.refunds.get_mut(&refund) else { return };
        match verdict {
            RefundVerdict::Failed(_) => {}
            RefundVerdict::Pending | RefundVerdict::Succeeded if fails => {
                *verdict = RefundVerdict::Failed("expired_or_canceled_card".to_owned());
            }
            RefundVerdict::Pending | RefundVerdict::Succeeded => *verdict = RefundVerdict::Succeeded,
        }
    }

    pub fn is_disputed(&self, name: &str, payment: PaymentId, amount: Money) {
        let dispute = GatewayDispute { payment, amount, verdict: RefundVerdict::Pending, fees: Vec::new() };
        self.books.lock().unwrap().disputes.insert(name.to_owned(), dispute);
    }

    pub fn decides_dispute(&self, name: &str, won: bool) {
        let mut books = self.books.lock().unwrap();
        let dispute = books.disputes.get_mut(name).unwrap();
        if dispute.verdict == RefundVerdict::Pending {
            dispute.verdict = if won { RefundVerdict::Failed("won".to_owned()) } else { RefundVerdict::Succeeded };
        }
    }

    /// What it took, gave back, and took back.
    pub fn sums(&self) -> [i64; 3] {
        let books = self.books.lock().unwrap();
        let stands = |verdict: &RefundVerdict| !matches!(verdict, RefundVerdict::Failed(_));
        let paid = books.pages.values().filter(|(verdict, _)| *verdict == GatewayVerdict::Paid);
        let refunded = books.refunds.values().filter(|(verdict, _)| stands(verdict));
        let disputed = books.disputes.values().filter(|dispute| stands(&dispute.verdict));
        [
            paid.map(|(_, amount)| amount).sum(),
            refunded.map(|(_, amount)| amount).sum(),
            disputed.map(|dispute| dispute.amount.amount()).sum(),
        ]
    }

    fn turn(&self, page: &str, from: GatewayVerdict, to: GatewayVerdict) -> GatewayVerdict {
        let mut books = self.books.lock().unwrap();
        let (stands, _) = books.pages.get_mut(page).unwrap();
        if *stands == from {
            *stands = to;
        }
        *stands
    }
}

fn page(payment: PaymentId) -> String {
    format!("page-{payment}")
}

#[async_trait]
impl PaymentGateway for Bank {
    fn name(&self) -> &'static str {
        "double"
    }

    fn payable(&self, amount: Money) -> Money {
        Money::new(self.coin.payable(amount.amount()), amount.currency())
    }

    async fn open<'a>(&self, payment: &Payment, _: Option<&'a Order>) -> Result<HostedSession, GatewayError> {
        self.hears()?;
        if self.payable(payment.amount) != payment.amount {
            return self.says(Err(GatewayError::Refused("no card can pay that".to_owned())));
        }
        let id = page(payment.id);
        let opened = (GatewayVerdict::Open, payment.amount.amount());
        let (_, amount) = *self.books.lock().unwrap().pages.entry(id.clone()).or_insert(opened);
        assert_eq!(amount, payment.amount.amount(), "the same payment is asked for in the same words");
        if payment.is_reviewed() {
            self.books.lock().unwrap().held.insert(id.clone());
        }
        self.says(Ok(HostedSession { url: format!("https://gateway.example/{id}"), id }))
    }

    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.hears()?;
        let (stands, _) = self.books.lock().unwrap().pages[session_id];
        self.says(Ok(stands))
    }

    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.hears()?;
        self.says(Ok(self.turn(session_id, GatewayVerdict::Open, GatewayVerdict::Closed)))
    }

    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.hears()?;
        self.says(Ok(self.turn(session_id, GatewayVerdict::Authorized, GatewayVerdict::Paid)))
    }

    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.hears()?;
        self.says(Ok(self.turn(session_id, GatewayVerdict::Authorized, GatewayVerdict::Closed)))
    }

    fn read_event(&self, _: &[u8], _: &str, _: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent> {
        Err(InvalidEvent::Signature)
    }
}

#[async_trait]
impl RefundGateway for Bank {
    async fn refund(&self, payment: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        self.hears()?;
        let answer = self.books.lock().unwrap().refund(payment, wish);
        self.says(answer)
    }

    async fn dispute(&self, gateway_id: &str) -> Result<Option<GatewayDispute>, GatewayError> {
        self.hears()?;
        let dispute = self.books.lock().unwrap().disputes.get(gateway_id).cloned();
        self.says(Ok(dispute))
    }
}

impl Books {
    fn refund(&mut self, payment: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        let (says, asked) = (self.says.take(), wish.amount.amount());
        if !self.refunds.contains_key(&wish.id) {
            let says = *self.will_say.entry(wish.id).or_insert_with(|| says.expect("a refund that nobody asked for"));
            let verdict = match says {
                BankSays::Succeeds => RefundVerdict::Succeeded,
                BankSays::Waits => RefundVerdict::Pending,
                BankSays::Fails => RefundVerdict::Failed("lost_or_stolen_card".to_owned()),
                BankSays::Refuses => return Err(GatewayError::Refused("charge_disputed".to_owned())),
            };
            let (_, paid) = self.pages[&page(payment.id)];
            assert!(asked <= paid, "more than was paid");
            self.refunds.insert(wish.id, (verdict, asked));
        }
        let (verdict, amount) = self.refunds[&wish.id].clone();
        assert_eq!(amount, asked, "the same refund is asked for in the same words");
        Ok(GatewayRefund { id: format!("re_{}", wish.id.uuid().simple()), verdict })
    }
}
