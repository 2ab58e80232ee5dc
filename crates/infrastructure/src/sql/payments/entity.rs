//! The rows of payments, as they are stored.

use crate::sql::error::corrupt;
use crate::sql::stored::{StoredText, money, stored_as_text};
use application::RepositoryError;
use domain::kernel::{OrderId, PaymentId, UserId};
use domain::payments::{HostedSession, Payment, PaymentMethod, PaymentStatus, Purpose, ReturnUrls};
use uuid::Uuid;

/// Where an attempt stands, as far as it is known. That something is unknown stands in a column of its own, beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownStatus {
    Created,
    Submitted,
    Captured,
    Declined,
    Voided,
}

stored_as_text!(KnownStatus {
    Created = "created",
    Submitted = "submitted",
    Captured = "captured",
    Declined = "declined",
    Voided = "voided",
});

impl KnownStatus {
    fn of(payment: &Payment) -> Self {
        match (payment.status, &payment.session) {
            (PaymentStatus::Created, _) | (PaymentStatus::Unknown, None) => Self::Created,
            (PaymentStatus::Submitted, _) | (PaymentStatus::Unknown, Some(_)) => Self::Submitted,
            (PaymentStatus::Captured, _) => Self::Captured,
            (PaymentStatus::Declined, _) => Self::Declined,
            (PaymentStatus::Voided, _) => Self::Voided,
        }
    }

    /// An end is known, whatever was unknown before.
    const fn status(self, is_unknown: bool) -> PaymentStatus {
        match self {
            Self::Created | Self::Submitted if is_unknown => PaymentStatus::Unknown,
            Self::Created => PaymentStatus::Created,
            Self::Submitted => PaymentStatus::Submitted,
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
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&Payment> for payment::Model {
    fn from(payment: &Payment) -> Self {
        let session = payment.session.as_ref();
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
            status: KnownStatus::read(&row.status)?.status(row.unknown_since.is_some()),
            session: row.session_id.zip(row.session_url).map(|(id, url)| HostedSession { id, url }),
            return_urls: ReturnUrls { success: row.success_url, cancel: row.cancel_url },
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
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
