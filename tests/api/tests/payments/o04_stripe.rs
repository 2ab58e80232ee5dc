//! Orders that are paid at Stripe: once each, whether its events come once, often, in disorder or never, and whatever
//! becomes of its answers.

use crate::harness::buying::timeline;
use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::{Actor, Placed, Shop, until};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::Dice;
use testkit::StripePeer;
use testkit::stripe_peer::{Call, Mood};

/// An order as it is shown, once it has a page to pay at.
async fn once_it_has_a_page(customer: &Actor, answer: &Value) -> Placed {
    let id = answer["order"]["id"].as_str().unwrap().to_owned();
    until("the order has a page to pay at", async || {
        let order = customer.get(&format!("/orders/{id}")).await.json(200);
        let pay_at = order["payment"]["redirect_url"].as_str()?.to_owned();
        Some(Placed { id: id.clone(), token: None, pay_at, order })
    })
    .await
}

/// What was paid at Stripe is paid here, and nothing else.
async fn the_books_agree(shop: &Shop, stripe: &StripePeer) {
    let paid_there = stripe.sessions().iter().filter(|session| session["payment_status"] == "paid").count();
    let paid_there = u64::try_from(paid_there).unwrap();
    assert_eq!(shop.rows("payments", "status = 'captured'").await, paid_there);
    assert_eq!(shop.rows("orders", "status = 'paid'").await, paid_there);
    assert_eq!(shop.rows("jobs", "state = 'buried'").await, 0, "nothing is left for a person");
    let checked = shop.command(&["ledger", "check", "--gateway"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// A mood for some of the next calls of each kind; every other one goes well.
fn upset(stripe: &StripePeer, dice: &mut Dice) {
    let moods = [
        Mood::HangsUpBefore,
        Mood::HangsUpAfter,
        Mood::Down(503),
        Mood::Busy("rate_limit"),
        Mood::Breaks { after: false, status: 500 },
        Mood::Breaks { after: true, status: 500 },
        Mood::Late(Duration::from_millis(40)),
    ];
    for call in [Call::Open, Call::Look, Call::Expire] {
        let mood = if dice.throw(2) == 0 { Mood::Obliging } else { moods[dice.index(moods.len())] };
        stripe.next(call, mood);
    }
}

/// What a customer does at the page: pays, is declined first or last, or leaves.
fn acts_at_the_page(stripe: &StripePeer, session: &str, dice: &mut Dice) {
    let what = dice.throw(5);
    if what >= 3 {
        stripe.is_declined(session);
    }
    match what {
        0 | 1 | 3 => assert!(stripe.pays(session)),
        _ => {}
    }
}

on_both_databases_with_stripe! {
    async fn whatever_becomes_of_its_answers_what_was_paid_there_is_paid_here(shop: Shop, stripe: StripePeer) {
        const ORDERS: i64 = 24;
        let (mut dice, _) = Dice::shaken();
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, u32::try_from(ORDERS).unwrap()).await;
        for _ in 0..ORDERS {
            upset(&stripe, &mut dice);
            let (answer, _, _) = customer.tries_to_order(&ring.variant).await;
            let id = answer["order"]["id"].as_str().unwrap();
            if let Some(page) = answer["payment"]["redirect_url"].as_str() {
                let session = page.rsplit('/').next().unwrap();
                acts_at_the_page(&stripe, session, &mut dice);
                for event in stripe.events_about(session) {
                    for _ in 0..dice.throw(3) {
                        shop.hears(&event).await;
                    }
                }
            }
            if dice.throw(3) == 0 {
                let given_up = customer.post(&format!("/orders/{id}/cancel"), &json!({})).await;
                assert!([200, 204, 409, 502, 503].contains(&given_up.status), "{}", given_up.text());
            }
        }
        stripe.calms_down();
        until("every payment has ended", async || {
            for kind in ["submit_payment", "settle_payment", "reconcile_payment", "expire_order"] {
                shop.falls_due(kind).await;
            }
            (shop.rows("payments", "status IN ('created', 'submitted')").await == 0).then_some(())
        })
        .await;
        shop.outbox_is_drained().await;
        the_books_agree(&shop, &stripe).await;
        let orders = customer.all("/orders").await;
        let paid = orders.iter().filter(|order| order["status"] == "paid").count();
        assert_eq!(orders.len(), usize::try_from(ORDERS).unwrap());
        assert_eq!(seller.stock_of(&ring).await, ORDERS - i64::try_from(paid).unwrap());
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, paid, "one confirmation each");
        assert_eq!(shop.rows("payments", "unknown_since IS NOT NULL").await, 0);
    }

    async fn an_order_is_paid_by_a_webhook(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = customer.orders(&ring.variant, 2).await;
        assert!(order.pay_at.starts_with("https://checkout.stripe.com/"), "{}", order.pay_at);
        let [session] = stripe.sessions().try_into().unwrap();
        assert_eq!((&session["amount_total"], &session["currency"]), (&json!(25_998), &json!("eur")));
        assert_eq!(session["client_reference_id"], order.order["payment"]["id"]);
        assert_eq!(session["metadata"]["order_id"], json!(order.id));
        assert_eq!(session["customer_email"], json!(customer.email));
        assert_eq!(session["success_url"], json!(format!("{}/orders/{}?token=", shop.origin(), order.id)));
        let asked = &stripe.asked()[0];
        let of_line = |name: &str| asked.field(&format!("line_items[0][price_data][product_data]{name}"));
        assert_eq!((of_line("[name]").as_deref(), of_line("[metadata][seller]")), (Some("Ring"), Some(seller.id.clone())));

        assert!(stripe.pays(order.session()));
        for event in stripe.events_about(order.session()) {
            shop.hears(&event).await;
        }
        let paid = customer.wait_until_paid(&order).await;
        assert_eq!(timeline(&paid), ["placed", "paid"]);
        assert_eq!(paid["payment"], json!({"id": order.order["payment"]["id"], "status": "succeeded", "redirect_url": null}));
        assert_eq!(paid["paid_by"][0]["amount"], json!({"amount": 25_998, "currency": "EUR"}));
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        assert_eq!(seller.stock_of(&ring).await, 3);
        the_books_agree(&shop, &stripe).await;
    }

    async fn without_any_webhook_stripe_is_asked(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert_eq!(shop.falls_due("reconcile_payment").await, 1);
        let later = "kind = 'reconcile_payment' AND state = 'waiting' AND attempts = 0";
        until("the shop has asked, and asks again later", async || {
            (stripe.asked().len() == 2 && shop.rows("jobs", later).await == 1).then_some(())
        }).await;
        assert_eq!(customer.order(&order).await["status"], "pending_payment");

        assert!(stripe.pays(order.session()));
        stripe.always(Call::Look, Mood::HangsUpBefore);
        until("it has been asked in vain, again and again", async || {
            shop.falls_due("reconcile_payment").await;
            (stripe.asked().len() >= 6).then_some(())
        }).await;
        stripe.always(Call::Look, Mood::Obliging);
        until("the shop has asked again and is done", async || {
            shop.falls_due("reconcile_payment").await;
            (customer.order(&order).await["status"] == "paid").then_some(())
        }).await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        the_books_agree(&shop, &stripe).await;
    }

    async fn events_in_disorder_and_three_times_each_pay_each_order_once(shop: Shop, stripe: StripePeer) {
        let (mut dice, _) = Dice::shaken();
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 100).await;
        let mut orders = Vec::new();
        for _ in 0..36 {
            orders.push(customer.orders(&ring.variant, 1).await);
        }
        let mut events = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            if number % 3 == 0 {
                stripe.is_declined(order.session()); // and then another card is good
            }
            if number % 4 == 3 {
                stripe.expires(order.session());
            } else {
                assert!(stripe.pays(order.session()));
            }
            for event in stripe.events_about(order.session()) {
                events.extend([event.clone(), event.clone(), event]);
            }
        }
        for last in (1..events.len()).rev() {
            events.swap(last, dice.index(last + 1));
        }
        for some in events.chunks(12) {
            join_all(some.iter().map(|event| shop.hears(event))).await;
        }
        for (number, order) in orders.iter().enumerate() {
            let end = if number % 4 == 3 { "cancelled" } else { "paid" };
            let ended = customer.wait_until(order, end).await;
            assert_eq!(timeline(&ended).len(), 2, "{ended}");
        }
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 27);
        assert_eq!(seller.stock_of(&ring).await, 100 - 27);
        let different = events.iter().map(|event| event["id"].as_str().unwrap()).collect::<std::collections::HashSet<_>>();
        assert_eq!(shop.rows("webhook_events", "gateway = 'stripe'").await, different.len() as u64);
        the_books_agree(&shop, &stripe).await;
    }

    async fn a_lost_answer_is_one_page_and_one_order(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 9).await;
        let moods = [Mood::HangsUpBefore, Mood::HangsUpAfter, Mood::Down(503), Mood::Busy("lock_timeout")];
        for (number, mood) in moods.into_iter().enumerate() {
            stripe.next(Call::Open, mood);
            let (answer, cart, key) = customer.tries_to_order(&ring.variant).await;
            assert_eq!(answer["payment"]["status"], "pending");
            assert_eq!(answer["payment"]["redirect_url"], json!(null), "{mood:?}");
            let unknown = u64::from(!matches!(mood, Mood::Busy(_)));
            assert_eq!(shop.rows("payments", "unknown_since IS NOT NULL").await, unknown, "{mood:?}");
            assert_eq!(customer.checks_out(&cart, &key).await.json(201), answer, "the same order, as it was");
            shop.falls_due("submit_payment").await;
            let order = once_it_has_a_page(&customer, &answer).await;
            assert_eq!(stripe.sessions().len(), number + 1, "{mood:?}");
            assert_eq!(shop.rows("payments", "unknown_since IS NOT NULL").await, 0, "{mood:?}");
            assert!(stripe.pays(order.session()));
            shop.hears(&stripe.events_about(order.session())[0]).await;
            customer.wait_until_paid(&order).await;
        }
        assert_eq!(customer.all("/orders").await.len(), 4);
        assert_eq!(seller.stock_of(&ring).await, 5);
        the_books_agree(&shop, &stripe).await;
    }

    async fn an_answer_that_never_comes_is_not_waited_for_and_is_no_second_page(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        stripe.next(Call::Open, Mood::SilentAfter);
        let (answer, _, _) = customer.tries_to_order(&ring.variant).await;
        assert_eq!(answer["payment"]["redirect_url"], json!(null));
        let order = once_it_has_a_page(&customer, &answer).await;
        assert_eq!(stripe.sessions().len(), 1);
        assert!(stripe.pays(order.session()));
        shop.hears(&stripe.events_about(order.session())[0]).await;
        customer.wait_until_paid(&order).await;
        the_books_agree(&shop, &stripe).await;
    }

    async fn a_failure_inside_stripe_is_overcome(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 9).await;
        stripe.next(Call::Open, Mood::Breaks { after: true, status: 500 });
        let (answer, _, _) = customer.tries_to_order(&ring.variant).await;
        assert_eq!(answer["payment"]["redirect_url"], json!(null));
        shop.falls_due("submit_payment").await;
        let order = once_it_has_a_page(&customer, &answer).await;
        let [lost, open] = stripe.sessions().try_into().unwrap();
        assert_eq!(open["id"], order.session());
        assert!(!customer.order(&order).await.to_string().contains(lost["id"].as_str().unwrap()), "nobody knows that page");
        assert!(stripe.pays(order.session()));
        shop.hears(&stripe.events_about(order.session())[0]).await;
        customer.wait_until_paid(&order).await;
        // The page that nobody knew closes one day, and says so.
        stripe.expires(lost["id"].as_str().unwrap());
        shop.hears(&stripe.events_about(lost["id"].as_str().unwrap())[0]).await;
        assert_eq!(shop.mails_about(&customer.email, "Your order").await, 1);
        assert_eq!(customer.order(&order).await["status"], "paid");
        the_books_agree(&shop, &stripe).await;
    }

    async fn a_declined_card_leaves_the_page_open_for_another(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        stripe.is_declined(order.session());
        shop.hears(&stripe.events_about(order.session())[0]).await;
        shop.outbox_is_drained().await;
        let waiting = customer.order(&order).await;
        assert_eq!((&waiting["status"], &waiting["payment"]["redirect_url"]), (&json!("pending_payment"), &json!(order.pay_at)));
        assert!(stripe.pays(order.session()), "another card is good");
        shop.hears(&stripe.events_about(order.session())[1]).await;
        customer.wait_until_paid(&order).await;
        the_books_agree(&shop, &stripe).await;
    }

    async fn whoever_is_declined_and_gives_up_has_not_paid(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 2).await;
        stripe.is_declined(order.session());
        // Stripe's answer is lost, and nothing is given up before it is known that nobody can pay any more.
        stripe.next(Call::Expire, Mood::HangsUpAfter);
        customer.post(&order.path_to("/cancel"), &json!({})).await.problem(503, "service-unavailable");
        assert_eq!(seller.stock_of(&ring).await, 3);
        assert_eq!(shop.rows("payments", "unknown_since IS NOT NULL").await, 1);
        let pending = customer.order(&order).await;
        assert_eq!((&pending["status"], &pending["payment"]["status"]), (&json!("pending_payment"), &json!("pending")));
        shop.falls_due("reconcile_payment").await;
        let ended = customer.wait_until(&order, "cancelled").await;
        assert_eq!(timeline(&ended), ["placed", "payment_failed"]);
        assert_eq!(ended["payment"]["status"], "failed");
        assert!(!stripe.pays(order.session()));
        assert_eq!(seller.stock_of(&ring).await, 5);
        the_books_agree(&shop, &stripe).await;
    }

    async fn an_order_that_nobody_pays_expires_and_its_page_is_closed(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let (left, paid) = (customer.orders(&ring.variant, 1).await, customer.orders(&ring.variant, 1).await);
        assert!(stripe.pays(paid.session()), "of which no event tells");
        assert_eq!(shop.falls_due("expire_order").await, 2);
        customer.wait_until(&left, "expired").await;
        customer.wait_until_paid(&paid).await;
        assert!(!stripe.pays(left.session()));
        assert_eq!(seller.stock_of(&ring).await, 4);
        the_books_agree(&shop, &stripe).await;
    }

    async fn what_stripe_does_not_take_ends_the_order(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let pin = seller.puts_on_sale("Pin", 20, 5).await; // less than half a euro
        let (answer, _, _) = customer.tries_to_order(&pin.variant).await;
        assert_eq!(answer["payment"]["redirect_url"], json!(null));
        assert_eq!(seller.stock_of(&pin).await, 4);
        shop.falls_due("submit_payment").await;
        let id = answer["order"]["id"].as_str().unwrap();
        until("the order has ended", async || {
            let order = customer.get(&format!("/orders/{id}")).await.json(200);
            (order["status"] == "cancelled" && order["payment"]["status"] == "failed").then_some(())
        }).await;
        assert_eq!(seller.stock_of(&pin).await, 5);
        assert!(stripe.sessions().is_empty());
        the_books_agree(&shop, &stripe).await;
    }
}
