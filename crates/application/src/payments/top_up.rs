//! Paying into one's store balance by card, each time it is meant and no more often.

use super::credit::{self, CreditError};
use super::ports::{GatewayError, PaymentGateway};
use super::risk;
use super::submission::{self, SubmissionError};
use super::{RECONCILE_EVERY, SUBMIT_AGAIN_AFTER};
use crate::identity::{Allowed, Client, policy};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::kernel::{Money, PaymentId};
use domain::payments::{Asked, OutOfLimits, Payment, Purpose, ReturnUrls, RiskRules, TopUpLimits};
use std::sync::Arc;

/// What a customer wants to pay in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopUpWish {
    /// How much.
    pub amount: Money,
    /// What names this request: the caller and their idempotency key. The same name again answers the same payment.
    pub key: String,
    /// What for, in the customer's words.
    pub description: Option<String>,
    /// Whether a second one just like it is meant.
    pub allow_duplicate: bool,
    /// Where to come back to; `{PAYMENT_ID}` is filled in.
    pub return_urls: ReturnUrls,
}

/// Pays into balances.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TopUpBalances: Send + Sync {
    /// Writes a payment down and has the gateway open its page; if that is away the payment stands, and the page follows.
    async fn top_up(
        &self,
        caller: &Allowed<policy::Pay>,
        wish: TopUpWish,
        client: &Client,
    ) -> Result<Payment, TopUpError>;
}

/// Why nothing is paid in.
#[derive(Debug, thiserror::Error)]
pub enum TopUpError {
    /// Too little, or too much.
    #[error(transparent)]
    Limits(#[from] OutOfLimits),
    /// The same was asked for a moment ago under another key: this payment.
    #[error("payment {0} is just like it")]
    Duplicate(PaymentId),
    /// The key stands for another payment.
    #[error("the key stands for another payment")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`TopUpBalances`].
pub struct TopUpDesk {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Takes the payment.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// How much may be paid in at once.
    pub limits: TopUpLimits,
    /// Which attempts are suspicious.
    pub risk: Arc<RiskRules>,
}

#[async_trait]
impl TopUpBalances for TopUpDesk {
    async fn top_up(
        &self,
        caller: &Allowed<policy::Pay>,
        wish: TopUpWish,
        client: &Client,
    ) -> Result<Payment, TopUpError> {
        self.limits.check(wish.amount)?;
        let tx = self.transactor.begin().await?;
        // Whoever asks for the same at the same time waits here, and then finds what was written.
        tx.users().lock(caller.user_id).await?;
        let purpose = Purpose::TopUp { customer: caller.user_id };
        let now = self.clock.now();
        if let Some(before) = tx.payments().lock_by_key(&wish.key).await? {
            if (before.purpose, before.amount) != (purpose, wish.amount) {
                return Err(TopUpError::KeyReused);
            }
            drop(tx);
            return self.with_page(before).await;
        }
        if !wish.allow_duplicate {
            let since = now - Payment::TWIN_WINDOW;
            if let Some(twin) = tx.payments().find_twin(caller.user_id, wish.amount, since).await? {
                return Err(TopUpError::Duplicate(twin));
            }
        }
        let id = PaymentId::new(self.ids.next());
        let urls = fill_in(&wish.return_urls, id);
        let asked = Asked { key: Some(wish.key), client: None, description: wish.description };
        let payment = Payment::intend(id, purpose, wish.amount, urls, now).asked_for(asked);
        let payment = risk::weighed(tx.as_ref(), &self.risk, payment, client, now).await?;
        tx.payments().insert(&payment).await?;
        plan(tx.as_ref(), id, now).await?;
        tx.commit().await?;
        self.with_page(payment).await
    }
}

impl TopUpDesk {
    /// Asks the gateway for its page. If it is away a job asks again; if it takes no such payment, that has failed.
    async fn with_page(&self, mut payment: Payment) -> Result<Payment, TopUpError> {
        if payment.status.is_final() {
            return Ok(payment);
        }
        let (gateway, transactor, clock) = (self.gateway.as_ref(), self.transactor.as_ref(), self.clock.as_ref());
        let refused = match submission::hand_over(gateway, transactor, clock, &payment, None).await {
            Ok(session) => {
                payment.submit(session, clock.now());
                return Ok(payment);
            }
            Err(SubmissionError::Gateway(GatewayError::Refused(why))) => why,
            Err(error) => {
                tracing::warn!(payment = %payment.id, %error, "the payment will be handed over again");
                return Ok(payment);
            }
        };
        tracing::warn!(payment = %payment.id, refused, "the gateway does not take the payment");
        match self.turned_away(&payment).await {
            Ok(status) => payment.status = status,
            Err(error) => tracing::warn!(payment = %payment.id, %error, "the payment will be ended by its job"),
        }
        Ok(payment)
    }

    async fn turned_away(&self, payment: &Payment) -> Result<domain::payments::PaymentStatus, CreditError> {
        let Some(customer) = payment.purpose.customer() else { return Err(CreditError::NotFound) };
        let tx = self.transactor.begin().await?;
        let status = credit::turn_away(tx.as_ref(), customer, payment.id, self.clock.now()).await?;
        tx.commit().await?;
        Ok(status)
    }
}

/// What sees to it that it ends: it is handed over again, asked about, and closed when its time is over.
async fn plan(tx: &dyn UnitOfWork, id: PaymentId, now: DateTime<Utc>) -> Result<(), RepositoryError> {
    let payment_id = id.uuid();
    tx.jobs().push(Job::SubmitPayment { payment_id }, now + SUBMIT_AGAIN_AFTER).await?;
    tx.jobs().push(Job::ReconcilePayment { payment_id }, now + RECONCILE_EVERY).await?;
    tx.jobs().push(Job::ExpireTopUp { payment_id }, now + Payment::TIME_TO_PAY).await
}

fn fill_in(urls: &ReturnUrls, payment: PaymentId) -> ReturnUrls {
    let fill = |url: &str| url.replace("{PAYMENT_ID}", &payment.to_string());
    ReturnUrls { success: fill(&urls.success), cancel: fill(&urls.cancel) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::payments::ports::MockPaymentGateway;
    use crate::tests::{StandingSystem, allowed, client, eur, now, session, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::payments::{PaymentStatus, Track, UnitRange};
    use std::collections::BTreeMap;

    /// A top-up of 50.00 EUR, written down and not submitted.
    pub(crate) fn top_up() -> Payment {
        let urls = ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() };
        let purpose = Purpose::TopUp { customer: user(Role::Customer).id };
        Payment::intend(PaymentId::new(uuid(41)), purpose, eur(5_000), urls, now())
    }

    fn wish() -> TopUpWish {
        TopUpWish {
            amount: eur(5_000),
            key: "ada:key".to_owned(),
            description: Some("For Christmas".to_owned()),
            allow_duplicate: false,
            return_urls: ReturnUrls { success: "/p/{PAYMENT_ID}".to_owned(), cancel: "/c".to_owned() },
        }
    }

    fn desk(
        transactor: &Arc<TransactorDouble>,
        open: fn() -> Result<domain::payments::HostedSession, GatewayError>,
    ) -> TopUpDesk {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_open().withf(|_, order| order.is_none()).returning(move |_, _| open());
        let system = StandingSystem::new();
        TopUpDesk {
            transactor: transactor.clone(),
            gateway: Arc::new(gateway),
            clock: system.clone(),
            ids: system,
            limits: TopUpLimits { usual: UnitRange { least: 1, most: 1_000 }, own: BTreeMap::new() },
            risk: Arc::default(),
        }
    }

    async fn ask(desk: &TopUpDesk, wish: TopUpWish) -> Result<Payment, TopUpError> {
        desk.top_up(&allowed(Role::Customer), wish, &client()).await
    }

    /// A unit of work that finds these, and writes nothing.
    fn asking(before: Option<Payment>, twin: Option<PaymentId>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().times(1).returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock_by_key().withf(|key| key == "ada:key").returning(move |_| Ok(before.clone()));
        let since = |_: &_, amount: &Money, since: &DateTime<Utc>| {
            *amount == eur(5_000) && *since == now() - chrono::TimeDelta::seconds(60)
        };
        tx.payments.expect_find_twin().withf(since).returning(move |_, _, _| Ok(twin));
        tx
    }

    fn writing(mut tx: UnitOfWorkDouble) -> UnitOfWorkDouble {
        let written = |payment: &Payment| {
            let asked = &payment.asked;
            asked.key.as_deref() == Some("ada:key") && asked.client.is_some() && payment.return_urls.success.len() > 20
        };
        tx.payments.expect_track().returning(|_, _, _, _| Ok(Track::default()));
        tx.payments.expect_insert().withf(written).times(1).returning(|_| Ok(()));
        for (seconds, job) in [
            (15, Job::SubmitPayment { payment_id: uuid(1_000) }),
            (120, Job::ReconcilePayment { payment_id: uuid(1_000) }),
            (1_800, Job::ExpireTopUp { payment_id: uuid(1_000) }),
        ] {
            let at = now() + chrono::TimeDelta::seconds(seconds);
            tx.jobs.expect_push().withf(move |one, when| (one, *when) == (&job, at)).times(1).returning(|_, _| Ok(()));
        }
        tx
    }

    /// The unit of work that notes what the gateway did.
    fn noting(status: PaymentStatus) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock().returning(|_| Ok(Some(top_up())));
        tx.payments.expect_update().withf(move |payment| payment.status == status).times(1).returning(|_| Ok(()));
        tx.jobs.expect_push().returning(|_, _| Ok(())); // merchants are told
        tx
    }

    #[tokio::test]
    async fn a_top_up_is_written_down_and_gets_a_page() {
        let transactor = TransactorDouble::new([writing(asking(None, None)), noting(PaymentStatus::Submitted)]);
        let payment = ask(&desk(&transactor, || Ok(session())), wish()).await.unwrap();
        assert_eq!((payment.status, payment.session), (PaymentStatus::Submitted, Some(session())));
        assert_eq!(payment.asked.description.as_deref(), Some("For Christmas"));
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn it_stands_when_the_gateway_is_away_or_its_answer_is_lost() {
        let transactor = TransactorDouble::new([writing(asking(None, None))]);
        let away = desk(&transactor, || Err(GatewayError::Unavailable("away".into())));
        assert_eq!(ask(&away, wish()).await.unwrap().session, None);
        assert_eq!(transactor.commits(), 1);
        let transactor = TransactorDouble::new([writing(asking(None, None)), noting(PaymentStatus::Unknown)]);
        let lost = desk(&transactor, || Err(GatewayError::Lost("lost".into())));
        assert_eq!(ask(&lost, wish()).await.unwrap().session, None);
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn what_the_gateway_does_not_take_has_failed() {
        let transactor = TransactorDouble::new([writing(asking(None, None)), noting(PaymentStatus::Declined)]);
        let refused = desk(&transactor, || Err(GatewayError::Refused("no".to_owned())));
        assert_eq!(ask(&refused, wish()).await.unwrap().status, PaymentStatus::Declined);
    }

    #[tokio::test]
    async fn the_same_again_within_a_minute_is_a_question_unless_it_is_meant() {
        let transactor = TransactorDouble::new([asking(None, Some(top_up().id))]);
        let refused = ask(&desk(&transactor, || Ok(session())), wish()).await;
        assert!(matches!(refused, Err(TopUpError::Duplicate(twin)) if twin == top_up().id));
        assert_eq!(transactor.commits(), 0);
        let transactor =
            TransactorDouble::new([writing(asking(None, Some(top_up().id))), noting(PaymentStatus::Submitted)]);
        let meant = TopUpWish { allow_duplicate: true, ..wish() };
        ask(&desk(&transactor, || Ok(session())), meant).await.unwrap();
    }

    #[tokio::test]
    async fn the_same_key_answers_the_same_payment_and_no_other() {
        let mut before = top_up();
        before.submit(session(), now());
        let transactor = TransactorDouble::new([asking(Some(before.clone()), None)]);
        let again = ask(&desk(&transactor, || panic!("it has its page")), wish()).await.unwrap();
        assert_eq!((again, transactor.commits()), (before.clone(), 0));
        let transactor = TransactorDouble::new([asking(Some(before), None)]);
        let other = TopUpWish { amount: eur(5_001), ..wish() };
        let refused = ask(&desk(&transactor, || Ok(session())), other).await;
        assert!(matches!(refused, Err(TopUpError::KeyReused)));
    }

    #[tokio::test]
    async fn too_little_or_too_much_is_refused_before_anything_is_asked() {
        for amount in [99, 100_001] {
            let transactor = TransactorDouble::new([]);
            let wish = TopUpWish { amount: eur(amount), ..wish() };
            let refused = ask(&desk(&transactor, || Ok(session())), wish).await;
            assert!(matches!(refused, Err(TopUpError::Limits(_))));
        }
    }
}
