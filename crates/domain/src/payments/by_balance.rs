//! A payment that its customer's balance is to make. That is written down while a card could still pay on the gateway's page;
//! when the page has closed without money the balance pays, and whoever was faster by card has paid.

use super::{GatewayVerdict, Payment, PaymentMethod, PaymentStatus};
use crate::kernel::{Applied, Money};
use chrono::{DateTime, Utc};

impl GatewayVerdict {
    /// Whether a page has ended so that no money can arrive by it any more.
    #[must_use]
    pub const fn brings_nothing(self) -> bool {
        matches!(self, Self::Declined | Self::Closed)
    }
}

impl Payment {
    /// Whether the balance is to pay as soon as no card can.
    #[must_use]
    pub fn is_left_to_balance(&self) -> bool {
        self.method == PaymentMethod::Balance && !self.status.is_final()
    }

    /// Whether the balance has paid.
    #[must_use]
    pub fn came_from_balance(&self) -> bool {
        self.method == PaymentMethod::Balance && self.status == PaymentStatus::Captured
    }

    /// Leaves it to the balance.
    ///
    /// # Errors
    /// When money is promised by card, or it has ended: with how it stands.
    pub const fn leave_to_balance(&mut self, now: DateTime<Utc>) -> Result<Applied, PaymentStatus> {
        match (self.status, self.method) {
            (PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Unknown, PaymentMethod::Balance) => {
                Ok(Applied::Already)
            }
            (PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Unknown, PaymentMethod::Card) => {
                self.method = PaymentMethod::Balance;
                self.updated_at = now;
                Ok(Applied::Now(()))
            }
            (
                status @ (PaymentStatus::Authorized
                | PaymentStatus::Captured
                | PaymentStatus::Declined
                | PaymentStatus::Voided),
                _,
            ) => Err(status),
        }
    }

    /// Takes it from the balance again, in which there is too little. How it ends is the gateway's to say.
    pub const fn leave_to_card(&mut self, now: DateTime<Utc>) {
        self.method = PaymentMethod::Card;
        self.updated_at = now;
    }

    /// Notes that the balance has paid, and no card.
    pub const fn settle_from_balance(&mut self, now: DateTime<Utc>) {
        self.method = PaymentMethod::Balance;
        self.amount = Money::zero(self.amount.currency());
        self.status = PaymentStatus::Captured;
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Currency, OrderId, PaymentId, UserId};
    use crate::payments::{ContradictoryVerdict, Purpose, ReturnUrls};
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn payment(status: PaymentStatus) -> Payment {
        let urls = ReturnUrls { success: "/a".to_owned(), cancel: "/b".to_owned() };
        let purpose = Purpose::Order { order: OrderId::new(Uuid::nil()), customer: Some(UserId::new(Uuid::nil())) };
        let amount = Money::new(100, Currency::EUR);
        Payment { status, ..Payment::intend(PaymentId::new(Uuid::nil()), purpose, amount, urls, now()) }
    }

    #[test]
    fn what_is_open_can_be_left_to_the_balance_and_what_a_card_has_touched_can_not() {
        use PaymentStatus as S;
        for open in [S::Created, S::Submitted, S::Unknown] {
            let mut payment = payment(open);
            assert!(!payment.is_left_to_balance());
            assert_eq!(payment.leave_to_balance(now()), Ok(Applied::Now(())));
            assert_eq!(payment.leave_to_balance(now()), Ok(Applied::Already));
            assert!(payment.is_left_to_balance());
            assert_eq!(
                (payment.status, payment.amount.amount()),
                (open, 100),
                "the gateway's page asks for as much as before"
            );
            payment.leave_to_card(now());
            assert!(!payment.is_left_to_balance());
        }
        for touched in [S::Authorized, S::Captured, S::Declined, S::Voided] {
            let mut payment = payment(touched);
            assert_eq!(payment.leave_to_balance(now()), Err(touched));
            assert_eq!(payment.method, PaymentMethod::Card);
        }
    }

    #[test]
    fn a_card_that_was_faster_has_paid() {
        for (verdict, to) in
            [(GatewayVerdict::Paid, PaymentStatus::Captured), (GatewayVerdict::Authorized, PaymentStatus::Authorized)]
        {
            let mut left = payment(PaymentStatus::Submitted);
            left.leave_to_balance(now()).unwrap();
            assert_eq!(left.follow(verdict, now()), Ok(Applied::Now(to)));
            assert_eq!((left.method, left.amount.amount()), (PaymentMethod::Card, 100));
            assert!(!left.came_from_balance());
        }
    }

    #[test]
    fn of_what_the_balance_has_paid_only_money_by_card_is_news_and_for_a_person() {
        let mut paid = payment(PaymentStatus::Submitted);
        paid.settle_from_balance(now());
        assert!(paid.came_from_balance() && !paid.is_left_to_balance());
        assert_eq!(paid.amount.amount(), 0);
        for verdict in
            [GatewayVerdict::Open, GatewayVerdict::Authorized, GatewayVerdict::Declined, GatewayVerdict::Closed]
        {
            assert_eq!(paid.follow(verdict, now()), Ok(Applied::Already), "{verdict:?}");
        }
        let says = GatewayVerdict::Paid;
        assert_eq!(paid.follow(says, now()), Err(ContradictoryVerdict { was: PaymentStatus::Captured, says }));
    }

    #[test]
    fn a_page_brings_nothing_once_it_is_over_without_money() {
        let told = [
            GatewayVerdict::Open,
            GatewayVerdict::Authorized,
            GatewayVerdict::Paid,
            GatewayVerdict::Declined,
            GatewayVerdict::Closed,
        ]
        .map(GatewayVerdict::brings_nothing);
        assert_eq!(told, [false, false, false, true, true]);
    }
}
