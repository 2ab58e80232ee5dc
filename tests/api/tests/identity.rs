//! Accounts: registering, proving an address, and who may do what. Tokens and cookies are in `sessions`, what an
//! account says and its end in `account`.

mod account;
mod forged_tokens;
mod i07_sessions;
mod i08_lockout;
mod i09_forgotten_passwords;
mod i12_passkeys;
mod i12_second_factors;
mod key_rotation;
mod passwords;
mod sessions;
mod social;

use crate::harness::shop::{ADMIN, PASSWORD};
use crate::harness::{on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::{Value, json};

const ANY_ID: &str = "01900000-0000-7000-8000-000000000000";

/// Six digits that are not these.
fn another_code(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

/// The codes of what is wrong with a password.
fn password_faults(answer: &Value) -> Vec<String> {
    let errors = answer["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["pointer"] == "/password"), "{answer}");
    errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    async fn who_registers_gets_an_account_and_a_code(shop: Shop) {
        let email = format!("{}@example.com", unique("Ada"));
        let body = json!({"email": email, "password": PASSWORD, "name": " Ada "});
        let user = shop.guest().post("/auth/register", &body).await.json(201);
        let (id, created_at) = (user["id"].as_str().unwrap(), user["created_at"].as_str().unwrap());
        let kept = user["email"].as_str().unwrap();
        assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 7);
        assert!(created_at.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(created_at).is_ok(), "{created_at}");
        assert!(kept.eq_ignore_ascii_case(&email));
        let expected = json!({
            "id": id, "email": kept, "name": "Ada", "role": "customer", "shop_name": null, "email_verified": false,
            "created_at": created_at, "pending_email": null, "phone": null, "avatar_url": null, "has_password": true,
        });
        assert_eq!(user, expected);
        let code = shop.code_of(kept).await;
        let proof = json!({"email": email.to_uppercase(), "code": code});
        let verified = shop.guest().post("/auth/verify-email", &proof).await.json(200);
        assert_eq!(verified["email_verified"], true);
        assert_eq!(verified["id"], id);
    }

    async fn a_code_is_good_once(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let proof = json!({"email": newcomer.email, "code": shop.code_of(&newcomer.email).await});
        newcomer.post("/auth/verify-email", &proof).await.json(200);
        newcomer.post("/auth/verify-email", &proof).await.problem(410, "verification-code-expired");
    }

    async fn an_address_is_taken_whatever_its_case(shop: Shop) {
        let email = format!("{}@example.com", unique("ada"));
        shop.guest().post("/auth/register", &json!({"email": email, "password": PASSWORD})).await.json(201);
        for again in [email.clone(), email.to_uppercase(), email.replace("example", "Example")] {
            let body = json!({"email": again, "password": PASSWORD});
            shop.guest().post("/auth/register", &body).await.problem(409, "email-taken");
        }
        assert_eq!(shop.mails_about(&email, "code").await, 1);
    }

    async fn of_twenty_who_take_one_address_at_once_one_gets_it(shop: Shop) {
        let email = format!("{}@example.com", unique("ada"));
        let body = json!({"email": email, "password": PASSWORD});
        let guest = shop.guest();
        let answers = join_all((0..20).map(|_| guest.post("/auth/register", &body))).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((made.len(), refused.len()), (1, 19));
        for answer in refused {
            answer.problem(409, "email-taken");
        }
    }

    async fn i01_of_twelve_spellings_of_one_address_at_once_one_gets_it(shop: Shop) {
        let email = format!("{}@example.com", unique("ada"));
        let spelled = |number: usize| {
            let cased: String = email.chars().enumerate().map(|(place, c)| {
                if place % (number + 2) == 0 { c.to_ascii_uppercase() } else { c }
            }).collect();
            format!("{}{cased}{}", " ".repeat(number % 3), "\t".repeat(number % 2))
        };
        let bodies: Vec<_> = (0..12).map(|number| json!({"email": spelled(number), "password": PASSWORD})).collect();
        let guest = shop.guest();
        let answers = join_all(bodies.iter().map(|body| guest.post("/auth/register", body))).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((made.len(), refused.len()), (1, 11));
        assert_eq!(made[0].value()["email"], json!(email));
        for answer in refused {
            answer.problem(409, "email-taken");
        }
        assert_eq!(shop.mails_about(&email, "code").await, 1, "one account, one code");
        guest.logs_in(&email.to_uppercase(), PASSWORD).await.json(200);
    }

    async fn i01_nobody_makes_themself_an_admin(shop: Shop) {
        for role in ["admin", "Admin", "ADMIN", " admin "] {
            let body = json!({"email": "eve@example.com", "password": PASSWORD, "role": role});
            shop.guest().post("/auth/register", &body).await.faults(&[("/role", "type")]);
        }
        for field in ["is_admin", "roles", "email_verified", "id", "email_verified_at"] {
            let body = json!({"email": "eve@example.com", "password": PASSWORD, field: true});
            shop.guest().post("/auth/register", &body).await.faults(&[(&format!("/{field}"), "unknown-field")]);
        }
        shop.guest().logs_in("eve@example.com", PASSWORD).await.problem(401, "invalid-credentials");
        let ada = shop.customer().await;
        for field in ["role", "email_verified", "id", "password"] {
            let edit = ada.patch("/users/me", &json!({field: "admin"})).await;
            edit.faults(&[(&format!("/{field}"), "unknown-field")]);
        }
        assert_eq!(ada.get("/users/me").await.json(200)["role"], "customer");
    }

    async fn i04_of_ten_wrong_codes_a_day_of_whatever_kind_no_more_is_tried(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let code = shop.code_of(&newcomer.email).await;
        let wrong = json!({"email": newcomer.email, "code": another_code(&code)});
        for _ in 0..5 {
            newcomer.post("/auth/verify-email", &wrong).await.problem(422, "verification-code-invalid");
        }
        let email = format!("{}@example.org", unique("new"));
        newcomer.patch("/users/me", &json!({"email": email})).await.json(200);
        let code = shop.code_of(&email).await;
        for _ in 0..4 {
            let wrong = json!({"code": another_code(&code)});
            newcomer.post("/users/me/email/confirm", &wrong).await.problem(422, "verification-code-invalid");
        }
        let another = format!("{}@example.org", unique("newer"));
        newcomer.patch("/users/me", &json!({"email": another})).await.json(200);
        let code = shop.code_of(&another).await;
        let wrong = json!({"code": another_code(&code)});
        newcomer.post("/users/me/email/confirm", &wrong).await.problem(422, "verification-code-invalid");
        let right = json!({"code": code});
        newcomer.post("/users/me/email/confirm", &right).await.problem(410, "verification-code-expired");
        assert_eq!(newcomer.get("/users/me").await.json(200)["email"], json!(newcomer.email));
    }

    async fn i04_a_code_says_how_long_it_is_good_and_another_has_to_wait(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let code = shop.code_of(&newcomer.email).await;
        let mail = shop.mails_to(&newcomer.email).await.remove(0);
        assert!(mail.text.contains("good for 15 minutes"), "{}", mail.text);
        let answers = join_all((0..5).map(|_| {
            let body = json!({"email": newcomer.email});
            let guest = shop.guest();
            async move { guest.post("/auth/resend-verification", &body).await.status }
        })).await;
        assert_eq!(answers, [202; 5]);
        assert_eq!(shop.mails_about(&newcomer.email, "code").await, 1, "the first was asked for a moment ago");
        newcomer.post("/auth/verify-email", &json!({"email": newcomer.email, "code": code})).await.json(200);
        let again = shop.guest().post("/auth/resend-verification", &json!({"email": newcomer.email})).await;
        again.json(202);
        assert_eq!(shop.mails_about(&newcomer.email, "code").await, 1, "nothing is left to prove");
    }

    async fn everything_that_is_wrong_with_a_password_is_told_at_once(shop: Shop) {
        let cases: [(String, &[&str]); 6] = [
            (String::new(), &["too-short", "no-upper-case", "no-lower-case", "no-digit", "no-special"]),
            ("abc".into(), &["too-short", "no-upper-case", "no-digit", "no-special"]),
            ("ABCDEFGH1!".into(), &["no-lower-case"]),
            ("abcdefgh1!".into(), &["no-upper-case"]),
            ("Abcdefgh12".into(), &["no-special"]),
            (format!("{PASSWORD}{}", "x".repeat(128)), &["too-long"]),
        ];
        for (password, expected) in cases {
            let body = json!({"email": "ada@example.com", "password": password});
            let problem = shop.guest().post("/auth/register", &body).await.problem(422, "validation-failed");
            let mut told = password_faults(&problem);
            let mut expected: Vec<_> = expected.iter().map(|code| (*code).to_owned()).collect();
            told.sort();
            expected.sort();
            assert_eq!(told, expected, "{password}");
        }
    }

    async fn faults_of_all_fields_are_told_together(shop: Shop) {
        let body = json!({"email": "nobody", "password": "Abcdefgh12", "role": "seller", "shop": "x"});
        let answer = shop.guest().post("/auth/register", &body).await;
        answer.faults(&[("/email", "email"), ("/password", "no-special"), ("/shop_name", "required"), ("/shop", "unknown-field")]);
    }

    async fn nobody_registers_as_an_admin(shop: Shop) {
        let body = json!({"email": "eve@example.com", "password": PASSWORD, "role": "admin"});
        let problem = shop.guest().post("/auth/register", &body).await.problem(422, "validation-failed");
        assert_eq!(problem["errors"][0]["pointer"], "/role");
        shop.guest().logs_in("eve@example.com", PASSWORD).await.problem(401, "invalid-credentials");
    }

    async fn i04_five_wrong_codes_spend_the_right_one(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let code = shop.code_of(&newcomer.email).await;
        let wrong = json!({"email": newcomer.email, "code": another_code(&code)});
        for _ in 0..5 {
            newcomer.post("/auth/verify-email", &wrong).await.problem(422, "verification-code-invalid");
        }
        let right = json!({"email": newcomer.email, "code": code});
        newcomer.post("/auth/verify-email", &right).await.problem(410, "verification-code-expired");
        newcomer.post("/auth/verify-email", &wrong).await.problem(410, "verification-code-expired");
        assert_eq!(newcomer.get("/users/me").await.json(200)["email_verified"], false);
    }

    async fn i04_fifty_wrong_codes_at_once_count_as_fifty(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let code = shop.code_of(&newcomer.email).await;
        let wrong = json!({"email": newcomer.email, "code": another_code(&code)});
        let answers = join_all((0..50).map(|_| newcomer.post("/auth/verify-email", &wrong))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 422).count(), 5);
        assert_eq!(answers.iter().filter(|answer| answer.status == 410).count(), 45);
    }

    async fn another_code_is_promised_to_anyone_and_sent_to_who_needs_it(shop: Shop) {
        let newcomer = shop.newcomer(json!({})).await;
        let known = newcomer.post("/auth/resend-verification", &json!({"email": newcomer.email})).await.json(202);
        let stranger = json!({"email": "nobody@example.com"});
        let unknown = newcomer.post("/auth/resend-verification", &stranger).await.json(202);
        assert_eq!(known, unknown);
        assert_eq!(shop.mails_about("nobody@example.com", "").await, 0);
        let wrong = json!({"email": "nobody@example.com", "code": "123456"});
        newcomer.post("/auth/verify-email", &wrong).await.problem(422, "verification-code-invalid");
    }

    async fn a_wrong_password_and_an_unknown_address_are_answered_alike(shop: Shop) {
        let customer = shop.customer().await;
        let mut wrong = customer.logs_in(&customer.email, "Wr0ng-horse!").await.problem(401, "invalid-credentials");
        let mut unknown = customer.logs_in("nobody@example.com", PASSWORD).await.problem(401, "invalid-credentials");
        for answer in [&mut wrong, &mut unknown] {
            answer["request_id"] = Value::Null;
        }
        assert_eq!(wrong, unknown);
        customer.logs_in(&customer.email.to_uppercase(), PASSWORD).await.json(200);
    }

    async fn an_unverified_seller_may_not_sell_yet(shop: Shop) {
        let newcomer = shop.newcomer(json!({"role": "seller", "shop_name": "Maison Ada"})).await;
        let ring = json!({"title": "Ring", "price": {"amount": 100, "currency": "EUR"}, "stock": 1});
        newcomer.post("/seller/products", &ring).await.problem(403, "email-not-verified");
        let list = shop.guest().get("/products").await.json(200);
        assert_eq!(list, json!({"data": [], "next_cursor": null}));
    }

    async fn what_is_for_sellers_is_for_sellers_only(shop: Shop) {
        let ring = json!({"title": "Ring", "price": {"amount": 100, "currency": "EUR"}, "stock": 1});
        let (customer, guest) = (shop.customer().await, shop.guest());
        let product = format!("/seller/products/{ANY_ID}");
        let order = format!("/seller/orders/{ANY_ID}");
        for path in ["/seller/products", "/seller/orders", &product, &order] {
            customer.get(path).await.problem(403, "seller-role-required");
            guest.get(path).await.problem(401, "unauthorized");
        }
        customer.post("/seller/products", &ring).await.problem(403, "seller-role-required");
        customer.patch(&product, &json!({"title": "Mine"})).await.problem(403, "seller-role-required");
        let refused = guest.post("/seller/products", &ring).await;
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
        refused.problem(401, "unauthorized");
        guest.patch(&product, &json!({"title": "Mine"})).await.problem(401, "unauthorized");
        for path in ["/users/me", "/orders"] {
            guest.get(path).await.problem(401, "unauthorized");
        }
    }

    async fn the_settings_name_the_first_admin(shop: Shop) {
        let admin = shop.admin().await;
        let me = admin.get("/users/me").await.json(200);
        assert_eq!((&me["role"], &me["email"], &me["email_verified"]), (&json!("admin"), &json!(ADMIN), &json!(true)));
        shop.restart().await;
        admin.get("/users/me").await.json(200);
    }

    async fn a_code_is_mailed_although_the_shop_is_closed_on_the_way(shop: Shop) {
        let email = format!("{}@example.com", unique("ada"));
        shop.guest().post("/auth/register", &json!({"email": email, "password": PASSWORD})).await.json(201);
        shop.terminate();
        assert!(shop.wait_for_the_end().await.success());
        shop.start().await;
        let proof = json!({"email": email, "code": shop.code_of(&email).await});
        shop.guest().post("/auth/verify-email", &proof).await.json(200);
        assert_eq!(shop.mails_about(&email, "code").await, 1);
    }
}
