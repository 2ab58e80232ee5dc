//! The contract of people, proofs of address and refused tokens, on both databases.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::identity::ports::{IdentityQueries, Standing};
use application::{RepositoryError, UniqueKey};
use chrono::TimeDelta;
use domain::identity::{CodeDigest, EmailVerification, NewSession, Role, Session, User};
use domain::kernel::{SessionId, TokenId, UserId};
use testkit::builders::{a_seller, a_user, id, noon, seconds};
use testkit::{TestDb, both_databases};

/// The id of a new session of a stored user.
async fn session_of(db: &TestDb, user: &User) -> SessionId {
    let new = NewSession {
        id: SessionId::new(id()),
        user_id: user.id,
        seed: [0; 32],
        address: "192.0.2.1".to_owned(),
        device: "Firefox on Linux".to_owned(),
        lifetime: TimeDelta::days(30),
    };
    let session = Session::open(new, noon());
    let tx = db.begin().await;
    tx.sessions().insert(&session).await.unwrap();
    tx.commit().await.unwrap();
    session.id
}

both_databases! {
    async fn a_user_is_found_as_they_were_stored(db: TestDb) {
        let (mut user, seller) = (a_user(), a_seller());
        user.name = None;
        user.email_verified_at = None;
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.users().insert(&seller).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.queries().find_user(user.id).await.unwrap(), Some(user.clone()));
        assert_eq!(db.queries().find_user_by_email(&seller.email).await.unwrap(), Some(seller));
        assert_eq!(db.queries().find_user(UserId::new(id())).await.unwrap(), None);
    }

    async fn an_address_has_one_account(db: TestDb) {
        let user = a_user();
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();

        let mut twin = a_user();
        twin.email = user.email.clone();
        let tx = db.begin().await;
        let refusal = tx.users().insert(&twin).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::UserEmail))), "{refusal:?}");
        drop(tx);

        twin = a_user();
        twin.id = user.id;
        let tx = db.begin().await;
        let refusal = tx.users().insert(&twin).await;
        assert!(matches!(refusal, Err(RepositoryError::Conflict(UniqueKey::Other))), "{refusal:?}");
    }

    async fn what_is_not_committed_never_was(db: TestDb) {
        let user = a_user();
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        drop(tx);
        assert_eq!(db.queries().find_user(user.id).await.unwrap(), None);
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap(); // the address is free
        tx.commit().await.unwrap();
    }

    async fn a_locked_user_is_written_back_to_the_microsecond(db: TestDb) {
        let mut user = a_user();
        user.email_verified_at = None;
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();

        let tx = db.begin().await;
        let mut locked = tx.users().lock(user.id).await.unwrap().unwrap();
        assert_eq!(tx.users().lock_by_email(&user.email).await.unwrap(), Some(user.clone()));
        locked.verify_email(seconds(1));
        tx.users().update(&locked).await.unwrap();
        tx.commit().await.unwrap();
        let stored = db.queries().find_user(user.id).await.unwrap().unwrap();
        assert_eq!(stored.email_verified_at, Some(seconds(1)));
        assert_eq!(stored, locked);
    }

    async fn of_two_who_lock_a_user_one_waits(db: TestDb) {
        let user = a_user();
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();

        let first = db.begin().await;
        let mut locked = first.users().lock(user.id).await.unwrap().unwrap();
        let (transactor, user_id) = (db.database().transactor(), user.id);
        let second = tokio::spawn(async move {
            use application::unit_of_work::Transactor;
            let tx = transactor.begin().await.unwrap();
            tx.users().lock(user_id).await.unwrap().unwrap().name
        });
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        assert!(!second.is_finished());
        locked.name = Some("first".into());
        first.users().update(&locked).await.unwrap();
        first.commit().await.unwrap();
        assert_eq!(second.await.unwrap().as_deref(), Some("first"));
    }

    async fn a_proof_of_address_is_kept_once_for_each_user(db: TestDb) {
        let user = a_user();
        let mut proof = EmailVerification::request(user.id, noon());
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.email_verifications().save(&proof).await.unwrap();
        assert_eq!(tx.email_verifications().lock(user.id).await.unwrap(), Some(proof.clone()));
        proof.issue(CodeDigest("digest".into()), seconds(1));
        assert!(proof.try_code(&CodeDigest("wrong".into()), seconds(2)).is_err());
        tx.email_verifications().save(&proof).await.unwrap();
        tx.commit().await.unwrap();

        let tx = db.begin().await;
        assert_eq!(tx.email_verifications().lock(user.id).await.unwrap(), Some(proof));
        tx.email_verifications().delete(user.id).await.unwrap();
        assert_eq!(tx.email_verifications().lock(user.id).await.unwrap(), None);
    }

    async fn the_bearer_of_a_token_has_a_standing(db: TestDb) {
        let seller = a_seller();
        let (good, denied) = (TokenId::new(id()), TokenId::new(id()));
        let tx = db.begin().await;
        tx.users().insert(&seller).await.unwrap();
        tx.token_denylist().deny(denied, seconds(60)).await.unwrap();
        tx.token_denylist().deny(denied, seconds(60)).await.unwrap(); // again changes nothing
        tx.commit().await.unwrap();
        let session = session_of(&db, &seller).await;
        let standing = |revoked| Standing { role: Role::Seller, email_verified: true, proven_at: noon(), revoked };
        let ask = async |user, session, token| db.queries().standing(user, session, token).await.unwrap();
        assert_eq!(ask(seller.id, session, good).await, Some(standing(false)));
        assert_eq!(ask(seller.id, session, denied).await, Some(standing(true)));
        assert_eq!(ask(UserId::new(id()), session, good).await, None, "another's session");
        assert_eq!(ask(seller.id, SessionId::new(id()), good).await, None, "no session");
        let tx = db.begin().await;
        tx.sessions().end(seller.id, session, seconds(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ask(seller.id, session, good).await, Some(standing(true)), "ended");
    }

    async fn who_is_kept_out_has_no_good_token(db: TestDb) {
        let mut user = a_user();
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();
        let session = session_of(&db, &user).await;
        user.disabled_at = Some(seconds(1));
        let tx = db.begin().await;
        tx.users().update(&user).await.unwrap();
        tx.commit().await.unwrap();
        let standing = db.queries().standing(user.id, session, TokenId::new(id())).await.unwrap();
        assert!(standing.unwrap().revoked);
    }

    async fn refused_tokens_are_forgotten_when_they_have_expired(db: TestDb) {
        let user = a_user();
        let (old, young) = (TokenId::new(id()), TokenId::new(id()));
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.token_denylist().deny(old, seconds(10)).await.unwrap();
        tx.token_denylist().deny(young, seconds(11)).await.unwrap();
        assert_eq!(tx.token_denylist().purge(seconds(10)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let session = session_of(&db, &user).await;
        assert!(!db.queries().standing(user.id, session, old).await.unwrap().unwrap().revoked);
        assert!(db.queries().standing(user.id, session, young).await.unwrap().unwrap().revoked);
    }

    async fn a_role_that_nobody_knows_is_refused_by_the_database(db: TestDb) {
        let user = a_user();
        let tx = db.begin().await;
        tx.users().insert(&user).await.unwrap();
        tx.commit().await.unwrap();
        assert!(db.execute("UPDATE users SET role = 'emperor'").await.is_err());
    }
}
