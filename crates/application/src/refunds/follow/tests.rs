use super::*;
use crate::payments::ports::MockPaymentQueries;
use crate::refunds::give::tests::{captured, paid, refund, unit};
use crate::refunds::ports::{GatewayRefund, MockRefundGateway, MockRefundQueries};
use crate::tests::{StandingSystem, now};
use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
use domain::refunds::RefundVerdict;

fn following(
    transactor: &Arc<TransactorDouble>,
    stored: Refund,
    answer: Option<Result<RefundVerdict, GatewayError>>,
) -> RefundFollowing {
    let mut gateway = MockRefundGateway::new();
    if let Some(answer) = answer {
        let told = answer.map(|verdict| GatewayRefund { id: "re_1".to_owned(), verdict });
        gateway.expect_refund().withf(|_, wish| wish.asked_before).times(1).return_once(move |_, _| told);
    }
    let mut refunds = MockRefundQueries::new();
    refunds.expect_find_refund().returning(move |_| Ok(Some(stored.clone())));
    let mut payments = MockPaymentQueries::new();
    payments.expect_find().returning(|_| Ok(Some(captured())));
    RefundFollowing {
        refunds: Arc::new(refunds),
        payments: Arc::new(payments),
        gateway: Arc::new(gateway),
        transactor: transactor.clone(),
        clock: StandingSystem::new(),
    }
}

fn settling(stored: Refund, writes: usize) -> UnitOfWorkDouble {
    let mut tx = unit(paid(), captured(), vec![stored.clone()]);
    tx.refunds.expect_lock().return_once(move |_| Ok(Some(stored)));
    tx.refunds.expect_update().times(writes).returning(|_| Ok(()));
    tx
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_asked_for_again_until_it_is_known() {
    let transactor = TransactorDouble::new([settling(refund(), 1)]);
    following(&transactor, refund(), Some(Ok(RefundVerdict::Succeeded))).reconcile(refund().id).await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn while_it_is_on_its_way_or_the_gateway_away_it_is_asked_about_later() {
    let again = || {
        let mut tx = UnitOfWorkDouble::default();
        let later =
            |job: &Job, at: &_| matches!(job, Job::ReconcileRefund { .. }) && *at == now() + TimeDelta::minutes(2);
        tx.jobs.expect_push().withf(later).times(1).returning(|_, _| Ok(()));
        tx
    };
    let transactor = TransactorDouble::new([settling(refund(), 1), again()]);
    following(&transactor, refund(), Some(Ok(RefundVerdict::Pending))).reconcile(refund().id).await.unwrap();
    assert_eq!(transactor.commits(), 2);
    let transactor = TransactorDouble::new([again()]);
    let away = Some(Err(GatewayError::Unavailable("away".into())));
    following(&transactor, refund(), away).reconcile(refund().id).await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn what_has_ended_is_not_asked_about_by_the_reconciler() {
    let done = Refund { status: RefundStatus::Succeeded, ..refund() };
    let transactor = TransactorDouble::new([]);
    following(&transactor, done, None).reconcile(refund().id).await.unwrap();
}

#[tokio::test]
async fn an_event_about_what_went_well_is_followed_since_a_bank_may_send_it_back() {
    let done = Refund { status: RefundStatus::Succeeded, gateway_id: Some("re_1".to_owned()), ..refund() };
    let mut tx = settling(done.clone(), 1);
    tx.ledger.expect_post().times(1).returning(|_, _| Ok(domain::kernel::Applied::Now(())));
    tx.refunds.expect_count_back().times(1).returning(|_, _, _, _| Ok(true));
    tx.orders.expect_update().times(1).returning(|_| Ok(()));
    tx.jobs.expect_push().times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([tx]);
    let failed = RefundVerdict::Failed("expired_or_canceled_card".to_owned());
    following(&transactor, done, Some(Ok(failed))).follow(refund().id).await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn news_that_is_none_changes_nothing() {
    let done = Refund { status: RefundStatus::Succeeded, gateway_id: Some("re_1".to_owned()), ..refund() };
    let transactor = TransactorDouble::new([settling(done.clone(), 0)]);
    following(&transactor, done, Some(Ok(RefundVerdict::Succeeded))).follow(refund().id).await.unwrap();
}

#[tokio::test]
async fn what_goes_to_no_card_is_nothing_to_the_gateway() {
    let to_balance = Refund { to: vec![], status: RefundStatus::Succeeded, ..refund() };
    let failed = Refund { status: RefundStatus::Failed, ..refund() };
    let dispute = Refund { kind: RefundKind::Dispute, ..refund() };
    for stored in [to_balance, failed, dispute] {
        let transactor = TransactorDouble::new([]);
        following(&transactor, stored, None).follow(refund().id).await.unwrap();
    }
}

#[test]
fn the_longer_it_takes_the_less_often_it_is_asked_about() {
    assert_eq!(pause(TimeDelta::seconds(15)), TimeDelta::minutes(2));
    assert_eq!(pause(TimeDelta::hours(4)), TimeDelta::hours(1));
    assert_eq!(pause(TimeDelta::days(9)), TimeDelta::hours(6));
}
