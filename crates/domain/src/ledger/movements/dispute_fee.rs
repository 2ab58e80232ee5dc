//! What a gateway keeps for itself when a payment is disputed, and may give back when the dispute is won. The platform bears it.

use crate::kernel::{Money, PaymentId};
use crate::ledger::posting::Draft;
use crate::ledger::{About, Account, MovementKind, Posting, PostingError, Subject};

/// A fee that a gateway took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeFee {
    /// The gateway's name for taking it, or for giving it back.
    pub transfer: String,
    /// The payment.
    pub payment: PaymentId,
    /// The order that was paid; of a top-up, its customer.
    pub subject: Subject,
    /// How much, in the currency in which the gateway keeps the shop's money.
    pub fee: Money,
}

impl DisputeFee {
    /// From the platform to the gateway, once for each time that it was taken.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        self.draft(MovementKind::DisputeFee, "dispute-fee")
            .credit(Account::Clearing, self.fee)?
            .debit(Account::GatewayFees, self.fee)?
            .balanced()
    }

    fn draft(&self, kind: MovementKind, what: &str) -> Draft {
        let Self { transfer, payment, subject, .. } = self;
        let order = match subject {
            Subject::Order(order) => Some(*order),
            Subject::GiftCard(_) | Subject::User(_) => None,
        };
        Draft::new(kind, *subject, format!("{subject}:{what}:{transfer}")).about(About {
            order,
            payment: Some(*payment),
            gift_card: None,
        })
    }
}

/// A fee, or a part of one, that the gateway gave back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputeFeeReturned(pub DisputeFee);

impl DisputeFeeReturned {
    /// From the gateway to the platform, once for each time that it was given back.
    ///
    /// # Errors
    /// When nothing moves.
    pub fn posting(&self) -> Result<Posting, PostingError> {
        let Self(returned) = self;
        returned
            .draft(MovementKind::DisputeFeeReturned, "dispute-fee-returned")
            .debit(Account::Clearing, returned.fee)?
            .credit(Account::GatewayFees, returned.fee)?
            .balanced()
    }
}
