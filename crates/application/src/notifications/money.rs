//! Telling people of money that goes back, or that they are sent, as jobs ask for it.

mod top_ups;

use super::letter::Letterhead;
use super::messages;
use super::ports::Mailer;
use super::send::SendError;
use crate::identity::ports::IdentityQueries;
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::payouts::ports::PayoutQueries;
use crate::refunds::ports::RefundQueries;
use crate::refunds::top_ups::ports::TopUpRefundQueries;
use async_trait::async_trait;
use domain::kernel::{PayoutId, RefundId};
use domain::orders::Order;
use domain::refunds::Refund;
use std::sync::Arc;

/// Sends the notices about money.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SendMoneyNotices: Send + Sync {
    /// A customer, that money goes back to them.
    async fn refunded(&self, refund: RefundId) -> Result<(), SendError>;
    /// Who gave a refund, that it did not arrive.
    async fn refund_failed(&self, refund: RefundId) -> Result<(), SendError>;
    /// All admins, how a dispute stands.
    async fn disputed(&self, dispute: RefundId) -> Result<(), SendError>;
    /// A seller, that they were sent money, or that it came back.
    async fn payout(&self, payout: PayoutId, failed: bool) -> Result<(), SendError>;
}

/// What is told about.
pub struct MoneyBooks {
    /// Reads refunds.
    pub refunds: Arc<dyn RefundQueries>,
    /// Reads what went back of top-ups.
    pub top_ups: Arc<dyn TopUpRefundQueries>,
    /// Reads payouts.
    pub payouts: Arc<dyn PayoutQueries>,
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
}

/// The service behind [`SendMoneyNotices`].
pub struct MoneyPost {
    /// Hands over mails.
    pub mailer: Arc<dyn Mailer>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads what is told about.
    pub books: MoneyBooks,
    /// Makes guests' links.
    pub access: Arc<dyn OrderAccess>,
    /// The shop.
    pub letterhead: Letterhead,
}

#[async_trait]
impl SendMoneyNotices for MoneyPost {
    async fn refunded(&self, refund: RefundId) -> Result<(), SendError> {
        if let Some(refund) = self.books.top_ups.find_top_up_refund(refund).await? {
            return self.top_up_refunded(&refund).await;
        }
        let (refund, order) = self.refund(refund).await?;
        let guest = order.user_id.is_none().then(|| format!("?token={}", self.access.token(order.id)));
        let url = format!("{}/orders/{}{}", self.letterhead.public_url, order.id, guest.unwrap_or_default());
        Ok(self.mailer.send(&messages::refunded(&self.letterhead, &order, &refund, &url)).await?)
    }

    async fn refund_failed(&self, refund: RefundId) -> Result<(), SendError> {
        if let Some(refund) = self.books.top_ups.find_top_up_refund(refund).await? {
            return self.top_up_refund_failed(&refund).await;
        }
        let (refund, order) = self.refund(refund).await?;
        let Some(who) = refund.requested_by else { return Ok(()) };
        let Some(who) = self.people.find_user(who).await? else { return Ok(()) };
        let url = format!("{}/seller/orders/{}", self.letterhead.public_url, order.id);
        Ok(self.mailer.send(&messages::refund_failed(&self.letterhead, &order, &refund, &who, &url)).await?)
    }

    async fn disputed(&self, dispute: RefundId) -> Result<(), SendError> {
        if let Some(dispute) = self.books.top_ups.find_top_up_refund(dispute).await? {
            return self.top_up_disputed(&dispute).await;
        }
        let (dispute, order) = self.refund(dispute).await?;
        for admin in self.people.find_admins().await? {
            self.mailer.send(&messages::dispute(&self.letterhead, &order, &dispute, &admin)).await?;
        }
        Ok(())
    }

    async fn payout(&self, payout: PayoutId, failed: bool) -> Result<(), SendError> {
        let payout = self.books.payouts.find_payout(payout).await?.ok_or(SendError::NotFound)?.payout;
        let Some(seller) = self.people.find_user(payout.seller_id).await? else { return Ok(()) };
        Ok(self.mailer.send(&messages::payout(&self.letterhead, &payout, &seller, failed)).await?)
    }
}

impl MoneyPost {
    async fn refund(&self, id: RefundId) -> Result<(Refund, Order), SendError> {
        let refund = self.books.refunds.find_refund(id).await?.ok_or(SendError::NotFound)?;
        let order = self.books.orders.find(refund.order_id).await?.ok_or(SendError::NotFound)?;
        Ok((refund, order))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::identity::ports::MockIdentityQueries;
    use crate::notifications::ports::{Mail, MockMailer};
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::payouts::ports::{MockPayoutQueries, PayoutView};
    use crate::refunds::give::tests::refund;
    use crate::refunds::ports::MockRefundQueries;
    use crate::refunds::top_ups::ports::MockTopUpRefundQueries;
    use crate::tests::{email, eur, now, order, user, uuid};
    use domain::identity::Role;
    use domain::payouts::{Payout, PayoutStatus};
    use domain::refunds::{RefundKind, RefundStatus};

    pub(super) fn post(refund: Refund, mails: usize, expected: impl Fn(&Mail) -> bool + Send + 'static) -> MoneyPost {
        let mut mailer = MockMailer::new();
        mailer.expect_send().withf(expected).times(mails).returning(|_| Ok(()));
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(|_| Ok(Some(user(Role::Seller))));
        people.expect_find_admins().returning(|| Ok(vec![user(Role::Admin), user(Role::Admin)]));
        let mut refunds = MockRefundQueries::new();
        refunds.expect_find_refund().returning(move |_| Ok(Some(refund.clone())));
        let mut top_ups = MockTopUpRefundQueries::new();
        top_ups.expect_find_top_up_refund().returning(|_| Ok(None));
        let mut payouts = MockPayoutQueries::new();
        payouts.expect_find_payout().returning(|id| {
            let payout = Payout {
                id,
                seller_id: user(Role::Seller).id,
                amount: eur(12_345),
                reference: Some("SEPA 7".to_owned()),
                status: PayoutStatus::Paid,
                made_by: user(Role::Admin).id,
                request_key: "key".to_owned(),
                created_at: now(),
                failed_at: None,
            };
            Ok(Some(PayoutView { payout, shop_name: "Ada's".to_owned() }))
        });
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(|_| Ok(Some(order())));
        let mut access = MockOrderAccess::new();
        access.expect_token().returning(|_| "token".to_owned());
        MoneyPost {
            mailer: Arc::new(mailer),
            people: Arc::new(people),
            books: MoneyBooks {
                refunds: Arc::new(refunds),
                top_ups: Arc::new(top_ups),
                payouts: Arc::new(payouts),
                orders: Arc::new(orders),
            },
            access: Arc::new(access),
            letterhead: Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() },
        }
    }

    #[tokio::test]
    async fn a_guest_learns_what_goes_back_and_where_to() {
        let says = |mail: &Mail| {
            let link = format!("https://shop.example/orders/{}?token=token", order().id);
            mail.to == order().email
                && [&link, "1 × Ring 7", "100.00 EUR to your card"].iter().all(|words| mail.text.contains(*words))
        };
        post(refund(), 1, says).refunded(refund().id).await.unwrap();
    }

    #[tokio::test]
    async fn who_gave_a_refund_learns_that_it_did_not_arrive() {
        let failed = Refund { status: RefundStatus::Failed, ..refund() };
        let says = |mail: &Mail| mail.to == email("ada@example.com") && mail.text.contains("did not take 100.00 EUR");
        post(failed, 1, says).refund_failed(refund().id).await.unwrap();
        let of_nobody = Refund { requested_by: None, ..refund() };
        post(of_nobody, 0, |_| true).refund_failed(refund().id).await.unwrap();
    }

    #[tokio::test]
    async fn every_admin_learns_how_a_dispute_stands() {
        for (status, words) in [
            (RefundStatus::Pending, "has taken 100.00 EUR back"),
            (RefundStatus::Failed, "has given back the 100.00 EUR"),
            (RefundStatus::Succeeded, "keeps the 100.00 EUR"),
        ] {
            let dispute = Refund { kind: RefundKind::Dispute, status, ..refund() };
            let says = move |mail: &Mail| mail.text.contains(words) && mail.reference.starts_with("dispute-");
            post(dispute, 2, says).disputed(refund().id).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_seller_learns_of_a_payout_and_that_it_came_back() {
        for (failed, words) in [(false, "sent you 123.45 EUR"), (true, "123.45 EUR that we sent you came back")] {
            let says = move |mail: &Mail| mail.text.contains(words) && mail.text.contains("SEPA 7");
            post(refund(), 1, says).payout(PayoutId::new(uuid(60)), failed).await.unwrap();
        }
    }
}
