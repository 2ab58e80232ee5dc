//! HTTP by hand, for what well-behaved clients don't do: half a request, a body that never comes, too much of it.

use super::shop::Shop;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A connection to the shop.
pub struct Wire(TcpStream);

impl Wire {
    pub async fn to(shop: &Shop) -> Self {
        Self(TcpStream::connect(("127.0.0.1", shop.port)).await.expect("the shop listens"))
    }

    /// Sends bytes; a peer that has hung up is no failure of ours.
    pub async fn says(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok()
    }

    /// Reads until the shop hangs up, at most so long; `None` if it had not by then.
    pub async fn hears_to_the_end(&mut self, patience: Duration) -> Option<String> {
        let mut heard = Vec::new();
        let end = timeout(patience, self.0.read_to_end(&mut heard)).await;
        end.ok().map(|_| String::from_utf8_lossy(&heard).into_owned()) // a reset is an end as well
    }

    /// Reads one answer's head, at most so long.
    pub async fn hears_a_head(&mut self, patience: Duration) -> String {
        let mut heard = Vec::new();
        let head = async {
            let mut byte = [0];
            while !heard.ends_with(b"\r\n\r\n") && matches!(self.0.read(&mut byte).await, Ok(1)) {
                heard.extend_from_slice(&byte);
            }
        };
        timeout(patience, head).await.ok();
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Sends and reads at once, as the shop may answer before it has heard everything; answers the status.
    pub async fn exchanges(self, bytes: Vec<u8>) -> Option<u16> {
        let (mut reading, mut writing) = self.0.into_split();
        let sending = tokio::spawn(async move {
            writing.write_all(&bytes).await.ok();
            writing // kept open until the answer is read
        });
        let mut heard = [0; 12];
        let head = timeout(Duration::from_secs(40), reading.read_exact(&mut heard)).await;
        sending.abort();
        head.ok()?.ok()?;
        status(&String::from_utf8_lossy(&heard))
    }
}

/// The status in an answer's first line.
pub fn status(head: &str) -> Option<u16> {
    head.split(' ').nth(1)?.get(..3)?.parse().ok()
}
