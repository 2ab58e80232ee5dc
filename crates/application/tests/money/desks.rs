//! The services of the shop on one database, with one gateway.

use crate::gateway::Bank;
use crate::house::Watch;
use crate::model::{Coin, FEE, MOST_AT_ONCE};
use application::cart::shop::CartFilling;
use application::checkout::Drafting;
use application::checkout::cancel::Cancellation;
use application::checkout::pay_order::OrderPayment;
use application::checkout::place_order::CheckoutDesk;
use application::checkout::review::ReviewDesk;
use application::checkout::settle::Settlement;
use application::gift_cards::CodeGuesses;
use application::gift_cards::administer::GiftCardDesk;
use application::gift_cards::expire::Expiry;
use application::gift_cards::issue::Issuance;
use application::gift_cards::redeem::Redemption;
use application::gift_cards::sell::SoldCards;
use application::orders::ports::OrderAccess;
use application::payments::expire::TopUpExpiry;
use application::payments::top_up::TopUpDesk;
use application::payouts::pay_out::PayoutDesk;
use application::refunds::disputes::DisputeDesk;
use application::refunds::follow::RefundFollowing;
use application::refunds::give::RefundDesk;
use domain::kernel::{Currency, OrderId};
use domain::ledger::FeeRate;
use domain::payments::{RiskRules, Thresholds, TopUpLimits, UnitRange};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::TestDb;
use testkit::crypto::DerivedCodes;
use testkit::sql::SqlAttemptCounts;
use testkit::system::{SystemSecrets, UuidGenerator};

struct OpenSesame;

impl OrderAccess for OpenSesame {
    fn token(&self, _: OrderId) -> String {
        "token".to_owned()
    }

    fn opens(&self, _: OrderId, token: &str) -> bool {
        token == "token"
    }
}

pub struct Services {
    pub issuance: Issuance,
    pub cards: GiftCardDesk,
    pub redemption: Redemption,
    pub card_expiry: Expiry,
    pub carts: CartFilling,
    pub checkout: CheckoutDesk,
    pub settlement: Settlement,
    pub cancellation: Cancellation,
    pub paying: OrderPayment,
    pub reviews: ReviewDesk,
    pub sold_cards: SoldCards,
    pub top_ups: TopUpDesk,
    pub top_up_expiry: TopUpExpiry,
    pub refunds: RefundDesk,
    pub following: RefundFollowing,
    pub disputes: DisputeDesk,
    pub payouts: PayoutDesk,
}

pub fn services(db: &TestDb, bank: &Arc<Bank>, watch: &Arc<Watch>, codes: &Arc<DerivedCodes>, coin: Coin) -> Services {
    let currency = Currency::parse(coin.code()).unwrap();
    let large = Thresholds { flag: 0, hold: coin.held_from() };
    let risk = Arc::new(RiskRules { large, ..RiskRules::default() });
    let transactor = || Arc::new(db.database().transactor());
    let queries = || Arc::new(db.queries());
    let counts = Arc::new(SqlAttemptCounts::new(db.database()));
    let guesses = CodeGuesses { counts, transactor: transactor() };
    let ids = Arc::new(UuidGenerator);
    let fee = FeeRate::basis_points(FEE.into()).unwrap();
    let most = u32::try_from(MOST_AT_ONCE).unwrap();
    Services {
        issuance: Issuance {
            transactor: transactor(),
            ids: ids.clone(),
            secrets: Arc::new(SystemSecrets),
            codes: codes.clone(),
            clock: watch.clone(),
        },
        cards: GiftCardDesk { cards: queries(), transactor: transactor(), clock: watch.clone() },
        redemption: Redemption {
            transactor: transactor(),
            ledger: queries(),
            guesses: guesses.clone(),
            clock: watch.clone(),
        },
        card_expiry: Expiry { transactor: transactor(), clock: watch.clone() },
        carts: CartFilling {
            carts: queries(),
            catalog: queries(),
            transactor: transactor(),
            clock: watch.clone(),
            ids: ids.clone(),
            shop_currency: currency,
        },
        checkout: CheckoutDesk {
            transactor: transactor(),
            gateway: bank.clone(),
            access: Arc::new(OpenSesame),
            guesses,
            clock: watch.clone(),
            drafting: Drafting { ids: ids.clone(), secrets: Arc::new(SystemSecrets) },
            fee,
            risk: risk.clone(),
        },
        settlement: Settlement {
            payments: queries(),
            orders: queries(),
            gateway: bank.clone(),
            access: Arc::new(OpenSesame),
            transactor: transactor(),
            clock: watch.clone(),
            fee,
        },
        cancellation: Cancellation {
            orders: queries(),
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            access: Arc::new(OpenSesame),
            clock: watch.clone(),
            fee,
        },
        paying: OrderPayment {
            orders: queries(),
            payments: queries(),
            gateway: bank.clone(),
            access: Arc::new(OpenSesame),
            transactor: transactor(),
            clock: watch.clone(),
            fee,
        },
        reviews: ReviewDesk {
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            clock: watch.clone(),
            fee,
        },
        sold_cards: SoldCards {
            transactor: transactor(),
            codes: codes.clone(),
            ids: ids.clone(),
            clock: watch.clone(),
        },
        top_ups: TopUpDesk {
            transactor: transactor(),
            gateway: bank.clone(),
            clock: watch.clone(),
            ids: ids.clone(),
            limits: TopUpLimits { usual: UnitRange { least: 1, most }, own: BTreeMap::new() },
            risk,
        },
        top_up_expiry: TopUpExpiry {
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            clock: watch.clone(),
        },
        refunds: RefundDesk { transactor: transactor(), gateway: bank.clone(), ids: ids.clone(), clock: watch.clone() },
        following: RefundFollowing {
            refunds: queries(),
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            clock: watch.clone(),
        },
        disputes: DisputeDesk {
            payments: queries(),
            gateway: bank.clone(),
            transactor: transactor(),
            ids: ids.clone(),
            clock: watch.clone(),
        },
        payouts: PayoutDesk { payouts: queries(), transactor: transactor(), ids, clock: watch.clone() },
    }
}
