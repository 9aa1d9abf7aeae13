//! Inclusion and consistency proofs: made (RFC 6962 §2.1.1, §2.1.2) and verified (RFC 9162 §2.1.3.2, §2.1.4.2).

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Frontier, Hash, Node, TileCoord, TreeHead, empty_root, node_hash};
use crate::SealError;

const INCLUSION: &str = "inclusion proof";
const CONSISTENCY: &str = "consistency proof";

/// Gives the hash of a complete subtree of a tree.
pub trait HashReader {
    /// The hash of `node`. Errors: [`SealError::Range`] when the tree does not hold it whole, [`SealError::Storage`].
    fn hash(&mut self, node: Node) -> Result<Hash, SealError>;
}

/// All leaf hashes in memory: for small trees and tests; each hash is computed anew.
#[derive(Debug, Clone, Copy)]
pub struct LeafHashes<'a>(pub &'a [Hash]);

impl HashReader for LeafHashes<'_> {
    fn hash(&mut self, node: Node) -> Result<Hash, SealError> {
        let size = self.0.len() as u64;
        check_below("subtree", node.index, size.checked_shr(node.height).unwrap_or(0))?;
        let start = (node.index << node.height) as usize;
        Ok(super::root_of(&self.0[start..start + (1 << node.height)]))
    }
}

/// The hashes that lead from leaf `index` to the root of the tree of `size` leaves, the leaf's sibling first.
/// At most 64 hashes. Errors: [`SealError::Range`] unless `index` < `size`; the reader's errors.
pub fn inclusion_proof(index: u64, size: u64, reader: &mut dyn HashReader) -> Result<Vec<Hash>, SealError> {
    inclusion_ranges(index, size)?.into_iter().map(|range| range_hash(range, reader)).collect()
}

/// The hashes that prove that the tree of `old` leaves is a prefix of the tree of `new` leaves.
/// Empty when `old` is 0 or `new`. Errors: [`SealError::Range`] when `old` > `new`; the reader's errors.
pub fn consistency_proof(old: u64, new: u64, reader: &mut dyn HashReader) -> Result<Vec<Hash>, SealError> {
    consistency_ranges(old, new)?.into_iter().map(|range| range_hash(range, reader)).collect()
}

/// The tiles that [`inclusion_proof`] will read, each once: to fetch them together. Errors: as there.
pub fn tiles_for_inclusion(index: u64, size: u64) -> Result<Vec<TileCoord>, SealError> {
    tiles_of(inclusion_ranges(index, size)?, size)
}

/// The tiles that [`consistency_proof`] will read, each once. Errors: as there.
pub fn tiles_for_consistency(old: u64, new: u64) -> Result<Vec<TileCoord>, SealError> {
    tiles_of(consistency_ranges(old, new)?, new)
}

/// Checks that the entry with hash `leaf` is number `index` (from 0) of the log with `head`.
/// Errors: [`SealError::Range`], [`SealError::Proof`].
pub fn verify_inclusion(leaf: &Hash, index: u64, proof: &[Hash], head: &TreeHead) -> Result<(), SealError> {
    check_below("leaf index", index, head.size)?;
    let mut walk = Walk { old: index, new: head.size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = if walk.turn(INCLUSION)? { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
    }
    walk.end(INCLUSION)?;
    same_root(INCLUSION, &hash, head)
}

/// Checks that the log with head `old` is a prefix of the log with head `new`: nothing was changed or taken out.
/// Errors: [`SealError::Range`], [`SealError::Proof`].
pub fn verify_consistency(old: &TreeHead, new: &TreeHead, proof: &[Hash]) -> Result<(), SealError> {
    check_below("old tree size", old.size, new.size.saturating_add(1))?;
    if old.size == 0 || old.size == new.size {
        return verify_trivial(old, new, proof);
    }
    let mut walk = Walk { old: old.size - 1, new: new.size - 1 };
    walk.rise_while(|old| old & 1 == 1);
    // A complete old tree is itself the first node; the proof then leaves it out.
    let (first, rest) = match proof.split_first() {
        _ if old.size.is_power_of_two() => (old.root, proof),
        Some((first, rest)) => (*first, rest),
        None => return Err(SealError::proof(CONSISTENCY, "it is empty")),
    };
    let (mut old_hash, mut new_hash) = (first, first);
    for node in rest {
        if walk.turn(CONSISTENCY)? {
            old_hash = node_hash(node, &old_hash);
            new_hash = node_hash(node, &new_hash);
        } else {
            new_hash = node_hash(&new_hash, node);
        }
    }
    walk.end(CONSISTENCY)?;
    same_root(CONSISTENCY, &old_hash, old)?;
    same_root(CONSISTENCY, &new_hash, new)
}

/// Two heads of the same size must be equal; before the empty log there is nothing to prove.
fn verify_trivial(old: &TreeHead, new: &TreeHead, proof: &[Hash]) -> Result<(), SealError> {
    if !proof.is_empty() {
        return Err(SealError::proof(CONSISTENCY, "it should be empty"));
    }
    let expected = if old.size == new.size { new.root } else { empty_root() };
    same_root(CONSISTENCY, &expected, old)
}

/// The climb from two neighbouring positions of the same height to the root (`fn` and `sn` of RFC 9162).
struct Walk {
    old: u64,
    new: u64,
}

impl Walk {
    /// Takes one step up; true when the next hash stands on the left.
    fn turn(&mut self, what: &'static str) -> Result<bool, SealError> {
        if self.new == 0 {
            return Err(SealError::proof(what, "it has too many hashes"));
        }
        let left = self.old & 1 == 1 || self.old == self.new;
        if left {
            // At the right edge, heights without a right neighbour are passed over.
            self.rise_while(|old| old & 1 == 0 && old != 0);
        }
        self.old >>= 1;
        self.new >>= 1;
        Ok(left)
    }

    fn rise_while(&mut self, condition: impl Fn(u64) -> bool) {
        while condition(self.old) {
            self.old >>= 1;
            self.new >>= 1;
        }
    }

    fn end(&self, what: &'static str) -> Result<(), SealError> {
        if self.new == 0 { Ok(()) } else { Err(SealError::proof(what, "it has too few hashes")) }
    }
}

fn same_root(what: &'static str, computed: &Hash, head: &TreeHead) -> Result<(), SealError> {
    if computed == &head.root {
        return Ok(());
    }
    Err(SealError::proof(what, format!("it gives another root for size {}", head.size)))
}

pub(super) fn check_below(what: &'static str, value: u64, limit: u64) -> Result<(), SealError> {
    if value < limit { Ok(()) } else { Err(SealError::Range { what, value, limit }) }
}

/// PATH(m, D[n]) of RFC 6962 §2.1.1 as ranges of leaves, the smallest first.
fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, SealError> {
    check_below("leaf index", index, size)?;
    let (mut start, mut end) = (0, size);
    let mut ranges = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// SUBPROOF(m, D[n], true) of RFC 6962 §2.1.2 as ranges of leaves, the smallest first.
fn consistency_ranges(old: u64, new: u64) -> Result<Vec<Range<u64>>, SealError> {
    check_below("old tree size", old, new.saturating_add(1))?;
    let (mut start, mut end) = (0, new);
    let mut ranges = Vec::new();
    if old == 0 {
        return Ok(ranges);
    }
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    if start > 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    Ok(ranges)
}

/// The largest power of two below `count` (`count` >= 2).
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The complete subtrees of a range as RFC 6962 cuts it, largest first.
fn nodes_of(range: Range<u64>) -> impl Iterator<Item = Node> {
    let mut start = range.start;
    std::iter::from_fn(move || {
        let height = (range.end - start).checked_ilog2()?;
        let node = Node { height, index: start >> height };
        start += 1 << height;
        Some(node)
    })
}

fn range_hash(range: Range<u64>, reader: &mut dyn HashReader) -> Result<Hash, SealError> {
    let size = range.end - range.start;
    let peaks = nodes_of(range).map(|node| reader.hash(node)).collect::<Result<Vec<_>, _>>()?;
    Ok(Frontier::from_parts(size, peaks)?.root())
}

fn tiles_of(ranges: Vec<Range<u64>>, size: u64) -> Result<Vec<TileCoord>, SealError> {
    let tiles: Result<BTreeSet<_>, _> =
        ranges.into_iter().flat_map(nodes_of).map(|node| TileCoord::holding(node, size)).collect();
    Ok(tiles?.into_iter().collect())
}
