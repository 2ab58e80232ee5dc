//! Passkeys, by a device in software that speaks as browsers do, and can lie.

use super::i12_second_factors::{challenge, sets_up};
use crate::harness::shop::Shop;
use crate::harness::{Actor, Answer, on_both_databases};
use serde_json::{Value, json};
use testkit::authenticator::{Authenticator, SoftPasskey};

fn honest(shop: &Shop) -> Authenticator {
    Authenticator::at(&format!("http://localhost:{}", shop.port))
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// Makes a passkey on a device and hands it in.
async fn adds(actor: &Actor, device: &Authenticator, name: &str) -> (SoftPasskey, Answer) {
    let question = actor.post("/users/me/passkeys/options", &json!({})).await.json(200);
    let (key, credential) = device.create(&question["options"]);
    let body = json!({"challenge": question["challenge"], "name": name, "credential": credential});
    (key, actor.post("/users/me/passkeys", &body).await)
}

async fn registered(actor: &Actor, device: &Authenticator) -> SoftPasskey {
    let (key, answer) = adds(actor, device, "Laptop").await;
    answer.json(201);
    key
}

/// Signs in, by what `ask` asks for.
async fn signs_in(actor: &Actor, device: &Authenticator, key: &mut SoftPasskey, ask: &Value) -> Answer {
    let question = actor.post("/auth/passkey/options", ask).await.json(200);
    let credential = device.get(key, &question["options"]);
    actor.post("/auth/passkey", &json!({"challenge": question["challenge"], "credential": credential})).await
}

on_both_databases! {
    async fn i12_passkeys_sign_in_without_a_password(shop: Shop) {
        let (ada, device) = (shop.customer().await, honest(&shop));
        let mut laptop = registered(&ada, &device).await;
        let (mut phone, answer) = adds(&ada, &device, " Phone ").await;
        let made = answer.json(201);
        assert_eq!((&made["name"], &made["last_used_at"]), (&json!("Phone"), &json!(null)));
        for key in [&mut laptop, &mut phone] {
            let answer = signs_in(&shop.guest(), &device, key, &json!({})).await;
            assert!(answer.set_cookie("carat_session").is_some() && answer.set_cookie("carat_refresh").is_some());
            let login = answer.json(200);
            assert_eq!(login["user"]["id"], ada.id);
            ada.with_token(login["access_token"].as_str().unwrap()).get("/users/me").await.json(200);
        }
        let list = ada.get("/users/me/passkeys").await.json(200);
        assert_eq!(list["data"].as_array().unwrap().len(), 2);
        assert!(list["data"][1]["last_used_at"].is_string() && list["next_cursor"].is_null());
    }

    async fn i12_a_passkey_is_renamed_and_removed_by_its_owner_alone(shop: Shop) {
        let (ada, eve, device) = (shop.customer().await, shop.customer().await, honest(&shop));
        let mut key = registered(&ada, &device).await;
        let path = format!("/users/me/passkeys/{}", id(&ada.get("/users/me/passkeys").await.json(200)["data"][0]));
        eve.patch(&path, &json!({"name": "Mine"})).await.problem(404, "not-found");
        eve.delete(&path).await.problem(404, "not-found");
        assert_eq!(ada.patch(&path, &json!({"name": "Work"})).await.json(200)["name"], "Work");
        ada.patch(&path, &json!({"name": " "})).await.problem(422, "validation-failed");
        signs_in(&shop.guest(), &device, &mut key, &json!({})).await.json(200);
        ada.delete(&path).await.is(204);
        ada.delete(&path).await.problem(404, "not-found");
        signs_in(&shop.guest(), &device, &mut key, &json!({})).await.problem(401, "passkey-invalid");
    }

    async fn i12_a_device_that_lies_signs_nobody_in(shop: Shop) {
        let (ada, device) = (shop.customer().await, honest(&shop));
        let mut key = registered(&ada, &device).await;
        let lies = [
            Authenticator { origin: "https://evil.example".to_owned(), ..device.clone() },
            Authenticator { origin: format!("http://localhost.evil.example:{}", shop.port), ..device.clone() },
            Authenticator { origin: format!("https://localhost:{}", shop.port), ..device.clone() },
            Authenticator { rp_id: Some("evil.example".to_owned()), ..device.clone() },
            Authenticator { challenge: Some("A".repeat(43)), ..device.clone() },
            Authenticator { verifies_user: false, ..device.clone() },
        ];
        for lie in lies {
            signs_in(&shop.guest(), &lie, &mut key, &json!({})).await.problem(401, "passkey-invalid");
        }
        signs_in(&shop.guest(), &device, &mut key, &json!({})).await.json(200);
    }

    async fn i12_a_device_that_lies_registers_nothing(shop: Shop) {
        let (ada, device) = (shop.customer().await, honest(&shop));
        for lie in [
            Authenticator { origin: "https://evil.example".to_owned(), ..device.clone() },
            Authenticator { rp_id: Some("evil.example".to_owned()), ..device.clone() },
            Authenticator { challenge: Some("A".repeat(43)), ..device.clone() },
            Authenticator { verifies_user: false, ..device.clone() },
        ] {
            let (_, answer) = adds(&ada, &lie, "Laptop").await;
            answer.problem(422, "passkey-refused");
        }
        assert_eq!(ada.get("/users/me/passkeys").await.json(200)["data"], json!([]));
    }

    async fn i12_an_answer_is_good_once_and_for_its_own_question(shop: Shop) {
        let (ada, guest, device) = (shop.customer().await, shop.guest(), honest(&shop));
        let mut key = registered(&ada, &device).await;
        let one = guest.post("/auth/passkey/options", &json!({})).await.json(200);
        let two = guest.post("/auth/passkey/options", &json!({})).await.json(200);
        let credential = device.get(&mut key, &one["options"]);
        let answer = json!({"challenge": one["challenge"], "credential": credential});
        let elsewhere = json!({"challenge": two["challenge"], "credential": credential});
        guest.post("/auth/passkey", &elsewhere).await.problem(401, "passkey-invalid");
        guest.post("/auth/passkey", &answer).await.json(200);
        for spent in [answer, elsewhere] {
            guest.post("/auth/passkey", &spent).await.problem(410, "challenge-expired");
        }
    }

    async fn i12_what_is_begun_is_finished_once_and_by_who_began_it(shop: Shop) {
        let (ada, eve, device) = (shop.customer().await, shop.customer().await, honest(&shop));
        let question = ada.post("/users/me/passkeys/options", &json!({})).await.json(200);
        let (_, credential) = device.create(&question["options"]);
        let body = json!({"challenge": question["challenge"], "name": "Laptop", "credential": credential});
        eve.post("/users/me/passkeys", &body).await.problem(410, "challenge-expired");
        ada.post("/users/me/passkeys", &body).await.problem(410, "challenge-expired");
        let (_, answer) = adds(&ada, &device, "Laptop").await;
        answer.json(201);
    }

    async fn i12_anothers_passkey_says_nothing_about_oneself(shop: Shop) {
        let (ada, eve, device) = (shop.customer().await, shop.customer().await, honest(&shop));
        let (_, mut hers) = (registered(&ada, &device).await, registered(&eve, &device).await);
        sets_up(&ada).await;
        let ask = json!({"second_factor": challenge(&ada).await});
        signs_in(&shop.guest(), &device, &mut hers, &ask).await.problem(401, "passkey-invalid");
        let honest_handle = hers.user_handle.clone();
        for handle in [registered(&ada, &device).await.user_handle, Some("AAAA".to_owned()), None] {
            hers.user_handle = handle;
            signs_in(&shop.guest(), &device, &mut hers, &json!({})).await.problem(401, "passkey-invalid");
        }
        hers.user_handle = honest_handle;
        let login = signs_in(&shop.guest(), &device, &mut hers, &json!({})).await.json(200);
        assert_eq!(login["user"]["id"], eve.id);
    }

    async fn i12_a_copy_of_a_passkey_is_told_by_its_counter(shop: Shop) {
        let (ada, device) = (shop.customer().await, honest(&shop));
        let mut key = registered(&ada, &device).await;
        let mut copy = key.clone();
        for _ in 0..2 {
            signs_in(&shop.guest(), &device, &mut key, &json!({})).await.json(200);
        }
        signs_in(&shop.guest(), &device, &mut copy, &json!({})).await.problem(401, "passkey-invalid");
        signs_in(&shop.guest(), &device, &mut key, &json!({})).await.json(200);
    }

    async fn i12_a_passkey_stands_in_for_the_second_factor_and_counts_as_two(shop: Shop) {
        let (ada, device) = (shop.customer().await, honest(&shop));
        let mut key = registered(&ada, &device).await;
        assert!(ada.logs_in(&ada.email, crate::harness::shop::PASSWORD).await.json(200)["access_token"].is_string());
        sets_up(&ada).await;
        signs_in(&shop.guest(), &device, &mut key, &json!({})).await.json(200);
        let ask = json!({"second_factor": challenge(&ada).await});
        key.user_handle = None;
        signs_in(&shop.guest(), &device, &mut key, &ask).await.json(200);
        shop.guest().post("/auth/passkey/options", &ask).await.problem(410, "challenge-expired");
    }

    async fn i12_a_passkey_proves_anew_who_one_is_to_that_session_alone(shop: Shop) {
        let (ada, eve, device) = (shop.customer().await, shop.customer().await, honest(&shop));
        let step_up = json!({"purpose": "step_up"});
        shop.guest().post("/auth/passkey/options", &step_up).await.problem(401, "unauthorized");
        ada.post("/auth/passkey/options", &step_up).await.problem(401, "passkey-invalid");
        let mut key = registered(&ada, &device).await;
        let login = signs_in(&ada, &device, &mut key, &step_up).await.json(200);
        assert_eq!(login["user"]["id"], ada.id);
        let question = ada.post("/auth/passkey/options", &step_up).await.json(200);
        let credential = device.get(&mut key, &question["options"]);
        let answer = json!({"challenge": question["challenge"], "credential": credential});
        eve.post("/auth/passkey", &answer).await.problem(410, "challenge-expired");
        ada.post("/auth/passkey", &answer).await.problem(410, "challenge-expired");
    }

    async fn i12_nonsense_in_place_of_a_credential_is_refused(shop: Shop) {
        let ada = shop.customer().await;
        for nonsense in [json!({}), json!([]), json!("x"), json!({"id": 7}), json!(null)] {
            let question = shop.guest().post("/auth/passkey/options", &json!({})).await.json(200);
            let body = json!({"challenge": question["challenge"], "credential": nonsense});
            shop.guest().post("/auth/passkey", &body).await.problem(401, "passkey-invalid");
            let question = ada.post("/users/me/passkeys/options", &json!({})).await.json(200);
            let body = json!({"challenge": question["challenge"], "name": "x", "credential": nonsense});
            ada.post("/users/me/passkeys", &body).await.problem(422, "passkey-refused");
        }
    }
}
