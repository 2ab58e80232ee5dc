//! What the list of deliveries is asked for.

use super::delivery_dto::WebhookDeliveryStatus;
use crate::extract::{FromQuery, PageQuery, QueryReader};
use domain::kernel::PageRequest;
use domain::webhooks::DeliveryStatus;
use utoipa::IntoParams;

/// The parameters of the list of deliveries.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `DeliveriesQuery`, which reads them")]
pub struct DeliveriesParams {
    /// Only those that stand so.
    status: Option<WebhookDeliveryStatus>,
}

/// What the list of deliveries is asked for.
#[derive(Debug)]
pub struct DeliveriesQuery {
    /// Only those that stand so.
    pub status: Option<DeliveryStatus>,
    /// Which part.
    pub page: PageRequest,
}

impl DeliveriesQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "webhook_deliveries";
}

impl FromQuery for DeliveriesQuery {
    fn read(query: &mut QueryReader) -> Self {
        let message = "must be waiting, delivered or failed";
        let status = query.parsed("status", "status", message, DeliveryStatus::parse);
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { status, page }
    }
}
