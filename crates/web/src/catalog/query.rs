//! Which products a reader asks for.

use super::dto::ProductStatus;
use crate::extract::{FromQuery, PageQuery, QueryReader};
use application::catalog::views::{ProductFilter, ProductKey, ProductSort};
use domain::kernel::{Currency, PageRequest, ProductId, Slug, UserId};
use utoipa::IntoParams;
use uuid::Uuid;

/// The parameters of the public list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `ProductsQuery`, which reads them")]
pub struct ProductsParams {
    /// Words that the title or the description must have.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Slugs; any of these categories, or one below them.
    category: Option<Vec<String>>,
    /// Slugs; any of these materials.
    material: Option<Vec<String>>,
    /// A seller's id.
    seller: Option<Uuid>,
    /// In minor units, inclusive.
    price_min: Option<i64>,
    /// In minor units, inclusive.
    price_max: Option<i64>,
    /// Only those priced in this currency (ISO 4217).
    currency: Option<String>,
    /// Only what can be bought now.
    in_stock: Option<bool>,
    /// `-created_at` (default), `created_at`, `price`, `-price`, `title` or `-title`.
    sort: Option<String>,
}

/// What the public list is asked for.
#[derive(Debug)]
pub struct ProductsQuery {
    /// Which.
    pub filter: ProductFilter,
    /// In which order.
    pub sort: ProductSort,
    /// Which part.
    pub page: PageRequest,
    /// The list's name in cursors.
    pub list: &'static str,
}

/// The orders by their names, and the names of their lists in cursors.
const SORTS: [(&str, ProductSort, &str); 6] = [
    ("-created_at", ProductSort::Newest, "products:-created_at"),
    ("created_at", ProductSort::Oldest, "products:created_at"),
    ("price", ProductSort::Cheapest, "products:price"),
    ("-price", ProductSort::Dearest, "products:-price"),
    ("title", ProductSort::TitleAscending, "products:title"),
    ("-title", ProductSort::TitleDescending, "products:-title"),
];

impl FromQuery for ProductsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let slug = |text: &str| Slug::parse(text).ok();
        let sort_of = |name: &str| SORTS.iter().find(|(known, ..)| *known == name).copied();
        let filter = ProductFilter {
            text: search_text(query),
            categories: query.all_parsed("category", "slug", "is no slug", slug),
            materials: query.all_parsed("material", "slug", "is no slug", slug),
            seller: query.parsed("seller", "id", "is no id", |text| Uuid::parse_str(text).ok().map(UserId::new)),
            price_min: query.number("price_min"),
            price_max: query.number("price_max"),
            currency: query
                .parsed("currency", "currency", "is no currency of ISO 4217", |text| Currency::parse(text).ok()),
            in_stock: query.flag("in_stock").unwrap_or_default(),
        };
        let sort = query.parsed("sort", "sort", "is no order of this list", sort_of);
        let (_, sort, list) = sort.unwrap_or(("-created_at", ProductSort::Newest, "products:-created_at"));
        let page = PageQuery::read(query).of_list(list, query);
        Self { filter, sort, page, list }
    }
}

/// The parameters of a seller's own list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `OwnProductsQuery`, which reads them")]
pub struct OwnProductsParams {
    /// `draft`, `active` or `archived`.
    status: Option<ProductStatus>,
    /// Words that the title must have.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// What a seller's own list is asked for.
#[derive(Debug)]
pub struct OwnProductsQuery {
    /// Of which status.
    pub status: Option<ProductStatus>,
    /// With which words.
    pub text: Option<String>,
    /// Which part.
    pub page: PageRequest,
}

impl OwnProductsQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "own-products";
}

impl FromQuery for OwnProductsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let status = query.parsed("status", "status", "must be draft, active or archived", ProductStatus::parse);
        let text = search_text(query);
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { status, text, page }
    }
}

fn search_text(query: &mut QueryReader) -> Option<String> {
    let short = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
    query.parsed("q", "too-long", "must have 200 characters at the most", short)
}

/// A product by its id or its slug, as the address has it.
#[must_use]
pub fn product_key(text: &str) -> Option<ProductKey> {
    let id = (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten();
    let by_id = id.map(|id| ProductKey::Id(ProductId::new(id)));
    by_id.or_else(|| Slug::parse(text).ok().map(ProductKey::Slug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_read() {
        let mut reader = QueryReader::new(
            "q=gold+ring&category=rings&category=bands&material=gold&price_min=100&price_max=900&currency=EUR\
             &in_stock=true&sort=-price&limit=5",
        );
        let query = ProductsQuery::read(&mut reader);
        assert!(reader.into_faults().is_empty());
        assert_eq!(query.filter.text.as_deref(), Some("gold ring"));
        assert_eq!(query.filter.categories.len(), 2);
        assert_eq!((query.filter.price_min, query.filter.price_max), (Some(100), Some(900)));
        assert_eq!(query.filter.currency, Some(Currency::EUR));
        assert!(query.filter.in_stock);
        assert_eq!((query.sort, query.page.limit.rows()), (ProductSort::Dearest, 5));
    }

    #[test]
    fn an_unknown_order_is_a_fault() {
        let mut reader = QueryReader::new("sort=rating");
        ProductsQuery::read(&mut reader);
        assert_eq!(reader.into_faults().first().unwrap().pointer, "/sort");
    }

    #[test]
    fn a_product_is_named_by_id_or_slug() {
        let id = Uuid::from_u128(5);
        assert_eq!(product_key(&id.to_string()), Some(ProductKey::Id(ProductId::new(id))));
        assert!(matches!(product_key("gold-ring"), Some(ProductKey::Slug(_))));
        assert_eq!(product_key("Gold Ring"), None);
    }
}
