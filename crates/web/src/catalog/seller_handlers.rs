//! Handlers of sellers' own products.

use super::change_dto::UpdateProductRequest;
use super::dto::{Product, ProductPage};
use super::query::{OwnProductsParams, OwnProductsQuery};
use super::seller_dto::CreateProductRequest;
use crate::extract::{InOrder, PageQuery, Permitted, ValidJson, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use application::catalog::sell::{Removed, SellProducts};
use application::identity::policy;
use domain::kernel::ProductId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// A seller's own products of any status, newest first.
#[utoipa::path(operation_id = "list_own_products", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(OwnProductsParams, PageQuery), responses(
    (status = 200, description = "A page of products", body = ProductPage),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/products")]
pub async fn list_own_products(
    input: InOrder<Permitted<policy::ViewOwnProducts>, ValidQuery<OwnProductsQuery>>,
    desk: web::Data<dyn SellProducts>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(query)) = input;
    let page = desk.list(&caller, query.status.map(Into::into), query.text.as_deref(), &query.page).await?;
    Ok(HttpResponse::Ok().json(ProductPage::page(OwnProductsQuery::LIST, page)))
}

/// Put a product on sale. Without variants it gets one, with the stock given.
#[utoipa::path(operation_id = "create_product", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    request_body = CreateProductRequest, responses(
    (status = 201, description = "The new product", body = Product, headers(("Location" = String, description = "Where it is"))),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`sku-taken`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/products")]
pub async fn create_product(
    input: InOrder<Permitted<policy::SellProducts>, ValidJson<CreateProductRequest>>,
    desk: web::Data<dyn SellProducts>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let product = desk.create(&caller, body.try_into()?).await?;
    let location = format!("/api/v1/seller/products/{}", product.id);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(Product::from(product)))
}

/// One of a seller's own products.
#[utoipa::path(operation_id = "get_own_product", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id")), responses(
    (status = 200, description = "The product", body = Product),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/products/{id}")]
pub async fn get_own_product(
    input: InOrder<Permitted<policy::ViewOwnProducts>, web::Path<Uuid>>,
    desk: web::Data<dyn SellProducts>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let product = desk.find(&caller, ProductId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(Product::from(product)))
}

/// Change a product: what is left out stays as it is. Variants are changed, added and removed. Customers buy meanwhile, so a stock is
/// best changed by a difference, or together with the one that was seen.
#[utoipa::path(operation_id = "update_product", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id")), request_body = UpdateProductRequest, responses(
    (status = 200, description = "The product as it is now", body = Product),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`sku-taken`, `slug-taken`, `stock-changed` with `variants`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/seller/products/{id}")]
pub async fn update_product(
    input: InOrder<Permitted<policy::SellProducts>, InOrder<web::Path<Uuid>, ValidJson<UpdateProductRequest>>>,
    desk: web::Data<dyn SellProducts>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, ValidJson(body))) = input;
    let product = desk.edit(&caller, ProductId::new(*id), body.try_into()?).await?;
    Ok(HttpResponse::Ok().json(Product::from(product)))
}

/// Remove a product. One that nobody ever ordered is gone, from carts, too, and its address is free. One that was ordered is archived.
#[utoipa::path(operation_id = "remove_product", tag = "catalog", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The product's id")), responses(
    (status = 200, description = "It was ordered: the product, which is archived now", body = Product),
    (status = 204, description = "It is gone"),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`product-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/seller/products/{id}")]
pub async fn remove_product(
    input: InOrder<Permitted<policy::SellProducts>, web::Path<Uuid>>,
    desk: web::Data<dyn SellProducts>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    Ok(match desk.remove(&caller, ProductId::new(*id)).await? {
        Removed::Gone => HttpResponse::NoContent().finish(),
        Removed::Archived(product) => HttpResponse::Ok().json(Product::from(*product)),
    })
}
