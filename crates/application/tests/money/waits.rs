//! What is done about orders that wait for their money, and with what they have bought: answers and refusals in the words of `told`.

use crate::asks::standing_of;
use crate::house::{Card, House, Placed, client};
use crate::model::Name;
use crate::told::{Answer, Why};
use application::checkout::cancel::{CancelError, CancelOrders};
use application::checkout::pay_order::{PayOrderError, PayOrders};
use application::checkout::review::{ReviewError, ReviewPayments};
use application::gift_cards::ports::{GiftDeliveryQueries, LaterCodes};
use application::gift_cards::sell::IssueSoldGiftCards;
use application::identity::policy;
use application::payments::ports::{GatewayError, PaymentQueries, PaymentWithCustomer};
use domain::kernel::PaymentId;
use domain::orders::OrderStatus;
use domain::payments::ReviewRefusal;

impl House {
    pub async fn cancel(&self, order: usize) -> Answer {
        let Placed { id, customer, .. } = &self.orders[order];
        let buyer = customer.map(|customer| self.allowed::<policy::Buy>(&self.customers[customer]));
        match self.services.cancellation.cancel(buyer.as_ref(), Some("token"), *id).await {
            Ok(()) => Answer::Done,
            Err(CancelError::NotCancellable(status)) => Answer::Refused(Why::Ended(name_of(status))),
            Err(CancelError::Gateway(GatewayError::Unavailable(_) | GatewayError::Lost(_))) => {
                Answer::Refused(Why::Silence)
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    pub async fn issue_sold(&mut self, order: usize) -> Answer {
        let order = self.orders[order].id;
        self.services.sold_cards.issue(order).await.unwrap();
        for sold in self.db.queries().sold_cards(order).await.unwrap() {
            let id = sold.delivery.gift_card;
            if self.cards.iter().all(|card| card.id != id) {
                let code = self.codes.code(&sold.delivery.seed.unwrap(), id.uuid(), id).unwrap();
                self.cards.push(Card { id, code: code.written() });
            }
        }
        Answer::Done
    }

    pub async fn pay_by_balance(&mut self, order: usize, customer: usize, more: i64, name: Name) -> Answer {
        let (id, payment) = (self.orders[order].id, self.orders[order].payment);
        let due = PaymentQueries::find(&self.db.queries(), payment).await.unwrap().unwrap().amount;
        let key = match name {
            Name::Usual => format!("somebody:pays {order}"),
            Name::New => self.key(),
        };
        let caller = self.allowed::<policy::Pay>(&self.customers[customer]);
        let amount = self.money(due.amount() + more);
        Answer::Refused(match self.services.paying.by_balance(&caller, id, amount, key).await {
            Ok(own) => {
                return Answer::Stands { standing: standing_of(own.payment.status), amount: own.amount.amount() };
            }
            Err(PayOrderError::NotFound) => Why::NotFound,
            Err(PayOrderError::NotPayable(status)) => Why::Ended(name_of(status)),
            Err(PayOrderError::OtherAmount(due)) => Why::OtherAmount(due.amount()),
            Err(PayOrderError::Held) => Why::Held,
            Err(PayOrderError::BalanceTooLow { missing }) => Why::TooLow(missing.amount()),
            Err(error) => panic!("{error:?}"),
        })
    }

    pub async fn decide(&self, payment: PaymentId, take: bool) -> Answer {
        let caller = self.allowed::<policy::ReviewPayments>(&self.admin);
        match self.services.reviews.decide(&caller, payment, take, &client()).await {
            Ok(PaymentWithCustomer { payment, .. }) => {
                Answer::Stands { standing: standing_of(payment.status), amount: payment.amount.amount() }
            }
            Err(ReviewError::Refused(ReviewRefusal::NotHeld(status))) => {
                Answer::Refused(Why::NotHeld(standing_of(status)))
            }
            Err(ReviewError::Refused(ReviewRefusal::Decided(status))) => Answer::Refused(Why::Decided(status.name())),
            Err(error) => panic!("{error:?}"),
        }
    }
}

fn name_of(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PendingPayment => "pending_payment",
        OrderStatus::Paid => "paid",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Expired => "expired",
    }
}
