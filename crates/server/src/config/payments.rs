//! What is set about money: the platform's fee, and how much may be paid in at once.

use domain::kernel::Currency;
use domain::ledger::FeeRate;
use domain::payments::{RiskRules, Thresholds, TopUpLimits, UnitRange};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Money.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payments {
    pub platform_fee_basis_points: u32,
    /// How much may be paid into a balance at once.
    pub top_up: Range,
    /// The same in currencies whose unit is worth much less or more, by their codes.
    #[serde(default)]
    pub top_up_in: BTreeMap<String, Range>,
    pub risk: Risk,
}

/// Which attempts to pay are suspicious.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    pub declines: Limits,
    pub client_declines: Limits,
    pub attempts: Limits,
    pub client_attempts: Limits,
    pub cards: Limits,
    pub client_cards: Limits,
    pub large: Limits,
    #[serde(default)]
    pub large_in: BTreeMap<String, Limits>,
    pub unusual: Limits,
}

/// From where on an attempt is flagged, and held. Zero: never.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub flag: u32,
    pub hold: u32,
}

impl Limits {
    const fn thresholds(self) -> Thresholds {
        Thresholds { flag: self.flag, hold: self.hold }
    }
}

/// From so many to so many whole units of a currency.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub least: u32,
    pub most: u32,
}

impl Payments {
    /// How much may be paid in at once. What is no currency was told when it was read.
    pub fn top_up_limits(&self) -> TopUpLimits {
        let own = self.top_up_in.iter().filter_map(|(code, range)| Some((Currency::parse(code).ok()?, range.units())));
        TopUpLimits { usual: self.top_up.units(), own: own.collect() }
    }

    /// Which attempts to pay are suspicious.
    pub fn risk_rules(&self) -> RiskRules {
        let Risk {
            declines,
            client_declines,
            attempts,
            client_attempts,
            cards,
            client_cards,
            large,
            large_in,
            unusual,
        } = &self.risk;
        let own = large_in.iter().filter_map(|(code, limits)| Some((Currency::parse(code).ok()?, limits.thresholds())));
        RiskRules {
            declines: declines.thresholds(),
            client_declines: client_declines.thresholds(),
            attempts: attempts.thresholds(),
            client_attempts: client_attempts.thresholds(),
            cards: cards.thresholds(),
            client_cards: client_cards.thresholds(),
            large: large.thresholds(),
            large_in: own.collect(),
            unusual: unusual.thresholds(),
        }
    }

    /// Whether any rule counts cards, for which the gateway has to be asked.
    pub fn counts_cards(&self) -> bool {
        let Risk { cards, client_cards, .. } = &self.risk;
        [cards, client_cards].iter().any(|limits| limits.flag > 0 || limits.hold > 0)
    }

    /// Everything that is wrong.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        let fee = FeeRate::basis_points(self.platform_fee_basis_points).is_none();
        let fee = fee.then(|| "payments.platform_fee_basis_points: must be from 0 to 10000".to_owned());
        let named = self.top_up_in.iter().map(|(code, range)| (format!("payments.top_up_in.{code}"), range));
        let ranges = std::iter::once(("payments.top_up".to_owned(), &self.top_up)).chain(named);
        let wrong = ranges.filter(|(_, range)| range.least == 0 || range.least > range.most);
        let ranges = wrong.map(|(name, _)| format!("{name}: least must be at least 1, and no more than most"));
        let codes = self.top_up_in.keys().filter(|code| Currency::parse(code).is_err());
        let codes = codes.map(|code| format!("payments.top_up_in.{code}: is no code of ISO 4217"));
        let risky = self.risk.large_in.keys().filter(|code| Currency::parse(code).is_err());
        let risky = risky.map(|code| format!("payments.risk.large_in.{code}: is no code of ISO 4217"));
        fee.into_iter().chain(ranges).chain(codes).chain(risky).collect::<Vec<_>>().into_iter()
    }
}

impl Range {
    const fn units(self) -> UnitRange {
        UnitRange { least: self.least, most: self.most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::kernel::Money;

    fn payments(least: u32, most: u32, own: &[(&str, Range)]) -> Payments {
        Payments {
            platform_fee_basis_points: 0,
            top_up: Range { least, most },
            top_up_in: own.iter().map(|(code, range)| ((*code).to_owned(), *range)).collect(),
            risk: Risk::default(),
        }
    }

    #[test]
    fn every_fault_is_named() {
        let odd = [("YEN", Range { least: 1, most: 2 }), ("JPY", Range { least: 3, most: 2 })];
        let faults: Vec<String> = payments(0, 5, &odd).faults().collect();
        let names: Vec<&str> = faults.iter().filter_map(|fault| fault.split(':').next()).collect();
        assert_eq!(names, ["payments.top_up", "payments.top_up_in.JPY", "payments.top_up_in.YEN"]);
        assert_eq!(payments(1, 1, &[]).faults().count(), 0);
        let fee = Payments { platform_fee_basis_points: 10_001, ..payments(1, 1, &[]) };
        assert_eq!(fee.faults().count(), 1);
    }

    #[test]
    fn the_rules_are_as_they_are_set() {
        let limits = |flag, hold| Limits { flag, hold };
        let large_in = BTreeMap::from([("JPY".to_owned(), limits(5, 6))]);
        let risk = Risk { declines: limits(1, 2), large: limits(3, 4), large_in, ..Risk::default() };
        let rules = Payments { risk, ..payments(1, 1, &[]) }.risk_rules();
        assert_eq!((rules.declines, rules.large), (Thresholds { flag: 1, hold: 2 }, Thresholds { flag: 3, hold: 4 }));
        assert_eq!(rules.large_in[&Currency::parse("JPY").unwrap()], Thresholds { flag: 5, hold: 6 });
        let odd = Risk { large_in: BTreeMap::from([("YEN".to_owned(), limits(1, 1))]), ..Risk::default() };
        assert_eq!(Payments { risk: odd, ..payments(1, 1, &[]) }.faults().count(), 1);
    }

    #[test]
    fn cards_are_asked_for_where_a_rule_counts_them() {
        let limits = |flag, hold| Limits { flag, hold };
        for (cards, client_cards, counts) in [
            (limits(0, 0), limits(0, 0), false),
            (limits(1, 0), limits(0, 0), true),
            (limits(0, 1), limits(0, 0), true),
            (limits(0, 0), limits(0, 1), true),
        ] {
            let payments = Payments { risk: Risk { cards, client_cards, ..Risk::default() }, ..payments(1, 1, &[]) };
            assert_eq!(payments.counts_cards(), counts);
            let rules = payments.risk_rules();
            assert_eq!((rules.cards.hold, rules.client_cards.hold), (cards.hold, client_cards.hold));
        }
    }

    #[test]
    fn a_currency_may_have_limits_of_its_own() {
        let limits = payments(1, 100, &[("JPY", Range { least: 100, most: 9_000 })]).top_up_limits();
        let fits = |amount, code| limits.check(Money::new(amount, Currency::parse(code).unwrap())).is_ok();
        assert!(fits(10_000, "EUR") && !fits(10_001, "EUR") && fits(9_000, "JPY") && !fits(99, "JPY"));
    }
}
