//! Reading the security log.

use super::ports::{LoggedEvent, SecurityLogFilter, SecurityLogQueries};
use crate::identity::Allowed;
use crate::identity::policy::ReadSecurityLog;
use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use domain::kernel::{Page, PageRequest};
use std::sync::Arc;

/// Shows the security log.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ViewSecurityLog: Send + Sync {
    /// A page of it, the newest first.
    async fn list(
        &self,
        caller: &Allowed<ReadSecurityLog>,
        filter: &SecurityLogFilter,
        page: &PageRequest,
    ) -> Result<Page<LoggedEvent>, RepositoryError>;
}

/// The service behind [`ViewSecurityLog`].
pub struct SecurityLogDesk {
    /// Reads it.
    pub log: Arc<dyn SecurityLogQueries>,
}

#[async_trait]
impl ViewSecurityLog for SecurityLogDesk {
    async fn list(
        &self,
        _: &Allowed<ReadSecurityLog>,
        filter: &SecurityLogFilter,
        page: &PageRequest,
    ) -> Result<Page<LoggedEvent>, RepositoryError> {
        self.log.list_events(filter, page).await
    }
}
