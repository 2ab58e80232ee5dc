//! Handlers of checkout, and of giving up what was checked out.

use super::dto::{CheckoutRequest, CheckoutResponse};
use super::problems::of_placing;
use super::return_urls::return_urls;
use crate::extract::{CallingClient, InOrder, MaybePermitted, RequiredKey, ValidJson, ValidQuery, text};
use crate::orders::dto::Order;
use crate::orders::query::TokenQuery;
use crate::problem::{Problem, ProblemDocument};
use crate::settings::Settings;
use actix_web::{HttpResponse, post, web};
use application::checkout::cancel::CancelOrders;
use application::checkout::place_order::{Checkout, PlaceOrders};
use application::checkout::tenders::{Means, TypedCode};
use application::identity::policy::{Buy, CheckOut};
use application::orders::view::ViewOrders;
use application::system::Clock;
use domain::kernel::{CartId, OrderId};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
/// A cart's id and what names its checkout.
type KeyedId = InOrder<web::Path<Uuid>, RequiredKey>;

/// Turn a cart into an order and reserve its stock for 30 minutes; the payment's `redirect_url` is where to pay what gift
/// cards and balance leave over. If they leave nothing, the order is paid, and there is no such address.
#[utoipa::path(operation_id = "check_out", tag = "checkout", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The cart's id")), request_body = CheckoutRequest, responses(
    (status = 201, description = "The order and how to pay it", body = CheckoutResponse, headers(("Location" = String, description = "Where the order is"))),
    (status = 403, description = "`email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`cart-not-found`; `gift-card-not-found` (with the code's `pointer` and `last4`)", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`insufficient-stock` (with `lines`), `price-changed` (with `total`), `cart-checked-out`; `gift-card-already-redeemed`, `currency-mismatch` (with the code's `pointer` and `last4`)", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`gift-card-expired`, `gift-card-disabled` (with the code's `pointer` and `last4`)", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`cart-empty`, `validation-failed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too-many-attempts`: too many wrong codes of gift cards; `rate-limited`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/carts/{id}/checkout")]
pub async fn check_out(
    input: InOrder<MaybePermitted<CheckOut>, InOrder<KeyedId, ValidJson<CheckoutRequest>>>,
    client: CallingClient,
    desk: web::Data<dyn PlaceOrders>,
    settings: web::Data<Settings>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(user, InOrder(InOrder(id, key), ValidJson(body))) = input;
    let checkout = checkout(CartId::new(*id), key, body, &settings)?;
    let placed = desk.place(user.0.as_ref(), checkout, &client.0).await;
    let placed = placed.map_err(|error| of_placing(error, clock.now()))?;
    let location = format!("/api/v1/orders/{}", placed.order.id);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(CheckoutResponse::from(placed)))
}

/// Give up an order that is not paid yet; its stock goes back, and so does what it holds of gift cards and balance. Money that is held
/// for review is let go, unless an admin was faster; while the gateway is away that stands (503), and is carried out later.
#[utoipa::path(operation_id = "cancel_order", tag = "orders", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id"), TokenQuery), responses(
    (status = 200, description = "The order, cancelled", body = Order),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`order-not-cancellable`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 502, description = "`payment-gateway-refused`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/orders/{id}/cancel")]
pub async fn cancel_order(
    user: MaybePermitted<Buy>,
    id: web::Path<Uuid>,
    query: ValidQuery<TokenQuery>,
    cancellation: web::Data<dyn CancelOrders>,
    orders: web::Data<dyn ViewOrders>,
) -> Answer {
    let (id, token) = (OrderId::new(*id), query.0.token.as_deref());
    cancellation.cancel(user.0.as_ref(), token, id).await?;
    let viewer = user.0.map(Into::into);
    let order = orders.find(viewer.as_ref(), token, id).await?;
    Ok(HttpResponse::Ok().json(Order::from(order)))
}

fn checkout(cart: CartId, key: RequiredKey, body: CheckoutRequest, settings: &Settings) -> Result<Checkout, Problem> {
    Ok(Checkout {
        cart,
        key: key.0,
        email: text::to_email(&body.email)?,
        shipping_address: body.shipping_address.map(Into::into),
        means: Means {
            gift_card_codes: body.gift_card_codes.unwrap_or_default().into_iter().map(TypedCode).collect(),
            use_balance: body.use_balance.unwrap_or_default(),
        },
        expected_total: body.expected_total.map(|total| total.into_domain("/expected_total")).transpose()?,
        return_urls: return_urls(body.success_url.as_deref(), body.cancel_url.as_deref(), settings)?,
    })
}
