//! What stands in front of the denylist: the refused tokens that this process has met.

use application::identity::ports::RevokedTokens;
use domain::kernel::TokenId;
use moka::sync::Cache;
use std::time::Duration;

/// So many tokens at the most, the least used forgotten first: some ten megabytes.
const CAPACITY: u64 = 100_000;

/// Remembers refused tokens in memory, each for as long as any token is good.
pub struct MemoryRevokedTokens(Cache<TokenId, ()>);

impl MemoryRevokedTokens {
    /// For access tokens that are good for `lifetime`: a token that is older is refused by its own words.
    #[must_use]
    pub fn new(lifetime: Duration) -> Self {
        Self(Cache::builder().max_capacity(CAPACITY).time_to_live(lifetime).build())
    }
}

impl RevokedTokens for MemoryRevokedTokens {
    fn remember(&self, token: TokenId) {
        self.0.insert(token, ());
    }

    fn knows(&self, token: TokenId) -> bool {
        self.0.contains_key(&token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_was_refused_is_known_and_nothing_else() {
        let revoked = MemoryRevokedTokens::new(Duration::from_secs(900));
        let [met, other] = [TokenId::new(Uuid::from_u128(1)), TokenId::new(Uuid::from_u128(2))];
        revoked.remember(met);
        assert!(revoked.knows(met));
        assert!(!revoked.knows(other));
    }

    #[test]
    fn a_token_is_forgotten_once_it_would_be_too_old_by_itself() {
        let revoked = MemoryRevokedTokens::new(Duration::ZERO);
        revoked.remember(TokenId::new(Uuid::from_u128(1)));
        assert!(!revoked.knows(TokenId::new(Uuid::from_u128(1))));
    }
}
