//! What the sandbox gateway has given back of what was paid on its pages.

use super::SandboxSessions;
use super::entity::sandbox_refund::{ActiveModel, Column, Entity};
use super::entity::sandbox_session;
use crate::sql::OWN;
use crate::sql::error::from_db;
use application::RepositoryError;
use chrono::{DateTime, Utc};
use domain::kernel::{Money, PaymentId, RefundId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

/// Money that goes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxRefund {
    /// The sandbox's id for it.
    pub id: String,
    /// Ours; none is given back twice.
    pub refund_id: RefundId,
    /// The payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: Money,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl SandboxSessions {
    /// Gives back, once for each refund, and no more than was paid; answers the id, `None` when there is not so much.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn give_back(&self, refund: SandboxRefund) -> Result<Option<String>, RepositoryError> {
        let tx = self.database.transactor().open().await?;
        let of_payment = sandbox_session::Column::PaymentId.eq(refund.payment_id.uuid());
        let page = sandbox_session::Entity::find().filter(of_payment).lock(OWN).one(&tx.0).await.map_err(from_db)?;
        let paid = page.filter(|page| page.outcome.as_deref() == Some("paid")).map_or(0, |page| page.amount);
        let earlier = Entity::find().filter(Column::PaymentId.eq(refund.payment_id.uuid()));
        let earlier = earlier.all(&tx.0).await.map_err(from_db)?;
        if let Some(known) = earlier.iter().find(|row| row.refund_id == refund.refund_id.uuid()) {
            return Ok(Some(known.id.clone()));
        }
        let given: i64 = earlier.iter().map(|row| row.amount).sum();
        if given.saturating_add(refund.amount.amount()) > paid {
            return Ok(None);
        }
        let row = ActiveModel {
            id: Set(refund.id.clone()),
            refund_id: Set(refund.refund_id.uuid()),
            payment_id: Set(refund.payment_id.uuid()),
            amount: Set(refund.amount.amount()),
            currency: Set(refund.amount.currency().code().to_owned()),
            created_at: Set(refund.created_at),
        };
        Entity::insert(row).exec_without_returning(&tx.0).await.map_err(from_db)?;
        tx.close().await?;
        Ok(Some(refund.id))
    }
}
