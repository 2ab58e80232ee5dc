//! Payments for admins: all of them, and deciding about those that are held.

use super::admin_dto::{AdminPayment, AdminPaymentPage};
use super::query::{PaymentsParams, PaymentsQuery};
use crate::extract::{CallingClient, InOrder, PageQuery, Permitted, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, get, post, web};
use application::checkout::review::ReviewPayments;
use application::identity::policy::{ReviewPayments as MayReview, ViewAllPayments};
use domain::kernel::PaymentId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Find payments, the newest first; those that wait for a decision by `status=held`.
#[utoipa::path(operation_id = "list_payments", tag = "payments", security(("bearer" = []), ("cookie" = [])),
    params(PaymentsParams, PageQuery), responses(
    (status = 200, description = "A page of payments", body = AdminPaymentPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/payments")]
pub async fn list_payments(
    input: InOrder<Permitted<ViewAllPayments>, ValidQuery<PaymentsQuery>>,
    payments: web::Data<dyn ReviewPayments>,
) -> Answer {
    let InOrder(caller, ValidQuery(query)) = input;
    let page = payments.list(&caller.0, &query.filter, &query.page).await?;
    Ok(HttpResponse::Ok().json(AdminPaymentPage::page(PaymentsQuery::LIST, page)))
}

/// Take the money of a payment that is held: what it pays is paid.
#[utoipa::path(operation_id = "approve_payment", tag = "payments", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The payment's id")), responses(
    (status = 200, description = "The payment as it is now; still `held` while the gateway is away", body = AdminPayment),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`payment-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`payment-not-held`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/payments/{id}/approve")]
pub async fn approve_payment(
    input: InOrder<Permitted<MayReview>, web::Path<Uuid>>,
    client: CallingClient,
    payments: web::Data<dyn ReviewPayments>,
) -> Answer {
    let InOrder(caller, id) = input;
    let payment = payments.decide(&caller.0, PaymentId::new(*id), true, &client.0).await?;
    Ok(HttpResponse::Ok().json(AdminPayment::from(payment)))
}

/// Let go of the money of a payment that is held: its order is cancelled, and nobody is charged.
#[utoipa::path(operation_id = "reject_payment", tag = "payments", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The payment's id")), responses(
    (status = 200, description = "The payment as it is now; still `held` while the gateway is away", body = AdminPayment),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`payment-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`payment-not-held`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/payments/{id}/reject")]
pub async fn reject_payment(
    input: InOrder<Permitted<MayReview>, web::Path<Uuid>>,
    client: CallingClient,
    payments: web::Data<dyn ReviewPayments>,
) -> Answer {
    let InOrder(caller, id) = input;
    let payment = payments.decide(&caller.0, PaymentId::new(*id), false, &client.0).await?;
    Ok(HttpResponse::Ok().json(AdminPayment::from(payment)))
}
