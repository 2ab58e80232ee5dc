//! Setting a new password: by the present one, or by a link out of a mail.

use super::client::Client;
use super::guesses::{Guesses, NoGuess};
use super::policy::{Allowed, ChangePassword, Permission, ProveAnew, Refusal, Rule};
use super::ports::{HashingFailed, IdentityQueries, PasswordHasher, PasswordReset, PasswordResetQueries, Verdict};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::identity::{Password, PasswordFault, User};
use domain::kernel::EmailAddress;
use std::sync::Arc;

/// Sets passwords.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SetPasswords: Send + Sync {
    /// Changes the caller's password, by the present one; someone without a password sets a first one by a fresh proof.
    /// All their other sessions end.
    async fn change(&self, caller: &Allowed<ChangePassword>, change: PasswordChange)
    -> Result<(), ChangePasswordError>;
    /// Has a link mailed by which a new password can be set, if the address has an account. Nobody learns whether.
    async fn forget(&self, email: &EmailAddress, client: &Client) -> Result<(), RepositoryError>;
    /// Sets a new password by that link, once. All sessions end, and all API keys are taken back. Whoever has the link also has the mailbox, so this
    /// proves the address too.
    async fn reset(&self, token: &str, password: &str, client: &Client) -> Result<(), ResetPasswordError>;
}

/// A new password, and the present one.
#[derive(Clone)]
pub struct PasswordChange {
    /// The present one, as it was typed.
    pub current: Option<String>,
    /// The new one, as it was typed.
    pub new: String,
}

/// Why the password stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The new password breaks these rules.
    #[error("the new password breaks rules")]
    Weak(Vec<PasswordFault>),
    /// The present password is not this one, or was not given.
    #[error("the present password is wrong")]
    WrongPassword,
    /// Too many were wrong before.
    #[error("too many wrong passwords")]
    Locked {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// A first password needs a fresh proof.
    #[error("a fresh proof is needed")]
    Refused(Refusal),
    /// The password could not be checked or hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<NoGuess> for ChangePasswordError {
    fn from(error: NoGuess) -> Self {
        match error {
            NoGuess::Locked { until } => Self::Locked { until },
            NoGuess::Repository(error) => Self::Repository(error),
        }
    }
}

/// Why the link sets no password.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    /// The new password breaks these rules.
    #[error("the new password breaks rules")]
    Weak(Vec<PasswordFault>),
    /// There is no such link (any more).
    #[error("the link is not good any more")]
    Expired,
    /// The password could not be hashed.
    #[error(transparent)]
    Hashing(#[from] HashingFailed),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`SetPasswords`].
pub struct PasswordDesk {
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads open links.
    pub resets: Arc<dyn PasswordResetQueries>,
    /// Counts guesses.
    pub guesses: Guesses,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Checks and hashes.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// A first password is set like any other credential.
const FIRST_PASSWORD: Rule = Rule { fresh: true, ..ProveAnew::RULE };

#[async_trait]
impl SetPasswords for PasswordDesk {
    async fn change(
        &self,
        caller: &Allowed<ChangePassword>,
        change: PasswordChange,
    ) -> Result<(), ChangePasswordError> {
        let now = self.clock.now();
        let user = self.people.find_user(caller.user_id).await?;
        let new = parse(&change.new, user.as_ref()).map_err(ChangePasswordError::Weak)?;
        let hash_before = user.and_then(|user| user.password_hash);
        match &hash_before {
            Some(hash) => self.check(caller, change.current.as_deref(), hash, now).await?,
            None => FIRST_PASSWORD.check(caller, now).map_err(ChangePasswordError::Refused)?,
        }
        let hash = self.hasher.hash(&new).await?;
        let tx = self.transactor.begin().await?;
        let user = tx.users().lock(caller.user_id).await?;
        // Two changes at once: the second proved a password that is not the present one any more.
        let user = user.filter(|user| user.password_hash == hash_before);
        let mut user = user.ok_or(ChangePasswordError::WrongPassword)?;
        user.password_hash = Some(hash);
        tx.users().update(&user).await?;
        let this = caller.session().map(|proof| proof.session_id);
        let ended = tx.sessions().end_all(user.id, this, now).await?;
        if let Some(session) = this {
            tx.sessions().prove(session, now).await?;
        }
        tx.password_resets().delete(user.id).await?;
        tx.ceremonies().forget_user(user.id).await?;
        let event = SecurityEvent::new(SecurityEventKind::PasswordChanged).about(user.id).with("sessions_ended", ended);
        tx.security_log().record(&event, now).await?;
        tx.jobs().push(Job::SendPasswordChangedNotice { user_id: user.id.uuid() }, now).await?;
        Ok(tx.commit().await?)
    }

    async fn forget(&self, email: &EmailAddress, client: &Client) -> Result<(), RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let event = SecurityEvent::new(SecurityEventKind::PasswordResetRequested).tried(email).from(client);
        let Some(user) = tx.users().lock_by_email(email).await?.filter(User::is_active) else {
            tx.security_log().record(&event, now).await?;
            return tx.commit().await;
        };
        let before = tx.password_resets().lock(user.id).await?;
        if before.is_some_and(|reset| now < reset.requested_at + PAUSE) {
            return Ok(());
        }
        tx.password_resets().save(&PasswordReset { user_id: user.id, requested_at: now, link: None }).await?;
        tx.jobs().push(Job::SendPasswordReset { user_id: user.id.uuid() }, now).await?;
        tx.security_log().record(&event.about(user.id), now).await?;
        tx.commit().await
    }

    async fn reset(&self, token: &str, password: &str, client: &Client) -> Result<(), ResetPasswordError> {
        let digest = digest_of(token);
        let owner = match self.resets.owner(&digest, self.clock.now()).await? {
            Some(owner) => self.people.find_user(owner).await?,
            None => None,
        };
        let password = parse(password, owner.as_ref()).map_err(ResetPasswordError::Weak)?;
        owner.ok_or(ResetPasswordError::Expired)?; // no hash is computed for a stranger
        let hash = self.hasher.hash(&password).await?;
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let id = tx.password_resets().redeem(&digest, now).await?.ok_or(ResetPasswordError::Expired)?;
        let user = tx.users().lock(id).await?.filter(User::is_active);
        let mut user = user.ok_or(ResetPasswordError::Expired)?;
        if !user.is_verified() {
            // Whoever linked them before had not proven that the address is theirs.
            tx.linked_identities().delete_all(user.id).await?;
        }
        user.password_hash = Some(hash);
        user.verify_email(now);
        tx.users().update(&user).await?;
        tx.email_verifications().delete(user.id).await?;
        let ended = tx.sessions().end_all(user.id, None, now).await?;
        // Whoever resets their password may have been robbed: what the thief could have made goes too.
        let revoked = tx.api_keys().revoke_all(user.id, now).await?;
        tx.ceremonies().forget_user(user.id).await?;
        let event = SecurityEvent::new(SecurityEventKind::PasswordReset).about(user.id).from(client);
        let event = event.with("sessions_ended", ended).with("api_keys_revoked", revoked);
        tx.security_log().record(&event, now).await?;
        tx.jobs().push(Job::SendPasswordChangedNotice { user_id: user.id.uuid() }, now).await?;
        tx.commit().await?;
        Ok(self.guesses.new_password(&user.email).await?)
    }
}

/// A new password for this account; where it is nobody's, by the rules that hold for all.
fn parse(text: &str, owner: Option<&User>) -> Result<Password, Vec<PasswordFault>> {
    owner.map_or_else(|| Password::parse(text), |owner| Password::parse_for(text, &owner.email))
}

/// How long one waits before asking for another link.
const PAUSE: TimeDelta = TimeDelta::minutes(1);

impl PasswordDesk {
    async fn check(
        &self,
        caller: &Allowed<ChangePassword>,
        candidate: Option<&str>,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<(), ChangePasswordError> {
        let candidate = candidate.ok_or(ChangePasswordError::WrongPassword)?;
        let guess = self.guesses.at_proof(caller.user_id, now).await?;
        match self.hasher.verify(candidate, Some(hash)).await {
            Ok(Verdict::Right | Verdict::RightButOutdated) => Ok(self.guesses.right(&guess).await?),
            Ok(Verdict::Wrong) => {
                let tx = self.transactor.begin().await?;
                let event = SecurityEvent::new(SecurityEventKind::StepUpFailed).about(caller.user_id);
                tx.security_log().record(&event, now).await?;
                tx.commit().await?;
                Err(ChangePasswordError::WrongPassword)
            }
            Err(error) => {
                self.guesses.unchecked(&guess).await?;
                Err(error.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::guesses::double::{Fate, guesses};
    use crate::identity::ports::{
        MockAttemptCounts, MockDeviceTokens, MockIdentityQueries, MockPasswordHasher, MockPasswordResetQueries, Taken,
    };
    use crate::tests::{StandingSystem, allowed, client, now, user};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::UserId;

    /// A desk that knows Ada, whose address is `lovelace@example.com`, and a link of this owner's.
    fn desk(link_of: Option<UserId>) -> PasswordDesk {
        desk_of(ada(), link_of, &TransactorDouble::new([]))
    }

    fn desk_of(person: User, link_of: Option<UserId>, transactor: &Arc<TransactorDouble>) -> PasswordDesk {
        let (mut people, mut resets) = (MockIdentityQueries::new(), MockPasswordResetQueries::new());
        people.expect_find_user().returning(move |_| Ok(Some(person.clone())));
        resets
            .expect_owner()
            .withf(|digest, at| digest == digest_of("token") && *at == now())
            .returning(move |_, _| Ok(link_of));
        PasswordDesk {
            people: Arc::new(people),
            resets: Arc::new(resets),
            guesses: guesses(Fate::NotMade),
            transactor: transactor.clone(),
            hasher: Arc::new(MockPasswordHasher::new()),
            clock: StandingSystem::new(),
        }
    }

    /// Compares the present password, if it must, and hashes the new one, if it may.
    fn hasher(verdict: Option<Verdict>, hashes: usize) -> Arc<MockPasswordHasher> {
        let mut hasher = MockPasswordHasher::new();
        let compared = usize::from(verdict.is_some());
        hasher.expect_verify().times(compared).returning(move |_, _| Ok(verdict.unwrap()));
        hasher.expect_hash().times(hashes).returning(|_| Ok("renewed".to_owned()));
        Arc::new(hasher)
    }

    /// Guesses of which one is made; a right one lets the client begin anew.
    fn guessing(anew: usize) -> Guesses {
        let mut counts = MockAttemptCounts::new();
        counts.expect_take().returning(|_, _, _| Ok(Taken::Granted { used: 1 }));
        counts.expect_reset().times(anew).returning(|_| Ok(()));
        Guesses { counts: Arc::new(counts), devices: Arc::new(MockDeviceTokens::new()) }
    }

    fn change() -> PasswordChange {
        PasswordChange { current: Some("Secret-123".to_owned()), new: "Another-123".to_owned() }
    }

    fn locking(person: User) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(Some(person.clone())));
        tx
    }

    fn noting(mut tx: UnitOfWorkDouble, kind: SecurityEventKind) -> UnitOfWorkDouble {
        tx.security_log.expect_record().withf(move |event, _| event.kind == kind).times(1).returning(|_, _| Ok(()));
        tx
    }

    fn ada() -> User {
        User { email: crate::tests::email("lovelace@example.com"), ..user(Role::Customer) }
    }

    fn weak() -> Vec<PasswordFault> {
        vec![PasswordFault::NoDigit, PasswordFault::ContainsEmail]
    }

    #[tokio::test]
    async fn a_weak_password_is_told_everything_before_the_present_one_is_looked_at() {
        let change = PasswordChange { current: Some("any".to_owned()), new: "My-Lovelace".to_owned() };
        let error = desk(None).change(&allowed(Role::Customer), change).await.unwrap_err();
        assert!(matches!(error, ChangePasswordError::Weak(faults) if faults == weak()));
    }

    #[tokio::test]
    async fn a_weak_password_leaves_the_link_good() {
        let ada = user(Role::Customer).id;
        let error = desk(Some(ada)).reset("token", "My-Lovelace", &client()).await.unwrap_err();
        assert!(matches!(error, ResetPasswordError::Weak(faults) if faults == weak()));
    }

    #[tokio::test]
    async fn for_a_link_that_is_not_good_nothing_is_hashed_and_no_address_is_told() {
        let error = desk(None).reset("token", "My-Lovelace-1", &client()).await.unwrap_err();
        assert!(matches!(error, ResetPasswordError::Expired));
        let error = desk(None).reset("token", "My-Lovelace", &client()).await.unwrap_err();
        assert!(matches!(error, ResetPasswordError::Weak(faults) if faults == [PasswordFault::NoDigit]));
    }

    #[tokio::test]
    async fn a_wrong_present_password_is_noted_and_changes_nothing() {
        let transactor = TransactorDouble::new([noting(UnitOfWorkDouble::default(), SecurityEventKind::StepUpFailed)]);
        let hasher = hasher(Some(Verdict::Wrong), 0);
        let desk = PasswordDesk { hasher, guesses: guessing(0), ..desk_of(ada(), None, &transactor) };
        let error = desk.change(&allowed(Role::Customer), change()).await.unwrap_err();
        assert!(matches!(error, ChangePasswordError::WrongPassword));
        assert_eq!(transactor.commits(), 1);
        let desk = desk_of(ada(), None, &transactor);
        let error = desk.change(&allowed(Role::Customer), PasswordChange { current: None, ..change() }).await;
        assert!(matches!(error, Err(ChangePasswordError::WrongPassword)), "none at all is no guess");
    }

    #[tokio::test]
    async fn of_two_changes_at_once_the_second_has_proven_nothing() {
        let meanwhile = User { password_hash: Some("another".to_owned()), ..ada() };
        let transactor = TransactorDouble::new([locking(meanwhile)]);
        let hasher = hasher(Some(Verdict::Right), 1);
        let desk = PasswordDesk { hasher, guesses: guessing(1), ..desk_of(ada(), None, &transactor) };
        let error = desk.change(&allowed(Role::Customer), change()).await.unwrap_err();
        assert!(matches!(error, ChangePasswordError::WrongPassword));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_first_password_takes_a_fresh_proof() {
        let without = User { password_hash: None, ..ada() };
        let desk = desk_of(without, None, &TransactorDouble::new([]));
        let mut caller = crate::tests::caller(Role::Customer);
        if let crate::identity::Credential::Session(session) = &mut caller.credential {
            session.proven_at = now() - TimeDelta::minutes(10);
        }
        let caller = Allowed::check(&caller, now()).unwrap();
        let error = desk.change(&caller, PasswordChange { current: None, ..change() }).await.unwrap_err();
        assert!(matches!(error, ChangePasswordError::Refused(Refusal::ProofNotFresh)));
    }

    #[tokio::test]
    async fn a_link_that_was_used_meanwhile_sets_nothing() {
        let mut tx = UnitOfWorkDouble::default();
        tx.password_resets.expect_redeem().times(1).returning(|_, _| Ok(None));
        let transactor = TransactorDouble::new([tx]);
        let desk = PasswordDesk { hasher: hasher(None, 1), ..desk_of(ada(), Some(ada().id), &transactor) };
        let error = desk.reset("token", "Another-123", &client()).await.unwrap_err();
        assert!(matches!(error, ResetPasswordError::Expired));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_link_ends_all_that_a_stranger_could_have_made() {
        for verified in [true, false] {
            let person = User { email_verified_at: verified.then(now), ..ada() };
            let mut tx = noting(locking(person), SecurityEventKind::PasswordReset);
            tx.password_resets.expect_redeem().times(1).returning(|_, _| Ok(Some(ada().id)));
            let unlinked = usize::from(!verified);
            tx.linked_identities.expect_delete_all().times(unlinked).returning(|_| Ok(1));
            tx.users
                .expect_update()
                .withf(|user| user.password_hash.as_deref() == Some("renewed") && user.is_verified())
                .times(1)
                .returning(|_| Ok(()));
            tx.email_verifications.expect_delete().times(1).returning(|_| Ok(()));
            tx.sessions.expect_end_all().withf(|_, but, _| but.is_none()).times(1).returning(|_, _, _| Ok(3));
            tx.api_keys.expect_revoke_all().times(1).returning(|_, _| Ok(2));
            tx.ceremonies.expect_forget_user().times(1).returning(|_| Ok(()));
            let told = Job::SendPasswordChangedNotice { user_id: ada().id.uuid() };
            tx.jobs.expect_push().withf(move |job, _| *job == told).times(1).returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx]);
            let desk = desk_of(ada(), Some(ada().id), &transactor);
            let desk = PasswordDesk { hasher: hasher(None, 1), guesses: guessing(1), ..desk };
            desk.reset("token", "Another-123", &client()).await.unwrap();
            assert_eq!(transactor.commits(), 1);
        }
    }
}
