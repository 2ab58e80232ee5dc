//! The step that everyone shares who learns how a top-up stands: the payment follows the gateway, and what was paid becomes
//! its customer's balance, in one transaction. Whoever comes second finds it done.

use super::held;
use crate::jobs::{Job, JobFailure};
use crate::ledger::ports::PostError;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use crate::webhooks::announce;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, PaymentId, UserId};
use domain::ledger::PostingError;
use domain::ledger::movements::TopUp;
use domain::payments::{ContradictoryVerdict, GatewayVerdict, PaymentStatus};
use domain::webhooks::EventKind;

/// Why a verdict could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum CreditError {
    /// There is no such payment.
    #[error("there is no such payment")]
    NotFound,
    /// The gateway contradicts what it said before.
    #[error(transparent)]
    Contradiction(#[from] ContradictoryVerdict),
    /// Nothing moves.
    #[error("the top-up's money does not add up: {0}")]
    Unbalanced(#[from] PostingError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<PostError> for CreditError {
    fn from(error: PostError) -> Self {
        match error {
            // Nothing is taken from an account that has a floor.
            PostError::TooLittle(account) => Self::Repository(RepositoryError::unavailable(account.to_string())),
            PostError::Repository(error) => Self::Repository(error),
        }
    }
}

/// A contradiction is for a person; a database that was away may be back.
impl From<CreditError> for JobFailure {
    fn from(error: CreditError) -> Self {
        match error {
            CreditError::Repository(error) => error.into(),
            CreditError::NotFound | CreditError::Contradiction(_) | CreditError::Unbalanced(_) => {
                Self::Fail(error.to_string())
            }
        }
    }
}

/// Follows the verdict on a top-up of this customer's. Answers where the payment stands then; the caller commits.
///
/// # Errors
/// [`CreditError`]; the caller rolls back.
pub async fn follow(
    tx: &dyn UnitOfWork,
    customer: UserId,
    id: PaymentId,
    verdict: GatewayVerdict,
    now: DateTime<Utc>,
) -> Result<PaymentStatus, CreditError> {
    tx.users().lock(customer).await?; // whose chain it is
    let mut payment = tx.payments().lock(id).await?.ok_or(CreditError::NotFound)?;
    // A promise that is heard of again, after an answer was lost, is no news to anyone.
    let was_held = payment.was_held();
    let Applied::Now(status) = payment.follow(verdict, now)? else { return Ok(payment.status) };
    tx.payments().update(&payment).await?;
    if was_held && status.is_final() {
        tx.jobs().push(Job::SendPaymentReviewedNotice { payment_id: id.uuid() }, now).await?;
    }
    match status {
        PaymentStatus::Authorized if was_held => {}
        PaymentStatus::Captured => {
            let movement = TopUp { payment: id, user: customer, amount: payment.amount };
            tx.ledger().post(&movement.posting()?, now).await?;
            announce::payment(tx, EventKind::PaymentSucceeded, &payment, None, now).await?;
        }
        PaymentStatus::Authorized => {
            held::is_held(tx, &payment, now).await?;
            announce::payment(tx, EventKind::PaymentHeld, &payment, None, now).await?;
        }
        PaymentStatus::Declined => announce::payment(tx, EventKind::PaymentFailed, &payment, None, now).await?,
        PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Unknown | PaymentStatus::Voided => {}
    }
    Ok(status)
}

/// Ends a top-up that the gateway does not take: it opened no page, so no money can come. If a page is known all the same,
/// since another was faster, nothing is changed. Answers where the payment stands then; the caller commits.
///
/// # Errors
/// [`CreditError`]; the caller rolls back.
pub async fn turn_away(
    tx: &dyn UnitOfWork,
    customer: UserId,
    id: PaymentId,
    now: DateTime<Utc>,
) -> Result<PaymentStatus, CreditError> {
    tx.users().lock(customer).await?;
    let payment = tx.payments().lock(id).await?.ok_or(CreditError::NotFound)?;
    if payment.session.is_some() {
        return Ok(payment.status);
    }
    follow(tx, customer, id, GatewayVerdict::Declined, now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{now, session, user};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use crate::webhooks::tests::announces;
    use domain::identity::Role;
    use domain::payments::{Payment, Review, ReviewStatus};

    fn unit(payment: Payment) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Customer))));
        tx.payments.expect_lock().returning(move |_| Ok(Some(payment.clone())));
        tx
    }

    async fn follow(tx: &UnitOfWorkDouble, verdict: GatewayVerdict) -> Result<PaymentStatus, CreditError> {
        super::follow(tx, user(Role::Customer).id, top_up().id, verdict, now()).await
    }

    #[tokio::test]
    async fn what_was_paid_is_credited_once() {
        let mut tx = unit(top_up());
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Captured).times(1).returning(|_| Ok(()));
        let reference = format!("payment:{}:captured", top_up().id);
        let posted = tx.ledger.expect_post().withf(move |posting, at| posting.reference() == reference && *at == now());
        posted.times(1).returning(|_, _| Ok(Applied::Now(())));
        announces(&mut tx, &["payment.succeeded"]);
        assert_eq!(follow(&tx, GatewayVerdict::Paid).await.unwrap(), PaymentStatus::Captured);
        let tx = unit(Payment { status: PaymentStatus::Captured, ..top_up() });
        assert_eq!(follow(&tx, GatewayVerdict::Paid).await.unwrap(), PaymentStatus::Captured);
    }

    #[tokio::test]
    async fn what_was_not_paid_credits_nothing() {
        for (verdict, status, events) in [
            (GatewayVerdict::Declined, PaymentStatus::Declined, &["payment.failed"][..]),
            (GatewayVerdict::Closed, PaymentStatus::Voided, &[]),
        ] {
            let mut tx = unit(top_up());
            announces(&mut tx, events);
            tx.payments.expect_update().withf(move |p| p.status == status).times(1).returning(|_| Ok(()));
            assert_eq!(follow(&tx, verdict).await.unwrap(), status);
        }
    }

    #[tokio::test]
    async fn money_that_is_promised_credits_nothing_and_waits_for_six_days() {
        let mut tx = unit(Payment { review: Some(Review::open(vec!["declines".to_owned()])), ..top_up() });
        tx.payments.expect_update().times(1).returning(|_| Ok(()));
        let payment_id = top_up().id.uuid();
        for (job, at) in [
            (Job::EndReview { payment_id }, now() + chrono::TimeDelta::days(6)),
            (Job::SendPaymentHeldNotice { payment_id }, now()),
            (Job::SendReviewRequest { payment_id }, now()),
        ] {
            tx.jobs
                .expect_push()
                .withf(move |pushed, on| (pushed, *on) == (&job, at))
                .times(1)
                .returning(|_, _| Ok(()));
        }
        announces(&mut tx, &["payment.held"]);
        assert_eq!(follow(&tx, GatewayVerdict::Authorized).await.unwrap(), PaymentStatus::Authorized);
    }

    #[tokio::test]
    async fn who_was_told_that_their_payment_is_looked_at_is_told_how_it_ended() {
        for (decision, verdict) in
            [(ReviewStatus::Approved, GatewayVerdict::Paid), (ReviewStatus::Rejected, GatewayVerdict::Closed)]
        {
            let mut held = Payment { review: Some(Review::open(vec!["declines".to_owned()])), ..top_up() };
            held.follow(GatewayVerdict::Authorized, now()).unwrap();
            held.decide(decision, None, now()).unwrap();
            held.lose_sight(now());
            let mut again = unit(held.clone());
            again.payments.expect_update().times(1).returning(|_| Ok(()));
            follow(&again, GatewayVerdict::Authorized).await.unwrap();
            let mut tx = unit(held);
            tx.payments.expect_update().times(1).returning(|_| Ok(()));
            tx.ledger.expect_post().returning(|_, _| Ok(Applied::Now(())));
            let told = |job: &Job, _: &_| *job == Job::SendPaymentReviewedNotice { payment_id: top_up().id.uuid() };
            tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
            tx.jobs.expect_push().withf(|job, _| matches!(job, Job::AnnounceEvent { .. })).returning(|_, _| Ok(()));
            follow(&tx, verdict).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_gateway_that_contradicts_itself_is_for_a_person() {
        let tx = unit(Payment { status: PaymentStatus::Captured, ..top_up() });
        let error = follow(&tx, GatewayVerdict::Closed).await.unwrap_err();
        assert!(matches!(JobFailure::from(error), JobFailure::Fail(_)));
    }

    #[tokio::test]
    async fn what_the_gateway_does_not_take_has_failed_unless_a_page_is_known() {
        let mut tx = unit(top_up());
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Declined).times(1).returning(|_| Ok(()));
        announces(&mut tx, &["payment.failed"]);
        let ended = turn_away(&tx, user(Role::Customer).id, top_up().id, now()).await.unwrap();
        assert_eq!(ended, PaymentStatus::Declined);
        let mut open = top_up();
        open.submit(session(), now());
        let still = turn_away(&unit(open), user(Role::Customer).id, top_up().id, now()).await.unwrap();
        assert_eq!(still, PaymentStatus::Submitted);
    }
}
