//! Telling people what happened to their accounts, as jobs ask for it. Who has no account any more is told nothing.

use super::letter::Letterhead;
use super::messages;
use super::ports::{MailError, Mailer};
use super::send::SendError;
use crate::identity::ports::IdentityQueries;
use crate::jobs::{Private, Run, SecondFactorChange};
use crate::webhooks::ports::WebhookQueries;
use async_trait::async_trait;
use domain::identity::User;
use domain::kernel::{EmailAddress, UserId, WebhookId};
use std::sync::Arc;

/// Sends the notices that jobs ask for. Each run of one job sends a copy of one mail.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SendNotices: Send + Sync {
    /// There is a new password.
    async fn password_changed(&self, user: UserId, run: Run) -> Result<(), SendError>;
    /// A way to sign in was added or taken away.
    async fn second_factor_changed(&self, user: UserId, change: SecondFactorChange, run: Run) -> Result<(), SendError>;
    /// The address was changed; tells the old one.
    async fn email_changed(&self, user: UserId, old: &Private, run: Run) -> Result<(), SendError>;
    /// The account was disabled, or enabled again.
    async fn status_changed(&self, user: UserId, disabled: bool, run: Run) -> Result<(), SendError>;
    /// The role was changed; tells the one that they have by now.
    async fn role_changed(&self, user: UserId, run: Run) -> Result<(), SendError>;
    /// A webhook that the user made was switched off.
    async fn webhook_disabled(&self, user: UserId, webhook: WebhookId, run: Run) -> Result<(), SendError>;
    /// The account is gone.
    async fn account_deleted<'a>(
        &self,
        email: &'a Private,
        name: Option<&'a Private>,
        run: Run,
    ) -> Result<(), SendError>;
}

/// The service behind [`SendNotices`].
pub struct NoticePost {
    /// Hands over mails.
    pub mailer: Arc<dyn Mailer>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads webhooks.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// The shop.
    pub letterhead: Letterhead,
}

impl NoticePost {
    async fn tell(
        &self,
        user: UserId,
        message: impl FnOnce(&Letterhead, &User) -> super::ports::Mail + Send,
    ) -> Result<(), SendError> {
        let Some(user) = self.people.find_user(user).await? else { return Ok(()) };
        let mail = message(&self.letterhead, &user);
        Ok(self.mailer.send(&mail).await?)
    }
}

#[async_trait]
impl SendNotices for NoticePost {
    async fn password_changed(&self, user: UserId, run: Run) -> Result<(), SendError> {
        self.tell(user, |shop, user| messages::password_changed(shop, user, &run.each_job())).await
    }

    async fn second_factor_changed(&self, user: UserId, change: SecondFactorChange, run: Run) -> Result<(), SendError> {
        self.tell(user, |shop, user| messages::second_factor_changed(shop, user, change, &run.each_job())).await
    }

    async fn email_changed(&self, user: UserId, old: &Private, run: Run) -> Result<(), SendError> {
        let old = EmailAddress::parse(old.as_str()).map_err(|_| SendError::NotFound)?;
        self.tell(user, |shop, user| messages::email_changed(shop, user, &old, &run.each_job())).await
    }

    async fn status_changed(&self, user: UserId, disabled: bool, run: Run) -> Result<(), SendError> {
        let message = if disabled { messages::account_disabled } else { messages::account_enabled };
        self.tell(user, |shop, user| message(shop, user, &run.each_job())).await
    }

    async fn role_changed(&self, user: UserId, run: Run) -> Result<(), SendError> {
        self.tell(user, |shop, user| messages::role_changed(shop, user, &run.each_job())).await
    }

    async fn webhook_disabled(&self, user: UserId, webhook: WebhookId, run: Run) -> Result<(), SendError> {
        let Some(endpoint) = self.webhooks.webhook(webhook).await? else { return Ok(()) };
        let Some(disabled) = endpoint.disabled else { return Ok(()) }; // its owner was faster
        self.tell(user, |shop, user| {
            messages::webhook_disabled(shop, user, &endpoint, disabled.reason, &run.each_job())
        })
        .await
    }

    async fn account_deleted<'a>(
        &self,
        email: &'a Private,
        name: Option<&'a Private>,
        run: Run,
    ) -> Result<(), SendError> {
        let to = EmailAddress::parse(email.as_str()).map_err(|_| SendError::NotFound)?;
        let name = name.map(Private::as_str);
        let mail = messages::account_deleted(&self.letterhead, &to, name, &run.each_job());
        match self.mailer.send(&mail).await {
            // Nothing is left to be mended, and a job that is set aside would keep the address of someone who is gone.
            Err(MailError::Refused(_)) | Ok(()) => Ok(()),
            Err(error @ (MailError::Unavailable(_) | MailError::Lost(_))) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockIdentityQueries;
    use crate::notifications::ports::{Mail, MockMailer};
    use crate::tests::{email, user, uuid};
    use domain::identity::Role;

    fn run(attempt: u32) -> Run {
        Run { job: uuid(7), attempt }
    }

    fn user_id() -> UserId {
        UserId::new(uuid(1))
    }

    /// A post that sends what it is given to `answer`.
    fn post(
        found: Option<User>,
        mails: usize,
        answer: impl Fn(&Mail) -> Result<(), MailError> + Send + 'static,
    ) -> NoticePost {
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(move |_| Ok(found.clone()));
        let mut mailer = MockMailer::new();
        mailer.expect_send().times(mails).returning(move |mail| answer(mail));
        let letterhead = Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() };
        let webhooks = Arc::new(crate::webhooks::ports::MockWebhookQueries::new());
        NoticePost { mailer: Arc::new(mailer), people: Arc::new(people), webhooks, letterhead }
    }

    #[tokio::test]
    async fn every_try_of_one_job_sends_a_copy_of_one_mail() {
        let seen = std::sync::Mutex::new(Vec::new());
        let post = post(Some(user(Role::Customer)), 2, move |mail| {
            let mut seen = seen.lock().unwrap();
            seen.push(mail.reference.clone());
            assert_eq!(seen.first(), seen.last());
            assert!(mail.reference.contains(&uuid(7).simple().to_string()));
            Ok(())
        });
        for attempt in [1, 2] {
            post.password_changed(user_id(), run(attempt)).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_change_of_address_is_told_to_the_old_one() {
        let post = post(Some(user(Role::Customer)), 1, |mail| {
            assert_eq!(mail.to, email("old@example.com"));
            assert!(!mail.text.contains("ada@example.com"), "the new address is not told");
            Ok(())
        });
        post.email_changed(user_id(), &Private::from("old@example.com"), run(1)).await.unwrap();
    }

    #[tokio::test]
    async fn who_has_no_account_any_more_is_told_nothing() {
        let post = post(None, 0, |_| Ok(()));
        post.password_changed(user_id(), run(1)).await.unwrap();
        post.role_changed(user_id(), run(1)).await.unwrap();
        post.status_changed(user_id(), true, run(1)).await.unwrap();
    }

    #[tokio::test]
    async fn the_last_mail_to_someone_who_is_gone_is_not_kept_when_it_is_refused() {
        let gone = Private::from("gone@example.com");
        let refusing = post(None, 1, |mail| {
            assert_eq!(mail.to, email("gone@example.com"));
            Err(MailError::Refused("no such mailbox".to_owned()))
        });
        refusing.account_deleted(&gone, Some(&Private::from("Ada")), run(1)).await.unwrap();
        let away = post(None, 1, |_| Err(MailError::Unavailable("away".into())));
        assert!(away.account_deleted(&gone, None, run(1)).await.is_err());
    }

    #[tokio::test]
    async fn opening_and_closing_an_account_are_two_mails() {
        for (disabled, words) in [(true, "disabled"), (false, "used again")] {
            let post = post(Some(user(Role::Customer)), 1, move |mail| {
                assert!(mail.text.contains(words), "{}", mail.text);
                Ok(())
            });
            post.status_changed(user_id(), disabled, run(1)).await.unwrap();
        }
    }
}
