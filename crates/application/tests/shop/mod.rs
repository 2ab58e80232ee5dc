//! A shop for service tests: the real services on a real database, with a gateway that can be told what to do.

use application::cart::shop::{CartFilling, FillCarts};
use application::checkout::cancel::{CancelError, CancelOrders, Cancellation};
use application::checkout::place_order::{Checkout, CheckoutDesk, PlaceOrderError, PlaceOrders, PlacedOrder};
use application::checkout::settle::{SettleError, SettlePayments, Settlement};
use application::gift_cards::sell::{IssueSoldGiftCards, SoldCards};
use application::jobs::JobFailure;
use application::orders::ports::{OrderAccess, OrderQueries};
use application::payments::ports::{GatewayError, GatewayEvent, InvalidEvent, PaymentGateway, PaymentQueries};
use application::system::Clock;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::Product;
use domain::kernel::{CartId, Currency, EmailAddress, Gift, Money, OrderId, PaymentId, VariantId};
use domain::ledger::FeeRate;
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment, ReturnUrls};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use testkit::TestDb;
use testkit::builders::{a_product, a_seller, an_address};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::system::{SystemClock, SystemSecrets, UuidGenerator};

/// A gateway in memory. The first to decide about a page decides it.
#[derive(Default)]
pub struct Gateway {
    pages: Mutex<HashMap<String, GatewayVerdict>>,
    away: AtomicBool,
    mute: AtomicBool,
    fussy: AtomicBool,
}

impl Gateway {
    pub fn pages(&self) -> usize {
        self.pages.lock().unwrap().len()
    }

    pub fn goes_away(&self) {
        self.away.store(true, Ordering::SeqCst);
    }

    pub fn comes_back(&self) {
        self.away.store(false, Ordering::SeqCst);
        self.mute.store(false, Ordering::SeqCst);
    }

    /// It does what it is asked, and its answers are lost.
    pub fn falls_mute(&self) {
        self.mute.store(true, Ordering::SeqCst);
    }

    /// It opens no page.
    pub fn refuses(&self) {
        self.fussy.store(true, Ordering::SeqCst);
    }

    /// The customer pays, if the page is open.
    pub fn pays(&self, payment: &Payment) -> bool {
        self.decide(&page(payment), GatewayVerdict::Paid) == GatewayVerdict::Paid
    }

    /// The bank says no.
    pub fn declines(&self, payment: &Payment) {
        assert_eq!(self.decide(&page(payment), GatewayVerdict::Declined), GatewayVerdict::Declined);
    }

    fn decide(&self, page: &str, verdict: GatewayVerdict) -> GatewayVerdict {
        let mut pages = self.pages.lock().unwrap();
        let stands = pages.get_mut(page).unwrap();
        if *stands == GatewayVerdict::Open {
            *stands = verdict;
        }
        *stands
    }

    fn reached(&self) -> Result<(), GatewayError> {
        if self.away.load(Ordering::SeqCst) { Err(GatewayError::Unavailable("away".into())) } else { Ok(()) }
    }

    fn answer<T>(&self, value: T) -> Result<T, GatewayError> {
        if self.mute.load(Ordering::SeqCst) { Err(GatewayError::Lost("silence".into())) } else { Ok(value) }
    }
}

/// What the platform keeps: two and a half percent.
fn fee() -> FeeRate {
    FeeRate::basis_points(250).unwrap()
}

fn page(payment: &Payment) -> String {
    format!("page-{}", payment.id)
}

#[async_trait]
impl PaymentGateway for Gateway {
    fn name(&self) -> &'static str {
        "double"
    }

    async fn open(&self, payment: &Payment, _: &Order) -> Result<HostedSession, GatewayError> {
        self.reached()?;
        if self.fussy.load(Ordering::SeqCst) {
            return Err(GatewayError::Refused("too small".into()));
        }
        self.pages.lock().unwrap().entry(page(payment)).or_insert(GatewayVerdict::Open);
        self.answer(HostedSession { id: page(payment), url: format!("https://gateway.example/{}", page(payment)) })
    }

    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.pages.lock().unwrap()[session_id])
    }

    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.decide(session_id, GatewayVerdict::Closed))
    }

    fn read_event(&self, _: &[u8], _: &str, _: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent> {
        Err(InvalidEvent::Signature)
    }
}

/// Opens an order to the token `token`.
struct OpenSesame;

impl OrderAccess for OpenSesame {
    fn token(&self, _: OrderId) -> String {
        "token".to_owned()
    }

    fn opens(&self, _: OrderId, token: &str) -> bool {
        token == "token"
    }
}

/// The services on one database.
pub struct Shop {
    db: TestDb,
    pub gateway: Arc<Gateway>,
    carts: CartFilling,
    checkout: CheckoutDesk,
    settlement: Settlement,
    cancellation: Cancellation,
    sold_cards: SoldCards,
}

impl Shop {
    pub async fn open(db: TestDb) -> Self {
        let transactor = Arc::new(db.database().transactor());
        let queries = Arc::new(db.queries());
        let gateway = Arc::new(Gateway::default());
        let access = Arc::new(OpenSesame);
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(UuidGenerator));
        Self {
            carts: CartFilling {
                carts: queries.clone(),
                catalog: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                shop_currency: Currency::EUR,
            },
            checkout: CheckoutDesk {
                transactor: transactor.clone(),
                gateway: gateway.clone(),
                access: access.clone(),
                clock: clock.clone(),
                ids,
                secrets: Arc::new(SystemSecrets),
            },
            settlement: Settlement {
                payments: queries.clone(),
                orders: queries.clone(),
                gateway: gateway.clone(),
                access: access.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                fee: fee(),
            },
            cancellation: Cancellation {
                orders: queries.clone(),
                payments: queries,
                gateway: gateway.clone(),
                transactor,
                access,
                clock,
                fee: fee(),
            },
            sold_cards: SoldCards {
                transactor: Arc::new(db.database().transactor()),
                codes: Arc::new(DerivedCodes::new(
                    SecretKey::derive(b"master", "codes"),
                    AeadBox::new(SecretKey::derive(b"master", "seeds")),
                    Arc::new(SystemSecrets),
                )),
                ids: Arc::new(UuidGenerator),
                clock: Arc::new(SystemClock),
            },
            gateway,
            db,
        }
    }

    /// A ring at 129.00 EUR of which there are so many.
    pub async fn on_sale(&self, stock: u32) -> Product {
        let seller = a_seller();
        let mut ring = a_product(seller.id);
        ring.variants[0].stock = stock;
        let tx = self.db.begin().await;
        tx.users().insert(&seller).await.unwrap();
        tx.products().insert(&ring).await.unwrap();
        tx.commit().await.unwrap();
        ring
    }

    /// A gift card of 129.00 EUR.
    pub async fn gift_card_on_sale(&self) -> Product {
        let product = self.on_sale(0).await;
        let tx = self.db.begin().await;
        assert!(tx.products().set_gift_card(product.id, true, SystemClock.now()).await.unwrap());
        tx.commit().await.unwrap();
        product
    }

    /// A guest's cart with so many gift cards for a friend.
    pub async fn cart_with_gifts(&self, product: &Product, quantity: u32) -> CartId {
        let cart = self.carts.open(None, None).await.unwrap().cart.id;
        let gift = Gift {
            recipient_email: EmailAddress::parse("friend@example.com").unwrap(),
            recipient_name: None,
            sender_name: None,
            message: None,
            deliver_on: None,
        };
        self.carts.add_gift(None, cart, variant(product), quantity, gift).await.unwrap();
        cart
    }

    /// Issues what a paid order has bought.
    pub async fn issues_gifts(&self, order: OrderId) -> Result<(), JobFailure> {
        self.sold_cards.issue(order).await
    }

    /// How many gift cards there are.
    pub async fn gift_cards(&self) -> u32 {
        self.count("gift_cards", "1 = 1").await
    }

    /// A guest's cart with so many of them.
    pub async fn cart_with(&self, product: &Product, quantity: u32) -> CartId {
        let cart = self.carts.open(None, None).await.unwrap().cart.id;
        self.carts.add(None, cart, variant(product), quantity).await.unwrap();
        cart
    }

    /// So many carts with one each.
    pub async fn carts_with(&self, product: &Product, count: usize) -> Vec<CartId> {
        let mut carts = Vec::new();
        for _ in 0..count {
            carts.push(self.cart_with(product, 1).await);
        }
        carts
    }

    pub async fn check_out(&self, cart: CartId, key: usize) -> Result<PlacedOrder, PlaceOrderError> {
        self.checkout.place(None, checkout(cart, key)).await
    }

    pub async fn check_out_expecting(&self, cart: CartId, total: Money) -> Result<PlacedOrder, PlaceOrderError> {
        self.checkout.place(None, Checkout { expected_total: Some(total), ..checkout(cart, 1) }).await
    }

    pub async fn submit(&self, payment: PaymentId) -> Result<(), SettleError> {
        self.settlement.submit(payment).await
    }

    pub async fn settle(&self, payment: PaymentId) -> Result<(), SettleError> {
        self.settlement.settle(payment).await
    }

    pub async fn reconcile(&self, payment: PaymentId) -> Result<(), SettleError> {
        self.settlement.reconcile(payment).await
    }

    pub async fn expire(&self, order: OrderId) -> Result<(), CancelError> {
        self.cancellation.expire(order).await
    }

    pub async fn stock(&self, product: &Product) -> u32 {
        let tx = self.db.begin().await;
        tx.stock().offers(&[variant(product)]).await.unwrap()[0].stock
    }

    pub async fn order(&self, id: OrderId) -> Order {
        OrderQueries::find(&self.db.queries(), id).await.unwrap().unwrap()
    }

    pub async fn payment(&self, id: PaymentId) -> Payment {
        PaymentQueries::find(&self.db.queries(), id).await.unwrap().unwrap()
    }

    pub async fn paid_orders(&self) -> u32 {
        self.count("orders", "status = 'paid'").await
    }

    /// What the ledger's accounts of a kind have together, in cents.
    pub async fn ledger(&self, account: &str) -> i64 {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_entries WHERE account = '{account}'"
        );
        self.db.number(&sql).await
    }

    /// Asserts that all money adds up.
    pub async fn assert_money_adds_up(&self) {
        self.db.assert_ledger_is_sound().await;
    }

    /// How many jobs of a kind wait.
    pub async fn jobs(&self, kind: &str) -> u32 {
        self.count("jobs", &format!("kind = '{kind}'")).await
    }

    /// Counts rows by touching each of them in a way that changes nothing.
    async fn count(&self, table: &str, condition: &str) -> u32 {
        let touch = format!("UPDATE {table} SET id = id WHERE {condition}");
        u32::try_from(self.db.execute(&touch).await.unwrap()).unwrap()
    }
}

fn variant(product: &Product) -> VariantId {
    product.variants[0].id
}

fn checkout(cart: CartId, key: usize) -> Checkout {
    Checkout {
        cart,
        key: format!("guest:{key}"),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        shipping_address: an_address(),
        expected_total: None,
        return_urls: ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() },
    }
}

/// Waits for all of them, side by side.
pub async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(futures).await
}
