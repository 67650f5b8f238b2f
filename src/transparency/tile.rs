//! Tiles and entry bundles (C2SP tlog-tiles): their paths, and which of them a tree of a size has.
//!
//! Holds no hashes. Invariant: a path that was read is written again as the same text; every tile has one path.

use super::checkpoint::parse_decimal;
use super::tree::TILE_WIDTH;

/// The levels that a path can name: 0…63.
const LEVELS: u64 = 64;

/// A tile of hashes or a bundle of entries, as its path names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// What it holds.
    pub content: TileContent,
    /// Which one of its level, from 0.
    pub index: u64,
    /// How many hashes or entries: 1…256. With less than 256 it is partial.
    pub width: u16,
}

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileContent {
    /// Hashes of a level: leaf hashes at level 0, above it the roots of the full tiles of the level below.
    Hashes {
        /// 0…63.
        level: u8,
    },
    /// The entries under the level-0 tile of the same index.
    Entries,
}

impl TileContent {
    /// The level whose width it has.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Hashes { level } => level,
            Self::Entries => 0,
        }
    }
}

impl Tile {
    /// Reads a path, from `tile/` on. None if it isn't the path of a tile.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let (content, index) = path.strip_prefix("tile/")?.split_once('/')?;
        let content = match content {
            "entries" => TileContent::Entries,
            level => TileContent::Hashes {
                level: parse_decimal(level)
                    .filter(|level| *level < LEVELS)
                    .and_then(|level| u8::try_from(level).ok())?,
            },
        };
        let (index, width) = match index.split_once(".p/") {
            Some((index, width)) => {
                let width = parse_decimal(width).filter(|width| (1..TILE_WIDTH).contains(width))?;
                (index, u16::try_from(width).ok()?)
            }
            None => (index, FULL),
        };
        let tile = Self { content, index: parse_index(index)?, width };
        // One path for each tile: `x000/001` is no other way to say `001`.
        (tile.to_string() == path).then_some(tile)
    }

    /// The tile of that index as a tree of `size` has it: full, partial, or not at all.
    #[must_use]
    pub fn at(content: TileContent, index: u64, size: u64) -> Option<Self> {
        let left = hashes_at(content.level(), size).checked_sub(index.checked_mul(TILE_WIDTH)?)?;
        let width = u16::try_from(left.min(TILE_WIDTH)).ok().filter(|width| *width > 0)?;
        Some(Self { content, index, width })
    }

    /// Whether it holds 256.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.width == FULL
    }

    /// The number of its first hash among those of its level, or of its first entry in the log.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.index * TILE_WIDTH
    }

    /// Whether a tree of that size has all that it holds.
    #[must_use]
    pub fn is_within(&self, size: u64) -> bool {
        let available = hashes_at(self.content.level(), size);
        self.index
            .checked_mul(TILE_WIDTH)
            .and_then(|first| first.checked_add(u64::from(self.width)))
            .is_some_and(|end| end <= available)
    }
}

/// The path, from `tile/` on.
impl std::fmt::Display for Tile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.content {
            TileContent::Hashes { level } => write!(f, "tile/{level}/")?,
            TileContent::Entries => f.write_str("tile/entries/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            if groups.is_empty() { write!(f, "{group:03}")? } else { write!(f, "x{group:03}/")? }
        }
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// The tiles of hashes that a tree of `size` has and one of `known` hasn't: level by level, in order. The last of a level may
/// be partial.
pub fn hash_tiles(known: u64, size: u64) -> impl Iterator<Item = Tile> {
    (0..8).flat_map(move |level| tiles(TileContent::Hashes { level }, known, size))
}

/// The bundles of entries that a log of `size` has and one of `known` hasn't, in order. The last may be partial.
pub fn entry_bundles(known: u64, size: u64) -> impl Iterator<Item = Tile> {
    tiles(TileContent::Entries, known, size)
}

fn tiles(content: TileContent, known: u64, size: u64) -> impl Iterator<Item = Tile> {
    let (known, available) = (hashes_at(content.level(), known), hashes_at(content.level(), size));
    let full = (known / TILE_WIDTH..available / TILE_WIDTH).map(move |index| Tile { content, index, width: FULL });
    let width = u16::try_from(available % TILE_WIDTH).expect("less than 256");
    let partial = (width > 0 && available > known).then_some(Tile { content, index: available / TILE_WIDTH, width });
    full.chain(partial)
}

/// How many hashes a tree of that size has at a level of tiles.
fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}

const FULL: u16 = 256;

fn parse_index(path: &str) -> Option<u64> {
    let mut index: u64 = 0;
    for group in path.split('/') {
        let digits = group.strip_prefix('x').unwrap_or(group);
        if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    // Its last hash has a number too.
    index.checked_mul(TILE_WIDTH)?.checked_add(TILE_WIDTH)?;
    Some(index)
}
