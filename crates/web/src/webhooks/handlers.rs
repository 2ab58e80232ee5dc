//! Webhooks for those who keep them.

use super::dto::{CreateWebhookRequest, UpdateWebhookRequest, Webhook, WebhookList, WebhookWithSecret};
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use application::identity::policy::{ManageWebhooks, ViewWebhooks};
use application::webhooks::keep::KeepWebhooks;
use domain::kernel::WebhookId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Make a webhook: an address that is told of events. A seller's is told of what is the seller's of an event, an admin's
/// (the platform's) of everything.
#[utoipa::path(operation_id = "create_webhook", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    request_body = CreateWebhookRequest, responses(
    (status = 201, description = "The webhook with its secret, shown this once", body = WebhookWithSecret),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`too-many-webhooks`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/webhooks")]
pub async fn create_webhook(
    input: InOrder<Permitted<ManageWebhooks>, ValidJson<CreateWebhookRequest>>,
    client: CallingClient,
    webhooks: web::Data<dyn KeepWebhooks>,
) -> Answer {
    let InOrder(caller, ValidJson(body)) = input;
    let made = webhooks.create(&caller.0, body.into(), &client.0).await?;
    Ok(HttpResponse::Created().json(WebhookWithSecret::from(made)))
}

/// Your webhooks, or the platform's.
#[utoipa::path(operation_id = "list_webhooks", tag = "webhooks", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "All of them, the oldest first", body = WebhookList),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/webhooks")]
pub async fn list_webhooks(caller: Permitted<ViewWebhooks>, webhooks: web::Data<dyn KeepWebhooks>) -> Answer {
    let data = webhooks.list(&caller.0).await?.into_iter().map(Webhook::from).collect();
    Ok(HttpResponse::Ok().json(WebhookList { data, next_cursor: None }))
}

/// A webhook.
#[utoipa::path(operation_id = "get_webhook", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id")), responses(
    (status = 200, description = "The webhook", body = Webhook),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/webhooks/{id}")]
pub async fn get_webhook(
    input: InOrder<Permitted<ViewWebhooks>, web::Path<Uuid>>,
    webhooks: web::Data<dyn KeepWebhooks>,
) -> Answer {
    let InOrder(caller, id) = input;
    let found = webhooks.find(&caller.0, WebhookId::new(*id)).await?;
    let found = found.ok_or_else(|| Problem::new(&registry::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(Webhook::from(found)))
}

/// Change a webhook, or switch it off or on.
#[utoipa::path(operation_id = "update_webhook", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id")), request_body = UpdateWebhookRequest, responses(
    (status = 200, description = "The webhook as it is now", body = Webhook),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/seller/webhooks/{id}")]
pub async fn update_webhook(
    input: InOrder<Permitted<ManageWebhooks>, InOrder<web::Path<Uuid>, ValidJson<UpdateWebhookRequest>>>,
    client: CallingClient,
    webhooks: web::Data<dyn KeepWebhooks>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidJson(body))) = input;
    let changed = webhooks.change(&caller.0, WebhookId::new(*id), body.into(), &client.0).await?;
    Ok(HttpResponse::Ok().json(Webhook::from(changed)))
}

/// Remove a webhook, with all that was delivered.
#[utoipa::path(operation_id = "remove_webhook", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id")), responses(
    (status = 204, description = "It is removed"),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/seller/webhooks/{id}")]
pub async fn remove_webhook(
    input: InOrder<Permitted<ManageWebhooks>, web::Path<Uuid>>,
    client: CallingClient,
    webhooks: web::Data<dyn KeepWebhooks>,
) -> Answer {
    let InOrder(caller, id) = input;
    if webhooks.remove(&caller.0, WebhookId::new(*id), &client.0).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::new(&registry::NOT_FOUND))
    }
}

/// Give a webhook another secret. For a day messages are signed by both, so that you can change yours in peace.
#[utoipa::path(operation_id = "rotate_webhook_secret", tag = "webhooks", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The webhook's id")), responses(
    (status = 200, description = "The webhook with its new secret, shown this once", body = WebhookWithSecret),
    (status = 403, description = "`seller-role-required`, `email-not-verified`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/seller/webhooks/{id}/secret")]
pub async fn rotate_webhook_secret(
    input: InOrder<Permitted<ManageWebhooks>, web::Path<Uuid>>,
    client: CallingClient,
    webhooks: web::Data<dyn KeepWebhooks>,
) -> Answer {
    let InOrder(caller, id) = input;
    let keyed = webhooks.rotate(&caller.0, WebhookId::new(*id), &client.0).await?;
    Ok(HttpResponse::Ok().json(WebhookWithSecret::from(keyed)))
}
