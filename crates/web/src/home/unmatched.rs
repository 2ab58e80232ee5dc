//! Where no route matches below `/api`: 404, or 405 with `Allow` when the address exists for other methods. The OpenAPI
//! document knows which addresses there are, so that no list can be forgotten.

use crate::problem::{Problem, registry};
use actix_web::dev::ResourceDef;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use utoipa::openapi::{OpenApi, PathItem};

/// Every address with its methods.
pub struct Allowed(Vec<(ResourceDef, String)>);

impl Allowed {
    /// The addresses of a document.
    #[must_use]
    pub fn of(document: &OpenApi) -> Self {
        let mut paths: Vec<_> = document.paths.paths.iter().collect();
        // `/products/export` before `/products/{id}`.
        paths.sort_by_key(|(path, _)| path.contains('{'));
        Self(paths.into_iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect())
    }

    fn at(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(address, _)| address.is_match(path)).map(|(_, methods)| methods.as_str())
    }
}

fn methods(item: &PathItem) -> String {
    let known = [
        (item.get.is_some(), "GET, HEAD"),
        (item.post.is_some(), "POST"),
        (item.put.is_some(), "PUT"),
        (item.patch.is_some(), "PATCH"),
        (item.delete.is_some(), "DELETE"),
    ];
    known.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect::<Vec<_>>().join(", ")
}

/// Answers what no route did.
pub async fn unmatched(request: HttpRequest, allowed: web::Data<Allowed>) -> HttpResponse {
    let methods = allowed.at(request.path()).and_then(|methods| HeaderValue::from_str(methods).ok());
    let problem = match methods {
        Some(methods) => Problem::new(&registry::METHOD_NOT_ALLOWED).header(ALLOW, methods),
        None => Problem::new(&registry::NOT_FOUND),
    };
    problem.error_response()
}
