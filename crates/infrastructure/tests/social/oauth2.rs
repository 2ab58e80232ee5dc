use super::{CALLBACK, client, refused, secrets, unavailable};
use application::identity::social::ports::{Arrival, ExternalIdentity, IdentityProvider, ProviderError};
use infrastructure::social::{FacebookAddresses, FacebookProvider, GitHubAddresses, GitHubProvider, ProviderHttp};
use std::collections::HashMap;
use testkit::{Asked, PeerAnswer, WebPeer};

type Script = HashMap<&'static str, PeerAnswer>;

/// A peer that answers by path; what is not in the script is 404.
async fn peer(script: Script) -> WebPeer {
    WebPeer::start(move |asked| {
        let path = asked.line.split(['?']).next().unwrap_or_default();
        script.get(path).cloned().unwrap_or_else(|| PeerAnswer::Body(404, r#"{"message": "Not Found"}"#.to_owned()))
    })
    .await
}

fn ok(body: &str) -> PeerAnswer {
    PeerAnswer::Body(200, body.to_owned())
}

fn github_script() -> Script {
    let tokens =
        r#"{"access_token":"gho_16C7e42F292c6912E7710c838347Ae178B4a","scope":"user:email","token_type":"bearer"}"#;
    let user = r#"{"login":"octocat","id":583231,"node_id":"MDQ6VXNlcjE=","name":"The Octocat","email":null}"#;
    let emails = r#"[{"email":"old@example.com","verified":true,"primary":false,"visibility":null},
        {"email":"Octocat@Example.com","verified":true,"primary":true,"visibility":"public"}]"#;
    HashMap::from([
        ("POST /login/oauth/access_token", ok(tokens)),
        ("GET /user", ok(user)),
        ("GET /user/emails", ok(emails)),
    ])
}

fn github(peer: &WebPeer) -> GitHubProvider {
    let addresses = GitHubAddresses { site: peer.address().to_owned(), api: peer.address().to_owned() };
    GitHubProvider::new(&client(), &addresses, ProviderHttp::new(false).unwrap()).unwrap()
}

fn facebook(peer: &WebPeer) -> FacebookProvider {
    let addresses = FacebookAddresses { site: peer.address().to_owned(), graph: peer.address().to_owned() };
    FacebookProvider::new(&client(), &addresses, ProviderHttp::new(false).unwrap()).unwrap()
}

async fn finish(provider: &dyn IdentityProvider) -> Result<ExternalIdentity, ProviderError> {
    let arrival = Arrival { code: "the-code".to_owned(), issuer: None };
    provider.finish(&arrival, &secrets("a")).await
}

async fn github_says(path: &'static str, answer: PeerAnswer) -> Result<ExternalIdentity, ProviderError> {
    let mut script = github_script();
    script.insert(path, answer);
    let peer = peer(script).await;
    finish(&github(&peer)).await
}

#[track_caller]
fn has_the_codes_fields(asked: &Asked) {
    let field = |name: &str| asked.field(name).unwrap_or_default();
    assert_eq!(field("client_id"), client().id);
    assert_eq!(field("client_secret"), client().secret);
    assert_eq!(field("code"), "the-code");
    assert_eq!(field("redirect_uri"), CALLBACK);
    assert_eq!(field("code_verifier"), "a".repeat(43));
    assert_eq!(asked.header("accept"), Some("application/json"));
}

#[tokio::test]
async fn github_is_asked_as_it_documents() {
    let peer = peer(github_script()).await;
    let provider = github(&peer);
    let url = url::Url::parse(&provider.start(&secrets("a")).await.unwrap()).unwrap();
    let field = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(url.path(), "/login/oauth/authorize");
    assert_eq!(field("scope").as_deref(), Some("user:email"));
    assert_eq!(field("state").as_deref(), Some("state-a"));
    assert_eq!(field("redirect_uri").as_deref(), Some(CALLBACK));
    assert_eq!(field("code_challenge_method").as_deref(), Some("S256"));

    let octocat = finish(&provider).await.unwrap();
    assert_eq!(octocat.subject, "583231");
    assert_eq!(octocat.email.unwrap().as_str(), "octocat@example.com");
    assert!(octocat.email_verified);
    assert_eq!(octocat.name.as_deref(), Some("The Octocat"));

    let asked = peer.asked();
    has_the_codes_fields(&asked[0]);
    for question in &asked[1..] {
        assert_eq!(question.header("authorization"), Some("Bearer gho_16C7e42F292c6912E7710c838347Ae178B4a"));
        assert_eq!(question.header("accept"), Some("application/vnd.github+json"));
        assert_eq!(question.header("x-github-api-version"), Some("2022-11-28"));
        assert!(question.header("user-agent").is_some());
    }
}

#[tokio::test]
async fn github_refuses_a_code_with_200() {
    let answer = r#"{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}"#;
    refused(github_says("POST /login/oauth/access_token", ok(answer)).await, "no tokens");
}

#[tokio::test]
async fn an_address_that_github_has_not_verified_or_does_not_show_is_not_taken_as_proven() {
    let unverified = r#"[{"email":"a@example.com","verified":false,"primary":true,"visibility":null}]"#;
    let octocat = github_says("GET /user/emails", ok(unverified)).await.unwrap();
    assert!(octocat.email.is_some() && !octocat.email_verified);
    let hidden = PeerAnswer::Body(403, r#"{"message":"Resource not accessible by integration"}"#.to_owned());
    let octocat = github_says("GET /user/emails", hidden).await.unwrap();
    assert_eq!((octocat.email, octocat.email_verified), (None, false));
}

#[tokio::test]
async fn github_in_trouble_is_unavailable_and_nonsense_is_refused() {
    let trouble = || PeerAnswer::Body(502, "<html>".to_owned());
    unavailable(github_says("POST /login/oauth/access_token", trouble()).await);
    unavailable(github_says("GET /user", trouble()).await);
    unavailable(github_says("GET /user", PeerAnswer::Body(429, String::new())).await);
    refused(github_says("GET /user", ok("<html>")).await, "no such JSON");
    refused(
        github_says("GET /user", PeerAnswer::Body(401, r#"{"message":"Bad credentials"}"#.to_owned())).await,
        "401",
    );
    let endless = format!("[\"{}\"]", "x".repeat(600 * 1024));
    unavailable(github_says("GET /user/emails", ok(&endless)).await);
    let split = r#"{"access_token":"a\r\nX-Evil: 1","token_type":"bearer"}"#;
    refused(github_says("POST /login/oauth/access_token", ok(split)).await, "access token");
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    refused(github_says("GET /user", PeerAnswer::Body(302, String::new())).await, "302");
}

#[tokio::test]
async fn facebook_is_asked_as_it_documents_and_its_address_is_not_taken_as_proven() {
    let tokens = r#"{"access_token":"EAAB-token","token_type":"bearer","expires_in":5183944}"#;
    let me = r#"{"id":"10229876543210","name":"Ada Lovelace","email":"ada\u0040example.com"}"#;
    let peer = peer(HashMap::from([("POST /oauth/access_token", ok(tokens)), ("GET /me", ok(me))])).await;
    let provider = facebook(&peer);
    let url = provider.start(&secrets("a")).await.unwrap();
    assert!(url.starts_with(&format!("{}/dialog/oauth?", peer.address())), "{url}");
    let ada = finish(&provider).await.unwrap();
    assert_eq!(ada.subject, "10229876543210");
    assert_eq!(ada.email.unwrap().as_str(), "ada@example.com");
    assert!(!ada.email_verified);

    let asked = peer.asked();
    has_the_codes_fields(&asked[0]);
    assert_eq!(asked[1].field("fields").as_deref(), Some("id,name,email"));
    assert_eq!(asked[1].field("access_token").as_deref(), Some("EAAB-token"));
    // openssl dgst -sha256 -hmac the-shops-secret-at-the-provider, of "EAAB-token"
    assert_eq!(
        asked[1].field("appsecret_proof").as_deref(),
        Some("bab5e95c274c907055f2c755316f456979bf4fbd97ae94e472cd842036e07d46")
    );
}

#[tokio::test]
async fn a_refusal_of_facebooks_is_one() {
    let refusal = r#"{"error":{"message":"This authorization code has expired.","type":"OAuthException","code":100}}"#;
    let refusal = PeerAnswer::Body(400, refusal.to_owned());
    let peer = peer(HashMap::from([("POST /oauth/access_token", refusal)])).await;
    refused(finish(&facebook(&peer)).await, "no tokens");
}
