//! What the failures that any use case may have mean to callers.

use super::{Problem, registry};
use application::RepositoryError;
use application::identity::ports::{HashingFailed, SigningFailed};
use application::payments::ports::GatewayError;

/// After how many seconds to try again when another transaction was in the way.
const AFTER_CONTENTION: u32 = 1;
/// After how many seconds to try again when something was away.
const AFTER_OUTAGE: u32 = 5;

impl From<RepositoryError> for Problem {
    fn from(error: RepositoryError) -> Self {
        match error {
            RepositoryError::Conflict(_) => Self::new(&registry::CONFLICT),
            RepositoryError::Contention => Self::unavailable(error, AFTER_CONTENTION),
            RepositoryError::Unavailable(_) => Self::unavailable(error, AFTER_OUTAGE),
        }
    }
}

impl From<HashingFailed> for Problem {
    fn from(error: HashingFailed) -> Self {
        match error {
            HashingFailed::Busy => Self::unavailable(error, AFTER_CONTENTION),
            HashingFailed::Broken(_) => Self::internal(error),
        }
    }
}

impl From<SigningFailed> for Problem {
    fn from(error: SigningFailed) -> Self {
        Self::internal(error)
    }
}

/// A gateway that is away is asked again until it answers, by the caller or by a job; one that refuses wants a person.
impl From<GatewayError> for Problem {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::Refused(_) => Self::new(&registry::GATEWAY_REFUSED).caused_by(error),
            GatewayError::Unavailable(_) | GatewayError::Lost(_) => {
                Self::unavailable(error, AFTER_OUTAGE).that_mends_itself()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use application::UniqueKey;

    #[test]
    fn what_may_pass_is_a_503_that_says_when_to_try_again() {
        let passing = [
            Problem::from(RepositoryError::Contention),
            RepositoryError::unavailable("away").into(),
            HashingFailed::Busy.into(),
            GatewayError::Unavailable("away".into()).into(),
            GatewayError::Lost("silence".into()).into(),
        ];
        for problem in passing {
            let answer = problem.error_response();
            assert_eq!(answer.status(), 503);
            assert!(answer.headers().contains_key("retry-after"));
        }
    }

    #[test]
    fn a_taken_key_is_a_conflict() {
        assert_eq!(Problem::from(RepositoryError::Conflict(UniqueKey::Other)).code(), "conflict");
    }

    #[test]
    fn what_trying_again_does_not_mend_is_not_a_503() {
        assert_eq!(Problem::from(HashingFailed::Broken("x".into())).status_code(), 500);
        assert_eq!(Problem::from(SigningFailed("x".into())).status_code(), 500);
        assert_eq!(Problem::from(GatewayError::Refused("x".into())).status_code(), 502);
    }
}
