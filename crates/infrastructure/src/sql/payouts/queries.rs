//! Reading payouts, and what every seller is owed.

use super::entity::payout;
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::identity::shop_names;
use crate::sql::ledger::all_seller_balances;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use application::RepositoryError;
use application::payouts::ports::{Owed, PayoutQueries, PayoutView};
use async_trait::async_trait;
use domain::kernel::{Cursor, Page, PageRequest, PayoutId, UserId};
use domain::payouts::Payout;
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, Order, QueryFilter};

#[async_trait]
impl PayoutQueries for Sql<DatabaseConnection> {
    async fn find_payout(&self, id: PayoutId) -> Result<Option<PayoutView>, RepositoryError> {
        let row = payout::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        let Some(row) = row else { return Ok(None) };
        let mut names = shop_names(&self.0, std::iter::once(row.seller_id)).await?;
        let shop_name = names.remove(&row.seller_id).unwrap_or_default();
        Ok(Some(PayoutView { payout: Payout::try_from(row)?, shop_name }))
    }

    async fn list_payouts(
        &self,
        seller: Option<UserId>,
        page: &PageRequest,
    ) -> Result<Page<PayoutView>, RepositoryError> {
        use payout::Column::{CreatedAt, Id, SellerId};
        let wanted = Condition::all().add_option(seller.map(|seller| SellerId.eq(seller.uuid())));
        let newest = Sorting { key: CreatedAt, kind: KeyKind::Time, id: Id, order: Order::Desc };
        let Some(select) = rows_of_page(payout::Entity::find().filter(wanted), newest, page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
        let names = shop_names(&self.0, rows.data.iter().map(|row| row.seller_id)).await?;
        let view = |row: payout::Model| {
            let shop_name = names.get(&row.seller_id).cloned().unwrap_or_default();
            Ok(PayoutView { payout: Payout::try_from(row)?, shop_name })
        };
        Ok(Page { data: rows.data.into_iter().map(view).collect::<Result<_, RepositoryError>>()?, next: rows.next })
    }

    async fn all_owed(&self) -> Result<Vec<Owed>, RepositoryError> {
        let balances = all_seller_balances(&self.0).await?;
        let names = shop_names(&self.0, balances.iter().map(|(seller, _)| seller.uuid())).await?;
        let owed = |(seller_id, balance): (UserId, _)| {
            let shop_name = names.get(&seller_id.uuid()).cloned().unwrap_or_default();
            Owed { seller_id, shop_name, balance }
        };
        let mut all: Vec<Owed> = balances.into_iter().map(owed).collect();
        all.sort_by(|one, other| {
            (&one.shop_name, one.seller_id, one.balance.currency().code()).cmp(&(
                &other.shop_name,
                other.seller_id,
                other.balance.currency().code(),
            ))
        });
        Ok(all)
    }
}
