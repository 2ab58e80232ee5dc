use super::{arrival, client, refused, secrets, unavailable};
use application::identity::social::ports::{Arrival, ExternalIdentity, IdentityProvider, ProviderError};
use application::system::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use infrastructure::social::{OpenIdFlavour, OpenIdProvider, ProviderHttp};
use std::sync::{Arc, Mutex};
use testkit::OpenIdPeer;

/// A clock that a test can set forward.
struct Watch(Mutex<TimeDelta>);

impl Clock for Watch {
    fn now(&self) -> DateTime<Utc> {
        testkit::system::SystemClock.now() + *self.0.lock().unwrap()
    }
}

struct Setting {
    peer: OpenIdPeer,
    provider: OpenIdProvider,
    watch: Arc<Watch>,
}

fn setting(flavour: OpenIdFlavour) -> Setting {
    let peer = OpenIdPeer::start();
    let watch = Arc::new(Watch(Mutex::new(TimeDelta::zero())));
    let http = ProviderHttp::new(false).unwrap();
    let provider = OpenIdProvider::new(client(), peer.issuer().to_owned(), flavour, http, watch.clone()).unwrap();
    Setting { peer, provider, watch }
}

impl Setting {
    async fn arrive(&self, login: &str) -> Arrival {
        let url = self.provider.start(&secrets("a")).await.unwrap();
        arrival(&self.peer.sign_in(&url, login).await)
    }

    async fn sign_in(&self, login: &str) -> Result<ExternalIdentity, ProviderError> {
        let arrival = self.arrive(login).await;
        self.provider.finish(&arrival, &secrets("a")).await
    }

    async fn in_mood(&self, mood: &str) -> Result<ExternalIdentity, ProviderError> {
        let arrival = self.arrive("ada@example.com").await;
        self.peer.mood(mood).await;
        self.provider.finish(&arrival, &secrets("a")).await
    }
}

#[tokio::test]
async fn a_person_is_known_by_subject_address_and_name() {
    let setting = setting(OpenIdFlavour::Standard);
    let ada = setting.sign_in("ada@example.com").await.unwrap();
    assert_eq!(ada.subject, "ada@example.com");
    assert_eq!(ada.email.unwrap().as_str(), "ada@example.com");
    assert!(ada.email_verified);
    assert_eq!(ada.name.as_deref(), Some("Ada of Acme"));
    let unproven = setting.sign_in("unproven@example.com").await.unwrap();
    assert!(!unproven.email_verified && unproven.email.is_some());
    let nobody = setting.sign_in("nobody").await.unwrap();
    assert_eq!((nobody.email, nobody.email_verified), (None, false));
}

#[tokio::test]
async fn the_browser_carries_the_challenge_and_never_the_verifier() {
    let setting = setting(OpenIdFlavour::Standard);
    let url = url::Url::parse(&setting.provider.start(&secrets("a")).await.unwrap()).unwrap();
    let field = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(field("response_type").as_deref(), Some("code"));
    assert_eq!(field("state").as_deref(), Some("state-a"));
    assert_eq!(field("nonce").as_deref(), Some("nonce-a"));
    assert_eq!(field("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(field("scope").as_deref(), Some("openid email profile"));
    assert!(!url.as_str().contains(&"a".repeat(43)));
}

#[tokio::test]
async fn a_code_works_once_and_only_with_its_verifier() {
    let setting = setting(OpenIdFlavour::Standard);
    let first = setting.arrive("ada@example.com").await;
    let mut others = secrets("a");
    others.pkce_verifier = "b".repeat(43);
    refused(setting.provider.finish(&first, &others).await, "invalid_grant");
    let second = setting.arrive("ada@example.com").await;
    setting.provider.finish(&second, &secrets("a")).await.unwrap();
    refused(setting.provider.finish(&second, &secrets("a")).await, "invalid_grant");
    let made_up = Arrival { code: "made-up".to_owned(), issuer: None };
    refused(setting.provider.finish(&made_up, &secrets("a")).await, "invalid_grant");
}

#[tokio::test]
async fn a_token_made_for_another_sign_in_is_refused() {
    let setting = setting(OpenIdFlavour::Standard);
    let arrival = setting.arrive("ada@example.com").await;
    let mut others = secrets("a");
    others.nonce = "nonce-b".to_owned();
    refused(setting.provider.finish(&arrival, &others).await, "nonce mismatch");
    refused(setting.in_mood(r#"{"claims": {"nonce": null}}"#).await, "nonce");
}

#[tokio::test]
async fn a_token_for_others_or_of_others_is_refused() {
    let setting = setting(OpenIdFlavour::Standard);
    refused(setting.in_mood(r#"{"claims": {"aud": "another-shop"}}"#).await, "Invalid audiences");
    refused(setting.in_mood(r#"{"claims": {"aud": ["shop", "another-shop"]}}"#).await, "Invalid audiences");
    refused(setting.in_mood(r#"{"claims": {"azp": "another-shop"}}"#).await, "another party");
    refused(setting.in_mood(r#"{"claims": {"iss": "https://elsewhere.example"}}"#).await, "Invalid issuer");
    refused(setting.in_mood(r#"{"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}"#).await, "another access token");
}

#[tokio::test]
async fn a_token_that_is_too_old_is_refused() {
    let setting = setting(OpenIdFlavour::Standard);
    refused(setting.in_mood(r#"{"claims": {"exp": 1700000000}}"#).await, "Expired");
    refused(setting.in_mood(r#"{"claims": {"exp": null}}"#).await, "");
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_refused() {
    let setting = setting(OpenIdFlavour::Standard);
    for (forgery, words) in
        [("none", ""), ("broken", "Signature"), ("stranger", "Signature"), ("secret", "Disallowed signature algorithm")]
    {
        refused(setting.in_mood(&format!(r#"{{"signature": "{forgery}"}}"#)).await, words);
    }
}

#[tokio::test]
async fn a_new_key_is_looked_up_but_not_at_every_token() {
    let setting = setting(OpenIdFlavour::Standard);
    let rotated = r#"{"signature": "rotated"}"#;
    refused(setting.in_mood(rotated).await, "No matching key");
    *setting.watch.0.lock().unwrap() = TimeDelta::seconds(61);
    setting.peer.mood("{}").await;
    assert!(setting.in_mood(rotated).await.is_ok(), "the documents were read a minute ago");
}

#[tokio::test]
async fn a_provider_in_trouble_is_unavailable_and_back_by_itself() {
    let setting = setting(OpenIdFlavour::Standard);
    setting.peer.mood(r#"{"fails": {"path": "/.well-known/openid-configuration", "status": 500}}"#).await;
    unavailable(setting.provider.start(&secrets("a")).await);
    setting.peer.mood("{}").await;
    unavailable(setting.in_mood(r#"{"fails": {"path": "/token", "status": 503}}"#).await);
    setting.peer.mood("{}").await;
    unavailable(setting.in_mood(r#"{"fails": {"path": "/me", "status": 500}}"#).await);
    setting.peer.mood("{}").await;
    refused(setting.in_mood(r#"{"answers": {"path": "/token", "body": {"access_token": "a"}}}"#).await, "no tokens");
    setting.peer.mood("{}").await;
    assert!(setting.sign_in("ada@example.com").await.is_ok());
}

#[tokio::test]
async fn a_provider_that_never_answers_is_unavailable_after_seconds() {
    let setting = setting(OpenIdFlavour::Standard);
    setting.peer.mood(r#"{"hangs": {"path": "/.well-known/openid-configuration"}}"#).await;
    let begun = std::time::Instant::now();
    unavailable(setting.provider.start(&secrets("a")).await);
    assert!(begun.elapsed().as_secs() < 20);
}

#[tokio::test]
async fn a_document_of_somebody_else_is_refused() {
    let setting = setting(OpenIdFlavour::Standard);
    setting.peer.mood(r#"{"issuer": "https://elsewhere.example"}"#).await;
    refused(setting.provider.start(&secrets("a")).await, "elsewhere.example");
}

#[tokio::test]
async fn a_browser_that_another_provider_sent_is_refused() {
    let setting = setting(OpenIdFlavour::Standard);
    let mut arrival = setting.arrive("ada@example.com").await;
    assert_eq!(arrival.issuer.as_deref(), Some(setting.peer.issuer()));
    arrival.issuer = Some("https://elsewhere.example".to_owned());
    refused(setting.provider.finish(&arrival, &secrets("a")).await, "elsewhere.example");
}

#[tokio::test]
async fn one_document_of_microsofts_serves_many_tenants() {
    let setting = setting(OpenIdFlavour::Microsoft);
    let issuer = |tenant: &str| format!("{}/{tenant}/v2.0", setting.peer.issuer());
    let claims = |tid: &str, iss: &str, more: &str| {
        let document = issuer("{tenantid}");
        format!(
            r#"{{"issuer": "{document}", "claims": {{"tid": "{tid}", "iss": "{iss}", "email": "ada@example.com"{more}}}}}"#
        )
    };
    let document = format!(r#"{{"issuer": "{}"}}"#, issuer("{tenantid}"));
    setting.peer.mood(&document).await;
    let ours = setting.in_mood(&claims("one", &issuer("one"), "")).await.unwrap();
    assert_eq!(ours.email.unwrap().as_str(), "ada@example.com");
    assert!(!ours.email_verified, "any tenant's administrator can write any address");
    setting.peer.mood(&document).await;
    let proven = setting.in_mood(&claims("one", &issuer("one"), r#", "xms_edov": true"#)).await.unwrap();
    assert!(proven.email_verified);
    setting.peer.mood(&document).await;
    refused(setting.in_mood(&claims("one", &issuer("two"), "")).await, "not its tenant");
    setting.peer.mood(&document).await;
    refused(setting.in_mood(&claims("one", "https://elsewhere.example", "")).await, "not its tenant");
}
