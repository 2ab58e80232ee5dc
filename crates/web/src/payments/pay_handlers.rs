//! Handlers of paying: into one's balance, and orders.

use super::dto::{Payment, PaymentMethod, PaymentRequest};
use super::return_urls;
use crate::extract::{CallingClient, InOrder, Permitted, RequiredKey, ValidJson};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::settings::Settings;
use actix_web::{HttpResponse, get, post, web};
use application::checkout::pay_order::PayOrders;
use application::checkout::view_payment::{OwnPayment, ViewPayments};
use application::identity::policy::{Pay, ViewTransactions};
use application::payments::top_up::{TopUpBalances, TopUpWish};
use domain::kernel::PaymentId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Pay into your store balance, or an order of yours that waits for its payment; by card the payment's `redirect_url` is where to pay.
/// An order's is the attempt that its checkout began: it has no other. From your balance all of its rest is paid, once the page on which
/// a card could pay it is closed; if a card was faster, that has paid. `pending` while the gateway is away.
#[utoipa::path(operation_id = "make_payment", tag = "payments", security(("bearer" = []), ("cookie" = [])),
    request_body = PaymentRequest, responses(
    (status = 201, description = "The payment and where to pay", body = Payment, headers(("Location" = String, description = "Where the payment is"))),
    (status = 403, description = "`email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`duplicate-payment` (with `payment_id`): the same top-up within a minute under another key; `order-not-payable` (with `order_status`; also while a payment by card is held), `price-changed` (with `total`); `balance-too-low` (with `missing`)", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`validation-failed`, `idempotency-key-reused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/payments")]
pub async fn make_payment(
    input: InOrder<Permitted<Pay>, InOrder<RequiredKey, ValidJson<PaymentRequest>>>,
    client: CallingClient,
    top_ups: web::Data<dyn TopUpBalances>,
    orders: web::Data<dyn PayOrders>,
    settings: web::Data<Settings>,
) -> Answer {
    let InOrder(Permitted(caller), InOrder(key, ValidJson(body))) = input;
    let own: OwnPayment = match (body.order()?, body.method) {
        (Some(order), PaymentMethod::Card) => {
            orders.by_card(&caller, order, body.amount.into_domain("/amount")?).await?.into()
        }
        (Some(order), PaymentMethod::Balance) => {
            orders.by_balance(&caller, order, body.amount.into_domain("/amount")?, key.0).await?
        }
        (None, _) => top_ups.top_up(&caller, wish(key, body, &settings)?, &client.0).await?.into(),
    };
    let location = format!("/api/v1/payments/{}", own.payment.id);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(Payment::from(own)))
}

/// A payment of yours.
#[utoipa::path(operation_id = "get_payment", tag = "payments", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The payment's id")), responses(
    (status = 200, description = "The payment", body = Payment),
    (status = 403, description = "`api-key-scope-missing`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`payment-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/payments/{id}")]
pub async fn get_payment(
    input: InOrder<Permitted<ViewTransactions>, web::Path<Uuid>>,
    payments: web::Data<dyn ViewPayments>,
) -> Answer {
    let InOrder(Permitted(caller), id) = input;
    let payment = payments.find(&caller, PaymentId::new(*id)).await?;
    let payment = payment.ok_or_else(|| Problem::new(&registry::PAYMENT_NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(Payment::from(payment)))
}

/// Where a customer comes back to who named no place.
const PAYMENT_PAGE: &str = "/account/payments/{PAYMENT_ID}";

fn wish(key: RequiredKey, body: PaymentRequest, settings: &Settings) -> Result<TopUpWish, Problem> {
    let place = |named: &Option<String>| named.clone().unwrap_or_else(|| PAYMENT_PAGE.to_owned());
    Ok(TopUpWish {
        amount: body.amount.into_domain("/amount")?,
        key: key.0,
        description: body.description,
        allow_duplicate: body.allow_duplicate,
        return_urls: return_urls(Some(&place(&body.success_url)), Some(&place(&body.cancel_url)), settings)?,
    })
}
