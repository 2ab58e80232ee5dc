//! What an admin changes of someone's account: the role, the name of the shop, and whether they may come in at all.

use super::{Role, User};
use chrono::{DateTime, Utc};

/// What is to be changed; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The role.
    pub role: Option<Role>,
    /// Whether they may come in.
    pub active: Option<bool>,
    /// The name of a seller's shop.
    pub shop_name: Option<String>,
}

/// What has become different.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountChanged {
    /// The role that they had before, if they have another now.
    pub role_before: Option<Role>,
    /// Whether they may come in now, if that is new.
    pub active: Option<bool>,
    /// Whether the shop has another name.
    pub shop_name: bool,
}

/// Why nothing is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountChangeRefusal {
    /// The account has been deleted; nothing brings it back.
    Deleted,
    /// A seller needs a shop with a name.
    ShopNameMissing,
    /// Nobody but a seller has a shop.
    NotASeller,
}

impl AccountChanged {
    /// Whether what they hold in their hands must become void: sessions were opened by someone who was another.
    #[must_use]
    pub const fn ends_sessions(&self) -> bool {
        self.role_before.is_some() || self.active.is_some()
    }
}

impl User {
    /// Changes what an admin may change, all of it or nothing.
    ///
    /// # Errors
    /// Why not.
    pub fn administer(
        &mut self,
        change: AccountChange,
        now: DateTime<Utc>,
    ) -> Result<AccountChanged, AccountChangeRefusal> {
        if self.deleted_at.is_some() {
            return Err(AccountChangeRefusal::Deleted);
        }
        let role = change.role.unwrap_or(self.role);
        match (role, &change.shop_name) {
            (Role::Seller, None) if self.shop_name.is_none() => return Err(AccountChangeRefusal::ShopNameMissing),
            (Role::Customer | Role::Admin, Some(_)) => return Err(AccountChangeRefusal::NotASeller),
            _ => {}
        }
        let mut changed = AccountChanged::default();
        if role != self.role {
            changed.role_before = Some(self.role);
            self.role = role;
        }
        if let Some(active) = change.active.filter(|active| *active != self.is_active()) {
            changed.active = Some(active);
            self.disabled_at = if active { None } else { Some(now) };
        }
        if change.shop_name.is_some() && change.shop_name != self.shop_name {
            changed.shop_name = true;
            self.shop_name = change.shop_name;
        }
        Ok(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::NewUser;
    use crate::kernel::{EmailAddress, UserId};
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn user(role: Role) -> User {
        let new = NewUser {
            id: UserId::new(Uuid::from_u128(1)),
            email: EmailAddress::parse("ada@example.com").unwrap(),
            name: None,
            role,
            shop_name: (role == Role::Seller).then(|| "Ada's".to_owned()),
            password_hash: None,
        };
        User::register(new, now())
    }

    #[test]
    fn a_customer_becomes_a_seller_with_a_shop_and_not_without() {
        let mut customer = user(Role::Customer);
        let seller = AccountChange { role: Some(Role::Seller), ..AccountChange::default() };
        assert_eq!(customer.administer(seller.clone(), now()), Err(AccountChangeRefusal::ShopNameMissing));
        assert_eq!(customer, user(Role::Customer));
        let changed =
            customer.administer(AccountChange { shop_name: Some("Ada's".to_owned()), ..seller }, now()).unwrap();
        assert_eq!((changed.role_before, changed.shop_name), (Some(Role::Customer), true));
        assert!(changed.ends_sessions());
    }

    #[test]
    fn nobody_but_a_seller_has_a_shop() {
        let named = AccountChange { shop_name: Some("Shop".to_owned()), ..AccountChange::default() };
        assert_eq!(user(Role::Customer).administer(named, now()), Err(AccountChangeRefusal::NotASeller));
    }

    #[test]
    fn what_is_so_already_is_no_change() {
        let mut seller = user(Role::Seller);
        let same = AccountChange { role: Some(Role::Seller), active: Some(true), shop_name: Some("Ada's".to_owned()) };
        assert_eq!(seller.administer(same, now()), Ok(AccountChanged::default()));
    }

    #[test]
    fn someone_who_is_disabled_comes_in_again_when_enabled() {
        let mut user = user(Role::Customer);
        let active = |active| AccountChange { active: Some(active), ..AccountChange::default() };
        assert_eq!(user.administer(active(false), now()).unwrap().active, Some(false));
        assert!(!user.is_active());
        assert_eq!(user.administer(active(true), now()).unwrap().active, Some(true));
        assert!(user.is_active());
    }

    #[test]
    fn a_deleted_account_stays_deleted() {
        let mut user = User { deleted_at: Some(now()), ..user(Role::Customer) };
        let enable = AccountChange { active: Some(true), ..AccountChange::default() };
        assert_eq!(user.administer(enable, now()), Err(AccountChangeRefusal::Deleted));
    }
}
