//! What users see of their own account.

use super::policy::{self, Allowed};
use super::ports::IdentityQueries;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::identity::User;
use std::sync::Arc;

/// Shows people their own account.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewProfile: Send + Sync {
    /// The caller's account; `None` when it has been deleted since the token was read.
    async fn me(&self, caller: &Allowed<policy::ViewProfile>) -> Result<Option<User>, RepositoryError>;
}

/// The service behind [`ViewProfile`].
pub struct Profile {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
}

#[async_trait]
impl ViewProfile for Profile {
    async fn me(&self, caller: &Allowed<policy::ViewProfile>) -> Result<Option<User>, RepositoryError> {
        self.people.find_user(caller.user_id).await
    }
}
