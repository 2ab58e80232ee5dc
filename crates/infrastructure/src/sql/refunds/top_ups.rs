//! What goes back of top-ups: written whole once, then only where it stands.

use super::entity::top_up_refund::{Column, Entity, Model};
use super::mapping::references;
use super::repository::of_payment;
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::money;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::refunds::top_ups::ports::{TopUpRefundQueries, TopUpRefundRepository};
use async_trait::async_trait;
use domain::kernel::{Money, PaymentId, RefundId, UserId};
use domain::refunds::{RefundKind, RefundStatus, TopUpRefund};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

#[async_trait]
impl TopUpRefundRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, refund: &TopUpRefund) -> Result<(), RepositoryError> {
        let row = Model::from(refund).into_active_model();
        Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: RefundId) -> Result<Option<TopUpRefund>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(TopUpRefund::try_from).transpose()
    }

    async fn find_by_key(&self, request_key: &str) -> Result<Option<TopUpRefund>, RepositoryError> {
        let found = Entity::find().filter(Column::RequestKey.eq(request_key));
        found.one(&self.0).await.map_err(from_db)?.map(TopUpRefund::try_from).transpose()
    }

    async fn lock_by_gateway_id(&self, gateway_id: &str) -> Result<Option<TopUpRefund>, RepositoryError> {
        let found = Entity::find().filter(Column::GatewayId.eq(gateway_id));
        found.lock(OWN).one(&self.0).await.map_err(from_db)?.map(TopUpRefund::try_from).transpose()
    }

    async fn of_payment(&self, payment: PaymentId) -> Result<Vec<TopUpRefund>, RepositoryError> {
        let own = Entity::find().filter(Column::PaymentId.eq(payment.uuid()));
        let oldest = own.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id);
        oldest.all(&self.0).await.map_err(from_db)?.into_iter().map(TopUpRefund::try_from).collect()
    }

    async fn update(&self, refund: &TopUpRefund) -> Result<(), RepositoryError> {
        let row = Model::from(refund);
        let update = Entity::update_many()
            .col_expr(Column::Status, Expr::value(row.status))
            .col_expr(Column::GatewayId, Expr::value(row.gateway_id))
            .col_expr(Column::Failure, Expr::value(row.failure))
            .col_expr(Column::ReturnedAs, Expr::value(row.returned_as))
            .col_expr(Column::UpdatedAt, Expr::value(row.updated_at))
            .filter(Column::Id.eq(row.id));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn count(&self, payment: PaymentId, amount: Money) -> Result<bool, RepositoryError> {
        self.count_more(&of_payment(payment), amount.amount()).await
    }

    async fn count_back(&self, payment: PaymentId, amount: Money) -> Result<bool, RepositoryError> {
        self.count_less(&of_payment(payment), amount.amount()).await
    }
}

#[async_trait]
impl TopUpRefundQueries for Sql<DatabaseConnection> {
    async fn find_top_up_refund(&self, id: RefundId) -> Result<Option<TopUpRefund>, RepositoryError> {
        let row = Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        row.map(TopUpRefund::try_from).transpose()
    }

    async fn top_up_refunds_of(&self, payment: PaymentId) -> Result<Vec<TopUpRefund>, RepositoryError> {
        let own = Entity::find().filter(Column::PaymentId.eq(payment.uuid()));
        let newest = own.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
        newest.all(&self.0).await.map_err(from_db)?.into_iter().map(TopUpRefund::try_from).collect()
    }
}

impl From<&TopUpRefund> for Model {
    fn from(refund: &TopUpRefund) -> Self {
        let (posted_as, returned_as) = references(&format!("user:{}", refund.customer), refund.kind, refund.id);
        Self {
            id: refund.id.uuid(),
            kind: refund.kind.name().to_owned(),
            payment_id: refund.payment_id.uuid(),
            user_id: refund.customer.uuid(),
            amount: refund.amount.amount(),
            currency: refund.amount.currency().code().to_owned(),
            counted: refund.counted.amount(),
            taken: refund.taken.amount(),
            status: refund.status.name().to_owned(),
            reason: refund.reason.clone(),
            requested_by: refund.requested_by.map(UserId::uuid),
            request_key: refund.request_key.clone(),
            gateway_id: refund.gateway_id.clone(),
            failure: refund.failure.clone(),
            posted_as,
            returned_as: Some(returned_as).filter(|_| refund.status == RefundStatus::Failed),
            created_at: refund.created_at,
            updated_at: refund.updated_at,
        }
    }
}

impl TryFrom<Model> for TopUpRefund {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        let amount = |amount| money(amount, &row.currency);
        Ok(Self {
            id: RefundId::new(row.id),
            kind: RefundKind::parse(&row.kind).ok_or_else(|| corrupt("kind of a top-up's refund"))?,
            payment_id: PaymentId::new(row.payment_id),
            customer: UserId::new(row.user_id),
            amount: amount(row.amount)?,
            counted: amount(row.counted)?,
            taken: amount(row.taken)?,
            status: RefundStatus::parse(&row.status).ok_or_else(|| corrupt("status of a top-up's refund"))?,
            reason: row.reason,
            requested_by: row.requested_by.map(UserId::new),
            request_key: row.request_key,
            gateway_id: row.gateway_id,
            failure: row.failure,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
