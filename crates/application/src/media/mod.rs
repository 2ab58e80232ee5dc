//! Pictures of products: taken in, made smaller, put in order and taken away. What is shown of them is the catalogue's.

pub mod pictures;
pub mod ports;
pub mod sizes;

use domain::catalog::{Picture, PictureSize};
use domain::kernel::ImageId;
use ports::Drawn;
use sha2::{Digest, Sha256};

/// Where a size of a picture is kept. The name says what is in the file, so that the file never changes under its name.
fn place(id: ImageId, drawn: &Drawn) -> PictureSize {
    let digest = hex::encode(Sha256::digest(&drawn.bytes));
    let short = digest.get(..16).unwrap_or_default();
    let path = format!("{}/{}-{short}.{}", Picture::folder(id), drawn.width, drawn.format.ending());
    PictureSize { path, width: drawn.width, height: drawn.height }
}
