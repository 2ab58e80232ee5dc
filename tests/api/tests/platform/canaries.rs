//! Secrets with names, sent through everything that there is to do with an account; then everything that the shop wrote is
//! searched for them: its log at its most talkative, its database, its mails, its metrics, and each of its refusals.
//!
//! A new flow is a function that notes its secrets, and a line in [`no_secret_is_ever_written_down`].

use crate::harness::shop::PASSWORD;
use crate::harness::{Actor, Answer, Engine, Shop, unique};
use serde_json::{Value, json};

const TALKATIVE: &str = "debug,application=trace,domain=trace,infrastructure=trace,web=trace,carat=trace,server=trace,\
    sqlx=trace,sea_orm=trace,lettre=trace,reqwest=trace";
const METRICS_TOKEN: &str = "canary-metrics-token-9f2c";

/// Where a secret may be nevertheless.
#[derive(Clone, Copy, PartialEq, Eq)]
enum May {
    /// Nowhere.
    Never,
    /// It was mailed to its owner.
    BeMailed,
    /// It is what rows are found by; it is a secret in logs.
    BeStored,
}

#[derive(Default)]
struct Canaries {
    secrets: Vec<(&'static str, String, May)>,
    refusals: Vec<Answer>,
    number: usize,
}

impl Canaries {
    /// A password that obeys every rule and that nobody else has.
    fn password(&mut self, what: &'static str) -> String {
        self.number += 1;
        let password = format!("Canary-{}-{}!", self.number, uuid::Uuid::now_v7().simple());
        self.note(what, &password, May::Never)
    }

    fn note(&mut self, what: &'static str, secret: &str, may: May) -> String {
        assert!(!secret.is_empty(), "{what} is empty");
        self.secrets.push((what, secret.to_owned(), may));
        secret.to_owned()
    }

    /// Remembers an answer, to search it if it is a refusal.
    fn hear(&mut self, answer: Answer) -> Answer {
        if answer.status >= 400 {
            self.refusals.push(answer.clone());
        }
        answer
    }

    async fn sends(&mut self, actor: &Actor, path: &str, body: &Value) -> Answer {
        let key = unique("key");
        self.hear(actor.json("POST", path, &[("idempotency-key", &key)], body).await)
    }

    /// What a login hands out.
    fn note_tokens(&mut self, login: &Answer) {
        let body = login.value();
        for (what, name) in [("an access token", "access_token"), ("a refresh token", "refresh_token")] {
            if let Some(token) = body[name].as_str() {
                self.note(what, token, May::Never);
            }
        }
        for (what, name) in [
            ("a session cookie", "carat_session"),
            ("a refresh cookie", "carat_refresh"),
            ("a device cookie", "carat_device"),
        ] {
            if let Some((value, _)) = login.set_cookie(name) {
                self.note(what, &value, May::Never);
            }
        }
    }
}

/// Somebody new, with a password of their own.
struct Person {
    email: String,
    password: String,
    actor: Actor,
}

async fn registers_proves_and_signs_in(shop: &Shop, canaries: &mut Canaries) -> Person {
    let guest = shop.guest();
    let (email, password) = (format!("{}@example.com", unique("canary")), canaries.password("a password"));
    let account = json!({"email": email, "password": password});
    canaries.sends(&guest, "/auth/register", &account).await.is(201);
    canaries.sends(&guest, "/auth/register", &account).await.is(409);
    let code = canaries.note("a verification code", &shop.code_of(&email).await, May::BeMailed);
    let wrong = canaries.note("a wrong code", if code == "918273" { "918274" } else { "918273" }, May::Never);
    canaries.sends(&guest, "/auth/verify-email", &json!({"email": email, "code": wrong})).await.is(422);
    canaries.sends(&guest, "/auth/verify-email", &json!({"email": email, "code": code})).await.is(200);
    let login = canaries.sends(&guest, "/auth/login", &account).await.is(200);
    canaries.note_tokens(&login);
    let actor = guest.with_token(login.value()["access_token"].as_str().unwrap());
    actor.get("/users/me").await.is(200);
    Person { email, password, actor }
}

async fn tries_wrong_passwords(shop: &Shop, canaries: &mut Canaries, person: &Person) {
    let guest = shop.guest();
    let wrong = canaries.password("a wrong password");
    let unknown = format!("{}@example.com", unique("nobody"));
    for email in [&person.email, &unknown] {
        canaries.sends(&guest, "/auth/login", &json!({"email": email, "password": wrong})).await.is(401);
    }
}

/// Requests that can't be read, with secrets where they should and should not be.
async fn mistypes(shop: &Shop, canaries: &mut Canaries) {
    let guest = shop.guest();
    let secret = canaries.password("a mistyped password");
    let weak = canaries.note("a weak password", &format!("weak{}", uuid::Uuid::now_v7().simple()), May::Never);
    for (path, body) in [
        ("/auth/register", json!({"email": "x@example.com", "password": weak})),
        ("/auth/register", json!({"email": secret, "password": secret})),
        ("/auth/register", json!({"email": "x@example.com", "passwort": secret})),
        ("/auth/register", json!({"email": "x@example.com", "password": [secret]})),
        ("/auth/register", json!({"email": "x@example.com", "password": "x", "role": secret})),
        ("/auth/login", json!({"email": "x@example.com", "password": {"$ne": secret}})),
        ("/auth/login", json!([secret])),
        ("/auth/login", json!(secret)),
        ("/auth/verify-email", json!({"email": "x@example.com", "code": secret})),
    ] {
        canaries.sends(&guest, path, &body).await.is(422);
    }
    let json = ("content-type", "application/json");
    for broken in [format!("{{\"password\": \"{secret}"), secret.clone()] {
        canaries.hear(guest.ask("POST", "/api/v1/auth/login", &[json], Some(broken.into_bytes())).await.is(400));
    }
    let form = ("content-type", "application/x-www-form-urlencoded");
    let body = format!("password={secret}").into_bytes();
    canaries.hear(guest.ask("POST", "/api/v1/auth/login", &[form], Some(body)).await.is(415));
    canaries.hear(guest.post(&format!("/auth/login?password={secret}"), &json!({})).await.is(422));
    canaries.hear(guest.get(&format!("/products?limit={secret}")).await.is(422));
    canaries.hear(guest.get(&format!("/nowhere/{secret}")).await.is(404));
    canaries.hear(guest.page(&format!("/problems/{secret}")).await);
}

async fn shows_tokens_that_are_not_good(shop: &Shop, canaries: &mut Canaries, person: &Person) {
    let guest = shop.guest();
    let good = person.actor.token.clone().unwrap();
    let forged =
        canaries.note("a forged token", &format!("{}.{}x", &good[..good.len() - 9], unique("sig")), May::Never);
    let opaque = canaries.note("an unknown key", &format!("carat_{}", uuid::Uuid::now_v7().simple()), May::Never);
    for token in [&forged, &opaque] {
        canaries.hear(guest.with_token(token).get("/users/me").await.is(401));
        for name in ["carat_session", "carat_refresh", "carat_device"] {
            let cookie = format!("{name}={token}");
            canaries.hear(guest.ask("GET", "/api/v1/users/me", &[("cookie", &cookie)], None).await.is(401));
        }
        let basic = [("authorization", format!("Basic {token}"))];
        canaries.hear(guest.ask("GET", "/api/v1/users/me", &[(basic[0].0, &basic[0].1)], None).await.is(401));
    }
    let headers = [("authorization", format!("Bearer {METRICS_TOKEN}")), ("x-forwarded-for", "203.0.113.9".into())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    guest.ask("GET", "/metrics", &headers, None).await.is(200);
}

async fn buys_as_a_guest(shop: &Shop, canaries: &mut Canaries) {
    let (seller, guest) = (shop.seller().await, shop.guest());
    let ring = seller.puts_on_sale("Ring", 100, 5).await;
    let cart = guest.cart_with(&ring.variant, 1).await;
    canaries.note("a cart's id", &cart, May::BeStored);
    let order = crate::harness::Placed::from(&guest.checks_out(&cart, &unique("key")).await.json(201));
    let token = canaries.note("the token of a guest's order", order.token.as_ref().unwrap(), May::BeMailed);
    guest.order(&order).await;
    let wrong = canaries.note("a guess of an order's token", &unique("guess"), May::Never);
    canaries.hear(guest.get(&format!("/orders/{}?token={wrong}", order.id)).await.is(404));
    canaries.hear(guest.get(&format!("/orders/nonsense?token={token}")).await.is(404));
    guest.pays(&order, "succeed").await.is(303);
    guest.wait_until_paid(&order).await;
}

async fn refreshes(shop: &Shop, canaries: &mut Canaries, person: &Person) {
    let guest = shop.guest();
    let login = guest.logs_in(&person.email, &person.password).await.is(200);
    canaries.note_tokens(&login);
    let body = json!({"refresh_token": login.value()["refresh_token"]});
    let next = canaries.sends(&guest, "/auth/refresh", &body).await.is(200);
    canaries.note_tokens(&next);
    let unknown = canaries.note("an unknown refresh token", &unique("refresh"), May::Never);
    canaries.sends(&guest, "/auth/refresh", &json!({"refresh_token": unknown})).await.is(401);
}

async fn resets_the_password(shop: &Shop, canaries: &mut Canaries, person: &Person) {
    let guest = shop.guest();
    canaries.sends(&guest, "/auth/password/forget", &json!({"email": person.email})).await.is(202);
    let token = crate::harness::until("a link is mailed", async || {
        let mails = shop.mails_to(&person.email).await;
        let link = mails.iter().find_map(|mail| mail.text.split("reset-password?token=").nth(1).map(str::to_owned))?;
        Some(link.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).next()?.to_owned())
    });
    let token = canaries.note("a reset token", &token.await, May::BeMailed);
    let (weak, next) =
        (canaries.note("a weak new password", &unique("weak"), May::Never), canaries.password("a new password"));
    canaries.sends(&guest, "/auth/password/reset", &json!({"token": token, "password": weak})).await.is(422);
    canaries.sends(&guest, "/auth/password/reset", &json!({"token": token, "password": next})).await.is(200);
    canaries.sends(&guest, "/auth/password/reset", &json!({"token": token, "password": next})).await.is(410);
    canaries.note_tokens(&guest.logs_in(&person.email, &next).await.is(200));
}

async fn signs_out(canaries: &mut Canaries, person: &Person) {
    person.actor.post("/auth/logout", &json!(null)).await.is(200);
    canaries.hear(person.actor.get("/users/me").await.is(401));
}

/// Whether a secret stands somewhere: codes of digits as a word, since numbers are made of digits too.
fn stands_in(text: &str, secret: &str) -> bool {
    if secret.len() > 6 {
        return text.contains(secret);
    }
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == secret)
}

/// The log without its times, which are made of digits as codes are.
fn log_without_times(shop: &Shop) -> String {
    let log = shop.log();
    let lines = log.lines().map(|line| match serde_json::from_str::<Value>(line) {
        Ok(mut line) => {
            line.as_object_mut().map(|members| members.remove("timestamp"));
            line.to_string()
        }
        Err(_) => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn no_secret_is_ever_written_down(engine: Engine) {
    let settings = [
        ("CARAT__LOG__FORMAT", "json"),
        ("CARAT__LOG__FILTER", TALKATIVE),
        ("METRICS_TOKEN", METRICS_TOKEN),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let shop = Shop::open_with(engine, &settings).await;
    let mut canaries = Canaries::default();
    canaries.note("the admin's password", PASSWORD, May::Never);
    canaries.note("the token for metrics", METRICS_TOKEN, May::Never);
    let pem = shop.signing_key_pem();
    canaries.note("the signing key", pem.lines().nth(3).unwrap(), May::Never);
    let document = shop.guest().get("/openapi.json").await.json(200);
    let there_is = |path: &str| document["paths"].get(format!("/api/v1{path}")).is_some();

    let person = registers_proves_and_signs_in(&shop, &mut canaries).await;
    tries_wrong_passwords(&shop, &mut canaries, &person).await;
    mistypes(&shop, &mut canaries).await;
    shows_tokens_that_are_not_good(&shop, &mut canaries, &person).await;
    buys_as_a_guest(&shop, &mut canaries).await;
    if there_is("/auth/refresh") {
        refreshes(&shop, &mut canaries, &person).await;
    }
    signs_out(&mut canaries, &person).await;
    if there_is("/auth/password/forget") {
        resets_the_password(&shop, &mut canaries, &person).await;
    }

    let metrics = shop
        .guest()
        .ask("GET", "/metrics", &[("authorization", "Bearer canary-metrics-token-9f2c")], None)
        .await
        .text();
    let (log, mut rows) = (log_without_times(&shop), shop.database().await.dump().await);
    rows.retain(|row| !row.starts_with("sandbox_sessions:")); // what the gateway keeps, which stands in for one elsewhere
    let mails: Vec<String> =
        shop.mails().await.into_iter().map(|mail| format!("{}\n{}\n{}", mail.subject, mail.text, mail.html)).collect();
    assert!(log.contains("\"level\":\"DEBUG\"") || log.contains("\"level\":\"TRACE\""), "the log is talkative");
    assert!(
        rows.iter().any(|row| row.starts_with("idempotency_keys:")) && rows.iter().any(|row| row.starts_with("users:"))
    );
    for (what, secret, may) in &canaries.secrets {
        if let Some(line) = log.lines().find(|line| stands_in(line, secret)) {
            panic!("{what} is in the log: {line}");
        }
        assert!(!stands_in(&metrics, secret), "{what} is in the metrics");
        for refusal in &canaries.refusals {
            assert!(
                !stands_in(&refusal.text(), secret),
                "{what} is in a refusal: {} {}",
                refusal.asked,
                refusal.text()
            );
        }
        if *may != May::BeMailed {
            assert!(!mails.iter().any(|mail| stands_in(mail, secret)), "{what} is in a mail");
        }
        if *may != May::BeStored {
            let in_hex = hex::encode(secret);
            let found = rows
                .iter()
                .find(|row| stands_in(row, secret) || (secret.len() > 6 && row.to_lowercase().contains(&in_hex)));
            assert!(found.is_none(), "{what} is in the database: {found:?}");
        }
    }
    eprintln!(
        "{} secrets, {} log lines, {} rows, {} refusals",
        canaries.secrets.len(),
        log.lines().count(),
        rows.len(),
        canaries.refusals.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_ever_written_down_on_sqlite() {
    no_secret_is_ever_written_down(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_ever_written_down_on_postgres() {
    no_secret_is_ever_written_down(Engine::Postgres).await;
}
