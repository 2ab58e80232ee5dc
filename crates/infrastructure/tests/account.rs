//! Changes of address, address books, and what goes with a deleted account, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use application::audit::{SecurityEvent, SecurityEventKind};
use application::catalog::ports::CatalogQueries;
use application::identity::Client;
use application::identity::ports::{AddressQueries, IdentityQueries, SessionQueries};
use application::takeout::ports::TakeoutQueries;
use application::{RepositoryError, UniqueKey};
use chrono::TimeDelta;
use domain::identity::{
    AddressBook, CodeDigest, EmailChange, EmailVerification, NewSession, PostalAddress, Role, SavedAddress, Session,
    User,
};
use domain::kernel::{AddressId, EmailAddress, SessionId, UserId};
use testkit::builders::{a_cart, a_product, a_seller, a_user, id, noon, seconds};
use testkit::{TestDb, both_databases};

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

async fn stored(db: &TestDb, user: User) -> User {
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    tx.commit().await.unwrap();
    user
}

fn home(line2: Option<&str>) -> PostalAddress {
    PostalAddress {
        name: "Ada Lovelace".into(),
        line1: "1 rue de la Paix".into(),
        line2: line2.map(Into::into),
        city: "Paris".into(),
        postal_code: "75002".into(),
        region: line2.map(Into::into),
        country: "FR".into(),
    }
}

fn saved(second: i64, is_default: bool) -> SavedAddress {
    SavedAddress {
        id: AddressId::new(id()),
        address: home(is_default.then_some("2nd floor")),
        is_default,
        created_at: seconds(second),
        updated_at: seconds(second + 1),
    }
}

/// How many rows of a table are a user's.
async fn rows_of(db: &TestDb, table: &str, user: UserId) -> u64 {
    let hex = user.uuid().simple().to_string();
    let is_sqlite = db.url().starts_with("sqlite");
    let id = if is_sqlite { format!("x'{hex}'") } else { format!("'{}'", user.uuid()) };
    db.execute(&format!("UPDATE {table} SET user_id = user_id WHERE user_id = {id}")).await.unwrap()
}

both_databases! {
    async fn a_change_of_address_is_kept_once_for_each_user_and_shows_with_them(db: TestDb) {
        let user = stored(&db, a_user()).await;
        let mut change = EmailChange::request(user.id, address("new@example.com"), noon());
        let tx = db.begin().await;
        tx.email_changes().save(&change).await.unwrap();
        assert_eq!(tx.email_changes().lock(user.id).await.unwrap(), Some(change.clone()));
        change = EmailChange::request(user.id, address("newer@example.com"), seconds(1));
        change.issue(CodeDigest("digest".into()), seconds(2));
        assert!(change.try_code(&CodeDigest("wrong".into()), seconds(3)).is_err());
        tx.email_changes().save(&change).await.unwrap();
        assert_eq!(tx.email_changes().lock(user.id).await.unwrap(), Some(change));
        let pending = User { pending_email: Some(address("newer@example.com")), ..user.clone() };
        assert_eq!(tx.users().lock(user.id).await.unwrap(), Some(pending.clone()));
        assert_eq!(tx.users().lock_by_email(&user.email).await.unwrap(), Some(pending.clone()));
        tx.users().update(&pending).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_user(user.id).await.unwrap(), Some(pending.clone()));
        assert_eq!(db.queries().find_user_by_email(&user.email).await.unwrap(), Some(pending));

        let tx = db.begin().await;
        tx.email_changes().delete(user.id).await.unwrap();
        assert_eq!(tx.email_changes().lock(user.id).await.unwrap(), None);
        assert_eq!(tx.users().lock(user.id).await.unwrap(), Some(user));
    }

    async fn nobody_changes_to_an_address_that_is_taken(db: TestDb) {
        let (mut ada, eve) = (stored(&db, a_user()).await, stored(&db, a_user()).await);
        ada.change_email(eve.email.clone(), noon());
        let tx = db.begin().await;
        let refusal = tx.users().update(&ada).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::UserEmail))), "{refusal:?}");
    }

    async fn an_address_book_is_read_as_it_was_written_and_is_its_owners(db: TestDb) {
        let (ada, eve) = (stored(&db, a_user()).await, stored(&db, a_user()).await);
        let mut book = AddressBook { user_id: ada.id, addresses: vec![saved(1, false), saved(2, true), saved(3, false)] };
        let hers = AddressBook { user_id: eve.id, addresses: vec![saved(1, true)] };
        let tx = db.begin().await;
        tx.address_books().save(&book).await.unwrap();
        tx.address_books().save(&hers).await.unwrap();
        assert_eq!(tx.address_books().find(ada.id).await.unwrap(), book);
        tx.commit().await.unwrap();
        let [first, second, third] = book.addresses.clone().try_into().unwrap();
        let listed = db.queries().addresses_of(ada.id).await.unwrap();
        assert_eq!(listed, [second.clone(), third, first], "the default first, then those added last");

        assert!(book.remove(second.id));
        let tx = db.begin().await;
        tx.address_books().save(&book).await.unwrap();
        tx.commit().await.unwrap();
        let tx = db.begin().await;
        assert_eq!(tx.address_books().find(ada.id).await.unwrap(), book);
        book.addresses.clear();
        tx.address_books().save(&book).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().addresses_of(ada.id).await.unwrap(), []);
        assert_eq!(db.queries().addresses_of(eve.id).await.unwrap(), hers.addresses);
    }

    async fn what_a_person_alone_has_goes_with_them_and_nobody_elses_does(db: TestDb) {
        let (ada, eve) = (stored(&db, a_seller()).await, stored(&db, a_seller()).await);
        for user in [&ada, &eve] {
            let new = NewSession {
                id: SessionId::new(id()),
                user_id: user.id,
                seed: [0; 32],
                address: "192.0.2.1".to_owned(),
                device: "Firefox on Linux".to_owned(),
                lifetime: TimeDelta::days(30),
            };
            let mut product = a_product(user.id);
            let mut cart = a_cart();
            cart.owner = Some(user.id);
            product.created_at = noon();
            let tx = db.begin().await;
            tx.sessions().insert(&Session::open(new, noon())).await.unwrap();
            tx.email_verifications().save(&EmailVerification::request(user.id, noon())).await.unwrap();
            tx.email_changes().save(&EmailChange::request(user.id, address("new@example.com"), noon())).await.unwrap();
            let book = AddressBook { user_id: user.id, addresses: vec![saved(1, true)] };
            tx.address_books().save(&book).await.unwrap();
            tx.products().insert(&product).await.unwrap();
            tx.carts().insert(&cart).await.unwrap();
            let client =
                Client { address: [192, 0, 2, 1].into(), device: "Firefox".to_owned(), device_token: None };
            let event = SecurityEvent::new(SecurityEventKind::LoginSucceeded).about(user.id).from(&client);
            tx.security_log().record(&event, noon()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let tx = db.begin().await;
        let mut gone = tx.users().lock(ada.id).await.unwrap().unwrap();
        gone.erase(address("deleted-1@deleted.invalid"), seconds(1));
        tx.users().update(&gone).await.unwrap();
        tx.account_erasure().erase(ada.id, seconds(1)).await.unwrap();
        tx.commit().await.unwrap();

        for table in ["sessions", "email_verifications", "email_changes", "user_addresses", "carts"] {
            assert_eq!((rows_of(&db, table, ada.id).await, rows_of(&db, table, eve.id).await), (0, 1), "{table}");
        }
        assert_eq!(rows_of(&db, "security_events", ada.id).await, 1, "what happened stays");
        let blank = "UPDATE security_events SET kind = kind WHERE address IS NULL AND device IS NULL";
        assert_eq!(db.execute(blank).await.unwrap(), 1, "and where they were does not");
        let queries = db.queries();
        assert_eq!(queries.find_user(ada.id).await.unwrap(), None);
        assert_eq!(queries.find_user_by_email(&gone.email).await.unwrap(), None);
        assert_eq!(queries.open_sessions(ada.id, seconds(1)).await.unwrap(), []);
        assert_eq!(CatalogQueries::seller(&queries, ada.id).await.unwrap(), None);
        assert!(CatalogQueries::seller(&queries, eve.id).await.unwrap().is_some());
        let archived = db.execute("UPDATE products SET slug = slug WHERE status = 'archived'").await.unwrap();
        assert_eq!(archived, 1, "what they sold is off sale");
        // The address is free again.
        stored(&db, User { email: ada.email, ..a_user() }).await;
    }

    async fn an_account_with_all_that_can_hang_on_it_can_be_erased(db: TestDb) {
        let ada = stored(&db, a_user()).await;
        let own = if db.url().starts_with("sqlite") {
            format!("x'{}'", ada.id.uuid().simple())
        } else {
            format!("'{}'", ada.id.uuid())
        };
        let at = "'2026-01-01 00:00:00+00:00'";
        let rows = [
            ("totp", format!("(user_id, sealed_secret, created_at, last_step) VALUES ({own}, 's', {at}, 0)")),
            ("recovery_codes", format!("(id, user_id, digest) VALUES ({own}, {own}, 'd')")),
            ("passkeys", format!("(id, user_id, credential_id, passkey, name, created_at) VALUES ({own}, {own}, 'c', '{{}}', 'Key', {at})")),
            ("api_keys", format!("(id, user_id, name, prefix, digest, scopes, created_at) VALUES ({own}, {own}, 'n', 'p', 'd', '[]', {at})")),
            ("linked_identities", format!("(id, user_id, provider, subject, created_at) VALUES ({own}, {own}, 'p', 's', {at})")),
            ("password_resets", format!("(user_id, requested_at) VALUES ({own}, {at})")),
            ("ceremonies", format!("(digest, kind, user_id, data, tries_left, expires_at) VALUES ('d', 'k', {own}, '{{}}', 1, {at})")),
        ];
        for (table, row) in &rows {
            db.execute(&format!("INSERT INTO {table} {row}")).await.unwrap();
            assert_eq!(rows_of(&db, table, ada.id).await, 1, "{table}");
        }
        let tx = db.begin().await;
        tx.account_erasure().erase(ada.id, noon()).await.unwrap();
        tx.commit().await.unwrap();
        for (table, _) in &rows {
            assert_eq!(rows_of(&db, table, ada.id).await, 0, "{table}");
        }
    }

    async fn what_is_taken_along_tells_of_oneself_and_of_nobody_else(db: TestDb) {
        let (ada, admin) = (stored(&db, a_user()).await, stored(&db, a_user()).await);
        let own = if db.url().starts_with("sqlite") {
            format!("x'{}'", ada.id.uuid().simple())
        } else {
            format!("'{}'", ada.id.uuid())
        };
        let at = "'2026-01-01 00:00:00+00:00'";
        for row in [
            format!("totp (user_id, sealed_secret, created_at, confirmed_at, last_step) VALUES ({own}, 's', {at}, {at}, 0)"),
            format!("passkeys (id, user_id, credential_id, passkey, name, created_at) VALUES ({own}, {own}, 'c', '{{}}', 'Phone', {at})"),
            format!("api_keys (id, user_id, name, prefix, digest, scopes, created_at) VALUES ({own}, {own}, 'Till', 'carat_ab', 'd', '[\"orders:read\"]', {at})"),
            format!("linked_identities (id, user_id, provider, subject, email, created_at) VALUES ({own}, {own}, 'google', '7', 'a@b.co', {at})"),
            format!("webhooks (id, seller_id, created_by, url, events, secret, created_at, updated_at) VALUES ({own}, {own}, {own}, 'https://a.example', '[\"order.paid\"]', 's3cret', {at}, {at})"),
        ] {
            db.execute(&format!("INSERT INTO {row}")).await.unwrap();
        }
        let client = |last| Client { address: [192, 0, 2, last].into(), device: "Firefox".into(), device_token: None };
        let tx = db.begin().await;
        for (second, event) in [
            SecurityEvent::new(SecurityEventKind::LoginSucceeded).about(ada.id).from(&client(1)).with("method", "password"),
            SecurityEvent::new(SecurityEventKind::UserDisabled).about(ada.id).by(admin.id).from(&client(2)),
            SecurityEvent::new(SecurityEventKind::LoginSucceeded).about(admin.id).from(&client(2)),
        ].iter().enumerate() {
            tx.security_log().record(event, seconds(second.try_into().unwrap())).await.unwrap();
        }
        tx.commit().await.unwrap();
        let belongings = db.queries().belongings(ada.id, 10).await.unwrap();
        assert_eq!((belongings.passkeys[0].name.as_str(), belongings.passkeys.len()), ("Phone", 1));
        assert_eq!(belongings.api_keys[0].scopes, ["orders:read"]);
        assert_eq!(belongings.identities[0].subject, "7");
        let [webhook] = belongings.webhooks.as_slice() else { panic!("{:?}", belongings.webhooks) };
        assert_eq!((webhook.url.as_str(), webhook.events.as_slice()), ("https://a.example", &["order.paid".to_owned()][..]));
        assert!(!format!("{webhook:?}").contains("s3cret"));
        assert!(belongings.totp_since.is_some());
        let [by_admin, by_ada] = belongings.security_events.try_into().unwrap();
        assert_eq!((by_admin.kind.as_str(), by_admin.address, by_admin.device), ("user_disabled", None, None));
        assert_eq!((by_ada.at, by_ada.address.as_deref()), (seconds(0), Some("192.0.2.1")));
        assert_eq!(by_ada.details["method"], "password");
        assert_eq!(db.queries().belongings(ada.id, 1).await.unwrap().security_events.len(), 1, "the newest");
        let others = db.queries().belongings(admin.id, 10).await.unwrap();
        assert_eq!((others.passkeys, others.webhooks), (vec![], vec![]));
    }

    async fn of_two_last_admins_who_go_at_once_one_stays(db: TestDb) {
        use application::unit_of_work::Transactor;
        let admin = || User { role: Role::Admin, ..a_user() };
        let both = [stored(&db, admin()).await, stored(&db, admin()).await];
        let going = both.map(|admin| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let may = tx.users().lock_admins().await.unwrap().iter().any(|other| *other != admin.id);
                if may {
                    let mut gone = tx.users().lock(admin.id).await.unwrap().unwrap();
                    gone.erase(address(&format!("deleted-{}@deleted.invalid", admin.id)), seconds(1));
                    tx.users().update(&gone).await.unwrap();
                }
                tx.commit().await.unwrap();
                usize::from(may)
            })
        });
        let mut gone = 0;
        for one in going {
            gone += one.await.unwrap();
        }
        assert_eq!(gone, 1);
    }
}
