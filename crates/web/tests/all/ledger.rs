//! One's own money: the store balance, and what moved.

use crate::support::*;
use application::RepositoryError;
use application::ledger::ports::{Movement, MovementFilter};
use chrono::{DateTime, TimeDelta};
use domain::kernel::{Cursor, GiftCardId, Page};
use domain::ledger::MovementKind;
use serde_json::json;

#[actix_web::test]
async fn the_balance_has_one_amount_for_each_currency() {
    let mut doubles = Doubles::default();
    doubles.view_movements.expect_balances().times(1).returning(|_| Ok(vec![eur(1_250)]));
    let answer = ask(&doubles.site(), get("/api/v1/users/me/balance").by("customer")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({"data": [{"amount": 1250, "currency": "EUR"}]}));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[actix_web::test]
async fn a_movement_says_what_moved_and_what_it_is_about() {
    let mut doubles = Doubles::default();
    let redeemed = Movement {
        kind: MovementKind::GiftCardRedeemed,
        amount: eur(500),
        balance_after: Some(eur(700)),
        order_id: None,
        payment_id: None,
        gift_card_id: Some(GiftCardId::new(id(80))),
        ..movement()
    };
    let page = move || Page { data: vec![movement(), redeemed.clone()], next: None };
    doubles.view_movements.expect_list().times(1).returning(move |_, filter, _| {
        assert_eq!(*filter, MovementFilter::default());
        Ok(page())
    });
    let answer = ask(&doubles.site(), get("/api/v1/transactions").by("customer")).await;
    let at = "2027-01-15T08:00:00Z";
    assert_eq!(
        answer.json(),
        json!({"data": [
            {"id": id(70), "kind": "order_paid", "amount": {"amount": -25998, "currency": "EUR"}, "balance_after": null,
                "payment_id": id(40), "order_id": id(30), "gift_card_id": null, "description": "Order paid by card",
                "created_at": at},
            {"id": id(70), "kind": "gift_card_redeemed", "amount": {"amount": 500, "currency": "EUR"},
                "balance_after": {"amount": 700, "currency": "EUR"}, "payment_id": null, "order_id": null,
                "gift_card_id": id(80), "description": "Gift card redeemed", "created_at": at},
        ], "next_cursor": null})
    );
}

#[actix_web::test]
async fn movements_are_asked_for_by_kind_and_time() {
    let mut doubles = Doubles::default();
    doubles.view_movements.expect_list().times(1).returning(|caller, filter, page| {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let (from, to) = (Some(at("2026-11-01T00:00:00Z")), Some(at("2026-12-01T00:00:00Z")));
        assert_eq!(*filter, MovementFilter { kind: Some(MovementKind::TopUp), from, to });
        assert_eq!((page.limit.rows(), caller.user_id.uuid()), (2, id(1)));
        Ok(Page { data: vec![movement()], next: Some(Cursor { key: "1".to_owned(), id: id(70) }) })
    });
    let query = "/api/v1/transactions?kind=top_up&from=2026-11-01&to=2026-11-30&limit=2";
    let answer = ask(&doubles.site(), get(query).by("customer")).await;
    assert!(answer.json()["next_cursor"].is_string());
}

#[actix_web::test]
async fn all_faults_of_the_query_are_told_at_once() {
    for path in ["/api/v1/transactions", "/api/v1/transactions.csv"] {
        let query = format!("{path}?kind=theft&from=yesterday&to=2026-13-01");
        let answer = ask(&Doubles::default().site(), get(&query).by("customer")).await;
        assert_eq!(answer.problem(), (422, "validation-failed".to_owned()));
        let errors = answer.json()["errors"].clone();
        let told: Vec<_> = errors.as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(told, ["/kind", "/from", "/to"]);
    }
}

#[actix_web::test]
async fn the_file_has_all_pages_with_decimal_amounts() {
    let mut doubles = Doubles::default();
    doubles.view_movements.expect_list().times(2).returning(|_, filter, page| {
        assert_eq!((filter.kind, page.limit.rows()), (Some(MovementKind::OrderPaid), 100));
        let sold = Movement { amount: eur(5), created_at: now() - TimeDelta::days(1), ..movement() };
        Ok(match &page.after {
            None => Page { data: vec![movement()], next: Some(Cursor { key: "1".to_owned(), id: id(70) }) },
            Some(_) => Page { data: vec![sold], next: None },
        })
    });
    let answer = ask(&doubles.site(), get("/api/v1/transactions.csv?kind=order_paid").by("customer")).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"transactions.csv\"");
    let (movement, payment, order) = (id(70), id(40), id(30));
    let lines = [
        "id,created_at,kind,amount,currency,balance_after,payment_id,order_id,gift_card_id,description".to_owned(),
        format!("{movement},2027-01-15T08:00:00Z,order_paid,-259.98,EUR,,{payment},{order},,Order paid by card"),
        format!("{movement},2027-01-14T08:00:00Z,order_paid,0.05,EUR,,{payment},{order},,Sale"),
        String::new(),
    ];
    assert_eq!(answer.text(), lines.join("\r\n"));
}

#[actix_web::test]
async fn a_file_without_movements_has_its_first_line() {
    let mut doubles = Doubles::default();
    doubles.view_movements.expect_list().returning(|_, _, _| Ok(Page { data: vec![], next: None }));
    let answer = ask(&doubles.site(), get("/api/v1/transactions.csv").by("customer")).await;
    assert_eq!(answer.text().lines().count(), 1);
}

#[actix_web::test]
async fn a_database_that_is_away_is_told_before_the_file_begins() {
    let mut doubles = Doubles::default();
    doubles.view_movements.expect_list().returning(|_, _, _| Err(RepositoryError::unavailable("away")));
    let answer = ask(&doubles.site(), get("/api/v1/transactions.csv").by("customer")).await;
    assert_eq!(answer.problem(), (503, "service-unavailable".to_owned()));
}
