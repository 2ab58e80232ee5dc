//! Second factors: an authenticator app, and recovery codes for the day when it is lost.

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Answer, on_both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::HashSet;
use totp_rs::{Builder, Secret};

/// What the app shows so many seconds from now. The shop takes the code of the next thirty seconds too, so that a test
/// has two fresh ones.
pub fn shown(secret: &str, from_now: i64) -> String {
    let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
    let moment = chrono::Utc::now().timestamp() + from_now;
    totp.generate(u64::try_from(moment).unwrap()).to_string()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Sets an app up, and answers its secret and the recovery codes.
pub async fn sets_up(actor: &Actor) -> (String, Vec<String>) {
    let setup = actor.post("/users/me/totp", &json!({})).await.json(201);
    let secret = setup["secret"].as_str().unwrap().to_owned();
    let answer = actor.post("/users/me/totp/confirm", &json!({"code": shown(&secret, 0)})).await.json(200);
    (secret, texts(&answer["recovery_codes"]))
}

/// Logs in as far as the question for the second factor.
pub async fn challenge(actor: &Actor) -> String {
    let answer = actor.logs_in(&actor.email, PASSWORD).await;
    assert_eq!(answer.header("set-cookie"), None, "nobody is signed in yet");
    let asked = answer.json(200);
    assert_eq!(asked.as_object().unwrap().len(), 1, "{asked}");
    asked["second_factor"]["challenge"].as_str().unwrap().to_owned()
}

async fn answers(actor: &Actor, challenge: &str, code: &str) -> Answer {
    let body = json!({"challenge": challenge, "code": code});
    actor.without_token().post("/auth/login/second-factor", &body).await
}

/// Answers fifty challenges at once by the same code, and tells how many signed in.
async fn fifty_at_once(actor: &Actor, code: &str) -> usize {
    let mut challenges = Vec::new();
    for _ in 0..50 {
        challenges.push(challenge(actor).await);
    }
    let outcomes = join_all(challenges.iter().map(|challenge| answers(actor, challenge, code))).await;
    assert!(outcomes.iter().all(|answer| [200, 401, 423].contains(&answer.status)), "{outcomes:?}");
    outcomes.iter().filter(|answer| answer.status == 200).count()
}

async fn remaining(actor: &Actor) -> u64 {
    actor.get("/users/me/recovery-codes").await.json(200)["remaining"].as_u64().unwrap()
}

on_both_databases! {
    async fn i12_an_app_is_switched_on_by_its_first_code(shop: Shop) {
        let ada = shop.customer().await;
        let off = json!({"enabled": false, "enabled_at": null});
        assert_eq!(ada.get("/users/me/totp").await.json(200), off);
        ada.post("/users/me/totp/confirm", &json!({"code": "123456"})).await.problem(409, "totp-not-started");
        let setup = ada.post("/users/me/totp", &json!({})).await.json(201);
        let (secret, uri) = (setup["secret"].as_str().unwrap(), setup["uri"].as_str().unwrap());
        assert_eq!(secret.len(), 32, "160 bits");
        assert!(uri.starts_with("otpauth://totp/") && uri.contains(secret) && uri.contains("issuer="), "{uri}");
        assert!(setup["qr_svg"].as_str().unwrap().starts_with("<svg"));
        ada.post("/users/me/totp/confirm", &json!({"code": shown(secret, 3600)})).await.problem(422, "totp-code-invalid");
        assert_eq!(ada.get("/users/me/totp").await.json(200), off);
        assert!(ada.logs_in(&ada.email, PASSWORD).await.json(200)["access_token"].is_string(), "it asks for nothing yet");
        let answer = ada.post("/users/me/totp/confirm", &json!({"code": shown(secret, 0)})).await.json(200);
        let codes: HashSet<_> = texts(&answer["recovery_codes"]).into_iter().collect();
        assert_eq!((codes.len(), remaining(&ada).await), (10, 10));
        assert!(codes.iter().all(|code| code.len() == 11 && code.as_bytes()[5] == b'-'), "{codes:?}");
        assert_eq!(ada.get("/users/me/totp").await.json(200)["enabled"], true);
        ada.post("/users/me/totp", &json!({})).await.problem(409, "totp-already-enabled");
        ada.post("/users/me/totp/confirm", &json!({"code": shown(secret, 0)})).await.problem(409, "totp-already-enabled");
    }

    async fn i12_a_login_asks_for_a_code_and_each_is_good_once(shop: Shop) {
        let ada = shop.customer().await;
        let (secret, _) = sets_up(&ada).await;
        let first = challenge(&ada).await;
        answers(&ada, &first, &shown(&secret, 3600)).await.problem(401, "second-factor-invalid");
        let code = shown(&secret, 30);
        let answer = answers(&ada, &first, &code).await;
        assert!(answer.set_cookie("carat_session").is_some() && answer.set_cookie("carat_refresh").is_some());
        let login = answer.json(200);
        let me = ada.with_token(login["access_token"].as_str().unwrap()).get("/users/me").await.json(200);
        assert_eq!(me["id"], ada.id);
        answers(&ada, &first, &code).await.problem(410, "challenge-expired");
        let second = challenge(&ada).await;
        answers(&ada, &second, &code).await.problem(401, "second-factor-invalid");
    }

    async fn i12_of_fifty_uses_of_one_code_at_once_one_signs_in(shop: Shop) {
        let ada = shop.customer().await;
        let (secret, _) = sets_up(&ada).await;
        let mut challenges = Vec::new();
        for _ in 0..50 {
            challenges.push(challenge(&ada).await);
        }
        let code = shown(&secret, 30);
        let outcomes = join_all(challenges.iter().map(|challenge| answers(&ada, challenge, &code))).await;
        assert!(outcomes.iter().all(|answer| [200, 401, 423].contains(&answer.status)), "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|answer| answer.status == 200).count(), 1);
    }

    async fn i12_of_fifty_uses_of_one_recovery_code_at_once_one_signs_in(shop: Shop) {
        let ada = shop.customer().await;
        let (_, codes) = sets_up(&ada).await;
        assert_eq!(fifty_at_once(&ada, &codes[0]).await, 1);
        assert_eq!(remaining(&ada).await, 9);
    }

    async fn i12_of_twenty_right_answers_to_one_challenge_one_signs_in(shop: Shop) {
        let ada = shop.customer().await;
        let (_, codes) = sets_up(&ada).await;
        let one = challenge(&ada).await;
        let outcomes = join_all(codes.iter().map(|code| answers(&ada, &one, code))).await;
        assert_eq!(outcomes.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(remaining(&ada).await, 9, "who came too late has not used a code up");
    }

    async fn i12_a_challenge_bears_five_wrong_codes(shop: Shop) {
        let ada = shop.customer().await;
        let (secret, _) = sets_up(&ada).await;
        let one = challenge(&ada).await;
        for wrong in ["000000", "x", "00000-00000", "1234567", "nonsense"] {
            let wrong = if wrong == shown(&secret, 0) { "999999" } else { wrong };
            answers(&ada, &one, wrong).await.problem(401, "second-factor-invalid");
        }
        answers(&ada, &one, &shown(&secret, 30)).await.problem(410, "challenge-expired");
        answers(&ada, "no-such-challenge", "123456").await.problem(410, "challenge-expired");
        let another = challenge(&ada).await;
        answers(&ada, &another, &shown(&secret, 30)).await.json(200);
    }

    async fn i12_ten_wrong_codes_a_day_are_the_last(shop: Shop) {
        let ada = shop.customer().await;
        let (_, codes) = sets_up(&ada).await;
        for _ in 0..2 {
            let one = challenge(&ada).await;
            for _ in 0..5 {
                answers(&ada, &one, "00000-00000").await.problem(401, "second-factor-invalid");
            }
        }
        let one = challenge(&ada).await;
        let locked = answers(&ada, &one, &codes[0]).await;
        assert!(locked.header("retry-after").is_some());
        locked.problem(423, "login-locked");
    }

    async fn i12_recovery_codes_stand_in_once_each_and_can_be_renewed(shop: Shop) {
        let ada = shop.customer().await;
        ada.post("/users/me/recovery-codes", &json!({})).await.problem(409, "totp-off");
        let (_, codes) = sets_up(&ada).await;
        let one = challenge(&ada).await;
        answers(&ada, &one, &codes[0].to_uppercase().replace('-', " ")).await.json(200);
        let one = challenge(&ada).await;
        answers(&ada, &one, &codes[0]).await.problem(401, "second-factor-invalid");
        answers(&ada, &one, &codes[1]).await.json(200);
        assert_eq!(remaining(&ada).await, 8);
        let renewed = ada.post("/users/me/recovery-codes", &json!({})).await.json(201);
        assert_eq!(remaining(&ada).await, 10);
        let one = challenge(&ada).await;
        answers(&ada, &one, &codes[2]).await.problem(401, "second-factor-invalid");
        answers(&ada, &one, &texts(&renewed["recovery_codes"])[2]).await.json(200);
    }

    async fn i12_an_app_that_is_switched_off_asks_for_nothing(shop: Shop) {
        let ada = shop.customer().await;
        sets_up(&ada).await;
        for _ in 0..2 {
            ada.delete("/users/me/totp").await.is(204);
        }
        assert_eq!(ada.get("/users/me/totp").await.json(200)["enabled"], false);
        assert_eq!(remaining(&ada).await, 0);
        assert!(ada.logs_in(&ada.email, PASSWORD).await.json(200)["access_token"].is_string());
        sets_up(&ada).await;
        challenge(&ada).await;
    }

    async fn i12_a_code_proves_anew_who_one_is(shop: Shop) {
        let ada = shop.customer().await;
        let (secret, codes) = sets_up(&ada).await;
        for code in [shown(&secret, 30), codes[0].clone()] {
            let proof = ada.post("/auth/step-up", &json!({"code": code})).await.json(200);
            assert!(proof["fresh_until"].is_string());
            ada.post("/auth/step-up", &json!({"code": code})).await.problem(401, "step-up-failed");
        }
        assert_eq!(remaining(&ada).await, 9);
    }

    async fn i12_a_setup_that_is_asked_for_twice_under_one_key_is_the_same(shop: Shop) {
        let ada = shop.customer().await;
        let start = async |key| {
            ada.json("POST", "/users/me/totp", &[("idempotency-key", key)], &json!({})).await.json(201)
        };
        let first = start("one").await;
        assert_eq!(start("one").await, first);
        assert_ne!(start("two").await["secret"], first["secret"]);
    }
}
