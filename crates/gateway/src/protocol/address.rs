//! What a request path addresses (PR-REST §4.2): `/r1/{instance}/{class}/{member}/{subsystem}/{service}[/{path}]`.
use super::fault::{Fault, Kind};
use super::ids::{Alphabet, ServiceId};

/// Where a request goes. The service's path and the query stay as they were sent, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub service: ServiceId,
    /// The service as rosters write it.
    pub text: String,
    /// With its leading `/`; empty when there is none.
    pub path: String,
    /// Without `?`.
    pub query: Option<String>,
}

impl Address {
    /// Reads a request target.
    pub fn parse(target: &str, alphabet: Alphabet) -> Result<Self, Fault> {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let parts: Vec<&str> = path.splitn(8, '/').collect();
        version(parts.get(1).copied().unwrap_or_default())?;
        let [_, _, instance, class, member, subsystem, service, rest @ ..] = parts.as_slice() else {
            return Err(Kind::BadRequest.says(
                "the path must be /r1/{instance}/{class}/{member}/{subsystem}/{service}; name all five segments",
            ));
        };
        let service = ServiceId::parse([instance, class, member, subsystem, service], alphabet)
            .map_err(|why| Kind::BadRequest.says(format!("the service cannot be read from the path: {why}")))?;
        let path = rest.first().map_or_else(String::new, |rest| format!("/{rest}"));
        Ok(Self { text: service.to_string(), service, path, query: query.map(str::to_owned) })
    }

    /// The provider as rosters write it.
    #[must_use]
    pub fn provider(&self) -> &str {
        self.text.rsplit_once('/').map_or("", |(provider, _)| provider)
    }
}

/// `r` and a digit; the digit must be 1.
fn version(part: &str) -> Result<(), Fault> {
    match part.as_bytes() {
        [b'r', b'1'] => Ok(()),
        [b'r', digit] if digit.is_ascii_digit() => {
            Err(Kind::InvalidProtocolVersion.says(format!("protocol version {part} is not served here; send r1")))
        }
        _ => Err(Kind::BadRequest.says("the path must begin with /r1/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Result<Address, Fault> {
        Address::parse(target, Alphabet::Strict)
    }

    #[test]
    fn the_path_and_the_query_stay_as_they_were_sent() {
        let address = read("/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets%20x/1?a=%2F+b&c").unwrap();
        assert_eq!(address.text, "DEV/COM/222/TESTSERVICE/petstore");
        assert_eq!(address.provider(), address.service.provider.to_string());
        assert_eq!((address.path.as_str(), address.query.as_deref()), ("/v2/pets%20x/1", Some("a=%2F+b&c")));
        assert_eq!(read("/r1/DEV/COM/222/S/petstore").unwrap().path, "");
        assert_eq!(read("/r1/DEV/COM/222/S/petstore/").unwrap().path, "/");
    }

    #[test]
    fn what_is_no_address_is_refused_by_name() {
        for (bad, code) in [
            ("/r1/DEV/COM/222/TESTSERVICE", "client.bad_request"),
            ("/", "client.bad_request"),
            ("/x1/DEV/COM/222/S/p", "client.bad_request"),
            ("/r2/DEV/COM/222/S/p", "client.invalid_protocol_version"),
            ("/r1/DEV/COM//S/p", "client.bad_request"),
            ("/r1/DEV%2FCOM%2F222%2FS%2Fp", "client.bad_request"),
        ] {
            assert_eq!(read(bad).unwrap_err().code, code, "{bad}");
        }
    }
}
