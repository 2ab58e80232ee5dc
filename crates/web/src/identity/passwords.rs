//! Setting a new password.

use super::sign_in::locked;
use crate::extract::permitted::refused;
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::wire::Message;
use actix_web::{HttpResponse, post, put, web};
use application::identity::passwords::{ChangePasswordError, PasswordChange, ResetPasswordError, SetPasswords};
use application::identity::policy::ChangePassword;
use application::identity::step_up::StepUp;
use application::system::Clock;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// Who has forgotten their password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgetPasswordRequest {
    /// The address of the account.
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// A new password by a link out of a mail.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetPasswordRequest {
    /// The token of the link.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub token: String,
    /// The new password: 8 to 128 characters with an upper-case letter, a lower-case letter, a digit and a special
    /// character; neither one of those that everybody tries first nor one with the account's address or its name in it.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub password: String,
}

/// A new password by the present one.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePasswordRequest {
    /// The present password; who has none yet leaves it out.
    #[validate(length(max = 1000))]
    #[schema(format = "password", max_length = 1000)]
    pub current_password: Option<String>,
    /// The new password: 8 to 128 characters with an upper-case letter, a lower-case letter, a digit and a special
    /// character; neither one of those that everybody tries first nor one with the account's address or its name in it.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub password: String,
}

/// Have a link mailed by which a new password can be set. The answer is the same whether there is such an account or not.
#[utoipa::path(operation_id = "forget_password", tag = "identity", request_body = ForgetPasswordRequest, responses(
    (status = 202, description = "A link is mailed if there is such an account", body = Message),
))]
#[post("/auth/password/forget")]
pub async fn forget_password(
    body: ValidJson<ForgetPasswordRequest>,
    client: CallingClient,
    passwords: web::Data<dyn SetPasswords>,
) -> Answer {
    passwords.forget(&text::to_email(&body.0.email)?, &client.0).await?;
    let message = "If this address has an account, a link to set a new password is on its way.".to_owned();
    Ok(HttpResponse::Accepted().json(Message { message }))
}

/// Set a new password by the link that was mailed. All sessions end.
#[utoipa::path(operation_id = "reset_password", tag = "identity", request_body = ResetPasswordRequest, responses(
    (status = 200, description = "The new password counts", body = Message),
    (status = 410, description = "`reset-token-expired`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/password/reset")]
pub async fn reset_password(
    body: ValidJson<ResetPasswordRequest>,
    client: CallingClient,
    passwords: web::Data<dyn SetPasswords>,
) -> Answer {
    passwords.reset(&body.0.token, &body.0.password, &client.0).await?;
    let message = "Your new password is set. Sign in with it.".to_owned();
    Ok(HttpResponse::Ok().json(Message { message }))
}

/// Change your password. All your other sessions end.
#[utoipa::path(operation_id = "change_password", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = ChangePasswordRequest, responses(
    (status = 200, description = "The new password counts", body = Message),
    (status = 403, description = "`fresh-proof-required`: an account without a password sets the first one", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 423, description = "`login-locked`: too many wrong passwords", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[put("/users/me/password")]
pub async fn change_password(
    input: InOrder<Permitted<ChangePassword>, ValidJson<ChangePasswordRequest>>,
    passwords: web::Data<dyn SetPasswords>,
    step_up: web::Data<dyn StepUp>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let change = PasswordChange { new: body.password, current: body.current_password };
    match passwords.change(&caller, change).await {
        Ok(()) => {
            let message = "Your password is changed. Your other sessions have ended.".to_owned();
            Ok(HttpResponse::Ok().json(Message { message }))
        }
        Err(ChangePasswordError::Locked { until }) => Err(locked(until, clock.now())),
        Err(ChangePasswordError::Refused(refusal)) => Err(refused(refusal, &caller, step_up.get_ref()).await?),
        Err(error) => Err(error.into()),
    }
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::Weak(broken) => text::weak_password(broken),
            ChangePasswordError::WrongPassword => {
                Self::invalid_field("/current_password", "wrong", "is not your present password")
            }
            ChangePasswordError::Locked { .. } => Self::new(&registry::LOGIN_LOCKED),
            ChangePasswordError::Refused(refusal) => refusal.into(),
            ChangePasswordError::Hashing(error) => error.into(),
            ChangePasswordError::Repository(error) => error.into(),
        }
    }
}

impl From<ResetPasswordError> for Problem {
    fn from(error: ResetPasswordError) -> Self {
        match error {
            ResetPasswordError::Weak(broken) => text::weak_password(broken),
            ResetPasswordError::Expired => Self::new(&registry::RESET_TOKEN_EXPIRED),
            ResetPasswordError::Hashing(error) => error.into(),
            ResetPasswordError::Repository(error) => error.into(),
        }
    }
}
