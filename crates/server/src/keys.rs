//! The signing key: read from its file, or made at the first start where that is allowed.

use crate::config::{Environment, Settings};
use infrastructure::crypto::{KeyError, SigningKey};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file can't be read or written.
    #[error("JWT_PRIVATE_KEY_FILE: {path}: {source}")]
    File { path: PathBuf, source: io::Error },
    /// What stands in it is no key.
    #[error("JWT_PRIVATE_KEY_FILE: {path}: {source}")]
    Key { path: PathBuf, source: KeyError },
}

/// Reads the key, or makes it if its file is missing and this is not production.
///
/// # Errors
/// When it can't be read, written or used.
pub fn signing_key(settings: &Settings) -> Result<SigningKey, KeyFileError> {
    let configured = &settings.security.jwt_private_key_file;
    let path = if configured.is_empty() { settings.data.folder.join("jwt-private-key.pem") } else { configured.into() };
    let missing = matches!(fs::exists(&path), Ok(false));
    if missing && settings.environment != Environment::Production {
        let pem = SigningKey::generate_pem().map_err(|source| KeyFileError::Key { path: path.clone(), source })?;
        write_private(&path, &pem).map_err(|source| KeyFileError::File { path: path.clone(), source })?;
        tracing::info!(path = %path.display(), "made a signing key");
    }
    let pem = fs::read_to_string(&path).map_err(|source| KeyFileError::File { path: path.clone(), source })?;
    SigningKey::from_pem(&pem).map_err(|source| KeyFileError::Key { path, source })
}

/// Writes a file that only its owner can read, whole or not at all; if another process was faster, its file stays.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(format!("{}.part", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(&aside)?, text.as_bytes())?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}
