//! The pictures of a product, each in several sizes. The files themselves are kept elsewhere, under these paths.

use crate::kernel::ImageId;

/// A picture in its largest size, and smaller ones for smaller screens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its id.
    pub id: ImageId,
    /// The largest size.
    pub largest: PictureSize,
    /// What it shows, in words.
    pub alt: String,
    /// The other sizes, narrowest first; in each width the better format first. None until they are made.
    pub smaller: Vec<PictureSize>,
}

/// One size of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureSize {
    /// Where the file is, relative to the store of pictures.
    pub path: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

/// How a picture is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// Small; every browser of these years reads it.
    Webp,
    /// Everything reads it.
    Jpeg,
}

impl PictureFormat {
    /// The end of its files' names.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Webp => "webp",
            Self::Jpeg => "jpg",
        }
    }
}

impl PictureSize {
    /// How the file is written, as its name says.
    #[must_use]
    pub fn format(&self) -> PictureFormat {
        match self.path.rsplit('.').next() {
            Some("jpg") => PictureFormat::Jpeg,
            _ => PictureFormat::Webp,
        }
    }
}

impl Picture {
    /// The longer side of the largest size is not longer, in pixels.
    pub const LONGEST_SIDE: u32 = 2048;
    /// The widths in which a picture is kept, as far as it is wider.
    pub const WIDTHS: [u32; 4] = [320, 640, 960, 1440];
    /// Letters of what it shows, in words.
    pub const LONGEST_ALT: usize = 300;

    /// The folder of an uploaded picture's files: nothing else is in it, so that all go with it.
    #[must_use]
    pub fn folder(id: ImageId) -> String {
        format!("pictures/{id}")
    }
}

/// The pictures of one product, in their order; the first one stands for the product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gallery {
    pictures: Vec<Picture>,
}

/// What a seller changes on a picture; `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PictureChange {
    /// What it shows, in words.
    pub alt: Option<String>,
    /// Its new place: 1 is the first. Beyond the last one it is the last.
    pub position: Option<usize>,
}

/// The product has as many pictures as it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GalleryFull;

/// The product has no such picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchPicture;

impl Gallery {
    /// So many pictures a product may have.
    pub const MOST: usize = 12;

    /// The pictures as they are stored.
    #[must_use]
    pub const fn stored(pictures: Vec<Picture>) -> Self {
        Self { pictures }
    }

    /// The pictures, the first one first.
    #[must_use]
    pub fn pictures(&self) -> &[Picture] {
        &self.pictures
    }

    /// Adds one, as the last.
    ///
    /// # Errors
    /// [`GalleryFull`].
    pub fn add(&mut self, picture: Picture) -> Result<(), GalleryFull> {
        if self.pictures.len() >= Self::MOST {
            return Err(GalleryFull);
        }
        self.pictures.push(Picture { alt: picture.alt.trim().to_owned(), ..picture });
        Ok(())
    }

    /// Changes one, and answers it.
    ///
    /// # Errors
    /// [`NoSuchPicture`].
    pub fn change(&mut self, id: ImageId, change: PictureChange) -> Result<Picture, NoSuchPicture> {
        let from = self.pictures.iter().position(|picture| picture.id == id).ok_or(NoSuchPicture)?;
        let mut picture = self.pictures.remove(from);
        if let Some(alt) = change.alt {
            alt.trim().clone_into(&mut picture.alt);
        }
        let to = change.position.map_or(from, |position| position.saturating_sub(1).min(self.pictures.len()));
        self.pictures.insert(to, picture.clone());
        Ok(picture)
    }

    /// Takes one away.
    ///
    /// # Errors
    /// [`NoSuchPicture`].
    pub fn remove(&mut self, id: ImageId) -> Result<(), NoSuchPicture> {
        let before = self.pictures.len();
        self.pictures.retain(|picture| picture.id != id);
        if self.pictures.len() < before { Ok(()) } else { Err(NoSuchPicture) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(number: u128) -> ImageId {
        ImageId::new(Uuid::from_u128(number))
    }

    fn picture(number: u128) -> Picture {
        let largest = PictureSize { path: format!("pictures/{number}/a.jpg"), width: 4, height: 3 };
        Picture { id: id(number), largest, alt: " A ring ".to_owned(), smaller: vec![] }
    }

    fn gallery(numbers: std::ops::RangeInclusive<u128>) -> Gallery {
        let mut gallery = Gallery::default();
        numbers.for_each(|number| gallery.add(picture(number)).unwrap());
        gallery
    }

    fn order(gallery: &Gallery) -> Vec<u128> {
        gallery.pictures().iter().map(|picture| picture.id.uuid().as_u128()).collect()
    }

    fn at(position: usize) -> PictureChange {
        PictureChange { position: Some(position), alt: None }
    }

    #[test]
    fn a_new_picture_is_the_last_one() {
        let gallery = gallery(1..=3);
        assert_eq!(order(&gallery), [1, 2, 3]);
        assert_eq!(gallery.pictures()[0].alt, "A ring");
    }

    #[test]
    fn the_thirteenth_picture_is_refused() {
        let mut full = gallery(1..=12);
        assert_eq!(full.add(picture(13)), Err(GalleryFull));
        assert_eq!(full, gallery(1..=12));
        full.remove(id(5)).unwrap();
        assert_eq!(full.add(picture(13)), Ok(()));
    }

    #[test]
    fn a_picture_moves_to_its_place_and_the_others_keep_their_order() {
        let mut gallery = gallery(1..=4);
        gallery.change(id(3), at(1)).unwrap();
        assert_eq!(order(&gallery), [3, 1, 2, 4]);
        gallery.change(id(3), at(2)).unwrap();
        assert_eq!(order(&gallery), [1, 3, 2, 4]);
        gallery.change(id(1), at(99)).unwrap();
        assert_eq!(order(&gallery), [3, 2, 4, 1]);
        gallery.change(id(4), at(0)).unwrap();
        assert_eq!(order(&gallery), [4, 3, 2, 1], "there is no place before the first");
    }

    #[test]
    fn words_are_changed_where_the_picture_stands() {
        let mut gallery = gallery(1..=2);
        let changed = gallery.change(id(1), PictureChange { alt: Some(" Gold ".to_owned()), position: None }).unwrap();
        assert_eq!((changed.alt.as_str(), order(&gallery)), ("Gold", vec![1, 2]));
        assert_eq!(gallery.pictures()[0], changed);
    }

    #[test]
    fn a_picture_of_another_product_is_none() {
        let mut gallery = gallery(1..=2);
        assert_eq!(gallery.remove(id(3)), Err(NoSuchPicture));
        assert_eq!(gallery.change(id(3), at(1)), Err(NoSuchPicture));
        assert_eq!(order(&gallery), [1, 2]);
    }

    #[test]
    fn the_name_of_a_file_tells_how_it_is_written() {
        let named = |path: &str| PictureSize { path: path.to_owned(), width: 1, height: 1 }.format();
        assert_eq!(named("pictures/1/320-ab.jpg"), PictureFormat::Jpeg);
        assert_eq!(named("demo/ring-400.webp"), PictureFormat::Webp);
    }
}
