//! Which network addresses a connector may reach (against server-side request forgery).
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `internal`: the document says that the host is one of our own network.
#[must_use]
pub(crate) fn may_reach(ip: IpAddr, internal: bool) -> bool {
    let reach = match ip {
        IpAddr::V4(ip) => of_v4(ip),
        IpAddr::V6(ip) => of_v6(ip),
    };
    match reach {
        Reach::Public => true,
        Reach::Inside => internal,
        Reach::Never => false,
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Reach {
    Public,
    /// This machine and private networks.
    Inside,
    /// Link-local addresses lead to cloud machines' own secrets; the rest is no host at all.
    Never,
}

fn of_v4(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    match (a, b, c) {
        (0 | 224..=255, _, _) | (169, 254, _) => Reach::Never,
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => Reach::Never, // documentation, RFC 5737
        (10 | 127, _, _) | (172, 16..=31, _) | (192, 168, _) => Reach::Inside,
        (100, 64..=127, _) | (198, 18 | 19, _) | (192, 0, 0) => Reach::Inside, // RFC 6598, RFC 2544, RFC 6890
        _ => Reach::Public,
    }
}

fn of_v6(ip: Ipv6Addr) -> Reach {
    if let Some(v4) = ip.to_ipv4_mapped() {
        return of_v4(v4);
    }
    let [first, second, ..] = ip.segments();
    match (first, second) {
        _ if ip.is_loopback() => Reach::Inside,
        (0xfc00..=0xfdff, _) => Reach::Inside,                        // RFC 4193
        (0xfe80..=0xffff, _) => Reach::Never,                         // link- and site-local, multicast
        (0x0064, 0xff9b) | (0x2002, _) | (0x2001, 0) => Reach::Never, // carry a v4 address that nobody checked
        (0x2001, 0x0db8) | (0, _) => Reach::Never,
        (0x2000..=0x3fff, _) => Reach::Public,
        _ => Reach::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_unless_the_host_is_one_of_ours() {
        for (ip, public, internal) in [
            ("8.8.8.8", true, true),
            ("2400:3200::1", true, true),
            ("127.0.0.1", false, true),
            ("10.1.2.3", false, true),
            ("172.31.0.1", false, true),
            ("172.32.0.1", true, true),
            ("192.168.1.1", false, true),
            ("100.64.0.1", false, true),
            ("::1", false, true),
            ("fd00::1", false, true),
            ("::ffff:10.0.0.1", false, true),
            ("::ffff:8.8.8.8", true, true),
            ("169.254.169.254", false, false),
            ("::ffff:169.254.169.254", false, false),
            ("fe80::1", false, false),
            ("64:ff9b::a00:1", false, false),
            ("2002:a00:1::1", false, false),
            ("0.0.0.0", false, false),
            ("::", false, false),
            ("224.0.0.1", false, false),
            ("255.255.255.255", false, false),
        ] {
            let ip = ip.parse().unwrap();
            assert_eq!((may_reach(ip, false), may_reach(ip, true)), (public, internal), "{ip}");
        }
    }
}
