//! The secrets that sign messages: shown once, kept sealed.

use crate::identity::ports::{SealFailed, SecretBox};
use crate::system::SecretSource;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::kernel::WebhookId;
use std::fmt;
use std::sync::Arc;

/// How each is written, by the Standard Webhooks convention.
const PREFIX: &str = "whsec_";

/// 256 unpredictable bits that sign messages. Never shown: its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl SigningSecret {
    /// Out of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The key itself.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As its owner is shown it, once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// Draws secrets, and keeps them sealed, each for its endpoint alone.
#[derive(Clone)]
pub struct SigningSecrets {
    /// Draws.
    pub source: Arc<dyn SecretSource>,
    /// Seals.
    pub vault: Arc<dyn SecretBox>,
}

impl SigningSecrets {
    /// A new secret for this endpoint, and the same sealed.
    ///
    /// # Errors
    /// When it can't be sealed.
    pub fn draw(&self, endpoint: WebhookId) -> Result<(SigningSecret, String), SealFailed> {
        let secret = SigningSecret::of(&self.source.bytes());
        let sealed = self.vault.seal(context(endpoint).as_bytes(), secret.bytes())?;
        Ok((secret, sealed))
    }

    /// A secret of this endpoint again.
    ///
    /// # Errors
    /// When it was sealed for another, or by another key.
    pub fn open(&self, endpoint: WebhookId, sealed: &str) -> Result<SigningSecret, SealFailed> {
        self.vault.open(context(endpoint).as_bytes(), sealed).map(SigningSecret)
    }
}

fn context(endpoint: WebhookId) -> String {
    format!("webhook {endpoint}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockSecretBox;
    use crate::tests::{StandingSystem, uuid};

    #[test]
    fn a_secret_is_written_as_the_convention_says_and_does_not_show_itself() {
        let secret = SigningSecret::of(&[0; 32]);
        assert_eq!(secret.reveal(), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        assert_eq!(format!("{secret:?}"), "SigningSecret(…)");
    }

    #[test]
    fn it_is_sealed_for_its_endpoint() {
        let mut vault = MockSecretBox::new();
        let for_it = |context: &[u8]| context == format!("webhook {}", uuid(7)).as_bytes();
        vault
            .expect_seal()
            .withf(move |context, secret| for_it(context) && secret == [0; 32])
            .return_const(Ok("s".to_owned()));
        vault
            .expect_open()
            .withf(move |context, sealed| for_it(context) && sealed == "s")
            .return_const(Ok(vec![0; 32]));
        let secrets = SigningSecrets { source: StandingSystem::new(), vault: Arc::new(vault) };
        let (drawn, sealed) = secrets.draw(WebhookId::new(uuid(7))).unwrap();
        assert_eq!(secrets.open(WebhookId::new(uuid(7)), &sealed), Ok(drawn));
    }
}
