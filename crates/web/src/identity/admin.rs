//! Looking after accounts, as admins do.

use super::admin_dto::{AdminUser, AdminUserPage, UpdateAdminUserRequest, UsersParams, UsersQuery};
use crate::extract::{CallingClient, InOrder, PageQuery, Permitted, ValidJson, ValidQuery};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, delete, get, patch, web};
use application::identity::administration::{AdministerError, LookAfterAccounts};
use application::identity::policy::{AdministerUsers, ViewUsers};
use domain::identity::AccountChangeRefusal;
use domain::kernel::UserId;
use uuid::Uuid;

type Answer = Result<HttpResponse, Problem>;

/// Find accounts.
#[utoipa::path(operation_id = "list_users", tag = "administration", security(("bearer" = []), ("cookie" = [])),
    params(UsersParams, PageQuery), responses(
    (status = 200, description = "A page of accounts", body = AdminUserPage),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/users")]
pub async fn list_users(
    input: InOrder<Permitted<ViewUsers>, ValidQuery<UsersQuery>>,
    accounts: web::Data<dyn LookAfterAccounts>,
) -> Answer {
    let InOrder(caller, ValidQuery(query)) = input;
    let page = accounts.list(&caller.0, &query.filter, query.sort, &query.page).await?;
    Ok(HttpResponse::Ok().json(AdminUserPage::page(query.list, page)))
}

/// An account.
#[utoipa::path(operation_id = "get_user", tag = "administration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The account's id")), responses(
    (status = 200, description = "The account", body = AdminUser),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`user-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/admin/users/{id}")]
pub async fn get_user(
    input: InOrder<Permitted<ViewUsers>, web::Path<Uuid>>,
    accounts: web::Data<dyn LookAfterAccounts>,
) -> Answer {
    let InOrder(caller, id) = input;
    let account = accounts.find(&caller.0, UserId::new(*id)).await?;
    let account = account.ok_or_else(|| Problem::new(&registry::USER_NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(AdminUser::from(account)))
}

/// Change someone's role, keep them out or let them in again, rename their shop. A new role or status signs them out
/// everywhere, at once.
#[utoipa::path(operation_id = "update_user", tag = "administration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The account's id")), request_body = UpdateAdminUserRequest, responses(
    (status = 200, description = "The account as it is now", body = AdminUser),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`user-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`own-account`, `last-admin`, `account-deleted`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/admin/users/{id}")]
pub async fn update_user(
    input: InOrder<Permitted<AdministerUsers>, InOrder<web::Path<Uuid>, ValidJson<UpdateAdminUserRequest>>>,
    client: CallingClient,
    accounts: web::Data<dyn LookAfterAccounts>,
) -> Answer {
    let InOrder(caller, InOrder(id, ValidJson(change))) = input;
    let account = accounts.change(&caller.0, UserId::new(*id), change.into(), &client.0).await?;
    Ok(HttpResponse::Ok().json(AdminUser::from(account)))
}

/// Sign someone out everywhere.
#[utoipa::path(operation_id = "end_user_sessions", tag = "administration", security(("bearer" = []), ("cookie" = [])),
    params(("id" = Uuid, Path, description = "The account's id")), responses(
    (status = 204, description = "All their sessions have ended"),
    (status = 403, description = "`admin-role-required`, `api-key-not-allowed`, `fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`user-not-found`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`own-account`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/admin/users/{id}/sessions")]
pub async fn end_user_sessions(
    input: InOrder<Permitted<AdministerUsers>, web::Path<Uuid>>,
    client: CallingClient,
    accounts: web::Data<dyn LookAfterAccounts>,
) -> Answer {
    let InOrder(caller, id) = input;
    accounts.end_sessions(&caller.0, UserId::new(*id), &client.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<AdministerError> for Problem {
    fn from(error: AdministerError) -> Self {
        match error {
            AdministerError::NotFound => Self::new(&registry::USER_NOT_FOUND),
            AdministerError::OwnAccount => Self::new(&registry::OWN_ACCOUNT),
            AdministerError::LastAdmin => Self::new(&registry::LAST_ADMIN),
            AdministerError::Refused(refusal) => refusal.into(),
            AdministerError::Change(AccountChangeRefusal::Deleted) => Self::new(&registry::ACCOUNT_DELETED),
            AdministerError::Change(AccountChangeRefusal::ShopNameMissing) => {
                Self::invalid_field("/shop_name", "required", "is required for sellers")
            }
            AdministerError::Change(AccountChangeRefusal::NotASeller) => {
                Self::invalid_field("/shop_name", "not-a-seller", "is for sellers only")
            }
            AdministerError::Repository(error) => error.into(),
        }
    }
}
