//! Who makes a request, as the database has them at this moment.

use super::policy::Scopes;
use chrono::{DateTime, Utc};
use domain::identity::Role;
use domain::kernel::{ApiKeyId, SessionId, TokenId, UserId};

/// A signed-in user and what they came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub user_id: UserId,
    /// Their role now.
    pub role: Role,
    /// Whether their address is proven.
    pub email_verified: bool,
    /// What they came with.
    pub credential: Credential,
}

/// What a caller proves themself by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// An access token of a session.
    Session(SessionProof),
    /// An API key, which can do no more than its scopes.
    ApiKey {
        /// Which.
        id: ApiKeyId,
        /// What it may do.
        scopes: Scopes,
    },
}

/// The session behind an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionProof {
    /// Which.
    pub session_id: SessionId,
    /// The token.
    pub token_id: TokenId,
    /// Until when the token is good.
    pub token_expires_at: DateTime<Utc>,
    /// When the user last proved who they are.
    pub proven_at: DateTime<Utc>,
}

impl Caller {
    /// Their session, unless they came with an API key.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionProof> {
        match &self.credential {
            Credential::Session(session) => Some(session),
            Credential::ApiKey { .. } => None,
        }
    }
}
