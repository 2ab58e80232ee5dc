//! A thousand races on each database, every one drawn by its seed: customers who spend the same balance and the same gift cards
//! at once, cards that are redeemed or end meanwhile, gateways that say yes or no, and time that runs out. Whoever wins, all
//! money is somewhere, once.

use crate::shop::{self, Card, Shop};
use application::checkout::place_order::{PlaceOrderError, PlacedOrder};
use application::checkout::tenders::CodeFault;
use application::gift_cards::redeem::RedeemGiftCardError;
use domain::catalog::Product;
use domain::identity::User;
use domain::orders::OrderStatus;
use std::ops::Range;
use std::pin::Pin;
use testkit::{Dice, TestDb, both_databases};

type Act<'a> = Pin<Box<dyn Future<Output = Option<PlacedOrder>> + 'a>>;

/// What one race is about.
struct Race {
    seed: u64,
    dice: Dice,
    ada: User,
    cards: [Card; 2],
    /// All that they have, in cents.
    worth: i64,
    ring: Product,
    stock: u32,
}

impl Race {
    async fn drawn(shop: &Shop, seed: u64) -> Self {
        let mut dice = Dice::of(seed);
        let mut cents = || i64::try_from(dice.throw(30_000)).unwrap() + 1;
        let worth = [cents(), cents(), cents()];
        let stock = u32::try_from(dice.throw(5)).unwrap() + 1;
        let ada = shop.customer_with(worth[0]).await;
        let cards = [shop.gift_card(worth[1]).await, shop.gift_card(worth[2]).await];
        Self { seed, dice, ada, cards, worth: worth.iter().sum(), ring: shop.on_sale(stock).await, stock }
    }

    /// Everybody at once: checkouts with cards in any order, redemptions, and at times the end of a card.
    async fn rush(&mut self, shop: &Shop) -> Vec<PlacedOrder> {
        let carts = shop.carts_with(&self.ring, 4).await;
        let wishes: Vec<_> = carts.iter().map(|_| (self.dice.throw(5), self.dice.once_in(2))).collect();
        let redeemed = [self.dice.once_in(3), self.dice.once_in(3)];
        let ends = self.dice.once_in(4);
        let (ada, [one, other], seed) = (&self.ada, &self.cards, self.seed);
        let mut acts: Vec<Act<'_>> = Vec::new();
        for (key, (cart, (wish, is_ada))) in (1..).zip(carts.into_iter().zip(wishes)) {
            let cards: Vec<&Card> = match wish {
                0 => vec![],
                1 => vec![one],
                2 => vec![other],
                3 => vec![one, other],
                _ => vec![other, one],
            };
            acts.push(Box::pin(async move {
                placed(shop.check_out_with(is_ada.then_some(ada), &cards, cart, key).await, seed)
            }));
        }
        for (card, wanted) in [one, other].into_iter().zip(redeemed) {
            if wanted {
                acts.push(Box::pin(async move {
                    let redeemed = shop.redeem(ada, card).await;
                    assert!(matches!(redeemed, Ok(_) | Err(RedeemGiftCardError::Refused(_))), "{seed}: {redeemed:?}");
                    None
                }));
            }
        }
        if ends {
            acts.push(Box::pin(async move {
                shop.ends(one).await;
                shop.expire_card(one).await;
                None
            }));
        }
        shop::all(acts).await.into_iter().flatten().collect()
    }

    /// Half of the gateway's pages are decided; then events, the reconciler and the end of the time come at once.
    async fn settles(&mut self, shop: &Shop, placed: &[PlacedOrder]) {
        let open = |placed: &&PlacedOrder| placed.order.status == OrderStatus::PendingPayment;
        for placed in placed.iter().filter(open) {
            match self.dice.throw(4) {
                0 | 1 => assert!(shop.gateway.pays(&placed.payment)),
                2 => shop.gateway.declines(&placed.payment),
                _ => {}
            }
        }
        let ways = placed.iter().filter(open).map(|placed| async {
            let (order, payment) = (placed.order.id, placed.payment.id);
            let (first, second, last) = tokio::join!(shop.settle(payment), shop.reconcile(payment), shop.expire(order));
            first.unwrap();
            second.unwrap();
            last.unwrap();
        });
        shop::all(ways.collect()).await;
        shop.expire_card(&self.cards[0]).await; // what came back to a card that has ended
    }

    /// What they had is where it was, or in orders that are paid, or expired; and so are the rings.
    async fn adds_up(&self, shop: &Shop, placed: &[PlacedOrder], expired: i64) {
        let mut spent = 0;
        let mut sold = 0;
        for placed in placed {
            let order = shop.order(placed.order.id).await;
            assert_ne!(order.status, OrderStatus::PendingPayment, "seed {}", self.seed);
            if order.status == OrderStatus::Paid {
                spent += order.taken().unwrap().amount();
                sold += 1;
            }
        }
        let left =
            shop.balance(&self.ada).await + shop.on_card(&self.cards[0]).await + shop.on_card(&self.cards[1]).await;
        assert_eq!(left + spent + expired, self.worth, "seed {}", self.seed);
        assert_eq!(shop.stock(&self.ring).await + sold, self.stock, "seed {}", self.seed);
    }
}

/// An order, or a reason that a race can have.
fn placed(outcome: Result<PlacedOrder, PlaceOrderError>, seed: u64) -> Option<PlacedOrder> {
    match outcome {
        Ok(placed) => Some(placed),
        Err(PlaceOrderError::InsufficientStock(_)) => None,
        Err(PlaceOrderError::GiftCard(refusal)) if matches!(refusal.why, CodeFault::Refused(_)) => None,
        Err(error) => panic!("seed {seed}: {error:?}"),
    }
}

async fn races(db: TestDb, seeds: Range<u64>) {
    let shop = Shop::open(db).await;
    for seed in seeds {
        let before = shop.ledger("breakage").await;
        let mut race = Race::drawn(&shop, seed).await;
        let placed = race.rush(&shop).await;
        race.settles(&shop, &placed).await;
        race.adds_up(&shop, &placed, shop.ledger("breakage").await - before).await;
        if seed % 50 == 0 {
            shop.assert_money_adds_up().await;
        }
    }
    assert_eq!(shop.ledger("order_hold").await, 0);
    shop.assert_money_adds_up().await;
}

both_databases! {
    async fn whoever_wins_all_money_is_somewhere_once_in_races_1_to_250(db: TestDb) {
        races(db, 1..251).await;
    }

    async fn whoever_wins_all_money_is_somewhere_once_in_races_251_to_500(db: TestDb) {
        races(db, 251..501).await;
    }

    async fn whoever_wins_all_money_is_somewhere_once_in_races_501_to_750(db: TestDb) {
        races(db, 501..751).await;
    }

    async fn whoever_wins_all_money_is_somewhere_once_in_races_751_to_1000(db: TestDb) {
        races(db, 751..1001).await;
    }
}
