//! I6 and I7: sessions that are renewed, seen and ended; what ended is refused on every server.

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Answer, on_both_databases};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::HashSet;

/// What somebody gets who signs in.
async fn signs_in(actor: &Actor) -> Value {
    actor.logs_in(&actor.email, PASSWORD).await.json(200)
}

fn text<'a>(login: &'a Value, name: &str) -> &'a str {
    login[name].as_str().unwrap_or_else(|| panic!("no {name} in {login}"))
}

async fn refresh(actor: &Actor, token: &str) -> Answer {
    actor.without_token().post("/auth/refresh", &json!({"refresh_token": token})).await
}

async fn me(actor: &Actor, token: &str) -> Answer {
    actor.with_token(token).get("/users/me").await
}

on_both_databases! {
    async fn i07_a_refresh_token_gets_the_next_ones_once(shop: Shop) {
        let customer = shop.customer().await;
        let login = signs_in(&customer).await;
        let next = refresh(&customer, text(&login, "refresh_token")).await.json(200);
        assert_ne!(next["refresh_token"], login["refresh_token"]);
        assert_eq!(next["user"], login["user"]);
        me(&customer, text(&next, "access_token")).await.json(200);
        let after = refresh(&customer, text(&next, "refresh_token")).await.json(200);
        // Its grandparent is a copy by now, whoever has it.
        refresh(&customer, text(&login, "refresh_token")).await.problem(401, "refresh-token-reused");
        for ended in [&next, &after] {
            me(&customer, text(ended, "access_token")).await.problem(401, "token-revoked");
            refresh(&customer, text(ended, "refresh_token")).await.problem(401, "refresh-token-invalid");
        }
        me(&customer, customer.token.as_deref().unwrap()).await.json(200); // the other session goes on
    }

    async fn i07_many_refreshes_at_once_have_one_successor(shop: Shop) {
        let customer = shop.customer().await;
        let login = signs_in(&customer).await;
        let token = text(&login, "refresh_token");
        let answers = join_all((0..40).map(|_| refresh(&customer, token))).await;
        let successors: HashSet<String> =
            answers.into_iter().map(|answer| text(&answer.json(200), "refresh_token").to_owned()).collect();
        assert_eq!(successors.len(), 1);
    }

    async fn i07_a_browser_refreshes_by_its_cookie(shop: Shop) {
        let customer = shop.customer().await;
        let answer = customer.logs_in(&customer.email, PASSWORD).await.is(200);
        let (value, attributes) = answer.set_cookie("carat_refresh").expect("a refresh cookie");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"] {
            assert!(attributes.contains(part), "{attributes}");
        }
        let cookie = format!("carat_refresh={value}");
        let browser = customer.without_token();
        let headers = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
        let next = browser.ask("POST", "/api/v1/auth/refresh", &headers, None).await.is(200);
        let (session, _) = next.set_cookie("carat_session").expect("a session cookie");
        let (successor, _) = next.set_cookie("carat_refresh").expect("the next refresh cookie");
        assert_ne!(successor, value);
        let cookie = format!("carat_session={session}");
        browser.ask("GET", "/api/v1/users/me", &[("cookie", &cookie)], None).await.json(200);
        browser.ask("POST", "/api/v1/auth/refresh", &[], None).await.problem(401, "refresh-token-invalid");
    }

    async fn i07_sessions_are_seen_and_ended(shop: Shop) {
        let customer = shop.customer().await;
        let (one, two) = (signs_in(&customer).await, signs_in(&customer).await);
        let at = customer.with_token(text(&two, "access_token"));
        let sessions = at.get("/auth/sessions").await.json(200);
        let rows = sessions["data"].as_array().unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows.iter().filter(|row| row["current"] == true).count(), 1);
        assert!(rows.iter().all(|row| row["address"] == "127.0.0.1" && row["device"].is_string()), "{sessions}");
        let one_at = customer.with_token(text(&one, "access_token"));
        let own = one_at.get("/auth/sessions").await.json(200);
        let id = own["data"].as_array().unwrap().iter().find(|row| row["current"] == true).unwrap()["id"].clone();
        let path = format!("/auth/sessions/{}", id.as_str().unwrap());
        shop.customer().await.delete(&path).await.problem(404, "not-found");
        at.delete(&path).await.is(204);
        at.delete(&path).await.problem(404, "not-found");
        me(&customer, text(&one, "access_token")).await.problem(401, "token-revoked");
        at.delete("/auth/sessions").await.is(204);
        assert_eq!(at.get("/auth/sessions").await.json(200)["data"].as_array().unwrap().len(), 1);
        customer.get("/users/me").await.problem(401, "token-revoked");
    }

    async fn i06_what_ended_on_one_server_is_refused_on_the_other(shop: Shop) {
        let other = shop.beside().await;
        let customer = shop.customer().await;
        let (one, two) = (signs_in(&customer).await, signs_in(&customer).await);
        let there = other.same(&customer);
        me(&there, text(&one, "access_token")).await.json(200);
        customer.with_token(text(&one, "access_token")).post("/auth/logout", &json!({})).await.json(200);
        me(&there, text(&one, "access_token")).await.problem(401, "token-revoked");
        refresh(&there, text(&one, "refresh_token")).await.problem(401, "refresh-token-invalid");
        let change = json!({"current_password": PASSWORD, "password": "An0ther-horse!"});
        customer.json("PUT", "/users/me/password", &[], &change).await.json(200);
        me(&there, text(&two, "access_token")).await.problem(401, "token-revoked");
        refresh(&there, text(&two, "refresh_token")).await.problem(401, "refresh-token-invalid");
        there.get("/users/me").await.json(200); // the session that changed it goes on
        customer.logs_in(&customer.email, PASSWORD).await.problem(401, "invalid-credentials");
        there.logs_in(&customer.email, "An0ther-horse!").await.json(200);
    }

    async fn i06_no_token_of_before_is_good_again_on_any_node_nor_after_a_restart(shop: Shop) {
        let (other, admin) = (shop.beside().await, shop.admin().await);
        let mut leavers = Vec::new();
        for _ in 0..5 {
            let customer = shop.customer().await;
            let login = signs_in(&customer).await;
            me(&other.same(&customer), text(&login, "access_token")).await.json(200);
            leavers.push((customer, login));
        }
        let [logs_out, changes, forgets, disabled, promoted] = [0, 1, 2, 3, 4].map(|number| &leavers[number]);
        logs_out.0.with_token(text(&logs_out.1, "access_token")).post("/auth/logout", &json!({})).await.json(200);
        let change = json!({"current_password": PASSWORD, "password": "An0ther-horse!"});
        changes.0.json("PUT", "/users/me/password", &[], &change).await.json(200);
        let reset = json!({"token": shop.reset_token(&forgets.0.email).await, "password": "An0ther-horse!"});
        shop.guest().post("/auth/password/reset", &reset).await.json(200);
        let user = |actor: &Actor| format!("/admin/users/{}", actor.id);
        admin.patch(&user(&disabled.0), &json!({"status": "disabled"})).await.json(200);
        let seller = json!({"role": "seller", "shop_name": "Maison"});
        other.same(&admin).patch(&user(&promoted.0), &seller).await.json(200);
        for after_restart in [false, true] {
            for node in [&shop, &other] {
                for (customer, login) in &leavers {
                    let there = node.same(customer);
                    let refused = me(&there, text(login, "access_token")).await;
                    refused.problem(401, "token-revoked");
                    refresh(&there, text(login, "refresh_token")).await.problem(401, "refresh-token-invalid");
                }
                // What goes on goes on everywhere: the session that changed the password, and the one beside the logout.
                node.same(&changes.0).get("/users/me").await.json(200);
                node.same(&logs_out.0).get("/users/me").await.json(200);
                node.same(&forgets.0).get("/users/me").await.problem(401, "token-revoked");
            }
            if !after_restart {
                shop.restart().await;
                other.restart().await;
            }
        }
        admin.patch(&user(&disabled.0), &json!({"status": "active"})).await.json(200);
        for node in [&shop, &other] {
            me(&node.same(&disabled.0), text(&disabled.1, "access_token")).await.problem(401, "token-revoked");
        }
    }

    async fn i12_a_sensitive_change_asks_for_the_password_when_the_proof_is_old(shop: Shop) {
        let customer = shop.customer().await;
        let wrong = customer.post("/auth/step-up", &json!({"password": "Wrong-1234"})).await;
        wrong.problem(401, "step-up-failed");
        let proof = customer.post("/auth/step-up", &json!({"password": PASSWORD})).await.json(200);
        assert!(chrono::DateTime::parse_from_rfc3339(text(&proof, "fresh_until")).is_ok());
    }
}
