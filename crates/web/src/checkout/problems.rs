//! What refusals of checkout mean to callers.

use crate::cart::problems::insufficient_stock;
use crate::orders::dto::OrderStatus;
use crate::problem::{Problem, registry};
use crate::wire::Money;
use application::checkout::cancel::CancelError;
use application::checkout::place_order::PlaceOrderError;
use application::checkout::settlement::SettlementError;
use domain::kernel::MoneyError;

impl From<PlaceOrderError> for Problem {
    fn from(error: PlaceOrderError) -> Self {
        match error {
            PlaceOrderError::CartNotFound => Self::new(&registry::CART_NOT_FOUND),
            PlaceOrderError::CheckedOut(order) => Self::new(&registry::CART_CHECKED_OUT).with("order_id", order.uuid()),
            PlaceOrderError::Empty => Self::new(&registry::CART_EMPTY),
            PlaceOrderError::InsufficientStock(shortages) => insufficient_stock(shortages),
            PlaceOrderError::PriceChanged(total) => {
                Self::new(&registry::PRICE_CHANGED).with("total", Money::from(total))
            }
            PlaceOrderError::Amount(MoneyError::Overflow) => Self::new(&registry::AMOUNT_TOO_LARGE),
            PlaceOrderError::Amount(MoneyError::CurrencyMismatch) => Self::new(&registry::CURRENCY_MISMATCH),
            PlaceOrderError::Repository(error) => error.into(),
        }
    }
}

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        match error {
            CancelError::NotFound => Self::new(&registry::ORDER_NOT_FOUND),
            CancelError::NotCancellable(status) => {
                Self::new(&registry::ORDER_NOT_CANCELLABLE).with("order_status", OrderStatus::from(status))
            }
            CancelError::Gateway(error) => error.into(),
            CancelError::Settlement(error) => error.into(),
            CancelError::Repository(error) => error.into(),
        }
    }
}

/// The gateway said something else than what we know: a person must look, and the caller can't help it.
impl From<SettlementError> for Problem {
    fn from(error: SettlementError) -> Self {
        match error {
            SettlementError::NotFound
            | SettlementError::Contradiction(_)
            | SettlementError::Unbalanced(_)
            | SettlementError::TooLittle(_) => Self::internal(error),
            SettlementError::OrderEnded { .. } => Self::new(&registry::ORDER_NOT_CANCELLABLE),
            SettlementError::Repository(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use application::payments::ports::GatewayError;
    use domain::kernel::{Currency, OrderId};
    use uuid::Uuid;

    #[test]
    fn each_refusal_has_its_status() {
        let total = domain::kernel::Money::new(5, Currency::EUR);
        let cases = [
            (PlaceOrderError::CartNotFound, 404, "cart-not-found"),
            (PlaceOrderError::CheckedOut(OrderId::new(Uuid::nil())), 409, "cart-checked-out"),
            (PlaceOrderError::Empty, 422, "cart-empty"),
            (PlaceOrderError::InsufficientStock(vec![]), 409, "insufficient-stock"),
            (PlaceOrderError::PriceChanged(total), 409, "price-changed"),
            (PlaceOrderError::Amount(MoneyError::Overflow), 422, "amount-too-large"),
            (PlaceOrderError::Amount(MoneyError::CurrencyMismatch), 409, "currency-mismatch"),
        ];
        for (error, status, code) in cases {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }

    #[test]
    fn each_refusal_to_give_up_an_order_has_its_status() {
        let cases = [
            (CancelError::NotFound, 404, "order-not-found"),
            (CancelError::NotCancellable(domain::orders::OrderStatus::Paid), 409, "order-not-cancellable"),
            (CancelError::Gateway(GatewayError::Unavailable("away".into())), 503, "service-unavailable"),
            (CancelError::Gateway(GatewayError::Refused("no".into())), 502, "payment-gateway-refused"),
            (CancelError::Settlement(SettlementError::NotFound), 500, "internal-error"),
        ];
        for (error, status, code) in cases {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
