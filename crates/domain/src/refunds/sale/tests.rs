//! Whatever is given back, in whatever order, adds up to what was paid and earned, and is never more.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

fn seller(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

fn id(number: usize) -> OrderLineId {
    OrderLineId::new(Uuid::from_u128(100 + number as u128))
}

fn line(number: usize, of: u128, quantity: u32, total: i64) -> SaleLine {
    SaleLine { id: id(number), seller: seller(of), quantity, total: eur(total), fee_free: false }
}

/// Two sellers: three rings for 100.00 of the one, who earned 90.00, one for 50.00 of the other; 5.00 for delivery.
fn sale() -> Sale {
    let lines = [line(0, 1, 3, 10_000), line(1, 2, 1, 5_000)];
    let earned = BTreeMap::from([(seller(1), eur(9_000)), (seller(2), eur(4_500))]);
    Sale::new(&lines, eur(0), eur(0), eur(500), &earned).unwrap()
}

fn amounts(allotted: &[Allotment]) -> Vec<i64> {
    allotted.iter().map(|one| one.amount.amount()).collect()
}

#[test]
fn a_seller_gives_back_their_own_lines_alone_and_the_fee_is_given_back_with_them() {
    let sale = sale();
    let (given, of_one) = (Given::new(), Within::Seller(seller(1)));
    let rest = sale.allot(&RefundWish::Rest, of_one, &given).unwrap();
    assert_eq!(rest, [Allotment { line: Some(id(0)), quantity: 3, amount: eur(10_000) }]);
    let taken = sale.taken(&given, &rest).unwrap();
    let (sellers, fee) = (vec![(seller(1), eur(9_000))], eur(1_000));
    assert_eq!(taken, Taken { sellers, fee, tax: eur(0), shipping: eur(0) });
    let others = RefundWish::Lines(vec![(id(1), 1)]);
    assert_eq!(sale.allot(&others, of_one, &given), Err(RefundRefusal::UnknownLine(id(1))));
    assert_eq!(sale.left(of_one, &given), Ok(eur(10_000)));
}

#[test]
fn of_the_whole_order_delivery_is_given_back_too() {
    let (sale, given) = (sale(), Given::new());
    let rest = sale.allot(&RefundWish::Rest, Within::Order, &given).unwrap();
    assert_eq!(amounts(&rest), [10_000, 5_000, 500]);
    let taken = sale.taken(&given, &rest).unwrap();
    assert_eq!((taken.fee, taken.shipping), (eur(1_500), eur(500)));
}

#[test]
fn delivery_is_given_back_alone_or_with_pieces_and_once() {
    let (sale, mut given) = (sale(), Given::new());
    let with_a_ring = RefundWish::Delivery(vec![(id(1), 1)]);
    assert_eq!(amounts(&sale.allot(&with_a_ring, Within::Order, &given).unwrap()), [5_000, 500]);
    let alone = sale.allot(&RefundWish::Delivery(vec![]), Within::Order, &given).unwrap();
    assert_eq!(alone, [Allotment { line: None, quantity: 0, amount: eur(500) }]);
    let nobodys = sale.allot(&RefundWish::Delivery(vec![]), Within::Seller(seller(1)), &given);
    assert_eq!(nobodys, Err(RefundRefusal::NothingLeft), "delivery is no seller's");
    given = with(&given, &alone).unwrap();
    assert_eq!(amounts(&sale.allot(&with_a_ring, Within::Order, &given).unwrap()), [5_000]);
    let again = sale.allot(&RefundWish::Delivery(vec![]), Within::Order, &given);
    assert_eq!(again, Err(RefundRefusal::NothingLeft));
}

#[test]
fn pieces_that_do_not_divide_add_up_with_the_last_one() {
    let sale = sale();
    let mut given = Given::new();
    let mut pieces = Vec::new();
    for _ in 0..3 {
        let one = sale.allot(&RefundWish::Lines(vec![(id(0), 1)]), Within::Order, &given).unwrap();
        pieces.extend(amounts(&one));
        given = with(&given, &one).unwrap();
    }
    assert_eq!(pieces, [3_333, 3_333, 3_334]);
    let more = RefundWish::Lines(vec![(id(0), 1), (id(1), 1)]);
    let refusal = RefundRefusal::TooManyPieces { line: id(0), left: 0 };
    assert_eq!(sale.allot(&more, Within::Order, &given), Err(refusal));
}

#[test]
fn the_same_line_twice_is_asked_for_once() {
    let (sale, given) = (sale(), Given::new());
    let twice = RefundWish::Lines(vec![(id(0), 2), (id(0), 2)]);
    assert_eq!(sale.allot(&twice, Within::Order, &given), Err(RefundRefusal::TooManyPieces { line: id(0), left: 3 }));
}

#[test]
fn an_amount_is_borne_by_what_is_left_and_never_more() {
    let (sale, given) = (sale(), Given::new());
    let some = sale.allot(&RefundWish::Amount(eur(155)), Within::Order, &given).unwrap();
    assert_eq!(amounts(&some), [100, 50, 5]);
    assert!(some.iter().all(|one| one.quantity == 0));
    let given = with(&given, &some).unwrap();
    let more = sale.allot(&RefundWish::Amount(eur(15_346)), Within::Order, &given);
    assert_eq!(more, Err(RefundRefusal::TooMuch { left: eur(15_345) }));
    let other = RefundWish::Amount(Money::new(1, Currency::parse("JPY").unwrap()));
    assert_eq!(sale.allot(&other, Within::Order, &given), Err(MoneyError::CurrencyMismatch.into()));
    let rest = sale.allot(&RefundWish::Rest, Within::Order, &given).unwrap();
    let given = with(&given, &rest).unwrap();
    assert_eq!(sale.allot(&RefundWish::Rest, Within::Order, &given), Err(RefundRefusal::NothingLeft));
    assert_eq!(sale.allot(&RefundWish::Amount(eur(1)), Within::Order, &given), Err(RefundRefusal::NothingLeft));
}

#[test]
fn all_that_is_left_can_be_asked_for_as_an_amount_and_of_nothing_no_word_is_said() {
    let sale = Sale::new(&[line(0, 1, 1, 10_000)], eur(0), eur(0), eur(0), &BTreeMap::new()).unwrap();
    let all = Allotment { line: Some(id(0)), quantity: 0, amount: eur(10_000) };
    assert_eq!(sale.allot(&RefundWish::Amount(eur(10_000)), Within::Order, &Given::new()), Ok(vec![all]));
    let rest = sale.allot(&RefundWish::Rest, Within::Order, &Given::new()).unwrap();
    assert_eq!(rest, [Allotment { quantity: 1, ..all }], "delivery cost nothing");
    assert!(sale.taken(&Given::new(), &[]).unwrap().sellers.is_empty());
}

#[test]
fn a_piece_costs_no_more_than_is_left_of_its_line() {
    let sale = sale();
    let most = sale.allot(&RefundWish::Amount(eur(9_000)), Within::Seller(seller(1)), &Given::new()).unwrap();
    let given = with(&Given::new(), &most).unwrap();
    let piece = sale.allot(&RefundWish::Lines(vec![(id(0), 1)]), Within::Order, &given).unwrap();
    assert_eq!(amounts(&piece), [1_000]);
    let all = sale.allot(&RefundWish::Amount(eur(10_000)), Within::Seller(seller(1)), &Given::new()).unwrap();
    let given = with(&Given::new(), &all).unwrap();
    let both = sale.allot(&RefundWish::Lines(vec![(id(0), 1), (id(1), 1)]), Within::Order, &given).unwrap();
    let told: Vec<_> = both.iter().map(|one| (one.quantity, one.amount)).collect();
    assert_eq!(told, [(1, eur(0)), (1, eur(5_000))], "a piece whose price has gone back still goes back itself");
}

#[test]
fn who_is_not_said_to_have_earned_earned_all() {
    let lines = [line(0, 1, 1, 10_000)];
    let sale = Sale::new(&lines, eur(0), eur(0), eur(0), &BTreeMap::new()).unwrap();
    let rest = sale.allot(&RefundWish::Rest, Within::Order, &Given::new()).unwrap();
    let taken = sale.taken(&Given::new(), &rest).unwrap();
    assert_eq!((taken.sellers, taken.fee), (vec![(seller(1), eur(10_000))], eur(0)));
}

/// Two gift cards for 30.00 each, and a ring for 40.00 of the same seller, of which a quarter was the fee.
fn with_gift_cards() -> Sale {
    let lines = [SaleLine { fee_free: true, ..line(0, 1, 2, 6_000) }, line(1, 1, 1, 4_000)];
    let earned = BTreeMap::from([(seller(1), eur(9_000))]);
    Sale::new(&lines, eur(0), eur(0), eur(0), &earned).unwrap()
}

#[test]
fn of_what_bore_no_fee_none_is_given_back_and_of_the_rest_exactly_what_was_taken() {
    let (sale, given) = (with_gift_cards(), Given::new());
    let cards = sale.allot(&RefundWish::Lines(vec![(id(0), 2)]), Within::Order, &given).unwrap();
    let taken = sale.taken(&given, &cards).unwrap();
    assert_eq!((taken.sellers, taken.fee), (vec![(seller(1), eur(6_000))], eur(0)));
    let ring = sale.allot(&RefundWish::Lines(vec![(id(1), 1)]), Within::Order, &given).unwrap();
    let taken = sale.taken(&given, &ring).unwrap();
    assert_eq!((taken.sellers, taken.fee), (vec![(seller(1), eur(3_000))], eur(1_000)));
}

#[test]
fn pieces_that_may_not_go_back_are_kept_and_told() {
    let (sale, mut given) = (with_gift_cards().with_at_most(&BTreeMap::from([(id(0), 1)])), Given::new());
    let two = sale.allot(&RefundWish::Lines(vec![(id(0), 2)]), Within::Order, &given);
    assert_eq!(two, Err(RefundRefusal::TooManyPieces { line: id(0), left: 1 }));
    let kept = [Allotment { line: Some(id(0)), quantity: 1, amount: eur(3_000) }];
    assert_eq!(sale.kept(Within::Order, &given), kept);
    assert_eq!(sale.kept(Within::Seller(seller(2)), &given), []);
    let rest = sale.allot(&RefundWish::Rest, Within::Order, &given).unwrap();
    assert_eq!(
        rest.iter().map(|one| (one.quantity, one.amount.amount())).collect::<Vec<_>>(),
        [(1, 3_000), (1, 4_000)]
    );
    given = with(&given, &rest).unwrap();
    assert_eq!(sale.allot(&RefundWish::Rest, Within::Order, &given), Err(RefundRefusal::NothingLeft));
    assert_eq!(sale.kept(Within::Order, &given), kept, "it is still there");
    let all = with_gift_cards().allot(&RefundWish::Rest, Within::Order, &given).unwrap();
    assert_eq!(all, kept, "once it may go back, it does");
}

#[test]
fn a_sale_from_when_gift_cards_bore_the_fee_gives_it_back_as_it_was_taken() {
    let lines = [SaleLine { fee_free: true, ..line(0, 1, 1, 6_000) }];
    let sale = Sale::new(&lines, eur(0), eur(0), eur(0), &BTreeMap::from([(seller(1), eur(5_400))])).unwrap();
    let rest = sale.allot(&RefundWish::Rest, Within::Order, &Given::new()).unwrap();
    let taken = sale.taken(&Given::new(), &rest).unwrap();
    assert_eq!((taken.sellers, taken.fee), (vec![(seller(1), eur(5_400))], eur(600)));
}

#[test]
fn where_all_of_the_price_is_fee_what_is_free_of_it_is_earned_all_the_same() {
    let free = SaleLine { fee_free: true, ..line(0, 1, 1, 5_000) };
    let earned = BTreeMap::from([(seller(1), eur(5_000))]);
    let sale = Sale::new(&[free, line(1, 1, 1, 10_000)], eur(0), eur(0), eur(0), &earned).unwrap();
    for (number, fee) in [(0, 0), (1, 10_000)] {
        let wish = RefundWish::Lines(vec![(id(number), 1)]);
        let one = sale.allot(&wish, Within::Order, &Given::new()).unwrap();
        assert_eq!(sale.taken(&Given::new(), &one).unwrap().fee, eur(fee));
    }
}

/// What happens to an order.
#[derive(Debug, Clone)]
enum Step {
    Amount {
        percent: i64,
        of: Option<u128>,
    },
    Pieces {
        line: usize,
        quantity: u32,
    },
    Rest {
        of: Option<u128>,
    },
    /// The last but so many comes back.
    ComesBack(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let of = prop::option::of(0_u128..4);
    let step = prop_oneof![
        4 => (0_i64..=110, of.clone()).prop_map(|(percent, of)| Step::Amount { percent, of }),
        3 => (0_usize..6, 1_u32..5).prop_map(|(line, quantity)| Step::Pieces { line, quantity }),
        1 => of.prop_map(|of| Step::Rest { of }),
        1 => (0_usize..4).prop_map(Step::ComesBack),
    ];
    prop::collection::vec(step, 1..30)
}

fn total(taken: &Taken) -> i64 {
    let sellers: i64 = taken.sellers.iter().map(|(_, amount)| amount.amount()).sum();
    sellers + taken.fee.amount() + taken.tax.amount() + taken.shipping.amount()
}

proptest! {
    #[test]
    fn all_refunds_in_any_order_add_up_to_exactly_what_was_earned_and_never_to_more(
        lines in prop::collection::vec((0_u128..4, 1_u32..6, 1_i64..5_000_000), 1..6),
        (discount, tax, shipping) in (0_i64..=100, 0_i64..100_000, 0_i64..10_000),
        points in 0_i64..=10_000,
        currency in prop::sample::select(vec!["JPY", "EUR", "KWD"]),
        steps in steps(),
    ) {
        let currency = Currency::parse(currency).unwrap();
        let money = |amount| Money::new(amount, currency);
        let lines: Vec<SaleLine> = lines.into_iter().enumerate().map(|(number, (of, quantity, total))| SaleLine {
            id: id(number), seller: seller(of), quantity, total: money(total), fee_free: false,
        }).collect();
        let gross: i64 = lines.iter().map(|line| line.total.amount()).sum();
        let discount = gross / 100 * discount;
        prop_assume!(tax == 0 || discount < gross);
        // What each seller earned: their share less the discount and a fee.
        let mut by_seller: BTreeMap<UserId, i64> = BTreeMap::new();
        for line in &lines {
            *by_seller.entry(line.seller).or_default() += line.total.amount();
        }
        let weights: Vec<i64> = by_seller.values().copied().collect();
        let off = money(discount).allot(&weights).unwrap();
        let earned: BTreeMap<UserId, Money> = by_seller.iter().zip(off).map(|((of, gross), off)| {
            let net = gross - off.amount();
            (*of, money(net - net * points / 10_000))
        }).collect();
        let sale = Sale::new(&lines, money(discount), money(tax), money(shipping), &earned).unwrap();
        let price = gross - discount + tax + shipping;
        prop_assert_eq!(sale.left(Within::Order, &Given::new()), Ok(money(price)));

        let mut given = Given::new();
        let mut done: Vec<Vec<Allotment>> = Vec::new();
        let mut borne: BTreeMap<UserId, i64> = BTreeMap::new();
        let (mut all, mut fee) = (0_i64, 0_i64);
        for step in steps.into_iter().chain([Step::Rest { of: None }]) {
            let within = |of: Option<u128>| of.map_or(Within::Order, |of| Within::Seller(seller(of)));
            let left = sale.left(Within::Order, &given).unwrap().amount();
            let wish = match step {
                Step::Amount { percent, of } => (RefundWish::Amount(money(left / 100 * percent)), within(of)),
                Step::Pieces { line, quantity } => (RefundWish::Lines(vec![(id(line), quantity)]), Within::Order),
                Step::Rest { of } => (RefundWish::Rest, within(of)),
                Step::ComesBack(last) => {
                    if done.len() > last {
                        let back = done.remove(done.len() - 1 - last);
                        let returned = sale.returned(&given, &back).unwrap();
                        given = without(&given, &back).unwrap();
                        all -= back.iter().map(|one| one.amount.amount()).sum::<i64>();
                        fee -= returned.fee.amount();
                        prop_assert!(returned.sellers.iter().all(|(_, amount)| amount.amount() > 0));
                        prop_assert!(returned.fee.amount() >= 0);
                        for (of, amount) in returned.sellers {
                            *borne.entry(of).or_default() -= amount.amount();
                        }
                    }
                    continue;
                }
            };
            let Ok(allotted) = sale.allot(&wish.0, wish.1, &given) else { continue };
            let taken = sale.taken(&given, &allotted).unwrap();
            let amount: i64 = allotted.iter().map(|one| one.amount.amount()).sum();
            prop_assert_eq!(total(&taken), amount, "what is given back is borne by someone");
            prop_assert!(taken.sellers.iter().all(|(_, amount)| amount.amount() > 0));
            prop_assert!(taken.fee.amount() >= 0 && taken.tax.amount() >= 0 && taken.shipping.amount() >= 0);
            given = with(&given, &allotted).unwrap();
            all += amount;
            fee += taken.fee.amount();
            for (of, amount) in &taken.sellers {
                *borne.entry(*of).or_default() += amount.amount();
                prop_assert!(borne[of] <= earned[of].amount(), "nobody bears more than they earned");
            }
            prop_assert!(all <= price, "never more than was paid");
            done.push(allotted);
        }
        prop_assert_eq!(all, price);
        for (of, amount) in &earned {
            prop_assert_eq!(borne.get(of).copied().unwrap_or(0), amount.amount());
        }
        let kept: i64 = earned.values().map(|amount| amount.amount()).sum();
        prop_assert_eq!(fee, gross - discount - kept);
    }
}
