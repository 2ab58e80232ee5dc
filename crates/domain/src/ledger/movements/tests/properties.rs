//! What holds of every kind of movement, whatever it is told: its legs sum to zero, and what can't be is refused. A kind that is
//! added is added here, since the compiler asks for it.

use super::super::*;
use crate::kernel::{Currency, GiftCardId, Money, MoneyError, OrderId, PaymentId, PayoutId, RefundId, UserId};
use crate::ledger::{FeeRate, MovementKind, Posting, PostingError, Subject};
use proptest::prelude::*;
use uuid::Uuid;

const HIGHEST: i64 = 1_000_000_000_000;

/// What one side gets and the other gives.
#[derive(Debug, Clone, Copy)]
struct Sides {
    gets: [Money; 4],
    gives: [Money; 4],
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn user(number: u128) -> UserId {
    UserId::new(id(number))
}

fn order() -> OrderId {
    OrderId::new(id(30))
}

fn card(number: u128) -> GiftCardId {
    GiftCardId::new(id(number))
}

/// A movement of this kind. Those with one amount move the first that is got.
fn posting(kind: MovementKind, sides: &Sides) -> Result<Posting, PostingError> {
    let Sides { gets: [first, second, third, fourth], gives: [one, two, fee, rest] } = *sides;
    let nothing = Money::zero(first.currency());
    let (payment, refund) = (PaymentId::new(id(40)), RefundId::new(id(41)));
    let from = |tax, shipping| TakenFrom { sellers: vec![(user(7), one), (user(8), two)], fee, tax, shipping };
    let held = || Held { balance: Some((user(1), first)), gift_cards: vec![(card(2), second), (card(3), third)] };
    let dispute =
        || Dispute { id: refund, order: order(), payment, amount: first, from: from(nothing, nothing), excess: rest };
    let kept = || DisputeFee { transfer: "txn_1".to_owned(), payment, subject: Subject::Order(order()), fee: first };
    let payout = || Payout { id: PayoutId::new(id(42)), seller: user(7), amount: first };
    match kind {
        MovementKind::TopUp => TopUp { payment, user: user(1), amount: first }.posting(),
        MovementKind::OrderHeld => OrderHeld { order: order(), before: 0, held: held() }.posting(),
        MovementKind::OrderPaid => {
            let line = |seller, total| SoldLine { seller: user(seller), total, fee_free: seller == 8 };
            let paid = OrderPaid {
                order: order(),
                payment: Some(payment),
                customer: Some(user(1)),
                lines: vec![line(7, one), line(8, two)],
                discount: nothing,
                shipping: fee,
                tax: rest,
                card: first,
                held: second,
            };
            paid.posting(FeeRate::basis_points(333).unwrap())
        }
        MovementKind::OrderHoldReleased => {
            OrderHoldReleased { order: order(), held: held(), redeemed: vec![(user(2), fourth)] }.posting()
        }
        MovementKind::GiftCardIssued => GiftCardIssued { gift_card: card(2), value: first }.posting(),
        MovementKind::GiftCardSold => {
            GiftCardSold { gift_card: card(2), order: order(), seller: user(7), value: first }.posting()
        }
        MovementKind::GiftCardRedeemed => {
            GiftCardRedeemed { gift_card: card(2), user: user(1), value: first }.posting()
        }
        MovementKind::GiftCardExpired => GiftCardExpired { gift_card: card(2), left: first, before: 0 }.posting(),
        MovementKind::GiftCardVoided => {
            GiftCardVoided { gift_card: card(2), order: order(), seller: user(7), value: first }.posting()
        }
        MovementKind::Refund => {
            let gift_cards = vec![(card(2), second), (card(3), third)];
            let to = RefundedTo { card: first, gift_cards, balances: vec![(user(1), fourth)] };
            let (payment, customer) = (Some(payment), Some(user(1)));
            Refund { id: refund, order: order(), payment, customer, to, from: from(rest, nothing) }.posting()
        }
        MovementKind::RefundFailed => {
            let (payment, customer, to) = (Some(payment), Some(user(1)), from(nothing, rest));
            RefundFailed { id: refund, order: order(), payment, customer, card: first, to }.posting()
        }
        MovementKind::Dispute => dispute().posting(),
        MovementKind::DisputeWon => DisputeWon(dispute()).posting(),
        MovementKind::DisputeFee => kept().posting(),
        MovementKind::DisputeFeeReturned => DisputeFeeReturned(kept()).posting(),
        MovementKind::Payout => payout().posting(),
        MovementKind::PayoutFailed => PayoutFailed(payout()).posting(),
    }
}

/// How many of those who get something have a part in it, where both sides are told; nothing where only one is.
const fn told_twice(kind: MovementKind) -> Option<usize> {
    match kind {
        MovementKind::Refund => Some(4),
        MovementKind::OrderPaid => Some(2),
        MovementKind::RefundFailed | MovementKind::Dispute | MovementKind::DisputeWon => Some(1),
        MovementKind::TopUp
        | MovementKind::OrderHeld
        | MovementKind::OrderHoldReleased
        | MovementKind::GiftCardIssued
        | MovementKind::GiftCardSold
        | MovementKind::GiftCardVoided
        | MovementKind::GiftCardRedeemed
        | MovementKind::GiftCardExpired
        | MovementKind::DisputeFee
        | MovementKind::DisputeFeeReturned
        | MovementKind::Payout
        | MovementKind::PayoutFailed => None,
    }
}

fn kinds() -> impl Strategy<Value = MovementKind> {
    prop::sample::select(MovementKind::ALL.to_vec())
}

fn currencies() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["JPY", "EUR", "KWD"]).prop_map(|code| Currency::parse(code).unwrap())
}

/// Any amounts at all, in any currencies.
fn anything() -> impl Strategy<Value = Sides> {
    let amount = prop_oneof![Just(0), 1_i64..1_000, any::<i64>(), Just(i64::MAX), Just(i64::MIN)];
    let same = (currencies(), prop::array::uniform8(amount.clone()));
    let same = same.prop_map(|(currency, amounts)| amounts.map(|amount| Money::new(amount, currency)));
    let mixed = prop::array::uniform8((amount, currencies()).prop_map(|(amount, of)| Money::new(amount, of)));
    prop_oneof![same, mixed].prop_map(|[a, b, c, d, e, f, g, h]| Sides { gets: [a, b, c, d], gives: [e, f, g, h] })
}

/// Amounts of one currency of which both sides are the same, for as many as have a part in this kind.
fn fitting() -> impl Strategy<Value = (MovementKind, Sides)> {
    let amounts = || prop::array::uniform4(prop_oneof![Just(0), 1_i64..1_000, 1_i64..HIGHEST]);
    (kinds(), currencies(), 1_i64..HIGHEST, amounts(), amounts()).prop_map(
        |(kind, currency, first, mut gets, mut gives)| {
            gets[0] = first;
            let parts = told_twice(kind).unwrap_or(4);
            let (got, given) = (gets[..parts].iter().sum::<i64>(), gives.iter().sum::<i64>());
            gets[0] += (given - got).max(0);
            gives[0] += (got - given).max(0);
            let money = |amount| Money::new(amount, currency);
            (kind, Sides { gets: gets.map(money), gives: gives.map(money) })
        },
    )
}

fn assert_is_sound(posting: &Posting) -> Result<(), TestCaseError> {
    let legs = posting.legs();
    prop_assert!(legs.len() >= 2);
    prop_assert_eq!(legs.iter().map(|leg| i128::from(leg.amount.amount())).sum::<i128>(), 0);
    prop_assert!(legs.iter().all(|leg| leg.amount.currency() == legs[0].amount.currency()));
    prop_assert!(legs.iter().all(|leg| leg.amount.amount() != 0));
    prop_assert!(legs.is_sorted_by(|one, other| one.account < other.account), "one leg for each account");
    let subject = match posting.subject() {
        Subject::Order(order) => order.to_string(),
        Subject::GiftCard(card) => card.to_string(),
        Subject::User(user) => user.to_string(),
    };
    // A top-up is named after its payment, which no other has.
    prop_assert!(posting.reference().contains(&subject) || posting.kind() == MovementKind::TopUp);
    Ok(())
}

proptest! {
    #[test]
    fn whatever_a_movement_is_told_it_is_refused_or_its_legs_sum_to_zero(kind in kinds(), sides in anything()) {
        if let Ok(posting) = posting(kind, &sides) {
            prop_assert_eq!(posting.kind(), kind);
            assert_is_sound(&posting)?;
        }
    }

    #[test]
    fn a_movement_whose_sides_are_the_same_is_posted((kind, sides) in fitting()) {
        let posting = posting(kind, &sides).unwrap();
        prop_assert_eq!(posting.kind(), kind);
        assert_is_sound(&posting)?;
        let moved: i64 = posting.legs().iter().map(|leg| leg.amount.amount().max(0)).sum();
        prop_assert!(moved >= sides.gets[0].amount(), "nothing is lost on the way");
    }

    #[test]
    fn a_movement_whose_sides_differ_by_anything_is_refused((kind, mut sides) in fitting(), off in 1_i64..1_000) {
        sides.gets[0] = sides.gets[0].plus(Money::new(off, sides.gets[0].currency())).unwrap();
        match posting(kind, &sides) {
            Err(PostingError::Unbalanced(by)) => prop_assert_eq!(by.amount().abs(), off),
            Ok(posting) if told_twice(kind).is_none() => assert_is_sound(&posting)?,
            other => prop_assert!(false, "{:?}: {:?}", kind, other),
        }
    }

    #[test]
    fn nothing_that_is_less_than_nothing_is_moved((kind, mut sides) in fitting(), less in 1_i64..HIGHEST) {
        let negative = Money::new(-less, sides.gets[0].currency());
        sides.gets[0] = negative;
        prop_assert_eq!(posting(kind, &sides), Err(PostingError::Negative(negative)));
    }

    #[test]
    fn a_movement_of_nothing_is_none(kind in kinds(), currency in currencies()) {
        let nothing = [Money::zero(currency); 4];
        prop_assert_eq!(posting(kind, &Sides { gets: nothing, gives: nothing }), Err(PostingError::Nothing));
    }

    #[test]
    fn a_movement_told_in_two_currencies_is_refused((kind, mut sides) in fitting(), other in currencies()) {
        if told_twice(kind).is_none() || other == sides.gets[0].currency() {
            return Ok(()); // most kinds are told in one; chance draws enough of the others
        }
        sides.gets[0] = Money::new(sides.gets[0].amount(), other);
        prop_assert_eq!(posting(kind, &sides), Err(PostingError::Amount(MoneyError::CurrencyMismatch)));
    }

    #[test]
    fn what_comes_back_moves_what_had_moved_the_other_way((kind, sides) in fitting()) {
        let back = match kind {
            MovementKind::Dispute => MovementKind::DisputeWon,
            MovementKind::GiftCardSold => MovementKind::GiftCardVoided,
            MovementKind::Payout => MovementKind::PayoutFailed,
            MovementKind::DisputeFee => MovementKind::DisputeFeeReturned,
            _ => return Ok(()),
        };
        let (there, back) = (posting(kind, &sides).unwrap(), posting(back, &sides).unwrap());
        let legs = |posting: &Posting| posting.legs().iter().map(|leg| (leg.account, leg.amount.amount())).collect::<Vec<_>>();
        prop_assert_eq!(legs(&there), legs(&back).into_iter().map(|(of, amount)| (of, -amount)).collect::<Vec<_>>());
        prop_assert!(there.reference() != back.reference());
    }
}
