//! Settings of the doors that speak GovStack's interfaces.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Config;

/// How a door of GovStack's interfaces is heard; the certificate is that of `[gateway.tls]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DoorTls {
    /// Without TLS.
    #[default]
    Off,
    /// Over TLS; whoever shows a certificate must show one of our authorities'.
    On,
    /// Over TLS; every caller must show such a certificate.
    Mutual,
}

/// The door that speaks the digital-registries API of GovStack.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Govstack {
    pub listen: String,
    pub tls: DoorTls,
    pub token: String,
    pub purpose: String,
    pub basis: String,
    pub clients: BTreeMap<String, String>,
    pub mediator: GovstackMediator,
}

/// The door that speaks the information-mediator APIs of GovStack.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct GovstackMediator {
    pub listen: String,
    pub tls: DoorTls,
    /// SHA-256, in hex, of each token of the configuration API, with its scopes.
    pub tokens: BTreeMap<String, String>,
}

impl Default for Govstack {
    fn default() -> Self {
        let (listen, tls, token, basis) = (String::new(), DoorTls::Off, String::new(), String::new());
        let (clients, mediator) = (BTreeMap::new(), GovstackMediator::default());
        Self { listen, tls, token, purpose: "register-query".into(), basis, clients, mediator }
    }
}

impl Config {
    pub(super) fn check_govstack(&self) -> Result<(), String> {
        let bad = |key: &str, why: &str| Err(format!("setting {key}: {why}"));
        if !self.govstack.listen.is_empty() && (self.govstack.token.len() < 16 || self.govstack.basis.is_empty()) {
            let why = "this door shows personal data: set govstack.token (16 characters at least) and govstack.basis";
            return bad("govstack.listen", why);
        }
        let has_gateway = !self.gateway.listen.is_empty() || !self.gateway.peers_listen.is_empty();
        if !self.govstack.mediator.listen.is_empty() && !has_gateway {
            return bad("govstack.mediator.listen", "this door shows the gateway's roster: set gateway.listen too");
        }
        let is_certified = has_gateway && !self.gateway.tls.certificate.as_os_str().is_empty();
        for (key, tls) in [("govstack.tls", self.govstack.tls), ("govstack.mediator.tls", self.govstack.mediator.tls)] {
            if tls != DoorTls::Off && !is_certified {
                return bad(key, "the certificate is the gateway's: set gateway.listen and [gateway.tls]");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_door_over_tls_needs_the_gateways_certificate() {
        let load = |given: &[(&str, &str)]| {
            Config::load(None, given.iter().map(|(key, value)| (format!("TONGBAN_{key}"), (*value).to_owned())))
        };
        for key in ["GOVSTACK__TLS", "GOVSTACK__MEDIATOR__TLS"] {
            let error = load(&[(key, "mutual")]).unwrap_err();
            assert!(error.contains("[gateway.tls]"), "{error}");
            assert!(load(&[(key, "yes")]).is_err());
            let gateway = [("GATEWAY__LISTEN", "127.0.0.1:1"), ("GATEWAY__TLS__CERTIFICATE", "own.pem")];
            assert!(load(&[&gateway[..], &[(key, "on")]].concat()).is_ok());
        }
    }
}
