//! How many gift cards are redeemed, and how many orders placed, in a second, by sixteen callers who each wait for one answer
//! before they ask for the next: `money prepare|warm|redeem|order URL FILE`, for a running shop in development with its
//! budgets off. `prepare`, for which an admin's address and password follow, makes what the others use up, and notes it in the
//! file; `warm` uses up a tenth, so that no table is empty when its plans are made; the last two print the number of answers
//! and the answers in a second.

use load_tests::client;
use reqwest::{Client, RequestBuilder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const CALLERS: usize = 16;
// A tenth of either is a multiple of the callers, so that what is left is still shared out as it was made.
const CARDS: usize = 12_800;
const CARTS: usize = 6_400;
const THINGS: usize = 100;
const LONGEST: Duration = Duration::from_secs(12);
const PASSWORD: &str = "Correct-horse-battery-9";

type Failure = Box<dyn Error + Send + Sync>;

/// What is used up.
#[derive(Debug, Serialize, Deserialize)]
struct Supply {
    /// The callers' tokens.
    tokens: Vec<String>,
    /// Codes of gift cards.
    codes: Vec<String>,
    /// Carts with one thing in each; the callers' in turn, since a cart is its owner's only.
    carts: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (what, shop, file, admin) = match words.as_slice() {
        [what, shop, file] => (what, shop, file, None),
        [what, shop, file, email, password] => (what, shop, file, Some((email, password))),
        _ => return Err("usage: money warm|redeem|order URL FILE, or money prepare URL FILE EMAIL PASSWORD".into()),
    };
    let shop = Shop { api: format!("{shop}/api/v1"), mails: format!("{shop}/dev/mail"), client: client()? };
    if let Some((email, password)) = admin {
        let supply = prepare(&shop, email, password).await?;
        return Ok(std::fs::write(file, serde_json::to_vec(&supply)?)?);
    }
    let mut supply: Supply = serde_json::from_slice(&std::fs::read(file)?)?;
    let shop = Arc::new(shop);
    if what == "warm" {
        let codes = supply.codes.split_off(CARDS / 10 * 9);
        let carts = supply.carts.split_off(CARTS / 10 * 9);
        drain(&shop, &supply.tokens, codes, redeem).await?;
        drain(&shop, &supply.tokens, carts, order).await?;
        return Ok(std::fs::write(file, serde_json::to_vec(&supply)?)?);
    }
    let (number, seconds) = match what.as_str() {
        "redeem" => drain(&shop, &supply.tokens, supply.codes, redeem).await?,
        _ => drain(&shop, &supply.tokens, supply.carts, order).await?,
    };
    let a_second = u128::try_from(number)? * 1_000 / seconds.as_millis().max(1);
    writeln!(stdout(), "{number} {a_second}")?;
    Ok(())
}

/// A running shop.
struct Shop {
    api: String,
    mails: String,
    client: Client,
}

impl Shop {
    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.api)).json(body)
    }
}

/// The answer, if it is one of success.
async fn answer(request: RequestBuilder) -> Result<Value, Failure> {
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.text().await?;
    if !status.is_success() {
        return Err(format!("{status}: {body}").into());
    }
    Ok(serde_json::from_str(&body).unwrap_or_default())
}

/// The text at this place of an answer (RFC 6901).
fn text(answer: &Value, place: &str) -> Result<String, Failure> {
    Ok(answer.pointer(place).and_then(Value::as_str).ok_or("a text is missing in an answer")?.to_owned())
}

/// The rows of an answer.
fn list(answer: &Value) -> Result<&Vec<Value>, Failure> {
    Ok(answer.get("data").and_then(Value::as_array).ok_or("a list is missing in an answer")?)
}

fn redeem(shop: &Shop, token: &str, code: &str) -> RequestBuilder {
    shop.post("/gift-cards/redeem", &json!({"code": code})).bearer_auth(token)
}

fn order(shop: &Shop, token: &str, cart: &str) -> RequestBuilder {
    let order = shop.post(&format!("/carts/{cart}/checkout"), &checkout());
    order.header("idempotency-key", cart).bearer_auth(token)
}

fn checkout() -> Value {
    let address = json!({"name": "Ada Lovelace", "line1": "1 rue de la Paix", "city": "Paris", "postal_code": "75002", "country": "FR"});
    json!({"email": "ada@example.com", "shipping_address": address})
}

/// Every caller uses up their own share of the supply, until it is used up or time is over.
async fn drain(
    shop: &Arc<Shop>,
    tokens: &[String],
    supply: Vec<String>,
    ask: fn(&Shop, &str, &str) -> RequestBuilder,
) -> Result<(usize, Duration), Failure> {
    let mut shares = vec![Vec::new(); tokens.len()];
    for (number, one) in supply.into_iter().enumerate() {
        if let Some(share) = shares.get_mut(number % tokens.len()) {
            share.push(one);
        }
    }
    let begun = Instant::now();
    let callers: Vec<_> = tokens
        .iter()
        .zip(shares)
        .map(|(token, share)| {
            let (shop, token) = (shop.clone(), token.clone());
            tokio::spawn(async move {
                let mut answered = 0;
                for one in share {
                    if begun.elapsed() >= LONGEST {
                        break;
                    }
                    answer(ask(&shop, &token, &one)).await?;
                    answered += 1;
                }
                Ok::<usize, Failure>(answered)
            })
        })
        .collect();
    let mut number = 0;
    for caller in callers {
        number += caller.await??;
    }
    Ok((number, begun.elapsed()))
}

async fn prepare(shop: &Shop, email: &str, password: &str) -> Result<Supply, Failure> {
    let mut tokens = Vec::new();
    for number in 0..CALLERS {
        tokens.push(customer(shop, &format!("caller-{number}@example.com"), json!({})).await?);
    }
    let admin = sign_in(shop, email, password).await?;
    let mut codes = Vec::new();
    while codes.len() < CARDS {
        let wish = json!({"value": {"amount": 1000, "currency": "EUR"}, "quantity": 100});
        let issued = answer(shop.post("/gift-cards", &wish).bearer_auth(&admin)).await?;
        for card in list(&issued)? {
            codes.push(text(card, "/code")?);
        }
    }
    let variants = put_on_sale(shop).await?;
    let mut carts = Vec::new();
    for (number, variant) in (0..CARTS).zip(variants.iter().cycle()) {
        let token = tokens.get(number % CALLERS).ok_or("nobody")?;
        let cart = text(&answer(shop.post("/carts", &json!({})).bearer_auth(token)).await?, "/id")?;
        let line = json!({"variant_id": variant, "quantity": 1});
        answer(shop.post(&format!("/carts/{cart}/lines"), &line).bearer_auth(token)).await?;
        carts.push(cart);
    }
    Ok(Supply { tokens, codes, carts })
}

/// A seller's things, plenty of each. No row is the shop's only one, as none is in a shop that sells thousands an hour.
async fn put_on_sale(shop: &Shop) -> Result<Vec<String>, Failure> {
    let seller = customer(shop, "seller@example.com", json!({"role": "seller", "shop_name": "Plenty"})).await?;
    let mut variants = Vec::new();
    for number in 0..THINGS {
        let thing = json!({"title": format!("Ring {number}"), "price": {"amount": 12_900, "currency": "EUR"}, "stock": 1_000, "status": "active"});
        let product = answer(shop.post("/seller/products", &thing).bearer_auth(&seller)).await?;
        variants.push(text(&product, "/variants/0/id")?);
    }
    Ok(variants)
}

/// Somebody who has proven their address.
async fn customer(shop: &Shop, email: &str, more: Value) -> Result<String, Failure> {
    let mut newcomer = json!({"email": email, "password": PASSWORD});
    if let (Some(all), Value::Object(more)) = (newcomer.as_object_mut(), more) {
        all.extend(more);
    }
    answer(shop.post("/auth/register", &newcomer)).await?;
    for _ in 0..200 {
        sleep(Duration::from_millis(50)).await;
        let mails = answer(shop.client.get(&shop.mails).header("accept", "application/json")).await?;
        let mail = list(&mails)?.iter().find(|mail| mail.get("to").is_some_and(|to| to == email));
        let mail = mail.and_then(|mail| mail.get("text")?.as_str());
        let code = mail.and_then(|mail| mail.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6));
        if let Some(code) = code {
            answer(shop.post("/auth/verify-email", &json!({"email": email, "code": code}))).await?;
            return sign_in(shop, email, PASSWORD).await;
        }
    }
    Err(format!("no code came for {email}").into())
}

async fn sign_in(shop: &Shop, email: &str, password: &str) -> Result<String, Failure> {
    let login = answer(shop.post("/auth/login", &json!({"email": email, "password": password}))).await?;
    text(&login, "/access_token")
}
