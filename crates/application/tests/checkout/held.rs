//! Orders whose money is held, a part of which a gift card and the balance have given, on real databases: whoever decides, an admin,
//! the customer, or time, the money of each is in one place.

use crate::by_balance::{Closed, allowed};
use crate::shop::{Card, Shop};
use application::checkout::cancel::{CancelError, CancelOrders, Cancellation};
use application::checkout::place_order::PlacedOrder;
use application::checkout::review::{ReviewDesk, ReviewError, ReviewPayments};
use application::identity::Client;
use application::payments::ports::PaymentWithCustomer;
use application::unit_of_work::Transactor;
use domain::catalog::Product;
use domain::identity::{Role, User};
use domain::ledger::FeeRate;
use domain::orders::{OrderEventKind, OrderStatus};
use domain::payments::{PaymentStatus, Review};
use std::sync::Arc;
use testkit::builders::a_user;
use testkit::system::SystemClock;
use testkit::{TestDb, both_databases};

/// A ring costs so many cents.
const RING: i64 = 12_900;

/// A shop that looks at payments before it takes the money.
struct Careful {
    shop: Shop,
    reviews: ReviewDesk,
    cancellation: Cancellation,
    transactor: Arc<dyn Transactor>,
    admin: User,
}

impl Careful {
    async fn open(db: TestDb) -> Self {
        let transactor: Arc<dyn Transactor> = Arc::new(db.database().transactor());
        let (queries, clock, access) = (Arc::new(db.queries()), Arc::new(SystemClock), Arc::new(Closed));
        let fee = FeeRate::basis_points(250).unwrap();
        let admin = User { role: Role::Admin, ..a_user() };
        let tx = transactor.begin().await.unwrap();
        tx.users().insert(&admin).await.unwrap();
        tx.commit().await.unwrap();
        let shop = Shop::open(db).await;
        let reviews = ReviewDesk {
            payments: queries.clone(),
            gateway: shop.gateway.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
            fee,
        };
        let cancellation = Cancellation {
            orders: queries.clone(),
            payments: queries,
            gateway: shop.gateway.clone(),
            transactor: transactor.clone(),
            access,
            clock,
            fee,
        };
        Self { shop, reviews, cancellation, transactor, admin }
    }

    /// An order for a ring: 20.00 of a gift card, 10.00 of a balance, and the rest is promised by card and looked at.
    async fn held(&self, ring: &Product, key: usize) -> (User, Card, PlacedOrder) {
        let (ada, card) = (self.shop.customer_with(1_000).await, self.shop.gift_card(2_000).await);
        let cart = self.shop.cart_with(ring, 1).await;
        let placed = self.shop.check_out_with(Some(&ada), &[&card], cart, key).await.unwrap();
        assert_eq!(placed.payment.amount.amount(), RING - 3_000);
        let tx = self.transactor.begin().await.unwrap();
        let mut payment = tx.payments().lock(placed.payment.id).await.unwrap().unwrap();
        payment.review = Some(Review::open(vec!["large_amount".to_owned()]));
        tx.payments().update(&payment).await.unwrap();
        tx.commit().await.unwrap();
        self.shop.gateway.promises(&placed.payment);
        self.shop.settle(placed.payment.id).await.unwrap();
        assert!(self.shop.payment(placed.payment.id).await.awaits_review());
        (ada, card, placed)
    }

    async fn decides(&self, order: &PlacedOrder, take: bool) -> Result<PaymentWithCustomer, ReviewError> {
        let client =
            Client { address: std::net::Ipv4Addr::LOCALHOST.into(), device: "a test".to_owned(), device_token: None };
        self.reviews.decide(&allowed(&self.admin), order.payment.id, take, &client).await
    }

    async fn cancels(&self, ada: &User, order: &PlacedOrder) -> Result<(), CancelError> {
        self.cancellation.cancel(Some(&allowed(ada)), None, order.order.id).await
    }

    /// What is on the card, in the balance, and taken by card, in cents.
    async fn money(&self, ada: &User, card: &Card, order: &PlacedOrder) -> (i64, i64, i64) {
        let payment = self.shop.payment(order.payment.id).await;
        let taken = if payment.status == PaymentStatus::Captured { payment.amount.amount() } else { 0 };
        (self.shop.on_card(card).await, self.shop.balance(ada).await, taken)
    }

    async fn is_paid(&self, ada: &User, card: &Card, order: &PlacedOrder) {
        assert_eq!(self.shop.order(order.order.id).await.status, OrderStatus::Paid);
        assert_eq!(self.money(ada, card, order).await, (0, 0, RING - 3_000));
    }

    async fn is_let_go(&self, ada: &User, card: &Card, order: &PlacedOrder) {
        assert_eq!(self.shop.order(order.order.id).await.status, OrderStatus::Cancelled);
        assert_eq!(self.shop.payment(order.payment.id).await.status, PaymentStatus::Voided);
        assert_eq!(self.money(ada, card, order).await, (2_000, 1_000, 0));
    }
}

both_databases! {
    async fn what_is_approved_takes_the_money_of_card_and_gift_card_and_what_is_rejected_gives_both_back(db: TestDb) {
        let careful = Careful::open(db).await;
        let ring = careful.shop.on_sale(4).await;
        for (key, how) in ["approve", "reject", "time", "customer"].into_iter().enumerate() {
            let (ada, card, placed) = careful.held(&ring, key).await;
            assert_eq!(careful.money(&ada, &card, &placed).await, (0, 0, 0), "all of it waits");
            careful.shop.expire(placed.order.id).await.unwrap();
            careful.shop.assert_money_adds_up().await;
            match how {
                "approve" => drop(careful.decides(&placed, true).await.unwrap()),
                "reject" => drop(careful.decides(&placed, false).await.unwrap()),
                "time" => careful.reviews.end(placed.payment.id).await.unwrap(),
                _ => careful.cancels(&ada, &placed).await.unwrap(),
            }
            if how == "approve" {
                careful.is_paid(&ada, &card, &placed).await;
            } else {
                careful.is_let_go(&ada, &card, &placed).await;
            }
            let review = careful.shop.payment(placed.payment.id).await.review.unwrap();
            let by = match how {
                "time" => None,
                "customer" => Some(ada.id),
                _ => Some(careful.admin.id),
            };
            assert_eq!(review.by, by, "{how}");
            let late = careful.cancels(&ada, &placed).await;
            assert!(matches!(late, Err(CancelError::NotCancellable(_))));
        }
        assert_eq!(careful.shop.stock(&ring).await, 3);
        assert_eq!(careful.shop.ledger("order_hold").await, 0);
        let mails = ["send_payment_held_notice", "send_review_request", "send_payment_reviewed_notice", "send_order_confirmation"];
        let mut planned = Vec::new();
        for kind in mails {
            planned.push(careful.shop.jobs(kind).await);
        }
        assert_eq!(planned, [4, 4, 3, 1], "each is told once");
        careful.shop.assert_money_adds_up().await;
    }

    async fn an_admin_who_approves_and_a_customer_who_gives_up_at_once_one_of_them_decides(db: TestDb) {
        let careful = Careful::open(db).await;
        let ring = careful.shop.on_sale(20).await;
        let mut sold = 0;
        for key in 0..20 {
            let (ada, card, placed) = careful.held(&ring, key).await;
            let approve = async {
                if key % 3 == 0 { tokio::task::yield_now().await }
                careful.decides(&placed, true).await
            };
            let (approved, given_up, expired, settled) = tokio::join!(
                approve,
                careful.cancels(&ada, &placed),
                careful.shop.expire(placed.order.id),
                careful.shop.settle(placed.payment.id),
            );
            expired.unwrap();
            settled.unwrap();
            // Whoever has decided may have been overtaken on the way to the gateway: whoever asks next has carried it out.
            careful.shop.settle(placed.payment.id).await.unwrap();
            if approved.is_ok() {
                assert!(matches!(given_up, Err(CancelError::NotCancellable(_))), "{key}: {given_up:?}");
                careful.is_paid(&ada, &card, &placed).await;
                sold += 1;
            } else {
                given_up.unwrap();
                careful.is_let_go(&ada, &card, &placed).await;
            }
        }
        assert_eq!(careful.shop.stock(&ring).await, 20 - sold);
        careful.shop.assert_money_adds_up().await;
    }

    async fn a_promise_that_its_customer_lets_go_is_let_go_when_the_gateway_is_back(db: TestDb) {
        let careful = Careful::open(db).await;
        let ring = careful.shop.on_sale(2).await;
        for (key, silent) in [(0, false), (1, true)] {
            let (ada, card, placed) = careful.held(&ring, key).await;
            if silent { careful.shop.gateway.falls_mute() } else { careful.shop.gateway.goes_away() }
            assert!(matches!(careful.cancels(&ada, &placed).await, Err(CancelError::Gateway(_))));
            assert!(matches!(careful.decides(&placed, true).await, Err(ReviewError::Refused(_))), "it is decided");
            careful.shop.gateway.comes_back();
            careful.shop.settle(placed.payment.id).await.unwrap();
            careful.is_let_go(&ada, &card, &placed).await;
            let told = careful.shop.order(placed.order.id).await.timeline;
            let held = told.iter().filter(|event| event.kind == OrderEventKind::PaymentHeld).count();
            assert_eq!(held, 1, "it is told once");
        }
        careful.shop.assert_money_adds_up().await;
    }
}
