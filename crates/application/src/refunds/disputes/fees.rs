//! What the gateway took for itself, and gave back: each is posted once, however often it is told.

use crate::refunds::SettleRefundError;
use crate::refunds::ports::GatewayDispute;
use crate::unit_of_work::UnitOfWork;
use chrono::{DateTime, Utc};
use domain::ledger::Subject;
use domain::ledger::movements::{DisputeFee, DisputeFeeReturned};

/// Posts what is not posted. Whoever asks has locked whose chain it is.
///
/// # Errors
/// When the database fails.
pub async fn book(
    tx: &dyn UnitOfWork,
    told: &GatewayDispute,
    subject: Subject,
    now: DateTime<Utc>,
) -> Result<(), SettleRefundError> {
    for moved in &told.fees {
        let fee = |fee| DisputeFee { transfer: moved.transfer.clone(), payment: told.payment, subject, fee };
        let posting = match moved.amount.amount() {
            0 => continue,
            1.. => fee(moved.amount).posting()?,
            i64::MIN..0 => DisputeFeeReturned(fee(moved.amount.negated()?)).posting()?,
        };
        tx.ledger().post(&posting, now).await?;
    }
    Ok(())
}
