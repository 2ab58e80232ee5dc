//! Against a small server that looks at each request as SendGrid's documentation has it.

use super::*;
use domain::kernel::EmailAddress;
use serde_json::Map;
use std::error::Error;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const KEY: &str = "SG.secret-key";
const TAKEN: &str = "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nx-message-id: 1\r\n\r\n";

/// What the server does once it has read a request.
#[derive(Clone, Copy)]
enum Manner {
    /// Answers this.
    Says(&'static str),
    /// Answers this, and then nothing more, though more was announced.
    Stalls(&'static str),
    /// Answers nothing.
    IsSilent,
}

/// A request as it arrived.
struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: Value,
}

async fn server(manner: Manner) -> (String, mpsc::UnboundedReceiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let sender = sender.clone();
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                sender.send(read(&mut stream).await).ok();
                if let Manner::Says(answer) | Manner::Stalls(answer) = manner {
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
                if !matches!(manner, Manner::Says(_)) {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    (base, receiver)
}

async fn read(stream: &mut BufReader<TcpStream>) -> Request {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<_> = lines.iter().skip(1).filter_map(header).collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").unwrap().1.parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    Request { line: lines[0].clone(), headers, body: serde_json::from_slice(&body).unwrap() }
}

fn mail() -> Mail {
    Mail {
        reference: "verification-1".to_owned(),
        to: EmailAddress::parse("ada@example.com").unwrap(),
        subject: "493027 is your code\r\nBcc: evil@example.com".to_owned(),
        text: "Your code is 493027 — grüß dich".to_owned(),
        html: "<p>493027</p>".to_owned(),
    }
}

async fn sent_to(manner: Manner) -> (Result<(), MailError>, mpsc::UnboundedReceiver<Request>) {
    let (base, requests) = server(manner).await;
    let patience = Duration::from_millis(500);
    let mailer = SendGridMailer::with_patience(&base, KEY, "Maison <shop@carat.example>", patience).unwrap();
    (mailer.send(&mail()).await, requests)
}

/// The error and everything behind it, as it may be logged.
fn told(error: &MailError) -> String {
    let mut text = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(&format!(" {inner} {inner:?}"));
        source = inner.source();
    }
    text
}

async fn failure(manner: Manner) -> MailError {
    let error = sent_to(manner).await.0.unwrap_err();
    let text = told(&error);
    for secret in [KEY, "493027", "ada@example.com"] {
        assert!(!text.contains(secret), "{text}");
    }
    error
}

async fn waits(manner: Manner) -> String {
    let error = failure(manner).await;
    assert!(matches!(error, MailError::Unavailable(_)), "{error:?}");
    told(&error)
}

async fn is_lost(manner: Manner) {
    let error = failure(manner).await;
    assert!(matches!(error, MailError::Lost(_)), "it may have it: {error:?}");
}

#[tokio::test]
async fn a_mail_is_handed_over_as_the_documentation_has_it() {
    let (sent, mut requests) = sent_to(Manner::Says(TAKEN)).await;
    sent.unwrap();
    let Request { line, headers, body } = requests.recv().await.unwrap();
    assert_eq!(line, "POST /v3/mail/send HTTP/1.1");
    for (name, value) in [("authorization", "Bearer SG.secret-key"), ("content-type", "application/json")] {
        assert!(headers.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
    let expected = json!({
        "personalizations": [{"to": [{"email": "ada@example.com"}], "custom_args": {"reference": "verification-1"}}],
        "from": {"email": "shop@carat.example", "name": "Maison"},
        "subject": "493027 is your code Bcc: evil@example.com",
        "content": [
            {"type": "text/plain", "value": "Your code is 493027 — grüß dich"},
            {"type": "text/html", "value": "<p>493027</p>"},
        ],
        "headers": {"Message-ID": "<verification-1@carat.example>", "Auto-Submitted": "auto-generated"},
        "tracking_settings": {
            "click_tracking": {"enable": false, "enable_text": false},
            "open_tracking": {"enable": false},
            "subscription_tracking": {"enable": false},
            "ganalytics": {"enable": false},
        },
    });
    assert_eq!(body, expected);
    assert!(requests.try_recv().is_err(), "it was asked once");
}

#[tokio::test]
async fn no_header_is_set_that_sendgrid_keeps_for_itself() {
    let (_, mut requests) = sent_to(Manner::Says(TAKEN)).await;
    let body = requests.recv().await.unwrap().body;
    let set: &Map<String, Value> = body["headers"].as_object().unwrap();
    let kept = [
        "x-sg-id",
        "x-sg-eid",
        "received",
        "dkim-signature",
        "content-type",
        "content-transfer-encoding",
        "to",
        "from",
        "subject",
        "reply-to",
        "cc",
        "bcc",
    ];
    assert!(set.keys().all(|name| !kept.contains(&name.to_lowercase().as_str())), "{set:?}");
}

#[tokio::test]
async fn a_sender_without_a_name_is_an_address() {
    let mailer = SendGridMailer::new("http://127.0.0.1:1", KEY, "shop@carat.example").unwrap();
    assert_eq!(mailer.body(&mail())["from"], json!({"email": "shop@carat.example"}));
}

#[tokio::test]
async fn what_is_wrong_with_the_mail_itself_is_not_tried_again() {
    for answer in [
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 71\r\n\r\n{\"errors\":[{\"message\":\"Does not contain a valid address.\",\"field\":\"x\"}]}",
        "HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\n\r\n",
    ] {
        let error = failure(Manner::Says(answer)).await;
        assert!(matches!(error, MailError::Refused(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_wrong_key_or_sender_keeps_mails_waiting_and_is_named() {
    let text = waits(Manner::Says("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")).await;
    assert!(text.contains("SENDGRID_API_KEY") && text.contains("401"), "{text}");
    let text = waits(Manner::Says(
        "HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n{\"errors\":[{\"message\":\"The from address does not match a \
         verified Sender Identity. Visit https://sendgrid.com/docs\",\"field\":\"from\"}]}",
    ))
    .await;
    assert!(text.contains("verified Sender Identity. Visit (from)") && text.contains("403"), "{text}");
}

#[tokio::test]
async fn an_error_that_quotes_the_mail_or_the_key_is_not_repeated() {
    for (said, repeated) in [
        (r#"{"errors":[{"message":"bad: SG.secret-key","field":null}]}"#, "SendGrid answered 400"),
        (r#"{"errors":[{"message":"no 493027 here"}]}"#, "SendGrid answered 400(it repeats the mail)"),
        (r#"{"errors":[{"message":"to ada@example.com"}]}"#, "SendGrid answered 400: to (address) (-)"),
    ] {
        let answer = format!("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n{said}");
        let error = failure(Manner::Says(Box::leak(answer.into_boxed_str()))).await;
        assert!(matches!(&error, MailError::Refused(text) if text == repeated), "{error:?}");
    }
}

#[tokio::test]
async fn a_busy_or_broken_service_is_asked_again() {
    let busy = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n";
    let text = waits(Manner::Says(busy)).await;
    assert!(text.contains("429, to be asked again after 7"), "{text}");
    for answer in [
        "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    ] {
        waits(Manner::Says(answer)).await;
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, mut requests) = server(Manner::Says(TAKEN)).await;
    let answer =
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {elsewhere}/v3/mail/send\r\ncontent-length: 0\r\n\r\n");
    waits(Manner::Says(Box::leak(answer.into_boxed_str()))).await;
    assert!(requests.try_recv().is_err(), "the key went elsewhere");
}

#[tokio::test]
async fn a_service_that_is_silent_or_away_is_asked_again() {
    is_lost(Manner::IsSilent).await;
    is_lost(Manner::Says("no HTTP at all\r\n\r\n")).await;
    is_lost(Manner::Stalls("HTTP/1.1 202 Acc")).await;
    waits(Manner::Stalls("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 100\r\n\r\n{")).await;
    let away = SendGridMailer::new("http://127.0.0.1:1", KEY, "shop@carat.example").unwrap();
    assert!(matches!(away.send(&mail()).await, Err(MailError::Unavailable(_))));
}

#[tokio::test]
async fn a_mail_is_taken_when_it_is_accepted_even_if_the_body_never_ends() {
    let stalls = Manner::Stalls("HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\n{");
    sent_to(stalls).await.0.unwrap();
}

#[tokio::test]
async fn an_endless_explanation_is_not_read() {
    let endless = format!("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n{}", "x".repeat(100_000));
    let error = sent_to(Manner::Says(Box::leak(endless.into_boxed_str()))).await.0.unwrap_err();
    assert!(matches!(error, MailError::Refused(text) if text == "SendGrid answered 400"));
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let name = |key: &str, from: &str| {
        SendGridMailer::new("https://api.sendgrid.com", key, from)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert!(name("SG.1\nX: y", "shop@carat.example").starts_with("SENDGRID_API_KEY"));
    assert!(name("SG.1", "nobody").starts_with("MAIL_FROM"));
    assert_eq!(name("SG.1", "shop@carat.example"), "");
}
