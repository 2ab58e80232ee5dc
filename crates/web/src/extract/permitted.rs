//! Callers who may do what an operation is about, by the one table of [`application::identity::policy`].

use super::caller::{self, CurrentUser};
use crate::problem::{Problem, registry};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use application::identity::policy::{Permission, Refusal};
use application::identity::ports::SecondFactor;
use application::identity::step_up::{ProofMethod, StepUp};
use application::identity::{Allowed, Caller};
use application::system::Clock;
use domain::identity::Role;
use std::future::Future;
use std::pin::Pin;

/// Someone who is signed in and may do this.
#[derive(Debug, Clone, Copy)]
pub struct Permitted<P>(pub Allowed<P>);

/// A guest, or someone who is signed in and may do this.
#[derive(Debug, Clone, Copy)]
pub struct MaybePermitted<P>(pub Option<Allowed<P>>);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Role(Role::Seller) => Self::new(&registry::SELLER_ROLE_REQUIRED),
            Refusal::Role(Role::Admin) => Self::new(&registry::ADMIN_ROLE_REQUIRED),
            Refusal::Role(Role::Customer) => Self::new(&registry::FORBIDDEN),
            Refusal::EmailNotVerified => Self::new(&registry::EMAIL_NOT_VERIFIED),
            Refusal::ApiKeyNotAllowed => Self::new(&registry::API_KEY_NOT_ALLOWED),
            Refusal::ScopeMissing(scope) => Self::new(&registry::API_KEY_SCOPE_MISSING).with("scope", scope.name()),
            Refusal::ProofNotFresh => Self::new(&registry::FRESH_PROOF_REQUIRED),
        }
    }
}

/// Left on a request: what its operation asks for, by which tests hold the authorization table against the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedFor(pub &'static str);

async fn check<P: Permission>(request: &HttpRequest, caller: &Caller) -> Result<Allowed<P>, Problem> {
    request.extensions_mut().insert(AskedFor(P::NAME));
    let missing = |what| move || Problem::internal(format!("{what} is missing"));
    let clock = request.app_data::<web::Data<dyn Clock>>().ok_or_else(missing("Clock"))?;
    match Allowed::check(caller, clock.now()) {
        Ok(allowed) => Ok(allowed),
        Err(refusal) => {
            let step_up = request.app_data::<web::Data<dyn StepUp>>().ok_or_else(missing("StepUp"))?;
            Err(refused(refusal, caller, step_up.get_ref()).await?)
        }
    }
}

/// A refusal as it is told: who needs a fresh proof learns by what they can give it.
///
/// # Errors
/// The database away.
pub async fn refused(refusal: Refusal, caller: &Caller, step_up: &dyn StepUp) -> Result<Problem, Problem> {
    let problem = Problem::from(refusal);
    if refusal != Refusal::ProofNotFresh {
        return Ok(problem);
    }
    let methods: Vec<&str> = step_up.methods(caller.user_id).await?.into_iter().map(name).collect();
    Ok(problem.with("methods", methods))
}

/// A way to prove who one is, as programs write it.
#[must_use]
pub const fn name(method: ProofMethod) -> &'static str {
    match method {
        ProofMethod::Password => "password",
        ProofMethod::Factor(SecondFactor::Totp) => "totp",
        ProofMethod::Factor(SecondFactor::RecoveryCode) => "recovery_code",
        ProofMethod::Factor(SecondFactor::Passkey) => "passkey",
    }
}

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<P: Permission> FromRequest for Permitted<P> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, user) = (request.clone(), CurrentUser::from_request(request, payload));
        Box::pin(async move {
            let CurrentUser(caller) = user.await?;
            check(&request, &caller).await.map(Self)
        })
    }
}

impl<P: Permission> FromRequest for MaybePermitted<P> {
    type Error = Problem;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            match caller::of_request(&request).await? {
                Some(caller) => Ok(Self(Some(check(&request, &caller).await?))),
                None => Ok(Self(None)),
            }
        })
    }
}
