//! G4: gift cards and the balance at checkout, from outside: they pay first, wholly or in part, and come back when the order
//! ends unpaid. After each story, all money adds up.

use crate::harness::buying::timeline;
use crate::harness::selling::euros;
use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::{Actor, Answer, GiftCard, OnSale, Placed, Shop, on_both_databases, unique, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::stripe_peer::{Call, Mood};

/// Checks a cart with one piece out, with these cards and perhaps the balance.
async fn pays_with(actor: &Actor, piece: &OnSale, cards: &[&GiftCard], use_balance: bool) -> Answer {
    let cart = actor.cart_with(&piece.variant, 1).await;
    let codes: Vec<&str> = cards.iter().map(|card| card.code.as_str()).collect();
    actor.checks_out_with(&cart, &unique("key"), &form(actor, &codes, use_balance)).await
}

fn form(actor: &Actor, codes: &[&str], use_balance: bool) -> Value {
    let mut form = actor.checkout_form();
    form["gift_card_codes"] = json!(codes);
    if use_balance {
        form["use_balance"] = json!(true);
    }
    form
}

fn by_card(card: &GiftCard, cents: i64) -> Value {
    json!({"kind": "gift_card", "amount": euros(cents), "last4": card.last4()})
}

fn by(kind: &str, cents: i64) -> Value {
    json!({"kind": kind, "amount": euros(cents)})
}

#[track_caller]
fn assert_money_adds_up(shop: &Shop) {
    let checked = shop.command(&["ledger", "check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// A code that no card has, well-formed.
fn stray() -> String {
    unique("").to_uppercase().replace('-', "").chars().take(24).collect()
}

on_both_databases! {
    async fn an_order_that_a_gift_card_pays_wholly_is_paid_at_once(shop: Shop) {
        let (admin, seller, guest) = (shop.admin().await, shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale(&unique("Ring"), 3_000, 5).await;
        let card = admin.issues(5_000).await;
        let answer = pays_with(&guest, &ring, &[&card], false).await.json(201);
        let order = &answer["order"];
        assert_eq!(answer["payment"], json!({"id": order["payment"]["id"], "status": "succeeded"}), "there is no page");
        assert_eq!((&order["status"], timeline(order)), (&json!("paid"), vec!["placed", "paid"]));
        assert_eq!(order["paid_by"], json!([by_card(&card, 3_000)]));
        assert_eq!(admin.left_on(&card).await, 2_000, "the rest stays on the card");
        assert_eq!(seller.stock_of(&ring).await, 4);
        let token = order["access_token"].as_str().unwrap();
        let seen = guest.get(&format!("/orders/{}?token={token}", order["id"].as_str().unwrap())).await.json(200);
        assert_eq!((&seen["status"], &seen["paid_by"]), (&json!("paid"), &order["paid_by"]));
        let number = order["number"].as_str().unwrap();
        assert_eq!(shop.mails_about(&guest.email, number).await, 1, "exactly one confirmation");
        assert_eq!(shop.mails_about(&seller.email, number).await, 1);
        guest.post(&format!("/orders/{}/cancel?token={token}", order["id"].as_str().unwrap()), &json!({})).await
            .problem(409, "order-not-cancellable");
        let earned = seller.all("/transactions").await;
        assert_eq!((earned.len(), &earned[0]["amount"]), (1, &euros(3_000)));
        let plain = card.code.replace('-', "");
        for told in [shop.log(), shop.database().await.dump().await.concat()] {
            assert!(!told.contains(&card.code) && !told.contains(&plain), "the code is kept somewhere");
        }
        assert_money_adds_up(&shop);
    }

    async fn several_cards_then_the_balance_then_the_card_pay_in_that_order(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 10_000, 5).await;
        let (one, two) = (admin.issues(2_000).await, admin.issues(1_500).await);
        customer.redeems(&admin.issues(3_000).await).await;
        let answer = pays_with(&customer, &ring, &[&two, &one], true).await.json(201);
        let order = Placed::from(&answer);
        let held = json!([by_card(&two, 1_500), by_card(&one, 2_000), by("balance", 3_000)]);
        assert_eq!(order.order["paid_by"], held, "held, while the rest is awaited");
        assert_eq!(order.order["status"], "pending_payment");
        assert_eq!((admin.left_on(&one).await, admin.left_on(&two).await, customer.balance().await), (0, 0, 0));
        let page = customer.page(&order.pay_at).await.is(200).text();
        assert!(page.contains("35.00"), "the page asks for the rest: {page}");
        assert_money_adds_up(&shop);

        customer.pays(&order, "succeed").await.is(303);
        let paid = customer.wait_until_paid(&order).await;
        let all = json!([by_card(&two, 1_500), by_card(&one, 2_000), by("balance", 3_000), by("card", 3_500)]);
        assert_eq!(paid["paid_by"], all);
        let moved: Vec<_> = customer.all("/transactions").await.iter()
            .map(|one| (one["kind"].as_str().unwrap().to_owned(), one["amount"]["amount"].as_i64().unwrap())).collect();
        let told = |kind: &str, amount| (kind.to_owned(), amount);
        assert_eq!(moved, [told("order_paid", -3_500), told("order_held", -3_000), told("gift_card_redeemed", 3_000)]);
        assert_money_adds_up(&shop);
    }

    async fn the_balance_alone_pays_as_far_as_it_goes(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 2_000, 5).await;
        let nothing = Placed::from(&pays_with(&customer, &ring, &[], true).await.json(201));
        assert_eq!(nothing.order["paid_by"], json!([]), "there is nothing to use, and that is no fault");
        customer.redeems(&admin.issues(2_500).await).await;
        let whole = pays_with(&customer, &ring, &[], true).await.json(201);
        assert_eq!((&whole["order"]["status"], customer.balance().await), (&json!("paid"), 500));
        assert_eq!(whole["order"]["paid_by"], json!([by("balance", 2_000)]));
        let part = Placed::from(&pays_with(&customer, &ring, &[], true).await.json(201));
        assert_eq!((&part.order["paid_by"], customer.balance().await), (&json!([by("balance", 500)]), 0));
        let refused = pays_with(&shop.guest(), &ring, &[], true).await;
        refused.faults(&[("/use_balance", "sign-in-required")]);
        assert_money_adds_up(&shop);
    }

    async fn a_rest_that_no_card_can_pay_is_made_larger(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 2_000, 5).await;
        let card = admin.issues(1_990).await;
        let order = Placed::from(&pays_with(&customer, &ring, &[&card], false).await.json(201));
        assert_eq!(order.order["paid_by"], json!([by_card(&card, 1_950)]), "fifty cents are the least");
        assert_eq!(admin.left_on(&card).await, 40);
        customer.pays(&order, "succeed").await.is(303);
        assert_eq!(customer.wait_until_paid(&order).await["paid_by"], json!([by_card(&card, 1_950), by("card", 50)]));
        assert_money_adds_up(&shop);
    }

    async fn whatever_ends_an_order_unpaid_gives_back_what_it_took(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 10_000, 5).await;
        let card = admin.issues(2_000).await;
        customer.redeems(&admin.issues(3_000).await).await;
        for end in ["decline", "leave", "cancel", "expire"] {
            let order = Placed::from(&pays_with(&customer, &ring, &[&card], true).await.json(201));
            assert_eq!((admin.left_on(&card).await, customer.balance().await), (0, 0), "{end}");
            let status = match end {
                "decline" => { customer.pays(&order, "decline").await.is(303); "cancelled" }
                "leave" => { customer.pays(&order, "cancel").await.is(303); "cancelled" }
                "cancel" => { customer.post(&order.path_to("/cancel"), &json!({})).await.json(200); "cancelled" }
                _ => {
                    assert!(shop.falls_due("expire_order").await > 0);
                    "expired"
                }
            };
            let ended = customer.wait_until(&order, status).await;
            assert_eq!(ended["paid_by"], json!([]), "all of it was given back");
            assert_eq!((admin.left_on(&card).await, customer.balance().await), (2_000, 3_000), "{end}");
            assert_eq!(seller.stock_of(&ring).await, 5);
        }
        let given_back = customer.all("/transactions?kind=order_hold_released").await;
        assert_eq!((given_back.len(), &given_back[0]["amount"]), (4, &euros(3_000)));
        assert_money_adds_up(&shop);
    }

    async fn what_comes_back_to_a_disabled_card_stays_there_and_of_an_expired_one_is_the_shops(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 10_000, 5).await;
        let card = admin.issues(2_000).await;
        let end = chrono::Utc::now() + chrono::TimeDelta::seconds(3);
        let short = admin.issues_as(json!({"value": euros(700), "expires_at": end.to_rfc3339()})).await;
        let order = Placed::from(&pays_with(&customer, &ring, &[&card, &short], false).await.json(201));
        admin.patch(&format!("/gift-cards/{}", card.id), &json!({"status": "disabled"})).await.json(200);
        until("the card's time is over", async || (chrono::Utc::now() > end).then_some(())).await;
        customer.pays(&order, "decline").await.is(303);
        customer.wait_until(&order, "cancelled").await;
        until("the expired card is looked at again", async || (admin.left_on(&short).await == 0).then_some(())).await;
        let disabled = admin.get(&format!("/gift-cards/{}", card.id)).await.json(200);
        assert_eq!((&disabled["status"], &disabled["balance"]), (&json!("disabled"), &euros(2_000)));
        let owed = admin.get("/gift-cards/liability").await.json(200);
        assert_eq!(owed["data"], json!([{"cards": 1, "outstanding": euros(2_000)}]));
        assert_money_adds_up(&shop);
    }

    async fn each_code_that_cannot_be_used_is_pointed_at_and_nothing_is_taken(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 10_000, 5).await;
        let (good, disabled, used) = (admin.issues(2_000).await, admin.issues(900).await, admin.issues(900).await);
        admin.patch(&format!("/gift-cards/{}", disabled.id), &json!({"status": "disabled"})).await.json(200);
        customer.redeems(&used).await;
        let yen = admin.issues_as(json!({"value": {"amount": 500, "currency": "JPY"}})).await;
        let end = chrono::Utc::now() + chrono::TimeDelta::seconds(1);
        let expired = admin.issues_as(json!({"value": euros(900), "expires_at": end.to_rfc3339()})).await;
        until("the card's time is over", async || (chrono::Utc::now() > end).then_some(())).await;
        let unknown = GiftCard { id: String::new(), code: stray() };
        for (card, status, code) in [
            (&disabled, 410, "gift-card-disabled"),
            (&expired, 410, "gift-card-expired"),
            (&used, 409, "gift-card-already-redeemed"),
            (&yen, 409, "currency-mismatch"),
            (&unknown, 404, "gift-card-not-found"),
        ] {
            let refused = pays_with(&customer, &ring, &[&good, card], true).await;
            assert!(!refused.text().contains(&card.code), "a code is never told");
            let problem = refused.problem(status, code);
            assert_eq!((&problem["pointer"], &problem["last4"]), (&json!("/gift_card_codes/1"), &json!(card.last4())));
        }
        let twice = good.code.to_lowercase().replace('-', " ");
        let cart = customer.cart_with(&ring.variant, 1).await;
        let both = form(&customer, &[&good.code, &twice], false);
        customer.checks_out_with(&cart, &unique("key"), &both).await.faults(&[("/gift_card_codes/1", "duplicate")]);
        let many = form(&customer, &["x"; 11], false);
        customer.checks_out_with(&cart, &unique("key"), &many).await.faults(&[("/gift_card_codes", "too-long")]);
        assert_eq!((admin.left_on(&good).await, customer.balance().await, seller.stock_of(&ring).await), (2_000, 900, 5));
        let alone = form(&customer, &[&twice], false);
        let placed = customer.checks_out_with(&cart, &unique("key"), &alone).await.json(201);
        assert_eq!(placed["order"]["paid_by"], json!([by_card(&good, 2_000)]), "the cart was still good");
        assert_money_adds_up(&shop);
    }

    async fn wrong_codes_at_checkout_count_like_all_others(shop: Shop) {
        let (admin, seller, guest) = (shop.admin().await, shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale(&unique("Ring"), 1_000, 9).await;
        let card = admin.issues(9_000).await;
        for _ in 0..7 {
            pays_with(&guest, &ring, &[&card], false).await.json(201);
        }
        let cart = guest.cart_with(&ring.variant, 1).await;
        for turn in 0..5 {
            if turn % 2 == 0 {
                let wrong = form(&guest, &[&stray(), &stray()], false);
                guest.checks_out_with(&cart, &unique("key"), &wrong).await.problem(404, "gift-card-not-found");
            } else {
                guest.post("/gift-cards/check", &json!({"code": stray()})).await.problem(404, "gift-card-not-found");
            }
        }
        let right = form(&guest, &[&card.code], false);
        let refused = guest.checks_out_with(&cart, &unique("key"), &right).await;
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=61).contains(&seconds), "{seconds}");
        refused.problem(429, "too-many-attempts");
        guest.checks_out(&cart, &unique("key")).await.json(201); // without a code nothing is counted
        assert_eq!(admin.all("/admin/security-log?kind=gift_card_guessing").await.len(), 1);
        assert_eq!((admin.left_on(&card).await, seller.stock_of(&ring).await), (2_000, 1));
        assert_money_adds_up(&shop);
    }

    async fn the_same_checkout_again_takes_nothing_again(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 1_000, 9).await;
        let card = admin.issues(1_500).await;
        let (cart, key) = (customer.cart_with(&ring.variant, 1).await, unique("key"));
        let with_card = form(&customer, &[&card.code], false);
        let first = customer.checks_out_with(&cart, &key, &with_card).await.is(201);
        let again = customer.checks_out_with(&cart, &key, &with_card).await.is(201);
        assert_eq!((again.header("idempotent-replayed"), again.text()), (Some("true"), first.text()));
        customer.checks_out_with(&cart, &unique("key"), &with_card).await.problem(409, "cart-checked-out");
        assert_eq!(admin.left_on(&card).await, 500);
        assert_money_adds_up(&shop);
    }

    async fn twelve_checkouts_at_once_spend_one_balance_and_one_card_to_the_cent(shop: Shop) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 1_000, 24).await;
        customer.redeems(&admin.issues(2_700).await).await;
        let card = admin.issues(3_300).await;
        let answers = join_all((0..12).map(|_| pays_with(&customer, &ring, &[], true))).await;
        let placed: Vec<Value> = answers.into_iter().map(|answer| answer.json(201)).collect();
        let spent = |orders: &[Value]| -> Vec<i64> {
            let parts = orders.iter().flat_map(|answer| answer["order"]["paid_by"].as_array().unwrap().clone());
            let mut spent: Vec<i64> = parts.map(|part| part["amount"]["amount"].as_i64().unwrap()).collect();
            spent.sort_unstable();
            spent
        };
        assert_eq!(spent(&placed), [700, 1_000, 1_000]);
        assert_eq!(customer.balance().await, 0);
        let guests: Vec<Actor> = (0..12).map(|_| shop.guest()).collect();
        let cards = [&card];
        let answers = join_all(guests.iter().map(|guest| pays_with(guest, &ring, &cards, false))).await;
        let (placed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        let placed: Vec<Value> = placed.into_iter().map(|answer| answer.json(201)).collect();
        assert_eq!(spent(&placed), [300, 1_000, 1_000, 1_000]);
        for answer in refused {
            answer.problem(409, "gift-card-already-redeemed");
        }
        assert_eq!((admin.left_on(&card).await, seller.stock_of(&ring).await), (0, 8));
        assert_money_adds_up(&shop);
    }
}

on_both_databases_with_stripe! {
    async fn stripe_is_asked_for_the_rest_alone_and_not_at_all_where_there_is_none(shop: Shop, stripe: StripePeer) {
        let (admin, seller, customer) = (shop.admin().await, shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale(&unique("Ring"), 3_000, 5).await;
        let (one, two, three) = (admin.issues(2_000).await, admin.issues(9_000).await, admin.issues(500).await);
        let part = Placed::from(&pays_with(&customer, &ring, &[&one], false).await.json(201));
        assert_eq!(stripe.sessions()[0]["amount_total"], 1_000);
        let whole = pays_with(&customer, &ring, &[&two], false).await.json(201);
        assert_eq!((&whole["order"]["status"], stripe.sessions().len()), (&json!("paid"), 1));
        assert!(stripe.pays(part.session()));
        shop.falls_due("reconcile_payment").await;
        let paid = customer.wait_until_paid(&part).await;
        assert_eq!(paid["paid_by"], json!([by_card(&one, 2_000), by("card", 1_000)]));

        shop.may_log("the payment gateway"); // the job that hands the payment over is told of the refusal
        stripe.always(Call::Open, Mood::CardError);
        let refused = pays_with(&customer, &ring, &[&three], false).await.json(201);
        assert_eq!((refused["payment"].get("redirect_url"), admin.left_on(&three).await), (None, 0));
        shop.falls_due("submit_payment").await;
        let path = format!("/orders/{}", refused["order"]["id"].as_str().unwrap());
        until("the order has ended", async || {
            (customer.get(&path).await.json(200)["status"] == "cancelled").then_some(())
        }).await;
        assert_eq!((admin.left_on(&three).await, seller.stock_of(&ring).await), (500, 3));
        assert_money_adds_up(&shop);
    }
}
