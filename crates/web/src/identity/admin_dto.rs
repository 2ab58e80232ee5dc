//! Accounts on the wire, as admins see them.

use super::dto::{User, UserRole};
use crate::extract::{FromQuery, PageQuery, QueryReader, text};
use crate::wire::lists;
use application::identity::ports::{AccountFilter, AccountSort, AccountStatus, AccountView};
use chrono::{DateTime, Utc};
use domain::identity::{AccountChange, Role};
use domain::kernel::PageRequest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

/// An account, with what an admin wants to know of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AdminUser {
    /// What its owner sees.
    #[serde(flatten)]
    pub user: User,
    /// How it stands.
    pub status: UserStatus,
    /// Since when an admin keeps them out.
    #[schema(required)]
    pub disabled_at: Option<DateTime<Utc>>,
    /// When someone last signed in to it, as far back as the security log reaches.
    #[schema(required)]
    pub last_sign_in_at: Option<DateTime<Utc>>,
    /// Whether there is an authenticator app or a passkey.
    pub two_factor: bool,
    /// How many sessions are open.
    pub sessions: u64,
}

/// How an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// They may come in.
    Active,
    /// An admin keeps them out.
    Disabled,
    /// The account is gone.
    Deleted,
}

lists! {
    /// A page of accounts.
    AdminUserPage of AdminUser,
}

impl From<AccountView> for AdminUser {
    fn from(account: AccountView) -> Self {
        let status = match (account.user.deleted_at, account.user.disabled_at) {
            (Some(_), _) => UserStatus::Deleted,
            (None, Some(_)) => UserStatus::Disabled,
            (None, None) => UserStatus::Active,
        };
        Self {
            status,
            disabled_at: account.user.disabled_at,
            last_sign_in_at: account.last_sign_in_at,
            two_factor: account.two_factor,
            sessions: account.sessions,
            user: account.user.into(),
        }
    }
}

/// What is to be changed; what is left out stays as it is.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateAdminUserRequest {
    /// What they may do.
    #[schema(nullable = false)]
    pub role: Option<UserRole>,
    /// Whether they may come in.
    #[schema(nullable = false)]
    pub status: Option<ChangedStatus>,
    /// The name of a seller's shop; required when someone without one becomes a seller.
    #[serde(default, deserialize_with = "text::trimmed_or_none")]
    #[validate(length(max = 100), custom(function = text::one_line))]
    #[schema(max_length = 100, nullable = false)]
    pub shop_name: Option<String>,
}

/// Whether someone may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangedStatus {
    /// They may.
    Active,
    /// They are kept out.
    Disabled,
}

impl From<UpdateAdminUserRequest> for AccountChange {
    fn from(request: UpdateAdminUserRequest) -> Self {
        Self {
            role: request.role.map(Role::from),
            active: request.status.map(|status| status == ChangedStatus::Active),
            shop_name: request.shop_name,
        }
    }
}

/// The parameters of the list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "the OpenAPI document's view of `UsersQuery`, which reads them")]
pub struct UsersParams {
    /// Words that the address, the name or the name of the shop must have.
    #[param(max_length = 200)]
    q: Option<String>,
    /// `customer`, `seller` or `admin`.
    role: Option<UserRole>,
    /// `active`, `disabled`, `unverified` (active, with an address not proven yet) or `deleted`.
    status: Option<String>,
    /// `-created_at` (default), `created_at`, `email` or `-email`.
    sort: Option<String>,
}

/// What the list is asked for.
#[derive(Debug)]
pub struct UsersQuery {
    /// Which accounts.
    pub filter: AccountFilter,
    /// In which order.
    pub sort: AccountSort,
    /// Which part.
    pub page: PageRequest,
    /// The list's name in cursors.
    pub list: &'static str,
}

const NEWEST: (&str, AccountSort, &str) = ("-created_at", AccountSort::Newest, "users:-created_at");

/// The orders by their names, and the names of their lists in cursors.
const SORTS: [(&str, AccountSort, &str); 4] = [
    NEWEST,
    ("created_at", AccountSort::Oldest, "users:created_at"),
    ("email", AccountSort::EmailAscending, "users:email"),
    ("-email", AccountSort::EmailDescending, "users:-email"),
];

impl FromQuery for UsersQuery {
    fn read(query: &mut QueryReader) -> Self {
        let short = |text: &str| (text.chars().count() <= 200).then(|| text.to_owned());
        let sort_of = |name: &str| SORTS.iter().find(|(known, ..)| *known == name).copied();
        let filter = AccountFilter {
            text: query.parsed("q", "too-long", "must have 200 characters at the most", short),
            role: query.parsed("role", "role", "must be customer, seller or admin", Role::parse),
            status: query.parsed("status", "status", "must be active, disabled, unverified or deleted", status),
        };
        let (_, sort, list) = query.parsed("sort", "sort", "is no order of this list", sort_of).unwrap_or(NEWEST);
        let page = PageQuery::read(query).of_list(list, query);
        Self { filter, sort, page, list }
    }
}

fn status(name: &str) -> Option<AccountStatus> {
    match name {
        "active" => Some(AccountStatus::Active),
        "disabled" => Some(AccountStatus::Disabled),
        "unverified" => Some(AccountStatus::Unverified),
        "deleted" => Some(AccountStatus::Deleted),
        _ => None,
    }
}
