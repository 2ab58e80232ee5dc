//! What there is in a shop before something happens, and how people ask for it.

use application::checkout::place_order::Checkout;
use application::checkout::tenders::Means;
use application::system::{SecretSource, digest_of};
use application::unit_of_work::UnitOfWork;
use domain::catalog::Product;
use domain::gift_cards::{GiftCard, GiftCardCode};
use domain::identity::User;
use domain::kernel::{CartId, EmailAddress, Gift, GiftCardId, Money};
use domain::ledger::movements::{GiftCardIssued, TopUp};
use domain::payments::ReturnUrls;
use testkit::builders::{a_gift_card, a_product, a_seller, a_top_up, a_user, an_address, cents};
use testkit::system::SystemSecrets;

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

/// What is said with a gift card for somebody.
pub fn gift_for(whom: &EmailAddress) -> Gift {
    Gift { recipient_email: whom.clone(), recipient_name: None, sender_name: None, message: None, deliver_on: None }
}

/// A customer with so many cents in their balance.
pub async fn customer_with(tx: Box<dyn UnitOfWork>, balance: i64) -> User {
    let user = a_user();
    tx.users().insert(&user).await.unwrap();
    if balance > 0 {
        credit(tx.as_ref(), &user, balance).await;
    }
    tx.commit().await.unwrap();
    user
}

/// A customer pays so many cents into their balance.
pub async fn pays_in(tx: Box<dyn UnitOfWork>, user: &User, balance: i64) {
    credit(tx.as_ref(), user, balance).await;
    tx.commit().await.unwrap();
}

async fn credit(tx: &dyn UnitOfWork, user: &User, balance: i64) {
    let amount = cents(balance);
    let paid = a_top_up(user.id, amount);
    tx.payments().insert(&paid).await.unwrap();
    let posting = TopUp { payment: paid.id, user: user.id, amount }.posting().unwrap();
    tx.ledger().post(&posting, user.created_at).await.unwrap();
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
