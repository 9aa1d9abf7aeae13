//! Tiles of 256 hashes and their paths (C2SP tlog-tiles, height 8).

use super::proofs::check_below;
use super::{Hash, Node};
use crate::SealError;

/// Hashes in a full tile: 256, 8,192 bytes.
pub const TILE_WIDTH: u16 = 256;

/// Bits of a leaf index that one level of tiles takes.
const TILE_HEIGHT: u32 = 8;

/// Levels that a tree with a 64-bit size can have.
const LEVELS: u8 = 8;

/// The place of a tile in the tree, and how much of it there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileCoord {
    /// 0 for leaf hashes; a hash at level l is the root over a full tile of level l - 1. At most 7.
    pub level: u8,
    /// Position within the level, from 0.
    pub index: u64,
    /// Number of hashes: 1 to 255 for a partial tile, 256 for a full one.
    pub width: u16,
}

impl TileCoord {
    /// The tile that stands at `level`, `index` when the tree has `size` leaves; `None` when it does not exist yet.
    pub fn at(level: u8, index: u64, size: u64) -> Option<Self> {
        let hashes = hashes_at(level, size);
        let before = index.checked_mul(TILE_WIDTH.into())?;
        let width = hashes.checked_sub(before)?.min(TILE_WIDTH.into()) as u16;
        (width > 0).then_some(Self { level, index, width })
    }

    /// The tile that holds `node` of the tree with `size` leaves.
    /// Errors: [`SealError::Range`] when the tree does not hold the node whole.
    pub fn holding(node: Node, size: u64) -> Result<Self, SealError> {
        check_below("subtree", node.index, size.checked_shr(node.height).unwrap_or(0))?;
        let level = (node.height / TILE_HEIGHT) as u8;
        let index = (node.index << (node.height % TILE_HEIGHT)) / u64::from(TILE_WIDTH);
        Self::at(level, index, size).ok_or(SealError::Range { what: "tile", value: index, limit: index })
    }

    /// The partial tiles of the tree with `size` leaves, at most one a level, the lowest first:
    /// all that is needed to append.
    pub fn right_edge(size: u64) -> Vec<Self> {
        let partial = |level| {
            let hashes = hashes_at(level, size);
            Self::at(level, hashes / u64::from(TILE_WIDTH), size)
        };
        (0..LEVELS).filter_map(partial).collect()
    }

    /// Every tile of the tree with `size` leaves, level by level.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        (0..LEVELS).flat_map(move |level| (0..).map_while(move |index| Self::at(level, index, size)))
    }

    /// Whether the tile will never change again.
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The path under the log's prefix: `tile/0/x001/x234/067` or `tile/0/x001/x234/067.p/8`.
    pub fn path(&self) -> String {
        self.path_in(&self.level.to_string())
    }

    /// The path of the entries under a tile of level 0: `tile/entries/x001/x234/067` (with `.p/8` when partial).
    pub fn entries_path(&self) -> String {
        self.path_in("entries")
    }

    fn path_in(&self, folder: &str) -> String {
        let partial = if self.is_full() { String::new() } else { format!(".p/{}", self.width) };
        format!("tile/{folder}/{}{partial}", index_path(self.index))
    }

    /// Reads a path as [`TileCoord::path`] writes it, and no other spelling. Errors: [`SealError::Malformed`].
    pub fn parse(path: &str) -> Result<Self, SealError> {
        let coord = Self::parse_loosely(path).filter(|coord| coord.path() == path);
        coord.ok_or_else(|| SealError::malformed("tile path", format!("\"{path}\" is not like tile/0/x001/067.p/8")))
    }

    fn parse_loosely(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let (digits, width) = match rest.split_once(".p/") {
            Some((digits, width)) => (digits, width.parse().ok().filter(|w| (1..TILE_WIDTH).contains(w))?),
            None => (rest, TILE_WIDTH),
        };
        let index = digits.replace(['x', '/'], "").parse().ok()?;
        let level = level.parse().ok().filter(|level| *level < LEVELS)?;
        Some(Self { level, index, width })
    }
}

/// Groups of three digits; all but the last begin with `x`.
fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// How many hashes stand at `level` in the tree of `size` leaves.
fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

/// A tile with its hashes: the unit of storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it stands; `width` is the number of hashes.
    pub coord: TileCoord,
    /// 1 to 256 hashes.
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// The hashes one after another: `width` × 32 bytes, as stored and served.
    pub fn as_bytes(&self) -> &[u8] {
        self.hashes.as_flattened()
    }

    /// Reads a stored tile; of a wider version of the same tile only the first `width` hashes are taken.
    /// Errors: [`SealError::Storage`] when there are fewer than `width` hashes or half a hash.
    pub fn from_bytes(coord: TileCoord, bytes: &[u8]) -> Result<Self, SealError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let hashes = hashes.get(..usize::from(coord.width)).filter(|_| rest.is_empty());
        let hashes = hashes.ok_or_else(|| SealError::Storage {
            why: format!("{} has {} bytes instead of {}", coord.path(), bytes.len(), usize::from(coord.width) * 32),
        })?;
        Ok(Self { coord, hashes: hashes.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let rows = [
            (0, 1_234_067, 256, "tile/0/x001/x234/067"),
            (0, 1_234_067, 8, "tile/0/x001/x234/067.p/8"),
            (1, 0, 256, "tile/1/000"),
            (2, 999, 255, "tile/2/999.p/255"),
            (2, 1000, 1, "tile/2/x001/000.p/1"),
            (7, u64::MAX >> 8, 256, "tile/7/x072/x057/x594/x037/x927/935"),
        ];
        for (level, index, width, path) in rows {
            let coord = TileCoord { level, index, width };
            assert_eq!(coord.path(), path);
            assert_eq!(TileCoord::parse(path).unwrap(), coord);
        }
        assert_eq!(TileCoord { level: 0, index: 67, width: 8 }.entries_path(), "tile/entries/067.p/8");
        let bad = [
            "tile/0/1",
            "tile/0/0001",
            "tile/0/x000/001",
            "tile/0/001/234",
            "tile/00/001",
            "tile/8/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/08",
            "tile/0/x001",
            "tile/0/",
            "tile/entries/001",
            "tile/0/001/",
            "/tile/0/001",
            "tile/0/-01",
            "tile/0/+01",
            "",
        ];
        for path in bad {
            assert!(TileCoord::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_tree_of_70000_has_the_tiles_of_the_specification() {
        let all: Vec<_> = TileCoord::all(70_000).collect();
        let count = |level, full| all.iter().filter(|t| t.level == level && t.is_full() == full).count();
        assert_eq!(
            (count(0, true), count(0, false), count(1, true), count(1, false), count(2, true)),
            (273, 1, 1, 1, 0)
        );
        assert_eq!(all.len(), 277);
        let edge: Vec<_> = TileCoord::right_edge(70_000).iter().map(|t| (t.level, t.index, t.width)).collect();
        assert_eq!(edge, [(0, 273, 112), (1, 1, 17), (2, 0, 1)]);
        // Of 256 entries: one full tile, and one hash above.
        let all: Vec<_> = TileCoord::all(256).map(|t| (t.level, t.width)).collect();
        assert_eq!(all, [(0, 256), (1, 1)]);
        assert_eq!(TileCoord::all(0).count() + TileCoord::right_edge(0).len(), 0);
        assert_eq!(TileCoord::right_edge(u64::MAX).len(), 8);
    }

    #[test]
    fn stored_bytes_must_suffice() {
        let coord = TileCoord { level: 0, index: 0, width: 2 };
        let tile = Tile::from_bytes(coord, &[9; 96]).unwrap();
        assert_eq!(tile.as_bytes(), [9; 64]);
        for wrong in [0, 32, 63, 65] {
            assert_eq!(Tile::from_bytes(coord, &vec![9; wrong]).unwrap_err().code(), "storage");
        }
    }
}
