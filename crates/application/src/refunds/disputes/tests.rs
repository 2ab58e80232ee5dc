use super::*;
use crate::payments::ports::MockPaymentQueries;
use crate::refunds::give::tests::{captured, paid, refund, unit};
use crate::refunds::ports::{GatewayFee, MockRefundGateway};
use crate::tests::{StandingSystem, eur, now, order, payment, session, uuid};
use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
use crate::webhooks::tests::announces;
use domain::kernel::{Applied, UserId};
use domain::ledger::{Account, MovementKind};
use domain::orders::Order;
use domain::payments::{Payment, Purpose};
use domain::refunds::TopUpRefund;

fn desk(transactor: &Arc<TransactorDouble>, payment: Payment, told: Option<(i64, RefundVerdict)>) -> DisputeDesk {
    let mut gateway = MockRefundGateway::new();
    let told = told.map(|(amount, verdict)| GatewayDispute {
        payment: payment.id,
        amount: eur(amount),
        verdict,
        fees: vec![],
    });
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
    assert_eq!(transactor.commits(), 1);
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
async fn one_that_is_won_leaves_another_open() {
    let other = Refund { id: RefundId::new(uuid(91)), gateway_id: Some("dp_2".to_owned()), ..open() };
    let mut tx = unit(paid(), captured(), vec![open(), other]);
    tx.refunds.expect_lock_by_gateway_id().return_once(|_| Ok(Some(open())));
    tx.refunds.expect_lock().return_once(|_| Ok(Some(open())));
    tx.refunds.expect_update().times(1).returning(|_| Ok(()));
    tx.refunds.expect_count_back().times(1).returning(|_, _, _, _| Ok(true));
    tx.refunds.expect_note_dispute().withf(|_, state| *state == DisputeState::Open).times(1).returning(|_, _| Ok(()));
    tx.ledger.expect_post().times(1).returning(|_, _| Ok(Applied::Now(())));
    tx.orders.expect_update().times(1).returning(|_| Ok(()));
    tx.jobs.expect_push().times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([tx]);
    let won = RefundVerdict::Failed("won".to_owned());
    desk(&transactor, captured(), Some((10_500, won))).follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

#[tokio::test]
async fn what_the_gateway_keeps_for_a_dispute_and_gives_back_is_posted() {
    let mut tx = unit(paid(), captured(), vec![]);
    tx.refunds.expect_lock_by_gateway_id().returning(|_| Ok(None));
    tx.refunds.expect_note_dispute().withf(|_, state| *state == DisputeState::Won).times(1).returning(|_, _| Ok(()));
    let mut kinds = vec![MovementKind::DisputeFeeReturned, MovementKind::DisputeFee];
    tx.ledger.expect_post().times(2).returning(move |posting, _| {
        assert_eq!(Some(posting.kind()), kinds.pop());
        let fees = posting.legs().iter().find(|leg| leg.account == Account::GatewayFees).unwrap();
        assert_eq!(fees.amount.amount().abs(), 1_500);
        Ok(Applied::Now(()))
    });
    let transactor = TransactorDouble::new([tx]);
    let mut gateway = MockRefundGateway::new();
    gateway.expect_dispute().returning(|_| {
        let fee = |transfer: &str, amount| GatewayFee { transfer: transfer.to_owned(), amount: eur(amount) };
        let fees = vec![fee("txn_1", 1_500), fee("txn_2", 0), fee("txn_3", -1_500)];
        let verdict = RefundVerdict::Failed("won".to_owned());
        Ok(Some(GatewayDispute { payment: captured().id, amount: eur(20_000), verdict, fees }))
    });
    let desk = DisputeDesk { gateway: Arc::new(gateway), ..desk(&transactor, captured(), None) };
    desk.follow("dp_1").await.unwrap();
    assert_eq!(transactor.commits(), 1);
}

fn top_up() -> Payment {
    Payment { purpose: Purpose::TopUp { customer: UserId::new(uuid(1)) }, ..captured() }
}

/// What is stored of a dispute of a top-up of 200.00, of which the balance held so much.
fn of_top_up(status: RefundStatus, taken: i64) -> TopUpRefund {
    TopUpRefund {
        kind: RefundKind::Dispute,
        payment_id: top_up().id,
        customer: UserId::new(uuid(1)),
        amount: eur(20_000),
        counted: eur(20_000),
        taken: eur(taken),
        status,
        gateway_id: Some("dp_1".to_owned()),
        ..crate::refunds::top_ups::give::tests::refund()
    }
}

#[tokio::test]
async fn a_disputed_top_up_takes_what_the_balance_holds_and_the_platform_bears_the_rest() {
    for (holds, taken) in [(0, 0), (5_000, 5_000), (90_000, 20_000)] {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(None));
        tx.payments.expect_lock().returning(|_| Ok(Some(top_up())));
        tx.top_up_refunds.expect_lock_by_gateway_id().returning(|_| Ok(None));
        tx.ledger.expect_lock_balance().returning(move |_, _| Ok(eur(holds)));
        tx.top_up_refunds
            .expect_count()
            .withf(|_, counted| *counted == eur(20_000))
            .times(1)
            .returning(|_, _| Ok(true));
        let opened = Arc::new(std::sync::Mutex::new(None));
        let stored = opened.clone();
        tx.top_up_refunds.expect_insert().times(1).returning(move |dispute| {
            assert_eq!((dispute.kind, dispute.taken), (RefundKind::Dispute, eur(taken)));
            *opened.lock().unwrap() = Some(dispute.clone());
            Ok(())
        });
        tx.top_up_refunds.expect_lock().returning(move |_| Ok(stored.lock().unwrap().clone()));
        tx.ledger.expect_post().times(1).returning(move |posting, _| {
            let lost = posting.legs().iter().find(|leg| leg.account == Account::PlatformFees);
            assert_eq!(lost.map_or(0, |leg| leg.amount.amount()), taken - 20_000);
            Ok(Applied::Now(()))
        });
        let open = |_: &_, state: &DisputeState| *state == DisputeState::Open;
        tx.refunds.expect_note_dispute().withf(open).times(1).returning(|_, _| Ok(()));
        tx.security_log.expect_record().times(1).returning(|_, _| Ok(()));
        announces(&mut tx, &["payment.disputed"]);
        let told = |job: &Job, _: &_| matches!(job, Job::SendDisputeNotice { .. });
        tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor, top_up(), Some((20_000, RefundVerdict::Pending))).follow("dp_1").await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}

#[tokio::test]
async fn a_disputed_top_up_ends_once() {
    for (verdict, status, state) in [
        (RefundVerdict::Succeeded, RefundStatus::Succeeded, DisputeState::Lost),
        (RefundVerdict::Failed("won".to_owned()), RefundStatus::Failed, DisputeState::Won),
    ] {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(None));
        tx.payments.expect_lock().returning(|_| Ok(Some(top_up())));
        let open = || of_top_up(RefundStatus::Pending, 5_000);
        tx.top_up_refunds.expect_lock_by_gateway_id().returning(move |_| Ok(Some(open())));
        tx.top_up_refunds.expect_lock().returning(move |_| Ok(Some(open())));
        tx.top_up_refunds.expect_update().withf(move |one| one.status == status).times(1).returning(|_| Ok(()));
        tx.top_up_refunds.expect_of_payment().returning(move |_| Ok(vec![of_top_up(status, 5_000)]));
        tx.refunds.expect_note_dispute().withf(move |_, noted| *noted == state).times(1).returning(|_, _| Ok(()));
        if status == RefundStatus::Failed {
            tx.ledger.expect_post().times(1).returning(|posting, _| {
                assert_eq!(posting.kind(), MovementKind::DisputeWon);
                Ok(Applied::Now(()))
            });
            tx.top_up_refunds.expect_count_back().times(1).returning(|_, _| Ok(true));
        }
        let told = |job: &Job, _: &_| matches!(job, Job::SendDisputeNotice { .. });
        tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        desk(&transactor, top_up(), Some((20_000, verdict))).follow("dp_1").await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
