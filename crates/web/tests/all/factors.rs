//! Second factors and passkeys: what is handed to the use cases, what is answered, and what is kept of it.

use crate::support::*;
use actix_web::test::TestRequest;
use application::identity::passkey_sign_in::{PasskeySignInError, WhyPasskey};
use application::identity::passkeys::PasskeyError;
use application::identity::ports::{PasskeyFailed, SecondFactor};
use application::identity::recovery_codes::RenewError;
use application::identity::second_factor::AnswerError;
use application::identity::sign_in::{LogIn, SecondFactorChallenge};
use application::identity::totp::TotpError;
use chrono::TimeDelta;
use serde_json::json;

fn answer_challenge() -> TestRequest {
    post("/api/v1/auth/login/second-factor", &json!({"challenge": "c", "code": " 123456 "}))
}

#[actix_web::test]
async fn a_login_that_wants_a_second_factor_hands_out_a_challenge_and_no_token() {
    let mut doubles = Doubles::default();
    doubles.sign_in.expect_log_in().returning(|_, _, _| {
        let methods = vec![SecondFactor::Totp, SecondFactor::RecoveryCode, SecondFactor::Passkey];
        let expires_at = now() + TimeDelta::minutes(5);
        Ok(LogIn::SecondFactor(SecondFactorChallenge { token: "c".to_owned(), methods, expires_at }))
    });
    let answer = ask(&doubles.site(), post("/api/v1/auth/login", &json!({"email": "a@b.co", "password": "x"}))).await;
    let methods = json!(["totp", "recovery_code", "passkey"]);
    let asked = json!({"second_factor": {"challenge": "c", "methods": methods, "expires_in": 300}});
    assert_eq!((answer.status.as_u16(), answer.json()), (200, asked));
    assert!(!answer.headers.contains_key("set-cookie"));
}

#[actix_web::test]
async fn the_right_code_signs_in() {
    let mut doubles = Doubles::default();
    doubles
        .answer_challenges
        .expect_answer()
        .withf(|challenge, code, _| (challenge, code) == ("c", "123456"))
        .times(1)
        .returning(|_, _, _| Ok(signed_in()));
    let answer = ask(&doubles.site(), answer_challenge()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.json()["access_token"].is_string() && answer.headers.contains_key("set-cookie"));
}

#[actix_web::test]
async fn each_refusal_of_a_second_factor_has_its_problem() {
    type Refusal = fn() -> AnswerError;
    let cases: [(Refusal, u16, &str); 3] = [
        (|| AnswerError::Wrong, 401, "second-factor-invalid"),
        (|| AnswerError::Expired, 410, "challenge-expired"),
        (|| AnswerError::Locked { until: now() + TimeDelta::seconds(9) }, 423, "login-locked"),
    ];
    for (refusal, status, code) in cases {
        let mut doubles = Doubles::default();
        doubles.answer_challenges.expect_answer().returning(move |_, _, _| Err(refusal()));
        let answer = ask(&doubles.site(), answer_challenge()).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
        assert_eq!(answer.headers.contains_key("retry-after"), status == 423);
    }
}

#[actix_web::test]
async fn a_passkey_is_asked_for_by_three_reasons() {
    let cases = [
        (json!({}), None, "sign in"),
        (json!({"second_factor": "c"}), None, "complete c"),
        (json!({"purpose": "step_up"}), Some("customer"), "prove"),
    ];
    for (body, token, reason) in cases {
        let mut doubles = Doubles::default();
        let told = |why: &WhyPasskey| match why {
            WhyPasskey::SignIn => "sign in".to_owned(),
            WhyPasskey::SecondFactor(challenge) => format!("complete {challenge}"),
            WhyPasskey::StepUp(_) => "prove".to_owned(),
        };
        doubles
            .passkey_sign_in
            .expect_ask()
            .withf(move |why| told(why) == reason)
            .returning(|_| Ok(passkey_question()));
        let request = post("/api/v1/auth/passkey/options", &body);
        let answer = ask(
            &doubles.site(),
            token.map_or_else(|| post("/api/v1/auth/passkey/options", &body), |token| request.by(token)),
        )
        .await;
        assert_eq!(answer.json(), json!({"challenge": "c", "options": {"challenge": "AAAA"}}), "{reason}");
    }
}

#[actix_web::test]
async fn a_guest_proves_nothing_anew_and_two_reasons_are_one_too_many() {
    let site = Doubles::default().site();
    let answer = ask(&site, post("/api/v1/auth/passkey/options", &json!({"purpose": "step_up"}))).await;
    assert_eq!(answer.problem(), (401, "unauthorized".to_owned()));
    let both = json!({"purpose": "step_up", "second_factor": "c"});
    let answer = ask(&site, post("/api/v1/auth/passkey/options", &both).by("customer")).await;
    assert_eq!(answer.problem(), (422, "validation-failed".to_owned()));
}

#[actix_web::test]
async fn each_refusal_of_a_passkey_has_its_problem() {
    type Refusal = fn() -> PasskeySignInError;
    let cases: [(Refusal, u16, &str); 3] = [
        (|| PasskeySignInError::Refused, 401, "passkey-invalid"),
        (|| PasskeySignInError::Expired, 410, "challenge-expired"),
        (|| PasskeySignInError::Failed(PasskeyFailed::NoDomain), 409, "passkeys-unavailable"),
    ];
    for (refusal, status, code) in cases {
        let mut doubles = Doubles::default();
        doubles.passkey_sign_in.expect_answer().returning(move |_, _, _, _| Err(refusal()));
        let answer =
            ask(&doubles.site(), post("/api/v1/auth/passkey", &json!({"challenge": "c", "credential": {}}))).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
    type Unmade = fn() -> PasskeyError;
    let cases: [(Unmade, u16, &str); 4] = [
        (|| PasskeyError::Refused, 422, "passkey-refused"),
        (|| PasskeyError::Expired, 410, "challenge-expired"),
        (|| PasskeyError::Taken, 409, "passkey-taken"),
        (|| PasskeyError::TooMany, 409, "too-many-passkeys"),
    ];
    for (refusal, status, code) in cases {
        let mut doubles = Doubles::default();
        doubles.keep_passkeys.expect_add().returning(move |_, _, _, _| Err(refusal()));
        let body = json!({"challenge": "c", "name": "Laptop", "credential": {}});
        let answer = ask(&doubles.site(), post("/api/v1/users/me/passkeys", &body).by("customer")).await;
        assert_eq!(answer.problem(), (status, code.to_owned()));
    }
}

#[actix_web::test]
async fn each_refusal_of_an_app_has_its_problem() {
    type Refusal = fn() -> TotpError;
    let cases: [(Refusal, u16, &str); 4] = [
        (|| TotpError::WrongCode, 422, "totp-code-invalid"),
        (|| TotpError::NotStarted, 409, "totp-not-started"),
        (|| TotpError::AlreadyEnabled, 409, "totp-already-enabled"),
        (|| TotpError::Locked { until: now() }, 423, "login-locked"),
    ];
    for (refusal, status, code) in cases {
        let mut doubles = Doubles::default();
        doubles.keep_totp.expect_confirm().returning(move |_, _| Err(refusal()));
        let request = post("/api/v1/users/me/totp/confirm", &json!({"code": "123456"})).by("customer");
        assert_eq!(ask(&doubles.site(), request).await.problem(), (status, code.to_owned()));
    }
    let mut doubles = Doubles::default();
    doubles.keep_recovery_codes.expect_renew().returning(|_| Err(RenewError::TotpOff));
    let request = TestRequest::post().uri("/api/v1/users/me/recovery-codes").by("customer");
    assert_eq!(ask(&doubles.site(), request).await.problem(), (409, "totp-off".to_owned()));
}

#[actix_web::test]
async fn a_proof_is_a_password_or_a_code() {
    let mut doubles = Doubles::default();
    doubles.step_up.expect_by_code().withf(|_, code| code == "123456").times(1).returning(|_, _| Ok(now()));
    let site = doubles.site();
    let by_code = ask(&site, post("/api/v1/auth/step-up", &json!({"code": "123456"})).by("customer")).await;
    assert_eq!(by_code.status, 200);
    for body in [json!({}), json!({"password": "x", "code": "123456"})] {
        let answer = ask(&site, post("/api/v1/auth/step-up", &body).by("customer")).await;
        assert_eq!(answer.problem(), (422, "validation-failed".to_owned()), "{body}");
    }
}
