//! Seeing one's own money: the store balance, and what moved.

use super::ports::{LedgerQueries, Movement, MovementFilter};
use crate::identity::Allowed;
use crate::identity::policy::ViewTransactions;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Money, Page, PageRequest};
use std::sync::Arc;

/// Shows people their own money.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewMovements: Send + Sync {
    /// The caller's store balance, one amount for each currency.
    async fn balances(&self, caller: &Allowed<ViewTransactions>) -> Result<Vec<Money>, RepositoryError>;
    /// The caller's own movements, the newest first.
    async fn list(
        &self,
        caller: &Allowed<ViewTransactions>,
        filter: &MovementFilter,
        page: &PageRequest,
    ) -> Result<Page<Movement>, RepositoryError>;
}

/// The service behind [`ViewMovements`].
pub struct MovementDesk {
    /// Reads the ledger.
    pub ledger: Arc<dyn LedgerQueries>,
}

#[async_trait]
impl ViewMovements for MovementDesk {
    async fn balances(&self, caller: &Allowed<ViewTransactions>) -> Result<Vec<Money>, RepositoryError> {
        self.ledger.balances(caller.user_id).await
    }

    async fn list(
        &self,
        caller: &Allowed<ViewTransactions>,
        filter: &MovementFilter,
        page: &PageRequest,
    ) -> Result<Page<Movement>, RepositoryError> {
        self.ledger.movements(caller.user_id, filter, page).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::ports::MockLedgerQueries;
    use crate::tests::{allowed, eur};
    use domain::identity::Role;

    #[tokio::test]
    async fn people_see_their_own_money_alone() {
        let ada = allowed(Role::Customer);
        let mut ledger = MockLedgerQueries::new();
        let own = ada.user_id;
        ledger.expect_balances().withf(move |user| *user == own).times(1).returning(|_| Ok(vec![eur(5)]));
        let nothing = |_, _: &_, _: &_| Ok(Page { data: vec![], next: None });
        ledger.expect_movements().withf(move |user, _, _| *user == own).times(1).returning(nothing);
        let desk = MovementDesk { ledger: Arc::new(ledger) };
        assert_eq!(desk.balances(&ada).await.unwrap(), [eur(5)]);
        assert!(desk.list(&ada, &MovementFilter::default(), &PageRequest::default()).await.unwrap().data.is_empty());
    }
}
