//! Putting together what pictures need, and the files that are served.

use crate::apps::content_type;
use crate::shop::Shop;
use application::media::pictures::{KeepPictures, PictureDesk};
use application::media::sizes::{PictureTending, TendPictures};
use async_trait::async_trait;
use infrastructure::media::{MediaStore, Painter};
use infrastructure::system::UuidGenerator;
use std::sync::Arc;
use web::media::{MediaFile, MediaFiles, MediaUnavailable};

/// The use cases of pictures, for sellers and for jobs. They share one painter, so that both together draw one at a time.
pub fn services(shop: &Shop) -> (Arc<dyn KeepPictures>, Arc<dyn TendPictures>) {
    let Shop { database, transactor, clock, media, .. } = shop;
    let painter = Arc::new(Painter::default());
    let store = Arc::new(media.clone());
    let tending = PictureTending { transactor: transactor.clone(), store: store.clone(), painter: painter.clone() };
    let desk = PictureDesk {
        catalog: Arc::new(database.queries()),
        transactor: transactor.clone(),
        store,
        painter,
        ids: Arc::new(UuidGenerator),
        clock: clock.clone(),
    };
    (Arc::new(desk), Arc::new(tending))
}

/// The files of the store, as they are served.
pub struct StoredMedia(pub MediaStore);

#[async_trait]
impl MediaFiles for StoredMedia {
    async fn get(&self, path: &str) -> Result<Option<MediaFile>, MediaUnavailable> {
        let found = self.0.get(path).await.map_err(|error| MediaUnavailable(error.into()))?;
        Ok(found.map(|bytes| MediaFile { bytes: bytes.into(), content_type: content_type(path).to_owned() }))
    }
}
