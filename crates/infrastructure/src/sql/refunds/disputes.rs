//! Which disputes are known: those of orders and those of top-ups, by the gateway's ids.

use super::entity::{refund, top_up_refund};
use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::refunds::ports::DisputeQueries;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::refunds::{RefundKind, RefundStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, DatabaseConnection, EntityTrait, QueryFilter, QuerySelect};

#[async_trait]
impl DisputeQueries for Sql<DatabaseConnection> {
    async fn known_disputes(&self, gateway_ids: &[String]) -> Result<Vec<String>, RepositoryError> {
        if gateway_ids.is_empty() {
            return Ok(Vec::new());
        }
        disputes(&self.0, &Condition::all().add(Expr::col("gateway_id").is_in(gateway_ids))).await
    }

    async fn moving_disputes(&self, since: DateTime<Utc>) -> Result<Vec<String>, RepositoryError> {
        let open = Expr::col("status").eq(RefundStatus::Pending.name());
        disputes(&self.0, &Condition::any().add(open).add(Expr::col("updated_at").gte(since))).await
    }
}

async fn disputes(db: &DatabaseConnection, like_this: &Condition) -> Result<Vec<String>, RepositoryError> {
    let named = Condition::all()
        .add(Expr::col("kind").eq(RefundKind::Dispute.name()))
        .add(Expr::col("gateway_id").is_not_null())
        .add(like_this.clone());
    let of_orders = refund::Entity::find().filter(named.clone()).select_only().column(refund::Column::GatewayId);
    let of_top_ups = top_up_refund::Entity::find().filter(named).select_only().column(top_up_refund::Column::GatewayId);
    let mut names: Vec<String> = of_orders.into_tuple().all(db).await.map_err(from_db)?;
    names.extend(of_top_ups.into_tuple::<String>().all(db).await.map_err(from_db)?);
    Ok(names)
}
