//! Ranges of network addresses.
use std::net::IpAddr;

use serde::Deserialize;

/// A range of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    base: IpAddr,
    bits: u32,
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (base, bits) = text.split_once('/').unwrap_or((&text, ""));
        let base: IpAddr = base.parse().map_err(|_| format!("{text:?} is no address range like 10.1.0.0/16"))?;
        let widest = if base.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { widest } else { bits.parse().unwrap_or(u32::MAX) };
        if bits > widest {
            Err(format!("{text:?}: the prefix is longer than the address"))
        } else {
            Ok(Self { base, bits })
        }
    }
}

impl Network {
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        let same = |a: u128, b: u128, width: u32| self.bits == 0 || (a ^ b) >> (width - self.bits) == 0;
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(a.to_bits().into(), b.to_bits().into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same(a.to_bits(), b.to_bits(), 128),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_no_other() {
        let holds =
            |range: &str, address: &str| Network::try_from(range.to_owned()).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.1.0.0/16", "10.1.255.255") && !holds("10.1.0.0/16", "10.2.0.0"));
        assert!(holds("10.1.0.0/16", "::ffff:10.1.0.1"), "an IPv4 address in IPv6 form is the same address");
        assert!(holds("0.0.0.0/0", "9.9.9.9") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("::1", "::1") && !holds("::1", "::2") && holds("2001:db8::/32", "2001:db8:ffff::1"));
        for bad in ["10.1.0.0/33", "ten", "10.1.0.0/x", "::/129"] {
            assert!(Network::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
