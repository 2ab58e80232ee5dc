//! Where a customer may be sent after paying: to the shop itself or to an allowed front end, and nowhere else (OWASP:
//! unvalidated redirects).

use crate::problem::{FieldError, Problem};
use crate::settings::Settings;
use domain::payments::ReturnUrls;
use url::Url;

/// Where a customer comes back to who named no place.
const ORDER_PAGE: &str = "/orders/{ORDER_ID}?token={ACCESS_TOKEN}";

/// The places that a checkout names, made absolute.
///
/// # Errors
/// 422 for each place that is not allowed.
pub fn return_urls(success: Option<&str>, cancel: Option<&str>, settings: &Settings) -> Result<ReturnUrls, Problem> {
    let success = allowed(success.unwrap_or(ORDER_PAGE), settings);
    let cancel = allowed(cancel.unwrap_or(ORDER_PAGE), settings);
    let fault = |pointer: &str| FieldError::new(pointer, "return-url", "must be on the shop's own origin, or a path");
    match (success, cancel) {
        (Some(success), Some(cancel)) => Ok(ReturnUrls { success, cancel }),
        (success, cancel) => {
            let refused = [(success, "/success_url"), (cancel, "/cancel_url")];
            let faults = refused.into_iter().filter(|(url, _)| url.is_none());
            Err(Problem::invalid(faults.map(|(_, pointer)| fault(pointer)).collect()))
        }
    }
}

/// The place as it was written (the placeholders must survive), if browsers read it as one of ours.
fn allowed(place: &str, settings: &Settings) -> Option<String> {
    let is_path = place.starts_with('/') && !place.starts_with("//");
    // Browsers take a backslash for a slash, and drop tabs and line breaks.
    let plain = !place.contains('\\') && !place.chars().any(|c| c.is_control() || c.is_whitespace());
    let absolute = if is_path { format!("{}{place}", settings.public_url) } else { place.to_owned() };
    let url = Url::parse(&absolute).ok().filter(|_| plain)?;
    let ours = settings.allows_origin(&url.origin()) && url.username().is_empty() && url.password().is_none();
    ours.then_some(absolute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings { cors_origins: vec!["https://app.example".into()], ..Settings::at("https://shop.example") }
    }

    #[test]
    fn a_path_is_made_absolute_and_keeps_its_placeholders() {
        let urls = return_urls(Some("/checkout/done?order={ORDER_ID}"), None, &settings()).unwrap();
        assert_eq!(urls.success, "https://shop.example/checkout/done?order={ORDER_ID}");
        assert_eq!(urls.cancel, "https://shop.example/orders/{ORDER_ID}?token={ACCESS_TOKEN}");
    }

    #[test]
    fn the_shop_and_allowed_front_ends_are_good_places() {
        for place in ["https://shop.example/thanks", "https://app.example/{ORDER_ID}"] {
            assert_eq!(allowed(place, &settings()).as_deref(), Some(place));
        }
    }

    #[test]
    fn nobody_is_sent_to_a_stranger() {
        let places = [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "https://shop.example@evil.example/",
            "https://shop.example:8443/",
            "http://shop.example/",
            "evil",
            "",
            "https://user@shop.example/",
            "/\t/evil.example",
            "data:text/html,x",
            "https:/evil.example",
        ];
        for place in places {
            assert_eq!(allowed(place, &settings()), None, "{place}");
        }
    }

    #[test]
    fn both_refused_places_are_named() {
        let problem = return_urls(Some("//a"), Some("//b"), &settings()).unwrap_err();
        assert_eq!(problem.code(), "validation-failed");
    }
}
