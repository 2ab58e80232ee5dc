//! What refusals of payments and of gateways' events mean to those who asked.

use crate::orders::dto::OrderStatus;
use crate::problem::{Problem, registry};
use crate::wire::Money;
use application::checkout::pay_order::PayOrderError;
use application::checkout::review::ReviewError;
use application::payments::hear::HearError;
use application::payments::ports::InvalidEvent;
use application::payments::top_up::TopUpError;
use domain::payments::OutOfLimits;

impl From<TopUpError> for Problem {
    fn from(error: TopUpError) -> Self {
        match error {
            TopUpError::Limits(limits) => Self::invalid_field("/amount/amount", "out-of-range", &told(limits)),
            TopUpError::Duplicate(twin) => Self::new(&registry::DUPLICATE_PAYMENT).with("payment_id", twin.uuid()),
            TopUpError::KeyReused => Self::new(&registry::IDEMPOTENCY_KEY_REUSED),
            TopUpError::Repository(error) => error.into(),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotFound => Self::new(&registry::PAYMENT_NOT_FOUND),
            ReviewError::Refused(_) => Self::new(&registry::PAYMENT_NOT_HELD),
            ReviewError::Repository(error) => error.into(),
        }
    }
}

fn told(OutOfLimits { least, most }: OutOfLimits) -> String {
    format!("must be from {least} to {most}")
}

impl From<PayOrderError> for Problem {
    fn from(error: PayOrderError) -> Self {
        match error {
            PayOrderError::NotFound => Self::new(&registry::ORDER_NOT_FOUND),
            PayOrderError::NotPayable(status) => {
                Self::new(&registry::ORDER_NOT_PAYABLE).with("order_status", OrderStatus::from(status))
            }
            PayOrderError::Held => {
                Self::new(&registry::ORDER_NOT_PAYABLE).with("order_status", OrderStatus::PendingPayment)
            }
            PayOrderError::OtherAmount(due) => Self::new(&registry::PRICE_CHANGED).with("total", Money::from(due)),
            PayOrderError::BalanceTooLow { missing } => {
                Self::new(&registry::BALANCE_TOO_LOW).with("missing", Money::from(missing))
            }
            PayOrderError::KeyReused => Self::new(&registry::IDEMPOTENCY_KEY_REUSED),
            PayOrderError::Settlement(error) => error.into(),
            PayOrderError::Repository(error) => error.into(),
        }
    }
}

impl From<HearError> for Problem {
    fn from(error: HearError) -> Self {
        match error {
            HearError::UnknownGateway => Self::new(&registry::NOT_FOUND),
            HearError::Invalid(InvalidEvent::Signature) => Self::new(&registry::WEBHOOK_SIGNATURE_INVALID),
            HearError::Invalid(InvalidEvent::Body) => Self::new(&registry::WEBHOOK_BODY_INVALID),
            HearError::Invalid(InvalidEvent::OtherMode) => Self::new(&registry::WEBHOOK_BODY_INVALID)
                .detail("The event is of another mode (test or live) than the key by which the shop takes payments."),
            HearError::Repository(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use domain::kernel::{Currency, Money, PaymentId};
    use domain::orders::OrderStatus;
    use domain::payments::{ReviewRefusal, ReviewStatus};
    use uuid::Uuid;

    #[test]
    fn each_refusal_has_its_status() {
        let money = |amount| Money::new(amount, Currency::EUR);
        let limits = OutOfLimits { least: money(100), most: money(500) };
        let cases = [
            (Problem::from(TopUpError::Limits(limits)), 422, "validation-failed"),
            (TopUpError::Duplicate(PaymentId::new(Uuid::nil())).into(), 409, "duplicate-payment"),
            (TopUpError::KeyReused.into(), 422, "idempotency-key-reused"),
            (PayOrderError::NotFound.into(), 404, "order-not-found"),
            (PayOrderError::NotPayable(OrderStatus::Paid).into(), 409, "order-not-payable"),
            (PayOrderError::OtherAmount(money(5)).into(), 409, "price-changed"),
            (PayOrderError::Held.into(), 409, "order-not-payable"),
            (PayOrderError::BalanceTooLow { missing: money(5) }.into(), 409, "balance-too-low"),
            (PayOrderError::KeyReused.into(), 422, "idempotency-key-reused"),
            (ReviewError::NotFound.into(), 404, "payment-not-found"),
            (ReviewError::Refused(ReviewRefusal::Decided(ReviewStatus::Approved)).into(), 409, "payment-not-held"),
        ];
        for (problem, status, code) in cases {
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
