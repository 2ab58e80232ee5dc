//! What the use cases of webhooks refuse, as problems.

use crate::problem::{Problem, registry};
use application::webhooks::deliveries::SendAgainError;
use application::webhooks::keep::KeepWebhookError;
use application::webhooks::ports::TargetRefusal;
use domain::webhooks::EndpointRefusal;

impl From<KeepWebhookError> for Problem {
    fn from(error: KeepWebhookError) -> Self {
        match error {
            KeepWebhookError::NotFound => Self::new(&registry::NOT_FOUND),
            KeepWebhookError::TooMany => Self::new(&registry::TOO_MANY_WEBHOOKS),
            KeepWebhookError::Target(refusal) => refusal.into(),
            KeepWebhookError::Refused(refusal) => refusal.into(),
            KeepWebhookError::Sealing(error) => Self::internal(error),
            KeepWebhookError::Repository(error) => error.into(),
        }
    }
}

impl From<TargetRefusal> for Problem {
    fn from(refusal: TargetRefusal) -> Self {
        let (code, message) = match refusal {
            TargetRefusal::Malformed => {
                ("url", "is no address of the web, or has a name, a password or a fragment in it")
            }
            TargetRefusal::NotSecure => ("https-required", "must begin with https://"),
            TargetRefusal::Forbidden => ("forbidden-address", "is no address of the internet: nothing is sent there"),
        };
        Self::invalid_field("/url", code, message)
    }
}

impl From<EndpointRefusal> for Problem {
    fn from(refusal: EndpointRefusal) -> Self {
        match refusal {
            EndpointRefusal::NoEvents => Self::invalid_field("/events", "required", "must not be empty"),
            EndpointRefusal::NotForOwner(kind) => {
                let message = format!("must not have {}, of which you are not told", kind.name());
                Self::invalid_field("/events", "not-for-you", &message)
            }
        }
    }
}

impl From<SendAgainError> for Problem {
    fn from(error: SendAgainError) -> Self {
        match error {
            SendAgainError::NotFound => Self::new(&registry::NOT_FOUND),
            SendAgainError::Disabled => Self::new(&registry::WEBHOOK_DISABLED),
            SendAgainError::Repository(error) => error.into(),
        }
    }
}
