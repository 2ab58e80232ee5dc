//! Seeing one's own payments. What the balance has paid stands with the order that took it, which is why this is checkout's.

use crate::identity::Allowed;
use crate::identity::policy::ViewTransactions;
use crate::orders::ports::OrderQueries;
use crate::payments::ports::PaymentQueries;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Money, PaymentId};
use domain::orders::Order;
use domain::payments::Payment;
use std::sync::Arc;

/// A payment as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPayment {
    /// The payment.
    pub payment: Payment,
    /// How much is or was paid, by whatever method.
    pub amount: Money,
}

impl OwnPayment {
    /// The payment of this order.
    #[must_use]
    pub fn of_order(payment: Payment, order: &Order) -> Self {
        let amount = if payment.came_from_balance() { order.last_of_balance() } else { payment.amount };
        Self { payment, amount }
    }
}

impl From<Payment> for OwnPayment {
    /// One that is made by card.
    fn from(payment: Payment) -> Self {
        Self { amount: payment.amount, payment }
    }
}

/// Shows payments to those who made them.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewPayments: Send + Sync {
    /// One's own; `None` when there is no such payment, or it is another's.
    async fn find(
        &self,
        caller: &Allowed<ViewTransactions>,
        id: PaymentId,
    ) -> Result<Option<OwnPayment>, RepositoryError>;
}

/// The service behind [`ViewPayments`].
pub struct PaymentView {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Reads the orders that they pay.
    pub orders: Arc<dyn OrderQueries>,
}

#[async_trait]
impl ViewPayments for PaymentView {
    async fn find(
        &self,
        caller: &Allowed<ViewTransactions>,
        id: PaymentId,
    ) -> Result<Option<OwnPayment>, RepositoryError> {
        let Some(payment) = self.payments.find_owned(caller.user_id, id).await? else { return Ok(None) };
        let order = match payment.purpose.order().filter(|_| payment.came_from_balance()) {
            Some(order) => self.orders.find(order).await?,
            None => None,
        };
        Ok(Some(match order {
            Some(order) => OwnPayment::of_order(payment, &order),
            None => payment.into(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::MockOrderQueries;
    use crate::payments::ports::MockPaymentQueries;
    use crate::tests::{allowed, eur, now, order, payment, user};
    use domain::identity::Role;
    use domain::kernel::UserId;
    use domain::orders::{Tender, TenderSource};

    async fn shown(payment: Payment, order: Order) -> Option<OwnPayment> {
        let (mut payments, mut orders) = (MockPaymentQueries::new(), MockOrderQueries::new());
        payments.expect_find_owned().returning(move |_, _| Ok(Some(payment.clone())));
        orders.expect_find().returning(move |_| Ok(Some(order.clone())));
        let view = PaymentView { payments: Arc::new(payments), orders: Arc::new(orders) };
        view.find(&allowed(Role::Customer), crate::tests::payment().id).await.unwrap()
    }

    #[tokio::test]
    async fn only_ones_own_payments_are_found() {
        let (ada, asked) = (user(Role::Customer).id, payment().id);
        let mut payments = MockPaymentQueries::new();
        let own = move |customer: &UserId, id: &PaymentId| (*customer, *id) == (ada, asked);
        payments.expect_find_owned().withf(own).times(1).returning(|_, _| Ok(None));
        // Where nothing of theirs is found, no order is read.
        let view = PaymentView { payments: Arc::new(payments), orders: Arc::new(MockOrderQueries::new()) };
        assert_eq!(view.find(&allowed(Role::Customer), asked).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_payment_shows_what_the_card_pays_or_what_the_balance_has_paid() {
        assert_eq!(shown(payment(), order()).await.unwrap().amount, eur(20_000));
        let mut settled = payment();
        settled.settle_from_balance(now());
        let ada = TenderSource::Balance(user(Role::Customer).id);
        let of = |amount| Tender { source: ada.clone(), amount: eur(amount) };
        let order = Order { tenders: vec![of(5_000), of(15_000)], ..order() };
        assert_eq!(shown(settled, order).await.unwrap().amount, eur(15_000));
    }
}
