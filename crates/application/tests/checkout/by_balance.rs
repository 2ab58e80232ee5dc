//! Orders that wait for their payment and are paid from the balance, on real databases: whoever else is at it at the same moment,
//! another tab, a card, a change of mind or time, one wins, and all money is in one place.

use crate::shop::{Gateway, Shop};
use application::checkout::cancel::{CancelError, CancelOrders, Cancellation};
use application::checkout::pay_order::{OrderPayment, PayOrderError, PayOrders};
use application::checkout::place_order::PlacedOrder;
use application::checkout::view_payment::OwnPayment;
use application::identity::policy::Permission;
use application::identity::{Allowed, Caller, Credential, SessionProof};
use application::orders::ports::OrderAccess;
use application::system::Clock;
use application::unit_of_work::Transactor;
use domain::catalog::Product;
use domain::identity::User;
use domain::kernel::{Currency, Money, OrderId, SessionId, TokenId};
use domain::ledger::FeeRate;
use domain::ledger::movements::TopUp;
use domain::orders::OrderStatus;
use domain::payments::{PaymentMethod, PaymentStatus};
use std::sync::Arc;
use testkit::builders::{a_top_up, id};
use testkit::system::SystemClock;
use testkit::{Dice, TestDb, both_databases};

/// A ring costs so many cents.
const RING: i64 = 12_900;

/// Nobody opens an order by a token here.
pub struct Closed;

impl OrderAccess for Closed {
    fn token(&self, _: OrderId) -> String {
        String::new()
    }

    fn opens(&self, _: OrderId, _: &str) -> bool {
        false
    }
}

/// A shop whose customers pay later.
struct Later {
    shop: Shop,
    paying: OrderPayment,
    cancellation: Cancellation,
    transactor: Arc<dyn Transactor>,
}

impl Later {
    async fn open(db: TestDb) -> Self {
        let transactor: Arc<dyn Transactor> = Arc::new(db.database().transactor());
        let (queries, clock, access) = (Arc::new(db.queries()), Arc::new(SystemClock), Arc::new(Closed));
        let fee = FeeRate::basis_points(250).unwrap();
        let shop = Shop::open(db).await;
        let gateway: Arc<Gateway> = shop.gateway.clone();
        let paying = OrderPayment {
            orders: queries.clone(),
            payments: queries.clone(),
            gateway: gateway.clone(),
            access: access.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
            fee,
        };
        let cancellation = Cancellation {
            orders: queries.clone(),
            payments: queries,
            gateway,
            transactor: transactor.clone(),
            access,
            clock,
            fee,
        };
        Self { shop, paying, cancellation, transactor }
    }

    /// A customer pays in by card.
    async fn pays_in(&self, user: &User, cents: i64) {
        let amount = Money::new(cents, Currency::EUR);
        let paid = a_top_up(user.id, amount);
        let tx = self.transactor.begin().await.unwrap();
        tx.payments().insert(&paid).await.unwrap();
        let posting = TopUp { payment: paid.id, user: user.id, amount }.posting().unwrap();
        tx.ledger().post(&posting, SystemClock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// An order for a ring that waits for all but 9.00 EUR of its price, and a balance of so much.
    async fn waiting(&self, ring: &Product, cents: i64, key: usize) -> (User, PlacedOrder) {
        let ada = self.shop.customer_with(900).await;
        let cart = self.shop.cart_with(ring, 1).await;
        let placed = self.shop.check_out_with(Some(&ada), &[], cart, key).await.unwrap();
        assert_eq!(placed.payment.amount.amount(), RING - 900);
        if cents > 0 {
            self.pays_in(&ada, cents).await;
        }
        (ada, placed)
    }

    async fn pays(&self, ada: &User, order: &PlacedOrder, key: usize) -> Result<OwnPayment, PayOrderError> {
        let key = format!("{}:{key}", ada.id);
        self.paying.by_balance(&allowed(ada), order.order.id, order.payment.amount, key).await
    }

    async fn cancels(&self, ada: &User, order: &PlacedOrder) -> Result<(), CancelError> {
        self.cancellation.cancel(Some(&allowed(ada)), None, order.order.id).await
    }
}

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

both_databases! {
    async fn the_balance_pays_all_that_was_left_for_the_card_and_the_page_is_closed(db: TestDb) {
        let later = Later::open(db).await;
        let ring = later.shop.on_sale(1).await;
        let (ada, placed) = later.waiting(&ring, 15_000, 1).await;
        let paid = later.pays(&ada, &placed, 1).await.unwrap();
        assert_eq!((paid.amount.amount(), paid.payment.status), (RING - 900, PaymentStatus::Captured));
        let order = later.shop.order(placed.order.id).await;
        let taken: Vec<_> = order.tenders.iter().map(|tender| tender.amount.amount()).collect();
        assert_eq!((order.status, taken), (OrderStatus::Paid, vec![900, RING - 900]));
        assert!(!later.shop.gateway.pays(&placed.payment), "nobody can pay on the page any more");
        assert_eq!(later.shop.balance(&ada).await, 15_000 - (RING - 900));
        assert_eq!(later.shop.jobs("send_order_confirmation").await, 1);
        later.shop.settle(placed.payment.id).await.unwrap();
        assert_eq!(later.pays(&ada, &placed, 1).await.unwrap(), paid, "the same request again");
        let other = later.pays(&ada, &placed, 2).await;
        assert!(matches!(other, Err(PayOrderError::NotPayable(OrderStatus::Paid))));
        later.shop.assert_money_adds_up().await;
    }

    async fn too_little_in_the_balance_leaves_the_page_open_and_all_money_where_it_is(db: TestDb) {
        let later = Later::open(db).await;
        let ring = later.shop.on_sale(1).await;
        let (ada, placed) = later.waiting(&ring, 10_000, 1).await;
        let refused = later.pays(&ada, &placed, 1).await;
        assert!(matches!(refused, Err(PayOrderError::BalanceTooLow { missing }) if missing.amount() == RING - 900 - 10_000));
        assert_eq!(later.shop.balance(&ada).await, 10_000);
        assert!(later.shop.gateway.pays(&placed.payment));
        later.shop.settle(placed.payment.id).await.unwrap();
        assert_eq!(later.shop.order(placed.order.id).await.status, OrderStatus::Paid);
        later.shop.assert_money_adds_up().await;
    }

    async fn what_was_written_down_is_carried_out_when_the_gateway_is_back(db: TestDb) {
        let later = Later::open(db).await;
        let ring = later.shop.on_sale(2).await;
        for (key, silent) in [(1, false), (2, true)] {
            let (ada, placed) = later.waiting(&ring, 12_000, key).await;
            if silent { later.shop.gateway.falls_mute() } else { later.shop.gateway.goes_away() }
            let waiting = later.pays(&ada, &placed, 1).await.unwrap();
            assert!(waiting.payment.is_left_to_balance());
            assert_eq!(later.shop.balance(&ada).await, 12_000);
            assert!(later.shop.expire(placed.order.id).await.is_err(), "it can't be given up either");
            later.shop.gateway.comes_back();
            later.shop.settle(placed.payment.id).await.unwrap();
            let (order, payment) = (later.shop.order(placed.order.id).await, later.shop.payment(placed.payment.id).await);
            assert_eq!((order.status, payment.method), (OrderStatus::Paid, PaymentMethod::Balance));
            assert_eq!(later.shop.balance(&ada).await, 0);
        }
        later.shop.assert_money_adds_up().await;
    }

    async fn a_payment_that_the_gateway_does_not_take_is_made_from_the_balance(db: TestDb) {
        let later = Later::open(db).await;
        let ring = later.shop.on_sale(1).await;
        later.shop.gateway.goes_away();
        let (ada, placed) = later.waiting(&ring, 12_000, 1).await;
        later.shop.gateway.comes_back();
        later.shop.gateway.opens_nothing();
        let paid = later.pays(&ada, &placed, 1).await.unwrap();
        assert_eq!((paid.payment.status, later.shop.gateway.pages()), (PaymentStatus::Captured, 0));
        later.shop.assert_money_adds_up().await;
    }

    async fn two_orders_that_are_paid_from_one_balance_at_once_spend_it_once(db: TestDb) {
        let later = Later::open(db).await;
        let ring = later.shop.on_sale(40).await;
        for round in 0..10 {
            let (ada, first) = later.waiting(&ring, 0, 2 * round).await;
            let cart = later.shop.cart_with(&ring, 1).await;
            let second = later.shop.check_out_with(Some(&ada), &[], cart, 2 * round + 1).await.unwrap();
            later.pays_in(&ada, 13_000).await;
            let (one, other) = tokio::join!(later.pays(&ada, &first, 1), later.pays(&ada, &second, 2));
            let refused = |outcome: &Result<OwnPayment, PayOrderError>| {
                matches!(outcome, Err(PayOrderError::BalanceTooLow { .. } | PayOrderError::NotPayable(OrderStatus::Cancelled)))
            };
            assert!(one.is_ok() && refused(&other) || refused(&one) && other.is_ok(), "{one:?} {other:?}");
            for placed in [&first, &second] {
                later.shop.expire(placed.order.id).await.unwrap();
            }
            let spent = if one.is_ok() { RING - 900 } else { RING };
            let back = if one.is_ok() { 0 } else { 900 };
            assert_eq!(later.shop.balance(&ada).await, 13_000 - spent + back);
        }
        assert_eq!(later.shop.stock(&ring).await, 30);
        assert_eq!(later.shop.ledger("order_hold").await, 0);
        later.shop.assert_money_adds_up().await;
    }

    async fn whoever_is_at_it_at_the_same_moment_an_order_is_paid_once_or_given_up_once(db: TestDb) {
        let later = Later::open(db).await;
        let (ring, mut dice) = (later.shop.on_sale(60).await, Dice::of(7));
        let (mut sold, mut by_card) = (0, 0);
        for round in 0..60 {
            let (ada, placed) = later.waiting(&ring, 12_000, round).await;
            let [again, card, cancel, expire] = [(); 4].map(|()| dice.once_in(2));
            let (shop, payment, order) = (&later.shop, placed.payment.id, placed.order.id);
            let pays_by_card = async {
                tokio::task::yield_now().await;
                if card && shop.gateway.pays(&placed.payment) { shop.settle(payment).await.unwrap() }
            };
            let (first, second, (), given_up, expired, settled) = tokio::join!(
                later.pays(&ada, &placed, 1),
                async { if again { Some(later.pays(&ada, &placed, 2).await) } else { None } },
                pays_by_card,
                async { if cancel { Some(later.cancels(&ada, &placed).await) } else { None } },
                async { if expire { shop.expire(order).await } else { Ok(()) } },
                shop.reconcile(payment),
            );
            expired.unwrap();
            settled.unwrap();
            for outcome in [Some(first), second].into_iter().flatten() {
                assert!(matches!(outcome, Ok(_) | Err(PayOrderError::NotPayable(_) | PayOrderError::OtherAmount(_))), "{round}: {outcome:?}");
            }
            assert!(given_up.is_none_or(|end| matches!(end, Ok(()) | Err(CancelError::NotCancellable(_)))), "{round}");
            let (stands, paid) = (shop.order(order).await, shop.payment(payment).await);
            let spent = match (stands.status, paid.method) {
                (OrderStatus::Paid, PaymentMethod::Balance) => 12_000 + 900,
                (OrderStatus::Paid, PaymentMethod::Card) => 900,
                (OrderStatus::Cancelled | OrderStatus::Expired, _) => 0,
                (OrderStatus::PendingPayment, _) => panic!("{round}: it still waits"),
            };
            sold += u32::from(stands.status == OrderStatus::Paid);
            by_card += i64::from(spent == 900);
            assert_eq!(shop.balance(&ada).await, 12_900 - spent, "{round}");
        }
        assert_eq!(later.shop.stock(&ring).await, 60 - sold);
        assert_eq!(later.shop.jobs("send_order_confirmation").await, sold);
        assert_eq!(later.shop.ledger("order_hold").await, 0);
        assert!(by_card < i64::from(sold), "both ways were gone");
        later.shop.assert_money_adds_up().await;
    }
}
