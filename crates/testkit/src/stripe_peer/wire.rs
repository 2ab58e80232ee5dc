//! The stand-in's side of a connection: one request, one answer, or none.

use super::account::{Account, Answer, Begun, Call, Mood};
use crate::web_peer::hear;
use std::future::pending;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::sleep;

pub async fn serve(stream: TcpStream, account: Arc<Mutex<Account>>) {
    let mut stream = BufReader::new(stream);
    let Some(asked) = hear(&mut stream).await else { return };
    let call = Call::of(&asked);
    let mood = account.lock().expect("nobody panicked").heard(&asked, call);
    match mood {
        Mood::HangsUpBefore => return,
        Mood::SilentBefore => pending().await,
        _ => {}
    }
    let begun = account.lock().expect("nobody panicked").begin(&asked, call, mood);
    let answer = match begun {
        Begun::Answered(answer) => answer,
        Begun::Acting => {
            if let Mood::Late(pause) = mood {
                sleep(pause).await;
            }
            account.lock().expect("nobody panicked").act(&asked, call, mood)
        }
    };
    match mood {
        Mood::HangsUpAfter => return,
        Mood::SilentAfter => pending().await,
        _ => {}
    }
    stream.write_all(written(&answer).as_bytes()).await.ok(); // whoever asked may be gone
}

fn written(answer: &Answer) -> String {
    let Answer { status, body, replayed, request } = answer;
    let replayed = if *replayed { "Idempotent-Replayed: true\r\n" } else { "" };
    format!(
        "HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nRequest-Id: {request}\r\n{replayed}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
