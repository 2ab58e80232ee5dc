use super::*;
use crate::payments::ports::MockPaymentQueries;
use crate::refunds::give::tests::{captured, paid, refund, unit};
use crate::refunds::ports::MockRefundGateway;
use crate::tests::{StandingSystem, eur, now, order, payment, session, uuid};
use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
use crate::webhooks::tests::announces;
use domain::kernel::{Applied, UserId};
use domain::ledger::{Account, MovementKind};
use domain::orders::Order;
use domain::payments::{Payment, Purpose};

fn desk(transactor: &Arc<TransactorDouble>, payment: Payment, told: Option<(i64, RefundVerdict)>) -> DisputeDesk {
    let mut gateway = MockRefundGateway::new();
    let told = told.map(|(amount, verdict)| GatewayDispute { payment: payment.id, amount: eur(amount), verdict });
    gateway.expect_dispute().returning(move |_| Ok(told.clone()));
    let mut payments = MockPaymentQueries::new();
    payments.expect_find().returning(move |_| Ok(Some(payment.clone())));
    DisputeDesk {
        payments: Arc::new(payments),
        gateway: Arc::new(gateway),
        transactor: transactor.clone(),
        ids: StandingSystem::new(),
        clock: StandingSystem::new(),
    }
}

/// A unit of work in which a dispute is opened for so much, of which nobody had earned so much any more.
fn opening(earlier: Vec<Refund>, amount: i64, excess: i64) -> UnitOfWorkDouble {
    let mut tx = unit(paid(), captured(), earlier);
    tx.refunds.expect_lock_by_gateway_id().returning(|_| Ok(None));
    tx.refunds.expect_count().times(1).returning(move |_, counted, _, card| {
        assert_eq!((counted, card), (eur(amount), eur(amount)));
        Ok(true)
    });
    let opened = std::sync::Arc::new(std::sync::Mutex::new(None));
    let stored = opened.clone();
    tx.refunds.expect_insert().times(1).returning(move |dispute| {
        assert_eq!((dispute.kind, dispute.amount, dispute.excess), (RefundKind::Dispute, eur(amount), eur(excess)));
        *opened.lock().unwrap() = Some(dispute.clone());
        Ok(())
    });
    tx.refunds.expect_lock().returning(move |_| Ok(stored.lock().unwrap().clone()));
    tx.ledger.expect_post().times(1).returning(move |posting, _| {
        assert_eq!(posting.kind(), MovementKind::Dispute);
        let clearing = posting.legs().iter().find(|leg| leg.account == Account::Clearing).unwrap();
        assert_eq!(clearing.amount, eur(amount + excess));
        Ok(Applied::Now(()))
    });
    let noted = |order: &Order| order.timeline.last().is_some_and(|last| last.kind == OrderEventKind::Disputed);
    tx.orders.expect_update().withf(noted).times(1).returning(|_| Ok(()));
    tx.refunds.expect_note_dispute().withf(|_, state| *state == DisputeState::Open).times(1).returning(|_, _| Ok(()));
    let logged = |event: &SecurityEvent, _: &_| event.kind == SecurityEventKind::PaymentDisputed;
    tx.security_log.expect_record().withf(logged).times(1).returning(|_, _| Ok(()));
    announces(&mut tx, &["payment.disputed"]);
    tx.jobs
        .expect_push()
        .withf(|job, _| matches!(job, Job::SendDisputeNotice { .. }))
        .times(1)
        .returning(|_, _| Ok(()));
    tx
}

#[tokio::test]
async fn a_dispute_takes_what_was_earned_and_everyone_learns_of_it() {
    let transactor = TransactorDouble::new([opening(vec![], 20_000, 0)]);
    desk(&transactor, captured(), Some((20_000, RefundVerdict::Pending))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn of_what_was_refunded_before_the_platform_bears_the_second_time() {
    let before = Refund { status: RefundStatus::Succeeded, ..refund() };
    let transactor = TransactorDouble::new([opening(vec![before], 10_000, 10_000)]);
    desk(&transactor, captured(), Some((20_000, RefundVerdict::Pending))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

fn open() -> Refund {
    Refund { kind: RefundKind::Dispute, gateway_id: Some("dp_1".to_owned()), excess: eur(500), ..refund() }
}

fn known(stored: Refund, state: DisputeState, event: OrderEventKind, amount: i64) -> UnitOfWorkDouble {
    let mut tx = unit(paid(), captured(), vec![stored.clone()]);
    let found = stored.clone();
    tx.refunds.expect_lock_by_gateway_id().return_once(move |_| Ok(Some(found)));
    tx.refunds.expect_lock().return_once(move |_| Ok(Some(stored)));
    tx.refunds.expect_update().times(1).returning(|_| Ok(()));
    tx.refunds.expect_note_dispute().withf(move |_, noted| *noted == state).times(1).returning(|_, _| Ok(()));
    let noted = move |order: &Order| {
        order.timeline.last().is_some_and(|last| last.kind == event && last.amount == Some(eur(amount)))
    };
    tx.orders.expect_update().withf(noted).times(1).returning(|_| Ok(()));
    tx.jobs
        .expect_push()
        .withf(|job, _| matches!(job, Job::SendDisputeNotice { .. }))
        .times(1)
        .returning(|_, _| Ok(()));
    tx
}

#[tokio::test]
async fn what_is_won_is_theirs_again_who_gave_it() {
    let mut tx = known(open(), DisputeState::Won, OrderEventKind::DisputeWon, 10_500);
    tx.refunds.expect_count_back().times(1).returning(|_, _, _, _| Ok(true));
    tx.ledger.expect_post().times(1).returning(|posting, _| {
        assert_eq!(posting.kind(), MovementKind::DisputeWon);
        let amounts: Vec<_> = posting.legs().iter().map(|leg| leg.amount).collect();
        assert_eq!(amounts, [eur(9_000), eur(-10_500), eur(1_500)], "with what the platform had borne");
        Ok(Applied::Now(()))
    });
    let transactor = TransactorDouble::new([tx]);
    let won = RefundVerdict::Failed("won".to_owned());
    desk(&transactor, captured(), Some((10_500, won))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn what_is_lost_stays_with_the_bank() {
    let transactor = TransactorDouble::new([known(open(), DisputeState::Lost, OrderEventKind::DisputeLost, 10_500)]);
    desk(&transactor, captured(), Some((10_500, RefundVerdict::Succeeded))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn an_inquiry_and_what_is_heard_of_too_late_move_nothing() {
    let transactor = TransactorDouble::new([]);
    desk(&transactor, captured(), None).follow("dp_1").await.unwrap();
    let mut tx = unit(paid(), captured(), vec![]);
    tx.refunds.expect_lock_by_gateway_id().returning(|_| Ok(None));
    let transactor = TransactorDouble::new([tx]);
    let won = RefundVerdict::Failed("won".to_owned());
    desk(&transactor, captured(), Some((20_000, won))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 0);
}

#[tokio::test]
async fn a_dispute_that_is_heard_of_before_its_payment_waits_for_it() {
    let mut submitted = payment();
    submitted.submit(session(), now());
    let mut tx = unit(order(), submitted.clone(), vec![]);
    let settles = |job: &Job, at: &_| matches!(job, Job::SettlePayment { .. }) && *at == now();
    tx.jobs.expect_push().withf(settles).times(1).returning(|_, _| Ok(()));
    let later =
        |job: &Job, at: &_| matches!(job, Job::FollowDispute { dispute_id } if dispute_id == "dp_1") && *at > now();
    tx.jobs.expect_push().withf(later).times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([tx]);
    desk(&transactor, submitted, Some((20_000, RefundVerdict::Succeeded))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn a_disputed_top_up_is_for_a_person() {
    let mut tx = UnitOfWorkDouble::default();
    tx.payments.expect_lock().returning(|_| Ok(Some(payment())));
    tx.refunds.expect_note_dispute().withf(|_, state| *state == DisputeState::Lost).times(1).returning(|_, _| Ok(()));
    tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([tx]);
    let top_up = Payment { purpose: Purpose::TopUp { customer: UserId::new(uuid(1)) }, ..captured() };
    desk(&transactor, top_up, Some((20_000, RefundVerdict::Succeeded))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}
