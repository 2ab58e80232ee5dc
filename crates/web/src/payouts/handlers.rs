//! Handlers of payouts.

use super::dto::{MakePayoutRequest, OwedList, Payout, PayoutPage};
use super::query::PayoutsQuery;
use crate::extract::{CallingClient, InOrder, PageQuery, Permitted, RequiredKey, ValidJson, ValidQuery};
use crate::problem::{Problem, ProblemDocument};
use actix_web::{HttpResponse, get, post, web};
use application::identity::policy::{self, AdministerPayouts, ViewSales};
use application::payouts::pay_out::{MakePayouts, PayoutCommand};
use application::payouts::view::ViewPayouts;
use domain::kernel::{PayoutId, UserId};
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// What you were sent of what you earned, the newest first.
#[utoipa::path(operation_id = "list_own_payouts", tag = "payouts", security(("bearer" = []), ("cookie" = [])),
    params(PageQuery), responses(
    (status = 200, description = "A page of payouts", body = PayoutPage),
    (status = 403, description = "`seller-role-required`, `email-not-verified`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/seller/payouts")]
pub async fn list_own_payouts(
    input: InOrder<Permitted<ViewSales>, ValidQuery<PayoutsQuery>>,
    payouts: web::Data<dyn ViewPayouts>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(PayoutsQuery(page))) = input;
    let page = payouts.own(&caller, &page).await?;
    Ok(HttpResponse::Ok().json(PayoutPage::page(PayoutsQuery::LIST, page)))
}

/// All payouts, the newest first.
#[utoipa::path(operation_id = "list_payouts", tag = "payouts", security(("bearer" = []), ("cookie" = [])),
    params(PageQuery), responses(
    (status = 200, description = "A page of payouts", body = PayoutPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/payouts")]
pub async fn list_payouts(
    input: InOrder<Permitted<policy::ViewPayouts>, ValidQuery<PayoutsQuery>>,
    payouts: web::Data<dyn ViewPayouts>,
) -> Answer {
    let InOrder(Permitted(caller), ValidQuery(PayoutsQuery(page))) = input;
    let page = payouts.all(&caller, &page).await?;
    Ok(HttpResponse::Ok().json(PayoutPage::page(PayoutsQuery::LIST, page)))
}

/// What each seller is owed, in each currency in which that is not nothing.
#[utoipa::path(operation_id = "list_owed", tag = "payouts", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "What is owed", body = OwedList),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/payouts/owed")]
pub async fn list_owed(caller: Permitted<policy::ViewPayouts>, payouts: web::Data<dyn ViewPayouts>) -> Answer {
    let data = payouts.owed(&caller.0).await?.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(OwedList { data, next_cursor: None }))
}

/// Note that a seller was sent money by bank: never more than they are owed.
#[utoipa::path(operation_id = "make_payout", tag = "payouts", security(("bearer" = []), ("cookie" = [])),
    request_body = MakePayoutRequest, responses(
    (status = 201, description = "The payout", body = Payout),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`seller-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`payout-too-large` (with `owed`)", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/payouts")]
pub async fn make_payout(
    input: InOrder<Permitted<AdministerPayouts>, InOrder<RequiredKey, ValidJson<MakePayoutRequest>>>,
    client: CallingClient,
    payouts: web::Data<dyn MakePayouts>,
) -> Answer {
    let InOrder(caller, InOrder(RequiredKey(key), ValidJson(body))) = input;
    let amount = body.amount.into_domain("/amount")?;
    let (seller, reference) = (UserId::new(body.seller_id), body.reference);
    let made = payouts.pay_out(&caller.0, PayoutCommand { seller, amount, reference, key }, &client.0).await?;
    Ok(HttpResponse::Created().json(Payout::from(made)))
}

/// Note that a payout came back: the seller is owed it again.
#[utoipa::path(operation_id = "fail_payout", tag = "payouts", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The payout's id")), responses(
    (status = 200, description = "The payout as it is now", body = Payout),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`payout-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/admin/payouts/{id}/fail")]
pub async fn fail_payout(
    input: InOrder<Permitted<AdministerPayouts>, web::Path<Uuid>>,
    client: CallingClient,
    payouts: web::Data<dyn MakePayouts>,
) -> Answer {
    let InOrder(caller, id) = input;
    let failed = payouts.fail(&caller.0, PayoutId::new(*id), &client.0).await?;
    Ok(HttpResponse::Ok().json(Payout::from(failed)))
}
