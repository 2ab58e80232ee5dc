//! Product pictures: served, and taken in from their sellers. The names of files change with their content, so browsers may keep
//! them for ever.

pub mod dto;
pub mod handlers;
pub mod problems;
pub mod upload;

use crate::problem::{Problem, registry};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, web};
use async_trait::async_trait;
use utoipa_actix_web::service_config::ServiceConfig;

/// A stored picture.
#[derive(Debug, Clone)]
pub struct MediaFile {
    /// All of it.
    pub bytes: Bytes,
    /// Its media type, such as `image/webp`.
    pub content_type: String,
}

/// The store of pictures failed.
#[derive(Debug, thiserror::Error)]
#[error("the store of pictures did not answer")]
pub struct MediaUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Where pictures are.
#[async_trait]
pub trait MediaFiles: Send + Sync {
    /// The picture at a path such as `products/0192.../800.webp`; the parts of a path are plain names, never `..`.
    async fn get(&self, path: &str) -> Result<Option<MediaFile>, MediaUnavailable>;
}

#[get("/media/{path:.*}")]
async fn media(path: web::Path<String>, files: web::Data<dyn MediaFiles>) -> Result<HttpResponse, Problem> {
    let not_found = || Problem::new(&registry::NOT_FOUND);
    if !path.split('/').all(is_plain_name) {
        return Err(not_found());
    }
    let found = files.get(&path).await.map_err(|error| Problem::unavailable(error, 5))?;
    let file = found.ok_or_else(not_found)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, file.content_type));
    Ok(answer.insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable")).body(file.bytes))
}

/// A name that can't lead out of its folder, on any system.
fn is_plain_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(plain)
}

/// The route to the files.
pub fn files(config: &mut web::ServiceConfig) {
    config.service(media);
}

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(handlers::upload_product_image)
        .service(handlers::update_product_image)
        .service(handlers::remove_product_image);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_its_folder() {
        assert!(is_plain_name("800.webp") && is_plain_name("0192-a_b"));
        assert!(["", ".", "..", ".env", "a\\b", "c:", "a b", "%2e"].iter().all(|name| !is_plain_name(name)));
    }
}
