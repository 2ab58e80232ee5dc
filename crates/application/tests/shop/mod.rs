//! A shop for service tests: the real services on a real database, with a gateway that can be told what to do.

use application::cart::shop::{CartFilling, FillCarts};
use application::checkout::Drafting;
use application::checkout::cancel::{CancelError, CancelOrders, Cancellation};
use application::checkout::place_order::{Checkout, CheckoutDesk, PlaceOrderError, PlaceOrders, PlacedOrder};
use application::checkout::settle::{SettleError, SettlePayments, Settlement};
use application::checkout::tenders::{Means, TypedCode};
use application::gift_cards::CodeGuesses;
use application::gift_cards::expire::{ExpireGiftCards, Expiry};
use application::gift_cards::ports::{CardWithBalance, GiftCardQueries};
use application::gift_cards::redeem::{RedeemGiftCardError, RedeemGiftCards, Redeemed, Redemption};
use application::gift_cards::sell::{IssueSoldGiftCards, SoldCards};
use application::identity::policy::{CheckOut, Permission};
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::jobs::JobFailure;
use application::ledger::ports::LedgerQueries;
use application::orders::ports::{OrderAccess, OrderQueries};
use application::payments::ports::{GatewayError, GatewayEvent, InvalidEvent, PaymentGateway, PaymentQueries};
use application::system::{Clock, SecretSource, digest_of};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::Product;
use domain::gift_cards::{GiftCard, GiftCardCode};
use domain::identity::User;
use domain::kernel::{
    CartId, Currency, EmailAddress, Gift, GiftCardId, Money, OrderId, PaymentId, SessionId, TokenId, VariantId,
};
use domain::ledger::FeeRate;
use domain::ledger::movements::{GiftCardIssued, TopUp};
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment, ReturnUrls};
use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use testkit::TestDb;
use testkit::builders::{a_gift_card, a_product, a_seller, a_top_up, a_user, an_address, id};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::sql::SqlAttemptCounts;
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

    /// The bank promises the money.
    pub fn promises(&self, payment: &Payment) {
        assert_eq!(self.decide(&page(payment), GatewayVerdict::Authorized), GatewayVerdict::Authorized);
    }

    fn end_promise(&self, page: &str, verdict: GatewayVerdict) -> GatewayVerdict {
        let mut pages = self.pages.lock().unwrap();
        let stands = pages.get_mut(page).unwrap();
        if *stands == GatewayVerdict::Authorized {
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

    /// Fifty cents at the least.
    fn payable(&self, amount: Money) -> Money {
        Money::new(amount.amount().max(50), amount.currency())
    }

    async fn open<'a>(&self, payment: &Payment, _: Option<&'a Order>) -> Result<HostedSession, GatewayError> {
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

    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.end_promise(session_id, GatewayVerdict::Paid))
    }

    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.reached()?;
        self.answer(self.end_promise(session_id, GatewayVerdict::Closed))
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
    redemption: Redemption,
    expiry: Expiry,
}

impl Shop {
    pub async fn open(db: TestDb) -> Self {
        let transactor = Arc::new(db.database().transactor());
        let queries = Arc::new(db.queries());
        let gateway = Arc::new(Gateway::default());
        let access = Arc::new(OpenSesame);
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(UuidGenerator));
        let counts = Arc::new(SqlAttemptCounts::new(db.database()));
        let guesses = CodeGuesses { counts, transactor: transactor.clone() };
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
                guesses: guesses.clone(),
                clock: clock.clone(),
                drafting: Drafting { ids, secrets: Arc::new(SystemSecrets) },
                fee: fee(),
                risk: Arc::default(),
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
                payments: queries.clone(),
                gateway: gateway.clone(),
                transactor: transactor.clone(),
                access,
                clock: clock.clone(),
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
            redemption: Redemption { transactor: transactor.clone(), ledger: queries, guesses, clock: clock.clone() },
            expiry: Expiry { transactor, clock },
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
        self.checkout.place(None, checkout(cart, key), &client()).await
    }

    /// The same with these cards, and with the customer's balance if there is a customer.
    pub async fn check_out_with(
        &self,
        customer: Option<&User>,
        cards: &[&Card],
        cart: CartId,
        key: usize,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let gift_card_codes = cards.iter().map(|card| TypedCode(card.code.clone())).collect();
        let means = Means { gift_card_codes, use_balance: customer.is_some() };
        let caller = customer.map(allowed::<CheckOut>);
        self.checkout.place(caller.as_ref(), Checkout { means, ..checkout(cart, key) }, &client()).await
    }

    pub async fn check_out_expecting(&self, cart: CartId, total: Money) -> Result<PlacedOrder, PlaceOrderError> {
        self.checkout.place(None, Checkout { expected_total: Some(total), ..checkout(cart, 1) }, &client()).await
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

    /// A customer with so many cents in their balance.
    pub async fn customer_with(&self, cents: i64) -> User {
        let user = a_user();
        let tx = self.db.begin().await;
        tx.users().insert(&user).await.unwrap();
        if cents > 0 {
            let amount = Money::new(cents, Currency::EUR);
            let paid = a_top_up(user.id, amount);
            tx.payments().insert(&paid).await.unwrap();
            let posting = TopUp { payment: paid.id, user: user.id, amount }.posting().unwrap();
            tx.ledger().post(&posting, user.created_at).await.unwrap();
        }
        tx.commit().await.unwrap();
        user
    }

    /// A gift card with so many cents on it.
    pub async fn gift_card(&self, cents: i64) -> Card {
        let issuer = self.customer_with(0).await;
        let code = GiftCardCode::draw(SystemSecrets.bytes());
        let value = Money::new(cents, Currency::EUR);
        let card =
            GiftCard { code_digest: digest_of(code.expose()), last4: code.last4(), ..a_gift_card(issuer.id, value) };
        let tx = self.db.begin().await;
        tx.gift_cards().insert(&card).await.unwrap();
        let posting = GiftCardIssued { gift_card: card.id, value }.posting().unwrap();
        tx.ledger().post(&posting, card.created_at).await.unwrap();
        tx.commit().await.unwrap();
        Card { id: card.id, code: code.written() }
    }

    /// The card's time is over since a moment.
    pub async fn ends(&self, card: &Card) {
        let tx = self.db.begin().await;
        let mut found = tx.gift_cards().lock(card.id).await.unwrap().unwrap().card;
        found.expires_at = Some(SystemClock.now());
        tx.gift_cards().update(&found).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Does what the job does that ends cards.
    pub async fn expire_card(&self, card: &Card) {
        self.expiry.expire(card.id).await.unwrap();
    }

    pub async fn redeem(&self, customer: &User, card: &Card) -> Result<Redeemed, RedeemGiftCardError> {
        self.redemption.redeem(&allowed(customer), &card.code, &client()).await
    }

    /// What is on a card, in cents.
    pub async fn on_card(&self, card: &Card) -> i64 {
        let CardWithBalance { balance, .. } = self.db.queries().find_card(card.id).await.unwrap().unwrap();
        balance.amount()
    }

    /// What is in a customer's balance, in cents.
    pub async fn balance(&self, customer: &User) -> i64 {
        self.db.queries().balances(customer.id).await.unwrap().iter().map(|balance| balance.amount()).sum()
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

/// A gift card as its holder knows it.
pub struct Card {
    pub id: GiftCardId,
    pub code: String,
}

/// Somebody who is signed in.
fn allowed<P: Permission>(user: &User) -> Allowed<P> {
    let caller = Caller {
        user_id: user.id,
        role: user.role,
        email_verified: true,
        credential: Credential::Session(SessionProof {
            session_id: SessionId::new(id()),
            token_id: TokenId::new(id()),
            token_expires_at: SystemClock.now(),
            proven_at: SystemClock.now(),
        }),
    };
    Allowed::check(&caller, SystemClock.now()).unwrap()
}

fn client() -> Client {
    Client { address: std::net::Ipv4Addr::LOCALHOST.into(), device: "a test".to_owned(), device_token: None }
}

fn variant(product: &Product) -> VariantId {
    product.variants[0].id
}

fn checkout(cart: CartId, key: usize) -> Checkout {
    Checkout {
        cart,
        key: format!("guest:{key}"),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        shipping_address: Some(an_address()),
        means: Means::default(),
        expected_total: None,
        return_urls: ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() },
    }
}

/// Waits for all of them, side by side.
pub async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(futures).await
}
