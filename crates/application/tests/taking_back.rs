//! Gift cards that were bought, taken back by a refund while somebody uses them: the real services on real databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helper functions of tests may fail as tests do"
)]

use application::RepositoryError;
use application::gift_cards::CodeGuesses;
use application::gift_cards::ports::{GiftCardQueries, GiftDeliveryQueries, LaterCodes, SoldCard};
use application::gift_cards::redeem::{RedeemGiftCardError, RedeemGiftCards, Redemption};
use application::gift_cards::sell::{IssueSoldGiftCards, SoldCards};
use application::identity::policy::Permission;
use application::identity::ports::{AttemptCounts, AttemptKey, Budget, Taken};
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::orders::ports::OrderQueries;
use application::payments::ports::GatewayError;
use application::refunds::give::{GiveRefundError, GiveRefunds, RefundCommand, RefundDesk};
use application::refunds::ports::{CardRefund, GatewayDispute, GatewayRefund, RefundGateway};
use application::system::Clock;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCardStatus, UseRefusal};
use domain::identity::{Role, User};
use domain::kernel::{EmailAddress, Gift, Money, OrderId, SessionId, TokenId};
use domain::ledger::FeeRate;
use domain::ledger::movements::{Held, OrderHeld, OrderPaid, SoldLine};
use domain::orders::{Order, OrderLine, OrderState};
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use domain::refunds::{Refund, RefundVerdict, RefundWish};
use futures_util::future::join;
use std::sync::Arc;
use testkit::builders::{a_cart, a_payment, a_seller, a_user, an_order, an_order_line, cents, id};
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::system::{SystemClock, SystemSecrets, UuidGenerator};
use testkit::{TestDb, both_databases};

/// Gives back whatever it is asked for.
struct Gateway;

#[async_trait]
impl RefundGateway for Gateway {
    async fn refund(&self, _: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        Ok(GatewayRefund { id: format!("re_{}", wish.id.uuid().simple()), verdict: RefundVerdict::Succeeded })
    }

    async fn dispute(&self, _: &str) -> Result<Option<GatewayDispute>, GatewayError> {
        Ok(None)
    }
}

/// Nobody has tried a wrong code.
struct NoGuesses;

#[async_trait]
impl AttemptCounts for NoGuesses {
    async fn take(&self, _: &AttemptKey, _: Budget, _: DateTime<Utc>) -> Result<Taken, RepositoryError> {
        Ok(Taken::Granted { used: 1 })
    }

    async fn look(&self, _: &AttemptKey, _: Budget, _: DateTime<Utc>) -> Result<Taken, RepositoryError> {
        Ok(Taken::Granted { used: 0 })
    }

    async fn give_back(&self, _: &AttemptKey) -> Result<(), RepositoryError> {
        Ok(())
    }

    async fn reset(&self, _: &AttemptKey) -> Result<(), RepositoryError> {
        Ok(())
    }

    async fn purge(&self, _: DateTime<Utc>) -> Result<u64, RepositoryError> {
        Ok(0)
    }
}

/// A shop that has sold three gift cards for 50.00 each, and rings for 258.00, in one order.
struct Shop {
    db: Arc<TestDb>,
    desk: RefundDesk,
    redemption: Redemption,
    codes: Arc<dyn LaterCodes>,
    admin: User,
    customer: User,
    order: Order,
    cards: Vec<SoldCard>,
}

impl Shop {
    async fn open(db: &Arc<TestDb>) -> Self {
        let key = |purpose| SecretKey::derive(b"master", purpose);
        let sealed = AeadBox::new(key("seeds"));
        let codes: Arc<dyn LaterCodes> = Arc::new(DerivedCodes::new(key("codes"), sealed, Arc::new(SystemSecrets)));
        let transactor = Arc::new(db.database().transactor());
        let (clock, ids) = (Arc::new(SystemClock), Arc::new(UuidGenerator));
        let (seller, customer, admin) = (a_seller(), a_user(), User { role: Role::Admin, ..a_user() });
        let order = paid(db, [&seller, &customer, &admin]).await;
        let issuing =
            SoldCards { transactor: transactor.clone(), codes: codes.clone(), ids: ids.clone(), clock: clock.clone() };
        issuing.issue(order.id).await.unwrap();
        let cards = db.queries().sold_cards(order.id).await.unwrap();
        assert_eq!(cards.len(), 3);
        let guesses = CodeGuesses { counts: Arc::new(NoGuesses), transactor: transactor.clone() };
        Self {
            desk: RefundDesk { transactor: transactor.clone(), gateway: Arc::new(Gateway), ids, clock: clock.clone() },
            redemption: Redemption { transactor, ledger: Arc::new(db.queries()), guesses, clock },
            codes,
            admin,
            customer,
            order,
            cards,
            db: db.clone(),
        }
    }

    async fn refund(&self, wish: RefundWish, key: &str) -> Result<(Refund, Order), GiveRefundError> {
        let command = RefundCommand { order: self.order.id, wish, reason: None, restock: false, key: key.to_owned() };
        self.desk.of_order(&allowed(&self.admin), command).await
    }

    /// So many of the gift cards.
    fn cards_back(&self, quantity: u32) -> RefundWish {
        RefundWish::Lines(vec![(self.order.lines[0].id, quantity)])
    }

    async fn redeem(&self, card: usize) -> Result<Money, RedeemGiftCardError> {
        let delivery = &self.cards[card].delivery;
        let id = delivery.gift_card;
        let code = self.codes.code(delivery.seed.as_ref().unwrap(), id.uuid(), id).unwrap();
        let client = Client { address: [192, 0, 2, 1].into(), device: "Firefox".to_owned(), device_token: None };
        let redeemed = self.redemption.redeem(&allowed(&self.customer), code.expose(), &client).await?;
        Ok(redeemed.credited)
    }

    /// What another order's checkout does with a card: it holds a part.
    async fn hold(&self, card: usize, amount: i64) -> Result<(), UseRefusal> {
        let id = self.cards[card].delivery.gift_card;
        let tx = self.db.begin().await;
        let found = tx.gift_cards().lock(id).await.unwrap().unwrap();
        found.card.usable(found.balance, SystemClock.now())?;
        let held = Held { balance: None, gift_cards: vec![(id, cents(amount))] };
        let posting = OrderHeld { order: OrderId::new(testkit::builders::id()), before: 0, held }.posting().unwrap();
        tx.ledger().post(&posting, SystemClock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Ok(())
    }

    async fn on_card(&self, card: usize) -> (i64, GiftCardStatus) {
        let found = self.db.queries().find_card(self.cards[card].delivery.gift_card).await.unwrap().unwrap();
        (found.balance.amount(), found.card.status(found.balance, SystemClock.now()))
    }

    async fn ledger(&self, account: &str) -> i64 {
        let sum = "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_entries";
        self.db.number(&format!("{sum} WHERE account = '{account}'")).await
    }
}

/// The order, paid by card; of the rings the platform kept 2.5 %.
async fn paid(db: &TestDb, [seller, customer, admin]: [&User; 3]) -> Order {
    let now = SystemClock.now();
    let gift = Gift {
        recipient_email: EmailAddress::parse("friend@example.com").unwrap(),
        recipient_name: None,
        sender_name: None,
        message: None,
        deliver_on: None,
    };
    let gifts = OrderLine {
        gift: Some(gift),
        quantity: 3,
        unit_price: cents(5_000),
        total: cents(15_000),
        ..an_order_line(seller)
    };
    let mut cart = a_cart();
    cart.id = domain::kernel::CartId::new(id());
    let mut order = an_order(cart.id, vec![gifts, an_order_line(seller)]);
    order.user_id = Some(customer.id);
    let mut payment = a_payment(&order);
    let page = format!("cs_{}", id().simple());
    payment.submit(HostedSession { url: format!("https://gateway.example/{page}"), id: page }, now);
    payment.follow(GatewayVerdict::Paid, now).unwrap();
    order.pay(now).unwrap();
    let line = |line: &OrderLine| SoldLine { seller: line.seller.id, total: line.total, fee_free: line.gift.is_some() };
    let movement = OrderPaid {
        order: order.id,
        payment: Some(payment.id),
        customer: order.user_id,
        lines: order.lines.iter().map(line).collect(),
        discount: order.discount,
        shipping: order.shipping,
        tax: order.tax,
        card: payment.amount,
        held: cents(0),
    };
    let tx = db.begin().await;
    for user in [seller, customer, admin] {
        tx.users().insert(user).await.unwrap();
    }
    tx.carts().insert(&cart).await.unwrap();
    tx.orders().insert(&order).await.unwrap();
    tx.payments().insert(&payment).await.unwrap();
    tx.ledger().post(&movement.posting(FeeRate::basis_points(250).unwrap()).unwrap(), now).await.unwrap();
    tx.commit().await.unwrap();
    order
}

fn allowed<P: Permission>(user: &User) -> Allowed<P> {
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
    async fn whole_gift_cards_go_back_and_are_void_and_no_fee_that_was_not_taken_is_given_back(db: TestDb) {
        let shop = Shop::open(&Arc::new(db)).await;
        let fees = shop.ledger("platform_fees").await;
        assert_eq!((fees, shop.ledger("gift_card").await), (645, 15_000));
        let (refund, _) = shop.refund(shop.cards_back(2), "two").await.unwrap();
        assert_eq!((refund.amount, refund.kept.len()), (cents(10_000), 0));
        assert_eq!(shop.ledger("platform_fees").await, fees, "gift cards bore none");
        assert_eq!(shop.ledger("gift_card").await, 5_000);
        let mut stand = Vec::new();
        for card in 0..3 {
            stand.push(shop.on_card(card).await);
        }
        stand.sort_by_key(|(left, _)| *left);
        let void = (0, GiftCardStatus::Disabled);
        assert_eq!(stand, [void, void, (5_000, GiftCardStatus::Active)]);
        let more = shop.refund(shop.cards_back(2), "two more").await.unwrap_err();
        assert!(matches!(more, GiveRefundError::Refused(_)), "there is one left");

        let (rest, order) = shop.refund(RefundWish::Rest, "rest").await.unwrap();
        assert_eq!((rest.amount, order.state()), (cents(5_000 + 25_800), OrderState::Refunded));
        for account in ["platform_fees", "seller", "gift_card", "clearing"] {
            assert_eq!(shop.ledger(account).await, 0, "{account}");
        }
        shop.db.assert_ledger_is_sound().await;
    }

    async fn what_was_used_stays_and_a_refund_of_all_that_is_left_says_so(db: TestDb) {
        let shop = Shop::open(&Arc::new(db)).await;
        shop.redeem(0).await.unwrap();
        shop.hold(1, 1).await.unwrap();
        let two = shop.refund(shop.cards_back(2), "two").await.unwrap_err();
        assert!(matches!(two, GiveRefundError::GiftCards));
        let (refund, order) = shop.refund(RefundWish::Rest, "rest").await.unwrap();
        assert_eq!((refund.amount, order.state()), (cents(5_000 + 25_800), OrderState::PartlyRefunded));
        let kept: Vec<_> = refund.kept.iter().map(|part| (part.line, part.quantity, part.amount)).collect();
        assert_eq!(kept, [(Some(order.lines[0].id), 2, cents(10_000))]);
        assert_eq!((shop.on_card(1).await.0, shop.on_card(2).await), (4_999, (0, GiftCardStatus::Disabled)));
        let again = shop.refund(RefundWish::Rest, "again").await.unwrap_err();
        assert!(matches!(again, GiveRefundError::GiftCards));
        let (same, _) = shop.refund(RefundWish::Rest, "rest").await.unwrap();
        assert_eq!(same.kept, refund.kept, "the same request is told the same");
        let gone = shop.redeem(2).await.unwrap_err();
        assert!(matches!(gone, RedeemGiftCardError::Refused(UseRefusal::Disabled)));
        // An order that waits holds a cent of the second card, which this test has invented.
    }

    async fn an_amount_is_of_no_gift_card(db: TestDb) {
        let shop = Shop::open(&Arc::new(db)).await;
        let (refund, _) = shop.refund(RefundWish::Amount(cents(25_800)), "amount").await.unwrap();
        assert!(refund.parts.iter().all(|part| part.line != Some(shop.order.lines[0].id)));
        let more = shop.refund(RefundWish::Amount(cents(1)), "more").await.unwrap_err();
        assert!(matches!(more, GiveRefundError::GiftCards));
        shop.db.assert_ledger_is_sound().await;
    }

    async fn of_a_refund_and_a_redemption_at_once_exactly_one_has_the_card(db: TestDb) {
        let db = Arc::new(db);
        for _ in 0..6 {
            let shop = Shop::open(&db).await;
            let before = shop.ledger("store_balance").await;
            shop.refund(shop.cards_back(2), "others").await.unwrap();
            let mut left = None;
            for card in 0..3 {
                if shop.on_card(card).await.1 == GiftCardStatus::Active {
                    left = Some(card);
                }
            }
            let last = left.unwrap();
            let given = async {
                loop {
                    match shop.refund(shop.cards_back(1), "last").await {
                        Err(GiveRefundError::Repository(_)) => {}
                        outcome => return outcome,
                    }
                }
            };
            let redeemed = async {
                loop {
                    match shop.redeem(last).await {
                        Err(RedeemGiftCardError::Repository(_)) => {}
                        outcome => return outcome,
                    }
                }
            };
            match join(given, redeemed).await {
                (Ok((refund, _)), Err(RedeemGiftCardError::Refused(UseRefusal::Disabled))) => {
                    assert_eq!((refund.amount, shop.ledger("store_balance").await), (cents(5_000), before));
                }
                (Err(GiveRefundError::GiftCards), Ok(credited)) => {
                    assert_eq!((credited, shop.ledger("store_balance").await), (cents(5_000), before + 5_000));
                }
                (given, redeemed) => panic!("{:?} and {redeemed:?}", given.map(|(refund, _)| refund.amount)),
            }
            assert_eq!(shop.ledger("gift_card").await, 0);
            shop.db.assert_ledger_is_sound().await;
        }
    }

    async fn of_a_refund_and_a_checkout_at_once_exactly_one_has_the_card(db: TestDb) {
        let shop = Shop::open(&Arc::new(db)).await;
        let (given, held) = join(shop.refund(shop.cards_back(3), "all"), shop.hold(1, 1_000)).await;
        match (given, held) {
            (Ok((refund, _)), Err(UseRefusal::Disabled)) => assert_eq!(refund.amount, cents(15_000)),
            (Err(GiveRefundError::GiftCards), Ok(())) => assert_eq!(shop.on_card(1).await.0, 4_000),
            (given, held) => panic!("{:?} and {held:?}", given.map(|(refund, _)| refund.amount)),
        }
        let order = OrderQueries::find(&shop.db.queries(), shop.order.id).await.unwrap().unwrap();
        let back = if shop.on_card(1).await.0 == 0 { 15_000 } else { 0 };
        assert_eq!(order.refunded, cents(back));
    }
}
