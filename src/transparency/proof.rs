//! Inclusion and consistency proofs (RFC 6962 §2.1.1, §2.1.2): which nodes make them, and how they are checked.
//!
//! May not know where nodes are kept. Checking follows RFC 9162 §2.1.3.2 and §2.1.4.2 and takes nothing on trust except the
//! root or roots it is given.

use super::{Hash, empty_root, node_hash};

/// The root of the tree of `size` leaves. `node(level, index)` gives the complete subtree over `2^level` leaves from leaf
/// `index << level` on.
pub fn root_hash<E>(size: u64, node: impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    Ok(right_edge(size, u64::BITS, node)?.unwrap_or_else(empty_root))
}

/// The inclusion proof of leaf `index` in the tree of `size` leaves, the leaf's sibling first. `node` as in [`root_hash`].
///
/// # Panics
/// If `index` isn't below `size`: a bug of the caller.
pub fn inclusion_proof<E>(
    index: u64,
    size: u64,
    node: impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(index < size, "leaf {index} of a tree of {size}");
    let mut path = Vec::new();
    append_path(&mut path, 0, index, size, node)?;
    Ok(path)
}

/// The proof that the tree of `new` leaves extends the tree of `old` leaves. Empty if one of them is, or if they are the
/// same. `node` as in [`root_hash`].
///
/// # Panics
/// If `old` is larger than `new`: a bug of the caller.
pub fn consistency_proof<E>(
    old: u64,
    new: u64,
    mut node: impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    assert!(old <= new, "from {old} leaves back to {new}");
    let mut path = Vec::new();
    if old == 0 || old == new {
        return Ok(path);
    }
    // The last complete subtree of the old tree is in both. All that is right of the way up from it is new, all that is
    // left of it is old; if it is the whole old tree, who checks has its hash already.
    let level = old.trailing_zeros();
    let index = (old >> level) - 1;
    if index != 0 {
        path.push(node(level, index)?);
    }
    append_path(&mut path, level, index, new, node)?;
    Ok(path)
}

/// Appends the siblings on the way from a complete node up to the root.
fn append_path<E>(
    path: &mut Vec<Hash>,
    level: u32,
    mut index: u64,
    size: u64,
    mut node: impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<(), E> {
    for level in level..u64::BITS {
        let last = (size - 1) >> level;
        if last == 0 {
            break;
        }
        if index % 2 == 1 {
            path.push(node(level, index - 1)?);
        } else if index + 1 < size >> level {
            path.push(node(level, index + 1)?);
        } else if index < last {
            path.extend(right_edge(size, level, &mut node)?);
        }
        index /= 2;
    }
    Ok(())
}

/// The hash over the leaves at the right end that don't fill a subtree of `2^below` leaves; none if there are none.
fn right_edge<E>(size: u64, below: u32, mut node: impl FnMut(u32, u64) -> Result<Hash, E>) -> Result<Option<Hash>, E> {
    let mut edge = None;
    for level in 0..below {
        if size >> level & 1 == 1 {
            let left = node(level, (size >> level) - 1)?;
            edge = Some(edge.map_or(left, |right| node_hash(&left, &right)));
        }
    }
    Ok(edge)
}

/// Checks that the leaf is number `index` of the tree of `size` leaves that has this root.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::LeafBeyondTree { index, size });
    }
    let mut way = WayUp { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match way.sibling_side()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    way.check_arrived()?;
    if hash == *root { Ok(()) } else { Err(ProofError::RootDiffers) }
}

/// Checks that the tree of `new` leaves with `new_root` begins with the `old` leaves of the tree with `old_root`.
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OlderTreeIsLarger { old, new });
    }
    if old == 0 || old == new {
        if !proof.is_empty() {
            return Err(ProofError::TooLong);
        }
        let old_root_expected = if old == 0 { empty_root() } else { *new_root };
        if *old_root != old_root_expected {
            return Err(ProofError::OldRootDiffers);
        }
        return if new == 0 && *new_root != empty_root() { Err(ProofError::RootDiffers) } else { Ok(()) };
    }
    let (start, proof) =
        if old.is_power_of_two() { (old_root, proof) } else { proof.split_first().ok_or(ProofError::TooShort)? };
    let shared = old.trailing_zeros();
    let mut way = WayUp { node: (old - 1) >> shared, last: (new - 1) >> shared };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in proof {
        match way.sibling_side()? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    way.check_arrived()?;
    if old_hash != *old_root {
        return Err(ProofError::OldRootDiffers);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofError::RootDiffers) }
}

/// The way from a node to the root; `last` is the index of the last node of the same level.
struct WayUp {
    node: u64,
    last: u64,
}

enum Side {
    Left,
    Right,
}

impl WayUp {
    /// On which side the next sibling stands; then one level up, and further where there is no sibling.
    fn sibling_side(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::TooLong);
        }
        let side = if self.node % 2 == 1 || self.node == self.last {
            while self.node.is_multiple_of(2) {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    fn up(&mut self) {
        self.node /= 2;
        self.last /= 2;
    }

    fn check_arrived(&self) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::TooShort) }
    }
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The tree has no such leaf.
    #[error("a tree of {size} leaves has no leaf number {index}")]
    LeafBeyondTree {
        /// The log index of the leaf.
        index: u64,
        /// The tree size.
        size: u64,
    },
    /// The sizes were given in the wrong order, or the log went back.
    #[error("the older tree has {old} leaves and the newer {new}: a log never shrinks")]
    OlderTreeIsLarger {
        /// The size of the older tree.
        old: u64,
        /// The size of the newer tree.
        new: u64,
    },
    /// There are fewer hashes than the way to the root has.
    #[error("the proof has too few hashes")]
    TooShort,
    /// There are more hashes than the way to the root has.
    #[error("the proof has too many hashes")]
    TooLong,
    /// The hashes lead to another root than that of the older tree.
    #[error("the proof doesn't lead to the root of the older tree")]
    OldRootDiffers,
    /// The hashes lead to another root than that of the tree.
    #[error("the proof doesn't lead to the root of the tree")]
    RootDiffers,
}
