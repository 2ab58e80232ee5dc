//! Values that are right in every way; a test changes what it is about.

use chrono::{DateTime, TimeDelta, Utc};
use domain::cart::{Cart, CartLine};
use domain::catalog::{Category, Material, Options, Picture, PictureSize, Product, ProductStatus, Variant};
use domain::gift_cards::{GiftCard, NewGiftCard};
use domain::identity::{Role, User};
use domain::kernel::{
    CartId, CartLineId, CategoryId, Currency, EmailAddress, GiftCardId, ImageId, MaterialId, Money, OrderId,
    OrderLineId, PaymentId, ProductId, RichText, Slug, UserId, VariantId,
};
use domain::orders::{NewOrder, Order, OrderLine, OrderNumber, SellerSnapshot, ShippingAddress};
use domain::payments::{Payment, PaymentStatus, Purpose, ReturnUrls};
use uuid::Uuid;

/// A new id; later ones are greater.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "ids of tests are drawn here")]
pub fn id() -> Uuid {
    Uuid::now_v7()
}

/// The moment at which tests begin; its microseconds show who cuts them off.
#[must_use]
pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_770_000_000_123_457).unwrap()
}

/// So many seconds after noon.
#[must_use]
pub fn seconds(after: i64) -> DateTime<Utc> {
    noon() + TimeDelta::seconds(after)
}

/// Euros in cents.
#[must_use]
pub const fn cents(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

/// A slug.
#[must_use]
pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// A customer who has proven their address.
#[must_use]
pub fn a_user() -> User {
    let id = id();
    User {
        id: UserId::new(id),
        email: EmailAddress::parse(&format!("{}@example.com", id.simple())).unwrap(),
        pending_email: None,
        name: Some("Ada".into()),
        role: Role::Customer,
        shop_name: None,
        password_hash: Some("$2b$04$hash".into()),
        phone: None,
        avatar_url: None,
        email_verified_at: Some(noon()),
        created_at: noon(),
        disabled_at: None,
        deleted_at: None,
    }
}

/// A seller who has proven their address.
#[must_use]
pub fn a_seller() -> User {
    User { role: Role::Seller, shop_name: Some("Maison Ada".into()), ..a_user() }
}

/// A category at the top.
#[must_use]
pub fn a_category(name: &str) -> Category {
    Category { id: CategoryId::new(id()), slug: slug(name), name: name.into(), parent_id: None }
}

/// A material.
#[must_use]
pub fn a_material(name: &str) -> Material {
    Material { id: MaterialId::new(id()), slug: slug(name), name: name.into() }
}

/// An active product with one variant, of which there are five.
#[must_use]
pub fn a_product(seller: UserId) -> Product {
    let id = id();
    Product {
        id: ProductId::new(id),
        seller_id: seller,
        slug: slug(&format!("ring-{}", id.simple())),
        title: "Ring".into(),
        description: RichText::sanitise("<p>A plain ring.</p>"),
        price: cents(12_900),
        compare_at_price: None,
        category_id: None,
        material_ids: Vec::new(),
        status: ProductStatus::Active,
        gift_card: false,
        option_names: Vec::new(),
        variants: vec![a_variant(12_900, 5)],
        created_at: noon(),
        updated_at: noon(),
    }
}

/// A variant with a price in cents and a stock.
#[must_use]
pub fn a_variant(price: i64, stock: u32) -> Variant {
    let id = id();
    let options = Options::from([("Size".to_owned(), id.simple().to_string())]);
    Variant { id: VariantId::new(id), sku: format!("SKU-{}", id.simple()), options, price: cents(price), stock }
}

/// A picture with one smaller version.
#[must_use]
pub fn a_picture(name: &str) -> Picture {
    let size = |width| PictureSize { path: format!("demo/{name}-{width}.webp"), width, height: width };
    Picture { id: ImageId::new(id()), largest: size(1200), alt: name.into(), smaller: vec![size(400)] }
}

/// An empty cart of a guest.
#[must_use]
pub fn a_cart() -> Cart {
    Cart::open(CartId::new(id()), None, Currency::EUR, noon())
}

/// A line of a cart.
#[must_use]
pub fn a_cart_line(variant: VariantId, quantity: u32) -> CartLine {
    CartLine { id: CartLineId::new(id()), variant_id: variant, quantity, gift: None }
}

/// A line of an order: two of something.
#[must_use]
pub fn an_order_line(seller: &User) -> OrderLine {
    OrderLine {
        id: OrderLineId::new(id()),
        product_id: ProductId::new(id()),
        variant_id: VariantId::new(id()),
        sku: "RING-52".into(),
        title: "Ring".into(),
        options: Options::from([("Size".to_owned(), "52".to_owned())]),
        quantity: 2,
        unit_price: cents(12_900),
        total: cents(25_800),
        seller: SellerSnapshot { id: seller.id, shop_name: seller.shop_name.clone().unwrap_or_default() },
        category: Some(slug("rings")),
        materials: vec![slug("gold"), slug("silver")],
        gift: None,
    }
}

/// An order of a guest that waits for its payment, made from a cart.
#[must_use]
pub fn an_order(cart: CartId, lines: Vec<OrderLine>) -> Order {
    let id = id();
    let new = NewOrder {
        id: OrderId::new(id),
        number: OrderNumber(format!("CR-{}", id.simple()).to_uppercase()),
        cart_id: cart,
        checkout_key: "guest:key".into(),
        user_id: None,
        email: EmailAddress::parse("guest@example.com").unwrap(),
        currency: Currency::EUR,
        lines,
        shipping_address: Some(an_address()),
    };
    Order::place(new, noon()).unwrap()
}

/// An address without its optional lines.
#[must_use]
pub fn an_address() -> ShippingAddress {
    ShippingAddress {
        name: "Ada Lovelace".into(),
        line1: "1 rue de la Paix".into(),
        line2: None,
        city: "Paris".into(),
        postal_code: "75002".into(),
        region: None,
        country: "FR".into(),
    }
}

/// A gift card that never expires; what is on it is for the ledger to say.
#[must_use]
pub fn a_gift_card(issued_by: UserId, value: Money) -> GiftCard {
    let id = id();
    let new = NewGiftCard {
        id: GiftCardId::new(id),
        code_digest: format!("digest of {id}"),
        last4: "YZ01".into(),
        value,
        issued_by,
        recipient_email: None,
        expires_at: None,
    };
    GiftCard::issue(new, noon()).unwrap()
}

/// A payment into a balance, whose money has come.
#[must_use]
pub fn a_top_up(customer: UserId, amount: Money) -> Payment {
    let urls = ReturnUrls { success: "https://shop.example/thanks".into(), cancel: "https://shop.example/cart".into() };
    let payment = Payment::intend(PaymentId::new(id()), Purpose::TopUp { customer }, amount, urls, noon());
    Payment { status: PaymentStatus::Captured, ..payment }
}

/// The intent to pay an order.
#[must_use]
pub fn a_payment(order: &Order) -> Payment {
    let urls = ReturnUrls { success: "https://shop.example/thanks".into(), cancel: "https://shop.example/cart".into() };
    let purpose = Purpose::Order { order: order.id, customer: order.user_id };
    Payment::intend(PaymentId::new(id()), purpose, order.total, urls, noon())
}
