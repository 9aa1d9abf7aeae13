//! How an information system shows that it may speak for a subsystem.
use std::fmt;

use serde::de::{self, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::network::Network;

/// Every kind that is named must hold. A subsystem without `callers` is spoken for by nobody: it only answers.
#[derive(Debug, Clone)]
pub struct Callers {
    /// `10.1.0.0/16`; empty: from anywhere.
    pub networks: Vec<Network>,
    /// SHA-256, in hex, of tokens sent in `tb-token`; empty: none is asked for.
    pub tokens: Vec<String>,
    /// SHA-256, in hex, of certificates presented over TLS; empty: none is asked for.
    pub certificates: Vec<String>,
}

/// What a document may name.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Named {
    networks: Vec<Network>,
    tokens: Vec<String>,
    certificates: Vec<String>,
}

impl Default for Callers {
    fn default() -> Self {
        // No digest has this form, so no token is the right one.
        Self { networks: Vec::new(), tokens: vec![String::new()], certificates: Vec::new() }
    }
}

impl Callers {
    fn anyone() -> Self {
        Self { networks: Vec::new(), tokens: Vec::new(), certificates: Vec::new() }
    }

    /// Whoever reaches the door may speak for the subsystem.
    #[must_use]
    pub fn is_anyone(&self) -> bool {
        self.networks.is_empty() && self.tokens.is_empty() && self.certificates.is_empty()
    }

    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.tokens.iter().any(String::is_empty)
    }

    fn of(named: Named) -> Result<Self, String> {
        let Named { networks, tokens, certificates } = named;
        if networks.is_empty() && tokens.is_empty() && certificates.is_empty() {
            return Err(
                "callers names nothing; name networks, certificates or tokens, or write `callers: anyone`".into()
            );
        }
        let digests = |kind: &str, given: Vec<String>| -> Result<Vec<String>, String> {
            given.into_iter().map(|of| digest(kind, &of)).collect()
        };
        Ok(Self { networks, tokens: digests("tokens", tokens)?, certificates: digests("certificates", certificates)? })
    }
}

/// In small letters, as it is compared.
fn digest(kind: &str, text: &str) -> Result<String, String> {
    let known = crate::tls::fingerprint_of(text);
    known.map(|bytes| seal::digest::to_hex(&bytes)).map_err(|why| format!("callers.{kind}: {why}"))
}

impl<'de> Deserialize<'de> for Callers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Callers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("networks, certificates or tokens, or the word `anyone`")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Callers, E> {
        if text == "anyone" { Ok(Callers::anyone()) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Callers, A::Error> {
        Callers::of(Named::deserialize(MapAccessDeserializer::new(map))?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Result<Callers, String> {
        serde_norway::from_str(yaml).map_err(|error| error.to_string())
    }

    #[test]
    fn who_may_call_is_named_or_said_to_be_anyone() {
        let (one, two) = ("AB".repeat(32), "cd".repeat(32));
        let read_back = read(&format!("{{networks: [10.0.0.0/8], tokens: [{one}], certificates: [{two}]}}")).unwrap();
        assert_eq!((&read_back.tokens[0], &read_back.certificates[0]), (&one.to_lowercase(), &two));
        assert!(!read_back.is_anyone() && !read_back.is_nobody());
        assert!(read("anyone").unwrap().is_anyone());
        assert!(Callers::default().is_nobody() && !Callers::default().is_anyone());
        for (bad, word) in [
            ("{}", "names nothing"),
            ("{networks: []}", "names nothing"),
            ("everyone", "anyone"),
            ("true", "anyone"),
            ("{tokens: [secret]}", "callers.tokens"),
            ("{tokens: ['']}", "callers.tokens"),
            ("{certificates: [abcd]}", "callers.certificates"),
            ("{network: [10.0.0.0/8]}", "unknown field"),
        ] {
            assert!(read(bad).unwrap_err().contains(word), "{bad}: {}", read(bad).unwrap_err());
        }
    }
}
