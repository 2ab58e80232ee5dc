//! The gift cards that an order has bought: each piece is issued once, after the order is paid, and mailed on its day. Who
//! bought them sees how the mails stand, and sends elsewhere what still waits.

use super::issuing::{letter_of, plan_delivery, put_out};
use super::ports::{CardWithBalance, GiftDeliveryQueries, LaterCodes, SoldCard};
use crate::identity::{Allowed, policy};
use crate::jobs::JobFailure;
use crate::orders::ports::{OrderAccess, OrderQueries};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, digest_of};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{Delivery, GiftCard, NewGiftCard, OrderPiece};
use domain::kernel::{EmailAddress, Gift, GiftCardId, OrderId};
use domain::ledger::movements::GiftCardSold;
use domain::orders::{Order, OrderLine, OrderStatus};
use std::sync::Arc;

/// Issues gift cards that were bought.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait IssueSoldGiftCards: Send + Sync {
    /// Issues those of an order that are not there yet; nothing for an order that is not paid.
    async fn issue(&self, order: OrderId) -> Result<(), JobFailure>;
}

/// The service behind [`IssueSoldGiftCards`].
pub struct SoldCards {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Makes codes.
    pub codes: Arc<dyn LaterCodes>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl IssueSoldGiftCards for SoldCards {
    async fn issue(&self, id: OrderId) -> Result<(), JobFailure> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let Some(order) = tx.orders().lock(id).await? else { return Ok(()) };
        if order.status != OrderStatus::Paid || tx.gift_deliveries().any_of_order(id).await? {
            return Ok(());
        }
        for line in &order.lines {
            let Some(gift) = &line.gift else { continue };
            for number in 0..line.quantity {
                self.one(tx.as_ref(), &order, line, number, gift, now).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

impl SoldCards {
    async fn one(
        &self,
        tx: &dyn UnitOfWork,
        order: &Order,
        line: &OrderLine,
        number: u32,
        gift: &Gift,
        now: DateTime<Utc>,
    ) -> Result<(), JobFailure> {
        let id = GiftCardId::new(self.ids.next());
        let seed = self.codes.seed(id.uuid()).map_err(RepositoryError::unavailable)?;
        let code = self.codes.code(&seed, id.uuid(), id).map_err(RepositoryError::unavailable)?;
        let new = NewGiftCard {
            id,
            code_digest: digest_of(code.expose()),
            last4: code.last4(),
            value: line.unit_price,
            issued_by: line.seller.id,
            recipient_email: Some(gift.recipient_email.clone()),
            expires_at: None,
        };
        let card = GiftCard::issue(new, now).map_err(|refused| JobFailure::Fail(format!("{refused:?}")))?;
        let sold = GiftCardSold { gift_card: id, order: order.id, seller: line.seller.id, value: card.value };
        let posting = sold.posting().map_err(|error| JobFailure::Fail(error.to_string()))?;
        put_out(tx, &card, &posting, now).await?;
        let piece = OrderPiece { order: order.id, line: line.id, number };
        plan_delivery(tx, &Delivery::plan(id, gift.clone(), seed, Some(piece), now)).await?;
        Ok(())
    }
}

/// Shows buyers where their gifts are.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait FollowGifts: Send + Sync {
    /// The gift cards of an order: the caller's own, or the one that a token opens.
    async fn of_order<'a>(
        &self,
        caller: Option<&'a Allowed<policy::ViewOrders>>,
        token: Option<&'a str>,
        order: OrderId,
    ) -> Result<Vec<SoldCard>, FollowGiftError>;
    /// Sends one that still waits to another address.
    async fn readdress<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        token: Option<&'a str>,
        order: OrderId,
        card: GiftCardId,
        to: EmailAddress,
    ) -> Result<Vec<SoldCard>, FollowGiftError>;
}

/// Why a gift is not shown or sent elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum FollowGiftError {
    /// There is no such order, or it is another's.
    #[error("there is no such order")]
    OrderNotFound,
    /// The order has not bought such a card.
    #[error("the order has not bought such a card")]
    NotFound,
    /// The mail may be there already.
    #[error("the gift is on its way")]
    OnItsWay,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`FollowGifts`].
pub struct GiftDesk {
    /// Reads orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Checks guests' tokens.
    pub access: Arc<dyn OrderAccess>,
    /// Reads deliveries.
    pub deliveries: Arc<dyn GiftDeliveryQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl FollowGifts for GiftDesk {
    async fn of_order<'a>(
        &self,
        caller: Option<&'a Allowed<policy::ViewOrders>>,
        token: Option<&'a str>,
        order: OrderId,
    ) -> Result<Vec<SoldCard>, FollowGiftError> {
        self.must_be_seen(caller.map(|caller| caller.user_id), token, order).await?;
        Ok(self.deliveries.sold_cards(order).await?)
    }

    async fn readdress<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        token: Option<&'a str>,
        order: OrderId,
        id: GiftCardId,
        to: EmailAddress,
    ) -> Result<Vec<SoldCard>, FollowGiftError> {
        self.must_be_seen(caller.map(|caller| caller.user_id), token, order).await?;
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let found = tx.gift_cards().lock(id).await?;
        let CardWithBalance { mut card, .. } = found.ok_or(FollowGiftError::NotFound)?;
        let delivery = tx.gift_deliveries().lock(id).await?;
        let of_order = |delivery: &Delivery| delivery.piece.is_some_and(|piece| piece.order == order);
        let mut delivery = delivery.filter(of_order).ok_or(FollowGiftError::NotFound)?;
        delivery.readdress(to.clone(), now).map_err(|_| FollowGiftError::OnItsWay)?;
        card.recipient_email = Some(to);
        card.updated_at = now;
        tx.gift_cards().update(&card).await?;
        tx.gift_deliveries().update(&delivery).await?;
        tx.jobs().push(letter_of(&delivery), delivery.send_at).await?;
        tx.commit().await?;
        Ok(self.deliveries.sold_cards(order).await?)
    }
}

impl GiftDesk {
    async fn must_be_seen(
        &self,
        user: Option<domain::kernel::UserId>,
        token: Option<&str>,
        id: OrderId,
    ) -> Result<(), FollowGiftError> {
        let order = self.orders.find(id).await?.ok_or(FollowGiftError::OrderNotFound)?;
        let own = user.is_some() && order.user_id == user;
        let opened = token.is_some_and(|token| self.access.opens(id, token));
        if own || opened { Ok(()) } else { Err(FollowGiftError::OrderNotFound) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::batch_steps::tests::codes;
    use crate::gift_cards::issue::tests::gift;
    use crate::gift_cards::ports::MockGiftDeliveryQueries;
    use crate::gift_cards::redeem::tests::card;
    use crate::jobs::Job;
    use crate::orders::ports::{MockOrderAccess, MockOrderQueries};
    use crate::tests::{StandingSystem, allowed, email, now, order, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use domain::gift_cards::SealedSeed;
    use domain::identity::Role;
    use domain::kernel::{Applied, Money, UserId};
    use domain::ledger::{MovementKind, Posting};

    /// An order whose first line is two gift cards.
    fn with_gifts() -> Order {
        let mut order = order();
        order.lines[0].gift = Some(gift(Some("2027-02-01")));
        order.lines[0].quantity = 2;
        order.pay(now()).unwrap();
        order
    }

    async fn issue(tx: UnitOfWorkDouble) -> usize {
        let transactor = TransactorDouble::new([tx]);
        let system = StandingSystem::new();
        let sold =
            SoldCards { transactor: transactor.clone(), codes: Arc::new(codes()), ids: system.clone(), clock: system };
        sold.issue(order().id).await.unwrap();
        transactor.commits()
    }

    #[tokio::test]
    async fn each_piece_that_was_bought_is_a_card_paid_by_its_seller_and_mailed_on_its_day() {
        let (bought, price) = (with_gifts(), with_gifts().lines[0].unit_price);
        let mut tx = UnitOfWorkDouble::default();
        tx.orders.expect_lock().return_once(move |_| Ok(Some(bought)));
        tx.gift_deliveries.expect_any_of_order().returning(|_| Ok(false));
        tx.gift_cards.expect_insert().withf(move |card| card.value == price).times(2).returning(|_| Ok(()));
        let sold = |posting: &Posting, _: &_| posting.kind() == MovementKind::GiftCardSold;
        tx.ledger.expect_post().withf(sold).times(2).returning(|_, _| Ok(Applied::Now(())));
        for number in 0..2 {
            let piece = move |delivery: &Delivery| delivery.piece.is_some_and(|piece| piece.number == number);
            tx.gift_deliveries.expect_insert().withf(piece).times(1).returning(|_| Ok(()));
        }
        announces(&mut tx, &["gift_card.issued", "gift_card.issued"]);
        let letter = |job: &Job, at: &DateTime<Utc>| matches!(job, Job::DeliverGiftCard { .. }) && *at > now();
        tx.jobs.expect_push().withf(letter).times(2).returning(|_, _| Ok(()));
        assert_eq!(issue(tx).await, 1);
    }

    #[tokio::test]
    async fn what_is_not_paid_or_was_issued_before_is_left_alone() {
        let mut unpaid = UnitOfWorkDouble::default();
        unpaid.orders.expect_lock().return_once(|_| Ok(Some(order())));
        assert_eq!(issue(unpaid).await, 0);
        let mut issued = UnitOfWorkDouble::default();
        issued.orders.expect_lock().return_once(|_| Ok(Some(with_gifts())));
        issued.gift_deliveries.expect_any_of_order().returning(|_| Ok(true));
        assert_eq!(issue(issued).await, 0);
    }

    fn desk(transactor: &Arc<TransactorDouble>) -> GiftDesk {
        desk_of(transactor, None)
    }

    /// The desk, over an order of this user's, or of a guest's.
    fn desk_of(transactor: &Arc<TransactorDouble>, user_id: Option<UserId>) -> GiftDesk {
        let mut orders = MockOrderQueries::new();
        orders.expect_find().returning(move |_| Ok(Some(Order { user_id, ..with_gifts() })));
        let mut access = MockOrderAccess::new();
        access.expect_opens().returning(|_, token| token == "token");
        let mut deliveries = MockGiftDeliveryQueries::new();
        let sold = |order| SoldCard { last4: card().last4, value: card().value, delivery: delivery(order) };
        deliveries.expect_sold_cards().returning(move |order| Ok(vec![sold(order)]));
        GiftDesk {
            orders: Arc::new(orders),
            access: Arc::new(access),
            deliveries: Arc::new(deliveries),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
        }
    }

    fn delivery(order: OrderId) -> Delivery {
        let piece = OrderPiece { order, line: with_gifts().lines[0].id, number: 0 };
        let seed = SealedSeed::new("sealed".to_owned());
        Delivery::plan(card().id, gift(Some("2027-02-01")), seed, Some(piece), now())
    }

    fn holding(delivery: Delivery) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let balance: Money = card().value;
        tx.gift_cards.expect_lock().return_once(move |_| Ok(Some(CardWithBalance { card: card(), balance })));
        tx.gift_deliveries.expect_lock().return_once(move |_| Ok(Some(delivery)));
        tx
    }

    #[tokio::test]
    async fn who_bought_a_gift_sends_it_elsewhere_while_it_waits() {
        let mut tx = holding(delivery(order().id));
        tx.gift_cards.expect_update().times(1).returning(|_| Ok(()));
        let there = |delivery: &Delivery| delivery.gift.recipient_email == email("b@example.com");
        tx.gift_deliveries.expect_update().withf(there).times(1).returning(|_| Ok(()));
        let second = |job: &Job, _: &_| matches!(job, Job::DeliverGiftCard { letter: 2, .. });
        tx.jobs.expect_push().withf(second).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let desk = desk(&transactor);
        desk.readdress(None, Some("token"), order().id, card().id, email("b@example.com")).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_gift_is_shown_to_who_bought_it_and_to_who_has_the_guests_token() {
        let (ada, nothing) = (allowed(Role::Customer), TransactorDouble::new([]));
        let seen = async |owner, caller, token| {
            desk_of(&nothing, owner).of_order(caller, token, order().id).await.map(|sold| sold.len())
        };
        assert_eq!(seen(Some(ada.user_id), Some(&ada), None).await.unwrap(), 1);
        assert_eq!(seen(None, None, Some("token")).await.unwrap(), 1);
        for (owner, caller) in [(Some(UserId::new(uuid(77))), Some(&ada)), (None, Some(&ada)), (None, None)] {
            assert!(matches!(seen(owner, caller, None).await, Err(FollowGiftError::OrderNotFound)), "{owner:?}");
        }
    }

    #[tokio::test]
    async fn anothers_gift_and_one_that_is_on_its_way_stay_where_they_go() {
        let mut begun = delivery(order().id);
        begun.send_at = now();
        begun.begin(1, now()).unwrap();
        let transactor = TransactorDouble::new([holding(delivery(OrderId::new(uuid(99)))), holding(begun)]);
        // The double hands out its units in their order.
        let desk = desk(&transactor);
        let to = || email("b@example.com");
        let error = desk.readdress(None, Some("token"), order().id, card().id, to()).await.unwrap_err();
        assert!(matches!(error, FollowGiftError::NotFound));
        let error = desk.readdress(None, Some("token"), order().id, card().id, to()).await.unwrap_err();
        assert!(matches!(error, FollowGiftError::OnItsWay));
        for token in [None, Some("another")] {
            let error = desk.readdress(None, token, order().id, card().id, to()).await.unwrap_err();
            assert!(matches!(error, FollowGiftError::OrderNotFound));
            assert!(matches!(desk.of_order(None, token, order().id).await, Err(FollowGiftError::OrderNotFound)));
        }
        assert_eq!(transactor.commits(), 0);
    }
}
