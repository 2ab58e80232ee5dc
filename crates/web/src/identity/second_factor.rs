//! Completing a sign-in by a code, and signing in by a passkey.

use super::passkeys::PasskeyQuestionView;
use super::sign_in::{SignedInResponse, locked, welcome};
use crate::extract::{CallingClient, InOrder, MaybePermitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::settings::Settings;
use actix_web::{HttpResponse, post, web};
use application::identity::passkey_sign_in::{PasskeySignIn, PasskeySignInError, WhyPasskey};
use application::identity::policy::ProveAnew;
use application::identity::second_factor::{AnswerChallenges, AnswerError};
use application::system::Clock;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

type Answer = Result<HttpResponse, Problem>;

/// The answer to a challenge.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondFactorRequest {
    /// The `challenge` that the login answered.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub challenge: String,
    /// Six digits of the authenticator app, or a recovery code.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 20), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 20, example = "123456")]
    pub code: String,
}

/// Why a passkey is asked for; an empty object signs in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = one_reason, skip_on_field_errors = false))]
pub struct AskPasskeyRequest {
    /// To prove anew who you are, while you are signed in.
    pub purpose: Option<PasskeyPurpose>,
    /// To complete a sign-in: the `challenge` that the login answered.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub second_factor: Option<String>,
}

/// Why a passkey is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyPurpose {
    /// To prove anew who you are.
    StepUp,
}

fn one_reason(request: &AskPasskeyRequest) -> Result<(), ValidationError> {
    if request.purpose.is_some() && request.second_factor.is_some() {
        return Err(text::faults([("/purpose", "ambiguous", "can't be given together with second_factor")]));
    }
    Ok(())
}

/// What a device has signed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerPasskeyRequest {
    /// The `challenge` of the question.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    pub challenge: String,
    /// What `navigator.credentials.get()` answers, by its `toJSON()`.
    #[schema(value_type = HashMap<String, Value>)]
    pub credential: Value,
}

/// Complete a sign-in by the second factor.
#[utoipa::path(operation_id = "answer_second_factor", tag = "identity", request_body = SecondFactorRequest, responses(
    (status = 200, description = "Signed in", body = SignedInResponse, headers(("Set-Cookie" = String, description = "The session's cookies"))),
    (status = 401, description = "`second-factor-invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`challenge-expired`: five minutes, or five wrong codes", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 423, description = "`login-locked`: too many wrong codes today", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/login/second-factor")]
pub async fn answer_second_factor(
    body: ValidJson<SecondFactorRequest>,
    client: CallingClient,
    challenges: web::Data<dyn AnswerChallenges>,
    clock: web::Data<dyn Clock>,
    settings: web::Data<Settings>,
) -> Answer {
    match challenges.answer(&body.0.challenge, &body.0.code, &client.0).await {
        Ok(signed_in) => Ok(welcome(signed_in, clock.now(), &settings)),
        Err(AnswerError::Locked { until }) => Err(locked(until, clock.now())),
        Err(error) => Err(error.into()),
    }
}

/// Ask for a passkey: to sign in, to complete a sign-in, or to prove anew who you are.
#[utoipa::path(operation_id = "ask_passkey", tag = "identity", security((), ("bearer" = []), ("cookie" = [])),
    request_body = AskPasskeyRequest, responses(
    (status = 200, description = "What to ask the device", body = PasskeyQuestionView),
    (status = 401, description = "`passkey-invalid`: the account has none; `unauthorized`: `step_up` is for who is signed in", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`passkeys-unavailable`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`challenge-expired`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/passkey/options")]
pub async fn ask_passkey(
    input: InOrder<MaybePermitted<ProveAnew>, ValidJson<AskPasskeyRequest>>,
    passkeys: web::Data<dyn PasskeySignIn>,
) -> Answer {
    let InOrder(MaybePermitted(caller), ValidJson(body)) = input;
    let why = match (body.purpose, body.second_factor) {
        (Some(PasskeyPurpose::StepUp), _) => {
            WhyPasskey::StepUp(caller.ok_or_else(|| Problem::new(&registry::UNAUTHORIZED))?)
        }
        (None, Some(challenge)) => WhyPasskey::SecondFactor(challenge),
        (None, None) => WhyPasskey::SignIn,
    };
    Ok(HttpResponse::Ok().json(PasskeyQuestionView::from(passkeys.ask(&why).await?)))
}

/// Sign in by a passkey. It counts as two factors.
#[utoipa::path(operation_id = "answer_passkey", tag = "identity", security((), ("bearer" = []), ("cookie" = [])),
    request_body = AnswerPasskeyRequest, responses(
    (status = 200, description = "Signed in", body = SignedInResponse, headers(("Set-Cookie" = String, description = "The session's cookies"))),
    (status = 401, description = "`passkey-invalid`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`challenge-expired`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/passkey")]
pub async fn answer_passkey(
    input: InOrder<MaybePermitted<ProveAnew>, ValidJson<AnswerPasskeyRequest>>,
    client: CallingClient,
    passkeys: web::Data<dyn PasskeySignIn>,
    clock: web::Data<dyn Clock>,
    settings: web::Data<Settings>,
) -> Answer {
    let InOrder(MaybePermitted(caller), ValidJson(body)) = input;
    let signed_in = passkeys.answer(&body.challenge, &body.credential, &client.0, caller.as_ref()).await?;
    Ok(welcome(signed_in, clock.now(), &settings))
}

impl From<AnswerError> for Problem {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Expired => Self::new(&registry::CHALLENGE_EXPIRED),
            AnswerError::Wrong => Self::new(&registry::SECOND_FACTOR_INVALID),
            AnswerError::Locked { .. } => Self::new(&registry::LOGIN_LOCKED),
            AnswerError::Unchecked(error) => error.into(),
            AnswerError::Signing(error) => error.into(),
        }
    }
}

impl From<PasskeySignInError> for Problem {
    fn from(error: PasskeySignInError) -> Self {
        match error {
            PasskeySignInError::Expired => Self::new(&registry::CHALLENGE_EXPIRED),
            PasskeySignInError::Refused => Self::new(&registry::PASSKEY_INVALID),
            PasskeySignInError::Failed(error) => error.into(),
            PasskeySignInError::Signing(error) => error.into(),
            PasskeySignInError::Repository(error) => error.into(),
        }
    }
}
