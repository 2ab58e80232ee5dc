//! Mail through a mail server, also one that is out of order at first.

use crate::harness::sendgrid_sink::{KEY, SendGridSink};
use crate::harness::shop::PASSWORD;
use crate::harness::smtp_sink::{Delivered, SmtpSink};
use crate::harness::{Engine, Shop, unique, until};
use serde_json::json;
use std::sync::atomic::Ordering;

async fn shop_with(sink: &SmtpSink) -> Shop {
    let settings = [("SMTP_URL", sink.url()), ("MAIL_FROM", "Maison <shop@carat.example>".to_owned())];
    let settings = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    Shop::open_with(Engine::Sqlite, &settings).await
}

async fn registers(shop: &Shop) -> String {
    let email = format!("{}@example.com", unique("ada"));
    shop.guest().post("/auth/register", &json!({"email": email, "password": PASSWORD, "name": "Ada"})).await.json(201);
    email
}

async fn first_mail(sink: &SmtpSink, email: &str) -> Delivered {
    until("the mail arrives", async || sink.mails_to(email).into_iter().next()).await
}

/// The six digits in a mail's subject.
fn code(mail: &Delivered) -> String {
    let subject = mail.data.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("a subject");
    let digits = subject.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6);
    digits.unwrap_or_else(|| panic!("no code in {subject}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_is_handed_to_the_mail_server() {
    let sink = SmtpSink::open().await;
    let shop = shop_with(&sink).await;
    let email = registers(&shop).await;
    let mail = first_mail(&sink, &email).await;
    assert_eq!((mail.from.as_str(), &mail.to), ("shop@carat.example", &vec![email.clone()]));
    let lines: Vec<&str> = mail.data.lines().collect();
    assert!(
        lines.iter().any(|line| line.starts_with("From: ") && line.contains("shop@carat.example")),
        "{}",
        mail.data
    );
    assert!(lines.iter().any(|line| line.starts_with("To: ") && line.contains(&email)), "{}", mail.data);
    assert!(lines.iter().any(|line| line.starts_with("Message-ID: <")), "{}", mail.data);
    assert!(mail.data.contains("text/plain") && mail.data.contains("text/html"), "{}", mail.data);
    let proof = json!({"email": email, "code": code(&mail)});
    shop.guest().post("/auth/verify-email", &proof).await.json(200);
    shop.guest().page("/dev/mail").await.problem(404, "not-found");
    assert_eq!(sink.mails_to(&email).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_arrives_later_when_the_mail_server_is_out_of_order() {
    let sink = SmtpSink::that_refuses_at_first(2).await;
    let shop = shop_with(&sink).await;
    let email = registers(&shop).await;
    let mail = first_mail(&sink, &email).await;
    assert_eq!(sink.refused.load(Ordering::SeqCst), 2, "it was turned away twice");
    let proof = json!({"email": email, "code": code(&mail)});
    shop.guest().post("/auth/verify-email", &proof).await.json(200);
    assert_eq!(sink.mails_to(&email).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_a_mail_server_that_is_away() {
    let shop = Shop::open_with(Engine::Sqlite, &[("SMTP_URL", "smtp://127.0.0.1:1")]).await;
    let begun = tokio::time::Instant::now();
    let email = registers(&shop).await;
    shop.guest().logs_in(&email, PASSWORD).await.json(200);
    assert!(begun.elapsed() < std::time::Duration::from_secs(5), "{:?}", begun.elapsed());
    shop.guest().page("/health/ready").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_goes_through_sendgrid_and_no_secret_of_it_into_the_log() {
    let sink = SendGridSink::that_fails_at_first(1).await;
    let base = sink.base();
    let settings = [
        ("SENDGRID_API_KEY", KEY),
        ("CARAT__MAIL__SENDGRID_API_BASE", &base),
        ("MAIL_FROM", "Maison <shop@carat.example>"),
        ("CARAT__LOG__FILTER", "debug"),
    ];
    let shop = Shop::open_with(Engine::Sqlite, &settings).await;
    let email = registers(&shop).await;
    let mail = until("the mail arrives", async || sink.mails_to(&email).into_iter().next()).await;
    let subject = mail["subject"].as_str().expect("a subject");
    let code = subject.split(' ').next().expect("the code");
    assert_eq!(mail["from"], json!({"email": "shop@carat.example", "name": "Maison"}));
    assert_eq!(mail["tracking_settings"]["click_tracking"]["enable"], false);
    assert!(!mail["personalizations"][0]["custom_args"].to_string().contains(code), "the reference holds the code");
    assert!(!mail["headers"].to_string().contains(code), "a header holds the code");
    shop.guest().page("/dev/mail").await.problem(404, "not-found");
    shop.guest().post("/auth/verify-email", &json!({"email": email, "code": code})).await.json(200);
    assert_eq!(sink.mails_to(&email).len(), 1);
    let log = shop.log();
    assert!(log.contains("a job will be tried again") && log.contains("SendGrid answered 500"), "{log}");
    for secret in [code, subject, KEY] {
        assert!(!log.contains(secret), "the log has {secret}:\n{log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_ways_for_mail_stop_the_start() {
    let settings = [("SENDGRID_API_KEY", KEY), ("SMTP_URL", "smtp://127.0.0.1:1")];
    let shop = Shop::closed(Engine::Sqlite, &settings).await;
    let output = shop.command(&["config", "check"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("SMTP_URL") && said.contains("SENDGRID_API_KEY"), "{said}");
    assert!(!said.contains(KEY), "{said}");
}
