//! Taking deliveries in hand, as couriers do: any number of them, on any number of nodes.

use super::entity::{delivery, webhook};
use crate::sql::Database;
use crate::sql::error::from_db;
use application::RepositoryError;
use application::jobs::LEASE;
use application::webhooks::ports::{DeliveryStore, DueDelivery, room};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use delivery::Column;
use domain::kernel::{WebhookDeliveryId, WebhookId};
use domain::webhooks::DeliveryStatus;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// So many rows are looked at for each that may be taken, since those of one endpoint may stand in a row.
const LOOKED_AT: usize = 4;

/// The deliveries in a database.
#[derive(Debug, Clone)]
pub struct SqlDeliveryStore {
    database: Database,
}

impl SqlDeliveryStore {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }
}

#[async_trait]
impl DeliveryStore for SqlDeliveryStore {
    /// Readers are asked first, so that who has nothing to do is in nobody's way. Then one short transaction: PostgreSQL skips
    /// what another is claiming at this moment, SQLite has one writer anyway.
    async fn claim(
        &self,
        now: DateTime<Utc>,
        limit: usize,
        in_hand: &HashMap<WebhookId, usize>,
    ) -> Result<Vec<DueDelivery>, RepositoryError> {
        let failing = failing(self.database.reader()).await?;
        let room_for = |endpoint: Uuid| {
            let already = in_hand.get(&WebhookId::new(endpoint)).copied().unwrap_or_default();
            room(already, failing.contains(&endpoint))
        };
        let full: Vec<Uuid> = in_hand.keys().map(|id| id.uuid()).filter(|id| room_for(*id) == 0).collect();
        let rows = limit.saturating_mul(LOOKED_AT);
        let anything = due(now, &full, 1).one(self.database.reader()).await.map_err(from_db)?;
        if anything.is_none() {
            return Ok(Vec::new());
        }
        let tx = self.database.transactor().open().await?;
        let due = due(now, &full, rows).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let rows = due.all(&tx.0).await.map_err(from_db)?;
        let mut taken: HashMap<Uuid, usize> = HashMap::new();
        let mut fits = |row: &delivery::Model| {
            let taken = taken.entry(row.webhook_id).or_default();
            let fits = *taken < room_for(row.webhook_id);
            *taken += usize::from(fits);
            fits
        };
        let rows: Vec<delivery::Model> = rows.into_iter().filter(|row| fits(row)).take(limit).collect();
        let claim = delivery::Entity::update_many()
            .col_expr(Column::ClaimedUntil, Expr::value(now + LEASE))
            .filter(Column::Id.is_in(rows.iter().map(|row| row.id)));
        claim.exec(&tx.0).await.map_err(from_db)?;
        tx.close().await?;
        let claimed = |row: delivery::Model| DueDelivery {
            id: WebhookDeliveryId::new(row.id),
            endpoint: WebhookId::new(row.webhook_id),
        };
        Ok(rows.into_iter().map(claimed).collect())
    }
}

fn due(now: DateTime<Utc>, full: &[Uuid], rows: usize) -> Select<delivery::Entity> {
    let nobody_has_it = Condition::any().add(Column::ClaimedUntil.is_null()).add(Column::ClaimedUntil.lte(now));
    delivery::Entity::find()
        .filter(Column::Status.eq(DeliveryStatus::Waiting.name()))
        .filter(Column::NextAttemptAt.lte(now))
        .filter(nobody_has_it)
        .filter(Column::WebhookId.is_not_in(full.iter().copied()))
        .order_by_asc(Column::NextAttemptAt)
        .order_by_asc(Column::Id)
        .limit(u64::try_from(rows).unwrap_or(u64::MAX))
}

/// The endpoints where nothing arrives.
async fn failing<C: ConnectionTrait>(db: &C) -> Result<HashSet<Uuid>, RepositoryError> {
    let failing = webhook::Entity::find()
        .select_only()
        .column(webhook::Column::Id)
        .filter(webhook::Column::FailingSince.is_not_null())
        .filter(webhook::Column::DisabledAt.is_null());
    let ids: Vec<Uuid> = failing.into_tuple().all(db).await.map_err(from_db)?;
    Ok(ids.into_iter().collect())
}
