//! The ledger from outside: what people see of their money, and that a check proves that all of it adds up.

use crate::harness::selling::euros;
use crate::harness::{on_both_databases, unique};
use serde_json::{Value, json};
use std::process::Output;

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The kinds and amounts of movements.
fn moved(movements: &[Value]) -> Vec<(&str, i64)> {
    let seen = |movement: &'_ Value| movement["amount"]["amount"].as_i64().unwrap();
    movements.iter().map(|movement| (movement["kind"].as_str().unwrap(), seen(movement))).collect()
}

on_both_databases! {
    async fn p02_people_see_what_moved_to_and_from_themselves_alone(shop: Shop) {
        let (seller, customer, other) = (shop.seller().await, shop.customer().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        assert_eq!(customer.get("/users/me/balance").await.json(200), json!({"data": []}));
        assert_eq!(customer.get("/transactions").await.json(200), json!({"data": [], "next_cursor": null}));
        let order = customer.orders(&ring.variant, 2).await;
        assert!(customer.all("/transactions").await.is_empty(), "nothing has moved yet");
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;

        let paid = customer.all("/transactions").await;
        assert_eq!(moved(&paid), [("order_paid", -25_998)]);
        assert_eq!((&paid[0]["order_id"], &paid[0]["amount"]), (&json!(order.id), &euros(-25_998)));
        assert_eq!((&paid[0]["payment_id"], &paid[0]["balance_after"]), (&order.order["payment"]["id"], &json!(null)));
        let earned = seller.all("/transactions").await;
        assert_eq!(moved(&earned), [("order_paid", 25_998)]);
        assert!(other.all("/transactions").await.is_empty());
        assert!(customer.all("/transactions?kind=top_up").await.is_empty());
        assert_eq!(customer.all("/transactions?kind=order_paid&from=2026-01-01").await, paid);
        assert!(customer.all("/transactions?to=2026-01-01").await.is_empty());

        let file = customer.get("/transactions.csv").await.is(200);
        assert!(file.header("content-type").unwrap().starts_with("text/csv"));
        let text = file.text();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains("order_paid,-259.98,EUR,") && text.contains(&order.id), "{text}");
        assert_eq!(other.get("/transactions.csv").await.is(200).text().lines().count(), 1);
        for path in ["/transactions", "/transactions.csv", "/users/me/balance"] {
            shop.guest().get(path).await.problem(401, "unauthorized");
        }
    }

    async fn p02_movements_are_read_page_by_page(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 100, 9).await;
        for _ in 0..3 {
            let order = customer.orders(&ring.variant, 1).await;
            customer.pays(&order, "succeed").await.is(303);
            customer.wait_until_paid(&order).await;
        }
        let first = customer.get("/transactions?limit=2").await.json(200);
        assert_eq!(first["data"].as_array().unwrap().len(), 2);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = customer.get(&format!("/transactions?limit=2&cursor={cursor}")).await.json(200);
        assert_eq!((second["data"].as_array().unwrap().len(), &second["next_cursor"]), (1, &json!(null)));
        assert_eq!(customer.all("/transactions").await.len(), 3);
    }

    async fn p05_every_order_that_is_paid_is_in_the_ledger_and_a_check_proves_it(shop: Shop) {
        let (one, two, customer, guest) = (shop.seller().await, shop.seller().await, shop.customer().await, shop.guest());
        let ring = one.puts_on_sale(&unique("Ring"), 12_999, 9).await;
        let pin = two.puts_on_sale(&unique("Pin"), 3_333, 9).await;
        let cart = customer.cart_with(&ring.variant, 1).await;
        customer.adds(&cart, &pin.variant, 2).await.json(201);
        let both = crate::harness::Placed::from(&customer.checks_out(&cart, &unique("key")).await.json(201));
        customer.pays(&both, "succeed").await.is(303);
        customer.wait_until_paid(&both).await;
        let guests = guest.orders(&pin.variant, 1).await;
        guest.pays(&guests, "succeed").await.is(303);
        guest.wait_until_paid(&guests).await;
        let declined = guest.orders(&pin.variant, 1).await;
        guest.pays(&declined, "decline").await.is(303);
        guest.wait_until(&declined, "cancelled").await;

        assert_eq!(moved(&one.all("/transactions").await), [("order_paid", 12_999)]);
        assert_eq!(moved(&two.all("/transactions").await), [("order_paid", 3_333), ("order_paid", 6_666)]);
        let checked = shop.command(&["ledger", "check"]);
        assert_eq!(checked.status.code(), Some(0), "{}", words(&checked));
        assert!(words(&checked).contains("2 transactions with 5 entries."), "{}", words(&checked));
        assert_eq!(words(&checked).lines().filter(|line| line.contains(" holds ")).count(), 14, "{}", words(&checked));
    }

    async fn p05_a_row_that_is_altered_by_hand_is_found_and_named(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 9).await;
        let order = customer.orders(&ring.variant, 1).await;
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        let database = shop.database().await;
        for (alter, undo) in [
            ("UPDATE ledger_entries SET amount = amount + 1 WHERE amount > 0", "UPDATE ledger_entries SET amount = amount - 1 WHERE amount > 0"),
            ("UPDATE ledger_transactions SET kind = 'payout'", "UPDATE ledger_transactions SET kind = 'order_paid'"),
            ("UPDATE ledger_transactions SET created_at = '2020-01-01 00:00:00+00:00'", ""),
            ("DELETE FROM ledger_entries WHERE amount > 0", ""),
        ] {
            database.execute(alter).await.unwrap();
            let checked = shop.command(&["ledger", "check"]);
            assert_eq!(checked.status.code(), Some(1), "{alter}: {}", words(&checked));
            let named = words(&checked).lines().any(|line| line.contains("BROKEN") && line.contains(&order.id));
            assert!(named, "{alter}: {}", words(&checked));
            if !undo.is_empty() {
                database.execute(undo).await.unwrap();
                assert_eq!(shop.command(&["ledger", "check"]).status.code(), Some(0));
            }
        }
    }

    async fn p05_the_demo_shop_adds_up(shop: Shop) {
        assert!(shop.command(&["seed", "--products", "30", "--orders", "40"]).status.success());
        let checked = shop.command(&["ledger", "check"]);
        assert_eq!(checked.status.code(), Some(0), "{}", words(&checked));
        assert!(words(&checked).contains("40 transactions with "), "{}", words(&checked));
    }
}
