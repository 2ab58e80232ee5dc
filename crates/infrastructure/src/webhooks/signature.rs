//! How a message is signed: <https://www.standardwebhooks.com>.

use application::webhooks::ports::Message;
use application::webhooks::secret::SigningSecret;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The header `webhook-signature`: one signature by each secret.
#[must_use]
pub fn signature(message: &Message) -> String {
    let text = format!("{}.{}.{}", message.id, message.at.timestamp(), message.body);
    let by = |secret: &SigningSecret| {
        let tag = sign(&Key::new(HMAC_SHA256, secret.bytes()), text.as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    };
    message.secrets.iter().map(by).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    /// The vector that the convention's own libraries are tested by.
    #[test]
    fn a_signature_is_the_published_one() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let mut message = Message {
            url: String::new(),
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            at: DateTime::from_timestamp(1_614_265_330, 999_999_000).unwrap(),
            body: r#"{"test": 2432232314}"#.to_owned(),
            secrets: vec![SigningSecret::of(&secret)],
        };
        let published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature(&message), published);
        message.secrets.insert(0, SigningSecret::of(&[7; 32]));
        let both = signature(&message);
        assert!(both.starts_with("v1,") && both.ends_with(&format!(" {published}")), "{both}");
    }
}
