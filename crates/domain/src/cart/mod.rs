//! A cart: what someone means to buy. Prices and stock are the catalogue's and are asked for anew each time; the cart
//! only remembers which variants and how many.

use crate::kernel::{CartId, CartLineId, Currency, Gift, OrderId, UserId, VariantId};
use chrono::{DateTime, Utc};

/// A cart of a guest or of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Its id; for a guest's cart, knowing it is the right to use it.
    pub id: CartId,
    /// Whose it is; `None` for a guest's.
    pub owner: Option<UserId>,
    /// A cart has one currency.
    pub currency: Currency,
    /// The order that it became.
    pub order_id: Option<OrderId>,
    /// In the order in which they were added.
    pub lines: Vec<CartLine>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// So many of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartLine {
    /// Its id.
    pub id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// How many, from 1 to [`Cart::MOST_OF_ONE`]; of gift cards to [`Cart::MOST_GIFTS`].
    pub quantity: u32,
    /// Whom each is for, where the variant is a gift card.
    pub gift: Option<Gift>,
}

/// Why a cart refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CartRefusal {
    /// It has become an order already.
    CheckedOut(OrderId),
    /// It has no such line.
    LineNotFound,
    /// More than [`Cart::MOST_OF_ONE`] of one variant, or more than [`Cart::MOST_LINES`] lines.
    TooMany,
    /// There is nothing in it.
    Empty,
}

impl CartLine {
    const fn most(&self) -> u32 {
        if self.gift.is_some() { Cart::MOST_GIFTS } else { Cart::MOST_OF_ONE }
    }
}

impl Cart {
    /// At most so many of one variant.
    pub const MOST_OF_ONE: u32 = 999;
    /// At most so many gift cards for one person with the same words.
    pub const MOST_GIFTS: u32 = 20;
    /// At most so many lines.
    pub const MOST_LINES: usize = 100;

    /// An empty cart.
    #[must_use]
    pub const fn open(id: CartId, owner: Option<UserId>, currency: Currency, now: DateTime<Utc>) -> Self {
        Self { id, owner, currency, order_id: None, lines: Vec::new(), created_at: now, updated_at: now }
    }

    /// Whether this person may use it: their own, or anyone who knows the id of a guest's.
    #[must_use]
    pub fn is_open_to(&self, user: Option<UserId>) -> bool {
        self.owner.is_none() || self.owner == user
    }

    /// Puts in more of a variant; a line that has it already grows. Answers how many there are now.
    ///
    /// # Errors
    /// [`CartRefusal::CheckedOut`] or [`CartRefusal::TooMany`].
    pub fn add(
        &mut self,
        line_id: CartLineId,
        variant_id: VariantId,
        quantity: u32,
        now: DateTime<Utc>,
    ) -> Result<u32, CartRefusal> {
        self.put_in(line_id, variant_id, quantity, None, now)
    }

    /// Puts in more gift cards for somebody; a line with the same words grows. Answers how many there are now.
    ///
    /// # Errors
    /// [`CartRefusal::CheckedOut`] or [`CartRefusal::TooMany`].
    pub fn add_gift(
        &mut self,
        line_id: CartLineId,
        variant_id: VariantId,
        quantity: u32,
        gift: Gift,
        now: DateTime<Utc>,
    ) -> Result<u32, CartRefusal> {
        self.put_in(line_id, variant_id, quantity, Some(gift), now)
    }

    fn put_in(
        &mut self,
        line_id: CartLineId,
        variant_id: VariantId,
        quantity: u32,
        gift: Option<Gift>,
        now: DateTime<Utc>,
    ) -> Result<u32, CartRefusal> {
        self.must_be_open()?;
        let there = self.lines.iter().position(|line| line.variant_id == variant_id && line.gift == gift);
        let line = match there {
            Some(index) => self.lines.get_mut(index),
            None if self.lines.len() >= Self::MOST_LINES => None,
            None => {
                self.lines.push(CartLine { id: line_id, variant_id, quantity: 0, gift });
                self.lines.last_mut()
            }
        };
        let line = line.ok_or(CartRefusal::TooMany)?;
        let wanted = line.quantity.saturating_add(quantity);
        if wanted > line.most() {
            self.lines.retain(|line| line.quantity > 0);
            return Err(CartRefusal::TooMany);
        }
        line.quantity = wanted;
        self.updated_at = now;
        Ok(wanted)
    }

    /// Sets how many a line has; none removes it.
    ///
    /// # Errors
    /// [`CartRefusal::CheckedOut`], [`CartRefusal::LineNotFound`] or [`CartRefusal::TooMany`].
    pub fn set_quantity(&mut self, line: CartLineId, quantity: u32, now: DateTime<Utc>) -> Result<(), CartRefusal> {
        self.must_be_open()?;
        if quantity > Self::MOST_OF_ONE {
            return Err(CartRefusal::TooMany);
        }
        let found = self.lines.iter_mut().find(|l| l.id == line).ok_or(CartRefusal::LineNotFound)?;
        if quantity > found.most() {
            return Err(CartRefusal::TooMany);
        }
        found.quantity = quantity;
        self.lines.retain(|line| line.quantity > 0);
        self.updated_at = now;
        Ok(())
    }

    /// The line with this id.
    ///
    /// # Errors
    /// [`CartRefusal::LineNotFound`].
    pub fn line(&self, id: CartLineId) -> Result<CartLine, CartRefusal> {
        self.lines.iter().find(|line| line.id == id).cloned().ok_or(CartRefusal::LineNotFound)
    }

    /// Whether it can become an order now.
    ///
    /// # Errors
    /// [`CartRefusal::CheckedOut`] or [`CartRefusal::Empty`].
    pub const fn ready(&self) -> Result<(), CartRefusal> {
        match self.order_id {
            Some(order) => Err(CartRefusal::CheckedOut(order)),
            None if self.lines.is_empty() => Err(CartRefusal::Empty),
            None => Ok(()),
        }
    }

    /// Becomes an order; nothing can be changed afterwards.
    ///
    /// # Errors
    /// [`CartRefusal::CheckedOut`] or [`CartRefusal::Empty`].
    pub fn check_out(&mut self, order: OrderId, now: DateTime<Utc>) -> Result<(), CartRefusal> {
        self.ready()?;
        self.order_id = Some(order);
        self.updated_at = now;
        Ok(())
    }

    fn must_be_open(&self) -> Result<(), CartRefusal> {
        self.order_id.map_or(Ok(()), |order| Err(CartRefusal::CheckedOut(order)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn line(id: u128) -> CartLineId {
        CartLineId::new(Uuid::from_u128(id))
    }

    fn variant(id: u128) -> VariantId {
        VariantId::new(Uuid::from_u128(id))
    }

    fn cart() -> Cart {
        Cart::open(CartId::new(Uuid::nil()), None, Currency::EUR, now())
    }

    #[test]
    fn adding_a_variant_again_makes_its_line_grow() {
        let mut cart = cart();
        assert_eq!(cart.add(line(1), variant(7), 2, now()), Ok(2));
        assert_eq!(cart.add(line(2), variant(7), 3, now()), Ok(5));
        assert_eq!(cart.lines, [CartLine { id: line(1), variant_id: variant(7), quantity: 5, gift: None }]);
    }

    fn gift(to: &str) -> Gift {
        Gift {
            recipient_email: crate::kernel::EmailAddress::parse(to).unwrap(),
            recipient_name: None,
            sender_name: None,
            message: None,
            deliver_on: None,
        }
    }

    #[test]
    fn gift_cards_for_several_people_are_several_lines() {
        let mut cart = cart();
        assert_eq!(cart.add_gift(line(1), variant(7), 1, gift("a@b.co"), now()), Ok(1));
        assert_eq!(cart.add_gift(line(2), variant(7), 2, gift("b@b.co"), now()), Ok(2));
        assert_eq!(cart.add_gift(line(3), variant(7), 2, gift("a@b.co"), now()), Ok(3), "the same words again");
        assert_eq!(cart.lines.iter().map(|line| line.quantity).collect::<Vec<_>>(), [3, 2]);
        let before = cart.clone();
        assert_eq!(cart.add_gift(line(4), variant(7), 18, gift("a@b.co"), now()), Err(CartRefusal::TooMany));
        assert_eq!(cart.add_gift(line(4), variant(7), 21, gift("c@b.co"), now()), Err(CartRefusal::TooMany));
        assert_eq!(cart.set_quantity(line(1), 21, now()), Err(CartRefusal::TooMany));
        assert_eq!(cart, before);
    }

    #[test]
    fn a_quantity_of_none_removes_the_line() {
        let mut cart = cart();
        cart.add(line(1), variant(7), 2, now()).unwrap();
        assert_eq!(cart.set_quantity(line(1), 0, now()), Ok(()));
        assert_eq!(cart.lines, []);
        assert_eq!(cart.set_quantity(line(1), 1, now()), Err(CartRefusal::LineNotFound));
    }

    #[test]
    fn too_many_of_one_are_refused_and_nothing_changes() {
        let mut cart = cart();
        cart.add(line(1), variant(7), 999, now()).unwrap();
        let before = cart.clone();
        assert_eq!(cart.add(line(2), variant(7), 1, now()), Err(CartRefusal::TooMany));
        assert_eq!(cart.add(line(2), variant(7), u32::MAX, now()), Err(CartRefusal::TooMany));
        assert_eq!(cart, before);
    }

    #[test]
    fn a_cart_is_spent_by_its_checkout() {
        let order = OrderId::new(Uuid::from_u128(9));
        let mut cart = cart();
        cart.add(line(1), variant(7), 1, now()).unwrap();
        assert_eq!(cart.check_out(order, now()), Ok(()));
        let refused = Err(CartRefusal::CheckedOut(order));
        assert_eq!(cart.check_out(order, now()), refused);
        assert_eq!(cart.set_quantity(line(1), 2, now()), refused);
        assert_eq!(cart.add(line(2), variant(8), 1, now()).map(|_| ()), refused);
    }

    #[test]
    fn an_empty_cart_is_no_order() {
        assert_eq!(cart().check_out(OrderId::new(Uuid::nil()), now()), Err(CartRefusal::Empty));
    }

    #[test]
    fn a_customers_cart_is_closed_to_others() {
        let ada = UserId::new(Uuid::from_u128(1));
        let mut cart = cart();
        assert!(cart.is_open_to(None));
        assert!(cart.is_open_to(Some(ada)));
        cart.owner = Some(ada);
        assert!(cart.is_open_to(Some(ada)));
        assert!(!cart.is_open_to(None));
        assert!(!cart.is_open_to(Some(UserId::new(Uuid::from_u128(2)))));
    }
}
