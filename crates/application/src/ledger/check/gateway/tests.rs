//! What is said of books that are like ours, and of books that are not.

use super::super::books::{BookPage, BooksUnreadable, GatewayBooks, Taken};
use super::super::ports::{MockLedgers, MockSnapshot, Overdue, Standing, StoredPayment};
use super::super::{LedgerCheck, Report, Verdict};
use crate::tests::{StandingSystem, eur, uuid};
use async_trait::async_trait;
use domain::kernel::{Currency, Money, PaymentId};
use std::sync::{Arc, Mutex};

/// Books that are read page by page, and may end before their end.
struct Books(Mutex<Vec<Result<BookPage, BooksUnreadable>>>);

#[async_trait]
impl GatewayBooks for Books {
    fn name(&self) -> &'static str {
        "stripe"
    }

    fn keep(&self, session_id: &str) -> bool {
        session_id.starts_with("cs_test_")
    }

    async fn read(&self, _: Option<String>) -> Result<BookPage, BooksUnreadable> {
        self.0.lock().unwrap().remove(0)
    }
}

fn id(number: u64) -> PaymentId {
    PaymentId::new(uuid(number))
}

/// A payment of ours of 1.00 that was captured.
fn ours(number: u64) -> StoredPayment {
    StoredPayment {
        id: id(number),
        session: Some(format!("cs_test_{number}")),
        amount: 100,
        currency: "EUR".to_owned(),
        standing: Standing::Captured,
        refunded: 0,
        refunding: 0,
    }
}

/// The same in the gateway's books.
fn theirs(number: u64) -> Taken {
    Taken { name: format!("pi_{number}"), payment: id(number), amount: eur(100), refunded: eur(0) }
}

fn page(taken: &[Taken], next: Option<&str>) -> Result<BookPage, BooksUnreadable> {
    Ok(BookPage { taken: taken.to_vec(), next: next.map(str::to_owned) })
}

fn away() -> Result<BookPage, BooksUnreadable> {
    Err(BooksUnreadable("it can't be reached".into()))
}

fn snapshot(captured: Vec<StoredPayment>, all: Vec<StoredPayment>, overdue: u64) -> MockSnapshot {
    let mut snapshot = MockSnapshot::new();
    snapshot.expect_transactions().returning(|_, _| Ok(vec![]));
    snapshot.expect_account_entries().returning(|_, _| Ok(vec![]));
    snapshot.expect_first_that_breaks().returning(|_| Ok(None));
    let overdue = Overdue { count: overdue, first: (overdue > 0).then(|| id(41)) };
    snapshot.expect_overdue_payments().returning(move |_| Ok(overdue));
    snapshot.expect_paid_before_ledger().returning(|| Ok(0));
    let first = move |after: Option<PaymentId>, _| Ok(if after.is_none() { captured.clone() } else { vec![] });
    snapshot.expect_captured_payments().returning(first);
    let those = move |ids: &[PaymentId]| Ok(all.iter().filter(|one| ids.contains(&one.id)).cloned().collect());
    snapshot.expect_payments().returning(those);
    snapshot
}

/// Our payments when the check begins, and after the books were read.
async fn check_with(
    before: Vec<StoredPayment>,
    books: Vec<Result<BookPage, BooksUnreadable>>,
    after: Vec<StoredPayment>,
    overdue: u64,
) -> Report {
    let mut ledgers = MockLedgers::new();
    let mut looks = 0;
    ledgers.expect_snapshots().returning(move || {
        looks += 1;
        let look = || match looks {
            1 => snapshot(before.clone(), vec![], overdue),
            _ => snapshot(vec![], after.clone(), overdue),
        };
        Ok([look(), look(), look()].map(|view| Box::new(view) as _))
    });
    let books: Arc<dyn GatewayBooks> = Arc::new(Books(Mutex::new(books)));
    LedgerCheck { ledgers: Arc::new(ledgers), books: Some(books), clock: StandingSystem::new() }.check().await.unwrap()
}

async fn said(before: Vec<StoredPayment>, books: Vec<Taken>, after: Vec<StoredPayment>) -> Verdict {
    check_with(before, vec![page(&books, None)], after, 0).await.lines[11].verdict.clone()
}

fn holds(text: &str) -> Verdict {
    Verdict::HoldsInPart(text.to_owned())
}

fn broken(verdict: &Verdict) -> &str {
    let Verdict::Broken(row) = verdict else { panic!("{verdict:?}") };
    row
}

#[tokio::test]
async fn books_that_say_the_same_are_ours() {
    let pages = vec![page(&[theirs(3), theirs(2)], Some("pi_2")), page(&[theirs(1)], None)];
    let report = check_with(vec![ours(1), ours(2), ours(3)], pages, vec![], 0).await;
    assert_eq!(report.lines[11].verdict, holds("3 of stripe's payments"));
    assert_eq!(report.lines[10].verdict, Verdict::Holds, "who answers would have told of what is open");
    assert!(report.is_sound() && report.is_whole());
}

#[tokio::test]
async fn what_the_gateway_has_not_taken_is_named() {
    let verdict = said(vec![ours(1), ours(2), ours(3)], vec![theirs(3), theirs(1)], vec![]).await;
    assert_eq!(broken(&verdict), format!("payment {}: stripe has not taken its 1.00 EUR", id(2)));
}

#[tokio::test]
async fn payments_that_are_in_other_books_are_counted() {
    let elsewhere = |session: Option<&str>| StoredPayment { session: session.map(str::to_owned), ..ours(2) };
    for session in [Some("cs_live_2"), Some("cs_sandbox_2"), None] {
        let verdict = said(vec![ours(1), elsewhere(session)], vec![theirs(1)], vec![]).await;
        let told = "1 of stripe's payments; of other gateways, or of play money, and so not compared: 1";
        assert_eq!(verdict, holds(told), "{session:?}");
    }
    let verdict = said(vec![elsewhere(Some("cs_live_2"))], vec![theirs(2)], vec![]).await;
    assert_eq!(verdict, holds("1 of stripe's payments"), "it is there after all");
}

#[tokio::test]
async fn what_the_gateway_has_taken_beside_is_named() {
    let took = |what: &str| format!("payment {}: stripe has taken 1.00 EUR for it as pi_2, {what}", id(2));
    let verdict = said(vec![ours(1)], vec![theirs(2), theirs(1)], vec![]).await;
    assert_eq!(broken(&verdict), took("and it is not there"));
    for how in ["voided", "declined"] {
        let ended = StoredPayment { standing: Standing::Ended(how.to_owned()), ..ours(2) };
        let verdict = said(vec![ours(1)], vec![theirs(2), theirs(1)], vec![ended]).await;
        assert_eq!(broken(&verdict), took(&format!("but it is {how}")));
    }
}

#[tokio::test]
async fn money_that_moves_meanwhile_is_not_wrong() {
    let open = StoredPayment { standing: Standing::Open, ..ours(2) };
    let verdict = said(vec![ours(1)], vec![theirs(2), theirs(1)], vec![open]).await;
    assert_eq!(verdict, holds("2 of stripe's payments, of which we are about to hear: 1"));
    let verdict = said(vec![ours(1)], vec![theirs(2), theirs(1)], vec![ours(2)]).await;
    assert_eq!(verdict, holds("2 of stripe's payments"), "it was captured after we had looked");
    let dearer = StoredPayment { amount: 101, ..ours(2) };
    let verdict = said(vec![ours(1)], vec![theirs(2), theirs(1)], vec![dearer]).await;
    assert!(broken(&verdict).contains("has taken 1.00 EUR (pi_2), but here it is 1.01 EUR"));
}

#[tokio::test]
async fn amounts_and_currencies_are_the_same() {
    let dollars = Money::new(100, Currency::parse("USD").unwrap());
    for (amount, words) in [(eur(99), "0.99 EUR"), (dollars, "1.00 USD")] {
        let verdict = said(vec![ours(1)], vec![Taken { amount, ..theirs(1) }], vec![]).await;
        assert_eq!(
            broken(&verdict),
            format!("payment {}: stripe has taken {words} (pi_1), but here it is 1.00 EUR", id(1))
        );
    }
    let altered = StoredPayment { currency: "no currency".to_owned(), ..ours(1) };
    let verdict = said(vec![altered], vec![theirs(1)], vec![]).await;
    assert!(broken(&verdict).ends_with("here it is 100 of no currency"));
}

#[tokio::test]
async fn a_payment_is_taken_once() {
    let again = Taken { name: "pi_9".to_owned(), ..theirs(1) };
    let verdict = said(vec![ours(1)], vec![theirs(1), again], vec![]).await;
    assert_eq!(broken(&verdict), format!("payment {}: stripe has taken 1.00 EUR once more as pi_9", id(1)));
}

#[tokio::test]
async fn what_was_given_back_is_the_same_on_both_sides() {
    let back = |refunded, refunding| StoredPayment { refunded, refunding, ..ours(1) };
    let given = |amount| Taken { refunded: eur(amount), ..theirs(1) };
    // Before, at the gateway, after, and whether that is sound.
    for (before, amount, after, sound) in [
        (back(30, 0), 30, back(30, 0), true),
        (back(30, 0), 31, back(30, 0), false),
        (back(30, 0), 29, back(30, 0), false),
        (back(30, 20), 30, back(30, 20), true),
        (back(30, 20), 50, back(30, 20), true),
        (back(30, 20), 51, back(30, 20), false),
        (back(0, 0), 40, back(40, 0), true),
        (back(0, 0), 40, back(0, 40), true),
        (back(40, 0), 0, back(0, 0), true), // it came back meanwhile
    ] {
        let case = format!("{before:?} {amount}");
        let verdict = said(vec![before], vec![given(amount)], vec![after]).await;
        assert_eq!(verdict == holds("1 of stripe's payments"), sound, "{case}: {verdict:?}");
    }
    let verdict = said(vec![back(0, 0)], vec![given(40)], vec![back(0, 0)]).await;
    let row = format!("payment {}: stripe has given back 0.40 EUR of it (pi_1), but here that is 0.00 EUR", id(1));
    assert_eq!(broken(&verdict), row);
}

#[tokio::test]
async fn a_gateway_that_does_not_tell_all_is_never_said_to_agree() {
    for (pages, told) in [
        (vec![away()], "after 0 of its payments stripe told no more: it can't be reached"),
        (
            vec![page(&[theirs(1)], Some("pi_1")), away()],
            "after 1 of its payments stripe told no more: it can't be reached",
        ),
        (
            vec![page(&[theirs(1)], Some("pi_1")), page(&[], Some("pi_1"))],
            "after 1 of its payments stripe told no more: its list leads back to where it was",
        ),
    ] {
        let report = check_with(vec![ours(1), ours(2)], pages, vec![], 2).await;
        assert_eq!(report.lines[11].verdict, Verdict::Unanswered(told.to_owned()));
        assert!(matches!(&report.lines[10].verdict, Verdict::Untold(text) if text.starts_with("2 payments")));
        assert!(report.is_sound() && !report.is_whole());
    }
    let half = vec![page(&[theirs(2)], Some("pi_2")), away()];
    let report = check_with(vec![ours(1)], half, vec![], 0).await;
    assert!(broken(&report.lines[11].verdict).ends_with("and it is not there"), "what it told of is wrong already");
}

#[tokio::test]
async fn a_payment_that_stays_open_while_the_gateway_answers_is_named() {
    let report = check_with(vec![], vec![page(&[], None)], vec![], 2).await;
    assert!(broken(&report.lines[10].verdict).starts_with(&format!("payment {}: 2 payments are open", id(41))));
}
