//! The keys of a shop as one text: its signing keys in PEM, the newest first, each below the time when it was made, and the
//! master secret. The newest signs, all verify. Every other secret of the shop is derived from the master secret, which
//! outlives the keys; until the first rotation it follows from the only key, so that such a file needs nothing else.

use super::{KeyError, SecretKey, SigningKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

const PRIVATE_KEYS: [&str; 2] = ["PRIVATE KEY", "RSA PRIVATE KEY"];
const MASTER_SECRET: &str = "CARAT MASTER SECRET";
const MADE: &str = "Made:";

/// Where the keys come from.
pub trait KeySource: Send + Sync {
    /// The keys as they are in use.
    fn ring(&self) -> Arc<KeyRing>;
    /// The keys as they are at this moment: for a token whose key is not among those in use.
    fn latest(&self) -> Arc<KeyRing>;
}

/// Keys that never change.
pub struct FixedKeys(pub Arc<KeyRing>);

impl KeySource for FixedKeys {
    fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.0)
    }

    fn latest(&self) -> Arc<KeyRing> {
        self.ring()
    }
}

/// The keys of a shop.
pub struct KeyRing {
    newest: KeptKey,
    older: Vec<KeptKey>,
    master: Vec<u8>,
    /// Whether the master secret stands in the text by itself.
    has_own_master: bool,
}

struct KeptKey {
    /// As far as it is written down; a key that was made elsewhere says nothing.
    made: Option<DateTime<Utc>>,
    key: SigningKey,
    pem: String,
}

/// One block of PEM, with the time that stands above it.
struct Block {
    label: String,
    made: Option<DateTime<Utc>>,
    pem: String,
    body: String,
}

impl KeyRing {
    /// Reads a text with one private RSA key or more, the newest first.
    ///
    /// # Errors
    /// When there is none, or anything else than keys and a master secret.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (mut keys, mut own_master) = (Vec::new(), None);
        for block in blocks(text)? {
            if PRIVATE_KEYS.contains(&block.label.as_str()) {
                let key = SigningKey::from_pem(&block.pem)?;
                keys.push(KeptKey { made: block.made, key, pem: block.pem });
            } else if block.label == MASTER_SECRET && own_master.is_none() {
                let secret = STANDARD.decode(block.body).ok().filter(|secret| secret.len() >= 32);
                own_master = Some(secret.ok_or(KeyError::NotAMasterSecret)?);
            } else {
                return Err(KeyError::NotAKey);
            }
        }
        let oldest = keys.last().ok_or(KeyError::NotAKey)?;
        // A key of more than one block of SHA-256 goes into an HMAC as its digest: so what is derived from the digest of the
        // key is what was derived from the key itself before it was rotated for the first time.
        let has_own_master = own_master.is_some();
        let master = own_master.unwrap_or_else(|| Sha256::digest(oldest.key.der()).to_vec());
        let older = keys.split_off(1);
        let newest = keys.pop().ok_or(KeyError::NotAKey)?;
        Ok(Self { newest, older, master, has_own_master })
    }

    /// The text with a new key in front, and without those that were replaced so long ago that no token of theirs can be
    /// good any more.
    ///
    /// # Errors
    /// [`KeyError::Generation`].
    pub fn rotated(&self, now: DateTime<Utc>, keep: TimeDelta) -> Result<String, KeyError> {
        let mut text = entry(Some(now), &SigningKey::generate_pem()?);
        let mut replaced_at = Some(now);
        for kept in self.keys() {
            if replaced_at.is_some_and(|at| now - at > keep) {
                break;
            }
            text.push_str(&entry(kept.made, &kept.pem));
            replaced_at = kept.made;
        }
        let master = STANDARD.encode(&self.master);
        Ok(format!("{text}-----BEGIN {MASTER_SECRET}-----\n{master}\n-----END {MASTER_SECRET}-----\n"))
    }

    /// The key that signs.
    pub(super) const fn newest(&self) -> &SigningKey {
        &self.newest.key
    }

    /// The key of this name.
    pub(super) fn find(&self, id: &str) -> Option<&SigningKey> {
        self.keys().map(|kept| &kept.key).find(|key| key.id == id)
    }

    fn keys(&self) -> impl Iterator<Item = &KeptKey> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    /// The names of the keys with the times when they were made, the newest first.
    #[must_use]
    pub fn list(&self) -> Vec<(String, Option<DateTime<Utc>>)> {
        self.keys().map(|kept| (kept.key.id.clone(), kept.made)).collect()
    }

    /// Whether derived secrets would change if the oldest key were taken out by hand.
    #[must_use]
    pub const fn hangs_on_its_oldest_key(&self) -> bool {
        !self.has_own_master && !self.older.is_empty()
    }

    /// The public halves as a JSON Web Key Set (RFC 7517).
    #[must_use]
    pub fn jwks(&self) -> Value {
        json!({"keys": self.keys().map(|kept| kept.key.jwk()).collect::<Vec<_>>()})
    }

    /// A secret for one other purpose, so that a shop has one file to keep. Nobody can tell a key from it, and it stays the
    /// same when keys are rotated.
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> SecretKey {
        SecretKey::derive(&self.master, purpose)
    }
}

/// A block with the time above it.
fn entry(made: Option<DateTime<Utc>>, pem: &str) -> String {
    let made = made.map(|made| format!("{MADE} {}\n", made.to_rfc3339_opts(SecondsFormat::Secs, true)));
    format!("{}{}\n", made.unwrap_or_default(), pem.trim_end())
}

/// The blocks of a PEM text (RFC 7468). Between them may stand anything.
fn blocks(text: &str) -> Result<Vec<Block>, KeyError> {
    let (mut blocks, mut made) = (Vec::new(), None);
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(time) = line.strip_prefix(MADE) {
            made = DateTime::parse_from_rfc3339(time.trim()).ok().map(|time| time.to_utc());
        }
        let Some(label) = line.strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----")) else {
            continue;
        };
        let end = format!("-----END {label}-----");
        let (mut pem, mut body, mut ended) = (format!("{line}\n"), String::new(), false);
        for line in lines.by_ref() {
            pem.push_str(line);
            pem.push('\n');
            if line == end {
                ended = true;
                break;
            }
            body.push_str(line);
        }
        if !ended {
            return Err(KeyError::NotAKey); // the file is being written, or was cut
        }
        blocks.push(Block { label: label.to_owned(), made: made.take(), pem, body });
    }
    Ok(blocks)
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::signing_key::tests::PEM;
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ring(text: &str) -> KeyRing {
        KeyRing::parse(text).unwrap()
    }

    fn names(text: &str) -> Vec<String> {
        ring(text).list().into_iter().map(|(name, _)| name).collect()
    }

    fn secret(ring: &KeyRing) -> Vec<u8> {
        ring.derive("codes").digest(&[b"x"]).as_ref().to_vec()
    }

    #[test]
    fn the_new_key_is_first_and_the_old_one_stays_good() {
        let rotated = ring(PEM.as_str()).rotated(now(), TimeDelta::days(1)).unwrap();
        let old = ring(PEM.as_str()).newest().id.clone();
        let ring = ring(&rotated);
        assert_eq!(ring.list().len(), 2);
        assert_ne!(ring.newest().id, old);
        assert!(ring.find(&old).is_some());
        assert!(ring.find("another").is_none());
        assert_eq!(ring.list()[0].1, Some(now()));
        assert_eq!(ring.jwks()["keys"].as_array().unwrap().len(), 2);
        assert_eq!(ring.jwks()["keys"][0]["kid"], json!(ring.newest().id));
    }

    #[test]
    fn derived_secrets_survive_rotations_even_of_the_key_that_they_came_from() {
        let original = ring(PEM.as_str());
        let before = secret(&original);
        assert_eq!(before, SecretKey::derive(original.newest().der(), "codes").digest(&[b"x"]).as_ref(), "as ever");
        let once = original.rotated(now(), TimeDelta::days(1)).unwrap();
        let twice = ring(&once).rotated(now() + TimeDelta::days(2), TimeDelta::days(1)).unwrap();
        let thrice = ring(&twice).rotated(now() + TimeDelta::days(4), TimeDelta::days(1)).unwrap();
        assert!(ring(&thrice).find(&original.newest().id).is_none(), "it is long gone");
        for text in [once, twice, thrice] {
            assert_eq!(secret(&ring(&text)), before);
        }
    }

    #[test]
    fn a_key_goes_once_it_was_replaced_long_enough_ago() {
        let day = TimeDelta::days(1);
        let first = ring(PEM.as_str()).rotated(now(), day).unwrap();
        let soon = ring(&first).rotated(now() + TimeDelta::hours(23), day).unwrap();
        assert_eq!(names(&soon).len(), 3, "tokens of the oldest may still be good");
        let later = ring(&first).rotated(now() + TimeDelta::hours(25), day).unwrap();
        assert_eq!(names(&later)[1..], names(&first)[..1]);
    }

    #[test]
    fn keys_that_were_put_together_by_hand_hang_on_the_oldest() {
        let together = format!("{}\n# the old one\n{}", SigningKey::generate_pem().unwrap(), PEM.as_str());
        assert!(ring(&together).hangs_on_its_oldest_key());
        assert_eq!(secret(&ring(&together)), secret(&ring(PEM.as_str())));
        assert!(!ring(PEM.as_str()).hangs_on_its_oldest_key());
        let rotated = ring(&together).rotated(now(), TimeDelta::days(1)).unwrap();
        assert!(!ring(&rotated).hangs_on_its_oldest_key());
    }

    #[test]
    fn what_is_no_ring_is_refused() {
        let cut: String = PEM.chars().take(PEM.len() / 2).collect();
        let master = |body: &str| format!("-----BEGIN {MASTER_SECRET}-----\n{body}\n-----END {MASTER_SECRET}-----\n");
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let good = master(&STANDARD.encode([1; 32]));
        for text in [String::new(), "secret".to_owned(), cut, good.clone(), format!("{}{certificate}", PEM.as_str())] {
            assert!(KeyRing::parse(&text).is_err(), "{text}");
        }
        for wrong in [master("!"), master("AAAA"), format!("{good}{good}")] {
            assert!(KeyRing::parse(&format!("{}{wrong}", PEM.as_str())).is_err());
        }
        assert!(KeyRing::parse(&format!("{}{good}", PEM.as_str())).is_ok());
    }
}
