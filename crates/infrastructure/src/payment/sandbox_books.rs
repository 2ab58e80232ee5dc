//! The sandbox's books: what was paid on its pages. They are in the shop's own database, so that reading them costs nothing.

use crate::sql::SandboxSessions;
use application::ledger::check::books::{BookPage, BooksUnreadable, GatewayBooks, Taken};
use async_trait::async_trait;

/// How much is read at once.
const PAGE: u64 = 500;

/// The books of the sandbox gateway.
pub struct SandboxBooks {
    sessions: SandboxSessions,
}

impl SandboxBooks {
    /// Of these pages.
    #[must_use]
    pub const fn new(sessions: SandboxSessions) -> Self {
        Self { sessions }
    }
}

#[async_trait]
impl GatewayBooks for SandboxBooks {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn keep(&self, session_id: &str) -> bool {
        session_id.starts_with("cs_sandbox_")
    }

    async fn read(&self, from: Option<String>) -> Result<BookPage, BooksUnreadable> {
        let rows = self.sessions.taken(from.as_deref(), PAGE).await;
        let rows = rows.map_err(|error| BooksUnreadable(error.into()))?;
        let is_full = u64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE);
        let next = rows.last().filter(|_| is_full).map(|last| last.session_id.clone());
        let taken = rows.into_iter().map(|row| Taken {
            name: row.session_id,
            payment: row.payment_id,
            amount: row.amount,
            refunded: row.refunded,
        });
        Ok(BookPage { taken: taken.collect(), next })
    }
}
