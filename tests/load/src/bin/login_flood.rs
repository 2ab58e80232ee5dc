//! Whether the catalogue stays quick while somebody floods the login: `login_flood URL`, for a running shop with its budgets
//! off. Prints how long `GET /products` takes without and with the flood, and what became of the logins.

use load_tests::{Outcome, Pace, client, offer};
use serde_json::json;
use std::error::Error;
use std::io::{Write, stdout};

const SECONDS: u32 = 20;
const READERS: Pace = Pace { a_second: 50, seconds: SECONDS };
const LOGINS: Pace = Pace { a_second: 200, seconds: SECONDS };

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let shop = std::env::args().nth(1).ok_or("usage: login_flood URL")?;
    let client = client()?;
    let products = |_| client.get(format!("{shop}/api/v1/products"));
    let login = |number| {
        let body = json!({"email": format!("nobody-{number}@example.com"), "password": "Wr0ng-password"});
        client.post(format!("{shop}/api/v1/auth/login")).json(&body)
    };
    offer(Pace { seconds: 2, ..READERS }, products).await;
    tell("GET /products, 50 a second", &offer(READERS, products).await)?;
    let (reads, logins) = tokio::join!(offer(READERS, products), offer(LOGINS, login));
    tell("the same, while 200 logins a second are offered", &reads)?;
    tell("those logins", &logins)?;
    Ok(())
}

fn tell(what: &str, outcome: &Outcome) -> std::io::Result<()> {
    let [half, most, worst] = [50, 99, 100].map(|of_hundred| outcome.percentile(of_hundred));
    let statuses: Vec<String> = outcome.statuses.iter().map(|(status, times)| format!("{times} × {status}")).collect();
    let statuses = statuses.join(", ");
    writeln!(stdout(), "{what}: median {half:.1?}, p99 {most:.1?}, worst {worst:.1?}; {statuses}")
}
