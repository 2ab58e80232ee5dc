//! Making a payout, and noting that its money came back.

use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::AdministerPayouts;
use crate::identity::{Allowed, Client};
use crate::jobs::Job;
use crate::ledger::ports::PostError;
use crate::payouts::ports::{PayoutQueries, PayoutView};
use crate::repository_error::RepositoryError;
use crate::system::{Clock, IdGenerator};
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::Role;
use domain::kernel::{Applied, Money, PayoutId, UserId};
use domain::ledger::movements::{self, PayoutFailed};
use domain::ledger::{Posting, PostingError};
use domain::payouts::{Payout, PayoutRefusal, PayoutStatus};
use std::sync::Arc;

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutCommand {
    /// To whom.
    pub seller: UserId,
    /// How much.
    pub amount: Money,
    /// What the bank calls it.
    pub reference: Option<String>,
    /// What names this request; the same name again answers the same payout.
    pub key: String,
}

/// Makes payouts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait MakePayouts: Send + Sync {
    /// Notes that a seller was sent this much of what they are owed.
    async fn pay_out(
        &self,
        caller: &Allowed<AdministerPayouts>,
        command: PayoutCommand,
        client: &Client,
    ) -> Result<PayoutView, PayOutError>;
    /// Notes that it came back: they are owed it again.
    async fn fail(
        &self,
        caller: &Allowed<AdministerPayouts>,
        id: PayoutId,
        client: &Client,
    ) -> Result<PayoutView, PayOutError>;
}

/// Why there is no payout.
#[derive(Debug, thiserror::Error)]
pub enum PayOutError {
    /// There is no such seller.
    #[error("there is no such seller")]
    SellerNotFound,
    /// There is no such payout.
    #[error("there is no such payout")]
    NotFound,
    /// It is nothing, or more than is owed.
    #[error("the payout is refused: {0:?}")]
    Refused(PayoutRefusal),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

impl From<PostingError> for PayOutError {
    fn from(error: PostingError) -> Self {
        Self::Repository(RepositoryError::unavailable(error))
    }
}

impl From<PostError> for PayOutError {
    fn from(error: PostError) -> Self {
        match error {
            PostError::Repository(error) => Self::Repository(error),
            error @ PostError::TooLittle(_) => Self::Repository(RepositoryError::unavailable(error)),
        }
    }
}

/// The service behind [`MakePayouts`].
pub struct PayoutDesk {
    /// Reads payouts.
    pub payouts: Arc<dyn PayoutQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Draws ids.
    pub ids: Arc<dyn IdGenerator>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl MakePayouts for PayoutDesk {
    async fn pay_out(
        &self,
        caller: &Allowed<AdministerPayouts>,
        command: PayoutCommand,
        client: &Client,
    ) -> Result<PayoutView, PayOutError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let seller = tx.users().lock(command.seller).await?.filter(|user| user.role == Role::Seller);
        let seller = seller.ok_or(PayOutError::SellerNotFound)?;
        if let Some(known) = tx.payouts().find_by_key(&command.key).await? {
            return Ok(PayoutView { payout: known, shop_name: seller.shop_name.unwrap_or_default() });
        }
        let owed = tx.payouts().owed(seller.id, command.amount.currency()).await?;
        Payout::fits(command.amount, owed).map_err(PayOutError::Refused)?;
        let payout = Payout {
            id: PayoutId::new(self.ids.next()),
            seller_id: seller.id,
            amount: command.amount,
            reference: command.reference,
            status: PayoutStatus::Paid,
            made_by: caller.user_id,
            request_key: command.key,
            created_at: now,
            failed_at: None,
        };
        tx.payouts().insert(&payout).await?;
        let posting = movement(&payout).posting()?;
        conclude(tx.as_ref(), caller, &payout, &posting, SecurityEventKind::PayoutMade, client, now).await?;
        tx.commit().await?;
        Ok(PayoutView { payout, shop_name: seller.shop_name.unwrap_or_default() })
    }

    async fn fail(
        &self,
        caller: &Allowed<AdministerPayouts>,
        id: PayoutId,
        client: &Client,
    ) -> Result<PayoutView, PayOutError> {
        let now = self.clock.now();
        let PayoutView { shop_name, .. } = self.payouts.find_payout(id).await?.ok_or(PayOutError::NotFound)?;
        let tx = self.transactor.begin().await?;
        let mut payout = tx.payouts().lock(id).await?.ok_or(PayOutError::NotFound)?;
        if payout.fail(now) == Applied::Now(()) {
            tx.payouts().update(&payout).await?;
            let posting = PayoutFailed(movement(&payout)).posting()?;
            conclude(tx.as_ref(), caller, &payout, &posting, SecurityEventKind::PayoutFailed, client, now).await?;
            tx.commit().await?;
        }
        Ok(PayoutView { payout, shop_name })
    }
}

fn movement(payout: &Payout) -> movements::Payout {
    movements::Payout { id: payout.id, seller: payout.seller_id, amount: payout.amount }
}

/// The ledger, the security log and the seller learn of it.
async fn conclude(
    tx: &dyn UnitOfWork,
    caller: &Allowed<AdministerPayouts>,
    payout: &Payout,
    posting: &Posting,
    kind: SecurityEventKind,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(), PayOutError> {
    tx.ledger().post(posting, now).await?;
    let event = SecurityEvent::new(kind).about(payout.seller_id).by(caller.user_id).from(client);
    let event = event.with("payout", payout.id.to_string()).with("amount", payout.amount.to_string());
    tx.security_log().record(&event, now).await?;
    let failed = payout.status == PayoutStatus::Failed;
    Ok(tx.jobs().push(Job::SendPayoutNotice { payout_id: payout.id.uuid(), failed }, now).await?)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::payouts::ports::MockPayoutQueries;
    use crate::tests::{StandingSystem, allowed, client, eur, now, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::ledger::MovementKind;

    fn desk(transactor: &Arc<TransactorDouble>) -> PayoutDesk {
        let mut payouts = MockPayoutQueries::new();
        let view = || PayoutView { payout: made(), shop_name: "Ada's".to_owned() };
        payouts.expect_find_payout().returning(move |_| Ok(Some(view())));
        PayoutDesk {
            payouts: Arc::new(payouts),
            transactor: transactor.clone(),
            ids: StandingSystem::new(),
            clock: StandingSystem::new(),
        }
    }

    fn command(amount: i64) -> PayoutCommand {
        PayoutCommand { seller: user(Role::Seller).id, amount: eur(amount), reference: None, key: "key".to_owned() }
    }

    /// A unit of work in which the seller is owed 100.00.
    fn owing(role: Role) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(move |_| Ok(Some(user(role))));
        tx.payouts.expect_find_by_key().returning(|_| Ok(None));
        tx.payouts.expect_owed().returning(|_, _| Ok(eur(10_000)));
        tx
    }

    fn learns(tx: &mut UnitOfWorkDouble, moved: MovementKind, kind: SecurityEventKind) {
        tx.ledger
            .expect_post()
            .withf(move |posting, _| posting.kind() == moved)
            .times(1)
            .returning(|_, _| Ok(Applied::Now(())));
        tx.security_log.expect_record().withf(move |event, _| event.kind == kind).times(1).returning(|_, _| Ok(()));
        tx.jobs
            .expect_push()
            .withf(move |job, _| {
                let back = moved == MovementKind::PayoutFailed;
                matches!(job, Job::SendPayoutNotice { failed, .. } if *failed == back)
            })
            .times(1)
            .returning(|_, _| Ok(()));
    }

    #[tokio::test]
    async fn what_is_sent_is_owed_no_more_and_everyone_learns_of_it() {
        let mut tx = owing(Role::Seller);
        tx.payouts.expect_insert().withf(|payout| payout.amount == eur(10_000)).times(1).returning(|_| Ok(()));
        learns(&mut tx, MovementKind::Payout, SecurityEventKind::PayoutMade);
        let transactor = TransactorDouble::new([tx]);
        let made = desk(&transactor).pay_out(&allowed(Role::Admin), command(10_000), &client()).await.unwrap().payout;
        assert_eq!((made.status, made.created_at), (PayoutStatus::Paid, now()));
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn nothing_more_than_is_owed_is_sent_and_to_sellers_alone() {
        let transactor = TransactorDouble::new([owing(Role::Seller), owing(Role::Seller), owing(Role::Customer)]);
        let desk = desk(&transactor);
        for (amount, refusal) in [(10_001, PayoutRefusal::MoreThanOwed(eur(10_000))), (0, PayoutRefusal::Nothing)] {
            let refused = desk.pay_out(&allowed(Role::Admin), command(amount), &client()).await.unwrap_err();
            assert!(matches!(refused, PayOutError::Refused(why) if why == refusal));
        }
        let nobody = desk.pay_out(&allowed(Role::Admin), command(1), &client()).await.unwrap_err();
        assert!(matches!(nobody, PayOutError::SellerNotFound));
        assert_eq!(transactor.commits(), 0);
    }

    pub fn made() -> Payout {
        Payout {
            id: PayoutId::new(uuid(60)),
            seller_id: user(Role::Seller).id,
            amount: eur(10_000),
            reference: None,
            status: PayoutStatus::Paid,
            made_by: user(Role::Admin).id,
            request_key: "key".to_owned(),
            created_at: now(),
            failed_at: None,
        }
    }

    #[tokio::test]
    async fn the_same_request_makes_one_payout() {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock().returning(|_| Ok(Some(user(Role::Seller))));
        tx.payouts.expect_find_by_key().returning(|_| Ok(Some(made())));
        let transactor = TransactorDouble::new([tx]);
        let again = desk(&transactor).pay_out(&allowed(Role::Admin), command(10_000), &client()).await.unwrap().payout;
        assert_eq!((again, transactor.commits()), (made(), 0));
    }

    #[tokio::test]
    async fn what_came_back_is_owed_again_once() {
        let mut first = UnitOfWorkDouble::default();
        first.payouts.expect_lock().returning(|_| Ok(Some(made())));
        first
            .payouts
            .expect_update()
            .withf(|payout| payout.status == PayoutStatus::Failed)
            .times(1)
            .returning(|_| Ok(()));
        learns(&mut first, MovementKind::PayoutFailed, SecurityEventKind::PayoutFailed);
        let mut second = UnitOfWorkDouble::default();
        let failed = Payout { status: PayoutStatus::Failed, failed_at: Some(now()), ..made() };
        second.payouts.expect_lock().return_once(move |_| Ok(Some(failed)));
        let transactor = TransactorDouble::new([first, second]);
        let desk = desk(&transactor);
        for _ in 0..2 {
            let failed = desk.fail(&allowed(Role::Admin), made().id, &client()).await.unwrap().payout;
            assert_eq!(failed.status, PayoutStatus::Failed);
        }
        assert_eq!(transactor.commits(), 1);
    }
}
