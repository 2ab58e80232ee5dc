//! Authenticator apps, recovery codes and passkeys, on both databases.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fail loudly")]

use application::identity::ports::{FactorQueries, IdentityQueries, SecondFactor, StoredRecoveryCode};
use application::unit_of_work::Transactor;
use application::{RepositoryError, UniqueKey};
use domain::identity::{CodeDigest, CredentialId, Passkey, PasskeyMaterial, Totp, TotpStep};
use domain::kernel::{PasskeyId, UserId};
use std::sync::Arc;
use testkit::builders::{a_user, id, noon, seconds};
use testkit::{TestDb, both_databases};

async fn stored_user(db: &TestDb) -> UserId {
    let user = a_user();
    let tx = db.begin().await;
    tx.users().insert(&user).await.unwrap();
    tx.commit().await.unwrap();
    user.id
}

fn enabled(user: UserId) -> Totp {
    let mut totp = Totp::start(user, "sealed".to_owned(), noon());
    totp.confirm(TotpStep(7), seconds(1));
    totp
}

fn digest(number: usize) -> CodeDigest {
    CodeDigest(format!("digest {number}"))
}

fn ten_codes() -> Vec<StoredRecoveryCode> {
    (0..10).map(|number| StoredRecoveryCode { id: id(), digest: digest(number) }).collect()
}

fn passkey(user_id: UserId, credential: &str) -> Passkey {
    Passkey {
        id: PasskeyId::new(id()),
        user_id,
        credential_id: CredentialId(credential.to_owned()),
        material: PasskeyMaterial("{\"counter\":1}".to_owned()),
        name: "Laptop".to_owned(),
        created_at: noon(),
        last_used_at: None,
    }
}

both_databases! {
    async fn an_app_is_read_as_it_was_written(db: TestDb) {
        let user = stored_user(&db).await;
        let started = Totp::start(user, "sealed".to_owned(), noon());
        let tx = db.begin().await;
        assert_eq!(tx.totp().lock(user).await.unwrap(), None);
        tx.totp().save(&started).await.unwrap();
        assert_eq!(tx.totp().lock(user).await.unwrap(), Some(started));
        tx.commit().await.unwrap();
        assert_eq!(db.queries().totp_enabled_at(user).await.unwrap(), None, "it is not confirmed");
        let tx = db.begin().await;
        tx.totp().save(&enabled(user)).await.unwrap();
        assert_eq!(tx.totp().lock(user).await.unwrap(), Some(enabled(user)));
        tx.commit().await.unwrap();
        assert_eq!(db.queries().totp_enabled_at(user).await.unwrap(), Some(seconds(1)));
        let tx = db.begin().await;
        tx.totp().delete(user).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().totp_enabled_at(user).await.unwrap(), None);
    }

    async fn a_step_is_used_once_and_none_before_it(db: TestDb) {
        let (user, other) = (stored_user(&db).await, stored_user(&db).await);
        let tx = db.begin().await;
        tx.totp().save(&Totp::start(other, "sealed".to_owned(), noon())).await.unwrap();
        tx.totp().save(&enabled(user)).await.unwrap();
        assert!(!tx.totp().use_step(other, TotpStep(9)).await.unwrap(), "an app that is not on has no codes");
        for (step, fresh) in [(7, false), (9, true), (9, false), (8, false), (10, true)] {
            assert_eq!(tx.totp().use_step(user, TotpStep(step)).await.unwrap(), fresh, "{step}");
        }
        tx.commit().await.unwrap();
    }

    async fn of_fifty_uses_of_one_step_at_once_one_alone_succeeds(db: TestDb) {
        let user = stored_user(&db).await;
        let tx = db.begin().await;
        tx.totp().save(&enabled(user)).await.unwrap();
        tx.commit().await.unwrap();
        let tries = (0..50).map(|_| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let used = tx.totp().use_step(user, TotpStep(8)).await.unwrap();
                tx.commit().await.unwrap();
                used
            })
        });
        let mut used = 0;
        for one in tries.collect::<Vec<_>>() {
            used += usize::from(one.await.unwrap());
        }
        assert_eq!(used, 1);
    }

    async fn a_recovery_code_is_spent_once_by_its_owner(db: TestDb) {
        let (user, other) = (stored_user(&db).await, stored_user(&db).await);
        let tx = db.begin().await;
        tx.recovery_codes().replace(user, &ten_codes()).await.unwrap();
        assert!(!tx.recovery_codes().spend(other, &digest(3), noon()).await.unwrap());
        assert!(!tx.recovery_codes().spend(user, &digest(10), noon()).await.unwrap());
        assert!(tx.recovery_codes().spend(user, &digest(3), noon()).await.unwrap());
        assert!(!tx.recovery_codes().spend(user, &digest(3), noon()).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(db.queries().recovery_codes_left(user).await.unwrap(), 9);
        let tx = db.begin().await;
        tx.recovery_codes().replace(user, &ten_codes()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().recovery_codes_left(user).await.unwrap(), 10);
        let tx = db.begin().await;
        tx.recovery_codes().delete(user).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().recovery_codes_left(user).await.unwrap(), 0);
    }

    async fn of_fifty_uses_of_one_recovery_code_at_once_one_alone_succeeds(db: TestDb) {
        let user = stored_user(&db).await;
        let tx = db.begin().await;
        tx.recovery_codes().replace(user, &ten_codes()).await.unwrap();
        tx.commit().await.unwrap();
        let tries = (0..50).map(|_| {
            let transactor = db.database().transactor();
            tokio::spawn(async move {
                let tx = transactor.begin().await.unwrap();
                let spent = tx.recovery_codes().spend(user, &digest(3), noon()).await.unwrap();
                tx.commit().await.unwrap();
                spent
            })
        });
        let mut spent = 0;
        for one in tries.collect::<Vec<_>>() {
            spent += usize::from(one.await.unwrap());
        }
        assert_eq!(spent, 1);
        assert_eq!(db.queries().recovery_codes_left(user).await.unwrap(), 9);
    }

    async fn passkeys_are_found_by_their_devices_name_and_kept_by_their_owner(db: TestDb) {
        let (user, other) = (stored_user(&db).await, stored_user(&db).await);
        let (first, second) = (passkey(user, "a"), passkey(user, "b"));
        let tx = db.begin().await;
        tx.passkeys().insert(&first).await.unwrap();
        tx.passkeys().insert(&second).await.unwrap();
        assert_eq!(tx.passkeys().of_user(user).await.unwrap(), [first.clone(), second.clone()]);
        assert_eq!(tx.passkeys().of_user(other).await.unwrap(), []);
        let found = tx.passkeys().lock_by_credential(&second.credential_id).await.unwrap();
        assert_eq!(found, Some(second.clone()));
        let mut used = second.clone();
        used.used(PasskeyMaterial("{\"counter\":2}".to_owned()), seconds(5));
        tx.passkeys().save_use(&used).await.unwrap();
        assert_eq!(tx.passkeys().rename(other, first.id, "Mine").await.unwrap(), None);
        let renamed = Passkey { name: "Phone".to_owned(), ..first.clone() };
        assert_eq!(tx.passkeys().rename(user, first.id, "Phone").await.unwrap(), Some(renamed.clone()));
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_passkey(&second.credential_id).await.unwrap(), Some(used.clone()));
        assert_eq!(db.queries().passkeys(user).await.unwrap(), [renamed, used]);
        let tx = db.begin().await;
        assert!(!tx.passkeys().delete(other, first.id).await.unwrap());
        assert!(tx.passkeys().delete(user, first.id).await.unwrap());
        assert!(!tx.passkeys().delete(user, first.id).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_passkey(&first.credential_id).await.unwrap(), None);
    }

    async fn one_device_registers_its_passkey_once_whoever_asks(db: TestDb) {
        let (user, other) = (stored_user(&db).await, stored_user(&db).await);
        let tx = db.begin().await;
        tx.passkeys().insert(&passkey(user, "a")).await.unwrap();
        tx.commit().await.unwrap();
        let tx = db.begin().await;
        let refused = tx.passkeys().insert(&passkey(other, "a")).await;
        assert!(matches!(refused, Err(RepositoryError::Conflict(UniqueKey::PasskeyCredential))));
    }

    async fn what_a_user_can_prove_themself_by_is_told(db: TestDb) {
        let user = stored_user(&db).await;
        let queries = Arc::new(db.queries());
        assert_eq!(queries.second_factors(user).await.unwrap(), []);
        let tx = db.begin().await;
        tx.totp().save(&Totp::start(user, "sealed".to_owned(), noon())).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(queries.second_factors(user).await.unwrap(), [], "an app that is not confirmed proves nothing");
        let tx = db.begin().await;
        tx.totp().save(&enabled(user)).await.unwrap();
        tx.recovery_codes().replace(user, &ten_codes()[..1]).await.unwrap();
        tx.passkeys().insert(&passkey(user, "a")).await.unwrap();
        tx.commit().await.unwrap();
        let all = [SecondFactor::Totp, SecondFactor::RecoveryCode, SecondFactor::Passkey];
        assert_eq!(queries.second_factors(user).await.unwrap(), all);
        let tx = db.begin().await;
        tx.recovery_codes().spend(user, &digest(0), noon()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(queries.second_factors(user).await.unwrap(), [SecondFactor::Totp, SecondFactor::Passkey]);
    }
}
