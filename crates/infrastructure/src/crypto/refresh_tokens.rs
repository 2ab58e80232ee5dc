//! Refresh tokens that need no table to be looked up in: a version, the session, its generation, and an HMAC-SHA256 over
//! both and the session's seed. Whether a generation is still good is not known here.

use super::SecretKey;
use application::identity::ports::{InvalidToken, RefreshClaims, RefreshTokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::kernel::SessionId;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// The form that is written today.
const VERSION: [u8; 1] = [1];

/// Makes and reads refresh tokens.
pub struct HmacRefreshTokens(pub SecretKey);

impl HmacRefreshTokens {
    fn tag(&self, session: SessionId, generation: i64, seed: &[u8; 32]) -> aws_lc_rs::hmac::Tag {
        self.0.digest(&[session.uuid().as_bytes(), &generation.to_be_bytes(), seed])
    }
}

impl RefreshTokens for HmacRefreshTokens {
    fn token(&self, session: SessionId, generation: i64, seed: &[u8; 32]) -> String {
        let tag = self.tag(session, generation, seed);
        let (session, generation) = (session.uuid(), generation.to_be_bytes());
        let parts: [&[u8]; 4] = [&VERSION, session.as_bytes(), &generation, tag.as_ref()];
        URL_SAFE_NO_PAD.encode(parts.concat())
    }

    fn read(&self, token: &str) -> Result<RefreshClaims, InvalidToken> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| InvalidToken)?;
        let rest = bytes.strip_prefix(&VERSION).ok_or(InvalidToken)?;
        let (session, rest) = rest.split_first_chunk::<16>().ok_or(InvalidToken)?;
        let (generation, tag) = rest.split_first_chunk::<8>().ok_or(InvalidToken)?;
        Ok(RefreshClaims {
            session: SessionId::new(Uuid::from_bytes(*session)),
            generation: i64::from_be_bytes(*generation),
            tag: tag.try_into().map_err(|_| InvalidToken)?,
        })
    }

    fn matches(&self, claims: &RefreshClaims, seed: &[u8; 32]) -> bool {
        self.tag(claims.session, claims.generation, seed).as_ref().ct_eq(&claims.tag).into()
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "all texts here are ASCII")]
mod tests {
    use super::*;

    const SEED: [u8; 32] = [7; 32];

    fn tokens() -> HmacRefreshTokens {
        HmacRefreshTokens(SecretKey::derive(b"m", "refresh tokens"))
    }

    fn session() -> SessionId {
        SessionId::new(Uuid::from_u128(5))
    }

    #[test]
    fn a_token_names_its_session_and_generation_and_proves_them() {
        let token = tokens().token(session(), 3, &SEED);
        let claims = tokens().read(&token).unwrap();
        assert_eq!((claims.session, claims.generation), (session(), 3));
        assert!(tokens().matches(&claims, &SEED));
        assert_eq!(tokens().token(session(), 3, &SEED), token, "the same again");
        assert!(!format!("{claims:?}").contains("tag"));
    }

    #[test]
    fn no_other_session_generation_seed_or_shop_matches() {
        let claims = tokens().read(&tokens().token(session(), 3, &SEED)).unwrap();
        assert!(!tokens().matches(&claims, &[8; 32]));
        assert!(!tokens().matches(&RefreshClaims { generation: 4, ..claims.clone() }, &SEED));
        let other = SessionId::new(Uuid::from_u128(6));
        assert!(!tokens().matches(&RefreshClaims { session: other, ..claims.clone() }, &SEED));
        assert!(!HmacRefreshTokens(SecretKey::derive(b"n", "refresh tokens")).matches(&claims, &SEED));
    }

    #[test]
    fn a_cut_longer_or_changed_text_is_refused_or_matches_nothing() {
        let token = tokens().token(session(), 3, &SEED);
        for length in 0..token.len() {
            assert_eq!(tokens().read(&token[..length]), Err(InvalidToken), "{length}");
        }
        for text in [&format!("{token}A"), &format!("{token}AAAA"), "ü", "=", &token.replace('A', "+")] {
            assert_eq!(tokens().read(text), Err(InvalidToken), "{text}");
        }
        let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        for (place, bit) in (0..bytes.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
            let mut changed = bytes.clone();
            changed[place] ^= 1 << bit;
            let read = tokens().read(&URL_SAFE_NO_PAD.encode(changed));
            assert!(read.is_err() || read.is_ok_and(|claims| !tokens().matches(&claims, &SEED)), "{place} {bit}");
        }
    }
}
