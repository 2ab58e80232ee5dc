//! The rows of payments, as they are stored.

use crate::sql::error::corrupt;
use crate::sql::stored::{StoredText, money, stored_as_text};
use application::RepositoryError;
use chrono::{DateTime, Utc};
use domain::kernel::{OrderId, PaymentId, UserId};
use domain::payments::{
    Asked, HostedSession, Payment, PaymentMethod, PaymentStatus, Purpose, ReturnUrls, Review, ReviewStatus,
};
use uuid::Uuid;

/// Where an attempt stands, as far as it is known. That something is unknown stands in a column of its own, beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownStatus {
    Created,
    Submitted,
    Authorized,
    Captured,
    Declined,
    Voided,
}

stored_as_text!(KnownStatus {
    Created = "created",
    Submitted = "submitted",
    Authorized = "authorized",
    Captured = "captured",
    Declined = "declined",
    Voided = "voided",
});

impl KnownStatus {
    fn of(payment: &Payment) -> Self {
        match (payment.status, &payment.session) {
            (PaymentStatus::Created, _) | (PaymentStatus::Unknown, None) => Self::Created,
            (PaymentStatus::Submitted, _) | (PaymentStatus::Unknown, Some(_)) => Self::Submitted,
            (PaymentStatus::Authorized, _) => Self::Authorized,
            (PaymentStatus::Captured, _) => Self::Captured,
            (PaymentStatus::Declined, _) => Self::Declined,
            (PaymentStatus::Voided, _) => Self::Voided,
        }
    }

    /// As which a status is told of in lists: unknown is what is not known to have ended.
    pub const fn told_of(status: PaymentStatus) -> Self {
        match status {
            PaymentStatus::Created => Self::Created,
            PaymentStatus::Submitted | PaymentStatus::Unknown => Self::Submitted,
            PaymentStatus::Authorized => Self::Authorized,
            PaymentStatus::Captured => Self::Captured,
            PaymentStatus::Declined => Self::Declined,
            PaymentStatus::Voided => Self::Voided,
        }
    }

    /// An end, or a promise, is known, whatever was unknown before.
    pub const fn status(self, is_unknown: bool) -> PaymentStatus {
        match self {
            Self::Created | Self::Submitted if is_unknown => PaymentStatus::Unknown,
            Self::Created => PaymentStatus::Created,
            Self::Submitted => PaymentStatus::Submitted,
            Self::Authorized => PaymentStatus::Authorized,
            Self::Captured => PaymentStatus::Captured,
            Self::Declined => PaymentStatus::Declined,
            Self::Voided => PaymentStatus::Voided,
        }
    }
}

pub mod payment {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub order_id: Option<Uuid>,
        pub user_id: Option<Uuid>,
        pub amount: i64,
        pub currency: String,
        pub status: String,
        pub session_id: Option<String>,
        pub session_url: Option<String>,
        pub success_url: String,
        pub cancel_url: String,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
        pub unknown_since: Option<DateTimeUtc>,
        pub method: String,
        pub description: Option<String>,
        pub request_key: Option<String>,
        pub client_digest: Option<String>,
        pub held_reasons: Option<String>,
        pub review: Option<String>,
        pub reviewed_by: Option<Uuid>,
        pub reviewed_at: Option<DateTimeUtc>,
        /// Counted where money is given back, and never written with the rest.
        pub refunded_amount: i64,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod webhook_event {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_events")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub gateway: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub kind: String,
        pub payload: String,
        pub received_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod sandbox_session {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sandbox_sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub payment_id: Uuid,
        pub amount: i64,
        pub currency: String,
        pub description: String,
        pub success_url: String,
        pub cancel_url: String,
        pub outcome: Option<String>,
        pub created_at: DateTimeUtc,
        pub held: bool,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod sandbox_refund {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sandbox_refunds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub refund_id: Uuid,
        pub payment_id: Uuid,
        pub amount: i64,
        pub currency: String,
        pub created_at: DateTimeUtc,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&Payment> for payment::Model {
    fn from(payment: &Payment) -> Self {
        let (session, review) = (payment.session.as_ref(), payment.review.as_ref());
        Self {
            id: payment.id.uuid(),
            order_id: payment.purpose.order().map(OrderId::uuid),
            user_id: payment.purpose.customer().map(UserId::uuid),
            amount: payment.amount.amount(),
            currency: payment.amount.currency().code().to_owned(),
            status: KnownStatus::of(payment).text().to_owned(),
            session_id: session.map(|session| session.id.clone()),
            session_url: session.map(|session| session.url.clone()),
            success_url: payment.return_urls.success.clone(),
            cancel_url: payment.return_urls.cancel.clone(),
            created_at: payment.created_at,
            updated_at: payment.updated_at,
            unknown_since: (payment.status == PaymentStatus::Unknown).then_some(payment.updated_at),
            method: payment.method.name().to_owned(),
            description: payment.asked.description.clone(),
            request_key: payment.asked.key.clone(),
            client_digest: payment.asked.client.clone(),
            held_reasons: review.map(|review| review.reasons.join(" ")),
            review: review.map(|review| review.status.name().to_owned()),
            reviewed_by: review.and_then(|review| review.by).map(UserId::uuid),
            reviewed_at: review.and_then(|review| review.at),
            refunded_amount: payment.refunded.amount(),
        }
    }
}

impl TryFrom<payment::Model> for Payment {
    type Error = RepositoryError;

    fn try_from(row: payment::Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: PaymentId::new(row.id),
            purpose: purpose(row.order_id, row.user_id)?,
            method: PaymentMethod::parse(&row.method).ok_or_else(|| corrupt("method of a payment"))?,
            amount: money(row.amount, &row.currency)?,
            refunded: money(row.refunded_amount, &row.currency)?,
            status: KnownStatus::read(&row.status)?.status(row.unknown_since.is_some()),
            session: row.session_id.zip(row.session_url).map(|(id, url)| HostedSession { id, url }),
            return_urls: ReturnUrls { success: row.success_url, cancel: row.cancel_url },
            asked: Asked { key: row.request_key, client: row.client_digest, description: row.description },
            review: review(row.held_reasons, row.review, row.reviewed_by, row.reviewed_at)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn review(
    reasons: Option<String>,
    status: Option<String>,
    by: Option<Uuid>,
    at: Option<DateTime<Utc>>,
) -> Result<Option<Review>, RepositoryError> {
    let Some((reasons, status)) = reasons.zip(status) else { return Ok(None) };
    let reasons = reasons.split_whitespace().map(str::to_owned).collect();
    let status = ReviewStatus::parse(&status).ok_or_else(|| corrupt("review of a payment"))?;
    Ok(Some(Review { reasons, status, by: by.map(UserId::new), at }))
}

fn purpose(order: Option<Uuid>, customer: Option<Uuid>) -> Result<Purpose, RepositoryError> {
    match (order, customer) {
        (Some(order), customer) => {
            Ok(Purpose::Order { order: OrderId::new(order), customer: customer.map(UserId::new) })
        }
        (None, Some(customer)) => Ok(Purpose::TopUp { customer: UserId::new(customer) }),
        (None, None) => Err(corrupt("payment for nothing, by nobody")),
    }
}
