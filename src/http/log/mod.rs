//! The log as other programs read it (C2SP tlog-tiles): checkpoint, tiles of hashes, bundles of entries.
//!
//! May not serve anything beyond the published checkpoint. Invariant: what a tile's address gave once it gives for ever.

pub(crate) mod checkpoint;
pub(crate) mod tile;
