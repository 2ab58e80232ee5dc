//! Finishing a change of address, by the code that was mailed to the new one.

use super::guesses::{Guesses, NoGuess};
use super::policy::{Allowed, EditProfile};
use super::ports::CodeHasher;
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::{Job, Private};
use crate::repository_error::{RepositoryError, UniqueKey};
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::identity::{CodeRefusal, User};
use std::sync::Arc;

/// Finishes changes of address.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait ChangeEmail: Send + Sync {
    /// Tries a code; the right one makes the new address count. All other sessions end, and the old address is told.
    async fn confirm(&self, caller: &Allowed<EditProfile>, code: &str) -> Result<User, ChangeEmailError>;
    /// Drops the open change, if there is one.
    async fn drop_change(&self, caller: &Allowed<EditProfile>) -> Result<User, ChangeEmailError>;
}

/// Why the address stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangeEmailError {
    /// It is not the code.
    #[error("the code is wrong")]
    Wrong,
    /// There is no code any more.
    #[error("the code has expired")]
    Expired,
    /// Someone else has taken the address.
    #[error("the address is taken")]
    EmailTaken,
    /// The account has been deleted since the token was read.
    #[error("the account is gone")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<CodeRefusal> for ChangeEmailError {
    fn from(refusal: CodeRefusal) -> Self {
        match refusal {
            CodeRefusal::Wrong => Self::Wrong,
            CodeRefusal::Expired => Self::Expired,
        }
    }
}

/// The service behind [`ChangeEmail`].
pub struct EmailChangeDesk {
    /// Counts wrong codes.
    pub guesses: Guesses,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Digests codes.
    pub codes: Arc<dyn CodeHasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl ChangeEmail for EmailChangeDesk {
    async fn confirm(&self, caller: &Allowed<EditProfile>, code: &str) -> Result<User, ChangeEmailError> {
        let now = self.clock.now();
        let guess = match self.guesses.at_code(caller.user_id, now).await {
            Ok(guess) => guess,
            Err(NoGuess::Locked { .. }) => return Err(ChangeEmailError::Expired),
            Err(NoGuess::Repository(error)) => return Err(error.into()),
        };
        let tx = self.transactor.begin().await?;
        let mut user = tx.users().lock(caller.user_id).await?.filter(User::is_active).ok_or(ChangeEmailError::Gone)?;
        let change = tx.email_changes().lock(user.id).await?;
        let Some(mut change) = change else {
            drop(tx);
            self.guesses.unchecked(&guess).await?;
            return Err(ChangeEmailError::Expired);
        };
        let digest = self.codes.digest_for_address(user.id, &change.email, code);
        if let Err(refusal) = change.try_code(&digest, now) {
            tx.email_changes().save(&change).await?;
            let event = SecurityEvent::new(SecurityEventKind::VerificationCodeFailed).about(user.id);
            tx.security_log().record(&event, now).await?;
            tx.commit().await?; // a wrong try is counted although it is refused
            if refusal == CodeRefusal::Expired {
                self.guesses.unchecked(&guess).await?; // there was nothing to guess
            }
            return Err(refusal.into());
        }
        let old = user.change_email(change.email, now);
        match tx.users().update(&user).await {
            Err(RepositoryError::Conflict(UniqueKey::UserEmail)) => {
                drop(tx); // the change stays open: the code was right, and is so again should the address get free
                self.guesses.right(&guess).await?;
                return Err(ChangeEmailError::EmailTaken);
            }
            other => other?,
        }
        tx.email_changes().delete(user.id).await?;
        // Whatever was mailed to the old address opens nothing any more.
        tx.email_verifications().delete(user.id).await?;
        tx.password_resets().delete(user.id).await?;
        tx.ceremonies().forget_user(user.id).await?;
        let this = caller.session().map(|proof| proof.session_id);
        let ended = tx.sessions().end_all(user.id, this, now).await?;
        let event = SecurityEvent::new(SecurityEventKind::EmailChanged).about(user.id).with("sessions_ended", ended);
        tx.security_log().record(&event, now).await?;
        if let Some(old) = old {
            let notice = Job::SendEmailChangedNotice { user_id: user.id.uuid(), old_email: Private::from(&old) };
            tx.jobs().push(notice, now).await?;
        }
        tx.commit().await?;
        self.guesses.right(&guess).await?;
        Ok(user)
    }

    async fn drop_change(&self, caller: &Allowed<EditProfile>) -> Result<User, ChangeEmailError> {
        let tx = self.transactor.begin().await?;
        let mut user = tx.users().lock(caller.user_id).await?.filter(User::is_active).ok_or(ChangeEmailError::Gone)?;
        tx.email_changes().delete(user.id).await?;
        tx.commit().await?;
        user.pending_email = None;
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{MockAttemptCounts, MockCodeHasher, MockDeviceTokens, Taken};
    use crate::tests::{StandingSystem, caller, email, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{CodeDigest, EmailChange, Role};

    /// A unit of work in which Ada, whose address is proven or not, has a code 123456 for a new one.
    fn changing(proven: bool) -> UnitOfWorkDouble {
        let mut ada = user(Role::Customer);
        ada.email_verified_at = proven.then(now);
        let mut change = EmailChange::request(ada.id, email("new@example.com"), now());
        change.issue(CodeDigest("new@example.com 123456".to_owned()), now());
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(Some(ada.clone())));
        tx.email_changes.expect_lock().returning(move |_| Ok(Some(change.clone())));
        tx
    }

    /// The same, in which everything follows from the right code.
    fn finishing(proven: bool) -> UnitOfWorkDouble {
        let mut tx = changing(proven);
        let changed = |user: &User| user.email == email("new@example.com") && user.email_verified_at == Some(now());
        tx.users.expect_update().withf(changed).times(1).returning(|_| Ok(()));
        tx.email_changes.expect_delete().times(1).returning(|_| Ok(()));
        tx.email_verifications.expect_delete().times(1).returning(|_| Ok(()));
        tx.password_resets.expect_delete().times(1).returning(|_| Ok(()));
        tx.ceremonies.expect_forget_user().times(1).returning(|_| Ok(()));
        let others = |_: &domain::kernel::UserId, but: &Option<_>, _: &_| but.is_some();
        tx.sessions.expect_end_all().withf(others).times(1).returning(|_, _, _| Ok(2));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        tx
    }

    fn desk(transactor: &Arc<TransactorDouble>, taken: Taken) -> EmailChangeDesk {
        let mut codes = MockCodeHasher::new();
        codes.expect_digest_for_address().returning(|_, email, code| CodeDigest(format!("{email} {code}")));
        let mut counts = MockAttemptCounts::new();
        counts.expect_take().returning(move |_, _, _| Ok(taken));
        counts.expect_give_back().returning(|_| Ok(()));
        EmailChangeDesk {
            guesses: Guesses { counts: Arc::new(counts), devices: Arc::new(MockDeviceTokens::new()) },
            transactor: transactor.clone(),
            codes: Arc::new(codes),
            clock: StandingSystem::new(),
        }
    }

    fn ada() -> Allowed<EditProfile> {
        Allowed::check(&caller(Role::Customer), now()).unwrap()
    }

    const GRANTED: Taken = Taken::Granted { used: 1 };

    #[tokio::test]
    async fn the_right_code_makes_the_new_address_count_and_tells_the_old_one() {
        let mut tx = finishing(true);
        let told = |job: &Job, _: &_| matches!(job, Job::SendEmailChangedNotice { old_email, .. } if old_email.as_str() == "ada@example.com");
        tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let user = desk(&transactor, GRANTED).confirm(&ada(), "123456").await.unwrap();
        assert_eq!((user.email, user.pending_email), (email("new@example.com"), None));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_address_that_was_never_proven_is_told_nothing() {
        let transactor = TransactorDouble::new([finishing(false)]);
        desk(&transactor, GRANTED).confirm(&ada(), "123456").await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_wrong_try_is_counted_although_it_is_refused() {
        let mut tx = changing(true);
        let four_left = |change: &EmailChange| change.code.as_ref().is_some_and(|code| code.tries_left == 4);
        tx.email_changes.expect_save().withf(four_left).times(1).returning(|_| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let refused = desk(&transactor, GRANTED).confirm(&ada(), "000000").await;
        assert!(matches!(refused, Err(ChangeEmailError::Wrong)));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn an_address_that_was_taken_meanwhile_is_a_conflict_and_changes_nothing() {
        let mut tx = changing(true);
        tx.users.expect_update().returning(|_| Err(RepositoryError::Conflict(UniqueKey::UserEmail)));
        let transactor = TransactorDouble::new([tx]);
        let refused = desk(&transactor, GRANTED).confirm(&ada(), "123456").await;
        assert!(matches!(refused, Err(ChangeEmailError::EmailTaken)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn after_ten_wrong_codes_a_day_none_is_tried() {
        let transactor = TransactorDouble::new([]);
        let refused = desk(&transactor, Taken::Refused { until: now() }).confirm(&ada(), "123456").await;
        assert!(matches!(refused, Err(ChangeEmailError::Expired)));
    }

    #[tokio::test]
    async fn an_open_change_can_be_dropped() {
        let mut tx = changing(true);
        tx.email_changes.expect_delete().times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let user = desk(&transactor, GRANTED).drop_change(&ada()).await.unwrap();
        assert_eq!((user.email, user.pending_email), (email("ada@example.com"), None));
        assert_eq!(transactor.commits(), 1);
    }
}
