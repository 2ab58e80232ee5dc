//! The rows of outgoing webhooks, as they are stored.

use crate::sql::error::corrupt;
use crate::sql::stored::{StoredTexts, count};
use application::RepositoryError;
use chrono::TimeDelta;
use domain::kernel::{UserId, WebhookDeliveryId, WebhookId};
use domain::webhooks::{
    Attempt, Delivery, DeliveryStatus, DisableReason, Disabled, Endpoint, EventKind, Fault, Outcome, Owner,
    PreviousSecret,
};
use uuid::Uuid;

pub mod webhook {
    use crate::sql::stored::StoredTexts;
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhooks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub seller_id: Option<Uuid>,
        pub created_by: Uuid,
        pub url: String,
        pub description: Option<String>,
        #[sea_orm(column_type = "JsonBinary")]
        pub events: StoredTexts,
        pub secret: String,
        pub previous_secret: Option<String>,
        pub previous_secret_until: Option<DateTimeUtc>,
        pub disabled_at: Option<DateTimeUtc>,
        pub disabled_reason: Option<String>,
        pub failing_since: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_deliveries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub webhook_id: Uuid,
        pub event_id: Uuid,
        pub kind: String,
        pub payload: String,
        pub status: String,
        pub tries: i64,
        pub next_attempt_at: Option<DateTimeUtc>,
        /// Until when it is its claimer's; none while nobody has it.
        pub claimed_until: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod attempt {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_attempts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub delivery_id: Uuid,
        pub at: DateTimeUtc,
        pub took_ms: i32,
        pub status_code: Option<i32>,
        pub fault: Option<String>,
        pub answer: Option<String>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&Endpoint> for webhook::Model {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.uuid(),
            seller_id: endpoint.owner.seller().map(UserId::uuid),
            created_by: endpoint.created_by.uuid(),
            url: endpoint.url.clone(),
            description: endpoint.description.clone(),
            events: StoredTexts(endpoint.events.iter().map(|kind| kind.name().to_owned()).collect()),
            secret: endpoint.secret.clone(),
            previous_secret: endpoint.previous_secret.as_ref().map(|previous| previous.sealed.clone()),
            previous_secret_until: endpoint.previous_secret.as_ref().map(|previous| previous.until),
            disabled_at: endpoint.disabled.map(|disabled| disabled.at),
            disabled_reason: endpoint.disabled.map(|disabled| disabled.reason.name().to_owned()),
            failing_since: endpoint.failing_since,
            created_at: endpoint.created_at,
            updated_at: endpoint.updated_at,
        }
    }
}

impl TryFrom<webhook::Model> for Endpoint {
    type Error = RepositoryError;

    fn try_from(row: webhook::Model) -> Result<Self, RepositoryError> {
        let previous_secret = match (row.previous_secret, row.previous_secret_until) {
            (Some(sealed), Some(until)) => Some(PreviousSecret { sealed, until }),
            _ => None,
        };
        let disabled = match (row.disabled_at, row.disabled_reason.as_deref()) {
            (Some(at), Some(reason)) => {
                let reason = DisableReason::parse(reason).ok_or_else(|| corrupt("reason of a webhook"))?;
                Some(Disabled { at, reason })
            }
            _ => None,
        };
        Ok(Self {
            id: WebhookId::new(row.id),
            owner: row.seller_id.map_or(Owner::Platform, |seller| Owner::Seller(UserId::new(seller))),
            created_by: UserId::new(row.created_by),
            url: row.url,
            description: row.description,
            // A kind that this version doesn't know can't happen here.
            events: row.events.0.iter().filter_map(|name| EventKind::parse(name)).collect(),
            secret: row.secret,
            previous_secret,
            disabled,
            failing_since: row.failing_since,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl From<&Delivery> for delivery::Model {
    fn from(delivery: &Delivery) -> Self {
        Self {
            id: delivery.id.uuid(),
            webhook_id: delivery.endpoint_id.uuid(),
            event_id: delivery.event_id,
            kind: delivery.kind.name().to_owned(),
            payload: delivery.payload.clone(),
            status: delivery.status.name().to_owned(),
            tries: i64::from(delivery.tries),
            next_attempt_at: delivery.next_attempt_at,
            claimed_until: None,
            created_at: delivery.created_at,
            updated_at: delivery.updated_at,
        }
    }
}

impl TryFrom<delivery::Model> for Delivery {
    type Error = RepositoryError;

    fn try_from(row: delivery::Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: WebhookDeliveryId::new(row.id),
            endpoint_id: WebhookId::new(row.webhook_id),
            event_id: row.event_id,
            kind: EventKind::parse(&row.kind).ok_or_else(|| corrupt("kind of an event"))?,
            payload: row.payload,
            status: DeliveryStatus::parse(&row.status).ok_or_else(|| corrupt("status of a delivery"))?,
            tries: count(row.tries)?,
            next_attempt_at: row.next_attempt_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// The row of a try.
pub fn row_of(delivery: Uuid, attempt: &Attempt) -> attempt::Model {
    let (status_code, fault, answer) = match &attempt.outcome {
        // PostgreSQL's texts can't hold a NUL.
        Outcome::Answered { status, body } => (Some(i32::from(*status)), None, Some(body.replace('\0', "\u{fffd}"))),
        Outcome::Fault(fault) => (None, Some(fault.name().to_owned()), None),
    };
    attempt::Model {
        id: attempt.id,
        delivery_id: delivery,
        at: attempt.at,
        took_ms: i32::try_from(attempt.took.num_milliseconds().max(0)).unwrap_or(i32::MAX),
        status_code,
        fault,
        answer,
    }
}

impl TryFrom<attempt::Model> for Attempt {
    type Error = RepositoryError;

    fn try_from(row: attempt::Model) -> Result<Self, RepositoryError> {
        let outcome = match (row.status_code, row.fault) {
            (Some(status), _) => Outcome::Answered {
                status: u16::try_from(status).map_err(|_| corrupt("status of an answer"))?,
                body: row.answer.unwrap_or_default(),
            },
            (None, fault) => {
                let fault = fault.as_deref().and_then(Fault::parse);
                Outcome::Fault(fault.ok_or_else(|| corrupt("fault of a try"))?)
            }
        };
        Ok(Self { id: row.id, at: row.at, took: TimeDelta::milliseconds(i64::from(row.took_ms)), outcome })
    }
}
