//! Files in a local folder or in an S3-compatible bucket, named by their path.

use application::media::ports::{PictureStore, StoreUnavailable};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutOptions, RetryConfig,
};
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

/// The store's own words.
pub type StoreError = object_store::Error;

/// How long one request to a bucket may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the files are.
#[derive(Debug, Clone)]
pub struct MediaStore {
    files: Arc<dyn ObjectStore>,
    /// A folder knows no media types.
    in_bucket: bool,
}

/// An S3-compatible bucket.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketSettings {
    /// Its name.
    pub bucket: String,
    /// The variables whose names begin with `AWS_`: keys, region, endpoint. Others are none of ours.
    pub aws: Vec<(String, String)>,
}

impl fmt::Debug for BucketSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.aws.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("BucketSettings").field("bucket", &self.bucket).field("aws", &names).finish()
    }
}

impl MediaStore {
    /// The files below this folder, which is made.
    ///
    /// # Errors
    /// When there can be no such folder.
    pub fn in_folder(folder: &std::path::Path) -> Result<Self, StoreError> {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|source| StoreError::Generic { store: "folder", source: Box::new(source) })?;
        let files = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true);
        Ok(Self { files: Arc::new(files), in_bucket: false })
    }

    /// The files of a bucket. Nothing is asked of it yet.
    ///
    /// # Errors
    /// When the settings contradict each other.
    pub fn in_bucket(settings: &BucketSettings) -> Result<Self, StoreError> {
        let known = settings.aws.iter().filter_map(|(name, value)| {
            let key: AmazonS3ConfigKey = name.to_ascii_lowercase().parse().ok()?;
            Some((key, value))
        });
        let builder = known.fold(AmazonS3Builder::new(), |builder, (key, value)| builder.with_config(key, value));
        let plain = settings.aws.iter().any(|(name, value)| {
            name.starts_with("AWS_ENDPOINT") && value.trim().to_ascii_lowercase().starts_with("http://")
        });
        let options = ClientOptions::new()
            .with_timeout(PATIENCE)
            .with_connect_timeout(Duration::from_secs(5))
            .with_allow_http(plain);
        let retry = RetryConfig { backoff: BackoffConfig::default(), max_retries: 3, retry_timeout: PATIENCE };
        let files =
            builder.with_bucket_name(&settings.bucket).with_client_options(options).with_retry(retry).build()?;
        Ok(Self { files: Arc::new(files), in_bucket: true })
    }

    /// A file; `None` when there is none of this name, or the name leads elsewhere.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn get(&self, path: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(path) = inside(path) else { return Ok(None) };
        let found = match self.files.get(&path).await {
            Ok(found) => found.bytes().await?,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(found.into()))
    }

    /// Writes a file, whole or not at all, under a name that leads nowhere else.
    ///
    /// # Errors
    /// When the store fails, or the name leads elsewhere.
    pub async fn put(&self, path: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        let elsewhere = || StoreError::Generic { store: "media", source: format!("\"{path}\" is no name").into() };
        let at = inside(path).ok_or_else(elsewhere)?;
        let mut attributes = Attributes::new();
        if self.in_bucket {
            attributes.insert(Attribute::ContentType, media_type(path).into());
            attributes.insert(Attribute::CacheControl, "public, max-age=31536000, immutable".into());
        }
        let options = PutOptions { attributes, ..PutOptions::default() };
        self.files.put_opts(&at, bytes.into(), options).await.map(|_| ())
    }

    /// Removes what is below a folder.
    ///
    /// # Errors
    /// When the store fails, or the name leads elsewhere.
    pub async fn clear(&self, folder: &str) -> Result<(), StoreError> {
        let elsewhere = || StoreError::Generic { store: "media", source: format!("\"{folder}\" is no name").into() };
        let below = inside(folder).ok_or_else(elsewhere)?;
        let files: Vec<Path> =
            self.files.list(Some(&below)).map_ok(|file| file.location).try_collect().await.or_else(nothing_there)?;
        for file in files {
            self.files.delete(&file).await.or_else(nothing_there)?;
        }
        Ok(())
    }
}

/// Whether there is no such file, which a folder says in several ways: below a file, for one, there is none.
fn is_absent(error: &StoreError) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory);
        }
        cause = error.source();
    }
    matches!(error, StoreError::NotFound { .. })
}

/// What is not there needs no removing.
fn nothing_there<T: Default>(error: StoreError) -> Result<T, StoreError> {
    match error {
        StoreError::NotFound { .. } => Ok(T::default()),
        error => Err(error),
    }
}

/// The path, if it is made of plain names.
fn inside(path: &str) -> Option<Path> {
    let plain = |name: &str| {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        !name.is_empty() && !name.starts_with('.') && name.bytes().all(allowed)
    };
    path.split('/').all(plain).then(|| Path::parse(path).ok()).flatten()
}

fn media_type(path: &str) -> &'static str {
    if path.ends_with(".jpg") { "image/jpeg" } else { "image/webp" }
}

fn unavailable(error: StoreError) -> StoreUnavailable {
    StoreUnavailable(error.into())
}

#[async_trait]
impl PictureStore for MediaStore {
    async fn write(&self, path: &str, bytes: Vec<u8>) -> Result<(), StoreUnavailable> {
        self.put(path, bytes).await.map_err(unavailable)
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, StoreUnavailable> {
        self.get(path).await.map_err(unavailable)
    }

    async fn remove_folder(&self, folder: &str) -> Result<(), StoreUnavailable> {
        self.clear(folder).await.map_err(unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let media = MediaStore::in_folder(&folder.path().join("media")).unwrap();
        media.put("demo/ring.webp", b"picture".to_vec()).await.unwrap();
        assert_eq!(media.get("demo/ring.webp").await.unwrap().as_deref(), Some(&b"picture"[..]));
        assert_eq!(media.get("demo").await.unwrap(), None);
        assert_eq!(media.get("demo/other.webp").await.unwrap(), None);
        assert_eq!(media.get("demo/ring.webp/more").await.unwrap(), None);
    }

    #[tokio::test]
    async fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        let media = MediaStore::in_folder(&folder.path().join("media")).unwrap();
        for path in ["../secret", "/etc/passwd", "a/../../secret", "", ".", "a\0b", "a//b", "a/.b", "a#1"] {
            assert_eq!(media.get(path).await.unwrap(), None, "{path}");
            assert!(media.put(path, b"x".to_vec()).await.is_err(), "{path}");
            assert!(media.clear(path).await.is_err(), "{path}");
        }
    }

    #[tokio::test]
    async fn a_folder_goes_with_all_its_files_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let media = MediaStore::in_folder(folder.path()).unwrap();
        for path in ["pictures/1/a.jpg", "pictures/1/b.webp", "pictures/12/a.jpg"] {
            media.put(path, b"x".to_vec()).await.unwrap();
        }
        media.clear("pictures/1").await.unwrap();
        media.clear("pictures/1").await.unwrap();
        media.clear("pictures/none").await.unwrap();
        assert_eq!(media.get("pictures/1/a.jpg").await.unwrap(), None);
        assert!(media.get("pictures/12/a.jpg").await.unwrap().is_some());
        assert!(!folder.path().join("pictures/1").exists());
    }

    #[test]
    fn keys_do_not_show_themselves() {
        let aws = vec![("AWS_SECRET_ACCESS_KEY".to_owned(), "hidden".to_owned())];
        let shown = format!("{:?}", BucketSettings { bucket: "b".to_owned(), aws });
        assert!(!shown.contains("hidden") && shown.contains("AWS_SECRET_ACCESS_KEY"));
    }
}
