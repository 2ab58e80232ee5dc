//! The two single-page apps: the storefront at `/`, the seller app at `/seller/`. Their files come from the server crate.
//!
//! Hashed files are kept by browsers for ever, everything else is asked for anew. An address that is no file is a view of
//! the app, so its `index.html` is answered; but never for the API's and the server's own addresses.

mod files;

use crate::pages;
use crate::problem::{Problem, registry};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, LOCATION};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use std::borrow::Cow;
use std::sync::Arc;

/// A file of an app.
#[derive(Debug, Clone)]
pub struct AppFile {
    /// All of it.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type; for a compressed twin the one of the file itself is used instead.
    pub content_type: String,
    /// Its SHA-256.
    pub hash: [u8; 32],
}

/// The files of an app, as Vite builds them: `index.html`, `assets/...`, each text file with `.br` and `.gz` beside it.
pub trait AppFiles: Send + Sync {
    /// The file of this name, relative to the app's folder. Names are plain: never `..`, never absolute.
    fn get(&self, path: &str) -> Option<AppFile>;
}

/// Both apps.
#[derive(Clone)]
pub struct Apps {
    /// The storefront.
    pub customer: Arc<dyn AppFiles>,
    /// The seller app.
    pub seller: Arc<dyn AppFiles>,
}

/// The server's own addresses, for which no app answers.
const RESERVED: [&str; 13] = [
    "api",
    "assets",
    "media",
    "health",
    "metrics",
    "docs",
    "redoc",
    "redoc.js",
    ".well-known",
    "sandbox",
    "dev",
    "problems",
    "pages.css",
];

/// Answers what no route did.
pub async fn serve(request: HttpRequest, apps: web::Data<Apps>) -> HttpResponse {
    let path = request.path().trim_start_matches('/');
    if request.path() == "/seller" {
        return HttpResponse::PermanentRedirect().insert_header((LOCATION, "/seller/")).finish();
    }
    let (app, name, file) = match path.strip_prefix("seller/") {
        Some(file) => (apps.seller.as_ref(), "seller app", file),
        None => (apps.customer.as_ref(), "shop", path),
    };
    let found = if files::is_plain(file) { files::answer(&request, app, file) } else { None };
    match found {
        Some(answer) if request.method() == Method::GET => answer,
        None if is_view(&request, file) => files::index(&request, app).unwrap_or_else(|| not_built(name)),
        Some(_) | None => nothing(&request),
    }
}

/// Whether a browser goes to a view of an app: no file's name, none of the server's own addresses.
fn is_view(request: &HttpRequest, file: &str) -> bool {
    let first = request.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    let wants_page = accept.is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    let hidden = file.split('/').any(|part| part.starts_with('.'));
    let is_file =
        hidden || file.rsplit('/').next().is_some_and(|last| last.contains('.')) || file.starts_with("assets/");
    request.method() == Method::GET && wants_page && !is_file && !RESERVED.contains(&first)
}

fn not_built(name: &str) -> HttpResponse {
    let mut page = pages::page(
        "Not built yet",
        &format!(
            "<h1>The {name} is not built yet</h1><p><code>make run</code> builds it and starts the server again.</p>\
         <p>The API is at <a href=\"/api/v1/\">/api/v1/</a>, its documentation at <a href=\"/docs/\">/docs/</a>.</p>"
        ),
    );
    *page.status_mut() = actix_web::http::StatusCode::SERVICE_UNAVAILABLE;
    page
}

fn nothing(request: &HttpRequest) -> HttpResponse {
    let other_method = ![Method::GET, Method::OPTIONS].contains(request.method());
    let kind = if other_method { &registry::METHOD_NOT_ALLOWED } else { &registry::NOT_FOUND };
    let problem = Problem::new(kind);
    let allow = (actix_web::http::header::ALLOW, actix_web::http::header::HeaderValue::from_static("GET, HEAD"));
    if other_method { problem.header(allow.0, allow.1).error_response() } else { problem.error_response() }
}
