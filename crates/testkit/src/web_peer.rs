//! A small HTTP server of a test alone, in place of somebody's API: it answers what the test says, and remembers what it
//! was asked.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A server; it ends with the test.
pub struct WebPeer {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

/// What it was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method and the path with its query, such as `GET /user?a=b`.
    pub line: String,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What it answers.
#[derive(Debug, Clone)]
pub enum PeerAnswer {
    /// This status, and this JSON (or what is none).
    Body(u16, String),
    /// Nothing, ever.
    Silence,
}

impl Asked {
    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A field of a form that was posted, or of the query.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<String> {
        let query = self.line.split_once('?').map_or("", |(_, query)| query);
        let fields = |text: &str| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Vec<_>>();
        let mut all = fields(query).into_iter().chain(fields(&self.body));
        all.find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl WebPeer {
    /// Starts one that answers so.
    pub async fn start(answer: impl Fn(&Asked) -> PeerAnswer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("its address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, heard) = (Arc::new(answer), asked.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, heard) = (answer.clone(), heard.clone());
                tokio::spawn(async move { serve(stream, &*answer, &heard).await });
            }
        });
        Self { address, asked, task }
    }

    /// Where it is, without a slash at the end.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it was asked until now.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("nobody panicked").clone()
    }
}

impl Drop for WebPeer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, answer: &(impl Fn(&Asked) -> PeerAnswer + Sync), heard: &Mutex<Vec<Asked>>) {
    let mut stream = BufReader::new(stream);
    let Some(asked) = hear(&mut stream).await else { return };
    heard.lock().expect("nobody panicked").push(asked.clone());
    match answer(&asked) {
        PeerAnswer::Silence => std::future::pending().await,
        PeerAnswer::Body(status, body) => {
            let head = format!(
                "HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(format!("{head}{body}").as_bytes()).await.ok(); // whoever asked may be gone
        }
    }
}

/// One request, if it comes whole.
pub(crate) async fn hear(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let first = line(stream).await?;
    let (line_of, _) = first.rsplit_once(' ')?;
    let mut headers = Vec::new();
    while let Some((name, value)) = line(stream).await?.split_once(':') {
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    Some(Asked { line: line_of.to_owned(), headers, body: String::from_utf8_lossy(&body).into_owned() })
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    let length = stream.read_line(&mut text).await.ok()?;
    (length > 0).then(|| text.trim_end().to_owned())
}
