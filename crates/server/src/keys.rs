//! Where the key file is, and who makes it.

use crate::config::{Environment, Settings};
use chrono::{DateTime, TimeDelta, Utc};
use infrastructure::crypto::{KeyFile, KeyFileError, KeyRing, KeySource};
use std::path::PathBuf;
use std::sync::Arc;
use web::public_keys::PublicKeys;

/// How long a key that was replaced is kept at least, whatever tokens it may have signed.
const KEEP: TimeDelta = TimeDelta::days(1);

/// The keys as the web shows them.
pub struct PublishedKeys(pub Arc<KeyFile>);

impl PublicKeys for PublishedKeys {
    fn key_set(&self) -> serde_json::Value {
        self.0.ring().jwks()
    }
}

/// The key file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("JWT_PRIVATE_KEY_FILE: {0}")]
pub struct KeysUnusable(#[from] KeyFileError);

/// Opens the key file, or makes it if it is missing and this is not production.
///
/// # Errors
/// When it can't be read, written or used.
pub fn open(settings: &Settings) -> Result<KeyFile, KeysUnusable> {
    let path = path(settings);
    if settings.environment != Environment::Production {
        KeyFile::create_if_missing(&path)?;
    }
    Ok(KeyFile::open(&path)?)
}

/// Puts a new key in front, and drops those of which no token can be good any more.
///
/// # Errors
/// When the file can't be read, written or used.
pub fn rotate(settings: &Settings, now: DateTime<Utc>) -> Result<KeyRing, KeysUnusable> {
    let lifetime = TimeDelta::minutes(i64::from(settings.security.access_token_minutes));
    Ok(KeyFile::rotate(&path(settings), now, KEEP.max(lifetime))?)
}

fn path(settings: &Settings) -> PathBuf {
    let configured = &settings.security.jwt_private_key_file;
    if configured.is_empty() { settings.data.folder.join("jwt-private-key.pem") } else { configured.into() }
}
