//! Accounts as admins see them.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{Role, User};
use domain::kernel::{Page, PageRequest, UserId};

/// An account with what an admin wants to know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountView {
    /// Whose.
    pub user: User,
    /// When someone last signed in to it, as far back as the security log reaches.
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Whether there is an authenticator app or a passkey.
    pub two_factor: bool,
    /// How many sessions are open.
    pub sessions: u64,
}

/// Which accounts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Words that the address, the name or the name of the shop must have.
    pub text: Option<String>,
    /// Of this role.
    pub role: Option<Role>,
    /// Of this status.
    pub status: Option<AccountStatus>,
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// They may come in.
    Active,
    /// They may, and have not proven their address yet.
    Unverified,
    /// An admin keeps them out.
    Disabled,
    /// The account is gone.
    Deleted,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccountSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// By address.
    EmailAscending,
    /// By address, backwards.
    EmailDescending,
}

/// Reads accounts, outside any transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AccountQueries: Send + Sync {
    /// A page of them.
    async fn list_accounts(
        &self,
        filter: &AccountFilter,
        sort: AccountSort,
        page: &PageRequest,
        now: DateTime<Utc>,
    ) -> Result<Page<AccountView>, RepositoryError>;
    /// One of them.
    async fn find_account(&self, id: UserId, now: DateTime<Utc>) -> Result<Option<AccountView>, RepositoryError>;
}
