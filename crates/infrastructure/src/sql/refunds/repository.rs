//! Changing refunds: written whole once, then only where they stand.

use super::counting::Counted;
use super::entity::{refund, refund_kept, refund_part, refund_tender};
use super::mapping::{kept_rows, part_rows, refund_row, tender_rows, with_parts};
use crate::sql::error::{corrupt, from_db};
use crate::sql::ledger::entity::{entry, transaction};
use crate::sql::stored::{StoredText, money, stored_as_text};
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::refunds::ports::{DisputeState, RefundRepository};
use async_trait::async_trait;
use domain::kernel::{Money, OrderId, PaymentId, RefundId, UserId};
use domain::ledger::{AccountKind, MovementKind};
use domain::refunds::Refund;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::BTreeMap;

stored_as_text!(DisputeState { Open = "open", Won = "won", Lost = "lost" });

#[async_trait]
impl RefundRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, refund: &Refund) -> Result<(), RepositoryError> {
        let row = refund_row(refund).into_active_model();
        refund::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        let parts: Vec<_> = part_rows(refund).into_iter().map(IntoActiveModel::into_active_model).collect();
        if !parts.is_empty() {
            refund_part::Entity::insert_many(parts).exec_without_returning(&self.0).await.map_err(from_db)?;
        }
        let kept: Vec<_> = kept_rows(refund).into_iter().map(IntoActiveModel::into_active_model).collect();
        if !kept.is_empty() {
            refund_kept::Entity::insert_many(kept).exec_without_returning(&self.0).await.map_err(from_db)?;
        }
        let tenders: Vec<_> = tender_rows(refund).into_iter().map(IntoActiveModel::into_active_model).collect();
        if !tenders.is_empty() {
            refund_tender::Entity::insert_many(tenders).exec_without_returning(&self.0).await.map_err(from_db)?;
        }
        Ok(())
    }

    async fn lock(&self, id: RefundId) -> Result<Option<Refund>, RepositoryError> {
        let row = refund::Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(with_parts(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn find_by_key(&self, request_key: &str) -> Result<Option<Refund>, RepositoryError> {
        let found = refund::Entity::find().filter(refund::Column::RequestKey.eq(request_key));
        let row = found.one(&self.0).await.map_err(from_db)?;
        Ok(with_parts(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn lock_by_gateway_id(&self, gateway_id: &str) -> Result<Option<Refund>, RepositoryError> {
        let found = refund::Entity::find().filter(refund::Column::GatewayId.eq(gateway_id));
        let row = found.lock(OWN).one(&self.0).await.map_err(from_db)?;
        Ok(with_parts(&self.0, row.into_iter().collect()).await?.pop())
    }

    async fn of_order(&self, order: OrderId) -> Result<Vec<Refund>, RepositoryError> {
        let own = refund::Entity::find().filter(refund::Column::OrderId.eq(order.uuid()));
        let oldest = own.order_by_asc(refund::Column::CreatedAt).order_by_asc(refund::Column::Id);
        with_parts(&self.0, oldest.all(&self.0).await.map_err(from_db)?).await
    }

    async fn update(&self, refund: &Refund) -> Result<(), RepositoryError> {
        let row = refund_row(refund);
        let update = refund::Entity::update_many()
            .col_expr(refund::Column::Status, Expr::value(row.status))
            .col_expr(refund::Column::GatewayId, Expr::value(row.gateway_id))
            .col_expr(refund::Column::Failure, Expr::value(row.failure))
            .col_expr(refund::Column::ReturnedAs, Expr::value(row.returned_as))
            .col_expr(refund::Column::UpdatedAt, Expr::value(row.updated_at))
            .filter(refund::Column::Id.eq(row.id));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn count(
        &self,
        order: OrderId,
        amount: Money,
        payment: Option<PaymentId>,
        card: Money,
    ) -> Result<bool, RepositoryError> {
        let Some(payment) = payment.filter(|_| card.is_positive()) else {
            return self.count_more(&of_order(order), amount.amount()).await;
        };
        Ok(self.count_more(&of_order(order), amount.amount()).await?
            && self.count_more(&of_payment(payment), card.amount()).await?)
    }

    async fn count_back(
        &self,
        order: OrderId,
        amount: Money,
        payment: Option<PaymentId>,
        card: Money,
    ) -> Result<bool, RepositoryError> {
        let Some(payment) = payment.filter(|_| card.is_positive()) else {
            return self.count_less(&of_order(order), amount.amount()).await;
        };
        Ok(self.count_less(&of_order(order), amount.amount()).await?
            && self.count_less(&of_payment(payment), card.amount()).await?)
    }

    async fn earned(&self, order: OrderId) -> Result<Option<BTreeMap<UserId, Money>>, RepositoryError> {
        let paid = transaction::Entity::find()
            .filter(transaction::Column::OrderId.eq(order.uuid()))
            .filter(transaction::Column::Kind.eq(MovementKind::OrderPaid.name()));
        let Some(paid) = paid.one(&self.0).await.map_err(from_db)? else { return Ok(None) };
        let theirs = entry::Entity::find()
            .filter(entry::Column::TransactionId.eq(paid.id))
            .filter(entry::Column::Account.eq(AccountKind::Seller.name()));
        let rows = theirs.all(&self.0).await.map_err(from_db)?;
        let earned = |row: entry::Model| {
            let seller = row.owner_id.ok_or_else(|| corrupt("a seller's account without an owner"))?;
            Ok((UserId::new(seller), money(row.amount, &row.currency)?))
        };
        rows.into_iter().map(earned).collect::<Result<BTreeMap<_, _>, RepositoryError>>().map(Some)
    }

    async fn dispute_of(&self, payment: PaymentId) -> Result<Option<DisputeState>, RepositoryError> {
        let select =
            Query::select().column("dispute").from("payments").and_where(Expr::col("id").eq(payment.uuid())).take();
        let row = self.0.query_one(&select).await.map_err(from_db)?;
        let text: Option<String> = row.map(|row| row.try_get("", "dispute")).transpose().map_err(from_db)?.flatten();
        text.as_deref().map(DisputeState::read).transpose()
    }

    async fn note_dispute(&self, payment: PaymentId, state: DisputeState) -> Result<(), RepositoryError> {
        let update = Query::update()
            .table("payments")
            .value("dispute", state.text())
            .and_where(Expr::col("id").eq(payment.uuid()))
            .take();
        self.0.execute(&update).await.map_err(from_db)?;
        Ok(())
    }
}

const fn of_order(order: OrderId) -> Counted {
    Counted { table: "orders", id: order.uuid(), most: "total_amount", status: "paid" }
}

pub(super) const fn of_payment(payment: PaymentId) -> Counted {
    Counted { table: "payments", id: payment.uuid(), most: "amount", status: "captured" }
}
