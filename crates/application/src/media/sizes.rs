//! What jobs do with pictures: making the smaller sizes, and removing the files of pictures that are gone. Both may run any
//! number of times, and be cut off anywhere.

use super::place;
use super::ports::{DrawPictures, PictureRefusal, PictureStore, StoreUnavailable};
use crate::jobs::JobFailure;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::catalog::Picture;
use domain::kernel::ImageId;
use std::sync::Arc;

/// Does what jobs ask for a picture.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TendPictures: Send + Sync {
    /// Makes the smaller sizes, unless they are there.
    async fn make_sizes(&self, id: ImageId) -> Result<(), JobFailure>;
    /// Removes the files, if no row names the picture.
    async fn sweep(&self, id: ImageId) -> Result<(), JobFailure>;
}

/// The service behind [`TendPictures`].
pub struct PictureTending {
    /// Reads and writes.
    pub transactor: Arc<dyn Transactor>,
    /// Keeps files.
    pub store: Arc<dyn PictureStore>,
    /// Reads and draws.
    pub painter: Arc<dyn DrawPictures>,
}

impl From<StoreUnavailable> for JobFailure {
    fn from(error: StoreUnavailable) -> Self {
        Self::Retry(format!("{error}: {}", error.0))
    }
}

#[async_trait]
impl TendPictures for PictureTending {
    async fn make_sizes(&self, id: ImageId) -> Result<(), JobFailure> {
        let Some(picture) = self.find(id).await? else { return self.forget(id).await };
        if !picture.smaller.is_empty() {
            return Ok(());
        }
        let file = self.store.read(&picture.largest.path).await?;
        let file = file.ok_or_else(|| JobFailure::Fail(format!("{} is not there", picture.largest.path)))?;
        let drawn = self.painter.smaller(file, &Picture::WIDTHS).await.map_err(|refusal| match refusal {
            PictureRefusal::Busy => JobFailure::Retry(refusal.to_string()),
            _ => JobFailure::Fail(format!("{}: {refusal}", picture.largest.path)),
        })?;
        let mut sizes = Vec::with_capacity(drawn.len());
        for one in drawn {
            let size = place(id, &one);
            self.store.write(&size.path, one.bytes).await?;
            sizes.push(size);
        }
        let tx = self.transactor.begin().await?;
        let still_there = tx.pictures().set_sizes(id, &sizes).await?;
        tx.commit().await?;
        // Taken away meanwhile: the sweeper may have been here before the last file was.
        if still_there { Ok(()) } else { self.forget(id).await }
    }

    async fn sweep(&self, id: ImageId) -> Result<(), JobFailure> {
        match self.find(id).await? {
            Some(_) => Ok(()),
            None => self.forget(id).await,
        }
    }
}

impl PictureTending {
    async fn find(&self, id: ImageId) -> Result<Option<Picture>, JobFailure> {
        let tx = self.transactor.begin().await?;
        Ok(tx.pictures().find(id).await?)
    }

    /// Only for a picture that is named by no row, and never will be again.
    async fn forget(&self, id: ImageId) -> Result<(), JobFailure> {
        Ok(self.store.remove_folder(&Picture::folder(id)).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::ports::{Drawn, MockDrawPictures, MockPictureStore};
    use crate::tests::uuid;
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::catalog::{PictureFormat, PictureSize};

    fn id() -> ImageId {
        ImageId::new(uuid(7))
    }

    fn picture() -> Picture {
        let largest = PictureSize { path: format!("{}/2048-a.jpg", Picture::folder(id())), width: 2048, height: 1024 };
        Picture { id: id(), largest, alt: String::new(), smaller: vec![] }
    }

    fn finding(found: Option<Picture>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.pictures.expect_find().times(1).return_once(move |_| Ok(found));
        tx
    }

    fn noting(still_there: bool) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let named = |_: &_, sizes: &[PictureSize]| {
            sizes.len() == 1
                && sizes.iter().all(|size| size.path.starts_with(&format!("{}/320-", Picture::folder(id()))))
        };
        tx.pictures.expect_set_sizes().withf(named).times(1).returning(move |_, _| Ok(still_there));
        tx
    }

    fn painter() -> MockDrawPictures {
        let mut painter = MockDrawPictures::new();
        let drawn = Drawn { format: PictureFormat::Webp, width: 320, height: 160, bytes: vec![1] };
        painter.expect_smaller().returning(move |_, _| Ok(vec![drawn.clone()]));
        painter
    }

    fn tending(units: Vec<UnitOfWorkDouble>, store: MockPictureStore, painter: MockDrawPictures) -> PictureTending {
        PictureTending { transactor: TransactorDouble::new(units), store: Arc::new(store), painter: Arc::new(painter) }
    }

    /// A store that has the largest file, takes others, and removes as many folders as it is told.
    fn store(folders: usize) -> MockPictureStore {
        let mut store = MockPictureStore::new();
        store.expect_read().returning(|_| Ok(Some(vec![0])));
        store.expect_write().returning(|_, _| Ok(()));
        let own = |folder: &str| folder == Picture::folder(id());
        store.expect_remove_folder().withf(own).times(folders).returning(|_| Ok(()));
        store
    }

    #[tokio::test]
    async fn the_sizes_are_written_and_then_named() {
        let service = tending(vec![finding(Some(picture())), noting(true)], store(0), painter());
        service.make_sizes(id()).await.unwrap();
    }

    #[tokio::test]
    async fn sizes_that_are_there_are_not_made_again() {
        let made = Picture { smaller: vec![picture().largest], ..picture() };
        let service = tending(vec![finding(Some(made))], MockPictureStore::new(), MockDrawPictures::new());
        service.make_sizes(id()).await.unwrap();
    }

    #[tokio::test]
    async fn the_files_of_a_picture_that_was_taken_away_meanwhile_go_with_it() {
        let service = tending(vec![finding(Some(picture())), noting(false)], store(1), painter());
        service.make_sizes(id()).await.unwrap();
        let service = tending(vec![finding(None)], store(1), MockDrawPictures::new());
        service.make_sizes(id()).await.unwrap();
    }

    #[tokio::test]
    async fn a_store_that_is_away_is_asked_again_and_a_file_that_is_gone_is_not() {
        let mut away = MockPictureStore::new();
        away.expect_read().returning(|_| Err(StoreUnavailable("away".into())));
        let service = tending(vec![finding(Some(picture()))], away, MockDrawPictures::new());
        assert!(matches!(service.make_sizes(id()).await, Err(JobFailure::Retry(_))));
        let mut gone = MockPictureStore::new();
        gone.expect_read().returning(|_| Ok(None));
        let service = tending(vec![finding(Some(picture()))], gone, MockDrawPictures::new());
        assert!(matches!(service.make_sizes(id()).await, Err(JobFailure::Fail(_))));
    }

    #[tokio::test]
    async fn nothing_is_removed_while_a_row_names_the_picture() {
        let service = tending(vec![finding(Some(picture()))], MockPictureStore::new(), MockDrawPictures::new());
        service.sweep(id()).await.unwrap();
        let service = tending(vec![finding(None)], store(1), MockDrawPictures::new());
        service.sweep(id()).await.unwrap();
    }
}
