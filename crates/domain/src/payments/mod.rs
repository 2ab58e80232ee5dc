//! Attempts to pay. The gateway holds the truth about the money; a payment here follows it and only moves forward. What the
//! gateway may or may not have done, since its answer was lost, is a state and no error: it is asked until it knows.

mod by_balance;
mod limits;
mod paid_in;
mod review;
mod risk;

pub use limits::{OutOfLimits, TopUpLimits, UnitRange};
pub use paid_in::TopUpRefusal;
pub use review::{Review, ReviewRefusal, ReviewStatus};
pub use risk::{Finding, PaidBefore, PastAttempt, RiskReason, RiskRules, Thresholds, Track};

use crate::kernel::{Applied, Currency, Money, OrderId, PaymentId, UserId};
use chrono::{DateTime, TimeDelta, Utc};

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Written down; the gateway may not know it yet.
    Created,
    /// The gateway has it; the customer is paying.
    Submitted,
    /// The gateway was asked to open or close its page, and its answer was lost.
    Unknown,
    /// The bank has promised the money; it is ours when we take it.
    Authorized,
    /// The money is ours.
    Captured,
    /// The gateway or the bank refused.
    Declined,
    /// Given up before any money moved.
    Voided,
}

/// What a payment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An order.
    Order {
        /// The order.
        order: OrderId,
        /// Who bought; `None` for a guest.
        customer: Option<UserId>,
    },
    /// Store balance.
    TopUp {
        /// Whose.
        customer: UserId,
    },
}

impl Purpose {
    /// The order, if it is one.
    #[must_use]
    pub const fn order(self) -> Option<OrderId> {
        match self {
            Self::Order { order, .. } => Some(order),
            Self::TopUp { .. } => None,
        }
    }

    /// Who pays; `None` for a guest.
    #[must_use]
    pub const fn customer(self) -> Option<UserId> {
        match self {
            Self::Order { customer, .. } => customer,
            Self::TopUp { customer } => Some(customer),
        }
    }
}

crate::named! {
    /// With what it is paid.
    pub enum PaymentMethod {
        /// By card, on a gateway's page.
        Card = "card",
        /// With what the shop holds for the customer: no gateway is asked.
        Balance = "balance",
    }
}

/// An attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id; with it the gateway tells a repeated request from a new one.
    pub id: PaymentId,
    /// What is paid, and by whom.
    pub purpose: Purpose,
    /// With what. While it is open it may be left to the balance: then that pays as soon as no card can.
    pub method: PaymentMethod,
    /// How much is paid by card, or is to be paid; nothing where all of it came from gift cards and balance.
    pub amount: Money,
    /// What of it has gone back, or is on its way. Who gives it back counts it where it is stored.
    pub refunded: Money,
    /// Where it stands.
    pub status: PaymentStatus,
    /// The gateway's page for it, once the gateway has it.
    pub session: Option<HostedSession>,
    /// Where the customer comes back to.
    pub return_urls: ReturnUrls,
    /// How it was asked for.
    pub asked: Asked,
    /// Whether somebody looks at it before the money is taken.
    pub review: Option<Review>,
    /// When it was written down.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

/// How a payment was asked for, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// What names the request, for ever: the caller and their idempotency key. The same name again answers the same payment.
    pub key: Option<String>,
    /// What the client's address is counted as.
    pub client: Option<String>,
    /// What its customer says that it is for.
    pub description: Option<String>,
}

/// The gateway's page on which a customer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostedSession {
    /// The gateway's id for it.
    pub id: String,
    /// Where the page is.
    pub url: String,
}

/// Where a customer comes back to from the gateway's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrls {
    /// After paying.
    pub success: String,
    /// After giving up, or being declined.
    pub cancel: String,
}

/// What the gateway says about an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GatewayVerdict {
    /// The customer has not finished.
    Open,
    /// The money is promised, and waits to be taken.
    Authorized,
    /// The money was taken.
    Paid,
    /// The card was refused.
    Declined,
    /// Given up, or too late.
    Closed,
}

/// The attempt has ended in another way than the gateway now says; somebody must look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the payment had ended as {was:?} when the gateway said {says:?}")]
pub struct ContradictoryVerdict {
    /// How it had ended.
    pub was: PaymentStatus,
    /// What the gateway says.
    pub says: GatewayVerdict,
}

impl PaymentStatus {
    /// Whether nothing can follow.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Captured | Self::Declined | Self::Voided)
    }
}

impl Payment {
    /// Writes down the intent to pay by card.
    #[must_use]
    pub const fn intend(
        id: PaymentId,
        purpose: Purpose,
        amount: Money,
        return_urls: ReturnUrls,
        now: DateTime<Utc>,
    ) -> Self {
        let (method, status) = (PaymentMethod::Card, PaymentStatus::Created);
        Self {
            id,
            purpose,
            method,
            amount,
            refunded: Money::zero(amount.currency()),
            status,
            session: None,
            return_urls,
            asked: Asked { key: None, client: None, description: None },
            review: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Writes down that nothing was left to pay by card.
    #[must_use]
    pub const fn settled(
        id: PaymentId,
        purpose: Purpose,
        currency: Currency,
        return_urls: ReturnUrls,
        now: DateTime<Utc>,
    ) -> Self {
        let mut settled = Self::intend(id, purpose, Money::zero(currency), return_urls, now);
        (settled.method, settled.status) = (PaymentMethod::Balance, PaymentStatus::Captured);
        settled
    }

    /// How long a page for it is open; that of an order as long as its stock is kept.
    pub const TIME_TO_PAY: TimeDelta = TimeDelta::minutes(30);
    /// Within this time another payment just like it is a question: is it meant?
    pub const TWIN_WINDOW: TimeDelta = TimeDelta::seconds(60);

    /// Notes how it was asked for.
    #[must_use]
    pub fn asked_for(self, asked: Asked) -> Self {
        Self { asked, ..self }
    }

    /// Notes that the gateway has it. The first page that is noted counts.
    pub fn submit(&mut self, session: HostedSession, now: DateTime<Utc>) -> Applied {
        match self.status {
            PaymentStatus::Created | PaymentStatus::Unknown => {
                self.status = PaymentStatus::Submitted;
                self.session.get_or_insert(session);
                self.updated_at = now;
                Applied::Now(())
            }
            PaymentStatus::Submitted
            | PaymentStatus::Authorized
            | PaymentStatus::Captured
            | PaymentStatus::Declined
            | PaymentStatus::Voided => Applied::Already,
        }
    }

    /// Notes that an answer of the gateway's was lost. How it ended, if it has, is known all the same.
    pub const fn lose_sight(&mut self, now: DateTime<Utc>) -> Applied {
        match self.status {
            PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Authorized => {
                self.status = PaymentStatus::Unknown;
                self.updated_at = now;
                Applied::Now(())
            }
            PaymentStatus::Unknown | PaymentStatus::Captured | PaymentStatus::Declined | PaymentStatus::Voided => {
                Applied::Already
            }
        }
    }

    /// Follows what the gateway says. Answers the status that it moved to, or that nothing moved.
    ///
    /// # Errors
    /// When the attempt had ended in another way; it stays as it was.
    pub fn follow(
        &mut self,
        verdict: GatewayVerdict,
        now: DateTime<Utc>,
    ) -> Result<Applied<PaymentStatus>, ContradictoryVerdict> {
        // That its page is over is why the balance could pay.
        if self.came_from_balance() && verdict != GatewayVerdict::Paid {
            return Ok(Applied::Already);
        }
        let to = match verdict {
            // Its page is open after all. In every other state this is no news.
            GatewayVerdict::Open if self.status == PaymentStatus::Unknown => PaymentStatus::Submitted,
            GatewayVerdict::Open => return Ok(Applied::Already),
            // Whoever asked before it ended may tell of it afterwards: old news.
            GatewayVerdict::Authorized if self.status.is_final() => return Ok(Applied::Already),
            GatewayVerdict::Authorized => PaymentStatus::Authorized,
            GatewayVerdict::Paid => PaymentStatus::Captured,
            GatewayVerdict::Declined => PaymentStatus::Declined,
            GatewayVerdict::Closed => PaymentStatus::Voided,
        };
        if self.status == to && !self.came_from_balance() {
            return Ok(Applied::Already);
        }
        if self.status.is_final() {
            return Err(ContradictoryVerdict { was: self.status, says: verdict });
        }
        if matches!(to, PaymentStatus::Authorized | PaymentStatus::Captured) {
            self.method = PaymentMethod::Card;
        }
        self.status = to;
        self.updated_at = now;
        Ok(Applied::Now(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn payment(status: PaymentStatus) -> Payment {
        let urls = ReturnUrls { success: "/a".to_owned(), cancel: "/b".to_owned() };
        let amount = Money::new(100, Currency::EUR);
        let id = PaymentId::new(Uuid::nil());
        let purpose = Purpose::Order { order: OrderId::new(Uuid::nil()), customer: None };
        Payment { status, ..Payment::intend(id, purpose, amount, urls, now()) }
    }

    const ALL: [PaymentStatus; 7] = [
        PaymentStatus::Created,
        PaymentStatus::Submitted,
        PaymentStatus::Unknown,
        PaymentStatus::Authorized,
        PaymentStatus::Captured,
        PaymentStatus::Declined,
        PaymentStatus::Voided,
    ];

    fn session(id: &str) -> HostedSession {
        HostedSession { id: id.to_owned(), url: format!("https://pay/{id}") }
    }

    #[test]
    fn every_state_has_an_answer_to_every_verdict() {
        use {GatewayVerdict as V, PaymentStatus as S};
        let ends = [(V::Paid, S::Captured), (V::Declined, S::Declined), (V::Closed, S::Voided)];
        for from in ALL {
            for (verdict, to) in ends {
                let mut payment = payment(from);
                let answer = payment.follow(verdict, now());
                if from == to {
                    assert_eq!(answer, Ok(Applied::Already));
                } else if from.is_final() {
                    assert_eq!(answer, Err(ContradictoryVerdict { was: from, says: verdict }));
                    assert_eq!(payment.status, from, "a final state is never left");
                } else {
                    assert_eq!(answer, Ok(Applied::Now(to)));
                    assert_eq!(payment.status, to);
                }
            }
        }
    }

    #[test]
    fn an_open_page_is_news_only_where_nothing_was_known() {
        for from in ALL {
            let mut payment = payment(from);
            let answer = payment.follow(GatewayVerdict::Open, now());
            let (expected, to) = match from {
                PaymentStatus::Unknown => (Applied::Now(PaymentStatus::Submitted), PaymentStatus::Submitted),
                other => (Applied::Already, other),
            };
            assert_eq!((answer, payment.status), (Ok(expected), to), "{from:?}");
        }
    }

    #[test]
    fn money_that_is_promised_is_news_until_the_payment_has_ended() {
        for from in ALL {
            let mut payment = payment(from);
            let answer = payment.follow(GatewayVerdict::Authorized, now());
            let (expected, to) = match from {
                PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Unknown => {
                    (Applied::Now(PaymentStatus::Authorized), PaymentStatus::Authorized)
                }
                other => (Applied::Already, other),
            };
            assert_eq!((answer, payment.status), (Ok(expected), to), "{from:?}");
        }
    }

    #[test]
    fn a_lost_answer_makes_unknown_what_had_not_ended() {
        for from in ALL {
            let mut payment = payment(from);
            let answer = payment.lose_sight(now());
            if matches!(from, PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Authorized) {
                assert_eq!((answer, payment.status), (Applied::Now(()), PaymentStatus::Unknown), "{from:?}");
            } else {
                assert_eq!((answer, payment.status), (Applied::Already, from), "{from:?}");
            }
        }
        assert!(!PaymentStatus::Unknown.is_final());
    }

    #[test]
    fn a_payment_that_has_ended_gets_no_page() {
        for from in ALL {
            let mut payment = payment(from);
            let answer = payment.submit(session("cs_1"), now());
            if matches!(from, PaymentStatus::Created | PaymentStatus::Unknown) {
                assert_eq!((answer, payment.status), (Applied::Now(()), PaymentStatus::Submitted), "{from:?}");
                assert_eq!(payment.session, Some(session("cs_1")));
            } else {
                assert_eq!((answer, payment.status, payment.session), (Applied::Already, from, None), "{from:?}");
            }
        }
    }

    #[test]
    fn a_page_outlives_a_lost_answer() {
        let mut payment = payment(PaymentStatus::Created);
        payment.submit(session("cs_1"), now());
        payment.lose_sight(now());
        assert_eq!(payment.session, Some(session("cs_1")));
        payment.submit(session("cs_2"), now());
        assert_eq!((payment.status, payment.session), (PaymentStatus::Submitted, Some(session("cs_1"))));
    }

    #[test]
    fn it_is_known_what_is_paid_by_whom_and_how_it_was_asked_for() {
        let (order, ada) = (OrderId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        let bought = Purpose::Order { order, customer: Some(ada) };
        assert_eq!((bought.order(), bought.customer()), (Some(order), Some(ada)));
        assert_eq!(Purpose::Order { order, customer: None }.customer(), None);
        let paid_in = Purpose::TopUp { customer: ada };
        assert_eq!((paid_in.order(), paid_in.customer()), (None, Some(ada)));
        let asked = Asked { key: Some("ada:key".to_owned()), ..Asked::default() };
        assert_eq!(payment(PaymentStatus::Created).asked_for(asked.clone()).asked, asked);
    }

    #[test]
    fn a_payment_is_submitted_once() {
        let mut payment = payment(PaymentStatus::Created);
        assert_eq!(payment.submit(session("cs_1"), now()), Applied::Now(()));
        assert_eq!(payment.submit(session("cs_2"), now()), Applied::Already);
        assert_eq!(payment.session, Some(session("cs_1")));
    }
}
