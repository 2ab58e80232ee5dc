//! Noting which cards were tried for a payment, so that rules can count them. What a gateway calls a card is kept as a digest that
//! only the shop can compute, and for as long as rules look back. It decides nothing about the payment that it is of, so that a
//! gateway that does not tell keeps nobody from paying.

use super::ports::{GatewayError, PaymentQueries};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use domain::kernel::PaymentId;
use domain::payments::Track;
use std::sync::Arc;

/// What a gateway calls a card: the same each time it is used, and told to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Fingerprint(pub String);

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fingerprint(..)")
    }
}

/// Knows which cards were tried.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait CardWitness: Send + Sync {
    /// The cards that it knows to have been tried on a page, declined ones among them.
    async fn cards(&self, session_id: &str) -> Result<Vec<Fingerprint>, GatewayError>;
}

/// Makes digests of cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
pub trait CardDigests: Send + Sync {
    /// The digest of a card; of the same card always the same.
    fn digest(&self, card: &Fingerprint) -> String;
}

/// Notes cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait NoteCards: Send + Sync {
    /// Asks which cards were tried for a payment, and notes them.
    async fn note(&self, id: PaymentId) -> Result<(), NoteCardsError>;
}

/// Why no cards were noted.
#[derive(Debug, thiserror::Error)]
pub enum NoteCardsError {
    /// The gateway failed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`NoteCards`].
pub struct CardNotes {
    /// Reads payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Knows the cards.
    pub witness: Arc<dyn CardWitness>,
    /// Makes them unrecognisable.
    pub digests: Arc<dyn CardDigests>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl NoteCards for CardNotes {
    async fn note(&self, id: PaymentId) -> Result<(), NoteCardsError> {
        let now = self.clock.now();
        let payment = self.payments.find(id).await?;
        // What is older than rules look back counts nowhere.
        let counts = payment.filter(|payment| payment.created_at > now - Track::WINDOW);
        let Some(session) = counts.and_then(|payment| payment.session) else { return Ok(()) };
        let cards = self.witness.cards(&session.id).await?;
        if cards.is_empty() {
            return Ok(());
        }
        let digests: Vec<String> = cards.iter().map(|card| self.digests.digest(card)).collect();
        let tx = self.transactor.begin().await?;
        tx.payments().note_cards(id, &digests, now).await?;
        Ok(tx.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::ports::MockPaymentQueries;
    use crate::payments::top_up::tests::top_up;
    use crate::tests::{StandingSystem, now, session};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use chrono::TimeDelta;
    use domain::payments::Payment;

    fn on_a_page() -> Payment {
        Payment { session: Some(session()), created_at: now(), ..top_up() }
    }

    fn notes(
        payment: Option<Payment>,
        witness: MockCardWitness,
        units: Vec<UnitOfWorkDouble>,
    ) -> (CardNotes, Arc<TransactorDouble>) {
        let mut payments = MockPaymentQueries::new();
        payments.expect_find().return_once(move |_| Ok(payment));
        let mut digests = MockCardDigests::new();
        digests.expect_digest().returning(|card| format!("digest of {}", card.0));
        let transactor = TransactorDouble::new(units);
        let notes = CardNotes {
            payments: Arc::new(payments),
            witness: Arc::new(witness),
            digests: Arc::new(digests),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
        };
        (notes, transactor)
    }

    fn tells(cards: &'static [&'static str]) -> MockCardWitness {
        let mut witness = MockCardWitness::new();
        let told = move |_: &str| Ok(cards.iter().map(|card| Fingerprint((*card).to_owned())).collect());
        witness.expect_cards().withf(|id| id == session().id).times(1).returning(told);
        witness
    }

    #[tokio::test]
    async fn the_cards_that_were_tried_are_noted_as_digests() {
        let payment = on_a_page();
        let id = payment.id;
        let mut tx = UnitOfWorkDouble::default();
        let noted = move |of: &PaymentId, cards: &[String], at: &_| {
            *of == id && cards == ["digest of one", "digest of two"] && *at == now()
        };
        tx.payments.expect_note_cards().withf(noted).times(1).returning(|_, _, _| Ok(()));
        let (notes, transactor) = notes(Some(payment), tells(&["one", "two"]), vec![tx]);
        notes.note(id).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn where_no_card_was_tried_nothing_is_written() {
        let payment = on_a_page();
        notes(Some(payment.clone()), tells(&[]), vec![]).0.note(payment.id).await.unwrap();
    }

    #[tokio::test]
    async fn nobody_is_asked_about_what_has_no_page_or_counts_no_more() {
        let old = Payment { created_at: now() - TimeDelta::days(1), ..on_a_page() };
        let pageless = Payment { session: None, ..on_a_page() };
        for payment in [None, Some(old), Some(pageless)] {
            notes(payment, MockCardWitness::new(), vec![]).0.note(top_up().id).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_gateway_that_does_not_tell_is_said_to_fail() {
        let payment = on_a_page();
        let mut away = MockCardWitness::new();
        away.expect_cards().returning(|_| Err(GatewayError::Unavailable("away".into())));
        let failed = notes(Some(payment.clone()), away, vec![]).0.note(payment.id).await;
        assert!(matches!(failed, Err(NoteCardsError::Gateway(GatewayError::Unavailable(_)))));
    }

    #[test]
    fn a_fingerprint_is_never_shown() {
        assert_eq!(format!("{:?}", Fingerprint("AOB934".to_owned())), "Fingerprint(..)");
    }
}
