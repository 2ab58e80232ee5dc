//! The file with the shop's keys, which several nodes may share. It is read again when it has changed, so that a rotation
//! needs no restart and signs nobody out; as long as it can't be read, the keys that were read before stay in use.

use super::{KeyError, KeyRing, KeySource, SigningKey};
use chrono::{DateTime, TimeDelta, Utc};
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The keys in a file.
pub struct KeyFile {
    path: PathBuf,
    ring: RwLock<Arc<KeyRing>>,
    last_look: Mutex<Look>,
}

/// When the file was looked at, and what it looked like.
struct Look {
    at: Instant,
    stamp: Option<Stamp>,
}

/// What changes whenever a file is written, replaced, or given to someone else.
#[derive(PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    #[cfg(unix)]
    inode_and_change: (u64, i64, i64),
}

/// Why a key file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It can't be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What stands in it are no keys.
    #[error("{path}: {source}")]
    Keys {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        source: KeyError,
    },
}

impl KeyFile {
    /// Reads the file.
    ///
    /// # Errors
    /// When it can't be read, or holds no keys.
    pub fn open(path: &Path) -> Result<Self, KeyFileError> {
        let stamp = stamp(path); // before the text: what is written in between is read at the next look
        let ring = RwLock::new(Arc::new(read(path)?));
        Ok(Self { path: path.to_owned(), ring, last_look: Mutex::new(Look { at: Instant::now(), stamp }) })
    }

    /// Makes the file with one key and nothing else, as any tool would write it, unless it is there.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn create_if_missing(path: &Path) -> Result<(), KeyFileError> {
        if !matches!(fs::exists(path), Ok(false)) {
            return Ok(());
        }
        let text = SigningKey::generate_pem().map_err(|source| KeyFileError::Keys { path: path.to_owned(), source })?;
        write_once(path, &text).map_err(|source| KeyFileError::File { path: path.to_owned(), source })?;
        tracing::info!(path = %path.display(), "made a signing key");
        Ok(())
    }

    /// Puts a new key in front, and drops those that were replaced longer than `keep` ago. The file is whole at any moment.
    ///
    /// # Errors
    /// When it can't be read or written; then it is as it was.
    pub fn rotate(path: &Path, now: DateTime<Utc>, keep: TimeDelta) -> Result<KeyRing, KeyFileError> {
        let failed = |source| KeyFileError::File { path: path.to_owned(), source };
        let path = fs::canonicalize(path).map_err(failed)?; // a link stays a link
        let keys_failed = |source| KeyFileError::Keys { path: path.clone(), source };
        let aside = Aside::claim(&path).map_err(failed)?;
        let text = read(&path)?.rotated(now, keep).map_err(keys_failed)?;
        let ring = KeyRing::parse(&text).map_err(keys_failed)?;
        aside.replace(&path, &text).map_err(failed)?;
        Ok(ring)
    }

    fn present(&self) -> Arc<KeyRing> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn look(&self, last: &mut Look) {
        let stamp = stamp(&self.path);
        last.at = Instant::now();
        if stamp == last.stamp {
            return;
        }
        last.stamp = stamp; // even if it can't be read: another try is worth nothing until it changes again
        match read(&self.path) {
            Ok(ring) => {
                tracing::info!(path = %self.path.display(), kid = ring.newest().id, "the signing keys have changed");
                *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
            }
            Err(error) => {
                tracing::warn!(%error, "the key file has changed and can't be used; the old keys stay in use");
            }
        }
    }
}

impl KeySource for KeyFile {
    fn ring(&self) -> Arc<KeyRing> {
        // Whoever finds another looking takes what is there, and does not wait.
        if let Ok(mut last) = self.last_look.try_lock()
            && last.at.elapsed() >= LOOK_EVERY
        {
            self.look(&mut last);
        }
        self.present()
    }

    fn latest(&self) -> Arc<KeyRing> {
        self.look(&mut unpoisoned(&self.last_look));
        self.present()
    }
}

/// The new text of a key file beside it, which nobody else can be writing.
struct Aside {
    path: PathBuf,
    file: File,
}

impl Aside {
    fn claim(target: &Path) -> io::Result<Self> {
        let mut name = target.as_os_str().to_owned();
        name.push(".rotating");
        let path = PathBuf::from(name);
        let file = private_file().create_new(true).open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => {
                let text = format!("{} is there: another rotation is under way; if not, remove it", path.display());
                io::Error::new(error.kind(), text)
            }
            _ => error,
        })?;
        Ok(Self { path, file })
    }

    fn replace(mut self, target: &Path, text: &str) -> io::Result<()> {
        self.file.write_all(text.as_bytes())?;
        give_to_owner_of(target, &self.file)?;
        self.file.sync_all()?;
        fs::rename(&self.path, target)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok(); // after a rename it is gone already
    }
}

fn read(path: &Path) -> Result<KeyRing, KeyFileError> {
    let text = fs::read_to_string(path).map_err(|source| KeyFileError::File { path: path.to_owned(), source })?;
    let ring = KeyRing::parse(&text).map_err(|source| KeyFileError::Keys { path: path.to_owned(), source })?;
    if ring.hangs_on_its_oldest_key() {
        tracing::warn!(
            path = %path.display(),
            "the key file has several keys and no master secret: `carat keys rotate` writes it; until then keep the oldest key"
        );
    }
    Ok(ring)
}

/// Writes a file that only its owner can read, whole or not at all; if another process was faster, its file stays.
fn write_once(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension(format!("{}.part", std::process::id()));
    private_file().create(true).truncate(true).open(&aside)?.write_all(text.as_bytes())?;
    let linked = fs::hard_link(&aside, path);
    fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn give_to_owner_of(target: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (owner, ours) = (fs::metadata(target)?, file.metadata()?);
    if (owner.uid(), owner.gid()) == (ours.uid(), ours.gid()) {
        return Ok(());
    }
    fchown(file, Some(owner.uid()), Some(owner.gid()))
}

#[cfg(not(unix))]
fn give_to_owner_of(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp {
        length: metadata.len(),
        modified: metadata.modified().ok(),
        #[cfg(unix)]
        inode_and_change: inode_and_change(&metadata),
    })
}

#[cfg(unix)]
fn inode_and_change(metadata: &Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

fn unpoisoned(look: &Mutex<Look>) -> MutexGuard<'_, Look> {
    look.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::signing_key::tests::PEM;
    use super::*;
    use tempfile::TempDir;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn rotate(path: &Path) -> KeyRing {
        KeyFile::rotate(path, now(), TimeDelta::days(1)).unwrap()
    }

    /// A file with the one key that all tests share.
    pub fn file() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.pem");
        fs::write(&path, PEM.as_str()).unwrap();
        (folder, path)
    }

    #[test]
    fn a_rotation_is_noticed_without_a_restart() {
        let (_folder, path) = file();
        let keys = KeyFile::open(&path).unwrap();
        let before = keys.ring().newest().id.clone();
        let rotated = rotate(&path);
        unpoisoned(&keys.last_look).at = Instant::now(); // making a key may have taken longer than a look lasts
        assert_eq!(keys.ring().newest().id, before, "it was looked at a moment ago");
        assert_eq!(keys.latest().newest().id, rotated.newest().id);
        assert_eq!(keys.ring().newest().id, rotated.newest().id);
        assert!(keys.ring().find(&before).is_some());
        let again = rotate(&path);
        unpoisoned(&keys.last_look).at = Instant::now().checked_sub(LOOK_EVERY).unwrap();
        assert_eq!(keys.ring().newest().id, again.newest().id, "it is looked at again after a while");
    }

    #[test]
    fn a_file_that_is_away_or_spoilt_leaves_the_old_keys_in_use() {
        let (_folder, path) = file();
        let keys = KeyFile::open(&path).unwrap();
        let before = keys.ring().newest().id.clone();
        for text in ["", "nonsense", PEM.split_at(100).0] {
            fs::write(&path, text).unwrap();
            assert_eq!(keys.latest().newest().id, before);
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(keys.latest().newest().id, before);
        fs::write(&path, PEM.as_str()).unwrap();
        let rotated = rotate(&path);
        assert_eq!(keys.latest().newest().id, rotated.newest().id, "and it is used again once it is whole");
    }

    #[test]
    #[cfg(unix)]
    fn what_is_written_is_for_its_owner_alone_and_leaves_nothing_beside() {
        use std::os::unix::fs::PermissionsExt;
        let (folder, path) = file();
        let made = folder.path().join("below/made.pem");
        KeyFile::create_if_missing(&made).unwrap();
        let first = KeyFile::open(&made).unwrap().ring().newest().id.clone();
        KeyFile::create_if_missing(&made).unwrap();
        assert_eq!(KeyFile::open(&made).unwrap().ring().newest().id, first, "it is made once");
        rotate(&path);
        for path in [&made, &path] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(
                fs::read_dir(path.parent().unwrap())
                    .unwrap()
                    .filter(|entry| entry.as_ref().unwrap().path().is_file())
                    .count(),
                1
            );
        }
    }

    #[test]
    fn two_rotations_do_not_run_into_each_other() {
        let (_folder, path) = file();
        let before = fs::read_to_string(&path).unwrap();
        let other = Aside::claim(&path).unwrap();
        let error = KeyFile::rotate(&path, now(), TimeDelta::days(1)).err().unwrap();
        assert!(error.to_string().contains("another rotation"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), before);
        drop(other);
        rotate(&path);
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_the_file_stays_a_link() {
        let (folder, path) = file();
        let link = folder.path().join("link.pem");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let rotated = rotate(&link);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(KeyFile::open(&path).unwrap().ring().newest().id, rotated.newest().id);
    }
}
