//! Device tokens (OWASP's device cookies): a device's id under an HMAC-SHA256 over it and the address that signed in there.

use super::SecretKey;
use application::identity::ports::DeviceTokens;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::EmailAddress;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Makes and reads device tokens.
pub struct HmacDeviceTokens(pub SecretKey);

impl HmacDeviceTokens {
    fn tag(&self, email: &EmailAddress, device: Uuid) -> aws_lc_rs::hmac::Tag {
        self.0.digest(&[device.as_bytes(), email.as_str().as_bytes()])
    }
}

impl DeviceTokens for HmacDeviceTokens {
    fn issue(&self, email: &EmailAddress, device: Uuid) -> String {
        URL_SAFE_NO_PAD.encode([device.as_bytes(), self.tag(email, device).as_ref()].concat())
    }

    fn read(&self, token: &str, email: &EmailAddress) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (device, tag) = bytes.split_first_chunk::<16>()?;
        let device = Uuid::from_bytes(*device);
        bool::from(self.tag(email, device).as_ref().ct_eq(tag)).then_some(device)
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "all texts here are ASCII")]
mod tests {
    use super::*;

    fn tokens() -> HmacDeviceTokens {
        HmacDeviceTokens(SecretKey::derive(b"m", "device tokens"))
    }

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[test]
    fn a_device_is_known_for_the_address_that_signed_in_there_alone() {
        let (ada, eve) = (address("ada@example.com"), address("eve@example.com"));
        let device = Uuid::from_u128(7);
        let token = tokens().issue(&ada, device);
        assert_eq!(tokens().read(&token, &address(" ADA@example.com")), Some(device));
        assert_eq!(tokens().read(&token, &eve), None);
        assert_eq!(HmacDeviceTokens(SecretKey::derive(b"n", "device tokens")).read(&token, &ada), None);
    }

    #[test]
    fn a_cut_or_changed_token_is_of_no_device() {
        let ada = address("ada@example.com");
        let token = tokens().issue(&ada, Uuid::from_u128(7));
        for length in 0..token.len() {
            assert_eq!(tokens().read(&token[..length], &ada), None);
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        bytes[0] ^= 1;
        assert_eq!(tokens().read(&URL_SAFE_NO_PAD.encode(bytes), &ada), None);
    }
}
