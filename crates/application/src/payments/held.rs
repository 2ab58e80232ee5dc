//! The step that everyone shares who learns that money is promised and held: somebody is to decide about it in time, and those
//! whom it concerns are told.

use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::payments::{Payment, Review};

/// Plans the end of the review, and mails to the customer and the admins. What nobody wants to look at is taken by whoever asks next.
///
/// # Errors
/// When the database fails; the caller rolls back.
pub async fn is_held(tx: &dyn UnitOfWork, payment: &Payment, now: DateTime<Utc>) -> Result<(), RepositoryError> {
    let payment_id = payment.id.uuid();
    tx.jobs().push(Job::EndReview { payment_id }, payment.created_at + Review::TIME_TO_DECIDE).await?;
    if payment.awaits_review() {
        tx.jobs().push(Job::SendPaymentHeldNotice { payment_id }, now).await?;
        tx.jobs().push(Job::SendReviewRequest { payment_id }, now).await?;
    }
    Ok(())
}
