//! Which attempts to pay are suspicious: rules over what is recorded of those before. Each only flags an attempt, or has its
//! money held until somebody has looked at it. What a bank knows of a card is the bank's to judge; how many somebody tries is told
//! here.

use super::PaymentStatus;
use super::limits::units;
use crate::kernel::{Currency, Money};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

crate::named! {
    /// Why an attempt is suspicious.
    pub enum RiskReason {
        /// The customer was declined again and again, with nothing paid in between.
        Declines = "declines",
        /// The same from one client's address, whoever it says it is.
        ClientDeclines = "client_declines",
        /// The customer tries too often within a minute.
        Attempts = "attempts",
        /// The same from one client's address.
        ClientAttempts = "client_attempts",
        /// The customer tries one card after the other.
        Cards = "cards",
        /// The same from one client's address.
        ClientCards = "client_cards",
        /// It is very much money.
        LargeAmount = "large_amount",
        /// It is much more than the customer ever paid.
        UnusualAmount = "unusual_amount",
    }
}

/// From how many, or how much, an attempt is flagged, and from how many its money is held. Zero: never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thresholds {
    /// It is written into the security log.
    pub flag: u32,
    /// It also waits for an admin.
    pub hold: u32,
}

/// The rules. None of them says anything by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RiskRules {
    /// Declines in a row within a day.
    pub declines: Thresholds,
    /// The same from one client, behind which there may be many people.
    pub client_declines: Thresholds,
    /// Attempts within a minute, this one included.
    pub attempts: Thresholds,
    /// The same from one client.
    pub client_attempts: Thresholds,
    /// Different cards that the customer has tried within a day.
    pub cards: Thresholds,
    /// The same from one client.
    pub client_cards: Thresholds,
    /// Whole units of the currency.
    pub large: Thresholds,
    /// The same in currencies whose unit is worth much less, or more.
    pub large_in: BTreeMap<Currency, Thresholds>,
    /// So many times what the customer paid at the most, if they have paid a few times.
    pub unusual: Thresholds,
}

/// An attempt before this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastAttempt {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// How it stands.
    pub status: PaymentStatus,
}

/// What a customer has paid in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidBefore {
    /// How often.
    pub count: u32,
    /// How much at the most.
    pub most: Money,
}

/// What is recorded, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// The customer's attempts; none for a guest.
    pub of_customer: Vec<PastAttempt>,
    /// Those from the client's address.
    pub of_client: Vec<PastAttempt>,
    /// How many different cards the customer has tried, as far as the gateway tells.
    pub cards: u32,
    /// The same from the client's address.
    pub client_cards: u32,
    /// What the customer has paid.
    pub paid: Option<PaidBefore>,
}

/// A rule that says something about an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub reason: RiskReason,
    /// Whether the money is to be held.
    pub holds: bool,
}

impl Track {
    /// How far it reaches back.
    pub const WINDOW: TimeDelta = TimeDelta::days(1);
    /// No rule counts further than this.
    pub const MOST: u64 = 100;
}

/// So often a customer must have paid before anything is unusual for them.
const FEW: u32 = 3;
const MINUTE: TimeDelta = TimeDelta::minutes(1);

impl RiskRules {
    /// What the rules say about an attempt to pay this now.
    #[must_use]
    pub fn assess(&self, amount: Money, track: &Track, now: DateTime<Utc>) -> Vec<Finding> {
        let large = self.large_in.get(&amount.currency()).copied().unwrap_or(self.large);
        let said = [
            (RiskReason::Declines, self.declines.judge(declines_in_a_row(&track.of_customer, now))),
            (RiskReason::ClientDeclines, self.client_declines.judge(declines_in_a_row(&track.of_client, now))),
            (RiskReason::Attempts, self.attempts.judge(within_a_minute(&track.of_customer, now))),
            (RiskReason::ClientAttempts, self.client_attempts.judge(within_a_minute(&track.of_client, now))),
            (RiskReason::Cards, self.cards.judge(track.cards)),
            (RiskReason::ClientCards, self.client_cards.judge(track.client_cards)),
            (RiskReason::LargeAmount, large.judge_by(|count| reaches(amount, units(count, amount.currency())))),
            (RiskReason::UnusualAmount, self.unusual.judge_by(|count| is_times(amount, count, track.paid))),
        ];
        said.into_iter().filter_map(|(reason, holds)| Some(Finding { reason, holds: holds? })).collect()
    }
}

impl Thresholds {
    /// Whether so many hold; `None` where they are nothing.
    fn judge(self, count: u32) -> Option<bool> {
        self.judge_by(|threshold| count >= threshold)
    }

    fn judge_by(self, reached: impl Fn(u32) -> bool) -> Option<bool> {
        let over = |threshold: u32| threshold > 0 && reached(threshold);
        if over(self.hold) { Some(true) } else { over(self.flag).then_some(false) }
    }
}

/// How often in a row it was declined, with nothing paid in between. What was given up, or is open, says nothing.
fn declines_in_a_row(attempts: &[PastAttempt], now: DateTime<Utc>) -> u32 {
    let recent = attempts.iter().filter(|attempt| attempt.at > now - Track::WINDOW);
    let ended = recent.filter(|a| matches!(a.status, PaymentStatus::Captured | PaymentStatus::Declined));
    count(ended.take_while(|attempt| attempt.status == PaymentStatus::Declined))
}

/// This attempt and those within the minute before.
fn within_a_minute(attempts: &[PastAttempt], now: DateTime<Utc>) -> u32 {
    count(attempts.iter().filter(|attempt| attempt.at > now - MINUTE)).saturating_add(1)
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn reaches(amount: Money, threshold: Money) -> bool {
    amount.amount() >= threshold.amount()
}

fn is_times(amount: Money, times: u32, paid: Option<PaidBefore>) -> bool {
    let enough = paid.filter(|paid| paid.count >= FEW && paid.most.currency() == amount.currency());
    enough.is_some_and(|paid| amount.amount() >= paid.most.amount().saturating_mul(i64::from(times)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: Thresholds = Thresholds { flag: 2, hold: 4 };

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    /// Attempts, the newest first, a second apart from two minutes ago.
    fn attempts(statuses: &[PaymentStatus]) -> Vec<PastAttempt> {
        let at = |place: usize| now() - TimeDelta::seconds(120 + i64::try_from(place).unwrap());
        statuses.iter().enumerate().map(|(place, status)| PastAttempt { at: at(place), status: *status }).collect()
    }

    fn found(rules: &RiskRules, amount: Money, track: &Track) -> Vec<(RiskReason, bool)> {
        rules.assess(amount, track, now()).into_iter().map(|found| (found.reason, found.holds)).collect()
    }

    #[test]
    fn declines_count_in_a_row_until_something_was_paid() {
        use PaymentStatus::{Authorized as A, Captured as P, Created as C, Declined as D, Submitted as S, Voided as V};
        for (past, said) in [
            (&[][..], None),
            (&[D], None),
            (&[D, D], Some(false)),
            (&[D, D, D], Some(false)),
            (&[D, D, D, D], Some(true)),
            (&[D, V, S, C, A, D], Some(false)),
            (&[P, D, D, D, D], None),
            (&[D, P, D, D, D], None),
            (&[D, D, P, D, D], Some(false)),
        ] {
            let rules = RiskRules { declines: T, ..RiskRules::default() };
            let track = Track { of_customer: attempts(past), ..Track::default() };
            let expected: Vec<_> = said.map(|holds| (RiskReason::Declines, holds)).into_iter().collect();
            assert_eq!(found(&rules, eur(1), &track), expected, "{past:?}");
            let rules = RiskRules { client_declines: T, ..RiskRules::default() };
            let track = Track { of_client: attempts(past), ..Track::default() };
            let expected: Vec<_> = said.map(|holds| (RiskReason::ClientDeclines, holds)).into_iter().collect();
            assert_eq!(found(&rules, eur(1), &track), expected, "{past:?} of a client");
        }
    }

    #[test]
    fn what_is_older_than_a_day_is_forgotten() {
        let old = |at| PastAttempt { at, status: PaymentStatus::Declined };
        let rules = RiskRules { declines: T, ..RiskRules::default() };
        for (ago, said) in [(TimeDelta::hours(23), 1), (TimeDelta::hours(24), 0)] {
            let track = Track { of_customer: vec![old(now() - ago); 2], ..Track::default() };
            assert_eq!(found(&rules, eur(1), &track).len(), said);
        }
    }

    #[test]
    fn attempts_count_within_a_minute_and_this_one_is_one() {
        let at =
            |seconds: i64| PastAttempt { at: now() - TimeDelta::seconds(seconds), status: PaymentStatus::Submitted };
        for (past, said) in [
            (vec![], None),
            (vec![at(60)], None),
            (vec![at(59)], Some(false)),
            (vec![at(1), at(30), at(59), at(61)], Some(true)),
            (vec![at(1), at(30), at(60)], Some(false)),
        ] {
            let rules = RiskRules { attempts: T, ..RiskRules::default() };
            let track = Track { of_customer: past.clone(), ..Track::default() };
            let expected: Vec<_> = said.map(|holds| (RiskReason::Attempts, holds)).into_iter().collect();
            assert_eq!(found(&rules, eur(1), &track), expected);
            let rules = RiskRules { client_attempts: T, ..RiskRules::default() };
            let track = Track { of_client: past, ..Track::default() };
            let expected: Vec<_> = said.map(|holds| (RiskReason::ClientAttempts, holds)).into_iter().collect();
            assert_eq!(found(&rules, eur(1), &track), expected);
        }
    }

    #[test]
    fn different_cards_count_however_they_fared() {
        for (cards, said) in
            [(0, None), (1, None), (2, Some(false)), (3, Some(false)), (4, Some(true)), (u32::MAX, Some(true))]
        {
            let expected = |reason| said.map(|holds| (reason, holds)).into_iter().collect::<Vec<_>>();
            let rules = RiskRules { cards: T, ..RiskRules::default() };
            let track = Track { cards, client_cards: 9, ..Track::default() };
            assert_eq!(found(&rules, eur(1), &track), expected(RiskReason::Cards), "{cards}");
            let rules = RiskRules { client_cards: T, ..RiskRules::default() };
            let track = Track { cards: 9, client_cards: cards, ..Track::default() };
            assert_eq!(found(&rules, eur(1), &track), expected(RiskReason::ClientCards), "{cards} of a client");
        }
    }

    #[test]
    fn much_money_is_so_many_units_of_its_currency() {
        let yen = Currency::parse("JPY").unwrap();
        let large_in = BTreeMap::from([(yen, Thresholds { flag: 500, hold: 0 })]);
        let rules = RiskRules { large: T, large_in, ..RiskRules::default() };
        for (amount, said) in [
            (eur(199), None),
            (eur(200), Some(false)),
            (eur(399), Some(false)),
            (eur(400), Some(true)),
            (Money::new(499, yen), None),
            (Money::new(500, yen), Some(false)),
            (Money::new(i64::MAX, yen), Some(false)),
        ] {
            let expected: Vec<_> = said.map(|holds| (RiskReason::LargeAmount, holds)).into_iter().collect();
            assert_eq!(found(&rules, amount, &Track::default()), expected, "{amount}");
        }
    }

    #[test]
    fn much_more_than_ever_is_told_of_those_who_have_paid_a_few_times() {
        let rules = RiskRules { unusual: T, ..RiskRules::default() };
        for (count, most, amount, said) in [
            (2, eur(100), eur(1_000), None),
            (3, eur(100), eur(199), None),
            (3, eur(100), eur(200), Some(false)),
            (9, eur(100), eur(400), Some(true)),
            (9, Money::new(100, Currency::parse("USD").unwrap()), eur(400), None),
        ] {
            let track = Track { paid: Some(PaidBefore { count, most }), ..Track::default() };
            let expected: Vec<_> = said.map(|holds| (RiskReason::UnusualAmount, holds)).into_iter().collect();
            assert_eq!(found(&rules, amount, &track), expected, "{count} {most} {amount}");
        }
        assert_eq!(found(&rules, eur(i64::MAX), &Track::default()), []);
    }

    #[test]
    fn without_thresholds_nothing_is_said() {
        let declined = attempts(&[PaymentStatus::Declined; 50]);
        let paid = Some(PaidBefore { count: 9, most: eur(1) });
        let track = Track { of_customer: declined.clone(), of_client: declined, cards: 50, client_cards: 50, paid };
        assert_eq!(found(&RiskRules::default(), eur(i64::MAX), &track), []);
    }

    fn any_attempts() -> impl Strategy<Value = Vec<PastAttempt>> {
        let status = prop::sample::select(vec![
            PaymentStatus::Created,
            PaymentStatus::Submitted,
            PaymentStatus::Captured,
            PaymentStatus::Declined,
            PaymentStatus::Voided,
        ]);
        let attempt = (0_i64..200_000, status)
            .prop_map(|(ago, status)| PastAttempt { at: now() - TimeDelta::seconds(ago), status });
        prop::collection::vec(attempt, 0..30).prop_map(|mut all| {
            all.sort_by_key(|attempt| std::cmp::Reverse(attempt.at));
            all
        })
    }

    proptest! {
        #[test]
        fn one_more_decline_never_makes_an_attempt_less_suspicious(past in any_attempts(), flag in 0_u32..6, hold in 0_u32..6) {
            let rules = RiskRules { declines: Thresholds { flag, hold }, ..RiskRules::default() };
            let weight = |past: &[PastAttempt]| {
                let track = Track { of_customer: past.to_vec(), ..Track::default() };
                rules.assess(eur(1), &track, now()).first().map_or(0, |found| 1 + i32::from(found.holds))
            };
            let mut more = vec![PastAttempt { at: now(), status: PaymentStatus::Declined }];
            more.extend_from_slice(&past);
            prop_assert!(weight(&more) >= weight(&past));
        }

        #[test]
        fn more_money_is_never_less_suspicious(amount in 0_i64..1_000_000, more in 0_i64..1_000_000, flag in 0_u32..5_000, hold in 0_u32..5_000) {
            let thresholds = Thresholds { flag, hold };
            let rules = RiskRules { large: thresholds, unusual: thresholds, ..RiskRules::default() };
            let track = Track { paid: Some(PaidBefore { count: 3, most: eur(7) }), ..Track::default() };
            let weight = |amount: i64| -> i32 {
                rules.assess(eur(amount), &track, now()).iter().map(|found| 1 + i32::from(found.holds)).sum()
            };
            prop_assert!(weight(amount + more) >= weight(amount));
        }

        #[test]
        fn what_holds_would_also_be_held_if_nothing_was_flagged(past in any_attempts(), flag in 0_u32..6, hold in 1_u32..6) {
            let holds = |flag| {
                let rules = RiskRules { attempts: Thresholds { flag, hold }, ..RiskRules::default() };
                let track = Track { of_customer: past.clone(), ..Track::default() };
                rules.assess(eur(1), &track, now()).iter().any(|found| found.holds)
            };
            prop_assert_eq!(holds(flag), holds(0));
        }
    }
}
