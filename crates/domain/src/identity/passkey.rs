//! Passkeys: keys on people's own devices that sign them in without a password.
//!
//! What a device signs is checked by an adapter (WebAuthn), which keeps what it needs to know of a key as a text of its own.

use crate::kernel::{PasskeyId, UserId};
use chrono::{DateTime, Utc};

/// The name that a device gave its key (base64url). No other account may register the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialId(pub String);

/// What the checking library keeps of a key: public key, signature counter and how it was made, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyMaterial(pub String);

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its id.
    pub id: PasskeyId,
    /// Whose.
    pub user_id: UserId,
    /// What its device calls it.
    pub credential_id: CredentialId,
    /// What is needed to check its signatures.
    pub material: PasskeyMaterial,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it last signed somebody in.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl Passkey {
    /// How many an account may have.
    pub const LIMIT: usize = 20;

    /// Notes that it signed somebody in, with what its device told anew (its counter).
    pub fn used(&mut self, material: PasskeyMaterial, now: DateTime<Utc>) {
        self.material = material;
        self.last_used_at = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_use_keeps_what_the_device_told_and_when() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut passkey = Passkey {
            id: PasskeyId::new(Uuid::nil()),
            user_id: UserId::new(Uuid::nil()),
            credential_id: CredentialId("id".to_owned()),
            material: PasskeyMaterial("counter 1".to_owned()),
            name: "Laptop".to_owned(),
            created_at: now,
            last_used_at: None,
        };
        passkey.used(PasskeyMaterial("counter 2".to_owned()), now);
        assert_eq!((passkey.material.0.as_str(), passkey.last_used_at), ("counter 2", Some(now)));
    }
}
