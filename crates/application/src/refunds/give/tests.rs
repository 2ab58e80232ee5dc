use super::*;
use crate::gift_cards::ports::CardWithBalance;
use crate::gift_cards::redeem::tests::card;
use crate::identity::Caller;
use crate::payments::ports::GatewayError;
use crate::refunds::ports::{GatewayRefund, MockRefundGateway};
use crate::tests::{StandingSystem, allowed, caller, eur, now, order, payment, session, uuid, variant};
use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
use crate::webhooks::tests::announces;
use chrono::Months;
use domain::gift_cards::GiftCard;
use domain::identity::Role;
use domain::kernel::{Applied, PaymentId};
use domain::ledger::{MovementKind, Posting};
use domain::orders::{Tender, TenderSource};
use domain::payments::GatewayVerdict;
use domain::refunds::{Allotment, RefundTender, RefundVerdict, TenderKind};
use std::collections::BTreeMap;

/// A refund of 100.00 to the card, of the order's first line.
pub fn refund() -> Refund {
    let part = Allotment { line: Some(order().lines[0].id), quantity: 1, amount: eur(10_000) };
    Refund {
        id: RefundId::new(uuid(50)),
        kind: RefundKind::Refund,
        order_id: order().id,
        payment_id: Some(payment().id),
        amount: eur(10_000),
        excess: eur(0),
        status: RefundStatus::Pending,
        parts: vec![part],
        kept: vec![],
        to: vec![RefundTender { position: 0, kind: TenderKind::Card, amount: eur(10_000) }],
        reason: None,
        restocked: false,
        requested_by: Some(UserId::new(uuid(7))),
        request_key: "key".to_owned(),
        gateway_id: None,
        failure: None,
        created_at: now(),
        updated_at: now(),
    }
}

/// The order of [`order`], paid.
pub fn paid() -> Order {
    let mut order = order();
    order.pay(now()).unwrap();
    order
}

/// Its payment, captured.
pub fn captured() -> Payment {
    let mut payment = payment();
    payment.submit(session(), now());
    payment.follow(GatewayVerdict::Paid, now()).unwrap();
    payment
}

/// A unit of work with this order and payment, and these refunds so far; a tenth of what was sold was the fee.
pub fn unit(order: Order, payment: Payment, earlier: Vec<Refund>) -> UnitOfWorkDouble {
    let mut tx = UnitOfWorkDouble::default();
    tx.orders.expect_lock().returning(move |_| Ok(Some(order.clone())));
    let stored = payment.clone();
    tx.payments.expect_lock_of_order().returning(move |_| Ok(Some(payment.clone())));
    tx.payments.expect_lock().returning(move |_| Ok(Some(stored.clone())));
    tx.refunds.expect_of_order().returning(move |_| Ok(earlier.clone()));
    tx.refunds.expect_find_by_key().returning(|_| Ok(None));
    tx.refunds.expect_dispute_of().returning(|_| Ok(None));
    let earned = BTreeMap::from([(UserId::new(uuid(7)), eur(9_000)), (UserId::new(uuid(5)), eur(9_000))]);
    tx.refunds.expect_earned().returning(move |_| Ok(Some(earned.clone())));
    tx
}

/// It is counted, written down, posted and noted, and these jobs are left.
fn written(tx: &mut UnitOfWorkDouble, amount: i64, card: i64, jobs: usize) {
    tx.refunds.expect_count().times(1).returning(move |_, counted, of_payment, of_card| {
        assert_eq!((counted, of_payment, of_card), (eur(amount), Some(payment().id), eur(card)));
        Ok(true)
    });
    tx.refunds.expect_insert().times(1).returning(|_| Ok(()));
    let posting = |posting: &Posting, _: &_| posting.kind() == MovementKind::Refund;
    tx.ledger.expect_post().withf(posting).times(1).returning(|_, _| Ok(Applied::Now(())));
    let noted = move |order: &Order| {
        order
            .timeline
            .last()
            .is_some_and(|last| last.kind == OrderEventKind::Refunded && last.amount == Some(eur(amount)))
    };
    tx.orders.expect_update().withf(noted).times(1).returning(|_| Ok(()));
    announces(tx, &["order.refunded"]);
    let at_once = |job: &Job, at: &_| match job {
        Job::ReconcileRefund { .. } => *at == now() + TimeDelta::seconds(15),
        Job::ExpireGiftCard { .. } => true,
        _ => *at == now(),
    };
    tx.jobs.expect_push().withf(at_once).times(jobs).returning(|_, _| Ok(()));
}

/// The unit of work in which a refund follows the gateway.
fn following(refund: Refund, status: RefundStatus) -> UnitOfWorkDouble {
    let mut tx = unit(paid(), captured(), vec![refund.clone()]);
    tx.refunds.expect_lock().return_once(move |_| Ok(Some(refund)));
    tx.refunds.expect_update().withf(move |refund| refund.status == status).times(1).returning(|_| Ok(()));
    tx
}

fn desk(transactor: &Arc<TransactorDouble>, answer: Option<Result<RefundVerdict, GatewayError>>) -> RefundDesk {
    let mut gateway = MockRefundGateway::new();
    if let Some(answer) = answer {
        let told = answer.map(|verdict| GatewayRefund { id: "re_1".to_owned(), verdict });
        gateway.expect_refund().withf(|_, wish| !wish.asked_before).times(1).return_once(move |_, _| told);
    }
    RefundDesk {
        transactor: transactor.clone(),
        gateway: Arc::new(gateway),
        ids: StandingSystem::new(),
        clock: StandingSystem::new(),
    }
}

fn seller(number: u64) -> Allowed<RefundSales> {
    Allowed::check(&Caller { user_id: UserId::new(uuid(number)), ..caller(Role::Seller) }, now()).unwrap()
}

fn command(wish: RefundWish) -> RefundCommand {
    RefundCommand { order: order().id, wish, reason: None, restock: false, key: "key".to_owned() }
}

#[tokio::test]
async fn a_seller_gives_their_line_back_and_the_gateway_is_asked_after_the_commit() {
    let mut tx = unit(paid(), captured(), vec![]);
    written(&mut tx, 10_000, 10_000, 2);
    let transactor = TransactorDouble::new([tx, following(refund(), RefundStatus::Succeeded)]);
    let desk = desk(&transactor, Some(Ok(RefundVerdict::Succeeded)));
    let (given, order) = desk.of_sales(&seller(7), command(RefundWish::Rest)).await.unwrap();
    assert_eq!((given.status, given.gateway_id.as_deref()), (RefundStatus::Succeeded, Some("re_1")));
    assert_eq!(order.refunded, eur(10_000));
    assert_eq!(transactor.commits(), 2);
}

#[tokio::test]
async fn a_gateway_that_is_away_or_whose_answer_is_lost_is_asked_by_the_job() {
    for error in [GatewayError::Unavailable("away".into()), GatewayError::Lost("silence".into())] {
        let mut tx = unit(paid(), captured(), vec![]);
        written(&mut tx, 20_000, 20_000, 2);
        let transactor = TransactorDouble::new([tx]);
        let (given, _) = desk(&transactor, Some(Err(error)))
            .of_order(&allowed(Role::Admin), command(RefundWish::Rest))
            .await
            .unwrap();
        assert_eq!(given.status, RefundStatus::Pending);
        assert_eq!(transactor.commits(), 1);
    }
}

#[tokio::test]
async fn what_the_gateway_refuses_comes_back_to_those_who_gave_it() {
    let mut tx = unit(paid(), captured(), vec![]);
    written(&mut tx, 10_000, 10_000, 2);
    let mut back = following(refund(), RefundStatus::Failed);
    back.ledger.expect_post().times(1).returning(|posting, _| {
        assert_eq!(posting.kind(), MovementKind::RefundFailed);
        let amounts: Vec<_> = posting.legs().iter().map(|leg| leg.amount).collect();
        assert_eq!(amounts, [eur(9_000), eur(-10_000), eur(1_000)], "the seller's and the platform's share");
        Ok(Applied::Now(()))
    });
    back.refunds.expect_count_back().times(1).returning(|_, amount, _, card| {
        assert_eq!((amount, card), (eur(10_000), eur(10_000)));
        Ok(true)
    });
    let noted = |order: &Order| order.timeline.last().is_some_and(|last| last.kind == OrderEventKind::RefundFailed);
    back.orders.expect_update().withf(noted).times(1).returning(|_| Ok(()));
    let told = |job: &Job, _: &_| matches!(job, Job::SendRefundFailedNotice { .. });
    back.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
    let transactor = TransactorDouble::new([tx, back]);
    let refused = Some(Err(GatewayError::Refused("the card is closed".to_owned())));
    let (given, _) = desk(&transactor, refused).of_sales(&seller(7), command(RefundWish::Rest)).await.unwrap();
    assert_eq!((given.status, given.failure.as_deref()), (RefundStatus::Failed, Some("the card is closed")));
}

/// The order, of which 50.00 were paid by a gift card and 30.00 by the customer's balance.
fn mixed(user: Option<UserId>) -> (Order, Payment) {
    let gift_card = TenderSource::GiftCard { id: card().id, last4: "7KX2".to_owned() };
    let balance = TenderSource::Balance(UserId::new(uuid(1)));
    let tender = |source, amount| Tender { source, amount: eur(amount) };
    let tenders = vec![tender(gift_card, 5_000), tender(balance, 3_000)];
    (Order { tenders, user_id: user, ..paid() }, Payment { amount: eur(12_000), ..captured() })
}

fn holding(tx: &mut UnitOfWorkDouble, card: GiftCard) {
    let found = CardWithBalance { card, balance: eur(0) };
    tx.gift_cards.expect_lock().return_once(move |_| Ok(Some(found)));
}

fn to(refund: &Refund) -> Vec<(TenderKind, i64)> {
    refund.to.iter().map(|tender| (tender.kind, tender.amount.amount())).collect()
}

#[tokio::test]
async fn what_was_taken_first_is_filled_first_and_without_the_card_no_gateway_is_asked() {
    let (order, payment) = mixed(Some(UserId::new(uuid(1))));
    let mut tx = unit(order, payment, vec![]);
    holding(&mut tx, card());
    written(&mut tx, 6_000, 0, 1);
    let transactor = TransactorDouble::new([tx]);
    let wish = RefundWish::Amount(eur(6_000));
    let (given, _) = desk(&transactor, None).of_sales(&seller(7), command(wish)).await.unwrap();
    let balance = TenderKind::Balance(UserId::new(uuid(1)));
    assert_eq!(to(&given), [(TenderKind::GiftCard(card().id), 5_000), (balance, 1_000)]);
    assert_eq!(given.status, RefundStatus::Succeeded);
}

#[tokio::test]
async fn a_card_that_cannot_be_used_gets_no_money() {
    let (ada, bob) = (UserId::new(uuid(1)), UserId::new(uuid(2)));
    let expired = || GiftCard { expires_at: Some(now()), ..card() };
    let redeemed = || GiftCard { redeemed_at: Some(now()), redeemed_by: Some(bob), ..card() };
    for (customer, found, kind) in [
        (Some(ada), expired(), TenderKind::Balance(ada)),
        (Some(ada), redeemed(), TenderKind::Balance(bob)),
        (None, redeemed(), TenderKind::Balance(bob)),
        (None, card(), TenderKind::GiftCard(card().id)),
    ] {
        let (order, payment) = mixed(customer);
        let mut tx = unit(order, payment, vec![]);
        holding(&mut tx, found);
        written(&mut tx, 1_000, 0, 1);
        let transactor = TransactorDouble::new([tx]);
        let wish = RefundWish::Amount(eur(1_000));
        let (given, _) = desk(&transactor, None).of_sales(&seller(7), command(wish)).await.unwrap();
        assert_eq!(to(&given), [(kind, 1_000)]);
    }
}

#[tokio::test]
async fn a_guests_card_that_had_expired_lives_a_year_longer() {
    let (order, payment) = mixed(None);
    let mut tx = unit(order, payment, vec![]);
    holding(&mut tx, GiftCard { expires_at: Some(now()), ..card() });
    let longer = |card: &GiftCard| card.expires_at == now().checked_add_months(Months::new(12));
    tx.gift_cards.expect_update().withf(longer).times(1).returning(|_| Ok(()));
    written(&mut tx, 1_000, 0, 2);
    let transactor = TransactorDouble::new([tx]);
    let wish = RefundWish::Amount(eur(1_000));
    let (given, _) = desk(&transactor, None).of_sales(&seller(7), command(wish)).await.unwrap();
    assert_eq!(to(&given), [(TenderKind::GiftCard(card().id), 1_000)]);
}

#[tokio::test]
async fn pieces_go_back_on_sale_if_they_are_to() {
    let mut tx = unit(paid(), captured(), vec![]);
    let wanted = mockall::predicate::eq(variant(7));
    tx.stock.expect_give_back().with(wanted, mockall::predicate::eq(1)).times(1).returning(|_, _| Ok(()));
    written(&mut tx, 10_000, 10_000, 2);
    let transactor = TransactorDouble::new([tx]);
    let away = Some(Err(GatewayError::Unavailable("away".into())));
    let command = RefundCommand { restock: true, ..command(RefundWish::Rest) };
    assert!(desk(&transactor, away).of_sales(&seller(7), command).await.unwrap().0.restocked);
}

#[tokio::test]
async fn of_an_amount_no_piece_goes_back_on_sale() {
    let mut tx = unit(paid(), captured(), vec![]);
    written(&mut tx, 100, 100, 2);
    let transactor = TransactorDouble::new([tx]);
    let away = Some(Err(GatewayError::Unavailable("away".into())));
    let command = RefundCommand { restock: true, ..command(RefundWish::Amount(eur(100))) };
    desk(&transactor, away).of_sales(&seller(7), command).await.unwrap();
}

#[tokio::test]
async fn the_same_request_gives_one_refund() {
    let mut tx = UnitOfWorkDouble::default();
    tx.orders.expect_lock().returning(|_| Ok(Some(paid())));
    let known = |key: &str| key == format!("{}:key", order().id);
    tx.refunds.expect_find_by_key().withf(known).returning(|_| Ok(Some(refund())));
    let transactor = TransactorDouble::new([tx]);
    let (again, _) = desk(&transactor, None).of_sales(&seller(7), command(RefundWish::Rest)).await.unwrap();
    assert_eq!((again, transactor.commits()), (refund(), 0));
}

async fn refused(tx: UnitOfWorkDouble, by: u64, wish: RefundWish) -> GiveRefundError {
    let transactor = TransactorDouble::new([tx]);
    let error = desk(&transactor, None).of_sales(&seller(by), command(wish)).await.unwrap_err();
    assert_eq!(transactor.commits(), 0);
    error
}

#[tokio::test]
async fn anothers_order_is_not_there() {
    let tx = unit(paid(), captured(), vec![]);
    assert!(matches!(refused(tx, 99, RefundWish::Rest).await, GiveRefundError::NotFound));
}

#[tokio::test]
async fn what_was_not_paid_or_is_disputed_is_not_given_back() {
    let tx = unit(order(), payment(), vec![]);
    let error = refused(tx, 7, RefundWish::Rest).await;
    assert!(matches!(error, GiveRefundError::NotPaid(OrderState::PendingPayment)));
    let mut tx = UnitOfWorkDouble::default();
    tx.orders.expect_lock().returning(|_| Ok(Some(paid())));
    tx.refunds.expect_find_by_key().returning(|_| Ok(None));
    tx.payments.expect_lock_of_order().returning(|_| Ok(Some(captured())));
    let of_payment = |payment: &PaymentId| *payment == captured().id;
    tx.refunds.expect_dispute_of().withf(of_payment).returning(|_| Ok(Some(DisputeState::Open)));
    assert!(matches!(refused(tx, 7, RefundWish::Rest).await, GiveRefundError::Disputed));
}

#[tokio::test]
async fn nothing_is_given_twice_and_the_statement_that_counts_has_the_last_word() {
    let tx = unit(paid(), captured(), vec![refund()]);
    let error = refused(tx, 7, RefundWish::Rest).await;
    assert!(matches!(error, GiveRefundError::Refused(RefundRefusal::NothingLeft)));
    let mut tx = unit(paid(), captured(), vec![]);
    tx.refunds.expect_count().returning(|_, _, _, _| Ok(false));
    let error = refused(tx, 7, RefundWish::Rest).await;
    assert!(matches!(error, GiveRefundError::Refused(RefundRefusal::NothingLeft)));
}
