//! What the use cases of refunds refuse, as problems.

use crate::orders::dto::OrderStatus;
use crate::problem::{Problem, registry};
use crate::wire::Money;
use application::refunds::give::GiveRefundError;
use application::refunds::top_ups::give::RefundTopUpError;
use application::refunds::view::ViewRefundError;
use domain::payments::TopUpRefusal;
use domain::refunds::RefundRefusal;

impl From<GiveRefundError> for Problem {
    fn from(error: GiveRefundError) -> Self {
        match error {
            GiveRefundError::NotFound => Self::new(&registry::ORDER_NOT_FOUND),
            GiveRefundError::NotPaid(state) => {
                Self::new(&registry::ORDER_NOT_REFUNDABLE).with("order_status", OrderStatus::from(state))
            }
            GiveRefundError::Disputed => Self::new(&registry::ORDER_DISPUTED),
            GiveRefundError::GiftCards => Self::new(&registry::GIFT_CARD_NOT_REFUNDABLE),
            GiveRefundError::Refused(refusal) => refusal.into(),
            error @ GiveRefundError::Unbalanced(_) => Self::internal(error),
            GiveRefundError::Repository(error) => error.into(),
        }
    }
}

impl From<RefundRefusal> for Problem {
    fn from(refusal: RefundRefusal) -> Self {
        match refusal {
            RefundRefusal::UnknownLine(line) => {
                Self::invalid_field("/lines", "unknown-line", &format!("the order has no line {line} of yours"))
            }
            RefundRefusal::TooManyPieces { line, left } => {
                Self::new(&registry::REFUND_TOO_LARGE).with("line_id", line.uuid()).with("pieces_left", left)
            }
            RefundRefusal::TooMuch { left } => Self::new(&registry::REFUND_TOO_LARGE).with("left", Money::from(left)),
            RefundRefusal::NothingLeft => Self::new(&registry::ORDER_NOT_REFUNDABLE),
            RefundRefusal::Amount(_) => {
                Self::invalid_field("/amount", "currency", "must be in the currency of the order")
            }
        }
    }
}

impl From<ViewRefundError> for Problem {
    fn from(error: ViewRefundError) -> Self {
        match error {
            ViewRefundError::NotFound => Self::new(&registry::ORDER_NOT_FOUND),
            error @ ViewRefundError::Inconsistent(_) => Self::internal(error),
            ViewRefundError::Repository(error) => error.into(),
        }
    }
}

impl From<RefundTopUpError> for Problem {
    fn from(error: RefundTopUpError) -> Self {
        match error {
            RefundTopUpError::NotFound => Self::new(&registry::PAYMENT_NOT_FOUND),
            RefundTopUpError::Disputed => Self::new(&registry::PAYMENT_DISPUTED),
            RefundTopUpError::Refused(refusal) => refusal.into(),
            RefundTopUpError::Spent { holds } => {
                Self::new(&registry::BALANCE_SPENT).with("balance", Money::from(holds))
            }
            error @ RefundTopUpError::Unbalanced(_) => Self::internal(error),
            RefundTopUpError::Repository(error) => error.into(),
        }
    }
}

impl From<TopUpRefusal> for Problem {
    fn from(refusal: TopUpRefusal) -> Self {
        match refusal {
            TopUpRefusal::PaidAnOrder | TopUpRefusal::NothingLeft => Self::new(&registry::PAYMENT_NOT_REFUNDABLE),
            TopUpRefusal::TooMuch { left } => Self::new(&registry::REFUND_TOO_LARGE).with("left", Money::from(left)),
            TopUpRefusal::Amount(_) => {
                Self::invalid_field("/amount", "currency", "must be in the currency of the payment")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use domain::kernel::{Currency, MoneyError, OrderLineId};
    use domain::orders::OrderState;
    use uuid::Uuid;

    #[test]
    fn each_refusal_has_its_status() {
        let line = OrderLineId::new(Uuid::nil());
        let left = domain::kernel::Money::new(5, Currency::EUR);
        let refused = |refusal: RefundRefusal| Problem::from(GiveRefundError::from(refusal));
        let cases = [
            (Problem::from(GiveRefundError::NotFound), 404, "order-not-found"),
            (GiveRefundError::NotPaid(OrderState::Expired).into(), 409, "order-not-refundable"),
            (GiveRefundError::Disputed.into(), 409, "order-disputed"),
            (GiveRefundError::GiftCards.into(), 409, "gift-card-not-refundable"),
            (refused(RefundRefusal::UnknownLine(line)), 422, "validation-failed"),
            (refused(RefundRefusal::TooManyPieces { line, left: 1 }), 409, "refund-too-large"),
            (refused(RefundRefusal::TooMuch { left }), 409, "refund-too-large"),
            (refused(RefundRefusal::NothingLeft), 409, "order-not-refundable"),
            (refused(MoneyError::CurrencyMismatch.into()), 422, "validation-failed"),
            (GiveRefundError::from(MoneyError::Overflow).into(), 500, "internal-error"),
            (RefundTopUpError::NotFound.into(), 404, "payment-not-found"),
            (RefundTopUpError::Disputed.into(), 409, "payment-disputed"),
            (RefundTopUpError::from(TopUpRefusal::PaidAnOrder).into(), 409, "payment-not-refundable"),
            (RefundTopUpError::from(TopUpRefusal::NothingLeft).into(), 409, "payment-not-refundable"),
            (RefundTopUpError::from(TopUpRefusal::TooMuch { left }).into(), 409, "refund-too-large"),
            (
                RefundTopUpError::from(TopUpRefusal::Amount(MoneyError::CurrencyMismatch)).into(),
                422,
                "validation-failed",
            ),
            (RefundTopUpError::Spent { holds: left }.into(), 409, "balance-spent"),
            (ViewRefundError::NotFound.into(), 404, "order-not-found"),
            (ViewRefundError::Inconsistent(MoneyError::Overflow).into(), 500, "internal-error"),
        ];
        for (problem, status, code) in cases {
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
