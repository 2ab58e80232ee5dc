//! Changing attempts to pay, and keeping what gateways told us.

use super::cards;
use super::entity::{KnownStatus, payment, webhook_event};
use crate::sql::error::from_db;
use crate::sql::stored::StoredText;
use crate::sql::{OWN, Sql};
use application::RepositoryError;
use application::payments::ports::{PaymentRepository, ReceivedEvent, WebhookEventRepository};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, Currency, Money, OrderId, PaymentId, UserId};
use domain::payments::{PaidBefore, PastAttempt, Payment, Track};
use sea_orm::sea_query::{OnConflict, SimpleExpr};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

#[async_trait]
impl PaymentRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, payment: &Payment) -> Result<(), RepositoryError> {
        let row = payment::Model::from(payment).into_active_model();
        payment::Entity::insert(row).exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock(&self, id: PaymentId) -> Result<Option<Payment>, RepositoryError> {
        let row = payment::Entity::find_by_id(id.uuid()).lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn lock_of_order(&self, order: OrderId) -> Result<Option<Payment>, RepositoryError> {
        let found = payment::Entity::find().filter(payment::Column::OrderId.eq(order.uuid()));
        let row = found.lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn update(&self, payment: &Payment) -> Result<(), RepositoryError> {
        let mut row = payment::Model::from(payment).into_active_model().reset_all();
        row.refunded_amount = NotSet;
        let this = payment::Entity::update_many().set(row).filter(payment::Column::Id.eq(payment.id.uuid()));
        this.exec(&self.0).await.map_err(from_db)?;
        Ok(())
    }

    async fn lock_by_key(&self, key: &str) -> Result<Option<Payment>, RepositoryError> {
        let found = payment::Entity::find().filter(payment::Column::RequestKey.eq(key));
        let row = found.lock(OWN).one(&self.0).await.map_err(from_db)?;
        row.map(Payment::try_from).transpose()
    }

    async fn find_twin(
        &self,
        customer: UserId,
        amount: Money,
        since: DateTime<Utc>,
    ) -> Result<Option<PaymentId>, RepositoryError> {
        let failed = [KnownStatus::Declined, KnownStatus::Voided].map(StoredText::text);
        let twins = payment::Entity::find()
            .select_only()
            .column(payment::Column::Id)
            .filter(payment::Column::UserId.eq(customer.uuid()))
            .filter(payment::Column::OrderId.is_null())
            .filter(payment::Column::Amount.eq(amount.amount()))
            .filter(payment::Column::Currency.eq(amount.currency().code()))
            .filter(payment::Column::CreatedAt.gt(since))
            .filter(payment::Column::Status.is_not_in(failed))
            .order_by_desc(payment::Column::CreatedAt);
        let newest: Option<Uuid> = twins.into_tuple().one(&self.0).await.map_err(from_db)?;
        Ok(newest.map(PaymentId::new))
    }

    async fn track(
        &self,
        customer: Option<UserId>,
        client: &str,
        currency: Currency,
        now: DateTime<Utc>,
    ) -> Result<Track, RepositoryError> {
        let this_client = || payment::Column::ClientDigest.eq(client);
        let of_client = attempts(&self.0, this_client(), now).await?;
        let client_cards = cards::count(&self.0, this_client(), now).await?;
        let Some(customer) = customer else { return Ok(Track { of_client, client_cards, ..Track::default() }) };
        let this_customer = || payment::Column::UserId.eq(customer.uuid());
        let of_customer = attempts(&self.0, this_customer(), now).await?;
        let cards = cards::count(&self.0, this_customer(), now).await?;
        let paid = payment::Entity::find()
            .select_only()
            .column_as(payment::Column::Id.count(), "count")
            .column_as(payment::Column::Amount.max(), "most")
            .filter(payment::Column::UserId.eq(customer.uuid()))
            .filter(payment::Column::Currency.eq(currency.code()))
            .filter(payment::Column::Status.eq(KnownStatus::Captured.text()));
        let paid: Option<(i64, Option<i64>)> = paid.into_tuple().one(&self.0).await.map_err(from_db)?;
        let paid = paid.and_then(|(times, most)| {
            let count = u32::try_from(times).unwrap_or(u32::MAX);
            Some(PaidBefore { count, most: Money::new(most?, currency) })
        });
        Ok(Track { of_customer, of_client, cards, client_cards, paid })
    }

    async fn note_cards(
        &self,
        payment: PaymentId,
        cards: &[String],
        now: DateTime<Utc>,
    ) -> Result<(), RepositoryError> {
        cards::note(&self.0, payment, cards, now).await
    }

    async fn purge_cards(&self, before: DateTime<Utc>) -> Result<u64, RepositoryError> {
        cards::purge(&self.0, before).await
    }
}

/// The newest attempts of somebody, as far as rules look back.
async fn attempts(
    db: &DatabaseTransaction,
    whose: SimpleExpr,
    now: DateTime<Utc>,
) -> Result<Vec<PastAttempt>, RepositoryError> {
    let rows = payment::Entity::find()
        .select_only()
        .columns([payment::Column::CreatedAt, payment::Column::Status, payment::Column::UnknownSince])
        .filter(whose)
        .filter(payment::Column::CreatedAt.gt(now - Track::WINDOW))
        .order_by_desc(payment::Column::CreatedAt)
        .order_by_desc(payment::Column::Id)
        .limit(Track::MOST);
    let rows: Vec<(DateTime<Utc>, String, Option<DateTime<Utc>>)> = rows.into_tuple().all(db).await.map_err(from_db)?;
    let attempt = |(at, status, unknown_since): (_, String, Option<_>)| {
        Ok(PastAttempt { at, status: KnownStatus::read(&status)?.status(unknown_since.is_some()) })
    };
    rows.into_iter().map(attempt).collect()
}

#[async_trait]
impl WebhookEventRepository for Sql<DatabaseTransaction> {
    async fn insert(&self, event: &ReceivedEvent) -> Result<Applied, RepositoryError> {
        let row = webhook_event::ActiveModel {
            gateway: Set(event.gateway.to_owned()),
            id: Set(event.id.clone()),
            kind: Set(event.kind.clone()),
            payload: Set(event.payload.replace('\0', "\u{fffd}")), // PostgreSQL's texts can't hold it
            received_at: Set(event.received_at),
        };
        let known =
            OnConflict::columns([webhook_event::Column::Gateway, webhook_event::Column::Id]).do_nothing().to_owned();
        let insert = webhook_event::Entity::insert(row).on_conflict(known);
        let inserted = insert.exec_without_returning(&self.0).await.map_err(from_db)?;
        Ok(if inserted == 1 { Applied::Now(()) } else { Applied::Already })
    }
}
