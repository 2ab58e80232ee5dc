//! Password hashes off the async threads, at most as many at once as there are cores, with a short queue before them.

use super::password_hashing::{self, Broken, PasswordHashing};
use application::identity::ports::{HashingFailed, PasswordHasher, Verdict};
use async_trait::async_trait;
use domain::identity::Password;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};

/// How long a caller waits for their turn; after that, too many are waiting.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many may wait for each that is being computed; whoever comes then is sent away at once.
const QUEUE: usize = 16;

/// Hashes as the configuration asks for, and verifies whatever was hashed before.
pub struct Passwords {
    hashing: PasswordHashing,
    /// Who is being served or may wait for it.
    places: Arc<Semaphore>,
    /// Who is being served.
    turns: Arc<Semaphore>,
    patience: Duration,
    /// The hash of no password, computed on first use; it makes an unknown address take as long as a known one.
    decoy: OnceCell<String>,
}

impl Passwords {
    /// Hashes this way, so many at once.
    #[must_use]
    pub fn new(hashing: PasswordHashing, at_once: usize) -> Self {
        let at_once = at_once.max(1);
        Self {
            hashing,
            places: Arc::new(Semaphore::new(at_once.saturating_mul(1 + QUEUE).min(Semaphore::MAX_PERMITS))),
            turns: Arc::new(Semaphore::new(at_once.min(Semaphore::MAX_PERMITS))),
            patience: PATIENCE,
            decoy: OnceCell::new(),
        }
    }

    /// Computes the decoy, so that the first stranger's login takes no longer than the next.
    ///
    /// # Errors
    /// When the hash fails.
    pub async fn warm_up(&self) -> Result<(), HashingFailed> {
        self.decoy().await.map(|_| ())
    }

    async fn decoy(&self) -> Result<&str, HashingFailed> {
        let hashing = self.hashing;
        let make = || self.in_turn(move || hashing.hash("there is no such user"));
        self.decoy.get_or_try_init(make).await.map(String::as_str)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HashingFailed::Busy)?;
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(HashingFailed::Busy);
        };
        let done = tokio::task::spawn_blocking(move || {
            let _kept = (place, turn); // until the work is done, even if the caller has gone
            work()
        });
        done.await.map_err(|error| HashingFailed::Broken(error.into()))?.map_err(HashingFailed::Broken)
    }
}

#[async_trait]
impl PasswordHasher for Passwords {
    async fn hash(&self, password: &Password) -> Result<String, HashingFailed> {
        let (password, hashing) = (password.clone(), self.hashing);
        self.in_turn(move || hashing.hash(password.expose())).await
    }

    async fn verify<'a>(&self, candidate: &'a str, hash: Option<&'a str>) -> Result<Verdict, HashingFailed> {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash.to_owned(),
            None => self.decoy().await?.to_owned(),
        };
        let outdated = !self.hashing.would_make(&hash);
        let candidate = candidate.to_owned();
        let equal = self.in_turn(move || password_hashing::verify(&candidate, &hash)).await?;
        Ok(match (known && equal, outdated) {
            (false, _) => Verdict::Wrong,
            (true, false) => Verdict::Right,
            (true, true) => Verdict::RightButOutdated,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const BCRYPT: PasswordHashing = PasswordHashing::Bcrypt { cost: 4 };

    async fn hash(hashing: PasswordHashing) -> String {
        Passwords::new(hashing, 2).hash(&Password::parse("Secret-123").unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_password_is_right_or_wrong() {
        let (passwords, hash) = (Passwords::new(BCRYPT, 2), hash(BCRYPT).await);
        assert_eq!(passwords.verify("Secret-123", Some(&hash)).await.unwrap(), Verdict::Right);
        assert_eq!(passwords.verify("Secret-124", Some(&hash)).await.unwrap(), Verdict::Wrong);
    }

    #[tokio::test]
    async fn a_hash_that_would_not_be_made_today_is_right_but_outdated() {
        let dearer = PasswordHashing::Bcrypt { cost: 5 };
        for (stored, today) in
            [(BCRYPT, dearer), (BCRYPT, PasswordHashing::Argon2id), (PasswordHashing::Argon2id, BCRYPT)]
        {
            let (passwords, hash) = (Passwords::new(today, 2), hash(stored).await);
            assert_eq!(passwords.verify("Secret-123", Some(&hash)).await.unwrap(), Verdict::RightButOutdated);
            assert_eq!(passwords.verify("Secret-124", Some(&hash)).await.unwrap(), Verdict::Wrong);
        }
    }

    #[tokio::test]
    async fn without_a_user_the_answer_is_no_even_for_the_decoys_words() {
        for hashing in [BCRYPT, PasswordHashing::Argon2id] {
            let passwords = Passwords::new(hashing, 2);
            assert_eq!(passwords.verify("there is no such user", None).await.unwrap(), Verdict::Wrong);
            assert!(hashing.would_make(passwords.decoy().await.unwrap()), "the decoy takes as long as a password");
        }
    }

    #[tokio::test]
    async fn a_stored_hash_of_an_unknown_kind_is_broken_and_not_wrong() {
        let error = Passwords::new(BCRYPT, 2).verify("Secret-123", Some("hash")).await.unwrap_err();
        assert!(matches!(error, HashingFailed::Broken(_)));
    }

    #[tokio::test]
    async fn whoever_finds_the_queue_full_is_sent_away_at_once_and_the_others_are_served() {
        let passwords = Arc::new(Passwords::new(BCRYPT, 1));
        let (open, gate) = mpsc::channel::<()>();
        let served = tokio::spawn({
            let passwords = Arc::clone(&passwords);
            async move { passwords.in_turn(move || Ok(gate.recv()?)).await }
        });
        while passwords.turns.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let waiting: Vec<_> = (0..QUEUE)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                tokio::spawn(async move { passwords.in_turn(|| Ok(())).await })
            })
            .collect();
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(passwords.in_turn(|| Ok(())).await, Err(HashingFailed::Busy)));
        open.send(()).unwrap();
        served.await.unwrap().unwrap();
        for one in waiting {
            one.await.unwrap().unwrap();
        }
        passwords.in_turn(|| Ok(())).await.unwrap();
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let passwords = Passwords { patience: Duration::from_millis(5), ..Passwords::new(BCRYPT, 1) };
        let _turn = Arc::clone(&passwords.turns).acquire_owned().await.unwrap();
        assert!(matches!(passwords.in_turn(|| Ok(())).await, Err(HashingFailed::Busy)));
        assert_eq!(passwords.places.available_permits(), 1 + QUEUE, "the place is free again");
    }
}
