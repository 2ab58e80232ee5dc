//! Handlers of the public catalogue. Their answers may be kept for a moment and asked for anew by their `ETag`.

use super::dto::{Product, ProductPage, Seller};
use super::place_dto::{Category, CategoryPage, Material, MaterialPage};
use super::query::{ProductsParams, ProductsQuery, product_key};
use crate::extract::{PageQuery, ValidQuery};
use crate::middleware::etag;
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpRequest, HttpResponse, get, web};
use application::catalog::browse::BrowseCatalog;
use application::catalog::views::ProductKey;
use domain::kernel::UserId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Products on sale.
#[utoipa::path(operation_id = "list_products", tag = "catalog", params(ProductsParams, PageQuery), responses(
    (status = 200, description = "A page of products", body = ProductPage),
    (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`"),
))]
#[get("/products")]
pub async fn list_products(
    request: HttpRequest,
    query: ValidQuery<ProductsQuery>,
    catalog: web::Data<dyn BrowseCatalog>,
) -> Answer {
    let query = query.0;
    let page = catalog.products(&query.filter, query.sort, &query.page).await?;
    etag::public_json(&request, &ProductPage::page(query.list, page))
}

/// A product on sale, by id or slug. A slug that it had before leads to the one of now.
#[utoipa::path(operation_id = "get_product", tag = "catalog", params(("id" = String, Path, description = "Id or slug")), responses(
    (status = 200, description = "The product", body = Product),
    (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`"),
    (status = 308, description = "The product has another slug now", headers(("Location" = String, description = "Where it is"))),
    (status = 404, description = "`product-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/products/{id}")]
pub async fn get_product(request: HttpRequest, id: web::Path<String>, catalog: web::Data<dyn BrowseCatalog>) -> Answer {
    let not_found = || Problem::new(&registry::PRODUCT_NOT_FOUND);
    let key = product_key(&id).ok_or_else(not_found)?;
    let product = catalog.product(&key).await?.ok_or_else(not_found)?;
    if matches!(&key, ProductKey::Slug(asked) if *asked != product.slug) {
        return Ok(etag::public_redirect(&format!("/api/v1/products/{}", product.slug)));
    }
    etag::public_json(&request, &Product::from(product))
}

/// All categories, by name.
#[utoipa::path(operation_id = "list_categories", tag = "catalog", responses(
    (status = 200, description = "All categories", body = CategoryPage),
    (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`"),
))]
#[get("/categories")]
pub async fn list_categories(request: HttpRequest, catalog: web::Data<dyn BrowseCatalog>) -> Answer {
    let data = catalog.categories().await?.into_iter().map(Category::from).collect();
    etag::public_json(&request, &CategoryPage { data, next_cursor: None })
}

/// All materials, by name.
#[utoipa::path(operation_id = "list_materials", tag = "catalog", responses(
    (status = 200, description = "All materials", body = MaterialPage),
    (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`"),
))]
#[get("/materials")]
pub async fn list_materials(request: HttpRequest, catalog: web::Data<dyn BrowseCatalog>) -> Answer {
    let data = catalog.materials().await?.into_iter().map(Material::from).collect();
    etag::public_json(&request, &MaterialPage { data, next_cursor: None })
}

/// A seller.
#[utoipa::path(operation_id = "get_seller", tag = "catalog", params(("id" = Uuid, Path, description = "The seller's id")), responses(
    (status = 200, description = "The seller", body = Seller),
    (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`"),
    (status = 404, description = "`seller-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/sellers/{id}")]
pub async fn get_seller(request: HttpRequest, id: web::Path<Uuid>, catalog: web::Data<dyn BrowseCatalog>) -> Answer {
    let seller = catalog.seller(UserId::new(*id)).await?;
    let seller = seller.ok_or_else(|| Problem::new(&registry::SELLER_NOT_FOUND))?;
    etag::public_json(&request, &Seller::from(seller))
}
