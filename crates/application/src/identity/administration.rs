//! Looking after accounts, as admins do: finding them, changing what they may do, keeping people out, ending sessions.

use super::client::Client;
use super::policy::{AdministerUsers, Allowed, Refusal, ViewUsers};
use super::ports::{AccountFilter, AccountQueries, AccountSort, AccountView};
use crate::audit::{SecurityEvent, SecurityEventKind};
use crate::jobs::Job;
use crate::repository_error::RepositoryError;
use crate::system::Clock;
use crate::unit_of_work::{Transactor, UnitOfWork};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::identity::{AccountChange, AccountChangeRefusal, AccountChanged, Role, User};
use domain::kernel::{Page, PageRequest, UserId};
use std::sync::Arc;

/// Looks after accounts.
#[cfg_attr(any(test, feature = "mock"), mockall::automock)]
#[async_trait]
pub trait LookAfterAccounts: Send + Sync {
    /// A page of accounts.
    async fn list(
        &self,
        caller: &Allowed<ViewUsers>,
        filter: &AccountFilter,
        sort: AccountSort,
        page: &PageRequest,
    ) -> Result<Page<AccountView>, RepositoryError>;
    /// One of them, or `None`.
    async fn find(&self, caller: &Allowed<ViewUsers>, id: UserId) -> Result<Option<AccountView>, RepositoryError>;
    /// Changes an account. Whose role or status becomes another is signed out everywhere, at once, and told by mail.
    async fn change(
        &self,
        caller: &Allowed<AdministerUsers>,
        id: UserId,
        change: AccountChange,
        client: &Client,
    ) -> Result<AccountView, AdministerError>;
    /// Ends all sessions of an account.
    async fn end_sessions(
        &self,
        caller: &Allowed<AdministerUsers>,
        id: UserId,
        client: &Client,
    ) -> Result<(), AdministerError>;
}

/// Why an account stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum AdministerError {
    /// There is no such account.
    #[error("there is no such account")]
    NotFound,
    /// It is the caller's own: nobody locks themself out.
    #[error("it is the caller's own account")]
    OwnAccount,
    /// Nobody would be left to look after the shop.
    #[error("it is the last admin")]
    LastAdmin,
    /// The caller has just lost the right to do this.
    #[error("the caller may not do this any more")]
    Refused(Refusal),
    /// The change makes no sense.
    #[error("the change is refused: {0:?}")]
    Change(AccountChangeRefusal),
    /// The database failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// The service behind [`LookAfterAccounts`].
pub struct AccountDesk {
    /// Reads accounts.
    pub accounts: Arc<dyn AccountQueries>,
    /// Writes.
    pub transactor: Arc<dyn Transactor>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl LookAfterAccounts for AccountDesk {
    async fn list(
        &self,
        _: &Allowed<ViewUsers>,
        filter: &AccountFilter,
        sort: AccountSort,
        page: &PageRequest,
    ) -> Result<Page<AccountView>, RepositoryError> {
        self.accounts.list_accounts(filter, sort, page, self.clock.now()).await
    }

    async fn find(&self, _: &Allowed<ViewUsers>, id: UserId) -> Result<Option<AccountView>, RepositoryError> {
        self.accounts.find_account(id, self.clock.now()).await
    }

    async fn change(
        &self,
        caller: &Allowed<AdministerUsers>,
        id: UserId,
        change: AccountChange,
        client: &Client,
    ) -> Result<AccountView, AdministerError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        let (admins, mut user) = lock(tx.as_ref(), caller, id).await?;
        let changed = user.administer(change, now).map_err(AdministerError::Change)?;
        let goes = !user.is_active() || user.role != Role::Admin;
        if goes && admins.iter().all(|admin| *admin == id) {
            return Err(AdministerError::LastAdmin);
        }
        tx.users().update(&user).await?;
        if changed.ends_sessions() {
            tx.sessions().end_all(id, None, now).await?;
            tx.ceremonies().forget_user(id).await?;
            tx.password_resets().delete(id).await?;
        }
        note(tx.as_ref(), caller, &user, changed, client, now).await?;
        tx.commit().await?;
        self.accounts.find_account(id, now).await?.ok_or(AdministerError::NotFound)
    }

    async fn end_sessions(
        &self,
        caller: &Allowed<AdministerUsers>,
        id: UserId,
        client: &Client,
    ) -> Result<(), AdministerError> {
        let now = self.clock.now();
        let tx = self.transactor.begin().await?;
        lock(tx.as_ref(), caller, id).await?;
        let ended = tx.sessions().end_all(id, None, now).await?;
        tx.ceremonies().forget_user(id).await?;
        let event = SecurityEvent::new(SecurityEventKind::SessionsEndedByAdmin).with("sessions", ended);
        tx.security_log().record(&event.about(id).by(caller.user_id).from(client), now).await?;
        Ok(tx.commit().await?)
    }
}

/// Locks all admins, then the account, always in this order: of two admins who take each other's role away, the second
/// finds that they are none any more.
async fn lock(
    tx: &dyn UnitOfWork,
    caller: &Allowed<AdministerUsers>,
    id: UserId,
) -> Result<(Vec<UserId>, User), AdministerError> {
    if id == caller.user_id {
        return Err(AdministerError::OwnAccount);
    }
    let admins = tx.users().lock_admins().await?;
    if !admins.contains(&caller.user_id) {
        return Err(AdministerError::Refused(Refusal::Role(Role::Admin)));
    }
    let user = tx.users().lock(id).await?.ok_or(AdministerError::NotFound)?;
    Ok((admins, user))
}

/// Writes down what was changed, and has the user told of it.
async fn note(
    tx: &dyn UnitOfWork,
    caller: &Allowed<AdministerUsers>,
    user: &User,
    changed: AccountChanged,
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(), RepositoryError> {
    let event = |kind| SecurityEvent::new(kind).about(user.id).by(caller.user_id).from(client);
    let user_id = user.id.uuid();
    if let Some(before) = changed.role_before {
        let event = event(SecurityEventKind::RoleChanged).with("from", before.name()).with("to", user.role.name());
        tx.security_log().record(&event, now).await?;
        tx.jobs().push(Job::SendRoleNotice { user_id }, now).await?;
    }
    if let Some(active) = changed.active {
        let kind = if active { SecurityEventKind::UserEnabled } else { SecurityEventKind::UserDisabled };
        tx.security_log().record(&event(kind), now).await?;
        tx.jobs().push(Job::SendAccountStatusNotice { user_id, disabled: !active }, now).await?;
    }
    if changed.shop_name {
        tx.security_log().record(&event(SecurityEventKind::UserEdited).with("changed", "shop_name"), now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::ports::MockAccountQueries;
    use crate::tests::{StandingSystem, allowed, caller, client, user, uuid};
    use crate::unit_of_work::double::{TransactorDouble, UnitOfWorkDouble};

    fn them() -> UserId {
        UserId::new(uuid(2))
    }

    fn me() -> UserId {
        caller(Role::Admin).user_id
    }

    fn service(tx: UnitOfWorkDouble) -> (AccountDesk, Arc<TransactorDouble>) {
        let transactor = TransactorDouble::new([tx]);
        let mut accounts = MockAccountQueries::new();
        accounts.expect_find_account().returning(|id, _| {
            let user = User { id, ..user(Role::Customer) };
            Ok(Some(AccountView { user, last_sign_in_at: None, two_factor: false, sessions: 0 }))
        });
        let desk =
            AccountDesk { accounts: Arc::new(accounts), transactor: transactor.clone(), clock: StandingSystem::new() };
        (desk, transactor)
    }

    fn meeting(admins: Vec<UserId>, role: Role) -> UnitOfWorkDouble {
        let mut tx = UnitOfWorkDouble::default();
        tx.users.expect_lock_admins().return_once(move || Ok(admins));
        tx.users.expect_lock().return_once(move |id| Ok(Some(User { id, ..user(role) })));
        tx
    }

    const DISABLE: AccountChange = AccountChange { role: None, active: Some(false), shop_name: None };

    #[tokio::test]
    async fn whom_an_admin_disables_is_signed_out_and_told() {
        let mut tx = meeting(vec![me()], Role::Customer);
        tx.users.expect_update().withf(|user| !user.is_active()).times(1).returning(|_| Ok(()));
        tx.sessions
            .expect_end_all()
            .withf(|id, but, _| *id == them() && but.is_none())
            .times(1)
            .returning(|_, _, _| Ok(2));
        tx.ceremonies.expect_forget_user().times(1).returning(|_| Ok(()));
        tx.password_resets.expect_delete().times(1).returning(|_| Ok(()));
        let told = |event: &SecurityEvent| (event.kind, event.user_id, event.actor_id);
        tx.security_log
            .expect_record()
            .withf(move |event, _| told(event) == (SecurityEventKind::UserDisabled, Some(them()), Some(me())))
            .times(1)
            .returning(|_, _| Ok(()));
        tx.jobs
            .expect_push()
            .withf(|job, _| matches!(job, Job::SendAccountStatusNotice { disabled: true, .. }))
            .times(1)
            .returning(|_, _| Ok(()));
        let (desk, transactor) = service(tx);
        desk.change(&allowed(Role::Admin), them(), DISABLE, &client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }

    #[tokio::test]
    async fn nobody_changes_their_own_account_here() {
        let (desk, transactor) = service(UnitOfWorkDouble::default());
        let refused = desk.change(&allowed(Role::Admin), me(), DISABLE, &client()).await;
        assert!(matches!(refused, Err(AdministerError::OwnAccount)));
        let refused = desk.end_sessions(&allowed(Role::Admin), me(), &client()).await;
        assert!(matches!(refused, Err(AdministerError::Repository(_) | AdministerError::OwnAccount)));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn who_is_no_admin_any_more_changes_nothing() {
        let (desk, transactor) = service(meeting(vec![them()], Role::Admin));
        let refused = desk.change(&allowed(Role::Admin), them(), DISABLE, &client()).await;
        assert!(matches!(refused, Err(AdministerError::Refused(Refusal::Role(Role::Admin)))));
        assert_eq!(transactor.commits(), 0);
    }

    #[tokio::test]
    async fn a_new_name_of_the_shop_signs_nobody_out() {
        let mut tx = meeting(vec![me()], Role::Seller);
        tx.users.expect_update().times(1).returning(|_| Ok(()));
        tx.security_log
            .expect_record()
            .withf(|event, _| event.kind == SecurityEventKind::UserEdited)
            .times(1)
            .returning(|_, _| Ok(()));
        let (desk, transactor) = service(tx);
        let rename = AccountChange { shop_name: Some("Other".to_owned()), ..AccountChange::default() };
        desk.change(&allowed(Role::Admin), them(), rename, &client()).await.unwrap();
        assert_eq!(transactor.commits(), 1);
    }
}
