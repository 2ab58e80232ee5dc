//! What the binary carries: the two apps as Vite built them, and ReDoc's script. A debug build reads them from their folders.

use rust_embed::{EmbeddedFile, RustEmbed};
use std::sync::Arc;
use web::Assets;
use web::apps::{AppFile, AppFiles};
use web::public_keys::PublicKeys;

#[derive(RustEmbed)]
#[folder = "../../frontend/apps/customer/dist"]
#[allow_missing = true]
struct CustomerApp;

#[derive(RustEmbed)]
#[folder = "../../frontend/apps/seller/dist"]
#[allow_missing = true]
struct SellerApp;

#[derive(RustEmbed)]
#[folder = "../../frontend/packages/api-docs/dist"]
#[allow_missing = true]
struct ApiDocs;

/// What the web shows that is built elsewhere.
pub fn assets(public_keys: Arc<dyn PublicKeys>) -> Assets {
    let redoc = ApiDocs::get("redoc.standalone.js").map(|file| file.data.into_owned().into());
    Assets { customer_app: Arc::new(CustomerApp), seller_app: Arc::new(SellerApp), redoc_script: redoc, public_keys }
}

impl AppFiles for CustomerApp {
    fn get(&self, path: &str) -> Option<AppFile> {
        <Self as RustEmbed>::get(path).map(|file| app_file(path, file))
    }
}

impl AppFiles for SellerApp {
    fn get(&self, path: &str) -> Option<AppFile> {
        <Self as RustEmbed>::get(path).map(|file| app_file(path, file))
    }
}

fn app_file(path: &str, file: EmbeddedFile) -> AppFile {
    AppFile { bytes: file.data, content_type: content_type(path).to_owned(), hash: file.metadata.sha256_hash() }
}

/// The media type by a name's ending; the names are ours.
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
