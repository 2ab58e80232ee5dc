//! Accounts on the wire.

use crate::extract::text;
use crate::problem::Problem;
use application::identity::ports::SecondFactor;
use application::identity::register::{Registrar, Registration};
use chrono::{DateTime, Utc};
use domain::identity::{Password, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Who wants an account.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = sellers_have_a_shop, skip_on_field_errors = false))]
#[validate(schema(function = password_is_good, skip_on_field_errors = false))]
pub struct RegisterRequest {
    /// Unique among accounts, whatever its case.
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// 8 to 128 characters with an upper-case letter, a lower-case letter, a digit and a special character.
    /// Neither one of those that everybody tries first nor one with the address or its name in it.
    #[schema(format = "password", min_length = 8, max_length = 128)]
    pub password: String,
    /// How they want to be called.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 100), custom(function = text::one_line))]
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// What they want to do.
    #[serde(default)]
    pub role: RegisterRole,
    /// Required for sellers.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 100), custom(function = text::one_line))]
    #[schema(max_length = 100)]
    pub shop_name: Option<String>,
}

/// The roles that people may take by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RegisterRole {
    /// Buys.
    #[default]
    Customer,
    /// Buys and sells.
    Seller,
}

fn password_is_good(request: &RegisterRequest) -> Result<(), ValidationError> {
    text::password_for(&request.password, &request.email)
}

fn sellers_have_a_shop(request: &RegisterRequest) -> Result<(), ValidationError> {
    if request.role == RegisterRole::Seller && request.shop_name.is_none() {
        return Err(text::faults([("/shop_name", "required", "is required for sellers")]));
    }
    Ok(())
}

impl RegisterRequest {
    /// What is to be registered.
    ///
    /// # Errors
    /// 422 should a field not have been checked.
    pub fn into_registration(self, by: Registrar) -> Result<Registration, Problem> {
        let email = text::to_email(&self.email)?;
        let (role, shop_name) = match self.role {
            RegisterRole::Customer => (Role::Customer, None),
            RegisterRole::Seller => (Role::Seller, self.shop_name),
        };
        Ok(Registration {
            password: Password::parse_for(&self.password, &email).map_err(text::weak_password)?,
            email,
            name: self.name,
            role,
            by,
            shop_name,
            email_verified: false,
        })
    }
}

/// A code and whose address it proves.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerifyEmailRequest {
    /// The address.
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
    /// The six digits that were mailed.
    #[serde(deserialize_with = "text::trimmed")]
    #[validate(length(min = 1, max = 20), custom(function = text::one_line))]
    #[schema(min_length = 1, max_length = 20, example = "123456")]
    pub code: String,
}

/// Who wants another code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResendVerificationRequest {
    /// The address.
    #[validate(custom(function = text::email))]
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// Its id.
    pub id: Uuid,
    /// The address.
    pub email: String,
    /// How they want to be called.
    #[schema(required)]
    pub name: Option<String>,
    /// The new address, while a change is open.
    #[schema(required)]
    pub pending_email: Option<String>,
    /// Their telephone number.
    #[schema(required)]
    pub phone: Option<String>,
    /// Where a picture of them is.
    #[schema(required)]
    pub avatar_url: Option<String>,
    /// What they may do.
    pub role: UserRole,
    /// The name of a seller's shop.
    #[schema(required)]
    pub shop_name: Option<String>,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// Whether they can sign in by a password.
    pub has_password: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// What someone may do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserRole {
    /// Buys.
    Customer,
    /// Buys and sells.
    Seller,
    /// Looks after the shop.
    Admin,
}

impl From<Role> for UserRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Customer => Self::Customer,
            Role::Seller => Self::Seller,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<UserRole> for Role {
    fn from(role: UserRole) -> Self {
        match role {
            UserRole::Customer => Self::Customer,
            UserRole::Seller => Self::Seller,
            UserRole::Admin => Self::Admin,
        }
    }
}

impl From<domain::identity::User> for User {
    fn from(user: domain::identity::User) -> Self {
        Self {
            id: user.id.uuid(),
            email_verified: user.is_verified(),
            email: user.email.to_string(),
            name: user.name,
            pending_email: user.pending_email.map(|email| email.to_string()),
            phone: user.phone,
            avatar_url: user.avatar_url,
            has_password: user.password_hash.is_some(),
            role: user.role.into(),
            shop_name: user.shop_name,
            created_at: user.created_at,
        }
    }
}

/// By what a second factor can be answered.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorMethod {
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
    /// A passkey.
    Passkey,
}

impl From<SecondFactor> for SecondFactorMethod {
    fn from(factor: SecondFactor) -> Self {
        match factor {
            SecondFactor::Totp => Self::Totp,
            SecondFactor::RecoveryCode => Self::RecoveryCode,
            SecondFactor::Passkey => Self::Passkey,
        }
    }
}
