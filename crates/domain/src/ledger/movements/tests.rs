//! What each movement moves, and that whatever is moved adds up, in currencies with none, two and three decimals.

mod properties;

use super::*;
use crate::kernel::{Currency, GiftCardId, Money, MoneyError, OrderId, PaymentId, PayoutId, RefundId, UserId};
use crate::ledger::{About, Account, FeeRate, MovementKind, Posting, PostingError, Subject};
use proptest::prelude::*;
use uuid::Uuid;

fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
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

fn payment() -> PaymentId {
    PaymentId::new(id(40))
}

/// Account and amount of each leg, and who sees it.
fn legs(posting: &Posting) -> Vec<(Account, i64, Option<UserId>)> {
    posting.legs().iter().map(|leg| (leg.account, leg.amount.amount(), leg.shown_to)).collect()
}

/// An order of two sellers for 400.00, with 10.00 for delivery and 5.00 of tax, paid by card.
fn paid() -> OrderPaid {
    let line = |seller, total| SoldLine { seller: user(seller), total: eur(total), fee_free: false };
    OrderPaid {
        order: order(),
        payment: Some(payment()),
        customer: Some(user(1)),
        lines: vec![line(8, 10_000), line(7, 25_000), line(8, 5_000)],
        discount: eur(0),
        shipping: eur(1_000),
        tax: eur(500),
        card: eur(41_500),
        held: eur(0),
    }
}

#[test]
fn a_paid_order_earns_its_sellers_the_platform_tax_and_delivery() {
    let posting = paid().posting(FeeRate::basis_points(250).unwrap()).unwrap();
    assert_eq!(
        legs(&posting),
        [
            (Account::Seller(user(7)), 24_375, Some(user(7))),
            (Account::Seller(user(8)), 14_625, Some(user(8))),
            (Account::Clearing, -41_500, Some(user(1))),
            (Account::PlatformFees, 1_000, None),
            (Account::Tax, 500, None),
            (Account::Shipping, 1_000, None),
        ]
    );
    assert_eq!(posting.kind(), MovementKind::OrderPaid);
    assert_eq!(posting.reference(), format!("order:{}:captured", order()));
    assert_eq!((posting.about().order, posting.about().payment), (Some(order()), Some(payment())));
}

#[test]
fn of_a_gift_card_the_platform_keeps_nothing() {
    let mut with_gift = paid();
    with_gift.lines[0].fee_free = true;
    let posting = with_gift.posting(FeeRate::basis_points(250).unwrap()).unwrap();
    let of = |account| legs(&posting).iter().find(|leg| leg.0 == account).map(|leg| leg.1);
    assert_eq!(of(Account::PlatformFees), Some(750), "of 300.00");
    assert_eq!(of(Account::Seller(user(8))), Some(14_875), "100.00 whole, and 50.00 less its share");
    let mut only_gifts = paid();
    only_gifts.lines.iter_mut().for_each(|line| line.fee_free = true);
    let posting = only_gifts.posting(FeeRate::basis_points(250).unwrap()).unwrap();
    assert_eq!(legs(&posting).iter().find(|leg| leg.0 == Account::Seller(user(7))).map(|leg| leg.1), Some(25_000));
}

#[test]
fn without_a_fee_nothing_is_kept() {
    let posting = paid().posting(FeeRate::NONE).unwrap();
    assert!(legs(&posting).iter().all(|(account, ..)| *account != Account::PlatformFees));
}

#[test]
fn what_the_order_held_and_what_the_card_brought_pay_it_together() {
    let posting = OrderPaid { card: eur(1_500), held: eur(40_000), ..paid() }.posting(FeeRate::NONE).unwrap();
    assert!(legs(&posting).contains(&(Account::OrderHold(order()), -40_000, None)));
    assert!(legs(&posting).contains(&(Account::Clearing, -1_500, Some(user(1)))));
    let whole = OrderPaid { card: eur(0), held: eur(41_500), ..paid() }.posting(FeeRate::NONE).unwrap();
    assert!(legs(&whole).iter().all(|(account, ..)| *account != Account::Clearing));
}

#[test]
fn sellers_bear_a_discount_by_their_share() {
    let discounted = OrderPaid { discount: eur(101), card: eur(41_399), ..paid() };
    let posting = discounted.posting(FeeRate::NONE).unwrap();
    let earned: Vec<_> = legs(&posting).into_iter().take(2).map(|(_, amount, _)| amount).collect();
    assert_eq!(earned, [24_937, 14_962], "63.125 and 37.875 off");
}

#[test]
fn an_order_whose_price_is_not_what_was_paid_is_refused() {
    let short = OrderPaid { card: eur(41_499), ..paid() }.posting(FeeRate::NONE);
    assert_eq!(short, Err(PostingError::Unbalanced(eur(1))));
    let mixed = OrderPaid { tax: Money::new(500, Currency::parse("KWD").unwrap()), ..paid() }.posting(FeeRate::NONE);
    assert_eq!(mixed, Err(PostingError::Amount(MoneyError::CurrencyMismatch)));
    let free = OrderPaid { lines: vec![], shipping: eur(0), tax: eur(0), card: eur(0), ..paid() };
    assert_eq!(free.posting(FeeRate::NONE), Err(PostingError::Nothing));
    let off = OrderPaid { lines: vec![], discount: eur(5), ..paid() }.posting(FeeRate::NONE);
    assert_eq!(off, Err(PostingError::NoShares(eur(5))));
}

#[test]
fn a_hold_is_released_as_it_was_taken() {
    let held = Held { balance: Some((user(1), eur(70))), gift_cards: vec![(card(3), eur(20)), (card(2), eur(10))] };
    let taken = OrderHeld { order: order(), before: 0, held: held.clone() }.posting().unwrap();
    assert_eq!(
        legs(&taken),
        [
            (Account::GiftCard(card(2)), -10, None),
            (Account::GiftCard(card(3)), -20, None),
            (Account::OrderHold(order()), 100, None),
            (Account::StoreBalance(user(1)), -70, Some(user(1))),
        ]
    );
    let released = OrderHoldReleased { order: order(), held, redeemed: vec![] }.posting().unwrap();
    for (one, other) in taken.legs().iter().zip(released.legs()) {
        assert_eq!((one.account, one.amount.negated().unwrap()), (other.account, other.amount));
    }
    assert_eq!([taken.about().order, released.about().order], [Some(order()); 2]);
    let nothing = OrderHeld { order: order(), before: 0, held: Held::default() }.posting();
    assert_eq!(nothing, Err(PostingError::Nothing));
}

#[test]
fn what_an_order_takes_later_has_a_name_of_its_own() {
    let held = Held { balance: Some((user(1), eur(70))), gift_cards: vec![] };
    let reference =
        |before| OrderHeld { order: order(), before, held: held.clone() }.posting().unwrap().reference().to_owned();
    assert_eq!(reference(0), format!("order:{}:held", order()));
    assert_eq!(reference(2), format!("order:{}:held:2", order()));
}

#[test]
fn what_was_held_of_a_card_that_was_redeemed_goes_where_the_rest_of_it_went() {
    let held = Held { balance: Some((user(1), eur(70))), gift_cards: vec![(card(3), eur(20))] };
    let redeemed = vec![(user(1), eur(4)), (user(2), eur(6))];
    let released = OrderHoldReleased { order: order(), held, redeemed }.posting().unwrap();
    assert_eq!(
        legs(&released),
        [
            (Account::GiftCard(card(3)), 20, None),
            (Account::OrderHold(order()), -100, None),
            (Account::StoreBalance(user(1)), 74, Some(user(1))),
            (Account::StoreBalance(user(2)), 6, Some(user(2))),
        ]
    );
}

#[test]
fn a_gift_cards_value_is_promised_taken_or_lost() {
    let (gift_card, value) = (card(2), eur(5_000));
    let granted = GiftCardIssued { gift_card, value }.posting().unwrap();
    assert_eq!(
        legs(&granted),
        [(Account::GiftCard(gift_card), 5_000, None), (Account::GiftCardsGranted, -5_000, None)]
    );
    let sold = GiftCardSold { gift_card, order: order(), seller: user(7), value }.posting().unwrap();
    assert_eq!(legs(&sold)[1], (Account::Seller(user(7)), -5_000, Some(user(7))));
    let redeemed = GiftCardRedeemed { gift_card, user: user(1), value }.posting().unwrap();
    assert_eq!(legs(&redeemed)[1], (Account::StoreBalance(user(1)), 5_000, Some(user(1))));
    let expired = GiftCardExpired { gift_card, left: value, before: 0 }.posting().unwrap();
    let again = GiftCardExpired { gift_card, left: value, before: 1 }.posting().unwrap();
    assert_eq!(again.reference(), format!("{}:1", expired.reference()));
    assert_eq!(legs(&expired)[1], (Account::Breakage, 5_000, None));
    let voided = GiftCardVoided { gift_card, order: order(), seller: user(7), value }.posting().unwrap();
    for (one, other) in sold.legs().iter().zip(voided.legs()) {
        assert_eq!(
            (one.account, one.amount.negated().unwrap(), one.shown_to),
            (other.account, other.amount, other.shown_to)
        );
    }
    for (posting, what) in
        [(granted, "issued"), (sold, "sold"), (voided, "voided"), (redeemed, "redeemed"), (expired, "expired")]
    {
        assert_eq!(posting.reference(), format!("gift-card:{gift_card}:{what}"));
        assert_eq!(posting.about().gift_card, Some(gift_card));
    }
}

#[test]
fn topping_up_and_paying_out_move_one_amount() {
    let topped_up = TopUp { payment: payment(), user: user(1), amount: eur(5) }.posting().unwrap();
    let shown = Some(user(1));
    assert_eq!(legs(&topped_up), [(Account::StoreBalance(user(1)), 5, shown), (Account::Clearing, -5, None)]);
    assert_eq!(topped_up.about(), About { payment: Some(payment()), ..About::default() });
    let paid_out = Payout { id: PayoutId::new(id(9)), seller: user(7), amount: eur(5) }.posting().unwrap();
    assert_eq!(legs(&paid_out), [(Account::Seller(user(7)), -5, Some(user(7))), (Account::Payouts, 5, None)]);
}

#[test]
fn a_refund_that_does_not_add_up_is_refused() {
    let refund = |card, seller| Refund {
        id: RefundId::new(id(9)),
        order: order(),
        payment: Some(payment()),
        customer: Some(user(1)),
        to: RefundedTo { card: eur(card), gift_cards: vec![], balances: vec![(user(1), eur(5))] },
        from: TakenFrom { sellers: vec![(user(7), eur(seller))], fee: eur(1), tax: eur(0), shipping: eur(0) },
    };
    assert_eq!(
        legs(&refund(10, 14).posting().unwrap()),
        [
            (Account::StoreBalance(user(1)), 5, Some(user(1))),
            (Account::Seller(user(7)), -14, Some(user(7))),
            (Account::Clearing, 10, Some(user(1))),
            (Account::PlatformFees, -1, None),
        ]
    );
    assert_eq!(refund(10, 15).posting(), Err(PostingError::Unbalanced(eur(-1))));
}

#[test]
fn what_did_not_arrive_goes_back_to_those_who_gave_it() {
    let shares = || TakenFrom {
        sellers: vec![(user(7), eur(14)), (user(8), eur(3))],
        fee: eur(2),
        tax: eur(1),
        shipping: eur(5),
    };
    let to = RefundedTo { card: eur(25), gift_cards: vec![], balances: vec![] };
    let refund_id = RefundId::new(id(9));
    let (payment, customer) = (Some(payment()), Some(user(1)));
    let given = Refund { id: refund_id, order: order(), payment, customer, to, from: shares() }.posting().unwrap();
    let failed = RefundFailed { id: refund_id, order: order(), payment, customer, card: eur(25), to: shares() };
    let failed = failed.posting().unwrap();
    assert_eq!(failed.reference(), format!("order:{}:refund-failed:{refund_id}", order()));
    for (one, other) in given.legs().iter().zip(failed.legs()) {
        assert_eq!(
            (one.account, one.amount.negated().unwrap(), one.shown_to),
            (other.account, other.amount, other.shown_to)
        );
    }
}

#[test]
fn a_dispute_takes_from_those_who_earned_and_the_platform_bears_what_is_more() {
    let from = TakenFrom { sellers: vec![(user(7), eur(14))], fee: eur(1), tax: eur(0), shipping: eur(0) };
    let id = RefundId::new(id(9));
    let dispute = Dispute { id, order: order(), payment: payment(), amount: eur(20), from, excess: eur(5) };
    let taken = dispute.posting().unwrap();
    assert_eq!(
        legs(&taken),
        [
            (Account::Seller(user(7)), -14, Some(user(7))),
            (Account::Clearing, 20, None),
            (Account::PlatformFees, -6, None),
        ]
    );
    let won = DisputeWon(dispute.clone()).posting().unwrap();
    assert_eq!(
        (won.kind(), won.reference()),
        (MovementKind::DisputeWon, format!("order:{}:dispute-won:{id}", order()).as_str())
    );
    for (one, other) in taken.legs().iter().zip(won.legs()) {
        assert_eq!((one.account, one.amount.negated().unwrap()), (other.account, other.amount));
    }
    let short = Dispute { amount: eur(19), ..dispute };
    assert_eq!(short.posting(), Err(PostingError::Unbalanced(eur(-1))));
}

#[test]
fn what_goes_back_of_a_top_up_leaves_the_balance_and_returns_there_if_it_fails() {
    let refund = TopUpRefunded { id: RefundId::new(id(41)), payment: payment(), user: user(1), amount: eur(2_000) };
    let given = refund.posting().unwrap();
    let balance = Account::StoreBalance(user(1));
    assert_eq!(legs(&given), [(balance, -2_000, Some(user(1))), (Account::Clearing, 2_000, None)]);
    assert_eq!((given.kind(), given.about().payment), (MovementKind::Refund, Some(payment())));
    let failed = TopUpRefundFailed(refund.clone()).posting().unwrap();
    assert_eq!(legs(&failed), [(balance, 2_000, Some(user(1))), (Account::Clearing, -2_000, None)]);
    assert_eq!((failed.kind(), failed.about()), (MovementKind::RefundFailed, given.about()));
    assert_ne!(given.reference(), failed.reference());
    assert_eq!(TopUpRefunded { amount: eur(0), ..refund }.posting(), Err(PostingError::Nothing));
}

#[test]
fn a_disputed_top_up_is_the_platforms_loss_as_far_as_it_was_spent() {
    let dispute = |taken| TopUpDisputed {
        id: RefundId::new(id(41)),
        payment: payment(),
        user: user(1),
        amount: eur(5_000),
        taken: eur(taken),
    };
    let (balance, ada) = (Account::StoreBalance(user(1)), Some(user(1)));
    let taken = dispute(3_000).posting().unwrap();
    let expected = [(balance, -3_000, ada), (Account::Clearing, 5_000, None), (Account::PlatformFees, -2_000, None)];
    assert_eq!(legs(&taken), expected);
    assert_eq!((taken.kind(), taken.about().payment), (MovementKind::Dispute, Some(payment())));
    let won = TopUpDisputeWon(dispute(3_000)).posting().unwrap();
    assert_eq!(legs(&won), expected.map(|(of, amount, shown)| (of, -amount, shown)));
    assert_ne!(taken.reference(), won.reference());
    let spent = dispute(0).posting().unwrap();
    assert_eq!(legs(&spent), [(Account::Clearing, 5_000, None), (Account::PlatformFees, -5_000, None)]);
    assert_eq!(dispute(5_001).posting(), Err(PostingError::Negative(eur(-1))));
    assert_eq!(TopUpDisputeWon(dispute(5_001)).posting(), Err(PostingError::Negative(eur(-1))));
}

#[test]
fn a_disputes_fee_is_the_platforms_expense_until_it_is_given_back() {
    let subject = Subject::Order(order());
    let fee = DisputeFee { transfer: "txn_1".to_owned(), payment: payment(), subject, fee: eur(1_500) };
    let taken = fee.posting().unwrap();
    assert_eq!(legs(&taken), [(Account::Clearing, 1_500, None), (Account::GatewayFees, -1_500, None)]);
    assert_eq!(taken.reference(), format!("order:{}:dispute-fee:txn_1", order()));
    assert_eq!((taken.about().order, taken.about().payment), (Some(order()), Some(payment())));
    let returned = DisputeFeeReturned(fee.clone()).posting().unwrap();
    assert_eq!(legs(&returned), [(Account::Clearing, -1_500, None), (Account::GatewayFees, 1_500, None)]);
    assert_ne!(taken.reference(), returned.reference());
    let of_top_up = DisputeFee { subject: Subject::User(user(1)), ..fee.clone() }.posting().unwrap();
    assert_eq!((of_top_up.about().order, of_top_up.subject()), (None, Subject::User(user(1))));
    assert_eq!(DisputeFee { fee: eur(0), ..fee }.posting(), Err(PostingError::Nothing));
}

#[test]
fn a_payout_that_came_back_is_owed_again() {
    let sent = Payout { id: PayoutId::new(id(9)), seller: user(7), amount: eur(5) };
    let failed = PayoutFailed(sent.clone()).posting().unwrap();
    assert_eq!(legs(&failed), [(Account::Seller(user(7)), 5, Some(user(7))), (Account::Payouts, -5, None)]);
    assert_ne!(failed.reference(), sent.posting().unwrap().reference());
}

fn currencies() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["JPY", "EUR", "KWD"]).prop_map(|code| Currency::parse(code).unwrap())
}

proptest! {
    #[test]
    fn whatever_an_order_is_made_of_its_posting_adds_up_and_nobody_loses(
        lines in prop::collection::vec((0_u128..5, 1_i64..50_000_000_000), 1..20),
        (discount_part, held_part) in (0_i64..=100, 0_i64..=100),
        (shipping, tax) in (0_i64..1_000_000, 0_i64..1_000_000),
        points in 0_u32..=10_000,
        currency in currencies(),
    ) {
        let money = |amount| Money::new(amount, currency);
        let subtotal: i64 = lines.iter().map(|(_, total)| total).sum();
        let discount = subtotal / 100 * discount_part;
        let total = subtotal - discount + shipping + tax;
        let held = total / 100 * held_part;
        let paid = OrderPaid {
            lines: lines.iter().map(|(seller, total)| SoldLine { seller: user(*seller), total: money(*total), fee_free: false }).collect(),
            discount: money(discount),
            shipping: money(shipping),
            tax: money(tax),
            card: money(total - held),
            held: money(held),
            ..paid()
        };
        prop_assume!(total > 0);
        let rate = FeeRate::basis_points(points).unwrap();
        let posting = paid.posting(rate).unwrap();
        prop_assert_eq!(posting.legs().iter().map(|leg| leg.amount.amount()).sum::<i64>(), 0);
        let of = |account| posting.legs().iter().find(|leg| leg.account == account).map_or(0, |leg| leg.amount.amount());
        prop_assert_eq!(of(Account::PlatformFees), rate.of(money(subtotal - discount)).amount());
        prop_assert_eq!(of(Account::Clearing) + of(Account::OrderHold(order())), -total);
        for seller in 0..5 {
            let sold: i64 = lines.iter().filter(|(of, _)| *of == seller).map(|(_, total)| total).sum();
            let earned = of(Account::Seller(user(seller)));
            prop_assert!((0..=sold).contains(&earned), "{} of {}", earned, sold);
        }
    }

    #[test]
    fn a_price_that_is_off_by_anything_is_never_posted(off in -1_000_i64..1_000, points in 0_u32..=10_000) {
        prop_assume!(off != 0);
        let posting = OrderPaid { card: eur(41_500 + off), ..paid() }.posting(FeeRate::basis_points(points).unwrap());
        prop_assert_eq!(posting, Err(PostingError::Unbalanced(eur(-off))));
    }
}
