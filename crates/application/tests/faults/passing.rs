//! What happens as time passes: customers pay, the gateway tells of it, banks decide, friends redeem what they were sent, and the
//! worker does its jobs.

use crate::services::{Services, allowed, client};
use crate::world::{Process, World};
use application::checkout::cancel::CancelOrders;
use application::checkout::review::ReviewPayments;
use application::checkout::settle::SettlePayments;
use application::gift_cards::redeem::{RedeemGiftCardError, RedeemGiftCards};
use application::gift_cards::sell::IssueSoldGiftCards;
use application::identity::policy;
use application::jobs::{ClaimedJob, Job, JobFailure, JobStore, backoff};
use application::notifications::gift_cards::DeliverGiftCards;
use application::payments::expire::ExpireTopUps;
use application::payments::hear::HearGateway;
use application::refunds::disputes::FollowDisputes;
use application::refunds::follow::FollowRefunds;
use application::system::Clock;
use domain::gift_cards::UseRefusal;
use domain::kernel::{GiftCardId, OrderId, PaymentId, RefundId};

/// How long nothing happens before jobs are looked for again, in seconds: until those of a request are due, those that ask
/// again, and those that give up; then until every lease has ended and every job is done.
const PAUSES: [i64; 8] = [0, 20, 130, 1_700, 300, 300, 300, 300];

/// The same after a story that takes longer.
const AT_LAST: [i64; 3] = [3_600, 300, 300];

impl World {
    /// Jobs are done as they become due, pages are paid, and the gateway tells of it, until all is done; if it takes longer than
    /// usual, by so many seconds.
    pub async fn time_passes(&self, process: &Process, pays: bool, longer: i64) {
        let at_last = std::iter::once(longer).chain(AT_LAST).filter(|_| longer > 0);
        for pause in PAUSES.into_iter().chain(at_last) {
            self.hands.move_by(pause);
            if pays {
                self.events.lock().unwrap().extend(self.gateway.everybody_pays().iter().map(ToString::to_string));
            }
            self.gateway_tells(process).await;
            self.works(process).await;
            let friend_is_done = self.friend_redeems(process).await;
            self.gateway.refunds_arrive();
            self.events.lock().unwrap().extend(self.gateway.disputes_end());
            if friend_is_done && self.is_quiet(pays).await {
                return;
            }
        }
    }

    /// Whether nothing is left to do, or to wait for.
    async fn is_quiet(&self, pays: bool) -> bool {
        let told = self.events.lock().unwrap().is_empty() && !(pays && self.gateway.waits());
        told && self.db.number("SELECT COUNT(*) FROM jobs").await == 0
    }

    /// Of each event twice, and again later unless both were taken.
    async fn gateway_tells(&self, process: &Process) {
        let events = self.events.lock().unwrap().clone();
        for event in events {
            let (first, second) = (self.hears(process, &event).await, self.hears(process, &event).await);
            if first && second {
                self.events.lock().unwrap().retain(|other| *other != event);
            }
        }
    }

    async fn hears(&self, process: &Process, event: &str) -> bool {
        process.services.ear.hear("double", event.as_bytes(), "").await.is_ok()
    }

    /// Whether they know of all cards that they were sent that these are redeemed.
    async fn friend_redeems(&self, process: &Process) -> bool {
        let Some(friend) = self.friend.lock().unwrap().clone() else { return true };
        let sent = self.post.codes_for(&friend.email);
        let open: Vec<String> = sent.difference(&self.redeemed.lock().unwrap()).cloned().collect();
        for code in &open {
            let caller = allowed::<policy::RedeemGiftCards>(&friend);
            match process.services.redemption.redeem(&caller, code, &client()).await {
                Ok(_) | Err(RedeemGiftCardError::Refused(UseRefusal::Redeemed)) => {
                    self.redeemed.lock().unwrap().insert(code.clone());
                }
                Err(RedeemGiftCardError::Repository(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        open.is_empty()
    }

    /// Does what is due, as the worker does. What is claimed is noted by the test, and not struck: whose claim is lost is as one
    /// who dies before the job.
    async fn works(&self, process: &Process) {
        loop {
            let claimed = self.sound.jobs.claim(self.hands.now(), 100).await.unwrap();
            if claimed.is_empty() {
                return;
            }
            for ClaimedJob { id, job, attempt } in claimed {
                let job = job.unwrap();
                self.begun.lock().unwrap().entry(name(&job)).or_default().insert(id);
                // What can't be noted is done again when its lease ends.
                let _ = match perform(&process.services, &job).await {
                    Ok(()) => process.jobs.complete(id).await,
                    Err(JobFailure::Retry(why)) => {
                        process.jobs.retry(id, self.hands.now() + backoff(attempt), &why).await
                    }
                    Err(JobFailure::Fail(why)) => panic!("{job:?} is buried: {why}"),
                };
            }
        }
    }
}

/// By what a job is counted: its kind; of announcements, what is announced.
fn name(job: &Job) -> String {
    match job {
        Job::AnnounceEvent { event, .. } => event.clone(),
        job => format!("{job:?}").split(' ').next().unwrap_or_default().to_owned(),
    }
}

/// What moves money, or carries it, is done; other mails and announcements are only counted.
async fn perform(services: &Services, job: &Job) -> Result<(), JobFailure> {
    match job {
        Job::SubmitPayment { payment_id } => Ok(services.settlement.submit(PaymentId::new(*payment_id)).await?),
        Job::SettlePayment { payment_id } => Ok(services.settlement.settle(PaymentId::new(*payment_id)).await?),
        Job::ReconcilePayment { payment_id } => Ok(services.settlement.reconcile(PaymentId::new(*payment_id)).await?),
        Job::ExpireOrder { order_id } => Ok(services.cancellation.expire(OrderId::new(*order_id)).await?),
        Job::ExpireTopUp { payment_id } => Ok(services.top_up_expiry.expire(PaymentId::new(*payment_id)).await?),
        Job::EndReview { payment_id } => Ok(services.reviews.end(PaymentId::new(*payment_id)).await?),
        Job::ReconcileRefund { refund_id } => Ok(services.following.reconcile(RefundId::new(*refund_id)).await?),
        Job::FollowDispute { dispute_id } => Ok(services.disputes.follow(dispute_id).await?),
        Job::IssueSoldGiftCards { order_id } => services.sold_cards.issue(OrderId::new(*order_id)).await,
        Job::DeliverGiftCard { gift_card_id, letter } => {
            services.gift_mails.deliver(GiftCardId::new(*gift_card_id), *letter).await
        }
        _ => Ok(()),
    }
}
