//! The settings of Stripe, and what may be wrong with them.

use super::checks::is_origin;
use infrastructure::payment::STRIPE_API;
use serde::Deserialize;

/// Payments. Without keys of Stripe's, the sandbox stands in.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stripe {
    pub secret_key: String,
    pub webhook_secret: String,
    pub api_base: String,
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stripe").field("api_base", &self.api_base).finish_non_exhaustive()
    }
}

impl Stripe {
    /// Whether Stripe takes the payments.
    pub const fn is_configured(&self) -> bool {
        !self.secret_key.is_empty()
    }

    /// Everything that is wrong or missing. In production only real money moves, and only by Stripe.
    pub fn faults(&self, production: bool) -> impl Iterator<Item = String> {
        let Self { secret_key, webhook_secret, api_base } = self;
        let begins =
            |text: &String, beginnings: &[&str]| beginnings.iter().any(|beginning| text.starts_with(beginning));
        let (live, test) =
            (begins(secret_key, &["sk_live_", "rk_live_"]), begins(secret_key, &["sk_test_", "rk_test_"]));
        let at_home = api_base == STRIPE_API;
        let reachable = api_base.starts_with("https://") || api_base.starts_with("http://127.0.0.1:");
        let checks = [
            (
                production && secret_key.is_empty(),
                "STRIPE_SECRET_KEY (stripe.secret_key): is required in production; the sandbox never stands in for real money",
            ),
            (
                !secret_key.is_empty() && webhook_secret.is_empty(),
                "STRIPE_WEBHOOK_SECRET (stripe.webhook_secret): is set together with STRIPE_SECRET_KEY, or neither",
            ),
            (
                secret_key.is_empty() && !webhook_secret.is_empty(),
                "STRIPE_SECRET_KEY (stripe.secret_key): is set together with STRIPE_WEBHOOK_SECRET, or neither",
            ),
            (
                !secret_key.is_empty() && !live && !test,
                "STRIPE_SECRET_KEY (stripe.secret_key): must begin with sk_ or rk_, and live_ or test_",
            ),
            (
                production && test,
                "STRIPE_SECRET_KEY (stripe.secret_key): is a test key, by which no money moves; production needs a live key",
            ),
            (
                !webhook_secret.is_empty() && !webhook_secret.starts_with("whsec_"),
                "STRIPE_WEBHOOK_SECRET (stripe.webhook_secret): must begin with whsec_",
            ),
            (
                !is_origin(api_base) || !reachable,
                "STRIPE_API_BASE (stripe.api_base): must be an https address without a slash at the end",
            ),
            (
                !at_home && production,
                "STRIPE_API_BASE (stripe.api_base): must be Stripe's own address in production; unset it",
            ),
            (
                !at_home && live && !production,
                "STRIPE_API_BASE (stripe.api_base): a live key is shown to Stripe alone; unset it, or use a test key",
            ),
        ];
        checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, text)| text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELSEWHERE: &str = "https://stripe.example";

    /// The names of the settings that are wrong.
    fn told(key: &str, secret: &str, base: &str, production: bool) -> Vec<String> {
        let stripe =
            Stripe { secret_key: key.to_owned(), webhook_secret: secret.to_owned(), api_base: base.to_owned() };
        stripe.faults(production).filter_map(|fault| fault.split(' ').next().map(str::to_owned)).collect()
    }

    #[test]
    fn stripe_needs_its_key_and_its_webhooks_secret_or_neither() {
        assert!(told("", "", STRIPE_API, false).is_empty());
        assert!(told("sk_test_1", "whsec_1", STRIPE_API, false).is_empty());
        assert_eq!(told("sk_test_1", "", STRIPE_API, false), ["STRIPE_WEBHOOK_SECRET"]);
        assert_eq!(told("", "whsec_1", STRIPE_API, false), ["STRIPE_SECRET_KEY"]);
        assert_eq!(told("pk_test_1", "whsec_1", STRIPE_API, false), ["STRIPE_SECRET_KEY"]);
        assert_eq!(told("sk_test_1", "1", STRIPE_API, false), ["STRIPE_WEBHOOK_SECRET"]);
    }

    #[test]
    fn production_takes_real_money_by_stripe_alone() {
        for live in ["sk_live_1", "rk_live_1"] {
            assert!(told(live, "whsec_1", STRIPE_API, true).is_empty(), "{live}");
        }
        for test in ["sk_test_1", "rk_test_1"] {
            assert_eq!(told(test, "whsec_1", STRIPE_API, true), ["STRIPE_SECRET_KEY"], "{test}");
            assert!(told(test, "whsec_1", STRIPE_API, false).is_empty(), "{test}");
        }
        assert_eq!(told("", "", STRIPE_API, true), ["STRIPE_SECRET_KEY"]);
    }

    #[test]
    fn a_live_key_is_shown_to_stripe_alone() {
        for production in [false, true] {
            assert_eq!(told("sk_live_1", "whsec_1", ELSEWHERE, production), ["STRIPE_API_BASE"]);
        }
        assert!(told("sk_test_1", "whsec_1", "http://127.0.0.1:9000", false).is_empty());
        for odd in ["http://stripe.example", "api.stripe.com", "https://api.stripe.com/"] {
            assert_eq!(told("sk_test_1", "whsec_1", odd, false), ["STRIPE_API_BASE"], "{odd}");
        }
    }
}
