//! What the sandbox gateway has taken, as its own tables say.

use super::SandboxSessions;
use super::entity::{sandbox_refund, sandbox_session};
use super::sandbox_sessions::SandboxOutcomeRow;
use crate::sql::error::from_db;
use crate::sql::stored::{StoredText, money};
use application::RepositoryError;
use domain::kernel::{Money, PaymentId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Money that was paid on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxTaken {
    /// The page.
    pub session_id: String,
    /// Whose page it was.
    pub payment_id: PaymentId,
    /// How much was paid.
    pub amount: Money,
    /// How much of it was given back.
    pub refunded: Money,
}

impl SandboxSessions {
    /// So many of the pages that were paid on, by their ids, after this one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn taken(&self, after: Option<&str>, most: u64) -> Result<Vec<SandboxTaken>, RepositoryError> {
        let mut paid = sandbox_session::Entity::find()
            .filter(sandbox_session::Column::Outcome.eq(SandboxOutcomeRow::Paid.text()))
            .order_by_asc(sandbox_session::Column::Id)
            .limit(most);
        if let Some(after) = after {
            paid = paid.filter(sandbox_session::Column::Id.gt(after));
        }
        let pages = paid.all(self.database.reader()).await.map_err(from_db)?;
        let ids = pages.iter().map(|page| page.payment_id);
        let refunds = sandbox_refund::Entity::find().filter(sandbox_refund::Column::PaymentId.is_in(ids));
        let mut given: HashMap<Uuid, i64> = HashMap::new();
        for refund in refunds.all(self.database.reader()).await.map_err(from_db)? {
            *given.entry(refund.payment_id).or_default() += refund.amount;
        }
        let taken = |page: sandbox_session::Model| {
            let refunded = given.get(&page.payment_id).copied().unwrap_or_default();
            Ok(SandboxTaken {
                payment_id: PaymentId::new(page.payment_id),
                amount: money(page.amount, &page.currency)?,
                refunded: money(refunded, &page.currency)?,
                session_id: page.id,
            })
        };
        pages.into_iter().map(taken).collect()
    }
}
