//! Disputes that no event told of: the gateway's list is read every hour, and what is new there or has not ended here is followed.

use super::ports::{DisputeList, DisputeQueries};
use crate::jobs::{Job, JobFailure};
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often the list is read.
const LOOK_EVERY: TimeDelta = TimeDelta::hours(1);
/// How far back: longer than a shop is away.
const LOOKS_BACK: TimeDelta = TimeDelta::days(30);
/// How long one is looked at that has ended: what the gateway kept may come back later.
const LINGERS: TimeDelta = TimeDelta::days(3);

/// Looks for disputes.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait WatchDisputes: Send + Sync {
    /// Has each followed that is not known yet or still moves, and plans to look again.
    async fn look(&self) -> Result<(), JobFailure>;
}

/// The service behind [`WatchDisputes`].
pub struct DisputeWatch {
    /// Has a list of them.
    pub gateway: Arc<dyn DisputeList>,
    /// Knows which are known.
    pub disputes: Arc<dyn DisputeQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl WatchDisputes for DisputeWatch {
    async fn look(&self) -> Result<(), JobFailure> {
        let now = self.clock.now();
        let followed = self.to_be_followed(now).await?;
        let tx = self.transactor.begin().await?;
        for dispute_id in followed {
            tx.jobs().push(Job::FollowDispute { dispute_id }, now).await?;
        }
        tx.jobs().push(Job::LookForDisputes, now + LOOK_EVERY).await?;
        Ok(tx.commit().await?)
    }
}

impl DisputeWatch {
    async fn to_be_followed(&self, now: DateTime<Utc>) -> Result<BTreeSet<String>, RepositoryError> {
        let moving = self.disputes.moving_disputes(now - LINGERS).await?;
        let listed = match self.gateway.disputes_since(now - LOOKS_BACK).await {
            Ok(listed) => listed,
            // The next look goes as far back.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the gateway's disputes could not be listed");
                Vec::new()
            }
        };
        let known = self.disputes.known_disputes(&listed).await?;
        let new = listed.into_iter().filter(|dispute| !known.contains(dispute));
        Ok(new.chain(moving).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payments::ports::GatewayError;
    use crate::refunds::ports::{MockDisputeList, MockDisputeQueries};
    use crate::tests::{StandingSystem, now};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};

    /// Looks at a gateway that lists these; dp_1 is known and over, dp_2 is known and open. Answers what is followed.
    async fn follows(listed: Result<Vec<String>, GatewayError>) -> Vec<String> {
        let mut gateway = MockDisputeList::new();
        let a_month_ago = |since: &DateTime<Utc>| *since == now() - TimeDelta::days(30);
        gateway.expect_disputes_since().withf(a_month_ago).return_once(move |_| listed);
        let mut disputes = MockDisputeQueries::new();
        let three_days_ago = |since: &DateTime<Utc>| *since == now() - TimeDelta::days(3);
        disputes.expect_moving_disputes().withf(three_days_ago).returning(|_| Ok(vec!["dp_2".to_owned()]));
        disputes
            .expect_known_disputes()
            .returning(|ids| Ok(ids.iter().filter(|id| ["dp_1", "dp_2"].contains(&id.as_str())).cloned().collect()));
        let followed = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (kept, mut tx) = (followed.clone(), UnitOfWorkDouble::default());
        tx.jobs.expect_push().returning(move |job, at| {
            match job {
                Job::FollowDispute { dispute_id } => kept.lock().unwrap().push(dispute_id),
                Job::LookForDisputes => assert_eq!(at, now() + TimeDelta::hours(1)),
                other => panic!("{other:?}"),
            }
            Ok(())
        });
        let transactor = TransactorDouble::new([tx]);
        let watch = DisputeWatch {
            gateway: Arc::new(gateway),
            disputes: Arc::new(disputes),
            transactor: transactor.clone(),
            clock: StandingSystem::new(),
        };
        watch.look().await.unwrap();
        assert_eq!(transactor.commits(), 1);
        let followed = followed.lock().unwrap();
        followed.clone()
    }

    #[tokio::test]
    async fn what_is_new_or_has_not_ended_is_followed() {
        let listed = ["dp_3", "dp_2", "dp_1"].map(str::to_owned);
        assert_eq!(follows(Ok(listed.into())).await, ["dp_2", "dp_3"]);
        assert_eq!(follows(Ok(vec![])).await, ["dp_2"], "one that is older than the list");
    }

    #[tokio::test]
    async fn while_the_gateway_is_away_it_is_looked_at_again() {
        for error in [GatewayError::Unavailable("away".into()), GatewayError::Refused("a wrong key".to_owned())] {
            assert_eq!(follows(Err(error)).await, ["dp_2"]);
        }
    }
}
