//! To which addresses of the internet messages may go. A merchant names the address, so it could be one within the shop's own
//! network: a database, a neighbour's admin page, a cloud's metadata. Everything that IANA's registries of special-purpose
//! addresses hold is refused, unless the shop's configuration allows it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// <https://www.iana.org/assignments/iana-ipv4-special-registry>, and multicast.
const SPECIAL_V4: [(Ipv4Addr, u8); 20] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by carriers (CGNAT)
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, and metadata of clouds
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 31, 196, 0), 24), // AS112
    (Ipv4Addr::new(192, 52, 193, 0), 24), // AMT
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(192, 175, 48, 0), 24), // AS112
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast
    (Ipv4Addr::new(233, 252, 0, 0), 24),  // multicast, documentation
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved
    (Ipv4Addr::BROADCAST, 32),            // broadcast
];

/// What the internet's own addresses of version 6 begin with; whatever is outside is loopback, mapped, translated (NAT64),
/// local, multicast, or not given out.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// <https://www.iana.org/assignments/iana-ipv6-special-registry>, as far as it is within that.
const SPECIAL_V6: [(Ipv6Addr, u8); 5] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments: Teredo, benchmarks, ORCHID, ...
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4: carries an address of version 4
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48), // AS112
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
];

/// A network: an address and how many bits of it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no network such as 10.0.0.0/8 or fd00::/8")]
pub struct InvalidNetwork;

impl Network {
    /// Reads `10.0.0.0/8`; an address alone is a network of its own.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Self, InvalidNetwork> {
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| InvalidNetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse::<u8>().map_err(|_| InvalidNetwork))?;
        if bits > most { Err(InvalidNetwork) } else { Ok(Self { address, bits }) }
    }

    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => v4_within((network, self.bits), address),
            (IpAddr::V6(network), IpAddr::V6(address)) => v6_within((network, self.bits), address),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

/// Which addresses may be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressRule {
    /// What is allowed although it is special.
    pub allowed: Vec<Network>,
}

impl AddressRule {
    /// Whether messages may go to this address.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|network| network.has(address)) || is_of_the_internet(address)
    }
}

fn is_of_the_internet(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|special| v4_within(*special, address)),
        IpAddr::V6(address) => {
            v6_within(GLOBAL_V6, address) && !SPECIAL_V6.iter().any(|special| v6_within(*special, address))
        }
    }
}

fn v4_within((network, bits): (Ipv4Addr, u8), address: Ipv4Addr) -> bool {
    let differing = network.to_bits() ^ address.to_bits();
    differing.leading_zeros() >= u32::from(bits)
}

fn v6_within((network, bits): (Ipv6Addr, u8), address: Ipv6Addr) -> bool {
    let differing = network.to_bits() ^ address.to_bits();
    differing.leading_zeros() >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every range of both registries as they stood in 2025, and beside them what is special without being there.
    const SPECIAL: [&str; 52] = [
        "0.0.0.0/8",
        "0.0.0.0/32",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.0.0/29",
        "192.0.0.8/32",
        "192.0.0.9/32",
        "192.0.0.10/32",
        "192.0.0.170/32",
        "192.0.0.171/32",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
        "255.255.255.255/32",
        "224.0.0.0/4",
        "::/128",
        "::1/128",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001::/23",
        "2001::/32",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:2::/48",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:10::/28",
        "2001:20::/28",
        "2001:db8::/32",
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ];

    /// The first and the last address of a network, and those just outside.
    fn edges(network: Network) -> ([IpAddr; 2], [Option<IpAddr>; 2]) {
        match network.address {
            IpAddr::V4(first) => {
                let last = first.to_bits() | u32::MAX.checked_shr(u32::from(network.bits)).unwrap_or(0);
                let at = |bits: u32| IpAddr::V4(Ipv4Addr::from_bits(bits));
                ([first.into(), at(last)], [first.to_bits().checked_sub(1).map(at), last.checked_add(1).map(at)])
            }
            IpAddr::V6(first) => {
                let last = first.to_bits() | u128::MAX.checked_shr(u32::from(network.bits)).unwrap_or(0);
                let at = |bits: u128| IpAddr::V6(Ipv6Addr::from_bits(bits));
                ([first.into(), at(last)], [first.to_bits().checked_sub(1).map(at), last.checked_add(1).map(at)])
            }
        }
    }

    #[test]
    fn nothing_goes_to_a_special_purpose_range_of_iana_from_its_first_to_its_last_address() {
        let rule = AddressRule::default();
        for text in SPECIAL {
            let (within, _) = edges(Network::parse(text).unwrap());
            for address in within {
                assert!(!rule.permits(address), "{address} of {text}");
            }
        }
    }

    #[test]
    fn what_borders_on_a_special_range_is_the_internets_unless_it_is_special_itself() {
        let rule = AddressRule::default();
        let special: Vec<Network> = SPECIAL.iter().map(|text| Network::parse(text).unwrap()).collect();
        let given_out = Network::parse("2000::/3").unwrap();
        let mut met = 0;
        for (network, text) in special.iter().zip(SPECIAL) {
            for address in edges(*network).1.into_iter().flatten() {
                let of_the_internet = address.is_ipv4() || given_out.has(address);
                let expected = of_the_internet && !special.iter().any(|other| other.has(address));
                assert_eq!(rule.permits(address), expected, "{address} beside {text}");
                met += usize::from(expected);
            }
        }
        assert!(met > 30, "{met} neighbours are the internet's");
    }

    #[test]
    fn the_internet_may_be_sent_to() {
        let rule = AddressRule::default();
        for address in ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"] {
            assert!(rule.permits(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn an_address_of_version_four_in_a_coat_of_version_six_is_refused_whatever_it_is() {
        let rule = AddressRule { allowed: vec![Network::parse("127.0.0.0/8").unwrap()] };
        for coat in ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"] {
            assert!(!rule.permits(coat.parse().unwrap()), "{coat}");
        }
    }

    #[test]
    fn what_is_configured_is_allowed_and_nothing_beside_it() {
        let rule =
            AddressRule { allowed: vec![Network::parse("10.1.0.0/16").unwrap(), Network::parse("::1").unwrap()] };
        for (address, allowed) in
            [("10.1.2.3", true), ("10.2.0.0", false), ("::1", true), ("127.0.0.1", false), ("::2", false)]
        {
            assert_eq!(rule.permits(address.parse().unwrap()), allowed, "{address}");
        }
    }

    #[test]
    fn a_network_is_an_address_with_bits_or_an_address_alone() {
        for (text, written) in [(" 10.0.0.0/8 ", "10.0.0.0/8"), ("::1", "::1/128"), ("127.0.0.1", "127.0.0.1/32")] {
            assert_eq!(Network::parse(text).unwrap().to_string(), written);
        }
        for text in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "10.0.0.0/-1", "host/8"] {
            assert_eq!(Network::parse(text), Err(InvalidNetwork), "{text}");
        }
        let everything = Network::parse("0.0.0.0/0").unwrap();
        assert!(everything.has("255.1.2.3".parse().unwrap()) && !everything.has("::1".parse().unwrap()));
    }

    proptest! {
        #[test]
        fn whatever_the_standard_library_calls_private_or_local_is_refused(bits: u32, long: u128) {
            let rule = AddressRule::default();
            let short = Ipv4Addr::from_bits(bits);
            let special = short.is_private() || short.is_loopback() || short.is_link_local() || short.is_multicast()
                || short.is_broadcast() || short.is_documentation() || short.is_unspecified();
            prop_assert!(!special || !rule.permits(short.into()));
            let long = Ipv6Addr::from_bits(long);
            let special = long.is_loopback() || long.is_multicast() || long.is_unspecified()
                || long.is_unique_local() || long.is_unicast_link_local() || long.to_ipv4_mapped().is_some();
            prop_assert!(!special || !rule.permits(long.into()));
        }
    }
}
