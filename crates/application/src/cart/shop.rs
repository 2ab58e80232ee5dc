//! Filling a cart.

use super::ports::CartQueries;
use crate::catalog::ports::CatalogQueries;
use crate::catalog::views::{Offer, Shortage};
use crate::identity::{Allowed, policy};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::cart::{Cart, CartLine, CartRefusal};
use domain::kernel::{CartId, CartLineId, Currency, DayRefusal, Gift, Money, MoneyError, OrderId, VariantId};
use std::sync::Arc;

/// A cart with what its lines cost and whether they can be had, at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartView {
    /// The cart.
    pub cart: Cart,
    /// Its lines with their offers, in its order.
    pub lines: Vec<CartLineView>,
    /// The sum of the lines.
    pub subtotal: Money,
}

/// A line with its offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartLineView {
    pub line: CartLine,
    pub offer: Offer,
    pub total: Money,
}

impl CartView {
    /// Joins a cart with the offers for its variants; a line whose variant has been deleted is not shown.
    ///
    /// # Errors
    /// When a sum overflows.
    pub fn join(cart: Cart, offers: &[Offer]) -> Result<Self, MoneyError> {
        let offer_of = |line: &CartLine| offers.iter().find(|offer| offer.variant_id == line.variant_id).cloned();
        let priced = |(line, offer): (CartLine, Offer)| {
            let total = offer.price.times(line.quantity)?;
            Ok(CartLineView { line, offer, total })
        };
        let lines: Vec<CartLineView> = (cart.lines.iter())
            .filter_map(|line| Some((line.clone(), offer_of(line)?)))
            .map(priced)
            .collect::<Result<_, MoneyError>>()?;
        let subtotal = Money::sum(cart.currency, lines.iter().map(|line| line.total))?;
        Ok(Self { cart, lines, subtotal })
    }

    /// The lines of which there is too little, or that are not on sale any more.
    #[must_use]
    pub fn shortages(&self) -> Vec<Shortage> {
        let lacking = self.lines.iter().filter(|line| !line.is_available());
        lacking.map(CartLineView::shortage).collect()
    }
}

impl CartLineView {
    /// Whether it can be bought as it stands: as many are there, and what was no gift card when it was put in is none now.
    #[must_use]
    pub const fn is_available(&self) -> bool {
        self.is_of_its_kind() && self.offer.has(self.line.quantity)
    }

    const fn is_of_its_kind(&self) -> bool {
        self.offer.gift_card == self.line.gift.is_some()
    }

    fn shortage(&self) -> Shortage {
        let shortage = shortage(&self.offer, self.line.quantity);
        if self.is_of_its_kind() { shortage } else { Shortage { available: 0, ..shortage } }
    }
}

fn shortage(offer: &Offer, requested: u32) -> Shortage {
    let available = if offer.on_sale { offer.stock } else { 0 };
    Shortage { variant_id: offer.variant_id, title: offer.title.clone(), requested, available }
}

/// Lets guests and customers fill carts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait FillCarts: Send + Sync {
    /// A new cart; it belongs to the caller, or to whoever knows its id. Without a currency it has the shop's.
    async fn open<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        currency: Option<Currency>,
    ) -> Result<CartView, CartError>;
    /// A cart as it stands.
    async fn view<'a>(&self, caller: Option<&'a Allowed<policy::Buy>>, id: CartId) -> Result<CartView, CartError>;
    /// Puts in more of a variant.
    async fn add<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        id: CartId,
        variant: VariantId,
        quantity: u32,
    ) -> Result<CartView, CartError>;
    /// Puts in more gift cards for somebody.
    async fn add_gift<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        id: CartId,
        variant: VariantId,
        quantity: u32,
        gift: Gift,
    ) -> Result<CartView, CartError>;
    /// Sets how many a line has; none removes it.
    async fn set_quantity<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        id: CartId,
        line: CartLineId,
        quantity: u32,
    ) -> Result<CartView, CartError>;
}

/// Why a cart did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum CartError {
    /// There is no such cart, or it is another's.
    #[error("there is no such cart")]
    NotFound,
    /// It has no such line.
    #[error("the cart has no such line")]
    LineNotFound,
    /// There is no such variant on sale.
    #[error("there is no such variant on sale")]
    VariantNotFound,
    /// The variant is priced in another currency.
    #[error("the cart has another currency")]
    CurrencyMismatch,
    /// Not so many are there.
    #[error("not enough stock")]
    InsufficientStock(Shortage),
    /// It is a gift card, and nobody is named who gets it.
    #[error("a gift card is for somebody")]
    GiftNeeded,
    /// It is for somebody, and no gift card.
    #[error("only gift cards are mailed to somebody")]
    NoGiftCard,
    /// It can't come on that day.
    #[error("it can't come on that day: {0:?}")]
    Day(DayRefusal),
    /// More than a cart takes.
    #[error("more than a cart takes")]
    TooMany,
    /// It has become an order.
    #[error("the cart has become an order")]
    CheckedOut(OrderId),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<CartRefusal> for CartError {
    fn from(refusal: CartRefusal) -> Self {
        match refusal {
            CartRefusal::CheckedOut(order) => Self::CheckedOut(order),
            CartRefusal::LineNotFound | CartRefusal::Empty => Self::LineNotFound,
            CartRefusal::TooMany => Self::TooMany,
        }
    }
}

/// A sum beyond 64 bits takes more than a cart takes.
impl From<MoneyError> for CartError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::Overflow => Self::TooMany,
            MoneyError::CurrencyMismatch => Self::CurrencyMismatch,
        }
    }
}

/// The service behind [`FillCarts`].
pub struct CartFilling {
    /// Reads carts.
    pub carts: Arc<dyn CartQueries>,
    /// Reads prices and stock.
    pub catalog: Arc<dyn CatalogQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// The currency of a cart that names none.
    pub shop_currency: Currency,
}

#[async_trait]
impl FillCarts for CartFilling {
    async fn open<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        currency: Option<Currency>,
    ) -> Result<CartView, CartError> {
        let owner = caller.map(|caller| caller.user_id);
        let currency = currency.unwrap_or(self.shop_currency);
        let cart = Cart::open(CartId::new(self.ids.next()), owner, currency, self.clock.now());
        let tx = self.transactor.begin().await?;
        tx.carts().insert(&cart).await?;
        tx.commit().await?;
        Ok(CartView::join(cart, &[])?)
    }

    async fn view<'a>(&self, caller: Option<&'a Allowed<policy::Buy>>, id: CartId) -> Result<CartView, CartError> {
        let cart = self.carts.find(id).await?.ok_or(CartError::NotFound)?;
        let cart = open_to(caller, cart)?;
        self.with_offers(cart).await
    }

    async fn add<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        id: CartId,
        variant: VariantId,
        quantity: u32,
    ) -> Result<CartView, CartError> {
        self.put_in(caller, id, variant, quantity, None).await
    }

    async fn add_gift<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        id: CartId,
        variant: VariantId,
        quantity: u32,
        gift: Gift,
    ) -> Result<CartView, CartError> {
        gift.check_day(self.clock.now()).map_err(CartError::Day)?;
        self.put_in(caller, id, variant, quantity, Some(gift)).await
    }

    async fn set_quantity<'a>(
        &self,
        caller: Option<&'a Allowed<policy::Buy>>,
        id: CartId,
        line: CartLineId,
        quantity: u32,
    ) -> Result<CartView, CartError> {
        let tx = self.transactor.begin().await?;
        let cart = tx.carts().lock(id).await?.ok_or(CartError::NotFound)?;
        let mut cart = open_to(caller, cart)?;
        let before = cart.line(line)?;
        cart.set_quantity(line, quantity, self.clock.now())?;
        if quantity > before.quantity {
            let offers = tx.stock().offers(&[before.variant_id]).await?;
            let offer = offers.first().ok_or(CartError::VariantNotFound)?;
            if !offer.has(quantity) {
                return Err(CartError::InsufficientStock(shortage(offer, quantity)));
            }
        }
        tx.carts().update(&cart).await?;
        tx.commit().await?;
        self.with_offers(cart).await
    }
}

impl CartFilling {
    async fn put_in(
        &self,
        caller: Option<&Allowed<policy::Buy>>,
        id: CartId,
        variant: VariantId,
        quantity: u32,
        gift: Option<Gift>,
    ) -> Result<CartView, CartError> {
        let tx = self.transactor.begin().await?;
        let cart = tx.carts().lock(id).await?.ok_or(CartError::NotFound)?;
        let mut cart = open_to(caller, cart)?;
        let offers = tx.stock().offers(&[variant]).await?;
        let offer = offers.into_iter().find(|offer| offer.on_sale).ok_or(CartError::VariantNotFound)?;
        if offer.price.currency() != cart.currency {
            return Err(CartError::CurrencyMismatch);
        }
        let (line, now) = (CartLineId::new(self.ids.next()), self.clock.now());
        let wanted = match (gift, offer.gift_card) {
            (Some(gift), true) => cart.add_gift(line, variant, quantity, gift, now)?,
            (None, false) => cart.add(line, variant, quantity, now)?,
            (None, true) => return Err(CartError::GiftNeeded),
            (Some(_), false) => return Err(CartError::NoGiftCard),
        };
        if !offer.has(wanted) {
            return Err(CartError::InsufficientStock(shortage(&offer, wanted)));
        }
        tx.carts().update(&cart).await?;
        tx.commit().await?;
        self.with_offers(cart).await
    }

    async fn with_offers(&self, cart: Cart) -> Result<CartView, CartError> {
        let variants: Vec<VariantId> = cart.lines.iter().map(|line| line.variant_id).collect();
        let offers = self.catalog.offers(&variants).await?;
        Ok(CartView::join(cart, &offers)?)
    }
}

/// Another's cart is answered like one that doesn't exist.
fn open_to(caller: Option<&Allowed<policy::Buy>>, cart: Cart) -> Result<Cart, CartError> {
    let user = caller.map(|caller| caller.user_id);
    if cart.is_open_to(user) { Ok(cart) } else { Err(CartError::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cart::ports::MockCartQueries;
    use crate::catalog::ports::MockCatalogQueries;
    use crate::tests::{StandingSystem, allowed, cart, eur, offer, uuid, variant};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::UserId;

    fn service(transactor: &Arc<TransactorDouble>, offers: Vec<Offer>) -> CartFilling {
        let mut catalog = MockCatalogQueries::new();
        catalog.expect_offers().returning(move |_| Ok(offers.clone()));
        let system = StandingSystem::new();
        CartFilling {
            carts: Arc::new(MockCartQueries::new()),
            catalog: Arc::new(catalog),
            transactor: transactor.clone(),
            clock: system.clone(),
            ids: system,
            shop_currency: Currency::EUR,
        }
    }

    /// A unit of work with this cart, in which these offers are made.
    fn unit(cart: &Cart, offers: Vec<Offer>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        let cart = cart.clone();
        tx.carts.expect_lock().returning(move |_| Ok(Some(cart.clone())));
        tx.stock.expect_offers().returning(move |_| Ok(offers.clone()));
        tx
    }

    #[tokio::test]
    async fn a_variant_that_is_added_shows_its_price_of_this_moment() {
        let mut tx = unit(&cart(&[]), vec![offer(7, 3)]);
        tx.carts.expect_update().withf(|cart| cart.lines.len() == 1).times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let view = service(&transactor, vec![offer(7, 3)]).add(None, cart(&[]).id, variant(7), 2).await.unwrap();
        assert_eq!(view.subtotal, eur(20_000));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn more_than_the_stock_is_refused_with_what_there_is() {
        let transactor = TransactorDouble::new([unit(&cart(&[7]), vec![offer(7, 2)])]);
        let error = service(&transactor, vec![]).add(None, cart(&[]).id, variant(7), 2).await.unwrap_err();
        let CartError::InsufficientStock(shortage) = error else { panic!("{error}") };
        assert_eq!((shortage.requested, shortage.available), (3, 2));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn fewer_can_be_wanted_even_when_the_stock_is_gone() {
        let mut crowded = cart(&[7]);
        crowded.lines[0].quantity = 5;
        let mut tx = unit(&crowded, vec![offer(7, 0)]);
        tx.carts.expect_update().times(1).returning(|_| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let line = crowded.lines[0].id;
        let view = service(&transactor, vec![offer(7, 0)]).set_quantity(None, crowded.id, line, 1).await.unwrap();
        assert_eq!(view.shortages().len(), 1, "what is left is still too much");
    }

    #[tokio::test]
    async fn anothers_cart_is_answered_like_none() {
        let mut foreign = cart(&[7]);
        foreign.owner = Some(UserId::new(uuid(99)));
        let service = |_| service(&TransactorDouble::new([unit(&foreign, vec![offer(7, 9)])]), vec![]);
        for who in [None, Some(&allowed(Role::Customer))] {
            let error = service(()).add(who, foreign.id, variant(7), 1).await.unwrap_err();
            assert!(matches!(error, CartError::NotFound));
        }
    }

    #[tokio::test]
    async fn what_is_not_on_sale_cannot_be_added() {
        let archived = Offer { on_sale: false, ..offer(7, 9) };
        let transactor = TransactorDouble::new([unit(&cart(&[]), vec![archived])]);
        let error = service(&transactor, vec![]).add(None, cart(&[]).id, variant(7), 1).await.unwrap_err();
        assert!(matches!(error, CartError::VariantNotFound));
    }

    #[tokio::test]
    async fn a_gift_card_is_for_somebody_and_nothing_else_is() {
        let gift = || Gift {
            recipient_email: crate::tests::email("friend@example.com"),
            recipient_name: None,
            sender_name: None,
            message: None,
            deliver_on: None,
        };
        let gift_card = Offer { gift_card: true, ..offer(7, 0) };
        let mut tx = unit(&cart(&[]), vec![gift_card.clone()]);
        tx.carts.expect_update().withf(|cart| cart.lines[0].gift.is_some()).times(1).returning(|_| Ok(()));
        let nobody = unit(&cart(&[]), vec![gift_card.clone()]);
        let no_gift_card = unit(&cart(&[]), vec![offer(7, 9)]);
        let transactor = TransactorDouble::new([tx, nobody, no_gift_card]);
        let service = service(&transactor, vec![gift_card]);
        let view = service.add_gift(None, cart(&[]).id, variant(7), 3, gift()).await.unwrap();
        assert_eq!((view.lines[0].line.quantity, view.shortages().len()), (3, 0), "its stock does not count");
        let error = service.add(None, cart(&[]).id, variant(7), 1).await.unwrap_err();
        assert!(matches!(error, CartError::GiftNeeded));
        let error = service.add_gift(None, cart(&[]).id, variant(7), 1, gift()).await.unwrap_err();
        assert!(matches!(error, CartError::NoGiftCard));
        let past = Gift { deliver_on: Some("2020-01-01".parse().unwrap()), ..gift() };
        let error = service.add_gift(None, cart(&[]).id, variant(7), 1, past).await.unwrap_err();
        assert!(matches!(error, CartError::Day(DayRefusal::Past)));
        assert_eq!(transactor.commits(), 1);
    }
}
