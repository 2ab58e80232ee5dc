//! What refusals of gateways' events mean to them.

use crate::problem::{Problem, registry};
use application::payments::hear::HearError;
use application::payments::ports::InvalidEvent;

impl From<HearError> for Problem {
    fn from(error: HearError) -> Self {
        match error {
            HearError::UnknownGateway => Self::new(&registry::NOT_FOUND),
            HearError::Invalid(InvalidEvent::Signature) => Self::new(&registry::WEBHOOK_SIGNATURE_INVALID),
            HearError::Invalid(InvalidEvent::Body) => Self::new(&registry::WEBHOOK_BODY_INVALID),
            HearError::Repository(error) => error.into(),
        }
    }
}
