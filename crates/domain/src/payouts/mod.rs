//! What sellers were sent of what they earned. The money itself goes by bank, outside of the shop; a payout is the note of it.

use crate::kernel::{Applied, Money, PayoutId, UserId};
use chrono::{DateTime, Utc};

crate::named! {
    /// Where a payout stands.
    pub enum PayoutStatus {
        /// The money was sent.
        Paid = "paid",
        /// It came back; the seller is owed it again.
        Failed = "failed",
    }
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Its id.
    pub id: PayoutId,
    /// The seller.
    pub seller_id: UserId,
    /// How much.
    pub amount: Money,
    /// What the bank calls it.
    pub reference: Option<String>,
    /// Where it stands.
    pub status: PayoutStatus,
    /// The admin who made it.
    pub made_by: UserId,
    /// What named the request: the same name again answers the same payout.
    pub request_key: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it came back.
    pub failed_at: Option<DateTime<Utc>>,
}

/// Why there is no payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutRefusal {
    /// Nothing would be sent.
    Nothing,
    /// The seller is owed this much, and not as much as that.
    MoreThanOwed(Money),
}

impl Payout {
    /// Whether a seller who is owed so much can be sent so much.
    ///
    /// # Errors
    /// When it is nothing, or more than that.
    pub fn fits(amount: Money, owed: Money) -> Result<(), PayoutRefusal> {
        if !amount.is_positive() {
            return Err(PayoutRefusal::Nothing);
        }
        let same = amount.currency() == owed.currency();
        if same && amount.amount() <= owed.amount() { Ok(()) } else { Err(PayoutRefusal::MoreThanOwed(owed)) }
    }

    /// Notes that the money came back.
    pub fn fail(&mut self, now: DateTime<Utc>) -> Applied {
        match self.status {
            PayoutStatus::Failed => Applied::Already,
            PayoutStatus::Paid => {
                self.status = PayoutStatus::Failed;
                self.failed_at = Some(now);
                Applied::Now(())
            }
        }
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

    #[test]
    fn no_more_is_sent_than_is_owed() {
        assert_eq!(Payout::fits(eur(100), eur(100)), Ok(()));
        assert_eq!(Payout::fits(eur(101), eur(100)), Err(PayoutRefusal::MoreThanOwed(eur(100))));
        assert_eq!(Payout::fits(eur(1), eur(-5)), Err(PayoutRefusal::MoreThanOwed(eur(-5))));
        assert_eq!(Payout::fits(eur(0), eur(100)), Err(PayoutRefusal::Nothing));
        let yen = Money::new(1, Currency::parse("JPY").unwrap());
        assert_eq!(Payout::fits(yen, eur(100)), Err(PayoutRefusal::MoreThanOwed(eur(100))));
    }

    #[test]
    fn money_comes_back_once() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut payout = Payout {
            id: PayoutId::new(Uuid::nil()),
            seller_id: UserId::new(Uuid::nil()),
            amount: eur(5),
            reference: None,
            status: PayoutStatus::Paid,
            made_by: UserId::new(Uuid::nil()),
            request_key: "key".to_owned(),
            created_at: now,
            failed_at: None,
        };
        assert_eq!((payout.fail(now), payout.fail(now)), (Applied::Now(()), Applied::Already));
        assert_eq!((payout.status, payout.failed_at), (PayoutStatus::Failed, Some(now)));
    }
}
