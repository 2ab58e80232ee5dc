//! Handlers of accounts and sign-in.

use super::dto::{RegisterRequest, ResendVerificationRequest, User, VerifyEmailRequest};
use crate::extract::{CallingClient, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::wire::Message;
use actix_web::{HttpResponse, get, post, web};
use application::identity::policy;
use application::identity::profile::ViewProfile;
use application::identity::register::{RegisterUsers, Registrar};
use application::identity::verify_email::VerifyEmails;

type Answer = Result<HttpResponse, Problem>;

/// Make an account. A six-digit code is mailed to its address.
#[utoipa::path(operation_id = "register", tag = "identity", request_body = RegisterRequest, responses(
    (status = 201, description = "The new account", body = User),
    (status = 409, description = "`email-taken`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/register")]
pub async fn register(
    body: ValidJson<RegisterRequest>,
    client: CallingClient,
    users: web::Data<dyn RegisterUsers>,
) -> Answer {
    let user = users.register(body.0.into_registration(Registrar::Themself(client.0))?).await?;
    Ok(HttpResponse::Created().json(User::from(user)))
}

/// Prove an address by the code that was mailed to it.
#[utoipa::path(operation_id = "verify_email", tag = "identity", request_body = VerifyEmailRequest, responses(
    (status = 200, description = "The account, verified", body = User),
    (status = 410, description = "`verification-code-expired`: too old, or tried too often", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`verification-code-invalid`, `validation-failed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/verify-email")]
pub async fn verify_email(body: ValidJson<VerifyEmailRequest>, emails: web::Data<dyn VerifyEmails>) -> Answer {
    let user = emails.verify(&text::to_email(&body.0.email)?, &body.0.code).await?;
    Ok(HttpResponse::Ok().json(User::from(user)))
}

/// Have another code mailed. The answer is the same whether there is such an account or not.
#[utoipa::path(operation_id = "resend_verification", tag = "identity", request_body = ResendVerificationRequest, responses(
    (status = 202, description = "A code is mailed if there is something to prove", body = Message),
))]
#[post("/auth/resend-verification")]
pub async fn resend_verification(
    body: ValidJson<ResendVerificationRequest>,
    emails: web::Data<dyn VerifyEmails>,
) -> Answer {
    emails.resend(&text::to_email(&body.0.email)?).await?;
    let message = "If this address has an account that is not verified yet, a new code is on its way.".to_owned();
    Ok(HttpResponse::Accepted().json(Message { message }))
}

/// The account of whoever calls.
#[utoipa::path(operation_id = "me", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "The account", body = User),
))]
#[get("/users/me")]
pub async fn me(caller: Permitted<policy::ViewProfile>, profile: web::Data<dyn ViewProfile>) -> Answer {
    let found = profile.me(&caller.0).await?.ok_or_else(|| Problem::new(&registry::TOKEN_INVALID))?;
    Ok(HttpResponse::Ok().json(User::from(found)))
}
