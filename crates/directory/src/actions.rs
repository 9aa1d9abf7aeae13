//! The verbs of sign-in: each leaves its audit entry. The session itself is the platform's.
use platform::Result;
use platform::audit::Entry;
use platform::config::SignIn;
use platform::db::{Audited, Tx};
use platform::policy::{Actor, ActorKind};
use platform::throttle::{self, Limit};

use crate::model::{Account, normal_login};
use crate::store;

/// What somebody typed, and from where.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) login: String,
    pub(crate) password: String,
    /// Network address; of IPv6 the first 64 bits, as one household has all of them.
    pub(crate) address: String,
}

impl Attempt {
    /// What failures are counted under: the account (known or not), then the address. Digests, as a login may be long.
    pub(crate) fn keys(&self) -> [String; 2] {
        let login = platform::chance::sha256_hex(normal_login(&self.login).as_bytes());
        [format!("sign-in:account:{login}"), format!("sign-in:address:{}", self.address)]
    }
}

pub(crate) fn limits(settings: &SignIn) -> [Limit; 2] {
    let limit = |attempts| Limit { attempts, window_minutes: settings.window_minutes };
    [limit(settings.attempts), limit(settings.attempts_per_address)]
}

/// The account of the login, None when there is none; `TooMany` when the account or the address must wait.
pub(crate) fn look_up(tx: &mut Tx<'_>, attempt: &Attempt, settings: &SignIn) -> Result<Option<Account>> {
    for (key, limit) in attempt.keys().iter().zip(limits(settings)) {
        throttle::check(tx, key, limit)?;
    }
    store::find_account(tx, &normal_login(&attempt.login))
}

/// Whose record a session touches: a person's (or the enterprise's acted for), nobody's for officials.
fn subject_of(actor: &Actor) -> String {
    if actor.kind == ActorKind::Person { actor.party().id } else { String::new() }
}

pub(crate) fn begin_session(tx: &mut Tx<'_>, actor: &Actor, address: &str) -> Result<Audited<()>> {
    store::insert_sign_in(tx, &actor.id, address)?;
    let subject = subject_of(actor);
    tx.audited(Entry { event: "session.begun", object: &actor.id, subject: &subject, ..Entry::default() }, ())
}

pub(crate) fn end_session(tx: &mut Tx<'_>, actor: &Actor) -> Result<Audited<()>> {
    let subject = subject_of(actor);
    tx.audited(Entry { event: "session.ended", object: &actor.id, subject: &subject, ..Entry::default() }, ())
}

/// The person goes on for somebody else, or for themselves again; `actor` as they will be.
pub(crate) fn act_for(tx: &mut Tx<'_>, actor: &Actor) -> Result<Audited<()>> {
    let party = actor.party().id;
    tx.audited(Entry { event: "session.switched", object: &actor.id, subject: &party, ..Entry::default() }, ())
}
