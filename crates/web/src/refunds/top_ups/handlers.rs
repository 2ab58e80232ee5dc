//! Handlers of refunds of top-ups.

use super::dto::{RefundTopUpRequest, TopUpRefund, TopUpRefundList};
use crate::extract::{InOrder, Permitted, RequiredKey, ValidJson};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, get, post, web};
use application::identity::policy::{RefundTopUps, ViewAllPayments};
use application::refunds::top_ups::give::{GiveTopUpRefunds, RefundTopUpCommand};
use domain::kernel::PaymentId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
/// A payment's id, what names the request, and what is asked for.
type KeyedRefund = InOrder<web::Path<Uuid>, InOrder<RequiredKey, ValidJson<RefundTopUpRequest>>>;

/// Give back to the card what was paid into a balance by it: all that is left, or an amount; never more than the balance holds. It is
/// taken off the balance at once, and is in it again if it does not arrive. What paid an order is given back as a refund of the order.
#[utoipa::path(operation_id = "refund_top_up", tag = "refunds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The payment's id")), request_body = RefundTopUpRequest, responses(
    (status = 201, description = "The refund", body = TopUpRefund),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`payment-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`payment-not-refundable`, `payment-disputed`, `refund-too-large` (with `left`), `balance-spent` (with `balance`)", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/payments/{id}/refunds")]
pub async fn refund_top_up(
    input: InOrder<Permitted<RefundTopUps>, KeyedRefund>,
    desk: web::Data<dyn GiveTopUpRefunds>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(id, InOrder(RequiredKey(key), ValidJson(body)))) = input;
    let amount = body.amount.map(|amount| amount.into_domain("/amount")).transpose()?;
    let command = RefundTopUpCommand { payment: PaymentId::new(*id), amount, reason: body.reason, key };
    Ok(HttpResponse::Created().json(TopUpRefund::from(desk.give(&caller, command).await?)))
}

/// What went back of a top-up, the newest first: by admins, and by banks.
#[utoipa::path(operation_id = "list_top_up_refunds", tag = "refunds", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The payment's id")), responses(
    (status = 200, description = "What went back", body = TopUpRefundList),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`payment-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/payments/{id}/refunds")]
pub async fn list_top_up_refunds(
    input: InOrder<Permitted<ViewAllPayments>, web::Path<Uuid>>,
    desk: web::Data<dyn GiveTopUpRefunds>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let refunds = desk.list(&caller, PaymentId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(TopUpRefundList::from(refunds)))
}
