//! Second factors and passkeys, put together.

use application::identity::codes::CodeChecking;
use application::identity::guesses::Guesses;
use application::identity::opening::SessionOpening;
use application::identity::passkey_sign_in::PasskeyDoor;
use application::identity::passkeys::PasskeyDesk;
use application::identity::ports::{FactorQueries, IdentityQueries};
use application::identity::recovery_codes::{FactorDrawing, RecoveryCodeDesk};
use application::identity::second_factor::ChallengeDesk;
use application::identity::totp::TotpDesk;
use application::system::Clock;
use application::unit_of_work::Transactor;
use infrastructure::crypto::{AeadBox, HmacCodes, KeyRing, Rfc6238Codes, WebauthnPasskeys};
use std::sync::Arc;

/// What second factors stand on.
pub struct Factors<'a, Q> {
    pub keys: &'a KeyRing,
    pub shop_name: &'a str,
    pub public_url: &'a str,
    pub queries: Arc<Q>,
    pub guesses: Guesses,
    pub opening: SessionOpening,
    pub transactor: Arc<dyn Transactor>,
    pub clock: Arc<dyn Clock>,
}

impl<Q: IdentityQueries + FactorQueries + 'static> Factors<'_, Q> {
    /// What checks codes.
    pub fn codes(&self) -> CodeChecking {
        CodeChecking {
            secrets: Arc::new(AeadBox::new(self.keys.derive("sealed secrets"))),
            totp: Arc::new(Rfc6238Codes::new(self.shop_name)),
            digests: Arc::new(HmacCodes(self.keys.derive("recovery codes"))),
        }
    }

    /// The use cases.
    ///
    /// # Errors
    /// When the public address can't be used.
    pub fn services(self) -> Result<web::FactorServices, Box<dyn std::error::Error>> {
        let codes = self.codes();
        let devices = WebauthnPasskeys::new(self.shop_name, self.public_url)
            .map_err(|error| format!("PUBLIC_URL: passkeys can't be made for it: {error}"))?;
        let devices = Arc::new(devices);
        let drawing = FactorDrawing { secrets: self.opening.secrets.clone(), ids: self.opening.ids.clone() };
        Ok(web::FactorServices {
            answer_challenges: Arc::new(ChallengeDesk {
                people: self.queries.clone(),
                transactor: self.transactor.clone(),
                guesses: self.guesses.clone(),
                codes: codes.clone(),
                opening: self.opening.clone(),
                clock: self.clock.clone(),
            }),
            passkey_sign_in: Arc::new(PasskeyDoor {
                people: self.queries.clone(),
                factors: self.queries.clone(),
                transactor: self.transactor.clone(),
                ceremonies: devices.clone(),
                opening: self.opening.clone(),
                clock: self.clock.clone(),
            }),
            keep_totp: Arc::new(TotpDesk {
                factors: self.queries.clone(),
                transactor: self.transactor.clone(),
                guesses: self.guesses,
                codes: codes.clone(),
                drawing: drawing.clone(),
                clock: self.clock.clone(),
            }),
            keep_recovery_codes: Arc::new(RecoveryCodeDesk {
                factors: self.queries.clone(),
                transactor: self.transactor.clone(),
                codes,
                drawing,
                clock: self.clock.clone(),
            }),
            keep_passkeys: Arc::new(PasskeyDesk {
                factors: self.queries,
                transactor: self.transactor,
                ceremonies: devices,
                ids: self.opening.ids,
                secrets: self.opening.secrets,
                clock: self.clock,
            }),
        })
    }
}
