//! What only the gateway can tell: whether it has taken what we say, and nothing else of ours. We look first, then its books are
//! read, then we look again at what did not fit: money that moved in between is told from money that is missing, without a
//! clock, and the shop goes on meanwhile.

use super::Verdict;
use super::books::{BookPage, BooksUnreadable, GatewayBooks, Taken};
use super::ports::{Ledgers, Overdue, Snapshot, Standing, StoredPayment};
use crate::repository_error::RepositoryError;
use domain::kernel::{Currency, Money, PaymentId};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many payments are read at once.
const PAGE: u64 = 1_000;

/// What came of asking the gateway.
pub enum Answer {
    /// Nobody asked.
    NotAsked,
    /// Not all of its books could be read; this is the first row of what could that is wrong.
    Unreadable { why: String, broken: Option<String> },
    /// All of them were: the first row that is wrong, and what is said if none is.
    Read { said: String, broken: Option<String> },
}

impl Answer {
    /// Payments that are open although the time to pay is over. While the gateway answers, that is wrong.
    pub fn open_payments(&self, overdue: &Overdue) -> Verdict {
        let many = match overdue.count {
            0 => "no payment is open whose time is over".to_owned(),
            1 => "1 payment is open although its time is over".to_owned(),
            many => format!("{many} payments are open although their time is over"),
        };
        match (self, overdue.first) {
            (Self::Read { .. }, None) => Verdict::Holds,
            (Self::Read { .. }, Some(first)) => {
                Verdict::Broken(format!("payment {first}: {many}, and the gateway answers; does a server run?"))
            }
            (Self::NotAsked | Self::Unreadable { .. }, None) => Verdict::Untold(many),
            (Self::NotAsked | Self::Unreadable { .. }, Some(_)) => {
                Verdict::Untold(format!("{many}: is the gateway away?"))
            }
        }
    }

    /// Whether the gateway says the same.
    pub fn captured_payments(&self) -> Verdict {
        match self {
            Self::NotAsked => Verdict::NotAsked,
            Self::Read { broken: Some(row), .. } | Self::Unreadable { broken: Some(row), .. } => {
                Verdict::Broken(row.clone())
            }
            Self::Unreadable { why, broken: None } => Verdict::Unanswered(why.clone()),
            Self::Read { said, broken: None } => Verdict::HoldsInPart(said.clone()),
        }
    }
}

/// Our captured payments, as the books should have them.
#[derive(Default)]
pub struct Ours(BTreeMap<PaymentId, Own>);

struct Own {
    amount: i64,
    /// None if it is none: then no amount equals it.
    currency: Option<Currency>,
    refunded: i64,
    refunding: i64,
    /// Whether its page was one of this gateway's.
    kept: bool,
    seen: bool,
}

/// Which of what the gateway has taken does not fit yet, and what is wrong for certain.
#[derive(Default)]
struct Reading {
    seen: u64,
    suspects: Vec<Taken>,
    broken: Option<String>,
}

impl Ours {
    /// All of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(snapshot: &dyn Snapshot, books: &dyn GatewayBooks) -> Result<Self, RepositoryError> {
        let mut all = BTreeMap::new();
        let mut page = snapshot.captured_payments(None, PAGE).await?;
        while let Some(last) = page.last() {
            let after = last.id;
            all.extend(page.into_iter().map(|payment| (payment.id, Own::of(&payment, books))));
            page = snapshot.captured_payments(Some(after), PAGE).await?;
        }
        Ok(Self(all))
    }

    /// Reads the books, and holds both against each other.
    ///
    /// # Errors
    /// When the database fails; what the gateway does not tell is no error.
    pub async fn held_against(
        mut self,
        books: &dyn GatewayBooks,
        ledgers: &dyn Ledgers,
    ) -> Result<Answer, RepositoryError> {
        let mut reading = Reading::default();
        let read = self.read_all(books, &mut reading).await;
        let on_their_way = self.look_again(books, ledgers, &mut reading).await?;
        let (name, seen) = (books.name(), reading.seen);
        if let Err(error) = read {
            let why = format!("after {seen} of its payments {name} told no more: {}", causes(&error));
            return Ok(Answer::Unreadable { why, broken: reading.broken });
        }
        let unseen = self.0.iter().find(|(_, own)| own.kept && !own.seen);
        let missing =
            unseen.map(|(id, own)| format!("payment {id}: {name} has not taken its {}", own.amount_in_words()));
        let elsewhere = self.0.values().filter(|own| !own.kept && !own.seen).count();
        let mut said = format!("{seen} of {name}'s payments");
        if on_their_way > 0 {
            said.push_str(&format!(", of which we are about to hear: {on_their_way}"));
        }
        if elsewhere > 0 {
            said.push_str(&format!("; of other gateways, or of play money, and so not compared: {elsewhere}"));
        }
        Ok(Answer::Read { said, broken: reading.broken.or(missing) })
    }

    async fn read_all(&mut self, books: &dyn GatewayBooks, reading: &mut Reading) -> Result<(), BooksUnreadable> {
        let (mut from, mut begun) = (None, HashSet::new());
        loop {
            let BookPage { taken, next } = books.read(from).await?;
            for taken in taken {
                self.compare(taken, books.name(), reading);
            }
            let Some(next) = next else { return Ok(()) };
            if !begun.insert(next.clone()) {
                return Err(BooksUnreadable("its list leads back to where it was".into()));
            }
            from = Some(next);
        }
    }

    fn compare(&mut self, taken: Taken, gateway: &str, reading: &mut Reading) {
        reading.seen += 1;
        let Some(own) = self.0.get_mut(&taken.payment) else { return reading.suspects.push(taken) };
        if std::mem::replace(&mut own.seen, true) {
            let Taken { name, payment, amount, .. } = &taken;
            reading.note(|| format!("payment {payment}: {gateway} has taken {amount} once more as {name}"));
        } else if own.money(own.amount) != Some(taken.amount) {
            let says = own.amount_in_words();
            reading.note(|| taken.unlike(gateway, &says));
        } else if !own.may_have_refunded(taken.refunded.amount(), own.refunded) {
            reading.suspects.push(taken);
        }
    }

    /// What did not fit may do so by now. Answers of how many payments we are still to hear that they were paid.
    async fn look_again(
        &self,
        books: &dyn GatewayBooks,
        ledgers: &dyn Ledgers,
        reading: &mut Reading,
    ) -> Result<u64, RepositoryError> {
        let (suspects, name) = (std::mem::take(&mut reading.suspects), books.name());
        let mut on_their_way = 0;
        for some in suspects.chunks(usize::try_from(PAGE).unwrap_or(usize::MAX)) {
            let ids: Vec<PaymentId> = some.iter().map(|taken| taken.payment).collect();
            let [snapshot, ..] = ledgers.snapshots().await?;
            let now = snapshot.payments(&ids).await?;
            drop(snapshot);
            let now: HashMap<PaymentId, StoredPayment> = now.into_iter().map(|payment| (payment.id, payment)).collect();
            for taken in some {
                let before = self.0.get(&taken.payment);
                match now.get(&taken.payment) {
                    Some(payment) if payment.standing == Standing::Open => on_their_way += 1,
                    found => {
                        let found = found.map(|payment| (payment, Own::of(payment, books)));
                        if let Some(fault) = fault(taken, before, found.as_ref(), name) {
                            reading.note(|| fault);
                        }
                    }
                }
            }
        }
        Ok(on_their_way)
    }
}

/// What is wrong with what was taken, as the payment stands after the books were read.
fn fault(taken: &Taken, before: Option<&Own>, now: Option<&(&StoredPayment, Own)>, gateway: &str) -> Option<String> {
    let Taken { name, payment, amount, refunded } = taken;
    let Some((stored, own)) = now else {
        return Some(format!("payment {payment}: {gateway} has taken {amount} for it as {name}, and it is not there"));
    };
    if let Standing::Ended(how) = &stored.standing {
        return Some(format!("payment {payment}: {gateway} has taken {amount} for it as {name}, but it is {how}"));
    }
    if own.money(own.amount) != Some(*amount) {
        return Some(taken.unlike(gateway, &own.amount_in_words()));
    }
    let least = before.map_or(own.refunded, |before| before.refunded.min(own.refunded));
    if own.may_have_refunded(refunded.amount(), least) {
        return None;
    }
    let ours = Money::new(own.refunded, amount.currency());
    Some(format!("payment {payment}: {gateway} has given back {refunded} of it ({name}), but here that is {ours}"))
}

impl Reading {
    /// Notes what is wrong, if it is the first.
    fn note(&mut self, row: impl FnOnce() -> String) {
        self.broken.get_or_insert_with(row);
    }
}

impl Taken {
    fn unlike(&self, gateway: &str, ours: &str) -> String {
        let Self { name, payment, amount, .. } = self;
        format!("payment {payment}: {gateway} has taken {amount} ({name}), but here it is {ours}")
    }
}

impl Own {
    fn of(payment: &StoredPayment, books: &dyn GatewayBooks) -> Self {
        Self {
            amount: payment.amount,
            currency: Currency::parse(&payment.currency).ok(),
            refunded: payment.refunded,
            refunding: payment.refunding,
            kept: payment.session.as_deref().is_some_and(|session| books.keep(session)),
            seen: false,
        }
    }

    fn money(&self, amount: i64) -> Option<Money> {
        Some(Money::new(amount, self.currency?))
    }

    fn amount_in_words(&self) -> String {
        self.money(self.amount).map_or_else(|| format!("{} of no currency", self.amount), |amount| amount.to_string())
    }

    /// What is asked for may be given back already, or not yet.
    const fn may_have_refunded(&self, amount: i64, least: i64) -> bool {
        least <= amount && amount <= self.refunded.saturating_add(self.refunding)
    }
}

/// An error with what is behind it, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let behind = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string);
    std::iter::once(error.to_string()).chain(behind).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests;
