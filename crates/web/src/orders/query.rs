//! Which orders a reader asks for.

use super::dto::OrderStatus as Wire;
use crate::extract::{FromQuery, PageQuery, QueryReader};
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
        let message = "must be pending_payment, paid, cancelled, expired, partly_refunded or refunded";
        let status = query.parsed("status", "status", message, OrderState::parse);
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { status, page }
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
