//! The step that several use cases share: a payment follows the gateway's verdict, and its order follows the payment, in
//! one transaction: with what it earns in the ledger, if it is paid. Whoever comes second finds it done.

use crate::checkout::{bookkeeping, by_balance, stock, tenders};
use crate::jobs::{Job, JobFailure};
use crate::ledger::ports::PostError;
use crate::payments::held;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use crate::webhooks::announce;
use chrono::{DateTime, Utc};
use domain::kernel::{Applied, MoneyError, OrderId};
use domain::ledger::{Account, FeeRate, PostingError};
use domain::orders::{Order, OrderRefusal, OrderStatus};
use domain::payments::{ContradictoryVerdict, GatewayVerdict, Payment, PaymentStatus};

/// Why an order whose payment was closed ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The customer gave it up.
    Cancelled,
    /// Its time was over.
    Expired,
}

/// Why a verdict could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum SettlementError {
    /// The order or its payment is not there.
    #[error("the order or its payment is not there")]
    NotFound,
    /// The gateway contradicts what it said before.
    #[error(transparent)]
    Contradiction(#[from] ContradictoryVerdict),
    /// The payment moved, but the order had ended in another way.
    #[error("the payment is {payment:?}, but the order {order:?}")]
    OrderEnded { payment: PaymentStatus, order: OrderRefusal },
    /// What was paid is not what the order costs.
    #[error("the order's money does not add up: {0}")]
    Unbalanced(#[from] PostingError),
    /// What the order held is not there.
    #[error("there is too little in {0}")]
    TooLittle(Account),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<PostError> for SettlementError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::TooLittle(account) => Self::TooLittle(account),
            PostError::Repository(error) => Self::Repository(error),
        }
    }
}

impl From<MoneyError> for SettlementError {
    fn from(error: MoneyError) -> Self {
        Self::Unbalanced(error.into())
    }
}

/// A contradiction is for a person; a database that was away may be back.
impl From<SettlementError> for JobFailure {
    fn from(error: SettlementError) -> Self {
        match error {
            SettlementError::Repository(error) => error.into(),
            SettlementError::NotFound
            | SettlementError::Contradiction(_)
            | SettlementError::OrderEnded { .. }
            | SettlementError::Unbalanced(_)
            | SettlementError::TooLittle(_) => Self::Fail(error.to_string()),
        }
    }
}

/// Follows the verdict; of a paid order the platform keeps its fee. Answers where the order stands then; the caller
/// commits.
///
/// # Errors
/// [`SettlementError`]; the caller rolls back.
pub async fn follow(
    tx: &dyn UnitOfWork,
    order_id: OrderId,
    verdict: GatewayVerdict,
    closing: Closing,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<OrderStatus, SettlementError> {
    let mut order = tx.orders().lock(order_id).await?.ok_or(SettlementError::NotFound)?;
    let mut payment = tx.payments().lock_of_order(order_id).await?.ok_or(SettlementError::NotFound)?;
    if payment.is_left_to_balance() && verdict.brings_nothing() {
        return by_balance::pay(tx, order, payment, fee, now).await;
    }
    let was_held = payment.was_held();
    let Applied::Now(status) = payment.follow(verdict, now)? else { return Ok(order.status) };
    let moved = match (status, closing) {
        (PaymentStatus::Authorized, _) => order.hold_payment(now),
        (PaymentStatus::Captured, _) => order.pay(now),
        (PaymentStatus::Declined, _) => order.fail_payment(now),
        (PaymentStatus::Voided, Closing::Cancelled) => order.cancel(now),
        (PaymentStatus::Voided, Closing::Expired) => order.expire(now),
        (PaymentStatus::Created | PaymentStatus::Submitted | PaymentStatus::Unknown, _) => Ok(Applied::Already),
    };
    let moved = moved.map_err(|order| SettlementError::OrderEnded { payment: status, order })?;
    tx.payments().update(&payment).await?;
    if moved == Applied::Now(()) {
        tx.orders().update(&order).await?;
        after(tx, &order, &payment, fee, now).await?;
        if was_held && order.status != OrderStatus::Paid {
            // That it is paid its confirmation tells.
            tx.jobs().push(Job::SendPaymentReviewedNotice { payment_id: payment.id.uuid() }, now).await?;
        }
    }
    Ok(order.status)
}

/// Ends an order whose payment the gateway does not take: it opened no page, so no money can come by card. If a page is known
/// all the same, since another was faster, nothing is changed. Answers where the order stands then; the caller commits.
///
/// # Errors
/// [`SettlementError`]; the caller rolls back.
pub async fn turn_away(
    tx: &dyn UnitOfWork,
    order_id: OrderId,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<OrderStatus, SettlementError> {
    let order = tx.orders().lock(order_id).await?.ok_or(SettlementError::NotFound)?;
    let payment = tx.payments().lock_of_order(order_id).await?.ok_or(SettlementError::NotFound)?;
    if payment.session.is_some() {
        return Ok(order.status);
    }
    follow(tx, order_id, GatewayVerdict::Declined, Closing::Cancelled, fee, now).await
}

/// What follows from the order's new state.
async fn after(
    tx: &dyn UnitOfWork,
    order: &Order,
    payment: &Payment,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<(), SettlementError> {
    if order.status == OrderStatus::Paid {
        return sold(tx, order, payment, fee, now).await;
    }
    if order.awaits_payment().is_ok() {
        held::is_held(tx, payment, now).await?;
        return Ok(announce::settled(tx, order, payment, now).await?);
    }
    stock::give_back(tx, order).await?;
    tenders::give_back(tx, order, now).await?;
    Ok(announce::settled(tx, order, payment, now).await?)
}

/// What follows when an order is paid: its money is posted, and mails are planned.
///
/// # Errors
/// [`SettlementError`]; the caller rolls back.
pub(super) async fn sold(
    tx: &dyn UnitOfWork,
    order: &Order,
    payment: &Payment,
    fee: FeeRate,
    now: DateTime<Utc>,
) -> Result<(), SettlementError> {
    tx.ledger().post(&bookkeeping::paid(order, payment)?.posting(fee)?, now).await?;
    tx.jobs().push(Job::SendOrderConfirmation { order_id: order.id.uuid() }, now).await?;
    tx.jobs().push(Job::SendSaleNotices { order_id: order.id.uuid() }, now).await?;
    if order.lines.iter().any(|line| line.gift.is_some()) {
        tx.jobs().push(Job::IssueSoldGiftCards { order_id: order.id.uuid() }, now).await?;
    }
    Ok(announce::settled(tx, order, payment, now).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::ports::CardWithBalance;
    use crate::tests::{eur, gift_card, now, order, payment, session, uuid, variant};
    use crate::unit_of_work::double::UnitOfWorkDouble;
    use crate::webhooks::tests::announces;
    use domain::gift_cards::GiftCard;
    use domain::kernel::UserId;
    use domain::ledger::MovementKind;
    use domain::orders::{Tender, TenderSource};
    use domain::payments::Review;
    use std::sync::{Arc, Mutex};

    fn unit(order: Order, payment: Payment) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.orders.expect_lock().returning(move |_| Ok(Some(order.clone())));
        tx.payments.expect_lock_of_order().returning(move |_| Ok(Some(payment.clone())));
        tx
    }

    async fn follow(
        tx: &UnitOfWorkDouble,
        verdict: GatewayVerdict,
        closing: Closing,
    ) -> Result<OrderStatus, SettlementError> {
        super::follow(tx, order().id, verdict, closing, FeeRate::NONE, now()).await
    }

    #[tokio::test]
    async fn a_captured_payment_pays_its_order_is_posted_and_mails_are_planned_once() {
        let mut tx = unit(order(), payment());
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Captured).times(1).returning(|_| Ok(()));
        tx.orders.expect_update().withf(|o| o.status == OrderStatus::Paid).times(1).returning(|_| Ok(()));
        let reference = format!("order:{}:captured", order().id);
        let posted = tx.ledger.expect_post().withf(move |posting, at| posting.reference() == reference && *at == now());
        posted.times(1).returning(|_, _| Ok(Applied::Now(())));
        announces(&mut tx, &["payment.succeeded", "order.paid"]);
        tx.jobs.expect_push().times(2).returning(|_, _| Ok(()));
        assert_eq!(follow(&tx, GatewayVerdict::Paid, Closing::Cancelled).await.unwrap(), OrderStatus::Paid);
    }

    #[tokio::test]
    async fn an_order_that_is_not_paid_in_full_is_for_a_person() {
        let short = Payment { amount: eur(19_999), ..payment() };
        let mut tx = unit(order(), short);
        tx.payments.expect_update().returning(|_| Ok(()));
        tx.orders.expect_update().returning(|_| Ok(()));
        let error = follow(&tx, GatewayVerdict::Paid, Closing::Cancelled).await.unwrap_err();
        assert!(matches!(error, SettlementError::Unbalanced(_)));
        assert!(matches!(JobFailure::from(error), JobFailure::Fail(_)));
    }

    #[tokio::test]
    async fn an_order_whose_hold_has_less_than_it_took_is_for_a_person() {
        let mut tx = unit(holding(), Payment { amount: eur(15_000), ..payment() });
        tx.payments.expect_update().returning(|_| Ok(()));
        tx.orders.expect_update().returning(|_| Ok(()));
        tx.ledger.expect_post().returning(|_, _| Err(PostError::TooLittle(Account::OrderHold(order().id))));
        let error = follow(&tx, GatewayVerdict::Paid, Closing::Cancelled).await.unwrap_err();
        assert!(matches!(error, SettlementError::TooLittle(_)));
        assert!(matches!(JobFailure::from(error), JobFailure::Fail(_)));
    }

    #[tokio::test]
    async fn a_verdict_that_comes_again_changes_nothing() {
        let (mut paid, mut captured) = (order(), payment());
        paid.pay(now()).unwrap();
        captured.follow(GatewayVerdict::Paid, now()).unwrap();
        let tx = unit(paid, captured);
        assert_eq!(follow(&tx, GatewayVerdict::Paid, Closing::Cancelled).await.unwrap(), OrderStatus::Paid);
    }

    #[tokio::test]
    async fn an_order_that_ends_unpaid_gives_its_stock_back_in_the_order_of_variants() {
        let ends = [
            (
                GatewayVerdict::Declined,
                Closing::Cancelled,
                OrderStatus::Cancelled,
                &["payment.failed", "order.cancelled"][..],
            ),
            (GatewayVerdict::Closed, Closing::Cancelled, OrderStatus::Cancelled, &["order.cancelled"]),
            (GatewayVerdict::Closed, Closing::Expired, OrderStatus::Expired, &["order.expired"]),
        ];
        for (verdict, closing, status, told) in ends {
            let mut tx = unit(order(), payment());
            announces(&mut tx, told);
            tx.payments.expect_update().times(1).returning(|_| Ok(()));
            tx.orders.expect_update().times(1).returning(|_| Ok(()));
            let mut sequence = mockall::Sequence::new();
            for number in [5, 7] {
                let wanted = mockall::predicate::eq(variant(number));
                let give_back = tx.stock.expect_give_back().with(wanted, mockall::predicate::eq(1));
                give_back.times(1).in_sequence(&mut sequence).returning(|_, _| Ok(()));
            }
            assert_eq!(follow(&tx, verdict, closing).await.unwrap(), status);
        }
    }

    /// An order that holds 30.00 of a card and 20.00 of Ada's balance.
    fn holding() -> Order {
        let card = TenderSource::GiftCard { id: gift_card().id, last4: "YZ01".to_owned() };
        let tenders = vec![
            Tender { source: card, amount: eur(3_000) },
            Tender { source: TenderSource::Balance(UserId::new(uuid(1))), amount: eur(2_000) },
        ];
        Order { tenders, ..order() }
    }

    /// What that order gives back if the card stands like this then.
    async fn given_back(card: GiftCard, looked_at_again: usize) -> Vec<(Account, i64)> {
        let mut tx = unit(holding(), Payment { amount: eur(15_000), ..payment() });
        tx.payments.expect_update().returning(|_| Ok(()));
        tx.orders.expect_update().returning(|_| Ok(()));
        tx.stock.expect_give_back().times(2).returning(|_, _| Ok(()));
        let found = CardWithBalance { card, balance: eur(0) };
        let lock = tx.gift_cards.expect_lock_all().withf(|ids| ids == [gift_card().id]);
        lock.times(1).return_once(move |_| Ok(vec![found]));
        let again = |job: &Job, at: &DateTime<Utc>| {
            *job == Job::ExpireGiftCard { gift_card_id: gift_card().id.uuid() } && *at == now()
        };
        announces(&mut tx, &["payment.failed", "order.cancelled"]);
        tx.jobs.expect_push().withf(again).times(looked_at_again).returning(|_, _| Ok(()));
        let legs = Arc::new(Mutex::new(Vec::new()));
        let told = legs.clone();
        tx.ledger.expect_post().times(1).returning(move |posting, _| {
            assert_eq!(posting.kind(), MovementKind::OrderHoldReleased);
            told.lock().unwrap().extend(posting.legs().iter().map(|leg| (leg.account, leg.amount.amount())));
            Ok(Applied::Now(()))
        });
        let status = follow(&tx, GatewayVerdict::Declined, Closing::Cancelled).await.unwrap();
        assert_eq!(status, OrderStatus::Cancelled);
        legs.lock().unwrap().clone()
    }

    #[tokio::test]
    async fn an_order_that_ends_unpaid_gives_back_what_it_held() {
        let (hold, ada) = (Account::OrderHold(order().id), Account::StoreBalance(UserId::new(uuid(1))));
        let to_the_card = [(Account::GiftCard(gift_card().id), 3_000), (hold, -5_000), (ada, 2_000)];
        assert_eq!(given_back(gift_card(), 0).await, to_the_card);
        let mut disabled = gift_card();
        disabled.disable(now());
        assert_eq!(given_back(disabled, 0).await, to_the_card, "it stays disabled, with its value");
        let expired = GiftCard { expires_at: Some(now()), ..gift_card() };
        assert_eq!(given_back(expired, 1).await, to_the_card, "and is looked at again");
        let later = GiftCard { expires_at: Some(now() + chrono::TimeDelta::days(1)), ..gift_card() };
        assert_eq!(given_back(later, 0).await, to_the_card);
        let mut redeemed = gift_card();
        redeemed.redeem(UserId::new(uuid(2)), eur(1), now()).unwrap();
        let bob = Account::StoreBalance(UserId::new(uuid(2)));
        assert_eq!(given_back(redeemed, 0).await, [(hold, -5_000), (ada, 2_000), (bob, 3_000)]);
    }

    #[tokio::test]
    async fn a_payment_that_the_gateway_does_not_take_ends_its_order() {
        let mut tx = unit(order(), payment());
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Declined).times(1).returning(|_| Ok(()));
        tx.orders.expect_update().withf(|o| o.status == OrderStatus::Cancelled).times(1).returning(|_| Ok(()));
        tx.stock.expect_give_back().times(2).returning(|_, _| Ok(()));
        announces(&mut tx, &["payment.failed", "order.cancelled"]);
        assert_eq!(turn_away(&tx, order().id, FeeRate::NONE, now()).await.unwrap(), OrderStatus::Cancelled);
    }

    #[tokio::test]
    async fn a_page_that_is_known_is_not_turned_away() {
        let mut submitted = payment();
        submitted.submit(session(), now());
        let tx = unit(order(), submitted);
        assert_eq!(turn_away(&tx, order().id, FeeRate::NONE, now()).await.unwrap(), OrderStatus::PendingPayment);
    }

    #[tokio::test]
    async fn a_page_that_is_open_after_all_is_noted_and_changes_no_order() {
        let mut lost = payment();
        lost.submit(session(), now());
        lost.lose_sight(now());
        let mut tx = unit(order(), lost);
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Submitted).times(1).returning(|_| Ok(()));
        let status = follow(&tx, GatewayVerdict::Open, Closing::Cancelled).await.unwrap();
        assert_eq!(status, OrderStatus::PendingPayment);
    }

    #[tokio::test]
    async fn an_order_whose_money_is_promised_keeps_its_stock_and_waits_for_a_decision() {
        let reviewed = Payment { review: Some(Review::open(vec!["declines".to_owned()])), ..payment() };
        let mut tx = unit(order(), reviewed);
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Authorized).times(1).returning(|_| Ok(()));
        tx.orders.expect_update().withf(|o| o.timeline.len() == 2).times(1).returning(|_| Ok(()));
        let payment_id = payment().id.uuid();
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
        let status = follow(&tx, GatewayVerdict::Authorized, Closing::Expired).await.unwrap();
        assert_eq!(status, OrderStatus::PendingPayment);
    }

    #[tokio::test]
    async fn a_promise_that_is_heard_of_again_is_told_to_nobody() {
        let (mut waiting, mut lost) = (order(), payment());
        waiting.hold_payment(now()).unwrap();
        lost.review = Some(Review::open(vec!["declines".to_owned()]));
        lost.follow(GatewayVerdict::Authorized, now()).unwrap();
        lost.lose_sight(now());
        let mut tx = unit(waiting, lost);
        tx.payments.expect_update().withf(|p| p.status == PaymentStatus::Authorized).times(1).returning(|_| Ok(()));
        let status = follow(&tx, GatewayVerdict::Authorized, Closing::Cancelled).await.unwrap();
        assert_eq!(status, OrderStatus::PendingPayment);
    }

    #[tokio::test]
    async fn who_was_told_that_their_payment_is_looked_at_is_told_that_the_money_was_let_go() {
        let (mut waiting, mut held) = (order(), payment());
        waiting.hold_payment(now()).unwrap();
        held.review = Some(Review::open(vec!["declines".to_owned()]));
        held.follow(GatewayVerdict::Authorized, now()).unwrap();
        let mut tx = unit(waiting, held);
        tx.payments.expect_update().times(1).returning(|_| Ok(()));
        tx.orders.expect_update().withf(|o| o.status == OrderStatus::Cancelled).times(1).returning(|_| Ok(()));
        tx.stock.expect_give_back().times(2).returning(|_, _| Ok(()));
        let told = |job: &Job, _: &_| *job == Job::SendPaymentReviewedNotice { payment_id: payment().id.uuid() };
        tx.jobs.expect_push().withf(told).times(1).returning(|_, _| Ok(()));
        announces(&mut tx, &["order.cancelled"]);
        assert_eq!(follow(&tx, GatewayVerdict::Closed, Closing::Cancelled).await.unwrap(), OrderStatus::Cancelled);
    }

    #[tokio::test]
    async fn money_for_an_order_that_was_given_up_is_for_a_person() {
        let mut cancelled = order();
        cancelled.cancel(now()).unwrap();
        let tx = unit(cancelled, payment());
        let error = follow(&tx, GatewayVerdict::Paid, Closing::Cancelled).await.unwrap_err();
        assert!(matches!(error, SettlementError::OrderEnded { payment: PaymentStatus::Captured, .. }));
    }

    #[tokio::test]
    async fn a_gateway_that_contradicts_itself_is_not_followed() {
        let (mut paid, mut captured) = (order(), payment());
        paid.pay(now()).unwrap();
        captured.follow(GatewayVerdict::Paid, now()).unwrap();
        let tx = unit(paid, captured);
        let error = follow(&tx, GatewayVerdict::Closed, Closing::Expired).await.unwrap_err();
        assert!(matches!(error, SettlementError::Contradiction(_)));
    }
}
