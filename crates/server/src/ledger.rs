//! `carat ledger check`: asserts on a live database that the money adds up, and says what it found.

#![expect(clippy::print_stdout, reason = "a command line talks to its user")]

use crate::config::Settings;
use crate::{payments, shop};
use application::ledger::check::{LedgerCheck, Line, Report, Verdict};
use infrastructure::system::SystemClock;
use std::sync::Arc;

/// Checks the ledger. Nothing is changed, and nobody has to wait.
///
/// # Errors
/// When something is broken, the database can't be read, or the gateway was asked and did not tell all.
pub async fn check(settings: &Settings, ask_gateway: bool) -> Result<(), Box<dyn std::error::Error>> {
    let database = shop::connect(settings).await?;
    if !migration::pending(&settings.database.url).await?.is_empty() {
        return Err("the database is not up to date: run `carat migrate` first".into());
    }
    let books = payments::books(settings, &database, ask_gateway)?;
    let check = LedgerCheck { ledgers: Arc::new(database.clone()), books, clock: Arc::new(SystemClock) };
    let report = check.check().await?;
    database.close().await?;
    for line in &report.lines {
        println!("{}", in_words(line));
    }
    println!("{}", summary(&report));
    match (report.is_sound(), report.is_whole()) {
        (true, true) => Ok(()),
        (true, false) => Err("the gateway did not tell all: whether it has taken what we say is not known".into()),
        (false, _) => Err("the ledger is not sound".into()),
    }
}

fn in_words(line: &Line) -> String {
    let Line { number, invariant, verdict } = line;
    match verdict {
        Verdict::Holds => format!("{number:>2} holds   {invariant}"),
        Verdict::HoldsInPart(part) => format!("{number:>2} holds   {invariant} ({part})"),
        Verdict::Untold(reason) => format!("{number:>2} untold  {invariant}: {reason}"),
        Verdict::NotAsked => {
            format!("{number:>2} untold  {invariant}: it was not asked; `carat ledger check --gateway` asks it")
        }
        Verdict::Unanswered(reason) => format!("{number:>2} FAILED  {invariant}: {reason}"),
        Verdict::Broken(row) => format!("{number:>2} BROKEN  {invariant}: {row}"),
    }
}

fn summary(report: &Report) -> String {
    let before = match report.before_ledger {
        0 => String::new(),
        1 => " 1 order was paid before there was a ledger, and has none.".to_owned(),
        many => format!(" {many} orders were paid before there was a ledger, and have none."),
    };
    format!("{} transactions with {} entries.{before}", report.transactions, report.entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_has_its_word() {
        let line = |verdict| in_words(&Line { number: 5, invariant: "it adds up", verdict });
        assert_eq!(line(Verdict::Holds), " 5 holds   it adds up");
        assert_eq!(line(Verdict::HoldsInPart("so far".to_owned())), " 5 holds   it adds up (so far)");
        assert_eq!(line(Verdict::Untold("who knows".to_owned())), " 5 untold  it adds up: who knows");
        assert_eq!(line(Verdict::Broken("row 7".to_owned())), " 5 BROKEN  it adds up: row 7");
        assert_eq!(line(Verdict::Unanswered("it is away".to_owned())), " 5 FAILED  it adds up: it is away");
        assert!(line(Verdict::NotAsked).ends_with("it was not asked; `carat ledger check --gateway` asks it"));
    }

    #[test]
    fn orders_from_before_the_ledger_are_counted() {
        let report = |before_ledger| Report { transactions: 2, entries: 5, before_ledger, lines: vec![] };
        assert_eq!(summary(&report(0)), "2 transactions with 5 entries.");
        assert!(summary(&report(1)).ends_with("1 order was paid before there was a ledger, and has none."));
    }
}
