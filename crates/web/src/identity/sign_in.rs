//! Signing in by password, and proving anew who one is.

use super::cookies;
use super::dto::{SecondFactorMethod, User};
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::settings::Settings;
use actix_web::{HttpResponse, post, web};
use application::identity::opening::SignedIn;
use application::identity::policy::ProveAnew;
use application::identity::sign_in::{LogIn, LogInError, SecondFactorChallenge, SignIn};
use application::identity::step_up::{StepUp, StepUpError};
use application::system::Clock;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

type Answer = Result<HttpResponse, Problem>;

/// Who wants to sign in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// The address.
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// The password.
    #[validate(length(min = 1, max = 1000))]
    #[schema(format = "password", min_length = 1, max_length = 1000)]
    pub password: String,
}

/// What a right password leads to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum LoginResponse {
    /// A session.
    SignedIn(Box<SignedInResponse>),
    /// The second factor is missing.
    SecondFactor(SecondFactorResponse),
}

/// Someone who has signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInResponse {
    /// A JWT (RS256); browsers use the cookie instead and need not keep it.
    pub access_token: String,
    /// Always `bearer`.
    #[schema(example = "bearer")]
    pub token_type: &'static str,
    /// For how many seconds the access token is good.
    pub expires_in: i64,
    /// Gets the next tokens at `/auth/refresh`, once; browsers use the cookie instead and need not keep it.
    pub refresh_token: String,
    /// Who.
    pub user: User,
}

/// A second factor is asked for; there is no session yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorResponse {
    /// What to answer, and how.
    pub second_factor: SecondFactorQuestion,
}

/// What to answer, and how.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorQuestion {
    /// To be handed in with the code at `/auth/login/second-factor`.
    pub challenge: String,
    /// By what it can be answered.
    pub methods: Vec<SecondFactorMethod>,
    /// For how many seconds.
    pub expires_in: i64,
}

impl SignedInResponse {
    /// What is answered at this moment.
    #[must_use]
    pub fn at(signed_in: SignedIn, now: DateTime<Utc>) -> Self {
        let expires_in = (signed_in.access.expires_at - now).num_seconds().max(0);
        Self {
            access_token: signed_in.access.token,
            token_type: "bearer",
            expires_in,
            refresh_token: signed_in.refresh_token,
            user: signed_in.user.into(),
        }
    }
}

/// The answer to someone who has signed in: tokens in the body for programs, and as cookies for browsers.
pub fn welcome(signed_in: SignedIn, now: DateTime<Utc>, settings: &Settings) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    for cookie in cookies::signed_in(&signed_in, now, settings) {
        answer.cookie(cookie);
    }
    answer.json(LoginResponse::SignedIn(Box::new(SignedInResponse::at(signed_in, now))))
}

/// The question for a second factor.
pub fn second_factor(challenge: SecondFactorChallenge, now: DateTime<Utc>) -> LoginResponse {
    LoginResponse::SecondFactor(SecondFactorResponse {
        second_factor: SecondFactorQuestion {
            expires_in: (challenge.expires_at - now).num_seconds().max(0),
            methods: challenge.methods.into_iter().map(Into::into).collect(),
            challenge: challenge.token,
        },
    })
}

/// Sign in. The tokens are also set as HttpOnly cookies. Where a second factor is on, the answer asks for it instead.
#[utoipa::path(operation_id = "login", tag = "identity", request_body = LoginRequest, responses(
    (status = 200, description = "Signed in, or asked for the second factor", body = LoginResponse, headers(("Set-Cookie" = String, description = "The session's cookies"))),
    (status = 401, description = "`invalid-credentials`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 423, description = "`login-locked`: too many wrong passwords; `Retry-After` says for how long", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/login")]
pub async fn login(
    body: ValidJson<LoginRequest>,
    client: CallingClient,
    sign_in: web::Data<dyn SignIn>,
    clock: web::Data<dyn Clock>,
    settings: web::Data<Settings>,
) -> Answer {
    let outcome = sign_in.log_in(&text::to_email(&body.0.email)?, &body.0.password, &client.0).await;
    let now = clock.now();
    match outcome {
        Ok(LogIn::SignedIn(signed_in)) => Ok(welcome(*signed_in, now, &settings)),
        Ok(LogIn::SecondFactor(challenge)) => Ok(HttpResponse::Ok().json(second_factor(challenge, now))),
        Err(LogInError::Locked { until }) => Err(locked(until, now)),
        Err(error) => Err(error.into()),
    }
}

/// A proof of who one is: the password or a code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = one_proof, skip_on_field_errors = false))]
pub struct StepUpRequest {
    /// The password.
    #[validate(length(min = 1, max = 1000))]
    #[schema(format = "password", min_length = 1, max_length = 1000)]
    pub password: Option<String>,
    /// Six digits of the authenticator app, or a recovery code.
    #[serde(default, deserialize_with = "text::trimmed_if_given")]
    #[validate(length(min = 1, max = 20), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 20, example = "123456")]
    pub code: Option<String>,
}

fn one_proof(request: &StepUpRequest) -> Result<(), ValidationError> {
    match (&request.password, &request.code) {
        (Some(_), None) | (None, Some(_)) => Ok(()),
        (None, None) => Err(text::faults([("/password", "required", "or a code is required")])),
        (Some(_), Some(_)) => Err(text::faults([("/code", "ambiguous", "can't be given together with a password")])),
    }
}

/// The proof counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepUpResponse {
    /// Until when sensitive changes can be made by it.
    pub fresh_until: DateTime<Utc>,
}

/// Prove once more who you are; sensitive changes ask for a proof of the last ten minutes.
#[utoipa::path(operation_id = "step_up", tag = "identity", security(("bearer" = []), ("cookie" = [])), request_body = StepUpRequest, responses(
    (status = 200, description = "The proof counts", body = StepUpResponse),
    (status = 401, description = "`step-up-failed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 423, description = "`login-locked`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/auth/step-up")]
pub async fn step_up(
    input: InOrder<Permitted<ProveAnew>, ValidJson<StepUpRequest>>,
    proofs: web::Data<dyn StepUp>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    let proven = match (&body.password, &body.code) {
        (_, Some(code)) => proofs.by_code(&caller, code).await,
        (password, None) => proofs.by_password(&caller, password.as_deref().unwrap_or_default()).await,
    };
    match proven {
        Ok(fresh_until) => Ok(HttpResponse::Ok().json(StepUpResponse { fresh_until })),
        Err(StepUpError::Locked { until }) => Err(locked(until, clock.now())),
        Err(error) => Err(error.into()),
    }
}

/// Locked until then.
#[must_use]
pub fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let seconds = u32::try_from((until - now).num_seconds()).unwrap_or(0).saturating_add(1);
    Problem::new(&registry::LOGIN_LOCKED).retry_after(seconds)
}

impl From<LogInError> for Problem {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::InvalidCredentials => Self::new(&registry::INVALID_CREDENTIALS),
            LogInError::Locked { .. } => Self::new(&registry::LOGIN_LOCKED),
            LogInError::Hashing(error) => error.into(),
            LogInError::Signing(error) => error.into(),
            LogInError::Repository(error) => error.into(),
        }
    }
}

impl From<StepUpError> for Problem {
    fn from(error: StepUpError) -> Self {
        match error {
            StepUpError::Wrong => Self::new(&registry::STEP_UP_FAILED),
            StepUpError::Locked { .. } => Self::new(&registry::LOGIN_LOCKED),
            StepUpError::Hashing(error) => error.into(),
            StepUpError::Code(error) => error.into(),
            StepUpError::Repository(error) => error.into(),
        }
    }
}
