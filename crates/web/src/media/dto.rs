//! Pictures on the wire.

use crate::extract::text;
use domain::catalog::{Gallery, Picture, PictureChange};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// A picture to be added.
#[derive(Debug, ToSchema)]
pub struct UploadImageRequest {
    /// A JPEG, PNG or WebP of at most 12 MB and 40 megapixels. Its content counts, not its name.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    pub file: String,
    /// What it shows, in words.
    #[schema(max_length = 300)]
    pub alt: Option<String>,
}

/// A change of a picture; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateImageRequest {
    /// What it shows, in words.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(length(max = 300), custom(function = text::one_line))]
    #[schema(max_length = 300)]
    pub alt: Option<String>,
    /// Its new place: 1 is the first, which stands for the product. The others keep their order.
    #[validate(range(min = 1, max = 12))]
    #[schema(minimum = 1, maximum = 12)]
    pub position: Option<usize>,
}

const _: () = assert!(Gallery::MOST == 12 && Picture::LONGEST_ALT == 300, "the rules above say it too");

impl From<UpdateImageRequest> for PictureChange {
    fn from(request: UpdateImageRequest) -> Self {
        Self { alt: request.alt, position: request.position }
    }
}
