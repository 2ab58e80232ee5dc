//! What was paid into a balance, and how much of it may still go back to the card it came from.

use super::{Payment, PaymentStatus, Purpose};
use crate::kernel::{Money, MoneyError, UserId};

/// Why nothing of a payment is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TopUpRefusal {
    /// It paid an order: that is refunded as an order.
    #[error("it paid an order")]
    PaidAnOrder,
    /// It was not paid, or all of it has gone back.
    #[error("there is nothing to give back")]
    NothingLeft,
    /// It is of another currency.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// Less is left.
    #[error("only {left} is left")]
    TooMuch {
        /// How much.
        left: Money,
    },
}

impl Payment {
    /// Whose balance it filled, and how much of what was asked for, or of all, can go back to the card it came from.
    ///
    /// # Errors
    /// [`TopUpRefusal`].
    pub fn refundable(&self, wish: Option<Money>) -> Result<(UserId, Money), TopUpRefusal> {
        let Purpose::TopUp { customer } = self.purpose else { return Err(TopUpRefusal::PaidAnOrder) };
        let left = self.left()?;
        if self.status != PaymentStatus::Captured || !left.is_positive() {
            return Err(TopUpRefusal::NothingLeft);
        }
        let amount = wish.unwrap_or(left);
        if left.minus(amount)?.amount() < 0 {
            return Err(TopUpRefusal::TooMuch { left });
        }
        Ok((customer, amount))
    }

    /// What has not gone back.
    ///
    /// # Errors
    /// When the amounts don't fit together.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.amount.minus(self.refunded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Currency, OrderId, PaymentId};
    use crate::payments::ReturnUrls;
    use chrono::DateTime;
    use uuid::Uuid;

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn ada() -> UserId {
        UserId::new(Uuid::from_u128(1))
    }

    /// 50.00 that were paid in, of which so much has gone back.
    fn top_up(refunded: i64) -> Payment {
        let urls = ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() };
        let purpose = Purpose::TopUp { customer: ada() };
        let payment = Payment::intend(PaymentId::new(Uuid::nil()), purpose, eur(5_000), urls, DateTime::UNIX_EPOCH);
        Payment { status: PaymentStatus::Captured, refunded: eur(refunded), ..payment }
    }

    #[test]
    fn all_that_is_left_goes_back_or_less() {
        assert_eq!(top_up(0).refundable(None), Ok((ada(), eur(5_000))));
        assert_eq!(top_up(1_000).refundable(None), Ok((ada(), eur(4_000))));
        assert_eq!(top_up(1_000).refundable(Some(eur(4_000))), Ok((ada(), eur(4_000))));
        assert_eq!(top_up(1_000).refundable(Some(eur(1))), Ok((ada(), eur(1))));
    }

    #[test]
    fn never_more_than_is_left_and_nothing_that_was_not_paid_in() {
        let left = eur(4_000);
        assert_eq!(top_up(1_000).refundable(Some(eur(4_001))), Err(TopUpRefusal::TooMuch { left }));
        assert_eq!(top_up(5_000).refundable(None), Err(TopUpRefusal::NothingLeft));
        let yen = Money::new(1, Currency::parse("JPY").unwrap());
        assert_eq!(top_up(0).refundable(Some(yen)), Err(MoneyError::CurrencyMismatch.into()));
        for status in [PaymentStatus::Submitted, PaymentStatus::Authorized, PaymentStatus::Declined] {
            assert_eq!(Payment { status, ..top_up(0) }.refundable(None), Err(TopUpRefusal::NothingLeft));
        }
        let purpose = Purpose::Order { order: OrderId::new(Uuid::nil()), customer: Some(ada()) };
        assert_eq!(Payment { purpose, ..top_up(0) }.refundable(None), Err(TopUpRefusal::PaidAnOrder));
    }
}
