//! The sections of the settings, as they stand in the files. Secrets don't show themselves in log lines.

use infrastructure::crypto::PasswordHashing;
use serde::Deserialize;
use std::path::PathBuf;

/// The HTTP server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub public_url: String,
    pub trusted_proxies: Vec<String>,
    pub cors_origins: Vec<String>,
    pub rate_limit_per_minute: u32,
    pub rate_limit_per_user_per_minute: u32,
    pub sign_in_rate_limit_per_minute: Option<u32>,
    pub metrics_token: String,
}

/// The database.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    pub url: String,
    pub max_connections: u32,
}

/// The shop itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    pub name: String,
    pub currency: String,
    pub demo: bool,
}

/// Files.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    pub folder: PathBuf,
}

/// Sign-in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    pub jwt_private_key_file: String,
    pub access_token_minutes: u32,
    pub session_days: u32,
    /// For how many days the security log is kept.
    pub log_days: u32,
    pub password_hash: PasswordHash,
    pub bcrypt_cost: u32,
}

/// How new passwords are hashed. Whatever was hashed before is still verified, and hashed anew at its next login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PasswordHash {
    Bcrypt,
    Argon2id,
}

/// The first admin.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    pub email: String,
    pub password: String,
}

/// Log lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub filter: String,
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl std::fmt::Debug for Admin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Admin").field("email", &self.email).finish_non_exhaustive()
    }
}

impl Security {
    /// How new passwords are hashed.
    pub const fn password_hashing(&self) -> PasswordHashing {
        match self.password_hash {
            PasswordHash::Bcrypt => PasswordHashing::Bcrypt { cost: self.bcrypt_cost },
            PasswordHash::Argon2id => PasswordHashing::Argon2id,
        }
    }
}
