//! What refusals of the catalogue's use cases mean to callers.

use super::place_dto::{CategorySummary, MaterialSummary};
use crate::problem::{FieldError, Problem, registry};
use application::catalog::arrange_categories::ArrangeCategoryError;
use application::catalog::arrange_materials::ArrangeMaterialError;
use application::catalog::sell::SellError;
use domain::catalog::{PlaceRefusal, ProductFault, Variant};
use serde_json::json;

impl From<ArrangeCategoryError> for Problem {
    fn from(error: ArrangeCategoryError) -> Self {
        match error {
            ArrangeCategoryError::NotFound => Self::new(&registry::CATEGORY_NOT_FOUND),
            ArrangeCategoryError::Refused(refusal) => misplaced("/parent_id", refusal),
            ArrangeCategoryError::NotMergeable(refusal) => misplaced("/into", refusal),
            ArrangeCategoryError::SlugTaken => Self::new(&registry::SLUG_TAKEN),
            ArrangeCategoryError::NotEmpty { products, categories } => {
                Self::new(&registry::CATEGORY_NOT_EMPTY).with("products", products).with("categories", categories)
            }
            ArrangeCategoryError::Repository(error) => error.into(),
        }
    }
}

fn misplaced(pointer: &str, refusal: PlaceRefusal) -> Problem {
    match refusal {
        PlaceRefusal::UnknownParent => Problem::invalid_field(pointer, "unknown", "is no category of the shop"),
        PlaceRefusal::BelowItself => Problem::invalid_field(pointer, "below-itself", "is the category, or below it"),
        PlaceRefusal::TooDeep => Problem::invalid_field(pointer, "too-deep", "leads to more than six levels"),
        PlaceRefusal::SameName(twin) => {
            Problem::new(&registry::CATEGORY_EXISTS).with("existing", CategorySummary::from(twin))
        }
        PlaceRefusal::Full => Problem::new(&registry::CATALOGUE_FULL),
    }
}

impl From<ArrangeMaterialError> for Problem {
    fn from(error: ArrangeMaterialError) -> Self {
        match error {
            ArrangeMaterialError::NotFound => Self::new(&registry::MATERIAL_NOT_FOUND),
            ArrangeMaterialError::UnknownTarget => {
                Self::invalid_field("/into", "unknown", "is no other material of the shop")
            }
            ArrangeMaterialError::SameName(twin) => {
                Self::new(&registry::MATERIAL_EXISTS).with("existing", MaterialSummary::from(twin))
            }
            ArrangeMaterialError::Full => Self::new(&registry::CATALOGUE_FULL),
            ArrangeMaterialError::SlugTaken => Self::new(&registry::SLUG_TAKEN),
            ArrangeMaterialError::InUse(products) => Self::new(&registry::MATERIAL_IN_USE).with("products", products),
            ArrangeMaterialError::Repository(error) => error.into(),
        }
    }
}

impl From<SellError> for Problem {
    fn from(error: SellError) -> Self {
        match error {
            SellError::NotFound => Self::new(&registry::PRODUCT_NOT_FOUND),
            SellError::Faulty(faults) => Self::invalid(faults.into_iter().map(told).collect()),
            SellError::StockMoved(variants) => {
                let now =
                    |variant: &Variant| json!({"id": variant.id.uuid(), "sku": variant.sku, "stock": variant.stock});
                Self::new(&registry::STOCK_CHANGED).with("variants", variants.iter().map(now).collect::<Vec<_>>())
            }
            SellError::UnknownCategory => Self::invalid_field("/category", "unknown", "is no category of the shop"),
            SellError::UnknownMaterial(place) => {
                Self::invalid_field(&format!("/materials/{place}"), "unknown", "is no material of the shop")
            }
            SellError::SeveralVariants => Self::invalid_field(
                "/stock",
                "several-variants",
                "is for products with one variant; set each variant's",
            ),
            SellError::SlugTaken => Self::new(&registry::SLUG_TAKEN),
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
        ProductFault::StockOutOfRange => FieldError::new("/variants", "out-of-range", "leads to a stock that can't be"),
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
            (SellError::SlugTaken, 409, "slug-taken"),
            (SellError::StockMoved(vec![]), 409, "stock-changed"),
        ];
        for (error, status, code) in cases {
            let problem = Problem::from(error);
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }

    #[test]
    fn each_refusal_to_arrange_has_its_status() {
        use {ArrangeCategoryError as C, ArrangeMaterialError as M};
        let rings = || domain::catalog::Category {
            id: domain::kernel::CategoryId::new(uuid::Uuid::nil()),
            slug: domain::kernel::Slug::from_title("Rings", "c"),
            name: "Rings".to_owned(),
            parent_id: None,
        };
        let gold = || domain::catalog::Material {
            id: domain::kernel::MaterialId::new(uuid::Uuid::nil()),
            slug: domain::kernel::Slug::from_title("Gold", "m"),
            name: "Gold".to_owned(),
        };
        let cases: [(Problem, u16, &str); 15] = [
            (C::NotFound.into(), 404, "category-not-found"),
            (C::Refused(PlaceRefusal::UnknownParent).into(), 422, "validation-failed"),
            (C::Refused(PlaceRefusal::BelowItself).into(), 422, "validation-failed"),
            (C::NotMergeable(PlaceRefusal::TooDeep).into(), 422, "validation-failed"),
            (C::Refused(PlaceRefusal::SameName(rings())).into(), 409, "category-exists"),
            (C::Refused(PlaceRefusal::Full).into(), 409, "catalogue-full"),
            (C::SlugTaken.into(), 409, "slug-taken"),
            (C::NotEmpty { products: 1, categories: 2 }.into(), 409, "category-not-empty"),
            (M::NotFound.into(), 404, "material-not-found"),
            (M::UnknownTarget.into(), 422, "validation-failed"),
            (M::SameName(gold()).into(), 409, "material-exists"),
            (M::Full.into(), 409, "catalogue-full"),
            (M::SlugTaken.into(), 409, "slug-taken"),
            (M::InUse(3).into(), 409, "material-in-use"),
            (M::Repository(application::RepositoryError::Contention).into(), 503, "service-unavailable"),
        ];
        for (problem, status, code) in cases {
            assert_eq!((problem.status_code().as_u16(), problem.code()), (status, code));
        }
    }
}
