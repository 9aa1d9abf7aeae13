//! Evidence as the gateway gives it: what the database has of one message, within limits; and what the log keeps whole.
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use platform::audit::Entry as AuditEntry;
use platform::db::Tx;
use platform::policy::{Action, On};
use platform::{Ctx, Error, Platform, Result};

use super::keys::{Known, by_id};
use super::{Bodies, Evidence, MAX_BATCHES, MAX_BYTES, MAX_LINES, Messages, Refused, Wanted, collect, entries_of};
use crate::body::Taken;
use crate::gateway::Gateway;
use crate::keep::pieces::is_here;
use crate::keep::{Body, Keys, Message, Policy, Sealed};
use crate::log::entry::{Entry, Side};
use crate::store_evidence::{Found, list_bodies, list_keys, list_of_message};

/// What the gateway needs for evidence and for messages kept whole.
#[derive(Default)]
pub struct Keeping {
    keys: OnceLock<Keys>,
    asked: Mutex<Asked>,
}

/// How often each subsystem asked for evidence in the minute that runs.
#[derive(Default)]
struct Asked {
    minute: i64,
    counts: HashMap<String, u32>,
}

impl Keeping {
    /// Counts a question; false: the subsystem has asked as often as it may in this minute.
    pub fn may_ask(&self, client: &str, (second, limit): (i64, u32)) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.minute != second.div_euclid(60) {
            *asked = Asked { minute: second.div_euclid(60), counts: HashMap::new() };
        }
        let count = asked.counts.entry(client.to_owned()).or_default();
        *count = count.saturating_add(1);
        *count <= limit
    }
}

fn key_folder(platform: &Platform) -> PathBuf {
    let config = platform.config();
    let named = &config.gateway.body_keys;
    if named.as_os_str().is_empty() { config.data.dir.join("keys").join("bodies") } else { named.clone() }
}

/// A line of a batch with what is kept of it.
type Kept = (i64, usize, Entry, Sealed);

impl Gateway {
    pub(crate) fn body_keys(&self) -> Result<&Keys> {
        let keeping = self.keeping();
        if let Some(keys) = keeping.keys.get() {
            return Ok(keys);
        }
        let keys = Keys::open(&key_folder(self.platform()))?;
        Ok(keeping.keys.get_or_init(|| keys))
    }

    /// Reads what is needed before the first call, so that what is missing is found at the start.
    pub(crate) async fn begin_keeping(&self) -> Result<()> {
        if self.roster().keeps() {
            self.body_keys()?;
        }
        self.note_keys().await
    }

    /// What policy keeps of the message of a line, sealed, for the log to store with it (`insert_bodies`). An error denies
    /// the call as a log that fails does.
    pub async fn keep(&self, line: &Entry, (head, body): (&[u8], &Taken)) -> Result<Option<Sealed>> {
        let Some(policy) = self.policy(line) else { return Ok(None) };
        let message = Message::of(head, body, policy.limit);
        let now = self.platform().clock().now();
        let mut sealed = self.body_keys()?.seal(&message, line, (&policy, now))?;
        if is_here(body) {
            self.keep_late(Some(&sealed), body).await?;
            sealed.late = None;
        }
        Ok(Some(sealed))
    }

    /// The provider's side keeps what the service says, the consumer's side what the subsystem that calls says.
    fn policy(&self, line: &Entry) -> Option<Policy> {
        if !line.fault.is_empty() {
            return None;
        }
        let roster = self.roster();
        let keeps = |policy: Option<Policy>| policy.filter(|policy| policy.keeps(line.part));
        let service = || keeps(roster.service(&line.names.service).and_then(|service| service.keep));
        let client = || keeps(roster.subsystem(&line.names.client).and_then(|client| client.keep));
        match line.side {
            Side::Provider => service(),
            Side::Consumer => client(),
            Side::Both => match (service(), client()) {
                (Some(service), Some(client)) => Some(service.with(client)),
                (service, client) => service.or(client),
            },
        }
    }

    /// Every key that is known, by thumbprint; what the roster says of one counts before what was noted.
    pub(crate) async fn known_keys(&self) -> Result<HashMap<String, Known>> {
        let grant = Ctx::system(self.platform(), "gateway.evidence").allow(Action::MessageRead, &On::PUBLIC)?;
        let noted = self.platform().db().read(grant, list_keys).await?;
        let roster = self.roster();
        let own = Known::now(&roster.server, self.key().public());
        Ok(by_id(noted.into_iter().chain(roster.known_keys()).chain([own])))
    }

    /// Evidence of one message, as far as it is in the database. Kept messages that are told are noted in the audit log.
    pub async fn evidence(&self, wanted: Wanted<'_>) -> Result<Evidence, Refused> {
        let known = self.known_keys().await?;
        let ctx = Ctx::system(self.platform(), "gateway.evidence");
        let (message_id, since, until) = (wanted.message_id.to_owned(), wanted.since, wanted.until);
        let most = i64::try_from(MAX_BATCHES + 1).map_err(Error::internal)?;
        let grant = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
        let found = ctx.db().read(grant, move |tx| list_of_message(tx, &message_id, (since, until, most))).await?;
        if found.len() > MAX_BATCHES {
            return Err(Refused::TooMuch("so many messages have this number; name a time with since and until"));
        }
        let messages = match wanted.bodies {
            Bodies::Left => Messages::new(),
            Bodies::With => self.messages(&ctx, (&found, wanted)).await?,
        };
        collect(&self.roster().server, wanted, (&found, &messages), &known)
    }

    async fn messages(&self, ctx: &Ctx, (found, wanted): (&[Found], Wanted<'_>)) -> Result<Messages, Refused> {
        let mut lines: Vec<(i64, usize, Entry)> = Vec::new();
        for batch in found {
            let entries = entries_of(batch)?.into_iter().enumerate();
            lines.extend(entries.filter(|(_, e)| wanted.is(e)).map(|(at, e)| (batch.number, at, e)));
        }
        if lines.len() > MAX_LINES {
            return Err(Refused::TooMuch("so many lines have this number; name a time with since and until"));
        }
        let grant = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
        let kept = ctx.db().read(grant, move |tx| kept_of(tx, lines)).await?;
        let too_much =
            Refused::TooMuch("the messages are too large for one bundle; ask with requestOnly or responseOnly");
        let Some(kept) = kept else { return Err(too_much) };
        if kept.is_empty() {
            return Ok(Messages::new());
        }
        let keys = self.body_keys()?;
        let open = |(batch, place, entry, sealed): Kept| {
            let message = keys.unseal(&sealed, &entry)?;
            Ok(((batch, place), message, (sealed.key, entry.size)))
        };
        let opened = kept.into_iter().map(open).collect::<Result<Vec<_>>>()?;
        let apart = opened.iter().filter(|(_, message, _)| matches!(message.body, Body::Apart(_)));
        if apart.map(|(_, _, (_, size))| size).sum::<u64>() > MAX_BYTES as u64 {
            return Err(too_much);
        }
        self.note_told(ctx, wanted, opened.len()).await?;
        let mut messages = Messages::new();
        for (place, message, (key, size)) in opened {
            messages.insert(place, self.rejoin(message, (&key, size)).await?);
        }
        Ok(messages)
    }

    async fn note_told(&self, ctx: &Ctx, wanted: Wanted<'_>, count: usize) -> Result<()> {
        let grant = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
        let (object, party) = (format!("message {}", wanted.message_id), wanted.party.to_owned());
        let detail = serde_json::json!({ "to": party, "messages": count }).to_string();
        let told = ctx.db().write(grant, move |tx| {
            let entry = AuditEntry { event: "message.told", object: &object, detail: &detail, ..AuditEntry::default() };
            tx.audited(entry, ())
        });
        told.await
    }
}

/// What is kept of these lines; None: more than one bundle holds.
fn kept_of(tx: &mut Tx<'_>, lines: Vec<(i64, usize, Entry)>) -> Result<Option<Vec<Kept>>> {
    let (mut kept, mut bytes) = (Vec::new(), 0);
    let mut batch: (i64, HashMap<i64, Sealed>) = (-1, HashMap::new());
    for (number, place, entry) in lines {
        if batch.0 != number {
            batch = (number, list_bodies(tx, number)?.into_iter().collect());
        }
        let at = i64::try_from(place).map_err(Error::internal)?;
        if let Some(sealed) = batch.1.remove(&at) {
            bytes += sealed.bytes.len();
            kept.push((number, place, entry, sealed));
        }
        if bytes > MAX_BYTES {
            return Ok(None);
        }
    }
    Ok(Some(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subsystem_has_its_own_measure_and_a_new_one_each_minute() {
        let keeping = Keeping::default();
        let ask = |client: &str, second| keeping.may_ask(client, (second, 2));
        assert_eq!([ask("a", 0), ask("a", 59), ask("a", 59), ask("b", 59)], [true, true, false, true]);
        assert_eq!([ask("a", 60), ask("a", 61), ask("a", 62)], [true, true, false]);
    }
}
