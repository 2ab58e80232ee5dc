//! Seeing one's own payments.

use super::ports::PaymentQueries;
use crate::identity::Allowed;
use crate::identity::policy::ViewTransactions;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::PaymentId;
use domain::payments::Payment;
use std::sync::Arc;

/// Shows payments to those who made them.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewPayments: Send + Sync {
    /// One's own; `None` when there is no such payment, or it is another's.
    async fn find(&self, caller: &Allowed<ViewTransactions>, id: PaymentId)
    -> Result<Option<Payment>, RepositoryError>;
}

/// The service behind [`ViewPayments`].
pub struct PaymentView {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
}

#[async_trait]
impl ViewPayments for PaymentView {
    async fn find(
        &self,
        caller: &Allowed<ViewTransactions>,
        id: PaymentId,
    ) -> Result<Option<Payment>, RepositoryError> {
        self.payments.find_owned(caller.user_id, id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::ports::MockPaymentQueries;
    use crate::tests::{allowed, payment};
    use domain::identity::Role;

    #[tokio::test]
    async fn people_see_their_own_payments_alone() {
        let ada = allowed(Role::Customer);
        let (own, mut payments) = (ada.user_id, MockPaymentQueries::new());
        let asked = move |user: &_, id: &_| (*user, *id) == (own, payment().id);
        payments.expect_find_owned().withf(asked).times(1).returning(|_, _| Ok(Some(payment())));
        let view = PaymentView { payments: Arc::new(payments) };
        assert_eq!(view.find(&ada, payment().id).await.unwrap(), Some(payment()));
    }
}
