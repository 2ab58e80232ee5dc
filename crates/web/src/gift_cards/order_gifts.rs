//! Gift cards that were bought, for who bought them.

use super::delivery::{GiftDelivery, SendGiftCardRequest};
use crate::extract::{InOrder, MaybePermitted, ValidJson, ValidQuery};
use crate::orders::query::TokenQuery;
use crate::problem::{Problem, ProblemDocument};
use crate::wire::Money;
use crate::wire::gift::email_address;
use actix_web::{HttpResponse, get, patch, web};
use application::gift_cards::ports::SoldCard;
use application::gift_cards::sell::FollowGifts;
use application::identity::policy::{Buy, ViewOrders};
use domain::kernel::{GiftCardId, OrderId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;
/// The ids of an order and of a gift card that it bought.
type GiftIds = web::Path<(Uuid, Uuid)>;

/// A gift card that was bought. Only who gets it knows its code.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderGift {
    /// The line of the order.
    pub line_id: Option<Uuid>,
    /// The last four characters of its code.
    pub last4: String,
    /// What it was worth.
    pub value: Money,
    /// How its mail stands.
    #[serde(flatten)]
    pub delivery: GiftDelivery,
}

impl From<SoldCard> for OrderGift {
    fn from(sold: SoldCard) -> Self {
        Self {
            line_id: sold.delivery.piece.map(|piece| piece.line.uuid()),
            last4: sold.last4,
            value: sold.value.into(),
            delivery: sold.delivery.into(),
        }
    }
}

/// The gift cards of an order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderGifts {
    /// All of them; empty until the order is paid.
    pub data: Vec<OrderGift>,
    /// Always `null`.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl From<Vec<SoldCard>> for OrderGifts {
    fn from(sold: Vec<SoldCard>) -> Self {
        Self { data: sold.into_iter().map(Into::into).collect(), next_cursor: None }
    }
}

/// Where the gift cards of an order are: your own order, or the one that a guest's token opens.
#[utoipa::path(operation_id = "list_order_gifts", tag = "orders", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id"), TokenQuery), responses(
    (status = 200, description = "The gift cards", body = OrderGifts),
    (status = 404, description = "`order-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/orders/{id}/gifts")]
pub async fn list_order_gifts(
    user: MaybePermitted<ViewOrders>,
    id: web::Path<Uuid>,
    query: ValidQuery<TokenQuery>,
    gifts: web::Data<dyn FollowGifts>,
) -> Answer {
    let found = gifts.of_order(user.0.as_ref(), query.0.token.as_deref(), OrderId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(OrderGifts::from(found)))
}

/// Send a gift card that still waits to another address, on its day.
#[utoipa::path(operation_id = "readdress_order_gift", tag = "orders", security((), ("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The order's id"), ("gift_card_id" = Uuid, Path, description = "The gift card's id"), TokenQuery),
    request_body = SendGiftCardRequest, responses(
    (status = 200, description = "The gift cards as they are now", body = OrderGifts),
    (status = 404, description = "`order-not-found`, `gift-card-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`gift-on-its-way`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/orders/{id}/gifts/{gift_card_id}")]
pub async fn readdress_order_gift(
    input: InOrder<MaybePermitted<Buy>, InOrder<GiftIds, ValidJson<SendGiftCardRequest>>>,
    query: ValidQuery<TokenQuery>,
    gifts: web::Data<dyn FollowGifts>,
) -> Answer {
    let InOrder(user, InOrder(ids, ValidJson(body))) = input;
    let ((order, card), to) = (ids.into_inner(), email_address(&body.recipient_email)?);
    let (order, card) = (OrderId::new(order), GiftCardId::new(card));
    let found = gifts.readdress(user.0.as_ref(), query.0.token.as_deref(), order, card, to).await?;
    Ok(HttpResponse::Ok().json(OrderGifts::from(found)))
}
