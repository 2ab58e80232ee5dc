//! Signing in on real databases: what is counted, what looks alike, and what must happen once.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helper functions of tests may fail as tests do"
)]

mod accounts;

use accounts::{Accounts, PASSWORD, client};
use application::identity::Client;
use application::identity::passwords::{ChangePasswordError, SetPasswords};
use application::identity::sessions::RefreshError;
use application::identity::sign_in::LogInError;
use chrono::TimeDelta;
use domain::identity::User;
use domain::kernel::EmailAddress;
use std::collections::HashSet;
use testkit::both_databases;
use testkit::builders::{a_user, noon};

both_databases! {
    async fn of_24_wrong_passwords_at_once_no_more_than_five_are_compared(db: TestDb) {
        let accounts = Accounts::open(db);
        let user = accounts.somebody().await;
        let outcomes = accounts.tries_at_once(24, &user.email, "Wrong-1234").await;
        assert_eq!(accounts.hasher.hashes(), 5);
        let wrong = outcomes.iter().filter(|o| matches!(o, Err(LogInError::InvalidCredentials))).count();
        let locked = outcomes.iter().filter(|o| matches!(o, Err(LogInError::Locked { .. }))).count();
        assert_eq!((wrong, locked), (5, 19));
        assert_eq!(accounts.events("login_failed").await, 5);
        assert_eq!(accounts.events("login_locked").await, 1);
    }

    async fn after_five_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(db: TestDb) {
        let accounts = Accounts::open(db);
        let (user, here) = (accounts.somebody().await, client("192.0.2.1"));
        for _ in 0..5 {
            accounts.tries(&user.email, "Wrong-1234", &here).await.unwrap_err();
        }
        let error = accounts.tries(&user.email, PASSWORD, &here).await.unwrap_err();
        assert!(matches!(error, LogInError::Locked { until } if until == noon() + TimeDelta::minutes(15)));
        let neighbour = client("192.0.2.2");
        accounts.signs_in(&user, &neighbour).await; // another client has its own count
        accounts.clock.goes_on(TimeDelta::minutes(15));
        accounts.signs_in(&user, &here).await;
    }

    async fn a_right_password_begins_the_count_anew(db: TestDb) {
        let accounts = Accounts::open(db);
        let (user, here) = (accounts.somebody().await, client("192.0.2.1"));
        for _ in 0..3 {
            for _ in 0..4 {
                accounts.tries(&user.email, "Wrong-1234", &here).await.unwrap_err();
            }
            accounts.signs_in(&user, &here).await;
        }
    }

    async fn a_household_with_version_6_has_one_count(db: TestDb) {
        let accounts = Accounts::open(db);
        let user = accounts.somebody().await;
        for last in 1..=5 {
            let one = client(&format!("2001:db8:1:2::{last}"));
            accounts.tries(&user.email, "Wrong-1234", &one).await.unwrap_err();
        }
        let same = accounts.tries(&user.email, PASSWORD, &client("2001:db8:1:2::99")).await;
        assert!(matches!(same, Err(LogInError::Locked { .. })));
        accounts.signs_in(&user, &client("2001:db8:1:3::1")).await;
    }

    async fn on_each_path_that_fails_exactly_one_hash_is_computed(db: TestDb) {
        let accounts = Accounts::open(db);
        let user = accounts.somebody().await;
        let hash = Some(PASSWORD.to_owned());
        let disabled = User { disabled_at: Some(noon()), password_hash: hash.clone(), ..a_user() };
        let deleted = User { deleted_at: Some(noon()), password_hash: hash, ..a_user() };
        let without = User { password_hash: None, ..a_user() };
        let unknown = EmailAddress::parse("nobody@example.com").unwrap();
        let mut tries = vec![(user.email, "Wrong-1234"), (unknown, PASSWORD)];
        for stored in [disabled, deleted, without] {
            tries.push((accounts.stored(stored).await.email, PASSWORD));
        }
        for (email, password) in tries {
            let error = accounts.tries(&email, password, &client("192.0.2.1")).await.unwrap_err();
            assert!(matches!(error, LogInError::InvalidCredentials), "{email}");
            assert_eq!(accounts.hasher.hashes(), 1, "{email}");
        }
        assert_eq!(accounts.events("login_failed").await, 5);
    }

    async fn strangers_get_a_hundred_tries_a_day_and_the_owner_a_mail_and_their_own_count(db: TestDb) {
        let accounts = Accounts::open(db);
        let user = accounts.somebody().await;
        let home = accounts.signs_in(&user, &client("198.51.100.1")).await;
        let own = Client { device_token: home.device_token.clone(), ..client("203.0.113.9") };
        for stranger in 0..20 {
            let from = client(&format!("192.0.2.{stranger}"));
            for _ in 0..5 {
                accounts.tries(&user.email, "Wrong-1234", &from).await.unwrap_err();
            }
        }
        assert_eq!(accounts.hasher.hashes(), 101);
        assert_eq!(accounts.jobs("send_sign_in_help").await, 1);
        let fresh = accounts.tries(&user.email, PASSWORD, &client("192.0.2.99")).await;
        assert!(matches!(fresh, Err(LogInError::Locked { .. })), "no stranger guesses any more");
        assert_eq!(accounts.hasher.hashes(), 0);
        accounts.signs_in(&user, &own).await; // the owner's browser, wherever it is
        accounts.clock.goes_on(TimeDelta::hours(24));
        accounts.signs_in(&user, &client("192.0.2.99")).await;
    }

    async fn a_device_is_no_help_at_anothers_account(db: TestDb) {
        let accounts = Accounts::open(db);
        let (mine, theirs) = (accounts.somebody().await, accounts.somebody().await);
        let device = accounts.signs_in(&mine, &client("192.0.2.1")).await.device_token;
        for _ in 0..5 {
            accounts.tries(&theirs.email, "Wrong-1234", &client("192.0.2.1")).await.unwrap_err();
        }
        let with_my_device = Client { device_token: device, ..client("192.0.2.1") };
        let error = accounts.tries(&theirs.email, "Wrong-1234", &with_my_device).await.unwrap_err();
        assert!(matches!(error, LogInError::Locked { .. }));
    }

    async fn what_could_not_be_hashed_counts_as_not_tried(db: TestDb) {
        let accounts = Accounts::open(db);
        let (user, here) = (accounts.somebody().await, client("192.0.2.1"));
        accounts.hasher.is_busy(true);
        for _ in 0..8 {
            assert!(matches!(accounts.tries(&user.email, PASSWORD, &here).await, Err(LogInError::Hashing(_))));
        }
        accounts.hasher.is_busy(false);
        accounts.signs_in(&user, &here).await;
    }

    async fn of_200_refreshes_at_once_there_is_one_successor(db: TestDb) {
        let accounts = Accounts::open(db);
        let first = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        let outcomes = accounts.refreshes_at_once(200, &first.refresh_token).await;
        let successors: HashSet<_> = outcomes.into_iter().map(|outcome| outcome.unwrap().refresh_token).collect();
        assert_eq!(successors.len(), 1);
        assert!(!successors.contains(&first.refresh_token));
        let next = accounts.refreshes(successors.iter().next().unwrap()).await.unwrap();
        assert!(!successors.contains(&next.refresh_token));
    }

    async fn a_refresh_token_that_comes_again_later_ends_the_session(db: TestDb) {
        let accounts = Accounts::open(db);
        let first = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        let second = accounts.refreshes(&first.refresh_token).await.unwrap();
        accounts.clock.goes_on(TimeDelta::seconds(9));
        assert_eq!(accounts.refreshes(&first.refresh_token).await.unwrap().refresh_token, second.refresh_token);
        accounts.clock.goes_on(TimeDelta::seconds(2));
        assert!(matches!(accounts.refreshes(&first.refresh_token).await, Err(RefreshError::Reused)));
        assert!(matches!(accounts.refreshes(&second.refresh_token).await, Err(RefreshError::Invalid)));
        assert_eq!(accounts.events("refresh_token_reused").await, 1);
        assert_eq!(accounts.sessions(&second).await, 0);
    }

    async fn a_grandparent_ends_the_session_even_at_once(db: TestDb) {
        let accounts = Accounts::open(db);
        let first = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        let second = accounts.refreshes(&first.refresh_token).await.unwrap();
        accounts.refreshes(&second.refresh_token).await.unwrap();
        assert!(matches!(accounts.refreshes(&first.refresh_token).await, Err(RefreshError::Reused)));
    }

    async fn a_forged_refresh_token_ends_nothing(db: TestDb) {
        let accounts = Accounts::open(db);
        let first = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        let mut forged = first.refresh_token.clone().into_bytes();
        let last = forged.len() - 2;
        forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        for token in [forged.as_str(), "", "x", &"A".repeat(500)] {
            assert!(matches!(accounts.refreshes(token).await, Err(RefreshError::Invalid)), "{token}");
        }
        accounts.refreshes(&first.refresh_token).await.unwrap();
    }

    async fn after_a_logout_nothing_is_refreshed(db: TestDb) {
        let accounts = Accounts::open(db);
        let first = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        accounts.logs_out(&first).await;
        assert!(matches!(accounts.refreshes(&first.refresh_token).await, Err(RefreshError::Invalid)));
    }

    async fn an_unused_session_ends_after_thirty_days(db: TestDb) {
        let accounts = Accounts::open(db);
        let first = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        accounts.clock.goes_on(TimeDelta::days(29));
        let second = accounts.refreshes(&first.refresh_token).await.unwrap();
        accounts.clock.goes_on(TimeDelta::days(30));
        assert!(matches!(accounts.refreshes(&second.refresh_token).await, Err(RefreshError::Invalid)));
    }

    async fn a_new_password_ends_the_other_sessions_and_keeps_this_one(db: TestDb) {
        let accounts = Accounts::open(db);
        let user = accounts.somebody().await;
        let (this, other) =
            (accounts.signs_in(&user, &client("192.0.2.1")).await, accounts.signs_in(&user, &client("192.0.2.2")).await);
        accounts.changes_password(&this, PASSWORD).await.unwrap();
        assert_eq!(accounts.sessions(&this).await, 1);
        accounts.refreshes(&this.refresh_token).await.unwrap();
        assert!(matches!(accounts.refreshes(&other.refresh_token).await, Err(RefreshError::Invalid)));
        assert_eq!(accounts.jobs("send_password_changed_notice").await, 1);
        assert!(accounts.tries(&user.email, PASSWORD, &client("192.0.2.1")).await.is_err());
    }

    async fn the_present_password_can_be_guessed_five_times(db: TestDb) {
        let accounts = Accounts::open(db);
        let this = accounts.signs_in(&accounts.somebody().await, &client("192.0.2.1")).await;
        for _ in 0..5 {
            let error = accounts.changes_password(&this, "Wrong-1234").await.unwrap_err();
            assert!(matches!(error, ChangePasswordError::WrongPassword));
        }
        let error = accounts.changes_password(&this, PASSWORD).await.unwrap_err();
        assert!(matches!(error, ChangePasswordError::Locked { .. }));
    }

    async fn a_forgotten_password_is_asked_for_once_a_minute_and_never_of_strangers(db: TestDb) {
        let accounts = Accounts::open(db);
        let (user, here) = (accounts.somebody().await, client("192.0.2.1"));
        let disabled = accounts.stored(User { disabled_at: Some(noon()), ..a_user() }).await;
        let unknown = EmailAddress::parse("nobody@example.com").unwrap();
        for email in [&user.email, &user.email, &unknown, &disabled.email] {
            accounts.passwords.forget(email, &here).await.unwrap();
        }
        assert_eq!(accounts.jobs("send_password_reset").await, 1);
        accounts.clock.goes_on(TimeDelta::minutes(1));
        accounts.passwords.forget(&user.email, &here).await.unwrap();
        assert_eq!(accounts.jobs("send_password_reset").await, 2);
    }

}
