//! What is to be done after a commit: small messages that carry ids, pushed in the transaction that makes them true,
//! run at least once, and retried until they succeed or are buried for a person to look at.

use crate::repository_error::RepositoryError;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A thing to do. The names and fields are stored: a new one may be added, an old one only once no row has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Draw a verification code for a user and mail it.
    SendVerificationCode { user_id: Uuid },
    /// Draw a code for a user's new address and mail it there.
    SendEmailChangeCode { user_id: Uuid },
    /// Draw a link to set a new password, and mail it to a user who asked for it.
    SendPasswordReset { user_id: Uuid },
    /// The same to a user whose password strangers keep guessing.
    SendSignInHelp { user_id: Uuid },
    /// Mail a user that their password was changed.
    SendPasswordChangedNotice { user_id: Uuid },
    /// Mail a user that a way to sign in was added or taken away.
    SendSecondFactorNotice { user_id: Uuid, change: SecondFactorChange },
    /// Mail a user, at the address that they had, that it was changed.
    SendEmailChangedNotice { user_id: Uuid, old_email: Private },
    /// Mail a user that their account was disabled, or enabled again.
    SendAccountStatusNotice { user_id: Uuid, disabled: bool },
    /// Mail a user that their role was changed.
    SendRoleNotice { user_id: Uuid },
    /// Mail someone that their account is gone; nothing else knows their address any more.
    SendAccountDeletedNotice { email: Private, name: Option<Private> },
    /// See to it that the gateway has a payment that was written down.
    SubmitPayment { payment_id: Uuid },
    /// Ask the gateway how a payment stands, and follow it.
    SettlePayment { payment_id: Uuid },
    /// Ask again and again until the payment has ended; the answer to webhooks that never come.
    ReconcilePayment { payment_id: Uuid },
    /// Give up an order that was not paid in time.
    ExpireOrder { order_id: Uuid },
    /// Give up a top-up that was not paid in time.
    ExpireTopUp { payment_id: Uuid },
    /// Let go of money that was promised, and on which nobody has decided in time.
    EndReview { payment_id: Uuid },
    /// Mail the customer that their payment is looked at before the money is taken.
    SendPaymentHeldNotice { payment_id: Uuid },
    /// Mail the admins that a payment waits for their decision.
    SendReviewRequest { payment_id: Uuid },
    /// Mail the customer how it ended: that the money was let go, or is in their balance.
    SendPaymentReviewedNotice { payment_id: Uuid },
    /// Mail the customer that their order is paid.
    SendOrderConfirmation { order_id: Uuid },
    /// Mail each seller what they sold.
    SendSaleNotices { order_id: Uuid },
    /// Ask the gateway how a refund stands, and follow it.
    FollowRefund { refund_id: Uuid },
    /// Ask again and again until it has gone back, or has not.
    ReconcileRefund { refund_id: Uuid },
    /// Ask the gateway how a dispute stands, by its id for it, and follow it.
    FollowDispute { dispute_id: String },
    /// Look for disputes that no event told of. Plans itself anew.
    LookForDisputes,
    /// Mail the customer that money goes back to them.
    SendRefundNotice { refund_id: Uuid },
    /// Mail who asked for a refund that it did not arrive.
    SendRefundFailedNotice { refund_id: Uuid },
    /// Mail the admins how a dispute stands.
    SendDisputeNotice { refund_id: Uuid },
    /// Mail a seller that they were sent money, or that it came back.
    SendPayoutNotice { payout_id: Uuid, failed: bool },
    /// Take what is left off a gift card whose time is over.
    ExpireGiftCard { gift_card_id: Uuid },
    /// The same for those of a batch, from this place on, page by page.
    ExpireGiftCardBatch { batch_id: Uuid, from: u32 },
    /// Issue the next gift cards of a batch.
    IssueGiftCardBatch { batch_id: Uuid },
    /// Issue the gift cards that a paid order has bought.
    IssueSoldGiftCards { order_id: Uuid },
    /// Mail a gift card to whom it is for, if this is still the letter.
    DeliverGiftCard { gift_card_id: Uuid, letter: u32 },
    /// Forget the codes of a batch that nobody has fetched.
    LapseGiftCardCodes { batch_id: Uuid },
    /// Send an event on its way to the merchants who asked for it: what is known of it stands here as it was at its moment. The
    /// job's id is the event's.
    AnnounceEvent { event: String, at: DateTime<Utc>, facts: serde_json::Value },
    /// Send an event about many gift cards of a batch on its way, page by page: what is known of each stands here as it was at
    /// that moment. The id of the first page's job is the announcement's; by it and the card the events are told apart.
    AnnounceGiftCards { announcement: Option<Uuid>, event: String, at: DateTime<Utc>, cards: serde_json::Value },
    /// Mail whoever made a webhook that it was switched off.
    SendWebhookDisabledNotice { user_id: Uuid, webhook_id: Uuid },
    /// Have the sandbox gateway call our webhook.
    DeliverSandboxEvent { session_id: String },
    /// Make the smaller sizes of a picture.
    MakePictureSizes { image_id: Uuid },
    /// Remove the files of a picture, if no product has it.
    SweepPicture { image_id: Uuid },
    /// Forget what has no use any more: expired tokens and idempotency keys. Plans itself anew.
    PurgeExpired,
}

impl Job {
    /// Whether somebody waits for it, a customer or an order's stock. What may be there by the thousand, or comes on a day
    /// rather than at a moment, is done when nothing urgent is due.
    #[must_use]
    pub const fn is_urgent(&self) -> bool {
        !matches!(
            self,
            Self::AnnounceEvent { .. }
                | Self::AnnounceGiftCards { .. }
                | Self::IssueGiftCardBatch { .. }
                | Self::LapseGiftCardCodes { .. }
                | Self::ExpireGiftCard { .. }
                | Self::ExpireGiftCardBatch { .. }
                | Self::DeliverGiftCard { .. }
                | Self::LookForDisputes
                | Self::MakePictureSizes { .. }
                | Self::SweepPicture { .. }
                | Self::PurgeExpired
        )
    }
}

/// What changed in the ways to sign in to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorChange {
    /// An authenticator app is asked for from now on.
    TotpEnabled,
    /// It isn't any more.
    TotpDisabled,
    /// There is one passkey more.
    PasskeyAdded,
    /// There is one passkey less.
    PasskeyRemoved,
    /// New recovery codes; the old ones are void.
    RecoveryCodesRenewed,
    /// A program can act for the account.
    ApiKeyCreated,
    /// It can be opened by an identity elsewhere.
    IdentityLinked,
    /// By one less.
    IdentityUnlinked,
}

/// What a job has to carry although it is no id, since nothing else will know it when the job runs. It doesn't show itself in
/// log lines.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: ToString + ?Sized> From<&T> for Private {
    fn from(text: &T) -> Self {
        Self(text.to_string())
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(private)")
    }
}

/// Where use cases put jobs, in their transaction.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// Adds a job that runs at `run_at` or soon after.
    async fn push(&self, job: Job, run_at: DateTime<Utc>) -> Result<(), RepositoryError>;
}

/// Where the worker takes jobs from. A claimed job is its claimer's until the lease ends; then anyone may claim it.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait JobStore: Send + Sync {
    /// Claims up to `limit` jobs that are due, for [`LEASE`].
    async fn claim(&self, now: DateTime<Utc>, limit: u64) -> Result<Vec<ClaimedJob>, RepositoryError>;
    /// Forgets a job that is done.
    async fn complete(&self, id: Uuid) -> Result<(), RepositoryError>;
    /// Puts a job back until `run_at`, with the reason.
    async fn retry(&self, id: Uuid, run_at: DateTime<Utc>, reason: &str) -> Result<(), RepositoryError>;
    /// Sets a job aside for a person to look at, with the reason.
    async fn bury(&self, id: Uuid, reason: &str) -> Result<(), RepositoryError>;
    /// How many wait and how many are buried, for the metrics.
    async fn counts(&self) -> Result<JobCounts, RepositoryError>;
    /// Adds a job unless one of the same kind waits; for schedules.
    async fn push_unless_waiting(&self, job: Job, run_at: DateTime<Utc>) -> Result<(), RepositoryError>;
}

/// How long a claimed job is its claimer's.
pub const LEASE: TimeDelta = TimeDelta::minutes(2);

/// A job in the hands of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// Its id.
    pub id: Uuid,
    /// What to do; `Err` with the stored text when this version doesn't know it.
    pub job: Result<Job, String>,
    /// How often it was tried, this time included: 1 at first.
    pub attempt: u32,
}

/// One run of a job, by which what it sends is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The job's id.
    pub job: Uuid,
    /// Which try it is.
    pub attempt: u32,
}

impl Run {
    /// A name for what is the same at each try: a second one is a copy.
    #[must_use]
    pub fn each_job(self) -> String {
        self.job.simple().to_string()
    }

    /// A name for what is another at each try, as a mail with a code drawn by it.
    #[must_use]
    pub fn each_try(self) -> String {
        format!("{}-{}", self.job.simple(), self.attempt)
    }
}

/// How many jobs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JobCounts {
    /// Waiting or being done.
    pub waiting: u64,
    /// Set aside.
    pub buried: u64,
}

/// Why a job is not done.
#[derive(Debug, thiserror::Error)]
pub enum JobFailure {
    /// Try again later.
    #[error("to be tried again: {0}")]
    Retry(String),
    /// Trying again would change nothing.
    #[error("given up: {0}")]
    Fail(String),
}

impl From<RepositoryError> for JobFailure {
    fn from(error: RepositoryError) -> Self {
        Self::Retry(error.to_string())
    }
}

/// The most tries before a job is buried; with [`backoff`] they span about two days.
pub const MOST_ATTEMPTS: u32 = 18;

/// How long to wait after the `attempt`-th failure: doubling from two seconds, six hours at the most.
#[must_use]
pub fn backoff(attempt: u32) -> TimeDelta {
    let seconds = 2_i64.saturating_pow(attempt.min(20));
    TimeDelta::seconds(seconds.min(6 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        assert_eq!(backoff(1), TimeDelta::seconds(2));
        assert_eq!(backoff(5), TimeDelta::seconds(32));
        assert_eq!(backoff(18), TimeDelta::hours(6));
        assert_eq!(backoff(u32::MAX), TimeDelta::hours(6));
    }

    #[test]
    fn a_job_is_stored_by_its_kind_and_ids() {
        let job = Job::ExpireOrder { order_id: Uuid::nil() };
        let text = serde_json::to_string(&job).unwrap();
        assert_eq!(text, r#"{"kind":"expire_order","order_id":"00000000-0000-0000-0000-000000000000"}"#);
        assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job);
    }

    #[test]
    fn an_address_in_a_job_is_stored_and_does_not_show_itself() {
        let job = Job::SendAccountDeletedNotice { email: Private::from("ada@example.com"), name: None };
        let text = serde_json::to_string(&job).unwrap();
        assert_eq!(text, r#"{"kind":"send_account_deleted_notice","email":"ada@example.com","name":null}"#);
        assert_eq!(serde_json::from_str::<Job>(&text).unwrap(), job);
        assert!(!format!("{job:?}").contains("ada"));
    }

    #[test]
    fn a_mail_that_is_the_same_at_each_try_keeps_its_name() {
        let [first, second] = [1, 2].map(|attempt| Run { job: Uuid::nil(), attempt });
        assert_eq!(first.each_job(), second.each_job());
        assert_ne!(first.each_try(), second.each_try());
    }
}
