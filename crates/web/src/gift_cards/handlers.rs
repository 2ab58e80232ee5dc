//! Gift cards for whoever has a code.

use super::dto::{GiftCardCodeRequest, GiftCardWorth, RedeemedGiftCard};
use super::problems::{of_check, of_redemption};
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, post, web};
use application::gift_cards::check::CheckGiftCards;
use application::gift_cards::redeem::RedeemGiftCards;
use application::identity::policy;
use application::system::Clock;

type Answer = Result<HttpResponse, Problem>;

/// What is a gift card's code worth? Five wrong codes a minute are the most.
#[utoipa::path(operation_id = "check_gift_card", tag = "gift-cards", request_body = GiftCardCodeRequest, responses(
    (status = 200, description = "The card of this code", body = GiftCardWorth),
    (status = 404, description = "`gift-card-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too-many-attempts`: too many wrong codes; `rate-limited`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/gift-cards/check")]
pub async fn check_gift_card(
    body: ValidJson<GiftCardCodeRequest>,
    client: CallingClient,
    cards: web::Data<dyn CheckGiftCards>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let found = cards.check(&body.0.code, &client.0).await.map_err(|error| of_check(error, clock.now()))?;
    Ok(HttpResponse::Ok().json(GiftCardWorth::at(&found, clock.now())))
}

/// Take what is left on a gift card into your store balance, once.
#[utoipa::path(operation_id = "redeem_gift_card", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    request_body = GiftCardCodeRequest, responses(
    (status = 200, description = "What was redeemed", body = RedeemedGiftCard),
    (status = 403, description = "`api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-card-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`gift-card-already-redeemed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`gift-card-expired`, `gift-card-disabled`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 429, description = "`too-many-attempts`: too many wrong codes; `rate-limited`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/gift-cards/redeem")]
pub async fn redeem_gift_card(
    input: InOrder<Permitted<policy::RedeemGiftCards>, ValidJson<GiftCardCodeRequest>>,
    client: CallingClient,
    cards: web::Data<dyn RedeemGiftCards>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(caller, ValidJson(body)) = input;
    let redeemed = cards.redeem(&caller.0, &body.code, &client.0).await;
    let redeemed = redeemed.map_err(|error| of_redemption(error, clock.now()))?;
    Ok(HttpResponse::Ok().json(RedeemedGiftCard::from(redeemed)))
}
