//! Money that goes back, statements, and money that sellers are sent.

use crate::support::*;
use application::identity::step_up::ProofMethod;
use application::ledger::statement::{Earnings, StatementWish};
use application::payouts::pay_out::PayOutError;
use application::payouts::ports::Owed;
use application::refunds::give::GiveRefundError;
use application::refunds::top_ups::give::{RefundTopUpCommand, RefundTopUpError};
use chrono::DateTime;
use domain::gift_cards::GiftCard;
use domain::kernel::{Currency, GiftCardId, Money, OrderLineId, UserId};
use domain::ledger::MovementKind;
use domain::orders::{Order, Tender, TenderSource};
use domain::payouts::PayoutRefusal;
use domain::refunds::{Allotment, Refund, RefundRefusal, RefundStatus, RefundTender, RefundWish, TenderKind};
use serde_json::{Value, json};

fn refunds() -> String {
    format!("/api/v1/seller/orders/{}/refunds", id(30))
}

/// Asks a site that gives exactly what is expected.
async fn gives(body: &Value, expected: RefundWish) -> Value {
    let mut doubles = Doubles::default();
    doubles.give_refunds.expect_of_sales().times(1).returning(move |_, command| {
        assert_eq!(command.wish, expected);
        assert!(command.key.ends_with(":key"), "{}", command.key);
        Ok((refund(), order()))
    });
    ask(&doubles.site(), post(&refunds(), body).keyed("key").by("seller")).await.json()
}

#[actix_web::test]
async fn a_seller_gives_back_everything_pieces_or_an_amount() {
    let line = order().lines[0].id;
    let answer = gives(&json!({}), RefundWish::Rest).await;
    let expected = json!({
        "id": id(90), "order_id": id(30), "status": "pending", "amount": {"amount": 10000, "currency": "EUR"},
        "lines": [{"line_id": line.uuid(), "title": order().lines[0].title, "quantity": 1,
            "amount": {"amount": 10000, "currency": "EUR"}}],
        "kept": [], "shipping": {"amount": 0, "currency": "EUR"},
        "to": [{"kind": "card", "amount": {"amount": 10000, "currency": "EUR"}, "last4": null, "status": "pending"}],
        "reason": "too small", "restocked": true, "failure": null, "created_at": "2027-01-15T08:00:00Z",
    });
    assert_eq!(answer, expected);
    let pieces = json!({"lines": [{"line_id": line.uuid(), "quantity": 1}], "restock": true, "reason": " too small "});
    gives(&pieces, RefundWish::Lines(vec![(line, 1)])).await;
    gives(&json!({"amount": {"amount": 5, "currency": "EUR"}}), RefundWish::Amount(eur(5))).await;
}

#[actix_web::test]
async fn what_can_not_be_meant_is_refused_and_a_key_is_needed() {
    let site = Doubles::default().site();
    let line = json!({"line_id": id(1), "quantity": 1});
    let amount = json!({"amount": 5, "currency": "EUR"});
    for body in [
        json!({"lines": [line], "amount": amount}),
        json!({"shipping": true, "amount": amount}),
        json!({"shipping": true}), // admins only
        json!({"lines": []}),
        json!({"lines": [{"line_id": id(1), "quantity": 0}]}),
        json!({"amount": {"amount": 0, "currency": "EUR"}}),
        json!({"amount": {"amount": 5, "currency": "XXY"}}),
        json!({"reason": "a\nb"}),
        json!({"lines": null, "surprise": 1}),
    ] {
        let answer = ask(&site, post(&refunds(), &body).keyed("key").by("seller")).await;
        assert_eq!(answer.problem().0, 422, "{body}");
    }
    let answer = ask(&site, post(&refunds(), &json!({})).by("seller")).await;
    assert_eq!(answer.problem(), (400, "idempotency-key-required".to_owned()));
}

#[actix_web::test]
async fn an_admin_gives_delivery_back_alone_or_with_pieces() {
    let line = order().lines[0].id;
    for (body, wish) in [
        (json!({"shipping": true}), RefundWish::Delivery(vec![])),
        (
            json!({"shipping": true, "lines": [{"line_id": line.uuid(), "quantity": 2}]}),
            RefundWish::Delivery(vec![(line, 2)]),
        ),
    ] {
        let mut doubles = Doubles::default();
        doubles.give_refunds.expect_of_order().times(1).returning(move |_, command| {
            assert_eq!(command.wish, wish);
            Ok((refund(), order()))
        });
        let path = format!("/api/v1/admin/orders/{}/refunds", id(30));
        let answer = ask(&doubles.site(), post(&path, &body).keyed("key").by("admin")).await;
        assert_eq!(answer.status, 201, "{body}");
    }
}

#[actix_web::test]
async fn what_is_left_is_told_where_it_is_too_little() {
    let line = OrderLineId::new(id(7));
    for (refusal, told) in [
        (RefundRefusal::TooMuch { left: eur(5) }, json!({"left": {"amount": 5, "currency": "EUR"}})),
        (RefundRefusal::TooManyPieces { line, left: 2 }, json!({"line_id": id(7), "pieces_left": 2})),
    ] {
        let mut doubles = Doubles::default();
        doubles.give_refunds.expect_of_sales().return_once(move |_, _| Err(GiveRefundError::Refused(refusal)));
        let answer = ask(&doubles.site(), post(&refunds(), &json!({})).keyed("key").by("seller")).await;
        assert_eq!(answer.problem(), (409, "refund-too-large".to_owned()));
        for (name, value) in told.as_object().unwrap() {
            assert_eq!(&answer.json()[name], value);
        }
    }
}

#[actix_web::test]
async fn where_it_goes_is_told_with_the_last_characters_of_a_gift_card() {
    let card = GiftCard { id: GiftCardId::new(id(80)), ..gift_card().card };
    let source = TenderSource::GiftCard { id: card.id, last4: "YZ01".to_owned() };
    let order = Order { tenders: vec![Tender { source, amount: eur(3_000) }], ..order() };
    let to = |position, kind, amount| RefundTender { position, kind, amount: eur(amount) };
    let mixed = Refund {
        status: RefundStatus::Failed,
        failure: Some("expired_or_canceled_card".to_owned()),
        parts: vec![Allotment { line: None, quantity: 0, amount: eur(6_000) }],
        to: vec![
            to(0, TenderKind::GiftCard(card.id), 3_000),
            to(1, TenderKind::Balance(UserId::new(id(1))), 1_000),
            to(2, TenderKind::Card, 2_000),
        ],
        ..refund()
    };
    let mut doubles = Doubles::default();
    doubles.view_refunds.expect_of_order().return_once(move |_, _| Ok((vec![mixed], order)));
    let path = format!("/api/v1/admin/orders/{}/refunds", id(30));
    let list = ask(&doubles.site(), get(&path).by("admin")).await.json();
    let told = &list["data"][0];
    let part = |kind: &str, amount: i64, last4: Option<&str>, status: &str| json!({"kind": kind, "amount": {"amount": amount, "currency": "EUR"}, "last4": last4, "status": status});
    let to = json!([
        part("gift_card", 3_000, Some("YZ01"), "succeeded"),
        part("balance", 1_000, None, "succeeded"),
        part("card", 2_000, None, "failed"),
    ]);
    assert_eq!((&told["to"], &told["failure"]), (&to, &json!("expired_or_canceled_card")));
    assert_eq!((&told["lines"], &told["shipping"]["amount"]), (&json!([]), &json!(6_000)));
    assert_eq!(list["next_cursor"], json!(null));
}

#[actix_web::test]
async fn a_statement_says_what_moved_and_what_was_owed_before_and_after() {
    let mut doubles = Doubles::default();
    doubles.view_statements.expect_statement().times(1).returning(|_, wish, page| {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let (from, to) = (Some(at("2026-11-01T00:00:00Z")), Some(at("2026-12-01T00:00:00Z")));
        assert_eq!(*wish, StatementWish { currency: Some(Currency::EUR), from, to });
        assert_eq!(page.limit.rows(), 2);
        Ok(statement())
    });
    let path = "/api/v1/seller/statement?currency=EUR&from=2026-11-01&to=2026-11-30&limit=2";
    let answer = ask(&doubles.site(), get(path).by("seller")).await.json();
    let line = json!({
        "id": id(92), "kind": "order_paid", "amount": {"amount": 12674, "currency": "EUR"},
        "fee": {"amount": 325, "currency": "EUR"}, "balance_after": {"amount": 12674, "currency": "EUR"},
        "order_id": id(30), "order_number": "CR-1", "payout_id": null, "created_at": "2027-01-15T08:00:00Z",
    });
    let nothing = json!({"amount": 0, "currency": "EUR"});
    let closing = json!({"amount": 12674, "currency": "EUR"});
    assert_eq!(answer, json!({"data": [line], "opening": nothing, "closing": closing, "next_cursor": null}));
    let site = Doubles::default().site();
    for wrong in ["currency=XXY", "from=soon", "to=2026-13-01", "limit=0"] {
        let answer = ask(&site, get(&format!("/api/v1/seller/statement?{wrong}")).by("seller")).await;
        assert_eq!(answer.problem().0, 422, "{wrong}");
    }
}

#[actix_web::test]
async fn a_statement_is_a_file_too() {
    let mut doubles = Doubles::default();
    doubles.view_statements.expect_statement().returning(|_, _, _| Ok(statement()));
    let answer = ask(&doubles.site(), get("/api/v1/seller/statement.csv").by("seller")).await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"statement.csv\"");
    let header = "id,created_at,kind,amount,currency,fee,balance_after,order_id,order_number,payout_id";
    let line = format!("{},2027-01-15T08:00:00Z,order_paid,126.74,EUR,3.25,126.74,{},CR-1,", id(92), id(30));
    assert_eq!(answer.text(), format!("{header}\r\n{line}\r\n"));
}

#[actix_web::test]
async fn earnings_have_one_line_for_each_currency() {
    let mut doubles = Doubles::default();
    let yen = |amount| Money::new(amount, Currency::parse("JPY").unwrap());
    let all = vec![Earnings { balance: eur(-5), paid_out: eur(100) }, Earnings { balance: yen(7), paid_out: yen(0) }];
    doubles.view_statements.expect_earnings().return_once(move |_| Ok(all));
    let answer = ask(&doubles.site(), get("/api/v1/seller/earnings").by("seller")).await.json();
    let amounts: Vec<_> =
        answer["data"].as_array().unwrap().iter().map(|one| one["balance"]["amount"].clone()).collect();
    assert_eq!(amounts, [json!(-5), json!(7)]);
}

#[actix_web::test]
async fn an_admin_sends_a_seller_what_they_are_owed_and_no_more() {
    let body = json!({"seller_id": id(1), "amount": {"amount": 5_000, "currency": "EUR"}, "reference": " SEPA 7 "});
    let mut doubles = Doubles::default();
    doubles.make_payouts.expect_pay_out().times(1).returning(|_, command, _| {
        assert_eq!((command.amount, command.reference.as_deref()), (eur(5_000), Some("SEPA 7")));
        Ok(payout_view())
    });
    let answer = ask(&doubles.site(), post("/api/v1/admin/payouts", &body).keyed("key").by("admin")).await;
    assert_eq!(answer.status, 201);
    let payout = json!({
        "id": id(91), "seller": {"id": id(1), "shop_name": "Shop"}, "amount": {"amount": 5000, "currency": "EUR"},
        "reference": "SEPA 7", "status": "paid", "created_at": "2027-01-15T08:00:00Z", "failed_at": null,
    });
    assert_eq!(answer.json(), payout);
    let mut doubles = Doubles::default();
    let refusal = PayOutError::Refused(PayoutRefusal::MoreThanOwed(eur(7)));
    doubles.make_payouts.expect_pay_out().return_once(|_, _, _| Err(refusal));
    let answer = ask(&doubles.site(), post("/api/v1/admin/payouts", &body).keyed("key").by("admin")).await;
    assert_eq!(answer.problem(), (409, "payout-too-large".to_owned()));
    assert_eq!(answer.json()["owed"], json!({"amount": 7, "currency": "EUR"}));
}

#[actix_web::test]
async fn an_admin_sees_what_is_owed() {
    let mut doubles = Doubles::default();
    let owed = Owed { seller_id: UserId::new(id(1)), shop_name: "Shop".to_owned(), balance: eur(9) };
    doubles.view_payouts.expect_owed().return_once(move |_| Ok(vec![owed]));
    let answer = ask(&doubles.site(), get("/api/v1/admin/payouts/owed").by("admin")).await.json();
    let line = json!({"seller": {"id": id(1), "shop_name": "Shop"}, "balance": {"amount": 9, "currency": "EUR"}});
    assert_eq!(answer, json!({"data": [line], "next_cursor": null}));
}

#[actix_web::test]
async fn money_that_goes_back_needs_a_fresh_proof_of_admins() {
    let mut doubles = Doubles::default();
    doubles.step_up.expect_methods().returning(|_| Ok(vec![ProofMethod::Password]));
    let site = doubles.site();
    let amount = json!({"seller_id": id(1), "amount": {"amount": 5_000, "currency": "EUR"}});
    for (path, body) in [
        (format!("/api/v1/admin/orders/{}/refunds", id(30)), json!({})),
        ("/api/v1/admin/payouts".to_owned(), amount),
        (format!("/api/v1/admin/payouts/{}/fail", id(91)), json!(null)),
    ] {
        let answer = ask(&site, post(&path, &body).keyed("key").by("admin-of-yesterday")).await;
        assert_eq!(answer.problem(), (403, "fresh-proof-required".to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn each_movement_of_a_seller_has_its_name() {
    for (kind, name) in [
        (MovementKind::RefundFailed, "refund_failed"),
        (MovementKind::Dispute, "dispute"),
        (MovementKind::DisputeWon, "dispute_won"),
        (MovementKind::PayoutFailed, "payout_failed"),
    ] {
        let mut doubles = Doubles::default();
        let mut told = statement();
        told.lines.data[0].kind = kind;
        doubles.view_statements.expect_statement().return_once(move |_, _, _| Ok(told));
        let answer = ask(&doubles.site(), get("/api/v1/seller/statement").by("seller")).await.json();
        assert_eq!(answer["data"][0]["kind"], json!(name));
    }
}

#[actix_web::test]
async fn an_admin_gives_back_what_was_paid_into_a_balance() {
    let path = format!("/api/v1/admin/payments/{}/refunds", id(40));
    let wish = json!({"amount": {"amount": 2000, "currency": "EUR"}, "reason": " asked for "});
    for (body, amount, reason) in [(wish, Some(eur(2_000)), Some("asked for")), (json!({}), None, None)] {
        let mut doubles = Doubles::default();
        doubles.give_top_up_refunds.expect_give().times(1).returning(move |_, command| {
            let RefundTopUpCommand { payment, amount: asked, reason: why, key } = command;
            assert_eq!((payment.uuid(), asked, why.as_deref()), (id(40), amount, reason));
            assert!(key.ends_with(":key"), "{key}");
            Ok(top_up_refund())
        });
        let answer = ask(&doubles.site(), post(&path, &body).keyed("key").by("admin")).await;
        let two_thousand = json!({"amount": 2000, "currency": "EUR"});
        let expected = json!({
            "id": id(92), "payment_id": payment().id.uuid(), "kind": "refund", "status": "pending", "amount": two_thousand,
            "taken": two_thousand, "reason": "asked for", "requested_by": id(2), "failure": null,
            "created_at": "2027-01-15T08:00:00Z",
        });
        assert_eq!((answer.status.as_u16(), answer.json()), (201, expected));
    }
    let mut doubles = Doubles::default();
    doubles.give_top_up_refunds.expect_give().return_once(|_, _| Err(RefundTopUpError::Spent { holds: eur(7) }));
    let refused = ask(&doubles.site(), post(&path, &json!({})).keyed("key").by("admin")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.json()["balance"].clone()),
        (409, json!({"amount": 7, "currency": "EUR"}))
    );
    let unnamed = ask(&Doubles::default().site(), post(&path, &json!({})).by("admin")).await;
    assert_eq!((unnamed.status.as_u16(), unnamed.json()["code"].clone()), (400, json!("idempotency-key-required")));
    for body in [json!({"amount": {"amount": 0, "currency": "EUR"}}), json!({"lines": []})] {
        let answer = ask(&Doubles::default().site(), post(&path, &body).keyed("key").by("admin")).await;
        assert_eq!(answer.status, 422);
    }
}
