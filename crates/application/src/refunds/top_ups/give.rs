//! Giving back what was paid into a balance: what of the payment is left and what of it the balance holds decide how much, and it goes
//! to the card. It is taken off the balance here, asked of the gateway after the commit, and by a job until the gateway has answered.

use super::ports::TopUpRefundQueries;
use super::settling;
use crate::identity::Allowed;
use crate::identity::policy::{RefundTopUps, ViewAllPayments};
use crate::jobs::Job;
use crate::ledger::ports::PostError;
use crate::payments::ports::PaymentQueries;
use crate::refunds::ports::{DisputeState, RefundGateway};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::kernel::{Money, PaymentId, RefundId, UserId};
use domain::ledger::{Account, PostingError};
use domain::payments::{Payment, TopUpRefusal};
use domain::refunds::{RefundKind, RefundStatus, TopUpRefund};
use std::sync::Arc;

/// How long after a refund was written down the gateway is asked for it again.
const ASK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(15);

/// What is to be given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundTopUpCommand {
    /// Of which payment.
    pub payment: PaymentId,
    /// How much of it; all that is left, without.
    pub amount: Option<Money>,
    /// Why, in words.
    pub reason: Option<String>,
    /// What names this request: the same name again answers the same refund.
    pub key: String,
}

/// Gives back what was paid into balances.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait GiveTopUpRefunds: Send + Sync {
    /// To the card that paid.
    async fn give(
        &self,
        caller: &Allowed<RefundTopUps>,
        command: RefundTopUpCommand,
    ) -> Result<TopUpRefund, RefundTopUpError>;
    /// What went back of a payment, the newest first: by admins, and by banks.
    async fn list(
        &self,
        caller: &Allowed<ViewAllPayments>,
        payment: PaymentId,
    ) -> Result<Vec<TopUpRefund>, RefundTopUpError>;
}

/// Why nothing is given back, or shown.
#[derive(Debug, thiserror::Error)]
pub enum RefundTopUpError {
    /// There is no such payment.
    #[error("there is no such payment")]
    NotFound,
    /// Its customer disputes the payment: the bank has the money.
    #[error("the payment is disputed")]
    Disputed,
    /// There is not so much left of it.
    #[error(transparent)]
    Refused(#[from] TopUpRefusal),
    /// The customer has spent it.
    #[error("the balance holds {holds}")]
    Spent {
        /// What is left in the balance.
        holds: Money,
    },
    /// What is stored does not add up.
    #[error("the money does not add up: {0}")]
    Unbalanced(#[from] PostingError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`GiveTopUpRefunds`].
pub struct TopUpRefundDesk {
    /// Reads refunds of top-ups.
    pub refunds: Arc<dyn TopUpRefundQueries>,
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Gives back to cards.
    pub gateway: Arc<dyn RefundGateway>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl GiveTopUpRefunds for TopUpRefundDesk {
    async fn give(
        &self,
        caller: &Allowed<RefundTopUps>,
        command: RefundTopUpCommand,
    ) -> Result<TopUpRefund, RefundTopUpError> {
        let payment = self.payments.find(command.payment).await?.ok_or(RefundTopUpError::NotFound)?;
        let tx = self.transactor.begin().await?;
        if let Some(customer) = payment.purpose.customer() {
            tx.users().lock(customer).await?; // whose chain it is
        }
        let payment = tx.payments().lock(payment.id).await?.ok_or(RefundTopUpError::NotFound)?;
        let request_key = format!("{}:{}", payment.id, command.key);
        if let Some(known) = tx.top_up_refunds().find_by_key(&request_key).await? {
            return Ok(known);
        }
        if tx.refunds().dispute_of(payment.id).await? == Some(DisputeState::Open) {
            return Err(RefundTopUpError::Disputed);
        }
        let refund = self.write_down(tx.as_ref(), &payment, caller.user_id, command, request_key).await?;
        tx.commit().await?;
        let (gateway, clock) = (self.gateway.as_ref(), self.clock.as_ref());
        match settling::ask(gateway, self.transactor.as_ref(), clock, &payment, &refund, false).await {
            Ok(asked) => Ok(asked),
            Err(error) => {
                tracing::warn!(refund = %refund.id, error = &error as &dyn std::error::Error, "the gateway will be asked again");
                Ok(refund)
            }
        }
    }

    async fn list(
        &self,
        _: &Allowed<ViewAllPayments>,
        payment: PaymentId,
    ) -> Result<Vec<TopUpRefund>, RefundTopUpError> {
        let payment = self.payments.find(payment).await?.ok_or(RefundTopUpError::NotFound)?;
        Ok(self.refunds.top_up_refunds_of(payment.id).await?)
    }
}

impl TopUpRefundDesk {
    async fn write_down(
        &self,
        tx: &dyn UnitOfWork,
        payment: &Payment,
        by: UserId,
        command: RefundTopUpCommand,
        request_key: String,
    ) -> Result<TopUpRefund, RefundTopUpError> {
        let now = self.clock.now();
        let (customer, amount) = payment.refundable(command.amount)?;
        let refund = TopUpRefund {
            id: RefundId::new(self.ids.next()),
            kind: RefundKind::Refund,
            payment_id: payment.id,
            customer,
            amount,
            counted: amount,
            taken: amount,
            status: RefundStatus::Pending,
            reason: command.reason,
            requested_by: Some(by),
            request_key,
            gateway_id: None,
            failure: None,
            created_at: now,
            updated_at: now,
        };
        if !tx.top_up_refunds().count(payment.id, amount).await? {
            return Err(TopUpRefusal::NothingLeft.into());
        }
        tx.top_up_refunds().insert(&refund).await?;
        match tx.ledger().post(&settling::posting(&refund)?, now).await {
            Ok(_) => {}
            Err(PostError::Repository(error)) => return Err(error.into()),
            Err(PostError::TooLittle(_)) => {
                let balance = Account::StoreBalance(customer);
                let holds = tx.ledger().lock_balance(balance, amount.currency()).await?;
                return Err(RefundTopUpError::Spent { holds });
            }
        }
        let refund_id = refund.id.uuid();
        tx.jobs().push(Job::SendRefundNotice { refund_id }, now).await?;
        tx.jobs().push(Job::ReconcileRefund { refund_id }, now + ASK_AGAIN_AFTER).await?;
        Ok(refund)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::payments::ports::{GatewayError, MockPaymentQueries};
    use crate::payments::top_up::tests::top_up;
    use crate::refunds::ports::{CardRefund, GatewayRefund, MockRefundGateway};
    use crate::refunds::top_ups::ports::MockTopUpRefundQueries;
    use crate::tests::{StandingSystem, allowed, eur, now, order, session, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::Applied;
    use domain::ledger::MovementKind;
    use domain::payments::{PaymentStatus, Purpose};
    use domain::refunds::RefundVerdict;

    /// A top-up of 50.00 EUR that was paid.
    pub(crate) fn captured() -> Payment {
        Payment { status: PaymentStatus::Captured, session: Some(session()), ..top_up() }
    }

    /// 20.00 of it that go back.
    pub(crate) fn refund() -> TopUpRefund {
        TopUpRefund {
            id: RefundId::new(uuid(1_000)),
            kind: RefundKind::Refund,
            payment_id: top_up().id,
            customer: user(Role::Customer).id,
            amount: eur(2_000),
            counted: eur(2_000),
            taken: eur(2_000),
            status: RefundStatus::Pending,
            reason: Some("asked for".to_owned()),
            requested_by: Some(user(Role::Admin).id),
            request_key: format!("{}:key", top_up().id),
            gateway_id: None,
            failure: None,
            created_at: now(),
            updated_at: now(),
        }
    }

    /// A unit of work in which the refund comes to stand so.
    pub(crate) fn settling(status: RefundStatus) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().times(1).returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock().returning(|_| Ok(Some(captured())));
        tx.top_up_refunds.expect_lock().returning(|_| Ok(Some(refund())));
        if status == RefundStatus::Failed {
            let back = |posting: &domain::ledger::Posting, _: &_| posting.kind() == MovementKind::RefundFailed;
            tx.ledger.expect_post().withf(back).times(1).returning(|_, _| Ok(Applied::Now(())));
            let counted = |payment: &PaymentId, amount: &Money| (*payment, *amount) == (top_up().id, eur(2_000));
            tx.top_up_refunds.expect_count_back().withf(counted).times(1).returning(|_, _| Ok(true));
            let told = |job: &Job, _: &_| *job == Job::SendRefundFailedNotice { refund_id: refund().id.uuid() };
            tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        }
        let stands = move |refund: &TopUpRefund| refund.status == status;
        tx.top_up_refunds.expect_update().withf(stands).times(1).returning(|_| Ok(()));
        tx
    }

    fn command() -> RefundTopUpCommand {
        let (payment, reason) = (top_up().id, Some("asked for".to_owned()));
        RefundTopUpCommand { payment, amount: Some(eur(2_000)), reason, key: "key".to_owned() }
    }

    fn asking(payment: Payment, known: Option<TopUpRefund>, dispute: Option<DisputeState>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock().returning(move |_| Ok(Some(payment.clone())));
        let key = |key: &str| key == refund().request_key;
        tx.top_up_refunds.expect_find_by_key().withf(key).returning(move |_| Ok(known.clone()));
        tx.refunds.expect_dispute_of().returning(move |_| Ok(dispute));
        tx
    }

    fn writing() -> UnitOfWorkDouble {
        let mut tx = asking(captured(), None, None);
        let counted = |payment: &PaymentId, amount: &Money| (*payment, *amount) == (top_up().id, eur(2_000));
        tx.top_up_refunds.expect_count().withf(counted).times(1).returning(|_, _| Ok(true));
        tx.top_up_refunds.expect_insert().withf(|written| *written == refund()).times(1).returning(|_| Ok(()));
        let taken = |posting: &domain::ledger::Posting, _: &_| posting.kind() == MovementKind::Refund;
        tx.ledger.expect_post().withf(taken).times(1).returning(|_, _| Ok(Applied::Now(())));
        let refund_id = refund().id.uuid();
        for (seconds, job) in [(0, Job::SendRefundNotice { refund_id }), (15, Job::ReconcileRefund { refund_id })] {
            let at = now() + TimeDelta::seconds(seconds);
            tx.jobs.expect_push().withf(move |one, when| (one, *when) == (&job, at)).times(1).returning(|_, _| Ok(()));
        }
        tx
    }

    fn desk(transactor: &Arc<TransactorDouble>, says: Option<Result<RefundVerdict, GatewayError>>) -> TopUpRefundDesk {
        let mut payments = MockPaymentQueries::new();
        payments.expect_find().returning(|id| Ok(Some(captured()).filter(|payment| payment.id == id)));
        let mut gateway = MockRefundGateway::new();
        let wish = |_: &_, wish: &CardRefund| (wish.amount, wish.asked_before) == (eur(2_000), false);
        if let Some(says) = says {
            gateway
                .expect_refund()
                .withf(wish)
                .return_once(|_, _| Ok(GatewayRefund { id: "re_1".to_owned(), verdict: says? }));
        }
        let mut refunds = MockTopUpRefundQueries::new();
        refunds.expect_top_up_refunds_of().returning(|_| Ok(vec![refund()]));
        let system = StandingSystem::new();
        TopUpRefundDesk {
            refunds: Arc::new(refunds),
            payments: Arc::new(payments),
            transactor: transactor.clone(),
            gateway: Arc::new(gateway),
            ids: system.clone(),
            clock: system,
        }
    }

    async fn give(
        transactor: &Arc<TransactorDouble>,
        says: Option<Result<RefundVerdict, GatewayError>>,
        command: RefundTopUpCommand,
    ) -> Result<TopUpRefund, RefundTopUpError> {
        desk(transactor, says).give(&allowed(Role::Admin), command).await
    }

    #[tokio::test]
    async fn it_leaves_the_balance_and_goes_to_the_card() {
        let transactor = TransactorDouble::new([writing(), settling(RefundStatus::Succeeded)]);
        let given = give(&transactor, Some(Ok(RefundVerdict::Succeeded)), command()).await.unwrap();
        assert_eq!((given.status, given.gateway_id.as_deref()), (RefundStatus::Succeeded, Some("re_1")));
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn it_stands_when_the_gateway_is_away_or_its_answer_is_lost() {
        for away in [GatewayError::Unavailable("away".into()), GatewayError::Lost("lost".into())] {
            let transactor = TransactorDouble::new([writing()]);
            let given = give(&transactor, Some(Err(away)), command()).await.unwrap();
            assert_eq!((given.status, transactor.commits()), (RefundStatus::Pending, 1));
        }
    }

    #[tokio::test]
    async fn what_the_gateway_does_not_give_is_in_the_balance_again() {
        let transactor = TransactorDouble::new([writing(), settling(RefundStatus::Failed)]);
        let refused = Some(Err(GatewayError::Refused("no".to_owned())));
        let given = give(&transactor, refused, command()).await.unwrap();
        assert_eq!((given.status, given.failure.as_deref()), (RefundStatus::Failed, Some("no")));
    }

    #[tokio::test]
    async fn the_same_key_answers_the_same_refund() {
        let transactor = TransactorDouble::new([asking(captured(), Some(refund()), None)]);
        assert_eq!(give(&transactor, None, command()).await.unwrap(), refund());
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn what_the_customer_has_spent_is_not_given_back() {
        let mut tx = asking(captured(), None, None);
        tx.top_up_refunds.expect_count().returning(|_, _| Ok(true));
        tx.top_up_refunds.expect_insert().returning(|_| Ok(()));
        let balance = Account::StoreBalance(user(Role::Customer).id);
        tx.ledger.expect_post().returning(move |_, _| Err(PostError::TooLittle(balance)));
        tx.ledger.expect_lock_balance().returning(|_, _| Ok(eur(1_999)));
        let transactor = TransactorDouble::new([tx]);
        let refused = give(&transactor, None, command()).await;
        assert!(matches!(refused, Err(RefundTopUpError::Spent { holds }) if holds == eur(1_999)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn never_more_than_is_left_and_nothing_while_a_bank_has_it() {
        let transactor = TransactorDouble::new([asking(captured(), None, None)]);
        let more = RefundTopUpCommand { amount: Some(eur(5_001)), ..command() };
        let refused = give(&transactor, None, more).await;
        assert!(matches!(refused, Err(RefundTopUpError::Refused(TopUpRefusal::TooMuch { .. }))));

        let mut tx = asking(captured(), None, None);
        tx.top_up_refunds.expect_count().returning(|_, _| Ok(false));
        let transactor = TransactorDouble::new([tx]);
        let refused = give(&transactor, None, command()).await;
        assert!(matches!(refused, Err(RefundTopUpError::Refused(TopUpRefusal::NothingLeft))), "what counts decides");

        let transactor = TransactorDouble::new([asking(captured(), None, Some(DisputeState::Open))]);
        assert!(matches!(give(&transactor, None, command()).await, Err(RefundTopUpError::Disputed)));

        let purpose = Purpose::Order { order: order().id, customer: None };
        let transactor = TransactorDouble::new([asking(Payment { purpose, ..captured() }, None, None)]);
        let refused = give(&transactor, None, command()).await;
        assert!(matches!(refused, Err(RefundTopUpError::Refused(TopUpRefusal::PaidAnOrder))));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn what_went_back_is_listed() {
        let transactor = TransactorDouble::new([]);
        let desk = desk(&transactor, None);
        assert_eq!(desk.list(&allowed(Role::Admin), top_up().id).await.unwrap(), [refund()]);
        let unknown = desk.list(&allowed(Role::Admin), PaymentId::new(uuid(9))).await;
        assert!(matches!(unknown, Err(RefundTopUpError::NotFound)));
        let unknown = RefundTopUpCommand { payment: PaymentId::new(uuid(9)), ..command() };
        assert!(matches!(desk.give(&allowed(Role::Admin), unknown).await, Err(RefundTopUpError::NotFound)));
    }
}
