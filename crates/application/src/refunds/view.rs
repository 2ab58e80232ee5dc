//! Seeing refunds: sellers what went back of their own lines, admins all of it.

use super::ports::RefundQueries;
use crate::identity::Allowed;
use crate::identity::policy::{ViewAnyOrder, ViewSales};
use crate::orders::ports::OrderQueries;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Money, MoneyError, OrderId, UserId};
use domain::orders::Order;
use domain::refunds::{Refund, RefundKind};
use std::sync::Arc;

/// Shows refunds.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewRefunds: Send + Sync {
    /// Those that are about lines of the calling seller: their part of each.
    async fn of_sales(
        &self,
        caller: &Allowed<ViewSales>,
        order: OrderId,
    ) -> Result<(Vec<Refund>, Order), ViewRefundError>;
    /// All of an order.
    async fn of_order(
        &self,
        caller: &Allowed<ViewAnyOrder>,
        order: OrderId,
    ) -> Result<(Vec<Refund>, Order), ViewRefundError>;
}

/// Why no refunds are shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewRefundError {
    /// There is no such order, or it has nothing of the seller's.
    #[error("there is no such order")]
    NotFound,
    /// The stored amounts don't add up.
    #[error("the refund's amounts don't add up")]
    Inconsistent(#[from] MoneyError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`ViewRefunds`].
pub struct RefundView {
    /// Reads refunds.
    pub refunds: Arc<dyn RefundQueries>,
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
}

#[async_trait]
impl ViewRefunds for RefundView {
    async fn of_sales(
        &self,
        caller: &Allowed<ViewSales>,
        order: OrderId,
    ) -> Result<(Vec<Refund>, Order), ViewRefundError> {
        let order = self.orders.find_sold(caller.user_id, order).await?.ok_or(ViewRefundError::NotFound)?;
        let all = self.refunds.refunds_of(order.id).await?;
        let own = all.into_iter().filter(|refund| refund.kind == RefundKind::Refund);
        let parts = own.map(|refund| part_of(refund, caller.user_id, &order)).collect::<Result<Vec<_>, _>>()?;
        Ok((parts.into_iter().flatten().collect(), order))
    }

    async fn of_order(
        &self,
        _: &Allowed<ViewAnyOrder>,
        order: OrderId,
    ) -> Result<(Vec<Refund>, Order), ViewRefundError> {
        let order = self.orders.find(order).await?.ok_or(ViewRefundError::NotFound)?;
        let all = self.refunds.refunds_of(order.id).await?;
        Ok((all.into_iter().filter(|refund| refund.kind == RefundKind::Refund).collect(), order))
    }
}

/// What of a refund is about a seller's lines; `None` where nothing is. Where all of it went is told only of what is theirs as a
/// whole.
///
/// # Errors
/// When the sum overflows.
pub fn part_of(refund: Refund, seller: UserId, order: &Order) -> Result<Option<Refund>, MoneyError> {
    let is_theirs = |line| order.lines.iter().any(|sold| Some(sold.id) == line && sold.seller.id == seller);
    if refund.parts.iter().all(|part| is_theirs(part.line)) {
        return Ok(Some(refund));
    }
    let parts: Vec<_> = refund.parts.into_iter().filter(|part| is_theirs(part.line)).collect();
    let kept: Vec<_> = refund.kept.into_iter().filter(|part| is_theirs(part.line)).collect();
    let amount = Money::sum(refund.amount.currency(), parts.iter().map(|part| part.amount))?;
    Ok((!parts.is_empty()).then_some(Refund { parts, kept, amount, to: Vec::new(), ..refund }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Caller;
    use crate::orders::ports::MockOrderQueries;
    use crate::refunds::give::tests::refund;
    use crate::refunds::ports::MockRefundQueries;
    use crate::tests::{allowed, caller, eur, now, order, uuid};
    use domain::identity::Role;
    use domain::refunds::Allotment;

    fn view() -> RefundView {
        let [one, other] = [0, 1].map(|index| Some(order().lines[index].id));
        let part = |line, amount| Allotment { line, quantity: 1, amount: eur(amount) };
        let both = Refund { parts: vec![part(one, 10_000), part(other, 5_000)], amount: eur(15_000), ..refund() };
        let dispute = Refund { kind: RefundKind::Dispute, ..refund() };
        let mut refunds = MockRefundQueries::new();
        let all = vec![both, refund(), dispute];
        refunds.expect_refunds_of().returning(move |_| Ok(all.clone()));
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(|_| Ok(Some(order())));
        orders.expect_find_sold().returning(|seller, _| {
            Ok(Some(order()).filter(|order| order.lines.iter().any(|line| line.seller.id == seller)))
        });
        RefundView { refunds: Arc::new(refunds), orders: Arc::new(orders) }
    }

    fn seller(number: u64) -> Allowed<ViewSales> {
        Allowed::check(&Caller { user_id: UserId::new(uuid(number)), ..caller(Role::Seller) }, now()).unwrap()
    }

    #[tokio::test]
    async fn a_seller_sees_what_went_back_of_their_own_lines() {
        let (first, _) = view().of_sales(&seller(7), order().id).await.unwrap();
        let amounts: Vec<_> = first.iter().map(|refund| (refund.amount, refund.to.len())).collect();
        assert_eq!(amounts, [(eur(10_000), 0), (eur(10_000), 1)], "where another's part went is not theirs to know");
        let (second, _) = view().of_sales(&seller(5), order().id).await.unwrap();
        assert_eq!(second.iter().map(|refund| refund.amount).collect::<Vec<_>>(), [eur(5_000)]);
    }

    #[tokio::test]
    async fn who_sold_nothing_of_it_finds_no_order() {
        let hidden = view().of_sales(&seller(99), order().id).await;
        assert!(matches!(hidden, Err(ViewRefundError::NotFound)));
    }

    #[tokio::test]
    async fn an_admin_sees_all_refunds() {
        let (all, _) = view().of_order(&allowed(Role::Admin), order().id).await.unwrap();
        assert_eq!(all.len(), 2, "a dispute is no refund of the shop's");
    }
}
