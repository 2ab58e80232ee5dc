//! What the use cases of refunds refuse, as problems.

use crate::orders::dto::OrderStatus;
use crate::problem::{Problem, registry};
use crate::wire::Money;
use application::refunds::give::GiveRefundError;
use application::refunds::view::ViewRefundError;
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
            (ViewRefundError::NotFound.into(), 404, "order-not-found"),
            (ViewRefundError::Inconsistent(MoneyError::Overflow).into(), 500, "internal-error"),
        ];
        for (problem, status, code) in cases {
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
