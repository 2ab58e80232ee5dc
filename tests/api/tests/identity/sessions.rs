//! Being signed in: with a token as programs are, or with a cookie as browsers are.

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, on_both_databases};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

const COOKIE: &str = "carat_session";

/// What somebody gets who signs in: the token, and the Cookie header that their browser sends from then on.
async fn signs_in(actor: &Actor) -> (String, String) {
    let answer = actor.logs_in(&actor.email, PASSWORD).await.is(200);
    let (value, _) = answer.set_cookie(COOKIE).expect("a session cookie");
    (answer.value()["access_token"].as_str().unwrap().to_owned(), format!("{COOKIE}={value}"))
}

/// Asks who one is, by a cookie.
async fn me_by_cookie(actor: &Actor, cookie: &str) -> crate::harness::Answer {
    let browser = actor.without_token();
    browser.ask("GET", "/api/v1/users/me", &[("cookie", cookie)], None).await
}

async fn me_by_token(actor: &Actor, token: &str) -> crate::harness::Answer {
    actor.with_token(token).get("/users/me").await
}

async fn logs_out_by_cookie(actor: &Actor, cookie: &str) -> crate::harness::Answer {
    let headers = [("cookie", cookie), ("sec-fetch-site", "same-origin")];
    actor.without_token().ask("POST", "/api/v1/auth/logout", &headers, None).await
}

on_both_databases! {
    async fn a_login_answers_the_token_and_the_account(shop: Shop) {
        let customer = shop.customer().await;
        let answer = customer.logs_in(&customer.email, PASSWORD).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let (_, attributes) = answer.set_cookie(COOKIE).expect("a session cookie");
        let login = answer.json(200);
        let seconds = login["expires_in"].as_i64().unwrap();
        assert_eq!(login["token_type"], "bearer");
        assert!((1..=720 * 60).contains(&seconds), "{seconds}");
        assert_eq!(login["user"], customer.get("/users/me").await.json(200));
        let attributes: Vec<_> = attributes.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
        assert!(attributes.contains(&"httponly".to_owned()), "{attributes:?}");
        assert!(attributes.contains(&"path=/".to_owned()), "{attributes:?}");
        assert!(attributes.iter().any(|part| part == "samesite=strict" || part == "samesite=lax"), "{attributes:?}");
        let max_age = attributes.iter().find_map(|part| part.strip_prefix("max-age="));
        assert_eq!(max_age.and_then(|age| age.parse().ok()), Some(seconds));
    }

    async fn token_and_cookie_are_both_good(shop: Shop) {
        let customer = shop.customer().await;
        let (token, cookie) = signs_in(&customer).await;
        let by_token = me_by_token(&customer, &token).await.json(200);
        let by_cookie = me_by_cookie(&customer, &cookie).await.json(200);
        assert_eq!(by_token, by_cookie);
        assert_eq!(by_token["id"], customer.id);
    }

    async fn a_token_that_was_logged_out_is_refused_for_ever(shop: Shop) {
        let customer = shop.customer().await;
        let (token, cookie) = signs_in(&customer).await;
        let (other, _) = signs_in(&customer).await;
        let leaver = customer.with_token(&token);
        let goodbye = leaver.ask("POST", "/api/v1/auth/logout", &[], None).await;
        let (cleared, attributes) = goodbye.set_cookie(COOKIE).expect("the cookie is cleared");
        assert!(cleared.is_empty() && attributes.to_ascii_lowercase().contains("max-age=0"), "{attributes}");
        assert!(goodbye.json(200)["message"].is_string());
        for _ in 0..2 {
            me_by_token(&customer, &token).await.problem(401, "token-revoked");
            me_by_cookie(&customer, &cookie).await.problem(401, "token-revoked");
            me_by_token(&customer, &other).await.json(200);
            shop.restart().await;
        }
    }

    async fn a_cookie_that_was_logged_out_is_refused_for_ever(shop: Shop) {
        let customer = shop.customer().await;
        let (token, cookie) = signs_in(&customer).await;
        logs_out_by_cookie(&customer, &cookie).await.json(200);
        for _ in 0..2 {
            me_by_token(&customer, &token).await.problem(401, "token-revoked");
            me_by_cookie(&customer, &cookie).await.problem(401, "token-revoked");
            shop.restart().await;
        }
    }

    async fn the_published_keys_verify_the_token(shop: Shop) {
        let customer = shop.customer().await;
        let token = customer.token.clone().unwrap();
        let header = decode_header(&token).unwrap();
        assert_eq!(header.alg, Algorithm::RS256);
        let keys = shop.guest().page("/.well-known/jwks.json").await.json(200);
        assert!(!keys.to_string().contains("\"d\""), "a private key is published");
        let keys: JwkSet = serde_json::from_value(keys).unwrap();
        let key = keys.find(&header.kid.expect("a kid")).expect("the published key of this kid");
        let mut rules = Validation::new(Algorithm::RS256);
        rules.validate_aud = false;
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub", "nbf"]);
        rules.validate_nbf = true;
        let claims = decode::<Value>(&token, &DecodingKey::from_jwk(key).unwrap(), &rules).unwrap().claims;
        assert_eq!(claims["sub"], customer.id);
        assert!(claims["jti"].is_string());
    }

    async fn a_token_that_is_not_ours_is_refused(shop: Shop) {
        let customer = shop.customer().await;
        let token = customer.token.clone().unwrap();
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let encode = |value: Value| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, value.to_string());
        let unsigned = encode(json!({"alg": "none", "typ": "JWT"}));
        let symmetric = encode(json!({"alg": "HS256", "typ": "JWT"}));
        let forged = [
            format!("{unsigned}.{claims}."),
            format!("{unsigned}.{claims}.{signature}"),
            format!("{symmetric}.{claims}.{signature}"),
            format!("{header}.{}.{signature}", encode(json!({"sub": customer.id, "exp": 9_999_999_999_u64}))),
            format!("{header}.{claims}.{}", signature.chars().rev().collect::<String>()),
            format!("{header}.{claims}"),
            "nonsense".to_owned(),
            "a".repeat(4000),
        ];
        for token in forged {
            me_by_token(&customer, &token).await.problem(401, "token-invalid");
            // Even where guests are welcome: who sends a token means to be someone.
            customer.with_token(&token).post("/carts", &json!({})).await.problem(401, "token-invalid");
        }
    }

    async fn a_token_of_another_shop_is_refused(shop: Shop) {
        let customer = shop.customer().await;
        let elsewhere = crate::harness::Shop::open(crate::harness::Engine::Sqlite).await;
        me_by_token(&elsewhere.guest(), &customer.token.clone().unwrap()).await.problem(401, "token-invalid");
    }

    async fn a_cookie_from_another_site_changes_nothing(shop: Shop) {
        let customer = shop.customer().await;
        let (_, cookie) = signs_in(&customer).await;
        let browser = customer.without_token();
        let cookie = ("cookie", cookie.as_str());
        for from in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example"), ("origin", "null")] {
            let refused = browser.json("POST", "/carts", &[cookie, from], &json!({})).await;
            refused.problem(403, "cross-site-request");
        }
        browser.ask("GET", "/api/v1/users/me", &[cookie, ("sec-fetch-site", "cross-site")], None).await.json(200);
        browser.json("POST", "/carts", &[cookie, ("sec-fetch-site", "same-origin")], &json!({})).await.json(201);
        let origin = shop.origin();
        browser.json("POST", "/carts", &[cookie, ("origin", &origin)], &json!({})).await.json(201);
        let program = customer.json("POST", "/carts", &[("sec-fetch-site", "cross-site")], &json!({})).await;
        program.json(201);
    }
}
