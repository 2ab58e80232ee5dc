//! Handlers of refunds.

use super::dto::{Asked, GiveRefundRequest, Refund, RefundList};
use crate::extract::{InOrder, Permitted, RequiredKey, ValidJson};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, get, post, web};
use application::identity::policy::{RefundOrders, RefundSales, ViewAnyOrder, ViewSales};
use application::refunds::give::{GiveRefunds, RefundCommand};
use application::refunds::view::ViewRefunds;
use domain::kernel::OrderId;
use domain::refunds::RefundWish;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
/// An order's id, what names the request, and what is asked for.
type KeyedRefund = InOrder<web::Path<Uuid>, InOrder<RequiredKey, ValidJson<GiveRefundRequest>>>;

/// Give back what was paid for lines of yours: all that is left, some pieces, or an amount. It goes back to gift cards, balance and
/// card, in the order in which the order was paid; the platform's fee is given back in proportion. Gift cards that were bought go back
/// while nobody has used any of them, and are void then; of all that is left, those that were used are left out, and told in `kept`.
#[utoipa::path(operation_id = "give_seller_refund", tag = "refunds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id")), request_body = GiveRefundRequest, responses(
    (status = 201, description = "The refund", body = Refund),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`order-not-refundable`, `order-disputed`, `gift-card-not-refundable`, `refund-too-large` (with `left` or `pieces_left`)", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/orders/{id}/refunds")]
pub async fn give_seller_refund(
    input: InOrder<Permitted<RefundSales>, KeyedRefund>,
    desk: web::Data<dyn GiveRefunds>,
) -> Answer {
    let InOrder(Permitted(caller), request) = input;
    let command = command(request)?;
    if matches!(command.wish, RefundWish::Delivery(_)) {
        return Err(Problem::invalid_field("/shipping", "admins-only", "is given back by the shop's admins"));
    }
    let (refund, order) = desk.of_sales(&caller, command).await?;
    Ok(HttpResponse::Created().json(Refund::of(refund, &order)))
}

/// What went back of lines of yours, the newest first.
#[utoipa::path(operation_id = "list_seller_refunds", tag = "refunds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id")), responses(
    (status = 200, description = "The refunds", body = RefundList),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/orders/{id}/refunds")]
pub async fn list_seller_refunds(
    input: InOrder<Permitted<ViewSales>, web::Path<Uuid>>,
    refunds: web::Data<dyn ViewRefunds>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let (refunds, order) = refunds.of_sales(&caller, OrderId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(RefundList::of(refunds, &order)))
}

/// Give back what was paid for any order, of any seller's lines and of its delivery.
#[utoipa::path(operation_id = "give_refund", tag = "refunds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id")), request_body = GiveRefundRequest, responses(
    (status = 201, description = "The refund", body = Refund),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`order-not-refundable`, `order-disputed`, `gift-card-not-refundable`, `refund-too-large` (with `left` or `pieces_left`)", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/orders/{id}/refunds")]
pub async fn give_refund(
    input: InOrder<Permitted<RefundOrders>, KeyedRefund>,
    desk: web::Data<dyn GiveRefunds>,
) -> Answer {
    let InOrder(Permitted(caller), request) = input;
    let (refund, order) = desk.of_order(&caller, command(request)?).await?;
    Ok(HttpResponse::Created().json(Refund::of(refund, &order)))
}

/// What went back of any order, the newest first.
#[utoipa::path(operation_id = "list_refunds", tag = "refunds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id")), responses(
    (status = 200, description = "The refunds", body = RefundList),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/orders/{id}/refunds")]
pub async fn list_refunds(
    input: InOrder<Permitted<ViewAnyOrder>, web::Path<Uuid>>,
    refunds: web::Data<dyn ViewRefunds>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let (refunds, order) = refunds.of_order(&caller, OrderId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(RefundList::of(refunds, &order)))
}

fn command(request: KeyedRefund) -> Result<RefundCommand, Problem> {
    let InOrder(id, InOrder(RequiredKey(key), ValidJson(body))) = request;
    let Asked { wish, reason, restock } = body.into_asked()?;
    Ok(RefundCommand { order: OrderId::new(*id), wish, reason, restock, key })
}
