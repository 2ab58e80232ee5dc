//! A small mail server (RFC 5321) that keeps what it is given, and that can be out of order at first.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail as it was handed over.
#[derive(Debug, Clone, Default)]
pub struct Delivered {
    pub from: String,
    pub to: Vec<String>,
    pub data: String,
}

/// The server.
#[derive(Clone)]
pub struct SmtpSink {
    pub port: u16,
    mails: Arc<Mutex<Vec<Delivered>>>,
    refusals_left: Arc<AtomicUsize>,
    pub refused: Arc<AtomicUsize>,
}

impl SmtpSink {
    /// Listens; the first callers are turned away.
    pub async fn that_refuses_at_first(callers: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let sink = Self {
            port: listener.local_addr().expect("its address").port(),
            mails: Arc::default(),
            refusals_left: Arc::new(AtomicUsize::new(callers)),
            refused: Arc::default(),
        };
        let listening = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = listening.clone();
                tokio::spawn(async move { sink.converse(stream).await });
            }
        });
        sink
    }

    pub async fn open() -> Self {
        Self::that_refuses_at_first(0).await
    }

    /// The setting that makes the shop use it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn mails_to(&self, address: &str) -> Vec<Delivered> {
        let mails = self.mails.lock().unwrap();
        mails.iter().filter(|mail| mail.to.iter().any(|to| to == address)).cloned().collect()
    }

    fn turns_away(&self) -> bool {
        let fewer = |left: usize| left.checked_sub(1);
        let turned = self.refusals_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fewer).is_ok();
        self.refused.fetch_add(usize::from(turned), Ordering::SeqCst);
        turned
    }

    async fn converse(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        if self.turns_away() {
            return says(&mut stream, "421 not now").await;
        }
        says(&mut stream, "220 sink").await?;
        let mut mail = Delivered::default();
        loop {
            let line = hears(&mut stream).await?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "DATA" => {
                    says(&mut stream, "354 go on").await?;
                    mail.data = hears_data(&mut stream).await?;
                    self.mails.lock().unwrap().push(std::mem::take(&mut mail));
                }
                "MAIL" => mail.from = address(&line),
                "RCPT" => mail.to.push(address(&line)),
                "QUIT" => return says(&mut stream, "221 bye").await,
                _ => {}
            }
            says(&mut stream, "250 ok").await?;
        }
    }
}

async fn says(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

async fn hears(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end().to_owned())
}

async fn hears_data(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut data = String::new();
    loop {
        match hears(stream).await?.as_str() {
            "." => return Some(data),
            line => data.push_str(&format!("{}\n", line.strip_prefix('.').unwrap_or(line))),
        }
    }
}

fn address(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
