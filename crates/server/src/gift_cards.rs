//! Putting together what gift cards need.

use crate::shop::Shop;
use application::catalog::gift_products::GiftProductDesk;
use application::gift_cards::CodeGuesses;
use application::gift_cards::administer::GiftCardDesk;
use application::gift_cards::batch_desk::BatchDesk;
use application::gift_cards::batch_steps::BatchSteps;
use application::gift_cards::check::GiftCardCheck;
use application::gift_cards::expire::Expiry;
use application::gift_cards::issue::Issuance;
use application::gift_cards::ports::LaterCodes;
use application::gift_cards::redeem::Redemption;
use application::gift_cards::sell::{GiftDesk, SoldCards};
use application::gift_cards::send_again::DeliveryDesk;
use application::orders::ports::OrderAccess;
use infrastructure::crypto::{AeadBox, DerivedCodes, KeyRing};
use infrastructure::sql::SqlAttemptCounts;
use infrastructure::system::{SystemSecrets, UuidGenerator};
use std::sync::Arc;
use web::GiftCardServices;

/// The use cases of gift cards.
pub fn services(shop: &Shop, codes: Arc<dyn LaterCodes>, access: Arc<dyn OrderAccess>) -> GiftCardServices {
    let Shop { database, transactor, clock, .. } = shop;
    let queries = Arc::new(database.queries());
    let guesses = guesses(shop);
    GiftCardServices {
        check: Arc::new(GiftCardCheck { cards: queries.clone(), guesses: guesses.clone(), clock: clock.clone() }),
        redeem: Arc::new(Redemption {
            transactor: transactor.clone(),
            ledger: queries.clone(),
            guesses,
            clock: clock.clone(),
        }),
        issue: Arc::new(Issuance {
            transactor: transactor.clone(),
            ids: Arc::new(UuidGenerator),
            secrets: Arc::new(SystemSecrets),
            codes: codes.clone(),
            clock: clock.clone(),
        }),
        look_after: Arc::new(GiftCardDesk {
            cards: queries.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        }),
        follow: Arc::new(GiftDesk {
            orders: queries.clone(),
            access,
            deliveries: queries.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        }),
        decide_products: Arc::new(GiftProductDesk {
            catalog: queries.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        }),
        send_again: Arc::new(DeliveryDesk {
            deliveries: queries.clone(),
            transactor: transactor.clone(),
            codes: codes.clone(),
            clock: clock.clone(),
        }),
        batches: Arc::new(BatchDesk {
            batches: queries,
            transactor: transactor.clone(),
            codes,
            ids: Arc::new(UuidGenerator),
            clock: clock.clone(),
        }),
    }
}

/// Who counts wrong codes, wherever they are tried.
pub fn guesses(shop: &Shop) -> CodeGuesses {
    let counts = Arc::new(SqlAttemptCounts::new(&shop.database));
    CodeGuesses { counts, transactor: shop.transactor.clone() }
}

/// Who makes the codes that must be known again later.
pub fn later_codes(ring: &KeyRing) -> Arc<dyn LaterCodes> {
    let seeds = AeadBox::new(ring.derive("gift card seeds"));
    Arc::new(DerivedCodes::new(ring.derive("gift card codes"), seeds, Arc::new(SystemSecrets)))
}

/// Who issues the cards of batches.
pub fn batches(shop: &Shop, codes: Arc<dyn LaterCodes>) -> BatchSteps {
    let Shop { transactor, clock, .. } = shop;
    BatchSteps { transactor: transactor.clone(), codes, ids: Arc::new(UuidGenerator), clock: clock.clone() }
}

/// Who ends cards when their time is over.
pub fn expiry(shop: &Shop) -> Expiry {
    Expiry { transactor: shop.transactor.clone(), clock: shop.clock.clone() }
}

/// Who issues the cards that orders have bought.
pub fn sold(shop: &Shop, codes: Arc<dyn LaterCodes>) -> SoldCards {
    let Shop { transactor, clock, .. } = shop;
    SoldCards { transactor: transactor.clone(), codes, ids: Arc::new(UuidGenerator), clock: clock.clone() }
}
