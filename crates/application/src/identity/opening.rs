//! The last step of every way to sign in: a session is opened, and its tokens are made.

use super::client::Client;
use super::ports::{AccessTokens, DeviceTokens, IssuedToken, RefreshTokens, SigningFailed};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::{IdGenerator, SecretSource};
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{NewSession, Session, User};
use domain::kernel::{SessionId, TokenId};
use std::fmt;
use std::sync::Arc;

/// Someone who is signed in, with the tokens of their session.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The token for requests.
    pub access: IssuedToken,
    /// The token that gets the next ones; a secret.
    pub refresh_token: String,
    /// Until when it is good, unless it is used.
    pub session_expires_at: DateTime<Utc>,
    /// The token of the device, at a sign-in; at a refresh none.
    pub device_token: Option<String>,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn").field("user", &self.user.id).finish_non_exhaustive()
    }
}

/// How someone proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInMethod {
    /// By the password alone.
    Password,
    /// By the password and a second factor.
    SecondFactor,
    /// By a passkey.
    Passkey,
    /// By an identity elsewhere.
    Social,
}

impl SignInMethod {
    const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::SecondFactor => "second_factor",
            Self::Passkey => "passkey",
            Self::Social => "social",
        }
    }
}

/// Opens sessions.
#[derive(Clone)]
pub struct SessionOpening {
    /// Signs access tokens.
    pub access: Arc<dyn AccessTokens>,
    /// Makes refresh tokens.
    pub refresh: Arc<dyn RefreshTokens>,
    /// Makes device tokens.
    pub devices: Arc<dyn DeviceTokens>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws seeds.
    pub secrets: Arc<dyn SecretSource>,
    /// How long a session lasts unused.
    pub lifetime: TimeDelta,
}

/// A session that is not stored yet, and its tokens.
pub struct Opened {
    session: Session,
    signed_in: SignedIn,
}

impl SessionOpening {
    /// Makes a session with its tokens, outside any unit of work, since signing takes a while.
    ///
    /// # Errors
    /// When the key can't sign.
    pub fn prepare(&self, user: &User, client: &Client, now: DateTime<Utc>) -> Result<Opened, SigningFailed> {
        let session = Session::open(
            NewSession {
                id: SessionId::new(self.ids.next()),
                user_id: user.id,
                seed: self.secrets.bytes(),
                address: client.address.to_string(),
                device: client.device.clone(),
                lifetime: self.lifetime,
            },
            now,
        );
        let known = client.device_token.as_deref().and_then(|token| self.devices.read(token, &user.email));
        let device = known.unwrap_or_else(|| self.ids.next());
        let device_token = Some(self.devices.issue(&user.email, device));
        let signed_in = self.tokens(&session, session.generation, user.clone(), device_token, now)?;
        Ok(Opened { session, signed_in })
    }

    /// The tokens of a session at this generation.
    ///
    /// # Errors
    /// When the key can't sign.
    pub fn tokens(
        &self,
        session: &Session,
        generation: i64,
        user: User,
        device_token: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, SigningFailed> {
        let token = TokenId::new(self.ids.next());
        Ok(SignedIn {
            access: self.access.issue(user.id, session.id, token, now)?,
            refresh_token: self.refresh.token(session.id, generation, &session.seed),
            session_expires_at: now + self.lifetime,
            user,
            device_token,
        })
    }
}

impl Opened {
    /// Stores the session, in the unit of work that made it rightful.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn store(
        self,
        tx: &dyn UnitOfWork,
        how: SignInMethod,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<SignedIn, RepositoryError> {
        tx.sessions().insert(&self.session).await?;
        let event = SecurityEvent::new(SecurityEventKind::LoginSucceeded)
            .about(self.session.user_id)
            .from(client)
            .with("method", how.name());
        tx.security_log().record(&event, now).await?;
        Ok(self.signed_in)
    }
}

#[cfg(test)]
pub mod double {
    //! Tokens without cryptography: each is its own name.

    use super::SessionOpening;
    use crate::identity::ports::{IssuedToken, MockAccessTokens, MockDeviceTokens, MockRefreshTokens};
    use crate::tests::{StandingSystem, now};
    use std::sync::Arc;

    pub fn opening() -> SessionOpening {
        let (mut access, mut refresh, mut devices) =
            (MockAccessTokens::new(), MockRefreshTokens::new(), MockDeviceTokens::new());
        let issued = IssuedToken { token: "jwt".to_owned(), expires_at: now() };
        access.expect_issue().returning(move |_, _, _, _| Ok(issued.clone()));
        refresh.expect_token().returning(|_, _, _| "refresh".to_owned());
        devices.expect_read().returning(|_, _| None);
        devices.expect_issue().returning(|_, _| "device".to_owned());
        let system = StandingSystem::new();
        SessionOpening {
            access: Arc::new(access),
            refresh: Arc::new(refresh),
            devices: Arc::new(devices),
            ids: system.clone(),
            secrets: system,
            lifetime: chrono::TimeDelta::days(30),
        }
    }
}
