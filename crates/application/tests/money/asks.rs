//! What people ask for, and what is said to it: answers and refusals in the words of `told`.

use crate::house::{Card, House, Placed, client};
use crate::model::{Ask, Basket, GOODS, Wish};
use crate::told::{Answer, Why};
use application::cart::shop::{CartError, FillCarts};
use application::checkout::place_order::{Checkout, PlaceOrderError, PlaceOrders};
use application::checkout::tenders::{CodeFault, Means, TypedCode};
use application::gift_cards::issue::{IssueGiftCards, IssueGiftCardsError, IssueWish};
use application::gift_cards::redeem::{RedeemGiftCardError, RedeemGiftCards};
use application::identity::policy;
use application::payments::top_up::{TopUpBalances, TopUpError, TopUpWish};
use application::payouts::pay_out::{MakePayouts, PayOutError, PayoutCommand};
use application::refunds::give::{GiveRefundError, GiveRefunds, RefundCommand};
use application::system::Clock;
use chrono::TimeDelta;
use domain::gift_cards::{IssueRefusal, UseRefusal};
use domain::kernel::{EmailAddress, Gift, Money, OrderLineId, PaymentId};
use domain::payments::{PaymentStatus, ReturnUrls};
use domain::payouts::PayoutRefusal;
use domain::refunds::{RefundRefusal, RefundWish};
use testkit::builders::an_address;

/// What nobody's card is named by.
const NOBODYS: &str = "0000-0000-0000-0000-0000-0000";

impl House {
    pub async fn issue(&mut self, value: i64, days: Option<i64>) -> Answer {
        let expires_at = days.map(|days| self.watch.now() + TimeDelta::days(days));
        let wish = IssueWish { value: self.money(value), quantity: 1, expires_at, gift: None };
        let caller = self.allowed::<policy::AdministerGiftCards>(&self.admin);
        match self.services.issuance.issue(&caller, wish, &client()).await {
            Ok(issued) => {
                self.cards.extend(issued.iter().map(|one| Card { id: one.card.id, code: one.code.written() }));
                Answer::Done
            }
            Err(IssueGiftCardsError::Refused(IssueRefusal::NoValue)) => Answer::Refused(Why::NoValue),
            Err(IssueGiftCardsError::Refused(IssueRefusal::Expired)) => Answer::Refused(Why::Over),
            Err(error) => panic!("{error:?}"),
        }
    }

    fn code(&self, card: usize) -> String {
        self.cards.get(card).map_or_else(|| NOBODYS.to_owned(), |card| card.code.clone())
    }

    pub async fn redeem(&self, customer: usize, card: usize) -> Answer {
        let caller = self.allowed::<policy::RedeemGiftCards>(&self.customers[customer]);
        match self.services.redemption.redeem(&caller, &self.code(card), &client()).await {
            Ok(redeemed) => {
                assert_eq!(redeemed.gift_card, self.cards[card].id);
                Answer::Redeemed { value: redeemed.credited.amount(), balance: redeemed.store_balance.amount() }
            }
            Err(RedeemGiftCardError::NotFound) => Answer::Refused(Why::UnknownCode),
            Err(RedeemGiftCardError::Refused(why)) => Answer::Refused(of_use(why)),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Another amount that can be paid in.
    pub fn other_than(&self, amount: Money) -> Money {
        let unit = self.money(10_i64.pow(u32::from(self.currency.decimals())));
        if amount == unit { unit.times(2).unwrap() } else { unit }
    }

    pub async fn top_up(&mut self, customer: usize, wish: TopUpWish) -> Answer {
        let caller = self.allowed::<policy::Pay>(&self.customers[customer]);
        let place =
            |id: PaymentId, top_ups: &[(PaymentId, usize, TopUpWish)]| top_ups.iter().position(|one| one.0 == id);
        match self.services.top_ups.top_up(&caller, wish.clone(), &client()).await {
            Ok(payment) => {
                let known = place(payment.id, &self.top_ups);
                let top_up = known.unwrap_or(self.top_ups.len());
                if known.is_none() {
                    self.top_ups.push((payment.id, customer, wish));
                }
                Answer::Paying { top_up, standing: standing_of(payment.status) }
            }
            Err(TopUpError::Limits(_)) => Answer::Refused(Why::OutOfLimits),
            Err(TopUpError::Duplicate(twin)) => Answer::Refused(Why::Twin(place(twin, &self.top_ups).unwrap())),
            Err(TopUpError::KeyReused) => Answer::Refused(Why::KeyReused),
            Err(error) => panic!("{error:?}"),
        }
    }

    pub async fn check_out(&mut self, basket: Basket) -> Answer {
        let buyer = basket.customer.map(|customer| self.allowed::<policy::Buy>(&self.customers[customer]));
        let carts = &self.services.carts;
        let cart = carts.open(buyer.as_ref(), Some(self.currency)).await.unwrap().cart.id;
        for (good, quantity) in &basket.goods {
            let (variant, gift) = (self.goods[*good], GOODS[*good].gift.then(a_gift));
            let added = match gift {
                Some(gift) => carts.add_gift(buyer.as_ref(), cart, variant, *quantity, gift).await,
                None => carts.add(buyer.as_ref(), cart, variant, *quantity).await,
            };
            match added {
                Ok(_) => {}
                Err(CartError::InsufficientStock(_)) => return Answer::Refused(Why::TooFew),
                Err(error) => panic!("{error:?}"),
            }
        }
        let gift_card_codes = basket.cards.iter().map(|card| TypedCode(self.code(*card))).collect();
        let command = Checkout {
            cart,
            key: self.key(),
            email: EmailAddress::parse("ada@example.com").unwrap(),
            shipping_address: Some(an_address()),
            means: Means { gift_card_codes, use_balance: basket.balance },
            expected_total: None,
            return_urls: return_urls(),
        };
        self.place(basket.customer, command).await
    }

    pub async fn place(&mut self, customer: Option<usize>, command: Checkout) -> Answer {
        let caller = customer.map(|customer| self.allowed::<policy::CheckOut>(&self.customers[customer]));
        match self.services.checkout.place(caller.as_ref(), command.clone(), &client()).await {
            Ok(placed) => {
                let known = self.orders.iter().position(|one| one.id == placed.order.id);
                let order = known.unwrap_or(self.orders.len());
                if known.is_none() {
                    let (id, payment) = (placed.order.id, placed.payment.id);
                    let lines = placed.order.lines.iter().map(|line| line.id).collect();
                    self.orders.push(Placed { id, payment, lines, customer, command });
                }
                let state = placed.order.state().name();
                Answer::Placed { order, state, by_card: placed.payment.amount.amount() }
            }
            Err(PlaceOrderError::InsufficientStock(_)) => Answer::Refused(Why::TooFew),
            Err(PlaceOrderError::CheckedOut(id)) => {
                Answer::Refused(Why::CheckedOut(self.orders.iter().position(|one| one.id == id).unwrap()))
            }
            Err(PlaceOrderError::GiftCard(refusal)) => {
                let why = match refusal.why {
                    CodeFault::NotFound => Why::UnknownCode,
                    CodeFault::Twice => Why::Twice,
                    CodeFault::Refused(why) => of_use(why),
                    CodeFault::OtherCurrency => panic!("there is one currency here"),
                };
                Answer::Refused(Why::Card(refusal.place, Box::new(why)))
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    pub async fn refund(&mut self, ask: Ask) -> Answer {
        let Placed { id, lines, .. } = &self.orders[ask.order];
        let wish = match ask.wish {
            Wish::Rest => RefundWish::Rest,
            Wish::Amount(amount) => RefundWish::Amount(self.money(amount)),
            Wish::Pieces(pieces) => {
                RefundWish::Lines(pieces.into_iter().map(|(line, pieces)| (lines[line], pieces)).collect())
            }
        };
        let (order, restock) = (*id, ask.restock);
        self.bank.will_say(ask.bank);
        let command = RefundCommand { order, wish, reason: None, restock, key: self.key() };
        let given = self.give(ask.by, command).await;
        if let Answer::Given { refund, .. } = given {
            // If the bank has not heard of it, it will say so then.
            self.bank.will_say_to(self.refunds[refund].0, ask.bank);
        }
        given
    }

    pub async fn give(&mut self, by: Option<usize>, command: RefundCommand) -> Answer {
        let desk = &self.services.refunds;
        let given = match by {
            Some(seller) => desk.of_sales(&self.allowed(&self.sellers[seller]), command.clone()).await,
            None => desk.of_order(&self.allowed(&self.admin), command.clone()).await,
        };
        let of_line = |id: OrderLineId| {
            let placed = self.orders.iter().find(|placed| placed.id == command.order).unwrap();
            placed.lines.iter().position(|line| *line == id).unwrap()
        };
        Answer::Refused(match given {
            Ok((given, _)) => {
                let known = self.refunds.iter().position(|one| one.0 == given.id);
                let refund = known.unwrap_or(self.refunds.len());
                if known.is_none() {
                    self.refunds.push((given.id, by, command));
                }
                return Answer::Given { refund, amount: given.amount.amount(), standing: given.status.name() };
            }
            Err(GiveRefundError::NotFound) => Why::NotFound,
            Err(GiveRefundError::NotPaid(state)) => Why::NotPaid(state.name()),
            Err(GiveRefundError::Disputed) => Why::Disputed,
            Err(GiveRefundError::GiftCards) => Why::GiftCards,
            Err(GiveRefundError::Refused(RefundRefusal::NothingLeft)) => Why::NothingLeft,
            Err(GiveRefundError::Refused(RefundRefusal::TooMuch { left })) => Why::TooMuch(left.amount()),
            Err(GiveRefundError::Refused(RefundRefusal::UnknownLine(line))) => Why::UnknownLine(of_line(line)),
            Err(GiveRefundError::Refused(RefundRefusal::TooManyPieces { line, left })) => {
                Why::TooManyPieces(of_line(line), left)
            }
            Err(error) => panic!("{error:?}"),
        })
    }

    pub async fn pay_out(&mut self, command: PayoutCommand) -> Answer {
        let caller = self.allowed::<policy::AdministerPayouts>(&self.admin);
        match self.services.payouts.pay_out(&caller, command.clone(), &client()).await {
            Ok(view) => {
                let known = self.payouts.iter().position(|one| one.0 == view.payout.id);
                let payout = known.unwrap_or(self.payouts.len());
                if known.is_none() {
                    self.payouts.push((view.payout.id, command));
                }
                Answer::Sent { payout, amount: view.payout.amount.amount() }
            }
            Err(PayOutError::Refused(PayoutRefusal::Nothing)) => Answer::Refused(Why::NothingToSend),
            Err(PayOutError::Refused(PayoutRefusal::MoreThanOwed(owed))) => {
                Answer::Refused(Why::MoreThanOwed(owed.amount()))
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// For a friend, at once.
fn a_gift() -> Gift {
    Gift {
        recipient_email: EmailAddress::parse("friend@example.com").unwrap(),
        recipient_name: None,
        sender_name: None,
        message: None,
        deliver_on: None,
    }
}

pub fn standing_of(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Created | PaymentStatus::Submitted => "open",
        PaymentStatus::Unknown => "unknown",
        PaymentStatus::Authorized => "authorized",
        PaymentStatus::Captured => "captured",
        PaymentStatus::Declined => "declined",
        PaymentStatus::Voided => "voided",
    }
}

fn of_use(why: UseRefusal) -> Why {
    match why {
        UseRefusal::Redeemed => Why::Spent,
        UseRefusal::Expired => Why::Over,
        UseRefusal::Disabled => Why::Disabled,
    }
}

pub fn return_urls() -> ReturnUrls {
    ReturnUrls { success: "/s".to_owned(), cancel: "/c".to_owned() }
}
