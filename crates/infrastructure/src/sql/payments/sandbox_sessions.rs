//! What the sandbox gateway keeps of its pages. It plays a company elsewhere, so it reads nothing of our payments.

use super::entity::sandbox_session::{ActiveModel, Column, Entity, Model};
use crate::sql::Database;
use crate::sql::error::{corrupt, from_db};
use crate::sql::stored::{StoredText, money, stored_as_text};
use application::RepositoryError;
use application::jobs::{Job, JobQueue};
use chrono::{DateTime, Utc};
use domain::kernel::{Money, PaymentId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// How a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SandboxOutcomeRow {
    /// The customer paid.
    Paid,
    /// The bank promised the money, and waits to be asked for it.
    Authorized,
    /// The bank refused.
    Declined,
    /// The customer left, or we closed the page.
    Closed,
}

stored_as_text!(SandboxOutcomeRow { Paid = "paid", Authorized = "authorized", Declined = "declined", Closed = "closed" });

/// A page as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxSessionRow {
    /// Its id.
    pub id: String,
    /// Whose page it is; no payment has two.
    pub payment_id: PaymentId,
    /// What is to be paid.
    pub amount: Money,
    /// What it is for, in words.
    pub description: String,
    /// Where to go after paying.
    pub success_url: String,
    /// Where to go otherwise.
    pub cancel_url: String,
    /// Whether the bank only promises the money.
    pub held: bool,
    /// How it ended; `None` while it is open.
    pub outcome: Option<SandboxOutcomeRow>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// The sandbox gateway's pages.
#[derive(Debug, Clone)]
pub struct SandboxSessions {
    pub(super) database: Database,
}

impl SandboxSessions {
    /// In this database.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }

    /// Opens a page as given, or answers the one that the payment has already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(&self, new: SandboxSessionRow) -> Result<SandboxSessionRow, RepositoryError> {
        let payment = new.payment_id;
        let row = ActiveModel {
            id: Set(new.id),
            payment_id: Set(payment.uuid()),
            amount: Set(new.amount.amount()),
            currency: Set(new.amount.currency().code().to_owned()),
            description: Set(new.description),
            success_url: Set(new.success_url),
            cancel_url: Set(new.cancel_url),
            outcome: Set(new.outcome.map(|outcome| outcome.text().to_owned())),
            created_at: Set(new.created_at),
            held: Set(new.held),
        };
        let there = OnConflict::column(Column::PaymentId).do_nothing().to_owned();
        let insert = Entity::insert(row).on_conflict(there);
        insert.exec_without_returning(self.database.writer()).await.map_err(from_db)?;
        let found = Entity::find().filter(Column::PaymentId.eq(payment.uuid())).one(self.database.writer()).await;
        found.map_err(from_db)?.ok_or_else(|| corrupt("a page that was just opened is gone"))?.try_into()
    }

    /// The page with this id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, id: &str) -> Result<Option<SandboxSessionRow>, RepositoryError> {
        by_id(self.database.reader(), id).await
    }

    /// Ends a page, unless it has ended; the first decision also plans the call to our webhook. Answers how the page
    /// stands now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decide(
        &self,
        id: &str,
        outcome: SandboxOutcomeRow,
        now: DateTime<Utc>,
    ) -> Result<Option<SandboxSessionRow>, RepositoryError> {
        match self.find(id).await? {
            Some(open) if open.outcome.is_none() => {}
            other => return Ok(other),
        }
        let tx = self.database.transactor().open().await?;
        let update = Entity::update_many()
            .col_expr(Column::Outcome, Expr::value(outcome.text()))
            .filter(Column::Id.eq(id))
            .filter(Column::Outcome.is_null());
        if update.exec(&tx.0).await.map_err(from_db)?.rows_affected == 1 {
            tx.push(Job::DeliverSandboxEvent { session_id: id.to_owned() }, now).await?;
        }
        let row = by_id(&tx.0, id).await?;
        tx.close().await?;
        Ok(row)
    }
}

impl SandboxSessions {
    /// What becomes of money that was promised: it is taken, or let go, once. Answers how the page stands now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_promise(
        &self,
        id: &str,
        outcome: SandboxOutcomeRow,
    ) -> Result<Option<SandboxSessionRow>, RepositoryError> {
        let update = Entity::update_many()
            .col_expr(Column::Outcome, Expr::value(outcome.text()))
            .filter(Column::Id.eq(id))
            .filter(Column::Outcome.eq(SandboxOutcomeRow::Authorized.text()));
        update.exec(self.database.writer()).await.map_err(from_db)?;
        by_id(self.database.writer(), id).await
    }
}

async fn by_id<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<SandboxSessionRow>, RepositoryError> {
    if id.contains('\0') {
        return Ok(None); // PostgreSQL's texts can't hold it, so none has it
    }
    let row = Entity::find_by_id(id).one(db).await.map_err(from_db)?;
    row.map(SandboxSessionRow::try_from).transpose()
}

impl TryFrom<Model> for SandboxSessionRow {
    type Error = RepositoryError;

    fn try_from(row: Model) -> Result<Self, RepositoryError> {
        Ok(Self {
            payment_id: PaymentId::new(row.payment_id),
            amount: money(row.amount, &row.currency)?,
            outcome: row.outcome.as_deref().map(SandboxOutcomeRow::read).transpose()?,
            id: row.id,
            description: row.description,
            success_url: row.success_url,
            cancel_url: row.cancel_url,
            held: row.held,
            created_at: row.created_at,
        })
    }
}
