//! The OpenAPI document, made from the handlers, and the pages that show it. Nothing comes from another host.

pub mod complete;
pub mod pages;
pub mod permissions;

use crate::problem::ProblemDocument;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_actix_web::{AppExt, scope};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Carat",
        description = "A shop for fine jewellery from independent makers. Money is a whole number of the currency's minor \
            unit; times are in UTC; errors are problem documents (RFC 9457) with a stable `code`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(ProblemDocument)),
    tags(
        (name = "home", description = "Name, version, links"),
        (name = "identity", description = "Accounts and sign-in"),
        (name = "administration", description = "Looking after accounts, as admins do"),
        (name = "catalog", description = "Products: browsing them, and selling them"),
        (name = "cart", description = "Carts"),
        (name = "checkout", description = "A cart becomes an order"),
        (name = "orders", description = "Orders, as customers and sellers see them"),
        (name = "gift-cards", description = "Value that whoever knows the code may use"),
        (name = "ledger", description = "One's own money: the store balance, and what moved"),
        (name = "webhooks", description = "Telling merchants' systems of events"),
        (name = "payments", description = "What payment gateways tell"),
    ),
)]
struct Base;

/// The whole document, for the command line and the pages.
#[must_use]
pub fn openapi() -> OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(Base::openapi());
    let (_, mut document) = app.service(scope("/api/v1").configure(crate::routes)).split_for_parts();
    if let Some(components) = document.components.as_mut() {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKeyValue::with_description("carat_session", "Set by login, for browsers");
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
    complete::complete(&mut document);
    document
}
