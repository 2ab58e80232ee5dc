//! What a check says of rows that are sound, and of rows that were altered in every way.

use super::ports::{MockLedgers, MockSnapshot, Overdue, Rule, StoredEntry, StoredLeg, StoredOrder, StoredTransaction};
use super::{LedgerCheck, Report, Verdict};
use crate::tests::{StandingSystem, now, uuid};
use domain::kernel::PaymentId;
use domain::ledger::{Digest, Link, LinkLeg};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

fn leg(account: &str, owner: Option<u64>, amount: i64) -> StoredLeg {
    let owner = owner.map(uuid);
    StoredLeg { account: account.into(), owner, amount, currency: "EUR".into(), shown_to: None, created_at: now() }
}

/// Transactions of one chain, each with the digest that it should have.
fn chain(subject: &str, about: Option<u64>, movements: &[(&str, Vec<StoredLeg>)]) -> Vec<StoredTransaction> {
    let mut chain: Vec<StoredTransaction> = Vec::new();
    for (kind, legs) in movements {
        let position = i64::try_from(chain.len()).unwrap() + 1;
        chain.push(StoredTransaction {
            id: uuid(u64::try_from(position).unwrap()),
            chain: subject.into(),
            position,
            kind: (*kind).into(),
            reference: format!("{subject}:{kind}:{position}"),
            order: about.map(uuid),
            payment: about.map(|_| uuid(40)),
            gift_card: None,
            created_at: now(),
            digest: vec![],
            legs: legs.clone(),
        });
    }
    seal(&mut chain);
    chain
}

fn seal(chain: &mut [StoredTransaction]) {
    let mut before = None;
    for transaction in chain {
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
        let legs = transaction.legs.iter().map(|leg| LinkLeg {
            account: &leg.account,
            owner: leg.owner,
            amount: leg.amount,
            currency: &leg.currency,
            shown_to: leg.shown_to,
        });
        let digest = Digest::of(before.as_ref(), &link, legs);
        transaction.digest = digest.0.to_vec();
        before = Some(digest);
    }
}

/// Held 30, paid with 70 by card, 20 of them refunded.
fn order() -> Vec<StoredTransaction> {
    let hold = |amount| leg("order_hold", Some(30), amount);
    let seller = |amount| leg("seller", Some(7), amount);
    let movements = [
        ("order_held", vec![hold(30), leg("store_balance", Some(1), -30)]),
        ("order_paid", vec![hold(-30), seller(100), leg("clearing", None, -70)]),
        ("refund", vec![seller(-20), leg("clearing", None, 20)]),
    ];
    chain("order:30", Some(30), &movements)
}

fn entry(position: i64, amount: i64, after: i64, running: (i64, i64)) -> StoredEntry {
    StoredEntry {
        owner: uuid(1),
        account: "store_balance".into(),
        currency: "EUR".into(),
        account_position: position,
        amount,
        balance_after: Some(after),
        running: Some(running),
    }
}

/// A balance of 50, of which 30 were spent.
fn balance() -> Vec<StoredEntry> {
    vec![entry(1, 50, 50, (20, 2)), entry(2, -30, 20, (20, 2))]
}

fn paid() -> StoredOrder {
    StoredOrder {
        total: 100,
        currency: "EUR".into(),
        tenders: 30,
        is_paid: true,
        before_ledger: false,
        captured: Some((uuid(40), 70)),
    }
}

/// Checks these rows; `broken` is the rule of which the database knows a row.
async fn check(
    transactions: Vec<StoredTransaction>,
    entries: Vec<StoredEntry>,
    order: StoredOrder,
    broken: Option<Rule>,
) -> Report {
    let [mut chains, mut accounts, mut rules] = [(); 3].map(|()| MockSnapshot::new());
    chains
        .expect_transactions()
        .returning(move |after, _| Ok(if after.is_none() { transactions.clone() } else { vec![] }));
    accounts.expect_orders_of().returning(move |_| Ok(HashMap::from([(uuid(30), order.clone())])));
    chains.expect_overdue_payments().returning(|_| Ok(Overdue { count: 2, first: Some(PaymentId::new(uuid(41))) }));
    chains.expect_paid_before_ledger().returning(|| Ok(7));
    accounts
        .expect_account_entries()
        .returning(move |after, _| Ok(if after.is_none() { entries.clone() } else { vec![] }));
    rules.expect_first_that_breaks().returning(move |rule| Ok((Some(rule) == broken).then(|| "a row".to_owned())));
    let mut ledgers = MockLedgers::new();
    ledgers.expect_snapshots().return_once(|| Ok([chains, accounts, rules].map(|view| Box::new(view) as _)));
    LedgerCheck { ledgers: Arc::new(ledgers), books: None, clock: StandingSystem::new() }.check().await.unwrap()
}

/// The numbers of the invariants that are broken, with what is said of them.
fn found(report: &Report) -> Vec<(usize, String)> {
    let broken = |line: &super::Line| match &line.verdict {
        Verdict::Broken(row) => Some((line.number, row.clone())),
        _ => None,
    };
    report.lines.iter().filter_map(broken).collect()
}

async fn altered(alter: impl Fn(&mut Vec<StoredTransaction>)) -> Vec<usize> {
    let mut transactions = order();
    alter(&mut transactions);
    let report = check(transactions, balance(), paid(), None).await;
    assert_eq!(report.is_sound(), found(&report).is_empty());
    found(&report).into_iter().map(|(number, _)| number).collect()
}

#[tokio::test]
async fn what_adds_up_is_sound_and_what_cannot_be_told_is_said() {
    let report = check(order(), balance(), paid(), None).await;
    assert_eq!(found(&report), []);
    assert!(report.is_sound());
    assert_eq!((report.transactions, report.entries, report.before_ledger, report.lines.len()), (3, 7, 7, 14));
    let untold: Vec<_> =
        report.lines.iter().filter(|line| matches!(line.verdict, Verdict::Untold(_))).map(|line| line.number).collect();
    assert_eq!(untold, [11]);
    assert_eq!(report.lines[11].verdict, Verdict::NotAsked);
    let in_part = report.lines.iter().filter(|line| matches!(line.verdict, Verdict::HoldsInPart(_)));
    assert_eq!(in_part.map(|line| line.number).collect::<Vec<_>>(), [7, 13]);
    assert!(matches!(&report.lines[10].verdict, Verdict::Untold(text) if text.starts_with("2 payments")));
}

#[tokio::test]
async fn an_altered_row_is_found_and_named() {
    let mut transactions = order();
    transactions[1].legs[1].amount = 99;
    let report = check(transactions, balance(), paid(), None).await;
    let told = found(&report);
    assert_eq!(told.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 10]);
    assert!(told.iter().all(|(_, row)| row.contains(&uuid(2).to_string())), "{told:?}");

    type Alteration = fn(&mut Vec<StoredTransaction>);
    let alterations: [(Alteration, &[usize]); 9] = [
        (|t| t[1].kind = "payout".into(), &[7, 10]),
        (|t| t[1].created_at = now() + chrono::TimeDelta::seconds(1), &[10]),
        (|t| t[1].legs[0].created_at = now() + chrono::TimeDelta::seconds(1), &[10]),
        (|t| t[1].reference = "order:31:captured".into(), &[10]),
        (|t| t[1].legs[1].owner = Some(uuid(8)), &[10]),
        (|t| t[1].legs[1].shown_to = Some(uuid(8)), &[10]),
        (|t| drop(t[2].legs.pop()), &[1, 10]),
        (|t| drop(t.remove(0)), &[10]),
        (|t| t[0].digest[3] ^= 1, &[10]),
    ];
    for (number, (alter, expected)) in alterations.into_iter().enumerate() {
        assert_eq!(altered(alter).await, expected, "alteration {number}");
    }
}

#[tokio::test]
async fn a_forger_who_computes_digests_is_found_by_what_does_not_add_up() {
    let forged = |alter: fn(&mut Vec<StoredTransaction>)| {
        altered(move |transactions| {
            alter(transactions);
            seal(transactions);
        })
    };
    assert_eq!(forged(|t| t[2].legs[1].amount = 21).await, [1]);
    assert_eq!(
        forged(|t| {
            t[2].legs[0].amount = -71;
            t[2].legs[1].amount = 71;
        })
        .await,
        [7]
    );
    assert_eq!(
        forged(|t| {
            t[1].legs[1].amount = 101;
            t[1].legs[2].amount = -71;
        })
        .await,
        [5, 6]
    );
    let again = |t: &mut Vec<StoredTransaction>| {
        let mut twin = t[1].clone();
        twin.position = 4;
        t.push(twin);
    };
    assert_eq!(forged(again).await, [3]);
}

/// What is found of the order's transactions when these come after them.
async fn after_that(more: &[(&str, Vec<StoredLeg>)]) -> Vec<usize> {
    let before = order().into_iter().take(2).map(|one| (one.kind, one.legs)).collect::<Vec<_>>();
    let before = before.iter().map(|(kind, legs)| (kind.as_str(), legs.clone()));
    let movements: Vec<_> = before.chain(more.iter().cloned()).collect();
    let report = check(chain("order:30", Some(30), &movements), balance(), paid(), None).await;
    found(&report).into_iter().map(|(number, _)| number).collect()
}

#[tokio::test]
async fn no_more_goes_back_than_came_whatever_way_it_goes() {
    let goes_back = |kind: &'static str, card: i64, balance: i64| {
        let (seller, ada) = (leg("seller", Some(7), -card - balance), leg("store_balance", Some(1), balance));
        (kind, vec![seller, leg("clearing", None, card), ada])
    };
    for (more, expected) in [
        (vec![goes_back("refund", 70, 30)], &[][..]),
        (vec![goes_back("refund", 70, 31)], &[7]),
        (vec![goes_back("refund", 71, 0)], &[7]),
        (vec![goes_back("refund", 40, 0), goes_back("refund", 31, 0)], &[7]),
        (vec![goes_back("refund", 0, 60), goes_back("refund", 0, 41)], &[7]),
        (vec![goes_back("refund", 70, 0), goes_back("refund_failed", -70, 0), goes_back("refund", 70, 30)], &[]),
        (vec![goes_back("refund", 70, 0), goes_back("refund_failed", -70, 0), goes_back("refund", 71, 0)], &[7]),
        (vec![goes_back("refund", 70, 0), goes_back("refund_failed", -70, 0), goes_back("refund", 70, 31)], &[7]),
        (vec![goes_back("dispute", 70, 0)], &[]),
        (vec![goes_back("dispute", 71, 0)], &[7]),
        (vec![goes_back("dispute", 70, 0), goes_back("dispute_won", -70, 0), goes_back("dispute", 70, 0)], &[]),
        (vec![goes_back("dispute", 70, 0), goes_back("dispute_won", -70, 0), goes_back("dispute", 71, 0)], &[7]),
    ] {
        assert_eq!(after_that(&more).await, expected, "{more:?}");
    }
}

#[tokio::test]
async fn a_gateway_gives_back_no_more_than_it_kept_for_a_dispute() {
    let fee = |kind: &'static str, amount: i64| {
        (kind, vec![leg("clearing", None, amount), leg("gateway_fees", None, -amount)])
    };
    let disputed = || ("dispute", vec![leg("seller", Some(7), -70), leg("clearing", None, 70)]);
    for (back, expected) in [(-15, &[][..]), (-16, &[7])] {
        let more = [disputed(), fee("dispute_fee", 15), fee("dispute_fee_returned", back)];
        assert_eq!(after_that(&more).await, expected);
        let paid_in = ("top_up", vec![leg("store_balance", Some(1), 50), leg("clearing", None, -50)]);
        let movements = [paid_in, fee("dispute_fee", 15), fee("dispute_fee_returned", back)];
        let report = check(chain("user:1", None, &movements), balance(), paid(), None).await;
        assert_eq!(found(&report).into_iter().map(|(number, _)| number).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn no_more_goes_back_of_a_top_up_than_was_paid_in() {
    let moves =
        |kind: &'static str, card: i64| (kind, vec![leg("store_balance", Some(1), -card), leg("clearing", None, card)]);
    for (more, expected) in [
        (vec![moves("refund", 50)], &[][..]),
        (vec![moves("refund", 51)], &[7]),
        (vec![moves("refund", 30), moves("refund", 21)], &[7]),
        (vec![moves("refund", 50), moves("refund_failed", -50), moves("refund", 50)], &[]),
        (vec![moves("refund", 50), moves("refund_failed", -50), moves("refund", 51)], &[7]),
        (vec![moves("dispute", 50), moves("dispute_won", -50), moves("dispute", 50)], &[]),
        (vec![moves("dispute", 51)], &[7]),
    ] {
        let movements: Vec<_> = std::iter::once(moves("top_up", -50)).chain(more.clone()).collect();
        let report = check(chain("user:1", None, &movements), balance(), paid(), None).await;
        assert_eq!(found(&report).into_iter().map(|(number, _)| number).collect::<Vec<_>>(), expected, "{more:?}");
    }
}

#[tokio::test]
async fn a_hold_ends_once_by_being_spent_or_released() {
    let released =
        || ("order_hold_released", vec![leg("order_hold", Some(30), -30), leg("store_balance", Some(1), 30)]);
    assert_eq!(after_that(&[released()]).await, [3], "it was spent before");
    let held = || ("order_held", vec![leg("order_hold", Some(30), 30), leg("store_balance", Some(1), -30)]);
    for (movements, expected) in [(vec![held(), released()], &[][..]), (vec![held(), released(), released()], &[3])] {
        let report = check(chain("order:31", Some(31), &movements), balance(), paid(), None).await;
        assert_eq!(found(&report).into_iter().map(|(number, _)| number).collect::<Vec<_>>(), expected);
    }
    let by_card = ("order_paid", vec![leg("seller", Some(7), 100), leg("clearing", None, -100)]);
    let transactions = chain("order:30", Some(30), &[held(), released(), by_card]);
    let order = StoredOrder { tenders: 0, captured: Some((uuid(40), 100)), ..paid() };
    assert_eq!(found(&check(transactions, balance(), order, None).await), [], "paid by card alone, it ends no hold");
}

#[tokio::test]
async fn of_an_order_from_before_the_ledger_its_payment_tells_how_much_came() {
    let before = |refund: i64| {
        let legs = vec![leg("seller", Some(7), -refund), leg("clearing", None, refund)];
        let order = StoredOrder { before_ledger: true, ..paid() };
        check(chain("order:30", Some(30), &[("refund", legs)]), balance(), order, None)
    };
    assert_eq!(found(&before(70).await), []);
    assert_eq!(found(&before(71).await)[0].0, 7);
}

#[tokio::test]
async fn each_currency_of_a_transaction_sums_to_zero_by_itself() {
    let dollars = |amount| StoredLeg { currency: "USD".into(), ..leg("clearing", None, amount) };
    let of = |more: &[i64], euros: &[i64]| {
        let euros = euros.iter().map(|amount| leg("seller", Some(7), *amount));
        let legs: Vec<_> = euros.chain(more.iter().map(|amount| dollars(*amount))).collect();
        check(chain("user:7", None, &[("payout", legs)]), balance(), paid(), None)
    };
    assert_eq!(found(&of(&[7, -3, -4], &[5, -2, -3]).await), []);
    let off = found(&of(&[-5], &[5]).await);
    assert!(off[0].0 == 1 && off[0].1.ends_with("off by 5 in EUR"), "{off:?}");
}

#[tokio::test]
async fn a_transaction_is_held_against_its_order() {
    let cases: [(StoredOrder, &[usize]); 5] = [
        (StoredOrder { is_paid: false, ..paid() }, &[5]),
        (StoredOrder { captured: None, ..paid() }, &[5]),
        (StoredOrder { captured: Some((uuid(41), 70)), ..paid() }, &[5]),
        (StoredOrder { total: 101, ..paid() }, &[6]),
        (StoredOrder { tenders: 29, ..paid() }, &[6]),
    ];
    for (order_row, expected) in cases {
        let report = check(order(), balance(), order_row.clone(), None).await;
        let numbers: Vec<_> = found(&report).into_iter().map(|(number, _)| number).collect();
        assert_eq!(numbers, expected, "{order_row:?}");
    }
    let told = found(&check(order(), balance(), StoredOrder { total: 101, ..paid() }, None).await);
    assert!(told[0].1.ends_with("100 was paid of 101 EUR"), "{told:?}");
}

#[tokio::test]
async fn a_card_that_is_redeemed_twice_is_found() {
    let redeemed = ("gift_card_redeemed", vec![leg("gift_card", Some(2), -5), leg("store_balance", Some(1), 5)]);
    let once = chain("gift-card:2", None, std::slice::from_ref(&redeemed));
    assert_eq!(found(&check(once, balance(), paid(), None).await), []);
    let twice = chain("gift-card:2", None, &[redeemed.clone(), redeemed]);
    assert_eq!(found(&check(twice, balance(), paid(), None).await)[0].0, 4);
}

#[tokio::test]
async fn a_running_balance_is_the_sum_of_its_entries() {
    let cases = [
        vec![entry(1, 50, 50, (21, 2)), entry(2, -30, 20, (21, 2))],
        vec![entry(1, 50, 50, (20, 3)), entry(2, -30, 20, (20, 3))],
        vec![entry(2, -30, 20, (20, 2))],
        vec![entry(1, 50, 51, (20, 2)), entry(2, -30, 20, (20, 2))],
        vec![StoredEntry { running: None, ..entry(1, 50, 50, (0, 0)) }],
        vec![StoredEntry { balance_after: None, ..entry(1, 50, 50, (50, 1)) }],
    ];
    for entries in cases {
        let told = found(&check(order(), entries.clone(), paid(), None).await);
        assert_eq!(told.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [14], "{entries:?}");
        assert!(told[0].1.contains(&uuid(1).to_string()));
    }
    let other = |entry: StoredEntry| StoredEntry { owner: Uuid::max(), running: Some((50, 1)), ..entry };
    let two = vec![balance()[0].clone(), balance()[1].clone(), other(balance()[0].clone())];
    assert!(check(order(), two, paid(), None).await.is_sound(), "accounts don't run into each other");
}

#[tokio::test]
async fn what_the_database_finds_is_told_under_its_invariant() {
    for rule in Rule::ALL {
        let told = found(&check(order(), balance(), paid(), Some(*rule)).await);
        assert_eq!(told, [(rule.invariant(), "a row".to_owned())], "{rule:?}");
    }
}
