//! Passkeys, checked by webauthn-rs: which origin and shop a signature is for, that it answers our question, that the
//! device verified its user, and that its counter goes forward.

use application::identity::ports::{
    BegunPasskey, NewPasskey, PasskeyCeremonies, PasskeyFailed, PasskeyRefused, PresentedPasskey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::{CredentialId, PasskeyMaterial, User};
use domain::kernel::UserId;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The shop as a relying party.
pub struct WebauthnPasskeys {
    /// `None` where the shop is reached by a bare IP address: browsers make passkeys for names only.
    shop: Option<Webauthn>,
}

type Broken = Box<dyn std::error::Error + Send + Sync>;

impl WebauthnPasskeys {
    /// Passkeys for the shop at this public address. A loopback address stands for `localhost`, and then every port of it
    /// is taken for the shop's, as the apps have one of their own while they are developed.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(shop_name: &str, public_url: &str) -> Result<Self, Broken> {
        let mut origin = Url::parse(public_url)?;
        if is_loopback(&origin) {
            origin.set_host(Some("localhost"))?;
        }
        let Some(domain) = origin.domain().map(str::to_owned) else { return Ok(Self { shop: None }) };
        let local = domain == "localhost";
        let builder = WebauthnBuilder::new(&domain, &origin)?.rp_name(shop_name).allow_any_port(local);
        Ok(Self { shop: Some(builder.build()?) })
    }

    fn shop(&self) -> Result<&Webauthn, PasskeyFailed> {
        self.shop.as_ref().ok_or(PasskeyFailed::NoDomain)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(_)) | None => false,
    }
}

impl PasskeyCeremonies for WebauthnPasskeys {
    fn begin_registration(&self, user: &User, present: &[CredentialId]) -> Result<BegunPasskey, PasskeyFailed> {
        let known = present.iter().map(bytes).collect::<Result<Vec<_>, _>>()?;
        let (id, email) = (user.id.uuid(), user.email.as_str());
        let name = user.name.as_deref().unwrap_or(email);
        let begun = self.shop()?.start_passkey_registration(id, email, name, Some(known));
        let (challenge, state) = begun.map_err(broken)?;
        let mut options = serde_json::to_value(challenge.public_key).map_err(broken)?;
        // Signing in without typing an address needs a key that the device finds by itself; the library leaves it open.
        if let Some(selection) = options.get_mut("authenticatorSelection") {
            *selection = json!({"residentKey": "required", "requireResidentKey": true, "userVerification": "required"});
        }
        Ok(BegunPasskey { options, state: serde_json::to_string(&state).map_err(broken)? })
    }

    fn finish_registration(&self, state: &str, credential: &Value) -> Result<NewPasskey, PasskeyRefused> {
        let shop = self.shop.as_ref().ok_or(PasskeyRefused::Invalid)?;
        let state: PasskeyRegistration = serde_json::from_str(state).map_err(|_| PasskeyRefused::Invalid)?;
        let answer: RegisterPublicKeyCredential = read(credential)?;
        let passkey = shop.finish_passkey_registration(&answer, &state).map_err(|error| refused(&error))?;
        Ok(NewPasskey { credential_id: credential_id(passkey.cred_id()), material: material(&passkey)? })
    }

    fn begin_sign_in(&self, allowed: &[CredentialId]) -> Result<BegunPasskey, PasskeyFailed> {
        let (challenge, state) = self.shop()?.start_discoverable_authentication().map_err(broken)?;
        let mut options = serde_json::to_value(challenge.public_key).map_err(broken)?;
        let allowed = allowed.iter().map(|id| json!({"type": "public-key", "id": id.0}));
        if let Some(place) = options.get_mut("allowCredentials") {
            *place = Value::Array(allowed.collect());
        }
        Ok(BegunPasskey { options, state: serde_json::to_string(&state).map_err(broken)? })
    }

    fn presented(&self, credential: &Value) -> Result<PresentedPasskey, PasskeyRefused> {
        let answer: PublicKeyCredential = read(credential)?;
        let user = answer.get_user_unique_id().map(|handle| Uuid::from_slice(handle).map(UserId::new));
        let user = user.transpose().map_err(|_| PasskeyRefused::Invalid)?;
        Ok(PresentedPasskey { credential_id: credential_id(answer.get_credential_id()), user })
    }

    fn finish_sign_in(
        &self,
        state: &str,
        credential: &Value,
        kept: &PasskeyMaterial,
    ) -> Result<PasskeyMaterial, PasskeyRefused> {
        let shop = self.shop.as_ref().ok_or(PasskeyRefused::Invalid)?;
        let state: DiscoverableAuthentication = serde_json::from_str(state).map_err(|_| PasskeyRefused::Invalid)?;
        let mut passkey: Passkey = serde_json::from_str(&kept.0).map_err(|_| PasskeyRefused::Invalid)?;
        let answer: PublicKeyCredential = read(credential)?;
        let key = DiscoverableKey::from(&passkey);
        let result =
            shop.finish_discoverable_authentication_v2(&answer, state, key).map_err(|error| refused(&error))?;
        passkey.update_credential(&result).ok_or(PasskeyRefused::Invalid)?;
        material(&passkey)
    }
}

fn broken(error: impl Into<Broken>) -> PasskeyFailed {
    PasskeyFailed::Broken(error.into())
}

fn read<T: DeserializeOwned>(credential: &Value) -> Result<T, PasskeyRefused> {
    T::deserialize(credential).map_err(|_| PasskeyRefused::Invalid)
}

fn refused(error: &WebauthnError) -> PasskeyRefused {
    match error {
        WebauthnError::CredentialPossibleCompromise => PasskeyRefused::Cloned,
        _ => PasskeyRefused::Invalid,
    }
}

fn credential_id(bytes: &[u8]) -> CredentialId {
    CredentialId(URL_SAFE_NO_PAD.encode(bytes))
}

fn bytes(id: &CredentialId) -> Result<Vec<u8>, PasskeyFailed> {
    URL_SAFE_NO_PAD.decode(&id.0).map_err(broken)
}

fn material(passkey: &Passkey) -> Result<PasskeyMaterial, PasskeyRefused> {
    serde_json::to_string(passkey).map(PasskeyMaterial).map_err(|_| PasskeyRefused::Invalid)
}
