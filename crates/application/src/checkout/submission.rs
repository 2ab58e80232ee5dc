//! The step that checkout, its repair and cancelling share: see to it that the gateway has a payment.

use crate::orders::ports::OrderAccess;
use crate::payments::ports::{GatewayError, PaymentGateway};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use domain::orders::Order;
use domain::payments::{HostedSession, Payment, ReturnUrls};

/// Why the gateway may not have a payment yet.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// The gateway failed.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Opens the gateway's page for a payment, unless it is open, and notes it. Two at the same time get the same page,
/// since the payment's id is the gateway's key. Where the customer comes back to may hold a guest's token: it is filled in
/// here, and stored nowhere.
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
    let session = gateway.open(&told, order).await?;
    let tx = transactor.begin().await?;
    if let Some(mut stored) = tx.payments().lock(payment.id).await? {
        stored.submit(session.clone(), clock.now());
        tx.payments().update(&stored).await?;
        tx.commit().await?;
    }
    Ok(session)
}

/// Only guests' orders are opened by a token.
fn with_token(urls: &ReturnUrls, access: &dyn OrderAccess, order: &Order) -> ReturnUrls {
    let token = if order.user_id.is_none() { access.token(order.id) } else { String::new() };
    let fill = |url: &str| url.replace("{ACCESS_TOKEN}", &token);
    ReturnUrls { success: fill(&urls.success), cancel: fill(&urls.cancel) }
}
