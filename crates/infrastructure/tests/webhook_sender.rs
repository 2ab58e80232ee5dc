//! Messages to merchants over real connections: what is sent, what an answer means, and where nothing is ever sent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by failing")]

use application::webhooks::ports::{Message, MessageSender};
use application::webhooks::secret::SigningSecret;
use chrono::DateTime;
use domain::webhooks::{AddressRule, Fault, Network, Outcome};
use infrastructure::webhooks::{CheckedTargets, HttpSender, Lookup, SystemLookup};
use std::io::{Error, ErrorKind};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::{PeerAnswer, StandardWebhooks, WebPeer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PATIENCE: Duration = Duration::from_millis(800);

fn targets() -> CheckedTargets {
    let allowed = vec![Network::parse("127.0.0.0/8").unwrap()];
    CheckedTargets { allow_http: true, addresses: AddressRule { allowed } }
}

fn sender() -> HttpSender {
    HttpSender::with_patience(targets(), Arc::new(SystemLookup), PATIENCE).unwrap()
}

fn message(url: &str) -> Message {
    Message {
        url: url.to_owned(),
        id: "evt_1".to_owned(),
        at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        body: r#"{"type":"order.paid","data":{"number":"CR-é"}}"#.to_owned(),
        secrets: vec![SigningSecret::of(&[7; 32]), SigningSecret::of(&[8; 32])],
    }
}

async fn answering(status: u16, body: &str) -> WebPeer {
    let body = body.to_owned();
    WebPeer::start(move |_| PeerAnswer::Body(status, body.clone())).await
}

fn answered(status: u16, body: &str) -> Outcome {
    Outcome::Answered { status, body: body.to_owned() }
}

/// A server that does this to each connection, after it has read something.
async fn raw<F>(with: impl Fn(tokio::net::TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = [0; 1_024];
            let _some = stream.read(&mut head).await;
            tokio::spawn(with(stream));
        }
    });
    address
}

/// A name that leads to each of these in turn, then to the last of them; it counts how often it was asked for.
struct Leading {
    to: Vec<Vec<&'static str>>,
    asked: AtomicUsize,
    names: Mutex<Vec<String>>,
}

impl Leading {
    fn to(addresses: &[&[&'static str]]) -> Arc<Self> {
        let to = addresses.iter().map(|each| each.to_vec()).collect();
        Arc::new(Self { to, asked: AtomicUsize::new(0), names: Mutex::default() })
    }
}

impl Lookup for Leading {
    fn lookup(&self, name: String) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst).min(self.to.len() - 1);
        self.names.lock().unwrap().push(name);
        let found: Vec<IpAddr> = self.to[turn].iter().map(|text| text.parse().unwrap()).collect();
        Box::pin(async move { Ok(found) })
    }
}

struct Nowhere;

impl Lookup for Nowhere {
    fn lookup(&self, _: String) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async { Err(Error::new(ErrorKind::NotFound, "no such host")) })
    }
}

struct Never;

impl Lookup for Never {
    fn lookup(&self, _: String) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_message_is_what_the_conventions_own_library_takes_by_either_secret() {
    let peer = answering(200, "thanks").await;
    let mut message = message(&format!("{}/hook?a=b", peer.address()));
    let now = application::system::Clock::now(&infrastructure::system::SystemClock);
    message.at = now;
    assert_eq!(sender().send(&message).await, answered(200, "thanks"));
    let [asked] = peer.asked().try_into().unwrap();
    assert_eq!((asked.line.as_str(), asked.body.as_str()), ("POST /hook?a=b", message.body.as_str()));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.header("user-agent"), Some("Carat-Webhooks"));
    assert_eq!(asked.header("webhook-id"), Some("evt_1"));
    assert_eq!(asked.header("webhook-timestamp"), Some(now.timestamp().to_string().as_str()));
    let signature = asked.header("webhook-signature").unwrap();
    for secret in &message.secrets {
        let told = StandardWebhooks::verify(&secret.reveal(), &asked.body, "evt_1", now.timestamp(), signature);
        assert_eq!(told, Ok("order.paid".to_owned()));
    }
    let stranger = SigningSecret::of(&[9; 32]).reveal();
    let refused = StandardWebhooks::verify(&stranger, &asked.body, "evt_1", now.timestamp(), signature);
    assert_eq!(refused, Err("WebhookVerificationError".to_owned()));
    let changed = StandardWebhooks::verify(&message.secrets[0].reveal(), "{}", "evt_1", now.timestamp(), signature);
    assert!(changed.is_err());
    let stale =
        StandardWebhooks::verify(&message.secrets[0].reveal(), &asked.body, "evt_1", now.timestamp() - 301, signature);
    assert!(stale.is_err());
}

#[tokio::test]
async fn the_library_signs_as_we_do() {
    let (message, secret) = (message(""), SigningSecret::of(&[7; 32]));
    let theirs = StandardWebhooks::sign(&secret.reveal(), &message.body, &message.id, message.at.timestamp());
    let alone = Message { secrets: vec![secret], ..message };
    assert_eq!(infrastructure::webhooks::signature(&alone), theirs);
}

#[tokio::test]
async fn every_status_is_told_as_it_is_and_no_redirect_is_followed() {
    for status in [201, 204, 400, 410, 429, 500, 503] {
        let peer = answering(status, "").await;
        assert_eq!(sender().send(&message(peer.address())).await, answered(status, ""), "{status}");
    }
    let inside = answering(200, "secret").await;
    let location = inside.address().to_owned();
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let location = location.clone();
        let address = raw(move |mut stream| {
            let head = format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
            async move { stream.write_all(head.as_bytes()).await.unwrap() }
        })
        .await;
        let code = status.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(sender().send(&message(&address)).await, answered(code, ""));
    }
    assert!(inside.asked().is_empty());
}

#[tokio::test]
async fn a_late_answer_arrives_and_one_that_never_comes_is_not_waited_for() {
    let late = raw(|mut stream| async move {
        tokio::time::sleep(PATIENCE / 3).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
    })
    .await;
    assert_eq!(sender().send(&message(&late)).await, answered(200, "ok"));
    let never = WebPeer::start(|_| PeerAnswer::Silence).await;
    let begun = Instant::now();
    assert_eq!(sender().send(&message(never.address())).await, Outcome::Fault(Fault::TimedOut));
    assert!(begun.elapsed() < PATIENCE * 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_huge_answer_is_read_to_four_kilobytes_and_a_slow_one_no_longer_than_patience() {
    let huge = raw(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n").await.unwrap();
        while stream.write_all(&[b'x'; 65_536]).await.is_ok() {}
    })
    .await;
    assert_eq!(sender().send(&message(&huge)).await, answered(200, &"x".repeat(4_096)));
    let dripping = raw(|mut stream| async move {
        stream.write_all(b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n").await.unwrap();
        while stream.write_all(b"1\r\ny\r\n").await.is_ok() {
            tokio::time::sleep(PATIENCE / 4).await;
        }
    })
    .await;
    let begun = Instant::now();
    let Outcome::Answered { status: 500, body } = sender().send(&message(&dripping)).await else { panic!("no answer") };
    assert!(!body.is_empty() && body.chars().all(|c| c == 'y'), "{body}");
    assert!(begun.elapsed() < PATIENCE * 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn what_breaks_off_is_told_apart() {
    let closing = raw(|stream| async move { drop(stream) }).await;
    assert_eq!(sender().send(&message(&closing)).await, Outcome::Fault(Fault::NoAnswer));
    let babbling = raw(|mut stream| async move { stream.write_all(b"220 smtp.example\r\n").await.unwrap() }).await;
    assert_eq!(sender().send(&message(&babbling)).await, Outcome::Fault(Fault::NoAnswer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(sender().send(&message(&nobody)).await, Outcome::Fault(Fault::NotReached));
    let plain = answering(200, "").await;
    let not_secure = plain.address().replace("http://", "https://");
    assert_eq!(sender().send(&message(&not_secure)).await, Outcome::Fault(Fault::NotReached));
    let nowhere = HttpSender::with_patience(targets(), Arc::new(Nowhere), PATIENCE).unwrap();
    assert_eq!(nowhere.send(&message("http://gone.example/")).await, Outcome::Fault(Fault::NameNotFound));
    let never = HttpSender::with_patience(targets(), Arc::new(Never), PATIENCE).unwrap();
    assert_eq!(never.send(&message("http://slow.example/")).await, Outcome::Fault(Fault::TimedOut));
}

#[tokio::test]
async fn a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked() {
    let peer = answering(200, "").await;
    let port = peer.address().rsplit_once(':').unwrap().1.to_owned();
    // A rebinding name: harmless when it is checked, and the metadata of a cloud a moment later.
    let rebinding = Leading::to(&[&["127.0.0.1"], &["169.254.169.254"]]);
    let sender = HttpSender::with_patience(targets(), rebinding.clone(), PATIENCE).unwrap();
    let url = format!("http://rebind.example:{port}/hook");
    assert_eq!(sender.send(&message(&url)).await, answered(200, ""));
    assert_eq!(*rebinding.names.lock().unwrap(), ["rebind.example"], "it was asked once, and gave the checked address");
    assert_eq!(peer.asked()[0].header("host"), Some(format!("rebind.example:{port}").as_str()));
    // No connection is kept for the next message: the name is checked anew, and refused.
    assert_eq!(sender.send(&message(&url)).await, Outcome::Fault(Fault::ForbiddenAddress));
    assert_eq!(peer.asked().len(), 1);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_also_where_it_leads_outside_as_well() {
    let peer = answering(200, "").await;
    let port = peer.address().rsplit_once(':').unwrap().1.to_owned();
    let nothing_inside = CheckedTargets { allow_http: true, addresses: AddressRule::default() };
    for found in [&["127.0.0.1"][..], &["93.184.216.34", "127.0.0.1"], &["::1"], &["::ffff:127.0.0.1"], &["10.0.0.1"]] {
        let sender = HttpSender::with_patience(nothing_inside.clone(), Leading::to(&[found]), PATIENCE).unwrap();
        let sent = sender.send(&message(&format!("http://inside.example:{port}/"))).await;
        assert_eq!(sent, Outcome::Fault(Fault::ForbiddenAddress), "{found:?}");
    }
    let sender = HttpSender::with_patience(nothing_inside, Arc::new(SystemLookup), PATIENCE).unwrap();
    for url in [peer.address().to_owned(), format!("http://localhost:{port}/"), format!("http://[::1]:{port}/")] {
        assert_eq!(sender.send(&message(&url)).await, Outcome::Fault(Fault::ForbiddenAddress), "{url}");
    }
    assert!(peer.asked().is_empty());
}
