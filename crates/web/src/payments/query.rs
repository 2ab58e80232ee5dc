//! What the list of all payments is asked for.

use super::dto::PaymentStatus;
use crate::extract::{FromQuery, PageQuery, QueryReader};
use application::payments::ports::PaymentFilter;
use domain::kernel::PageRequest;
use domain::payments::PaymentStatus as Status;
use utoipa::IntoParams;

/// The parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `PaymentsQuery`, which reads them")]
pub struct PaymentsParams {
    /// A part of the customer's address, or an order's number.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Only payments that stand so.
    status: Option<PaymentStatus>,
}

/// What the list is asked for.
#[derive(Debug)]
pub struct PaymentsQuery {
    /// Which payments.
    pub filter: PaymentFilter,
    /// Which part.
    pub page: PageRequest,
}

impl PaymentsQuery {
    /// The list's name in cursors.
    pub const LIST: &'static str = "payments";
}

impl FromQuery for PaymentsQuery {
    fn read(query: &mut QueryReader) -> Self {
        let short = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
        let filter = PaymentFilter {
            text: query.parsed("q", "too-long", "must have 200 characters at the most", short),
            statuses: query
                .parsed("status", "status", "must be pending, held, succeeded, failed or cancelled", statuses)
                .unwrap_or_default(),
        };
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { filter, page }
    }
}

fn statuses(name: &str) -> Option<Vec<Status>> {
    Some(match name {
        "pending" => vec![Status::Created, Status::Submitted, Status::Unknown],
        "held" => vec![Status::Authorized],
        "succeeded" => vec![Status::Captured],
        "failed" => vec![Status::Declined],
        "cancelled" => vec![Status::Voided],
        _ => return None,
    })
}
