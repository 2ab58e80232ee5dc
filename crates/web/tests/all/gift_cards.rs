//! Gift cards: for admins, and for whoever has a code.

use crate::support::*;
use actix_web::test::TestRequest;
use application::gift_cards::batch_desk::{BatchWish, TellCodesError};
use application::gift_cards::check::CheckGiftCardError;
use application::gift_cards::issue::{IssueWish, IssuedCard};
use application::gift_cards::ports::{CardFilter, Liability};
use application::gift_cards::redeem::RedeemGiftCardError;
use application::gift_cards::send_again::SendAgainError;
use chrono::TimeDelta;
use domain::gift_cards::{CodesRefusal, GiftCardCode, GiftCardStatus, UseRefusal};
use domain::kernel::{EmailAddress, Gift, Page};
use serde_json::{Value, json};

fn post(path: &str, body: &Value) -> TestRequest {
    TestRequest::post().uri(&format!("/api/v1{path}")).set_json(body)
}

fn code() -> Value {
    json!({"code": GIFT_CODE})
}

#[actix_web::test]
async fn anyone_is_told_what_a_code_is_worth() {
    let mut doubles = Doubles::default();
    doubles
        .check_gift_cards
        .expect_check()
        .withf(|code, _| code == GIFT_CODE)
        .times(1)
        .returning(|_, _| Ok(gift_card()));
    let answer = ask(&doubles.site(), post("/gift-cards/check", &code())).await;
    let worth = json!({"value": {"amount": 5000, "currency": "EUR"}, "balance": {"amount": 3000, "currency": "EUR"},
        "status": "active", "expires_at": null});
    assert_eq!((answer.status.as_u16(), answer.json()), (200, worth));
}

#[actix_web::test]
async fn who_tries_too_many_codes_is_told_when_to_come_back() {
    let mut doubles = Doubles::default();
    let until = now() + TimeDelta::milliseconds(41_500);
    let refused = move |_: &str, _: &_| Err(CheckGiftCardError::TooManyAttempts { until });
    doubles.check_gift_cards.expect_check().returning(refused);
    let answer = ask(&doubles.site(), post("/gift-cards/check", &code())).await;
    assert_eq!(answer.header("retry-after"), "42");
    assert_eq!(answer.problem(), (429, "too-many-attempts".to_owned()));
}

#[actix_web::test]
async fn each_reason_not_to_redeem_is_its_own_problem() {
    for (refusal, problem) in [
        (RedeemGiftCardError::NotFound, (404, "gift-card-not-found")),
        (RedeemGiftCardError::Refused(UseRefusal::Redeemed), (409, "gift-card-already-redeemed")),
        (RedeemGiftCardError::Refused(UseRefusal::Expired), (410, "gift-card-expired")),
        (RedeemGiftCardError::Refused(UseRefusal::Disabled), (410, "gift-card-disabled")),
        (RedeemGiftCardError::TooManyAttempts { until: now() }, (429, "too-many-attempts")),
    ] {
        let mut doubles = Doubles::default();
        doubles.redeem_gift_cards.expect_redeem().return_once(|_, _, _| Err(refusal));
        let answer = ask(&doubles.site(), post("/gift-cards/redeem", &code()).by("customer")).await;
        assert_eq!(answer.problem(), (problem.0, problem.1.to_owned()));
    }
}

#[actix_web::test]
async fn new_cards_come_with_their_codes() {
    let mut doubles = Doubles::default();
    doubles.issue_gift_cards.expect_issue().times(1).returning(|_, wish, _| {
        let expected = IssueWish {
            value: eur(5_000),
            quantity: 2,
            expires_at: None,
            gift: Some(Gift { recipient_email: EmailAddress::parse("a@b.co").unwrap(), ..gift() }),
        };
        assert_eq!(wish, expected);
        Ok(vec![IssuedCard { card: gift_card().card, code: GiftCardCode::parse(GIFT_CODE).unwrap() }])
    });
    let body = json!({"value": {"amount": 5000, "currency": "EUR"}, "quantity": 2, "recipient_email": " A@b.co ",
        "recipient_name": "Grace", "sender_name": "Ada", "message": "Merry Christmas!\r\nYours", "deliver_on": "2027-12-24"});
    let answer = ask(&doubles.site(), post("/gift-cards", &body).by("admin")).await;
    assert_eq!(answer.status.as_u16(), 201);
    let card = &answer.json()["data"][0];
    assert_eq!((&card["code"], &card["last4"]), (&json!(GIFT_CODE), &json!("YZ01")));
    assert_eq!(card["balance"], json!({"amount": 5000, "currency": "EUR"}));
}

#[actix_web::test]
async fn cards_are_asked_for_by_status_and_words() {
    let mut doubles = Doubles::default();
    doubles.look_after_gift_cards.expect_list().times(1).returning(|_, filter, _| {
        let wanted = CardFilter { status: Some(GiftCardStatus::Redeemed), text: Some("YZ01".to_owned()), batch: None };
        assert_eq!(*filter, wanted);
        Ok(Page { data: vec![gift_card()], next: None })
    });
    let site = doubles.site();
    let answer = ask(&site, get("/api/v1/gift-cards?status=redeemed&q=YZ01").by("admin")).await;
    assert_eq!(answer.json()["data"][0]["id"], json!(id(40)));
    assert_eq!(answer.json()["data"][0].get("code"), None);
    let wrong = ask(&site, get("/api/v1/gift-cards?status=lost").by("admin")).await;
    assert_eq!(wrong.problem(), (422, "validation-failed".to_owned()));
}

#[actix_web::test]
async fn a_card_is_disabled_by_its_status() {
    let mut doubles = Doubles::default();
    doubles.look_after_gift_cards.expect_set_usable().times(1).returning(|_, card, usable, _| {
        assert_eq!((card.uuid(), usable), (id(40), false));
        Ok(None)
    });
    let path = format!("/api/v1/gift-cards/{}", id(40));
    let request = TestRequest::patch().uri(&path).set_json(json!({"status": "disabled"})).by("admin");
    let answer = ask(&doubles.site(), request).await;
    assert_eq!(answer.problem(), (404, "gift-card-not-found".to_owned()));
}

#[actix_web::test]
async fn the_liability_has_a_line_for_each_currency() {
    let mut doubles = Doubles::default();
    let owed = |_: &_| Ok(vec![Liability { cards: 2, outstanding: eur(700) }]);
    doubles.look_after_gift_cards.expect_liabilities().times(1).returning(owed);
    let answer = ask(&doubles.site(), get("/api/v1/gift-cards/liability").by("admin")).await;
    let line = json!({"cards": 2, "outstanding": {"amount": 700, "currency": "EUR"}});
    assert_eq!(answer.json(), json!({"data": [line], "next_cursor": null}));
}

#[actix_web::test]
async fn a_batch_is_ordered_and_told_where_it_is() {
    let mut doubles = Doubles::default();
    doubles.look_after_batches.expect_order().times(1).returning(|_, wish, _| {
        let expected =
            BatchWish { value: eur(5_000), quantity: 10_000, expires_at: None, note: Some("Fair".to_owned()) };
        assert_eq!(wish, expected);
        Ok(gift_card_batch())
    });
    let site = doubles.site();
    let body = json!({"value": {"amount": 5000, "currency": "EUR"}, "quantity": 10_000, "note": " Fair "});
    let answer = ask(&site, post("/gift-cards/batches", &body).by("admin")).await;
    assert_eq!(answer.status.as_u16(), 202);
    assert_eq!(answer.header("location"), format!("/api/v1/gift-cards/batches/{}", id(45)));
    let told = answer.json();
    assert_eq!((&told["quantity"], &told["issued"], &told["status"]), (&json!(1), &json!(1), &json!("ready")));
    assert_eq!((told.get("seed"), told.get("codes")), (None, None));
    let too_many = json!({"value": {"amount": 5000, "currency": "EUR"}, "quantity": 10_001});
    let refused = ask(&site, post("/gift-cards/batches", &too_many).by("admin")).await;
    assert_eq!(refused.problem(), (422, "validation-failed".to_owned()));
}

#[actix_web::test]
async fn the_codes_of_a_batch_are_a_file_that_nobody_keeps() {
    let mut doubles = Doubles::default();
    doubles.look_after_batches.expect_tell_codes().times(1).returning(|_, _, _| Ok(batch_codes()));
    let path = format!("/gift-cards/batches/{}/codes", id(45));
    let answer = ask(&doubles.site(), TestRequest::post().uri(&format!("/api/v1{path}")).by("admin")).await;
    assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"));
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let file = format!("code,value,currency,expires_at,gift_card_id\r\n{GIFT_CODE},50.00,EUR,,{}\r\n", id(40));
    assert_eq!(String::from_utf8(answer.body.to_vec()).unwrap(), file);
}

#[actix_web::test]
async fn each_reason_not_to_tell_codes_is_its_own_problem() {
    for (refusal, problem) in [
        (TellCodesError::NotFound, (404, "gift-card-batch-not-found")),
        (TellCodesError::Refused(CodesRefusal::NotReady), (409, "gift-card-batch-not-ready")),
        (TellCodesError::Refused(CodesRefusal::Downloaded), (410, "codes-already-downloaded")),
        (TellCodesError::Refused(CodesRefusal::Lapsed), (410, "codes-lapsed")),
        (TellCodesError::OtherKey, (500, "internal-error")),
    ] {
        let mut doubles = Doubles::default();
        doubles.look_after_batches.expect_tell_codes().return_once(|_, _, _| Err(refusal));
        let path = format!("/api/v1/gift-cards/batches/{}/codes", id(45));
        let answer = ask(&doubles.site(), TestRequest::post().uri(&path).by("admin")).await;
        assert_eq!(answer.problem(), (problem.0, problem.1.to_owned()));
    }
}

#[actix_web::test]
async fn words_that_are_for_nobody_or_not_to_be_seen_are_refused() {
    let site = Doubles::default().site();
    let value = json!({"amount": 5000, "currency": "EUR"});
    for (field, words) in [
        ("recipient_email", json!({"value": value, "message": "Hello"})),
        ("recipient_email", json!({"value": value, "deliver_on": "2027-12-24"})),
        ("message", json!({"value": value, "recipient_email": "a@b.co", "message": "a\u{202e}b"})),
        ("message", json!({"value": value, "recipient_email": "a@b.co", "message": "a".repeat(501)})),
        ("sender_name", json!({"value": value, "recipient_email": "a@b.co", "sender_name": "A\nB"})),
    ] {
        let refused = ask(&site, post("/gift-cards", &words).by("admin")).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert_eq!(refused.json()["errors"][0]["pointer"], format!("/{field}"));
    }
}

#[actix_web::test]
async fn how_the_mail_with_a_card_stands_tells_no_code() {
    let mut doubles = Doubles::default();
    doubles.send_gift_cards_again.expect_find().times(1).returning(|_, _| Ok(Some(gift_delivery())));
    doubles.send_gift_cards_again.expect_send_again().times(1).returning(|_, card, to, _| {
        assert_eq!((card.uuid(), to.as_str()), (id(40), "b@example.com"));
        Err(SendAgainError::Refused(UseRefusal::Redeemed))
    });
    let site = doubles.site();
    let path = format!("/api/v1/gift-cards/{}/delivery", id(40));
    let told = ask(&site, get(&path).by("admin")).await.json();
    let delivery = json!({"gift_card_id": id(40), "recipient_email": "grace@example.com", "recipient_name": "Grace",
        "sender_name": "Ada", "message": "Merry Christmas!\nYours", "deliver_on": "2027-12-24", "status": "scheduled",
        "send_at": "2027-12-24T08:00:00Z", "sent_at": null});
    assert_eq!(told, delivery);
    let again = TestRequest::post().uri(&path).set_json(json!({"recipient_email": "b@example.com"})).by("admin");
    assert_eq!(ask(&site, again).await.problem(), (409, "gift-card-already-redeemed".to_owned()));
}
