//! Ids in addresses. What is no id names nothing, so it is answered as a thing that isn't there.

use crate::problem::{Kind, Problem, registry};
use actix_web::HttpRequest;
use actix_web::web::PathConfig;

/// Answers 404 when a part of the address can't be read.
#[must_use]
pub fn config() -> PathConfig {
    PathConfig::default().error_handler(|_, request| Problem::new(kind_for(request)).into())
}

fn kind_for(request: &HttpRequest) -> &'static Kind {
    let pattern = request.match_pattern().unwrap_or_default();
    let path = pattern.trim_start_matches("/api/v1/").trim_start_matches("seller/");
    match path.split('/').next() {
        Some("carts") => &registry::CART_NOT_FOUND,
        Some("orders") => &registry::ORDER_NOT_FOUND,
        Some("products") => &registry::PRODUCT_NOT_FOUND,
        Some("sellers") => &registry::SELLER_NOT_FOUND,
        Some("admin") => &registry::USER_NOT_FOUND,
        _ => &registry::NOT_FOUND,
    }
}
