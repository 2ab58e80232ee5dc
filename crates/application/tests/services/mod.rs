//! The real services of the money on a real database, as the server composes them, for tests that say what happens around them.

#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test program uses a part of it")]

mod gateway;
mod post;
mod things;

use application::cart::shop::CartFilling;
use application::checkout::Drafting;
use application::checkout::cancel::Cancellation;
use application::checkout::pay_order::OrderPayment;
use application::checkout::place_order::CheckoutDesk;
use application::checkout::review::ReviewDesk;
use application::checkout::settle::Settlement;
use application::gift_cards::CodeGuesses;
use application::gift_cards::expire::Expiry;
use application::gift_cards::redeem::Redemption;
use application::gift_cards::sell::SoldCards;
use application::identity::policy::Permission;
use application::identity::{Allowed, Caller, Client, Credential, SessionProof};
use application::notifications::gift_cards::GiftCardPost;
use application::notifications::letter::Letterhead;
use application::notifications::ports::Mailer;
use application::orders::ports::OrderAccess;
use application::payments::expire::TopUpExpiry;
use application::payments::hear::GatewayEar;
use application::payments::ports::PaymentGateway;
use application::payments::top_up::TopUpDesk;
use application::payouts::pay_out::PayoutDesk;
use application::refunds::disputes::DisputeDesk;
use application::refunds::follow::RefundFollowing;
use application::refunds::give::RefundDesk;
use application::refunds::ports::RefundGateway;
use application::system::Clock;
use application::unit_of_work::Transactor;
use domain::identity::User;
use domain::kernel::{Currency, OrderId, SessionId, TokenId};
use domain::ledger::FeeRate;
use domain::payments::{TopUpLimits, UnitRange};
pub use gateway::Gateway;
pub use post::Post;
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::builders::id;
use testkit::crypto::{AeadBox, DerivedCodes, SecretKey};
use testkit::sql::{Database, SqlAttemptCounts};
use testkit::system::{SystemClock, SystemSecrets, UuidGenerator};
pub use things::{Card, checkout, customer_with, gift_card, gift_for, on_sale, pays_in};

/// The services of one process.
pub struct Services {
    pub carts: CartFilling,
    pub checkout: CheckoutDesk,
    pub settlement: Settlement,
    pub cancellation: Cancellation,
    pub paying: OrderPayment,
    pub reviews: ReviewDesk,
    pub sold_cards: SoldCards,
    pub gift_mails: GiftCardPost,
    pub redemption: Redemption,
    pub expiry: Expiry,
    pub top_ups: TopUpDesk,
    pub top_up_expiry: TopUpExpiry,
    pub ear: GatewayEar,
    pub refunds: RefundDesk,
    pub following: RefundFollowing,
    pub disputes: DisputeDesk,
    pub payouts: PayoutDesk,
}

impl Services {
    /// With the time as it is.
    pub fn at(database: &Database, gateway: &Arc<Gateway>) -> Self {
        Self::over(database, Arc::new(database.transactor()), gateway, Arc::new(Post::default()), Arc::new(SystemClock))
    }

    /// With all that a test may want to be its own.
    pub fn over<G: PaymentGateway + RefundGateway + 'static>(
        database: &Database,
        transactor: Arc<dyn Transactor>,
        gateway: &Arc<G>,
        mailer: Arc<dyn Mailer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let queries = Arc::new(database.queries());
        let payments: Arc<dyn PaymentGateway> = gateway.clone();
        let refunds: Arc<dyn RefundGateway> = gateway.clone();
        let (access, ids, fee) = (Arc::new(OpenSesame), Arc::new(UuidGenerator), fee());
        let counts = Arc::new(SqlAttemptCounts::new(database));
        let guesses = CodeGuesses { counts, transactor: transactor.clone() };
        let codes = Arc::new(DerivedCodes::new(
            SecretKey::derive(b"master", "codes"),
            AeadBox::new(SecretKey::derive(b"master", "seeds")),
            Arc::new(SystemSecrets),
        ));
        Self {
            carts: CartFilling {
                carts: queries.clone(),
                catalog: queries.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                shop_currency: Currency::EUR,
            },
            checkout: CheckoutDesk {
                transactor: transactor.clone(),
                gateway: payments.clone(),
                access: access.clone(),
                guesses: guesses.clone(),
                clock: clock.clone(),
                drafting: Drafting { ids: ids.clone(), secrets: Arc::new(SystemSecrets) },
                fee,
                risk: Arc::default(),
            },
            settlement: Settlement {
                payments: queries.clone(),
                orders: queries.clone(),
                gateway: payments.clone(),
                access: access.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                fee,
            },
            cancellation: Cancellation {
                orders: queries.clone(),
                payments: queries.clone(),
                gateway: payments.clone(),
                transactor: transactor.clone(),
                access: access.clone(),
                clock: clock.clone(),
                fee,
            },
            paying: OrderPayment {
                orders: queries.clone(),
                payments: queries.clone(),
                gateway: payments.clone(),
                access,
                transactor: transactor.clone(),
                clock: clock.clone(),
                fee,
            },
            reviews: ReviewDesk {
                payments: queries.clone(),
                gateway: payments.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
                fee,
            },
            sold_cards: SoldCards {
                transactor: transactor.clone(),
                codes: codes.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            },
            gift_mails: GiftCardPost {
                mailer,
                transactor: transactor.clone(),
                codes,
                clock: clock.clone(),
                letterhead: Letterhead { shop_name: "Carat".to_owned(), public_url: "https://shop.example".to_owned() },
            },
            redemption: Redemption {
                transactor: transactor.clone(),
                ledger: queries.clone(),
                guesses,
                clock: clock.clone(),
            },
            expiry: Expiry { transactor: transactor.clone(), clock: clock.clone() },
            top_ups: TopUpDesk {
                transactor: transactor.clone(),
                gateway: payments.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                limits: TopUpLimits { usual: UnitRange { least: 1, most: 1_000 }, own: BTreeMap::new() },
                risk: Arc::default(),
            },
            top_up_expiry: TopUpExpiry {
                payments: queries.clone(),
                gateway: payments.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            },
            ear: GatewayEar { gateway: payments, transactor: transactor.clone(), clock: clock.clone() },
            refunds: RefundDesk {
                transactor: transactor.clone(),
                gateway: refunds.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            },
            following: RefundFollowing {
                refunds: queries.clone(),
                payments: queries.clone(),
                gateway: refunds.clone(),
                transactor: transactor.clone(),
                clock: clock.clone(),
            },
            disputes: DisputeDesk {
                payments: queries.clone(),
                gateway: refunds,
                transactor: transactor.clone(),
                ids: ids.clone(),
                clock: clock.clone(),
            },
            payouts: PayoutDesk { payouts: queries, transactor, ids, clock },
        }
    }
}

/// What the platform keeps: two and a half percent.
pub fn fee() -> FeeRate {
    FeeRate::basis_points(250).unwrap()
}

/// Opens an order to the token `token`.
struct OpenSesame;

impl OrderAccess for OpenSesame {
    fn token(&self, _: OrderId) -> String {
        "token".to_owned()
    }

    fn opens(&self, _: OrderId, token: &str) -> bool {
        token == "token"
    }
}

/// Somebody who is signed in.
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

pub fn client() -> Client {
    Client { address: std::net::Ipv4Addr::LOCALHOST.into(), device: "a test".to_owned(), device_token: None }
}

/// Waits for all of them, side by side.
pub async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(futures).await
}
