//! A till for service tests: orders that were paid in every way, the real services on a real database, and a gateway that can be
//! told what to do.

#[path = "../services/mod.rs"]
mod services;

use application::ledger::statement::{Earnings, Period, Statement, StatementQueries};
use application::orders::ports::OrderQueries;
use application::payments::ports::PaymentQueries;
use application::payouts::pay_out::{MakePayouts, PayOutError, PayoutCommand};
use application::payouts::ports::{Owed, PayoutQueries, PayoutView};
use application::refunds::SettleRefundError;
use application::refunds::disputes::FollowDisputes;
use application::refunds::follow::FollowRefunds;
use application::refunds::give::{GiveRefundError, GiveRefunds, RefundCommand};
use application::refunds::ports::RefundQueries;
use application::system::Clock;
use domain::identity::{Role, User};
use domain::kernel::{Currency, GiftCardId, Money, OrderId, PageRequest, PaymentId, PayoutId, RefundId};
use domain::ledger::movements::{GiftCardIssued, Held, OrderHeld, OrderPaid, SoldLine};
use domain::orders::{Order, Tender, TenderSource};
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use domain::refunds::{Refund, RefundWish};
pub use services::all;
use services::{Gateway, Services, allowed, client};
use std::sync::{Arc, Mutex};
use testkit::TestDb;
use testkit::builders::{a_cart, a_gift_card, a_payment, a_seller, a_user, an_order, an_order_line, cents, id};
use testkit::system::SystemClock;

/// The services on one database, with a seller and a customer.
pub struct Till {
    db: TestDb,
    pub gateway: Arc<Gateway>,
    services: Services,
    seller: User,
    customer: User,
    admin: User,
    gift_card: Mutex<Option<GiftCardId>>,
}

impl Till {
    pub async fn open(db: TestDb) -> Self {
        let gateway = Arc::new(Gateway::default());
        let (seller, customer, admin) = (a_seller(), a_user(), User { role: Role::Admin, ..a_user() });
        let tx = db.begin().await;
        for user in [&seller, &customer, &admin] {
            tx.users().insert(user).await.unwrap();
        }
        tx.commit().await.unwrap();
        Self {
            services: Services::at(db.database(), &gateway),
            gateway,
            db,
            seller,
            customer,
            admin,
            gift_card: Mutex::new(None),
        }
    }

    /// 258.00 by card, of which the platform keeps 2.5 %.
    pub async fn order_paid_by_card(&self) -> Order {
        self.paid(Vec::new(), true).await
    }

    /// 258.00: 100.00 of a gift card, 58.00 of the customer's balance, 100.00 by card.
    pub async fn order_paid_by_everything(&self) -> Order {
        let card = a_gift_card(self.admin.id, cents(10_000));
        let tx = self.db.begin().await;
        tx.gift_cards().insert(&card).await.unwrap();
        let issued = GiftCardIssued { gift_card: card.id, value: card.value }.posting().unwrap();
        tx.ledger().post(&issued, SystemClock.now()).await.unwrap();
        // The money that the customer paid in is older than the shop's gateway; it stands for a redeemed card.
        let other = a_gift_card(self.admin.id, cents(5_800));
        tx.gift_cards().insert(&other).await.unwrap();
        let issued = GiftCardIssued { gift_card: other.id, value: other.value }.posting().unwrap();
        tx.ledger().post(&issued, SystemClock.now()).await.unwrap();
        let redeemed = domain::ledger::movements::GiftCardRedeemed {
            gift_card: other.id,
            user: self.customer.id,
            value: other.value,
        };
        tx.ledger().post(&redeemed.posting().unwrap(), SystemClock.now()).await.unwrap();
        tx.commit().await.unwrap();
        *self.gift_card.lock().unwrap() = Some(card.id);
        let of_card =
            Tender { source: TenderSource::GiftCard { id: card.id, last4: card.last4 }, amount: cents(10_000) };
        let of_balance = Tender { source: TenderSource::Balance(self.customer.id), amount: cents(5_800) };
        self.paid(vec![of_card, of_balance], true).await
    }

    /// One that was paid by card, and of which the ledger knows nothing.
    pub async fn order_from_before_the_ledger(&self) -> Order {
        let order = self.paid(Vec::new(), false).await;
        let note = format!(
            "INSERT INTO orders_paid_before_ledger (order_id) SELECT id FROM orders WHERE number = '{}'",
            order.number.0
        );
        self.db.execute(&note).await.unwrap();
        order
    }

    async fn paid(&self, tenders: Vec<Tender>, posted: bool) -> Order {
        let now = SystemClock.now();
        let mut cart = a_cart();
        cart.id = domain::kernel::CartId::new(id());
        let mut order = an_order(cart.id, vec![an_order_line(&self.seller)]);
        order.user_id = Some(self.customer.id);
        order.tenders = tenders;
        let taken: i64 = order.tenders.iter().map(|tender| tender.amount.amount()).sum();
        let mut payment = Payment { amount: cents(order.total.amount() - taken), ..a_payment(&order) };
        let page = format!("cs_{}", id().simple());
        payment.submit(HostedSession { url: format!("https://gateway.example/{page}"), id: page }, now);
        payment.follow(GatewayVerdict::Paid, now).unwrap();
        order.pay(now).unwrap();
        let tx = self.db.begin().await;
        tx.carts().insert(&cart).await.unwrap();
        tx.orders().insert(&order).await.unwrap();
        tx.payments().insert(&payment).await.unwrap();
        if posted {
            if taken > 0 {
                let mut held = Held::default();
                for tender in &order.tenders {
                    match &tender.source {
                        TenderSource::GiftCard { id, .. } => held.gift_cards.push((*id, tender.amount)),
                        TenderSource::Balance(user) => held.balance = Some((*user, tender.amount)),
                    }
                }
                let held = OrderHeld { order: order.id, before: 0, held }.posting().unwrap();
                tx.ledger().post(&held, now).await.unwrap();
            }
            let line = |line: &domain::orders::OrderLine| SoldLine {
                seller: line.seller.id,
                total: line.total,
                fee_free: line.gift.is_some(),
            };
            let paid = OrderPaid {
                order: order.id,
                payment: Some(payment.id),
                customer: order.user_id,
                lines: order.lines.iter().map(line).collect(),
                discount: order.discount,
                shipping: order.shipping,
                tax: order.tax,
                card: payment.amount,
                held: cents(taken),
            };
            tx.ledger().post(&paid.posting(services::fee()).unwrap(), now).await.unwrap();
        }
        tx.commit().await.unwrap();
        order
    }

    pub async fn refund(
        &self,
        order: OrderId,
        wish: RefundWish,
        key: usize,
    ) -> Result<(Refund, Order), GiveRefundError> {
        let key = format!("{}:{key}", self.seller.id);
        let command = RefundCommand { order, wish, reason: None, restock: false, key };
        self.services.refunds.of_sales(&allowed(&self.seller), command).await
    }

    /// The same, asked again under its key while the database has too much to do.
    pub async fn refund_at_last(
        &self,
        order: OrderId,
        amount: Money,
        key: usize,
    ) -> Result<(Refund, Order), GiveRefundError> {
        loop {
            match self.refund(order, RefundWish::Amount(amount), key).await {
                Err(GiveRefundError::Repository(_)) => continue,
                outcome => return outcome,
            }
        }
    }

    pub async fn reconcile(&self, refund: RefundId) -> Result<(), SettleRefundError> {
        self.services.following.reconcile(refund).await
    }

    pub async fn follow(&self, refund: RefundId) -> Result<(), SettleRefundError> {
        self.services.following.follow(refund).await
    }

    pub async fn follow_dispute(&self, dispute: &str) -> Result<(), SettleRefundError> {
        self.services.disputes.follow(dispute).await
    }

    pub async fn pay_out(&self, amount: Money, key: usize) -> Result<PayoutView, PayOutError> {
        let (seller, key) = (self.seller.id, format!("{}:{key}", self.admin.id));
        let command = PayoutCommand { seller, amount, reference: None, key };
        self.services.payouts.pay_out(&allowed(&self.admin), command, &client()).await
    }

    pub async fn payout_comes_back(&self, payout: PayoutId) -> Result<PayoutView, PayOutError> {
        self.services.payouts.fail(&allowed(&self.admin), payout, &client()).await
    }

    pub async fn stored(&self, refund: RefundId) -> Refund {
        self.db.queries().find_refund(refund).await.unwrap().unwrap()
    }

    pub async fn order(&self, id: OrderId) -> Order {
        OrderQueries::find(&self.db.queries(), id).await.unwrap().unwrap()
    }

    pub async fn payment_of(&self, order: OrderId) -> PaymentId {
        self.db.queries().of_orders(&[order]).await.unwrap()[&order].id
    }

    pub async fn statement(&self) -> Statement {
        let period = Period { currency: Currency::EUR, from: None, to: None };
        self.db.queries().statement(self.seller.id, &period, &PageRequest::default()).await.unwrap()
    }

    pub async fn earnings(&self) -> Vec<Earnings> {
        self.db.queries().earnings(self.seller.id).await.unwrap()
    }

    pub async fn owed(&self) -> Vec<Owed> {
        self.db.queries().all_owed().await.unwrap()
    }

    /// What the ledger's accounts of a kind have together, in cents.
    pub async fn ledger(&self, account: &str) -> i64 {
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_entries WHERE account = '{account}'"
        );
        self.db.number(&sql).await
    }

    pub async fn on_gift_card(&self) -> i64 {
        let sql =
            "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_balances WHERE account = 'gift_card'";
        self.db.number(sql).await
    }

    pub async fn balance(&self) -> i64 {
        let sql = "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_balances WHERE account = 'store_balance'";
        self.db.number(sql).await
    }

    /// How many jobs of a kind wait.
    pub async fn jobs(&self, kind: &str) -> u64 {
        self.db.execute(&format!("UPDATE jobs SET id = id WHERE kind = '{kind}'")).await.unwrap()
    }

    /// Asserts that all money adds up.
    pub async fn assert_money_adds_up(&self) {
        self.db.assert_ledger_is_sound().await;
    }
}
