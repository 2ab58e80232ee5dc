//! Signing in by a provider: there, back, and what may go wrong between.

use super::i12_second_factors::{sets_up, shown};
use crate::harness::{Actor, Answer, Engine, Shop, unique};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{OpenIdPeer, PeerAnswer, WebPeer};

const BEGIN: &str = "/api/v1/auth/oauth/acme";

/// A shop where one can sign in by a provider that is real.
struct Scene {
    peer: OpenIdPeer,
    shop: Shop,
}

/// A browser on its way: where it was sent, and what it keeps.
#[derive(Clone)]
struct Visit {
    authorize_url: String,
    cookie: String,
}

async fn scene(engine: Engine) -> Scene {
    let peer = OpenIdPeer::start();
    let settings = [
        ("CARAT__SOCIAL__ACME__NAME", "Acme"),
        ("CARAT__SOCIAL__ACME__ISSUER", peer.issuer()),
        ("CARAT__SOCIAL__ACME__CLIENT_ID", OpenIdPeer::CLIENT_ID),
        ("CARAT__SOCIAL__ACME__CLIENT_SECRET", OpenIdPeer::CLIENT_SECRET),
    ];
    let shop = Shop::open_with(engine, &settings).await;
    Scene { peer, shop }
}

impl Scene {
    async fn leave(&self, query: &str) -> Visit {
        let answer = self.shop.guest().page(&format!("{BEGIN}{query}")).await.is(303);
        visit(&answer)
    }

    /// Somebody signs in at the provider; answers the path that the browser brings back.
    async fn path_back(&self, visit: &Visit, login: &str) -> String {
        self.path_of(&self.peer.sign_in(&visit.authorize_url, login).await)
    }

    fn path_of(&self, callback: &str) -> String {
        callback.strip_prefix(&self.shop.origin()).expect("our own address").to_owned()
    }

    /// Browsers send no other cookie of ours along from there, since the others are strict.
    async fn come_back(&self, path: &str, cookie: &str) -> Answer {
        let cookie = format!("carat_oauth={cookie}");
        self.shop.guest().ask("GET", path, &[("cookie", &cookie)], None).await.is(303)
    }

    async fn sign_in(&self, login: &str) -> Answer {
        let visit = self.leave("").await;
        let path = self.path_back(&visit, login).await;
        self.come_back(&path, &visit.cookie).await
    }

    async fn signed_in(&self, login: &str) -> Actor {
        let answer = self.sign_in(login).await;
        assert_eq!(location(&answer), "/account");
        self.actor(&answer)
    }

    fn actor(&self, answer: &Answer) -> Actor {
        self.shop.guest().with_token(&answer.set_cookie("carat_session").expect("a session").0)
    }

    async fn refused(&self, login: &str, code: &str) {
        let answer = self.sign_in(login).await;
        is_refused(&answer, code);
    }
}

fn visit(answer: &Answer) -> Visit {
    let (cookie, attributes) = answer.set_cookie("carat_oauth").expect("a cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/api/v1/auth/oauth", "Max-Age=600"] {
        assert!(attributes.contains(attribute), "{attribute}: {attributes}");
    }
    Visit { authorize_url: location(answer), cookie }
}

fn location(answer: &Answer) -> String {
    answer.header("location").expect("a location").to_owned()
}

#[track_caller]
fn is_refused(answer: &Answer, code: &str) {
    assert_eq!(location(answer), format!("/login?error={code}"));
    assert!(answer.set_cookie("carat_session").is_none() && answer.set_cookie("carat_refresh").is_none());
}

async fn me(actor: &Actor) -> Value {
    actor.get("/users/me").await.json(200)
}

fn fresh(name: &str) -> String {
    format!("{}@example.com", unique(name))
}

async fn i13_a_newcomer_gets_an_account_and_comes_back_to_it(scene: Scene) {
    let listed = scene.shop.guest().get("/auth/oauth").await.json(200);
    assert_eq!(listed, json!({"data": [{"id": "acme", "name": "Acme"}], "next_cursor": null}));
    let email = fresh("ada");
    let answer = scene.sign_in(&email).await;
    assert_eq!(location(&answer), "/account");
    let (_, refresh) = answer.set_cookie("carat_refresh").expect("a refresh token");
    assert!(refresh.contains("SameSite=Strict") && refresh.contains("HttpOnly"), "{refresh}");
    assert!(answer.set_cookie("carat_oauth").expect("it is cleared").1.contains("Max-Age=0"));
    let ada = scene.actor(&answer);
    let account = me(&ada).await;
    assert_eq!(account["email"], email.as_str());
    assert_eq!((&account["email_verified"], &account["has_password"]), (&json!(true), &json!(false)));
    assert_eq!(account["role"], "customer");
    let identities = ada.get("/users/me/identities").await.json(200);
    let identity = &identities["data"][0];
    assert_eq!((&identity["provider"], &identity["email"]), (&json!("acme"), &json!(email)));
    let again = scene.signed_in(&email).await;
    assert_eq!(me(&again).await["id"], account["id"]);
    assert_eq!(scene.shop.guest().logs_in(&email, "").await.status, 422);
    scene.shop.guest().logs_in(&email, "Any-passw0rd").await.problem(401, "invalid-credentials");
    let path = format!("/users/me/identities/{}", identity["id"].as_str().unwrap());
    again.delete(&path).await.problem(409, "last-sign-in-method");
    scene.shop.customer().await.delete(&path).await.problem(404, "not-found");
}

async fn i13_of_many_first_sign_ins_at_once_one_makes_the_account(scene: Scene) {
    let email = fresh("ada");
    let flows = (0..12).map(async |_| {
        let visit = scene.leave("").await;
        let path = scene.path_back(&visit, &email).await;
        (path, visit.cookie)
    });
    let flows = join_all(flows).await;
    let answers = join_all(flows.iter().map(|(path, cookie)| scene.come_back(path, cookie))).await;
    let mut ids = Vec::new();
    for answer in &answers {
        assert_eq!(location(answer), "/account");
        ids.push(me(&scene.actor(answer)).await["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let identities = scene.actor(&answers[0]).get("/users/me/identities").await.json(200);
    assert_eq!(identities["data"].as_array().unwrap().len(), 1);
}

async fn i13_an_account_is_linked_only_if_both_sides_have_proven_its_address(scene: Scene) {
    let ada = scene.shop.customer().await;
    let back = scene.signed_in(&ada.email).await;
    assert_eq!(me(&back).await["id"], ada.id.as_str());
    assert_eq!(scene.shop.mails_about(&ada.email, "Another way to sign in").await, 1);
    // With the password, it is not the last way to sign in.
    let identity = &ada.get("/users/me/identities").await.json(200)["data"][0];
    ada.delete(&format!("/users/me/identities/{}", identity["id"].as_str().unwrap())).await.is(204);
    assert_eq!(ada.get("/users/me/identities").await.json(200)["data"], json!([]));

    let unverified_here = scene.shop.newcomer(json!({})).await;
    scene.refused(&unverified_here.email, "oauth-email-taken").await;
    let email = format!("{}@example.com", unique("unproven"));
    let unverified_there = scene.signed_in(&email).await;
    assert_eq!(me(&unverified_there).await["email_verified"], false);
    let code = scene.shop.code_of(&email).await;
    scene.shop.guest().post("/auth/verify-email", &json!({"email": email, "code": code})).await.json(200);
    assert_eq!(me(&unverified_there).await["email_verified"], true);
    scene.refused("nobody", "oauth-email-unverified").await;
}

async fn i13_a_state_that_has_expired_opens_nothing_and_asks_nobody(scene: Scene) {
    let email = fresh("ada");
    let visit = scene.leave("").await;
    let path = scene.path_back(&visit, &email).await;
    let long_ago = "UPDATE ceremonies SET expires_at = (SELECT min(created_at) FROM users)";
    assert_eq!(scene.shop.database().await.execute(long_ago).await.unwrap(), 1);
    is_refused(&scene.come_back(&path, &visit.cookie).await, "oauth-failed");
    is_refused(&scene.come_back(&path, &visit.cookie).await, "oauth-failed");
    assert_eq!(scene.shop.admin().await.all(&format!("/admin/users?q={email}")).await, [] as [Value; 0]);
    scene.signed_in(&email).await;
}

async fn i12_a_second_factor_is_asked_for_after_a_social_sign_in_too(scene: Scene) {
    let email = fresh("ada");
    let ada = scene.signed_in(&email).await;
    let (secret, codes) = sets_up(&ada).await;
    let challenged = async || {
        let visit = scene.leave("?return_to=/cart").await;
        let path = scene.path_back(&visit, &email).await;
        let answer = scene.come_back(&path, &visit.cookie).await;
        for cookie in ["carat_session", "carat_refresh", "carat_device"] {
            assert!(answer.set_cookie(cookie).is_none(), "nobody is signed in yet: {cookie}");
        }
        let landing = location(&answer);
        let query = landing.strip_prefix("/login/second-factor?").unwrap_or_else(|| panic!("{landing}"));
        assert!(query.contains("return_to=%2Fcart"), "{landing}");
        query.split('&').find_map(|pair| pair.strip_prefix("challenge=")).expect("a challenge").to_owned()
    };
    let answer_by = async |challenge: &str, code: &str| {
        let body = json!({"challenge": challenge, "code": code});
        scene.shop.guest().post("/auth/login/second-factor", &body).await
    };
    let challenge = challenged().await;
    answer_by(&challenge, "000000").await.problem(401, "second-factor-invalid");
    let code = shown(&secret, 30);
    let login = answer_by(&challenge, &code).await.json(200);
    let again = ada.with_token(login["access_token"].as_str().unwrap());
    assert_eq!(me(&again).await["id"], me(&ada).await["id"]);
    answer_by(&challenge, &codes[0]).await.problem(410, "challenge-expired");
    let challenge = challenged().await;
    answer_by(&challenge, &code).await.problem(401, "second-factor-invalid");
    answer_by(&challenge, &codes[0]).await.json(200);
    // Linking is no sign-in: who is signed in has answered already.
    let visit = visit(&again.page(&format!("{BEGIN}?link=true&return_to=/account/security")).await.is(303));
    let path = scene.path_back(&visit, &fresh("other")).await;
    assert_eq!(location(&scene.come_back(&path, &visit.cookie).await), "/account/security");
}

async fn i15_every_way_to_an_account_is_in_the_security_log(scene: Scene) {
    let (admin, by_password, by_provider) = (scene.shop.admin().await, scene.shop.customer().await, fresh("ada"));
    let by_provider = me(&scene.signed_in(&by_provider).await).await;
    let body = json!({"users": [{"email": fresh("bulk"), "password": "Corr3ct-horse!"}]});
    let bulk = admin.post("/auth/register/bulk", &body).await.json(200);
    let registered = async |id: &Value| {
        let path = format!("/admin/security-log?kind=registered&user={}", id.as_str().unwrap());
        let mut events = admin.all(&path).await;
        assert_eq!(events.len(), 1, "{events:?}");
        let event = events.remove(0);
        assert_eq!(event["address"], "127.0.0.1");
        (event["actor_id"].clone(), event["details"].clone())
    };
    let nobody = Value::Null;
    assert_eq!(registered(&json!(by_password.id)).await, (nobody.clone(), json!({"role": "customer"})));
    assert_eq!(registered(&by_provider["id"]).await, (nobody, json!({"provider": "acme", "role": "customer"})));
    assert_eq!(registered(&bulk["results"][0]["id"]).await, (json!(admin.id), json!({"role": "customer"})));
    scene.signed_in(by_provider["email"].as_str().unwrap()).await;
    registered(&by_provider["id"]).await; // who comes back is not new
}

/// Runs a scene on both databases.
macro_rules! scenes {
    ($($name:ident),+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(super::scene(super::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$name(super::scene(super::Engine::Postgres).await).await;
            }
        }
    )+};
}

scenes!(
    i13_a_newcomer_gets_an_account_and_comes_back_to_it,
    i13_of_many_first_sign_ins_at_once_one_makes_the_account,
    i13_an_account_is_linked_only_if_both_sides_have_proven_its_address,
    i13_a_state_that_has_expired_opens_nothing_and_asks_nobody,
    i12_a_second_factor_is_asked_for_after_a_social_sign_in_too,
    i15_every_way_to_an_account_is_in_the_security_log
);

#[tokio::test]
async fn i13_an_address_that_the_provider_has_not_proven_opens_no_account_of_somebody_else() {
    let scene = scene(Engine::Sqlite).await;
    let email = format!("{}@example.com", unique("unproven"));
    let body = json!({"email": email, "password": "Corr3ct-horse!"});
    scene.shop.guest().post("/auth/register", &body).await.json(201);
    let proof = json!({"email": email, "code": scene.shop.code_of(&email).await});
    scene.shop.guest().post("/auth/verify-email", &proof).await.json(200);
    scene.refused(&email, "oauth-email-taken").await;
}

#[tokio::test]
async fn i13_a_browser_comes_back_once_and_with_what_it_was_given() {
    let scene = scene(Engine::Sqlite).await;
    let visit = scene.leave("").await;
    let path = scene.path_back(&visit, &fresh("ada")).await;
    let state = |path: &str| path.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let another = scene.leave("").await;
    let their_state = state(&another.authorize_url);

    let odd = path.replace(&state(&path), "made-up");
    is_refused(&scene.come_back(&odd, &visit.cookie).await, "oauth-failed");
    let crossed = path.replace(&state(&path), &their_state);
    is_refused(&scene.come_back(&crossed, &visit.cookie).await, "oauth-failed");
    is_refused(&scene.come_back(&path, "another-browser").await, "oauth-failed");
    is_refused(&scene.come_back(&path, &visit.cookie).await, "oauth-failed");
    is_refused(&scene.shop.guest().page(&format!("{BEGIN}/callback")).await.is(303), "oauth-failed");

    let visit = scene.leave("").await;
    let path = scene.path_back(&visit, &fresh("ada")).await;
    is_refused(&scene.shop.guest().page(&path).await.is(303), "oauth-failed");
    let visit = scene.leave("").await;
    let path = scene.path_back(&visit, &fresh("ada")).await;
    assert_eq!(location(&scene.come_back(&path, &visit.cookie).await), "/account");
    is_refused(&scene.come_back(&path, &visit.cookie).await, "oauth-failed");
}

#[tokio::test]
async fn i13_who_changes_their_mind_is_told_so() {
    let scene = scene(Engine::Sqlite).await;
    let visit = scene.leave("?return_to=/cart").await;
    let path = scene.path_of(&scene.peer.decline(&visit.authorize_url).await);
    let answer = scene.come_back(&path, &visit.cookie).await;
    assert_eq!(location(&answer), "/login?error=oauth-denied&return_to=%2Fcart");
}

#[tokio::test]
async fn i13_one_lands_where_one_wanted_to_be_in_this_shop_alone() {
    let scene = scene(Engine::Sqlite).await;
    let email = fresh("ada");
    for (wish, landing) in [
        ("/orders%3Fpage=2", "/orders?page=2"),
        ("//elsewhere.example", "/account"),
        ("/%5Celsewhere.example", "/account"),
        ("https://elsewhere.example", "/account"),
    ] {
        let visit = scene.leave(&format!("?return_to={wish}")).await;
        let path = scene.path_back(&visit, &email).await;
        assert_eq!(location(&scene.come_back(&path, &visit.cookie).await), landing, "{wish}");
    }
}

#[tokio::test]
async fn i13_a_token_that_proves_nothing_opens_nothing() {
    let scene = scene(Engine::Sqlite).await;
    for mood in [
        r#"{"claims": {"nonce": "of-another-sign-in"}}"#,
        r#"{"claims": {"aud": "another-shop"}}"#,
        r#"{"claims": {"iss": "https://elsewhere.example"}}"#,
        r#"{"claims": {"exp": 1700000000}}"#,
        r#"{"signature": "none"}"#,
        r#"{"signature": "broken"}"#,
        r#"{"signature": "stranger"}"#,
        r#"{"signature": "secret"}"#,
        r#"{"fails": {"path": "/token", "status": 500}}"#,
        r#"{"answers": {"path": "/token", "body": {"access_token": "a", "token_type": "Bearer"}}}"#,
    ] {
        scene.peer.mood("{}").await;
        let visit = scene.leave("").await;
        let path = scene.path_back(&visit, &fresh("ada")).await;
        scene.peer.mood(mood).await;
        is_refused(&scene.come_back(&path, &visit.cookie).await, "oauth-failed");
    }
    scene.peer.mood("{}").await;
    scene.signed_in(&fresh("ada")).await;
}

#[tokio::test]
async fn i13_a_provider_that_is_away_or_silent_is_told_and_nobody_else_is_disturbed() {
    let scene = scene(Engine::Sqlite).await;
    let discovery = "/.well-known/openid-configuration";
    scene.peer.mood(format!(r#"{{"fails": {{"path": "{discovery}", "status": 503}}}}"#)).await;
    is_refused(&scene.shop.guest().page(BEGIN).await.is(303), "oauth-failed");
    scene.peer.mood(format!(r#"{{"hangs": {{"path": "{discovery}"}}}}"#)).await;
    let (guest, begun) = (scene.shop.guest(), std::time::Instant::now());
    let (waiting, health) = futures_util::join!(guest.page(BEGIN), guest.page("/health"));
    is_refused(&waiting.is(303), "oauth-failed");
    assert_eq!(health.status, 200);
    assert!(begun.elapsed().as_secs() < 20);
    scene.peer.mood("{}").await;
    scene.signed_in(&fresh("ada")).await;
    scene.shop.guest().get("/auth/oauth/unknown").await.problem(404, "not-found");
    scene.shop.guest().get("/auth/oauth/unknown/callback?code=a&state=b").await.problem(404, "not-found");
}

#[tokio::test]
async fn i13_who_is_signed_in_links_another_identity() {
    let scene = scene(Engine::Sqlite).await;
    let (ada, elsewhere) = (scene.shop.customer().await, fresh("other"));
    let begin = format!("{BEGIN}?link=true&return_to=/account/security");
    scene.shop.guest().page(&begin).await.problem(401, "unauthorized");
    let link = async |who: &Actor, login: &str| {
        let visit = visit(&who.page(&begin).await.is(303));
        let path = scene.path_back(&visit, login).await;
        scene.come_back(&path, &visit.cookie).await
    };
    let answer = link(&ada, &elsewhere).await;
    assert_eq!(location(&answer), "/account/security");
    assert!(answer.set_cookie("carat_session").is_none(), "the session that asked for it goes on");
    assert_eq!(me(&scene.signed_in(&elsewhere).await).await["id"], ada.id.as_str());
    assert_eq!(location(&link(&ada, &elsewhere).await), "/account/security", "once more changes nothing");
    assert_eq!(ada.get("/users/me/identities").await.json(200)["data"].as_array().unwrap().len(), 1);
    let answer = link(&scene.shop.customer().await, &elsewhere).await;
    assert_eq!(location(&answer), "/account/security?error=oauth-identity-taken");
}

#[tokio::test]
async fn i13_github_signs_in_by_its_own_interface() {
    let peer = WebPeer::start(|asked| {
        let body = match asked.line.as_str() {
            "POST /login/oauth/access_token" => {
                r#"{"access_token":"gho_1","scope":"user:email","token_type":"bearer"}"#
            }
            "GET /user" => r#"{"login":"octocat","id":583231,"name":"The Octocat"}"#,
            "GET /user/emails" => r#"[{"email":"octocat@example.com","verified":true,"primary":true}]"#,
            _ => return PeerAnswer::Body(404, "{}".to_owned()),
        };
        PeerAnswer::Body(200, body.to_owned())
    })
    .await;
    let settings = [
        ("CARAT__SOCIAL__GITHUB__CLIENT_ID", "12345"),
        ("CARAT__SOCIAL__GITHUB__CLIENT_SECRET", "67890"),
        ("CARAT__SOCIAL__GITHUB__SITE_URL", peer.address()),
        ("CARAT__SOCIAL__GITHUB__API_URL", peer.address()),
    ];
    let shop = Shop::open_with(Engine::Sqlite, &settings).await;
    assert_eq!(shop.guest().get("/auth/oauth").await.json(200)["data"], json!([{"id": "github", "name": "GitHub"}]));
    let visit = visit(&shop.guest().get("/auth/oauth/github").await.is(303));
    assert!(visit.authorize_url.starts_with(&format!("{}/login/oauth/authorize?", peer.address())));
    let state = visit.authorize_url.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let cookie = format!("carat_oauth={}", visit.cookie);
    let path = format!("/api/v1/auth/oauth/github/callback?code=the-code&state={state}");
    let answer = shop.guest().ask("GET", &path, &[("cookie", &cookie)], None).await.is(303);
    let octocat = shop.guest().with_token(&answer.set_cookie("carat_session").expect("a session").0);
    let account = me(&octocat).await;
    assert_eq!((&account["email"], &account["name"]), (&json!("octocat@example.com"), &json!("The Octocat")));
    assert_eq!(peer.asked()[0].field("client_id").as_deref(), Some("12345"));
}

#[tokio::test]
async fn i13_what_is_missing_of_a_provider_stops_the_start_by_its_name() {
    let shop = Shop::closed(Engine::Sqlite, &[("CARAT__SOCIAL__GOOGLE__CLIENT_ID", "12345")]).await;
    let output = shop.command(&["config", "check"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("CARAT__SOCIAL__GOOGLE__CLIENT_SECRET (social.google.client_secret)"), "{said}");
}
