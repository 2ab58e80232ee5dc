//! Handlers of carts. A guest's cart belongs to whoever knows its id.

use super::dto::{AddLineRequest, Cart, CreateCartRequest, UpdateLineRequest};
use crate::extract::{InOrder, MaybeJson, MaybePermitted, ValidJson};
use crate::problem::{Problem, ProblemDocument};
use crate::wire::gift::GiftRequest;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use application::cart::shop::FillCarts;
use application::identity::policy::Buy;
use domain::kernel::{CartId, CartLineId, Currency, VariantId};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
/// The ids of a cart and of its line.
type LineIds = web::Path<(Uuid, Uuid)>;

/// Begin a cart. Signed in, it is yours; otherwise whoever knows its id may use it.
#[utoipa::path(operation_id = "create_cart", tag = "cart", security((), ("bearer" = []), ("cookie" = [])),
    request_body = Option<CreateCartRequest>, responses(
    (status = 201, description = "The new cart", body = Cart, headers(("Location" = String, description = "Where it is"))),
))]
#[post("/carts")]
pub async fn create_cart(
    input: InOrder<MaybePermitted<Buy>, MaybeJson<CreateCartRequest>>,
    carts: web::Data<dyn FillCarts>,
) -> Answer {
    let InOrder(user, MaybeJson(body)) = input;
    let currency = body.currency.and_then(|code| Currency::parse(&code).ok());
    let cart = carts.open(user.0.as_ref(), currency).await?;
    let location = format!("/api/v1/carts/{}", cart.cart.id);
    Ok(HttpResponse::Created().insert_header(("location", location)).json(Cart::from(cart)))
}

/// A cart with the prices and the stock of this moment.
#[utoipa::path(operation_id = "get_cart", tag = "cart", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The cart's id")), responses(
    (status = 200, description = "The cart", body = Cart),
    (status = 404, description = "`cart-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/carts/{id}")]
pub async fn get_cart(user: MaybePermitted<Buy>, id: web::Path<Uuid>, carts: web::Data<dyn FillCarts>) -> Answer {
    let cart = carts.view(user.0.as_ref(), CartId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(Cart::from(cart)))
}

/// Put in more of a variant; one that is there already grows. A gift card is for somebody: `gift` says for whom.
#[utoipa::path(operation_id = "add_cart_line", tag = "cart", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The cart's id")), request_body = AddLineRequest, responses(
    (status = 201, description = "The cart as it is now", body = Cart),
    (status = 404, description = "`cart-not-found`, `variant-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`insufficient-stock` (with `lines`), `cart-checked-out`, `currency-mismatch`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/carts/{id}/lines")]
pub async fn add_cart_line(
    input: InOrder<MaybePermitted<Buy>, InOrder<web::Path<Uuid>, ValidJson<AddLineRequest>>>,
    carts: web::Data<dyn FillCarts>,
) -> Answer {
    let InOrder(user, InOrder(id, ValidJson(body))) = input;
    let variant = VariantId::new(body.variant_id);
    let (user, id) = (user.0.as_ref(), CartId::new(*id));
    let cart = match body.gift.map(GiftRequest::into_domain).transpose()? {
        Some(gift) => carts.add_gift(user, id, variant, body.quantity, gift).await?,
        None => carts.add(user, id, variant, body.quantity).await?,
    };
    Ok(HttpResponse::Created().json(Cart::from(cart)))
}

/// Set how many a line has; 0 removes it.
#[utoipa::path(operation_id = "update_cart_line", tag = "cart", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The cart's id"), ("line_id" = Uuid, Path, description = "The line's id")),
    request_body = UpdateLineRequest, responses(
    (status = 200, description = "The cart as it is now", body = Cart),
    (status = 404, description = "`cart-not-found`, `cart-line-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`insufficient-stock` (with `lines`), `cart-checked-out`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/carts/{id}/lines/{line_id}")]
pub async fn update_cart_line(
    input: InOrder<MaybePermitted<Buy>, InOrder<LineIds, ValidJson<UpdateLineRequest>>>,
    carts: web::Data<dyn FillCarts>,
) -> Answer {
    let InOrder(user, InOrder(ids, ValidJson(body))) = input;
    set_quantity(&user, ids.into_inner(), body.quantity, carts.as_ref()).await
}

/// Take a line out.
#[utoipa::path(operation_id = "remove_cart_line", tag = "cart", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The cart's id"), ("line_id" = Uuid, Path, description = "The line's id")),
    responses(
    (status = 200, description = "The cart as it is now", body = Cart),
    (status = 404, description = "`cart-not-found`, `cart-line-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`cart-checked-out`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/carts/{id}/lines/{line_id}")]
pub async fn remove_cart_line(user: MaybePermitted<Buy>, ids: LineIds, carts: web::Data<dyn FillCarts>) -> Answer {
    set_quantity(&user, ids.into_inner(), 0, carts.as_ref()).await
}

async fn set_quantity(
    user: &MaybePermitted<Buy>,
    (id, line): (Uuid, Uuid),
    quantity: u32,
    carts: &dyn FillCarts,
) -> Answer {
    let cart = carts.set_quantity(user.0.as_ref(), CartId::new(id), CartLineId::new(line), quantity).await?;
    Ok(HttpResponse::Ok().json(Cart::from(cart)))
}
