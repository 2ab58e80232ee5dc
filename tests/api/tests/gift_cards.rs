//! G1 to G3, G6, G7: gift cards from outside. Whoever knows the code has the money, once.

use crate::harness::buying::Placed;
use crate::harness::{Actor, Answer, on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn issues(admin: &Actor, wish: Value) -> Vec<Value> {
    let issued = admin.post("/gift-cards", &wish).await.json(201);
    issued["data"].as_array().unwrap().clone()
}

/// A card of so many cents: its id and its code.
async fn a_card(admin: &Actor, cents: i64) -> (String, String) {
    let issued = issues(admin, json!({"value": euros(cents)})).await;
    let text = |name: &str| issued[0][name].as_str().unwrap().to_owned();
    (text("id"), text("code"))
}

fn euros(cents: i64) -> Value {
    json!({"amount": cents, "currency": "EUR"})
}

async fn redeems(actor: &Actor, code: &str) -> Answer {
    actor.post("/gift-cards/redeem", &json!({"code": code})).await
}

async fn checks(actor: &Actor, code: &str) -> Answer {
    actor.post("/gift-cards/check", &json!({"code": code})).await
}

async fn balance(actor: &Actor) -> Value {
    actor.get("/users/me/balance").await.json(200)["data"].clone()
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

/// A code that no card has, well-formed.
fn stray() -> String {
    unique("").to_uppercase().replace('-', "").chars().take(24).collect()
}

on_both_databases! {
    async fn g01_a_code_is_shown_once_and_kept_nowhere(shop: Shop) {
        let admin = shop.admin().await;
        let wish = json!({"value": euros(5_000), "quantity": 3, "recipient_email": "Friend@Example.com"});
        let issued = issues(&admin, wish).await;
        assert_eq!(issued.len(), 3);
        let code = issued[0]["code"].as_str().unwrap();
        assert!(code.len() == 29 && code.split('-').all(|group| group.len() == 4), "{code}");
        assert_eq!(issued[0]["last4"], json!(code.rsplit('-').next().unwrap()));
        assert_eq!((&issued[0]["balance"], &issued[0]["status"]), (&euros(5_000), &json!("active")));
        let card = admin.get(&format!("/gift-cards/{}", issued[0]["id"].as_str().unwrap())).await.json(200);
        assert_eq!(card.get("code"), None);
        assert_eq!(card["recipient_email"], "friend@example.com");
        assert_eq!(admin.all("/gift-cards").await.len(), 3);
        let plain = code.replace('-', "");
        for told in [shop.log(), admin.get("/gift-cards").await.text(), admin.get("/admin/security-log").await.text()] {
            assert!(!told.contains(code) && !told.contains(&plain));
        }
        let dump = shop.database().await.dump().await.concat();
        assert!(!dump.contains(code) && !dump.contains(&plain), "the database knows the code");
        let logged = admin.all("/admin/security-log?kind=gift_cards_issued").await;
        assert_eq!(logged[0]["details"], json!({"quantity": "3", "value": "50.00 EUR"}));
    }

    async fn g01_cards_that_make_no_sense_are_refused(shop: Shop) {
        let admin = shop.admin().await;
        let refused = |wish: Value| { let admin = &admin; async move { admin.post("/gift-cards", &wish).await } };
        refused(json!({"value": euros(0)})).await.faults(&[("/value/amount", "out-of-range")]);
        refused(json!({"value": {"amount": 1, "currency": "XXX"}})).await.faults(&[("/value/currency", "currency")]);
        refused(json!({"value": euros(1), "quantity": 0})).await.problem(422, "validation-failed");
        refused(json!({"value": euros(1), "quantity": 101})).await.problem(422, "validation-failed");
        refused(json!({"value": euros(1), "expires_at": "2020-01-01T00:00:00Z"})).await.faults(&[("/expires_at", "past")]);
        refused(json!({"value": euros(1), "expires_at": "+10000-01-01T00:00:00Z"})).await
            .faults(&[("/expires_at", "out-of-range")]);
        refused(json!({"value": euros(1), "recipient_email": "nobody"})).await.problem(422, "validation-failed");
        shop.customer().await.post("/gift-cards", &json!({"value": euros(1)})).await.problem(403, "admin-role-required");
        assert!(admin.all("/gift-cards").await.is_empty());
    }

    async fn g02_a_code_is_redeemed_once_however_it_is_typed(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (id, code) = a_card(&admin, 5_000).await;
        let worth = checks(&shop.guest(), &code).await.json(200);
        assert_eq!((&worth["balance"], &worth["status"]), (&euros(5_000), &json!("active")));
        let redeemed = redeems(&customer, &format!(" {} ", code.to_lowercase().replace('-', " "))).await.json(200);
        let expected = json!({"gift_card_id": id, "credited": euros(5_000), "store_balance": euros(5_000)});
        assert_eq!(redeemed, expected);
        assert_eq!(balance(&customer).await, json!([euros(5_000)]));
        redeems(&customer, &code).await.problem(409, "gift-card-already-redeemed");
        redeems(&shop.customer().await, &code).await.problem(409, "gift-card-already-redeemed");
        let worth = checks(&shop.guest(), &code).await.json(200);
        assert_eq!((&worth["balance"], &worth["status"]), (&euros(0), &json!("redeemed")));
        let moved = customer.all("/transactions").await;
        assert_eq!(moved.len(), 1);
        assert_eq!((&moved[0]["kind"], &moved[0]["amount"]), (&json!("gift_card_redeemed"), &euros(5_000)));
        let (_, second) = a_card(&admin, 700).await;
        assert_eq!(redeems(&customer, &second).await.json(200)["store_balance"], euros(5_700));
        redeems(&shop.guest(), &second).await.problem(401, "unauthorized");
    }

    async fn g02_fifty_redemptions_at_once_by_ten_customers_are_one_credit(shop: Shop) {
        let admin = shop.admin().await;
        let customers = join_all((0..10).map(|_| shop.customer())).await;
        let (_, code) = a_card(&admin, 5_000).await;
        let answers = join_all((0..50).map(|turn| redeems(&customers[turn % 10], &code))).await;
        assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 49));
        let mut credited = 0;
        for customer in &customers {
            credited += balance(customer).await.as_array().unwrap().iter().map(|one| one["amount"].as_i64().unwrap()).sum::<i64>();
        }
        assert_eq!(credited, 5_000);
        let checked = shop.command(&["ledger", "check"]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }

    async fn g02_each_reason_has_its_own_error(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        redeems(&customer, &stray()).await.problem(404, "gift-card-not-found");
        redeems(&customer, "hello").await.problem(404, "gift-card-not-found");
        let (id, code) = a_card(&admin, 5_000).await;
        let card = format!("/gift-cards/{id}");
        assert_eq!(admin.patch(&card, &json!({"status": "disabled"})).await.json(200)["status"], "disabled");
        redeems(&customer, &code).await.problem(410, "gift-card-disabled");
        assert_eq!(checks(&customer, &code).await.json(200)["status"], "disabled");
        assert_eq!(admin.patch(&card, &json!({"status": "active"})).await.json(200)["status"], "active");
        let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(2);
        let short = issues(&admin, json!({"value": euros(900), "expires_at": soon.to_rfc3339()})).await;
        let expired = until("the card expires", async || {
            let list = admin.all("/gift-cards?status=expired").await;
            list.into_iter().find(|card| card["balance"] == euros(0))
        }).await;
        assert_eq!(expired["id"], short[0]["id"]);
        redeems(&customer, short[0]["code"].as_str().unwrap()).await.problem(410, "gift-card-expired");
        assert_eq!(redeems(&customer, &code).await.json(200)["credited"], euros(5_000));
        let checked = shop.command(&["ledger", "check"]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }

    async fn g03_five_wrong_codes_a_minute_are_the_most_and_the_log_tells_of_it(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (_, code) = a_card(&admin, 5_000).await;
        let right = join_all((0..12).map(|_| checks(&customer, &code))).await;
        assert_eq!(count(&right, 200), 12, "right codes are not counted");
        let codes: Vec<String> = (0..24).map(|_| stray()).collect();
        let answers = join_all(codes.iter().enumerate().map(async |(turn, code)| {
            if turn % 2 == 0 { checks(&customer, code).await } else { redeems(&customer, code).await }
        })).await;
        assert_eq!((count(&answers, 404), count(&answers, 429)), (5, 19));
        let refused = checks(&customer, &code).await;
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=61).contains(&seconds), "{seconds}");
        refused.problem(429, "too-many-attempts");
        shop.beside().await.same(&customer).post("/gift-cards/redeem", &json!({"code": code})).await
            .problem(429, "too-many-attempts");
        assert_eq!(balance(&customer).await, json!([]));
        assert_eq!(admin.all("/admin/security-log?kind=gift_card_guessing").await.len(), 1);
    }

    async fn g06_admins_find_cards_and_see_what_the_shop_owes(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let (_, first) = a_card(&admin, 5_000).await;
        let (second, _) = a_card(&admin, 2_000).await;
        issues(&admin, json!({"value": {"amount": 300, "currency": "JPY"}, "recipient_email": "b@example.org"})).await;
        let owed = async || admin.get("/gift-cards/liability").await.json(200)["data"].clone();
        let yen = json!({"cards": 1, "outstanding": {"amount": 300, "currency": "JPY"}});
        assert_eq!(owed().await, json!([{"cards": 2, "outstanding": euros(7_000)}, yen]));
        redeems(&customer, &first).await.json(200);
        assert_eq!(owed().await, json!([{"cards": 1, "outstanding": euros(2_000)}, yen]));
        let found = async |filter: &str| admin.all(&format!("/gift-cards?{filter}")).await.len();
        assert_eq!(found("status=redeemed").await, 1);
        assert_eq!(found("status=active").await, 2);
        assert_eq!(found("q=EXAMPLE.org").await, 1);
        assert_eq!(found(&format!("q={}", first.rsplit('-').next().unwrap().to_lowercase())).await, 1);
        admin.patch(&format!("/gift-cards/{second}"), &json!({"status": "disabled"})).await.json(200);
        assert_eq!(found("status=disabled").await, 1);
        assert_eq!(owed().await[0], json!({"cards": 1, "outstanding": euros(2_000)}), "a disabled card is still owed");
        for actor in [&customer, &shop.seller().await] {
            actor.get("/gift-cards").await.problem(403, "admin-role-required");
            actor.get("/gift-cards/liability").await.problem(403, "admin-role-required");
        }
    }

    async fn g01_a_batch_is_issued_in_the_background_and_its_codes_are_told_once(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let wish = json!({"value": euros(2_500), "quantity": 620, "note": "For the fair"});
        let ordered = admin.post("/gift-cards/batches", &wish).await.json(202);
        let path = format!("/gift-cards/batches/{}", ordered["id"].as_str().unwrap());
        assert_eq!((&ordered["status"], &ordered["issued"]), (&json!("issuing"), &json!(0)));
        until("the batch is issued", async || {
            let batch = admin.get(&path).await.json(200);
            (batch["status"] == "ready" && batch["issued"] == 620).then_some(())
        }).await;
        let keys: Vec<String> = (0..4).map(|_| unique("key")).collect();
        let codes = format!("/api/v1{path}/codes");
        let told = join_all(keys.iter().map(async |key| {
            admin.ask("POST", &codes, &[("idempotency-key", key)], None).await
        })).await;
        assert_eq!((count(&told, 200), count(&told, 410)), (1, 3), "one gets the codes");
        let (winner, key) = told.iter().zip(&keys).find(|(told, _)| told.status == 200).unwrap();
        let again = admin.ask("POST", &codes, &[("idempotency-key", key)], None).await;
        assert_eq!(again.header("idempotent-replayed"), None, "no key keeps the codes");
        again.problem(410, "codes-already-downloaded");
        let text = winner.text();
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert_eq!((lines.len(), lines[0]), (621, "code,value,currency,expires_at,gift_card_id"));
        let code = lines[1].split(',').next().unwrap();
        assert_eq!(redeems(&customer, code).await.json(200)["credited"], euros(2_500));
        let plain = code.replace('-', "");
        let dump = shop.database().await.dump().await.concat();
        for told in [shop.log(), dump, admin.get("/admin/security-log").await.text(), admin.get(&path).await.text()] {
            assert!(!told.contains(code) && !told.contains(&plain), "a code is written down");
        }
        assert_eq!(admin.get(&path).await.json(200)["status"], "downloaded");
        let events = admin.all("/admin/security-log?kind=gift_card_codes_downloaded").await;
        assert_eq!((events.len(), &events[0]["details"]["quantity"]), (1, &json!("620")));
        let last = lines[620].split(',').next().unwrap();
        assert_eq!(admin.patch(&path, &json!({"disabled": true})).await.json(200)["status"], "downloaded");
        redeems(&customer, last).await.problem(410, "gift-card-disabled");
        let of_batch = format!("/gift-cards?batch={}&status=disabled&limit=100", ordered["id"].as_str().unwrap());
        assert_eq!(admin.get(&of_batch).await.json(200)["data"].as_array().unwrap().len(), 100);
        admin.patch(&path, &json!({"disabled": false})).await.json(200);
        redeems(&customer, last).await.json(200);
        let checked = shop.command(&["ledger", "check"]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }

    async fn g01_batches_that_make_no_sense_are_refused_and_are_the_admins_alone(shop: Shop) {
        let admin = shop.admin().await;
        for quantity in [0, 10_001] {
            let wish = json!({"value": euros(100), "quantity": quantity});
            admin.post("/gift-cards/batches", &wish).await.problem(422, "validation-failed");
        }
        admin.post("/gift-cards/batches", &json!({"value": euros(100), "quantity": 1, "expires_at": "2020-01-01T00:00:00Z"}))
            .await.faults(&[("/expires_at", "past")]);
        let made_up = format!("/gift-cards/batches/{}", uuid::Uuid::now_v7());
        admin.get(&made_up).await.problem(404, "gift-card-batch-not-found");
        admin.ask("POST", &format!("/api/v1{made_up}/codes"), &[], None).await.problem(404, "gift-card-batch-not-found");
        assert!(admin.all("/gift-cards/batches").await.is_empty());
        let wish = json!({"value": euros(100), "quantity": 1});
        for actor in [&shop.customer().await, &shop.seller().await] {
            actor.post("/gift-cards/batches", &wish).await.problem(403, "admin-role-required");
            actor.get("/gift-cards/batches").await.problem(403, "admin-role-required");
        }
    }

    async fn g05_a_card_is_mailed_with_its_words_and_its_code_is_then_known_to_nobody_else(shop: Shop) {
        let (admin, customer) = (shop.admin().await, shop.customer().await);
        let friend = format!("{}@example.com", unique("friend"));
        let wish = json!({"value": euros(5_000), "recipient_email": friend, "recipient_name": "Grace",
            "sender_name": "Ada", "message": "Happy birthday!\nYours"});
        let issued = issues(&admin, wish).await;
        let (id, code) = (issued[0]["id"].as_str().unwrap(), issued[0]["code"].as_str().unwrap());
        let mail = until("the card is mailed", async || shop.mails_to(&friend).await.into_iter().next()).await;
        assert_eq!(mail.subject, "A gift card for you from Ada");
        for said in ["Hello Grace,", "> Happy birthday!", "> Yours", "50.00 EUR", code, &format!("/gift-card/print#{code}")] {
            assert!(mail.text.contains(said), "{said} in {}", mail.text);
        }
        let delivery = format!("/gift-cards/{id}/delivery");
        let sent = until("it is noted that it was sent", async || {
            let told = admin.get(&delivery).await.json(200);
            (told["status"] == "sent").then_some(told)
        }).await;
        assert_eq!((&sent["recipient_email"], &sent["message"]), (&json!(friend), &json!("Happy birthday!\nYours")));
        let dump = shop.database().await.dump().await.concat();
        let plain = code.replace('-', "");
        for told in [shop.log(), dump, admin.get(&delivery).await.text(), admin.get("/admin/security-log").await.text()] {
            assert!(!told.contains(code) && !told.contains(&plain), "the code is written down");
        }
        assert_eq!(shop.database().await.number("SELECT COUNT(*) FROM gift_card_deliveries WHERE seed IS NOT NULL").await, 0);

        let other = format!("{}@example.com", unique("friend"));
        let again = admin.post(&delivery, &json!({"recipient_email": other})).await.json(200);
        assert_eq!(again["recipient_email"], json!(other));
        let mail = until("it is mailed again", async || shop.mails_to(&other).await.into_iter().next()).await;
        assert!(!mail.text.contains(code), "the new address got the old code");
        redeems(&customer, code).await.problem(404, "gift-card-not-found");
        let new_code = mail.text.split('#').nth(1).unwrap().split_whitespace().next().unwrap();
        assert_eq!(redeems(&customer, new_code).await.json(200)["credited"], euros(5_000));
        admin.post(&delivery, &json!({"recipient_email": friend})).await.problem(409, "gift-card-already-redeemed");
        let events = admin.all("/admin/security-log?kind=gift_card_sent_again").await;
        assert_eq!((events.len(), &events[0]["details"]["new_code"]), (1, &json!("true")));
        assert_eq!(shop.mails_to(&friend).await.len(), 1);
    }

    async fn g05_a_card_waits_for_its_day_and_goes_elsewhere_until_then(shop: Shop) {
        let admin = shop.admin().await;
        let [friend, other] = ["friend", "other"].map(|name| format!("{}@example.com", unique(name)));
        let day = (chrono::Utc::now() + chrono::TimeDelta::days(30)).date_naive();
        let wish = json!({"value": euros(900), "recipient_email": friend, "deliver_on": day});
        let issued = issues(&admin, wish).await;
        let delivery = format!("/gift-cards/{}/delivery", issued[0]["id"].as_str().unwrap());
        let waiting = admin.get(&delivery).await.json(200);
        assert_eq!((&waiting["status"], &waiting["send_at"]), (&json!("scheduled"), &json!(format!("{day}T08:00:00Z"))));
        let moved = admin.post(&delivery, &json!({"recipient_email": other})).await.json(200);
        assert_eq!((&moved["recipient_email"], &moved["send_at"]), (&json!(other), &waiting["send_at"]));
        let card = admin.get(&format!("/gift-cards?q={other}")).await.json(200);
        assert_eq!(card["data"][0]["last4"], issued[0]["last4"], "the code stays");
        assert_eq!(shop.mails_about(&friend, "gift card").await, 0);
        let refused = |day: &str| json!({"value": euros(900), "recipient_email": "a@example.com", "deliver_on": day});
        admin.post("/gift-cards", &refused("2020-01-01")).await.faults(&[("/deliver_on", "past")]);
        admin.post("/gift-cards", &refused("2096-01-01")).await.faults(&[("/deliver_on", "out-of-range")]);
        let nobody = json!({"value": euros(900), "message": "Hello"});
        admin.post("/gift-cards", &nobody).await.faults(&[("/recipient_email", "required")]);
        let unmailed = a_card(&admin, 100).await.0;
        admin.get(&format!("/gift-cards/{unmailed}/delivery")).await.problem(404, "gift-delivery-not-found");
    }

    async fn g05_a_gift_card_is_bought_for_somebody_and_mailed_when_it_is_paid(shop: Shop) {
        let (admin, seller) = (shop.admin().await, shop.seller().await);
        let product = seller.puts_on_sale("Gift card", 5_000, 0).await;
        let guest = shop.guest();
        let cart = guest.empty_cart().await;
        guest.adds(&cart, &product.variant, 1).await.problem(409, "insufficient-stock");
        let decide = format!("/admin/products/{}", product.id);
        seller.patch(&decide, &json!({"gift_card": true})).await.problem(403, "admin-role-required");
        assert_eq!(admin.patch(&decide, &json!({"gift_card": true})).await.json(200)["gift_card"], true);
        seller.get("/admin/products").await.problem(403, "admin-role-required");
        let listed = admin.get("/admin/products?gift_card=true&q=gift").await.json(200);
        let found = listed["data"].as_array().unwrap();
        assert!(found.iter().any(|one| one["id"] == product.id.as_str() && one["gift_card"] == true), "{listed}");
        let others = admin.get("/admin/products?gift_card=false&limit=100").await.json(200);
        assert!(others["data"].as_array().unwrap().iter().all(|one| one["gift_card"] == false), "{others}");
        let shown = guest.get(&format!("/products/{}", product.id)).await.json(200);
        assert_eq!((&shown["gift_card"], &shown["in_stock"]), (&json!(true), &json!(true)));
        guest.adds(&cart, &product.variant, 1).await.faults(&[("/gift", "required")]);

        let [friend, other, elsewhere] = ["a", "b", "c"].map(|name| format!("{}@example.com", unique(name)));
        let day = (chrono::Utc::now() + chrono::TimeDelta::days(20)).date_naive();
        let lines = format!("/carts/{cart}/lines");
        let now = json!({"variant_id": product.variant, "quantity": 2, "gift": {"recipient_email": friend,
            "sender_name": "Ada", "message": "Happy birthday!"}});
        guest.post(&lines, &now).await.json(201);
        let later = json!({"variant_id": product.variant, "quantity": 1,
            "gift": {"recipient_email": other, "deliver_on": day}});
        let filled = guest.post(&lines, &later).await.json(201);
        assert_eq!(filled["lines"].as_array().unwrap().len(), 2, "for two people");
        assert_eq!(filled["lines"][1]["gift"]["deliver_on"], json!(day));
        let past = json!({"variant_id": product.variant, "quantity": 1,
            "gift": {"recipient_email": other, "deliver_on": "2020-01-01"}});
        guest.post(&lines, &past).await.faults(&[("/gift/deliver_on", "past")]);
        let ring = seller.puts_on_sale("Ring", 1_000, 9).await;
        let wrong = json!({"variant_id": ring.variant, "quantity": 1, "gift": {"recipient_email": friend}});
        guest.post(&lines, &wrong).await.faults(&[("/gift", "not-a-gift-card")]);

        let mut form = guest.checkout_form();
        form["email"] = json!(format!("{}@example.com", unique("buyer")));
        let order = Placed::from(&guest.checks_out_with(&cart, &unique("key"), &form).await.json(201));
        assert_eq!(guest.get(&order.path_to("/gifts")).await.json(200)["data"], json!([]), "nothing before it is paid");
        guest.pays(&order, "succeed").await;
        let paid = guest.wait_until_paid(&order).await;
        assert_eq!(paid["lines"][0]["gift"]["recipient_email"], json!(friend));
        until("both cards are mailed", async || (shop.mails_to(&friend).await.len() == 2).then_some(())).await;
        let gifts = until("it is noted", async || {
            let gifts = guest.get(&order.path_to("/gifts")).await.json(200)["data"].clone();
            let all = gifts.as_array().unwrap().clone();
            let sent = all.iter().filter(|gift| gift["status"] == "sent").count();
            (all.len() == 3 && sent == 2).then_some(all)
        }).await;
        let waiting = gifts.iter().find(|gift| gift["status"] == "scheduled").unwrap();
        let gone = gifts.iter().find(|gift| gift["status"] == "sent").unwrap();
        assert_eq!(waiting["send_at"], json!(format!("{day}T08:00:00Z")));
        let path = |gift: &Value| {
            let verb = format!("/gifts/{}", gift["gift_card_id"].as_str().unwrap());
            order.path_to(&verb)
        };
        let to = json!({"recipient_email": elsewhere});
        guest.patch(&path(gone), &to).await.problem(409, "gift-on-its-way");
        let stranger = shop.customer().await;
        let bare = path(waiting).split('?').next().unwrap().to_owned();
        stranger.patch(&bare, &to).await.problem(404, "order-not-found");
        let moved = guest.patch(&path(waiting), &to).await.json(200);
        assert!(moved["data"].as_array().unwrap().iter().any(|gift| gift["recipient_email"] == json!(elsewhere)));
        assert!(shop.mails_to(&other).await.is_empty());

        let code = shop.mails_to(&friend).await[0].text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let customer = shop.customer().await;
        assert_eq!(redeems(&customer, &code).await.json(200)["credited"], euros(5_000));
        let plain = code.replace('-', "");
        let dump = shop.database().await.dump().await.concat();
        for told in [shop.log(), dump, guest.get(&order.path_to("/gifts")).await.text(), guest.get(&order.path()).await.text()] {
            assert!(!told.contains(&code) && !told.contains(&plain), "the code is written down");
        }
        let checked = shop.command(&["ledger", "check"]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}
