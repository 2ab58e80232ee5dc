//! The authenticator app and its recovery codes.

use super::sign_in::locked;
use crate::extract::{InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use actix_web::{HttpResponse, delete, get, post, web};
use application::identity::codes::UncheckedCode;
use application::identity::policy::{ChangeCredentials, FinishCredentials, ViewCredentials};
use application::identity::ports::TotpEnrolment;
use application::identity::recovery_codes::{KeepRecoveryCodes, RenewError};
use application::identity::totp::{KeepTotp, TotpError};
use application::system::Clock;
use chrono::{DateTime, Utc};
use domain::identity::RecoveryCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// Whether an authenticator app is on.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpStatus {
    /// Whether signing in by password asks for its code.
    pub enabled: bool,
    /// Since when.
    #[schema(required)]
    pub enabled_at: Option<DateTime<Utc>>,
}

/// What is needed to set an authenticator app up; shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotpSetup {
    /// The secret in base 32, for typing.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    pub secret: String,
    /// The same as an `otpauth` address.
    pub uri: String,
    /// The address as a QR code: an SVG picture.
    pub qr_svg: String,
}

impl From<TotpEnrolment> for TotpSetup {
    fn from(enrolment: TotpEnrolment) -> Self {
        Self { secret: enrolment.secret, uri: enrolment.uri, qr_svg: enrolment.qr_svg }
    }
}

/// A code that an authenticator app shows.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotpCodeRequest {
    /// Six digits.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 20), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 20, example = "123456")]
    pub code: String,
}

/// New recovery codes; shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten, each good once in place of the authenticator app's code.
    #[schema(example = json!(["4xk9p-7m2qd"]))]
    pub recovery_codes: Vec<String>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodes {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        Self { recovery_codes: codes.iter().map(|code| code.expose().to_owned()).collect() }
    }
}

/// How many recovery codes are left.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodesLeft {
    /// How many.
    pub remaining: u64,
}

/// Whether your authenticator app is on.
#[utoipa::path(operation_id = "get_totp", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "Whether it is on", body = TotpStatus),
))]
#[get("/users/me/totp")]
pub async fn get_totp(caller: Permitted<ViewCredentials>, totp: web::Data<dyn KeepTotp>) -> Answer {
    let enabled_at = totp.enabled_at(&caller.0).await?;
    Ok(HttpResponse::Ok().json(TotpStatus { enabled: enabled_at.is_some(), enabled_at }))
}

/// Begin to set an authenticator app up. It asks for nothing before it is confirmed.
#[utoipa::path(operation_id = "start_totp", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, description = "What to put into the app", body = TotpSetup),
    (status = 403, description = "`fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`totp-already-enabled`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/totp")]
pub async fn start_totp(caller: Permitted<ChangeCredentials>, totp: web::Data<dyn KeepTotp>) -> Answer {
    let setup = TotpSetup::from(totp.start(&caller.0).await?);
    Ok(HttpResponse::Created().json(setup))
}

/// Switch the authenticator app on by the code that it shows. The answer has the recovery codes.
#[utoipa::path(operation_id = "confirm_totp", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = TotpCodeRequest, responses(
    (status = 200, description = "It is on", body = RecoveryCodes),
    (status = 409, description = "`totp-not-started`, `totp-already-enabled`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`totp-code-invalid`, `validation-failed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 423, description = "`login-locked`: too many wrong codes today", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/totp/confirm")]
pub async fn confirm_totp(
    input: InOrder<Permitted<FinishCredentials>, ValidJson<TotpCodeRequest>>,
    totp: web::Data<dyn KeepTotp>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    match totp.confirm(&caller, &body.code).await {
        Ok(codes) => Ok(HttpResponse::Ok().json(RecoveryCodes::from(codes))),
        Err(TotpError::Locked { until }) => Err(locked(until, clock.now())),
        Err(error) => Err(error.into()),
    }
}

/// Switch the authenticator app off. The recovery codes go with it.
#[utoipa::path(operation_id = "disable_totp", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204, description = "It is off"),
    (status = 403, description = "`fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/users/me/totp")]
pub async fn disable_totp(caller: Permitted<ChangeCredentials>, totp: web::Data<dyn KeepTotp>) -> Answer {
    totp.disable(&caller.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How many recovery codes you have left.
#[utoipa::path(operation_id = "count_recovery_codes", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "How many are left", body = RecoveryCodesLeft),
))]
#[get("/users/me/recovery-codes")]
pub async fn count_recovery_codes(
    caller: Permitted<ViewCredentials>,
    codes: web::Data<dyn KeepRecoveryCodes>,
) -> Answer {
    let remaining = codes.remaining(&caller.0).await?;
    Ok(HttpResponse::Ok().json(RecoveryCodesLeft { remaining }))
}

/// Get ten new recovery codes; the old ones are void.
#[utoipa::path(operation_id = "renew_recovery_codes", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, description = "The new codes", body = RecoveryCodes),
    (status = 403, description = "`fresh-proof-required`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`totp-off`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/recovery-codes")]
pub async fn renew_recovery_codes(
    caller: Permitted<ChangeCredentials>,
    codes: web::Data<dyn KeepRecoveryCodes>,
) -> Answer {
    let codes = RecoveryCodes::from(codes.renew(&caller.0).await?);
    Ok(HttpResponse::Created().json(codes))
}

impl From<UncheckedCode> for Problem {
    fn from(error: UncheckedCode) -> Self {
        match error {
            UncheckedCode::Seal(_) | UncheckedCode::Totp(_) => Self::internal(error),
            UncheckedCode::Repository(error) => error.into(),
        }
    }
}

impl From<TotpError> for Problem {
    fn from(error: TotpError) -> Self {
        match error {
            TotpError::NotStarted => Self::new(&registry::TOTP_NOT_STARTED),
            TotpError::AlreadyEnabled => Self::new(&registry::TOTP_ALREADY_ENABLED),
            TotpError::WrongCode => Self::new(&registry::TOTP_CODE_INVALID),
            TotpError::Locked { .. } => Self::new(&registry::LOGIN_LOCKED),
            TotpError::Unchecked(error) => error.into(),
        }
    }
}

impl From<RenewError> for Problem {
    fn from(error: RenewError) -> Self {
        match error {
            RenewError::TotpOff => Self::new(&registry::TOTP_OFF),
            RenewError::Repository(error) => error.into(),
        }
    }
}
