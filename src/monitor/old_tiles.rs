//! Tiles that a monitor has no need of to follow a log, and others have: those of the higher levels, and old ones.
//!
//! Believes none of them: the higher levels are computed from level 1, level 1 has to lead to the signed head, and an old tile has to have the
//! root that stands for it there.

use super::{Alarm, AlarmKind, Monitor, MonitorError, TILES_AT_ONCE, tile};
use crate::transparency::{Checkpoint, Hash, TILE_WIDTH, Tile, TileContent, Tree, hash_tiles};

/// How many old tiles are read again at a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// All of them.
    All,
    /// So many, from where the look before ended.
    Tiles(u64),
}

/// The roots of the full tiles of a head, known to lead to it.
pub(super) struct TileRoots {
    head: Checkpoint,
    roots: Vec<Hash>,
}

impl Monitor {
    /// Reads again what is published of a head that was seen: all tiles of the higher levels, unless they were read for this very head before, and some
    /// of level 0. Gives how many full tiles of level 0 were read and how many there are. Calls `progress` with the tiles read and their total.
    pub fn look_again(
        &mut self,
        head: &Checkpoint,
        again: Again,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(u64, u64), MonitorError> {
        let note = self.records.known()?.map(|known| known.note).unwrap_or_default();
        match self.read_again(head, again, progress) {
            Ok(read) => Ok(read),
            Err(MonitorError::Alarm(alarm)) => Err(self.records.raise(*alarm, None, &note)?.into()),
            Err(records) => Err(records),
        }
    }

    fn read_again(
        &mut self,
        head: &Checkpoint,
        again: Again,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(u64, u64), MonitorError> {
        if self.tile_roots.as_ref().is_none_or(|known| known.head != *head) {
            self.tile_roots = Some(self.read_higher_levels(head)?);
        }
        let roots = self.tile_roots.as_ref().map(|known| known.roots.clone()).unwrap_or_default();
        let full = roots.len() as u64;
        let (from, wanted) = match again {
            Again::All => (0, full),
            // Whatever number stands in the file: one of the tiles that there are.
            Again::Tiles(wanted) => (self.records.reread_from()?.checked_rem(full).unwrap_or(0), wanted.min(full)),
        };
        let mut read = 0;
        while read < wanted {
            let tiles: Vec<Tile> = (read..wanted.min(read + TILES_AT_ONCE))
                .map(|at| Tile { content: TileContent::Hashes { level: 0 }, index: (from + at) % full, width: 256 })
                .collect();
            for (tile, hashes) in tiles.iter().zip(self.source.tiles(&tiles)) {
                let hashes = hashes.map_err(|error| Alarm::new(error.kind(), Some(head.size), error.to_string()))?;
                let mut leaves = Tree::new();
                leaves.extend(&hashes);
                if usize::try_from(tile.index).ok().and_then(|index| roots.get(index)) != Some(&leaves.root()) {
                    return Err(wrong(&tile.to_string(), head).into());
                }
                read += 1;
            }
            progress(read, wanted);
        }
        if let Again::Tiles(_) = again
            && full > 0
        {
            self.records.keep_reread_from((from + wanted) % full)?;
        }
        Ok((wanted, full))
    }

    /// The roots of all full tiles, from level 1; every tile above is what they give.
    fn read_higher_levels(&self, head: &Checkpoint) -> Result<TileRoots, Alarm> {
        let of_level = |level| hash_tiles(0, head.size).filter(move |tile| tile.content.level() == level);
        let roots = self.hashes(&of_level(1).collect::<Vec<_>>(), head)?;
        let rest = (!head.size.is_multiple_of(TILE_WIDTH)).then(|| tile(head.size / TILE_WIDTH, head.size));
        let last = self.hashes(&Vec::from_iter(rest), head)?;
        let tree = Tree::from_tile_roots(head.size, roots.clone(), &last).map_err(|_| wrong("tile/1", head))?;
        if tree.root() != head.root {
            return Err(wrong("tile/1", head));
        }
        for tile in (2..8).flat_map(of_level) {
            if Some(self.hashes(&[tile], head)?) != tree.tile_hashes(&tile) {
                return Err(wrong(&tile.to_string(), head));
            }
        }
        Ok(TileRoots { head: head.clone(), roots })
    }

    fn hashes(&self, tiles: &[Tile], head: &Checkpoint) -> Result<Vec<Hash>, Alarm> {
        let mut hashes = Vec::new();
        for some in tiles.chunks(usize::try_from(TILES_AT_ONCE).unwrap_or(1)) {
            for read in self.source.tiles(some) {
                hashes.extend(read.map_err(|error| Alarm::new(error.kind(), Some(head.size), error.to_string()))?);
            }
        }
        Ok(hashes)
    }
}

fn wrong(path: &str, head: &Checkpoint) -> Alarm {
    let what = format!("{path} isn't what the head of {} entries is made of", head.size);
    Alarm::new(AlarmKind::WrongTile, Some(head.size), what)
}
