//! Access tokens: JWT signed with RS256 (RFC 7519, RFC 8725). No other algorithm is ever accepted.

use super::SigningKey;
use application::identity::ports::{AccessTokens, InvalidToken, IssuedToken, SigningFailed, TokenClaims};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::kernel::{SessionId, TokenId, UserId};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

const ISSUER: &str = "carat";
const AUDIENCE: &str = "carat-api";
const TYPE: &str = "JWT";

/// Signs and reads tokens with one key.
pub struct Rs256Tokens {
    key: Arc<SigningKey>,
    lifetime: TimeDelta,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Rs256Tokens {
    /// Tokens that are good for `lifetime`.
    #[must_use]
    pub fn new(key: Arc<SigningKey>, lifetime: TimeDelta) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The times are checked against the injected clock below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { key, lifetime, validation }
    }
}

impl AccessTokens for Rs256Tokens {
    fn issue(
        &self,
        user: UserId,
        session: SessionId,
        token: TokenId,
        now: DateTime<Utc>,
    ) -> Result<IssuedToken, SigningFailed> {
        let now = now.trunc_subsecs(0);
        let expires_at = now + self.lifetime;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.uuid(),
            sid: session.uuid(),
            jti: token.uuid(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: expires_at.timestamp(),
        };
        let header = Header { kid: Some(self.key.id.clone()), ..Header::new(Algorithm::RS256) };
        let token = encode(&header, &claims, &self.key.private).map_err(|error| SigningFailed(error.into()))?;
        Ok(IssuedToken { token, expires_at })
    }

    fn read(&self, token: &str, now: DateTime<Utc>) -> Result<TokenClaims, InvalidToken> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        if header.kid.as_deref() != Some(self.key.id.as_str()) || header.typ.as_deref() != Some(TYPE) {
            return Err(InvalidToken);
        }
        let claims: Claims = decode(token, &self.key.public, &self.validation).map_err(|_| InvalidToken)?.claims;
        let expires_at = DateTime::from_timestamp(claims.exp, 0).ok_or(InvalidToken)?;
        if expires_at <= now || claims.nbf > now.timestamp() {
            return Err(InvalidToken);
        }
        Ok(TokenClaims {
            user: UserId::new(claims.sub),
            session: SessionId::new(claims.sid),
            token: TokenId::new(claims.jti),
            expires_at,
        })
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "all texts here are ASCII")]
mod tests {
    use super::super::signing_key::tests::PEM;
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn tokens(pem: &str) -> Rs256Tokens {
        Rs256Tokens::new(Arc::new(SigningKey::from_pem(pem).unwrap()), TimeDelta::hours(1))
    }

    fn issue(tokens: &Rs256Tokens) -> String {
        let [user, session, token] = [1, 2, 3].map(Uuid::from_u128);
        tokens.issue(UserId::new(user), SessionId::new(session), TokenId::new(token), now()).unwrap().token
    }

    /// A token signed with our key, with parts of its header and claims put in place of ours.
    fn forged(header: &Value, claims: &Value) -> String {
        let ours = tokens(&PEM);
        let good = issue(&ours);
        let mut parts: Vec<Value> = (good.split('.').take(2))
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        for (part, change) in parts.iter_mut().zip([header, claims]) {
            for (key, value) in change.as_object().unwrap() {
                part[key] = value.clone();
            }
        }
        let text = parts.iter().map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).collect::<Vec<_>>().join(".");
        let signature = jsonwebtoken::crypto::sign(text.as_bytes(), &ours.key.private, Algorithm::RS256).unwrap();
        format!("{text}.{signature}")
    }

    #[test]
    fn a_token_tells_its_user_until_it_expires() {
        let tokens = tokens(&PEM);
        let token = issue(&tokens);
        let claims = tokens.read(&token, now()).unwrap();
        let ids = [claims.user.uuid(), claims.session.uuid(), claims.token.uuid()];
        assert_eq!(ids, [1, 2, 3].map(Uuid::from_u128));
        assert!(tokens.read(&token, now() + TimeDelta::seconds(3_599)).is_ok());
        assert_eq!(tokens.read(&token, now() + TimeDelta::seconds(3_600)), Err(InvalidToken));
        assert_eq!(tokens.read(&token, now() - TimeDelta::seconds(1)), Err(InvalidToken), "not good yet");
    }

    #[test]
    fn a_token_of_another_key_is_refused() {
        let other = SigningKey::generate_pem().unwrap();
        assert_eq!(tokens(&PEM).read(&issue(&tokens(&other)), now()), Err(InvalidToken));
    }

    #[test]
    fn a_token_with_a_changed_word_is_refused() {
        let unchanged = forged(&json!({}), &json!({}));
        assert!(tokens(&PEM).read(&unchanged, now()).is_ok(), "the forgery itself is sound");
        for (header, claims) in [
            (json!({"alg": "none"}), json!({})),
            (json!({"alg": "HS256"}), json!({})),
            (json!({"alg": "RS512"}), json!({})),
            (json!({"typ": "at+jwt"}), json!({})),
            (json!({"typ": null}), json!({})),
            (json!({"kid": "another"}), json!({})),
            (json!({"kid": null}), json!({})),
            (json!({}), json!({"iss": "another"})),
            (json!({}), json!({"aud": "another"})),
            (json!({}), json!({"sub": "not-an-id"})),
            (json!({}), json!({"exp": null})),
            (json!({}), json!({"exp": -1})),
            (json!({}), json!({"exp": i64::MAX})),
            (json!({}), json!({"nbf": i64::MAX})),
            (json!({}), json!({"jti": 7})),
            (json!({}), json!({"sid": null})),
        ] {
            assert_eq!(tokens(&PEM).read(&forged(&header, &claims), now()), Err(InvalidToken), "{header} {claims}");
        }
    }

    #[test]
    fn a_cut_or_changed_token_is_refused() {
        let token = issue(&tokens(&PEM));
        for length in (0..token.len()).step_by(7) {
            assert_eq!(tokens(&PEM).read(&token[..length], now()), Err(InvalidToken));
        }
        let (rest, signature) = token.rsplit_once('.').unwrap();
        let swapped: String = signature.chars().rev().collect();
        assert_eq!(tokens(&PEM).read(&format!("{rest}.{swapped}"), now()), Err(InvalidToken));
    }
}
