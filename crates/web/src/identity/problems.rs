//! What refusals of the identity use cases mean to callers.

use crate::problem::{Problem, registry};
use application::identity::register::RegisterError;
use application::identity::verify_email::VerifyEmailError;

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::EmailTaken => Self::new(&registry::EMAIL_TAKEN),
            RegisterError::Hashing(error) => error.into(),
            RegisterError::Repository(error) => error.into(),
        }
    }
}

impl From<VerifyEmailError> for Problem {
    fn from(error: VerifyEmailError) -> Self {
        match error {
            VerifyEmailError::Wrong => Self::new(&registry::VERIFICATION_CODE_INVALID),
            VerifyEmailError::Expired => Self::new(&registry::VERIFICATION_CODE_EXPIRED),
            VerifyEmailError::Repository(error) => error.into(),
        }
    }
}
