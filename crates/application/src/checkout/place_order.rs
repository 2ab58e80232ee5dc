//! Placing an order, exactly once for each cart.

use crate::cart::shop::CartView;
use crate::catalog::views::{Offer, Shortage};
use crate::checkout::settle::RECONCILE_EVERY;
use crate::checkout::submission;
use crate::identity::{Allowed, policy};
use crate::jobs::Job;
use crate::orders::ports::OrderAccess;
use crate::payments::ports::PaymentGateway;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator, SecretSource, order_number};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::TimeDelta;
use domain::cart::CartRefusal;
use domain::kernel::{CartId, EmailAddress, Money, MoneyError, OrderId, OrderLineId, PaymentId, VariantId};
use domain::orders::{NewOrder, Order, OrderLine, SellerSnapshot, ShippingAddress};
use domain::payments::{Payment, Purpose, ReturnUrls};
use std::sync::Arc;

/// How long after checkout a payment that the gateway may not have is handed over again.
const SUBMIT_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(15);

/// What a customer hands in to buy their cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The cart.
    pub cart: CartId,
    /// What names this checkout: the caller and their idempotency key. The same name again answers the same order.
    pub key: String,
    /// Where mails go.
    pub email: EmailAddress,
    /// Where the parcel goes.
    pub shipping_address: ShippingAddress,
    /// What the customer was shown; another total is refused.
    pub expected_total: Option<Money>,
    /// Where to come back to; `{ORDER_ID}` and `{ACCESS_TOKEN}` are filled in.
    pub return_urls: ReturnUrls,
}

/// A placed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    pub order: Order,
    /// With the gateway's page, unless the gateway is away: then it follows in a moment, and the order shows it.
    pub payment: Payment,
    /// What opens the order to a guest; a secret. `None` for a signed-in customer.
    pub access_token: Option<String>,
    /// The offers that it was made from, by which it is shown.
    pub offers: Vec<Offer>,
}

/// Places orders.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PlaceOrders: Send + Sync {
    /// Turns a cart into an order, or changes nothing.
    async fn place<'a>(
        &self,
        caller: Option<&'a Allowed<policy::CheckOut>>,
        checkout: Checkout,
    ) -> Result<PlacedOrder, PlaceOrderError>;
}

/// Why there is no order.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// There is no such cart, or it is another's.
    #[error("there is no such cart")]
    CartNotFound,
    /// It has become an order under another key.
    #[error("the cart has become an order")]
    CheckedOut(OrderId),
    /// There is nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// Of these there is too little.
    #[error("not enough stock")]
    InsufficientStock(Vec<Shortage>),
    /// The total is this now.
    #[error("the total is {0}")]
    PriceChanged(Money),
    /// The sum can't be held, or mixes currencies.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<CartRefusal> for PlaceOrderError {
    fn from(refusal: CartRefusal) -> Self {
        match refusal {
            CartRefusal::CheckedOut(order) => Self::CheckedOut(order),
            CartRefusal::Empty | CartRefusal::LineNotFound | CartRefusal::TooMany => Self::Empty,
        }
    }
}

/// The service behind [`PlaceOrders`].
pub struct CheckoutDesk {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Takes the payment.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Makes guests' tokens.
    pub access: Arc<dyn OrderAccess>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Draws order numbers.
    pub secrets: Arc<dyn SecretSource>,
}

#[async_trait]
impl PlaceOrders for CheckoutDesk {
    async fn place<'a>(
        &self,
        caller: Option<&'a Allowed<policy::CheckOut>>,
        checkout: Checkout,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let tx = self.transactor.begin().await?;
        let placed = self.order_from_cart(tx.as_ref(), caller, checkout).await?;
        tx.commit().await?;
        Ok(self.with_page(placed).await)
    }
}

impl CheckoutDesk {
    async fn order_from_cart(
        &self,
        tx: &dyn UnitOfWork,
        caller: Option<&Allowed<policy::CheckOut>>,
        checkout: Checkout,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let user_id = caller.map(|caller| caller.user_id);
        let cart = tx.carts().lock(checkout.cart).await?.ok_or(PlaceOrderError::CartNotFound)?;
        if !cart.is_open_to(user_id) {
            return Err(PlaceOrderError::CartNotFound);
        }
        let variants: Vec<VariantId> = cart.lines.iter().map(|line| line.variant_id).collect();
        let offers = tx.stock().offers(&variants).await?;
        if let Some(order) = cart.order_id {
            return self.placed_before(tx, caller, &checkout, order, offers).await;
        }
        cart.ready()?;

        let view = CartView::join(cart, &offers)?;
        let shortages = view.shortages();
        if !shortages.is_empty() {
            return Err(PlaceOrderError::InsufficientStock(shortages));
        }
        if checkout.expected_total.is_some_and(|expected| expected != view.subtotal) {
            return Err(PlaceOrderError::PriceChanged(view.subtotal));
        }
        reserve(tx, &view).await?;

        let now = self.clock.now();
        let new = NewOrder {
            id: OrderId::new(self.ids.next()),
            number: order_number(self.secrets.bytes()),
            cart_id: view.cart.id,
            checkout_key: checkout.key,
            user_id,
            email: checkout.email,
            currency: view.cart.currency,
            lines: self.snapshot(&view),
            shipping_address: checkout.shipping_address,
        };
        let order = Order::place(new, now)?;
        let mut cart = view.cart;
        cart.check_out(order.id, now)?;
        let access_token = self.access_token(caller, order.id);
        let urls = fill_in(&checkout.return_urls, order.id);
        let purpose = Purpose::Order { order: order.id, customer: user_id };
        let payment = Payment::intend(PaymentId::new(self.ids.next()), purpose, order.total, urls, now);

        tx.orders().insert(&order).await?;
        tx.carts().update(&cart).await?;
        tx.payments().insert(&payment).await?;
        let payment_id = payment.id.uuid();
        tx.jobs().push(Job::SubmitPayment { payment_id }, now + SUBMIT_AGAIN_AFTER).await?;
        tx.jobs().push(Job::ReconcilePayment { payment_id }, now + RECONCILE_EVERY).await?;
        tx.jobs().push(Job::ExpireOrder { order_id: order.id.uuid() }, order.expires_at).await?;
        Ok(PlacedOrder { order, payment, access_token, offers })
    }

    /// The order that this very checkout made before; under another key the cart is spent.
    async fn placed_before(
        &self,
        tx: &dyn UnitOfWork,
        caller: Option<&Allowed<policy::CheckOut>>,
        checkout: &Checkout,
        id: OrderId,
        offers: Vec<Offer>,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let order = tx.orders().lock(id).await?.filter(|order| order.checkout_key == checkout.key);
        let order = order.ok_or(PlaceOrderError::CheckedOut(id))?;
        let payment = tx.payments().lock_of_order(id).await?.ok_or(PlaceOrderError::CheckedOut(id))?;
        Ok(PlacedOrder { access_token: self.access_token(caller, id), order, payment, offers })
    }

    /// Asks the gateway for its page. If it is away the order stands all the same, and a job asks again.
    async fn with_page(&self, mut placed: PlacedOrder) -> PlacedOrder {
        if placed.payment.status.is_final() {
            return placed;
        }
        let (gateway, access) = (self.gateway.as_ref(), self.access.as_ref());
        let (transactor, clock) = (self.transactor.as_ref(), self.clock.as_ref());
        match submission::submit(gateway, access, transactor, clock, &placed.payment, &placed.order).await {
            Ok(session) => {
                placed.payment.submit(session, self.clock.now());
            }
            Err(error) => tracing::warn!(order = %placed.order.id, %error, "the payment will be handed over again"),
        }
        placed
    }

    fn access_token(&self, caller: Option<&Allowed<policy::CheckOut>>, order: OrderId) -> Option<String> {
        caller.is_none().then(|| self.access.token(order))
    }

    fn snapshot(&self, view: &CartView) -> Vec<OrderLine> {
        let line = |line: &crate::cart::shop::CartLineView| OrderLine {
            id: OrderLineId::new(self.ids.next()),
            product_id: line.offer.product_id,
            variant_id: line.offer.variant_id,
            sku: line.offer.sku.clone(),
            title: line.offer.title.clone(),
            options: line.offer.options.clone(),
            quantity: line.line.quantity,
            unit_price: line.offer.price,
            total: line.total,
            seller: SellerSnapshot { id: line.offer.seller.id, shop_name: line.offer.seller.shop_name.clone() },
            category: line.offer.category.clone(),
            materials: line.offer.materials.clone(),
            gift: line.line.gift.clone(),
        };
        view.lines.iter().map(line).collect()
    }
}

/// Takes the pieces from the stock, in the order of variant ids. What others took meanwhile is told for all lines.
async fn reserve(tx: &dyn UnitOfWork, view: &CartView) -> Result<(), PlaceOrderError> {
    let mut lines: Vec<_> = view.lines.iter().collect();
    lines.sort_by_key(|line| line.line.variant_id);
    let mut lacking = Vec::new();
    for line in lines {
        if !tx.stock().reserve(line.line.variant_id, line.line.quantity).await? {
            lacking.push(line);
        }
    }
    if lacking.is_empty() {
        return Ok(());
    }
    let variants: Vec<VariantId> = lacking.iter().map(|line| line.line.variant_id).collect();
    let offers = tx.stock().offers(&variants).await?;
    let available = |id| offers.iter().find(|offer| offer.variant_id == id).map_or(0, |offer| offer.stock);
    let shortage = |line: &&crate::cart::shop::CartLineView| Shortage {
        variant_id: line.line.variant_id,
        title: line.offer.title.clone(),
        requested: line.line.quantity,
        available: available(line.line.variant_id),
    };
    Err(PlaceOrderError::InsufficientStock(lacking.iter().map(shortage).collect()))
}

/// The token is filled in when the gateway is told (`submission`): it is not stored.
fn fill_in(urls: &ReturnUrls, order: OrderId) -> ReturnUrls {
    let order = order.to_string();
    let fill = |url: &str| url.replace("{ORDER_ID}", &order);
    ReturnUrls { success: fill(&urls.success), cancel: fill(&urls.cancel) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::ports::MockOrderAccess;
    use crate::payments::ports::{GatewayError, MockPaymentGateway};
    use crate::tests::{StandingSystem, address, cart, email, eur, offer, order, payment, session, urls, variant};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::cart::Cart;

    fn checkout() -> Checkout {
        Checkout {
            cart: cart(&[]).id,
            key: "guest:key".to_owned(),
            email: email("ada@example.com"),
            shipping_address: address(),
            expected_total: Some(eur(20_000)),
            return_urls: urls(),
        }
    }

    /// The desk, with a gateway that opens its page, or is away.
    fn desk(transactor: &Arc<TransactorDouble>, gateway_is_there: bool) -> CheckoutDesk {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_open().returning(move |_, _| {
            if gateway_is_there { Ok(session()) } else { Err(GatewayError::Unavailable("away".into())) }
        });
        let mut access = MockOrderAccess::new();
        access.expect_token().returning(|_| "token".to_owned());
        let system = StandingSystem::new();
        CheckoutDesk {
            transactor: transactor.clone(),
            gateway: Arc::new(gateway),
            access: Arc::new(access),
            clock: system.clone(),
            ids: system.clone(),
            secrets: system,
        }
    }

    fn unit(cart: Cart, offers: Vec<Offer>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.carts.expect_lock().returning(move |_| Ok(Some(cart.clone())));
        tx.stock.expect_offers().returning(move |_| Ok(offers.clone()));
        tx
    }

    /// A unit of work in which a cart of the variants 7 and 5 becomes an order.
    fn selling() -> UnitOfWorkDouble {
        let mut tx = unit(cart(&[7, 5]), vec![offer(5, 1), offer(7, 1)]);
        let mut sequence = mockall::Sequence::new();
        for number in [5, 7] {
            let wanted = move |id: &VariantId, quantity: &u32| *id == variant(number) && *quantity == 1;
            tx.stock.expect_reserve().withf(wanted).times(1).in_sequence(&mut sequence).returning(|_, _| Ok(true));
        }
        tx.orders.expect_insert().withf(|order| order.total == eur(20_000)).times(1).returning(|_| Ok(()));
        tx.carts.expect_update().withf(|cart| cart.order_id.is_some()).times(1).returning(|_| Ok(()));
        tx.payments.expect_insert().times(1).returning(|_| Ok(()));
        tx.jobs.expect_push().times(3).returning(|_, _| Ok(()));
        tx
    }

    /// The unit of work that notes the gateway's page.
    fn noting() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.payments.expect_lock().returning(|_| Ok(Some(payment())));
        tx.payments.expect_update().withf(|payment| payment.session.is_some()).times(1).returning(|_| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_cart_becomes_an_order_with_a_page_to_pay_on() {
        let transactor = TransactorDouble::new([selling(), noting()]);
        let placed = desk(&transactor, true).place(None, checkout()).await.unwrap();
        assert_eq!(placed.order.lines.len(), 2);
        assert_eq!(placed.payment.session, Some(session()));
        assert_eq!(placed.access_token.as_deref(), Some("token"));
        assert_eq!(placed.payment.return_urls.success, format!("/s/{}?t={{ACCESS_TOKEN}}", placed.order.id));
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn the_order_stands_when_the_gateway_is_away() {
        let transactor = TransactorDouble::new([selling()]);
        let placed = desk(&transactor, false).place(None, checkout()).await.unwrap();
        assert_eq!(placed.payment.session, None);
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn too_little_stock_is_told_for_every_line_and_nothing_is_written() {
        let transactor = TransactorDouble::new([unit(cart(&[7, 5]), vec![offer(5, 0), offer(7, 0)])]);
        let error = desk(&transactor, true).place(None, checkout()).await.unwrap_err();
        let PlaceOrderError::InsufficientStock(shortages) = error else { panic!("{error}") };
        assert_eq!(shortages.len(), 2);
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_piece_that_another_took_at_this_moment_is_a_shortage() {
        let mut tx = unit(cart(&[7]), vec![offer(7, 1)]);
        tx.stock.expect_reserve().times(1).returning(|_, _| Ok(false));
        let transactor = TransactorDouble::new([tx]);
        let lone = Checkout { expected_total: None, ..checkout() };
        let error = desk(&transactor, true).place(None, lone).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::InsufficientStock(shortages) if shortages.len() == 1));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn another_total_than_the_customer_saw_is_refused_with_the_new_one() {
        let transactor = TransactorDouble::new([unit(cart(&[7]), vec![offer(7, 1)])]);
        let error = desk(&transactor, true).place(None, checkout()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::PriceChanged(total) if total == eur(10_000)));
    }

    fn spent() -> UnitOfWorkDouble {
        let mut spent = cart(&[7, 5]);
        spent.order_id = Some(order().id);
        let mut tx = unit(spent, vec![offer(5, 0), offer(7, 0)]);
        tx.orders.expect_lock().returning(|_| Ok(Some(order())));
        tx.payments.expect_lock_of_order().returning(|_| Ok(Some(payment())));
        tx
    }

    #[tokio::test]
    async fn the_same_checkout_again_answers_the_same_order() {
        let transactor = TransactorDouble::new([spent(), noting()]);
        let placed = desk(&transactor, true).place(None, checkout()).await.unwrap();
        assert_eq!(placed.order.id, order().id);
        assert_eq!(placed.payment.session, Some(session()));
    }

    #[tokio::test]
    async fn another_checkout_of_a_spent_cart_is_refused() {
        let transactor = TransactorDouble::new([spent()]);
        let other = Checkout { key: "guest:other".to_owned(), ..checkout() };
        let error = desk(&transactor, true).place(None, other).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::CheckedOut(id) if id == order().id));
    }

    #[tokio::test]
    async fn an_empty_cart_is_no_order() {
        let transactor = TransactorDouble::new([unit(cart(&[]), vec![])]);
        let error = desk(&transactor, true).place(None, checkout()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::Empty));
    }
}
