//! Who may do what: the one table that every use case for signed-in people goes by.
//!
//! A use case asks for `&Allowed<ThatPermission>`, which nothing but this table makes: a check can't be forgotten, since
//! what was not checked does not compile. What belongs to whom is not decided here: finders carry the owner.

use super::caller::{Caller, Credential};
use chrono::{DateTime, Utc};
use domain::identity::{Role, Session};
pub use domain::identity::{Scope, Scopes};
use std::marker::PhantomData;
use std::ops::Deref;

/// What one permission takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The roles that have it.
    pub roles: &'static [Role],
    /// Whether the address must be proven.
    pub verified: bool,
    /// The scope by which an API key has it; without one, only sessions have it.
    pub scope: Option<Scope>,
    /// Whether the session's proof must be fresh (OWASP ASVS 5.0, 7.5.1).
    pub fresh: bool,
}

const EVERYONE: &[Role] = &[Role::Customer, Role::Seller, Role::Admin];
const SELLERS: &[Role] = &[Role::Seller];
const ADMINS: &[Role] = &[Role::Admin];
const SELLERS_AND_ADMINS: &[Role] = &[Role::Seller, Role::Admin];

impl Rule {
    const fn of(roles: &'static [Role]) -> Self {
        Self { roles, verified: false, scope: None, fresh: false }
    }

    const fn verified(self) -> Self {
        Self { verified: true, ..self }
    }

    const fn by_key(self, scope: Scope) -> Self {
        Self { scope: Some(scope), ..self }
    }

    const fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// Whether a caller has what it takes.
    ///
    /// # Errors
    /// The first thing that is missing.
    pub fn check(self, caller: &Caller, now: DateTime<Utc>) -> Result<(), Refusal> {
        match (&caller.credential, self.scope) {
            (Credential::Session(_), _) => {}
            (Credential::ApiKey { .. }, None) => return Err(Refusal::ApiKeyNotAllowed),
            (Credential::ApiKey { scopes, .. }, Some(scope)) if !scopes.has(scope) => {
                return Err(Refusal::ScopeMissing(scope));
            }
            (Credential::ApiKey { .. }, Some(_)) => {}
        }
        if !self.roles.contains(&caller.role) {
            return Err(Refusal::Role(self.roles.first().copied().unwrap_or(Role::Admin)));
        }
        if self.verified && !caller.email_verified {
            return Err(Refusal::EmailNotVerified);
        }
        match caller.session() {
            Some(session) if self.fresh && now >= session.proven_at + Session::FRESH => Err(Refusal::ProofNotFresh),
            _ => Ok(()),
        }
    }
}

/// Something that callers may or may not do.
pub trait Permission: Send + Sync + 'static {
    /// Its name in the authorization table.
    const NAME: &'static str;
    /// What it takes.
    const RULE: Rule;
}

/// A caller who may do this.
#[derive(Debug)]
pub struct Allowed<P> {
    caller: Caller,
    permission: PhantomData<fn() -> P>,
}

impl<P> Clone for Allowed<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Allowed<P> {}

impl<P: Permission> Allowed<P> {
    /// Lets the caller pass, if they may.
    ///
    /// # Errors
    /// What is missing.
    pub fn check(caller: &Caller, now: DateTime<Utc>) -> Result<Self, Refusal> {
        P::RULE.check(caller, now)?;
        Ok(Self { caller: *caller, permission: PhantomData })
    }
}

/// Who gives up an order is shown what has become of it.
impl From<Allowed<Buy>> for Allowed<ViewOrders> {
    fn from(buyer: Allowed<Buy>) -> Self {
        Self { caller: buyer.caller, permission: PhantomData }
    }
}

impl<P> Deref for Allowed<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

/// Why someone may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Another role would be needed, for instance this one.
    Role(Role),
    /// The address is not proven yet.
    EmailNotVerified,
    /// Nothing for programs: only a session may.
    ApiKeyNotAllowed,
    /// The API key has not got this scope.
    ScopeMissing(Scope),
    /// The user proved who they are too long ago.
    ProofNotFresh,
}

macro_rules! permissions {
    ($($(#[$doc:meta])+ $name:ident: $rule:expr;)+) => {
        $(
            $(#[$doc])+
            #[derive(Debug)]
            pub struct $name;

            impl Permission for $name {
                const NAME: &'static str = stringify!($name);
                const RULE: Rule = $rule;
            }
        )+

        /// All permissions with their rules.
        pub const ALL: &[(&str, Rule)] = &[$(($name::NAME, $name::RULE)),+];
    };
}

permissions! {
    /// Seeing one's own account.
    ViewProfile: Rule::of(EVERYONE).by_key(Scope::ProfileRead);
    /// Changing what one's account says.
    EditProfile: Rule::of(EVERYONE);
    /// Ending this session, or others of one's own; seeing them.
    ManageSessions: Rule::of(EVERYONE);
    /// Proving anew who one is.
    ProveAnew: Rule::of(EVERYONE);
    /// Setting a new password, by the present one.
    ChangePassword: Rule::of(EVERYONE);
    /// Seeing one's second factors, passkeys, identities and API keys.
    ViewCredentials: Rule::of(EVERYONE);
    /// Taking an API key back: it must never wait.
    RevokeApiKeys: Rule::of(EVERYONE);
    /// Adding and removing them.
    ChangeCredentials: Rule::of(EVERYONE).fresh();
    /// Finishing what was begun by such a change; renaming a passkey.
    FinishCredentials: Rule::of(EVERYONE);
    /// Changing one's address, deleting the account, taking all its data along.
    ControlAccount: Rule::of(EVERYONE).fresh();
    /// Filling carts, and giving up orders.
    Buy: Rule::of(EVERYONE).by_key(Scope::OrdersWrite);
    /// Turning a cart into an order; guests may, without an account.
    CheckOut: Rule::of(EVERYONE).verified().by_key(Scope::OrdersWrite);
    /// Paying into one's balance, and paying orders that wait for it.
    Pay: Rule::of(EVERYONE).verified().by_key(Scope::OrdersWrite);
    /// Seeing one's orders.
    ViewOrders: Rule::of(EVERYONE).by_key(Scope::OrdersRead);
    /// Seeing one's store balance, and what moved to and from oneself.
    ViewTransactions: Rule::of(EVERYONE).by_key(Scope::OrdersRead);
    /// Seeing one's own products.
    ViewOwnProducts: Rule::of(SELLERS).verified().by_key(Scope::ProductsRead);
    /// Making and changing them.
    SellProducts: Rule::of(SELLERS).verified().by_key(Scope::ProductsWrite);
    /// Adding categories and materials, for everybody's products.
    AddToCatalogue: Rule::of(SELLERS_AND_ADMINS).verified().by_key(Scope::ProductsWrite);
    /// Renaming, moving, merging and removing them.
    ArrangeCatalogue: Rule::of(ADMINS);
    /// Seeing what one has sold.
    ViewSales: Rule::of(SELLERS).verified().by_key(Scope::SalesRead);
    /// Seeing one's own webhooks, or the platform's, and what was delivered.
    ViewWebhooks: Rule::of(SELLERS_AND_ADMINS).verified();
    /// Trying them, and sending once more what was sent.
    SendWebhooks: Rule::of(SELLERS_AND_ADMINS).verified();
    /// Making and changing them: where data goes.
    ManageWebhooks: Rule::of(SELLERS_AND_ADMINS).verified().fresh();
    /// Giving money back for what one has sold.
    RefundSales: Rule::of(SELLERS).verified();
    /// Seeing everyone's orders, and what went back of them.
    ViewAnyOrder: Rule::of(ADMINS);
    /// Giving money back for anything that was sold.
    RefundOrders: Rule::of(ADMINS).fresh();
    /// Giving back to their cards what customers have paid into their balances.
    RefundTopUps: Rule::of(ADMINS).fresh();
    /// Seeing what sellers are owed and were sent.
    ViewPayouts: Rule::of(ADMINS);
    /// Sending it to them.
    AdministerPayouts: Rule::of(ADMINS).fresh();
    /// Taking what is on a gift card into one's store balance.
    RedeemGiftCards: Rule::of(EVERYONE);
    /// Seeing all gift cards, and what the shop owes for them.
    ViewGiftCards: Rule::of(ADMINS);
    /// Issuing gift cards, and keeping them from being used.
    AdministerGiftCards: Rule::of(ADMINS).fresh();
    /// Seeing everyone's payments.
    ViewAllPayments: Rule::of(ADMINS);
    /// Deciding about those that are held.
    ReviewPayments: Rule::of(ADMINS).fresh();
    /// Seeing everyone's account.
    ViewUsers: Rule::of(ADMINS);
    /// Disabling people, changing roles, ending sessions, registering many.
    AdministerUsers: Rule::of(ADMINS).fresh();
    /// Reading the security log.
    ReadSecurityLog: Rule::of(ADMINS);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{caller, now, uuid};
    use chrono::TimeDelta;
    use domain::kernel::ApiKeyId;

    fn with_key(scopes: impl IntoIterator<Item = Scope>) -> Caller {
        let credential = Credential::ApiKey { id: ApiKeyId::new(uuid(9)), scopes: scopes.into_iter().collect() };
        Caller { credential, ..caller(Role::Seller) }
    }

    #[test]
    fn only_a_verified_seller_may_sell() {
        assert!(Allowed::<SellProducts>::check(&caller(Role::Seller), now()).is_ok());
        let unverified = Caller { email_verified: false, ..caller(Role::Seller) };
        assert_eq!(SellProducts::RULE.check(&unverified, now()), Err(Refusal::EmailNotVerified));
        assert_eq!(SellProducts::RULE.check(&caller(Role::Customer), now()), Err(Refusal::Role(Role::Seller)));
        assert_eq!(SellProducts::RULE.check(&caller(Role::Admin), now()), Err(Refusal::Role(Role::Seller)));
    }

    #[test]
    fn an_api_key_does_what_its_scopes_say_and_no_more() {
        let key = with_key([Scope::SalesRead]);
        assert_eq!(ViewSales::RULE.check(&key, now()), Ok(()));
        let missing = Err(Refusal::ScopeMissing(Scope::ProductsWrite));
        assert_eq!(SellProducts::RULE.check(&key, now()), missing);
        assert_eq!(
            ManageSessions::RULE.check(&with_key(Scope::ALL.iter().copied()), now()),
            Err(Refusal::ApiKeyNotAllowed)
        );
    }

    #[test]
    fn a_proof_is_fresh_for_ten_minutes() {
        let check = |later| ChangeCredentials::RULE.check(&caller(Role::Customer), now() + later);
        assert_eq!(check(TimeDelta::seconds(599)), Ok(()));
        assert_eq!(check(TimeDelta::seconds(600)), Err(Refusal::ProofNotFresh));
    }

    #[test]
    fn scopes_are_a_set() {
        let scopes: Scopes = [Scope::SalesRead, Scope::OrdersRead, Scope::SalesRead].into_iter().collect();
        assert_eq!(scopes.iter().collect::<Vec<_>>(), [Scope::OrdersRead, Scope::SalesRead]);
    }

    #[test]
    fn whatever_needs_a_fresh_proof_is_closed_to_api_keys() {
        assert!(ALL.iter().all(|(_, rule)| !rule.fresh || rule.scope.is_none()));
    }
}
