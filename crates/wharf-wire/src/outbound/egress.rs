//! Which addresses may be called. What the operator named may be anywhere; what a document names
//! must be public, or the place that the document came from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Where requests may go.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    /// `host:port` pairs that the operator named.
    trusted: Vec<(String, u16)>,
    /// Whether this machine itself may be called: for documents that came from it.
    loopback: bool,
}

impl Egress {
    pub fn new(trusted: &[&Url], loopback: bool) -> Self {
        let trusted = trusted
            .iter()
            .filter_map(|url| Some((host_key(url.host_str()?), url.port_or_known_default()?)))
            .collect();
        Self { trusted, loopback }
    }

    /// Whether the operator named this very host and port.
    pub fn trusts(&self, host: &str, port: u16) -> bool {
        let host = host_key(host);
        self.trusted
            .iter()
            .any(|(name, at)| *name == host && *at == port)
    }

    /// Whether a connection to `address`, which is what `host` stands for, may be made.
    pub fn permits(&self, host: &str, port: u16, address: IpAddr) -> bool {
        self.trusts(host, port)
            || is_public(address)
            || (self.loopback && unmapped(address).is_loopback())
    }
}

/// Whether two URLs have the same scheme, host and port.
pub fn same_origin(left: &Url, right: &Url) -> bool {
    left.scheme() == right.scheme()
        && left.host() == right.host()
        && left.port_or_known_default() == right.port_or_known_default()
}

/// Whether a URL's host is this machine, by its name or literal address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => unmapped(IpAddr::V6(address)).is_loopback(),
        None => false,
    }
}

/// Host names compare without case, brackets and the root's dot.
fn host_key(host: &str) -> String {
    host.trim_start_matches('[')
        .trim_end_matches([']', '.'])
        .to_ascii_lowercase()
}

/// An address that anybody on the internet could reach just as well, so that calling it gives away
/// nothing that only this gateway can see.
pub fn is_public(address: IpAddr) -> bool {
    match unmapped(address) {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The IPv4 address inside an IPv6 one, for every way there is to write one inside the other:
/// mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
fn unmapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else {
        return address;
    };
    let segments = six.segments();
    let four = |high: u16, low: u16| {
        IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
    };
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            four(high, low)
        }
        [0, 0, 0, 0, 0, 0, high, low]
            if six != Ipv6Addr::LOCALHOST && six != Ipv6Addr::UNSPECIFIED =>
        {
            four(high, low)
        }
        [0x2002, high, low, ..] => four(high, low),
        _ => address,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        // Shared address space of carriers (RFC 6598) and benchmarking (RFC 2544).
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        // Protocol assignments (RFC 6890).
        || (a == 192 && b == 0 && c == 0))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out for use on the internet; of it, not Teredo (whose addresses hold
    // an IPv4 address), not the documentation prefixes.
    (0x2000..0x4000).contains(&a)
        && !(a == 0x2001 && (b == 0 || b == 0xdb8))
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::{Egress, is_public};
    use url::Url;

    #[test]
    fn no_spelling_of_a_private_address_is_public() {
        for address in [
            "127.0.0.1",
            "10.0.0.5",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::",
            "::1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2001::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_public_is_public_in_both_families() {
        for address in [
            "1.1.1.1",
            "172.32.0.1",
            "2606:4700::1111",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn only_the_very_host_and_port_that_the_operator_named_is_trusted() {
        let named = Url::parse("http://crm.internal:8080/v1").unwrap();
        let egress = Egress::new(&[&named], false);
        let inside = "10.1.2.3".parse().unwrap();
        assert!(egress.permits("CRM.internal.", 8080, inside));
        assert!(!egress.permits("crm.internal", 22, inside));
        assert!(!egress.permits("db.internal", 8080, inside));
    }

    #[test]
    fn this_machine_is_only_called_for_documents_that_came_from_it() {
        let here = "::ffff:127.0.0.1".parse().unwrap();
        assert!(!Egress::new(&[], false).permits("localhost", 80, here));
        assert!(Egress::new(&[], true).permits("localhost", 80, here));
        let metadata = "169.254.169.254".parse().unwrap();
        assert!(!Egress::new(&[], true).permits("metadata", 80, metadata));
    }
}
