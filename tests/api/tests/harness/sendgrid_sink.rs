//! A stand-in for SendGrid's Web API that keeps the mails it is given, and that can be out of order at first.

use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The key that it knows.
pub const KEY: &str = "SG.key-of-the-tests";

/// The stand-in.
#[derive(Clone)]
pub struct SendGridSink {
    port: u16,
    mails: Arc<Mutex<Vec<Value>>>,
    refusals_left: Arc<AtomicUsize>,
}

impl SendGridSink {
    /// Listens; the first requests are answered by 500.
    pub async fn that_fails_at_first(requests: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let sink = Self { port, mails: Arc::default(), refusals_left: Arc::new(AtomicUsize::new(requests)) };
        let listening = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = listening.clone();
                tokio::spawn(async move { sink.serve(BufReader::new(stream)).await });
            }
        });
        sink
    }

    /// The setting that makes the shop call it.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The mails that it took for an address.
    pub fn mails_to(&self, address: &str) -> Vec<Value> {
        let mails = self.mails.lock().unwrap();
        mails.iter().filter(|mail| mail["personalizations"][0]["to"][0]["email"] == address).cloned().collect()
    }

    async fn serve(&self, mut stream: BufReader<TcpStream>) -> Option<()> {
        loop {
            let (head, body) = request(&mut stream).await?;
            let status = self.judge(&head, &body);
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.ok()?;
        }
    }

    fn judge(&self, head: &str, body: &[u8]) -> &'static str {
        if !head.contains(&format!("authorization: Bearer {KEY}")) {
            return "401 Unauthorized";
        }
        if !head.starts_with("POST /v3/mail/send ") {
            return "404 Not Found";
        }
        let fewer = |left: usize| left.checked_sub(1);
        if self.refusals_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok() {
            return "500 Internal Server Error";
        }
        let Ok(mail) = serde_json::from_slice(body) else { return "400 Bad Request" };
        self.mails.lock().unwrap().push(mail);
        "202 Accepted"
    }
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let length = stream.read_line(&mut head).await.ok()?;
        (length > 0).then_some(())?;
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
