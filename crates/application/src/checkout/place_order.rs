//! Placing an order, exactly once for each cart.

use super::drafting::{Drafting, fill_in};
use super::settle::RECONCILE_EVERY;
use super::settlement::{self, SettlementError};
use super::tenders::{self, CodeFault, CodeRefusal, Means, NoOffer};
use super::{stock, submission};
use crate::cart::shop::CartView;
use crate::catalog::views::{Offer, Shortage};
use crate::gift_cards::{CodeGuesses, Verdict};
use crate::identity::{Allowed, Client, policy};
use crate::jobs::Job;
use crate::orders::ports::OrderAccess;
use crate::payments::ports::PaymentGateway;
use crate::payments::risk;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::cart::CartRefusal;
use domain::kernel::{CartId, EmailAddress, Money, MoneyError, OrderId, VariantId};
use domain::ledger::FeeRate;
use domain::orders::{Order, PlaceRefusal, ShippingAddress};
use domain::payments::{Payment, PaymentStatus, Purpose, ReturnUrls, RiskRules};
use domain::webhooks::EventKind;
use std::sync::Arc;

/// How long after checkout a payment that the gateway may not have is handed over again.
const SUBMIT_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(15);

/// What a customer hands in to buy their cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The cart.
    pub cart: CartId,
    /// What names this checkout: the caller and their idempotency key. The same name again answers the same order.
    pub key: String,
    /// Where mails go.
    pub email: EmailAddress,
    /// Where the parcel goes; needless where nothing is shipped.
    pub shipping_address: Option<ShippingAddress>,
    /// With what they pay before the card.
    pub means: Means,
    /// What the customer was shown; another total is refused.
    pub expected_total: Option<Money>,
    /// Where to come back to; `{ORDER_ID}` and `{ACCESS_TOKEN}` are filled in.
    pub return_urls: ReturnUrls,
}

/// A placed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOrder {
    /// Paid already, if nothing was left for the card.
    pub order: Order,
    /// With the gateway's page, unless the gateway is away: then it follows in a moment, and the order shows it.
    pub payment: Payment,
    /// What opens the order to a guest; a secret. `None` for a signed-in customer.
    pub access_token: Option<String>,
    /// The offers that it was made from, by which it is shown.
    pub offers: Vec<Offer>,
}

/// Places orders.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait PlaceOrders: Send + Sync {
    /// Turns a cart into an order, or changes nothing. Codes of gift cards that no card has are counted for the client.
    async fn place<'a>(
        &self,
        caller: Option<&'a Allowed<policy::CheckOut>>,
        checkout: Checkout,
        client: &'a Client,
    ) -> Result<PlacedOrder, PlaceOrderError>;
}

/// Why there is no order.
#[derive(Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// There is no such cart, or it is another's.
    #[error("there is no such cart")]
    CartNotFound,
    /// It has become an order under another key.
    #[error("the cart has become an order")]
    CheckedOut(OrderId),
    /// There is nothing in it.
    #[error("the cart is empty")]
    Empty,
    /// Of these there is too little.
    #[error("not enough stock")]
    InsufficientStock(Vec<Shortage>),
    /// The total is this now.
    #[error("the total is {0}")]
    PriceChanged(Money),
    /// One of the gift cards can't be used.
    #[error("gift card {} can't be used: {:?}", .0.place, .0.why)]
    GiftCard(CodeRefusal),
    /// This client has tried too many codes that no card has.
    #[error("too many wrong codes")]
    TooManyAttempts {
        /// When it may try again.
        until: DateTime<Utc>,
    },
    /// A guest has no balance.
    #[error("a guest has no balance")]
    NoBalance,
    /// Something is shipped, and nobody said where to.
    #[error("nobody said where it goes")]
    AddressMissing,
    /// The sum can't be held, or mixes currencies.
    #[error(transparent)]
    Amount(#[from] MoneyError),
    /// Its money could not be moved.
    #[error(transparent)]
    Settlement(#[from] SettlementError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<CartRefusal> for PlaceOrderError {
    fn from(refusal: CartRefusal) -> Self {
        match refusal {
            CartRefusal::CheckedOut(order) => Self::CheckedOut(order),
            CartRefusal::Empty | CartRefusal::LineNotFound | CartRefusal::TooMany => Self::Empty,
        }
    }
}

impl From<PlaceRefusal> for PlaceOrderError {
    fn from(refusal: PlaceRefusal) -> Self {
        match refusal {
            PlaceRefusal::AddressMissing => Self::AddressMissing,
            PlaceRefusal::Amount(error) => Self::Amount(error),
        }
    }
}

impl From<NoOffer> for PlaceOrderError {
    fn from(why: NoOffer) -> Self {
        match why {
            NoOffer::Code(refusal) => Self::GiftCard(refusal),
            NoOffer::Repository(error) => Self::Repository(error),
        }
    }
}

/// The service behind [`PlaceOrders`].
pub struct CheckoutDesk {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Takes the payment.
    pub gateway: Arc<dyn PaymentGateway>,
    /// Makes guests' tokens.
    pub access: Arc<dyn OrderAccess>,
    /// Counts wrong codes of gift cards.
    pub guesses: CodeGuesses,
    /// Draws up orders.
    pub drafting: Drafting,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What the platform keeps of a sale.
    pub fee: FeeRate,
    /// Which attempts to pay are suspicious.
    pub risk: Arc<RiskRules>,
}

#[async_trait]
impl PlaceOrders for CheckoutDesk {
    async fn place<'a>(
        &self,
        caller: Option<&'a Allowed<policy::CheckOut>>,
        checkout: Checkout,
        client: &'a Client,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let now = self.clock.now();
        if caller.is_none() && checkout.means.use_balance {
            return Err(PlaceOrderError::NoBalance);
        }
        if !checkout.means.gift_card_codes.is_empty()
            && let Some(Verdict::TooManyAttempts { until }) = self.guesses.before(client, now).await?
        {
            return Err(PlaceOrderError::TooManyAttempts { until });
        }
        let tx = self.transactor.begin().await?;
        match self.order_from_cart(tx.as_ref(), caller, checkout, client, now).await {
            Ok(placed) => {
                tx.commit().await?;
                Ok(self.with_page(placed).await)
            }
            Err(PlaceOrderError::GiftCard(refusal)) if refusal.why == CodeFault::NotFound => {
                drop(tx);
                Err(match self.guesses.wrong(client, now).await? {
                    Verdict::NotFound => PlaceOrderError::GiftCard(refusal),
                    Verdict::TooManyAttempts { until } => PlaceOrderError::TooManyAttempts { until },
                })
            }
            Err(error) => Err(error),
        }
    }
}

impl CheckoutDesk {
    async fn order_from_cart(
        &self,
        tx: &dyn UnitOfWork,
        caller: Option<&Allowed<policy::CheckOut>>,
        checkout: Checkout,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let user_id = caller.map(|caller| caller.user_id);
        let cart = tx.carts().lock(checkout.cart).await?.ok_or(PlaceOrderError::CartNotFound)?;
        if !cart.is_open_to(user_id) {
            return Err(PlaceOrderError::CartNotFound);
        }
        let variants: Vec<VariantId> = cart.lines.iter().map(|line| line.variant_id).collect();
        let offers = tx.stock().offers(&variants).await?;
        if let Some(order) = cart.order_id {
            return self.placed_before(tx, caller, &checkout, order, offers).await;
        }
        cart.ready()?;

        let view = CartView::join(cart, &offers)?;
        let shortages = view.shortages();
        if !shortages.is_empty() {
            return Err(PlaceOrderError::InsufficientStock(shortages));
        }
        if checkout.expected_total.is_some_and(|expected| expected != view.subtotal) {
            return Err(PlaceOrderError::PriceChanged(view.subtotal));
        }
        let shortages = stock::reserve(tx, &view).await?;
        if !shortages.is_empty() {
            return Err(PlaceOrderError::InsufficientStock(shortages));
        }
        let mut order = Order::place(self.drafting.order(&view, &checkout, user_id), now)?;
        let given = tenders::offers(tx, &checkout.means, user_id, view.cart.currency, now).await?;
        order.take(given, |rest| self.gateway.payable(rest))?;
        let mut cart = view.cart;
        cart.check_out(order.id, now)?;
        tx.carts().update(&cart).await?;
        let payment = self.write_down(tx, &mut order, &checkout.return_urls, client, now).await?;
        Ok(PlacedOrder { access_token: self.access_token(caller, order.id), order, payment, offers })
    }

    /// Stores the order with its payment. If nothing is left for the card, it is paid at once, and no gateway is asked.
    async fn write_down(
        &self,
        tx: &dyn UnitOfWork,
        order: &mut Order,
        return_urls: &ReturnUrls,
        client: &Client,
        now: DateTime<Utc>,
    ) -> Result<Payment, PlaceOrderError> {
        let (id, rest) = (self.drafting.payment(), order.by_card()?);
        let purpose = Purpose::Order { order: order.id, customer: order.user_id };
        let urls = fill_in(return_urls, order.id);
        let payment = if rest.is_positive() {
            risk::weighed(tx, &self.risk, Payment::intend(id, purpose, rest, urls, now), client, now).await?
        } else {
            let ended = |order| SettlementError::OrderEnded { payment: PaymentStatus::Captured, order };
            order.pay(now).map_err(ended)?;
            Payment::settled(id, purpose, rest.currency(), urls, now)
        };
        tx.orders().insert(order).await?;
        tx.payments().insert(&payment).await?;
        tenders::hold(tx, order, 0, now).await?;
        announce::order(tx, EventKind::OrderPlaced, order, now).await?;
        if payment.status.is_final() {
            settlement::sold(tx, order, &payment, self.fee, now).await?;
            return Ok(payment);
        }
        let payment_id = payment.id.uuid();
        tx.jobs().push(Job::SubmitPayment { payment_id }, now + SUBMIT_AGAIN_AFTER).await?;
        tx.jobs().push(Job::ReconcilePayment { payment_id }, now + RECONCILE_EVERY).await?;
        tx.jobs().push(Job::ExpireOrder { order_id: order.id.uuid() }, order.expires_at).await?;
        Ok(payment)
    }

    /// The order that this very checkout made before; under another key the cart is spent.
    async fn placed_before(
        &self,
        tx: &dyn UnitOfWork,
        caller: Option<&Allowed<policy::CheckOut>>,
        checkout: &Checkout,
        id: OrderId,
        offers: Vec<Offer>,
    ) -> Result<PlacedOrder, PlaceOrderError> {
        let order = tx.orders().lock(id).await?.filter(|order| order.checkout_key == checkout.key);
        let order = order.ok_or(PlaceOrderError::CheckedOut(id))?;
        let payment = tx.payments().lock_of_order(id).await?.ok_or(PlaceOrderError::CheckedOut(id))?;
        Ok(PlacedOrder { access_token: self.access_token(caller, id), order, payment, offers })
    }

    /// Asks the gateway for its page. If it is away the order stands all the same, and a job asks again.
    async fn with_page(&self, mut placed: PlacedOrder) -> PlacedOrder {
        if placed.payment.status.is_final() {
            return placed;
        }
        let (gateway, access) = (self.gateway.as_ref(), self.access.as_ref());
        let (transactor, clock) = (self.transactor.as_ref(), self.clock.as_ref());
        match submission::submit(gateway, access, transactor, clock, &placed.payment, &placed.order).await {
            Ok(session) => {
                placed.payment.submit(session, self.clock.now());
            }
            Err(error) => tracing::warn!(order = %placed.order.id, %error, "the payment will be handed over again"),
        }
        placed
    }

    fn access_token(&self, caller: Option<&Allowed<policy::CheckOut>>, order: OrderId) -> Option<String> {
        caller.is_none().then(|| self.access.token(order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::ports::CardWithBalance;
    use crate::identity::ports::{MockAttemptCounts, Taken};
    use crate::ledger::ports::PostError;
    use crate::orders::ports::MockOrderAccess;
    use crate::payments::ports::{GatewayError, MockPaymentGateway};
    use crate::tests::{
        StandingSystem, address, allowed, cart, client, email, eur, offer, order, payment, session, urls, uuid, variant,
    };
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use domain::cart::Cart;
    use domain::gift_cards::{GiftCard, UseRefusal};
    use domain::identity::Role;
    use domain::kernel::{Applied, Currency, Gift, GiftCardId, UserId};
    use domain::ledger::{Account, MovementKind, Posting};
    use domain::orders::{OrderStatus, TenderSource};
    use domain::payments::{PaymentMethod, Track};
    use tenders::TypedCode;

    fn checkout() -> Checkout {
        Checkout {
            cart: cart(&[]).id,
            key: "guest:key".to_owned(),
            email: email("ada@example.com"),
            shipping_address: Some(address()),
            means: Means::default(),
            expected_total: Some(eur(20_000)),
            return_urls: urls(),
        }
    }

    /// The desk, with a gateway that opens its page, or is away.
    fn desk(transactor: &Arc<TransactorDouble>, gateway_is_there: bool) -> CheckoutDesk {
        let mut counts = MockAttemptCounts::new();
        counts.expect_look().returning(|_, _, _| Ok(Taken::Granted { used: 0 }));
        desk_counting(transactor, gateway_is_there, counts)
    }

    fn desk_counting(
        transactor: &Arc<TransactorDouble>,
        gateway_is_there: bool,
        counts: MockAttemptCounts,
    ) -> CheckoutDesk {
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_payable().returning(|rest| eur(rest.amount().max(50)));
        let filled_in = |told: &Payment, _: &Option<&Order>| !told.return_urls.success.contains("{ACCESS_TOKEN}");
        gateway.expect_open().withf(filled_in).returning(move |_, _| {
            if gateway_is_there { Ok(session()) } else { Err(GatewayError::Unavailable("away".into())) }
        });
        let mut access = MockOrderAccess::new();
        access.expect_token().returning(|_| "token".to_owned());
        let system = StandingSystem::new();
        CheckoutDesk {
            transactor: transactor.clone(),
            gateway: Arc::new(gateway),
            access: Arc::new(access),
            guesses: CodeGuesses { counts: Arc::new(counts), transactor: transactor.clone() },
            clock: system.clone(),
            drafting: Drafting { ids: system.clone(), secrets: system },
            fee: FeeRate::NONE,
            risk: Arc::default(),
        }
    }

    fn unit(cart: Cart, offers: Vec<Offer>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.webhooks.expect_is_any_on().returning(|| Ok(true));
        tx.carts.expect_lock().returning(move |_| Ok(Some(cart.clone())));
        tx.payments.expect_track().returning(|_, _, _, _| Ok(Track::default()));
        tx.stock.expect_offers().returning(move |_| Ok(offers.clone()));
        tx
    }

    /// A unit of work in which a cart of the variants 7 and 5 becomes an order.
    fn selling() -> UnitOfWorkDouble {
        let mut tx = unit(cart(&[7, 5]), vec![offer(5, 1), offer(7, 1)]);
        let mut sequence = mockall::Sequence::new();
        for number in [5, 7] {
            let wanted = move |id: &VariantId, quantity: &u32| *id == variant(number) && *quantity == 1;
            tx.stock.expect_reserve().withf(wanted).times(1).in_sequence(&mut sequence).returning(|_, _| Ok(true));
        }
        tx.orders.expect_insert().withf(|order| order.total == eur(20_000)).times(1).returning(|_| Ok(()));
        tx.carts.expect_update().withf(|cart| cart.order_id.is_some()).times(1).returning(|_| Ok(()));
        tx.payments.expect_insert().times(1).returning(|_| Ok(()));
        announces(&mut tx, &["order.placed"]);
        for (seconds, planned) in [
            (15, (|job| matches!(job, Job::SubmitPayment { .. })) as fn(&Job) -> bool),
            (120, |job| matches!(job, Job::ReconcilePayment { .. })),
            (1_800, |job| matches!(job, Job::ExpireOrder { .. })),
        ] {
            let at = crate::tests::now() + TimeDelta::seconds(seconds);
            tx.jobs.expect_push().withf(move |job, when| planned(job) && *when == at).times(1).returning(|_, _| Ok(()));
        }
        tx
    }

    /// The unit of work that notes the gateway's page.
    fn noting() -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.payments.expect_lock().returning(|_| Ok(Some(payment())));
        tx.payments.expect_update().withf(|payment| payment.session.is_some()).times(1).returning(|_| Ok(()));
        tx
    }

    #[tokio::test]
    async fn a_cart_becomes_an_order_with_a_page_to_pay_on() {
        let transactor = TransactorDouble::new([selling(), noting()]);
        let placed = desk(&transactor, true).place(None, checkout(), &client()).await.unwrap();
        assert_eq!(placed.order.lines.len(), 2);
        assert_eq!(placed.payment.session, Some(session()));
        assert_eq!(placed.access_token.as_deref(), Some("token"));
        assert_eq!(placed.payment.return_urls.success, format!("/s/{}?t={{ACCESS_TOKEN}}", placed.order.id));
        assert_eq!(transactor.commits(), 2);
    }

    #[tokio::test]
    async fn the_order_stands_when_the_gateway_is_away() {
        let transactor = TransactorDouble::new([selling()]);
        let placed = desk(&transactor, false).place(None, checkout(), &client()).await.unwrap();
        assert_eq!(placed.payment.session, None);
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn too_little_stock_is_told_for_every_line_and_nothing_is_written() {
        let transactor = TransactorDouble::new([unit(cart(&[7, 5]), vec![offer(5, 0), offer(7, 0)])]);
        let error = desk(&transactor, true).place(None, checkout(), &client()).await.unwrap_err();
        let PlaceOrderError::InsufficientStock(shortages) = error else { panic!("{error}") };
        assert_eq!(shortages.len(), 2);
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_piece_that_another_took_at_this_moment_is_a_shortage() {
        let mut tx = unit(cart(&[7]), vec![offer(7, 1)]);
        tx.stock.expect_reserve().times(1).returning(|_, _| Ok(false));
        let transactor = TransactorDouble::new([tx]);
        let lone = Checkout { expected_total: None, ..checkout() };
        let error = desk(&transactor, true).place(None, lone, &client()).await.unwrap_err();
        assert!(
            matches!(error, PlaceOrderError::InsufficientStock(short) if short.len() == 1 && short[0].available == 1)
        );
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn another_total_than_the_customer_saw_is_refused_with_the_new_one() {
        let transactor = TransactorDouble::new([unit(cart(&[7]), vec![offer(7, 1)])]);
        let error = desk(&transactor, true).place(None, checkout(), &client()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::PriceChanged(total) if total == eur(10_000)));
    }

    /// The cart of the variants 7 and 5, in which one or both are gift cards for somebody.
    fn of_gifts(numbers: &[u64]) -> UnitOfWorkDouble {
        let mut cart = cart(&[7, 5]);
        for line in &mut cart.lines {
            let is_gift = numbers.iter().any(|number| line.variant_id == variant(*number));
            line.gift = is_gift.then(|| Gift {
                recipient_email: email("bob@example.com"),
                recipient_name: None,
                sender_name: None,
                message: None,
                deliver_on: None,
            });
        }
        let of = |number| Offer { gift_card: numbers.contains(&number), ..offer(number, 1) };
        let mut tx = unit(cart, vec![of(5), of(7)]);
        tx.stock.expect_reserve().returning(|_, _| Ok(true));
        tx
    }

    #[tokio::test]
    async fn an_order_of_gift_cards_alone_asks_for_no_address_and_keeps_none() {
        for said in [None, Some(address())] {
            let mut tx = of_gifts(&[7, 5]);
            tx.orders.expect_insert().withf(|order| order.shipping_address.is_none()).times(1).returning(|_| Ok(()));
            tx.carts.expect_update().returning(|_| Ok(()));
            tx.payments.expect_insert().returning(|_| Ok(()));
            tx.jobs.expect_push().returning(|_, _| Ok(()));
            let transactor = TransactorDouble::new([tx, noting()]);
            let checkout = Checkout { shipping_address: said, ..checkout() };
            desk(&transactor, true).place(None, checkout, &client()).await.unwrap();
        }
        for gifts in [&[5][..], &[]] {
            let transactor = TransactorDouble::new([of_gifts(gifts)]);
            let checkout = Checkout { shipping_address: None, ..checkout() };
            let refused = desk(&transactor, true).place(None, checkout, &client()).await;
            assert!(matches!(refused, Err(PlaceOrderError::AddressMissing)));
            assert_eq!(transactor.commits(), 0);
        }
    }

    fn spent() -> UnitOfWorkDouble {
        let mut spent = cart(&[7, 5]);
        spent.order_id = Some(order().id);
        let mut tx = unit(spent, vec![offer(5, 0), offer(7, 0)]);
        tx.orders.expect_lock().returning(|_| Ok(Some(order())));
        tx.payments.expect_lock_of_order().returning(|_| Ok(Some(payment())));
        tx
    }

    #[tokio::test]
    async fn the_same_checkout_again_answers_the_same_order() {
        let transactor = TransactorDouble::new([spent(), noting()]);
        let placed = desk(&transactor, true).place(None, checkout(), &client()).await.unwrap();
        assert_eq!(placed.order.id, order().id);
        assert_eq!(placed.payment.session, Some(session()));
    }

    #[tokio::test]
    async fn another_checkout_of_a_spent_cart_is_refused() {
        let transactor = TransactorDouble::new([spent()]);
        let other = Checkout { key: "guest:other".to_owned(), ..checkout() };
        let error = desk(&transactor, true).place(None, other, &client()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::CheckedOut(id) if id == order().id));
    }

    #[tokio::test]
    async fn an_empty_cart_is_no_order() {
        let transactor = TransactorDouble::new([unit(cart(&[]), vec![])]);
        let error = desk(&transactor, true).place(None, checkout(), &client()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::Empty));
    }

    const CODES: [&str; 2] = ["ABCD-EFGH-JKMN-PQRS-TVWX-YZ01", "ABCD-EFGH-JKMN-PQRS-TVWX-YZ02"];

    fn gift_card(number: u64) -> GiftCard {
        let code = CODES[usize::try_from(number).unwrap()];
        GiftCard {
            id: GiftCardId::new(uuid(50 + number)),
            code_digest: crate::system::digest_of(&code.replace('-', "")),
            last4: code.rsplit('-').next().unwrap().to_owned(),
            ..crate::tests::gift_card()
        }
    }

    /// A checkout with these codes, and the customer's balance if it is wanted.
    fn paying(codes: &[&str], use_balance: bool) -> Checkout {
        let gift_card_codes = codes.iter().map(|code| TypedCode((*code).to_owned())).collect();
        Checkout { means: Means { gift_card_codes, use_balance }, ..checkout() }
    }

    /// A unit of work in which a cart of 200.00 EUR becomes an order, with these cards and so much on each.
    fn taking(cards: &[(GiftCard, i64)]) -> UnitOfWorkDouble {
        let mut tx = unit(cart(&[7, 5]), vec![offer(5, 1), offer(7, 1)]);
        tx.stock.expect_reserve().returning(|_, _| Ok(true));
        tx.carts.expect_update().returning(|_| Ok(()));
        let found: Vec<_> =
            cards.iter().map(|(card, left)| CardWithBalance { card: card.clone(), balance: eur(*left) }).collect();
        tx.gift_cards.expect_lock_all_by_digest().returning(move |_| Ok(found.clone()));
        tx
    }

    fn posts(tx: &mut UnitOfWorkDouble, kind: MovementKind, legs: Vec<(Account, i64)>) {
        let told = move |posting: &Posting, _: &_| {
            let told: Vec<_> = posting.legs().iter().map(|leg| (leg.account, leg.amount.amount())).collect();
            posting.kind() == kind && told == legs
        };
        tx.ledger.expect_post().withf(told).times(1).returning(|_, _| Ok(Applied::Now(())));
    }

    #[tokio::test]
    async fn cards_are_taken_in_their_order_then_the_balance_and_the_rest_is_left_for_the_card() {
        let mut tx = taking(&[(gift_card(0), 3_000), (gift_card(1), 4_000)]);
        let ada = allowed(Role::Customer);
        let (customer, order) = (ada.user_id, OrderId::new(uuid(1_000)));
        let own = move |account: &Account, currency: &Currency| {
            (*account, *currency) == (Account::StoreBalance(customer), Currency::EUR)
        };
        tx.ledger.expect_lock_balance().withf(own).times(1).returning(|_, _| Ok(eur(5_000)));
        let legs = vec![
            (Account::GiftCard(gift_card(0).id), -3_000),
            (Account::GiftCard(gift_card(1).id), -4_000),
            (Account::OrderHold(order), 12_000),
            (Account::StoreBalance(customer), -5_000),
        ];
        posts(&mut tx, MovementKind::OrderHeld, legs);
        tx.orders
            .expect_insert()
            .withf(|order| order.status == OrderStatus::PendingPayment)
            .times(1)
            .returning(|_| Ok(()));
        tx.payments.expect_insert().withf(|payment| payment.amount == eur(8_000)).times(1).returning(|_| Ok(()));
        announces(&mut tx, &["order.placed"]);
        tx.jobs.expect_push().times(3).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx, noting()]);
        let checkout = paying(&[CODES[1], CODES[0]], true);
        let placed = desk(&transactor, true).place(Some(&ada), checkout, &client()).await.unwrap();
        let taken: Vec<_> = placed.order.tenders.iter().map(|tender| tender.amount.amount()).collect();
        assert_eq!(taken, [4_000, 3_000, 5_000]);
        let first = TenderSource::GiftCard { id: gift_card(1).id, last4: "YZ02".to_owned() };
        assert_eq!(placed.order.tenders[0].source, first);
        assert_eq!(placed.payment.session, Some(session()));
    }

    #[tokio::test]
    async fn an_order_of_which_nothing_is_left_for_the_card_is_paid_at_once_and_no_gateway_is_asked() {
        let mut tx = taking(&[(gift_card(0), 30_000)]);
        let order = OrderId::new(uuid(1_000));
        let card = Account::GiftCard(gift_card(0).id);
        posts(&mut tx, MovementKind::OrderHeld, vec![(card, -20_000), (Account::OrderHold(order), 20_000)]);
        let seller = Account::Seller(UserId::new(uuid(9)));
        posts(&mut tx, MovementKind::OrderPaid, vec![(Account::OrderHold(order), -20_000), (seller, 20_000)]);
        tx.orders.expect_insert().withf(|order| order.status == OrderStatus::Paid).times(1).returning(|_| Ok(()));
        let settled = |payment: &Payment| {
            (payment.method, payment.status, payment.amount)
                == (PaymentMethod::Balance, PaymentStatus::Captured, eur(0))
        };
        tx.payments.expect_insert().withf(settled).times(1).returning(|_| Ok(()));
        announces(&mut tx, &["order.placed", "payment.succeeded", "order.paid"]);
        let mail = |job: &Job, _: &_| matches!(job, Job::SendOrderConfirmation { .. } | Job::SendSaleNotices { .. });
        tx.jobs.expect_push().withf(mail).times(2).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let mut desk = desk(&transactor, true);
        let mut gateway = MockPaymentGateway::new();
        gateway.expect_open().never();
        desk.gateway = Arc::new(gateway);
        let placed = desk.place(None, paying(&CODES[..1], false), &client()).await.unwrap();
        assert_eq!((placed.payment.session, placed.order.timeline.len()), (None, 2));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_rest_that_is_too_small_for_the_gateway_is_made_larger() {
        let mut tx = taking(&[(gift_card(0), 19_990)]);
        tx.ledger.expect_post().times(1).returning(|_, _| Ok(Applied::Now(())));
        tx.orders.expect_insert().returning(|_| Ok(()));
        tx.payments.expect_insert().withf(|payment| payment.amount == eur(50)).times(1).returning(|_| Ok(()));
        announces(&mut tx, &["order.placed"]);
        tx.jobs.expect_push().times(3).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx, noting()]);
        let placed = desk(&transactor, true).place(None, paying(&CODES[..1], false), &client()).await.unwrap();
        assert_eq!(placed.order.tenders[0].amount, eur(19_950));
    }

    #[tokio::test]
    async fn each_code_that_cannot_be_used_is_named_and_nothing_is_written() {
        let mut disabled = gift_card(1);
        disabled.disable(crate::tests::now());
        let mut yen = gift_card(1);
        yen.value = Money::new(5, Currency::parse("JPY").unwrap());
        for (second, left, codes, why) in [
            (disabled, eur(1), CODES, CodeFault::Refused(UseRefusal::Disabled)),
            (gift_card(1), eur(0), CODES, CodeFault::Refused(UseRefusal::Redeemed)),
            (yen.clone(), yen.value, CODES, CodeFault::OtherCurrency),
            (gift_card(1), eur(1), [CODES[0], "abcdefghjkmnpqrstvwxyz01"], CodeFault::Twice),
        ] {
            let mut tx = taking(&[]);
            let found = vec![
                CardWithBalance { card: gift_card(0), balance: eur(1) },
                CardWithBalance { card: second, balance: left },
            ];
            tx.gift_cards.checkpoint();
            tx.gift_cards.expect_lock_all_by_digest().returning(move |_| Ok(found.clone()));
            let transactor = TransactorDouble::new([tx]);
            let error = desk(&transactor, true).place(None, paying(&codes, false), &client()).await.unwrap_err();
            let PlaceOrderError::GiftCard(refusal) = error else { panic!("{error}") };
            assert_eq!((refusal.place, refusal.why), (1, why));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn a_code_that_no_card_has_is_counted_and_too_many_are_refused_before_anything_is_looked_at() {
        for (taken, is_told) in
            [(Taken::Granted { used: 1 }, true), (Taken::Refused { until: crate::tests::now() }, false)]
        {
            let mut counts = MockAttemptCounts::new();
            counts.expect_look().times(1).returning(|_, _, _| Ok(Taken::Granted { used: 0 }));
            counts.expect_take().times(1).returning(move |_, _, _| Ok(taken));
            let transactor = TransactorDouble::new([taking(&[(gift_card(0), 1)])]);
            let desk = desk_counting(&transactor, true, counts);
            let error = desk.place(None, paying(&CODES, false), &client()).await.unwrap_err();
            match error {
                PlaceOrderError::GiftCard(refusal) => {
                    assert!(is_told);
                    let expected = CodeRefusal { place: 1, last4: Some("YZ02".to_owned()), why: CodeFault::NotFound };
                    assert_eq!(refusal, expected);
                }
                error => assert!(!is_told && matches!(error, PlaceOrderError::TooManyAttempts { .. })),
            }
            assert_eq!(transactor.commits(), 0);
        }
        let mut counts = MockAttemptCounts::new();
        counts.expect_look().times(1).returning(|_, _, _| Ok(Taken::Refused { until: crate::tests::now() }));
        let desk = desk_counting(&TransactorDouble::new([]), true, counts);
        let error = desk.place(None, paying(&CODES, false), &client()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::TooManyAttempts { .. }));
    }

    #[tokio::test]
    async fn a_guest_has_no_balance_to_use() {
        let error = desk(&TransactorDouble::new([]), true).place(None, paying(&[], true), &client()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::NoBalance));
    }

    #[tokio::test]
    async fn what_the_ledger_says_is_not_there_is_not_sold() {
        let mut tx = taking(&[(gift_card(0), 3_000)]);
        tx.orders.expect_insert().returning(|_| Ok(()));
        tx.payments.expect_insert().returning(|_| Ok(()));
        let account = Account::GiftCard(gift_card(0).id);
        tx.ledger.expect_post().returning(move |_, _| Err(PostError::TooLittle(account)));
        let transactor = TransactorDouble::new([tx]);
        let error = desk(&transactor, true).place(None, paying(&CODES[..1], false), &client()).await.unwrap_err();
        assert!(matches!(error, PlaceOrderError::Settlement(SettlementError::TooLittle(_))));
        assert_eq!(transactor.commits(), 0);
    }

    #[test]
    fn a_typed_code_does_not_show_itself() {
        assert!(!format!("{:?}", paying(&CODES, false)).contains("ABCD"));
        assert_eq!(format!("{:?}", TypedCode(CODES[0].to_owned())), "TypedCode(…)");
    }
}
