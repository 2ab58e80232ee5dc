//! The real services of the money on a real database, as the server composes them, for tests that say what happens around them.

#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]

mod gateway;

use application::cart::shop::CartFilling;
use application::checkout::Drafting;
use application::checkout::cancel::Cancellation;
use application::checkout::place_order::{Checkout, CheckoutDesk};
use application::checkout::settle::Settlement;
use application::checkout::tenders::Means;
use application::gift_cards::CodeGuesses;
use application::gift_cards::expire::Expiry;
use application::gift_cards::redeem::Redemption;
use application::gift_cards::sell::SoldCards;
use application::identity::policy::Permission;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::orders::ports::OrderAccess;
use application::payments::expire::TopUpExpiry;
use application::payments::hear::GatewayEar;
use application::payments::ports::PaymentGateway;
use application::payments::top_up::TopUpDesk;
use application::payouts::pay_out::PayoutDesk;
use application::refunds::disputes::DisputeDesk;
use application::refunds::follow::RefundFollowing;
use application::refunds::give::RefundDesk;
use application::refunds::ports::RefundGateway;
use application::system::{Clock, SecretSource, digest_of};
use application::unit_of_work::{Transactor, UnitOfWork};
use domain::catalog::Product;
use domain::gift_cards::{GiftCard, GiftCardCode};
use domain::identity::User;
use domain::kernel::{CartId, Currency, EmailAddress, GiftCardId, Money, OrderId, SessionId, TokenId};
use domain::ledger::FeeRate;
use domain::ledger::movements::{GiftCardIssued, TopUp};
use domain::payments::{ReturnUrls, TopUpLimits, UnitRange};
pub use gateway::Gateway;
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::builders::{a_gift_card, a_product, a_seller, a_top_up, a_user, an_address, cents, id};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::sql::{Database, SqlAttemptCounts};
use testkit::system::{SystemClock, SystemSecrets, UuidGenerator};

/// The services of one process.
pub struct Services {
    pub carts: CartFilling,
    pub checkout: CheckoutDesk,
    pub settlement: Settlement,
    pub cancellation: Cancellation,
    pub sold_cards: SoldCards,
    pub redemption: Redemption,
    pub expiry: Expiry,
    pub top_ups: TopUpDesk,
    pub top_up_expiry: TopUpExpiry,
    pub ear: GatewayEar,
    pub refunds: RefundDesk,
    pub following: RefundFollowing,
    pub disputes: DisputeDesk,
    pub payouts: PayoutDesk,
}

impl Services {
    /// With the time as it is.
    pub fn at(database: &Database, gateway: &Arc<Gateway>) -> Self {
        Self::over(database, Arc::new(database.transactor()), gateway, Arc::new(SystemClock))
    }

    /// With all that a test may want to be its own.
    pub fn over<G: PaymentGateway + RefundGateway + 'static>(
        database: &Database,
        transactor: Arc<dyn Transactor>,
        gateway: &Arc<G>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let queries = Arc::new(database.queries());
        let payments: Arc<dyn PaymentGateway> = gateway.clone();
        let refunds: Arc<dyn RefundGateway> = gateway.clone();
        let (access, ids, fee) = (Arc::new(OpenSesame), Arc::new(UuidGenerator), fee());
        let counts = Arc::new(SqlAttemptCounts::new(database));
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
                gateway: payments.clone(),
                access: access.clone(),
                guesses: guesses.clone(),
                clock: clock.clone(),
                drafting: Drafting { ids: ids.clone(), secrets: Arc::new(SystemSecrets) },
                fee,
                risk: Arc::default(),
            },
            settlement: Settlement {
                payments: queries.clone(),
                orders: queries.clone(),
                gateway: payments.clone(),
                access: access.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                fee,
            },
            cancellation: Cancellation {
                orders: queries.clone(),
                payments: queries.clone(),
                gateway: payments.clone(),
                transactor: transactor.clone(),
                access,
                clock: clock.clone(),
                fee,
            },
            sold_cards: SoldCards {
                transactor: transactor.clone(),
                codes: Arc::new(DerivedCodes::new(
                    SecretKey::derive(b"master", "codes"),
                    AeadBox::new(SecretKey::derive(b"master", "seeds")),
                    Arc::new(SystemSecrets),
                )),
                ids: ids.clone(),
                clock: clock.clone(),
            },
            redemption: Redemption {
                transactor: transactor.clone(),
                ledger: queries.clone(),
                guesses,
                clock: clock.clone(),
            },
            expiry: Expiry { transactor: transactor.clone(), clock: clock.clone() },
            top_ups: TopUpDesk {
                transactor: transactor.clone(),
                gateway: payments.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                limits: TopUpLimits { usual: UnitRange { least: 1, most: 1_000 }, own: BTreeMap::new() },
                risk: Arc::default(),
            },
            top_up_expiry: TopUpExpiry {
                payments: queries.clone(),
                gateway: payments.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            },
            ear: GatewayEar { gateway: payments, transactor: transactor.clone(), clock: clock.clone() },
            refunds: RefundDesk {
                transactor: transactor.clone(),
                gateway: refunds.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            },
            following: RefundFollowing {
                refunds: queries.clone(),
                payments: queries.clone(),
                gateway: refunds.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            },
            disputes: DisputeDesk {
                payments: queries.clone(),
                gateway: refunds,
                transactor: transactor.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            },
            payouts: PayoutDesk { payouts: queries, transactor, ids, clock },
        }
    }
}

/// What the platform keeps: two and a half percent.
pub fn fee() -> FeeRate {
    FeeRate::basis_points(250).unwrap()
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

/// A gift card as its holder knows it.
pub struct Card {
    pub id: GiftCardId,
    pub code: String,
}

/// A seller's ring at 129.00 EUR of which there are so many.
pub async fn on_sale(tx: Box<dyn UnitOfWork>, stock: u32) -> Product {
    let seller = a_seller();
    let mut ring = a_product(seller.id);
    ring.variants[0].stock = stock;
    tx.users().insert(&seller).await.unwrap();
    tx.products().insert(&ring).await.unwrap();
    tx.commit().await.unwrap();
    ring
}

/// A customer with so many cents in their balance.
pub async fn customer_with(tx: Box<dyn UnitOfWork>, balance: i64) -> User {
    let user = a_user();
    tx.users().insert(&user).await.unwrap();
    if balance > 0 {
        let amount = cents(balance);
        let paid = a_top_up(user.id, amount);
        tx.payments().insert(&paid).await.unwrap();
        let posting = TopUp { payment: paid.id, user: user.id, amount }.posting().unwrap();
        tx.ledger().post(&posting, user.created_at).await.unwrap();
    }
    tx.commit().await.unwrap();
    user
}

/// A gift card with so many cents on it.
pub async fn gift_card(tx: Box<dyn UnitOfWork>, value: i64) -> Card {
    let (issuer, value) = (a_user(), cents(value));
    let code = GiftCardCode::draw(SystemSecrets.bytes());
    let card = GiftCard { code_digest: digest_of(code.expose()), last4: code.last4(), ..a_gift_card(issuer.id, value) };
    tx.users().insert(&issuer).await.unwrap();
    tx.gift_cards().insert(&card).await.unwrap();
    let posting = GiftCardIssued { gift_card: card.id, value }.posting().unwrap();
    tx.ledger().post(&posting, card.created_at).await.unwrap();
    tx.commit().await.unwrap();
    Card { id: card.id, code: code.written() }
}

/// A request to turn a cart into an order.
pub fn checkout(cart: CartId, key: usize) -> Checkout {
    Checkout {
        cart,
        key: format!("guest:{key}"),
        email: EmailAddress::parse("ada@example.com").unwrap(),
        shipping_address: Some(an_address()),
        means: Means::default(),
        expected_total: None::<Money>,
        return_urls: ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() },
    }
}

/// Somebody who is signed in.
pub fn allowed<P: Permission>(user: &User) -> Allowed<P> {
    let now = SystemClock.now();
    let proof = SessionProof {
        session_id: SessionId::new(id()),
        token_id: TokenId::new(id()),
        token_expires_at: now,
        proven_at: now,
    };
    let credential = Credential::Session(proof);
    Allowed::check(&Caller { user_id: user.id, role: user.role, email_verified: true, credential }, now).unwrap()
}

pub fn client() -> Client {
    Client { address: std::net::Ipv4Addr::LOCALHOST.into(), device: "a test".to_owned(), device_token: None }
}

/// Waits for all of them, side by side.
pub async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(futures).await
}
