//! Answering with a file of an app: compressed where the browser takes it, kept or asked for anew.

use super::{AppFile, AppFiles};
use crate::middleware::etag;
use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse};

/// The compressed twins, best first.
const TWINS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Whether a name can't lead out of the app's folder, and is no compressed twin by itself.
pub fn is_plain(path: &str) -> bool {
    let twin = TWINS.iter().any(|(_, ending)| path.ends_with(ending));
    let hidden =
        path.split('/').any(|part| part.is_empty() || part.starts_with('.') || part.contains(['\\', '%', ':']));
    !twin && !hidden && path != "index.html"
}

/// A file; hashed ones for ever, the others to be asked for anew.
pub fn answer(request: &HttpRequest, app: &dyn AppFiles, path: &str) -> Option<HttpResponse> {
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    file(request, app, path, cache)
}

/// The app's page.
pub fn index(request: &HttpRequest, app: &dyn AppFiles) -> Option<HttpResponse> {
    file(request, app, "index.html", "no-cache")
}

fn file(request: &HttpRequest, app: &dyn AppFiles, path: &str, cache: &'static str) -> Option<HttpResponse> {
    let plain = app.get(path)?;
    let tag = format!("W/\"{}\"", hex::encode(plain.hash.get(..16).unwrap_or_default()));
    if etag::is_known(request, &tag) {
        let mut answer = HttpResponse::NotModified();
        return Some(answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, cache)).finish());
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, plain.content_type.clone())).insert_header((VARY, "Accept-Encoding"));
    answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, cache));
    let AppFile { bytes, .. } = match twin(request, app, path) {
        Some((encoding, twin)) => {
            answer.insert_header((CONTENT_ENCODING, encoding));
            twin
        }
        None => plain,
    };
    Some(answer.body(bytes.into_owned()))
}

fn twin(request: &HttpRequest, app: &dyn AppFiles, path: &str) -> Option<(&'static str, AppFile)> {
    let accepted = request.headers().get(ACCEPT_ENCODING)?.to_str().ok()?;
    let takes = |encoding: &str| accepted.split(',').any(|offer| takes(offer, encoding));
    let twins = TWINS.iter().filter(|(encoding, _)| takes(encoding));
    twins.filter_map(|(encoding, ending)| Some((*encoding, app.get(&format!("{path}{ending}"))?))).next()
}

/// Whether an offer such as `br;q=0.8` takes an encoding.
fn takes(offer: &str, encoding: &str) -> bool {
    let mut parts = offer.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
    let refused = parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
    named && !refused
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_may_refuse() {
        assert!(takes("br", "br") && takes(" gzip;q=0.5", "gzip") && takes("BR; q=1", "br"));
        assert!(!takes("br;q=0", "br") && !takes("brx", "br"));
    }

    #[test]
    fn no_name_leads_out_of_the_app() {
        assert!(is_plain("assets/index-a1.js") && is_plain("favicon.svg"));
        assert!(
            ["", "../x", "a/../b", "/etc/passwd", ".env", "a\\b", "%2e%2e/x", "a.js.br"]
                .iter()
                .all(|path| !is_plain(path))
        );
    }
}
