//! A key by which a program acts for a user, within its scopes. The key itself is shown once; what is stored is its digest.

use super::Scopes;
use crate::kernel::{ApiKeyId, UserId};
use chrono::{DateTime, Utc};

/// A key that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// How it begins, so that its owner knows it again.
    pub prefix: String,
    /// Under which it is looked up.
    pub digest: String,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Until when it is good, unless for ever.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What a new key begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// The id it will have.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// Under which it is looked up.
    pub digest: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Until when it is good.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Why there is no new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyRefusal {
    /// It could do nothing.
    NoScope,
    /// It would be over before it began.
    Expired,
}

impl ApiKey {
    /// So many keys a user may have.
    pub const MOST: u64 = 50;

    /// Makes a key.
    ///
    /// # Errors
    /// When it would be good for nothing.
    pub fn issue(new: NewApiKey, now: DateTime<Utc>) -> Result<Self, ApiKeyRefusal> {
        if new.scopes.is_empty() {
            return Err(ApiKeyRefusal::NoScope);
        }
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(ApiKeyRefusal::Expired);
        }
        Ok(Self {
            id: new.id,
            user_id: new.user_id,
            name: new.name,
            prefix: new.prefix,
            digest: new.digest,
            scopes: new.scopes,
            created_at: now,
            last_used_at: None,
            expires_at: new.expires_at,
            revoked_at: None,
        })
    }

    /// Whether it opens anything: neither taken back nor too old.
    #[must_use]
    pub fn is_good(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Scope;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn issue(scopes: &[Scope], expires_at: Option<DateTime<Utc>>) -> Result<ApiKey, ApiKeyRefusal> {
        let new = NewApiKey {
            id: ApiKeyId::new(Uuid::from_u128(1)),
            user_id: UserId::new(Uuid::from_u128(2)),
            name: "Till".to_owned(),
            prefix: "carat_abcdef".to_owned(),
            digest: "d".to_owned(),
            scopes: scopes.iter().copied().collect(),
            expires_at,
        };
        ApiKey::issue(new, now())
    }

    #[test]
    fn a_key_that_could_do_nothing_is_not_made() {
        assert_eq!(issue(&[], None), Err(ApiKeyRefusal::NoScope));
        assert_eq!(issue(&[Scope::SalesRead], Some(now())), Err(ApiKeyRefusal::Expired));
    }

    #[test]
    fn a_key_is_good_until_it_ends_or_is_taken_back() {
        let end = now() + TimeDelta::days(1);
        let key = issue(&[Scope::SalesRead], Some(end)).unwrap();
        assert!(key.is_good(now()) && !key.is_good(end));
        assert!(issue(&[Scope::SalesRead], None).unwrap().is_good(now() + TimeDelta::days(9_999)));
        assert!(!ApiKey { revoked_at: Some(now()), ..key }.is_good(now()));
    }
}
