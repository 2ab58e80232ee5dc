//! Who makes a request, as the database has them at this moment.

use chrono::{DateTime, Utc};
use domain::identity::{Role, SellRefusal};
use domain::kernel::{TokenId, UserId};

/// A signed-in user and the token they came with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    /// Who.
    pub user_id: UserId,
    /// Their role now.
    pub role: Role,
    /// Whether their address is proven.
    pub email_verified: bool,
    /// The token.
    pub token_id: TokenId,
    /// Until when the token is good.
    pub token_expires_at: DateTime<Utc>,
}

impl Caller {
    /// Whether they may sell.
    ///
    /// # Errors
    /// What is missing.
    pub const fn may_sell(&self) -> Result<(), SellRefusal> {
        self.role.may_sell(self.email_verified)
    }
}
