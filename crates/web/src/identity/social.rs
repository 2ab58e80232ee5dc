//! Signing in elsewhere: a browser is sent to a provider, and comes back. Both are addresses that people see in their
//! browsers, so what can't be done is said by the app's pages and not by a problem document.

use super::cookies;
use crate::extract::{CallingClient, FromQuery, InOrder, Permitted, QueryReader, ValidQuery};
use crate::problem::{Problem, ProblemDocument, registry};
use crate::settings::Settings;
use actix_web::cookie::Cookie;
use actix_web::http::header::LOCATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse, get, web};
use application::identity::policy::ChangeCredentials;
use application::identity::social::journey::{Back, Landing, NoCode, Refusal};
use application::identity::social::ports::Arrival;
use application::identity::social::sign_in::{BeginError, FinishError, SocialSignIn};
use application::system::Clock;
use serde::Serialize;
use url::form_urlencoded::Serializer;
use utoipa::ToSchema;

type Answer = Result<HttpResponse, Problem>;

/// Where people land who wanted to be nowhere else.
const ACCOUNT: &str = "/account";

/// The providers by which one can sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderList {
    /// All of them.
    pub data: Vec<Provider>,
    /// Always `null`: they all are here.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A provider by which one can sign in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Provider {
    /// Its name in addresses.
    #[schema(example = "google")]
    pub id: String,
    /// Its name for people.
    #[schema(example = "Google")]
    pub name: String,
}

/// How somebody leaves.
#[derive(Debug)]
pub struct DepartureQuery {
    return_to: String,
    link: bool,
}

impl FromQuery for DepartureQuery {
    fn read(query: &mut QueryReader) -> Self {
        let return_to = query.text("return_to").filter(|path| is_our_path(path));
        Self { return_to: return_to.unwrap_or_else(|| ACCOUNT.to_owned()), link: query.flag("link").unwrap_or(false) }
    }
}

/// What the provider lets the browser bring back.
#[derive(Debug)]
pub struct ReturnQuery {
    code: Option<String>,
    state: String,
    error: Option<String>,
    issuer: Option<String>,
}

impl FromQuery for ReturnQuery {
    fn read(query: &mut QueryReader) -> Self {
        Self {
            code: query.text("code"),
            state: query.text("state").unwrap_or_default(),
            error: query.text("error"),
            issuer: query.text("iss"),
        }
    }
}

/// The providers by which one can sign in here.
#[utoipa::path(operation_id = "list_sign_in_providers", tag = "identity", responses(
    (status = 200, description = "The providers; none if the shop is configured for none", body = ProviderList),
))]
#[get("/auth/oauth")]
pub async fn list_providers(social: web::Data<dyn SocialSignIn>) -> Answer {
    let data = social.providers().into_iter().map(|(id, name)| Provider { id, name }).collect();
    Ok(HttpResponse::Ok().json(ProviderList { data, next_cursor: None }))
}

/// Sign in by a provider. A browser that goes here is sent on to it.
#[utoipa::path(operation_id = "begin_social_sign_in", tag = "identity", params(
    ("provider" = String, Path, description = "The provider"),
    ("return_to" = Option<String>, Query, description = "The path of this shop to land at; `/account` without it"),
    ("link" = Option<bool>, Query, description = "Whether the identity is to be linked to the account that is signed in (by session, with a fresh proof)"),
), responses(
    (status = 303, description = "On to the provider; or to `/login?error=oauth-failed` when it is away", headers(("Location" = String, description = "Where to"), ("Set-Cookie" = String, description = "Binds the browser"))),
    (status = 401, description = "`unauthorized`: to link, one must be signed in", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 403, description = "`fresh-proof-required`, `api-key-not-allowed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = 404, description = "`not-found`: there is no such provider", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/auth/oauth/{provider}")]
pub async fn begin(
    request: HttpRequest,
    provider: web::Path<String>,
    query: ValidQuery<DepartureQuery>,
    social: web::Data<dyn SocialSignIn>,
    settings: web::Data<Settings>,
) -> Answer {
    let ValidQuery(DepartureQuery { return_to, link }) = query;
    let linking = if link { Some(Permitted::<ChangeCredentials>::extract(&request).await?.0) } else { None };
    match social.begin(&provider, &return_to, linking).await {
        Ok(away) => Ok(see_other(&away.authorize_url, [cookies::away(&away.browser_token, &settings)])),
        Err(BeginError::NotFound) => Err(Problem::new(&registry::NOT_FOUND)),
        Err(BeginError::Provider(error)) => {
            tracing::warn!(provider = provider.as_str(), error = describe(&error), "nobody can sign in there");
            Ok(see_other(&refused(&Refusal::Provider(error), link, Some(&return_to)), []))
        }
        Err(BeginError::Repository(error)) => Err(error.into()),
    }
}

/// Come back from a provider. Whoever it names is signed in; without an account, they get one.
#[utoipa::path(operation_id = "finish_social_sign_in", tag = "identity", params(
    ("provider" = String, Path, description = "The provider"),
    ("state" = Option<String>, Query, description = "What went with the browser"),
    ("code" = Option<String>, Query, description = "For what the provider knows"),
    ("error" = Option<String>, Query, description = "Why there is no code"),
    ("iss" = Option<String>, Query, description = "Who sent the browser (RFC 9207)"),
), responses(
    (status = 303, description = "To where one wanted to be, with the session's cookies; to `/login/second-factor?challenge=`; or to `/login?error=` with `oauth-denied`, `oauth-failed`, `oauth-email-unverified` (the provider told no address), `oauth-email-taken` (it has an account, and is not verified on both sides) or, when linking, `oauth-identity-taken`", headers(("Location" = String, description = "Where to"), ("Set-Cookie" = String, description = "The session's cookies"))),
    (status = 404, description = "`not-found`: there is no such provider", body = ProblemDocument, content_type = "application/problem+json"),
))]
#[get("/auth/oauth/{provider}/callback")]
pub async fn finish(
    request: HttpRequest,
    input: InOrder<web::Path<String>, ValidQuery<ReturnQuery>>,
    client: CallingClient,
    social: web::Data<dyn SocialSignIn>,
    clock: web::Data<dyn Clock>,
    settings: web::Data<Settings>,
) -> Answer {
    let InOrder(provider, ValidQuery(query)) = input;
    let provider = provider.into_inner();
    let browser_token = request.cookie(cookies::AWAY_COOKIE).map(|cookie| cookie.value().to_owned());
    let arrival = query.code.map(|code| Arrival { code, issuer: query.issuer });
    let arrival = match query.error.as_deref() {
        Some("access_denied") => Err(NoCode::Denied),
        Some(_) => Err(NoCode::Failed),
        None => arrival.ok_or(NoCode::Failed),
    };
    let back = Back { provider: provider.clone(), state: query.state, browser_token, arrival };
    let mut set = vec![cookies::back(&settings)];
    let location = match social.finish(back, &client.0).await? {
        Landing::SignedIn { signed_in, return_to } => {
            set.extend(cookies::signed_in(&signed_in, clock.now(), &settings));
            return_to
        }
        Landing::SecondFactor { challenge, return_to } => {
            with_query("/login/second-factor", &[("challenge", &challenge.token), ("return_to", &return_to)])
        }
        Landing::Linked { return_to } => return_to,
        Landing::Refused { refusal, linking, return_to } => {
            if let Refusal::Provider(error) = &refusal {
                tracing::warn!(provider, error = describe(error), "somebody could not sign in there");
            }
            refused(&refusal, linking, return_to.as_deref())
        }
    };
    Ok(see_other(&location, set))
}

/// Whether it is a path of this shop, for every browser: they read `\` as `/`, and `//host` as another host.
fn is_our_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.chars().any(|c| c == '\\' || c.is_control())
}

/// Where somebody lands who is not signed in: at the sign-in page, or where they wanted to link.
fn refused(refusal: &Refusal, linking: bool, return_to: Option<&str>) -> String {
    let code = match refusal {
        Refusal::Denied => "oauth-denied",
        Refusal::Lost | Refusal::Provider(_) | Refusal::KeptOut => "oauth-failed",
        Refusal::EmailMissing => "oauth-email-unverified",
        Refusal::EmailTaken => "oauth-email-taken",
        Refusal::IdentityTaken => "oauth-identity-taken",
    };
    match return_to {
        Some(path) if linking => with_query(path, &[("error", code)]),
        Some(path) if path != ACCOUNT => with_query("/login", &[("error", code), ("return_to", path)]),
        _ => with_query("/login", &[("error", code)]),
    }
}

fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let (path, fragment) = path.split_once('#').map_or((path, None), |(path, fragment)| (path, Some(fragment)));
    let query = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let joint = if path.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    format!("{path}{joint}{query}{fragment}")
}

fn see_other(location: &str, set: impl IntoIterator<Item = Cookie<'static>>) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((LOCATION, location));
    for cookie in set {
        answer.cookie(cookie);
    }
    answer.finish()
}

/// An error with what caused it, for the log.
fn describe(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<FinishError> for Problem {
    fn from(error: FinishError) -> Self {
        match error {
            FinishError::NotFound => Self::new(&registry::NOT_FOUND),
            FinishError::Signing(error) => error.into(),
            FinishError::Repository(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lands_in_this_shop_and_nowhere_else() {
        for ours in ["/", "/account", "/seller/products?page=2#top", "/a//b", "/@elsewhere.example"] {
            assert!(is_our_path(ours), "{ours}");
        }
        for other in [
            "",
            "account",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "\\\\e.example",
            "https://e.example",
            "/\t/e",
        ] {
            assert!(!is_our_path(other), "{other}");
        }
    }

    #[test]
    fn a_refusal_is_told_where_one_came_from() {
        assert_eq!(refused(&Refusal::Denied, false, None), "/login?error=oauth-denied");
        assert_eq!(refused(&Refusal::Denied, false, Some(ACCOUNT)), "/login?error=oauth-denied");
        let told = refused(&Refusal::EmailTaken, false, Some("/cart?a=b"));
        assert_eq!(told, "/login?error=oauth-email-taken&return_to=%2Fcart%3Fa%3Db");
        let told = refused(&Refusal::IdentityTaken, true, Some("/account/security?tab=2#identities"));
        assert_eq!(told, "/account/security?tab=2&error=oauth-identity-taken#identities");
    }
}
