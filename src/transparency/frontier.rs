//! The right edge of a tree: all that is needed to go on hashing without the leaves before it (RFC 6962 §2.1).
//!
//! Keeps one hash for each bit of the size. Invariant: two frontiers that were given the same leaves are equal, and a root that
//! comes out after more leaves belongs to a tree that begins with those before.

use super::{Hash, empty_root, node_hash};

/// The hashes of the complete subtrees at the right edge, from the largest on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// That of the tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From what [`Frontier::subtrees`] gave. None if their count can't be that of a tree of this size.
    #[must_use]
    pub fn from_subtrees(size: u64, subtrees: Vec<Hash>) -> Option<Self> {
        (subtrees.len() == size.count_ones() as usize).then_some(Self { size, subtrees })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The complete subtrees, from the largest on: one for each bit of the size.
    #[must_use]
    pub fn subtrees(&self) -> &[Hash] {
        &self.subtrees
    }

    /// The roots of smaller trees that follow from it, each with the size of its tree: over its largest subtrees alone, from none of them on. The
    /// last is its own.
    #[must_use]
    pub fn roots_known(&self) -> Vec<(u64, Hash)> {
        let mut smaller = Self::new();
        let mut known = vec![(0, smaller.root())];
        for subtree in &self.subtrees {
            smaller.size += 1 << (self.size - smaller.size).ilog2();
            smaller.subtrees.push(*subtree);
            known.push((smaller.size, smaller.root()));
        }
        known
    }

    /// Appends a leaf, given its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.subtrees.pop().expect("a subtree for each bit of the size");
            hash = node_hash(&left, &hash);
        }
        self.subtrees.push(hash);
        self.size += 1;
    }

    /// Appends a complete subtree of `2^level` leaves, given its root. False, and nothing is appended, unless the size so far is a multiple of
    /// that many.
    pub fn push_subtree(&mut self, level: u32, root: Hash) -> bool {
        let leaves = 1_u64.checked_shl(level).unwrap_or(0);
        if leaves == 0 || !self.size.is_multiple_of(leaves) {
            return false;
        }
        let mut hash = root;
        for _ in 0..(self.size >> level).trailing_ones() {
            let left = self.subtrees.pop().expect("a subtree for each bit of the size");
            hash = node_hash(&left, &hash);
        }
        self.subtrees.push(hash);
        self.size += leaves;
        true
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> Hash {
        let over = |right: Hash, left: &Hash| node_hash(left, &right);
        match self.subtrees.split_last() {
            Some((last, larger)) => larger.iter().rev().fold(*last, over),
            None => empty_root(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Frontier;
    use crate::transparency::{Hash, Tree, leaf_hash};

    #[test]
    fn its_root_is_that_of_the_tree_at_every_size_also_after_it_was_written_down() {
        let (mut frontier, mut tree) = (Frontier::new(), Tree::new());
        assert_eq!(frontier.root(), tree.root());
        for number in 0..1_100_u64 {
            let leaf = leaf_hash(&number.to_be_bytes());
            frontier.push(leaf);
            tree.push(leaf);
            assert_eq!((frontier.size(), frontier.root()), (tree.size(), tree.root()));
            frontier = Frontier::from_subtrees(frontier.size(), frontier.subtrees().to_vec()).unwrap();
        }
    }

    #[test]
    fn it_knows_the_roots_over_its_largest_subtrees_and_they_are_those_of_the_tree() {
        let (mut frontier, mut tree) = (Frontier::new(), Tree::new());
        let mut roots = vec![tree.root()];
        for number in 0..600_u64 {
            let leaf = leaf_hash(&number.to_be_bytes());
            frontier.push(leaf);
            tree.push(leaf);
            roots.push(tree.root());
            let known = frontier.roots_known();
            assert_eq!(known.len(), frontier.subtrees().len() + 1);
            assert_eq!(known.last(), Some(&(frontier.size(), frontier.root())));
            assert!(
                known.is_sorted() && known.iter().all(|(size, root)| roots[usize::try_from(*size).unwrap()] == *root)
            );
        }
        let sizes: Vec<u64> = frontier.roots_known().iter().map(|(size, _)| *size).collect();
        assert_eq!(sizes, [0, 512, 576, 592, 600]);
    }

    #[test]
    fn a_count_of_subtrees_that_no_such_tree_has_is_refused() {
        let hash: Hash = [0; 32];
        assert!(Frontier::from_subtrees(5, vec![hash; 2]).is_some());
        assert!(Frontier::from_subtrees(5, vec![hash; 3]).is_none());
        assert!(Frontier::from_subtrees(0, vec![hash]).is_none());
    }
}
