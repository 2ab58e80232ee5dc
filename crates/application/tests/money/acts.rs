//! Each step as the shop takes it: one call of a service, and its answer in the words of `told`.

use crate::asks::return_urls;
use crate::house::{House, Placed, client};
use crate::model::Of;
use crate::step::{How, Step};
use crate::told::{Answer, Why};
use application::checkout::cancel::{CancelError, CancelOrders};
use application::checkout::review::ReviewPayments;
use application::checkout::settle::{SettleError, SettlePayments};
use application::gift_cards::administer::LookAfterGiftCards;
use application::gift_cards::expire::ExpireGiftCards;
use application::identity::policy;
use application::payments::expire::{ExpireError, ExpireTopUps};
use application::payments::ports::GatewayError;
use application::payments::top_up::TopUpWish;
use application::payouts::pay_out::{MakePayouts, PayoutCommand};
use application::refunds::SettleRefundError;
use application::refunds::disputes::FollowDisputes;
use application::refunds::follow::FollowRefunds;
use domain::kernel::PaymentId;

/// What went well, or what the gateway did not answer.
fn done<E: Into<Failure>>(outcome: Result<(), E>) -> Answer {
    match outcome.map_err(Into::into) {
        Ok(()) => Answer::Done,
        Err(Failure(Some(GatewayError::Unavailable(_) | GatewayError::Lost(_)), _)) => Answer::Refused(Why::Silence),
        Err(Failure(_, said)) => panic!("{said}"),
    }
}

/// What the gateway failed at, if it was the gateway; and all of it in words.
struct Failure(Option<GatewayError>, String);

macro_rules! failures {
    ($($error:ident),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                let said = format!("{error:?}");
                match error {
                    $error::Gateway(error) => Self(Some(error), said),
                    _ => Self(None, said),
                }
            }
        })+
    };
}

failures!(SettleError, CancelError, ExpireError, SettleRefundError);

impl House {
    pub async fn takes(&mut self, step: Step) -> Answer {
        match step {
            Step::DaysPass(_) => Answer::Done,
            Step::Issue { value, days } => self.issue(value, days).await,
            Step::Redeem { customer, card } => self.redeem(customer, card).await,
            Step::SetUsable { card, usable } => {
                let caller = self.allowed::<policy::AdministerGiftCards>(&self.admin);
                let desk = &self.services.cards;
                desk.set_usable(&caller, self.cards[card].id, usable, &client()).await.unwrap().unwrap();
                Answer::Done
            }
            Step::EndCard { card } => {
                self.services.card_expiry.expire(self.cards[card].id).await.unwrap();
                Answer::Done
            }
            Step::TopUp { customer, amount, twin_meant } => {
                let wish = TopUpWish {
                    amount: self.money(amount),
                    key: self.key(),
                    description: None,
                    allow_duplicate: twin_meant,
                    return_urls: return_urls(),
                };
                self.top_up(customer, wish).await
            }
            Step::TopUpAgain { top_up, other_amount } => {
                let (_, customer, mut wish) = self.top_ups[top_up].clone();
                if other_amount {
                    wish.amount = self.other_than(wish.amount);
                }
                self.top_up(customer, wish).await
            }
            Step::CheckOut(basket) => self.check_out(basket).await,
            Step::CheckOutAgain { order, same_key } => {
                let Placed { customer, mut command, .. } = self.orders[order].clone();
                if !same_key {
                    command.key = self.key();
                }
                self.place(customer, command).await
            }
            Step::AtTheGateway { of, to } => {
                self.bank.decides_page(self.payment(of), to);
                Answer::Done
            }
            Step::Hear { of, how, times } => {
                let (payment, settlement) = (self.payment(of), &self.services.settlement);
                let mut answer = Answer::Done;
                for _ in 0..times {
                    answer = done(match how {
                        How::Event => settlement.settle(payment).await,
                        How::Reconciler => settlement.reconcile(payment).await,
                    });
                }
                answer
            }
            Step::Gateway(wire) => {
                self.bank.is(wire);
                Answer::Done
            }
            Step::IssueSold { order } => self.issue_sold(order).await,
            Step::PayByBalance { order, customer, more, name } => {
                self.pay_by_balance(order, customer, more, name).await
            }
            Step::Decide { of, take } => self.decide(self.payment(of), take).await,
            Step::EndReview { of } => done(self.services.reviews.end(self.payment(of)).await),
            Step::Cancel { order } => self.cancel(order).await,
            Step::Expire { of: Of::Order(order) } => {
                done(self.services.cancellation.expire(self.orders[order].id).await)
            }
            Step::Expire { of: Of::TopUp(top_up) } => {
                done(self.services.top_up_expiry.expire(self.top_ups[top_up].0).await)
            }
            Step::Refund(ask) => self.refund(ask).await,
            Step::RefundAgain { refund } => {
                let (_, by, command) = self.refunds[refund].clone();
                self.give(by, command).await
            }
            Step::BankDecides { refund, fails } => {
                self.bank.decides_refund(self.refunds[refund].0, fails);
                Answer::Done
            }
            Step::HearRefund { refund, reconciling, times } => {
                let ((refund, ..), following) = (&self.refunds[refund], &self.services.following);
                let mut answer = Answer::Done;
                for _ in 0..times {
                    answer = done(if reconciling {
                        following.reconcile(*refund).await
                    } else {
                        following.follow(*refund).await
                    });
                }
                answer
            }
            Step::Dispute { order, told } => {
                let name = format!("dp_{}", self.disputes.len());
                self.bank.is_disputed(&name, self.orders[order].payment, self.money(told));
                self.disputes.push(name);
                Answer::Done
            }
            Step::DecideDispute { dispute, won } => {
                self.bank.decides_dispute(&self.disputes[dispute], won);
                Answer::Done
            }
            Step::HearDispute { dispute, times } => {
                let mut answer = Answer::Done;
                for _ in 0..times {
                    answer = done(self.services.disputes.follow(&self.disputes[dispute]).await);
                }
                answer
            }
            Step::PayOut { seller, amount } => {
                let (seller, amount, key) = (self.sellers[seller].id, self.money(amount), self.key());
                self.pay_out(PayoutCommand { seller, amount, reference: None, key }).await
            }
            Step::PayOutAgain { payout } => self.pay_out(self.payouts[payout].1.clone()).await,
            Step::PayoutComesBack { payout } => {
                let caller = self.allowed::<policy::AdministerPayouts>(&self.admin);
                let view = self.services.payouts.fail(&caller, self.payouts[payout].0, &client()).await.unwrap();
                Answer::Sent { payout, amount: view.payout.amount.amount() }
            }
        }
    }

    pub fn payment(&self, of: Of) -> PaymentId {
        match of {
            Of::Order(order) => self.orders[order].payment,
            Of::TopUp(top_up) => self.top_ups[top_up].0,
        }
    }
}
