//! Webhook signatures as Stripe makes them: `t=<seconds>,v1=<hex>`, an HMAC-SHA256 over `t.body`
//! (<https://docs.stripe.com/webhooks#verify-manually>).

use crate::crypto::SecretKey;
use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq;

/// How far the signature's time may be from ours, either way.
const TOLERANCE: TimeDelta = TimeDelta::seconds(300);

/// The header for a body sent now.
pub fn sign(secret: &SecretKey, body: &[u8], now: DateTime<Utc>) -> String {
    let seconds = now.timestamp();
    format!("t={seconds},v1={}", digest(secret, seconds, body))
}

/// Whether the header signs this body, not too long ago. Every `v1` is tried, each in constant time.
pub fn is_valid(secret: &SecretKey, body: &[u8], header: &str, now: DateTime<Utc>) -> bool {
    let values = |wanted: &'static str| {
        header.split(',').filter_map(move |pair| pair.trim().split_once('=').filter(|(name, _)| *name == wanted))
    };
    let Some(seconds) = values("t").next().and_then(|(_, text)| text.parse::<i64>().ok()) else {
        return false;
    };
    let Some(at) = DateTime::from_timestamp(seconds, 0) else {
        return false;
    };
    if (now - at).abs() > TOLERANCE {
        return false;
    }
    let expected = digest(secret, seconds, body);
    values("v1").any(|(_, given)| expected.as_bytes().ct_eq(given.as_bytes()).into())
}

fn digest(secret: &SecretKey, seconds: i64, body: &[u8]) -> String {
    hex::encode(secret.digest(&[seconds.to_string().as_bytes(), b".", body]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{KeyRing, SigningKey};
    use crate::system::SystemClock;
    use application::system::Clock;
    use testkit::StripeSdk;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn secrets() -> (SecretKey, SecretKey) {
        let key = KeyRing::parse(&SigningKey::generate_pem().unwrap()).unwrap();
        (key.derive("one"), key.derive("other"))
    }

    #[test]
    fn a_signature_holds_for_its_body_and_five_minutes() {
        let (secret, other) = secrets();
        let header = sign(&secret, b"body", now());
        assert!(is_valid(&secret, b"body", &header, now()));
        assert!(is_valid(&secret, b"body", &header, now() + TimeDelta::seconds(300)));
        assert!(!is_valid(&secret, b"body", &header, now() + TimeDelta::seconds(301)));
        assert!(!is_valid(&secret, b"body", &header, now() - TimeDelta::seconds(301)));
        assert!(!is_valid(&secret, b"bodY", &header, now()));
        assert!(!is_valid(&other, b"body", &header, now()));
    }

    #[test]
    fn one_good_signature_among_several_is_enough() {
        let (secret, _) = secrets();
        let header = sign(&secret, b"body", now()).replace(",v1=", ",v0=aa,v1=bb,v1=");
        assert!(is_valid(&secret, b"body", &header, now()));
    }

    #[test]
    fn stripes_own_library_takes_what_we_sign_and_nothing_else() {
        let (secret, body) = ("whsec_of_both", r#"{"id": "evt_1", "object": "event"}"#);
        let now = SystemClock.now();
        let header = sign(&SecretKey::given(secret.as_bytes()), body.as_bytes(), now);
        assert_eq!(StripeSdk::verify(secret, body, &header), Ok("evt_1".to_owned()));
        let stale = sign(&SecretKey::given(secret.as_bytes()), body.as_bytes(), now - TimeDelta::seconds(310));
        for (secret, header) in [("whsec_other", &header), (secret, &stale)] {
            let refused = Err("StripeSignatureVerificationError".to_owned());
            assert_eq!(StripeSdk::verify(secret, body, header), refused);
        }
    }

    #[test]
    fn odd_headers_are_refused() {
        let (secret, _) = secrets();
        for header in
            ["", "t=", "v1=aa", "t=abc,v1=aa", "t=99999999999999999999,v1=aa", "t=9223372036854775807,v1=", ",,=,"]
        {
            assert!(!is_valid(&secret, b"body", header, now()), "{header}");
        }
    }
}
