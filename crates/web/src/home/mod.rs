//! The API's first page, and what is answered where there is nothing.

pub mod unmatched;

use crate::settings::Settings;
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// The API, and where to go from here.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiHome {
    /// The API's name.
    #[schema(example = "Carat")]
    pub name: &'static str,
    /// The server's version.
    pub version: String,
    /// Where to go from here.
    pub links: ApiLinks,
}

/// Addresses on this server.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiLinks {
    /// The OpenAPI document.
    pub openapi: &'static str,
    /// Swagger UI.
    pub docs: &'static str,
    /// ReDoc.
    pub redoc: &'static str,
    /// Every kind of problem.
    pub problems: &'static str,
    /// The catalogue.
    pub products: &'static str,
}

/// Name, version and links.
#[utoipa::path(operation_id = "home", tag = "home", responses((status = 200, description = "The API", body = ApiHome)))]
#[get("/")]
pub async fn home(settings: web::Data<Settings>) -> HttpResponse {
    let links = ApiLinks {
        openapi: "/api/v1/openapi.json",
        docs: "/docs/",
        redoc: "/redoc",
        problems: "/problems/",
        products: "/api/v1/products",
    };
    HttpResponse::Ok().json(ApiHome { name: "Carat", version: settings.version.clone(), links })
}

/// The routes, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(home);
}
