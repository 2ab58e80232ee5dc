//! What goes back to a card of what was paid into a balance by it. What an admin gives is taken off the balance, and no more than it
//! holds; a bank takes what it wants.

use super::{ContradictoryRefund, RefundKind, RefundStatus, RefundVerdict};
use crate::kernel::{Applied, Money, PaymentId, RefundId, UserId};
use chrono::{DateTime, Utc};

/// Money of a top-up that goes back to the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpRefund {
    /// Its id; with it the gateway tells a repeated request from a new one.
    pub id: RefundId,
    /// Who gives it back.
    pub kind: RefundKind,
    /// The top-up.
    pub payment_id: PaymentId,
    /// Whose balance it is.
    pub customer: UserId,
    /// How much goes to the card.
    pub amount: Money,
    /// What of it counts as given back of the payment: a bank may take more than was left.
    pub counted: Money,
    /// What of it the balance gave. The rest, of a dispute, is the platform's loss.
    pub taken: Money,
    /// Where it stands.
    pub status: RefundStatus,
    /// Why, in words.
    pub reason: Option<String>,
    /// Who asked for it; nobody here asks for a dispute.
    pub requested_by: Option<UserId>,
    /// What named the request: the same name again answers the same refund.
    pub request_key: String,
    /// The gateway's id for it, once it has one.
    pub gateway_id: Option<String>,
    /// Why the gateway did not give it back.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it last moved.
    pub updated_at: DateTime<Utc>,
}

impl TopUpRefund {
    /// Notes under which id the gateway knows it. The first one counts.
    pub fn known_as(&mut self, gateway_id: &str) {
        self.gateway_id.get_or_insert_with(|| gateway_id.to_owned());
    }

    /// Follows what the gateway says, as every refund does.
    ///
    /// # Errors
    /// When it had failed; it stays so.
    pub fn follow(
        &mut self,
        verdict: &RefundVerdict,
        now: DateTime<Utc>,
    ) -> Result<Applied<RefundStatus>, ContradictoryRefund> {
        let followed = self.status.follow(verdict)?;
        if let Applied::Now(to) = followed {
            (self.status, self.updated_at) = (to, now);
            self.failure = verdict.failure();
        }
        Ok(followed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;
    use uuid::Uuid;

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn ada() -> UserId {
        UserId::new(Uuid::from_u128(1))
    }

    #[test]
    fn it_follows_the_gateway_and_says_why_it_failed() {
        let mut refund = TopUpRefund {
            id: RefundId::new(Uuid::nil()),
            kind: RefundKind::Refund,
            payment_id: PaymentId::new(Uuid::nil()),
            customer: ada(),
            amount: eur(100),
            counted: eur(100),
            taken: eur(100),
            status: RefundStatus::Pending,
            reason: None,
            requested_by: None,
            request_key: "key".to_owned(),
            gateway_id: None,
            failure: None,
            created_at: now(),
            updated_at: now(),
        };
        refund.known_as("re_1");
        refund.known_as("re_2");
        assert_eq!(refund.gateway_id.as_deref(), Some("re_1"));
        assert_eq!(refund.follow(&RefundVerdict::Pending, now()), Ok(Applied::Already));
        assert_eq!(refund.follow(&RefundVerdict::Succeeded, now()), Ok(Applied::Now(RefundStatus::Succeeded)));
        let lost = RefundVerdict::Failed("the card is lost".to_owned());
        assert_eq!(refund.follow(&lost, now()), Ok(Applied::Now(RefundStatus::Failed)));
        assert_eq!(refund.failure.as_deref(), Some("the card is lost"));
        assert_eq!(refund.follow(&RefundVerdict::Succeeded, now()), Err(ContradictoryRefund));
        assert_eq!(refund.status, RefundStatus::Failed);
    }
}
