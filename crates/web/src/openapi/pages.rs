//! Where the document and its two readers are: `/api/v1/openapi.json`, Swagger UI at `/docs/`, ReDoc at `/redoc`.

use crate::middleware::etag;
use crate::pages;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ContentType, ETAG, LOCATION};
use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The document as it is sent.
#[derive(Debug, Clone)]
pub struct Document {
    /// JSON.
    pub json: Bytes,
    /// Its tag.
    pub tag: String,
}

/// ReDoc's script, if it was handed in.
#[derive(Debug, Clone)]
pub struct RedocScript(pub Option<Bytes>);

/// The document.
#[get("/api/v1/openapi.json")]
pub async fn document(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    if etag::is_known(&request, &document.tag) {
        answer = HttpResponse::NotModified();
        return answer.insert_header((ETAG, document.tag.clone())).insert_header((CACHE_CONTROL, "no-cache")).finish();
    }
    answer.insert_header((CONTENT_TYPE, "application/json")).insert_header((CACHE_CONTROL, "no-cache"));
    answer.insert_header((ETAG, document.tag.clone())).body(document.json.clone())
}

#[get("/docs")]
async fn docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

#[get("/redoc")]
async fn redoc(script: Data<RedocScript>) -> HttpResponse {
    if script.0.is_none() {
        return pages::page("ReDoc", "<h1>ReDoc is not built yet</h1><p><code>make run</code> builds it.</p>");
    }
    let html = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Carat API</title>\
        <link rel=\"icon\" href=\"data:,\"></head><body>\
        <redoc spec-url=\"/api/v1/openapi.json\" disable-google-font=\"true\"></redoc>\
        <script src=\"/redoc.js\"></script></body></html>";
    HttpResponse::Ok().content_type(ContentType::html()).body(html)
}

#[get("/redoc.js")]
async fn redoc_script(script: Data<RedocScript>) -> HttpResponse {
    let Some(script) = script.0.clone() else { return HttpResponse::NotFound().finish() };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/javascript; charset=utf-8"));
    answer.insert_header((CACHE_CONTROL, "public, max-age=3600")).body(script)
}

/// The pages' routes.
pub fn routes(config: &mut web::ServiceConfig) {
    let swagger = SwaggerUi::new("/docs/{_:.*}").config(Config::from("/api/v1/openapi.json").validator_url("none"));
    config.service(document).service(docs).service(redoc).service(redoc_script).service(swagger);
}
