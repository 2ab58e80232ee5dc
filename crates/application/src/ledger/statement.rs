//! A seller's statement: what they earned, gave back and were sent, with what they were owed before and after.

use crate::identity::Allowed;
use crate::identity::policy::ViewSales;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Currency, LedgerEntryId, Money, OrderId, Page, PageRequest, PayoutId, UserId};
use domain::ledger::MovementKind;
use std::sync::Arc;

/// Reads statements, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait StatementQueries: Send + Sync {
    /// What moved what a seller is owed, the newest first, and what they were owed before and after.
    async fn statement(
        &self,
        seller: UserId,
        period: &Period,
        page: &PageRequest,
    ) -> Result<Statement, RepositoryError>;
    /// What a seller is owed, and was sent, in each currency in which they ever earned.
    async fn earnings(&self, seller: UserId) -> Result<Vec<Earnings>, RepositoryError>;
}

/// Of which time, in which currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// In this currency.
    pub currency: Currency,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// A part of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What moved.
    pub lines: Page<StatementLine>,
    /// What was owed before the period.
    pub opening: Money,
    /// What was owed after it.
    pub closing: Money,
}

/// Something that moved what a seller is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// Its id.
    pub id: LedgerEntryId,
    /// What happened.
    pub kind: MovementKind,
    /// How much; negative where they are owed less since.
    pub amount: Money,
    /// The platform's fee of a sale, or what was given back of it with a refund.
    pub fee: Option<Money>,
    /// What they were owed afterwards.
    pub balance_after: Money,
    /// The order.
    pub order_id: Option<OrderId>,
    /// Its number.
    pub order_number: Option<String>,
    /// The payout.
    pub payout_id: Option<PayoutId>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// What a seller has to do with in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earnings {
    /// What they are owed now; negative where more was given back than earned.
    pub balance: Money,
    /// What they were sent in all.
    pub paid_out: Money,
}

/// Shows sellers their statement.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewStatements: Send + Sync {
    /// The calling seller's; in the shop's currency unless they ask for another.
    async fn statement(
        &self,
        caller: &Allowed<ViewSales>,
        wish: &StatementWish,
        page: &PageRequest,
    ) -> Result<Statement, RepositoryError>;
    /// What the calling seller is owed.
    async fn earnings(&self, caller: &Allowed<ViewSales>) -> Result<Vec<Earnings>, RepositoryError>;
}

/// Which part of a statement is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatementWish {
    /// In which currency.
    pub currency: Option<Currency>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// The service behind [`ViewStatements`].
pub struct StatementDesk {
    /// Reads the ledger.
    pub statements: Arc<dyn StatementQueries>,
    /// What most is sold in.
    pub shop_currency: Currency,
}

#[async_trait]
impl ViewStatements for StatementDesk {
    async fn statement(
        &self,
        caller: &Allowed<ViewSales>,
        wish: &StatementWish,
        page: &PageRequest,
    ) -> Result<Statement, RepositoryError> {
        let currency = wish.currency.unwrap_or(self.shop_currency);
        let period = Period { currency, from: wish.from, to: wish.to };
        self.statements.statement(caller.user_id, &period, page).await
    }

    async fn earnings(&self, caller: &Allowed<ViewSales>) -> Result<Vec<Earnings>, RepositoryError> {
        self.statements.earnings(caller.user_id).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{allowed, eur};
    use domain::identity::Role;

    #[tokio::test]
    async fn sellers_see_their_own_statement_in_the_shops_currency_unless_they_ask_for_another() {
        let ada = allowed(Role::Seller);
        let (own, yen) = (ada.user_id, Currency::parse("JPY").unwrap());
        for (asked, read) in [(None, Currency::EUR), (Some(yen), yen)] {
            let mut statements = MockStatementQueries::new();
            let statement = |_, _: &_, _: &_| {
                let lines = Page { data: vec![], next: None };
                Ok(Statement { lines, opening: eur(1), closing: eur(1) })
            };
            let of_hers = move |seller: &UserId, period: &Period, _: &_| *seller == own && period.currency == read;
            statements.expect_statement().withf(of_hers).times(1).returning(statement);
            let desk = StatementDesk { statements: Arc::new(statements), shop_currency: Currency::EUR };
            let wish = StatementWish { currency: asked, ..StatementWish::default() };
            assert_eq!(desk.statement(&ada, &wish, &PageRequest::default()).await.unwrap().opening, eur(1));
        }
    }

    #[tokio::test]
    async fn sellers_see_what_they_are_owed_in_each_currency() {
        let ada = allowed(Role::Seller);
        let (own, earned) = (ada.user_id, Earnings { balance: eur(5), paid_out: eur(7) });
        let mut statements = MockStatementQueries::new();
        statements.expect_earnings().withf(move |seller| *seller == own).returning(move |_| Ok(vec![earned]));
        let desk = StatementDesk { statements: Arc::new(statements), shop_currency: Currency::EUR };
        assert_eq!(desk.earnings(&ada).await.unwrap(), [earned]);
    }
}
