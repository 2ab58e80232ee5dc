//! The chain of digests: each transaction's digest covers all that it says and the digest before it in its chain, so that a
//! row changed by hand is found. What is digested is what is stored, as text, so that a check needs to understand nothing of
//! a row to know that it was changed. What this finds, and what not, is in `docs/adr/0006-the-ledger.md`.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use std::fmt;
use uuid::Uuid;

/// SHA-256 of a transaction and of the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

/// A transaction as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// Its chain.
    pub chain: &'a str,
    /// Its place in the chain, 1 for the first.
    pub position: i64,
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub kind: &'a str,
    /// Its name, unique for ever.
    pub reference: &'a str,
    /// The order that it is about.
    pub order: Option<Uuid>,
    /// The payment that it is about.
    pub payment: Option<Uuid>,
    /// The gift card that it is about.
    pub gift_card: Option<Uuid>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A leg as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkLeg<'a> {
    /// What sort of account.
    pub account: &'a str,
    /// Whose.
    pub owner: Option<Uuid>,
    /// What it gets.
    pub amount: i64,
    /// In which currency.
    pub currency: &'a str,
    /// Who sees it.
    pub shown_to: Option<Uuid>,
}

impl Digest {
    /// The digest of a transaction after the one before it in its chain.
    #[must_use]
    pub fn of<'a>(before: Option<&Self>, link: &Link<'_>, legs: impl IntoIterator<Item = LinkLeg<'a>>) -> Self {
        let mut form = Form(Sha256::new());
        form.part(b"carat-ledger-1");
        form.part(before.map_or(&[][..], |digest| &digest.0));
        form.part(link.chain.as_bytes());
        form.part(&link.position.to_be_bytes());
        form.id(Some(link.id));
        form.part(link.kind.as_bytes());
        form.part(link.reference.as_bytes());
        form.id(link.order);
        form.id(link.payment);
        form.id(link.gift_card);
        form.part(&link.created_at.timestamp_micros().to_be_bytes());
        for leg in legs {
            form.part(leg.account.as_bytes());
            form.id(leg.owner);
            form.part(&leg.amount.to_be_bytes());
            form.part(leg.currency.as_bytes());
            form.id(leg.shown_to);
        }
        Self(form.0.finalize().into())
    }
}

/// The canonical form: each part with its length before it, so that no two transactions have the same.
struct Form(Sha256);

impl Form {
    fn part(&mut self, bytes: &[u8]) {
        self.0.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
    }

    /// Nothing where there is none.
    fn id(&mut self, id: Option<Uuid>) {
        self.part(id.as_ref().map_or(&[][..], |id| id.as_bytes()));
    }
}

/// Its first bytes, as people compare them.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        Link {
            chain: "order:1",
            position: 1,
            id: Uuid::from_u128(1),
            kind: "order_paid",
            reference: "order:1:captured",
            order: Some(Uuid::from_u128(2)),
            payment: None,
            gift_card: None,
            created_at: DateTime::from_timestamp_micros(1_770_000_000_123_457).unwrap(),
        }
    }

    fn leg(amount: i64) -> LinkLeg<'static> {
        LinkLeg { account: "clearing", owner: None, amount, currency: "EUR", shown_to: None }
    }

    fn digest(link: &Link<'_>, legs: &[LinkLeg<'static>]) -> Digest {
        Digest::of(None, link, legs.iter().cloned())
    }

    #[test]
    fn the_form_never_changes() {
        // Another digest here means that every ledger there is would be found altered.
        let digest =
            digest(&link(), &[leg(-5), LinkLeg { account: "seller", owner: Some(Uuid::from_u128(3)), ..leg(5) }]);
        assert_eq!(format!("{digest:?}"), "c7cb4c2fbd4c2625");
    }

    #[test]
    fn whatever_is_changed_changes_the_digest() {
        let legs = [leg(-5), leg(5)];
        let (whole, id) = (digest(&link(), &legs), Some(Uuid::from_u128(9)));
        let changed = [
            Link { chain: "order:2", ..link() },
            Link { position: 2, ..link() },
            Link { id: Uuid::from_u128(9), ..link() },
            Link { kind: "refund", ..link() },
            Link { reference: "order:1:refunded", ..link() },
            Link { order: None, payment: link().order, ..link() },
            Link { gift_card: id, ..link() },
            Link { created_at: link().created_at + chrono::TimeDelta::microseconds(1), ..link() },
        ];
        assert!(changed.iter().all(|link| digest(link, &legs) != whole));
        let others: [&[LinkLeg<'_>]; 7] = [
            &[leg(-5)],
            &[leg(5), leg(-5)],
            &[leg(-5), leg(5), leg(0)],
            &[leg(-6), leg(6)],
            &[leg(-5), LinkLeg { currency: "USD", ..leg(5) }],
            &[leg(-5), LinkLeg { owner: id, ..leg(5) }],
            &[leg(-5), LinkLeg { shown_to: id, ..leg(5) }],
        ];
        assert!(others.iter().all(|legs| digest(&link(), legs) != whole));
        assert_ne!(Digest::of(Some(&whole), &link(), legs), whole, "and so does what stood before");
    }
}
