//! Orders: the whole walk through the shop, giving up, and who sees what.

use crate::harness::buying::timeline;
use crate::harness::selling::euros;
use crate::harness::{on_both_databases, unique};
use futures_util::future::join_all;
use serde_json::{Value, json};

on_both_databases! {
    async fn a_ring_goes_all_the_way_from_its_seller_to_its_buyer(shop: Shop) {
        let seller = shop.seller().await;
        let title = unique("Moonlight Ring");
        let ring = seller.puts_on_sale(&title, 12_999, 3).await;

        let found = shop.guest().get(&format!("/products?q={}", title.replace(' ', "+"))).await.json(200);
        assert_eq!(found["data"].as_array().unwrap().len(), 1);
        assert_eq!(found["data"][0]["id"], ring.id);
        let variant = found["data"][0]["variants"][0]["id"].as_str().unwrap();

        let customer = shop.customer().await;
        let order = customer.orders(variant, 2).await;
        assert_eq!(seller.stock_of(&ring).await, 1);
        let page = customer.page(&order.pay_at).await.is(200).text();
        assert!(page.contains("259.98"), "the page tells the amount: {page}");
        let back = customer.pays(&order, "succeed").await.is(303);
        assert!(back.header("location").unwrap().starts_with(&shop.origin()), "{:?}", back.header("location"));

        let paid = customer.wait_until_paid(&order).await;
        assert_eq!(timeline(&paid), ["placed", "paid"]);
        assert_eq!(paid["paid_by"], json!([{"kind": "card", "amount": euros(25_998)}]));
        assert_eq!(paid["payment"], json!({"id": order.order["payment"]["id"], "status": "succeeded", "redirect_url": null}));

        let number = paid["number"].as_str().unwrap();
        assert_eq!(shop.mails_about(&customer.email, number).await, 1, "exactly one confirmation");
        let mails = shop.mails_to(&customer.email).await;
        let mail = mails.iter().find(|mail| mail.subject.contains(number)).unwrap();
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(&title) && part.contains("259.98") && part.contains("Paris"), "{part}");
        }
        assert_eq!(shop.mails_about(&seller.email, number).await, 1, "exactly one notice of the sale");

        let sold = seller.all("/seller/orders").await;
        assert_eq!(sold.len(), 1);
        assert_eq!((&sold[0]["id"], &sold[0]["status"], &sold[0]["total"]), (&paid["id"], &json!("paid"), &euros(25_998)));
        assert_eq!(sold[0]["shipping_address"], paid["shipping_address"]);
        assert_eq!(sold[0]["lines"], paid["lines"]);
        assert_eq!(seller.get(&format!("/seller/orders/{}", order.id)).await.json(200), sold[0]);
        assert_eq!(seller.stock_of(&ring).await, 1);
        customer.post(&order.path_to("/cancel"), &json!({})).await.problem(409, "order-not-cancellable");
        assert_eq!(customer.all("/orders").await, [paid]);
    }

    async fn a_guest_opens_their_order_with_its_token_alone(shop: Shop) {
        let (seller, guest) = (shop.seller().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let (order, other) = (guest.orders(&ring.variant, 1).await, guest.orders(&ring.variant, 1).await);
        let (token, others_token) = (order.token.clone().unwrap(), other.token.clone().unwrap());
        let seen = guest.order(&order).await;
        assert!(seen.get("access_token").is_none(), "the token is told once");
        assert_eq!(seen["id"], order.id);
        let customer = shop.customer().await;
        let altered = format!("{}x", &token[..token.len() - 1]);
        let wrong = ["", "?token=", "?token=wrong", &format!("?token={others_token}"), &format!("?token={altered}")].map(str::to_owned);
        for token in wrong {
            for stranger in [&guest, &customer] {
                stranger.get(&format!("/orders/{}{token}", order.id)).await.problem(404, "order-not-found");
                let cancel = format!("/orders/{}/cancel{token}", order.id);
                stranger.post(&cancel, &json!({})).await.problem(404, "order-not-found");
            }
        }
        assert_eq!(guest.order(&order).await["status"], "pending_payment");
        assert!(customer.all("/orders").await.is_empty());
    }

    async fn another_customers_order_is_not_there(shop: Shop) {
        let (seller, customer, other) = (shop.seller().await, shop.customer().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        assert!(order.token.is_none(), "who has an account needs no token");
        let elsewhere = shop.seller().await;
        for stranger in [&other, &elsewhere, &shop.guest()] {
            stranger.get(&order.path()).await.problem(404, "order-not-found");
            stranger.post(&order.path_to("/cancel"), &json!({})).await.problem(404, "order-not-found");
        }
        elsewhere.get(&format!("/seller/orders/{}", order.id)).await.problem(404, "order-not-found");
        assert!(elsewhere.all("/seller/orders").await.is_empty());
        for id in ["01900000-0000-7000-8000-000000000000", "nonsense"] {
            customer.get(&format!("/orders/{id}")).await.problem(404, "order-not-found");
        }
        assert_eq!(customer.order(&order).await["status"], "pending_payment");
    }

    async fn each_seller_sees_their_own_lines(shop: Shop) {
        let (one, two, customer) = (shop.seller().await, shop.seller().await, shop.customer().await);
        let (ring, pin) = (one.puts_on_sale("Ring", 100, 5).await, two.puts_on_sale("Pin", 30, 5).await);
        let cart = customer.cart_with(&ring.variant, 1).await;
        customer.adds(&cart, &pin.variant, 2).await.json(201);
        let answer = customer.checks_out(&cart, &unique("key")).await.json(201);
        assert_eq!(answer["order"]["total"], euros(160));
        for (seller, title, total) in [(&one, "Ring", 100), (&two, "Pin", 60)] {
            let orders = seller.all("/seller/orders").await;
            let titles: Vec<&Value> = orders[0]["lines"].as_array().unwrap().iter().map(|line| &line["title"]).collect();
            assert_eq!((orders.len(), titles, &orders[0]["total"]), (1, vec![&json!(title)], &euros(total)));
        }
    }

    async fn an_order_that_is_given_up_gives_its_stock_back(shop: Shop) {
        let (seller, customer, guest) = (shop.seller().await, shop.customer().await, shop.guest());
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        for buyer in [&customer, &guest] {
            let order = buyer.orders(&ring.variant, 2).await;
            assert_eq!(seller.stock_of(&ring).await, 3);
            let cancelled = buyer.post(&order.path_to("/cancel"), &json!({})).await.json(200);
            assert_eq!((&cancelled["status"], timeline(&cancelled)), (&json!("cancelled"), vec!["placed", "cancelled"]));
            assert_eq!((&cancelled["payment"]["status"], &cancelled["paid_by"]), (&json!("cancelled"), &json!([])));
            assert_eq!(seller.stock_of(&ring).await, 5);
            buyer.post(&order.path_to("/cancel"), &json!({})).await.problem(409, "order-not-cancellable");
            assert_eq!(seller.stock_of(&ring).await, 5);

            let late = buyer.pays(&order, "succeed").await;
            assert!(late.status < 500, "{}", late.text());
            assert!(!buyer.page(&order.pay_at).await.text().contains("value=\"succeed\""), "the page still offers to pay");
            shop.outbox_is_drained().await;
            let later = buyer.order(&order).await;
            assert_eq!((&later["status"], &later["paid_by"]), (&json!("cancelled"), &json!([])));
            assert_eq!(shop.mails_about(&buyer.email, "Your order").await, 0);
        }
    }

    async fn who_pays_and_gives_up_at_once_gets_one_of_the_two(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 20).await;
        let orders = join_all((0..10).map(|_| customer.orders(&ring.variant, 1))).await;
        let races = orders.iter().map(|order| {
            let (path, customer) = (order.path_to("/cancel"), &customer);
            async move {
                let nothing = json!({});
                let (cancelled, paid) = tokio::join!(customer.post(&path, &nothing), customer.pays(order, "succeed"));
                paid.is(303);
                if cancelled.status == 200 { "cancelled" } else { cancelled.problem(409, "order-not-cancellable"); "paid" }
            }
        });
        let mut given_back = 0;
        for (order, verdict) in orders.iter().zip(join_all(races).await) {
            customer.wait_until(order, verdict).await;
            given_back += i64::from(verdict == "cancelled");
        }
        shop.outbox_is_drained().await;
        assert_eq!(seller.stock_of(&ring).await, 10 + given_back);
        let cancelled = customer.all("/orders?status=cancelled").await.len();
        assert_eq!(i64::try_from(cancelled).unwrap(), given_back);
    }

    async fn ten_who_give_up_one_order_at_once_give_its_stock_back_once(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 5).await;
        let order = customer.orders(&ring.variant, 2).await;
        let (path, nothing) = (order.path_to("/cancel"), json!({}));
        let answers = join_all((0..10).map(|_| customer.post(&path, &nothing))).await;
        assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status)));
        assert!(answers.iter().any(|answer| answer.status == 200));
        assert_eq!(seller.stock_of(&ring).await, 5);
        assert_eq!(timeline(&customer.order(&order).await), ["placed", "cancelled"]);
    }

    async fn orders_are_listed_newest_first_and_by_status(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 20).await;
        let mut placed = Vec::new();
        for _ in 0..5 {
            placed.push(customer.orders(&ring.variant, 1).await);
        }
        customer.post(&placed[1].path_to("/cancel"), &json!({})).await.json(200);
        customer.pays(&placed[3], "succeed").await.is(303);
        customer.wait_until_paid(&placed[3]).await;
        let ids = |orders: Vec<Value>| -> Vec<String> { orders.iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect() };
        let named = |numbers: &[usize]| -> Vec<String> { numbers.iter().map(|&number| placed[number].id.clone()).collect() };
        for path in ["/orders", "/seller/orders"] {
            let actor = if path == "/orders" { &customer } else { &seller };
            assert_eq!(ids(actor.all(path).await), named(&[4, 3, 2, 1, 0]));
            assert_eq!(ids(actor.all(&format!("{path}?status=paid")).await), named(&[3]));
            assert_eq!(ids(actor.all(&format!("{path}?status=cancelled")).await), named(&[1]));
            assert_eq!(ids(actor.all(&format!("{path}?status=pending_payment")).await), named(&[4, 2, 0]));
            let first = actor.get(&format!("{path}?limit=2")).await.json(200);
            let second = actor.get(&format!("{path}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await.json(200);
            let third = actor.get(&format!("{path}?limit=2&cursor={}", second["next_cursor"].as_str().unwrap())).await.json(200);
            let pages = [first, second, third.clone()].map(|page| ids(page["data"].as_array().unwrap().clone())).concat();
            assert_eq!((pages, &third["next_cursor"]), (named(&[4, 3, 2, 1, 0]), &Value::Null));
            actor.get(&format!("{path}?status=lost")).await.problem(422, "validation-failed");
        }
    }
}
