//! Reading endpoints and deliveries.

use super::endpoints::belongs_to;
use super::entity::{attempt, delivery, webhook};
use crate::sql::Sql;
use crate::sql::error::from_db;
use crate::sql::identity::entity::user;
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use crate::sql::stored::StoredText;
use application::RepositoryError;
use application::webhooks::ports::{TriedDelivery, WebhookQueries};
use async_trait::async_trait;
use domain::identity::Role;
use domain::kernel::{Cursor, Page, PageRequest, UserId, WebhookDeliveryId, WebhookId};
use domain::webhooks::{Delivery, DeliveryStatus, Endpoint, Owner};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// So many tries of a delivery are shown, the last ones.
const SHOWN: u64 = 50;

#[async_trait]
impl WebhookQueries for Sql<DatabaseConnection> {
    async fn list_webhooks(&self, owner: Owner) -> Result<Vec<Endpoint>, RepositoryError> {
        self.webhooks_of(webhook::Entity::find().filter(belongs_to(owner))).await
    }

    async fn find_webhook(&self, owner: Owner, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError> {
        let one = webhook::Entity::find_by_id(id.uuid()).filter(belongs_to(owner));
        Ok(self.webhooks_of(one).await?.pop())
    }

    async fn webhook(&self, id: WebhookId) -> Result<Option<Endpoint>, RepositoryError> {
        Ok(self.webhooks_of(webhook::Entity::find_by_id(id.uuid())).await?.pop())
    }

    async fn listening(&self, sellers: &[UserId]) -> Result<Vec<Endpoint>, RepositoryError> {
        let mut whose = Condition::any().add(belongs_to(Owner::Platform));
        if !sellers.is_empty() {
            let selling = Query::select()
                .column(user::Column::Id)
                .from(user::Entity)
                .and_where(user::Column::Id.is_in(sellers.iter().map(|seller| seller.uuid())))
                .and_where(user::Column::Role.eq(Role::Seller.text()))
                .and_where(user::Column::DisabledAt.is_null())
                .take();
            whose = whose.add(webhook::Column::SellerId.in_subquery(selling));
        }
        let on = webhook::Entity::find().filter(webhook::Column::DisabledAt.is_null()).filter(whose);
        self.webhooks_of(on).await
    }

    async fn list_deliveries(
        &self,
        endpoint: WebhookId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>, RepositoryError> {
        use delivery::Column::{CreatedAt, Id, Status, WebhookId as Whose};
        let wanted =
            Condition::all().add(Whose.eq(endpoint.uuid())).add_option(status.map(|status| Status.eq(status.name())));
        let newest = Sorting { key: CreatedAt, kind: KeyKind::Time, id: Id, order: Order::Desc };
        let Some(select) = rows_of_page(delivery::Entity::find().filter(wanted), newest, page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.created_at), id: row.id });
        let data = rows.data.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        Ok(Page { data, next: rows.next })
    }

    async fn find_delivery(
        &self,
        endpoint: WebhookId,
        id: WebhookDeliveryId,
    ) -> Result<Option<TriedDelivery>, RepositoryError> {
        let one = delivery::Entity::find_by_id(id.uuid()).filter(delivery::Column::WebhookId.eq(endpoint.uuid()));
        let Some(row) = one.one(&self.0).await.map_err(from_db)? else { return Ok(None) };
        let attempts = self.attempts_of(id.uuid()).await?;
        Ok(Some(TriedDelivery { delivery: row.try_into()?, attempts }))
    }

    async fn find_dispatch(&self, id: WebhookDeliveryId) -> Result<Option<(Delivery, Endpoint)>, RepositoryError> {
        let row = delivery::Entity::find_by_id(id.uuid()).one(&self.0).await.map_err(from_db)?;
        let Some(row) = row else { return Ok(None) };
        let delivery = Delivery::try_from(row)?;
        Ok(WebhookQueries::webhook(self, delivery.endpoint_id).await?.map(|endpoint| (delivery, endpoint)))
    }
}

impl Sql<DatabaseConnection> {
    async fn webhooks_of(&self, select: Select<webhook::Entity>) -> Result<Vec<Endpoint>, RepositoryError> {
        let oldest = select.order_by_asc(webhook::Column::CreatedAt).order_by_asc(webhook::Column::Id);
        let rows = oldest.all(&self.0).await.map_err(from_db)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    async fn attempts_of(&self, delivery: Uuid) -> Result<Vec<domain::webhooks::Attempt>, RepositoryError> {
        let last = attempt::Entity::find()
            .filter(attempt::Column::DeliveryId.eq(delivery))
            .order_by_desc(attempt::Column::At)
            .order_by_desc(attempt::Column::Id)
            .limit(SHOWN);
        let rows = last.all(&self.0).await.map_err(from_db)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
