//! Facts of other regions: the connectors' peer sources ask through this program's own gateway, which they do not know.
use std::sync::{Arc, OnceLock, Weak};

use connectors::{PeerCall, PeerCalling, PeerReply, Peers, SourceError};
use gateway::Gateway;
use gateway::inside::{self, Get};
use gateway::protocol::fault::Fault;

/// Ends of codes of faults that may pass: the other side, the way to it, or what the two know of each other.
const PASSING: [&str; 8] = [
    "network_error",
    "io_error",
    "timeout",
    "logging_failed",
    "global_conf_outdated",
    "internal_error",
    "unknown_member.provider",
    // The other side has not heard of our gateway or its key yet.
    "serverproxy.ssl_authentication_failed",
];
/// Of faults that mean: what came is not what the other side may say.
const WRONG: [&str; 3] = ["inconsistent_response", "signature_verification", "invalid_signature"];

/// Joined when the gateway stands, as its applications are asked through the exchange that asks this. Weak for the same
/// reason: `App` keeps the gateway.
#[derive(Default)]
pub struct ThroughGateway(OnceLock<Weak<Gateway>>);

impl ThroughGateway {
    /// Once.
    pub fn join(&self, gateway: &Arc<Gateway>) {
        self.0.get_or_init(|| Arc::downgrade(gateway));
    }
}

impl Peers for ThroughGateway {
    fn get<'a>(&'a self, call: PeerCall<'a>) -> PeerCalling<'a> {
        Box::pin(async move {
            let Some(gateway) = self.0.get().and_then(Weak::upgrade) else {
                return connectors::NoPeers.get(call).await;
            };
            let PeerCall { client, target, issue, token, limit } = call;
            let got = inside::get(&gateway, &Get { client, target, issue, token, limit }).await;
            let got = got.map_err(|fault| told(&fault))?;
            let body = got.body.ok_or(SourceError::TooLarge(limit))?;
            Ok(PeerReply { status: got.status, content_type: got.content_type, body })
        })
    }
}

/// The code alone: words of the other side may be about somebody.
fn told(fault: &Fault) -> SourceError {
    let ends = |known: &[&str]| known.iter().any(|end| fault.code.ends_with(end));
    let words = format!("the exchange says {}", fault.code);
    if ends(&PASSING) {
        SourceError::Unavailable(words)
    } else if ends(&WRONG) {
        SourceError::Malformed(words)
    } else {
        SourceError::Refused(words)
    }
}

#[cfg(test)]
mod tests {
    use gateway::protocol::fault::Kind;

    use super::*;

    #[test]
    fn a_fault_that_may_pass_is_told_as_one() {
        let code = |kind: Kind| told(&kind.says("990102199001010017 is somebody")).code();
        for kind in [
            Kind::ClientNetworkError,
            Kind::ServiceTimeout,
            Kind::ClientUnknownService,
            Kind::LoggingFailed,
            Kind::SslAuthenticationFailed,
        ] {
            assert_eq!(code(kind), "unavailable", "{kind:?}");
        }
        for kind in [Kind::AccessDenied, Kind::UnknownService, Kind::ClientAccessDenied] {
            assert_eq!(code(kind), "refused", "{kind:?}");
        }
        assert_eq!(code(Kind::InconsistentResponse), "malformed");
        assert!(!told(&Kind::AccessDenied.says("990102199001010017")).to_string().contains("9901021990"));
    }
}
