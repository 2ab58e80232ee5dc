//! The settings of mail, and what may be wrong with them.

use super::checks::is_origin;
use serde::Deserialize;
use std::net::IpAddr;
use url::Url;

/// Mail.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub smtp_url: String,
    pub sendgrid_api_key: String,
    pub sendgrid_api_base: String,
    pub from: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mail {
    /// Everything that is wrong or missing.
    pub fn faults(&self, production: bool) -> impl Iterator<Item = String> {
        let checks = [
            (
                self.is_ambiguous(),
                "SMTP_URL (mail.smtp_url), SENDGRID_API_KEY (mail.sendgrid_api_key): mail goes one way; set one of them",
            ),
            (
                !is_origin(&self.sendgrid_api_base),
                "mail.sendgrid_api_base: must be an http or https address without a slash at the end",
            ),
            (
                production && !self.sendgrid_api_base.starts_with("https://"),
                "mail.sendgrid_api_base: must be an https address in production",
            ),
            (
                production && self.is_missing(),
                "SMTP_URL (mail.smtp_url) or SENDGRID_API_KEY (mail.sendgrid_api_key): is required in production",
            ),
            (
                production && self.is_readable_on_the_way(),
                "SMTP_URL (mail.smtp_url): must encrypt in production: smtps://host, or smtp://host?tls=required; \
                 without, for a server on this machine alone",
            ),
            (production && self.from.contains("localdomain"), "MAIL_FROM (mail.from): is required in production"),
        ];
        checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, text)| text.to_owned())
    }

    const fn is_missing(&self) -> bool {
        self.smtp_url.is_empty() && self.sendgrid_api_key.is_empty()
    }

    const fn is_ambiguous(&self) -> bool {
        !self.smtp_url.is_empty() && !self.sendgrid_api_key.is_empty()
    }

    /// Whether mails, with their codes and links, and the server's password could be read between here and the server: no
    /// TLS, or only if the server offers it (which whoever sits between can hide), to another machine.
    fn is_readable_on_the_way(&self) -> bool {
        let Ok(url) = Url::parse(&self.smtp_url) else { return false }; // what is no address is told when it is used
        let tls = url.query_pairs().find(|(name, _)| name == "tls");
        let encrypts = url.scheme() != "smtp" || tls.is_some_and(|(_, value)| value == "required");
        !encrypts && !is_loopback(&url)
    }
}

/// Whether an address is of this machine. (`url` knows hosts of `http` alone as addresses, so they are read here.)
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_not_readable_on_the_way_in_production() {
        let told = |url: &str, production| {
            let mail = Mail {
                smtp_url: url.to_owned(),
                sendgrid_api_key: String::new(),
                sendgrid_api_base: "https://api.sendgrid.com".to_owned(),
                from: "shop@example.com".to_owned(),
            };
            mail.faults(production).collect::<Vec<_>>()
        };
        for url in [
            "smtp://mail.example",
            "smtp://u:p@mail.example:587",
            "smtp://mail.example?tls=opportunistic",
            "smtp://mail.example?tls=none&tls=required",
            "smtp://10.0.0.5:25",
            "smtp://localhost.example",
            "smtp://[2001:db8::1]",
        ] {
            let faults = told(url, true);
            assert!(faults.len() == 1 && faults[0].starts_with("SMTP_URL (mail.smtp_url): must encrypt"), "{faults:?}");
            assert_eq!(told(url, false), [] as [String; 0], "{url}");
        }
        for url in [
            "smtps://u:p@mail.example",
            "smtp://mail.example:587?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1",
            "smtp://[::1]:2525",
        ] {
            assert_eq!(told(url, true), [] as [String; 0], "{url}");
        }
    }
}
