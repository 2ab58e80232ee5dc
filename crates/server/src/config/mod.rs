//! The settings: read once at the start, checked whole, and handed on as values. Nothing else reads the environment.
//!
//! From weak to strong: `config/default.toml`, `config/<APP_ENV>.toml` (both also inside the binary), the named variables
//! of the environment, and `CARAT__SECTION__KEY`. A `.env` file counts as environment, but the environment itself wins.

mod checks;
mod mail;
mod media;
mod payments;
mod sections;
mod stripe;
mod webhooks;

pub use mail::Mail;
pub use media::Media;
pub use payments::Payments;
pub use sections::{Admin, Data, Database, Log, LogFormat, Security, Server, Shop};
pub use stripe::Stripe;
pub use webhooks::Webhooks;

use crate::social::SocialSettings;
use domain::kernel::Currency;
use domain::ledger::FeeRate;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::Value;
use serde::Deserialize;
use std::path::PathBuf;

/// Where this process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On a developer's machine.
    Development,
    /// Under the tests.
    Test,
    /// For real.
    Production,
}

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Taken from `APP_ENV`.
    #[serde(skip, default = "development")]
    pub environment: Environment,
    pub server: Server,
    pub database: Database,
    pub shop: Shop,
    pub data: Data,
    pub media: Media,
    pub security: Security,
    pub payments: Payments,
    pub mail: Mail,
    pub stripe: Stripe,
    pub webhooks: Webhooks,
    pub admin: Admin,
    #[serde(default)]
    pub social: SocialSettings,
    pub log: Log,
}

/// The settings can't be used. Each fault names its setting.
#[derive(Debug, thiserror::Error)]
#[error("the configuration can't be used:{}", .0.iter().map(|fault| format!("\n  - {fault}")).collect::<String>())]
pub struct InvalidSettings(pub Vec<String>);

const fn development() -> Environment {
    Environment::Development
}

/// The variables of the environment that have names of their own, with the settings that they are.
const NAMED: [(&str, &str, Kind); 20] = [
    ("HOST", "server.host", Kind::Text),
    ("PORT", "server.port", Kind::Number),
    ("PUBLIC_URL", "server.public_url", Kind::Text),
    ("TRUSTED_PROXIES", "server.trusted_proxies", Kind::List),
    ("CORS_ORIGINS", "server.cors_origins", Kind::List),
    ("RATE_LIMIT_PER_MINUTE", "server.rate_limit_per_minute", Kind::Number),
    ("RATE_LIMIT_PER_USER_PER_MINUTE", "server.rate_limit_per_user_per_minute", Kind::Number),
    ("SIGN_IN_RATE_LIMIT_PER_MINUTE", "server.sign_in_rate_limit_per_minute", Kind::Number),
    ("METRICS_TOKEN", "server.metrics_token", Kind::Text),
    ("DATABASE_URL", "database.url", Kind::Text),
    ("S3_BUCKET", "media.s3_bucket", Kind::Text),
    ("JWT_PRIVATE_KEY_FILE", "security.jwt_private_key_file", Kind::Text),
    ("SMTP_URL", "mail.smtp_url", Kind::Text),
    ("SENDGRID_API_KEY", "mail.sendgrid_api_key", Kind::Text),
    ("MAIL_FROM", "mail.from", Kind::Text),
    ("STRIPE_SECRET_KEY", "stripe.secret_key", Kind::Text),
    ("STRIPE_WEBHOOK_SECRET", "stripe.webhook_secret", Kind::Text),
    ("STRIPE_API_BASE", "stripe.api_base", Kind::Text),
    ("ADMIN_EMAIL", "admin.email", Kind::Text),
    ("ADMIN_PASSWORD", "admin.password", Kind::Text),
];

/// What the contract names but this version can't do yet: whoever sets it is told, rather than left to believe it works.
const NOT_YET: [&str; 3] = ["REDIS_URL", "SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"];

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    List,
}

impl Settings {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// All faults at once, each with the name of its setting.
    pub fn load() -> Result<Self, InvalidSettings> {
        dotenvy::dotenv().ok(); // there need not be a file
        #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
        let variables: Vec<(String, String)> = std::env::vars().filter(|(_, value)| !value.is_empty()).collect();
        Self::from_variables(&variables, Env::prefixed("CARAT__").split("__"))
    }

    fn from_variables(variables: &[(String, String)], overrides: Env) -> Result<Self, InvalidSettings> {
        let variable = |name: &str| variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let environment = match variable("APP_ENV").unwrap_or("development") {
            "development" => Environment::Development,
            "test" => Environment::Test,
            "production" => Environment::Production,
            other => return Err(fault(format!("APP_ENV: \"{other}\" is none of development, test, production"))),
        };
        let (name, inside) = match environment {
            Environment::Development => ("development", include_str!("../../../../config/development.toml")),
            Environment::Test => ("test", include_str!("../../../../config/test.toml")),
            Environment::Production => ("production", include_str!("../../../../config/production.toml")),
        };
        let mut figment = Figment::new()
            .merge(Toml::string(include_str!("../../../../config/default.toml")))
            .merge(beside("default"))
            .merge(Toml::string(inside))
            .merge(beside(name));
        for (name, path, kind) in NAMED {
            if let Some(text) = variable(name) {
                let value = kind.value(text).ok_or_else(|| fault(format!("{name}: \"{text}\" is not a number")))?;
                figment = figment.merge(Serialized::global(path, value));
            }
        }
        figment = figment.merge(overrides);
        for (name, text) in variables {
            // Always texts: the ids of some providers' clients look like numbers.
            if let Some(path) = name.strip_prefix("CARAT__SOCIAL__") {
                let path = format!("social.{}", path.to_lowercase().replace("__", "."));
                figment = figment.merge(Serialized::global(&path, text));
            }
        }
        let read: Result<Self, figment::Error> = figment.extract();
        let mut settings =
            read.map_err(|errors| InvalidSettings(errors.into_iter().map(|error| error.to_string()).collect()))?;
        settings.environment = environment;
        settings.media.aws = variables.iter().filter(|(name, _)| name.starts_with("AWS_")).cloned().collect();
        if settings.server.public_url.is_empty() {
            settings.server.public_url = format!("http://{}:{}", settings.server.host, settings.server.port);
        }
        let unsupported: Vec<&str> = NOT_YET.into_iter().filter(|name| variable(name).is_some()).collect();
        let faults = checks::faults(&settings, &unsupported);
        if faults.is_empty() { Ok(settings) } else { Err(InvalidSettings(faults)) }
    }

    /// What one user may ask a minute: never less than one address.
    #[must_use]
    pub fn rate_limit_per_user(&self) -> u32 {
        self.server.rate_limit_per_user_per_minute.max(self.server.rate_limit_per_minute)
    }

    /// How many passwords and codes may be tried a minute from one address.
    #[must_use]
    pub fn sign_in_rate_limit(&self) -> u32 {
        let derived = (self.server.rate_limit_per_minute / 5).max(20);
        self.server.sign_in_rate_limit_per_minute.unwrap_or(derived)
    }

    /// What the platform keeps of a sale.
    #[must_use]
    pub fn platform_fee(&self) -> FeeRate {
        FeeRate::basis_points(self.payments.platform_fee_basis_points).unwrap_or_default() // checked when it was read
    }

    /// The currency of a cart that names none.
    #[must_use]
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.shop.currency).unwrap_or(Currency::EUR) // checked when it was read
    }
}

impl Kind {
    fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(Value::from(text)),
            Self::Number => text.trim().parse::<u32>().ok().map(Value::from),
            Self::List => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Some(Value::from(parts.map(Value::from).collect::<Vec<_>>()))
            }
        }
    }
}

/// The file of this name in the folder `config` here, if there is one.
fn beside(name: &str) -> Figment {
    let path = PathBuf::from(format!("config/{name}.toml"));
    if path.is_file() { Figment::from(Toml::file_exact(path)) } else { Figment::new() }
}

fn fault(text: String) -> InvalidSettings {
    InvalidSettings(vec![text])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Settings, InvalidSettings> {
        let variables: Vec<_> = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Settings::from_variables(&variables, Env::prefixed("CARAT_UNIT_TEST__"))
    }

    #[test]
    fn a_fresh_machine_needs_no_setting() {
        let settings = load(&[]).unwrap();
        assert_eq!(settings.server.public_url, "http://127.0.0.1:8000");
        assert_eq!(settings.environment, Environment::Development);
        assert!(settings.shop.demo);
    }

    #[test]
    fn named_variables_are_stronger_than_files() {
        let settings = load(&[
            ("PORT", "9000"),
            ("ADMIN_EMAIL", "a@example.com"),
            ("ADMIN_PASSWORD", "12345678aA!"),
            ("CORS_ORIGINS", "https://a.example, https://b.example"),
        ]);
        let settings = settings.unwrap();
        assert_eq!(settings.server.port, 9000);
        assert_eq!(settings.admin.password, "12345678aA!");
        assert_eq!(settings.server.cors_origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let InvalidSettings(faults) = load(&[("DATABASE_URL", "mysql://x"), ("ADMIN_EMAIL", "x")]).unwrap_err();
        let names: Vec<&str> = faults.iter().filter_map(|fault| fault.split([' ', ':']).next()).collect();
        assert_eq!(names, ["DATABASE_URL", "ADMIN_EMAIL", "ADMIN_PASSWORD"]);
    }

    #[test]
    fn other_budgets_follow_the_one_for_addresses_unless_they_are_set() {
        let budgets = |variables: &[(&str, &str)]| {
            let settings = load(variables).unwrap();
            (settings.server.rate_limit_per_minute, settings.rate_limit_per_user(), settings.sign_in_rate_limit())
        };
        assert_eq!(budgets(&[]), (100, 600, 20));
        assert_eq!(budgets(&[("RATE_LIMIT_PER_MINUTE", "1000")]), (1000, 1000, 200));
        assert_eq!(budgets(&[("RATE_LIMIT_PER_MINUTE", "5")]), (5, 600, 20));
        let set = [("RATE_LIMIT_PER_USER_PER_MINUTE", "300"), ("SIGN_IN_RATE_LIMIT_PER_MINUTE", "7")];
        assert_eq!(budgets(&set), (100, 300, 7));
    }

    #[test]
    fn nothing_is_kept_of_a_sale_unless_it_is_set() {
        let mut settings = load(&[]).unwrap();
        assert_eq!(settings.platform_fee(), FeeRate::NONE);
        settings.payments.platform_fee_basis_points = 10_001;
        let faults = checks::faults(&settings, &[]);
        assert!(faults.iter().any(|fault| fault.contains("payments.platform_fee_basis_points")), "{faults:?}");
    }

    #[test]
    fn a_number_that_is_none_stops_the_start() {
        assert!(load(&[("PORT", "80a")]).unwrap_err().to_string().contains("PORT"));
    }

    #[test]
    fn the_sandbox_never_runs_in_production() {
        let error = load(&[("APP_ENV", "production")]).unwrap_err().to_string();
        for name in ["JWT_PRIVATE_KEY_FILE", "SMTP_URL", "SENDGRID_API_KEY", "MAIL_FROM", "STRIPE_SECRET_KEY"] {
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn mail_goes_one_way() {
        let both = [("SMTP_URL", "smtp://h"), ("SENDGRID_API_KEY", "SG.1")];
        let error = load(&both).unwrap_err().to_string();
        assert!(error.contains("SMTP_URL") && error.contains("SENDGRID_API_KEY"), "{error}");
        for one in both {
            load(&[one]).unwrap();
        }
    }

    #[test]
    fn stripe_takes_the_payments_where_its_keys_are_set() {
        let keys = [("STRIPE_SECRET_KEY", "sk_test_1"), ("STRIPE_WEBHOOK_SECRET", "whsec_1")];
        assert!(load(&keys).unwrap().stripe.is_configured());
        assert!(!load(&[]).unwrap().stripe.is_configured());
    }

    #[test]
    fn pictures_are_in_a_bucket_where_one_is_named() {
        assert_eq!(load(&[("AWS_REGION", "eu-west-3")]).unwrap().media.bucket(), None);
        let keys = [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "hidden"), ("S3_BUCKET", "shop")];
        let settings = load(&keys).unwrap();
        let bucket = settings.media.bucket().unwrap();
        assert_eq!((bucket.bucket.as_str(), bucket.aws.len()), ("shop", 2));
        assert!(!format!("{settings:?}").contains("hidden"));
        let half = load(&[("S3_BUCKET", "shop"), ("AWS_ACCESS_KEY_ID", "a")]).unwrap_err().to_string();
        assert!(half.contains("AWS_SECRET_ACCESS_KEY"), "{half}");
    }

    #[test]
    fn what_this_version_cannot_do_is_not_silently_ignored() {
        assert!(load(&[("REDIS_URL", "redis://h")]).unwrap_err().to_string().contains("REDIS_URL"));
    }

    #[test]
    fn secrets_do_not_show_themselves() {
        let settings =
            load(&[("SMTP_URL", "smtp://u:hidden@h"), ("ADMIN_EMAIL", "a@b.co"), ("ADMIN_PASSWORD", "Hidden-12")]);
        assert!(!format!("{:?}", settings.unwrap()).to_lowercase().contains("hidden"));
        let settings = load(&[("SENDGRID_API_KEY", "SG.hidden")]);
        assert!(!format!("{:?}", settings.unwrap()).contains("hidden"));
        let settings = load(&[("STRIPE_SECRET_KEY", "sk_test_hidden"), ("STRIPE_WEBHOOK_SECRET", "whsec_hidden")]);
        assert!(!format!("{:?}", settings.unwrap()).contains("hidden"));
    }
}
