//! Changing and deleting one's own account.

use super::cookies;
use super::dto::User;
use crate::extract::permitted::refused;
use crate::extract::{CallingClient, InOrder, Permitted, ValidJson, text};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::settings::Settings;
use actix_web::{HttpResponse, delete, patch, post, web};
use application::identity::change_email::{ChangeEmail, ChangeEmailError};
use application::identity::delete_account::{DeleteAccount, DeleteAccountError};
use application::identity::policy::{self, ControlAccount};
use application::identity::profile::{EditProfile, EditProfileError, ProfileEdit};
use application::identity::step_up::StepUp;
use application::system::Clock;
use domain::identity::{ProfileChange, ProfileRefusal};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

type Answer = Result<HttpResponse, Problem>;

/// What is to be different; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditMeRequest {
    /// How you want to be called; null for nothing.
    #[serde(default, deserialize_with = "text::trimmed_or_taken_away")]
    #[validate(length(max = 100), custom(function = text::one_line))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub name: Option<Option<String>>,
    /// Your telephone number; null for nothing.
    #[serde(default, deserialize_with = "text::trimmed_or_taken_away")]
    #[validate(length(max = 40), custom(function = text::phone))]
    #[schema(value_type = Option<String>, max_length = 40, example = "+33 1 42 86 82 00")]
    pub phone: Option<Option<String>>,
    /// Where a picture of you is: an address that begins with `https://`; null for nothing.
    #[serde(default, deserialize_with = "text::trimmed_or_taken_away")]
    #[validate(length(max = 2000), custom(function = text::https_url))]
    #[schema(value_type = Option<String>, max_length = 2000, format = "uri")]
    pub avatar_url: Option<Option<String>>,
    /// The name of your shop. Sellers have one, and nobody else has.
    #[serde(default, deserialize_with = "text::trimmed_or_taken_away")]
    #[validate(length(max = 100), custom(function = text::one_line))]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub shop_name: Option<Option<String>>,
    /// A new address. It counts once you have confirmed it with the code that is mailed to it; until then the answer has it
    /// as `pending_email`. The same again, a minute later, has another code mailed.
    #[serde(default, deserialize_with = "text::trimmed_if_present")]
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254, nullable = false)]
    pub email: Option<String>,
}

/// The code that proves a new address.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmEmailRequest {
    /// The six digits that were mailed to it.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 20), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 20, example = "123456")]
    pub code: String,
}

impl TryFrom<EditMeRequest> for ProfileEdit {
    type Error = Problem;

    fn try_from(request: EditMeRequest) -> Result<Self, Problem> {
        let EditMeRequest { name, phone, avatar_url, shop_name, email } = request;
        let email = email.as_deref().map(text::to_email).transpose()?;
        Ok(Self { profile: ProfileChange { name, phone, avatar_url, shop_name }, email })
    }
}

/// Change your account, all that is named or nothing. A new address needs a fresh proof.
#[utoipa::path(operation_id = "edit_me", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = EditMeRequest, responses(
    (status = 200, description = "The account as it is now", body = User),
    (status = 403, description = "`fresh-proof-required`: for a new address; `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[patch("/users/me")]
pub async fn edit_me(
    input: InOrder<Permitted<policy::EditProfile>, ValidJson<EditMeRequest>>,
    client: CallingClient,
    profile: web::Data<dyn EditProfile>,
    step_up: web::Data<dyn StepUp>,
    clock: web::Data<dyn Clock>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    match profile.edit(&caller, body.try_into()?, &client.0).await {
        Ok(user) => Ok(HttpResponse::Ok().json(User::from(user))),
        Err(EditProfileError::Refused(refusal)) => Err(refused(refusal, &caller, step_up.get_ref()).await?),
        Err(EditProfileError::TooManyChanges { until }) => {
            let seconds = u32::try_from((until - clock.now()).num_seconds()).unwrap_or(0).saturating_add(1);
            Err(too_many_changes().retry_after(seconds))
        }
        Err(error) => Err(error.into()),
    }
}

/// Delete your account. What tells of you is erased; orders stay, since invoices must be kept.
#[utoipa::path(operation_id = "delete_me", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204, description = "It is gone; the cookies are cleared"),
    (status = 403, description = "`fresh-proof-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 409, description = "`last-admin`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[delete("/users/me")]
pub async fn delete_me(
    caller: Permitted<ControlAccount>,
    deletion: web::Data<dyn DeleteAccount>,
    settings: web::Data<Settings>,
) -> Answer {
    deletion.delete(&caller.0).await?;
    let mut answer = HttpResponse::NoContent();
    for cookie in cookies::signed_out(&settings) {
        answer.cookie(cookie);
    }
    Ok(answer.finish())
}

/// Confirm your new address by the code that was mailed to it. All your other sessions end.
#[utoipa::path(operation_id = "confirm_email", tag = "identity", security(("bearer" = []), ("cookie" = [])),
    request_body = ConfirmEmailRequest, responses(
    (status = 200, description = "The account with its new address", body = User),
    (status = 409, description = "`email-taken`: another account has taken it meanwhile", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 410, description = "`verification-code-expired`: too old, tried too often, or no change is open", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 422, description = "`verification-code-invalid`, `validation-failed`", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[post("/users/me/email/confirm")]
pub async fn confirm_email(
    input: InOrder<Permitted<policy::EditProfile>, ValidJson<ConfirmEmailRequest>>,
    emails: web::Data<dyn ChangeEmail>,
) -> Answer {
    let InOrder(Permitted(caller), ValidJson(body)) = input;
    Ok(HttpResponse::Ok().json(User::from(emails.confirm(&caller, &body.code).await?)))
}

/// Drop the open change of your address, if there is one.
#[utoipa::path(operation_id = "drop_email_change", tag = "identity", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, description = "The account, without a `pending_email`", body = User),
))]
#[delete("/users/me/email")]
pub async fn drop_email_change(caller: Permitted<policy::EditProfile>, emails: web::Data<dyn ChangeEmail>) -> Answer {
    Ok(HttpResponse::Ok().json(User::from(emails.drop_change(&caller.0).await?)))
}

fn too_many_changes() -> Problem {
    Problem::new(&registry::RATE_LIMITED).detail("Too many new addresses were tried today.")
}

impl From<EditProfileError> for Problem {
    fn from(error: EditProfileError) -> Self {
        match error {
            EditProfileError::Gone => Self::new(&registry::TOKEN_INVALID),
            EditProfileError::Profile(ProfileRefusal::ShopNameRequired) => {
                Self::invalid_field("/shop_name", "required", "is required for sellers")
            }
            EditProfileError::Profile(ProfileRefusal::NotASeller) => {
                Self::invalid_field("/shop_name", "not-a-seller", "is for sellers only")
            }
            EditProfileError::Refused(refusal) => refusal.into(),
            EditProfileError::TooManyChanges { .. } => too_many_changes(),
            EditProfileError::Repository(error) => error.into(),
        }
    }
}

impl From<ChangeEmailError> for Problem {
    fn from(error: ChangeEmailError) -> Self {
        match error {
            ChangeEmailError::Wrong => Self::new(&registry::VERIFICATION_CODE_INVALID),
            ChangeEmailError::Expired => Self::new(&registry::VERIFICATION_CODE_EXPIRED),
            ChangeEmailError::EmailTaken => Self::new(&registry::EMAIL_TAKEN),
            ChangeEmailError::Gone => Self::new(&registry::TOKEN_INVALID),
            ChangeEmailError::Repository(error) => error.into(),
        }
    }
}

impl From<DeleteAccountError> for Problem {
    fn from(error: DeleteAccountError) -> Self {
        match error {
            DeleteAccountError::LastAdmin => Self::new(&registry::LAST_ADMIN),
            DeleteAccountError::Gone => Self::new(&registry::TOKEN_INVALID),
            DeleteAccountError::Repository(error) => error.into(),
        }
    }
}
