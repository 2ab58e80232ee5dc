//! What the list of all payments is asked for.

use super::dto::PaymentStatus;
use crate::extract::{FromQuery, PageQuery, QueryReader};
use application::payments::ports::{GoneBack, PaymentFilter};
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
        let text = query.parsed("q", "too-long", "must have 200 characters at the most", short);
        let known = "must be pending, held, succeeded, partly_refunded, refunded, failed or cancelled";
        let (statuses, gone_back) = query.parsed("status", "status", known, standing).unwrap_or_default();
        let filter = PaymentFilter { text, statuses, gone_back };
        let page = PageQuery::read(query).of_list(Self::LIST, query);
        Self { filter, page }
    }
}

fn standing(name: &str) -> Option<(Vec<Status>, Option<GoneBack>)> {
    Some(match name {
        "pending" => (vec![Status::Created, Status::Submitted, Status::Unknown], None),
        "held" => (vec![Status::Authorized], None),
        "succeeded" => (vec![Status::Captured], Some(GoneBack::Nothing)),
        "partly_refunded" => (vec![Status::Captured], Some(GoneBack::Part)),
        "refunded" => (vec![Status::Captured], Some(GoneBack::All)),
        "failed" => (vec![Status::Declined], None),
        "cancelled" => (vec![Status::Voided], None),
        _ => return None,
    })
}
