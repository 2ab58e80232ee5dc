//! The way of a browser to a provider and back: what goes with it, and where it lands.

use super::ports::{Arrival, ProviderError};
use crate::identity::opening::SignedIn;
use crate::identity::sign_in::SecondFactorChallenge;

/// A browser on its way to a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Away {
    /// Where it goes.
    pub authorize_url: String,
    /// What it keeps, to prove that it is the same when it comes back; a secret.
    pub browser_token: String,
}

/// A browser that comes back.
#[derive(Clone, PartialEq, Eq)]
pub struct Back {
    /// From which provider.
    pub provider: String,
    /// The state that went with it.
    pub state: String,
    /// What it kept.
    pub browser_token: Option<String>,
    /// The code; without one, the person or the provider did not want to.
    pub arrival: Result<Arrival, NoCode>,
}

/// Why a browser comes back without a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCode {
    /// The person changed their mind.
    Denied,
    /// Something else.
    Failed,
}

/// Where a browser lands.
#[derive(Debug)]
pub enum Landing {
    /// Somebody is signed in.
    SignedIn {
        /// Who, with their tokens.
        signed_in: Box<SignedIn>,
        /// Where they wanted to be.
        return_to: String,
    },
    /// Their second factor is missing.
    SecondFactor {
        /// The question.
        challenge: SecondFactorChallenge,
        /// Where they wanted to be.
        return_to: String,
    },
    /// The identity is linked to the account that asked for it.
    Linked {
        /// Where they wanted to be.
        return_to: String,
    },
    /// Neither.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Whether somebody wanted to link it.
        linking: bool,
        /// Where they wanted to be, if that is known.
        return_to: Option<String>,
    },
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// They did not want to.
    #[error("the person did not want to")]
    Denied,
    /// The flow is unknown, over, another browser's, or ended without a code.
    #[error("the flow is unknown or over")]
    Lost,
    /// The provider told nobody.
    #[error(transparent)]
    Provider(ProviderError),
    /// The account is kept out.
    #[error("the account is kept out")]
    KeptOut,
    /// The provider told no address to make an account with.
    #[error("the provider told no address")]
    EmailMissing,
    /// The address has an account, and is not verified on both sides.
    #[error("the address has an account")]
    EmailTaken,
    /// The identity is linked to another account.
    #[error("the identity is linked to another account")]
    IdentityTaken,
}
