//! Telling people of what goes back of top-ups.

use super::MoneyPost;
use crate::notifications::messages;
use crate::notifications::send::SendError;
use domain::refunds::TopUpRefund;

impl MoneyPost {
    /// The customer, that what they paid in goes back to their card. Who has left can't be told.
    pub(super) async fn top_up_refunded(&self, refund: &TopUpRefund) -> Result<(), SendError> {
        let Some(customer) = self.people.find_user(refund.customer).await? else { return Ok(()) };
        Ok(self.mailer.send(&messages::top_up_refunded(&self.letterhead, refund, &customer)).await?)
    }

    /// All admins, how a dispute stands.
    pub(super) async fn top_up_disputed(&self, dispute: &TopUpRefund) -> Result<(), SendError> {
        let customer = self.people.find_user(dispute.customer).await?;
        for admin in self.people.find_admins().await? {
            let mail = messages::top_up_dispute(&self.letterhead, dispute, customer.as_ref(), &admin);
            self.mailer.send(&mail).await?;
        }
        Ok(())
    }

    /// The admin who gave it and the customer, that it did not arrive.
    pub(super) async fn top_up_refund_failed(&self, refund: &TopUpRefund) -> Result<(), SendError> {
        if let Some(customer) = self.people.find_user(refund.customer).await? {
            let mail = messages::top_up_refund_failed(&self.letterhead, refund, &customer, false);
            self.mailer.send(&mail).await?;
        }
        let Some(admin) = refund.requested_by else { return Ok(()) };
        let Some(admin) = self.people.find_user(admin).await? else { return Ok(()) };
        Ok(self.mailer.send(&messages::top_up_refund_failed(&self.letterhead, refund, &admin, true)).await?)
    }
}

#[cfg(test)]
mod tests {
    use crate::notifications::money::tests::post;
    use crate::notifications::money::{MoneyBooks, MoneyPost, SendMoneyNotices};
    use crate::notifications::ports::Mail;
    use crate::refunds::give::tests::refund as order_refund;
    use crate::refunds::top_ups::give::tests::refund;
    use crate::refunds::top_ups::ports::MockTopUpRefundQueries;
    use crate::tests::{email, eur};
    use domain::refunds::{RefundKind, RefundStatus, TopUpRefund};
    use std::sync::Arc;

    fn desk(known: TopUpRefund, mails: usize, expected: impl Fn(&Mail) -> bool + Send + 'static) -> MoneyPost {
        let mut top_ups = MockTopUpRefundQueries::new();
        top_ups.expect_find_top_up_refund().returning(move |_| Ok(Some(known.clone())));
        let desk = post(order_refund(), mails, expected);
        MoneyPost { books: MoneyBooks { top_ups: Arc::new(top_ups), ..desk.books }, ..desk }
    }

    #[tokio::test]
    async fn the_customer_learns_what_goes_back_to_their_card() {
        let says = |mail: &Mail| {
            let words = ["20.00 EUR of what you paid into your balance goes back to your card", "/account/balance"];
            mail.to == email("ada@example.com") && words.iter().all(|words| mail.text.contains(words))
        };
        desk(refund(), 1, says).refunded(refund().id).await.unwrap();
    }

    #[tokio::test]
    async fn customer_and_admin_learn_that_it_did_not_arrive() {
        let failed = TopUpRefund { status: RefundStatus::Failed, ..refund() };
        let says = |mail: &Mail| mail.text.contains("20.00 EUR") && mail.reference.contains("-failed");
        desk(failed, 2, says).refund_failed(refund().id).await.unwrap();
        let of_nobody = TopUpRefund { requested_by: None, ..refund() };
        desk(of_nobody, 1, |_| true).refund_failed(refund().id).await.unwrap();
    }

    #[tokio::test]
    async fn every_admin_learns_how_a_dispute_stands_and_what_it_costs() {
        for (status, words) in [
            (RefundStatus::Pending, ["has taken 20.00 EUR back", "5.00 EUR had been spent"]),
            (RefundStatus::Failed, ["has given back the 20.00 EUR", "15.00 EUR are in their balance again"]),
            (RefundStatus::Succeeded, ["keeps the 20.00 EUR", "5.00 EUR had been spent"]),
        ] {
            let dispute = TopUpRefund { kind: RefundKind::Dispute, status, taken: eur(1_500), ..refund() };
            let says = move |mail: &Mail| {
                words.iter().all(|words| mail.text.contains(words)) && mail.reference.starts_with("dispute-")
            };
            desk(dispute, 2, says).disputed(refund().id).await.unwrap();
        }
    }
}
