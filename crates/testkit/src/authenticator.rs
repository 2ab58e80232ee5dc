//! A device with passkeys, in software (WebAuthn, level 3): it makes P-256 keys and signs with them what a browser would.
//!
//! It can be told to lie: about where the browser was, whose question it answers, for which shop, and whether it has
//! verified its user.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A device with its browser.
#[derive(Debug, Clone)]
pub struct Authenticator {
    /// Where the browser says it is.
    pub origin: String,
    /// For which shop it signs; `None` for the one that asks.
    pub rp_id: Option<String>,
    /// Which question it answers; `None` for the one that is asked.
    pub challenge: Option<String>,
    /// Whether it has asked for a finger, a face or a PIN.
    pub verifies_user: bool,
}

/// A key on a device.
#[derive(Debug, Clone)]
pub struct SoftPasskey {
    pkcs8: Vec<u8>,
    /// What the device calls it (base64url).
    pub credential_id: String,
    /// Whose it is (base64url); `None` leaves it out of answers, as keys that are not discoverable do.
    pub user_handle: Option<String>,
    /// How often it has signed.
    pub counter: u32,
}

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

impl Authenticator {
    /// An honest device, whose browser shows a page of this origin.
    #[must_use]
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), rp_id: None, challenge: None, verifies_user: true }
    }

    /// Makes a key, as `navigator.credentials.create()` with these options does, and answers `credential.toJSON()`.
    #[must_use]
    pub fn create(&self, options: &Value) -> (SoftPasskey, Value) {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
        let mut id = [0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        let passkey = SoftPasskey {
            pkcs8: pkcs8.as_ref().to_vec(),
            credential_id: encode(&id),
            user_handle: Some(text(&options["user"]["id"])),
            counter: 0,
        };
        let rp_id = text(&options["rp"]["id"]);
        let mut data = self.authenticator_data(&rp_id, WITH_KEY, 0);
        data.extend([0; 16]); // no make or model is told
        data.extend([0, 32]);
        data.extend(id);
        data.extend(cose(passkey.key().public_key().as_ref()));
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        attestation.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        attestation.extend(&data);
        let client_data = self.client_data("webauthn.create", options);
        let response = json!({
            "clientDataJSON": encode(client_data.as_bytes()), "attestationObject": encode(&attestation),
            "transports": ["internal", "hybrid"],
        });
        let answer = passkey.answer(&response);
        (passkey, answer)
    }

    /// Signs, as `navigator.credentials.get()` with these options does, and answers `credential.toJSON()`.
    #[must_use]
    pub fn get(&self, passkey: &mut SoftPasskey, options: &Value) -> Value {
        passkey.counter += 1;
        let data = self.authenticator_data(&text(&options["rpId"]), 0, passkey.counter);
        let client_data = self.client_data("webauthn.get", options);
        let signed = [data.as_slice(), Sha256::digest(client_data.as_bytes()).as_ref()].concat();
        let signature = passkey.key().sign(&SystemRandom::new(), &signed).unwrap();
        let mut response = json!({
            "clientDataJSON": encode(client_data.as_bytes()), "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
        });
        if let Some(handle) = &passkey.user_handle {
            response["userHandle"] = json!(handle);
        }
        passkey.answer(&response)
    }

    fn authenticator_data(&self, asked: &str, more: u8, counter: u32) -> Vec<u8> {
        let rp_id = self.rp_id.as_deref().unwrap_or(asked);
        let verified = if self.verifies_user { VERIFIED } else { 0 };
        let mut data = Sha256::digest(rp_id.as_bytes()).to_vec();
        data.push(PRESENT | verified | more);
        data.extend(counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = self.challenge.clone().unwrap_or_else(|| text(&options["challenge"]));
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false}).to_string()
    }
}

impl SoftPasskey {
    fn key(&self) -> EcdsaKeyPair {
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.pkcs8).unwrap()
    }

    fn answer(&self, response: &Value) -> Value {
        json!({
            "id": self.credential_id, "rawId": self.credential_id, "type": "public-key", "response": response,
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
        })
    }
}

/// A point of P-256 as a COSE key: EC2, ES256, x and y.
fn cose(point: &[u8]) -> Vec<u8> {
    let (x, y) = point.strip_prefix(&[4]).expect("an uncompressed point").split_at(32);
    [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".as_slice(), x, b"\x22\x58\x20", y].concat()
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
