//! Who takes part: our subsystems with their services and access rights, groups, and the other gateways.
//! Read from one document (`gateway/*.yaml` of a pack); errors name the place.
mod access;
mod callers;
mod document;
mod network;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use seal::keys::PublicKey;

use crate::evidence::keys::{Known, known_of};
use crate::federation::{Federation, Server, Source};
use crate::keep::Policy;
use crate::looks::Subject;
use crate::pool::{Dial, Origin};
use crate::protocol::fault::Spelling;
use crate::protocol::ids::{Alphabet, ClientId, ServiceId, decode};
use crate::protocol::path::covers;
use crate::tls::{Outbound, fingerprint_of};
use crate::wire::line::Line;
use access::{Access, To, Wrong};
pub use callers::Callers;
pub use document::ServiceKind;
use document::{Document, GroupEntry, ServiceEntry, SubsystemEntry};
pub use network::Network;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// What answers for a service.
pub enum Backend {
    /// An information system; `base` is the path of its address, without the last slash.
    System { origin: Arc<Origin>, base: String },
    /// A part of this program, by its name.
    Application(String),
}

/// One of our information systems.
#[derive(Debug)]
pub struct Subsystem {
    pub id: ClientId,
    /// `id` as text.
    pub text: String,
    pub organisation: Option<String>,
    pub callers: Callers,
    /// What is kept here of the calls that it makes; None: nothing.
    pub keep: Option<Policy>,
}

/// What a listing tells of a participant.
#[derive(Debug, Clone)]
pub struct Listed {
    pub id: ClientId,
    pub name: String,
    pub member_name: String,
}

pub struct Service {
    pub id: ServiceId,
    pub text: String,
    pub kind: ServiceKind,
    pub backend: Backend,
    pub timeout: Duration,
    pub disabled: Option<String>,
    pub openapi: Option<String>,
    pub subject: Option<Subject>,
    /// What is kept of its messages; None: nothing.
    pub keep: Option<Policy>,
    access: Vec<Access>,
}

/// Another gateway.
pub struct Peer {
    pub server: String,
    pub origin: Arc<Origin>,
    /// What carries our calls to it.
    pub line: Arc<Line>,
    /// That it may sign with now.
    pub keys: HashMap<String, PublicKey>,
    /// Those and its former ones, for evidence.
    pub known: Vec<Known>,
    /// SHA-256 of the certificates that it presents; empty: any that an authority of ours has signed.
    pub certificates: HashSet<[u8; 32]>,
    pub subsystems: HashSet<String>,
}

/// Everything of one document and of the federation, ready to be asked.
#[derive(Clone)]
pub struct Roster {
    pub instance: String,
    pub federation: Option<Source>,
    /// Of the federation document that counts; 0: none yet.
    pub version: u64,
    /// When that document expires, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// That document as it was signed.
    pub document: String,
    /// Our own `INSTANCE/CLASS/MEMBER/CODE`.
    pub server: String,
    pub alphabet: Alphabet,
    pub spelling: Spelling,
    pub listed: Vec<Listed>,
    subsystems: HashMap<String, Arc<Subsystem>>,
    services: HashMap<String, Arc<Service>>,
    groups: HashMap<String, HashSet<String>>,
    outbound: Outbound,
    /// Those of the roster itself, which no federation document changes.
    own_groups: HashMap<String, HashSet<String>>,
    own_peers: Vec<Server>,
    peers: HashMap<String, Arc<Peer>>,
    by_key: HashMap<String, Arc<Peer>>,
}

impl Roster {
    /// Reads a document. `path` names it in the error.
    pub fn parse(path: &str, yaml: &str, outbound: &Outbound) -> Result<Self, String> {
        let document: Document = serde_norway::from_str(yaml).map_err(|error| {
            let line = error.location().map_or(1, |place| place.line());
            format!("{path}:{line}: {error}")
        })?;
        Self::build(document, outbound).map_err(|wrong| wrong.at(path, yaml))
    }

    fn build(document: Document, outbound: &Outbound) -> Result<Self, Wrong> {
        let alphabet = if document.relaxed_identifiers { Alphabet::Relaxed } else { Alphabet::Strict };
        let server = &document.server;
        let mut roster = Self {
            server: format!("{}/{}/{}/{}", document.instance, server.class, server.member, server.code),
            alphabet,
            spelling: if document.camel_case_faults { Spelling::Camel } else { Spelling::Snake },
            listed: Vec::new(),
            subsystems: HashMap::new(),
            services: HashMap::new(),
            groups: HashMap::new(),
            peers: HashMap::new(),
            by_key: HashMap::new(),
            outbound: outbound.clone(),
            own_groups: HashMap::new(),
            own_peers: Vec::new(),
            federation: document.federation,
            version: 0,
            expires_at: None,
            document: String::new(),
            instance: document.instance,
        };
        for entry in document.subsystems {
            roster.add_subsystem(entry)?;
        }
        for entry in document.groups {
            roster.add_group(entry)?;
        }
        (roster.own_peers, roster.own_groups) = (document.peers.clone(), roster.groups.clone());
        let nobody = roster.clone();
        for entry in document.peers {
            roster.add_peer(entry, &nobody)?;
        }
        roster.check_access()?;
        Ok(roster)
    }

    fn add_subsystem(&mut self, entry: SubsystemEntry) -> Result<(), Wrong> {
        let id = self.subsystem_id(&format!("{}/{}", self.instance, entry.id))?;
        let text = id.to_string();
        self.listed.push(Listed { id: id.clone(), name: entry.name, member_name: entry.member_name });
        for service in entry.services {
            let service = service_of((&id, self.alphabet), service, &self.outbound)?;
            if let Some(twice) = self.services.insert(service.text.clone(), Arc::new(service)) {
                return Err(format!("the service {} stands twice", twice.text).into());
            }
        }
        let keep = Policy::of((entry.keep, entry.keep_days, entry.keep_limit_bytes));
        let keep = keep.map_err(|why| format!("{text}: {why}"))?;
        let (organisation, callers) = (entry.organisation, entry.callers);
        let subsystem = Subsystem { id, text: text.clone(), organisation, callers, keep };
        match self.subsystems.insert(text, Arc::new(subsystem)) {
            Some(twice) => Err(format!("the subsystem {} stands twice", twice.text).into()),
            None => Ok(()),
        }
    }

    fn add_group(&mut self, entry: GroupEntry) -> Result<(), String> {
        let members: Result<HashSet<String>, String> =
            entry.members.iter().map(|member| Ok(self.subsystem_id(member)?.to_string())).collect();
        match self.groups.insert(entry.code.clone(), members?) {
            Some(_) => Err(format!("the group {} stands twice", entry.code)),
            None => Ok(()),
        }
    }

    /// The same with the servers and groups of a federation document; connections to gateways that stay are kept.
    pub fn joined(&self, federation: &Federation, document: &str) -> Result<Self, String> {
        if federation.instance != self.instance {
            return Err(format!("the document is of the instance {}, not {}", federation.instance, self.instance));
        }
        let mut joined = self.clone();
        joined.forget();
        for server in &self.own_peers {
            joined.add_peer(server.clone(), self)?;
        }
        for server in federation.servers.iter().filter(|server| server.server != self.server) {
            joined.add_peer(server.clone(), self)?;
        }
        joined.groups = self.own_groups.clone();
        for (code, members) in &federation.groups {
            if self.own_groups.contains_key(code) {
                return Err(format!("the federation names a group {code}, which is one of ours: rename either"));
            }
            let members = members.iter().map(|member| Ok(self.subsystem_id(member)?.to_string()));
            joined.groups.insert(code.clone(), members.collect::<Result<_, String>>()?);
        }
        (joined.version, joined.expires_at) = (federation.version, Some(federation.expires_at));
        joined.document = document.to_owned();
        Ok(joined)
    }

    /// Takes every other gateway out.
    fn forget(&mut self) {
        let ours = &self.subsystems;
        self.listed.retain(|listed| ours.contains_key(&listed.id.to_string()));
        self.peers.clear();
        self.by_key.clear();
    }

    fn add_peer(&mut self, entry: Server, known: &Self) -> Result<(), String> {
        let known_keys = known_of(&entry)?;
        let now = known_keys.iter().filter(|known| known.to.is_none());
        let keys: HashMap<String, PublicKey> = now.map(|known| (known.key.key_id(), known.key)).collect();
        let mut subsystems = HashSet::new();
        for subsystem in entry.subsystems {
            let id = self.subsystem_id(&subsystem.id)?;
            subsystems.insert(id.to_string());
            self.listed.push(Listed { id, name: subsystem.name, member_name: subsystem.member_name });
        }
        let certificates: HashSet<[u8; 32]> =
            entry.certificates.iter().map(|text| fingerprint_of(text)).collect::<Result<_, _>>()?;
        if let Some(twice) = keys.keys().find(|key| self.by_key.contains_key(*key)) {
            return Err(format!("server {}: the key {twice} is that of another server", entry.server));
        }
        let same = |peer: &&Arc<Peer>| {
            peer.server == entry.server && peer.origin.authority == entry.address && peer.certificates == certificates
        };
        let stays = known.peers.values().find(same);
        let origin = stays.map_or_else(
            || Origin::new(&entry.address, self.outbound.to_peer(&entry.address, &entry.certificates), CONNECT_WITHIN),
            |peer| Arc::clone(&peer.origin),
        );
        let line = stays.map(|peer| Arc::clone(&peer.line)).unwrap_or_default();
        let known = known_keys;
        let peer = Arc::new(Peer { server: entry.server, origin, line, keys, known, certificates, subsystems });
        for subsystem in &peer.subsystems {
            if self.subsystems.contains_key(subsystem) || self.peers.contains_key(subsystem) {
                return Err(format!("{subsystem} is served by two gateways"));
            }
            self.peers.insert(subsystem.clone(), Arc::clone(&peer));
        }
        self.by_key.extend(peer.keys.keys().map(|key| (key.clone(), Arc::clone(&peer))));
        Ok(())
    }

    fn subsystem_id(&self, text: &str) -> Result<ClientId, String> {
        let id = ClientId::parse(text, self.alphabet).map_err(|why| format!("{text:?}: {why}"))?;
        if id.subsystem.is_some() { Ok(id) } else { Err(format!("{text:?}: name the subsystem too")) }
    }

    /// What the operator should know of this roster, a line each.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut open: Vec<&str> =
            self.subsystems.values().filter(|of| of.callers.is_anyone()).map(|of| of.text.as_str()).collect();
        open.sort_unstable();
        let line = |of: &str| {
            format!("`callers: anyone`: whoever reaches the door for information systems may speak for {of}")
        };
        open.into_iter().map(line).collect()
    }

    /// How others are reached; for a roster that takes this one's place.
    #[must_use]
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    #[must_use]
    pub fn subsystem(&self, text: &str) -> Option<&Arc<Subsystem>> {
        self.subsystems.get(text)
    }

    #[must_use]
    pub fn service(&self, text: &str) -> Option<&Arc<Service>> {
        self.services.get(text)
    }

    /// Services of one of our subsystems, in the order of their codes.
    #[must_use]
    pub fn services_of(&self, provider: &ClientId) -> Vec<&Arc<Service>> {
        let mut services: Vec<_> = self.services.values().filter(|service| service.id.provider == *provider).collect();
        services.sort_by(|a, b| a.id.code.cmp(&b.id.code));
        services
    }

    /// The gateway that serves a subsystem of others.
    #[must_use]
    pub fn peer_of(&self, subsystem: &str) -> Option<&Arc<Peer>> {
        self.peers.get(subsystem)
    }

    /// Public keys of all other gateways, with their times.
    #[must_use]
    pub fn known_keys(&self) -> Vec<Known> {
        let mut peers: Vec<&Arc<Peer>> = self.by_key.values().collect();
        peers.sort_by(|a, b| a.server.cmp(&b.server));
        peers.dedup_by(|a, b| a.server == b.server);
        peers.into_iter().flat_map(|peer| peer.known.iter().cloned()).collect()
    }

    /// Whether messages of some service or of some caller are kept whole.
    #[must_use]
    pub fn keeps(&self) -> bool {
        let calling = self.subsystems.values().any(|subsystem| subsystem.keep.is_some());
        calling || self.services.values().any(|service| service.keep.is_some())
    }

    /// How a URL outside of the roster is reached: what stands in Host, the path, and who dials.
    pub fn dial(&self, url: &str) -> Result<(String, String, Box<dyn Dial>), String> {
        let (rest, port, secure) = split(url)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = if host.contains(':') { host.to_owned() } else { format!("{host}:{port}") };
        let dial = if secure { self.outbound.secure(&authority)? } else { self.outbound.plain(&authority) };
        Ok((authority, format!("/{path}"), dial))
    }

    /// Another gateway by its name.
    #[must_use]
    pub fn peer_named(&self, server: &str) -> Option<&Arc<Peer>> {
        self.by_key.values().find(|peer| peer.server == server)
    }

    /// The gateway that signs with a key.
    #[must_use]
    pub fn peer_with(&self, key: &str) -> Option<&Arc<Peer>> {
        self.by_key.get(key)
    }

    /// Whether the client may call this method and (plain) path of the service. Nothing that is not granted is allowed.
    #[must_use]
    pub fn allows(&self, service: &Service, client: &str, method: &str, path: &str) -> bool {
        let Some(path) = decode(path) else { return false };
        let path = if path.is_empty() { "/" } else { &path };
        self.rights(service, client).any(|access| {
            (access.method == "*" || access.method.eq_ignore_ascii_case(method)) && covers(&access.path, path)
        })
    }

    fn rights<'a>(&'a self, service: &'a Service, client: &'a str) -> impl Iterator<Item = &'a Access> {
        service.access.iter().filter(move |access| match &access.to {
            To::Subsystem(subsystem) => subsystem == client,
            To::Group(group) => self.groups.get(group).is_some_and(|members| members.contains(client)),
        })
    }

    /// Method and path of every right that the client has; `("*", "**")` is the whole service.
    #[must_use]
    pub fn endpoints(&self, service: &Service, client: &str) -> Vec<(String, String)> {
        self.rights(service, client).map(|access| (access.method.clone(), access.path.clone())).collect()
    }
}

impl Service {
    /// Every endpoint that a right names.
    #[must_use]
    pub fn endpoints(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self.access.iter().map(|access| (access.method.clone(), access.path.clone())).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// What follows the scheme, the usual port, and whether it is TLS.
fn split(url: &str) -> Result<(&str, u16, bool), String> {
    match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(rest), _) => Ok((rest, 80, false)),
        (_, Some(rest)) => Ok((rest, 443, true)),
        _ => {
            Err(format!("the address {url:?} must begin with http:// or https:// (a service's also with application:)"))
        }
    }
}

fn backend_of(url: &str, outbound: &Outbound) -> Result<Backend, String> {
    if let Some(name) = url.strip_prefix("application:") {
        return Ok(Backend::Application(name.to_owned()));
    }
    let (rest, port, secure) = split(url)?;
    let (authority, base) = rest.split_once('/').map_or((rest, ""), |(host, path)| (host, path));
    let authority = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:{port}") };
    let dial = if secure { outbound.secure(&authority)? } else { outbound.plain(&authority) };
    let origin = Origin::new(&authority, dial, CONNECT_WITHIN);
    let base = base.trim_end_matches('/');
    Ok(Backend::System { origin, base: if base.is_empty() { String::new() } else { format!("/{base}") } })
}

fn service_of(
    (provider, alphabet): (&ClientId, Alphabet),
    entry: ServiceEntry,
    outbound: &Outbound,
) -> Result<Service, Wrong> {
    let id = ServiceId { provider: provider.clone(), code: entry.code.clone() };
    let text = id.to_string();
    let keep = Policy::of((entry.keep, entry.keep_days, entry.keep_limit_bytes));
    let keep = keep.map_err(|why| format!("{text}: {why}"))?;
    let backend = backend_of(&entry.url, outbound).map_err(|why| format!("{text}: {why}"))?;
    let access = entry.access.into_iter().enumerate();
    let access = access.map(|(at, right)| Access::of(right, alphabet).map_err(|wrong| wrong.in_place(&text, at)));
    Ok(Service {
        access: access.collect::<Result<_, _>>()?,
        kind: entry.kind,
        backend,
        timeout: Duration::from_secs(entry.timeout_seconds),
        disabled: entry.disabled,
        openapi: entry.openapi,
        subject: entry.subject,
        keep,
        id,
        text,
    })
}
