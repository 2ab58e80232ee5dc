//! A gateway in memory that can be told what to do. The first to decide about a page decides it; a refund that is asked for
//! again is the same refund.

use application::payments::ports::{GatewayError, GatewayEvent, GoingBack, InvalidEvent, PaymentGateway};
use application::refunds::ports::{CardRefund, GatewayDispute, GatewayRefund, RefundGateway};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Money, PaymentId, RefundId};
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use domain::refunds::RefundVerdict;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::builders::id;

/// The gateway.
#[derive(Default)]
pub struct Gateway {
    pages: Mutex<HashMap<String, Page>>,
    refunds: Mutex<HashMap<RefundId, (i64, RefundVerdict)>>,
    /// What it says of new refunds.
    says: Mutex<Option<RefundVerdict>>,
    refusal: Mutex<Option<String>>,
    disputes: Mutex<HashMap<String, GatewayDispute>>,
    /// How banks will decide about them.
    to_come: Mutex<Vec<(String, RefundVerdict)>>,
    away: AtomicBool,
    mute: AtomicBool,
    fussy: AtomicBool,
}

/// A page on which a payment can be made.
#[derive(Clone, Copy)]
struct Page {
    payment: PaymentId,
    amount: i64,
    stands: GatewayVerdict,
}

/// Payments.
impl Gateway {
    pub fn pages(&self) -> usize {
        self.pages.lock().unwrap().len()
    }

    pub fn goes_away(&self) {
        self.away.store(true, Ordering::SeqCst);
    }

    pub fn comes_back(&self) {
        self.away.store(false, Ordering::SeqCst);
        self.mute.store(false, Ordering::SeqCst);
    }

    /// It does what it is asked, and its answers are lost.
    pub fn falls_mute(&self) {
        self.mute.store(true, Ordering::SeqCst);
    }

    /// It opens no page.
    pub fn opens_nothing(&self) {
        self.fussy.store(true, Ordering::SeqCst);
    }

    /// The customer pays, if the page is open.
    pub fn pays(&self, payment: &Payment) -> bool {
        self.decide(&page(payment.id), GatewayVerdict::Paid) == GatewayVerdict::Paid
    }

    /// Everybody pays who has a page open; whose payments these are.
    pub fn everybody_pays(&self) -> Vec<PaymentId> {
        let mut pages = self.pages.lock().unwrap();
        let open = pages.values_mut().filter(|page| page.stands == GatewayVerdict::Open);
        let paying = open.map(|page| {
            page.stands = GatewayVerdict::Paid;
            page.payment
        });
        paying.collect()
    }

    /// What it has taken, refunds not counted, in cents.
    pub fn taken(&self) -> i64 {
        let pages = self.pages.lock().unwrap();
        pages.values().filter(|page| page.stands == GatewayVerdict::Paid).map(|page| page.amount).sum()
    }

    /// Whether anybody could still pay.
    pub fn waits(&self) -> bool {
        let waits = |page: &Page| matches!(page.stands, GatewayVerdict::Open | GatewayVerdict::Authorized);
        self.pages.lock().unwrap().values().any(waits)
    }

    /// The bank says no.
    pub fn declines(&self, payment: &Payment) {
        assert_eq!(self.decide(&page(payment.id), GatewayVerdict::Declined), GatewayVerdict::Declined);
    }

    /// The bank promises the money.
    pub fn promises(&self, payment: &Payment) {
        assert_eq!(self.decide(&page(payment.id), GatewayVerdict::Authorized), GatewayVerdict::Authorized);
    }

    fn decide(&self, page: &str, verdict: GatewayVerdict) -> GatewayVerdict {
        self.moves(page, GatewayVerdict::Open, verdict)
    }

    fn end_promise(&self, page: &str, verdict: GatewayVerdict) -> GatewayVerdict {
        self.moves(page, GatewayVerdict::Authorized, verdict)
    }

    fn moves(&self, page: &str, from: GatewayVerdict, to: GatewayVerdict) -> GatewayVerdict {
        let mut pages = self.pages.lock().unwrap();
        let page = pages.get_mut(page).unwrap();
        if page.stands == from {
            page.stands = to;
        }
        page.stands
    }

    fn reached(&self) -> Result<(), GatewayError> {
        if self.away.load(Ordering::SeqCst) { Err(GatewayError::Unavailable("away".into())) } else { Ok(()) }
    }

    fn answer<T>(&self, value: T) -> Result<T, GatewayError> {
        if self.mute.load(Ordering::SeqCst) { Err(GatewayError::Lost("silence".into())) } else { Ok(value) }
    }
}

/// Money that goes back.
impl Gateway {
    /// It gives nothing back.
    pub fn refuses(&self, why: &str) {
        *self.refusal.lock().unwrap() = Some(why.to_owned());
    }

    pub fn speaks_again(&self) {
        self.mute.store(false, Ordering::SeqCst);
        *self.refusal.lock().unwrap() = None;
    }

    /// What it says of new refunds.
    pub fn says(&self, verdict: RefundVerdict) {
        *self.says.lock().unwrap() = Some(verdict);
    }

    pub fn decides(&self, refund: RefundId, verdict: RefundVerdict) {
        self.refunds.lock().unwrap().get_mut(&refund).unwrap().1 = verdict;
    }

    /// All that is on its way arrives.
    pub fn refunds_arrive(&self) {
        self.refunds.lock().unwrap().values_mut().for_each(|(_, verdict)| *verdict = RefundVerdict::Succeeded);
    }

    pub fn given(&self) -> i64 {
        self.refunds.lock().unwrap().values().map(|(amount, _)| amount).sum()
    }

    pub fn refunds(&self) -> usize {
        self.refunds.lock().unwrap().len()
    }

    pub fn is_disputed(&self, payment: PaymentId, amount: Money) -> String {
        let name = format!("dp_{}", id().simple());
        let dispute = GatewayDispute { payment, amount, verdict: RefundVerdict::Pending, fees: Vec::new() };
        self.disputes.lock().unwrap().insert(name.clone(), dispute);
        name
    }

    pub fn decides_dispute(&self, dispute: &str, verdict: RefundVerdict) {
        self.disputes.lock().unwrap().get_mut(dispute).unwrap().verdict = verdict;
    }

    /// The bank will decide so, some day.
    pub fn will_decide_dispute(&self, dispute: &str, verdict: RefundVerdict) {
        self.to_come.lock().unwrap().push((dispute.to_owned(), verdict));
    }

    /// The day has come. The events that tell of it.
    pub fn disputes_end(&self) -> Vec<String> {
        let ended = std::mem::take(&mut *self.to_come.lock().unwrap());
        let decided = ended.into_iter().map(|(dispute, verdict)| {
            self.decides_dispute(&dispute, verdict);
            format!("{dispute} closed")
        });
        decided.collect()
    }
}

fn page(payment: PaymentId) -> String {
    format!("page-{payment}")
}

#[async_trait]
impl PaymentGateway for Gateway {
    fn name(&self) -> &'static str {
        "double"
    }

    /// Fifty cents at the least.
    fn payable(&self, amount: Money) -> Money {
        Money::new(amount.amount().max(50), amount.currency())
    }

    async fn open<'a>(&self, payment: &Payment, _: Option<&'a Order>) -> Result<HostedSession, GatewayError> {
        self.reached()?;
        if self.fussy.load(Ordering::SeqCst) {
            return Err(GatewayError::Refused("too small".into()));
        }
        let (id, amount) = (page(payment.id), payment.amount.amount());
        let new = Page { payment: payment.id, amount, stands: GatewayVerdict::Open };
        let open = *self.pages.lock().unwrap().entry(id.clone()).or_insert(new);
        assert_eq!(open.amount, amount, "the same payment is asked for in the same words");
        self.answer(HostedSession { url: format!("https://gateway.example/{id}"), id })
    }

    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.pages.lock().unwrap()[session_id].stands)
    }

    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.decide(session_id, GatewayVerdict::Closed))
    }

    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.end_promise(session_id, GatewayVerdict::Paid))
    }

    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.end_promise(session_id, GatewayVerdict::Closed))
    }

    /// Its events are the ids of payments, or disputes and what became of them; signed or not is what other tests are about.
    fn read_event(&self, body: &[u8], _: &str, _: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent> {
        let id = String::from_utf8(body.to_vec()).map_err(|_| InvalidEvent::Body)?;
        if let Some((dispute, kind)) = id.split_once(' ') {
            let (going_back, kind) = (Some(GoingBack::Dispute(dispute.to_owned())), format!("dispute.{kind}"));
            return Ok(GatewayEvent { id, kind, payment: None, going_back, wants_a_person: false });
        }
        let payment = PaymentId::new(id.parse().map_err(|_| InvalidEvent::Body)?);
        let kind = "page.completed".to_owned();
        Ok(GatewayEvent { id, kind, payment: Some(payment), going_back: None, wants_a_person: false })
    }
}

#[async_trait]
impl RefundGateway for Gateway {
    async fn refund(&self, _: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        self.reached()?;
        if let Some(why) = self.refusal.lock().unwrap().clone() {
            return Err(GatewayError::Refused(why));
        }
        let verdict = self.says.lock().unwrap().clone().unwrap_or(RefundVerdict::Succeeded);
        let (amount, verdict) =
            self.refunds.lock().unwrap().entry(wish.id).or_insert((wish.amount.amount(), verdict)).clone();
        assert_eq!(amount, wish.amount.amount(), "the same refund is asked for in the same words");
        self.answer(GatewayRefund { id: format!("re_{}", wish.id.uuid().simple()), verdict })
    }

    async fn dispute(&self, gateway_id: &str) -> Result<Option<GatewayDispute>, GatewayError> {
        Ok(self.disputes.lock().unwrap().get(gateway_id).cloned())
    }
}
