//! Serving: the HTTP server and the worker side by side, until a signal ends both in good order.

use crate::config::{Environment, Settings};
use crate::seed;
use crate::shop::Shop;
use actix_web::HttpServer;
use actix_web::dev::ServerHandle;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use web::Site;
use web::extract::TrustedProxies;

type Failure = Box<dyn std::error::Error>;

/// How long requests in flight may take to finish at the end, in seconds.
const DRAIN_SECONDS: u64 = 25;
/// How long the server still takes requests after it has turned unready, so that a balancer can see it.
const NOTICE: Duration = Duration::from_secs(1);
/// How long a client may take for its next request on a kept connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take for a request's head.
const HEAD_DEADLINE: Duration = Duration::from_secs(5);
/// How often the flood guard forgets clients that are gone.
const FORGET_EVERY: Duration = Duration::from_secs(120);

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// When the start fails; its message names the setting.
pub async fn run(settings: Settings) -> Result<(), Failure> {
    let shop = Shop::open(&settings).await?;
    shop.prepare().await?;
    let composition = shop.compose()?;
    let site = Site::new(composition.services, composition.assets, web_settings(&settings)?)?;

    let stop = CancellationToken::new();
    let address = (settings.server.host.as_str(), settings.server.port);
    let factory = {
        let site = site.clone();
        move || site.app()
    };
    let server = HttpServer::new(factory)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_DEADLINE)
        .shutdown_timeout(DRAIN_SECONDS)
        .disable_signals()
        .bind(address)
        .map_err(|error| format!("HOST, PORT (server.host, server.port): {}:{}: {error}", address.0, address.1))?
        .run();
    greet(&settings);

    let worker = tokio::spawn(composition.worker.run(stop.clone()));
    let courier = tokio::spawn(composition.courier.run(stop.clone()));
    let forgetting = tokio::spawn(forget_idle_clients(site, stop.clone()));
    let readiness = Arc::clone(&composition.readiness);
    tokio::spawn(end_at_signal(server.handle(), stop.clone(), move || readiness.stop()));
    let warm = tokio::spawn(async move { composition.shop.warm_up().await });

    let served = server.await;
    stop.cancel();
    worker.await?;
    courier.await?;
    forgetting.await?;
    warm.await?.ok(); // a login would have told
    tracing::info!("ended in good order");
    Ok(served?)
}

async fn forget_idle_clients(site: Site, stop: CancellationToken) {
    while tokio::time::timeout(FORGET_EVERY, stop.cancelled()).await.is_err() {
        site.forget_idle_clients();
    }
}

/// Turns unready, lets requests in flight finish, and stops the worker after its present jobs.
async fn end_at_signal(server: ServerHandle, stop: CancellationToken, unready: impl Fn()) {
    if let Err(error) = signal().await {
        tracing::error!(%error, "signals can't be heard; the process ends only by force");
        return;
    }
    tracing::info!("ending: finishing what has begun");
    unready();
    stop.cancel();
    tokio::time::sleep(NOTICE).await;
    server.stop(true).await;
}

#[cfg(unix)]
async fn signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

fn web_settings(settings: &Settings) -> Result<web::Settings, Failure> {
    let server = &settings.server;
    let network = |text: &String| {
        text.parse().map_err(|error| format!("TRUSTED_PROXIES (server.trusted_proxies): \"{text}\": {error}"))
    };
    let proxies = TrustedProxies(server.trusted_proxies.iter().map(network).collect::<Result<_, _>>()?);
    Ok(web::Settings {
        trusted_proxies: proxies,
        cors_origins: server.cors_origins.clone(),
        rate_limit_per_minute: server.rate_limit_per_minute,
        rate_limit_per_user_per_minute: settings.rate_limit_per_user(),
        sign_in_rate_limit_per_minute: settings.sign_in_rate_limit(),
        secure_cookies: settings.environment == Environment::Production || server.public_url.starts_with("https://"),
        metrics_token: Some(server.metrics_token.clone()).filter(|token| !token.is_empty()),
        ..web::Settings::at(server.public_url.clone())
    })
}

/// Tells a person where everything is.
#[expect(clippy::print_stdout, reason = "the start talks to whoever made it")]
fn greet(settings: &Settings) {
    let url = &settings.server.public_url;
    println!("{} is open.\n", settings.shop.name);
    println!("  storefront   {url}/");
    println!("  seller app   {url}/seller/");
    println!("  API          {url}/api/v1/    reference: {url}/docs");
    if settings.mail.smtp_url.is_empty() {
        println!("  mails        {url}/dev/mail");
    }
    if settings.shop.demo {
        println!("\nDemo accounts, all with the password {}:", seed::PASSWORD);
        println!("  customer     {}", seed::CUSTOMER);
        println!("  seller       {}", seed::SELLER);
        println!("  admin        {}", seed::ADMIN);
    }
    println!("\nCtrl+C ends it.");
}
