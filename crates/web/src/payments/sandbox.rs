//! The sandbox gateway's page: the amount and three buttons. It exists only where the sandbox is the gateway.

use crate::middleware::headers;
use crate::pages;
use crate::problem::{Problem, registry};
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::{HttpResponse, get, post, web};
use application::payments::sandbox::{SandboxOutcome, SandboxPage, SandboxSession};
use url::Url;

type Answer = Result<HttpResponse, Problem>;

/// The page.
#[get("/sandbox/pay/{session_id}")]
async fn show(id: web::Path<String>, sandbox: web::Data<dyn SandboxPage>) -> Answer {
    let session = sandbox.session(&id).await?.ok_or_else(not_found)?;
    let (amount, words) = (pages::escape(&session.amount.to_string()), pages::escape(&session.description));
    let choices = if session.open { BUTTONS } else { CLOSED };
    let body = format!(
        "<div class=\"centre\"><p class=\"mark\">Sandbox payment</p><h1>{words}</h1><p class=\"amount\">{amount}</p></div>\
         {choices}<p class=\"quiet centre\">No money moves here: this page stands in for the card payment.</p>"
    );
    let mut page = pages::page("Sandbox payment", &body);
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, headers::page_policy(&form_targets(&session)));
    Ok(page)
}

const BUTTONS: &str = "<form method=\"post\">\
    <button class=\"first\" name=\"outcome\" value=\"succeed\">Pay</button>\
    <button name=\"outcome\" value=\"decline\">Have the card declined</button>\
    <button name=\"outcome\" value=\"cancel\">Cancel and go back</button></form>";
const CLOSED: &str = "<p class=\"centre\">This payment is closed.</p>";

/// Browsers follow a form's redirect only to where the policy lets forms go.
fn form_targets(session: &SandboxSession) -> String {
    let origin = |url: &String| Url::parse(url).ok().map(|url| url.origin()).filter(url::Origin::is_tuple);
    let mut targets: Vec<String> = [&session.success_url, &session.cancel_url]
        .into_iter()
        .filter_map(origin)
        .map(|o| o.ascii_serialization())
        .collect();
    targets.dedup();
    targets.join(" ")
}

/// The customer's choice.
#[post("/sandbox/pay/{session_id}")]
async fn choose(id: web::Path<String>, body: web::Bytes, sandbox: web::Data<dyn SandboxPage>) -> Answer {
    let outcome = outcome(&body)
        .ok_or_else(|| Problem::invalid_field("/outcome", "outcome", "must be succeed, decline or cancel"))?;
    let url = sandbox.choose(&id, outcome).await?.ok_or_else(not_found)?;
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, url)).finish())
}

fn outcome(form: &[u8]) -> Option<SandboxOutcome> {
    let (_, value) = url::form_urlencoded::parse(form).find(|(name, _)| name == "outcome")?;
    match value.as_ref() {
        "succeed" => Some(SandboxOutcome::Succeed),
        "decline" => Some(SandboxOutcome::Decline),
        "cancel" => Some(SandboxOutcome::Cancel),
        _ => None,
    }
}

fn not_found() -> Problem {
    Problem::new(&registry::NOT_FOUND)
}

/// The page's routes.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(show).service(choose);
}
