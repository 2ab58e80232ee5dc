//! What pays an order besides the card: gift cards and the customer's balance, in the order in which they were paid in.
//! The card pays the rest. Where the gateway can't take so small a rest, that much less is taken before.

use super::Order;
use crate::kernel::{GiftCardId, Money, MoneyError, UserId};

/// Where a part of an order's price comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenderSource {
    /// A gift card.
    GiftCard {
        /// Which one.
        id: GiftCardId,
        /// The last characters of its code, by which people know it.
        last4: String,
    },
    /// What a customer has with the shop.
    Balance(UserId),
}

/// A part of an order's price that does not come from the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tender {
    /// Where it comes from.
    pub source: TenderSource,
    /// How much; more than nothing.
    pub amount: Money,
}

impl Tender {
    /// What is taken of the offers, in their order, until the total is reached. `payable` tells the least amount that the
    /// card can pay and that is no less than a rest; what the card pays more is taken less, from the last offers first. A
    /// total that is too small for a card all by itself is not helped so, and left as it is.
    ///
    /// # Errors
    /// When an offer has another currency than the total.
    pub fn of_offers(
        total: Money,
        offers: Vec<Self>,
        payable: impl FnOnce(Money) -> Money,
    ) -> Result<Vec<Self>, MoneyError> {
        let mut rest = total;
        let mut taken = Vec::new();
        for offer in offers {
            let amount = if offer.amount.minus(rest)?.is_positive() { rest } else { offer.amount };
            rest = rest.minus(amount)?;
            taken.push(Self { amount, ..offer });
        }
        let by_card = if rest.is_positive() { payable(rest) } else { rest };
        if !by_card.minus(total)?.is_positive() {
            let mut too_much = by_card.minus(rest)?;
            for tender in taken.iter_mut().rev() {
                let less = if too_much.minus(tender.amount)?.is_positive() { tender.amount } else { too_much };
                tender.amount = tender.amount.minus(less)?;
                too_much = too_much.minus(less)?;
            }
        }
        taken.retain(|tender| tender.amount.is_positive());
        Ok(taken)
    }
}

impl Order {
    /// Takes all that was left for the card from this customer's balance.
    ///
    /// # Errors
    /// When the sum overflows.
    pub fn take_rest(&mut self, customer: UserId) -> Result<(), MoneyError> {
        let amount = self.by_card()?;
        if amount.is_positive() {
            self.tenders.push(Tender { source: TenderSource::Balance(customer), amount });
        }
        Ok(())
    }

    /// What it took of its customer's balance at last; nothing, if that was not what it took last.
    #[must_use]
    pub fn last_of_balance(&self) -> Money {
        match self.tenders.last() {
            Some(Tender { source: TenderSource::Balance(_), amount }) => *amount,
            Some(Tender { source: TenderSource::GiftCard { .. }, .. }) | None => Money::zero(self.total.currency()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Currency;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn euros(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    fn offers(amounts: &[i64]) -> Vec<Tender> {
        let card = |(number, amount): (usize, &i64)| Tender {
            source: TenderSource::GiftCard {
                id: GiftCardId::new(Uuid::from_u128(number as u128)),
                last4: "YZ01".into(),
            },
            amount: euros(*amount),
        };
        amounts.iter().enumerate().map(card).collect()
    }

    /// A gateway that takes fifty cents at the least, and only what is a multiple of ten.
    fn fussy(rest: Money) -> Money {
        euros((rest.amount().max(50) + 9) / 10 * 10)
    }

    fn taken(total: i64, amounts: &[i64]) -> Vec<i64> {
        let tenders = Tender::of_offers(euros(total), offers(amounts), fussy).unwrap();
        tenders.iter().map(|tender| tender.amount.amount()).collect()
    }

    #[test]
    fn offers_are_taken_in_their_order_until_the_total_is_reached() {
        assert_eq!(taken(1_000, &[300, 200]), [300, 200]);
        assert_eq!(taken(1_000, &[300, 900, 50]), [300, 700]);
        assert_eq!(taken(1_000, &[1_000]), [1_000]);
        assert_eq!(taken(1_000, &[0, 5_000]), [1_000]);
        assert_eq!(taken(1_000, &[]), Vec::<i64>::new());
    }

    #[test]
    fn a_rest_that_no_card_can_pay_is_made_larger_by_the_last_offers() {
        assert_eq!(taken(1_000, &[300, 690]), [300, 650], "10 are left: the card pays 50");
        assert_eq!(taken(1_000, &[985, 10]), [950], "the last offer is too small to give all of it");
        assert_eq!(taken(1_000, &[300, 203]), [300, 200], "497 can't be paid, 500 can");
        assert_eq!(taken(30, &[10]), [10], "nothing makes 30 payable");
        assert_eq!(taken(30, &[40]), [30], "and nothing need be paid by card here");
    }

    #[test]
    fn currencies_do_not_mix() {
        let yen = Money::new(5, Currency::parse("JPY").unwrap());
        let offer = Tender { amount: yen, ..offers(&[1]).remove(0) };
        assert_eq!(Tender::of_offers(euros(5), vec![offer], |rest| rest), Err(MoneyError::CurrencyMismatch));
    }

    proptest! {
        #[test]
        fn nothing_is_taken_that_was_not_offered_and_the_rest_is_payable(
            total in 0_i64..10_000,
            amounts in prop::collection::vec(0_i64..4_000, 0..12),
        ) {
            let given = offers(&amounts);
            let tenders = Tender::of_offers(euros(total), given.clone(), fussy).unwrap();
            let sum: i64 = tenders.iter().map(|tender| tender.amount.amount()).sum();
            let rest = total - sum;
            prop_assert!(rest >= 0);
            for tender in &tenders {
                let offered = given.iter().find(|offer| offer.source == tender.source).unwrap();
                prop_assert!(0 < tender.amount.amount() && tender.amount.amount() <= offered.amount.amount());
            }
            let unhelped = (total - amounts.iter().sum::<i64>()).max(0);
            let hopeless = unhelped > 0 && fussy(euros(unhelped)).amount() > total;
            prop_assert!(rest == 0 || hopeless || rest == fussy(euros(unhelped)).amount());
        }
    }
}
