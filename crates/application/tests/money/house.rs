//! The shop itself: the real services on a real database. Things are named by their places, as the model names them.

use crate::gateway::Bank;
use crate::model::{Coin, FEE, GOODS, MOST_AT_ONCE};
use application::cart::shop::CartFilling;
use application::checkout::Drafting;
use application::checkout::cancel::Cancellation;
use application::checkout::place_order::{Checkout, CheckoutDesk};
use application::checkout::settle::Settlement;
use application::gift_cards::CodeGuesses;
use application::gift_cards::administer::GiftCardDesk;
use application::gift_cards::expire::Expiry;
use application::gift_cards::issue::Issuance;
use application::gift_cards::redeem::Redemption;
use application::identity::policy::Permission;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::orders::ports::OrderAccess;
use application::payments::expire::TopUpExpiry;
use application::payments::top_up::{TopUpDesk, TopUpWish};
use application::payouts::pay_out::{PayoutCommand, PayoutDesk};
use application::refunds::disputes::DisputeDesk;
use application::refunds::follow::RefundFollowing;
use application::refunds::give::{RefundCommand, RefundDesk};
use application::system::Clock;
use chrono::{DateTime, Utc};
use domain::identity::{Role, User};
use domain::kernel::{
    Currency, GiftCardId, Money, OrderId, OrderLineId, PaymentId, PayoutId, RefundId, SessionId, TokenId, VariantId,
};
use domain::ledger::FeeRate;
use domain::payments::{TopUpLimits, UnitRange};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use testkit::TestDb;
use testkit::builders::{a_product, a_seller, a_user, id};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::sql::SqlAttemptCounts;
use testkit::system::{SystemSecrets, UuidGenerator};

/// Tells the time that the model has.
pub struct Watch(Mutex<DateTime<Utc>>);

impl Watch {
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap() = now;
    }
}

impl Clock for Watch {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

struct OpenSesame;

impl OrderAccess for OpenSesame {
    fn token(&self, _: OrderId) -> String {
        "token".to_owned()
    }

    fn opens(&self, _: OrderId, token: &str) -> bool {
        token == "token"
    }
}

pub struct Services {
    pub issuance: Issuance,
    pub cards: GiftCardDesk,
    pub redemption: Redemption,
    pub card_expiry: Expiry,
    pub carts: CartFilling,
    pub checkout: CheckoutDesk,
    pub settlement: Settlement,
    pub cancellation: Cancellation,
    pub top_ups: TopUpDesk,
    pub top_up_expiry: TopUpExpiry,
    pub refunds: RefundDesk,
    pub following: RefundFollowing,
    pub disputes: DisputeDesk,
    pub payouts: PayoutDesk,
}

pub struct House {
    pub db: TestDb,
    pub bank: Arc<Bank>,
    pub watch: Arc<Watch>,
    pub currency: Currency,
    pub services: Services,
    pub admin: User,
    pub customers: Vec<User>,
    pub sellers: Vec<User>,
    pub goods: Vec<VariantId>,
    pub cards: Vec<Card>,
    pub orders: Vec<Placed>,
    pub top_ups: Vec<(PaymentId, usize, TopUpWish)>,
    pub refunds: Vec<(RefundId, Option<usize>, RefundCommand)>,
    pub payouts: Vec<(PayoutId, PayoutCommand)>,
    /// The payment that each is about.
    pub disputes: Vec<String>,
    keys: usize,
}

/// A gift card as its holder knows it.
pub struct Card {
    pub id: GiftCardId,
    pub code: String,
}

/// An order, and how it was asked for.
#[derive(Clone)]
pub struct Placed {
    pub id: OrderId,
    pub payment: PaymentId,
    pub lines: Vec<OrderLineId>,
    pub customer: Option<usize>,
    pub command: Checkout,
}

impl House {
    pub async fn open(db: TestDb, coin: Coin, now: DateTime<Utc>) -> Self {
        let currency = Currency::parse(coin.code()).unwrap();
        let (bank, watch) = (Arc::new(Bank::new(coin)), Arc::new(Watch(Mutex::new(now))));
        let services = services(&db, &bank, &watch, currency);
        let admin = User { role: Role::Admin, ..a_user() };
        let (customers, sellers) = (vec![a_user(), a_user()], vec![a_seller(), a_seller()]);
        let tx = db.begin().await;
        for user in customers.iter().chain(&sellers).chain([&admin]) {
            tx.users().insert(user).await.unwrap();
        }
        let mut goods = Vec::new();
        for (place, good) in GOODS.iter().enumerate() {
            let mut product = a_product(sellers[good.seller].id);
            let price = Money::new(coin.price(place), currency);
            (product.price, product.variants[0].price, product.variants[0].stock) = (price, price, good.stock);
            tx.products().insert(&product).await.unwrap();
            goods.push(product.variants[0].id);
        }
        tx.commit().await.unwrap();
        Self {
            db,
            bank,
            watch,
            currency,
            services,
            admin,
            customers,
            sellers,
            goods,
            cards: Vec::new(),
            orders: Vec::new(),
            top_ups: Vec::new(),
            refunds: Vec::new(),
            payouts: Vec::new(),
            disputes: Vec::new(),
            keys: 0,
        }
    }

    pub fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.currency)
    }

    /// A name for a request that no other has.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("somebody:{}", self.keys)
    }

    /// Somebody who is signed in since a moment.
    pub fn allowed<P: Permission>(&self, user: &User) -> Allowed<P> {
        let now = self.watch.now();
        let proof = SessionProof {
            session_id: SessionId::new(id()),
            token_id: TokenId::new(id()),
            token_expires_at: now,
            proven_at: now,
        };
        let credential = Credential::Session(proof);
        Allowed::check(&Caller { user_id: user.id, role: user.role, email_verified: true, credential }, now).unwrap()
    }
}

pub fn client() -> Client {
    Client { address: std::net::Ipv4Addr::LOCALHOST.into(), device: "a test".to_owned(), device_token: None }
}

fn services(db: &TestDb, bank: &Arc<Bank>, watch: &Arc<Watch>, currency: Currency) -> Services {
    let transactor = || Arc::new(db.database().transactor());
    let queries = || Arc::new(db.queries());
    let counts = Arc::new(SqlAttemptCounts::new(db.database()));
    let guesses = CodeGuesses { counts, transactor: transactor() };
    let ids = Arc::new(UuidGenerator);
    let fee = FeeRate::basis_points(FEE.into()).unwrap();
    let codes = DerivedCodes::new(
        SecretKey::derive(b"master", "codes"),
        AeadBox::new(SecretKey::derive(b"master", "seeds")),
        Arc::new(SystemSecrets),
    );
    let most = u32::try_from(MOST_AT_ONCE).unwrap();
    Services {
        issuance: Issuance {
            transactor: transactor(),
            ids: ids.clone(),
            secrets: Arc::new(SystemSecrets),
            codes: Arc::new(codes),
            clock: watch.clone(),
        },
        cards: GiftCardDesk { cards: queries(), transactor: transactor(), clock: watch.clone() },
        redemption: Redemption {
            transactor: transactor(),
            ledger: queries(),
            guesses: guesses.clone(),
            clock: watch.clone(),
        },
        card_expiry: Expiry { transactor: transactor(), clock: watch.clone() },
        carts: CartFilling {
            carts: queries(),
            catalog: queries(),
            transactor: transactor(),
            clock: watch.clone(),
            ids: ids.clone(),
            shop_currency: currency,
        },
        checkout: CheckoutDesk {
            transactor: transactor(),
            gateway: bank.clone(),
            access: Arc::new(OpenSesame),
            guesses,
            clock: watch.clone(),
            drafting: Drafting { ids: ids.clone(), secrets: Arc::new(SystemSecrets) },
            fee,
            risk: Arc::default(),
        },
        settlement: Settlement {
            payments: queries(),
            orders: queries(),
            gateway: bank.clone(),
            access: Arc::new(OpenSesame),
            transactor: transactor(),
            clock: watch.clone(),
            fee,
        },
        cancellation: Cancellation {
            orders: queries(),
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            access: Arc::new(OpenSesame),
            clock: watch.clone(),
            fee,
        },
        top_ups: TopUpDesk {
            transactor: transactor(),
            gateway: bank.clone(),
            clock: watch.clone(),
            ids: ids.clone(),
            limits: TopUpLimits { usual: UnitRange { least: 1, most }, own: BTreeMap::new() },
            risk: Arc::default(),
        },
        top_up_expiry: TopUpExpiry {
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            clock: watch.clone(),
        },
        refunds: RefundDesk { transactor: transactor(), gateway: bank.clone(), ids: ids.clone(), clock: watch.clone() },
        following: RefundFollowing {
            refunds: queries(),
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            clock: watch.clone(),
        },
        disputes: DisputeDesk {
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            ids: ids.clone(),
            clock: watch.clone(),
        },
        payouts: PayoutDesk { payouts: queries(), transactor: transactor(), ids, clock: watch.clone() },
    }
}
