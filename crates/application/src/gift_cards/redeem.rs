//! Taking what is on a gift card into one's store balance.

use super::guesses::{CodeGuesses, Verdict};
use crate::identity::policy::RedeemGiftCards as MayRedeem;
use crate::identity::{Allowed, Client};
use crate::ledger::ports::{LedgerQueries, PostError};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, digest_of};
use crate::unit_of_work::Transactor;
use crate::webhooks::announce;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCardCode, UseRefusal};
use domain::kernel::{Applied, GiftCardId, Money};
use domain::ledger::movements::GiftCardRedeemed;
use domain::webhooks::EventKind;
use std::sync::Arc;

/// Redeems gift cards.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait RedeemGiftCards: Send + Sync {
    /// Moves all that is left on the card of this code into the caller's store balance, once. `code` is what somebody typed.
    async fn redeem(
        &self,
        caller: &Allowed<MayRedeem>,
        code: &str,
        client: &Client,
    ) -> Result<Redeemed, RedeemGiftCardError>;
}

/// What was redeemed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redeemed {
    /// The card.
    pub gift_card: GiftCardId,
    /// What was left on it.
    pub credited: Money,
    /// The caller's store balance in that currency now.
    pub store_balance: Money,
}

/// Why nothing is redeemed.
#[derive(Debug, thiserror::Error)]
pub enum RedeemGiftCardError {
    /// No card has this code.
    #[error("no gift card has this code")]
    NotFound,
    /// This client has tried too many that no card has.
    #[error("too many wrong codes")]
    TooManyAttempts {
        /// When it may try again.
        until: DateTime<Utc>,
    },
    /// The card can't be used.
    #[error("the card refuses: {0:?}")]
    Refused(UseRefusal),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<Verdict> for RedeemGiftCardError {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::NotFound => Self::NotFound,
            Verdict::TooManyAttempts { until } => Self::TooManyAttempts { until },
        }
    }
}

/// The service behind [`RedeemGiftCards`].
pub struct Redemption {
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Reads the balance afterwards.
    pub ledger: Arc<dyn LedgerQueries>,
    /// Counts wrong codes.
    pub guesses: CodeGuesses,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl RedeemGiftCards for Redemption {
    async fn redeem(
        &self,
        caller: &Allowed<MayRedeem>,
        code: &str,
        client: &Client,
    ) -> Result<Redeemed, RedeemGiftCardError> {
        let now = self.clock.now();
        if let Some(refused) = self.guesses.before(client, now).await? {
            return Err(refused.into());
        }
        let moved = match GiftCardCode::parse(code) {
            Some(code) => self.move_value(caller, &digest_of(code.expose()), now).await?,
            None => None,
        };
        let Some((gift_card, credited)) = moved else {
            return Err(self.guesses.wrong(client, now).await?.into());
        };
        let balances = self.ledger.balances(caller.user_id).await?;
        let store_balance = balances.into_iter().find(|balance| balance.currency() == credited.currency());
        Ok(Redeemed { gift_card, credited, store_balance: store_balance.unwrap_or(credited) })
    }
}

impl Redemption {
    /// Which card, and how much; `None` when no card has the code.
    async fn move_value(
        &self,
        caller: &Allowed<MayRedeem>,
        digest: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(GiftCardId, Money)>, RedeemGiftCardError> {
        let tx = self.transactor.begin().await?;
        let Some(mut found) = tx.gift_cards().lock_by_digest(digest).await? else { return Ok(None) };
        let value = found.card.redeem(caller.user_id, found.balance, now).map_err(RedeemGiftCardError::Refused)?;
        tx.gift_cards().update(&found.card).await?;
        let movement = GiftCardRedeemed { gift_card: found.card.id, user: caller.user_id, value };
        let posting = movement.posting().map_err(RepositoryError::unavailable)?;
        match tx.ledger().post(&posting, now).await {
            Ok(Applied::Now(())) => {}
            // The card was locked and said that it has this much: what the ledger now says is what holds.
            Ok(Applied::Already) | Err(PostError::TooLittle(_)) => {
                return Err(RedeemGiftCardError::Refused(UseRefusal::Redeemed));
            }
            Err(PostError::Repository(error)) => return Err(error.into()),
        }
        let nothing = Money::zero(value.currency());
        announce::gift_card(tx.as_ref(), EventKind::GiftCardRedeemed, &found.card, nothing, now).await?;
        tx.commit().await?;
        Ok(Some((found.card.id, value)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::gift_cards::ports::CardWithBalance;
    use crate::identity::ports::{MockAttemptCounts, Taken};
    use crate::ledger::ports::MockLedgerQueries;
    use crate::tests::{StandingSystem, allowed, client, eur, now, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use crate::webhooks::tests::announces;
    use domain::gift_cards::GiftCard;
    use domain::identity::Role;
    use domain::kernel::UserId;
    use domain::ledger::Posting;

    pub(in crate::gift_cards) const CODE: &str = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01";

    pub(in crate::gift_cards) fn card() -> GiftCard {
        GiftCard { code_digest: digest_of(&CODE.replace('-', "")), ..crate::tests::gift_card() }
    }

    /// Counts of a client who has tried nothing; a wrong code is answered with this, and without it none is expected.
    pub(in crate::gift_cards) fn guesses(wrong: Option<Taken>) -> CodeGuesses {
        let mut counts = MockAttemptCounts::new();
        counts.expect_look().returning(|_, _, _| Ok(Taken::Granted { used: 0 }));
        if let Some(taken) = wrong {
            counts.expect_take().times(1).returning(move |_, _, _| Ok(taken));
        }
        guesses_with(counts, &TransactorDouble::new([]))
    }

    pub(in crate::gift_cards) fn guesses_with(
        counts: MockAttemptCounts,
        transactor: &Arc<TransactorDouble>,
    ) -> CodeGuesses {
        CodeGuesses { counts: Arc::new(counts), transactor: transactor.clone() }
    }

    fn redemption(transactor: &Arc<TransactorDouble>, guesses: CodeGuesses) -> Redemption {
        let mut ledger = MockLedgerQueries::new();
        ledger.expect_balances().returning(|_| Ok(vec![eur(8_000)]));
        Redemption { transactor: transactor.clone(), ledger: Arc::new(ledger), guesses, clock: StandingSystem::new() }
    }

    fn holding(found: Option<CardWithBalance>) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.gift_cards.expect_lock_by_digest().times(1).return_once(move |_| Ok(found));
        tx
    }

    #[tokio::test]
    async fn what_is_left_becomes_the_callers_balance() {
        let mut tx = holding(Some(CardWithBalance { card: card(), balance: eur(3_000) }));
        let by_ada = |card: &GiftCard| card.redeemed_by == Some(UserId::new(uuid(1)));
        announces(&mut tx, &["gift_card.redeemed"]);
        tx.gift_cards.expect_update().withf(by_ada).times(1).returning(|_| Ok(()));
        let movement = GiftCardRedeemed { gift_card: card().id, user: UserId::new(uuid(1)), value: eur(3_000) };
        let expected = movement.posting().unwrap();
        let same = move |posting: &Posting, _: &_| *posting == expected;
        tx.ledger.expect_post().withf(same).times(1).returning(|_, _| Ok(Applied::Now(())));
        let transactor = TransactorDouble::new([tx]);
        let redeemed =
            redemption(&transactor, guesses(None)).redeem(&allowed(Role::Customer), CODE, &client()).await.unwrap();
        assert_eq!(redeemed, Redeemed { gift_card: card().id, credited: eur(3_000), store_balance: eur(8_000) });
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn a_card_that_refuses_is_left_as_it_is() {
        let mut disabled = card();
        disabled.disable(now());
        for (card, balance, refusal) in [(disabled, 3_000, UseRefusal::Disabled), (card(), 0, UseRefusal::Redeemed)] {
            let transactor = TransactorDouble::new([holding(Some(CardWithBalance { card, balance: eur(balance) }))]);
            let refused =
                redemption(&transactor, guesses(None)).redeem(&allowed(Role::Customer), CODE, &client()).await;
            assert!(matches!(refused, Err(RedeemGiftCardError::Refused(why)) if why == refusal));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn a_card_of_which_the_ledger_says_that_nothing_is_left_is_not_credited() {
        for answer in [Ok(Applied::Already), Err(())] {
            let mut tx = holding(Some(CardWithBalance { card: card(), balance: eur(3_000) }));
            tx.gift_cards.expect_update().returning(|_| Ok(()));
            let account = domain::ledger::Account::GiftCard(card().id);
            tx.ledger.expect_post().return_once(move |_, _| answer.map_err(|()| PostError::TooLittle(account)));
            let transactor = TransactorDouble::new([tx]);
            let refused =
                redemption(&transactor, guesses(None)).redeem(&allowed(Role::Customer), CODE, &client()).await;
            assert!(matches!(refused, Err(RedeemGiftCardError::Refused(UseRefusal::Redeemed))));
            assert_eq!(transactor.commits(), 0);
        }
    }

    #[tokio::test]
    async fn a_code_that_no_card_has_is_counted() {
        let transactor = TransactorDouble::new([holding(None)]);
        let wrong = guesses(Some(Taken::Granted { used: 1 }));
        let refused = redemption(&transactor, wrong).redeem(&allowed(Role::Customer), CODE, &client()).await;
        assert!(matches!(refused, Err(RedeemGiftCardError::NotFound)));
        let wrong = guesses(Some(Taken::Refused { until: now() }));
        let refused =
            redemption(&TransactorDouble::new([]), wrong).redeem(&allowed(Role::Customer), "no code", &client()).await;
        assert!(matches!(refused, Err(RedeemGiftCardError::TooManyAttempts { until }) if until == now()));
    }
}
