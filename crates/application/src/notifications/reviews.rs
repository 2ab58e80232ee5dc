//! Telling people of payments that are held, as jobs ask for it: whose money it is, and who decides.

use super::letter::Letterhead;
use super::messages;
use super::ports::Mailer;
use super::send::SendError;
use crate::identity::ports::IdentityQueries;
use crate::orders::ports::OrderAccess;
use crate::payments::ports::{PaymentQueries, PaymentWithCustomer};
use async_trait::async_trait;
use domain::kernel::PaymentId;
use domain::payments::Purpose;
use std::sync::Arc;

/// Sends the mails about payments that are held.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SendReviewNotices: Send + Sync {
    /// The customer, that their payment is looked at.
    async fn held(&self, payment: PaymentId) -> Result<(), SendError>;
    /// All admins, that it waits for them; nobody, if it does not any more.
    async fn waits(&self, payment: PaymentId) -> Result<(), SendError>;
    /// The customer, how it ended.
    async fn ended(&self, payment: PaymentId) -> Result<(), SendError>;
}

/// The service behind [`SendReviewNotices`].
pub struct ReviewPost {
    /// Hands over mails.
    pub mailer: Arc<dyn Mailer>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Makes guests' links.
    pub access: Arc<dyn OrderAccess>,
    /// The shop.
    pub letterhead: Letterhead,
}

#[async_trait]
impl SendReviewNotices for ReviewPost {
    async fn held(&self, payment: PaymentId) -> Result<(), SendError> {
        let found = self.find(payment).await?;
        // Whose account is gone has no address.
        let Some(to) = &found.email else { return Ok(()) };
        Ok(self.mailer.send(&messages::payment_held(&self.letterhead, &found, to, &self.page(&found))).await?)
    }

    async fn waits(&self, payment: PaymentId) -> Result<(), SendError> {
        let found = self.find(payment).await?;
        if !found.payment.awaits_review() {
            return Ok(());
        }
        for admin in self.people.find_admins().await? {
            self.mailer.send(&messages::review_request(&self.letterhead, &found, &admin)).await?;
        }
        Ok(())
    }

    async fn ended(&self, payment: PaymentId) -> Result<(), SendError> {
        let found = self.find(payment).await?;
        let Some(to) = &found.email else { return Ok(()) };
        Ok(self.mailer.send(&messages::payment_reviewed(&self.letterhead, &found, to, &self.page(&found))).await?)
    }
}

impl ReviewPost {
    async fn find(&self, id: PaymentId) -> Result<PaymentWithCustomer, SendError> {
        self.payments.find_with_customer(id).await?.ok_or(SendError::NotFound)
    }

    /// Where the customer sees what they pay.
    fn page(&self, found: &PaymentWithCustomer) -> String {
        let shop = &self.letterhead.public_url;
        match found.payment.purpose {
            Purpose::Order { order, customer: Some(_) } => format!("{shop}/orders/{order}"),
            Purpose::Order { order, customer: None } => {
                format!("{shop}/orders/{order}?token={}", self.access.token(order))
            }
            Purpose::TopUp { .. } => format!("{shop}/account/payments/{}", found.payment.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockIdentityQueries;
    use crate::notifications::ports::{Mail, MockMailer};
    use crate::orders::ports::MockOrderAccess;
    use crate::payments::ports::MockPaymentQueries;
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{email, now, order, payment, user};
    use domain::identity::Role;
    use domain::orders::OrderNumber;
    use domain::payments::{GatewayVerdict, Payment, Review};

    /// A payment that was held, and then ended so.
    fn held(payment: Payment, end: Option<GatewayVerdict>) -> PaymentWithCustomer {
        let mut payment = Payment { review: Some(Review::open(vec!["large_amount".to_owned()])), ..payment };
        payment.follow(GatewayVerdict::Authorized, now()).unwrap();
        if let Some(end) = end {
            payment.follow(end, now()).unwrap();
        }
        let order_number = payment.purpose.order().map(|_| OrderNumber("CR-1".to_owned()));
        PaymentWithCustomer { payment, email: Some(email("ada@example.com")), order_number }
    }

    fn post(found: PaymentWithCustomer, mails: usize, expected: impl Fn(&Mail) -> bool + Send + 'static) -> ReviewPost {
        let mut mailer = MockMailer::new();
        mailer.expect_send().withf(expected).times(mails).returning(|_| Ok(()));
        let mut people = MockIdentityQueries::new();
        people.expect_find_admins().returning(|| Ok(vec![user(Role::Admin), user(Role::Admin)]));
        let mut payments = MockPaymentQueries::new();
        payments.expect_find_with_customer().returning(move |_| Ok(Some(found.clone())));
        let mut access = MockOrderAccess::new();
        access.expect_token().returning(|_| "token".to_owned());
        ReviewPost {
            mailer: Arc::new(mailer),
            people: Arc::new(people),
            payments: Arc::new(payments),
            access: Arc::new(access),
            letterhead: Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() },
        }
    }

    #[tokio::test]
    async fn a_guest_learns_that_their_payment_is_looked_at_and_where_to_see_the_order() {
        let says = |mail: &Mail| {
            let link = format!("https://shop.example/orders/{}?token=token", order().id);
            mail.to == email("ada@example.com")
                && [&link, "set 200.00 EUR aside for order CR-1", "nothing is charged yet"]
                    .iter()
                    .all(|words| mail.text.contains(*words))
        };
        post(held(payment(), None), 1, says).held(payment().id).await.unwrap();
    }

    #[tokio::test]
    async fn whoever_pays_in_learns_it_too() {
        let says = |mail: &Mail| {
            mail.text.contains(&format!("https://shop.example/account/payments/{}", top_up().id))
                && mail.text.contains("set 50.00 EUR aside for your balance")
        };
        post(held(top_up(), None), 1, says).held(top_up().id).await.unwrap();
    }

    #[tokio::test]
    async fn every_admin_learns_that_a_payment_waits_unless_it_has_ended() {
        let says = |mail: &Mail| {
            ["ada@example.com", "200.00 EUR", "large amount", "https://shop.example/seller/payments?status=held"]
                .iter()
                .all(|words| mail.text.contains(words))
        };
        post(held(payment(), None), 2, says).waits(payment().id).await.unwrap();
        post(held(payment(), Some(GatewayVerdict::Closed)), 0, |_| true).waits(payment().id).await.unwrap();
    }

    #[tokio::test]
    async fn the_customer_learns_how_it_ended() {
        for (payment, end, words) in [
            (payment(), GatewayVerdict::Closed, "Nothing was charged, and order CR-1 is cancelled"),
            (top_up(), GatewayVerdict::Closed, "Nothing was charged"),
            (top_up(), GatewayVerdict::Paid, "50.00 EUR is in your balance"),
        ] {
            post(held(payment, Some(end)), 1, move |mail| mail.text.contains(words))
                .ended(order_payment())
                .await
                .unwrap();
        }
    }

    #[tokio::test]
    async fn nobody_is_written_to_whose_account_is_gone() {
        let gone = || PaymentWithCustomer { email: None, ..held(top_up(), Some(GatewayVerdict::Closed)) };
        post(gone(), 0, |_| true).held(top_up().id).await.unwrap();
        post(gone(), 0, |_| true).ended(top_up().id).await.unwrap();
    }

    fn order_payment() -> PaymentId {
        payment().id
    }
}
