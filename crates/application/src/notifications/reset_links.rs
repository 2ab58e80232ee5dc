//! Mailing the links by which a new password can be set. The token is drawn here, and only its digest is kept: run again,
//! this draws another, and the last one counts.

use super::letter::Letterhead;
use super::messages;
use super::ports::Mailer;
use super::send::SendError;
use crate::identity::ports::{IdentityQueries, PasswordReset, ResetLink};
use crate::jobs::Run;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, OpaqueToken, SecretSource};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::identity::User;
use domain::kernel::UserId;
use std::sync::Arc;

/// Mails links to set a new password.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SendResetLinks: Send + Sync {
    /// To someone who asked for one, unless they have set a password since.
    async fn password_reset(&self, user: UserId, run: Run) -> Result<(), SendError>;
    /// To someone whose password strangers keep guessing, so that they can get in whatever the strangers do.
    async fn sign_in_help(&self, user: UserId, run: Run) -> Result<(), SendError>;
}

/// The service behind [`SendResetLinks`].
pub struct ResetLinkPost {
    /// Hands over mails.
    pub mailer: Arc<dyn Mailer>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Writes the digests.
    pub transactor: Arc<dyn Transactor>,
    /// Draws tokens.
    pub secrets: Arc<dyn SecretSource>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// The shop.
    pub letterhead: Letterhead,
}

/// How long a link is good.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);

#[async_trait]
impl SendResetLinks for ResetLinkPost {
    async fn password_reset(&self, user: UserId, run: Run) -> Result<(), SendError> {
        let user = self.find(user).await?;
        let Some(link) = self.draw(&user, false).await? else { return Ok(()) };
        let mail = messages::password_reset(&self.letterhead, &user, &link, &run.each_try());
        Ok(self.mailer.send(&mail).await?)
    }

    async fn sign_in_help(&self, user: UserId, run: Run) -> Result<(), SendError> {
        let user = self.find(user).await?;
        let Some(link) = self.draw(&user, true).await? else { return Ok(()) };
        let mail = messages::sign_in_help(&self.letterhead, &user, &link, &run.each_try());
        Ok(self.mailer.send(&mail).await?)
    }
}

impl ResetLinkPost {
    async fn find(&self, user: UserId) -> Result<User, SendError> {
        let user = self.people.find_user(user).await?.filter(User::is_active);
        user.ok_or(SendError::NotFound)
    }

    /// A new link; `None` when none is asked for any more and none is to be `made_up`.
    async fn draw(&self, user: &User, made_up: bool) -> Result<Option<String>, RepositoryError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let asked = tx.password_resets().lock(user.id).await?;
        let made_up = made_up.then_some(PasswordReset { user_id: user.id, requested_at: now, link: None });
        let Some(reset) = asked.or(made_up) else { return Ok(None) };
        let token = OpaqueToken::draw(&*self.secrets);
        let link = Some(ResetLink { digest: token.digest(), expires_at: now + LIFETIME });
        tx.password_resets().save(&PasswordReset { link, ..reset }).await?;
        tx.commit().await?;
        Ok(Some(format!("{}/reset-password?token={}", self.letterhead.public_url, token.reveal())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockIdentityQueries;
    use crate::notifications::ports::MockMailer;
    use crate::system::digest_of;
    use crate::tests::{StandingSystem, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;

    fn post(asked: bool, mails: usize) -> (ResetLinkPost, Arc<TransactorDouble>) {
        let mut tx = UnitOfWorkDouble::default();
        tx.password_resets
            .expect_lock()
            .returning(move |user_id| Ok(asked.then_some(PasswordReset { user_id, requested_at: now(), link: None })));
        let stored = |reset: &PasswordReset| {
            reset.link.as_ref().is_some_and(|link| {
                link.digest == digest_of(&"A".repeat(43)) && link.expires_at == now() + TimeDelta::minutes(30)
            })
        };
        tx.password_resets.expect_save().withf(stored).times(mails).returning(|_| Ok(()));
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(|_| Ok(Some(user(Role::Customer))));
        let mut mailer = MockMailer::new();
        let with_link = |mail: &crate::notifications::ports::Mail| {
            mail.text.contains(&format!("https://shop.example/reset-password?token={}", "A".repeat(43)))
        };
        mailer.expect_send().withf(with_link).times(mails).returning(|_| Ok(()));
        let (system, transactor) = (StandingSystem::new(), TransactorDouble::new([tx]));
        let letterhead = Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() };
        let post = ResetLinkPost {
            mailer: Arc::new(mailer),
            people: Arc::new(people),
            transactor: transactor.clone(),
            secrets: system.clone(),
            clock: system,
            letterhead,
        };
        (post, transactor)
    }

    fn run() -> Run {
        Run { job: uuid(5), attempt: 1 }
    }

    #[tokio::test]
    async fn the_link_in_the_mail_is_the_one_whose_digest_was_stored() {
        let (post, transactor) = post(true, 1);
        post.password_reset(UserId::new(uuid(1)), run()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_has_set_a_password_meanwhile_gets_no_link() {
        let (post, transactor) = post(false, 0);
        post.password_reset(UserId::new(uuid(1)), run()).await.unwrap();
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn who_is_being_attacked_gets_a_link_without_asking() {
        let (post, transactor) = post(false, 1);
        post.sign_in_help(UserId::new(uuid(1)), run()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
