//! Where events may be pushed: hosts of the settings alone, and never to an address that leads somewhere else.
use std::net::{IpAddr, Ipv4Addr};

use axum::http::Uri;
use platform::config::Events;

/// An address that may be pushed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub host: String,
    pub port: u16,
    pub authority: String,
    /// Path and query.
    pub path: String,
    pub encrypted: bool,
    /// The host is one of our own network: private addresses and plain http are allowed.
    pub internal: bool,
}

impl Target {
    /// The text key says what is wrong.
    pub fn read(address: &str, settings: &Events) -> Result<Self, &'static str> {
        let uri: Uri = address.parse().map_err(|_| "events-error-address")?;
        let authority = uri.authority().ok_or("events-error-address")?;
        if authority.as_str().contains('@') || address.contains('#') || address.len() > 500 {
            return Err("events-error-address");
        }
        let encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("events-error-address"),
        };
        let port = authority.port_u16().unwrap_or(if encrypted { 443 } else { 80 });
        let host = authority.host().trim_matches(['[', ']']).to_ascii_lowercase();
        let listed = |list: &[String]| list.iter().any(|one| is_host(one, &host, port));
        let internal = listed(&settings.internal_hosts);
        if !internal && !listed(&settings.push_hosts) {
            return Err("events-error-host");
        }
        if !encrypted && !internal {
            return Err("events-error-plain");
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { host, port, authority: authority.as_str().to_owned(), path, encrypted, internal })
    }
}

/// `hooks.example` (port 443) or `hooks.example:8443`.
fn is_host(listed: &str, host: &str, port: u16) -> bool {
    let listed = listed.trim().to_ascii_lowercase();
    match listed.rsplit_once(':').map(|(name, port)| (name, port.parse::<u16>())) {
        Some((name, Ok(of))) => name.trim_matches(['[', ']']) == host && of == port,
        _ => listed.trim_matches(['[', ']']) == host && port == 443,
    }
}

/// Whether a resolved address may be reached (against server-side request forgery).
pub fn may_reach(ip: IpAddr, internal: bool) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public(ip) || (internal && is_inside(ip)),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_public(ip) || (internal && is_inside(ip)),
            None => {
                let [first, second, ..] = ip.segments();
                // Global unicast, without what carries an unchecked v4 address (6to4, Teredo) or stands in documents.
                let global = (0x2000..=0x3fff).contains(&first) && first != 0x2002;
                let global = global && !(first == 0x2001 && (second == 0 || second == 0x0db8));
                global || (internal && (ip.is_loopback() || (0xfc00..=0xfdff).contains(&first)))
            }
        },
    }
}

fn is_inside(ip: Ipv4Addr) -> bool {
    ip.is_private() || ip.is_loopback() || matches!(ip.octets(), [100, 64..=127, ..]) // RFC 6598
}

/// Link-local addresses lead to the secrets of cloud machines: nobody pushes there.
fn is_public(ip: Ipv4Addr) -> bool {
    let special = matches!(ip.octets(), [0 | 224..=255, ..] | [192, 0, 0, _] | [198, 18 | 19, ..]);
    !(special || is_inside(ip) || ip.is_link_local() || ip.is_documentation())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Events {
        let list = |one: &str| vec![one.to_owned()];
        Events { push_hosts: list("hooks.example"), internal_hosts: list("10.0.0.5:9000"), ..Events::default() }
    }

    #[test]
    fn only_listed_hosts_and_ports() {
        let read = |address| Target::read(address, &settings()).map(|target| (target.port, target.internal));
        assert_eq!(read("https://hooks.example/in?a=1"), Ok((443, false)));
        assert_eq!(read("http://10.0.0.5:9000/in"), Ok((9000, true)));
        assert_eq!(read("https://hooks.example:8443/in"), Err("events-error-host"));
        assert_eq!(read("https://hooks.example.evil.example/"), Err("events-error-host"));
        assert_eq!(read("http://hooks.example:443/"), Err("events-error-plain"));
        for bad in ["https://u@hooks.example/", "ftp://hooks.example/", "hooks.example", "https://hooks.example/#a", ""]
        {
            assert_eq!(read(bad), Err("events-error-address"), "{bad}");
        }
    }

    #[test]
    fn private_addresses_only_for_hosts_of_our_own() {
        for (ip, public, internal) in [
            ("8.8.8.8", true, true),
            ("127.0.0.1", false, true),
            ("10.0.0.5", false, true),
            ("169.254.169.254", false, false),
            ("::ffff:127.0.0.1", false, true),
            ("::1", false, true),
            ("fe80::1", false, false),
            ("2002:7f00:1::", false, false),
            ("2400:3200::1", true, true),
        ] {
            let ip = ip.parse().unwrap();
            assert_eq!((may_reach(ip, false), may_reach(ip, true)), (public, internal), "{ip}");
        }
    }
}
