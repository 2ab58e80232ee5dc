//! Which products are gift cards, for admins.

use crate::catalog::dto::ProductPage;
use crate::extract::{CallingClient, FromQuery, InOrder, PageQuery, Permitted, QueryReader, ValidJson, ValidQuery};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, get, patch, web};
use application::catalog::gift_products::DecideGiftProducts;
use application::identity::policy::{AdministerGiftCards, ViewGiftCards};
use domain::kernel::{PageRequest, ProductId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// The parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `EveryonesProductsQuery`, which reads them")]
pub struct EveryonesProductsParams {
    /// Words that the title must have.
    #[param(max_length = 200)]
    q: Option<String>,
    /// `true`: only gift cards. `false`: only what is none.
    gift_card: Option<bool>,
}

/// What the list is asked for.
#[derive(Debug)]
pub struct EveryonesProductsQuery {
    /// With which words.
    pub text: Option<String>,
    /// Gift cards, others, or both.
    pub gift_card: Option<bool>,
    /// Which part.
    pub page: PageRequest,
}

impl EveryonesProductsQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "everyones-products";
}

impl FromQuery for EveryonesProductsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let short = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
        let text = query.parsed("q", "too-long", "must have 200 characters at the most", short);
        let gift_card = query.flag("gift_card");
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { text, gift_card, page }
    }
}

/// What a product is to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideProductRequest {
    /// Whether its variants are gift cards that are worth what they cost.
    pub gift_card: bool,
}

/// What a product is.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecidedProduct {
    /// The product.
    pub id: Uuid,
    /// Whether its variants are gift cards.
    pub gift_card: bool,
}

/// Find anyone's products of any status, the newest first: those that are gift cards, and those that could be.
#[utoipa::path(operation_id = "list_everyones_products", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(EveryonesProductsParams, PageQuery), responses(
    (status = 200, description = "A page of products", body = ProductPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/products")]
pub async fn list_everyones_products(
    input: InOrder<Permitted<ViewGiftCards>, ValidQuery<EveryonesProductsQuery>>,
    products: web::Data<dyn DecideGiftProducts>,
) -> Answer {
    let InOrder(caller, ValidQuery(query)) = input;
    let page = products.list(&caller.0, query.gift_card, query.text.as_deref(), &query.page).await?;
    Ok(HttpResponse::Ok().json(ProductPage::page(EveryonesProductsQuery::LIST, page)))
}

/// Make a product a gift card, or none any more. Its variants are the values; their stock does not count, and each piece that
/// is bought is mailed to somebody.
#[utoipa::path(operation_id = "decide_gift_card_product", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id")), request_body = DecideProductRequest, responses(
    (status = 200, description = "What the product is now", body = DecidedProduct),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/admin/products/{id}")]
pub async fn decide_gift_card_product(
    input: InOrder<Permitted<AdministerGiftCards>, InOrder<web::Path<Uuid>, ValidJson<DecideProductRequest>>>,
    client: CallingClient,
    products: web::Data<dyn DecideGiftProducts>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidJson(body))) = input;
    if !products.decide(&caller.0, ProductId::new(*id), body.gift_card, &client.0).await? {
        return Err(Problem::new(&registry::PRODUCT_NOT_FOUND));
    }
    Ok(HttpResponse::Ok().json(DecidedProduct { id: *id, gift_card: body.gift_card }))
}
