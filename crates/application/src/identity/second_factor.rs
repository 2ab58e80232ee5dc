//! Completing a sign-in by a second factor: a code of the authenticator app, or a recovery code.

use super::client::Client;
use super::codes::{CodeChecking, UncheckedCode};
use super::guesses::{Guesses, NoGuess};
use super::opening::{SessionOpening, SignInMethod, SignedIn};
use super::ports::{CeremonyKind, IdentityQueries, SigningFailed};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{FactorCode, User};
use domain::kernel::UserId;
use std::sync::Arc;

/// Completes sign-ins.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait AnswerChallenges: Send + Sync {
    /// Answers a challenge by a code, and opens the session. A try is counted before the code is checked.
    async fn answer(&self, challenge: &str, code: &str, client: &Client) -> Result<SignedIn, AnswerError>;
}

/// Why a sign-in is not complete.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is no such challenge any more: too old, answered, or tried too often.
    #[error("the challenge has expired")]
    Expired,
    /// The code is wrong, or was used before.
    #[error("the second factor is wrong")]
    Wrong,
    /// Too many codes were wrong today.
    #[error("too many wrong codes")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The code could not be checked.
    #[error(transparent)]
    Unchecked(#[from] UncheckedCode),
    /// The token could not be signed.
    #[error(transparent)]
    Signing(#[from] SigningFailed),
}

impl From<NoGuess> for AnswerError {
    fn from(error: NoGuess) -> Self {
        match error {
            NoGuess::Locked { until } => Self::Locked { until },
            NoGuess::Repository(error) => error.into(),
        }
    }
}

impl From<RepositoryError> for AnswerError {
    fn from(error: RepositoryError) -> Self {
        Self::Unchecked(error.into())
    }
}

/// The service behind [`AnswerChallenges`].
pub struct ChallengeDesk {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Counts wrong codes.
    pub guesses: Guesses,
    /// Checks codes.
    pub codes: CodeChecking,
    /// Opens sessions.
    pub opening: SessionOpening,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl AnswerChallenges for ChallengeDesk {
    async fn answer(&self, challenge: &str, code: &str, client: &Client) -> Result<SignedIn, AnswerError> {
        let (now, digest) = (self.clock.now(), digest_of(challenge));
        let user = self.take_try(&digest, now).await?;
        let guess = self.guesses.at_code(user, now).await?;
        let outcome = self.complete(user, &digest, code, client).await;
        match &outcome {
            Ok(_) => self.guesses.right(&guess).await?,
            Err(AnswerError::Wrong) => {}
            Err(_) => self.guesses.unchecked(&guess).await?,
        }
        outcome
    }
}

impl ChallengeDesk {
    /// Takes a try of the challenge, and tells whose sign-in it is.
    async fn take_try(&self, digest: &str, now: DateTime<Utc>) -> Result<UserId, AnswerError> {
        let tx = self.transactor.begin().await?;
        if !tx.ceremonies().take_try(digest, CeremonyKind::SecondFactor, now).await? {
            return Err(AnswerError::Expired);
        }
        let challenge = tx.ceremonies().find(digest, CeremonyKind::SecondFactor, now).await?;
        let user = challenge.and_then(|challenge| challenge.user_id).ok_or(AnswerError::Expired)?;
        tx.commit().await?;
        Ok(user)
    }

    /// Checks the code, and with a right one puts the session in the challenge's place.
    async fn complete(&self, user: UserId, digest: &str, code: &str, client: &Client) -> Result<SignedIn, AnswerError> {
        let now = self.clock.now();
        let person = self.people.find_user(user).await?.filter(User::is_active).ok_or(AnswerError::Expired)?;
        let opened = self.opening.prepare(&person, client, now)?;
        let tx = self.transactor.begin().await?;
        tx.users().lock(user).await?.filter(User::is_active).ok_or(AnswerError::Expired)?;
        let right = match FactorCode::parse(code) {
            Some(code) => self.codes.spend(&*tx, user, &code, now).await?,
            None => false,
        };
        if !right {
            let event = SecurityEvent::new(SecurityEventKind::SecondFactorFailed).about(user).from(client);
            tx.security_log().record(&event, now).await?;
            tx.commit().await?;
            return Err(AnswerError::Wrong);
        }
        // Whoever comes second with another code finds the challenge answered, and the code is not used up.
        tx.ceremonies().finish(digest, CeremonyKind::SecondFactor, now).await?.ok_or(AnswerError::Expired)?;
        let signed_in = opened.store(&*tx, SignInMethod::SecondFactor, client, now).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::codes::double::codes;
    use crate::identity::guesses::double::{Fate, guesses};
    use crate::identity::opening::double::opening;
    use crate::identity::ports::{Ceremony, MockIdentityQueries};
    use crate::tests::{StandingSystem, client, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{Role, Totp, TotpStep};

    fn ada() -> User {
        user(Role::Customer)
    }

    fn challenge() -> Ceremony {
        Ceremony {
            digest: digest_of("token"),
            kind: CeremonyKind::SecondFactor,
            user_id: Some(ada().id),
            data: "{}".to_owned(),
            tries_left: 4,
            expires_at: now(),
        }
    }

    fn ours(digest: &str, kind: CeremonyKind, at: &DateTime<Utc>) -> bool {
        digest == digest_of("token") && kind == CeremonyKind::SecondFactor && *at == now()
    }

    /// A unit of work in which a try of the challenge is taken, if it has one.
    fn trying(has_one: bool) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.ceremonies
            .expect_take_try()
            .withf(|digest, kind, at| ours(digest, *kind, at))
            .times(1)
            .returning(move |_, _, _| Ok(has_one));
        tx.ceremonies.expect_find().times(usize::from(has_one)).returning(|_, _, _| Ok(Some(challenge())));
        tx
    }

    /// A unit of work in which this person's code is checked against their app. It may use a step up, and nothing else yet.
    fn checking(person: Option<User>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(person.clone()));
        tx.totp.expect_lock().returning(|user| {
            let mut totp = Totp::start(user, hex::encode([0; 20]), now());
            totp.confirm(TotpStep(7), now());
            Ok(Some(totp))
        });
        tx.totp.expect_use_step().returning(|_, step| Ok(step == TotpStep(8)));
        tx
    }

    /// The same, where the challenge is there still, or was answered meanwhile.
    fn answering(tx: &mut UnitOfWorkDouble, there: bool) {
        tx.ceremonies
            .expect_finish()
            .withf(|digest, kind, at| ours(digest, *kind, at))
            .times(1)
            .returning(move |_, _, _| Ok(there.then(challenge)));
    }

    fn noting(tx: &mut UnitOfWorkDouble, kinds: &'static [SecurityEventKind]) {
        let mut order = mockall::Sequence::new();
        for kind in kinds {
            tx.security_log
                .expect_record()
                .withf(|event, _| event.kind == *kind && event.user_id == Some(ada().id))
                .times(1)
                .in_sequence(&mut order)
                .returning(|_, _| Ok(()));
        }
    }

    fn desk(transactor: &Arc<TransactorDouble>, fate: Fate, person: Option<User>) -> ChallengeDesk {
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(move |_| Ok(person.clone()));
        ChallengeDesk {
            people: Arc::new(people),
            transactor: transactor.clone(),
            guesses: guesses(fate),
            codes: codes(),
            opening: opening(),
            clock: StandingSystem::new(),
        }
    }

    #[tokio::test]
    async fn a_right_code_puts_a_session_in_the_challenges_place() {
        let mut tx = checking(Some(ada()));
        answering(&mut tx, true);
        tx.sessions.expect_insert().withf(|session| session.user_id == ada().id).times(1).returning(|_| Ok(()));
        noting(&mut tx, &[SecurityEventKind::LoginSucceeded]);
        let transactor = TransactorDouble::new([trying(true), tx]);
        let desk = desk(&transactor, Fate::TakenOff, Some(ada()));
        let signed_in = desk.answer("token", "000 008", &client()).await.unwrap();
        assert_eq!((signed_in.user.id, transactor.commits()), (ada().id, 2));
    }

    #[tokio::test]
    async fn a_recovery_code_does_as_well_and_is_noted_as_used() {
        let mut tx = checking(Some(ada()));
        tx.recovery_codes.expect_spend().times(1).returning(|_, _, _| Ok(true));
        answering(&mut tx, true);
        tx.sessions.expect_insert().times(1).returning(|_| Ok(()));
        noting(&mut tx, &[SecurityEventKind::RecoveryCodeUsed, SecurityEventKind::LoginSucceeded]);
        let transactor = TransactorDouble::new([trying(true), tx]);
        let desk = desk(&transactor, Fate::TakenOff, Some(ada()));
        desk.answer("token", "ab1d0-zz234", &client()).await.unwrap();
    }

    #[tokio::test]
    async fn a_challenge_that_is_over_or_was_tried_too_often_is_no_guess() {
        let transactor = TransactorDouble::new([trying(false)]);
        let desk = desk(&transactor, Fate::NotMade, Some(ada()));
        let error = desk.answer("token", "000008", &client()).await.unwrap_err();
        assert!(matches!(error, AnswerError::Expired));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_wrong_code_or_one_that_was_used_stays_counted_and_the_challenge_stays() {
        for wrong in ["000000", "000007", "12345", "nonsense"] {
            let mut tx = checking(Some(ada()));
            noting(&mut tx, &[SecurityEventKind::SecondFactorFailed]);
            let transactor = TransactorDouble::new([trying(true), tx]);
            let desk = desk(&transactor, Fate::Counted, Some(ada()));
            let error = desk.answer("token", wrong, &client()).await.unwrap_err();
            assert!(matches!(error, AnswerError::Wrong), "{wrong}");
            assert_eq!(transactor.commits(), 2, "the try is taken, and the failure noted");
        }
    }

    #[tokio::test]
    async fn after_too_many_wrong_codes_none_is_checked() {
        let transactor = TransactorDouble::new([trying(true)]);
        let desk = desk(&transactor, Fate::Refused, Some(ada()));
        let error = desk.answer("token", "000008", &client()).await.unwrap_err();
        assert!(matches!(error, AnswerError::Locked { until } if until == now()));
        assert_eq!(transactor.commits(), 1, "the try alone is taken");
    }

    #[tokio::test]
    async fn who_comes_second_opens_nothing_and_keeps_their_code() {
        let mut tx = checking(Some(ada()));
        answering(&mut tx, false);
        let transactor = TransactorDouble::new([trying(true), tx]);
        let desk = desk(&transactor, Fate::TakenOff, Some(ada()));
        let error = desk.answer("token", "000008", &client()).await.unwrap_err();
        assert!(matches!(error, AnswerError::Expired));
        assert_eq!(transactor.commits(), 1, "what used the code up is rolled back");
    }

    #[tokio::test]
    async fn who_is_kept_out_meanwhile_is_not_let_in() {
        let disabled = User { disabled_at: Some(now()), ..ada() };
        for (read, locked) in [(Some(disabled.clone()), None), (None, None), (Some(ada()), Some(disabled))] {
            let transactor = TransactorDouble::new([trying(true), checking(locked)]);
            let desk = desk(&transactor, Fate::TakenOff, read);
            let error = desk.answer("token", "000008", &client()).await.unwrap_err();
            assert!(matches!(error, AnswerError::Expired));
            assert_eq!(transactor.commits(), 1);
        }
    }

    #[tokio::test]
    async fn a_code_that_could_not_be_checked_is_no_guess() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(ada())));
        tx.totp.expect_lock().returning(|_| Err(RepositoryError::Contention));
        let transactor = TransactorDouble::new([trying(true), tx]);
        let desk = desk(&transactor, Fate::TakenOff, Some(ada()));
        let error = desk.answer("token", "000008", &client()).await.unwrap_err();
        assert!(matches!(error, AnswerError::Unchecked(UncheckedCode::Repository(RepositoryError::Contention))));
        assert_eq!(transactor.commits(), 1);
    }
}
