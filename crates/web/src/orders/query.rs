//! Which orders a reader asks for.

use super::dto::OrderStatus as Wire;
use crate::extract::{FromQuery, PageQuery, QueryReader};
use application::orders::ports::OrderFilter;
use domain::kernel::PageRequest;
use domain::orders::OrderState;
use utoipa::IntoParams;

/// The parameters of lists of orders.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `OrdersQuery`, which reads them")]
pub struct OrdersParams {
    /// Only orders of this status.
    status: Option<Wire>,
}

/// What a list of orders is asked for.
#[derive(Debug)]
pub struct OrdersQuery {
    /// Of which status.
    pub status: Option<OrderState>,
    /// Which part.
    pub page: PageRequest,
}

impl OrdersQuery {
    /// The lists' name in cursors.
    pub const LIST: &'static str = "orders";
}

impl FromQuery for OrdersQuery {
    fn read(query: &mut QueryReader) -> Self {
        let status = status(query);
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { status, page }
    }
}

fn status(query: &mut QueryReader) -> Option<OrderState> {
    let message = "must be pending_payment, paid, cancelled, expired, partly_refunded or refunded";
    query.parsed("status", "status", message, OrderState::parse)
}

/// The parameters of the list of everybody's orders.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `AllOrdersQuery`, which reads them")]
pub struct AllOrdersParams {
    /// An order's id, or how its number or the customer's address begins; case does not count.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only orders of this status.
    status: Option<Wire>,
}

/// What the list of everybody's orders is asked for.
#[derive(Debug)]
pub struct AllOrdersQuery {
    /// Which orders.
    pub filter: OrderFilter,
    /// Which part.
    pub page: PageRequest,
}

impl AllOrdersQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "all_orders";
}

impl FromQuery for AllOrdersQuery {
    fn read(query: &mut QueryReader) -> Self {
        let short = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
        let text = query.parsed("q", "too-long", "must have 200 characters at the most", short);
        let filter = OrderFilter { text, state: status(query) };
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { filter, page }
    }
}

/// A guest's way into an order.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TokenQuery {
    /// The order's `access_token`; guests need it.
    pub token: Option<String>,
}

impl FromQuery for TokenQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self { token: query.text("token") }
    }
}
