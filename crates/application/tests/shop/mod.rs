//! A shop for service tests: the real services on a real database, with a gateway that can be told what to do.

#[path = "../services/mod.rs"]
mod services;

use application::cart::shop::FillCarts;
use application::checkout::cancel::{CancelError, CancelOrders};
use application::checkout::place_order::{Checkout, PlaceOrderError, PlaceOrders, PlacedOrder};
use application::checkout::settle::{SettleError, SettlePayments};
use application::checkout::tenders::{Means, TypedCode};
use application::gift_cards::expire::ExpireGiftCards;
use application::gift_cards::ports::{CardWithBalance, GiftCardQueries};
use application::gift_cards::redeem::{RedeemGiftCardError, RedeemGiftCards, Redeemed};
use application::gift_cards::sell::IssueSoldGiftCards;
use application::identity::policy::CheckOut;
use application::jobs::JobFailure;
use application::ledger::ports::LedgerQueries;
use application::orders::ports::OrderQueries;
use application::payments::ports::PaymentQueries;
use application::system::Clock;
use domain::catalog::Product;
use domain::identity::User;
use domain::kernel::{CartId, EmailAddress, Money, OrderId, PaymentId, VariantId};
use domain::orders::Order;
use domain::payments::Payment;
pub use services::{Card, Gateway, all};
use services::{Services, allowed, checkout, client};
use std::sync::Arc;
use testkit::TestDb;
use testkit::system::SystemClock;

/// The services on one database.
pub struct Shop {
    db: TestDb,
    pub gateway: Arc<Gateway>,
    services: Services,
}

impl Shop {
    pub async fn open(db: TestDb) -> Self {
        let gateway = Arc::new(Gateway::default());
        Self { services: Services::at(db.database(), &gateway), gateway, db }
    }

    /// A ring at 129.00 EUR of which there are so many.
    pub async fn on_sale(&self, stock: u32) -> Product {
        services::on_sale(self.db.begin().await, stock).await
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
        let cart = self.services.carts.open(None, None).await.unwrap().cart.id;
        let gift = services::gift_for(&EmailAddress::parse("friend@example.com").unwrap());
        self.services.carts.add_gift(None, cart, variant(product), quantity, gift).await.unwrap();
        cart
    }

    /// Issues what a paid order has bought.
    pub async fn issues_gifts(&self, order: OrderId) -> Result<(), JobFailure> {
        self.services.sold_cards.issue(order).await
    }

    /// How many gift cards there are.
    pub async fn gift_cards(&self) -> u32 {
        self.count("gift_cards", "1 = 1").await
    }

    /// A guest's cart with so many of them.
    pub async fn cart_with(&self, product: &Product, quantity: u32) -> CartId {
        let cart = self.services.carts.open(None, None).await.unwrap().cart.id;
        self.services.carts.add(None, cart, variant(product), quantity).await.unwrap();
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
        self.services.checkout.place(None, checkout(cart, key), &client()).await
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
        self.services.checkout.place(caller.as_ref(), Checkout { means, ..checkout(cart, key) }, &client()).await
    }

    pub async fn check_out_expecting(&self, cart: CartId, total: Money) -> Result<PlacedOrder, PlaceOrderError> {
        self.services
            .checkout
            .place(None, Checkout { expected_total: Some(total), ..checkout(cart, 1) }, &client())
            .await
    }

    pub async fn submit(&self, payment: PaymentId) -> Result<(), SettleError> {
        self.services.settlement.submit(payment).await
    }

    pub async fn settle(&self, payment: PaymentId) -> Result<(), SettleError> {
        self.services.settlement.settle(payment).await
    }

    pub async fn reconcile(&self, payment: PaymentId) -> Result<(), SettleError> {
        self.services.settlement.reconcile(payment).await
    }

    pub async fn expire(&self, order: OrderId) -> Result<(), CancelError> {
        self.services.cancellation.expire(order).await
    }

    /// A customer with so many cents in their balance.
    pub async fn customer_with(&self, cents: i64) -> User {
        services::customer_with(self.db.begin().await, cents).await
    }

    /// A gift card with so many cents on it.
    pub async fn gift_card(&self, cents: i64) -> Card {
        services::gift_card(self.db.begin().await, cents).await
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
        self.services.expiry.expire(card.id).await.unwrap();
    }

    pub async fn redeem(&self, customer: &User, card: &Card) -> Result<Redeemed, RedeemGiftCardError> {
        self.services.redemption.redeem(&allowed(customer), &card.code, &client()).await
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

fn variant(product: &Product) -> VariantId {
    product.variants[0].id
}
