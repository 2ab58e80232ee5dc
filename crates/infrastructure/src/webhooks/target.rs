//! Where messages may go, as far as an address says itself.

use application::webhooks::ports::{TargetRefusal, TargetRules};
use domain::webhooks::AddressRule;
use std::net::IpAddr;
use url::{Host, Url};

/// The longest address.
const LONGEST: usize = 2_000;

/// Knows where messages may go.
#[derive(Debug, Clone)]
pub struct CheckedTargets {
    /// Whether they may go without TLS.
    pub allow_http: bool,
    /// To which addresses.
    pub addresses: AddressRule,
}

impl TargetRules for CheckedTargets {
    fn check(&self, url: &str) -> Result<String, TargetRefusal> {
        let url = self.parse(url)?;
        Ok(url.into())
    }
}

impl CheckedTargets {
    /// The address, if messages may go there as far as it says itself.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn parse(&self, url: &str) -> Result<Url, TargetRefusal> {
        let url = Url::parse(url.trim()).map_err(|_| TargetRefusal::Malformed)?;
        match url.scheme() {
            "https" => {}
            "http" if self.allow_http => {}
            "http" => return Err(TargetRefusal::NotSecure),
            _ => return Err(TargetRefusal::Malformed),
        }
        let personal = !url.username().is_empty() || url.password().is_some();
        if personal || url.fragment().is_some() || url.as_str().len() > LONGEST {
            return Err(TargetRefusal::Malformed);
        }
        let allowed = match url.host().ok_or(TargetRefusal::Malformed)? {
            Host::Ipv4(address) => self.addresses.permits(IpAddr::V4(address)),
            Host::Ipv6(address) => self.addresses.permits(IpAddr::V6(address)),
            Host::Domain(name) => !is_local(name) || self.addresses.permits(IpAddr::from([127, 0, 0, 1])),
        };
        if allowed { Ok(url) } else { Err(TargetRefusal::Forbidden) }
    }
}

/// Names that can only be of this machine (RFC 6761).
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::webhooks::Network;

    fn targets(allow_http: bool, allowed: &[&str]) -> CheckedTargets {
        let allowed = allowed.iter().map(|text| Network::parse(text).unwrap()).collect();
        CheckedTargets { allow_http, addresses: AddressRule { allowed } }
    }

    #[test]
    fn an_address_of_the_internet_over_tls_is_kept_as_it_is_understood() {
        for (url, kept) in [
            ("https://Hooks.Example.com", "https://hooks.example.com/"),
            (" https://hooks.example.com:8443/a?b=c ", "https://hooks.example.com:8443/a?b=c"),
            ("https://8.8.8.8/hook", "https://8.8.8.8/hook"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(targets(false, &[]).check(url).as_deref(), Ok(kept));
        }
    }

    #[test]
    fn what_is_none_or_carries_a_password_is_refused() {
        let long = format!("https://a.example/{}", "x".repeat(2_000));
        for url in [
            "",
            "hooks",
            "ftp://a.example",
            "file:///etc/passwd",
            "https://",
            "https://u:p@a.example",
            "https://u@a.example",
            "https://a.example/#part",
            "javascript:alert(1)",
            &long,
        ] {
            assert_eq!(targets(true, &[]).check(url), Err(TargetRefusal::Malformed), "{url}");
        }
        assert_eq!(targets(false, &[]).check("http://a.example"), Err(TargetRefusal::NotSecure));
        assert!(targets(true, &[]).check("http://a.example").is_ok());
    }

    #[test]
    fn an_address_of_our_own_network_is_refused_however_it_is_written() {
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "10.0.0.5",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fd00::1]",
            "[fe80::1]",
            "[64:ff9b::10.0.0.1]",
            "localhost",
            "LOCALHOST.",
            "app.localhost",
            "127。0。0。1",
        ] {
            assert_eq!(targets(true, &[]).check(&format!("https://{host}/")), Err(TargetRefusal::Forbidden), "{host}");
        }
    }

    #[test]
    fn what_is_configured_is_allowed() {
        let targets = targets(true, &["127.0.0.0/8"]);
        for url in ["http://127.0.0.1:9000/hook", "http://localhost:9000/hook"] {
            assert_eq!(targets.check(url).as_deref(), Ok(url));
        }
        assert_eq!(targets.check("http://10.0.0.1/"), Err(TargetRefusal::Forbidden));
    }
}
