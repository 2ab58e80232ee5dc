//! Gift cards for admins.

use super::dto::{
    ChangedGiftCardStatus, GiftCard, GiftCardLiabilities, GiftCardPage, IssueGiftCardsRequest, NewGiftCard,
    NewGiftCards, UpdateGiftCardRequest,
};
use super::query::{GiftCardsParams, GiftCardsQuery};
use crate::extract::{CallingClient, InOrder, PageQuery, Permitted, ValidJson, ValidQuery};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::wire::next_cursor;
use actix_web::{HttpResponse, get, patch, post, web};
use application::gift_cards::administer::LookAfterGiftCards;
use application::gift_cards::issue::IssueGiftCards;
use application::identity::policy::{AdministerGiftCards, ViewGiftCards};
use application::system::Clock;
use domain::kernel::GiftCardId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Issue gift cards: value that is given away. All of them are issued, or none.
#[utoipa::path(operation_id = "issue_gift_cards", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    request_body = IssueGiftCardsRequest, responses(
    (status = 201, description = "The cards with their codes, shown this once", body = NewGiftCards),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/gift-cards")]
pub async fn issue_gift_cards(
    input: InOrder<Permitted<AdministerGiftCards>, ValidJson<IssueGiftCardsRequest>>,
    client: CallingClient,
    cards: web::Data<dyn IssueGiftCards>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(caller, ValidJson(body)) = input;
    let issued = cards.issue(&caller.0, body.into_wish()?, &client.0).await?;
    let data = issued.into_iter().map(|one| NewGiftCard::of(one, clock.now())).collect();
    Ok(HttpResponse::Created().json(NewGiftCards { data }))
}

/// Find gift cards, the newest first.
#[utoipa::path(operation_id = "list_gift_cards", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(GiftCardsParams, PageQuery), responses(
    (status = 200, description = "A page of gift cards", body = GiftCardPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/gift-cards")]
pub async fn list_gift_cards(
    input: InOrder<Permitted<ViewGiftCards>, ValidQuery<GiftCardsQuery>>,
    cards: web::Data<dyn LookAfterGiftCards>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(caller, ValidQuery(query)) = input;
    let page = cards.list(&caller.0, &query.filter, &query.page).await?;
    let next_cursor = next_cursor(GiftCardsQuery::LIST, page.next.as_ref());
    let data = page.data.into_iter().map(|found| GiftCard::at(found, clock.now())).collect();
    Ok(HttpResponse::Ok().json(GiftCardPage { data, next_cursor }))
}

/// What the shop owes to the holders of gift cards, in each currency.
#[utoipa::path(operation_id = "list_gift_card_liabilities", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "What is left on all cards", body = GiftCardLiabilities),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/gift-cards/liability")]
pub async fn list_gift_card_liabilities(
    caller: Permitted<ViewGiftCards>,
    cards: web::Data<dyn LookAfterGiftCards>,
) -> Answer {
    let data = cards.liabilities(&caller.0).await?.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(GiftCardLiabilities { data, next_cursor: None }))
}

/// A gift card.
#[utoipa::path(operation_id = "get_gift_card", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The card's id")), responses(
    (status = 200, description = "The card", body = GiftCard),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-card-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/gift-cards/{id}")]
pub async fn get_gift_card(
    input: InOrder<Permitted<ViewGiftCards>, web::Path<Uuid>>,
    cards: web::Data<dyn LookAfterGiftCards>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(caller, id) = input;
    let found = cards.find(&caller.0, GiftCardId::new(*id)).await?;
    let found = found.ok_or_else(|| Problem::new(&registry::GIFT_CARD_NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(GiftCard::at(found, clock.now())))
}

/// Keep a gift card from being used, or let it be used again.
#[utoipa::path(operation_id = "update_gift_card", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The card's id")), request_body = UpdateGiftCardRequest, responses(
    (status = 200, description = "The card as it is now", body = GiftCard),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-card-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/gift-cards/{id}")]
pub async fn update_gift_card(
    input: InOrder<Permitted<AdministerGiftCards>, InOrder<web::Path<Uuid>, ValidJson<UpdateGiftCardRequest>>>,
    client: CallingClient,
    cards: web::Data<dyn LookAfterGiftCards>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidJson(body))) = input;
    let usable = body.status == ChangedGiftCardStatus::Active;
    let found = cards.set_usable(&caller.0, GiftCardId::new(*id), usable, &client.0).await?;
    let found = found.ok_or_else(|| Problem::new(&registry::GIFT_CARD_NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(GiftCard::at(found, clock.now())))
}
