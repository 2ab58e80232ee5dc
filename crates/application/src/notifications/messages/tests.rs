//! What holds for every mail.

use super::*;
use crate::jobs::SecondFactorChange;
use crate::notifications::letter::Letterhead;
use crate::notifications::ports::Mail;
use crate::payments::ports::PaymentWithCustomer;
use crate::tests::{email, eur, now, order, payment, user, uuid};
use domain::gift_cards::{Delivery, GiftCardCode, SealedSeed};
use domain::identity::Role;
use domain::kernel::{Gift, GiftCardId, UserId};
use domain::orders::{Order, Tender, TenderSource};
use domain::payments::{Payment, Review};
use domain::webhooks::DisableReason;

const LINK: &str = "https://shop.example/reset-password?token=c2VjcmV0LXRva2Vu";
const CODE: &str = "493027";

fn shop() -> Letterhead {
    Letterhead { shop_name: "Maison Carat".to_owned(), public_url: "https://shop.example".to_owned() }
}

fn verified(role: Role) -> User {
    User { name: Some("Ada Lovelace".to_owned()), email_verified_at: Some(now()), ..user(role) }
}

fn code() -> GiftCardCode {
    GiftCardCode::parse("8Q2M-7KX2-4HTN-0WZC-9D3E-RVJB").unwrap()
}

/// A gift card with these words.
fn delivery(words: &str) -> Delivery {
    let gift = Gift {
        recipient_email: email("grace@example.com"),
        recipient_name: Some("Grace".to_owned()),
        sender_name: Some(words.to_owned()),
        message: Some(format!("Happy birthday!\n{words}")),
        deliver_on: None,
    };
    Delivery::plan(GiftCardId::new(uuid(7)), gift, SealedSeed::new(String::new()), None, now())
}

/// Every mail there is, by name, about this person and this order's first line.
fn every_mail(ada: &User, title: &str) -> Vec<(&'static str, Mail)> {
    let (shop, mut order) = (shop(), order());
    for line in &mut order.lines {
        line.title = title.to_owned();
        line.options = [("Size".to_owned(), "52".to_owned())].into_iter().collect();
    }
    let (ada, o) = (&ada.clone(), "occasion");
    let seller = verified(Role::Seller);
    let endpoint = crate::webhooks::tests::endpoint(7, domain::webhooks::Owner::Seller(seller.id));
    let guest_url = "https://shop.example/orders/1?token=order-token";
    let given = crate::refunds::give::tests::refund();
    let looked_at = PaymentWithCustomer {
        payment: Payment { review: Some(Review::open(vec!["large_amount".to_owned()])), ..payment() },
        email: Some(ada.email.clone()),
        order_number: Some(order.number.clone()),
    };
    let sent = crate::payouts::pay_out::tests::made();
    let change = |change| second_factor_changed(&shop, ada, change, o);
    vec![
        ("verification_code", verification_code(&shop, ada, CODE, o)),
        ("email_change_code", email_change_code(&shop, &email("new@example.com"), CODE, o)),
        ("password_reset", password_reset(&shop, ada, LINK, o)),
        ("sign_in_help", sign_in_help(&shop, ada, LINK, o)),
        ("password_changed", password_changed(&shop, ada, o)),
        ("totp_enabled", change(SecondFactorChange::TotpEnabled)),
        ("totp_disabled", change(SecondFactorChange::TotpDisabled)),
        ("passkey_added", change(SecondFactorChange::PasskeyAdded)),
        ("passkey_removed", change(SecondFactorChange::PasskeyRemoved)),
        ("recovery_codes_renewed", change(SecondFactorChange::RecoveryCodesRenewed)),
        ("api_key_created", change(SecondFactorChange::ApiKeyCreated)),
        ("identity_linked", change(SecondFactorChange::IdentityLinked)),
        ("identity_unlinked", change(SecondFactorChange::IdentityUnlinked)),
        ("email_changed", email_changed(&shop, ada, &email("old@example.com"), o)),
        ("account_disabled", account_disabled(&shop, ada, o)),
        ("account_enabled", account_enabled(&shop, ada, o)),
        ("role_changed", role_changed(&shop, ada, o)),
        ("webhook_gone", webhook_disabled(&shop, &seller, &endpoint, DisableReason::Gone, o)),
        ("webhook_failing", webhook_disabled(&shop, &seller, &endpoint, DisableReason::Failing, o)),
        ("account_deleted", account_deleted(&shop, &ada.email, ada.name.as_deref(), o)),
        ("order_confirmation", order_confirmation(&shop, &order, guest_url)),
        ("refunded", refunded(&shop, &order, &given, guest_url)),
        ("refund_failed", refund_failed(&shop, &order, &given, &seller, "https://shop.example/seller/1")),
        ("dispute", dispute(&shop, &order, &given, ada)),
        ("payment_held", payment_held(&shop, &looked_at, &ada.email, guest_url)),
        ("payment_reviewed", payment_reviewed(&shop, &looked_at, &ada.email, guest_url)),
        ("review_request", review_request(&shop, &looked_at, ada)),
        ("payout", payout(&shop, &sent, &seller, false)),
        ("gift_card", gift_card(&shop, &delivery(title), &code(), eur(5_000), Some(now()))),
        (
            "sale_notice",
            sale_notice(&shop, &order, &seller, &order.lines, eur(20_000), "https://shop.example/seller/1"),
        ),
    ]
}

#[test]
fn every_mail_says_who_writes_and_why() {
    for (name, mail) in every_mail(&verified(Role::Customer), "Ring") {
        for form in [&mail.text, &mail.html] {
            assert!(form.contains("You get this mail because"), "{name}");
            assert!(form.contains("Maison Carat"), "{name}");
        }
        assert!(mail.html.contains("<html lang=\"en\">"), "{name}");
        assert!(!mail.subject.is_empty() && mail.subject.chars().count() <= 78, "{name}: {}", mail.subject);
    }
}

#[test]
fn a_confirmation_tells_with_what_was_paid_besides_the_card() {
    let card = TenderSource::GiftCard { id: GiftCardId::new(uuid(7)), last4: "YZ01".to_owned() };
    let balance = TenderSource::Balance(UserId::new(uuid(1)));
    let tenders = vec![Tender { source: card, amount: eur(3_000) }, Tender { source: balance, amount: eur(2_000) }];
    let mail = order_confirmation(&shop(), &Order { tenders, ..order() }, "https://shop.example/orders/1");
    for told in
        ["30.00 EUR with the gift card that ends with YZ01", "20.00 EUR from your balance", "150.00 EUR by card"]
    {
        assert!(mail.text.contains(told) && mail.html.contains(told), "{}", mail.text);
    }
    let mail = order_confirmation(&shop(), &order(), "https://shop.example/orders/1");
    assert!(!mail.text.contains("by card"), "{}", mail.text);
}

#[test]
fn no_mail_loads_anything() {
    for (name, mail) in every_mail(&verified(Role::Customer), "Ring") {
        for loads in ["<img", "<script", "<link", "url(", "@import", "src="] {
            assert!(!mail.html.contains(loads), "{name} has {loads}");
        }
    }
}

#[test]
fn a_reference_holds_no_secret() {
    for (name, mail) in every_mail(&verified(Role::Customer), "Ring") {
        for secret in [CODE, "c2VjcmV0", "order-token", "@"] {
            assert!(!mail.reference.contains(secret), "{name}: {}", mail.reference);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(mail.reference.chars().all(plain), "{name}: {}", mail.reference);
    }
}

#[test]
fn what_people_wrote_is_escaped_in_every_mail() {
    let hostile = "<img src=x onerror=alert(1)>\r\nBcc: evil@example.com";
    let ada = User { name: Some(hostile.to_owned()), ..verified(Role::Customer) };
    for (name, mail) in every_mail(&ada, hostile) {
        assert!(!mail.html.contains("<img"), "{name}");
        assert!(!mail.text.lines().any(|line| line.starts_with("Bcc")), "{name}");
        assert!(!mail.subject.contains(['\r', '\n']), "{name}");
    }
}

#[test]
fn a_strangers_name_is_not_mailed_to_an_address_that_is_not_proven() {
    let spam = User { name: Some("You won at evil.example".to_owned()), ..user(Role::Customer) };
    let mail = verification_code(&shop(), &spam, CODE, "occasion");
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
    assert!(mail.text.contains("Hello,"));
}

/// Each mail as it was looked at in a browser and found good. `INSTA_UPDATE=always` writes them anew.
#[test]
fn mails_look_as_they_did() {
    for (name, mail) in every_mail(&verified(Role::Customer), "Aurore solitaire ring") {
        let Mail { reference, to, subject, text, html } = mail;
        insta::assert_snapshot!(format!("{name}.text"), format!("{reference}\nTo: {to}\nSubject: {subject}\n\n{text}"));
        insta::assert_snapshot!(format!("{name}.html"), html);
    }
}
