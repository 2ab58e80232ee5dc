//! The sandbox gateway behind its port, on both databases: one page for each payment, one outcome for each page, and calls to
//! the webhook that it knows as its own.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::jobs::JobFailure;
use application::payments::ports::{GatewayError, InvalidEvent, PaymentGateway};
use application::payments::sandbox::{SandboxDelivery, SandboxOutcome, SandboxPage};
use application::system::Clock;
use chrono::TimeDelta;
use domain::kernel::CartId;
use domain::orders::Order;
use domain::payments::{GatewayVerdict, Payment, Review};
use infrastructure::crypto::{KeyRing, SigningKey};
use infrastructure::payment::{SandboxAddresses, SandboxGateway};
use infrastructure::sql::payments::SandboxSessions;
use infrastructure::system::{SystemClock, SystemSecrets};
use std::sync::{Arc, LazyLock};
use testkit::builders::{a_payment, a_seller, an_order, an_order_line, id};
use testkit::{TestDb, both_databases};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

static KEY: LazyLock<KeyRing> = LazyLock::new(|| KeyRing::parse(&SigningKey::generate_pem().unwrap()).unwrap());

fn gateway(db: &TestDb, webhook_url: &str) -> SandboxGateway {
    let addresses =
        SandboxAddresses { public_url: "https://shop.example".to_owned(), webhook_url: webhook_url.to_owned() };
    let sessions = SandboxSessions::new(db.database());
    SandboxGateway::new(
        sessions,
        KEY.derive("sandbox webhook"),
        Arc::new(SystemClock),
        Arc::new(SystemSecrets),
        addresses,
    )
    .unwrap()
}

fn a_purchase() -> (Order, Payment) {
    let order = an_order(CartId::new(id()), vec![an_order_line(&a_seller())]);
    let payment = a_payment(&order);
    (order, payment)
}

/// Takes one HTTP request, answers it with a status, and hands on its signature and body.
async fn webhook(listener: TcpListener, status: &str) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let read = stream.read(&mut buffer).await.unwrap();
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let header = |name: &str| {
            head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| key.eq_ignore_ascii_case(name))
        };
        if body.len() < header("content-length").unwrap().1.parse().unwrap() {
            continue;
        }
        let signature = header("stripe-signature").unwrap().1.to_owned();
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        return (signature, body.as_bytes().to_vec());
    }
}

both_databases! {
    async fn the_same_payment_has_one_page_however_often_it_is_opened(db: TestDb) {
        let gateway = gateway(&db, "http://127.0.0.1:1/");
        let (order, payment) = a_purchase();
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        assert_eq!(gateway.open(&payment, Some(&order)).await.unwrap(), page);
        assert!(page.url.starts_with("https://shop.example/sandbox/pay/cs_sandbox_"));
        let shown = gateway.session(&page.id).await.unwrap().unwrap();
        assert_eq!((shown.amount, shown.open), (order.total, true));
    }

    async fn money_of_a_reviewed_payment_is_promised_and_then_taken_or_let_go(db: TestDb) {
        let gateway = gateway(&db, "http://127.0.0.1:1/");
        for (capture, end) in [(true, GatewayVerdict::Paid), (false, GatewayVerdict::Closed)] {
            let (order, payment) = a_purchase();
            let held = Payment { review: Some(Review::open(vec!["large_amount".to_owned()])), ..payment };
            let page = gateway.open(&held, Some(&order)).await.unwrap();
            let back = gateway.choose(&page.id, SandboxOutcome::Succeed).await.unwrap();
            assert_eq!(back, Some(held.return_urls.success));
            assert_eq!(gateway.verdict(&page.id).await.unwrap(), GatewayVerdict::Authorized);
            assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Authorized);
            let ended = if capture { gateway.capture(&page.id).await } else { gateway.release(&page.id).await };
            assert_eq!(ended.unwrap(), end);
            assert_eq!(gateway.release(&page.id).await.unwrap(), end);
        }
        assert!(matches!(gateway.capture("cs_none").await, Err(GatewayError::Refused(_))));
    }

    async fn the_first_choice_counts(db: TestDb) {
        let gateway = gateway(&db, "http://127.0.0.1:1/");
        let (order, payment) = a_purchase();
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        let choose = async |outcome| gateway.choose(&page.id, outcome).await.unwrap().unwrap();
        assert_eq!(choose(SandboxOutcome::Succeed).await, payment.return_urls.success);
        assert_eq!(choose(SandboxOutcome::Cancel).await, payment.return_urls.success, "it was paid before");
        assert_eq!(gateway.verdict(&page.id).await.unwrap(), GatewayVerdict::Paid);
        assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Paid);
    }

    async fn nobody_can_pay_on_a_page_that_was_closed(db: TestDb) {
        let gateway = gateway(&db, "http://127.0.0.1:1/");
        let (order, payment) = a_purchase();
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        assert_eq!(gateway.close(&page.id).await.unwrap(), GatewayVerdict::Closed);
        let back = gateway.choose(&page.id, SandboxOutcome::Succeed).await.unwrap();
        assert_eq!(back.as_deref(), Some(payment.return_urls.cancel.as_str()));
        assert_eq!(gateway.verdict(&page.id).await.unwrap(), GatewayVerdict::Closed);
    }

    async fn a_page_that_was_never_opened_is_refused(db: TestDb) {
        let gateway = gateway(&db, "http://127.0.0.1:1/");
        assert!(matches!(gateway.verdict("cs_none").await, Err(GatewayError::Refused(_))));
        assert!(matches!(gateway.close("cs_none").await, Err(GatewayError::Refused(_))));
        assert_eq!(gateway.choose("cs_none", SandboxOutcome::Succeed).await.unwrap(), None);
    }

    async fn a_call_to_the_webhook_is_known_as_its_own_and_no_other(db: TestDb) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = gateway(&db, &format!("http://{}/", listener.local_addr().unwrap()));
        let (order, payment) = a_purchase();
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        gateway.choose(&page.id, SandboxOutcome::Succeed).await.unwrap();
        let (delivered, (signature, body)) = tokio::join!(gateway.deliver(&page.id), webhook(listener, "200 OK"));
        delivered.unwrap();
        let now = SystemClock.now();
        let event = gateway.read_event(&body, &signature, now).unwrap();
        assert_eq!(event.payment, Some(payment.id));
        assert_eq!(event.kind, "checkout.session.completed");
        let mut changed = body.clone();
        changed.push(b' ');
        let invalid = Err(InvalidEvent::Signature);
        assert_eq!(gateway.read_event(&changed, &signature, now), invalid);
        assert_eq!(gateway.read_event(&body, "t=1,v1=00", now), invalid);
        assert_eq!(gateway.read_event(&body, &signature, now + TimeDelta::minutes(10)), invalid);
    }

    async fn a_webhook_that_fails_is_called_again(db: TestDb) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = gateway(&db, &format!("http://{}/", listener.local_addr().unwrap()));
        let (order, payment) = a_purchase();
        let page = gateway.open(&payment, Some(&order)).await.unwrap();
        gateway.choose(&page.id, SandboxOutcome::Decline).await.unwrap();
        let (failed, _) = tokio::join!(gateway.deliver(&page.id), webhook(listener, "503 Service Unavailable"));
        assert!(matches!(failed, Err(JobFailure::Retry(_))));
        assert!(matches!(gateway.deliver(&page.id).await, Err(JobFailure::Retry(_))), "nobody listens any more");
    }
}
