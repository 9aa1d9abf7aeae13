//! SQL of `events_subscription`.
use platform::db::{Row, Tx, Value};
use platform::{Error, Result};

use super::unknown;
use crate::model::subscription::{State, Subscription, Way};

const COLUMNS: &str = "id, type, publisher, consumer, purpose, basis, way, address, state, asked_at, asked_by, asked_name, \
                       decided_at, decided_name, words, key_no";

fn subscription_of(row: &Row) -> Result<Subscription> {
    let (way, state) = (row.str(6)?, row.str(8)?);
    Ok(Subscription {
        id: row.text(0)?,
        kind: row.text(1)?,
        publisher: row.text(2)?,
        consumer: row.text(3)?,
        purpose: row.text(4)?,
        basis: row.text(5)?,
        way: Way::from_name(way).ok_or_else(|| unknown("way", way))?,
        address: row.text(7)?,
        state: State::from_name(state).ok_or_else(|| unknown("state", state))?,
        asked_at: row.time(9)?,
        asked_by: row.text(10)?,
        asked_name: row.text(11)?,
        decided_at: row.opt_time(12)?,
        decided_name: row.opt_text(13)?,
        words: row.text(14)?,
        key_no: row.int(15)?,
    })
}

pub fn insert_subscription(tx: &mut Tx<'_>, new: &Subscription) -> Result<()> {
    let params: [Value<'_>; 16] = [
        (&new.id).into(),
        (&new.kind).into(),
        (&new.publisher).into(),
        (&new.consumer).into(),
        (&new.purpose).into(),
        (&new.basis).into(),
        new.way.name().into(),
        (&new.address).into(),
        new.state.name().into(),
        new.asked_at.into(),
        (&new.asked_by).into(),
        (&new.asked_name).into(),
        new.decided_at.into(),
        (&new.decided_name).into(),
        (&new.words).into(),
        new.key_no.into(),
    ];
    let sql = format!(
        "INSERT INTO events_subscription ({COLUMNS}, position)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)"
    );
    tx.exec(&sql, &params).map(|_| ())
}

/// Who reads a subscription.
#[derive(Debug, Clone)]
pub enum Readers {
    Everybody,
    /// Officials of these offices.
    Offices(Vec<String>),
}

impl Readers {
    fn sees(&self, subscription: &Subscription) -> bool {
        match self {
            Self::Everybody => true,
            Self::Offices(own) => own.contains(&subscription.consumer) || own.contains(&subscription.publisher),
        }
    }
}

/// A subscription of which the readers stand on one side, or NotFound.
pub fn get_subscription(tx: &mut Tx<'_>, readers: &Readers, id: &str) -> Result<Subscription> {
    let row = tx.get(&format!("SELECT {COLUMNS} FROM events_subscription WHERE id = $1"), &[id.into()])?;
    let found = subscription_of(&row)?;
    if readers.sees(&found) { Ok(found) } else { Err(Error::NotFound) }
}

/// One page, newest first, before an identifier.
pub fn list_subscriptions(tx: &mut Tx<'_>, readers: &Readers, before: &str, limit: u32) -> Result<Vec<Subscription>> {
    let before = if before.is_empty() { "z" } else { before };
    let select = format!("SELECT {COLUMNS} FROM events_subscription WHERE id < $1");
    let params: [Value<'_>; 2] = [before.into(), limit.into()];
    match readers {
        Readers::Everybody => tx.list(&format!("{select} ORDER BY id DESC LIMIT $2"), &params, subscription_of),
        Readers::Offices(offices) => {
            let sql = format!("{select} AND (consumer = $3 OR publisher = $3) ORDER BY id DESC LIMIT $2");
            let mut all = Vec::new();
            for office in offices {
                all.extend(tx.list(&sql, &[before.into(), limit.into(), office.into()], subscription_of)?);
            }
            all.sort_by(|a, b| b.id.cmp(&a.id));
            all.dedup_by(|a, b| a.id == b.id);
            all.truncate(limit as usize);
            Ok(all)
        }
    }
}

/// Those who get events of a type.
pub fn list_active(tx: &mut Tx<'_>, kind: &str) -> Result<Vec<Subscription>> {
    let sql = format!("SELECT {COLUMNS} FROM events_subscription WHERE type = $1 AND state = 'active' ORDER BY id");
    tx.list(&sql, &[kind.into()], subscription_of)
}

/// The subscription that a token belongs to.
pub fn find_by_token(tx: &mut Tx<'_>, digest: &str) -> Result<Option<Subscription>> {
    let sql = format!("SELECT {COLUMNS} FROM events_subscription WHERE token = $1");
    tx.find(&sql, &[digest.into()])?.map(|row| subscription_of(&row)).transpose()
}

/// The subscription of a consumer to a type that is not over.
pub fn find_open(tx: &mut Tx<'_>, consumer: &str, kind: &str) -> Result<Option<Subscription>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM events_subscription WHERE consumer = $1 AND type = $2 AND state IN ('asked', 'active')
         ORDER BY id DESC LIMIT 1"
    );
    tx.find(&sql, &[consumer.into(), kind.into()])?.map(|row| subscription_of(&row)).transpose()
}

pub fn list_of_consumer(tx: &mut Tx<'_>, consumer: &str) -> Result<Vec<Subscription>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM events_subscription WHERE consumer = $1 AND state IN ('asked', 'active') ORDER BY id"
    );
    tx.list(&sql, &[consumer.into()], subscription_of)
}

/// A change of state: from, to, who, why. `Conflict` when it stands otherwise by now.
pub struct Change<'a> {
    pub from: State,
    pub to: State,
    pub by: &'a str,
    pub words: &'a str,
}

pub fn update_state(tx: &mut Tx<'_>, id: &str, change: &Change<'_>) -> Result<()> {
    let now = tx.now();
    let params: [Value<'_>; 6] = [
        id.into(),
        change.from.name().into(),
        change.to.name().into(),
        now.into(),
        change.by.into(),
        change.words.into(),
    ];
    let count = tx.exec(
        "UPDATE events_subscription SET state = $3, decided_at = $4, decided_name = $5, words = $6
         WHERE id = $1 AND state = $2",
        &params,
    )?;
    if count == 1 { Ok(()) } else { Err(Error::Conflict("events-conflict-state")) }
}

/// A new key; the one before it ends. `digest`: of the token where it is pulled.
pub fn update_key(tx: &mut Tx<'_>, id: &str, digest: Option<&str>) -> Result<i64> {
    let row = tx.find(
        "UPDATE events_subscription SET key_no = key_no + 1, token = $2 WHERE id = $1 AND state = 'active' RETURNING key_no",
        &[id.into(), digest.into()],
    )?;
    row.ok_or(Error::Conflict("events-conflict-state"))?.int(0)
}

pub fn update_way(tx: &mut Tx<'_>, id: &str, way: Way, address: &str) -> Result<()> {
    let sql = "UPDATE events_subscription SET way = $2, address = $3 WHERE id = $1";
    tx.exec(sql, &[id.into(), way.name().into(), address.into()]).map(|_| ())
}
