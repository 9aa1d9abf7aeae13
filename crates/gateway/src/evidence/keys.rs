//! Public keys with their times: what one signed while it was in use stays proof after it has been replaced.
//! Every key that is ever seen is noted in `gateway_key`; one that is gone from the roster gets an end there.
use std::collections::{BTreeMap, HashMap};

use platform::audit::Entry as AuditEntry;
use platform::policy::{Action, On};
use platform::{Ctx, Result};
use seal::keys::PublicKey;
use serde::{Deserialize, Serialize};

use crate::federation::{Federation, Server, key_of};
use crate::gateway::Gateway;
use crate::store_evidence::{list_keys, put_key};

/// A key that is gone counts for so many seconds more: other processes of this node may sign with it until they too have
/// been restarted, and messages may be under way.
pub const GRACE: i64 = 3600;

/// Whose key it is and when it counts, in seconds since 1970; None: without a limit on that side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub server: String,
    pub key: PublicKey,
    pub from: Option<i64>,
    pub to: Option<i64>,
}

/// A key of former times, as the roster and the federation document name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerKey {
    /// Ed25519 public key, base64 of 32 bytes.
    pub key: String,
    /// Seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    pub to: i64,
}

impl Known {
    #[must_use]
    pub fn now(server: &str, key: PublicKey) -> Self {
        Self { server: server.to_owned(), key, from: None, to: None }
    }

    /// Why a signature made at this second does not count; None: it does.
    #[must_use]
    pub fn refuses(&self, created: i64) -> Option<String> {
        let id = self.key.key_id();
        match (self.from, self.to) {
            (Some(from), _) if created < from => {
                Some(format!("{id} was not in use yet: from {from}, signed {created}"))
            }
            (_, Some(to)) if created > to => Some(format!("{id} was no longer in use: until {to}, signed {created}")),
            _ => None,
        }
    }
}

/// The keys of a server of the roster or the federation, those of former times with their ends. The error names the key.
pub fn known_of(server: &Server) -> std::result::Result<Vec<Known>, String> {
    let read = |text: &String| key_of(text).map_err(|why| format!("server {}: {why}", server.server));
    let mut all = Vec::new();
    for text in &server.keys {
        all.push(Known::now(&server.server, read(text)?));
    }
    for former in &server.keys_before {
        let key = read(&former.key)?;
        if former.from.is_some_and(|from| from > former.to) || all.iter().any(|known| known.key == key) {
            return Err(format!("server {}: the former key {} has no sound time", server.server, former.key));
        }
        all.push(Known { server: server.server.clone(), key, from: former.from, to: Some(former.to) });
    }
    Ok(all)
}

/// The keys of every server of a federation document.
pub fn known_in(federation: &Federation) -> std::result::Result<Vec<Known>, String> {
    let all: std::result::Result<Vec<Vec<Known>>, String> = federation.servers.iter().map(known_of).collect();
    all.map(|all| all.concat())
}

/// By thumbprint; what is said later counts.
#[must_use]
pub fn by_id(known: impl IntoIterator<Item = Known>) -> HashMap<String, Known> {
    known.into_iter().map(|known| (known.key.key_id(), known)).collect()
}

/// What has to be noted so that `noted` says what `current` says. `second`: now. `whole`: whether `current` has all servers;
/// else servers that it does not name are left as they are.
#[must_use]
pub fn changes(noted: &[Known], current: &[Known], (second, whole): (i64, Whole)) -> Vec<Known> {
    let id = |known: &Known| (known.server.clone(), known.key.key_id());
    let before: BTreeMap<_, &Known> = noted.iter().map(|known| (id(known), known)).collect();
    let now: BTreeMap<_, &Known> = current.iter().map(|known| (id(known), known)).collect();
    let new = now.iter().filter(|(id, known)| before.get(*id) != Some(known)).map(|(_, known)| (*known).clone());
    let named = |server: &str| whole == Whole::Yes || current.iter().any(|known| known.server == server);
    let gone = before.iter().filter(|(id, known)| !now.contains_key(*id) && known.to.is_none() && named(&known.server));
    let ended = gone.map(|(_, known)| Known { to: Some(second + GRACE), ..(*known).clone() });
    new.chain(ended).collect()
}

/// Whether a list has every server that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    Yes,
    No,
}

impl Gateway {
    /// Notes the keys that count now, ours and those of the roster, and ends those that are gone.
    pub async fn note_keys(&self) -> Result<()> {
        let roster = self.roster();
        let mut current = roster.known_keys();
        current.push(Known::now(&roster.server, self.key().public()));
        // Before the federation document has come, its servers are missing without being gone.
        let whole = if roster.federation.is_none() || roster.version > 0 { Whole::Yes } else { Whole::No };
        let ctx = Ctx::system(self.platform(), "gateway.keys");
        let noted = ctx.db().read(ctx.allow(Action::MessageRead, &On::PUBLIC)?, list_keys).await?;
        let changes = changes(&noted, &current, (self.now(), whole));
        if changes.is_empty() {
            return Ok(());
        }
        let grant = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
        let write = ctx.db().write(grant, move |tx| {
            changes.iter().try_for_each(|known| put_key(tx, known))?;
            let names: Vec<String> = changes.iter().map(|known| known.key.key_id()).collect();
            let detail = serde_json::json!({ "keys": names }).to_string();
            tx.audited(
                AuditEntry { event: "keys.noted", object: "gateway", detail: &detail, ..AuditEntry::default() },
                (),
            )
        });
        write.await
    }
}

#[cfg(test)]
mod tests {
    use seal::keys::{Ed25519Key, Signer};

    use super::*;

    fn known(server: &str, seed: u8) -> Known {
        Known::now(server, Ed25519Key::from_bytes(&[seed; 32]).public())
    }

    #[test]
    fn a_key_that_is_gone_gets_an_end_and_one_that_returns_loses_it() {
        let both = [known("a", 1), known("b", 2)];
        assert_eq!(changes(&[], &both, (10, Whole::Yes)), both);
        assert!(changes(&both, &both, (10, Whole::Yes)).is_empty());
        let replaced = [known("a", 3), known("b", 2)];
        let ended = Known { to: Some(10 + GRACE), ..known("a", 1) };
        assert_eq!(changes(&both, &replaced, (10, Whole::No)), [known("a", 3), ended.clone()]);
        assert_eq!(ended.refuses(10 + GRACE), None);
        assert!(ended.refuses(11 + GRACE).unwrap().contains("no longer"));
        // A server that a list does not have ends only when the list is whole.
        assert!(changes(&both, &[known("a", 1)], (10, Whole::No)).is_empty());
        assert_eq!(
            changes(&both, &[known("a", 1)], (10, Whole::Yes)),
            [Known { to: Some(10 + GRACE), ..known("b", 2) }]
        );
        assert_eq!(changes(&[ended, known("b", 2)], &both, (10, Whole::Yes)), [known("a", 1)]);
    }

    #[test]
    fn a_former_key_needs_a_sound_time() {
        let text = |seed: u8| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(Ed25519Key::from_bytes(&[seed; 32]).public().to_bytes())
        };
        let server = |key: String, from| Server {
            server: "a".into(),
            address: "x:1".into(),
            keys: vec![text(1)],
            keys_before: vec![FormerKey { key, from, to: 9 }],
            certificates: vec![],
            subsystems: vec![],
        };
        assert_eq!(known_of(&server(text(2), Some(9))).unwrap()[1].to, Some(9));
        for bad in [server(text(2), Some(10)), server(text(1), None), server("x".into(), None)] {
            assert!(known_of(&bad).is_err());
        }
    }
}
