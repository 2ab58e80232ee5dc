//! Password hashes by bcrypt, off the async threads, at most as many at once as there are cores.

use application::identity::ports::{HashingFailed, PasswordHasher, Verdict};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bcrypt::HashParts;
use domain::identity::Password;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a caller waits for their turn; after that, too many are waiting.
const QUEUE: Duration = Duration::from_secs(3);
/// The most that bcrypt reads of a password; what follows it would be ignored.
const BCRYPT_READS: usize = 72;

/// Hashes with bcrypt.
pub struct BcryptHasher {
    cost: u32,
    turns: Arc<Semaphore>,
    /// The hash of no password, computed on first use; it makes an unknown address take as long as a known one.
    decoy: tokio::sync::OnceCell<String>,
}

impl BcryptHasher {
    /// Hashes with 2^`cost` rounds (12 is OWASP-sound today; tests use 4), so many at once.
    #[must_use]
    pub fn new(cost: u32, at_once: usize) -> Self {
        Self { cost, turns: Arc::new(Semaphore::new(at_once.max(1))), decoy: tokio::sync::OnceCell::new() }
    }

    /// Computes the decoy, so that the first stranger's login takes no longer than the next.
    ///
    /// # Errors
    /// When bcrypt fails.
    pub async fn warm_up(&self) -> Result<(), HashingFailed> {
        self.decoy().await.map(|_| ())
    }

    async fn decoy(&self) -> Result<&str, HashingFailed> {
        let cost = self.cost;
        let make = || self.in_turn(move || bcrypt::hash("there is no such user", cost));
        self.decoy.get_or_try_init(make).await.map(String::as_str)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, bcrypt::BcryptError> + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let turn = tokio::time::timeout(QUEUE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(HashingFailed::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn; // kept until the work is done, even if the caller has gone
            work()
        });
        done.await
            .map_err(|error| HashingFailed::Broken(error.into()))?
            .map_err(|error| HashingFailed::Broken(error.into()))
    }
}

/// A password of more than 72 bytes goes in as its SHA-256, so that no byte of it is ignored.
fn readable(password: &str) -> Cow<'_, str> {
    if password.len() <= BCRYPT_READS && !password.contains('\0') {
        return Cow::Borrowed(password);
    }
    Cow::Owned(STANDARD.encode(Sha256::digest(password)))
}

#[async_trait]
impl PasswordHasher for BcryptHasher {
    async fn hash(&self, password: &Password) -> Result<String, HashingFailed> {
        let (password, cost) = (readable(password.expose()).into_owned(), self.cost);
        self.in_turn(move || bcrypt::hash(password, cost)).await
    }

    async fn verify<'a>(&self, candidate: &'a str, hash: Option<&'a str>) -> Result<Verdict, HashingFailed> {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash.to_owned(),
            None => self.decoy().await?.to_owned(),
        };
        let (candidate, cost) = (readable(candidate).into_owned(), self.cost);
        let (equal, outdated) = self
            .in_turn(move || Ok((bcrypt::verify(candidate, &hash)?, hash.parse::<HashParts>()?.get_cost() != cost)))
            .await?;
        Ok(match (known && equal, outdated) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButOutdated,
        })
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "all texts here are ASCII")]
mod tests {
    use super::*;

    fn hasher() -> BcryptHasher {
        BcryptHasher::new(4, 2)
    }

    async fn hash(password: &str) -> String {
        hasher().hash(&Password::parse(password).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash() {
        let hash = hash("Secret-123").await;
        assert_eq!(hasher().verify("Secret-123", Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(hasher().verify("Secret-124", Some(&hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_long_password_counts_to_its_last_byte() {
        let long = format!("Aa1!{}", "x".repeat(100));
        let hash = hash(&long).await;
        assert_eq!(hasher().verify(&long, Some(&hash)).await.unwrap(), Verdict::Right);
        for wrong in [format!("{}y", &long[..103]).as_str(), &long[..72]] {
            assert_eq!(hasher().verify(wrong, Some(&hash)).await.unwrap(), Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn without_a_user_the_answer_is_no_even_for_the_decoys_words() {
        assert_eq!(hasher().verify("there is no such user", None).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_right_but_outdated() {
        let hash = hash("Secret-123").await;
        let dearer = BcryptHasher::new(5, 2);
        assert_eq!(dearer.verify("Secret-123", Some(&hash)).await.unwrap(), Verdict::RightButOutdated);
        assert_eq!(dearer.verify("Secret-124", Some(&hash)).await.unwrap(), Verdict::Wrong);
    }
}
