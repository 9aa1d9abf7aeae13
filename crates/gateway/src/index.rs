//! Where the lines of a message are found. A segment of the index is built over many batches after they were stored, so
//! that no call pays for it; batches that no segment has yet are looked through one by one.
use std::collections::BTreeMap;

use platform::audit::Entry as AuditEntry;
use platform::clock::{HOUR, MINUTE, Timestamp};
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};

use crate::gateway::Gateway;
use crate::log::pack;
use crate::log::store::place_of;
use crate::store_index::{self, Fresh};

/// Bytes of a line: the place without its part, and the batch.
const LINE: usize = 14;
/// Batches of one segment at most.
const MOST: i64 = 8192;
/// So many batches are worth a segment; fewer wait for an hour.
const WORTH: i64 = 2048;
/// A batch that is on its way longer than this does not exist: its transaction would have been given up.
const SETTLED: i64 = MINUTE;

/// Part and rest of a message's place.
fn cut(place: i64) -> (i64, [u8; 6]) {
    let bits = place as u64;
    let [_, _, rest @ ..] = (bits >> 6 & 0xffff_ffff_ffff).to_be_bytes();
    ((bits >> 54) as i64, rest)
}

/// The lines of batches by part, sorted.
fn segment(batches: &[Fresh]) -> Result<BTreeMap<i64, Vec<u8>>> {
    let mut parts: BTreeMap<i64, Vec<[u8; LINE]>> = BTreeMap::new();
    for batch in batches {
        let entries = pack::unpack_bare(&batch.packed);
        for entry in entries.ok_or_else(|| Error::Internal("a batch of the message log cannot be read".into()))? {
            let (part, rest) = cut(place_of(&entry.names.message_id));
            let mut line = [0; LINE];
            line[..6].copy_from_slice(&rest);
            line[6..].copy_from_slice(&batch.number.to_be_bytes());
            parts.entry(part).or_default().push(line);
        }
    }
    let sorted = |mut lines: Vec<[u8; LINE]>| {
        lines.sort_unstable();
        lines.dedup();
        lines.concat()
    };
    Ok(parts.into_iter().map(|(part, lines)| (part, sorted(lines))).collect())
}

/// The part in which a message's lines are, and what reads the batches out of its segments.
pub(crate) fn looked_up(message_id: &str) -> (i64, impl Fn(&[u8]) -> Vec<i64>) {
    let (part, rest) = cut(place_of(message_id));
    let read = move |lines: &[u8]| {
        let (lines, _) = lines.as_chunks::<LINE>();
        let from = lines.partition_point(|line| line[..6] < rest[..]);
        let same = lines[from..].iter().take_while(|line| line[..6] == rest[..]);
        same.filter_map(|line| Some(i64::from_be_bytes(line[6..].try_into().ok()?))).collect()
    };
    (part, read)
}

/// Builds a segment when enough has gathered; false: nothing was to do.
pub async fn build(gateway: &Gateway) -> Result<bool> {
    let ctx = Ctx::system(gateway.platform(), "gateway.index");
    let read = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
    let gathered = ctx.db().read(read, |tx| {
        let (from, now) = (store_index::indexed_until(tx)?, tx.now());
        let fresh = store_index::list_fresh(tx, (from, now.plus(-SETTLED)), MOST)?;
        let waited = fresh.first().is_some_and(|first| first.at < now.plus(-HOUR));
        Ok((from, if waited || fresh.len() as i64 >= WORTH { fresh } else { Vec::new() }))
    });
    let (from, batches) = gathered.await?;
    let Some(last) = batches.last() else { return Ok(false) };
    let (until, parts) = (Timestamp(last.at.0 + 1), segment(&batches)?);
    let grant = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
    ctx.db()
        .write(grant, move |tx| {
            let built = store_index::insert_segment(tx, (from, until), &parts)?;
            let entry = AuditEntry { event: "message.indexed", object: "gateway", ..AuditEntry::default() };
            tx.audited(entry, built)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_in_its_part_and_no_other() {
        let (part, read) = looked_up("m-1");
        let mut lines = Vec::new();
        for (place, batch) in [(place_of("m-1"), 7_i64), (place_of("m-1"), 9), (place_of("m-2"), 8)] {
            let (_, rest) = cut(place);
            lines.push([&rest[..], &batch.to_be_bytes()].concat());
        }
        lines.sort();
        assert_eq!(read(&lines.concat()), [7, 9]);
        assert!((0..1024).contains(&part) && read(&[]).is_empty());
        assert_eq!(cut(-1), (1023, [255; 6]));
        assert_eq!(cut(1 << 54), (1, [0; 6]));
    }
}
