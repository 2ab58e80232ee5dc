//! Batches of gift cards, for admins.

use super::batch_dto::{
    GiftCardBatch, GiftCardBatchPage, OrderGiftCardBatchRequest, UpdateGiftCardBatchRequest, codes_csv,
};
use crate::extract::{CallingClient, FromQuery, InOrder, PageQuery, Permitted, QueryReader, ValidJson, ValidQuery};
use crate::middleware::idempotency::Unkept;
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use actix_web::{HttpResponse, get, patch, post, web};
use application::gift_cards::batch_desk::LookAfterBatches;
use application::identity::policy::{AdministerGiftCards, ViewGiftCards};
use domain::kernel::{GiftCardBatchId, PageRequest};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Order many gift cards of one value: value that is given away. They are issued in the background; `issued` tells how many
/// there are.
#[utoipa::path(operation_id = "order_gift_card_batch", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    request_body = OrderGiftCardBatchRequest, responses(
    (status = 202, description = "The batch, whose cards are being issued", body = GiftCardBatch, headers(("Location" = String, description = "Where the batch is"))),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/gift-cards/batches")]
pub async fn order_gift_card_batch(
    input: InOrder<Permitted<AdministerGiftCards>, ValidJson<OrderGiftCardBatchRequest>>,
    client: CallingClient,
    batches: web::Data<dyn LookAfterBatches>,
) -> Answer {
    let InOrder(caller, ValidJson(body)) = input;
    let batch = batches.order(&caller.0, body.into_wish()?, &client.0).await?;
    let location = format!("/api/v1/gift-cards/batches/{}", batch.id);
    Ok(HttpResponse::Accepted().insert_header((LOCATION, location)).json(GiftCardBatch::from(batch)))
}

/// What part of the list is asked for.
#[derive(Debug)]
pub struct BatchesQuery(PageRequest);

impl BatchesQuery {
    const LIST: &'static str = "gift-card-batches";
}

impl FromQuery for BatchesQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self(PageQuery::read(query).of_list(Self::LIST, query))
    }
}

/// The batches of gift cards, the newest first.
#[utoipa::path(operation_id = "list_gift_card_batches", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(PageQuery), responses(
    (status = 200, description = "A page of batches", body = GiftCardBatchPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/gift-cards/batches")]
pub async fn list_gift_card_batches(
    input: InOrder<Permitted<ViewGiftCards>, ValidQuery<BatchesQuery>>,
    batches: web::Data<dyn LookAfterBatches>,
) -> Answer {
    let InOrder(caller, ValidQuery(BatchesQuery(page))) = input;
    let page = batches.list(&caller.0, &page).await?;
    Ok(HttpResponse::Ok().json(GiftCardBatchPage::page(BatchesQuery::LIST, page)))
}

/// A batch of gift cards.
#[utoipa::path(operation_id = "get_gift_card_batch", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The batch's id")), responses(
    (status = 200, description = "The batch", body = GiftCardBatch),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-card-batch-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/gift-cards/batches/{id}")]
pub async fn get_gift_card_batch(
    input: InOrder<Permitted<ViewGiftCards>, web::Path<Uuid>>,
    batches: web::Data<dyn LookAfterBatches>,
) -> Answer {
    let InOrder(caller, id) = input;
    let found = batches.find(&caller.0, GiftCardBatchId::new(*id)).await?;
    Ok(HttpResponse::Ok().json(GiftCardBatch::from(found.ok_or_else(not_found)?)))
}

/// Keep all gift cards of a batch from being used, or let them be used again, but for those that were disabled one by one.
#[utoipa::path(operation_id = "update_gift_card_batch", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The batch's id")), request_body = UpdateGiftCardBatchRequest, responses(
    (status = 200, description = "The batch as it is now", body = GiftCardBatch),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-card-batch-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/gift-cards/batches/{id}")]
pub async fn update_gift_card_batch(
    input: InOrder<Permitted<AdministerGiftCards>, InOrder<web::Path<Uuid>, ValidJson<UpdateGiftCardBatchRequest>>>,
    client: CallingClient,
    batches: web::Data<dyn LookAfterBatches>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidJson(body))) = input;
    let found = batches.set_usable(&caller.0, GiftCardBatchId::new(*id), !body.disabled, &client.0).await?;
    Ok(HttpResponse::Ok().json(GiftCardBatch::from(found.ok_or_else(not_found)?)))
}

/// Download the codes of a batch as CSV, once: whoever has a code has the money. With the answer the shop forgets them; it is
/// kept under no `Idempotency-Key` either. Codes that nobody downloads within a week are forgotten, too.
#[utoipa::path(operation_id = "download_gift_card_codes", tag = "gift-cards", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The batch's id")), responses(
    (status = 200, description = "The codes, as a file", body = String, content_type = "text/csv", headers(("Content-Disposition" = String, description = "The name of the file"))),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`gift-card-batch-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`gift-card-batch-not-ready`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`codes-already-downloaded`, `codes-lapsed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/gift-cards/batches/{id}/codes")]
pub async fn download_gift_card_codes(
    input: InOrder<Permitted<AdministerGiftCards>, web::Path<Uuid>>,
    client: CallingClient,
    batches: web::Data<dyn LookAfterBatches>,
) -> Answer {
    let InOrder(caller, id) = input;
    let told = batches.tell_codes(&caller.0, GiftCardBatchId::new(*id), &client.0).await?;
    let name = format!("attachment; filename=\"gift-cards-{}.csv\"", told.batch.created_at.format("%Y-%m-%d"));
    let mut answer = HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(codes_csv(&told));
    answer.extensions_mut().insert(Unkept);
    Ok(answer)
}

fn not_found() -> Problem {
    Problem::new(&registry::GIFT_CARD_BATCH_NOT_FOUND)
}
