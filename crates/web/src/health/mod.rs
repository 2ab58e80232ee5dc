//! Whether the server lives and can work, for whoever starts and balances it; and the metrics.

use crate::extract::ClientAddress;
use crate::middleware::metrics::Metrics;
use crate::problem::{Problem, registry};
use crate::settings::Settings;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpRequest, HttpResponse, get, web};
use application::jobs::JobStore;
use async_trait::async_trait;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long a check may take before it counts as failed.
const DEADLINE: Duration = Duration::from_secs(3);

/// Tells whether what the server needs is there: database, cache, migrations; and that it is not shutting down.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Each thing by its name, and what is wrong with it. The reason is logged and not told.
    async fn check(&self) -> Vec<(String, Result<(), String>)>;
}

/// Alive: the process answers.
#[get("/health/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// Ready: what the server needs is there.
#[get("/health/ready")]
async fn ready(readiness: web::Data<dyn Readiness>, settings: web::Data<Settings>) -> HttpResponse {
    report(readiness.as_ref(), &settings).await
}

/// The same, for people.
#[get("/health")]
async fn health(readiness: web::Data<dyn Readiness>, settings: web::Data<Settings>) -> HttpResponse {
    report(readiness.as_ref(), &settings).await
}

async fn report(readiness: &dyn Readiness, settings: &Settings) -> HttpResponse {
    let late = |_| vec![("checks".to_owned(), Err("not answered in time".to_owned()))];
    let checks = tokio::time::timeout(DEADLINE, readiness.check()).await.unwrap_or_else(late);
    let all_there = checks.iter().all(|(_, outcome)| outcome.is_ok());
    let told = |(name, outcome): (String, Result<(), String>)| {
        if let Err(reason) = &outcome {
            tracing::warn!(name, reason, "a readiness check failed");
        }
        (name, Value::from(if outcome.is_ok() { "ok" } else { "failing" }))
    };
    let checks: Map<String, Value> = checks.into_iter().map(told).collect();
    let mut answer = if all_there { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    if !all_there {
        answer.insert_header((RETRY_AFTER, "5"));
    }
    let status = if all_there { "ok" } else { "unavailable" };
    answer.json(json!({"status": status, "version": settings.version, "checks": checks}))
}

/// The metrics, for callers on this machine or with the configured token.
#[get("/metrics")]
async fn metrics(
    request: HttpRequest,
    address: ClientAddress,
    settings: web::Data<Settings>,
    metrics: web::Data<Metrics>,
    jobs: Option<web::Data<dyn JobStore>>,
) -> Result<HttpResponse, Problem> {
    if !may_measure(&request, address, &settings) {
        return Err(Problem::new(&registry::FORBIDDEN));
    }
    let mut text = metrics.text().map_err(Problem::internal)?;
    if let Some(jobs) = jobs {
        let counts = jobs.counts().await?;
        text.push_str(&format!(
            "# HELP carat_jobs Jobs by their state.\n# TYPE carat_jobs gauge\n\
             carat_jobs{{state=\"waiting\"}} {}\ncarat_jobs{{state=\"buried\"}} {}\n",
            counts.waiting, counts.buried
        ));
    }
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")).body(text))
}

/// Whoever comes through a proxy that isn't trusted may be anyone, though the proxy is on this machine.
fn may_measure(request: &HttpRequest, ClientAddress(address): ClientAddress, settings: &Settings) -> bool {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer "));
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    let known = settings.metrics_token.as_ref().zip(token).is_some_and(|(known, given)| digest(known) == digest(given));
    let forwarded = ["x-forwarded-for", "forwarded"].iter().any(|name| request.headers().contains_key(*name));
    known || (!forwarded && address.is_loopback())
}

/// The routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(live).service(ready).service(health).service(metrics);
}
