//! Telling whoever has a code what it is worth.

use super::guesses::{CodeGuesses, Verdict};
use super::ports::{CardWithBalance, GiftCardQueries};
use crate::identity::Client;
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::GiftCardCode;
use std::sync::Arc;

/// Tells what codes are worth.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CheckGiftCards: Send + Sync {
    /// The card of this code, with what is left on it. `code` is what somebody typed.
    async fn check(&self, code: &str, client: &Client) -> Result<CardWithBalance, CheckGiftCardError>;
}

/// Why nothing is told.
#[derive(Debug, thiserror::Error)]
pub enum CheckGiftCardError {
    /// No card has this code.
    #[error("no gift card has this code")]
    NotFound,
    /// This client has tried too many that no card has.
    #[error("too many wrong codes")]
    TooManyAttempts {
        /// When it may try again.
        until: DateTime<Utc>,
    },
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<Verdict> for CheckGiftCardError {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::NotFound => Self::NotFound,
            Verdict::TooManyAttempts { until } => Self::TooManyAttempts { until },
        }
    }
}

/// The service behind [`CheckGiftCards`].
pub struct GiftCardCheck {
    /// Reads cards.
    pub cards: Arc<dyn GiftCardQueries>,
    /// Counts wrong codes.
    pub guesses: CodeGuesses,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl CheckGiftCards for GiftCardCheck {
    async fn check(&self, code: &str, client: &Client) -> Result<CardWithBalance, CheckGiftCardError> {
        let now = self.clock.now();
        if let Some(refused) = self.guesses.before(client, now).await? {
            return Err(refused.into());
        }
        let found = match GiftCardCode::parse(code) {
            Some(code) => self.cards.find_card_by_digest(&digest_of(code.expose())).await?,
            None => None,
        };
        match found {
            Some(card) => Ok(card),
            None => Err(self.guesses.wrong(client, now).await?.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gift_cards::ports::MockGiftCardQueries;
    use crate::gift_cards::redeem::tests::{CODE, card, guesses, guesses_with};
    use crate::identity::ports::{MockAttemptCounts, Taken};
    use crate::tests::{StandingSystem, client, eur, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};

    fn desk(cards: MockGiftCardQueries, guesses: CodeGuesses) -> GiftCardCheck {
        GiftCardCheck { cards: Arc::new(cards), guesses, clock: StandingSystem::new() }
    }

    #[tokio::test]
    async fn a_code_tells_what_it_is_worth_however_it_is_typed() {
        for typed in [CODE, &CODE.to_lowercase(), &CODE.replace('-', " ")] {
            let mut cards = MockGiftCardQueries::new();
            let digest = digest_of(&CODE.replace('-', ""));
            cards
                .expect_find_card_by_digest()
                .withf(move |asked| asked == digest)
                .times(1)
                .returning(|_| Ok(Some(CardWithBalance { card: card(), balance: eur(3_000) })));
            let found = desk(cards, guesses(None)).check(typed, &client()).await.unwrap();
            assert_eq!(found.balance, eur(3_000));
        }
    }

    #[tokio::test]
    async fn what_can_be_no_code_is_counted_without_asking_the_database() {
        let wrong = Taken::Granted { used: 1 };
        let refused = desk(MockGiftCardQueries::new(), guesses(Some(wrong))).check("hello", &client()).await;
        assert!(matches!(refused, Err(CheckGiftCardError::NotFound)));
    }

    #[tokio::test]
    async fn the_fifth_wrong_code_of_a_minute_sounds_the_alarm() {
        let mut tx = UnitOfWorkDouble::default();
        let alarm = |event: &crate::audit::SecurityEvent, _: &_| {
            event.kind == crate::audit::SecurityEventKind::GiftCardGuessing && event.user_id.is_none()
        };
        tx.security_log.expect_record().withf(alarm).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let mut counts = MockAttemptCounts::new();
        counts.expect_look().returning(|_, _, _| Ok(Taken::Granted { used: 4 }));
        counts.expect_take().times(1).returning(|_, _, _| Ok(Taken::Granted { used: 5 }));
        let mut cards = MockGiftCardQueries::new();
        cards.expect_find_card_by_digest().returning(|_| Ok(None));
        let refused = desk(cards, guesses_with(counts, &transactor)).check(CODE, &client()).await;
        assert!(matches!(refused, Err(CheckGiftCardError::NotFound)));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn who_has_tried_too_many_is_not_even_told_of_right_ones() {
        let mut counts = MockAttemptCounts::new();
        counts.expect_look().times(1).returning(|_, _, _| Ok(Taken::Refused { until: now() }));
        let desk = desk(MockGiftCardQueries::new(), guesses_with(counts, &TransactorDouble::new([])));
        let refused = desk.check(CODE, &client()).await;
        assert!(matches!(refused, Err(CheckGiftCardError::TooManyAttempts { until }) if until == now()));
    }
}
