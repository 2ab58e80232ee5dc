//! What the shop accepts of a device, and what it does not.
#![allow(clippy::unwrap_used, reason = "tests may fail loudly")]

use application::identity::ports::{BegunPasskey, NewPasskey, PasskeyCeremonies, PasskeyFailed, PasskeyRefused};
use domain::identity::{PasskeyMaterial, User};
use infrastructure::crypto::WebauthnPasskeys;
use serde_json::{Value, json};
use std::sync::LazyLock;
use testkit::authenticator::{Authenticator, SoftPasskey};
use testkit::builders::a_user;

const SHOP: &str = "https://shop.example";

fn shop() -> WebauthnPasskeys {
    WebauthnPasskeys::new("Carat", SHOP).unwrap()
}

fn honest() -> Authenticator {
    Authenticator::at(SHOP)
}

static ADA: LazyLock<User> = LazyLock::new(a_user);

/// A registered key, on the device and in the shop.
fn registered(shop: &WebauthnPasskeys) -> (SoftPasskey, NewPasskey) {
    let begun = shop.begin_registration(&ADA, &[]).unwrap();
    let (device, answer) = honest().create(&begun.options);
    (device, shop.finish_registration(&begun.state, &answer).unwrap())
}

fn sign_in(device: &Authenticator) -> Result<PasskeyMaterial, PasskeyRefused> {
    let shop = shop();
    let (mut key, kept) = registered(&shop);
    let begun = shop.begin_sign_in(&[]).unwrap();
    let answer = device.get(&mut key, &begun.options);
    shop.finish_sign_in(&begun.state, &answer, &kept.material)
}

#[test]
fn a_key_is_made_discoverable_and_for_verified_users_only() {
    let shop = shop();
    let (_, kept) = registered(&shop);
    let BegunPasskey { options, .. } =
        shop.begin_registration(&ADA, std::slice::from_ref(&kept.credential_id)).unwrap();
    assert_eq!(options["rp"], json!({"name": "Carat", "id": "shop.example"}));
    assert_eq!(options["user"]["name"], ADA.email.as_str());
    let selection = json!({"residentKey": "required", "requireResidentKey": true, "userVerification": "required"});
    assert_eq!(options["authenticatorSelection"], selection);
    assert_eq!(options["excludeCredentials"][0]["id"], kept.credential_id.0.as_str(), "no second key on one device");
    assert_eq!(options["attestation"], "none");
}

#[test]
fn a_key_signs_in_and_its_counter_goes_forward() {
    let shop = shop();
    let (mut device, mut kept) = registered(&shop);
    for _ in 0..2 {
        let begun = shop.begin_sign_in(&[]).unwrap();
        assert_eq!(
            (&begun.options["rpId"], &begun.options["userVerification"]),
            (&json!("shop.example"), &json!("required"))
        );
        assert_eq!(begun.options["allowCredentials"], json!([]));
        let answer = honest().get(&mut device, &begun.options);
        let presented = shop.presented(&answer).unwrap();
        assert_eq!(presented.credential_id, kept.credential_id);
        assert_eq!(presented.user, Some(ADA.id));
        let material = shop.finish_sign_in(&begun.state, &answer, &kept.material).unwrap();
        assert_ne!(material, kept.material, "the counter is kept");
        kept.material = material;
    }
}

#[test]
fn the_keys_that_are_allowed_are_named() {
    let shop = shop();
    let (_, kept) = registered(&shop);
    let begun = shop.begin_sign_in(std::slice::from_ref(&kept.credential_id)).unwrap();
    assert_eq!(begun.options["allowCredentials"], json!([{"type": "public-key", "id": kept.credential_id.0}]));
}

#[test]
fn a_device_that_was_elsewhere_or_asked_otherwise_is_refused() {
    assert!(sign_in(&honest()).is_ok());
    let lies = [
        Authenticator { origin: "https://shop.example.evil".to_owned(), ..honest() },
        Authenticator { origin: "http://shop.example".to_owned(), ..honest() },
        Authenticator { origin: "https://shop.example:8443".to_owned(), ..honest() },
        Authenticator { origin: "https://sub.shop.example".to_owned(), ..honest() },
        Authenticator { rp_id: Some("evil.example".to_owned()), ..honest() },
        Authenticator { challenge: Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()), ..honest() },
        Authenticator { verifies_user: false, ..honest() },
    ];
    for lie in lies {
        assert_eq!(sign_in(&lie), Err(PasskeyRefused::Invalid), "{lie:?}");
    }
}

#[test]
fn a_key_is_not_registered_by_a_device_that_was_elsewhere_or_has_not_verified_its_user() {
    let shop = shop();
    for lie in [
        Authenticator { origin: "https://evil.example".to_owned(), ..honest() },
        Authenticator { rp_id: Some("evil.example".to_owned()), ..honest() },
        Authenticator { challenge: Some("AAAA".to_owned()), ..honest() },
        Authenticator { verifies_user: false, ..honest() },
    ] {
        let begun = shop.begin_registration(&ADA, &[]).unwrap();
        let (_, answer) = lie.create(&begun.options);
        assert_eq!(shop.finish_registration(&begun.state, &answer), Err(PasskeyRefused::Invalid), "{lie:?}");
    }
}

#[test]
fn an_answer_is_good_for_its_own_question_and_key_only() {
    let shop = shop();
    let (mut device, kept) = registered(&shop);
    let (_, other) = registered(&shop);
    let (one, two) = (shop.begin_sign_in(&[]).unwrap(), shop.begin_sign_in(&[]).unwrap());
    let answer = honest().get(&mut device, &one.options);
    assert_eq!(shop.finish_sign_in(&two.state, &answer, &kept.material), Err(PasskeyRefused::Invalid));
    assert_eq!(shop.finish_sign_in(&one.state, &answer, &other.material), Err(PasskeyRefused::Invalid));
    let mut renamed = answer.clone();
    renamed["rawId"] = json!(other.credential_id.0);
    assert_eq!(
        shop.finish_sign_in(&one.state, &renamed, &other.material),
        Err(PasskeyRefused::Invalid),
        "not its signature"
    );
    assert!(shop.finish_sign_in(&one.state, &answer, &kept.material).is_ok());
}

#[test]
fn a_counter_that_goes_back_gives_a_copy_away() {
    let shop = shop();
    let (mut device, kept) = registered(&shop);
    let mut copy = device.clone();
    let sign = |device: &mut SoftPasskey, material: &PasskeyMaterial| {
        let begun = shop.begin_sign_in(&[]).unwrap();
        let answer = honest().get(device, &begun.options);
        shop.finish_sign_in(&begun.state, &answer, material)
    };
    let material = sign(&mut device, &kept.material).unwrap();
    assert_eq!(sign(&mut copy, &material), Err(PasskeyRefused::Cloned));
}

#[test]
fn what_no_device_answers_is_refused() {
    let shop = shop();
    let (_, kept) = registered(&shop);
    let begun = shop.begin_sign_in(&[]).unwrap();
    for nonsense in
        [json!(null), json!({}), json!([]), json!({"id": "x", "rawId": "*", "type": "public-key"}), Value::from(7)]
    {
        assert_eq!(shop.presented(&nonsense), Err(PasskeyRefused::Invalid), "{nonsense}");
        let refused = shop.finish_sign_in(&begun.state, &nonsense, &kept.material);
        assert_eq!(refused, Err(PasskeyRefused::Invalid), "{nonsense}");
        assert_eq!(shop.finish_registration("{}", &nonsense), Err(PasskeyRefused::Invalid), "{nonsense}");
    }
}

#[test]
fn a_loopback_address_stands_for_localhost_at_any_port() {
    let shop = WebauthnPasskeys::new("Carat", "http://127.0.0.1:8000").unwrap();
    let begun = shop.begin_registration(&ADA, &[]).unwrap();
    assert_eq!(begun.options["rp"]["id"], "localhost");
    let (_, answer) = Authenticator::at("http://localhost:5173").create(&begun.options);
    assert!(shop.finish_registration(&begun.state, &answer).is_ok());
}

#[test]
fn a_shop_without_a_name_has_no_passkeys() {
    let shop = WebauthnPasskeys::new("Carat", "https://192.0.2.1").unwrap();
    assert!(matches!(shop.begin_registration(&ADA, &[]), Err(PasskeyFailed::NoDomain)));
    assert!(matches!(shop.begin_sign_in(&[]), Err(PasskeyFailed::NoDomain)));
    assert!(WebauthnPasskeys::new("Carat", "not an address").is_err());
}
