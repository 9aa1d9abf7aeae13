//! Growing a log whose hashes are stored as tiles, and reading them back.

use std::collections::BTreeMap;

use super::{Frontier, Hash, HashReader, Node, TILE_WIDTH, Tile, TileCoord, TreeHead, perfect_root};
use crate::SealError;

/// Where stored tiles are read from.
///
/// Every closure `FnMut(TileCoord) -> Result<Vec<u8>, SealError>` is one.
pub trait TileReader {
    /// The bytes of a tile: at least `tile.width` hashes of 32 bytes; a wider version of the same tile is as good.
    /// Errors: [`SealError::Storage`].
    fn read_tile(&mut self, tile: TileCoord) -> Result<Vec<u8>, SealError>;
}

impl<F: FnMut(TileCoord) -> Result<Vec<u8>, SealError>> TileReader for F {
    fn read_tile(&mut self, tile: TileCoord) -> Result<Vec<u8>, SealError> {
        self(tile)
    }
}

/// Tiles fetched beforehand, e.g. those of [`super::tiles_for_inclusion`] in one query.
#[derive(Debug, Clone, Default)]
pub struct TileSet(BTreeMap<(u8, u64), Vec<u8>>);

impl TileSet {
    /// Keeps the bytes of the tile at `level`, `index`; the last one given wins.
    pub fn insert(&mut self, level: u8, index: u64, bytes: Vec<u8>) {
        self.0.insert((level, index), bytes);
    }
}

impl TileReader for TileSet {
    fn read_tile(&mut self, tile: TileCoord) -> Result<Vec<u8>, SealError> {
        let bytes = self.0.get(&(tile.level, tile.index)).cloned();
        bytes.ok_or_else(|| SealError::Storage { why: format!("{} is missing", tile.path()) })
    }
}

/// Reads subtree hashes of one tree from its tiles, each tile once.
#[derive(Debug)]
pub struct TileHashes<R> {
    size: u64,
    reader: R,
    read: BTreeMap<TileCoord, Tile>,
}

impl<R: TileReader> TileHashes<R> {
    /// Reads the tree of `size` leaves.
    pub fn new(size: u64, reader: R) -> Self {
        Self { size, reader, read: BTreeMap::new() }
    }

    fn tile(&mut self, coord: TileCoord) -> Result<&Tile, SealError> {
        if !self.read.contains_key(&coord) {
            let tile = Tile::from_bytes(coord, &self.reader.read_tile(coord)?)?;
            self.read.insert(coord, tile);
        }
        Ok(&self.read[&coord])
    }
}

impl<R: TileReader> HashReader for TileHashes<R> {
    fn hash(&mut self, node: Node) -> Result<Hash, SealError> {
        let coord = TileCoord::holding(node, self.size)?;
        let count = 1usize << (node.height % 8);
        let start = (node.index as usize * count) % usize::from(TILE_WIDTH);
        Ok(perfect_root(&self.tile(coord)?.hashes[start..start + count]))
    }
}

/// The state from which a log grows: its frontier and the unfinished tile of each level.
///
/// At most 64 hashes and 8 × 255 hashes (67 KB), whatever the size of the log. Keep it between batches, or load it anew
/// for each. Clone it before a batch that may be rolled back: [`LogAppender::append`] changes it at once.
#[derive(Debug, Clone, Default)]
pub struct LogAppender {
    frontier: Frontier,
    /// By level; each with fewer than 256 hashes.
    partial: Vec<Vec<Hash>>,
}

impl LogAppender {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loads the right edge of a stored log, at most 8 tiles, and checks it against the root that was signed.
    /// Errors: [`SealError::Altered`] when the tiles give another root, [`SealError::Storage`].
    pub fn load(head: &TreeHead, reader: &mut dyn TileReader) -> Result<Self, SealError> {
        let mut partial = Vec::new();
        for coord in TileCoord::right_edge(head.size) {
            partial.resize(usize::from(coord.level) + 1, Vec::new());
            partial[usize::from(coord.level)] = Tile::from_bytes(coord, &reader.read_tile(coord)?)?.hashes;
        }
        let peaks = partial.iter().rev().flat_map(|hashes| peaks_of(hashes)).collect();
        let frontier = Frontier::from_parts(head.size, peaks)?;
        if frontier.head() != *head {
            let why = format!("the tiles of the tree of size {} do not give its signed root", head.size);
            return Err(SealError::Altered { why });
        }
        Ok(Self { frontier, partial })
    }

    /// Size and root as they are now.
    pub fn head(&self) -> TreeHead {
        self.frontier.head()
    }

    /// Appends leaf hashes (see [`super::leaf_hash`]) and returns the tiles to write, by level and index:
    /// each tile that got new hashes, full or partial. Costs one node hash a leaf on average.
    pub fn append(&mut self, leaves: &[Hash]) -> Vec<Tile> {
        let old_size = self.frontier.size();
        let mut tiles = Vec::new();
        let Self { frontier, partial } = self;
        for leaf in leaves {
            frontier.append_with(*leaf, |node, hash| tiles.extend(put(partial, node, hash)));
        }
        let new_size = frontier.size();
        for coord in TileCoord::right_edge(new_size) {
            let shift = u32::from(coord.level) * 8;
            if old_size >> shift != new_size >> shift {
                tiles.push(Tile { coord, hashes: partial[usize::from(coord.level)].clone() });
            }
        }
        tiles.sort_by_key(|tile| tile.coord);
        tiles
    }
}

/// Puts a completed node into its unfinished tile, if tiles hold its height; gives the tile when that fills it.
fn put(partial: &mut Vec<Vec<Hash>>, node: Node, hash: &Hash) -> Option<Tile> {
    let width = usize::from(TILE_WIDTH);
    if !node.height.is_multiple_of(8) {
        return None;
    }
    let level = (node.height / 8) as usize;
    if partial.len() <= level {
        partial.resize_with(level + 1, || Vec::with_capacity(width));
    }
    partial[level].push(*hash);
    if partial[level].len() < width {
        return None;
    }
    let hashes = std::mem::replace(&mut partial[level], Vec::with_capacity(width));
    let coord = TileCoord { level: level as u8, index: node.index / u64::from(TILE_WIDTH), width: TILE_WIDTH };
    Some(Tile { coord, hashes })
}

/// The roots of the complete subtrees over a partial tile's hashes, largest first.
fn peaks_of(hashes: &[Hash]) -> Vec<Hash> {
    let mut rest = hashes;
    let mut peaks = Vec::new();
    while let Some(height) = rest.len().checked_ilog2() {
        let (subtree, after) = rest.split_at(1 << height);
        peaks.push(perfect_root(subtree));
        rest = after;
    }
    peaks
}

/// What a batch of leaves makes of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Growth {
    /// The new size and root, to be signed.
    pub head: TreeHead,
    /// The tiles to write, by level and index; a tile replaces the narrower one at the same place.
    pub tiles: Vec<Tile>,
}

/// Loads, appends once and forgets: for whoever keeps no [`LogAppender`]. Errors: as [`LogAppender::load`].
pub fn grow(old: &TreeHead, leaves: &[Hash], reader: &mut dyn TileReader) -> Result<Growth, SealError> {
    let mut log = LogAppender::load(old, reader)?;
    let tiles = log.append(leaves);
    Ok(Growth { head: log.head(), tiles })
}
