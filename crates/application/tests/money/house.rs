//! The shop itself: the real services on a real database. Things are named by their places, as the model names them.

use crate::desks::{Services, services};
use crate::gateway::Bank;
use crate::model::{Coin, GOODS};
use application::checkout::place_order::Checkout;
use application::identity::policy::Permission;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::payments::top_up::TopUpWish;
use application::payouts::pay_out::PayoutCommand;
use application::refunds::give::RefundCommand;
use application::system::Clock;
use chrono::{DateTime, Utc};
use domain::identity::{Role, User};
use domain::kernel::{
    Currency, GiftCardId, Money, OrderId, OrderLineId, PaymentId, PayoutId, RefundId, SessionId, TokenId, VariantId,
};
use std::sync::{Arc, Mutex};
use testkit::TestDb;
use testkit::builders::{a_product, a_seller, a_user, id};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::system::SystemSecrets;

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

pub struct House {
    pub db: TestDb,
    pub bank: Arc<Bank>,
    pub watch: Arc<Watch>,
    pub currency: Currency,
    pub services: Services,
    /// Makes codes again that are stored nowhere.
    pub codes: Arc<DerivedCodes>,
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
        let codes = Arc::new(DerivedCodes::new(
            SecretKey::derive(b"master", "codes"),
            AeadBox::new(SecretKey::derive(b"master", "seeds")),
            Arc::new(SystemSecrets),
        ));
        let services = services(&db, &bank, &watch, &codes, coin);
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
            if good.gift {
                assert!(tx.products().set_gift_card(product.id, true, now).await.unwrap());
            }
            goods.push(product.variants[0].id);
        }
        tx.commit().await.unwrap();
        Self {
            db,
            bank,
            watch,
            currency,
            services,
            codes,
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
