//! A forgotten password: a link by mail, once.

use crate::harness::shop::{PASSWORD, Shop};
use crate::harness::{on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};

const NEW: &str = "N3w-password!";

impl Shop {
    /// Asks for a link and takes its token out of the mail.
    pub async fn reset_token(&self, email: &str) -> String {
        self.guest().post("/auth/password/forget", &json!({"email": email})).await.json(202);
        until(&format!("a link is mailed to {email}"), async || {
            let mail =
                self.mails_to(email).await.into_iter().find(|mail| mail.text.contains("reset-password?token="))?;
            let (_, token) = mail.text.split_once("reset-password?token=")?;
            Some(token.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect())
        })
        .await
    }
}

on_both_databases! {
    async fn i09_a_link_sets_a_new_password_once_and_ends_all_sessions(shop: Shop) {
        let ada = shop.customer().await;
        let refresh = ada.logs_in(&ada.email, PASSWORD).await.json(200)["refresh_token"].clone();
        let token = shop.reset_token(&ada.email).await;
        assert_eq!(token.len(), 43, "256 bits");
        let weak = shop.guest().post("/auth/password/reset", &json!({"token": token, "password": "weak"})).await;
        weak.problem(422, "validation-failed");
        let body = json!({"token": token, "password": NEW});
        let answer = shop.guest().post("/auth/password/reset", &body).await;
        assert!(answer.set_cookie("carat_session").is_none(), "a link signs nobody in");
        answer.json(200);
        shop.guest().post("/auth/password/reset", &body).await.problem(410, "reset-token-expired");
        ada.get("/users/me").await.problem(401, "token-revoked");
        ada.without_token().post("/auth/refresh", &json!({"refresh_token": refresh})).await.problem(401, "refresh-token-invalid");
        ada.logs_in(&ada.email, PASSWORD).await.problem(401, "invalid-credentials");
        ada.logs_in(&ada.email, NEW).await.json(200);
        assert_eq!(shop.mails_about(&ada.email, "password was changed").await, 1);
    }

    async fn i09_of_twenty_uses_of_one_link_at_once_one_succeeds(shop: Shop) {
        let ada = shop.customer().await;
        let token = shop.reset_token(&ada.email).await;
        let guest = shop.guest();
        let passwords: Vec<String> = (0..20).map(|number| format!("N3w-password!{number}")).collect();
        let bodies: Vec<Value> = passwords.iter().map(|password| json!({"token": token, "password": password})).collect();
        let answers = join_all(bodies.iter().map(|body| guest.post("/auth/password/reset", body))).await;
        let winners: Vec<_> = answers.iter().zip(&passwords).filter(|(answer, _)| answer.status == 200).collect();
        assert_eq!(winners.len(), 1);
        assert!(answers.iter().all(|answer| [200, 410, 503].contains(&answer.status)), "{answers:?}");
        ada.logs_in(&ada.email, winners[0].1).await.json(200);
        assert_eq!(shop.mails_about(&ada.email, "password was changed").await, 1);
    }

    async fn i09_nobody_learns_whether_an_address_has_an_account(shop: Shop) {
        let (ada, newcomer) = (shop.customer().await, shop.newcomer(json!({})).await);
        let nobody = format!("{}@example.com", unique("nobody"));
        let mut answers = Vec::new();
        for email in [&ada.email, &newcomer.email, &nobody, &ada.email.to_uppercase()] {
            let answer = shop.guest().post("/auth/password/forget", &json!({"email": email})).await;
            let mut headers: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            headers.sort();
            answers.push((headers, answer.json(202)));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{answers:?}");
        assert_eq!(shop.mails_about(&nobody, "").await, 0);
        assert_eq!(shop.mails_about(&ada.email, "new password").await, 1, "the second was asked for too soon");
        assert_eq!(shop.mails_about(&newcomer.email, "new password").await, 1);
    }

    async fn i09_a_made_up_link_and_one_before_a_new_password_are_good_for_nothing(shop: Shop) {
        let ada = shop.customer().await;
        for token in ["x".to_owned(), "A".repeat(43), "é".repeat(40)] {
            let answer = shop.guest().post("/auth/password/reset", &json!({"token": token, "password": NEW})).await;
            answer.problem(410, "reset-token-expired");
        }
        let token = shop.reset_token(&ada.email).await;
        let change = json!({"current_password": PASSWORD, "password": "Ch4nged-password!"});
        ada.json("PUT", "/users/me/password", &[], &change).await.json(200);
        let late = shop.guest().post("/auth/password/reset", &json!({"token": token, "password": NEW})).await;
        late.problem(410, "reset-token-expired");
        ada.logs_in(&ada.email, "Ch4nged-password!").await.json(200);
    }

    async fn i09_whoever_has_the_link_has_the_mailbox(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let code = shop.code_of(&newcomer.email).await;
        let token = shop.reset_token(&newcomer.email).await;
        shop.guest().post("/auth/password/reset", &json!({"token": token, "password": NEW})).await.json(200);
        let login = newcomer.logs_in(&newcomer.email, NEW).await.json(200);
        assert_eq!(login["user"]["email_verified"], true);
        let proof = json!({"email": newcomer.email, "code": code});
        newcomer.post("/auth/verify-email", &proof).await.problem(410, "verification-code-expired");
    }

    async fn i09_a_link_goes_with_the_address_and_with_the_account(shop: Shop) {
        let (ada, eve) = (shop.customer().await, shop.customer().await);
        let (of_ada, of_eve) = (shop.reset_token(&ada.email).await, shop.reset_token(&eve.email).await);
        let email = format!("{}@example.org", unique("new"));
        ada.patch("/users/me", &json!({"email": email})).await.json(200);
        ada.post("/users/me/email/confirm", &json!({"code": shop.code_of(&email).await})).await.json(200);
        eve.delete("/users/me").await.is(204);
        for token in [of_ada, of_eve] {
            let late = shop.guest().post("/auth/password/reset", &json!({"token": token, "password": NEW})).await;
            late.problem(410, "reset-token-expired");
        }
        ada.logs_in(&email, PASSWORD).await.json(200);
    }
}
