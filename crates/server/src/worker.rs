//! The loop that runs jobs. Any number of processes may run it on one database: a job is claimed by one of them.

use application::checkout::cancel::CancelOrders;
use application::checkout::review::ReviewPayments;
use application::checkout::settle::SettlePayments;
use application::gift_cards::batch_steps::AdvanceBatches;
use application::gift_cards::expire::ExpireGiftCards;
use application::gift_cards::sell::IssueSoldGiftCards;
use application::idempotency::IdempotencyKeys;
use application::identity::ports::AttemptCounts;
use application::jobs::{self, ClaimedJob, Job, JobFailure, JobStore, Run};
use application::media::sizes::TendPictures;
use application::notifications::gift_cards::DeliverGiftCards;
use application::notifications::money::SendMoneyNotices;
use application::notifications::notices::SendNotices;
use application::notifications::reset_links::SendResetLinks;
use application::notifications::reviews::SendReviewNotices;
use application::notifications::send::SendMails;
use application::payments::cards::NoteCards;
use application::payments::expire::ExpireTopUps;
use application::payments::sandbox::SandboxDelivery;
use application::refunds::disputes::FollowDisputes;
use application::refunds::follow::FollowRefunds;
use application::refunds::watch::WatchDisputes;
use application::system::Clock;
use application::unit_of_work::Transactor;
use application::webhooks::card_fan_out::AnnounceGiftCards;
use application::webhooks::fan_out::AnnounceEvents;
use chrono::TimeDelta;
use domain::kernel::{GiftCardBatchId, GiftCardId, ImageId, OrderId, PaymentId, PayoutId, RefundId, UserId, WebhookId};
use domain::payments::Track;
use domain::webhooks::Delivery;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often an idle worker looks for jobs.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// At most so many jobs at once in one process.
const AT_ONCE: usize = 8;
/// For how long a session that is over can still be looked up.
const SESSIONS_KEPT: TimeDelta = TimeDelta::days(30);
/// For how long an API key that was taken back is still known as such.
const KEYS_KEPT: TimeDelta = TimeDelta::days(30);
/// How often expired rows are purged.
const PURGE_EVERY: TimeDelta = TimeDelta::hours(1);

/// Everything that jobs need.
#[derive(Clone)]
pub struct Worker {
    pub store: Arc<dyn JobStore>,
    pub clock: Arc<dyn Clock>,
    pub mails: Arc<dyn SendMails>,
    pub notices: Arc<dyn SendNotices>,
    pub reset_links: Arc<dyn SendResetLinks>,
    pub settlement: Arc<dyn SettlePayments>,
    /// If the gateway tells of cards, and a rule counts them.
    pub cards: Option<Arc<dyn NoteCards>>,
    pub cancellation: Arc<dyn CancelOrders>,
    pub gift_card_expiry: Arc<dyn ExpireGiftCards>,
    pub top_up_expiry: Arc<dyn ExpireTopUps>,
    pub reviews: Arc<dyn ReviewPayments>,
    pub gift_card_batches: Arc<dyn AdvanceBatches>,
    pub gift_card_mails: Arc<dyn DeliverGiftCards>,
    pub sold_gift_cards: Arc<dyn IssueSoldGiftCards>,
    pub webhooks: Arc<dyn AnnounceEvents>,
    pub card_webhooks: Arc<dyn AnnounceGiftCards>,
    pub pictures: Arc<dyn TendPictures>,
    pub refunds: Arc<dyn FollowRefunds>,
    pub disputes: Arc<dyn FollowDisputes>,
    pub dispute_watch: Arc<dyn WatchDisputes>,
    pub money_notices: Arc<dyn SendMoneyNotices>,
    pub review_notices: Arc<dyn SendReviewNotices>,
    /// Unless another gateway takes the payments.
    pub sandbox: Option<Arc<dyn SandboxDelivery>>,
    pub idempotency: Arc<dyn IdempotencyKeys>,
    pub attempts: Arc<dyn AttemptCounts>,
    pub transactor: Arc<dyn Transactor>,
    /// For how long the security log is kept.
    pub log_kept: TimeDelta,
}

impl Worker {
    /// Runs until it is told to stop, then finishes what it has begun.
    pub async fn run(self, stop: CancellationToken) {
        let mut running = JoinSet::new();
        self.plan_rounds().await;
        while !stop.is_cancelled() {
            while running.try_join_next().is_some() {}
            let free = AT_ONCE.saturating_sub(running.len());
            let claimed =
                if free == 0 { Ok(Vec::new()) } else { self.store.claim(self.clock.now(), free as u64).await };
            let claimed = claimed.unwrap_or_else(|error| {
                tracing::warn!(error = &error as &dyn std::error::Error, "no jobs could be claimed");
                Vec::new()
            });
            let idle = claimed.is_empty();
            for job in claimed {
                let worker = self.clone();
                running.spawn(async move { worker.run_one(job).await });
            }
            if idle {
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// What is done again and again, each time planned by the one before.
    async fn plan_rounds(&self) {
        for round in [Job::PurgeExpired, Job::LookForDisputes] {
            if let Err(error) = self.store.push_unless_waiting(round, self.clock.now()).await {
                tracing::warn!(error = &error as &dyn std::error::Error, "a round could not be planned");
            }
        }
    }

    /// Runs a job and notes what came of it. If that can't be noted the lease ends and the job runs again.
    async fn run_one(&self, claimed: ClaimedJob) {
        let ClaimedJob { id, job, attempt } = claimed;
        let outcome = match &job {
            Ok(job) => self.perform(job, Run { job: id, attempt }).await,
            Err(text) => Err(JobFailure::Fail(format!("this version doesn't know the job: {text}"))),
        };
        let noted = match outcome {
            Ok(()) => self.store.complete(id).await,
            Err(JobFailure::Retry(reason)) if attempt < jobs::MOST_ATTEMPTS => {
                tracing::warn!(%id, ?job, attempt, reason, "a job will be tried again");
                self.store.retry(id, self.clock.now() + jobs::backoff(attempt), &reason).await
            }
            Err(JobFailure::Retry(reason) | JobFailure::Fail(reason)) => {
                tracing::error!(%id, ?job, attempt, reason, "a job was given up");
                self.store.bury(id, &reason).await
            }
        };
        if let Err(error) = noted {
            tracing::warn!(%id, error = &error as &dyn std::error::Error, "a job's end could not be noted");
        }
    }

    async fn perform(&self, job: &Job, run: Run) -> Result<(), JobFailure> {
        match job {
            Job::SendVerificationCode { user_id } => {
                Ok(self.mails.verification_code(UserId::new(*user_id), run).await?)
            }
            Job::SendEmailChangeCode { user_id } => {
                Ok(self.mails.email_change_code(UserId::new(*user_id), run).await?)
            }
            Job::SendPasswordReset { user_id } => {
                Ok(self.reset_links.password_reset(UserId::new(*user_id), run).await?)
            }
            Job::SendSignInHelp { user_id } => Ok(self.reset_links.sign_in_help(UserId::new(*user_id), run).await?),
            Job::SendPasswordChangedNotice { user_id } => {
                Ok(self.notices.password_changed(UserId::new(*user_id), run).await?)
            }
            Job::SendSecondFactorNotice { user_id, change } => {
                Ok(self.notices.second_factor_changed(UserId::new(*user_id), *change, run).await?)
            }
            Job::SendEmailChangedNotice { user_id, old_email } => {
                Ok(self.notices.email_changed(UserId::new(*user_id), old_email, run).await?)
            }
            Job::SendAccountStatusNotice { user_id, disabled } => {
                Ok(self.notices.status_changed(UserId::new(*user_id), *disabled, run).await?)
            }
            Job::SendRoleNotice { user_id } => Ok(self.notices.role_changed(UserId::new(*user_id), run).await?),
            Job::SendAccountDeletedNotice { email, name } => {
                Ok(self.notices.account_deleted(email, name.as_ref(), run).await?)
            }
            Job::SubmitPayment { payment_id } => Ok(self.settlement.submit(PaymentId::new(*payment_id)).await?),
            Job::SettlePayment { payment_id } => {
                self.note_cards(PaymentId::new(*payment_id)).await;
                Ok(self.settlement.settle(PaymentId::new(*payment_id)).await?)
            }
            Job::ReconcilePayment { payment_id } => {
                self.note_cards(PaymentId::new(*payment_id)).await;
                Ok(self.settlement.reconcile(PaymentId::new(*payment_id)).await?)
            }
            Job::ExpireOrder { order_id } => Ok(self.cancellation.expire(OrderId::new(*order_id)).await?),
            Job::ExpireTopUp { payment_id } => Ok(self.top_up_expiry.expire(PaymentId::new(*payment_id)).await?),
            Job::EndReview { payment_id } => Ok(self.reviews.end(PaymentId::new(*payment_id)).await?),
            Job::SendOrderConfirmation { order_id } => {
                Ok(self.mails.order_confirmation(OrderId::new(*order_id)).await?)
            }
            Job::SendSaleNotices { order_id } => Ok(self.mails.sale_notices(OrderId::new(*order_id)).await?),
            Job::FollowRefund { refund_id } => Ok(self.refunds.follow(RefundId::new(*refund_id)).await?),
            Job::ReconcileRefund { refund_id } => Ok(self.refunds.reconcile(RefundId::new(*refund_id)).await?),
            Job::FollowDispute { dispute_id } => Ok(self.disputes.follow(dispute_id).await?),
            Job::SendPaymentHeldNotice { payment_id } => {
                Ok(self.review_notices.held(PaymentId::new(*payment_id)).await?)
            }
            Job::SendReviewRequest { payment_id } => Ok(self.review_notices.waits(PaymentId::new(*payment_id)).await?),
            Job::SendPaymentReviewedNotice { payment_id } => {
                Ok(self.review_notices.ended(PaymentId::new(*payment_id)).await?)
            }
            Job::LookForDisputes => self.dispute_watch.look().await,
            Job::SendRefundNotice { refund_id } => Ok(self.money_notices.refunded(RefundId::new(*refund_id)).await?),
            Job::SendRefundFailedNotice { refund_id } => {
                Ok(self.money_notices.refund_failed(RefundId::new(*refund_id)).await?)
            }
            Job::SendDisputeNotice { refund_id } => Ok(self.money_notices.disputed(RefundId::new(*refund_id)).await?),
            Job::SendPayoutNotice { payout_id, failed } => {
                Ok(self.money_notices.payout(PayoutId::new(*payout_id), *failed).await?)
            }
            Job::ExpireGiftCard { gift_card_id } => self.gift_card_expiry.expire(GiftCardId::new(*gift_card_id)).await,
            Job::ExpireGiftCardBatch { batch_id, from } => {
                self.gift_card_expiry.expire_batch(GiftCardBatchId::new(*batch_id), *from).await
            }
            Job::IssueGiftCardBatch { batch_id } => self.gift_card_batches.step(GiftCardBatchId::new(*batch_id)).await,
            Job::IssueSoldGiftCards { order_id } => self.sold_gift_cards.issue(OrderId::new(*order_id)).await,
            Job::DeliverGiftCard { gift_card_id, letter } => {
                self.gift_card_mails.deliver(GiftCardId::new(*gift_card_id), *letter).await
            }
            Job::LapseGiftCardCodes { batch_id } => self.gift_card_batches.lapse(GiftCardBatchId::new(*batch_id)).await,
            Job::AnnounceEvent { event, at, facts } => self.webhooks.announce(run.job, event, *at, facts).await,
            Job::AnnounceGiftCards { announcement, event, at, cards } => {
                self.card_webhooks.announce(announcement.unwrap_or(run.job), event, *at, cards).await
            }
            Job::SendWebhookDisabledNotice { user_id, webhook_id } => {
                Ok(self.notices.webhook_disabled(UserId::new(*user_id), WebhookId::new(*webhook_id), run).await?)
            }
            Job::DeliverSandboxEvent { session_id } => match &self.sandbox {
                Some(sandbox) => sandbox.deliver(session_id).await,
                None => Err(JobFailure::Fail("the sandbox is not the gateway any more".to_owned())),
            },
            Job::MakePictureSizes { image_id } => self.pictures.make_sizes(ImageId::new(*image_id)).await,
            Job::SweepPicture { image_id } => self.pictures.sweep(ImageId::new(*image_id)).await,
            Job::PurgeExpired => self.purge().await,
        }
    }

    /// A payment is settled whether or not its cards are known.
    async fn note_cards(&self, payment: PaymentId) {
        let Some(cards) = &self.cards else { return };
        if let Err(error) = cards.note(payment).await {
            tracing::warn!(%payment, error = &error as &dyn std::error::Error, "the cards that were tried are not known");
        }
    }

    async fn purge(&self) -> Result<(), JobFailure> {
        let now = self.clock.now();
        self.idempotency.purge(now).await?;
        self.attempts.purge(now).await?;
        let tx = self.transactor.begin().await?;
        tx.token_denylist().purge(now).await?;
        tx.ceremonies().purge(now).await?;
        tx.sessions().purge(now - SESSIONS_KEPT).await?;
        tx.api_keys().purge(now - KEYS_KEPT).await?;
        tx.payments().purge_cards(now - Track::WINDOW).await?;
        tx.security_log().purge(now - self.log_kept).await?;
        tx.webhook_deliveries().purge(now - Delivery::KEPT).await?;
        tx.jobs().push(Job::PurgeExpired, now + PURGE_EVERY).await?;
        Ok(tx.commit().await?)
    }
}
