use super::*;
use crate::gift_cards::issue::tests::gift;
use crate::refunds::give::tests::paid;
use crate::tests::{eur, gift_card, now, uuid};
use crate::unit_of_work::double::UnitOfWorkDouble;
use crate::webhooks::tests::announces;
use domain::gift_cards::{GiftCard, OrderPiece};
use domain::ledger::{Account, MovementKind};
use domain::orders::Tender;

/// A paid order whose first line is three gift cards for 50.00 each.
fn with_gifts() -> Order {
    let mut order = paid();
    (order.lines[0].gift, order.lines[0].quantity, order.lines[0].unit_price) = (Some(gift(None)), 3, eur(5_000));
    order
}

fn card(number: u64) -> GiftCard {
    GiftCard { id: GiftCardId::new(uuid(number)), value: eur(5_000), ..gift_card() }
}

/// A unit of work that finds these cards, with what is left on them.
fn holding(order: &Order, cards: Vec<(GiftCard, i64)>) -> UnitOfWorkDouble {
    let mut tx = UnitOfWorkDouble::default();
    let (order, line) = (order.id, order.lines[0].id);
    let ids: Vec<_> = cards.iter().map(|(card, _)| card.id).collect();
    let piece = move |(number, id): (u32, &GiftCardId)| (*id, OrderPiece { order, line, number });
    let pieces: Vec<_> = (0..).zip(&ids).map(piece).collect();
    tx.gift_deliveries.expect_pieces_of().return_once(move |_| Ok(pieces));
    let found = cards.into_iter().map(|(card, left)| CardWithBalance { card, balance: eur(left) }).collect();
    tx.gift_cards.expect_lock_all().times(1).return_once(move |_| Ok(found));
    tx
}

fn most(bought: &Bought, order: &Order, wish: &RefundWish) -> u32 {
    bought.most(order, wish)[&order.lines[0].id]
}

#[tokio::test]
async fn of_an_order_without_gift_cards_nothing_is_asked() {
    let bought = Bought::lock(&UnitOfWorkDouble::default(), &paid()).await.unwrap();
    assert!(bought.most(&paid(), &RefundWish::Rest).is_empty());
}

#[tokio::test]
async fn pieces_go_back_whose_cards_are_whole_or_were_taken_back_and_no_part_of_one() {
    let order = with_gifts();
    let taken_back = GiftCard { voided_at: Some(now()), ..card(3) };
    let tx = holding(&order, vec![(card(1), 5_000), (card(2), 4_999), (taken_back, 0)]);
    let bought = Bought::lock(&tx, &order).await.unwrap();
    assert_eq!(most(&bought, &order, &RefundWish::Rest), 2);
    assert_eq!(most(&bought, &order, &RefundWish::Lines(vec![(order.lines[0].id, 1)])), 2);
    assert_eq!(most(&bought, &order, &RefundWish::Amount(eur(1))), 0);
}

#[tokio::test]
async fn cards_that_are_not_issued_yet_can_not_be_taken_back() {
    let order = with_gifts();
    let bought = Bought::lock(&holding(&order, vec![]), &order).await.unwrap();
    assert_eq!(most(&bought, &order, &RefundWish::Rest), 0);
}

#[tokio::test]
async fn the_cards_that_paid_are_locked_with_those_that_were_bought() {
    let source = TenderSource::GiftCard { id: GiftCardId::new(uuid(9)), last4: "YZ01".to_owned() };
    let order = Order { tenders: vec![Tender { source, amount: eur(5) }], ..with_gifts() };
    let (mut tx, line) = (UnitOfWorkDouble::default(), order.lines[0].id);
    let piece = OrderPiece { order: order.id, line, number: 0 };
    tx.gift_deliveries.expect_pieces_of().return_once(move |_| Ok(vec![(GiftCardId::new(uuid(1)), piece)]));
    let both = |ids: &[GiftCardId]| ids.len() == 2;
    let found = |number, left| CardWithBalance { card: card(number), balance: eur(left) };
    tx.gift_cards.expect_lock_all().withf(both).return_once(move |_| Ok(vec![found(1, 0), found(9, 5_000)]));
    let bought = Bought::lock(&tx, &order).await.unwrap();
    assert_eq!(most(&bought, &order, &RefundWish::Rest), 0, "what paid is no piece");
}

fn part(order: &Order, quantity: u32) -> RefundPart {
    RefundPart { line: Some(order.lines[0].id), quantity, amount: eur(5_000 * i64::from(quantity)) }
}

#[tokio::test]
async fn a_card_is_void_its_value_its_sellers_and_merchants_are_told() {
    let order = with_gifts();
    let mut tx = holding(&order, vec![(card(1), 5_000), (card(2), 5_000)]);
    tx.gift_cards.expect_void().withf(|id, _| *id == card(1).id).times(1).returning(|_, _| Ok(true));
    let seller = order.lines[0].seller.id;
    tx.ledger.expect_post().times(1).returning(move |posting, _| {
        assert_eq!(posting.kind(), MovementKind::GiftCardVoided);
        let theirs = posting.legs().iter().find(|leg| leg.account == Account::Seller(seller)).unwrap();
        assert_eq!(theirs.amount, eur(5_000));
        Ok(Applied::Now(()))
    });
    announces(&mut tx, &["gift_card.disabled"]);
    let bought = Bought::lock(&tx, &order).await.unwrap();
    bought.take_back(&tx, &order, &Given::new(), &[part(&order, 1)], now()).await.unwrap();
}

#[tokio::test]
async fn a_card_that_was_taken_back_for_what_did_not_arrive_needs_no_other() {
    let order = with_gifts();
    let taken_back = GiftCard { voided_at: Some(now()), ..card(1) };
    let tx = holding(&order, vec![(taken_back, 0), (card(2), 5_000)]);
    let bought = Bought::lock(&tx, &order).await.unwrap();
    bought.take_back(&tx, &order, &Given::new(), &[part(&order, 1)], now()).await.unwrap();
}

#[tokio::test]
async fn who_was_slower_than_the_cards_holder_gives_nothing_back() {
    let order = with_gifts();
    let mut tx = holding(&order, vec![(card(1), 5_000)]);
    tx.gift_cards.expect_void().returning(|_, _| Ok(false));
    let bought = Bought::lock(&tx, &order).await.unwrap();
    let refused = bought.take_back(&tx, &order, &Given::new(), &[part(&order, 1)], now()).await;
    assert!(matches!(refused, Err(GiveRefundError::GiftCards)));
    for answer in [Ok(Applied::Already), Err(())] {
        let mut tx = holding(&order, vec![(card(1), 5_000)]);
        tx.gift_cards.expect_void().returning(|_, _| Ok(true));
        let account = Account::GiftCard(card(1).id);
        tx.ledger.expect_post().return_once(move |_, _| answer.map_err(|()| PostError::TooLittle(account)));
        let bought = Bought::lock(&tx, &order).await.unwrap();
        let refused = bought.take_back(&tx, &order, &Given::new(), &[part(&order, 1)], now()).await;
        assert!(matches!(refused, Err(GiveRefundError::GiftCards)));
    }
}
