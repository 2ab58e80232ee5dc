//! Gathering everything that is kept of a person.

use super::ports::{Belongings, TakeoutQueries};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::identity::policy::{Allowed, ControlAccount};
use crate::identity::ports::{AddressQueries, IdentityQueries, SessionQueries};
use crate::orders::ports::OrderQueries;
use crate::orders::view::OrderView;
use crate::payments::ports::PaymentQueries;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::Transactor;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{SavedAddress, Session, User};
use domain::kernel::{Limit, OrderId, PageRequest, UserId};
use std::collections::HashMap;
use std::sync::Arc;

/// Lets people take their data along.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait TakeOut: Send + Sync {
    /// Everything that is kept of the caller. It is noted in the security log.
    async fn take_out(&self, caller: &Allowed<ControlAccount>) -> Result<Takeout, TakeOutError>;
}

/// Everything that is kept of a person.
#[derive(Debug, Clone)]
pub struct Takeout {
    /// When it was gathered.
    pub exported_at: DateTime<Utc>,
    /// The account.
    pub user: User,
    /// The address book.
    pub addresses: Vec<SavedAddress>,
    /// The orders, newest first.
    pub orders: Vec<OrderView>,
    /// Where they are signed in.
    pub sessions: Vec<Session>,
    /// Keys, identities, and the security log.
    pub belongings: Belongings,
    /// Whether that is all: not if there are more orders or events than are given out at once.
    pub complete: bool,
}

/// Why nothing is given out.
#[derive(Debug, thiserror::Error)]
pub enum TakeOutError {
    /// The account has been deleted since the token was read.
    #[error("the account is gone")]
    Gone,
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Reads what is kept of people.
pub struct Archives {
    /// People.
    pub people: Arc<dyn IdentityQueries>,
    /// Address books.
    pub addresses: Arc<dyn AddressQueries>,
    /// Sessions.
    pub sessions: Arc<dyn SessionQueries>,
    /// Orders.
    pub orders: Arc<dyn OrderQueries>,
    /// Their payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// The rest.
    pub belongings: Arc<dyn TakeoutQueries>,
}

/// The service behind [`TakeOut`].
pub struct TakeoutDesk {
    /// Reads.
    pub archives: Archives,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// So many orders are given out, and so many lines of the log: more than a person makes in a lifetime, and few enough to
/// be held in memory.
const MOST: usize = 10_000;

#[async_trait]
impl TakeOut for TakeoutDesk {
    async fn take_out(&self, caller: &Allowed<ControlAccount>) -> Result<Takeout, TakeOutError> {
        let now = self.clock.now();
        let user = self.archives.people.find_user(caller.user_id).await?.ok_or(TakeOutError::Gone)?;
        // Noted first, so that nobody takes data along without its being noted; and then it tells of itself.
        let tx = self.transactor.begin().await?;
        let event = SecurityEvent::new(SecurityEventKind::DataExported).about(user.id);
        tx.security_log().record(&event, now).await?;
        tx.commit().await?;
        let addresses = self.archives.addresses.addresses_of(user.id).await?;
        let sessions = self.archives.sessions.open_sessions(user.id, now).await?;
        let belongings = self.archives.belongings.belongings(user.id, MOST as u64).await?;
        let (orders, all_orders) = self.archives.orders_of(user.id).await?;
        let complete = all_orders && belongings.security_events.len() < MOST;
        Ok(Takeout { exported_at: now, user, addresses, orders, sessions, belongings, complete })
    }
}

impl Archives {
    /// A user's orders, and whether these are all.
    async fn orders_of(&self, user: UserId) -> Result<(Vec<OrderView>, bool), RepositoryError> {
        let limit = Limit::new(100).unwrap_or_default();
        let (mut orders, mut after) = (Vec::new(), None);
        while orders.len() < MOST {
            let page = self.orders.list_owned(user, None, &PageRequest { limit, after }).await?;
            let ids: Vec<OrderId> = page.data.iter().map(|order| order.id).collect();
            let mut payments = self.payments.of_orders(&ids).await?;
            orders.extend(page.data.into_iter().map(|order| {
                let payment = payments.remove(&order.id);
                OrderView { order, payment, images: HashMap::new() } // pictures are the shop's
            }));
            let Some(next) = page.next else { return Ok((orders, true)) };
            after = Some(next);
        }
        Ok((orders, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::{MockAddressQueries, MockIdentityQueries, MockSessionQueries};
    use crate::orders::ports::MockOrderQueries;
    use crate::payments::ports::MockPaymentQueries;
    use crate::takeout::ports::MockTakeoutQueries;
    use crate::tests::{StandingSystem, caller, now, order, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};
    use domain::identity::Role;
    use domain::kernel::{Cursor, Page};

    /// A desk that finds these pages of one order each.
    fn desk(transactor: &Arc<TransactorDouble>, known: bool, pages: usize) -> TakeoutDesk {
        let mut people = MockIdentityQueries::new();
        people.expect_find_user().returning(move |_| Ok(known.then(|| user(Role::Customer))));
        let mut addresses = MockAddressQueries::new();
        addresses.expect_addresses_of().returning(|_| Ok(Vec::new()));
        let mut sessions = MockSessionQueries::new();
        sessions.expect_open_sessions().returning(|_, _| Ok(Vec::new()));
        let mut orders = MockOrderQueries::new();
        let mut read = 0;
        orders.expect_list_owned().times(usize::from(known) * pages).returning(move |_, _, page| {
            assert_eq!(page.after.is_some(), read > 0);
            read += 1;
            let next = (read < pages).then(|| Cursor { key: read.to_string(), id: uuid(1) });
            Ok(Page { data: vec![order()], next })
        });
        let mut payments = MockPaymentQueries::new();
        payments.expect_of_orders().returning(|_| Ok(HashMap::new()));
        let mut belongings = MockTakeoutQueries::new();
        belongings.expect_belongings().returning(|_, _| Ok(Belongings::default()));
        let archives = Archives {
            people: Arc::new(people),
            addresses: Arc::new(addresses),
            sessions: Arc::new(sessions),
            orders: Arc::new(orders),
            payments: Arc::new(payments),
            belongings: Arc::new(belongings),
        };
        TakeoutDesk { archives, transactor: transactor.clone(), clock: StandingSystem::new() }
    }

    fn ada() -> Allowed<ControlAccount> {
        Allowed::check(&caller(Role::Customer), now()).unwrap()
    }

    #[tokio::test]
    async fn all_pages_of_orders_are_taken_along_and_it_is_noted() {
        let mut tx = UnitOfWorkDouble::default();
        let noted = |event: &SecurityEvent, _: &_| event.kind == SecurityEventKind::DataExported;
        tx.security_log.expect_record().withf(noted).times(1).returning(|_, _| Ok(()));
        let transactor = TransactorDouble::new([tx]);
        let takeout = desk(&transactor, true, 3).take_out(&ada()).await.unwrap();
        assert_eq!((takeout.orders.len(), takeout.complete, transactor.commits()), (3, true, 1));
    }

    #[tokio::test]
    async fn who_is_gone_takes_nothing_along() {
        let transactor = TransactorDouble::new([]);
        let refused = desk(&transactor, false, 1).take_out(&ada()).await;
        assert!(matches!(refused, Err(TakeOutError::Gone)));
    }
}
