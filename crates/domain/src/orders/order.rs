//! An order and its life: it waits for its payment, and is paid, cancelled or expired. That money goes back later stands beside that.

use super::{ShippingAddress, Tender, TenderSource};
use crate::kernel::{
    Applied, CartId, Currency, EmailAddress, Gift, GiftCardId, Money, MoneyError, OrderId, OrderLineId, ProductId,
    Slug, UserId, VariantId,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// The number that people quote: `CR-` and ten characters without look-alikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderNumber(pub String);

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// The stock is reserved; the money is awaited.
    PendingPayment,
    /// Paid in full.
    Paid,
    /// Given up before payment, by the customer or because the payment failed; the stock went back.
    Cancelled,
    /// Not paid in time; the stock went back.
    Expired,
}

/// Something that happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderEvent {
    /// What.
    pub kind: OrderEventKind,
    /// When.
    pub at: DateTime<Utc>,
    /// How much money it is about.
    pub amount: Option<Money>,
}

/// What can happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderEventKind {
    /// The customer placed it.
    Placed,
    /// The payment succeeded.
    Paid,
    /// The payment was declined.
    PaymentFailed,
    /// The money is promised; somebody looks at the payment before it is taken.
    PaymentHeld,
    /// It was given up.
    Cancelled,
    /// It was not paid in time.
    Expired,
    /// Money went back to its customer.
    Refunded,
    /// It did not arrive there.
    RefundFailed,
    /// A bank took money back, since its customer disputes the payment.
    Disputed,
    /// The bank gave it again.
    DisputeWon,
    /// The bank keeps it.
    DisputeLost,
}

crate::named! {
    /// Where an order stands as people see it: with what has gone back of its money.
    pub enum OrderState {
        /// The money is awaited.
        PendingPayment = "pending_payment",
        /// Paid in full.
        Paid = "paid",
        /// Given up before payment.
        Cancelled = "cancelled",
        /// Not paid in time.
        Expired = "expired",
        /// Paid, and some of it has gone back.
        PartlyRefunded = "partly_refunded",
        /// Paid, and all of it has gone back.
        Refunded = "refunded",
    }
}

/// A seller as they were called at the moment of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerSnapshot {
    /// The seller.
    pub id: UserId,
    /// The name of their shop.
    pub shop_name: String,
}

/// So many of a variant, as it was at the moment of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Its id.
    pub id: OrderLineId,
    /// The product.
    pub product_id: ProductId,
    /// The variant.
    pub variant_id: VariantId,
    /// The seller's number for it.
    pub sku: String,
    /// The product's title.
    pub title: String,
    /// What distinguishes the variant.
    pub options: BTreeMap<String, String>,
    /// How many.
    pub quantity: u32,
    /// What one cost.
    pub unit_price: Money,
    /// What all of them cost.
    pub total: Money,
    /// Whose it was.
    pub seller: SellerSnapshot,
    /// Where it stood.
    pub category: Option<Slug>,
    /// What it was made of.
    pub materials: Vec<Slug>,
    /// Whom each is for, where it is a gift card.
    pub gift: Option<Gift>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// What people quote.
    pub number: OrderNumber,
    /// The cart that it came from; no other order has it.
    pub cart_id: CartId,
    /// What named its checkout: the same name again answers this order.
    pub checkout_key: String,
    /// The customer; `None` for a guest.
    pub user_id: Option<UserId>,
    /// Where mails go.
    pub email: EmailAddress,
    /// Where it stands.
    pub status: OrderStatus,
    /// At least one.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines.
    pub subtotal: Money,
    /// Taken off the subtotal.
    pub discount: Money,
    /// For bringing it.
    pub shipping: Money,
    /// On top of the prices.
    pub tax: Money,
    /// What is to be paid.
    pub total: Money,
    /// What was taken of gift cards and balance, in that order; the rest is the card's to pay.
    pub tenders: Vec<Tender>,
    /// What of it has gone back, or is on its way; counted by the one statement that decides whether it may.
    pub refunded: Money,
    /// Where it goes; `None` when nothing of it is shipped.
    pub shipping_address: Option<ShippingAddress>,
    /// What happened, oldest first.
    pub timeline: Vec<OrderEvent>,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// Until when it waits for its payment.
    pub expires_at: DateTime<Utc>,
}

/// What an order is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// The id it will have.
    pub id: OrderId,
    /// What people will quote.
    pub number: OrderNumber,
    /// The cart.
    pub cart_id: CartId,
    /// What names its checkout.
    pub checkout_key: String,
    /// The customer; `None` for a guest.
    pub user_id: Option<UserId>,
    /// Where mails go.
    pub email: EmailAddress,
    /// The currency of every line.
    pub currency: Currency,
    /// At least one.
    pub lines: Vec<OrderLine>,
    /// Where it is to go, as far as its customer said.
    pub shipping_address: Option<ShippingAddress>,
}

/// Why no order is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlaceRefusal {
    /// Something of it is shipped, and nobody said where to.
    #[error("nobody said where it goes")]
    AddressMissing,
    /// Its price can't be told.
    #[error(transparent)]
    Amount(#[from] MoneyError),
}

/// Why an order refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderRefusal {
    /// It does not wait for a payment any more.
    NotPending(OrderStatus),
}

impl Order {
    /// How long the stock is kept for an order that is not paid.
    pub const RESERVATION: TimeDelta = TimeDelta::minutes(30);

    /// Places an order, whose total is the sum of its lines: delivery is free, and prices include their tax. One of which nothing
    /// is shipped has no address, whatever was said.
    ///
    /// # Errors
    /// When the lines have several currencies, their sum overflows, or nobody said where they go.
    pub fn place(new: NewOrder, now: DateTime<Utc>) -> Result<Self, PlaceRefusal> {
        let is_shipped = new.lines.iter().any(OrderLine::is_shipped);
        let shipping_address = new.shipping_address.filter(|_| is_shipped);
        if is_shipped && shipping_address.is_none() {
            return Err(PlaceRefusal::AddressMissing);
        }
        let nothing = Money::zero(new.currency);
        let subtotal = Money::sum(new.currency, new.lines.iter().map(|line| line.total))?;
        Ok(Self {
            id: new.id,
            number: new.number,
            cart_id: new.cart_id,
            checkout_key: new.checkout_key,
            user_id: new.user_id,
            email: new.email,
            status: OrderStatus::PendingPayment,
            lines: new.lines,
            subtotal,
            discount: nothing,
            shipping: nothing,
            tax: nothing,
            total: subtotal,
            tenders: Vec::new(),
            refunded: nothing,
            shipping_address,
            timeline: vec![OrderEvent { kind: OrderEventKind::Placed, at: now, amount: None }],
            created_at: now,
            expires_at: now + Self::RESERVATION,
        })
    }

    /// Takes what is offered of gift cards and balance. `payable` tells the least amount that the card can pay and that is no
    /// less than a rest.
    ///
    /// # Errors
    /// When an offer has another currency.
    pub fn take(&mut self, offers: Vec<Tender>, payable: impl FnOnce(Money) -> Money) -> Result<(), MoneyError> {
        self.tenders = Tender::of_offers(self.total, offers, payable)?;
        Ok(())
    }

    /// The last characters of the code of a gift card that it took from.
    #[must_use]
    pub fn last4_of(&self, card: GiftCardId) -> Option<&str> {
        self.tenders.iter().find_map(|tender| match &tender.source {
            TenderSource::GiftCard { id, last4 } if *id == card => Some(last4.as_str()),
            TenderSource::GiftCard { .. } | TenderSource::Balance(_) => None,
        })
    }

    /// What it has taken of gift cards and balance.
    ///
    /// # Errors
    /// When the sum overflows.
    pub fn taken(&self) -> Result<Money, MoneyError> {
        Money::sum(self.total.currency(), self.tenders.iter().map(|tender| tender.amount))
    }

    /// What is left for the card to pay.
    ///
    /// # Errors
    /// When the sum overflows.
    pub fn by_card(&self) -> Result<Money, MoneyError> {
        self.total.minus(self.taken()?)
    }

    /// Notes that it is paid.
    ///
    /// # Errors
    /// When it was cancelled or has expired.
    pub fn pay(&mut self, now: DateTime<Utc>) -> Result<Applied, OrderRefusal> {
        self.leave_pending(OrderStatus::Paid, OrderEventKind::Paid, now)
    }

    /// Notes that its money is promised, and waits for somebody's decision. That it is promised still is no news.
    ///
    /// # Errors
    /// When it does not wait for its payment any more.
    pub fn hold_payment(&mut self, now: DateTime<Utc>) -> Result<Applied, OrderRefusal> {
        self.awaits_payment()?;
        if self.timeline.iter().any(|event| event.kind == OrderEventKind::PaymentHeld) {
            return Ok(Applied::Already);
        }
        self.timeline.push(OrderEvent { kind: OrderEventKind::PaymentHeld, at: now, amount: None });
        Ok(Applied::Now(()))
    }

    /// Gives it up because its payment was declined.
    ///
    /// # Errors
    /// When it is paid or has expired.
    pub fn fail_payment(&mut self, now: DateTime<Utc>) -> Result<Applied, OrderRefusal> {
        self.leave_pending(OrderStatus::Cancelled, OrderEventKind::PaymentFailed, now)
    }

    /// Gives it up.
    ///
    /// # Errors
    /// When it is paid or has expired.
    pub fn cancel(&mut self, now: DateTime<Utc>) -> Result<Applied, OrderRefusal> {
        self.leave_pending(OrderStatus::Cancelled, OrderEventKind::Cancelled, now)
    }

    /// Stops waiting for its payment.
    ///
    /// # Errors
    /// When it is paid or cancelled.
    pub fn expire(&mut self, now: DateTime<Utc>) -> Result<Applied, OrderRefusal> {
        self.leave_pending(OrderStatus::Expired, OrderEventKind::Expired, now)
    }

    /// Whether it waits for its payment.
    ///
    /// # Errors
    /// When it has ended, or is paid.
    pub fn awaits_payment(&self) -> Result<(), OrderRefusal> {
        if self.status == OrderStatus::PendingPayment { Ok(()) } else { Err(OrderRefusal::NotPending(self.status)) }
    }

    /// Notes what became of some of its money.
    pub fn note(&mut self, kind: OrderEventKind, amount: Money, now: DateTime<Utc>) {
        self.timeline.push(OrderEvent { kind, at: now, amount: Some(amount) });
    }

    /// Where it stands as people see it.
    #[must_use]
    pub const fn state(&self) -> OrderState {
        match self.status {
            OrderStatus::PendingPayment => OrderState::PendingPayment,
            OrderStatus::Cancelled => OrderState::Cancelled,
            OrderStatus::Expired => OrderState::Expired,
            OrderStatus::Paid if !self.refunded.is_positive() => OrderState::Paid,
            OrderStatus::Paid if self.refunded.amount() < self.total.amount() => OrderState::PartlyRefunded,
            OrderStatus::Paid => OrderState::Refunded,
        }
    }

    fn leave_pending(
        &mut self,
        to: OrderStatus,
        kind: OrderEventKind,
        now: DateTime<Utc>,
    ) -> Result<Applied, OrderRefusal> {
        if self.status == to {
            return Ok(Applied::Already);
        }
        self.awaits_payment()?;
        self.status = to;
        self.timeline.push(OrderEvent { kind, at: now, amount: None });
        Ok(Applied::Now(()))
    }
}

impl OrderLine {
    /// Whether it is a thing that goes somewhere: gift cards are mailed.
    #[must_use]
    pub const fn is_shipped(&self) -> bool {
        self.gift.is_none()
    }

    /// The lines of one seller, with their sum.
    ///
    /// # Errors
    /// When the sum overflows.
    pub fn of_seller(lines: &[Self], seller: UserId, currency: Currency) -> Result<(Vec<Self>, Money), MoneyError> {
        let own: Vec<Self> = lines.iter().filter(|line| line.seller.id == seller).cloned().collect();
        let total = Money::sum(currency, own.iter().map(|line| line.total))?;
        Ok((own, total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn line(total: i64, seller: u128) -> OrderLine {
        OrderLine {
            id: OrderLineId::new(Uuid::nil()),
            product_id: ProductId::new(Uuid::nil()),
            variant_id: VariantId::new(Uuid::nil()),
            sku: "R-1".to_owned(),
            title: "Ring".to_owned(),
            options: BTreeMap::new(),
            quantity: 1,
            unit_price: Money::new(total, Currency::EUR),
            total: Money::new(total, Currency::EUR),
            seller: SellerSnapshot { id: UserId::new(Uuid::from_u128(seller)), shop_name: "Shop".to_owned() },
            category: None,
            materials: vec![],
            gift: None,
        }
    }

    fn new() -> NewOrder {
        let address = ShippingAddress {
            name: "Ada".to_owned(),
            line1: "1 Street".to_owned(),
            line2: None,
            city: "Paris".to_owned(),
            postal_code: "75001".to_owned(),
            region: None,
            country: "FR".to_owned(),
        };
        NewOrder {
            id: OrderId::new(Uuid::nil()),
            number: OrderNumber("CR-1".to_owned()),
            cart_id: CartId::new(Uuid::nil()),
            checkout_key: "key".to_owned(),
            user_id: None,
            email: EmailAddress::parse("ada@example.com").unwrap(),
            currency: Currency::EUR,
            lines: vec![line(100, 1), line(250, 2), line(50, 1)],
            shipping_address: Some(address),
        }
    }

    fn order() -> Order {
        Order::place(new(), now()).unwrap()
    }

    #[test]
    fn what_is_shipped_needs_an_address_and_what_is_mailed_has_none() {
        let nowhere = NewOrder { shipping_address: None, ..new() };
        assert_eq!(Order::place(nowhere.clone(), now()), Err(PlaceRefusal::AddressMissing));
        let gift = Gift {
            recipient_email: EmailAddress::parse("bob@example.com").unwrap(),
            recipient_name: None,
            sender_name: None,
            message: None,
            deliver_on: None,
        };
        let mailed = OrderLine { gift: Some(gift), ..line(100, 1) };
        let mixed = NewOrder { lines: vec![mailed.clone(), line(100, 1)], ..nowhere.clone() };
        assert_eq!(Order::place(mixed, now()), Err(PlaceRefusal::AddressMissing));
        for said in [None, new().shipping_address] {
            let alone = NewOrder { lines: vec![mailed.clone()], shipping_address: said, ..new() };
            assert_eq!(Order::place(alone, now()).unwrap().shipping_address, None);
        }
    }

    #[test]
    fn the_total_is_the_sum_of_the_lines() {
        assert_eq!(order().total, Money::new(400, Currency::EUR));
        assert_eq!(order().expires_at, now() + TimeDelta::minutes(30));
    }

    #[test]
    fn what_is_not_taken_of_offers_is_left_for_the_card() {
        let mut order = order();
        assert_eq!(order.by_card(), Ok(order.total));
        let source = crate::orders::TenderSource::Balance(UserId::new(Uuid::nil()));
        let offer = Tender { source, amount: Money::new(150, Currency::EUR) };
        order.take(vec![offer.clone()], |rest| rest).unwrap();
        assert_eq!(order.tenders, [offer]);
        assert_eq!(order.by_card(), Ok(Money::new(250, Currency::EUR)));
    }

    #[test]
    fn a_balance_takes_over_all_that_was_left_for_the_card() {
        let (mut order, ada) = (order(), UserId::new(Uuid::from_u128(7)));
        assert_eq!(order.last_of_balance(), Money::zero(Currency::EUR));
        let source = crate::orders::TenderSource::Balance(ada);
        order.take(vec![Tender { source, amount: Money::new(150, Currency::EUR) }], |rest| rest).unwrap();
        order.take_rest(ada).unwrap();
        let amounts: Vec<_> = order.tenders.iter().map(|tender| tender.amount.amount()).collect();
        assert_eq!((amounts, order.by_card().unwrap().amount()), (vec![150, 250], 0));
        assert_eq!(order.last_of_balance(), Money::new(250, Currency::EUR));
        order.take_rest(ada).unwrap();
        assert_eq!(order.tenders.len(), 2, "nothing is left to take");
    }

    #[test]
    fn an_order_is_paid_once() {
        let mut order = order();
        assert_eq!(order.pay(now()), Ok(Applied::Now(())));
        assert_eq!(order.pay(now()), Ok(Applied::Already));
        assert_eq!(order.timeline.iter().filter(|event| event.kind == OrderEventKind::Paid).count(), 1);
    }

    #[test]
    fn an_order_whose_payment_is_held_goes_on_waiting() {
        let mut held = order();
        assert_eq!(held.hold_payment(now()), Ok(Applied::Now(())));
        assert_eq!(held.status, OrderStatus::PendingPayment);
        assert_eq!(held.timeline.last().map(|event| event.kind), Some(OrderEventKind::PaymentHeld));
        held.pay(now()).unwrap();
        assert_eq!(held.hold_payment(now()), Err(OrderRefusal::NotPending(OrderStatus::Paid)));
    }

    #[test]
    fn every_verb_has_its_answer_in_every_state() {
        type Verb = fn(&mut Order, DateTime<Utc>) -> Result<Applied, OrderRefusal>;
        let verbs: [(Verb, OrderStatus); 4] = [
            (Order::pay, OrderStatus::Paid),
            (Order::cancel, OrderStatus::Cancelled),
            (Order::fail_payment, OrderStatus::Cancelled),
            (Order::expire, OrderStatus::Expired),
        ];
        for (first, reached) in verbs {
            for (second, wanted) in verbs {
                let mut order = order();
                first(&mut order, now()).unwrap();
                let before = order.clone();
                let expected =
                    if reached == wanted { Ok(Applied::Already) } else { Err(OrderRefusal::NotPending(reached)) };
                assert_eq!(second(&mut order, now()), expected);
                assert_eq!(order, before, "a state that was left to never changes");
            }
        }
    }

    #[test]
    fn every_state_has_an_answer_to_every_verb() {
        use {OrderEventKind as E, OrderStatus as S};
        type Verb = fn(&mut Order, DateTime<Utc>) -> Result<Applied, OrderRefusal>;
        let verbs: [(Verb, S, E); 5] = [
            (Order::hold_payment, S::PendingPayment, E::PaymentHeld),
            (Order::pay, S::Paid, E::Paid),
            (Order::cancel, S::Cancelled, E::Cancelled),
            (Order::fail_payment, S::Cancelled, E::PaymentFailed),
            (Order::expire, S::Expired, E::Expired),
        ];
        for from in [S::PendingPayment, S::Paid, S::Cancelled, S::Expired] {
            for (verb, to, told) in verbs {
                let mut order = Order { status: from, ..order() };
                let before = order.clone();
                let answer = verb(&mut order, now());
                if from == S::PendingPayment {
                    assert_eq!((answer, order.status), (Ok(Applied::Now(())), to));
                    assert_eq!(order.timeline.last().map(|event| event.kind), Some(told));
                    assert_eq!(order.timeline.len(), before.timeline.len() + 1);
                } else {
                    let expected = if from == to { Ok(Applied::Already) } else { Err(OrderRefusal::NotPending(from)) };
                    assert_eq!(answer, expected, "{from:?} to {told:?}");
                    assert_eq!(order, before);
                }
            }
        }
    }

    #[test]
    fn what_has_gone_back_shows_in_its_state() {
        let mut order = order();
        assert_eq!(order.state(), OrderState::PendingPayment);
        order.pay(now()).unwrap();
        for (refunded, state) in [
            (0, OrderState::Paid),
            (1, OrderState::PartlyRefunded),
            (399, OrderState::PartlyRefunded),
            (400, OrderState::Refunded),
        ] {
            order.refunded = Money::new(refunded, Currency::EUR);
            assert_eq!(order.state(), state);
        }
        order.note(OrderEventKind::Refunded, Money::new(400, Currency::EUR), now());
        assert_eq!(order.timeline.last().unwrap().amount, Some(Money::new(400, Currency::EUR)));
    }

    #[test]
    fn a_seller_sees_their_own_lines_and_sum() {
        let order = order();
        let (lines, total) =
            OrderLine::of_seller(&order.lines, UserId::new(Uuid::from_u128(1)), Currency::EUR).unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!(total, Money::new(150, Currency::EUR));
    }
}
