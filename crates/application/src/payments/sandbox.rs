//! The sandbox gateway as seen from its own page: what is to be paid, and the customer's choice.

use crate::jobs::JobFailure;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::Money;

/// What the customer chose on the sandbox's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SandboxOutcome {
    /// The card is good.
    Succeed,
    /// The bank says no.
    Decline,
    /// Leave without paying.
    Cancel,
}

/// A page of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxSession {
    /// Its id.
    pub id: String,
    /// What is to be paid.
    pub amount: Money,
    /// What it is for, in words.
    pub description: String,
    /// Whether a choice can still be made.
    pub open: bool,
    /// Where to go after paying.
    pub success_url: String,
    /// Where to go otherwise.
    pub cancel_url: String,
}

/// The sandbox's page.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SandboxPage: Send + Sync {
    /// What the page shows; `None` when there is no such page.
    async fn session(&self, id: &str) -> Result<Option<SandboxSession>, RepositoryError>;
    /// Notes the choice, the first one only, and plans the call to our webhook. Answers where the customer goes:
    /// by the choice that counts.
    async fn choose(&self, id: &str, outcome: SandboxOutcome) -> Result<Option<String>, RepositoryError>;
}

/// The sandbox's own calls to our webhook.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SandboxDelivery: Send + Sync {
    /// Calls the webhook about a page, signed as Stripe signs; a call that fails is made again.
    async fn deliver(&self, session_id: &str) -> Result<(), JobFailure>;
}
