//! Gift cards that are mailed, for admins: how the mail stands, and sending it elsewhere.

use crate::extract::{CallingClient, InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::wire::gift::email_address;
use actix_web::{HttpResponse, get, post, web};
use application::gift_cards::send_again::SendGiftCardsAgain;
use application::identity::policy::{AdministerGiftCards, ViewGiftCards};
use chrono::{DateTime, NaiveDate, Utc};
use domain::gift_cards::{Delivery, DeliveryStatus};
use domain::kernel::GiftCardId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// How the mail with a gift card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GiftDeliveryStatus {
    /// It waits for its day.
    Scheduled,
    /// It is being handed to the mail server.
    Sending,
    /// The mail server has it.
    Sent,
    /// The mail server will never take it, or the card was used up before.
    Failed,
}

impl From<DeliveryStatus> for GiftDeliveryStatus {
    fn from(status: DeliveryStatus) -> Self {
        match status {
            DeliveryStatus::Scheduled => Self::Scheduled,
            DeliveryStatus::Sending => Self::Sending,
            DeliveryStatus::Sent => Self::Sent,
            DeliveryStatus::Failed => Self::Failed,
        }
    }
}

/// A gift card on its way.
#[derive(Debug, Serialize, ToSchema)]
pub struct GiftDelivery {
    /// The card.
    pub gift_card_id: Uuid,
    /// Where it goes.
    pub recipient_email: String,
    /// Who gets it.
    #[schema(required)]
    pub recipient_name: Option<String>,
    /// Who gives it.
    #[schema(required)]
    pub sender_name: Option<String>,
    /// What they want to say.
    #[schema(required)]
    pub message: Option<String>,
    /// On which day it was to come.
    #[schema(required)]
    pub deliver_on: Option<NaiveDate>,
    /// How it stands.
    pub status: GiftDeliveryStatus,
    /// When it is sent, or was to be.
    pub send_at: DateTime<Utc>,
    /// When it was sent.
    #[schema(required)]
    pub sent_at: Option<DateTime<Utc>>,
}

impl From<Delivery> for GiftDelivery {
    fn from(delivery: Delivery) -> Self {
        Self {
            gift_card_id: delivery.gift_card.uuid(),
            status: delivery.status().into(),
            send_at: delivery.send_at,
            sent_at: delivery.sent_at,
            recipient_email: delivery.gift.recipient_email.to_string(),
            recipient_name: delivery.gift.recipient_name,
            sender_name: delivery.gift.sender_name,
            message: delivery.gift.message,
            deliver_on: delivery.gift.deliver_on,
        }
    }
}

/// Where a gift card is to go.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendGiftCardRequest {
    /// The address.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(custom(function = text::email))]
    #[schema(format = "email")]
    pub recipient_email: String,
}

/// How the mail with a gift card stands.
#[utoipa::path(operation_id = "get_gift_card_delivery", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The card's id")), responses(
    (status = 200, description = "The delivery", body = GiftDelivery),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-delivery-not-found`: there is no such card, or it is not mailed", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/gift-cards/{id}/delivery")]
pub async fn get_gift_card_delivery(
    input: InOrder<Permitted<ViewGiftCards>, web::Path<Uuid>>,
    cards: web::Data<dyn SendGiftCardsAgain>,
) -> Answer {
    let InOrder(caller, id) = input;
    let found = cards.find(&caller.0, GiftCardId::new(*id)).await?;
    let found = found.ok_or_else(|| Problem::new(&registry::GIFT_DELIVERY_NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(GiftDelivery::from(found)))
}

/// Send a gift card elsewhere. While its mail waits, it goes there on its day; once it may have arrived, it is sent at once
/// with another code, and the old code is void.
#[utoipa::path(operation_id = "send_gift_card_again", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The card's id")), request_body = SendGiftCardRequest, responses(
    (status = 200, description = "The delivery as it is now", body = GiftDelivery),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-delivery-not-found`: there is no such card, or it is not mailed", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`gift-card-already-redeemed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`gift-card-expired`, `gift-card-disabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/gift-cards/{id}/delivery")]
pub async fn send_gift_card_again(
    input: InOrder<Permitted<AdministerGiftCards>, InOrder<web::Path<Uuid>, ValidJson<SendGiftCardRequest>>>,
    client: CallingClient,
    cards: web::Data<dyn SendGiftCardsAgain>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidJson(body))) = input;
    let to = email_address(&body.recipient_email)?;
    let delivery = cards.send_again(&caller.0, GiftCardId::new(*id), to, &client.0).await?;
    Ok(HttpResponse::Ok().json(GiftDelivery::from(delivery)))
}
