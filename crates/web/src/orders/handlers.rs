//! Handlers of orders.

use super::dto::{Order, OrderPage};
use super::query::{AllOrdersParams, AllOrdersQuery, OrdersParams, OrdersQuery, TokenQuery};
use super::seller_dto::{SellerOrder, SellerOrderPage};
use crate::extract::{InOrder, MaybePermitted, PageQuery, Permitted, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, get, web};
use application::identity::policy;
use application::orders::view::ViewOrders;
use domain::kernel::OrderId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Your own orders, newest first.
#[utoipa::path(operation_id = "list_orders", tag = "orders", security(("bearer" = []), ("cookie" = [])),
    params(OrdersParams, PageQuery), responses(
    (status = 200, description = "A page of orders", body = OrderPage),
))]
#[get("/orders")]
pub async fn list_orders(
    input: InOrder<Permitted<policy::ViewOrders>, ValidQuery<OrdersQuery>>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(query)) = input;
    let page = orders.list(&caller, query.status, &query.page).await?;
    Ok(HttpResponse::Ok().json(OrderPage::page(OrdersQuery::LIST, page)))
}

/// An order: your own, or the one that a guest's token opens.
#[utoipa::path(operation_id = "get_order", tag = "orders", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id"), TokenQuery), responses(
    (status = 200, description = "The order", body = Order),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/orders/{id}")]
pub async fn get_order(
    user: MaybePermitted<policy::ViewOrders>,
    id: web::Path<Uuid>,
    query: ValidQuery<TokenQuery>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let order = orders.find(user.0.as_ref(), query.0.token.as_deref(), OrderId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(Order::from(order)))
}

/// Orders with lines of yours, newest first.
#[utoipa::path(operation_id = "list_seller_orders", tag = "orders", security(("bearer" = []), ("cookie" = [])),
    params(OrdersParams, PageQuery), responses(
    (status = 200, description = "A page of orders", body = SellerOrderPage),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/orders")]
pub async fn list_seller_orders(
    input: InOrder<Permitted<policy::ViewSales>, ValidQuery<OrdersQuery>>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(query)) = input;
    let page = orders.list_sold(&caller, query.status, &query.page).await?;
    Ok(HttpResponse::Ok().json(SellerOrderPage::page(OrdersQuery::LIST, page)))
}

/// An order with lines of yours.
#[utoipa::path(operation_id = "get_seller_order", tag = "orders", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id")), responses(
    (status = 200, description = "The order", body = SellerOrder),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/orders/{id}")]
pub async fn get_seller_order(
    input: InOrder<Permitted<policy::ViewSales>, web::Path<Uuid>>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let order = orders.find_sold(&caller, OrderId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(SellerOrder::from(order)))
}

/// Find orders of any customer and any seller, newest first.
#[utoipa::path(operation_id = "list_any_orders", tag = "orders", security(("bearer" = []), ("cookie" = [])),
    params(AllOrdersParams, PageQuery), responses(
    (status = 200, description = "A page of orders", body = OrderPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/orders")]
pub async fn list_any_orders(
    input: InOrder<Permitted<policy::ViewAnyOrder>, ValidQuery<AllOrdersQuery>>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(query)) = input;
    let page = orders.list_all(&caller, &query.filter, &query.page).await?;
    Ok(HttpResponse::Ok().json(OrderPage::page(AllOrdersQuery::LIST, page)))
}

/// Anybody's order, whole.
#[utoipa::path(operation_id = "get_any_order", tag = "orders", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id")), responses(
    (status = 200, description = "The order", body = Order),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/orders/{id}")]
pub async fn get_any_order(
    input: InOrder<Permitted<policy::ViewAnyOrder>, web::Path<Uuid>>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let order = orders.find_any(&caller, OrderId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(Order::from(order)))
}
