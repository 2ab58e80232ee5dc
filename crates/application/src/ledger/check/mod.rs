//! Proving that the money adds up: the shop's invariants, asserted over everything that is stored, as it stood at one
//! moment, a page at a time. Each that is broken names the first row that breaks it. What a database can't tell the gateway is
//! asked, if anybody wants that; and what nobody tells is said, and not passed over.

mod accounts;
pub mod books;
mod chains;
mod gateway;
pub mod ports;
#[cfg(test)]
mod tests;

use crate::repository_error::RepositoryError;
use crate::system::Clock;
use accounts::AccountWalk;
use books::GatewayBooks;
use chains::ChainWalk;
use futures_util::future::{try_join, try_join3};
use gateway::{Answer, Ours};
use ports::{ChainPlace, Ledgers, Overdue, Rule, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many rows are read at once.
const PAGE: u64 = 2_000;

/// The invariants, by their numbers.
const INVARIANTS: [&str; 14] = [
    "every transaction, and the whole ledger, sums to zero in each currency",
    "no store balance, gift card, hold or stock is below zero",
    "a hold is spent or released at most once",
    "a gift card is redeemed at most once",
    "every captured payment has one paid order or top-up and its transaction, and the reverse",
    "an order's total is what its card, gift cards and balance paid",
    "no more is refunded than was captured",
    "an event of a gateway is taken at most once",
    "a caller's idempotency key is executed at most once",
    "the chains of digests verify",
    "no payment stays open while the gateway can be reached",
    "our captured payments are the gateway's",
    "an order is confirmed by one mail",
    "every running balance is the sum of its entries",
];

/// What was found of one invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It holds as far as is said.
    HoldsInPart(String),
    /// It does not: this is the first row that breaks it.
    Broken(String),
    /// The database can't tell, for this reason.
    Untold(String),
    /// The gateway could tell, and nobody asked it.
    NotAsked,
    /// The gateway was asked, and did not tell all, for this reason.
    Unanswered(String),
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The invariant's number.
    pub number: usize,
    /// What should hold.
    pub invariant: &'static str,
    /// Whether it does.
    pub verdict: Verdict,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many transactions were read.
    pub transactions: u64,
    /// How many entries they have.
    pub entries: u64,
    /// How many orders were paid before there was a ledger: they have no transaction.
    pub before_ledger: u64,
    /// One line for each invariant.
    pub lines: Vec<Line>,
}

impl Report {
    /// Whether nothing is broken.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.lines.iter().all(|line| !matches!(line.verdict, Verdict::Broken(_)))
    }

    /// Whether everybody who was asked has answered.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| !matches!(line.verdict, Verdict::Unanswered(_)))
    }
}

/// The first row that breaks each invariant.
#[derive(Debug, Default)]
struct Broken(BTreeMap<usize, String>);

impl Broken {
    /// Notes a row, if it is the first.
    fn note(&mut self, number: usize, row: impl FnOnce() -> String) {
        self.0.entry(number).or_insert_with(row);
    }

    /// Notes what was found elsewhere, after what is known.
    fn add(&mut self, others: Self) {
        for (number, row) in others.0 {
            self.note(number, || row);
        }
    }
}

/// Checks the ledger.
pub struct LedgerCheck {
    /// Reads what is stored.
    pub ledgers: Arc<dyn Ledgers>,
    /// What the gateway has taken, if it is to be asked.
    pub books: Option<Arc<dyn GatewayBooks>>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl LedgerCheck {
    /// Reads everything, and tells what holds and what doesn't.
    ///
    /// # Errors
    /// When the database fails; what is broken is no error, nor is a gateway that does not answer.
    pub async fn check(&self) -> Result<Report, RepositoryError> {
        let [snapshot, second, third] = self.ledgers.snapshots().await?;
        let chains = chains_of(snapshot.as_ref(), second.as_ref());
        let walked = try_join3(chains, accounts_of(second.as_ref()), rules_of(third.as_ref())).await?;
        let ((transactions, entries, mut broken), of_accounts, of_rules) = walked;
        broken.add(of_accounts);
        broken.add(of_rules);
        let overdue = snapshot.overdue_payments(self.clock.now()).await?;
        let before_ledger = snapshot.paid_before_ledger().await?;
        drop((second, third));
        let answer = self.ask_gateway(snapshot).await?;
        let line = |(index, invariant): (usize, &&'static str)| {
            let number = index + 1;
            let found = broken.0.remove(&number).map(Verdict::Broken);
            Line { number, invariant, verdict: found.unwrap_or_else(|| otherwise(number, &overdue, &answer)) }
        };
        let lines = INVARIANTS.iter().enumerate().map(line).collect();
        Ok(Report { transactions, entries, before_ledger, lines })
    }

    /// Last of all, and after the snapshots have ended: a gateway takes its time.
    async fn ask_gateway(&self, snapshot: Box<dyn Snapshot>) -> Result<Answer, RepositoryError> {
        let Some(books) = self.books.as_deref() else { return Ok(Answer::NotAsked) };
        let ours = Ours::of(snapshot.as_ref(), books).await?;
        drop(snapshot);
        ours.held_against(books, self.ledgers.as_ref()).await
    }
}

/// What is said of an invariant of which no row breaks it.
fn otherwise(number: usize, overdue: &Overdue, answer: &Answer) -> Verdict {
    let text = match number {
        7 => "what a gateway authorised is not stored yet",
        13 => "confirmations that wait; one that was sent leaves no row",
        11 => return answer.open_payments(overdue),
        12 => return answer.captured_payments(),
        _ => return Verdict::Holds,
    };
    Verdict::HoldsInPart(text.to_owned())
}

/// One view reads the transactions, the other one their orders.
async fn chains_of(transactions: &dyn Snapshot, orders: &dyn Snapshot) -> Result<(u64, u64, Broken), RepositoryError> {
    let (mut walk, mut broken) = (ChainWalk::default(), Broken::default());
    let mut page = transactions.transactions(None, PAGE).await?;
    while let Some(last) = page.last() {
        let after = ChainPlace { chain: last.chain.clone(), position: last.position };
        // While the database makes the next page ready, this one is walked through.
        let walked = async {
            let orders = orders.orders_of(&page).await?;
            for transaction in &page {
                walk.step(transaction, &orders, &mut broken);
            }
            Ok(())
        };
        page = try_join(transactions.transactions(Some(after), PAGE), walked).await?.0;
    }
    let (transactions, entries) = walk.end();
    Ok((transactions, entries, broken))
}

async fn accounts_of(snapshot: &dyn Snapshot) -> Result<Broken, RepositoryError> {
    let (mut walk, mut broken) = (AccountWalk::default(), Broken::default());
    let mut after = None;
    loop {
        let page = snapshot.account_entries(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.place());
        for entry in page {
            walk.step(entry, &mut broken);
        }
    }
    walk.end(&mut broken);
    Ok(broken)
}

async fn rules_of(snapshot: &dyn Snapshot) -> Result<Broken, RepositoryError> {
    let mut broken = Broken::default();
    for rule in Rule::ALL {
        if let Some(row) = snapshot.first_that_breaks(*rule).await? {
            broken.note(rule.invariant(), || row);
        }
    }
    Ok(broken)
}
