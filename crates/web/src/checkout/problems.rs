//! What refusals of checkout mean to callers.

use crate::cart::problems::insufficient_stock;
use crate::gift_cards::problems::Waiting;
use crate::orders::dto::OrderStatus;
use crate::problem::{Problem, registry};
use crate::wire::Money;
use application::checkout::cancel::CancelError;
use application::checkout::place_order::PlaceOrderError;
use application::checkout::settlement::SettlementError;
use application::checkout::tenders::{CodeFault, CodeRefusal};
use chrono::{DateTime, Utc};
use domain::kernel::MoneyError;

/// Why there is no order, at this moment.
pub(super) fn of_placing(error: PlaceOrderError, now: DateTime<Utc>) -> Problem {
    match error {
        PlaceOrderError::CartNotFound => Problem::new(&registry::CART_NOT_FOUND),
        PlaceOrderError::CheckedOut(order) => Problem::new(&registry::CART_CHECKED_OUT).with("order_id", order.uuid()),
        PlaceOrderError::Empty => Problem::new(&registry::CART_EMPTY),
        PlaceOrderError::InsufficientStock(shortages) => insufficient_stock(shortages),
        PlaceOrderError::PriceChanged(total) => {
            Problem::new(&registry::PRICE_CHANGED).with("total", Money::from(total))
        }
        PlaceOrderError::GiftCard(refusal) => of_code(refusal),
        PlaceOrderError::TooManyAttempts { until } => Waiting { until, now }.into(),
        PlaceOrderError::NoBalance => {
            Problem::invalid_field("/use_balance", "sign-in-required", "only who is signed in has a balance")
        }
        PlaceOrderError::AddressMissing => {
            Problem::invalid_field("/shipping_address", "required", "must say where it goes")
        }
        PlaceOrderError::Amount(MoneyError::Overflow) => Problem::new(&registry::AMOUNT_TOO_LARGE),
        PlaceOrderError::Amount(MoneyError::CurrencyMismatch) => Problem::new(&registry::CURRENCY_MISMATCH),
        PlaceOrderError::Settlement(error) => error.into(),
        PlaceOrderError::Repository(error) => error.into(),
    }
}

/// Which of the codes can't be used: by its place, and by what people know it by.
fn of_code(CodeRefusal { place, last4, why }: CodeRefusal) -> Problem {
    let pointer = format!("/gift_card_codes/{place}");
    let problem = match why {
        CodeFault::Twice => return Problem::invalid_field(&pointer, "duplicate", "stands there twice"),
        CodeFault::NotFound => Problem::new(&registry::GIFT_CARD_NOT_FOUND),
        CodeFault::OtherCurrency => {
            Problem::new(&registry::CURRENCY_MISMATCH).detail("The gift card is of another currency than the cart.")
        }
        CodeFault::Refused(refusal) => refusal.into(),
    };
    let problem = problem.with("pointer", pointer);
    match last4 {
        Some(last4) => problem.with("last4", last4),
        None => problem,
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
    use domain::gift_cards::UseRefusal;
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
            (PlaceOrderError::TooManyAttempts { until: now() }, 429, "too-many-attempts"),
            (PlaceOrderError::NoBalance, 422, "validation-failed"),
            (PlaceOrderError::AddressMissing, 422, "validation-failed"),
            (PlaceOrderError::Settlement(SettlementError::NotFound), 500, "internal-error"),
        ];
        for (error, status, code) in cases {
            let problem = of_placing(error, now());
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn each_code_that_cannot_be_used_is_pointed_at() {
        let cases = [
            (CodeFault::NotFound, 404, "gift-card-not-found"),
            (CodeFault::Twice, 422, "validation-failed"),
            (CodeFault::OtherCurrency, 409, "currency-mismatch"),
            (CodeFault::Refused(UseRefusal::Redeemed), 409, "gift-card-already-redeemed"),
            (CodeFault::Refused(UseRefusal::Expired), 410, "gift-card-expired"),
            (CodeFault::Refused(UseRefusal::Disabled), 410, "gift-card-disabled"),
        ];
        for (why, status, code) in cases {
            let refusal = CodeRefusal { place: 3, last4: Some("YZ01".to_owned()), why };
            let problem = of_placing(PlaceOrderError::GiftCard(refusal), now());
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
            assert!(why != CodeFault::Twice || problem.errors()[0].pointer == "/gift_card_codes/3");
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
