//! Writing and sending each mail, as jobs ask for it.

use super::letter::Letterhead;
use super::messages;
use super::ports::{MailError, Mailer};
use crate::identity::ports::{CodeHasher, IdentityQueries};
use crate::jobs::{JobFailure, Run};
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, SecretSource, six_digits};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::{EmailAddress, MoneyError, OrderId, UserId};
use domain::orders::OrderLine;
use std::sync::Arc;

/// Sends what jobs ask for.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait SendMails: Send + Sync {
    /// Draws a code, keeps its digest, and mails it. The code itself is nowhere stored: run again, this draws another,
    /// and the last one counts.
    async fn verification_code(&self, user: UserId, run: Run) -> Result<(), SendError>;
    /// The same for a user's new address: mails the code there, unless it is another account's by now; nothing shows that
    /// to who asked.
    async fn email_change_code(&self, user: UserId, run: Run) -> Result<(), SendError>;
    /// Mails a customer that their order is paid.
    async fn order_confirmation(&self, order: OrderId) -> Result<(), SendError>;
    /// Mails each seller of an order what they sold.
    async fn sale_notices(&self, order: OrderId) -> Result<(), SendError>;
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Whom or what it is about is gone.
    #[error("whom or what the mail is about is gone")]
    NotFound,
    /// The mail server failed.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The stored amounts don't add up.
    #[error("the order's amounts don't add up")]
    Inconsistent(#[from] MoneyError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<SendError> for JobFailure {
    fn from(error: SendError) -> Self {
        let text = with_causes(&error);
        match error {
            SendError::NotFound | SendError::Mail(MailError::Refused(_)) | SendError::Inconsistent(_) => {
                Self::Fail(text)
            }
            SendError::Mail(MailError::Unavailable(_) | MailError::Lost(_)) | SendError::Repository(_) => {
                Self::Retry(text)
            }
        }
    }
}

/// What an error says, and what it says of its causes.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Sends the codes that prove addresses.
pub struct Post {
    /// Hands over mails.
    pub mailer: Arc<dyn Mailer>,
    /// Reads people.
    pub people: Arc<dyn IdentityQueries>,
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Writes the digests of codes.
    pub codes: CodeDrawing,
    /// Makes guests' links.
    pub access: Arc<dyn OrderAccess>,
    /// The shop.
    pub letterhead: Letterhead,
}

/// Draws codes and keeps their digests.
pub struct CodeDrawing {
    /// Draws.
    pub secrets: Arc<dyn SecretSource>,
    /// Digests.
    pub hasher: Arc<dyn CodeHasher>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl CodeDrawing {
    /// A new code for a user who has something to prove; `None` when they haven't any more.
    async fn draw(&self, user: UserId) -> Result<Option<String>, RepositoryError> {
        let tx = self.transactor.begin().await?;
        let Some(mut verification) = tx.email_verifications().lock(user).await? else { return Ok(None) };
        let code = six_digits(self.secrets.bytes());
        verification.issue(self.hasher.digest(user, &code), self.clock.now());
        tx.email_verifications().save(&verification).await?;
        tx.commit().await?;
        Ok(Some(code))
    }

    /// A new code for a user whose address is to change, and the new address; `None` when it isn't any more.
    async fn draw_for_change(&self, user: UserId) -> Result<Option<(EmailAddress, String)>, RepositoryError> {
        let tx = self.transactor.begin().await?;
        let Some(mut change) = tx.email_changes().lock(user).await? else { return Ok(None) };
        let code = six_digits(self.secrets.bytes());
        change.issue(self.hasher.digest_for_address(user, &change.email, &code), self.clock.now());
        tx.email_changes().save(&change).await?;
        tx.commit().await?;
        Ok(Some((change.email, code)))
    }
}

#[async_trait]
impl SendMails for Post {
    async fn verification_code(&self, user: UserId, run: Run) -> Result<(), SendError> {
        let user = self.people.find_user(user).await?.ok_or(SendError::NotFound)?;
        let Some(code) = self.codes.draw(user.id).await? else { return Ok(()) };
        let mail = messages::verification_code(&self.letterhead, &user, &code, &run.each_try());
        Ok(self.mailer.send(&mail).await?)
    }

    async fn email_change_code(&self, user: UserId, run: Run) -> Result<(), SendError> {
        let Some((email, code)) = self.codes.draw_for_change(user).await? else { return Ok(()) };
        // A code is drawn all the same, so that wrong tries are answered as for any other address.
        if self.people.find_user_by_email(&email).await?.is_some() {
            return Ok(());
        }
        let mail = messages::email_change_code(&self.letterhead, &email, &code, &run.each_try());
        Ok(self.mailer.send(&mail).await?)
    }

    async fn order_confirmation(&self, order: OrderId) -> Result<(), SendError> {
        let order = self.orders.find(order).await?.ok_or(SendError::NotFound)?;
        let guest = order.user_id.is_none().then(|| format!("?token={}", self.access.token(order.id)));
        let url = format!("{}/orders/{}{}", self.letterhead.public_url, order.id, guest.unwrap_or_default());
        Ok(self.mailer.send(&messages::order_confirmation(&self.letterhead, &order, &url)).await?)
    }

    async fn sale_notices(&self, order: OrderId) -> Result<(), SendError> {
        let order = self.orders.find(order).await?.ok_or(SendError::NotFound)?;
        let mut sellers: Vec<UserId> = order.lines.iter().map(|line| line.seller.id).collect();
        sellers.sort_unstable();
        sellers.dedup();
        let url = format!("{}/seller/orders/{}", self.letterhead.public_url, order.id);
        for seller in sellers {
            let Some(seller) = self.people.find_user(seller).await? else { continue };
            let (lines, total) = OrderLine::of_seller(&order.lines, seller.id, order.total.currency())?;
            self.mailer.send(&messages::sale_notice(&self.letterhead, &order, &seller, &lines, total, &url)).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{MockCodeHasher, MockIdentityQueries};
    use crate::notifications::ports::{Mail, MockMailer};
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::tests::{StandingSystem, email, now, order, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::{CodeDigest, EmailChange, EmailVerification, Role};

    /// The post of a shop with one user and one guest's order, which expects these mails, in any order.
    fn post(
        transactor: &Arc<TransactorDouble>,
        expected: impl Fn(&Mail) -> bool + Send + 'static,
        mails: usize,
    ) -> Post {
        let mut mailer = MockMailer::new();
        mailer.expect_send().withf(expected).times(mails).returning(|_| Ok(()));
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(|id| Ok(Some(domain::identity::User { id, ..user(Role::Seller) })));
        people.expect_find_user_by_email().returning(|_| Ok(None));
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(|_| Ok(Some(order())));
        let mut hasher = MockCodeHasher::new();
        hasher.expect_digest().returning(|_, code| CodeDigest(format!("digest of {code}")));
        hasher
            .expect_digest_for_address()
            .returning(|_, email, code| CodeDigest(format!("digest of {code} for {email}")));
        let mut access = MockOrderAccess::new();
        access.expect_token().returning(|_| "token".to_owned());
        let system = StandingSystem::new();
        Post {
            mailer: Arc::new(mailer),
            people: Arc::new(people),
            orders: Arc::new(orders),
            codes: CodeDrawing {
                secrets: system.clone(),
                hasher: Arc::new(hasher),
                transactor: transactor.clone(),
                clock: system,
            },
            access: Arc::new(access),
            letterhead: Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() },
        }
    }

    fn run() -> Run {
        Run { job: uuid(7), attempt: 1 }
    }

    #[test]
    fn a_failed_mail_tells_why() {
        let error = SendError::Mail(MailError::Unavailable("the key is wrong".into()));
        let JobFailure::Retry(text) = JobFailure::from(error) else { panic!("it is to be tried again") };
        assert_eq!(text, "the mail server did not take the mail: the key is wrong");
    }

    #[tokio::test]
    async fn the_code_in_the_mail_is_the_one_whose_digest_was_stored() {
        let mut tx = UnitOfWorkDouble::default();
        tx.email_verifications.expect_lock().returning(|user| Ok(Some(EmailVerification::request(user, now()))));
        let stored = |verification: &EmailVerification| {
            verification.code.as_ref().is_some_and(|code| code.digest.0 == "digest of 000000")
        };
        tx.email_verifications.expect_save().withf(stored).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let has_code = |mail: &Mail| mail.text.contains("000000") && mail.html.contains("000000");
        post(&transactor, has_code, 1).verification_code(user(Role::Customer).id, run()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_has_nothing_to_prove_gets_no_code() {
        let mut tx = UnitOfWorkDouble::default();
        tx.email_verifications.expect_lock().returning(|_| Ok(None));
        let transactor = TransactorDouble::new([tx]);
        post(&transactor, |_| true, 0).verification_code(user(Role::Customer).id, run()).await.unwrap();
    }

    /// A unit of work in which somebody's address is to change.
    fn changing_address() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let change = |user| EmailChange::request(user, email("new@example.com"), now());
        tx.email_changes.expect_lock().returning(move |user| Ok(Some(change(user))));
        let stored = |change: &EmailChange| {
            change.code.as_ref().is_some_and(|code| code.digest.0 == "digest of 000000 for new@example.com")
        };
        tx.email_changes.expect_save().withf(stored).times(1).returning(|_| Ok(()));
        tx
    }

    #[tokio::test]
    async fn the_code_for_a_new_address_goes_there_and_nowhere_else() {
        let transactor = TransactorDouble::new([changing_address()]);
        let there = |mail: &Mail| mail.to == email("new@example.com") && mail.text.contains("000000");
        let post = post(&transactor, there, 1);
        post.email_change_code(user(Role::Customer).id, run()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn whose_address_is_taken_gets_no_code_and_wrong_tries_look_the_same() {
        let transactor = TransactorDouble::new([changing_address()]);
        let mut post = post(&transactor, |_| true, 0);
        let mut people = MockIdentityQueries::new();
        people.expect_find_user_by_email().returning(|_| Ok(Some(user(Role::Customer))));
        post.people = Arc::new(people);
        post.email_change_code(user(Role::Customer).id, run()).await.unwrap();
        assert_eq!(transactor.commits(), 1, "the digest is stored all the same");
    }

    #[tokio::test]
    async fn a_guests_confirmation_opens_their_order() {
        let link = format!("https://shop.example/orders/{}?token=token", order().id);
        let transactor = TransactorDouble::new([]);
        let has_link = move |mail: &Mail| mail.text.contains(&link) && mail.to == order().email;
        post(&transactor, has_link, 1).order_confirmation(order().id).await.unwrap();
    }

    #[tokio::test]
    async fn each_seller_is_told_of_their_own_lines() {
        let transactor = TransactorDouble::new([]);
        let of_one = |mail: &Mail| mail.text.contains("Ring 5") != mail.text.contains("Ring 7");
        post(&transactor, of_one, 2).sale_notices(order().id).await.unwrap();
    }
}
