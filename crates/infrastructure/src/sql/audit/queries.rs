//! Reading the security log.

use super::entity::security_event::{Column, Entity, Model};
use crate::sql::Sql;
use crate::sql::error::{corrupt, from_db};
use crate::sql::paging::{KeyKind, Sorting, rows_of_page, time_key};
use application::RepositoryError;
use application::audit::ports::{LoggedEvent, SecurityLogFilter, SecurityLogQueries};
use async_trait::async_trait;
use domain::kernel::{Cursor, Page, PageRequest, SecurityEventId, UserId};
use sea_orm::{ColumnTrait, Condition, DatabaseConnection, EntityTrait, Order, QueryFilter};

#[async_trait]
impl SecurityLogQueries for Sql<DatabaseConnection> {
    async fn list_events(
        &self,
        filter: &SecurityLogFilter,
        page: &PageRequest,
    ) -> Result<Page<LoggedEvent>, RepositoryError> {
        let wanted = Condition::all()
            .add_option(filter.kind.map(|kind| Column::Kind.eq(kind.name())))
            .add_option(filter.user.map(|user| Column::UserId.eq(user.uuid())))
            .add_option(filter.since.map(|since| Column::At.gte(since)));
        let newest = Sorting { key: Column::At, kind: KeyKind::Time, id: Column::Id, order: Order::Desc };
        let Some(select) = rows_of_page(Entity::find().filter(wanted), newest, page) else {
            return Ok(Page { data: Vec::new(), next: None });
        };
        let rows = select.all(&self.0).await.map_err(from_db)?;
        let rows = Page::from_one_more(rows, page.limit, |row| Cursor { key: time_key(row.at), id: row.id });
        let data = rows.data.into_iter().map(LoggedEvent::try_from).collect::<Result<_, _>>()?;
        Ok(Page { data, next: rows.next })
    }
}

impl TryFrom<Model> for LoggedEvent {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: SecurityEventId::new(row.id),
            at: row.at,
            kind: row.kind,
            user_id: row.user_id.map(UserId::new),
            actor_id: row.actor_id.map(UserId::new),
            email: row.email,
            address: row.address,
            device: row.device,
            details: serde_json::from_value(row.details).map_err(|_| corrupt("details of a security event"))?,
        })
    }
}
