//! Subscriptions: asked for, approved or refused by the publisher, given a key, ended.
use platform::audit::Entry;
use platform::db::{Audited, Tx};
use platform::policy::Role;
use platform::{Ctx, Error, Result, chance, jobs, notice, once};
use serde_json::json;

use crate::Events;
use crate::jobs::PUSH_JOB;
use crate::model::address::Target;
use crate::model::signature::{secret, secret_text};
use crate::model::subscription::{State, Subscription, SubscriptionId, Way};
use crate::store::deliveries::drop_open;
use crate::store::subscriptions::{
    Change, Readers, find_open, get_subscription, insert_subscription, update_key, update_state,
};
use crate::store::types::{find_type, put_publisher};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asking {
    pub kind: String,
    pub consumer: String,
    pub purpose: String,
    pub basis: String,
    pub way: Way,
    pub address: String,
    /// `Asked`, or `Active` where nobody has to approve.
    pub state: State,
    /// Key of the sending, against a second click; empty: none.
    pub once: String,
}

pub fn ask(tx: &mut Tx<'_>, events: &Events, ctx: &Ctx, asking: &Asking) -> Result<Audited<String>> {
    let actor = &ctx.actor;
    if !asking.once.is_empty()
        && let Some(before) = once::begin(tx, &actor.id, &asking.once)?
    {
        return tx.audited(
            Entry { event: "subscription.ask-repeated", object: &before, ..Entry::default() },
            before.clone(),
        );
    }
    let kind = find_type(tx, &asking.kind)?.ok_or(Error::NotFound)?;
    if asking.way == Way::Push && !asking.address.is_empty() {
        let settings = &events.platform().config().events;
        Target::read(&asking.address, settings).map_err(|key| Error::field("address", key))?;
    }
    if find_open(tx, &asking.consumer, &asking.kind)?.is_some() {
        return Err(Error::Conflict("events-conflict-subscribed"));
    }
    let subscription = Subscription {
        id: platform::ids::Id::as_str(&tx.new_id::<SubscriptionId>()).to_owned(),
        kind: kind.key,
        publisher: kind.publisher,
        consumer: asking.consumer.clone(),
        purpose: asking.purpose.clone(),
        basis: asking.basis.clone(),
        way: asking.way,
        address: asking.address.clone(),
        state: asking.state,
        asked_at: tx.now(),
        asked_by: actor.id.clone(),
        asked_name: actor.name.clone(),
        decided_at: None,
        decided_name: None,
        words: String::new(),
        key_no: 0,
    };
    insert_subscription(tx, &subscription)?;
    if !asking.once.is_empty() {
        once::done(tx, &actor.id, &asking.once, &subscription.id)?;
    }
    tell(tx, &subscription, "events-notice-asked", &subscription.publisher)?;
    Ok(written(tx, "subscription.asked", &subscription)?.map(|()| subscription.id.clone()))
}

fn written(tx: &mut Tx<'_>, event: &str, subscription: &Subscription) -> Result<Audited<()>> {
    let detail = json!({"type": subscription.kind, "consumer": subscription.consumer}).to_string();
    let (object, basis) = (subscription.id.as_str(), subscription.basis.as_str());
    tx.audited(Entry { event, object, basis, detail: &detail, ..Entry::default() }, ())
}

/// Tells the deciders of an office.
pub fn tell(tx: &mut Tx<'_>, subscription: &Subscription, key: &str, office: &str) -> Result<()> {
    let kind = find_type(tx, &subscription.kind)?.map(|kind| kind.name).unwrap_or_default();
    let args = [("type", [kind.zh_hans.as_str(), kind.zh_hant.as_str(), kind.en.as_str()])];
    let href = format!("/events/subscriptions/{}", subscription.id);
    for person in directory::holders(tx, office, Role::Decider)? {
        notice::tell(tx, &person, key, &args, &href)?;
    }
    Ok(())
}

/// The publisher's decision.
pub enum Verdict {
    Approved,
    /// Why.
    Refused(String),
}

pub fn decide(tx: &mut Tx<'_>, ctx: &Ctx, id: &str, verdict: &Verdict) -> Result<Audited<()>> {
    let (to, words, event, key) = match verdict {
        Verdict::Approved => (State::Active, "", "subscription.approved", "events-notice-approved"),
        Verdict::Refused(words) => (State::Refused, words.as_str(), "subscription.refused", "events-notice-refused"),
    };
    update_state(tx, id, &Change { from: State::Asked, to, by: &ctx.actor.name, words })?;
    let subscription = get_subscription(tx, &Readers::Everybody, id)?;
    tell(tx, &subscription, key, &subscription.consumer)?;
    written(tx, event, &subscription)
}

/// Either side ends it; what is on its way stays here.
pub fn end(tx: &mut Tx<'_>, ctx: &Ctx, subscription: &Subscription) -> Result<Audited<()>> {
    if subscription.state.is_over() {
        return Err(Error::Conflict("events-conflict-state"));
    }
    let change = Change { from: subscription.state, to: State::Ended, by: &ctx.actor.name, words: "" };
    update_state(tx, &subscription.id, &change)?;
    drop_open(tx, &subscription.id, "ended")?;
    for office in [&subscription.publisher, &subscription.consumer] {
        tell(tx, subscription, "events-notice-ended", office)?;
    }
    written(tx, "subscription.ended", subscription)
}

/// A token of 256 bits, and its digest for the database.
fn token(prefix: &str) -> (String, String) {
    let token = format!("{prefix}_{}", chance::token());
    let digest = digest(&token);
    (token, digest)
}

/// What the database keeps of a token.
pub fn digest(token: &str) -> String {
    chance::sha256_hex(format!("events token {token}").as_bytes())
}

/// A new key, shown this once: the secret that signs a push, or the token to pull with. The one before it ends.
pub fn make_key(tx: &mut Tx<'_>, events: &Events, subscription: &Subscription) -> Result<Audited<String>> {
    let shown = match subscription.way {
        Way::Push => {
            let number = update_key(tx, &subscription.id, None)?;
            let now = tx.now();
            jobs::enqueue(tx, PUSH_JOB, &subscription.id, now)?;
            secret_text(&secret(events.platform().keys(), &subscription.id, number))
        }
        Way::Pull => {
            let (token, digest) = token("epl");
            update_key(tx, &subscription.id, Some(&digest))?;
            token
        }
    };
    Ok(written(tx, "subscription.key-made", subscription)?.map(|()| shown))
}

/// A token with which an office's own systems publish.
pub fn make_publisher(tx: &mut Tx<'_>, ctx: &Ctx, office: &str) -> Result<Audited<String>> {
    let (token, digest) = token("epb");
    put_publisher(tx, office, &digest, &ctx.actor.name)?;
    tx.audited(Entry { event: "publisher.key-made", object: office, ..Entry::default() }, token)
}
