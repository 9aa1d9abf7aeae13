//! A service of another region: one GET through our own gateway, which signs, logs and finds the way. The gateway stands
//! above this crate; `app` joins them.
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use platform::i18n::Text;

use crate::error::{Answered, SourceError};
use crate::http::Reply;
use crate::mapping::Matter;
use crate::reach::{Asking, Reach};
use crate::rest::record_of;
use crate::settings::Peer;
use crate::surroundings::Surroundings;
use crate::template;

/// A call in X-Road's REST protocol.
#[derive(Debug, Clone, Copy)]
pub struct PeerCall<'a> {
    /// Identifier of our subsystem in whose name is called.
    pub client: &'a str,
    /// Path and query, `/r1/…`.
    pub target: &'a str,
    /// The matter that it is asked for; empty: none.
    pub issue: &'a str,
    /// What proves that the client may be spoken for, where the roster wants a token.
    pub token: Option<&'a str>,
    /// Bytes of an answer at most.
    pub limit: u64,
}

/// What the service answered. A fault of the exchange itself is an error instead.
#[derive(Debug)]
pub struct PeerReply {
    pub status: u16,
    pub content_type: String,
    pub body: Bytes,
}

pub type PeerCalling<'a> = Pin<Box<dyn Future<Output = Answered<PeerReply>> + Send + 'a>>;

/// The office of another region that a source speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// Its subsystem in the federation: `INSTANCE/CLASS/MEMBER/SUBSYSTEM`.
    pub id: String,
    pub office: Text,
    /// City and province.
    pub region: Text,
}

impl Elsewhere {
    /// None: an address is missing.
    pub(crate) fn of(settings: &Peer, around: &Surroundings) -> Option<Self> {
        let service = around.fill(&settings.service).ok()?;
        let id = service.split('/').take(4).collect::<Vec<_>>().join("/");
        Some(Self { id, office: settings.office.clone(), region: settings.region.clone() })
    }
}

/// The way to other regions.
pub trait Peers: Send + Sync {
    /// One call that changes nothing. The caller bounds its time.
    fn get<'a>(&'a self, call: PeerCall<'a>) -> PeerCalling<'a>;
}

/// No way: for programs without a gateway.
pub struct NoPeers;

impl Peers for NoPeers {
    fn get<'a>(&'a self, _: PeerCall<'a>) -> PeerCalling<'a> {
        let why = "this program has no gateway; open one with gateway.listen or gateway.peers_listen";
        Box::pin(std::future::ready(Err(SourceError::Refused(why.into()))))
    }
}

pub(crate) struct PeerReach {
    peers: Arc<dyn Peers>,
    settings: Peer,
    /// `/r1/` and the service.
    base: String,
    client: String,
    token: Option<String>,
}

impl PeerReach {
    pub(crate) fn open(settings: &Peer, around: &Surroundings, peers: Arc<dyn Peers>) -> Result<Self, String> {
        let fill = |text: &str| around.fill(text).map_err(|name| format!("there is no address ${{{name}}}"));
        let (service, client) = (fill(&settings.service)?, fill(&settings.client)?);
        for (name, id, parts) in [("service", &service, 5..=6), ("client", &client, 3..=4)] {
            let plain = |part: &str| !part.is_empty() && !matches!(part, "." | "..") && !part.contains(['?', '#', ' ']);
            if !parts.contains(&id.split('/').count()) || !id.split('/').all(plain) {
                return Err(format!(
                    "the {name} {id} is no identifier; write it as the gateway does: INSTANCE/CLASS/MEMBER/SUBSYSTEM{}",
                    if name == "service" { "/SERVICE" } else { "" }
                ));
            }
        }
        let token = settings.token.as_ref().map(|secret| around.secret(secret)).transpose()?;
        Ok(Self { peers, settings: settings.clone(), base: format!("/r1/{service}"), client, token })
    }
}

impl Reach for PeerReach {
    fn ask<'a>(&'a self, number: &'a str) -> Asking<'a> {
        self.ask_in(number, &Matter::NONE)
    }

    fn ask_in<'a>(&'a self, number: &'a str, matter: &'a Matter<'a>) -> Asking<'a> {
        Box::pin(async move {
            let path = template::percent(&self.settings.path, number);
            let path =
                template::percent_of(&path, &[(template::PURPOSE, matter.purpose), (template::BASIS, matter.basis)]);
            let target = format!("{}{path}", self.base);
            let call = PeerCall {
                client: &self.client,
                target: &target,
                issue: matter.case.unwrap_or_default(),
                token: self.token.as_deref(),
                limit: self.settings.max_bytes,
            };
            let PeerReply { status, content_type, body } = self.peers.get(call).await?;
            let reply = Reply { status, content_type: content_type.to_ascii_lowercase(), body };
            record_of(&reply, &self.settings.absent, &self.settings.answer)
        })
    }

    /// The other side answers under its own grants and writes its own trail: what it said for one matter is not what it
    /// would say for another.
    fn memory(&self, number: &str, matter: &Matter<'_>) -> String {
        [number, matter.purpose, matter.basis, matter.case.unwrap_or_default()].join("\n")
    }
}
