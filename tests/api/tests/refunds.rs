//! P6: money that goes back, statements and payouts, from outside. After each story, all money adds up.

use crate::harness::buying::timeline;
use crate::harness::selling::euros;
use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::{Actor, Answer, Placed, Shop, on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::stripe_peer::{Call, Mood};

#[track_caller]
fn assert_money_adds_up(shop: &Shop) {
    let checked = shop.command(&["ledger", "check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// Posts it under a key of its own.
async fn keyed(actor: &Actor, path: &str, body: &Value) -> Answer {
    actor.json("POST", path, &[("idempotency-key", &unique("key"))], body).await
}

fn refunds_of(order: &Placed) -> String {
    format!("/seller/orders/{}/refunds", order.id)
}

on_both_databases! {
    async fn what_a_gift_card_the_balance_and_a_card_paid_goes_back_to_them_in_that_order(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 5_000, 5).await;
        let card = admin.issues(4_000).await;
        customer.redeems(&admin.issues(1_000).await).await;
        let cart = customer.cart_with(&ring.variant, 2).await;
        let mut form = customer.checkout_form();
        (form["gift_card_codes"], form["use_balance"]) = (json!([card.code]), json!(true));
        let order = Placed::from(&customer.checks_out_with(&cart, &unique("key"), &form).await.json(201));
        customer.pays(&order, "succeed").await.is(303);
        let paid = customer.wait_until_paid(&order).await;
        let line = paid["lines"][0]["id"].clone();

        let wish = json!({"lines": [{"line_id": line, "quantity": 1}], "reason": "too small", "restock": true});
        let given = keyed(&seller, &refunds_of(&order), &wish).await.json(201);
        assert_eq!((&given["status"], &given["amount"]), (&json!("succeeded"), &euros(5_000)));
        let to: Vec<_> = given["to"].as_array().unwrap().iter().map(|to| (to["kind"].clone(), to["amount"].clone())).collect();
        assert_eq!(to, [(json!("gift_card"), euros(4_000)), (json!("balance"), euros(1_000))]);
        assert_eq!((admin.left_on(&card).await, customer.balance().await), (4_000, 1_000));
        assert_eq!(seller.stock_of(&ring).await, 4, "one piece is on sale again");
        let seen = customer.order(&order).await;
        assert_eq!((&seen["status"], &seen["refunded"]), (&json!("partly_refunded"), &euros(5_000)));
        assert_eq!(timeline(&seen), ["placed", "paid", "refunded"]);

        let rest = keyed(&seller, &refunds_of(&order), &json!({})).await.json(201);
        assert_eq!(rest["amount"], euros(5_000));
        let all = until("the card has its part", async || {
            let all = seller.get(&refunds_of(&order)).await.json(200);
            (all["data"][0]["status"] == "succeeded").then_some(all)
        }).await;
        assert_eq!(all["data"][0]["to"], json!([{"kind": "card", "amount": euros(5_000), "last4": null, "status": "succeeded"}]));
        assert_eq!(customer.order(&order).await["status"], "refunded");
        keyed(&seller, &refunds_of(&order), &json!({})).await.problem(409, "order-not-refundable");
        let number = paid["number"].as_str().unwrap();
        until("both refunds are mailed", async || {
            (shop.mails_about(&customer.email, number).await == 3).then_some(())
        }).await;
        let statement = seller.get("/seller/statement").await.json(200);
        assert_eq!((statement["data"].as_array().unwrap().len(), &statement["closing"]), (3, &euros(0)));
        assert_money_adds_up(&shop);
    }

    async fn two_hundred_partial_refunds_at_once_give_back_no_more_than_was_paid(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 10_000, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        let path = refunds_of(&order);
        let wish = json!({"amount": euros(199)});
        let answers = join_all((0..200).map(|_| keyed(&seller, &path, &wish))).await;
        let given = answers.iter().filter(|answer| answer.status == 201).count();
        assert!(answers.iter().all(|answer| [201, 409, 429, 503].contains(&answer.status)), "and no 500");
        assert!((1..=50).contains(&given), "{given}");
        let refunded = customer.order(&order).await["refunded"]["amount"].as_i64().unwrap();
        assert_eq!(refunded, i64::try_from(given).unwrap() * 199);
        assert_money_adds_up(&shop);
    }

    async fn a_seller_is_sent_what_they_earned_and_no_more(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 10_000, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        let owed = admin.get("/admin/payouts/owed").await.json(200);
        let own = owed["data"].as_array().unwrap().iter().find(|one| one["seller"]["id"] == json!(seller.id)).unwrap();
        let earned = own["balance"]["amount"].as_i64().unwrap();
        let body = |cents: i64| json!({"seller_id": seller.id, "amount": euros(cents), "reference": "SEPA 7"});
        let refused = keyed(&admin, "/admin/payouts", &body(earned + 1)).await;
        refused.problem(409, "payout-too-large");
        let payout = keyed(&admin, "/admin/payouts", &body(earned)).await.json(201);
        assert_eq!(seller.get("/seller/earnings").await.json(200)["data"][0]["balance"], euros(0));
        assert_eq!(seller.get("/seller/payouts").await.json(200)["data"][0]["id"], payout["id"]);
        let fail = format!("/admin/payouts/{}/fail", payout["id"].as_str().unwrap());
        for _ in 0..2 {
            assert_eq!(admin.post(&fail, &json!(null)).await.json(200)["status"], "failed");
        }
        assert_eq!(seller.get("/seller/earnings").await.json(200)["data"][0]["balance"], euros(earned));
        let file = seller.get("/seller/statement.csv").await.is(200).text();
        let kinds: Vec<_> = file.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
        assert_eq!(kinds, ["payout_failed", "payout", "order_paid"]);
        assert_money_adds_up(&shop);
    }
}

on_both_databases! {
    async fn an_admin_finds_anybodys_order_and_gives_back_pieces_of_any_seller(shop: Shop) {
        let (admin, seller, other, customer) = (shop.admin().await, shop.seller().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 5_000, 5).await;
        let order = customer.orders(&ring.variant, 2).await;
        customer.pays(&order, "succeed").await.is(303);
        let paid = customer.wait_until_paid(&order).await;
        let number = paid["number"].as_str().unwrap();

        let found = admin.get(&format!("/admin/orders?status=paid&q={number}")).await.json(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 1);
        assert_eq!((&found["data"][0]["id"], &found["data"][0]["lines"]), (&paid["id"], &paid["lines"]));
        let (one, refunds) = (format!("/admin/orders/{}", order.id), format!("/admin/orders/{}/refunds", order.id));
        assert_eq!(admin.get(&one).await.json(200)["total"], euros(10_000));
        for stranger in [&seller, &other, &customer] {
            stranger.get("/admin/orders").await.problem(403, "admin-role-required");
            stranger.get(&one).await.problem(403, "admin-role-required");
        }

        let line = &paid["lines"][0]["id"];
        let piece = keyed(&admin, &refunds, &json!({"lines": [{"line_id": line, "quantity": 1}]})).await.json(201);
        assert_eq!(piece["amount"], euros(5_000));
        keyed(&seller, &refunds_of(&order), &json!({"shipping": true})).await.problem(422, "validation-failed");
        let rest = keyed(&admin, &refunds, &json!({})).await.json(201);
        assert_eq!(rest["amount"], euros(5_000));
        keyed(&admin, &refunds, &json!({"shipping": true})).await.problem(409, "order-not-refundable");
        assert_eq!(admin.get(&one).await.json(200)["status"], "refunded");
        assert_eq!(seller.get(&refunds_of(&order)).await.json(200)["data"].as_array().unwrap().len(), 2);
        assert_money_adds_up(&shop);
    }
}

on_both_databases! {
    async fn a_gift_card_that_was_bought_goes_back_while_nobody_has_used_it(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let product = seller.puts_on_sale("Gift card", 5_000, 0).await;
        admin.patch(&format!("/admin/products/{}", product.id), &json!({"gift_card": true})).await.is(200);
        let (cart, friend) = (customer.empty_cart().await, format!("{}@example.com", unique("friend")));
        let wish = json!({"variant_id": product.variant, "quantity": 2, "gift": {"recipient_email": friend}});
        customer.post(&format!("/carts/{cart}/lines"), &wish).await.is(201);
        let order = Placed::from(&customer.checks_out_with(&cart, &unique("key"), &customer.checkout_form()).await.json(201));
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        let codes = until("both cards are mailed", async || {
            let mails = shop.mails_to(&friend).await;
            let code = |text: &str| text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
            (mails.len() == 2).then(|| mails.iter().map(|mail| code(&mail.text)).collect::<Vec<_>>())
        }).await;
        customer.post("/gift-cards/redeem", &json!({"code": codes[0]})).await.is(200);
        let line = customer.order(&order).await["lines"][0]["id"].clone();
        let both = json!({"lines": [{"line_id": line, "quantity": 2}]});
        keyed(&seller, &refunds_of(&order), &both).await.problem(409, "gift-card-not-refundable");
        let given = keyed(&seller, &refunds_of(&order), &json!({})).await.json(201);
        assert_eq!((&given["amount"], &given["lines"][0]["quantity"]), (&euros(5_000), &json!(1)));
        assert_eq!((&given["kept"][0]["quantity"], &given["kept"][0]["amount"]), (&json!(1), &euros(5_000)));
        customer.post("/gift-cards/redeem", &json!({"code": codes[1]})).await.problem(410, "gift-card-disabled");
        let cards = admin.get(&format!("/gift-cards?status=disabled&q={friend}")).await.json(200);
        assert_eq!(cards["data"].as_array().unwrap().len(), 1);
        assert!(cards["data"][0]["voided_at"].is_string());
        keyed(&seller, &refunds_of(&order), &json!({})).await.problem(409, "gift-card-not-refundable");
        assert_money_adds_up(&shop);
    }
}

async fn refund_status(seller: &Actor, order: &Placed, status: &str) -> Value {
    until("the refund stands as it should", async || {
        let all = seller.get(&refunds_of(order)).await.json(200);
        (all["data"][0]["status"] == status).then_some(all)
    })
    .await
}

on_both_databases_with_stripe! {
    async fn stripe_gives_back_once_whatever_becomes_of_its_answer_and_may_send_it_back(shop: Shop, stripe: StripePeer) {
        shop.may_log("the gateway will be asked again");
        shop.may_log("a job will be tried again");
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 5_000, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(stripe.pays(order.session()));
        for event in stripe.events_about(order.session()) {
            shop.hears(&event).await;
        }
        customer.wait_until_paid(&order).await;
        stripe.next(Call::Refund, Mood::HangsUpAfter);
        let given = keyed(&seller, &refunds_of(&order), &json!({})).await.json(201);
        assert_eq!(given["status"], "pending", "its answer was lost");
        shop.falls_due("reconcile_refund").await;
        refund_status(&seller, &order, "succeeded").await;
        let [refund] = stripe.refunds().try_into().unwrap();
        let failed = stripe.refund_becomes(refund["id"].as_str().unwrap(), "failed", Some("lost_or_stolen_card"));
        for _ in 0..3 {
            shop.hears(&failed).await;
        }
        refund_status(&seller, &order, "failed").await;
        assert_eq!(customer.order(&order).await["status"], "paid");
        assert_money_adds_up(&shop);

        let opened = stripe.is_disputed(order.session());
        for _ in 0..3 {
            shop.hears(&opened).await;
        }
        until("the dispute is known", async || {
            (timeline(&customer.order(&order).await).last() == Some(&"disputed")).then_some(())
        }).await;
        keyed(&seller, &refunds_of(&order), &json!({})).await.problem(409, "order-disputed");
        assert_eq!(seller.get("/seller/earnings").await.json(200)["data"][0]["balance"], euros(0));
        assert_money_adds_up(&shop);
        let dispute = opened["data"]["object"]["id"].as_str().unwrap();
        shop.hears(&stripe.dispute_becomes(dispute, "won")).await;
        until("the dispute is won", async || {
            (timeline(&customer.order(&order).await).last() == Some(&"dispute_won")).then_some(())
        }).await;
        assert_money_adds_up(&shop);
    }
}

on_both_databases_with_stripe! {
    async fn a_dispute_that_no_event_told_of_is_found_and_what_stripe_keeps_for_it_is_booked(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 5_000, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(stripe.pays(order.session()));
        for event in stripe.events_about(order.session()) {
            shop.hears(&event).await;
        }
        customer.wait_until_paid(&order).await;
        let last = async |kind: &str| {
            until("the order tells of it", async || {
                shop.falls_due("look_for_disputes").await;
                (timeline(&customer.order(&order).await).last() == Some(&kind)).then_some(())
            }).await;
        };
        let database = shop.database().await;
        let fees_are = async |fees: i64| {
            until("the fees are booked", async || {
                shop.falls_due("look_for_disputes").await;
                let sum = "SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) AS sum FROM ledger_entries";
                (database.number(&format!("{sum} WHERE account = 'gateway_fees'")).await == fees).then_some(())
            }).await;
        };
        let opened = stripe.is_disputed(order.session());
        last("disputed").await;
        fees_are(-1_500).await;
        assert_money_adds_up(&shop);
        let dispute = opened["data"]["object"]["id"].as_str().unwrap();
        stripe.dispute_becomes(dispute, "won");
        last("dispute_won").await;
        stripe.gives_fee_back(dispute);
        fees_are(0).await;
        assert_eq!(customer.order(&order).await["status"], "paid");
        assert_money_adds_up(&shop);
    }

    async fn gift_cards_of_a_disputed_order_can_not_be_used_until_it_is_won(shop: Shop, stripe: StripePeer) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let product = seller.puts_on_sale("Gift card", 5_000, 0).await;
        admin.patch(&format!("/admin/products/{}", product.id), &json!({"gift_card": true})).await.is(200);
        let (cart, friend) = (customer.empty_cart().await, format!("{}@example.com", unique("friend")));
        let wish = json!({"variant_id": product.variant, "quantity": 1, "gift": {"recipient_email": friend}});
        customer.post(&format!("/carts/{cart}/lines"), &wish).await.is(201);
        let order = Placed::from(&customer.checks_out_with(&cart, &unique("key"), &customer.checkout_form()).await.json(201));
        assert!(stripe.pays(order.session()));
        for event in stripe.events_about(order.session()) {
            shop.hears(&event).await;
        }
        customer.wait_until_paid(&order).await;
        let code = until("the card is mailed", async || {
            let mails = shop.mails_to(&friend).await;
            let mail = mails.first()?;
            Some(mail.text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned())
        }).await;
        let opened = stripe.is_disputed(order.session());
        shop.hears(&opened).await;
        let last = async |kind: &str| {
            until("the order tells of it", async || {
                (timeline(&customer.order(&order).await).last() == Some(&kind)).then_some(())
            }).await;
        };
        last("disputed").await;
        customer.post("/gift-cards/redeem", &json!({"code": code})).await.problem(410, "gift-card-disabled");
        shop.hears(&stripe.dispute_becomes(opened["data"]["object"]["id"].as_str().unwrap(), "won")).await;
        last("dispute_won").await;
        customer.post("/gift-cards/redeem", &json!({"code": code})).await.is(200);
        assert_money_adds_up(&shop);
    }
}
