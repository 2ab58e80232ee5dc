//! What refusals of carts mean to callers.

use super::dto::ShortLine;
use crate::problem::{Problem, registry};
use crate::wire::gift::of_day;
use application::cart::shop::CartError;
use application::catalog::views::Shortage;

impl From<CartError> for Problem {
    fn from(error: CartError) -> Self {
        match error {
            CartError::NotFound => Self::new(&registry::CART_NOT_FOUND),
            CartError::LineNotFound => Self::new(&registry::CART_LINE_NOT_FOUND),
            CartError::VariantNotFound => Self::new(&registry::VARIANT_NOT_FOUND),
            CartError::CurrencyMismatch => Self::new(&registry::CURRENCY_MISMATCH),
            CartError::InsufficientStock(shortage) => insufficient_stock(vec![shortage]),
            CartError::GiftNeeded => Self::invalid_field("/gift", "required", "is needed for a gift card"),
            CartError::NoGiftCard => Self::invalid_field("/gift", "not-a-gift-card", "is for gift cards only"),
            CartError::Day(refusal) => of_day(refusal, "/gift/deliver_on"),
            CartError::TooMany => Self::new(&registry::CART_TOO_LARGE),
            CartError::CheckedOut(order) => Self::new(&registry::CART_CHECKED_OUT).with("order_id", order.uuid()),
            CartError::Repository(error) => error.into(),
        }
    }
}

/// 409 `insufficient-stock` that names the lines.
#[must_use]
pub fn insufficient_stock(shortages: Vec<Shortage>) -> Problem {
    let lines: Vec<ShortLine> = shortages.into_iter().map(Into::into).collect();
    Problem::new(&registry::INSUFFICIENT_STOCK).with("lines", lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;
    use domain::kernel::OrderId;
    use uuid::Uuid;

    #[test]
    fn each_refusal_has_its_status() {
        let cases = [
            (CartError::NotFound, 404, "cart-not-found"),
            (CartError::LineNotFound, 404, "cart-line-not-found"),
            (CartError::VariantNotFound, 404, "variant-not-found"),
            (CartError::CurrencyMismatch, 409, "currency-mismatch"),
            (CartError::TooMany, 422, "cart-too-large"),
            (CartError::CheckedOut(OrderId::new(Uuid::nil())), 409, "cart-checked-out"),
        ];
        for (error, status, code) in cases {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
