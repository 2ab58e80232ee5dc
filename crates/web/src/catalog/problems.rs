//! What refusals of the catalogue's use cases mean to callers.

use crate::problem::{FieldError, Problem, registry};
use application::catalog::sell::SellError;
use domain::catalog::ProductFault;

impl From<SellError> for Problem {
    fn from(error: SellError) -> Self {
        match error {
            SellError::NotFound => Self::new(&registry::PRODUCT_NOT_FOUND),
            SellError::Faulty(faults) => Self::invalid(faults.into_iter().map(told).collect()),
            SellError::UnknownCategory => Self::invalid_field("/category", "unknown", "is no category of the shop"),
            SellError::UnknownMaterial(place) => {
                Self::invalid_field(&format!("/materials/{place}"), "unknown", "is no material of the shop")
            }
            SellError::SeveralVariants => Self::invalid_field(
                "/stock",
                "several-variants",
                "is for products with one variant; set each variant's",
            ),
            SellError::SkuTaken => Self::new(&registry::SKU_TAKEN),
            SellError::Repository(error) => error.into(),
        }
    }
}

fn told(fault: ProductFault) -> FieldError {
    match fault {
        ProductFault::TitleMissing => FieldError::new("/title", "required", "must not be empty"),
        ProductFault::PriceNotPositive => FieldError::new("/price/amount", "out-of-range", "must be more than nothing"),
        ProductFault::CompareAtNotHigher => {
            FieldError::new("/compare_at_price", "not-higher", "must be higher than the price")
        }
        ProductFault::CurrencyMismatch => {
            FieldError::new("/price/currency", "currency-mismatch", "must be one for all prices")
        }
        ProductFault::NoVariant => FieldError::new("/variants", "required", "must not be empty"),
        ProductFault::SameOptionsTwice => FieldError::new("/variants", "same-options", "has two with the same options"),
        ProductFault::SameSkuTwice => FieldError::new("/variants", "same-sku", "has two with the same SKU"),
        ProductFault::UnknownVariant => FieldError::new("/variants", "unknown", "names one that the product hasn't"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::ResponseError;

    #[test]
    fn each_refusal_has_its_status() {
        let cases = [
            (SellError::NotFound, 404, "product-not-found"),
            (SellError::Faulty(vec![ProductFault::TitleMissing]), 422, "validation-failed"),
            (SellError::UnknownCategory, 422, "validation-failed"),
            (SellError::UnknownMaterial(1), 422, "validation-failed"),
            (SellError::SeveralVariants, 422, "validation-failed"),
            (SellError::SkuTaken, 409, "sku-taken"),
        ];
        for (error, status, code) in cases {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
