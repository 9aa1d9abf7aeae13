//! The right edge of a tree: the roots of its complete subtrees, largest first.

use super::{Hash, Node, TreeHead, empty_root, node_hash};
use crate::SealError;

/// Appends in O(log n) (on average one node hash a leaf) and gives the root, from at most 64 hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Invariant: one hash for each bit set in `size`, from the highest bit to the lowest.
    peaks: Vec<Hash>,
}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl Frontier {
    /// The frontier of the empty tree.
    pub fn new() -> Self {
        Self { size: 0, peaks: Vec::with_capacity(64) }
    }

    /// Restores a frontier from what [`Frontier::size`] and [`Frontier::peaks`] gave. Compare [`Frontier::root`] with a
    /// signed root before trusting it. Errors: [`SealError::Malformed`] when the number of peaks does not fit `size`.
    pub fn from_parts(size: u64, peaks: Vec<Hash>) -> Result<Self, SealError> {
        let (need, got) = (size.count_ones() as usize, peaks.len());
        if need != got {
            return Err(SealError::malformed("frontier", format!("size {size} needs {need} peaks, not {got}")));
        }
        Ok(Self { size, peaks })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the complete subtrees, largest first: as many as `size` has bits set.
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends one leaf hash (see [`super::leaf_hash`]).
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _| ());
    }

    /// Appends and shows each node that the leaf completes, from the leaf upwards.
    pub(super) fn append_with(&mut self, leaf: Hash, mut completed: impl FnMut(Node, &Hash)) {
        let mut hash = leaf;
        let mut height = 0;
        completed(Node { height, index: self.size }, &hash);
        while self.size >> height & 1 == 1 {
            let left = self.peaks.pop().expect("a bit set in size has its peak (invariant)");
            hash = node_hash(&left, &hash);
            height += 1;
            completed(Node { height, index: self.size >> height }, &hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root hash (RFC 6962 §2.1); at most 63 node hashes.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else { return empty_root() };
        peaks.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// Size and root together.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }
}
