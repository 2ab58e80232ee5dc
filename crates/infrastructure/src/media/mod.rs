//! Pictures in a local folder, named by their path below it.

use std::io;
use std::path::{Component, Path, PathBuf};
use tokio::fs;

/// A folder of pictures.
#[derive(Debug, Clone)]
pub struct MediaFolder {
    folder: PathBuf,
}

impl MediaFolder {
    /// The pictures below this folder, which is made when the first is written.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A picture; `None` when there is none of this name, or the name leads out of the folder.
    ///
    /// # Errors
    /// When the file system fails.
    pub async fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(path) = self.inside(path) else { return Ok(None) };
        match fs::read(path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Writes a picture under a name that leads nowhere else.
    ///
    /// # Errors
    /// When the file system fails, or the name leads out of the folder.
    pub async fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.inside(path).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).await?;
        }
        fs::write(path, bytes).await
    }

    fn inside(&self, path: &str) -> Option<PathBuf> {
        let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        (plain && !path.is_empty() && !path.contains('\0')).then(|| self.folder.join(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let media = MediaFolder::new(folder.path().to_owned());
        media.write("demo/ring.webp", b"picture").await.unwrap();
        assert_eq!(media.read("demo/ring.webp").await.unwrap().as_deref(), Some(&b"picture"[..]));
        assert_eq!(media.read("demo").await.unwrap(), None);
        assert_eq!(media.read("demo/other.webp").await.unwrap(), None);
    }

    #[tokio::test]
    async fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        let media = MediaFolder::new(folder.path().join("media"));
        for path in ["../secret", "/etc/passwd", "a/../../secret", "", ".", "a\0b"] {
            assert_eq!(media.read(path).await.unwrap(), None, "{path}");
            assert!(media.write(path, b"x").await.is_err(), "{path}");
        }
    }
}
