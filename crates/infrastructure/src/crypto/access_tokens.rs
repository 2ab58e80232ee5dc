//! Access tokens: JWT signed with RS256 (RFC 7519, RFC 8725). No other algorithm is ever accepted.

use super::KeySource;
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

/// Signs tokens with the newest key, and reads those of all keys.
pub struct Rs256Tokens {
    keys: Arc<dyn KeySource>,
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
    pub fn new(keys: Arc<dyn KeySource>, lifetime: TimeDelta) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The times are checked against the injected clock below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { keys, lifetime, validation }
    }
}

/// The only header that is ever written, and so the only one that is read: whatever else a header could say (`jku`, `jwk`,
/// `crit`, ...) is refused before anything is done about it.
fn header(key: &str) -> Header {
    Header { typ: Some(TYPE.to_owned()), kid: Some(key.to_owned()), ..Header::new(Algorithm::RS256) }
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
        let ring = self.keys.ring();
        let key = ring.newest();
        let token = encode(&header(&key.id), &claims, &key.private).map_err(|error| SigningFailed(error.into()))?;
        Ok(IssuedToken { token, expires_at })
    }

    fn read(&self, token: &str, now: DateTime<Utc>) -> Result<TokenClaims, InvalidToken> {
        let given = decode_header(token).map_err(|_| InvalidToken)?;
        let id = given.kid.as_deref().ok_or(InvalidToken)?;
        if given != header(id) {
            return Err(InvalidToken);
        }
        let mut ring = self.keys.ring();
        if ring.find(id).is_none() {
            ring = self.keys.latest(); // another node may have signed with a key that is new to this one
        }
        let key = ring.find(id).ok_or(InvalidToken)?;
        let claims: Claims = decode(token, &key.public, &self.validation).map_err(|_| InvalidToken)?.claims;
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
mod tests {
    use super::super::KeyFile;
    use super::super::key_file::tests::file;
    use super::*;
    use std::path::Path;
    use testkit::forgeries::forgeries;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn tokens(path: &Path) -> Rs256Tokens {
        Rs256Tokens::new(Arc::new(KeyFile::open(path).unwrap()), TimeDelta::hours(1))
    }

    fn issue(tokens: &Rs256Tokens) -> String {
        let [user, session, token] = [1, 2, 3].map(Uuid::from_u128);
        tokens.issue(UserId::new(user), SessionId::new(session), TokenId::new(token), now()).unwrap().token
    }

    fn kid(token: &str) -> String {
        decode_header(token).unwrap().kid.unwrap()
    }

    #[test]
    fn a_token_tells_its_user_until_it_expires() {
        let (_folder, path) = file();
        let tokens = tokens(&path);
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
        let ((_folder, ours), other) = (file(), tempfile::tempdir().unwrap());
        let theirs = other.path().join("keys.pem");
        KeyFile::create_if_missing(&theirs).unwrap();
        assert_eq!(tokens(&ours).read(&issue(&tokens(&theirs)), now()), Err(InvalidToken));
    }

    #[test]
    fn two_nodes_never_refuse_each_others_tokens_while_keys_rotate() {
        let (_folder, path) = file();
        let (one, other) = (tokens(&path), tokens(&path));
        let before = issue(&one);
        for round in 0..2 {
            KeyFile::rotate(&path, now(), TimeDelta::days(1)).unwrap();
            let restarted = tokens(&path);
            let after = issue(&restarted);
            assert_ne!(kid(&after), kid(&before));
            for node in [&one, &other, &restarted] {
                assert!(node.read(&before, now()).is_ok(), "round {round}: what the old key signed");
                assert!(node.read(&after, now()).is_ok(), "round {round}: what the new key signed");
            }
            assert_eq!(kid(&issue(&one)), kid(&after), "whoever has seen the new key signs with it");
        }
    }

    #[test]
    #[expect(clippy::print_stdout, reason = "how many there were is worth knowing")]
    fn no_forged_token_is_accepted() {
        let (_folder, path) = file();
        let tokens = tokens(&path);
        let good = issue(&tokens);
        assert!(tokens.read(&good, now()).is_ok());
        let forgeries = forgeries(&std::fs::read_to_string(&path).unwrap(), &good);
        println!("{} forged tokens", forgeries.len());
        assert!(forgeries.len() >= 100);
        for (name, token) in &forgeries {
            assert_eq!(tokens.read(token, now()), Err(InvalidToken), "{name}: {token}");
        }
        assert!(tokens.read(&good, now()).is_ok());
    }
}
