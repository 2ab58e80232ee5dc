//! What was delivered to webhooks, and sending it once more.

use super::delivery_dto::{WebhookDelivery, WebhookDeliveryDetails, WebhookDeliveryPage};
use super::query::{DeliveriesParams, DeliveriesQuery};
use crate::extract::{InOrder, PageQuery, Permitted, ValidQuery};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, get, post, web};
use application::identity::policy::{SendWebhooks, ViewWebhooks};
use application::webhooks::deliveries::TendDeliveries;
use domain::kernel::{WebhookDeliveryId, WebhookId};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Send a message of the kind `webhook.test`, to see whether it arrives.
#[utoipa::path(operation_id = "test_webhook", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id")), responses(
    (status = 202, description = "It is on its way", body = WebhookDelivery),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`webhook-disabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/webhooks/{id}/test")]
pub async fn test_webhook(
    input: InOrder<Permitted<SendWebhooks>, web::Path<Uuid>>,
    deliveries: web::Data<dyn TendDeliveries>,
) -> Answer {
    let InOrder(caller, id) = input;
    let sent = deliveries.test(&caller.0, WebhookId::new(*id)).await?;
    Ok(HttpResponse::Accepted().json(WebhookDelivery::from(sent)))
}

/// What was delivered to a webhook, or is on its way: of the last 30 days, the newest first.
#[utoipa::path(operation_id = "list_webhook_deliveries", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id"), DeliveriesParams, PageQuery), responses(
    (status = 200, description = "A page of deliveries", body = WebhookDeliveryPage),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/webhooks/{id}/deliveries")]
pub async fn list_webhook_deliveries(
    input: InOrder<Permitted<ViewWebhooks>, InOrder<web::Path<Uuid>, ValidQuery<DeliveriesQuery>>>,
    deliveries: web::Data<dyn TendDeliveries>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidQuery(query))) = input;
    let page = deliveries.list(&caller.0, WebhookId::new(*id), query.status, &query.page).await?;
    let page = page.ok_or_else(|| Problem::new(&registry::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(WebhookDeliveryPage::page(DeliveriesQuery::LIST, page)))
}

/// A delivery: what was sent, and what came of each try.
#[utoipa::path(operation_id = "get_webhook_delivery", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id"), ("delivery_id" = Uuid, Path, description = "The delivery's id")), responses(
    (status = 200, description = "The delivery", body = WebhookDeliveryDetails),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/webhooks/{id}/deliveries/{delivery_id}")]
pub async fn get_webhook_delivery(
    input: InOrder<Permitted<ViewWebhooks>, web::Path<(Uuid, Uuid)>>,
    deliveries: web::Data<dyn TendDeliveries>,
) -> Answer {
    let InOrder(caller, ids) = input;
    let (id, delivery) = ids.into_inner();
    let found = deliveries.find(&caller.0, WebhookId::new(id), WebhookDeliveryId::new(delivery)).await?;
    let found = found.ok_or_else(|| Problem::new(&registry::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(WebhookDeliveryDetails::from(found)))
}

/// Send the same event once more: the same message, with the same `webhook-id`.
#[utoipa::path(operation_id = "replay_webhook_delivery", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id"), ("delivery_id" = Uuid, Path, description = "The delivery's id")), responses(
    (status = 202, description = "It is on its way", body = WebhookDelivery),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`webhook-disabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/webhooks/{id}/deliveries/{delivery_id}/replay")]
pub async fn replay_webhook_delivery(
    input: InOrder<Permitted<SendWebhooks>, web::Path<(Uuid, Uuid)>>,
    deliveries: web::Data<dyn TendDeliveries>,
) -> Answer {
    let InOrder(caller, ids) = input;
    let (id, delivery) = ids.into_inner();
    let sent = deliveries.replay(&caller.0, WebhookId::new(id), WebhookDeliveryId::new(delivery)).await?;
    Ok(HttpResponse::Accepted().json(WebhookDelivery::from(sent)))
}
