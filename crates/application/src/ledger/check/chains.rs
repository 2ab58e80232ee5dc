//! Walking through the chains, transaction by transaction.

use super::Broken;
use super::ports::{StoredLeg, StoredOrder, StoredTransaction};
use domain::ledger::{AccountKind, Digest, Link, LinkLeg, MovementKind};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Where the walk is.
#[derive(Debug, Default)]
pub struct ChainWalk {
    chain: Option<Chain>,
    transactions: u64,
    entries: u64,
}

/// What is known of the chain that is walked.
#[derive(Debug, Default)]
struct Chain {
    name: String,
    position: i64,
    digest: Option<Digest>,
    holds_ended: u32,
    redeemed: u32,
    /// What an order brought.
    order: Brought,
    /// What a customer paid in, by the payment.
    top_ups: BTreeMap<Option<Uuid>, Brought>,
}

/// What came in, and what of it went back.
#[derive(Debug, Default)]
struct Brought {
    /// What the card brought, and all that paid.
    captured: i128,
    paid: i128,
    /// What went back to the card, and in all.
    refunded: i128,
    given_back: i128,
    /// What banks took back.
    disputed: i128,
    /// What the gateway kept for disputes, and gave back of that.
    fees: i128,
    fees_returned: i128,
}

impl ChainWalk {
    /// The next transaction.
    pub fn step(&mut self, transaction: &StoredTransaction, orders: &HashMap<Uuid, StoredOrder>, broken: &mut Broken) {
        self.transactions += 1;
        self.entries += u64::try_from(transaction.legs.len()).unwrap_or_default();
        sums_to_zero(transaction, broken);
        if self.chain.as_ref().is_none_or(|chain| chain.name != transaction.chain) {
            self.chain = Some(Chain { name: transaction.chain.clone(), ..Chain::default() });
        }
        if let Some(chain) = self.chain.as_mut() {
            chain.link(transaction, broken);
            chain.once(transaction, orders, broken);
        }
        if transaction.kind == MovementKind::OrderPaid.name() {
            paid(transaction, orders, broken);
        }
    }

    /// After the last one; answers how many transactions and entries there were.
    pub const fn end(&self) -> (u64, u64) {
        (self.transactions, self.entries)
    }
}

/// Each currency of a transaction sums to zero; so the whole ledger does, too.
fn sums_to_zero(transaction: &StoredTransaction, broken: &mut Broken) {
    let legs = &transaction.legs;
    if legs.len() < 2 {
        broken.note(1, || format!("{}: it has {} entries", name(transaction), legs.len()));
    }
    let mut held = |currency: &str, sum: i128| {
        if sum != 0 {
            broken.note(1, || format!("{}: its entries are off by {sum} in {currency}", name(transaction)));
        }
    };
    // Nearly all have one currency: no map for them.
    if let Some(first) = legs.first().filter(|first| legs.iter().all(|leg| leg.currency == first.currency)) {
        return held(&first.currency, sum_of(legs.iter()));
    }
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for leg in legs {
        *sums.entry(&leg.currency).or_default() += i128::from(leg.amount);
    }
    for (currency, sum) in sums {
        held(currency, sum);
    }
}

impl Chain {
    /// Its place in the chain, and its digest.
    fn link(&mut self, transaction: &StoredTransaction, broken: &mut Broken) {
        self.position += 1;
        if transaction.position != self.position {
            let missing = self.position;
            broken.note(10, || format!("{}: transaction {missing} of its chain is not there", name(transaction)));
            self.position = transaction.position;
        }
        let link = Link {
            chain: &transaction.chain,
            position: transaction.position,
            id: transaction.id,
            kind: &transaction.kind,
            reference: &transaction.reference,
            order: transaction.order,
            payment: transaction.payment,
            gift_card: transaction.gift_card,
            created_at: transaction.created_at,
        };
        let at_once = transaction.legs.iter().all(|leg| leg.created_at == transaction.created_at);
        let legs = transaction.legs.iter().map(|leg| LinkLeg {
            account: &leg.account,
            owner: leg.owner,
            amount: leg.amount,
            currency: &leg.currency,
            shown_to: leg.shown_to,
        });
        let digest = Digest::of(self.digest.as_ref(), &link, legs);
        if digest.0.as_slice() != transaction.digest || !at_once {
            broken.note(10, || format!("{}: its digest is not that of its rows", name(transaction)));
        }
        // What follows is held against what is stored, so that one altered row is told once.
        self.digest = transaction.digest.as_slice().try_into().ok().map(Digest);
    }

    /// What happens once, and what is within what.
    fn once(&mut self, transaction: &StoredTransaction, orders: &HashMap<Uuid, StoredOrder>, broken: &mut Broken) {
        let Some(kind) = MovementKind::parse(&transaction.kind) else { return };
        let has = |kind: AccountKind| transaction.legs.iter().any(|leg| leg.account == kind.name());
        match kind {
            MovementKind::OrderHoldReleased => self.holds_ended += 1,
            MovementKind::OrderPaid => {
                self.order.captured -= of(transaction, AccountKind::Clearing);
                self.order.paid -= of(transaction, AccountKind::Clearing) + of(transaction, AccountKind::OrderHold);
                self.holds_ended += u32::from(has(AccountKind::OrderHold));
            }
            MovementKind::GiftCardRedeemed => self.redeemed += 1,
            MovementKind::TopUp => self.top_up(transaction).captured -= of(transaction, AccountKind::Clearing),
            MovementKind::Refund | MovementKind::RefundFailed if transaction.order.is_none() => {
                self.top_up(transaction).refunded += of(transaction, AccountKind::Clearing);
            }
            MovementKind::Dispute | MovementKind::DisputeWon if transaction.order.is_none() => {
                self.top_up(transaction).disputed += of(transaction, AccountKind::Clearing);
            }
            MovementKind::Refund => {
                self.knows_what_paid(transaction, orders);
                self.order.refunded += of(transaction, AccountKind::Clearing);
                self.order.given_back += [AccountKind::Clearing, AccountKind::GiftCard, AccountKind::StoreBalance]
                    .map(|kind| of(transaction, kind))
                    .iter()
                    .sum::<i128>();
            }
            MovementKind::RefundFailed => {
                self.order.refunded += of(transaction, AccountKind::Clearing);
                self.order.given_back += of(transaction, AccountKind::Clearing);
            }
            MovementKind::Dispute | MovementKind::DisputeWon => {
                self.knows_what_paid(transaction, orders);
                self.order.disputed += of(transaction, AccountKind::Clearing);
            }
            MovementKind::DisputeFee if transaction.order.is_none() => {
                self.top_up(transaction).fees -= of(transaction, AccountKind::GatewayFees);
            }
            MovementKind::DisputeFeeReturned if transaction.order.is_none() => {
                self.top_up(transaction).fees_returned += of(transaction, AccountKind::GatewayFees);
            }
            MovementKind::DisputeFee => self.order.fees -= of(transaction, AccountKind::GatewayFees),
            MovementKind::DisputeFeeReturned => {
                self.order.fees_returned += of(transaction, AccountKind::GatewayFees);
            }
            MovementKind::OrderHeld
            | MovementKind::GiftCardIssued
            | MovementKind::GiftCardSold
            | MovementKind::GiftCardVoided
            | MovementKind::GiftCardExpired
            | MovementKind::Payout
            | MovementKind::PayoutFailed => {}
        }
        if self.holds_ended > 1 {
            broken.note(3, || format!("{}: the hold had ended before", name(transaction)));
        }
        if self.redeemed > 1 {
            broken.note(4, || format!("{}: the card was redeemed before", name(transaction)));
        }
        self.order.is_within(transaction, broken);
        if let Some(top_up) = self.top_ups.get(&transaction.payment) {
            top_up.is_within(transaction, broken);
        }
    }

    /// The top-up that it is about.
    fn top_up(&mut self, transaction: &StoredTransaction) -> &mut Brought {
        self.top_ups.entry(transaction.payment).or_default()
    }

    /// Of an order that was paid before there was a ledger, its payment is all that tells what it brought.
    fn knows_what_paid(&mut self, transaction: &StoredTransaction, orders: &HashMap<Uuid, StoredOrder>) {
        let order = transaction.order.and_then(|order| orders.get(&order)).filter(|order| order.before_ledger);
        if let (0, Some(order)) = (self.order.paid, order) {
            let captured = order.captured.map_or(0, |(_, amount)| i128::from(amount));
            (self.order.captured, self.order.paid) = (captured, captured);
        }
    }
}

impl Brought {
    /// No more went back than came in.
    fn is_within(&self, transaction: &StoredTransaction, broken: &mut Broken) {
        let most = [
            ("refunded", self.refunded, self.captured),
            ("given back", self.given_back, self.paid),
            ("disputed", self.disputed, self.captured),
            ("returned of its fees", self.fees_returned, self.fees),
        ];
        for (what, much, of) in most {
            if much > of {
                broken.note(7, || format!("{}: {much} is {what} of {of}", name(transaction)));
            }
        }
    }
}

/// A paid order's transaction, held against the order and its payment.
fn paid(transaction: &StoredTransaction, orders: &HashMap<Uuid, StoredOrder>, broken: &mut Broken) {
    let Some(order) = transaction.order.and_then(|order| orders.get(&order)) else {
        broken.note(5, || format!("{}: its order is not there", name(transaction)));
        return;
    };
    if !order.is_paid {
        broken.note(5, || format!("{}: its order is not paid", name(transaction)));
    }
    let (card, hold) = (-of(transaction, AccountKind::Clearing), -of(transaction, AccountKind::OrderHold));
    let captured = order.captured.map_or(0, |(_, amount)| i128::from(amount));
    if captured != card || (card != 0 && order.captured.map(|(payment, _)| payment) != transaction.payment) {
        broken.note(5, || format!("{}: the card brought {card}, but {captured} was captured", name(transaction)));
    }
    if hold != i128::from(order.tenders) {
        let tenders = order.tenders;
        broken.note(6, || format!("{}: the hold brought {hold}, but the order took {tenders}", name(transaction)));
    }
    let same_currency = transaction.legs.iter().all(|leg| leg.currency == order.currency);
    if card + hold != i128::from(order.total) || !same_currency {
        let (paid, total) = (card + hold, order.total);
        broken.note(6, || format!("{}: {paid} was paid of {total} {}", name(transaction), order.currency));
    }
}

/// What the accounts of a kind get.
fn of(transaction: &StoredTransaction, kind: AccountKind) -> i128 {
    sum_of(transaction.legs.iter().filter(|leg| leg.account == kind.name()))
}

fn sum_of<'a>(legs: impl Iterator<Item = &'a StoredLeg>) -> i128 {
    legs.map(|leg| i128::from(leg.amount)).sum()
}

fn name(transaction: &StoredTransaction) -> String {
    format!("transaction {} ({})", transaction.id, transaction.reference)
}
