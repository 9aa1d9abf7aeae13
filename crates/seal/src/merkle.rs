//! The Merkle tree of an append-only log (RFC 6962 §2.1): hashes, growth, proofs, and the tiles that storage keeps.
//!
//! - [`Frontier`]: at most 64 hashes that suffice to append and to give the root.
//! - [`LogAppender`]: a frontier that also yields the tiles (C2SP tlog-tiles, 256 hashes each) to write.
//! - [`inclusion_proof`], [`consistency_proof`]: made from any [`HashReader`], e.g. [`TileHashes`] over stored tiles.
//! - [`verify_inclusion`], [`verify_consistency`]: need nothing but the proof and the [`TreeHead`].

mod bundle;
mod frontier;
mod log;
mod proofs;
mod tile;

use sha2::{Digest as _, Sha256};

pub use bundle::{MAX_ENTRY_BYTES, read_entries, write_entries};
pub use frontier::Frontier;
pub use log::{Growth, LogAppender, TileHashes, TileReader, TileSet, grow};
pub use proofs::{
    HashReader, LeafHashes, consistency_proof, inclusion_proof, tiles_for_consistency, tiles_for_inclusion,
    verify_consistency, verify_inclusion,
};
pub use tile::{TILE_WIDTH, Tile, TileCoord};

/// A SHA-256 hash: 32 bytes.
pub type Hash = [u8; 32];

/// What a checkpoint signs: the state of the whole log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// Root hash; [`empty_root`] for size 0.
    pub root: Hash,
}

impl TreeHead {
    /// The head of the log without entries.
    pub fn empty() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// A complete subtree: its 2^`height` leaves are `index << height` and following.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// 0 for a leaf, at most 63.
    pub height: u32,
    /// Position among the nodes of the same height, from the left, from 0.
    pub index: u64,
}

/// The hash of a log entry: SHA-256(0x00 || `entry`) (RFC 6962 §2.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(entry).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 || `left` || `right`) (RFC 6962 §2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1u8; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

/// The root of the tree without leaves: SHA-256 of nothing (RFC 6962 §2.1).
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root over leaf hashes, computed from all of them. [`Frontier`] does the same step by step.
pub fn root_of(leaf_hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    leaf_hashes.iter().for_each(|leaf| frontier.append(*leaf));
    frontier.root()
}

/// The root over 1, 2, 4 … 256 hashes.
fn perfect_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two());
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        for i in 0..level.len() / 2 {
            level[i] = node_hash(&level[2 * i], &level[2 * i + 1]);
        }
        level.truncate(level.len() / 2);
    }
    level[0]
}
