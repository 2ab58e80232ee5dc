//! Moving the stock: one conditional statement each, whose count of rows is the verdict.

use super::entity::{product, variant};
use super::offers;
use crate::sql::Sql;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::catalog::ports::StockRepository;
use application::catalog::views::Offer;
use async_trait::async_trait;
use domain::kernel::VariantId;
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter};

#[async_trait]
impl StockRepository for Sql<DatabaseTransaction> {
    async fn offers(&self, variants: &[VariantId]) -> Result<Vec<Offer>, RepositoryError> {
        offers::offers(&self.0, variants).await
    }

    async fn reserve(&self, variant: VariantId, quantity: u32) -> Result<bool, RepositoryError> {
        let quantity = i64::from(quantity);
        let update = variant::Entity::update_many()
            .col_expr(variant::Column::Stock, Expr::col(variant::Column::Stock).sub(quantity))
            .filter(variant::Column::Id.eq(variant.uuid()))
            .filter(variant::Column::Stock.gte(quantity))
            .filter(variant::Column::RemovedAt.is_null())
            .filter(variant::Column::ProductId.not_in_subquery(gift_cards()));
        if update.exec(&self.0).await.map_err(from_db)?.rows_affected == 1 {
            return Ok(true);
        }
        // Of gift cards there are always enough.
        let uncounted = variant::Entity::find()
            .filter(variant::Column::Id.eq(variant.uuid()))
            .filter(variant::Column::RemovedAt.is_null())
            .filter(variant::Column::ProductId.in_subquery(gift_cards()));
        Ok(uncounted.count(&self.0).await.map_err(from_db)? > 0)
    }

    async fn give_back(&self, variant: VariantId, quantity: u32) -> Result<(), RepositoryError> {
        let more = Expr::col(variant::Column::Stock).add(i64::from(quantity));
        let update = variant::Entity::update_many()
            .col_expr(variant::Column::Stock, more)
            .filter(variant::Column::Id.eq(variant.uuid()))
            .filter(variant::Column::ProductId.not_in_subquery(gift_cards()));
        update.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }
}

/// The products whose stock does not count.
fn gift_cards() -> SelectStatement {
    Query::select()
        .column(product::Column::Id)
        .from(product::Entity)
        .and_where(product::Column::GiftCard.eq(true))
        .take()
}
