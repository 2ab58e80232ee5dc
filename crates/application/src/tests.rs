//! Values for the unit tests of this crate: one of each thing, and a system that stands still.

use crate::catalog::views::{Offer, SellerView};
use crate::identity::policy::Permission;
use crate::identity::{Allowed, Caller, Client, Credential, SessionProof};
use crate::system::{Clock, IdGenerator, SecretSource};
use chrono::{DateTime, Utc};
use domain::cart::{Cart, CartLine};
use domain::catalog::Options;
use domain::gift_cards::{GiftCard, NewGiftCard};
use domain::identity::{NewUser, Role, User};
use domain::kernel::{
    CartId, CartLineId, Currency, EmailAddress, GiftCardId, Money, OrderId, PaymentId, ProductId, SessionId, Slug,
    TokenId, UserId, VariantId,
};
use domain::orders::{NewOrder, Order, OrderLine, OrderNumber, SellerSnapshot, ShippingAddress};
use domain::payments::{HostedSession, Payment, Purpose, ReturnUrls};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// The moment at which all unit tests happen.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// A clock that stands, ids that count up from 1000, and secrets of zeros.
pub struct StandingSystem(AtomicU64);

impl StandingSystem {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(1_000)))
    }
}

impl Clock for StandingSystem {
    fn now(&self) -> DateTime<Utc> {
        now()
    }
}

impl IdGenerator for StandingSystem {
    fn next(&self) -> Uuid {
        uuid(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

impl SecretSource for StandingSystem {
    fn bytes(&self) -> [u8; 32] {
        [0; 32]
    }
}

pub fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number))
}

pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

pub fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

pub fn user(role: Role) -> User {
    let new = NewUser {
        id: UserId::new(uuid(1)),
        email: email("ada@example.com"),
        name: Some("Ada".to_owned()),
        role,
        shop_name: (role == Role::Seller).then(|| "Ada's".to_owned()),
        password_hash: Some("hash".to_owned()),
    };
    User::register(new, now())
}

pub fn caller(role: Role) -> Caller {
    Caller {
        user_id: UserId::new(uuid(1)),
        role,
        email_verified: true,
        credential: Credential::Session(SessionProof {
            session_id: SessionId::new(uuid(3)),
            token_id: TokenId::new(uuid(2)),
            token_expires_at: now(),
            proven_at: now(),
        }),
    }
}

/// The same, who may do what a use case is about.
pub fn allowed<P: Permission>(role: Role) -> Allowed<P> {
    Allowed::check(&caller(role), now()).unwrap()
}

/// A browser.
pub fn client() -> Client {
    Client {
        address: std::net::Ipv4Addr::new(192, 0, 2, 1).into(),
        device: "Firefox on Linux".to_owned(),
        device_token: None,
    }
}

pub fn variant(number: u64) -> VariantId {
    VariantId::new(uuid(number))
}

/// A variant at 100.00 EUR of which there are so many.
pub fn offer(number: u64, stock: u32) -> Offer {
    Offer {
        variant_id: variant(number),
        product_id: ProductId::new(uuid(number + 100)),
        product_slug: Slug::parse("ring").unwrap(),
        sku: format!("R-{number}"),
        title: format!("Ring {number}"),
        options: Options::new(),
        price: eur(10_000),
        stock,
        on_sale: true,
        gift_card: false,
        seller: SellerView { id: UserId::new(uuid(9)), shop_name: "Shop".to_owned(), created_at: now() },
        category: Some(Slug::parse("rings").unwrap()),
        materials: vec![Slug::parse("gold").unwrap()],
        image: None,
    }
}

/// A guest's cart with one of each of these variants.
pub fn cart(variants: &[u64]) -> Cart {
    let mut cart = Cart::open(CartId::new(uuid(20)), None, Currency::EUR, now());
    let line = |number: &u64| CartLine {
        id: CartLineId::new(uuid(number + 200)),
        variant_id: variant(*number),
        quantity: 1,
        gift: None,
    };
    cart.lines = variants.iter().map(line).collect();
    cart
}

pub fn address() -> ShippingAddress {
    ShippingAddress {
        name: "Ada".to_owned(),
        line1: "1 Street".to_owned(),
        line2: None,
        city: "Paris".to_owned(),
        postal_code: "75001".to_owned(),
        region: None,
        country: "FR".to_owned(),
    }
}

/// A guest's pending order of 200.00 EUR: one each of the variants 7 and 5.
pub fn order() -> Order {
    let line = |number: u64| OrderLine {
        id: domain::kernel::OrderLineId::new(uuid(number + 300)),
        product_id: ProductId::new(uuid(number + 100)),
        variant_id: variant(number),
        sku: format!("R-{number}"),
        title: format!("Ring {number}"),
        options: Options::new(),
        quantity: 1,
        unit_price: eur(10_000),
        total: eur(10_000),
        seller: SellerSnapshot { id: UserId::new(uuid(number)), shop_name: "Shop".to_owned() },
        category: None,
        materials: vec![],
        gift: None,
    };
    let new = NewOrder {
        id: OrderId::new(uuid(30)),
        number: OrderNumber("CR-1".to_owned()),
        cart_id: CartId::new(uuid(20)),
        checkout_key: "guest:key".to_owned(),
        user_id: None,
        email: email("ada@example.com"),
        currency: Currency::EUR,
        lines: vec![line(7), line(5)],
        shipping_address: Some(address()),
    };
    Order::place(new, now()).unwrap()
}

/// A gift card of 50.00 EUR that never expires.
pub fn gift_card() -> GiftCard {
    let new = NewGiftCard {
        id: GiftCardId::new(uuid(7)),
        code_digest: "digest".to_owned(),
        last4: "YZ01".to_owned(),
        value: eur(5_000),
        issued_by: UserId::new(uuid(8)),
        recipient_email: None,
        expires_at: None,
    };
    GiftCard::issue(new, now()).unwrap()
}

/// The payment of [`order`], written down and not submitted.
pub fn payment() -> Payment {
    let order = order();
    let purpose = Purpose::Order { order: order.id, customer: None };
    Payment::intend(PaymentId::new(uuid(40)), purpose, order.total, urls(), now())
}

pub fn urls() -> ReturnUrls {
    ReturnUrls { success: "/s/{ORDER_ID}?t={ACCESS_TOKEN}".to_owned(), cancel: "/c".to_owned() }
}

pub fn session() -> HostedSession {
    HostedSession { id: "cs_1".to_owned(), url: "https://pay.example/cs_1".to_owned() }
}
