//! API keys, accounts as admins see them, and the security log, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use application::audit::ports::{SecurityLogFilter, SecurityLogQueries};
use application::audit::{SecurityEvent, SecurityEventKind};
use application::identity::ports::{
    AccountFilter, AccountQueries, AccountSort, AccountStatus, ApiKeyQueries, ApiKeyUses,
};
use chrono::TimeDelta;
use domain::identity::{
    ApiKey, CredentialId, NewApiKey, NewSession, Passkey, PasskeyMaterial, Role, Scope, Session, Totp, TotpStep, User,
};
use domain::kernel::{ApiKeyId, Limit, PageRequest, PasskeyId, SessionId, UserId};
use infrastructure::sql::SqlApiKeyUses;
use testkit::builders::{a_seller, a_user, id, noon, seconds};
use testkit::{TestDb, both_databases};

fn key(user_id: UserId, digest: &str) -> ApiKey {
    let new = NewApiKey {
        id: ApiKeyId::new(id()),
        user_id,
        name: "Till".to_owned(),
        prefix: "carat_abcdef".to_owned(),
        digest: digest.to_owned(),
        scopes: [Scope::SalesRead, Scope::ProfileRead].into_iter().collect(),
        expires_at: Some(seconds(3_600)),
    };
    ApiKey::issue(new, noon()).unwrap()
}

async fn stored(db: &TestDb, users: &[User]) {
    let tx = db.begin().await;
    for user in users {
        tx.users().insert(user).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn stored_key(db: &TestDb) -> ApiKey {
    let seller = a_seller();
    stored(db, std::slice::from_ref(&seller)).await;
    let key = key(seller.id, "digest");
    let tx = db.begin().await;
    tx.api_keys().insert(&key).await.unwrap();
    tx.commit().await.unwrap();
    key
}

async fn found(db: &TestDb, filter: AccountFilter) -> Vec<UserId> {
    let page = PageRequest { limit: Limit::new(100).unwrap(), after: None };
    let page = db.queries().list_accounts(&filter, AccountSort::Oldest, &page, noon()).await.unwrap();
    page.data.into_iter().map(|account| account.user.id).collect()
}

both_databases! {
    async fn a_key_is_read_as_it_was_written_with_how_its_owner_stands(db: TestDb) {
        let key = stored_key(&db).await;
        let standing = db.queries().key_standing("digest").await.unwrap().unwrap();
        assert_eq!((standing.role, standing.email_verified, standing.active), (Role::Seller, true, true));
        assert_eq!(standing.key, key);
        assert_eq!(db.queries().list_keys(key.user_id).await.unwrap(), std::slice::from_ref(&key));
        assert!(db.queries().key_standing("other").await.unwrap().is_none());
        SqlApiKeyUses::new(db.database()).note(key.id, seconds(9)).await.unwrap();
        let used = db.queries().key_standing("digest").await.unwrap().unwrap().key;
        assert_eq!(used.last_used_at, Some(seconds(9)));
    }

    async fn a_key_is_taken_back_by_its_owner_alone_and_once(db: TestDb) {
        let key = stored_key(&db).await;
        let stranger = UserId::new(id());
        let tx = db.begin().await;
        assert!(!tx.api_keys().revoke(stranger, key.id, seconds(1)).await.unwrap());
        assert_eq!(tx.api_keys().count(key.user_id).await.unwrap(), 1);
        assert!(tx.api_keys().revoke(key.user_id, key.id, seconds(1)).await.unwrap());
        assert!(!tx.api_keys().revoke(key.user_id, key.id, seconds(2)).await.unwrap());
        assert_eq!(tx.api_keys().count(key.user_id).await.unwrap(), 0);
        assert_eq!(tx.api_keys().revoke_all(key.user_id, seconds(3)).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert!(db.queries().list_keys(key.user_id).await.unwrap().is_empty());
        let known = db.queries().key_standing("digest").await.unwrap().unwrap().key;
        assert_eq!(known.revoked_at, Some(seconds(1)));
        let tx = db.begin().await;
        assert_eq!(tx.api_keys().purge(seconds(1)).await.unwrap(), 0);
        assert_eq!(tx.api_keys().purge(seconds(2)).await.unwrap(), 1);
    }

    async fn accounts_are_found_by_their_words_role_and_status(db: TestDb) {
        let ada = User { name: Some("Ada Lovelace".into()), created_at: seconds(1), ..a_user() };
        let shop = User { shop_name: Some("100% Gold".into()), name: None, created_at: seconds(2), ..a_seller() };
        let new = User { email_verified_at: None, created_at: seconds(3), ..a_user() };
        let disabled = User { disabled_at: Some(noon()), created_at: seconds(4), ..a_user() };
        let deleted = User { deleted_at: Some(noon()), created_at: seconds(5), ..a_user() };
        stored(&db, &[ada.clone(), shop.clone(), new.clone(), disabled.clone(), deleted.clone()]).await;
        let words = |text: &str| AccountFilter { text: Some(text.into()), ..AccountFilter::default() };
        assert_eq!(found(&db, words("LOVELACE ada")).await, [ada.id]);
        assert_eq!(found(&db, words("100%")).await, [shop.id]);
        assert!(found(&db, words("%_%")).await.is_empty());
        assert_eq!(found(&db, words(&new.email.as_str().to_uppercase())).await, [new.id]);
        let sellers = AccountFilter { role: Some(Role::Seller), ..AccountFilter::default() };
        assert_eq!(found(&db, sellers).await, [shop.id]);
        for (status, expected) in [
            (AccountStatus::Active, vec![ada.id, shop.id, new.id]),
            (AccountStatus::Unverified, vec![new.id]),
            (AccountStatus::Disabled, vec![disabled.id]),
            (AccountStatus::Deleted, vec![deleted.id]),
        ] {
            assert_eq!(found(&db, AccountFilter { status: Some(status), ..AccountFilter::default() }).await, expected);
        }
    }

    async fn a_list_of_accounts_goes_on_where_its_page_ended_in_every_order(db: TestDb) {
        let users: Vec<User> = (0..7).map(|number| User { created_at: seconds(number / 2), ..a_user() }).collect();
        stored(&db, &users).await;
        let orders = [AccountSort::Newest, AccountSort::Oldest, AccountSort::EmailAscending, AccountSort::EmailDescending];
        for sort in orders {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = PageRequest { limit: Limit::new(3).unwrap(), after };
                let page = db.queries().list_accounts(&AccountFilter::default(), sort, &page, noon()).await.unwrap();
                seen.extend(page.data.into_iter().map(|account| account.user.id));
                after = page.next;
                if after.is_none() { break; }
            }
            let mut whole = seen.clone();
            whole.sort_unstable();
            whole.dedup();
            assert_eq!((seen.len(), whole.len()), (7, 7), "{sort:?}");
        }
    }

    async fn an_account_tells_its_sessions_and_the_last_sign_in(db: TestDb) {
        let (user, other) = (a_user(), a_user());
        stored(&db, &[user.clone(), other.clone()]).await;
        let tx = db.begin().await;
        for lifetime in [TimeDelta::days(30), TimeDelta::days(30), TimeDelta::seconds(5)] {
            let new = NewSession {
                id: SessionId::new(id()),
                user_id: user.id,
                seed: [1; 32],
                address: "192.0.2.1".to_owned(),
                device: "curl".to_owned(),
                lifetime,
            };
            tx.sessions().insert(&Session::open(new, noon())).await.unwrap();
        }
        let login = SecurityEvent::new(SecurityEventKind::LoginSucceeded).about(user.id);
        tx.security_log().record(&login, seconds(1)).await.unwrap();
        tx.security_log().record(&login, seconds(7)).await.unwrap();
        tx.commit().await.unwrap();
        let account = db.queries().find_account(user.id, seconds(60)).await.unwrap().unwrap();
        assert_eq!((account.sessions, account.last_sign_in_at, account.two_factor), (2, Some(seconds(7)), false));
        let account = db.queries().find_account(other.id, seconds(60)).await.unwrap().unwrap();
        assert_eq!((account.sessions, account.last_sign_in_at), (0, None));
        assert!(db.queries().find_account(UserId::new(id()), noon()).await.unwrap().is_none());
    }

    async fn an_account_tells_whether_it_has_a_second_factor(db: TestDb) {
        let people = [a_user(), a_user(), a_user(), a_user(), a_user()];
        stored(&db, &people).await;
        let [with_app, with_passkey, with_both, begun, without] = people.map(|person| person.id);
        let app = |user| {
            let mut totp = Totp::start(user, "sealed".to_owned(), noon());
            totp.confirm(TotpStep(7), noon());
            totp
        };
        let passkey = |user_id, credential: &str| Passkey {
            id: PasskeyId::new(id()),
            user_id,
            credential_id: CredentialId(credential.to_owned()),
            material: PasskeyMaterial("{}".to_owned()),
            name: "Laptop".to_owned(),
            created_at: noon(),
            last_used_at: None,
        };
        let tx = db.begin().await;
        for totp in [app(with_app), app(with_both), Totp::start(begun, "sealed".to_owned(), noon())] {
            tx.totp().save(&totp).await.unwrap();
        }
        for (user, credential) in [(with_passkey, "a"), (with_passkey, "b"), (with_both, "c")] {
            tx.passkeys().insert(&passkey(user, credential)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let page = PageRequest { limit: Limit::new(100).unwrap(), after: None };
        let listed = db.queries().list_accounts(&AccountFilter::default(), AccountSort::Oldest, &page, noon()).await.unwrap();
        let told: Vec<_> = listed.data.iter().filter(|account| account.two_factor).map(|account| account.user.id).collect();
        assert_eq!(told, [with_app, with_passkey, with_both]);
        assert_eq!(listed.data.len(), 5, "each once");
        for (user, expected) in [(with_passkey, true), (begun, false), (without, false)] {
            let account = db.queries().find_account(user, noon()).await.unwrap().unwrap();
            assert_eq!(account.two_factor, expected);
        }
        let tx = db.begin().await;
        tx.totp().delete(with_app).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!db.queries().find_account(with_app, noon()).await.unwrap().unwrap().two_factor);
    }

    async fn only_admins_who_may_come_in_are_locked(db: TestDb) {
        let admin = || User { role: Role::Admin, ..a_user() };
        let (one, other) = (admin(), admin());
        let disabled = User { disabled_at: Some(noon()), ..admin() };
        stored(&db, &[one.clone(), other.clone(), disabled, a_user()]).await;
        let tx = db.begin().await;
        let mut admins = tx.users().lock_admins().await.unwrap();
        admins.sort_unstable();
        let mut expected = vec![one.id, other.id];
        expected.sort_unstable();
        assert_eq!(admins, expected);
    }

    async fn the_log_is_read_newest_first_and_forgotten_when_old(db: TestDb) {
        let user = UserId::new(id());
        let tx = db.begin().await;
        for (second, kind) in [(1, SecurityEventKind::LoginFailed), (2, SecurityEventKind::RoleChanged), (3, SecurityEventKind::LoginFailed)] {
            let event = SecurityEvent::new(kind).about(user).by(user).with("number", second);
            tx.security_log().record(&event, seconds(second)).await.unwrap();
        }
        tx.security_log().record(&SecurityEvent::new(SecurityEventKind::TokenInvalid), seconds(4)).await.unwrap();
        tx.commit().await.unwrap();
        let page = |after| PageRequest { limit: Limit::new(2).unwrap(), after };
        let numbers = |filter: SecurityLogFilter| {
            let queries = db.queries();
            async move {
                let first = queries.list_events(&filter, &page(None)).await.unwrap();
                let mut rows = first.data;
                if first.next.is_some() {
                    rows.extend(queries.list_events(&filter, &page(first.next)).await.unwrap().data);
                }
                rows.into_iter().map(|row| row.details.get("number").cloned().unwrap_or_default()).collect::<Vec<_>>()
            }
        };
        let about = SecurityLogFilter { user: Some(user), ..SecurityLogFilter::default() };
        assert_eq!(numbers(SecurityLogFilter::default()).await, ["", "3", "2", "1"]);
        assert_eq!(numbers(about).await, ["3", "2", "1"]);
        assert_eq!(numbers(SecurityLogFilter { since: Some(seconds(2)), ..about }).await, ["3", "2"]);
        assert_eq!(numbers(SecurityLogFilter { kind: Some(SecurityEventKind::RoleChanged), ..about }).await, ["2"]);
        let tx = db.begin().await;
        assert_eq!(tx.security_log().purge(seconds(2)).await.unwrap(), 1);
    }
}
