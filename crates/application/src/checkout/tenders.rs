//! The steps by which an order takes gift cards and balance, and gives them back if it ends unpaid. What it takes stands in
//! its hold until then, so that nobody spends it twice; it is the order's own rule how much is taken of which.

use super::bookkeeping;
use super::settlement::SettlementError;
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::digest_of;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::gift_cards::{GiftCardCode, UseRefusal};
use domain::kernel::{Currency, GiftCardId, UserId};
use domain::ledger::Account;
use domain::ledger::movements::{OrderHeld, OrderHoldReleased};
use domain::orders::{Order, Tender, TenderSource};
use std::collections::{HashMap, HashSet};
use std::fmt;

/// A gift card's code as somebody typed it. Its `Debug` is silent.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode(pub String);

/// With what a customer pays besides the card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Means {
    /// The codes of gift cards, in the order in which these are to be used.
    pub gift_card_codes: Vec<TypedCode>,
    /// Whether their balance is to be used after the cards.
    pub use_balance: bool,
}

/// One of the codes can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRefusal {
    /// Its place among the codes, 0 for the first.
    pub place: usize,
    /// Its last characters, if it could be a code at all.
    pub last4: Option<String>,
    /// Why.
    pub why: CodeFault,
}

/// Why a code can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeFault {
    /// No card has it.
    NotFound,
    /// It stands there twice.
    Twice,
    /// The card is of another currency than the order.
    OtherCurrency,
    /// The card refuses.
    Refused(UseRefusal),
}

/// Why nothing is offered.
#[derive(Debug)]
pub enum NoOffer {
    /// One of the codes can't be used.
    Code(CodeRefusal),
    /// The database failed.
    Repository(RepositoryError),
}

impl From<RepositoryError> for NoOffer {
    fn from(error: RepositoryError) -> Self {
        Self::Repository(error)
    }
}

/// All that the cards and the balance could give, in the order in which it is to be taken. They are locked, so what is
/// offered is there until the end.
pub async fn offers(
    tx: &dyn UnitOfWork,
    means: &Means,
    customer: Option<UserId>,
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<Vec<Tender>, NoOffer> {
    let mut offers = of_cards(tx, &means.gift_card_codes, currency, now).await?;
    if let Some(customer) = customer.filter(|_| means.use_balance) {
        let amount = tx.ledger().lock_balance(Account::StoreBalance(customer), currency).await?;
        offers.push(Tender { source: TenderSource::Balance(customer), amount });
    }
    Ok(offers)
}

async fn of_cards(
    tx: &dyn UnitOfWork,
    codes: &[TypedCode],
    currency: Currency,
    now: DateTime<Utc>,
) -> Result<Vec<Tender>, NoOffer> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<_> = codes.iter().map(read).collect();
    let digests: Vec<String> = codes.iter().flatten().map(|(digest, _)| digest.clone()).collect();
    let found = tx.gift_cards().lock_all_by_digest(&digests).await?;
    let mut cards: HashMap<String, _> = found.into_iter().map(|card| (card.card.code_digest.clone(), card)).collect();
    let mut seen = HashSet::new();
    let mut offers = Vec::new();
    for (place, code) in codes.into_iter().enumerate() {
        let (digest, last4) = code.unzip();
        let refused = |why| NoOffer::Code(CodeRefusal { place, last4: last4.clone(), why });
        let digest = digest.ok_or_else(|| refused(CodeFault::NotFound))?;
        if !seen.insert(digest.clone()) {
            return Err(refused(CodeFault::Twice));
        }
        let found = cards.remove(&digest).ok_or_else(|| refused(CodeFault::NotFound))?;
        let amount = found.card.usable(found.balance, now).map_err(|why| refused(CodeFault::Refused(why)))?;
        if amount.currency() != currency {
            return Err(refused(CodeFault::OtherCurrency));
        }
        let source = TenderSource::GiftCard { id: found.card.id, last4: found.card.last4 };
        offers.push(Tender { source, amount });
    }
    Ok(offers)
}

/// The digest under which a card is found, and the last characters, of what can be a code.
fn read(typed: &TypedCode) -> Option<(String, String)> {
    GiftCardCode::parse(&typed.0).map(|code| (digest_of(code.expose()), code.last4()))
}

/// Puts what the order has taken into its hold: all but the first so many, which are there.
///
/// # Errors
/// When there is less than was offered, or the database fails; the caller rolls back.
pub async fn hold(
    tx: &dyn UnitOfWork,
    order: &Order,
    before: usize,
    now: DateTime<Utc>,
) -> Result<(), SettlementError> {
    let taken = order.tenders.get(before..).unwrap_or_default();
    if !taken.is_empty() {
        let movement = OrderHeld { order: order.id, before, held: bookkeeping::held(taken)? };
        tx.ledger().post(&movement.posting()?, now).await?;
    }
    Ok(())
}

/// Gives back what the order holds, to where it came from; what is left of a card that was redeemed meanwhile goes to who has
/// the rest of it. A card that has expired is looked at again, and one that is disabled stays so.
///
/// # Errors
/// When the hold has less than that, or the database fails; the caller rolls back.
pub async fn give_back(tx: &dyn UnitOfWork, order: &Order, now: DateTime<Utc>) -> Result<(), SettlementError> {
    if order.tenders.is_empty() {
        return Ok(());
    }
    let mut held = bookkeeping::held(&order.tenders)?;
    let ids: Vec<GiftCardId> = held.gift_cards.iter().map(|(card, _)| *card).collect();
    let mut redeemed = Vec::new();
    let cards = if ids.is_empty() { Vec::new() } else { tx.gift_cards().lock_all(&ids).await? };
    for card in cards.into_iter().map(|found| found.card) {
        if let Some(user) = card.redeemed_by {
            let taken = held.gift_cards.extract_if(.., |(id, _)| *id == card.id);
            redeemed.extend(taken.map(|(_, amount)| (user, amount)));
        } else if card.expires_at.is_some_and(|end| end <= now) {
            tx.jobs().push(Job::ExpireGiftCard { gift_card_id: card.id.uuid() }, now).await?;
        }
    }
    let movement = OrderHoldReleased { order: order.id, held, redeemed };
    tx.ledger().post(&movement.posting()?, now).await?;
    Ok(())
}

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(…)")
    }
}
