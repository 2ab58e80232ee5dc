//! The step that checkout, its repair and cancelling share: see to it that the gateway has the payment of an order.

use crate::orders::ports::OrderAccess;
use crate::payments::ports::PaymentGateway;
use crate::payments::submission::hand_over;
pub use crate::payments::submission::{SubmissionError, lost_sight};
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use domain::orders::Order;
use domain::payments::{HostedSession, Payment, ReturnUrls};

/// Opens the gateway's page for an order's payment, unless it is open, and notes it. Where the customer comes back to may hold
/// a guest's token: it is filled in here, and stored nowhere.
///
/// # Errors
/// When the gateway or the database fails; asking again is safe.
pub async fn submit(
    gateway: &dyn PaymentGateway,
    access: &dyn OrderAccess,
    transactor: &dyn Transactor,
    clock: &dyn Clock,
    payment: &Payment,
    order: &Order,
) -> Result<HostedSession, SubmissionError> {
    if let Some(session) = &payment.session {
        return Ok(session.clone());
    }
    let told = Payment { return_urls: with_token(&payment.return_urls, access, order), ..payment.clone() };
    hand_over(gateway, transactor, clock, &told, Some(order)).await
}

/// Only guests' orders are opened by a token.
fn with_token(urls: &ReturnUrls, access: &dyn OrderAccess, order: &Order) -> ReturnUrls {
    let token = if order.user_id.is_none() { access.token(order.id) } else { String::new() };
    let fill = |url: &str| url.replace("{ACCESS_TOKEN}", &token);
    ReturnUrls { success: fill(&urls.success), cancel: fill(&urls.cancel) }
}
