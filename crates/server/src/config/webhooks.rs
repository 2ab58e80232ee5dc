//! The settings of outgoing webhooks.

use domain::webhooks::{AddressRule, Network};
use serde::Deserialize;

/// Where merchants may have messages sent to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhooks {
    pub allow_http: bool,
    pub allowed_networks: Vec<String>,
}

impl Webhooks {
    /// Which addresses may be sent to.
    #[must_use]
    pub fn addresses(&self) -> AddressRule {
        let networks = self.allowed_networks.iter().filter_map(|text| Network::parse(text).ok()); // checked when it was read
        AddressRule { allowed: networks.collect() }
    }

    /// Everything that is wrong.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        let fault = |text: &String| {
            let error = Network::parse(text).err()?;
            Some(format!("webhooks.allowed_networks: \"{text}\" {error}"))
        };
        self.allowed_networks.iter().filter_map(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_network_is_named_and_what_is_one_is_allowed() {
        let networks = ["10.0.0.0/8", "localhost"].map(str::to_owned).to_vec();
        let settings = Webhooks { allow_http: false, allowed_networks: networks };
        let faults: Vec<String> = settings.faults().collect();
        assert_eq!(faults, ["webhooks.allowed_networks: \"localhost\" is no network such as 10.0.0.0/8 or fd00::/8"]);
        assert!(settings.addresses().permits("10.1.2.3".parse().unwrap()));
        assert!(!settings.addresses().permits("192.168.0.1".parse().unwrap()));
    }
}
