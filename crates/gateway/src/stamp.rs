//! Time-stamps (RFC 3161) over the roots of the message log: an authority that neither side controls says when they were there.
//! One token covers the roots of many batches, which are the leaves of a tree (RFC 6962); a batch proves that it lies below.
mod der;
pub mod revoked;
pub mod token;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::header::{CONTENT_TYPE, HOST};
use platform::audit::Entry as AuditEntry;
use platform::clock::{DAY, SECOND};
use platform::policy::{Action, On};
use platform::{Ctx, Error, Result};
use seal::SealError;
use seal::merkle::{self, Hash, HashReader, Node, TreeHead};

use crate::body::{Kept, Outgoing, Spool};
use crate::gateway::Gateway;
use crate::pool::{CallError, Origin};
use crate::store_evidence::{insert_stamp, list_unstamped};
use revoked::Lists;
use token::Roots;

/// Batches of one token.
const MOST: i64 = 4096;
/// Batches that are older than this and have no time-stamp get none any more: it would say little.
const BACK: i64 = DAY;
const PATIENCE: Duration = Duration::from_secs(30);
/// A token is some kilobytes.
const LIMIT: u64 = 256 << 10;
/// Seconds that the authority's clock may differ from ours.
const SKEW: u64 = 300;

/// That the root of one batch lies below a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub head: TreeHead,
    pub index: u64,
    pub proof: Vec<Hash>,
    /// In DER.
    pub token: Vec<u8>,
}

/// A token and everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaves {
    pub token: Vec<u8>,
    pub leaves: Vec<Hash>,
}

impl Leaves {
    #[must_use]
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.leaves.len() as u64, root: merkle::root_of(&self.leaves) }
    }

    /// The way up from one leaf.
    pub fn stamp(&self, index: u64) -> Result<Stamp> {
        let head = self.head();
        let mut reader = Subtrees(&self.leaves);
        let proof = merkle::inclusion_proof(index, head.size, &mut reader).map_err(Error::internal)?;
        Ok(Stamp { head, index, proof, token: self.token.clone() })
    }
}

struct Subtrees<'a>(&'a [Hash]);

impl HashReader for Subtrees<'_> {
    fn hash(&mut self, node: Node) -> std::result::Result<Hash, SealError> {
        let begin = usize::try_from(node.index << node.height).unwrap_or(usize::MAX);
        let leaves = self.0.get(begin..).and_then(|rest| rest.get(..1 << node.height));
        leaves.map(merkle::root_of).ok_or(SealError::Range { what: "subtree", value: node.index, limit: 0 })
    }
}

/// The leaf of a batch's root.
#[must_use]
pub fn leaf_of(root: &Hash) -> Hash {
    merkle::leaf_hash(root)
}

/// What a token stamps: the SHA-256 of this text.
#[must_use]
pub fn statement(head: &TreeHead) -> String {
    format!("tongban message log time-stamp v1\n{}\n{}\n", head.size, STANDARD.encode(head.root))
}

/// Stamps what waits; how many batches. Nothing is lost when the authority does not answer: they wait for the next time.
pub async fn run(gateway: &Gateway) -> Result<usize> {
    let platform = gateway.platform();
    let settings = &platform.config().gateway;
    if settings.time_stamp_url.is_empty() {
        return Ok(0);
    }
    let ctx = Ctx::system(platform, "gateway.stamp");
    let since = platform.clock().now().plus(-BACK);
    let read = ctx.allow(Action::MessageRead, &On::PUBLIC)?;
    let waiting = ctx.db().read(read, move |tx| list_unstamped(tx, since, MOST)).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let (numbers, leaves): (Vec<i64>, Vec<Hash>) =
        waiting.iter().map(|(number, root)| (*number, leaf_of(root))).unzip();
    let mut stamp = Leaves { token: Vec::new(), leaves };
    let head = stamp.head();
    stamp.token = ask(gateway, &head).await.map_err(|why| Error::Unavailable(format!("the time-stamp: {why}")))?;
    let count = numbers.len();
    let write = ctx.allow(Action::MessageLog, &On::PUBLIC)?;
    let number = i64::from_be_bytes(platform::chance::bytes()) & i64::MAX;
    let written = ctx.db().write(write, move |tx| {
        insert_stamp(tx, (number, &head.root), (&stamp, &numbers))?;
        let (object, digest) = (format!("stamp {number}"), seal::digest::sha256(&stamp.token));
        let entry = AuditEntry { event: "message.stamped", object: &object, ..AuditEntry::default() };
        tx.audited(AuditEntry { document: Some(&digest), ..entry }, ())
    });
    written.await.map(|()| count)
}

/// A token for a tree, asked for and checked.
async fn ask(gateway: &Gateway, head: &TreeHead) -> Result<Vec<u8>, String> {
    let settings = &gateway.platform().config().gateway;
    let roots = roots_of(settings)?;
    let imprint = seal::digest::sha256(statement(head).as_bytes());
    let nonce = platform::chance::bytes();
    let reply = post(gateway, token::request(&imprint, &nonce)).await?;
    let token = token::of_reply(&reply, &nonce)?;
    let (at, now) = (token::check(&token, &imprint, roots.as_ref())?, gateway.platform().clock().now().0 / SECOND);
    if at.abs_diff(now) > SKEW {
        return Err(format!("the authority's clock says {at}, ours {now}; set the clocks"));
    }
    Ok(token)
}

/// Read anew each time: lists are replaced while the program runs.
fn roots_of(settings: &platform::config::Gateway) -> Result<Option<Roots>, String> {
    let named = |path: &std::path::Path| !path.as_os_str().is_empty();
    match (&settings.time_stamp_roots, &settings.time_stamp_crls) {
        (roots, lists) if named(roots) && named(lists) => Ok(Some(Roots::open(roots)?.with(Lists::open(lists)?))),
        (roots, _) if named(roots) => Ok(Some(Roots::open(roots)?)),
        (_, lists) if named(lists) => Err("time_stamp_crls means nothing without time_stamp_roots: name both".into()),
        _ => Ok(None),
    }
}

async fn post(gateway: &Gateway, query: Vec<u8>) -> Result<Vec<u8>, String> {
    let url = &gateway.platform().config().gateway.time_stamp_url;
    let (authority, path, dial) = gateway.roster().dial(url)?;
    let origin = Origin::new(&authority, dial, PATIENCE);
    let request = hyper::Request::post(&path).header(HOST, &authority);
    let request = request.header(CONTENT_TYPE, "application/timestamp-query").body(Outgoing::text(query));
    let request = request.map_err(|error| error.to_string())?;
    let sent = tokio::time::timeout(PATIENCE, origin.send(request)).await;
    let sent = sent.map_err(|_| format!("{url} did not answer"))?;
    let (response, _) = sent.map_err(|(CallError::Connect(why) | CallError::Io(why))| format!("{url}: {why}"))?.split();
    if !response.status().is_success() {
        return Err(format!("{url} answered {}", response.status()));
    }
    let spool = Spool { limit: LIMIT, patience: PATIENCE, ..gateway.limits().spool.clone() };
    let taken = spool.take(response.into_body()).await.map_err(|broken| format!("{url}: {broken:?}"))?;
    match taken.body {
        Kept::Memory(bytes) => Ok(bytes.to_vec()),
        Kept::File(_) => Err(format!("{url} answered more than a token")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_leaf_proves_that_it_lies_below_and_no_other() {
        for count in [1_u8, 2, 5, 8, 13] {
            let leaves: Vec<Hash> = (0..count).map(|n| leaf_of(&[n; 32])).collect();
            let all = Leaves { token: vec![1], leaves: leaves.clone() };
            for (index, leaf) in (0..).zip(&leaves) {
                let stamp = all.stamp(index).unwrap();
                assert!(merkle::verify_inclusion(leaf, index, &stamp.proof, &stamp.head).is_ok());
                assert!(merkle::verify_inclusion(&[9; 32], index, &stamp.proof, &stamp.head).is_err());
            }
            assert!(all.stamp(count.into()).is_err());
        }
    }
}
