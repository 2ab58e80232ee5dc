//! Our captured payments are the gateway's: `carat ledger check --gateway` reads Stripe's books, and says what it found or that
//! it could not.

use crate::harness::stripe::on_both_databases_with_stripe;
use crate::harness::{Actor, Placed, Shop, on_both_databases, unique};
use serde_json::json;
use testkit::StripePeer;
use testkit::stripe_peer::{Call, Mood};

/// How the check ends, its line about the gateway's books, and what it says at the end.
fn checked(shop: &Shop, more: &[&str]) -> (Option<i32>, String, String) {
    let output = shop.command(&[&["ledger", "check"], more].concat());
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = words.lines().find(|line| line.starts_with("12 ")).unwrap_or_default().to_owned();
    (output.status.code(), line, String::from_utf8_lossy(&output.stderr).into_owned())
}

async fn pays_at_stripe(shop: &Shop, stripe: &StripePeer, customer: &Actor, variant: &str) -> Placed {
    let order = customer.orders(variant, 1).await;
    assert!(stripe.pays(order.session()));
    for event in stripe.events_about(order.session()) {
        shop.hears(&event).await;
    }
    customer.wait_until_paid(&order).await;
    order
}

on_both_databases_with_stripe! {
    async fn p12_stripes_books_are_read_when_they_are_asked_for(shop: Shop, stripe: StripePeer) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let first = pays_at_stripe(&shop, &stripe, &customer, &ring.variant).await;
        let second = pays_at_stripe(&shop, &stripe, &customer, &ring.variant).await;
        let refunds = format!("/seller/orders/{}/refunds", second.id);
        let wish = json!({"amount": {"amount": 999, "currency": "EUR"}});
        seller.json("POST", &refunds, &[("idempotency-key", &unique("key"))], &wish).await.json(201);
        shop.outbox_is_drained().await;
        assert_eq!(stripe.refunds().len(), 1);

        let listed = || stripe.asked().iter().filter(|asked| asked.line.starts_with("GET /v1/payment_intents?")).count();
        let (code, line, _) = checked(&shop, &[]);
        assert_eq!((code, listed()), (Some(0), 0));
        assert!(line.contains("untold") && line.ends_with("it was not asked; `carat ledger check --gateway` asks it"), "{line}");
        let (code, line, said) = checked(&shop, &["--gateway"]);
        assert_eq!((code, listed()), (Some(0), 1), "{line}{said}");
        assert_eq!(line, "12 holds   our captured payments are the gateway's (2 of stripe's payments)");

        stripe.gives_back_by_hand(first.session(), 500);
        let payment = first.order["payment"]["id"].as_str().unwrap();
        let (code, line, said) = checked(&shop, &["--gateway"]);
        assert_eq!(code, Some(1));
        assert!(line.contains(&format!("BROKEN  our captured payments are the gateway's: payment {payment}: stripe has given back 5.00 EUR")), "{line}");
        assert!(said.contains("the ledger is not sound"), "{said}");
        stripe.has_taken(first.session(), 1);
        assert!(checked(&shop, &["--gateway"]).1.contains("stripe has taken 0.01 EUR"));
        stripe.forgets(first.session());
        assert!(checked(&shop, &["--gateway"]).1.ends_with(&format!("payment {payment}: stripe has not taken its 129.99 EUR")));
    }

    async fn p12_money_that_stripe_took_for_a_payment_we_do_not_know_is_found(shop: Shop, stripe: StripePeer) {
        let unknown = uuid::Uuid::now_v7().to_string();
        stripe.takes(None, 500, "eur");
        assert_eq!(checked(&shop, &["--gateway"]).0, Some(0));
        stripe.takes(Some(&unknown), 500, "eur");
        let (code, line, _) = checked(&shop, &["--gateway"]);
        assert_eq!(code, Some(1));
        assert!(line.contains("BROKEN") && line.contains(&unknown), "{line}");
        assert_eq!(checked(&shop, &[]).0, Some(0), "nobody asked");
    }

    async fn p12_a_stripe_that_is_away_is_said_to_be_and_never_to_agree(shop: Shop, stripe: StripePeer) {
        for _ in 0..120 {
            stripe.takes(None, 500, "eur");
        }
        for (good, mood) in [(0, Mood::Down(503)), (0, Mood::HangsUpBefore), (1, Mood::HangsUpBefore), (1, Mood::Down(503))] {
            for _ in 0..good {
                stripe.next(Call::List, Mood::Obliging);
            }
            stripe.next(Call::List, mood);
            let (code, line, said) = checked(&shop, &["--gateway"]);
            assert_eq!(code, Some(1), "{mood:?}: {line}");
            assert!(line.contains("FAILED  our captured payments are the gateway's: after 0 of its payments stripe told no more"), "{line}");
            assert!(said.contains("the gateway did not tell all"), "{said}");
        }
        assert_eq!(checked(&shop, &["--gateway"]).0, Some(0));
    }
}

on_both_databases! {
    async fn p12_the_sandbox_is_always_asked(shop: Shop) {
        let (seller, customer) = (shop.seller().await, shop.customer().await);
        let ring = seller.puts_on_sale("Ring", 12_999, 5).await;
        let order = customer.orders(&ring.variant, 1).await;
        customer.pays(&order, "succeed").await.is(303);
        customer.wait_until_paid(&order).await;
        let (code, line, _) = checked(&shop, &[]);
        assert_eq!((code, line.as_str()), (Some(0), "12 holds   our captured payments are the gateway's (1 of sandbox's payments)"));
        shop.database().await.execute("UPDATE sandbox_sessions SET amount = 1").await.unwrap();
        let (code, line, _) = checked(&shop, &[]);
        assert_eq!(code, Some(1));
        assert!(line.contains("sandbox has taken 0.01 EUR"), "{line}");
    }
}
