//! The rows of payouts, as they are stored.

use crate::sql::error::corrupt;
use crate::sql::stored::money;
use application::RepositoryError;
use domain::kernel::{PayoutId, UserId};
use domain::payouts::{Payout, PayoutStatus};

pub mod payout {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payouts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub seller_id: Uuid,
        pub amount: i64,
        pub currency: String,
        pub reference: Option<String>,
        pub status: String,
        pub made_by: Uuid,
        pub request_key: String,
        /// Under which reference the ledger has it.
        pub posted_as: String,
        /// And that it came back.
        pub returned_as: Option<String>,
        pub created_at: DateTimeUtc,
        pub failed_at: Option<DateTimeUtc>,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl From<&Payout> for payout::Model {
    fn from(payout: &Payout) -> Self {
        // As the movements of the ledger name themselves.
        let reference = |what: &str| format!("user:{}:{what}:{}", payout.seller_id, payout.id);
        Self {
            id: payout.id.uuid(),
            seller_id: payout.seller_id.uuid(),
            amount: payout.amount.amount(),
            currency: payout.amount.currency().code().to_owned(),
            reference: payout.reference.clone(),
            status: payout.status.name().to_owned(),
            made_by: payout.made_by.uuid(),
            request_key: payout.request_key.clone(),
            posted_as: reference("paid-out"),
            returned_as: (payout.status == PayoutStatus::Failed).then(|| reference("payout-failed")),
            created_at: payout.created_at,
            failed_at: payout.failed_at,
        }
    }
}

impl TryFrom<payout::Model> for Payout {
    type Error = RepositoryError;

    fn try_from(row: payout::Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            id: PayoutId::new(row.id),
            seller_id: UserId::new(row.seller_id),
            amount: money(row.amount, &row.currency)?,
            reference: row.reference,
            status: PayoutStatus::parse(&row.status).ok_or_else(|| corrupt("status of a payout"))?,
            made_by: UserId::new(row.made_by),
            request_key: row.request_key,
            created_at: row.created_at,
            failed_at: row.failed_at,
        })
    }
}
