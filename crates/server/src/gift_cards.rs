//! Putting together what gift cards need.

use crate::shop::Shop;
use application::gift_cards::CodeGuesses;
use application::gift_cards::administer::GiftCardDesk;
use application::gift_cards::check::GiftCardCheck;
use application::gift_cards::expire::Expiry;
use application::gift_cards::issue::Issuance;
use application::gift_cards::redeem::Redemption;
use infrastructure::sql::SqlAttemptCounts;
use infrastructure::system::{SystemSecrets, UuidGenerator};
use std::sync::Arc;
use web::GiftCardServices;

/// The use cases of gift cards.
pub fn services(shop: &Shop) -> GiftCardServices {
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
            clock: clock.clone(),
        }),
        look_after: Arc::new(GiftCardDesk { cards: queries, transactor: transactor.clone(), clock: clock.clone() }),
    }
}

/// Who counts wrong codes, wherever they are tried.
pub fn guesses(shop: &Shop) -> CodeGuesses {
    let counts = Arc::new(SqlAttemptCounts::new(&shop.database));
    CodeGuesses { counts, transactor: shop.transactor.clone() }
}

/// Who ends cards when their time is over.
pub fn expiry(shop: &Shop) -> Expiry {
    Expiry { transactor: shop.transactor.clone(), clock: shop.clock.clone() }
}
